"""Sentences on services: consultation, poll, performance, ratings, actions, and figures checked."""

import pandas as pd

from ncsresearch.analysis.recompute import AGREES, DIFFERS, UNKNOWN
from ncsresearch.present.media import Finding
from ncsresearch.present.sentence import capital, counted, day, listed, no_evidence, small
from ncsresearch.present.table import cited, titles
from ncsresearch.present.wording import phrases, sentence
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of


def say_consultation(categories: pd.DataFrame, totals: pd.DataFrame, study: Study) -> Finding:
    """Say how many comments there were and which categories hold most of those published."""
    if totals.empty:
        return no_evidence("consultation", "consultation comments")
    comments = int(categories.drop_duplicates("question_id")["question_total"].sum())
    named = listed(
        f"{small(row.category)} ({row.n} comments on {counted(row.n_questions, 'question')})"
        for row in totals.head(3).itertuples()
    )
    every = totals.loc[totals["n_questions"].eq(totals["n_questions"].max()), "category"]
    n_questions = categories["question_id"].nunique()
    sentence = f"{comments} comments were made on {n_questions} questions. Of those with a published category more are on {named} than on any other."
    if totals["n_questions"].max() == n_questions:
        sentence += f" {capital(listed(small(name) for name in every))} alone {'has' if len(every) == 1 else 'have'} a count on every question."
    return Finding(
        "consultation",
        sentence,
        {"comments": comments} | {row.category: int(row.n) for row in totals.itertuples()},
        source=cited(study, study.comment_counts["document_id"].unique()),
    )


def say_unpublished(bounds: pd.DataFrame, study: Study) -> Finding:
    """Say how many comments are in no published category, and what they can be."""
    if bounds.empty:
        return no_evidence("unpublished", "unpublished comments")
    rest, total = int(bounds["n_unpublished"].sum()), int(bounds["question_total"].sum())
    by_question = listed(f"{row.n_unpublished} on question {row.question_id}" for row in bounds.itertuples())
    least = listed(str(n) for n in bounds["least_categories"])
    sentence = (
        f"{rest} of {total} comments ({100 * rest / total:.0f}%) are in no published category: {by_question}. If none of the missing "
        f"categories is larger than the smallest published one, the questions have at least {least} more categories."
    )
    return Finding(
        "unpublished",
        sentence,
        {"unpublished": rest, "comments": total},
        source=cited(study, study.comment_counts["document_id"].unique()),
    )


def say_poll(poll: pd.DataFrame, study: Study) -> Finding:
    """Say what the poll percentages count, and that they have no base."""
    known = poll.dropna(subset=["percent"])
    if known.empty:
        return no_evidence("poll", "a poll")
    no = known[known["direction"].eq("negative")]
    most = no.loc[no["percent"].idxmax()] if len(no) else None
    sentence = f"{len(known)} of {len(poll)} poll results are published, all without the number who answered."
    if most is not None:
        sentence += f" {len(no)} count disagreement; the largest is {most['percent']:.0f}% who did not agree that {most['label']}."
    return Finding(
        "poll",
        sentence,
        {"published": len(known), "asked": len(poll), "disagreement": len(no)},
        source=cited(study, poll["document_id"].unique()),
    )


def say_targets(series: pd.DataFrame, study: Study) -> Finding:
    """Say how often the targets were met, and whether the latest values meet them."""
    if series.empty:
        return no_evidence("targets", "performance measures")
    met = series[series["met"]]
    last = series.groupby("kpi_id", sort=False).tail(1)
    where = f", all on {listed(dict.fromkeys(met['label']))} in {listed(met['period'])}" if len(met) else ""
    latest = (
        "none of the latest values does"
        if not last["met"].any()
        else f"{last['met'].sum()} of the latest values do"
    )
    sentence = f"{len(met)} of {len(series)} values meet their target{where}; {latest}."
    return Finding(
        "targets",
        sentence,
        {"met": len(met), "values": len(series)},
        source=cited(study, series["document_id"].unique()),
    )


def say_latest_gaps(gaps: pd.DataFrame, study: Study) -> Finding:
    """Say how far the latest value of each measure is from its target, and how far the average was."""
    if gaps.empty:
        return no_evidence("latest_gaps", "performance measures")
    told = listed(
        f"{row.label}, {_points(row.latest_gap)} in {row.latest_period} (regular periods on average "
        f"{_points(row.mean_gap)})"
        for row in gaps.itertuples()
    )
    return Finding(
        "latest_gaps",
        f"The latest values against their target: {told}.",
        {row.label: float(row.latest_gap) for row in gaps.itertuples()},
        source=cited(study, study.kpi_values["document_id"].unique()),
    )


def say_direction(stretches: pd.DataFrame, study: Study, *, at_least: int = 4) -> Finding:
    """Name the measures that have gone one way for some periods to the end of their series."""
    if stretches.empty:
        return no_evidence("direction", "performance measures")
    long = stretches[stretches["n_periods"] >= at_least]
    told = listed(
        f"{row.label} went {row.direction} in each of the last {row.n_periods} regular periods, from {row.first:g}% to {row.last:g}%"
        for row in long.itertuples()
    )
    rest = len(stretches) - len(long)
    other = (
        f" {counted(rest, 'other measure has', 'other measures have')} no such stretch."
        if rest and len(long)
        else ""
    )
    sentence = (
        f"{capital(told)}.{other}"
        if len(long)
        else f"No measure went one way for {at_least} periods to its end."
    )
    numbers = {row.label: int(row.n_periods) for row in stretches.itertuples()}
    source = cited(study, study.kpi_values["document_id"].unique())
    return Finding("direction", sentence, numbers, source=source)


