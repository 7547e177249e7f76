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
from ncsresearch.present.wording import page_words
from ncsresearch.report.content import NO_STATUS, Chapter, main_findings
from ncsresearch.report.sheets import NAMES, NOT_APPLICABLE, Sheet, sheets, unlike
from ncsresearch.study import Settings

LANGUAGE = "en-GB"
SHORTHAND = MARKS | {NOT_APPLICABLE: page_words("workbook", "not_applicable")}
MARK = re.compile("|".join(rf"^{re.escape(mark)}(?= of \d|$)" for mark in SHORTHAND) + r"|\[(c|x|low)\]")
NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")
EXACT = re.compile(r"[+-]?\d[\d,]*((\.\d+)?%|\.\d{2,})")
ADDRESS = re.compile(r" \((https?://[^\s)]+)\)")
AS_WRITTEN = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
LONGEST, LONGEST_NAME = 32_767, 255  # characters that Excel takes in a cell, and in the name of a table
FIRST, OTHER = (42, 56), (14, 46)  # least and most letters across a column
SCREEN = 116  # letters across a screen, and across a page where they are legible
BUTTON = 4  # letters that the button of a filter covers
BOLD = 1.1  # width of bold letters, of that of others
LEGIBLE = 0.75  # least size in print, so that letters of 12 points are no smaller than 9
PAGES = ((9, False, 88), (9, True, 134), (8, True, 196))  # A4, A4 and A3 sideways: letters across
LINE = 1.32  # height of a line, of the size of its letters
TITLE, WORDS = 16, 12  # sizes of letters
ACROSS = 70  # letters of a line of the summary, so that it is not cut at the edge of a printed page


def workbook(settings: Settings, chapters: Sequence[Chapter]) -> bytes:
    """Return the bytes of a workbook of every table of some chapters: summary, contents, notes, a sheet a table."""
    tables = sheets(chapters)
    file = BytesIO()
    book = GPWorkbook(file, AS_WRITTEN)
    book.set_theme(_theme())
    about = {"title": _title(settings), "subject": settings.status_line, "created": datetime(2000, 1, 1)}
    book.set_properties(about)
    _write_summary(book, _summary(settings, main_findings(chapters)))
    for label, table in _pages(settings, tables):
        _write(book, label, table)
    book.close()
    return _finished(file.getvalue())


def _title(settings: Settings) -> str:
    return f"{settings.title}: tables"


def _theme() -> Theme:
    theme = deepcopy(gptheme)
    own = {"global": {"text_wrap": True, "valign": "top"}, "subtitle": {"font_size": 12}}
    theme.apply_config(own | {"scope": {"text_wrap": False}})
    return theme


def _summary(settings: Settings, findings: Sequence[tuple[str, str, str]]) -> Cover:
    """Return the first sheet: what the study found, then what it is."""
    intro = [f"{settings.status_line}."]
    for heading, said, _ in findings:
        intro += [[{"bold": True}, _plain(heading)], _plain(said)]
    licence = map(_linked, re.split(r"(?<=\.) (?=[A-Z])", settings.licence))
    parts = ("date", "holds", "computed") if settings.evidence_date else ("holds", "computed")
    holds = [page_words("workbook", part, date=settings.evidence_date) for part in parts]
    about = [line for line in (*holds, *licence, NO_STATUS) if line]
    contact = [page_words("workbook", "contact")]
    shown = {"intro": intro, "about": about, "contact": contact}
    return Cover(_title(settings), **shown, cover_label="Summary", width=ACROSS)


def _write_summary(book: GPWorkbook, cover: Cover) -> None:
    sheet = book.add_worksheet(cover.cover_label)
    sheet.write_cover(cover)
    if len(cover.intro) > 1:  # gptables calls it introductory information
        headed = book.add_format(book.theme.cover_subtitle_format)
        sheet.write_string(1, 0, page_words("workbook", "findings"), headed)
    parts = [[cover.title, ""], cover.intro, [""], cover.about, [""], cover.contact]
    for row, line in enumerate(line for part in parts for line in part):
        sheet.set_row(row, _height(line, cover.width, WORDS if row else TITLE))
    _set_page(sheet, cover.width)
    sheet.fit_to_pages(1, 1)


def _linked(sentence: str) -> str | dict[str, str]:
    """Return a sentence with an address in brackets as a link that reads as the sentence."""
    found = ADDRESS.search(sentence)
    return {ADDRESS.sub("", sentence): found[1]} if found else sentence


