"""Measures of a service over time: against their targets, how they rose and fell, drawn, and as tables."""

from textwrap import fill

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from ncsresearch.analysis.kpi import last_direction, levels_apart, run_chart
from ncsresearch.analysis.kpi_limits import p_chart
from ncsresearch.evidence.rounded import rounded
from ncsresearch.present.figure import BLUE, CLEAR, GREY, ORANGE, PALE, drawn, panels
from ncsresearch.present.outputs import STYLE, Figure, Finding, Table
from ncsresearch.present.sentence import capital
from ncsresearch.present.table import source_of
from ncsresearch.present.wording import frame_sentence, phrases, worded_table
from ncsresearch.study.frames import study_of

PERCENTS = ["value", "target", "median"]
LONG = 4  # rises or falls in a row that are worth a sentence
FEW = 12  # values off the median; with fewer, run chart rules miss most changes


def say_targets(kpis: pd.DataFrame) -> Finding:
    """Say how high each measure was on average and at the end, against its target, and when it met that."""
    measures = run_chart(study_of(kpis).kpi_values)
    numbers = {"met": int(measures["met"].map(len).sum()), "values": int(measures["n_values"].sum())}
    numbers |= {row.label: float(row.latest) for row in measures.itertuples()}
    said = phrases("targets", "measure", measures.to_dict("records"))
    return frame_sentence("targets", kpis, numbers, said=said)


def say_direction(kpis: pd.DataFrame) -> Finding | None:
    """Name the measures that rose, or fell, some periods running to the end of their series, and what went before."""
    stretches = last_direction(study_of(kpis).kpi_values)
    long = stretches[stretches["n_periods"].ge(LONG)]
    if long.empty:
        return None
    said = phrases("direction", "stretch", long.to_dict("records"))
    numbers = stretches.set_index("label")["n_periods"].to_dict()
    return frame_sentence("direction", kpis, numbers, said=said)


def say_levels(kpis: pd.DataFrame) -> Finding | None:
    """Say which measures changed their level as anybody sees."""
    levels = levels_apart(study_of(kpis).kpi_values)
    said = phrases("levels", "apart", levels.to_dict("records"))
    return frame_sentence("levels", kpis, {"levels apart": len(levels)}, said=said) if said else None


def say_signals(kpis: pd.DataFrame) -> Finding:
    """Say in which measures the run chart rules find a shift; of few periods that they cannot be relied on."""
    rules = run_chart(study_of(kpis).kpi_values)
    found, periods = list(rules.loc[rules["signal"], "label"]), int(rules["n_periods"].max())
    form = "found" if found else "few" if rules["n_useful"].min() < FEW else "none"
    places = {"n": periods, "found": found, "usual": rules["period_type"].iloc[0]}
    return frame_sentence("signals", kpis, {"periods": periods, "signals": len(found)}, form=form, **places)


def say_odd_period(kpis: pd.DataFrame) -> Finding | None:
    """Name the periods that are not of the usual length and so left out of the run chart; nothing where there are none."""
    odd, usual = kpis[kpis["odd"]], kpis.loc[~kpis["odd"], "period_type"].iloc[0]
    if odd.empty:
        return None
    periods = list(odd["period"].unique())
    places = {"periods": periods, "length": odd["period_type"].iloc[0], "usual": usual}
    return frame_sentence("odd_period", kpis, {"odd": len(periods)}, **places)


def plot_run_charts(kpis: pd.DataFrame) -> Figure | None:
    """Draw each measure over time with its target and median, and its limits of chance where the cases are known.

    A period of another length stands apart.
    """
    values = study_of(kpis).kpi_values
    limits, medians = p_chart(values), run_chart(values).set_index("kpi_id")["median"]
    measures = list(kpis.groupby("kpi_id", sort=False))
    canvas, axes = panels([2.1] * len(measures), width=7.6)
    with mpl.rc_context(STYLE):
        for ax, (kpi_id, rows) in zip(axes, measures, strict=True):
            _run_chart(ax, rows)
            _draw_limits(ax, rows, limits)
            _level(ax, rows["target"].iloc[0], "target", ORANGE, "--", len(rows))
            _level(ax, medians[kpi_id], "median", GREY, "-", len(rows))
    banded = bool(limits["low"].notna().any())
    rows = _run_chart_data(kpis, medians, limits if banded else limits.iloc[:0])
    about = {"source": source_of(kpis), "without": [] if banded else ["low", "high"], "banded": banded}
    said = [_said_over_time(rows) for _, rows in measures]
    return drawn("run_charts_drawn", canvas, rows, said, name="run_charts", **about)


