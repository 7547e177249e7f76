"""REFI-QDA projects (.qdpx) and codebooks (.qdc), the exchange format of qualitative research software, read.

Standard 1.5. Elements are known by their local names, so that drafts of the standard are read too. Nothing
of a project is passed over: every kind of element stands in the account with what became of it.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath

from lxml import etree

from ncsresearch.ingest import refi_qda_map as qda
from ncsresearch.ingest.fields import area_type_of, field_of, given_fields, plain, stance_of
from ncsresearch.ingest.imported_file import Columns, ImportedFile, Line, Records, imported_file
from ncsresearch.ingest.positions import decoded, position_lines
from ncsresearch.ingest.refi_qda_file import Packed, Project, Source, opened, opened_codebook
from ncsresearch.ingest.transcript import MODES, parted, person_of, spoken_records

FACETS = dict.fromkeys(("stance", "polarity", "valence"), "stance") | {"client group": "client group"}
FACETS |= {plain(heading): facet for facet, heading in qda.HEADINGS.items()}
MEANING = {"stance": stance_of, "client group": str, "area type": area_type_of}
WHOLE = ("segments", "codings", "notes", "links", "sets")
COLUMN_OF = {
    table: {field_of(name): column for name, column in columns.items()}
    for table, columns in qda.VARIABLES.items()
}
OWN_NAMES = {name for columns in qda.VARIABLES.values() for name in columns}
PERSONAL = COLUMN_OF["participants"].values()
A_PASSAGE = {"kind": "passage", "read_by": "reader"}
_shared = lru_cache(maxsize=100_000)(str)  # places in texts, which come again in every one of them
Values = Iterable[tuple[str, str]]


def read_project(path: Path, maps: Sequence[str] = ()) -> ImportedFile:
    """Read a REFI-QDA project; raises StudyError for a file that is none, or that is not safe to open.

    maps   what variables of the project mean, as variable=field
    """
    project = opened(path)
    return ProjectReader(project, maps).incoming(f"REFI-QDA project {project.name}", WHOLE)


def read_codebook(path: Path) -> ImportedFile:
    """Read a REFI-QDA codebook (.qdc): its codes and the sets of them."""
    project = opened_codebook(path)
    return ProjectReader(project).incoming(f"codebook {project.name}", ("sets",))


class ProjectReader:
    """Reads one project's tree into rows; a class, because every part refers to others by their GUIDs.

    table_of       the table of each element that is a row, by its GUID
    is_ours        whether we exported the project: what it says of an interview is no more its person's
    titles         documents' titles by their GUID
    interview_of   interviews by the GUID of their document
    people_of      who was in each interview
    speakers       the cases that passages are coded with, or that name them, by the passages' GUID
    """

    def __init__(self, project: Project, maps: Sequence[str] = ()):
        self.project, self.root = project, project.root
        self.records, self.account = Records(segments=Columns(), codings=Columns()), project.account
        self.wishes: dict[str, dict[str, str]] = defaultdict(dict)
        self.texts: dict[str, str] = {}
        self.table_of: dict[str, str] = {}
        self.users = {
            qda.key_of(user): user.get("name") or user.get("id") or qda.key_of(user)
            for user in self._all("User")
        }
        self.variables = {qda.key_of(each): each.get("name", "") for each in self._all("Variable")}
        self.is_ours = self.root.get("origin") == "ncsresearch"
        self.areas = (
            {qda.row_of(each, qda.AREA)["area_id"] for each in self._all("Set")} if self.is_ours else set()
        )
        self.given = given_fields(maps, list(self.variables.values()))
        self.titles: dict[str, str] = {}
        self.interview_of: dict[str, str] = {}
        self.people_of: dict[str, list[str]] = defaultdict(list)
        self.turns_of: dict[str, list[dict]] = defaultdict(list)
        self.spoken: set[str] = set()
        self.speakers: dict[str, set[str]] = defaultdict(set)
        self.notes = {qda.key_of(note): self._note(note) for note in self._all("Note")}
        self.told_notes: set[str] = set()

    def incoming(self, source: str, whole: Sequence[str]) -> ImportedFile:
        """Return everything the project brings, under the name by which a later version of it is known."""
        self._codes()
        for each in self.project.sources:
            self._source(each)
        self._cases()
        self._notes()
        self._links()
        self._sets()
        records = {"codebook": [], **{table: found for table, found in self.records.items() if found}}
        account = self.account.lines(self.root, self.table_of)
        account += [Line("remark", 1, 1, remark) for remark in self.project.remarks]
        anchorings = [
            (self.titles[qda.key_of(each.element)], each.anchoring) for each in self.project.sources
        ]
        account += position_lines(anchorings, "passages")
        told = {"texts": self.texts, "preferred_ids": self.wishes}
        return imported_file(source, records, account, whole=whole, **told)

    def _all(self, name: str) -> Iterator[etree._Element]:
        return self.root.iter(f"{{*}}{name}")

    def _row(self, element) -> dict[str, str]:
        """Return an element's row; an id that its description asks for is a wish, and its GUID stays its id."""
        kind, key = qda.MAP[qda.local(element)], qda.key_of(element)
        row, id_column = qda.row_of(element, kind), kind.column_of["guid"]
        if id_column in kind.line_of and row[id_column] not in ("", key):
            self.wishes[kind.table][key] = row[id_column]
        self.table_of[key] = kind.table
        return row | {id_column: key}

    def _user(self, key: str) -> str:
        return self.users.get(key, "not stated")

    # codes

    def _codes(self) -> None:
        self.codes: dict[str, dict] = {}
        for code in self._all("Code"):
            row, above = self._row(code), code.getparent()
            row["parent_id"] = qda.key_of(above) if qda.local(above) == "Code" else ""
            self.codes[row["code_id"]] = row
        self.account.kept["Code"] = len(self.codes)
        self._parents_by_name()
        for row in self.codes.values():
            above = self.codes.get(row["parent_id"], row)
            row["facet"] = row.get("facet") or FACETS.get(plain(above["label"]), "")
        self._cases_that_are_codes()
        self.records["codebook"] = [
            row for row in self.codes.values() if row["definition"] != qda.MADE_ON_EXPORT
        ]

    def _parents_by_name(self) -> None:
        """Codes named "A::B" belong under the code "A" where there is one (ATLAS.ti groups codes so)."""
        by_label = {row["label"]: row["code_id"] for row in self.codes.values()}
        for row in self.codes.values():
            above, mark, _ = row["label"].rpartition("::")
            if mark and not row["parent_id"] and above in by_label:
                row["parent_id"] = by_label[above]
                self.account.remark("Code", "named A::B: placed under A")

    def _cases_that_are_codes(self) -> None:
        """NVivo writes a case as a code of the same GUID: coding with it says who speaks, not about what."""
        self.case_of: dict[str, str] = {}
        for case in self._all("Case"):
            key = qda.key_of(case)
            for code in {key, *qda.targets(case, "CodeRef")} & set(self.codes):
                self.case_of[code] = key
                self.codes[code]["facet"] = "case"
        self.ordinary = {key for key, row in self.codes.items() if row["facet"] not in ("case", *qda.MEANT)}

    # sources and their passages

    def _source(self, source: Source) -> None:
        element, row = source.element, self._row(source.element)
        key = row["document_id"]
        self.titles[key] = row["title"] = row["title"] or key
        self.spoken |= {key} if qda.local(element) == "TextSource" else set()
        if row.get("text_is") == qda.NO_DOCUMENT:
            self._hold(key, {"interview_id": row.get("interview") or key})
        else:
            self._document(source, row)
        if source.packed:
            self._packed(source, row)
        for ordinal, each in enumerate(source.selections, start=1):
            self._passage(source, row, ordinal, each)
        self._whole_source(element, key)
        if values := self._values(element):
            self._describe_interview(self._interview(key), values)

    def _document(self, source: Source, row: dict[str, str]) -> None:
        key, text, interview = row["document_id"], source.text, row.get("interview", "")
        medium = qda.SOURCES[qda.local(source.element)]
        row["kind"] = row.get("kind") or medium
        if text is not None and row.get("text_is") != qda.COMPOSED:
            self.texts[key] = text.text
            row["text_sha256"] = sha256(text.text.encode()).hexdigest()
            self._hear(key, text.text, interview)
        elif row.get("text_is") is None:
            missing = "a text" if medium else "its text file: passages kept unanchored"
            self.account.remark(qda.local(source.element), f"without {missing}")
        if interview and key not in self.interview_of:
            self._hold(key, {"interview_id": interview, "document_id": key})
        self.records["documents"].append(row)

    def _passage(self, source: Source, document: dict[str, str], ordinal: int, each) -> None:
        key, kind = document["document_id"], qda.local(each)
        row = {"document_id": key, "interview_id": self.interview_of.get(key, "")}
        row |= A_PASSAGE | {"ordinal": str(ordinal)} | self._row(each)
        segment = row["segment_id"]
        told = [line.partition(" = ")[::2] for line in row.pop("attributes", "").splitlines()]
        self._describe("segments", segment, told)
        if place := source.places.get(segment):
            start, end = place
            [speaker] = self._speakers(key, [start], [end])
            row |= {"text": source.text.text[start:end], "participant_id": speaker}
            row |= {"start": str(start), "end": str(end)} if document.get("text_is") != qda.COMPOSED else {}
        elif self.is_ours and kind == qda.IN_TEXT and each.get("endPosition") == "0":
            row["text"] = each.get("name")
        else:
            row["text"] = qda.text_in(each, "Representation/PlainTextContent")
            self.account.remark(kind, "without a place in the text: kept unanchored", kind == qda.IN_TEXT)
            self._describe("segments", segment, qda.region_of(each))
        self.records["segments"].append(row)
        self._codings(segment, map(qda.coding_of, qda.children(each, "Coding")))

    def _packed(self, source: Source, document: dict[str, str]) -> None:
        """Take in the passages of a source that are nothing but places in its text and codes."""
        key, keys = document["document_id"], source.packed.keys
        starts, ends, text = source.anchoring.start.tolist(), source.anchoring.end.tolist(), source.text.text
        alike = {"document_id": key, "interview_id": self.interview_of.get(key, "")}
        columns = {name: [cell] * len(keys) for name, cell in (alike | A_PASSAGE).items()}
        columns |= {"segment_id": keys, "ordinal": list(map(_shared, range(1, len(keys) + 1)))}
        columns["text"] = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        columns["participant_id"] = self._speakers(key, starts, ends)
        if document.get("text_is") != qda.COMPOSED:
            columns |= {"start": list(map(_shared, starts)), "end": list(map(_shared, ends))}
        self.records["segments"].extend(columns)
        self.table_of |= dict.fromkeys(keys, "segments")
        self._packed_codings(source.packed)

    def _packed_codings(self, packed: Packed) -> None:
        keys, coders, codes = packed.codings
        if set(codes) <= self.ordinary and len(set(coders)) == 1:
            units = [key for key, n in zip(packed.keys, packed.n_codings, strict=True) for _ in range(n)]
            columns = {"coding_id": keys, "unit_id": units, "code_id": codes}
            alike = {"coder": self._user(coders[0]), "unit": "segments"}
            columns |= {name: [cell] * len(keys) for name, cell in alike.items()}
            self.records["codings"].extend(columns)
            self.account.kept["Coding"] += len(keys)
            return
        every = iter(qda.Coding(*each) for each in zip(keys, coders, ([code] for code in codes), strict=True))
        for segment, n in zip(packed.keys, packed.n_codings, strict=True):
            self._codings(segment, islice(every, n))

    def _whole_source(self, element, document: str) -> None:
        """Codings of a source itself are about its interview where they say so, else about all of its text."""
        codings = [qda.coding_of(each) for each in qda.children(element, "Coding")]
        of_interview = [each for each in codings if self._remarks(each)[0].get("unit") == "interviews"]
        for coding in of_interview:
            for code in coding.codes:
                self._coding(coding, code, self._interview(document), {})
        if len(codings) == len(of_interview):
            return
        segment = f"{document}-whole"
        self.table_of[segment] = "segments"
        cells = {"kind": "passage", "read_by": "reader", "label": "the source as a whole"}
        self.records.add("segments", segment_id=segment, document_id=document, **cells)
        self._describe("segments", segment, [("region", qda.WHOLE_SOURCE)])
        self._codings(segment, [each for each in codings if each not in of_interview])

    # codings

    def _codings(self, segment: str, codings: Iterable[qda.Coding]) -> None:
        """Judgements of a passage; codes of a stance or a client group say how a coder's other codes are meant."""
        by_coder = defaultdict(list)
        for coding in codings:
            by_coder[self._user(coding.user)] += [(coding, code) for code in coding.codes]
        for pairs in by_coder.values():
            meant = self._meant(pairs)
            chosen = [pair for pair, _ in meant.values()]
            others = [pair for pair in pairs if pair not in chosen]
            if not others:
                meant, others = {}, pairs
            told = {qda.MEANT[facet]: meaning for facet, (_, meaning) in meant.items()}
            for coding, code in others:
                self._coding(coding, code, segment, told)
            for facet in meant:
                self.account.changed["Coding"] += 1
                self.account.remark("Coding", f"giving the {facet} of the passage's other codes")

    def _meant(self, pairs: list[tuple]) -> dict[str, tuple[tuple, str]]:
        """Return the first coding with a meaning of each facet, and the meaning."""
        meant: dict[str, tuple[tuple, str]] = {}
        for pair in pairs:
            code = self.codes.get(pair[1], {})
            facet = code.get("facet")
            meaning = MEANING[facet](code["label"]) if facet in qda.MEANT else ""
            if meaning:
                meant.setdefault(facet, (pair, meaning))
        return meant

    def _coding(self, coding: qda.Coding, code: str, unit: str, told: dict[str, str]) -> None:
        if code not in self.codes:
            self.account.remark("Coding", "points to a code that the project does not have")
            return
        self.account.kept["Coding"] += 1
        if code in self.case_of:
            self.speakers[unit].add(self.case_of[code])
        own, remark = self._remarks(coding)
        row = {"coding_id": coding.key, "unit": "segments", "unit_id": unit, "code_id": code}
        row["coder"] = self._user(coding.user)
        self.records["codings"].append(row | told | own | {"notes": remark})

    def _remarks(self, coding: qda.Coding) -> tuple[dict[str, str], str]:
        """Return the fields that the notes of a coding give, and their other words."""
        told, words = {}, []
        for key in coding.notes:
            note = self.notes.get(key, {"title": "", "text": ""})
            if note["title"] == qda.TOLD_AS:
                lines = [line.partition(":") for line in note["text"].splitlines()]
                told |= {name: value.strip() for name, mark, value in lines if mark}
            elif note["text"]:
                words.append(note["text"])
            self.told_notes.add(key)
        return told, "\n".join(words)

    # notes and links

    def _note(self, note) -> dict[str, str]:
        row = qda.row_of(note, qda.MAP["Note"])
        file = self.project.files.get(note.get("plainTextPath") or "")
        text = qda.text_in(note, "PlainTextContent")
        text = text or (decoded(file, note.get("name", "")).text.strip() if file else "")
        return row | {"author": self._user(row["author"]), "text": text or qda.text_in(note, "Description")}

    def _notes(self) -> None:
        """A note of a study is about one thing; what else refers to it stands in the account."""
        references = [(each.getparent(), qda.guid(each.get("targetGUID"))) for each in self._all("NoteRef")]
        about: dict[str, str] = {}
        for above, key in references:
            kind, unit = qda.MAP.get(qda.local(above)), qda.key_of(above)
            if kind and kind.table == self.table_of.get(unit):
                about.setdefault(key, unit)
        for above, key in references:
            is_about = qda.local(above) in ("Project", "Coding") or about.get(key) == qda.key_of(above)
            held = key in self.notes and is_about
            self.account.kept["NoteRef"] += held
            self.account.remark("NoteRef", "on a further thing, or of a note that is not there", not held)
        for key, row in self.notes.items():
            if key in about or key not in self.told_notes:
                unit = about.get(key, "")
                row |= {"unit": self.table_of.get(unit), "unit_id": unit}
                self.records["notes"].append(row | {"text": row["text"] or row["title"] or "(empty)"})
                self.table_of[key] = "notes"

    def _links(self) -> None:
        for link in self._all("Link"):
            row = qda.row_of(link, qda.MAP["Link"])
            row |= {f"{end}_table": self.table_of.get(row[f"{end}_id"], "") for end in ("from", "to")}
            if row["from_table"] and row["to_table"]:
                self.records["links"].append(row | {"kind": row["kind"] or "link"})
                self.account.kept["Link"] += 1
            else:
                self.account.remark("Link", "joins something the project does not have")

    # people and interviews

    def _hear(self, document: str, text: str, interview: str) -> None:
        """Take in a document's text where it is a transcript."""
        found = spoken_records(parted(text), document, self._stem(document), interview)
        for row in found.pop("interviews", ()):
            self._hold(document, row)
        for row in found.pop("participants", ()):
            self.records.once("participants", **row)
        for row in found.pop("attendances", ()):
            self._meet(**row)
        self.turns_of[document] = found["turns"]
        for table, rows in found.items():
            self.records[table] += rows

    def _speakers(self, document: str, starts: list[int], ends: list[int]) -> list[str]:
        """Return who speaks in each of some passages of a document; empty where it is nobody known, or several people."""
        turns, found = self.turns_of[document], []
        begins, stops = ([turn[name] for turn in turns] for name in ("start", "end"))
        for start, end in zip(starts, ends, strict=True):
            over = turns[bisect_right(stops, start) : bisect_left(begins, end)]
            people = {turn["participant_id"] for turn in over} - {None, ""}
            found.append(people.pop() if len(people) == 1 else "")
        return found

    def _stem(self, document: str) -> str:
        """Return a document's title without the ending of a file's name."""
        return PurePosixPath(self.titles[document]).stem

    def _hold(self, document: str, row: dict[str, str]) -> None:
        """Take in an interview, with its cells as far as they are known."""
        name = self.interview_of[document] = row["interview_id"]
        known = self.records.once("interviews", interview_id=name)
        known |= {column: cell for column, cell in row.items() if cell}

    def _interview(self, document: str) -> str:
        """Return the interview of a document, made where its transcript names none."""
        if document not in self.interview_of:
            self._hold(document, {"interview_id": self._stem(document), "document_id": document})
        return self.interview_of[document]

    def _meet(self, interview_id: str, participant_id: str) -> None:
        if participant_id not in self.people_of[interview_id]:
            self.people_of[interview_id].append(participant_id)
            self.records.add("attendances", interview_id=interview_id, participant_id=participant_id)

    def _describe(self, owner: str, owner_id: str, values: Values) -> None:
        """Add attributes, but for those that are to be left out."""
        kept = [(name, value) for name, value in values if self._field(name) != "leave out"]
        self.records.describe(owner, owner_id, kept)

    def _describe_interview(self, interview: str, values: Values) -> None:
        """Take in what is said of an interview; it describes its participant too, where there is one alone.

        What a project that we exported says of an interview is no more its person's.
        """
        cells, others = self._cells("interviews", values)
        row = self.records.once("interviews", interview_id=interview)
        row |= cells
        alone = self.people_of[interview] if len(self.people_of[interview]) == 1 else []
        owners = [("interviews", interview)]
        owners += [("participants", person) for person in alone if not self.is_ours]
        for owner in owners:
            self._describe(*owner, others)
        self._areas(values)
        for person in alone:
            known = self.records.once("participants", participant_id=person)
            known |= {column: row[column] for column in PERSONAL if row.get(column)}

    def _describe_person(self, row: dict[str, str], values: Values, interviews: Iterable[str]) -> None:
        """Take in a person; area and group are their interviews' too, where these have none of their own."""
        name = row["participant_id"]
        cells, others = self._cells("participants", values)
        known = self.records.once("participants", participant_id=name)
        known |= {column: cell for column, cell in (row | cells).items() if cell}
        self._describe("participants", name, [pair for pair in others if self._field(pair[0]) != "area type"])
        self._areas(values)
        for interview in interviews:
            self._meet(interview, name)
            held = self.records.once("interviews", interview_id=interview)
            held |= {column: cell for column, cell in cells.items() if not held.get(column)}

    def _field(self, variable: str) -> str:
        """Return the field of a variable; of a project that we exported, what is not called as we call a field is an attribute."""
        is_attribute = self.is_ours and variable not in OWN_NAMES and variable not in self.given
        return "" if is_attribute else field_of(variable, self.given)

    def _cells(self, table: str, values: Values) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """Part values into those that are columns of a table, and those that are attributes."""
        cells, others = {}, []
        for name, value in values:
            column = COLUMN_OF[table].get(self._field(name))
            is_area = column != "area_id" or not self.is_ours or name in self.given or value in self.areas
            if column is None or not is_area or (column == "mode" and value not in MODES.split("|")):
                others.append((name, value))
            else:
                cells[column] = value
        return cells, others

    def _areas(self, values: Values) -> None:
        told = {self._field(name): value for name, value in values}
        if (area := told.get("area")) and (not self.is_ours or "area" in self.given.values()):
            kind = area_type_of(told.get("area type", ""))
            self.records.add("areas", area_id=area, name=area, area_type=kind)

    # cases and sets

    def _values(self, element) -> list[tuple[str, str]]:
        """Return the variables of an element that have a value, and the value."""
        found = []
        for holder in qda.children(element, "VariableValue"):
            name = next((self.variables.get(key, "") for key in qda.targets(holder, "VariableRef")), "")
            value = next(((each.text or "").strip() for each in holder if qda.local(each) in qda.VALUES), "")
            self.account.kept["VariableValue"] += bool(name)
            if name and value:
                found.append((name, value))
            elif name:
                self.account.remark("VariableValue", "empty: no attribute")
        return found

    def _cases(self) -> None:
        """A case is a person; the sources it names are the interviews the person was in."""
        names: dict[str, str] = {}
        for case in self._all("Case"):
            row, key = qda.row_of(case, qda.MAP["Case"]), qda.key_of(case)
            documents = [each for each in qda.targets(case, "SourceRef") if each in self.titles]
            segments = [each for each in qda.targets(case, "SelectionRef") if each in self.table_of]
            if documents and not case.get("name"):
                row["participant_id"] = person_of(self._stem(documents[0]))
            names[key] = row["participant_id"]
            interviews = dict.fromkeys(self._interview(document) for document in documents)
            self._describe_person(row, self._values(case), interviews)
            for segment in segments:
                self.speakers[segment].add(key)
        people = {each: {names[key] for key in cases} for each, cases in self.speakers.items()}
        spoke = {each: named.pop() for each, named in people.items() if len(named) == 1}
        self.records["segments"].replace("segment_id", "participant_id", spoke)

    def _sets(self) -> None:
        for element in self._all("Set"):
            members = [key for kind in qda.MEMBERS for key in qda.targets(element, kind)]
            found = [key for key in members if key in self.table_of]
            documents = [key for key in found if key in self.titles]
            self.account.remark("Set", "names a member that the project does not have", found != members)
            row, area = qda.row_of(element, qda.MAP["Set"]), qda.row_of(element, qda.AREA)
            if area["area_id"] != row["set_id"]:
                self._set_of_area(area, documents)
                continue
            self.account.remark("Set", "without members", not found)
            for key in found or [None]:
                self.records["sets"].append(row | {"unit": self.table_of.get(key), "unit_id": key})
            self._set_of_documents(row["label"], documents)

    def _set_of_area(self, area: dict[str, str], documents: list[str]) -> None:
        self.records["areas"].append(area)
        for document in documents:
            interview = self._interview(document)
            self._describe_interview(interview, [("area", area["area_id"])])

    def _set_of_documents(self, label: str, documents: list[str]) -> None:
        """A set "gender: male" gives its sources that attribute (ATLAS.ti); any other is their document group."""
        name, _, value = (part.strip() for part in label.partition(":"))
        group = [(name, value)] if name and value else [("document group", label)]
        for document in documents:
            if document not in self.spoken:
                self._describe("documents", document, group)
                continue
            interview = self._interview(document)
            if self.is_ours:
                continue
            if name and value:
                self._describe_interview(interview, group)
                self.account.remark("Set", "read as an attribute of its sources")
            else:
                self._describe("interviews", interview, group)
