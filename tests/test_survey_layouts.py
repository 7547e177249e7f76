"""A survey in the layout of each tool: respondents, counts and shares equal those of plain pandas on the same file."""

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_series_equal

from ncsresearch.analysis.survey import options_counted
from ncsresearch.exchange.import_files import import_files, said
from ncsresearch.exchange.merge import merge
from ncsresearch.exchange.new_study import new_study
from ncsresearch.ingest.files import read_file
from ncsresearch.ingest.table_file import typed
from ncsresearch.schema import TABLES, StudyError, are_weights
from ncsresearch.study import Study, read_texts
from ncsresearch.study.check import check_study, no_rows
from ncsresearch.study.settings import Settings

SATISFIED, USES = "How satisfied are you?", "Which services do you use?"
SCALE = ["Very satisfied", "Satisfied", "Dissatisfied", "Very dissatisfied"]
SERVICES = ["Library", "Pool", "Bus"]
# 37 people: every fifth did not say how satisfied they are, every ninth used nothing
PEOPLE = pd.DataFrame(
    {
        "who": [f"R{n}" for n in range(1, 38)],
        "satisfied": ["" if n % 5 == 4 else SCALE[n * n % 4] for n in range(37)],
        "uses": [
            [] if n % 9 == 8 else [each for m, each in enumerate(SERVICES) if (n >> m) % 2 or m == n % 3]
            for n in range(37)
        ],
    }
)


def ticks(yes: str = "", no: str = "") -> dict[str, list[str]]:
    return {each: [(yes or each) if each in uses else no for uses in PEOPLE["uses"]] for each in SERVICES}


def written(path: Path, columns: dict[str, list], *headings: list[str], sep: str = ",") -> Path:
    """Write columns under their names, or under several rows of headings."""
    rows = pd.DataFrame(columns)
    head = pd.DataFrame(headings or [list(columns)], columns=rows.columns)
    pd.concat([head, rows]).to_csv(path, index=False, header=False, sep=sep)
    return path


def joined(mark: str, end: str = "") -> list[str]:
    return [mark.join(uses) + end * bool(uses) for uses in PEOPLE["uses"]]


def qualtrics(folder: Path):
    columns = {"ResponseId": PEOPLE["who"], "Q1": PEOPLE["satisfied"], "Q2": joined(",")}
    said = ["Response ID", SATISFIED, USES]
    path = written(folder / "a.csv", columns, [*columns], said, [f'{{"ImportId":"{n}"}}' for n in columns])
    frame = pd.read_csv(path, skiprows=[0, 2])
    return path, frame[SATISFIED], frame[USES].str.get_dummies(",")


def surveymonkey(folder: Path):
    columns = {"Respondent ID": PEOPLE["who"], "s": PEOPLE["satisfied"], **ticks()}
    above = ["Respondent ID", SATISFIED, USES, "", ""]
    path = written(folder / "a.csv", columns, above, ["", "Response", *SERVICES])
    frame = pd.read_csv(path, header=None, skiprows=2)
    return path, frame[1], frame[[2, 3, 4]].notna().set_axis(SERVICES, axis=1)


def limesurvey(folder: Path):
    grid = {f"{USES} [{each}]": cells for each, cells in ticks("Yes", "No").items()}
    path = written(
        folder / "a.csv", {"id. Response ID": PEOPLE["who"], SATISFIED: PEOPLE["satisfied"], **grid}
    )
    frame = pd.read_csv(path)
    uses = frame[list(grid)].eq("Yes").set_axis(SERVICES, axis=1)  # who says no to each has answered
    return path, frame[SATISFIED], uses.assign(**{"none of these": ~uses.any(axis=1)})


def microsoft_forms(folder: Path):
    path = folder / "a.xlsx"
    about = {
        "ID": range(1, 38),
        "Start time": "2024-01-01 10:00",
        "Completion time": "2024-01-01 10:05",
        "Email": "anonymous",
        "Name": "",
    }
    pd.DataFrame(about | {SATISFIED: PEOPLE["satisfied"], USES: joined(";", ";")}).to_excel(path, index=False)
    frame = pd.read_excel(path)
    return path, frame[SATISFIED], frame[USES].str.strip(";").str.get_dummies(";")


def google_forms(folder: Path):
    path = written(
        folder / "a.csv",
        {
            "Timestamp": [f"2024/01/01 10:00:{n:02}" for n in range(37)],
            SATISFIED: PEOPLE["satisfied"],
            USES: joined(", "),
        },
    )
    frame = pd.read_csv(path)
    return path, frame[SATISFIED], frame[USES].str.get_dummies(", ")


def citizen_space(folder: Path):
    grid = {f"{USES} - {each}": cells for each, cells in ticks().items()}
    columns = {"Response ID": PEOPLE["who"], SATISFIED: PEOPLE["satisfied"], **grid}
    path = written(folder / "a.csv", columns, sep=";")
    frame = pd.read_csv(path, sep=";")
    return path, frame[SATISFIED], frame[list(grid)].notna().set_axis(SERVICES, axis=1)


