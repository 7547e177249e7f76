"""Tables as people keep them: the same person twice, columns of other kinds, totals, formulas, several codes. All words are made up."""

import re

import openpyxl
import pytest
import xlsxwriter

from builders import brought, codings, sheet
from ncsresearch.ingest.files import read_file
from ncsresearch.schema import StudyError


def refusal(path, maps=()) -> str:
    with pytest.raises(StudyError) as refused:
        read_file(path, list(maps))
    return str(refused.value)


def account(path, maps=()) -> dict[str, tuple]:
    (file,) = read_file(path, list(maps))
    return {line.kind: (line.in_file, line.kept, line.note) for line in file.account}


def test_somebody_who_said_two_things_has_two_passages(tmp_path):
    ticked = sheet(
        tmp_path, "Person,Quote,Bus,Contact", "Ana,No bus.,x,", "Ana,Nobody rang.,,x", "Bob,I walk.,x,"
    )
    assert [code for *_, code in codings(ticked)] == ["Bus", "Contact", "Bus"]
    assert list(brought(ticked)["segments"]["text"]) == ["No bus.", "Nobody rang.", "I walk."]
    plain = sheet(
        tmp_path,
        "Pseudonym,Quote,Place of talk",
        "Ana,No bus.,hub",
        "Ana,Nobody rang.,home",
        "Bob,I walk.,hub",
    )
    assert list(brought(plain)["segments"]["text"]) == ["No bus.", "Nobody rang.", "I walk."]


def test_a_segment_id_that_comes_again_with_other_words_is_another_passage(tmp_path):
    path = sheet(
        tmp_path, "Document,Quote ID,Quote,Theme", "A1,1,No bus.,Bus", "A1,1,No bus.,Cost", "A1,1,I walk.,Bus"
    )
    assert codings(path) == [("A1", "No bus.", "Bus"), ("A1", "No bus.", "Cost"), ("A1", "I walk.", "Bus")]


def test_numbered_columns_of_codes_are_the_codes_of_a_passage(tmp_path):
    path = sheet(
        tmp_path, "Person,Quote,Code 1,Code 2", "Ana,No bus.,Bus,Mood", "Bob,I walk.,Bus,", "Bob,Cold.,Mood,"
    )
    assert [(text, code) for _, text, code in codings(path)] == [
        ("No bus.", "Bus"),
        ("No bus.", "Mood"),
        ("I walk.", "Bus"),
        ("Cold.", "Mood"),
    ]


def test_a_category_or_keywords_beside_codes_are_attributes(tmp_path):
    rows = ("P1,Carer,No bus.,Bus,fare", "P2,Client,I walk.,Bus,")
    tables = brought(sheet(tmp_path, "Person,Category,Quote,Code,Keywords", *rows))
    assert tables["attributes"]["name"].tolist() == ["Category", "Keywords", "Category"]


def test_a_column_of_codes_without_a_cell_is_not_asked_about(tmp_path):
    path = sheet(
        tmp_path, "Person,Quote,Code 1,Code 2,Second theme", "Ana,No bus.,Bus,,", "Bob,I walk.,Bus,,"
    )
    assert [code for *_, code in codings(path)] == ["Bus", "Bus"]


def test_numbered_columns_of_ticks_are_themes(tmp_path):
    path = sheet(tmp_path, "Person,Quote,Code 1,Code 2", "Ana,No bus.,x,x", "Bob,I walk.,x,")
    assert [code for *_, code in codings(path)] == ["Code 1", "Code 2", "Code 1"]


def test_one_name_in_two_rows_that_differ_is_refused(tmp_path):
    path = sheet(tmp_path, "Participant,Area,Age", "Anna,Leith,34", "Anna,Wick,51", "Bob,Leith,20")
    assert refusal(path) == (
        "export.csv: rows 2 and 3 have the same person in 'Participant' and differ in 'Area', 'Age'. Give two people two "
        "names, or one person one row; if the column names no person: --map 'Participant'=attribute."
    )
    spelled = sheet(tmp_path, "Participant,Area", "Straße,Wien", "Strasse,Wien")
    assert "rows 2 and 3 have the same person in 'Participant' and differ in 'Participant'" in refusal(
        spelled
    )


def test_a_list_of_people_counts_people(tmp_path):
    path = sheet(tmp_path, "Participant,Area,Interview", "Anna,Leith,1", "Anna,Leith,2", "Bob,Wick,1")
    assert account(path)["person"] == (2, 2, "1 rows name somebody again")
    assert len(brought(path)["attendances"]) == 3


def test_a_list_of_people_keeps_the_columns_that_it_has_no_other_use_for(tmp_path):
    path = sheet(
        tmp_path,
        "Participant,Area,Position,Format,Description,Comment,Parent",
        "Ana,Leith,Team leader,phone,Young people,moved in May,yes",
        "Bob,Wick,Social worker,face to face,New,,no",
    )
    tables = brought(path)
    assert list(tables["participants"]["participant_id"]) == ["Ana", "Bob"]
    kept = tables["attributes"].groupby("name", sort=False)["value"].agg(list).to_dict()
    assert kept == {
        "Position": ["Team leader", "Social worker"],
        "Format": ["phone", "face to face"],
        "Description": ["Young people", "New"],
        "Comment": ["moved in May"],
        "Parent": ["yes", "no"],
    }


def test_a_survey_with_a_topic_and_a_description_is_no_codebook(tmp_path):
    path = sheet(
        tmp_path,
        "Respondent,Do you feel safe?,Note,Topic,Description",
        "R1,Yes,mostly,Safety,flat",
        "R2,No,,Safety,tower",
        "R3,Yes,,Light,flat",
    )
    tables = brought(path)
    assert list(tables["survey_answers"]["answer"]) == ["Yes", "No", "Yes"]
    assert set(tables["attributes"]["name"]) == {"Note", "Topic", "Description"}


def test_a_codebook_says_which_columns_it_has_no_place_for(tmp_path):
    path = sheet(tmp_path, "Code,Definition,Keeper", "Bus,All travel,Jo", "Cost,Money,Jo")
    assert account(path)["column"] == (1, 0, "no place in a codebook: Keeper")


def matrix(tmp_path, *rows: str):
    return sheet(tmp_path, *rows, name="matrix.csv")


def test_a_framework_matrix_of_nvivo_brings_summaries(tmp_path):
    rows = ("1 : Zoë,Walks,Has not met anyone since early May", "2 : Łukasz,,Angry about the letters")
    tables = brought(matrix(tmp_path, ",A : Bus,B : Contact", *rows))
    assert tables["summaries"][["unit_id", "code_id", "text"]].values.tolist() == [
        ["Zoë", "Bus", "Walks"],
        ["Zoë", "Contact", "Has not met anyone since early May"],
        ["Łukasz", "Contact", "Angry about the letters"],
    ]
    assert not {"interviews", "codings"} & tables.keys()


def test_a_classification_sheet_of_nvivo_brings_people(tmp_path):
    rows = ("1 : Ana,Female,Leith,Ana Ruiz", "2 : Bob,Male,Leith,Bob Lind", "3 : Cem,Unassigned,Wick,Cem Oz")
    path = matrix(tmp_path, ",A : Gender,B : Area,C : Name", *rows)
    tables = brought(path)
    assert tables["participants"][["participant_id", "area_id"]].values.tolist() == [
        ["Ana", "Leith"],
        ["Bob", "Leith"],
        ["Cem", "Wick"],
    ]
    assert tables["attributes"][["owner_id", "name", "value"]].values.tolist() == [
        ["Ana", "Gender", "Female"],
        ["Bob", "Gender", "Male"],
    ]
    assert account(path)["personal column"][:2] == (1, 0)


