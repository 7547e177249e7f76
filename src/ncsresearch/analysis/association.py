"""Do two descriptions of the same passages go together?"""

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

LEAST_EXPECTED = 5
MOST_BELOW = 0.2


def association(units: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    """Chi-square test of two columns of units, with Cramér's V.

    units   one row per unit, such as a passage under a code told in one way; rows that lack either are left out

    Returns one row, with one, other, n_units, statistic, freedom, p, v (Cramér's V, 0 to 1), least_expected
    (the smallest expected count) and not_tested_because: where a fifth of the cells or more expect fewer than
    5, or any fewer than 1, the figures are missing.

    Source: Cochran 1954, Biometrics 10:417-451, for the rule on expected counts. Caution: units of one person
    are not independent, and the p-value takes them to be; compare people with theme_comparison instead.
    """
    table = pd.crosstab(units[one], units[other])
    head = {"one": one, "other": other, "n_units": int(table.to_numpy().sum())}
    if min(table.shape, default=0) < 2:
        return _row(head | {"not_tested_because": "one of the two does not vary"})
    tested = chi2_contingency(table, correction=False)
    head |= {"least_expected": float(tested.expected_freq.min())}
    if why := _why_not(tested.expected_freq):
        return _row(head | {"not_tested_because": why})
    v = np.sqrt(tested.statistic / (head["n_units"] * (min(table.shape) - 1)))
    numbers = {"statistic": tested.statistic, "freedom": tested.dof, "p": tested.pvalue, "v": float(v)}
    return _row(head | numbers | {"not_tested_because": ""})


def _why_not(expected: np.ndarray) -> str:
    below = int((expected < LEAST_EXPECTED).sum())
    if below <= MOST_BELOW * expected.size and expected.min() >= 1:
        return ""
    return (
        f"{below} of {expected.size} cells expect fewer than {LEAST_EXPECTED}, the least {expected.min():.1f}"
    )


def _row(told: dict) -> pd.DataFrame:
    names = [
        *("one", "other", "n_units", "statistic", "freedom", "p", "v", "least_expected"),
        "not_tested_because",
    ]
    return pd.DataFrame([told], columns=names)
