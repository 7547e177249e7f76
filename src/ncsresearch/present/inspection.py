"""Ratings of an inspection and the actions of its plan, in words and tables."""

import pandas as pd

from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.table import cited, source_of, wide
from ncsresearch.present.wording import phrases, sentence, worded_table
from ncsresearch.study.frames import study_of


def say_ratings(ratings: pd.DataFrame) -> Finding | None:
    """Say how the quality indicators were rated."""
    if ratings.empty:
        return None
    counts = ratings["rating"].value_counts()
    best = ratings.loc[ratings["points"].eq(ratings["points"].max()), "label"]
    of = {"numbers": {str(rating): int(n) for rating, n in counts.items()}, "source": source_of(ratings)}
    if len(counts) == 1:
        return sentence("ratings", "one", of=of, n=len(ratings), rating=counts.index[0])
    rated = phrases("ratings", "rated", [{"n": n, "rating": rating} for rating, n in counts.items()])
    return sentence("ratings", "several", of=of, n=len(ratings), rated=rated, best=list(best))


def table_ratings(ratings: pd.DataFrame) -> Table:
    """Ratings of the quality indicators."""
    return worded_table("ratings", ratings, source=source_of(ratings))


def say_actions(actions: pd.DataFrame) -> Finding | None:
    """Say how many actions are complete, open and overdue at the date of the report."""
    if actions.empty:
        return None
    counts = actions["status"].value_counts(sort=False)
    states = phrases("actions", "state", [{"n": n, "state": state} for state, n in counts.items() if n])
    late = list(actions.loc[actions["overdue"].eq("yes"), "label"])
    of = {
        "numbers": {str(state): int(n) for state, n in counts.items()} | {"overdue": len(late)},
        "evidence": actions.rename(columns={"action_id": "unit_id"})[["unit_id", "label", "document_id"]],
        "source": source_of(actions),
    }
    return sentence(
        "actions", of=of, n=len(actions), states=states, as_of=actions["as_of"].iloc[0], late=late
    )


def say_unseparable(actions: pd.DataFrame) -> Finding | None:
    """Say which actions' rows the source merges, and which recur."""
    if actions.empty:
        return None
    merged = list(actions.loc[actions["status"].eq("not separable"), "action_id"])
    recurring = list(actions.loc[actions["recurring"].eq("yes"), "action_id"])
    of = {"numbers": {"merged": len(merged), "recurring": len(recurring)}, "source": source_of(actions)}
    return sentence("unseparable", of=of, merged=merged, recurring=recurring)


def table_actions(actions: pd.DataFrame) -> Table | None:
    """The improvement actions with their state at the date of the report."""
    if actions.empty:
        return None
    rows = actions.assign(owner_printed=actions["owner"].str.replace(";", "; "))
    noted = actions.dropna(subset=["notes"])[["action_id", "notes"]].to_dict("records")
    as_of = actions["as_of"].iloc[0]
    return worded_table("actions", rows, source=source_of(actions), as_of=as_of, noted=noted)


def table_indicators(counts: pd.DataFrame) -> Table | None:
    """Actions of each indicator by state, one column a state."""
    if counts.empty:
        return None
    view = wide(counts, index="indicator_id", columns="status", values="n_actions")
    overdue = counts.groupby("indicator_id")["n_overdue"].sum()
    view = view.assign(overdue=view["indicator_id"].map(overdue))
    return worded_table("actions_by_indicator", counts, source=_source(counts), view=view)


def _source(counts: pd.DataFrame) -> str:
    return cited(study_of(counts), study_of(counts).actions["document_id"])


def table_owners(owners: pd.DataFrame) -> Table:
    """Actions of each owner."""
    return worded_table("owners", owners, source=_source(owners))
