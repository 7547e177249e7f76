"""How far do the judgements of coders agree beyond chance?

Every coefficient is worked out of sums over units, so that an interval follows from units drawn anew. A formula takes the sums
and gives what is observed and what chance would give.

Sources: Krippendorff, Computing Krippendorff's alpha-reliability (2011); Gwet, Handbook of Inter-Rater Reliability (4th
edition, 2014), for AC1; Cohen 1960, doi 10.1177/001316446002000104; Passonneau 2006, Measuring agreement on set-valued items
(MASI), LREC, for distances between sets.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass

import numpy as np

DIFFERENT = 1.0 - np.eye(2)  # distances between yes and no


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


def sums_of(own: np.ndarray, distance: np.ndarray = DIFFERENT) -> Sums:
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


def beyond_chance(observed, expected):
    """Return agreement beyond what chance would give, as a share of what there could be; missing where chance gives all."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return (observed - expected) / (1 - expected)


def by_unit(sums: Sums) -> tuple:
    """Formula of percent agreement: each unit counts alike, and nothing is taken off for chance."""
    return sums.agreed / sums.paired, 0.0


def kappa(sums: Sums) -> tuple:
    """Formula of Cohen's kappa, of two coders: chance from each coder's own use of the categories."""
    own = sums.own / sums.own.sum(axis=-1)[..., None]
    return sums.agreed / sums.paired, own.prod(axis=-2).sum(axis=-1)


def alpha(sums: Sums, distance: np.ndarray = DIFFERENT) -> tuple:
    """Formula of Krippendorff's alpha: 1 less the observed disagreement, and 1 less the expected."""
    number = sums.given.sum(axis=-1)
    expected = ((sums.given @ distance) * sums.given).sum(axis=-1)
    return 1 - sums.disagreement / number, 1 - expected / (number * (number - 1))


def ac1(sums: Sums) -> tuple:
    """Formula of Gwet's AC1 (2014, chapter 5), which a rare category does not press down: chance agrees on what is hard to tell."""
    shares = sums.shares / sums.units[..., None]
    return sums.agreed / sums.paired, (shares * (1 - shares)).sum(axis=-1) / (shares.shape[-1] - 1)


def between_sets(members: np.ndarray, *, milder: bool) -> np.ndarray:
    """Return the share of the codes in either of two sets that are not in both; 0 between empty sets.

    members  members[set, code], whether the code is in the set
    milder   what is shared counts by 2/3 where one set lies within the other, and by 1/3 where they only overlap
    """
    members = members.astype(float)
    common, one = members @ members.T, members.sum(axis=1)[:, None]
    either = one + one.T - common
    alike = np.where(either > 0, common / np.where(either > 0, either, 1.0), 1.0)
    same, within = (common == one) & (common == one.T), common == np.minimum(one, one.T)
    return 1.0 - alike * (np.select([same, within], [1.0, 2 / 3], 1 / 3) if milder else 1.0)
