"""Sheets of survey answers, and of the questions they answer."""

import re
from collections.abc import Iterator

import pandas as pd

from ncsresearch.ingest.fields import field_of, plain
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, slug
from ncsresearch.ingest.sheet import Sheet, add_area, place_of
from ncsresearch.schema import StudyError

QUESTION = re.compile(r"\?$|^q(uestion)?[ _.]?\d+|\bq\d+\b|^item[ _]?\d+", re.IGNORECASE)
CLOSED, OPEN, ATTRIBUTE = "question", "open question", "attribute"
# what is known of a question, and what the columns that say it are called
ABOUT_ITEMS = {
    "label": ("label", "wording", "question text"),
    "scale": ("scale", "answers"),
    "positive_values": ("positive", "positive values", "positive answers"),
    "dont_know_values": ("don t know", "dont know values", "not an answer"),
}
SCALE = {*ABOUT_ITEMS["scale"], *ABOUT_ITEMS["positive_values"]}


def answer_kind(answers: pd.Series, heading: str) -> str:
    """Say whether a column is a question (closed), an open question, or an attribute of who answers."""
    given = answers.dropna()
    if not QUESTION.search(heading.strip()):
        return ATTRIBUTE
    words = given.str.split().str.len()
    repeats = given.nunique() <= max(2, 0.8 * len(given))
    short = len(given) == 0 or words.mean() <= 6 or (repeats and words.mean() < 12)
    return CLOSED if short else OPEN


def is_items(frame: pd.DataFrame) -> bool:
    """Whether a sheet describes the questions of a survey: an item each, and its scale."""
    return "item" in {field_of(column) for column in frame} and bool(
        SCALE & {plain(column) for column in frame}
    )


def answers_sheet(sheet: Sheet) -> ImportedFile:
    """Survey answers: one row per respondent, one column per question."""
    kinds = _kinds(sheet)
    closed = [column for column, kind in kinds.items() if kind == CLOSED]
    opened = [column for column, kind in kinds.items() if kind == OPEN]
    records = Records()
    records.add("documents", document_id=sheet.stem, title=sheet.stem, kind="survey")
    for column in closed:
        scale = ";".join(dict.fromkeys(answer.replace(";", ",") for answer in sheet.frame[column].dropna()))
        plain_item = {"item_id": slug(column), "document_id": sheet.stem, "label": column, "scale": scale}
        records.add("survey_items", **sheet.items.get(_item(sheet, column), plain_item))
    people = list(_respondents(sheet, [*closed, *opened]))
    for respondent, row, told in people:
        add_area(records, told)
        described = {name: cell for name, cell in row.items() if kinds.get(name, ATTRIBUTE) == ATTRIBUTE}
        about = list(sheet.attributes(described))
        if opened:
            _add_responses(records, sheet, respondent, row, told, opened)
        elif told.get("group"):
            about.append(("group", told["group"]))
        records.describe("participants" if opened else "survey_answers", respondent, about)
        who = {"participant_id": respondent if opened else None, "area_id": told.get("area")}
        for column in closed:
            item, answer = _item(sheet, column), row[column]
            records.add("survey_answers", respondent_id=respondent, item_id=item, answer=answer, **who)
    account = _account(sheet, records, len(people), len(closed), len(opened))
    guesses = {"participants": {"participant_group": "Survey respondents"}}
    return sheet.imported(records, account, whole=("segments",), guesses=guesses)


def _respondents(sheet: Sheet, asked: list[str]) -> Iterator[tuple[str, dict, dict[str, str]]]:
    """Yield who answers in each row, with the row as Sheet.rows has it; a row without an answer is nobody's.

    A respondent without an id is known by the number of the row, apart from those of another survey.
    """
    stem, rows = slug(sheet.stem), {}
    for number, (row, told) in enumerate(sheet.rows(), start=1):
        respondent = told.get("participant") or str(number)
        if respondent.isdigit() and not respondent.startswith(stem):
            respondent = f"{stem}_{respondent}"
        if all(pd.isna(row[column]) for column in asked):
            continue
        if respondent in rows:
            raise StudyError(
                f"{sheet.name}: rows {rows[respondent]} and {number + 1} have the same respondent, expected a row each; a column "
                "of other numbers is left out with --map COLUMN=attribute."
            )
        rows[respondent] = number + 1
        yield respondent, row, told


def _kinds(sheet: Sheet) -> dict[str, str]:
    """Say of each column that means no field whether it is a question; one that another sheet describes is."""
    return {
        column: CLOSED
        if column in sheet.asked or _item(sheet, column) in sheet.items
        else answer_kind(sheet.frame[column], column)
        for column, field in sheet.fields.items()
        if field in ("", "item")
    }


def _item(sheet: Sheet, column: str) -> str:
    return column if column in sheet.items else slug(column)


def _add_responses(
    records: Records, sheet: Sheet, respondent: str, row: dict, told: dict[str, str], opened: list[str]
) -> None:
    records.add("participants", participant_id=respondent, **place_of(told))
    for column in opened:
        if not pd.isna(row[column]):
            answer = {"kind": "response", "read_by": "machine", "section": column, "text": row[column]}
            records.passage(f"{respondent}/{column}", sheet.stem, participant_id=respondent, **answer)


def _account(sheet: Sheet, records: Records, answered: int, closed: int, opened: int):
    answers, n_open = records["survey_answers"], len(records["segments"])
    scales = "" if sheet.items else "scales in the order met: put them right in survey_items.csv"
    n = len(sheet.frame)
    blank = sum(pd.isna(answer["answer"]) for answer in answers)
    return (
        Line("respondent", n, answered, f"{n - answered} rows without an answer" if answered < n else ""),
        all_kept("question with given answers", closed, scales),
        all_kept("open question", opened, f"{n_open} answers" if opened else ""),
        all_kept("answer", len(answers), f"{blank} left blank" if blank else ""),
    )


def item_rows(items: pd.DataFrame | None, stem: str) -> list[dict]:
    """Return the questions that a sheet describes, as rows of survey items."""
    found = []
    for row in [] if items is None else items.to_dict("records"):
        told = {plain(column): None if pd.isna(cell) else str(cell) for column, cell in row.items()}
        if key := next((told[heading] for heading in told if field_of(heading) == "item"), None):
            known = {
                column: next(filter(None, map(told.get, names)), None)
                for column, names in ABOUT_ITEMS.items()
            }
            found.append({"item_id": key, "document_id": stem, **known, "label": known["label"] or key})
    return found


def items_sheet(sheet: Sheet) -> ImportedFile:
    """The questions of a survey without answers."""
    records = Records()
    records.add("documents", document_id=sheet.stem, title=sheet.stem, kind="survey")
    records["survey_items"] = list(sheet.items.values())
    return sheet.imported(records, (Line("question", len(sheet.frame), len(sheet.items)),))
