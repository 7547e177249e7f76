"""Which groups differ in what they raised, as far as it may be shown?"""

import numpy as np
import pandas as pd

from ncsresearch.analysis.coding_error import CLAIMS, RECODED, coding_error, judgements_to_undo
from ncsresearch.analysis.contrasts import COUNTS
from ncsresearch.analysis.group_differences import ONE, WEIGHED, WITHHELD, group_differences, judged, weighed
from ncsresearch.analysis.partial_pooling import Side
from ncsresearch.analysis.sensitivity import DIFFERENCES, difference_sensitivity
from ncsresearch.disclosure import plan
from ncsresearch.disclosure.counts import counts
from ncsresearch.disclosure.mask import publishable_counts, withheld_counts
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.evidence.groups import grouped_people, hears_people
from ncsresearch.evidence.kinds import kinds_of
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.frames import framed, study_of

GROUPINGS = {
    "people by heard_from": {"by": "participant_group"},
    "people by area_type": {"by": "area_type"},
    "people by grouping": {},  # that the study adds, which the frame names
    "people of one group by stance": {"by": "client_group"},
    "client groups served": {"by": "area_type", "of": "service level"},
}
STATED = {"area_type": "area_type", "heard_from": "participant_group"}
IN_ANOTHER_CODING = [*RECODED[len(ONE) + 1 :], "judgements_to_undo"]


def compare(counted: pd.DataFrame) -> pd.DataFrame:
    """Compare the groups of a frame of counts, theme by theme, at the level where the groups vary.

    counted   what `counts`, `served` or `client_views` gave; of counts of one stance what was described so is compared

    Returns one row per theme and contrast, as group_differences, with what is withheld missing and its verdict
    withheld, and for claims on themes raised by kinds of area or participant groups
        n_turns_either, n_recodings, n_kept   how often a claim is found again in another coding, as coding_error gives it
        judgements_to_undo    how many people's codings would have to change, at least, by the counts that may be published
    No rows where passages were counted, which are never tested. Kinds of area are compared by what a reader
    knows of each area, so that an interval tells no more than the tables.
    Raises StudyError for a frame that is of no study.
    """
    study, kind = study_of(counted), counted.attrs["kind"]
    if kind not in GROUPINGS:
        return framed(pd.DataFrame(), "nothing compared", study)
    asked = GROUPINGS[kind] or {"by": counted.attrs["by"]}
    by, stance = asked["by"], counted.attrs.get("stance", "")
    rows = _of_groups_told_of(study, group_differences(study, **asked, stance=stance), by)
    shown = publishable_differences(study, rows, by=by, stance=stance)
    if by == "area_type" and study.settings.threshold and len(shown):
        shown = _by_printed_areas(study, shown, stance, areas="of" not in asked)
    shown = _coded_otherwise(study, shown, by, stated=not stance and "of" not in asked)
    what = "grouping" if by in study.settings.groupings else by
    what = "views of service" if "of" in asked else what
    return framed(shown, f"differences by {what}", study, **asked, stance=stance)


def _coded_otherwise(study: Study, rows: pd.DataFrame, by: str, *, stated: bool) -> pd.DataFrame:
    """Return what is compared with what other codings would make of what is claimed; nothing of a selection, and of stances."""
    stated = stated and by in STATED.values() and not study.slice and rows["verdict"].isin(CLAIMS).any()
    if not stated:
        return rows.assign(**dict.fromkeys(IN_ANOTHER_CODING, pd.array([pd.NA] * len(rows), dtype="Int64")))
    undone = judgements_to_undo(rows, level=study.settings.interval_level)
    rows = rows.assign(judgements_to_undo=undone)
    return rows.merge(coding_error(study, by=by), on=[*ONE, "verdict"], how="left")


