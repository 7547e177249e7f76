"""A study into files of other tools: a project, a codebook, a framework matrix, a table of coded segments."""

from pathlib import Path

from ncsresearch.exchange.write_study import read_document_texts
from ncsresearch.exchange.writers import WRITERS, ExportedStudy
from ncsresearch.ingest.file_format import format_of
from ncsresearch.schema import CallError, one_of
from ncsresearch.study import read_settings, read_texts

PRIVATE = "It holds what each person said, and no count in it is withheld: keep it with the study, and let nobody else read it."


def export_study(study: Path, file: Path, named: str = "") -> list[str]:
    """Write a study in the form that is named, or else the first that the file's ending names; returns what had no place there.

    Raises StudyError for another name or ending, for a folder that is not there, and for a study without what the
    form needs.
    """
    forms = {each.name: each for each in WRITERS}
    known = [forms[one_of("form", named, forms)]] if named else WRITERS
    write = format_of(file, known, "writer").function
    if not file.parent.is_dir():
        raise CallError(f"{file.name}: there is no folder {file.parent.name!r} to write it to.")
    tables, settings = read_texts(study), read_settings(study)
    about = (settings.title, settings.status_line)
    return write(file, ExportedStudy(*about, tables, read_document_texts(study), private_words(study, file)))


def private_words(study: Path, file: Path) -> str:
    """Return what is to be said of a file with what each person of a confidential study said; empty for any other."""
    confidential = read_settings(study).access == "confidential"
    return PRIVATE if confidential and file.suffix.lower() != ".qdc" else ""
