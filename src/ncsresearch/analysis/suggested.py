"""What should change by what documents suggest, and what of that which they say supports it?"""

from collections.abc import Iterator

import pandas as pd

from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

QUALIFYING = ("example", "condition", "other view")
MOST_OF_THEME = 2  # findings on a theme that its suggestions share as their support
LEAST_WIDELY = (
    "several"  # held so widely, a strength supports the suggestions on its theme where no challenge does
)
PLACE = ["held_by", "how_widely", "document_id", "first_paragraph", "last_paragraph"]


def suggested(study: Study) -> pd.DataFrame:
    """What the study's documents suggest: each suggestion once, under the first theme that it is coded with.

    Returns one row per suggestion, in the order of themes and documents, with theme (missing without a code), point_id,
    statement, held_by, how_widely, document_id, first_paragraph and last_paragraph.
    Caution: how widely it is held is the source's own word; the number of suggestions says nothing about it.
    """
    points = study.points[study.points["kind"].eq("suggestion")]
    coded = _coded(study)
    order = coded["stance"].ne("suggestion").sort_values(kind="stable").index
    themes = coded.loc[order].drop_duplicates("point_id").set_index("point_id")["theme"]
    rows = points.assign(theme=points["point_id"].map(themes.astype("object")))
    rows["theme"] = rows["theme"].astype(coded["theme"].dtype)
    rows = rows.sort_values("theme", kind="stable", ignore_index=True)
    return framed(rows[["theme", "point_id", "statement", *PLACE]], "suggestions of documents", study)


def support(suggestions: pd.DataFrame, study: Study) -> pd.DataFrame:
    """What supports or limits each suggestion in its own document.

    Its own are the point that it arises from, and its examples, conditions and other views. One without any shares the two
    most widely held findings that describe its theme as a challenge, or without these a strength that is widely held.

    Returns one row per suggestion and point, with suggestion (its id), how (arises, example, condition, other view, challenge
    or strength), and of the point point_id, statement, held_by, how_widely, document_id, first_paragraph, last_paragraph.
    Caution: that a challenge is of the same theme does not mean that the source gives it as the reason.
    """
    findings = _findings(study)
    found = [each for row in suggestions.itertuples() for each in _of_one(row, study.points, findings)]
    rows = pd.DataFrame(found, columns=["suggestion", "how", "point_id"])
    return rows.merge(study.points[["point_id", "statement", *PLACE]], on="point_id", how="left")


def _of_one(row, points: pd.DataFrame, findings: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield the id of a suggestion, how it is supported, and the id of the point that does."""
    qualifies = points.set_index("point_id")["qualifies"]
    above, below = qualifies[row.point_id], points[points["qualifies"].eq(row.point_id)]
    own = [("arises", above)] if above in qualifies.index else []
    own += [(str(each.kind), each.point_id) for each in below.itertuples() if each.kind in QUALIFYING]
    same = findings[findings["theme"].eq(row.theme) & findings["document_id"].eq(row.document_id)]
    challenges = same[same["stance"].eq("challenge")].head(MOST_OF_THEME)
    shared = challenges if len(challenges) else same[same["stance"].eq("strength")].head(MOST_OF_THEME)
    for how, point_id in own or zip(shared["stance"], shared["point_id"], strict=True):
        yield row.point_id, how, point_id


def _findings(study: Study) -> pd.DataFrame:
    """Return the findings of documents by theme and stance, most widely held first; of strengths those widely held."""
    rows = _coded(study).merge(study.points[study.points["kind"].eq("finding")], on="point_id")
    rows = rows[rows["stance"].eq("challenge") | rows["how_widely"].le(LEAST_WIDELY)]
    rows = rows.drop_duplicates(["point_id", "theme", "stance"]).astype({"stance": "str"})
    return rows.sort_values(["how_widely", "ordinal"], kind="stable")


def _coded(study: Study) -> pd.DataFrame:
    evidence = passage_evidence(study).query("unit == 'points'")
    return evidence.rename(columns={"unit_id": "point_id"})[["point_id", "theme", "stance"]].reset_index(
        drop=True
    )
