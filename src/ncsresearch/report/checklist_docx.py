"""A reporting checklist as a Word document: one table that an author can go on filling in."""

from pathlib import Path

import pandas as pd
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from ncsresearch.analysis.checklist_answers import WITHHELD
from ncsresearch.analysis.checklists import CHECKLISTS, checklist
from ncsresearch.analysis.coverage import hears_people
from ncsresearch.ingest.checklist_file import read_checklist_answers
from ncsresearch.schema import StudyError
from ncsresearch.study import Study, load_study

LANGUAGE = "en-GB"
HEADINGS = {
    "item": ("Item", 1.5),
    "domain": ("Part", 3.3),
    "asks": ("What it asks, in our words", 5.0),
    "answered": ("Answered", 3.0),
    "answer": ("Answer", 9.1),
    "where": ("Shown in", 3.4),
}


def write_checklist(folder: Path, file: Path, *, name: str = "COREQ") -> pd.DataFrame:
    """Write a checklist of a study with what its data answer; returns the rows written.

    Raises StudyError for a file that is no .docx, a folder that is not there, an unknown checklist, and a study
    for which nobody was heard.
    """
    if file.suffix.lower() != ".docx":
        raise StudyError(f"{file.name}: a checklist is written as .docx, not {file.suffix!r}.")
    if not file.parent.is_dir():
        raise StudyError(f"{file.name}: there is no folder {file.parent.name!r} to write it to.")
    study = load_study(folder)
    rows = checklist(study, name, by_author=read_checklist_answers(folder))
    if not hears_people(study):
        raise StudyError(f"{study.name}: nobody was heard; a checklist is for a study of one's own.")
    partial = file.with_name(f".{file.name}.partial")
    _document(study, name, rows).save(str(partial))
    partial.replace(file)
    return rows


def _document(study: Study, name: str, rows: pd.DataFrame):
    document = Document()
    _set_up(document, f"{name}: {study.settings.title}")
    document.add_heading(document.core_properties.title, level=0)
    document.add_paragraph(f"{study.settings.status_line}.")
    document.add_paragraph(
        f"Checklist: {CHECKLISTS[name].source}. What each item asks is told in our own words. Answers marked “by the "
        "author” are the author's; all others were made from the study's tables, and an empty one is for a person to write."
    )
    if rows["answer"].str.contains(WITHHELD, regex=False).any():
        document.add_paragraph(f"{WITHHELD}: a count too small to be told, or one that would give it back.")
    _add_table(document, rows)
    return document


def _set_up(document, title: str) -> None:
    """Set title and language, for readers of the page and of the file, and turn the page on its side."""
    properties = document.core_properties
    properties.title, properties.language, properties.author, properties.comments = title, LANGUAGE, "", ""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)


def _add_table(document, rows: pd.DataFrame) -> None:
    table = document.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    table.autofit = False
    for column, (_, width) in zip(table.columns, HEADINGS.values(), strict=True):
        column.width = Cm(width)
    _fill(table.rows[0], [heading for heading, _ in HEADINGS.values()], bold=True)
    _mark(table.rows[0], "w:tblHeader")
    for row in rows.assign(where=rows["where"].map(_chapter)).itertuples(index=False):
        _fill(table.add_row(), [str(getattr(row, column)) for column in HEADINGS])
    for row in table.rows:
        _mark(row, "w:cantSplit")


def _fill(row, texts: list[str], *, bold: bool = False) -> None:
    for cell, text, (_, width) in zip(row.cells, texts, HEADINGS.values(), strict=True):
        cell.width = Cm(width)
        cell.paragraphs[0].add_run(text).bold = bold


def _mark(row, property_name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(property_name))


def _chapter(name: str) -> str:
    """Return a chapter as a reader calls it: 01_who_was_heard is Chapter 1, who was heard."""
    number, _, words = name.partition("_")
    return f"Chapter {int(number)}, {words.replace('_', ' ')}" if words else ""
