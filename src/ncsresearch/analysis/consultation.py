"""What did a consultation answer, and what of it was not published?"""

import pandas as pd

from ncsresearch.evidence.interval import share_interval
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

REMAINDER = "Not published"
SEVERAL_TOPICS = "a {one} may have several topics, so the shares do not add to 100%"
NO_TOTAL = "how many {one}s the question had is not published"
QUESTION = ["question_id", "question_label", "question_total"]


def consultation(study: Study) -> pd.DataFrame:
    """Comments of each category on each question of a consultation, and those that no published category holds.

    Returns the rows and columns of consultation_categories, at the study's interval level.
    """
    rows = consultation_categories(study.comment_counts, level=study.settings.interval_level)
    return framed(rows, "consultation", study)


def poll(study: Study) -> pd.DataFrame:
    """Results of a live poll as published.

    Returns one row per statement with label, percent, direction (what the percentage counts) and base, which is mostly
    not published.
    """
    return framed(study.poll_results, "poll", study)


def unpublished_comments(study: Study) -> pd.DataFrame:
    """What the comments outside the published categories can and cannot be.

    Returns the rows and columns of unpublished_bounds.
    """
    return framed(unpublished_bounds(study.comment_counts), "unpublished comments", study)


def consultation_categories(
    comment_counts: pd.DataFrame,
    *,
    level: float,
    one_topic: bool = True,
    remainder: str = REMAINDER,
    one: str = "comment",
) -> pd.DataFrame:
    """Categories of comments on each question, and the comments that no published category holds.

    one_topic   whether a comment has one category only; where the counts of a question exceed its comments it
                cannot, whatever is said here
    remainder   what comments in no category are called
    one         what one comment is called in reason

    Returns one row per question and category in the source's order, then one for the remainder, with
        n, question_total   comments in the category, and on the question
        share               n / question_total
        low, high           Wilson interval of the share, as if comments were independent draws
        published_percent   as published; missing for the remainder
        reason              why a question has no remainder, empty where it has

    Caution: comments come from tables of people at
    events; they are not independent, and one person may have made several. The interval shows how little a
    count of this size holds, not a margin of error.
    """
    columns = [*QUESTION, "category", "n", "published_percent"]
    named = comment_counts[columns].assign(reason=_not_closed(comment_counts, one_topic, one))
    closed = named[named["reason"].eq("")]
    rows = pd.concat([named, _remainders(closed, remainder)], ignore_index=True)
    rows = rows.sort_values("question_id", kind="stable", ignore_index=True)
    n, total = rows["n"].astype("float64"), rows["question_total"].astype("float64")
    low, high = share_interval(n, total, level=level)
    return rows.assign(share=n / total.mask(total.eq(0)), low=low, high=high)


def _not_closed(comment_counts: pd.DataFrame, one_topic: bool = True, one: str = "comment") -> pd.Series:
    """Why the categories of a row's question and a remainder do not add to its comments, empty where they do."""
    counts = comment_counts.groupby(QUESTION, dropna=False, observed=True)["n"].transform("sum")
    totals = comment_counts["question_total"].astype("float64")
    reasons = pd.Series("", comment_counts.index, dtype="object")
    reasons[counts.astype("float64").gt(totals) | (not one_topic)] = SEVERAL_TOPICS.format(one=one)
    reasons[totals.isna()] = NO_TOTAL.format(one=one)
    return reasons


def _remainders(named: pd.DataFrame, remainder: str) -> pd.DataFrame:
    grouped = named.groupby(QUESTION, dropna=False, observed=True)
    rest = grouped["n"].sum().reset_index()
    rest = rest.assign(n=rest["question_total"] - rest["n"], category=remainder, reason="")
    return rest[rest["n"] > 0]


def unpublished_bounds(comment_counts: pd.DataFrame) -> pd.DataFrame:
    """What the comments outside the published categories can and cannot be.

    If the published categories of a question are its largest, no other has more comments than the smallest
    of them, and a comment stands in one category only.

    Returns one row per question, with
        n_published, n_unpublished, question_total
        smallest_published   comments in the smallest published category
        least_categories     fewest further categories that can hold the unpublished comments

    Questions whose counts exceed their comments, or whose comments are not published, are left out: nothing
    bounds them.
    """
    grouped = comment_counts[_not_closed(comment_counts).eq("")].groupby(
        QUESTION, dropna=False, observed=True
    )
    rows = grouped["n"].agg(n_published="sum", smallest_published="min").reset_index()
    rest = rows["question_total"] - rows["n_published"]
    least = -(-rest // rows["smallest_published"])
    return rows.assign(n_unpublished=rest, least_categories=least)


def category_totals(comment_counts: pd.DataFrame) -> pd.DataFrame:
    """Comments in each category over all questions where a count was published.

    Returns one row per category, largest first, with n and n_questions (questions with a published count).
    A category without a count for a question is unknown there, not 0.
    """
    grouped = comment_counts.groupby("category", sort=False)
    rows = grouped.agg(n=("n", "sum"), n_questions=("question_id", "nunique")).reset_index()
    return rows.sort_values("n", ascending=False, kind="stable", ignore_index=True)
