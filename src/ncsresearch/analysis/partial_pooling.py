"""What share of a group would raise a theme, and how much do groups differ, when people of one area or interview say alike things?"""

import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.fft import irfft, rfft
from scipy.special import betainc, betaln, comb
from scipy.stats import norm

POWER = 0.8
TINY = 1e-300
MOST = 10**6  # people of a cluster
STEPS = 100  # shares are weighed in the middle of each percentage point
SHARES = (np.arange(STEPS) + 0.5) / STEPS
DIFFERENCES = np.arange(1 - STEPS, STEPS) / STEPS
ICCS = np.array([0.001, 0.003, 0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.22, 0.3, 0.4, 0.55])
ROUNDS, FLAT = 10, 2.0  # of learning how alike people are, beside as many themes of which nothing is known


class Side(NamedTuple):
    """The people of one of two groups, in the clusters they were heard in: clusters by themes.

    heard         people heard; a cluster in which nobody was heard of a theme says nothing of it
    least, most   between what it is known how many of them raised it: the same, where the number is known
    total         people of all clusters together who raised each theme
    """

    heard: np.ndarray
    least: np.ndarray
    most: np.ndarray
    total: np.ndarray


class Alike(NamedTuple):
    """How probable each intra-class correlation is.

    prior       over all themes
    of_themes   themes by correlations, by the theme's own evidence too
    """

    prior: np.ndarray
    of_themes: np.ndarray


def pooled_differences(
    here: Side, others: Side, *, level: float = 0.95, prior: np.ndarray | None = None
) -> pd.DataFrame:
    """Difference of shares between two groups whose people were heard in clusters, theme by theme.

    prior   how probable each intra-class correlation is before a theme's own evidence; without it, as learned_prior gives it

    A cluster's people raise a theme with a probability that varies between the clusters of a group (beta-binomial).
    How much it varies, the intra-class correlation, is estimated theme by theme, with what all themes
    together show as its prior; every share is as likely before the evidence. Numbers that are not known are summed over.

    Returns one row per theme, in their order, with
        difference     share of the group less that of the others; missing where one of them was not heard
        low, high      its interval at the level, of equal tails, and wide enough to hold what was observed
        p              twice the probability that the difference has the other sign
        error          its standard deviation
        icc            intra-class correlation
        design_effect  how many times wider than of people heard alone the variance of a share is, by the icc

    Source: Williams 1975, doi 10.2307/2529820 (beta-binomial); Gelman and others 2013, Bayesian Data Analysis, ch. 5
    (partial pooling). Caution: where one theme varies far more between clusters than all others do, its interval is too
    narrow: see tests/benchmarks/null_studies.py.
    """
    first, second = _likelihoods(here), _likelihoods(others)
    both = first.sum(axis=1) * second.sum(axis=1)
    alike = _learned(both) if prior is None else Alike(prior, _by_evidence(both, prior))
    spectra = rfft(first, 2 * STEPS, axis=1) * rfft(second[:, ::-1], 2 * STEPS, axis=1)
    chances = np.maximum(irfft(spectra @ alike.prior, axis=1)[:, :-1], 0)
    found = _posterior(chances / chances.sum(axis=1, keepdims=True), level)
    rows = pd.DataFrame(found | {"difference": _share(here) - _share(others), "icc": alike.of_themes @ ICCS})
    return rows.assign(
        low=rows[["low", "difference"]].min(axis=1),
        high=rows[["high", "difference"]].max(axis=1),
        design_effect=1 + (_people_a_cluster(here, others) - 1) * rows["icc"],
    )


def learned_prior(here: Side, others: Side) -> np.ndarray:
    """Return how probable each intra-class correlation is, by all themes of two groups together."""
    return _learned(math.prod(_likelihoods(side).sum(axis=1) for side in (here, others))).prior


