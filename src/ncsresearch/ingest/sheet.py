"""A sheet of a workbook, with what its readers share; and sheets of people, interviews and areas."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from ncsresearch.ingest.fields import NOT_KNOWN, area_and_type, area_type_of, mode_of, plain
from ncsresearch.ingest.imported_file import (
    ImportedFile,
    Line,
    Records,
    all_kept,
    few,
    imported_file,
    same_words,
)
from ncsresearch.ingest.speaker_role import JOINED, is_numbered, tells_apart
from ncsresearch.ingest.survey_layout import choices
from ncsresearch.schema import StudyError

MOST_WORDS = 8  # different ones that a report names
WORDS = 5  # spaces in a cell, on average, from which a column holds words
ENDING = re.compile(r"\.(docx?|odt|rtf|txt|pdf|html?|vtt|srt|json)$", re.IGNORECASE)
SEVERAL = re.compile(r"\s*[;|]\s*")
PEOPLE = re.compile(rf"{JOINED.pattern}|\s*[;\n]\s*")
PLACES = re.compile(r"\s*[;|\n,/]\s*")
WITHDRAWN = re.compile(r"\bwithdr(awn|ew)\b", re.IGNORECASE)
WITHDRAWN_NOW = re.compile(r"(?!.*\bnot\b).{0,20}\bwithdr(awn|ew)\b.{0,40}", re.IGNORECASE)
NOT_SO = re.compile(r"|no?|0|false|-|–|n/?a|none|active|not .*", re.IGNORECASE)
NAMED_ATTRIBUTES = ("client group",)  # fields that are attributes by their own name, whatever the heading
AREA_COLUMNS = (
    *("classification", "gss_code", "population", "population_year"),
    *("case_study", "report", "notes"),
)


@dataclass(frozen=True)
class Sheet:
    """A sheet as its reader gets it.

    frame    its rows, cells as text, by their numbers in the file
    fields   the field that each column means; empty where it means none
    name     what it is called in a report
    stem     what its file is called, without the ending
    items    the survey items that another sheet of the workbook describes, by item_id
    labels   the wording of a question, by its column, where the file says it apart from the heading
    options  the question of a column that is one option of it, and the option, where the file says so
    scales   the answers to a question in their order, by its column, where the file says it
    beside   what of the sheet is no row of its table and was left out
    """

    frame: pd.DataFrame
    fields: Mapping[str, str]
    name: str
    stem: str
    items: Mapping[str, dict] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    scales: Mapping[str, Sequence[str]] = field(default_factory=dict)
    beside: Sequence[Line] = ()

    def rows(self) -> Iterator[tuple[dict, dict[str, str]]]:
        """Yield each row as it is, and what it says of each field."""
        named = {column: meant for column, meant in self.fields.items() if meant}
        for row in self.frame.to_dict("records"):
            cells = [(meant, str(row[column])) for column, meant in named.items() if not pd.isna(row[column])]
            told = dict(cells)
            if plain(told.get("area", "a")) in NOT_KNOWN:
                del told["area"]
            if "code" in told:
                told["code"] = ";".join(cell for meant, cell in cells if meant == "code")
            if told.get("participant") in self.labels_of_files:
                told["participant"] = f"{ENDING.sub('', told[self.file_of])} {told['participant']}"
            yield row, told

    @cached_property
    def column_of(self) -> dict[str, str]:
        """The column of each field."""
        return {meant: column for column, meant in self.fields.items() if column in self.frame}

    @cached_property
    def file_of(self) -> str:
        """The field of the file or the interview that a row is from."""
        return next((field for field in ("document", "interview") if field in self.column_of), "")

    @cached_property
    def labels_of_files(self) -> list[str]:
        """Labels such as R1 or Carer that begin again in each file, somebody else in each: two of them at least, or of other areas or groups."""
        if "participant" not in self.column_of or not self.file_of:
            return []
        rows = self.frame.rename(columns={self.column_of[field]: field for field in self.column_of})
        rows = rows[rows["participant"].map(tells_apart, na_action="ignore").eq(True)]
        places = rows.groupby("participant")[[name for name in ("area", "group") if name in rows]].nunique()
        pairs = rows[["participant", self.file_of]].dropna().drop_duplicates()
        several = pairs[pairs.groupby(self.file_of)["participant"].transform("size").gt(1)]
        several, one = (
            set(each[each.duplicated()]) for each in (several["participant"], pairs["participant"])
        )
        return sorted(
            one & {*places.index[places.gt(1).any(axis=1)]} | (several if len(several) > 1 else set())
        )

    def attributes(self, row: dict) -> Iterator[tuple[str, str]]:
        """Yield name and value for every column that no other table has a place for, several values one by one."""
        for column, cell in row.items():
            meant = self.fields[column]
            if meant in ("", "attribute", *NAMED_ATTRIBUTES) and not pd.isna(cell):
                name = meant if meant in NAMED_ATTRIBUTES else column
                values = [str(cell)] if column in self.written else SEVERAL.split(str(cell))
                yield from ((name, value) for value in values if value)

    @cached_property
    def written(self) -> set[str]:
        """The columns of attributes that hold people's words, in which a semicolon divides no values."""
        kept = [
            name for name, meant in self.fields.items() if meant in ("", "attribute") and name in self.frame
        ]
        cells = {name: self.frame[name].dropna() for name in kept}
        long = [name for name, each in cells.items() if each.str.count(r"\s").mean() > WORDS]
        return {name for name in long if not choices(cells[name])}

    def imported(
        self, records: Records, account: Iterable[Line], *, whole=(), guesses=None, **more
    ) -> ImportedFile:
        """Return what the sheet brings; a table without a row is left out."""
        found = {table: rows for table, rows in records.items() if rows}
        known = {"documents": {"kind": "workbook"}} | (guesses or {})
        account = (*account, *self._area_types())
        whole = [table for table in whole if table in found]
        return imported_file(self.name, found, account, whole=whole, guesses=known, **more)

    def _area_types(self) -> Iterator[Line]:
        """Yield what is not read of the types of areas: words that name none, and those of rows without an area."""
        if "area type" not in self.column_of:
            return
        told = self.frame[self.column_of["area type"]].dropna()
        if "area" not in self.column_of:
            yield Line("area type", len(told), 0, "no column names the area")
            return
        unread = told[told.map({each: not area_type_of(each) for each in told.unique()}).astype(bool)]
        if len(unread):
            words = f"not read, kept as classification: {', '.join(unread.unique()[:MOST_WORDS])}"
            yield Line("area type", len(told), len(told) - len(unread), words, changed=len(unread))


