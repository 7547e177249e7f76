"""Coefficients of agreement against published values, other programs and what must always hold."""

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa as cohen_of_statsmodels

from golden import INPUTS, golden
from ncsresearch.analysis.agreement import ac1, alpha, between_sets, beyond_chance, by_unit, kappa, sums_of


def sums(ratings: pd.DataFrame, distances=lambda found: 1.0 - np.eye(len(found))):
    """The sums over units of ratings, and the distances between them: a row a unit, a column a coder, missing where not rated."""
    found = list(dict.fromkeys(ratings.stack().dropna()))
    own = np.stack([ratings.map(lambda rating, each=each: rating == each) for each in found], axis=-1)
    return sums_of(own, distances(found)).total, distances(found)


def percent_agreement(ratings: pd.DataFrame) -> float:
    return float(beyond_chance(*by_unit(sums(ratings)[0])))


def cohen_kappa(ratings: pd.DataFrame) -> float:
    return float(beyond_chance(*kappa(sums(ratings)[0])))


def gwet_ac1(ratings: pd.DataFrame) -> float:
    return float(beyond_chance(*ac1(sums(ratings)[0])))


def krippendorff_alpha(ratings: pd.DataFrame) -> float:
    return float(beyond_chance(*alpha(*sums(ratings))))


def of_sets(ratings: pd.DataFrame, metric: str) -> tuple[float, float]:
    """Krippendorff's alpha of sets of codes, and the share that it observes to agree."""

    def distances(found):
        codes = sorted(set().union(*found))
        members = np.array([[code in each for code in codes] for each in found])
        return between_sets(members, milder=metric == "masi")

    parts = alpha(*sums(ratings, distances))
    return float(beyond_chance(*parts)), float(parts[0])


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


def test_alpha_of_the_published_examples():
    # Krippendorff, Computing Krippendorff's alpha-reliability (2011), data A, B and C (four coders, ratings missing)
    assert [krippendorff_alpha(by_coder("krippendorff_2011_A"))] == golden("kripp2011_A")
    letters = pd.DataFrame({"one": list("aabbdcccedda"), "two": list("babbbccceddd")})
    assert [krippendorff_alpha(letters)] == golden("kripp2011_B")
    assert [krippendorff_alpha(by_coder("krippendorff_2011_C"))] == golden("kripp2011_C_nominal")
    # the example of three coders and fifteen units, two of them rated once, in the article on alpha in Wikipedia
    assert [krippendorff_alpha(by_coder("three_coders_fifteen_units"))] == golden("kripp_wiki_nominal")


# Gwet, Handbook of Inter-Rater Reliability (2014): four raters, five observers, and two abstractors of one hundred records
@pytest.mark.parametrize(
    ("key", "coefficient", "ratings"),
    [
        ("gwet_raw4_gwet_ac1", gwet_ac1, by_unit_of("gwet_raw_4_raters")),
        ("gwet_raw4_krippendorff_alpha", krippendorff_alpha, by_unit_of("gwet_raw_4_raters")),
        ("gwet_raw5_gwet_ac1", gwet_ac1, by_unit_of("gwet_raw_5_observers")),
        ("gwet_raw5_krippendorff_alpha", krippendorff_alpha, by_unit_of("gwet_raw_5_observers")),
        ("abstractors3x3_gwet_ac1", gwet_ac1, two_coders(INPUTS["gwet_table_3x3_abstractors"]["rows"])),
        ("abstractors3x3_cohen_kappa", cohen_kappa, two_coders(INPUTS["gwet_table_3x3_abstractors"]["rows"])),
        (
            "abstractors3x3_krippendorff_alpha",
            krippendorff_alpha,
            two_coders(INPUTS["gwet_table_3x3_abstractors"]["rows"]),
        ),
    ],
)
def test_coefficients_of_published_ratings(key, coefficient, ratings):
    assert [coefficient(ratings)] == golden(key)


