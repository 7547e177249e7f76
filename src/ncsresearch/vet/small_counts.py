"""Counts of people above 0 and below the threshold, and those that a count "of" a base gives back at once."""

import re
from collections.abc import Iterator
from functools import cache

from ncsresearch.vet.known import Known
from ncsresearch.vet.people_words import (
    NEXT,
    NOT_PEOPLE,
    NUMBERED,
    PEOPLE,
    ROWS,
    SPELLED,
    base_of_people,
    counted,
    counts_people_under,
    figure_of_people,
    names_people,
    whole,
    words,
)
from ncsresearch.vet.place import Leak, Number, Reading, Table

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NUMBER = re.compile(
    r"(?<![\w.,£$%/:#&-])\d{1,3}(?:,\d{3})+(?!\w)"
    rf"|(?<![\w.,£$%/:#&-])\d+(?![\w%/]|[.,:]\d|-\d|\s+(?:{MONTHS})\b)"
)
SPELT = re.compile(
    rf"(?i)\b({'|'.join(SPELLED)})\b(?! or two| dozen| hundred| thousand)(?<!or two)(?<!one(?! of))"
)
OF = re.compile(r"\s+(?:out )?of\s+(?:(?:the|all|these)\s+)*(\d[\d,]*)(?![\d%]|\.\d)")
IN = re.compile(r"\s+in\s+(?:every\s+)?(\d[\d,]*)(?=\s+(?!interview)[a-z])")
TWO = re.compile(r"(?i)\b(?:a couple of|a pair of|both(?: of the)?)(?=\s+(?!\w+ and\b))")
PART = re.compile(
    r"(?i)\b(half|(?:a|one|two|three) (?:third|quarter|fifth)s?) of (?:(?:the|all|these) )*(\d[\d,]*)(?!\w|[.,%]\d)"
)
PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5}
SPELT_OF = re.compile(
    rf"(?i)\b({'|'.join(SPELLED)})( (?:in|out of|of) (?:(?:the|all|these) )*)({'|'.join(SPELLED)}|\d+)\b"
)
BASES = {"of", "base", "all", "heard", "people heard"}  # what heads a column of bases
SMALL = "a count of people under {}; suppress it"
LEFT = "a count under {} that its base gives back; leave out the count or the base"


def small_counts(reading: Reading, known: Known) -> Iterator[Leak]:
    """Yield every small count of people that stands in a text, a cell or a number, or is left of an "of".

    What somebody says in a quotation that can be held against the texts is no count of the study.
    """
    threshold = known.threshold
    said = {True: LEFT.format(threshold), False: SMALL.format(threshold)}
    numbered = sorted((name for name in known.areas if re.search(r"\d", name)), key=len, reverse=True)
    for place in reading.places():
        spoken, text = place.quoted if known.texts is not None else "", place.text
        for words_of_others in filter(text.__contains__, [spoken, *numbered]):
            text = text.replace(words_of_others, "")
        for fragment, recovered in counts_told(text, threshold, place.kind):
            yield Leak(place.file, place.where, said[recovered], fragment)
    for number in reading.numbers:
        if _small(whole(number.value), threshold) and _counts_people(number):
            yield Leak(number.file, number.where, said[False], number.value)
    for table in reading.tables:
        for at, recovered in _in_table(table, threshold):
            yield Leak(table.file, table.row_where(at), said[recovered])


def _small(number: int | None, threshold: int) -> bool:
    return number is not None and 0 < number < threshold


def _in_table(table: Table, threshold: int) -> Iterator[tuple[int, bool]]:
    """Yield each row with a small count of people, or with one close to a base that its heading or another cell is."""
    if not base_of_people(table.base, table.caption):
        return
    for at, row in enumerate(table.rows):
        if any(set(words(cell)[-1:]) & ROWS and len(words(cell)) < 3 for cell in row[1:]):
            continue
        cells = list(zip(table.headings, row, strict=False))
        told = [(heading, leading_count(cell)) for heading, cell in cells if counts_people_under(heading)]
        if any(_small(count, threshold) for _, count in told):
            yield at, False
        bases = [whole(cell) for heading, cell in cells if _is_base(heading)]
        pairs = [(base_in(heading), count) for heading, count in told]
        pairs += [(base, count) for heading, count in told if not _is_base(heading) for base in bases]
        if any(_small(base - count, threshold) for base, count in pairs if None not in (base, count)):
            yield at, True


def _is_base(heading: str) -> bool:
    return heading.strip().lower() in BASES


