"""NVivo's matrices, whose rows are numbered and columns lettered: passages counted, summaries, or attributes, by what their cells hold; and a framework matrix of one's own."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from ncsresearch.ingest.column_fields import personal_columns, personal_line
from ncsresearch.ingest.fields import field_of, plain
from ncsresearch.ingest.guessed_fields import has_words
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept
from ncsresearch.ingest.sheet import WORDS, Sheet, add_area, people_sheet, place_of
from ncsresearch.ingest.transcript import PSEUDONYM, person_of
from ncsresearch.schema import StudyError

DOWN, ACROSS = re.compile(r"^\d+\s*:\s*(.+)$"), re.compile(r"^[A-Z]+\s*:\s*(.+)$")
COUNT = re.compile("[0-9]{1,9}")
INTERVIEW_NUMBER = re.compile(r"int(?:erview)?[ _-]?0*(\d+)", re.IGNORECASE)
CASE = re.compile(r"int(erview)?[ _-]?\d|\binterview|\bfocus group", re.IGNORECASE)
# fields of a framework matrix of one's own, and words of headings of other columns on people, and of answers
OF_MATRIX = {
    "",
    "participant",
    "code",
    "area",
    "area type",
    "group",
    "attribute",
    "leave out",
    "theme column",
}
NO_THEME = re.compile(
    r"^id$|respon|\b(roles?|jobs?|organi[sz]ations?|address|comments?|notes?|reasons?|consent|contact|summar(y|ies)|interview|key points|background|circumstances|recruit\w*)\b"
)
NO_VALUE = {"unassigned", "not applicable"}
COUNTS, SUMMARIES, CLASSIFIED = "a matrix of counts", "a framework matrix", "people with attributes"


def matrix_kind(sheet: Sheet) -> str:
    """Return what an NVivo matrix holds, by its cells; an empty string for a sheet that is none.

    Raises StudyError where words in the cells may be summaries or attributes.
    """
    if not _is_matrix(sheet.frame):
        return SUMMARIES * bool(_themes(sheet))
    cells = sheet.frame.iloc[:, 1:]
    counted = cells.apply(lambda column: column.dropna().map(COUNT.fullmatch).notna().mean())
    if not (counted < 0.5).any():
        return COUNTS
    told = cells.stack().dropna()
    if told.str.count(r"\s").max() >= WORDS:
        return SUMMARIES
    if any(column.dropna().duplicated().any() for _, column in cells.items()):
        return CLASSIFIED
    raise StudyError(
        f"{sheet.name}: a matrix of NVivo whose cells may be summaries or attributes. For attributes, take the numbers and "
        "letters before the names away and call the first column Participant; a summary is longer than five words."
    )


def _is_matrix(frame: pd.DataFrame) -> bool:
    first, headings = frame.iloc[:, 0].dropna(), pd.Series(list(frame)[1:], dtype="str")
    return bool(len(first) and len(headings)) and any(
        first.str.match(down).all() and headings.str.match(across).all()
        for down, across in ((DOWN, ACROSS), (ACROSS, DOWN))
    )


def _themes(sheet: Sheet) -> list[str]:
    """Return the columns of a framework matrix of one's own: words in all that mean nothing else, beside people or below them; else none."""
    first, *rest = sheet.frame
    given = [name for name in rest if sheet.fields[name] == "theme column"]
    themes = given or [name for name in rest if not sheet.fields[name]]
    if len(themes) < 1 + (not given) or not OF_MATRIX.issuperset(sheet.fields.values()):
        return []
    words = sheet.frame[themes].stack().dropna().str.split().str.len().mean()
    summed_up = words >= WORDS and all(has_words(sheet.frame[name]) for name in themes)
    of_people = sheet.fields[first] == "participant" and sheet.frame[first].is_unique
    named = (
        given or not any(map(NO_THEME.search, map(plain, [first, *themes]))) and "?" not in "".join(themes)
    )
    across = themes == rest and sheet.fields[first] in ("", "code") and _are_cases(rest)
    down = first == "column 1" and _are_cases(sheet.frame[first].dropna())
    return themes if summed_up and named and (of_people or across or down) else []


def matrix_sheet(sheet: Sheet) -> ImportedFile:
    """Passages coded, for each code and interview. Zero means no coding, not a row."""
    cells, records = _named(sheet.frame), Records()
    cells = cells.T if cases_down(sheet) else cells
    for code in cells.index:
        records.add("codebook", code_id=code, label=code)
    for interview in cells:
        _add_interview(records, interview)
    read = cells.size - _add_counts(records, cells)
    n = len(records["codings"])
    told = f"{n} with coded passages, {read - n} with none: no coding"
    account = (
        all_kept("code", len(cells)),
        all_kept("interview", cells.shape[1]),
        Line("cell", cells.size, read, told),
    )
    return sheet.imported(records, account, whole=("codings",))


