"""A Word report of a study that comes back from its readers: their comments, and the words that they changed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ncsresearch.ingest.archive import Archive, check_office_file
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, imported_file
from ncsresearch.ingest.word_marks import (
    BELOW,
    CHAPTER,
    FRONT,
    HEADING,
    STUDY,
    TABLE,
    Mark,
    digest_of,
    marks_from,
)
from ncsresearch.ingest.word_text import LETTERS, PARAGRAPH, UNSEEN, W
from ncsresearch.schema import StudyError

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
EDGES = {
    f"{W}{kind}{tag}": (kind, edge)
    for kind, tags in {"bookmark": ("Start", "End"), "comment": ("RangeStart", "RangeEnd")}.items()
    for edge, tag in enumerate(tags)
}
OURS = re.compile(rf"(?:title|(?:main|heading|finding|table|figure)_\d+)(?:_{BELOW}\d)?")
NO_WORDS, GONE = "[no words]", "its place is no longer in the report"
LOST = (
    "is a report of an earlier version, or without the properties by which comments find back; expected a newer one, as Word or "
    "LibreOffice saves it"
)
PROPOSED = "a proposal in findings/proposed; findings/ stays as it is"
Span = tuple[int, int]


@dataclass(frozen=True)
class Comment:
    """A comment as the document has it; span is where the words are that it marks, None where they are gone."""

    name: str
    author: str
    written_on: str
    text: str
    resolved: bool
    reply_to: str
    span: Span | None


@dataclass(frozen=True, eq=False)
class WordReport:
    """A report as it came back, with changes of its text as if they were accepted.

    file    its name
    title   of the study that it is a report of
    text    its words, a line a paragraph
    marks   what each place is that was marked when it was written, in order
    spans   where the marked places are in the text now
    """

    file: str
    title: str
    text: str
    marks: Mapping[str, Mark]
    spans: Mapping[str, Span]
    comments: tuple[Comment, ...]

    def words(self, name: str) -> str:
        """Return the words of a place now, with what was typed at its edges; of one whose mark is gone, what is between its neighbours."""
        if name not in self.spans:
            return self._between(name)
        start, end = self.spans[name]
        end -= self.text[start:end].endswith("\n")
        others = [at for each, span in self.spans.items() if each != name for at in span]
        first = max([self.text.rfind("\n", 0, start) + 1, *(at for at in others if at <= start)])
        return self._said(first, min([self.text.find("\n", end), *(at for at in others if at >= end)]))

    def _between(self, name: str) -> str:
        names = [*self.marks]
        at = names.index(name)
        before = [self._wholes[each][1] for each in names[:at] if each in self._wholes]
        after = [self._wholes[each][0] for each in names[at:] if each in self._wholes]
        return self._said(max(before, default=0), min(after, default=len(self.text)))

    @cached_property
    def _wholes(self) -> dict[str, Span]:
        """Where each place is with what is below it: the evidence of a finding, the cells of a table."""
        found: dict[str, Span] = {}
        for name, (start, end) in self.spans.items():
            first, last = found.get(_known(name), (start, end))
            found[_known(name)] = min(first, start), max(last, end)
        return found

    def _said(self, start: int, end: int) -> str:
        return " ".join(self.text[start:end].split())

    def places(self, span: Span) -> list[dict[str, str]]:
        """Return what a part of the text is on: each finding, or else the table, heading or paragraph."""
        met = [name for name, own in self._wholes.items() if name in self.marks and _meet(own, span)]
        findings = {_of(mark): mark for name in met if (mark := self.marks[name]).finding}
        said = self._said(*span) or self._paragraph(span[0])
        if findings:
            return [self._row(mark, mark.finding, self._headed(mark), said) for mark in findings.values()]
        tables = [name for name in met if self.marks[name].part == TABLE and name in self.spans]
        chapter = self._last(lambda name: name in self.marks and self.marks[name].part == CHAPTER, span[0])
        place = tables or self._last(lambda name: name.startswith(HEADING), span[0])
        words = self.text[slice(*self.spans[place[0]])].split("\n")[0] if place else self._paragraph(span[0])
        return [self._row(self.marks[chapter[0]] if chapter else Mark(""), "", words, said)]

    def _row(self, mark: Mark, finding: str, place: str, marked: str) -> dict[str, str]:
        own = {"chapter": mark.chapter, "area_id": mark.area_id, "finding": finding}
        return own | {"place": place, "marked": marked}

    def _last(self, wanted, at: int) -> list[str]:
        found = [name for name in self.spans if wanted(name) and self.spans[name][0] <= at]
        return sorted(found, key=lambda name: self.spans[name])[-1:]

    def _headed(self, mark: Mark) -> str:
        """Return the heading of a finding, or the nearest above it."""
        own = [name for name, each in self.marks.items() if _of(each) == _of(mark) and each.part != FRONT]
        at = [self.spans[name][0] for name in own if name in self.spans]
        above = self._last(lambda name: name.startswith(HEADING), min(at)) if at else ()
        return self.text[slice(*self.spans[above[0]])].strip() if above else ""

    def _paragraph(self, at: int) -> str:
        return self._said(self.text.rfind("\n", 0, at) + 1, self.text.find("\n", at))


def _of(mark: Mark) -> tuple[str, str, str]:
    return mark.chapter, mark.area_id, mark.finding


def _known(name: str) -> str:
    return name.partition(f"_{BELOW}")[0]


def _meet(one: Span, other: Span) -> bool:
    """Whether two parts of the text share a word, or one is a point within the other."""
    if one[0] == one[1] or other[0] == other[1]:
        return one[0] <= other[1] and other[0] <= one[1]
    return one[0] < other[1] and other[0] < one[1]


def is_word_report(path: Path) -> bool:
    """Whether a file is a Word report of a study. Raises StudyError for one that has lost what says so."""
    if path.suffix.lower() != ".docx":
        return False
    check_office_file(path.read_bytes(), path.name, "a Word document")
    with Archive(path) as archive:
        if STUDY in _properties(archive):
            return True
        body = archive.read("word/document.xml") or b""
    if all(f'w:name="heading_{number}"'.encode() in body for number in (1, 2)):
        raise StudyError(f"{path.name}: {LOST}.")
    return False


def read_word_report(path: Path) -> WordReport:
    """Read a Word report with its comments."""
    with Archive(path) as archive:
        told = _properties(archive)
        text, spans, anchors = _placed(_xml(archive, "word/document.xml"))
        comments = sorted(
            _comments(archive, anchors), key=lambda each: (each.span or (len(text), 0), each.written_on)
        )
    title = told.pop(STUDY)
    marks = marks_from({name: words for name, words in told.items() if OURS.fullmatch(name)})
    return WordReport(path.name, title, text, marks, spans, tuple(comments))


def _xml(archive: Archive, name: str):
    from lxml import etree

    content = archive.read(name)
    if content is None:
        return None
    try:
        return etree.fromstring(
            content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        )
    except etree.LxmlError:
        raise StudyError(f"{archive.name}: {name} is damaged; save the report again.") from None


def _properties(archive: Archive) -> dict[str, str]:
    root = _xml(archive, "docProps/custom.xml")
    return {} if root is None else {each.get("name"): "".join(each.itertext()) for each in root}


def _placed(body) -> tuple[str, dict[str, Span], dict[str, Span]]:
    """Return the text of a body, and where in it the report's own bookmarks and the comments are."""
    words, at, open_, found = [], 0, {}, {"bookmark": {}, "comment": {}}
    for kind, edge, told in _pieces(body):
        if kind == "text":
            words.append(told)
            at += len(told)
        elif edge == 0:
            open_[kind, told[0]] = told[1], at
        elif (begun := open_.pop((kind, told[0]), None)) or kind == "comment":
            name, start = begun or (told[0], at)
            found[kind].setdefault(name, (start, at))
    own = {name: span for name, span in found["bookmark"].items() if OURS.fullmatch(name)}
    return "".join(words), own, found["comment"]


