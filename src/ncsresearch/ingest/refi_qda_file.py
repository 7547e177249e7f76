"""A REFI-QDA file opened: its XML parsed without trust, its source files found wherever a tool puts them."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lxml import etree

from ncsresearch.ingest.archive import Archive, refuse_declarations
from ncsresearch.schema import StudyError

NAMESPACES = ("urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0")


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
        wanted = {address for element in root.iter() for address in _addresses(element)}
        files = {address: _source_bytes(archive, address) for address in sorted(wanted)}
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


def local(element) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def guid(text: str | None) -> str:
    """Return a GUID in small letters and without braces."""
    return (text or "").strip().strip("{}").lower()


def children(element, name: str) -> list[etree._Element]:
    """Return the elements of a name that stand directly in an element, in whichever namespace."""
    return element.findall(f"{{*}}{name}")


def text_in(element, path: str) -> str:
    """Return the text of the first element at a path (names divided by slashes) in an element; empty without one."""
    return (element.findtext("/".join(f"{{*}}{name}" for name in path.split("/"))) or "").strip()


def targets(element, name: str) -> list[str]:
    """Return the GUIDs that the references of a name in an element point to."""
    return [guid(child.get("targetGUID")) for child in children(element, name)]


def _remarks(root, spare: int = 0) -> tuple[str, ...]:
    space = etree.QName(root).namespace or ""
    told = f"namespace is {space or 'missing'!r}, not the standard's; read by names alone"
    files = f"file in the zip that no source names: {spare}"
    return (*[told] * (space not in NAMESPACES), *[files] * (spare > 0))


def _addresses(element) -> list[str]:
    return [element.get(key) for key in ("plainTextPath", "richTextPath", "path") if element.get(key)]


def _places(address: str) -> list[str]:
    """Where in the zip a source's path may lead: with internal:// or without, with its folder or without."""
    plain_path = re.sub(r"^(internal|relative|file)://+", "", address).replace("\\", "/").lower()
    name = PurePosixPath(plain_path).name
    return [f"sources/{plain_path}", plain_path, f"sources/{name}", name]


def _source_bytes(archive: Archive, address: str) -> bytes | None:
    found = (archive.read(place) for place in _places(address))
    return next((content for content in found if content is not None), None)
