"""Words of people: quotations tied to an area, those that nobody said, and passages as long as a raw transcript."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from ncsresearch.vet.known import Known, plain
from ncsresearch.vet.place import Leak, Place, Reading, Table

LONG = 8
MARKED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|‘([^‘’]+(?:’\w[^‘’]*)*)’")
LEFT_OUT = re.compile(r"^[A-Z][a-z]+(?: [a-z]+){0,2}: |\[[^\]]*\]|…|\.\.\.")  # a label before the words too
TIED = "a quotation tied to an area; take out the area or the quotation"
OWN_PAGE = "a quotation on an area's own page; take it out"
RUN, BLOCK = 40, 20  # words: any forty of a text hold one of the blocks that it is cut into
RAW = "a passage of 40 words or more of a transcript; shorten it or take it out"
UNVERIFIED = "a quotation that is not in the study's texts; put its words right or take it out"


def quotations(reading: Reading, known: Known) -> Iterator[Leak]:
    """Yield quotations tied to an area of a confidential study, and those not in the texts of a known study."""
    first = {plain(row[0]) for table in reading.tables for row in table.rows if row and not marked(row[0])}
    labels = first | known.questions
    for place in reading.places():
        quoted = [words for words in quoted_in(place) if plain(words) not in labels]
        if known.confidential and quoted and place.kind == "quote" and re.search(r"(^|/)areas/", place.file):
            yield Leak(place.file, place.where, OWN_PAGE, quoted[0])
        elif known.confidential and quoted and names_area(place.text, known):
            yield Leak(place.file, place.where, TIED, quoted[0])
        strange = [words for words in quoted if known.texts is not None and not _said(words, known)]
        yield from (Leak(place.file, place.where, UNVERIFIED, words) for words in strange)
    for table in reading.tables if known.confidential else ():
        yield from _tied_in_rows(table, known, labels)


def quoted_in(place: Place) -> list[str]:
    """The quotations of a text: all that is set apart as one, and marked words of eight or more."""
    set_apart = [place.quoted or place.text] if place.kind == "quote" else marked(place.text)
    return [] if place.kind == "code" or place.where.endswith("traceback") else set_apart


@cache
def marked(text: str) -> list[str]:
    """The words in quotation marks, where they are eight or more."""
    found = ("".join(filter(None, match)) for match in MARKED.findall(text))
    return [words for words in found if len(words.split()) >= LONG]


def names_area(text: str, known: Known) -> bool:
    """Whether a text names an area of the study."""
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in known.areas)


def _tied_in_rows(table: Table, known: Known, labels: set[str]) -> Iterator[Leak]:
    for index, row in enumerate(table.rows):
        said = [words for cell in row for words in marked(cell) if plain(words) not in labels]
        elsewhere = " | ".join(cell for cell in row if not marked(cell))
        if said and names_area(f"{elsewhere} | {table.caption}", known):
            yield Leak(table.file, table.row_where(index), TIED, said[0])


def _said(words: str, known: Known) -> bool:
    """Whether every stretch of a quotation, cut where words are left out, stands in one of the texts."""
    stretches = [plain(part) for part in LEFT_OUT.split(words)]
    return all(any(f" {part} " in f" {text} " for text in known.texts) for part in stretches if part)


def raw_transcripts(reading: Reading, known: Known) -> Iterator[Leak]:
    """Yield every text of a confidential study that repeats 40 words or more of one of its texts."""
    blocks = defaultdict(list)
    said = [text for text in known.texts or () if text not in known.questions]
    for text in said if known.confidential else ():
        words = text.split()
        for start in range(0, len(words) - BLOCK + 1, BLOCK):
            blocks[tuple(words[start : start + BLOCK])].append(f" {text} ")
    for place in _in_one_go(reading) if blocks else ():
        words = plain(place.text).split() if len(place.text) >= 2 * RUN - 1 else []
        if copied := next(_copied(words, blocks), ""):
            yield Leak(place.file, place.where, RAW, copied)


def _in_one_go(reading: Reading) -> Iterator[Place]:
    """Every text by itself, and after it those of a file that follow one another, as one."""
    yield from reading.places()
    files = defaultdict(list)
    for place in reading.texts:
        files[place.file] += [place.text] if len(place.text.split()) < RUN else []
    for file, short in files.items():
        yield Place("one paragraph after the other", " ".join(short), file=file)


def _copied(words: list[str], blocks: dict[tuple[str, ...], list[str]]) -> Iterator[str]:
    """Yield each run of words that a text has, around one of its blocks."""
    for at in range(len(words) - BLOCK + 1):
        for text in blocks.get(tuple(words[at : at + BLOCK]), ()):
            starts = range(max(0, at + BLOCK - RUN), min(at, len(words) - RUN) + 1)
            runs = (" ".join(words[start : start + RUN]) for start in starts)
            yield from (run for run in runs if f" {run} " in text)
