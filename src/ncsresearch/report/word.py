"""A study's chapters, or the report on one area, as a Word document: what the pages say, to print and pass on."""

from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document

from ncsresearch.report.content import Chapter
from ncsresearch.study import Settings


def word_report(settings: Settings, chapters: Sequence[Chapter]) -> bytes:
    """Return the bytes of a Word report of some chapters in their order."""
    document = Document()
    document.add_heading(settings.title, level=0)
    for chapter in chapters:
        document.add_heading(chapter.title, level=1)
    return _bytes(document)


def _bytes(document) -> bytes:
    """Return the document as it would be saved, with no time in it."""
    saved, dated = BytesIO(), BytesIO()
    document.save(saved)
    with ZipFile(saved) as parts, ZipFile(dated, "w", ZIP_DEFLATED) as file:
        for name in parts.namelist():
            file.writestr(ZipInfo(name), parts.read(name), ZIP_DEFLATED)
    return dated.getvalue()
