"""Outputs vetted as an outsider reads them: a clean run passes, each planted leak is named and never repeated."""

import csv
import io
import json
import re
from pathlib import Path

import docx
import nbformat
import openpyxl
import pytest
from docx.oxml import OxmlElement
from openpyxl.comments import Comment

from builders import study_folder
from ncsresearch.report.html import chapter_page
from ncsresearch.schema import StudyError
from ncsresearch.vet.vetting import vet_outputs
from test_cli import ncsresearch

PAGE, NOTEBOOK, CSV = "chapters/02_themes.html", "chapters/02_themes.ipynb", "tables/02_themes/raised.csv"
SETTINGS = """title = "A small study of interviews"
schema_version = "1"
access = "confidential"
evidence_date = "May 2023"
chapters = ["02_themes"]
"""
TABLES = {
    "documents": "document_id,title,kind\nint_1,Talk,transcript\n",
    "interviews": "interview_id,area_id,participant_group,mode,document_id\nint_1,north,Clients,one-to-one,int_1\n",
    "participants": "participant_id,area_id,participant_group\nP01,north,Clients\n",
    "attendances": "interview_id,participant_id\nint_1,P01\n",
    "segments": "segment_id,document_id,interview_id,participant_id,kind,start,end,read_by\n"
    "int_1_p001,int_1,int_1,P01,passage,0,10,reader\n",
    "survey_items": "item_id,document_id,label,scale\nq1,int_1,What is the one thing that you would change here?,\n",
    "codings": "coding_id,unit,unit_id,code_id,stance,coder\nc1,segments,int_1_p001,travel,challenge,a\n",
}
SAID = " ".join(
    f"The bus goes at {hour} and my worker waits for me by the door." for hour in ("dawn", "noon", "dusk")
)
WORDS = "The bus goes at noon and my worker waits for me"
SHOWN = [["Theme", "Clients (of 30)", "Staff (of 40)"], ["Travel", "12", "14"], ["Cost", "[c]", "[c]"]]
CLEAN = (
    "p = 0.003 and alpha 0.62 in chapter 3. There are 2 rural areas; Coder 1 read 4 transcripts in 2023. "
    "45% of 40 people, 26 of 70 people and 12 of 30 clients raised travel; the cell [c] hides a count. "
    "A person counts once, and 3 themes were raised by more than half of the people."
)
SMALL = "a count of people under 5; suppress it"
BASE = "a count under 5 that its base gives back; leave out the count or the base"
WITHIN = "a count under 5 that subtraction gives back; hide a second count or the total"
ACROSS = "a count under 5 that subtraction from another table gives back; hide a second count in its row"
SHARE = "a share beside its base gives back a count under 5; leave out the share"
TIED = "a quotation tied to an area; take out the area or the quotation"
UNVERIFIED = "a quotation that is not in the study's texts; put its words right or take it out"


def html_table(
    rows: list[list[str]], caption: str = "Who raised which theme", base: str = "people heard"
) -> str:
    head = "".join(f'<th scope="col">{cell}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[1:])
    table = f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="table">{table}</div><p class="base">Base: {base}.</p>'


def quote(words: str, attribution: str) -> str:
    return f"<blockquote><p>“{words}”</p><footer>{attribution}</footer></blockquote>"


def notebook(shown: str = "") -> nbformat.NotebookNode:
    page = f"<p>{CLEAN}</p>{html_table(SHOWN)}{quote(WORDS, 'Clients, interview 3')}"
    outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": page, "text/plain": "A table of themes"})
    ]
    outputs += [nbformat.v4.new_output("display_data", data={"text/plain": shown})] if shown else []
    cells = [nbformat.v4.new_markdown_cell("# Themes\n\nWho raised what?", id="one")]
    cells += [nbformat.v4.new_code_cell("study.show()", outputs=outputs, id="two")]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="session")
def page() -> str:
    return chapter_page(notebook(), study="A small study of interviews")


@pytest.fixture(scope="session")
def study(tmp_path_factory) -> Path:
    folder = study_folder(tmp_path_factory.mktemp("study") / "small", settings=SETTINGS, **TABLES)
    (folder / "texts").mkdir()
    (folder / "texts" / "int_1.txt").write_text(f"P01: {SAID}", encoding="utf-8")
    return folder


