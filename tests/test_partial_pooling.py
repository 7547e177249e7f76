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
    alike_within,
    pooled_differences,
    pooled_shares,
    smallest_seen,
)
from ncsresearch.evidence.interval import difference_interval

# Weil 1970, as in Williams 1975, Biometrics 31:949-952: pups alive at 21 days, of those alive at 4 days, litter by litter
CONTROL = [(13, 13), (12, 12), (9, 9), (9, 9), (8, 8), (8, 8), (12, 13), (11, 12)]
CONTROL += [(9, 10), (9, 10), (8, 9), (11, 13), (4, 5), (5, 7), (7, 10), (7, 10)]
TREATED = [(12, 12), (11, 11), (10, 10), (9, 9), (10, 11), (9, 10), (9, 10), (8, 9)]
TREATED += [(8, 9), (4, 5), (7, 9), (4, 7), (5, 10), (3, 6), (3, 10), (0, 7)]

# Tarone 1982, as in Gelman and others 2013, Bayesian Data Analysis, table 5.1: rats with a tumour, of those in 71 groups
TUMOURS = (
    [(0, 20)] * 7 + [(0, 19)] * 4 + [(0, 18)] * 2 + [(0, 17)] + [(1, 20)] * 4 + [(1, 19)] * 2 + [(1, 18)] * 2
)
TUMOURS += (
    [(2, 25), (2, 24), (2, 23)]
    + [(2, 20)] * 6
    + [(1, 10), (5, 49), (2, 19), (5, 46), (3, 27), (2, 17), (7, 49), (7, 47)]
)
TUMOURS += (
    [(3, 20)] * 2
    + [(2, 13), (9, 48), (10, 50)]
    + [(4, 20)] * 7
    + [(10, 48)]
    + [(4, 19)] * 3
    + [(5, 22), (11, 46), (12, 49)]
)
TUMOURS += (
    [(5, 20)] * 2
    + [(6, 23), (5, 19), (6, 22)]
    + [(6, 20)] * 3
    + [(16, 52), (15, 47), (15, 46), (9, 24), (4, 14)]
)


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


def test_rates_of_tumours_are_drawn_to_the_mean_of_all_groups():
    """The book has 0.14 for the mean, 2.4 and 14.3 for the parameters, and draws 4 of 14 from 0.29 to about 0.21."""
    rows = pooled_shares([side(TUMOURS)], within=1.0).set_index("cluster")
    everybody, last, none = (rows.loc[at] for at in (-1, 70, 0))
    assert (sum(n for n, _ in TUMOURS), sum(n for _, n in TUMOURS)) == (267, 1739)
    assert everybody["estimate"] == pytest.approx(2.4 / 16.7, abs=0.003)
    assert everybody["icc"] == pytest.approx(1 / 17.7, abs=0.015)
    assert everybody["icc_low"] < 1 / 17.7 < everybody["icc_high"] < 0.15
    assert last["observed"] == pytest.approx(4 / 14)
    assert last["estimate"] == pytest.approx(6.4 / 30.7, abs=0.01)
    assert last["shrinkage"] == pytest.approx(16.7 / 30.7, abs=0.05)
    assert none["observed"] == 0 and 0.04 < none["estimate"] < 0.09 and none["low"] == 0
    areas = rows.drop(-1)
    assert np.corrcoef(areas["shrinkage"], [n for _, n in TUMOURS])[0, 1] < -0.9


