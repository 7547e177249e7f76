"""Sheets of survey answers, and of the questions they answer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ncsresearch.ingest.answer_scale import CODE, in_order, number_of
from ncsresearch.ingest.fields import field_of, plain
from ncsresearch.ingest.guessed_fields import hint_of
from ncsresearch.ingest.imported_file import (
    ImportedFile,
    Line,
    Records,
    all_kept,
    few,
    free,
    same_words,
    slug,
)
from ncsresearch.ingest.sheet import Sheet, add_area, place_of, refuse_several_places
from ncsresearch.ingest.survey_doubts import ATTRIBUTE, CLOSED, OPEN, refuse_doubts
from ncsresearch.ingest.survey_layout import (
    choices,
    form_columns,
    options_joined,
    parts_met_again,
    parts_of,
    slashed_options,
)

QUESTION = re.compile(
    r"[?？؟]\s*($|[\[(]|[-–:] )|^(g\d+)?q(uestion)?[ _.]?\d+|\bq\d+\b|^item[ _]?\d+|"
    r"^(please (tick|select|choose|rate|give|tell|say|explain|describe|indicate|specify|comment)|tell us|are you|do you|have you|i am|"
    r"how (often|much|well|likely|satisfied)|which best)\b|\boverall (rating|satisfaction|experience)\b",
    re.IGNORECASE,
)
# what a form writes beside its questions: in Microsoft Forms two times, in Google Forms the first column, in some languages; and the rest
FORMS = "start time & completion time, startzeit & fertigstellungszeit, heure de début & heure de fin, hora de inicio & hora de finalización"
STAMPS = {"timestamp", "zeitstempel", "horodateur", "marca temporal"}
OTHERS = (
    "id, name, email, language, last modified time, total points, quiz feedback, grade posted time, score"
)
RATING = re.compile(
    r"(strongly |tend to |slightly |somewhat |completely )?(dis)?agree( strongly| slightly| somewhat)?|neither .*|neutral|"
    r"((very|fairly|quite|extremely|not( at all| very)?|completely|somewhat) )?(dis|un)?(satisfied|likely|good|poor|easy|difficult|"
    r"important|helpful|useful|confident|well|happy)|always|usually|often|sometimes|rarely|seldom|never|yes|no|maybe|not sure|"
    r"don.?t know|not applicable|n/?a|prefer not to say|excellent|fair|average",
    re.IGNORECASE,
)
TICK = re.compile("yes|no|n/?a", re.IGNORECASE)
NUMBER = re.compile(r"\d+(,\d{1,2}|\.\d+)?")
TESTS = {"Survey Preview", "Survey Test", "Spam"}  # of Qualtrics' column "Status"
STATES = {"complete", "incomplete", "unverified"}  # of REDCap's column "Complete?"
WRITTEN = re.compile(
    r"(_text|- text|\[other\]|please specify\W*|explain\W*)$|^comments\W*$|\banything else\b|"
    r"\b(any|other|further|additional|general|your)\b.*\b(comments?|feedback|suggestions|thoughts)\W*$",
    re.IGNORECASE,
)
SEVERAL_ASKED = re.compile(
    r"\ball that apply\b|\b(tick|select|choose|check|mark) (all|any|as many)\b|more than one", re.IGNORECASE
)
# answers of which nearly all differ, and words of an answer that is met once, from which they are people's own words
MANY, LONG = 8, 8
WHO = {"area", "group"}
NO_ANSWER, HIGHEST_RATING = re.compile(r"-\d{1,3}|77|88|9[5-9]|777|888|99[5-9]"), 10
RANKED_FIRST = " (put first)"
AS_MET = "answers in the order met, of no scale that is known: put it right in survey_items.csv"
# what is known of a question, and what the columns that say it are called
ABOUT_ITEMS = {
    "label": ("label", "wording", "question text"),
    "scale": ("scale", "answers"),
    "positive_values": ("positive", "positive values", "positive answers"),
    "dont_know_values": ("don t know", "dont know values", "not an answer"),
}
SCALE = {*ABOUT_ITEMS["scale"], *ABOUT_ITEMS["positive_values"]}


def answer_kind(answers: pd.Series, heading: str, *, is_option: bool = False) -> str:
    """Say whether a column is a question (closed), an open question, or an attribute of who answers.

    is_option  whether other columns share its question, so that what its heading has in brackets is an option of it
    """
    given = answers.dropna()
    is_rating = given.str.replace(CODE, "", regex=True).map(RATING.fullmatch).notna().all()
    in_brackets = heading.strip().endswith("]") and (is_option or (is_rating and len(given)))
    asked = QUESTION.search(heading.strip()) or in_brackets
    if WRITTEN.search(heading) and not is_rating:
        return OPEN
    return _shape(given) if asked or (is_rating and given.nunique() > 1) else ATTRIBUTE


def _shape(given: pd.Series) -> str:
    words = given.str.split().str.len()
    repeats = given.nunique() <= max(2, 0.8 * len(given))
    short = len(given) == 0 or words.mean() <= 6 or (repeats and words.mean() < 12)
    return CLOSED if short and not _in_own_words(given, words, repeats=repeats) else OPEN


def _in_own_words(given: pd.Series, words: pd.Series, *, repeats: bool) -> bool:
    """Whether short answers are people's own words: nearly all differ and are no numbers, long ones are met once, or one has a semicolon."""
    alone = int((words.ge(LONG) & ~given.duplicated(keep=False)).sum())
    differ = len(given) >= MANY and not repeats and given.str.contains(r"\d").mean() < 0.5
    written = differ or alone > max(2, len(given) / 10) or given.str.contains(";").any()
    return bool(written) and not choices(given)


