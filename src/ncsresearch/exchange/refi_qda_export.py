"""A study as a REFI-QDA project (.qdpx) or codebook (.qdc), for the tools that researchers code in."""

import re
import uuid
import zipfile
from collections import defaultdict
from pathlib import Path

import pandas as pd
from lxml import etree

from ncsresearch.exchange.whole_file import whole_file, write_whole
from ncsresearch.ingest.fields import stance_of
from ncsresearch.ingest.refi_qda_map import (
    COMPOSED,
    DESCRIBED,
    DESCRIPTIONS,
    DIRECTIONS,
    HEADINGS,
    MADE_ON_EXPORT,
    MEANT,
    MEMBERS,
    NAMESPACES,
    NO_DOCUMENT,
    NO_PLACE,
    NOT_FOR_CODING,
    SOURCES,
    TOLD_AS,
    VARIABLES,
    WHOLE_SOURCE,
)
from ncsresearch.schema import StudyError

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OURS = uuid.UUID("8f5f7c2e-6a0b-5d57-9b43-2f6f0c1d7a11")
NOT_IN_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
LONGEST_NAME = 100
WORDS = {field: words for words, field in DESCRIBED.items()}
SOURCE_OF = {kind: source for source, kind in SOURCES.items()}
WAYS = {words: way for way, words in DIRECTIONS.items()}


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
    root = writer.project()
    content = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    _write_zip(path, {"project.qde": content, **writer.files})
    return writer.remarks


def export_codebook(path: Path, title: str, tables: dict[str, pd.DataFrame]) -> list[str]:
    """Write a study's codebook as a codebook file; returns what it has no place for."""
    if tables["codebook"].empty:
        raise StudyError(f"{path.name}: the study has no codes, so there is no codebook to write.")
    writer = ProjectWriter(title, tables, {})
    root = etree.Element("CodeBook", nsmap={None: NAMESPACES[1]}, origin="ncsresearch")
    root.append(writer.codes())
    write_whole(etree.tostring(root, xml_declaration=True, encoding="utf-8"), path)
    return []


