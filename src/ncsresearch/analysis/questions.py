"""What is there to ask in an area: which themes are described as a challenge, or as in need of change, by documents that apply?"""

from collections.abc import Collection

import pandas as pd

from ncsresearch.analysis.points import BACKGROUND, apart
from ncsresearch.evidence.passages import passage_evidence, said_in_words
from ncsresearch.study import Study

ASKED = ("challenge", "suggestion")
ELSEWHERE = "not in the comparison"  # what is said of differences between areas, or of all
NARROW = ("one view", "one area", "one person")
OF_POINT = ["point_id", "statement", "kind", "held_by", "how_widely", "first_paragraph", "last_paragraph"]


def themes_to_ask(study: Study, *, kinds: Collection[str]) -> pd.DataFrame:
    """Themes that documents about the area, or about no one area, call a challenge or suggest changes on.

    kinds   of area that what is said of applies to this one; none of the themes does to an area that is apart from the others

    Returns one row per theme, what is said of the area or its kind first, then what more documents say, with code_id, theme,
    challenge and suggestion (whether any says so), document_id, and of a point that says it, another for each theme, the
    columns of points: a challenge before a suggestion, then a view that is widely held, then what is about few themes.
    """
    rows = _said(study, kinds)
    order = rows.groupby("code_id", observed=True).agg(
        here=("here", "max"), n_documents=("document_id", "nunique")
    )
    order = order.sort_values(["here", "n_documents"], ascending=False, kind="stable")
    chosen: dict[str, int] = {}
    for code in order.index:
        own = rows[rows["code_id"].eq(code) & ~rows["unit_id"].isin(chosen)]
        if len(own):
            chosen[own["unit_id"].iloc[0]] = own.index[0]
    return rows.loc[list(chosen.values())]


def _said(study: Study, kinds: Collection[str]) -> pd.DataFrame:
    """Return the judgements that apply to the area, those to be preferred first."""
    evidence = said_in_words(passage_evidence(study)).drop(columns="kind")
    local = evidence["area_id"].eq(study.part_of) & (not apart(study.areas, study.part_of))
    general = evidence["area_id"].isna()
    of_kind = evidence["area_kind"].astype("str").isin(kinds)
    applies = of_kind | evidence["area_kind"].isna() | evidence["area_kind"].eq(ELSEWHERE)
    general &= applies & (not apart(study.areas, study.part_of))
    rows = evidence.assign(here=local | (of_kind & general))[local | general]
    rows = rows[rows["stance"].isin(ASKED)].merge(
        study.points[OF_POINT], left_on="unit_id", right_on="point_id", how="left"
    )
    rows = rows[~rows["kind"].isin(BACKGROUND)]
    ways = {
        way: rows["stance"].eq(way).groupby(rows["code_id"], observed=True).transform("max") for way in ASKED
    }
    worse = {
        "elsewhere": ~rows["here"],
        "suggested": rows["stance"].eq("suggestion"),
        "narrow": rows["how_widely"].isin(NARROW) | rows["kind"].eq("example"),
        "n_themes": rows.groupby("unit_id")["code_id"].transform("size"),
    }
    return rows.assign(**ways, **worse).sort_values([*worse], kind="stable", ignore_index=True)
