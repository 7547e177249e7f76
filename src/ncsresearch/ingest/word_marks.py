"""What a Word report says of itself, so that comments and changed words find back: its study, and what each marked place is.

A place is a bookmark, and a property of the document of the same name says what it is. Both survive Word and LibreOffice.
"""

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

    def told(self) -> str:
        """Return the mark as the property of a document keeps it."""
        return "|".join((self.part, self.chapter, self.area_id, self.finding, self.digest))


def mark_from(told: str) -> Mark:
    """Return the mark that a property keeps."""
    part, chapter, area_id, finding, digest = told.split("|")
    return Mark(chapter, area_id, part, finding, digest)


def digest_of(words: str) -> str:
    """Return a short digest of words, the same however their white space is written."""
    return sha256(" ".join(words.split()).encode()).hexdigest()[:12]
