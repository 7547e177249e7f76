"""What an author has written for a reporting checklist: checklist.toml of a study."""

import tomllib
from pathlib import Path

from ncsresearch.schema import StudyError

FILE = "checklist.toml"


def read_checklist_answers(folder: str | Path) -> dict[str, dict[str, str]]:
    """Read an author's sentences by checklist and item number; none without the file.

    Raises StudyError for a file that is broken. Whether there are such checklists and items is checked where
    they are used.
    """
    path = Path(folder) / FILE
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(f"{FILE}: is broken TOML ({error}).") from None
