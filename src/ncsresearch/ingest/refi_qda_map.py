"""The one map of REFI-QDA: what each element of the standard is in a study, and what an account says of it.

Reading (row_of), writing (element_of) and the account (Account) all follow ELEMENTS.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ncsresearch.ingest.imported_file import Line
from ncsresearch.ingest.refi_qda_file import guid, text_in
from ncsresearch.schema import TABLES

TOLD_AS = "How this coding is told"
WHOLE_SOURCE = "whole source"
NO_DOCUMENT = "no document"
ATTRIBUTE = "Attribute: "
NAME_IN_TOOL = "name in the tool"
IN_TEXT = "PlainTextSelection"
COMPOSED = "composed of its passages"
MADE_ON_EXPORT = "Made on export, to tell how other codes of the passage are meant."
UNTOLD = "kept in the account only: the study has no place for it"
ALL, SOME, PART = "all are kept", "those are kept that the reader counts", "a part of another: not counted"
# Lines "Include: ..." of a description, for columns that the standard has no attribute for.
LINES = {
    "Id": "code_id",
    "Include": "include",
    "Exclude": "exclude",
    "Facet": "facet",
    "Version": "version",
    "Remark": "notes",
    "Document": "document_id",
    "Title": "title",
    "Short title": "short_title",
    "Publisher": "publisher",
    "Year": "year",
    "Licence": "licence",
    "Address": "url",
    "File hash": "file_sha256",
    "Interview": "interview",
    "Text": "text_is",
    "Kind": "kind",
    "Section": "section",
    "Condition": "condition",
    "Read by": "read_by",
    "Ordinal": "ordinal",
    "Area": "area_id",
    "Area name": "name",
    "Area type": "area_type",
    "Classification": "classification",
    "GSS code": "gss_code",
    "Population": "population",
    "Population year": "population_year",
    "Case study": "case_study",
    "Report": "report",
}
LINE_OF = {column: line for line, column in LINES.items()}


@dataclass(frozen=True)
class Element:
    """One element of the standard, and what it is in a study.

    name         the element's name, without its namespace
    table        the table of which it is a row; empty where it is a cell or a part of one, or none
    ids          attributes that hold a GUID: the column, and the table it points into or the column naming that table
    attributes   other attributes, and the column of each
    coded        attributes with words of their own: the column, and what each word means there
    fixed        cells that the element's name alone says
    words        column of its description
    lines        columns that stand in lines of the description, in the order they are written
    kept         ALL, SOME or PART; an element that is not in the map is kept in the account only
    remarks      what the account says of some of them, by the reason
    """

    name: str
    table: str = ""
    ids: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    coded: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    lines: tuple[str, ...] = ()
    kept: str = SOME
    remarks: Mapping[str, str] = field(default_factory=dict)


SOURCES = {
    "TextSource": "text",
    "PDFSource": "PDF",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}
SELECTIONS = (
    *("PlainTextSelection", "PDFSelection", "PictureSelection", "AudioSelection"),
    *("VideoSelection", "TranscriptSelection"),
)
MEMBERS = {"MemberCode": "codebook", "MemberSource": "documents", "MemberNote": "notes"}
VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
PARTS = (
    *("Project", "Users", "CodeBook", "Codes", "Variables", "Cases", "Sources", "Notes", "Links", "Sets"),
    *("Description", "PlainTextContent", "CodeRef", "VariableRef", "Representation", "TextDescription"),
    *VALUES,
)
ELEMENTS = (
    Element("User", kept=ALL),
    Element(
        "Code",
        "codebook",
        ids={"guid": ("code_id", "codebook")},
        attributes={"name": "label", "color": "colour"},
        coded={"isCodable": ("notes", {"false": "a heading: not for coding"})},
        words="definition",
        lines=("code_id", "include", "exclude", "facet", "version", "notes"),
        remarks={"nested": "named A::B: placed under A"},
    ),
    Element("Variable", kept=ALL),
    Element("VariableValue", "attributes", remarks={"empty": "empty: no attribute"}),
    Element(
        "Case",
        "participants",
        ids={"guid": ("participant_id", "participants")},
        attributes={"name": "participant_id"},
        words="notes",
        kept=ALL,
    ),
    Element("SourceRef", "attendances"),
    Element("SelectionRef", "segments"),
    *(
        Element(
            name,
            "documents",
            ids={"guid": ("document_id", "documents")},
            attributes={"name": "title"},
            fixed={} if kind == "text" else {"kind": kind},
            words="notes",
            lines=(
                *("document_id", "title", "kind", "text_is", "short_title", "publisher", "year", "licence"),
                *("url", "file_sha256", "area_id", "interview"),
            ),
            remarks={
                "no text": "without its text file: passages kept unanchored"
                if kind == "text"
                else "without a text",
                "unreadable": "{error}",
                "from Word": "without its plain text: read from its Word twin",
            },
        )
        for name, kind in SOURCES.items()
    ),
    *(
        Element(
            name,
            "segments",
            ids={"guid": ("segment_id", "segments")},
            words="label",
            lines=("section", "condition", "notes", "kind", "read_by", "ordinal"),
            remarks={
                "twin": "also selected in the text: one passage",
                "nowhere": "without a place in the text: kept unanchored",
            },
        )
        for name in SELECTIONS
    ),
    Element(
        "Coding",
        "codings",
        ids={"guid": ("coding_id", "codings"), "creatingUser": ("coder", "users")},
        remarks={
            "twin": "repeated on the text of the same passage: one coding",
            "meaning": "told {facet} of the passage's other codes",
            "no code": "points to a code that the project does not have",
        },
    ),
    Element(
        "Note",
        "notes",
        ids={"guid": ("note_id", "notes"), "creatingUser": ("author", "users")},
        attributes={"name": "title"},
        kept=ALL,
    ),
    Element("NoteRef", remarks={"further": "on a further thing, or of a note that is not there"}),
    Element(
        "Link",
        "links",
        ids={
            "guid": ("link_id", "links"),
            "originGUID": ("from_id", "from_table"),
            "targetGUID": ("to_id", "to_table"),
        },
        attributes={"name": "kind"},
        coded={"direction": ("direction", {"OneWay": "from one to the other", "Bidirectional": "both ways"})},
        remarks={"loose": "joins something the project does not have"},
    ),
    Element(
        "Set",
        "sets",
        ids={"guid": ("set_id", "sets")},
        attributes={"name": "label"},
        words="description",
        kept=ALL,
        remarks={
            "stranger": "names a member that the project does not have",
            "empty": "without members",
            "attribute": "read as an attribute of its sources",
        },
    ),
    *(Element(name, "sets") for name in MEMBERS),
    *(Element(name, kept=PART) for name in PARTS),
)
MAP = {element.name: element for element in ELEMENTS}
# What our own exports write where the standard has no element: an area, and an interview without a document.
AREA = Element(
    "Set",
    "areas",
    ids={"guid": ("area_id", "areas")},
    attributes={"name": "name"},
    words="notes",
    lines=(
        *("area_id", "name", "classification", "area_type", "gss_code", "population", "population_year"),
        *("case_study", "report"),
    ),
)
INTERVIEW = Element(
    "TextSource",
    "interviews",
    ids={"guid": ("interview_id", "interviews")},
    attributes={"name": "interview_id"},
    lines=("interview", "text_is"),
)
# Tables that are made anew of the others, or carried as GUIDs; those that no element is a row of have no place.
REMADE = ("turns", "origins")
NO_PLACE = [
    name for name in TABLES if name not in {*REMADE, *(each.table for each in (*ELEMENTS, AREA, INTERVIEW))}
]
# Variables whose values are columns; all others are attributes.
VARIABLES = {
    "interviews": {
        "area": "area_id",
        "participant group": "participant_group",
        "mode": "mode",
        "number": "number",
    },
    "participants": {"area": "area_id", "participant group": "participant_group"},
}
# Codes that say how a coder's other codes of a passage are meant: the column, and the heading they are made under.
MEANT = {"stance": "stance", "client group": "about_client_group", "area type": "about_area_type"}
HEADINGS = {"stance": "Told as", "client group": "About client group", "area type": "About area type"}
REGION = (
    *("startPosition", "endPosition", "page", "firstX", "firstY", "secondX", "secondY"),
    *("begin", "end", "fromSyncPoint", "toSyncPoint"),
)


def row_of(element: etree._Element, kind: Element) -> dict[str, str]:
    """Return an element as a row of its table: its fixed cells, attributes and description, as the map has them.

    GUIDs stay; users too. A column whose line the description lacks is not in the row.
    """
    row = dict(kind.fixed) | {column: guid(element.get(name)) for name, (column, _) in kind.ids.items()}
    for name, column in kind.attributes.items():
        row[column] = element.get(name) or row.get(column, "")
    for name, (column, words) in kind.coded.items():
        row[column] = words.get(element.get(name), "")
    return row | described(text_in(element, "Description"), kind)


def described(text: str, kind: Element) -> dict[str, str]:
    """Return what a description says: its words, and the cells of the lines "Include: ...", "Facet: ..." after them."""
    told, words = {}, []
    for line in text.splitlines():
        name, mark, value = line.partition(": ")
        if mark and LINES.get(name) in kind.lines:
            told[LINES[name]] = value.strip()
        else:
            words.append(line)
    return ({kind.words: "\n".join(words).strip()} if kind.words else {}) | told


def element_of(
    kind: Element, row: Mapping[str, str], guid_of: Callable[[str, str], str], more: tuple[str, ...] = ()
) -> etree._Element:
    """Return a row as its element, the way back of row_of.

    row       cells as text, empty where there are none
    guid_of   the GUID of a table's row
    more      lines that the description ends with
    """
    element = etree.Element(kind.name)
    for name, (column, table) in kind.ids.items():
        if row[column]:
            element.set(name, guid_of(row.get(table, table), row[column]))
    for name, column in kind.attributes.items():
        if row[column] or name == "name":
            element.set(name, row[column])
    left = {column: row.get(column, "") for column in kind.lines}
    for name, (column, words) in kind.coded.items():
        for value in (value for value, meaning in words.items() if meaning == row[column]):
            element.set(name, value)
            left[column] = ""
    lines = [
        row.get(kind.words, ""),
        *(f"{LINE_OF[column]}: {cell}" for column, cell in left.items() if cell),
    ]
    if told := "\n".join(filter(None, [*lines, *more])):
        etree.SubElement(element, "Description").text = told
    return element


class Account:
    """What became of each element of a project; a class, because every part of the reading adds to it."""

    def __init__(self):
        self.kept: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.remarks: Counter[tuple[str, str]] = Counter()

    def keep(self, name: str, n: int = 1) -> None:
        """Count elements as kept."""
        self.kept[name] += n

    def change(self, name: str, reason: str, **told: object) -> None:
        """Count an element as kept in another form, which the map says."""
        self.changed[name] += 1
        self.remark(name, reason, **told)

    def remark(self, name: str, reason: str, n: int = 1, **told: object) -> None:
        """Count elements of which the map has something to say for this reason."""
        if n:
            self.remarks[name, MAP[name].remarks[reason].format(**told)] += n

    def lines(self, counts: Mapping[str, int]) -> list[Line]:
        """Return a line for each kind of element in a project, but for those that are parts of others."""
        said = defaultdict(list)
        for (name, words), n in self.remarks.items():
            said[name].append(f"{n} {words}")
        return [
            self._line(name, n, said[name])
            for name, n in counts.items()
            if MAP.get(name, Element(name)).kept != PART
        ]

    def _line(self, name: str, n: int, said: list[str]) -> Line:
        kept = n if MAP.get(name, Element(name)).kept == ALL else min(self.kept[name], n)
        note = "; ".join(said) or UNTOLD * (kept < n)
        return Line(name, n, kept, note, changed=min(self.changed[name], n))
