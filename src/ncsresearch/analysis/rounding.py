"""What does a published percentage allow to be known?"""

from itertools import combinations

import numpy as np
import pandas as pd

from ncsresearch.evidence.interval import share_interval

HALF = 0.5 + 1e-9
PUBLISHED_ONLY = "only rounded percentages are published: who gave which two answers is not known"
TWO_BASES = "the two bases differ: the answers are not known to be of the same people"
IMPOSSIBLE = "no count of people has one of these percentages of the base"


def consistent_counts(percent: float, base: int) -> tuple[int, int] | None:
    """Find the counts whose share of base is printed as this whole percentage.

    Returns the smallest and the largest of them, or None where there is none. Tie rule: halves may have been
    rounded either way, so both are allowed.
    """
    counts = np.arange(base + 1)
    fits = np.abs(100 * counts / base - percent) <= HALF if base else np.zeros(1, dtype=bool)
    return (int(counts[fits].min()), int(counts[fits].max())) if fits.any() else None


def published_shares(survey_items: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """Published survey percentages with the counts and intervals that their rounding allows.

    Returns one row per item, largest share first, with
        percent, base          as published
        count_low, count_high  smallest and largest number of people that the percentage allows
        low, high              lowest and highest bound of a Wilson interval over those counts

    Caution: the base is that of the whole survey; people who left an item out are not known. The interval
    assumes that the people who answered were drawn at random, which is not said.
    """
    rows = _with_counts(survey_items)
    low, _ = share_interval(rows["count_low"].astype("float64"), rows["base"], level=level)
    _, high = share_interval(rows["count_high"].astype("float64"), rows["base"], level=level)
    return rows.assign(low=low, high=high).sort_values(
        "percent", ascending=False, kind="stable", ignore_index=True
    )


def _with_counts(survey_items: pd.DataFrame) -> pd.DataFrame:
    rows = survey_items.dropna(subset=["percent", "base"])
    pairs = zip(rows["percent"], rows["base"].astype("int64"), strict=True)
    spans = [consistent_counts(percent, base) or (pd.NA, pd.NA) for percent, base in pairs]
    names = ["count_low", "count_high"]
    return rows.join(pd.DataFrame(spans, index=rows.index, columns=names).astype("Int64"))


DIFFERENCES = [
    *("item_id", "label", "other_id", "other_label", "base", "more_low", "more_high"),
    *("difference_low", "difference_high", "both_low", "both_high", "reason"),
]


def published_differences(survey_items: pd.DataFrame) -> pd.DataFrame:
    """How far apart two published percentages of one survey can be, whatever their rounding hid.

    Returns one row per pair of items of one document, the larger percentage first, with
        item_id, label, other_id, other_label
        base                people who answered both, as published; missing where the two bases differ
        more_low, more_high      fewest and most people by which the first item can be ahead; negative: behind
        difference_low, difference_high   the same as shares of the base, between -1 and 1
        both_low, both_high      fewest and most people who can have been positive on both
        reason                   why there is no p: always given, for published shares are never tested

    Caution: the bounds are of rounding alone. They hold if everybody counted in the base answered both items.
    """
    items = _with_counts(survey_items).sort_values("percent", ascending=False, kind="stable")
    documents = items.groupby("document_id", sort=False, observed=True)
    rows = [_difference(*pair) for _, own in documents for pair in combinations(own.to_dict("records"), 2)]
    return pd.DataFrame(rows, columns=DIFFERENCES)


def _difference(first: dict, other: dict) -> dict:
    row = {"item_id": first["item_id"], "label": first["label"]}
    row |= {"other_id": other["item_id"], "other_label": other["label"]}
    if first["base"] != other["base"]:
        return row | {"reason": TWO_BASES}
    if pd.isna(first["count_low"]) or pd.isna(other["count_low"]):
        return row | {"reason": IMPOSSIBLE}
    base = int(first["base"])
    more = first["count_low"] - other["count_high"], first["count_high"] - other["count_low"]
    return row | {
        "base": base,
        "more_low": more[0],
        "more_high": more[1],
        "difference_low": more[0] / base,
        "difference_high": more[1] / base,
        "both_low": max(0, first["count_low"] + other["count_low"] - base),
        "both_high": min(first["count_high"], other["count_high"]),
        "reason": PUBLISHED_ONLY,
    }
