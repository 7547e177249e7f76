"""A REFI-QDA file opened: its XML without trust, the texts of its sources, and where its selections are in them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath

import numpy as np
from lxml import etree

from ncsresearch.ingest import refi_qda_map as qda
from ncsresearch.ingest.archive import Archive, check_office_file, refuse_declarations
from ncsresearch.ingest.positions import Anchoring, Convention, SourceText, anchor, decoded, settled
from ncsresearch.schema import StudyError

SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": True}
WHOLE = re.compile(r"-?\d{1,12}")
PATHS = ("plainTextPath", "richTextPath", "path")


@dataclass(frozen=True)
class Packed:
    """The passages of a source that are nothing but a place in its text and codes: a list a thing, to be short of memory.

    keys       their GUIDs
    n_codings  how many codings each has
    codings    the codings' GUIDs, coders and codes, passage by passage
    """

    keys: list[str]
    n_codings: list[int]
    codings: tuple[list[str], list[str], list[str]]


@dataclass(frozen=True)
class Source:
    """A source of a project.

    element      its element
    text         its text; None where the project has none that can be read
    selections   what is selected in it, those in the text last
    anchoring    where those in the text stand, in their order
    packed       those in the text, where all are such as can be packed: they are no elements any more
    """

    element: etree._Element
    text: SourceText | None
    selections: list[etree._Element]
    anchoring: Anchoring | None = None
    packed: Packed | None = None

    @property
    def in_text(self) -> list[etree._Element]:
        """The selections in the text."""
        return [each for each in self.selections if qda.local(each) == qda.IN_TEXT]

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Start and end of the selections that anchor in the text, by their GUID."""
        at = self.anchoring
        found = zip(self.in_text, at.start, at.end, at.anchored, strict=True)
        return {qda.key_of(each): (int(a), int(b)) for each, a, b, held in found if held and a >= 0}


@dataclass(frozen=True)
class Project:
    """A project: its name, its root element, its sources, the bytes of its notes' files by their path, and what there is to say."""

    name: str
    root: etree._Element
    sources: list[Source]
    files: dict[str, bytes | None]
    account: qda.Account
    remarks: tuple[str, ...]


def opened(path: Path) -> Project:
    """Open a project file; raises StudyError for a file that is none, or that is not safe to open.

    It is read source by source, and what a source holds is taken out of the tree where it can be packed, so that a project
    of a million codings fits into memory.
    """
    sources, account = [], qda.Account()
    with Archive(path) as archive:
        root = _read(archive, lambda element: sources.append(_source(element, archive, account)))
        notes = {address for note in root.iter("{*}Note") if (address := note.get(PATHS[0]))}
        files = {address: _file(address, archive) for address in notes}
        wanted = {address for element in root.iter() for key in PATHS if (address := element.get(key))}
        used = {key for address in wanted for key in _places(address)}
        spare = sum(entry not in used for entry in archive.entries) - 1  # the project itself
    prior = settled([each.anchoring for each in sources])
    sources = [_anchored(each, prior) if each.anchoring.rivals and prior else each for each in sources]
    return Project(root.get("name") or path.stem, root, sources, files, account, _remarks(root, spare))


def variables_of(path: Path) -> set[str]:
    """Return the names of a project's variables."""
    with Archive(path) as archive:
        root = _read(archive, lambda element: element.clear())
    return {each.get("name", "") for each in root.iter("{*}Variable")}


def _read(archive: Archive, take: Callable[[etree._Element], None]) -> etree._Element:
    """Return the tree of a project; each source is given to take as soon as it is read, which may take from it."""
    name = next((name for name in archive.entries if re.fullmatch(r"[^/]*project\.qde", name)), None)
    name = name or next((name for name in archive.entries if name.endswith(".qde")), None)
    if name is None:
        raise StudyError(f"{archive.name}: is no REFI-QDA project: it holds no project.qde.")
    tags = [f"{{*}}{kind}" for kind in qda.SOURCES]
    with _sound(archive.name):
        tree = etree.iterparse(archive.stream(name), tag=tags, collect_ids=False, **SAFE)
        for _, element in tree:
            above = {qda.local(each) for each in element.iterancestors()}
            if not above & {"Note", *qda.SOURCES}:  # else it is a twin of the one that it is in
                take(element)
    if qda.local(tree.root) != "Project":
        fault = f"its project.qde begins with {qda.local(tree.root)!r}, expected 'Project'"
        raise StudyError(f"{archive.name}: {fault}.")
    return tree.root


def opened_codebook(path: Path) -> Project:
    """Open a codebook file; raises StudyError for a file that is none."""
    root = parse(path.read_bytes(), path.name)
    if qda.local(root) != "CodeBook":
        raise StudyError(f"{path.name}: begins with {qda.local(root)!r}, expected 'CodeBook'.")
    return Project(path.stem, root, [], {}, qda.Account(), _remarks(root))


def parse(content: bytes, name: str) -> etree._Element:
    """Parse XML from elsewhere: no entities, no document type, nothing fetched."""
    refuse_declarations(content, name)
    with _sound(name):
        return etree.fromstring(content, etree.XMLParser(**SAFE))


