"""What people new to the program bring and type: each a file, or a call, that can be counted by hand."""

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from builders import AREAS, brought, sheet, study_folder
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.ingest.document import read_document
from ncsresearch.ingest.transcript import read_transcript_file
from ncsresearch.schema import CallError, StudyError, nearest, one_of
from ncsresearch.study import read_texts
from test_cli import ncsresearch

ANSWERS = [
    "The bus was late again this morning.",
    "I walk home when it does not come.",
    "They ring me the day before, which helps.",
    "Aye.",
    "Nobody had asked me that until today.",
]


def talk(answers: list[str]) -> str:
    return "Area: North\n\n" + "".join(
        f"INT: What about question {n}?\nMoira: {words}\n" for n, words in enumerate(answers)
    )


@pytest.fixture
def bring(tmp_path):
    new_study(tmp_path / "study")

    def into(**files: str):
        paths = [tmp_path / f"{name}.txt" for name in files]
        for path, text in zip(paths, files.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        return import_files(paths, tmp_path / "study")

    return into


def interviews(tmp_path) -> list[str]:
    return read_texts(tmp_path / "study")["interviews"]["interview_id"].tolist()


# the same interview under another name


def test_the_same_words_under_another_name_are_one_interview_and_said(bring, tmp_path):
    bring(talk=talk(ANSWERS))
    (again,) = bring(renamed=talk(ANSWERS))
    assert interviews(tmp_path) == ["talk"]
    assert again.remarks == ["has the words of documents that other files gave, and adds none: talk"]
    (once_more,) = bring(renamed=talk(ANSWERS))
    assert once_more.remarks == [] and not once_more.changes


@pytest.mark.parametrize("together", [False, True])
def test_a_corrected_interview_under_another_name_is_refused(bring, tmp_path, together):
    files = {"talk": talk(ANSWERS), "talk_v2": talk([*ANSWERS[:4], "Nobody has asked me that until now."])}
    if not together:
        bring(talk=files.pop("talk"))
    with pytest.raises(StudyError) as refused:
        bring(**files)
    one, other = ("talk.txt", "talk_v2.txt") if together else ("talk_v2.txt", "talk.txt")
    assert str(refused.value) == (
        f"{one}: 3 of its 4 longer answers are those of {other}, expected another interview. If it is a newer version of that, "
        "give it the same name."
    )
    assert interviews(tmp_path) == ([] if together else ["talk"])


def test_other_answers_to_the_same_questions_are_another_interview(bring, tmp_path):
    bring(
        talk=talk(ANSWERS),
        other=talk([*ANSWERS[:2], "I go by car and it is no bother.", "Aye.", "A long day, that one was."]),
    )
    assert interviews(tmp_path) == ["other", "talk"]


# headings of a table


SPOKEN = [
    ["0:00", "Ann", "How is it?"],
    ["0:10", "Bo", "Late."],
    ["0:20", "Ann", "And now?"],
    ["0:30", "Bo", "I walk."],
]
TITLES = ["Time", "Speaker", "Words"]


@pytest.mark.parametrize("n_columns", [2, 3])
@pytest.mark.parametrize(
    "rows",
    [
        [TITLES, *SPOKEN],
        [TITLES, ["min:sec", "initials", "verbatim"], *SPOKEN],
        [["Start", "Name", "Response"], *SPOKEN],
        [TITLES, *SPOKEN[:2], TITLES, *SPOKEN[2:]],
    ],
    ids=["one row", "two rows", "other words", "again on the next page"],
)
def test_headings_of_a_conversation_in_a_table_are_nobody_and_no_attribute(tmp_path, rows, n_columns):
    document = docx.Document()
    document.add_paragraph("Area: North")
    table = document.add_table(rows=0, cols=n_columns)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row[3 - n_columns :], strict=True):
            cell.text = words
    document.save(tmp_path / "talk.docx")
    tables = read_transcript_file(tmp_path / "talk.docx").tables
    assert tables["turns"]["speaker"].tolist() == ["Ann", "Bo", "Ann", "Bo"]
    assert "attributes" not in tables