def test_a_matrix_of_counts_is_asked_about_where_neither_side_is_known_to_be_the_interviews(tmp_path):
    path = matrix(tmp_path, ",A : Bus,B : Contact", "1 : Ana,4,2", "2 : Bob,0,3")
    assert refusal(path) == (
        "matrix.csv: a matrix of counts of which the rows (Ana) or the columns (Bus) may be the codes. Say what the rows "
        "are: --map 'column 1'=code or --map 'column 1'=participant."
    )
    counted = brought(path, ["column 1=participant"])["codings"][["unit_id", "code_id", "n_references"]]
    assert counted.values.tolist() == [["Ana", "Bus", "4"], ["Ana", "Contact", "2"], ["Bob", "Contact", "3"]]
    counted = brought(path, ["column 1=code"])["codings"][["unit_id", "code_id", "n_references"]]
    assert counted.values.tolist() == [["Bus", "Ana", "4"], ["Contact", "Ana", "2"], ["Contact", "Bob", "3"]]


def test_a_matrix_by_attribute_is_no_matrix_of_interviews(tmp_path):
    path = matrix(tmp_path, ",A : Gender = Female,B : Gender = Male", "1 : Bus,4,2", "2 : Contact,0,3")
    assert "a matrix of codes by attribute ('Gender = Female')" in refusal(path)
    unsure = matrix(tmp_path, ",A : Bus,B : Contact", "1 : Ana,Late,Good", "2 : Bob,Fine,Bad")
    assert "whose cells may be summaries or attributes" in refusal(unsure)


def formulas(path, *rows: tuple):
    """Write a workbook whose formulas were calculated: a pair is a formula and its value."""
    with xlsxwriter.Workbook(str(path)) as book:
        written = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                formula, value = cell if isinstance(cell, tuple) else ("", cell)
                if formula:
                    written.write_formula(row, column, formula, None, value)
                else:
                    written.write_string(row, column, value)
    return path


def test_a_formula_is_the_value_that_it_was_saved_with(tmp_path):
    rows = ("Ana", ('=IF(A2="x","staff","")', "")), ("=1+1", ("=VLOOKUP(A3,A:B,2,0)", "client"))
    people = brought(formulas(tmp_path / "people.xlsx", ("Participant", "Group"), *rows))["participants"]
    assert people["participant_id"].tolist() == ["Ana", "=1+1"]
    assert people["participant_group"].fillna("").tolist() == ["", "client"]


def test_a_formula_that_was_never_calculated_is_refused_by_its_cell(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Participant", "Group"], ["Ana", "client"], ["Bob", "=VLOOKUP(A3,A:B,2,0)"]):
        book.active.append(row)
    book.save(tmp_path / "people.xlsx")
    assert refusal(tmp_path / "people.xlsx") == (
        "people.xlsx, Sheet: cell B3 is a formula that was never calculated; open the workbook in a spreadsheet program and "
        "save it, or put values in place of formulas."
    )


def test_totals_and_notes_are_nobody_and_are_said(tmp_path):
    rows = (
        "Ana,Leith,34",
        "Bob,Wick,51",
        "Total,,2",
        "* ages at the first meeting,,",
        ",,",
        "Ages are those at the start,,",
    )
    path = sheet(tmp_path, "Participant,Area,Age", *rows)
    assert brought(path)["participants"]["participant_id"].tolist() == ["Ana", "Bob"]
    said = account(path)["row beside the table"]
    assert said == (3, 0, "left out: row 4 (a total), 5 (a note), 7 (a note)")


def test_people_after_a_blank_row_are_people_and_a_second_table_is_refused(tmp_path):
    path = sheet(tmp_path, "Participant,Area", "Ana,Leith", ",", "Bob,")
    assert brought(path)["participants"]["participant_id"].tolist() == ["Ana", "Bob"]
    path = sheet(tmp_path, "Participant,Area", "Ana,Leith", ",", "Area,Area type", "Leith,urban")
    assert refusal(path) == (
        "export.csv: row 4 is the heading of a second table (Area, Area type); put it on a sheet of its own."
    )


def test_an_area_that_nobody_knows_is_no_area(tmp_path):
    unknown = ("not known", "-", "?", "Unknown", "N/A")
    path = sheet(tmp_path, "Participant,Area", "A,Leith", *(f"B{n},{area}" for n, area in enumerate(unknown)))
    tables = brought(path)
    assert tables["areas"]["area_id"].tolist() == ["Leith"]
    assert tables["participants"]["area_id"].dropna().tolist() == ["Leith"]


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        (("3,5", "4,5", "5", "3", "7,5"), ["3,5", "4,5", "5", "3", "7,5"]),
        (("1,000", "1,500", "500", "1,000"), ["1,000", "1,500", "500", "1,000"]),
        (("1,3", "2", "1,2,3", "3"), ["1;3", "2", "1;2;3", "3"]),
        (("Smith, J.", "Smith", "Smith, A.", "Jones, J."), ["Smith, J.", "Smith", "Smith, A.", "Jones, J."]),
        (
            (
                "Food, such as lunch, A lift",
                "A lift",
                "Food, such as lunch",
                "A call, text, Food, such as lunch",
                "A call, text",
            ),
            [
                "Food, such as lunch;A lift",
                "A lift",
                "Food, such as lunch",
                "A call, text;Food, such as lunch",
                "A call, text",
            ],
        ),
        (("8", "8.0", "08", "8,0", "9", "8"), ["8", "8", "8", "8", "9", "8"]),
    ],
)
def test_commas_of_numbers_names_and_options_divide_no_choices(tmp_path, given, answers):
    path = sheet(tmp_path, "ID;Which?", *(f"R{n};{each}" for n, each in enumerate(given)))
    assert brought(path)["survey_answers"]["answer"].tolist() == answers


def test_numbers_with_a_decimal_comma_go_up(tmp_path):
    path = sheet(tmp_path, "ID;Which?", "R1;4", "R2;3,5", "R3;10", "R4;4")
    assert brought(path)["survey_items"]["scale"].tolist() == ["3,5;4;10"]


def test_where_new_lines_divide_codes_commas_do_not(tmp_path):
    path = sheet(tmp_path, "Document,Segment,Codes", 'A1,No bus.,"Bus\nMood, bad"', 'A1,I walk.,"Mood, bad"')
    assert [code for *_, code in codings(path)] == ["Bus", "Mood, bad", "Mood, bad"]


@pytest.mark.parametrize(
    "heading",
    [
        "What is your name?",
        "Your email address",
        "Home address",
        "Contact number",
        "Date of birth",
        "Ihr Name",
        "Telefonnummer",
    ]
    + ["E-Mail-Adresse", "Prénom", "Adresse e-mail", "Date de naissance", "Please enter your postcode"],
)
def test_what_names_a_person_is_left_out_in_any_words(tmp_path, heading):
    path = sheet(tmp_path, f"ID,{heading},Do you feel safe?", "R1,a1,Yes", "R2,b2,No", "R3,c3,Yes")
    assert account(path)["personal column"][:2] == (1, 0)
    assert "attributes" not in brought(path)
    assert len(brought(path)["survey_items"]) == 1


