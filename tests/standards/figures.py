"""Rules for charts, on every figure that the chapters of both studies show."""

import re

from afcharts.af_colours import get_af_colours
from lxml import etree

from ncsresearch.present.figure import BLUE, ORANGE, RAMP
from ncsresearch.present.outputs import STYLE
from standards import standard
from standards.contrast import channels, contrast

COLOUR = re.compile(r"#[0-9a-f]{6}\b")
FAINT = "#d9d9d9"
PALETTE = {
    colour.lower()
    for name in ("duo", "categorical", "sequential", "focus")
    for colour in get_af_colours(name, **({"number_of_colours": 6} if name == "categorical" else {}))
}
NEUTRAL = {"#ffffff", "#000000", FAINT}
WORDED = ("bars", "dots", "lines", "tiles", "points", "spans", "charts", "table", "curves")


def figures(made):
    found = made.of_kind("figure")
    assert found
    return [
        (f"{path.parent.name}/{path.stem}/{piece.data['name']}", piece, piece.data["svg"])
        for path, piece in found
    ]


def texts(svg: str):
    return list(etree.fromstring(svg.encode()).iter("{*}text"))


def on_ramp(colour: str) -> bool:
    """Say whether a colour lies between two neighbours of the ramp that tiles are filled with."""
    ramp = [channels("#ffffff" if step == "white" else step) for step in RAMP]
    steps = [
        [a + (b - a) * part / 64 for a, b in zip(*pair, strict=True)]
        for pair in zip(ramp, ramp[1:], strict=False)
        for part in range(65)
    ]
    return min(max(abs(a - b) for a, b in zip(channels(colour), step, strict=True)) for step in steps) <= 4


@standard("CHT01", "white ground, faint grid, plain letters of 12 points or more")
def cht01(made):
    assert STYLE["font.size"] >= 12
    assert {STYLE["grid.color"].lower(), STYLE["axes.edgecolor"].lower()} == {FAINT}
    for name, _, svg in figures(made):
        assert 'id="patch_1' in svg and "fill: #ffffff" in svg, name
        styles = [text.get("style") for text in texts(svg)]
        assert styles and all("Arial, sans-serif" in style for style in styles), name
        assert min(float(size) for style in styles for size in re.findall(r"([\d.]+)px", style)) >= 12, name


@standard("CHT02", "colours of the palette, four kinds at most")
def cht02(made):
    for name, _, svg in figures(made):
        used = set(COLOUR.findall(svg.lower())) - NEUTRAL
        strange = {colour for colour in used - PALETTE if not on_ramp(colour)}
        assert not strange, (name, strange)
        if used <= PALETTE:
            assert len(used) <= 4, name


@standard("CHT03", "marks stand out by 3 to 1, words by 4.5 to 1")
def cht03(made):
    assert contrast(BLUE, "#ffffff") >= 3 and contrast(ORANGE, "#ffffff") >= 3 and contrast(BLUE, ORANGE) >= 3
    for name, _, svg in figures(made):
        for text in texts(svg):
            colour = COLOUR.search(text.get("style").lower())
            on = "#000000" if colour is None else colour[0]
            if on != "#ffffff":  # white words stand on dark tiles only, which is checked below
                assert contrast(on, "#ffffff") >= 4.5, (name, on)
        tiles = [colour for colour in COLOUR.findall(svg.lower()) if colour not in PALETTE | NEUTRAL]
        assert all(max(contrast(tile, "#ffffff"), contrast(tile, "#000000")) >= 4.5 for tile in tiles), name


@standard("CHT04", "colour tells nothing by itself: words stand at the marks and there is no key")
def cht04(made):
    for name, _, svg in figures(made):
        assert "legend" not in svg and len(texts(svg)) > 3, name


@standard("CHT05", "words stand level")
def cht05(made):
    for name, _, svg in figures(made):
        turned = [turn for turn in re.findall(r"rotate\(([-\d.]+)", svg) if float(turn)]
        assert not turned, name


@standard("CHT06", "words for each figure: its kind, its data and what it shows")
def cht06(made):
    captions = {piece.text for _, piece in made.of_kind("table")}
    for name, piece, svg in figures(made):
        title = etree.fromstring(svg.encode()).find("{*}title").text
        assert title == piece.text and title not in captions, name
        assert "No description" not in title and re.search(r"\d|\[c\]", title), name
        assert any(word in title.lower() for word in WORDED), (name, title[:80])


@standard("CHT07", "the workbook has the data of each figure")
def cht07(made):
    for path, piece in made.of_kind("figure"):
        book = made.books[path.relative_to(made.folder).parts[0]]
        title = piece.data["caption"]
        first = set(piece.data["cells"][piece.data["headings"][0]])
        held = [sheet for sheet in book if sheet["A1"].value == title]
        told = [{str(cell.value) for column in "AB" for cell in sheet[column]} for sheet in held]
        assert any(first <= words for words in told), (path.stem, title)


@standard("CHT08", "a heading above each figure and its source below, as words")
def cht08(made):
    for path, said in made.shown.items():
        for place, piece in enumerate(said):
            if piece.kind == "figure":
                assert any(before.kind == "heading" for before in said[:place]), path
                below = piece.data["below"]
                assert "Base: " in below and "Source: " in below, (path.stem, piece.data["name"], below)
