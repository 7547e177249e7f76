"""Coefficients of agreement against published values, other programs and what must always hold."""

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import aggregate_raters
from statsmodels.stats.inter_rater import cohens_kappa as cohen_of_statsmodels
from statsmodels.stats.inter_rater import fleiss_kappa as fleiss_of_statsmodels

from golden import INPUTS, golden
from ncsresearch.analysis.agreement import agreement_coefficients

LEVELS = ("nominal", "ordinal", "interval", "ratio")


def of(name: str):
    """One coefficient of ratings, as a function of them."""

    def coefficient(ratings: pd.DataFrame, **asked) -> pd.Series:
        return agreement_coefficients(ratings, **asked).set_index("coefficient").loc[name]

    return coefficient


percent_agreement, cohen_kappa, scott_pi = of("percent agreement"), of("Cohen's kappa"), of("Scott's pi")
fleiss_kappa, conger_kappa, gwet_ac1 = of("Fleiss' kappa"), of("Conger's kappa"), of("Gwet's AC1")
brennan_prediger, krippendorff_alpha = of("Brennan-Prediger"), of("Krippendorff's alpha")


def by_coder(key: str) -> pd.DataFrame:
    """Published ratings that are printed one coder a row."""
    return pd.DataFrame(INPUTS[key]).T


def by_unit(key: str) -> pd.DataFrame:
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
    found = krippendorff_alpha(by_coder("krippendorff_2011_C"), level=level)
    assert [found.value] == golden(key)
    assert (found.n_units, found.n_coders) == (11, 4)


def test_alpha_of_two_coders():
    # Krippendorff (2011), data A and B
    assert [krippendorff_alpha(by_coder("krippendorff_2011_A")).value] == golden("kripp2011_A")
    letters = pd.DataFrame({"one": list("aabbdcccedda"), "two": list("babbbccceddd")})
    assert [krippendorff_alpha(letters).value] == golden("kripp2011_B")


def test_alpha_where_two_units_have_one_rating_alone():
    # the example of three coders and fifteen units in the article on alpha in Wikipedia
    ratings = by_coder("three_coders_fifteen_units")
    assert [krippendorff_alpha(ratings).value] == golden("kripp_wiki_nominal")
    assert [krippendorff_alpha(ratings, level="interval").value] == golden("kripp_wiki_interval")


# Gwet, Handbook of Inter-Rater Reliability (2014): coefficient and standard error over subjects, f = 0
@pytest.mark.parametrize(
    ("key", "coefficient"),
    [
        ("gwet_raw4_gwet_ac1", gwet_ac1),
        ("gwet_raw4_krippendorff_alpha", krippendorff_alpha),
        ("gwet_raw4_fleiss_kappa", fleiss_kappa),
        ("gwet_raw4_brennan_prediger", brennan_prediger),
        ("gwet_raw4_conger_kappa", conger_kappa),
    ],
)
def test_coefficients_of_four_raters_and_their_standard_errors(key, coefficient):
    found = coefficient(by_unit("gwet_raw_4_raters"))
    assert [found.value, found.standard_error] == golden(key)


# Gwet (2014), five observers and fifteen units
@pytest.mark.parametrize(
    ("key", "coefficient"),
    [
        ("gwet_raw5_gwet_ac1", gwet_ac1),
        ("gwet_raw5_krippendorff_alpha", krippendorff_alpha),
        ("gwet_raw5_fleiss_kappa", fleiss_kappa),
    ],
)
def test_coefficients_of_five_observers(key, coefficient):
    assert [coefficient(by_unit("gwet_raw_5_observers")).value] == golden(key)


# Gwet (2014), two abstractors of one hundred records
@pytest.mark.parametrize(
    ("key", "coefficient"),
    [
        ("abstractors3x3_gwet_ac1", gwet_ac1),
        ("abstractors3x3_cohen_kappa", cohen_kappa),
        ("abstractors3x3_scott_pi", scott_pi),
        ("abstractors3x3_krippendorff_alpha", krippendorff_alpha),
        ("abstractors3x3_brennan_prediger", brennan_prediger),
    ],
)
def test_coefficients_of_two_abstractors(key, coefficient):
    table = INPUTS["gwet_table_3x3_abstractors"]["rows"]
    assert [coefficient(two_coders(table)).value] == golden(key)