def test_the_share_of_a_cluster_is_that_of_the_beta_binomial():
    """By hand, with every correlation of the grid as likely: the mean of (n + share x spread) / (base + spread)."""
    areas = [(9, 20), (2, 20), (5, 20)]
    rows = pooled_shares([side(areas)], within=1.0).set_index("cluster")
    spread = 1 / ICCS - 1
    a, b = SHARES[:, None] * spread, (1 - SHARES)[:, None] * spread
    likely = np.exp(sum(betabinom.logpmf(n, base, a, b) for n, base in areas))
    own, prior = likely.sum(axis=0), np.full(len(ICCS), 1 / len(ICCS))
    for _ in range(10):
        prior = (own * prior / (own @ prior) + 2 / len(ICCS)) / 3
    weights = likely * prior / (likely * prior).sum()
    for at, (n, base) in enumerate(areas):
        assert rows.loc[at, "estimate"] == pytest.approx(
            (weights * (n + a) / (base + spread)).sum(), abs=0.004
        )
        assert rows.loc[at, "shrinkage"] == pytest.approx((weights * spread / (base + spread)).sum())
    assert rows.loc[-1, "estimate"] == pytest.approx(weights.sum(axis=1) @ SHARES)
    probable = weights.sum(axis=0)
    inside = (rows.loc[-1, "icc_low"] <= ICCS) & (rows.loc[-1, "icc_high"] >= ICCS)
    below, above = (
        probable[side].sum() for side in (rows.loc[-1, "icc_low"] > ICCS, rows.loc[-1, "icc_high"] < ICCS)
    )
    assert probable[inside].sum() >= 0.95 and max(below, above) <= 0.025


def test_an_area_whose_number_is_not_known_has_the_share_of_every_number_that_it_may_be():
    """Of three areas of six people, five raised it in all and one area has two: the others have 0 and 3, or 1 and 2, and so on."""
    may_be = [(n, 3 - n) for n in range(4)]
    heard, least = np.full((3, 1), 6), np.array([[2], [0], [0]])
    unknown = Side(heard, least, np.array([[2], [3], [3]]), np.array([5]))
    told = pooled_shares([unknown], within=1.0).set_index("cluster")
    each = [
        pooled_shares([side([(2, 6), (one, 6), (other, 6)])], within=1.0).set_index("cluster")
        for one, other in may_be
    ]
    for at in (1, 2):
        assert min(rows.loc[at, "estimate"] for rows in each) < told.loc[at, "estimate"]
        assert told.loc[at, "estimate"] < max(rows.loc[at, "estimate"] for rows in each)
        assert np.isnan(told.loc[at, "observed"])
    assert told.loc[1, "estimate"] == pytest.approx(told.loc[2, "estimate"])
    sure = Side(heard, least := np.array([[2], [1], [2]]), least, np.array([5]))
    assert pooled_shares([sure], within=1.0).set_index("cluster").equals(each[1])


def test_people_interviewed_together_widen_the_interval_of_their_area():
    alone, together = (
        pooled_shares([side([(9, 24), (4, 23), (14, 25)])], within=within).query("cluster == 0")
        for within in (1.0, 2.0)
    )
    width, wider = ((rows["high"] - rows["low"]).iloc[0] for rows in (alone, together))
    assert wider > width and together["shrinkage"].iloc[0] > alone["shrinkage"].iloc[0]


def test_a_theme_that_nobody_raised_says_nothing_of_how_alike_people_are():
    raised, nobody = [(5, 10), (5, 10), (4, 10)], [(0, 10)] * 3
    alone, beside = pooled_shares([side(raised)]), pooled_shares([side(raised, *[nobody] * 5)])
    assert beside["icc"].iloc[0] == pytest.approx(alone["icc"].iloc[0])
    assert alike_within([side(raised, nobody)]) == pytest.approx(alike_within([side(raised)]))


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


@pytest.mark.parametrize("alike", [0.01, 0.04, 0.2])
def test_the_interval_of_the_intra_class_correlation_holds_the_truth(alike):
    told = [pooled_shares(sides).query("cluster == -1") for sides in studies(20, 0.15, alike)]
    assert np.mean([rows["icc_low"].le(alike) & rows["icc_high"].ge(alike) for rows in told]) >= 0.95


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


def test_a_theme_that_nobody_of_a_large_group_raised_has_a_p_that_can_be_adjusted():
    """Nobody of 133 clients and half of 267 others: the chance of the other sign is rounded to nothing, never under it."""
    clients = side([(0, 4)] * 33 + [(0, 1)])
    others = side([(2, 4)] * 66 + [(1, 3)])
    for of, against in ((clients, others), (others, clients)):
        assert pooled_differences(of, against)["p"].between(0, 1).all()
