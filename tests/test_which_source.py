"""Which file is a newer version of which: files of one name, names that are alike, and what was said under them."""

import pytest

from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.schema import StudyError
from ncsresearch.study import read_texts

TALK = "Interviewer: How long have you been here?\n{who}: {first}\nInterviewer: And the bus?\n{who}: {last}\n"
ANNA = TALK.format(who="Anna", first="Ten years.", last="It never comes.")
OTHER = TALK.format(who="Anna", first="Two years.", last="It is full.")
CUES = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Jo>Are you well?</v>\n\n00:00:05.000 --> 00:00:09.000\n<v Olek>Cold, as always.</v>\n\n"
    "00:00:10.000 --> 00:00:11.000\n<v Jo>And now?</v>\n"
)
SURVEY = "ID,Do you feel safe?\n1,Yes\n2,No\n3,Yes\n"
OTHERS = "ID,Do you feel safe?\n1,No\n2,No\n3,No\n"
TWO_FOLDERS = (
    "{0}: is in two folders, north and south, expected one file of a name, as a newer version has the name of the former. Rename one, "
    "such as south_{0}, and import both again."
)


@pytest.fixture
def bring(tmp_path):
    """Import files, given as text by their paths, into one study; returns what became of each."""
    new_study(tmp_path / "study")

    def into(files: dict[str, str]):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return import_files([tmp_path / name for name in files], tmp_path / "study")

    return into


@pytest.mark.parametrize(("name", "north", "south"), [("one.txt", ANNA, OTHER), ("a.csv", SURVEY, OTHERS)])
def test_two_files_of_one_name_in_one_call_are_refused(bring, tmp_path, name, north, south):
    with pytest.raises(StudyError) as refused:
        bring({f"north/{name}": north, f"south/{name}": south})
    assert str(refused.value) == TWO_FOLDERS.format(name)
    assert read_texts(tmp_path / "study")["documents"].empty


@pytest.mark.parametrize(
    ("name", "north", "south", "message"),
    [
        (
            "one.txt",
            ANNA,
            OTHER,
            "one.txt: shares hardly a word with the document that the study has from a file of this name, expected a newer version of "
            "it; if it is another document, give the file another name.",
        ),
        (
            "a.csv",
            SURVEY,
            OTHERS,
            "a.csv: most of its numbered respondents answer otherwise than those that the study has from a file of this name, expected "
            "a newer version of it; if it is another survey, give the file another name; of another wave, say --wave NAME.",
        ),
    ],
)
def test_another_file_of_the_same_name_in_a_later_call_is_refused(bring, name, north, south, message):
    bring({f"north/{name}": north})
    with pytest.raises(StudyError) as refused:
        bring({f"south/{name}": south})
    assert str(refused.value) == message


def test_numbered_respondents_of_a_newer_version_may_have_other_answers(bring, tmp_path):
    bring({"v1/a.csv": SURVEY})
    bring({"v2/a.csv": SURVEY.replace("2,No", "2,Yes") + "4,No\n"})
    assert read_texts(tmp_path / "study")["survey_answers"]["answer"].tolist() == ["Yes", "Yes", "Yes", "No"]


@pytest.mark.parametrize(
    "files",
    [
        {
            "Anna 1.txt": ANNA,
            "Anna-1.txt": OTHER,
            "ANNA_1.txt": ANNA.replace("years", "weeks").replace("never", "often"),
        },
        {"anna.txt": ANNA, "anna.vtt": CUES},
        {"focus_leith_anna.txt": ANNA, "later/anna.txt": OTHER},
    ],
)
def test_other_words_under_a_name_that_is_alike_are_another_interview(bring, tmp_path, files):
    for name, text in files.items():
        bring({name: text})
    tables = read_texts(tmp_path / "study")
    assert [len(tables[name]) for name in ("documents", "interviews")] == [len(files)] * 2
    assert tables["turns"]["document_id"].nunique() == len(files)
    assert not any(each.changes for name, text in files.items() for each in bring({name: text}))


def test_who_is_called_after_files_of_names_alike_are_two_people(bring, tmp_path):
    bring({"anna.txt": ANNA.replace("Anna:", "Respondent:")})
    (other,) = bring({"ANNA.txt": OTHER.replace("Anna:", "Respondent:")})
    tables = read_texts(tmp_path / "study")
    assert tables["participants"]["participant_id"].tolist() == ["anna", "anna_2"]
    assert other.remarks == [
        "documents: another of this name, with other words, is in the study: anna is anna_2 here",
    ]


def test_one_interview_at_the_head_of_two_transcripts_is_two_and_said(bring, tmp_path):
    (_, wick) = bring({"leith.txt": f"Interview: 1\n{ANNA}", "wick.txt": f"Interview: 1\n{OTHER}"})
    assert read_texts(tmp_path / "study")["interviews"]["interview_id"].tolist() == ["1", "1_2"]
    assert wick.remarks == [
        "interviews: another of this name, with other words, is in the study: 1 is 1_2 here"
    ]
