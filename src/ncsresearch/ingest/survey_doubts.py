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
NO_IDS = re.compile(
    r"\b(how|number of|post ?code|zip|areas?|regions?|types?|groups?|case ?study|studies|languages?|lang|sites?|managers?|workers?|panel|household|"
    r"occupation|identif(y|ies)|(number|no) of|yes)\b|postcode|\?"
)
FEWEST_AGAIN = 4  # different ids, by which a column that has some of them again is one of who answers
OF_ROWS = re.compile(
    r"\b(response|submission|entry|record|row|serial|antwort)"
)  # ids of what was sent, and of nobody
# a number, a percentage or both in a cell; and what a column of them is called in a table of results, and is not
COUNT = re.compile(r"(n ?= ?)?[\d.,]+ ?%?( ?\(([\d.,]+ ?%?|n ?= ?\d+)\))?", re.IGNORECASE)
SHARED = re.compile(r"[\d.,]+ ?\([\d.,]+ ?%\)|[\d.,]+ ?% ?\((n ?= ?)?\d+\)", re.IGNORECASE)
COUNTS = re.compile(
    r"(the )?(n|counts?|frequency|freq|percent|percentage|per cent|total|respondents|responses|"
    r"anzahl|häufigkeit|prozent|effectif|frecuencia|aantal|antal)|"
)
OF_ONE = re.compile(
    r"\b(age|years?|months?|days?|hours?|minutes|no|nr|id|number|children|household|score|rating|distance|income|salary|km|miles|visits?|population|"
    r"alter|âge|edad|leeftijd)\b"
)
TOTALS = {"total", "totals", "all", "gesamt", "insgesamt", "ensemble", "totaal", "i alt", "totalt"}


def with_respondents(sheet: Sheet) -> Sheet:
    """Return a survey in which a column that looks like ids of who answers is that, where no other is."""
    ids = _ids(sheet)
    known = "participant" in sheet.column_of or not ids
    return sheet if known else replace(sheet, fields={**sheet.fields, ids[0]: "participant"})


def _ids(sheet: Sheet) -> list[str]:
    """Return the columns of no field that are called an id of who answers: each value once, or codes of which few rows share each."""
    unread = [name for name, field in sheet.fields.items() if not field and name in sheet.frame]
    called = [name for name in unread if IDS.search(plain(name)) and WHO.search(plain(name))]
    return [name for name in called if not NO_IDS.search(plain(name)) and _are_ids(sheet.frame[name])]


def _are_ids(cells: pd.Series) -> bool:
    told, n = cells.dropna(), cells.nunique()
    again = n >= FEWEST_AGAIN and 6 * n >= len(told) and told.str.contains(r"\d").all()
    return bool(n > 2 and (told.is_unique or again))


def _knows_who(sheet: Sheet) -> bool:
    """Whether the participants have a row each, by an id that is theirs and not that of what they sent."""
    column = sheet.column_of.get("participant")
    return bool(column) and not OF_ROWS.search(plain(column)) and sheet.frame[column].dropna().is_unique


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
    others = [] if _knows_who(sheet) else _ids(sheet)
    for column in (*filter(None, [sheet.column_of.get("participant")]), *others):
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
    """Refuse numbers of people beside each answer, which are no answers of people: no answers come twice, and the numbers are called counts or crossed."""
    asked = [name for name, kind in kinds.items() if kind != ATTRIBUTE]
    given = "participant" in sheet.column_of or any(sheet.fields[name] == "question" for name in asked)
    rows = sheet.frame.dropna(subset=asked, how="all")
    counts = [name for name, kind in kinds.items() if kind == ATTRIBUTE and _counts(rows[name])]
    by = asked + [sheet.column_of[field] for field in ("area", "group") if field in sheet.column_of]
    if not counts or given or len(rows) < 2 or rows[by].duplicated().any():
        return
    named = len(asked) == 1 and any(COUNTS.fullmatch(plain(name)) for name in counts)
    all_met = OPEN not in kinds.values() and len(rows) == rows[by].nunique().prod()
    if named or _have_shares(rows[counts]) or (all_met and _are_crossed(rows, asked, counts, by)):
        raise StudyError(
            f"{sheet.name}: each answer to {asked[0]!r} has one row, with numbers in {counts[0]!r}, expected a row for each respondent; "
            f"answers that were counted already are not read. If each row is what one person said: --map {asked[0]!r}=question."
        )


def _have_shares(numbers: pd.DataFrame) -> bool:
    """Whether each cell of a column is a number with its share, such as 10 (50%)."""
    return any(numbers[name].dropna().map(SHARED.fullmatch).notna().all() for name in numbers)


def _are_crossed(rows: pd.DataFrame, asked: list[str], counts: list[str], by: list[str]) -> bool:
    """Whether the numbers beside all answers are those of groups, a column each and nothing else, are called counts, or have a row of totals."""
    rest = [name for name in rows if name not in by and rows[name].notna().any()]
    groups = len(counts) > 1 and {*rest} == {*counts} and not any(OF_ONE.search(plain(name)) for name in rest)
    totals = any(TOTALS & {*map(plain, rows[name].dropna())} for name in asked)
    return groups or totals or any(COUNTS.fullmatch(plain(name)) for name in counts)


def _counts(cells: pd.Series) -> bool:
    """Whether a column holds numbers, and no running ones."""
    told = cells.dropna()
    runs = [*told] in ([str(n + first) for n in range(len(told))] for first in (0, 1))
    return len(told) > 1 and not runs and told.map(COUNT.fullmatch).notna().all()
