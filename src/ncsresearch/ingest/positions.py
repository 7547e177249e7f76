"""Which way of counting characters makes the passages of a project stand where their coder put them?

Tools count differently, and all of it is valid in an exchange file: Unicode code points, UTF-16 units or
UTF-8 bytes; a line end of two characters counted as one, or of one as two; a byte-order mark counted or not;
the end included or not. Each way is tried on a source, and scored by the names that passages carry, by word
boundaries at both ends, and by whether the passage lies in the text at all.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np

from ncsresearch.ingest.archive import refuse_another_kind
from ncsresearch.ingest.imported_file import Line
from ncsresearch.schema import StudyError

UNITS = ("code points", "UTF-16 units", "UTF-8 bytes")
LINE_ENDS = ("as in the file", "as one", "as two")
ELLIPSES = ("…", "...", "[...]", "[…]")
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "windows-1252": "Windows-1252",
}
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
BY_NAME = 6


@dataclass(frozen=True, eq=False)
class SourceText:
    """The text of a source with line ends as one character, and what its file had."""

    text: str
    has_mark: bool
    double_ends: np.ndarray
    encoding: str = "UTF-8"


@dataclass(frozen=True)
class Convention:
    """One way of counting positions."""

    unit: str = UNITS[0]
    line_ends: str = LINE_ENDS[0]
    mark_counted: bool = False
    end_included: bool = False

    def __str__(self) -> str:
        parts = [self.unit, f"line ends {self.line_ends}"]
        parts += ["byte-order mark counted"] * self.mark_counted + ["end included"] * self.end_included
        return ", ".join(parts)


@dataclass(frozen=True)
class Anchoring:
    """Where the passages of a source stand: start and end in its text (-1 where nowhere), and how sure that is.

    anchored says which passages carry their name's words or begin and end between words, or stand in a text
    most of whose passages do (a passage drawn carelessly); rivals are conventions that fit as well and put a
    passage elsewhere.
    """

    convention: Convention
    start: np.ndarray
    end: np.ndarray
    anchored: np.ndarray
    rivals: tuple[Convention, ...] = ()


# letters of another script, of Eastern Europe or of an old Mac, read as Western ones: signs and capitals within words
OTHER_SCRIPT = re.compile(
    "[À-ÿ]{4}|[a-zà-ÿ][³¹¿º][a-zà-ÿ]|[£¯¥](?!(?:m|k|bn|mn|million|billion)\\b)[a-zà-ÿ]{2}|[a-z][ŽŠŸ]|[A-Z]Ÿ[a-z]|[A-Za-z]”[a-zà-ÿ]"
)
# letters that no Western language has both of: Turkish and Czech
NEVER_TOGETHER = (("þðýÞÐÝ", "üç"), ("ø", "ìè"))


def _is_misread(text: str) -> bool:
    letters = set(text)
    together = any(letters & {*one} and letters & {*other} for one, other in NEVER_TOGETHER)
    return together or bool(OTHER_SCRIPT.search(text))


def decoded(content: bytes, name: str) -> SourceText:
    """Return the text of a source's bytes; refuses bytes that are no text.

    UTF-8 and UTF-16 (told by its byte-order mark) are read as such, other bytes as Windows-1252, which the
    result's encoding says.
    """
    refuse_another_kind(content, name)
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    tried = [MARKS[mark]] if mark else ["utf-8", "windows-1252"]
    for encoding in tried:
        try:
            raw = content[len(mark) :].decode(encoding)
            break
        except UnicodeDecodeError as error:
            fault = f"byte {error.start} is no {encoding} text"
    else:
        raise StudyError(f"{name}: {fault}; save the text as UTF-8.")
    if encoding == "windows-1252" and _is_misread(raw):
        raise StudyError(f"{name}: is neither UTF-8 nor Western text; save the text as UTF-8.")
    if "\x00" in raw:
        raise StudyError(f"{name}: holds bytes that are no text; save the text as UTF-8.")
    return _source_text(raw, bool(mark), ENCODINGS[encoding])


def _source_text(raw: str, has_mark: bool, encoding: str) -> SourceText:
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    double_ends = _codes(text) == 10
    double_ends[double_ends] = [len(end) > 1 for end in re.findall("\r\n?|\n", raw)]
    return SourceText(text, has_mark, double_ends, encoding)


def anchor(source: SourceText, starts, ends, names, *, prior: Convention | None = None) -> Anchoring:
    """Return where passages stand under the convention that fits them best.

    starts, ends   positions as the file gives them
    names          what the file calls each passage, often its first words; empty where it has no name
    prior          the convention that the project's other sources settled on, taken where several fit alike
    """
    starts, ends = np.asarray(starts, dtype="int64"), np.asarray(ends, dtype="int64")
    ways = conventions(source)
    found = {
        way: _positions(source, starts, ends, way)
        for way in sorted(ways, key=lambda each: str(replace(each, end_included=False)))
    }
    tried = [(way, *found[way]) for way in ways]
    edges, squeezed = _edges(source.text), [name and _squeezed(name) for name in names]
    scores = [_scores(source.text, start, end, edges, squeezed) for _, start, end in tried]
    totals = np.array([score.sum() for score, _ in scores])
    best = np.flatnonzero(totals == totals.max())
    preferred = [index for index in best if tried[index][0] == prior]
    chosen = int((preferred or list(best))[0])
    convention, start, end = tried[chosen]
    elsewhere = [
        tried[index] for index in best if not preferred and not np.array_equal(tried[index][1:], (start, end))
    ]
    rivals = tuple(rival for rival, *_ in elsewhere) if len(starts) else ()
    anchored = scores[chosen][1]
    if not rivals and 2 * anchored.sum() > len(anchored):
        # where most passages of the text anchor, one that begins or ends inside a word is meant so
        anchored = anchored | ((start >= 0) & (end > start))
    return Anchoring(convention, start, end, anchored, rivals)


def conventions(source: SourceText) -> list[Convention]:
    """Return the ways of counting that differ on this text, the standard's own first."""
    units = UNITS if not source.text.isascii() else UNITS[:1]
    n_double, n_ends = int(source.double_ends.sum()), source.text.count("\n")
    if n_double:
        ends = LINE_ENDS if n_double < n_ends else LINE_ENDS[:2]
    else:
        ends = (LINE_ENDS[0], LINE_ENDS[2]) if n_ends else LINE_ENDS[:1]
    marks = (False, True) if source.has_mark else (False,)
    ways = product((False, True), units, ends, marks)
    return [Convention(unit, line_ends, mark, included) for included, unit, line_ends, mark in ways]


