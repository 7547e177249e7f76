"""A study as a REFI-QDA project (.qdpx) or codebook (.qdc), for the tools that researchers code in."""

import re
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path

import pandas as pd
from lxml import etree
from lxml.builder import E

from ncsresearch.exchange.writers import ExportedStudy
from ncsresearch.ingest import refi_qda_map as qda
from ncsresearch.ingest.fields import stance_of
from ncsresearch.ingest.whole_file import whole_file, write_whole
from ncsresearch.schema import TABLES, StudyError

GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
COLOUR = r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})"
OURS = uuid.UUID("8f5f7c2e-6a0b-5d57-9b43-2f6f0c1d7a11")
NOT_IN_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
LONGEST_NAME = 100
# Turns are read from the texts again, attendances are references of a case, origins are the GUIDs.
REMADE = ("turns", "attendances", "origins")
SOURCE_OF = {kind: source for source, kind in qda.SOURCES.items()}
Row = dict[str, str]


def write_project(file: Path, study: ExportedStudy) -> list[str]:
    """Write a study as a project file, whole or not at all.

    Returns what of the study a project has no place for. Raises StudyError for a study without documents and codes.
    The same study gives the same file.
    """
    if study.tables["codebook"].empty and study.tables["documents"].empty:
        raise StudyError(
            f"{file.name}: the study has neither codes nor documents, so there is no project to write."
        )
    writer = ProjectWriter(study)
    files = {"project.qde": _xml(writer.project()), **writer.files}
    with whole_file(file) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return _without_place(study.tables)


