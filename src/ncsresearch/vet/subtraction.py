"""Counts that a reader gets back: a total less what is shown, in one table or with another, or a share of a base."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ncsresearch.vet.known import Known
from ncsresearch.vet.people_words import BASES, TOTALS, base_of_people, counts_people_under, whole, words
from ncsresearch.vet.place import Leak, Reading, Table
from ncsresearch.vet.small_counts import base_in

HELD = re.compile(
    r"(\[c\]|c|\*|–|<\s?\d+|(fewer|less) than \d+|nobody|none|no one|a few|few|some|about half|half|many|most|nearly all"
    r"|almost all|all|everybody)?"
)
SHARE = re.compile(r"(\d+(?:\.\d+)?)\s?%\s+(?:\(?of\s+)(?:(?:the|all)\s+)*(\d[\d,]*)")
WITHIN = "a count under {} that subtraction gives back; hide a second count or the total"
ACROSS = "a count under {} that subtraction from another table gives back; hide a second count in its row"
TINY = 1e-9
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


# a total, the cells that make it, and what tells of it
Line = tuple[Grid, int | None, list[tuple[int, int]], str]


def recovered_counts(reading: Reading, known: Known) -> Iterator[Leak]:
    """Yield every row in which a hidden count can be worked out, and every share that gives back a small count."""
    threshold = known.threshold
    grids: dict[str, Grid] = {}
    for table in reading.tables:
        if grid := grid_of(table):
            grids.setdefault(repr(grid), grid).tables.append(table)
    every = list(grids.values())
    while found := [one for line in (*_within(every), *_across(every)) for one in _left_over(*line)]:
        for grid, row, column, count, what in found:
            grid.rows[row][column] = count
            for table in grid.tables if 0 < count < threshold else ():
                yield Leak(table.file, table.row_where(row), what.format(threshold))
    for table in reading.tables:
        yield from _shares_in_table(table, threshold)
    for place in reading.places():
        for found in SHARE.finditer(place.text):
            if 0 < round(float(found[1]) / 100 * whole(found[2])) < threshold:
                yield Leak(place.file, place.where, SHARED.format(threshold), found[0])


def _left_over(grid: Grid, total: int | None, cells: list[tuple[int, int]], what: str) -> Iterator[tuple]:
    """Yield the one hidden cell of a line as its total less the others; nothing if more or none are hidden."""
    counts = [grid.rows[row][column] for row, column in cells]
    if total is not None and counts.count(None) == 1 and (left := total - sum(filter(None, counts))) >= 0:
        yield grid, *cells[counts.index(None)], left, what


def grid_of(table: Table) -> Grid | None:
    """The counts of people of a table, or None where it has none."""
    if not base_of_people(table.base, table.caption) or not table.rows:
        return None
    cells = {at: [row[at] for row in table.rows if at < len(row)] for at in range(len(table.headings))}
    headed = dict(enumerate(table.headings))
    columns = [at for at in cells if counts_people_under(headed[at]) and _are_counts(cells[at])]
    named = [at for at in cells if at not in columns and headed[at] != "study_status"]
    name = next((at for at in named if re.search("[A-Za-z]", " ".join(cells[at]))), None)
    if not columns:
        return None
    rows = [[whole(row[at]) if at < len(row) else None for at in columns] for row in table.rows]
    labels = [row[name].strip().lower() if name in range(len(row)) else "" for row in table.rows]
    return Grid(tuple(headed[at] for at in columns), tuple(labels), rows)


def _are_counts(cells: list[str]) -> bool:
    told = [cell for cell in cells if not is_hidden(cell)]
    return all(whole(cell) is not None for cell in told) and bool(told or any(cell.strip() for cell in cells))


def is_hidden(cell: str) -> bool:
    """Whether a count, 0 included, stood here: [c], a word for a quantity, fewer than a number, or an empty cell."""
    return bool(HELD.fullmatch(cell.strip().lower()))


def _within(grids: list[Grid]) -> Iterator[Line]:
    """Yield each row with a total in one of its cells, and each column with one in a row that says it is one."""
    for grid in grids:
        rows, columns = range(len(grid.rows)), range(len(grid.headings))
        for total in columns:
            parts = [at for at in columns if at != total]
            if len(parts) > 1 and _is_total(grid.headings[total], grid.rows, total, parts):
                for at in rows:
                    yield grid, grid.rows[at][total], [(at, part) for part in parts], WITHIN
        for total, label in enumerate(grid.labels):
            if set(words(label)[:1]) & TOTALS and len(rows) > 2:
                others = [at for at in rows if at != total]
                for column, count in enumerate(grid.rows[total]):
                    yield grid, count, [(at, column) for at in others], WITHIN


def _is_total(heading: str, rows: list[list[int | None]], total: int, parts: list[int]) -> bool:
    """Whether a column is the sum of the others in every row shown whole.

    Two rows that add two counts or more prove it; without them the heading has to say that it is a total.
    """
    complete = [row for row in rows if None not in row]
    if any(row[total] != sum(row[at] for at in parts) for row in complete):
        return False
    telling = [row for row in complete if sum(row[at] > 0 for at in parts) > 1]
    return len(telling) > 1 or bool(set(words(heading)) & TOTALS)


def _across(grids: list[Grid]) -> Iterator[Line]:
    """Yield each row with one hidden count whose sum another table gives, or a column of it, that divides the same people."""
    sums = []
    for grid in grids:
        every = range(len(grid.headings))
        sides = [every, *([at] for at in every if len(every) > 1)]
        sums += [(grid, *_summed(grid, side)) for side in sides]
    for grid in grids:
        every, rows = range(len(grid.headings)), enumerate(zip(grid.labels, grid.rows, strict=True))
        single = {label: at for at, (label, row) in rows if label and row.count(None) == 1}
        if not single or len(every) < 2:
            continue
        own, base = _summed(grid, every)
        for other, known, of in sums:
            labels = single.keys() & known.keys() if other is not grid else ()
            same_base = of is not None and of == base
            if labels and _same_people(grid, own, known, same_base=same_base):
                for label in labels:
                    yield grid, known[label], [(single[label], at) for at in every], ACROSS


def _summed(grid: Grid, columns) -> tuple[dict[str, int], int | None]:
    """By label, the sum of a table's counts in some columns, and the sum of their bases."""
    rows = [(label, [row[at] for at in columns]) for label, row in zip(grid.labels, grid.rows, strict=True)]
    bases = [base_in(grid.headings[at]) for at in columns]
    return {label: sum(row) for label, row in rows if None not in row}, None if None in bases else sum(bases)


