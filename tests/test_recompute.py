"""Each rule on a case one can check by hand, and the list of inconsistencies that was made by hand."""

from types import SimpleNamespace

import pandas as pd
import pytest

from ncsresearch.analysis.consistency import check_summary, figures_checked, recomputed, revised_statistics
from ncsresearch.analysis.recompute import AGREES, DIFFERS, NOTE, RULES, UNKNOWN, _most_of_last, check_value
from ncsresearch.present.grammar import say, table
from ncsresearch.schema import TABLES


@pytest.mark.parametrize(
    ("rule", "printed", "inputs", "result", "found"),
    [
        ("percent", "33", "1;3", AGREES, "33.33% (1 of 3)"),
        ("percent", "33.3", "1;3", AGREES, "33.33% (1 of 3)"),
        ("percent", "34", "1;3", DIFFERS, "33.33% (1 of 3)"),
        ("percent", "12", "1;8", AGREES, "12.5% (1 of 8)"),
        (
            "percent",
            "25",
            "1;8;1",
            NOTE,
            "25% (2 of 8) with 1 that are counted apart; 12.5% (1 of 8) without",
        ),
        ("sum", "6", "1;2;3", AGREES, "1 + 2 + 3 = 6"),
        ("sum", "1000", "900;87", DIFFERS, "900 + 87 = 987; 13 short"),
        ("weighted mean", "15.0", "1*10;1*20", AGREES, "15"),
        ("weighted mean", "16.0", "1*10;1*20", DIFFERS, "15"),
        ("remainder", "10", "3;4", NOTE, "3 of the 10 are in no published group"),
        ("same number", "7", "6", DIFFERS, "6; 1 fewer"),
        ("same number", "7", "7", AGREES, "7"),
        ("planned and reached", "7", "6", NOTE, "6; 1 fewer"),
        ("planned and reached", "7", "7", AGREES, "7"),
        ("no more than", "10", "13", AGREES, "10 of 13"),
        ("no more than", "14", "13", DIFFERS, "14 of 13"),
        ("counts behind a percentage", "65", "332", NOTE, "215 to 217 of 332; no count is published"),
        ("counts behind a percentage", "50", "3", DIFFERS, "no count of 3 gives it"),
        ("base needed", "70", "", UNKNOWN, "no base is published"),
        (
            "year of quarters",
            "15",
            "0;11;2;57",
            AGREES,
            "fits the quarters if the last had 20% of the cases (an even share is 25%)",
        ),
        (
            "year of quarters",
            "7",
            "0;11;2;57",
            DIFFERS,
            "fits the quarters only if the last had about 5%, and at most 13%, of the cases (an even share is 25%)",
        ),
        ("year of quarters", "60", "0;11;2;57", DIFFERS, "outside its quarters"),
        (
            "year of quarters",
            "20",
            "50;40;30;10",
            AGREES,
            "fits the quarters if the last had 67% of the cases (an even share is 25%)",
        ),
        ("year of quarters", "50", "50;50;50;50", AGREES, "within its quarters"),
        ("year of quarters", "40", "20;40;60;40", AGREES, "within its quarters"),
        ("sum", "0.3", "0.1;0.2", AGREES, "0.1 + 0.2 = 0.3"),
        ("sum", "6", "7;3;-4", AGREES, "7 + 3 \N{MINUS SIGN} 4 = 6"),
        ("base needed", "70", "100;170", AGREES, "from 100 to 170"),
        ("cited from elsewhere", "238", "", AGREES, "the paper's own"),
        ("cited from elsewhere", "238", "Rope Report", NOTE, "cited from Rope Report"),
        ("same dates", "2019-02/2019-03", "2019-01/2019-04", DIFFERS, "2019-01/2019-04"),
        ("date within", "2014-11/2016-03", "2016-07", DIFFERS, "2016-07 is outside it"),
        ("date within", "2014-11/2016-03", "2015-07", AGREES, "2015-07 is within it"),
        ("in order", "", "2016-06;2016-12", AGREES, "2016-06 then 2016-12"),
        ("in order", "", "2016-12;2016-06", DIFFERS, "2016-12 then 2016-06"),
        (
            "no overlap",
            "",
            "0-4;3-6;6-12",
            DIFFERS,
            "the terms overlap: months 3 to 4 are in two of them",
        ),
        ("no overlap", "", "0-3;3-6", AGREES, "no overlap"),
        (
            "series covers",
            "2016-10/2018-10",
            "2017/18 Q1",
            NOTE,
            "series starts 2017-04: the first 6 months are missing",
        ),
        ("series covers", "2018-01/2018-10", "2017/18 Q4", AGREES, "series starts 2018-01"),
        (
            "series covers",
            "",
            "2017/18 Q4",
            UNKNOWN,
            "the inputs '2017/18 Q4' are not what this rule needs",
        ),
        (
            "one period type",
            "9",
            "10",
            DIFFERS,
            "9 quarters and a single month, August 2019",
        ),
        ("one period type", "8", "10", DIFFERS, "10 columns, 2 of another length"),
        ("one period type", "9", "9", AGREES, "all of one length"),
        ("one spelling", "", "Monro;Munro;Moor", NOTE, "Monro and Munro may be one name"),
        ("one spelling", "", "Rope;Knot", AGREES, "one spelling of each"),
        ("numbered in order", "", "1;1;2", DIFFERS, "numbered 1, 1, 2"),
        ("numbered in order", "", "1;2;3", AGREES, "numbered 1, 2, 3"),
        ("same wording", "", "a;a;b", NOTE, "2 wordings in 3 places"),
        ("same wording", "", "a;a", AGREES, "1 wording in 2 places"),
    ],
)
def test_a_rule(rule, printed, inputs, result, found, published):
    words, verdict = check_value(rule, printed, inputs, published)
    assert (verdict[0], words) == (result, found)


