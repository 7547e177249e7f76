"""The words of a study's passages, as its table or its transcripts hold them, checked against the transcripts."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ncsresearch.schema import StudyError

STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
GAP = re.compile(r"\[[^\]]*\]|…|\.\.\.")
OMITTED = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.")
LONGEST_OMISSION = 5000
LONGEST_REDACTION = 80


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


@dataclass(frozen=True)
class Piece:
    """Words of a quotation between marks: where they begin, and how much of the source may stand before them."""

    words: str
    start: int
    gap: int


def first_difference(quotation: str, source: str) -> int | None:
    """Return the character of the quotation, from 1, at which it first differs from the source.

    Omissions marked [...] or … may stand for any words of the source, other brackets for a few or for none;
    white space and the shape of quotation marks do not count. None where the quotation is in the source.
    """
    source, ends, pieces = _plain(source), None, _pieces(quotation)
    for piece in pieces:
        before, ends = ends, _ends(piece.words, piece, source, before=ends)
        if not ends:
            return piece.start + 1 + _characters_held(piece, source, before)
    if ends is None or any(not re.match(r"\w", source[end:]) for end in ends):
        return None
    return len(quotation) + 1


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(STRAIGHT))


def _pieces(quotation: str) -> list[Piece]:
    """Return the words between the marks of a quotation."""
    pieces, start, gap = [], 0, 0
    for match in [*GAP.finditer(quotation), None]:
        words = quotation[start : match.start() if match else None]
        if words.strip():
            pieces.append(Piece(_plain(words).strip(), start + len(words) - len(words.lstrip()), gap))
            gap = 0
        if match:
            gap += LONGEST_OMISSION if OMITTED.fullmatch(match.group()) else LONGEST_REDACTION
            start = match.end()
    return pieces


def _ends(words: str, piece: Piece, source: str, *, before: list[int] | None) -> list[int]:
    """Return where words of a piece end in the source, if they follow what stands before them in reach."""
    ends = []
    for match in re.finditer(f"(?={re.escape(words)})", source):
        at = match.start()
        if before is None:
            near = piece.gap or not at or not re.match(r"\w\w", source[at - 1 : at + 1])
        else:
            place = bisect_left(before, at - piece.gap)
            near = place < len(before) and before[place] <= at
        ends += [at + len(words)] if near else []
    return ends


def _characters_held(piece: Piece, source: str, before: list[int] | None) -> int:
    """Return how many characters of a piece stand in the source after what stands before them."""
    lengths = range(1, len(piece.words) + 1)
    return bisect_left(lengths, True, key=lambda n: not _ends(piece.words[:n], piece, source, before=before))
