"""How far apart are two ratings?

The metrics of Krippendorff's alpha. Each takes the ratings that were given, in order, and how often each was,
and returns a square of distances, 0 between a rating and itself.

Sources: Krippendorff 2011 for numbers; Passonneau 2006, Measuring agreement on set-valued items (MASI), LREC.
"""

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


def jaccard(values: list[frozenset], totals: np.ndarray) -> np.ndarray:
    """Return the share of the codes in either of two sets that are not in both; 0 between empty sets."""
    common, one, two = _shared(values)
    return 1.0 - _alike(common, one, two)


def masi(values: list[frozenset], totals: np.ndarray) -> np.ndarray:
    """Return the distance that is milder where one set lies within the other (Passonneau 2006).

    What two sets share counts in full where they are the same, by two thirds where one lies within the other, and
    by one third where they only overlap.
    """
    common, one, two = _shared(values)
    same, within = (common == one) & (common == two), common == np.minimum(one, two)
    return 1.0 - _alike(common, one, two) * np.select([same, within], [1.0, 2 / 3], 1 / 3)


def _shared(values: list[frozenset]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many codes two sets have in common, and how many each has, for every two sets."""
    codes = list(dict.fromkeys(code for value in values for code in value))
    members = np.array([[code in value for code in codes] for value in values], dtype=float)
    sizes = members.sum(axis=1)
    return members @ members.T, sizes[:, None], sizes[None, :]


def _alike(common: np.ndarray, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    either = one + two - common
    return np.where(either > 0, common / np.where(either > 0, either, 1.0), 1.0)


METRICS = {
    "nominal": nominal,
    "ordinal": ordinal,
    "interval": interval,
    "ratio": ratio,
    "jaccard": jaccard,
    "masi": masi,
}