def is_items(frame: pd.DataFrame) -> bool:
    """Whether a sheet describes the questions of a survey: an item each, and its scale."""
    return "item" in {field_of(column) for column in frame} and bool(
        SCALE & {plain(column) for column in frame}
    )


def with_choices(sheet: Sheet) -> Sheet:
    """Return a sheet whose questions are a column each, where a tool gives each option a column of its own."""
    apart = {column for column, meant in sheet.fields.items() if meant in ("attribute", "leave out")}
    frame = options_joined(sheet.frame, sheet.options, apart)
    joined = {question for question, _ in slashed_options(sheet.frame).values()}
    fields = {
        column: "question" if column in joined else sheet.fields.get(column, "question") for column in frame
    }
    return replace(sheet, frame=frame, fields=fields)


def kinds_of_columns(sheet: Sheet) -> dict[str, str]:
    """Say of each column that means no field whether it is a question; one that another sheet describes is, or that was given as one."""
    of_form = _asked_by_form(sheet)
    kinds = {
        column: _kind(sheet, column, asked=column in of_form)
        for column, field in sheet.fields.items()
        if field in ("", "item", "question", "text")
    }
    rated = {
        cell for name, kind in kinds.items() if kind == CLOSED for cell in sheet.frame[name].dropna().unique()
    }
    alike = [
        name
        for name, kind in kinds.items()
        if kind == ATTRIBUTE and _all_rate_alike(sheet.frame[name], rated)
    ]
    return kinds | dict.fromkeys(alike, CLOSED)


def _all_rate_alike(cells: pd.Series, rated: set[str]) -> bool:
    """Whether everybody gives one answer, which is one to another question too and no plain yes or no."""
    told = [*cells.dropna().unique()]
    return (
        len(told) == 1
        and told[0] in rated
        and bool(RATING.fullmatch(told[0]))
        and not TICK.fullmatch(told[0])
    )