def spss(folder: Path):
    import pyreadstat

    path, codes = folder / "a.sav", {word: float(n) for n, word in enumerate(SCALE, 1)}
    frame = pd.DataFrame({"id": PEOPLE["who"], "q1": PEOPLE["satisfied"].map(codes)})
    labels = {"id": "Respondent ID", "q1": SATISFIED}
    pyreadstat.write_sav(
        frame,
        path,
        column_labels=labels,
        variable_value_labels={"q1": {n: word for word, n in codes.items()}},
    )
    return path, pd.read_spss(path)["q1"].astype("object"), None


LAYOUTS = (qualtrics, surveymonkey, limesurvey, microsoft_forms, google_forms, citizen_space, spss)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_respondents_counts_and_shares_are_those_of_plain_pandas(tmp_path, layout):
    path, satisfied, uses = layout(tmp_path)
    (file,) = read_file(path, ["id=participant"] if path.suffix == ".sav" else [])
    tables, *_ = merge({name: no_rows(table) for name, table in TABLES.items()}, {}, file)
    study = Study(
        tmp_path,
        Settings("A survey", "1", "public", "May 2026", ()),
        {name: typed(TABLES[name], rows) for name, rows in tables.items()},
    )
    answered = satisfied.notna() if uses is None else satisfied.notna() | uses.any(axis=1)
    assert study.survey_answers["respondent_id"].nunique() == answered.sum()
    counted = options_counted(study).set_index("option").query("n > 0")
    of_scale = counted[counted["label"].eq(SATISFIED)]
    expected = satisfied.value_counts()
    assert_series_equal(
        of_scale["n"].sort_index(),
        expected.sort_index(),
        check_names=False,
        check_dtype=False,
        check_index_type=False,
    )
    shares = satisfied.value_counts(normalize=True)
    assert of_scale["share"].round(12).to_dict() == shares.round(12).to_dict()
    if uses is not None:
        of_services = counted[counted["label"].eq(USES)]
        assert of_services["n"].to_dict() == uses.sum().to_dict()
        assert of_services["base"].unique().tolist() == [uses.any(axis=1).sum()]


WEIGHED = "ID,{},Safe?\nr1,0.8,Yes\nr2,1.2,No\nr3,0.8,Yes\n"
WEIGHTS = [
    "Weight",
    "wt_final",
    "Gewicht",
    "dweight",
    "pspwght",
    "wtssall",
    "NWEIGHT",
    "Grossing factor",
    "Waga",
]


@pytest.mark.parametrize("heading", WEIGHTS)
def test_weights_are_kept_by_the_line_that_their_refusal_says(tmp_path, heading):
    path = tmp_path / "a.csv"
    path.write_text(WEIGHED.format(heading))
    with pytest.raises(
        StudyError, match=f"looks like survey weights. To keep them: --map '{heading}'=attribute"
    ):
        read_file(path, [])
    (file,) = read_file(path, [f"{heading}=attribute"])
    assert file.tables["attributes"]["value"].tolist() == ["0.8", "1.2", "0.8"]
    assert file.tables["survey_items"]["label"].tolist() == ["Safe?"]


@pytest.mark.parametrize("given", ["Safe?", "Which? [Bus]", "Year"])
def test_what_is_given_as_an_attribute_is_no_question_no_option_and_no_wave(tmp_path, given):
    path = tmp_path / "a.csv"
    path.write_text(
        "ID,Year,Safe?,Calm?,Which? [Bus],Which? [Rail],Which? [Bike]\n"
        "r1,2023,Yes,No,Yes,,Yes\nr2,2024,No,No,,Yes,\nr3,2023,No,Yes,,,Yes\nr4,2024,No,Yes,,Yes,Yes\n"
    )
    (file,) = read_file(path, [*{"Year=attribute", f"{given}=attribute"}])
    labels, kept = file.tables["survey_items"].set_index("label"), file.tables["attributes"]
    assert given in set(kept["name"])
    assert [*labels.index] == [each for each in ["Safe?", "Calm?", "Which?"] if each != given]
    assert ("Bus" in labels.loc["Which?", "scale"]) == (given != "Which? [Bus]")


LIME = "id. Response ID,submitdate. Date submitted,G1Q1. How satisfied are you?,G1Q2[SQ1]. Uses? [Bus],G1Q2[SQ2]. Uses? [Rail]\n"
LIME_ROWS = ["11,1 May,Good,Yes,", "12,2 May,Bad,Yes,Yes", "13,3 May,Good,,Yes"]


def answers_of(tmp_path) -> dict[str, list[str]]:
    rows = read_texts(tmp_path / "study")["survey_answers"]
    return rows.groupby("respondent_id")["answer"].agg(list).to_dict()


