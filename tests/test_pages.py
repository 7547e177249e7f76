"""What every page keeps to, read by a parser: headings, landmarks, tables, anchors, data of figures, nothing from elsewhere."""

import re
from datetime import date
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from afcharts.af_colours import get_af_colours
from lxml import html

import ncsresearch as ncs
from conftest import PROJECT
from ncsresearch.present.figure import plot_stances
from ncsresearch.present.outputs import Figure, Finding, Table, table_html
from ncsresearch.report.html import chapter_page
from ncsresearch.report.site import accessibility_page
from ncsresearch.vet.place import Table as TableRead
from ncsresearch.vet.read_html import html_pieces


def code(number: int, *shown) -> nbformat.NotebookNode:
    outputs = [nbformat.v4.new_output("display_data", data=each._repr_mimebundle_()) for each in shown]
    return nbformat.v4.new_code_cell(f"show({number})", id=f"c{number}", outputs=outputs)


def words(number: int, source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source, id=f"c{number}")


def drawing() -> Figure:
    rows = pd.DataFrame(
        {"theme": ["Rope"] * 2 + ["Sand"] * 2, "stance": ["strength", "challenge"] * 2, "n": [3, None, 1, 2]}
    )
    return plot_stances(rows.astype({"n": "Int64"}), by="theme", source="A list", what="passages")


def table() -> Table:
    rows = pd.DataFrame({"name": ["North"], "n": [2]})
    return Table("areas", "Areas & more", rows, {"name": "Area", "n": "People"}, "people", "")


def made(*cells, **options):
    page = chapter_page(nbformat.v4.new_notebook(cells=list(cells)), study="A study", **options)
    return html.fromstring(page)


@pytest.fixture
def page():
    return made(
        words(0, "# A chapter\n\nWhat is it?"),
        code(1, Finding("status", "Published.")),
        words(2, "## In brief"),
        code(3, Finding("rope", "One rope.", {"ropes": 1})),
        words(4, "## Areas"),
        code(5, drawing(), table()),
        tables="../tables/02/",
        executed="02_x.ipynb",
    )


def text(page, path: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.xpath(path)]


def test_a_page_leads_from_what_it_shows_to_its_code_its_data_and_its_notebook(page):
    assert page.get_element_by_id("finding-rope").getparent().get("id") == "cell-c3"
    assert text(page, "//div[@id='cell-c3']/details[@class='code']/pre") == ["show(3)"]
    assert [each.get("id") for each in page.xpath("//div[@id='cell-c5']/*[@id]")] == [
        "figure-theme_stances",
        "table-areas",
    ]
    links = {each.text_content(): each.get("href") for each in page.xpath("//main//p/a")}
    assert links == {
        "Data as CSV: Areas & more": "../tables/02/areas.csv",
        "This page as a notebook": "02_x.ipynb",
    }


def test_the_first_section_stands_in_a_box_and_the_rest_does_not(page):
    assert text(page, "//section[@class='brief']//p") == ["One rope."]
    assert page.xpath("//section/@id") == ["In-brief", "Areas"]
    assert page.xpath("//nav//a/@href") == ["#In-brief", "#Areas"]
    assert [each.get("id") for each in page.xpath("//nav/preceding-sibling::*")][-1] == "In-brief"
    assert text(page, "//section//h2") == ["In brief", "Areas"]


def test_a_figure_has_its_data_below_it_and_tells_what_may_not_be_told(page):
    figure = page.get_element_by_id("figure-theme_stances")
    assert text(figure, "./details/summary") == ["Data of this figure"]
    assert text(figure, ".//th[@scope='col']") == ["Theme", "Strength", "Challenge"]
    assert text(figure, ".//tbody/tr/*") == ["Rope", "3", "[c]", "Sand", "1", "2"]
    assert text(figure, ".//th[@scope='row']") == ["Rope", "Sand"]
    assert text(figure, ".//caption") == [
        "Data of the figure: what is described as a strength and as a challenge"
    ]
    assert "Rope: 3 strength, [c] challenge;" in text(figure, ".//svg/title")[0]


def test_a_figure_of_an_earlier_notebook_has_no_data_to_fold_out():
    cell = code(1, drawing())
    cell.outputs[0].data["application/vnd.ncsresearch.figure+json"] = {"name": "old", "alt": "Bars."}
    page = made(words(0, "# A chapter"), cell)
    assert len(page.xpath("//figure[@id='figure-old']//svg")) == 1
    assert page.xpath("//figure//details") == []


