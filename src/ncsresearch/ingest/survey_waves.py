"""Waves of a survey: each is a survey of its own, whose answers are never counted with those of another."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ncsresearch.ingest.fields import plain
from ncsresearch.ingest.imported_file import ImportedFile, slug
from ncsresearch.ingest.sheet import Sheet
from ncsresearch.schema import StudyError

WAVES = re.compile(
    r"((survey|study) )?(wave|round|sweep|time ?point|survey year|year of survey|redcap event name|welle|erhebung(swelle|szeitpunkt)?|"
    r"messzeitpunkt|vague|ronda|ola|oleada|onda|ondata|rilevazione|golf|meting|ronde|runde|bølge|våg|mätning|fala|волна)( (number|no|nr|name|id))?"
)
# words of waves that mean something else too, such as the Dutch golf: they are waves by values with numbers
OTHER_SENSE = re.compile(r"golf|ola|onda|fala|våg|runde|ronde|ronda")
# values that waves have; the first of them are of nothing else
FIRST_WAVE = (
    r"baseline|pre|pre (test|survey|course|intervention)|(wave|welle|vague|round|survey|time ?point) ?\d+"
)
WAVE = re.compile(
    rf"({FIRST_WAVE}|before|entry|(visit|time|t|w) ?\d|midline|endline|post|post (test|survey|course|intervention)|after|exit|(first |second |final )?follow ?up( \d+)?|"
    r"(month|week|year|day) ?\d+|(\d+|one|two|three|six|twelve) ?(weeks?|months?|years?|m|w|y)( (follow ?up|later|after|on))?)( arm \d+)?"
)
WAVE_TITLE = re.compile(rf"{WAVE.pattern}|(19|20)\d\d( \d\d(\d\d)?)?")  # of a sheet
YEARS = {"year", "jahr", "année", "año", "survey year", "financial year"}
UNKNOWN = "wave not stated"


def waves_of(sheet: Sheet) -> Iterator[tuple[str, Sheet]]:
    """Yield each wave that a column of a survey names, with its rows; "" and the sheet where none does.

    Raises StudyError for a column that looks like waves and was given no field.
    """
    column = next((name for name, field in sheet.fields.items() if field == "wave"), None)
    if column is None:
        _refuse_waves(sheet)
        book, _, title = sheet.name.rpartition(", ")
        wave = title if book and WAVE_TITLE.fullmatch(plain(title)) else ""
        yield wave, replace(sheet, name=book, stem=f"{sheet.stem} {wave}") if wave else sheet
        return
    fields = {**sheet.fields, column: "leave out"}
    for wave, rows in sheet.frame.groupby(sheet.frame[column].fillna(UNKNOWN), sort=False):
        yield str(wave), replace(sheet, frame=rows, fields=fields, stem=f"{sheet.stem} {wave}")


def with_waves(sheet: Sheet) -> Sheet:
    """Return a survey in which a column that looks like waves is that, where people answer again in another, and once in each."""
    who, waves = sheet.column_of.get("participant"), _like_waves(sheet)
    if not who or not waves or "wave" in sheet.fields.values():
        return sheet
    pairs = sheet.frame[[who, waves[0]]].dropna()
    again = pairs[who].duplicated().any() and not pairs.duplicated().any()
    return replace(sheet, fields={**sheet.fields, waves[0]: "wave"}) if again else sheet


def _like_waves(sheet: Sheet) -> list[str]:
    unread = [name for name, field in sheet.fields.items() if not field and name in sheet.frame]
    waves = [name for name in unread if WAVES.fullmatch(plain(name)) and not _means_else(sheet, name)]
    waves += [name for name in unread if _are_years(sheet, name) or _are_waves(sheet, name)]
    return [name for name in waves[:1] if sheet.frame[name].nunique() > 1]


def _refuse_waves(sheet: Sheet) -> None:
    if waves := _like_waves(sheet):
        raise StudyError(
            f"{sheet.name}: the column {waves[0]!r} looks like waves of a survey, which are not counted together. To read each as "
            f"a survey of its own: --map {waves[0]!r}=wave; to count all as one: --map {waves[0]!r}=attribute."
        )


def _means_else(sheet: Sheet, column: str) -> bool:
    """Whether a column is called by a word that means waves or something else, and a value has no number."""
    other = OTHER_SENSE.fullmatch(plain(column))
    return bool(other) and not sheet.frame[column].dropna().str.contains(r"\d").all()


def _are_years(sheet: Sheet, column: str) -> bool:
    """Whether a column called Year has years that come again in several rows each."""
    years = sheet.frame[column].dropna()
    again = years.value_counts().gt(1).all() and years.str.fullmatch(r"(19|20)\d\d([-/]\d\d)?").all()
    return plain(column) in YEARS and bool(again)


def _are_waves(sheet: Sheet, column: str) -> bool:
    """Whether the values of a column that asks nothing are called as waves are, such as Baseline and 6 months."""
    values = {plain(value) for value in sheet.frame[column].dropna().unique()}
    first = any(re.fullmatch(rf"({FIRST_WAVE})( arm \d+)?", value) for value in values)
    return "?" not in column and first and all(map(WAVE.fullmatch, values))


def of_wave(file: ImportedFile, wave: str) -> ImportedFile:
    """Return a survey as one wave of it: its source, document and questions are apart from those of other waves."""
    if not wave or "survey_items" not in file.tables:
        return file
    tables = dict(file.tables)
    for name in ("survey_items", "survey_answers"):
        if name in tables:
            tables[name] = tables[name].assign(item_id=tables[name]["item_id"] + f"_{slug(wave)}")
    old = tables["documents"]["document_id"]
    new = old.where(old.str.endswith(f" {wave}"), old + f" {wave}")
    tables["documents"] = tables["documents"].assign(document_id=new, title=new)
    names = dict(zip(old, new, strict=True))
    for name in ("survey_items", "segments"):
        if name in tables and "document_id" in tables[name]:
            tables[name] = tables[name].assign(document_id=tables[name]["document_id"].replace(names))
    return replace(file, source=f"{file.source}, {wave}", tables=tables)
