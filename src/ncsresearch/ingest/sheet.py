"""A sheet of a workbook, and what its readers share: a row's fields, its area, its attributes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ncsresearch.ingest.fields import area_type_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, imported_file

SEVERAL = re.compile(r"\s*[;|]\s*")
PERSON_ATTRIBUTE_FIELDS = ("client group",)


@dataclass(frozen=True)
class Sheet:
    """A sheet as its reader gets it.

    frame    its rows, cells as text
    fields   the field that each column means; empty where it means none
    name     what it is called in a report
    stem     what its file is called, without the ending
    items    the survey items that another sheet of the workbook describes, by item_id
    labels   the wording of a question, by its column, where the file says it apart from the heading
    options  the question of a column that is one option of it, and the option, where the file says so
    """

    frame: pd.DataFrame
    fields: Mapping[str, str]
    name: str
    stem: str
    items: Mapping[str, dict] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[dict, dict[str, str]]]:
        """Yield each row as it is, and what it says of each field."""
        named = {column: meant for column, meant in self.fields.items() if meant}
        for row in self.frame.to_dict("records"):
            yield (
                row,
                {meant: str(row[column]) for column, meant in named.items() if not pd.isna(row[column])},
            )

    def attributes(self, row: dict, also: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
        """Yield name and value for every column that no other table has a place for, several values one by one."""
        for column, cell in row.items():
            meant = self.fields[column]
            if meant in ("", "attribute", *also) and not pd.isna(cell):
                name = meant if meant in also else column
                yield from ((name, value) for value in SEVERAL.split(str(cell)) if value)

    def imported(
        self, records: Records, account: Iterable[Line], *, whole=(), guesses=None, **more
    ) -> ImportedFile:
        """Return what the sheet brings; a table without a row is left out."""
        found = {table: rows for table, rows in records.items() if rows}
        known = {"documents": {"kind": "workbook"}} | (guesses or {})
        whole = [table for table in whole if table in found]
        return imported_file(self.name, found, account, whole=whole, guesses=known, **more)


def add_area(records: Records, told: dict[str, str], **more) -> None:
    """Add the area that a row names, with its type where the row says it."""
    if area := told.get("area"):
        kind = area_type_of(told.get("area type", ""))
        classification = None if kind else told.get("area type")
        known = {"area_id": area, "name": area, "area_type": kind or None, "classification": classification}
        records.add("areas", **known | more)
