"""Groups compared: published results, chance that makes no more findings than it may, and refusals in whole sentences."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit
from scipy.stats import chi2_contingency

from builders import heard, study_folder
from golden import INPUTS, golden
from ncsresearch.analysis.comparison import adjusted_p, theme_comparison
from ncsresearch.analysis.exact_tests import firth_model, fisher, separated_odds, shares_apart, within_strata
from ncsresearch.analysis.group_differences import group_differences
from ncsresearch.analysis.permutation import permutation_test
from ncsresearch.analysis.sensitivity import difference_sensitivity, sensitivity
from ncsresearch.evidence.interval import difference_interval
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study

BOOK = "code_id,parent_id,label,facet\naccess,,Access,theme\ntravel,access,Travel,theme\ncost,,Cost,theme\n"
SIX = "area_id,name,area_type,case_study,report\n" + "\n".join(
    f"{name},{name.title()},{kind},yes,yes"
    for name, kind in [(f"r{n}", "mainly_rural") for n in (1, 2, 3)]
    + [(f"u{n}", "larger_city") for n in (1, 2, 3, 4)]
)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return load_study(
        study_folder(tmp_path_factory.mktemp("small") / "small", codebook=BOOK, areas=SIX + "\n")
    )


def people(here, *, area=None, interview=None) -> pd.DataFrame:
    names = [f"p{number}" for number in range(len(here))]
    rows = pd.DataFrame({"participant_id": names, "here": np.asarray(here, dtype=bool)})
    rows["area_id"] = ["a"] * len(here) if area is None else list(area)
    rows["interview_id"] = names if interview is None else list(interview)
    return rows


def permutation_p(people: pd.DataFrame, raised: np.ndarray, **asked) -> pd.DataFrame:
    return permutation_test(people, raised, **asked)


# published results


def test_fisher_1935_the_lady_tasting_tea():
    from scipy.stats import fisher_exact

    one_sided = fisher_exact([[3, 1], [1, 3]], alternative="greater").pvalue
    assert [fisher(3, 4, 1, 4), one_sided] == golden("fisher_tea")


def admissions() -> pd.DataFrame:
    """Bickel, Hammel and O'Connell 1975, Science 187:398-404: men and women admitted by department."""
    tables = INPUTS["ucb_admissions_by_department"]["tables"]
    rows = [(men[0], sum(men), women[0], sum(women)) for men, women in tables]
    return pd.DataFrame(rows, columns=["n", "base", "other_n", "other_base"])


def test_within_departments_as_r_has_it():
    plain, careful = within_strata(admissions()), within_strata(admissions(), correction=True)
    told = [plain["odds_ratio"], plain["statistic"], plain["p"], careful["statistic"], careful["p"]]
    assert told == golden("ucb_cmh")
    uncorrected = within_strata(admissions(), tarone=False)
    assert [uncorrected["homogeneity"], uncorrected["homogeneity_p"]] == golden("ucb_bd")


def test_homogeneity_corrected_as_tarone_1985_has_it():
    """Breslow and Day's sum, less the square of what the pooled odds ratio leaves over, as he writes it."""
    rows, odds = admissions(), within_strata(admissions())["odds_ratio"]
    left, spread = 0.0, 0.0
    for n, base, other_n, other_base in rows.itertuples(index=False):
        raised = n + other_n
        roots = np.roots([1 - odds, other_base - raised + odds * (raised + base), -odds * raised * base])
        (expected,) = [root for root in roots if max(0, raised - other_base) < root < min(raised, base)]
        cells = (expected, base - expected, raised - expected, other_base - raised + expected)
        left, spread = left + n - expected, spread + 1 / sum(1 / cell for cell in cells)
    plain = within_strata(admissions(), tarone=False)["homogeneity"]
    assert within_strata(rows)["homogeneity"] == pytest.approx(plain - left**2 / spread)


def test_strata_that_say_nothing_are_left_out():
    rows = pd.DataFrame({"n": [3, 0, 5], "base": [4, 0, 5], "other_n": [1, 2, 5], "other_base": [4, 4, 5]})
    assert within_strata(rows)["n_strata"] == 1
    nothing = within_strata(rows.iloc[1:])
    assert nothing["n_strata"] == 0 and np.isnan(nothing["p"])


