"""The manifest: what a run has left and what that was made of; the next run sees there what has changed."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ncsresearch import __version__
from ncsresearch.batch.digests import CHANGES, CSV, SITE, Inputs, inputs, libraries, of_files, study_digests
from ncsresearch.batch.formats import ALL, formats_asked
from ncsresearch.batch.plan import AREA_REPORT, PROJECT
from ncsresearch.batch.selection import folder_of, known_selections
from ncsresearch.schema import StudyError

if TYPE_CHECKING:
    from ncsresearch.study import Study

TOLD = {"name", "status", "files", "made_of", "page", "title", "area_id"}  # of each notebook
DRAFT = "NOT_FIT_TO_LEAVE.txt"
SILENT = "says nothing"  # status of a chapter that says nothing of its selection, and so has no page


def manifest(study: "Study", notebooks: list[dict], left: Mapping) -> dict:
    """Return the manifest of a study's outputs.

    notebooks   what became of each, in their order
    left        what the outputs were made of, and the digest of each of their files; none while the run goes on
    """
    return {
        "study": study.name,
        "title": study.settings.title,
        "status_line": study.settings.status_line,
        "access": study.settings.access,
        "threshold": study.settings.threshold,
        "ncsresearch": __version__,
        "commit": _commit(),
        "python": platform.python_version(),
        "libraries": libraries(),
        "finished": _now().isoformat(timespec="seconds") if left else "",
        "notebooks": notebooks,
        **left,
    }


def _now() -> datetime:
    """Return the time, or the one that stands for it where a build is to be repeated (SOURCE_DATE_EPOCH)."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)


def _commit() -> str:
    """Commit of the project, or an empty string where it is not a checkout."""
    try:
        asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True)
    except OSError:
        return ""
    return "" if asked.returncode else asked.stdout.strip()


def read_manifest(target: Path) -> dict:
    """Return the manifest of a study's outputs, without notebooks where it is none that can be read."""
    try:
        told = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        return told | {"notebooks": [entry for entry in told["notebooks"] if set(entry) >= TOLD]}
    except (OSError, ValueError, KeyError, TypeError):
        return {"notebooks": []}


def read_manifests(output: Path) -> list[dict]:
    """Return the manifests of all studies in an outputs folder, public ones first, with those of their selections under selections.

    Of a study of which only selections were made it is without notebooks.
    """
    found = [_with_selections(folder) for folder in sorted(output.glob("*")) if folder.is_dir()]
    held = [told for told in found if told["notebooks"] or told["selections"]]
    return sorted(held, key=lambda told: told.get("access") != "public")


def _with_selections(outputs: Path) -> dict:
    told, folders = read_manifest(outputs), known_selections(outputs)
    selections = [read_manifest(folder) | {"folder": folder.name} for folder in folders]
    if selections and not told["notebooks"]:
        told = selections[0] | selections[0].get("whole", {}) | {"notebooks": []}
    return told | {"selections": selections}


def was_made_of(now: Mapping[str, str], read: tuple[str, ...]) -> dict[str, str]:
    """Return what a notebook was made of: of the tables, those that it read."""
    known = {f"{name}{CSV}" for name in read}
    return {name: value for name, value in now.items() if not name.endswith(CSV) or name in known}


def why_again(now: Mapping[str, str], entry: Mapping | None, *, as_left: bool) -> list[str]:
    """Return why a notebook has to be made; for no reason where what it was made of is as it was.

    entry     what the manifest of the last run says of it
    as_left   whether its files are as they were left
    """
    if not entry:
        return ["it was not made before"]
    if entry["status"] == "failed":
        return ["it failed before"]
    before = entry["made_of"]
    compared = [*before, *(name for name in now if name not in before and not name.endswith(CSV))]
    changed = [name for name in compared if before.get(name) != now.get(name)]
    if changed:
        return [f"{name} changed" for name in changed]
    return [] if as_left else ["its pages are not as they were left"]


def changes_page(folder: Path, target: Path) -> Path:
    """Return the page on what changed last: of a confidential study in its own folder, of a public one among its outputs."""
    return (folder / "history" if read_manifest(target).get("threshold") else target) / CHANGES


def last_change(folder: Path, target: Path) -> str:
    """Return where to read what changed last, and when that was, in a sentence; nothing without such a page."""
    page = changes_page(folder, target)
    if not page.is_file():
        return ""
    found = re.search(r'<time datetime="([\d-]+)"', page.read_text("utf-8"))
    day = date.fromisoformat(found[1]) if found else None
    return f"What changed last{f', on {day.day} {day:%B %Y}' if day else ''}: {page}"


def nothing_changed(
    folders: list[Path],
    output: Path,
    *,
    areas: Collection[str] | None = None,
    chapters: Collection[str] | None = None,
    sources: Path | None = None,
    formats: str = ALL,
    chosen: Mapping[str, str] = {},
    require_signoff: bool = False,
) -> int | None:
    """Return how many notebooks a run would have looked at if it would change nothing, or None if it might.

    Every file that went into the outputs is as it was, every file of the outputs is as it was left, and all that is
    asked for was made. Told from digests alone, before any library is loaded.
    """
    if not all((output / name).is_file() for name in SITE):
        return None
    wanted = formats_asked(formats)
    targets = [(folder, output / folder_of(folder.name, chosen)) for folder in folders]
    if not (areas or chapters or chosen):
        targets += [(folder, known) for folder, target in targets for known in known_selections(target)]
    found = cache(lambda folder: inputs(folder, sources))
    told = [_as_left(target, partial(found, folder), wanted, require_signoff) for folder, target in targets]
    if not all(told):
        return None
    asked = [_asked(entries, areas or (), chapters or ()) for entries in told]
    return sum(map(len, asked)) if all(asked) else None


def _as_left(
    target: Path, found: Callable[[], Inputs], formats: list[str], require_signoff: bool
) -> list[dict]:
    """Return the notebooks of the last run of a study or a selection if nothing of it and its outputs has changed since."""
    told = read_manifest(target)
    notebooks = told["notebooks"]
    try:
        known = {entry["name"].split()[0] for entry in notebooks}
        now = study_digests(found(), known)
    except (OSError, AttributeError, StudyError):
        return []
    now |= {"formats": formats, "files": of_files(target), "not_made": [], "of_another_state": []}
    done = {entry["status"] for entry in notebooks} <= {"done", SILENT}
    done &= "leaks" in told or not told.get("threshold")  # vetted, or public
    done &= "selection" in told or told.get("signoff", {}).get("required", False) == require_signoff
    done &= "selection" not in told or (target / SITE[0]).is_file()
    return notebooks if done and all(told.get(name) == value for name, value in now.items()) else []


def _asked(entries: list[dict], areas: Collection[str], chapters: Collection[str]) -> list[dict]:
    """Return the notebooks that a run would look at; none where a name is not of this study."""
    names = {entry["name"].split()[0] for entry in entries}
    if set(areas) - {entry["area_id"] for entry in entries} or set(chapters) - names:
        return []
    wanted = set(chapters) or ({AREA_REPORT} if areas else names)
    return [
        entry
        for entry in entries
        if entry["name"].split()[0] in wanted
        and (not areas or not entry["area_id"] or entry["area_id"] in areas)
    ]
