"""Measures of a service over time: against their targets, how they rose and fell, drawn, and as tables."""

from textwrap import fill

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from ncsresearch.analysis.kpi import PERCENT, last_direction, levels_apart, run_chart
from ncsresearch.analysis.kpi_limits import p_chart
from ncsresearch.evidence.rounded import measured
from ncsresearch.present.figure import BLUE, CLEAR, GREY, ORANGE, PALE, drawn, panels
from ncsresearch.present.outputs import STYLE, UNKNOWN, Figure, Finding, Table
from ncsresearch.present.sentence import capital
from ncsresearch.present.table import source_of
from ncsresearch.present.wording import frame_sentence, phrases, worded_table
from ncsresearch.schema import NO_UNIT
from ncsresearch.study.frames import study_of

PERCENTS = ["value", "target", "median"]
LONG = 4  # rises or falls in a row that are worth a sentence
LEVELS = {"target": (ORANGE, "--"), "median": (GREY, "-")}
CLOSE = 0.14  # of the height of a chart, within which two names would be written over each other
MOST = 12  # measures that are drawn
WIDE = 6  # measures that have a column each
FEW = 12  # values off the median; with fewer, run chart rules miss most changes


def say_targets(kpis: pd.DataFrame) -> Finding | None:
    """Say how high each measure was on average and at the end, against its target, and when it met that.

    Of more than MOST it says how many met their targets at the end, and which did not.
    """
    measures = run_chart(study_of(kpis).kpi_values)
    if measures.empty:
        return None
    numbers = {"met": int(measures["met"].map(len).sum()), "values": int(measures["n_values"].sum())}
    numbers |= {row.label: float(row.latest) for row in measures.itertuples()}
    if len(measures) > MOST:
        return frame_sentence("targets", kpis, numbers, form="many", **_at_the_end(measures))
    said = phrases("targets", "measure", measures.to_dict("records"))
    return frame_sentence("targets", kpis, numbers, said=said)


def _at_the_end(measures: pd.DataFrame) -> dict:
    """Return how many measures there are, how many have a target that can be met, and met it in their last period, and which did not."""
    aimed = measures.dropna(subset=["target", "better"])
    met = [last in periods for last, periods in zip(aimed["latest_period"], aimed["met"], strict=True)]
    missed = phrases("targets", "missed", aimed[[not each for each in met]].to_dict("records"))
    return {"n": len(measures), "aimed": len(aimed), "met": sum(met), "missed": missed}


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


def say_signals(kpis: pd.DataFrame) -> Finding | None:
    """Say in which measures the run chart rules find a shift; of few periods that they cannot be relied on."""
    rules = run_chart(study_of(kpis).kpi_values)
    if rules.empty:
        return None
    longest = rules.loc[rules["n_periods"].idxmax()]
    found, periods = list(rules.loc[rules["signal"], "label"]), int(longest["n_periods"])
    form = "found" if found else "few" if rules["n_useful"].min() < FEW else "none"
    places = {"n": periods, "found": found, "usual": longest["period_type"]}
    return frame_sentence("signals", kpis, {"periods": periods, "signals": len(found)}, form=form, **places)


def say_odd_period(kpis: pd.DataFrame) -> Finding | None:
    """Name the periods that are not of the usual length and so left out of the run chart; nothing where there are none."""
    odd = kpis[kpis["odd"]]
    if odd.empty:
        return None
    usual = kpis.loc[~kpis["odd"] & kpis["kpi_id"].eq(odd["kpi_id"].iloc[0]), "period_type"].iloc[0]
    periods = list(odd["period"].unique())
    places = {"periods": periods, "length": odd["period_type"].iloc[0], "usual": usual}
    return frame_sentence("odd_period", kpis, {"odd": len(periods)}, **places)


