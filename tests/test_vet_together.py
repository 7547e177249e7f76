"""What vet finds in words for numbers, in what a file carries unseen, between pages, and between two outputs."""

import base64
import io
import json
import zipfile
from pathlib import Path

import nbformat
import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from builders import study_folder
from ncsresearch.vet.vetting import vet_outputs

PAGE, CHAPTER = "chapters/page.html", "chapters/other.html"
SMALL = "a count of people under 5; suppress it"
SHARE = "a share whose base is printed elsewhere ({}) gives back a count under 5; leave out the share"
UNREAD = "cannot be read, so it cannot be vouched for; take it out or mend it"
ID = "a participant's id; take it out"


@pytest.fixture
def outputs(tmp_path) -> Path:
    """A run's outputs that hold a page and no number."""
    return run(tmp_path / "small", {PAGE: "<p>People were heard.</p>"})


def run(folder: Path, pages: dict[str, str], **manifest) -> Path:
    areas = [
        {"name": "20 a", "area_id": f"area_{letter}", "title": f"Area {letter.upper()}"} for letter in "abc"
    ]
    (folder / "chapters").mkdir(parents=True)
    told = {"study": "small", "access": "confidential", "notebooks": areas} | manifest
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    for name, words in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(words, encoding="utf-8")
    return folder


def page(words: str, *, file: str = PAGE):
    return lambda folder: (folder / file).write_text(words, encoding="utf-8")


def coded(words: str) -> str:
    return base64.b64encode(words.encode()).decode()


