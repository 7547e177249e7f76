"""What a file brings, made fit to be stored: characters that no file can hold are replaced, impossible rows refused."""

import csv
import re
from dataclasses import replace

import pandas as pd

from ncsresearch.ingest.imported_file import ImportedFile
from ncsresearch.schema import TABLES, StudyError

DEEPEST = 100
NO_TEXT = {"[\ud800-\udfff]": "\ufffd", "\r\n?": "\n", "\x00": ""}
TOO_BIG = re.compile(r"-?\d{16,}")
FILE_NAME = re.compile(r"\w[\w .()-]{0,59}")


def storable(imported: ImportedFile, file: str) -> ImportedFile:
    """Return what a file brings without characters that no file can hold; refuses what no table has room for."""
    tables = {name: _writable_rows(rows) for name, rows in imported.tables.items()}
    for name, rows in tables.items():
        _refuse_rows(name, rows, file)
    if "codebook" in tables:
        refuse_knots(tables["codebook"], file)
    asked = imported.preferred_ids.get("documents", {})
    possible = {key: name for key, name in asked.items() if FILE_NAME.fullmatch(name)}
    return replace(
        imported,
        source=_writable(imported.source),
        tables=tables,
        preferred_ids={**imported.preferred_ids, "documents": possible},
        texts={key: _writable(text) for key, text in imported.texts.items()},
        account=tuple(line.rewritten(_writable) for line in imported.account),
    )


def _refuse_rows(name: str, rows: pd.DataFrame, file: str) -> None:
    """Refuse a text that is too long for a cell, a row without its id, and a number that is too large."""
    table, most = TABLES[name], csv.field_size_limit()
    longest = max((max(map(len, rows[column].dropna().to_numpy()), default=0) for column in rows), default=0)
    if longest > most:
        raise StudyError(
            f"{file}: holds a text of {longest:,.0f} characters, expected at most {most:,} in a cell."
        )
    key = table.key[0]
    if len(rows) and len(table.key) == 1 and (key not in rows or rows[key].isna().any()):
        raise StudyError(f"{file}: a row of its {name} has no {key}, expected one in each.")
    for column in [each.name for each in table.columns if each.kind == "whole" and each.name in rows]:
        if any(len(cell) > 15 and TOO_BIG.fullmatch(cell) for cell in rows[column].dropna().to_numpy()):
            raise StudyError(f"{file}: a {column} of its {name} is too large, expected at most 15 digits.")


def _writable_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows without such characters; the one look at all of a column spares a look at each cell."""
    strange = [column for column in rows if _has_no_text("".join(rows[column].dropna().to_numpy()))]
    return rows.assign(**{column: rows[column].replace(NO_TEXT, regex=True) for column in strange})


def _has_no_text(cells: str) -> bool:
    return "\r" in cells or "\x00" in cells or not (cells.isascii() or cells == _writable(cells))


def _writable(text: str) -> str:
    """Return a text without lone surrogates; its positions stay."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)


def refuse_knots(codes: pd.DataFrame, file: str) -> None:
    """Refuse codes that stand under themselves, or under very many others."""
    if "parent_id" not in codes:
        return
    above = dict(zip(codes["code_id"], codes["parent_id"], strict=True))
    for code in above:
        path = [code]
        while isinstance(parent := above.get(path[-1]), str) and parent not in path and len(path) <= DEEPEST:
            path.append(parent)
        if isinstance(parent, str):
            fault = f"its codes are nested more than {DEEPEST} deep"
            if parent in path:
                label = dict(zip(codes["code_id"], codes["label"], strict=True))[parent]
                fault = f"the code {label!r} is under itself"
            raise StudyError(f"{file}: {fault}; expected a tree of codes.")
