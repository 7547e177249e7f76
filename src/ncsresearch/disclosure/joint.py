"""Do interviews and a survey show the same, on the themes and questions that a study declares to be about the same thing?

Either shows a direction where a difference is clear: more rural people than urban ones, or more who describe a challenge
than a strength. Of rural and urban areas what chapters 03 and 10 compare says so, among as many themes or questions, so that a
pair has one verdict everywhere; of all else an interval that leaves out no difference. The two agree where both show the same direction, and differ
where they show opposite ones. Shares are not compared, since people who raise a theme by themselves and people who are
asked about it answer different questions. All else is open, which is no evidence of no difference; where nobody is on
either side, one of the two is silent. Everything is worked out from what may be published, so that a verdict tells no more
than the tables do.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from ncsresearch.analysis.contrasts import effect_of_interviews
from ncsresearch.analysis.exact_tests import PARTS, shares_apart
from ncsresearch.analysis.group_differences import DIFFERS
from ncsresearch.analysis.survey import NO_MIDDLE
from ncsresearch.disclosure.answers import survey
from ncsresearch.disclosure.counts import counts
from ncsresearch.disclosure.differences import compare
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.interval import SMALLEST_BASE, paired_interval
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
ADJUSTED = ["p_adjusted", "family_size"]
SHOWN = ["difference", "low", "high", "shows"]
COLUMNS = [*OF_PAIR, "strand", *OF_STRAND, *SHOWN, *ADJUSTED, "verdict"]


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


class Strand(NamedTuple):
    """What interviews or a survey have on a pair: both sides, the interval of their difference, and whether it is clear.

    p, family   its p among as many comparisons; none where each pair is judged by itself
    """

    here: Side
    there: Side
    low: float
    high: float
    clear: bool
    p: float = float("nan")
    family: float = float("nan")


def joint(study: Study, *, by: str = "area_type") -> pd.DataFrame:
    """Interviews beside a survey, on each theme and question that study.toml declares to be about the same thing.

    by   area_type: rural beside urban areas; or heard_from: a theme described as a challenge beside as a strength, by the
         groups that a pair names

    Returns two rows per pair, interviews and survey, with code_id, theme, stance, item_id, label, document_id, answers and
    heard_from as declared, and
        strand               interviews or survey
        n_here, of_here      people in rural areas who raised the theme as declared, or who gave an answer of the same meaning;
                             or who described it as a challenge, or gave an answer that means one; and of how many. An
                             answer that is not positive means a challenge where it is not neutral either
        n_there, of_there    the same of urban areas; or of a strength
        told_here, told_there   the word in place of a number that is withheld
        difference, low, high   of the two shares, here less there, from -1 to 1, with its interval at the study's level; of
                             interviews by area_type as `compare` gives it
        p_adjusted, family_size   by area_type: of that difference, and among how many it is adjusted (Benjamini and Hochberg): all
                             themes described so, or all questions of the survey whose answers are counted so
        shows                here or there (more on that side), open (no clear difference), none (nobody on either side), few
                             (fewer than twenty people on a side) or withheld
        verdict              agrees, differs, open, or silent where a strand has nobody on either side

    None for a selection; by heard_from none for a theme raised in any way, and by area_type none for one with themes below
    it, which `compare` leaves out. For the part of one area: the rows by area_type of the whole study. Raises ValueError for
    another grouping. Caution: the people and the questions of the two strands are different ones; agreement is no confirmation.
    """
    if by not in BY:
        raise ValueError(f"by must be one of {BY}, not {by!r}.")
    if study.whole and by == "area_type":
        return framed(study.whole.joint, f"joint display by {by}", study, by=by)
    told = not study.selection and not study.part_of and hears_people(study) and len(study.survey_answers)
    pairs = study.settings.joint if told else ()
    sides = _in_kinds_of_area if by == "area_type" else _in_ways_of_telling
    found = sides(study, pairs) if pairs else ()
    rows = [row for pair, each in found for row in _rows(study, pair, each)]
    return framed(pd.DataFrame(rows, columns=COLUMNS), f"joint display by {by}", study, by=by)


def verdict(interviews: str, answers: str) -> str:
    """Return what two strands are to each other, by what each shows."""
    shown = {interviews, answers}
    if "none" in shown:
        return "silent"
    if not shown <= {"here", "there"}:
        return "open"
    return "agrees" if len(shown) == 1 else "differs"


def _rows(study: Study, pair: Pair, strands: list[Strand]) -> Iterator[dict]:
    """Yield the rows of a pair, from what each strand has."""
    question = study.survey_items.set_index("item_id").loc[pair.item]
    theme, groups = code_names(study.codebook)[pair.theme], "; ".join(pair.heard_from)
    asked = (pair.item, *question[["label", "document_id"]], pair.answers)
    of_pair = (pair.theme, theme, pair.stance, *asked, groups)
    found = [_shown(each) for each in strands]
    together = verdict(*(shown[-1] for shown in found))
    for strand, (here, there, *_, p, family), shown in zip(STRANDS, strands, found, strict=True):
        people = (here.n, here.base, there.n, there.base, here.word, there.word)
        yield dict(zip(COLUMNS, (*of_pair, strand, *people, *shown, p, family, together), strict=True))


def _shown(strand: Strand) -> tuple[float, float, float, str]:
    """Return the difference of a strand with its interval, where these may be given, and what it shows."""
    here, there, low, high, clear = strand[:5]
    missing = (float("nan"),) * 3
    if min(here.base, there.base) < SMALLEST_BASE:
        return *missing, "few"
    difference = here.n / here.base - there.n / there.base
    if clear:
        return difference, low, high, "here" if low > 0 else "there"
    if pd.isna(difference):
        return *missing, "withheld"
    return difference, low, high, "open" if here.n or there.n else "none"


def leaning(here: Side, there: Side, *, level: float, effect: float = 1.0) -> tuple[float, float]:
    """Return the interval of the difference of two shares of the same people, over all that their numbers may be.

    effect   how many people heard together tell as much as one heard alone
    """
    ends = (here.least, there.most), (here.most, there.least)
    low, high = (
        paired_interval(one / effect, other / effect, here.base / effect, level=level) for one, other in ends
    )
    return low[0], high[1]


def _in_kinds_of_area(study: Study, pairs: tuple[Pair, ...]) -> Iterator[tuple[Pair, list[Strand]]]:
    """Yield each pair with people in rural and in urban areas, of interviews and survey."""
    raised = {way: _compared(study, way) for way in {pair.stance for pair in pairs}}
    answers, level = _on_a_scale(survey(study, by="area_type")), study.settings.interval_level
    answered = {which: _answers_apart(answers, which, level) for which in {pair.answers for pair in pairs}}
    for pair in pairs:
        people, given = raised[pair.stance], answered[pair.answers]
        if pair.theme in people.index and pair.item in given:
            yield pair, [_in_areas(people.loc[pair.theme]), given[pair.item]]


def _answers_apart(answers: pd.DataFrame, which: str, level: float) -> dict[str, Strand]:
    """Return answers in rural and urban areas to each question that has both, compared among all questions of its survey."""
    found = {}
    for _, own in answers.astype({"group": "str"}).groupby("document_id", sort=False):
        asked = {item: rows.set_index("group") for item, rows in own.groupby("item_id", sort=False)}
        sides = {
            item: [_answers(rows.loc[kind], which) for kind in COMPARED]
            for item, rows in asked.items()
            if {*COMPARED} <= {*rows.index}
        }
        numbers = [[part for side in both for part in (side.n, side.base)] for both in sides.values()]
        apart = shares_apart(pd.DataFrame(numbers, [*sides], PARTS), level=level)
        found |= {item: _surely(*sides[item], row, level) for item, row in apart.iterrows()}
    return found


def _surely(here: Side, there: Side, row: pd.Series, level: float) -> Strand:
    """Return two sides as they were compared among others."""
    low, high, p = row[["low", "high", "p_adjusted"]]
    clear = p <= 1 - level and (low > 0 or high < 0)
    return Strand(here, there, low, high, clear, p, row["family_size"])


def _compared(study: Study, stance: str) -> pd.DataFrame:
    """Return rural and urban areas compared, a row a theme, with the words of numbers that are withheld, by kind of area."""
    told = counts(study, by="area_type", stance=stance)
    words = told.astype({"group": "str"}).pivot(index="code_id", columns="group", values="words")
    return compare(told).set_index("code_id").join(words)


def _in_areas(row: pd.Series) -> Strand:
    """Return people heard in rural and in urban areas as they were compared; what is withheld there is so here."""
    sides = []
    for kind, who in zip(COMPARED, ("", "_others"), strict=True):
        n, base = row["n_raised" + who], float(row["n_participants" + who])
        ends = (0, base) if pd.isna(n) else (n, n)
        sides.append(Side(base, *map(float, ends), row[kind]))
    return Strand(*sides, row["low"], row["high"], row["verdict"] == DIFFERS, *row[ADJUSTED])


def _in_ways_of_telling(study: Study, pairs: tuple[Pair, ...]) -> Iterator[tuple[Pair, list[Strand]]]:
    """Yield each pair with those of its groups who describe a challenge and who describe a strength, and the same of answers."""
    asked = {(by, way): {"by": by, "stance": way} for by in ("", "heard_from") for way in STANCES}
    told = {key: counts(study, **each) for key, each in asked.items()}
    answers, names = _on_a_scale(survey(study)), names_of(study.settings.participant_groups)
    level = study.settings.interval_level
    for pair in (pair for pair in pairs if pair.stance):
        groups = [names.get(each, each) for each in pair.heard_from] or ["everybody"]
        by = "heard_from" if pair.heard_from else ""
        people = [_rows_of(told[by, way], "code_id", pair.theme).reindex(groups) for way in STANCES]
        given = _rows_of(answers, "item_id", pair.item)
        if len(given) and not any(rows["base"].isna().any() for rows in people):
            other = "other" if pair.answers == "positive" else "positive"
            asked = [_answers(given.iloc[0], which) for which in (pair.answers, other)]
            asked = asked if pair.stance == "challenge" else asked[::-1]
            sides = [tuple(map(_people, people)), asked]
            together = effect_of_interviews(study), 1.0
            yield pair, [_leaning(*each, level, effect) for each, effect in zip(sides, together, strict=True)]


def _leaning(here: Side, there: Side, level: float, effect: float) -> Strand:
    low, high = leaning(here, there, level=level, effect=effect)
    return Strand(here, there, low, high, low > 0 or high < 0)


def _on_a_scale(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the answers to questions of which it is known which answers are positive and which are none."""
    numbers = dict.fromkeys(("base", "n_positive", "n_neutral"), "float64")
    return answers[answers["reason"].eq("")].astype(numbers)


def _rows_of(rows: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    return rows[rows[column].eq(value)].astype({"group": "str"}).set_index("group")


def _people(rows: pd.DataFrame) -> Side:
    """Return the people of one or several groups; of several there is no word."""
    word = rows["words"].iloc[0] if len(rows) == 1 else ""
    return Side(*(float(rows[name].sum()) for name in ("base", "least", "most")), word)


def _answers(row: pd.Series, which: str) -> Side:
    """Return the people who gave a positive answer, or one on the scale that is neither positive nor neutral."""
    neutral = 0 if row["neutral"] == NO_MIDDLE else row["n_neutral"]
    n = row["n_positive"] if which == "positive" else row["base"] - row["n_positive"] - neutral
    return Side(row["base"], n, n)
