"""What a chapter shows: a table, a figure or a finding, each with the data that made it.

A notebook keeps both the page and the data of these, so that a run can harvest sentences and tables from the
executed chapters. A chapter writes no file.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from numbers import Real
from typing import TYPE_CHECKING

import pandas as pd

from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.present.word_files import words

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

TABLE = "application/vnd.ncsresearch.table+json"
FIGURE = "application/vnd.ncsresearch.figure+json"
FINDING = "application/vnd.ncsresearch.finding+json"
QUOTATIONS = "application/vnd.ncsresearch.quotations+json"
NO_EVIDENCE = "application/vnd.ncsresearch.nothing+json"
UNKNOWN = "[x]"
WITHHELD = "[c]"
LOW = "[low]"
MARKS, SHOWN = (words("pages")[entry] for entry in ("marks", "shown"))
INSTEAD = tuple(mark for mark in MARKS if mark[0] != "[")  # words in place of a number that is withheld
NOTHING = (UNKNOWN, WITHHELD, "0", "0%")
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "svg.fonttype": "none",
    "svg.hashsalt": "ncsresearch",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": "#D9D9D9",
    "axes.titlesize": "medium",
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#D9D9D9",
    "xtick.color": "#D9D9D9",
    "xtick.labelcolor": "black",
    "ytick.major.size": 0,
    "hatch.linewidth": 0.8,
}


@dataclass(frozen=True)
class Table:
    """A table of a chapter: tidy rows for the file, and the columns shown with their headings.

    name     file name of its CSV, unique in the chapter
    shown    columns to show, in order, with their headings; a heading that ends in % shows a share of 0 to 1
             as a percentage, one that ends in ", points" shows a sign
    view     rows as a reader sees them, where that is not one tidy row after the other
    base     what the numbers are counts or shares of
    missing  what is shown where a number is missing: [x] for one that is not known, [c] for one that is withheld
    decimals of numbers that are not whole
    """

    name: str
    caption: str
    rows: pd.DataFrame
    shown: Mapping[str, str]
    base: str
    source: str
    note: str = ""
    view: pd.DataFrame | None = None
    missing: str = UNKNOWN
    decimals: int = 1

    def __post_init__(self):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise ValueError(f"A table's name is a file name of small letters, not {self.name!r}.")
        if missing := [column for column in self.shown if column not in self.seen]:
            raise ValueError(f"Table {self.name} is to show {missing}; its rows have {list(self.seen)}.")

    @property
    def seen(self) -> pd.DataFrame:
        """The rows a reader sees."""
        return self.rows if self.view is None else self.view

    @property
    def says_nothing(self) -> bool:
        """Whether it has no rows, or nothing beside the headings of its rows but 0 and what is withheld or not available."""
        beside = self.cells().iloc[:, 1:]
        return self.seen.empty or (
            beside.isin(NOTHING).any(axis=None) and beside.isin([*NOTHING, "–"]).all(axis=None)
        )

    def cells(self) -> pd.DataFrame:
        """The shown columns as text, under their headings; a number that is not known is [x], never 0."""
        return pd.DataFrame(
            {
                heading: _column(self.seen[column], heading, self.missing, self.decimals)
                for column, heading in self.shown.items()
            }
        )

    def to_html(self) -> str:
        """The table as HTML: caption, column and row headings with their scope, base and source."""
        if self.rows.empty:
            return f'<p class="no-evidence">{escape(SHOWN["no_rows"].format(caption=self.caption))}</p>'
        return table_html(self.caption, self.cells(), self._is_number(), self.below())

    def below(self) -> str:
        """The words below the table: base, source, note, and what its marks mean."""
        cells = self.cells()
        marks = [f"{mark}: {meaning}." for mark, meaning in MARKS.items() if cells.eq(mark).any(axis=None)]
        base, source = self.base and f"Base: {self.base}.", self.source and f"Source: {self.source}."
        return " ".join(filter(None, [base, source, self.note, *marks]))

    def _repr_mimebundle_(self, **_) -> dict:
        columns = {column: _kept_values(self.rows[column], self.missing) for column in self.rows}
        return {
            "text/plain": SHOWN["table"].format(
                caption=self.caption, n=len(self.seen), base=self.base or "–"
            ),
            "text/html": self.to_html(),
            TABLE: {"name": self.name, "columns": columns, "shown": dict(self.shown)} | self.read(),
        }

    def read(self) -> dict:
        """Return the table as its reader sees it: caption, headings in order, cells by heading and the words below."""
        cells = self.cells()
        read = {"caption": self.caption, "headings": list(cells), "cells": cells.to_dict("list")}
        below = {"base": self.base, "source": self.source, "note": self.note, "below": self.below()}
        return read | {"numbers": self._is_number()} | below

    def _is_number(self) -> list[bool]:
        return [_holds_numbers(self.seen[column]) for column in self.shown]


def _holds_numbers(values: pd.Series) -> bool:
    """Whether a column is one of numbers, with fewer words among them where some are withheld."""
    if pd.api.types.is_numeric_dtype(values):
        return True
    numbers = sum(isinstance(value, Real) and not _missing(value) for value in values)
    return numbers > sum(isinstance(value, str) and bool(value) for value in values)


def table_html(caption: str, cells: pd.DataFrame, numbers: Sequence[bool], below: str = "") -> str:
    """Return a table as its reader sees it: caption, headings with their scope, what stands below; wide ones scroll."""
    head = "".join(
        f'<th scope="col"{" class=number" * number}>{escape(name)}</th>'
        for name, number in zip(cells, numbers, strict=True)
    )
    body = "".join(_row(row, numbers) for row in cells.itertuples(index=False))
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{escape(caption, quote=True)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>" + (f'<p class="base">{escape(below)}</p>' if below else "")
    )


def _column(values: pd.Series, heading: str, missing: str, decimals: int) -> list[str]:
    none = missing if pd.api.types.is_numeric_dtype(values) else "–"
    return [none if _missing(value) else printed(value, heading, decimals) for value in values]


def _missing(value) -> bool:
    return value is None or value is pd.NA or value == "" or (isinstance(value, float) and pd.isna(value))


def _row(row: tuple, numeric: Sequence[bool]) -> str:
    first, *rest = row
    cells = "".join(
        f"<td{' class=number' * number}>{escape(cell)}</td>"
        for cell, number in zip(rest, numeric[1:], strict=True)
    )
    return f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'


def printed(value, heading: str = "", decimals: int = 1) -> str:
    """Return one cell as text: whole numbers with thousands divided, shares as percentages under a % heading.

    0 is said of nothing only; what merely rounds to it is [low].
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, (int, float)) and not hasattr(value, "dtype"):
        return str(value)
    rounded = _rounded(value, heading, decimals)
    return LOW if value and not re.search("[1-9]", rounded) else rounded


