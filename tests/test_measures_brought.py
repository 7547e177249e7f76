"""Performance measures and action plans as councils keep them: a sheet each way round, its figures, periods, targets and states."""

import zipfile

import openpyxl
import pandas as pd
import pytest

import ncsresearch as ncs
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.ingest.files import read_file
from ncsresearch.ingest.measured import number
from ncsresearch.ingest.sheet_plan import state_of
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study, read_texts

SHOWN = ["label", "period", "period_type", "value", "unit", "printed", "target", "better"]


def read(tmp_path, text: str, maps=(), name="a.csv") -> dict[str, pd.DataFrame]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (file,) = read_file(tmp_path / name, list(maps))
    return file.tables


def values(tmp_path, text: str, maps=()) -> list[tuple]:
    rows = read(tmp_path, text, maps)["kpi_values"].reindex(columns=SHOWN)
    return list(rows.astype("object").where(rows.notna(), None).itertuples(index=False, name=None))


def test_a_row_a_measure_and_a_column_a_period(tmp_path):
    """Numbers with thousands, percentages, what is printed in place of a number, and targets that say which side is better."""
    text = (
        "Measure;Target;2022/23 Q1;2022/23 Q2;Direction\nVisits;1,000;950;1,020;Higher is better\n"
        "% satisfied;85%;80%;n/a;\nDays to complete (days);<15 days;14,5;[c];\nLate;at most 5%;4%;<5;\nCost;;£1,200;£1,150;lower\n"
    )
    q1, q2 = ("2022/23 Q1", "quarter"), ("2022/23 Q2", "quarter")
    assert sorted(values(tmp_path, text), key=lambda row: row[:2]) == [
        ("% satisfied", *q1, "80", None, None, "85", None),
        ("% satisfied", *q2, None, None, None, "85", None),
        ("Cost", *q1, "1200", "£", None, None, "lower"),
        ("Cost", *q2, "1150", "£", None, None, "lower"),
        ("Days to complete (days)", *q1, "14.5", "days", None, "15", "lower"),
        ("Days to complete (days)", *q2, None, "days", "[c]", "15", "lower"),
        ("Late", *q1, "4", None, None, "5", "lower"),
        ("Late", *q2, None, None, "<5", "5", "lower"),
        ("Visits", *q1, "950", "number", None, "1000", "higher"),
        ("Visits", *q2, "1020", "number", None, "1000", "higher"),
    ]


def test_a_row_a_period_and_a_column_a_measure(tmp_path):
    text = "Month,Referrals,Completed (%)\n2024-03-01,120,55\n2024-02-01,100,60\nTarget,,70\n"
    assert values(tmp_path, text) == [
        ("Referrals", "Feb 2024", "month", "100", "number", None, None, None),
        ("Referrals", "Mar 2024", "month", "120", "number", None, None, None),
        ("Completed (%)", "Feb 2024", "month", "60", None, None, "70", None),
        ("Completed (%)", "Mar 2024", "month", "55", None, None, "70", None),
    ]


def test_a_target_of_a_period_is_of_that_period(tmp_path):
    text = "Measure,Baseline 2021/22,2022/23 Actual,2022/23 Target,Trend\nLate %,9,7,5 or fewer,up\n"
    assert values(tmp_path, text) == [
        ("Late %", "2021/22", "year", "9", None, None, None, "lower"),
        ("Late %", "2022/23", "year", "7", None, None, "5", "lower"),
    ]


def test_values_that_are_not_shown_are_printed_as_they_stand(tmp_path):
    text = "Measure,2021/22,2022/23,2023/24\nDeaths,5 or fewer,*,7\nDays,fewer than 5,..,[z]\n"
    assert [row[5] for row in values(tmp_path, text)] == [
        "5 or fewer",
        "*",
        None,
        "fewer than 5",
        "..",
        "[z]",
    ]


def test_a_period_of_which_no_value_is_shown_is_one(tmp_path):
    text = "Measure,Q1 23-24,Q2 23-24\nLate %,70,*\nDays,9,-\n"
    assert [row[3:6:2] for row in values(tmp_path, text)] == [
        ("70", None),
        (None, "*"),
        ("9", None),
        (None, None),
    ]


