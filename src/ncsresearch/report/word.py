"""A study's chapters, or the report on one area, as a Word document: what the pages say, to print and pass on."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from docx.shared import Cm, Pt
from lxml import html

from ncsresearch.ingest import word_marks
from ncsresearch.ingest.word_marks import Mark, digest_of
from ncsresearch.present.wording import page_words
from ncsresearch.report.content import (
    NO_STATUS,
    SUMMARY,
    Chapter,
    Piece,
    figure_caption,
    main_findings,
    pieces,
)
from ncsresearch.report.word_brief import brief, without_folded
from ncsresearch.report.word_document import (
    WIDTH,
    add_around,
    add_field,
    add_line,
    add_paragraph,
    add_properties,
    document_bytes,
    mark_place,
    new_document,
    number_pages,
    sound,
)
from ncsresearch.report.word_pages import keep_together
from ncsresearch.report.word_table import table_xml
from ncsresearch.report.word_words import add_html, add_link, add_markdown
from ncsresearch.study import Settings

TALLEST = 18.5  # cm, so that a figure and its caption stand on one page
SCALE = 0.7  # of a figure as drawn, whose letters of 12 points are then as large as those below a table
DOTS = 1200
DRAWN = re.compile(r'viewBox="\S+ \S+ ([\d.]+)')
MOST = 9  # paragraphs of a piece that are marked
TITLE = "title"  # the bookmark on the title of an area report
PARTS = {"finding": word_marks.WORDS, "table": word_marks.TABLE, "figure": word_marks.TABLE}


def word_report(settings: Settings, chapters: Sequence[Chapter]) -> bytes:
    """Return the file of a Word report: some chapters in their order, or the report on one area.

    A chapter without a notebook is said not to have been made.
    """
    of_area = bool(chapters[0].area_id)
    title = chapters[0].title if of_area else settings.title
    document = new_document(title, short=of_area)
    number_pages(document, f"{title} · {settings.status_line}")
    shown = list(_placed(_sourced_once(_told(settings, chapters))))
    marks = {TITLE: Mark(chapters[0].name, chapters[0].area_id)} if of_area else {}
    _add_front(document, settings, title, _evidence(settings, chapters[0]))
    if not of_area:
        findings = main_findings(chapters)
        marks |= _add_main_findings(document, findings)
        chapters_shown = [piece for piece in shown if piece.kind == "heading" and piece.level == 1]
        _add_contents(document, chapters_shown, alone=not findings)
        shown[0].data["opens_page"] = not findings
    names = {chapter.name for chapter in chapters}
    places = {piece.cell: piece.data["place"] for piece in shown if piece.cell in names}
    for piece in shown:
        ADDED[piece.kind](document, piece, places)
    marks |= {piece.data["place"]: piece.data["mark"] for piece in shown if piece.data.get("mark")}
    told = {name: mark.told(number) for number, (name, mark) in enumerate(marks.items())}
    add_properties(document, {word_marks.STUDY: settings.title} | told)
    keep_together(document)
    return document_bytes(document)


def _told(settings: Settings, chapters: Sequence[Chapter]) -> Iterator[Piece]:
    """Return all that the report says, with the level that each heading has in it."""
    for chapter in chapters:
        if not chapter.area_id:
            mark = Mark(chapter.name)
            yield Piece("heading", chapter.name, chapter.title, level=1, data={"mark": mark})
        for piece in _of_chapter(chapter):
            yield replace(piece, data={**piece.data, "mark": _known_by(chapter, piece)})
    yield Piece("heading", "", "About this report", level=1, data={"mark": Mark("")})
    for text in filter(None, (settings.licence, f"{NO_STATUS} {page_words('shown', 'more_tables')}")):
        yield Piece("words", "", text)


def _known_by(chapter: Chapter, piece: Piece) -> Mark | None:
    """Return what the place of a finding, its heading, a table or a figure is known by; None for any other."""
    finding = piece.data.get("name", "") if piece.kind in ("finding", "heading") else ""
    part = word_marks.HEADING if finding and piece.kind == "heading" else PARTS.get(piece.kind)
    words = digest_of(sound(_own_words(piece))) if finding else ""
    return Mark(chapter.name, chapter.area_id, part, finding, words) if part else None


def _own_words(piece: Piece) -> str:
    """Return the words of a finding without the caution that is added to them."""
    return piece.text.removesuffix(piece.data.get("caution", "")).strip()


def _of_chapter(chapter: Chapter) -> Iterator[Piece]:
    """Return what a chapter says below its title; the title of an area report is that of the document."""
    if not chapter.notebook:
        yield Piece("words", "", page_words("shown", "not_made"))
        return
    for piece in (brief if chapter.area_id else without_folded)(pieces(chapter.notebook)):
        if piece.kind == "quotations":
            yield from _of_quotations(piece)
        elif piece.data.get("listed"):
            yield Piece("words", piece.cell, piece.text, data={"html": piece.data["html"]})
        elif piece.kind == "words" and "<table" in piece.data.get("html", ""):
            yield _of_html_table(piece)
        elif piece.kind != "heading":
            yield piece
        elif piece.level > 1:
            yield replace(piece, level=piece.level - bool(chapter.area_id))


def _of_quotations(piece: Piece) -> Iterator[Piece]:
    """Return each quotation on its own, under the heading it stands under."""
    yield Piece("heading", piece.cell, piece.text, level=3)
    yield Piece("words", piece.cell, piece.data["rule"])
    under = ""
    for quotation in piece.data["quotations"]:
        if quotation["under"] != under:
            under = quotation["under"]
            yield Piece("heading", piece.cell, under, level=4)
        yield Piece("quotation", piece.cell, quotation["words"], data=quotation)


def _of_html_table(piece: Piece) -> Piece:
    """Return a list that a page shows as a table as a table of the report."""
    table = html.fromstring(piece.data["html"])
    headings, *rows = [[cell.text_content() for cell in row.iter("th", "td")] for row in table.iter("tr")]
    cells = dict(zip(headings, zip(*rows, strict=True), strict=True))
    shown = {"headings": headings, "cells": cells, "numbers": [False] * len(headings), "below": ""}
    return Piece("table", piece.cell, table.findtext(".//caption"), data=shown)


def _sourced_once(told: Iterable[Piece]) -> Iterator[Piece]:
    """Return the pieces, of findings that follow each other and have one source the last with it."""
    for piece, other in pairwise([*told, None]):
        both = other and piece.kind == other.kind == "finding"
        again = both and piece.data.get("source") == other.data.get("source")
        yield replace(piece, data={**piece.data, "source": ""}) if again else piece


def _placed(told: Iterable[Piece]) -> Iterator[Piece]:
    """Return the pieces with their running numbers; no heading stands more than one level below the last."""
    count, level = Counter(), 0
    for piece in told:
        count[piece.kind] += 1
        number = count[piece.kind]
        if piece.kind == "heading":
            level = min(piece.level, level + 1)
            piece = replace(piece, level=level)
        place = {"place": f"{piece.kind}_{number}", "bookmark": MOST * sum(count.values())}
        yield replace(piece, data={**piece.data, "number": number, **place})


def _evidence(settings: Settings, first: Chapter) -> str:
    """Return of when the evidence is: what the report on an area says of its own, or the date of the study."""
    dated = f"Evidence: {settings.evidence_date}." if settings.evidence_date else ""
    told = pieces(first.notebook) if first.area_id and first.notebook else ()
    status = next((piece.text for piece in told if piece.data.get("name") == "status"), "")
    said = status.removeprefix(f"{settings.status_line}.").strip() or dated
    return f"From the study {settings.title}. {said}".strip() if first.area_id else said


def _add_front(document, settings: Settings, title: str, evidence: str) -> None:
    titled = add_paragraph(document, "Title", title)
    mark_place(titled, TITLE, 0)
    add_paragraph(document, "Subtitle", f"{settings.status_line}.")
    if evidence:
        add_paragraph(document, "Normal", evidence)


def _add_main_findings(document, findings: Sequence[tuple[str, str, str]]) -> dict[str, Mark]:
    """Add the study's summary on its first page: each finding, and the first that is said of it. Returns what each place is."""
    marks = {}
    if findings:
        add_paragraph(document, "TOC Heading", page_words("workbook", "findings"))
    for number, (heading, said, name) in enumerate(findings, start=1):
        paragraph = add_paragraph(document, "List Bullet")
        paragraph.add_run(sound(f"{heading}{'' if heading.endswith(('.', '?')) else '.'}")).bold = True
        paragraph.add_run(sound(f" {said}"))
        mark_place(paragraph, f"main_{number}", MOST * number - 1)
        shown = digest_of(paragraph.text)
        marks[f"main_{number}"] = Mark(SUMMARY, "", word_marks.FRONT, name, shown)
    return marks