def test_every_value_of_the_study_has_a_rule(published):
    rules = next(column.allowed for column in TABLES["published_values"].columns if column.name == "rule")
    assert set(rules) == set(RULES)


def test_a_revised_figure_is_found():
    statistics = pd.DataFrame(
        [
            ("a_2016", "orders", "2015", 10.0),
            ("b_2018", "orders", "2015", 12.0),
            ("b_2018", "orders", "2017", 9.0),
        ],
        columns=["document_id", "series", "period", "value"],
    ).assign(area_id="scotland", unit="orders")
    documents = pd.DataFrame(
        [("b_2018", "Second", 2018, "official statistics"), ("a_2016", "First", 2016, "official statistics")],
        columns=["document_id", "title", "year", "kind"],
    ).assign(short_title=None)
    (row,) = revised_statistics(SimpleNamespace(statistics=statistics, documents=documents))
    document_id, where, _, _, recomputed, result, _, _ = row
    assert where == "compared with Second"
    assert (document_id, recomputed, result) == ("a_2016", "1 of 1 figure revised, by +2 at most", NOTE)


@pytest.mark.parametrize("inputs", ["149;many", "1;0", "", "7"])
def test_inputs_that_a_rule_cannot_use_are_said_to_be_so(published, inputs):
    values = published.published_values.head(1).assign(rule="percent", published="50", inputs=inputs)
    values = values.assign(where="the only value")
    row = figures_checked(published.holding(published_values=values)).query("where == 'the only value'")
    assert row[["result", "recomputed"]].to_numpy().tolist() == [
        [UNKNOWN, f"the inputs {inputs!r} are not what this rule needs"]
    ]


def test_a_topic_counted_in_another_document_does_not_count_here(published):
    other = published.comment_counts.head(1).assign(document_id="elsewhere", category="Administration")
    changed = published.holding(comment_counts=pd.concat([published.comment_counts, other]))
    found = figures_checked(changed).query("rule == 'topics have counts'")
    assert list(found["recomputed"]) == ["no count for administration"]


def test_a_changed_count_is_found(published):
    counts = published.comment_counts.assign(n=published.comment_counts["n"] + 5)
    found = figures_checked(published.holding(comment_counts=counts)).query("rule == 'percent'")
    assert set(found.loc[found["statement"].str.endswith(", share of comments"), "result"]) == {DIFFERS}