def _points(gap: float) -> str:
    return f"{abs(gap):.0f} points {'below' if gap < 0 else 'above'}"


def say_signals(rules: pd.DataFrame, study: Study) -> Finding:
    """Say whether the run chart rules find a signal in any measure."""
    if rules.empty:
        return no_evidence("signals", "run charts")
    signal = rules[rules["signal"]]
    useful = listed(dict.fromkeys(str(n) for n in rules["n_useful"]), "or")
    if len(signal):
        sentence = f"The run chart rules find a shift in {listed(signal['label'])}."
    else:
        sentence = f"The run chart rules find no shift in any of the {len(rules)} measures; with {useful} useful points each they could miss one."
    return Finding(
        "signals",
        sentence,
        {"measures": len(rules), "signals": len(signal)},
        source=cited(study, study.kpi_values["document_id"].unique()),
    )


def say_odd_period(series: pd.DataFrame, study: Study) -> Finding:
    """Name the period that is not of the usual length and so left out of the run chart."""
    if series.empty:
        return no_evidence("odd_period", "performance measures")
    odd = series[series["odd"]]
    if odd.empty:
        return Finding("odd_period", "All periods are of one length.")
    usual = series.loc[~series["odd"], "period_type"].iloc[0]
    sentence = (
        f"{listed(odd['period'].unique())} is a {odd['period_type'].iloc[0]} among {usual}s: it is shown apart and left "
        "out of medians and runs."
    )
    source = cited(study, series["document_id"].unique())
    return Finding("odd_period", sentence, {"odd": odd["period"].nunique()}, source=source)


def say_ratings(ratings: pd.DataFrame) -> Finding | None:
    """Say how the quality indicators were rated."""
    if ratings.empty:
        return None
    counts = ratings["rating"].value_counts()
    best = ratings.loc[ratings["points"].eq(ratings["points"].max()), "label"]
    source = cited(study_of(ratings), ratings["document_id"].unique())
    of = {"numbers": {str(rating): int(n) for rating, n in counts.items()}, "source": source}
    if len(counts) == 1:
        return sentence("ratings", "one", of=of, n=len(ratings), rating=counts.index[0])
    rated = phrases("ratings", "rated", [{"n": n, "rating": rating} for rating, n in counts.items()])
    return sentence("ratings", "several", of=of, n=len(ratings), rated=rated, best=list(best))


def say_actions(states: pd.DataFrame, study: Study) -> Finding:
    """Say how many actions are complete, open and overdue at the date of the report."""
    if states.empty:
        return no_evidence("actions", "improvement actions")
    counts = states["status"].value_counts(sort=False)
    told = listed(_in_state(n, state) for state, n in counts.items() if n)
    late = states[states["overdue"].eq("yes")]
    sentence = f"Of {len(states)} improvement actions {told} on {day(states['as_of'].iloc[0])}; {len(late)} {'was' if len(late) == 1 else 'were'} overdue"
    sentence += f": {listed(late['label'])}." if len(late) else "."
    numbers = {str(state): int(n) for state, n in counts.items()} | {"overdue": len(late)}
    return Finding(
        "actions",
        sentence,
        numbers,
        states.rename(columns={"action_id": "unit_id"})[["unit_id", "label", "document_id"]],
        cited(study, states["document_id"].unique()),
    )


def _in_state(n: int, state: str) -> str:
    words = {
        "complete": "complete",
        "in progress": "in progress",
        "no update": "without an update",
        "not separable": "in a state that cannot be told",
    }
    return f"{n} {'was' if n == 1 else 'were'} {words[state]}"


def say_unseparable(states: pd.DataFrame, study: Study) -> Finding:
    """Say which actions' rows the source merges, and which recur."""
    if states.empty:
        return no_evidence("unseparable", "improvement actions")
    merged = list(states.loc[states["status"].eq("not separable"), "action_id"])
    recurring = list(states.loc[states["recurring"].eq("yes"), "action_id"])
    parts = []
    if merged:
        parts.append(
            f"The source merges the row of action {listed(merged)} with the one before, so its state cannot be told"
        )
    if recurring:
        parts.append(f"action {listed(recurring)} recurs from its date on and is not counted as overdue")
    sentence = capital("; ".join(parts)) + "." if parts else "Every action has a row and a date of its own."
    return Finding(
        "unseparable",
        sentence,
        {"merged": len(merged), "recurring": len(recurring)},
        source=cited(study, states["document_id"].unique()),
    )


def say_checked(checked: pd.DataFrame, study: Study) -> Finding:
    """Say how many published figures agree with what they were made of."""
    results = checked["result"].value_counts()
    major = checked[checked["weight"].eq("major")]
    sentence = (
        f"{len(checked)} checks were made by rule: {results.get(AGREES, 0)} agree, {results.get(DIFFERS, 0)} differ, "
        f"{results.get(UNKNOWN, 0)} cannot be made for want of a figure, and the rest note something that a reader should know."
    )
    if len(major):
        sentence += f" {counted(len(major), 'difference changes', 'differences change')} how results may be read: {listed(major['statement'])} ({listed(dict.fromkeys(titles(study, major['document_id'])))})."
    return Finding("checked", sentence, {str(name): int(n) for name, n in results.items()})