def pooled_shares(sides: Sequence[Side], *, within: float | None = None, level: float = 0.95) -> pd.DataFrame:
    """Share of the people of each group who raise each theme, and of each of its clusters, which are drawn towards the group.

    within   how many times wider than of people heard alone the variance of a cluster's own share is, as where they were
             interviewed together; without it there are no rows of clusters

    The model is that of pooled_differences. Returns one row per side and theme, with cluster -1, and one per cluster in which
    people were heard of the theme, with its place in the side:
        side, theme, cluster
        observed       share of those heard who raised it; missing where that is not known
        estimate       its mean by the model; of a cluster between what was observed and the group's
        low, high      its interval at the level, of equal tails; of a group wide enough to hold what was observed
        shrinkage      how far a cluster's estimate is drawn to its group's, from 0 to 1; missing for a group
        icc, icc_low, icc_high   how alike people of one cluster are on the theme, with the least interval of the values tried
                       that is as probable as the level
        design_effect  what that does to the variance of a share

    Source and caution: as pooled_differences; on what is drawn to the mean see Efron and Morris 1975, doi 10.2307/2285814.
    """
    likelihoods = [_likelihoods(side) for side in sides]
    by_icc = np.stack([each.sum(axis=1) for each in likelihoods])
    prior, found = _learned_of_some(sides, by_icc), []
    alike = _by_evidence(by_icc.prod(axis=0), prior)
    icc = alike @ ICCS
    for at, (side, likelihood) in enumerate(zip(sides, likelihoods, strict=True)):
        others = prior * np.delete(by_icc, at, axis=0).prod(axis=0)
        weights = likelihood * others[:, None, :]
        found.append(_of_group(side, weights.sum(axis=2), level).assign(side=at))
        if within:
            found += [row.assign(side=at) for row in _of_clusters(side, likelihood, others, within, level)]
    rows = pd.concat(found, ignore_index=True).sort_values(["side", "theme", "cluster"], ignore_index=True)
    shared = _people_a_cluster(*sides)
    of_themes = {"icc": icc, **_ends_of_icc(alike, level)}
    of_themes["design_effect"] = 1 + np.maximum(shared - 1, 0) * icc
    return rows.assign(**{name: own[rows["theme"]] for name, own in of_themes.items()})


def alike_within(sides: Sequence[Side]) -> float:
    """Return the intra-class correlation of a typical theme, between clusters of the same group."""
    by_icc = np.stack([_likelihoods(side).sum(axis=1) for side in sides])
    return float(_learned_of_some(sides, by_icc) @ ICCS)


def smallest_seen(error: np.ndarray, n_compared: float, *, level: float = 0.95) -> np.ndarray:
    """Return the difference that would probably (4 times in 5) have been claimed among n_compared, by its error."""
    needs = norm.ppf(1 - (1 - level) / 2 / max(n_compared, 1)) + norm.ppf(POWER)
    return np.minimum(needs * np.asarray(error), 1.0)


