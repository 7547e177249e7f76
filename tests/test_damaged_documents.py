"""A damaged document is read or refused in one sentence, whichever lines it has lost; it never ends in a traceback."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspection import read_inspection
from ncsresearch import StudyError
from ncsresearch.ingest.document import Document
from research_chapter import read_research_chapter
from staff_consultation import read_staff_consultation
from survey_briefing import read_survey_briefing
from test_inspection import PAPER as INSPECTION
from test_research_chapter import CHAPTER
from test_staff_consultation import PAPER as CONSULTATION
from test_survey_briefing import PAPER as BRIEFING

READERS = {
    "chapter": (read_research_chapter, CHAPTER),
    "consultation": (read_staff_consultation, CONSULTATION),
    "inspection": (read_inspection, INSPECTION),
    "briefing": (read_survey_briefing, BRIEFING),
}


def damaged(text: str, data) -> str:
    """The text without some lines, with some repeated, and cut off somewhere; a normal text has no empty line."""
    lines = text.strip("\n").split("\n")
    kept = data.draw(st.lists(st.sampled_from(range(len(lines))), max_size=len(lines)).map(sorted))
    text = "\n".join(lines[place] for place in kept) if data.draw(st.booleans()) else "\n".join(lines)
    gone = data.draw(st.sampled_from(["", "\t", "•", "“", "”", "(", "%", "1", "Question", "(KM", "20"]))
    text = text.replace(gone, "", data.draw(st.integers(1, 3))) if gone else text
    text = text[: data.draw(st.integers(0, len(text)))] if data.draw(st.booleans()) else text
    return "\n".join(line for line in text.split("\n") if line.strip())


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=300, derandomize=True)
@given(data=st.data())
def test_a_damaged_document_is_read_or_refused(name, data):
    read, text = READERS[name]
    document = Document("damaged.txt", "", damaged(text, data))
    try:
        tables = read(document, document_id="d")
    except StudyError as error:
        assert str(error).startswith("damaged.txt: ")
        assert "\n" not in str(error)
    else:
        assert all(len(rows.columns) or rows.empty for rows in tables.values())
