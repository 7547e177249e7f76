"""An empty study folder, and a page that takes a researcher from their own tool to the first chapter."""

from pathlib import Path

import pandas as pd

from ncsresearch.ingest.data_package import data_dictionary
from ncsresearch.ingest.imported_file import rows
from ncsresearch.schema import VERSION, CallError
from ncsresearch.study import save_tables
from ncsresearch.study.settings import title_of

TEMPLATES = Path(__file__).parent / "templates"


def new_study(folder: Path) -> None:
    """Write an empty, confidential study with its data dictionary; refuses a folder that holds anything."""
    refuse_what_is_there(folder)
    settings = settings_of("", "")
    readme = template("README.md").format(title=title_of(folder), folder=folder.as_posix(), name=folder.name)
    words = {"study.toml": settings, "README.md": readme, "findings/EXAMPLE.txt": template("EXAMPLE.txt")}
    tables = {name: rows(name, []) for name in ("documents", "areas", "codebook")}
    write_folder(folder, words, tables)


def settings_of(title: str, date: str, *, status: str = "", coder: str = "", limits: str = "") -> str:
    """Return the study.toml of a new confidential study; status and limits are lines of it."""
    own = {"title": title, "date": date, "status": status, "coder": coder, "limits": limits}
    return template("settings.txt").format(version=VERSION, **own)


def template(name: str) -> str:
    """Return a page that a new study comes with, before its places are filled in."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def write_folder(folder: Path, words: dict[str, str], tables: dict[str, pd.DataFrame]) -> None:
    """Write a study's files of words, its data dictionary and its tables; version control is to leave it alone."""
    folder.mkdir(parents=True, exist_ok=True)
    words = words | {"DATA_DICTIONARY.md": data_dictionary(), ".gitignore": "*\n"}
    for name, text in words.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    save_tables(tables, folder)


def refuse_what_is_there(folder: Path) -> None:
    """Raise StudyError for a folder that holds anything, or a file of its name."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CallError(f"{folder.name}: is there already; choose a name that is free.")