def plot_run_charts(kpis: pd.DataFrame) -> Figure | None:
    """Draw each measure over time with its target and median, and its limits of chance where the cases are known.

    A period of another length stands apart. Nothing where no measure has a value, or MOST have: the table has them.
    """
    kpis = kpis[kpis.groupby("kpi_id")["value"].transform("count").gt(0)]
    values, measures = study_of(kpis).kpi_values, list(kpis.groupby("kpi_id", sort=False))
    if not 0 < len(measures) <= MOST:
        return None
    limits, medians = p_chart(values), run_chart(values).set_index("kpi_id")["median"]
    canvas, axes = panels([2.1] * len(measures), width=7.6)
    with mpl.rc_context(STYLE):
        for ax, (kpi_id, rows) in zip(axes, measures, strict=True):
            _run_chart(ax, rows)
            _draw_limits(ax, rows, limits)
            _draw_levels(ax, {"target": rows["target"].iloc[-1], "median": medians[kpi_id]}, rows)
    banded = bool(limits["low"].notna().any())
    rows = _run_chart_data(kpis, medians, limits if banded else limits.iloc[:0])
    without = [] if banded else ["low", "high"]
    about = {"source": source_of(kpis), "without": without, "banded": banded, "percents": _in_percent(kpis)}
    said = [_said_over_time(rows) for _, rows in measures]
    return drawn("run_charts_drawn", canvas, rows, said, name="run_charts", **about)


def _in_percent(rows: pd.DataFrame) -> bool:
    """Whether all measures are percentages, so that the heading of a column says it."""
    return bool(rows["unit"].eq(PERCENT).all())


def _named(rows: pd.DataFrame) -> pd.Series:
    """Return the name of the measure of each row, with its unit where that is no word for the whole column."""
    units = rows["unit"].where(rows["unit"].ne(NO_UNIT) & (not _in_percent(rows)), "")
    pairs = zip(rows["label"], rows["unit"], strict=True)
    bare = pd.Series(
        [label.removesuffix(f"({unit})").removesuffix(unit).strip() for label, unit in pairs], rows.index
    )
    alike = rows.assign(bare=bare).drop_duplicates("kpi_id")["bare"].duplicated().any()
    return (rows["label"] if alike else bare).map(capital) + (", " + units).where(units.ne(""), "")


def _run_chart_data(kpis: pd.DataFrame, medians: pd.Series, limits: pd.DataFrame) -> pd.DataFrame:
    """Return each drawn value with its target and median, and its limits of chance where any is known."""
    rows = kpis.assign(median=kpis["kpi_id"].map(medians), label=_named(kpis))
    if _in_percent(kpis):
        rows[PERCENTS] = rows[PERCENTS] / 100
    bands = limits[["kpi_id", "period", "low", "high"]]
    return rows.merge(bands, on=["kpi_id", "period"], how="left") if len(bands) else rows


def _run_chart(ax: Axes, rows: pd.DataFrame) -> None:
    rows = rows.assign(place=range(len(rows)))
    known = rows.dropna(subset="value")
    regular, odd = known[~known["odd"]], known[known["odd"]]
    sns.lineplot(x=regular["place"], y=regular["value"], color=BLUE, marker="o", linewidth=2, ax=ax)
    ax.plot(
        odd["place"], odd["value"], "D", color="white", markeredgecolor=BLUE, markersize=8, markeredgewidth=2
    )
    above = {"textcoords": "offset points", "ha": "center", "bbox": CLEAR}
    for row in known.itertuples():
        ax.annotate(measured(row.value, NO_UNIT, _decimals(rows)), (row.place, row.value), (0, 7), **above)
    ax.set(xlim=(-0.5, len(rows) - 0.5), xlabel="", ylabel="")
    ax.set_xticks(range(len(rows)), _period_marks(rows["period"]))
    ax.set_title(fill(_named(rows).iloc[0], 60))
    ax.grid(visible=False, axis="x")
    _scale(ax, rows)


