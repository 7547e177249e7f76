"""How what people raised differs between kinds of area, and between areas: in words, figures and tables."""

import numpy as np
import pandas as pd

from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.evidence.groups import n_areas_of_kind
from ncsresearch.evidence.kinds import TOWN, few_areas, kind_of_area
from ncsresearch.present.certain import surely_largest, with_ties
from ncsresearch.present.figure import plot_shares, plot_tiles
from ncsresearch.present.outputs import WITHHELD, Figure, Finding, Table
from ncsresearch.present.people_behind import evidence_for
from ncsresearch.present.people_heard import heard_by, people_sentence, people_table
from ncsresearch.present.people_raised import MOST_GROUPS, say_base, specific, tells_nothing
from ncsresearch.present.table import SMALLEST_BASE, told
from ncsresearch.present.wording import phrase, phrases, sentence
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

APART = 0.1  # difference of shares that a sentence on one area speaks of
MOST_OF_KIND = (3, 5)  # themes of a kind of area in the report on one area, and with ties


def say_kinds_differ(counts: pd.DataFrame) -> Finding | None:
    """Name the theme whose share differs most between rural and urban areas, each way."""
    study = study_of(counts)
    led = _led(_kinds(study))
    if not led:
        return None
    numbers = {row["kind"]: int(row[f"n_{row['kind']}"]) for row in led}
    opened = evidence_for(study, [row["code_id"] for row in led])
    return people_sentence("kinds_differ", study, numbers, opened, led=phrases("kinds_differ", "theme", led))


def say_area_in_kind(counts: pd.DataFrame) -> Finding | None:
    """Say of the themes on which kinds of area differ much, or of those that a kind raises much, how many raised them here.

    They are taken of those whose numbers are printed, and no order is claimed.
    """
    study = study_of(counts)
    area = study.area(study.part_of)
    kind, here = kind_of_area(str(area["area_type"])), told_in(study, "area_id", area["name"])
    other = next((each for each in COMPARED if each != kind), "") if kind in COMPARED else ""
    rows = _apart_by_kind(study, kind, other) if other else _much_raised(study, kind)
    if not kind or rows.empty:
        return None
    told_here = here.assign(told=told(here)).set_index("code_id")["told"]
    each = rows.assign(here=rows["code_id"].map(told_here).fillna(WITHHELD), base=here["base"].iloc[0])
    numbers = {row.theme: int(row.n) for row in each.itertuples()}
    themes = phrases("area_in_kind", "theme", [row | {"other": other} for row in each.to_dict("records")])
    opened = evidence_for(study, [code for code in rows["code_id"] if code in themes_that_kinds_lead(study)])
    return people_sentence("area_in_kind", study, numbers, opened, kind=kind, themes=themes)


def _apart_by_kind(study: Study, kind: str, other: str) -> pd.DataFrame:
    """Return the themes with the largest printed differences between two kinds of area: n, of, n_other and of_other of each."""
    rows = _kinds(study).dropna(subset="difference").astype({"difference": "float64"})
    rows = rows.assign(size=rows["difference"].abs())
    rows = with_ties(rows[rows["size"].ge(APART)], "size", *MOST_OF_KIND)
    sides = {f"n_{kind}": "n", f"of_{kind}": "of", f"n_{other}": "n_other", f"of_{other}": "of_other"}
    return rows.rename(columns=sides)


def _much_raised(study: Study, kind: str) -> pd.DataFrame:
    """Return the themes with the largest printed numbers of a kind of area."""
    rows = told_in(study, "area_type", kind).dropna(subset="n")
    rows = with_ties(rows[rows["n"].gt(0)].astype({"n": "int64"}), "n", *MOST_OF_KIND)
    return rows.rename(columns={"base": "of"})


def themes_that_kinds_lead(study: Study) -> list[str]:
    """Return the themes that say_kinds_differ names."""
    return [row["code_id"] for row in _led(_kinds(study))]


def _led(rows: pd.DataFrame) -> list[dict]:
    """The theme that each kind of area surely leads by most, with the kind; a kind that leads by none is left out."""
    led = []
    for kind, sign in zip(COMPARED, (1, -1), strict=True) if len(rows) else ():
        first = surely_largest(rows.assign(size=sign * rows["difference"]), "size", "at_most")
        led += [row | {"kind": kind} for row in first.to_dict("records") if row["size"] > 0]
    return led


def say_six_areas(areas: pd.DataFrame) -> Finding:
    """Say how many areas of each kind there are, and what their number cannot show."""
    study = study_of(areas)
    kinds = {str(kind): int(n) for kind, n in n_areas_of_kind(study).items()}
    if not set(COMPARED) <= set(kinds):
        return sentence("areas_compared", "none", kinds=[kind for kind in kinds if kind])
    numbers = {f"{kind} areas": kinds[kind] for kind in COMPARED}
    return people_sentence(
        "areas_compared", study, numbers, few=few_areas(kinds), towns=kinds.get(TOWN, 0), **kinds
    )


def _kinds(study: Study, stance: str = "") -> pd.DataFrame:
    """Return one row per theme with people and bases of both kinds of area, the most rural first."""
    rural, urban = (told_in(study, "area_type", kind, stance) for kind in COMPARED)
    if not (rural["base"].fillna(0).any() and urban["base"].fillna(0).any()):
        return pd.DataFrame(columns=["difference"])
    rows = side_by_side(rural, urban, *COMPARED).sort_values(["code_id", "theme"], kind="stable")
    return rows.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


