"""Figures of the published study that pages once misread: what is said of them now, and the rule behind it by hand."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ncsresearch as ncs
from conftest import PROJECT
from ncsresearch.analysis.actions import action_states
from ncsresearch.analysis.area_profile import last_measured, unknowns
from ncsresearch.analysis.consistency import figures_checked
from ncsresearch.analysis.kpi import last_direction, levels_apart
from ncsresearch.analysis.recompute import AGREES
from ncsresearch.evidence.passages import evidence_by_document


def quarters(*values: float) -> pd.DataFrame:
    """A measure with a value a quarter, the first of them q0."""
    rows = pd.DataFrame({"value": values, "period": [f"q{place}" for place in range(len(values))]})
    return rows.assign(
        kpi_id="k", label="boats on time", unit=None, target=80.0, better="higher", period_type="quarter"
    )


def said(frame: pd.DataFrame) -> dict[str, str]:
    return {finding.name: finding.sentence for finding in ncs.say(frame)}


@pytest.fixture(scope="module")
def of_service(published):
    return said(ncs.kpis(published))


def test_a_rise_begins_after_the_fall_before_it(of_service):
    assert of_service["direction"] == (
        "Unpaid work begun within seven working days of sentence rose in each of the last 4 quarters, "
        "from 29% in 2018/19 Q1 to 58% in 2019/20 Q1, after a fall from 57% in 2017/18 Q4."
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((57, 29, 35, 48, 50, 58), (4, "up", 57, "q0", 29, "q1", 58, "q5")),
        ((1, 2, 3), (2, "up", None, None, 1, "q0", 3, "q2")),
        ((5, 9, 7, 6), (2, "down", 5, "q0", 9, "q1", 6, "q3")),
        ((5, 9, 9), (0, "", 9, "q1", 9, "q2", 9, "q2")),
        ((5,), (0, "", None, None, 5, "q0", 5, "q0")),
    ],
)
def test_rises_are_counted_and_not_the_quarter_they_start_from(values, expected):
    columns = [
        "n_periods",
        "direction",
        "before",
        "before_period",
        "first",
        "first_period",
        "last",
        "last_period",
    ]
    row = last_direction(quarters(*values)).iloc[0][columns]
    assert tuple(None if pd.isna(cell) else cell for cell in row) == expected


def test_a_fall_that_anybody_sees_is_said_and_so_is_that_nine_quarters_are_too_few_for_a_test(
    published, of_service
):
    assert of_service["levels"].startswith(
        "Inductions within five working days of sentence ran at 84 to 87% in the 3 quarters to 2017/18 Q3 and at "
        "55 to 64% in the 6 quarters after. "
    )
    first, _ = ncs.limits(ncs.kpis(published))
    assert first.sentence == "Nine quarters are too few for a formal test of change."


def test_levels_far_apart_by_hand():
    row = levels_apart(quarters(87, 84, 87, 57, 56, 55, 64)).iloc[0]
    assert row[["n_before", "period", "low_before", "high_before"]].tolist() == [3, "q2", 84, 87]
    assert row[["n_after", "low_after", "high_after", "apart"]].tolist() == [4, 55, 64, 20]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=9))
def test_levels_apart_do_not_meet_and_a_series_of_under_six_has_none(values):
    rows = levels_apart(quarters(*values))
    assert len(rows) <= (len(values) >= 6)
    for row in rows.itertuples():
        assert row.high_after + 10 <= row.low_before or row.high_before + 10 <= row.low_after
        assert row.n_before + row.n_after == len(values)


def test_each_measure_is_said_with_average_target_and_latest(of_service):
    assert of_service["targets"].endswith(
        " Unpaid work begun within seven working days of sentence averaged 32% over 9 quarters, against a target of "
        "80% that was not met in any period; in August 2019 the figure was 78%."
    )


def test_an_action_due_in_the_month_of_its_update_is_not_overdue(published):
    actions = ncs.actions(published)
    assert set(actions["as_of"]) == {"2019-10"}
    assert not actions["overdue"].eq("yes").any()
    sentence = said(actions)["actions"]
    assert sentence.startswith(
        "In October 2019 the plan had 20 improvement actions: 2 complete, 13 in progress, 4 without an update and 1 "
        "reported together with another."
    )
    assert "Overdue" not in sentence


@pytest.mark.parametrize(("as_of", "overdue"), [("2019-10", "no"), ("2019-11", "yes"), ("2019-11-01", "yes")])
def test_a_month_is_over_in_the_next(as_of, overdue):
    row = {"due": "2019-10", "status": "in progress", "recurring": "no", "as_of": as_of}
    assert list(action_states(pd.DataFrame([row]))["overdue"]) == [overdue]


def test_no_number_is_given_for_topics_of_a_list_that_its_source_calls_incomplete(published):
    consultation, unpublished = ncs.consultation(published), ncs.unpublished_comments(published)
    assert "unpublished" not in said(consultation)
    assert said(unpublished)["unpublished"] == (
        "The topics of 179 of the 566 comments (32%) are not published: 50 on what works well, 62 on barriers, 46 on "
        "changes that would improve services and 21 on priorities for the next year."
    )
    (found,) = figures_checked(published).query("rule == 'topics hold the rest'")["recomputed"]
    assert found.endswith(
        "21 on question 4 have no published topic; the other topics named cannot hold all 46 and could hold the 21 only at 7 "
        "each"
    )


def test_the_poll_says_what_was_thought(published):
    assert said(ncs.poll(published))["poll"] == (
        "In the poll, 66% did not agree that services are fit for purpose, 65% that structures support "
        "relationship-based work, 53% that structures support reflective practice and supervision, and 48% that there "
        "is a clear pathway for them; 93% agreed that they would commit to change or redesign; 38% said that "
        "relationship-based practice matters most for quality. How many people answered is not published."
    )


def test_people_of_a_year_are_cited_from_no_earlier_source(published):
    year = int(published.areas["population_year"].max())
    of_area = ncs.area_peers(replace(published, part_of="glasgow_city"))
    (finding,), (classes,) = ncs.say(of_area), ncs.table(ncs.areas(published))
    for shown in (finding, classes):
        assert "Population estimates mid-2019 (National Records of Scotland, 2020)" in shown.source
    counted = published.documents.query("kind == 'population estimates'")
    assert counted["year"].ge(year).all()
    assert finding.sentence == (
        "Glasgow City is one of four areas classed as Larger Cities. It had 633,120 inhabitants in 2019, 11.6% of the "
        "population of Scotland."
    )


def test_no_evidence_of_an_area_is_both_held_and_not_known(published):
    reported = published.areas.loc[published.areas["report"].eq("yes"), "area_id"]
    both = [
        (area_id, kind)
        for area_id in reported
        for kind in set(evidence_by_document(published, area_id=area_id)["kind"])
        & set(unknowns(published, area_id=area_id)["gap"])
    ]
    assert both == []


def test_measures_of_earlier_years_are_not_called_missing(published):
    gaps = said(ncs.area_gaps(replace(published, part_of="south_lanarkshire")))["not_known"]
    assert gaps == (
        "We have no inspection ratings or survey for South Lanarkshire, and no performance measures after 2014-15."
    )


def test_measures_that_end_in_different_periods_have_no_last_one(published):
    kpis = published.kpi_values
    assert last_measured(published, area_id="west_dunbartonshire") == "August 2019"
    fewer = kpis[~(kpis["kpi_id"].eq("wd_inspection-kpi1") & kpis["period"].eq("August 2019"))]
    part = replace(published, tables=dict(published.tables) | {"kpi_values": fewer})
    assert last_measured(part, area_id="west_dunbartonshire") == ""
    assert last_measured(published, area_id="fife") == ""


def test_a_document_whose_year_is_inferred_is_about_that_year(published):
    said = ncs.say_status(replace(published, part_of="wokingham", findings={})).sentence
    assert said.endswith("Evidence: documents of about 2017.")


def test_a_survey_says_how_exact_a_random_sample_would_have_made_it(published):
    assert "each share would be exact to about 5 or 6 points" in ncs.limits(ncs.survey(published))[0].sentence


def test_the_report_on_an_area_says_once_that_nobody_knows_what_became_of_its_plan(published):
    area, none = (
        replace(published, part_of="west_dunbartonshire"),
        "We have no local consultation or survey for West Dunbartonshire, and no performance measures after August 2019.",
    )
    unknown = "How far the improvement plan was carried out later is not known."
    assert said(ncs.area_gaps(replace(area, findings={})))["not_known"] == f"{none} {unknown}"
    assert said(ncs.area_gaps(area))["not_known"] == none


def test_of_a_survey_taken_from_elsewhere_it_is_not_known_who_lives_in_the_area(published):
    gaps = said(ncs.area_gaps(replace(published, part_of="wokingham")))["not_known"]
    assert gaps == (
        "We have no local consultation, inspection ratings, performance measures or figures on services "
        "for Wokingham. How many of those who answered the survey live there is not published."
    )


def test_a_figure_of_a_survey_taken_from_elsewhere_says_so(published):
    (drawn,) = ncs.plot(ncs.survey(published))
    assert drawn.data.base == "238 who responded in a wider study"


def test_areas_side_by_side_point_to_tables_where_a_report_has_no_sentence(published):
    suggestions = ncs.suggestions(replace(published, part_of="south_lanarkshire"))
    assert ncs.say(suggestions) == []
    assert len(ncs.table(suggestions)) == 1
    script = (PROJECT / "src/ncsresearch/report/site.js").read_text(encoding="utf-8")
    assert "has no such sentence" not in script
    assert '"No sentence on this; ", link(report.page, "its report"), " may have a table."' in script


def test_a_list_item_that_goes_on_in_the_next_line_is_one(published):
    checked = figures_checked(published)
    row = checked[checked["statement"].eq("list items for the indicators, and indicators rated")].iloc[0]
    assert (row["published"], row["recomputed"], row["result"]) == ("5", "5", AGREES)