def _add_contents(document, headings: Sequence[Piece], *, alone: bool) -> None:
    """Add the list of chapters, each a link: as Word would make it, and there before Word has made it.

    It opens a page on which the first chapter follows, or ends the first page where it is alone there.
    """
    add_paragraph(document, "TOC Heading", "Contents").paragraph_format.page_break_before = not alone
    lines = [_contents_line(document, heading) for heading in headings]
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True
    lines[-1].paragraph_format.space_after = Pt(18)
    add_around(lines, 'TOC \\o "1-1" \\n \\h \\z')


def _contents_line(document, heading: Piece):
    paragraph = add_paragraph(document, "toc 1")
    link = add_link(paragraph, heading.data["place"])
    link.append(paragraph.add_run(sound(heading.text))._r)
    return paragraph


def _add_heading(document, piece: Piece, places: Mapping[str, str]) -> None:
    paragraph = add_paragraph(document, f"Heading {piece.level}")
    if piece.cell in places and places[piece.cell] == piece.data["place"]:
        paragraph.paragraph_format.page_break_before = piece.data.get("opens_page", False)
        add_line(paragraph._p, "top", 8)
    paragraph.add_run(sound(piece.text))
    _mark(piece, paragraph)


def _mark(piece: Piece, paragraph, *below) -> None:
    """Mark what a piece has added to the document; a paragraph each, since no bookmark of several outlives LibreOffice."""
    for number, each in enumerate((paragraph, *below)):
        name = piece.data["place"] + (f"_{word_marks.BELOW}{number}" if number else "")
        mark_place(each, name, piece.data["bookmark"] + number)