def _pages(settings: Settings, tables: Sequence[Sheet]) -> Iterator[tuple[str, GPTable]]:
    links = [{table.label: f"internal:'{table.label}'!A1"} for table in tables]
    listed = [
        (link, _plain(table.title), _plain(table.chapter)) for link, table in zip(links, tables, strict=True)
    ]
    contents = pd.DataFrame(listed, columns=["Sheet", "What it shows", "Chapter"])
    explained = [*(SHORTHAND | NAMES["subjects"]).items()]
    explained += [(link, _notes(table)) for link, table in zip(links, tables, strict=True) if _notes(table)]
    notes = pd.DataFrame(explained, columns=["Mark, subject or sheet", "What it means or rests on"])
    about = {"instructions": page_words("workbook", "one_table"), "subtitles": [f"{settings.status_line}."]}
    for label, rows in (("Contents", contents), ("Notes", notes)):
        if len(rows):
            title = _above(page_words("workbook", label.lower()), _widths(rows), TITLE)
            yield label, GPTable(rows, label.lower(), title, **about)
    named: set[str] = set()
    for table in tables:
        name = unlike("table_" + re.sub(r"\W+", "_", table.label.lower()).strip("_"), named, LONGEST_NAME)
        yield table.label, _table(table, settings, name.replace(" ", "_"))


def _notes(table: Sheet) -> str:
    return " ".join(filter(None, [table.source and f"Source: {_plain(table.source)}.", _plain(table.note)]))


def _table(table: Sheet, settings: Settings, name: str) -> GPTable:
    values = _values(table)
    widths = _widths(values)
    base = f"Base: {_plain(table.base)}. " if table.base else ""
    back = page_words("workbook", "back", noted=_notes(table) or _has_marks(table.cells))
    return GPTable(
        values,
        name,
        _above(_plain(table.title), widths, TITLE),
        instructions=_above(f"{base}{settings.status_line}.", widths),
        scope=f"[{back}](internal:'Contents'!A1)",  # gptables makes no link of instructions
        additional_formatting=list(_formats(table)),
    )


def _has_marks(cells: pd.DataFrame) -> bool:
    """Whether a mark stands in a cell, or before the base of a number that is withheld."""
    return any(MARK.search(cell) for cell in cells.to_numpy().ravel())


def _above(line: str, widths: Sequence[float], size: int = WORDS) -> str | list:
    """Return a line above a table, which runs on over the empty cells beside it as far as the table or a screen is wide."""
    return [{"text_wrap": False}, line] if len(line) * size / WORDS <= max(SCREEN, sum(widths)) else line


def _values(table: Sheet) -> pd.DataFrame:
    values = {}
    for heading, column in table.cells.items():
        values[_plain(heading)] = [*map(_number if _numeric(table, heading) else _words, column)]
    return pd.DataFrame(values, dtype=object)


def _numeric(table: Sheet, heading: str) -> bool:
    """Whether a column holds numbers, those among them that its table has as words of a percentage or two decimals."""
    told = {cell for cell in table.cells[heading] if cell not in SHORTHAND}
    return heading in table.numbers or bool(told) and all(map(EXACT.fullmatch, told))


def _number(cell: str) -> float | int | str:
    """Return the number that a cell shows, a percentage as a part of 1; a mark stays a mark."""
    if not NUMBER.fullmatch(cell):
        return _words(cell)
    number = float(cell.rstrip("%").replace(",", ""))
    if cell.endswith("%"):
        return round(number / 100, 9)
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
        numeric = _numeric(table, heading)
        looks = [_look(heading, cell) if numeric else "" for cell in column]
        most = max(filter(None, looks), key=looks.count, default="General")
        look = {"indent": 1} if place else {}
        if numeric:
            look |= {"num_format": most, "align": "right"}
        yield {"column": {"columns": [place], "format": look, "include_names": True}}
        if numeric:  # clear of the button of its filter
            yield {"cell": {"cells": (0, place), "format": {"indent": 2}}}
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
    widths = _widths(table.table)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for row, height in enumerate(_heights(table, widths)):
        sheet.set_row(row, height)
    headings, *_ = table.data_range
    sheet.freeze_panes(headings + 1, int(sum(widths) > SCREEN))
    (marked,) = sheet.tables  # gptables sets filters off, and its sheets are those of XlsxWriter
    marked["autofilter"] = marked["a_range"]
    sheet.repeat_rows(headings)
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


def _widths(values: pd.DataFrame) -> list[float]:
    share = SCREEN // values.shape[1]
    return [_width(place, *column, share) for place, column in enumerate(values.items())]


def _width(place: int, heading: str, column: pd.Series, share: int) -> float:
    least, most = OTHER if place else FIRST
    longest = max(*(len(_seen(cell)) for cell in column), *(len(word) + BUTTON for word in heading.split()))
    return min(max(most, share) if place else most, max(least, 1.2 * longest + 2))


def _heights(table: GPTable, widths: Sequence[float]) -> Iterator[float]:
    """Heights of the rows of a sheet, told so that every program shows the whole of wrapped words."""
    above = [*table.subtitles, table.instructions]
    for line, size in ((table.title, TITLE), *((line, WORDS) for line in above)):
        yield LINE * size if isinstance(line, FormatList) else _height(line, widths[0], size)
    if table.scope:
        yield LINE * WORDS
    clear = [(width - BUTTON) / BOLD for width in widths]
    yield max(_height(cell, width) for cell, width in zip(table.table.columns, clear, strict=True))
    for row in table.table.itertuples(index=False):
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
