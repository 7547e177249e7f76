"""How did a service stand against its targets and ratings, and how did each measure develop?"""

import math

import pandas as pd
from scipy.stats import binom

from ncsresearch.analysis.periods import in_time
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

PERCENT = "%"  # the unit of a measure that says none
RUN_CHART = [
    *(
        "kpi_id",
        "label",
        "unit",
        "median",
        "n_useful",
        "longest_run",
        "run_limit",
        "crossings",
        "crossings_limit",
    ),
    *("rules", "signal", "period_type", "mean", "n_periods", "target", "better", "met", "n_values"),
    *("latest", "latest_period", "latest_gap", "lowest_target", "highest_target"),
]
NAMED = ["kpi_id", "label", "unit", "period_type"]
ENDS = ["before", "before_period", "first", "first_period", "last", "last_period"]
LEVELS = ["period", "n_before", "low_before", "high_before", "n_after", "low_after", "high_after", "apart"]
SIDE = 3  # periods on either side of a cut, at least
APART = 10  # percentage points between two levels that anybody would see


def kpis(study: Study) -> pd.DataFrame:
    """Every value of every measure beside its target, in the order of the periods.

    Returns the rows and columns of the table kpi_values, with unit (% where the study says none), gap
    (value less target, in the same unit), met (whether the target is met, missing where nobody says which values are
    better) and odd (whether the period is not of the
    usual length).
    """
    return framed(kpi_series(study.kpi_values), "kpis", study)


def ratings(study: Study) -> pd.DataFrame:
    """Ratings of the quality indicators of an inspection.

    Returns one row per indicator inspected, with indicator_id, label, rating and points (of 6).
    """
    return framed(study.ratings, "ratings", study)


def kpi_series(kpi_values: pd.DataFrame) -> pd.DataFrame:
    """Every value of every measure beside its target, in the order of the periods.

    Returns the rows of kpi_values with
        unit         what values are counted in, % where nothing else is said
        gap          value less target, in that unit
        met          whether the target is met; missing where the study does not say which values are better
        odd          whether the period is not of the measure's usual length, and so outside its run chart
    """
    rows = in_time(_named_apart(kpi_values))
    usual = rows.groupby("kpi_id")["period_type"].transform(lambda types: types.mode().iloc[0])
    gap, better = rows["value"] - rows["target"], rows["better"].astype("object")
    met = gap.ge(0).where(better.ne("lower"), gap.le(0)).astype("boolean").mask(better.isna() | gap.isna())
    unit = rows["unit"].fillna(PERCENT)
    return rows.assign(unit=unit, gap=gap, met=met, odd=rows["period_type"] != usual)


def _named_apart(kpi_values: pd.DataFrame) -> pd.DataFrame:
    """Return values with the document behind the name of a measure that several documents have."""
    pairs = kpi_values[["kpi_id", "label"]].drop_duplicates()
    shared = kpi_values["label"].isin(pairs.loc[pairs["label"].duplicated(), "label"])
    if not shared.any():
        return kpi_values
    documents = " (" + kpi_values["document_id"].astype("str").str.replace("_", " ") + ")"
    return kpi_values.assign(label=(kpi_values["label"] + documents).where(shared, kpi_values["label"]))


