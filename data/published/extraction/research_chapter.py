"""A chapter of a research report: sections, key points, quotations and quoted words."""

import re
from dataclasses import dataclass

import pandas as pd

from document_lines import Line, lines_of
from ncsresearch.ingest.document import BULLET, Document, text_hash
from ncsresearch.schema import StudyError, nearest
from required import need

KIND = "a research chapter"
KEY_POINTS, END = "Key points", "Contact"
GROUPS = {
    "senior manager team leader": "Senior managers / team leaders",
    "justice social worker": "Justice social workers",
    "paraprofessional": "Paraprofessionals",
    "wider professional partner": "Wider professional partners",
    "client": "Clients",
}
CHAPTER = re.compile(r"^(\d+)\. \S")
SENTENCE_END = re.compile(r"[.!?:;,”\")]$")
ATTRIBUTION = re.compile(r"\s*\(([^()]*?)\s+interview\s+(\d+)\)\s*\.?$")
BRACKETS = re.compile(r"\[([^\]]*)\]")
OMISSION = re.compile(r"^\s*(?:\.\s?\.\s?\.|…)\s*$")
REDACTION = re.compile(
    r"local authority|\bname\b|\bplace\b|\btown\b|\bcouncil\b|\bcity\b|\barea\b|^there$|^here$", re.I
)
ELLIPSIS = re.compile(r"…|\.\s?\.\s?\.")
FRAGMENT = re.compile(
    r"“(?P<curly>[^“”]+)”"
    r"|\"(?P<straight>[^\"]+)\""
    r"|(?<!\w)[‘’'](?P<single>(?:[^‘’']|(?<=\w)[’'](?=\w))+)[’'](?!\w)"
)


@dataclass(frozen=True)
class Passage:
    """A passage found in a chapter: what kind it is, where it stands and under which heading."""

    kind: str
    section: str
    start: int
    end: int
    attribution: str = ""
    number: int = 0
    bulleted: bool = True


def read_research_chapter(
    document: Document, *, document_id: str, area_id: str = ""
) -> dict[str, pd.DataFrame]:
    """Read a chapter of a research report into rows of study tables.

    Returns segments (key points, quotations, fragments), the interviews quoted, and
    attributes of passages: words, the attribution as printed, omissions, redactions and insertions.

    Raises StudyError that names what was missing if the document is not such a chapter.
    """
    lines = _body(document)
    sectioned = _sections(lines)
    quotations, rest = _quotations(document, sectioned)
    passages = [*_key_points(sectioned), *quotations, *_fragments(rest)]
    _refuse_gaps(document, passages)
    return {
        "segments": _segments(document, document_id, passages),
        "interviews": _interviews(passages),
        "attributes": pd.concat(
            [_attributes(document, document_id, passages), _headings(document_id, lines)]
        ),
    }


def _body(document: Document) -> list[Line]:
    lines = lines_of(document)
    first = next((place for place, line in enumerate(lines) if CHAPTER.match(line.text)), None)
    need(document, first is not None, "numbered chapter heading", KIND)
    last = next((place for place, line in enumerate(lines) if line.text == END), len(lines))
    return lines[first + 1 : last]


def _sections(lines: list[Line]) -> list[tuple[str, Line]]:
    section, sectioned = "", []
    for line in lines:
        if _is_heading(line):
            section = line.text
        else:
            sectioned.append((section, line))
    return sectioned


def _is_heading(line: Line) -> bool:
    short = len(line.text) < 80 and not line.is_bullet
    return short and line.text[0].isupper() and not SENTENCE_END.search(line.text)


def _whole(line: Line) -> tuple[int, int]:
    return line.start + len(BULLET) * line.is_bullet, line.start + len(line.text)


def _key_points(sectioned) -> list[Passage]:
    points = []
    for section, line in sectioned:
        if section != KEY_POINTS:
            continue
        if line.text.startswith("This chapter "):
            break
        points.append(Passage("key point", section, *_whole(line), bulleted=line.is_bullet))
    return points


def _quotations(document: Document, sectioned) -> tuple[list[Passage], list[tuple[str, Line]]]:
    """Split a chapter's lines into its attributed quotations and the prose that remains."""
    quotations, rest, opened = [], [], []
    for section, line in sectioned:
        opened = [*opened, (section, line)] if opened or line.text[0] in '“"' else []
        found = ATTRIBUTION.search(line.text)
        if found:
            marked = opened or re.search('[“"]', line.text[: found.start()])
            need(document, marked, f"quotation before {found[0].strip()!r}", KIND)
            quotations.append(_quotation(opened or [(section, line)], found))
            opened = []
        elif not opened:
            rest.append((section, line))
        elif _closes(line):
            rest += opened
            opened = []
    return quotations, rest + opened


def _closes(line: Line) -> bool:
    return line.text[-1] not in '”"' and len(re.findall('[“”"]', line.text)) % 2 == 0