def _run_chart_data(kpis: pd.DataFrame, medians: pd.Series, limits: pd.DataFrame) -> pd.DataFrame:
    """Return each drawn value with its target and median, and its limits of chance where any is known."""
    rows = kpis.assign(median=kpis["kpi_id"].map(medians), label=kpis["label"].map(capital))
    rows[PERCENTS] = rows[PERCENTS] / 100
    bands = limits[["kpi_id", "period", "low", "high"]]
    return rows.merge(bands, on=["kpi_id", "period"], how="left") if len(bands) else rows


def _run_chart(ax: Axes, rows: pd.DataFrame) -> None:
    regular, odd = rows[~rows["odd"]], rows[rows["odd"]]
    sns.lineplot(x=regular["period"], y=regular["value"], color=BLUE, marker="o", linewidth=2, ax=ax)
    ax.plot(
        odd["period"], odd["value"], "D", color="white", markeredgecolor=BLUE, markersize=8, markeredgewidth=2
    )
    above = {"textcoords": "offset points", "ha": "center", "bbox": CLEAR}
    for row in rows.itertuples():
        ax.annotate(f"{rounded(row.value)}", (row.period, row.value), (0, 7), **above)
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


def _draw_limits(ax: Axes, rows: pd.DataFrame, limits: pd.DataFrame) -> None:
    """Draw the limits of chance of one measure as a band of steps, a step for each period."""
    own = limits[limits["kpi_id"].eq(rows["kpi_id"].iloc[0])].dropna(subset=["low", "high"])
    places = {period: place for place, period in enumerate(rows["period"])}
    for row in own.itertuples():
        span = [places[row.period] - 0.5, places[row.period] + 0.5]
        ax.fill_between(span, 100 * row.low, 100 * row.high, color=PALE, alpha=0.45, linewidth=0, zorder=0)


def _level(ax: Axes, height: float, name: str, colour: str, line: str, periods: int) -> None:
    ax.axhline(height, color=colour, linestyle=line, linewidth=1.2)
    ax.text(periods - 0.4, height, f"{name} {rounded(height)}", va="center")


def _said_over_time(rows: pd.DataFrame) -> dict:
    values = [f"{row.period} {rounded(row.value)}%" for row in rows.itertuples()]
    return {"label": rows["label"].iloc[0], "values": values, "target": rows["target"].iloc[0]}


def table_run_chart(kpis: pd.DataFrame) -> Table:
    """What the run chart rules find."""
    values = study_of(kpis).kpi_values
    rules = run_chart(values)
    rows = rules.assign(middle=rules["median"] / 100)
    return worded_table("run_charts", rows, source=source_of(kpis), **_limits_known(p_chart(values)))


def _limits_known(limits: pd.DataFrame) -> dict[str, int]:
    """Return for how many measures no limits of chance are drawn, and for how many of their periods the cases are known."""
    without = limits[limits["reason"].ne("")]
    return {
        "drawn": len(limits) - len(without),
        "measures": without["kpi_id"].nunique(),
        "known": int(without[["numerator", "denominator"]].notna().all(axis=1).sum()),
        "periods": len(without),
    }


def table_kpi(kpis: pd.DataFrame) -> Table:
    """Every value of every measure, with its target in the last row."""
    labels = dict(zip(kpis["kpi_id"], kpis["label"].map(capital) + " %", strict=True))
    shares = kpis.assign(share=kpis["value"] / 100)
    view = shares.pivot(index="period", columns="kpi_id", values="share").reindex(kpis["period"].unique())
    view.loc["Target"] = kpis.groupby("kpi_id")["target"].first() / 100
    view = view.reset_index(names="period")
    return worded_table("kpi_values", kpis, more=labels, view=view)
