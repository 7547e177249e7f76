"""Counts of people that changed by a few between two outputs of a study, and so tell of who came or went."""

import re
from collections.abc import Iterator

from ncsresearch.vet.known import Known
from ncsresearch.vet.place import Leak, Reading
from ncsresearch.vet.printed_counts import Names, counts_in_text
from ncsresearch.vet.small_counts import base_in
from ncsresearch.vet.subtraction import grid_of

CHANGED = (
    "a count that tells of fewer than {} people who came or went since the earlier outputs; "
    "wait until more have, or withhold it"
)


def changed_counts(reading: Reading, earlier: Reading, known: Known, names: Names) -> Iterator[Leak]:
    """Yield every count, base or number of people in a sentence that differs by 1 to threshold - 1 from the earlier.

    Those of the same table, row and column are compared, and those of sentences that differ in numbers alone.
    """
    before = {}
    for key, number, _, _ in _counts(earlier, known, names):
        before.setdefault(key, set()).add(number)
    for key, number, file, where in _counts(reading, known, names):
        changes = {abs(number - other) for other in before.get(key, ())}
        if changes and 0 < min(changes) < known.threshold:
            yield Leak(file, where, CHANGED.format(known.threshold))


def _counts(reading: Reading, known: Known, names: Names) -> Iterator[tuple[tuple, int, str, str]]:
    """Every count under what stays the same from one run to the next: its place, without its numbers."""
    for table in reading.tables:
        where = _without_numbers(table.where)
        for heading in table.headings:
            if (base := base_in(heading)) is not None:
                key = (table.file, where, "base", _without_numbers(heading))
                yield key, base, table.file, f"{table.where}, headings".removeprefix(", ")
        grid = grid_of(table)
        for at, (label, row) in enumerate(zip(grid.labels, grid.rows, strict=True)) if grid else ():
            for heading, number in zip(grid.headings, row, strict=True):
                if number is not None:
                    key = (table.file, where, label, grid.labels[:at].count(label), _without_numbers(heading))
                    yield key, number, table.file, table.row_where(at)
    for place in reading.texts:
        for at, (_, told) in enumerate(counts_in_text(place, names, known)):
            yield (place.file, _without_numbers(place.text), at), told.number, place.file, place.where


def _without_numbers(text: str) -> str:
    return re.sub(r"\d[\d,]*", "#", text)
