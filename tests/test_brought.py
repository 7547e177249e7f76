"""What people bring, in layouts of public exports and reports; every person, place and word in them is made up.

Each docstring names the export or the report whose layout the file of its test follows.
"""

import json

import pandas as pd
import pytest

from ncsresearch.exchange.import_files import Imported, import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.ingest.files import read_file
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study, read_texts


@pytest.fixture
def bring(tmp_path):
    """Import files, given as text by their names, into one study; returns what became of each."""
    new_study(tmp_path / "study")

    def into(maps=(), **files: str) -> list[Imported]:
        paths = [tmp_path / name.replace("__", ".") for name in files]
        for path, text in zip(paths, files.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        return import_files(paths, tmp_path / "study", maps=list(maps))

    return into


def tables(tmp_path) -> dict[str, pd.DataFrame]:
    return read_texts(tmp_path / "study")


def notes(imported: Imported, kind: str) -> list[str]:
    return [line.note for line in imported.file.account if line.kind == kind]


# --map, remembered

PEOPLE = "Who,Where,Role\nAna,North,staff\nBen,South,staff\n"
GIVEN = "column read as --map gave it before"


def test_a_map_is_used_again_for_the_same_headings_and_a_corrected_one_replaces_it(bring, tmp_path):
    """A list of people of one's own, as case study reports have it in an appendix."""
    bring(["Who=participant", "Where=area"], people__csv=PEOPLE)
    (again,) = bring(more__csv=PEOPLE.replace("Ana", "Cat"))
    assert notes(again, GIVEN) == ["Who = participant; Where = area"]
    assert tables(tmp_path)["participants"]["area_id"].tolist() == ["north", "south", "north"]
    assert tables(tmp_path)["attributes"]["name"].tolist() == ["Role"] * 3
    bring(["Role=group"], people__csv=PEOPLE)
    (third,) = bring(third__csv=PEOPLE)
    assert notes(third, GIVEN) == ["Who = participant; Where = area; Role = group"]
    assert tables(tmp_path)["attributes"]["owner_id"].tolist() == ["Cat"]  # only what more.csv says
    kept = json.loads((tmp_path / "study" / "imports.json").read_text("utf-8"))["third.csv"]["map"]
    assert kept["fields"] == {"Who": "participant", "Where": "area", "Role": "group"}


def test_a_field_given_to_another_column_is_taken_from_the_first(bring, tmp_path):
    """A list of people of one's own with two columns that name them."""
    lines = "Alias,Real,Where\na1,Ana,North\nb1,Ben,South\n"
    bring(["Real=participant"], people__csv=lines)
    bring(["Alias=participant"], people2__csv=lines)
    assert tables(tmp_path)["participants"]["participant_id"].tolist() == ["Ana", "Ben", "a1", "b1"]


def test_a_map_of_a_newer_version_with_more_columns_is_that_of_its_name(bring, tmp_path):
    """A list of people of one's own that has grown by a column; the interviewer of a transcript is known by its name too."""
    bring(["Who=participant"], people__csv=PEOPLE)
    (newer,) = bring(people__csv=PEOPLE.replace("\n", ",x\n"))
    assert notes(newer, GIVEN) == ["Who = participant"]
    talk = "Jo Ross: The bus.\nAda: Yes.\nJo Ross: The train.\nAda: No, it was late?\n"
    bring(["Jo Ross=interviewer"], talk__txt=talk)
    (newer,) = bring(talk__txt=talk + "Jo Ross: The boat.\n")
    assert notes(newer, GIVEN) == ["Jo Ross = interviewer"]
    kept = json.loads((tmp_path / "study" / "imports.json").read_text("utf-8"))["talk.txt"]["map"]
    assert kept["columns"] == []  # speakers are no headings


def test_a_question_that_a_corrected_map_makes_an_attribute_is_no_question(bring, tmp_path):
    """A survey of one's own, a row a respondent."""
    lines = "ID,Q1 ok?,Tea\nr1,Yes,Ja\nr2,No,Nei\n"
    bring(["Tea=question"], tea__csv=lines)
    assert len(tables(tmp_path)["survey_answers"]) == 4
    bring(["Tea=attribute"], tea__csv=lines)
    now = tables(tmp_path)
    assert now["survey_items"]["label"].tolist() == ["Q1 ok?"]
    assert now["survey_answers"]["answer"].tolist() == ["Yes", "No"]
    assert now["attributes"]["value"].tolist() == ["Ja", "Nei"]
    bring(["Tea=leave out"], tea__csv=lines)
    assert tables(tmp_path)["attributes"].empty


SHOWN = (
    "its columns show neither people (participant), interviews (interview), a codebook (code, definition), coded segments "
    "(text, code), coded responses (text and a column a theme) nor survey answers; say what they are with --map column=field. "
)


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        (
            PEOPLE,
            "They may be: Who (participant), Where (area), Role (group). If that is right: --map 'Who'=participant "
            "--map 'Where'=area --map 'Role'=group.",
        ),
        (
            "Pupil,Year,Said\nAna,7,we walked there and back\nBen,8,no\n",
            "They may be: Pupil (participant), Year (unsure), Said (text). If that is right: --map 'Pupil'=participant "
            "--map 'Said'=text.",
        ),
        (
            "Name,Area,Area type\nAna,North,rural\nBen,North,rural\nCat,South,urban\n",
            "They may be: Name (participant), Area (area), Area type (area type). If that is right: --map 'Name'=participant.",
        ),
        (
            "Speaker,Interview\nAna,I1\nBen,I1\n",
            "They may be: Speaker (participant), Interview (interview). If that is right: --map 'Speaker'=participant.",
        ),
    ],
)
def test_columns_that_are_unsure_are_refused_with_what_they_may_be_and_the_line_that_says_so(bring, lines, asked):
    """Lists of people of one's own: of a table of participants in a report, a class list, a sampling frame, a diary of interviews."""
    with pytest.raises(StudyError) as refused:
        bring(people__csv=lines)
    assert str(refused.value) == f"people.csv: {SHOWN}{asked}"
    line = asked.removesuffix(".").partition("If that is right: ")[2]
    bring([pair.strip().replace("'", "") for pair in line.split("--map ")[1:]], people__csv=lines)
