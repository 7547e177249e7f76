"""The authors' findings: Markdown with quantities in spans and evidence in citations; the folder findings/ of a study.

A span is [text]{key=value key=value}, a citation [@point:ID; @quote:ID], and a line {{figure counts by=area_type}} places a
figure or table. Everything else is Markdown of one heading level.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.table_file import Fault
from ncsresearch.schema import StudyError, did_you_mean, nearest

FOLDER = "findings"
AREAS = "areas"
PROPOSED = "proposed"  # a folder of files as readers of a report would have them, which nothing is made of
OWN_PAGES = ("summary", "synthesis")
CITED = ("point", "quote", "passage")
PLACED = ("figure", "table")
KEYS = r'(?:\s*[a-z_]+=(?:"[^"\n]*"|[^\s"={}]*))+\s*'
KEY = re.compile(r'([a-z_]+)=(?:"([^"\n]*)"|([^\s"={}]*))')
CITATION = r"\[(?P<cited>@[\w-]+:[^\s;\[\]]+(?:;\s*@[\w-]+:[^\s;\[\]]+)*)\]"
PART = re.compile(rf"{CITATION}|\[(?P<text>[^\[\]]+)\]\{{(?P<keys>{KEYS})\}}")
PLACE = re.compile(rf"\{{\{{\s*(\w+)\s+(\w+)({KEYS})?\s*\}}\}}")
BLOCK = re.compile(r"^(?:#.*|\{\{.*|(?:(?!#|\{\{)[^\S\n]*\S.*\n?)+)", re.MULTILINE)
BROKEN = re.compile(
    r"\[[^\[\]\n]*\]\{[^{}\n]*\}?|\[@[^\]\n]*\]?|[^\s{}]*[{}]\S*|@(?:point|quote|passage):\S*"
)
CLAIMS = "claims.toml"
MIGRATE = (
    "claims.toml is no longer read. Write each of its sentences into findings/CHAPTER.md below a heading, with its quantity as a "
    "span, such as For [most]{people=CODE stance=challenge area_type=rural} people in rural areas ..., and take claims.toml "
    "away; README.md shows how, and `ncsresearch findings STUDY` says what does not hold."
)
MARKDOWN = ("paragraph", "list", "blank_line")


@dataclass(frozen=True)
class Span:
    """A quantity: the text that the author has for it, where that is in the file, and what it counts."""

    text: str
    keys: Mapping[str, str]
    start: int
    line: int

    @property
    def kind(self) -> str:
        """What is counted: the first of its keys."""
        return next(iter(self.keys))


@dataclass(frozen=True)
class Citation:
    """What a sentence rests on: the kind and id of each unit of evidence."""

    units: tuple[tuple[str, str], ...]
    line: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph or a heading in its parts: Markdown, spans and citations in their order; as written, and where in the file."""

    parts: tuple[str | Span | Citation, ...]
    line: int
    written: str = ""
    start: int = 0

    def of(self, kind: type) -> list:
        """Return its spans, or its citations."""
        return [part for part in self.parts if isinstance(part, kind)]

    @property
    def cited(self) -> list[tuple[str, str]]:
        """The kind and id of every unit of evidence that it cites, once each."""
        return list(dict.fromkeys(unit for citation in self.of(Citation) for unit in citation.units))


@dataclass(frozen=True)
class Placed:
    """A figure or table that the author puts here: the function of ncsresearch that makes its frame, and what it is asked."""

    verb: str
    function: str
    keys: Mapping[str, str]
    line: int


@dataclass(frozen=True)
class Section:
    """A finding: its heading, none for what is before the first, and what is below it."""

    heading: Paragraph | None
    blocks: tuple[Paragraph | Placed, ...]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Its heading and paragraphs."""
        return [block for block in (self.heading, *self.blocks) if isinstance(block, Paragraph)]

    @property
    def spans(self) -> list[Span]:
        """Its spans, in their order."""
        return [span for paragraph in self.paragraphs for span in paragraph.of(Span)]


@dataclass(frozen=True, eq=False)  # one file read once, so that what is found of it can be kept
class FindingsFile:
    """One file of findings: its name below findings/ without .md, its text, its sections, and what is wrong with how it is written."""

    name: str
    text: str
    sections: tuple[Section, ...]
    faults: tuple[Fault, ...]

    @property
    def spans(self) -> list[Span]:
        """Every span of the file, in order."""
        return [span for section in self.sections for span in section.spans]

    @property
    def area_id(self) -> str:
        """The area that it is about; empty for a chapter's."""
        folder, _, area_id = self.name.rpartition("/")
        return area_id if folder else ""

    def fault(self, line: int, found: str, expected: str, near: str = "") -> Fault:
        """Return what is wrong in one of its lines."""
        return Fault(f"{FOLDER}/{self.name}.md, line {line}", 0, "", found, expected, near)

    def with_texts(self, texts: Mapping[int, str]) -> str:
        """Return the text of the file with some spans, by where they are, reading otherwise; every other character as it is."""
        text = self.text
        for span in sorted(self.spans, key=lambda each: each.start, reverse=True):
            end = span.start + len(span.text)
            text = text[: span.start] + texts.get(span.start, span.text) + text[end:]
        return text


