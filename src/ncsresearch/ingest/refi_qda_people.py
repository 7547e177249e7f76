"""Who was heard in a REFI-QDA project, and where: interviews, people and areas out of values, sets and transcripts."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from ncsresearch.ingest.document import Document
from ncsresearch.ingest.fields import area_type_of, field_of
from ncsresearch.ingest.imported_file import Records
from ncsresearch.ingest.refi_qda_map import VARIABLES
from ncsresearch.ingest.transcript import MODES, parted, transcript_records

COLUMN_OF = {
    table: {field_of(name): column for name, column in columns.items()}
    for table, columns in VARIABLES.items()
}
PERSONAL = COLUMN_OF["participants"].values()
Values = Iterable[tuple[str, str]]


class People:
    """Interviews and their people; a class, because what is said of one later fills in the other.

    records        the project's rows by table, to which those of this part are added
    given          what variables of the project mean
    is_ours        whether we exported the project: what it says of an interview is no more its person's
    titles         documents' titles by their GUID
    interview_of   interviews by the GUID of their document
    rows           participants by their name
    """

    def __init__(self, records: Records, given: dict[str, str], is_ours: bool):
        self.records, self.given, self.is_ours = records, given, is_ours
        self.titles: dict[str, str] = {}
        self.interview_of: dict[str, str] = {}
        self.interviews: dict[str, dict[str, str]] = {}
        self.rows: dict[str, dict[str, str]] = {}
        self.turns_of: dict[str, list[dict]] = defaultdict(list)
        self.people_of: dict[str, list[str]] = defaultdict(list)

    def hear(self, document: str, text: str, interview: str) -> None:
        """Take in a document's text where it is a transcript."""
        title = self.titles[document]
        transcript = parted(Document(title, "", text))
        if not len(transcript.turns):
            return
        found = transcript_records(transcript, self.stem(document), title, interview)
        for row in found["interviews"]:
            self.hold(document, row | {"document_id": document})
        for row in found["participants"]:
            self._person(row)
        for row in found["attendances"]:
            self.meet(**row)
        for table in ("areas", "attributes"):
            self.records[table] += found[table]
        self.turns_of[document] = [turn | {"document_id": document} for turn in found["turns"]]
        self.records["turns"] += self.turns_of[document]

    def speaker(self, document: str, start: int, end: int) -> str:
        """Return who speaks in a passage of a document; empty where it is nobody known, or several people."""
        over = [turn for turn in self.turns_of[document] if turn["start"] < end and turn["end"] > start]
        people = {turn["participant_id"] for turn in over} - {None, ""}
        return people.pop() if len(people) == 1 else ""

    def stem(self, document: str) -> str:
        """Return a document's title without the ending of a file's name."""
        return PurePosixPath(self.titles[document]).stem

    def hold(self, document: str, row: dict[str, str]) -> None:
        """Take in an interview, with its cells as far as they are known."""
        name = self.interview_of[document] = row["interview_id"]
        known = self.interviews.setdefault(name, {})
        if not known:
            self.records["interviews"].append(known)
        known |= {column: cell for column, cell in row.items() if cell}

    def interview(self, document: str) -> str:
        """Return the interview of a document, made where its transcript has not told of one."""
        if document not in self.interview_of:
            self.hold(document, {"interview_id": self.stem(document), "document_id": document})
        return self.interview_of[document]

    def meet(self, interview_id: str, participant_id: str) -> None:
        """Take in that a person was in an interview."""
        if participant_id not in self.people_of[interview_id]:
            self.people_of[interview_id].append(participant_id)
            self.records.add("attendances", interview_id=interview_id, participant_id=participant_id)

    def describe(self, owner: str, owner_id: str, values: Values) -> None:
        """Add attributes, but for those that are to be left out."""
        kept = [(name, value) for name, value in values if self._field(name) != "leave out"]
        self.records.describe(owner, owner_id, kept)

    def describe_interview(self, interview: str, values: Values) -> None:
        """Take in what is said of an interview; it describes its participant too, where there is one alone."""
        cells, others = self._cells("interviews", values)
        self.interviews[interview] |= cells
        alone = self.people_of[interview] if len(self.people_of[interview]) == 1 else []
        owners = [("interviews", interview)]
        owners += [("participants", person) for person in alone if not self.is_ours]
        for pair in others:
            for owner in owners:
                self.describe(*owner, [pair])
        self._areas(values)
        for person in (person for person in alone if person in self.rows):
            known = {column: self.interviews[interview].get(column) for column in PERSONAL}
            self.rows[person] |= {column: cell for column, cell in known.items() if cell}

    def describe_person(self, row: dict[str, str], values: Values, interviews: Iterable[str]) -> None:
        """Take in a person; area and group are their interviews' too, where these have none of their own."""
        name = row["participant_id"]
        cells, others = self._cells("participants", values)
        self._person({"participant_id": name})
        self.rows[name] |= {column: cell for column, cell in (row | cells).items() if cell}
        self.describe("participants", name, [pair for pair in others if self._field(pair[0]) != "area type"])
        self._areas(values)
        for interview in interviews:
            self.meet(interview, name)
            known = {column: cell for column, cell in self.interviews[interview].items() if cell}
            self.interviews[interview] |= cells | known

    def _person(self, row: dict[str, str]) -> None:
        if row["participant_id"] not in self.rows:
            self.rows[row["participant_id"]] = row
            self.records["participants"].append(row)

    def _field(self, variable: str) -> str:
        return field_of(variable, self.given)

    def _cells(self, table: str, values: Values) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """Part values into those that are columns of a table, and those that are attributes."""
        cells, others = {}, []
        for name, value in values:
            column = COLUMN_OF[table].get(self._field(name))
            if column is None or (column == "mode" and value not in MODES.split("|")):
                others.append((name, value))
            else:
                cells[column] = value
        return cells, others

    def _areas(self, values: Values) -> None:
        told = {self._field(name): value for name, value in values}
        if (area := told.get("area")) and not self.is_ours:
            kind = area_type_of(told.get("area type", ""))
            self.records.add("areas", area_id=area, name=area, area_type=kind)
