"""How did a measure develop against its target?"""

import math

import pandas as pd
from scipy.stats import binom

RUN_CHART = [
    *("kpi_id", "label", "median", "n_useful", "longest_run", "run_limit", "crossings", "crossings_limit"),
    *("n_met", "n_values", "latest", "latest_gap"),
]


def kpi_series(kpi_values: pd.DataFrame) -> pd.DataFrame:
    """Every value of every measure beside its target, in the order of the periods.

    Returns the rows of kpi_values with
        gap          value less target, in percentage points
        met          whether the target is met; a higher value is taken to be the better one
        odd          whether the period is not of the measure's usual length, and so outside its run chart
    """
    usual = kpi_values.groupby("kpi_id")["period_type"].transform(lambda types: types.mode().iloc[0])
    gap = kpi_values["value"] - kpi_values["target"]
    return kpi_values.assign(gap=gap, met=gap >= 0, odd=kpi_values["period_type"] != usual)


def run_chart(kpi_values: pd.DataFrame) -> pd.DataFrame:
    """Run chart rules for each measure, on its periods of the usual length.

    Returns one row per measure, with
        median              of the regular periods; n_useful of them are not on it
        longest_run         most values in a row on one side of the median; more than run_limit is a signal
        crossings           times the line crosses the median; fewer than crossings_limit is a signal
        n_met, n_values     values that meet the target, of all, the odd period included
        latest, latest_gap  the last value of all and its distance from the target

    Source: Anhøj and Olesen 2014, doi 10.1371/journal.pone.0113825. Caution: with so few values a real change
    can pass without a signal. No control limits are drawn: the denominators are not published.
    """
    series = kpi_series(kpi_values)
    rows = [_rules(kpi_id, values) for kpi_id, values in series.groupby("kpi_id", sort=False)]
    return pd.DataFrame(rows, columns=RUN_CHART)


def _rules(kpi_id: str, values: pd.DataFrame) -> dict:
    regular = values.loc[~values["odd"], "value"]
    side = (regular > regular.median())[regular != regular.median()]
    runs = side.ne(side.shift()).cumsum()
    useful = len(side)
    run_limit, crossings_limit = run_limits(useful)
    return {
        "kpi_id": kpi_id,
        "label": values["label"].iloc[0],
        "median": regular.median(),
        "n_useful": useful,
        "longest_run": int(runs.value_counts().max()) if useful else 0,
        "run_limit": run_limit,
        "crossings": int(runs.max()) - 1 if useful else 0,
        "crossings_limit": crossings_limit,
        "n_met": int(values["met"].sum()),
        "n_values": len(values),
        "latest": values["value"].iloc[-1],
        "latest_gap": values["gap"].iloc[-1],
    }


def run_limits(n_useful: int) -> tuple[int, int]:
    """Return the longest run and the fewest crossings that so many useful points have by chance.

    Source: Anhøj and Olesen 2014, doi 10.1371/journal.pone.0113825. Without a useful point nothing is a signal.
    """
    if not n_useful:
        return 0, 0
    return round(math.log2(n_useful) + 3), int(binom.ppf(0.05, n_useful - 1, 0.5))


def gap_to_target(kpi_values: pd.DataFrame) -> pd.DataFrame:
    """Distance of each measure from its target: on average, at best, at worst and at the end of the series.

    Returns one row per measure with label, target, mean_gap (regular periods only), best_gap, worst_gap,
    latest_gap in percentage points (a negative gap is below target) and latest_period.
    """
    series = kpi_series(kpi_values)
    grouped = series.groupby(["kpi_id", "label"], sort=False, dropna=False)
    rows = grouped.agg(
        target=("target", "first"),
        best_gap=("gap", "max"),
        worst_gap=("gap", "min"),
        latest_gap=("gap", "last"),
        latest_period=("period", "last"),
    )
    regular = series[~series["odd"]].groupby(["kpi_id", "label"], sort=False, dropna=False)["gap"].mean()
    return rows.assign(mean_gap=regular).reset_index()


def last_direction(kpi_values: pd.DataFrame) -> pd.DataFrame:
    """How long each measure has gone one way without a break at the end of its regular periods.

    Returns one row per measure with label, n_periods in that last stretch, first and last value of it, and
    direction: up or down. Caution: a direction is a description; it does not say why, nor that it will last.
    """
    series = kpi_series(kpi_values)
    regular = series[~series["odd"]]
    rows = [_stretch(values) for _, values in regular.groupby("kpi_id", sort=False)]
    return pd.DataFrame(rows, columns=["kpi_id", "label", "n_periods", "first", "last", "direction"])


def _stretch(values: pd.DataFrame) -> tuple:
    change = values["value"].diff()
    up = bool(change.iloc[-1] > 0)
    unbroken = (change.gt(0) if up else change.lt(0))[::-1].cummin()
    stretch = values["value"].iloc[-int(unbroken.sum()) - 1 :]
    name = values[["kpi_id", "label"]].iloc[0]
    return *name, len(stretch), stretch.iloc[0], stretch.iloc[-1], "up" if up else "down"