def add_area(records: Records, told: dict[str, str], **more) -> None:
    """Add the area that a row names, with its type where the row says it."""
    if told.get("area"):
        area, kind = area_and_type(told["area"])
        kind = area_type_of(told.get("area type", "")) or kind
        classification = None if kind else told.get("area type")
        known = {"area_id": area, "name": area, "area_type": kind or None, "classification": classification}
        records.add("areas", **known | more)


def people_sheet(sheet: Sheet) -> ImportedFile:
    """People, one a row: participants, the interviews they were in, their attributes."""
    refuse_several_people(sheet)
    refuse_several_places(sheet, "area", "group")
    records, met = Records(), {}
    for number, (row, told) in zip(sheet.frame.index, sheet.rows(), strict=True):
        if not (person := told.get("participant")):
            continue
        _refuse_other(sheet, met.setdefault(same_words(person), (number, row)), (number, row))
        records.add("participants", participant_id=person, notes=told.get("note"), **place_of(told))
        add_area(records, told)
        if document := told.get("document"):
            records.once("documents", document_id=document, title=document)
        held = told.get("interview") or ENDING.sub("", told.get("document", ""))
        for interview in filter(None, SEVERAL.split(held)):
            records.add("attendances", interview_id=interview, participant_id=person)
            _add_interview(records, interview, told)
        records.describe("participants", person, sheet.attributes(row))
    rows, kept, n = len(records["participants"]), len(met), len(sheet.frame)
    again = ", ".join(sheet.labels_of_files)
    notes = (
        f"{n - rows} rows without a name" * (n > rows),
        f"{rows - kept} rows name somebody again" * (rows > kept),
        f"{again}: called so in several files, and somebody else in each" * bool(again),
    )
    person = Line("person", n - rows + kept, kept, "; ".join(filter(None, notes)))
    attribute = all_kept("attribute", len(records["attributes"]))
    return sheet.imported(records, (person, attribute, *_withdrawn(sheet)))


def _withdrawn(sheet: Sheet) -> Iterator[Line]:
    """Yield the line on people of whom a list says that they have withdrawn."""
    cells = sheet.frame[[name for name, meant in sheet.fields.items() if not meant]].fillna("")
    yes = {name: ~cells[name].str.fullmatch(NOT_SO) for name in cells if WITHDRAWN.search(name)}
    told = cells.apply(lambda column: yes.get(column.name, column.str.fullmatch(WITHDRAWN_NOW)))
    people = sheet.frame.loc[told.any(axis=1), sheet.column_of["participant"]].dropna()
    if len(people):
        how = "in the study until taken out: ncsresearch withdraw NAME --from STUDY"
        yield all_kept(
            "person of whom the list says that they withdrew", len(people), f"{few(people)}: {how}"
        )


def refuse_several_people(sheet: Sheet) -> None:
    """Refuse a cell that names several people, where one is expected: they are in other cells, are numbered, or a semicolon parts them."""
    column = sheet.column_of.get("participant", "")
    cells = sheet.frame[column].dropna() if column else pd.Series(dtype="str")
    names = {
        *cells,
        *(part for cell in cells for part in PEOPLE.split(cell) if is_numbered(part) and part[-1].isdigit()),
    }
    for row, cell in cells.items():
        parts = [part for part in PEOPLE.split(cell) if part]
        if len(parts) > 1 and (";" in cell or names.issuperset(parts)):
            raise StudyError(
                f"{sheet.name}: row {row} has several people in {column!r}: {cell!r}; expected one. Give each a row of their own, or leave "
                f"the cell empty where nobody knows who it is. To keep the column as it is: --map {column!r}=attribute."
            )


