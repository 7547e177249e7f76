"""Which themes do passages raise, and how are they described there?"""

import pandas as pd

from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study


def passage_counts(study: Study, *, by: str = "stance", stance: str = "") -> pd.DataFrame:
    """Passages under each theme, in each group.

    by   "" for all together, stance, area_type (about rural or urban areas), area_id (what belongs to an area),
         client_group (the group that a passage is about, those named most first) or heard_from (the document)

    Returns one row per theme (of the codebook; with client_group, of any theme), group and stance, with counted
    (passages), theme, group, stance and n: 0 where there is none, but for documents. Base: passages; one under two
    themes counts under both. Caution: authors choose what they publish; the number of passages measures editing, and
    not how many people hold a view. A passage about rural areas does not come from one.
    """
    evidence = passage_evidence(study, facet="all" if by == "client_group" else "theme")
    if not by:
        passages = evidence[evidence["unit"].eq("segments") & (evidence["stance"].eq(stance) | (not stance))]
        counted = passages.groupby("theme", observed=False)["unit_id"].nunique()
        return counted.rename("n").reset_index().assign(group="all", stance=stance, counted="passages")
    rows = tally_passages(evidence, by=by)
    return rows[rows["stance"].eq(stance)] if stance else rows


def tally_passages(evidence: pd.DataFrame, *, by: str = "stance") -> pd.DataFrame:
    """Count the passages of some of the evidence, as passage_counts does for a study."""
    passages = evidence if by == "heard_from" else evidence[evidence["unit"].eq("segments")]
    passages, keys = GROUPS[by](passages) if by in GROUPS else (passages, ["theme"])
    counted = passages.groupby([*keys, "stance"], observed=by == "heard_from")["unit_id"].nunique()
    rows = counted.rename("n").reset_index().assign(counted="passages")
    return rows if "group" in rows else rows.assign(group=rows["stance"])


def _by_kind(passages: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    own = passages[passages["area_kind"].isin(COMPARED)]
    kinds = own["area_kind"].astype(pd.CategoricalDtype(COMPARED, ordered=True))
    return own.assign(group=kinds), ["theme", "group"]


def _by_area(passages: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    own = passages[passages["area_id"].notna()]
    return own.assign(group=own["area_id"].astype("category")), ["theme", "group"]


def _by_client_group(passages: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    own = passages[passages["client_group"].notna()]
    sizes = own.groupby("client_group")["unit_id"].nunique().sort_values(ascending=False, kind="stable")
    order = pd.CategoricalDtype(sizes.index, ordered=True)
    return own.assign(group=own["client_group"].astype(order)), ["group"]


def _by_document(evidence: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    return evidence.assign(group=evidence["document_id"]), ["theme", "group"]


GROUPS = {
    "area_type": _by_kind,
    "area_id": _by_area,
    "client_group": _by_client_group,
    "heard_from": _by_document,
}


def themes_across_documents(evidence: pd.DataFrame) -> pd.DataFrame:
    """In how many documents, and in which, each theme is raised.

    Returns one row per theme of the codebook, those in most documents first, with
        n_documents   documents that raise it, 0 where none does
        documents     their ids, divided by semicolons
    """
    found = evidence.groupby("theme", observed=False)["document_id"]
    rows = pd.DataFrame({"n_documents": found.nunique(), "documents": found.agg(_listed)})
    return rows.reset_index().sort_values("n_documents", ascending=False, kind="stable", ignore_index=True)


def _listed(documents: pd.Series) -> str:
    return "; ".join(dict.fromkeys(documents.sort_values()))
