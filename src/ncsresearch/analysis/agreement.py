"""How far do ratings agree beyond chance?

Every coefficient is worked out of sums over units, so that its standard error follows from what each unit adds to them, and an
interval from units drawn anew. A formula takes the sums and gives what is observed and what chance would give.

Sources: Krippendorff, Computing Krippendorff's alpha-reliability (2011); Gwet, Handbook of Inter-Rater
Reliability (4th edition, 2014), for the others with more than two coders and for every standard error; Passonneau 2006,
Measuring agreement on set-valued items (MASI), LREC, for distances between sets.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from functools import partial

import numpy as np
import pandas as pd

LEVELS = ("nominal", "ordinal", "interval", "ratio", "jaccard", "masi")
NOBODY = "nobody rated anything"
ONE_CODER = "one coder alone rated"
NO_PAIR = "no unit was rated by two coders"
ALL_ALIKE = "every rating is the same"
ONE_CONSTANT = "one coder gave every unit the same rating"
TWO_CODERS = "it is for two coders"
STEP = 1e-20  # of a derivative by a complex number: so small that it is exact
NUMBERS = ("value", "standard_error", "observed", "expected")
COLUMNS = ["coefficient", *NUMBERS, "n_units", "n_coders", "reason"]


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


Formula = Callable[[Sums], tuple]


def agreement_coefficients(ratings: pd.DataFrame, *, level: str = "nominal", categories=None) -> pd.DataFrame:
    """Every coefficient of one set of ratings, by any number of coders, who may each have rated some units only.

    ratings      one row per unit and one column per coder, missing where a coder did not rate a unit
    level        of Krippendorff's alpha: nominal, ordinal, interval or ratio; jaccard or masi where a rating is a frozenset
    categories   every rating a coder could give, in order; those found where it is not said. Brennan and Prediger's
                 coefficient and AC1 rise with every category that was never given

    Returns one row per coefficient, with
        coefficient           percent agreement; Cohen's kappa and Scott's pi, of two coders over the units both rated;
                              Fleiss' kappa; Conger's kappa, Cohen's for more coders; Brennan-Prediger; Gwet's AC1, which a
                              rare category does not press down; Krippendorff's alpha
        value                 at most 1; 0 is what chance would give, but for percent agreement
        standard_error        over units, f = 0; missing for one unit, and for alpha that is not nominal: resample units
        observed, expected    share of pairs of ratings that agree, and that would by chance; 1 less the disagreement for alpha
        n_units, n_coders     units and coders it rests on
        reason                why there is no value; empty where there is one. Kappa of a coder who gave every unit the same
                              rating would be 0 whatever the other did

    Raises ValueError for another level, and for a rating that is not among the categories.
    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {list(LEVELS)}, not {level!r}.")
    found = read_ratings(ratings, categories)
    paired, distance = found.paired, found.distances(level)
    two = "" if found.given.shape[1] == 2 else TWO_CODERS
    varied, alike = _unvaried(found), _unvaried(paired)
    constant = ONE_CONSTANT if (paired.given.any(axis=0).sum(axis=1) < 2).any() else ""
    error = _linear_alpha if level == "nominal" else None
    rows = [
        ("percent agreement", paired, by_unit, by_unit, ""),
        ("Cohen's kappa", paired, kappa, kappa, two or alike or constant),
        ("Scott's pi", paired, _fleiss, _fleiss, two or alike),
        ("Fleiss' kappa", found, _fleiss, _fleiss, varied),
        ("Conger's kappa", found, kappa, kappa, varied),
        ("Brennan-Prediger", found, _brennan_prediger, _brennan_prediger, varied),
        ("Gwet's AC1", found, ac1, ac1, varied),
        ("Krippendorff's alpha", paired, partial(alpha, distance=distance), error, alike),
    ]
    fault = _fault(found)
    return pd.DataFrame(
        [
            {"coefficient": name, "reason": fault or why}
            | _worked_out(rated, formula, error, fault or why, distance)
            for name, rated, formula, error, why in rows
        ],
        columns=COLUMNS,
    )


