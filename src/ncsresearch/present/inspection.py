"""Ratings of an inspection and the actions of its plan, in words and tables."""

import pandas as pd

from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.table import wide
from ncsresearch.present.wording import frame_sentence, phrase, phrases, worded_table

NAMED = ("complete", "no update")  # states whose actions are named in the sentence
FEW = 5  # actions of a state that are named; of more only the number is said


def say_ratings(ratings: pd.DataFrame) -> Finding:
    """Say which quality indicators had each rating, the rating of most first."""
    counts = ratings["rating"].value_counts()
    numbers = {str(rating): int(n) for rating, n in counts.items()}
    labels = ratings["label"].fillna(ratings["indicator_id"]).groupby(ratings["rating"]).agg(list)
    rows = [{"n": n, "rating": name, "labels": labels[name]} for name, n in counts.items()]
    rated = phrases("ratings", "rated", rows)
    return frame_sentence("ratings", ratings, numbers, n=len(ratings), rated=rated, one=counts.index[0])


def say_actions(actions: pd.DataFrame) -> Finding:
    """Say how many actions were complete, open and overdue when last reported, and name the few of a state."""
    counts = actions["status"].value_counts(sort=False)
    marked = {state: actions["status"].eq(state) for state in NAMED}
    marked["overdue"] = actions["overdue"].eq("yes")
    labels = {state: list(actions.loc[rows, "label"].dropna()) for state, rows in marked.items()}
    told = {state: phrase("actions", state) for state in [*counts.index, "overdue"]}
    few = [{"told": told[state], "labels": each} for state, each in labels.items() if 0 < len(each) <= FEW]
    states = [{"n": n, "told": told[state]} for state, n in counts[counts.gt(0)].items()]
    if unread := int(actions["status"].isna().sum()):
        states.append({"n": unread, "told": phrase("actions", "unread")})
    numbers = {str(state): int(n) for state, n in counts.items()} | {"overdue": int(marked["overdue"].sum())}
    behind = actions.rename(columns={"action_id": "unit_id"})[["unit_id", "label", "document_id"]]
    said = {"states": phrases("actions", "state", states), "named": phrases("actions", "named", few)}
    places = {
        "n": len(actions),
        "plans": actions["document_id"].nunique(),
        "as_of": actions["as_of"].iloc[0],
        **said,
    }
    return frame_sentence("actions", actions, numbers, evidence=behind, **places)


def table_actions(actions: pd.DataFrame) -> Table:
    """The improvement actions with the state last reported."""
    rows = actions.assign(owner_printed=actions["owner"].str.replace(";", "; "), action_id=_numbers(actions))
    noted = rows.dropna(subset=["notes"])[["action_id", "notes"]].to_dict("records")
    shown = {"overdue": actions["overdue"].eq("yes").any(), "notes": len(noted) > FEW}
    shown["indicator_id"] = actions["indicator_id"].notna().any()
    noted = [] if shown["notes"] else noted
    without = [name for name, has in shown.items() if not has]
    return worded_table("actions", rows, without=without, as_of=actions["as_of"].iloc[0], noted=noted)


def _numbers(actions: pd.DataFrame) -> list[str]:
    """Return the number of each action in its plan, without the plan's name where there is one plan."""
    pairs = zip(actions["action_id"], actions["document_id"], strict=True)
    one = actions["document_id"].nunique() == 1
    return [number.removeprefix(f"{plan}-") if one else number for number, plan in pairs]


def table_indicators(counts: pd.DataFrame) -> Table | None:
    """Actions of each indicator by state, one column a state; nothing where no action names one."""
    if counts["indicator_id"].isna().all():
        return None
    view = wide(counts, index="indicator_id", columns="status", values="n_actions")
    overdue = counts.groupby("indicator_id")["n_overdue"].sum()
    view = view.assign(overdue=view["indicator_id"].map(overdue))
    without = [name for name in view.columns[1:] if not view[name].any()]
    return worded_table("actions_by_indicator", counts, view=view, without=without)


def table_owners(counts: pd.DataFrame) -> Table:
    """Actions of each owner, those complete and, where there are any, those overdue."""
    return worded_table("owners", counts, without=[] if counts["n_overdue"].any() else ["n_overdue"])
