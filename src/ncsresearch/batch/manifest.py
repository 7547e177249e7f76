"""What a run was made of: parameters, versions, commit, the hash of every input, and what became of each notebook."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from ncsresearch import __version__
from ncsresearch.batch.plan import PROJECT, Task
from ncsresearch.study import Study

LIBRARIES = (
    "pandas",
    "numpy",
    "statsmodels",
    "scipy",
    "matplotlib",
    "seaborn",
    "papermill",
    "nbconvert",
    "ipykernel",
)


def manifest(study: Study, entries: list[dict], target: Path, everything: list[Task]) -> dict:
    """Return the manifest of a study's outputs; a notebook that this run left alone keeps its earlier entry."""
    fresh = {entry["name"]: entry for entry in entries}
    earlier = {entry["name"]: entry for entry in _earlier(target)}
    notebooks = earlier | fresh
    return {
        "study": study.name,
        "title": study.settings.title,
        "status_line": study.settings.status_line,
        "access": study.settings.access,
        "threshold": study.settings.threshold,
        "ncsresearch": __version__,
        "commit": _commit(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "finished": _now().isoformat(timespec="seconds"),
        "inputs": _digests(study),
        "notebooks": [notebooks[task.name] for task in everything if task.name in notebooks],
    }


def _now() -> datetime:
    """Return the time, or the one that stands for it where a build is to be repeated (SOURCE_DATE_EPOCH)."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)


def _earlier(target: Path) -> list[dict]:
    path = target / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8"))["notebooks"] if path.exists() else []


def _inputs(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".toml"))


def _digests(study: Study) -> dict[str, str]:
    """Return a digest of every input.

    Those of a confidential study are mixed with all inputs together, so that nobody without the study can try
    whether a table he thinks of is the one.
    """
    contents = {path.name: path.read_bytes() for path in _inputs(study.folder)}
    key = b"" if study.settings.access == "public" else sha256(b"".join(contents.values())).digest()
    return {name: sha256(key + content).hexdigest() for name, content in contents.items()}


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
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(output.glob("*/manifest.json"))]