def test_a_percentage_with_its_numerator_and_denominator(tmp_path):
    text = "Indicator,Year,Numerator,Denominator,Percentage\nOn time,2022/23,70,100,70\nOn time,2023/24,90,120,75\n"
    assert [row[1:5] for row in values(tmp_path, text)] == [
        ("2022/23", "year", "70", None),
        ("2023/24", "year", "75", None),
    ]


def test_a_row_a_value_with_year_and_quarter_apart(tmp_path):
    text = "Year,Quarter,KPI,Actual,Numerator,Denominator\n2022,Q1,Late,10%,1,10\n2022,Q2,Late,20%,2,10\n"
    rows = read(tmp_path, text)["kpi_values"]
    assert rows["period"].tolist() == ["2022 Q1", "2022 Q2"]
    assert rows[["value", "numerator", "denominator"]].to_numpy().tolist() == [
        ["10", "1", "10"],
        ["20", "2", "10"],
    ]


def test_a_measure_of_several_areas_is_one_in_each(tmp_path):
    text = "Council,Indicator,2022-23,2023-24\nFife,Late,5%,6%\nMoray,Late,7%,8%\n"
    tables = read(tmp_path, text)
    rows = tables["kpi_values"]
    assert rows.groupby("label")["value"].agg(list).to_dict() == {
        "Late (Fife)": ["5", "6"],
        "Late (Moray)": ["7", "8"],
    }
    assert rows["area_id"].tolist() == ["Fife", "Fife", "Moray", "Moray"]
    assert set(tables["areas"]["name"]) == {"Fife", "Moray"}


@pytest.mark.parametrize(
    ("first", "second", "periods", "length"),
    [
        ("2022-04-01", "2022-07-01", ["Apr 2022", "Jul 2022"], "quarter"),
        ("2022-03-31", "2023-03-31", ["2022", "2023"], "year"),
        ("2022-04-30", "2022-05-31", ["Apr 2022", "May 2022"], "month"),
        ("Apr-22", "May-22", ["Apr-22", "May-22"], "month"),
        ("Q1 2022/23", "Q2 2022/23", ["Q1 2022/23", "Q2 2022/23"], "quarter"),
        ("2021/22", "2022/23", ["2021/22", "2022/23"], "year"),
        ("Q1", "Q2", ["Q1", "Q2"], "quarter"),
    ],
)
def test_periods_as_they_are_written(tmp_path, first, second, periods, length):
    rows = read(tmp_path, f"Measure,{first},{second}\nLate,4%,5%\n")["kpi_values"]
    assert (rows["period"].tolist(), set(rows["period_type"])) == (periods, {length})


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ("1,020", 1020),
        ("1,020.5", 1020.5),
        ("86,5", 86.5),
        ("1.020,5", 1020.5),
        ("0.5", 0.5),
        ("-3", -3),
        ("12.", 12),
    ],
)
def test_numbers_with_a_point_or_a_comma(told, value):
    assert number(told) == value


def test_percentages_of_open_document_are_what_its_reader_sees(tmp_path):
    cell = '<table:table-cell office:value-type="{0}" office:{1}="{2}"><text:p>{2}</text:p></table:table-cell>'.format
    words = [cell("string", "string-value", word) for word in ("Measure", "2022", "2023", "Late")]
    shown = [cell("percentage", "value", share) for share in ("0.86", "0.855")]
    rows = "".join(
        f"<table:table-row>{''.join(each)}</table:table-row>" for each in (words[:3], [words[3], *shown])
    )
    named = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body>'
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        book.writestr("content.xml", f"<office:document-content {named}>{body}</office:document-content>")
    (file,) = read_file(tmp_path / "a.ods", [])
    rows = file.tables["kpi_values"]
    assert (rows["value"].tolist(), "unit" in rows and rows["unit"].notna().any()) == (["86", "85.5"], False)


