"""The page that opens everything: what it holds, what its findings are about, and that it leads nowhere false."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from lxml import html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from builders import CODEBOOK, SETTINGS, study_folder
from ncsresearch import Finding, Table
from ncsresearch.analysis.points import points
from ncsresearch.analysis.sources import codebook as themes_explained
from ncsresearch.batch.facets import facets_of
from ncsresearch.batch.harvest import shown, write_catalogue, write_findings, write_tables
from ncsresearch.batch.plan import Task
from ncsresearch.present.grammar import table
from ncsresearch.present.outputs import QUOTATIONS
from ncsresearch.report.site import embedded, index_page
from ncsresearch.study import load_study
from ncsresearch.study.frames import framed

CONFIDENTIAL = SETTINGS.replace('"public"', '"confidential"')
NONE = {"themes": [], "client_groups": [], "area_types": [], "stances": [], "areas": []}
POINTS = """point_id,document_id,section,ordinal,first_paragraph,last_paragraph,statement,kind,held_by,how_widely,read_by
p1,report,Help,1,1,1,Police bring news late.,finding,Staff,some,reader
p2,report,Help,2,2,3,Buses are few.,finding,,not said,reader
"""
TASKS = [
    Task("small", Path("02_themes.ipynb"), "chapters"),
    Task("small", Path("20_case_study_area.ipynb"), "areas/north", area_id="north", title="North"),
    Task("small", Path("20_case_study_area.ipynb"), "areas/south", area_id="south", title="South"),
]
UNITS = pd.DataFrame({"unit_id": ["s1"], "label": ["buses are few"]})
DEAR = Finding("dear", "Travel is dear in rural areas.", {"passages": 2}, UNITS, "A report", ("1 said so.",))
BASE = Finding("base", "12 people.")
PLACES = pd.DataFrame({"place": ["North", "South"]})
QUOTED = {
    "words": "No bus on a Sunday.",
    "under": "Travel",
    "said_by": "Partners; told as a challenge",
    "mark": "q1",
}
EXPLAINED = """code_id,parent_id,label,facet,definition,include,exclude
cost,,Cost,theme,,,
access,,Access,theme,What can be reached,,
travel,access,Travel,theme,Getting there,"transport, fares",by phone: access
other,,Other,theme,Under no other code,,
"""
PASSAGE = {"under": "Travel", "words": "I walked.", "said_by": "Clients; told as a challenge", "mark": "q2"}


class Quoted:
    """Quotations as a chapter shows them."""

    def _repr_mimebundle_(self):
        return {
            "text/plain": "",
            QUOTATIONS: {"heading": "In their words", "rule": "By rule.", "quotations": [QUOTED]},
        }


def executed(path: Path, *items) -> None:
    """Write a chapter that has shown these, each in a cell called made-0, made-1 and so on."""
    shown = [
        new_code_cell(
            "ncs.show()", id=f"made-{n}", outputs=[new_output("display_data", data=item._repr_mimebundle_())]
        )
        for n, item in enumerate(items)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_markdown_cell("# A chapter\n\n## Key points"), *shown]), path)
    path.with_suffix(".html").write_text("<p>a page</p>", encoding="utf-8")


def manifest(**changes) -> dict:
    """The manifest of a run of the three notebooks."""
    entries = [
        {
            "name": task.name,
            "area_id": task.area_id,
            "title": task.title or "Themes",
            "about": "",
            "error": "",
        }
        | {"page": f"{task.stem}.html", "status": "done"}
        for task in TASKS
    ]
    said = {
        "study": "small",
        "title": "A small study",
        "status_line": "Published evidence",
        "notebooks": entries,
    }
    return said | changes


def harvested(tmp_path, settings=SETTINGS, area=BASE, codebook=CODEBOOK) -> Path:
    """An outputs folder of one study: a chapter, which may explain its themes, and two area reports that say the same."""
    study = load_study(study_folder(tmp_path / "small", settings=settings, codebook=codebook))
    explained = [*table(themes_explained(study))] if "definition" in codebook else []
    target = tmp_path / "outputs/small"
    places = Table("places", "Areas heard", PLACES, {"place": "Area"}, "areas", "a list")
    executed(target / "chapters/02_themes.ipynb", DEAR, places, Quoted(), *explained)
    for area_id in ("north", "south"):
        executed(target / f"areas/{area_id}/20_case_study_area.ipynb", area)
    write_findings(shown(TASKS, target), target, study)
    write_catalogue(shown(TASKS, target), target, study)
    (target / "manifest.json").write_text("{}", encoding="utf-8")
    (target.parent / "accessibility.html").write_text("<p>a statement</p>", encoding="utf-8")
    return target.parent


@pytest.fixture
def outputs(tmp_path):
    return harvested(tmp_path)


def test_two_tables_of_one_name_in_a_chapter_are_two_files(tmp_path):
    """People by who speaks, and by a grouping that the study adds, are both called groups_raised."""
    tables = [
        Table("groups_raised", "Raised by", PLACES.assign(n=n), {"n": "People"}, "n", "n") for n in (7, 8)
    ]
    executed(tmp_path / "chapters/02_themes.ipynb", *tables)
    write_tables(shown(TASKS[:1], tmp_path), tmp_path)
    found = {path.stem: pd.read_csv(path)["n"].tolist() for path in tmp_path.glob("tables/02_themes/*.csv")}
    assert found == {"groups_raised": [7, 7], "groups_raised_2": [8, 8]}


def said_on(page: str) -> dict:
    """What the page searches."""
    return json.loads(re.search(r'<script type="application/json" id="said">(.*?)</script>', page)[1])


def links(page: str) -> list[str]:
    return re.findall(r'href="([^"#]+)"', page)


def test_a_sentence_is_about_what_it_names_in_whole_words(tmp_path):
    facets = facets_of(load_study(study_folder(tmp_path / "small")))
    assert facets.about("Costs of travel are a challenge for women in rural areas; see South.") == {
        "themes": ["Cost", "Travel"],
        "client_groups": ["women"],
        "area_types": ["rural", "urban"],  # urban is what the area South is
        "stances": ["challenge"],
        "areas": ["South"],
    }
    assert facets.about("Travellers' accessories; a non-rural, northern matter.") == NONE


def test_the_longest_name_is_taken_first(tmp_path):
    areas = """area_id,name,classification,area_type,case_study,report
