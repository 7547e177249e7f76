"""Does a published value follow from the numbers it was made of, or agree with what it is compared with?

Each rule takes a published value, its inputs (divided by semicolons) and the tables of their document, and gives what it
found in words, with its verdict: the result, and how much a difference matters.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

import pandas as pd

from ncsresearch.analysis.rounding import consistent_counts
from ncsresearch.evidence.rounded import percent as in_percent
from ncsresearch.evidence.rounded import rounded
from ncsresearch.study import Study

AGREES, DIFFERS, UNKNOWN, NOTE = "agrees", "differs", "cannot be checked", "to note"
RIGHT, MINOR, MAJOR = (AGREES, ""), (DIFFERS, "minor"), (DIFFERS, "major")
REMARK, OPEN = (NOTE, "note"), (UNKNOWN, "note")
Found = tuple[str, tuple[str, str]]
NOT_PUBLISHED = "neutral and missing answers, and bases of items, are not published"


def numbers(inputs: str) -> list[float]:
    """Return the numbers of a list divided by semicolons."""
    return [float(part) for part in inputs.split(";")]


def plain(value: float) -> str:
    """Return a number in as few digits as it needs, two decimals at most, thousands divided."""
    short = float(rounded(value, 2))
    return f"{int(short) if short.is_integer() else short:,}"


def right_if(agrees: bool) -> tuple[str, str]:
    """Return the verdict of a comparison whose failure is a minor difference."""
    return RIGHT if agrees else MINOR


def _near(published: str, value: float, *, units: float = 0.5) -> tuple[str, str]:
    """Agree where the value is no further away than so many units of the last published digit; half is rounding."""
    decimals = len(published.partition(".")[2])
    return right_if(abs(float(published) - value) <= units * 10**-decimals + 1e-9)


def _gap(published: str, value: float, less: str) -> str:
    difference = round(value - float(published), 9)
    return f"; {plain(abs(difference))} {'more' if difference > 0 else less}" if difference else ""


def percent(published: str, inputs: str, study: Study) -> Found:
    """A percentage is its count over its base; a third number is of others, with whom it is right as well."""
    count, base, *others = numbers(inputs)
    value, verdict = _share(published, count, base)
    for more in others if verdict == MAJOR else ():
        explained, right = _share(published, count + more, base)
        if right == RIGHT:
            return f"{explained} with {plain(more)} that are counted apart; {value} without", REMARK
    return value, verdict


def _share(published: str, count: float, base: float) -> Found:
    value = 100 * count / base
    verdict = _near(published, value)
    return f"{plain(value)}% ({plain(count)} of {plain(base)})", MAJOR if verdict == MINOR else verdict


def total(published: str, inputs: str, study: Study) -> Found:
    """A total is the sum of its parts."""
    parts = numbers(inputs)
    terms = " + ".join(map(plain, parts)).replace("+ -", "\N{MINUS SIGN} ")
    added = f"{terms} = {plain(sum(parts))}"
    return added + _gap(published, sum(parts), "short"), _near(published, sum(parts))


def weighted_mean(published: str, inputs: str, study: Study) -> Found:
    """An average of all is the averages of its groups, weighted by their sizes; these are rounded as well."""
    groups = [[float(part) for part in pair.split("*")] for pair in inputs.split(";")]
    mean = sum(n * average for n, average in groups) / sum(n for n, _ in groups)
    return plain(mean), _near(published, mean, units=1)


def remainder(published: str, inputs: str, study: Study) -> Found:
    """What is left of a total when the parts that are held are taken away."""
    whole = float(published)
    return f"{plain(whole - sum(numbers(inputs)))} of the {plain(whole)} are in no published group", REMARK


def same_number(published: str, inputs: str, study: Study) -> Found:
    """Two places that give one number give the same."""
    other = float(inputs)
    return plain(other) + _gap(published, other, "fewer"), right_if(float(published) == other)


def planned_and_reached(published: str, inputs: str, study: Study) -> Found:
    """How many of what was planned, or asked, there are."""
    found, verdict = same_number(published, inputs, study)
    return found, RIGHT if verdict == RIGHT else REMARK


def counts_behind(published: str, inputs: str, study: Study) -> Found:
    """A percentage without its count can be of any count that rounds to it."""
    span = consistent_counts(float(published), int(inputs))
    if span is None:
        return f"no count of {inputs} gives it", MAJOR
    return f"{span[0]} to {span[1]} of {inputs}; no count is published", REMARK


def rise(published: str, inputs: str, study: Study) -> Found:
    """A rise in percent follows from the numbers it rose between; without them it cannot be checked."""
    if not inputs:
        return "no base is published", OPEN
    before, after = numbers(inputs)
    return f"from {plain(before)} to {plain(after)}", _near(published, 100 * (after - before) / before)


def year_of_quarters(published: str, inputs: str, study: Study) -> Found:
    """A year's percentage lies between its quarters', weighted by cases that are not published.

    The last quarter's share of cases that it needs is given: if the others were alike, and at most, as far as rounding
    allows. Under half of an even share if they were alike is called a difference: the figures then hardly count the same thing.
    """
    *early, last = numbers(inputs)
    year, mean = float(published), sum(early) / len(early)
    if not min(*early, last) <= year <= max(*early, last):
        return "outside its quarters", MAJOR
    furthest = min(early) if last > mean else max(early)
    if mean == last or furthest == last or not (year - mean) * (last - mean) >= 0:
        return "within its quarters", RIGHT
    alike, even = (year - mean) / (last - mean), 1 / (len(early) + 1)
    share = f" of the cases (an even share is {in_percent(even)})"
    if alike >= even / 2:
        return f"fits the quarters if the last had {in_percent(alike)}{share}", RIGHT
    most = _most_of_last(year, furthest, last)
    about = f"about {in_percent(alike)}, and at most {in_percent(most)},"
    return f"fits the quarters only if the last had {about}{share}", MAJOR


def _most_of_last(year: float, furthest: float, last: float) -> float:
    """Return the largest share of cases that the last quarter can have had, where all three percentages are rounded."""
    up = 0.5 if last > furthest else -0.5
    least = min(max(furthest - up, 0), 100)
    room = last - up - least
    return min((year + up - least) / room, 1) if room * up > 0 else 1


def class_population(published: str, inputs: str, study: Study) -> Found:
    """A class's population is that of its authorities."""
    people = float(study.areas.loc[study.areas["area_type"].eq(inputs), "population"].sum())
    return plain(people), _near(published, people)


