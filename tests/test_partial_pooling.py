"""Groups compared whose people were heard together: against the same sums done otherwise, by hand, and in simulated studies."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom, norm

from ncsresearch.analysis.group_differences import MARGIN, judged, weighed
from ncsresearch.analysis.partial_pooling import (
    ICCS,
    SHARES,
    Side,
    pooled_differences,
    smallest_seen,
)
from ncsresearch.evidence.interval import difference_interval

# Weil 1970, as in Williams 1975, Biometrics 31:949-952: pups alive at 21 days, of those alive at 4 days, litter by litter
CONTROL = [(13, 13), (12, 12), (9, 9), (9, 9), (8, 8), (8, 8), (12, 13), (11, 12)]
CONTROL += [(9, 10), (9, 10), (8, 9), (11, 13), (4, 5), (5, 7), (7, 10), (7, 10)]
TREATED = [(12, 12), (11, 11), (10, 10), (9, 9), (10, 11), (9, 10), (9, 10), (8, 9)]
TREATED += [(8, 9), (4, 5), (7, 9), (4, 7), (5, 10), (3, 6), (3, 10), (0, 7)]


def side(*themes: list[tuple[int, int]]) -> Side:
    raised, heard = (np.array([[pair[at] for pair in theme] for theme in themes]).T for at in (0, 1))
    return Side(heard, raised, raised, raised.sum(axis=0))


def test_litters_of_rats_are_compared_and_not_pups():
    (told,) = pooled_differences(side(TREATED), side(CONTROL)).itertuples()
    assert told.difference == pytest.approx(112 / 145 - 142 / 158)
    low, high = difference_interval(112, 145, 142, 158)
    assert high < 0  # as if each pup had been alone
    assert told.low < low and told.high > 0
    assert 0.1 < told.icc < 0.3 and told.design_effect > 2


def test_the_likelihood_is_that_of_the_beta_binomial():
    (told,) = pooled_differences(side(TREATED), side(CONTROL)).itertuples()
    spread = 1 / ICCS - 1
    a, b = SHARES[:, None] * spread, (1 - SHARES)[:, None] * spread
    here, others = (
        np.exp(sum(betabinom.logpmf(n, base, a, b) for n, base in litters)) for litters in (TREATED, CONTROL)
    )
    flat = np.full(len(ICCS), 1 / len(ICCS))
    for _ in range(10):
        own = here.sum(axis=0) * others.sum(axis=0) * flat
        prior = (own / own.sum() + 2 / len(ICCS)) / 3
        flat = prior
    joint = np.einsum("ir,jr,r->ij", here, others, prior)
    apart = np.subtract.outer(SHARES, SHARES)
    mean = (joint * apart).sum() / joint.sum()
    assert told.error == pytest.approx(np.sqrt((joint * apart**2).sum() / joint.sum() - mean**2), rel=1e-6)


def test_numbers_that_are_not_known_are_summed_over():
    """Two areas of three people each, of whom four in all raised it, one or more in each: 1 and 3, 2 and 2, or 3 and 1."""
    known = [side([(n, 3), (4 - n, 3)]) for n in (1, 2, 3)]
    heard, one, three = (np.full((2, 1), n) for n in (3, 1, 3))
    unknown, other = Side(heard, one, three, np.array([4])), side([(1, 5), (2, 5)])
    spans = [pooled_differences(each, other) for each in known]
    (told,) = pooled_differences(unknown, other).itertuples()
    assert told.difference == pytest.approx(4 / 6 - 3 / 10)
    assert min(span["error"][0] for span in spans) < told.error < max(span["error"][0] for span in spans)
    sure = pooled_differences(Side(heard, two := np.full((2, 1), 2), two, np.array([4])), other)
    assert sure.equals(spans[1])


def test_a_theme_of_which_nothing_is_known_is_not_compared():
    nobody = Side(np.zeros((1, 1), int), *[np.zeros((1, 1), int)] * 2, np.zeros(1, int))
    no_clusters = Side(*[np.zeros((0, 1), int)] * 3, np.zeros(1, int))
    for none in (nobody, no_clusters):
        (told,) = pooled_differences(none, side([(1, 5)])).itertuples()
        assert np.isnan(told.difference)


def test_what_would_have_been_seen_is_the_error_times_what_a_claim_and_power_need():
    assert smallest_seen(np.array([0.1]), 1)[0] == pytest.approx(0.1 * (norm.ppf(0.975) + norm.ppf(0.8)))
    assert smallest_seen(np.array([0.1]), 20)[0] > smallest_seen(np.array([0.1]), 2)[0]
    assert smallest_seen(np.array([0.9]), 20)[0] == 1


def studies(n: int, apart: float, alike: float, seed: int = 5):
    """Comparisons of two areas with four, 20 themes each, of 23 people an area."""
    random, areas, themes = np.random.default_rng(seed), 6, 20
    for _ in range(n):
        shares = random.uniform(0.1, 0.5, themes) + np.array([apart, apart, 0, 0, 0, 0])[:, None]
        spread = 1 / alike - 1
        raised = random.binomial(23, random.beta(shares * spread, (1 - shares) * spread))
        heard = np.full((areas, themes), 23)
        yield [
            Side(heard[own], raised[own], raised[own], raised[own].sum(axis=0))
            for own in (slice(2), slice(2, 6))
        ]


@pytest.mark.parametrize("alike", [0.02, 0.1])
def test_intervals_hold_the_truth_as_often_as_they_say(alike):
    told = [pooled_differences(*sides) for sides in studies(40, 0.15, alike)]
    assert np.mean([(rows["low"].le(0.15) & rows["high"].ge(0.15)).mean() for rows in told]) >= 0.93
    equivalent = [verdicts(*sides)["verdict"].eq("equivalent").mean() for sides in studies(40, MARGIN, alike)]
    assert np.mean(equivalent) <= 0.05


def verdicts(*sides: Side) -> pd.DataFrame:
    names = ("n_raised", "n_participants", "n_raised_others", "n_participants_others")
    numbers = [number for own in sides for number in (own.total, own.heard.sum(axis=0))]
    rows = pd.DataFrame(dict(zip(names, numbers, strict=True)))
    return judged(weighed(rows, *sides, level=0.95).rename_axis("code_id").reset_index(), level=0.95)


def test_studies_without_a_difference_seldom_claim_one():
    claimed = [verdicts(*sides) for sides in studies(60, 0.0, 0.05)]
    assert np.mean([rows["verdict"].eq("differs").any() for rows in claimed]) <= 0.1


def test_each_verdict_in_a_study_a_person_can_count():
    """Ten areas of 40 a side: 36 against 4 of 40, 20 of 40 in all, and nobody; then two people an area, and 20 against 23 of 40."""
    many = [(36, 40)] * 10, [(20, 40)] * 10, [(0, 40)] * 10
    few = [(4, 40)] * 10, [(20, 40)] * 10, [(0, 40)] * 10
    rows = verdicts(side(*many), side(*few)).sort_values("code_id")
    assert rows["verdict"].tolist() == ["differs", "equivalent", "cannot tell"]
    assert rows["reason"].tolist() == ["", "", "nobody raised it"]
    assert rows["family_size"].iloc[:2].tolist() == [2, 2]
    small = [side([(1, 2)] * 10), side([(1, 2)] * 10)]
    assert verdicts(*small)["verdict"].tolist() == ["cannot tell"]
    near = [side([(20, 40)] * 6), side([(23, 40)] * 6)]
    assert verdicts(*near)["verdict"].tolist() == ["not shown to differ"]
