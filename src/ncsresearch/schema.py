"""What every study table must contain: the data dictionary.

One list of tables and columns, in the words of a researcher: schema.csv, a line a column, and a line without a
column that says what a row of the table is. The checks of a study, its data package descriptor and the data
dictionary for readers are all made from it.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path

VERSION = "1"

NO_UNIT = "number"  # the unit of a measure that says none
STANCES = ("strength", "challenge", "mixed", "suggestion", "neutral")
AREA_TYPES = {
    "larger_city": "urban",
    "urban_substantial_rural": "urban",
    "urban_unspecified": "urban",
    "mainly_rural": "rural",
    "islands_remote": "rural",
    "remote_rural": "rural",
    "rural_unspecified": "rural",
    "small_town": "small town",
    "cross_area": "not in the comparison",
    "not_classified": "not in the comparison",
    "not_stated": "not in the comparison",
}
KIND_WORDS = {
    "urban_substantial_rural": "urban with substantial rural areas",
    "islands_remote": "islands and remote rural",
}
COMPARED = ("rural", "urban")  # the kinds of area that are compared
WEIGHTS = {"weight", "weights", "weighting", "wt", "wgt", "survey weight", "weight factor", "gewicht"}
WEIGHING = re.compile(
    r"wei?ght|wgh?t|\b[a-z]?wts?(?!e\b|[ei]n)|gewicht|pond[eé]ra|poids|\bpesos?\b|\bwag[ai]\b|\bvikt|\bvægt|\bvekt|"
    r"(grossing|expansion|raising|weight|design)[ -]?(factor|up)|(hochrechnungs|design)faktor|\bвес|权重|加权"
)
# of bodies, bags and points: no weights of a survey; and weights that say how many people each stands for
NO_WEIGHING = re.compile(
    r"\b(kg|lbs?|stone|pounds?|grams?|body|birth|height|loss|lost|changed?|gain(ed)?|current|before|after|weighted|bmi|scores?)\b|"
    r"kilo|körper|(over|under|light)[ -]?weight|(gewicht|weight) in\b|\?"
)
GROSSING = re.compile(r"(grossing|expansion|raising)[ -]?(factor|up|weight)|hochrechnung")
PATTERNS = {
    "whole": (r"-?\d+", "a whole number"),
    "number": (r"-?\d+(\.\d+)?", "a number"),
    "sha256": (r"[0-9a-f]{64}", "a SHA-256 of 64 digits and letters a to f"),
    "no point": (
        r"(heading|navigation or contact|method told elsewhere|table held as numbers|repeats paragraph \d+)",
        "heading, navigation or contact, method told elsewhere, table held as numbers, or repeats paragraph and its number",
    ),
    "date": (r"\d{4}-\d{2}(-\d{2})?", "a date such as 2019-11-01 or a month such as 2019-11"),
    "moment": (
        r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?",
        "a date such as 2019-11-01, or with a time as in 2019-11-01 14:30",
    ),
}
# allowed values that schema.csv calls by a name, as the program needs them too
NAMED_VALUES = {"stances": STANCES, "area types": tuple(AREA_TYPES)}


def kind_words(area_type: str) -> str:
    """Return an area type as a reader calls it."""
    return KIND_WORDS.get(area_type, str(area_type).replace("_", " "))


def are_weights(heading: str, values: Iterable[str]) -> bool:
    """Whether a column holds weights of a survey: it is called so, or so in more words and has parts and about 1 on average."""
    called = heading.casefold().replace("_", " ")
    try:
        numbers = [float(value.replace(",", ".")) for value in values]
    except ValueError:
        numbers = []
    if called in WEIGHTS or not numbers or min(numbers) < 0 or NO_WEIGHING.search(called):
        return called in WEIGHTS
    mean, parted = sum(numbers) / len(numbers), any(number % 1 for number in numbers)
    about = 0.5 <= mean <= 2 or GROSSING.search(called)
    return bool(WEIGHING.search(called) and parted and about)


class StudyError(Exception):
    """The user's material has a fault; the message says what, where and what was expected."""

    exit_status = 1


