"""A small chapter written for these tests; everything in it is made up."""

import shutil
import subprocess

import pandas as pd
import pytest

from builders import as_html
from ncsresearch import StudyError
from ncsresearch.ingest.document import Document, read_document
from paragraphs import read_paragraphs
from research_chapter import participant_group, read_research_chapter

CHAPTER = """A title of a report
7. Boats and harbours
Key points
• Boats were liked.
• Harbours were not.
One more point without a mark.
This chapter is about boats.
Mooring
Some said the “rope” was old, and the ‘knots’ didn’t hold.
“I [the skipper] tie … it twice […] near [LOCAL AUTHORITY].” (Client interview 3)
As one put it: "Then he said “go” and we went" (Senior manager / team leaders interview 12)
“It began here
and it ended there.”
(Paraprofessional interview 1)
Suggestions for improvement
• More rope.
Contact
• Not a suggestion.
"""


def chapter(text: str = CHAPTER) -> dict[str, pd.DataFrame]:
    return read_research_chapter(Document("boats.txt", "", text.strip()), document_id="boats")


def passages(kind: str, text: str = CHAPTER) -> list[str]:
    rows = chapter(text)["segments"].query("kind == @kind")
    return [text.strip()[row.start : row.end] for row in rows.itertuples()]


def test_key_points_with_and_without_a_bullet():
    assert passages("key point") == [
        "Boats were liked.",
        "Harbours were not.",
        "One more point without a mark.",
    ]
    bulleted = chapter()["attributes"].query("name == 'bulleted'")["value"]
    assert list(bulleted) == ["yes", "yes", "no"]


def test_quotations_in_curly_and_straight_marks_nested_and_over_lines():
    assert passages("quotation") == [
        "I [the skipper] tie … it twice […] near [LOCAL AUTHORITY].",
        "Then he said “go” and we went",
        "It began here\nand it ended there.",
    ]


def test_attributions_become_groups_and_interviews():
    quoted = chapter()["segments"].query("kind == 'quotation'")["interview_id"]
    assert list(quoted) == ["clients_03", "senior_managers_team_leaders_12", "paraprofessionals_01"]
    interviews = chapter()["interviews"]
    assert list(interviews["participant_group"]) == [
        "Clients",
        "Paraprofessionals",
        "Senior managers / team leaders",
    ]


def test_what_brackets_hold_is_told_apart():
    own = chapter()["attributes"].query("owner_id == 'boats-q01'").set_index("name")["value"].to_dict()
    assert own == {
        "attribution as printed": "Client",
        "opening mark": "curly",
        "words": "11",
        "bracketed omissions": "1",
        "bare ellipses": "1",
        "redactions": "1",
        "insertions": "1",
        "redaction form": "LOCAL AUTHORITY",
    }


def test_quoted_words_in_prose_are_fragments_and_apostrophes_are_not():
    assert passages("fragment") == ["rope", "knots"]


def test_sections_are_the_headings():
    headings = chapter()["attributes"].query("name == 'section'")["value"]
    assert list(headings) == ["Key points", "Mooring", "Suggestions for improvement"]
    assert list(chapter()["segments"]["section"].unique()) == ["Key points", "Mooring"]


@pytest.mark.parametrize(
    ("without", "gap"),
    [
        ("7. Boats and harbours\n", "numbered chapter heading"),
        ("Key points\n", "points under a heading 'Key points'"),
        ("“It began here\nand it ended there.”\n", "quotation before '(Paraprofessional interview 1)'"),
    ],
)
def test_another_document_is_refused_with_what_was_missing(without, gap):
    with pytest.raises(StudyError) as raised:
        chapter(CHAPTER.replace(without, ""))
    assert str(raised.value) == f"boats.txt: is not a research chapter: found no {gap}."


def test_three_spellings_of_one_group_are_one():
    spellings = [
        "Senior managers / team leaders",
        "Senior manager / team leader",
        "Senior manager / team leaders",
    ]
    assert {participant_group(spelling) for spelling in spellings} == {"Senior managers / team leaders"}


def test_an_unknown_group_names_the_nearest():
    with pytest.raises(StudyError) as raised:
        chapter(CHAPTER.replace("(Client interview", "(Clinet interview"))
    assert str(raised.value) == (
        "boats.txt: no participant group 'Clinet'; known: Senior managers / team leaders, Justice social workers, "
        "Paraprofessionals, Wider professional partners, Clients. Did you mean 'Clients'?"
    )


@pytest.mark.parametrize(("number", "found"), [(4, (9, 10)), (6, (7, 14))])
def test_the_published_chapters(sources, number, found):
    document = read_document(sources / f"ncs-justice-social-work-chapter-{number}.txt")
    kinds = read_research_chapter(document, document_id="x")["segments"]["kind"].value_counts()
    assert (kinds["key point"], kinds["quotation"]) == found


@pytest.mark.parametrize("number", [4, 6])
def test_quotations_are_as_long_and_as_marked_as_a_reader_counted(sources, facts, number):
    document = read_document(sources / f"ncs-justice-social-work-chapter-{number}.txt")
    read = read_research_chapter(document, document_id="x")
    quoted = read["segments"].query("kind == 'quotation'").reset_index(drop=True)
    counted = pd.read_csv(facts / "quotes_index.csv").query("chapter == @number").reset_index(drop=True)
    assert list(quoted["end"] - quoted["start"]) == list(counted["char_length"])
    marks = read["attributes"].pivot_table(index="owner_id", columns="name", values="value", aggfunc="first")
    marks = marks.loc[quoted["segment_id"]]
    columns = {
        "words": "word_count",
        "bracketed omissions": "n_bracket_omissions",
        "bare ellipses": "n_plain_ellipses",
        "redactions": "n_redactions",
        "insertions": "n_insertions",
    }
    for name, fact in columns.items():
        assert list(marks[name].astype(int)) == list(counted[fact]), name


@pytest.fixture(scope="module")
def copies(tmp_path_factory, sources):
    """The two chapters saved as HTML, Word and PDF by other programs."""
    for program in ("pandoc", "soffice"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    folder = tmp_path_factory.mktemp("copies")
    for number in (4, 6):
        document = read_document(sources / f"ncs-justice-social-work-chapter-{number}.txt")
        page = folder / f"{number}.html"
        page.write_text(as_html(document), encoding="utf-8")
        subprocess.run(["pandoc", page, "-o", page.with_suffix(".docx")], check=True)
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        convert = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            page.with_suffix(".docx"),
        ]
        subprocess.run(convert, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("ending", ["html", "docx", "pdf"])
@pytest.mark.parametrize("number", [4, 6])
def test_the_same_chapter_in_another_format_reads_the_same(sources, copies, number, ending):
    text = read_document(sources / f"ncs-justice-social-work-chapter-{number}.txt")
    copy = read_document(copies / f"{number}.{ending}")
    expected = read_research_chapter(text, document_id="x")
    found = read_research_chapter(copy, document_id="x")
    for table, rows in expected.items():
        pd.testing.assert_frame_equal(found[table], rows)
    pd.testing.assert_frame_equal(read_paragraphs(copy, "x"), read_paragraphs(text, "x"))
