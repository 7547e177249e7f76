"""Does a measure vary more than chance would have it, where its denominators allow that to be said?"""

import numpy as np
import pandas as pd

from ncsresearch.analysis.kpi import regular_periods

PERIODS = [
    *("kpi_id", "label", "period", "numerator", "denominator", "share", "centre", "low", "high", "outside"),
    "reason",
]


def p_limits(centre, base):
    """Limits of a share that varies by chance alone, three standard errors from the centre.

    centre, base   share over all periods, and the denominator of the period, as numbers or columns

    Returns low and high, cut to between 0 and 1.
    Source: NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.3.2.
    """
    error = np.sqrt(centre * (1 - centre) / base)
    return np.maximum(0.0, centre - 3 * error), np.minimum(1.0, centre + 3 * error)


def p_chart(kpi_values: pd.DataFrame) -> pd.DataFrame:
    """Limits of chance for each period of the measures whose numerators and denominators are all known.

    Returns one row per measure and period of the usual length, with
        numerator, denominator   cases that met the standard, and all cases
        share, centre            numerator / denominator of the period, and over all its periods, 0 to 1
        low, high                three standard errors from the centre, cut to 0 and 1
        outside                  whether the share lies beyond a limit; missing where there are none
        reason                   why the measure has no limits, empty where it has

    Source: as p_limits. Caution: limits suppose that cases are independent and the service the same throughout.
    """
    rows = [_limited(values) for values in regular_periods(kpi_values)]
    return pd.concat(rows, ignore_index=True)[PERIODS] if rows else pd.DataFrame(columns=PERIODS)


def _limited(values: pd.DataFrame) -> pd.DataFrame:
    known = values[["numerator", "denominator"]].astype("float64")
    numerator, denominator = known["numerator"], known["denominator"]
    reason = _no_limits(numerator, denominator)
    share = numerator / denominator.mask(denominator.le(0))
    centre = np.nan if reason else numerator.sum() / denominator.sum()
    low, high = p_limits(centre, denominator)
    outside = (share.lt(low) | share.gt(high)).astype("boolean")
    outside = outside.mask(pd.Series(bool(reason), values.index))
    found = {"share": share, "centre": centre, "low": low, "high": high, "outside": outside}
    return values.assign(**found, reason=reason)


def _no_limits(numerator: pd.Series, denominator: pd.Series) -> str:
    known = int((numerator.notna() & denominator.gt(0)).sum())
    if known < len(denominator):
        return f"the cases are known for {known} of {len(denominator)} regular periods"
    if known < 2:
        return "there is one period only"
    wrong = numerator.gt(denominator) | numerator.lt(0)
    return "a numerator is not between 0 and its denominator" if wrong.any() else ""
