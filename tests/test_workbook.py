"""The workbook of a study: small chapters in, every cell of a sheet out."""

import time
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import nbformat
import openpyxl
import pandas as pd
from nbformat.v4 import new_code_cell, new_notebook, new_output

from ncsresearch import Finding, Table
from ncsresearch.present.outputs import FIGURE, FINDING, WITHHELD
from ncsresearch.report.content import Chapter
from ncsresearch.report.sheets import sheets
from ncsresearch.report.workbook import workbook
from ncsresearch.schema import VERSION
from ncsresearch.study import Settings

SETTINGS = Settings(
    title="A study",
    schema_version=VERSION,
    access="confidential",
    evidence_date="2026",
    chapters=("02_themes",),
    status="Illustrative: fictional interviews",
    licence="Contains open words (https://example.org/licence). Facts only.",
)
SHOWN = {"theme": "Theme", "n": "People", "share": "Share %", "gap": "Gap, points", "mean": "Mean"}


def themes(name="themes", caption="Themes", source="a list", note="", **columns) -> Table:
    rows = {
        "theme": ["Staff", "=1+1", ""],
        "n": [1200, None, 0],
        "share": [0.45, None, 0.0],
        "gap": [3, -4, 0],
        "mean": [1.5, 2, 3],
    }
    return Table(
        name, caption, pd.DataFrame(rows | columns), SHOWN, "people heard", source, note, missing=WITHHELD
    )


def chapter(*tables: Table, name="02_themes", title="Themes", area_id="") -> Chapter:
    """A chapter as a run leaves it: written and read again, so that its names are sorted."""
    outputs = [new_output("display_data", data=table._repr_mimebundle_()) for table in tables]
    notebook = new_notebook(cells=[new_code_cell("show", outputs=outputs)])
    return Chapter(name, title, nbformat.reads(nbformat.writes(notebook), as_version=4), area_id)


def opened(*chapters: Chapter, settings=SETTINGS):
    return openpyxl.load_workbook(BytesIO(workbook(settings, chapters)))


def rows(sheet) -> list[tuple]:
    return list(sheet.iter_rows(values_only=True))


def below_headings(sheet) -> list[tuple]:
    return [row for row in rows(sheet) if row[1] is not None]


def test_a_workbook_has_a_summary_contents_notes_and_a_sheet_a_table():
    book = opened(chapter(themes(), themes("places", "Places")))
    assert book.sheetnames == ["Summary", "Contents", "Notes", "Themes", "Places"]
    assert below_headings(book["Contents"]) == [
        ("Sheet", "What it shows", "Chapter"),
        ("Themes", "Themes", "Themes"),
        ("Places", "Places", "Themes"),
    ]
    assert book["Contents"]["A5"].hyperlink.location == "'Themes'!A1"


def test_three_lines_stand_above_a_table_and_the_rest_on_the_sheet_of_notes():
    book = opened(chapter(themes(note="A note.")))
    assert [row[0] for row in rows(book["Themes"])][:4] == [
        "Themes",
        "Base: people heard. Illustrative: fictional interviews.",
        "Back to the contents; the sheet Notes has the source, notes and marks",
        "Theme",
    ]
    assert rows(book["Notes"])[-1] == ("Themes", "Source: a list. A note.")
    explained = dict(rows(book["Notes"]))
    assert explained["[c]"] == "withheld, whatever the number is, so that nobody can be identified from it"


def test_the_first_sheet_says_what_the_study_found():
    found = Finding("a", "Buses are late. Trams are not.", {"n": 1})._repr_mimebundle_()
    found[FINDING] |= {"heading": "Buses come late", "written": True}
    notebook = new_notebook(cells=[new_code_cell("show", outputs=[new_output("display_data", data=found)])])
    said = [row[0] for row in rows(opened(Chapter("00_summary", "Summary", notebook))["Summary"])]
    assert said[:5] == [
        "A study: tables",
        "Main findings",
        "Illustrative: fictional interviews.",
        "Buses come late",
        "Buses are late.",
    ]


def test_every_sheet_has_its_headings_within_four_rows_frozen_and_with_filters():
    north, south = area("North", "list one", 7), area("South", "list two", 9)
    for sheet in opened(chapter(themes(note="A note.")), north, south).worksheets[1:]:
        (table,) = sheet.tables.values()
        first = sheet[table.ref][0][0].row
        assert (first, sheet.freeze_panes[1:]) == (4, "5")
        assert table.autoFilter.ref == table.ref
        assert sheet.print_title_rows == f"${first}:${first}"


