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

    kinds   of area that what is said of applies to this one

    Returns one row per theme with code_id, theme, challenge and suggestion (whether any says so), document_id, and of a point
    that says it, another for each theme, the columns of points. What the area's findings cite is first, then what is said of
    the area or its kind, then what is widely held, then what more documents say; a challenge is chosen before a suggestion. No row for an area that is apart from
    the others: questions are worded for these.
    """
    rows = _judged(study, kinds)
    by_theme = rows.assign(**{way: rows["stance"].eq(way) for way in ASKED}).groupby("code_id", observed=True)
    ways = {way: by_theme[way].transform("max") for way in ASKED}
    best_first = {
        "uncited": ~rows["unit_id"].isin(cited_on_area(study)),
        "rank": 2 * ~rows["here"] + (rows["how_widely"].isin(NARROW) | rows["kind"].eq("example")),
        "n_others": -by_theme["document_id"].transform("nunique"),
        "code_id": rows["code_id"],
        "suggested": rows["stance"].eq("suggestion"),
        "n_themes": rows.groupby("unit_id")["code_id"].transform("size"),
    }
    rows = rows.assign(**ways, **best_first).sort_values([*best_first], kind="stable", ignore_index=True)
    chosen: dict[str, int] = {}
    for code in rows["code_id"].unique():
        own = rows[rows["code_id"].eq(code) & ~rows["unit_id"].isin(chosen)]
        chosen |= dict(zip(own["unit_id"].head(1), own.index, strict=False))
    return rows.loc[list(chosen.values())]


def cited_on_area(study: Study) -> set[str]:
    """Return the ids of the evidence that the authors' findings on the area cite."""
    sections = study.findings[file].sections if (file := f"areas/{study.part_of}") in study.findings else ()
    return {unit for section in sections for each in section.paragraphs for _, unit in each.cited}


def _judged(study: Study, kinds: Collection[str]) -> pd.DataFrame:
    """Return the judgements that apply to the area, with the points that they are of, and here: whether of it or its kind."""
    evidence = said_in_words(passage_evidence(study)).drop(columns="kind")
    local, of_kind = evidence["area_id"].eq(study.part_of), evidence["area_kind"].astype("str").isin(kinds)
    anywhere = evidence["area_kind"].isna() | evidence["area_kind"].eq(ELSEWHERE)
    general = evidence["area_id"].isna() & (of_kind | anywhere)
    applies = (local | general) & evidence["stance"].isin(ASKED) & (not apart(study.areas, study.part_of))
    rows = evidence.assign(here=local | of_kind)[applies]
    rows = rows.merge(study.points[OF_POINT], left_on="unit_id", right_on="point_id", how="left")
    return rows[~rows["kind"].isin(BACKGROUND)]