def _rounded(value, heading: str, decimals: int) -> str:
    if heading.endswith("%"):
        return percent(value)
    if heading.endswith(", points"):
        return f"{rounded(value):+}"
    return f"{rounded(value, 0 if float(value).is_integer() else decimals):,}"


def _kept_values(values: pd.Series, missing: str) -> list:
    """Return a column as it is kept in the notebook; a number that may not be told says so there too."""
    withheld = missing == WITHHELD and pd.api.types.is_numeric_dtype(values)
    return [WITHHELD if withheld and _missing(value) else _json(value) for value in values]


def _json(value):
    if _missing(value):
        return None
    return value.item() if hasattr(value, "item") else value


@dataclass(frozen=True)
class Finding:
    """A sentence, the numbers and bases in it, and the units of evidence it rests on.

    name      unique in the chapter
    numbers   every number of the sentence by name
    evidence  one row per unit behind it, with unit_id, and label, kind, stance and section where it has them: a reader
              sees the labelled ones, and no id
    behind    its evidence where people were heard, a line each: groups, areas, the other side, interval
    passages  passages behind it that may be shown: under (the theme), words, said_by and mark of each
    """

    name: str
    sentence: str
    numbers: Mapping[str, object] = field(default_factory=dict)
    evidence: pd.DataFrame = field(default_factory=pd.DataFrame)
    source: str = ""
    behind: Sequence[str] = ()
    passages: Sequence[Mapping[str, str]] = ()

    def to_html(self) -> str:
        """The sentence, which opens to its evidence."""
        rows = self.evidence.drop_duplicates("unit_id") if len(self.evidence) else self.evidence
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.behind)
        lines += "".join(
            f"<li>{_line(row)}</li>" for row in rows.to_dict("records") if not _missing(row.get("label"))
        )
        quoted = "".join(quoted_html(passage, under=True) for passage in self.passages)
        source = f"<p>Source: {escape(self.source)}.</p>" if self.source else ""
        summary, shown = ("Evidence", f"<ul>{lines}</ul>{quoted}") if lines else ("Source", "")
        opened = f"<details><summary>{summary}</summary>{source}{shown}</details>" if lines or source else ""
        return f'<div class="finding"><p>{escape(self.sentence)}</p>{opened}</div>'

    def _repr_mimebundle_(self, **_) -> dict:
        units = list(dict.fromkeys(self.evidence["unit_id"])) if len(self.evidence) else []
        return {
            "text/plain": self.sentence,
            "text/html": self.to_html(),
            FINDING: {
                "name": self.name,
                "sentence": self.sentence,
                "numbers": {name: _json(value) for name, value in self.numbers.items()},
                "evidence": units,
                "behind": list(self.behind),
                "source": self.source,
                "passages": list(map(dict, self.passages)),
            },
        }


