"""A paragraph of an author's findings with the words that a reader changed in the report, its keys and citations kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from os.path import commonprefix

from ncsresearch.ingest.findings_file import KEYS, PART, Paragraph, parse_findings
from ncsresearch.present.written import plain

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
MARKUP = re.compile(
    r"(?m)^\s*(?:[-*+]|\d+[.)])\s+|\*+|(?<!\w)_+|_+(?!\w)|`+|\]\([^()\s]*\)|\[(?=[^\[\]]*\]\()|\\(?=\W)"
)
EMPTIED = re.compile(rf"\[\]\{{{KEYS}\}}")
# of a number in brackets: where it begins, its text from and to, where it ends
Span = tuple[int, int, int, int]
AROUND = 4  # words beside a change that are said


@dataclass(frozen=True)
class Rewording:
    """A paragraph as a reader would have it: its Markdown, and each change in a line."""

    written: str
    changes: tuple[str, ...]


def reworded(paragraph: Paragraph, words: str) -> Rewording | None:
    """Return a paragraph with its words as a reader changed them, or None where its Markdown cannot be followed to its words.

    A number in brackets keeps its keys, whatever it was changed to, and is taken out with them only where the reader took it out.
    """
    places = _seen(paragraph.written)
    if "".join(letter for letter, _ in places) != plain(paragraph):
        return None
    found = [part for part in PART.finditer(paragraph.written) if not part["cited"]]
    spans = [(part.start(), *part.span("text"), part.end()) for part in found]
    old, new = TOKEN.findall(plain(paragraph)), TOKEN.findall(words)
    written = paragraph.written
    edits = _edits(old, new)
    for a, b, c, d in reversed(edits):
        gone = len("".join(old[:a])), len("".join(old[:b]))
        written = _with(written, [at for _, at in places], gone, "".join(new[c:d]), spans)
    said = tuple(_said(old, new, change) for change in _together(edits, old))
    written = EMPTIED.sub("", written)
    return Rewording(written, said) if _words(written) == words else None


def _edits(old: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    """Return what differs between where both begin and where both end alike: from and to in each."""
    ahead = len(commonprefix([old, new]))
    behind = len(commonprefix([each[ahead:][::-1] for each in (old, new)]))
    inside = [each[ahead : len(each) - behind] for each in (old, new)]
    compared = SequenceMatcher(None, *inside, autojunk=False).get_opcodes()
    return [tuple(ahead + place for place in places) for kind, *places in compared if kind != "equal"]


def _words(written: str) -> str:
    """Return how a paragraph in Markdown reads, and nothing where it is none."""
    blocks = [block for section in parse_findings("", written).sections for block in section.blocks]
    return plain(blocks[0]) if len(blocks) == 1 and isinstance(blocks[0], Paragraph) else ""


def _together(edits: list[tuple[int, int, int, int]], old: list[str]) -> list[tuple[int, int, int, int]]:
    """Return edits with those as one that have one word between them at most."""
    joined: list[tuple[int, int, int, int]] = []
    for a, b, c, d in edits:
        if joined and len("".join(old[joined[-1][1] : a]).split()) <= 1:
            a, c = joined[-1][0], joined.pop()[2]
        joined.append((a, b, c, d))
    return joined


def _seen(written: str) -> list[tuple[str, int]]:
    """Return the letters of some Markdown that a reader sees, each with its place; white space as one space."""
    hidden = set()
    for part in PART.finditer(written):
        if part["cited"]:
            before = len(written[: part.start()].rstrip())
            hidden.update(range(before, part.end()))
        else:
            hidden.update(range(part.start(), part.start("text")), range(part.end("text"), part.end()))
    for mark in MARKUP.finditer(written):
        hidden.update(range(*mark.span()))
    seen = [(letter, at) for at, letter in enumerate(written) if at not in hidden]
    return list(_with_single_spaces(seen))


def _with_single_spaces(seen: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    kept = [at for at, (letter, _) in enumerate(seen) if not letter.isspace()]
    for at in range(kept[0], kept[-1] + 1) if kept else ():
        letter, place = seen[at]
        if not letter.isspace():
            yield letter, place
        elif not seen[at - 1][0].isspace():
            yield " ", place


def _with(written: str, places: list[int], gone: tuple[int, int], new: str, spans: list[Span]) -> str:
    """Return Markdown in which some letters that are seen are others: in brackets where any of those were, else outside."""
    taken = places[slice(*gone)]
    bracketed = [at for at in taken if any(first <= at < last for _, first, last, _ in spans)]
    at = next(iter(bracketed or taken), None)
    at = _between(places, gone[0], spans) if at is None else at
    for each in reversed(taken):
        written = written[:each] + written[each + 1 :]
    at -= sum(each < at for each in taken)
    return written[:at] + new + written[at:]


def _between(places: list[int], number: int, spans: list[Span]) -> int:
    """Return where words go that are new before a letter, out of brackets beside which they are."""
    at = places[number - 1] + 1 if number else places[0]
    outside = {first: start for start, first, _, _ in spans} if number == 0 else {}
    outside |= {last: end for _, _, last, end in spans}
    return outside.get(at, at)


def _said(old: list[str], new: list[str], change: tuple[int, int, int, int]) -> str:
    a, b, c, d = change
    before, after = "".join(old[max(0, a - AROUND) : a]), "".join(old[b : b + AROUND])
    was, now = (f"{before}{''.join(part)}{after}".strip() for part in (old[a:b], new[c:d]))
    return f"{was!r} becomes {now!r}"
