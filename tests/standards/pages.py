"""Rules for pages, on every page of both studies; tests/browser runs those that need a browser."""

import re

from browser.test_accessible import LEVELS
from standards import standard
from standards.contrast import contrast

NO_ALT = "No description has been provided for this image"
VAGUE = {"here", "click here", "more", "read more", "link", "this"}
PAIRS = [
    ("ink", "paper"),
    ("ink", "soft"),
    ("quiet", "paper"),
    ("quiet", "soft"),
    ("link", "paper"),
    ("link", "soft"),
]


def styles(made) -> set[str]:
    return {page.findtext(".//style") for page in made.pages.values()}


def schemes(style: str) -> list[dict[str, str]]:
    """The colours by name that a style gives, for light pages and for dark ones."""
    blocks = re.findall(r":root\s*\{([^}]*)\}", style)
    named = [dict(re.findall(r"--(\w+):\s*(#[0-9a-fA-F]{3,6})\b", block)) for block in blocks]
    light, *dark = [block for block in named if "ink" in block]
    return [light, *(light | block for block in dark)]


@standard("WEB01", "a page tells its language")
def web01(made):
    assert {page.getroottree().getroot().get("lang") for page in made.pages.values()} == {"en-GB"}


@standard("WEB02", "a page has a title of its own")
def web02(made):
    titles = [page.findtext(".//title") for page in made.pages.values()]
    assert all(len(title) > 12 for title in titles) and len(set(titles)) == len(titles)


@standard("WEB03", "one first heading, and no level left out")
def web03(made):
    for path, page in made.pages.items():
        levels = [int(node.tag[1]) for node in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        main = [int(node.tag[1]) for node in page.find(".//main").iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels.count(1) == 1 and main[0] == 1, path
        assert all(after <= before + 1 for before, after in zip(main, main[1:], strict=False)), path


@standard("WEB04", "tables have a caption, and headings that say what they head")
def web04(made):
    for path, page in made.pages.items():
        for table in page.iter("table"):
            assert table.findtext("caption"), path
            assert {cell.get("scope") for cell in table.iterfind("thead//th")} == {"col"}, path
            assert all(row.find("th").get("scope") == "row" for row in table.iterfind("tbody/tr")), path


@standard("WEB05", "every picture has words that stand for it")
def web05(made):
    for path, page in made.pages.items():
        assert all(image.get("alt") and image.get("alt") != NO_ALT for image in page.iter("img")), path
        drawn = [svg for svg in page.iter("svg") if svg.get("aria-hidden") != "true"]
        assert all(svg.get("role") == "img" and svg.findtext("title") for svg in drawn), path


@standard("WEB06", "words and edges stand out from their ground, in light and in dark")
def web06(made):
    for style in styles(made):
        for scheme in schemes(style):
            close = [pair for pair in PAIRS if contrast(scheme[pair[0]], scheme[pair[1]]) < 4.5]
            assert not close, (close, scheme)
    assert {"wcag2aa", "wcag21aa"} <= set(LEVELS)


@standard("WEB07", "pages fit 320 pixels; wide tables scroll and can be reached by keyboard")
def web07(made):
    for path, page in made.pages.items():
        assert page.xpath("//meta[@name='viewport']/@content") == ["width=device-width, initial-scale=1"], (
            path
        )
        for table in page.iter("table"):
            box = table.getparent()
            assert (box.get("role"), box.get("tabindex")) == ("region", "0") and box.get("aria-label"), path
    assert all("overflow-x: auto" in style for style in styles(made))


@standard("WEB08", "a link past the head of the page to its main part")
def web08(made):
    for path, page in made.pages.items():
        (main,) = page.iter("main")
        first = page.xpath("//body//a")[0]
        assert first.get("href") == f"#{main.get('id')}", path


@standard("WEB09", "links say where they lead")
def web09(made):
    for path, page in made.pages.items():
        told = [" ".join(link.text_content().split()) for link in page.iter("a") if link.get("href")]
        assert not [words for words in told if not words or words.lower() in VAGUE or "://" in words], path


@standard("WEB10", "what has the focus is seen, and what is pressed is large enough")
def web10(made):
    assert "wcag22aa" in LEVELS
    assert all(":focus-visible" in style and "outline" in style for style in styles(made))


@standard("WEB11", "a statement on accessibility, with its date, one step from every page")
def web11(made):
    (path,) = [path for path in made.pages if path.name == "accessibility.html"]
    assert re.search(r"\d{1,2} [A-Z][a-z]+ 20\d\d", made.pages[path].text_content())
    for at, page in made.pages.items():
        targets = {(at.parent / link.get("href")).resolve() for link in page.iter("a") if link.get("href")}
        assert path.resolve() in targets or at == path, at


@standard("NBC01", "figures keep their words in the notebook")
def nbc01(made):
    assert all(piece.data["alt"].strip() for _, piece in made.of_kind("figure"))


@standard("NBC02", "pages made of notebooks have a first heading and a language")
def nbc02(made):
    for path, page in made.chapters.items():
        assert len(page.findall(".//h1")) == 1 and page.getroottree().getroot().get("lang") == "en-GB", path
