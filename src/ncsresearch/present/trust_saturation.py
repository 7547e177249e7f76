"""Whether further interviews would have brought new themes, in words, a table and a figure."""

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from ncsresearch.analysis.saturation import new_themes, saturation
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.evidence.groups import grouped_interviews, hears_people
from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.present.figure import BLUE, CLEAR, GREY, drawn, panels
from ncsresearch.present.outputs import STYLE, Figure, Finding, Table
from ncsresearch.present.people_heard import heard_by, people_sentence
from ncsresearch.present.sentence import capital
from ncsresearch.present.wording import page_words, phrase, sentence, worded_table
from ncsresearch.study.frames import study_of

GROUPS = {"area_id": "Area", "participant_group": "Group"}


def say_saturation(rows: pd.DataFrame) -> Finding | None:
    """Say after how many interviews new themes had all but ceased, or why that cannot be said of interviews."""
    if not hears_people(study_of(rows)):
        return None
    found = _publishable(rows)
    if found.empty:
        return sentence("saturation", "unknown", reason="few interviews were coded, or left uncoded")
    row = found.iloc[0].to_dict()
    if row["reason"]:
        return sentence("saturation", "unknown", **row)
    numbers = {"interviews": int(row["n_interviews"]), "themes": int(row["n_themes"])}
    numbers |= {"share_reached": round(float(row["share_reached"]), 3)}
    return people_sentence("saturation", study_of(rows), numbers, form=_form(row), **row)


def _publishable(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without those of a confidential study whose coded interviews are few, or all but a few."""
    study, by = study_of(rows), rows.attrs["by"]
    held = grouped_interviews(study, by=by).groupby("group", observed=True)["interview_id"].nunique()
    held = rows["group"].astype("str").map(held) if by else len(study.interviews)
    return rows[~below_threshold(rows["n_interviews"], study.settings.threshold, held)]


def _form(row: dict) -> str:
    return "unknown" if row["reason"] else "never" if pd.isna(row["reached_after"]) else "reached"


def _in_orders(row: dict) -> str:
    if row["reason"]:
        return ""
    return phrase("saturation_cells", "in_orders" if row["share_reached"] else "in_no_order", **row)


def say_saturation_by_kind(rows: pd.DataFrame) -> Finding | None:
    """Say for each kind of area after how many interviews new themes had all but ceased."""
    study, kinds, numbers = study_of(rows), [], {}
    curves = new_themes(study, by=rows.attrs["by"])
    last = curves[curves["n_new"].gt(0)].groupby("group")["place"].max()
    for row in _publishable(rows).dropna(subset="n_interviews").to_dict("records"):
        group, entry = row["group"], "saturation_by_kind"
        where = f"in areas {group}" if group.startswith("not ") else f"in {group} areas"
        kinds.append(phrase(entry, _form(row), **row, where=where, last=last.get(group)))
        numbers[group] = int(row["n_interviews"])
    if rows["reason"].ne("").all() or len(kinds) < 2:
        return None
    return people_sentence("saturation_by_kind", study, numbers, kinds=kinds)


def say_saturation_by_group(rows: pd.DataFrame) -> Finding | None:
    """Say in one sentence for each group after how many interviews new themes had all but ceased; of two groups at least."""
    study, found = study_of(rows), _publishable(rows)
    if rows.attrs["by"] != "participant_group" or (found := found[found["reason"].eq("")]).shape[0] < 2:
        return None
    groups = [phrase("saturation_by_group", _form(row), **row) for row in found.to_dict("records")]
    numbers = found.set_index("group")["n_interviews"].to_dict()
    places = found.iloc[0][["base", "run"]]
    return people_sentence("saturation_by_group", study, numbers, groups=groups, **places)


def plot_saturation(rows: pd.DataFrame) -> Figure | None:
    """Draw the themes found so far by interview, for each group, with the span of random orders."""
    study, rows = study_of(rows), _publishable(rows)
    curves = new_themes(study, by=rows.attrs["by"])
    curves = curves[curves["group"].isin(rows["group"])]
    if rows["reason"].ne("").all():
        return None
    groups = list(curves.groupby("group", sort=False))
    canvas, axes = panels([1.5] * len(groups))
    after = rows.set_index("group")["reached_after"]
    with mpl.rc_context(STYLE):
        for ax, (group, curve) in zip(axes, groups, strict=True):
            _draw_curve(ax, curve, after.get(group))
            ax.set(xlim=(0.5, curves["place"].max() + 0.5), ylim=(0, curves["high"].max() * 1.15))
            ax.set_title(f"{capital(group)}, themes found")
        axes[-1].set_xlabel(page_words("axes", "saturation", level=percent(study.settings.interval_level)))
    shown = curves.assign(group=curves["group"].map(capital))
    said = [{"group": group, "found": curve["n_so_far"]} for group, curve in groups]
    about = {"name": "saturation", "source": heard_by(study), "group": _heading(rows)}
    return drawn("saturation_drawn", canvas, shown, said, **about)


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
        ax.annotate(page_words("axes", "ceased", n=rounded(after)), (after, 1), (5, 0), **style)
    ax.xaxis.get_major_locator().set_params(integer=True)


def table_saturation(rows: pd.DataFrame) -> Table | None:
    """Return new themes in a run of interviews against those of the base, for all interviews and each group."""
    study = study_of(rows)
    whole, groups = _publishable(saturation(study)), _publishable(rows).dropna(subset="n_interviews")
    found = pd.concat([whole, groups], ignore_index=True) if len(groups) > 1 else whole
    if found["reason"].ne("").all():
        return None
    numbers, each = ("n_interviews", "n_themes", "n_base_themes", "n_later"), found.to_dict("records")
    curve = new_themes(study)
    view = found.assign(
        group=found["group"].map(capital),
        after=[phrase("saturation_cells", _form(row), **row) for row in each],
        orders=[_in_orders(row) for row in each],
        **{name: ["" if pd.isna(n) else f"{rounded(n):,}" for n in found[name]] for name in numbers},
    )
    return worded_table(
        "saturation",
        found.drop(columns=["base", "run"]),
        source=heard_by(study),
        view=view,
        most=rounded(100 * found["threshold"][0]),
        level=percent(study.settings.interval_level),
        group=_heading(rows),
        slow=bool(curve["n_so_far"].lt(curve["low"]).any()),
        **found.iloc[0][["base", "run"]],
    )