@pytest.mark.parametrize(
    "lines",
    [
        ["Q1,Q2", "How easy is it?,Which bus?", "Easy,42", "Hard,42", "Easy,7"],
        ["Q1,Q2", 'How easy is it?,"Please name, if any, the bus"', "Easy,42", "Hard,42", "Easy,7"],
    ],
)
def test_a_second_row_that_words_numbered_questions_answers_nothing(tmp_path, lines):
    tables = brought(sheet(tmp_path, *lines))
    assert tables["survey_answers"]["respondent_id"].nunique() == 3
    assert tables["survey_items"]["label"].iloc[0] == "How easy is it?"


def test_headings_that_come_again_in_joined_sheets_are_no_row(tmp_path):
    tables = brought(sheet(tmp_path, "Participant,Age", "P1,30", "Participant,Age", "P2,40"))
    assert tables["participants"]["participant_id"].tolist() == ["P1", "P2"]
    assert tables["attributes"]["value"].tolist() == ["30", "40"]


# numbered paragraphs of Word


@pytest.fixture
def numbered(tmp_path):
    """A group interview whose paragraphs Word numbers, from 1 and anew in its second part."""
    document = docx.Document()
    document.add_paragraph("Area: North")
    numbering = document.part.numbering_part.element
    anew = f'<w:num {nsdecls("w")} w:numId="99"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    numbering.append(parse_xml(anew))
    said = [
        "INT: How was it?",
        "R1: The bus was late.",
        "R2: It was fine for me.",
        "",
        "INT: And now?",
        "R1: I walk.",
    ]
    for words in said:
        document.add_paragraph(words, style="List Number")
    document.add_paragraph("Part two")
    for words in ["INT: Anything else?", "R2: No, nothing."]:
        own = document.add_paragraph(words, style="List Number")._p.get_or_add_pPr().get_or_add_numPr()
        own.get_or_add_numId().val = 99
    document.add_paragraph("a point", style="List Bullet")
    document.save(tmp_path / "talk.docx")
    return tmp_path / "talk.docx"


def test_numbers_that_word_writes_before_paragraphs_are_read(numbered):
    assert read_document(numbered).text.split("\n") == [
        "Area: North",
        "1. INT: How was it?",
        "2. R1: The bus was late.",
        "3. R2: It was fine for me.",
        "5. INT: And now?",
        "6. R1: I walk.",
        "Part two",
        "1. INT: Anything else?",
        "2. R2: No, nothing.",
        "• a point",
    ]


def test_who_speaks_in_numbered_paragraphs_withdraws_from_the_word_file_too(numbered, tmp_path):
    study = tmp_path / "study"
    new_study(study)
    (study / "raw").mkdir()
    numbered.rename(study / "raw" / "talk.docx")
    import_files([study / "raw"], study)
    withdraw("R1", study)
    left = [paragraph.text for paragraph in docx.Document(study / "raw" / "talk.docx").paragraphs]
    assert not {"R1: The bus was late.", "R1: I walk."} & {*left}
    assert "R2: It was fine for me." in left
    assert "2. [withdrawn]" not in (study / "texts" / "talk.txt").read_text("utf-8")


