"""The search of the first page in a real browser, on two small studies: what it finds, offers and says of silence."""

import json

import pytest
from playwright.sync_api import expect

from ncsresearch.report.site import index_page

PLACES = [
    {"name": "02_themes", "area_id": "", "title": "Themes"},
    {"name": "20_case_study_area north", "area_id": "north", "title": "North"},
]
MEANT = {"definition": "Getting there", "include": "transport, fares", "exclude": "calls: phone"}
PASSAGE = {"words": "I walked.", "said_by": "Clients; told as a challenge", "mark": "q1"}
SILENT = (
    "No sentence here has these words. That does not mean that nothing was said: "
    "try fewer words, or choose a theme."
)
POINT = {"chapter": "02_themes", "area_id": "", "section": "Help", "cell": "c3", "name": "points_by_section"}
POINT |= {"words": "Police bring news late.", "said_by": "Staff; paragraph 1", "about": {}}
CROSSED = (
    "No sentence here fits all that you chose. That does not mean that nothing was said: "
    "try fewer words or choices."
)


def finding(sentence, themes, groups=(), area_id="", passages=()):
    place = {"chapter": "20_case_study_area" if area_id else "02_themes", "area_id": area_id}
    about = {"themes": themes, "client_groups": list(groups)}
    told = {"name": "said", "cell": "c1", "sentence": sentence, "passages": list(passages), "about": about}
    return place | told


def write_study(folder, findings, themes, points=()):
    folder.mkdir()
    explained = [
        {"chapter": "02_themes", "area_id": "", "section": "Themes", "cell": "c2", "name": "codebook"} | theme
        for theme in themes
    ]
    (folder / "findings.json").write_text(json.dumps(findings), encoding="utf-8")
    catalogue = json.dumps({"themes": explained, "points": list(points)})
    (folder / "catalogue.json").write_text(catalogue, encoding="utf-8")


def manifest(study, title):
    made = {"about": "", "error": "", "status": "done", "page": "page.html"}
    return {
        "study": study,
        "title": title,
        "status_line": f"{title}: fictional",
        "notebooks": [place | made for place in PLACES],
    }


@pytest.fixture
def index(page, tmp_path):
    """The first page of two studies that share a theme by its name; in one of them a chapter explains it."""
    named = PASSAGE | {"under": "Travel"}
    write_study(
        tmp_path / "one",
        [
            finding("Buses are few.", ["Travel"], ["women"], passages=[named, PASSAGE]),
            finding("Buses are few.", ["Travel"], ["women"], area_id="north"),
        ],
        [{"theme": "Travel"} | MEANT],
        [POINT],
    )
    write_study(
        tmp_path / "two", [finding("Boats are late.", ["Travel"]), finding("Rent is up.", ["Cost"])], []
    )
    path = tmp_path / "index.html"
    path.write_text(index_page([manifest("one", "First"), manifest("two", "Second")], tmp_path), "utf-8")
    page.goto(path.as_uri())
    return page


def said(index):
    return index.locator("#results .said").all_inner_texts()


def ask(index, words):
    index.get_by_role("searchbox").fill(words)
    return index.get_by_role("status").first


@pytest.mark.parametrize("words", ["transport", "getting there", "phone", "transport in Winter"])
def test_words_of_the_codebook_alone_lead_to_what_is_said_under_their_theme(index, words):
    expect(ask(index, words)).to_have_text(f"{SILENT} With such words in the codebook: 1 theme.")
    theme = index.locator("#results > li")
    expect(theme).to_contain_text("Theme · First: fictional")
    expect(theme).to_contain_text("Getting there")
    theme.get_by_role("link", name="Show what is said under Travel").click()
    assert said(index) == ["Travel", "Buses are few."]
    assert index.get_by_label("Theme", exact=True).input_value() == "one/Travel"


def test_a_point_is_found_by_its_words_with_who_says_it_and_where_it_is_listed(index):
    expect(ask(index, "police")).to_have_text("1 point")
    card = index.locator("#results > li")
    assert said(index) == ["Police bring news late."]
    expect(card.locator(".by")).to_have_text("Staff; paragraph 1")
    assert card.get_by_role("link").first.get_attribute("href") == "one/page.html#table-points_by_section"


