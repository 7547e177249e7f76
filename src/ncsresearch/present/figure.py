"""Figures: each draws one tidy frame and says in words what it shows."""

from collections.abc import Sequence

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from afcharts.af_colours import get_af_colours
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from ncsresearch.analysis.consultation import REMAINDER
from ncsresearch.present.media import STYLE, WITHHELD, Figure
from ncsresearch.present.table import SMALLEST_BASE

BLUE, _, _, ORANGE = get_af_colours("categorical", number_of_colours=4)
GREY = "#6F777B"
DARK_ORANGE = "#B3430B"  # orange words need more contrast on white than orange bars
STANCE_WORDS = {"strength": BLUE, "challenge": DARK_ORANGE}
CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
STANCE_COLOURS = {"strength": BLUE, "challenge": ORANGE}


def _nothing(name: str) -> Figure:
    return Figure(name, None, "There is nothing to draw here.")


def _panels(heights: Sequence[float], width: float = 8.0) -> tuple[Canvas, list[Axes]]:
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(width, sum(heights) + 0.6 * len(heights)), layout="constrained")
        canvas.get_layout_engine().set(hspace=0.06)
        axes = canvas.subplots(len(heights), 1, height_ratios=list(heights), squeeze=False)[:, 0]
    return canvas, list(axes)


def _row_axis(ax: Axes, xlabel: str) -> None:
    ax.set(xlabel=xlabel, ylabel="")
    ax.grid(visible=False, axis="y")


def _number(ax: Axes, x: float, y: float, words: str, *, left: bool = False) -> None:
    ax.annotate(
        words,
        (x, y),
        (-4 if left else 4, 0),
        textcoords="offset points",
        va="center",
        ha="right" if left else "left",
        fontsize=10,
    )


def plot_stances(counts: pd.DataFrame, *, by: str, what: str = "passages") -> Figure:
    """Draw, for each value of a column, the passages told as a strength to the right and as a challenge to the left.

    counts has the columns by, stance and n_passages; rows without either are left out, most told first.
    """
    table = counts.pivot(index=by, columns="stance", values="n_passages").reindex(
        columns=list(STANCE_COLOURS)
    )
    table = table[table.sum(axis=1).gt(0) | table.isna().any(axis=1)]
    if table.empty:
        return _nothing(f"{by}_stances")
    table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    canvas, (ax,) = _panels([0.34 * len(table) + 0.5])
    with mpl.rc_context(STYLE):
        _stance_bars(ax, table)
        _row_axis(ax, f"Number of {what}")
    said = "; ".join(
        f"{row.Index}: {_told(row.strength)} strength, {_told(row.challenge)} challenge"
        for row in table.itertuples()
    )
    return Figure(f"{by}_stances", canvas, f"Bars of {what} told as a strength and as a challenge. {said}.")


def _told(n) -> str:
    """Return a count as a figure tells it, [c] where it may not be told."""
    return WITHHELD if pd.isna(n) else f"{n}"


def _stance_bars(ax: Axes, table: pd.DataFrame) -> None:
    names = [str(name) for name in table.index]
    for stance, colour, sign in (("strength", BLUE, 1), ("challenge", ORANGE, -1)):
        lengths = sign * table[stance].fillna(0).astype("int64").to_numpy()
        sns.barplot(x=lengths, y=names, color=colour, saturation=1, ax=ax, orient="h", width=0.7)
        for row, n in enumerate(table[stance]):
            if pd.isna(n) or n:
                _number(ax, 0 if pd.isna(n) else sign * n, row, _told(n), left=sign < 0)
        heading = {"color": STANCE_WORDS[stance], "ha": "center", "va": "bottom", "fontweight": "bold"}
        ax.text(0.5 + sign * 0.25, 1.01, f"Told as a {stance}", transform=ax.transAxes, **heading)
    ax.axvline(0, color="0.2", linewidth=1)
    limit = max(1.0, float(table.fillna(0).astype("float64").to_numpy().max())) * 1.15
    ax.set_xlim(-limit, limit)
    ax.xaxis.set_major_formatter(lambda x, _: f"{abs(x):.0f}")
    ax.xaxis.get_major_locator().set_params(integer=True)