mixed,Mixed,Urban with Substantial Rural,urban_substantial_rural,yes,yes
"""
    book = CODEBOOK + "travel_time,travel,Travel time,theme\n"
    codings = "coding_id,unit,unit_id,code_id,stance,coder\nc1,segments,s1,travel,challenge,a\n"
    study = load_study(study_folder(tmp_path / "small", areas=areas, codebook=book, codings=codings))
    about = facets_of(study).about("Travel time, where it is classed as urban with substantial rural areas.")
    assert (about["themes"], about["area_types"]) == (["Travel time"], ["urban"])


def test_the_label_of_what_is_left_over_names_no_theme(tmp_path):
    study = load_study(study_folder(tmp_path / "small", codebook=CODEBOOK + "other,,Other,theme\n"))
    assert facets_of(study).about("Travel, and 20 of 121 others in other areas.")["themes"] == ["Travel"]


def test_a_finding_is_about_what_its_evidence_is_coded_with_only_where_the_study_is_public(tmp_path):
    public = facets_of(load_study(study_folder(tmp_path / "public")))
    confidential = facets_of(load_study(study_folder(tmp_path / "confidential", settings=CONFIDENTIAL)))
    assert public.about("Much was said.", ["s1", "s3"]) == {
        "themes": ["Access", "Travel"],
        "client_groups": ["women"],
        "area_types": ["rural", "urban"],
        "stances": ["strength", "challenge"],
        "areas": [],
    }
    assert confidential.about("Much was said.", ["s1", "s3"]) == NONE


def test_a_finding_keeps_its_place_and_what_it_is_about(outputs):
    first, *_ = json.loads((outputs / "small/findings.json").read_text(encoding="utf-8"))
    assert {
        name: first[name] for name in ("status", "chapter", "area_id", "section", "cell", "name", "sentence")
    } == {
        "status": "Public study: no number is withheld",
        "chapter": "02_themes",
        "area_id": "",
        "section": "Key points",
        "cell": "made-0",
        "name": "dear",
        "sentence": "Travel is dear in rural areas.",
    }
    assert first["about"] == NONE | {
        "themes": ["Travel"],
        "client_groups": ["women"],
        "area_types": ["rural"],
        "stances": ["challenge"],
    }


def test_the_catalogue_holds_tables_quotations_and_units_that_the_pages_show(outputs):
    catalogue = json.loads((outputs / "small/catalogue.json").read_text(encoding="utf-8"))
    place = {"chapter": "02_themes", "area_id": "", "section": "Key points"}
    below = "Base: areas. Source: a list."
    assert catalogue == {
        "licence": "",
        "area_types": {"North": ["rural"], "South": ["urban"]},
        "themes": [],
        "tables": [
            place
            | {"cell": "made-1", "name": "places", "caption": "Areas heard", "below": below}
            | {"about": NONE | {"area_types": ["rural", "urban"], "areas": ["North", "South"]}}
        ],
        "points": [],
        "quotations": [
            place
            | {"cell": "made-2", "about": NONE | {"themes": ["Travel"], "stances": ["challenge"]}}
            | QUOTED
        ],
        "units": {"s1": "buses are few (passage, A report)"},
    }


def test_the_catalogue_holds_what_a_chapter_says_that_each_theme_means(tmp_path):
    catalogue = harvested(tmp_path, codebook=EXPLAINED) / "small/catalogue.json"
    place = {"chapter": "02_themes", "area_id": "", "section": "Key points", "cell": "made-3"}
    meant = {"definition": "Getting there", "include": "transport, fares", "exclude": "by phone: access"}
    assert json.loads(catalogue.read_text(encoding="utf-8"))["themes"] == [
        place | {"name": "codebook", "theme": "Cost"},
        place | {"name": "codebook", "theme": "Access", "definition": "What can be reached"},
        place | {"name": "codebook", "theme": "Travel"} | meant,
    ]


def test_a_theme_is_found_with_what_it_means_even_if_nothing_is_said_of_it(tmp_path):
    outputs = harvested(tmp_path, codebook=EXPLAINED)
    entries = said_on(index_page([manifest()], outputs))["entries"]
    themes = {entry["words"]: entry for entry in entries if entry["kind"] == "theme"}
    told = {
        name: (theme.get("definition"), theme["counts"], [at["anchor"] for at in theme["at"]])
        for name, theme in themes.items()
    }
    assert told == {
        "Travel": ("Getting there", {"finding": 1, "table": 1, "quotation": 1}, ["table-codebook"]),
        "Cost": (None, {"table": 1}, ["table-codebook"]),
        "Access": ("What can be reached", {"table": 1}, ["table-codebook"]),
    }
    assert (themes["Travel"]["include"], themes["Travel"]["exclude"]) == (
        "transport, fares",
        "by phone: access",
    )


def test_a_point_is_found_once_where_its_section_lists_it(tmp_path):
    study = load_study(study_folder(tmp_path / "listed", points=POINTS))
    target = tmp_path / "outputs/listed"
    rows = points(study).assign(group="Travel")
    by_theme = framed(rows, "points by theme", study, by="theme")
    stated = pd.DataFrame({"statement": ["Fares rose."]})
    others = Table("stated", "What is stated", stated, {"statement": "Statement"}, "lines", "a list")
    executed(target / "chapters/02_themes.ipynb", *table(by_theme), *table(points(study)), others)
    executed(target / "areas/north/20_case_study_area.ipynb", *table(points(study)))
    write_catalogue(shown(TASKS[:2], target), target, study)
    entries = said_on(index_page([manifest(study="listed")], target.parent))["entries"]
    found = [(entry["words"], entry["said_by"], entry["at"]) for entry in entries if entry["kind"] == "point"]
    assert [
        (words, told, [(at["place"], at["anchor"]) for at in places]) for words, told, places in found
    ] == [
        ("Police bring news late.", "Staff; some; paragraph 1", [("02_themes", "table-points_by_section")]),
        ("Buses are few.", "paragraphs 2 to 3", [("02_themes", "table-points_by_section")]),
    ]


def test_the_first_page_opens_with_the_first_findings_of_each_summary(outputs):
    path = outputs / "small/findings.json"
    summary = json.loads(path.read_text(encoding="utf-8"))[0] | {"chapter": "00_summary"}
    rows = [summary | {"name": f"w{n}", "heading": heading} for n, heading in enumerate(["", *"ABCD"])]
    path.write_text(json.dumps(rows), encoding="utf-8")
    told = manifest()
    place = told["notebooks"][0] | {"name": "00_summary", "page": "chapters/00_summary.html"}
    page = index_page([told | {"notebooks": [*told["notebooks"], place]}], outputs)
    found = html.fromstring(page).xpath("//main/section[1]//li/a")
    assert [(link.text, link.get("href")) for link in found] == [
        (heading, f"small/chapters/00_summary.html#finding-w{n}") for n, heading in enumerate("ABC", start=1)
    ]
    assert 'class="main"' not in index_page([told], outputs)


def test_a_confidential_study_lists_no_units(tmp_path):
    catalogue = harvested(tmp_path, CONFIDENTIAL) / "small/catalogue.json"
    assert json.loads(catalogue.read_text(encoding="utf-8"))["units"] == {}


def test_the_search_holds_each_thing_once_with_every_place_it_stands_in(outputs):
    entries = said_on(index_page([manifest()], outputs))["entries"]
    assert [(entry["kind"], entry["words"], [at["place"] for at in entry["at"]]) for entry in entries] == [
        ("theme", "Travel", []),
        ("finding", "Travel is dear in rural areas.", ["02_themes"]),
        ("finding", "12 people.", ["20_case_study_area north", "20_case_study_area south"]),
        ("table", "Areas heard", ["02_themes"]),
        ("quotation", "No bus on a Sunday.", ["02_themes"]),
    ]
    assert entries[0]["counts"] == {"finding": 1, "quotation": 1}
    assert [(at["anchor"], at["cell"]) for entry in entries for at in entry["at"]] == [
        ("finding-dear", "made-0"),
        ("finding-base", "made-0"),
        ("finding-base", "made-0"),
        ("table-places", "made-1"),
        ("cell-made-2", "made-2"),
    ]


def test_the_page_searches_nothing_but_what_the_vetted_files_of_a_study_hold(tmp_path):
    outputs = harvested(tmp_path, codebook=EXPLAINED)
    open_to_passages(outputs, 0)

    def strings(value) -> list[str]:
        if isinstance(value, str):
            return [value]
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [text for part in parts for text in strings(part)]

    files = [outputs / "small/findings.json", outputs / "small/catalogue.json"]
    held = {text for file in files for text in strings(json.loads(file.read_text(encoding="utf-8")))}
    structure = ("kind", "study", "at")
    entries = said_on(index_page([manifest()], outputs))["entries"]
    told = [{name: value for name, value in entry.items() if name not in structure} for entry in entries]
    told += [at["passages"] for entry in entries for at in entry["at"] if "passages" in at]
    assert len(strings(told)) > 20
    assert {"I walked.", "transport, fares"} <= set(strings(told))
    assert set(strings(told)) <= held


def test_two_findings_that_say_the_same_with_other_evidence_stay_two(outputs):
    findings = json.loads((outputs / "small/findings.json").read_text(encoding="utf-8"))
    findings[2]["behind"] = ["South alone."]
    (outputs / "small/findings.json").write_text(json.dumps(findings), encoding="utf-8")
    entries = said_on(index_page([manifest()], outputs))["entries"]
    assert [entry["words"] for entry in entries].count("12 people.") == 2


def open_to_passages(outputs: Path, *places: int) -> None:
    """Let the findings at these places of findings.json open to a passage."""
    path = outputs / "small/findings.json"
    findings = json.loads(path.read_text(encoding="utf-8"))
    for place in places:
        findings[place]["passages"] = [PASSAGE]
    path.write_text(json.dumps(findings), encoding="utf-8")


@pytest.mark.parametrize("opened", [(0,), (0, 1)], ids=["in the chapter", "and in an area report"])
def test_a_sentence_that_opens_to_passages_in_one_place_is_one_and_no_area_report_has_them(tmp_path, opened):
    outputs = harvested(tmp_path, area=DEAR)
    open_to_passages(outputs, *opened)
    entries = said_on(index_page([manifest()], outputs))["entries"]
    (dear,) = [entry for entry in entries if entry["kind"] == "finding"]
    assert "passages" not in dear
    assert [(at["place"], at.get("passages")) for at in dear["at"]] == [
        ("02_themes", [PASSAGE]),
        ("20_case_study_area north", None),
        ("20_case_study_area south", None),
    ]


def test_every_link_leads_to_a_file(outputs):
    page = index_page([manifest()], outputs)
    found = [*links(page), *(place["page"] for place in said_on(page)["studies"][0]["places"].values())]
    assert "small/chapters/02_themes.html" in found
    for path in found:
        assert (outputs / path).is_file(), path


def test_a_link_to_a_study_whose_name_has_signs_is_written_so_that_it_leads_there(outputs):
    (outputs / "small").rename(outputs / "small #2")
    page = index_page([manifest(study="small #2")], outputs)
    assert 'href="small%20%232/chapters/02_themes.html"' in page
    assert (
        said_on(page)["studies"][0]["places"]["02_themes"]["page"] == "small%20%232/chapters/02_themes.html"
    )
    assert 'href="small%20%232/findings.json"' in page


def test_word_and_excel_are_linked_where_they_are(outputs):
    forms = ["small/small.docx", "small/small.xlsx", "small/areas/north/20_case_study_area.docx"]
    called = {"docx": "All chapters (Word)", "xlsx": "All tables (Excel)"}
    assert not set(forms) & set(links(index_page([manifest()], outputs, called)))
    for form in forms:
        (outputs / form).touch()
    assert set(forms) <= set(links(index_page([manifest()], outputs, called)))


def test_the_numbers_of_a_table_are_linked_where_they_are(outputs):
    def file() -> str | None:
        entries = said_on(index_page([manifest()], outputs))["entries"]
        return next(entry.get("file") for entry in entries if entry["kind"] == "table")

    assert file() is None
    path = outputs / "small/tables/02_themes/places.csv"
    path.parent.mkdir(parents=True)
    path.touch()
    assert file() == "small/tables/02_themes/places.csv"


def test_what_was_not_made_is_said_with_its_reason_and_is_no_link(outputs):
    missing = {
        "status": "failed",
        "error": "code cell 2: findings/02_themes.md, line 5: found " + "1, " * 20 + "\nmore",
    }
    entries = manifest()["notebooks"]
    page = index_page([manifest(notebooks=[entries[0] | missing, *entries[1:]])], outputs)
    short = "code cell 2: findings/02_themes.md, line 5: found 1, 1, 1, 1, 1, 1, 1, 1, 1, …"
    assert f"<li>Themes <small>not made: {short}</small></li>" in page
    said = html.fromstring(page).xpath('//h1/following-sibling::p[@class="status"]')[0].text_content()
    assert said == (
        "A small study: 1 of 3 notebooks was not made. ncsresearch run STUDY makes it again and says why it failed; "
        "ncsresearch findings STUDY names each line of findings that does not hold."
    )
    assert "small/chapters/02_themes.html" not in links(page)


def test_an_area_is_told_with_its_kind(outputs):
    entries = [entry | {"about": "Mainly Rural"} for entry in manifest()["notebooks"]]
    page = index_page([manifest(notebooks=entries)], outputs)
    assert "<small>Mainly Rural (rural)</small>" in page


def about(outputs: Path, study: str, *themes: list[str]) -> None:
    """Write a study with a finding about each of these lists of themes, and nothing else."""
    findings = [
        {
            "chapter": "02_themes",
            "area_id": "",
            "name": f"f{n}",
            "sentence": f"{n}.",
            "about": {"themes": named},
        }
        for n, named in enumerate(themes)
    ]
    (outputs / study).mkdir()
    (outputs / study / "findings.json").write_text(json.dumps(findings), encoding="utf-8")


def test_the_example_of_what_to_look_for_finds_something_in_most_studies(tmp_path):
    def example(*studies: str) -> list[str]:
        page = index_page([manifest(study=study) for study in studies], tmp_path)
        return re.findall("For example: ([^.]+)[.]", page)

    about(tmp_path, "one", ["Cost"], ["Cost"], ["Travel"])
    about(tmp_path, "two", ["Travel"])
    assert (example("one"), example("one", "two"), example("none")) == (["cost"], ["travel"], [])


def test_areas_are_compared_where_two_have_a_report(outputs):
    assert re.findall(r'name="area" value="([^"]+)"', index_page([manifest()], outputs)) == [
        "small/north",
        "small/south",
    ]
    one = index_page([manifest(notebooks=manifest()["notebooks"][:2])], outputs)
    assert 'id="beside"' not in one


def test_hostile_words_stay_words(tmp_path):
    hostile = "</script><script>alert(1)</script><!-- \u2028 & “more”"
    outputs = harvested(tmp_path, area=Finding("base", hostile))
    entries = [entry | {"title": hostile, "about": hostile} for entry in manifest()["notebooks"]]
    page = index_page([manifest(title=hostile, status_line=hostile, notebooks=entries)], outputs)
    assert "alert(1)</script>" not in page
    assert "<script>alert" not in page
    assert "\u2028" not in said_on_as_text(page)
    assert page.count("</script>") == 2
    assert hostile in [entry["words"] for entry in said_on(page)["entries"]]


def said_on_as_text(page: str) -> str:
    return page[page.index('id="said"') : page.index("</script>")]


def test_what_is_embedded_cannot_end_its_element_and_is_read_back_as_it_was():
    said = ["</script>", "<!--", "\u2028\u2029", "&amp;", "“é”"]
    assert embedded(said) == ('["\\u003c/script\\u003e","\\u003c!--","\\u2028\\u2029","\\u0026amp;","“é”"]')
    assert json.loads(embedded(said)) == said


def test_the_page_may_run_its_own_script_alone_and_asks_for_nothing(outputs):
    page = index_page([manifest()], outputs)
    script = re.findall(r"<script>(.*?)</script>", page, re.S)
    assert len(script) == 1
    allowed = b64encode(sha256(script[0].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'" in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "innerHTML" not in script[0]


def test_the_page_has_its_headings_in_order_and_a_label_for_every_control(outputs):
    page = index_page([manifest()], outputs)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels == [1, 2, 2, 2, 3, 4, 4]
    controls = re.findall(r'<(?:select|input) id="(\w+)"', page)
    assert controls == ["q", "kind", "study", "area_type", "theme", "client_group", "stance", "place"]
    assert all(f'<label for="{control}">' in page for control in controls)


def test_the_page_of_a_folder_without_studies_stands(tmp_path):
    assert said_on(index_page([], tmp_path)) == {"studies": [], "entries": []}


def test_two_pages_of_the_same_outputs_have_the_same_bytes(outputs):
    assert index_page([manifest()], outputs) == index_page([manifest()], outputs)
