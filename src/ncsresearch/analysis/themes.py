"""Which themes were raised, and how were they told?"""

import pandas as pd


def theme_stances(evidence: pd.DataFrame) -> pd.DataFrame:
    """Passages under each theme by how it was told.

    Returns one row per theme and stance, in the codebook's order, with
        n_passages   passages judged so; a theme without any is a row with 0

    Base: the passages of the evidence given; a passage under two themes counts under both.
    Caution: published passages were chosen by authors; their number is not how many people said it.
    """
    passages = evidence[evidence["unit"].eq("segments")]
    counted = passages.groupby(["theme", "stance"], observed=False)["unit_id"].nunique()
    return counted.rename("n_passages").reset_index()


def themes_by_document(evidence: pd.DataFrame) -> pd.DataFrame:
    """Which documents each theme stands in, and how it is told there.

    Returns one row per theme, document and stance found there, with n_units, the units of that document so
    judged. Units of different documents are of different kinds and are not to be summed.
    """
    columns = ["theme", "document_id", "stance"]
    counted = evidence.groupby(columns, observed=True)["unit_id"].nunique()
    return counted.rename("n_units").reset_index()


def themes_that_meet(evidence: pd.DataFrame) -> pd.DataFrame:
    """In how many documents, and in which, each theme stands.

    Returns one row per theme of the codebook, those in most documents first, with
        n_documents   documents in which it stands, 0 where nobody raised it
        documents     their ids, divided by semicolons
    """
    found = evidence.groupby("theme", observed=False)["document_id"]
    rows = pd.DataFrame({"n_documents": found.nunique(), "documents": found.agg(_listed)})
    return rows.reset_index().sort_values("n_documents", ascending=False, kind="stable", ignore_index=True)


def _listed(documents: pd.Series) -> str:
    return "; ".join(dict.fromkeys(documents.sort_values()))