def settled(anchorings: list[Anchoring]) -> Convention | None:
    """Return the convention that most passages of a project's unambiguous sources follow; None without any."""
    votes: Counter[Convention] = Counter()
    for anchoring in anchorings:
        votes[anchoring.convention] += int(anchoring.anchored.sum()) * (not anchoring.rivals)
    return next((convention for convention, n in votes.most_common(1) if n), None)


def position_lines(anchorings: list[tuple[str, Anchoring]], what: str) -> list[Line]:
    """Return a line for each way of counting positions: how many sources follow it, and how much of them anchors.

    anchorings   the sources by their titles
    what         what is marked in them: passages, highlights
    """
    following: dict[str, list[tuple[str, Anchoring]]] = defaultdict(list)
    for title, each in anchorings:
        if len(each.start):
            following[str(each.convention or "no text")].append((title, each))
    lines = []
    for way, group in following.items():
        anchored = np.concatenate([each.anchored for _, each in group])
        n, kept = len(anchored), int(anchored.sum())
        note = f"{len(group)} source{'s' * (len(group) > 1)}, {100 * kept / n:.0f}% of {what} anchor"
        unsure = [(title, each.rivals[0]) for title, each in group if each.rivals]
        if unsure:
            note += f"; ambiguous in {len(unsure)}: {unsure[0][1]} fits as well"
        lines.append(Line(f"positions: {way}", n, kept, note, *(title for title, _ in unsure[:1])))
    return lines


