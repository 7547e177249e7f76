"""What does a published percentage allow to be known?"""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint


def counts_behind(percent: float, base: int) -> tuple[int, int] | None:
    """Find the counts whose share of base is printed as this whole percentage.

    Returns the smallest and the largest of them, or None where there is none. Halves may have been rounded
    either way, so both are allowed.
    """
    counts = np.arange(base + 1)
    fits = np.abs(100 * counts / base - percent) <= 0.5 + 1e-9
    return (int(counts[fits].min()), int(counts[fits].max())) if fits.any() else None


def published_shares(survey_items: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """Published survey percentages with the counts and intervals that their rounding allows.

    Returns one row per item, largest share first, with
        percent, base          as published
        count_low, count_high  smallest and largest number of people the percentage can stand for
        low, high              lowest and highest bound of a Wilson interval over those counts

    Caution: the base is that of the whole survey; people who left an item out are not known. The interval
    assumes that the people who answered were drawn at random, which is not said.
    """
    rows = survey_items.dropna(subset=["percent", "base"])
    spans = [
        counts_behind(percent, base) for percent, base in zip(rows["percent"], rows["base"], strict=True)
    ]
    bounds = pd.DataFrame(
        [span or (pd.NA, pd.NA) for span in spans], index=rows.index, columns=["count_low", "count_high"]
    ).astype("Int64")
    rows = rows.join(bounds)
    low = _wilson(rows["count_low"], rows["base"], level)[0]
    high = _wilson(rows["count_high"], rows["base"], level)[1]
    return rows.assign(low=low, high=high).sort_values(
        "percent", ascending=False, kind="stable", ignore_index=True
    )


def _wilson(counts: pd.Series, bases: pd.Series, level: float):
    n, base = counts.astype("float64"), bases.astype("float64")
    return proportion_confint(n, base, alpha=1 - level, method="wilson")
