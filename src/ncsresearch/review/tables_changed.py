"""Which cells of the tables differ between two runs? Rows are the same where the columns that name them are."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from ncsresearch.present.outputs import INSTEAD, UNKNOWN, WITHHELD

NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?(e-?\d+)?")
MARKS = ("True", "False", UNKNOWN, WITHHELD, *INSTEAD)
STATUS = "study_status"
MOST_KEYS = 3
LOST, FREED = "now withheld", "no longer withheld"
OTHERWISE = "withheld in another form"
Rows = list[dict[str, str]]
Columns = tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A cell that differs: its table (a path below tables/), row and column, what it was and what it is.

    row      what names the row
    column   empty for a row that is new or gone, of which was or now says so
    """

    table: str
    row: str
    column: str
    was: str
    now: str

    @property
    def how(self) -> str:
        """In which way it differs."""
        withheld = [each in (*INSTEAD, WITHHELD) for each in (self.was, self.now)]
        steps = {(False, True): LOST, (True, False): FREED, (True, True): OTHERWISE}
        return steps.get(tuple(withheld), "changed") if self.column else "gone" if self.was else "new"


def tables_changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[Cell]:
    """Return every cell that differs; of a table or row that is new or gone, one that says so.

    before, after   the text of each CSV file, by its path below tables/
    """
    return [
        cell for name in sorted({*before, *after}) for cell in _table(name, before.get(name), after.get(name))
    ]


def _table(name: str, was: str | None, now: str | None) -> Iterator[Cell]:
    if was is None or now is None:
        yield Cell(name, "", "", "", "table") if was is None else Cell(name, "", "", "table", "")
    elif was != now:
        yield from _cells(name, _read(was), _read(now))


def _read(text: str) -> Rows:
    rows = csv.DictReader(text.splitlines(keepends=True))
    return [{column: cell for column, cell in row.items() if column != STATUS} for row in rows]


def _cells(name: str, was: Rows, now: Rows) -> Iterator[Cell]:
    key, called = _key(was, now)
    before, after = ({_values(row, key): row for row in rows} for rows in (was, now))
    for place in dict.fromkeys([*after, *before]):
        one, other = before.get(place), after.get(place)
        row = ", ".join(filter(None, _values(other or one, called)))
        if not one or not other:
            yield Cell(name, row, "", "row" * bool(one), "row" * bool(other))
            continue
        for column in dict.fromkeys([*other, *one]):
            if one.get(column, "") != other.get(column, ""):
                cells = _printed(one.get(column, ""), other.get(column, ""))
                yield Cell(name, row, column.replace("_", " "), *cells)


def _values(row: Mapping[str, str], columns: Columns) -> Columns:
    return tuple(row.get(name) or "" for name in columns)


def _key(was: Rows, now: Rows) -> tuple[Columns, Columns]:
    """Return the columns that name the rows of both, and those by which a reader knows them; all where no few name a row.

    Of few columns in words that no two rows share those name the rows that most rows have kept; ids are not for reading.
    """
    every = tuple((now or was or [{}])[0])
    columns = [name for name in every if _in_words(name, [*was, *now])]
    columns.sort(key=lambda name: name.endswith("_id"))
    for n in range(1, MOST_KEYS + 1):
        kept = {chosen: _n_kept(chosen, was, now) for chosen in combinations(columns, n)}
        kept = {chosen: alike for chosen, alike in kept.items() if alike is not None}
        if kept:
            read = [chosen for chosen in kept if not chosen[0].endswith("_id")]
            best = max(kept, key=kept.get)
            return best, best if best in read else max(read or kept, key=kept.get)
    return every, tuple(columns) or every


def _n_kept(chosen: Columns, was: Rows, now: Rows) -> int | None:
    """Return how many rows are named alike in both by some columns; none where two rows share a name."""
    one, other = ([_values(row, chosen) for row in rows] for rows in (was, now))
    unique = len({*one}) == len(one) and len({*other}) == len(other)
    return len({*one} & {*other}) if unique else None


def _in_words(column: str, rows: Rows) -> bool:
    cells = {row.get(column) or "" for row in rows}
    return not any(NUMBER.fullmatch(cell) or cell in MARKS for cell in cells)


def _printed(was: str, now: str) -> tuple[str, str]:
    """Return two cells with numbers to as many places as tell them apart."""
    if not (NUMBER.fullmatch(was) and NUMBER.fullmatch(now)):
        return _short(was), _short(now)
    numbers = [float(cell.replace(",", "")) for cell in (was, now)]
    whole = max(len(f"{abs(number):.0f}") for number in numbers)
    for places in range(max(3, whole), 18):
        one, other = (f"{number:,.{places}g}" for number in numbers)
        if one != other:
            return one, other
    return was, now


def _short(cell: str) -> str:
    whole = NUMBER.fullmatch(cell) and "." in cell
    return f"{float(cell.replace(',', '')):.3g}" if whole else cell
