"""A table in Word as its reader sees it: repeated headings, whole rows, columns as wide as their words need."""

from collections.abc import Sequence
from html import escape
from itertools import chain

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ncsresearch.report.word_document import sound

LETTER = 0.19  # cm, a letter of 9 points on average with room to spare
PADDING = 0.35
TWIPS = 567
WHOLE = 14  # a table of so few rows is not divided between pages
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
    widths = column_widths(headings, rows, width)
    head = _row(HEAD, headings, _styles("TableHeading", numbers), widths, numbers, keep=True)
    styles = ["TableNumber" if number else "TableText" for number in numbers]
    together = range(len(rows)) if len(rows) <= WHOLE else {0, 1, len(rows) - 2, len(rows) - 1}
    body = (_row(ROW, row, styles, widths, numbers, keep=at in together) for at, row in enumerate(rows))
    grid = "".join(f'<w:gridCol w:w="{_twips(column)}"/>' for column in widths)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblW w:w='{_twips(sum(widths))}' w:type='dxa'/>"
        f"<w:tblBorders><w:top {LINE}/><w:bottom {LINE}/><w:insideH {LINE}/></w:tblBorders>"
        "<w:tblLayout w:type='fixed'/><w:tblCellMar><w:left w:w='60' w:type='dxa'/><w:right w:w='60' w:type='dxa'/>"
        "</w:tblCellMar><w:tblLook w:val='00A0' w:firstRow='1' w:lastRow='0' w:firstColumn='1' w:lastColumn='0' "
        f"w:noHBand='1' w:noVBand='1'/><w:tblCaption w:val={_quoted(caption)}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(body)}</w:tbl>"
    )


def _styles(name: str, numbers: Sequence[bool]) -> list[str]:
    return [name] * len(numbers)


def _quoted(text: str) -> str:
    return f'"{escape(sound(text))}"'


def _twips(cm: float) -> int:
    return round(cm * TWIPS)


def _row(properties, texts, styles, widths, numbers, *, keep: bool) -> str:
    cells = zip(texts, styles, widths, numbers, strict=True)
    return f"<w:tr>{properties}{''.join(_cell(*cell, keep=keep) for cell in cells)}</w:tr>"


def _cell(text: str, style: str, width: float, number: bool, *, keep: bool) -> str:
    kept = "<w:keepNext/>" if keep else ""
    right = "<w:jc w:val='right'/>" if number else ""
    lines = "<w:br/>".join(
        f"<w:t xml:space='preserve'>{escape(line)}</w:t>" for line in sound(text).split("\n")
    )
    return (
        f"<w:tc><w:tcPr><w:tcW w:w='{_twips(width)}' w:type='dxa'/></w:tcPr>"
        f"<w:p><w:pPr><w:pStyle w:val='{style}'/>{kept}{right}</w:pPr><w:r>{lines}</w:r></w:p></w:tc>"
    )


def column_widths(headings: Sequence[str], rows: Sequence[Sequence[str]], width: float) -> list[float]:
    """Return the width of each column in cm: room for its longest word, and the rest where there is most to say."""
    columns = [list(map(str, column)) for column in zip(headings, *rows, strict=True)]
    least = [
        _room(
            max(
                map(
                    len,
                    chain.from_iterable(map(str.split, column)),
                ),
                default=1,
            )
        )
        for column in columns
    ]
    whole = [max(_room(max(map(len, column))), low) for column, low in zip(columns, least, strict=True)]
    if sum(whole) <= width:
        return whole
    spare = max(0.0, width - sum(least))
    wish = [(high - low) ** 0.7 for high, low in zip(whole, least, strict=True)]
    share = spare / (sum(wish) or 1)
    return [low + share * more for low, more in zip(least, wish, strict=True)]


def _room(letters: int) -> float:
    return letters * LETTER + PADDING
