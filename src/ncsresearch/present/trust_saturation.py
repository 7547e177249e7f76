"""Whether further interviews would have brought new themes, in words, a table and a figure."""

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from ncsresearch.analysis.saturation import ALL, ORDERS, new_themes, saturation
from ncsresearch.present.figure import BLUE, CLEAR, DATA, GREY, _nothing, _panels
from ncsresearch.present.media import STYLE, Figure, Finding, Table
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.sentence import capital, counted, listed
from ncsresearch.study import Study

BASE_OF_IT = "interviews in which the reporting coder coded anything"


def say_saturation(study: Study) -> Finding:
    """Say after how many interviews new themes had all but ceased, or why that cannot be said."""
    row = saturation(study).iloc[0]
    if row["not_given_because"]:
        return Finding(
            "saturation", f"Whether new themes had ceased cannot be said: {row['not_given_because']}."
        )
    n, found = int(row["n_interviews"]), counted(int(row["n_themes"]), "theme")
    rule = (
        f"the first {row['base']} brought {counted(int(row['n_base_themes']), 'theme')}, and a run of {row['run']} then added no "
        f"more than {100 * row['threshold']:.0f}% to them"
    )
    if pd.isna(row["reached_after"]):
        sentence = (
            f"In {counted(n, 'interview')} {found} were found and new ones went on coming: {_last(row)}."
        )
    else:
        sentence = f"New themes had all but ceased after interview {row['reached_after']:.0f}, of {counted(n, 'interview')} held: {rule}.{_later(row)}"
    numbers = {
        "interviews": n,
        "themes": int(row["n_themes"]),
        "share_reached": round(float(row["share_reached"]), 3),
    }
    return Finding("saturation", f"{sentence} {_in_any_order(row)}", numbers, source=heard_by(study))


def _later(row: pd.Series) -> str:
    if not row["n_later"]:
        return ""
    return f" That was too early: later interviews still brought {row['n_later']:.0f} of the {counted(int(row['n_themes']), 'theme')}."


def _last(row: pd.Series) -> str:
    return f"the last {row['run']} added {row['n_last_run']:.0f} to the {row['n_base_themes']:.0f} of the first {row['base']}"


def _in_any_order(row: pd.Series) -> str:
    if not row["share_reached"]:
        return f"Nor is it so in any of {ORDERS:,} random orders of them."
    held = "all" if row["share_reached"] == 1 else f"{100 * row['share_reached']:.0f}%"
    return (
        f"Put in random order the interviews come to it in {held} of {ORDERS:,} orders, after {row['median_after']:.0f} in the "
        f"middle one, most of them after {_span(row)}."
    )


def _span(row: pd.Series) -> str:
    return f"{row['low_after']:.0f} to {row['high_after']:.0f}"


def say_saturation_by_kind(study: Study) -> Finding:
    """Say for each kind of area after how many interviews new themes had all but ceased."""
    rows = saturation(study, by="area_type")
    rows = rows[rows["group"].ne(ALL)] if len(rows) else rows
    if rows.empty:
        return Finding("saturation_by_kind", "There are no interviews to divide by kind of area.")
    told = [_of_kind(row) for _, row in rows.iterrows()]
    numbers = {str(row["group"]): int(row["n_interviews"]) for _, row in rows.iterrows()}
    sentence = f"By the rule of base and run, new themes had all but ceased {'; '.join(told)}."
    return Finding("saturation_by_kind", sentence, numbers, source=heard_by(study))


def _of_kind(row: pd.Series) -> str:
    group, n = row["group"], counted(int(row["n_interviews"]), "interview")
    where = f"in areas {group}" if group.startswith("not ") else f"in {group} areas"
    if row["not_given_because"]:
        return f"{where} nobody can say when, as {row['not_given_because']}"
    if pd.isna(row["reached_after"]):
        return f"{where} not within {n}"
    later = (
        f", too early, as {counted(int(row['n_later']), 'new theme')} came after" if row["n_later"] else ""
    )
    return f"{where} after interview {row['reached_after']:.0f}, of {n} held{later}"


def _level(study: Study) -> str:
    return f"{100 * study.settings.interval_level:.0f}%"