def _write_zip(path: Path, files: dict[str, bytes]) -> None:
    with whole_file(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def describe(words: str, fields: dict[str, str]) -> str:
    """Return a description that carries fields the format has no place for, each on a line of its own."""
    lines = [f"{WORDS[name]}: {value}" for name, value in fields.items() if _there(value)]
    return "\n".join([words] * _there(words) + lines)


def _there(value) -> bool:
    return isinstance(value, str) and value != ""


class ProjectWriter:
    """Builds one project's tree; a class, because every part refers to others by their GUIDs."""

    def __init__(self, title: str, tables: dict[str, pd.DataFrame], texts: dict[str, str]):
        self.title, self.texts = title, dict(texts)
        self.tables = {name: rows.replace(NOT_IN_XML, "", regex=True) for name, rows in tables.items()}
        origins = tables["origins"]
        refi = origins[origins["source_id"].str.fullmatch(GUID.pattern)]
        self.guids = {(row.table, row.row_id): row.source_id for row in refi.itertuples()}
        self.files: dict[str, bytes] = {}
        self.remarks: list[str] = []
        self.notes: list[etree._Element] = []
        self.told_notes: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.grouping: dict[tuple[str, str], str] = {}
        self.codes_tree = self.codes()

    def guid(self, table: str, row: str) -> str:
        """Return the GUID a row came with, or one made of its name."""
        return self.guids.get((table, row)) or str(uuid.uuid5(OURS, f"{self.title}/{table}/{row}"))

    def project(self) -> etree._Element:
        """Return the whole project, its parts in the order of the standard and none of them empty."""
        root = etree.Element("Project", nsmap={None: NAMESPACES[0]}, name=self.title, origin="ncsresearch")
        sources, cases = self.sources(), self.cases()
        self._standing_notes()
        book = etree.Element("CodeBook")
        book.append(self.codes_tree)
        for part in (
            self.users(),
            book if len(self.codes_tree) else etree.Element("none"),
            self._variables(),
            cases,
            sources,
            self._all_notes(),
            self.links(),
            self.sets(),
        ):
            if len(part):
                root.append(part)
        self._leave_out()
        return _in_namespace(root)

    def users(self) -> etree._Element:
        """Return the coders, and the authors of notes."""
        names = [*self.tables["codings"]["coder"].dropna(), *self.tables["notes"]["author"].dropna()]
        users = etree.Element("Users")
        for name in dict.fromkeys(names):
            etree.SubElement(users, "User", guid=self.guid("users", name), name=name)
        return users

    # codes

    def codes(self) -> etree._Element:
        """Return the codebook as a tree, with codes for stances and groups where the study has none of its own."""
        book = self.tables["codebook"]
        listed = etree.Element("Codes")
        elements = {row.code_id: self._code(row) for row in book.itertuples()}
        for row in book.itertuples():
            above = elements.get(row.parent_id)
            (listed if above is None else above).append(elements[row.code_id])
            if row.facet in MEANT:
                meaning = stance_of(row.label) if row.facet == "stance" else row.label
                self.grouping[row.facet, meaning] = self.guid("codebook", row.code_id)
        for facet, column in MEANT.items():
            missing = [
                value
                for value in self.tables["codings"][column].dropna().unique()
                if (facet, value) not in self.grouping
            ]
            if missing:
                listed.append(self._made_codes(facet, sorted(missing)))
        return listed

    def _code(self, row) -> etree._Element:
        codable = "false" if row.notes == NOT_FOR_CODING else "true"
        element = etree.Element(
            "Code", guid=self.guid("codebook", row.code_id), name=row.label, isCodable=codable
        )
        if _there(row.colour) and re.fullmatch(r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})", row.colour):
            element.set("color", row.colour)
        fields = {name: getattr(row, name) for name in DESCRIPTIONS["codebook"]}
        fields |= {"notes": None} if codable == "false" else {}
        etree.SubElement(element, "Description").text = describe(row.definition, fields)
        return element

    def _made_codes(self, facet: str, values: list[str]) -> etree._Element:
        group = etree.Element("Code", guid=self.guid("made", facet), name=HEADINGS[facet], isCodable="false")
        etree.SubElement(group, "Description").text = MADE_ON_EXPORT
        for value in values:
            key = self.grouping[facet, value] = self.guid("made", f"{facet}/{value}")
            code = etree.SubElement(group, "Code", guid=key, name=value, isCodable="true")
            etree.SubElement(code, "Description").text = MADE_ON_EXPORT
        return group

    # sources

    def sources(self) -> etree._Element:
        """Return every document with its passages and their codings."""
        sources = etree.Element("Sources")
        segments = dict(iter(self.tables["segments"].groupby("document_id", sort=False)))
        self._index()
        for row in self.tables["documents"].itertuples():
            sources.append(self._source(row, segments.get(row.document_id, self.tables["segments"].iloc[:0])))
        for interview in self.tables["interviews"].itertuples():
            if not _there(interview.document_id):
                sources.append(self._interview_without_document(interview))
        return sources

    def _index(self) -> None:
        codings = self.tables["codings"]
        self.codings = {key: rows for key, rows in codings.groupby(["unit", "unit_id"], sort=False)}
        attributes = self.tables["attributes"]
        self.attributes: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for row in attributes.itertuples():
            self.attributes[row.owner, row.owner_id].append((row.name, row.value))
        notes = self.tables["notes"]
        self.notes_of: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in notes[notes["unit"].notna()].itertuples():
            self.notes_of[row.unit, row.unit_id].append(self.guid("notes", row.note_id))

    def _source(self, row, segments: pd.DataFrame) -> etree._Element:
        kind = SOURCE_OF.get(row.kind, "TextSource").removesuffix("Source")
        key = self.guid("documents", row.document_id)
        element = etree.Element(f"{kind}Source", guid=key, name=row.document_id)
        text, composed = self.texts.get(row.document_id), False
        if (
            text is None
            and kind == "Text"
            and segments["text"].notna().any()
            and not self._has_regions(segments)
        ):
            text, composed = "\n".join(segments["text"].dropna()), True
        interviews = self.tables["interviews"]
        held = interviews[interviews["document_id"].eq(row.document_id)]
        fields = {
            "document_id": row.document_id,
            "title": row.title,
            "kind": row.kind,
            "text_is": COMPOSED if composed else None,
        }
        fields |= {name: getattr(row, name) for name in DESCRIPTIONS["documents"]}
        fields |= {"interview": held["interview_id"].iloc[0]} if len(held) else {}
        etree.SubElement(element, "Description").text = describe(row.notes, fields)
        if text is not None and kind == "Text":
            element.set("plainTextPath", f"internal://{key}.txt")
            self.files[f"sources/{key}.txt"] = text.encode()
        holder = self._holder(element, kind, row, segments)
        self._passages(element, holder, segments, text or "", composed)
        self._whole(element, segments, held)
        for note in self.notes_of.get(("documents", row.document_id), []):
            etree.SubElement(element, "NoteRef", targetGUID=note)
        self._interview_values(element, held)
        return element

    def _has_regions(self, segments: pd.DataFrame) -> bool:
        return any(
            name == "region"
            for key in segments["segment_id"]
            for name, _ in self.attributes.get(("segments", key), [])
        )

    def _holder(self, element, kind: str, row, segments: pd.DataFrame):
        """Return where passages of the text go: the source itself, or the text that stands for a PDF."""
        if kind != "PDF" or not self._has_text_passages(segments):
            return element
        holder = etree.Element("Representation", guid=self.guid("representations", row.document_id))
        if (text := self.texts.get(row.document_id)) is not None:
            holder.set("plainTextPath", f"internal://{holder.get('guid')}.txt")
            self.files[f"sources/{holder.get('guid')}.txt"] = text.encode()
        return holder

    def _has_text_passages(self, segments: pd.DataFrame) -> bool:
        regions = [
            dict(self.attributes.get(("segments", key), [])).get("region", "startPosition")
            for key in segments["segment_id"]
        ]
        return any("startPosition" in region for region in regions)

    def _passages(self, element, holder, segments: pd.DataFrame, text: str, composed: bool) -> None:
        at = number = 0
        for row in segments.itertuples():
            attributes = dict(self.attributes.get(("segments", row.segment_id), []))
            if attributes.get("region") == WHOLE_SOURCE:
                continue
            number += 1
            selection = self._selection(element.tag, row, attributes, text, at if composed else None)
            if composed and _there(row.text):
                at += len(row.text) + 1
            fields = {name: getattr(row, name) for name in ("section", "condition", "notes")}
            fields |= {
                "kind": row.kind if row.kind != "passage" else None,
                "read_by": row.read_by if row.read_by != "reader" else None,
            }
            fields |= {"ordinal": row.ordinal if row.ordinal != str(number) else None}
            extra = [
                f"{name} = {value}"
                for name, value in self.attributes.get(("segments", row.segment_id), [])
                if name not in ("region", "name in the tool")
            ]
            said = describe(row.label, fields)
            said = "\n".join(filter(None, [said, *(f"Attribute: {each}" for each in extra)]))
            if said:
                etree.SubElement(selection, "Description").text = said
            if selection.tag == "PDFSelection" and _there(row.text):
                words = etree.SubElement(
                    selection, "Representation", guid=self.guid("representations", row.segment_id)
                )
                etree.SubElement(words, "PlainTextContent").text = row.text
            self._judgements(selection, self.codings.get(("segments", row.segment_id)))
            for note in self.notes_of.get(("segments", row.segment_id), []):
                etree.SubElement(selection, "NoteRef", targetGUID=note)
            (holder if selection.tag == "PlainTextSelection" else element).append(selection)
        if holder is not element:
            element.append(holder)

    def _selection(
        self, source: str, row, attributes: dict[str, str], text: str, at: int | None
    ) -> etree._Element:
        key = self.guid("segments", row.segment_id)
        region = dict(part.split("=", 1) for part in attributes.get("region", "").split() if "=" in part)
        if region:
            tag = "PlainTextSelection" if "startPosition" in region else source.replace("Source", "Selection")
            selection = etree.Element(tag, guid=key)
            if "name in the tool" in attributes:
                selection.set("name", attributes["name in the tool"])
            for name, value in region.items():
                selection.set(name, value)
            return selection
        words = row.text if _there(row.text) else ""
        if at is not None and words:
            start, end = str(at), str(at + len(words))
        else:
            start, end = (row.start, row.end) if _there(row.start) else ("0", "0")
        name = words if start == end else _cut(" ".join((words or text[int(start) : int(end)]).split()))
        return etree.Element("PlainTextSelection", guid=key, name=name, startPosition=start, endPosition=end)

    def _whole(self, element, segments: pd.DataFrame, held: pd.DataFrame) -> None:
        for row in segments.itertuples():
            if ("region", WHOLE_SOURCE) in self.attributes.get(("segments", row.segment_id), []):
                self._judgements(element, self.codings.get(("segments", row.segment_id)))
        for interview in held["interview_id"]:
            self._judgements(element, self.codings.get(("interviews", interview)), unit="interviews")

    def _interview_without_document(self, interview) -> etree._Element:
        key = self.guid("interviews", interview.interview_id)
        element = etree.Element("TextSource", guid=key, name=interview.interview_id)
        fields = {"interview": interview.interview_id, "text_is": NO_DOCUMENT}
        etree.SubElement(element, "Description").text = describe("", fields)
        self._judgements(element, self.codings.get(("interviews", interview.interview_id)), unit="interviews")
        frame = self.tables["interviews"]
        self._interview_values(element, frame[frame["interview_id"].eq(interview.interview_id)])
        return element

    def _judgements(self, element, codings: pd.DataFrame | None, unit: str = "segments") -> None:
        """Write the codings of a passage; what all of a coder's tell alike is a code of its own, else a note."""
        if codings is None:
            return
        for coder, own in codings.groupby("coder", sort=False):
            alike = {facet: own[column].fillna("").nunique() == 1 for facet, column in MEANT.items()}
            known = {
                facet: not any(code in dict.fromkeys(self.grouping.values()) for code in self._guids_of(own))
                for facet in MEANT
            }
            for row in own.itertuples():
                told = {
                    MEANT[facet]: getattr(row, MEANT[facet])
                    for facet in MEANT
                    if not (alike[facet] and known[facet])
                }
                told |= {"unit": unit if unit != "segments" else None, "n_references": row.n_references}
                self._coding(
                    element, self.guid("codings", row.coding_id), row.code_id, coder, told, row.notes
                )
            first = own.iloc[0]
            for facet, column in MEANT.items():
                value = first[column]
                if alike[facet] and known[facet] and _there(value):
                    made = self.guid("made", f"{first['coding_id']}/{facet}")
                    self._write_coding(element, made, self.grouping[facet, value], coder, [])

    def _guids_of(self, own: pd.DataFrame) -> list[str]:
        return [self.guid("codebook", code) for code in own["code_id"]]

    def _coding(self, element, key: str, code: str, coder: str, told: dict, remark) -> None:
        notes = []
        lines = [
            f"{name}: {value if _there(value) else ''}".rstrip()
            for name, value in told.items()
            if name in MEANT.values() or _there(value)
        ]
        if lines:
            notes.append(self._told_note("\n".join(lines)))
        if _there(remark):
            notes.append(self._remark(key, remark, coder))
        self._write_coding(element, key, self.guid("codebook", code), coder, notes)

    def _write_coding(self, element, key: str, code: str, coder: str, notes: list[str]) -> None:
        coding = etree.SubElement(element, "Coding", guid=key, creatingUser=self.guid("users", coder))
        etree.SubElement(coding, "CodeRef", targetGUID=code)
        for note in notes:
            etree.SubElement(coding, "NoteRef", targetGUID=note)

    # notes

    def _told_note(self, text: str) -> str:
        if text not in self.told_notes:
            self.told_notes[text] = self._note(self.guid("told", text), TOLD_AS, text)
        return self.told_notes[text]

    def _remark(self, key: str, text: str, coder: str) -> str:
        return self._note(self.guid("remark", key), "About this coding", text, coder)

    def _note(self, key: str, name: str, text: str, author: str = "") -> str:
        note = etree.Element("Note", guid=key, name=name)
        if author:
            note.set("creatingUser", self.guid("users", author))
        etree.SubElement(note, "PlainTextContent").text = text
        self.notes.append(note)
        return key

    def _standing_notes(self) -> None:
        for row in self.tables["notes"].itertuples():
            self._note(
                self.guid("notes", row.note_id), row.title if _there(row.title) else "", row.text, row.author
            )

    def _all_notes(self) -> etree._Element:
        notes = etree.Element("Notes")
        notes.extend(self.notes)
        return notes

    # people, areas, sets and links

    def cases(self) -> etree._Element:
        """Return the participants, with their attributes, interviews and passages."""
        cases = etree.Element("Cases")
        meetings = self.tables["attendances"].groupby("participant_id", sort=False)["interview_id"].agg(list)
        said = (
            self.tables["segments"]
            .dropna(subset="participant_id")
            .groupby("participant_id", sort=False)["segment_id"]
            .agg(list)
        )
        for row in self.tables["participants"].itertuples():
            case = etree.SubElement(
                cases, "Case", guid=self.guid("participants", row.participant_id), name=row.participant_id
            )
            if _there(row.notes):
                etree.SubElement(case, "Description").text = row.notes
            values = [(name, getattr(row, column)) for name, column in VARIABLES["participants"].items()]
            self._values(case, values + self.attributes.get(("participants", row.participant_id), []))
            for interview in meetings.get(row.participant_id, []):
                etree.SubElement(case, "SourceRef", targetGUID=self._source_of(interview))
            for segment in said.get(row.participant_id, []):
                etree.SubElement(case, "SelectionRef", targetGUID=self.guid("segments", segment))
        return cases

    def _source_of(self, interview: str) -> str:
        rows = self.tables["interviews"]
        document = rows.loc[rows["interview_id"].eq(interview), "document_id"].iloc[0]
        return self.guid("documents", document) if _there(document) else self.guid("interviews", interview)

    def _interview_values(self, element, held: pd.DataFrame) -> None:
        for row in held.itertuples():
            values = [(name, getattr(row, column)) for name, column in VARIABLES["interviews"].items()]
            self._values(element, values + self.attributes.get(("interviews", row.interview_id), []))

    def _values(self, element, values: list[tuple[str, str]]) -> None:
        for name, value in values:
            if _there(value):
                key = self.variables.setdefault(name, self.guid("variables", name))
                holder = etree.SubElement(element, "VariableValue")
                etree.SubElement(holder, "VariableRef", targetGUID=key)
                etree.SubElement(holder, "TextValue").text = value

    def _variables(self) -> etree._Element:
        variables = etree.Element("Variables")
        for name, key in self.variables.items():
            etree.SubElement(variables, "Variable", guid=key, name=name, typeOfVariable="Text")
        return variables

    def sets(self) -> etree._Element:
        """Return the sets of other tools, and one set an area with what is known of it."""
        sets = etree.Element("Sets")
        interviews = self.tables["interviews"]
        for row in self.tables["areas"].itertuples():
            element = etree.SubElement(sets, "Set", guid=self.guid("areas", row.area_id), name=row.name)
            fields = {
                name: getattr(row, name)
                for name in self.tables["areas"].columns
                if name in WORDS and name != "notes"
            }
            etree.SubElement(element, "Description").text = describe(row.notes, fields)
            for document in interviews.loc[interviews["area_id"].eq(row.area_id), "interview_id"]:
                etree.SubElement(element, "MemberSource", targetGUID=self._source_of(document))
        for (key, label), rows in self.tables["sets"].groupby(["set_id", "label"], sort=False):
            element = etree.SubElement(sets, "Set", guid=self.guid("sets", key), name=label)
            if _there(rows["description"].iloc[0]):
                etree.SubElement(element, "Description").text = rows["description"].iloc[0]
            for tag, unit in MEMBERS.items():
                for member in rows.loc[rows["unit"].eq(unit), "unit_id"]:
                    etree.SubElement(element, tag, targetGUID=self.guid(unit, member))
        return sets

    def links(self) -> etree._Element:
        """Return the links between passages, documents, notes and codes."""
        links = etree.Element("Links")
        for row in self.tables["links"].itertuples():
            ends = {
                "originGUID": self.guid(row.from_table, row.from_id),
                "targetGUID": self.guid(row.to_table, row.to_id),
            }
            link = etree.SubElement(
                links, "Link", guid=self.guid("links", row.link_id), name=row.kind, **ends
            )
            if row.direction in WAYS:
                link.set("direction", WAYS[row.direction])
        return links

    def _leave_out(self) -> None:
        for name in NO_PLACE:
            if len(self.tables[name]):
                self.remarks.append(f"{name}: {len(self.tables[name])} rows; a project has no place for them")
        elsewhere = int(self.tables["attributes"]["owner"].isin(["survey_answers", "areas"]).sum())
        if elsewhere:
            self.remarks.append(
                f"attributes: {elsewhere} of areas or survey respondents; a project has no place for them"
            )
        units = self.tables["codings"]["unit"]
        others = int((~units.isin(["segments", "interviews"])).sum())
        if others:
            self.remarks.append(
                f"codings: {others} are about other units than passages; a project has no place for them"
            )


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_NAME else f"{words[:LONGEST_NAME].rstrip()}…"


def _in_namespace(root: etree._Element) -> etree._Element:
    """Put every element into the namespace of the root, and take out what XML cannot carry."""
    space = etree.QName(root).namespace or NAMESPACES[0]
    for element in root.iter():
        if not etree.QName(element).namespace:
            element.tag = f"{{{space}}}{element.tag}"
    return root