@pytest.mark.parametrize("heading", ["weight_final", "Gewichtung", "Final weight", "Poids"])
def test_weights_are_asked_about_in_any_words(tmp_path, heading):
    rows = ("R1;0,8;Yes", "R2;1,2;No", "R3;1,0;Yes")
    path = sheet(tmp_path, f"ID;{heading};Do you feel safe?", *rows)
    assert f"the column {heading!r} looks like survey weights" in refusal(path)
    kilograms = sheet(tmp_path, f"ID;{heading};Do you feel safe?", "R1;80;Yes", "R2;62;No", "R3;75;Yes")
    assert "attributes" in brought(kilograms)


def test_years_of_a_survey_are_waves_to_ask_about(tmp_path):
    rows = ("A1,2023,Yes", "A2,2023,No", "B1,2024,No", "B2,2024,No")
    path = sheet(tmp_path, "ID,Year,Do you feel safe?", *rows)
    assert "the column 'Year' looks like waves of a survey" in refusal(path)
    once = sheet(tmp_path, "ID,Year,Do you feel safe?", "A1,1980,Yes", "A2,1991,No", "B1,1991,No")
    assert len(brought(once)["survey_answers"]) == 3


@pytest.mark.parametrize(
    "rows",
    [
        ("Indicator,Unit,2022/23", "Orders,%,68", "Days,days,7"),
        ("Ref,Recommendation,Action,Lead", "1.1,Improve,Book a bus,Jo", "1.2,Improve,Ask,Sam"),
    ],
)
def test_no_indicator_or_action_is_a_person(tmp_path, rows):
    assert "participants" not in brought(sheet(tmp_path, *rows))


def test_areas_by_year_need_the_measure(tmp_path):
    path = sheet(tmp_path, "Area,2021,2022", "North,45%,50%", "South,40%,42%")
    assert refusal(path) == (
        "export.csv: looks like measures by period, expected a column that names the measure, also where it is one. "
        "If its rows are people who answered: --map '2021=question'."
    )


def test_words_of_merged_cells_are_those_of_each_row_and_a_hidden_sheet_is_said(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["Participant", "Quote", "Theme"],
        ["Ana", "No bus.", "Bus"],
        [None, "Cold.", "Room"],
        ["Bob", "So.", "Bus"],
    ):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    hidden = book.create_sheet("old")
    hidden.append(["Participant", "Area"])
    hidden.append(["Ana", "Leith"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "coded.xlsx")
    coded, people = read_file(tmp_path / "coded.xlsx", [])
    assert coded.tables["segments"]["participant_id"].tolist() == ["Ana", "Ana", "Bob"]
    assert [line.kind for line in people.account if "hidden" in line.kind] == ["hidden sheet"]
    assert not [line for line in coded.account if "hidden" in line.kind]


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Łucja Żak,Łódź", "cp1250"),
        ("Świętosław,Gdańsk i Łomża", "cp1250"),
        ("Jiří,Příčná ulice směr", "cp1250"),
        ("Işıl Güneş,Iğdır", "cp1254"),
        ("Renée,Orléans", "mac_roman"),
        ("Jürgen,München", "mac_roman"),
    ],
)
def test_text_of_another_encoding_is_refused_and_not_misread(tmp_path, words, encoding):
    (tmp_path / "a.csv").write_bytes(f"Participant,Area\n{words}\n".encode(encoding))
    assert refusal(tmp_path / "a.csv") == "a.csv: is neither UTF-8 nor Western text; save the text as UTF-8."


@pytest.mark.parametrize(
    "words", ["Renée,Nîmes", "Þórunn,Ísafjörður", "Bjørn Müller,Ærø", "José,¿Qué? 1º £5m £bn", "Zoë,5 m³"]
)
def test_western_text_is_read(tmp_path, words):
    (tmp_path / "a.csv").write_bytes(f"Participant,Area\n{words}\n".encode("cp1252"))
    assert brought(tmp_path / "a.csv")["participants"]["participant_id"].tolist() == [words.split(",")[0]]


def test_choices_that_kobo_writes_twice_are_one_question(tmp_path):
    rows = ("1,library pool,1,1,0,yes", "2,library,1,0,0,no", "3,bus library,1,0,1,yes", "4,,,,,yes")
    path = sheet(tmp_path, "_id,help/used,help/used/library,help/used/pool,help/used/bus,Happy?", *rows)
    answers = brought(path)["survey_answers"]
    used = answers.loc[answers["item_id"].eq("help_used"), "answer"].dropna()
    assert used.tolist() == ["library;pool", "library", "library;bus"]
    assert "attributes" not in brought(path)


def test_the_two_rows_of_an_older_qualtrics_export_are_headings(tmp_path):
    second = "ResponseID,How satisfied are you?,Which do you use?-Library,Which do you use?-Pool"
    rows = ("R_a,Well,1,", "R_b,Badly,,1", "R_c,Well,1,1")
    answers = brought(sheet(tmp_path, "V1,Q1,Q2_1,Q2_2", second, *rows))["survey_answers"]
    assert answers["answer"].tolist() == ["Well", "Library", "Badly", "Pool", "Well", "Library;Pool"]


def test_names_and_codes_that_differ_by_capitals_are_one(tmp_path):
    path = sheet(
        tmp_path, "Participant,Quote,Theme", "anna,No bus.,Bus", "Anna,Late.,bus", "ANNA ,Cold.,Bus > Stop"
    )
    assert codings(path) == [
        ("anna", "No bus.", "Bus"),
        ("anna", "Late.", "Bus"),
        ("anna", "Cold.", "Bus > Stop"),
    ]
    assert len(brought(path)["codebook"]) == 2


# lists of people in plain words, and what else is in their workbook

PLAIN = ["Name,Role,Place,Age group", "Ana Lee,Carer,North,30-39", "Ben Orr,Client,South,40-49"]
GUESSED = "Name = participant; Role = group; Place = area; to read one otherwise: --map 'Name'=attribute"


def test_a_list_that_can_only_be_of_people_is_read_as_guessed(tmp_path):
    """A list of participants as a case study report has it, with somebody twice and a total under it."""
    path = sheet(tmp_path, *PLAIN, PLAIN[1], "Total,2,,")
    found = brought(path)
    people = found["participants"].drop(columns="notes").drop_duplicates().to_numpy().tolist()
    assert people == [["Ana Lee", "North", "Carer"], ["Ben Orr", "South", "Client"]]
    told = account(path)
    assert told["column guessed"] == (3, 3, GUESSED)
    assert told["person"] == (2, 2, "1 rows name somebody again")


@pytest.mark.parametrize(
    "lines",
    [
        ["Name,Type,Town", "Day centre,Hub,North", "Lunch club,Group,South"],  # places of a service
        ["Name,Description,Age", "Ana,a code,3", "Ben,a code,4"],
        ["Name,Score", "Ana,3", "Ben,4"],
        ["Role,Age,Place", "Carer,30,North", "Client,40,South"],  # nobody is named
    ],
)
def test_what_may_be_another_list_is_asked_about(tmp_path, lines):
    assert "say what they are with --map column=field" in refusal(sheet(tmp_path, *lines))


