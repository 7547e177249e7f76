"""Ratings of an inspection and the actions of its plan, in words and tables."""

import pandas as pd

from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.table import wide
from ncsresearch.present.wording import frame_sentence, phrase, phrases, worded_table

NAMED = ("complete", "no update")  # states whose actions are named in the sentence


def say_ratings(ratings: pd.DataFrame) -> Finding:
    """Say which quality indicators had each rating, the rating of most first."""
    counts = ratings["rating"].value_counts()
    labels = ratings["label"].fillna(ratings["indicator_id"]).groupby(ratings["rating"]).agg(list)
    rows = [
        {"n": n, "of": len(ratings), "rating": name, "labels": labels[name], "first": name == counts.index[0]}
        for name, n in counts.items()
    ]
    numbers = {str(rating): int(n) for rating, n in counts.items()}
    return frame_sentence("ratings", ratings, numbers, said=phrases("ratings", "rated", rows))


def say_actions(actions: pd.DataFrame) -> Finding:
    """Say how many actions were complete, open and overdue when last reported, and name the few of a state."""
    counts = actions["status"].value_counts(sort=False)
    states = [{"n": int(n), "told": phrase("actions", state)} for state, n in counts.items() if n]
    of_state = {phrase("actions", state): actions["status"].eq(state) for state in NAMED}
    of_state["overdue"] = actions["overdue"].eq("yes")
    named = {told: list(actions.loc[rows, "label"].dropna()) for told, rows in of_state.items() if rows.any()}
    numbers = {str(state): int(n) for state, n in counts.items()} | {
        "overdue": int(of_state["overdue"].sum())
    }
    behind = actions.rename(columns={"action_id": "unit_id"})[["unit_id", "label", "document_id"]]
    places = {"n": len(actions), "states": states, "as_of": _as_of(actions), "named": named}
    return frame_sentence("actions", actions, numbers, evidence=behind, **places)


def _as_of(actions: pd.DataFrame) -> str:
    """Return the last date that any state is of, empty where none is known."""
    return str(actions["as_of"].dropna().astype("str").max()) if actions["as_of"].notna().any() else ""


def say_unseparable(actions: pd.DataFrame) -> Finding | None:
    """Say which actions' rows the source merges, and which recur; nothing where none does."""
    merged = list(actions.loc[actions["status"].eq("not separable"), "action_id"])
    recurring = list(actions.loc[actions["recurring"].eq("yes"), "action_id"])
    if not merged and not recurring:
        return None
    numbers = {"merged": len(merged), "recurring": len(recurring)}
    return frame_sentence("unseparable", actions, numbers, merged=merged, recurring=recurring)


def table_actions(actions: pd.DataFrame) -> Table:
    """The improvement actions with their state at the date of the report."""
    rows = actions.assign(owner_printed=actions["owner"].str.replace(";", "; "))
    noted = actions.dropna(subset=["notes"])[["action_id", "notes"]].to_dict("records")
    return worded_table("actions", rows, as_of=_as_of(actions), noted=noted)


def table_indicators(counts: pd.DataFrame) -> Table:
    """Actions of each indicator by state, one column a state."""
    view = wide(counts, index="indicator_id", columns="status", values="n_actions")
    overdue = counts.groupby("indicator_id")["n_overdue"].sum()
    view = view.assign(overdue=view["indicator_id"].map(overdue))
    return worded_table("actions_by_indicator", counts, view=view)
