"""Who gave which unit which rating, how far apart are they, and what do units add up to?

Sources of the distances: Krippendorff 2011 for numbers; Passonneau 2006, Measuring agreement on set-valued items (MASI),
LREC.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd

LEVELS = ("nominal", "ordinal", "interval", "ratio", "jaccard", "masi")


@dataclass(frozen=True)
class Ratings:
    """Ratings as a cube: given[unit, coder, category] says whether the coder gave the unit that category."""

    given: np.ndarray
    categories: list

    @property
    def paired(self) -> "Ratings":
        """The units that two coders or more rated."""
        return Ratings(self.given[self.given.sum(axis=(1, 2)) >= 2], self.categories)

    def distances(self, level: str) -> np.ndarray:
        """Return a square of distances between the categories at one of LEVELS, 0 between a category and itself."""
        if level == "nominal":
            return 1.0 - np.eye(len(self.categories))
        if level in ("jaccard", "masi"):
            return _between_sets(self.categories, milder=level == "masi")
        totals = self.paired.given.sum(axis=(0, 1))
        ranks = np.cumsum(totals) - totals / 2
        numbers = ranks if level == "ordinal" else np.array(self.categories, dtype=float)
        both = np.add.outer(numbers, numbers) if level == "ratio" else np.ones(1)
        return (np.subtract.outer(numbers, numbers) / np.where(both == 0, 1.0, both)) ** 2


def _between_sets(values: list[frozenset], *, milder: bool) -> np.ndarray:
    """Return the share of the codes in either of two sets that are not in both; 0 between empty sets.

    milder   what is shared counts by 2/3 where one set lies within the other, and by 1/3 where they only overlap
    """
    codes = list(dict.fromkeys(code for value in values for code in value))
    members = np.array([[code in value for code in codes] for value in values], dtype=float)
    members = members.reshape(len(values), len(codes))
    common, one = members @ members.T, members.sum(axis=1)[:, None]
    either = one + one.T - common
    alike = np.where(either > 0, common / np.where(either > 0, either, 1.0), 1.0)
    same, within = (common == one) & (common == one.T), common == np.minimum(one, one.T)
    return 1.0 - alike * (np.select([same, within], [1.0, 2 / 3], 1 / 3) if milder else 1.0)


@dataclass(frozen=True)
class Sums:
    """What coefficients are made of, for each unit or summed over units; axes before those named divide what is apart.

    units         units that anybody rated
    paired        units that two coders or more rated; agreed, disagreement and given are of these alone
    agreed        share of the pairs of ratings that are the same
    disagreement  distances between every two ratings, both ways round, divided by the coders less one
    given         [category] ratings
    shares        [category] share of the coders of a unit who gave it the category
    own           [coder, category] ratings of each coder
    """

    units: np.ndarray
    paired: np.ndarray
    agreed: np.ndarray
    disagreement: np.ndarray
    given: np.ndarray
    shares: np.ndarray
    own: np.ndarray

    def each(self, change: Callable[[np.ndarray], np.ndarray]) -> "Sums":
        """The same with every part changed in one way: grouped, weighed."""
        return Sums(*map(change, astuple(self)))

    @property
    def total(self) -> "Sums":
        """The sums over the first axis."""
        return self.each(lambda part: part.sum(axis=0))


def sums_of(own: np.ndarray, distance: np.ndarray) -> Sums:
    """Return what each unit adds to the sums.

    own       own[unit, ..., coder, category], true where the coder gave the unit the category
    distance  between categories
    """
    own = own.astype(float)
    counts = own.sum(axis=-2)
    sizes = counts.sum(axis=-1)
    paired, others = (sizes >= 2).astype(float), np.where(sizes >= 2, sizes - 1, 1.0)
    rated = np.where(sizes > 0, sizes, 1.0)
    agreed = (counts * (counts - 1)).sum(axis=-1) / (rated * others)
    disagreement = ((counts @ distance) * counts).sum(axis=-1) / others
    given, shares = counts * paired[..., None], counts / rated[..., None]
    return Sums((sizes > 0).astype(float), paired, agreed * paired, disagreement, given, shares, own)


def read_ratings(ratings: pd.DataFrame, categories=None) -> Ratings:
    """Return ratings as a cube, without units nobody rated and coders who rated nothing.

    ratings      one row per unit and one column per coder, missing where a coder did not rate a unit
    categories   every rating a coder could give, in order; those found, sorted, where it is not said
    """
    rated = ratings.dropna(how="all").dropna(how="all", axis=1)
    values, missing = rated.to_numpy(dtype=object), rated.isna().to_numpy(dtype=bool)
    found = dict.fromkeys(values[~missing])
    known = list(categories) if categories is not None else _sorted(found)
    place = {value: number for number, value in enumerate(known)}
    if strange := [value for value in found if value not in place]:
        raise ValueError(f"Ratings have {strange}, which are not among the categories {known}.")
    codes = np.full(values.shape, -1)
    codes[~missing] = [place[value] for value in values[~missing]]
    return Ratings(codes[:, :, None] == np.arange(len(known)), known)


def _sorted(values) -> list:
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=repr)