def test_firth_1993_of_a_saturated_table():
    fitted = firth_model(np.repeat([[0.0], [1.0]], 6, axis=0), np.repeat([1, 0, 1], [1, 5, 6]))
    assert [fitted.intercept_, fitted.coef_[0]] == golden("firth_2x2")
    told = separated_odds(6, 6, 1, 6)
    assert np.log(told["odds_ratio"]) == pytest.approx(3.864232, abs=1e-5)
    assert told["low"] < told["odds_ratio"] < told["high"]


def test_firth_with_a_separating_variable_as_logistf_has_it():
    random = np.random.default_rng(42)
    apart, normal = random.choice([0, 1], 100, p=[0.8, 0.2]), random.standard_normal(100)
    flat, skewed = random.uniform(-1, 1, 100), random.exponential(scale=2.0, size=100)
    raised = random.binomial(1, expit(-0.5 + 0.8 * normal - 0.6 * flat + 0.3 * skewed))
    raised[apart == 1] = 1
    fitted = firth_model(np.column_stack([apart, normal, flat, skewed]), raised)
    assert [fitted.intercept_, *fitted.coef_] == golden("firth_logistf")


def test_benjamini_and_hochberg_1995_table_1():
    p = pd.Series(INPUTS["bh_1995_p_values"])
    by = sm.stats.multipletests
    rejected = [int((adjusted_p(p) <= 0.05).sum())]
    rejected += [int(by(p, method=method)[0].sum()) for method in ("bonferroni", "holm", "fdr_by")]
    assert rejected == golden("bh1995")
    assert adjusted_p(pd.Series([0.01, np.nan, 0.5])).tolist()[::2] == [0.02, 0.5]
    assert adjusted_p(pd.Series([np.nan])).isna().all()


def test_six_areas_can_give_no_p_below_one_in_fifteen_or_two_in_twenty():
    area = np.repeat(list("abcdef"), 10)
    two, three = (people(np.isin(area, list(rural)), area=area) for rural in ("ef", "def"))
    (told,) = permutation_p(two, two[["here"]].to_numpy()).itertuples()
    assert (told.p, told.level, told.n_arrangements) == (pytest.approx(1 / 15), "area", 15)
    assert [told.smallest_p] == golden("proj_area_perm_2of6")
    (told,) = permutation_p(three, three[["here"]].to_numpy()).itertuples()
    assert [1 / told.n_arrangements, told.smallest_p] == golden("proj_area_perm_3of6")
    assert told.p == told.smallest_p


def test_a_role_is_permuted_between_the_interviews_of_each_area():
    area, interview = np.repeat(["a", "b"], 6), np.repeat(list("uvwxyz"), 2)
    rows = people(np.isin(interview, ["u", "x"]), area=area, interview=interview)
    (told,) = permutation_p(rows, rows[["here"]].to_numpy()).itertuples()
    assert (told.level, told.n_arrangements, told.p) == ("interview", 9, pytest.approx(1 / 9))


def test_what_varies_within_an_interview_is_permuted_among_its_people_and_interviews_of_its_size():
    interview = ["u", "u", "v", "v", "w"]
    rows = people([True, False, False, False, True], interview=interview)
    (told,) = permutation_p(rows, rows[["here"]].to_numpy(), draws=500).itertuples()
    assert (told.level, told.n_arrangements) == ("participant", 4)
    assert told.p == pytest.approx(0.25, abs=0.06)


@pytest.mark.parametrize("level", ["area", "interview", "participant"])
def test_chance_makes_no_more_findings_than_it_may_when_people_are_heard_together(level):
    random, themes = np.random.default_rng(7), 1500
    area, interview = np.repeat(np.arange(12), 15), np.repeat(np.arange(36), 5)
    here = {
        "area": area < 5,
        "interview": interview % 3 == 0,
        "participant": np.arange(180) % 5 < 1 + (interview % 2),
    }[level]
    cluster = area if level == "area" else interview
    inclined = random.beta(0.9, 2.1, (cluster.max() + 1, themes))[cluster]
    told = permutation_p(
        people(here, area=area, interview=interview), random.random((180, themes)) < inclined, draws=999
    )
    assert set(told["level"]) == {level}
    for alpha in (0.05, 0.2):
        assert told["p"].le(alpha).mean() <= alpha + 3 * np.sqrt(alpha * (1 - alpha) / themes)


