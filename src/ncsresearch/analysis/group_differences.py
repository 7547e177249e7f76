"""What may be said of a difference between groups, and what may not?"""

import numpy as np
import pandas as pd

from ncsresearch.analysis.comparison import COUNTS, Contrast, contrasts_of, theme_comparison
from ncsresearch.analysis.permutation import DRAWS
from ncsresearch.study import Study

ONE = ["code_id", "group", "others"]
FEW = {"area": "areas", "interview": "interviews", "participant": "people"}
MATTERS = 0.1  # ten points: a smaller difference is not worth a sentence
CLAIMS = ("difference", "direction", "none")
COLUMNS = [
    *("code_id", "theme", "group", "others", "level", *COUNTS),
    *("difference", "low", "high", "p", "smallest_p", "family_size", "p_adjusted", "claim", "reason"),
]


def group_differences(
    study: Study, *, by: str, stance: str = "", of: str = "theme", draws: int = DRAWS
) -> pd.DataFrame:
    """What may be said of the difference between groups, theme by theme, from all the tests.

    by, stance, of, draws   as for theme_comparison

    Returns one row per theme and contrast, the surest first, with
        code_id, theme, group, others, level, and the four counts as in theme_comparison
        difference      share of the group less that of the others
        low, high       its interval, allowing for people heard together where there are interviews enough and
                        else as if people were independent; missing where areas are compared
        p, smallest_p, family_size, p_adjusted   of the permutation test
        claim           difference: more than chance in who was put together would make, over the whole family,
                        and an interval without 0; direction: areas are compared, too few for a test, and all of
                        one kind lie above all of the other, by ten points or more together; none: nothing may
                        be said
        reason          why no more may be said; empty for a difference
    """
    asked = {"by": by, "stance": stance, "of": of}
    tests = theme_comparison(study, **asked, draws=draws)
    rows = tests[tests["method"].eq("permutation")].drop(columns=["estimate", "low", "high"])
    rows = rows.merge(_intervals(tests), on=ONE)
    alpha = 1 - study.settings.interval_level
    rows["claim"] = _claims(rows, _apart(contrasts_of(study, **asked)), alpha)
    rows["reason"] = [_reason(row, alpha) for row in rows.itertuples()]
    rows = rows.assign(order=rows["claim"].map(CLAIMS.index), size=rows["difference"].abs())
    rows = rows.sort_values(["order", "size"], ascending=[True, False], kind="stable", ignore_index=True)
    return rows[COLUMNS]


def _intervals(tests: pd.DataFrame) -> pd.DataFrame:
    """Return the difference with the interval that allows for most."""
    counts, clusters = (
        tests[tests["method"].eq(method)].set_index(ONE)[["estimate", "low", "high", "level"]]
        for method in ("counts", "clusters")
    )
    between = counts["level"].eq("area") & clusters["low"].isna()
    rows = pd.DataFrame({"difference": counts["estimate"]})
    for side in ("low", "high"):
        rows[side] = clusters[side].fillna(counts[side]).mask(between)
    return rows.reset_index()


def _claims(rows: pd.DataFrame, apart: pd.Series, alpha: float) -> pd.Series:
    holds_none = rows["low"].le(0) & rows["high"].ge(0)
    points = pd.Series(pd.MultiIndex.from_frame(rows[ONE]).isin(apart.index[apart]), index=rows.index)
    pointing = points & rows["level"].eq("area") & rows["difference"].abs().ge(MATTERS)
    shown = rows["p_adjusted"].le(alpha) & ~holds_none
    return pd.Series(np.select([shown, pointing], CLAIMS[:2], CLAIMS[2]), index=rows.index)


def _apart(contrasts: list[Contrast]) -> pd.Series:
    """Return, for each theme and contrast, whether all areas of one side lie above all of the other."""
    found = {}
    for contrast in contrasts:
        people = contrast.people
        shares = contrast.raised.groupby(people["area_id"].to_numpy()).mean()
        inside = people.groupby("area_id")["here"].all().reindex(shares.index).to_numpy()
        here, there = shares[inside], shares[~inside]
        apart = here.min().gt(there.max()) | here.max().lt(there.min())
        found |= {(code, contrast.group, contrast.others): bool(apart[code]) for code in apart.index}
    return pd.Series(found, dtype=bool)


def _reason(row, alpha: float) -> str:
    if row.claim == "difference":
        return ""
    if pd.isna(row.p):
        return row.reason
    if row.smallest_p > alpha:
        return f"the test can give no less than {row.smallest_p:.3f} with so few {FEW[row.level]}"
    if row.p_adjusted <= alpha:
        return "its interval holds no difference at all"
    return "chance in who was put together makes as much"
