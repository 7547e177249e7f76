"""Tables on services: consultation, poll, ratings, actions, and figures checked."""

import pandas as pd

from ncsresearch.present.media import Table
from ncsresearch.present.sentence import capital, day
from ncsresearch.present.table import cited, large_enough, titles, wide
from ncsresearch.present.wording import worded_table
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

CATEGORY_HEADINGS = {
    "category": "Category",
    "n": "Comments",
    "question_total": "Of",
    "share": "Share %",
    "low_together": "Lower %",
    "high_together": "Upper %",
}
SHARES = ["share", "low_together", "high_together"]
CHECK_CAPTIONS = {
    "differ": "Figures that differ or cannot be checked",
    "to_note": "What a reader should know",
    "agree": "Figures that agree",
}


def table_consultation(categories: pd.DataFrame, study: Study) -> Table:
    """Categories of comments with their counts, shares and intervals."""
    shown = {"question_label": "Question"} | CATEGORY_HEADINGS
    source = cited(study, study.comment_counts["document_id"].unique())
    return Table(
        "categories",
        "Comments by question and category",
        categories,
        shown,
        "comments recorded on the question",
        source,
        closed_note(categories),
        view=large_enough(categories, "question_total", SHARES),
    )


def closed_note(categories: pd.DataFrame) -> str:
    """Say what the intervals of categories assume, and why some are not given."""
    note = (
        "Lower and upper: multinomial interval that holds for all categories of a question at once, as if comments "
        "were independent draws, which they are not."
    )
    reasons = [reason for reason in dict.fromkeys(categories["not_given_because"]) if reason]
    return note + "".join(f" Not given where {reason}." for reason in reasons)


def table_unpublished(bounds: pd.DataFrame, study: Study) -> Table:
    """What the comments outside the published categories can be."""
    shown = {
        "question_label": "Question",
        "question_total": "Comments",
        "n_published": "In published categories",
        "n_unpublished": "Not published",
        "smallest_published": "Smallest published category",
        "least_categories": "Further categories, at least",
    }
    note = "At least so many further categories, if none has more comments than the smallest published one."
    return Table(
        "unpublished",
        "Comments in no published category",
        bounds,
        shown,
        "comments recorded on the question",
        cited(study, study.comment_counts["document_id"].unique()),
        note,
    )


def table_poll(poll: pd.DataFrame, study: Study) -> Table:
    """Poll results with the direction of each percentage; no base is published."""
    rows = poll.assign(share=poll["percent"] / 100)
    shown = {
        "label": "Statement",
        "direction": "What the percentage counts",
        "share": "Published %",
        "base": "People who answered",
    }
    return Table(
        "poll",
        "Results of the live poll",
        rows,
        shown,
        "people who answered, a number that is not published",
        cited(study, poll["document_id"].unique()),
    )


def table_ratings(ratings: pd.DataFrame) -> Table:
    """Ratings of the quality indicators."""
    return worded_table("ratings", ratings, source=cited(study_of(ratings), ratings["document_id"].unique()))


def table_actions(states: pd.DataFrame, study: Study) -> Table:
    """The improvement actions with their state at the date of the report."""
    shown = {
        "action_id": "No.",
        "label": "Action",
        "indicator_id": "Indicator",
        "owner_printed": "Owner",
        "due_printed": "Due, as printed",
        "status": "State",
        "overdue": "Overdue",
    }
    rows = states.assign(owner_printed=states["owner"].str.replace(";", "; "))
    return Table(
        "actions",
        "Improvement actions",
        rows,
        shown,
        f"actions of the plan on {day(states['as_of'].iloc[0])}" if len(states) else "actions",
        cited(study, states["document_id"].unique()),
        " ".join(_action_notes(states)),
    )


def table_indicators(counts: pd.DataFrame, study: Study) -> Table:
    """Actions of each indicator by state, one column a state."""
    view = wide(counts, index="indicator_id", columns="status", values="n_actions")
    states = {name: capital(name) for name in view if name != "indicator_id"}
    overdue = counts.groupby("indicator_id")["n_overdue"].sum()
    view = view.assign(overdue=view["indicator_id"].map(overdue))
    shown = {"indicator_id": "Indicator"} | states | {"overdue": "Of these overdue"}
    source = cited(study, study.actions["document_id"].unique())
    return Table(
        "actions_by_indicator",
        "Actions by indicator",
        counts,
        shown,
        "actions of the plan",
        source,
        view=view,
    )


def _action_notes(states: pd.DataFrame) -> list[str]:
    return [f"Action {row.action_id}: {row.notes}." for row in states.dropna(subset=["notes"]).itertuples()]


def table_owners(owners: pd.DataFrame, study: Study) -> Table:
    """Actions of each owner."""
    shown = {"owner": "Owner", "n_actions": "Actions", "n_complete": "Complete", "n_overdue": "Overdue"}
    return Table(
        "owners",
        "Actions by owner",
        owners,
        shown,
        "actions; one with several owners counts for each",
        cited(study, study.actions["document_id"].unique()),
    )


def table_checked(checked: pd.DataFrame, study: Study, *, results: list[str], name: str) -> Table:
    """Checks with one of these results: what was printed and what the rule found."""
    rows = checked[checked["result"].isin(results)]
    published = rows["published"].str.replace(";", ", ").map(_thousands)
    rows = rows.assign(document=titles(study, rows["document_id"]), published=published)
    shown = {
        "document": "Source",
        "where": "Where",
        "statement": "What",
        "published": "Published",
        "recomputed": "Found",
    }
    shown |= {"weight": "Weight"} if set(results) - {"agrees"} else {}
    source = "the documents and statistics named in each row"
    return Table(name, CHECK_CAPTIONS[name], rows, shown, "checks made by rule", source)


def _thousands(words: str) -> str:
    return f"{int(words):,}" if words.isdecimal() else words


def table_check_summary(summary: pd.DataFrame, study: Study) -> Table:
    """Checks of each source by result."""
    rows = wide(summary, index="document_id", columns="result", values="n_checks")
    rows["document"] = titles(study, rows["document_id"].astype("str"))
    results = {name: name.capitalize() for name in rows if name not in ("document_id", "document")}
    return Table(
        "checks_by_source",
        "Checks by source and result",
        rows,
        {"document": "Source"} | results,
        "checks made by rule",
        "the documents and statistics themselves",
    )


def table_remarks(study: Study) -> Table:
    """Remarks that only a reader can make."""
    rows = study.notes.assign(document=titles(study, study.notes["unit_id"]))
    shown = {"document": "Source", "title": "Where", "text": "Remark", "author": "Made by"}
    return Table(
        "remarks",
        "Remarks of a reader on wording and labels",
        rows,
        shown,
        "remarks of one reader",
        "the documents named in each row",
    )
