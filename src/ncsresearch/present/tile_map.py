"""Which kinds of areas are these? A map with a square tile for each local authority, by its class."""

import matplotlib as mpl
import pandas as pd
from afcharts.af_colours import get_af_colours
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ncsresearch.present.figure import ORANGE, drawn, panels, readable_on
from ncsresearch.present.outputs import STYLE, Figure
from ncsresearch.present.table import OF_AREAS, cited, of_kind
from ncsresearch.present.word_files import words
from ncsresearch.present.wording import page_words
from ncsresearch.study.frames import study_of

COLOURS = get_af_colours("sequential")[1:]  # the most urban class darkest
NAMED, SMALL = 0.7, 0.24  # inches a tile's side: with the names of authorities, and without them
KEY_WIDTH = 10.6  # small tiles beside a small map


def _places() -> pd.DataFrame:
    """Return the column and row of each Scottish local authority on the map, by its official code, and its name in lines."""
    rows = [(code, *place) for code, place in words("tiles").items()]
    return pd.DataFrame(rows, columns=["gss_code", "column", "row", "lines"])


def plot_tile_map(frame: pd.DataFrame) -> Figure | None:
    """Draw the areas of a study as tiles by class, those of the case study marked; small, with the area outlined, in its report.

    None for a study whose areas are not the 32 authorities of Scotland, each with a class, and for an area that is none of them.
    """
    study = study_of(frame)
    tiles = _places().merge(study.areas, on="gss_code", how="left")
    here = tiles[tiles["area_id"].eq(study.part_of)]
    letters = _letters(tiles)
    if not letters or (study.part_of and here.empty):
        return None
    tiles = tiles.assign(letter=tiles["classification"].map(letters))
    canvas, (ax,) = panels(*_size(small=bool(study.part_of)))
    with mpl.rc_context(STYLE):
        _draw(ax, tiles, here)
    rows, studied = _by_class(tiles, letters), tiles.loc[tiles["case_study"].eq("yes"), "name"]
    about = {"source": cited(study, of_kind(study, OF_AREAS[0])), "here": " ".join(here["name"])}
    places = {"n": len(tiles), "studied": sorted(studied)}
    return drawn("tile_map", canvas, rows, rows.to_dict("records"), name="tile_map", **about, **places)


def _letters(tiles: pd.DataFrame) -> dict[str, str]:
    """Return the letter of each class, most urban first; none where an authority has no class, or classes are too many."""
    ordered = tiles.sort_values("area_type", kind="stable")["classification"]
    classes = list(ordered.drop_duplicates())
    if ordered.isna().any() or len(classes) > len(COLOURS):
        return {}
    initials = [name[0] for name in classes]
    return dict(zip(classes, initials if len({*initials}) == len(initials) else "ABCD", strict=False))


def _size(*, small: bool) -> tuple[list[float], float]:
    """Return the height of the map, as panels take it, and its width, in inches."""
    columns, rows = _places()[["column", "row"]].max() + 1
    side, beside = (SMALL, KEY_WIDTH) if small else (NAMED, 0)
    return [rows * side], (columns + beside) * side


def _draw(ax: Axes, tiles: pd.DataFrame, here: pd.DataFrame) -> None:
    small = len(here) > 0
    colours = dict(zip(_letters(tiles).values(), COLOURS, strict=False))
    for tile in tiles.itertuples():
        _tile(ax, tile, colours[tile.letter], small=small)
    for tile in here.itertuples():
        _square(ax, tile.column, tile.row, 1, facecolor="none", edgecolor=ORANGE, linewidth=3)
    counts = tiles.groupby(["letter", "classification"], sort=False).size()
    key = {letter: f"{name} ({n})" for (letter, name), n in counts.items()}
    _key(ax, {letter: key[letter] for letter in colours}, colours, " ".join(here["name"]))
    columns, rows = tiles[["column", "row"]].max() + 1
    ax.set(xlim=(-0.05, columns + (KEY_WIDTH if small else 0.05)), ylim=(rows + 0.05, -0.05), aspect="equal")
    ax.set_axis_off()


def _square(ax: Axes, x: float, y: float, side: float, **look) -> None:
    ax.add_patch(Rectangle((x + 0.04 * side, y + 0.04 * side), 0.92 * side, 0.92 * side, **look))


def _tile(ax: Axes, tile, colour: str, *, small: bool) -> None:
    """Draw one authority: its class by colour and letter, its name where there is room, a dot where it was studied."""
    _square(ax, tile.column, tile.row, 1, color=colour)
    ink, centre = readable_on(colour), {"ha": "center", "va": "center"}
    if small:
        ax.text(tile.column + 0.5, tile.row + 0.52, tile.letter, color=ink, fontsize=9, **centre)
        return
    ax.text(tile.column + 0.17, tile.row + 0.18, tile.letter, color=ink, fontsize=8, weight="bold", **centre)
    if tile.case_study == "yes":
        ax.scatter(tile.column + 0.82, tile.row + 0.18, s=30, color=ink, linewidths=0)
    lines = tile.lines.split("/")  # each by itself: lines of one text would not be centred
    for number, line in enumerate(lines):
        y = tile.row + 0.6 + 0.2 * (number - (len(lines) - 1) / 2)
        ax.text(tile.column + 0.5, y, line, color=ink, fontsize=9, **centre)


def _key(ax: Axes, classes: dict[str, str], colours: dict[str, str], here: str) -> None:
    """Write what the letters and marks mean: beside a small map, or where the sea is."""
    step, x = (1, _places()["column"].max() + 1.6) if here else (SMALL / NAMED, 0)
    y, beside = 1.5 if here else 0.05, {"va": "center", "fontsize": 9}
    for letter, name in classes.items():
        _square(ax, x, y, step, color=colours[letter])
        ink = readable_on(colours[letter])
        ax.text(x + step / 2, y + step / 2, letter, color=ink, ha="center", **beside)
        ax.text(x + 1.3 * step, y + step / 2, name, **beside)
        y += 1.1 * step
    if here:
        _square(ax, x, y, step, facecolor="none", edgecolor=ORANGE, linewidth=3)
    else:
        ax.scatter(x + step / 2, y + step / 2, s=30, color="black", linewidths=0)
    ax.text(x + 1.3 * step, y + step / 2, here or page_words("axes", "case_study"), **beside)


def _by_class(tiles: pd.DataFrame, letters: dict[str, str]) -> pd.DataFrame:
    """Return the authorities of each class, and those of the case study among them, a row a class."""
    names = tiles.sort_values("name").groupby("classification")["name"].agg(", ".join)
    studied = tiles[tiles["case_study"].eq("yes")].sort_values("name")
    studied = studied.groupby("classification")["name"].agg(", ".join)
    rows = pd.DataFrame(letters.items(), columns=["classification", "letter"])
    return rows.assign(
        authorities=rows["classification"].map(names), studied=rows["classification"].map(studied).fillna("")
    )