def plot_area_types(counts: pd.DataFrame) -> Figure:
    """Draw, for each theme, a dot for the passages about rural areas and one for those about urban areas."""
    totals = counts.groupby(["theme", "area_kind"], observed=False)["n_passages"].sum().unstack()
    totals = totals[totals.sum(axis=1) > 0]
    if totals.empty:
        return _nothing("area_types")
    totals = totals.loc[(totals["rural"] - totals["urban"]).sort_values(ascending=False, kind="stable").index]
    canvas, (ax,) = _panels([0.36 * len(totals) + 0.5])
    names = [str(name) for name in totals.index]
    with mpl.rc_context(STYLE):
        ax.hlines(names, totals.min(axis=1), totals.max(axis=1), color="0.75", linewidth=2, zorder=1)
        for kind, colour, marker in (("rural", BLUE, "o"), ("urban", ORANGE, "s")):
            rows = [place + (0.12 if kind == "urban" else -0.12) for place in range(len(names))]
            ax.scatter(totals[kind], rows, s=60, color=colour, marker=marker, zorder=2)
        ax.set_ylim(len(names) - 0.5, -0.9)
        first = totals.iloc[0]
        for kind, colour in (("rural", BLUE), ("urban", DARK_ORANGE)):
            ax.annotate(
                kind,
                (first[kind], 0),
                (0, 9),
                textcoords="offset points",
                ha="center",
                color=colour,
                fontweight="bold",
            )
        ax.set_xlim(-0.4, float(totals.to_numpy().max()) + 0.6)
        ax.xaxis.get_major_locator().set_params(integer=True)
        _row_axis(ax, "Number of passages that name the kind of area")
    said = "; ".join(
        f"{name}: {row.rural} rural, {row.urban} urban"
        for name, row in zip(names, totals.itertuples(), strict=True)
    )
    return Figure("area_types", canvas, f"Dots of passages about rural and urban areas, by theme. {said}.")


def plot_consultation(categories: pd.DataFrame) -> Figure:
    """Draw the categories of each question as ordered bars, with what was not published hatched."""
    if categories.empty:
        return _nothing("consultation")
    questions = list(categories.groupby("question_id", sort=False))
    canvas, axes = _panels([0.34 * len(rows) + 0.45 for _, rows in questions])
    with mpl.rc_context(STYLE):
        for ax, (question, rows) in zip(axes, questions, strict=True):
            for place, row in enumerate(rows.itertuples()):
                published = row.category != REMAINDER
                ax.barh(
                    row.category,
                    row.n,
                    color=BLUE if published else "white",
                    edgecolor=BLUE if published else GREY,
                    hatch=None if published else "////",
                    height=0.7,
                )
                _number(ax, row.n, place, _with_share(row))
            ax.invert_yaxis()
            ax.set_xlim(0, float(categories["n"].max()) * 1.2)
            total, label = rows["question_total"].iloc[0], rows["question_label"].iloc[0]
            ax.set_title(
                f"{question}. {label[0].upper()}{label[1:]}", loc="left", fontsize=11, fontweight="bold"
            )
            _row_axis(ax, f"Comments, of {total}")
    said = "; ".join(
        f"question {row.question_id}, {row.category}: {row.n} of {row.question_total}"
        for row in categories.itertuples()
    )
    return Figure("consultation", canvas, f"Bars of comments by category for each question. {said}.")


def _with_share(row) -> str:
    """Return a count with its percentage, where its base is known and carries one."""
    few = pd.isna(row.share) or row.question_total < SMALLEST_BASE
    return f"{row.n}" if few else f"{row.n} ({100 * row.share:.0f}%)"


