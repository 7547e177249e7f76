"""What opens a study: themes by kind of area, and main findings by who holds them, in marks that lead to findings; all made up."""

from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from lxml import html

import ncsresearch as ncs
from builders import OF_INTERVIEWS, SETTINGS, heard, study_folder
from conftest import PROJECT
from ncsresearch import StudyError, load_study
from ncsresearch.analysis.finding_evidence import finding_evidence
from ncsresearch.ingest.findings_file import parse_findings
from ncsresearch.present.at_a_glance import SECTION
from ncsresearch.present.findings import shown
from ncsresearch.report.html import chapter_page

CHAPTERS = 'chapters = ["02_themes", "03_area_types", "05_client_views"]\n'
POINTS = """point_id,document_id,section,ordinal,first_paragraph,last_paragraph,statement,kind,held_by,how_widely,read_by
p1,report,Getting there,1,1,1,Rural clients missed appointments because buses are few.,finding,Clients,general,reader
p2,report,Getting there,2,2,2,Clients near a station had no trouble.,other view,Clients; Social workers,some,reader
p3,report,Money,3,3,3,Staff wanted fares paid.,suggestion,Staff,one view,reader
p4,report,Money,4,4,4,Fares were set in 2020.,context,Council,not said,reader
"""
CODINGS = """coding_id,unit,unit_id,code_id,stance,about_area_type,coder
c1,points,p1,travel,challenge,rural_unspecified,a
c2,points,p2,travel,strength,larger_city,a
c3,points,p3,cost,suggestion,,a
c4,points,p4,cost,challenge,rural_unspecified,a
"""
FILES = {
    "summary": "## Buses are few\n\nClients missed appointments [@point:p1; @point:p2].\n\n## Fares are set\n\nIn [2020]{points=cost} [@point:p4].",
    "02_themes": "Two themes.\n\n## Buses are few, stations help\n\nFew buses [@point:p1].\n\nStations [@point:p2].\n\n## Fares\n\nPay [@point:p2].",
    "03_area_types": "## Rural buses are few\n\nFew [@point:p1].",
}


def written(study, files: dict[str, str]):
    return replace(study, findings={name: parse_findings(name, text) for name, text in files.items()})


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = study_folder(
        tmp_path_factory.mktemp("glance") / "small",
        settings=SETTINGS.replace('chapters = ["02_themes"]\n', CHAPTERS),
        points=POINTS,
        codings=CODINGS,
    )
    return written(load_study(folder), FILES)


@pytest.fixture(scope="module")
def interviews(tmp_path_factory):
    return load_study(
        study_folder(tmp_path_factory.mktemp("glance") / "people", settings=OF_INTERVIEWS, codings=None)
    )


def glance(study, **asked):
    (table,) = ncs.table(ncs.overview(study, **asked))
    return table


def rows(table) -> list[tuple]:
    return [tuple(table.cells()), *table.cells().itertuples(index=False, name=None)]


def test_themes_of_documents_by_kind_of_area_lead_to_the_finding_on_each(documents):
    """One point of two or of two hundred is one mark; context is none."""
    table = glance(documents)
    assert rows(table) == [
        ("Theme", "All documents", "Rural areas", "Urban areas"),
        ("Cost", "suggestion", "–", "–"),
        ("Travel", "strength, challenge", "challenge", "strength"),
    ]
    travel, rural = "02_themes.ipynb#finding-written_2", "03_area_types.ipynb#finding-written_1"
    urban = "02_themes.ipynb#finding-written_4"  # all of it is on urban travel, and half of the other
    assert table.links == [SECTION, travel, rural, urban]
    twice = documents.holding(points=documents.points, codings=documents.codings.iloc[[0, 0, 1, 2, 3]])
    assert glance(twice).cells().equals(table.cells())


def test_a_page_shows_marks_that_a_screen_reader_hears_as_words(documents):
    page = html.fromstring(glance(documents).to_html())
    (cell,) = page.xpath("//tr[th='Travel']/td[1]")
    assert cell.text_content() == "strength, challenge"
    seen = cell.xpath(".//text()[not(parent::*[@class='unseen'])]")
    assert seen == [] and cell.xpath(".//@class") == [
        "mark strength",
        "unseen",
        "unseen",
        "mark challenge",
        "unseen",
    ]
    assert page.xpath("//ul[@class='key']/li/text()") == ["Strength", "Challenge", "Suggestion"]
    assert not page.xpath("//td[.='–']/a")