def test_a_table_counted_by_hand():
    """Both say yes once, no twice, and differ once: shares of yes 1/2 and 1/4."""
    rows = agreement_coefficients(two_coders([[2, 0], [1, 1]])).set_index("coefficient")
    assert rows.loc["percent agreement", "value"] == 0.75
    assert rows.loc["Cohen's kappa", ["value", "expected"]].tolist() == [0.5, 0.5]
    assert rows.loc["Conger's kappa", "value"] == 0.5
    assert rows.loc["Scott's pi", "value"] == pytest.approx(1 - (1 / 4) / (15 / 32))
    assert rows.loc["Gwet's AC1", "value"] == pytest.approx(1 - (1 / 4) / (17 / 32))
    assert rows.loc["Brennan-Prediger", "value"] == 0.5
    assert rows.loc["Krippendorff's alpha", "value"] == pytest.approx(1 - (1 / 4) / (15 / 28))
    assert rows["n_units"].unique().tolist() == [4]
    assert rows["reason"].unique().tolist() == [""]


def sets(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame([[frozenset(one), frozenset(two)] for one, two in pairs], columns=["one", "two"])


def test_sets_of_codes_are_apart_by_what_they_do_not_share():
    """Sets ab and a, c and c: distances 1/2 and 0; over all pairs of the four ratings 9/2 of 6 (Jaccard)."""
    ratings = sets(("ab", "a"), ("c", "c"))
    found = krippendorff_alpha(ratings, level="jaccard")
    assert found.value == pytest.approx(1 - (1 / 4) / (4.5 / 6))
    milder = krippendorff_alpha(ratings, level="masi")
    assert milder.observed == pytest.approx(1 - (1 - (1 / 2) * (2 / 3)) / 2)


def test_sets_without_a_code_are_alike_and_apart_from_all_others():
    assert krippendorff_alpha(sets(("", ""), ("a", "a")), level="masi").value == 1
    assert krippendorff_alpha(sets(("", "a"), ("a", "")), level="jaccard").value < 0
    apart = sets(("ab", "bc"), ("d", "d"))
    assert krippendorff_alpha(apart, level="masi").observed == pytest.approx(1 - (1 - (1 / 3) * (1 / 3)) / 2)


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        (pd.DataFrame({"one": [], "two": []}), "nobody rated anything"),
        (pd.DataFrame({"one": [None, None], "two": [None, None]}), "nobody rated anything"),
        (pd.DataFrame({"one": [1, 2, 1]}), "one coder alone rated"),
        (pd.DataFrame({"one": [1, 2], "two": [None, None]}), "one coder alone rated"),
        (pd.DataFrame({"one": [1, None], "two": [None, 2]}), "no unit was rated by two coders"),
        (pd.DataFrame({"one": [1, 1], "two": [1, 1]}), "every rating is the same"),
    ],
)
def test_a_coefficient_that_cannot_be_given_is_missing_with_the_reason(ratings, reason):
    rows = agreement_coefficients(ratings)
    rows = rows if reason != "every rating is the same" else rows[rows["coefficient"].ne("percent agreement")]
    assert rows["reason"].unique().tolist() == [reason]
    assert rows["value"].isna().all()
    assert rows["standard_error"].isna().all()


def test_percent_agreement_needs_no_variation():
    assert percent_agreement(pd.DataFrame({"one": [1, 1], "two": [1, 1]})).value == 1


def test_alpha_needs_variation_among_the_units_that_two_rated():
    ratings = pd.DataFrame({"one": [1, 1, 2], "two": [1, 1, None]})
    assert krippendorff_alpha(ratings).reason == "every rating is the same"
    assert gwet_ac1(ratings).reason == ""


def test_kappa_is_missing_where_a_coder_tells_nothing_apart():
    found = cohen_kappa(pd.DataFrame({"one": [1, 1, 1], "two": [1, 2, 1]}))
    assert found.reason == "one coder gave every unit the same rating"
    assert np.isnan(found.value)


