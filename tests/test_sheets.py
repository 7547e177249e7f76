"""What the columns of a table are, and what its cells say: surveys in the layouts of theirs, names in any script.

Headings follow the tools' own exports (Qualtrics, SurveyMonkey,
LimeSurvey, Microsoft and Google Forms, Citizen Space, SPSS); every person, place and word in them is made up.
"""

import datetime
import unicodedata

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import brought, codings, sheet
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.ingest.fields import NOT_KNOWN, plain
from ncsresearch.ingest.files import read_file
from ncsresearch.ingest.imported_file import same_words
from ncsresearch.ingest.survey_layout import choices
from ncsresearch.ingest.workbook import _framed, _other_sheets, _sheets
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study, read_texts


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (("Bus; Time", "Time"), ["Bus", "Time", "Time"]),
        (("Bus | Time", "Time"), ["Bus", "Time", "Time"]),
        (('"Bus\nTime"', "Time"), ["Bus", "Time", "Time"]),
        (('"Bus, Time"', '"Time, Cost"'), ["Bus", "Time", "Time", "Cost"]),
        (('"Bus, late"', "Cost"), ["Bus, late", "Cost"]),
    ],
)
def test_several_codes_in_one_cell(tmp_path, cells, codes):
    path = sheet(
        tmp_path, "Document,Segment,Codes", *(f"A{n},words {n},{cell}" for n, cell in enumerate(cells))
    )
    assert [code for _, _, code in codings(path)] == codes


def test_the_same_words_at_three_places_are_three_passages(tmp_path):
    rows = [
        f"A1,Yes it is.,{code},{start},{start + 10}"
        for code, start in [("Bus", 10), ("Bus", 80), ("Cost", 200)]
    ]
    segments = brought(sheet(tmp_path, "Document,Segment,Code,Start,End", *rows))["segments"]
    assert segments[["start", "end"]].values.tolist() == [["10", "20"], ["80", "90"], ["200", "210"]]


def test_two_columns_that_could_both_be_a_field_are_refused_with_the_line_that_decides(tmp_path):
    with pytest.raises(StudyError) as refused:
        brought(sheet(tmp_path, "Respondent,Participant,Group", "R1,P1,Staff", "R1,P2,Staff"))
    assert str(refused.value) == (
        "export.csv: the columns 'Respondent' and 'Participant' could both be the participant. Its columns were read as "
        "Respondent = participant; Participant = participant; Group = group. Say which is not, such as "
        "--map 'Participant'=attribute."
    )


# surveys

PEOPLE = [("R1", "Library", "Yes"), ("R2", "Library;Pool", "No"), ("R3", "Pool", "Yes")]
USES, AGREE = "Which services do you use?", "Are you satisfied?"


def ticked(option: str, cell: str, yes: str = "", no: str = "") -> str:
    return (yes or option) if option in cell else no


SURVEYS = {
    "Qualtrics": (
        "ResponseId,IPAddress,Q1,Q2",
        f"Response ID,IP Address,{USES},{AGREE}",
        '"{""ImportId"":""_recordId""}","{""ImportId"":""ipAddress""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"',
        *(f'{who},10.0.0.1,"{uses.replace(";", ",")}",{agrees}' for who, uses, agrees in PEOPLE),
    ),
    "SurveyMonkey": (
        f"Respondent ID,{USES},,{AGREE}",
        ",Library,Pool,Response",
        *(f"{who},{ticked('Library', uses)},{ticked('Pool', uses)},{agrees}" for who, uses, agrees in PEOPLE),
    ),
    "LimeSurvey": (
        f"id. Response ID,{USES} [Library],{USES} [Pool],{AGREE}",
        *(
            f"{n},{ticked('Library', uses, 'Yes', 'No')},{ticked('Pool', uses, 'Yes', 'No')},{agrees}"
            for n, (_, uses, agrees) in enumerate(PEOPLE, 1)
        ),
    ),
    "Microsoft Forms": (
        f"ID,Start time,Completion time,Email,Name,{USES},{AGREE}",
        *(
            f"{n},2024-01-01,2024-01-01,a@b.org,Ann,{uses};,{agrees}"
            for n, (_, uses, agrees) in enumerate(PEOPLE, 1)
        ),
    ),
    "Google Forms": (
        f"Timestamp,Email Address,{USES},{AGREE}",
        *(f'2024/01/01,a@b.org,"{uses.replace(";", ", ")}",{agrees}' for _, uses, agrees in PEOPLE),
    ),
    "Citizen Space": (
        f"Response ID;{USES} - Library;{USES} - Pool;{AGREE}",
        *(f"{who};{ticked('Library', uses)};{ticked('Pool', uses)};{agrees}" for who, uses, agrees in PEOPLE),
    ),
}