@pytest.fixture
def outputs(tmp_path, page) -> Path:
    """A run's outputs without a leak, in every kind of file."""
    folder = tmp_path / "small"
    for below in ("chapters", "areas/north", "tables/02_themes"):
        (folder / below).mkdir(parents=True)
    entry = {"name": "20_case_study_area north", "area_id": "north", "title": "North"}
    write_json(folder / "manifest.json", {"study": "small", "access": "confidential", "notebooks": [entry]})
    numbers = {"name": "most", "sentence": CLEAN, "numbers": {"raised": 26, "heard": 70, "themes": 3}}
    write_json(folder / "findings.json", [{"chapter": "02_themes", "area_id": ""} | numbers])
    (folder / PAGE).write_text(page, encoding="utf-8")
    nbformat.write(notebook(), folder / NOTEBOOK)
    write_csv(folder / CSV, SHOWN)
    write_docx(folder)
    write_xlsx(folder)
    return folder


def write_json(path: Path, content) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def write_csv(path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def write_docx(folder: Path, change=lambda document: None) -> None:
    document = docx.Document()
    document.core_properties.comments = ""
    document.add_paragraph(CLEAN)
    table = document.add_table(rows=0, cols=3)
    for row in SHOWN:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    change(document)
    document.save(folder / "report.docx")


def write_xlsx(folder: Path, change=lambda book: None) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Themes"
    for row in SHOWN:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    change(book)
    book.save(folder / "report.xlsx")


def in_page(words: str):
    def plant(folder: Path) -> None:
        text = (folder / PAGE).read_text(encoding="utf-8")
        (folder / PAGE).write_text(text.replace("</main>", f"<h2>More</h2>{words}</main>"), encoding="utf-8")

    return plant


def in_document(change):
    return lambda folder: write_docx(folder, change)


def in_workbook(change):
    return lambda folder: write_xlsx(folder, change)


def as_csv(*rows: str, file: str = "tables/02_themes/more.csv"):
    return lambda folder: write_csv(folder / file, [row.split(",") for row in rows])


def in_notebook(*, shown: str = "", metadata: dict | None = None):
    def plant(folder: Path) -> None:
        changed = notebook(shown)
        changed.cells[0].metadata.update(metadata or {})
        nbformat.write(changed, folder / NOTEBOOK)

    return plant


def in_findings(sentence: str, numbers: dict):
    finding = {
        "chapter": "02_themes",
        "area_id": "",
        "name": "most",
        "sentence": sentence,
        "numbers": numbers,
    }
    return lambda folder: write_json(folder / "findings.json", [finding])


def in_passages(words: str, said_by: str):
    passage = {"words": words, "said_by": said_by, "mark": "q1"}
    finding = {"chapter": "02_themes", "name": "most", "sentence": CLEAN, "passages": [passage]}
    return lambda folder: write_json(folder / "findings.json", [finding])


def in_cells(cells: dict, **rest):
    table = {"caption": "Costs", "base": "people heard", "cells": cells} | rest
    return lambda folder: write_json(folder / "catalogue.json", [table])


def hidden_run(document) -> None:
    run = document.add_paragraph("Seen ").add_run("by 3 clients")
    run.font.hidden = True


def commented(document) -> None:
    document.add_comment(document.paragraphs[0].runs[0], text="Only 3 clients", author="a")


def deleted_run(document) -> None:
    gone, text = OxmlElement("w:r"), OxmlElement("w:delText")
    text.text = "by 2 people"
    gone.append(text)
    document.add_paragraph("Seen ")._p.append(gone)


def noted(book) -> None:
    book.active["B2"].comment = Comment("was 3", "a")


def hidden_sheet(book) -> None:
    sheet = book.create_sheet("Counts")
    sheet.sheet_state = "hidden"
    for row in (["Theme", "Clients"], ["Cost", 3]):
        sheet.append(row)


def hidden_column(book) -> None:
    book.active["D1"], book.active["D2"] = "Others", 4
    book.active.column_dimensions["D"].hidden = True


def defined(book) -> None:
    book.defined_names["left"] = openpyxl.workbook.defined_name.DefinedName("left", attr_text="3")


GROUPS = [["Theme", "Clients", "Staff"], ["Travel", "12", "14"], ["Housing", "20", "10"], ["Cost", "8", "9"]]
PLACES = [["Theme", "Rural", "Urban"], ["Travel", "11", "15"], ["Housing", "16", "14"], ["Cost", "[c]", "14"]]
TOTALLED = [["Theme", "Clients", "Staff", "Total"], ["Travel", "12", "14", "26"], ["Cost", "[c]", "20", "23"]]
COLUMN = [["Theme", "Clients"], ["Travel", "12"], ["Cost", "[c]"], ["Rent", "7"], ["Total", "22"]]
CHAIN = [["Theme", "Clients", "Staff", "Total"], ["Travel", "[c]", "12", "15"], ["Cost", "[c]", "[c]", "13"]]
CHAIN += [["Rent", "9", "10", "19"], ["Total", "14", "33", "47"]]
SVG = '<figure><svg><title>Bars of people</title><g id="{}"><text>3</text></g></svg></figure>'
LEAKS = {
    "a cell of a page": (
        in_page(html_table([["Theme", "Clients"], ["Travel", "12"], ["Cost", "3"]], "Costs")),
        f'{PAGE}, table "Costs", row 2: {SMALL}',
    ),
    "a cell of a CSV file": (
        as_csv("theme,n_raised", "Travel,12", "Cost,3"),
        f"tables/02_themes/more.csv, row 3: {SMALL}",
    ),
    "a cell of a workbook": (
        in_workbook(lambda book: book.active.append(["Rent", 3, 14])),
        f'report.xlsx, sheet "Themes", row 4: {SMALL}',
    ),
    "a cell of a document": (
        in_document(lambda document: setattr(document.tables[0].cell(2, 1), "text", "3")),
        f"report.docx, table 1, row 2: {SMALL}",
    ),
    "a number of a sentence": (
        in_page("<p>It was raised by 2 people.</p>"),
        f'{PAGE}, "More", paragraph 1: {SMALL}',
    ),
    "a number in words": (in_page("<p>Three clients said so.</p>"), f'{PAGE}, "More", paragraph 1: {SMALL}'),
    "a number after a word for something else": (
        in_page("<p>Of these themes 3 clients raised none.</p>"),
        f'{PAGE}, "More", paragraph 1: {SMALL}',
    ),
    "a count of one area": (
        as_csv("theme,Area A,Area B (of 25)", "Travel,3,12"),
        f"tables/02_themes/more.csv, row 2: {SMALL}",
    ),
    "a count in an area": (
        in_page("<p>People were heard in two areas: 12 in Area A and 3 in Area B.</p>"),
        f'{PAGE}, "More", paragraph 1: {SMALL}',
    ),
    "a count of a base": (in_page("<p>Few (3 of 14) did.</p>"), f'{PAGE}, "More", paragraph 1: {SMALL}'),
    "the rest of a base": (
        in_page("<p>Said by 12 of 14 clients.</p>"),
        f'{PAGE}, "More", paragraph 1: {BASE}',
    ),
    "the rest of a base in a table": (
        as_csv("theme,Clients (of 14)", "Travel,12"),
        f"tables/02_themes/more.csv, row 2: {BASE}",
    ),
    "a count close to the base in a column of its own": (
        as_csv("area_id,n,base", "Area A,24,25", "Area B,23,23"),
        f"tables/02_themes/more.csv, row 2: {BASE}",
    ),
    "an area in an attribution": (
        in_page(quote(WORDS, "Clients, North")),
        f'{PAGE}, "More", quotation 1: {TIED}',
    ),
    "an area within a quotation": (
        in_page(f"<p>One said “{WORDS} in North [...]”.</p>"),
        (f'{PAGE}, "More", paragraph 1: {UNVERIFIED}', f'{PAGE}, "More", paragraph 1: {TIED}'),
    ),
    "an area in a quotation's row": (
        in_page(html_table([["Said", "Where"], [f"“{WORDS}”", "South"]], "Voices")),
        f'{PAGE}, table "Voices", row 1: {TIED}',
    ),
    "a quotation on an area's page": (
        lambda folder: (folder / "areas/north/20.html").write_text(quote(WORDS, "Clients"), encoding="utf-8"),
        "areas/north/20.html, quotation 1: a quotation on an area's own page; take it out",
    ),
    "a changed word": (
        in_page(quote(WORDS.replace("bus", "train"), "Clients, interview 3")),
        f'{PAGE}, "More", quotation 1: {UNVERIFIED}',
    ),
    "a row's total": (in_page(html_table(TOTALLED, "Totals")), f'{PAGE}, table "Totals", row 2: {WITHIN}'),
    "a column's total": (in_page(html_table(COLUMN, "Totals")), f'{PAGE}, table "Totals", row 2: {WITHIN}'),
    "two tables of a page": (
        in_page(html_table(GROUPS, "Groups") + html_table(PLACES, "Kinds")),
        f'{PAGE}, table "Kinds", row 3: {ACROSS}',
    ),
    "two files": (
        lambda folder: (
            in_page(html_table(GROUPS, "Groups"))(folder),
            write_csv(folder / "tables/02_themes/kinds.csv", PLACES),
        ),
        f"tables/02_themes/kinds.csv, row 4: {ACROSS}",
    ),
    "a share of a base": (
        as_csv("theme,n_raised,of,share", "Travel,12,21,0.571", "Cost,[c],21,0.143"),
        f"tables/02_themes/more.csv, row 3: {SHARE}",
    ),
    "a share of the base below a table": (
        in_page(html_table([["Theme", "Of all, %"], ["Cost", "14%"]], "Shares", base="21 people heard")),
        f'{PAGE}, table "Shares", row 1: {SHARE}',
    ),
    "a share in a sentence": (in_page("<p>That is 14% of 21.</p>"), f'{PAGE}, "More", paragraph 1: {SHARE}'),
    "an alternative text": (
        in_page('<img alt="Bars of people. Travel: 12 rural, 3 urban." src="a.svg">'),
        f'{PAGE}, "More", alternative text 1: {SMALL}',
    ),
    "a text of a drawing": (in_page(SVG.format("bars")), f'{PAGE}, "More", text in a figure 1: {SMALL}'),
    "a tooltip": (in_page('<p title="3 clients">Cost</p>'), f'{PAGE}, "More", tooltip 1: {SMALL}'),
    "a comment of a page": (in_page("<!-- was 3 clients -->"), f'{PAGE}, "More", comment 1: {SMALL}'),
    "a data attribute": (in_page('<p data-n="3">Cost</p>'), f"{PAGE}, data attribute of <p>: {SMALL}"),
    "a comment of a document": (in_document(commented), f"report.docx, comment 1: {SMALL}"),
    "hidden words of a document": (
        in_document(hidden_run),
        (f"report.docx, paragraph 2, hidden text: {SMALL}", f"report.docx, paragraph 2: {SMALL}"),
    ),
    "deleted words of a document": (
        in_document(deleted_run),
        (f"report.docx, paragraph 2, deleted text: {SMALL}", f"report.docx, paragraph 2: {SMALL}"),
    ),
    "a header of a document": (
        in_document(lambda document: document.sections[0].header.add_paragraph("3 clients")),
        f"report.docx, page header 1: {SMALL}",
    ),
    "a property of a document": (
        in_document(lambda document: setattr(document.core_properties, "subject", "3 clients")),
        f"report.docx, properties 1: {SMALL}",
    ),
    "a hidden sheet": (in_workbook(hidden_sheet), f'report.xlsx, hidden sheet "Counts", row 2: {SMALL}'),
    "a hidden column": (in_workbook(hidden_column), f'report.xlsx, sheet "Themes", row 2: {SMALL}'),
    "a comment of a cell": (in_workbook(noted), f'report.xlsx, sheet "Themes", comment on cell B2: {SMALL}'),
    "a defined name": (in_workbook(defined), f"report.xlsx, defined name left: {SMALL}"),
    "a plain output": (
        in_notebook(shown="Cost was raised by 3 clients"),
        f"{NOTEBOOK}, cell 2, output 2, text/plain: {SMALL}",
    ),
    "a plain output in columns": (
        in_notebook(shown=" theme  n_raised\nTravel        12\n  Cost         3"),
        f"{NOTEBOOK}, cell 2, output 2, text/plain, row 2: {SMALL}",
    ),
    "metadata of a cell": (
        in_notebook(metadata={"n_people": 3}),
        f"{NOTEBOOK}, cell 1, metadata, n_people: {SMALL}",
    ),
    "a number of a finding": (
        in_findings("Cost was raised by [c] people.", {"raised": 3}),
        f'findings.json, finding "most" of 02_themes, numbers: {SMALL}',
    ),
    "a passage of a finding told by its area": (
        in_passages(WORDS, "Clients in North, interview 3"),
        f'findings.json, finding "most" of 02_themes, passages 1, quotation: {TIED}',
    ),
    "a changed word in a passage of a finding": (
        in_passages(WORDS.replace("noon", "night"), "Clients, interview 3"),
        f'findings.json, finding "most" of 02_themes, passages 1, quotation: {UNVERIFIED}',
    ),
    "a count beside the words of a passage": (
        in_passages(WORDS, "Clients, 3 clients"),
        f'findings.json, finding "most" of 02_themes, passages 1, quotation: {SMALL}',
    ),
    "a table kept as its reader sees it": (
        in_cells({"Theme": ["Travel", "Cost"], "People": ["12", "3"]}),
        f'catalogue.json, 1, table "Costs", row 2: {SMALL}',
    ),
    "a line below a table": (
        in_cells({"Theme": ["Travel"], "People": ["12"]}, below="Base: 3 clients."),
        f"catalogue.json, 1, below: {SMALL}",
    ),
    "a participant's id": (
        in_page("<p>So P01 said.</p>"),
        f'{PAGE}, "More", paragraph 1: a participant\'s id; take it out',
    ),
    "a participant's id in a caption": (
        in_page(html_table([["Theme", "Clients"], ["Cost", "3"]], "What P01 said")),
        (
            f'{PAGE}, table "What … said", headings: a participant\'s id; take it out',
            f'{PAGE}, table "What … said", row 1: {SMALL}',
        ),
    ),
    "the id of an interview": (
        in_page("<p>In int_1 it was said.</p>"),
        f'{PAGE}, "More", paragraph 1: the id of an interview, a document or a passage; take it out of what readers see',
    ),
    "a passage of a transcript": (
        in_document(lambda document: document.add_paragraph(SAID)),
        "report.docx, paragraph 2: a passage of 40 words or more of a transcript; shorten it or take it out",
    ),
    "a placeholder": (
        in_page("<p>Raised by {name} and nan.</p>"),
        f'{PAGE}, "More", paragraph 1: a placeholder where words should stand; put right the sentence that made it',
    ),
    "a plural of one": (
        in_findings("Raised by 1 people of 40 areas", {}),
        (
            f'findings.json, finding "most" of 02_themes, sentence: {SMALL}',
            'findings.json, finding "most" of 02_themes, sentence: a placeholder where words should stand; '
            "put right the sentence that made it",
        ),
    ),
    "a table of strokes": (
        lambda folder: (folder / "more.md").write_text("| Theme | Clients |\n|---|---|\n| Cost | 3 |\n"),
        f"more.md, table 1, row 1: {SMALL}",
    ),
    "a table without headings": (
        in_page("<table><tr><td>Cost</td><td>3</td></tr></table>"),
        f"{PAGE}, table 2, row 1: {SMALL}",
    ),
    "a heading over two columns": (
        in_page('<table><tr><th colspan="2">Clients</th></tr><tr><td>Cost</td><td>3</td></tr></table>'),
        f"{PAGE}, table 2, row 1: {SMALL}",
    ),
    "a count with its share in one cell": (
        as_csv("theme,n_raised", "Cost,3 (10%)"),
        f"tables/02_themes/more.csv, row 2: {SMALL}",
    ),
    "data in a script": (
        in_page('<script>var shown = {"clients": 3};</script>'),
        f"{PAGE}, value in <script>: {SMALL}",
    ),
    "a count that another recovered count gives back": (
        in_page(html_table(CHAIN, "Chained")),
        tuple(f'{PAGE}, table "Chained", row {row}: {WITHIN}' for row in (1, 2)),
    ),
    "a picture in a page": (
        in_page('<img alt="" src="data:image/png;base64,AAAA">'),
        f"{PAGE}, picture in <img>: cannot be read, so it cannot be vouched for; take it out or mend it",
    ),
    "a picture": (
        lambda folder: (folder / "figure.png").write_bytes(b"\x89PNG\0"),
        "figure.png: cannot be read, so it cannot be vouched for; take it out or mend it",
    ),
    "a broken workbook": (
        lambda folder: (folder / "report.xlsx").write_bytes(b"PK"),
        "report.xlsx: cannot be read, so it cannot be vouched for; take it out or mend it",
    ),
}


def test_a_clean_run_passes(outputs, study):
    assert vet_outputs(outputs, study=study).lines == ("small: no leak found.",)
    assert vet_outputs(outputs).lines == ("small: no leak found.",)


@pytest.mark.parametrize("name", LEAKS)
def test_a_planted_leak_is_named(name, outputs, study):
    plant, expected = LEAKS[name]
    plant(outputs)
    lines = (expected,) if isinstance(expected, str) else expected
    n = len(lines)
    last = f"small: {n} leak{'s' * (n > 1)} in 1 file."
    assert vet_outputs(outputs, study=study).lines == (*lines, last)


@pytest.mark.parametrize(
    "words",
    [
        "<p>p = 0.003, alpha 0.62 and kappa 0.4</p>",
        "<p>See chapter 3, step 2 and Table 4.</p>",
        "<p>2 rural areas and 4 urban areas were compared by people.</p>",
        "<p>Evidence: Urban areas in the study: 4 · People heard in rural areas: 47 · Rural areas in the study: 2.</p>",
        "<p>Coder 1 and Coder 2; interview 3; 1 of 2,635 coded passages of people</p>",
        "<p>In 2023, 45% of 40 people; on 3 May 2023 people met.</p>",
        "<p>None of the people was asked; 20 of 20 clients were; [c] were not.</p>",
        "<p>Two client groups; one person counts once; some two dozen people.</p>",
        SVG.format("xtick_3"),
        html_table(
            [["Theme", "Both", "Kappa"], ["Cost", "3", "1"]], "Agreement", base="677 turns of respondents"
        ),
        html_table([["Theme", "Passages", "Areas", "Share, %", "Year"], ["Cost", "3", "2", "4%", "3"]]),
        html_table([["Area", "People", "Of"], ["A", "20", "25"], ["B", "23", "23"]]),
        html_table(
            [["Theme", "People", "Share"], ["Cost", "5", "2%"], ["Time", "5", "0.025"]], base="200 people"
        ),
        html_table(
            [["Theme", "Clients", "Staff", "Total"], ["A", "[c]", "[c]", "23"], ["B", "9", "9", "18"]]
        ),
        html_table(
            [
                ["Question", "Answer", "People", "Of"],
                ["Rate us", "3", "9", "20"],
                ["Rate us", "4", "11", "20"],
            ]
        ),
        "<p>12 of 20 people answered “What is the one thing that you would change here?” in North.</p>",
        quote(f"{WORDS[:24]} [...] my worker waits for me [there]", "Clients, interview 3"),
    ],
)
def test_no_false_alarm(words, outputs, study):
    in_page(words)(outputs)
    assert vet_outputs(outputs, study=study).lines == ("small: no leak found.",)


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("People were heard in 1 rural area and 2 urban areas.", {"rural": 1, "urban": 2}),
        ("3 of 3 stated differences between groups keep their direction.", {"stated": 3, "kept": 3}),
        ("1 of 1 stated difference between groups of people keeps its direction.", {"stated": 1, "kept": 1}),
    ],
)
def test_a_number_of_areas_or_differences_is_none_of_people(sentence, numbers, outputs, study):
    in_findings(sentence, numbers)(outputs)
    assert vet_outputs(outputs, study=study).lines == ("small: no leak found.",)


