"""Every page of both studies, wide and narrow, light and dark, with all that folds opened: no barrier that rules find."""

import json
from itertools import product

import pytest
from axe_playwright_python.base import AXE_SCRIPT

SETTINGS = list(product((1280, 320), ("light", "dark")))
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RULES = json.dumps({"runOnly": LEVELS, "resultTypes": ["violations"]})
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true })"
BROKEN = f"axe.run({RULES}).then(found => found.violations)"
PAGES = ["*.html"] + [
    f"{study}/{pages}"
    for study in ("published", "illustrative")
    for pages in ("chapters/*.html", "areas/*/*.html")
]
ASKED = "#q=staff&areas=illustrative/area_a,illustrative/area_b"


def barriers(page, path, asked=""):
    """Return what is wrong with a page, a line each: the setting, the rule, and the first place of those that break it."""
    page.goto(path.as_uri() + asked)
    page.evaluate(OPEN_ALL)
    page.evaluate(AXE_SCRIPT)
    for width, scheme in SETTINGS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for rule in page.evaluate(BROKEN):
            places = [place["target"][0] for place in rule["nodes"]]
            yield f"{path.parent.name}/{path.stem}, {width} {scheme}: {rule['id']} ({len(places)}), first {places[0]}"
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            yield f"{path.parent.name}/{path.stem}, {width} {scheme}: {wide} wide"


@pytest.mark.parametrize("pages", PAGES)
def test_no_page_has_a_barrier(page, site, pages):
    found = [barrier for path in sorted(site.glob(pages)) for barrier in barriers(page, path)]
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
        f'<details>{dark}<p style="color:#ccc">pale</p>{dark}</details>'
    )
    pale = [
        f"{tmp_path.name}/page, {width} {scheme}: color-contrast (1), first p:nth-child(10)"
        for width, scheme in SETTINGS
    ]
    assert list(barriers(page, path)) == pale
