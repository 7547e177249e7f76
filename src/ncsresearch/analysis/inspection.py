"""How did a service stand against its targets, how was it rated, and what of its plan was done?"""

import pandas as pd

from ncsresearch.analysis.actions import action_states, actions_by_indicator, actions_by_owner
from ncsresearch.analysis.kpi import kpi_series
from ncsresearch.schema import one_of
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

ACTIONS = {"": action_states, "indicator": actions_by_indicator, "owner": actions_by_owner}


def kpis(study: Study) -> pd.DataFrame:
    """Every value of every measure beside its target, in the order of the periods.

    Returns the rows and columns of kpi_series.
    """
    return framed(kpi_series(study.kpi_values), "kpis", study)


def ratings(study: Study) -> pd.DataFrame:
    """Ratings of the quality indicators of an inspection.

    Returns one row per indicator inspected, with indicator_id, label, rating and points (of 6).
    """
    return framed(study.ratings, "ratings", study)


def actions(study: Study, *, by: str = "", on: str = "") -> pd.DataFrame:
    """Improvement actions with their state.

    by   "" for every action, as action_states gives them; or indicator or owner, to count them
    on   a date, as for action_states

    Returns the rows and columns of action_states, actions_by_indicator or actions_by_owner. Raises StudyError for
    another grouping.
    """
    rows = ACTIONS[one_of("grouping of actions", by, ACTIONS)](study.actions, on=on)
    return framed(rows, f"actions by {by}" if by else "actions", study)
