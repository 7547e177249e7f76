"""Where does a passage of one text stand in another copy of it?"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice, repeat

import numpy as np
import pandas as pd

Turns = Iterable[Collection[tuple[int, int]]]  # start and end of what is said by whom each passage is
NOT_KNOWN: Turns = repeat(())
LEAST, FAR = 8, 600  # letters of a part, and letters that dots may be in place of
APART = "\x00"  # between texts that are searched together
DOTS = r"[\[(]?(?:…|\.{3,})[\])]?"
LEFT_OUT, AROUND = re.compile(DOTS), re.compile(rf"^(?:[\"'«»„]|{DOTS})+|(?:[\"'«»„]|{DOTS})+$")


def relocated(places: pd.DataFrame, old: str, new: str, turns: Turns = NOT_KNOWN) -> pd.DataFrame:
    """Return where passages of one text stand in another that differs in white space, or else by their words.

    Missing where the words are not there, or are there more than once.
    """
    starts, ends = places["start"].to_numpy(), places["end"].to_numpy()
    if squeezed(old) == squeezed(new):
        before, after = _filled(old), np.flatnonzero(_filled(new))
        count = np.concatenate([[0], np.cumsum(before)])
        found = pd.DataFrame({"start": after[count[starts]], "end": after[count[ends] - 1] + 1}, places.index)
        return found.astype("str")
    words = [old[start:end] for start, end in zip(starts, ends, strict=True)]
    return found_again(pd.Series(words, places.index, dtype="str"), new, turns)


def found_again(words: pd.Series, text: str, turns: Turns = NOT_KNOWN) -> pd.DataFrame:
    """Return where words are in a text, whatever its white space and quotation marks.

    Words in quotation marks of their own are those within, and words with dots in place of others are a passage from the first
    to the last. Returns start and end, as text; missing where the words are not there, or are there more than once, and not
    once in the turns of who says them.
    """
    at, letters, places = np.flatnonzero(_filled(text)), _alike(squeezed(text)), []
    for wanted, own in zip(words.map(squeezed).map(_alike), turns, strict=False):
        readings = (list(islice(_each(parts, letters), None if own else 2)) for parts in _readings(wanted))
        met = [(at[first], at[end - 1] + 1) for first, end in next(filter(None, readings), ())]
        if len(met) > 1:
            met = [(start, end) for start, end in met if any(a <= start and end <= b for a, b in own)]
        places.append(tuple(map(str, met[0])) if len(met) == 1 else (None, None))
    return pd.DataFrame(places, columns=["start", "end"], index=words.index, dtype="str")


def _readings(wanted: str) -> Iterator[list[str]]:
    """Yield the parts of a text that words may be: all as they are, without what is around them, and on either side of dots."""
    yield [wanted]
    bare = AROUND.sub("", wanted)
    yield [bare] * (len(bare) >= LEAST)
    parts = LEFT_OUT.split(bare)
    yield parts if min(map(len, parts)) >= LEAST else []


def _each(parts: list[str], letters: str) -> Iterator[tuple[int, int]]:
    """Yield where each occurrence of the parts of a passage, one soon after the other, begins and ends."""
    first = letters.find(parts[0]) if parts and parts[0] else -1
    while first >= 0:
        if end := _end(parts, letters, first):
            yield first, end
        first = letters.find(parts[0], first + 1)


def _end(parts: list[str], letters: str, first: int) -> int:
    """Return where the last of the parts ends, the first of which begins here; 0 where one does not follow, or in another text."""
    end = first
    for part in parts:
        at = letters.find(part, end, end + FAR + len(part))
        if at < 0:
            return 0
        end = at + len(part)
    return 0 if APART in letters[first:end] else end


ALIKE = str.maketrans("‘’“”–—", "''\"\"--")


def _alike(text: str) -> str:
    return text.translate(ALIKE)


def _filled(text: str) -> np.ndarray:
    return np.array([not character.isspace() for character in text], dtype=bool)


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())
