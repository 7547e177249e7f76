"""A small consultation paper written for these tests; everything in it is made up."""

import pandas as pd
import pytest

from ncsresearch import StudyError
from ncsresearch.ingest.document import Document, read_document
from staff_consultation import read_staff_consultation

PAPER = """Over two days, 40 staff were invited. Many came by sea and the attendance rate was 50%.
A poll was held with 2 questions asked.
• 60% of respondents did not think the ferry was on time
1. What works well on the ferry, and what is the one thing that should be kept?
This gave 20 recorded comments. The picture shows that ferry emerged in all. Other areas to emerge included: crew; and boats (all of them).
Question 1. What works well on the ferry, and what is the one thing that should be kept.
Of 12 comments received most are on: ferry (6, 50%); and Crew (3, 25%).
Question 2. What is in the way.
There were 8 comments, most on boats (4, 50%).
➤ SUMMARY
Appendix 2 – Consultation comments
1. What works well on the ferry, and what is the first thing that should be kept?
Ferry\t<ul> ❖ <i>'The ferry is a fine thing'</i> ❖ <i>'A fine thing is the ferry'</i>
Crew\t❖ 'Kind people and ...' ❖ 'Good tea'
2. What is in the way?
Boats / Ships\t❖ 'Rust; everywhere'
"""


def paper(text: str = PAPER) -> dict[str, pd.DataFrame]:
    return read_staff_consultation(Document("ferry.txt", "", text.strip()), document_id="f", area_id="north")


def test_counts_by_question_and_category():
    rows = paper()["comment_counts"]
    assert list(rows["category_id"]) == ["f-q1-ferry", "f-q1-crew", "f-q2-boats"]
    assert list(zip(rows["n"], rows["published_percent"], rows["question_total"], strict=True)) == [
        (6, 50.0, 12),
        (3, 25.0, 12),
        (4, 50.0, 8),
    ]


def test_example_comments_without_their_marks():
    read = paper()
    words = [PAPER.strip()[row.start : row.end] for row in read["segments"].itertuples()]
    assert words == [
        "The ferry is a fine thing",
        "A fine thing is the ferry",
        "Kind people and ...",
        "Good tea",
        "Rust; everywhere",
    ]
    assert list(read["segments"]["section"].unique()) == [
        "Question 1: Ferry",
        "Question 1: Crew",
        "Question 2: Boats / Ships",
    ]
    assert list(read["attributes"]["owner_id"]) == ["f-c03"]


def test_comments_with_the_same_words_are_linked():
    links = paper()["links"]
    assert list(zip(links["from_id"], links["to_id"], links["similarity"], strict=True)) == [
        ("f-c01", "f-c02", 1.0)
    ]


def test_poll_results_keep_their_direction_and_the_first_question_has_none():
    rows = paper()["poll_results"]
    assert list(rows["direction"]) == ["profile", "negative"]
    assert rows["percent"].isna().tolist() == [True, False]


def test_totals_topics_and_wordings_are_recorded_to_be_checked():
    values = paper()["published_values"].set_index("statement")
    assert tuple(values.loc["comments recorded in all", ["published", "inputs"]]) == ("20", "12;8")
    assert values.loc["topics named as most discussed", "published"] == "ferry;crew;boats"
    first, same, other = values.loc["wording of question 1", "inputs"].split(";")
    assert first == same != other


@pytest.mark.parametrize(
    ("words", "instead", "gap"),
    [
        ("Other areas to emerge included: crew", "", "list of the topics that emerged"),
        ("Question ", "On ", "headings 'Question 1.' and following"),
        ("8 comments", "many", "total of comments on question 2"),
        ("(4, 50%)", "", "counts for question 2"),
        ("• 60% of respondents did not", "• 60% did not", "percentages of respondents to a poll"),
        ("❖", "", "example comments after ❖"),
        ("40 staff were invited", "", "number of staff invited with an attendance rate"),
        ("with 2 questions asked", "", "number of poll questions"),
    ],
)
def test_another_paper_is_refused_with_what_was_missing(words, instead, gap):
    with pytest.raises(StudyError) as raised:
        paper(PAPER.replace(words, instead))
    assert str(raised.value) == f"ferry.txt: is not a staff consultation paper: found no {gap}."


def test_a_count_for_no_topic_is_refused():
    with pytest.raises(StudyError) as raised:
        paper(PAPER.replace("most on boats", "most on tides"))
    assert (
        str(raised.value)
        == "ferry.txt: counts 'most on tides', which is none of its topics: ferry, crew, boats."
    )


def test_the_published_paper(sources, facts):
    document = read_document(sources / "south-lanarkshire-consultation-2023.txt")
    read = read_staff_consultation(document, document_id="sl", area_id="south_lanarkshire")
    counted = pd.read_csv(facts / "sl_consultation_counts.csv")
    assert list(read["comment_counts"]["n"]) == list(counted["count"])
    assert list(read["comment_counts"]["question_total"]) == list(counted["question_total"])
    assert (len(read["segments"]), read["comment_counts"]["n"].sum()) == (89, 387)
    lengths = pd.read_csv(facts / "sl_example_comments_index.csv")["char_length"]
    difference = (read["segments"]["end"] - read["segments"]["start"]) - lengths
    # comment 48 closes with a semicolon in place of its quotation mark; the reader by hand counted it in
    assert difference[difference.ne(0)].to_dict() == {47: -1}
    polled = (
        pd.read_csv(facts / "sl_opinion_meter.csv")["published_percent"].replace("[x]", None).astype(float)
    )
    pd.testing.assert_series_equal(read["poll_results"]["percent"], polled, check_names=False)