class CallError(StudyError):
    """What was asked for is not in the user's material: the call was wrong."""

    exit_status = 2


@dataclass(frozen=True)
class Column:
    """One column of a study table.

    kind is text, whole, number, sha256 or date; allowed lists the only values, in their order; refers
    names the column another table lists the value in ("areas.area_id"), or the column of this table that
    names that table, where several tables can be meant ("unit").
    """

    name: str
    meaning: str
    kind: str = "text"
    allowed: tuple[str, ...] = ()
    required: bool = False
    refers: str = ""


@dataclass(frozen=True)
class StudyTable:
    """One table of a study: what a row is, its columns, and the columns that together name a row."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> list[str]:
        """The columns' names in their order."""
        return [column.name for column in self.columns]

    @property
    def pointers(self) -> dict[str, str]:
        """The columns that name rows of a table, each with that table, or with the column that says which it is."""
        return {column.name: column.refers.split(".")[0] for column in self.columns if column.refers}


def _column(line: dict[str, str]) -> Column:
    allowed = NAMED_VALUES.get(line["allowed"]) or tuple(filter(None, line["allowed"].split("; ")))
    required = line["required"] == "required"
    return Column(line["column"], line["meaning"], line["kind"] or "text", allowed, required, line["refers"])


def _tables() -> dict[str, StudyTable]:
    """Return the tables of schema.csv, in their order."""
    tables = {}
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        for name, (first, *lines) in groupby(csv.DictReader(file), key=lambda line: line["table"]):
            key = tuple(line["column"] for line in lines if line["key"])
            tables[name] = StudyTable(name, first["meaning"], key, tuple(map(_column, lines)))
    return tables


TABLES = _tables()
ADJUDICATED = "adjudicated"  # the coder of what two coders have settled together
OF_READERS = ("comments",)  # what readers say of the report: no evidence, and no part of what is made


def _ids(table: str, column: str) -> dict[str, str]:
    """Return the id column of each table that a column may name."""
    named = next(each.allowed for each in TABLES[table].columns if each.name == column)
    return {name: TABLES[name].key[0] for name in named}


UNIT_IDS = _ids("codings", "unit")
ROW_IDS = {table.name: table.key[0] for table in TABLES.values() if len(table.key) == 1}
ROLES = next(column.allowed for column in TABLES["signatures"].columns if column.name == "role")
# what a chapter is made of: who signed it and what readers say is said of it afterwards
EVIDENCE = tuple(name for name in TABLES if name not in ("signatures", *OF_READERS))
ROW_IDS |= UNIT_IDS | _ids("attributes", "owner")


def nearest(value: str, known) -> str:
    """Return the known value most like this one, as a whole, by its first word or by another; an empty string where none is."""
    if close := get_close_matches(str(value), [*map(str, known)], n=1):
        return close[0]
    names = sorted(map(str, known), key=len, reverse=True)
    for part in (".+", r"^[^\W_]+", r"[^\W_]{3,}"):
        called = {words: name for name in names for words in re.findall(part, name.casefold())}
        if near := get_close_matches(str(value).casefold(), called, n=1):
            return called[near[0]]
    return ""


def did_you_mean(value: str, known) -> str:
    """Return the question that ends a message about an unknown value; empty where no known one is like it."""
    near = nearest(value, known)
    return f" Did you mean {near!r}?" if near else ""


def one_of(what: str, value: str, known, *, of: str = "", error: type[StudyError] = CallError) -> str:
    """Return value if it is known; otherwise raise an error that says what is, and what is nearest.

    of     the study that is asked, where there may be doubt
    error  StudyError where the value is the material's and not the call's
    """
    if value in known:
        return value
    place, hint = f" in the study {of}" if of else "", did_you_mean(value, known)
    there = f"known: {', '.join(map(str, known))}" if known else "there is none"
    raise error(f"There is no {what} {value!r}{place}; {there}.{hint}")