def test_two_rows_of_a_guessed_list_that_differ_are_refused(tmp_path):
    path = sheet(tmp_path, *PLAIN, "Cat Ure,Carer,North,20-29", "Ana Lee,Client,North,30-39")
    assert "rows 2 and 5 have the same person in 'Name' and differ in 'Role'" in refusal(path)


def workbook(tmp_path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        held = book.create_sheet(title)
        for row in rows:
            held.append(row.split(","))
    book.save(tmp_path / "people.xlsx")
    return tmp_path / "people.xlsx"


@pytest.mark.parametrize(
    "notes", [["Updated by HT on 2 October", "Call on Thursdays only"], ["Sheet,Filled by", "People,HT"]]
)
def test_a_sheet_of_notes_is_passed_over_by_name(tmp_path, notes):
    path = workbook(tmp_path, People=PLAIN, Notes=notes)
    assert account(path)["sheet of notes"] == (1, 0, "not read: people.xlsx, Notes")


def test_a_sheet_that_may_be_evidence_is_refused_with_how_to_pass_it_over(tmp_path):
    diary = ["Seen,Said to us", "Ana,We walked", "Ana,We ran"]
    path = workbook(tmp_path, People=PLAIN, Key=["Shade,Kept by", "red,HT"], Diary=diary)
    assert refusal(path).endswith(
        "To pass over a sheet, say --map COLUMN='leave out' of each of its columns."
    )
    left = account(path, ["Seen=leave out", "Said to us=leave out"])
    assert left["sheet of notes"] == (2, 0, "not read: people.xlsx, Key, people.xlsx, Diary")


# who speaks in coded passages, and how


@pytest.mark.parametrize("speaks", ["Speaker", "Spoken by"])
@pytest.mark.parametrize("tells", ["Tone", "Positive or negative", "Sentiment"])
def test_who_speaks_and_how_are_read_of_coded_passages(tmp_path, speaks, tells):
    path = sheet(
        tmp_path, f"{speaks},Quote,Code,{tells}", "Ana,No bus.,Bus,negative", "Ben,It is near.,Bus,positive"
    )
    found = brought(path)
    assert found["segments"]["participant_id"].tolist() == ["Ana", "Ben"]
    assert found["codings"]["stance"].tolist() == ["challenge", "strength"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Participant,Quote,Code,Tone", "Ana,No bus.,Bus,cross"],  # no word for a stance
        ["Participant,Quote,Code,Checked", "Ana,No bus.,Bus,+"],  # no heading of one
    ],
)
def test_what_is_no_stance_is_an_attribute(tmp_path, lines):
    found = brought(sheet(tmp_path, *lines))
    assert found["attributes"]["value"].tolist() == [lines[1].rpartition(",")[2]]


TICKED = ("Person,Quote,Travel,Staff", "Ana,No bus.,{},x", "Bob,I walk.,x,", "Bob,Nobody rang.,,x")


def test_a_column_of_ticks_with_another_cell_is_refused_and_the_cell_named(tmp_path):
    lines = [line.format("?") for line in TICKED]
    assert refusal(sheet(tmp_path, *lines)) == (
        "export.csv: the column 'Travel' has ticks, and cells that are none: row 2 has '?'. Put ticks or nothing there, or say what the "
        "column is: --map 'Travel=theme column' (other cells are no ticks), or --map 'Travel'=attribute."
    )
    path = sheet(tmp_path, *lines)
    assert [code for *_, code in codings(path, ["Travel=theme column"])] == ["Staff", "Travel", "Staff"]
    told = account(path, ["Travel=theme column"])
    assert told["cell that is no tick"] == (1, 0, "no coding: Travel, row 2: ?")
    assert told["columns"][2] == (
        "read as responses coded by column: Person = participant; Quote = text; Travel = theme column; Staff = theme column"
    )
    assert [code for *_, code in codings(path, ["Travel=attribute"])] == ["Staff", "Staff"]


def test_not_applicable_in_a_column_of_ticks_is_no_tick_and_named(tmp_path):
    path = sheet(tmp_path, *(line.format("n/a") for line in TICKED))
    assert [code for *_, code in codings(path)] == ["Staff", "Travel", "Staff"]
    assert account(path)["cell that is no tick"] == (1, 0, "no coding: Travel, row 2: n/a")


def test_plus_and_minus_in_a_column_of_a_theme_are_stances_of_it(tmp_path):
    path = sheet(tmp_path, "Person,Quote,Travel,Staff", "Ana,No bus.,-,+", "Bob,I walk.,+,", "Bob,Cold.,,-")
    judged = brought(path)["codings"][["code_id", "stance"]].values.tolist()
    assert sorted(judged) == [
        ["Staff", "challenge"],
        ["Staff", "strength"],
        ["Travel", "challenge"],
        ["Travel", "strength"],
    ]
    assert len(brought(path)["segments"]) == 3


def test_a_sub_theme_is_a_code_under_its_theme(tmp_path):
    path = sheet(
        tmp_path, "Person,Quote,Theme,Sub-theme", "Ana,No bus.,Travel,Bus", "Ana,Nobody rang.,Staff,"
    )
    assert [code for *_, code in codings(path)] == ["Travel > Bus", "Staff"]
    assert "attributes" not in brought(path)


@pytest.mark.parametrize("above", ["Main theme", "Parent code", "Category"])
def test_a_main_theme_is_above_its_themes(tmp_path, above):
    path = sheet(
        tmp_path, f"Person,Quote,{above},Theme", "Ana,No bus.,Travel,Bus", "Ana,Nobody rang.,Staff,Calls"
    )
    assert [code for *_, code in codings(path)] == ["Travel > Bus", "Staff > Calls"]


@pytest.mark.parametrize("again", [",", "Ana,"])
def test_a_row_of_codes_alone_is_of_the_passage_above(tmp_path, again):
    path = sheet(
        tmp_path,
        "Person,Quote,Code",
        "Ana,No bus.,Bus",
        f"{again},Cost",
        f"{again},Mood",
        "Bob,,Mood",
        ",,Bus",
    )
    assert codings(path) == [
        ("Ana", "No bus.", "Bus"),
        ("Ana", "No bus.", "Cost"),
        ("Ana", "No bus.", "Mood"),
    ]
    told = account(path)
    assert told["row of codes alone"] == (2, 2, "row 3, 4: of the passage above")
    assert told["row"] == (5, 3, "2 rows without text: row 5, 6")


def test_a_column_for_each_coder_is_refused(tmp_path):
    path = sheet(
        tmp_path, "Person,Quote,Theme,Coder 1,Coder 2", "Ana,No bus.,Bus,yes,no", "Bob,I walk.,Bus,yes,yes"
    )
    assert refusal(path) == (
        "export.csv: the columns 'Coder 1', 'Coder 2' are of one kind; give each a row of its own, under one heading. To keep them as "
        "attributes: --map 'Coder 1'=attribute --map 'Coder 2'=attribute."
    )
    assert len(brought(path, ["Coder 1=attribute", "Coder 2=attribute"])["attributes"]) == 4


ELSEWHERE = [
    ("Teilnehmer,Zitat,Kategorie,Bewertung", "negativ", "gemischt"),
    ("Participant·e,Citation,Thème,Tonalité", "négatif", "mixte"),
    ("Participante,Cita,Categoría,Valoración", "negativa", "mixto"),
]