def test_percentages_of_excel_are_what_its_reader_sees(tmp_path):
    """0.86 shown as 86% is 86%, in a workbook whose other cells are plain."""
    book = openpyxl.Workbook()
    book.active.append(["Measure", "Target", "2022", "2023"])
    book.active.append(["Late", 0.9, 0.86, 0.855])
    book.active.append(["Orders", 3, 2, 1])
    for column in "BCD":
        book.active[f"{column}2"].number_format = "0.0%"
    book.save(tmp_path / "a.xlsx")
    (file,) = read_file(tmp_path / "a.xlsx", [])
    rows = file.tables["kpi_values"].astype({"value": float, "target": float})
    assert rows.groupby("label")[["value", "target"]].agg(list).to_numpy().tolist() == [
        [[86, 85.5], [90, 90]],
        [[2, 1], [3, 3]],
    ]


SHARES = "'{}' has values from 0 to 1, which may be shares or percentages, expected percentages with their sign (86%), or in a column Unit the word share, or number."


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("Share done,,0.86,,0.95", SHARES.format("Share done")),
        ("Percentage done,,1,1,1", SHARES.format("Percentage done")),
        ("Percentage made,,0.86,0.9,1.05", SHARES.format("Percentage made")),
        ("On time,,0.5,0.6,0.7", SHARES.format("On time")),
        ("Cost,,£1.2,5%,3", "'Cost' has values in £, %, expected one unit; give each a measure of its own."),
        ("Wait,,12 days,2 weeks,3", "'Wait' has values in day, week, expected one unit; give each a measure of its own."),
        ("On time %,0.95,86,90,91", "'On time %' has the target 0.95 beside percentages, expected it with its sign, such as 95%."),
        ("Fälle,,1.234,2.345,3", "'Fälle' has 1.234, which may be a number or a thousand times it, expected 1,234 or 1.23."),
    ],
)  # fmt: skip
def test_numbers_that_may_be_two_things_are_refused(tmp_path, line, refused):
    with pytest.raises(StudyError) as error:
        read(tmp_path, f"Measure,Target,2021,2022,2023\n{line}\n")
    assert str(error.value) == f"a.csv: {refused}"


@pytest.mark.parametrize(
    ("line", "unit", "told"),
    [
        ("Done,share,0.86,0.9", None, ["86", "90"]),
        ("Rate,number,0.86,0.9", "number", ["0.86", "0.9"]),
        ("Faults,,0.4%,0.5", None, ["0.4", "0.5"]),
        ("Calls,orders,1 234,900", "orders", ["1234", "900"]),
        ("Share of budget (£),,100,200", "£", ["100", "200"]),
        ("People with a 10% discount,,100,200", "number", ["100", "200"]),
        ("Visits (new),,100,200", "number", ["100", "200"]),
    ],
)  # fmt: skip
def test_units(tmp_path, line, unit, told):
    rows = read(tmp_path, f"Measure,Unit,2021,2022\n{line}\n")["kpi_values"].reindex(
        columns=["unit", "value"]
    )
    assert ([*rows["unit"].astype("object").where(rows["unit"].notna(), None)], [*rows["value"]]) == (
        [unit] * 2,
        told,
    )


@pytest.mark.parametrize(
    ("target", "value", "better"),
    [
        ("95%", "95", None), (">= 95%", "95", "higher"), ("95% or more", "95", "higher"), ("95%+", "95", "higher"), ("max 5%", "5", "lower"),
        ("no less than 5%", "5", "higher"), ("not over 5%", "5", "lower"), ("fewer than 5", "5", "lower"),
        ("95% within 4 hours", None, None), ("+5%", None, None), ("95-98%", None, None), ("Reduce by 5%", None, None), ("ISO 9001", None, None),
        ("2023 target 97%", None, None), ("1 in 10", None, None), ("5 days", None, None),
    ],
)  # fmt: skip
def test_targets_are_read_whole_or_kept_as_a_note(tmp_path, target, value, better):
    rows = read(tmp_path, f"Measure;Target;2021;2022\nLate;{target};6%;7%\n")["kpi_values"]
    row = rows.reindex(columns=["target", "better", "notes"]).astype("object").iloc[0]
    said = None if value else f"Target as printed: {target}"
    assert [None if pd.isna(cell) else cell for cell in row] == [value, better, said]