def bring(tmp_path, head: str, rows: list[str], maps=()):
    (tmp_path / "a.csv").write_text(head + "\n".join(rows) + "\n")
    return import_files([tmp_path / "a.csv"], tmp_path / "study", maps=list(maps))


def test_limesurvey_s_codes_before_the_words_are_no_part_of_them(tmp_path):
    """LimeSurvey's "question code and question text"; in the newer export respondent 11 is gone and 14 new."""
    new_study(tmp_path / "study")
    bring(tmp_path, LIME, LIME_ROWS)
    first = {"a_11": ["Good", "Bus"], "a_12": ["Bad", "Bus;Rail"], "a_13": ["Good", "Rail"]}
    assert answers_of(tmp_path) == first
    bring(tmp_path, LIME, [*LIME_ROWS[1:], "14,4 May,Good,Yes,"])
    assert answers_of(tmp_path) == first | {"a_14": ["Good", "Bus"]}


def test_headings_that_lose_what_tells_them_apart_keep_their_codes(tmp_path):
    (tmp_path / "a.csv").write_text("id. Nr,A1. Safe?,B1. Safe?\n1,Yes,No\n2,No,No\n")
    (file,) = read_file(tmp_path / "a.csv", [])
    assert file.tables["survey_items"]["label"].tolist() == ["A1. Safe?", "B1. Safe?"]
    assert file.tables["survey_answers"]["respondent_id"].unique().tolist() == ["a_1", "a_2"]


ROWS = ["Good,Yes,It was very warm there", "Bad,No,", "Good,No,Nobody came to the door"]


@pytest.mark.parametrize(
    "newer",
    [
        ROWS[1:],
        [*ROWS[1:], ROWS[0]],
        [ROWS[1], *ROWS],
        ROWS[:2],
        [*ROWS[:2], "Good,No,"],
        ["Bad,Yes,It was very warm there", *ROWS[1:]],
    ],
)
def test_no_answer_goes_to_the_person_of_another_row(tmp_path, newer):
    """Google Forms has no column of ids; somebody deletes a row, sorts the sheet, puts one above, or answers again."""
    new_study(tmp_path / "study")
    bring(tmp_path, head := "How satisfied are you?,Safe?,Comments\n", ROWS)
    before = answers_of(tmp_path)
    with pytest.raises(StudyError) as refused:
        bring(tmp_path, head, newer)
    assert str(refused.value).endswith(
        " answers otherwise than in the former version, or has gone, and respondents are known by the number of their row alone, since no "
        "column is their id: answers would go to somebody else. If a column is it, import the former version again with --map "
        "'COLUMN=participant', and then this one. Else add new rows below the former, leave those as they are, and correct an answer in "
        "survey_answers.csv too."
    )
    assert answers_of(tmp_path) == before
    bring(tmp_path, head, [*ROWS, "Bad,Yes,"])
    assert answers_of(tmp_path) == before | {"a_4": ["Bad", "Yes"]}


def test_a_row_without_an_id_is_not_the_respondent_of_that_number(tmp_path):
    (tmp_path / "a.csv").write_text("ID,Safe?\n3,Yes\n4,No\n,No\n")
    (file,) = read_file(tmp_path / "a.csv", [])
    assert file.tables["survey_answers"]["respondent_id"].tolist() == ["a_3", "a_4", "row 3"]


READS = "ID,How much do you read?\n"


def scale_of(tmp_path) -> str:
    (item,) = read_texts(tmp_path / "study")["survey_items"]["scale"]
    return item


def put_right(tmp_path, scale: str, positive: str, not_an_answer: str = "") -> None:
    path = tmp_path / "study" / "survey_items.csv"
    items = pd.read_csv(path, dtype="str").assign(
        scale=scale, positive_values=positive, dont_know_values=not_an_answer
    )
    items.to_csv(path, index=False)


@pytest.mark.parametrize(
    ("right", "newer", "scale", "is_said"),
    [
        ("Loads;Some;Nowt", ["r4,Some"], "Loads;Some;Nowt", False),
        ("Loads;Some;Nowt", ["r4,Heaps"], "Loads;Some;Nowt;Heaps", True),
        ("Loads;Some;Nowt", ["r4,loads", "r5,LOADS", "r6,LOADS"], "Loads;Some;Nowt", False),
        ("Loads;Some", ["r4,Some"], "Loads;Some", False),
    ],
)
def test_a_scale_that_a_person_put_right_stays(tmp_path, right, newer, scale, is_said):
    new_study(tmp_path / "study")
    rows = ["r1,Nowt", "r2,Loads", "r3,Some"]
    bring(tmp_path, READS, rows)
    put_right(tmp_path, right, "Loads;Some", "" if "Nowt" in right else "Nowt")
    (done,) = bring(tmp_path, READS, [*rows, *newer])
    assert scale_of(tmp_path) == scale
    said = [line.note for line in done.file.account if line.kind == "scale that lacked an answer"]
    assert (
        said
        == ["how_much_do_you_read: the answer is at its end; put the scale right in survey_items.csv"]
        * is_said
    )
    assert {each for (each,) in answers_of(tmp_path).values()} <= {*scale.split(";"), "Nowt"}
    assert not check_study(tmp_path / "study")


