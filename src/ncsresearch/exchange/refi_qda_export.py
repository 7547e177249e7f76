"""A study as a REFI-QDA project (.qdpx) or codebook (.qdc), for the tools that researchers code in."""

import re
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from lxml import etree

from ncsresearch.exchange.whole_file import whole_file, write_whole
from ncsresearch.ingest.fields import stance_of
from ncsresearch.ingest.refi_qda_file import NAMESPACES
from ncsresearch.ingest.refi_qda_map import (
    AREA,
    ATTRIBUTE,
    COMPOSED,
    HEADINGS,
    IN_TEXT,
    INTERVIEW,
    MADE_ON_EXPORT,
    MAP,
    MEANT,
    MEMBERS,
    NAME_IN_TOOL,
    NO_DOCUMENT,
    NO_PLACE,
    SOURCES,
    TOLD_AS,
    VARIABLES,
    WHOLE_SOURCE,
    Element,
    element_of,
)
from ncsresearch.schema import TABLES, StudyError

GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
COLOUR = r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})"
OURS = uuid.UUID("8f5f7c2e-6a0b-5d57-9b43-2f6f0c1d7a11")
NOT_IN_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
LONGEST_NAME = 100
SOURCE_OF = {kind: source for source, kind in SOURCES.items()}
Row = dict[str, str]


