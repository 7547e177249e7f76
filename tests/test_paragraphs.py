"""What a paragraph of a document is: the same in every copy of it."""

import shutil
import subprocess

import pandas as pd
import pytest

from builders import as_html
from ncsresearch import StudyError
from ncsresearch.ingest.document import Document, read_document, text_hash
from ncsresearch.ingest.quoted import DOCUMENTS, source_file
from paragraphs import read_paragraphs

PAPER = """A council paper
1. Background
The service has two vans. One is
broken.
Staff said:
• the vans are old
• the drivers are good
• SUMMARY
Buy a van.
"""


def read(text: str, document_id: str = "paper") -> list[tuple]:
    rows = read_paragraphs(Document("paper.txt", "", text.strip()), document_id)
    return list(rows[["paragraph", "section", "n_characters"]].itertuples(index=False, name=None))


def test_headings_and_words_that_lead_on_belong_to_what_follows_and_a_broken_line_goes_on():
    assert read(PAPER) == [
        (1, "1. Background", len("A council paper\n1. Background\nThe service has two vans. One is broken.")),
        (2, "1. Background", len("Staff said:\n• the vans are old")),
        (3, "1. Background", len("• the drivers are good")),
        (4, "SUMMARY", len("• SUMMARY\nBuy a van.")),
    ]


def test_a_paragraph_is_known_by_the_hash_of_its_words():
    rows = read_paragraphs(Document("paper.txt", "", PAPER.strip()), "paper")
    assert rows["text_sha256"].iloc[2] == text_hash("• the drivers are good")


def test_comments_in_one_cell_are_a_paragraph_each_and_the_first_has_its_category():
    text = "Workforce\t❖ 'Good team' ❖ 'Few staff'"
    assert read(text, "sl_consultation") == [
        (1, "", len("Workforce\t❖ 'Good team'")),
        (2, "", len("❖ 'Few staff'")),
    ]


def test_an_inspection_paper_without_its_plan_is_refused():
    with pytest.raises(StudyError) as raised:
        read(PAPER, "wd_inspection")
    assert str(raised.value) == (
        "paper.txt: is not an inspection paper: found no action plan with a column 'Actions for improvement'."
    )


@pytest.mark.parametrize("ending", ["html", "docx"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_published_document_has_the_same_paragraphs_as_a_page_and_in_word(
    sources, tmp_path, name, ending
):
    document = read_document(source_file(sources, name))
    copy = tmp_path / f"{name}.html"
    copy.write_text(as_html(document), encoding="utf-8")
    if ending == "docx":
        if not shutil.which("pandoc"):
            pytest.skip("pandoc is not installed")
        copy = copy.with_suffix(".docx")
        subprocess.run(["pandoc", copy.with_suffix(".html"), "-o", copy], check=True)
    pd.testing.assert_frame_equal(read_paragraphs(read_document(copy), name), read_paragraphs(document, name))