def answers_by_label(tables) -> dict[str, list[str]]:
    labels = tables["survey_items"].set_index("item_id")["label"]
    found = tables["survey_answers"].assign(label=tables["survey_answers"]["item_id"].map(labels))
    return found.groupby("label")["answer"].agg(list).to_dict()


@pytest.mark.parametrize("tool", SURVEYS)
def test_a_survey_in_the_layout_of_its_tool(tmp_path, tool):
    tables = brought(sheet(tmp_path, *SURVEYS[tool]))
    assert answers_by_label(tables) == {
        USES: [uses for _, uses, _ in PEOPLE],
        AGREE: [agrees for *_, agrees in PEOPLE],
    }
    words = " ".join(tables.get("attributes", pd.DataFrame({"value": []}))["value"])
    assert not any(personal in words for personal in ("10.0.0.1", "a@b.org", "Ann"))


OTHER_WAYS = {
    "Qualtrics": (
        "ResponseId,Q3_1,Q3_2,Q3_4,Q3_4_TEXT",
        "Response ID,How? - Selected Choice - Bus,How? - Selected Choice - Train,How? - Selected Choice - Other,How? - Other - Text",
        '"{""ImportId"":""_recordId""}",{},{},{},{}',
        *("R_1,Bus,Train,,", "R_2,,,Other,Ferry", "R_3,Bus,,,"),
    ),
    "SurveyMonkey": (
        "Respondent ID,How?,,",
        ",Bus,Train,Other (please specify)",
        *("R_1,Bus,Train,", "R_2,,,Ferry", "R_3,Bus,,"),
    ),
    "LimeSurvey": (
        "Response ID,How? [Bus],How? [Train],How? [Other]",
        *("R_1,Yes,Yes,", "R_2,No,No,Ferry", "R_3,Yes,No,"),
    ),
}


@pytest.mark.parametrize("tool", OTHER_WAYS)
def test_another_answer_in_words_is_the_option_and_an_open_answer(tmp_path, tool):
    tables = brought(sheet(tmp_path, *OTHER_WAYS[tool]))
    answers = [each.partition(" (")[0] for each in tables["survey_answers"]["answer"]]
    assert answers == ["Bus;Train", "Other", "Bus"]
    assert tables["segments"][["participant_id", "text"]].values.tolist() == [["R_2", "Ferry"]]


def test_a_grid_an_explanation_and_a_name_behind_a_question_mark(tmp_path):
    lines = "1 What is your name? - Name,2 Agree? (one),3 Agree? - Please explain,Rate the bus [Cost],満足ですか？"
    tables = brought(sheet(tmp_path, f"Response ID,{lines}", "R_1,Nora,Yes,It is late.,Good,はい"))
    assert tables["survey_items"]["label"].tolist() == [
        "2 Agree? (one)",
        "Rate the bus [Cost]",
        "満足ですか？",
    ]
    assert tables["segments"]["text"].tolist() == ["It is late."]
    assert "attributes" not in tables


def test_answers_of_a_test_are_said(tmp_path):
    path = sheet(tmp_path, "Response ID,Status,How?", "R_1,IP Address,Well", "R_2,Survey Preview,Badly")
    (file,) = read_file(path, [])
    assert [line.note for line in file.account if line.kind == "test answer"] == [
        "among the respondents: take its row out"
    ]


def test_a_survey_as_an_spss_file(tmp_path):
    import pyreadstat

    frame = pd.DataFrame({"resp": ["R1", "R2"], "q1": [1.0, 2.0]})
    options = {
        "column_labels": {"resp": "Respondent ID", "q1": AGREE},
        "variable_value_labels": {"q1": {1.0: "Yes", 2.0: "No"}},
    }
    pyreadstat.write_sav(frame, tmp_path / "a.sav", **options)
    assert answers_by_label(brought(tmp_path / "a.sav", ["resp=participant"])) == {AGREE: ["Yes", "No"]}


def test_workbooks_of_other_programs_are_read_as_those_of_excel(samples):
    path = samples / "cases" / "blank_respondents" / "export.xlsx"
    for title, rows in _other_sheets(path).items():
        pd.testing.assert_frame_equal(_framed(rows, "a").frame, _framed(_sheets(path)[title], "a").frame)


def test_a_grid_is_a_question_a_column_whatever_their_headings_share(tmp_path):
    stem = "Q5. To what extent do you agree or disagree with each of these statements? "
    path = sheet(
        tmp_path, f"id,{stem}[I feel safe],{stem}[I am heard]", "R1,Agree,Disagree", "R2,Agree,Agree"
    )
    assert answers_by_label(brought(path)) == {
        f"{stem}[I feel safe]": ["Agree", "Agree"],
        f"{stem}[I am heard]": ["Disagree", "Agree"],
    }


