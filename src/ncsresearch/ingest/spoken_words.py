"""The words of a study's passages, as its table or its transcripts hold them, checked against the transcripts."""

from pathlib import Path

import pandas as pd

from ncsresearch.ingest.verbatim import check_verbatim


def read_words(folder: str | Path, segments: pd.DataFrame) -> pd.Series:
    """Read the words of passages of a study: from the table, else from texts/ by start and end.

    Returns the words by segment_id; a passage whose words the study does not hold is left out. Raises
    StudyError that names the passages which a transcript does not hold word for word.
    """
    found = _from_transcripts(Path(folder) / "texts", segments)
    given = segments.set_index("segment_id")["text"].dropna().astype("str")
    both = [name for name in given.index.intersection(found.index) if given[name] != found[name]]
    check_verbatim(given[both], found, where=f"{Path(folder).name}/texts")
    return given.combine_first(found).rename("words")


def _from_transcripts(texts: Path, segments: pd.DataFrame) -> pd.Series:
    placed = segments.dropna(subset=["start", "end"])
    parts = {}
    for document_id, passages in placed.groupby("document_id"):
        path = texts / f"{document_id}.txt"
        text = path.read_text(encoding="utf-8") if path.is_file() else None
        if text is not None:
            parts |= {row.segment_id: text[int(row.start) : int(row.end)] for row in passages.itertuples()}
    return pd.Series(parts, dtype="str")