def test_without_both_kinds_of_area_themes_are_by_client_group_and_without_these_together(documents):
    codings = documents.codings.assign(
        about_area_type="rural_unspecified", about_client_group=["women", "men", None, None]
    )
    of_groups = [tuple(row) for row in rows(glance(documents.holding(codings=codings)))]
    assert of_groups[0] == ("Theme", "All documents", "Men", "Women")
    assert of_groups[2] == ("Travel", "strength, challenge", "strength", "challenge")
    together = documents.holding(codings=codings.assign(about_client_group=None))
    assert rows(glance(together))[0] == ("Theme", "All documents")


def people(study, n_rural: int, n_urban: int, said: list[tuple[str, str, str]], **settings):
    """Return a study with r0, r1 ... in the north and u0, u1 ... in the south, and what each raised in which way."""
    everybody = [(f"r{n}", "north", "Staff", f"i{n}") for n in range(n_rural)]
    everybody += [(f"u{n}", "south", "Clients", f"j{n}") for n in range(n_urban)]
    spoken = heard(study, everybody, [(name, code) for name, code, _ in said])
    codings = spoken.codings.assign(stance=[stance for *_, stance in said])
    return replace(spoken.holding(codings=codings), settings=replace(study.settings, **settings))


def test_people_who_raised_a_theme_are_counted_and_the_most_raised_is_first(interviews):
    said = [
        ("r0", "cost", "challenge"),
        ("r0", "travel", "challenge"),
        ("r1", "travel", "strength"),
        ("u0", "travel", "challenge"),
    ]
    table = glance(people(interviews, 2, 3, [*said, ("r0", "travel", "strength")]))
    assert rows(table) == [
        ("Theme", "Everybody (of 5)", "Rural areas (of 2)", "Urban areas (of 3)"),
        ("Travel", "3: strength 2, challenge 2", "2: strength 2, challenge 1", "1: challenge 1"),
        ("Cost", "1: challenge 1", "1: challenge 1", "0"),
    ]
    assert table.rows.iloc[:2].to_numpy().tolist() == [
        ["cost".capitalize(), "everybody", 5, "1", "0", "1", "0"],
        ["Travel", "everybody", 5, "3", "2", "2", "0"],
    ]


def test_where_most_numbers_by_kind_are_withheld_everybody_is_shown_alone_and_of_few_people_nothing(
    interviews,
):
    """Of six urban people nothing may be told, and what the rural ones leave of all would tell it."""
    said = [(f"{kind}{n}", "cost", "challenge") for kind, most in (("r", 11), ("u", 4)) for n in range(most)]
    table = glance(people(interviews, 20, 6, said, access="confidential"))
    assert rows(table) == [("Theme", "Everybody (of 26)"), ("Cost", "about half: challenge about half")]
    few = people(interviews, 4, 3, [("r0", "cost", "challenge")], access="confidential")
    assert ncs.table(ncs.overview(few)) == []


def test_a_word_in_place_of_a_number_is_in_the_cell_and_explained(interviews):
    said = [(f"r{n}", "cost", "challenge" if n < 10 else "strength") for n in range(13)]
    said += [(f"r{n}", "travel", "neutral") for n in range(2)]
    table = glance(people(interviews, 40, 40, said, access="confidential"))
    assert [row[1] for row in rows(table)[1:]] == ["13: strength some, challenge 10", "some"]
    meaning = "some: a number that is withheld, under 40% of its base; it may be one person, unless a number beside it shows more."
    assert table.below().count(meaning) == 1
    marks = html.fromstring(table.to_html()).xpath("//tr[th='Cost']/td[1]//span[@class='mark strength']")
    assert [mark.text_content() for mark in marks] == ["strength some"]


