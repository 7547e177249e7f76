"""Comments on a consultation by category, a live poll, and answers in people's own words where they are held."""

from textwrap import fill

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from ncsresearch.analysis.consultation import (
    REMAINDER,
    category_totals,
    unpublished_bounds,
    unseen_categories,
)
from ncsresearch.analysis.responses import response_topics
from ncsresearch.present.figure import BLUE, GREY, drawn, height, name_rows, panels, row_axis, write_number
from ncsresearch.present.outputs import STYLE, Figure, Finding, Table
from ncsresearch.present.sentence import capital
from ncsresearch.present.table import SMALLEST_BASE, large_enough, source_of
from ncsresearch.present.wording import frame_sentence, phrases, worded_table
from ncsresearch.study.frames import study_of

SHARES = ["share", "low_together", "high_together"]


def say_consultation(categories: pd.DataFrame) -> Finding:
    """Say how many comments there were and which categories hold most of those published."""
    totals = category_totals(study_of(categories).comment_counts)
    comments = int(categories.drop_duplicates("question_id")["question_total"].sum())
    n_questions = categories["question_id"].nunique()
    numbers = {"comments": comments} | {row.category: int(row.n) for row in totals.itertuples()}
    named = phrases("consultation", "category", totals.head(3).to_dict("records"))
    every = list(totals.loc[totals["n_questions"].eq(n_questions), "category"])
    places = {"comments": comments, "n_questions": n_questions, "named": named, "every": every}
    return frame_sentence("consultation", categories, numbers, **places)


def say_unpublished(categories: pd.DataFrame) -> Finding | None:
    """Say how many comments are in no published category, and what they can be."""
    bounds = unpublished_bounds(study_of(categories).comment_counts)
    if bounds.empty:
        return None
    numbers = {
        "unpublished": int(bounds["n_unpublished"].sum()),
        "comments": int(bounds["question_total"].sum()),
    }
    questions = phrases("unpublished", "question", bounds.to_dict("records"))
    least = list(bounds["least_categories"])
    return frame_sentence("unpublished", categories, numbers, questions=questions, least=least, **numbers)


def plot_consultation(categories: pd.DataFrame) -> Figure:
    """Draw the categories of each question as ordered bars, with what was not published hatched."""
    questions = [rows for _, rows in categories.groupby("question_id", sort=False)]
    canvas, axes = panels([height(rows["category"]) for rows in questions])
    with mpl.rc_context(STYLE):
        for ax, rows in zip(axes, questions, strict=True):
            _draw_question(ax, rows)
            ax.set_xlim(0, float(categories["n"].max()) * 1.35)
    rows = categories.assign(percent=[_share_told(row) for row in categories.itertuples()])
    return drawn("consultation_drawn", canvas, rows, rows.to_dict("records"), name="consultation")


def _draw_question(ax: Axes, rows: pd.DataFrame) -> None:
    for place, row in enumerate(rows.itertuples()):
        published = row.category != REMAINDER
        colours = {"color": BLUE if published else "white", "edgecolor": BLUE if published else GREY}
        ax.barh(place, row.n, hatch=None if published else "////", height=0.7, **colours)
        write_number(ax, row.n, place, _with_share(row))
    first = rows.iloc[0]
    name_rows(ax, rows["category"])
    ax.invert_yaxis()
    ax.set_title(fill(f"{first['question_id']}. {capital(first['question_label'])}", 60))
    row_axis(ax, f"Comments, of {first['question_total']}")


def _with_share(row) -> str:
    """Return a count with its percentage, where its base is known and carries one."""
    return f"{row.n} ({share})" if (share := _share_told(row)) else f"{row.n}"


def _share_told(row) -> str:
    few = pd.isna(row.share) or row.question_total < SMALLEST_BASE
    return "" if few else f"{100 * row.share:.0f}%"


def table_consultation(categories: pd.DataFrame) -> Table:
    """Categories of comments with their counts, shares and intervals."""
    return _table_categories(categories, source_of(categories), one="comment")


def _table_categories(rows: pd.DataFrame, source: str, *, one: str, name: str = "") -> Table:
    """Return categories with what their intervals assume, and why some are not given."""
    reasons = [reason for reason in dict.fromkeys(rows["reason"]) if reason]
    view = large_enough(rows, "question_total", SHARES)
    return worded_table("categories", rows, name=name, source=source, view=view, reasons=reasons, one=one)


def say_unseen(bounds: pd.DataFrame) -> Finding | None:
    """Say what the topics that a source names without a count can hold, question by question."""
    study = study_of(bounds)
    values = study.published_values
    named = values.loc[values["rule"].eq("topics have counts"), "published"]
    if named.empty:
        return None
    unseen = unseen_categories(study.comment_counts, n_named=len(named.iloc[0].split(";")))
    told = phrases("unseen", "question", unseen[unseen["n_unseen"].gt(0)].to_dict("records"))
    ids = zip(unseen["question_id"], unseen["n_unseen"], strict=True)
    numbers = {f"topics without a count on question {question}": int(n) for question, n in ids}
    return frame_sentence("unseen", bounds, numbers, told=told)


def say_poll(poll: pd.DataFrame) -> Finding | None:
    """Say what the poll percentages count, and that they have no base."""
    known = poll.dropna(subset=["percent"])
    if known.empty:
        return None
    no = known[known["direction"].eq("negative")]
    most = no.loc[no["percent"].idxmax()].to_dict() if len(no) else {}
    numbers = {"published": len(known), "asked": len(poll), "disagreement": len(no)}
    return frame_sentence("poll", poll, numbers, most=most, **numbers)


def table_poll(poll: pd.DataFrame) -> Table:
    """Poll results with the direction of each percentage; no base is published."""
    return worded_table("poll", poll.assign(share=poll["percent"] / 100))


def say_responses(responses: pd.DataFrame) -> Finding:
    """Say how many responses are held and how many different answers they are, campaigns named."""
    names = ("responses", "distinct", "campaigns", "in_campaigns")
    numbers = {name: int(responses[f"n_{name}"].sum()) for name in names}
    rule = {name: int(responses[name].iloc[0]) for name in ("campaign_size", "campaign_words")}
    return frame_sentence("responses", responses, numbers, questions=len(responses), **numbers, **rule)


def table_responses(responses: pd.DataFrame) -> list[Table]:
    """Responses and different answers, question by question; and topics of the responses with shares and intervals."""
    topics = response_topics(study_of(responses))
    about = {"one": "response", "name": "response_topics"}
    by_topic = [_table_categories(topics, source_of(responses), **about)] if len(topics) else []
    return [worded_table("responses", responses), *by_topic]