# Where each inconsistency of the list made by hand is found: its source, the rule, and words of what was found.
# Numbers that are left out here are remarks on wording or labels, which stand in the table of remarks, or
# agreements, which are tested below.
FOUND = {
    16: (
        "sl_consultation",
        "topics hold the rest",
        "46 comments on question 3 and 21 on question 4 have no published topic",
    ),
    17: ("sl_consultation", "topics have counts", "administration"),
    18: (
        "sl_consultation",
        "topics hold the rest",
        "the other topics named cannot hold all 46",
    ),
    19: (
        "sl_consultation",
        "topics hold the rest",
        "could hold the 21 only at 7 each",
    ),
    20: ("sl_consultation", "examples printed", "89 printed (15.7%), 88 of them distinct"),
    21: ("sl_consultation", "printed once", "word for word the same"),
    22: ("sl_consultation", "printed once", "53% of words in common"),
    23: ("sl_consultation", "category has examples", "none is printed in the appendix"),
    24: ("sl_consultation", "label variants", "Specialist Teams / Hubs"),
    25: ("sl_consultation", "same order", "Workforce, Operational, Workload"),
    27: ("sl_consultation", "planned and reached", "6; 1 fewer"),
    29: ("sl_consultation", "one direction", "1 positive, 4 negative, 1 single choice"),
    30: ("sl_consultation", "counts behind a percentage", "215 to 217 of 332"),
    31: ("sl_consultation", "same wording", "2 wordings in 3 places"),
    32: ("sl_consultation", "cut short", "comments 22, 28, 44"),
    33: ("wd_inspection", "target met", "3 meet the target, 0 of the latest"),
    34: (
        "wd_inspection",
        "one period type",
        "9 quarters and a single month, August 2019",
    ),
    35: ("wd_inspection", "series covers", "the first 6 months are missing"),
    36: ("wd_inspection", "no overlap", "the terms overlap: months 3 to 4 are in two of them"),
    38: ("wd_inspection", "base needed", "no base is published"),
    39: ("wd_inspection", "rows told apart", "2 complete, 13 in progress, 4 no update, 1 not separable"),
    42: ("wd_ci_news", "same dates", "2019-01/2019-04"),
    43: (
        "wd_press_2019",
        "year of quarters",
        "fits the quarters only if the last had about 5%, and at most 13%, of the cases (an even share is 25%)",
    ),
    46: ("wok_briefing", "cited from elsewhere", "Action Research Final Report"),
    47: ("eip_report", "date within", "2016-07 is outside it"),
    48: ("wok_briefing", "answers not published", "neutral and missing answers"),
    49: ("wok_briefing", "one spelling", "Monro and Munro"),
    50: ("wok_briefing", "numbered in order", "1, 1, 2, 3, 4"),
    53: ("ncs_ch4; ncs_ch6", "label variants", "Senior manager / team leader;"),
    54: ("ncs_ch6", "concentration", "from 2 interviews (1, 5)"),
    55: ("ncs_ch6", "one list", "1 without a bullet"),
    56: ("ncs_ch6", "summary and body", "people with neurodivergence"),
    58: ("ncs_ch6", "label variants", "[nearby local authority]"),
    59: ("ncs_guide", "planned and reached", "6; 2 more"),
    61: ("ncs_summary", "remainder", "20 of the 141 are in no published group"),
    62: ("ncs_consultation_1", "sum", "487; 13 short"),
    63: ("ncs_consultation_3", "percent", "78.54%"),
    64: ("promise_2022", "sum", "520; 1 short"),
    65: ("sl_cpo_2016_17", "sum", "104,125; 570 more"),
    70: ("cjsw_2018_19_orders", "revised", "by +52 at most"),
    71: ("press_2019_20", "same number", "16,710; 9 more"),
}
REMARKS = {
    26: "specialist teams under workforce",
    28: "fitness for purpose",
    41: "dates of the plan were revised",
    57: "last one",
}
# 37 is a list item that goes on in the next line, and 40 holds dates against the day the paper was signed and not against
# the month of its updates
AGREED = {15, 37, 40, 44, 45, 51, 52, 60, 66, 67, 68, 69, *range(1, 15)}


@pytest.fixture(scope="module")
def checked(published):
    return figures_checked(published)