def test_a_number_in_the_name_of_an_area_is_none_of_people(outputs, study):
    areas = [{"name": f"20 {n}", "area_id": f"place_{n}", "title": f"Place {n}"} for n in (1, 14)]
    write_json(outputs / "manifest.json", {"study": "small", "access": "confidential", "notebooks": areas})
    in_page("<p>Some of the 20 people in Place 14 said that it is dear.</p>")(outputs)
    assert vet_outputs(outputs, study=study).lines == ("small: no leak found.",)


def test_a_number_that_is_the_id_of_an_interview_is_none_where_it_counts(outputs, tmp_path):
    tables = {name: re.sub(r"\bint_1\b", "2", text) for name, text in TABLES.items()}
    folder = study_folder(tmp_path / "two" / "small", settings=SETTINGS, **tables)
    in_page("<p>The study holds 20 interviews and 2 surveys.</p>")(outputs)
    found = vet_outputs(outputs, study=folder).lines
    assert not [line for line in found if "the id of an interview" in line]


def test_a_public_study_may_tell_counts_and_not_placeholders(outputs):
    in_page("<p>3 clients and nan.</p>")(outputs)
    write_json(outputs / "manifest.json", {"study": "small", "access": "public", "notebooks": []})
    assert [line.split(": ")[1][:13] for line in vet_outputs(outputs).lines[:-1]] == ["a placeholder"]


