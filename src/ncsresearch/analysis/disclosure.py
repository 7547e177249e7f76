"""Which counts of people may not be told, so that nobody can be known by them?"""

from dataclasses import dataclass

import numpy as np

NARROW = 2  # a reader's bounds this close are taken for one value: they are a little wider than they need be


def small(n, threshold: int, base=None) -> np.ndarray:
    """Whether each count of people, or what is left of its base where it has one, is above 0 and below the threshold."""
    counts = np.asarray(n, dtype="float64")
    few = (counts > 0) & (counts < threshold)
    if base is None:
        return few
    rest = np.asarray(base, dtype="float64") - counts
    return few | ((rest > 0) & (rest < threshold))


def hidden_among(n, base, threshold: int) -> np.ndarray | None:
    """Which counts of groups that make up a known total are withheld, so that the total gives none of them back.

    n, base     people of each group who are counted, and people of it; their sums are taken to be known
    threshold   the smallest count that may be told

    Returns true where a count is withheld: the small ones, and then the smallest others until no withheld
    count can be worked out from the total and the counts that are told. None where that cannot be had, and
    the total has to be withheld itself. A reader knows that a withheld count is neither 0 nor all of its base.
    """
    counts, bases = np.asarray(n, dtype="int64"), np.asarray(base, dtype="int64")
    hidden = small(counts, threshold, bases)
    order = np.argsort(counts, kind="stable")
    for place in order[(counts[order] > 0) & (counts[order] < bases[order])]:
        if not _worked_out(counts, bases, hidden):
            return hidden
        hidden[place] = True
    return None if _worked_out(counts, bases, hidden) else hidden


def _worked_out(counts: np.ndarray, bases: np.ndarray, hidden: np.ndarray) -> bool:
    """Whether the total and the counts that are told leave a withheld count only one value."""
    total, most = counts[hidden].sum(), bases[hidden] - 1
    low = np.maximum(1, total - (most.sum() - most))
    high = np.minimum(most, total - (hidden.sum() - 1))
    return bool((low >= high).any())


@dataclass(frozen=True)
class Sum:
    """A count that a reader can form of others: where the whole stands, and where its parts do."""

    whole: int
    parts: np.ndarray


def hidden_counts(n, base, hidden, sums: list[Sum], ways: list[Sum]) -> np.ndarray:
    """Which of many counts are withheld, so that nothing a reader can work out gives one of them back.

    n, base   people who are counted, and people they are of
    hidden    true where a count is withheld to begin with
    sums      wholes that are the sums of their parts
    ways      wholes that are no sums: people who raised a theme, and told it in each way; no part exceeds its
              whole, and no single part is missing beside it, since a reader might take it for a sum

    Returns hidden with as many more counts as it takes. A reader knows that a withheld count is neither 0 nor
    all of its base.
    """
    counts, bases, hidden = np.asarray(n), np.asarray(base), np.array(hidden, dtype=bool)
    sums = [each for each in sums if counts[each.parts].sum() == counts[each.whole]]
    before = -1
    while hidden.sum() != before:
        before = hidden.sum()
        for each in ways:
            _guard_ways(counts, bases, hidden, each)
        low, high = reader_bounds(counts, bases, hidden, sums, ways)
        worked_out = np.flatnonzero(hidden & (high - low < NARROW))
        any(_hide_smallest(counts, bases, hidden, _beside(place, sums, ways)) for place in worked_out)
    return hidden


def reader_bounds(counts, bases, hidden, sums: list[Sum], ways: list[Sum]) -> tuple[np.ndarray, np.ndarray]:
    """Return the smallest and the largest that each count can be for a reader who has all that are told."""
    low, high = np.where(hidden, 1, counts), np.where(hidden, bases - 1, counts)
    before = None
    while before is None or not np.array_equal(before, (low, high)):
        before = low.copy(), high.copy()
        for each in sums:
            _narrow_sum(low, high, each)
        for each in ways:
            high[each.parts] = np.minimum(high[each.parts], high[each.whole])
            low[each.whole] = max(low[each.whole], low[each.parts].max(initial=0))
    return low, high


def _narrow_sum(low: np.ndarray, high: np.ndarray, each: Sum) -> None:
    whole, parts = each.whole, each.parts
    low[whole] = max(low[whole], low[parts].sum())
    high[whole] = min(high[whole], high[parts].sum())
    rest_low, rest_high = low[parts].sum() - low[parts], high[parts].sum() - high[parts]
    high[parts] = np.minimum(high[parts], high[whole] - rest_low)
    low[parts] = np.maximum(low[parts], low[whole] - rest_high)


def _beside(place: int, sums: list[Sum], ways: list[Sum]) -> np.ndarray:
    """Return the counts that a count stands in a sum with, or is a way of telling of."""
    near = [[each.whole, *each.parts] for each in sums if place == each.whole or place in each.parts]
    near += [[each.whole] for each in ways if place in each.parts]
    return np.array(sorted({other for places in near for other in places} - {place}), dtype=int)


def _guard_ways(counts: np.ndarray, bases: np.ndarray, hidden: np.ndarray, each: Sum) -> None:
    """One way alone may not be missing beside the whole, nor the whole beside one way alone."""
    told = each.parts[counts[each.parts] > 0]
    if hidden[each.whole] and len(told) == 1:
        hidden[told] = True
    if not hidden[each.whole] and hidden[told].sum() == 1 and not _hide_smallest(counts, bases, hidden, told):
        hidden[each.whole] = True


def _hide_smallest(counts: np.ndarray, bases: np.ndarray, hidden: np.ndarray, places: np.ndarray) -> bool:
    """Hide the smallest count that is told, above 0 and short of its base; returns whether there was one."""
    free = places[~hidden[places] & (counts[places] > 0) & (counts[places] < bases[places])]
    if len(free):
        hidden[free[np.argmin(counts[free])]] = True
    return len(free) > 0
