"""Tables on services: consultation, poll, performance, ratings, actions, and figures checked."""

import pandas as pd

from ncsresearch.analysis.kpi_limits import p_chart
from ncsresearch.present.media import Table
from ncsresearch.present.sentence import capital, counted, day
from ncsresearch.present.table import cited, large_enough, titles, wide
from ncsresearch.study import Study

CATEGORY_HEADINGS = {
    "category": "Category",
    "n": "Comments",
    "question_total": "Of",
    "share": "Share %",
    "low_together": "Lower %",
    "high_together": "Upper %",
}
SHARES = ["share", "low_together", "high_together"]
CHECK_CAPTIONS = {
    "differ": "Figures that differ or cannot be checked",
    "to_note": "What a reader should know",
    "agree": "Figures that agree",
}


def table_consultation(categories: pd.DataFrame, study: Study) -> Table:
    """Categories of comments with their counts, shares and intervals."""
    shown = {"question_label": "Question"} | CATEGORY_HEADINGS
    source = cited(study, study.comment_counts["document_id"].unique())
    return Table(
        "categories",
        "Comments by question and category",
        categories,
        shown,
        "comments recorded on the question",
        source,
        closed_note(categories),
        view=large_enough(categories, "question_total", SHARES),
    )


def closed_note(categories: pd.DataFrame) -> str:
    """Say what the intervals of categories assume, and why some are not given."""
    note = (
        "Lower and upper: multinomial interval that holds for all categories of a question at once, as if comments "
        "were independent draws, which they are not."
    )
    reasons = [reason for reason in dict.fromkeys(categories["not_given_because"]) if reason]
    return note + "".join(f" Not given where {reason}." for reason in reasons)


def table_unpublished(bounds: pd.DataFrame, study: Study) -> Table:
    """What the comments outside the published categories can be."""
    shown = {
        "question_label": "Question",
        "question_total": "Comments",
        "n_published": "In published categories",
        "n_unpublished": "Not published",
        "smallest_published": "Smallest published category",
        "least_categories": "Further categories, at least",
    }
    note = "At least so many further categories, if none has more comments than the smallest published one."
    return Table(
        "unpublished",
        "Comments in no published category",
        bounds,
        shown,
        "comments recorded on the question",
        cited(study, study.comment_counts["document_id"].unique()),
        note,
    )


def table_poll(poll: pd.DataFrame, study: Study) -> Table:
    """Poll results with the direction of each percentage; no base is published."""
    rows = poll.assign(share=poll["percent"] / 100)
    shown = {
        "label": "Statement",
        "direction": "What the percentage counts",
        "share": "Published %",
        "base": "People who answered",
    }
    return Table(
        "poll",
        "Results of the live poll",
        rows,
        shown,
        "people who answered, a number that is not published",
        cited(study, poll["document_id"].unique()),
    )


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


def table_ratings(ratings: pd.DataFrame, study: Study) -> Table:
    """Ratings of the quality indicators."""
    shown = {
        "indicator_id": "Indicator",
        "label": "What was judged",
        "rating": "Rating",
        "points": "Points of 6",
    }
    return Table(
        "ratings",
        "Quality ratings",
        ratings,
        shown,
        "indicators inspected",
        cited(study, ratings["document_id"].unique()),
    )


def table_actions(states: pd.DataFrame, study: Study) -> Table:
    """The improvement actions with their state at the date of the report."""
    shown = {
        "action_id": "No.",
        "label": "Action",
        "indicator_id": "Indicator",
        "owner_printed": "Owner",
        "due_printed": "Due, as printed",
        "status": "State",
        "overdue": "Overdue",
    }
    rows = states.assign(owner_printed=states["owner"].str.replace(";", "; "))
    return Table(
        "actions",
        "Improvement actions",
        rows,
        shown,
        f"actions of the plan on {day(states['as_of'].iloc[0])}" if len(states) else "actions",
        cited(study, states["document_id"].unique()),
        " ".join(_action_notes(states)),
    )


def table_indicators(counts: pd.DataFrame, study: Study) -> Table:
    """Actions of each indicator by state, one column a state."""
    view = wide(counts, index="indicator_id", columns="status", values="n_actions")
    states = {name: capital(name) for name in view if name != "indicator_id"}
    overdue = counts.groupby("indicator_id")["n_overdue"].sum()
    view = view.assign(overdue=view["indicator_id"].map(overdue))
    shown = {"indicator_id": "Indicator"} | states | {"overdue": "Of these overdue"}
    source = cited(study, study.actions["document_id"].unique())
    return Table(
        "actions_by_indicator",
        "Actions by indicator",
        counts,
        shown,
        "actions of the plan",
        source,
        view=view,
    )


def _action_notes(states: pd.DataFrame) -> list[str]:
    return [f"Action {row.action_id}: {row.notes}." for row in states.dropna(subset=["notes"]).itertuples()]


def table_owners(owners: pd.DataFrame, study: Study) -> Table:
    """Actions of each owner."""
    shown = {"owner": "Owner", "n_actions": "Actions", "n_complete": "Complete", "n_overdue": "Overdue"}
    return Table(
        "owners",
        "Actions by owner",
        owners,
        shown,
        "actions; one with several owners counts for each",
        cited(study, study.actions["document_id"].unique()),
    )


def table_checked(checked: pd.DataFrame, study: Study, *, results: list[str], name: str) -> Table:
    """Checks with one of these results: what was printed and what the rule found."""
    rows = checked[checked["result"].isin(results)]
    published = rows["published"].str.replace(";", ", ").map(_thousands)
    rows = rows.assign(document=titles(study, rows["document_id"]), published=published)
    shown = {
        "document": "Source",
        "where": "Where",
        "statement": "What",
        "published": "Published",
        "recomputed": "Found",
    }
    shown |= {"weight": "Weight"} if set(results) - {"agrees"} else {}
    source = "the documents and statistics named in each row"
    return Table(name, CHECK_CAPTIONS[name], rows, shown, "checks made by rule", source)


def _thousands(words: str) -> str:
    return f"{int(words):,}" if words.isdecimal() else words


def table_check_summary(summary: pd.DataFrame, study: Study) -> Table:
    """Checks of each source by result."""
    rows = wide(summary, index="document_id", columns="result", values="n_checks")
    rows["document"] = titles(study, rows["document_id"].astype("str"))
    results = {name: name.capitalize() for name in rows if name not in ("document_id", "document")}
    return Table(
        "checks_by_source",
        "Checks by source and result",
        rows,
        {"document": "Source"} | results,
        "checks made by rule",
        "the documents and statistics themselves",
    )


def table_remarks(study: Study) -> Table:
    """Remarks that only a reader can make."""
    rows = study.notes.assign(document=titles(study, study.notes["unit_id"]))
    shown = {"document": "Source", "title": "Where", "text": "Remark", "author": "Made by"}
    return Table(
        "remarks",
        "Remarks of a reader on wording and labels",
        rows,
        shown,
        "remarks of one reader",
        "the documents named in each row",
    )