def test_a_page_without_csv_files_links_to_none():
    page = made(words(0, "# A chapter"), code(1, table()))
    assert page.xpath("//main//a") == []


def test_a_table_of_html_escapes_what_it_holds():
    cells = pd.DataFrame({"<b>": ["<i>"]})
    made = table_html('"quoted" & <so>', cells, [True], "")
    assert 'aria-label="&quot;quoted&quot; &amp; &lt;so&gt;"' in made
    assert '<th scope="col" class=number>&lt;b&gt;</th>' in made
    assert '<th scope="row">&lt;i&gt;</th>' in made
    assert "base" not in made


def test_the_statement_is_dated_by_the_release_that_is_cited():
    citation = (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    released = re.search(r"^date-released: (\S+)$", citation, re.M)[1]
    assert released == ncs.__released__
    day = date.fromisoformat(released)
    assert f"Last reviewed on {day.day} {day:%B %Y}." in accessibility_page()
    assert "No user of a screen reader" in accessibility_page()


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, html.HtmlElement]:
    """Every page of both studies, the first page and the statement among them."""
    found = sorted(site.rglob("*.html"))
    assert len(found) > 30
    return {path: html.fromstring(path.read_text(encoding="utf-8")) for path in found}


def faults(pages, of_page) -> list[tuple[str, object]]:
    return [(path.name, fault) for path, page in pages.items() for fault in of_page(page)]


