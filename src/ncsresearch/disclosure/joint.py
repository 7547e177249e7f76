"""Do interviews and a survey show the same, on the themes and questions that a study declares to be about the same thing?

A strand shows a direction where the interval of a difference leaves out no difference: more rural people than urban ones,
or more who describe a challenge than a strength. The two agree where both show the same direction, and differ where they
show opposite ones. Shares are not compared, since people who raise a theme by themselves and people who are asked about it
answer different questions. All else is silence: an interval that includes both directions, or fewer people than a
percentage needs, is no evidence of no difference. Everything is worked out from what may be published, so that a verdict
tells no more than the tables do.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from ncsresearch.disclosure.answers import survey
from ncsresearch.disclosure.counts import counts
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.interval import SMALLEST_BASE, difference_interval, share_interval
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names
from ncsresearch.study.frames import framed
from ncsresearch.study.groups import names_of
from ncsresearch.study.joint_pairs import Pair

BY = ("area_type", "heard_from")
STRANDS = ("interviews", "survey")
STANCES = ("challenge", "strength")
OF_PAIR = ["code_id", "theme", "stance", "item_id", "label", "document_id", "answers", "heard_from"]
OF_STRAND = ["n_here", "of_here", "n_there", "of_there", "told_here", "told_there"]
SHOWN = ["difference", "low", "high", "shows"]
COLUMNS = [*OF_PAIR, "strand", *OF_STRAND, *SHOWN, "verdict"]


class Side(NamedTuple):
    """People on one side of a comparison: of how many, between what a reader knows their number to lie, and its word."""

    base: float
    least: float
    most: float
    word: str = ""

    @property
    def n(self) -> float:
        """Their number; missing where it is withheld."""
        return self.least if self.least == self.most else float("nan")


def joint(study: Study, *, by: str = "area_type") -> pd.DataFrame:
    """Interviews beside a survey, on each theme and question that study.toml declares to be about the same thing.

    by   area_type: rural beside urban areas; or heard_from: a theme described as a challenge beside as a strength, by the
         groups that a pair names

    Returns two rows per pair, interviews and survey, with code_id, theme, stance, item_id, label, document_id, answers and
    heard_from as declared, and
        strand               interviews or survey
        n_here, of_here      people in rural areas who raised the theme as declared, or who gave an answer of the same meaning;
                             or who described it as a challenge, or gave an answer that means one; and of how many
        n_there, of_there    the same of urban areas; or of a strength
        told_here, told_there   the word in place of a number that is withheld
        difference, low, high   of the two shares, here less there, from -1 to 1, with its interval at the study's level
        shows                here or there (more on that side), open (the interval includes both directions), few (fewer than
                             twenty people on a side) or withheld
        verdict              agrees, differs or silent, of both strands together

    None for a selection, and by heard_from none for a theme raised in any way. Of the part of one area the rows by
    area_type of the whole study. Raises ValueError for another grouping. Caution: the people and the questions of the two
    strands are different ones; agreement is no confirmation.
    """
    if by not in BY:
        raise ValueError(f"by must be one of {BY}, not {by!r}.")
    if study.whole and by == "area_type":
        return framed(study.whole.joint, f"joint display by {by}", study, by=by)
    told = not study.selection and not study.part_of and hears_people(study) and len(study.survey_answers)
    pairs = study.settings.joint if told else ()
    sides = _in_kinds_of_area if by == "area_type" else _in_ways_of_telling
    found = sides(study, pairs) if pairs else ()
    rows = [row for pair, each in found for row in _rows(study, pair, each, by)]
    return framed(pd.DataFrame(rows, columns=COLUMNS), f"joint display by {by}", study, by=by)


def verdict(interviews: str, answers: str) -> str:
    """Return what two strands are to each other, by what each shows."""
    if not {interviews, answers} <= {"here", "there"}:
        return "silent"
    return "agrees" if interviews == answers else "differs"


def _rows(study: Study, pair: Pair, sides: list[tuple[Side, Side]], by: str) -> Iterator[dict]:
    """Yield the rows of a pair, from the two sides of each strand."""
    question = study.survey_items.set_index("item_id").loc[pair.item]
    theme, groups = code_names(study.codebook)[pair.theme], "; ".join(pair.heard_from)
    asked = (pair.item, *question[["label", "document_id"]], pair.answers)
    of_pair = (pair.theme, theme, pair.stance, *asked, groups)
    apart = difference_between if by == "area_type" else leaning
    found = [_shown(*each, apart(*each, level=study.settings.interval_level)) for each in sides]
    together = verdict(*(shown[-1] for shown in found))
    for strand, (here, there), shown in zip(STRANDS, sides, found, strict=True):
        people = (here.n, here.base, there.n, there.base, here.word, there.word)
        yield dict(zip(COLUMNS, (*of_pair, strand, *people, *shown, together), strict=True))


def _shown(here: Side, there: Side, interval: tuple[float, float]) -> tuple[float, float, float, str]:
    """Return the difference of a strand with its interval, where these may be given, and what it shows."""
    (low, high), missing = interval, float("nan")
    if min(here.base, there.base) < SMALLEST_BASE:
        return missing, missing, missing, "few"
    difference = here.n / here.base - there.n / there.base
    if low > 0 or high < 0:
        return difference, low, high, "here" if low > 0 else "there"
    if pd.isna(difference):
        return missing, missing, missing, "withheld"
    return difference, low, high, "open"


def difference_between(here: Side, there: Side, *, level: float) -> tuple[float, float]:
    """Return the interval of the difference of shares of two groups, over all that their numbers may be."""
    low, _ = difference_interval(here.least, here.base, there.most, there.base, level=level)
    _, high = difference_interval(here.most, here.base, there.least, there.base, level=level)
    return low, high


def leaning(here: Side, there: Side, *, level: float) -> tuple[float, float]:
    """Return the interval of the difference of two shares of the same people, over all that their numbers may be.

    It is that of how many of those on either side are on the first; who is on both counts for both, which widens it.
    """
    ends = [(here.least, there.most, 0), (here.most, there.least, 1)]
    low, high = (
        (2 * share_interval(one, one + other, level=level)[end] - 1) * (one + other) / here.base
        for one, other, end in ends
    )
    return float(low), float(high)


def _in_kinds_of_area(study: Study, pairs: tuple[Pair, ...]) -> Iterator[tuple[Pair, list]]:
    """Yield each pair with people in rural and in urban areas, of interviews and survey."""
    ways = {pair.stance for pair in pairs}
    raised = {way: counts(study, by="area_type", stance=way) for way in ways}
    answers = _on_a_scale(survey(study, by="area_type"))
    for pair in pairs:
        people = _rows_of(raised[pair.stance], "code_id", pair.theme).dropna(subset="base")
        given = _rows_of(answers, "item_id", pair.item)
        if {*COMPARED} <= {*people.index} & {*given.index}:
            told = tuple(_people(people.loc[[kind]]) for kind in COMPARED)
            yield pair, [told, tuple(_answers(given.loc[kind], pair.answers) for kind in COMPARED)]


def _in_ways_of_telling(study: Study, pairs: tuple[Pair, ...]) -> Iterator[tuple[Pair, list]]:
    """Yield each pair with those of its groups who describe a challenge and who describe a strength, and the same of answers."""
    asked = {(by, way): {"by": by, "stance": way} for by in ("", "heard_from") for way in STANCES}
    told = {key: counts(study, **each) for key, each in asked.items()}
    answers, names = _on_a_scale(survey(study)), names_of(study.settings.participant_groups)
    for pair in (pair for pair in pairs if pair.stance):
        groups = [names.get(each, each) for each in pair.heard_from] or ["everybody"]
        by = "heard_from" if pair.heard_from else ""
        people = [_rows_of(told[by, way], "code_id", pair.theme).reindex(groups) for way in STANCES]
        given = _rows_of(answers, "item_id", pair.item)
        if len(given) and not any(rows["base"].isna().any() for rows in people):
            alike = _answers(given.iloc[0], pair.answers), _answers(given.iloc[0], _other(pair.answers))
            yield pair, [tuple(map(_people, people)), alike if pair.stance == "challenge" else alike[::-1]]


def _on_a_scale(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the answers to questions of which it is known which answers are positive and which are none."""
    return answers[answers["reason"].eq("")].astype({"base": "float64", "n_positive": "float64"})


def _other(answers: str) -> str:
    return "other" if answers == "positive" else "positive"


def _rows_of(rows: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    return rows[rows[column].eq(value)].astype({"group": "str"}).set_index("group")


def _people(rows: pd.DataFrame) -> Side:
    """Return the people of one or several groups; of several there is no word."""
    word = rows["words"].iloc[0] if len(rows) == 1 else ""
    return Side(*(float(rows[name].sum()) for name in ("base", "least", "most")), word)


def _answers(row: pd.Series, which: str) -> Side:
    """Return the people who gave a positive answer, or one of the others on the scale."""
    n = row["n_positive"] if which == "positive" else row["base"] - row["n_positive"]
    return Side(row["base"], n, n)