def _pieces(element) -> Iterator[tuple]:
    """Yield the words of an element and the edges of bookmarks and comments, in order: kind, edge, and words or id and name."""
    for child in element:
        if child.tag in EDGES:
            own = child.get(f"{W}id")
            yield *EDGES[child.tag], (own, child.get(f"{W}name", own))
        elif child.tag == f"{W}commentReference":
            yield "comment", 1, (child.get(f"{W}id"), "")
        elif child.tag == f"{W}t":
            yield "text", 0, child.text or ""
        elif child.tag in LETTERS and child.get(f"{W}type") in (None, "textWrapping"):
            yield "text", 0, " "
        elif child.tag not in UNSEEN:
            yield from _pieces(child)
            if child.tag == PARAGRAPH and child.find(f"{W}pPr/{W}rPr/{W}del") is None:
                yield "text", 0, "\n"


def _comments(archive: Archive, anchors: Mapping[str, Span]) -> Iterator[Comment]:
    root, threads = _xml(archive, "word/comments.xml"), _xml(archive, "word/commentsExtended.xml")
    found = [] if root is None else list(root.iter(f"{W}comment"))
    parts = [(part.get(f"{W14}paraId"), comment) for comment in found for part in comment.iter(PARAGRAPH)]
    named = {each: comment.get(f"{W}id") for each, comment in parts if each}
    told = {} if threads is None else {each.get(f"{W15}paraId"): each for each in threads}
    states = {named[each]: state for each, state in told.items() if each in named}
    above = {name: named.get(state.get(f"{W15}paraIdParent"), "") for name, state in states.items()}
    done = {name for name, state in states.items() if state.get(f"{W15}done") in ("1", "true")}
    for comment in found:
        name = comment.get(f"{W}id")
        thread = above.get(name) or name
        when = comment.get(f"{W}date", "")[:16].replace("T", " ")
        text = "".join(each for kind, _, each in _pieces(comment) if kind == "text").strip()
        said = comment.get(f"{W}author") or "not stated", when, text or NO_WORDS
        span = anchors.get(name) or anchors.get(thread)
        yield Comment(name, *said, bool(done & {name, thread}), above.get(name, ""), span)