def summaries_sheet(sheet: Sheet) -> ImportedFile:
    """A framework matrix: a summary of what each person says under each code."""
    themes, records = _themes(sheet), Records()
    first = sheet.frame.columns[0]
    cells = sheet.frame.set_index(first)[themes] if themes else _named(sheet.frame)
    cells = cells.T if _are_cases(cells.columns) else cells
    for code in cells:
        records.add("codebook", code_id=code, label=code)
    people = replace(
        sheet, fields={**sheet.fields, **dict.fromkeys(themes, "theme column"), first: "participant"}
    )
    told = {each["participant"]: (row, each) for row, each in people.rows() if "participant" in each}
    for person, row in cells.iterrows():
        own, each = told.get(person, ({}, {}))
        records.add("participants", participant_id=person, **place_of(each))
        add_area(records, each)
        records.describe("participants", person, people.attributes(own))
        for code, text in row.dropna().items():
            records.add("summaries", unit="participants", unit_id=person, code_id=code, text=text)
    of_own = f"what people say, a column each; for one that is no theme: --map {[*themes, ''][0]!r}=attribute"
    code = ("code", cells.shape[1], of_own * bool(themes and cells.columns.equals(pd.Index(themes))))
    counted = (("case", len(cells)), code, ("summary", len(records["summaries"])))
    return sheet.imported(records, [all_kept(*each) for each in counted], whole=("summaries",))


def classified_sheet(sheet: Sheet) -> ImportedFile:
    """A classification sheet: the attributes of each case, which is a person."""
    cells = _named(sheet.frame)
    cells = cells.mask(cells.apply(lambda column: column.str.casefold().isin(NO_VALUE)))
    fields = {name: field for name in cells if (field := field_of(name)) in ("area", "group", "area type")}
    fields = {"Case": "participant"} | {name: fields.get(name, "") for name in cells}
    personal = personal_columns(fields)
    fields |= dict.fromkeys(personal, "leave out")
    found = people_sheet(replace(sheet, frame=cells.rename_axis("Case").reset_index(), fields=fields))
    return replace(found, account=(*found.account, *personal_line(personal)))


def cases_down(sheet: Sheet) -> bool:
    """Whether the rows of a matrix of counts are the interviews: as --map says of its first column, else by what they are called.

    Raises StudyError where columns are groups of interviews, and where no side is known to be the interviews.
    """
    cells, first = _named(sheet.frame), sheet.frame.columns[0]
    if grouped := [name for name in (*cells.index, *cells) if " = " in name]:
        raise StudyError(
            f"{sheet.name}: a matrix of codes by attribute ({grouped[0]!r}), expected one of codes by interview: it says who "
            "said nothing of it. Export the matrix with a case each, and the attributes as a classification sheet."
        )
    if sheet.fields.get(first):
        return sheet.fields[first] in ("participant", "interview", "document")
    down, across = _are_cases(cells.index), _are_cases(cells.columns)
    if down == across:
        raise StudyError(
            f"{sheet.name}: a matrix of counts of which the rows ({cells.index[0]}) or the columns ({cells.columns[0]}) may be "
            f"the codes. Say what the rows are: --map {first!r}=code or --map {first!r}=participant."
        )
    return down


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the cells under the names of rows and columns, without their numbers and letters."""
    cells = frame.set_index(frame.columns[0])
    names = [[(DOWN.match(name) or ACROSS.match(name))[1].strip() for name in axis] for axis in cells.axes]
    return cells.set_axis(names[0], axis=0).set_axis(names[1], axis=1)


def _are_cases(names: Iterable[str]) -> bool:
    return all(CASE.search(name) or PSEUDONYM.search(name.replace("_", " ")) for name in names)


def _add_interview(records: Records, interview: str) -> None:
    person, number = person_of(interview), INTERVIEW_NUMBER.match(interview)
    known = {"number": number and number[1], "mode": "one-to-one"}
    records.add("interviews", interview_id=interview, **known)
    records.add("participants", participant_id=person)
    records.add("attendances", interview_id=interview, participant_id=person)


def _add_counts(records: Records, cells: pd.DataFrame) -> int:
    """Add a judgement for each cell with passages in it; returns how many cells hold no count."""
    broken = 0
    for code, row in zip(cells.index, cells.to_numpy(), strict=True):
        for interview, count in zip(cells.columns, row, strict=True):
            if pd.isna(count) or not COUNT.fullmatch(count):
                broken += not pd.isna(count)
            elif int(count):
                judged = {"unit": "interviews", "n_references": count}
                records.judge(f"{interview}/{code}", interview, code, **judged)
    return broken