def test_a_sheet_whose_words_only_look_like_marks_names_none():
    def back(*words: str) -> str:
        return (
            opened(chapter(themes(source="", theme=words, n=1, share=0.1, gap=1))).worksheets[3]["A3"].value
        )

    assert back("some of the staff", "Most", "all") == "Back to the contents"
    assert back("some of 20", "b", "c").endswith("marks") and back("a", "most", "c").endswith("marks")


def test_numbers_are_numbers_and_marks_and_formulas_are_words():
    sheet = opened(chapter(themes()))["Themes"]
    assert below_headings(sheet) == [
        ("Theme", "People", "Share %", "Gap, points", "Mean"),
        ("Staff", 1200, 0.45, 3, 1.5),
        ("=1+1", "[c]", "[c]", -4, 2),
        ("[z]", 0, 0, 0, 3),
    ]
    first = sheet[sheet.tables["table_themes"].ref][1]
    assert [cell.number_format for cell in first] == ["General", "#,##0", "0%", "+#,##0;-#,##0;0", "#,##0.0"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"} == {"s"}


def test_words_that_a_spreadsheet_would_read_as_more_stay_words():
    words = ["@SUM(A1)", "[see](https://example.org)", "$$note$$"]
    sheet = opened(chapter(themes(theme=words)))["Themes"]
    assert [row[0] for row in below_headings(sheet)[1:]] == [
        "@SUM(A1)",
        "[see] (https://example.org)",
        "$ $note$ $",
    ]
    assert sheet["A6"].value.startswith("[see]") and sheet["A6"].hyperlink is None


def test_words_without_a_latin_letter_are_words():
    sheet = opened(chapter(themes(theme=["кадры", "?", "+44"])))["Themes"]
    assert [row[0] for row in below_headings(sheet)[1:]] == ["кадры", "?", "+44"]


def area(name: str, source: str, n: float, theme: str = "Theme") -> Chapter:
    table = Table(
        "raised",
        f"Raised in {name}",
        pd.DataFrame({"theme": ["Staff"], "n": [n]}),
        {"theme": theme, "n": name},
        "people",
        source,
    )
    return chapter(table, name="20_area", title=f"{name}: area report", area_id=name.lower())


def test_tables_of_all_areas_stand_in_one_sheet_with_what_is_said_of_each():
    book = opened(area("North", "list one", 7), area("South", "list two", 9))
    assert book.sheetnames == ["Summary", "Contents", "Notes", "Raised in each area"]
    sheet = book["Raised in each area"]
    assert sheet["A1"].value == "Raised in each area"
    assert below_headings(sheet) == [
        ("Area report", "Theme", "The area", "Source of the table"),
        ("North", "Staff", 7, "list one"),
        ("South", "Staff", 9, "list two"),
    ]


def test_what_every_area_draws_on_is_said_once_on_the_sheet_of_notes():
    book = opened(area("North", "census; list one", 7), area("South", "census; list two", 9))
    sheet, notes = book["Raised in each area"], rows(book["Notes"])
    assert notes[-1][1] == "Source: census; for each area also what the last column names."
    assert [row[-1] for row in below_headings(sheet)] == ["Source of the table", "list one", "list two"]
    book = opened(area("North", "census; a list", 7), area("South", "census; a list", 9))
    assert rows(book["Notes"])[-1] == ("Raised in each area", "Source: census; a list.")
    assert below_headings(book["Raised in each area"])[0] == ("Area report", "Theme", "The area")


def test_where_rows_name_their_source_all_are_said_on_the_sheet_of_notes():
    made = [area("North", "list one", 7, theme="Source"), area("South", "list two", 9, theme="Source")]
    book = opened(*made)
    assert rows(book["Notes"])[-1][1] == "Source: list one; list two."
    assert below_headings(book["Raised in each area"])[0] == ("Area report", "Source", "The area")


def test_each_number_has_the_decimals_that_the_chapters_show():
    north, south = area("North", "a list", 16701), area("South", "a list", 68.4)
    column = [row[2] for row in opened(north, north, south)["Raised in each area"]["A5:C7"]]
    assert [(cell.value, cell.number_format) for cell in column] == [
        (16701, "#,##0"),
        (16701, "#,##0"),
        (68.4, "#,##0.0"),
    ]


def test_a_wide_table_is_printed_on_a_larger_page_and_no_smaller_than_can_be_read():
    rows = pd.DataFrame({f"c{n}": ["a few words, said again and again"] for n in range(12)})
    made = [
        Table(f"wide_{n}", "Wide", rows.iloc[:, :n], {c: c for c in rows.columns[:n]}, "b", "s")
        for n in (2, 3, 5, 12)
    ]
    pages = [sheet.page_setup for sheet in opened(chapter(*made)).worksheets[3:]]
    assert [(page.paperSize, page.orientation) for page in pages] == [
        (9, "portrait"),
        (9, "landscape"),
        (8, "landscape"),
        (8, "landscape"),
    ]
    assert pages[3].scale == 75


def test_a_figure_has_a_sheet_of_its_data():
    made = chapter(themes())
    data = themes().read() | {"name": "bars", "alt": "Bars of people. Staff: 3."}
    output = new_output("display_data", data={FIGURE: data, "text/plain": data["alt"]})
    made.notebook["cells"].append(new_code_cell("draw", outputs=[output]))
    book = opened(made)
    assert book.sheetnames[3:] == ["Themes", "Bars of people"]
    assert book["Bars of people"]["A1"].value == "Data of the figure: bars of people"
    assert below_headings(book["Bars of people"]) == below_headings(book["Themes"])


def test_an_empty_table_and_a_chapter_that_failed_have_no_sheet():
    empty = replace(themes("nothing"), rows=themes().rows.head(0))
    book = opened(chapter(empty), Chapter("03_failed", "Failed", None))
    assert book.sheetnames == ["Summary", "Notes"]


def test_sheets_are_named_by_what_they_hold_in_whole_words_that_excel_takes():
    long = "A very long caption of a table that goes on"
    first = chapter(
        themes(caption=long),
        themes("b", long),
        themes("people_suggest", "Whatever"),
        themes("c", "Who? [1/2:3]"),
    )
    second = chapter(themes(caption=long), themes("people_suggest", "Whatever"), name="05_client_views")
    assert [sheet.label for sheet in sheets([first, second])] == [
        "A very long caption of a table",
        "A very long caption 2",
        "Suggestions",
        "Who 1 2 3",
        "A very long caption (clients)",
        "Suggestions (clients)",
    ]


def test_a_sheet_of_what_one_document_says_has_its_name():
    one, two = (
        themes("points_by_section", source=source)
        for source in ("Research, chapter 4 (Scotland, 2023)", "a; b")
    )
    assert [sheet.label for sheet in sheets([chapter(one)])] == ["Research ch. 4"]
    assert [sheet.label for sheet in sheets([chapter(two)])] == ["Local documents"]


def test_words_of_a_percentage_or_of_two_decimals_are_numbers_and_those_of_an_indicator_are_not():
    made = pd.DataFrame({"a": ["x", "y"], "b": ["98.7%", "[c]"], "c": ["0.68", "1.00"], "d": ["1.1", "5.2"]})
    table = Table("mixed", "Mixed", made, {"a": "A", "b": "Agree", "c": "Alpha", "d": "Indicator"}, "b", "")
    sheet = opened(chapter(table))["Mixed"]
    assert below_headings(sheet)[1:] == [("x", 0.987, 0.68, "1.1"), ("y", "[c]", 1, "5.2")]
    assert [cell.number_format for cell in sheet[5]] == ["General", "0.0%", "#,##0.00", "General"]


def test_headings_alike_but_for_capitals_are_told_apart():
    table = Table(
        "both", "Both", pd.DataFrame({"a": ["x"], "b": ["y"]}), {"a": "Women", "b": "women"}, "a", ""
    )
    assert below_headings(opened(chapter(table))["Both"])[0] == ("Women", "women 2")


def test_the_first_sheet_says_what_the_study_is_and_whose_its_sources_are():
    cover = opened()["Summary"]
    said = [row[0] for row in rows(cover)]
    assert said[0] == "A study: tables"
    assert "Illustrative: fictional interviews." in said
    assert "Contains open words." in said and "Facts only." in said
    assert (
        cover[f"A{said.index('Contains open words.') + 1}"].hyperlink.target == "https://example.org/licence"
    )


def test_the_same_chapters_make_the_same_bytes_in_which_no_time_stands():
    first = workbook(SETTINGS, [chapter(themes())])
    time.sleep(2.1)  # times in an archive go in steps of two seconds
    assert workbook(SETTINGS, [chapter(themes())]) == first
    core = ZipFile(BytesIO(first)).read("docProps/core.xml").decode()
    assert "dcterms" not in core.replace("xmlns:dcterms", "")
    assert "<dc:language>en-GB</dc:language>" in core