@pytest.mark.parametrize("inclined_alike", [0.0, 0.2, 0.999])
@pytest.mark.parametrize(("alone", "together", "share"), [(10, 20, 0.3), (4, 10, 0.3), (20, 8, 0.1)])
def test_nor_when_one_group_is_heard_alone_and_the_other_in_groups_of_six(
    alone, together, share, inclined_alike
):
    random, themes = np.random.default_rng(7), 1000
    interview = np.r_[np.arange(alone), alone + np.repeat(np.arange(together), 6)]
    inclined = np.full((alone + together, themes), share)
    if inclined_alike:
        scale = (1 - inclined_alike) / inclined_alike
        inclined = random.beta(share * scale, (1 - share) * scale, inclined.shape)
    rows = people(interview < alone, interview=interview)
    told = permutation_p(rows, random.random((len(interview), themes)) < inclined[interview], draws=999)
    assert told["p"].le(0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / themes)


def test_one_of_a_few_heard_alone_is_no_finding():
    interview = np.r_[np.arange(5), 5 + np.repeat(np.arange(20), 6)]
    rows = people(interview < 5, interview=interview)
    (told,) = permutation_p(rows, np.eye(1, len(rows), dtype=bool).T).itertuples()
    assert told.p >= fisher(1, 5, 0, 120)


def test_the_smallest_p_is_of_the_largest_of_three():
    """Four heard alone and three pairs: permuted, 1 in 210 is possible; by Fisher, of one who raised it, 4 of 10."""
    interview = np.r_[np.arange(4), 4 + np.repeat(np.arange(3), 2)]
    rows = people(interview < 4, interview=interview)
    told = permutation_p(rows, np.eye(2, len(rows), dtype=bool).T)
    assert told["smallest_p"].tolist() == [pytest.approx(0.4)] * 2
    assert told["p"].ge(told["smallest_p"]).all()


def test_one_difference_of_many_themes_can_be_claimed():
    rows = people(np.arange(40) < 20)
    (told,) = permutation_p(rows, rows[["here"]].to_numpy()).itertuples()
    assert 500 * told.smallest_p < 0.05 and told.p == told.smallest_p


# all tests together


def six_areas(base, raised_by: int):
    rows = [
        (f"{area}_{n}", area, "Staff", f"{area}_{n}")
        for area in ("r1", "r2", "u1", "u2", "u3", "u4")
        for n in range(5)
    ]
    return heard(base, rows, [(name, "travel") for name, area, _, _ in rows if area[0] == "r"][:raised_by])


def row_of(rows: pd.DataFrame, method: str, code: str = "travel") -> pd.Series:
    (row,) = rows[rows["method"].eq(method) & rows["code_id"].eq(code)].to_dict("records")
    return row


def test_kinds_of_area_are_compared_by_area_and_nothing_claims_more(base):
    rows = theme_comparison(six_areas(base, 10), by="area_type")
    counts, permuted = row_of(rows, "counts"), row_of(rows, "permutation")
    assert [
        counts[name] for name in ("n_raised", "n_participants", "n_raised_others", "n_participants_others")
    ] == [10, 10, 0, 20]
    assert (counts["estimate"], counts["reason"]) == (1.0, "a description, and no test")
    assert (permuted["p"], permuted["smallest_p"], permuted["level"]) == (
        pytest.approx(1 / 15),
        pytest.approx(1 / 15),
        "area",
    )
    together = "all people of an area are in one group, so 6 areas are compared and not 30 people"
    assert [row_of(rows, method)["reason"] for method in ("exact", "stratified", "separated")] == [
        together
    ] * 3
    assert row_of(rows, "permutation", "cost")["reason"] == "nobody raised it"
    (said,) = group_differences(six_areas(base, 10), by="area_type").query("code_id == 'travel'").itertuples()
    assert (said.verdict, said.difference, said.level) == ("differs", 1.0, "area")
    (cost,) = group_differences(six_areas(base, 10), by="area_type").query("code_id == 'cost'").itertuples()
    assert (cost.verdict, cost.reason) == ("cannot tell", "nobody raised it")