def beyond_chance(observed, expected):
    """Return agreement beyond what chance would give, as a share of what there could be; missing where chance gives all."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return (observed - expected) / (1 - expected)


def by_unit(sums: Sums) -> tuple:
    """Formula of percent agreement: each unit counts alike, and nothing is taken off for chance."""
    return sums.agreed / sums.paired, 0.0


def ac1(sums: Sums) -> tuple:
    """Formula of Gwet's AC1 (2014, chapter 5): chance agrees only on units that are hard to tell."""
    shares = sums.shares / sums.units[..., None]
    return sums.agreed / sums.paired, (shares * (1 - shares)).sum(axis=-1) / (shares.shape[-1] - 1)


def kappa(sums: Sums) -> tuple:
    """Formula of Conger's kappa: chance from each coder's own use of the categories; Cohen's of two coders."""
    own = sums.own / sums.own.sum(axis=-1)[..., None]
    others, coders = own.sum(axis=-2)[..., None, :] - own, own.shape[-2]
    return sums.agreed / sums.paired, (own * others).sum(axis=(-2, -1)) / (coders * (coders - 1))


def alpha(sums: Sums, *, distance: np.ndarray) -> tuple:
    """Formula of Krippendorff's alpha: 1 less the observed disagreement, and 1 less the expected."""
    number = sums.given.sum(axis=-1)
    expected = ((sums.given @ distance) * sums.given).sum(axis=-1)
    return 1 - sums.disagreement / number, 1 - expected / (number * (number - 1))


def _linear_alpha(sums: Sums) -> tuple:
    """Alpha for Gwet's error (2014, chapter 6), without the small-sample term, which stays where units differ in their ratings."""
    number, shares = sums.given.sum(axis=-1), sums.given / sums.given.sum(axis=-1)[..., None]
    observed, mean = 1 - sums.disagreement / number, number / sums.paired
    small = (1 - observed.real) / number.real
    return observed - small * (mean / mean.real - 1), (shares**2).sum(axis=-1)


def _fleiss(sums: Sums) -> tuple:
    return sums.agreed / sums.paired, ((sums.shares / sums.units[..., None]) ** 2).sum(axis=-1)


def _brennan_prediger(sums: Sums) -> tuple:
    return sums.agreed / sums.paired, 1 / sums.shares.shape[-1]


def _fault(found: Ratings) -> str:
    """Say why no agreement can be counted; an empty string where it can."""
    units, coders, _ = found.given.shape
    checks = [(not units, NOBODY), (coders < 2, ONE_CODER), (not len(found.paired.given), NO_PAIR)]
    return next((reason for wrong, reason in checks if wrong), "")


def _unvaried(found: Ratings) -> str:
    return ALL_ALIKE if found.given.any(axis=(0, 1)).sum() < 2 else ""


def _worked_out(
    found: Ratings, formula: Formula, error: Formula | None, why: str, distance: np.ndarray
) -> dict:
    """Return the numbers of one coefficient; error is the formula whose derivative its standard error is made of."""
    rests_on = {"n_units": found.given.shape[0], "n_coders": found.given.shape[1]}
    if why:
        return rests_on
    each = sums_of(found.given, distance)
    observed, expected = formula(each.total)
    numbers = (beyond_chance(observed, expected), _error(each, error), observed, expected)
    return rests_on | dict(zip(NUMBERS, map(float, numbers), strict=True))


def _error(each: Sums, formula: Formula | None) -> float:
    """Standard error over units, from the derivative of the coefficient for each.

    The share of units that two coders rated is taken as known, as Gwet (2014) does.
    """
    n = len(each.units)
    if formula is None or n < 2:
        return np.nan
    moved = each.each(lambda part: part.sum(axis=0) + 1j * STEP * part)
    two = moved.paired / moved.units
    influence = n * (beyond_chance(*formula(moved)) * two / two.real).imag / STEP
    return float(np.sqrt((influence**2).sum() / (n * (n - 1))))


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
