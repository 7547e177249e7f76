"""Coefficients of agreement against published values, other programs and what must always hold."""

from functools import partial

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa as cohen_of_statsmodels

from golden import INPUTS, golden
from ncsresearch.analysis.agreement import (
    ac1,
    alpha,
    between_sets,
    beyond_chance,
    by_unit,
    kappa,
    read_ratings,
    sums_of,
)


def coefficient(formula, ratings: pd.DataFrame) -> float:
    given_, categories = read_ratings(ratings)
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(beyond_chance(*formula(sums_of(given_, 1.0 - np.eye(len(categories))).total)))


percent_agreement, gwet_ac1, conger_kappa = (partial(coefficient, each) for each in (by_unit, ac1, kappa))


def krippendorff_alpha(ratings: pd.DataFrame, level: str = "nominal") -> float:
    """Alpha with the distances of Krippendorff (2011) between numbers, or ours between sets."""
    given_, categories = read_ratings(ratings)
    distance = 1.0 - np.eye(len(categories))
    if level in ("jaccard", "masi"):
        distance = between_sets(categories, milder=level == "masi")
    elif level != "nominal":
        values, n = np.array(categories, dtype=float), sums_of(given_, distance).total.given
        order = values.argsort()
        ranks = np.empty(len(values))
        ranks[order] = np.cumsum(n[order]) - n[order] / 2
        numbers = ranks if level == "ordinal" else values
        both = np.add.outer(numbers, numbers) if level == "ratio" else np.ones(1)
        distance = (np.subtract.outer(numbers, numbers) / both) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(beyond_chance(*alpha(sums_of(given_, distance).total, distance=distance)))


def by_coder(key: str) -> pd.DataFrame:
    """Published ratings that are printed one coder a row."""
    return pd.DataFrame(INPUTS[key]).T


def by_unit_of(key: str) -> pd.DataFrame:
    return pd.DataFrame(INPUTS[key]["rows"], columns=INPUTS[key]["columns"])


def two_coders(table: list[list[int]]) -> pd.DataFrame:
    """Ratings of two coders from the table of how often each pair of categories was given."""
    pairs = [
        (row, column) for row, counts in enumerate(table) for column, n in enumerate(counts) for _ in range(n)
    ]
    return pd.DataFrame(pairs, columns=["one", "two"])


# Krippendorff, Computing Krippendorff's alpha-reliability (2011), data C
@pytest.mark.parametrize(
    ("key", "level"),
    [
        ("kripp2011_C_nominal", "nominal"),
        ("kripp2011_C_ordinal", "ordinal"),
        ("kripp2011_C_interval", "interval"),
        ("kripp2011_C_ratio", "ratio"),
    ],
)
def test_alpha_of_four_coders_with_missing_ratings(key, level):
    assert [krippendorff_alpha(by_coder("krippendorff_2011_C"), level)] == golden(key)


def test_alpha_of_two_coders():
    # Krippendorff (2011), data A and B
    assert [krippendorff_alpha(by_coder("krippendorff_2011_A"))] == golden("kripp2011_A")
    letters = pd.DataFrame({"one": list("aabbdcccedda"), "two": list("babbbccceddd")})
    assert [krippendorff_alpha(letters)] == golden("kripp2011_B")


def test_alpha_where_two_units_have_one_rating_alone():
    # the example of three coders and fifteen units in the article on alpha in Wikipedia
    ratings = by_coder("three_coders_fifteen_units")
    assert [krippendorff_alpha(ratings)] == golden("kripp_wiki_nominal")
    assert [krippendorff_alpha(ratings, "interval")] == golden("kripp_wiki_interval")


# Gwet, Handbook of Inter-Rater Reliability (2014): four raters, five observers, two abstractors
@pytest.mark.parametrize(
    ("key", "ratings", "found"),
    [
        ("gwet_raw4_gwet_ac1", "gwet_raw_4_raters", gwet_ac1),
        ("gwet_raw4_krippendorff_alpha", "gwet_raw_4_raters", krippendorff_alpha),
        ("gwet_raw4_conger_kappa", "gwet_raw_4_raters", conger_kappa),
        ("gwet_raw5_gwet_ac1", "gwet_raw_5_observers", gwet_ac1),
        ("gwet_raw5_krippendorff_alpha", "gwet_raw_5_observers", krippendorff_alpha),
    ],
)
def test_coefficients_of_several_raters(key, ratings, found):
    assert [found(by_unit_of(ratings))] == golden(key)


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("abstractors3x3_gwet_ac1", gwet_ac1),
        ("abstractors3x3_cohen_kappa", conger_kappa),
        ("abstractors3x3_krippendorff_alpha", krippendorff_alpha),
    ],
)
def test_coefficients_of_two_abstractors(key, found):
    table = INPUTS["gwet_table_3x3_abstractors"]["rows"]
    assert [found(two_coders(table))] == golden(key)