def workbook(change):
    def plant(folder: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(["Theme", "Clients"])
        book.active.append(["Travel", 12])
        change(book.active)
        book.save(folder / "report.xlsx")

    return plant


def number_format(sheet) -> None:
    sheet["B2"].number_format = '"3 clients"'


def prompted(sheet, **said: str) -> None:
    asked = DataValidation(type="whole", operator="equal", formula1="1", **(said or {"prompt": "It was 3"}))
    asked.add("B2")
    sheet.add_data_validation(asked)


def archive(part: str = "", words: bytes = b"", comment: bytes = b"", of_part: bytes = b""):
    """Plant a part that the workbook does not register, or a comment of the archive or of a part of it."""

    def plant(folder: Path) -> None:
        workbook(lambda sheet: None)(folder)
        path, out = folder / "report.xlsx", io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
            for each in old.infolist():
                each.comment = of_part if each.filename == "xl/styles.xml" else b""
                new.writestr(each, old.read(each.filename))
            if part:
                new.writestr(part, words)
            new.comment = comment
        path.write_bytes(out.getvalue())

    return plant


def as_json(content):
    return lambda folder: (folder / "data.json").write_text(json.dumps(content), encoding="utf-8")


PLANTS = {
    "a couple": (page("<p>A couple of clients spoke of it.</p>"), f"{PAGE}, paragraph 1: {SMALL}"),
    "both": (page("<p>Both partners agreed.</p>"), f"{PAGE}, paragraph 1: {SMALL}"),
    "one in six": (page("<p>1 in 6 clients agreed.</p>"), f"{PAGE}, paragraph 1: {SMALL}"),
    "one in six in words": (page("<p>One in six clients agreed.</p>"), f"{PAGE}, paragraph 1: {SMALL}"),
    "a third of the base": (page("<p>A third of the 6 agreed.</p>"), f"{PAGE}, paragraph 1: {SMALL}"),
    "half of the base": (page("<p>Half of the 8 clients agreed.</p>"), f"{PAGE}, paragraph 1: {SMALL}"),
    "a zero-width space in a count": (
        page("<p>&#8203;3&#8205; cli\u200bents</p>"),
        f"{PAGE}, paragraph 1: {SMALL}",
    ),
    "digits of another script": (page("<p>٣ clients</p>"), f"{PAGE}, paragraph 1: {SMALL}"),
    "a meter": (page('<meter value="3" max="20">clients</meter>'), f"{PAGE}, value of <meter>: {SMALL}"),
    "a progress bar": (
        page('<progress value="2" max="20"></progress>'),
        f"{PAGE}, value of <progress>: {SMALL}",
    ),
    "a hidden input": (
        page('<input type="hidden" name="n_clients" value="4">'),
        f"{PAGE}, value of <input>: {SMALL}",
    ),
    "base64 in an attribute": (
        page(f'<p data-note="{coded("3 clients raised cost")}">Cost</p>'),
        f"{PAGE}, data attribute 1, base64 text: {SMALL}",
    ),
    "base64 in JSON": (
        as_json({"kept": coded("Cost was raised by 3 clients")}),
        f"data.json, kept, base64 text: {SMALL}",
    ),
    "a link that holds its data": (
        page('<a href="data:text/csv,3%20clients">Data</a>'),
        f"{PAGE}, data in a link 1: {SMALL}",
    ),
    "a part that is not registered": (
        archive(part="xl/kept.txt", words=b"3 clients"),
        f"report.xlsx, part xl/kept.txt, which the file does not register: {SMALL}",
    ),
    "an unregistered part that is no text": (
        archive(part="xl/kept.bin", words=b"\xff\xfe\x00"),
        f"report.xlsx, part xl/kept.bin, which the file does not register: {UNREAD}",
    ),
    "a comment of the archive": (
        archive(comment=b"3 clients"),
        f"report.xlsx, comment of the archive: {SMALL}",
    ),
    "a comment of a part": (
        archive(of_part=b"3 clients"),
        f"report.xlsx, comment of part xl/styles.xml: {SMALL}",
    ),
    "a number format": (workbook(number_format), f"report.xlsx, number format: {SMALL}"),
    "a prompt of a cell": (
        workbook(prompted),
        f"report.xlsx, prompt of a cell, part xl/worksheets/sheet1.xml: {SMALL}",
    ),
    "parallel lists": (
        as_json({"themes": ["Travel", "Cost"], "of clients": ["12", 3]}),
        (f"data.json, of clients: {SMALL}", f"data.json, row 2: {SMALL}"),
    ),
    "rows of JSON": (as_json([["Travel", 12], ["Cost", 3]]), f"data.json, row 2: {SMALL}"),
    "a pair": (page("<p>A pair of clients agreed.</p>"), f"{PAGE}, paragraph 1: {SMALL}"),
    "both of the": (page("<p>Both of the clients agreed.</p>"), f"{PAGE}, paragraph 1: {SMALL}"),
    "two thirds of the base": (
        page("<p>Two thirds of the 6 clients agreed.</p>"),
        f"{PAGE}, paragraph 1: {SMALL}",
    ),
    "a soft hyphen within a word for people": (
        page("<p>3 cli&shy;ents</p>"),
        f"{PAGE}, paragraph 1: {SMALL}",
    ),
    "the end of a meter": (
        page('<meter value="12" max="4">clients</meter>'),
        f"{PAGE}, value of <meter>: {SMALL}",
    ),
    "base64 of a page": (
        page(f"<p>{coded('<p>Raised by 2 clients</p>')}</p>"),
        f"{PAGE}, paragraph 1, base64 text: {SMALL}",
    ),
    "an error of a cell": (
        workbook(lambda sheet: prompted(sheet, error="Only 3 clients")),
        (f"report.xlsx, prompt of a cell, part xl/worksheets/sheet1.xml: {SMALL}",),
    ),
    "numbers under a name for people": (as_json({"n_clients": [12, 3]}), f"data.json, n_clients: {SMALL}"),
    "a private draft": (
        page("Rural: 2 people came.", file="NOT_FIT_TO_LEAVE.txt"),
        "NOT_FIT_TO_LEAVE.txt: these outputs are not fit to leave; read why in it, and run again when that is "
        "mended or decided",
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_leak_is_named(name, outputs):
    plant, expected = PLANTS[name]
    plant(outputs)
    lines = (expected,) if isinstance(expected, str) else expected
    n = len(lines)
    assert vet_outputs(outputs).lines == (*lines, f"small: {n} leak{'s' * (n > 1)} in 1 file.")


@pytest.mark.parametrize(
    "words",
    [
        "<p>Both clients and partners agreed; a couple of themes recur. Half of the 6 areas are rural.</p>",
        "<p>One of two areas; two in three themes; 1 in 6 passages of clients.</p>",
        "<table><tr><th>Theme</th><th>Clients</th></tr><tr><td>Cost</td><td>some</td></tr>"
        "<tr><td>Rent</td><td>about half</td></tr><tr><td>Bus</td><td>none</td></tr></table>",
        '<meter value="3" max="20" title="themes">themes</meter>',
        "<p>36 people were heard in Synthetic area 18 in 19 interviews.</p>",
        f"<p data-hash='{coded('nothing to see here')}'>a</p>",
    ],
)
def test_no_false_alarm(words, outputs):
    page(words)(outputs)
    assert vet_outputs(outputs).lines == ("small: no leak found.",)


HEARD = (
    "<table><caption>Who was heard</caption><tr><th>Area</th><th>People</th><th>Clients</th><th>Staff</th></tr>"
    "<tr><td>Area A</td><td>16</td><td>[c]</td><td>[c]</td></tr>"
    "<tr><td>Area B</td><td>18</td><td>[c]</td><td>[c]</td></tr>"
    "<tr><td>Area C</td><td>17</td><td>[c]</td><td>[c]</td></tr></table>"
)
TOGETHER = (
    f'{CHAPTER}, table "Who was heard", row 2: a count of people under 5 (Area B, staff) that numbers of '
    "areas/area_a/20.html, areas/area_c/20.html and 1 more give back together; withhold one of them as well"
)


def test_sentences_of_other_pages_and_a_total_give_a_withheld_count_back(tmp_path):
    pages = {
        CHAPTER: HEARD,
        PAGE: "<p>51 people were heard in 9 interviews: 35 clients and 16 staff.</p>",
        "areas/area_a/20.html": "<p>16 people were heard in 8 interviews: 10 clients and 6 staff.</p>",
        "areas/area_c/20.html": "<p>17 people were heard, of them 6 staff.</p>",
    }
    assert vet_outputs(run(tmp_path / "small", pages)).lines == (TOGETHER, "small: 1 leak in 1 file.")


def test_a_second_withheld_count_gives_nothing_back(tmp_path):
    pages = {
        CHAPTER: HEARD,
        PAGE: "<p>51 people were heard in 9 interviews: 35 clients and 16 staff.</p>",
        "areas/area_a/20.html": "<p>16 people were heard in 8 interviews: 10 clients and 6 staff.</p>",
    }
    assert vet_outputs(run(tmp_path / "small", pages)).lines == ("small: no leak found.",)


def test_a_share_gives_a_count_back_where_its_base_is_on_another_page(tmp_path):
    table = (
        "<table><caption>Themes raised</caption><tr><th>Theme</th><th>Clients, %</th><th>Staff</th></tr>"
        "<tr><td>Travel</td><td>60%</td><td>12</td></tr><tr><td>Cost</td><td>15%</td><td>14</td></tr></table>"
    )
    pages = {CHAPTER: HEARD + table, PAGE: "<p>20 clients and 31 staff were heard.</p>"}
    assert vet_outputs(run(tmp_path / "small", pages)).lines == (
        f'{CHAPTER}, table "Themes raised", row 2: {SHARE.format(PAGE)}',
        "small: 1 leak in 1 file.",
    )


def test_a_share_in_a_sentence_gives_a_count_back_where_its_base_is_on_another_page(tmp_path):
    pages = {
        CHAPTER: f"{HEARD}<p>Of them 20 clients were heard.</p>",
        PAGE: "<p>15% of clients had moved.</p>",
    }
    assert vet_outputs(run(tmp_path / "small", pages)).lines == (
        f"{PAGE}, paragraph 1: {SHARE.format(CHAPTER)}",
        "small: 1 leak in 1 file.",
    )


def test_a_selection_is_known_by_its_folder(tmp_path):
    pages = {
        CHAPTER: HEARD.replace(">16<", ">[c]<"),
        "tables/areas.csv": "area,area_type,n_people\nArea A,mainly_rural,[c]\nArea B,larger_city,18\n"
        "Area C,mainly_rural,17\n",
        "selections/rural/chapters/01.html": "<p>20 people were heard.</p>",
    }
    assert vet_outputs(run(tmp_path / "small", pages)).lines == (
        f'{CHAPTER}, table "Who was heard", row 1: a count of people under 5 (Area A) that numbers of '
        "selections/rural/chapters/01.html give back together; withhold one of them as well",
        "small: 1 leak in 1 file.",
    )


def test_numbers_that_no_solution_fits_give_nothing_back(tmp_path):
    pages = {
        CHAPTER: HEARD.replace(">16<", ">[c]<"),
        PAGE: "<p>30 people were heard, among them 33 staff.</p>",
    }
    assert vet_outputs(run(tmp_path / "small", pages)).lines == ("small: no leak found.",)


def test_runs_are_held_together(tmp_path):
    first = run(
        tmp_path / "a", {CHAPTER: HEARD, PAGE: "<p>51 people were heard: 35 clients and 16 staff.</p>"}
    )
    areas = {
        f"areas/area_{letter}/20.html": f"<p>{n} people were heard, of them 6 staff.</p>"
        for letter, n in (("a", 16), ("c", 17))
    }
    second = run(tmp_path / "b", areas)
    assert vet_outputs(first).n_leaks == vet_outputs(second).n_leaks == 0
    assert vet_outputs(first, second).lines == (
        f'{first}/{CHAPTER}, table "Who was heard", row 2: a count of people under 5 (Area B, staff) that numbers of '
        f"{first}/{PAGE}, {second}/areas/area_a/20.html and 1 more give back together; "
        "withhold one of them as well",
        "small: 1 leak in 1 file.",
    )


def test_a_loose_notebook_is_read(tmp_path):
    shown = nbformat.v4.new_output("stream", text="Cost was raised by 3 clients")
    cells = [nbformat.v4.new_code_cell("study", outputs=[shown], id="one")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "some.ipynb")
    assert vet_outputs(tmp_path / "some.ipynb").lines == (
        f"some.ipynb, cell 1, output 1, text: {SMALL}",
        "some.ipynb: 1 leak in 1 file.",
    )


CHANGED = (
    "a count that tells of fewer than 5 people who came or went since the earlier outputs; "
    "wait until more have, or withhold it"
)


@pytest.mark.parametrize(
    ("now", "lines"),
    [
        ("Travel,12\nCost,8\n", ("small: no leak found.",)),
        ("Travel,11\nCost,8\n", (f"tables/t.csv, row 2: {CHANGED}", "small: 1 leak in 1 file.")),
        ("Travel,17\nCost,8\n", ("small: no leak found.",)),
        ("Cost,12\nTravel,12\n", (f"tables/t.csv, row 2: {CHANGED}", "small: 1 leak in 1 file.")),
        ("Travel,[c]\nCost,8\n", ("small: no leak found.",)),
    ],
)
def test_two_outputs_are_subtracted(now, lines, tmp_path):
    old = run(tmp_path / "old", {"tables/t.csv": "theme,n_people\nTravel,12\nCost,8\n"})
    new = run(tmp_path / "new", {"tables/t.csv": f"theme,n_people\n{now}"})
    assert vet_outputs(new, since=old).lines == lines


def test_bases_of_two_outputs_are_subtracted(tmp_path):
    old = run(tmp_path / "old", {"t.csv": "theme,Clients (of 20)\nTravel,12\n"})
    new = run(tmp_path / "new", {"t.csv": "theme,Clients (of 19)\nTravel,12\n"})
    assert vet_outputs(new, since=old).lines == (f"t.csv, headings: {CHANGED}", "small: 1 leak in 1 file.")


def test_sentences_of_two_outputs_are_subtracted(tmp_path):
    old = run(tmp_path / "old", {PAGE: HEARD.replace("16", "15") + "<p>In all 51 people were heard.</p>"})
    new = run(tmp_path / "new", {PAGE: HEARD.replace("16", "15") + "<p>In all 50 people were heard.</p>"})
    assert vet_outputs(new, since=old).lines == (
        f"{PAGE}, paragraph 1: {CHANGED}",
        "small: 1 leak in 1 file.",
    )


SETTINGS = 'title = "A"\nschema_version = "1"\naccess = "confidential"\nevidence_date = "2023"\nchapters = ["02_themes"]\n'
WORKBOOKS = "document_id,title,kind\nsurvey_2024,survey_2024,survey\nreport,A report,research report\n"
UNITS = "document_id,kind,n_units\nsurvey_2024,survey item,1\nreport,passage,3\n"


def test_a_study_without_people_has_no_count_of_people(tmp_path, outputs):
    study = study_folder(tmp_path / "study", settings=SETTINGS, documents=WORKBOOKS)
    page("<p>3 clients in survey_2024.</p>")(outputs)
    assert vet_outputs(outputs, study=study).lines == ("small: no leak found.",)


def test_a_row_that_says_what_it_counts_is_no_count_of_people(outputs):
    page(UNITS, file="units.csv")(outputs)
    assert vet_outputs(outputs).lines == ("small: no leak found.",)


PEOPLE = {
    "participants": "participant_id,area_id,participant_group\n"
    + "".join(f"P{n:02},north,Clients\n" for n in range(20)),
    "documents": "document_id,title,kind\nint_1,Talk,transcript\n",
    "interviews": "interview_id,area_id,participant_group,mode,document_id\nint_1,north,Clients,group,int_1\n",
    "attendances": "interview_id,participant_id\n" + "".join(f"int_1,P{n:02}\n" for n in range(20)),
    "segments": "segment_id,document_id,interview_id,participant_id,kind,start,end,read_by\n"
    + "".join(f"s{n},int_1,int_1,P00,passage,{n}0,{n}9,reader\n" for n in range(3)),
    "codings": "coding_id,unit,unit_id,code_id,stance,coder\n"
    + "".join(f"c{n},segments,s{n},travel,challenge,a\n" for n in range(3)),
}


@pytest.fixture
def study(tmp_path) -> Path:
    """Twenty clients, of whom one raised travel, in three passages."""
    return study_folder(tmp_path / "study", settings=SETTINGS + 'reporting_coder = "a"\n', **PEOPLE)


def test_a_number_of_passages_is_known_by_recounting_the_study(study, outputs):
    page("theme,n\nTravel,3\n", file="t.csv")(outputs)
    assert vet_outputs(outputs, study=study).lines == ("small: no leak found.",)


def test_a_number_of_people_is_known_by_recounting_the_study(study, outputs):
    page("theme,n\nTravel,1\nCost,2\n", file="t.csv")(outputs)
    assert vet_outputs(outputs, study=study).lines == (
        f"t.csv, row 2: {SMALL}",
        f"t.csv, row 3: {SMALL}",
        "small: 2 leaks in 1 file.",
    )


def test_the_number_in_the_name_of_an_area_is_none_of_people_where_as_many_raised_the_theme(tmp_path):
    """Area 11, where eleven of fourteen people raised travel: no sentence says so."""
    eleven = "".join(f"s{n},int_1,int_1,P{n:02},passage,{n}0,{n}9,reader\n" for n in range(11))
    codings = "".join(f"c{n},segments,s{n},travel,,a\n" for n in range(11))
    areas = {
        "areas": "area_id,name,area_type,case_study,report\nnorth,Area 11,mainly_rural,yes,yes\nsouth,Area 12,larger_city,yes,yes\n"
    }
    people = "".join(f"P{n:02},{'north' if n < 14 else 'south'},Clients\n" for n in range(20))
    tables = PEOPLE | areas | {"participants": "participant_id,area_id,participant_group\n" + people}
    tables |= {"segments": PEOPLE["segments"].splitlines()[0] + "\n" + eleven}
    tables |= {"codings": PEOPLE["codings"].splitlines()[0] + "\n" + codings}
    study = study_folder(tmp_path / "study", settings=SETTINGS + 'reporting_coder = "a"\n', **tables)
    named = [{"name": "20 north", "area_id": "north", "title": "Area 11"}]
    text = "<p>14 people took part in Area 11.</p><p>More people in Area 11 raised travel than cost.</p>"
    outputs = run(tmp_path / "small", {PAGE: text}, notebooks=named)
    assert vet_outputs(outputs, study=study).lines == ("small: no leak found.",)


def test_a_character_of_no_width_hides_no_id(study, outputs):
    page("<p>So P\u200b01 said.</p>")(outputs)
    assert vet_outputs(outputs, study=study).lines == (
        f"{PAGE}, paragraph 1: {ID}",
        "small: 1 leak in 1 file.",
    )


NUMBERED = PEOPLE | {
    "participants": "participant_id,area_id,participant_group\n"
    + "".join(f"{n},north,Clients\n" for n in range(1, 21)),
    "attendances": "interview_id,participant_id\nint_1,7\n",
    "segments": PEOPLE["segments"].replace("P00", "7"),
}


@pytest.mark.parametrize(
    ("file", "words", "where"),
    [
        (PAGE, "<p>So participant 7 said.</p>", f"{PAGE}, paragraph 1"),
        ("t.csv", "respondent_id,answer\n7,yes\n", "t.csv, row 2"),
        ("t.json", '{"participant_id": 7}', "t.json, participant_id"),
    ],
)
def test_a_short_number_is_an_id_where_it_is_called_one(file, words, where, tmp_path, outputs):
    study = study_folder(tmp_path / "study", settings=SETTINGS, **NUMBERED)
    page("<p>See table 7 on page 12.</p>", file="chapters/more.html")(outputs)
    page(words, file=file)(outputs)
    assert vet_outputs(outputs, study=study).lines == (f"{where}: {ID}", "small: 1 leak in 1 file.")


def test_an_adjusted_p_is_no_count_of_people(outputs):
    page("theme,p,adjusted,n_raised\nTravel,0.1,1.000,42\n", file="t.csv")(outputs)
    assert vet_outputs(outputs).lines == ("small: no leak found.",)
