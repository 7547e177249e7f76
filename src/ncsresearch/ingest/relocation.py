"""Where does a passage of one text stand in another copy of it?"""

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice, repeat

import numpy as np
import pandas as pd

Turns = Iterable[Collection[tuple[int, int]]]  # start and end of what is said by whom each passage is
NOT_KNOWN: Turns = repeat(())


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

    Returns start and end, as text; missing where the words are not there, or are there more than once, and not once in the
    turns of who says them.
    """
    at, letters, places = np.flatnonzero(_filled(text)), _alike(squeezed(text)), []
    for wanted, own in zip(words.map(squeezed).map(_alike), turns, strict=False):
        found = list(islice(_each(wanted, letters), None if own else 2))
        met = [(at[first], at[first + len(wanted) - 1] + 1) for first in found]
        if len(met) > 1:
            met = [(start, end) for start, end in met if any(a <= start and end <= b for a, b in own)]
        places.append(tuple(map(str, met[0])) if len(met) == 1 else (None, None))
    return pd.DataFrame(places, columns=["start", "end"], index=words.index, dtype="str")


def _each(wanted: str, letters: str) -> Iterator[int]:
    """Yield where each occurrence begins."""
    first = letters.find(wanted) if wanted else -1
    while first >= 0:
        yield first
        first = letters.find(wanted, first + 1)


ALIKE = str.maketrans("‘’“”–—", "''\"\"--")


def _alike(text: str) -> str:
    return text.translate(ALIKE)


def _filled(text: str) -> np.ndarray:
    return np.array([not character.isspace() for character in text], dtype=bool)


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())
