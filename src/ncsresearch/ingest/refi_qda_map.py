"""The one map of REFI-QDA: what each element of the standard is in a study, and what an account says of it.

Reading (row_of), writing (element_of) and the account (Account) all follow ELEMENTS.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from lxml import etree

from ncsresearch.ingest.imported_file import Line

NAMESPACES = ("urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0")
GuidOf = Callable[[str, str], str]
COUNTED, ALL, ROW, PART = "as the reader counts", "all", "if it is a row or points to one", "with its whole"
UNTOLD = "kept in the account only: the study has no place for it"


@dataclass(frozen=True)
class Element:
    """One element of the standard, and what it is in a study.

    name         the element's name, without its namespace
    table        the table it is a row of, or the table it points into; empty where it is neither
    attributes   its attributes and the column of each, as attribute=column; GUIDs are ids, CODED has words of its own
    words        the column of its description
    lines        columns that are lines "Include: ..." of its description, as column=Line where the line has another name
    kept         which of them a study keeps; an element that is not in the map is in the account only
    """

    name: str
    table: str = ""
    attributes: str = ""
    words: str = ""
    lines: str = ""
    kept: str = COUNTED

    @cached_property
    def column_of(self) -> dict[str, str]:
        """The column of each attribute."""
        return dict(pair.split("=") for pair in self.attributes.split())

    @cached_property
    def line_of(self) -> dict[str, str]:
        """What the line of each column begins with, in the order they are written."""
        pairs = [pair.partition("=") for pair in self.lines.split()]
        names = {column: (name or column).replace("_", " ") for column, _, name in pairs}
        return {column: name[:1].upper() + name[1:] for column, name in names.items()}


IN_TEXT = "PlainTextSelection"
SELECTIONS = [f"{kind}Selection" for kind in ("PlainText", "PDF", "Picture", "Audio", "Video", "Transcript")]
SOURCES = {"TextSource": "", "PDFSource": "PDF", "PictureSource": "picture"}
SOURCES |= {"AudioSource": "audio", "VideoSource": "video"}
MEMBERS = {"MemberCode": "codebook", "MemberSource": "documents", "MemberNote": "notes"}
VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
PARTS = (
    *("Project", "Users", "CodeBook", "Codes", "Variables", "Cases", "Sources", "Notes", "Links", "Sets"),
    *("Description", "PlainTextContent", "CodeRef", "VariableRef", "Representation", "TextDescription"),
    *VALUES,
)
CODE = "code_id=Id include exclude facet version notes=Remark"
DOCUMENT = (
    "document_id=Document title kind text_is=Text short_title publisher year licence url=Address "
    "file_sha256=File_hash area_id=Area interview"
)
PASSAGE = "section condition notes=Remark kind read_by ordinal attributes=Attribute"
AREA_LINES = (
    "area_id=Area name=Area_name classification area_type gss_code=GSS_code population population_year "
    "case_study report"
)
ENDS = "originGUID=from_id targetGUID=to_id"
ELEMENTS = (
    Element("User", kept=ALL),
    Element("Code", "codebook", "guid=code_id name=label color=colour isCodable=notes", "definition", CODE),
    Element("Variable", kept=ALL),
    Element("VariableValue", "attributes"),
    Element("Case", "participants", "guid=participant_id name=participant_id", "notes", kept=ALL),
    Element("SourceRef", "documents", kept=ROW),
    Element("SelectionRef", "segments", kept=ROW),
    *(Element(name, "documents", "guid=document_id name=title", "notes", DOCUMENT, ROW) for name in SOURCES),
    *(Element(name, "segments", "guid=segment_id", "label", PASSAGE, ROW) for name in SELECTIONS),
    Element("Coding", "codings", "guid=coding_id creatingUser=coder"),
    Element("Note", "notes", "guid=note_id name=title creatingUser=author", kept=ALL),
    Element("NoteRef"),
    Element("Link", "links", f"guid=link_id name=kind {ENDS} direction=direction"),
    Element("Set", "sets", "guid=set_id name=label", "description", kept=ALL),
    *(Element(name, table, kept=ROW) for name, table in MEMBERS.items()),
    *(Element(name, kept=PART) for name in PARTS),
)
MAP = {element.name: element for element in ELEMENTS}
# What our own exports write where the standard has no element: an area, and an interview without a document.
AREA = Element("Set", "areas", "guid=area_id name=name", "notes", AREA_LINES)
INTERVIEW = Element(
    "TextSource", "interviews", "guid=interview_id name=interview_id", "", "interview text_is=Text"
)
CODED = {
    "isCodable": {"false": "a heading: not for coding"},
    "direction": {"OneWay": "from one to the other", "Bidirectional": "both ways"},
}
PERSONAL = {"area": "area_id", "participant group": "participant_group"}
# Variables whose values are columns; all others are attributes.
VARIABLES = {"participants": PERSONAL, "interviews": PERSONAL | {"mode": "mode", "number": "number"}}
# Codes that say how a coder's other codes of a passage are meant: the column, and the heading they are made under.
MEANT = {"stance": "stance", "client group": "about_client_group", "area type": "about_area_type"}
HEADINGS = {"stance": "Told as", "client group": "About client group", "area type": "About area type"}
MADE_ON_EXPORT = "Made on export, to tell how other codes of the passage are meant."
TOLD_AS = "How this coding is told"
# Where a selection is that has no place in the text.
REGION = (
    *("startPosition", "endPosition", "page", "firstX", "firstY", "secondX", "secondY"),
    *("begin", "end", "fromSyncPoint", "toSyncPoint"),
)
WHOLE_SOURCE, NAME_IN_TOOL = "whole source", "name in the tool"
NO_DOCUMENT, COMPOSED = "no document", "composed of its passages"


def local(element) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def guid(text: str | None) -> str:
    """Return a GUID in small letters and without braces."""
    return (text or "").strip().strip("{}").lower()


shared_guid = lru_cache(maxsize=10_000)(guid)  # of what very many codings point to: kept once


def key_of(element) -> str:
    """Return the GUID of an element."""
    return guid(element.get("guid"))


def children(element, name: str) -> list[etree._Element]:
    """Return the elements of a name that stand directly in an element, in whichever namespace."""
    return list(element.iterchildren(f"{{*}}{name}"))


def text_in(element, path: str) -> str:
    """Return the text of the first element at a path (names divided by slashes) in an element; empty without one."""
    return (element.findtext("/".join(f"{{*}}{name}" for name in path.split("/"))) or "").strip()


def targets(element, name: str) -> list[str]:
    """Return the GUIDs that the references of a name in an element point to."""
    return [guid(child.get("targetGUID")) for child in children(element, name)]


def coding_of(element: etree._Element) -> "Coding":
    """Return an element as a coding."""
    codes, notes = (tuple(targets(element, f"{name}Ref")) for name in ("Code", "Note"))
    return Coding(key_of(element), guid(element.get("creatingUser")), codes, notes)


def row_of(element: etree._Element, kind: Element) -> dict[str, str]:
    """Return an element as a row of its table: its attributes and its description, GUIDs as they are.

    A column whose line the description lacks is not in the row.
    """
    row: dict[str, str] = {}
    for name, column in kind.column_of.items():
        value = element.get(name) or ""
        if name in CODED:
            row[column] = CODED[name].get(value, "")
        else:
            row[column] = guid(value) if _is_guid(name) else value or row.get(column, "")
    return row | described(text_in(element, "Description"), kind)


def described(text: str, kind: Element) -> dict[str, str]:
    """Return what a description says: its words, and the cells of the lines "Include: ...", "Facet: ..." after them.

    A line that comes again goes on with its cell.
    """
    columns = {line: column for column, line in kind.line_of.items()}
    told: dict[str, list[str]] = defaultdict(list, {kind.words: []})
    for line in text.splitlines():
        name, mark, value = line.partition(": ")
        if mark and name in columns:
            told[columns[name]].append(value.strip())
        else:
            told[kind.words].append(line)
    return {column: "\n".join(cells).strip() for column, cells in told.items() if column}


def element_of(kind: Element, row: Mapping[str, str], guid_of: GuidOf) -> etree._Element:
    """Return a row as its element, the way back of row_of.

    row       cells as text, empty where there are none
    guid_of   the GUID of a table's row
    """
    element = etree.Element(kind.name)
    lines = {column: row.get(column, "") for column in kind.line_of}
    for name, column in kind.column_of.items():
        value = row[column]
        if name in CODED:
            value = next((word for word, meaning in CODED[name].items() if meaning == row[column]), "")
            lines |= {column: ""} if value else {}
        elif _is_guid(name) and value:
            of = {"guid": kind.table, "creatingUser": "users"}.get(name) or row[
                column.replace("_id", "_table")
            ]
            value = guid_of(of, value)
        if value or name == "name":
            element.set(name, value)
    told = [f"{kind.line_of[column]}: {line}" for column, cell in lines.items() for line in cell.splitlines()]
    if description := "\n".join(filter(None, [row.get(kind.words, ""), *told])):
        etree.SubElement(element, "Description").text = description
    return element


def region_of(selection: etree._Element) -> list[tuple[str, str]]:
    """Return where a selection is and what its tool calls it, as attributes of a passage."""
    places = " ".join(f"{name}={selection.get(name)}" for name in REGION if selection.get(name) is not None)
    named = selection.get("name")
    return [("region", places), *([(NAME_IN_TOOL, named)] if named else [])]


def place_in(told: Mapping[str, str]) -> dict[str, str]:
    """Return attributes of a passage as those of its selection, the way back of region_of; none without a region."""
    place = dict(part.split("=", 1) for part in told.get("region", "").split() if "=" in part)
    return place | ({"name": told[NAME_IN_TOOL]} if place and NAME_IN_TOOL in told else {})


def _is_guid(attribute: str) -> bool:
    return attribute.lower().endswith(("guid", "user"))


class Coding(NamedTuple):
    """A coding of a project: its GUID, its coder's, those of its codes and those of its notes."""

    key: str
    user: str
    codes: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass
