"""What may the columns of a sheet be that no heading decides, and which --map lines say so?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from ncsresearch.ingest.answer_scale import in_order
from ncsresearch.ingest.fields import LONGEST_HEADING, ONCE, plain
from ncsresearch.ingest.imported_file import all_kept, few
from ncsresearch.ingest.sheet import Sheet
from ncsresearch.ingest.speaker_role import tells_apart

FEWEST, MANY_WORDS = 2, 6  # values by which a column is guessed to be people, and words by which it is text
SOME_WORDS = 3  # by which it is text beside codes
CODED = {"code", "code path", "coder"}  # fields of passages that lists of people may have too
MOSTLY = 0.75  # of the names of a list that differ, though somebody may be there twice
FILE = "(file|filename|transcript|document)"
MEETING = "meeting|focus group|visit|conversation|recording|interview"
NUMBERED = "(id|no|nr|num|number|code|ref|reference|name|title|label)"  # of an interview; its date, place or length is an attribute
# words of headings that may mean a field: too unsure to be read so, sure enough to be asked about; the first field that fits is taken
HINTS = {
    "definition": "mean, means, meaning, meant, definition, explanation, description",
    "area type": "kind of area, type of area, area type, kind of place, type of place, urban or rural, rural or urban, urban rural",
    "stance": "good or bad, positive or negative, negative or positive, positive negative, strength or challenge, stance, sentiment, tone, polarity",
    "code": "subject code, about what, coded as, coded to, category, issue, keyword, keywords, theme, themes, code, codes, tag, topic",
    "participant": "who, whom, name, names, alias, informant, subject, client, member, nickname, interviewed, "
    "interviewee, participant, respondent, pseudonym, speaker, spoken by",
    "area": "where, place, town, city, county, district, locality, village, office, lives, works in, based in, area, local authority",
    "interview": rf"^(which |in which |the )?({MEETING})( {NUMBERED})?$",
    "document": rf"^(which |the )?{FILE}( {FILE})?( {NUMBERED})?$",
    "group": "role, job, job title, type, kind, profession, position, occupation, stakeholder, type of participant, type of person",
    "text": "what, words, said, verbatim, statement, quoted, extract, quote, quotation, passage, excerpt, evidence",
}
OF_THINGS = re.compile(
    r"\b(indicators?|kpis?|measure|metric|actions?|recommendations?|totals?|sum)\b|^(19|20)\d\d( \d+)?$"
)
# words of headings that only a list of people has, with a question mark or without
OF_PEOPLE = re.compile(
    r"\b(roles?|jobs?|profession|occupation|stakeholder|age|gender|sex|ethnicity|consent(ed)?|signed|interviewed|recorded|transcribed|"
    r"invited|contacted|recruited|approached|attended|took part|taken part|participated|withdr[ae]wn?|vouchers?|incentive|anonymi[sz]ed)\b"
)
SHORT = 4  # words of a heading that notes something
# whom a form asks, and how; and what names them
ANSWERS = re.compile(
    r"\b(you|your|i|my|q\d+)\b|"
    r"^(is|are|was|were|do|does|did|will|would|can|could|should|how|what|which|when|where|why|who)\b"
)
ANSWERING = re.compile(r"(id|case|respon(se|dent))\b.*")
NO_NAME = re.compile(  # days, times, ticks
    r"\d{4}-\d\d-\d\d.*|\d{1,2}([./-])\d{1,2}\1\d{2,4}|\d{1,2}:\d\d(:\d\d)?|yes|no|y|n|x|true|false|n/?a|pending|unknown",
    re.IGNORECASE,
)
OF_A_LIST = {
    "participant",
    "group",
    "area",
    "area type",
    "interview",
    "document",
    "mode",
    "number",
    "note",
    "client group",
    "",
}
WHOLE = {
    "heading": "code",
    "code name": "participant",
    "notes of what was said": "text",
    "place of interview": "area",
    "area code": "area",
}


def hint_of(heading: str) -> str:
    """Return the field that the words of a heading hint at; an empty string for none."""
    words = plain(heading)
    fits = (
        field
        for field, names in HINTS.items()
        if any(re.search(rf"\b{name}\b" if name[0] != "^" else name, words) for name in names.split(", "))
    )
    return WHOLE.get(words) or next(fits, "")


def of_a_list(sheet: Sheet, heading: str) -> bool:
    """Whether a heading asks what a list says of each of its people, such as "Consent signed?", or of its areas, once each: no respondents."""
    meant = {name: field or hint_of(name) for name, field in sheet.fields.items() if name != heading}
    people = [
        name
        for name, field in meant.items()
        if field == "participant" and not ANSWERING.fullmatch(plain(name))
    ]
    asked, placed = plain(heading), {"area", "group"} & {*meant.values()}
    noted = placed and len(asked.split()) <= SHORT and names_none(sheet.frame[heading].dropna())
    told = noted or OF_PEOPLE.search(asked) or hint_of(heading) == "area type"
    ticked = names_none(sheet.frame[heading].dropna()) and "?" not in heading
    return bool((people and told) or (ticked and _names_areas(sheet))) and not ANSWERS.search(asked)


def _names_areas(sheet: Sheet) -> bool:
    """Whether each row is another area with its type, and nobody who answers: of two columns with ticks or degrees and more, people may."""
    has = {*sheet.fields.values()}
    beside = [
        sheet.frame[name].dropna()
        for name, field in sheet.fields.items()
        if not field and name in sheet.frame
    ]
    if sum(map(_answers, beside)) > 1:
        return False
    listed = {"area", "area type"} <= has and not has & {"participant", "interview", "document", "text"}
    return listed and sheet.frame[sheet.column_of["area"]].is_unique


def _answers(cells: pd.Series) -> bool:
    """Whether cells are ticks, or words of a scale such as Agree and Disagree: no days and no numbers."""
    words = [*dict.fromkeys(cells)]
    told = len(words) > 1 and not cells.str.contains(r"\d").any()
    return told and (names_none(cells) or in_order(words) is not None)


def has_words(cells: pd.Series) -> bool:
    """Whether most cells of a column are of three words or more."""
    return bool(cells.dropna().str.split().str.len().ge(SOME_WORDS).mean() > 0.5)


def names_none(values: pd.Series) -> bool:
    """Whether values are days, times or ticks, which are the name of nobody and of no interview."""
    return bool(len(values) and values.map(NO_NAME.fullmatch).notna().all())


def is_unsure(sheet: Sheet, key: str) -> bool:
    """Whether rows that are read as a thing each, by its key, may be people or passages: the key comes again, and a heading says or hints so."""
    hints = {meant or hint_of(name) for name, meant in sheet.fields.items()}
    return sheet.frame[sheet.column_of[key]].dropna().duplicated().any() and bool(
        hints & {"participant", "text"}
    )


def as_people(sheet: Sheet) -> Sheet | None:
    """Return a sheet of no kind with the fields it is guessed to have, where it can only be a list of people: a name each, and a role, an age or the like."""
    guessed = _guessed(sheet.frame, sheet.fields)
    meant = {column: field for column, field in guessed.items() if field and not sheet.fields[column]}
    called = [column for column, field in meant.items() if field == "participant" and hint_of(column)]
    told = {*guessed.values()} - {"attribute", "leave out"}
    of_people = "group" in sheet.fields.values() or any(map(OF_PEOPLE.search, map(plain, guessed)))
    if not called or not told <= OF_A_LIST or not of_people:
        return None
    said = "; ".join(f"{column} = {field}" for column, field in meant.items())
    line = all_kept(
        "column guessed", len(meant), f"{said}; to read one otherwise: --map {called[0]!r}=attribute"
    )
    return replace(sheet, fields=guessed, beside=(*sheet.beside, line))


def has_no_evidence(sheet: Sheet) -> bool:
    """Whether a sheet is notes: of one column, or of columns that no word hints to be of any use; or every column is to be left out."""
    if {*sheet.fields.values()} == {"leave out"}:
        return True
    return not any(sheet.fields.values()) and (
        len(sheet.frame.columns) == 1 or not any(_guessed(sheet.frame, sheet.fields).values())
    )


def asked_about(sheets: Sequence[Sheet]) -> str:
    """Return each column of some sheets with the field that it was read as, or may be, and the --map lines that say so."""
    each, new, coded = [], {}, []
    for sheet in sheets:
        found = _guessed(sheet.frame, sheet.fields)
        said = ", ".join(f"{_short(column)} ({meant or 'unsure'})" for column, meant in found.items())
        each.append(f"{sheet.name}: {said}" if len(sheets) > 1 else said)
        new |= {column: meant for column, meant in found.items() if meant and meant != sheet.fields[column]}
        coded += _of_no_words(sheet, found)
    line = " ".join(
        f"--map {column!r}={meant}" if " " not in meant else f"--map {f'{column}={meant}'!r}"
        for column, meant in new.items()
    )
    return (
        f"They may be: {'; '.join(each)}." + (f" If that is right: {line}." if line else "") + "".join(coded)
    )


def _of_no_words(sheet: Sheet, found: Mapping[str, str]) -> list[str]:
    """Return what to say of a column of codes in a sheet without the words that are coded, and without what each code means."""
    codes = [column for column, meant in found.items() if meant in CODED]
    if not codes or {"text", "definition"} & {*sheet.fields.values()}:
        return []
    none = f" If it has no codes: {' '.join(f'--map {column!r}=attribute' for column in codes)}."
    if {"text", "definition"} & {*found.values()}:
        return [none] if CODED & {*sheet.fields.values()} else []
    rest = [column for column, meant in found.items() if not meant]
    rest.sort(key=lambda column: -sheet.frame[column].str.len().mean())
    words = " or ".join(f"--map {rest[0]!r}={meant}" for meant in ("text", "definition") if rest)
    either = (
        f" Words that are coded, or what each code means, may be in {rest[0]!r}: {words}." if rest else ""
    )
    return [f" {few(map(repr, codes))} may be codes, and no column is read as the words coded.{either}{none}"]


def _guessed(frame: pd.DataFrame, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the field of each column, by a hint of its heading where it was read as none; of the rest, text and people by their values."""
    guessed, frame = dict(fields), frame.drop_duplicates()
    most = SOME_WORDS if "code" in fields.values() else MANY_WORDS
    for column in [name for name, meant in fields.items() if not meant]:
        values = frame[column].dropna()
        hint = hint_of(column)
        hint = hint * (hint not in ("participant", "interview") or not names_none(values))
        hint = hint or "text" * bool(len(values) and values.str.split().str.len().mean() > most)
        above = next((name for name, meant in guessed.items() if meant == hint == "area"), "")
        if above and _distinct(values) and not _distinct(frame[above].dropna()):  # the council of a place
            guessed[above] = "attribute"
        guessed[column] = "" if hint in ONCE and hint in guessed.values() else hint
    listed = not {"text", "code"} & set(guessed.values())  # a row a person, and no row a passage
    for column in [
        name for name, meant in guessed.items() if listed and meant == "participant" and not fields[name]
    ]:
        values = frame[column].dropna()
        file = next((name for name, meant in guessed.items() if meant in ("document", "interview")), "")
        if file and values.map(tells_apart).all():  # P1 of each file
            values = values + " " + frame.loc[values.index, file].fillna("")
        guessed[column] = "participant" * _distinct(
            values[~values.duplicated() | (values.nunique() < MOSTLY * len(values))]
        )
    of_people = not any(map(OF_THINGS.search, map(plain, frame)))
    named = [
        name
        for name, meant in guessed.items()
        if of_people and not (meant or hint_of(name)) and _distinct(frame[name].dropna())
    ]
    if named and not {"participant", "document", "interview", "code", "area type"} & set(guessed.values()):
        guessed[named[0]] = "participant"
    return guessed


def _distinct(values: pd.Series) -> bool:
    return len(values) >= FEWEST and values.is_unique and not values.str.fullmatch(r"[\d.,:/ -]+").any()


def _short(heading: str) -> str:
    return heading if len(heading) <= LONGEST_HEADING else f"{heading[: LONGEST_HEADING - 4]} ..."
