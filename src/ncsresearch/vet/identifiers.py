"""Names by which a study knows people, interviews, documents and passages, where readers can see them."""

import re
from collections.abc import Iterator

from ncsresearch.vet.known import Known
from ncsresearch.vet.place import Leak, Reading

TOKEN = re.compile(r"\w+(?:[-.]\w+)*")
PERSON = "a participant's id; take it out"
OTHER = "the id of an interview, a document or a passage; take it out of what readers see"


def identifiers(reading: Reading, known: Known) -> Iterator[Leak]:
    """Yield every id of a person anywhere, and in pages and documents of a confidential study every other id."""
    others = known.ids if known.confidential else frozenset()
    spaced = [name for name in known.people if not TOKEN.fullmatch(name)]
    for place in reading.places():
        tokens = _tokens(place.text)
        named = [name for name in spaced if name in place.text]
        for name in sorted({*(tokens & known.people), *named}):
            yield Leak(place.file, place.where, PERSON, name)
        if place.rendered and place.kind != "code":
            for name in sorted(tokens & others):
                yield Leak(place.file, place.where, OTHER, name)


def _tokens(text: str) -> set[str]:
    found = TOKEN.findall(text)
    return {*found, *(part for token in found for part in re.split("[-.]", token))}