@contextmanager
def _sound(name: str) -> Iterator[None]:
    try:
        yield
    except etree.XMLSyntaxError as error:
        fault = "nested too deeply" if "Excessive depth" in str(error) else "broken"
        raise StudyError(f"{name}: its XML is {fault} in line {error.lineno}; export it again.") from None


def _remarks(root, spare: int = 0) -> tuple[str, ...]:
    space = etree.QName(root).namespace or ""
    told = f"namespace is {space or 'missing'!r}, not the standard's; read by names alone"
    files = f"file in the zip that no source names: {spare}"
    return (*[told] * (space not in qda.NAMESPACES), *[files] * (spare > 0))


def _places(address: str) -> list[str]:
    """Where in the zip a source's path may lead: with internal:// or without, with its folder or without."""
    plain_path = re.sub(r"^(internal|relative|file)://+", "", address).replace("\\", "/").lower()
    name = PurePosixPath(plain_path).name
    return [f"sources/{plain_path}", plain_path, f"sources/{name}", name]


def _source(element, archive: Archive, account: qda.Account) -> Source:
    """Return a source of a project, packed where it can be."""
    text = _text_of(element, archive, account)
    source = _anchored(Source(element, text, _selections(element, account)))
    at = source.anchoring
    packed = _packed(source) if at.anchored.all() and not at.rivals and (at.start >= 0).all() else None
    if packed is None:
        return source
    account.packed += Counter({qda.IN_TEXT: len(packed.keys), "Coding": sum(packed.n_codings)})
    element[:] = [each for each in element if qda.local(each) != qda.IN_TEXT]
    return replace(source, text=replace(text, double_ends=None), selections=[], packed=packed)


def _packed(source: Source) -> Packed | None:
    """Return the passages of a source as lists; None where any has more than codings, each with a code and without a note."""
    keys, coders, codes = [], [], []
    passages, in_tree = source.selections, qda.children(source.element, qda.IN_TEXT)
    if not passages or len(passages) < len(in_tree):  # of two with one GUID the account has more to say
        return None
    space = source.element.tag.removesuffix(qda.local(source.element))
    passage, judged, referred = f"{space}{qda.IN_TEXT}", f"{space}Coding", f"{space}CodeRef"
    for each in passages:
        if each.tag != passage or each.getparent() is not source.element:
            return None
        for coding in each:
            code = coding[0] if len(coding) == 1 and coding.tag == judged else None
            if code is None or code.tag != referred:
                return None
            keys.append(qda.key_of(coding))
            coders.append(qda.shared_guid(coding.get("creatingUser")))
            codes.append(qda.shared_guid(code.get("targetGUID")))
    return Packed(list(map(qda.key_of, passages)), list(map(len, passages)), (keys, coders, codes))


def _file(address: str, archive: Archive) -> bytes | None:
    """Return the file that a path leads to; None where there is none."""
    found = (archive.read(place) for place in _places(address))
    return next((content for content in found if content is not None), None)


def _text_of(element, archive: Archive, account: qda.Account) -> SourceText | None:
    """Return a source's text: written in the project, in its file of plain text, or of its Word twin, line by line."""
    name, kind = element.get("name", ""), qda.local(element)
    holder = next(element.iterchildren("{*}Representation", "{*}TextDescription"), element)
    inside = holder.findtext("{*}PlainTextContent")
    plain, rich = (_file(holder.get(f"{form}TextPath") or "", archive) for form in ("plain", "rich"))
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


def _selections(element, account: qda.Account) -> list[etree._Element]:
    """Return the selections of a source, each GUID once: the text twin of a PDF's region stands for the region."""
    every = list(element.iter(*(f"{{*}}{kind}" for kind in qda.SELECTIONS)))
    unique: dict[str, etree._Element] = {}
    for each in every:
        if unique.setdefault(qda.key_of(each), each) is not each and qda.local(each) == qda.IN_TEXT:
            unique[qda.key_of(each)] = each
    kept = set(unique.values()) if len(unique) < len(every) else every
    for twin in (each for each in every if each not in kept) if kept is not every else ():
        codings = len(qda.children(twin, "Coding"))
        account.kept["Coding"] += codings
        account.remark(qda.local(twin), "also selected in the text: one passage")
        account.remark("Coding", "repeated on the text of the same passage: one coding", codings)
    return sorted(unique.values(), key=lambda each: qda.local(each) == qda.IN_TEXT)


def _anchored(source: Source, prior: Convention | None = None) -> Source:
    selected = source.in_text
    if source.text is None:
        nowhere = np.full(len(selected), -1)
        return replace(source, anchoring=Anchoring(None, nowhere, nowhere, nowhere >= 0))
    starts, ends = ([_whole(each.get(f"{end}Position")) for each in selected] for end in ("start", "end"))
    names = [each.get("name") or "" for each in selected]
    return replace(source, anchoring=anchor(source.text, starts, ends, names, prior=prior))


@lru_cache(maxsize=100_000)  # places come again in every source
def _whole(text: str | None) -> int:
    return int(text) if WHOLE.fullmatch(text or "") else -1