def _likelihoods(side: Side) -> np.ndarray:
    """Return how likely what was raised is, by theme, share and intra-class correlation; 1 where it is most."""
    if not side.heard.size:
        return np.ones((len(side.total), STEPS, len(ICCS)))
    known = side.least == side.most
    coded = (side.heard * MOST + side.least) * known
    pairs = np.unique(coded)
    times = np.stack([(coded == pair).sum(axis=0) for pair in pairs], axis=1).astype("float64")
    each = [_log_likelihood(int(pair % MOST), int(pair // MOST)) for pair in pairs]
    found = np.tensordot(times, np.stack(each), 1)
    for theme in np.flatnonzero(~known.all(axis=0)):
        own = ~known[:, theme]
        found[theme] += np.log(_unknown(side, theme, own)[_left(side, theme, own)])
    return np.exp(found - found.max(axis=(1, 2), keepdims=True))


def _left(side: Side, theme: int, unknown: np.ndarray) -> int:
    """Return how many of the people of a theme are in the clusters of unknown numbers, above the least of each."""
    known = side.least[~unknown, theme].sum()
    return int(side.total[theme] - known - side.least[unknown, theme].sum())


def _unknown(side: Side, theme: int, own: np.ndarray) -> np.ndarray:
    """Return how likely it is that clusters of unknown numbers, each between its ends, come to each sum above the least of each."""
    return _by_sum(*(tuple(map(int, each[own, theme])) for each in side[:3]))


@lru_cache(maxsize=64)
def _by_sum(heard: tuple[int, ...], least: tuple[int, ...], most: tuple[int, ...]) -> np.ndarray:
    by_sum = np.ones((1, STEPS, len(ICCS)))
    for base, low, high in zip(heard, least, most, strict=True):
        each = [comb(base, n) * np.exp(_log_likelihood(n, base)) for n in range(low, high + 1)]
        longer = np.zeros((len(by_sum) + len(each) - 1, *by_sum.shape[1:]))
        for at, likelihood in enumerate(each):
            longer[at : at + len(by_sum)] += likelihood * by_sum
        by_sum = longer
    return np.maximum(by_sum, TINY)


@cache
def _log_likelihood(n: int, base: int, iccs: tuple[float, ...] = tuple(ICCS)) -> np.ndarray:
    spread = 1 / np.array(iccs) - 1
    a, b = SHARES[:, None] * spread, (1 - SHARES)[:, None] * spread
    return betaln(n + a, base - n + b) - betaln(a, b)


def _of_group(side: Side, chances: np.ndarray, level: float) -> pd.DataFrame:
    """Return what is said of the share of a group, theme by theme."""
    observed = _share(side)
    rows = pd.DataFrame(_ends(chances, level) | {"observed": observed, "cluster": -1})
    low, high = rows[["low", "observed"]].min(axis=1), rows[["high", "observed"]].max(axis=1)
    return rows.assign(low=low, high=high).rename_axis("theme").reset_index()


def _of_clusters(
    side: Side, likelihood: np.ndarray, others: np.ndarray, within: float, level: float
) -> Iterator[pd.DataFrame]:
    """Yield what is said of the share of each cluster, of the themes on which anybody was heard there."""
    for at, theme in zip(*np.nonzero(side.heard), strict=True):
        numbers, rest = _without(side, likelihood[theme], at, theme)
        base, rest = int(side.heard[at, theme]), rest * others[theme]
        alike = float(np.clip((within - 1) / max(base - 1, 1), ICCS[0], ICCS[-1]))
        own = np.stack([comb(base, n) * np.exp(_log_likelihood(n, base, (alike,))[:, 0]) for n in numbers])
        chances = (own * (rest.reshape(len(numbers), -1) @ _spread().T)).sum(axis=0)
        by_icc = (rest * np.stack([np.exp(_log_likelihood(n, base)) for n in numbers])).sum(axis=(0, 1))
        spread = 1 / ICCS - 1
        drawn = (by_icc / by_icc.sum()) @ (spread / (spread + base / within))
        observed = numbers[0] / base if len(numbers) == 1 else np.nan
        place = {"theme": theme, "cluster": at, "observed": observed, "shrinkage": drawn}
        yield pd.DataFrame(_ends(chances[None], level) | place)


def _without(side: Side, likelihood: np.ndarray, at: int, theme: int) -> tuple[list[int], np.ndarray]:
    """Return each number that a cluster may have, and how likely what all others raised is where it has that."""
    low, high = int(side.least[at, theme]), int(side.most[at, theme])
    if low == high:
        return [low], (likelihood / np.exp(_log_likelihood(low, int(side.heard[at, theme]))))[None]
    unknown = side.least[:, theme] != side.most[:, theme]
    rest = unknown & (np.arange(len(unknown)) != at)
    known = likelihood / _unknown(side, theme, unknown)[_left(side, theme, unknown)]
    by_sum, left = _unknown(side, theme, rest), _left(side, theme, unknown)
    numbers = [n for n in range(low, high + 1) if 0 <= left - (n - low) < len(by_sum)]
    return numbers, np.stack([known * by_sum[left - (n - low)] for n in numbers])


@cache
def _spread() -> np.ndarray:
    """Return how probable each share of a cluster is: shares by pairs of the group's share and an intra-class correlation."""
    spread = 1 / ICCS - 1
    a, b = SHARES[:, None] * spread, (1 - SHARES)[:, None] * spread
    edges = np.arange(STEPS + 1)[:, None, None] / STEPS
    return np.diff(betainc(a, b, edges), axis=0).reshape(STEPS, -1)


def _ends(chances: np.ndarray, level: float) -> dict[str, np.ndarray]:
    """Return the mean of shares, and their interval, from how probable each is: rows by shares."""
    chances = chances / chances.sum(axis=1, keepdims=True)
    up_to, tail, half = chances.cumsum(axis=1), (1 - level) / 2, 0.5 / STEPS
    low, high = (SHARES[(up_to >= share).argmax(axis=1)] for share in (tail, 1 - tail))
    return {"estimate": chances @ SHARES, "low": low - half, "high": high + half}


def _ends_of_icc(alike: np.ndarray, level: float) -> dict[str, np.ndarray]:
    """Return between which values the intra-class correlation of each theme lies, from how probable each is."""
    up_to, tail = alike.cumsum(axis=1), (1 - level) / 2
    low, high = (up_to > tail).argmax(axis=1), (up_to >= 1 - tail).argmax(axis=1)
    return {"icc_low": ICCS[low], "icc_high": ICCS[high]}


def _learned(likelihoods: np.ndarray) -> Alike:
    """Return how probable each intra-class correlation is: over all themes, and of each by its own evidence too."""
    flat = np.full(len(ICCS), 1 / len(ICCS))
    alike = Alike(flat, likelihoods)
    for _ in range(ROUNDS):
        weights = _by_evidence(likelihoods, alike.prior)
        alike = Alike((weights.sum(axis=0) + FLAT * flat) / (len(weights) + FLAT), weights)
    return alike


def _by_evidence(likelihoods: np.ndarray, prior: np.ndarray) -> np.ndarray:
    weights = likelihoods * prior
    return weights / weights.sum(axis=1, keepdims=True)


def _learned_of_some(sides: Sequence[Side], by_icc: np.ndarray) -> np.ndarray:
    """Return how probable each intra-class correlation is by the themes that some people raised and others did not."""
    raised, heard = (sum(each) for each in ([s.total for s in sides], [s.heard.sum(axis=0) for s in sides]))
    return _learned(by_icc.prod(axis=0)[(raised > 0) & (raised < heard)]).prior


def _posterior(chances: np.ndarray, level: float) -> dict[str, np.ndarray]:
    """Return what is said of differences from how probable each is: themes by differences."""
    up_to, tail, half = chances.cumsum(axis=1), (1 - level) / 2, 0.5 / STEPS
    ends = [DIFFERENCES[(up_to >= share).argmax(axis=1)] for share in (tail, 1 - tail)]
    low, high = np.clip(ends[0] - half, -1, 1), np.clip(ends[1] + half, -1, 1)
    none = chances[:, STEPS - 1] / 2
    more = np.minimum(up_to[:, STEPS - 1] - none, 1 - up_to[:, STEPS - 1] + none)
    mean = chances @ DIFFERENCES
    error = np.sqrt(np.maximum(chances @ DIFFERENCES**2 - mean**2, 0))
    return {"low": low, "high": high, "p": np.clip(2 * more, 0.0, 1.0), "error": error}


def _share(side: Side) -> np.ndarray:
    base = side.heard.sum(axis=0)
    return np.where(base > 0, side.total / np.maximum(base, 1), np.nan)


def _people_a_cluster(*sides: Side) -> np.ndarray:
    """Return how many people share a cluster, as one of them would count, theme by theme."""
    heard = np.vstack([side.heard for side in sides])
    return (heard**2).sum(axis=0) / np.maximum(heard.sum(axis=0), 1)
