"""Does every published number follow from the numbers it was made of?"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ncsresearch.analysis.rounding import consistent_counts
from ncsresearch.schema import TABLES
from ncsresearch.study import Study

AGREES, DIFFERS, UNKNOWN, NOTE = "agrees", "differs", "cannot be checked", "to note"
COLUMNS = ["document_id", "where", "statement", "published", "recomputed", "result", "weight", "rule"]


@dataclass(frozen=True)
class Check:
    """What one rule found: the value it computed, its verdict, and how much a difference matters."""

    recomputed: str
    result: str
    weight: str = ""


def numbers(inputs: str) -> list[float]:
    """Return the numbers of a list divided by semicolons."""
    return [float(part) for part in str(inputs).split(";")]


def plain(value: float, decimals: int = 2) -> str:
    """Return a number in as few digits as it needs, thousands divided."""
    rounded = round(value, decimals)
    return f"{rounded:,.0f}" if float(rounded).is_integer() else f"{rounded:,}"


def _decimals(published: str) -> int:
    return len(str(published).partition(".")[2])


def _same(published: str, value: float, recomputed: str) -> Check:
    """Agree where the value rounds to the published digits, halves either way."""
    agrees = abs(float(published) - value) <= 0.5 * 10 ** -_decimals(published) + 1e-9
    return Check(recomputed, AGREES) if agrees else Check(recomputed, DIFFERS, "minor")


def check_percent(published: str, inputs: str, study: Study) -> Check:
    """A percentage is its count over its base."""
    count, base = numbers(inputs)
    return _same(
        published, 100 * count / base, f"{plain(100 * count / base)}% ({plain(count)} of {plain(base)})"
    )


def check_sum(published: str, inputs: str, study: Study) -> Check:
    """A total is the sum of its parts."""
    parts = numbers(inputs)
    difference = round(sum(parts) - float(published), 9)
    gap = f"; {plain(abs(difference))} {'more' if difference > 0 else 'short'}" if difference else ""
    return _same(
        published, sum(parts), f"{' + '.join(plain(part) for part in parts)} = {plain(sum(parts))}{gap}"
    )


def check_weighted_mean(published: str, inputs: str, study: Study) -> Check:
    """An average of all is the averages of its groups, weighted by their sizes.

    Group averages are rounded too, so the total may be out by as much as one of them.
    """
    groups = [[float(part) for part in pair.split("*")] for pair in inputs.split(";")]
    mean = sum(n * average for n, average in groups) / sum(n for n, _ in groups)
    agrees = abs(mean - float(published)) <= 10 ** -_decimals(published)
    return Check(plain(mean), AGREES if agrees else DIFFERS, "" if agrees else "minor")


def check_remainder(published: str, inputs: str, study: Study) -> Check:
    """What is left of a total when the parts that are held are taken away."""
    left = float(published) - sum(numbers(inputs))
    return Check(f"{plain(left)} left over, for which no figure is held", NOTE, "note")


def check_same_number(published: str, inputs: str, study: Study) -> Check:
    """Two places that give one number give the same."""
    one, other = float(published), float(inputs)
    if one == other:
        return Check(plain(other), AGREES)
    return Check(
        f"{plain(other)}; {plain(abs(other - one))} {'more' if other > one else 'fewer'}", DIFFERS, "minor"
    )


def check_no_more_than(published: str, inputs: str, study: Study) -> Check:
    """A part of a span is no longer than the span."""
    agrees = float(published) <= float(inputs)
    return Check(f"of {plain(float(inputs))}", AGREES if agrees else DIFFERS, "" if agrees else "minor")


def check_consistent_counts(published: str, inputs: str, study: Study) -> Check:
    """A percentage without its count can stand for any count that rounds to it."""
    span = consistent_counts(float(published), int(inputs))
    if span is None:
        return Check(f"no count of {inputs} gives it", DIFFERS, "major")
    return Check(f"{span[0]} to {span[1]} of {inputs}; no count is published", NOTE, "note")


def check_base_needed(published: str, inputs: str, study: Study) -> Check:
    """A rise in percent follows from the numbers it rose between; without them it cannot be checked."""
    if not inputs:
        return Check("no base is published", UNKNOWN, "note")
    before, after = numbers(inputs)
    return _same(published, 100 * (after - before) / before, f"from {plain(before)} to {plain(after)}")


def check_year_of_quarters(published: str, inputs: str, study: Study) -> Check:
    """A year's percentage lies between its quarters', weighted by cases that are not published.

    The last quarter's share of cases that it needs is given: if the others were alike, and at most. Under
    half of an even share is called a difference: the figures then hardly count the same thing.
    """
    *early, last = numbers(inputs)
    year, mean = float(published), sum(early) / len(early)
    if not min(*early, last) <= year <= max(*early, last):
        return Check("outside its quarters", DIFFERS, "major")
    furthest = min(early) if last > mean else max(early)
    if mean == last or furthest == last or not (year - mean) * (last - mean) >= 0:
        return Check("within its quarters", AGREES)
    alike, most = (year - mean) / (last - mean), (year - furthest) / (last - furthest)
    unlikely = alike < 0.5 / (len(early) + 1)
    text = f"needs {100 * alike:.0f}% of cases in the last quarter, {100 * most:.0f}% at most"
    return Check(text, DIFFERS if unlikely else AGREES, "minor" if unlikely else "")


def check_class_population(published: str, inputs: str, study: Study) -> Check:
    """A class's population is that of its authorities."""
    total = float(study.areas.loc[study.areas["area_type"].eq(inputs), "population"].sum())
    return _same(published, total, plain(total))


