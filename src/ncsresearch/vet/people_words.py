"""Which numbers count people: the words for people, and the words for what is counted or numbered otherwise.

Interviews are taken as people: one interview with a group of few is as telling as a count of them. The number
of an interview (in the singular) is not.
"""

import re
from functools import cache
from itertools import pairwise


def listed(words: str, pairs: str = "") -> frozenset[str]:
    """The words of a list that is written as one text, and those of pairs with and without an s."""
    return frozenset([*words.split(), *(f"{word}{end}" for word in pairs.split() for end in ("", "s"))])


PEOPLE = listed(
    "child children interviews man men people staff woman women",
    "adult client colleague individual interviewee leader manager officer other paraprofessional parent participant "
    "partner person practitioner professional resident respondent speaker supervisor user victim worker",
)
MEASURED = listed(
    "% agree agreement alpha cells code correlation decimals difference effect estimate interval interview item kappa level mean median "
    "minor nbformat number ordinal p page percent percentage points rank sd seconds version",
    "share year",
)
MEASURES = MEASURED | listed("adjusted after later ratio run threshold")
NOT_PEOPLE = MEASURED | listed(
    "categories category class classes",
    "area cell chapter code coder comment comparison day decimal difference document figure group hour item judgement "
    "kind level measure minute month notebook order page passage piece place point question source statement step suggestion "
    "table theme time transcript turn type unit version week word",
)
UNITS = listed("transcripts", "passage turn document comment judgement unit piece")
ROWS = UNITS | listed("", "item question theme source")
NUMBERED = listed(
    "chapter interview coder page level version table figure step question item p alpha kappa week year day code type "
    "class number no statement section paragraph row column appendix part phase stage"
)
GROUPS = listed("", "group survey view record service")
# what heads a column of names, which may be numbers, as of a scale
CALLED = {"answer", "option", "question", "rating"}
OTHER_PLACES = {("other", "area"), ("other", "areas")}
TOTALS = {"total", "all", "everybody", "everyone", "sum", "together", "overall", "people", "heard"}
BASES = {"of", "base", "asked", "participants", "heard", "respondents"}
NINE = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SPELLED = {word: n for n, word in enumerate(NINE, 1)}
WHERE = {"in", "from", "at", "who", "was", "were"}
NEXT = re.compile(r"[^.;:()·\n]*")
NEAR = 3
WORD = re.compile(r"[^\W\d_]+|%")


@cache
def words(text: str) -> tuple[str, ...]:
    """The words of a text or a column's name, in small letters."""
    return tuple(word.lower() for word in WORD.findall(text))


def names_people(text: str) -> bool:
    """Whether a text has a word for people that is not part of the name of a group or a survey."""
    found = words(text)
    return any(word in PEOPLE and following not in GROUPS for word, following in pairwise((*found, "")))


@cache
def counts_people_under(heading: str) -> bool:
    """Whether a column with this heading counts people: so it is taken unless the heading says something else.

    A column under the name of one area or group counts people; one of areas or groups does not, nor does one of answers.
    """
    found = set(words(heading))
    if found and found <= CALLED:
        return False
    others = {word for word in found & NOT_PEOPLE if word.endswith("s")} - {"groups", "class"}
    return not found & MEASURES and (names_people(heading) or not others)


def base_of_people(base: str, caption: str) -> bool:
    """Whether a table counts people: what its base, or without one its caption, names first decides."""
    found = words(base or caption)
    for word, following in pairwise((*found, "")):
        if word in UNITS or (word in PEOPLE and following not in GROUPS):
            return word in PEOPLE
    return True


def figure_of_people(told: str) -> bool:
    """Whether a figure draws people, by the first of the words that stand for it."""
    return base_of_people(re.split(r"[.:]", told)[0], "")


@cache
def whole(cell: str) -> int | None:
    """The whole number that a cell is, or None."""
    cell = cell.strip().replace(",", "")
    return int(float(cell)) if re.fullmatch(r"\d{1,9}(\.0+)?", cell) else None


def counted(after: str, *, one: bool = False) -> str:
    """What the words right after a number say it counts: people, other, or nothing; one is of a single thing."""
    near = words(NEXT.match(after)[0])[: NEAR + 1]
    for word, following in zip(near[:NEAR], (*near[1:], ""), strict=False):
        if (word, following) in OTHER_PLACES:
            return "other"
        if word in PEOPLE and following not in GROUPS:
            return "people"
        if word in WHERE:
            return ""
        if (word in NOT_PEOPLE and (one or word.endswith("s"))) or (word in PEOPLE and following in GROUPS):
            return "other"
    return ""
