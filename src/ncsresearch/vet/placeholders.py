"""Words that a sentence should have had: what a program leaves where a value was missing."""

import re
from collections.abc import Iterator
from functools import cache

from ncsresearch.vet.place import Leak, Reading

PLACEHOLDER = "a placeholder where words should stand; put right the sentence that made it"
SIGNS = re.compile(
    r"\bnan\b|\bNaN\b|(?<=\w )None\b(?! of\b)|^\s*None\s*$|\{[a-z_][\w.]*\}|\bTODO\b|\[x\] of\b|\b[Ll]orem\b"
    r"|\w {2,}\.(?:\s|$)|(?<![\d.,])1 (?:people|persons|clients|partners|participants|respondents|workers|managers)\b"
)


def placeholders(reading: Reading) -> Iterator[Leak]:
    """Yield every text, code left aside, that holds a placeholder."""
    search = cache(SIGNS.search)
    for place in reading.places():
        if place.kind != "code" and (found := search(place.text)):
            yield Leak(place.file, place.where, PLACEHOLDER, found[0].strip())
