"""Which numbers count people: the words for people, and the words for what is counted or numbered otherwise.

Interviews are taken as people: one interview with a group of few is as telling as a count of them. The number
of an interview (in the singular) is not.
"""

import re
from functools import cache
from itertools import pairwise


def listed(words: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(words.split())


PEOPLE = listed(
    "people person persons client clients partner partners participant participants professional professionals "
    "paraprofessional paraprofessionals worker workers manager managers leader leaders respondent respondents "
    "other others staff women men woman man parent parents interviewee interviewees individual individuals "
    "user users adult adults child children victim victims officer officers resident residents speaker speakers "
    "supervisor supervisors practitioner practitioners colleague colleagues interviews"
)
NOT_PEOPLE = listed(
    "% percent percentage share shares p alpha kappa agree agreement difference differences interview number year years point "
    "points passage passages turn turns document documents question questions area areas item items time times page "
    "pages level levels version versions code codes theme themes group groups chapter chapters word words judgement "
    "judgements transcript transcripts coder coders comment comments suggestion suggestions month months week weeks "
    "day days hour hours minute minutes kind kinds class classes type types category categories notebook notebooks "
    "seconds interval estimate rank order orders measure measures statement statements source sources step steps "
    "comparison comparisons unit units cell cells place places decimal decimals sd mean median ordinal nbformat minor table tables figure figures"
)
MEASURES = listed(
    "% percent percentage share shares p alpha kappa agree agreement difference interview number year years points "
    "item cells level version code seconds interval estimate rank sd mean median ordinal nbformat minor page decimals later run ratio "
    "after threshold adjusted"
)
UNITS = listed(
    "passage passages turn turns document documents comment comments judgement judgements transcripts unit units"
)
ROWS = UNITS | {"item", "items", "question", "questions", "theme", "themes", "source", "sources"}
NUMBERED = listed(
    "chapter interview coder page level version table figure step question item p alpha kappa week year day code type "
    "class number no statement section paragraph row column appendix part phase stage"
)
GROUPS = {"group", "groups", "survey", "surveys", "view", "views", "record", "records", "service", "services"}
TOTALS = {"total", "all", "everybody", "everyone", "sum", "together", "overall", "people", "heard"}
BASES = {"of", "base", "asked", "participants", "heard", "respondents"}
SPELLED = dict(
    zip(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), range(1, 10), strict=True)
)
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

    A column under the name of one area or group counts people; one of areas or groups does not.
    """
    found = set(words(heading))
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
