"""Do the words of a quotation stand in its source, but for marked omissions, redactions and insertions?"""

import re
from bisect import bisect_left
from dataclasses import dataclass

import pandas as pd

from ncsresearch.schema import StudyError

STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
GAP = re.compile(r"\[[^\]]*\]|…|\.\.\.")
OMITTED = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.")
LONGEST_OMISSION = 5000
LONGEST_REDACTION = 80


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


def check_verbatim(quotations: pd.Series, sources: pd.Series, *, where: str) -> None:
    """Raise one StudyError that names every quotation its source does not hold, and where it first differs.

    quotations, sources   words and the text they should stand in, by segment_id

    The message holds no word of anybody.
    """
    places = {name: first_difference(words, sources[name]) for name, words in quotations.items()}
    faults = [f"{name} (from its character {place})" for name, place in places.items() if place]
    if faults:
        raise StudyError(f"{where}: does not hold word for word: {', '.join(faults)}.")
