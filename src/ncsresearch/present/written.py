"""A paragraph of an author's finding as it is shown: its words with markers, and what each marker opens to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape

from ncsresearch.ingest.findings_file import AREAS, Citation, Paragraph, Span
from ncsresearch.present.outputs import FINDING, quoted_html
from ncsresearch.study import Study

SPAN, CITED, END = "\ue000", "\ue001", "\ue002"  # marks of a part in Markdown, which no author's text has


def is_written(study: Study) -> bool:
    """Whether the report on an area has findings of its authors, and so needs no sentence by rule on what they say."""
    narrowed = study.selection.keys() - {"area_id"}
    return bool(study.part_of) and not narrowed and f"{AREAS}/{study.part_of}" in study.findings


@dataclass(frozen=True)
class Note:
    """What a marker opens to: its line, and the quotation to be shown below the paragraph."""

    line: str
    quotation: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Written:
    """A paragraph of a finding.

    name      unique in the chapter
    heading   of the finding, above its first paragraph
    notes     what stands behind it, by span (where it is in the file) or by kind and id of a unit of evidence
    numbers   every number of it by what it counts
    evidence  ids of the units it rests on
    whole     whether it is of a chapter that shows all of the evidence
    caution   on the themes that its finding counts, below its last paragraph
    """

    name: str
    paragraph: Paragraph
    heading: str = ""
    notes: Mapping[object, Note] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    evidence: Sequence[str] = ()
    source: str = ""
    whole: bool = True
    caution: str = ""

    @property
    def quotations(self) -> list[Mapping[str, str]]:
        """The quotations that it shows."""
        return [note.quotation for note in self.notes.values() if note.quotation]

    def to_html(self) -> str:
        """The heading, the paragraph with its markers, its quotations, and the notes that the markers open."""
        heading = f"<h2>{escape(self.heading)}</h2>" if self.heading else ""
        quoted = "".join(quoted_html(quotation) for quotation in self.quotations)
        lines = [note.line for note in self.notes.values()]
        notes = "".join(
            f'<li id="{self._id(n)}">{escape(line)}</li>' for n, line in enumerate(lines, start=1)
        )
        opened = f"<details><summary>Evidence</summary><ol>{notes}</ol></details>" if notes else ""
        line = f'<p class="base">{escape(self.caution)}</p>' if self.caution else ""
        return f'<div class="written">{heading}{self._marked()}{quoted}{line}{opened}</div>'

    def _marked(self) -> str:
        """Return the paragraph as HTML: its quantities and citations lead to their notes."""
        places = {key: n for n, key in enumerate(self.notes, start=1)}
        found = rendered(self.paragraph)
        for place, part in enumerate(self.paragraph.parts):
            if isinstance(part, Span):
                words = escape(part.text)
                if part.start in places:
                    words = f'<a href="#{self._id(places[part.start])}">{words}</a>'
                found = found.replace(f"{SPAN}{place}{END}", words)
            elif isinstance(part, Citation):
                links = (self._link(places[unit]) for unit in dict.fromkeys(part.units) if unit in places)
                found = found.replace(f"{CITED}{place}{END}", "<sup>, </sup>".join(links))
        return found

    def _link(self, n: int) -> str:
        return f'<sup><a href="#{self._id(n)}"><span class="unseen">Evidence </span>{n}</a></sup>'

    def _id(self, n: int) -> str:
        return f"{self.name}-{n}"

    def _repr_mimebundle_(self, **_) -> dict:
        sentence = " ".join(filter(None, [plain(self.paragraph), self.caution]))
        return {
            "text/plain": "\n".join(filter(None, [self.heading, sentence])),
            "text/html": self.to_html(),
            FINDING: {
                "name": self.name,
                "heading": self.heading,
                "sentence": sentence,
                "numbers": dict(self.numbers),
                "evidence": list(self.evidence),
                "behind": list(dict.fromkeys(note.line for note in self.notes.values())),
                "source": self.source,
                "passages": list(map(dict, self.quotations)),
                "written": True,
                "whole": self.whole,
            }
            | ({"caution": self.caution} if self.caution else {}),
        }


def keys_of(part: str | Span | Citation) -> Sequence:
    """Return what the notes of a part are found by: where a span is in its file, or the units that a citation names."""
    return [part.start] if isinstance(part, Span) else part.units if isinstance(part, Citation) else ()


@cache
def _markdown():
    import mistune

    return mistune.create_markdown(escape=True)


def rendered(paragraph: Paragraph) -> str:
    """Return a paragraph as HTML with a mark in place of each span and citation."""
    marks = {Span: SPAN, Citation: CITED}
    parts = (
        part if isinstance(part, str) else f"{marks[type(part)]}{place}{END}"
        for place, part in enumerate(paragraph.parts)
    )
    return _markdown()(re.sub(rf"\s+(?={CITED})", "", "".join(parts))).strip()


def plain(paragraph: Paragraph) -> str:
    """Return the words of a paragraph as they read, without markers."""
    words = re.sub("<[^>]+>", "", rendered(paragraph))
    for place, part in enumerate(paragraph.parts):
        words = words.replace(f"{SPAN}{place}{END}", escape(part.text) if isinstance(part, Span) else "")
        words = words.replace(f"{CITED}{place}{END}", "")
    return re.sub(r"\s+", " ", unescape(words)).strip()
