"""Names and headings that differ stay two."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import study_from
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.ingest.imported_file import LONGEST_ID, slug
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study

TALK = "Interviewer: How do you get there?\n{who}: By bus.\nInterviewer: And?\n{who}: Line {n} is late.\n"


@pytest.mark.parametrize(
    ("labels", "named", "people"),
    [
        (("P1", "P2"), ("P1", "P2"), ["P1", "P2"]),
        (("A", "A"), ("Ava", "P2"), ["Ava", "P2"]),
        # the first of each, or one: nobody says
        (("P1", "P1"), ("P1", "P1"), ["Interview_1", "Interview_2", "P1"]),
    ],
)
@pytest.mark.parametrize("first", ["talks", "coded"])
def test_who_speaks_is_the_person_whom_a_table_names(tmp_path, labels, named, people, first):
    rows = [f"Interview {n},{who},By bus.,Travel" for n, who in enumerate(named, 1)]
    coded = tmp_path / "coded.csv"
    coded.write_text("\n".join(["Interview,Participant,Quote,Code", *rows]) + "\n", encoding="utf-8")
    talks = [tmp_path / f"Interview {n}.txt" for n in (1, 2)]
    for n, (path, who) in enumerate(zip(talks, labels, strict=True), 1):
        path.write_text(TALK.format(who=who, n=n), encoding="utf-8")
    new_study(tmp_path / "study")
    for files in ([*talks], [coded])[:: 1 if first == "talks" else -1]:
        import_files(files, tmp_path / "study")
    study = load_study(tmp_path / "study")
    assert sorted(study.participants["participant_id"]) == people
    (again, _) = import_files(talks, tmp_path / "study")
    assert again.changes == {}
    spoke = study.turns.loc[study.turns["role"].eq("respondent"), "participant_id"]
    assert sorted(spoke.unique()) == people[:2]


def test_people_and_areas_of_any_script_stay_apart(tmp_path):
    study = study_from(
        tmp_path, people="Participant,Area\nАнна,Север\nБорис,Юг\nВера,Юг\nŁada,Łódź\nAda,Lodz\n"
    )
    assert list(study.participants["participant_id"]) == ["Анна", "Борис", "Вера", "Łada", "Ada"]
    assert list(study.areas["area_id"]) == ["север", "юг", "łódź", "lodz"]


def test_questions_that_begin_alike_are_two(tmp_path):
    asked = "Q5. To what extent do you agree or disagree with each of the following? "
    study = study_from(
        tmp_path, grid=f"ID,{asked}[I feel safe],{asked}[I am heard]\nr1,Agree,Disagree\nr2,Agree,Agree\n"
    )
    assert len(study.survey_items) == 2
    assert study.survey_answers.groupby("item_id", sort=False)["answer"].agg(list).tolist() == [
        ["Agree", "Agree"],
        ["Disagree", "Agree"],
    ]


def test_a_question_whose_id_was_made_otherwise_is_known_by_its_words(tmp_path):
    study = study_from(tmp_path, grid="ID,Q1 Är du trygg?\nr1,Ja\nr2,Nej\n")
    assert study.survey_items["item_id"].tolist() == ["q1_är_du_trygg"]
    for name in ("survey_items", "survey_answers", "origins"):
        path = tmp_path / "study" / f"{name}.csv"
        path.write_text(path.read_text("utf-8").replace("q1_är_du_trygg", "q1_ar_du_trygg"), encoding="utf-8")
    import_files([tmp_path / "grid.csv"], tmp_path / "study")
    again = load_study(tmp_path / "study")
    assert again.survey_items["item_id"].tolist() == ["q1_ar_du_trygg"]
    assert len(again.survey_answers) == 2


def test_a_comma_inside_a_heading_divides_no_columns(tmp_path):
    study = study_from(tmp_path, export='id;"Q1. How far, if at all, do you agree?"\nR1;Yes\nR2;No\nR3;Yes\n')
    assert study.survey_items["label"].tolist() == ["Q1. How far, if at all, do you agree?"]
    assert study.survey_answers["answer"].tolist() == ["Yes", "No", "Yes"]


def test_the_same_words_at_two_places_are_two_passages(tmp_path):
    rows = "A1,Yes.,transport,10,14\nA1,Yes.,transport,80,84\nA1,Yes.,contact,200,204\n"
    study = study_from(tmp_path, coded=f"Document,Segment,Code,Start,End\n{rows}")
    assert len(study.segments) == len(study.codings) == 3


LETTERS = st.text(st.characters(categories=["L", "Mn", "Mc", "Nd"]), min_size=1, max_size=90)


@given(LETTERS, LETTERS)
def test_two_names_have_one_id_only_if_they_are_one_name(one, other):
    same = [
        unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", each).casefold()) for each in (one, other)
    ]
    if same[0].split() != same[1].split():
        assert slug(one) != slug(other)
    assert len(slug(one)) <= LONGEST_ID


def test_a_row_without_an_answer_is_nobody(tmp_path):
    study = study_from(tmp_path, survey="ID,Group,Q1 Safe?\nr1,x,Yes\nr2,y,\nr3,x,No\n")
    assert study.survey_answers["respondent_id"].tolist() == ["r1", "r3"]


def test_a_respondent_twice_is_refused_by_row_and_nobody_is_named(tmp_path):
    with pytest.raises(StudyError) as raised:
        study_from(tmp_path, survey="ID,Q1 Safe?\nr1,Yes\nr2,No\nr1,No\n")
    assert str(raised.value) == (
        "survey.csv: rows 2 and 4 have the same respondent in 'ID', expected a row each; if another names waves of the survey: "
        "--map COLUMN=wave; if the column is no id of who answers: --map 'ID'=attribute."
    )


def test_of_two_columns_that_could_be_the_person_the_one_of_most_names_is(tmp_path):
    study = study_from(tmp_path, survey="ID,Case,Q1 Safe?\nr1,c1,Yes\nr2,c1,No\nr3,c2,No\n")
    assert study.survey_answers["respondent_id"].tolist() == ["r1", "r2", "r3"]
    assert set(study.attributes["name"]) == {"Case"}


def test_of_coded_passages_a_running_number_is_nobody(tmp_path):
    study = study_from(tmp_path, coded="ID,Person,Quote,Code\n1,Ana,No bus.,cost\n2,Ana,A long way.,cost\n")
    assert study.participants["participant_id"].tolist() == ["Ana"]


def test_a_column_is_a_question_because_a_person_says_so(tmp_path):
    long = "The staff who came to see me listened to everything that I had to say"
    new_study(tmp_path / "study")
    (tmp_path / "tea.csv").write_text(f"id,Tea [One],{long}\nr1,Y,Agree\nr2,N,Agree\n", encoding="utf-8")
    import_files([tmp_path / "tea.csv"], tmp_path / "study", maps=["Tea [One]=item", f"{long}=leave out"])
    study = load_study(tmp_path / "study")
    assert study.survey_answers["answer"].tolist() == ["Y", "N"]
    assert study.attributes.empty


def test_codes_of_a_cell_are_divided_by_lines_and_a_comma_is_remarked(tmp_path):
    study = study_from(
        tmp_path, coded='Document,Quote,Codes\nA1,No bus.,"cost\ntime"\nB2,A long way.,"fares, care"\n'
    )
    assert study.codebook["label"].tolist() == ["cost", "time", "fares, care"]
    report = json.loads((tmp_path / "study" / "imports.json").read_text("utf-8"))["coded.csv"]
    (codes,) = [line for line in report["file"] if line["kind"] == "code"]
    assert codes["note"] == (
        "a comma, a slash, or a > before a number within a code, as a semicolon or a new line divides several codes of a cell: fares, care (row 3)"
    )
