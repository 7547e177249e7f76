"""Figures: each draws one tidy frame and says in words what it shows."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from textwrap import fill, wrap

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from afcharts.af_colours import get_af_colours
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as Canvas
from seaborn.utils import relative_luminance

from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.present.outputs import INSTEAD, STYLE, WITHHELD, Figure, Table
from ncsresearch.present.table import told
from ncsresearch.present.wording import page_words, phrase, phrases, worded_table

BLUE, _, _, ORANGE = get_af_colours("categorical", number_of_colours=4)
GREY = get_af_colours("categorical", number_of_colours=6)[4]
_, PALE = get_af_colours("focus")
RAMP = ("white", *reversed(get_af_colours("sequential")[1:]))
CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
STANCE_COLOURS = {"strength": BLUE, "challenge": ORANGE}
KIND_MARKS = {"rural": (BLUE, "o"), "urban": (ORANGE, "s")}
MOST_WITHHELD = 0.5  # of the cells of a figure; with more it would be a picture of what is withheld
FEWEST_DRAWN = 2  # bars; one alone is its number again
WIDEST_NAME = 28
WIDTH, WIDTH_OF_PHONE = 6.4, 4.9  # inches
WIDTH_OF_TITLE = 5.1  # inches that tiles need below their title, however few they are


def _wrapped(name) -> list[str]:
    """Return a name on the lines that it takes beside an axis, so that a figure is readable on a phone."""
    return wrap(str(name), WIDEST_NAME)


def height(names: Iterable) -> float:
    """Return inches that rows of these names need."""
    lines = [len(_wrapped(name)) for name in names]
    return (0.18 + 0.17 * max(lines)) * len(lines) + 0.5


def name_rows(ax: Axes, names: Iterable, *, middle: float = 0) -> None:
    """Write the names of rows beside the axis, each line by itself: lines of one text would not end together."""
    names = list(names)
    ax.set_yticks([])
    for place, name in enumerate(names):
        lines = _wrapped(name)
        for number, line in enumerate(lines):
            offset = (-8, 14 * ((len(lines) - 1) / 2 - number))
            words = {"textcoords": "offset points", "ha": "right", "va": "center"}
            ax.annotate(line, (0, place + middle), offset, xycoords=ax.get_yaxis_transform(), **words)


def panels(heights: Sequence[float], width: float = WIDTH) -> tuple[Canvas, list[Axes]]:
    """Return a canvas with axes of these heights below each other, all in inches."""
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(width, sum(heights) + 0.6 * len(heights)), layout="constrained")
        canvas.get_layout_engine().set(hspace=0.06)
        axes = canvas.subplots(len(heights), 1, height_ratios=list(heights), squeeze=False)[:, 0]
    return canvas, list(axes)


@contextmanager
def rows_drawn(
    names: Iterable, xlabel: str, *, top: float = -0.5, width: float = WIDTH
) -> Iterator[tuple[Canvas, Axes]]:
    """Give a canvas and its axes to draw one row a name on, from the top, which is left so high above the first."""
    canvas, (ax,) = panels([height(names)], width)
    with mpl.rc_context(STYLE):
        yield canvas, ax
        name_rows(ax, names)
        ax.set_ylim(len(names) - 0.5, top)
        row_axis(ax, xlabel)


def row_axis(ax: Axes, xlabel: str) -> None:
    """Name the axis along which rows are drawn, and leave no lines between them."""
    ax.set(xlabel=xlabel, ylabel="")
    ax.grid(visible=False, axis="y")


def percent_axis(ax: Axes) -> None:
    """Write percentages along an axis of 0 to 100."""
    ax.xaxis.set_major_formatter(lambda x, _: f"{rounded(x)}%")


def write_number(ax: Axes, x: float, y: float, words: str, *, left: bool = False) -> None:
    """Write a number beside the end of a bar or dot, to its right or left."""
    beside, side = (-4, "right") if left else (4, "left")
    ax.annotate(words, (x, y), (beside, 0), textcoords="offset points", va="center", ha=side)


def plot_stances(counts: pd.DataFrame, *, by: str, source: str, what: str) -> Figure | None:
    """Draw, for each value of a column, how many described it as a strength, to the right, and as a challenge, to the left.

    counts has the columns by, stance and n; rows without either are left out, most described first. None without rows.
    """
    table = counts.pivot(index=by, columns="stance", values="n").reindex(columns=list(STANCE_COLOURS))
    table = table[table.sum(axis=1).gt(0) | table.isna().any(axis=1)]
    if len(table) < FEWEST_DRAWN:
        return None
    table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    written = counts.assign(told=told(counts)).pivot(index=by, columns="stance", values="told")
    written = written.reindex(index=table.index, columns=table.columns).astype("object")
    written = written.where(written.notna(), WITHHELD)
    with rows_drawn(table.index, f"Number of {what}") as (canvas, ax):
        _stance_bars(ax, table, written)
    shown = {by: by.replace("_", " ").capitalize(), "strength": "Strength", "challenge": "Challenge"}
    about = {"name": f"{by}_stances", "more": shown, "source": source, "missing": WITHHELD, "what": what}
    said = [{"name": name, **row} for name, row in written.iterrows()]
    return drawn("stances_drawn", canvas, written.reset_index().astype({by: "str"}), said, **about)


def plot_raised(rows: pd.DataFrame, *, source: str, what: str) -> Figure | None:
    """Draw a bar a theme for how many raised it, as far as rows of theme and n have a number, in their order."""
    rows = rows[rows["n"].ne(0).fillna(True)].astype({"theme": "str"})
    if len(rows) < FEWEST_DRAWN:
        return None
    written = told(rows)
    with rows_drawn(rows["theme"], f"Number of {what}") as (canvas, ax):
        lengths = rows["n"].fillna(0).astype("int64").to_numpy()
        ax.barh(range(len(rows)), lengths, color=BLUE, height=0.7)
        for place, (n, words) in enumerate(zip(lengths, written, strict=True)):
            write_number(ax, n, place, str(words))
        ax.set_xlim(0, 1.15 * max(1, *lengths))
        ax.xaxis.get_major_locator().set_params(integer=True)
    rows = pd.DataFrame({"theme": rows["theme"], "n": written})
    about = {"name": "themes_raised", "source": source, "missing": WITHHELD, "what": what}
    return drawn("raised_drawn", canvas, rows, rows.to_dict("records"), **about)


def drawn(entry: str, canvas: Canvas, rows: pd.DataFrame, said: list, *, name: str, **about) -> Figure | None:
    """Return a figure with its data and alternative text, in the words of its entries; said has the places of each row.

    None where more than half of its cells are withheld, those with a word in place of the number among them.
    """
    data = worded_table(entry, rows, name=name, **about)
    if _mostly_withheld(data):
        return None
    alt = phrase(entry, "says", said=phrases(entry, "row", said), **about)
    return Figure(name, canvas, alt, data)


def _mostly_withheld(data: Table) -> bool:
    withheld = data.cells().iloc[:, 1:].isin([WITHHELD, *INSTEAD])
    return bool(withheld.to_numpy().mean() > MOST_WITHHELD)


def _stance_bars(ax: Axes, table: pd.DataFrame, written: pd.DataFrame) -> None:
    for stance, colour, sign in (("strength", BLUE, 1), ("challenge", ORANGE, -1)):
        lengths = sign * table[stance].fillna(0).astype("int64").to_numpy()
        ax.barh(range(len(table)), lengths, color=colour, height=0.7)
        for row, n in enumerate(table[stance]):
            if pd.isna(n) or n:
                write_number(
                    ax, 0 if pd.isna(n) else sign * n, row, str(written[stance].iloc[row]), left=sign < 0
                )
        heading = {"ha": "left" if sign > 0 else "right", "va": "bottom", "fontweight": "bold"}
        ax.text(
            0.5 + sign * 0.02,
            1.01,
            page_words("axes", "stance", stance=stance),
            transform=ax.transAxes,
            **heading,
        )
    ax.axvline(0, color="black", linewidth=1)
    limit = max(1.0, float(table.fillna(0).astype("float64").to_numpy().max())) * 1.15
    ax.set_xlim(-limit, limit)
    ax.xaxis.set_major_formatter(lambda x, _: f"{abs(x):.0f}")
    ax.xaxis.get_major_locator().set_params(integer=True)


def plot_shares(rows: pd.DataFrame, name: str, axis: str, *, base: str, source: str) -> Figure | None:
    """Draw two dots a row, the share in rural areas and the share in urban areas, on one axis of 0 to 100%.

    rows has theme, share_rural and share_urban, in the order to draw them. None where no row has both.
    """
    rows = rows.dropna(subset=["share_rural", "share_urban"])
    if rows.empty:
        return None
    rows = rows.astype({"share_rural": "float64", "share_urban": "float64"})
    shares = 100 * rows.set_index("theme")[["share_rural", "share_urban"]].set_axis(list(KIND_MARKS), axis=1)
    with rows_drawn(rows["theme"], fill(axis, 28), top=-1.1, width=WIDTH_OF_PHONE) as (canvas, ax):
        _kind_dots(ax, shares, shares["rural"], shares["urban"])
        ax.set_xlim(-2, 102)
        percent_axis(ax)
    rows = rows.astype({"theme": "str"})
    about = {"name": name, "source": source, "what": axis, "base": base}
    return drawn("shares_drawn", canvas, rows, rows.to_dict("records"), **about)


def _kind_dots(ax: Axes, dots: pd.DataFrame, start: pd.Series, end: pd.Series) -> None:
    """Draw a dot of each kind of area a row, joined by a line from start to end."""
    places = range(len(dots))
    ax.hlines(places, start, end, color=PALE, linewidth=2, zorder=1)
    for kind, (colour, marker) in KIND_MARKS.items():
        ax.scatter(dots[kind], _beside(places, kind), s=60, color=colour, marker=marker, zorder=2)
    _name_ends(ax, dots.iloc[0])


def _beside(places: Iterable[int], kind: str) -> list[float]:
    """Return where the dots of a kind of area stand in their rows, so that equal ones do not hide each other."""
    return [place + (0.12 if kind == "urban" else -0.12) for place in places]


def _name_ends(ax: Axes, first: pd.Series) -> None:
    """Write the kind of area beside each dot of the first row, away from the other."""
    right = first["rural"] >= first["urban"]
    for kind, after in (("rural", right), ("urban", not right)):
        place = {"textcoords": "offset points", "ha": "left" if after else "right", "fontweight": "bold"}
        ax.annotate(kind, (first[kind], 0), (0, 9), zorder=4, **place)


def plot_tiles(
    table: pd.DataFrame, name: str, what: str, *, base: str, source: str, words: pd.DataFrame | None = None
) -> Figure | None:
    """Draw a table of shares, themes by areas, as tiles with each share written in, one ramp of colour.

    words   what is written where a share is missing; [c] without them
    """
    width = 2.4 + max(0.85 * table.shape[1], WIDTH_OF_TITLE)
    canvas, (ax,) = panels([height(table.index) + 0.5], width)
    table = table.astype("Float64")
    instead = WITHHELD if words is None else words.where(words.ne(""), WITHHELD)
    written = table.map(percent).where(table.notna(), instead)
    with mpl.rc_context(STYLE):
        sns.heatmap(
            (100 * table.fillna(0)).astype("float64"),
            cmap=LinearSegmentedColormap.from_list("shares", RAMP),
            vmin=0,
            vmax=100,
            cbar=False,
            linewidths=1,
            linecolor=PALE,
            ax=ax,
            annot=written.to_numpy(),
            fmt="",
            annot_kws={"fontsize": 12},
        )
        _write_readably(ax)
        ax.set(xlabel="", ylabel="")
        ax.set_xticks(ax.get_xticks(), [fill(str(column), 10) for column in table])
        ax.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
        name_rows(ax, table.index, middle=0.5)
        ax.set_title(f"{what}, %", pad=12, x=0)
    said = [{"theme": theme, "shares": _shares_of(row)} for theme, row in written.iterrows()]
    about = {"what": what, "base": base, "source": source, "missing": WITHHELD}
    shown = {column: f"{column}, %" for column in table}
    rows = table.astype("object").where(table.notna(), instead).reset_index().astype({"theme": "str"})
    return drawn("tiles_drawn", canvas, rows, said, name=name, more=shown, **about)


def _shares_of(row: pd.Series) -> list[str]:
    return phrases("tiles_drawn", "share", [{"area": area, "share": share} for area, share in row.items()])


def _write_readably(ax: Axes) -> None:
    for words, colour in zip(ax.texts, ax.collections[0].get_facecolors(), strict=True):
        words.set_color(readable_on(colour))


def readable_on(colour) -> str:
    """Return black or white, whichever stands out more from a colour."""
    light = relative_luminance(colour)
    return "black" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "white"