def test_words_of_a_question_or_an_answer_are_no_placeholder(outputs, tmp_path):
    """A mail merge left its mark in a question, and "None" is an answer; a mark that the study does not have is one still."""
    items = "item_id,document_id,label,scale\nq1,int_1,Are you well {first_name}?,Some;None\n"
    study = study_folder(tmp_path / "two" / "small", settings=SETTINGS, **TABLES | {"survey_items": items})
    in_page("<p>Are you well {first_name}?</p><p>None</p><p>{last_name}</p>")(outputs)
    found = [line for line in vet_outputs(outputs, study=study).lines if "a placeholder" in line]
    assert len(found) == 1
    assert len([line for line in vet_outputs(outputs).lines if "a placeholder" in line]) == 3


def test_a_run_that_does_not_say_what_it_is_counts_as_confidential(outputs):
    in_page("<p>3 clients</p>")(outputs)
    write_json(outputs / "manifest.json", {"notebooks": []})
    assert vet_outputs(outputs).n_leaks == 1


def test_a_strict_study_has_a_higher_threshold(outputs):
    in_page("<p>7 clients</p>")(outputs)
    write_json(outputs / "manifest.json", {"access": "confidential", "threshold": 10, "notebooks": []})
    assert vet_outputs(outputs).lines[0] == (
        f'{PAGE}, "More", paragraph 1: a count of people under 10; suppress it'
    )