def _positions(source: SourceText, starts, ends, convention: Convention):
    """Translate positions of a file into positions of the text; -1 for what is no position of it."""
    reached = _reached(source, replace(convention, end_included=False))
    last = ends + convention.end_included
    split = source.double_ends if convention.line_ends == LINE_ENDS[0] else np.zeros_like(source.double_ends)
    return _index(reached, split, starts), _index(reached, split, last)


@lru_cache(maxsize=1)  # the same whether the end is included or not, and as large as the text
def _reached(source: SourceText, convention: Convention) -> np.ndarray:
    """Return the position at which each character begins, and the last one ends, as a file counts."""
    mark = convention.mark_counted * (3 if convention.unit == "UTF-8 bytes" else 1)
    return np.cumsum(np.concatenate([[mark], _widths(source, convention)]))


def _widths(source: SourceText, convention: Convention) -> np.ndarray:
    codes = _codes(source.text)
    widths = np.ones(len(codes), dtype="int64")
    if convention.unit == "UTF-16 units":
        widths += codes > 0xFFFF
    if convention.unit == "UTF-8 bytes":
        widths += (codes > 0x7F).astype("int64") + (codes > 0x7FF) + (codes > 0xFFFF)
    if convention.line_ends == LINE_ENDS[2]:
        widths += codes == 10
    if convention.line_ends == LINE_ENDS[0]:
        widths += source.double_ends
    return widths


def _index(reached: np.ndarray, split: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Return the character at each position; between the two characters of a line end is before it."""
    index = np.searchsorted(reached, positions)
    inside = (index < len(reached)) & (positions >= 0)
    index = np.where(inside, index, 0)
    exact = inside & (reached[index] == positions)
    halved = inside & ~exact & (index > 0) & np.append(False, split)[index]
    return np.where(exact, index, np.where(halved, index - 1, -1))


def _edges(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Where a passage may begin or end: not inside a word, nor before a combining mark; and where spaces are."""
    codes = _codes(text)
    used = np.flatnonzero(np.bincount(codes))

    def are(kind: Callable[[str], bool]) -> np.ndarray:
        is_kind = np.zeros(used.max(initial=0) + 1, dtype=bool)
        is_kind[used] = [kind(chr(code)) for code in used]
        return is_kind[codes]

    joining, mark, space = are(_joins), codes == ord("’"), are(str.isspace)
    word = joining | are(str.isalnum)
    word[1:-1] |= mark[1:-1] & word[:-2] & word[2:]
    inside = np.append(False, word[:-1] & word[1:]) | joining if len(text) else word
    return np.append(~inside, True), np.append(space, True)


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _joins(character: str) -> bool:
    """Whether a character belongs to the one before: a combining mark, a joiner, a skin colour of an emoji."""
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _scores(text: str, start, end, edges, names) -> tuple[np.ndarray, np.ndarray]:
    """Score each passage: within the text, between words, no space at its ends, and its name's words."""
    free, space = edges
    held = (start >= 0) & (end > start) & (end <= len(text))
    first, last = np.where(held, start, 0), np.where(held, end, min(1, len(text)))
    ends = [held & free[first], held & free[last]]
    trimmed = np.sum([held & ~space[first], held & ~space[last - 1]], axis=0)
    said = np.zeros(len(held), dtype="int64")
    for at in np.flatnonzero(held) if any(names) else ():
        said[at] = _says(text[first[at] : last[at]], names[at]) if names[at] else 0
    named = said > 0
    score = held + np.sum(ends, axis=0) + trimmed + BY_NAME * named + (said == 2)
    return score, named | (np.all(ends, axis=0) & (trimmed > 0))


def _squeezed(words: str) -> str:
    for ellipsis in ELLIPSES:
        words = words.rstrip().removesuffix(ellipsis)
    return "".join(words.split())


def _says(passage: str, name: str) -> int:
    """Whether a passage is what its name says (2), or begins so (1), as it does where the name was cut short."""
    words = "".join(passage.split())
    return 2 if words == name else int(len(name) >= 20 and words.startswith(name))
