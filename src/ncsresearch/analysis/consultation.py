"""What did a consultation answer, and what of it was not published?"""

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

REMAINDER = "Not published"


def consultation_categories(comment_counts: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """Categories of comments on each question, and the comments that no published category holds.

    Returns one row per question and category in the source's order, then one for the remainder, with
        n, question_total   comments in the category, and on the question
        share               n / question_total
        low, high           Wilson interval of the share, as if comments were independent draws
        published_percent   as published; missing for the remainder

    Caution: comments come from tables of people at events; they are not independent, and one person may have
    made several. The interval shows how little a count of this size holds, not a margin of error.
    """
    columns = ["question_id", "question_label", "category", "n", "question_total", "published_percent"]
    rows = pd.concat([comment_counts[columns], _remainders(comment_counts)], ignore_index=True)
    rows = rows.sort_values("question_id", kind="stable", ignore_index=True)
    n, total = rows["n"].astype("float64"), rows["question_total"].astype("float64")
    low, high = proportion_confint(n, total, alpha=1 - level, method="wilson")
    return rows.assign(share=n / total, low=low, high=high)


def _remainders(comment_counts: pd.DataFrame) -> pd.DataFrame:
    grouped = comment_counts.groupby(["question_id", "question_label", "question_total"], dropna=False)
    rest = grouped["n"].sum().reset_index()
    return rest.assign(n=rest["question_total"] - rest["n"], category=REMAINDER)[lambda rows: rows["n"] > 0]


def unpublished_bounds(comment_counts: pd.DataFrame) -> pd.DataFrame:
    """What the comments outside the published categories can and cannot be.

    If the published categories of a question are its largest, no other has more comments than the smallest
    of them.

    Returns one row per question, with
        n_published, n_unpublished, question_total
        smallest_published   comments in the smallest published category
        least_categories     fewest further categories that can hold the unpublished comments
        least_if_one_short   fewest comments that one of so few categories must hold
    """
    grouped = comment_counts.groupby(["question_id", "question_label", "question_total"], dropna=False)
    rows = grouped["n"].agg(n_published="sum", smallest_published="min").reset_index()
    rest = rows["question_total"] - rows["n_published"]
    least = -(-rest // rows["smallest_published"])
    one_short = (rest - (least - 1) * rows["smallest_published"]).clip(lower=0)
    return rows.assign(n_unpublished=rest, least_categories=least, least_if_one_short=one_short)


def category_totals(comment_counts: pd.DataFrame) -> pd.DataFrame:
    """Comments in each category over all questions where a count was published.

    Returns one row per category, largest first, with n and n_questions (questions with a published count).
    A category without a count for a question is unknown there, not 0.
    """
    grouped = comment_counts.groupby("category", sort=False)
    rows = grouped.agg(n=("n", "sum"), n_questions=("question_id", "nunique")).reset_index()
    return rows.sort_values("n", ascending=False, kind="stable", ignore_index=True)
