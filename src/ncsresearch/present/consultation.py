"""Comments on a consultation by category, a live poll, and answers in people's own words where they are held."""

from textwrap import fill

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from ncsresearch.analysis.consultation import REMAINDER, category_totals, unpublished_bounds
from ncsresearch.analysis.responses import response_topics
from ncsresearch.evidence.rounded import percent
from ncsresearch.present.figure import BLUE, GREY, drawn, height, name_rows, panels, row_axis, write_number
from ncsresearch.present.outputs import STYLE, Figure, Finding, Table
from ncsresearch.present.sentence import capital, lower_first
from ncsresearch.present.table import SMALLEST_BASE, large_enough, source_of
from ncsresearch.present.wording import frame_sentence, phrase, phrases, worded_table, words
from ncsresearch.study.frames import study_of

# of the results of a poll, in the order of its sentence
DIRECTIONS = ("negative", "positive", "single choice")


def say_consultation(categories: pd.DataFrame) -> Finding | None:
    """Say which topics drew most comments on each question; nothing where no topic has a count."""
    counts = study_of(categories).comment_counts
    comments = int(categories.drop_duplicates("question_id")["question_total"].sum())
    numbers = {"comments": comments, "counted": int(counts["n"].sum())}
    numbers |= {row.category: int(row.n) for row in category_totals(counts).itertuples()}
    grouped = counts.dropna(subset="n").groupby(["question_id", "question_label"], sort=False, dropna=False)
    said = phrases("consultation", "question", [_question(rows) for _, rows in grouped])
    return frame_sentence("consultation", categories, numbers, said=said) if said else None


def _question(rows: pd.DataFrame) -> dict:
    """Return a question with its three topics of most comments, the largest first."""
    largest = rows.sort_values("n", ascending=False, kind="stable").head(3).to_dict("records")
    label, total = str(rows["question_label"].iloc[0]), rows["question_total"].iloc[0]
    asked = f'"{label}"' if label.endswith("?") else lower_first(label)
    named = phrases("consultation", "category", largest)
    return {"asked": asked, "total": "" if pd.isna(total) else total, "named": named}


def say_unpublished(categories: pd.DataFrame) -> Finding | None:
    """Say how many comments are in no published category, question by question."""
    bounds = unpublished_bounds(study_of(categories).comment_counts).query("n_unpublished > 0")
    if bounds.empty:
        return None
    numbers = {
        "unpublished": int(bounds["n_unpublished"].sum()),
        "comments": int(categories.drop_duplicates("question_id")["question_total"].sum()),
    }
    questions = phrases("unpublished", "question", bounds.to_dict("records"))
    return frame_sentence("unpublished", categories, numbers, questions=questions, **numbers)


def plot_consultation(categories: pd.DataFrame) -> Figure | None:
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
    return "" if few else percent(row.share)


def table_consultation(categories: pd.DataFrame) -> Table:
    """Categories of comments with their counts and shares."""
    rows = categories.drop(columns=["low", "high"])  # every comment is there: none was drawn
    return _table_categories(rows, source_of(categories), one="comment")


def _table_categories(rows: pd.DataFrame, source: str, *, one: str, name: str = "") -> Table:
    view = large_enough(rows, "question_total", ["share"])
    reasons = [*filter(None, dict.fromkeys(rows["reason"]))]
    return worded_table("categories", rows, name=name, source=source, view=view, one=one, reasons=reasons)


def say_poll(poll: pd.DataFrame) -> Finding | None:
    """Say what share did not agree, agreed, or chose, with each statement of a poll, and how many people answered."""
    known = poll.dropna(subset=["percent", "label"]).sort_values("percent", ascending=False, kind="stable")
    said = [_results(rows, each) for each in DIRECTIONS if len(rows := known[known["direction"].eq(each)])]
    bases = [int(base) for base in sorted(known["base"].dropna().unique())]
    numbers = {"published": len(known), "asked": len(poll)} | known.set_index("label")["percent"].to_dict()
    places = {"said": said, "bases": bases, "every": known["base"].notna().all()}
    return frame_sentence("poll", poll, numbers, **places) if said else None


def _results(rows: pd.DataFrame, direction: str) -> str:
    """Return the results of a poll that count one thing, in words."""
    rows = rows.assign(first=~rows["direction"].duplicated(), did=phrase("poll", direction))
    return phrase("poll", "results", results=phrases("poll", "result", rows.to_dict("records")))


def table_poll(poll: pd.DataFrame) -> Table:
    """Poll results with the direction of each percentage, and how many answered where that is published."""
    said = words("sentences")["poll"]
    answers = poll["direction"].astype("str").map(said | {"single choice": said["chosen"]}).fillna("")
    known = poll.assign(share=poll["percent"] / 100, direction=answers).dropna(subset="share")
    counted = bool(known["base"].notna().any())
    without = [] if counted else ["base"]
    return worded_table("poll", known, without=without, counted=counted, left_out=len(poll) - len(known))


def say_responses(responses: pd.DataFrame) -> Finding:
    """Say how many responses are held and how many different answers they are, campaigns named."""
    names = ("responses", "distinct", "campaigns", "in_campaigns")
    numbers = {name: int(responses[f"n_{name}"].sum()) for name in names}
    rule = {name: int(responses[name].iloc[0]) for name in ("campaign_size", "campaign_words")}
    return frame_sentence("responses", responses, numbers, questions=len(responses), **numbers, **rule)


def table_responses(responses: pd.DataFrame) -> list[Table]:
    """Responses and different answers, question by question; and topics of the responses with shares."""
    topics = response_topics(study_of(responses))
    about = {"one": "response", "name": "response_topics"}
    by_topic = [_table_categories(topics, source_of(responses), **about)] if len(topics) else []
    return [worded_table("responses", responses), *by_topic]
