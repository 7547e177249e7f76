"""A Word document as every report of this project has it: A4, British English, its styles, and no time in it."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

LANGUAGE = "en-GB"
FONT = "Arial"
INK, QUIET = RGBColor(0x12, 0x43, 0x6D), RGBColor(0x4C, 0x55, 0x5F)
A4, MARGIN, NARROW = (21.0, 29.7), 2.0, 1.4
WIDTH, LENGTH = (side - 2 * MARGIN for side in A4)
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
UNDATED = 946684800  # the first second of 2000, where SOURCE_DATE_EPOCH names no other
AFTER_LINE = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
PARAGRAPHS = {  # a style of our own: size, space before and after, indent in cm
    "Finding": (10.5, 8, 2, 0.3),
    "Evidence": (8.5, 0, 2, 0.9),
    "Table Heading": (9, 2, 2, 0),
    "Table Text": (9, 2, 2, 0),
    "Table Number": (9, 2, 2, 0),
    "Base": (8.5, 3, 12, 0),
    "Figure": (10.5, 0, 2, 0),
    "toc 1": (10.5, 2, 0, 0),
}
HEADINGS = {"Title": (24, 0), "Subtitle": (13, 6), "Heading 1": (20, 30), "Heading 2": (14, 18)}
SHORT = {"Title": (20, 0), "Heading 1": (13, 9), "Heading 2": (12, 8), "Heading 3": (11, 6)}
SHORT |= {"Normal": (10, 0), "Finding": (10, 3), "Evidence": (8, 0), "Caption": (10, 6)}
HEADINGS |= {"Heading 3": (12, 14), "Caption": (10, 12), "TOC Heading": (14, 24)}


def new_document(title: str, *, short: bool = False):
    """Return an empty document with its title, language, styles and page; a short one has small headings and margins."""
    document = Document()
    _name(document.core_properties, title)
    _speak_english(document)
    _set_styles(document.styles)
    if short:
        _shorten(document.styles)
    section = document.sections[0]
    section.page_width, section.page_height = map(Cm, A4)
    margin = Cm(NARROW if short else MARGIN)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = margin
    return document


def _name(properties, title: str) -> None:
    made = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", UNDATED)), UTC)
    properties.title, properties.language = sound(title), LANGUAGE
    properties.author = properties.comments = ""
    properties.created = properties.modified = made.replace(tzinfo=None)


def _speak_english(document) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), LANGUAGE)


def _shorten(styles) -> None:
    for name, (size, before) in SHORT.items():
        styles[name].font.size, styles[name].paragraph_format.space_before = Pt(size), Pt(before)
        styles[name].paragraph_format.space_after = Pt(3)


def _set_styles(styles) -> None:
    for fonts in styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
    styles["Normal"].font.size = Pt(10.5)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    for name, (size, before) in HEADINGS.items():
        _set_heading(styles[name], size, before)
    for name, measures in PARAGRAPHS.items():
        _add_style(styles, name, *measures)
    add_line(styles["Finding"].element, "left", 24)
    styles["Finding"].paragraph_format.keep_together = True
    styles["Figure"].paragraph_format.keep_with_next = True
    styles["Table Heading"].font.bold = True
    styles["Table Number"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    styles["Quote"].paragraph_format.left_indent = Cm(0.9)
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = INK, True


def _set_heading(style, size: float, before: float) -> None:
    style.font.size, style.font.bold, style.font.italic = Pt(size), style.name != "Subtitle", False
    style.font.color.rgb = INK
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(6)
    style.paragraph_format.keep_with_next = True
    for line in style.element.xpath("w:pPr/w:pBdr"):
        line.getparent().remove(line)


def _add_style(styles, name: str, size: float, before: float, after: float, indent: float) -> None:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.quick_style = styles["Normal"], True
    style.font.size = Pt(size)
    style.font.color.rgb = QUIET if name in ("Evidence", "Base") else None
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.left_indent = Cm(indent)


def add_line(styled, side: str, eighths: int) -> None:
    """Add a line at a side of a paragraph, or of all in a style, so many eighths of a point thick."""
    line = f'<w:{side} w:val="single" w:sz="{eighths}" w:space="6" w:color="{INK}"/>'
    border = parse_xml(f"<w:pBdr {nsdecls('w')}>{line}</w:pBdr>")
    styled.get_or_add_pPr().insert_element_before(border, *AFTER_LINE)


def sound(text: str) -> str:
    """Return a text without what no XML file can hold, such as control characters."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def add_paragraph(document, style: str, text: str = ""):
    """Add a paragraph in a style and return it; a style is known by its id, which is its name without spaces."""
    paragraph = document.add_paragraph()
    paragraph._p.style = style.replace(" ", "")
    if text:
        paragraph.add_run(sound(text))
    return paragraph


def lay_sideways(document) -> None:
    """Turn the first page, and so a document of one section, on its side."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = map(Cm, reversed(A4))


def number_pages(document, words: str) -> None:
    """Put some words and the page's number at the foot of every page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles["Base"]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(sound(f"{words} · page "))
    add_field(paragraph, "PAGE", "1")


def add_field(paragraph, instruction: str, shown: str) -> None:
    """Add what Word works out, such as a running number, with what is shown until it does."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    paragraph._p.append(field)
    run = paragraph.add_run(shown)
    field.append(run._r)


def add_around(paragraphs, instruction: str) -> None:
    """Make some paragraphs what Word works out, such as a list of contents, with what is shown until it does."""
    begin, separate, end = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end"))
    start = begin, f"<w:instrText>{escape(instruction)}</w:instrText>", separate
    for at, mark in enumerate(start, start=1):  # after the paragraph's properties
        paragraphs[0]._p.insert(at, _element("r", within=mark))
    paragraphs[-1]._p.append(_element("r", within=end))


def _element(kind: str, *, within: str = "", **attributes):
    told = "".join(f' w:{attribute}="{value}"' for attribute, value in attributes.items())
    return parse_xml(f"<w:{kind} {nsdecls('w')}{told}>{within}</w:{kind}>")


def mark_place(paragraph, name: str, number: int) -> None:
    """Give a paragraph a name that links lead to, and that finds it again."""
    properties = paragraph._p.find(qn("w:pPr"))
    at = 0 if properties is None else 1
    paragraph._p.insert(at, _element("bookmarkStart", id=number, name=name))
    paragraph._p.append(_element("bookmarkEnd", id=number))


def add_properties(document, told: Mapping[str, str]) -> None:
    """Add what the file says of itself, by name: Word shows it among the properties."""
    properties = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" name="{escape(name)}">'
        f"<vt:lpwstr>{escape(sound(value))}</vt:lpwstr></property>"
        for pid, (name, value) in enumerate(told.items(), start=2)
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006"
    spaces = f'xmlns="{office}/custom-properties" xmlns:vt="{office}/docPropsVTypes"'
    package = document.part.package
    content = f"<Properties {spaces}>{properties}</Properties>".encode()
    kind = CONTENT_TYPE.OFC_CUSTOM_PROPERTIES
    part = Part(PackURI("/docProps/custom.xml"), kind, content, package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def document_bytes(document) -> bytes:
    """Return the file of a document; the same document gives the same bytes at any time."""
    saved, undated = BytesIO(), BytesIO()
    document.save(saved)
    with ZipFile(saved) as parts, ZipFile(undated, "w") as file:
        for name in parts.namelist():
            file.writestr(ZipInfo(name), parts.read(name), ZIP_DEFLATED)
    return undated.getvalue()