def read_findings(folder: Path, chapters: Collection[str], areas: pd.DataFrame) -> dict[str, FindingsFile]:
    """Read the files of a study's folder findings/, by name; none without it. What is wrong within one is among its faults.

    chapters, areas   the chapters and the table of areas; a file is named after a chapter, an area with a report, or is summary
                      or synthesis

    Raises StudyError for a file of another name, with the nearest right one, for one that is not UTF-8, and for a study
    that still has claims.toml.
    """
    if (folder / CLAIMS).exists():
        raise StudyError(MIGRATE)
    known = [
        *OWN_PAGES,
        *chapters,
        *(f"{AREAS}/{area}" for area in areas.loc[areas["report"].eq("yes"), "area_id"]),
    ]
    below = folder / FOLDER
    paths = [path.relative_to(below).with_suffix("") for path in sorted(below.rglob("*.md"))]
    names = [path.as_posix() for path in paths if path.parts[0] != PROPOSED]
    for name in names:
        if name not in known:
            near = did_you_mean(name, known)
            raise StudyError(
                f"{FOLDER}/{name}.md: no chapter, page or area with a report has this name.{near}"
            )
    return {name: parse_findings(name, _text(below, name)) for name in names}


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / f"{name}.md").read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        where = f"a byte at position {error.start} that is not UTF-8"
        raise StudyError(f"{FOLDER}/{name}.md: found {where}, expected a text saved as UTF-8.") from None


def parse_findings(name: str, text: str) -> FindingsFile:
    """Return a file of findings from its text."""
    empty, faults, sections = FindingsFile(name, text, (), ()), [], [(None, [])]
    marked = text.replace("\ufeff", "\n", 1) if text.startswith("\ufeff") else text
    for block in BLOCK.finditer(marked):
        written, line = block[0].rstrip(), text.count("\n", 0, block.start()) + 1
        faults += [empty.fault(*wrong) for wrong in _wrong(written, line)]
        if written.startswith("#"):
            heading = written.lstrip("#").lstrip()
            sections.append((_paragraph(heading, block.start() + written.index(heading), line), []))
        elif written.startswith("{{"):
            sections[-1][1].extend(_placed(written, line))
        else:
            sections[-1][1].append(_paragraph(written, block.start(), line))
    shown = tuple(Section(heading, tuple(blocks)) for heading, blocks in sections if heading or blocks)
    return FindingsFile(name, text, shown, tuple(faults))


def _paragraph(written: str, start: int, line: int) -> Paragraph:
    parts, end = [], 0
    for part in PART.finditer(written):
        here = line + written.count("\n", 0, part.start())
        parts.append(written[end : part.start()])
        if part["cited"]:
            units = tuple(tuple(each.strip()[1:].split(":", 1)) for each in part["cited"].split(";"))
            parts.append(Citation(units, here))
        else:
            parts.append(Span(part["text"], _keys(part["keys"]), start + part.start("text"), here))
        end = part.end()
    return Paragraph(tuple(part for part in (*parts, written[end:]) if part), line, written, start)


def _keys(written: str | None) -> dict[str, str]:
    return {key: quoted or plain for key, quoted, plain in KEY.findall(written or "")}


def _placed(written: str, line: int) -> list[Placed]:
    place = PLACE.fullmatch(written)
    return [Placed(place[1], place[2], _keys(place[3]), line)] if place and place[1] in PLACED else []


def _wrong(written: str, line: int) -> Iterator[tuple]:
    """Yield what is wrong with how a block is written: its line, what was found, what was expected and the nearest to it."""
    if written.startswith("{{"):
        place = PLACE.fullmatch(written)
        if not place or place[1] not in PLACED:
            near = nearest(place[1], PLACED) if place else ""
            yield line, repr(written), "a line such as {{figure counts by=area_type}}", near
        return
    if written.startswith("#") and not re.match(r"## +\S", written):
        begins = written[: written.find(" ") + 1 or None].strip()
        yield line, repr(begins), "a heading that begins with ##", ""
    if wrong := BROKEN.search(PART.sub(lambda part: "\n" * part[0].count("\n"), written)):
        here = line + wrong.string.count("\n", 0, wrong.start())
        shown = re.sub(r"(@[\w-]+:)[^\s;,\]]+", r"\1ID", wrong[0])  # ids of passages are a study's own
        yield here, repr(shown), "a span [text]{key=value} or a citation [@point:ID]", ""
    for part in PART.finditer(written):
        here = line + written.count("\n", 0, part.start())
        for kind in set(re.findall(r"@([\w-]+):", part["cited"] or "")).difference(CITED):
            known = ", ".join(f"@{each}:" for each in CITED)
            yield here, repr(f"@{kind}:"), f"one of {known}", nearest(kind, CITED)
    if not written.startswith("#"):
        for kind in sorted({token["type"] for token in _markdown()(written)} - {*MARKDOWN}):
            yield line, f"a {kind.replace('_', ' ')}", "a paragraph or a list", ""


@cache
def _markdown():
    """Return the parser that says what each block of a Markdown text is."""
    import mistune

    return mistune.create_markdown(renderer="ast")
