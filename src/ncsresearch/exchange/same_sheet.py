"""A newer version of a workbook has a sheet more, fewer or under another name: which sheet of the study is each, and which has gone?"""

import re
from collections.abc import Mapping

import pandas as pd

from ncsresearch.ingest.imported_file import ImportedFile, Line, slug
from ncsresearch.schema import TABLES
from ncsresearch.study.check import no_rows
from ncsresearch.study.references import Tables

BOOK = re.compile(r"(?P<book>(?P<stem>.+)\.(xlsx|xlsm|xlsb|xls|ods))(, (?P<sheet>.+))?", re.IGNORECASE)


def with_known_sheets(
    files: list[ImportedFile], tables: Tables, reports: Mapping[str, dict]
) -> tuple[list[ImportedFile], Tables, dict[str, str]]:
    """Return files, and the study's tables with the sheets of a workbook under the names they have now; and the names before.

    A sheet is one that the study has under another name where it alone is read as that is and shares people or codes with it.
    For a sheet of the same workbook that has gone there is a file that brings no rows, so that what it alone gave goes. A
    workbook without any sheet that the study has is another one.
    """
    now, gone = {}, []
    for book in dict.fromkeys(filter(None, (_book(file.source) for file in files))):
        new = {file.source: file for file in files if _book(file.source) == book}
        kinds = {source: _kind(reports[source]["file"]) for source in reports if _book(source) == book}
        held = {source: _documents(source, tables) for source in kinds}
        held |= {source: file.tables.get("documents", pd.DataFrame()) for source, file in new.items()}
        if not any(_is_wave(*each) for each in held.items()):
            renamed = _renamed(new, kinds, tables)
            left = kinds.keys() - new.keys() - renamed.keys() if renamed or kinds.keys() & new.keys() else ()
            gone += [_gone(source, tables) for source in kinds if source in left and kinds[source]]
            now |= renamed
    origins = tables["origins"]
    tables = {**tables, "origins": origins.assign(source=origins["source"].replace(now))}
    return [*files, *gone], tables, now


def _renamed(new: Mapping[str, ImportedFile], kinds: Mapping[str, str], tables: Tables) -> dict[str, str]:
    """Return the name now of each sheet of the study that has another, by its name before."""
    now: dict[str, str] = {}
    left = [source for source, kind in kinds.items() if kind and source not in new]
    for source in [source for source in new if source not in kinds]:
        alike = [each for each in left if each not in now and kinds[each] == _kind_of(new[source])]
        if len(alike) == 1 and _shares(new[source], alike[0], tables):
            now[alike[0]] = source
    return now


def _book(source: str) -> str:
    match = BOOK.fullmatch(source)
    return match["book"] if match else ""


def _kind(account: list[dict]) -> str:
    """Return what a sheet was read as, by the account of its import; an empty string for what is no such sheet."""
    notes = (line.get("note", "") for line in account if line.get("kind") == "columns")
    return next(notes, "").partition(":")[0]


def _kind_of(file: ImportedFile) -> str:
    return _kind([{"kind": line.kind, "note": line.note} for line in file.account])


def _shares(file: ImportedFile, source: str, tables: Tables) -> bool:
    """Whether a sheet has some of the people of a sheet of the study, or of its codes and areas where one has no people."""
    own = tables["origins"][tables["origins"]["source"].eq(source)]
    held = {name: set(rows["row_id"].map(slug)) for name, rows in own.groupby("table")}
    answers = tables["survey_answers"]
    asked = answers["item_id"].isin(own.loc[own["table"].eq("survey_items"), "row_id"])
    before = held.get("participants", set()) | set(answers.loc[asked, "respondent_id"].map(slug))
    found = {name: {*map(slug, rows.iloc[:, 0])} for name, rows in file.tables.items() if len(rows)}
    people = found.get("participants", set()) | found.get("survey_answers", set())
    others = (held.get(name, set()) & found.get(name, set()) for name in ("codebook", "areas"))
    return bool(before & people) if before and people else any(others)


def _is_wave(source: str, documents: pd.DataFrame) -> bool:
    """Whether a source is a wave of a survey, whose name is behind that of its file as the name of a sheet is."""
    match = BOOK.fullmatch(source)
    return f"{match['stem']} {str(match['sheet']).rpartition(', ')[2]}" in set(documents.get("title", ()))


def _documents(source: str, tables: Tables) -> pd.DataFrame:
    own = tables["origins"].query("source == @source and table == 'documents'")
    return tables["documents"][tables["documents"]["document_id"].isin(own["row_id"])]


def _gone(source: str, tables: Tables) -> ImportedFile:
    """Return a sheet that has gone: a file of none of the rows that the study has from it."""
    given = tables["origins"].loc[tables["origins"]["source"].eq(source), "table"].unique()
    line = Line("sheet that has gone", 1, 0, "what it alone gave goes")
    none = {name: no_rows(TABLES[name]) for name in given}
    return ImportedFile(source, none, whole=tuple(none), account=(line,))
