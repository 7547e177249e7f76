"""Which kinds of areas are these? A map with a square tile for each local authority, by its class."""

import matplotlib as mpl
import pandas as pd
from afcharts.af_colours import get_af_colours
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ncsresearch.present.figure import drawn, panels, readable_on
from ncsresearch.present.outputs import STYLE, Figure
from ncsresearch.present.table import OF_AREAS, cited, of_kind
from ncsresearch.present.word_files import words
from ncsresearch.present.wording import page_words
from ncsresearch.study.frames import study_of

COLOURS = get_af_colours("sequential")[1:]  # the most urban class darkest
SIDE = 0.93  # of a tile, in inches
KEY_SIDE = 0.32  # of a square of the key, in tiles


def _places() -> pd.DataFrame:
    """Return the column and row of each Scottish local authority on the map, by its official code, and its name in lines."""
    cells = (
        (x, y, cell) for y, row in enumerate(words("tiles")["rows"]) for x, cell in enumerate(row) if cell
    )
    rows = [(*cell.split(" ", 1), x, y) for x, y, cell in cells]
    return pd.DataFrame(rows, columns=["gss_code", "lines", "column", "row"])


def plot_tile_map(frame: pd.DataFrame) -> Figure | None:
    """Draw the areas of a study as tiles by class, those of the case study marked.

    None for a study whose areas are not the 32 authorities of Scotland, each with a class.
    """
    study = study_of(frame)
    tiles = _places().merge(study.areas, on="gss_code", how="left")
    letters = _letters(tiles)
    if not letters:
        return None
    tiles["letter"] = tiles["classification"].map(letters)
    across, down = tiles["column"].max() + 1, tiles["row"].max() + 1
    canvas, (ax,) = panels([down * SIDE], across * SIDE)
    with mpl.rc_context(STYLE):
        _draw(ax, tiles, letters)
        ax.set(xlim=(-0.05, across + 0.05), ylim=(down + 0.05, -0.05), aspect="equal")
        ax.set_axis_off()
    studied = tiles[tiles["case_study"].eq("yes")]
    rows = pd.DataFrame(letters.items(), columns=["classification", "letter"])
    for name, listed in (("authorities", tiles), ("studied", studied)):
        named = listed.sort_values("name").groupby("classification")["name"].agg(", ".join)
        rows[name] = rows["classification"].map(named).fillna("")
    source = cited(study, of_kind(study, OF_AREAS[0]))
    places = {"source": source, "n": len(tiles), "studied": sorted(studied["name"])}
    return drawn("tile_map", canvas, rows, rows.to_dict("records"), name="tile_map", **places)


def _letters(tiles: pd.DataFrame) -> dict[str, str]:
    """Return the letter of each class, most urban first; none where an authority has no class, or classes are too many or share one."""
    ordered = tiles.sort_values("area_type", kind="stable")["classification"]
    classes = list(ordered.drop_duplicates())
    if ordered.isna().any() or len(classes) > len(COLOURS):
        return {}
    initials = {name: name[0] for name in classes}
    return initials if len({*initials.values()}) == len(classes) else {}


def _draw(ax: Axes, tiles: pd.DataFrame, letters: dict[str, str]) -> None:
    colours = dict(zip(letters, COLOURS, strict=False))
    for tile in tiles.itertuples():
        _tile(ax, tile, colours[tile.classification])
    n = tiles["classification"].value_counts()
    _key(ax, [(colours[name], letter, f"{name} ({n[name]})") for name, letter in letters.items()])


def _square(ax: Axes, x: float, y: float, side: float, colour: str) -> None:
    ax.add_patch(Rectangle((x + 0.04 * side, y + 0.04 * side), 0.92 * side, 0.92 * side, color=colour))


def _tile(ax: Axes, tile, colour: str) -> None:
    """Draw one authority: its class by colour and letter, its name, and a dot where it was studied."""
    _square(ax, tile.column, tile.row, 1, colour)
    ink, centre = readable_on(colour), {"ha": "center", "va": "center"}
    ax.text(tile.column + 0.17, tile.row + 0.18, tile.letter, color=ink, fontsize=12, weight="bold", **centre)
    if tile.case_study == "yes":
        ax.scatter(tile.column + 0.82, tile.row + 0.18, s=30, color=ink, linewidths=0)
    lines = tile.lines.split("/")  # each by itself: lines of one text would not be centred
    for number, line in enumerate(lines):
        y = tile.row + 0.6 + 0.2 * (number - (len(lines) - 1) / 2)
        ax.text(tile.column + 0.5, y, line, color=ink, fontsize=12, **centre)


def _key(ax: Axes, classes: list[tuple[str, str, str]]) -> None:
    """Write where the sea is what the letters and the dot mean."""
    y, beside = 0.05, {"va": "center", "fontsize": 12}
    for colour, letter, name in classes:
        _square(ax, 0, y, KEY_SIDE, colour)
        ax.text(KEY_SIDE / 2, y + KEY_SIDE / 2, letter, color=readable_on(colour), ha="center", **beside)
        ax.text(1.3 * KEY_SIDE, y + KEY_SIDE / 2, name, **beside)
        y += 1.1 * KEY_SIDE
    ax.scatter(KEY_SIDE / 2, y + KEY_SIDE / 2, s=30, color="black", linewidths=0)
    ax.text(1.3 * KEY_SIDE, y + KEY_SIDE / 2, page_words("axes", "case_study"), **beside)