def test_people_heard_alone_get_the_exact_tests(base):
    rows = [(f"p{n}", "r1" if n % 2 else "u1", "Clients" if n < 12 else "Staff", f"i{n}") for n in range(40)]
    study = heard(
        base, rows, [(f"p{n}", "travel") for n in range(10)] + [(f"p{n}", "cost") for n in range(6, 20)]
    )
    told = theme_comparison(study, by="participant_group")
    assert row_of(told, "exact")["p"] == pytest.approx(fisher(10, 12, 0, 28))
    assert row_of(told, "separated")["estimate"] == pytest.approx(10.5 * 28.5 / (2.5 * 0.5), rel=1e-3)
    assert row_of(told, "separated", "cost")["reason"] == "it is needed only where a share is 0% or 100%"
    assert row_of(told, "stratified", "cost")["measure"] == "odds ratio"
    tested = told[told["method"].eq("permutation")]
    assert tested["family_size"].tolist() == [2, 2]
    assert tested["p_adjusted"].ge(tested["p"]).all()


def test_people_heard_together_do_not(base):
    rows = [(f"p{n}", "r1", "Clients" if n < 4 else "Staff", f"i{n // 2}") for n in range(8)]
    told = theme_comparison(heard(base, rows, [("p0", "travel")]), by="participant_group")
    assert row_of(told, "exact")["reason"] == "several people spoke together in 4 of 4 interviews"


def test_published_evidence_is_never_tested(base):
    for refused in (theme_comparison, group_differences):
        with pytest.raises(StudyError) as error:
            refused(base, by="area_type")
        assert str(error.value) == (
            "small: nobody was heard in this study, and groups in published evidence are never compared by a test; "
            "expected participants."
        )


def test_one_group_alone_is_compared_with_nobody(base):
    study = heard(base, [("p1", "r1", "Staff", "i1"), ("p2", "u1", "Staff", "i2")], [("p1", "travel")])
    assert theme_comparison(study, by="participant_group").empty
    assert group_differences(study, by="participant_group").empty


def test_who_has_two_client_groups_is_not_among_the_others(base):
    study = heard(base, [(f"p{n}", "r1", "Clients", f"i{n}") for n in range(6)], [("p0", "travel")])
    groups = [
        (0, "women"),
        (0, "young"),
        (1, "women"),
        (2, "women"),
        (3, "young"),
        (4, "young"),
        (5, "young"),
    ]
    told = [
        {"owner": "participants", "owner_id": f"p{n}", "name": "client group", "value": group}
        for n, group in groups
    ]
    study = replace(study, tables=dict(study.tables) | {"attributes": pd.DataFrame(told)})
    rows = theme_comparison(study, by="client_group").query("method == 'counts' and code_id == 'travel'")
    shown = rows[["group", "others", "n_raised", "n_participants", "n_participants_others"]]
    assert shown.to_numpy().tolist() == [["women", "all others", 1, 3, 3], ["young", "all others", 1, 4, 2]]


# what is left out


def test_a_share_without_each_interview_area_and_code(base):
    rows = [
        ("p1", "r1", "Staff", "i1"),
        ("p2", "r1", "Staff", "i2"),
        ("p3", "u1", "Staff", "i3"),
        ("p4", "u1", "Staff", "i3"),
    ]
    told = sensitivity(heard(base, rows, [("p1", "travel"), ("p2", "travel"), ("p3", "access")]))
    by = told.set_index(["code_id", "left_out"])[
        ["n_tried", "share", "lowest", "lowest_without", "highest", "highest_without"]
    ]
    assert set(told["n_participants"]) == {4}
    assert by.loc[("travel", "interview")].tolist() == [3, 0.5, 1 / 3, "i1", 1.0, "i3"]
    assert by.loc[("travel", "area")].tolist() == [2, 0.5, 0.0, "r1", 1.0, "u1"]
    assert by.loc[("access", "code")].tolist() == [1, 0.75, 0.25, "travel", 0.25, "travel"]