# calls


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["import", "scan.png"], "scan.png: there is no such file or folder.\n"),
        (["import", "talk.mp3"], "talk.mp3: no reader for '.mp3' files; known: "),
        (["import", "talk.txt", "--interviewer", "Ann"], "--interviewer: no transcript has a speaker 'Ann'.\n"),
        (["import", "people.csv", "--map", "Nam=participant"], "--map: no file has a column 'Nam'; columns: Age, Name.\n"),
        (["import", "people.csv", "--map", "Name=person"], "people.csv: There is no field 'person'; known: participant, "),
        (["run", "STUDY", "--area", "nort"], "Did you mean 'north'?\n"),
        (["run", "STUDY", "--chapter", "themes"], "Did you mean '02_themes'?\n"),
        (["run", "STUDY", "--client-group", "womn"], "Did you mean 'women'?\n"),
        (["run", "STUDY", "--area-type", "ruralish"], "There is no area type 'ruralish'; known: rural, urban, "),
        (["check", "nowhere"], "nowhere is not a study folder: it has no study.toml.\n"),
        (["new", "STUDY"], "small: is there already; choose a name that is free.\n"),
        (["withdraw", "Ann", "--from", "STUDY"], "There is no participant 'Ann' in small.\n"),
        (["export", "STUDY", "x.foo"], "x.foo: no writer for '.foo' files; known: .qdpx, .qdc, .xlsx, .csv.\n"),
        (["checklist", "STUDY", "x.docx", "--name", "COREK"], "Did you mean 'COREQ'?\n"),
        (["vet", "nowhere"], "nowhere: there is no such folder of outputs.\n"),
    ],
)  # fmt: skip
def test_what_is_asked_for_and_is_not_there_is_a_wrong_call(tmp_path, arguments, message):
    study_folder(tmp_path / "small", areas=AREAS)
    for name, words in {"talk.mp3": "x", "talk.txt": talk(ANSWERS), "people.csv": "Name,Age\nJo,3\n"}.items():
        (tmp_path / name).write_text(words)
    into = ["--into", "small"] if arguments[0] == "import" else []
    asked = ["small" if each == "STUDY" else each for each in arguments]
    code, out, err = ncsresearch(*asked, *into, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_a_setting_that_is_none_is_a_fault_of_the_material(tmp_path):
    folder = study_folder(tmp_path / "small", areas=AREAS)
    settings = (folder / "study.toml").read_text("utf-8")
    (folder / "study.toml").write_text(f"acess = 'public'\n{settings}", encoding="utf-8")
    code, _, err = ncsresearch("check", str(folder))
    assert (code, err.rpartition(". ")[2]) == (1, "Did you mean 'access'?\n")


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("travl", "travel_and_distance"),
        ("TRAVEL_AND_DISTANCE", "travel_and_distance"),
        ("womn", "women"),
        ("x", ""),
    ],
)
def test_what_is_nearest_is_found_by_one_of_its_words_too(asked, near):
    assert nearest(asked, ["women", "travel_and_distance", "client_voice"]) == near


def test_the_kind_of_area_that_is_nearest_to_a_word(tmp_path):
    folder = study_folder(
        tmp_path / "small", areas="area_id,name,area_type\nnorth,North,rural\nsouth,South,urban\n"
    )
    _, out, _ = ncsresearch("check", str(folder))
    assert "Nearest: 'rural_unspecified'." in out
    assert "Nearest: 'urban_unspecified'." in out


def test_where_nothing_is_known_the_error_says_so():
    with pytest.raises(CallError) as refused:
        one_of("client group", "women", [], of="small")
    assert str(refused.value) == "There is no client group 'women' in the study small; there is none."


# lists of people


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Interview mode", ("Telephone", "In person")),
        ("Date of interview", ("2024-03-04", "2024-03-04")),
        ("Interview length (minutes)", ("41", "40")),
        ("Interview location", ("the hall", "at home")),
        ("Interview", ("2024-03-04", "2024-03-04")),
        ("Date interviewed", ("4/3/24", "5/3/24")),
        ("Interviewed?", ("yes", "no")),
        ("Consent form signed?", ("yes", "yes")),
        ("Gender?", ("female", "male")),
        ("Has children?", ("yes", "no")),
        ("Transcript checked", ("2024-03-04", "2024-03-05")),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_a_list_says_of_an_interview_or_of_consent_makes_no_interview_and_no_survey(
    tmp_path, heading, cells, first
):
    def line(more, who):
        return f"{more},{who}" if first else f"{who},{more}"

    lines = [
        line(more, who) for more, who in zip(cells, ("Ann,Staff,North", "Bob,Clients,South"), strict=True)
    ]
    tables = brought(sheet(tmp_path, line(heading, "Name,Role,Area"), *lines))
    assert tables.keys() == {"areas", "participants", "attributes"}
    people = tables["participants"][["participant_id", "area_id", "participant_group"]]
    assert people.values.tolist() == [["Ann", "North", "Staff"], ["Bob", "South", "Clients"]]
    assert tables["attributes"]["value"].tolist() == [*cells]