def export_project(
    path: Path, title: str, tables: dict[str, pd.DataFrame], texts: dict[str, str]
) -> list[str]:
    """Write a study's tables (cells as text) as a project file, whole or not at all.

    Returns what of the study a project has no place for. Raises StudyError for a study without passages
    or codes. The same study gives the same file.
    """
    if tables["codebook"].empty and tables["documents"].empty:
        raise StudyError(
            f"{path.name}: the study has neither codes nor documents, so there is no project to write."
        )
    writer = ProjectWriter(title, tables, texts)
    files = {"project.qde": _xml(writer.project()), **writer.files}
    with whole_file(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return _without_place(tables)


def export_codebook(path: Path, title: str, tables: dict[str, pd.DataFrame]) -> list[str]:
    """Write a study's codebook as a codebook file; returns what it has no place for."""
    if tables["codebook"].empty:
        raise StudyError(f"{path.name}: the study has no codes, so there is no codebook to write.")
    root = etree.Element("CodeBook", nsmap={None: NAMESPACES[1]}, origin="ncsresearch")
    root.append(ProjectWriter(title, tables, {}).codes)
    write_whole(_xml(root), path)
    return []


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _without_place(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return what of a study a project has no place for, a line each."""
    left = {name: f"{len(tables[name])} rows" for name in NO_PLACE if len(tables[name])}
    if elsewhere := int(tables["attributes"]["owner"].isin(["survey_answers", "areas"]).sum()):
        left["attributes"] = f"{elsewhere} of areas or survey respondents"
    if others := int((~tables["codings"]["unit"].isin(["segments", "interviews"])).sum()):
        left["codings"] = f"{others} are about other units than passages"
    return [f"{name}: {what}; a project has no place for them" for name, what in left.items()]


class ProjectWriter:
    """Builds one project's tree; a class, because every part refers to others by their GUIDs.

    codes   the codebook as a tree
    files   the texts of documents, by their place in the project file
    """

    def __init__(self, title: str, tables: dict[str, pd.DataFrame], texts: dict[str, str]):
        self.title, self.texts = title, texts
        self.tables = {
            name: rows.replace(NOT_IN_XML, "", regex=True).fillna("").to_dict("records")
            for name, rows in tables.items()
        }
        self.guids = {
            (row["table"], row["row_id"]): row["source_id"]
            for row in self.tables["origins"]
            if re.fullmatch(GUID, row["source_id"])
        }
        self.files: dict[str, bytes] = {}
        self.notes = etree.Element("Notes")
        self.told_notes: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.grouping: dict[tuple[str, str], str] = {}
        self.codings = self._grouped("codings", "unit", "unit_id")
        self.attributes = self._grouped("attributes", "owner", "owner_id")
        self.notes_of = self._grouped("notes", "unit", "unit_id")
        self.document_of = {row["interview_id"]: row["document_id"] for row in self.tables["interviews"]}
        self.codes = self._codes()

    def project(self) -> etree._Element:
        """Return the whole project, its parts in the order of the standard and none of them empty."""
        root = etree.Element("Project", nsmap={None: NAMESPACES[0]}, name=self.title, origin="ncsresearch")
        self._make_codes()
        sources, cases = self._sources(), self._cases()
        for row in self.tables["notes"]:
            self._note(row)
        book = _part("CodeBook", [self.codes] if len(self.codes) else [])
        links = _part("Links", (self._element(MAP["Link"], row) for row in self.tables["links"]))
        parts = (self._users(), book, self._variables(), cases, sources, self.notes, links, self._sets())
        root.extend(part for part in parts if len(part))
        return root

    def _grouped(self, table: str, *columns: str) -> dict[str | tuple[str, ...], list[Row]]:
        groups = defaultdict(list)
        for row in self.tables[table]:
            key = tuple(row[column] for column in columns)
            groups[key if len(columns) > 1 else key[0]].append(row)
        return groups

    def _guid(self, table: str, row: str) -> str:
        """Return the GUID a row came with, or one made of its name."""
        return self.guids.get((table, row)) or str(uuid.uuid5(OURS, f"{self.title}/{table}/{row}"))

    def _element(self, kind: Element, row: Row, more: Iterable[str] = ()) -> etree._Element:
        return element_of(kind, row, self._guid, more)

    def _users(self) -> etree._Element:
        """Return the coders, and the authors of notes."""
        names = [row["coder"] for row in self.tables["codings"]]
        names += [row["author"] for row in self.tables["notes"]]
        known = dict.fromkeys(filter(None, names))
        return _part(
            "Users", (etree.Element("User", guid=self._guid("users", name), name=name) for name in known)
        )

    # codes

    def _codes(self) -> etree._Element:
        listed, book = etree.Element("Codes"), self.tables["codebook"]
        elements = {row["code_id"]: self._code(row) for row in book}
        for row in book:
            elements.get(row["parent_id"], listed).append(elements[row["code_id"]])
            if row["facet"] in MEANT:
                meaning = stance_of(row["label"]) if row["facet"] == "stance" else row["label"]
                self.grouping[row["facet"], meaning] = self._guid("codebook", row["code_id"])
        return listed

    def _code(self, row: Row) -> etree._Element:
        colour = row["colour"] if re.fullmatch(COLOUR, row["colour"]) else ""
        code = self._element(MAP["Code"], row | {"colour": colour})
        code.set("isCodable", code.get("isCodable", "true"))
        return code

    def _make_codes(self) -> None:
        """Add codes for the stances and groups that codings are told with and the codebook has no code for."""
        for facet, column in MEANT.items():
            values = {row[column] for row in self.tables["codings"]} - {""}
            missing = sorted(value for value in values if (facet, value) not in self.grouping)
            if missing:
                group = _made_code(self._guid("made", facet), HEADINGS[facet], "false")
                self.codes.append(group)
            for value in missing:
                key = self.grouping[facet, value] = self._guid("made", f"{facet}/{value}")
                group.append(_made_code(key, value, "true"))

    # sources

    def _sources(self) -> etree._Element:
        """Return every document with its passages and their codings, and every interview without a document."""
        segments = self._grouped("segments", "document_id")
        held = self._grouped("interviews", "document_id")
        sources = [
            self._source(row, segments[row["document_id"]], held[row["document_id"]])
            for row in self.tables["documents"]
        ]
        return _part("Sources", [*sources, *(self._interview(row) for row in held[""])])

    def _source(self, row: Row, segments: list[Row], held: list[Row]) -> etree._Element:
        key, kind = row["document_id"], MAP[SOURCE_OF.get(row["kind"], "TextSource")]
        text, composed = self._text_of(key, kind, segments)
        told = {"text_is": COMPOSED if composed else "", "interview": held[0]["interview_id"] if held else ""}
        element = self._element(kind, row | told)
        element.set("name", key)
        holder = self._holder(element, key, segments)
        if text is not None and (kind.name == "TextSource" or holder is not element):
            holder.set("plainTextPath", f"internal://{holder.get('guid')}.txt")
            self.files[f"sources/{holder.get('guid')}.txt"] = text.encode()
        drawn = [each for each in segments if self._told(each).get("region") != WHOLE_SOURCE]
        self._passages(element, holder, drawn, text, composed)
        for segment in segments:
            if segment not in drawn:
                self._judgements(element, "segments", segment["segment_id"])
        for interview in held:
            self._judgements(element, "interviews", interview["interview_id"])
        self._note_refs(element, "documents", key)
        for interview in held:
            self._values(element, "interviews", interview)
        return element

    def _interview(self, interview: Row) -> etree._Element:
        key = interview["interview_id"]
        element = self._element(INTERVIEW, interview | {"interview": key, "text_is": NO_DOCUMENT})
        self._judgements(element, "interviews", key)
        self._values(element, "interviews", interview)
        return element

    def _told(self, segment: Row) -> dict[str, str]:
        """Return the attributes of a passage by their names."""
        return {each["name"]: each["value"] for each in self.attributes["segments", segment["segment_id"]]}

    def _text_of(self, document: str, kind: Element, segments: list[Row]) -> tuple[str | None, bool]:
        """Return a document's text; and whether, for want of one, it is composed of the words of its passages."""
        words = [segment["text"] for segment in segments if segment["text"]]
        if document in self.texts or kind.name != "TextSource" or not words:
            return self.texts.get(document), False
        placed = any("region" in self._told(segment) for segment in segments)
        return (None, False) if placed else ("\n".join(words), True)

    def _holder(self, element, document: str, segments: list[Row]) -> etree._Element:
        """Return where passages of the text go: the source itself, or the text that stands for a PDF."""
        regions = [self._told(each).get("region", "startPosition") for each in segments]
        if element.tag != "PDFSource" or not any("startPosition" in region for region in regions):
            return element
        return etree.Element("Representation", guid=self._guid("representations", document))

    def _passages(self, element, holder, segments: list[Row], text: str | None, composed: bool) -> None:
        at = 0
        for number, row in enumerate(segments, start=1):
            if composed and row["text"]:
                row = row | {"start": str(at), "end": str(at + len(row["text"]))}
                at += len(row["text"]) + 1
            selection = self._selection(element.tag, row, text or "", number)
            self._judgements(selection, "segments", row["segment_id"])
            self._note_refs(selection, "segments", row["segment_id"])
            (holder if selection.tag == IN_TEXT else element).append(selection)
        if holder is not element:
            element.append(holder)

    def _selection(self, source: str, row: Row, text: str, number: int) -> etree._Element:
        told = self._told(row)
        region = dict(part.split("=", 1) for part in told.get("region", "").split() if "=" in part)
        drawn = source.replace("Source", "Selection")
        kind = MAP[drawn if drawn in MAP and region and "startPosition" not in region else IN_TEXT]
        usual = {"kind": "passage", "read_by": "reader", "ordinal": str(number)}
        said = row | {column: "" for column, cell in usual.items() if row[column] == cell}
        more = [
            f"{ATTRIBUTE}{each['name']} = {each['value']}"
            for each in self.attributes["segments", row["segment_id"]]
            if each["name"] not in ("region", NAME_IN_TOOL)
        ]
        selection = self._element(kind, said, more)
        place = (
            region | ({"name": told[NAME_IN_TOOL]} if NAME_IN_TOOL in told else {})
            if region
            else _place(row, text)
        )
        for name, value in place.items():
            selection.set(name, value)
        if kind.name == "PDFSelection" and row["text"]:
            key = self._guid("representations", row["segment_id"])
            words = etree.SubElement(selection, "Representation", guid=key)
            etree.SubElement(words, "PlainTextContent").text = row["text"]
        return selection

    # codings and notes

    def _judgements(self, element, unit: str, unit_id: str) -> None:
        """Write the codings of a passage; what all of a coder's are told alike is a code of its own, else a note."""
        by_coder = defaultdict(list)
        for row in self.codings.get((unit, unit_id), []):
            by_coder[row["coder"]].append(row)
        for coder, own in by_coder.items():
            shared = self._shared(own)
            for row in own:
                told = {column: row[column] for facet, column in MEANT.items() if facet not in shared}
                self._judgement(element, row, told)
            for facet, value in shared.items():
                if value:
                    made = {"coding_id": f"{own[0]['coding_id']}/{facet}", "coder": coder}
                    self._coding(element, made, self.grouping[facet, value], "made")

    def _shared(self, own: list[Row]) -> dict[str, str]:
        """Return what all of a coder's codings of a passage are told alike, unless one of them tells it itself."""
        codes = {self._guid("codebook", row["code_id"]) for row in own}
        if codes & set(self.grouping.values()):
            return {}
        first = own[0]
        return {
            facet: first[column]
            for facet, column in MEANT.items()
            if all(row[column] == first[column] for row in own)
        }

    def _judgement(self, element, row: Row, told: dict[str, str]) -> None:
        coding = self._coding(element, row, self._guid("codebook", row["code_id"]))
        lines = [f"{column}: {value}".rstrip() for column, value in told.items()]
        lines += [f"unit: {row['unit']}"] * (row["unit"] != "segments")
        lines += [f"n_references: {row['n_references']}"] * bool(row["n_references"])
        if lines:
            _refer(coding, "NoteRef", [self._told_note("\n".join(lines))])
        if row["notes"]:
            remark = {"note_id": coding.get("guid"), "title": "About this coding", "text": row["notes"]}
            _refer(coding, "NoteRef", [self._note(remark | {"author": row["coder"]}, "remark")])

    def _coding(self, element, row: Row, code: str, table: str = "codings") -> etree._Element:
        coding = self._element(MAP["Coding"], row)
        coding.set("guid", self._guid(table, row["coding_id"]))
        _refer(coding, "CodeRef", [code])
        element.append(coding)
        return coding

    def _told_note(self, text: str) -> str:
        """Return the GUID of the note that says so of codings, one note for all that are told alike."""
        if text not in self.told_notes:
            note = {"note_id": text, "title": TOLD_AS, "text": text, "author": ""}
            self.told_notes[text] = self._note(note, "told")
        return self.told_notes[text]

    def _note(self, row: Row, table: str = "notes") -> str:
        note = self._element(MAP["Note"], row)
        note.set("guid", self._guid(table, row["note_id"]))
        etree.SubElement(note, "PlainTextContent").text = row["text"]
        self.notes.append(note)
        return note.get("guid")

    def _note_refs(self, element, table: str, row_id: str) -> None:
        notes = self.notes_of.get((table, row_id), [])
        _refer(element, "NoteRef", [self._guid("notes", row["note_id"]) for row in notes])

    # people, areas and sets

    def _cases(self) -> etree._Element:
        """Return the participants, with their attributes, interviews and passages."""
        meetings = self._grouped("attendances", "participant_id")
        said = self._grouped("segments", "participant_id")
        cases = etree.Element("Cases")
        for row in self.tables["participants"]:
            person = row["participant_id"]
            case = self._element(MAP["Case"], row)
            self._values(case, "participants", row)
            _refer(case, "SourceRef", [self._source_of(each["interview_id"]) for each in meetings[person]])
            spoken = [self._guid("segments", each["segment_id"]) for each in said[person]]
            _refer(case, "SelectionRef", spoken)
            cases.append(case)
        return cases

    def _source_of(self, interview: str) -> str:
        document = self.document_of[interview]
        return self._guid("documents", document) if document else self._guid("interviews", interview)

    def _values(self, element, table: str, row: Row) -> None:
        """Write what is known of an interview or a person: their columns that are variables, and their attributes."""
        values = [(name, row[column]) for name, column in VARIABLES[table].items()]
        owned = self.attributes[table, row[TABLES[table].key[0]]]
        for name, value in (*values, *((each["name"], each["value"]) for each in owned)):
            if value:
                key = self.variables.setdefault(name, self._guid("variables", name))
                holder = etree.SubElement(element, "VariableValue")
                _refer(holder, "VariableRef", [key])
                etree.SubElement(holder, "TextValue").text = value

    def _variables(self) -> etree._Element:
        return _part(
            "Variables",
            (
                etree.Element("Variable", guid=key, name=name, typeOfVariable="Text")
                for name, key in self.variables.items()
            ),
        )

    def _sets(self) -> etree._Element:
        """Return the sets of other tools, and one set an area with what is known of it."""
        interviews = self._grouped("interviews", "area_id")
        sets = etree.Element("Sets")
        for row in self.tables["areas"]:
            element = self._element(AREA, row)
            held = interviews[row["area_id"]]
            _refer(element, "MemberSource", [self._source_of(each["interview_id"]) for each in held])
            sets.append(element)
        for members in self._grouped("sets", "set_id", "label").values():
            element = self._element(MAP["Set"], members[0])
            for name, unit in MEMBERS.items():
                own = [self._guid(unit, row["unit_id"]) for row in members if row["unit"] == unit]
                _refer(element, name, own)
            sets.append(element)
        return sets


def _part(name: str, elements: Iterable[etree._Element]) -> etree._Element:
    part = etree.Element(name)
    part.extend(elements)
    return part


def _refer(element, name: str, guids: Iterable[str]) -> None:
    for key in guids:
        etree.SubElement(element, name, targetGUID=key)


def _made_code(key: str, name: str, codable: str) -> etree._Element:
    code = etree.Element("Code", guid=key, name=name, isCodable=codable)
    etree.SubElement(code, "Description").text = MADE_ON_EXPORT
    return code


def _place(row: Row, text: str) -> dict[str, str]:
    """Return where a passage stands and its first words; one without a place has all of its words as its name."""
    if not row["start"]:
        return {"name": row["text"], "startPosition": "0", "endPosition": "0"}
    start, end = row["start"], row["end"]
    words = " ".join((row["text"] or text[int(start) : int(end)]).split())
    cut = words if len(words) <= LONGEST_NAME else f"{words[:LONGEST_NAME].rstrip()}…"
    return {"name": row["text"] if start == end else cut, "startPosition": start, "endPosition": end}
