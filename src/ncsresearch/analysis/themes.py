"""Which themes do points and passages raise, and how are they described there?"""

import pandas as pd

from ncsresearch.evidence.passages import passage_evidence, said_in_words
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def passage_counts(study: Study, *, by: str = "stance", stance: str = "") -> pd.DataFrame:
    """Points under each theme, in each group; passages where the study has no points.

    by   "" for all together, stance, area_type (about rural or urban areas), area_id (what belongs to an area),
         client_group (the group that a passage is about, those named most first) or heard_from (the document)

    Returns one row per theme (of the codebook; with client_group, of any theme), group and stance, with counted
    (points or passages), theme, group, stance and n: 0 where there is none, but for documents. One under two themes
    counts under both. Caution: authors choose what they publish; the number of passages measures editing, and not how many
    people hold a view. A passage about rural areas does not come from one.
    """
    evidence = passage_evidence(study, facet="all" if by == "client_group" else "theme")
    if not by:
        passages = said_in_words(evidence)
        passages = passages[passages["stance"].eq(stance) | (not stance)]
        counted = passages.groupby("theme", observed=False)["unit_id"].nunique()
        return counted.rename("n").reset_index().assign(group="all", stance=stance, counted=_unit(passages))
    rows = tally_passages(evidence, by=by)
    return rows[rows["stance"].eq(stance)] if stance else rows


def documents_by_theme(study: Study) -> pd.DataFrame:
    """In how many documents each theme is raised, where nobody was heard.

    Returns one row per theme that is raised, those in most documents first, with theme, n (documents), n_passages, and base
    (documents with coded passages). No row for a confidential study with interviews: one person may be behind a document.
    """
    found = said_in_words(passage_evidence(study))
    found = found.iloc[:0] if study.settings.threshold and len(study.interviews) else found
    raised = found.groupby("theme", observed=True)
    rows = raised.agg(n=("document_id", "nunique"), n_passages=("unit_id", "nunique")).reset_index()
    rows = rows.sort_values("n", ascending=False, kind="stable", ignore_index=True).astype({"theme": "str"})
    return framed(rows.assign(base=found["document_id"].nunique()), "documents by theme", study)


def says_how(study: Study) -> bool:
    """Whether any point or passage says how its theme is described."""
    return bool(said_in_words(passage_evidence(study))["stance"].notna().any())


def coded_units(study: Study, *, by: str = "stance") -> pd.DataFrame:
    """Points, and passages, under each theme in each group, each counted alone.

    by   as for passage_counts

    Returns the rows and columns of passage_counts, of points first and then of passages. Raises ValueError and has a Caution
    as there.
    """
    if by not in (known := ("stance", *GROUPS)):
        raise ValueError(f"by must be one of {known}, not {by!r}.")
    evidence = passage_evidence(study, facet="all" if by == "client_group" else "theme")
    each = [evidence[evidence["unit"].eq(unit)] for unit in ("points", "segments")]
    rows = [tally_passages(found, by=by) for found in each if len(found)]
    return framed(pd.concat(rows or [pd.DataFrame()], ignore_index=True), "coded units", study, by=by)


def _unit(evidence: pd.DataFrame) -> str:
    return "points" if evidence["unit"].eq("points").any() else "passages"


def tally_passages(evidence: pd.DataFrame, *, by: str = "stance") -> pd.DataFrame:
    """Count the points, or else the passages, of some of the evidence, as passage_counts does for a study."""
    rows = said_in_words(evidence)
    if by in GROUPS:
        rows = rows.assign(group=GROUPS[by](rows)).dropna(subset="group")
    keys = {"stance": ["theme"], "client_group": ["group"]}.get(by, ["theme", "group"])
    counted = rows.groupby([*keys, "stance"], observed=by == "heard_from")["unit_id"].nunique()
    counts = counted.rename("n").reset_index().assign(counted=_unit(rows))
    return counts if "group" in counts else counts.assign(group=counts["stance"])


def _compared_kinds(passages: pd.DataFrame) -> pd.Series:
    kinds = passages["area_kind"]
    return kinds.where(kinds.isin(COMPARED)).astype(pd.CategoricalDtype(COMPARED, ordered=True))


def _most_named_first(passages: pd.DataFrame) -> pd.Series:
    sizes = passages.groupby("client_group")["unit_id"].nunique().sort_values(ascending=False, kind="stable")
    return passages["client_group"].astype(pd.CategoricalDtype(sizes.index, ordered=True))


GROUPS = {
    "area_type": _compared_kinds,
    "area_id": lambda passages: passages["area_id"].astype("category"),
    "client_group": _most_named_first,
    "heard_from": lambda evidence: evidence["document_id"],
}
