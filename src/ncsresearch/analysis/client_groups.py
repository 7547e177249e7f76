"""Who is seen as well served and less well served, and what is said about each client group?"""

import pandas as pd

from ncsresearch.analysis.evidence import attribute_of, coded_evidence
from ncsresearch.study import Study


def groups_served(study: Study) -> pd.DataFrame:
    """Client groups seen as better or less well served, under what condition and by whom.

    Returns one row per judgement, better served first, with client_group, level, condition, said_by and
    in_key_points (yes or no: whether the report's own summary names the group).
    """
    served = coded_evidence(study, facet="service level")
    in_key_points = served["unit_id"].map(attribute_of(study, "segments", "in the key points"))
    rows = served.rename(columns={"theme": "level"}).assign(in_key_points=in_key_points)
    columns = [
        "level",
        "client_group",
        "condition",
        "said_by",
        "in_key_points",
        "area_type",
        "document_id",
        "unit_id",
    ]
    return rows[columns].sort_values("level", kind="stable", ignore_index=True)


def client_group_stances(evidence: pd.DataFrame) -> pd.DataFrame:
    """Passages about each client group by how they were told.

    Returns one row per client group that is named and stance, with n_passages, 0 where there is none; groups
    named most come first. Base: passages that name a client group.
    """
    named = evidence[evidence["unit"].eq("segments") & evidence["client_group"].notna()]
    groups = (
        named.groupby("client_group")["unit_id"].nunique().sort_values(ascending=False, kind="stable").index
    )
    group = named["client_group"].astype(pd.CategoricalDtype(groups, ordered=True))
    counted = (
        named.assign(client_group=group)
        .groupby(["client_group", "stance"], observed=False)["unit_id"]
        .nunique()
    )
    return counted.rename("n_passages").reset_index()
