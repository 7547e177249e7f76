"""Would a finding change if something were left out or coded otherwise: in words and tables."""

import pandas as pd

from ncsresearch.analysis.group_differences import DIFFERS
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.present.outputs import UNKNOWN, WITHHELD, Finding, Table
from ncsresearch.present.people_heard import heard_by, people_sentence
from ncsresearch.present.sentence import lower_first
from ncsresearch.present.table import SMALLEST_BASE
from ncsresearch.present.wording import phrase, phrases, worded_table, words
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

MOVES = 0.05
MOVED_BY = ("interview", "area", "coder")
FAR, NEAR = "5 points or more", "under 5 points"
OFTEN, SELDOM, FEW_TURNS = 0.95, 0.80, 10
ROUGHLY = {95: "95% or more", 80: "80% to 94%", 50: "50% to 79%", 0: "under 50%"}
TOO_FEW = f"base under {SMALLEST_BASE}"


def say_stated_differences(rows: pd.DataFrame) -> Finding | None:
    """Say how many stated differences keep their direction whatever one interview or area is left out, as far as that is known."""
    study, rows = study_of(rows), rows[rows["verdict"].eq(DIFFERS) & rows["n_turned"].notna()]
    if rows.empty:
        return None
    turned, n = _once(rows[rows["n_turned"].gt(0)]), len(_once(rows))
    numbers = {"stated": n, "kept": n - len(turned)}
    themes = phrases("sensitivity", "turned", turned.drop_duplicates("theme")[["theme"]].to_dict("records"))
    left_out = "area" if study.settings.threshold else "interview or area"
    kinds = rows["group"].isin(COMPARED).all()
    places = {"left_out": left_out, "groups": "rural and urban areas" if kinds else "groups"}
    return people_sentence("sensitivity", study, numbers, n=n, kept=numbers["kept"], turned=themes, **places)


def say_coding_error(rows: pd.DataFrame) -> Finding | None:
    """Say how many claims about groups another coder's codings would bear, and what a different coding of one person could undo."""
    study, rows = study_of(rows), _once(rows).sort_values(["theme", "group"])
    if rows.empty:
        return None
    known = rows.dropna(subset="n_kept")
    share = known["n_kept"] / known["n_recodings"]
    few = known[known["n_turns_either"].lt(FEW_TURNS)].drop_duplicates("theme")
    numbers = {"stated": len(rows), "recoded": len(known), "found_again": int(share.ge(OFTEN).sum())}
    told = {"seldom": known[share.lt(SELDOM)], "single": rows[rows["judgements_to_undo"].eq(1)], "few": few}
    named = {
        name: phrases("coding_error", "theme" if name == "few" else "claim", own.to_dict("records"))
        for name, own in told.items()
    }
    places = {"often": round(100 * OFTEN), "seldom_times": round(100 * SELDOM), "few_turns": FEW_TURNS}
    places |= {
        "judged": bool(rows["judgements_to_undo"].notna().all()),
        "alike": rows["verdict"].ne(DIFFERS).any(),
    }
    if known.empty and not named["single"] and not places["judged"]:
        return None
    return people_sentence("coding_error", study, numbers, **numbers, **named, **places)


def table_stated_differences(rows: pd.DataFrame) -> Table | None:
    """Return what is stated of groups, with its range when one thing is left out, and what other codings would make of it.

    In a confidential study how often it is found again in words, and what is left out only where a direction is not kept.
    """
    study = study_of(rows)
    if rows.empty:
        return None
    tells = not study.settings.threshold
    still = not tells and rows["n_turned"].fillna(0).eq(0).all() and rows["reason"].eq("").all()
    bears = rows[["n_participants", "n_participants_others"]].min(axis=1).ge(SMALLEST_BASE)
    shown = rows.assign(
        span=[_points(row.lowest, row.highest) if tells else _kept(row) for row in rows.itertuples()],
        points=[_points(row.difference) if tells else WITHHELD for row in rows.itertuples()],
        **coded_otherwise(rows, tells=tells),
    )
    shown = shown.assign(**{name: shown[name].where(bears, TOO_FEW) for name in ("span", "points")})
    index = ["theme", "group", "verdict", "points", "again", "judgements_to_undo"]
    table = _side_by_side("stated_differences", shown.assign(span=None) if still else shown, index)
    table = table if tells else table.assign(points=None)  # a mark in every row would be a column of nothing
    table = table.sort_values(["group", "theme"], ignore_index=True)
    one = ["verdict"] if table["verdict"].nunique() == 1 else []
    unknown = ["again"] if table["again"].eq(UNKNOWN).all() else []
    without = [*_empty(table), *one, *unknown]
    return worded_table(
        "stated_differences",
        table,
        source=heard_by(study),
        without=without,
        otherwise=phrase("coding_error", "otherwise", again=not unknown),
        kept=not still,
    )


def coded_otherwise(rows: pd.DataFrame, *, tells: bool) -> dict[str, list[str]]:
    """Return what another coding would make of each difference, as cells of a table.

    tells   whether the share of codings that find it may be given to the point
    """
    again = [_found_again(row, tells=tells) for row in rows.itertuples()]
    undo = [UNKNOWN if pd.isna(n) else str(n) for n in rows["judgements_to_undo"]]
    return {"again": again, "judgements_to_undo": undo}


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each comparison."""
    return rows.drop_duplicates(["code_id", "group", "others"])


def _found_again(row, *, tells: bool) -> str:
    """Say in which share of other codings something is found again; roughly, where the share rests on what is not shown."""
    if pd.isna(row.n_kept):
        return UNKNOWN
    share = row.n_kept / row.n_recodings
    told = percent(share) if tells else next(said for least, said in ROUGHLY.items() if 100 * share >= least)
    few = row.n_turns_either < FEW_TURNS
    return told + phrase("coding_error", "of_few", few_turns=FEW_TURNS) * bool(few)


def _side_by_side(entry: str, rows: pd.DataFrame, index: list[str]) -> pd.DataFrame:
    """Return what was left out in columns, in the order of the table's words."""
    table = rows.pivot(index=index, columns="left_out", values="span").reset_index().rename_axis(columns=None)
    return table.reindex(columns=list(words("tables")[entry]["columns"]))


