"""Where does a passage of one text stand in another copy of it?"""

from functools import lru_cache

import numpy as np
import pandas as pd


def relocated(places: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    """Return where passages of one text stand in another that differs in white space, or else by their words.

    Missing where the words are not there, or are there more than once.
    """
    starts, ends = places["start"].to_numpy(), places["end"].to_numpy()
    if squeezed(old) == squeezed(new):
        before, after = _filled(old), np.flatnonzero(_filled(new))
        count = np.concatenate([[0], np.cumsum(before)])
        first, last = after[count[starts]], after[count[ends] - 1] + 1
        found = list(zip(first, last, strict=True))
    else:
        finder = Finder(new)
        found = [finder.find(old[start:end]) for start, end in zip(starts, ends, strict=True)]
    text = [(str(place[0]), str(place[1])) if place else (None, None) for place in found]
    return pd.DataFrame(text, columns=["start", "end"], index=places.index, dtype="str")


class Finder:
    """Finds words in a text whatever its white space and quotation marks; a class, because the text is prepared once."""

    def __init__(self, text: str):
        self.at = np.flatnonzero(_filled(text))
        self.letters = _alike(squeezed(text))

    def find(self, words: str) -> tuple[int, int] | None:
        """Return where the words stand; None where they do not, or stand more than once."""
        wanted = _alike(squeezed(words))
        first = self.letters.find(wanted)
        if not wanted or first < 0 or self.letters.find(wanted, first + 1) >= 0:
            return None
        return int(self.at[first]), int(self.at[first + len(wanted) - 1]) + 1


ALIKE = str.maketrans("‘’“”–—", "''\"\"--")


def _alike(text: str) -> str:
    return text.translate(ALIKE)


def _filled(text: str) -> np.ndarray:
    return np.array([not character.isspace() for character in text], dtype=bool)


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())