def _kind(sheet: Sheet, column: str, *, asked: bool) -> str:
    if item := sheet.items.get(column) or sheet.items.get(slug(column)):
        return CLOSED if item.get("scale") else _shape(sheet.frame[column].dropna())
    if sheet.fields[column] == "question" or (sheet.fields[column] == "item" and field_of(column) != "item"):
        return _shape(sheet.frame[column].dropna())
    if plain(column) == "complete" and {*sheet.frame[column].dropna().str.casefold()} <= STATES:
        return ATTRIBUTE
    if sheet.fields[column] == "text" or (asked and WRITTEN.search(column)):
        return OPEN
    if asked:
        return _shape(sheet.frame[column].dropna())
    stem, _, bracketed = column.rpartition("[")
    shared = bracketed.endswith("]") and sum(name.startswith(f"{stem}[") for name in sheet.frame) > 1
    label = sheet.labels.get(column, "")
    return answer_kind(sheet.frame[column], label if "?" in label else column, is_option=shared)


def _asked_by_form(sheet: Sheet) -> set[str]:
    """Return the questions of a form's own export: all columns with answers that are not the form's own, or say who answers."""
    called = {name: plain(name) for name in sheet.frame}
    own = [pair.split(" & ") for pair in FORMS.split(", ") if {*called.values()} >= {*pair.split(" & ")}]
    written = form_columns(sheet.frame)
    beside = {*OTHERS.split(", "), *STAMPS, *map(plain, written), *(each for pair in own for each in pair)}
    unread = [name for name, word in called.items() if word not in beside and not sheet.fields[name]]
    of_form = own or written or next(iter(called.values())) in STAMPS
    return {name for name in unread if sheet.frame[name].notna().any()} if of_form else set()


def answers_sheet(sheet: Sheet) -> ImportedFile:
    """Survey answers: one row per respondent, one column per question."""
    refuse_several_places(sheet, "area", "group")
    sheet = with_choices(sheet)
    kinds = kinds_of_columns(sheet)
    refuse_doubts(sheet, kinds)
    closed, opened = (
        [column for column, kind in kinds.items() if kind == wanted] for wanted in (CLOSED, OPEN)
    )
    answered = sheet.frame[closed + opened].notna().any(axis=1)
    questions = _questions(sheet, closed)
    answers = {column: question.answers for column, question in questions.items()}
    sheet = replace(sheet, frame=sheet.frame.assign(**answers)[answered])
    records = Records()
    records.add("documents", document_id=sheet.stem, title=sheet.stem, kind="survey")
    for question in questions.values():
        records.add("survey_items", **question.item)
    for number, (row, told) in zip(answered.to_numpy().nonzero()[0] + 1, sheet.rows(), strict=True):
        told["participant"] = _respondent(sheet, told, number)
        add_area(records, told)
        _describe(records, sheet, row, told, kinds)
        if opened:
            _add_responses(records, sheet, row, told, opened)
        _add_answers(records, row, told, questions, opened)
    account = _account(sheet, records, questions, opened, answered)
    guesses = {"participants": {"participant_group": "Survey respondents"}}
    whole, by_row = ("segments", "survey_items"), "participant" not in sheet.column_of
    return sheet.imported(records, account, whole=whole, guesses=guesses, by_row=by_row)


def _describe(records: Records, sheet: Sheet, row: dict, told: dict[str, str], kinds: dict) -> None:
    described = {name: cell for name, cell in row.items() if kinds.get(name, ATTRIBUTE) == ATTRIBUTE}
    about = list(sheet.attributes(described))
    if OPEN in kinds.values():
        records.describe("participants", told["participant"], about)
    else:
        group = [("group", told["group"])] if told.get("group") else []
        records.describe("survey_answers", told["participant"], about + group)


def _add_answers(records: Records, row: dict, told: dict[str, str], questions: dict, opened: list) -> None:
    """Add the answers of a row; who answers in their own words too is a participant."""
    person = told["participant"]
    who = {"participant_id": person if opened else None, "area_id": told.get("area")}
    for column, question in questions.items():
        known = {"respondent_id": person, "item_id": question.item["item_id"], "answer": row[column]}
        records.add("survey_answers", **known, **who)


def _respondent(sheet: Sheet, told: dict[str, str], number: int) -> str:
    """Return who answers: bare numbers of one survey are kept apart from those of another."""
    row = f"row {number}" if "participant" in sheet.column_of else str(number)
    respondent, stem = told.get("participant") or row, slug(sheet.stem)
    is_number = respondent.isdigit() and not respondent.startswith(stem)
    return f"{stem}_{respondent}" if is_number else respondent


