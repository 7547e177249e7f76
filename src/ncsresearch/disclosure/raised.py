"""What was raised, in the form that the evidence of a study has: people counted, points of documents, or passages counted?"""

import pandas as pd

from ncsresearch.analysis.points import points
from ncsresearch.analysis.themes import documents_by_theme
from ncsresearch.disclosure.counts import counts
from ncsresearch.evidence.groups import hears_people
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def raised(study: Study, *, by: str = "stance") -> pd.DataFrame:
    """What was raised, by how it is described, by kind of area, or by whom it is about.

    by   stance, area_type, client_group or heard_from

    Returns the rows and columns of counts where people were heard; where documents were read, those of points (by theme for
    stance; none by heard_from, since each point says who holds it); and for passages of documents without points those of
    counts again, but for stance those of documents that raise each theme, where there are several. Raises as these do.
    """
    if not hears_people(study) and len(study.points):
        if by == "heard_from":
            return framed(pd.DataFrame(), "nothing", study)
        return points(study, by="theme" if by == "stance" else by)
    if not hears_people(study) and by == "stance":
        documents = documents_by_theme(study)
        return documents if documents["base"].max() > 1 else counts(study, by=by)
    return counts(study, by=by)
