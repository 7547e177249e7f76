"""Whether further interviews would have brought new themes, in words, a table and a figure."""

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from ncsresearch.analysis.saturation import ORDERS, new_themes, saturation
from ncsresearch.present.figure import BLUE, CLEAR, GREY, _panels
from ncsresearch.present.media import STYLE, Figure, Finding, Table
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.sentence import capital, listed
from ncsresearch.present.trust import level_of
from ncsresearch.present.wording import filled, phrases, sentence, worded_table, words
from ncsresearch.study.frames import study_of

GROUPS = {"area_id": "Area", "participant_group": "Group"}


def say_saturation(rows: pd.DataFrame) -> Finding:
    """Say after how many interviews new themes had all but ceased, or why that cannot be said."""
    row = rows.iloc[0]
    if row["reason"]:
        return sentence("saturation", "unknown", reason=row["reason"])
    numbers = {"interviews": int(row["n_interviews"]), "themes": int(row["n_themes"])}
    numbers |= {"share_reached": round(float(row["share_reached"]), 3)}
    return sentence(
        "saturation",
        _form(row),
        of={"numbers": numbers, "source": heard_by(study_of(rows))},
        n=numbers["interviews"],
        themes=numbers["themes"],
        first=int(row["n_base_themes"]),
        last=int(row["n_last_run"]),
        after=f"{row['reached_after']:.0f}",
        later=_later(row, "saturation"),
        most=f"{100 * row['threshold']:.0f}",
        orders=_in_any_order(row),
        **row[["base", "run"]],
    )


def _form(row: pd.Series) -> str:
    return "unknown" if row["reason"] else "never" if pd.isna(row["reached_after"]) else "reached"


def _later(row: pd.Series, entry: str) -> str:
    if not row["n_later"] > 0:
        return ""
    return phrases(entry, "later", [{"later": int(row["n_later"]), "themes": int(row["n_themes"])}])[0]


def _in_any_order(row: pd.Series) -> str:
    share = row["share_reached"]
    held = "all" if share == 1 else f"{100 * share:.0f}%"
    told = {"held": held, "orders": f"{ORDERS:,}", "middle": f"{row['median_after']:.0f}", "span": _span(row)}
    return phrases("saturation", "orders" if share else "no_order", [told])[0]


def _span(row: pd.Series) -> str:
    return f"{row['low_after']:.0f} to {row['high_after']:.0f}"


def say_saturation_by_kind(rows: pd.DataFrame) -> Finding | None:
    """Say for each kind of area after how many interviews new themes had all but ceased."""
    study = study_of(rows)
    kinds = rows.dropna(subset="n_interviews")
    if kinds.empty:
        return None
    numbers = {str(row["group"]): int(row["n_interviews"]) for _, row in kinds.iterrows()}
    told = [_of_kind(row) for _, row in kinds.iterrows()]
    return sentence("saturation_by_kind", of={"numbers": numbers, "source": heard_by(study)}, told=told)


def _of_kind(row: pd.Series) -> str:
    group = row["group"]
    told = {
        "where": f"in areas {group}" if group.startswith("not ") else f"in {group} areas",
        "n": int(row["n_interviews"]),
        "reason": row["reason"],
        "after": f"{row['reached_after']:.0f}",
        "later": _later(row, "saturation_by_kind"),
    }
    return phrases("saturation_by_kind", _form(row), [told])[0]


def plot_saturation(rows: pd.DataFrame) -> Figure | None:
    """Draw the themes found so far by interview, for each group, with the span of random orders."""
    study = study_of(rows)
    curves = new_themes(study, by=rows.attrs["by"])
    if curves.empty:
        return None
    groups = list(curves.groupby("group", sort=False))
    canvas, axes = _panels([1.5] * len(groups))
    after = rows.set_index("group")["reached_after"]
    with mpl.rc_context(STYLE):
        for ax, (group, curve) in zip(axes, groups, strict=True):
            _draw_curve(ax, curve, after.get(group))
            ax.set(xlim=(0.5, curves["place"].max() + 0.5), ylim=(0, curves["high"].max() * 1.15))
            ax.set_title(f"{capital(group)}, themes found")
        axes[-1].set_xlabel(
            f"Interviews, in the order of the study;\nshaded: {level_of(study)} of random orders"
        )
    alt = filled(
        words("sentences")["saturation"]["drawn"],
        told=[f"{group}: {listed(curve['n_so_far'])}" for group, curve in groups],
    )
    shown = curves.assign(group=curves["group"].map(capital))
    data = worded_table(
        "saturation_drawn", shown, name="saturation", source=heard_by(study), group=_heading(rows)
    )
    return Figure("saturation", canvas, alt, data)


def _heading(rows: pd.DataFrame) -> str:
    return GROUPS.get(rows.attrs["by"], "Area type")


def _draw_curve(ax: Axes, curve: pd.DataFrame, after) -> None:
    ax.fill_between(
        curve["place"], curve["low"], curve["high"], color=BLUE, alpha=0.2, linewidth=0, step="post"
    )
    ax.plot(curve["place"], curve["n_so_far"], color=BLUE, linewidth=2, drawstyle="steps-post")
    if pd.notna(after):
        ax.axvline(after, color=GREY, linestyle="--", linewidth=1.2)
        style = {"textcoords": "offset points", "va": "bottom", "bbox": CLEAR}
        ax.annotate(f"all but ceased after {after:.0f}", (after, 1), (5, 0), **style)
    ax.xaxis.get_major_locator().set_params(integer=True)


def table_saturation(rows: pd.DataFrame) -> Table:
    """Return new themes in a run of interviews against those of the base, for all interviews and each group."""
    study = study_of(rows)
    whole, groups = saturation(study), rows.dropna(subset="n_interviews")
    found = pd.concat([each for each in (whole, groups) if len(each)], ignore_index=True)
    numbers = ("n_interviews", "n_themes", "n_base_themes", "n_later")
    view = found.assign(
        group=found["group"].map(capital),
        after=[_reached(row) for _, row in found.iterrows()],
        orders=[_orders(row) for _, row in found.iterrows()],
        **{name: ["" if pd.isna(n) else f"{n:,.0f}" for n in found[name]] for name in numbers},
    )
    return worded_table(
        "saturation",
        found.drop(columns=["base", "run"]),
        source=heard_by(study),
        view=view,
        most=f"{100 * found['threshold'][0]:.0f}",
        level=level_of(study),
        group=_heading(rows),
        **found.iloc[0][["base", "run"]],
    )


def _reached(row: pd.Series) -> str:
    if row["reason"]:
        return f"not given: {row['reason']}"
    return "not reached" if pd.isna(row["reached_after"]) else f"interview {row['reached_after']:.0f}"


def _orders(row: pd.Series) -> str:
    if row["reason"]:
        return ""
    if not row["share_reached"]:
        return "reached in none"
    share = "" if row["share_reached"] == 1 else f", reached in {100 * row['share_reached']:.0f}%"
    return f"{row['median_after']:.0f} ({_span(row)}){share}"
