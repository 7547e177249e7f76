"""Which counts of people may not be told, so that nobody can be known by them?"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

NARROW = 2  # a reader's bounds this close are taken for one value: they are a little wider than they need be


def below_threshold(n, threshold: int, base=None) -> np.ndarray:
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
    hidden = below_threshold(counts, threshold, bases)
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


@dataclass(frozen=True)
class Pairs:
    """All ways of telling at once: where each whole stands, and for each part its way's number and where it stands."""

    wholes: np.ndarray
    way: np.ndarray
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
    near, pairs = _neighbours(sums, ways), _pairs(ways)
    spent, before = np.zeros(len(counts), dtype=bool), -1
    while hidden.sum() != before:
        before = hidden.sum()
        for at in _unguarded(counts, hidden, pairs):
            _guard_ways(counts, bases, hidden, ways[at])
        low, high = reader_bounds(counts, bases, hidden, sums, pairs)
        for place in np.flatnonzero(hidden & ~spent & (high - low < NARROW)):
            if _hide_smallest(counts, bases, hidden, _beside(place, near)):
                break
            spent[place] = True  # what is hidden stays so: there will never be one beside it
    return hidden


def _pairs(ways: list[Sum]) -> Pairs:
    wholes = np.array([each.whole for each in ways], dtype=int)
    way = np.repeat(np.arange(len(ways)), [len(each.parts) for each in ways])
    parts = np.concatenate([each.parts for each in ways]) if ways else np.array([], dtype=int)
    return Pairs(wholes, way, parts)


def reader_bounds(counts, bases, hidden, sums: list[Sum], ways: Pairs) -> tuple[np.ndarray, np.ndarray]:
    """Return the smallest and the largest that each count can be for a reader who has all that are told."""
    low, high = np.where(hidden, 1, counts), np.where(hidden, bases - 1, counts)
    whole, before = ways.wholes[ways.way], None
    while before is None or not np.array_equal(before, (low, high)):
        before = low.copy(), high.copy()
        for each in sums:
            _narrow_sum(low, high, each)
        np.minimum.at(high, ways.parts, high[whole])
        np.maximum.at(low, whole, low[ways.parts])
    return low, high


def _narrow_sum(low: np.ndarray, high: np.ndarray, each: Sum) -> None:
    whole, parts = each.whole, each.parts
    lows, highs = low[parts], high[parts]
    least, most = lows.sum(), highs.sum()
    low[whole] = max(low[whole], least)
    high[whole] = min(high[whole], most)
    high[parts] = np.minimum(highs, high[whole] - (least - lows))
    low[parts] = np.maximum(lows, low[whole] - (most - highs))


def _neighbours(sums: list[Sum], ways: list[Sum]) -> dict[int, list[np.ndarray]]:
    """Return what each count stands in a sum with, or is a way of telling of; itself among them."""
    near = defaultdict(list)
    for each in sums:
        together = np.append(each.parts, each.whole)
        for place in together:
            near[place].append(together)
    for each in ways:
        for place in each.parts:
            near[place].append(np.array([each.whole]))
    return near


def _beside(place: int, near: dict[int, list[np.ndarray]]) -> np.ndarray:
    """Return the counts that a count stands in a sum with, or is a way of telling of."""
    found = np.unique(np.concatenate(near[place])) if place in near else np.array([], dtype=int)
    return found[found != place]


def _unguarded(counts: np.ndarray, hidden: np.ndarray, ways: Pairs) -> np.ndarray:
    """Return where one way alone may be missing beside the whole, or the whole beside one way alone."""
    there = counts[ways.parts] > 0
    n_told = np.bincount(ways.way[there], minlength=len(ways.wholes))
    n_hidden = np.bincount(ways.way[there & hidden[ways.parts]], minlength=len(ways.wholes))
    return np.flatnonzero(np.where(hidden[ways.wholes], (n_told == 1) & (n_hidden == 0), n_hidden == 1))


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