@pytest.mark.parametrize(
    ("words", "better"),
    [("Higher is better", "higher"), ("Low", "lower"), ("↓", None), ("Not lower", None), ("-", None), ("slower", None), ("To support people", None)],
)  # fmt: skip
def test_which_values_are_better_is_said_in_whole_words(tmp_path, words, better):
    rows = read(tmp_path, f"Measure;Direction;2021;2022\nLate;{words};6%;7%\n")["kpi_values"]
    assert rows.reindex(columns=["better"])["better"].dropna().unique().tolist() == [better] * bool(better)


@pytest.mark.parametrize(
    ("headings", "periods"),
    [
        (["2008-09", "2009-10", "2012-13"], ["2008-09", "2009-10", "2012-13"]),
        (["2008-08", "2008-09", "2008-10"], ["Aug 2008", "Sep 2008", "Oct 2008"]),
        (["2021/22 (revised)", "2022/23 (p)"], ["2021/22", "2022/23"]),
        (
            ["Q1 2023", "Q2 2023", "2023"],
            ["Q1 2023", "Q2 2023"],
        ),  # a year among its quarters is left out, and said
    ],
)
def test_headings_of_periods(tmp_path, headings, periods):
    line = ",".join(map(str, range(2, 2 + len(headings))))
    assert (
        read(tmp_path, f"Measure,{','.join(headings)}\nLate,{line}\n")["kpi_values"]["period"].tolist()
        == periods
    )


MAY_BE = (
    "the column '{0}' may be a period of the measures, expected a heading such as 2023/24 Q1, 2023/24 or April 2024, one for each, "
    "above numbers. To pass over it: --map '{0}=leave out'."
)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (
            "Measure,2021,2022\nOn time,86%,0.9\n",
            "'On time' has values from 0 to 1, which may be shares or percentages, expected percentages with their sign (86%), or in a "
            "column Unit the word share, or number.",
        ),
        ("Measure,2021,2022 forecast\nA,1,2\n", MAY_BE.format("2022 forecast")),
        ("Measure,2021,2022,Target 2023\nA,1,2,3\n", MAY_BE.format("Target 2023").replace("To pass", "If it is the target of every period: --map 'Target 2023=target'. To pass")),
        ("Measure,2020,2021/22,2021-22\nA,1,2,3\n", MAY_BE.format("2021/22")),
        ("Measure,2021,2022\nA,3:15,5\nB,4:15,6\n", MAY_BE.format("2021")),
        ("Measure,Q4,Q3\nA,1,2\n", "Q4, Q3 have no year, expected them in the order of time, or with their years."),
        ("Measure,Period,Value\nA,2021,1\n,2022,2\n", "row 3 has a value and no measure, expected one in each row."),
        ("Area,Measure,2021,2022\nNorth,A,1,2\n,B,3,4\n", "row 3 has a value and no area, expected one in each row."),
        ("Measure,2021,2022\nA,1,2\nMeasure,2022,2023\n", "row 3 is the heading of a second table; put it on a sheet of its own."),
        ("Measure,2021,2022\n,,\nA,,\n", "has no value of a measure."),
        (
            "Month,Mood,Sleep\n2024-01-31,3,4\n2024-02-29,1,2\n",
            "each row may be a period and each column a measure: --map 'Month=period'. If its rows are people who answered: "
            "--map 'Mood=question'.",
        ),
    ],
)  # fmt: skip
def test_what_may_be_misread_is_refused(tmp_path, text, refused):
    with pytest.raises(StudyError) as error:
        read(tmp_path, text)
    assert str(error.value) == f"a.csv: {refused}"


