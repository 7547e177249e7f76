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
        new = [file for file in files if _book(file.source) == book]
        kinds = {source: _kind(reports[source]["file"]) for source in reports if _book(source) == book}
        held = {source: _documents(source, tables) for source in kinds}
        held |= {file.source: file.tables.get("documents", pd.DataFrame()) for file in new}
        if any(_is_wave(*each) for each in held.items()):
            continue
        left = [
            source for source, kind in kinds.items() if kind and source not in {file.source for file in new}
        ]
        for file in new:
            alike = [source for source in left if kinds[source] == _kind_of(file)]
            if file.source not in kinds and len(alike) == 1 and _shares(file, alike[0], tables):
                now[alike[0]] = file.source
                left.remove(alike[0])
        known = any(file.source in kinds or file.source in now.values() for file in new)
        gone += [_gone(source, tables) for source in left if known]
    origins = tables["origins"]
    tables = {**tables, "origins": origins.assign(source=origins["source"].replace(now))}
    return [*files, *gone], tables, now


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
    own = tables["origins"][
        tables["origins"]["source"].eq(source) & tables["origins"]["table"].eq("documents")
    ]
    return tables["documents"][tables["documents"]["document_id"].isin(own["row_id"])]


def _gone(source: str, tables: Tables) -> ImportedFile:
    """Return a sheet that has gone: a file of none of the rows that the study has from it."""
    given = tables["origins"].loc[tables["origins"]["source"].eq(source), "table"].unique()
    line = Line("sheet that has gone", 1, 0, "what it alone gave goes")
    none = {name: no_rows(TABLES[name]) for name in given}
    return ImportedFile(source, none, whole=tuple(none), account=(line,))
