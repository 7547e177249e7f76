"""A small survey briefing written for these tests; everything in it is made up."""

import pandas as pd
import pytest

from ncsresearch import StudyError
from ncsresearch.ingest.document import Document, read_document
from survey_briefing import read_survey_briefing

PAPER = """The plan is 1 to 2. (Rope Report, Moor, Knot. 2016)
1. Rope
• 30% of learning is formal. • 70% learning by doing.
1. Knots
Knots, launched in June 2016 and then adapted in May 2016.
There were responses from 50 parents, combining the top ‘agree’ and ‘strongly agree’ as one.
• 82% of parents liked rope,
• 4% said knots hold.
Two surveys administered in July 2016 agreed.
(Rope Report, Moor, Knott. 2016)
"""


def paper(text: str = PAPER) -> dict[str, pd.DataFrame]:
    return read_survey_briefing(Document("rope.txt", "", text.strip()), document_id="r", area_id="north")


def test_items_have_a_percentage_and_the_base_of_the_survey():
    rows = paper()["survey_items"]
    assert list(rows["percent"]) == [82.0, 4.0]
    assert set(rows["base"]) == {50}
    assert set(rows["positive_values"]) == {"agree;strongly agree"}


def test_what_can_be_checked_is_recorded():
    inputs = paper()["published_values"].set_index("rule")["inputs"]
    assert inputs["cited from elsewhere"] == "Rope Report 2016"
    assert inputs["one spelling"] == "Knot;Knott;Moor"
    assert inputs["numbered in order"] == "1;1"
    assert inputs["in order"] == "2016-06;2016-05"
    assert inputs["sum"] == "30;70"


@pytest.mark.parametrize(
    ("without", "gap"),
    [
        ("responses from 50 parents", "number of responses and the answers combined"),
        ("% ", "list of percentages"),
        ("Rope Report", "source cited after the percentages"),
    ],
)
def test_another_paper_is_refused_with_what_was_missing(without, gap):
    with pytest.raises(StudyError) as raised:
        paper(PAPER.replace(without, ""))
    assert str(raised.value) == f"rope.txt: is not a survey briefing: found no {gap}."


def test_the_published_paper(sources, facts):
    read = read_survey_briefing(
        read_document(sources / "wokingham-innovations-programme.txt"), document_id="wok"
    )
    taken = pd.read_csv(facts / "wok_parent_survey.csv")
    assert list(read["survey_items"]["percent"]) == list(taken["published_percent"])
    assert set(read["survey_items"]["base"]) == {238}