def test_a_study_without_themes_has_nothing_to_leave_out(base):
    study = heard(base, [("p1", "r1", "Staff", "i1")], [])
    study = replace(study, tables=dict(study.tables) | {"codebook": study.codebook.iloc[:0]})
    assert sensitivity(study).empty


def test_a_group_of_everybody_has_no_difference_to_turn(base):
    study = heard(base, [("p1", "r1", "Clients", "i1"), ("p2", "r1", "Clients", "i2")], [("p1", "travel")])
    told = [
        {"owner": "participants", "owner_id": name, "name": "client group", "value": group}
        for name, group in (("p1", "women"), ("p2", "women"), ("p1", "young"))
    ]
    study = replace(study, tables=dict(study.tables) | {"attributes": pd.DataFrame(told)})
    rows = difference_sensitivity(study, by="client_group").query("group == 'women'")
    assert set(rows["reason"]) == {
        "without one interview nobody is left in a group",
        "without one area nobody is left in a group",
    }


def test_a_difference_that_one_interview_turns(base):
    rows = [
        ("p1", "r1", "Staff", "i1"),
        ("p2", "r1", "Staff", "i2"),
        ("p3", "u1", "Clients", "i3"),
        ("p4", "u1", "Clients", "i4"),
    ]
    told = difference_sensitivity(
        heard(base, rows, [("p1", "travel"), ("p1", "cost"), ("p2", "cost")]), by="participant_group"
    )
    by = told.set_index(["code_id", "left_out"])
    travel = by.loc[("travel", "interview")]
    assert (travel["n_tried"], travel["n_turned"], travel["turned_by"]) == (4, 1, "i1")
    assert by.loc[("cost", "interview"), "n_turned"] == 0
    assert by.loc[("travel", "area"), "reason"] == "without one area nobody is left in a group"


# passages described twice


def test_associations_in_a_coded_project_of_another_tool(tmp_path, imported):
    """The chi-square and Cramér's V of passages that were imported are as they were."""
    imported(["transcripts-and-codings/transcripts", "transcripts-and-codings/analyses"], tmp_path / "study")
    study = load_study(tmp_path / "study")
    units = study.codings.drop_duplicates(["unit_id", "code_id", "stance"]).astype(
        {"code_id": "str", "stance": "str"}
    )
    who = units["unit_id"].map(study.segments.set_index("segment_id")["participant_id"])
    described = study.attributes.pivot(index="owner_id", columns="name", values="value")
    units = units.assign(who=who).join(described, on="who")
    told = []
    for column in ("stance", "code_id"):
        table = pd.crosstab(units["institution_type"], units[column])
        tested, n = chi2_contingency(table, correction=False), int(table.to_numpy().sum())
        v = (tested.statistic / (n * (min(table.shape) - 1))) ** 0.5
        told.append((n, tested.dof, round(tested.statistic, 2), round(tested.pvalue, 3), round(v, 3)))
    assert told == [(181, 3, 10.04, 0.018, 0.236), (181, 9, 7.19, 0.617, 0.115)]


def test_shares_are_compared_where_both_sides_have_twenty_and_are_told():
    rows = pd.DataFrame(
        [(9, 30, 67, 108), (10, 30, 36, 108), (5, 17, 18, 38), (None, 27, None, 109)],
        columns=["n", "base", "other_n", "other_base"],
    )
    told = shares_apart(rows, level=0.95)
    assert told["difference"].tolist()[:2] == pytest.approx([9 / 30 - 67 / 108, 0])
    assert told["p"].tolist()[:2] == pytest.approx([fisher(9, 30, 67, 108), 1])
    assert told["p_adjusted"].tolist()[:2] == pytest.approx(
        [3 * fisher(9, 30, 67, 108), 1]
    )  # the withheld row is a third
    assert told.loc[0, ["low", "high"]].tolist() == pytest.approx(difference_interval(9, 30, 67, 108))
    assert told.iloc[2:, :-1].isna().all(axis=None) and told["family_size"].tolist() == [3] * 4