def _quotation(opened: list[tuple[str, Line]], attribution: re.Match) -> Passage:
    section, first = opened[0]
    last = opened[-1][1]
    words = last.text[: attribution.start()].rstrip()
    end = last.start + len(words) - 1 if words else opened[-2][1].start + len(opened[-2][1].text) - 1
    start = first.start + (0 if first.text[0] in '“"' else _opening(words)) + 1
    return Passage("quotation", section, start, end, attribution[1], int(attribution[2]))


def _opening(words: str) -> int:
    """Place of the quotation mark that the last one of these words closes."""
    if words[-1] == '"':
        return words.index('"')
    depth = 0
    for place in range(len(words) - 1, -1, -1):
        depth += {"”": 1, "“": -1}.get(words[place], 0)
        if depth == 0:
            return place
    return 0


def _fragments(rest) -> list[Passage]:
    return [
        Passage(
            "fragment",
            section,
            line.start + found.start(found.lastgroup),
            line.start + found.end(found.lastgroup),
        )
        for section, line in rest
        for found in FRAGMENT.finditer(line.text)
    ]


def _refuse_gaps(document: Document, passages: list[Passage]) -> None:
    expected = {
        "key point": f"points under a heading {KEY_POINTS!r}",
        "quotation": "a quotation followed by (group interview number)",
    }
    kinds = {passage.kind for passage in passages}
    missing = [words for kind, words in expected.items() if kind not in kinds]
    need(document, not missing, ", no ".join(missing), KIND)
    for passage in passages:
        if passage.attribution:
            participant_group(passage.attribution, document.name)


def participant_group(attribution: str, where: str = "") -> str:
    """Return the participant group that an attribution names, whatever its spelling of it."""
    words = re.findall(r"[a-z]+", attribution.lower())
    name = " ".join(word.removesuffix("s") for word in words)
    if name not in GROUPS:
        near = GROUPS.get(nearest(name, GROUPS), "")
        hint = f" Did you mean {near!r}?" if near else ""
        raise StudyError(
            f"{where}: no participant group {attribution!r}; known: {', '.join(GROUPS.values())}.{hint}"
        )
    return GROUPS[name]


def _interview_id(passage: Passage) -> str:
    if not passage.attribution:
        return ""
    group = participant_group(passage.attribution)
    return f"{re.sub('[^a-z]+', '_', group.lower())}_{passage.number:02}"


def _named(document_id: str, passages: list[Passage]) -> list[tuple[str, int, Passage]]:
    short = {"key point": "kp", "quotation": "q", "fragment": "f"}
    named, seen = [], dict.fromkeys(short, 0)
    for passage in passages:
        seen[passage.kind] += 1
        ordinal = seen[passage.kind]
        named.append((f"{document_id}-{short[passage.kind]}{ordinal:02}", ordinal, passage))
    return named


def _segments(document: Document, document_id: str, passages: list[Passage]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segment_id": name,
            "document_id": document_id,
            "interview_id": _interview_id(passage) or None,
            "section": passage.section,
            "ordinal": ordinal,
            "kind": passage.kind,
            "start": passage.start,
            "end": passage.end,
            "text_sha256": text_hash(document.text[passage.start : passage.end]),
            "read_by": "machine",
        }
        for name, ordinal, passage in _named(document_id, passages)
    )


def _interviews(passages: list[Passage]) -> pd.DataFrame:
    quoted = {_interview_id(passage): passage for passage in passages if passage.attribution}
    return pd.DataFrame(
        {
            "interview_id": interview_id,
            "participant_group": participant_group(passage.attribution),
            "number": passage.number,
        }
        for interview_id, passage in sorted(quoted.items())
    )


def _attributes(document: Document, document_id: str, passages: list[Passage]) -> pd.DataFrame:
    rows = [
        ("segments", name, attribute, str(value))
        for name, _, passage in _named(document_id, passages)
        for attribute, value in _described(document.text[passage.start : passage.end], passage, document.text)
    ]
    return pd.DataFrame(rows, columns=["owner", "owner_id", "name", "value"])


def _headings(document_id: str, lines: list[Line]) -> pd.DataFrame:
    """The document's headings in their order, as attributes of it."""
    headings = [line.text for line in lines if _is_heading(line)]
    rows = [("documents", document_id, "section", heading) for heading in headings]
    return pd.DataFrame(rows, columns=["owner", "owner_id", "name", "value"])


def _described(words: str, passage: Passage, text: str):
    if passage.kind == "key point":
        yield "bulleted", "yes" if passage.bulleted else "no"
    if passage.kind != "quotation":
        return
    brackets = BRACKETS.findall(words)
    omissions = [inside for inside in brackets if OMISSION.match(inside)]
    redactions = [inside for inside in brackets if inside not in omissions and REDACTION.search(inside)]
    yield "attribution as printed", passage.attribution
    yield "opening mark", "straight" if text[passage.start - 1] == '"' else "curly"
    yield "words", len(words.split())
    yield "bracketed omissions", len(omissions)
    yield "bare ellipses", len(ELLIPSIS.findall(BRACKETS.sub("", words)))
    yield "redactions", len(redactions)
    yield "insertions", len(brackets) - len(omissions) - len(redactions)
    yield from (("redaction form", form) for form in dict.fromkeys(redactions))
