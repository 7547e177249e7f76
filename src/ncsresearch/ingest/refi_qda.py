"""REFI-QDA projects (.qdpx) and codebooks (.qdc), the exchange format of qualitative research software, read.

Standard 1.5. Elements are known by their local names, so that drafts of the standard are read too. Nothing
of a project is passed over: every kind of element stands in the account with what became of it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

import numpy as np
from lxml import etree

from ncsresearch.ingest.document import Document, word_text
from ncsresearch.ingest.fields import area_type_of, field_of, given_fields, plain, stance_of
from ncsresearch.ingest.imported_file import GUESSES, ImportedFile, Line, rows
from ncsresearch.ingest.positions import Anchoring, SourceText, anchor, decoded, settled
from ncsresearch.ingest.refi_qda_file import Project, guid, local, opened, opened_codebook
from ncsresearch.ingest.refi_qda_map import (
    ATTRIBUTES,
    COMPOSED,
    DESCRIPTIONS,
    DIRECTIONS,
    HEADINGS,
    MADE_ON_EXPORT,
    MEANT,
    MEMBERS,
    NO_DOCUMENT,
    NOT_FOR_CODING,
    REGION,
    SELECTIONS,
    SOURCES,
    STRUCTURE,
    TOLD_AS,
    UNTOLD,
    VALUES,
    VARIABLES,
    WHOLE_SOURCE,
    described,
)
from ncsresearch.ingest.transcript import parted, person_of, transcript_records
from ncsresearch.schema import StudyError

FACETS = dict.fromkeys(("stance", "polarity", "valence"), "stance") | {"client group": "client group"}
FACETS |= {plain(heading): facet for facet, heading in HEADINGS.items()}
MEANING = {"stance": stance_of, "client group": str, "area type": area_type_of}
COLUMN_OF = {field_of(name, {}): column for name, column in VARIABLES["interviews"].items()}


def read_project(path: Path, maps: Sequence[str] = ()) -> ImportedFile:
    """Read a REFI-QDA project; raises StudyError for a file that is none, or that is not safe to open.

    maps   what variables of the project mean, as variable=field
    """
    return ProjectReader(opened(path), maps).incoming()


def variables_of(path: Path) -> set[str]:
    """Return the names of a project's variables."""
    return {element.get("name", "") for element in opened(path).root.iter() if local(element) == "Variable"}


def read_codebook(path: Path) -> ImportedFile:
    """Read a REFI-QDA codebook (.qdc): its codes and the sets of them."""
    return ProjectReader(opened_codebook(path)).incoming(("codebook", "sets"))