def _same_people(grid: Grid, own: dict[str, int], sums: dict[str, int], *, same_base: bool) -> bool:
    """Whether two tables count the same people: their sums agree wherever both are known, and often enough."""
    shared = [label for label in own if label in sums]
    if any(own[label] != sums[label] for label in shared):
        return False
    rows = dict(zip(grid.labels, grid.rows, strict=True))
    telling = {own[label] for label in shared if sum((count or 0) > 0 for count in rows[label]) > 1}
    return same_base or len(telling - {0}) > 1


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
    share, given = as_share(row[at], table.headings[at]), _base_beside(table, row, at)
    if not share or share >= 1 or not given or not 0 < round(share * given) < threshold:
        return False
    half = _half_a_digit(row[at], share) * given + TINY
    return all(n is None or abs(n - share * given) > half for n in map(whole, row))


def _half_a_digit(cell: str, share: float) -> float:
    """Half of the last digit that a share is printed with: it may be of any count so near."""
    told = cell.strip().rstrip(" %")
    return 0.5 * 10.0 ** -len(told.partition(".")[2]) * share / float(told)


def as_share(cell: str, heading: str) -> float | None:
    """The share that a cell is, 0 to 1, or None."""
    if not (found := re.fullmatch(r"(\d+(?:\.\d+)?(?:e-\d+)?)\s?(%?)", cell.strip())):
        return None
    return float(found[1]) / (100 if found[2] or (float(found[1]) > 1) else 1)


def _base_beside(table: Table, row: tuple[str, ...], at: int) -> int | None:
    """The base of a share: in its heading, in a column of bases named like it, or the one base of the table."""
    if (told := base_in(table.headings[at])) is not None:
        return told
    named = [set(words(heading)) for heading in table.headings]
    bases = [n for n, each in enumerate(named) if each & BASES and whole(row[n]) is not None]
    own = named[at] - BASES - {"%", "share", "percent", "n"}
    alike = [n for n in bases if own and own <= named[n]]
    if alike or len(bases) == 1:
        return whole(row[(alike or bases)[0]])
    before = [n for n in bases if n < at]
    return whole(row[before[-1]]) if before else _base_said(table, at)


def _base_said(table: Table, at: int) -> int | None:
    """The base that the line below a table says: its one number, or one for each share in their order."""
    told = re.findall(r"(?<![\w.,])\d[\d,]*(?![\w.%])", table.base)
    shares = [n for n, heading in enumerate(table.headings) if is_share(heading)]
    which = shares.index(at) if len(told) == len(shares) else 0
    return whole(told[which]) if len(told) in (1, len(shares)) else None
