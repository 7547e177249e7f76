"""How far areas of one kind vary, and how alike people of one area are: in a sentence, a figure and a table."""

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from ncsresearch.disclosure.area_shares import OF_THEME
from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.present.figure import (
    BLUE,
    KIND_MARKS,
    drawn,
    height,
    name_rows,
    panels,
    percent_axis,
    row_axis,
)
from ncsresearch.present.outputs import STYLE, WITHHELD, Figure, Finding, Table
from ncsresearch.present.people_heard import heard_by, people_sentence, people_table
from ncsresearch.present.table import SMALLEST_BASE
from ncsresearch.present.wording import page_words, phrase
from ncsresearch.study.frames import study_of

DRAWN, MOST_AREAS = 3, 12  # themes, and areas under each
MOST_UNKNOWN, ALIKE = 0.5, 1.1  # share of numbers of areas; design effect from which a sentence speaks of it
OTHER_KIND = (BLUE, "D")


def say_area_shares(shares: pd.DataFrame) -> Finding | None:
    """Say how many people heard one by one would tell as much as those heard do, on a typical theme and at the least.

    Nothing where most numbers of areas are withheld, since then it is not known how alike people of one area are.
    """
    if shares.empty or shares.loc[shares["area"].ne(""), "observed"].isna().mean() > MOST_UNKNOWN:
        return None
    study, themes = study_of(shares), _by_theme(shares)
    people, first = len(study.participants), themes.iloc[0]
    numbers = {
        "typical": _as_many(people / themes["design_effect"].median()),
        "least": _as_many(people / first["design_effect"]),
    }
    form = "says" if first["design_effect"] >= ALIKE else "alike"
    return people_sentence(
        "area_shares", study, numbers, form=form, people=people, theme=first["theme"], **numbers
    )


def _as_many(people: float) -> int:
    return int(rounded(people, -1 if people >= SMALLEST_BASE else 0))


def table_area_shares(shares: pd.DataFrame) -> Table | None:
    """Return, theme by theme, the share in each kind of area with its interval, how alike people of one area are, and the pull."""
    study, kinds = study_of(shares), shares[shares["area"].eq("")].drop_duplicates("kind")
    if shares.empty or kinds["base"].min() < SMALLEST_BASE:
        return None
    rows, of = _by_theme(shares), shares[shares["area"].eq("")]
    for kind in kinds["kind"]:
        own = of[of["kind"].eq(kind)].set_index("code_id")
        rows[kind] = rows["code_id"].map({code: _with_interval(row) for code, row in own.iterrows()})
    heard = [
        f"{base} people in {kind} areas" for kind, base in zip(kinds["kind"], kinds["base"], strict=True)
    ]
    view = rows.assign(
        icc=[_of_icc(row) for row in rows.itertuples()],
        design_effect=[f"{rounded(effect, 1)}" for effect in rows["design_effect"]],
        pull=[f"{rounded(100 * pull)}" for pull in rows["pull"]],
    )
    places = {
        "within": shares.attrs["within"],
        "level": percent(study_of(shares).settings.interval_level),
        "bases": heard,
        "hidden": _hides(shares),
    }
    more = {kind: f"{kind.capitalize()}, %" for kind in kinds["kind"]}
    return people_table("area_shares", rows, study, view=view, more=more, **places)


def plot_area_shares(shares: pd.DataFrame) -> Figure | None:
    """Draw the areas with their estimates and intervals, for the themes on which areas of one kind vary most."""
    areas = shares[shares["area"].ne("") & shares["base"].ge(SMALLEST_BASE).fillna(False)]
    if not 1 < areas["area"].nunique() <= MOST_AREAS:
        return None
    study, level = study_of(shares), percent(study_of(shares).settings.interval_level)
    themes = _by_theme(areas)["code_id"].head(DRAWN)
    each = [(areas[areas["code_id"].eq(code)], shares[shares["code_id"].eq(code)]) for code in themes]
    canvas, axes = panels([height(own["area"]) for own, _ in each])
    with mpl.rc_context(STYLE):
        for ax, (own, every) in zip(axes, each, strict=True):
            _draw(ax, own, every[every["area"].eq("")].set_index("kind")["estimate"])
        row_axis(axes[-1], page_words("axes", "area_shares", level=level))
    rows = pd.concat([own for own, _ in each])
    data = rows[["theme"]].assign(
        place=_places(rows),
        observed=[_observed(row) for row in rows.itertuples()],
        estimate=[percent(share) for share in rows["estimate"]],
        interval=[
            f"{percent(low)} to {percent(high)}" for low, high in zip(rows["low"], rows["high"], strict=True)
        ],
    )
    about = {"name": "area_shares_drawn", "source": heard_by(study), "themes": len(each), "level": level}
    about |= {"missing": WITHHELD, "hidden": _hides(rows)}
    return drawn("area_shares_drawn", canvas, data, data.to_dict("records"), **about)


def _draw(ax: Axes, areas: pd.DataFrame, of_kinds: pd.Series) -> None:
    """Draw the areas of one theme, a row each, with the estimate of their kind as a line through its rows."""
    for place, row in enumerate(areas.itertuples()):
        colour, marker = KIND_MARKS.get(row.kind, OTHER_KIND)
        ax.hlines(place, 100 * row.low, 100 * row.high, color=colour, linewidth=2)
        ax.scatter(100 * row.estimate, place, s=50, color=colour, marker=marker, zorder=2)
        ax.vlines(100 * of_kinds[row.kind], place - 0.5, place + 0.5, color=colour, linestyle=":")
        if pd.notna(row.observed):
            ax.scatter(100 * row.observed, place, s=120, color="black", marker="|", zorder=3)
    name_rows(ax, _places(areas))
    ax.set(ylim=(len(areas) - 0.5, -0.5), xlim=(-2, 102))
    ax.set_title(areas["theme"].iloc[0], loc="left")
    percent_axis(ax)
    row_axis(ax, "")


def _places(rows: pd.DataFrame) -> list[str]:
    return [phrase("area_shares_drawn", "place", **row) for row in rows[["area", "kind"]].to_dict("records")]


def _by_theme(shares: pd.DataFrame) -> pd.DataFrame:
    """Return one row per theme, those on which areas of one kind vary most first, with how far areas are drawn to their kind."""
    pull = shares.groupby("code_id")["shrinkage"].mean()
    rows = shares.drop_duplicates("code_id")[["code_id", "theme", *OF_THEME]]
    rows = rows.assign(pull=rows["code_id"].map(pull))
    return rows.sort_values("icc", ascending=False, kind="stable", ignore_index=True)


def _of_icc(row) -> str:
    return "{} ({} to {})".format(*(rounded(icc, 2) for icc in (row.icc, row.icc_low, row.icc_high)))


def _hides(shares: pd.DataFrame) -> bool:
    return bool(shares["observed"].isna().any())


def _observed(row) -> str:
    return f"{row.n} of {row.base}" if pd.notna(row.n) else row.words or WITHHELD


def _with_interval(row: pd.Series) -> str:
    return "{} ({} to {})".format(*(rounded(100 * row[name]) for name in ("observed", "low", "high")))