def changed_words(report: WordReport) -> Iterator[tuple[Mark, str]]:
    """Yield each place of a finding whose words are other than they were written, with its words now."""
    for name, mark in report.marks.items():
        if mark.finding and mark.digest != digest_of(words := report.words(name)):
            yield mark, words


def read_comments(path: Path) -> ImportedFile:
    """Read the comments of a Word report as what they bring to a study: a row for each finding or other place that one is on."""
    report, records, on_findings = read_word_report(path), Records(), 0
    for comment in report.comments:
        places = report.places(comment.span) if comment.span else [{"place": GONE}]
        on_findings += bool(places[0].get("finding"))
        for number, place in enumerate(places):
            records.add("comments", **_row(comment, number), **place, source=path.name)
    n, changed = len(report.comments), len(list(changed_words(report)))
    account = [
        all_kept("comment on a finding", on_findings),
        all_kept("comment on something else", n - on_findings, "kept with its place in words"),
        Line("changed wording of a finding", changed, 0, PROPOSED, changed=changed),
    ]
    return imported_file(path.name, records, account, guesses={"comments": {"resolved": "no"}})


def _row(comment: Comment, number: int) -> dict[str, str | None]:
    """Return the cells of a comment; a resolved one stays so, whatever an older file says."""
    return {
        "comment_id": f"{comment.name}.{number}",
        "author": comment.author,
        "written_on": comment.written_on,
        "text": comment.text,
        "resolved": "yes" if comment.resolved else None,
        "reply_to": f"{comment.reply_to}.{number}" if comment.reply_to else None,
    }