def publishable_differences(study: Study, rows: pd.DataFrame, *, by: str, stance: str = "") -> pd.DataFrame:
    """Differences between groups, as group_differences gives them, as they may be told.

    Returns the rows with the counts of both sides and all that was worked out from them missing, and the verdict
    withheld, where a count of either may not be told; those rows come last and by name, since their place would
    tell their size.
    """
    hidden = withheld_counts(study)
    hidden = hidden[hidden["hidden"] & hidden["by"].isin(["", by]) & hidden["stance"].eq(stance)]
    keys = set(zip(hidden["code_id"], hidden["group"], strict=True))
    few = np.zeros(len(rows), dtype=bool)
    for side in ("", "_others"):
        n, base = rows[f"n_raised{side}"], rows[f"n_participants{side}"]
        few |= below_threshold(n, study.settings.threshold, base)
    sides = [
        any((code, name) in keys for name in (group, others, "everybody"))
        for code, group, others in zip(rows["code_id"], rows["group"], rows["others"], strict=True)
    ]
    gone = pd.Series(few | np.array(sides, dtype=bool) | _others_unplanned(study, by), index=rows.index)
    told = rows.astype(dict.fromkeys(COUNTS[::2], "Int64"))
    told = told.assign(**{name: told[name].mask(gone) for name in (*COUNTS[::2], *WEIGHED)})
    told = told.assign(verdict=told["verdict"].mask(gone, WITHHELD))
    return pd.concat([told[~gone], told[gone].sort_values(["group", "code_id"])], ignore_index=True)


def _others_unplanned(study: Study, by: str) -> bool:
    """Whether all others than a group are no sum of the plan: they leave out people who are in no group, which may be few."""
    if not study.settings.threshold or by not in ("participant_group", *study.settings.groupings):
        return False
    return grouped_people(study, by=by)["participant_id"].nunique() < len(study.participants)


