"""What text has a source of a REFI-QDA project, which passages are selected in it, and where do they stand?"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
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
    anchoring: Anchoring | None = None

    @property
    def in_text(self) -> list[etree._Element]:
        """The selections in the text."""
        return [each for each in self.selections if local(each) == IN_TEXT]

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Start and end of the selections that anchor in the text, by their GUID."""
        at = self.anchoring
        found = zip(self.in_text, at.start, at.end, at.anchored, strict=True)
        return {guid(each.get("guid")): (int(a), int(b)) for each, a, b, held in found if held and a >= 0}


def sources_of(project: Project, account: Account) -> list[Source]:
    """Return the sources of a project; positions in doubt follow those of the sources that leave none."""
    found = [each for each in project.root.iter() if local(each) in SOURCES and not _is_twin(each)]
    sources = [
        _anchored(Source(each, _text_of(each, project.files, account), _selections(each, account)))
        for each in found
    ]
    prior = settled([each.anchoring for each in sources])
    return [_anchored(each, prior) if each.anchoring.rivals and prior else each for each in sources]


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
    for twin in (each for each in every if unique[guid(each.get("guid"))] is not each):
        codings = len(children(twin, "Coding"))
        account.kept["Coding"] += codings
        account.remark(local(twin), "twin selection")
        account.remark("Coding", "twin coding", codings)
    return sorted(unique.values(), key=lambda each: local(each) == IN_TEXT)


def _anchored(source: Source, prior: Convention | None = None) -> Source:
    selected = source.in_text
    if source.text is None:
        nowhere = np.full(len(selected), -1)
        return replace(source, anchoring=Anchoring(None, nowhere, nowhere, nowhere >= 0))
    starts, ends = ([_whole(each.get(f"{end}Position")) for each in selected] for end in ("start", "end"))
    names = [each.get("name") or "" for each in selected]
    return replace(source, anchoring=anchor(source.text, starts, ends, names, prior=prior))


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
    unsure = [each for each in sources if each.anchoring.rivals]
    if unsure:
        note += f"; ambiguous in {len(unsure)}: {unsure[0].anchoring.rivals[0]} fits as well"
    examples = [titles[guid(each.element.get("guid"))] for each in unsure[:1]]
    return Line(f"positions: {way}", n, kept, note, *examples)