def write_codebook(file: Path, study: ExportedStudy) -> list[str]:
    """Write a study's codebook as a codebook file; returns what it has no place for."""
    if study.tables["codebook"].empty:
        raise StudyError(f"{file.name}: the study has no codes, so there is no codebook to write.")
    root = etree.Element("CodeBook", nsmap={None: qda.NAMESPACES[1]}, origin="ncsresearch")
    root.append(ProjectWriter(study).codes)
    write_whole(_xml(root), file)
    return []


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _without_place(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return what of a study a project has no place for, a line each."""
    placed = {*REMADE, *(kind.table for kind in (*qda.MAP.values(), qda.AREA, qda.INTERVIEW))}
    left = {name: f"{len(tables[name])} rows" for name in TABLES if name not in placed and len(tables[name])}
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

    def __init__(self, study: ExportedStudy):
        self.title, self.texts, tables = study.title, study.texts, study.tables
        clean = {name: rows.replace(NOT_IN_XML, "", regex=True).fillna("") for name, rows in tables.items()}
        self.tables = {name: rows.to_dict("records") for name, rows in clean.items()}
        refi = [row for row in self.tables["origins"] if re.fullmatch(GUID, row["source_id"])]
        self.guids = {(row["table"], row["row_id"]): row["source_id"] for row in refi}
        self.files: dict[str, bytes] = {}
        self.notes: dict[str, etree._Element] = {}
        self.variables: dict[str, str] = {}
        self.codings = self._by("codings", "unit", "unit_id")
        self.attributes = self._by("attributes", "owner", "owner_id")
        self.notes_of = self._by("notes", "unit", "unit_id")
        self.document_of = {row["interview_id"]: row["document_id"] for row in self.tables["interviews"]}
        self.code_of: dict[tuple[str, str], str] = {}
        self.codes = self._codes()

    def project(self) -> etree._Element:
        """Return the whole project, its parts in the order of the standard and none of them empty."""
        self._make_codes()
        sources, cases = self._sources(), self._cases()
        for row in self.tables["notes"]:
            self._note("notes", **{name: row[name] for name in ("note_id", "title", "text", "author")})
        names = [row["coder"] for row in self.tables["codings"]]
        names += [row["author"] for row in self.tables["notes"] if row["author"]]
        users = [E("User", guid=self._guid("users", name), name=name) for name in dict.fromkeys(names)]
        variables = [
            E("Variable", guid=key, name=name, typeOfVariable="Text") for name, key in self.variables.items()
        ]
        parts = (
            E("Users", *users),
            E("CodeBook", *([self.codes] if len(self.codes) else [])),
            E("Variables", *variables),
            cases,
            sources,
            E("Notes", *self.notes.values()),
            E("Links", *(self._element(qda.MAP["Link"], row) for row in self.tables["links"])),
            self._sets(),
        )
        root = etree.Element(
            "Project", nsmap={None: qda.NAMESPACES[0]}, name=self.title, origin="ncsresearch"
        )
        root.extend(part for part in parts if len(part))
        return root

    def _by(self, table: str, *columns: str) -> dict:
        """Return the rows of a table by the cells of one or several columns."""
        groups, cells = defaultdict(list), itemgetter(*columns)
        for row in self.tables[table]:
            groups[cells(row)].append(row)
        return groups

    def _guid(self, table: str, row: str) -> str:
        """Return the GUID a row came with, or one made of its name."""
        return self.guids.get((table, row)) or str(uuid.uuid5(OURS, f"{self.title}/{table}/{row}"))

    def _element(self, kind: qda.Element, row: Row) -> etree._Element:
        return qda.element_of(kind, row, self._guid)

    # codes

    def _codes(self) -> etree._Element:
        listed, book = E("Codes"), self.tables["codebook"]
        elements = {row["code_id"]: self._code(row) for row in book}
        for row in book:
            elements.get(row["parent_id"], listed).append(elements[row["code_id"]])
            if row["facet"] in qda.MEANT:
                meaning = stance_of(row["label"]) if row["facet"] == "stance" else row["label"]
                self.code_of[row["facet"], meaning] = self._guid("codebook", row["code_id"])
        return listed

    def _code(self, row: Row) -> etree._Element:
        colour = row["colour"] if re.fullmatch(COLOUR, row["colour"]) else ""
        code = self._element(qda.MAP["Code"], row | {"colour": colour})
        code.set("isCodable", code.get("isCodable", "true"))
        return code

    def _make_codes(self) -> None:
        """Add codes for the stances and groups that codings are told with and the codebook has no code for."""
        for facet, column in qda.MEANT.items():
            told = {(facet, row[column]) for row in self.tables["codings"] if row[column]}
            missing = sorted(told - set(self.code_of))
            self.code_of |= {(facet, value): self._guid("made", f"{facet}/{value}") for _, value in missing}
            made = [_made_code(self.code_of[each], each[1], "true") for each in missing]
            if made:
                self.codes.append(_made_code(self._guid("made", facet), qda.HEADINGS[facet], "false", *made))

    # sources and their passages

    def _sources(self) -> etree._Element:
        """Return every document with its passages and their codings, and every interview without a document."""
        segments, held = self._by("segments", "document_id"), self._by("interviews", "document_id")
        sources = E("Sources")
        for row in self.tables["documents"]:
            key = row["document_id"]
            sources.append(self._source(row, segments[key], held[key]))
        for row in held[""]:
            key = row["interview_id"]
            element = self._element(qda.INTERVIEW, row | {"interview": key, "text_is": qda.NO_DOCUMENT})
            sources.append(self._described(element, [("interviews", key)], [], [row]))
        return sources

    def _source(self, row: Row, segments: list[Row], held: list[Row]) -> etree._Element:
        key, kind = row["document_id"], qda.MAP[SOURCE_OF.get(row["kind"], "TextSource")]
        text, composed = self._text_of(key, kind, segments)
        told = {
            "text_is": qda.COMPOSED if composed else "",
            "interview": held[0]["interview_id"] if held else "",
        }
        element = self._element(kind, row | told)
        element.set("name", key)
        holder = self._holder(element, key, segments)
        if text is not None and (kind.name == "TextSource" or holder is not element):
            holder.set("plainTextPath", f"internal://{holder.get('guid')}.txt")
            self.files[f"sources/{holder.get('guid')}.txt"] = text.encode()
        whole = [each for each in segments if self._told(each).get("region") == qda.WHOLE_SOURCE]
        drawn = [each for each in segments if each not in whole]
        for selection in self._selections(element.tag, drawn, text or "", composed):
            (holder if selection.tag == qda.IN_TEXT else element).append(selection)
        if holder is not element:
            element.append(holder)
        units = [("segments", each["segment_id"]) for each in whole]
        units += [("interviews", each["interview_id"]) for each in held]
        return self._described(element, units, self.notes_of["documents", key], held)

    def _described(self, element, units: list[tuple], notes: list[Row], held: list[Row]) -> etree._Element:
        """Return a source with the codings of units that are all of it, its notes and what is known of its interviews."""
        for unit in units:
            self._judgements(element, self.codings[unit])
        _refer(element, "NoteRef", [self._guid("notes", note["note_id"]) for note in notes])
        for interview in held:
            self._values(element, "interviews", interview)
        return element

    def _told(self, segment: Row) -> dict[str, str]:
        """Return the attributes of a passage by their names."""
        return {each["name"]: each["value"] for each in self.attributes["segments", segment["segment_id"]]}

    def _text_of(self, document: str, kind: qda.Element, segments: list[Row]) -> tuple[str | None, bool]:
        """Return a document's text; and whether, for want of one, it is composed of the words of its passages."""
        words = [segment["text"] for segment in segments if segment["text"]]
        placed = any("region" in self._told(segment) for segment in segments)
        composed = document not in self.texts and kind.name == "TextSource" and bool(words) and not placed
        return "\n".join(words) if composed else self.texts.get(document), composed

    def _holder(self, element, document: str, segments: list[Row]) -> etree._Element:
        """Return where passages of the text go: the source itself, or the text that stands for a PDF."""
        regions = [self._told(each).get("region", "startPosition") for each in segments]
        if element.tag != "PDFSource" or not any("startPosition" in region for region in regions):
            return element
        return E("Representation", guid=self._guid("representations", document))

    def _selections(
        self, source: str, segments: list[Row], text: str, composed: bool
    ) -> Iterator[etree._Element]:
        """Yield the passages of a source; in a composed text they follow each other, a line each."""
        at = 0
        for number, row in enumerate(segments, start=1):
            if composed and row["text"]:
                row = row | {"start": str(at), "end": str(at + len(row["text"]))}
                at += len(row["text"]) + 1
            usual = {"kind": "passage", "read_by": "reader", "ordinal": str(number)}
            unusual = row | {column: "" for column, cell in usual.items() if row[column] == cell}
            selection = self._selection(source, unusual, text)
            key = row["segment_id"]
            yield self._described(selection, [("segments", key)], self.notes_of["segments", key], [])

    def _selection(self, source: str, row: Row, text: str) -> etree._Element:
        place, attributes = qda.place_in(self._told(row)), self.attributes["segments", row["segment_id"]]
        others = [each for each in attributes if each["name"] not in ("region", qda.NAME_IN_TOOL)]
        lines = "\n".join(f"{each['name']} = {each['value']}" for each in others)
        drawn = source.replace("Source", "Selection")
        kind = qda.MAP[drawn if drawn in qda.MAP and place and "startPosition" not in place else qda.IN_TEXT]
        selection = self._element(kind, row | {"attributes": lines})
        for name, value in (place or _place(row, text)).items():
            selection.set(name, value)
        if kind.name == "PDFSelection" and row["text"]:
            words = E("PlainTextContent", row["text"])
            key = self._guid("representations", row["segment_id"])
            selection.append(E("Representation", words, guid=key))
        return selection

    # codings and notes

    def _judgements(self, element, codings: list[Row]) -> None:
        """Write the codings of a unit; what all of a coder's are told alike is a code of its own, else a note."""
        by_coder = defaultdict(list)
        for row in codings:
            by_coder[row["coder"]].append(row)
        for coder, own in by_coder.items():
            shared = self._shared(own)
            for row in own:
                told = {column: row[column] for facet, column in qda.MEANT.items() if facet not in shared}
                code = self._guid("codebook", row["code_id"])
                self._notes_of_coding(self._coding(element, row, code), row, told)
            for facet, value in shared.items():
                if value:
                    made = {"coding_id": f"{own[0]['coding_id']}/{facet}", "coder": coder}
                    self._coding(element, made, self.code_of[facet, value], "made")

    def _shared(self, own: list[Row]) -> dict[str, str]:
        """Return what all of a coder's codings of a passage are told alike, unless one of them tells it itself."""
        if {self._guid("codebook", row["code_id"]) for row in own} & set(self.code_of.values()):
            return {}
        told = {facet: {row[column] for row in own} for facet, column in qda.MEANT.items()}
        return {facet: values.pop() for facet, values in told.items() if len(values) == 1}

    def _coding(self, element, row: Row, code: str, table: str = "codings") -> etree._Element:
        coding = self._element(qda.MAP["Coding"], row)
        coding.set("guid", self._guid(table, row["coding_id"]))
        _refer(coding, "CodeRef", [code])
        element.append(coding)
        return coding

    def _notes_of_coding(self, coding, row: Row, told: dict[str, str]) -> None:
        """Write how a coding is told, one note for all that are told alike, and what its coder remarks."""
        lines = [f"{column}: {value}".rstrip() for column, value in told.items()]
        lines += [f"unit: {row['unit']}"] * (row["unit"] != "segments")
        lines += [f"n_references: {row['n_references']}"] * bool(row["n_references"])
        if text := "\n".join(lines):
            _refer(coding, "NoteRef", [self._note("told", text, qda.TOLD_AS, text)])
        if row["notes"]:
            told = (coding.get("guid"), "About this coding", row["notes"], row["coder"])
            _refer(coding, "NoteRef", [self._note("remark", *told)])

    def _note(self, table: str, note_id: str, title: str, text: str, author: str = "") -> str:
        """Write a note, once; returns its GUID."""
        note = self._element(qda.MAP["Note"], {"note_id": note_id, "title": title, "author": author})
        note.set("guid", self._guid(table, note_id))
        note.append(E("PlainTextContent", text))
        self.notes.setdefault(note.get("guid"), note)
        return note.get("guid")

    # people, areas and sets

    def _cases(self) -> etree._Element:
        """Return the participants, with their attributes, interviews and passages."""
        meetings, said = self._by("attendances", "participant_id"), self._by("segments", "participant_id")
        cases = E("Cases")
        for row in self.tables["participants"]:
            case = self._element(qda.MAP["Case"], row)
            self._values(case, "participants", row)
            _refer(case, "SourceRef", self._sources_of(meetings[row["participant_id"]]))
            spoken = [self._guid("segments", each["segment_id"]) for each in said[row["participant_id"]]]
            _refer(case, "SelectionRef", spoken)
            cases.append(case)
        return cases

    def _sources_of(self, rows: list[Row]) -> list[str]:
        """Return the GUIDs of the sources of interviews: their documents, or those made for want of one."""
        held = [(row["interview_id"], self.document_of[row["interview_id"]]) for row in rows]
        return [self._guid(*(("documents", at) if at else ("interviews", key))) for key, at in held]

    def _values(self, element, table: str, row: Row) -> None:
        """Write what is known of an interview or a person: their columns that are variables, and their attributes."""
        values = [(name, row[column]) for name, column in qda.VARIABLES[table].items()]
        owned = self.attributes[table, row[TABLES[table].key[0]]]
        for name, value in (*values, *((each["name"], each["value"]) for each in owned)):
            if value:
                key = self.variables.setdefault(name, self._guid("variables", name))
                variable = E("VariableRef", targetGUID=key)
                element.append(E("VariableValue", variable, E("TextValue", value)))

    def _sets(self) -> etree._Element:
        """Return the sets of other tools, and one set an area with what is known of it."""
        interviews, sets = self._by("interviews", "area_id"), E("Sets")
        for row in self.tables["areas"]:
            element = self._element(qda.AREA, row)
            _refer(element, "MemberSource", self._sources_of(interviews[row["area_id"]]))
            sets.append(element)
        for members in self._by("sets", "set_id", "label").values():
            element = self._element(qda.MAP["Set"], members[0])
            for name, unit in qda.MEMBERS.items():
                own = [self._guid(unit, row["unit_id"]) for row in members if row["unit"] == unit]
                _refer(element, name, own)
            sets.append(element)
        return sets


def _refer(element, name: str, guids: Iterable[str]) -> None:
    element.extend(E(name, targetGUID=key) for key in guids)


def _made_code(key: str, name: str, codable: str, *inner: etree._Element) -> etree._Element:
    described = E("Description", qda.MADE_ON_EXPORT)
    return E("Code", described, *inner, guid=key, name=name, isCodable=codable)


def _place(row: Row, text: str) -> dict[str, str]:
    """Return where a passage stands and its first words; one without a place has all of its words as its name."""
    start, end = (row["start"], row["end"]) if row["start"] else ("0", "0")
    words = " ".join((row["text"] or text[int(start) : int(end)]).split())
    cut = words if len(words) <= LONGEST_NAME else f"{words[:LONGEST_NAME].rstrip()}…"
    return {"name": row["text"] if start == end else cut, "startPosition": start, "endPosition": end}
