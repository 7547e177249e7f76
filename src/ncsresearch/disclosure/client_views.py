"""What do clients value, and what not, in their own account?"""

import pandas as pd

from ncsresearch.analysis.points import held_by, points
from ncsresearch.disclosure.counts import counts
from ncsresearch.evidence.groups import hears_people, n_in_groups
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

CLIENTS = "Clients"


def client_views(study: Study) -> pd.DataFrame:
    """What clients described as a strength and as a challenge.

    Returns the counts of clients by stance, as counts; where nobody was heard, what the documents say that clients hold, as
    points by theme.
    """
    if hears_people(study) and CLIENTS not in n_in_groups(study, by="participant_group"):
        return framed(pd.DataFrame(), "no clients heard", study)
    if hears_people(study):
        return counts(study, by="stance", heard_from=CLIENTS)
    return points(held_by(study, CLIENTS), by="theme")