def test_a_range_among_numbers_is_kept_as_printed(tmp_path):
    assert [row[3:6] for row in values(tmp_path, "Measure,2021,2022\nA,10-12,5\nB,7,6\n")] == [
        (None, "number", "10-12"), ("5", "number", None), ("7", "number", None), ("6", "number", None)
    ]  # fmt: skip


def test_measures_whose_names_differ_by_signs_stay_apart(tmp_path):
    text = "Indicator,2021,2022\nReviews,9,8\nReviews (%),94%,96%\nWaits < 5 days,1,2\nWaits > 5 days,3,4\nA,1,2\na,3,4\n"
    rows = read(tmp_path, text)["kpi_values"]
    assert rows["kpi_id"].nunique() == 6 and not rows.duplicated(["kpi_id", "period"]).any()


@pytest.mark.parametrize(
    "text",
    [
        "Name,Role,Status,Action\nAnn,Carer,Interviewed,Send thanks\nBob,Staff,Interviewed,Ring\n",
        "ID,What action should we take?,Who should lead?,When?\n1,More buses,Council,Soon\n2,Fewer forms,Staff,Soon\n",
        "ID,2021,2022\n1,4,5\n2,3,4\n",
        "Theme,2021,2022\nTrust,3,4\nBuses,1,2\n",
    ],
)
def test_other_sheets_are_no_measures_and_no_plan(tmp_path, text):
    try:
        tables = read(tmp_path, text)
    except StudyError:
        return
    assert not {"kpi_values", "actions"} & {*tables}


def test_quarters_below_a_merged_year_are_quarters_of_it(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["Indicator", "2022/23", None, "2023/24", None],
        [None, "Q3", "Q4", "Q1", "Q2"],
        ["Calls", 1, 2, 3, 4],
    ):
        book.active.append(row)
    for cells in ("A1:A2", "B1:C1", "D1:E1"):
        book.active.merge_cells(cells)
    book.save(tmp_path / "a.xlsx")
    (file,) = read_file(tmp_path / "a.xlsx", [])
    assert file.tables["kpi_values"]["period"].tolist() == [
        "2022/23 Q3",
        "2022/23 Q4",
        "2023/24 Q1",
        "2023/24 Q2",
    ]


def test_what_an_import_says_of_measures(tmp_path):
    (tmp_path / "a.csv").write_text("Indicator,Trend,2022,2023\nLate,up,5%,[c]\nVisits,down,7,8\n")
    (file,) = read_file(tmp_path / "a.csv", [])
    assert [(line.kind, line.in_file, line.kept, line.note) for line in file.account if line.in_file] == [
        (
            "columns",
            4,
            4,
            "read as measures: Indicator = measure; Trend = not read; 2022 = a period; 2023 = a period",
        ),
        ("measure", 2, 2, "1 in percent; 1 without a unit"),
        ("value", 4, 3, "without a number, as printed: [c]"),
        (
            "measure of which it is not said which values are better",
            2,
            2,
            "a column such as Better, with higher or lower, says it",
        ),
        ("column that is no part of a measure", 1, 0, "not read: Trend"),
    ]


def test_the_same_measure_twice_is_refused(tmp_path):
    with pytest.raises(StudyError) as refused:
        read(tmp_path, "Measure,2022,2023\nLate,1,2\nLate,3,4\n")
    assert str(refused.value) == (
        "a.csv: rows 2, 3 are one measure, 'Late', in 2022; give each a name of its own, or name its area in a column."
    )


@pytest.mark.parametrize("heading", ["Name", "Staff name", "Who"])
def test_people_by_year_are_asked_about(tmp_path, heading):
    with pytest.raises(StudyError) as refused:
        read(tmp_path, f"{heading},2021,2022\nAnn,3,4\nBob,1,2\n")
    assert str(refused.value) == (
        f"a.csv: looks like measures by period, expected a column that names the measure: --map '{heading}=measure'. "
        f"If its rows are people who answered: --map '2021=question'."
    )


