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
README = """# {title}

An empty study. Nothing in this folder enters version control (`.gitignore` keeps it out), and nothing is sent anywhere.

1. **Export from your tool.** NVivo, ATLAS.ti, MAXQDA, QualCoder: *export project as REFI-QDA (.qdpx)*. Taguette: keep its
   `.sqlite3`, or export highlights as CSV. Word, text, PDF or subtitle transcripts: as they are. Codings or answers in
   Excel: as they are.
2. **Import**, from the project's folder:

       ncsresearch import YOUR_FILES --into {folder}

   It prints what was kept, changed and dropped; `imports.json` keeps the same. If a column was misread, say what it is:
   `--map "Column name=field"`. Importing a newer version of the same file updates the study; nothing is doubled.
3. **Say what no file says.** `areas.csv`: the `area_type` of each area (islands_remote, mainly_rural, larger_city, ...).
   `codebook.csv`: the `facet` of codes that are no themes. `study.toml`: title, date, and the coder to report.
   `DATA_DICTIONARY.md` explains every column.
4. **Check**: `ncsresearch check {folder}` names every fault with its file, row and nearest right value.
5. **Run**: `ncsresearch run {folder}`, then open `outputs/index.html`. Before anything leaves your hands:
   `ncsresearch vet outputs/{name} --study {folder}`.
6. **Write** what you found into `findings/`, a file a chapter: `findings/EXAMPLE.txt` shows how. Each quantity in it is checked:
   `ncsresearch findings {folder}` says what does not hold, `--update` rewrites it. `quotations.toml` says which words, passages and people are never quoted, `checklist.toml` what no table can
   answer of a reporting checklist; `DATA_DICTIONARY.md` lists what each may hold.

A person takes back consent: `ncsresearch withdraw THE_PERSON --from {folder}`. To code on in another tool:
`ncsresearch export {folder} project.qdpx`.
"""
EXAMPLE = """Save this as 03_area_types.md, change it, and the chapter on area types begins with it. Each file is named after a chapter
(02_themes.md, 05_client_views.md), an area (areas/AREA_ID.md), or summary.md for a page of its own. Delete this paragraph.

## Distance decides who gets help in rural areas
[36 of 47 people]{people=CODE area_type=rural} heard in rural areas raised travel, against
[17 of 94]{people=CODE area_type=urban} in urban ones; for [most]{people=CODE stance=challenge area_type=rural} rural people it is
a challenge. One client had stopped asking, as "the bus decides" [@quote:SEGMENT_ID].

{{figure raised by=area_type}}
"""


def new_study(folder: Path) -> None:
    """Write an empty, confidential study with its data dictionary; refuses a folder that holds anything."""
    refuse_what_is_there(folder)
    title = folder.name.replace("_", " ").replace("-", " ").capitalize().replace('"', "'")
    settings = SETTINGS.format(chapters=CHAPTERS, title=title, version=VERSION)
    readme = README.format(title=title, folder=folder.as_posix(), name=folder.name)
    tables = {name: rows(name, []) for name in ("documents", "areas", "codebook")}
    write_folder(
        folder, {"study.toml": settings, "README.md": readme, "findings/EXAMPLE.txt": EXAMPLE}, tables
    )


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