def plot_survey(shares: pd.DataFrame) -> Figure:
    """Draw each published share as a dot with the span of its interval over every count that rounding allows."""
    if shares.empty:
        return _nothing("survey")
    canvas, (ax,) = _panels([0.4 * len(shares) + 0.4])
    with mpl.rc_context(STYLE):
        ax.hlines(
            shares["label"], 100 * shares["low"], 100 * shares["high"], color=BLUE, linewidth=3, alpha=0.45
        )
        sns.scatterplot(x=shares["percent"], y=shares["label"], color=BLUE, s=80, ax=ax, zorder=3)
        for place, row in enumerate(shares.itertuples()):
            _number(ax, 100 * row.high, place, f"{row.percent:.0f}%")
        ax.set_xlim(50, 100)
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0f}%")
        _row_axis(
            ax, f"Agree or strongly agree, of {shares['base'].iloc[0]} who responded (axis starts at 50%)"
        )
    said = "; ".join(
        f"{row.label}: {row.percent:.0f}%, {100 * row.low:.0f} to {100 * row.high:.0f}"
        for row in shares.itertuples()
    )
    return Figure("survey", canvas, f"Dots of the published shares with their intervals. {said}.")


def plot_shares(rows: pd.DataFrame, name: str, axis: str) -> Figure:
    """Draw two dots a row, the share in rural areas and the share in urban areas, on one axis of 0 to 100%.

    rows has theme, share_rural and share_urban, in the order to draw them.
    """
    if rows.empty or rows[["share_rural", "share_urban"]].isna().any(axis=1).all():
        return _nothing(name)
    rows = rows.dropna(subset=["share_rural", "share_urban"])
    rows = rows.astype({"share_rural": "float64", "share_urban": "float64"})
    canvas, (ax,) = _panels([0.34 * len(rows) + 0.5])
    places = range(len(rows))
    with mpl.rc_context(STYLE):
        ax.hlines(
            places, 100 * rows["share_rural"], 100 * rows["share_urban"], color="0.75", linewidth=2, zorder=1
        )
        for kind, colour, marker in (("rural", BLUE, "o"), ("urban", ORANGE, "s")):
            ax.scatter(100 * rows[f"share_{kind}"], places, s=60, color=colour, marker=marker, zorder=2)
        ax.set_yticks(list(places), list(rows["theme"].astype("str")))
        ax.set_ylim(len(rows) - 0.5, -1.1)
        _name_ends(ax, rows.iloc[0])
        ax.set_xlim(-2, 102)
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0f}%")
        _row_axis(ax, axis)
    said = "; ".join(
        f"{row.theme}: {100 * row.share_rural:.0f}% rural, {100 * row.share_urban:.0f}% urban"
        for row in rows.itertuples()
    )
    return Figure(name, canvas, f"Dots of the shares in rural and in urban areas. {said}.")


def _name_ends(ax: Axes, first: pd.Series) -> None:
    """Write the kind of area beside each dot of the first row, away from the other."""
    right = first["share_rural"] >= first["share_urban"]
    for kind, colour, after in (("rural", BLUE, right), ("urban", DARK_ORANGE, not right)):
        ax.annotate(
            kind,
            (100 * first[f"share_{kind}"], 0),
            (0, 9),
            textcoords="offset points",
            ha="left" if after else "right",
            color=colour,
            fontweight="bold",
        )


def _percent(share) -> str:
    return WITHHELD if pd.isna(share) else f"{100 * share:.0f}%"


def plot_tiles(table: pd.DataFrame, name: str, what: str) -> Figure:
    """Draw a table of shares as tiles with each share written in, one ramp of colour."""
    if table.empty:
        return _nothing(name)
    canvas, (ax,) = _panels([0.34 * len(table) + 0.9], width=1.1 * table.shape[1] + 3.4)
    with mpl.rc_context(STYLE):
        table = table.astype("Float64")
        written = table.map(_percent)
        words = {"annot": written.to_numpy(), "fmt": "", "annot_kws": {"fontsize": 10}}
        sns.heatmap(
            (100 * table.fillna(0)).astype("float64"),
            cmap="Blues",
            vmin=0,
            vmax=100,
            cbar=False,
            linewidths=1.5,
            ax=ax,
            **words,
        )
        ax.set(xlabel="", ylabel="")
        ax.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
        ax.set_yticks(
            [place + 0.5 for place in range(len(table))], [str(each) for each in table.index], rotation=0
        )
        ax.set_title(f"{what}, %", loc="left", fontsize=10, pad=22)
    said = "; ".join(
        f"{theme}: " + ", ".join(f"{column} {_percent(share)}" for column, share in row.items())
        for theme, row in table.iterrows()
    )
    return Figure(name, canvas, f"Tiles of shares by theme and area. {said}.")
