"""Counts that a reader gets back: a total less what is shown, in one table or with another, or a share of a base."""

import re
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field

from ncsresearch.vet.known import Known
from ncsresearch.vet.people_words import BASES, TOTALS, base_of_people, counts_people_under, whole, words
from ncsresearch.vet.place import Leak, Place, Reading, Table
from ncsresearch.vet.small_counts import base_in

HIDDEN = None
HELD = re.compile(
    r"(\[c\]|c|\*|–|<\s?\d+|(fewer|less) than \d+|nobody|none|no one|a few|few|some|about half|half|many|most|nearly all"
    r"|almost all|all|everybody)?"
)
SHARE = re.compile(r"(\d+(?:\.\d+)?)\s?%\s+(?:\(?of\s+)(?:(?:the|all)\s+)*(\d[\d,]*)")
WITHIN = "a count under {} that subtraction gives back; hide a second count or the total"
ACROSS = "a count under {} that subtraction from another table gives back; hide a second count in its row"
SHARED = "a share beside its base gives back a count under {}; leave out the share"


@dataclass(frozen=True)
class Grid:
    """The counts of people of a table: labels of rows, and rows of numbers with None where one is hidden.

    The rows fill up as hidden counts are worked out, for one gives back the next. A page, a document and a workbook
    print the same counts: their tables are kept together.
    """

    headings: tuple[str, ...]
    labels: tuple[str, ...]
    rows: list[list[int | None]]
    tables: list[Table] = field(default_factory=list, repr=False)


Found = namedtuple("Found", "grid row column count what")  # a hidden count that was worked out, and how


def recovered_counts(reading: Reading, known: Known) -> Iterator[Leak]:
    """Yield every row in which a hidden count can be worked out, and every share that gives back a small count."""
    threshold = known.threshold
    grids: dict[str, Grid] = {}
    for table in reading.tables:
        if grid := grid_of(table):
            grids.setdefault(repr(grid), grid).tables.append(table)
    every = list(grids.values())
    while found := [one for one in (*_within(every), *_across(every)) if one.count >= 0]:
        for one in found:
            one.grid.rows[one.row][one.column] = one.count
            for table in one.grid.tables if 0 < one.count < threshold else ():
                yield Leak(table.file, table.row_where(one.row), one.what.format(threshold))
    for table in reading.tables:
        yield from _shares_in_table(table, threshold)
    for place in reading.places():
        yield from _shares_in_text(place, threshold)


def grid_of(table: Table) -> Grid | None:
    """The counts of people of a table, or None where it has no two rows or columns of them."""
    if not base_of_people(table.base, table.caption) or not table.rows:
        return None
    columns = [
        at for at, heading in enumerate(table.headings) if counts_people_under(heading) and _counts(table, at)
    ]
    names = [at for at in range(len(table.headings)) if at not in columns and _names(table, at)]
    if not columns:
        return None
    rows = [[whole(row[at]) if at < len(row) else None for at in columns] for row in table.rows]
    labels = [row[names[0]].strip().lower() if names and names[0] < len(row) else "" for row in table.rows]
    return Grid(tuple(table.headings[at] for at in columns), tuple(labels), rows)


def _counts(table: Table, at: int) -> bool:
    cells = [row[at] for row in table.rows if at < len(row)]
    told = [cell for cell in cells if not is_hidden(cell)]
    return all(whole(cell) is not None for cell in told) and bool(told or any(cell.strip() for cell in cells))


def _names(table: Table, at: int) -> bool:
    words_in = any(re.search("[A-Za-z]", row[at]) for row in table.rows if at < len(row))
    return words_in and table.headings[at] != "study_status"


def is_hidden(cell: str) -> bool:
    """Whether a count, 0 included, stood here: [c], a word for a quantity, fewer than a number, or an empty cell."""
    return bool(HELD.fullmatch(cell.strip().lower()))


def _within(grids: list[Grid]) -> Iterator[Found]:
    """Work out the one hidden count of a row or column that has a total."""
    for grid in grids:
        for at, cells in (*_rows_with_total(grid), *_columns_with_total(grid)):
            yield from _left_over(grid, at, cells, WITHIN)


def _left_over(grid: Grid, total: int | None, cells: list[tuple[int, int]], what: str) -> Iterator[Found]:
    """The one hidden cell of some, as the total less the others; nothing if more or none are hidden."""
    counts = [grid.rows[row][column] for row, column in cells]
    if total is not None and counts.count(HIDDEN) == 1:
        row, column = cells[counts.index(HIDDEN)]
        yield Found(grid, row, column, total - sum(filter(None, counts)), what)


def _rows_with_total(grid: Grid) -> Iterator[tuple[int | None, list[tuple[int, int]]]]:
    """The total of each row, and the cells that make it."""
    for total in range(len(grid.headings)):
        parts = [at for at in range(len(grid.headings)) if at != total]
        if len(parts) > 1 and _is_total(grid.headings[total], grid.rows, total, parts):
            yield from ((row[total], [(at, part) for part in parts]) for at, row in enumerate(grid.rows))


def _is_total(heading: str, rows: list[list[int | None]], total: int, parts: list[int]) -> bool:
    """Whether a column is the sum of the others in every row shown whole.

    Two rows that add two counts or more prove it; without them the heading has to say that it is a total.
    """
    complete = [row for row in rows if HIDDEN not in row]
    if any(row[total] != sum(row[at] for at in parts) for row in complete):
        return False
    telling = [row for row in complete if sum(row[at] > 0 for at in parts) > 1]
    return len(telling) > 1 or bool(set(words(heading)) & TOTALS)


