"""Rules for spreadsheets and their shorthand, on the workbooks of both studies."""

import re

import pandas as pd

from ncsresearch import Table
from standards import standard

ALLOWED = re.compile(r"\[(b|c|e|f|low|p|r|u|w|x|z|ns|s|ss|sss)\]")
SYMBOLS = re.compile(r"[*†‡§¹²³⁰-⁹ᵃ-ᶻ]")


def above(sheet) -> list[str]:
    """The words of the first column above the table, the only ones there."""
    return [sheet.cell(row, 1).value for row in range(1, first_row(sheet))]


def first_row(sheet) -> int:
    (table,) = sheet.tables.values()
    return sheet[table.ref][0][0].row


def columns(sheet):
    return sheet.column_dimensions.values()


def cells(made):
    return [
        cell for sheet in made.sheets for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]


def shorthand(values) -> set[str]:
    return {
        cell for row in values for cell in row if isinstance(cell, str) and re.fullmatch(r"\[\w+\]", cell)
    }


@standard("XLS01", "every table is marked up as a table")
def xls01(made):
    assert made.tables
    for sheet, rows in made.tables:
        assert len(sheet.tables) == 1 and len(rows) > 1, sheet.title


@standard("XLS02", "tables have meaningful names")
def xls02(made):
    names = [name for book in made.books.values() for sheet in book for name in sheet.tables]
    assert not [name for name in names if re.fullmatch(r"[Tt]able_?\d+", name)]
    for book in made.books.values():
        own = [name.lower() for sheet in book for name in sheet.tables]
        assert len(set(own)) == len(own)


@standard("XLS03", "no cell is merged, split or nested")
def xls03(made):
    assert not [sheet.title for sheet in made.sheets if sheet.merged_cells.ranges]


@standard("XLS04", "no blank rows or columns within a table")
def xls04(made):
    for sheet, rows in made.tables:
        assert all(any(cell is not None for cell in row) for row in rows), sheet.title
        assert all(any(cell is not None for cell in column) for column in zip(*rows, strict=True)), (
            sheet.title
        )


@standard("XLS05", "one row of headings, each told and told once")
def xls05(made):
    for sheet, (headings, *_) in made.tables:
        (table,) = sheet.tables.values()
        assert table.headerRowCount == 1 and not table.totalsRowCount
        assert all(isinstance(heading, str) and heading.strip() for heading in headings), sheet.title
        assert len({heading.lower() for heading in headings}) == len(headings), sheet.title
        assert [column.name for column in table.tableColumns] == headings


@standard("XLS06", "text is wrapped, but for lines above a table that a screen shows whole")
def xls06(made):
    for cell in cells(made):
        if not cell.alignment.wrap_text:
            wide = sum(column.width * (column.max - column.min + 1) for column in columns(cell.parent))
            assert cell.row < first_row(cell.parent) and len(cell.value) <= max(116, wide), (
                cell.parent.title,
                cell.row,
            )


@standard(
    "XLS07",
    "headings stay in sight and have filters, of which none is set: readers of long tables asked for them",
)
def xls07(made):
    for sheet, _ in made.tables:
        (table,) = sheet.tables.values()
        assert sheet.freeze_panes[1:] == str(first_row(sheet) + 1) and first_row(sheet) <= 4, sheet.title
        assert table.autoFilter.ref == table.ref and not table.autoFilter.filterColumn, sheet.title


@standard("XLS08", "a cell with nothing in it says why")
def xls08(made):
    for sheet, rows in made.tables:
        assert not [row for row in rows if any(cell is None or cell == "" for cell in row)], sheet.title


@standard("XLS09", "no hidden rows, columns or sheets")
def xls09(made):
    for sheet in made.sheets:
        assert sheet.sheet_state == "visible"
        assert not any(row.hidden for row in sheet.row_dimensions.values()), sheet.title
        assert not any(column.hidden for column in sheet.column_dimensions.values()), sheet.title


@standard("XLS10", "no symbols or raised figures for notes")
def xls10(made):
    for sheet, (headings, *_) in made.tables:
        assert not [words for words in [*above(sheet), *headings] if SYMBOLS.search(words)], sheet.title
    raised = [part for part, content in made.parts.items() if b'vertAlign val="superscript"' in content]
    assert not raised


@standard("XLS11", "cells of data hold no markers of notes")
def xls11(made):
    for sheet, (_, *rows) in made.tables:
        assert not [row for row in rows if any("[note" in str(cell) for cell in row)], sheet.title


@standard("XLS12", "a sheet of notes")
def xls12(made):
    for book in made.books.values():
        explained = {sheet[0] for sheet in book["Notes"].iter_rows(values_only=True)}
        used = set().union(*(shorthand(rows) for sheet, rows in made.tables if sheet.parent is book))
        assert used and used <= explained


