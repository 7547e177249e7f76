"""Words of a page as paragraphs of a Word document: bold, lists, links, quotations, small tables."""

import re
from collections.abc import Mapping

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import html

from ncsresearch.report.word_document import add_paragraph, sound

CHAPTER = re.compile(r"(\d\d_\w+)\.ipynb")
LISTS = {"ul": "List Bullet", "ol": "List Number"}
LOOKS = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic"}
BLOCKS = frozenset(["p", "ul", "ol", "blockquote", "div", "pre", "details", "summary"])
BLOCKS |= {f"h{level}" for level in range(1, 7)}
OVER_A_LIST = {"h3": "Caption", "summary": "Caption"}
WITHIN = {"List Bullet": "List Bullet 2", "List Bullet 2": "List Bullet 3"}


def add_markdown(document, text: str, places: Mapping[str, str]) -> None:
    """Add an author's Markdown; a link to a chapter leads to its place in the document, or is plain words."""
    from nbconvert.filters import markdown2html

    add_html(document, markdown2html(text), places)


def add_html(document, text: str, places: Mapping[str, str]) -> None:
    """Add the words of some HTML, a paragraph for each of its paragraphs and points."""
    if sound(text).strip():
        _add_blocks(document, html.fragment_fromstring(sound(text), create_parent="div"), places, "Normal")


def _add_blocks(document, parent, places: Mapping[str, str], style: str) -> None:
    """Add what stands in a block: words of its own in one paragraph, then each block within it."""
    paragraph = _words_of(document, parent.text, None, style)
    for child in parent:
        if child.tag in BLOCKS or child.tag == "li":
            _add_blocks(document, child, places, _style(child, style))
            paragraph = None
        elif isinstance(child.tag, str):
            paragraph = paragraph if paragraph is not None else add_paragraph(document, style)
            _add_inline(paragraph, child, places, {})
        paragraph = _words_of(document, child.tail, paragraph, style)


def _words_of(document, text: str | None, paragraph, style: str):
    if not (text or "").strip():
        if text and paragraph is not None:
            paragraph.add_run(" ")
        return paragraph
    paragraph = paragraph if paragraph is not None else add_paragraph(document, style)
    paragraph.add_run(re.sub(r"\s+", " ", text))
    return paragraph


def _style(block, style: str) -> str:
    if block.tag == "ul" and style in WITHIN:
        return WITHIN[style]
    return (LISTS | OVER_A_LIST).get(block.tag) or ("Quote" if block.tag == "blockquote" else style)


def _add_inline(paragraph, node, places: Mapping[str, str], looks: Mapping[str, bool]) -> None:
    looks = looks | ({LOOKS[node.tag]: True} if node.tag in LOOKS else {})
    if node.tag == "br":
        paragraph.add_run().add_break()
    link = _link(paragraph, node.get("href", ""), places) if node.tag == "a" else None
    _add_run(paragraph, node.text, looks, link)
    for child in node:
        if isinstance(child.tag, str):
            _add_inline(paragraph, child, places, looks)
        _add_run(paragraph, child.tail, looks, link)


def _add_run(paragraph, text: str | None, looks: Mapping[str, bool], link) -> None:
    if not text:
        return
    run = paragraph.add_run(re.sub(r"\s+", " ", text), "Hyperlink" if link is not None else None)
    for look in looks:
        setattr(run, look, True)
    if link is not None:
        link.append(run._r)


def _link(paragraph, address: str, places: Mapping[str, str]):
    """Return the element that makes a link of the runs put in it, or None where it leads nowhere in print."""
    chapter = CHAPTER.fullmatch(address)
    if chapter and chapter[1] in places:
        return add_link(paragraph, places[chapter[1]])
    if not address.startswith(("https://", "http://")):
        return None
    leads_to = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return _hyperlink(paragraph, "r:id", leads_to)


def add_link(paragraph, place: str):
    """Add a link to a place within the document and return it; what is put into it is what one follows."""
    return _hyperlink(paragraph, "w:anchor", place)


def _hyperlink(paragraph, attribute: str, leads_to: str):
    link = OxmlElement("w:hyperlink")
    link.set(qn(attribute), leads_to)
    paragraph._p.append(link)
    return link
