"""Which improvement actions are done, open and overdue?"""

import pandas as pd


def action_states(actions: pd.DataFrame) -> pd.DataFrame:
    """Every action with whether it was overdue at the date of the report.

    An action is overdue when the last month it was due is over, it is not complete and it does not recur.

    Returns the rows of actions with overdue: yes, no, or missing where no date is set or its state is unknown.
    """
    over = actions["due"].lt(actions["as_of"].str[:7])
    known = actions["due"].notna() & ~(over & actions["status"].eq("not separable"))
    late = over & actions["status"].ne("complete") & actions["recurring"].ne("yes")
    overdue = late.map({True: "yes", False: "no"}).where(known)
    return actions.assign(overdue=overdue)


def actions_by_indicator(actions: pd.DataFrame) -> pd.DataFrame:
    """Actions of each indicator by state.

    Returns one row per indicator and status, 0 included, with n_actions and n_overdue.
    """
    states = action_states(actions)
    grouped = states.groupby(["indicator_id", "status"], observed=False)
    rows = grouped.agg(
        n_actions=("action_id", "nunique"), n_overdue=("overdue", lambda marks: marks.eq("yes").sum())
    )
    return rows.reset_index()


def actions_by_owner(actions: pd.DataFrame) -> pd.DataFrame:
    """Actions of each owner; an action with several owners counts for each.

    Returns one row per owner, those with most actions first, with n_actions, n_complete and n_overdue.
    """
    states = action_states(actions)
    owned = states.assign(owner=states["owner"].str.split(";")).explode("owner")
    rows = owned.groupby("owner").agg(
        n_actions=("action_id", "nunique"),
        n_complete=("status", lambda states: states.eq("complete").sum()),
        n_overdue=("overdue", lambda marks: marks.eq("yes").sum()),
    )
    return rows.reset_index().sort_values("n_actions", ascending=False, kind="stable", ignore_index=True)
