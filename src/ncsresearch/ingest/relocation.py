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
        found = pd.DataFrame({"start": after[count[starts]], "end": after[count[ends] - 1] + 1}, places.index)
        return found.astype("str")
    words = [old[start:end] for start, end in zip(starts, ends, strict=True)]
    return found_again(pd.Series(words, places.index, dtype="str"), new)


def found_again(words: pd.Series, text: str) -> pd.DataFrame:
    """Return where words are in a text, whatever its white space and quotation marks.

    Returns start and end, as text; missing where the words are not there, or are there more than once.
    """
    at, letters, places = np.flatnonzero(_filled(text)), _alike(squeezed(text)), []
    for wanted in words.map(squeezed).map(_alike):
        first = letters.find(wanted)
        once = wanted and first >= 0 and letters.find(wanted, first + 1) < 0
        places.append((str(at[first]), str(at[first + len(wanted) - 1] + 1)) if once else (None, None))
    return pd.DataFrame(places, columns=["start", "end"], index=words.index, dtype="str")


ALIKE = str.maketrans("‘’“”–—", "''\"\"--")


def _alike(text: str) -> str:
    return text.translate(ALIKE)


def _filled(text: str) -> np.ndarray:
    return np.array([not character.isspace() for character in text], dtype=bool)


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())
