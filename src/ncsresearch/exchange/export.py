"""A study into files of other tools: a project, a codebook, a framework matrix, a table of coded segments."""

from pathlib import Path

import pandas as pd

from ncsresearch.exchange.import_files import read_document_texts
from ncsresearch.exchange.refi_qda_export import export_codebook, export_project
from ncsresearch.schema import StudyError
from ncsresearch.study import read_settings, read_texts

WRITERS = (".qdpx", ".qdc", ".xlsx", ".csv")


def export_study(study: Path, file: Path) -> list[str]:
    """Write a study in the form that the file's ending names; returns what had no place there.

    Raises StudyError for another ending, for a folder that is not there, and for a study without what the
    form needs.
    """
    suffix = file.suffix.lower()
    if suffix not in WRITERS:
        raise StudyError(f"{file.name}: no writer for {file.suffix!r} files; known: {', '.join(WRITERS)}.")
    if not file.parent.is_dir():
        raise StudyError(f"{file.name}: there is no folder {file.parent.name!r} to write it to.")
    tables, title = read_texts(study), read_settings(study).title
    if suffix == ".qdpx":
        return export_project(file, title, tables, read_document_texts(study))
    if suffix == ".qdc":
        return export_codebook(file, title, tables)
    return write_coded_segments(file, tables)


def write_coded_segments(file: Path, tables: dict[str, pd.DataFrame]) -> list[str]:
    raise NotImplementedError