def test_a_part_of_a_study_has_no_overview_and_another_page_has_it_where_there_is_no_summary(documents):
    for part in (documents.where(area_type="rural"), documents.where(theme="travel")):
        assert ncs.overview(part).empty and ncs.overview(part, of="findings").empty
    assert ncs.overview(documents, unless="summary").empty
    assert len(ncs.overview(written(documents, {}), unless="summary")) == 5
    with pytest.raises(
        StudyError,
        match=r"^There is no overview 'finding'; known: themes, findings, doubted\. Did you mean 'findings'\?$",
    ):
        ncs.overview(documents, of="finding")


def test_main_findings_by_who_holds_the_points_that_they_cite(documents):
    holders = {"Staff": ["Staff", "Social workers"], "Clients": ["Clients"]}
    table = glance(replace(documents, settings=replace(documents.settings, holders=holders)), of="findings")
    assert rows(table) == [
        ("Finding", "Staff", "Clients"),
        ("Buses are few", "yes", "yes"),
        ("Fares are set", "–", "–"),
    ]
    assert table.links == ["00_summary.ipynb#finding-written_1", "00_summary.ipynb#finding-written_2"]
    assert "Staff: Social workers." in table.below() and "Clients: " not in table.below()
    as_named = rows(glance(documents, of="findings"))
    assert as_named[0] == ("Finding", "Clients", "Social workers", "Council") and as_named[2][1:] == (
        "–",
        "–",
        "yes",
    )


def test_findings_of_which_half_or_more_rests_on_a_doubted_theme_are_named(documents):
    """Points 1 and 2 are on travel, which is doubted; 3 and 4 on cost."""
    row = {"code_id": "travel", "theme": "Travel", "grade": "few", "alpha": 0.5}
    text = "## All\n\nA [@point:p1].\n\n## Half\n\nB [@point:p2; @point:p3].\n\n## A third\n\nC [@point:p1; @point:p3; @point:p4]."
    study = written(documents, {"summary": text, "03_area_types": "## None\n\nD [@point:p4]."})
    assert ncs.table(ncs.overview(study, of="doubted")) == []
    table = glance(replace(study, doubted=pd.DataFrame([row])), of="doubted")
    assert rows(table) == [
        ("Finding", "Chapter", "Themes"),
        ("All", "Summary", "Travel"),
        ("Half", "Summary", "Travel"),
    ]
    assert table.links == ["00_summary.ipynb#finding-written_1", "00_summary.ipynb#finding-written_2"]


def test_a_holder_of_no_point_is_named_with_the_nearest(documents):
    wrong = replace(documents, settings=replace(documents.settings, holders={"Staff": ["Staf"]}))
    known = "Clients, Social workers, Staff, Council"
    message = f"There is no holder of points 'Staf' in the study small; known: {known}. Did you mean 'Staff'?"
    with pytest.raises(StudyError) as caught:
        ncs.overview(wrong, of="findings")
    assert str(caught.value) == message


def test_every_finding_is_where_the_overview_leads(documents):
    found = finding_evidence(documents).drop_duplicates(["chapter", "paragraph"])
    for name, own in found.groupby("chapter"):
        headings = {each.name: each.heading for each in shown(documents, documents, documents.findings[name])}
        assert [headings[f"written_{n}"] for n in own["paragraph"]] == own["heading"].tolist()
    assert list(zip(found["chapter"], found["paragraph"], strict=True)) == [
        *[("summary", 1), ("summary", 2)],
        *[("02_themes", 2), ("02_themes", 4), ("03_area_types", 1)],
    ]
    themes = nbformat.read(PROJECT / "notebooks" / "02_themes.ipynb", as_version=4)
    assert f"## {SECTION.partition('#')[2].replace('-', ' ')}" in [cell.source for cell in themes.cells]


def test_a_link_into_a_chapter_leads_to_its_page_and_without_one_is_plain_words():
    words = 'A <a href="02_themes.ipynb#finding-written_2">finding</a>.'
    cells = [nbformat.v4.new_markdown_cell(f"# A chapter\n\n{words}")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    links = [
        html.fromstring(chapter_page(notebook, study="A study", made=made)).xpath("//main//a/@href")
        for made in (["02_themes"], [])
    ]
    assert links == [["02_themes.html#finding-written_2"], []]
