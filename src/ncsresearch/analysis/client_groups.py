"""Who is seen as well served and less well served, under what condition, and by whom?"""

import pandas as pd

from ncsresearch.evidence.passages import attribute_of, passage_evidence
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

SERVED = [
    *("level", "client_group", "condition", "said_by", "in_key_points"),
    *("area_type", "document_id", "unit_id"),
]


def groups_served(study: Study) -> pd.DataFrame:
    """Client groups seen as better or less well served, under what condition and by whom.

    Returns one row per judgement, better served first, with client_group, level, condition, said_by and
    in_key_points (yes or no: whether the report's own summary names the group).
    """
    served = passage_evidence(study, facet="service level")
    in_key_points = served["unit_id"].map(attribute_of(study, "segments", "in the key points"))
    rows = served.rename(columns={"theme": "level"}).assign(in_key_points=in_key_points)
    return rows[SERVED].sort_values("level", kind="stable", ignore_index=True)


def client_groups_seen(study: Study) -> pd.DataFrame:
    """Client groups that are seen as better and as less well served, and under what condition.

    Returns one row per judgement, better served first, with client_group, level, condition, said_by and in_key_points.
    """
    return framed(groups_served(study), "client groups seen", study)
