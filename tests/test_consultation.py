"""Comments sorted into categories, what was not published, and answers in people's own words."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, false_discovery_control, fisher_exact

import ncsresearch as ncs
from builders import study_folder
from golden import golden
from ncsresearch.analysis.consultation import (
    consultation_categories,
    unpublished_bounds,
)
from ncsresearch.analysis.responses import CAMPAIGN, response_topics, same_answers, squeezed

SEVERAL = "a comment may have several topics, so the shares do not add to 100%"


def comments(*rows: tuple[str, str, int, int | None]) -> pd.DataFrame:
    """Counts of categories by question, with the comments on the question."""
    table = pd.DataFrame(rows, columns=["question_id", "category", "n", "question_total"])
    table = table.astype({"n": "Int64", "question_total": "Int64"})
    return table.assign(question_label="asked " + table["question_id"], published_percent=None)


TWO_QUESTIONS = comments(("1", "ferry", 6, 12), ("1", "crew", 3, 12), ("2", "ferry", 4, 4))


def test_the_rest_is_a_row_and_shares_close_to_100():
    rows = consultation_categories(TWO_QUESTIONS, level=0.95)
    found = rows[["question_id", "category", "n", "share"]].to_numpy().tolist()
    assert found == [
        ["1", "ferry", 6, 0.5],
        ["1", "crew", 3, 0.25],
        ["1", "Not published", 3, 0.25],
        ["2", "ferry", 4, 1.0],
    ]
    assert set(rows["reason"]) == {""}


@pytest.mark.parametrize(
    ("counts", "one_topic", "reason"),
    [
        (comments(("1", "ferry", 8, 10), ("1", "crew", 5, 10)), True, SEVERAL),
        (comments(("1", "ferry", 8, 10), ("1", "crew", 1, 10)), False, SEVERAL),
        (comments(("1", "ferry", 8, None)), True, "how many comments the question had is not published"),
    ],
)
def test_where_shares_do_not_close_there_is_a_reason_and_no_rest(counts, one_topic, reason):
    rows = consultation_categories(counts, level=0.95, one_topic=one_topic)
    assert list(rows["category"]) == list(counts["category"])
    assert set(rows["reason"]) == {reason}


def test_the_same_number_of_a_question_in_two_consultations_is_two_questions():
    other = comments(("1", "ferry", 9, 9)).assign(question_label="another consultation")
    rows = consultation_categories(pd.concat([TWO_QUESTIONS, other], ignore_index=True), level=0.95)
    assert set(rows["reason"]) == {""}
    assert rows["category"].eq("Not published").sum() == 1


def test_a_category_without_a_count_stays_without_a_share():
    rows = consultation_categories(comments(("1", "ferry", 6, 9), ("1", "crew", None, 9)), level=0.95)
    assert rows["share"].isna().tolist() == [False, True, False]


def test_no_comments_are_no_rows():
    assert consultation_categories(TWO_QUESTIONS.iloc[:0], level=0.95).empty
    assert unpublished_bounds(TWO_QUESTIONS.iloc[:0]).empty


def test_the_least_number_of_categories_that_hold_the_rest():
    # our own arithmetic on the four questions of South Lanarkshire: rest and smallest published category
    rests = [(50, 20), (62, 25), (46, 9), (21, 7)]
    counts = comments(*[(str(n), "c", least, rest + least) for n, (rest, least) in enumerate(rests)])
    assert list(unpublished_bounds(counts)["least_categories"]) == golden("proj_sl_missing_categories")


def test_nothing_bounds_the_rest_where_comments_have_several_topics():
    assert unpublished_bounds(comments(("1", "ferry", 8, 10), ("1", "crew", 5, 10))).empty


@pytest.mark.parametrize(
    ("key", "shares"),
    # South Lanarkshire. Regression only: comments are nested in tables, events and people, so independence
    # does not hold, and no analysis of the package tests them
    [
        ("proj_sl_workforce_chi2", [(49, 149), (29, 217), (24, 113), (24, 87)]),
        ("proj_sl_operational_chi2", [(54, 217), (34, 113), (27, 87)]),
        ("proj_sl_workload_chi2", [(47, 217), (9, 113), (7, 87)]),
    ],
)
def test_chi_squared_of_the_published_counts(key, shares):
    found = chi2_contingency([(n, total - n) for n, total in shares], correction=False)
    assert [found.statistic, found.pvalue] == golden(key)
    assert found.pvalue == pytest.approx(golden(key).expected[1], rel=1e-3)


def test_pairs_of_questions_by_fisher_adjusted():
    # regression only, as above; by Benjamini and Hochberg over the six pairs
    tables = [(n, total - n) for n, total in [(49, 149), (29, 217), (24, 113), (24, 87)]]
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    found = [fisher_exact([tables[one], tables[other]]).pvalue for one, other in pairs]
    assert list(false_discovery_control(found)) == golden("proj_sl_workforce_fisher_bh")


SEGMENTS = "segment_id,document_id,section,kind,read_by,text\n"


def responses(folder, *answers: str, codings: str | None = None):
    """A study of answers to one question; codings are lines of segment and code."""
    lines = [f's{n},report,Ferry?,response,machine,"{answer}"' for n, answer in enumerate(answers, start=1)]
    judged = [line.split() for line in (codings or "").splitlines()]
    coded = [f"c{n},segments,{segment},{code},a" for n, (segment, code) in enumerate(judged, start=1)]
    tables = {
        "segments": SEGMENTS + "\n".join(lines) + "\n",
        "codings": "coding_id,unit,unit_id,code_id,coder\n" + "".join(line + "\n" for line in coded),
    }
    return ncs.load_study(study_folder(folder / "responses", **tables))


def test_responses_and_different_answers_are_both_given(tmp_path, monkeypatch):
    monkeypatch.setitem(CAMPAIGN, "campaign_size", 3)
    study = responses(
        tmp_path,
        "Keep the ferry!",
        "keep  the -- FERRY",
        "'Keep the ferry.'",
        "It's dear",
        "Its dear",
        "Yes",
        "yes",
        "YES",
        "",
    )
    counted = ncs.responses(study).iloc[0]
    assert counted[["n_responses", "n_blank", "n_unread", "n_distinct"]].tolist() == [9, 1, 0, 3]
    assert counted[["n_campaigns", "n_in_campaigns", "campaign_size", "campaign_words"]].tolist() == [
        1,
        3,
        3,
        3,
    ]
    shared = same_answers(study)
    assert shared[["n_responses", "n_words", "first_response", "campaign"]].to_numpy().tolist() == [
        [3, 3, "s1", True],
        [3, 1, "s6", False],
        [2, 2, "s4", False],
    ]


def test_1360_identical_answers_are_one_campaign(tmp_path):
    study = responses(tmp_path, *["Keep the ferry"] * 1360, "Let it go")
    counted = ncs.responses(study).iloc[0]
    assert counted[["n_responses", "n_distinct", "n_campaigns", "n_in_campaigns"]].tolist() == [
        1361,
        2,
        1,
        1360,
    ]


def test_a_campaign_has_so_many_responses_and_words(tmp_path, monkeypatch):
    study = responses(tmp_path, "Yes", "Yes", "No")
    assert ncs.responses(study).iloc[0]["n_campaigns"] == 0
    monkeypatch.setitem(CAMPAIGN, "campaign_size", 2)
    monkeypatch.setitem(CAMPAIGN, "campaign_words", 1)
    assert ncs.responses(study).iloc[0][["n_campaigns", "n_in_campaigns"]].tolist() == [1, 2]


def test_no_responses_are_no_rows(tmp_path):
    study = ncs.load_study(study_folder(tmp_path / "none"))
    assert ncs.responses(study).empty
    assert same_answers(study).empty
    assert response_topics(study).empty


def test_topics_of_responses_close_where_each_has_one(tmp_path):
    study = responses(tmp_path, "a a", "b b", "c c", "", codings="s1 travel\ns2 cost\ns1 travel")
    rows = response_topics(study)
    assert rows[["category", "n", "question_total"]].to_numpy().tolist() == [
        ["Cost", 1, 3],
        ["Travel", 1, 3],
        ["No topic given", 1, 3],
    ]


def test_topics_of_responses_do_not_close_where_one_has_several(tmp_path):
    rows = response_topics(responses(tmp_path, "a a", "b b", codings="s1 travel\ns1 cost\ns2 cost"))
    assert rows[["category", "n", "share"]].to_numpy().tolist() == [["Cost", 2, 1.0], ["Travel", 1, 0.5]]
    assert set(rows["reason"]) == {SEVERAL.replace("comment", "response")}


@given(st.text())
def test_squeezing_twice_changes_nothing_more(answer):
    assert squeezed(squeezed(answer)) == squeezed(answer)
    assert squeezed(f"  {answer} ") == squeezed(answer)


def test_responses_are_told_with_both_numbers(tmp_path):
    words = ["Keep the ferry"] * 12 + ["a a", "b b"]
    held = ncs.responses(responses(tmp_path, *words, codings="s1 travel\ns1 cost"))
    (said,), (counted, topics) = ncs.say(held), ncs.table(held)
    assert said.sentence == (
        "14 responses to 1 question gave 3 different answers. 1 answer of 3 words or more came in 10 times or more, "
        "in 12 responses in all, as in a campaign."
    )
    assert counted.cells().iloc[0].tolist() == ["Ferry?", "14", "0", "3", "1", "12"]
    # 14 responses carry no percentage, and one response has two topics
    assert topics.cells()["Share %"].tolist() == ["[x]", "[x]"]
    assert topics.note == "A response may have several topics, so the shares do not add to 100%."


def test_a_study_without_responses_tells_of_none(published):
    held = ncs.responses(published)
    assert ncs.say(held) == ncs.table(held) == []
