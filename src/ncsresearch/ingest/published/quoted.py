"""The words of quotations, read from a reader's own copy of the document and never kept."""

from pathlib import Path

import pandas as pd

from ncsresearch.ingest.document import read_document
from ncsresearch.ingest.published.extract import DOCUMENTS, source_file
from ncsresearch.ingest.verbatim import check_verbatim
from ncsresearch.schema import StudyError


def read_quotations(segments: pd.DataFrame, *, document_id: str, sources_dir: str | Path) -> pd.Series:
    """Read the words of a document's quotations from a folder of source documents.

    A quotation is found by the hash of its words, so any copy of the document will do.

    Returns the words by segment_id; empty when sources_dir is. Raises StudyError that names the quotations
    which the copy does not hold word for word.
    """
    wanted = segments[segments["document_id"].eq(document_id) & segments["kind"].eq("quotation")]
    if not str(sources_dir):
        return pd.Series(dtype="str", name="text")
    document = read_document(source_file(Path(sources_dir), document_id))
    found = DOCUMENTS[document_id].read(document, document_id=document_id)["segments"]
    words = {row.text_sha256: document.text[row.start : row.end] for row in found.itertuples()}
    missing = [_told(row) for row in wanted.itertuples() if row.text_sha256 not in words]
    if missing:
        raise StudyError(f"{document.name}: does not hold word for word: {', '.join(missing)}.")
    read = wanted.set_index("segment_id")["text_sha256"].map(words).rename("text")
    check_verbatim(read, pd.Series(document.text, read.index), where=document.name)
    return read


def _told(row) -> str:
    """Name a quotation and where it stands; its words are known by their hash alone, so not where they differ."""
    return f"{row.segment_id} (characters {row.start} to {row.end})"
