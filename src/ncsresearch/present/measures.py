"""Measures of a service over time: drawn, held against their targets and rules, and how steadily they went."""

from textwrap import fill

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from ncsresearch.analysis.kpi_limits import p_chart
from ncsresearch.present.figure import BLUE, CLEAR, DATA, GREY, ORANGE, PALE, _nothing, _panels
from ncsresearch.present.media import STYLE, Figure, Table
from ncsresearch.present.sentence import capital, counted
from ncsresearch.present.table import cited
from ncsresearch.study import Study

PERCENTS = {"value": "Value %", "target": "Target %", "median": "Median %"}


def plot_run_charts(
    series: pd.DataFrame, rules: pd.DataFrame, limits: pd.DataFrame | None = None, *, source: str
) -> Figure:
    """Draw each measure over time with its target and median; a period of another length stands apart.

    limits   from p_chart; drawn for the measures that have them
    """
    if series.empty:
        return _nothing("run_charts")
    measures = list(series.groupby("kpi_id", sort=False))
    canvas, axes = _panels([2.1] * len(measures), width=7.6)
    medians = rules.set_index("kpi_id")["median"]
    with mpl.rc_context(STYLE):
        for ax, (kpi_id, rows) in zip(axes, measures, strict=True):
            _run_chart(ax, rows)
            _draw_limits(ax, rows, limits)
            _level(ax, rows["target"].iloc[0], "target", ORANGE, "--", len(rows))
            _level(ax, medians[kpi_id], "median", GREY, "-", len(rows))
    said = " ".join(_said_over_time(rows) for _, rows in measures)
    banded = limits is not None and limits["low"].notna().any()
    band = " A grey band shows the limits of chance, where the cases are known." if banded else ""
    alt = f"Lines of each measure over time with its target.{band} {said}"
    return Figure("run_charts", canvas, alt, _run_chart_data(series, medians, limits, source))


def _run_chart_data(
    series: pd.DataFrame, medians: pd.Series, limits: pd.DataFrame | None, source: str
) -> Table:
    """Return each drawn value with its target and median, and its limits of chance where any is known."""
    rows = series.assign(median=series["kpi_id"].map(medians), label=series["label"].map(capital))
    rows[list(PERCENTS)] = rows[list(PERCENTS)] / 100
    shown = {"label": "Measure", "period": "Period"} | PERCENTS
    if limits is not None and limits["low"].notna().any():
        rows = rows.merge(limits[["kpi_id", "period", "low", "high"]], on=["kpi_id", "period"], how="left")
        shown |= {"low": "Limit from %", "high": "Limit to %"}
    return Table("run_charts", f"{DATA}: values over time", rows, shown, "the cases of each period", source)


def _run_chart(ax: Axes, rows: pd.DataFrame) -> None:
    regular, odd = rows[~rows["odd"]], rows[rows["odd"]]
    sns.lineplot(x=regular["period"], y=regular["value"], color=BLUE, marker="o", linewidth=2, ax=ax)
    ax.plot(
        odd["period"], odd["value"], "D", color="white", markeredgecolor=BLUE, markersize=8, markeredgewidth=2
    )
    above = {"textcoords": "offset points", "ha": "center", "bbox": CLEAR}
    for row in rows.itertuples():
        ax.annotate(f"{row.value:.0f}", (row.period, row.value), (0, 7), **above)
    ax.set(ylim=(0, 110), xlim=(-0.5, len(rows) - 0.5), xlabel="", ylabel="")
    ax.set_yticks([0, 50, 100], ["0%", "50%", "100%"])
    ax.set_xticks(range(len(rows)), _period_marks(rows["period"]))
    ax.set_title(fill(capital(rows["label"].iloc[0]), 60))
    ax.grid(visible=False, axis="x")


def _period_marks(periods: pd.Series) -> list[str]:
    """Return what stands under each period: of quarters the year once, where it begins."""
    parts = periods.str.partition(" ")
    again = parts[0].eq(parts[0].shift())
    marks = parts[2].where(again, parts[2] + "\n" + parts[0])
    return list(marks.where(parts[0].str[:1].str.isdigit(), parts[0] + "\n" + parts[2]).str.strip())


