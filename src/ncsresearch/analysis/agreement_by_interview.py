"""How sure is the agreement of coders, interview by interview?

Agreement is counted within each interview first; a coefficient is worked out of sums over interviews. To see
how far it depends on which interviews were coded twice, interviews are drawn with replacement and their counts
summed anew.

Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), percentile intervals, here with the
interview as the unit drawn, since turns of one interview are not independent.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ncsresearch.analysis.coded_turns import CodedTurns
from ncsresearch.analysis.distance import METRICS
from ncsresearch.analysis.ratings import read_ratings

DRAWS = 1000
SEED = 2023
FEWEST = 5  # interviews, below which drawing anew says nothing
UNDEFINED = 0.05  # share of draws that may have no value before an interval is withheld
FEW_INTERVIEWS = f"fewer than {FEWEST} interviews were coded twice"
FEW_HOLD_IT = "too few of the interviews hold the code"
SUMS = ("units", "agreed", "share", "ratings", "given", "split", "first", "second", "both")


def counts_by_interview(turns: CodedTurns) -> np.ndarray:
    """Count agreement on each code in each interview, each code being given to a turn or not.

    Returns an array of interviews (in their order) by codes by SUMS:
        units     turns that two or more coders had before them
        agreed    sum over turns of the share of pairs of coders who agree
        share     sum over turns of the share of coders who gave the code
        ratings, given   judgements, and how many of them gave the code
        split     sum over turns of the pairs of coders who differ, divided by the coders less one
        first, second, both   turns that the first coder, the second, and both gave the code
    """
    seen, given = turns.seen.sum(axis=1)[:, None].astype(float), turns.given.sum(axis=1).astype(float)
    apart = given * (seen - given)
    first, second = turns.given[:, 0], turns.given[:, 1]
    ones = np.ones_like(given)
    each = [ones, 1 - 2 * apart / (seen * (seen - 1)), given / seen, seen * ones, given, apart / (seen - 1)]
    per_turn = np.stack([*each, first, second, first & second], axis=-1)
    return sums_by_interview(turns, per_turn)


def sums_by_interview(turns: CodedTurns, per_turn: np.ndarray) -> np.ndarray:
    """Sum what was counted turn by turn over the turns of each interview.

    Returns one row per interview, in the order of the turns.
    """
    numbers, names = pd.factorize(turns.turns["document_id"])
    order = np.argsort(numbers, kind="stable")
    starts = np.searchsorted(numbers[order], np.arange(len(names)))
    return np.add.reduceat(per_turn[order].astype(float), starts, axis=0)


def coefficients_of(sums: np.ndarray) -> dict[str, np.ndarray]:
    """Coefficients from sums over interviews, for two categories: given the code or not.

    Returns agreement, kappa, alpha and ac1, each of the shape of sums without its last axis; missing where
    every judgement is the same, and kappa where one of the first two coders never or always gave the code.
    Caution: kappa is for two coders.
    """
    units, agreed, share, ratings, given, split, first, second, _ = np.moveaxis(sums, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed, part, one, two = agreed / units, share / units, first / units, second / units
        varied = np.where((given > 0) & (given < ratings), 1.0, np.nan)
        by_chance = one * two + (1 - one) * (1 - two)
        both_vary = np.where((one * (1 - one) > 0) & (two * (1 - two) > 0), 1.0, np.nan)
        ac1 = _beyond(observed, 2 * part * (1 - part)) * varied
        alpha = (1 - split * (ratings - 1) / (given * (ratings - given))) * varied
        kappa = _beyond(observed, by_chance) * both_vary
    return {"agreement": observed, "kappa": kappa, "alpha": alpha, "ac1": ac1}


def _beyond(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return (observed - expected) / (1 - expected)


def set_agreement(turns: CodedTurns, *, draws: int, level: float) -> dict[str, float]:
    """Krippendorff's alpha of the sets of codes that coders gave each turn.

    Returns jaccard and masi, each with _low and _high, and same_set: the share of pairs of coders who gave a turn
    just the same codes.
    """
    found = read_ratings(turns.as_sets())
    if found.fault or found.unvaried:
        return {}
    counts, numbers = found.counts, found.sizes
    same = (counts * (counts - 1)).sum(axis=1) / (numbers * (numbers - 1))
    rows = {"same_set": float(same.mean())}
    for metric in ("jaccard", "masi"):
        distance = METRICS[metric](found.categories, counts.sum(axis=0))
        within = found.apart(distance) / (numbers - 1)
        sums = sums_by_interview(turns, np.column_stack([within, numbers, counts]))
        low, high = interval(sums, lambda drawn, d=distance: _set_alpha(drawn, d), draws, level)
        value = float(_set_alpha(sums.sum(axis=0), distance))
        rows |= {metric: value, f"{metric}_low": float(low), f"{metric}_high": float(high)}
    return rows


def _set_alpha(sums: np.ndarray, distance: np.ndarray) -> np.ndarray:
    within, number, totals = sums[..., 0], sums[..., 1], sums[..., 2:]
    expected = ((totals @ distance) * totals).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - within * (number - 1) / np.where(expected > 0, expected, np.nan)


def interval(sums: np.ndarray, coefficient: Callable, draws: int, level: float):
    """Percentile interval of a coefficient over interviews drawn with replacement.

    Returns low and high, missing where fewer than FEWEST interviews were coded or the coefficient has no value in more than
    a share UNDEFINED of the draws. The draws are the same for every coefficient of as many interviews.
    """
    number = len(sums)
    if number < FEWEST:
        return np.full((2, *coefficient(sums.sum(axis=0)).shape), np.nan)
    weights = np.random.default_rng(SEED).multinomial(number, np.full(number, 1 / number), size=draws)
    values = coefficient(np.tensordot(weights.astype(float), sums, axes=1))
    withheld = np.isnan(values).mean(axis=0) > UNDEFINED
    bounds = np.nanquantile(np.where(withheld, 0.0, values), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return np.where(withheld, np.nan, bounds)