def told_in(study: Study, by: str, group: str, stance: str = "") -> pd.DataFrame:
    """Return how many people of a group raised each of the most specific themes, as far as it may be published."""
    return specific(publishable_counts(study, by=by, group=group, stance=stance), study)


def side_by_side(one: pd.DataFrame, other: pd.DataFrame, here: str, there: str) -> pd.DataFrame:
    """Return one row per theme that somebody raised with people, bases and shares of both sides, and their difference.

    Beside them what a reader sees and knows of each side: told, least and most, and at_most, the difference at its largest.
    """
    rows, ends = one[["code_id", "theme"]].copy(), {}
    for side, own in ((here, one), (there, other)):
        rows[f"n_{side}"], rows[f"of_{side}"] = own["n"].array, own["base"].array
        rows[f"share_{side}"] = (own["n"] / own["base"]).astype("float64").to_numpy()
        rows[f"told_{side}"] = told(own).to_numpy()
        rows[f"least_{side}"], rows[f"most_{side}"] = own["least"].to_numpy(), own["most"].to_numpy()
        ends[side] = [(own[end] / own["base"]).astype("float64").to_numpy() for end in ("least", "most")]
    rows["difference"] = rows[f"share_{here}"] - rows[f"share_{there}"]
    (low, high), (other_low, other_high) = ends[here], ends[there]
    rows["at_most"] = np.maximum(np.abs(high - other_low), np.abs(low - other_high))
    return rows[rows[f"most_{here}"].gt(0) | rows[f"most_{there}"].gt(0)]


def carries(rows: pd.DataFrame, *bases: str) -> bool:
    """Whether every base is large enough for a percentage."""
    return bool(len(rows)) and all(rows[base].fillna(0).min() >= SMALLEST_BASE for base in bases)


def plot_kinds(counts: pd.DataFrame) -> Figure | None:
    """Draw the share of people in rural and in urban areas who raised each theme, most rural first."""
    study = study_of(counts)
    rows = _kinds(study)
    if rows.empty:
        return None
    if not carries(rows, "of_rural", "of_urban"):
        return None
    base = phrase("kinds_drawn", "base", **rows.iloc[0])
    return plot_shares(rows, "kinds", phrase("kinds_drawn", "what"), base=base, source=heard_by(study))


def table_kinds(counts: pd.DataFrame) -> list[Table]:
    """Return people in rural and urban areas who raised each theme, and who described it as a challenge or strength."""
    study, asked = study_of(counts), counts["stance"].unique().tolist()
    each = {
        stance: _kinds(study, stance)
        for stance in (["", "challenge", "strength"] if asked == [""] else asked)
    }
    return [_table_of_kinds(rows, study, stance) for stance, rows in each.items() if len(rows)]


def _table_of_kinds(rows: pd.DataFrame, study: Study, stance: str) -> Table:
    name = f"kinds_{stance}" if stance else "kinds"
    without = () if carries(rows, "of_rural", "of_urban") else ("share_rural", "share_urban")
    bases, known = rows[["of_rural", "of_urban"]].iloc[0], rows.dropna(subset=["n_rural", "n_urban"])
    hidden, rows = len(known) < len(rows), known if len(known) else rows
    rows = rows.assign(n_rural=rows["told_rural"], n_urban=rows["told_urban"])
    rows = rows.drop(
        columns=[name for name in rows if name.startswith(("told_", "least_", "most_", "at_most"))]
    )
    return people_table(
        "kinds", rows, study, name=name, without=without, stance=stance, hidden=hidden, **bases
    )


def plot_areas(counts: pd.DataFrame) -> Figure | None:
    """Draw the share of the people of each area who raised each theme, as tiles with the share written in."""
    study = study_of(counts)
    rows = specific(counts, study)
    rows = rows[rows["base"].ge(SMALLEST_BASE)]
    if rows["group"].nunique() < 2:
        return None
    if (n := rows["group"].nunique()) > MOST_GROUPS:
        return Figure("areas_themes", None, phrase("areas_drawn", "too_many", n=n))
    hidden = rows.loc[rows["withheld"], "theme"].unique()
    raised = rows.groupby("theme", sort=False)["n"].sum()
    raised = raised[raised.gt(0) | raised.index.isin(hidden)].sort_values(ascending=False, kind="stable")
    if raised.empty:
        return None
    table, words = (
        rows.pivot(index="theme", columns="group", values=values).reindex(raised.index)
        for values in ("share", "words")
    )
    about = {"base": phrase("areas_drawn", "base"), "source": heard_by(study)}
    return plot_tiles(table, "areas_themes", phrase("areas_drawn", "what"), words=words, **about)


def say_areas_differ(counts: pd.DataFrame) -> Finding | None:
    """Name the theme whose share differs most between areas, and the areas at its ends."""
    study = study_of(counts)
    if tells_nothing(counts):
        return say_base(counts)
    if counts["group"].nunique() == 1:
        return sentence("areas_differ", "one", area=str(counts["group"].iloc[0]))
    rows = specific(counts, study).dropna(subset="share")
    spans = rows.groupby("theme", sort=False)["share"].agg(lambda shares: shares.max() - shares.min())
    if not spans.gt(0).any():
        return None
    own = rows[rows["theme"].eq(spans.idxmax())]
    high, low = (own.loc[at].to_dict() for at in (own["share"].idxmax(), own["share"].idxmin()))
    numbers = {"high": int(high["n"]), "low": int(low["n"])}
    return people_sentence("areas_differ", study, numbers, theme=str(spans.idxmax()), high=high, low=low)
