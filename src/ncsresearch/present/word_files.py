"""The files of words beside the code, as they are: words/*.toml."""

from functools import cache
from importlib.resources import files

from ncsresearch.ingest.file_format import read_toml


@cache
def words(kind: str) -> dict[str, dict | list]:
    """Return the entries of one file: tables, sentences, pages or chapters. Raises StudyError for one that is no TOML."""
    return read_toml(files("ncsresearch.present") / "words" / f"{kind}.toml")