def test_the_written_findings_of_two_areas_are_beside_each_other_under_their_own_headings(page, tmp_path):
    written = [
        finding(f"{name} text.", [], area_id=name.lower())
        | {"name": "written_2", "section": f"{name} heading"}
        for name in ("North", "South")
    ]
    write_study(tmp_path / "one", written, [])
    south = PLACES[1] | {"name": "20_case_study_area south", "area_id": "south", "title": "South"}
    told = manifest("one", "First")
    told["notebooks"].append(told["notebooks"][1] | south)
    (tmp_path / "index.html").write_text(index_page([told], tmp_path), "utf-8")
    page.goto((tmp_path / "index.html").as_uri())
    for name in ("North", "South"):
        page.get_by_role("checkbox", name=name).check()
    rows = page.locator("#comparison > *")
    assert rows.count() == 1 and rows.first.evaluate("row => row.tagName") == "UL"
    assert [" ".join(text.split()) for text in rows.locator("li").all_inner_texts()] == [
        "North North heading North text.",
        "South South heading South text.",
    ]


def test_silence_of_the_search_is_not_told_as_silence_of_the_evidence(index):
    expect(ask(index, "winter")).to_have_text(SILENT)
    assert said(index) == []
    ask(index, "")
    index.get_by_label("Theme", exact=True).select_option("two/Cost")
    index.get_by_label("Client group").select_option("one/women")
    expect(index.get_by_role("status").first).to_have_text(CROSSED)


def test_words_that_stand_elsewhere_are_not_said_to_be_nowhere(index):
    ask(index, "boats")
    index.get_by_label("Study", exact=True).select_option("one")
    expect(index.get_by_role("status").first).to_have_text(CROSSED)
    expect(ask(index, "fares")).to_have_text(f"{CROSSED} With such words in the codebook: 1 theme.")


def test_a_theme_of_one_study_is_not_that_of_another(index):
    index.get_by_label("Theme", exact=True).select_option("two/Travel")
    assert said(index) == ["Travel", "Boats are late."]


def offered(index, label):
    """What a list offers behind its first line, a study's title before what is its own."""
    lines = "(list) => [...list.querySelectorAll('optgroup, option')].slice(1).map((part) => part.label)"
    return index.get_by_label(label, exact=True).evaluate(lines)


def test_lists_are_divided_by_study_until_one_is_chosen(index):
    assert offered(index, "Theme") == ["First", "Travel", "Second", "Cost", "Travel"]
    assert offered(index, "Client group") == ["First", "Women"]
    assert offered(index, "Chapter or area") == [
        *("First", "Themes", "North (area)"),
        *("Second", "Themes", "North (area)"),
    ]
    index.get_by_label("Study", exact=True).select_option("two")
    assert offered(index, "Theme") == ["Cost", "Travel"]
    assert offered(index, "Client group") == []
    assert offered(index, "Chapter or area") == ["Themes", "North (area)"]


def test_passages_stand_under_the_chapter_that_shows_them_each_with_its_theme(index):
    ask(index, "buses")
    card = index.locator("#results > li")
    expect(card.locator(".at")).to_have_text("In Themes; North")
    card.get_by_text("Evidence", exact=True).click()
    expect(card.get_by_text("Passages shown in Themes:")).to_be_visible()
    assert index.get_by_text("Passages shown in").count() == 1
    assert card.locator("blockquote").all_inner_texts() == [
        "Travel: “I walked.”\n\nClients; told as a challenge",
        "“I walked.”\n\nClients; told as a challenge",
    ]


def test_the_example_finds_something_in_both_studies(index):
    example = index.locator("#q-hint").inner_text().removeprefix("For example: ").split(".")[0]
    ask(index, example)
    kinds = index.locator("#results .kind").all_inner_texts()
    assert {"Finding · First: fictional", "Finding · Second: fictional"} <= set(kinds)