def test_consent_in_a_list_of_numbers_makes_no_survey_and_in_one_of_respondents_does(tmp_path):
    people, form = (
        brought(sheet(tmp_path, f"{who},Group,Consent given?", "P1,Staff,yes", "P2,Staff,no"))
        for who in ("Participant ID", "Respondent ID")
    )
    assert "survey_answers" not in people and "survey_answers" in form


@pytest.mark.parametrize("heading", ["Interview number", "Interview ID", "Which interview"])
def test_the_number_of_an_interview_is_its_id(tmp_path, heading):
    tables = brought(sheet(tmp_path, f"Name,Role,{heading}", "Ann,Staff,1", "Bob,Clients,1"))
    assert tables["interviews"]["interview_id"].unique().tolist() == ["1"]


@pytest.mark.parametrize("heading", ["Do you consent?", "Are you in a rural or urban area?", "Q1 ok?"])
def test_a_form_that_asks_who_fills_it_in_stays_a_survey(tmp_path, heading):
    assert "survey_answers" in brought(
        sheet(tmp_path, f"Participant,Group,{heading}", "Ann,Staff,yes", "Bob,Staff,no")
    )


def test_rural_or_urban_of_a_list_is_the_type_of_each_area(tmp_path):
    tables = brought(
        sheet(
            tmp_path,
            "Name,Role,Where based,Rural or urban?",
            "Ann,Staff,North,rural",
            "Bob,Staff,South,urban",
        )
    )
    assert tables["areas"]["area_type"].tolist() == ["rural_unspecified", "urban_unspecified"]


TWO = {
    f"{name}__txt": f"I: How is it?\nP1: Late in {name}, always.\nI: And?\nP1: No more in {name}.\n"
    for name in ("North", "South")
}


def brought_together(tmp_path, **files: str):
    new_study(tmp_path / "study")
    paths = [tmp_path / name.replace("__", ".") for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    done = import_files(paths, tmp_path / "study")
    return read_texts(tmp_path / "study"), [remark for each in done for remark in each.remarks]


@pytest.mark.parametrize("file", ["File", "Interview"])
@pytest.mark.parametrize("label", ["Speaker", "Participant"])
def test_p1_of_two_files_with_other_groups_is_two_people(tmp_path, file, label):
    people = f"{file},{label},Group,Area\nNorth,P1,Clients,Leith\nSouth,P1,Staff,Wick\n"
    tables, remarks = brought_together(tmp_path, people__csv=people, **TWO)
    kept = tables["participants"][["participant_id", "area_id", "participant_group"]].values.tolist()
    assert kept == [["North_P1", "leith", "Clients"], ["South_P1", "wick", "Staff"]]
    assert tables["attendances"].values.tolist() == [["North", "North_P1"], ["South", "South_P1"]]
    assert not [remark for remark in remarks if remark.startswith(("people", "documents"))]


def test_a_list_with_the_label_beside_the_name_names_who_speaks(tmp_path):
    people = "Transcript,Label,Name,Role\nNorth.txt,P1,Anna,Clients\nSouth.txt,P1,Bert,Staff\n"
    tables, _ = brought_together(tmp_path, people__csv=people, **TWO)
    assert tables["participants"]["participant_id"].tolist() == ["Anna", "Bert"]
    assert tables["turns"]["participant_id"].dropna().unique().tolist() == ["Anna", "Bert"]


def test_a_file_of_a_list_without_a_transcript_is_named_with_the_nearest(tmp_path):
    people = "Document,Participant,Group\nNorth,Anna,Clients\nSowth,Bert,Staff\n"
    _, remarks = brought_together(tmp_path, people__csv=people, **TWO)
    assert remarks[-2:] == [
        "people: 1 speak and are on no list: South",
        "documents: 1 that a table names have no transcript here: sowth (nearest: south)",
    ]
