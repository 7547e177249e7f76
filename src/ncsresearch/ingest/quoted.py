"""The words of quotations, read from a reader's own copy of the document and never kept."""

import re
from itertools import combinations
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.document import READERS, read_document, text_hash
from ncsresearch.schema import StudyError

# the published documents that come with the project as tables: what the file of each is called without its ending
DOCUMENTS = {
    "ncs_ch4": "ncs-justice-social-work-chapter-4",
    "ncs_ch6": "ncs-justice-social-work-chapter-6",
    "sl_consultation": "south-lanarkshire-consultation-2023",
    "wd_inspection": "west-dunbartonshire-inspection-2019",
    "wok_briefing": "wokingham-innovations-programme",
}
MARK = re.compile('[“”"]')
LONGEST = 5000


def source_file(folder: Path, document_id: str) -> Path:
    """Return the file of a published document in a folder, in whichever format it is there."""
    stem = DOCUMENTS[document_id]
    found = [path for suffix in READERS if (path := folder / f"{stem}{suffix}").is_file()]
    if not found:
        raise StudyError(f"{folder.name}: holds no {stem} in any of the formats {', '.join(READERS)}.")
    return found[0]


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
    words = _between_marks(document.text)
    others = wanted[~wanted["text_sha256"].isin(list(words))]
    missing = [f"{row.segment_id} (characters {row.start} to {row.end})" for row in others.itertuples()]
    if missing:
        raise StudyError(f"{document.name}: does not hold word for word: {', '.join(missing)}.")
    return wanted.set_index("segment_id")["text_sha256"].map(words).rename("text")


def words_of_quotations(segments: pd.DataFrame, sources_dir: str | Path) -> pd.Series:
    """Read the words of the quotations of all documents that are known here, as read_quotations does of one."""
    names = segments.loc[segments["kind"].eq("quotation"), "document_id"].unique()
    known = [name for name in names if name in DOCUMENTS]
    found = [read_quotations(segments, document_id=name, sources_dir=sources_dir) for name in known]
    return pd.concat(found or [pd.Series(dtype="str")])


def _between_marks(text: str) -> dict[str, str]:
    """Return what stands between any two quotation marks of a text, not too far from each other, by its hash."""
    marks = [match.start() for match in MARK.finditer(text)]
    near = [(first + 1, last) for first, last in combinations(marks, 2) if last - first <= LONGEST]
    return {text_hash(text[start:end]): text[start:end] for start, end in near}
