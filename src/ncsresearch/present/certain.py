"""Which of several numbers are surely the largest, where some are withheld and a reader knows only between what they lie?"""

import pandas as pd


def surely_most(rows: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """Return the rows that are surely the largest, the largest first: as many as can be told, and no more than asked for.

    rows   with least and most

    Nothing is returned where any of the others may be as large, nor of what nobody may have raised.
    """
    rows = rows[rows["most"].gt(0)].sort_values(["least", "most"], ascending=False, kind="stable")
    for n in range(min(most, len(rows)), 0, -1):
        chosen, others = rows.head(n), rows.iloc[n:]
        if chosen["least"].min() > 0 and (others.empty or chosen["least"].min() > others["most"].max()):
            return chosen
    return rows.iloc[:0]


def surely_largest(rows: pd.DataFrame, size: str, at_most: str) -> pd.DataFrame:
    """Return the row whose size is surely the largest: none of the others, those that are withheld included, may pass it."""
    known = rows.dropna(subset=size)
    if known.empty or rows[at_most].max() > known[size].max():
        return rows.iloc[:0]
    return known.loc[[known[size].idxmax()]]


def with_ties(rows: pd.DataFrame, size: str, most: int, at_most: int) -> pd.DataFrame:
    """Return the rows of the largest sizes, and those as large as the last of them; where these are too many, only those larger."""
    found = rows.nlargest(most, size, keep="all")
    larger = found[found[size].gt(found[size].min())]
    return found if len(found) <= at_most else larger if len(larger) else found.head(most)
