"""A person takes back consent: no trace of them stays in the study folder, and nobody else loses a word."""

import shutil

import pytest

from conftest import PROJECT
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.exchange.write_study import read_document_texts
from ncsresearch.ingest.document import read_document
from ncsresearch.ingest.workbook import read_sheets
from ncsresearch.schema import StudyError
from ncsresearch.study import check_study, load_study, read_texts
from test_withdrawn import held

TALK = """Interviewer: How is it?
S1: The bus is late.
S2: Rooms are cheap, says S1.
S1: Too cheap.
And cold.
S2: Never.
"""
CODED = """id,document,participant,tag,content
h1,talk,S1,Travel,The bus is late.
h2,talk,S2,Cost,Rooms are cheap
h3,talk,S2,Cost,Never.
"""


@pytest.fixture
def small(tmp_path):
    folder = tmp_path / "small"
    new_study(folder)
    raw = folder / "raw"
    raw.mkdir()
    (raw / "talk.txt").write_text(TALK)
    (raw / "h.csv").write_text(CODED)
    import_files([raw / "talk.txt", raw / "h.csv"], folder)
    return folder


def test_the_person_goes_and_the_others_stay_where_their_words_are(small):
    done = withdraw("S1", small)
    assert check_study(small) == []
    study, text = load_study(small), read_document_texts(small)["talk"]
    assert text == (
        "Interviewer: How is it?\n[withdrawn]\nS2: Rooms are cheap, says [withdrawn].\n[withdrawn]\nS2: Never."
    )
    assert study.participants["participant_id"].tolist() == ["S2"]
    assert [text[row.start : row.end] for row in study.segments.itertuples()] == ["Rooms are cheap", "Never."]
    assert (small / "raw" / "talk.txt").read_text().split("\n")[1:4] == [
        "[withdrawn]",
        "S2: Rooms are cheap, says [withdrawn].",
        "[withdrawn]",
    ]
    assert "S1" not in (small / "raw" / "h.csv").read_text()
    assert done.taken["segments"] == 1
    assert done.rewritten == ["texts/talk.txt", "imports.json", "raw/h.csv", "raw/talk.txt"]
    assert done.left == [
        "the originals, wherever you keep them (h.csv, talk.txt): delete the person there too; importing them again leaves "
        "the person out",
        "outputs made before: delete them and run the study again",
    ]


def test_a_person_who_was_alone_takes_the_interview_with_them(small):
    withdraw("S1", small)
    withdraw("S2", small)
    assert check_study(small) == []
    tables = read_texts(small)
    for name in ("participants", "interviews", "segments", "codings", "turns", "attendances"):
        assert tables[name].empty, name
    assert read_document_texts(small) == {}


def test_an_unknown_person_is_refused_and_nothing_changes(small):
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    with pytest.raises(StudyError) as error:
        withdraw("S22", small)
    assert str(error.value) == "There is no participant 'S22' in small. Did you mean 'S2'?"
    assert {path: path.read_bytes() for path in small.rglob("*") if path.is_file()} == before


def test_no_file_of_the_illustrative_study_names_the_person_or_holds_their_words(tmp_path):
    folder = tmp_path / "illustrative"
    shutil.copytree(PROJECT / "data" / "illustrative", folder)
    study = load_study(folder)
    own = study.segments[study.segments["participant_id"].eq("S03")]
    document = own["document_id"].iloc[0]
    words = [text for text in own["text"] if len(text) > 40]
    withdraw("S03", folder)
    assert check_study(folder) == []
    every = [content.decode("utf-8", "replace") for _, content in held(folder)]
    every.append(read_document(folder / "raw" / "transcripts" / f"{document}.docx").text)
    every += [held.frame.to_csv() for held in read_sheets(folder / "raw" / "participants.xlsx").values()]
    assert len(words) > 5
    for text in every:
        assert "S03" not in text
        assert not any(each in text for each in words)
    assert len(load_study(folder).participants) == 140