def _add_prose(document, piece: Piece, places: Mapping[str, str]) -> None:
    add_markdown(document, piece.text, places)


def _add_words(document, piece: Piece, places: Mapping[str, str]) -> None:
    if shown := piece.data.get("html"):
        add_html(document, shown, places)
    elif piece.text:
        add_paragraph(document, "Normal", piece.text)


def _add_finding(document, piece: Piece, places: Mapping[str, str]) -> None:
    evidence = [line.rstrip(".") for line in piece.data.get("behind", ())]
    lines = [f"Evidence: {' · '.join(evidence)}."] if evidence else []
    if source := piece.data.get("source"):
        lines.append(f"Source: {source}.")
    style = "Normal" if piece.data.get("written") else "Finding"
    said = add_paragraph(document, style, _own_words(piece))
    caution = [add_paragraph(document, "Base", each) for each in [piece.data.get("caution")] if each]
    below = [*caution, *(add_paragraph(document, "Evidence", line) for line in lines)]
    for kept in [said, *caution] if lines else [said] * bool(caution):
        kept.paragraph_format.keep_with_next = True
    _mark(piece, said, *below)


def _add_table(document, piece: Piece, places: Mapping[str, str]) -> None:
    cells, headings = piece.data["cells"], piece.data["headings"]
    rows = list(zip(*(cells[heading] for heading in headings), strict=True))
    if not rows:
        add_paragraph(document, "Normal", page_words("shown", "no_rows", caption=piece.text))
        return
    caption = _add_caption(document, "Table", piece, piece.text)
    table = table_xml(headings, rows, piece.data["numbers"], caption=piece.text, width=WIDTH)
    document.element.body.insert_element_before(table, "w:sectPr")
    _mark(piece, caption, add_paragraph(document, "Base", piece.data["below"]))


def _add_caption(document, kind: str, piece: Piece, words: str):
    paragraph = add_paragraph(document, "Caption")
    paragraph.add_run(f"{kind} ")
    add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(piece.data["number"]))
    paragraph.add_run(sound(f": {words}"))
    return paragraph


def _add_figure(document, piece: Piece, places: Mapping[str, str]) -> None:
    caption = _add_caption(document, "Figure", piece, figure_caption(piece))
    last = add_paragraph(document, "Figure")
    picture = last.add_run().add_picture(BytesIO(_png(piece.data["svg"])))
    wide = min(Cm(WIDTH), Pt(SCALE * float(DRAWN.search(piece.data["svg"])[1])))
    scale = min(wide / picture.width, Cm(piece.data.get("tallest", TALLEST)) / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    described = picture._inline.docPr
    described.set("name", f"Figure {piece.data['number']}")
    described.set("descr", sound(piece.text))
    last = add_paragraph(document, "Base", below) if (below := piece.data.get("below")) else last
    _mark(piece, caption, last)


@cache
def _fonts() -> list[str]:
    import matplotlib

    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    return [str(folder / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]


@lru_cache(maxsize=64)
def _png(svg: str) -> bytes:
    """Return a figure as a picture; the same figure gives the same bytes on every machine."""
    from resvg_py import svg_to_bytes

    family = {"font_family": "DejaVu Sans", "sans_serif_family": "DejaVu Sans"}
    fonts = {"skip_system_fonts": True, "font_files": _fonts()} | family
    return bytes(svg_to_bytes(svg_string=svg, width=DOTS, background="white", **fonts))


def _add_quotation(document, piece: Piece, places: Mapping[str, str]) -> None:
    add_paragraph(document, "Quote", f"“{piece.text}” — {piece.data['said_by']}")


ADDED = {
    "heading": _add_heading,
    "prose": _add_prose,
    "words": _add_words,
    "finding": _add_finding,
    "table": _add_table,
    "figure": _add_figure,
    "quotation": _add_quotation,
}