def _empty(table: pd.DataFrame) -> list[str]:
    """Return the columns of what nothing was left out of."""
    return [name for name in table if table[name].isna().all()]


def _kept(row) -> str | None:
    """Say whether a difference keeps its direction, where its points would give counts of an area away; of equals nothing."""
    if row.verdict != DIFFERS:
        return None
    if pd.isna(row.n_turned):
        return WITHHELD
    return row.reason or ("keeps its direction" if not row.n_turned else "turns or goes")


def _points(low: float, high: float | None = None) -> str:
    if pd.isna(low):
        return "nobody is left"
    return f"{rounded(100 * low):+}" if high is None else f"{rounded(100 * low):+} to {rounded(100 * high):+}"


def say_sensitivity(rows: pd.DataFrame) -> Finding | None:
    """Say which shares of people move by five points or more when one thing is left out."""
    study = study_of(rows)
    rows = rows[rows["n_tried"].gt(0) & rows["left_out"].isin(MOVED_BY)]
    rows = rows[rows["n_participants"].ge(SMALLEST_BASE)]
    if rows.empty or not rows["share"].any():
        return None
    rows = rows.assign(moves=_moved(rows, study))
    moves: list[str] = []
    for kind, own in ((kind, rows[rows["left_out"].eq(kind)]) for kind in MOVED_BY):
        shown, far = own[own["moves"].ne(WITHHELD)], own[own["moves"].eq(FAR)]
        places = {"n": len(far), "themes": len(shown), "withheld": len(own) - len(shown)}
        named = [*map(lower_first, far["theme"])]
        moved = phrase("shares_move", "moved" if named else "still", named=named, **places)
        moves += [phrase("shares_move", kind, moved=moved)] if len(shown) else []
    numbers = {"themes": rows["code_id"].nunique()}
    return people_sentence("shares_move", study, numbers, moves=moves) if moves else None


def table_sensitivity(rows: pd.DataFrame) -> Table | None:
    """Return the share of people who raised each theme with its range when one thing is left out."""
    study = study_of(rows)
    n, tells = len(study.participants), not study.settings.threshold
    whole = publishable_counts(study).set_index("theme")["share"]
    if n < SMALLEST_BASE or not whole.any():
        return None
    shown = rows.assign(span=[_percent(row) for row in rows.itertuples()] if tells else _moved(rows, study))
    table = _side_by_side("shares_move", shown, ["theme"])
    table = table.assign(share=table["theme"].map(whole))
    table = table.sort_values("share", ascending=False, ignore_index=True, kind="stable")
    about = {"source": heard_by(study), "missing": WITHHELD, "without": _empty(table)}
    return worded_table("shares_move", table, **about, n=n, coders="coder" not in about["without"])


def _reach(row) -> float:
    return max(abs(row.highest - row.share), abs(row.lowest - row.share))


def _moved(rows: pd.DataFrame, study: Study) -> list[str | None]:
    """Say how far shares move, where their values would give counts of an interview or area away.

    How far an area moves one is said as far as a reader knows it from the counts of areas.
    """
    ends = _reach_of_areas(study) if study.settings.threshold else {}
    said = []
    for row in rows.itertuples():
        known = study.settings.threshold and row.left_out == "area"
        least, most = ends.get(row.code_id, (0, 1)) if known else (_reach(row),) * 2
        far = FAR if least >= MOVES else NEAR if most < MOVES else WITHHELD
        said.append(far if row.n_tried and row.n_participants >= SMALLEST_BASE else None)
    return said


def _reach_of_areas(study: Study) -> dict[str, tuple[float, float]]:
    """Return between what a reader knows the furthest move of each theme's share to lie when one area is left out."""
    areas = publishable_counts(study, by="area_id").astype({"base": "Float64"})
    whole = publishable_counts(study).set_index("code_id")[["n", "base", "share"]]
    n, base, share = (areas["code_id"].map(whole[name]).astype("Float64") for name in whole)
    one, other = ((n - areas[end]) / (base - areas["base"]) - share for end in ("least", "most"))
    least = pd.concat([one.abs(), other.abs()], axis=1).min(axis=1, skipna=False).where(one * other > 0, 0)
    most = pd.concat([one.abs(), other.abs()], axis=1).max(axis=1, skipna=False)
    ends = pd.DataFrame({"code_id": areas["code_id"], "least": least.fillna(0), "most": most.fillna(1)})
    furthest = ends.groupby("code_id", observed=True)[["least", "most"]].max()
    return {code_id: (row.least, row.most) for code_id, row in furthest.iterrows()}


def _percent(row) -> str | None:
    if not row.n_tried:
        return None
    if row.n_participants < SMALLEST_BASE:
        return TOO_FEW
    if row.left_out == "coder":
        return f"{percent(row.lowest)} beside {percent(row.share)}"
    return f"{percent(row.lowest)} to {percent(row.highest)}"
