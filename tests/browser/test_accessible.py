"""Pages of both studies, wide and narrow, light and dark, with all that folds opened: no barrier that rules find.

Colours change with the scheme and never with the width, which a test holds; all else changes with the width alone.
The rules read as few pages as have every element of all pages, by its class, its attributes and what it is in; test_pages
reads headings, landmarks, tables, anchors and figures of every page, and every page is opened here and fits a phone.
"""

import re
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from lxml import html

from conftest import PROJECT

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
ALL = {"runOnly": LEVELS}
SETTINGS = [
    (1280, "light", ALL),
    (1280, "dark", {"runOnly": OF_COLOUR}),
    (320, "light", ALL | {"rules": {rule: {"enabled": False} for rule in OF_COLOUR}}),
]
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true })"
BROKEN = "rules => axe.run({resultTypes: ['violations'], ...rules}).then(found => found.violations)"
NARROW = re.compile(r"@media[^{]*width[^{]*\{((?:[^{}]*\{[^{}]*\})*)")
PAGES = ["*.html"] + [
    f"{study}/{pages}"
    for study in ("published", "illustrative")
    for pages in ("chapters/*.html", "areas/*/*.html")
]
ASKED = "#q=staff&areas=illustrative/area_a,illustrative/area_b"


VALUES = ("class", "role", "type", "scope")


def elements(path: Path) -> set[str]:
    """Return the kinds of element of a page: each with what it is in, its attributes, and the values that change its looks.

    A drawing is one image, whose words and colours test_pages reads.
    """
    kinds, found = {}, html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
    for element in found.xpath("//*[not(ancestor::svg)]"):
        given = [
            f"{name}={value}" if name in VALUES else name for name, value in sorted(element.attrib.items())
        ]
        kinds[element] = f"{kinds.get(element.getparent(), '')} {element.tag}{given}"
    return set(kinds.values())


def fewest(pages: list[Path]) -> set[Path]:
    """Return pages that together have every kind of element that any of them has: first that with most kinds for its size."""
    left, chosen = {path: elements(path) for path in pages}, set()
    while any(left.values()):
        path = max(left, key=lambda each: len(left[each]) / each.stat().st_size)
        chosen.add(path)
        left = {other: kinds - left[path] for other, kinds in left.items()}
    return chosen


@pytest.fixture(scope="session")
def read_by_rules(site) -> set[Path]:
    return fewest(sorted(site.rglob("*.html")))


def barriers(page, path, asked=""):
    """Return what is wrong with a page, a line each: the setting, the rule, and the first place of those that break it."""
    opened(page, path, asked)
    page.evaluate(AXE_SCRIPT)
    for width, scheme, rules in SETTINGS:
        page.emulate_media(color_scheme=scheme)
        wide = list(too_wide(page, path, width, scheme))
        for rule in page.evaluate(BROKEN, rules):
            places = [place["target"][0] for place in rule["nodes"]]
            yield f"{path.parent.name}/{path.stem}, {width} {scheme}: {rule['id']} ({len(places)}), first {places[0]}"
        yield from wide


def opened(page, path, asked=""):
    page.goto(path.as_uri() + asked)
    page.evaluate(OPEN_ALL)


def too_wide(page, path, width, scheme="light"):
    """Set a width, and return a line where a page is wider."""
    page.set_viewport_size({"width": width, "height": 900})
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        yield f"{path.parent.name}/{path.stem}, {width} {scheme}: {wide} wide"


def widths(page, path):
    """Return where a page that is opened is too wide."""
    opened(page, path)
    return [line for width in (1280, 320) for line in too_wide(page, path, width)]


@pytest.mark.parametrize("pages", PAGES)
def test_no_page_has_a_barrier(page, site, read_by_rules, pages):
    found = [
        barrier
        for path in sorted(site.glob(pages))
        for barrier in (barriers if path in read_by_rules else widths)(page, path)
    ]
    assert not found, "\n".join(found)


def test_every_page_is_read(site):
    assert {path for pages in PAGES for path in site.glob(pages)} == set(site.rglob("*.html"))


def test_results_and_areas_side_by_side_have_no_barrier(page, site):
    found = list(barriers(page, site / "index.html", ASKED))
    assert page.get_by_role("list", name="Results").locator("> li").count()
    assert page.get_by_text("Area A, Area B: side by side below.").is_visible()
    assert not found, "\n".join(found)


def test_a_barrier_would_be_found(page, tmp_path):
    path, dark = tmp_path / "page.html", "<p>dark</p>" * 9
    path.write_text(
        '<!DOCTYPE html><html lang="en-GB"><title>Page</title>'
        f'<details>{dark}<p style="color:#ccc">pale</p>{dark}</details><input style="width:50rem">'
    )
    found = list(barriers(page, path))
    where = f"{tmp_path.name}/page"
    assert [line for line in found if "color-contrast" in line] == [
        f"{where}, 1280 {scheme}: color-contrast (1), first p:nth-child(10)" for scheme in ("light", "dark")
    ]
    assert [line.split(", ", 1)[1] for line in found if "label" in line or "wide" in line] == [
        "1280 light: label (1), first input",
        "320 light: label (1), first input",
        "320 light: 816 wide",
    ]


def test_the_rules_read_few_pages_that_have_every_kind_of_element(tmp_path):
    for name, body in {
        "words": "<p>a",
        "more words": "<p>a<p>b",
        "a class": "<p class=x>a",
        "a place": "<ul><li>a<p>b</ul>",
        "a list": "<ul><li>a</ul>",
    }.items():
        (tmp_path / f"{name}.html").write_text(f"<body>{body}")
    assert {path.stem for path in fewest(sorted(tmp_path.iterdir()))} == {"words", "a class", "a place"}


@pytest.mark.parametrize("sheet", sorted((PROJECT / "src").rglob("*.css")), ids=lambda path: path.stem)
def test_no_colour_depends_on_the_width(sheet):
    narrow = " ".join(NARROW.findall(sheet.read_text(encoding="utf-8")))
    assert not re.findall(r"[\s;{]((?:[\w-]*color|background|opacity|filter|--\w+):.*?;)", narrow)


def test_a_colour_that_depends_on_the_width_would_be_found():
    assert NARROW.findall("@media (max-width: 40rem) { p { color: red; } } b { top: 0 }") == [
        " p { color: red; }"
    ]
