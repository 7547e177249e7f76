"""How far do ratings agree beyond chance?

Ratings are a frame with one row per unit and one column per coder; a unit that a coder did not rate is
missing there. The coefficients know nothing of studies.

Sources: Krippendorff, Computing Krippendorff's alpha-reliability (2011); Gwet, Handbook of Inter-Rater
Reliability (4th edition, 2014), for the others with more than two coders and for every standard error.
"""

from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd
from statsmodels.stats.inter_rater import cohens_kappa

from ncsresearch.analysis.distance import METRICS
from ncsresearch.analysis.ratings import Ratings, read_ratings

TWO_CODERS = "it is for two coders"
MISSING = float("nan")


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of agreement with what it rests on; a value that cannot be given is missing, with the reason.

    observed and expected are shares of pairs of ratings that agree, 0 to 1; the standard error is over units.
    """

    coefficient: str
    value: float = MISSING
    standard_error: float = MISSING
    observed: float = MISSING
    expected: float = MISSING
    n_units: int = 0
    n_coders: int = 0
    not_given_because: str = ""


def percent_agreement(ratings: pd.DataFrame) -> Coefficient:
    """Share of pairs of ratings of one unit that are the same, each unit counting alike.

    Returns the coefficient, 0 to 1. Caution: says nothing of what chance would give.
    """
    name, found = "percent agreement", read_ratings(ratings)
    if found.fault:
        return _not_given(name, found, found.fault)
    shares = _unit_agreement(found.paired)
    return _given(name, found, shares.mean(), _error(shares - shares.mean()), shares.mean(), MISSING)


def gwet_ac1(ratings: pd.DataFrame, *, categories=None) -> Coefficient:
    """Gwet's AC1 for any number of coders and missing ratings (Gwet 2014, chapter 5).

    Chance agreement is taken to happen only on units that are hard to tell, so that a rare category does
    not press the coefficient down as it does kappa.

    Returns the coefficient, at most 1, with its standard error over units.
    """
    found = read_ratings(ratings, categories)
    if fault := found.fault or found.unvaried:
        return _not_given("Gwet's AC1", found, fault)
    shares, mean = _unit_shares(found)
    scale = len(found.categories) - 1
    expected = (mean * (1 - mean)).sum() / scale
    return _beyond_chance("Gwet's AC1", found, expected, 2 * (shares @ (1 - mean) / scale - expected))


def fleiss_kappa(ratings: pd.DataFrame) -> Coefficient:
    """Fleiss' kappa, as Gwet (2014) extends it to missing ratings.

    Returns the coefficient, at most 1, with its standard error over units.
    """
    return _fleiss("Fleiss' kappa", read_ratings(ratings))


def scott_pi(ratings: pd.DataFrame) -> Coefficient:
    """Scott's pi of two coders, over the units both rated.

    Returns the coefficient, at most 1, with its standard error over units; missing for more than two coders.
    """
    found = read_ratings(ratings)
    if not found.fault and found.given.shape[1] != 2:
        return _not_given("Scott's pi", found, TWO_CODERS)
    return _fleiss("Scott's pi", found if found.fault else found.paired)


def brennan_prediger(ratings: pd.DataFrame, *, categories=None) -> Coefficient:
    """Brennan and Prediger's coefficient: chance gives every category alike.

    Returns the coefficient, at most 1, with its standard error over units. Caution: it rises with every
    category that could have been given and never was.
    """
    found = read_ratings(ratings, categories)
    if fault := found.fault or found.unvaried:
        return _not_given("Brennan-Prediger", found, fault)
    return _beyond_chance("Brennan-Prediger", found, 1 / len(found.categories), 0.0)


def conger_kappa(ratings: pd.DataFrame) -> Coefficient:
    """Conger's kappa: chance agreement from each coder's own use of the categories, over all pairs of coders.

    Returns the coefficient, at most 1, with its standard error over units. Of two coders who rated every unit
    it is Cohen's kappa.
    """
    return _conger("Conger's kappa", read_ratings(ratings))


def cohen_kappa(ratings: pd.DataFrame) -> Coefficient:
    """Cohen's kappa of two coders over the units both rated, as statsmodels works it out.

    The standard error is that of Conger's kappa, which is the same coefficient.

    Returns the coefficient, at most 1; missing for more than two coders, and where one of them did not tell
    units apart: kappa would then be 0 whatever the other did.
    """
    found = read_ratings(ratings)
    if not found.fault and found.given.shape[1] != 2:
        return _not_given("Cohen's kappa", found, TWO_CODERS)
    both = found if found.fault else found.paired
    if fault := both.fault or both.unvaried or both.one_constant:
        return _not_given("Cohen's kappa", both, fault)
    table = both.given[:, 0].astype(float).T @ both.given[:, 1]
    return replace(_conger("Cohen's kappa", both), value=float(cohens_kappa(table, return_results=False)))


def krippendorff_alpha(ratings: pd.DataFrame, *, level: str = "nominal") -> Coefficient:
    """Krippendorff's alpha for any number of coders and missing ratings.

    level   nominal, ordinal, interval or ratio; jaccard or masi where a rating is a frozenset of codes

    Returns the coefficient, at most 1; observed and expected are 1 less the disagreement where the level is
    nominal, jaccard or masi. The standard error is Gwet's, for nominal ratings; resample units for the others.
    Raises ValueError for another level.
    """
    if level not in METRICS:
        raise ValueError(f"level must be one of {list(METRICS)}, not {level!r}.")
    name, found = "Krippendorff's alpha", read_ratings(ratings)
    paired = found.paired
    if fault := found.fault or paired.unvaried:
        return _not_given(name, paired, fault)
    totals, number = paired.counts.sum(axis=0), paired.sizes.sum()
    distance = METRICS[level](paired.categories, totals)
    observed = (paired.apart(distance) / (paired.sizes - 1)).sum() / number
    expected = totals @ distance @ totals / (number * (number - 1))
    error = _alpha_error(paired) if level == "nominal" else MISSING
    return _given(name, paired, 1 - observed / expected, error, 1 - observed, 1 - expected)


def _alpha_error(paired: Ratings) -> float:
    """Gwet's standard error of nominal alpha (2014, chapter 6).

    Linearised over units without the small-sample term, which stays where units differ in their ratings.
    """
    counts, sizes, mean = paired.counts, paired.sizes, paired.sizes.mean()
    number, shares = sizes.sum(), counts.sum(axis=0) / sizes.sum()
    agreed = (counts * (counts - 1)).sum(axis=1) / (sizes - 1) / mean
    expected, uneven = (shares**2).sum(), (sizes - mean) / mean
    corrected = (1 - 1 / number) * agreed.mean() + 1 / number
    alpha = (agreed.mean() - expected) / (1 - expected)
    by_chance = counts @ shares / mean - expected * uneven - expected
    shifts = agreed - corrected * uneven - expected - 2 * (1 - alpha) * by_chance
    return _error(shifts / (1 - expected) - alpha)


def agreement_coefficients(ratings: pd.DataFrame, *, level: str = "nominal") -> pd.DataFrame:
    """Every coefficient of one set of ratings.

    Returns one row per coefficient, with
        coefficient           its name
        value                 at most 1; 0 is what chance would give
        standard_error        over units, f = 0; missing where none is known
        observed, expected    share of pairs of ratings that agree, and that would by chance
        n_units, n_coders     units and coders it rests on
        not_given_because     why there is no value; empty where there is one
    """
    plain = (
        percent_agreement,
        cohen_kappa,
        scott_pi,
        fleiss_kappa,
        conger_kappa,
        brennan_prediger,
        gwet_ac1,
    )
    rows = [each(ratings) for each in plain] + [krippendorff_alpha(ratings, level=level)]
    return pd.DataFrame([asdict(row) for row in rows])


def _fleiss(name: str, found: Ratings) -> Coefficient:
    if fault := found.fault or found.unvaried:
        return _not_given(name, found, fault)
    shares, mean = _unit_shares(found)
    expected = (mean**2).sum()
    return _beyond_chance(name, found, expected, 2 * (shares @ mean - expected))


def _conger(name: str, found: Ratings) -> Coefficient:
    if fault := found.fault or found.unvaried:
        return _not_given(name, found, fault)
    rated = found.given.any(axis=2)
    units, coders = rated.shape
    own = found.given.sum(axis=0) / rated.sum(axis=0)[:, None]
    others = own.sum(axis=0) - own
    expected = (own * others).sum() / (coders * (coders - 1))
    shifts = (found.given - rated[:, :, None] * own) * others * (units / rated.sum(axis=0))[:, None]
    influence = 2 * shifts.sum(axis=(1, 2)) / (coders * (coders - 1))
    return _beyond_chance(name, found, expected, influence)


def _beyond_chance(name: str, found: Ratings, expected: float, influence) -> Coefficient:
    """Observed agreement beyond the expected, with the standard error from each unit's part in both.

    influence is each unit's part in the expected agreement; a unit with one rating has no agreement of its own.
    """
    two = found.sizes >= 2
    agreed = np.zeros(len(two))
    agreed[two] = _unit_agreement(found.paired)
    observed = agreed[two].mean()
    value = (observed - expected) / (1 - expected)
    own = two / two.mean() * (agreed - expected) / (1 - expected)
    error = _error(own - value - (1 - value) * influence / (1 - expected))
    return _given(name, found, value, error, observed, expected)


def _unit_agreement(paired: Ratings) -> np.ndarray:
    pairs = paired.sizes * (paired.sizes - 1)
    return (paired.counts * (paired.counts - 1)).sum(axis=1) / pairs


def _unit_shares(found: Ratings) -> tuple[np.ndarray, np.ndarray]:
    shares = found.counts / found.sizes[:, None]
    return shares, shares.mean(axis=0)


def _error(influence: np.ndarray) -> float:
    n = len(influence)
    return float(np.sqrt((influence**2).sum() / (n * (n - 1)))) if n > 1 else MISSING


def _not_given(name: str, found: Ratings, reason: str) -> Coefficient:
    units, coders, _ = found.given.shape
    return Coefficient(name, n_units=units, n_coders=coders, not_given_because=reason)


def _given(name: str, found: Ratings, value, error, observed, expected) -> Coefficient:
    units, coders, _ = found.given.shape
    numbers = (float(number) for number in (value, error, observed, expected))
    return Coefficient(name, *numbers, n_units=units, n_coders=coders)
