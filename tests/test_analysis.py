"""Tables small enough to count by hand, and published examples."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import ncsresearch as ncs
from builders import CODINGS, SEGMENTS, frame, study_folder
from conftest import PROJECT
from ncsresearch.analysis.actions import action_states, actions_by_owner
from ncsresearch.analysis.area_profile import area_statistics
from ncsresearch.analysis.consultation import category_totals, consultation_categories, unpublished_bounds
from ncsresearch.analysis.kpi import kpi_series, last_direction, run_chart, run_limits
from ncsresearch.analysis.passages import quotations_by_group
from ncsresearch.analysis.rounding import consistent_counts, published_shares


def expect(found: pd.DataFrame, *lines: str) -> None:
    assert_frame_equal(
        found.reset_index(drop=True), frame(*lines), check_dtype=False, check_categorical=False
    )


@pytest.fixture
def small(tmp_path):
    return ncs.load_study(study_folder(tmp_path / "small"))


def test_a_theme_nobody_raised_is_a_row_with_0(small):
    found = ncs.counts(small, by="stance")
    expect(
        found.loc[found["stance"].isin(["strength", "challenge"]), ["theme", "stance", "n"]],
        "theme  stance    n",
        "Cost   strength  0",
        "Cost   challenge 1",
        "Access strength  1",
        "Access challenge 0",
        "Travel strength  0",
        "Travel challenge 1",
    )


def test_a_passage_judged_twice_under_one_theme_counts_once(tmp_path):
    codings = CODINGS + "c4,segments,s1,travel,challenge,small_town,,a\n"
    study = ncs.load_study(study_folder(tmp_path / "small", codings=codings))
    found = ncs.counts(study, by="stance").query("theme == 'Travel' and stance == 'challenge'")
    assert list(found["n"]) == [1]


def test_only_the_reporting_coder_is_read(tmp_path):
    from builders import SETTINGS

    codings = CODINGS + "c4,segments,s3,cost,challenge,,,b\n"
    folder = study_folder(tmp_path / "small", settings=SETTINGS + 'reporting_coder = "a"\n', codings=codings)
    assert len(ncs.passage_evidence(ncs.load_study(folder))) == 3


def test_an_uncoded_passage_changes_nothing(small, tmp_path):
    more = SEGMENTS + "s4,report,passage,reader,silence\n"
    other = ncs.load_study(study_folder(tmp_path / "more", segments=more))
    assert_frame_equal(ncs.counts(small, by="stance"), ncs.counts(other, by="stance"))


def test_area_types_side_by_side(small):
    found = ncs.counts(small, by="area_type").query("n > 0")[["theme", "group", "stance", "n"]]
    expect(found, "theme group stance n", "Access urban strength 1", "Travel rural challenge 1")


COMMENTS = frame(
    "question_id question_label category n question_total published_percent",
    "1 works ferry 6 12 50",
    "1 works crew 3 12 25",
    "2 hinders ferry 4 8 50",
)


def test_comments_in_no_published_category_are_a_row_of_their_own():
    found = consultation_categories(COMMENTS, level=0.95)
    assert list(found["category"]) == ["ferry", "crew", "Not published", "ferry", "Not published"]
    assert list(found["n"]) == [6, 3, 3, 4, 4]
    assert list(found["share"]) == [0.5, 0.25, 0.25, 0.5, 0.5]


def test_bounds_on_what_was_not_published():
    expect(
        unpublished_bounds(COMMENTS).drop(columns=["question_label"]),
        "question_id question_total n_published smallest_published n_unpublished least_categories",
        "1 12 9 3 3 1",
        "2 8 4 4 4 1",
    )


def test_totals_over_questions_say_on_how_many():
    expect(category_totals(COMMENTS), "category n n_questions", "ferry 10 2", "crew 3 1")


@pytest.mark.parametrize(
    ("n", "base", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17, 857-872, Table I, method 3 (Wilson score without correction)
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_of_newcombe(n, base, low, high):
    row = frame(
        "question_id question_label category n question_total published_percent", f"1 a b {n} {base} 0"
    )
    found = consultation_categories(row, level=0.95).iloc[0]
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=0.00005)


def test_counts_that_a_rounded_percentage_allows():
    assert consistent_counts(82, 238) == (194, 196)
    assert consistent_counts(50, 3) is None
    assert consistent_counts(13, 8) == (1, 1)  # 12.5 may have been rounded up
    assert consistent_counts(12, 8) == (1, 1)  # or down


@given(base=st.integers(1, 500), data=st.data())
def test_the_true_count_is_always_among_those_allowed(base, data):
    count = data.draw(st.integers(0, base))
    low, high = consistent_counts(round(100 * count / base), base)
    assert low <= count <= high


def test_survey_shares_of_the_paper(published, facts):
    taken = pd.read_csv(facts / "wok_parent_survey.csv").sort_values(
        "published_percent", ascending=False, kind="stable"
    )
    found = published_shares(published.survey_items, level=0.95)
    assert list(found["count_low"]) == list(taken["count_min"])
    assert list(found["count_high"]) == list(taken["count_max"])
    assert list(found["low"].round(4)) == list(taken["wilson95_lo_at_min"])
    assert list(found["high"].round(4)) == list(taken["wilson95_hi_at_max"])


def kpi(*values: float, months: tuple[float, ...] = ()) -> pd.DataFrame:
    rows = [("quarter", value) for value in values] + [("month", value) for value in months]
    return pd.DataFrame(rows, columns=["period_type", "value"]).assign(
        kpi_id="k",
        label="kept",
        unit=None,
        target=50.0,
        better="higher",
        period=lambda rows: rows.index.astype("str"),
    )


def test_run_chart_counts_runs_and_crossings_off_the_median():
    found = run_chart(kpi(10, 20, 60, 70, 40, 80, 90)).iloc[0]
    # median 60 is left out: below below | above | below | above above
    assert (found["median"], found["n_useful"], found["longest_run"], found["crossings"]) == (60, 6, 2, 3)


@pytest.mark.parametrize(
    ("n", "limits"), [(9, (6, 2)), (10, (6, 2)), (12, (7, 3)), (20, (7, 6)), (24, (8, 8))]
)
def test_limits_of_anhoej_and_olesen(n, limits):
    # Anhøj and Olesen 2014, PLoS ONE 9(11): e113825
    assert run_limits(n) == limits


@pytest.mark.parametrize(
    ("values", "median", "longest_run", "crossings"),
    [
        ((0, 11, 2, 57, 29, 35, 48, 50, 58, 78), 41.5, 4, 3),
        ((87, 84, 87, 57, 56, 55, 64, 63, 56, 76), 63.5, 3, 4),
        ((89, 82, 89, 95, 84, 85, 87, 75, 88, 95), 87.5, 4, 4),
    ],
)
def test_run_charts_worked_out_by_another_program(values, median, longest_run, crossings):
    # the three measures with the odd month counted in; computed with scipy 1.12 and statsmodels 0.15
    found = run_chart(kpi(*values)).iloc[0]
    assert (found["median"], found["longest_run"], found["crossings"]) == (median, longest_run, crossings)
    assert found["longest_run"] <= found["run_limit"]
    assert found["crossings"] >= found["crossings_limit"]


def test_a_month_is_never_mixed_with_quarters():
    series = kpi_series(kpi(10, 20, 30, months=(99.0,)))
    assert list(series["odd"]) == [False, False, False, True]
    assert run_chart(kpi(10, 20, 30, months=(99.0,))).iloc[0]["median"] == 20
    found = run_chart(kpi(10, 20, 30, months=(99.0,))).iloc[0]
    assert (found["mean"], found["n_periods"], found["latest"], found["latest_gap"]) == (20, 3, 99, 49)
    assert (found["target"], len(found["met"]), found["n_values"]) == (50, 1, 4)


@pytest.mark.parametrize(
    ("values", "expected"),
    [((5, 1, 2, 3), (2, 1, 3, "up")), ((1, 9, 8), (1, 9, 8, "down")), ((1, 2, 2), (0, 2, 2, ""))],
)
def test_the_last_stretch_in_one_direction(values, expected):
    found = last_direction(kpi(*values, months=(99.0,))).iloc[0]
    assert tuple(found[["n_periods", "first", "last", "direction"]]) == expected


def test_a_flat_series_has_no_useful_point_and_no_limit():
    found = run_chart(kpi(5, 5, 5)).iloc[0]
    assert (found["n_useful"], found["longest_run"], found["crossings"]) == (0, 0, 0)
    assert (found["run_limit"], found["crossings_limit"]) == (0, 0)


def actions(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["due", "status", "recurring"]).assign(as_of="2019-11-01", owner="a;b")
    return table.assign(
        action_id=table.index.astype("str"), indicator_id="1", due=table["due"].replace("", None)
    )


def test_overdue_is_past_its_month_open_and_not_recurring():
    states = action_states(
        actions(
            ("2019-10", "in progress", "no"),
            ("2019-11", "in progress", "no"),
            ("2019-10", "complete", "no"),
            ("2019-07", "in progress", "yes"),
            ("", "in progress", "no"),
            ("2019-10", "not separable", "no"),
        )
    )
    assert states["overdue"].fillna("unknown").tolist() == ["yes", "no", "no", "no", "unknown", "unknown"]


def test_an_action_of_two_owners_counts_for_each():
    found = actions_by_owner(actions(("2019-10", "in progress", "no")))
    expect(found, "owner n_actions n_complete n_overdue n_unknown", "a 1 0 1 0", "b 1 0 1 0")


def test_the_area_beside_the_country(published):
    rows = area_statistics(published, area_id="glasgow_city").query("unit == 'rate'")
    assert rows[["value", "national"]].to_numpy().tolist() == [[48.0, 38.0]]


def test_two_values_for_one_period_are_shown_and_none_is_chosen(published):
    rows = ncs.area_profile(replace(published, part_of="west_dunbartonshire", findings={}))
    assert rows.query("series == 'Unpaid work began within 7 working days' and period == '2017-18'")[
        "value"
    ].tolist() == [15, 7]
    said = ncs.say(rows)[0].sentence
    assert said.endswith("aged 16 to 70 in 2022-23, above the national rate of 38.") and " had 61 " in said


def test_a_choice_of_evidence_is_said_and_shrinks_counts_and_bases_alike(published):
    women = published.where(client_group="women")
    assert ncs.say_status(women).sentence.endswith(
        "Only a part of the evidence is shown: what was said about women."
    )
    judged = women.codings.groupby("unit")["unit_id"].agg(set)
    assert set(women.points["point_id"]) == judged["points"]
    assert set(women.segments["segment_id"]) == judged["segments"] | set(women.points["segment_id"].dropna())


def test_published_counts_of_the_study(published, facts):
    groups = quotations_by_group(ncs.quotations(published)).set_index("participant_group")
    taken = (
        pd.read_csv(facts / "quotes_by_group.csv").query("chapter == '4+6'").set_index("attribution_group")
    )
    assert groups["n_quotations"].to_dict() == taken["n_quotes"].to_dict()
    assert groups["n_interviews"].to_dict() == taken["n_distinct_interviews"].to_dict()


@pytest.mark.parametrize("by", ["", "stance", "area_type", "area_id", "heard_from", "client_group"])
@pytest.mark.parametrize("name", ["published", "illustrative"])
def test_every_grouping_of_counts_can_be_said_drawn_and_laid_out(name, by):
    counts = ncs.counts(ncs.load_study(PROJECT / "data" / name), by=by)
    shown = [*ncs.say(counts), *ncs.plot(counts), *ncs.table(counts)]
    assert shown or (name, by) == ("published", "area_id")


def test_counts_of_the_small_study_by_hand(small):
    counts = ncs.counts(small)
    expect(counts[["theme", "n"]], "theme n", "Cost 1", "Access 1", "Travel 1")
    assert ncs.counts(small, stance="challenge")["n"].tolist() == [1, 0, 1]
    assert list(ncs.table(counts)[0].cells()) == ["Who or where", "Theme", "Passages"]


def test_a_grouping_that_is_none_is_a_wrong_call(small):
    with pytest.raises(ValueError, match="by must be one of .*, not 'colour'"):
        ncs.counts(small, by="colour")