class Nothing(Finding):
    """Why there is nothing to show: a grey line in a notebook, which no page, Word file or search has."""

    def _repr_mimebundle_(self, **_) -> dict:
        grey = f'<p style="color: #767676">{escape(self.sentence)}</p>'
        return {"text/plain": self.sentence, "text/html": grey, NO_EVIDENCE: {"name": self.name}}


def quoted_html(passage: Mapping[str, str], *, under: bool = False) -> str:
    """Return a passage as a quotation in HTML, with who said it; under adds its theme."""
    said = escape((f"{passage['under']}. " if under else "") + passage["said_by"])
    return f"<blockquote><p>“{escape(passage['words'])}”</p><footer>{said}</footer></blockquote>"


def _line(row: dict) -> str:
    about = (row.get(name) for name in ("kind", "stance", "section"))
    known = ", ".join(str(value) for value in about if not _missing(value))
    return escape(row["label"]) + (f" <small>({escape(known)})</small>" if known else "")


@dataclass(frozen=True)
class Figure:
    """A drawn figure, the words that describe it and the data it draws; without a canvas there was nothing to draw."""

    name: str
    canvas: "Canvas | None"
    alt: str
    data: Table | None = None

    def to_svg(self) -> str:
        """The figure as SVG that carries its own alternative text; the same data give the same bytes."""
        import matplotlib as mpl

        file = io.StringIO()
        with mpl.rc_context(STYLE):
            self.canvas.savefig(file, format="svg", bbox_inches="tight", metadata={"Date": None})
        svg = file.getvalue()[file.getvalue().index("<svg") :]
        svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S).replace(
            "'DejaVu Sans'", "Arial, sans-serif"
        )
        svg = re.sub(r'(id="|href="#|url\(#)(\w+)', rf"\1\2-{self.name}", svg)  # figures share a page
        size = r'(<svg [^>]*?) width="([\d.]+)pt" height="[^"]*"'
        svg = re.sub(size, r'\1 role="img" style="--points: \2"', svg, count=1)
        return svg.replace(">", f"><title>{escape(self.alt)}</title>", 1)

    def _repr_mimebundle_(self, **_) -> dict:
        if self.canvas is None:
            return {"text/plain": self.alt, "text/html": f'<p class="no-evidence">{escape(self.alt)}</p>'}
        return {
            "text/plain": self.alt,
            "image/svg+xml": self.to_svg(),
            FIGURE: {"name": self.name, "alt": self.alt} | (self.data.read() if self.data else {}),
        }


@dataclass(frozen=True)
class Limits:
    """What the evidence of a chapter can and cannot say, in the study's own words from study.toml."""

    points: Sequence[str]

    @property
    def says_nothing(self) -> bool:
        """Whether the study says nothing of it."""
        return not self.points

    def _repr_mimebundle_(self, **_) -> dict:
        items = "".join(f"<li>{escape(point)}</li>" for point in self.points)
        return {
            "text/plain": "\n".join(self.points),
            "text/html": f"<ul class=limits>{items}</ul>",
        }
