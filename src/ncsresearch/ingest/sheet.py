"""What the readers of all sheets share: a row's fields, its area, its attributes."""

import re

import pandas as pd

from ncsresearch.ingest.fields import area_type_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, rows
from ncsresearch.ingest.transcript import GUESSES

SEVERAL = re.compile(r"\s*[;|]\s*")
PERSON_ATTRIBUTE_FIELDS = ("client group",)


def told_by(row: dict, fields: dict[str, str]) -> dict[str, str]:
    """Return what a row says of each field that its columns mean."""
    return {field: str(row[column]) for column, field in fields.items() if field and not pd.isna(row[column])}


def mode_of(told: dict[str, str]) -> str | None:
    """Return how an interview was held, in the schema's words; None where the row does not say."""
    mode = (
        told.get("mode", "").lower().replace("one to one", "one-to-one").replace("individual", "one-to-one")
    )
    return mode if mode in ("one-to-one", "paired", "group") else None


def area_rows(told: dict[str, str]) -> list[dict]:
    """Return the area a row names, with its type where the row says it."""
    if not told.get("area"):
        return []
    kind = area_type_of(told.get("area type", ""))
    return [
        {
            "area_id": told["area"],
            "name": told["area"],
            "area_type": kind or None,
            "classification": None if kind else told.get("area type"),
        }
    ]


def attribute_rows(
    owner: str, key: str, row: dict, fields: dict[str, str], also: tuple[str, ...]
) -> list[dict]:
    """Every column that no other table has a place for, several values divided by semicolons."""
    known = ("", "attribute", *also)
    return [
        {
            "owner": owner,
            "owner_id": key,
            "name": fields[column] if fields[column] in also else column,
            "value": value,
        }
        for column, cell in row.items()
        if fields[column] in known and not pd.isna(cell)
        for value in SEVERAL.split(str(cell))
        if value
    ]


def imported_sheet(
    name: str, records: dict[str, list[dict]], account: tuple[Line, ...], *, guesses=None, whole=()
) -> ImportedFile:
    """Return rows by table as what a sheet brings."""
    tables = {table: rows(table, found) for table, found in records.items() if found}
    known = GUESSES | {"codebook": {"facet": "theme", "version": "1"}, "documents": {"kind": "workbook"}}
    return ImportedFile(name, tables, known | (guesses or {}), whole=tuple(whole), account=account)
