"""What a file gave before and gives no more: it leaves the study, unless another file gave it too or somebody has judged it."""

from collections.abc import Mapping

import pandas as pd

from ncsresearch.exchange.changes import among
from ncsresearch.exchange.row_names import match_rows, translated
from ncsresearch.ingest.imported_file import ImportedFile
from ncsresearch.schema import ROW_IDS, TABLES
from ncsresearch.study.heard import heard_people
from ncsresearch.study.references import Tables, pointed, without_rows

Names = Mapping[str, Mapping[str, str]]


def without_missing(tables: Tables, given: pd.DataFrame, file: ImportedFile, names: Names) -> Tables:
    """Take out what a file that holds all of a table gave before and no longer holds.

    given are the origins before this import, names those of the file's rows in the study.
    """
    for name in ("links", "notes", "codings", "segments", "survey_items"):
        if name not in file.whole or name not in file.tables:
            continue
        tables, ids = _given_no_more(name, tables, given, file, names)
        if not ids:
            continue
        if name == "segments":  # a passage that somebody has judged stays
            codings = tables["codings"]
            ids -= set(codings.loc[codings["unit"].eq("segments"), "unit_id"])
        if name == "survey_items":  # what is said of who answered nothing else goes too
            answers, described = tables["survey_answers"], tables["attributes"]
            left = answers[~answers["item_id"].isin(ids)]
            silent = {*answers["respondent_id"]}.difference(left["respondent_id"])
            theirs = described["owner"].eq("survey_answers") & described["owner_id"].isin(silent)
            tables = {**tables, "survey_answers": left, "attributes": described[~theirs]}
        tables = without_rows(tables, name, ids & set(tables[name][ROW_IDS[name]]))
    return tables


def without_unnamed(tables: Tables, given: pd.DataFrame, file: ImportedFile, names: Names) -> Tables:
    """Take out people, codes and areas that a file named before and names no more, and of which no other file and no word is."""
    stay = {"turns", "survey_items"}  # who spoke in a transcript, and who answered a survey
    if "participants" in file.tables and not file.gone and not file.tables.keys() & stay:
        tables, ids = _given_no_more("participants", tables, given, file, names)
        others = tables
        if "segments" in file.tables:  # who is quoted there no more attended as far as the file alone said
            attended = tables["attendances"]
            others = {**tables, "attendances": attended[~attended["participant_id"].isin(ids)]}
        tables = without_rows(tables, "participants", ids - heard_people(others))
    for name in ("codebook", "areas"):
        tables, ids = _given_no_more(name, tables, given, file, names)
        others = {**tables, "attributes": tables["attributes"][:0]}  # what is said of it goes with it
        while ids and (gone := ids - pointed_to(others, name)):  # a code goes before the one above it
            tables, ids = without_rows(tables, name, gone), ids - gone
            others = {**others, name: tables[name]}
    return tables


def _given_no_more(
    name: str, tables: Tables, given: pd.DataFrame, file: ImportedFile, names: Names
) -> tuple[Tables, set[str]]:
    """Return the tables without the origins of what a file no longer holds, and the rows that no other file gave."""
    origins = tables["origins"]
    given = given[given["source"].eq(file.source) & given["table"].eq(name)]
    gone = {*given["source_id"].to_numpy()}.difference(names.get(name, ()))
    if not gone:
        return tables, set()
    own = origins["table"].eq(name)
    stale = own & origins["source"].eq(file.source) & origins["source_id"].isin(gone)
    ids = {*origins.loc[stale, "row_id"]} - {*origins.loc[own & ~stale, "row_id"]}
    return {**tables, "origins": origins[~stale]}, ids


def without_taken_back(tables: Tables, texts: Mapping[str, str], file: ImportedFile, names: Names) -> Tables:
    """Take out what a file gave as --map had it read before, and nothing else says: answers, attributes, people, places."""
    gone, names, tables = file.gone, dict(names), dict(tables)
    for name in ("areas", "participants", "interviews", "documents"):
        if name in gone:
            met = match_rows(name, gone[name], tables[name], texts, {})
            names[name] = met | dict(names.get(name, {}))
    for name, rows in file.unsaid.items():
        if len(TABLES[name].key) == 1:
            tables[name] = _emptied(name, rows, tables, file, names)
    for name in ("survey_answers", "attendances", "attributes"):
        if name in gone:
            rows, old = translated(gone[name], TABLES[name].pointers, names), tables[name]
            tables[name] = old[~among(old, rows, list(TABLES[name].key))]
    for name in ("participants", "interviews", "areas", "documents"):
        if name in gone:
            ids = {names[name].get(each) for each in gone[name][ROW_IDS[name]]}
            ids &= {*tables[name][ROW_IDS[name]]} - pointed_to(tables, name)
            tables = without_rows(tables, name, ids)
    return tables


def _emptied(name: str, rows: pd.DataFrame, tables: Tables, file: ImportedFile, names: Names) -> pd.DataFrame:
    """Return a table without the cells that a file alone gave its rows and no longer gives; what every file has to say is guessed."""
    rows = translated(rows, {ROW_IDS[name]: name, **TABLES[name].pointers}, names).set_index(ROW_IDS[name])
    origins, held = tables["origins"], tables[name]
    others = origins.loc[origins["table"].eq(name) & origins["source"].ne(file.source), "row_id"]
    own = ~held[ROW_IDS[name]].isin(others)
    for column in rows:
        said = held[ROW_IDS[name]].map(rows[column].dropna())
        guess = file.guesses.get(name, {}).get(column)
        held = held.assign(**{column: held[column].mask(own & said.eq(held[column]), guess)})
    return held


def without_silent(tables: Tables, before: Tables, file: ImportedFile) -> tuple[Tables, list[str]]:
    """Take out who spoke in a file as it was and speaks in it no more, such as an interviewer who was not known as one.

    Who is named by another file stays. Returns the tables, and a remark where somebody goes.
    """
    pairs, origins = ["document_id", "participant_id"], tables["origins"]
    was, now = (held["turns"].dropna(subset=pairs[1])[pairs] for held in (before, tables))
    others = origins["table"].eq("participants") & origins["source"].ne(file.source)
    silent = was[~among(was, now, pairs) & ~was["participant_id"].isin(origins.loc[others, "row_id"])]
    if "turns" not in file.tables or silent.empty:
        return tables, []
    met = tables["interviews"].dropna(subset="document_id").merge(silent.drop_duplicates(), on="document_id")
    attended = tables["attendances"]
    left = attended[~among(attended, met, ["interview_id", "participant_id"])]
    tables = {**tables, "attendances": left}
    gone = set(silent["participant_id"]) - _heard_of(tables)
    remark = f"{len(gone)} who spoke in it before and speak nowhere now: left out of the people heard"
    return without_rows(tables, "participants", gone), [remark]


def _heard_of(tables: Tables) -> set[str]:
    """Return everybody of whom the study has more than a name: turns, passages, answers, attributes, interviews."""
    described = tables["attributes"]
    return {*described.loc[described["owner"].eq("participants"), "owner_id"]} | heard_people(tables)


def pointed_to(tables: Tables, name: str) -> set[str]:
    """Return the ids of a table that rows of others name."""
    others = [(each, rows) for each, rows in tables.items() if each != "origins"]
    found = (values for each, rows in others for _, table, values in pointed(each, rows) if table == name)
    return {each for values in found for each in values}
