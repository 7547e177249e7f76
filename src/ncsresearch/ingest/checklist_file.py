"""What an author has written for a reporting checklist: checklist.toml of a study."""

from pathlib import Path

from ncsresearch.ingest.file_format import read_toml

FILE = "checklist.toml"


def read_checklist_answers(folder: str | Path) -> dict[str, dict[str, str]]:
    """Read an author's sentences by checklist and item number; none without the file.

    Raises StudyError for a file that is broken. Whether there are such checklists and items is checked where
    they are used.
    """
    path = Path(folder) / FILE
    return read_toml(path, "is broken TOML") if path.exists() else {}
