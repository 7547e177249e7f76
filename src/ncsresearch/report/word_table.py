"""A table in Word as its reader sees it: repeated headings, whole rows, columns as wide as their words need."""

import re
from collections.abc import Callable, Collection, Sequence
from html import escape
from math import ceil

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ncsresearch.report.word_document import sound

POINTS = 9
EM = POINTS * 2.54 / 72  # cm, the size of a table's letters
CROWDED, SMALL = 0.85, 8 / POINTS  # a table whose words alone take so much of the page has smaller letters
LETTER, CAPITAL = 0.56, 0.71  # widths of letters, of their size
OTHERS = {"ijl'’|": 0.23, "ft.,:;/!I[] \N{NO-BREAK SPACE}": 0.28, "r()-": 0.34}
OTHERS |= {"cksvxyz": 0.5, "mwMW@%—": 0.85}
WIDTHS = {letter: width for letters, width in OTHERS.items() for letter in letters}
BOLD = 1.08
BETWEEN = 0.19  # cm, from a cell's edge to its words
PADDING = 2 * BETWEEN + 0.05
HIGH, APART = 0.37, 0.16  # cm, height of a line and of what is between two rows
WORDS = re.compile(r"[^ \n]+")  # what a line is not broken within
TWIPS = 567
WHOLE = 5.5  # cm, a table no higher is not divided between pages: with its heading about a third of one
HEADED = 2.6  # lines that a heading takes at most, of which the last ones are seldom full
UNEVEN = 3  # how much more a high cell counts than a low one when columns share what room there is
LINE = "w:val='single' w:sz='4' w:space='0' w:color='C6CCD4'"
HEAD = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
ROW = "<w:trPr><w:cantSplit/></w:trPr>"


def table_xml(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[bool],
    *,
    caption: str,
    width: float,
):
    """Return a table as an element of a document's body.

    numbers   which columns hold numbers, and so stand to the right
    width     of the page, in cm
    """
    least, whole = sum(_least(headings, rows)), sum(_whole(headings, rows))
    scale = SMALL if least > CROWDED * width and whole > width else 1
    widths = [scale * column for column in column_widths(headings, rows, width / scale)]
    head = _row(HEAD, headings, ["TableHeading"] * len(headings), widths, numbers, keep=True, scale=scale)
    styles = ["TableNumber" if number else "TableText" for number in numbers]
    together = _together(rows, widths)
    body = (
        _row(ROW, row, styles, widths, numbers, keep=at in together, scale=scale)
        for at, row in enumerate(rows)
    )
    titled = f'w:val="{escape(sound(caption))}"'
    grid = "".join(f'<w:gridCol w:w="{_twips(column)}"/>' for column in widths)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblW w:w='{_twips(sum(widths))}' w:type='dxa'/>"
        f"<w:tblBorders><w:top {LINE}/><w:bottom {LINE}/><w:insideH {LINE}/></w:tblBorders>"
        f"<w:tblLayout w:type='fixed'/><w:tblCellMar><w:left w:w='{_twips(scale * BETWEEN)}' w:type='dxa'/>"
        f"<w:right w:w='{_twips(scale * BETWEEN)}' w:type='dxa'/></w:tblCellMar>"
        "<w:tblLook w:val='00A0' w:firstRow='1' w:lastRow='0' w:firstColumn='1' w:lastColumn='0' "
        f"w:noHBand='1' w:noVBand='1'/><w:tblCaption {titled}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(body)}</w:tbl>"
    )


def _together(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Collection[int]:
    """Return the rows kept on a page with what follows: all of a low table, the first and last of another."""
    last = len(rows) - 1
    return range(len(rows)) if sum(_height(row, widths) for row in rows) <= WHOLE else {0, 1, last - 1, last}


def _height(row: Sequence[str], widths: Sequence[float]) -> float:
    return HIGH * max(map(_lines, row, widths)) + APART


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(_length(line) / (width - PADDING))) for line in text.split("\n"))


def _twips(cm: float) -> int:
    return round(cm * TWIPS)


def _row(properties, texts, styles, widths, numbers, *, keep: bool, scale: float) -> str:
    cells = zip(texts, styles, widths, numbers, strict=True)
    return f"<w:tr>{properties}{''.join(_cell(*cell, keep=keep, scale=scale) for cell in cells)}</w:tr>"


def _cell(text: str, style: str, width: float, number: bool, *, keep: bool, scale: float) -> str:
    kept = "<w:keepNext/>" if keep else ""
    right = "<w:jc w:val='right'/>" if number else ""
    small = f"<w:rPr><w:sz w:val='{round(2 * POINTS * scale)}'/></w:rPr>" if scale < 1 else ""
    lines = [f"<w:t xml:space='preserve'>{escape(line)}</w:t>" for line in sound(text).split("\n")]
    return (
        f"<w:tc><w:tcPr><w:tcW w:w='{_twips(width)}' w:type='dxa'/></w:tcPr>"
        f"<w:p><w:pPr><w:pStyle w:val='{style}'/>{kept}{right}</w:pPr><w:r>{small}{'<w:br/>'.join(lines)}</w:r></w:p></w:tc>"
    )


def column_widths(headings: Sequence[str], rows: Sequence[Sequence[str]], width: float) -> list[float]:
    """Return the width of each column in cm: room for its longest word, and the rest where there is most to say."""
    least, whole = _least(headings, rows), _whole(headings, rows)
    if sum(whole) <= width:
        return whole
    if sum(least) > width:
        return [low * width / sum(least) for low in least]
    return _shared(least, whole, list(map(_told, zip(headings, *rows, strict=True))), width)


def _least(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Return the width of each column that divides no word of it and gives its heading few lines."""
    words = [_room(heading, column, WORDS.findall) for heading, *column in zip(headings, *rows, strict=True)]
    headed = [BOLD * _length(heading) / HEADED + PADDING for heading in headings]
    return list(map(max, words, headed))


def _whole(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Return the width of each column that divides no line of it."""
    return [_room(heading, column, str.splitlines) for heading, *column in zip(headings, *rows, strict=True)]


def _told(column: Sequence[str]) -> float:
    """Return how much a column tells, so that columns as wide as that make a table as low as may be."""
    return sum(_length(cell) ** UNEVEN for cell in column) ** (1 / (UNEVEN + 1))


def _shared(
    least: Sequence[float], whole: Sequence[float], told: Sequence[float], width: float
) -> list[float]:
    """Return widths in proportion to what columns tell, none below its least or above its whole, that fill a width."""
    few, many = 0.0, max(high / share for high, share in zip(whole, told, strict=True))
    for _ in range(60):
        share = (few + many) / 2
        widths = [min(max(low, share * own), high) for low, own, high in zip(least, told, whole, strict=True)]
        few, many = (share, many) if sum(widths) < width else (few, share)
    return widths


def _room(heading: str, column: Sequence[str], parts: Callable[[str], list[str]]) -> float:
    """Return the width that a column needs if no part of its words, such as a line, is divided."""
    bold = [BOLD * _length(part) for part in parts(heading)]
    return max(bold + [_length(part) for cell in column for part in parts(cell)], default=0.0) + PADDING


def _length(words: str) -> float:
    return EM * sum(WIDTHS.get(letter) or (CAPITAL if letter.isupper() else LETTER) for letter in words)
