"""Would a finding change if something were left out: in words and a table."""

import pandas as pd

from ncsresearch.analysis.group_differences import group_differences
from ncsresearch.analysis.sensitivity import DIFFERENCES, SHARES, difference_sensitivity, share_sensitivity
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.evidence.groups import hears_people
from ncsresearch.present.media import WITHHELD, Finding, Table
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.sentence import counted, listed, no_evidence, small
from ncsresearch.present.table import SMALLEST_BASE
from ncsresearch.study import Study

FINDINGS = {"area_type": "direction", "participant_group": "difference"}
MOVES = 0.05
_NO_SHARES = pd.DataFrame(columns=SHARES)
HEADINGS = {
    "interview": "Without one interview",
    "area": "Without one area",
    "code": "Without one code below it",
    "coder": "By the other coder",
}


def said_of_groups(study: Study) -> pd.DataFrame:
    """Every difference between groups that the chapters state, with what it is when one thing is left out.

    Returns the rows of difference_sensitivity for the themes and contrasts that group_differences lets a
    chapter state: a direction between kinds of area, a difference of a participant group from all others. No
    rows for published evidence.
    """
    if not hears_people(study):
        return pd.DataFrame(columns=DIFFERENCES)
    found = []
    for by, claim in FINDINGS.items():
        rows = group_differences(study, by=by)
        stated = rows.loc[rows["claim"].eq(claim), ["code_id", "group", "others"]]
        found.append(difference_sensitivity(study, by=by).merge(stated, on=["code_id", "group", "others"]))
    return pd.concat(found, ignore_index=True)


def say_sensitivity(stated: pd.DataFrame, study: Study) -> Finding:
    """Say how many stated differences keep their direction whatever one interview or area is left out."""
    if stated.empty:
        return no_evidence("sensitivity", "differences between groups that a chapter states")
    one = ["code_id", "group"]
    turned = stated[stated["n_turned"].gt(0)].drop_duplicates(one)
    n, kept = len(stated.drop_duplicates(one)), len(stated.drop_duplicates(one)) - len(turned)
    sentence = f"{kept} of {counted(n, 'stated difference')} between groups keep their direction whichever interview or area is left out"
    if len(turned):
        told = listed(f"{small(row.theme)} ({row.turned_by})" for row in turned.head(3).itertuples())
        sentence += f"; what turns the others: {told}"
    return Finding("sensitivity", f"{sentence}.", {"stated": n, "kept": kept}, source=heard_by(study))


def table_said_of_groups(stated: pd.DataFrame, study: Study) -> Table:
    """Return the stated differences with their range when one interview or one area is left out."""
    bears = stated[["n_participants", "n_participants_others"]].min(axis=1).ge(SMALLEST_BASE)
    tells = not study.settings.threshold
    rows = stated.assign(
        span=[_points(row.lowest, row.highest) if tells else _kept(row) for row in stated.itertuples()],
        points=[_points(row.difference) if tells else WITHHELD for row in stated.itertuples()],
    )
    rows = rows.assign(
        **{name: rows[name].where(bears, f"base under {SMALLEST_BASE}") for name in ("span", "points")}
    )
    table = (
        rows.pivot(index=["theme", "group", "points"], columns="left_out", values="span")
        if len(rows)
        else rows
    )
    table = table.reset_index().rename_axis(columns=None)
    shown = {"theme": "Theme", "group": "Group", "points": "Difference, points"}
    shown |= {kind: HEADINGS[kind] for kind in ("interview", "area")}
    table = table.reindex(columns=list(shown)).sort_values(["group", "theme"], ignore_index=True)
    caption = "Differences that the chapters state, when one thing is left out"
    base = "people heard, each group beside all others and rural beside urban areas"
    return Table("stated_differences", caption, table, shown, base, heard_by(study))


def _kept(row) -> str:
    """Say whether a difference keeps its direction, where its points would give counts of an area away."""
    return row.not_given_because or ("keeps its direction" if not row.n_turned else "turns or goes")


def _points(low: float, high: float | None = None) -> str:
    if pd.isna(low):
        return "nobody is left"
    return f"{100 * low:+.0f}" if high is None else f"{100 * low:+.0f} to {100 * high:+.0f}"


def say_shares_move(study: Study) -> Finding:
    """Say which shares of people move by five points or more when one thing is left out."""
    rows = share_sensitivity(study)
    rows = rows[rows["n_tried"].gt(0) & rows["left_out"].isin(["interview", "area", "coder"])]
    rows = rows[rows["n_participants"].ge(SMALLEST_BASE)]
    if rows.empty:
        return no_evidence("shares_move", "how far shares depend on one interview, area or coder")
    reach = (rows["highest"] - rows["share"]).abs().combine((rows["lowest"] - rows["share"]).abs(), max)
    parts = []
    for kind, words in (
        ("interview", "one interview"),
        ("area", "one area"),
        ("coder", "the other coder's judgements"),
    ):
        own = rows["left_out"].eq(kind)
        moved = int((own & reach.ge(MOVES)).sum())
        parts.append(f"{words}, {counted(moved, 'theme')}") if own.any() else None
    n = rows["code_id"].nunique()
    sentence = f"Of the shares of {counted(n, 'theme')}, those that move by five points or more, with or without: {listed(parts)}."
    return Finding("shares_move", sentence, {"themes": n}, source=heard_by(study))


def table_shares_move(study: Study) -> Table:
    """Return the share of people who raised each theme with its range when one thing is left out."""
    rows = share_sensitivity(study) if len(study.participants) >= SMALLEST_BASE else _NO_SHARES
    span = [_percent(row) if not study.settings.threshold else _moved(row) for row in rows.itertuples()]
    whole = publishable_counts(study).set_index("theme")["share"]
    table = (
        rows.assign(span=span).pivot(index="theme", columns="left_out", values="span") if len(rows) else rows
    )
    table = table.reset_index().rename_axis(columns=None)
    shown = {"theme": "Theme", "share": "Raised it, %"} | HEADINGS
    table = table.assign(share=table["theme"].map(whole)) if len(rows) else table
    table = table.reindex(columns=list(shown)).sort_values(
        "share", ascending=False, ignore_index=True, kind="stable"
    )
    note = "By the other coder: her or his share beside the reporting coder's, in the interviews that both coded."
    caption = "Share of the people who raised each theme, when one thing is left out"
    base = f"{len(study.participants)} people heard; in the last column those in interviews that both coders coded"
    return Table("shares_move", caption, table, shown, base, heard_by(study), note, missing=WITHHELD)


def _moved(row) -> str:
    """Say how far a share moves, where its values would give counts of an interview or area away."""
    if not row.n_tried or row.n_participants < SMALLEST_BASE:
        return ""
    reach = max(abs(row.highest - row.share), abs(row.lowest - row.share))
    return "5 points or more" if reach >= MOVES else "under 5 points"


def _percent(row) -> str:
    if not row.n_tried:
        return ""
    if row.n_participants < SMALLEST_BASE:
        return f"base under {SMALLEST_BASE}"
    if row.left_out == "coder":
        return f"{100 * row.lowest:.0f}% beside {100 * row.share:.0f}%"
    return f"{100 * row.lowest:.0f}% to {100 * row.highest:.0f}%"