@pytest.mark.parametrize(("heading", "bad", "both"), ELSEWHERE)
def test_coded_quotes_under_headings_of_other_languages(tmp_path, heading, bad, both):
    path = sheet(tmp_path, heading, f"Anna,No bus.,Bus,{bad}", f"Bert,I walk.,Bus,{both}")
    assert codings(path) == [("Anna", "No bus.", "Bus"), ("Bert", "I walk.", "Bus")]
    assert brought(path)["codings"]["stance"].tolist() == ["challenge", "mixed"]


@pytest.mark.parametrize(
    ("heading", "rural"),
    [
        ("Teilnehmer,Gruppe,Ort,Gebietstyp", "ländlich"),
        ("Participant·e,Groupe,Lieu,Type de territoire", "rural"),
        ("Participante,Grupo,Lugar,Tipo de territorio", "rural"),
    ],
)
def test_a_list_of_people_under_headings_of_other_languages(tmp_path, heading, rural):
    tables = brought(sheet(tmp_path, heading, f"Anna,Staff,Die,{rural}"))
    assert tables["participants"][["participant_id", "area_id", "participant_group"]].values.tolist() == [
        ["Anna", "Die", "Staff"]
    ]
    assert tables["areas"]["area_type"].tolist() == ["rural_unspecified"]


@pytest.mark.parametrize(
    "heading",
    [
        "ID,Documento,Nombre de la cita,Contenido de la cita,Códigos,Referencia",
        "ID,Documento,Nome da citação,Conteúdo da citação,Códigos,Referência",
    ],
)
def test_quotations_of_atlas_ti_in_spanish_and_portuguese(tmp_path, heading):
    path = sheet(
        tmp_path, heading, '1:1,Anna,No bus.,No bus.,"Bus\nWait",2', "2:1,Bert,I walk.,I walk.,Bus,4"
    )
    assert [code for *_, code in codings(path)] == ["Bus", "Wait", "Bus"]
    assert brought(path)["documents"]["document_id"].tolist() == ["Anna", "Bert"]


def test_words_beside_codes_that_no_heading_calls_the_text_are_asked_about(tmp_path):
    path = sheet(
        tmp_path,
        "Person,Aussage,Code",
        "Ana,The bus was late again this morning.,Bus",
        "Bob,I walk there in all weathers now.,Bus",
    )
    assert "If that is right: --map 'Aussage'=text." in refusal(path)


@pytest.mark.parametrize(
    ("heading", "field"), [("Snippet", "text"), ("Reference text", "text"), ("Evidence", ""), ("Proof", "")]
)
def test_words_under_another_heading_are_no_attribute_of_interviews(tmp_path, heading, field):
    """Two passages of one document and one of another, with two codes."""
    rows = "A1,Bus,The bus was late.", "A1,Contact,Nobody answered the bell.", "B2,Bus,We walked home."
    path = sheet(tmp_path, f"Document,Theme,{heading}", *rows)
    maps = [] if field else [f"{heading}=text"]
    if maps:
        assert f"--map {heading!r}=text" in refusal(path)
    assert [(document, code) for document, _, code in codings(path, maps)] == [
        ("A1", "Bus"),
        ("A1", "Contact"),
        ("B2", "Bus"),
    ]


@pytest.mark.parametrize("first", ["Participant", "Interview"])
@pytest.mark.parametrize("codes", ["Code", "Themes"])
def test_codes_without_words_are_no_attributes_of_people(tmp_path, first, codes):
    path = sheet(tmp_path, f"{first},{codes}", "P1,Bus", "P2,Staff", "P3,Bus")
    assert f"If it has no codes: --map {codes!r}=attribute" in refusal(path)
    tables = brought(path, [f"{codes}=attribute"])
    assert list(tables["attributes"]["value"]) == ["Bus", "Staff", "Bus"]


def test_stances_beside_words_are_no_attributes_of_people(tmp_path):
    path = sheet(tmp_path, "Person,Statement,Sentiment", "Ana,No bus.,negative", "Bob,Good.,positive")
    assert "--map 'Statement'=text" in refusal(path)


@pytest.mark.parametrize("heading", ["Category", "Code (NF)"])
def test_passages_of_which_a_column_may_be_codes_are_asked_about(tmp_path, heading):
    path = sheet(tmp_path, f"Participant,Quote,{heading}", "P1,No bus.,Bus", "P2,Nobody rang.,Contact")
    assert f"--map {heading!r}=code" in refusal(path)
    assert [code for *_, code in codings(path, [f"{heading}=code"])] == ["Bus", "Contact"]


@pytest.mark.parametrize("maps", [[], ["Quote 1=text"]])
def test_two_columns_of_quotations_are_asked_about(tmp_path, maps):
    path = sheet(
        tmp_path, "Participant,Quote 1,Quote 2,Theme", "P1,No bus.,None.,Bus", "P2,Kind.,Good.,Staff"
    )
    assert "'Quote 2'" in refusal(path, maps) if maps else "--map 'Quote 1'=text" in refusal(path)


def test_a_comment_on_each_code_is_no_passage(tmp_path):
    path = sheet(tmp_path, "Theme,Comment", "Bus,needs splitting", "Train,merge with Bus")
    assert "--map 'Comment'=text or --map 'Comment'=definition" in refusal(path)
    assert list(brought(path, ["Comment=definition"])["codebook"]["definition"]) == [
        "needs splitting",
        "merge with Bus",
    ]
    said = sheet(tmp_path, "Theme,Comment", "Bus,No bus.", "Bus,Late again.", name="said.csv")
    assert [text for _, text, _ in codings(said)] == ["No bus.", "Late again."]


def test_areas_with_a_column_of_yes_and_no_are_areas(tmp_path):
    path = sheet(
        tmp_path, "Area,Area type,Population,Case study", "North,Rural,1000,yes", "South,Urban,2000,no"
    )
    assert list(brought(path)["areas"]["case_study"]) == ["yes", "no"]
    asked = sheet(
        tmp_path, "Area,Area type,Is it safe?", "North,Rural,yes", "South,Urban,no", name="asked.csv"
    )
    assert len(brought(asked)["survey_answers"]) == 2


@pytest.mark.parametrize("heading", ["Timestamp,Speaker,Text", "Start,Speaker,Words said"])
def test_turns_in_a_table_are_no_survey(tmp_path, heading):
    path = sheet(
        tmp_path,
        heading,
        "0:01,Tom,How is the bus?",
        "0:03,Ana,Late.",
        "0:05,Tom,And now?",
        "0:07,Ana,On time.",
    )
    said = refusal(path, ["Words said=text"] if "Words" in heading else [])
    assert "looks like a transcript" in said and "--map 'Speaker'=participant" in said
    rated = sheet(
        tmp_path, "start,end,Do you like it?,Comment", "1,2,Often,Late.", "3,4,Never,Far.", name="rated.csv"
    )
    assert len(brought(rated)["survey_answers"]) == 2
    maps = ["Speaker=participant", *["Words said=text"] * ("Words" in heading)]
    assert {*brought(path, maps)["participants"]["participant_id"]} == {"Ana", "Tom"}


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("Theme,Person,Quote", "Bus,Ana,Late.", ",Bob,Far.", "Cost,Cai,Dear.", ",Dee,Cheap."), "code"),
        (
            ("Person,Quote,Theme", "Ana,Late.,Bus", ",Far.,Bus", "Bob,Dear.,Cost", ",Cheap.,Cost"),
            "participant",
        ),
    ],
)
def test_a_cell_that_is_written_once_above_others_is_not_carried_down_in_silence(tmp_path, lines, kind):
    held, kept, note = account(sheet(tmp_path, *lines))[f"passage without a {kind}"]
    assert (held, kept, note.partition(":")[0]) == (2, 0, "row 3, 5")