def _draw_limits(ax: Axes, rows: pd.DataFrame, limits: pd.DataFrame | None) -> None:
    """Draw the limits of chance of one measure as a band of steps, a step for each period."""
    if limits is None:
        return
    own = limits[limits["kpi_id"].eq(rows["kpi_id"].iloc[0])].dropna(subset=["low", "high"])
    places = {period: place for place, period in enumerate(rows["period"])}
    for row in own.itertuples():
        span = [places[row.period] - 0.5, places[row.period] + 0.5]
        ax.fill_between(span, 100 * row.low, 100 * row.high, color=PALE, alpha=0.45, linewidth=0, zorder=0)


def _level(ax: Axes, height: float, name: str, colour: str, line: str, periods: int) -> None:
    ax.axhline(height, color=colour, linestyle=line, linewidth=1.2)
    ax.text(periods - 0.4, height, f"{name} {height:.0f}", va="center")


def _said_over_time(rows: pd.DataFrame) -> str:
    values = ", ".join(f"{row.period} {row.value:.0f}%" for row in rows.itertuples())
    return f"{capital(rows['label'].iloc[0])}: {values}, target {rows['target'].iloc[0]:.0f}%."


def table_kpi(series: pd.DataFrame, study: Study) -> Table:
    """Every value of every measure, with its target in the last row."""
    labels = dict(zip(series["kpi_id"], series["label"].map(capital) + " %", strict=True))
    shares = series.assign(share=series["value"] / 100)
    view = shares.pivot(index="period", columns="kpi_id", values="share").reindex(series["period"].unique())
    view.loc["Target"] = series.groupby("kpi_id")["target"].first() / 100
    source = cited(study, series["document_id"].unique())
    base = "orders or reports of the period, a number that is not published"
    shown = {"period": "Period"} | labels
    return Table(
        "kpi_values", "Values and targets", series, shown, base, source, view=view.reset_index(names="period")
    )


def table_run_chart(rules: pd.DataFrame, study: Study) -> Table:
    """What the run chart rules find."""
    rows = rules.assign(middle=rules["median"] / 100)
    shown = {
        "label": "Measure",
        "middle": "Median %",
        "n_useful": "Useful points",
        "longest_run": "Longest run",
        "run_limit": "Signal above",
        "crossings": "Crossings",
        "crossings_limit": "Signal below",
        "latest_gap": "Latest gap, points",
    }
    note = f"Periods of another length are left out. {_limits_note(p_chart(study.kpi_values))}".strip()
    return Table(
        "run_charts",
        "Run chart rules",
        rows,
        shown,
        "periods of the usual length, those on the median left out",
        cited(study, study.kpi_values["document_id"].unique()),
        note,
    )


def _limits_note(limits: pd.DataFrame) -> str:
    """Say what the limits of chance are, and why some measures have none."""
    without = limits[limits["not_given_because"].ne("")]
    drawn = len(without) < len(limits)
    band = "The grey band: three standard errors around the share over all periods. " if drawn else ""
    if without.empty:
        return band
    known = int(without[["numerator", "denominator"]].notna().all(axis=1).sum())
    whose = counted(without["kpi_id"].nunique(), "measure") if drawn else "any measure"
    return (
        f"{band}No limits of chance are drawn for {whose}: the cases behind the values are known for {known} of "
        f"{len(without)} regular periods."
    )


def table_trend(trends: pd.DataFrame, study: Study) -> Table:
    """How steadily and how fast each measure went one way."""
    shown = {
        "label": "Measure",
        "n_periods": "Periods",
        "points_per_period": "Points a period",
        "tau": "Kendall's tau",
        "orders": "Orders as steady",
    }
    note = (
        "Points a period: middle of the changes between every two values (Theil-Sen). Tau is 1 for a series that only "
        "rises and -1 for one that only falls. Orders as steady: how many of all orders of the same values go one way "
        "as steadily; a description, no test, and not given where two values are equal."
    )
    return Table(
        "trends",
        "How steadily the measures went one way",
        trends,
        shown,
        "periods of the usual length",
        cited(study, study.kpi_values["document_id"].unique()),
        note,
        view=trends.assign(orders=[_in_a_thousand(share) for share in trends["orders_as_steady"]]),
    )


def _in_a_thousand(share: float) -> str:
    if pd.isna(share):
        return ""
    return f"{1000 * share:,.0f} in 1,000" if share >= 0.001 else "under 1 in 1,000"