def test_a_usual_scale_takes_a_new_answer_in_its_place_and_loses_none(tmp_path):
    new_study(tmp_path / "study")
    bring(tmp_path, "ID,How satisfied are you?\n", ["r1,Satisfied", "r2,Dissatisfied"])
    put_right(tmp_path, "Satisfied;Dissatisfied", "Satisfied")
    bring(tmp_path, "ID,How satisfied are you?\n", ["r1,Satisfied", "r2,Very satisfied"])
    assert scale_of(tmp_path) == "Very satisfied;Satisfied;Dissatisfied"


def test_labels_in_place_of_numbers_are_the_scale(tmp_path):
    new_study(tmp_path / "study")
    bring(tmp_path, "ID,Q1 Safe?\n", ["r1,1", "r2,2"])
    bring(tmp_path, "ID,Q1 Safe?\n", ["r1,Yes", "r2,No"])
    assert scale_of(tmp_path) == "Yes;No"


def test_check_names_a_positive_answer_that_is_not_on_its_scale(tmp_path):
    new_study(tmp_path / "study")
    bring(tmp_path, READS, ["r1,Nowt", "r2,Loads"])
    put_right(tmp_path, "Loads;Nowt", "Loads;Lots")
    assert [*map(str, check_study(tmp_path / "study"))] == [
        "survey_items.csv, row 2, positive_values: found 'Lots', expected an answer of its scale (Loads;Nowt). Nearest: 'Loads'."
    ]


def test_questions_with_a_quarter_s_number_or_a_year_are_questions(tmp_path):
    (tmp_path / "a.csv").write_text("Q1,Q2,2023\n1,2,3\n4,5,6\n")
    (file,) = read_file(tmp_path / "a.csv", [])
    assert file.tables["survey_items"]["label"].tolist() == ["Q1", "Q2"]


def test_rows_of_a_wave_do_not_move_either(tmp_path):
    new_study(tmp_path / "study")
    path = tmp_path / "a.csv"
    path.write_text("Safe?,Comments\nYes,Warm\nNo,\nYes,Cold\n")
    import_files([path], tmp_path / "study", wave="2024")
    path.write_text("Safe?,Comments\nNo,\nYes,Cold\n")
    with pytest.raises(StudyError, match="^a.csv, 2024: respondent .*1 answers otherwise"):
        import_files([path], tmp_path / "study", wave="2024")


def test_ranks_are_what_people_put_first(tmp_path):
    """Microsoft Forms writes a ranking as all its options in the order of each person; a choice of all by everybody is no ranking."""
    (tmp_path / "a.csv").write_text(
        "ID,Start time,Completion time,Email,Name,What matters most?,Which do you use?\n"
        "1,,,,,Time;Trust;Travel;,Bus;Car;Bike;\n2,,,,,Trust;Time;Travel;,Bus;Car;Bike;\n3,,,,,Trust;Travel;Time;,Bus;Car;Bike;\n"
    )
    (file,) = read_file(tmp_path / "a.csv", [])
    answers = file.tables["survey_answers"].groupby("item_id", sort=False)["answer"].agg(list).tolist()
    assert answers == [["Time", "Trust", "Trust"], ["Bus;Car;Bike"] * 3]
    assert file.tables["survey_items"]["label"].tolist() == [
        "What matters most? (put first)",
        "Which do you use?",
    ]
    assert [line.note for line in file.account if line.kind == "question of ranks"] == [
        "what people put first is counted: What matters most? (put first)"
    ]


def test_a_column_without_a_cell_brings_nothing_and_a_survey_without_an_answer_nobody(tmp_path):
    (tmp_path / "a.csv").write_text(
        "Start time,Completion time,Changed,Where?,Well?\n9:00,9:05,,,Yes\n9:10,9:15,,,No\n"
    )
    (file,) = read_file(tmp_path / "a.csv", [])
    assert file.tables["survey_items"]["label"].tolist() == ["Where?", "Well?"]
    assert file.tables["survey_answers"]["answer"].dropna().tolist() == ["Yes", "No"]
    new_study(tmp_path / "study")
    (done,) = bring(tmp_path, "ID,Well?\n", ["r1,", "r2,"])
    assert [(line.in_file, line.kept) for line in done.file.account if line.kind == "respondent"] == [(2, 0)]
    assert not check_study(tmp_path / "study")


