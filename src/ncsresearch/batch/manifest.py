"""What a run was made of: parameters, versions, commit, the digest of every input, and what became of each notebook."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from ncsresearch import __version__
from ncsresearch.batch.fingerprint import libraries
from ncsresearch.batch.plan import PROJECT
from ncsresearch.study import Study

TOLD = {"name", "status", "files", "made_of", "page", "title", "area_id"}  # of each notebook


def manifest(study: Study, notebooks: list[dict], left: Mapping) -> dict:
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


def earlier_notebooks(target: Path) -> dict[str, dict]:
    """Return what the manifest of the last run says of each notebook, by name; nothing where it cannot be read."""
    try:
        told = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        return {entry["name"]: entry for entry in told["notebooks"] if set(entry) >= TOLD}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _commit() -> str:
    """Commit of the project, or an empty string where it is not a checkout."""
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return asked.stdout.strip()


def read_manifests(output: Path) -> list[dict]:
    """Return the manifests of all studies in an outputs folder, by name."""
    found = [path for path in sorted(output.glob("*/manifest.json")) if earlier_notebooks(path.parent)]
    return [json.loads(path.read_text(encoding="utf-8")) for path in found]