class Account:
    """What became of the elements of a project, as far as the map does not say it: counts by element.

    kept      those that the study has as they are
    changed   those that it has in another form
    said      those of which there is something to say, by element and words
    packed    those that are rows and in the tree no more
    """

    kept: Counter = field(default_factory=Counter)
    changed: Counter = field(default_factory=Counter)
    said: Counter = field(default_factory=Counter)
    packed: Counter = field(default_factory=Counter)

    def remark(self, name: str, words: str, n: int = 1) -> None:
        """Count elements of which there is something to say."""
        if n:
            self.said[name, words] += n

    def lines(self, root: etree._Element, rows: Container[str]) -> list[Line]:
        """Return a line for each kind of element in a project, but for those that go with others.

        rows   the GUIDs of all that is a row of the study
        """
        found = defaultdict(list)
        for element in root.iter():
            found[local(element)].append(element)
            if local(element) in SOURCES:
                found |= {name: found[name] for name in self.packed}
        kinds = {name: MAP.get(name, Element(name)) for name in found if name}
        return [self._line(kind, found[name], rows) for name, kind in kinds.items() if kind.kept != PART]

    def _line(self, kind: Element, found: list[etree._Element], rows: Container[str]) -> Line:
        packed = self.packed[kind.name]
        n = len(found) + packed
        kept = n if kind.kept == ALL else self.kept[kind.name]
        if kind.kept == ROW:
            kept = packed + sum(guid(each.get("targetGUID") or each.get("guid")) in rows for each in found)
        said = [f"{times} {words}" for (name, words), times in self.said.items() if name == kind.name]
        note = "; ".join(said) or UNTOLD * (kept < n)
        return Line(kind.name, n, min(kept, n), note, changed=min(self.changed[kind.name], n))
