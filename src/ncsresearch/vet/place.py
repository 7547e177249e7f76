"""What is read of a file, each piece with the place it stands in, and the leaks found there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

UNREAD = "cannot be read, so it cannot be vouched for; take it out or mend it"


def below(*names: str) -> str:
    """The words that lead to a place within others, of which some may have no name."""
    return ", ".join(filter(None, names))


@dataclass(frozen=True)
class Place:
    """A text and where it stands.

    where   words that lead a person to it, below the file
    kind    text, code, figure (words that stand for a figure), quote (set apart as a quotation), label (a
            whole text that is one number counts people), note (so does any number in it) or unread (a picture)
    quoted  of a quote, the words without their attribution; of a picture, the hash of its bytes
    """

    where: str
    text: str
    kind: str = "text"
    quoted: str = ""
    file: str = ""


@dataclass(frozen=True)
class Number:
    """A number under a name, such as one of a finding, with the sentence that tells it."""

    where: str
    name: str
    value: str
    said: str = ""
    file: str = ""


@dataclass(frozen=True)
class Table:
    """A table of texts under headings; rows are numbered from first_row, as a reader of the file counts them."""

    where: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    base: str = ""
    first_row: int = 1
    file: str = ""

    @cached_property
    def places(self) -> list[Place]:
        """The caption, headings and cells as texts."""
        rows = [(self.row_where(index), row) for index, row in enumerate(self.rows)]
        every = [(below(self.where, "headings"), (self.caption, *self.headings)), *rows]
        return [Place(where, text, file=self.file) for where, texts in every for text in texts]

    def row_where(self, index: int) -> str:
        """The place of a row."""
        return below(self.where, f"row {index + self.first_row}")


Piece = Place | Table | Number


def headed(lines: list[list[str]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Divide the lines of a table into headings and rows; a first line with numbers heads nothing."""
    first = lines[0] if lines else []
    bare = any(re.fullmatch(r"\d{1,3}(,\d{3})*", cell.strip()) for cell in first[1:])
    head, rows = ([], lines) if bare else (first, lines[1:])
    width = max(map(len, lines), default=0)
    return tuple([*head, *[""] * (width - len(head))]), tuple(map(tuple, rows))


@dataclass
class Reading:
    """All that was read: of one file, or of all files of a run one after the other."""

    texts: list[Place] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)

    def __iter__(self) -> Iterator[Piece]:
        return chain(self.texts, self.tables, self.numbers)

    def add(self, pieces: Iterable[Piece], file: str = "") -> None:
        """Put pieces, such as those of another reading, behind this one's, as those of a file where one is named."""
        kinds = {Place: self.texts, Table: self.tables, Number: self.numbers}
        for piece in pieces:
            kinds[type(piece)].append(replace(piece, file=file) if file else piece)

    def places(self) -> Iterator[Place]:
        """Every text, those in the cells of tables included."""
        yield from self.texts
        for table in self.tables:
            yield from table.places
        for number in self.numbers:
            yield Place(number.where, number.name, file=number.file)


@dataclass(frozen=True)
class Leak:
    """Something that must not leave: where, what it is, what to do, and the leaking words, which are never told."""

    file: str
    where: str
    what: str
    fragment: str = ""