def test_a_statement_that_is_rated_is_a_question_without_a_mark(tmp_path):
    tables = brought(sheet(tmp_path, "id,Q1 ok?,I feel safe", "R1,Yes,Strongly agree", "R2,No,Disagree"))
    assert answers_by_label(tables)["I feel safe"] == ["Strongly agree", "Disagree"]


def test_a_map_makes_a_column_a_question(tmp_path):
    path = sheet(tmp_path, "id,Q1 ok?,Tea [One] = hot", "R1,Yes,Ja", "R2,No,Nei")
    assert answers_by_label(brought(path, ["Tea [One] = hot=question"]))["Tea [One] = hot"] == ["Ja", "Nei"]


def account(path, maps=()) -> dict[str, tuple]:
    (file,) = read_file(path, list(maps))
    return {line.kind: (line.in_file, line.kept, line.changed, line.note) for line in file.account}


def test_rows_without_an_answer_are_nobody(tmp_path):
    lines = account(sheet(tmp_path, "id,Q1 ok?,Area", "R1,Yes,North", "R2,,North", "R3,No,North"))
    assert lines["respondent"] == (3, 2, 0, "rows without an answer are nobody")


def test_spellings_of_one_answer_are_one_and_counted(tmp_path):
    path = sheet(tmp_path, "id,Q1 ok?", "R1,Yes", "R2,yes ", "R3,Yes", "R4,NO", "R5,No", "R6,No")
    assert answers_by_label(brought(path)) == {"Q1 ok?": ["Yes", "Yes", "Yes", "No", "No", "No"]}
    assert account(path)["answer"] == (
        6,
        4,
        2,
        "2 in another spelling of the same words, put in the commonest",
    )


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ("Respondent ID,Q1 ok?", "R1,Yes", "R1,No"),
            "export.csv: rows 2 and 3 have the same respondent in 'Respondent ID', expected a row each; if another names "
            "waves of the survey: --map COLUMN=wave; if the column is no id of who answers: --map 'Respondent ID'=attribute.",
        ),
        (
            ("id,Q1 ok?,Weight", "R1,Yes,0.8", "R2,No,1.2"),
            "export.csv: the column 'Weight' looks like survey weights. To keep them: --map 'Weight'=attribute. They are applied "
            "where study.toml names them (weights under [surveys.export]), and where it does not the report says that answers are "
            "counted without weights.",
        ),
    ],
)
def test_what_would_be_a_wrong_number_is_refused(tmp_path, lines, message):
    with pytest.raises(StudyError) as refused:
        brought(sheet(tmp_path, *lines))
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (("Library", "Library;Pool", "Pool"), ";"),
        (("Library", "Library, Pool", "Pool"), ","),
        (("Yes, definitely", "Yes, to some extent", "No"), ""),
        (("Agree", "Disagree"), ""),
        ((), ""),
    ],
)
def test_several_choices_in_one_cell(cells, mark):
    assert choices(cells) == mark


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_separator_is_the_one_that_makes_rows_of_one_width(tmp_path, separator):
    heading = f'id{separator}"Q1. How far; if at all, do you agree?"'
    path = sheet(tmp_path, heading, *(f"R{n}{separator}Yes" for n in range(4)))
    assert answers_by_label(brought(path)) == {"Q1. How far; if at all, do you agree?": ["Yes"] * 4}


# names in any script

NAMES = (
    st.text(st.characters(categories=("Lu", "Ll", "Lo", "Lt", "Mn", "Mc", "Nd")), min_size=1, max_size=8)
    .filter(lambda name: unicodedata.category(name[0])[0] == "L" and unicodedata.is_normalized("NFC", name))
    .filter(
        lambda name: plain(name) not in NOT_KNOWN  # an area called none is none
    )
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NAMES, min_size=2, max_size=4, unique_by=same_words))
def test_names_that_differ_stay_two_through_import_and_import_again(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("names")
    new_study(folder / "study")
    lines = [f"{name},Group {name},{name}" for name in names]
    file = sheet(folder, "Participant,Group,Area", *lines, name="people.csv")
    import_files([file], folder / "study")
    people = read_texts(folder / "study")["participants"]
    assert (people["participant_id"].tolist(), people["area_id"].nunique()) == (names, len(names))
    (again,) = import_files([file], folder / "study")
    assert not again.changes


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Łada", "Ada", False),
        ("José", "Jose", False),
        ("İpek", "Ipek", False),
        ("STRASSE", "straße", True),
        ("José", "Jose\u0301", True),
        ("Ann  Lee", "ann lee", True),
        ("हिन्दी", "हन्द", False),
        ("Ａnn", "Ann", False),
    ],
)
def test_two_spellings_of_one_name(one, other, same):
    assert (same_words(one) == same_words(other)) is same


