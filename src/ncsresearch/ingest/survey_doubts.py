"""What in a survey is for a person to say before it is counted: weights, waves, somebody in two rows, a table of results."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ncsresearch.ingest.fields import plain
from ncsresearch.ingest.imported_file import slug
from ncsresearch.ingest.sheet import Sheet
from ncsresearch.schema import StudyError, are_weights

CLOSED, OPEN, ATTRIBUTE = "question", "open question", "attribute"
# words of a heading that say who, and that say an id; some say both
WHO = re.compile(
    r"\b(record|respon|participant|person|case|client|user|subject|panel|member|submission|entry|serial|unique|study|survey|teilnehm|"
    r"befrag|proband|fragebogen|antwort|répon|enquêt|encuestad|rispost|partecip|deelnem|svar|deltag)|"
    r"^((anonymous|own) )?(code|kod|código|codice|kennung|\w+nummer|token|identifi\w+|pseudonym|uuid|guid)$"
)
IDS = re.compile(
    r"(\b(id|ids|uid|code|kod|no|nr|num|number|key|ref|reference|kennung|código|codice)|(nummer|code|kennung|(user|case|resp|record|person)id))$|"
    r"^(numéro|número|numero|código|codice|id)\b|identifi|pseudonym|\buuid|\bguid|token"
)
NO_IDS = re.compile(r"\b(how|number of|post ?code|zip|area|region|type|group)\b|postcode|\?")
# a number, a percentage or both in a cell; and what a column of them is called in a table of results
COUNT = re.compile(r"(n ?= ?)?[\d.,]+ ?%?( ?\(([\d.,]+ ?%?|n ?= ?\d+)\))?", re.IGNORECASE)
COUNTS = re.compile(
    r"(the )?(n|count|counts|frequency|freq|percent|percentage|per cent|share|total|number|respondents|responses|answers|people|"
    r"anzahl|häufigkeit|prozent|effectif|nombre|número|frecuencia|aantal|numero|antal)( (of|der|de|di|van) \w+)?|"
)


def with_respondents(sheet: Sheet) -> Sheet:
    """Return a survey in which a column that looks like ids of who answers is that, where no other is."""
    ids = _ids(sheet)
    known = "participant" in sheet.column_of or not ids
    return sheet if known else replace(sheet, fields={**sheet.fields, ids[0]: "participant"})


def _ids(sheet: Sheet) -> list[str]:
    """Return the columns of no field that are called an id of who answers, and of which few rows share each value."""
    unread = [name for name, field in sheet.fields.items() if not field and name in sheet.frame]
    called = [name for name in unread if IDS.search(plain(name)) and WHO.search(plain(name))]
    n = {name: sheet.frame[name].nunique() for name in called if not NO_IDS.search(plain(name))}
    return [name for name in n if n[name] > 2 and 6 * n[name] >= sheet.frame[name].count()]


def refuse_doubts(sheet: Sheet, kinds: Mapping[str, str]) -> None:
    """Refuse a survey of which a person has to say something, with the --map line that says it; kinds of its columns."""
    _refuse_weights(sheet)
    _refuse_repeated(sheet)
    _refuse_results(sheet, kinds)


def _refuse_weights(sheet: Sheet) -> None:
    weights = [name for name, field in sheet.fields.items() if not field and _weighs(sheet, name)]
    if weights:
        raise StudyError(
            f"{sheet.name}: the column {weights[0]!r} looks like survey weights. To keep them: --map "
            f"{weights[0]!r}=attribute. They are applied where study.toml names them (weights under [surveys.{slug(sheet.stem)}]), and "
            f"where it does not the report says that answers are counted without weights."
        )


def _weighs(sheet: Sheet, column: str) -> bool:
    """Whether a column holds weights, by its heading or its label, and its numbers."""
    values = sheet.frame[column].dropna()
    return any(are_weights(called, values) for called in (column, sheet.labels.get(column, "")))


def _refuse_repeated(sheet: Sheet) -> None:
    """Refuse a respondent in two rows, by any column that looks like ids of who answers."""
    for column in (*filter(None, [sheet.column_of.get("participant")]), *_ids(sheet)):
        ids = sheet.frame[column].dropna()
        if not ids.duplicated().any():
            continue
        again = ids.index[ids.duplicated()][0]
        first = ids.index[ids.eq(ids[again])][0]
        raise StudyError(
            f"{sheet.name}: rows {first} and {again} have the same respondent in {column!r}, expected a row each; "
            f"if another names waves of the survey: --map COLUMN=wave; if the column is no id of who answers: --map {column!r}=attribute."
        )


def _refuse_results(sheet: Sheet, kinds: Mapping[str, str]) -> None:
    """Refuse numbers of people beside each answer, which are no answers of people: no answers come twice, and all that go together are there."""
    asked = [name for name, kind in kinds.items() if kind != ATTRIBUTE]
    given = "participant" in sheet.column_of or any(sheet.fields[name] == "question" for name in asked)
    rows = sheet.frame.dropna(subset=asked, how="all")
    counts = [name for name, kind in kinds.items() if kind == ATTRIBUTE and _counts(rows[name])]
    by = asked + [sheet.column_of[field] for field in ("area", "group") if field in sheet.column_of]
    crossed = OPEN not in kinds.values() and len(rows) == rows[by].nunique().prod()
    named = any(COUNTS.fullmatch(plain(name)) for name in counts)
    if counts and not given and len(rows) > 1 and not rows[by].duplicated().any() and (crossed or named):
        raise StudyError(
            f"{sheet.name}: each answer to {asked[0]!r} has one row, with numbers in {counts[0]!r}, expected a row for each respondent; "
            f"answers that were counted already are not read. If each row is what one person said: --map {asked[0]!r}=question."
        )


def _counts(cells: pd.Series) -> bool:
    """Whether a column holds numbers, and no running ones."""
    told = cells.dropna()
    runs = [*told] in ([str(n + first) for n in range(len(told))] for first in (0, 1))
    return len(told) > 1 and not runs and told.map(COUNT.fullmatch).notna().all()