def test_a_mapping_decides(tmp_path):
    text = "Wer,2021,2022\nAnrufe,3,4\nBesuche,1,2\n"
    assert [row[0] for row in values(tmp_path, text, ["Wer=measure"])] == [
        "Anrufe",
        "Anrufe",
        "Besuche",
        "Besuche",
    ]
    assert len(read(tmp_path, text, ["2021=question", "2022=question"])["survey_items"]) == 2
    with pytest.raises(StudyError) as refused:
        read(tmp_path, "Wer,Alter\nAnrufe,3\n", ["Wer=measure"])
    assert str(refused.value) == (
        "a.csv: has no values of measures, expected a measure and a column a period such as 2023/24 Q1, or the columns measure, period "
        "and value."
    )


def test_answers_on_days_are_no_measures(tmp_path):
    """Who answers on a day is a respondent: days within a month are no periods."""
    with pytest.raises(StudyError, match="^a.csv: its columns show neither people"):
        read(tmp_path, "Date,How safe,How warm\n2024-05-03,3,4\n2024-05-04,1,2\n")


def test_headings_that_say_that_a_period_has_values(tmp_path):
    text = (
        "KPI,Target,Actual 2022/23 Q1,RAG 2022/23 Q1,Actual 2022/23 Q2,RAG 2022/23 Q2\nLate,10%,5%,G,6%,A\n"
    )
    assert [row[1:4] for row in values(tmp_path, text)] == [
        ("2022/23 Q1", "quarter", "5"),
        ("2022/23 Q2", "quarter", "6"),
    ]
    assert [row[1] for row in values(tmp_path, "KPI,Q1 Actual,Q2 Actual\nLate,5%,6%\n")] == ["Q1", "Q2"]


def test_measures_without_a_period_are_refused(tmp_path):
    with pytest.raises(StudyError) as refused:
        read(tmp_path, "KPI,Target,Actual,Owner\nOrders,100,105,Jo\nVisits,50,45,Sam\n")
    assert str(refused.value) == (
        "a.csv: looks like measures with a value each, expected the period of each value, in a column such as Period: 2023/24 Q1, "
        "2023/24 or April 2024."
    )


def test_a_newer_version_takes_away_and_another_file_stays(tmp_path):
    new_study(tmp_path / "study")
    first, other = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("Measure,2021,2022\nLate,1%,2%\nVisits,3,4\n")
    other.write_text("Measure,2021\nLate,9%\n")
    import_files([first, other], tmp_path / "study")
    first.write_text("Measure,2021,2022,2023\nLate,1%,2.5%,3%\n")
    (imported,) = import_files([first], tmp_path / "study")
    rows = read_texts(tmp_path / "study")["kpi_values"].set_index(["kpi_id", "period"])["value"].astype(float)
    assert rows.to_dict() == {
        ("b-late", "2021"): 9,
        ("a-late", "2021"): 1,
        ("a-late", "2022"): 2.5,
        ("a-late", "2023"): 3,
    }
    assert imported.changes["kpi_values"]["added"] == 1


def test_a_copy_under_another_name_adds_nothing_and_two_reports_of_one_measure_are_told_apart(tmp_path):
    new_study(tmp_path / "study")
    for name, second in (("a", 2), ("a (1)", 2), ("b", 5)):
        (tmp_path / f"{name}.csv").write_text(f"Measure,2021,2022\nLate,1%,{second}%\n")
    _, copied, _ = import_files(
        [tmp_path / f"{name}.csv" for name in ("a", "a (1)", "b")], tmp_path / "study"
    )
    assert copied.remarks == ["has the measures and values of a, and adds none"]
    kpis = ncs.kpis(load_study(tmp_path / "study"))
    assert list(kpis["label"].unique()) == ["Late (a)", "Late (b)"]
    values, _ = ncs.table(kpis)
    assert list(values.cells()) == ["Period", "Late (a) %", "Late (b) %"]


PLAN = (
    "Ref,Agreed action,Lead officer,Due date,RAG,Progress,Update,Area\n"
    "1.1,Open one evening,Manager; Team lead,31/03/2025,Green,Complete,Room found,Fife\n"
    "1.2,Fix roof,Council,June 2025,Red,Not started,,Fife\n"
    "2.1,Train everybody,,Ongoing,Amber,50% complete,Half done,\n"
    "2.2,Publish waits,Analyst,05/06/2025,Green,Will be completed by then,,\n"
)


