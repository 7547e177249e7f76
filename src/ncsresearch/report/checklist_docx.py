"""A reporting checklist as a Word document: one table that an author can go on filling in."""

from pathlib import Path

import pandas as pd

from ncsresearch.disclosure.checklist_answers import WITHHELD
from ncsresearch.disclosure.checklists import checklist, checklists
from ncsresearch.evidence.groups import hears_people
from ncsresearch.ingest.checklist_file import read_checklist_answers
from ncsresearch.ingest.whole_file import write_whole
from ncsresearch.present.wording import page_words
from ncsresearch.report.word_document import (
    LENGTH,
    add_paragraph,
    document_bytes,
    lay_sideways,
    new_document,
    number_pages,
)
from ncsresearch.report.word_table import table_xml
from ncsresearch.schema import CallError, StudyError
from ncsresearch.study import Study, load_study

HEADINGS = {
    "item": "Item",
    "domain": "Part",
    "asks": page_words("checklist", "asks"),
    "answered": "Answered",
    "answer": "Answer",
    "where": "Shown in",
}


def write_checklist(folder: Path, file: Path, *, name: str = "COREQ") -> pd.DataFrame:
    """Write a checklist of a study with what its data answer; returns the rows written.

    Raises StudyError for a file that is no .docx, a folder that is not there, an unknown checklist, and a study
    for which nobody was heard.
    """
    if file.suffix.lower() != ".docx":
        raise CallError(f"{file.name}: a checklist is written as .docx, not {file.suffix!r}.")
    if not file.parent.is_dir():
        raise CallError(f"{file.name}: there is no folder {file.parent.name!r} to write it to.")
    study = load_study(folder)
    rows = checklist(study, name, by_author=read_checklist_answers(folder))
    if not hears_people(study):
        raise StudyError(f"{study.name}: nobody was heard; a checklist is for a study of one's own.")
    write_whole(document_bytes(_document(study, name, rows)), file)
    return rows


def _document(study: Study, name: str, rows: pd.DataFrame):
    title = f"{name}: {study.settings.title}"
    document = new_document(title)
    lay_sideways(document)
    number_pages(document, f"{title} · {study.settings.status_line}")
    add_paragraph(document, "Title", title)
    for words in _opening(study, name, rows):
        add_paragraph(document, "Normal", words)
    _add_table(document, rows, caption=title)
    return document


def _opening(study: Study, name: str, rows: pd.DataFrame) -> list[str]:
    source = checklists()[name].source
    words = [f"{study.settings.status_line}.", page_words("checklist", "about", source=source)]
    if rows["answer"].str.contains(WITHHELD, regex=False).any():
        words.append(page_words("checklist", "withheld", mark=WITHHELD))
    return words


def _add_table(document, rows: pd.DataFrame, *, caption: str) -> None:
    told = rows.assign(where=rows["where"].map(_chapter))[list(HEADINGS)].astype("str")
    numbers = [False] * len(HEADINGS)
    table = table_xml(list(HEADINGS.values()), told.to_numpy(), numbers, caption=caption, width=LENGTH)
    document.element.body.insert_element_before(table, "w:sectPr")


def _chapter(name: str) -> str:
    """Return a chapter as a reader calls it: 01_who_was_heard is Chapter 1, who was heard."""
    number, _, words = name.partition("_")
    return f"Chapter {int(number)}, {words.replace('_', ' ')}" if words else ""