def _scale(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw from 0 to 100% what is a percentage and to a tenth above the highest value what is not, or is more."""
    highest, lowest = rows[["value", "target"]].max(axis=None), min(0, rows["value"].min())
    if _in_percent(rows) and highest <= 100 and not lowest:
        ax.set_ylim(0, 110)
        ax.set_yticks([0, 50, 100], ["0%", "50%", "100%"])
    else:
        ax.set_ylim(1.1 * lowest, 1.15 * highest if highest > 0 else 1)
        ax.locator_params(axis="y", nbins=4)


def _decimals(rows: pd.DataFrame) -> int:
    """Return with how many decimals a measure is drawn: none of percentages and of what is above 10."""
    return 0 if _in_percent(rows) or rows["value"].abs().max() > 10 else 1


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


def _draw_levels(ax: Axes, levels: dict[str, float], rows: pd.DataFrame) -> None:
    """Draw target and median, their names one above the other where they lie close."""
    known = sorted((height, name) for name, height in levels.items() if not pd.isna(height))
    close = known[-1][0] - known[0][0] < CLOSE * (ax.get_ylim()[1] - ax.get_ylim()[0])
    for (height, name), place in zip(known, ("top", "bottom"), strict=False):
        colour, line = LEVELS[name]
        ax.axhline(height, color=colour, linestyle=line, linewidth=1.2)
        said = f"{name} {measured(height, NO_UNIT, _decimals(rows))}"
        ax.text(len(rows) - 0.4, height, said, va=place if close and len(known) > 1 else "center")


def _said_over_time(rows: pd.DataFrame) -> dict:
    known, first = rows.dropna(subset="value"), rows.iloc[0]
    values = [f"{row.period} {measured(row.value, row.unit, _decimals(rows))}" for row in known.itertuples()]
    return {
        "label": first["label"],
        "values": values,
        "target": rows["target"].iloc[-1],
        "unit": first["unit"],
    }


def table_run_chart(kpis: pd.DataFrame) -> Table:
    """What the run chart rules find."""
    values = study_of(kpis).kpi_values
    rules = run_chart(values)
    percents = _in_percent(rules)
    rows = rules.assign(middle=rules["median"] / (100 if percents else 1), label=_named(rules))
    known = _limits_known(p_chart(values))
    return worded_table("run_charts", rows, source=source_of(kpis), percents=percents, **known)


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
    """Every value of every measure, with its target at the end: a column a measure, or of more than WIDE a row."""
    rows = kpis.assign(label=_named(kpis))
    labels = rows.groupby("kpi_id", sort=False)["label"].first()
    of_hundred = kpis.groupby("kpi_id")["unit"].first().eq(PERCENT)
    cases = bool(kpis[["numerator", "denominator"]].notna().all(axis=None))
    if len(labels) > WIDE:
        view = _by_period(rows, in_words=True).T.reindex(labels.index)
        view = view.set_axis(labels).reset_index(names="label")
        periods = {name: name for name in view.columns[1:]}
        return worded_table("kpi_values", kpis, more=periods, without=["period"], view=view, cases=cases)
    headed = {
        each: label.removesuffix(", %") + " %" * bool(of_hundred[each]) for each, label in labels.items()
    }
    view = _by_period(rows, in_words=False).reset_index(names="period")
    return worded_table("kpi_values", kpis, more=headed, without=["label"], view=view, cases=cases)


def _by_period(kpis: pd.DataFrame, *, in_words: bool) -> pd.DataFrame:
    """Return a row a period and a column a measure, with a row of targets at the end; what has no number is as the source prints it."""
    told = kpis.assign(**{name: _shown(kpis, name, in_words=in_words) for name in ("value", "target")})
    told["value"] = told["value"].mask(kpis["printed"].notna(), kpis["printed"])
    view = told.pivot(index="period", columns="kpi_id", values="value").reindex(kpis["period"].unique())
    if kpis["target"].notna().any():
        view.loc["Target"] = told.groupby("kpi_id")["target"].last()
    words = in_words or kpis["printed"].notna().any()
    return view.astype("object").where(view.notna(), UNKNOWN) if words else view


def _shown(kpis: pd.DataFrame, column: str, *, in_words: bool) -> pd.Series:
    """Return values as cells have them: in words with their unit, else a percentage as a share."""
    if in_words:
        pairs = zip(kpis[column], kpis["unit"], strict=True)
        return pd.Series(
            [None if pd.isna(value) else measured(value, unit) for value, unit in pairs],
            kpis.index,
            dtype="object",
        )
    shares = kpis[column].mask(kpis["unit"].eq(PERCENT), kpis[column] / 100)
    return shares.astype("object") if kpis["printed"].notna().any() else shares
