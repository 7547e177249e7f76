"""Has anything changed since the last run? Told from digests alone, before any library is loaded."""

import json
from collections.abc import Collection
from pathlib import Path

from ncsresearch.batch.fingerprint import Inputs, inputs, of_chapter, of_files, of_package
from ncsresearch.batch.formats import ALL, formats_asked
from ncsresearch.batch.plan import AREA_REPORT, notebook_file
from ncsresearch.schema import StudyError

SITE = ("index.html", "accessibility.html")


def nothing_changed(
    folders: list[Path],
    output: Path,
    *,
    areas: Collection[str] | None = None,
    chapters: Collection[str] | None = None,
    sources: Path | None = None,
    formats: str = ALL,
) -> int | None:
    """Return how many notebooks a run would have looked at if it would change nothing, or None if it might.

    Every file that went into the outputs is as it was, every file of the outputs is as it was left, and all that is
    asked for was made.
    """
    if not all((output / name).is_file() for name in SITE):
        return None
    wanted = formats_asked(formats)
    told = [_as_left(folder, output / folder.name, sources, wanted) for folder in folders]
    if not all(told):
        return None
    asked = [_asked(manifest, areas or (), chapters or ()) for manifest in told]
    return sum(map(len, asked)) if all(asked) else None


def _as_left(folder: Path, target: Path, sources: Path | None, formats: list[str]) -> dict | None:
    """Return the manifest of a study's last run if nothing of it and its outputs has changed since."""
    try:
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        known = {entry["name"].split()[0] for entry in manifest["notebooks"]}
        now = outputs_made_of(inputs(folder, sources), known) | {
            "formats": formats,
            "files": of_files(target),
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StudyError):
        return None
    done = {entry.get("status") for entry in manifest["notebooks"]} == {"done"}
    whole = done and not manifest.get("not_made", True)
    return manifest if whole and all(manifest.get(name) == value for name, value in now.items()) else None


def outputs_made_of(found: Inputs, chapters: Collection[str]) -> dict:
    """Return what a study's outputs are made of, as the manifest tells it."""
    return {
        "package": of_package(),
        "inputs": found.files,
        "sources": found.sources,
        "chapters": {name: of_chapter(notebook_file(name)) for name in sorted(chapters)},
    }


def _asked(manifest: dict, areas: Collection[str], chapters: Collection[str]) -> list[str]:
    """Return the notebooks of a manifest that a run would look at; none where a name is not of this study."""
    entries = manifest["notebooks"]
    if set(areas) - {entry["area_id"] for entry in entries}:
        return []
    if set(chapters) - {entry["name"].split()[0] for entry in entries}:
        return []
    wanted = set(chapters) or ({AREA_REPORT} if areas else set())
    return [
        entry["name"]
        for entry in entries
        if (not wanted or entry["name"].split()[0] in wanted)
        and (not areas or not entry["area_id"] or entry["area_id"] in areas)
    ]