@standard("XLS13", "links say where they lead")
def xls13(made):
    linked = [cell for cell in cells(made) if cell.hyperlink]
    assert linked
    assert not [cell.value for cell in linked if "://" in cell.value or len(cell.value) < 4]
    for book in made.books.values():
        names = [row[0].value for row in book["Contents"].iter_rows() if row[0].hyperlink]
        assert names == book.sheetnames[3:]


@standard("XLS14", "A1 says what the sheet is")
def xls14(made):
    assert all(isinstance(sheet["A1"].value, str) and len(sheet["A1"].value) > 4 for sheet in made.sheets)
    for name, book in made.books.items():
        status = f"{made.manifests[name]['status_line']}."
        for sheet in book:
            assert any(status in row[0].value for row in sheet["A1:A3"]), sheet.title


@standard("XLS15", "no headers, footers or boxes of text")
def xls15(made):
    assert not [
        part for part, content in made.parts.items() if b"<headerFooter" in content or "drawing" in part[1]
    ]


@standard("XLS16", "no fills and no dividers")
def xls16(made):
    assert not [cell.coordinate for cell in cells(made) if cell.fill.fill_type]


@standard("XLS17", "colour tells nothing by itself")
def xls17(made):
    for cell in cells(made):
        colour = cell.font.color.rgb if cell.font.color and cell.font.color.type == "rgb" else None
        assert colour is None or (cell.hyperlink and cell.font.underline), (
            cell.parent.title,
            cell.coordinate,
        )
    assert not [sheet.title for sheet in made.sheets if len(sheet.conditional_formatting)]


@standard("XLS18", "no pictures and no macros")
def xls18(made):
    assert not [part for _, part in made.parts if "media" in part or "vba" in part.lower()]


@standard("XLS19", "each sheet has a name of its own")
def xls19(made):
    for book in made.books.values():
        names = [name.lower() for name in book.sheetnames]
        assert len(set(names)) == len(names) and max(map(len, names)) <= 31


@standard("XLS20", "no blank sheets")
def xls20(made):
    assert not [sheet.title for sheet in made.sheets if sheet.max_row < 2]


@standard("XLS21", "what a sheet holds begins in column A")
def xls21(made):
    assert {sheet.min_column for sheet in made.sheets} == {1}
    for sheet, _ in made.tables:
        assert all(above(sheet)) and sheet.min_row == 1, sheet.title
        assert not any(sheet.cell(row, 2).value for row in range(1, first_row(sheet))), sheet.title


@standard("XLS22", "one table a sheet and nothing below it")
def xls22(made):
    for sheet, rows in made.tables:
        assert sheet.max_row == first_row(sheet) + len(rows) - 1, sheet.title
        assert sheet.max_column == len(rows[0]), sheet.title


@standard("XLS23", "the file tells its title and its language")
def xls23(made):
    for name, book in made.books.items():
        assert book.properties.title == f"{made.manifests[name]['title']}: tables"
        assert book.properties.language == "en-GB"


@standard("XLS24", "the file opens at A1 of its first sheet")
def xls24(made):
    for book in made.books.values():
        assert book.active is book.worksheets[0]
        assert {sheet.sheet_view.selection[-1].activeCell for sheet in book} == {"A1"}


@standard("SHD01", "shorthand is of the agreed set")
def shd01(made):
    used = set().union(*(shorthand(rows) for _, rows in made.tables))
    used |= {
        cell.text
        for page in made.pages.values()
        for cell in page.iter("td")
        if re.fullmatch(r"\[\w+\]", cell.text or "")
    }
    assert "[c]" in used
    assert not [mark for mark in used if not ALLOWED.fullmatch(mark)]


@standard("SHD02", "[low] is what rounds to nought, and 0 is nought")
def shd02(made):
    rows = pd.DataFrame({"a": [0.004, 0.0, -0.003, 0.006, 0.04, 0]})
    share = Table("a", "A", rows.head(4), {"a": "A %"}, "b", "").cells()["A %"]
    assert list(share) == ["[low]", "0%", "[low]", "1%"]
    assert list(Table("a", "A", rows.tail(2), {"a": "A"}, "b", "").cells()["A"]) == ["[low]", "0"]


@standard("SHD03", "a line above the table names the sheet that explains its shorthand")
def shd03(made):
    for sheet, (_, *rows) in made.tables:
        if sheet.title != "Notes":
            assert not shorthand(rows) or "the sheet Notes has the source, notes and marks" in above(sheet)[2]
            assert shorthand(rows) <= {row[0] for row in sheet.parent["Notes"].iter_rows(values_only=True)}


@standard("SHD04", "no cell says NA")
def shd04(made):
    never = {"na", "n/a", "nan", "none", "<na>", "null", "#n/a"}
    told = {str(cell.value).lower() for cell in cells(made)}
    told |= {str(cell.text).lower() for page in made.pages.values() for cell in page.iter("td") if cell.text}
    assert not never & told