@pytest.mark.parametrize("heading", ["Participant", "Participants", "Speakers"])
@pytest.mark.parametrize("both", ["P1, P2", "P1; P2", "P1 and P3", "P1/P2"])
def test_several_people_in_a_cell_are_no_person(tmp_path, heading, both):
    path = sheet(tmp_path, f"{heading},Quote,Theme", f'"{both}",No bus.,Bus', "P3,Kind.,Staff")
    said = refusal(path)
    assert f"row 2 has several people in {heading!r}" in said and f"--map {heading!r}=attribute" in said
    assert len(codings(path, [f"{heading}=attribute"])) == 2
    described = sheet(tmp_path, f"{heading},Quote,Theme", '"P1, female",No bus.,Bus', name="one.csv")
    assert list(brought(described)["participants"]["participant_id"]) == ["P1, female"]
    people = sheet(tmp_path, "Participant,Area", f'"{both}",North', "P3,South", name="people.csv")
    assert "row 2 has several people in 'Participant'" in refusal(people)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["Bus/Cost", "Bus", "Cost"], ["Bus", "Cost", "Bus", "Cost"]),
        (["Bus/Cost", "Bus", "Mood"], ["Bus/Cost", "Bus", "Mood"]),
        (["#Bus #Cost", "#Bus", "#Bus stop"], ["Bus", "Cost", "Bus", "Bus stop"]),
        (["['Bus', 'Cost, fares']", "['Bus']", "['Bus']"], ["Bus", "Cost, fares", "Bus", "Bus"]),
        (["Nodes\\\\Access\\Bus", "Bus >", "Access"], ["Access > Bus", "Bus", "Access"]),
        (["Wait > 18 weeks", "Wait >5%", "Wait > Bus"], ["Wait > 18 weeks", "Wait >5%", "Wait > Bus"]),
        (["Wait > 3rd week", "Wait > 5", "Bus"], ["Wait > 3rd week", "Wait > 5", "Bus"]),
        (["1 Wait > 1.2 long", "1 Wait", "2 Bus"], ["1 Wait > 1.2 long", "1 Wait", "2 Bus"]),
    ],
)
def test_what_parts_codes(tmp_path, cells, expected):
    rows = [f'{person},"Words of {person}.","{cell}"' for person, cell in zip("ABC", cells, strict=True)]
    assert [code for *_, code in codings(sheet(tmp_path, "Person,Quote,Codes", *rows))] == expected


def test_a_code_of_more_than_a_number_is_no_level_below_another(tmp_path):
    rows = "A,Words.,Wait > 18 weeks", "B,Words.,Wait > Bus"
    path = sheet(tmp_path, "Person,Quote,Code", *rows)
    assert list(brought(path)["codebook"]["label"]) == ["Wait > 18 weeks", "Wait", "Bus"]
    assert account(path)["code"][2].endswith("Wait > 18 weeks (row 2)")
    below = sheet(tmp_path, "Person,Quote,Theme,Sub-theme", "A,Words.,Wait,18 weeks", name="below.csv")
    assert list(brought(below)["codebook"]["label"]) == ["Wait", "18 weeks"]


@pytest.mark.parametrize("plus", ["1", "+1"])
@pytest.mark.parametrize("minus", ["-1", "−1"])
def test_stances_as_numbers(tmp_path, plus, minus):
    rows = f"A,No bus.,Bus,{minus}", f"B,Good.,Bus,{plus}", "C,Well.,Bus,0"
    path = sheet(tmp_path, "Person,Quote,Code,Stance", *rows)
    assert list(brought(path)["codings"]["stance"]) == ["challenge", "strength", "neutral"]
    rated = sheet(tmp_path, "Person,Quote,Code,Stance", "A,No bus.,Bus,1", "B,Good.,Bus,5", name="rated.csv")
    assert account(rated)["coding"] == (2, 0, "not a stance, kept as a note: 1, 5")


def test_numbers_slashes_and_signs_within_names_of_codes(tmp_path):
    """A path may go on with a number; a slash parts codes that are met alone, which is said; a sign within a word parts none."""
    cells = [
        "Access > 24 hour care",
        "Access > Parking",
        "Waiting > 18 weeks",
        "Cohorts > 2023",
        "work/life",
        "work",
        "life",
    ]
    rows = (f"P{n},Words {n}.,{cell}" for n, cell in enumerate(cells))
    path = sheet(tmp_path, "Participant,Text,Code", *rows)
    labels = ["Access", "24 hour care", "Parking", "Waiting > 18 weeks", "Cohorts", "2023", "work", "life"]
    assert list(brought(path)["codebook"]["label"]) == labels
    assert (
        account(path)["cell of several codes"][2]
        == "parted at a slash, as each is met alone: work/life (row 6)"
    )
    tags = sheet(
        tmp_path, "Participant,Text,Codes", 'A,One.,"#cost, #time"', "B,Two.,#C# training", name="tags.csv"
    )
    assert list(brought(tags)["codebook"]["label"]) == ["cost", "time", "C# training"]


def test_empty_cells_and_ticks_make_no_transcript_of_coded_words(tmp_path):
    path = sheet(
        tmp_path,
        "Document,Start,End,Text,Code,Memo",
        "d,0,11,It is late.,Time,",
        "d,12,20,Go home.,Home,nice",
    )
    assert list(brought(path)["codebook"]["label"]) == ["Time", "Home"]
    ticks = sheet(
        tmp_path, "Speaker,Text,Late,Home", "Ana,It is late.,1,0", "Ben,Go home.,0,1", name="ticks.csv"
    )
    assert list(brought(ticks)["codebook"]["label"]) == ["Late", "Home"]


LISTED = ("Code", "Theme", "Topic", "Tag", "Node", "User", "Analyst", "Creator", "Coder", "Quirk", "Themes")


@pytest.mark.parametrize(
    ("lines", "kind", "kept"),
    [
        *((f"Participant,{name},Age|P1,Money,30|P2,Health,40", "people", {name, "Age"}) for name in LISTED),
        ("Participant,Topic,Job|P1,Money,Senior staff nurse|P2,Health,Head of ward", "people", {"Topic"}),
        ("Interview,Date,Analyst|1,2024-01-01,AB|2,2024-01-02,CD", "interviews", {"Date", "Analyst"}),
        ("File,User,Area|a.txt,AB,Leeds|b.txt,CD,York", "interviews", {"User"}),
        ("ID,Group,Age|1:1,A,30|1:2,A,40|2:1,B,20", "people", {"Age"}),
        (
            "Participant,Interview date,Verbatim|P1,2024-01-01,Yes|P2,2024-01-02,No",
            "answers",
            {"Interview date"},
        ),
        *(
            (
                f"{name},Comment,Theme|{one},It is too dear for me,Cost|{two},It is slow,Time",
                "coded segments",
                set(),
            )
            for name, one, two in (
                ("Area", "Leeds", "York"),
                ("Group", "Nurse", "Doctor"),
                ("Coder", "AB", "AB"),
                ("Date", "2024-01-01", "2024-01-02"),
                ("Age", "30", "40"),
            )
        ),
        *(
            (
                f"Participant,Quote,{name}|P1,It is late.,{one}|P2,So dear.,{two}",
                "responses coded by column",
                {name},
            )
            for name, one, two in (
                ("Staff category", "Nurse", "Porter"),
                ("Age category", "18-30", "31-50"),
                ("Issue date", "2024-01-01", "2024-01-02"),
                ("Area code", "E1", "E2"),
                ("Topic guide question", "1", "2"),
            )
        ),
    ],
)
def test_what_a_heading_alone_does_not_make_codes_or_words(tmp_path, lines, kind, kept):
    path = sheet(tmp_path, *lines.split("|"))
    assert account(path)["columns"][2].startswith(f"read as {kind}: ")
    tables = brought(path)
    assert kept <= {*tables["attributes"]["name"]} if kept else len(tables["codings"]) == 2