@cache
def leading_count(cell: str) -> int | None:
    """The count that a cell is or begins with, such as 12 (40%) or 12/30, or None."""
    found = re.match(r"\s*(\d[\d,]*)\s*(?:\([\d.]+\s?%\)|/\s*\d+|of \d+)?\s*$", cell)
    return whole(found[1]) if found else whole(cell)


@cache
def base_in(heading: str) -> int | None:
    """The base that a heading tells, such as Clients (of 20), or None."""
    found = re.search(r"\bof (\d[\d,]*)\)", heading)
    return whole(found[1]) if found else None


def _counts_people(number: Number) -> bool:
    if not counts_people_under(number.name) or number.name == "version":
        return False
    places = re.finditer(rf"(?<![\w.]){number.value}(?![\w%])", number.said)
    one = whole(number.value) == 1
    others = {counted(number.said[found.end() :], one=one) == "other" for found in places}
    return others != {True} and (names_people(number.said) or not set(words(number.said)) & NOT_PEOPLE)


@cache
def counts_told(text: str, threshold: int, kind: str = "text") -> list[tuple[str, bool]]:
    """Return the words of each small count that a text tells, and whether it only follows from a base."""
    if kind == "label" and _small(whole(text), threshold):
        return [(text.strip(), False)]
    return list(_counts_told(text, threshold, kind)) if re.search(r"\w", text) else []


def _counts_told(text: str, threshold: int, kind: str) -> Iterator[tuple[str, bool]]:
    people = kind == "note" or (names_people(text) and (kind != "figure" or figure_of_people(text)))
    text = SPELT_OF.sub(_in_digits, text)
    yield from _in_words(text, threshold)
    for found in NUMBER.finditer(text):
        if not _numbered(text[: found.start()]):
            yield from _told(text, found, threshold, people, kind)
    for found in SPELT.finditer(text):
        number, after = SPELLED[found[1].lower()], text[found.end() :]
        if number < threshold and counted(after) == "people":
            yield found[0] + after[:12], False


def _in_digits(found: re.Match) -> str:
    """A spelt number "of" or "in" a number of people, in digits."""
    if counted(found.string[found.end() :]) != "people":
        return found[0]
    first, base = (SPELLED.get(found[at].lower(), found[at]) for at in (1, 3))
    return f"{first}{found[2]}{base}"


def _in_words(text: str, threshold: int) -> Iterator[tuple[str, bool]]:
    """Yield two people told as a couple or both, and a small part of a number of people."""
    for found in TWO.finditer(text):
        if counted(text[found.end() :]) == "people":
            yield found[0], False
    for found in PART.finditer(text):
        share, times = words(found[1])[-1].removesuffix("s"), {"two": 2, "three": 3}
        number = times.get(words(found[1])[0], 1) * PARTS[share] * whole(found[2])
        if 0 < round(number) < threshold and counted(text[found.end() :]) != "other":
            yield found[0], False


def _numbered(before: str) -> bool:
    last = words(before[-40:])[-1:]
    return bool(last) and last[0] in NUMBERED and bool(re.search(r"[A-Za-z]\.?\s+$", before))


def _told(text: str, found: re.Match, threshold: int, people: bool, kind: str) -> Iterator[tuple[str, bool]]:
    number, after = whole(found[0]), text[found.end() :]
    base = OF.match(after)
    if (share := IN.match(after)) and counted(after[share.end() :]) == "people":
        base = share
    told = found[0] + (base[0] if base else "")
    of_what = counted(after[base.end() :] if base else after, one=number == 1)
    if base and of_what != "other":
        if _small(number, threshold):
            yield told, False
        elif number and _small(whole(base[1]) - number, threshold):
            yield told, True
    elif _small(number, threshold):
        may_be = people and of_what != "other"
        if of_what == "people" or (may_be and (kind in ("figure", "note") or _stands_alone(text, found))):
            yield f"{told}{NEXT.match(after)[0][:12]}", False


def _stands_alone(text: str, found: re.Match) -> bool:
    """Whether a number stands before "in" or "from", in brackets, after "by", or between a word for people and a stop."""
    before, after = text[: found.start()], text[found.end() :]
    if re.match(r"\s+(?:in|from)\s+[A-Za-z]", after):
        return True
    if not re.match(r"\s*(?:[;,.)]|and \d|$)", after):
        return False
    by = re.search(r"\((?:\d+ and )?$|\bby\s+$", before)
    return bool(by) or not (PEOPLE | {"raised"}).isdisjoint(words(before)[-1:])