NUMBER_RULES: dict[str, Callable[[str, str, Study], Check]] = {
    "percent": check_percent,
    "sum": check_sum,
    "weighted mean": check_weighted_mean,
    "remainder": check_remainder,
    "same number": check_same_number,
    "no more than": check_no_more_than,
    "counts behind a percentage": check_consistent_counts,
    "base needed": check_base_needed,
    "year of quarters": check_year_of_quarters,
    "population of class": check_class_population,
}


def check_values(study: Study, rules: dict[str, Callable[[str, str, Study], Check]]) -> pd.DataFrame:
    """Apply each rule to the published values that ask for it, with the tables of their own document.

    Returns one row per value, with the columns of COLUMNS; a value whose inputs are not what its rule needs
    cannot be checked.
    """
    rows = []
    values = study.published_values[study.published_values["rule"].isin(rules)].astype("str")
    for document_id, own in values.fillna("").groupby("document_id", sort=False):
        narrowed = _of_document(study, document_id)
        for value in own.itertuples():
            check = _checked(rules[value.rule], value, narrowed)
            found = (check.recomputed, check.result, check.weight, value.rule)
            rows.append((document_id, value.where, value.statement, value.published, *found))
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_document(study: Study, document_id: str) -> Study:
    named = [name for name, table in TABLES.items() if "document_id" in table.column_names]
    own = {name: study.tables[name] for name in named if name != "documents"}
    return study.holding(**{name: rows[rows["document_id"].eq(document_id)] for name, rows in own.items()})


def _checked(rule: Callable[[str, str, Study], Check], value, study: Study) -> Check:
    try:
        return rule(value.published, value.inputs, study)
    except (ValueError, ZeroDivisionError, IndexError):
        return Check(f"the inputs {value.inputs!r} are not what this rule needs", UNKNOWN, "minor")


def recompute_counts(study: Study) -> pd.DataFrame:
    """Recompute the percentages of comment categories and the survey shares from the tables themselves.

    Returns one row per percentage, with the columns of COLUMNS.
    """
    rows = []
    for row in study.comment_counts.dropna(subset=["n", "published_percent"]).itertuples():
        check = check_percent(f"{row.published_percent:g}", f"{row.n};{row.question_total}", study)
        where = f"question {row.question_id}"
        rows.append(
            (row, where, f"{row.category}, share of comments", f"{row.published_percent:g}", check, "percent")
        )
    for row in study.survey_items.dropna(subset=["percent", "base"]).itertuples():
        span = consistent_counts(row.percent, int(row.base))
        check = (
            Check(f"{span[0]} to {span[1]} of {row.base}", AGREES)
            if span
            else Check("no count", DIFFERS, "major")
        )
        rows.append((row, "survey", row.label, f"{row.percent:g}", check, "counts fit"))
    return pd.DataFrame(
        [
            (row.document_id, where, statement, published, check.recomputed, check.result, check.weight, rule)
            for row, where, statement, published, check, rule in rows
        ],
        columns=COLUMNS,
    )


def revised_statistics(statistics: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Figures of official statistics that a later edition gives differently.

    Returns one row per series that two editions give for the same area and period, with the columns of COLUMNS.
    """
    official = documents[documents["kind"].eq("official statistics")].set_index("document_id")
    editions = statistics[statistics["document_id"].isin(official.index)]
    editions = editions.assign(year=editions["document_id"].map(official["year"]))
    both = editions.merge(editions, on=["area_id", "series", "period", "unit"], suffixes=("", "_later"))
    both = both[both["year"] < both["year_later"]]
    names = official["short_title"].fillna(official["title"])
    rows = []
    for (document_id, later, series), pairs in both.groupby(["document_id", "document_id_later", "series"]):
        change = (pairs["value_later"] - pairs["value"]).dropna()
        revised = int(change.ne(0).sum())
        largest = f", by {change.loc[change.abs().idxmax()]:+,.0f} at most" if revised else ""
        found = f"{revised} of {len(change)} figure{'s' * (len(change) > 1)} revised{largest}"
        result = (NOTE, "note") if revised else (AGREES, "")
        where = f"held against {names[later]}"
        rows.append(
            (
                document_id,
                where,
                series,
                f"{len(change)} figure{'s' * (len(change) > 1)}",
                found,
                *result,
                "revised",
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS)
