"""The site by keyboard alone: from a question to its evidence, its place in a chapter and the code that made it."""

import re

import pytest
from playwright.sync_api import expect

MOST_STOPS = 150
CHAPTER = "illustrative/chapters/02_themes.html"
STOP = """() => {
    const part = document.activeElement, look = getComputedStyle(part), box = part.getBoundingClientRect();
    const ring = look.outlineStyle != 'none' && parseFloat(look.outlineWidth) > 0;
    return [part.outerHTML.slice(0, 90), ring, box.bottom > 0 && box.top < innerHeight];
}"""
HAS_FOCUS = "part => part == document.activeElement"
IN_SIGHT = "part => part.getBoundingClientRect().bottom > 0 && part.getBoundingClientRect().top < innerHeight"
WIDE = "part => part.scrollWidth > part.clientWidth"


def tab_to(page, wanted):
    """Press Tab until the wanted part has the focus; at every stop on the way a reader sees where they are."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        part, ring, in_sight = page.evaluate(STOP)
        assert (ring, in_sight) == (True, True), part
        if wanted.evaluate(HAS_FOCUS):
            return
    pytest.fail(f"{MOST_STOPS} stops do not lead to {wanted}")


@pytest.fixture
def index(page, site):
    page.goto((site / "index.html").as_uri())
    return page


@pytest.fixture
def chapter(page, site):
    page.goto((site / CHAPTER).as_uri())
    return page


def results(index):
    return index.get_by_role("list", name="Results").locator("> li")


def ask(index, words):
    tab_to(index, index.get_by_role("searchbox"))
    index.keyboard.type(words)
    expect(results(index).first).to_be_visible()


@pytest.mark.parametrize("where", ["index.html", CHAPTER])
def test_the_first_stop_skips_to_the_content(page, site, where):
    page.goto((site / where).as_uri())
    tab_to(page, page.get_by_role("link", name=re.compile("^Skip to")))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def evidence_of_a_finding(index, key):
    """Ask, open the evidence of the first finding with a key, and return what has opened."""
    ask(index, "travel")
    finding = results(index).filter(has_text=re.compile("^Finding")).first
    tab_to(index, finding.get_by_text("Evidence", exact=True))
    index.keyboard.press(key)
    opened = finding.get_by_role("group")
    expect(opened).to_contain_text("the cell that made it")
    return opened


@pytest.mark.parametrize(
    ("key", "link", "place"), [("Enter", "", "#finding-"), ("Space", "^the cell that made it", "#cell-")]
)
def test_a_question_leads_to_its_evidence_and_on_to_the_chapter(index, key, link, place):
    evidence = evidence_of_a_finding(index, key)
    tab_to(index, evidence.get_by_role("link", name=re.compile(link)).first)
    index.keyboard.press("Enter")
    expect(index).to_have_url(re.compile(place))
    assert index.locator(":target").evaluate(IN_SIGHT)


def test_filters_are_chosen_and_cleared(index):
    tab_to(index, index.get_by_label("Study", exact=True))
    index.keyboard.type("Illustrative")
    tab_to(index, index.get_by_label("Kind of area"))
    index.keyboard.press("ArrowDown")
    chosen = index.get_by_label("Kind of area").input_value()
    assert "study=illustrative" in index.url and f"area_type={chosen}" in index.url
    assert {line.split(" · ")[1] for line in results(index).locator(".kind").all_inner_texts()} == {
        "Illustrative: fictional interviews"
    }
    tab_to(index, index.get_by_role("button", name="Clear all"))
    index.keyboard.press("Enter")
    expect(results(index)).to_have_count(0)
    expect(index.get_by_role("searchbox")).to_be_focused()


def test_areas_are_chosen_to_stand_side_by_side(index):
    for area in ("Area A", "Area B"):
        tab_to(index, index.get_by_role("checkbox", name=area))
        index.keyboard.press("Space")
    expect(index.get_by_text("Area A, Area B: side by side below.")).to_be_visible()
    beside = index.get_by_role("region", name="Areas side by side")
    expect(beside.get_by_role("link", name="Area B").first).to_be_visible()


def test_more_results_are_shown_and_the_focus_stays_among_them(index):
    ask(index, "area")
    before = results(index).count()
    tab_to(index, index.get_by_role("button", name=re.compile("^Show more")))
    index.keyboard.press("Enter")
    assert results(index).count() > before
    assert results(index).nth(before).evaluate("part => part.contains(document.activeElement)")


@pytest.mark.parametrize("words", ["Evidence", "Code"])
def test_what_folds_in_a_chapter_opens_and_closes(chapter, words):
    summary = chapter.locator("summary", has_text=re.compile(f"^{words}")).first
    folded = summary.locator("..")
    tab_to(chapter, summary)
    chapter.keyboard.press("Enter")
    expect(folded).to_have_attribute("open", "")
    chapter.keyboard.press("Space")
    expect(folded).not_to_have_attribute("open", "")


def test_a_wide_table_is_read_to_its_end(chapter):
    chapter.set_viewport_size({"width": 320, "height": 900})
    tables = chapter.get_by_role("region").and_(chapter.locator(".table")).all()
    wide = next(table for table in tables if table.evaluate(WIDE))
    tab_to(chapter, wide)
    chapter.keyboard.press("ArrowRight")
    expect(wide).not_to_have_js_property("scrollLeft", 0)