@pytest.mark.parametrize(
    ("heading", "n", "weighs"),
    [("final_wt", 20, True), ("xk", 20, False), ("WTE", 18, False), ("Body weight (kg)", 20, False)],
)
def test_parts_that_are_one_on_average_are_weights_only_where_they_are_called_so(heading, n, weighs):
    assert are_weights(heading, ["0.8", "1,2"] * (n // 2)) == weighs


COUNTED = [
    "Well?,Count,%\nYes,10,50%\nNo,10,50%",
    "Well?,North,South\nYes,10,5\nNo,10,3",
    "Area,Well?,n\nNorth,Yes,10\nNorth,No,5\nSouth,Yes,3",
    "Well?,Safe?,People\nYes,Yes,10 (50%)\nYes,No,5 (25%)\nNo,Yes,5 (25%)",
]


@pytest.mark.parametrize("table", COUNTED)
def test_answers_that_were_counted_already_are_no_respondents(tmp_path, table):
    path = tmp_path / "a.csv"
    path.write_text(f"{table}\n")
    with pytest.raises(StudyError, match=r"expected a row for each respondent; .* --map 'Well\?'=question"):
        read_file(path, [])
    (file,) = read_file(path, ["Well?=question"])
    assert file.tables["survey_answers"]["respondent_id"].nunique() == table.count("\n")


def test_people_with_an_age_are_no_table_of_results(tmp_path):
    (tmp_path / "a.csv").write_text("Well?,Age\nYes,40\nNo,50\nYes,60\n")
    (file,) = read_file(tmp_path / "a.csv", [])
    assert file.tables["survey_answers"]["answer"].tolist() == ["Yes", "No", "Yes"]


@pytest.mark.parametrize(
    "heading",
    ["record_id", "Unique Response Number", "Client code", "Kennung", "Fragebogennummer", "Código"],
)
def test_who_answers_is_known_by_an_id_under_any_heading_and_is_in_one_row(tmp_path, heading):
    path, rows = tmp_path / "a.csv", [f"K{n},Yes" for n in range(4)]
    path.write_text("\n".join([f"{heading},Safe?", *rows]) + "\n")
    (file,) = read_file(path, [])
    assert file.tables["survey_answers"]["respondent_id"].tolist() == ["K0", "K1", "K2", "K3"]
    assert not file.by_row
    path.write_text(
        "\n".join([f"Response ID,{heading},Safe?", *[f"r{n},{rows[n % 4]}" for n in range(8)]]) + "\n"
    )
    with pytest.raises(
        StudyError, match=f"rows 2 and 6 have the same respondent in '{heading}', expected a row each"
    ):
        read_file(path, [])


@pytest.mark.parametrize(
    ("heading", "first", "second", "are_waves"),
    [
        ("redcap_event_name", "A", "B", True),
        ("Welle", "1", "2", True),
        ("When", "baseline_arm_1", "6_months_arm_1", True),
        ("Timing", "Pre", "Post", True),
        ("Length of service", "6 months", "2 years", False),
        ("Visited area code", "E01", "E02", False),
    ],
)
def test_waves_are_known_by_their_names_under_any_heading(tmp_path, heading, first, second, are_waves):
    path = tmp_path / "a.csv"
    path.write_text(f"ID,{heading},Safe?\nr1,{first},Yes\nr2,{second},No\n")
    if not are_waves:
        assert len(read_file(path, [])) == 1
        return
    with pytest.raises(StudyError, match=f"the column '{heading}' looks like waves of a survey"):
        read_file(path, [])
    assert len(read_file(path, [f"{heading}=wave"])) == 2


@pytest.mark.parametrize("mail", ["a{}@b.org", "anonim", ""])
def test_a_form_of_microsoft_is_known_in_any_language_by_its_places(tmp_path, mail):
    """In Hungarian: id, start, end, e-mail, name, last change, and a statement that asks nothing."""
    rows = [
        f"{n},2024-01-01 10:00,2024-01-01 10:05,{mail.format(n)},Nagy {n},,{'AB'[n % 2]}" for n in range(8)
    ]
    head = "Azonosító,Kezdés,Befejezés,Levél,Név,Módosítva,Biztonságban vagyok"
    (tmp_path / "a.csv").write_text("\n".join([head, *rows]) + "\n")
    (file,) = read_file(tmp_path / "a.csv", [])
    assert file.tables["survey_items"]["label"].tolist() == ["Biztonságban vagyok"]
    assert file.tables["survey_answers"]["answer"].value_counts().to_dict() == {"A": 4, "B": 4}
    assert set(file.tables["attributes"]["name"]) == {"Azonosító", "Kezdés", "Befejezés"}


@pytest.mark.parametrize(
    ("cells", "chosen"),
    [
        (["Cost, Speed", "Cost, Safety", "Speed, Safety"], {"Cost": 2, "Speed": 2, "Safety": 2}),
        (["A, B, C", "A, B, D", "B, C, D", "A, C, D"], dict.fromkeys("ABCD", 3)),
        (["Yes, now", "Yes, later", "No, now", "No, later"], {}),
        (["Perth, Scotland", "Ayr, Scotland", "Scotland, UK"], {}),
        (["Bell, A.", "Bell, B.", "Lee, A."], {}),
    ],
)
def test_choices_of_two_or_more_by_everybody_are_parted(tmp_path, cells, chosen):
    path = tmp_path / "a.csv"
    path.write_text(
        "Timestamp,Which matter most?\n" + "".join(f'9:0{n},"{cell}"\n' for n, cell in enumerate(cells))
    )
    (file,) = read_file(path, [])
    parts = file.tables["survey_answers"]["answer"].str.split(";").explode().value_counts().to_dict()
    assert parts == (chosen or dict.fromkeys(cells, 1))


def test_a_cell_that_excel_could_not_calculate_is_no_answer(tmp_path):
    (done,) = [*read_file(write(tmp_path, "ID,Safe?\nr1,Yes\nr2,#N/A\nr3,#DIV/0!\nr4,No\n"), [])]
    assert done.tables["survey_answers"]["answer"].tolist() == ["Yes", "No"]
    (line,) = [line for line in done.account if line.kind == "faulty cell of Excel"]
    assert (line.in_file, line.kept, line.note) == (2, 0, "left empty: B3 (#N/A), B4 (#DIV/0!)")


def test_a_comma_that_is_not_in_quotes_cuts_no_answer(tmp_path):
    path = write(tmp_path, "ID,Safe?\nr1,Yes\nr2,No, not at all\n")
    with pytest.raises(StudyError, match="^a.csv: row 3 has 3 cells, expected the 2 of the headings"):
        read_file(path, [])
    (file,) = read_file(write(tmp_path, "ID,Safe?\nr1,Yes,\nr2,No,,\n"), [])
    assert file.tables["survey_answers"]["answer"].tolist() == ["Yes", "No"]


def test_check_boxes_of_redcap_are_one_question_and_complete_is_none(tmp_path):
    boxes = "Record ID,Which do you use? (choice=Bus),Which do you use? (choice=Train (fast)),Complete?\n"
    rows = "1,Checked,Unchecked,Complete\n2,Checked,Checked,Incomplete\n3,Unchecked,Checked,Complete\n"
    (file,) = read_file(write(tmp_path, boxes + rows), [])
    assert file.tables["survey_items"]["label"].tolist() == ["Which do you use?"]
    answers = file.tables["survey_answers"]
    assert answers["answer"].tolist() == ["Bus", "Bus;Train (fast)", "Train (fast)"]
    assert answers["respondent_id"].tolist() == ["a_1", "a_2", "a_3"]


def test_a_survey_of_many_questions_prints_a_screen(tmp_path):
    new_study(tmp_path / "study")
    asked = [f"How much do you agree with the statement of number {n}?" for n in range(200)]
    (done,) = bring(tmp_path, ",".join(["ID", *asked]) + "\n", [f"r{n}" + ",Yes" * 200 for n in range(3)])
    told = said(done.report())
    assert len(told) < 1500
    assert "1 participant: ID; 200 question: How much do you agree with the statement, " in told
    assert asked[199] in str(done.report())


def _one(heading: str, *cells: str) -> str:
    """A survey of respondents with an id, one column beside, and a question."""
    rows = [f"{n},{cell},{('Yes', 'No')[n % 2]}" for n, cell in enumerate(cells, 1)]
    return "\n".join([f"ID,{heading},Do you feel safe?", *rows])


READ = [
    # no table of results
    ("Do you drive?,Age\nYes,34\nNo,51", 1, ["Age"]),
    ("Do you drive?,Hours per week\nYes,10\nNo,25\nSometimes,5", 1, ["Hours per week"]),
    ("Do you drive?,Distance (km)\nYes,2.5\nNo,0.8\nSometimes,12.1", 1, ["Distance (km)"]),
    ("Area,Are services good?,Number of children\nLeeds,Yes,3\nYork,No,1", 1, ["Number of children"]),
    ("Do you drive?,Do you walk?,Age\nYes,No,34\nNo,Yes,51\nYes,Yes,20\nNo,No,44", 2, ["Age"]),
    ("Name,Do you drive?,Age\nAna,Yes,30\nBen,No,31", 1, ["Age"]),
    ("No.,Do you drive?\n101,Yes\n102,No\n103,Sometimes", 1, ["No."]),
    ("No.,Do you drive?,Age\n101,Yes,30\n102,No,40\n103,Sometimes,50", 1, ["No.", "Age"]),
    ("Q1,Q2,Total\nAgree,Agree,2\nDisagree,Agree,3\nNeutral,Disagree,1", 2, ["Total"]),
    ("Q1,Q2,People\nAgree,Agree,2\nDisagree,Agree,3\nNeutral,Disagree,1", 2, ["People"]),
    # no ids of who answers
    *(
        (_one(heading, *"ABCDABCD"), 1, [heading])
        for heading in ("Panel no", "Household person no", "Study site id", "Case manager ID")
    ),
    (_one("Survey language code", "en", "cy", "pl", "en"), 1, ["Survey language code"]),
    (_one("Respondent identifies as", "Woman", "Man", "Other", "Man"), 1, ["Respondent identifies as"]),
    (_one("Existing client (Yes/No)", "Yes", "No", "Unsure", "Yes"), 1, ["Existing client (Yes/No)"]),
    (_one("Token", "Cash", "Voucher", "None", "Cash"), 1, ["Token"]),
    ("Code,Do you drive?\nA,Yes\nB,No\nC,Yes\nA,No", 1, ["Code"]),
    ("Case study no.,Do you drive?\n" + "1,Yes\n2,No\n3,Yes\n" * 2, 1, ["Case study no."]),
    # no waves
    (_one("Ward", "W1", "W2", "W1"), 1, ["Ward"]),
    (_one("Team", "T1", "T2", "T1"), 1, ["Team"]),
    (_one("Joined the scheme", "Before", "After", "Before"), 1, ["Joined the scheme"]),
    (_one("Event name", "Fair", "Workshop", "Fair"), 1, ["Event name"]),
    (_one("Golf", "Yes", "No", "Yes"), 2, []),
    # no weights
    (_one("Distance to stop (miles)", *["0.8", "1.2"] * 12), 1, ["Distance to stop (miles)"]),
    (_one("Weight loss (%)", "0.5", "1.5", "1.1"), 1, ["Weight loss (%)"]),
    (_one("Gewicht in Kilo", "62.5", "71.0", "64.2"), 1, ["Gewicht in Kilo"]),
    (_one("Körpergewicht", "62.5", "71.0", "64.2"), 1, ["Körpergewicht"]),
    (_one("Current weight", "1.2", "0.9"), 1, ["Current weight"]),
    (_one("Overweight (times a week)", "1", "2", "1"), 1, ["Overweight (times a week)"]),
    (_one("Weighted score", "1.5", "0.8"), 1, ["Weighted score"]),
    (_one("Peso", "60.5", "71.2"), 1, ["Peso"]),
    # no form of Microsoft
    (
        "No,Arrived,Left,Ward,Age,Do you feel safe?\n"
        + "\n".join(
            f"{n},2024-01-01 10:00,2024-01-01 10:10,A,{30 + n},{('Yes', 'No')[n % 2]}" for n in (1, 2, 3)
        ),
        1,
        ["No", "Arrived", "Left", "Ward", "Age"],
    ),
    (
        "Response ID,Time Started,Date Submitted,Status,Contact ID,Language,How satisfied are you?\n"
        + "\n".join(f"{n},2024-01-0{n} 10:00,2024-01-0{n} 10:05,Complete,,English,Good" for n in (1, 2, 3)),
        1,
        ["Time Started", "Date Submitted", "Status", "Language"],
    ),
    # nothing personal
    (_one("Referrer", "GP", "School", "GP"), 1, ["Referrer"]),
    (_one("GPs visited", "Oak", "Elm", "Oak"), 1, ["GPs visited"]),
    (_one("GPs", "2", "3", "2"), 1, ["GPs"]),
    (_one("Software version", "1.2.3.4", "1.2.3.5"), 1, ["Software version"]),
    (_one("Clinic postcode", "LS1 4AB", "YO1 7HH"), 1, ["Clinic postcode"]),
    (_one("Latitude band", "North", "South", "North"), 1, ["Latitude band"]),
    # no list of areas
    (
        "Area,Area type,Satisfied with bus,Feels safe\nLeeds,urban,Yes,No\nYork,rural,No,Yes\nHull,rural,Yes,Yes",
        2,
        [],
    ),
]


@pytest.mark.parametrize(("words", "questions", "kept"), READ)
def test_what_is_like_weights_waves_ids_or_results_in_part_only_is_read(tmp_path, words, questions, kept):
    (file,) = read_file(write(tmp_path, f"{words.strip()}\n"), [])
    assert len(file.tables["survey_items"]) == questions
    answers, rows = file.tables["survey_answers"], words.strip().count("\n")
    assert answers["respondent_id"].nunique() == rows
    assert [*dict.fromkeys(file.tables.get("attributes", {"name": []})["name"])] == kept


@pytest.mark.parametrize(
    ("heading", "cells"), [("Grossing factor", ("1523.4", "980.25")), ("Peso", ("0.8", "1.2"))]
)
def test_weights_that_gross_up_and_weights_in_other_words_are_asked_about(tmp_path, heading, cells):
    with pytest.raises(StudyError, match=f"the column '{heading}' looks like survey weights"):
        read_file(write(tmp_path, _one(heading, *cells)), [])


def write(tmp_path, words: str) -> Path:
    (tmp_path / "a.csv").write_text(words)
    return tmp_path / "a.csv"


def test_a_question_that_all_answer_alike_is_one(tmp_path):
    words = "ID,Course,I feel safe,I am heard,Consent\n1,Pre,Agree,Agree,Yes\n2,Pre,Disagree,Agree,Yes\n1,Post,Agree,Agree,Yes\n2,Post,Agree,Agree,Yes\n"
    waves = read_file(write(tmp_path, words), [])
    assert [file.tables["survey_items"]["label"].tolist() for file in waves] == [
        ["I feel safe", "I am heard"]
    ] * 2


@pytest.mark.parametrize(
    ("answers", "codes"),
    [(("1", "4", "5", "-99", "99", "-1"), "-99;99;-1"), (("20", "35", "99"), ""), (("8", "9", "98"), "98")],
)
def test_numbers_that_stand_for_no_answer_are_in_no_base(tmp_path, answers, codes):
    rows = "".join(f"r{n},{answer}\n" for n, answer in enumerate(answers * 3))
    (file,) = read_file(write(tmp_path, f"ID,How good is it?\n{rows}"), [])
    items = file.tables["survey_items"].reindex(columns=["dont_know_values"]).fillna("")
    assert items["dont_know_values"].tolist() == [codes]
    told = [line.note for line in file.account if line.kind == "number that stands for no answer"]
    how = "in no base; for one that is an answer, take it out of dont_know_values in survey_items.csv"
    assert told == [f"{codes} (How good is it?): {how}"] * bool(codes)


@pytest.mark.parametrize(("asked", "several"), [("Which? (tick all that apply)", True), ("Which?", False)])
def test_a_question_for_several_answers_parts_them_at_commas(tmp_path, asked, several):
    (file,) = read_file(write(tmp_path, f'ID,{asked}\nr1,"Bus, Train"\nr2,Bus\nr3,"Bus, Train"\n'), [])
    assert set(file.tables["survey_answers"]["answer"]) == (
        {"Bus;Train", "Bus"} if several else {"Bus, Train", "Bus"}
    )


def test_numbers_are_in_words_where_another_sheet_has_them(tmp_path):
    """A workbook of numbers with a sheet of value labels, as survey firms hand it over."""
    data = pd.DataFrame(
        {"ID": ["a", "b", "c"], "satis": ["2", "1", "2"], "uses": ["1,2", "2", "-9"], "age": ["30", "1", "2"]}
    )
    words = [
        ("satis", "How satisfied are you?", "2", "Poor"),
        ("satis", None, "1", "Good"),
        ("uses", "Which?", "1", "Pool"),
        ("uses", None, "2", "Bus"),
    ]
    labels = pd.DataFrame(words, columns=["Variable", "Question", "Code", "Label"])
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        data.to_excel(book, sheet_name="Data", index=False)
        labels.to_excel(book, sheet_name="Value labels", index=False)
    (file,) = read_file(tmp_path / "a.xlsx", [])
    items = file.tables["survey_items"].set_index("item_id")[["label", "scale"]]
    assert items.loc["satis"].tolist() == ["How satisfied are you?", "Good;Poor"]
    answers = file.tables["survey_answers"].query("item_id == 'uses'")["answer"]
    assert answers.tolist() == ["Pool;Bus", "Bus", "-9"]
    assert file.tables["attributes"]["value"].tolist() == ["30", "1", "2"]


def test_words_of_numbers_alone_are_refused(tmp_path):
    with pytest.raises(StudyError) as refused:
        read_file(write(tmp_path, "Variable,Code,Label\nQ1,1,Yes\nQ1,2,No\n"), [])
    assert str(refused.value) == (
        "a.csv: says what the numbers of answers stand for, expected on a sheet of the workbook that has the answers."
    )


def test_questions_of_limesurvey_are_known_by_their_codes(tmp_path):
    """LimeSurvey's export of question codes and answer codes."""
    (file,) = read_file(
        write(tmp_path, "id,lastpage,G01Q01,G01Q02[SQ001],G01Q02[SQ002]\n1,3,A1,Y,\n2,3,A2,,Y\n"), []
    )
    assert file.tables["survey_items"]["label"].tolist() == ["G01Q01", "G01Q02"]


def test_ratings_with_their_numbers_are_a_scale(tmp_path):
    (file,) = read_file(
        write(tmp_path, "ID,Buses come\n1,Agree (4)\n2,Strongly agree (5)\n3,Disagree (2)\n"), []
    )
    assert file.tables["survey_items"]["scale"].tolist() == ["Strongly agree (5);Agree (4);Disagree (2)"]