def _of_groups_told_of(study: Study, rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the comparisons of groups of which anything may be told: none with a group too small for that, or of nothing.

    None of client groups in a confidential study: what people of one raised is in no plan.
    """
    if by == "client_group" and study.settings.threshold:
        return rows.iloc[:0]
    if by not in plan.groupings_of(study) or rows.empty:
        return rows
    if not rows[["n_raised", "n_raised_others"]].any(axis=None):
        return rows.iloc[:0]
    fewest = rows[["n_participants", "n_participants_others"]].min(axis=1)
    return rows[fewest.ge(study.settings.smallest_group)]


def _by_printed_areas(study: Study, rows: pd.DataFrame, stance: str, *, areas: bool) -> pd.DataFrame:
    """Return rural and urban areas compared by the numbers that are printed, and by no other."""
    rows = rows.set_index("code_id").sort_index()
    known = rows["n_raised"].notna()
    sides = []
    for kind, who in (("rural", ""), ("urban", "_others")):
        told = printed_areas(study, kind, stance)
        totals = rows[["n_raised" + who, "n_participants" + who]].where(known, 0)
        sides.append(_of_areas(told if areas else told.iloc[:0], totals))
    level = study.settings.interval_level
    told = judged(weighed(rows, *sides, level=level).reset_index(), level=level)
    told["verdict"] = told["verdict"].where(told["n_raised"].notna(), WITHHELD)
    return told[[*rows.reset_index().columns]]


def printed_side(study: Study, totals: pd.DataFrame, kind: str = "", stance: str = "") -> Side:
    """Return what a reader knows of each area of a kind, or of every area, with the areas of unknown size as one, the last.

    totals   n and base of the kind, or of everybody, by code_id; both 0 where the number is withheld
    """
    return _of_areas(printed_areas(study, kind, stance), totals)


def printed_areas(study: Study, kind: str = "", stance: str = "") -> pd.DataFrame:
    """Return the publishable counts of the areas of a kind, or of every area, whose number of people is printed, by name."""
    told = publishable_counts(study, by="area_id", stance=stance).astype({"group": "str"})
    kinds = kinds_of(study.areas.set_index("name")["area_type"])
    own = told["group"].map(kinds).eq(kind) if kind else True
    return told[told["base"].notna() & own].sort_values("group", kind="stable")


def _of_areas(told: pd.DataFrame, totals: pd.DataFrame) -> Side:
    n, base = totals.set_axis(["n", "base"], axis=1).to_numpy("int64").T
    ends = (_by_theme(told, name, totals.index) * (base > 0) for name in ("base", "least", "most"))
    heard, least, most = ends
    left = base - heard.sum(axis=0)
    areas = ((heard, left), (least, 0 * left), (most, np.minimum(left, n)))
    return Side(*map(np.vstack, areas), n)


def _by_theme(told: pd.DataFrame, name: str, themes: pd.Index) -> np.ndarray:
    """Return a column of publishable counts, areas by themes."""
    table = told.pivot(index="group", columns="code_id", values=name).reindex(columns=themes)
    return table.astype("float64").fillna(0).to_numpy("int64")


def stated_differences(study: Study) -> pd.DataFrame:
    """Every claim of the chapters that groups differ or are equivalent, with one thing left out and with codings changed.

    Returns the rows of difference_sensitivity for the themes and contrasts whose verdict is one of the two, of kinds of area,
    and of a participant group from all others, each with
        verdict, n_turns_either, n_recodings, n_kept, judgements_to_undo   as compare gives them
    In a confidential study areas alone are left out, and n_turned says only what follows from the numbers that are
    printed; it is missing where that leaves it open, and for participant groups, whose people are not counted by area.
    No rows for published evidence and for a selection.
    """
    found = [pd.DataFrame(columns=[*DIFFERENCES, "verdict", *IN_ANOTHER_CODING])]
    for by, grouping in STATED.items() if hears_people(study) and not study.slice else ():
        rows = compare(counts(study, by=by))
        stated = rows[rows["verdict"].isin(CLAIMS)] if len(rows) else rows
        if len(stated):
            stated = stated[[*ONE, "verdict", *IN_ANOTHER_CODING]]
            moved = difference_sensitivity(study, by=grouping)
            moved = _as_far_as_known(study, moved) if study.settings.threshold else moved
            found.append(moved.merge(stated, on=ONE))
    rows = pd.concat([table for table in found if len(table)] or found[:1], ignore_index=True)
    return framed(rows, "stated differences", study)


def _as_far_as_known(study: Study, moved: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of areas left out with how many surely turn a difference, where a reader knows that from printed numbers."""
    rows = moved[moved["left_out"].eq("area")]
    worked_out = dict.fromkeys(["difference", "lowest", "highest"], np.nan) | {"turned_by": ""}
    n_turned = [
        _surely_turned(study, code) if group in COMPARED else pd.NA
        for code, group in zip(rows["code_id"], rows["group"], strict=True)
    ]
    return rows.assign(**worked_out, n_turned=pd.array(n_turned, dtype="Int64"))


def _surely_turned(study: Study, code_id: str) -> object:
    """Return how many areas surely turn the difference of rural from urban areas when left out; missing where it may be more."""
    told = publishable_counts(study, by="area_type")
    sides = [_without_each_area(study, told, kind, code_id) for kind in COMPARED]
    if any(side is None for side in sides):
        return pd.NA
    (rural, whole), (urban, other) = sides
    ends = np.vstack([rural - other, whole - urban]) * np.sign(whole - other)
    surely, maybe = (ends <= 0).all(axis=1).sum(), (ends <= 0).any(axis=1).sum()
    return int(surely) if surely == maybe else pd.NA


def _without_each_area(
    study: Study, told: pd.DataFrame, kind: str, code_id: str
) -> tuple[np.ndarray, float] | None:
    """Return the share of a kind of area without each of its areas, at both ends of what is known, and with all; none if not known."""
    own = told[told["group"].eq(kind) & told["code_id"].eq(code_id)]
    areas = printed_areas(study, kind)
    areas = areas[areas["code_id"].eq(code_id)]
    if own["n"].isna().all() or areas["base"].sum() != own["base"].sum() or len(areas) < 2:
        return None
    n, base = int(own["n"].iloc[0]), int(own["base"].iloc[0])
    left = areas[["least", "most"]].rsub(n).div(base - areas["base"], axis=0)
    return left.to_numpy("float64"), n / base
