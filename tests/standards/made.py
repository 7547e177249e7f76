"""What a run of both studies made, read once for all checks."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zipfile import ZipFile

import openpyxl
from lxml import html

from ncsresearch.report.content import Piece, pieces

STUDIES = ("published", "illustrative")


@dataclass(frozen=True)
class Made:
    """The outputs of both studies: manifests, pages, pieces of chapters, workbooks."""

    folder: Path

    @cached_property
    def manifests(self) -> dict[str, dict]:
        return {
            name: json.loads((self.folder / name / "manifest.json").read_text("utf-8")) for name in STUDIES
        }

    @cached_property
    def pages(self) -> dict[Path, html.HtmlElement]:
        paths = [path for path in sorted(self.folder.rglob("*.html")) if "failed" not in path.parts]
        return {path: html.fromstring(path.read_bytes()) for path in paths}

    @cached_property
    def chapters(self) -> dict[Path, html.HtmlElement]:
        return {path: page for path, page in self.pages.items() if path.with_suffix(".ipynb").exists()}

    @cached_property
    def shown(self) -> dict[Path, list[Piece]]:
        paths = sorted(self.folder.rglob("*.ipynb"))
        return {path: list(pieces(json.loads(path.read_text("utf-8")))) for path in paths}

    def of_kind(self, kind: str) -> list[tuple[Path, Piece]]:
        """Every piece of a kind, with its notebook."""
        return [(path, piece) for path, said in self.shown.items() for piece in said if piece.kind == kind]

    @cached_property
    def books(self) -> dict[str, openpyxl.Workbook]:
        return {name: openpyxl.load_workbook(self.folder / name / f"{name}.xlsx") for name in STUDIES}

    @cached_property
    def parts(self) -> dict[tuple[str, str], bytes]:
        """The files within the workbooks, by study and name."""
        archives = {name: ZipFile(self.folder / name / f"{name}.xlsx") for name in STUDIES}
        return {(name, part): of.read(part) for name, of in archives.items() for part in of.namelist()}

    @cached_property
    def sheets(self) -> list:
        """Every sheet of both workbooks."""
        return [sheet for book in self.books.values() for sheet in book.worksheets]

    @cached_property
    def tables(self) -> list[tuple]:
        """Every sheet that has a table, with the rows of its table as values, headings first."""
        held = [sheet for sheet in self.sheets if sheet.title != "Summary"]
        return [(sheet, [[cell.value for cell in row] for row in sheet[_range(sheet)]]) for sheet in held]


def _range(sheet) -> str:
    (table,) = sheet.tables.values()
    return table.ref
