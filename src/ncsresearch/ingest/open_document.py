"""The words of an OpenDocument text (.odt) as its reader sees it: changes accepted, notes and comments left out."""

from collections.abc import Iterator
from pathlib import Path

from ncsresearch.ingest.archive import Archive, refuse_declarations
from ncsresearch.ingest.word_text import HIDDEN, PAGE_LINE
from ncsresearch.schema import StudyError

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
ROW = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-row"
CELL = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
PARAGRAPHS = {f"{TEXT}p", f"{TEXT}h"}
UNSEEN = {f"{TEXT}tracked-changes", f"{TEXT}note", f"{OFFICE}annotation", f"{TEXT}sequence-decls"}
UNSEEN |= {f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph", f"{TEXT}ruby-text"}
EMPTY = b"<none/>"  # of a text without styles, which it may leave out
LETTERS = {f"{TEXT}s": " ", f"{TEXT}tab": "\t", f"{TEXT}line-break": " "}


def open_document_lines(path: Path) -> Iterator[str]:
    """Yield the paragraphs of an OpenDocument text, and the rows of its tables; raises StudyError for what is none."""
    yield from _lines(_content(path)[0])


def notes_not_read(path: Path) -> dict[str, int]:
    """Return how many notes, comments, hidden words and lines of headers and footers a text has, which are not read."""
    body, styles = _content(path)
    notes = [note.get(f"{TEXT}note-class", "footnote") for note in body.iter(f"{TEXT}note")]
    found = {kind: notes.count(kind) for kind in ("footnote", "endnote")}
    found["comment"] = sum(1 for _ in body.iter(f"{OFFICE}annotation"))
    found[HIDDEN] = sum(1 for _ in body.iter(f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"))
    around = styles.iter(*(f"{STYLE}{name}" for name in ("header", "footer")))
    found[PAGE_LINE] = sum(any(map(str.isalpha, line)) for element in around for line in _lines(element))
    return {kind: n for kind, n in found.items() if n}


def _content(path: Path) -> tuple:
    """Return the content of a text, in which words of a style that is not shown are marked as hidden, and its styles."""
    body, styles = _part(path, "content.xml"), _part(path, "styles.xml")
    shown = (each for part in (body, styles) for each in part.iter(f"{STYLE}text-properties"))
    hidden = {each.getparent().get(f"{STYLE}name") for each in shown if each.get(f"{TEXT}display") == "none"}
    for element in [each for each in body.iter() if each.get(f"{TEXT}style-name") in hidden]:
        element.tag = f"{TEXT}hidden-text"
    return body, styles


def _part(path: Path, name: str):
    """Return a part of an OpenDocument text."""
    from lxml import etree

    with Archive(path) as archive:
        content = archive.read(name) or (EMPTY if name == "styles.xml" else None)
    if content is None:
        raise StudyError(f"{path.name}: is not an OpenDocument text, though its name says so.")
    refuse_declarations(content, path.name)
    try:
        return etree.fromstring(content)
    except etree.XMLSyntaxError:
        raise StudyError(f"{path.name}: its text is broken XML; save it again.") from None


def _lines(element, bullet: str = "") -> Iterator[str]:
    for child in element:
        if child.tag in PARAGRAPHS:
            yield bullet + _words(child)
        elif child.tag == ROW:
            yield "\t".join(" ".join(_lines(cell)) for cell in child.iter(CELL))
        elif child.tag not in UNSEEN:
            yield from _lines(child, "• " if child.tag == f"{TEXT}list-item" else bullet)


def _words(element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag not in UNSEEN:
            parts.append(LETTERS.get(child.tag) or " " * (child.tag in PARAGRAPHS) + _words(child))
        parts.append(child.tail or "")
    return "".join(parts)
