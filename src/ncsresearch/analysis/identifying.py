"""Which words of a quotation could tell who speaks, or where?"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
NTH = r"\d{1,2}(?:st|nd|rd|th)?"
SPELLED = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|[a-z]+teenth|twentieth"
)
PATTERNS = {
    "contact": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+|(?<!\w)\+?\(?\d[\d ()-]{7,}\d(?!\w)",
    "place": r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
    "date": (
        rf"\b(?:(?:{NTH}|{SPELLED})(?: of)? (?:{MONTHS})(?:,? \d{{4}})?|(?:{MONTHS}) (?:the )?(?:{NTH}|{SPELLED})"
        rf"(?:,? \d{{4}})?|(?:{MONTHS}) \d{{4}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}}-\d\d-\d\d|(?:19|20)\d\d)\b"
    ),
}
ABBREVIATIONS = (
    "CPO CPOs CSO DTTO DTTOs MAPPA NHS GP GPs HR ID IT CV TV PC PhD ICT UK MOT JSW SSSC COVID Covid OK"
)
TITLES = "I A E God Christmas Easter Mr Mrs Ms Miss Mister Dr Scottish English British"
ALLOWED = frozenset([*MONTHS.split("|"), *DAYS.split("|"), *TITLES.split(), *ABBREVIATIONS.split()])
COMMON = (
    "a about after again all also although always an and another any anybody anyone anything are as ask at "
    "because been before being but by can cannot could did do does don't each either even ever every everybody "
    "everyone everything first for from get getting give go going good half has have having he her here hers him "
    "his how however i if in is isn't it it's its just last let like look many maybe me mind more most mostly much "
    "my never next no nobody none not nothing now of oh okay on once one only or other others our people perhaps "
    "probably quite really right same see she should since so some somebody someone something sometimes somewhere "
    "still such take that that's the their them then there there's these they this those though to too two until "
    "up us usually very was we well were what whatever when whenever where whether which while who whoever why "
    "with without would yeah yes yet you your"
)
OPENING = frozenset(COMMON.split())
CAPITALISED = re.compile(r"(?<![\w'’])[A-Z][\w&-]*(?:['’][A-Za-z]+)?")
SENTENCE_START = re.compile(r"(?:^|[.!?:…\n])[\s\"'“”‘’()\]]*$|[\"“‘(]$|(?:^|\s)'$")
BRACKETED = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, order=True)
class Identifying:
    """Some characters of a quotation that could tell who speaks or where, and what they seem to be."""

    start: int
    end: int
    kind: str


def identifying_words(
    words: str,
    *,
    listed: dict[str, Iterable[str]] | None = None,
    usual: Collection[str] = (),
    accepted: Iterable[str] = (),
) -> list[Identifying]:
    """Words of a quotation that name a person, place, organisation or date, or that may.

    listed     words known to name a person, place or organisation, by that kind
    usual      words in small letters that the study knows; where given, an unknown first word of a sentence
               counts as a name as well
    accepted   words that may stay

    Returns what was found in the order of the words, none within another, in brackets or accepted.

    Caution: a name in small letters that is on no list is not found. Somebody should read what is printed.
    """
    kept = _spans(words, accepted) + [match.span() for match in BRACKETED.finditer(words)]
    found = [
        *_listed(words, listed or {}),
        *_patterned(words),
        *_capitalised(words, usual),
    ]
    chosen: list[Identifying] = []
    for start, end, kind in found:
        if not any(start < other.end and other.start < end for other in chosen) and not _within(
            start, end, kept
        ):
            chosen.append(Identifying(start, end, kind))
    return sorted(chosen)


def words_in_small_letters(text: str) -> frozenset[str]:
    """Return every word that stands in small letters in a text, which a name does not."""
    return frozenset(re.findall(r"(?<![\w'’-])[a-z][a-z]*(?:'[a-z]+)?", text.replace("’", "'")))


def redacted(words: str, found: Iterable[Identifying]) -> str:
    """Return the words with what was found replaced by its kind in brackets; neighbours of a kind become one."""
    for one in sorted(found, reverse=True):
        words = f"{words[: one.start]}[{one.kind}]{words[one.end :]}"
    return re.sub(r"(\[(?:name|place|organisation|date)\])(?: \1)+", r"\1", words)


def _within(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def _spans(words: str, phrases: Iterable[str], flags: int = re.I) -> list[tuple[int, int]]:
    plain = words.casefold()
    there = [phrase for phrase in phrases if phrase.casefold() in plain]
    return [
        match.span()
        for phrase in sorted(there, key=len, reverse=True)
        for match in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", words, flags)
    ]


def _listed(words: str, listed: dict[str, Iterable[str]]):
    """Names as written or in capitals only (Will and will differ); places and organisations in any letters."""
    for kind, phrases in listed.items():
        own = list(phrases)
        spans = _spans(words, [*own, *map(str.upper, own)], 0) if kind == "name" else _spans(words, own)
        yield from ((start, end, kind) for start, end in spans)


def _patterned(words: str):
    for kind, pattern in PATTERNS.items():
        yield from ((*match.span(), kind) for match in re.finditer(pattern, words))


def _capitalised(words: str, usual: Collection[str]):
    for match in CAPITALISED.finditer(words):
        word = re.split(r"['’]", match.group())[0]
        known = {word, word.removesuffix("s")} & ALLOWED or word.lower() in OPENING
        starts = SENTENCE_START.search(words[: match.start()])
        if not known and not (starts and _usual(match.group(), usual)):
            kind = "organisation" if word.isupper() and len(word) > 1 else "name"
            yield match.start(), match.start() + len(word), kind


def _usual(word: str, usual: Collection[str]) -> bool:
    small = word.lower().replace("’", "'")
    parts = {small, *re.split(r"['-]", small)[:1]}
    return not usual or any(part in usual for part in parts)