def _headings(page) -> list[str]:
    levels = [int(each.tag[1]) for each in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    steps = zip(levels, levels[1:], strict=False)
    skipped = [f"h{below} under h{above}" for above, below in steps if below > above + 1]
    return skipped + ([] if levels[0] == 1 and levels.count(1) == 1 else [f"headings {levels[:3]}"])


def test_a_page_has_one_first_heading_and_leaves_no_level_out(pages):
    assert faults(pages, _headings) == []


def _landmarks(page) -> list[str]:
    wanted = {"/html[@lang='en-GB']", "/html/body/header", "/html/body/footer", "//main[@id='content']"}
    wanted |= {"/html/body/a[@class='skip'][@href='#content']", "/html/head/title[contains(., ' ')]"}
    return [path for path in wanted if len(page.getroottree().xpath(path)) != 1]


def test_a_page_has_a_language_a_title_landmarks_and_a_way_past_its_head(pages):
    assert faults(pages, _landmarks) == []


def _tables(page) -> list[str]:
    bare = [each for each in page.iter("table") if len(each.xpath("./caption[normalize-space()]")) != 1]
    return [html.tostring(each)[:90] for each in [*bare, *page.xpath("//table//th[not(@scope)]")]]


def test_a_table_has_a_caption_and_each_heading_its_scope(pages):
    assert faults(pages, _tables) == []


def _anchors(page) -> list[str]:
    ids = page.xpath("//@id")
    twice = sorted({each for each in ids if ids.count(each) > 1})
    links = page.xpath("//a/@href[starts-with(., '#') and not(contains(., '='))]")  # with = it is a search
    return twice + [link for link in links if link[1:] not in ids]


def test_every_anchor_is_there_once(pages):
    assert faults(pages, _anchors) == []


def test_every_link_between_the_files_of_a_run_leads_to_one(pages):
    links = {(path, link.split("#")[0]) for path, page in pages.items() for link in page.xpath("//a/@href")}
    files = {(path, link) for path, link in links if link and not re.match(r"https?:", link)}
    assert sorted({link for path, link in files if not (path.parent / link).is_file()}) == []
    assert {link.rpartition(".")[2] for _, link in files} >= {"html", "ipynb", "csv"}


def test_every_link_to_a_place_on_another_page_leads_to_one(pages):
    ids = {path.resolve(): set(page.xpath("//@id")) for path, page in pages.items()}
    links = [
        (path, *link.split("#"))
        for path, page in pages.items()
        for link in page.xpath("//a/@href[contains(., '.html#')]")
    ]
    places = [((path.parent / file).resolve(), place) for path, file, place in links if "=" not in place]
    assert len(places) > 50 and [each for each in places if each[1] not in ids[each[0]]] == []


def _from_elsewhere(page) -> list[str]:
    sources = page.xpath("//@src | //link/@href | //use/@href | //image/@href | //object/@data")
    return [each for each in sources if not each.startswith(("#", "data:"))] + [
        each.text[:60] for each in page.iter("style") if re.search(r"url\(|@import", each.text)
    ]


def test_a_page_asks_for_nothing_else(pages):
    assert faults(pages, _from_elsewhere) == []


def _figures(page) -> list[str]:
    drawn = page.xpath("//figure[@id]")
    told = [each for each in drawn if each.xpath(".//svg[@role='img']/title") and each.xpath("./details//td")]
    return [each.get("id") for each in drawn if each not in told]


def test_every_figure_has_words_and_data(pages):
    assert sum(len(page.xpath("//figure[@id]")) for page in pages.values()) > 12
    assert faults(pages, _figures) == []


def test_an_area_report_opens_with_its_findings_and_ends_with_what_is_not_known(pages):
    reports = [page for path, page in pages.items() if path.stem == "20_case_study_area"]
    assert len(reports) >= 14
    for page in reports:
        assert len(page.xpath("//main//div[@class='written']/h2")) >= 4
        headings = text(page, "//main/section//h2")
        assert headings[-1] == "What is not known" and "In brief" not in headings


def test_an_area_report_folds_its_tables_and_lists(pages):
    reports = {path: page for path, page in pages.items() if path.stem == "20_case_study_area"}
    for path, page in reports.items():
        assert not page.xpath("//table[not(ancestor::details)]")
        assert len(page.xpath("//li[not(ancestor::details or ancestor::nav)]")) <= 8
        read = page.xpath("//main//text()[not(ancestor::details or ancestor::nav or ancestor::svg)]")
        most = 1_250 if path.parent.name in WITH_A_DOCUMENT else 1_100  # three pages of print, and two
        assert len(" ".join(read).split()) < most


def test_each_footer_says_whose_pages_these_are_not_and_leads_to_the_statement(pages):
    for path, page in pages.items():
        footer = text(page, "/html/body/footer")[0]
        assert "no public body made, checked or endorses" in footer.lower()
        links = page.xpath("/html/body/footer//a/@href")
        assert path.name == "accessibility.html" or [Path(link).name for link in links] == [
            "accessibility.html"
        ]


WITH_A_DOCUMENT = ("south_lanarkshire", "west_dunbartonshire")  # of their own
PALETTE = {"#12436d", "#28a197", "#801650", "#f46a25", "#3d3d3d", "#a285d1", "#bfbfbf", "#d9d9d9"}


def _colours(svg: str) -> set[str]:
    return set(re.findall(r"#[0-9a-f]{6}\b", svg)) - {"#ffffff", "#000000"}


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, by the formula of WCAG 2.2."""
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_as_the_guidelines_give_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.fixture(scope="module")
def drawn(pages) -> dict[str, str]:
    """Every drawing of both studies by its name and the page it stands on."""
    return {
        f"{path.stem} {figure.get('id')}": html.tostring(figure.xpath(".//svg")[0], encoding="unicode")
        for path, page in pages.items()
        for figure in page.xpath("//figure[@id]")
    }


def test_figures_keep_to_the_palette_and_tiles_to_its_ramp(drawn):
    strange = {name: _colours(svg) - PALETTE for name, svg in drawn.items() if "areas_themes" not in name}
    maps = {name: strange.pop(name) for name in list(strange) if "tile_map" in name}
    assert maps and all(
        colours < {*map(str.lower, get_af_colours("sequential"))} for colours in maps.values()
    )
    assert {name: colours for name, colours in strange.items() if colours} == {}
    bars = _colours(drawing().to_svg()) - {"#d9d9d9"}
    assert bars == {"#12436d", "#f46a25"}
    assert min(contrast(colour, "#ffffff") for colour in bars) >= 3
    assert contrast(*bars) >= 3


def test_words_in_figures_are_horizontal_and_of_12_points_or_more(drawn):
    sizes = {size for svg in drawn.values() for size in re.findall(r"(\d+(?:\.\d+)?)px", svg)}
    assert sizes
    assert min(map(float, sizes)) >= 12
    turned = [name for name, svg in drawn.items() if re.search(r"<text[^>]*rotate\(-?[1-9]", svg)]
    assert turned == []


def test_vetting_reads_the_data_of_a_figure():
    page = chapter_page(
        nbformat.v4.new_notebook(cells=[words(0, "# A chapter"), code(1, drawing())]), study="A study"
    )
    tables = [piece for piece in html_pieces(page) if isinstance(piece, TableRead)]
    assert [(each.headings, each.rows, each.base) for each in tables] == [
        (("Theme", "Strength", "Challenge"), (("Rope", "3", "[c]"), ("Sand", "1", "2")), "passages")
    ]
