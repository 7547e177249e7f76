"""Counts of people that changed by a few between two outputs of a study, and so tell of who came or went."""

from collections.abc import Iterator

from ncsresearch.vet.known import Known
from ncsresearch.vet.place import Leak, Reading
from ncsresearch.vet.printed_counts import Names, agreed, printed_counts
from ncsresearch.vet.subtraction import grid_of

CHANGED = (
    "a count that tells of fewer than {} people who came or went since the earlier outputs; "
    "wait until more have, or withhold it"
)


def changed_counts(reading: Reading, earlier: Reading, known: Known, names: Names) -> Iterator[Leak]:
    """Yield every count that differs by 1 to threshold - 1 from the one of the same table, row and column, or names."""
    now, before = _cells(reading), _cells(earlier)
    now |= _named(reading, known, names)
    before |= _named(earlier, known, names)
    for key in now.keys() & before.keys():
        number, file, where = now[key]
        if 0 < abs(number - before[key][0]) < known.threshold:
            yield Leak(file, where, CHANGED.format(known.threshold))


def _cells(reading: Reading) -> dict[tuple, tuple[int, str, str]]:
    found = {}
    for table in reading.tables:
        grid = grid_of(table)
        for at, (label, row) in enumerate(zip(grid.labels, grid.rows, strict=True)) if grid else ():
            same = grid.labels[:at].count(label)
            for heading, number in zip(grid.headings, row, strict=True):
                if number is not None:
                    key = (table.file, table.where, label, same, heading)
                    found.setdefault(key, (number, table.file, table.row_where(at)))
    return found


def _named(reading: Reading, known: Known, names: Names) -> dict[tuple, tuple[int, str, str]]:
    kept = agreed(printed_counts(reading, known, names))
    return {key: (one.number, one.file, one.where) for key, one in kept.items()}