class ProjectReader:
    """Reads one project's tree into rows; a class, because every part refers to others by their GUIDs."""

    def __init__(self, project: Project, maps: Sequence[str] = ()):
        self.project, self.root = project, project.root
        self.elements: dict[str, list] = defaultdict(list)
        for element in self.root.iter():
            self.elements[local(element)].append(element)
        self.counts = Counter({name: len(found) for name, found in self.elements.items() if name})
        variables = [each.get("name", "") for each in self.elements["Variable"]]
        self.given = given_fields(maps, variables, project.name)
        self.notes = Counter()
        self.examples: dict[str, str] = {}
        self.kept: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.anchorings: dict[str, Anchoring] = {}
        self.table_of: dict[str, str] = {}
        self.people = {guid(user.get("guid")): self._user(user) for user in self._all("User")}
        self.variables = {guid(each.get("guid")): each.get("name", "") for each in self._all("Variable")}
        self.records: dict[str, list[dict]] = defaultdict(list)
        self.interview_of: dict[str, dict] = {}
        self.interview_by_name: dict[str, dict] = {}
        self.person_by_name: dict[str, dict] = {}
        self.people_of: dict[str, list[str]] = defaultdict(list)
        self.turns_of: dict[str, list[dict]] = {}
        self.texts: dict[str, str] = {}
        self.wishes: dict[str, dict[str, str]] = defaultdict(dict)
        self.is_ours = self.root.get("origin") == "ncsresearch"

    def incoming(self, whole=("segments", "codings", "notes", "links", "sets", "codebook")) -> ImportedFile:
        """Return everything the project brings."""
        self._codes()
        self._cases_that_are_codes()
        self._sources()
        self._cases()
        self._notes()
        self._links()
        self._sets()
        tables = {name: rows(name, records) for name, records in self.records.items()}
        tables = {name: tables.get(name, rows(name, [])) for name in {*tables, *whole}}
        return ImportedFile(
            source=f"REFI-QDA project {self.project.name}"
            if "codings" in whole
            else f"codebook {self.project.name}",
            tables=tables,
            guesses=GUESSES
            | {"codebook": {"facet": "theme", "version": "1"}, "documents": {"kind": "transcript"}},
            texts=self.texts,
            preferred_ids=self.wishes,
            whole=tuple(name for name in whole if name != "codebook"),
            account=self._account(),
        )

    def _all(self, name: str):
        return self.elements.get(name, [])

    def _child(self, element, name: str):
        return next((child for child in element if local(child) == name), None)

    def _children(self, element, name: str):
        return [child for child in element if local(child) == name]

    def _text(self, element, name: str) -> str:
        child = self._child(element, name)
        return (child.text or "").strip() if child is not None else ""

    def _targets(self, element, name: str) -> list[str]:
        return [guid(child.get("targetGUID")) for child in self._children(element, name)]

    def _user(self, user) -> str:
        return user.get("name") or user.get("id") or guid(user.get("guid"))

    def _coder(self, element) -> str:
        return self.people.get(guid(element.get("creatingUser")), "not stated")

    # codes

    def _codes(self) -> None:
        self.codes: dict[str, dict] = {}
        for code in self._all("Code"):
            parent = code.getparent()
            above = guid(parent.get("guid")) if parent is not None and local(parent) == "Code" else ""
            told = described(self._text(code, "Description"))
            codable = {"notes": NOT_FOR_CODING} if code.get("isCodable") == "false" else {}
            record = _attributes(code) | {"parent_id": above}
            if told.get("code_id"):
                self.wishes["codebook"][record["code_id"]] = told.pop("code_id")
            self.codes[record["code_id"]] = record | codable | told
        self._parents_by_name()
        for record in self.codes.values():
            facet = record.get("facet") or self._facet(record)
            record |= {"facet": facet} if facet else {}
        self.kept["Code"] = len(self.codes)
        self.table_of |= dict.fromkeys(self.codes, "codebook")
        self._remember_notes("codebook", self._all("Code"))

    def _parents_by_name(self) -> None:
        """Codes named "A::B" belong under the code "A" where there is one (ATLAS.ti groups codes so)."""
        by_label = {record["label"]: record["code_id"] for record in self.codes.values()}
        for record in self.codes.values():
            above, mark, _ = record["label"].rpartition("::")
            if mark and not record["parent_id"] and above in by_label:
                record["parent_id"] = by_label[above]
                self.notes["Code", "named A::B: placed under A"] += 1

    def _facet(self, record: dict) -> str:
        above = self.codes.get(record["parent_id"])
        return FACETS.get(plain((above or record)["label"]), "")

    def _cases_that_are_codes(self) -> None:
        """NVivo writes a case as a code of the same GUID: coding with it says who speaks, not about what."""
        self.case_codes = {}
        for case in self._all("Case"):
            for target in [guid(case.get("guid")), *self._targets(case, "CodeRef")]:
                if target in self.codes:
                    self.case_codes[target] = guid(case.get("guid"))
                    self.codes[target]["facet"] = "case"
        self.records["codebook"] = [
            each for each in self.codes.values() if each.get("definition") != MADE_ON_EXPORT
        ]

    # sources

    def _sources(self) -> None:
        self.documents: dict[str, str] = {}
        self.spoken: set[str] = set()
        self.segment_people: dict[str, set[str]] = defaultdict(set)
        self.memos = self._memo_texts()
        found = [
            element
            for element in self.root.iter()
            if local(element) in SOURCES and not self._is_twin(element)
        ]
        texts = {guid(element.get("guid")): self._source_text(element) for element in found}
        firsts = {key: self._anchor(key, text) for key, text in texts.items()}
        prior = settled(list(firsts.values()))
        for element in found:
            key = guid(element.get("guid"))
            self.anchorings[key] = (
                self._anchor(key, texts[key], prior) if firsts[key].rivals and prior else firsts[key]
            )
            self._source(element, texts[key])

    def _is_twin(self, element) -> bool:
        return any(local(above) in ("Note", *SOURCES) for above in element.iterancestors())

    def _source_text(self, element) -> SourceText | None:
        holder = next(
            (child for child in element if local(child) in ("Representation", "TextDescription")), element
        )
        inline = self._child(holder, "PlainTextContent")
        if inline is not None and inline.text:
            return decoded(inline.text.encode(), element.get("name", ""))
        content = self.project.files.get(holder.get("plainTextPath") or "")
        if content is None:
            return self._word_twin(element, holder)
        try:
            return decoded(content, element.get("name", ""))
        except StudyError as error:
            self.notes[local(element), str(error)] += 1
            return None

    def _word_twin(self, element, holder) -> SourceText | None:
        """Return the text of the Word twin of a source whose plain text is missing: its paragraphs, line by line."""
        content = self.project.files.get(holder.get("richTextPath") or "")
        if content is None:
            return None
        try:
            text = word_text(content, element.get("name", ""))
        except StudyError as error:
            self.notes[local(element), str(error)] += 1
            return None
        self.notes[local(element), "without its plain text: read from its Word twin"] += 1
        return decoded(text.encode(), element.get("name", ""))

    def _selections(self, element) -> list:
        """Selections of a source, each GUID once: the text twin of a PDF's region stands for the region."""
        unique: dict[str, etree._Element] = {}
        for each in element.iter():
            if local(each) in SELECTIONS:
                key = guid(each.get("guid"))
                if key not in unique or local(each) == "PlainTextSelection":
                    unique[key] = each
        return sorted(unique.values(), key=lambda each: local(each) == "PlainTextSelection")

    def _twins(self, element, chosen: list) -> None:
        """Count the selections that stand for another of the same GUID, and the codings they repeat."""
        for each in element.iter():
            if local(each) in SELECTIONS and each not in chosen:
                self.kept[local(each)] += 1
                self.notes[local(each), "also selected in the text: one passage"] += 1
                repeated = len(self._children(each, "Coding"))
                self.kept["Coding"] += repeated
                self.notes["Coding", "repeated on the text of the same passage: one coding"] += repeated

    def _anchor(self, key: str, text: SourceText | None, prior=None) -> Anchoring:
        if not hasattr(self, "by_guid"):
            self.by_guid = {guid(each.get("guid")): each for kind in SOURCES for each in self._all(kind)}
        selections = [
            each for each in self._selections(self.by_guid[key]) if local(each) == "PlainTextSelection"
        ]
        starts = [_whole(each.get("startPosition")) for each in selections]
        ends = [_whole(each.get("endPosition")) for each in selections]
        names = [each.get("name") or "" for each in selections]
        nothing = np.full(len(selections), -1)
        if text is None:
            return Anchoring(None, nothing, nothing, np.zeros(len(selections), dtype=bool))
        return anchor(text, starts, ends, names, prior=prior)

    def _source(self, element, text: SourceText | None) -> None:
        key, kind = guid(element.get("guid")), SOURCES[local(element)]
        told = described(self._text(element, "Description"))
        name = told.get("title") or element.get("name") or key
        self.documents[key], self.table_of[key] = name, "documents"
        self.spoken |= {key} if kind == "text" else set()
        self.kept[local(element)] += 1
        composed = told.get("text_is") == COMPOSED
        if told.get("text_is") == NO_DOCUMENT:
            self._remember("interviews", {"interview_id": told["interview"], "document_id": key})
        else:
            self._document(element, key, kind, None if composed else text, told)
        self._passages(element, key, text, composed)
        self._whole_source(element, key)
        self._variables(element, key)
        self._remember_notes("documents", [element])
        if told.get("text_is") == NO_DOCUMENT:
            self.interview_of[key].pop("document_id")

    def _document(self, element, key: str, kind: str, text: SourceText | None, told: dict) -> None:
        if told.get("document_id"):
            self.wishes["documents"][key] = told["document_id"]
        if text is not None:
            self.texts[key] = text.text
            self._turns(key, self.documents[key], text.text, told)
        elif told.get("text_is") is None:
            lost = "without its text file: passages kept unanchored" if kind == "text" else "without a text"
            self.notes[local(element), lost] += 1
        if told.get("interview") and key not in self.interview_of:
            self._remember("interviews", {"interview_id": told["interview"], "document_id": key})
        record = {
            "document_id": key,
            "title": self.documents[key],
            "kind": told.get("kind") or ("" if kind == "text" else kind),
        }
        record |= {"text_sha256": sha256(text.text.encode()).hexdigest()} if text is not None else {}
        record |= {"notes": told["definition"]} if told.get("definition") else {}
        self.records["documents"].append(
            record | {name: told[name] for name in DESCRIPTIONS["documents"] if told.get(name)}
        )

    def _turns(self, key: str, name: str, text: str, told: dict) -> None:
        stem = PurePosixPath(name).stem
        transcript = parted(Document(name, "", text))
        if not len(transcript.turns):
            return
        found = transcript_records(transcript, stem, name, told.get("interview", ""))
        for table in ("areas", "interviews", "participants", "attendances", "attributes"):
            for record in found[table]:
                self._remember(table, record | ({"document_id": key} if "document_id" in record else {}))
        self.turns_of[key] = [turn | {"document_id": key} for turn in found["turns"]]
        self.records["turns"] += self.turns_of[key]

    def _remember(self, table: str, record: dict) -> None:
        """Keep a record of an interview, a person or a meeting of the two, each once."""
        if table == "interviews":
            self.interview_of[record["document_id"]] = record
            self.interview_by_name[record["interview_id"]] = record
        if table == "participants":
            if record["participant_id"] in self.person_by_name:
                return
            self.person_by_name[record["participant_id"]] = record
        if table == "attendances":
            if record["participant_id"] in self.people_of[record["interview_id"]]:
                return
            self.people_of[record["interview_id"]].append(record["participant_id"])
        self.records[table].append(record)

    def _interview(self, key: str) -> str:
        """Return the interview of a document, made where its transcript has not told of one."""
        if key not in self.interview_of:
            stem = PurePosixPath(self.documents[key]).stem
            self._remember("interviews", {"interview_id": stem, "document_id": key})
        return self.interview_of[key]["interview_id"]

    def _passages(self, element, key: str, text: SourceText | None, composed: bool = False) -> None:
        anchoring, at = self.anchorings[key], 0
        interview = self.interview_of.get(key, {}).get("interview_id", "")
        turns = [turn for turn in self.turns_of.get(key, []) if turn.get("participant_id")]
        chosen = self._selections(element)
        self._twins(element, chosen)
        for ordinal, each in enumerate(chosen, start=1):
            segment = guid(each.get("guid"))
            self.table_of[segment] = "segments"
            record = {
                "segment_id": segment,
                "document_id": key,
                "kind": "passage",
                "ordinal": str(ordinal),
                "read_by": "reader",
            }
            record |= {"interview_id": interview} | self._described_passage(segment, each)
            if local(each) == "PlainTextSelection":
                start, end = int(anchoring.start[at]), int(anchoring.end[at])
                held, at = anchoring.anchored[at] and start >= 0, at + 1
                record |= self._placed(text, start, end, turns) if held else {}
                if composed and held:
                    record |= {"start": None, "end": None}
                elif self.is_ours and each.get("endPosition") == "0":
                    record |= {"text": each.get("name")}
                    held = True
                self.notes["PlainTextSelection", "without a place in the text: kept unanchored"] += not held
            else:
                held = False
                record |= {"text": self._words(each)}
            if not held:
                self._region(segment, each)
            self.records["segments"].append(record)
            self.kept[local(each)] += 1
            self._codings(segment, each.iterchildren())
            self._remember_notes("segments", [each])

    def _described_passage(self, segment: str, each) -> dict:
        """What a selection's description tells: our own label, and fields that an export put there."""
        words = self._text(each, "Description")
        own = [
            line.removeprefix("Attribute: ") for line in words.splitlines() if line.startswith("Attribute: ")
        ]
        for line in own:
            name, _, value = line.partition(" = ")
            self._attribute("segments", segment, name, value)
        told = described("\n".join(line for line in words.splitlines() if not line.startswith("Attribute: ")))
        told["label"] = told.pop("definition", "")
        return {name: value for name, value in told.items() if name in DESCRIPTIONS["segments"]}

    def _placed(self, text: SourceText, start: int, end: int, turns: list[dict]) -> dict:
        speakers = {
            turn["participant_id"] for turn in turns if int(turn["start"]) < end and int(turn["end"]) > start
        }
        words = text.text[start:end]
        person = {"participant_id": speakers.pop()} if len(speakers) == 1 else {}
        return {"start": str(start), "end": str(end), "text": words} | person

    def _words(self, each) -> str:
        inside = self._child(each, "Representation")
        return self._text(inside, "PlainTextContent") if inside is not None else ""

    def _region(self, segment: str, each) -> None:
        region = " ".join(f"{name}={each.get(name)}" for name in REGION if each.get(name) is not None)
        self._attribute("segments", segment, "region", region)
        if each.get("name"):
            self._attribute("segments", segment, "name in the tool", each.get("name"))

    def _whole_source(self, element, key: str) -> None:
        codings = []
        for coding in self._children(element, "Coding"):
            told, _ = self._remarks(coding)
            if told.get("unit") == "interviews":
                self._interview_coding(coding, key)
            else:
                codings.append(coding)
        if not codings:
            return
        segment = f"{key}-whole"
        self.table_of[segment] = "segments"
        record = {"segment_id": segment, "document_id": key, "kind": "passage", "read_by": "reader"}
        self.records["segments"].append(record | {"label": "the source as a whole"})
        self._attribute("segments", segment, "region", WHOLE_SOURCE)
        self._codings(segment, codings)

    def _interview_coding(self, coding, key: str) -> None:
        for target in self._targets(coding, "CodeRef"):
            self._coding(coding, target, self._coder(coding), self._interview(key), {})

    def _codings(self, segment: str, children) -> None:
        """Judgements of a selection; codes of a stance or a client group tell how its other codes are meant."""
        codings = [child for child in children if local(child) == "Coding"]
        by_coder: dict[str, list] = defaultdict(list)
        for coding in codings:
            by_coder[self._coder(coding)].append(coding)
        for coder, own in by_coder.items():
            told, plain_codings, meant = self._told(own)
            for coding, target in plain_codings:
                self._coding(coding, target, coder, segment, told)
            if plain_codings:
                self.changed["Coding"] += len(meant)
                self.notes.update(("Coding", f"told {facet} of the passage's other codes") for facet in meant)
            else:
                for coding in own:
                    for target in self._targets(coding, "CodeRef"):
                        self._coding(coding, target, coder, segment, {})

    def _told(self, codings: list) -> tuple[dict, list, list[str]]:
        told, others, meant = {}, [], []
        for coding in codings:
            for target in self._targets(coding, "CodeRef"):
                code = self.codes.get(target, {})
                facet = code.get("facet")
                meaning = MEANING[facet](code.get("label", "")) if facet in MEANT else ""
                if meaning and MEANT[facet] not in told:
                    told[MEANT[facet]] = meaning
                    meant.append(facet)
                else:
                    others.append((coding, target))
        return told, others, meant

    def _coding(self, coding, target: str, coder: str, segment: str, told: dict) -> None:
        key = guid(coding.get("guid"))
        told = dict(told)
        if target not in self.codes:
            self.notes["Coding", "points to a code that the project does not have"] += 1
            return
        self.kept["Coding"] += 1
        if target in self.case_codes:
            self.segment_people[segment].add(self.case_codes[target])
        own, remark = self._remarks(coding)
        record = {"coding_id": key, "unit": "segments", "unit_id": segment, "code_id": target, "coder": coder}
        self.records["codings"].append(record | told | own | ({"notes": remark} if remark else {}))

    def _remarks(self, coding) -> tuple[dict, str]:
        """What the notes of a coding say: how it is told, and in words."""
        told, words = {}, []
        for target in self._targets(coding, "NoteRef"):
            name, text = self.memos.get(target, ("", ""))
            if name == TOLD_AS:
                told |= dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
                told |= {line.rstrip(": "): "" for line in text.splitlines() if line.endswith(":")}
            elif text:
                words.append(text)
            self.used_notes.add(target)
        return told, "\n".join(words)

    def _memo_texts(self) -> dict[str, tuple[str, str]]:
        self.used_notes: set[str] = set()
        texts = {}
        for note in self._all("Note"):
            content = self._text(note, "PlainTextContent")
            file = self.project.files.get(note.get("plainTextPath") or "")
            content = content or (decoded(file, note.get("name", "")).text.strip() if file else "")
            texts[guid(note.get("guid"))] = (
                note.get("name") or "",
                content or self._text(note, "Description"),
            )
        return texts

    # variables, cases and sets: who and where

    def _attribute(self, owner: str, owner_id: str, name: str, value: str) -> None:
        if self._field(name) == "leave out":
            return
        self.records["attributes"].append(
            {"owner": owner, "owner_id": owner_id, "name": name, "value": value}
        )

    def _values(self, element) -> list[tuple[str, str]]:
        found = []
        for value in self._children(element, "VariableValue"):
            name = (
                self.variables.get(self._targets(value, "VariableRef")[0], "")
                if self._targets(value, "VariableRef")
                else ""
            )
            text = next(
                (self._text(value, kind) for kind in VALUES if self._child(value, kind) is not None), ""
            )
            self.kept["VariableValue"] += bool(name)
            if name and text:
                found.append((name, text))
            elif name:
                self.notes["VariableValue", "empty: no attribute"] += 1
        return found

    def _field(self, variable: str) -> str:
        return field_of(variable, self.given)

    def _variables(self, element, key: str) -> None:
        """Values on a source describe its interview, and its participant where there is one alone."""
        values = self._values(element)
        if values:
            self._describe_interview(self._interview(key), values)

    def _describe_interview(self, interview: str, values: list[tuple[str, str]]) -> None:
        record, people = self.interview_by_name[interview], self.people_of[interview]
        for name, value in values:
            column = COLUMN_OF.get(self._field(name))
            if column == "mode" and value not in ("one-to-one", "paired", "group"):
                column = None
            if column:
                record[column] = value
            else:
                self._attribute("interviews", interview, name, value)
                for person in people if len(people) == 1 and not self.is_ours else []:
                    self._attribute("participants", person, name, value)
        self._areas(values)
        if len(people) == 1 and people[0] in self.person_by_name:
            told = {name: record[name] for name in ("area_id", "participant_group") if record.get(name)}
            self.person_by_name[people[0]].update(told)

    def _areas(self, values: list[tuple[str, str]]) -> None:
        told = {self._field(name): value for name, value in values}
        if told.get("area") and not self.is_ours:
            kind = area_type_of(told.get("area type", ""))
            self.records["areas"].append({"area_id": told["area"], "name": told["area"], "area_type": kind})

    def _cases(self) -> None:
        """A case is a person; the sources it names are the interviews the person was in."""
        self.cases: dict[str, str] = {}
        for case in self._all("Case"):
            key = guid(case.get("guid"))
            documents = [target for target in self._targets(case, "SourceRef") if target in self.documents]
            selections = [target for target in self._targets(case, "SelectionRef") if target in self.table_of]
            name = case.get("name") or (
                person_of(PurePosixPath(self.documents[documents[0]]).stem) if documents else key
            )
            self.cases[key] = name
            values = self._values(case)
            self._person(name, values, self._text(case, "Description"))
            for interview in dict.fromkeys(self._interview(document) for document in documents):
                self._remember("attendances", {"interview_id": interview, "participant_id": name})
                self._spread(interview, values)
            for segment in selections:
                self.segment_people[segment].add(key)
            self.kept["Case"] += 1
            self.kept["SourceRef"] += len(documents)
            self.kept["SelectionRef"] += len(selections)
        self._give_people()

    def _person(self, name: str, values: list[tuple[str, str]], remark: str) -> None:
        told = {self._field(label): value for label, value in values}
        columns = {"area_id": told.get("area"), "participant_group": told.get("group"), "notes": remark}
        self._remember("participants", {"participant_id": name})
        self.person_by_name[name].update({column: value for column, value in columns.items() if value})
        for label, value in values:
            if self._field(label) not in ("area", "group", "area type"):
                self._attribute("participants", name, label, value)
        self._areas(values)

    def _spread(self, interview: str, values: list[tuple[str, str]]) -> None:
        """A person's area and group are their interview's too, where the interview has none of its own."""
        told = {self._field(label): value for label, value in values}
        record = self.interview_by_name[interview]
        for column, field in (("area_id", "area"), ("participant_group", "group")):
            if told.get(field) and not record.get(column):
                record[column] = told[field]

    def _give_people(self) -> None:
        for record in self.records["segments"]:
            people = {self.cases[key] for key in self.segment_people.get(record["segment_id"], ())}
            if len(people) == 1:
                record["participant_id"] = people.pop()

    def _sets(self) -> None:
        for each in self._all("Set"):
            head = _attributes(each) | {"description": self._text(each, "Description")}
            members = [target for kind in MEMBERS for target in self._targets(each, kind)]
            known = [target for target in members if target in self.table_of]
            lost = len(members) - len(known)
            self.notes["Set", "names a member that the project does not have"] += bool(lost)
            is_area = "area_id" in described(head["description"])
            for target in known if not is_area else []:
                self.records["sets"].append(head | {"unit": self.table_of[target], "unit_id": target})
            if not known and not is_area:
                self.records["sets"].append(head | {"unit": None, "unit_id": None})
                self.notes["Set", "without members"] += 1
            self._set_of_documents(
                head["label"], head["description"], [target for target in known if target in self.documents]
            )
            self.kept["Set"] += 1
            for kind in MEMBERS:
                self.kept[kind] += sum(target in self.table_of for target in self._targets(each, kind))

    def _set_of_documents(self, label: str, description: str, documents: list[str]) -> None:
        """A set "gender: male" gives its sources that attribute (ATLAS.ti); any other is their document group."""
        name, mark, value = (part.strip() for part in label.partition(":"))
        told = described(description)
        told_area = bool(told.get("area_id"))
        if told_area:
            told |= {"notes": told["definition"]} if told.get("definition") else {}
            self.records["areas"].append({key: value for key, value in told.items() if key != "definition"})
        for document in documents:
            if document not in self.spoken:
                self._attribute(
                    "documents", document, name if mark else "document group", value if mark else label
                )
                continue
            interview = self._interview(document)
            if told_area:
                self._describe_interview(interview, [("area", told["area_id"])])
            elif self.is_ours:
                continue
            elif mark and name and value:
                self._describe_interview(interview, [(name, value)])
                self.notes["Set", "read as an attribute of its sources"] += 1
            else:
                self._attribute("interviews", interview, "document group", label)

    # notes and links

    def _remember_notes(self, table: str, elements: list) -> None:
        if not hasattr(self, "note_of"):
            self.note_of: dict[str, tuple[str, str]] = {}
        for element in elements:
            for target in self._targets(element, "NoteRef"):
                self.note_of.setdefault(target, (table, guid(element.get("guid"))))

    def _notes(self) -> None:
        for note in self._all("Note"):
            key = guid(note.get("guid"))
            self.kept["Note"] += 1
            if key in self.used_notes and key not in self.note_of:
                continue
            table, target = self.note_of.get(key, ("", ""))
            title, text = self.memos[key]
            self.table_of[key] = "notes"
            record = {
                "note_id": key,
                "unit": table,
                "unit_id": target,
                "title": title,
                "text": text or title or "(empty)",
            }
            self.records["notes"].append(record | {"author": self._coder(note)})
        self._note_refs()

    def _note_refs(self) -> None:
        """A note of a study is about one thing; what else refers to it stands in the account."""
        for reference in self._all("NoteRef"):
            above, target = reference.getparent(), guid(reference.get("targetGUID"))
            about = self.note_of.get(target, ("", ""))[1]
            held = target in self.memos and (
                local(above) in ("Project", "Coding") or about == guid(above.get("guid"))
            )
            self.kept["NoteRef"] += held
            self.notes["NoteRef", "on a further thing, or of a note that is not there"] += not held

    def _links(self) -> None:
        for link in self._all("Link"):
            record = _attributes(link)
            record["kind"] = record["kind"] or "link"
            tables = {end: self.table_of.get(record[f"{end}_id"], "") for end in ("from", "to")}
            if not all(tables.values()):
                self.notes["Link", "joins something the project does not have"] += 1
                continue
            record |= {f"{end}_table": table for end, table in tables.items()}
            record["direction"] = DIRECTIONS.get(link.get("direction"), "")
            self.records["links"].append(record)
            self.kept["Link"] += 1

    # the account

    def _account(self) -> tuple[Line, ...]:
        self.kept["User"], self.kept["Variable"] = self.counts["User"], self.counts["Variable"]
        for inner in STRUCTURE:
            self.kept[inner] = self.counts[inner]
        told = defaultdict(list)
        for (kind, words), n in self.notes.items():
            if n:
                told[kind].append(f"{n} {words}")
        lines = [
            Line(
                kind,
                n,
                min(self.kept[kind], n),
                "; ".join(told[kind]) or _untold(n - self.kept[kind]),
                changed=min(self.changed[kind], n),
            )
            for kind, n in self.counts.items()
            if kind not in STRUCTURE
        ]
        lines += [Line("remark", 1, 1, remark) for remark in self.project.remarks]
        return (*lines, *self._conventions())

    def _conventions(self) -> list[Line]:
        """One line for each way of counting positions: how many sources follow it, and how much of them anchors."""
        grouped: dict[str, list[tuple[str, Anchoring]]] = defaultdict(list)
        for key, anchoring in self.anchorings.items():
            if len(anchoring.start):
                grouped[str(anchoring.convention or "no text")].append((self.documents[key], anchoring))
        lines = []
        for name, sources in grouped.items():
            n = sum(len(each.start) for _, each in sources)
            kept = sum(int(each.anchored.sum()) for _, each in sources)
            unsure = [(source, each) for source, each in sources if each.rivals]
            note = (
                f"{len(sources)} source{'s' * (len(sources) > 1)}, {100 * kept / n:.0f}% of passages anchor"
            )
            note += f"; ambiguous in {len(unsure)}: {unsure[0][1].rivals[0]} fits as well" if unsure else ""
            lines.append(Line(f"positions: {name}", n, kept, note, unsure[0][0] if unsure else ""))
        return lines


def _attributes(element) -> dict[str, str]:
    """Return an element's attributes under the names of their columns."""
    return {
        column: guid(element.get(name)) if name.lower().endswith("guid") else element.get(name) or ""
        for name, column in ATTRIBUTES[local(element)].items()
    }


def _untold(left: int) -> str:
    return UNTOLD if left > 0 else ""


def _whole(text: str | None) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,12}", text or "") else -1