def regular_periods(kpi_values: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of kpi_series of each measure whose period is of the usual length."""
    series = kpi_series(kpi_values)
    return [values for _, values in series[~series["odd"]].groupby("kpi_id", sort=False)]


def run_chart(kpi_values: pd.DataFrame) -> pd.DataFrame:
    """Each measure beside its target, and the run chart rules on its periods of the usual length.

    Returns one row per measure with a value, with its unit, and
        median              of the regular periods; n_useful of them are not on it
        longest_run         most values in a row on one side of the median; more than run_limit is a signal
        crossings           times the line crosses the median; fewer than crossings_limit is a signal
        rules, signal       the rules used (anhoej), and whether either limit is passed
        period_type, mean, n_periods   length of the regular periods, their average and how many have a value
        target, better, met, n_values  the last target, which values are better (missing where the study does not say), the
                                       periods that meet it, and how many have a value, odd ones included
        latest, latest_period, latest_gap   the last value of all, and its distance from the target
        lowest_target, highest_target       of all periods, where the target changed

    Source: Anhøj and Olesen 2014, doi 10.1371/journal.pone.0113825. Caution: with so few values a real change can
    pass without a signal.
    """
    series = kpi_series(kpi_values).dropna(subset=["value"])
    rows = [_rules(values) for _, values in series.groupby("kpi_id", sort=False)]
    return pd.DataFrame(rows, columns=RUN_CHART)


def _rules(values: pd.DataFrame) -> dict:
    usual, last = values if values["odd"].all() else values[~values["odd"]], values.iloc[-1]
    regular = usual["value"]
    side = (regular > regular.median())[regular != regular.median()]
    runs = side.ne(side.shift()).cumsum()
    useful = len(side)
    longest = int(runs.value_counts().max()) if useful else 0
    crossings = int(runs.max()) - 1 if useful else 0
    run_limit, crossings_limit = run_limits(useful)
    return last[["kpi_id", "label", "unit", "target", "better"]].to_dict() | {
        "lowest_target": values["target"].min(),
        "highest_target": values["target"].max(),
        "median": regular.median(),
        "n_useful": useful,
        "longest_run": longest,
        "run_limit": run_limit,
        "crossings": crossings,
        "crossings_limit": crossings_limit,
        "rules": "anhoej",
        "signal": longest > run_limit or crossings < crossings_limit,
        "period_type": usual["period_type"].iloc[0],
        "mean": regular.mean(),
        "n_periods": len(usual),
        "met": list(values.loc[values["met"].fillna(False), "period"]),
        "n_values": len(values),
        "latest": last["value"],
        "latest_period": last["period"],
        "latest_gap": last["gap"],
    }


def run_limits(n_useful: int) -> tuple[int, int]:
    """Return the longest run and the fewest crossings that are no signal among so many useful points.

    Source: Anhøj and Olesen 2014, doi 10.1371/journal.pone.0113825. Without a useful point nothing is a signal.
    """
    if not n_useful:
        return 0, 0
    return round(math.log2(n_useful) + 3), int(binom.ppf(0.05, n_useful - 1, 0.5))


def last_direction(kpi_values: pd.DataFrame) -> pd.DataFrame:
    """How often in a row each measure rose, or fell, at the end of its periods of the usual length.

    Returns one row per measure with a value, with label, unit, period_type and
        n_periods, direction              periods at the end that each went up, or each down, from the one before
        first, first_period, last, last_period   value and period from which and to which they went
        before, before_period             the same of the period before first; missing where none is held

    Caution: a direction is a description; it does not say why, nor that it will last.
    """
    rows = [_stretch(values) for values in _with_values(kpi_values)]
    return pd.DataFrame(rows, columns=[*NAMED, "n_periods", "direction", *ENDS])


def _with_values(kpi_values: pd.DataFrame) -> list[pd.DataFrame]:
    known = [values.dropna(subset="value") for values in regular_periods(kpi_values)]
    return [values for values in known if len(values)]


def _stretch(values: pd.DataFrame) -> dict:
    change = values["value"].diff().fillna(0)
    last = change.iloc[-1]
    n = int((change * last).gt(0)[::-1].cummin().sum())
    row = {"n_periods": n, "direction": "up" if last > 0 else "down" if last < 0 else ""}
    for name, place in (("before", -n - 2), ("first", -n - 1), ("last", -1)):
        if len(values) >= -place:
            row |= {name: values["value"].iloc[place], f"{name}_period": values["period"].iloc[place]}
    return values.iloc[0][NAMED].to_dict() | row


def levels_apart(kpi_values: pd.DataFrame) -> pd.DataFrame:
    """Measures in percent whose earlier and later values lie far apart, as anybody sees who looks at the line.

    The periods of the usual length are cut where the two sides, of SIDE periods or more, lie furthest apart.

    Returns one row per measure whose sides lie APART percentage points from each other or more, with label, unit, period_type and
        n_before, period, low_before, high_before   periods before the cut, the last of them, lowest and highest value
        n_after, low_after, high_after, apart       the same of the periods after it, and the points between the sides

    Caution: a description. The values themselves chose where to cut, so no test applies.
    """
    series = [values for values in _with_values(kpi_values) if values["unit"].iloc[0] == PERCENT]
    cuts = [_cut(values, n) for values in series for n in range(SIDE, len(values) - SIDE + 1)]
    rows = pd.DataFrame(cuts, columns=[*NAMED, *LEVELS]).sort_values("apart", ascending=False, kind="stable")
    return rows[rows["apart"].ge(APART)].drop_duplicates("kpi_id").sort_index()


def _cut(values: pd.DataFrame, n: int) -> dict:
    before, after = values["value"].iloc[:n], values["value"].iloc[n:]
    apart = max(before.min() - after.max(), after.min() - before.max())
    found = (n, before.min(), before.max(), len(after), after.min(), after.max(), apart)
    return values.iloc[n - 1][[*NAMED, "period"]].to_dict() | dict(zip(LEVELS[1:], found, strict=True))
