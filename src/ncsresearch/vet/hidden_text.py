"""Text that a page or a file carries without showing it as it is: zero-width characters, other digits, base64."""

import re
import unicodedata
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import fields, replace

from ncsresearch.vet.place import Piece, Place, Reading

UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
ENCODED = re.compile(
    r"(?<![\w+/-])(?:[A-Za-z0-9+/]{4}){2,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?![\w+/=])"
)


def uncovered(pieces: Iterable[Piece], file: str, read_text: Callable[[str], Iterable[Piece]]) -> Reading:
    """Return what a file holds as an outsider could read it: nothing unseen within words, and base64 text decoded.

    read_text   reads a decoded text, which may be a page, JSON or lines
    """
    out = Reading()
    out.add(map(_seen, pieces), file)
    for place in list(out.places()):
        for text in _decoded(place):
            where = f"{place.where}, base64 text"
            out.add((replace(_seen(piece), where=where) for piece in read_text(text)), file)
    return out


def _seen(part):
    """A piece of a file, or any part of one, without characters that nobody sees, and any digits as 0 to 9."""
    if isinstance(part, int) or (isinstance(part, str) and part.isascii()):
        return part
    if isinstance(part, str):
        return re.sub(r"\d", lambda digit: str(unicodedata.decimal(digit[0])), UNSEEN.sub("", part))
    if isinstance(part, tuple):
        return tuple(map(_seen, part))
    return replace(part, **{each.name: _seen(getattr(part, each.name)) for each in fields(part)})


def _decoded(place: Place) -> Iterator[str]:
    for found in ENCODED.finditer(place.text):
        with suppress(ValueError):
            text = b64decode(found[0], validate=True).decode()
            if all(sign.isprintable() or sign.isspace() for sign in text):
                yield text
