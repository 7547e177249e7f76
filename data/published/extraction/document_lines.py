"""The lines of a document's normal text: paragraphs, list items and rows of tables, each with its place."""

from dataclasses import dataclass
from itertools import accumulate

from ncsresearch.ingest.document import BULLET, Document


@dataclass(frozen=True)
class Line:
    """One paragraph, list item or table row: its words, and where they begin in the normal text."""

    text: str
    start: int

    @property
    def is_bullet(self) -> bool:
        """Whether the line is an item of a list."""
        return self.text.startswith(BULLET)

    @property
    def cells(self) -> list[str]:
        """The cells of a table row."""
        return [cell.strip() for cell in self.text.split("\t")]


def lines_of(document: Document) -> list[Line]:
    """Return the lines of a document's normal text."""
    texts = document.text.split("\n")
    starts = accumulate((len(text) + 1 for text in texts), initial=0)
    return [Line(text, start) for text, start in zip(texts, starts, strict=False)]
