"""Ratings of an inspection and the actions of its plan, in words and tables."""

import pandas as pd

from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.table import wide
from ncsresearch.present.wording import frame_sentence, phrases, worded_table


def say_ratings(ratings: pd.DataFrame) -> Finding:
    """Say how the quality indicators were rated."""
    counts = ratings["rating"].value_counts()
    best = ratings.loc[ratings["points"].eq(ratings["points"].max()), "label"]
    numbers = {str(rating): int(n) for rating, n in counts.items()}
    if len(counts) == 1:
        return frame_sentence("ratings", ratings, numbers, form="one", n=len(ratings), rating=counts.index[0])
    rated = phrases("ratings", "rated", [{"n": n, "rating": rating} for rating, n in counts.items()])
    places = {"n": len(ratings), "rated": rated, "best": list(best)}
    return frame_sentence("ratings", ratings, numbers, form="several", **places)


def say_actions(actions: pd.DataFrame) -> Finding:
    """Say how many actions are complete, open and overdue at the date of the report."""
    counts = actions["status"].value_counts(sort=False)
    states = phrases("actions", "state", [{"n": n, "state": state} for state, n in counts.items() if n])
    late = list(actions.loc[actions["overdue"].eq("yes"), "label"])
    numbers = {str(state): int(n) for state, n in counts.items()} | {"overdue": len(late)}
    behind = actions.rename(columns={"action_id": "unit_id"})[["unit_id", "label", "document_id"]]
    places = {"n": len(actions), "states": states, "as_of": actions["as_of"].iloc[0], "late": late}
    return frame_sentence("actions", actions, numbers, evidence=behind, **places)


def say_unseparable(actions: pd.DataFrame) -> Finding:
    """Say which actions' rows the source merges, and which recur."""
    merged = list(actions.loc[actions["status"].eq("not separable"), "action_id"])
    recurring = list(actions.loc[actions["recurring"].eq("yes"), "action_id"])
    numbers = {"merged": len(merged), "recurring": len(recurring)}
    return frame_sentence("unseparable", actions, numbers, merged=merged, recurring=recurring)


def table_actions(actions: pd.DataFrame) -> Table:
    """The improvement actions with their state at the date of the report."""
    rows = actions.assign(owner_printed=actions["owner"].str.replace(";", "; "))
    noted = actions.dropna(subset=["notes"])[["action_id", "notes"]].to_dict("records")
    as_of = actions["as_of"].iloc[0]
    return worded_table("actions", rows, as_of=as_of, noted=noted)


def table_indicators(counts: pd.DataFrame) -> Table:
    """Actions of each indicator by state, one column a state."""
    view = wide(counts, index="indicator_id", columns="status", values="n_actions")
    overdue = counts.groupby("indicator_id")["n_overdue"].sum()
    view = view.assign(overdue=view["indicator_id"].map(overdue))
    return worded_table("actions_by_indicator", counts, view=view)
