"""Which counts of people may not be told, so that nobody can be known by them?"""

import numpy as np


def small(n, threshold: int) -> np.ndarray:
    """Whether each count of people is above 0 and below the threshold."""
    return (np.asarray(n) > 0) & (np.asarray(n) < threshold)


def hidden_among(n, base, threshold: int, *, already=None) -> np.ndarray | None:
    """Which counts of groups that make up a known total are withheld, so that the total gives none of them back.

    n, base     people of each group who are counted, and people of it; their sums are taken to be known
    threshold   the smallest count that may be told
    already     counts that are withheld for another reason

    Returns true where a count is withheld: the small ones, and then the smallest others until no withheld
    count can be worked out from the total and the counts that are told. None where that cannot be had, and
    the total has to be withheld itself. A reader knows that a withheld count is neither 0 nor all of its base.
    """
    counts, bases = np.asarray(n, dtype="int64"), np.asarray(base, dtype="int64")
    hidden = small(counts, threshold) | (False if already is None else np.asarray(already))
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