def test_coefficients_of_two_coders_are_missing_for_three():
    rows = agreement_coefficients(by_coder("three_coders_fifteen_units")).set_index("coefficient")
    assert rows.loc[["Cohen's kappa", "Scott's pi"], "reason"].tolist() == ["it is for two coders"] * 2
    assert rows["value"].isna().sum() == 2


def test_one_unit_has_a_value_and_no_standard_error():
    found = gwet_ac1(pd.DataFrame({"one": [1], "two": [2]}))
    assert found.value == -1
    assert np.isnan(found.standard_error)


def test_a_category_nobody_gave_counts_where_it_could_have_been():
    ratings = two_coders([[2, 0], [1, 1]])
    assert brennan_prediger(ratings, categories=[0, 1, 2]).value == pytest.approx((0.75 - 1 / 3) / (2 / 3))
    with pytest.raises(
        ValueError, match=r"^Ratings have \[1\], which are not among the categories \[0, 2\]\.$"
    ):
        gwet_ac1(ratings, categories=[0, 2])


def test_an_unknown_level_is_a_wrong_call():
    with pytest.raises(
        ValueError,
        match=r"^level must be one of \['nominal', 'ordinal', 'interval', 'ratio', 'jaccard', 'masi'\], not 'nominl'\.$",
    ):
        krippendorff_alpha(two_coders([[1, 1], [1, 1]]), level="nominl")


RATING = st.one_of(st.none(), st.integers(1, 4))
MATRIX = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(RATING, min_size=coders, max_size=coders), min_size=2, max_size=12)
)
FULL = st.lists(st.lists(st.integers(1, 3), min_size=3, max_size=3), min_size=2, max_size=12)


@settings(max_examples=80)
@given(MATRIX, st.sampled_from(LEVELS))
def test_alpha_is_that_of_the_krippendorff_package(rows, level):
    ratings = pd.DataFrame(rows, dtype=float)
    found = krippendorff_alpha(ratings, level=level)
    if not found.reason:
        other = krippendorff.alpha(reliability_data=ratings.T.to_numpy(), level_of_measurement=level)
        assert found.value == pytest.approx(other, abs=1e-9)


@settings(max_examples=60)
@given(FULL)
def test_fleiss_kappa_is_that_of_statsmodels(rows):
    found = fleiss_kappa(pd.DataFrame(rows))
    if not found.reason:
        assert found.value == pytest.approx(
            fleiss_of_statsmodels(aggregate_raters(np.array(rows))[0]), abs=1e-9
        )


@settings(max_examples=60)
@given(FULL)
def test_kappa_of_cohen_is_that_of_statsmodels_and_of_conger_for_two_coders(rows):
    ratings = pd.DataFrame(rows)[[0, 1]]
    cohen = cohen_kappa(ratings)
    if not cohen.reason:
        table = pd.crosstab(ratings[0], ratings[1]).reindex(index=[1, 2, 3], columns=[1, 2, 3], fill_value=0)
        assert cohen.value == pytest.approx(cohen_of_statsmodels(table, return_results=False), abs=1e-9)
        assert cohen.value == pytest.approx(conger_kappa(ratings).value, abs=1e-9)
        assert cohen.observed == percent_agreement(ratings).value


@settings(max_examples=60)
@given(MATRIX, st.randoms(use_true_random=False))
def test_the_order_of_units_and_coders_changes_nothing(rows, chance):
    ratings = pd.DataFrame(rows, dtype=float)
    units, coders = (chance.sample(list(names), len(names)) for names in (ratings.index, ratings.columns))
    first, second = (agreement_coefficients(each) for each in (ratings, ratings.loc[units, coders]))
    pd.testing.assert_frame_equal(first, second, atol=1e-9, check_exact=False)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 4), min_size=2, max_size=10).filter(lambda values: len(set(values)) > 1))
def test_full_agreement_is_one(values):
    rows = agreement_coefficients(pd.DataFrame({"one": values, "two": values}))
    assert rows["value"].tolist() == pytest.approx([1.0] * len(rows))
    assert rows["standard_error"].tolist() == pytest.approx([0.0] * len(rows), abs=1e-9)