@pytest.mark.parametrize(
    "lines",
    [
        ("Participant,Coder", "P1,AB", "P2,CD"),
        ("Participant,Node,User", "P1,Bus,AB", "P2,Cost,CD"),
        ("Interview,Theme,Coder,Observation", "1,Bus,AB,It is too dear", "2,Cost,AB,It is too slow"),
    ],
)
def test_a_refusal_of_codes_without_words_says_how_to_keep_them_as_attributes(tmp_path, lines):
    path = sheet(tmp_path, *lines)
    told = refusal(path).rpartition("If it has no codes: ")[2]
    maps = [f"{name}=attribute" for name in re.findall(r"--map '(.*?)'=attribute", told)]
    assert maps and "attributes" in brought(path, maps)


# headings of other tools, and of one's own tables


def test_extracts_with_a_parent_and_a_coder_are_coded_passages(tmp_path):
    """Columns as Dovetail, Quirkos, Delve and NVivo's lists of coded text have them."""
    rows = (
        "Source,Extract,Parent quirk,Quirk,Coded by initials",
        "A1,No bus.,,Getting there,NF",
        "A1,No rail.,Getting there,Rail,KO",
    )
    tables = brought(path := sheet(tmp_path, *rows))
    assert codings(path) == [("A1", "No bus.", "Getting there"), ("A1", "No rail.", "Getting there > Rail")]
    assert tables["codings"]["coder"].tolist() == ["NF", "KO"]
    assert "attributes" not in tables
    path = sheet(
        tmp_path, "Note title,Highlight text,Tags,Created by", "Ana,No bus.,Bus,NF", name="dovetail.csv"
    )
    assert (codings(path), *brought(path)["codings"]["coder"]) == ([("Ana", "No bus.", "Bus")], "NF")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            ("Person,Extract,Coder 1 (NF),Coder 2 (KO),Agreed code", "P1,No bus.,Bus,Rail,Bus"),
            "no column is read as codes, and 'Agreed code', 'Coder 1 (NF)', 'Coder 2 (KO)' may have them: --map 'Agreed code'=code. "
            "If that is none: --map 'Agreed code'=attribute. Codes of several coders need a row each, with a column 'Coder'.",
        ),
        (
            ("Person,Verbatim comment,Primary theme,Secondary theme", "P1,No bus.,Bus,Cost"),
            "no column is read as codes, and 'Primary theme', 'Secondary theme' may have them: --map 'Primary theme'=code "
            "--map 'Secondary theme'=code. If that is none: --map 'Primary theme'=attribute --map 'Secondary theme'=attribute. "
            "Codes of several coders need a row each, with a column 'Coder'.",
        ),
        (
            ("Person,Extract,Theme,Secondary theme", "P1,No bus.,Bus,Cost"),
            "beside 'Theme', 'Secondary theme' may have codes too: --map 'Secondary theme'=code. If that is none: "
            "--map 'Secondary theme'=attribute.",
        ),
    ],
)
def test_columns_that_may_have_codes_are_asked_about(tmp_path, rows, message):
    assert refusal(sheet(tmp_path, *rows)) == f"export.csv: {message}"


def test_two_columns_that_are_given_as_codes_are_the_codes_of_a_passage(tmp_path):
    path = sheet(
        tmp_path, "Person,Extract,Primary theme,Secondary theme", "P1,No bus.,Bus,Cost", "P2,I walk.,Bus,"
    )
    maps = ["Primary theme=code", "Secondary theme=code"]
    assert [code for *_, code in codings(path, maps)] == ["Bus", "Cost", "Bus"]


def test_passages_with_a_number_and_a_label_of_each_code_are_coded_by_the_label(tmp_path):
    path = sheet(
        tmp_path, "Person,Code,Label,Text", "P1,1,Bus,No bus.", "P2,2,Cost,Too dear.", "P1,1,Bus,No rail."
    )
    assert [code for *_, code in codings(path)] == ["Bus", "Cost", "Bus"]


def test_a_codebook_with_a_number_and_a_label_of_each_code(tmp_path):
    codes = brought(sheet(tmp_path, "Code,Label,Definition", "1,Transport,Getting about", "2,Cost,Paying"))[
        "codebook"
    ]
    assert codes[["code_id", "label"]].values.tolist() == [["1", "Transport"], ["2", "Cost"]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            ("Person,Area,Age", "P1,Fife; Dundee,30", "P2,Fife,31"),
            "row 2 has several areas in 'Area': 'Fife; Dundee'; expected one, as people are counted in one. To keep the column as it is: "
            "--map 'Area'=attribute.",
        ),
        (
            ("Interview,File,Area", "1,a.docx,Fife; Ayr"),
            "row 2 has several areas in 'Area': 'Fife; Ayr'; expected one, as people are counted in one. To keep the column as it is: "
            "--map 'Area'=attribute.",
        ),
        (
            ("ID,Responding as,Do you agree?", "1,Carer;Client;,Yes", "2,Carer;,No"),
            "row 2 has several groups in 'Responding as': 'Carer;Client;'; expected one, as people are counted in one. To keep the column "
            "as it is: --map 'Responding as'=attribute.",
        ),
        (
            ("Person,Group,Age", 'P1,"Carer, Client",30', "P2,Carer,31", "P3,Client,32"),
            "row 2 has several groups in 'Group': 'Carer, Client'; expected one, as people are counted in one. To keep the column as it is: "
            "--map 'Group'=attribute.",
        ),
    ],
)
def test_several_areas_or_groups_are_refused(tmp_path, rows, message):
    assert refusal(sheet(tmp_path, *rows)) == f"export.csv: {message}"


def test_an_area_or_a_group_may_have_a_comma_or_a_slash(tmp_path):
    people = brought(
        sheet(tmp_path, "Person,Area,Group", 'P1,"Ayr, East",Staff/carers', "P2,Argyll and Bute,Staff")
    )["participants"]
    assert people["area_id"].tolist() == ["Ayr, East", "Argyll and Bute"]


@pytest.mark.parametrize(
    ("heading", "cells", "who"),
    [
        ("Status", ("Interviewed", "Withdrawn", "Not withdrawn"), "P2"),
        ("Withdrawn?", ("No", "4 March", ""), "P2"),
        ("Notes on the bus", ("", "came", "late"), ""),
    ],
)
def test_who_has_withdrawn_is_named(tmp_path, heading, cells, who):
    rows = [f"P{n},{n}0,{cell}" for n, cell in enumerate(cells, 1)]
    told = account(sheet(tmp_path, f"Person,Age,{heading}", *rows)).get(
        "person of whom the list says that they withdrew"
    )
    assert told == (
        who and (1, 1, f"{who}: in the study until taken out: ncsresearch withdraw NAME --from STUDY") or None
    )


