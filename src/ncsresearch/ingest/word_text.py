"""The words of a Word document as its reader sees it: changes accepted, whatever wraps a word opened, boxes after their paragraph."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ncsresearch.ingest.archive import check_office_file
from ncsresearch.ingest.word_lists import Lists, W
from ncsresearch.schema import StudyError

PARAGRAPH, TABLE, ROW, CELL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
BOX = f"{W}txbxContent"
UNSEEN = {
    f"{W}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "tblPr", "instrText", "delText", "rt")
} | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
LINEAR = {
    f"{M}{name}" for name in ("oMath", "r", "t", "rPr", "sty", "nor", "scr", "lit", "ctrlPr")
}  # of an equation that is read from left to right
LETTERS = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}br": "\n"}
AROUND = ("/header", "/footer")
HIDDEN, PAGE_LINE = "hidden part of a line", "line of a header or footer"
EQUATION = "equation of more than a line"
NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment"}


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or a row of a table: its words, with its line breaks, the number or bullet before it, and its first words in bold.

    bold   empty where all is bold, or nothing at the beginning
    """

    words: str
    mark: str = ""
    bold: str = ""


def word_paragraphs(path: Path) -> list[Paragraph]:
    """Return the paragraphs of a Word document, and the rows of its tables; raises StudyError for what is none."""
    check_office_file(path.read_bytes(), path.name, "a Word document")
    try:
        document = _opened(path, path.stat().st_mtime_ns)
        return list(_joined(_paragraphs(document.element.body, Lists(document))))
    except Exception:  # python-docx raises whatever a damaged part of a document trips it into
        raise StudyError(f"{path.name}: is not a Word document, though its name says so.") from None


@lru_cache(maxsize=1)
def _opened(path: Path, changed: int):
    """Return a Word document; its words and its notes are read from one opening of it."""
    import docx

    return docx.Document(str(path))


def notes_not_read(path: Path) -> dict[str, int]:
    """Return how many footnotes, endnotes, comments, hidden words and lines of headers and footers a Word document has, which are not read."""
    document = _opened(path, path.stat().st_mtime_ns)
    body = document.element.body
    found = {kind: sum(1 for _ in body.iter(f"{W}{tag}")) for tag, kind in NOTES.items()}
    around = [rel.target_part.element for rel in document.part.rels.values() if rel.reltype.endswith(AROUND)]
    lines = ("".join(_letters(line)) for element in around for line in element.iter(PARAGRAPH))
    hidden = (run for run in body.iter(f"{W}r") if _is_hidden(run) and "".join(_letters(run)).strip())
    found |= {HIDDEN: sum(1 for _ in hidden), PAGE_LINE: sum(any(map(str.isalpha, line)) for line in lines)}
    found[EQUATION] = sum(not _is_linear(each) for each in body.iter(f"{M}oMath"))
    return {kind: n for kind, n in found.items() if n}


def _paragraphs(element, lists: Lists) -> Iterator[tuple[Paragraph, bool]]:
    """Yield the paragraphs in an element, each with whether its end was deleted, so that the next goes on with it."""
    for child in element:
        if child.tag == PARAGRAPH:
            mark_deleted = child.find(f"{W}pPr/{W}rPr/{W}del") is not None
            yield Paragraph("".join(_letters(child)), lists.mark(child), _bold(child)), mark_deleted
            for box in _inside(child, BOX):
                yield from _paragraphs(box, lists)
        elif child.tag == TABLE:
            yield from ((row, False) for row in _rows(child, lists))
        elif child.tag not in UNSEEN:
            yield from _paragraphs(child, lists)


def _joined(paragraphs: Iterator[tuple[Paragraph, bool]]) -> Iterator[Paragraph]:
    before = None
    for paragraph, goes_on in paragraphs:
        if before is not None:
            paragraph = Paragraph(before.words + paragraph.words, before.mark, before.bold)
        before = paragraph if goes_on else None
        if not goes_on:
            yield paragraph
    if before is not None:
        yield before


def _letters(element) -> Iterator[str]:
    for child in element:
        if child.tag in (f"{W}t", f"{M}t"):
            yield child.text or ""
        elif child.tag in LETTERS and child.get(f"{W}type") in (None, "textWrapping"):
            yield LETTERS[child.tag]
        elif child.tag not in UNSEEN and child.tag != BOX and not _is_hidden(child):
            yield from _letters(child) if child.tag != f"{M}oMath" or _is_linear(child) else ["[equation]"]


def _is_linear(equation) -> bool:
    """Whether an equation is its letters one after another, without a fraction, a power or a root."""
    return all(part.tag in LINEAR for part in equation.iter() if part.tag.startswith(M))


def _is_hidden(element) -> bool:
    """Whether a reader of a document does not see a run, or sees a form's own words in place of an answer."""
    if element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
        return True
    hidden = element.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val") not in ("0", "false", "off")


def _bold(paragraph) -> str:
    """Return the words in bold that a paragraph begins with, where others follow; empty where none do."""
    words = ""
    for run in paragraph.iterchildren(f"{W}r"):
        letters = "".join(_letters(run))
        bold = run.find(f"{W}rPr/{W}b")
        if letters.strip() and (bold is None or bold.get(f"{W}val") in ("0", "false")):
            return words.strip()
        words += letters
    return ""


def _rows(table, lists: Lists) -> Iterator[Paragraph]:
    for row in _inside(table, ROW):
        if row.find(f"{W}trPr/{W}del") is None:
            cells = [
                [part.words for part in _joined(_paragraphs(cell, lists))] for cell in _inside(row, CELL)
            ]
            yield Paragraph("\t".join("\n".join(cell) for cell in cells))


def _inside(element, tag: str) -> Iterator:
    """Yield the rows of a table, the cells of a row or the boxes of a paragraph, wrapped or not, and not what is inside them."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in UNSEEN:
            yield from _inside(child, tag)
