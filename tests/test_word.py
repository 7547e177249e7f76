"""A Word report opened again: its words, tables, figures and order, and the same bytes each time."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pandas as pd
import pdfplumber
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from ncsresearch import Finding, Table
from ncsresearch.present.outputs import FIGURE, FINDING, QUOTATIONS
from ncsresearch.report.content import Chapter, Piece
from ncsresearch.report.word import _of_chapter, _sourced_once, word_report
from ncsresearch.report.word_brief import _cited, brief
from ncsresearch.report.word_document import add_paragraph, new_document
from ncsresearch.report.word_pages import keep_together
from ncsresearch.report.word_table import column_widths, table_xml
from ncsresearch.study import Settings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><text x="1" y="9">&amp;</text></svg>'
QUOTED = {
    "under": "Housing",
    "words": "No bed & no bus <at all>",
    "said_by": "Clients, interview 3",
    "mark": "q1",
}
SAID = [("Most did.", "a list"), ("Some did not.", "a list"), ("It is so.", "a book")]
DRAWN = {"name": "bars", "alt": "Bars. Staff: 3.", "below": "Base: people. Source: a list."}
LICENCE = "Open Government Licence v3.0."


def settings() -> Settings:
    return Settings("A small study", "1", "public", "2023", ("02_themes", "03_area_types"), licence=LICENCE)


def cell(data: dict):
    return new_code_cell("ncs.show(item)", outputs=[new_output("display_data", data=data)])


def table(name: str = "themes", caption: str = "Themes", **changes) -> Table:
    rows = pd.DataFrame({"theme": ["Staff\x07", "Bus 🚌 & <tram>"], "n": [1200, None]})
    given = {"base": "people heard", "source": "a list", "missing": "[c]"} | changes
    return Table(name, caption, rows, {"theme": "Theme", "n": "People"}, **given)


def chapter(name: str = "02_themes", area_id: str = "", *, said: str = "") -> Chapter:
    words = "# A chapter\n\nWhat **it** asks: [areas](03_area_types.ipynb), [none](09_none.ipynb).\n\n- one\n- two"
    cells = [
        new_markdown_cell(words + said),
        new_markdown_cell("### Too deep"),
        cell(
            Finding(
                "most", "Most did.", {"n_people": 30}, source="a list", behind=["By group: staff."]
            )._repr_mimebundle_()
        ),
        cell(table()._repr_mimebundle_()),
        cell({"text/plain": "", "image/svg+xml": SVG, FIGURE: DRAWN}),
        cell({"text/plain": "", QUOTATIONS: {"heading": "Quotations", "rule": "", "quotations": [QUOTED]}}),
    ]
    notebook = nbformat.from_dict(new_notebook(cells=cells))
    return Chapter(name, "North: area report" if area_id else f"Chapter {name}", notebook, area_id)


def report(*chapters: Chapter):
    return Document(BytesIO(word_report(settings(), chapters or [chapter(), chapter("03_area_types")])))


def styled(document, style: str) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == style]


def test_title_language_and_status():
    document = report()
    properties = document.core_properties
    assert (properties.title, properties.language) == ("A small study", "en-GB")
    assert {found.get(qn("w:val")) for found in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    assert styled(document, "Title") == ["A small study"]
    assert styled(document, "Subtitle") == ["Public study: no number is withheld."]
    assert document.sections[0].footer.paragraphs[0].text.startswith("A small study · Public study")
    assert [paragraph.text for paragraph in document.paragraphs][-2] == LICENCE


def test_headings_are_in_order_and_every_chapter_is_listed_with_a_link():
    document = report()
    levels = [int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert levels == [1, 2, 3, 4, 1, 2, 3, 4, 1]
    links = document.element.xpath("//w:hyperlink/@w:anchor")
    assert set(links) <= set(document.element.xpath("//w:bookmarkStart/@w:name"))
    assert styled(document, "toc 1") == styled(document, "Heading 1")


def test_a_link_to_a_chapter_leads_to_it_and_one_to_none_is_plain_words():
    document = report()
    (prose, _) = [p for p in document.paragraphs if p.text.startswith("What it asks")]
    assert prose.text == "What it asks: areas, none."
    (link,) = prose._p.findall(qn("w:hyperlink"))
    assert "".join(link.xpath(".//w:t/text()")) == "areas"
    assert [run.text for run in prose.runs if run.bold] == ["it"]
    assert styled(document, "List Bullet") == ["one", "two"] * 2


def test_a_finding_stands_above_its_evidence():
    document = report(chapter())
    assert styled(document, "Finding") == ["Most did."]
    assert styled(document, "Evidence") == ["Evidence: By group: staff.", "Source: a list."]


def test_findings_of_one_source_name_it_once():
    pieces = [Piece("finding", "", words, data={"source": source}) for words, source in SAID]
    assert [piece.data["source"] for piece in _sourced_once(pieces)] == ["", "a list", "a book"]


def test_captions_are_numbered_through_the_report():
    captions = [
        "".join(p._p.xpath(".//w:t/text()")) for p in report().paragraphs if p.style.name == "Caption"
    ]
    assert captions == ["Table 1: Themes", "Figure 1: Bars", "Table 2: Themes", "Figure 2: Bars"]


def test_the_base_and_source_of_a_figure_stand_below_it():
    paragraphs = report(chapter()).paragraphs
    (at,) = [place for place, p in enumerate(paragraphs) if p.style.name == "Figure"]
    assert paragraphs[at].style.paragraph_format.keep_with_next
    assert (paragraphs[at + 1].text, paragraphs[at + 1].style.name) == (
        "Base: people. Source: a list.",
        "Base",
    )


def test_a_table_holds_the_cells_of_the_page_under_a_heading_that_is_repeated():
    (found,) = report(chapter()).tables
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        ["Theme", "People"],
        ["Staff�", "1,200"],
        ["Bus 🚌 & <tram>", "[c]"],
    ]
    head, *rows = (row._tr.trPr for row in found.rows)
    assert head.find(qn("w:tblHeader")) is not None
    assert all(row.find(qn("w:cantSplit")) is not None for row in [head, *rows])
    look = found._tbl.tblPr.find(qn("w:tblLook"))
    assert look.get(qn("w:firstColumn")) == look.get(qn("w:firstRow")) == "1"
    assert [p.style.name for p in found.rows[1].cells[1].paragraphs] == ["Table Number"]


def test_the_marks_of_a_table_are_said_below_it():
    below, _ = styled(report(chapter()), "Base")
    assert below.startswith("Base: people heard. Source: a list. [c]: withheld")


def test_every_picture_has_its_words():
    described = report().element.xpath("//wp:docPr")
    assert [found.get("descr") for found in described] == ["Bars. Staff: 3."] * 2


def test_a_quotation_says_who_and_never_where():
    (said,) = styled(report(chapter()), "Quote")
    assert said == "“No bed & no bus <at all>” — Clients, interview 3"


def test_the_report_on_an_area_has_its_name_and_no_heading_of_the_chapter():
    document = report(chapter("20_case_study_area", "north"))
    assert document.core_properties.title == "North: area report"
    assert styled(document, "Heading 1") == ["Too deep", "About this report"]
    assert document.paragraphs[-1].text == (
        "Not an official publication: no public body made, checked or endorses it. More tables are in the study's Excel "
        "workbook."
    )


def test_a_chapter_that_failed_is_said_not_to_be_made():
    texts = [p.text for p in report(chapter(), Chapter("03_area_types", "Areas", None)).paragraphs]
    at = len(texts) - 1 - texts[::-1].index("Areas")
    assert texts[at + 1] == "This chapter could not be made when the study was last run."


def test_two_reports_are_the_same_bytes(monkeypatch):
    first = word_report(settings(), [chapter()])
    assert word_report(settings(), [chapter()]) == first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert Document(BytesIO(word_report(settings(), [chapter()]))).core_properties.created.year == 2023


def test_columns_fill_no_more_than_the_page_and_hold_their_longest_word():
    long = "a few words said again and again " * 9
    widths = column_widths(["Theme", "People"], [[long, "1,200"]], 17.0)
    assert sum(widths) == pytest.approx(17.0)
    assert widths[1] < 3 < widths[0]


def test_a_column_that_tells_more_is_wider_and_a_heading_takes_few_lines():
    rows = [["staff", "a long remark on what should change " * 3, "5"]] * 9 + [
        ["staff and clients of all", "no", "5"]
    ]
    by, remark, number = column_widths(["By", "What should change", "People who said so of all"], rows, 12.0)
    assert by < remark / 2
    assert number > column_widths(["By", "What", "People"], rows, 12.0)[2]


def test_columns_too_narrow_for_their_words_still_fill_no_more_than_the_page():
    assert sum(column_widths(["Unforgettable"] * 9, [["1"] * 9], 12.0)) == pytest.approx(12.0)


def test_cells_stand_apart():
    (margins,) = report(chapter()).element.xpath("//w:tblCellMar")
    assert [int(side.get(qn("w:w"))) for side in margins] == [108, 108]


def test_a_low_table_is_kept_whole_and_of_a_high_one_the_first_and_last_rows():
    def kept(n: int) -> list[int]:
        made = table_xml(["A"], [["x"]] * n, [False], caption="C", width=17.0)
        return [at for at, row in enumerate(made.tr_lst[1:]) if row.xpath(".//w:keepNext")]

    assert kept(9) == list(range(9))
    assert kept(20) == [0, 1, 18, 19]


def test_only_the_first_chapter_must_begin_a_page_and_the_words_above_a_table_stay_with_it():
    document = new_document("A")
    for style in ("Heading 1", "Normal", "Heading 2", "Normal", "Finding", "Heading 2", "Normal", "Caption"):
        add_paragraph(document, style, style)
    kept = keep_together(document)
    places = [paragraph._p for paragraph in document.paragraphs]
    assert [places.index(paragraph._p) for paragraph in kept] == [0, 1, 2, 3, 6]
    first, second, *_ = [p for p in report().paragraphs if p.style.name == "Heading 1"]
    assert (first.paragraph_format.page_break_before, second.paragraph_format.page_break_before) == (
        True,
        False,
    )


def test_the_first_page_has_the_main_findings_and_the_next_the_contents():
    written = Finding("a", "Buses are late. Trams are not.", {"n": 1})._repr_mimebundle_()
    written[FINDING] |= {"heading": "Buses come late", "written": True}
    summary = Chapter("00_summary", "Summary", nbformat.from_dict(new_notebook(cells=[cell(written)])))
    document = report(summary, chapter())
    (said,) = [p for p in document.paragraphs if p.text.startswith("Buses come late. ")]
    assert (said.text, said.style.name) == ("Buses come late. Buses are late.", "List Bullet")
    headed = {
        p.text: p.paragraph_format.page_break_before for p in document.paragraphs if p.style.name != "toc 1"
    }
    assert (headed["Main findings"], headed["Contents"], headed["Summary"]) == (None, True, False)


def test_the_report_on_an_area_says_where_its_evidence_is_and_has_its_figures_last():
    behind = [
        "Buses are late. (Staff; Research, chapter 4, paragraph 7)",
        "Nobody says why. (Staff; Research, chapter 4, paragraph 25)",
        "So are trams. (Research, chapter 4, paragraphs 8 to 9)",
        "Some stand still. (Research, chapter 4, paragraph 9)",
        "Staff: 3 of 9",
    ]
    status, found = Finding("status", "A draft.", {}), Finding("buses", "Late.", {"n": 1}, behind=behind)
    drawn = cell({"text/plain": "", "image/svg+xml": SVG, FIGURE: DRAWN})
    folded = [
        cell(table(name=name, caption=name.capitalize())._repr_mimebundle_()) for name in ("ages", "homes")
    ]
    for each in folded:
        each.metadata["tags"] = ["folded"]
    heads = map(new_markdown_cell, ("# North\n\nWhat is known?", "## Results", "## Tables", "## Buses"))
    first, results, tables, buses = heads
    made = [
        first,
        cell(status._repr_mimebundle_()),
        results,
        drawn,
        tables,
        *folded,
        buses,
        cell(found._repr_mimebundle_()),
    ]
    shown = _of_chapter(
        Chapter("20_case_study_area", "North", nbformat.from_dict(new_notebook(cells=made)), "north")
    )
    assert [(piece.kind, piece.text) for piece in shown] == [
        ("heading", "Buses"),
        ("finding", "Late."),
        ("heading", "Results"),
        ("figure", "Bars. Staff: 3."),
    ]
    assert _cited(Piece("finding", "", "Late.", data={"behind": behind})).data["behind"] == [
        "Research, chapter 4, paragraphs 7 to 9, 25",
        "Staff: 3 of 9",
    ]


def test_the_report_on_an_area_prints_each_count_once_and_says_of_whom_it_is_only_where_that_is_not_the_area():
    """Where a later finding has the count; evidence that two findings cite is with both."""
    cited = "Buses are late. (Staff; Research, chapter 4, paragraph 7)"
    travel, homes = (
        "Travel, people heard in North: 14 of 25; 56%",
        "Homes, people heard in North: 9 of 25; 36%",
    )
    urban = "Travel, people heard in urban areas: 17 of 94; 18%"
    lead = Piece("finding", "", "Late and cold.", data={"behind": [travel, homes, cited]})
    later = Piece("finding", "", "Late.", data={"behind": [travel, urban, cited]})
    assert [piece.data["behind"] for piece in brief([lead, later])] == [
        ["Research, chapter 4, paragraph 7", "Homes: 9 of 25; 36%"],
        ["Research, chapter 4, paragraph 7", "Travel: 14 of 25; 56%", urban],
    ]


def test_a_measure_of_several_periods_is_named_once():
    lines = [
        "Orders begun in time, first: 0% (Inspection)",
        "Orders begun in time, August 2019: 78% (Inspection)",
        "Orders begun in time, 2017-18: 7% (Evening paper)",
        "Orders per 10,000 people, North, 2023: 9 (Statistics)",
        "Orders per 10,000 people, South, 2023: 8 (Statistics)",
        "Travel, rural: 36 of 47",
    ]
    assert _cited(Piece("finding", "", "Late.", data={"behind": lines})).data["behind"] == [
        "Orders begun in time (Inspection)",
        *lines[2:],
    ]


def test_no_table_of_a_report_is_wider_than_its_page(site):
    paths = [*site.rglob("*.docx")]
    assert len(paths) == 16
    for path in paths:
        root = etree.fromstring(ZipFile(path).read("word/document.xml"))
        page, margins = root.find(".//{*}pgSz"), root.find(".//{*}pgMar")
        room = int(page.get(qn("w:w"))) - int(margins.get(qn("w:left"))) - int(margins.get(qn("w:right")))
        wide = [sum(int(column.get(qn("w:w"))) for column in grid) for grid in root.iter(qn("w:tblGrid"))]
        assert max(wide, default=0) <= room + 20, path  # twentieths of a point lost in rounding


@pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice is not installed, so that no page can be counted"
)
def test_libreoffice_shows_every_table_and_the_reports_on_areas_on_few_pages(tmp_path, site):
    areas = {"illustrative/areas/area_a": 2, "published/areas/west_dunbartonshire": 3}
    for path in areas:
        copied = (site / path / "20_case_study_area.docx").read_bytes()
        (tmp_path / f"{Path(path).name}.docx").write_bytes(copied)
    (tmp_path / "small.docx").write_bytes(word_report(settings(), [chapter()]))
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run(
        [*command, *map(str, tmp_path.glob("*.docx"))], check=True, capture_output=True, timeout=120
    )
    for path, most in areas.items():
        assert len(pages(tmp_path / f"{Path(path).name}.pdf")) <= most
    text = "".join(pages(tmp_path / "small.pdf"))
    assert "Table 1: Themes\n" in text
    assert text.index("Table 1") < text.index("1,200") < text.index("Base: people heard")


def pages(path: Path) -> list[str]:
    with pdfplumber.open(path) as pdf:
        return [page.extract_text() for page in pdf.pages]