def test_a_title_of_pairs_and_notes_with_commas_are_no_rows(tmp_path):
    """A .csv as statistical services write it: what it is about above, and its source below."""
    rows = (
        "Exported,2024-01-01",
        "Population,All",
        "",
        "Person,Age,Role",
        "P1,30,Nurse",
        "P2,31,Carer",
        "",
        "Note: a, b, and c, d",
    )
    path = sheet(tmp_path, *rows)
    assert brought(path)["participants"]["participant_id"].tolist() == ["P1", "P2"]
    told = account(path)
    assert told["row above the headings"] == (2, 0, "not read: row 1, 2")
    assert told["row beside the table"] == (1, 0, "left out: row 8 (a note)")


MATRIX = [
    ("Case", "Buses", "Taxis"),
    ("P1", "Says that the last bus goes at six.", "Cannot pay for a taxi on her pension."),
    ("P2", "Walks everywhere and is glad of it.", ""),
]


@pytest.mark.parametrize("first", ["Case", "Participant", ""])
@pytest.mark.parametrize("transposed", [False, True])
def test_a_framework_matrix_of_ones_own(tmp_path, first, transposed):
    """A row a person and a column a theme, as charts of the Framework method are kept in Excel, or the other way round."""
    rows = [(first, *MATRIX[0][1:]), *MATRIX[1:]]
    rows = [("Theme", "P1", "P2"), *[*zip(*rows, strict=True)][1:]] if transposed else rows
    path = sheet(tmp_path, *map(",".join, rows))
    assert brought(path)["summaries"][["unit_id", "code_id", "text"]].values.tolist() == [
        ["P1", "Buses", MATRIX[1][1]],
        ["P1", "Taxis", MATRIX[1][2]],
        ["P2", "Buses", MATRIX[2][1]],
    ]


def test_themes_beside_other_columns_on_people_are_given(tmp_path):
    rows = [
        (*row[:1], *more, *row[1:])
        for row, more in zip(MATRIX, (("Area", "Age"), ("Fife", "30"), ("Ayr", "31")), strict=True)
    ]
    path = sheet(tmp_path, *map(",".join, rows))
    assert account(path)["column of words on people"] == (
        2,
        2,
        "kept as attributes; if they are answers: --map 'Buses=question' --map 'Taxis=question'; if summaries of what was said on a theme: "
        "--map 'Buses=theme column' --map 'Taxis=theme column'",
    )
    tables = brought(path, ["Buses=theme column", "Taxis=theme column"])
    assert tables["participants"]["area_id"].tolist() == ["Fife", "Ayr"]
    assert tables["attributes"]["value"].tolist() == ["30", "31"]
    assert len(tables["summaries"]) == 3


def test_a_list_of_people_with_long_roles_is_no_matrix(tmp_path):
    rows = (
        "P1,Citizens Advice Bureau of all Scotland,Senior Support Worker for the north",
        "P2,Team of the north and east,Manager of all of the teams",
    )
    assert len(brought(sheet(tmp_path, "Participant,Organisation,Job title", *rows))["participants"]) == 2


@pytest.mark.parametrize(
    ("heading", "maps"), [("What works well?", ()), ("What works well", ["What works well=question"])]
)
def test_a_survey_of_open_questions_alone_is_one(tmp_path, heading, maps):
    rows = (
        "1,The staff are really kind and helpful to all",
        "2,I like the garden behind the house best",
        "3,Nothing at all that I can think of now",
    )
    segments = brought(sheet(tmp_path, f"ID,{heading}", *rows), maps)["segments"]
    assert segments[["participant_id", "section"]].values.tolist() == [
        [f"export_{n}", heading] for n in (1, 2, 3)
    ]


def test_sheets_of_passages_with_the_same_columns_are_named(tmp_path):
    """A workbook with a sheet a theme, or a coder."""
    book = openpyxl.Workbook()
    for title in ("Transport", "Cost"):
        (page := book.create_sheet(title)).append(["Participant", "Quote"])
        page.append(["P1", f"On {title}."])
    del book["Sheet"]
    book.save(tmp_path / "a.xlsx")
    told = {line.kind: line.note for file in read_file(tmp_path / "a.xlsx", []) for line in file.account}
    assert told["sheet of passages"] == (
        "Transport, Cost: their names are not read; where a name is the code or the file or the coder of its rows, write it in a "
        "column of its own"
    )


@pytest.mark.parametrize(
    "headings",
    ["Theme,Sub-theme,Description,Example quote", "Parent code,Child code,Definition,Notes for coders"],
)
def test_a_codebook_of_two_levels(tmp_path, headings):
    path = sheet(tmp_path, headings, "Access,Bus,Getting there,", "Access,Walking,On foot,", "Cost,,Paying,")
    codes = brought(path)["codebook"].astype("object")
    assert codes.where(codes.notna(), None)[["code_id", "parent_id", "definition"]].values.tolist() == [
        ["Access", None, None],
        ["Bus", "Access", "Getting there"],
        ["Walking", "Access", "On foot"],
        ["Cost", None, "Paying"],
    ]


def test_passages_without_a_column_of_codes_are_in_no_code(tmp_path):
    told = account(
        sheet(tmp_path, "Person,Quote,Level 1,Level 2", "P1,No bus.,Access,Bus", "P2,I walk.,Access,Foot")
    )
    assert told["passage in no code"] == (
        2,
        0,
        "no column has codes; for one that has them: --map COLUMN=code",
    )


def test_a_degree_of_a_stance_is_the_stance(tmp_path):
    rows = ("P1,No bus.,Bus,Very negative", "P2,I walk.,Foot,Somewhat positive", "P3,So so.,Cost,Mixed")
    codes = brought(sheet(tmp_path, "Person,Quote,Code,Sentiment", *rows))["codings"]
    assert codes["stance"].tolist() == ["challenge", "strength", "mixed"]


def test_a_log_of_interviews_has_files_groups_and_kinds_of_area(tmp_path):
    rows = (
        "Interview no.,Participant,Type of participant,Local authority,8-fold urban rural,Transcript file",
        "1,P1,Carer,Fife,Accessible Rural,a.docx",
    )
    tables = brought(sheet(tmp_path, *rows))
    assert tables["interviews"][["interview_id", "document_id"]].values.tolist() == [["1", "a.docx"]]
    assert tables["participants"]["participant_group"].tolist() == ["Carer"]
    assert tables["areas"]["area_type"].tolist() == ["rural_unspecified"]


def test_what_differs_between_passages_of_a_person_is_of_the_passage(tmp_path):
    rows = ("P1,No bus.,Bus,00:01,Carer", "P1,I walk.,Foot,00:02,Carer", "P2,Dear.,Cost,00:03,Client")
    told = brought(sheet(tmp_path, "Person,Quote,Code,Timestamp,Role", *rows))["attributes"]
    assert told.groupby("name")["owner"].unique().map(list).to_dict() == {
        "Role": ["participants"],
        "Timestamp": ["segments"],
    }
    assert told.query("name == 'Role'")["value"].unique().tolist() == ["Carer", "Client"]