@dataclass(frozen=True)
class Question:
    """A closed question: its row of survey_items, and its answers in one spelling each.

    respelled, stray  how many answers were in another spelling, or on no scale
    in_order          whether its scale has an order that is known, or none
    ranked         whether people put all its answers in an order, of which the first is counted
    """

    item: dict
    answers: pd.Series
    respelled: int
    stray: int
    in_order: bool
    ranked: bool = False


def _questions(sheet: Sheet, closed: list[str]) -> dict[str, Question]:
    ids: dict[str, str] = {}
    for column in closed:
        known = next((name for name in (column, slug(column)) if name in sheet.items), None)
        ids[column] = known or free(slug(column), set(ids.values()))
    return {column: _question(sheet, column, item_id) for column, item_id in ids.items()}


def _question(sheet: Sheet, column: str, item_id: str) -> Question:
    cells, item = sheet.frame[column], sheet.items.get(item_id)
    scale = item["scale"].split(";") if item and item.get("scale") else []
    mark = choices(cells.dropna()) or _several_asked(sheet.labels.get(column) or column, cells)
    met = parts_met_again(cells.dropna()) if mark == "," else ()
    parted = cells.map(lambda cell: parts_of(cell, mark, met), na_action="ignore")
    if ranked := bool(mark) and _are_ranks(parted.dropna()):
        parted = parted.map(lambda parts: parts[:1], na_action="ignore")
    spelled = _spellings([part for parts in parted.dropna() for part in parts], scale)
    answers = parted.dropna().map(lambda parts: ";".join(spelled[part] for part in parts))
    answers = answers.astype("str").reindex(cells.index)
    respelled = sum(spelled[part] != part.replace(";", ",") for parts in parted.dropna() for part in parts)
    known = list(dict.fromkeys(spelled[part] for parts in parted.dropna() for part in parts))
    ordered = _ordered(known, sheet.scales.get(column, ()), several=bool(mark))
    made = {
        "item_id": item_id,
        "document_id": sheet.stem,
        "label": (sheet.labels.get(column) or column) + RANKED_FIRST * ranked,
        "scale": ";".join(ordered or known),
        "dont_know_values": ";".join(_stand_for_none(known)) or None,
    }
    stray = sum(part not in scale for part in known) if scale else 0
    in_order = bool(scale or ordered or mark or len(known) < 2)
    return Question(item or made, answers, respelled, stray, in_order, ranked)


def _several_asked(label: str, cells: pd.Series) -> str:
    """Return the comma that parts choices where the question says that there may be several, and one of them is a whole cell elsewhere."""
    told = {*cells.dropna()}
    alone = {part for cell in told for part in parts_of(cell, ",")[1:]} | {
        cell.split(",")[0] for cell in told if "," in cell
    }
    return "," * bool(SEVERAL_ASKED.search(label) and alone & told)


def _stand_for_none(answers: list[str]) -> list[str]:
    """Return the numbers that surveys keep for no answer, such as -99 and 99, beside numbers of a rating."""
    codes = [answer for answer in answers if NO_ANSWER.fullmatch(answer)]
    rated = [float(answer) for answer in answers if answer not in codes and re.fullmatch(r"\d+", answer)]
    return codes if len(rated) > 1 and max(rated) <= HIGHEST_RATING else []


def _are_ranks(parted: pd.Series) -> bool:
    """Whether everybody names the same three answers or more, each once, and not all in one order."""
    orders = {tuple(parts) for parts in parted}
    named = {frozenset(parts) for parts in orders}
    return len(orders) > 1 and len(named) == 1 and all(len({*parts}) == len(parts) > 2 for parts in orders)


