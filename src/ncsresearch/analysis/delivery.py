"""What does a published chapter say of its service: strengths and challenges, consistency, and for whom it works?"""

import pandas as pd

from ncsresearch.analysis.area_types import area_type_points
from ncsresearch.analysis.client_groups import groups_served
from ncsresearch.analysis.themes import passage_counts
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def strengths_and_challenges(study: Study) -> pd.DataFrame:
    """Passages under each theme by how they describe it.

    Returns the rows and columns of passage_counts by stance.
    """
    return framed(passage_counts(study, by="stance"), "strengths and challenges", study)


def consistency(study: Study) -> pd.DataFrame:
    """What is reported about kinds of area, and about differences between areas.

    Returns the rows and columns of area_type_points.
    """
    return framed(area_type_points(passage_evidence(study)), "consistency between areas", study)


def client_groups_seen(study: Study) -> pd.DataFrame:
    """Client groups that are seen as better and as less well served, and under what condition.

    Returns the rows and columns of groups_served.
    """
    return framed(groups_served(study), "client groups seen", study)