def plot_saturation(study: Study) -> Figure:
    """Draw the themes found so far by interview, for each kind of area, with the span of random orders."""
    curves, rows = new_themes(study, by="area_type"), saturation(study, by="area_type")
    if curves.empty:
        return _nothing("saturation")
    groups = list(curves.groupby("group", sort=False))
    canvas, axes = _panels([1.5] * len(groups))
    after = rows.set_index("group")["reached_after"]
    with mpl.rc_context(STYLE):
        for ax, (group, curve) in zip(axes, groups, strict=True):
            _draw_curve(ax, curve, after.get(group))
            ax.set(xlim=(0.5, curves["place"].max() + 0.5), ylim=(0, curves["high"].max() * 1.15))
            ax.set_title(f"{capital(group)}, themes found")
        axes[-1].set_xlabel(
            f"Interviews, in the order of the study;\nshaded: {_level(study)} of random orders"
        )
    said = "; ".join(f"{group}: {listed(curve['n_so_far'])}" for group, curve in groups)
    shown = {"group": "Area type", "place": "Interview", "n_so_far": "Themes so far"}
    shown |= {"low": "Random orders from", "high": "Random orders to"}
    data = Table(
        "saturation",
        f"{DATA}: themes found so far",
        curves.assign(group=curves["group"].map(capital)),
        shown,
        BASE_OF_IT,
        heard_by(study),
    )
    alt = f"Lines of the themes found so far, interview by interview. {said}."
    return Figure("saturation", canvas, alt, data)


def _draw_curve(ax: Axes, curve: pd.DataFrame, after) -> None:
    ax.fill_between(
        curve["place"], curve["low"], curve["high"], color=BLUE, alpha=0.2, linewidth=0, step="post"
    )
    ax.plot(curve["place"], curve["n_so_far"], color=BLUE, linewidth=2, drawstyle="steps-post")
    if pd.notna(after):
        ax.axvline(after, color=GREY, linestyle="--", linewidth=1.2)
        words = {"textcoords": "offset points", "va": "bottom", "bbox": CLEAR}
        ax.annotate(f"all but ceased after {after:.0f}", (after, 1), (5, 0), **words)
    ax.xaxis.get_major_locator().set_params(integer=True)


def table_saturation(study: Study) -> Table:
    """Return new themes in a run of interviews against those of the base, for all interviews and each kind of area."""
    whole, kinds = saturation(study), saturation(study, by="area_type")
    kinds = kinds[kinds["group"].ne(ALL)]
    rows = pd.concat([table for table in (whole, kinds) if len(table)], ignore_index=True)
    view = rows.assign(
        group=rows["group"].map(capital),
        after=[_reached(row) for _, row in rows.iterrows()],
        orders=[_orders(row) for _, row in rows.iterrows()],
        **{name: rows[name].map(_whole) for name in ("n_interviews", "n_themes", "n_base_themes", "n_later")},
    )
    shown = {"group": "Area type", "n_interviews": "Interviews", "n_themes": "Themes"}
    shown |= {"n_base_themes": "Themes of the base", "after": "All but ceased after"}
    shown |= {"n_later": "New themes after that", "orders": "In random orders"}
    row = rows.iloc[0]
    note = (
        f"All but ceased: the next {row['run']} bring at most {100 * row['threshold']:.0f}% as many new themes as the first "
        f"{row['base']} did (Guest, Namey and Chen 2020). In random orders: interviews it takes in the middle order, and "
        f"the {_level(study)} interval. A theme is a code of the codebook."
    )
    caption = "Where new themes all but ceased"
    rows = rows.drop(columns=["base", "run"])
    return Table("saturation", caption, rows, shown, BASE_OF_IT, heard_by(study), note, view)


def _whole(value) -> str:
    return "" if pd.isna(value) else f"{value:,.0f}"


def _reached(row: pd.Series) -> str:
    if row["not_given_because"]:
        return f"not given: {row['not_given_because']}"
    return "not reached" if pd.isna(row["reached_after"]) else f"interview {row['reached_after']:.0f}"


def _orders(row: pd.Series) -> str:
    if row["not_given_because"]:
        return ""
    if not row["share_reached"]:
        return "reached in none"
    share = "" if row["share_reached"] == 1 else f", reached in {100 * row['share_reached']:.0f}%"
    return f"{row['median_after']:.0f} ({_span(row)}){share}"