def test_many_leaks_of_a_file_are_told_in_short_and_counted_in_full(outputs):
    write_csv(outputs / CSV, [["theme", "n_raised"], *[[f"theme {n}", "3"] for n in range(30)]])
    lines = vet_outputs(outputs).lines
    assert lines[0] == f"{CSV}, row 2: {SMALL}"
    assert lines[19:] == (f"{CSV}, row 21: {SMALL}", f"{CSV}: and 10 more.", "small: 30 leaks in 1 file.")


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("nowhere", "{}: there is no such folder of outputs."),
        ("", "{} does not hold the outputs of a run: it has no manifest.json. Vet one of small in it."),
        ("small/chapters", "{} does not hold the outputs of a run: it has no manifest.json."),
    ],
)
def test_a_folder_that_is_no_run_is_one_message(folder, message, outputs):
    path = outputs.parent / folder
    with pytest.raises(StudyError) as caught:
        vet_outputs(path)
    assert str(caught.value) == message.format(path)


def test_a_manifest_that_is_none_is_one_message(outputs):
    write_json(outputs / "manifest.json", [])
    with pytest.raises(StudyError) as caught:
        vet_outputs(outputs)
    assert str(caught.value) == f"{outputs / 'manifest.json'} is not the manifest of a run."


def test_the_command_fails_with_the_number_of_leaks(outputs):
    in_page("<p>3 clients</p>")(outputs)
    expected = f'{PAGE}, "More", paragraph 1: {SMALL}\nsmall: 1 leak in 1 file.\n'
    assert ncsresearch("vet", str(outputs)) == (1, expected, "")