def test_a_table_counted_by_hand():
    """Both say yes once, no twice, and differ once: shares of yes 1/2 and 1/4."""
    ratings = two_coders([[2, 0], [1, 1]])
    assert percent_agreement(ratings) == 0.75
    assert conger_kappa(ratings) == 0.5
    assert gwet_ac1(ratings) == pytest.approx(1 - (1 / 4) / (17 / 32))
    assert krippendorff_alpha(ratings) == pytest.approx(1 - (1 / 4) / (15 / 28))


def sets(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame([[frozenset(one), frozenset(two)] for one, two in pairs], columns=["one", "two"])


def test_sets_of_codes_are_apart_by_what_they_do_not_share():
    """Sets ab and a, c and c: distances 1/2 and 0; over all pairs of the four ratings 9/2 of 6 (Jaccard)."""
    ratings = sets(("ab", "a"), ("c", "c"))
    assert krippendorff_alpha(ratings, "jaccard") == pytest.approx(1 - (1 / 4) / (4.5 / 6))
    ab, a, bc, d = map(frozenset, ("ab", "a", "bc", "d"))
    assert between_sets([ab, a], milder=True)[0, 1] == pytest.approx(1 - (1 / 2) * (2 / 3))
    assert between_sets([ab, bc, d], milder=True)[0].tolist() == pytest.approx([0, 1 - (1 / 3) * (1 / 3), 1])


def test_sets_without_a_code_are_alike_and_apart_from_all_others():
    assert krippendorff_alpha(sets(("", ""), ("a", "a")), "masi") == 1
    assert krippendorff_alpha(sets(("", "a"), ("a", "")), "jaccard") < 0


def test_one_unit_has_a_value():
    assert gwet_ac1(pd.DataFrame({"one": [1], "two": [2]})) == -1


RATING = st.one_of(st.none(), st.integers(1, 4))
MATRIX = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(RATING, min_size=coders, max_size=coders), min_size=2, max_size=12)
)
PAIRS = st.lists(st.lists(st.integers(1, 3), min_size=2, max_size=2), min_size=2, max_size=12)


@settings(max_examples=80, deadline=None)
@given(MATRIX, st.sampled_from(("nominal", "ordinal", "interval", "ratio")))
def test_alpha_is_that_of_the_krippendorff_package(rows, level):
    ratings = pd.DataFrame(rows, dtype=float)
    paired = ratings[ratings.notna().sum(axis=1).ge(2)]
    if paired.stack().dropna().nunique() > 1:
        other = krippendorff.alpha(reliability_data=ratings.T.to_numpy(), level_of_measurement=level)
        assert krippendorff_alpha(ratings, level) == pytest.approx(other, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_kappa_of_two_coders_is_that_of_statsmodels(rows):
    ratings = pd.DataFrame(rows)
    if ratings.nunique().min() > 1:
        table = pd.crosstab(ratings[0], ratings[1]).reindex(index=[1, 2, 3], columns=[1, 2, 3], fill_value=0)
        assert conger_kappa(ratings) == pytest.approx(
            cohen_of_statsmodels(table, return_results=False), abs=1e-9
        )


@settings(max_examples=60, deadline=None)
@given(MATRIX, st.randoms(use_true_random=False))
def test_the_order_of_units_and_coders_changes_nothing(rows, chance):
    ratings = pd.DataFrame(rows, dtype=float)
    units, coders = (chance.sample(list(names), len(names)) for names in (ratings.index, ratings.columns))
    for found in (percent_agreement, gwet_ac1, conger_kappa, krippendorff_alpha):
        assert found(ratings) == pytest.approx(found(ratings.loc[units, coders]), abs=1e-9, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=2, max_size=10).filter(lambda values: len(set(values)) > 1))
def test_full_agreement_is_one(values):
    ratings = pd.DataFrame({"one": values, "two": values})
    found = [each(ratings) for each in (percent_agreement, gwet_ac1, conger_kappa, krippendorff_alpha)]
    assert found == pytest.approx([1.0] * 4)
