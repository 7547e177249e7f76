"""How far apart are two ratings?

The metrics of Krippendorff's alpha. Each takes the ratings that were given, in order, and how often each was,
and returns a square of distances, 0 between a rating and itself.

Sources: Krippendorff 2011 for numbers; Passonneau 2006, Measuring agreement on set-valued items (MASI), LREC.
"""

from collections.abc import Callable

import numpy as np


def nominal(values: list, totals: np.ndarray) -> np.ndarray:
    """Return 1 between any two different ratings."""
    return 1.0 - np.eye(len(values))


def ordinal(values: list, totals: np.ndarray) -> np.ndarray:
    """Return the square of how many ratings lie between the two, in the order of the values."""
    middle = np.cumsum(totals) - totals / 2
    return np.subtract.outer(middle, middle) ** 2


def interval(values: list, totals: np.ndarray) -> np.ndarray:
    """Return the square of the difference."""
    numbers = np.array(values, dtype=float)
    return np.subtract.outer(numbers, numbers) ** 2


def ratio(values: list, totals: np.ndarray) -> np.ndarray:
    """Return the square of the difference, relative to the sum of the two."""
    numbers = np.array(values, dtype=float)
    both = np.add.outer(numbers, numbers)
    return (np.subtract.outer(numbers, numbers) / np.where(both == 0, 1.0, both)) ** 2


def jaccard(values: list, totals: np.ndarray) -> np.ndarray:
    """Return the share of the codes in either of two sets that are not in both; 0 between empty sets."""
    return _between(values, _apart)


def masi(values: list, totals: np.ndarray) -> np.ndarray:
    """Return the distance that is milder where one set lies within the other (Passonneau 2006)."""
    return _between(values, lambda one, two: 1.0 - (1.0 - _apart(one, two)) * _kinship(one, two))


def _between(values: list[frozenset], distance: Callable) -> np.ndarray:
    return np.array([[distance(one, two) for two in values] for one in values])


def _apart(one: frozenset, two: frozenset) -> float:
    return 1.0 - len(one & two) / len(one | two) if one | two else 0.0


def _kinship(one: frozenset, two: frozenset) -> float:
    if one == two:
        return 1.0
    if one <= two or two <= one:
        return 2 / 3
    return 1 / 3 if one & two else 0.0


METRICS = {
    "nominal": nominal,
    "ordinal": ordinal,
    "interval": interval,
    "ratio": ratio,
    "jaccard": jaccard,
    "masi": masi,
}
