"""The words of a study's passages, as its table or its transcripts hold them, checked against the transcripts."""

import re
from functools import partial
from pathlib import Path

import pandas as pd

from ncsresearch.schema import StudyError

STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
MARK = re.compile(r"\[[^\]]*\]|…|\.\.\.")
WORD_BEGINS, WORD_ENDS = r"(?:(?<!\w)|(?!\w))", r"(?!\w)"


def read_words(folder: str | Path, segments: pd.DataFrame) -> pd.Series:
    """Read the words of passages of a study: from the table, else from texts/ by start and end.

    Returns the words by segment_id; a passage whose words the study does not hold is left out. Raises
    StudyError that names the passages which a transcript does not hold word for word.
    """
    found = _from_transcripts(Path(folder) / "texts", segments)
    given = segments.set_index("segment_id")["text"].dropna().astype("str")
    both = [name for name in given.index.intersection(found.index) if given[name] != found[name]]
    places = {name: first_difference(given[name], found[name]) for name in both}
    faults = [f"{name} (from its character {place})" for name, place in places.items() if place]
    if faults:  # no word of anybody
        raise StudyError(f"{Path(folder).name}/texts: does not hold word for word: {', '.join(faults)}.")
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


def first_difference(quotation: str, source: str) -> int | None:
    """Return the character of the quotation, from 1, at which it first differs from the source.

    Marks such as [...], … and [name] may stand for any words of the source, or for none; white space and the shape of
    quotation marks do not count. None where the quotation is in the source.
    """
    source, begin, start, at, ends = _plain(source), WORD_BEGINS, 0, 0, True
    for mark in [*MARK.finditer(quotation), None]:
        words = quotation[start : mark.start() if mark else None]
        if wanted := _plain(words).strip():
            found = partial(_search, source, at, begin)
            if not (place := found(wanted)):
                held = next(n for n in range(1, len(wanted) + 1) if not found(wanted[:n]))
                return start + len(words) - len(words.lstrip()) + held
            at, ends = place.end(), bool(found(wanted, WORD_ENDS))
        start, begin = mark and mark.end(), ""
    return None if ends else len(quotation) + 1


def _search(source: str, at: int, begin: str, words: str, end: str = "") -> re.Match | None:
    return re.compile(begin + re.escape(words) + end).search(source, at)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(STRAIGHT))