@pytest.mark.parametrize("number", FOUND)
def test_an_inconsistency_of_the_hand_made_list_is_found_by_rule(checked, number):
    document_id, rule, words = FOUND[number]
    rows = checked[checked["document_id"].eq(document_id) & checked["rule"].eq(rule)]
    assert any(words in found for found in rows["recomputed"]), list(rows["recomputed"])


@pytest.mark.parametrize("number", REMARKS)
def test_what_only_a_reader_can_see_stands_among_the_remarks(published, number):
    assert any(REMARKS[number] in text for text in published.notes["text"])


def test_the_hand_made_list_is_covered(facts):
    listed = set(pd.read_csv(facts / "checks.csv")["check_no"])
    assert listed == set(FOUND) | set(REMARKS) | AGREED


def test_agreements_are_agreements(checked):
    agrees = checked[checked["result"].eq(AGREES)]
    by_rule = agrees.groupby(["document_id", "rule"]).size()
    assert by_rule["sl_consultation", "percent"] == 14
    assert by_rule["sl_consultation", "sum"] == 1
    assert by_rule["wd_inspection", "same number"] == by_rule["wd_inspection", "overdue"] == 1
    assert by_rule["wok_briefing", "counts fit"] == 8
    assert by_rule["cjsw_2020_21_times", "percent"] == 25
    assert by_rule["cjsw_2016_17_reviews", "percent"] == 11
    assert by_rule["cjsw_2017_18_hours", "weighted mean"] == 5
    assert agrees["statement"].str.startswith("all social work orders, ").sum() == 21
    assert by_rule["nrs_mid_2019", "population of class"] == 4


def test_dates_and_percentages_are_printed_as_a_reader_writes_them(published):
    (shown,) = table(recomputed(published, result="differs"))
    cells = shown.cells().set_index("Source")[["Published", "Found"]]
    assert cells.loc["Care Inspectorate, news"].tolist() == [
        "February 2019 to March 2019",
        "January 2019 to April 2019",
    ]
    (noted,) = table(recomputed(published, result="to note"))
    assert noted.cells().set_index("Source").loc[
        "Care service consultation, responses", ["Published", "Found"]
    ].tolist() == [
        "82%",
        "82.42% (1,064 of 1,291) with 50 that are counted apart; 78.54% (1,014 of 1,291) without",
    ]


def test_how_many_figures_agree_is_said_first(published, checked):
    n = checked["result"].value_counts()
    assert [said.sentence for said in say(recomputed(published))] == [
        f"We made {len(checked)} checks. In {n[AGREES]} the figures agree, and in {n[DIFFERS]} they differ; {n[NOTE]} led only to a note "
        "and two could not be made. Two of the differences could change what a reader concludes.",
        "The measures are said to cover nine quarters (West Dunbartonshire inspection); the table adds a single month, August 2019, "
        "which should not be compared with a quarter.",
        "The 7% for unpaid work begun in time over 2017/18 (Clydebank Post, 2019) is hard to reconcile with the quarterly figures: the "
        "last quarter would need to have had about 5%, and at most 13%, of the cases (an even share is 25%).",
    ]
    (shown,) = table(recomputed(published, result=["differs", "cannot be checked"]))
    assert shown.cells()["Source"].tolist()[:2] == ["West Dunbartonshire inspection", "Clydebank Post, 2019"]


def test_the_summary_counts_every_check_once(checked):
    assert check_summary(checked)["n_checks"].sum() == len(checked)


def test_a_misplaced_comment_order_is_found_elsewhere_too(published):
    checked = figures_checked(published.holding(comment_counts=published.comment_counts.iloc[::-1]))
    assert checked["rule"].eq("same order").sum() == 4


@pytest.mark.parametrize(
    ("year", "furthest", "last", "most"),
    [
        (7, 0, 57, 7.5 / 56.5),  # 7.5 of 56.5, where the quarters before had none
        (40, 50, 10, 11 / 40),  # the other way: 50.5 before, 10.5 at last, 39.5 of the year
        (0.1, 0, 0.3, 1),  # rounding alone can make them alike
    ],
)
def test_the_most_that_the_last_quarter_can_have_had_allows_for_rounding(year, furthest, last, most):
    assert _most_of_last(year, furthest, last) == pytest.approx(most)