def date_within(published: str, inputs: str, study: Study) -> Found:
    """A date lies in the period it is said to be of."""
    first, last = published.split("/")
    within = first <= inputs <= last
    return f"{inputs} is {'within' if within else 'outside'} it", right_if(within)


def no_overlap(published: str, inputs: str, study: Study) -> Found:
    """Terms that follow each other do not overlap."""
    terms = [[int(end) for end in term.split("-")] for term in inputs.split(";")]
    pairs = [(after[0], before[1]) for before, after in zip(terms, terms[1:], strict=False)]
    shared = [
        f"the terms overlap: months {start} to {end} are in two of them"
        for start, end in pairs
        if start < end
    ]
    return "; ".join(shared) or "no overlap", right_if(not shared)


def series_covers(published: str, inputs: str, study: Study) -> Found:
    """A series covers the period that it is shown for; its first period is named by financial year and quarter."""
    first = pd.Period(year=int(published[:4]), month=int(published[5:7]), freq="M")
    start = pd.Period(year=int(inputs[:4]), month=1, freq="M") + 3 * int(inputs[-1])
    missing = (start - first).n
    if missing <= 0:
        return f"series starts {start}", RIGHT
    return f"series starts {start}: the first {missing} months are missing", REMARK


def one_period_type(published: str, inputs: str, study: Study) -> Found:
    """All periods of a table are of one length."""
    odd = int(inputs) - int(published)
    types = study.kpi_values["period_type"].astype("str").tolist()
    if not odd:
        return "all of one length", RIGHT
    if odd == 1 and len(set(types)) > 1:
        last = study.kpi_values["period"].iloc[-1]
        return f"{published} {types[0]}s and a single {types[-1]}, {last}", MAJOR
    return f"{inputs} columns, {odd} of another length", MAJOR


def one_spelling(published: str, inputs: str, study: Study) -> Found:
    """A name is spelled one way: names that differ in a letter are one name spelled twice."""
    pairs = [pair for pair in combinations(inputs.split(";"), 2) if _letters_apart(*pair) == 1]
    alike = "; ".join(f"{one} and {other} may be one name" for one, other in pairs)
    return (alike, REMARK) if alike else ("one spelling of each", RIGHT)


