"""Which improvement actions are done, open and overdue?"""

import pandas as pd

from ncsresearch.schema import one_of
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

NO_OWNER = "no owner named"
COUNTED = {
    "n_actions": ("action_id", "nunique"),
    "n_complete": ("status", lambda states: states.eq("complete").sum()),
    "n_overdue": ("overdue", lambda marks: marks.eq("yes").sum()),
    "n_unknown": ("overdue", lambda marks: marks.isna().sum()),
}


def action_states(actions: pd.DataFrame) -> pd.DataFrame:
    """Every action with whether it was overdue when its state was reported.

    An action is overdue when the last month or day it was due is over, it is not complete and it does not recur.

    Returns the rows of actions with
        overdue_on    the day or month that the state is of
        overdue       yes, no, or missing where no date is set or the state is unknown
    """
    date, status = actions["as_of"].astype("object"), actions["status"].astype("object")
    over = _over(actions["due"], date)
    unknown = status.isna() | status.eq("not separable")
    known = actions["due"].notna() & date.notna() & ~(over & unknown)
    late = over & status.ne("complete") & actions["recurring"].ne("yes")
    overdue = late.map({True: "yes", False: "no"}).where(known)
    return actions.assign(overdue_on=date, overdue=overdue)


def _over(due: pd.Series, date: pd.Series) -> pd.Series:
    """Whether a due month or day is past, told from as much of the date as the due date has."""
    pairs = zip(due, date, strict=True)
    past = [bool(pd.notna(last) and pd.notna(day) and last < day[: len(last)]) for last, day in pairs]
    return pd.Series(past, due.index, dtype=bool)


def actions_by_indicator(actions: pd.DataFrame) -> pd.DataFrame:
    """Actions of each indicator by state.

    Returns one row per indicator and status, 0 included, with n_actions and n_overdue. Actions without an
    indicator are rows of their own, with a missing indicator_id.
    """
    grouped = action_states(actions).groupby(["indicator_id", "status"], observed=False, dropna=False)
    return grouped.agg(**COUNTED)[["n_actions", "n_overdue"]].reset_index()


def actions_by_owner(actions: pd.DataFrame) -> pd.DataFrame:
    """Actions of each owner; an action with several owners counts for each.

    Returns one row per owner, those with most actions first, with n_actions, n_complete, n_overdue and n_unknown:
    actions of which it cannot be told whether they were overdue. Actions without an owner are the row
    "no owner named".
    """
    states = action_states(actions)
    owned = states.assign(owner=states["owner"].fillna(NO_OWNER).str.split(";")).explode("owner")
    owned = owned.assign(owner=owned["owner"].str.strip()).drop_duplicates(["action_id", "owner"])
    rows = owned.groupby("owner").agg(**COUNTED).reset_index()
    return rows.sort_values("n_actions", ascending=False, kind="stable", ignore_index=True)


ACTIONS = {"": action_states, "indicator": actions_by_indicator, "owner": actions_by_owner}


def actions(study: Study, *, by: str = "") -> pd.DataFrame:
    """Improvement actions with their state.

    by   "" for every action; or indicator or owner, to count them

    Returns the columns of the table actions with overdue_on (the date of the state) and overdue (yes, no, or missing where it
    cannot be said); or one row per indicator and status, with n_actions and n_overdue; or one row per owner, with
    n_actions, n_complete, n_overdue and n_unknown. Raises StudyError for another grouping.
    """
    rows = ACTIONS[one_of("grouping of actions", by, ACTIONS)](study.actions)
    return framed(rows, f"actions by {by}" if by else "actions", study)