def refuse_several_places(sheet: Sheet, *fields: str) -> None:
    """Refuse a cell with several areas or groups, where one is expected: a semicolon parts them, or each is in another cell."""
    for meant in fields:
        column = sheet.column_of.get(meant, "")
        cells = sheet.frame[column].dropna() if column else pd.Series(dtype="str")
        for row, cell in cells.items():
            parts = [part for part in PLACES.split(cell) if part]
            if len(parts) > 1 and (";" in cell or {*cells}.issuperset(parts)):
                raise StudyError(
                    f"{sheet.name}: row {row} has several {meant}s in {column!r}: {cell!r}; expected one, as people are counted in one. "
                    f"To keep the column as it is: --map {column!r}=attribute."
                )


def _refuse_other(sheet: Sheet, first: tuple[int, dict], again: tuple[int, dict]) -> None:
    """Raise StudyError where a row that names somebody again says something else of them: it may be another person.

    Rows that name different interviews may differ in all but the name, the area and the group.
    """
    (number, row), (number_again, row_again) = first, again
    once = {"participant", "area", "group"}
    one_each = not {"interview", "document"} & set(sheet.fields.values())
    differ = [
        column
        for column, meant in sheet.fields.items()
        if (one_each or meant in once) and meant != "leave out" and str(row[column]) != str(row_again[column])
    ]
    if differ:
        person = sheet.column_of["participant"]
        raise StudyError(
            f"{sheet.name}: rows {number} and {number_again} have the same person in {person!r} "
            f"and differ in {', '.join(map(repr, differ))}. Give two people two names, or one person "
            f"one row; if the column names no person: --map {person!r}=attribute."
        )


def interviews_sheet(sheet: Sheet) -> ImportedFile:
    """Interviews, one a row, with attributes."""
    refuse_several_places(sheet, "area")
    records = Records()
    for row, told in sheet.rows():
        if key := told.get("interview") or told.get("document"):
            if document := told.get("document"):
                records.once("documents", document_id=document, title=document)
            _add_interview(records, key, told, notes=told.get("note"))
            add_area(records, told)
            records.describe("interviews", key, sheet.attributes(row))
    held = Line("interview", len(sheet.frame), len(records["interviews"]))
    return sheet.imported(records, (held, all_kept("attribute", len(records["attributes"]))))


def areas_sheet(sheet: Sheet) -> ImportedFile:
    """Areas, one a row, with what is known of each."""
    records = Records()
    own = {heading: plain(heading).replace(" ", "_") for heading in sheet.frame}
    known = {heading: column for heading, column in own.items() if column in AREA_COLUMNS}
    for row, told in sheet.rows():
        cells = {known[heading]: row[heading] for heading in known if not pd.isna(row[heading])}
        add_area(records, told, **cells)
        rest = {heading: cell for heading, cell in row.items() if heading not in known}
        if told.get("area"):
            records.describe("areas", told["area"], sheet.attributes(rest))
    area = Line("area", len(sheet.frame), len(records["areas"]))
    return sheet.imported(records, (area, all_kept("attribute", len(records["attributes"]))))


def place_of(told: dict[str, str]) -> dict:
    """Return the area and the group that a row names, as cells of a person or an interview."""
    area = area_and_type(told["area"])[0] if told.get("area") else None
    return {"area_id": area, "participant_group": told.get("group")}


def _add_interview(records: Records, key: str, told: dict[str, str], **more) -> None:
    known = {"mode": mode_of(told.get("mode", "")) or None, "number": told.get("number")}
    document = told.get("document")
    records.add("interviews", interview_id=key, **place_of(told), **known, document_id=document, **more)


def fields_by_heading(sheet: Sheet, known: Mapping[str, str], own: Collection[str]) -> dict[str, str]:
    """Return the field of each column by a list of headings, "" for one of none; what --map gave, and places, go before."""
    kept = {*own, "area", "area type", "leave out"}
    asked = {name for name, field in sheet.fields.items() if field == "attribute"}
    return {
        name: field if field in kept else known.get(plain(name), "") * (name not in asked and "?" not in name)
        for name, field in sheet.fields.items()
    }


def once_each(fields: Mapping[str, str], *several: str) -> dict[str, str]:
    """Return fields of which each but several is one column's, the first; the others have none."""
    first = {field: name for name, field in reversed(fields.items())}
    return {name: field if field in several or first[field] == name else "" for name, field in fields.items()}


def document_of(sheet: Sheet) -> str:
    """Return what the document of a sheet is called: its file without the ending, and the sheet where there are several."""
    _, comma, title = sheet.name.removeprefix(sheet.stem).partition(", ")
    return f"{sheet.stem}{comma}{title}"


def filled_cells(rows: pd.DataFrame) -> Iterator[dict]:
    """Yield the cells of each row that hold something."""
    for row in rows.to_dict("records"):
        yield {name: cell for name, cell in row.items() if not pd.isna(cell)}


def place_of_row(row: Mapping) -> dict:
    """Return the area that a row names, as a cell."""
    return {"area_id": place_of(row)["area_id"]}