def _letters_apart(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


def in_order(published: str, inputs: str, study: Study) -> Found:
    """Dates that follow each other are in their order."""
    dates = inputs.split(";")
    return " then ".join(dates), right_if(dates == sorted(dates))


def numbered_in_order(published: str, inputs: str, study: Study) -> Found:
    """Headings are numbered from 1 without a gap."""
    found = inputs.split(";")
    return f"numbered {', '.join(found)}", right_if(found == [str(n) for n in range(1, len(found) + 1)])


def same_wording(published: str, inputs: str, study: Study) -> Found:
    """A question printed in several places has the same words in each."""
    wordings = inputs.split(";")
    n = len(set(wordings))
    return f"{n} wording{'s' * (n > 1)} in {len(wordings)} places", RIGHT if n == 1 else REMARK


def answers_not_published(published: str, inputs: str, study: Study) -> Found:
    """Shares of the top answers alone say nothing of the neutral and missing ones."""
    held = len(study.survey_answers)
    return (f"{held} answers are held", RIGHT) if held else (NOT_PUBLISHED, OPEN)


def topics_have_counts(published: str, inputs: str, study: Study) -> Found:
    """A topic named as most discussed has a count somewhere."""
    counted = {category.lower() for category in study.comment_counts["category"]}
    without = [topic for topic in published.split(";") if topic.lower() not in counted]
    return f"no count for {', '.join(without)}" if without else "all counted", right_if(not without)


def topics_hold_the_rest(published: str, inputs: str, study: Study) -> Found:
    """Whether the topics named, none larger than the smallest published, can hold the comments left over."""
    topics = study.published_values.loc[study.published_values["rule"].eq("topics have counts"), "published"]
    n_topics = len(topics.iloc[0].split(";"))
    named, limits = [], []
    for question, rows in study.comment_counts.groupby("question_id"):
        rest, smallest = int(rows["question_total"].iloc[0] - rows["n"].sum()), int(rows["n"].min())
        room = (n_topics - len(rows)) * smallest
        if rest >= room:
            named.append(f"{rest}{'' if named else ' comments'} on question {question}")
            exactly = f"could hold the {rest} only at {smallest} each"
            limits.append(exactly if rest == room else f"cannot hold all {rest}")
    said = f"{' and '.join(named)} have no published topic; the other topics named {' and '.join(limits)}"
    return said if named else "they can", REMARK


def examples_printed(published: str, inputs: str, study: Study) -> Found:
    """How many of all comments an appendix of examples prints, the same comment counted once."""
    comments = study.segments[study.segments["kind"].eq("comment")]
    share, distinct = len(comments) / float(published), comments["text_sha256"].nunique()
    return f"{len(comments)} printed ({in_percent(share, 1)}), {distinct} of them distinct", (NOTE, "minor")


RULES: dict[str, Callable[[str, str, Study], Found]] = {
    "percent": percent,
    "sum": total,
    "weighted mean": weighted_mean,
    "remainder": remainder,
    "same number": same_number,
    "planned and reached": planned_and_reached,
    "no more than": lambda part, span, _: (f"{part} of {span}", right_if(float(part) <= float(span))),
    "counts behind a percentage": counts_behind,
    "base needed": rise,
    "year of quarters": year_of_quarters,
    "population of class": class_population,
    "same dates": lambda dates, others, _: (others, right_if(dates == others)),
    "date within": date_within,
    "in order": in_order,
    "no overlap": no_overlap,
    "series covers": series_covers,
    "one period type": one_period_type,
    "one spelling": one_spelling,
    "numbered in order": numbered_in_order,
    "same wording": same_wording,
    "cited from elsewhere": lambda _, to, __: (
        (f"cited from {to}", REMARK) if to else ("the paper's own", RIGHT)
    ),
    "answers not published": answers_not_published,
    "topics have counts": topics_have_counts,
    "topics hold the rest": topics_hold_the_rest,
    "examples printed": examples_printed,
}


def values_checked(study: Study) -> Iterator[tuple]:
    """Check every published value by the rule it asks for, with the tables of its own document.

    Yields one row per value, with the columns of figures_checked; a value whose inputs are not what its rule needs
    cannot be checked.
    """
    values = study.published_values.astype("str").fillna("")
    for document_id, own in values.groupby("document_id", sort=False):
        narrowed = study.of_documents([document_id])
        for value in own.itertuples():
            found, verdict = check_value(value.rule, value.published, value.inputs, narrowed)
            yield document_id, value.where, value.statement, value.published, found, *verdict, value.rule


def check_value(rule: str, published: str, inputs: str, study: Study) -> Found:
    """Return what a rule finds of a published value, in words, and its verdict."""
    try:
        return RULES[rule](published, inputs, study)
    except (ValueError, ZeroDivisionError, IndexError):
        return f"the inputs {inputs!r} are not what this rule needs", (UNKNOWN, "minor")