def _ordered(answers: list[str], scale: Sequence[str], *, several: bool) -> list[str] | None:
    """Return answers in the order that the file says, else in that of a known scale; None where there is neither, or people choose several."""
    if set(answers) <= set(scale):
        return [answer for answer in scale if answer in answers]
    return None if several else in_order(answers)


def _spellings(answers: list[str], scale: list[str]) -> dict[str, str]:
    """Return the spelling that each answer is kept in: that of the scale, else the commonest of those that differ by case or spaces, or are one number."""
    common = pd.Series(answers, dtype="str").value_counts(sort=True).index
    first = {_same_answer(answer): answer for answer in [*reversed(common), *reversed(scale)]}
    return {answer: first[_same_answer(answer)].replace(";", ",") for answer in common}


def _same_answer(answer: str) -> str | float:
    """Return what two spellings of one answer share: of a number its value, as 8 is 8.0."""
    return number_of(answer) if NUMBER.fullmatch(answer) else same_words(answer)


def _add_responses(records: Records, sheet: Sheet, row: dict, told: dict[str, str], opened: list) -> None:
    person = told["participant"]
    records.add("participants", participant_id=person, **place_of(told))
    for column in opened:
        if not pd.isna(row[column]):
            answer = {"kind": "response", "read_by": "machine", "section": column, "text": row[column]}
            records.passage(f"{person}/{column}", sheet.stem, participant_id=person, **answer)


def _account(
    sheet: Sheet, records: Records, questions: dict[str, Question], opened: list[str], answered: pd.Series
) -> Iterator[Line]:
    answers, n_open = records["survey_answers"], len(records["segments"])
    blank = sum(pd.isna(answer["answer"]) for answer in answers)
    respelled = sum(question.respelled for question in questions.values())
    stray = {name: question.stray for name, question in questions.items() if question.stray}
    nobody = "" if answered.all() else "rows without an answer are nobody"
    yield Line("respondent", len(answered), int(answered.sum()), nobody)
    as_met = sum(not question.in_order for question in questions.values())
    yield all_kept("question with given answers", len(questions), f"{as_met} with {AS_MET}" if as_met else "")
    if ranks := [question.item["label"] for question in questions.values() if question.ranked]:
        yield all_kept("question of ranks", len(ranks), f"what people put first is counted: {few(ranks)}")
    codes = {name: each.item.get("dont_know_values") for name, each in questions.items() if not sheet.items}
    if told := [f"{code} ({name})" for name, code in codes.items() if code]:
        how = "in no base; for one that is an answer, take it out of dont_know_values in survey_items.csv"
        yield all_kept("number that stands for no answer", len(told), f"{few(told)}: {how}")
    yield all_kept("open question", len(opened), f"{n_open} answers" if opened else "")
    unordered = [column for column, question in questions.items() if not question.in_order]
    yield who_line(sheet, unordered, "question on who answers")
    n, said = len(answers), _spelled(blank, respelled)
    yield Line("answer", n, n - respelled, said, changed=respelled)
    if stray:
        where = f"of {', '.join(stray)}: put the scale right in survey_items.csv"
        yield all_kept("answer that is on no scale", sum(stray.values()), where)
    tests = [sheet.frame[name].isin(TESTS).sum() for name in sheet.frame if plain(name) == "status"]
    if n := int(sum(tests)):
        yield Line("test answer", n, 0, "among the respondents: take its row out", changed=n)


def who_line(sheet: Sheet, columns: Iterable[str], kind: str) -> Line:
    """Return the line on columns that may say the area or the group of people, where no column is that, with the --map line to use."""
    about = {column: hint_of(column) for column in columns}
    about = {column: field for column, field in about.items() if field in WHO - {*sheet.fields.values()}}
    lines = [f"--map {f'{column}={field}'!r}" for column, field in about.items()]
    return all_kept(kind, len(lines), f"to have results by it: {' '.join(lines)}" if lines else "")


def _spelled(blank: int, respelled: int) -> str:
    said = [f"{blank} left blank"] * bool(blank)
    said += [f"{respelled} in another spelling of the same words, put in the commonest"] * bool(respelled)
    return "; ".join(said)


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
