"""A REFI-QDA file opened: its XML without trust, the texts of its sources, and where its selections are in them."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path, PurePosixPath

import numpy as np
from lxml import etree

from ncsresearch.ingest.archive import Archive, check_office_file, refuse_declarations
from ncsresearch.ingest.positions import Anchoring, Convention, SourceText, anchor, decoded, settled
from ncsresearch.ingest.refi_qda_map import (
    IN_TEXT,
    NAMESPACES,
    SELECTIONS,
    SOURCES,
    Account,
    children,
    key_of,
    local,
)
from ncsresearch.schema import StudyError

PATHS = ("plainTextPath", "richTextPath", "path")


@dataclass(frozen=True)
class Project:
    """A parsed project: its name, its root element, and the bytes of its source files by their path."""

    name: str
    root: etree._Element
    files: dict[str, bytes | None]
    remarks: tuple[str, ...]


def opened(path: Path) -> Project:
    """Open a project file; raises StudyError for a file that is none, or that is not safe to open."""
    with Archive(path) as archive:
        name = next((name for name in archive.entries if re.fullmatch(r"[^/]*project\.qde", name)), None)
        name = name or next((name for name in archive.entries if name.endswith(".qde")), None)
        if name is None:
            raise StudyError(f"{path.name}: is no REFI-QDA project: it holds no project.qde.")
        root = parse(archive.read(name), path.name)
        if local(root) != "Project":
            raise StudyError(f"{path.name}: its project.qde begins with {local(root)!r}, expected 'Project'.")
        wanted = {address for element in root.iter() for key in PATHS if (address := element.get(key))}
        files = {}
        for address in sorted(wanted):
            found = (archive.read(place) for place in _places(address))
            files[address] = next((content for content in found if content is not None), None)
        used = {key for address in wanted for key in _places(address)} | {name}
        spare = sum(entry not in used for entry in archive.entries)
    return Project(root.get("name") or path.stem, root, files, _remarks(root, spare))


def opened_codebook(path: Path) -> Project:
    """Open a codebook file; raises StudyError for a file that is none."""
    root = parse(path.read_bytes(), path.name)
    if local(root) != "CodeBook":
        raise StudyError(f"{path.name}: begins with {local(root)!r}, expected 'CodeBook'.")
    return Project(path.stem, root, {}, _remarks(root))


def parse(content: bytes, name: str) -> etree._Element:
    """Parse XML from elsewhere: no entities, no document type, nothing fetched."""
    refuse_declarations(content, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        fault = "nested too deeply" if "Excessive depth" in str(error) else "broken"
        raise StudyError(f"{name}: its XML is {fault} in line {error.lineno}; export it again.") from None


def _remarks(root, spare: int = 0) -> tuple[str, ...]:
    space = etree.QName(root).namespace or ""
    told = f"namespace is {space or 'missing'!r}, not the standard's; read by names alone"
    files = f"file in the zip that no source names: {spare}"
    return (*[told] * (space not in NAMESPACES), *[files] * (spare > 0))


def _places(address: str) -> list[str]:
    """Where in the zip a source's path may lead: with internal:// or without, with its folder or without."""
    plain_path = re.sub(r"^(internal|relative|file)://+", "", address).replace("\\", "/").lower()
    name = PurePosixPath(plain_path).name
    return [f"sources/{plain_path}", plain_path, f"sources/{name}", name]


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
        return {key_of(each): (int(a), int(b)) for each, a, b, held in found if held and a >= 0}


def sources_of(project: Project, account: Account) -> list[Source]:
    """Return the sources of a project; positions in doubt follow those of the sources that leave none."""
    found = [
        each
        for each in project.root.iter()
        if local(each) in SOURCES
        and not any(local(above) in ("Note", *SOURCES) for above in each.iterancestors())  # a twin of it
    ]
    sources = [
        _anchored(Source(each, _text_of(each, project.files, account), _selections(each, account)))
        for each in found
    ]
    prior = settled([each.anchoring for each in sources])
    return [_anchored(each, prior) if each.anchoring.rivals and prior else each for each in sources]


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
            text = decoded(_word_text(rich, name).encode(), name)
            account.remark(kind, "without its plain text: read from its Word twin")
            return text
    except StudyError as error:
        account.remark(kind, str(error))
    return None


def _word_text(content: bytes, name: str) -> str:
    """Return the paragraphs of a Word document's body, one a line."""
    import docx

    check_office_file(content, name, "a Word document")
    try:
        return "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(content)).paragraphs)
    except Exception:  # python-docx raises whatever a damaged part of a document trips it into
        raise StudyError(f"{name}: its Word twin is not a Word document.") from None


def _selections(element, account: Account) -> list[etree._Element]:
    """Return the selections of a source, each GUID once: the text twin of a PDF's region stands for the region."""
    every = [each for each in element.iter() if local(each) in SELECTIONS]
    unique: dict[str, etree._Element] = {}
    for each in every:
        key = key_of(each)
        if key not in unique or local(each) == IN_TEXT:
            unique[key] = each
    for twin in (each for each in every if unique[key_of(each)] is not each):
        codings = len(children(twin, "Coding"))
        account.kept["Coding"] += codings
        account.remark(local(twin), "also selected in the text: one passage")
        account.remark("Coding", "repeated on the text of the same passage: one coding", codings)
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
