"""Names by which a study knows people, interviews, documents and passages, where readers can see them."""

import re
from collections.abc import Iterator
from functools import cache

from ncsresearch.vet.known import Known
from ncsresearch.vet.place import Leak, Place, Reading

TOKEN = re.compile(r"\w+(?:[-.]\w+)*")
NUMBER = re.compile(r"\d{1,4}")
NAMED = re.compile(
    r"(?i)(?:participant|respondent|person|interviewee|pseudonym|id)s?[\W_]{0,3}(?:id\W{0,3}|no\W{0,3})?(\d+)(?!\w)"
)
RENDERED = (".html", ".htm", ".docx", ".xlsx", ".svg")
PERSON = "a participant's id; take it out"
OTHER = "the id of an interview, a document or a passage; take it out of what readers see"


def identifiers(reading: Reading, known: Known) -> Iterator[Leak]:
    """Yield every id of a person anywhere, and in pages and documents of a confidential study every other id.

    An id that is a short number is one only where a person has it and it is called an id.
    """
    others = {name for name in known.ids if not NUMBER.fullmatch(name)} if known.confidential else set()
    numbers = {name for name in known.people if NUMBER.fullmatch(name)}
    names = known.people - numbers
    spaced = [name for name in names if not TOKEN.fullmatch(name)]
    for place in reading.places():
        tokens = _tokens(place.text)
        for name in sorted({*(tokens & names), *(name for name in spaced if name in place.text)}):
            yield Leak(place.file, place.where, PERSON, name)
        if place.file.lower().endswith(RENDERED) and place.kind != "code":
            for name in sorted(tokens & others):
                yield Leak(place.file, place.where, OTHER, name)
    for place in (*reading.places(), *_under_names(reading)) if numbers else ():
        if found := numbers & {*NAMED.findall(place.text)}:
            yield Leak(place.file, place.where, PERSON, min(found))


def _under_names(reading: Reading) -> Iterator[Place]:
    """Each number with the name that it is under: the heading of its column, or its key."""
    for table in reading.tables:
        for index, row in enumerate(table.rows):
            for heading, cell in zip(table.headings, row, strict=False):
                yield Place(table.row_where(index), f"{heading} {cell}", file=table.file)
    for number in reading.numbers:
        yield Place(number.where, f"{number.name} {number.value}", file=number.file)


@cache
def _tokens(text: str) -> frozenset[str]:
    found = TOKEN.findall(text)
    return frozenset((*found, *(part for token in found for part in re.split("[-.]", token))))
