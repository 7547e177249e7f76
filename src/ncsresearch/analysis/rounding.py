"""What does a published percentage allow to be known?"""

from itertools import combinations

import numpy as np
import pandas as pd

from ncsresearch.evidence.interval import share_interval

HALF = 0.5 + 1e-9
DIFFERENCES = ["label", "other_label", "base", "more_low", "more_high", "difference_low"]


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


def published_differences(survey_items: pd.DataFrame) -> pd.DataFrame:
    """How far apart two published percentages of one base of a survey can be, whatever their rounding hid.

    Returns one row per pair of items of one document that have counts of one base, the larger percentage first, with
        label, other_label, base   the items, and the people who answered both, as published
        more_low, more_high        fewest and most people by which the first item can be ahead; negative: behind
        difference_low             more_low as a share of the base

    Caution: the bounds are of rounding alone, and nothing is tested: who gave which two answers is not known. They hold if
    everybody counted in the base answered both items.
    """
    items = _with_counts(survey_items).dropna(subset="count_low")
    items = items.sort_values("percent", ascending=False, kind="stable")
    groups = items.groupby(["document_id", "base"], sort=False, observed=True)
    pairs = [pair for _, own in groups for pair in combinations(own.to_dict("records"), 2)]
    return pd.DataFrame([_difference(*pair) for pair in pairs], columns=DIFFERENCES)


def _difference(first: dict, other: dict) -> dict:
    more_low = first["count_low"] - other["count_high"]
    return {
        "label": first["label"],
        "other_label": other["label"],
        "base": int(first["base"]),
        "more_low": more_low,
        "more_high": first["count_high"] - other["count_low"],
        "difference_low": more_low / int(first["base"]),
    }
