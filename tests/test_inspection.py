"""A small inspection paper written for these tests; everything in it is made up."""

import pandas as pd
import pytest

from inspection import read_inspection
from ncsresearch import StudyError
from ncsresearch.ingest.document import Document, read_document

PAPER = """The service was evaluated against the quality indicators:
• rope and
• knots;
2. Main Issues
There was inspection activity from January to March 2020 of orders from May 2018 to May 2019.
• A 40% increase in CPOs in 2018-19.
Indicators\tEvaluation
Rope and knots\tGood
Soon (first four months), later (three to six months).
A Person Chief Social Work Officer 2 June 2020
Key message (KM1):
The ropes are sound.
Quality Indicators\tActions for improvement\tResponsible\tTimescales/ Review\tEvidence of Improvement\tUpdate on activity: May 2020
How good\tBuy rope of two\tService\tMay\tRope\tOrdered.
is it?\tlengths (KM1, 2)\tManager\t2020\tbought
1.1 Rope\tTie it (KM1) Untie\tHead of Service CJ\tJune 2020 July 2020\tTied\tKnots tied.
\tit again (KM2)\tco- ordinator\t\tUntied
\tCut it (KM 2)\tCVS\tMay 2020 onwards\tCut
\tBurn it (KM2)\tChief Officer\t8 April\tAsh\tCOMPLETE: burnt
Performance Indicator\tQ3 2018/19\tQ4 2018/19\tMay 2019
\tValue\tTarget
Percentage of ropes sound.\t89%\t9%\t0%\t98%
"""


def paper(text: str = PAPER) -> dict[str, pd.DataFrame]:
    return read_inspection(Document("rope.txt", "", text.strip("\n")), document_id="r", area_id="north")


def test_actions_are_put_together_over_broken_lines():
    rows = paper()["actions"]
    assert list(rows["owner"]) == [
        "Service Manager",
        "Head of Service",
        "CJ co-ordinator",
        "CVS",
        "Chief Officer",
    ]
    assert list(rows["key_messages"]) == ["1;2", "1", "2", "2", "2"]
    assert list(rows["indicator_id"].unique()) == ["1.1"]


def test_due_dates_recurrence_and_status():
    rows = paper()["actions"]
    assert list(rows["due"]) == ["2020-05", "2020-06", "2020-07", "2020-05", "2020-04"]
    assert list(rows["recurring"]) == ["no", "no", "no", "yes", "no"]
    assert list(rows["status"]) == ["in progress", "in progress", "not separable", "no update", "complete"]
    assert set(rows["as_of"]) == {"2020-05"}  # the month of the updates; the paper was signed in June


def test_ratings_on_the_scale_of_six():
    assert paper()["ratings"][["indicator_id", "rating", "points"]].to_dict("records") == [
        {"indicator_id": "1.1", "rating": "Good", "points": 4}
    ]


def test_kpi_values_with_a_month_among_quarters():
    rows = paper()["kpi_values"]
    assert list(rows["period"]) == ["2018/19 Q3", "2018/19 Q4", "May 2019"]
    assert list(rows["period_type"]) == ["quarter", "quarter", "month"]
    assert list(rows["value"]) == [89, 9, 0]
    assert set(rows["target"]) == {98}


def test_dates_terms_and_counts_are_recorded_to_be_checked():
    values = paper()["published_values"].set_index("rule")
    assert values.loc["no overlap", "inputs"] == "0-4;3-6"
    assert tuple(values.loc["same number", ["published", "inputs"]]) == ("1", "1")
    assert tuple(values.loc["series covers", ["published", "inputs"]]) == ("2018-05/2019-05", "2018/19 Q3")
    assert values.loc["base needed", "published"] == "40"


@pytest.mark.parametrize(
    ("without", "gap"),
    [
        ("Update on activity: May 2020", "column 'Update on activity:' with its month"),
        ("Actions for improvement", "action plan with a column 'Actions for improvement'"),
        ("\tGood", "table of indicators with ratings"),
        ("Key message (KM1):", "'Key message (KM1):' and following"),
        ("Performance Indicator\t", "table that begins with 'Performance Indicator'"),
    ],
)
def test_another_paper_is_refused_with_what_was_missing(without, gap):
    with pytest.raises(StudyError) as raised:
        paper(PAPER.replace(without, ""))
    assert str(raised.value) == f"rope.txt: is not an inspection paper: found no {gap}."


def test_ratings_that_do_not_match_the_plan_are_refused():
    with pytest.raises(StudyError) as raised:
        paper(PAPER.replace("Rope and knots\tGood", "Rope\tGood\nKnots\tWeak"))
    assert str(raised.value) == "rope.txt: rates 2 indicators, but its action plan has 1: 1.1."


def test_the_published_paper(sources, facts):
    read = read_inspection(
        read_document(sources / "west-dunbartonshire-inspection-2019.txt"), document_id="wd"
    )
    taken = pd.read_csv(facts / "wd_improvement_actions.csv", dtype=str)
    actions = read["actions"]
    assert list(actions["indicator_id"]) == list(taken["qi_code"])
    assert list(actions["status"]) == list(taken["status_oct_2019"])
    assert list(actions["key_messages"].str.replace(";", ",")) == list(taken["key_messages"])
    assert list(actions["due"].fillna("")) == list(taken["due_iso_month"].fillna(""))
    values = pd.read_csv(facts / "wd_kpi_long.csv")
    assert list(read["kpi_values"]["value"]) == list(values["value_percent"])
    assert list(read["kpi_values"]["target"]) == list(values["target_percent"])
    assert list(read["ratings"]["rating"]) == list(pd.read_csv(facts / "wd_quality_indicators.csv")["rating"])