def test_an_action_plan(tmp_path):
    tables = read(tmp_path, PLAN)
    shown = ["action_id", "label", "owner", "due_printed", "due", "recurring", "status", "notes"]
    rows = tables["actions"].reindex(columns=shown).astype("object")
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        [
            "a-1.1",
            "Open one evening",
            "Manager;Team lead",
            "31/03/2025",
            "2025-03-31",
            "no",
            "complete",
            "RAG: Green; Update: Room found",
        ],
        ["a-1.2", "Fix roof", "Council", "June 2025", "2025-06", "no", "not started", "RAG: Red"],
        [
            "a-2.1",
            "Train everybody",
            None,
            "Ongoing",
            None,
            "yes",
            "in progress",
            "RAG: Amber; Update: Half done",
        ],
        [
            "a-2.2",
            "Publish waits",
            "Analyst",
            "05/06/2025",
            "2025-06-05",
            "no",
            None,
            "Status as printed: Will be completed by then; RAG: Green",
        ],
    ]
    assert tables["actions"]["area_id"].dropna().tolist() == ["Fife", "Fife"]


def test_a_register_of_actions_is_a_plan_whatever_else_it_says(tmp_path):
    """A source, a clause and an id are no documents and no people."""
    text = (
        "id,source,clause,immediate_action,corrective_action,owner,due,status\n"
        "CA-1,audit,10.2,Lend a heater,Replace the boiler of the hub,Jo,2026-02-01,closed\n"
    )
    tables = read(tmp_path, text)
    assert set(tables) == {"documents", "actions"}
    row = tables["actions"].iloc[0]
    assert (row["action_id"], row["label"], row["status"]) == (
        "a-CA-1",
        "Replace the boiler of the hub",
        "complete",
    )
    assert row["notes"] == "source: audit; clause: 10.2; immediate_action: Lend a heater"


def test_days_that_may_be_two_are_kept_as_printed(tmp_path):
    text = "Action,Due\nFix roof,04/05/2025\nPaint,03/06/2025\n"
    assert "due" not in read(tmp_path, text)["actions"].dropna(axis=1, how="all")
    assert read(tmp_path, text + "Sweep,04/25/2025\n")["actions"]["due"].tolist() == [
        "2025-04-05",
        "2025-03-06",
        "2025-04-25",
    ]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Complete", "complete"), ("Closed", "complete"), ("100% complete", "complete"), ("Not complete", None),
        ("On track", "in progress"), ("75%", "in progress"), ("Not yet started", "not started"), ("0%", "not started"),
        ("No update received", "no update"), ("Green", None), ("To be completed", None),
        ("Two of the five offices have opened since then", None),
    ],
)  # fmt: skip
def test_states(words, state):
    assert state_of(words) == state


def test_an_action_plan_and_its_measures_are_sheets_of_one_workbook(tmp_path):
    new_study(tmp_path / "study")
    book = openpyxl.Workbook()
    book.active.title = "Measures"
    for row in (["Measure", "2021", "2022"], ["Late", "1%", "2%"]):
        book.active.append(row)
    plan = book.create_sheet("Plan")
    for row in (["Action", "Owner"], ["Fix roof", "Council"], ["Paint", "Council"]):
        plan.append(row)
    book.save(tmp_path / "Report 2022.xlsx")
    import_files([tmp_path / "Report 2022.xlsx"], tmp_path / "study")
    import_files([tmp_path / "Report 2022.xlsx"], tmp_path / "study")
    tables = read_texts(tmp_path / "study")
    assert tables["documents"]["document_id"].tolist() == ["report_2022_measures", "report_2022_plan"]
    assert tables["kpi_values"]["kpi_id"].tolist() == ["report_2022_measures-late"] * 2
    assert tables["actions"]["action_id"].tolist() == ["report_2022_plan-1", "report_2022_plan-2"]
