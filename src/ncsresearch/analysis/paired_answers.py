"""Do the same people answer two questions differently?"""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import binom

from ncsresearch.analysis.comparison import adjusted_p
from ncsresearch.analysis.survey import kinds_of_answers
from ncsresearch.study import Study

NOBODY_BOTH = "nobody gave an answer on the scale to both questions"
NOT_JUDGED = "which answers are positive, or what else is on the scale, is not said"
PUBLIC = "published evidence is described and not tested"
PAIRED = [
    *("item_id", "label", "other_id", "other_label", "base", "n_both", "n_only_first", "n_only_other"),
    *("n_neither", "difference", "p", "p_adjusted", "n_tests", "reason"),
]


def mcnemar_p(n_only_first, n_only_other):
    """Exact two-sided McNemar p of the people who were positive on one of two questions only.

    Returns p, for numbers or columns of numbers: 1 where nobody differs.
    Source: McNemar 1947, doi 10.1007/BF02295996; exact by the binomial distribution with chance one half.
    """
    first, other = np.asarray(n_only_first), np.asarray(n_only_other)
    return np.minimum(1.0, 2 * binom.cdf(np.minimum(first, other), first + other, 0.5))


def answers_compared(study: Study) -> pd.DataFrame:
    """Positive answers of the same people to each two questions of one survey.

    Returns one row per pair of questions whose answers are held, in the study's order, with
        item_id, label, other_id, other_label
        base                 people with an answer on the scale to both
        n_both, n_only_first, n_only_other, n_neither   how many were positive on which
        difference           (n_only_first - n_only_other) / base, between -1 and 1
        p                    exact McNemar p of the table
        p_adjusted           the same by Benjamini and Hochberg over the n_tests pairs of the survey
        reason               why there is no p, empty where there is one

    Caution: people who answer are seldom drawn at random, and a small p says only that so uneven a split would
    be rare if either change of mind were as likely. Weights of a survey are not applied. In a public study nothing is tested.
    """
    answers = kinds_of_answers(study)
    order = [name for name in study.survey_items["item_id"] if name in set(answers["item_id"])]
    items = study.survey_items.set_index("item_id").loc[order]
    on_scale = answers["kind"].isin(["positive", "neutral", "other"])
    positive = answers[on_scale].assign(positive=lambda rows: rows["kind"].eq("positive").astype("float64"))
    table = positive.pivot(index="respondent_id", columns="item_id", values="positive").reindex(columns=order)
    rows = [
        _compared(items.loc[list(pair)], table, study.settings.access)
        for _, own in items.groupby("document_id", sort=False, observed=True)
        for pair in combinations(own.index, 2)
    ]
    return _adjusted(pd.DataFrame(rows, columns=["document_id", *PAIRED]))


def _compared(pair: pd.DataFrame, table: pd.DataFrame, access: str) -> dict:
    (item_id, other_id), (label, other_label) = pair.index, pair["label"]
    first, other = table[[item_id, other_id]].dropna().to_numpy().T if len(table) else (np.empty(0),) * 2
    only_first, only_other = int((first > other).sum()), int((other > first).sum())
    row = {"document_id": pair["document_id"].iloc[0], "item_id": item_id, "label": label}
    row |= {"other_id": other_id, "other_label": other_label, "base": len(first)}
    row |= {"n_both": int((first * other).sum()), "n_only_first": only_first, "n_only_other": only_other}
    row["n_neither"] = row["base"] - row["n_both"] - only_first - only_other
    reason = _why_not(pair, row["base"], access)
    difference = (only_first - only_other) / row["base"] if row["base"] else None
    p = None if reason else float(mcnemar_p(only_first, only_other))
    return row | {"difference": difference, "p": p, "reason": reason}


def _why_not(pair: pd.DataFrame, base: int, access: str) -> str:
    if access == "public":
        return PUBLIC
    if pair[["scale", "positive_values"]].isna().any(axis=None):
        return NOT_JUDGED
    return "" if base else NOBODY_BOTH


def _adjusted(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the size of the family of tests of each survey and p adjusted over it."""
    rows = rows.astype({"p": "float64", "difference": "float64"})
    family = rows.groupby("document_id", observed=True)["p"]
    rows["n_tests"] = family.transform("count").astype("int64")
    rows["p_adjusted"] = family.transform(adjusted_p)
    return rows[PAIRED]
