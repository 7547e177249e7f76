"""Passages of a transcript long enough to be a raw transcript: 40 words or more that stand in a text."""

from collections.abc import Iterator

from ncsresearch.vet.known import Known, plain
from ncsresearch.vet.place import Leak, Place, Reading

LONG = 40
BLOCK = 20
RAW = "a passage of 40 words or more of a transcript; shorten it or take it out"


def raw_transcripts(reading: Reading, known: Known) -> Iterator[Leak]:
    """Yield every text of a confidential study that repeats 40 words or more of one of its texts."""
    if not known.texts or not known.confidential:
        return
    texts = [text.split() for text in known.texts]
    index = _index(texts)
    for place in _in_one_go(reading):
        words = plain(place.text).split() if len(place.text) > 2 * LONG - 2 else []
        if len(words) >= LONG and (copied := _copied(words, texts, index)):
            yield Leak(place.file, place.where, RAW, copied)


def _in_one_go(reading: Reading) -> Iterator[Place]:
    """Every text by itself, and after it those of a file that follow one another, as one."""
    yield from reading.places()
    files = {}
    for place in reading.texts:
        files.setdefault(place.file, []).append(place)
    for file, places in files.items():
        short = [place.text for place in places if len(place.text.split()) < LONG]
        yield Place("one paragraph after the other", " ".join(short), file=file)


def _index(texts: list[list[str]]) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    """Where every twentieth word of a text begins: any run of 40 holds one such block whole."""
    index = {}
    for number, words in enumerate(texts):
        for start in range(0, len(words) - BLOCK + 1, BLOCK):
            index.setdefault(tuple(words[start : start + BLOCK]), []).append((number, start))
    return index


def _copied(words: list[str], texts: list[list[str]], index: dict) -> str:
    for at in range(len(words) - BLOCK + 1):
        for number, start in index.get(tuple(words[at : at + BLOCK]), []):
            before = _alike(words[:at][::-1], texts[number][:start][::-1])
            after = _alike(words[at:], texts[number][start:])
            if before + after >= LONG:
                return " ".join(words[at - before : at + after])
    return ""


def _alike(first: list[str], second: list[str]) -> int:
    pairs = zip(first, second, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(first), len(second)))
