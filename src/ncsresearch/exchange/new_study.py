"""An empty study folder, and a page that takes a researcher from their own tool to the first chapter."""

from pathlib import Path

import pandas as pd

from ncsresearch.ingest.data_package import data_dictionary
from ncsresearch.ingest.imported_file import rows
from ncsresearch.schema import VERSION, StudyError
from ncsresearch.study import save_tables

CHAPTERS = """chapters = [
    "00_about_the_study",
    "01_who_was_heard",
    "02_themes",
    "03_area_types",
    "04_client_groups",
    "05_client_views",
    "10_survey",
    "11_trust_in_the_coding",
]
"""
SETTINGS = """title = "{title}"
schema_version = "{version}"
access = "confidential"
evidence_date = "date of the fieldwork"
{chapters}# the coder whose judgements the chapters report, by name; other coders feed chapter 11 only
# (import writes it where there is one coder)
reporting_coder = ""
interval_level = 0.95
# words for quantities in sentences: "none", "words" or "words and counts"
quantity_words = "none"
# true withholds counts of people under ten instead of under five
strict = false

# each group by the name that is printed, with what else your tables call it; once any is declared, check names one that is not
# [client_groups]
# "people leaving prison" = ["leaving prison", "prison leavers"]

# what else people are counted by: an attribute of participants, or participant groups put together
# [groupings]
# Gender = {{}}
# role = {{ staff = ["Social workers", "Team leaders"], clients = ["Clients"] }}

# what the evidence of a chapter cannot bear, in your own sentences
[limits]
00_about_the_study = []
"""
TEMPLATES = Path(__file__).parent / "templates"


def new_study(folder: Path) -> None:
    """Write an empty, confidential study with its data dictionary; refuses a folder that holds anything."""
    refuse_what_is_there(folder)
    title = folder.name.replace("_", " ").replace("-", " ").capitalize().replace('"', "'")
    settings = SETTINGS.format(chapters=CHAPTERS, title=title, version=VERSION)
    readme = template("README.md").format(title=title, folder=folder.as_posix(), name=folder.name)
    words = {"study.toml": settings, "README.md": readme, "findings/EXAMPLE.txt": template("EXAMPLE.txt")}
    tables = {name: rows(name, []) for name in ("documents", "areas", "codebook")}
    write_folder(folder, words, tables)


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
        raise StudyError(f"{folder.name}: is there already; choose a name that is free.")