def test_a_table_counted_by_hand():
    """Both say yes once, no twice, and differ once: shares of yes 1/2 and 1/4."""
    ratings = two_coders([[2, 0], [1, 1]])
    assert percent_agreement(ratings) == 0.75
    assert cohen_kappa(ratings) == 0.5
    assert kappa(sums(ratings)[0]) == (0.75, 0.5)
    assert gwet_ac1(ratings) == pytest.approx(1 - (1 / 4) / (17 / 32))
    assert krippendorff_alpha(ratings) == pytest.approx(1 - (1 / 4) / (15 / 28))


def sets(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame([[frozenset(one), frozenset(two)] for one, two in pairs], columns=["one", "two"])


def test_sets_of_codes_are_apart_by_what_they_do_not_share():
    """Sets ab and a, c and c: distances 1/2 and 0; over all pairs of the four ratings 9/2 of 6 (Jaccard)."""
    ratings = sets(("ab", "a"), ("c", "c"))
    assert of_sets(ratings, "jaccard")[0] == pytest.approx(1 - (1 / 4) / (4.5 / 6))
    assert of_sets(ratings, "masi")[1] == pytest.approx(1 - (1 - (1 / 2) * (2 / 3)) / 2)


def test_sets_without_a_code_are_alike_and_apart_from_all_others():
    assert of_sets(sets(("", ""), ("a", "a")), "masi")[0] == 1
    assert of_sets(sets(("", "a"), ("a", "")), "jaccard")[0] < 0
    apart = sets(("ab", "bc"), ("d", "d"))
    assert of_sets(apart, "masi")[1] == pytest.approx(1 - (1 - (1 / 3) * (1 / 3)) / 2)


def test_percent_agreement_needs_no_variation():
    assert percent_agreement(pd.DataFrame({"one": [1, 1], "two": [1, 1]})) == 1


RATING = st.one_of(st.none(), st.integers(1, 4))
MATRIX = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(RATING, min_size=coders, max_size=coders), min_size=2, max_size=12)
)
FULL = st.lists(st.lists(st.integers(1, 3), min_size=2, max_size=2), min_size=2, max_size=12)


def varied(ratings: pd.DataFrame) -> bool:
    """Whether the units that two coders or more rated have more than one rating between them."""
    paired = ratings[ratings.notna().sum(axis=1) >= 2]
    return len(set(paired.stack().dropna())) > 1


@settings(max_examples=80)
@given(MATRIX)
def test_alpha_is_that_of_the_krippendorff_package(rows):
    ratings = pd.DataFrame(rows, dtype=float)
    assume(varied(ratings))
    other = krippendorff.alpha(reliability_data=ratings.T.to_numpy(), level_of_measurement="nominal")
    assert krippendorff_alpha(ratings) == pytest.approx(other, abs=1e-9)


@settings(max_examples=60)
@given(FULL)
def test_kappa_is_that_of_statsmodels(rows):
    ratings = pd.DataFrame(rows)
    assume((ratings.nunique() > 1).all())
    table = pd.crosstab(ratings[0], ratings[1]).reindex(index=[1, 2, 3], columns=[1, 2, 3], fill_value=0)
    assert cohen_kappa(ratings) == pytest.approx(cohen_of_statsmodels(table, return_results=False), abs=1e-9)


@settings(max_examples=60)
@given(MATRIX, st.randoms(use_true_random=False))
def test_the_order_of_units_and_coders_changes_nothing(rows, chance):
    ratings = pd.DataFrame(rows, dtype=float)
    assume(varied(ratings))
    units, coders = (chance.sample(list(names), len(names)) for names in (ratings.index, ratings.columns))
    for coefficient in (percent_agreement, gwet_ac1, krippendorff_alpha):
        assert coefficient(ratings) == pytest.approx(coefficient(ratings.loc[units, coders]), abs=1e-9)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 4), min_size=2, max_size=10).filter(lambda values: len(set(values)) > 1))
def test_full_agreement_is_one(values):
    ratings = pd.DataFrame({"one": values, "two": values})
    for coefficient in (percent_agreement, cohen_kappa, gwet_ac1, krippendorff_alpha):
        assert coefficient(ratings) == pytest.approx(1.0)
