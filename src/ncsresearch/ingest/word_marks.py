"""What a Word report says of itself, so that comments and changed words find back: its study, and what each marked place is.

A place is a bookmark, and a property of the document of the same name says what it is. Both survive Word and LibreOffice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

STUDY = "ncsresearch study"  # the property with the study's title
CHAPTER, WORDS, HEADING, BELOW, FRONT, TABLE = "chapter", "words", "heading", "below", "front", "table"


@dataclass(frozen=True)
class Mark:
    """What a marked place is.

    chapter, area_id   the notebook it is of, and the area of an area report
    part               chapter (its title), table, or of a finding: words, heading, below (its evidence) or front (on the first page)
    finding            name of the finding, where it is of one
    digest             of its words as they were written
    """

    chapter: str
    area_id: str = ""
    part: str = CHAPTER
    finding: str = ""
    digest: str = ""

    def told(self, number: int) -> str:
        """Return the mark as the property of a document keeps it, with its place in the order of the report."""
        return "|".join((f"{number:05d}", self.part, self.chapter, self.area_id, self.finding, self.digest))


def marks_from(told: Mapping[str, str]) -> dict[str, Mark]:
    """Return the marks that properties keep, by the name of the place, in the order of the report."""
    parts = {name: told[name].split("|") for name in sorted(told, key=told.get)}
    return {
        name: Mark(chapter, area_id, part, finding, digest)
        for name, (_, part, chapter, area_id, finding, digest) in parts.items()
    }


def digest_of(words: str) -> str:
    """Return a short digest of words, the same however their white space is written."""
    return sha256(" ".join(words.split()).encode()).hexdigest()[:12]