def test_one_of_three_people_in_another_script_withdraws(tmp_path):
    new_study(tmp_path / "study")
    file = sheet(
        tmp_path,
        "Participant,Quote,Code",
        "Анна,Поздно.,Автобус",
        "Борис,Далеко.,Автобус",
        "Вера,Дорого.,Цена",
    )
    import_files([file], tmp_path / "study")
    withdraw("Анна", tmp_path / "study")
    import_files([file], tmp_path / "study")
    study = load_study(tmp_path / "study")
    assert study.participants["participant_id"].tolist() == ["Борис", "Вера"]
    assert len(study.codings) == 2


def imported_twice(tmp_path, name: str, first: str, second: str):
    new_study(tmp_path / "study")
    for folder, text in (("one", first), ("two", second)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
        done = import_files([tmp_path / folder / name], tmp_path / "study")
    return done[0]


@pytest.mark.parametrize(
    ("name", "first", "second", "message"),
    [
        (
            "a.csv",
            "Respondent ID,How?\nR1,Well\nR2,Badly\n",
            "Respondent ID,How?\nS1,Well\nS2,Badly\n",
            "a.csv: has no respondent of the survey that the study has from a file of this name, expected a newer version of it; "
            "if it is another survey, give the file another name.",
        ),
        (
            "a.txt",
            "Interviewer: How?\nP1: Well enough.\nP1: Early.\n",
            "Interviewer: How?\nP1: Ten years.\nP1: Late.\n",
            "a.txt: shares hardly a word with the document that the study has from a file of this name, expected a newer version of it; "
            "if it is another document, give the file another name.",
        ),
    ],
)
def test_another_source_of_the_same_name_overwrites_nothing(tmp_path, name, first, second, message):
    with pytest.raises(StudyError) as refused:
        imported_twice(tmp_path, name, first, second)
    assert str(refused.value) == message


def test_respondents_that_a_newer_version_no_longer_has_are_said(tmp_path):
    first = "Respondent ID,How?\nR1,Well\nR2,Badly\n"
    done = imported_twice(tmp_path, "a.csv", first, first.replace("R2,Badly", "R3,Badly"))
    assert done.remarks == ["survey_answers: respondents that this file no longer has, and that stay: 1"]


def workbook(tmp_path, **sheets: list[list]):
    """Write rows of cells to the sheets of a workbook."""
    book, path = openpyxl.Workbook(), tmp_path / "export.xlsx"
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def test_a_time_at_midnight_is_kept_beside_other_times_and_a_day_alone_has_none(tmp_path):
    at = [datetime.datetime(2026, 4, 2, hour) for hour in (0, 5)]
    rows = [["Id", "Started", "Born", "Was it open?"], [1, at[0], at[0], "Yes"], [2, at[1], at[0], "No"]]
    told = brought(workbook(tmp_path, Form=rows))["attributes"]
    assert told["value"].tolist() == [
        *("2026-04-02 00:00:00", "2026-04-02"),
        *("2026-04-02 05:00:00", "2026-04-02"),
    ]


def test_a_semicolon_in_peoples_own_words_stays(tmp_path):
    words = ["Open late; weekends too", "More staff", "More staff", "Open late; weekends too", "Buses"]
    lines = [f"{number},Yes,{each}" for number, each in enumerate(words, 1)]
    found = brought(sheet(tmp_path, "ID,Was it open?,What would you change?", *lines))
    assert found["segments"]["text"].tolist() == words
    assert found["survey_items"]["label"].tolist() == ["Was it open?"]


def test_a_refused_workbook_proposes_a_column_of_other_values_as_the_person(tmp_path):
    people = [
        ["No.", "Known as", "Who they are", "Lives in"],
        [1, "Ana", "Client", "Wick"],
        [2, "Bo", "Client", "Wick"],
    ]
    places = [
        ["Place", "Council", "What kind of place"],
        ["Wick", "Highland", "Rural"],
        ["Thurso", "Highland", "Urban"],
    ]
    with pytest.raises(StudyError) as refused:
        read_file(workbook(tmp_path, People=people, Places=places), [])
    assert str(refused.value).partition("If that is right: ")[2] == (
        "--map 'Known as'=participant --map 'Lives in'=area --map 'Place'=area --map 'Council'=attribute "
        "--map 'What kind of place=area type'. To pass over a sheet, say --map COLUMN='leave out' of each of its columns."
    )
