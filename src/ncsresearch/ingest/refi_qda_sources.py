"""What text has a source of a REFI-QDA project, which passages are selected in it, and where do they stand?"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from lxml import etree

from ncsresearch.ingest.document import word_text
from ncsresearch.ingest.imported_file import Line
from ncsresearch.ingest.positions import Anchoring, Convention, SourceText, anchor, decoded, settled
from ncsresearch.ingest.refi_qda_file import Project, children, guid, local
from ncsresearch.ingest.refi_qda_map import IN_TEXT, SELECTIONS, SOURCES, Account
from ncsresearch.schema import StudyError


@dataclass(frozen=True)
class Source:
    """A source of a project.

    element      its element
    text         its text; None where the project has none that can be read
    selections   what is selected in it, those in the text last
    anchoring    where those in the text stand, in their order
    """

    element: etree._Element
    text: SourceText | None
    selections: list[etree._Element]
    anchoring: Anchoring

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Start and end of the selections that anchor in the text, by their GUID."""
        at = self.anchoring
        found = zip(_in_text(self.selections), at.start, at.end, at.anchored, strict=True)
        return {guid(each.get("guid")): (int(a), int(b)) for each, a, b, held in found if held and a >= 0}


def sources_of(project: Project, account: Account) -> list[Source]:
    """Return the sources of a project; positions in doubt follow those of the sources that leave none."""
    found = [each for each in project.root.iter() if local(each) in SOURCES and not _is_twin(each)]
    texts = [_text_of(each, project.files, account) for each in found]
    selections = [_selections(each, account) for each in found]
    firsts = [_anchored(*pair) for pair in zip(texts, selections, strict=True)]
    prior = settled(firsts)
    return [
        Source(
            element,
            text,
            selected,
            _anchored(text, selected, prior) if first.rivals and prior else first,
        )
        for element, text, selected, first in zip(found, texts, selections, firsts, strict=True)
    ]


def _is_twin(element) -> bool:
    return any(local(above) in ("Note", *SOURCES) for above in element.iterancestors())


def _text_of(element, files: dict[str, bytes | None], account: Account) -> SourceText | None:
    """Return a source's text: written in the project, in its file of plain text, or of its Word twin, line by line."""
    name, kind = element.get("name", ""), local(element)
    holder = next((each for each in element if local(each) in ("Representation", "TextDescription")), element)
    inside = holder.findtext("{*}PlainTextContent")
    plain, rich = (files.get(holder.get(f"{form}TextPath") or "") for form in ("plain", "rich"))
    try:
        if inside or plain is not None:
            return decoded(inside.encode() if inside else plain, name)
        if rich is not None:
            text = decoded(word_text(rich, name).encode(), name)
            account.remark(kind, "from Word")
            return text
    except StudyError as error:
        account.remark(kind, str(error))
    return None


def _selections(element, account: Account) -> list[etree._Element]:
    """Return the selections of a source, each GUID once: the text twin of a PDF's region stands for the region."""
    every = [each for each in element.iter() if local(each) in SELECTIONS]
    unique: dict[str, etree._Element] = {}
    for each in every:
        key = guid(each.get("guid"))
        if key not in unique or local(each) == IN_TEXT:
            unique[key] = each
    chosen = sorted(unique.values(), key=lambda each: local(each) == IN_TEXT)
    for twin in (each for each in every if each not in chosen):
        codings = len(children(twin, "Coding"))
        account.kept["Coding"] += codings
        account.remark(local(twin), "twin selection")
        account.remark("Coding", "twin coding", codings)
    return chosen


def _in_text(selections: list[etree._Element]) -> list[etree._Element]:
    return [each for each in selections if local(each) == IN_TEXT]


def _anchored(
    text: SourceText | None, selections: list[etree._Element], prior: Convention | None = None
) -> Anchoring:
    selected = _in_text(selections)
    if text is None:
        nowhere = np.full(len(selected), -1)
        return Anchoring(None, nowhere, nowhere, nowhere >= 0)
    starts, ends = ([_whole(each.get(f"{end}Position")) for each in selected] for end in ("start", "end"))
    return anchor(text, starts, ends, [each.get("name") or "" for each in selected], prior=prior)


def _whole(text: str | None) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,12}", text or "") else -1


def position_lines(sources: list[Source], titles: dict[str, str]) -> list[Line]:
    """Return a line for each way of counting positions: how many sources follow it, and how much of them anchors.

    titles   the sources' titles by their GUID
    """
    following: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        if len(source.anchoring.start):
            following[str(source.anchoring.convention or "no text")].append(source)
    return [_position_line(way, group, titles) for way, group in following.items()]


def _position_line(way: str, sources: list[Source], titles: dict[str, str]) -> Line:
    n = sum(len(each.anchoring.start) for each in sources)
    kept = sum(int(each.anchoring.anchored.sum()) for each in sources)
    note = f"{len(sources)} source{'s' * (len(sources) > 1)}, {100 * kept / n:.0f}% of passages anchor"
    unsure = next((each for each in sources if each.anchoring.rivals), None)
    if unsure is None:
        return Line(f"positions: {way}", n, kept, note)
    n_unsure = sum(bool(each.anchoring.rivals) for each in sources)
    note += f"; ambiguous in {n_unsure}: {unsure.anchoring.rivals[0]} fits as well"
    return Line(f"positions: {way}", n, kept, note, titles[guid(unsure.element.get("guid"))])
