"""A study's tables as one workbook that anybody can read, with or without sight, and any program can read too."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from textwrap import wrap

import pandas as pd
from gptables import Cover, GPTable, GPWorkbook, Theme, gptheme
from gptables.core.gptable import FormatList

from ncsresearch.present.outputs import MARKS
from ncsresearch.present.word_files import words
from ncsresearch.present.wording import page_words
from ncsresearch.report.content import NO_STATUS, Chapter
from ncsresearch.report.sheets import NOT_APPLICABLE, Sheet, sheets
from ncsresearch.study import Settings

LANGUAGE = "en-GB"
SHORTHAND = MARKS | {NOT_APPLICABLE: page_words("workbook", "not_applicable")}
NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")
ADDRESS = re.compile(r" \((https?://[^\s)]+)\)")
AS_WRITTEN = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
LONGEST = 32_767  # characters that Excel takes in a cell
FIRST, OTHER = (42, 56), (14, 46)  # least and most letters across a column
LEGIBLE = 0.75  # least size in print, so that letters of 12 points are no smaller than 9
PAGES = ((9, False, 88), (9, True, 134), (8, True, 196))  # A4, A4 and A3 sideways: letters across
LINE = 1.32  # height of a line, of the size of its letters
TITLE, WORDS = 16, 12  # sizes of letters


def workbook(settings: Settings, chapters: Sequence[Chapter]) -> bytes:
    """Return the bytes of a workbook of every table of some chapters: cover, contents, notes, a sheet a table."""
    tables = sheets(chapters)
    file = BytesIO()
    book = GPWorkbook(file, AS_WRITTEN)
    book.set_theme(_theme())
    book.set_properties(
        {"title": _title(settings), "subject": settings.status_line, "created": datetime(2000, 1, 1)}
    )
    _write_cover(book, _cover(settings))
    for label, table in _pages(settings, tables):
        _write(book, label, table)
    book.close()
    return _finished(file.getvalue())


def _title(settings: Settings) -> str:
    return f"{settings.title}: tables"


def _theme() -> Theme:
    theme = deepcopy(gptheme)
    theme.apply_config({"global": {"text_wrap": True, "valign": "top"}, "subtitle": {"font_size": 12}})
    return theme


def _cover(settings: Settings) -> Cover:
    intro = [
        f"{settings.status_line}.",
        *([page_words("workbook", "date", date=settings.evidence_date)] if settings.evidence_date else []),
        page_words("workbook", "holds"),
    ]
    licence = map(_linked, re.split(r"(?<=\.) (?=[A-Z])", settings.licence))
    about = [line for line in (*licence, NO_STATUS, page_words("workbook", "computed")) if line]
    return Cover(_title(settings), intro=intro, about=about, contact=[page_words("workbook", "contact")])


def _write_cover(book: GPWorkbook, cover: Cover) -> None:
    sheet = book.add_worksheet(cover.cover_label)
    sheet.write_cover(cover)
    parts = [[cover.title, ""], cover.intro, [""], cover.about, [""], cover.contact]
    for row, line in enumerate(line for part in parts for line in part):
        sheet.set_row(row, _height(line, cover.width, WORDS if row else TITLE))
    _set_page(sheet, cover.width)


def _linked(sentence: str) -> str | dict[str, str]:
    """Return a sentence with an address in brackets as a link that reads as the sentence."""
    found = ADDRESS.search(sentence)
    return {ADDRESS.sub("", sentence): found[1]} if found else sentence


def _pages(settings: Settings, tables: Sequence[Sheet]) -> Iterator[tuple[str, GPTable]]:
    contents = pd.DataFrame(
        {
            "Sheet": [{table.label: f"internal:'{table.label}'!A1"} for table in tables],
            "What it shows": [_plain(table.title) for table in tables],
            "Chapter": [_plain(table.chapter) for table in tables],
        }
    )
    notes = pd.DataFrame(
        (SHORTHAND | words("pages")["workbook"]["subjects"]).items(),
        columns=["Mark or subject", "What it means"],
    )
    about = {"instructions": page_words("workbook", "one_table"), "subtitles": [f"{settings.status_line}."]}
    if tables:
        yield "Contents", GPTable(contents, "contents", page_words("workbook", "contents"), **about)
    yield "Notes", GPTable(notes, "notes", page_words("workbook", "notes"), **about)
    for table in tables:
        yield table.label, _table(table, settings)


def _table(table: Sheet, settings: Settings) -> GPTable:
    said = " ".join(table.cells.to_numpy().ravel())
    marks = [f"{mark}: {meaning}." for mark, meaning in SHORTHAND.items() if mark in said]
    return GPTable(
        _values(table),
        "table_" + re.sub(r"\W+", "_", table.label.lower()),
        _plain(table.title),
        subtitles=[
            f"{settings.status_line}.",
            _plain(table.chapter),
            "[Back to the contents](internal:'Contents'!A1)",
        ],
        instructions=page_words("workbook", "one_table") + page_words("workbook", "marks") * bool(marks),
        legend=[*marks, *([_plain(table.note)] if table.note else [])],
        source=f"Source: {_plain(table.source)}." if table.source else None,
        scope=f"Base: {_plain(table.base)}." if table.base else None,
        additional_formatting=list(_formats(table)),
    )


def _values(table: Sheet) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _plain(heading): [_number(cell) if heading in table.numbers else _words(cell) for cell in column]
            for heading, column in table.cells.items()
        },
        dtype=object,
    )


def _number(cell: str) -> float | int | str:
    """Return the number that a cell shows, a percentage as a part of 1; a mark stays a mark."""
    if not NUMBER.fullmatch(cell):
        return _words(cell)
    number = float(cell.rstrip("%").replace(",", ""))
    if cell.endswith("%"):
        return number / 100
    return int(number) if number.is_integer() else number


def _words(cell: str) -> str | FormatList:
    """Return words as they are; gptables takes those without a Latin letter or digit for a symbol, unless formatted."""
    plain = _plain(cell)
    return plain if re.search("[a-zA-Z0-9]", plain) else FormatList([{}, plain])


def _plain(words: str) -> str:
    """Return words in which gptables finds no link and no reference to a note, cut to what a cell holds."""
    return words.replace("](", "] (").replace("$$", "$ $")[:LONGEST]


def _formats(table: Sheet) -> Iterator[dict]:
    """Return the look of each column, then of each number with more or fewer decimals than most of its column."""
    for place, (heading, column) in enumerate(table.cells.items()):
        looks = [_look(heading, cell) if heading in table.numbers else "" for cell in column]
        most = max(filter(None, looks), key=looks.count, default="General")
        look = {"indent": 1} if place else {}
        if heading in table.numbers:
            look |= {"num_format": most, "align": "right"}
        yield {"column": {"columns": [place], "format": look, "include_names": True}}
        for row, own in enumerate(looks, start=1):
            if own not in ("", most):
                yield {"cell": {"cells": (row, place), "format": {"num_format": own}}}


def _look(heading: str, cell: str) -> str:
    """Return the format in which a cell shows the number as the chapter does, or nothing for words."""
    if not (number := NUMBER.fullmatch(cell)):
        return ""
    if heading.endswith(", points"):
        return "+#,##0;-#,##0;0"
    decimals = "." + "0" * (len(number[1]) - 1) if number[1] else ""
    return f"0{decimals}%" if cell.endswith("%") else f"#,##0{decimals}"


def _write(book: GPWorkbook, label: str, table: GPTable) -> None:
    sheet = book.add_worksheet(label, gridlines="hide_printed")
    sheet.write_gptable(table, False)
    widths = [_width(place, *column) for place, column in enumerate(table.table.items())]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    heights = list(_heights(table, widths))
    for row, height in enumerate(heights):
        sheet.set_row(row, height)
    sheet.repeat_rows(len(heights) - len(table.table) - 1)
    _set_page(sheet, sum(widths))


def _set_page(sheet, width: float) -> None:
    """Choose the smallest page on which a table is legible; one too wide for all goes on over pages side by side."""
    legible = [page for page in PAGES if LEGIBLE * width <= page[-1]]
    paper, sideways, _ = (legible or PAGES[-1:])[0]
    sheet.set_paper(paper)
    if sideways:
        sheet.set_landscape()
    if legible:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.set_print_scale(round(100 * LEGIBLE))
        sheet.repeat_columns(0)


def _width(place: int, heading: str, column: pd.Series) -> float:
    least, most = OTHER if place else FIRST
    longest = max(*(len(_seen(cell)) for cell in column), *map(len, heading.split()))
    return min(most, max(least, 1.2 * longest + 2))


def _heights(table: GPTable, widths: Sequence[float]) -> Iterator[float]:
    """Heights of the rows of a sheet, told so that every program shows the whole of wrapped words."""
    yield _height(table.title, widths[0], TITLE)
    for line in [*table.subtitles, table.instructions, *table.legend, table.source, table.scope]:
        if line:
            yield _height(line, widths[0])
    for row in [table.table.columns, *table.table.itertuples(index=False)]:
        yield max(_height(cell, width) for cell, width in zip(row, widths, strict=True))


def _height(cell, width: float, size: int = WORDS) -> float:
    lines = wrap(_seen(cell), max(1, int(width * WORDS / size))) or [""]
    return LINE * size * len(lines)


def _seen(cell) -> str:
    return next(iter(cell)) if isinstance(cell, dict) else getattr(cell, "string", str(cell))


def _finished(made: bytes) -> bytes:
    """Return the workbook with its language told, and without a time at which it was made."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(made)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "docProps/core.xml":
                content = re.sub(rb"<dcterms:.*</dcterms:\w+>", b"", content)
                language = f"<dc:language>{LANGUAGE}</dc:language>".encode()
                content = content.replace(b"</cp:coreProperties>", language + b"</cp:coreProperties>")
            new.writestr(part, content)
    return file.getvalue()