def _columns_with_total(grid: Grid) -> Iterator[tuple[int | None, list[tuple[int, int]]]]:
    """The total of each column, in a row that says it is one, and the cells that make it."""
    for total, label in enumerate(grid.labels):
        if set(words(label)[:1]) & TOTALS and len(grid.rows) > 2:
            others = [at for at in range(len(grid.rows)) if at != total]
            for column, count in enumerate(grid.rows[total]):
                yield count, [(at, column) for at in others]


def _across(grids: list[Grid]) -> Iterator[Found]:
    """Work out the one hidden count of a row from other tables that divide the same people."""
    sums = [(grid, one) for grid in grids for one in _sums(grid)]
    for grid in grids:
        every = range(len(grid.headings))
        single = {
            label: at for at, label in enumerate(grid.labels) if grid.rows[at].count(HIDDEN) == 1 and label
        }
        if single and len(grid.headings) > 1:
            own = _complete(grid, every)
            for other, (known, base) in sums:
                labels = single.keys() & known.keys()
                if other is not grid and labels and _same_people(grid, own, (known, base)):
                    for label in labels:
                        cells = [(single[label], column) for column in every]
                        yield from _left_over(grid, known[label], cells, ACROSS)


def _sums(grid: Grid) -> list[tuple[dict[str, int], int | None]]:
    """By label, the sum of a table's counts and each of its single columns, with the sum of their bases."""
    every = range(len(grid.headings))
    kept = [list(every)] + [[at] for at in every if len(grid.headings) > 1]
    return [(_complete(grid, columns), _base_sum(grid, columns)) for columns in kept]


def _complete(grid: Grid, columns) -> dict[str, int]:
    return {
        label: sum(row[at] for at in columns)
        for label, row in zip(grid.labels, grid.rows, strict=True)
        if all(row[at] is not HIDDEN for at in columns)
    }


def _base_sum(grid: Grid, columns) -> int | None:
    bases = [base_in(grid.headings[at]) for at in columns]
    return None if None in bases else sum(bases)


def _same_people(grid: Grid, own: dict[str, int], other: tuple[dict[str, int], int | None]) -> bool:
    """Whether two tables count the same people: their sums agree wherever both are known, and often enough."""
    sums, base = other
    shared = [label for label in own if label in sums]
    if any(own[label] != sums[label] for label in shared):
        return False
    same_base = base is not None and base == _base_sum(grid, range(len(grid.headings)))
    rows = dict(zip(grid.labels, grid.rows, strict=True))
    telling = [label for label in shared if sum((count or 0) > 0 for count in rows[label]) > 1]
    return same_base or len({own[label] for label in telling} - {0}) > 1


def _shares_in_table(table: Table, threshold: int) -> Iterator[Leak]:
    shares = [at for at, heading in enumerate(table.headings) if is_share(heading)]
    if not shares or not base_of_people(table.base, table.caption):
        return
    for index, row in enumerate(table.rows):
        if len(row) == len(table.headings) and any(_share_tells(table, row, at, threshold) for at in shares):
            yield Leak(table.file, table.row_where(index), SHARED.format(threshold))


def is_share(heading: str) -> bool:
    """Whether a column holds shares."""
    return bool({"%", "share", "percent", "percentage"} & set(words(heading)))


def _share_tells(table: Table, row: tuple[str, ...], at: int, threshold: int) -> bool:
    share = as_share(row[at], table.headings[at])
    if share is None or not 0 < share < 1:
        return False
    given = _base_beside(table, row, at)
    count = round(share * given) if given is not None else 0
    return 0 < count < threshold and count not in map(whole, row)


def as_share(cell: str, heading: str) -> float | None:
    """The share that a cell is, 0 to 1, or None."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?(?:e-\d+)?)\s?(%?)", cell.strip())
    if not found:
        return None
    return float(found[1]) / (100 if found[2] or (float(found[1]) > 1) else 1)


def _base_beside(table: Table, row: tuple[str, ...], at: int) -> int | None:
    """The base of a share: in its heading, in a column of bases named like it, or the one base of the table."""
    if (told := base_in(table.headings[at])) is not None:
        return told
    bases = [
        n
        for n, heading in enumerate(table.headings)
        if set(words(heading)) & BASES and whole(row[n]) is not None
    ]
    own = set(words(table.headings[at])) - BASES - {"%", "share", "percent", "n"}
    alike = [n for n in bases if own and own <= set(words(table.headings[n]))]
    if alike or len(bases) == 1:
        return whole(row[(alike or bases)[0]])
    before = [n for n in bases if n < at]
    if before:
        return whole(row[before[-1]])
    return _base_said(table, at)


def _base_said(table: Table, at: int) -> int | None:
    """The base that the line below a table says: its one number, or one for each share in their order."""
    told = re.findall(r"(?<![\w.,])\d[\d,]*(?![\w.%])", table.base)
    shares = [n for n, heading in enumerate(table.headings) if is_share(heading)]
    if len(told) == len(shares):
        return whole(told[shares.index(at)])
    return whole(told[0]) if len(told) == 1 else None


def _shares_in_text(place: Place, threshold: int) -> Iterator[Leak]:
    for found in SHARE.finditer(place.text):
        if 0 < round(float(found[1]) / 100 * whole(found[2])) < threshold:
            yield Leak(place.file, place.where, SHARED.format(threshold), found[0])
