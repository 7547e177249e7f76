"""A survey comes in: does the study have it under another name, are its rows the people they were, and which scales stay?"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

import pandas as pd

from ncsresearch.ingest.answer_scale import in_order
from ncsresearch.ingest.imported_file import ImportedFile, Line, same_words, slug
from ncsresearch.schema import StudyError
from ncsresearch.study.references import Tables

FEWEST = 5  # respondents whose answers are all there, from which two files are versions of one
Answers = set[tuple[str, str, str]]


def same_survey(file: ImportedFile, tables: Tables) -> str:
    """Return the survey of another file that has the same respondents, questions and answers; an empty string for none.

    Raises StudyError where one has all that the other has, and more: a newer or older version under another name.
    """
    documents = file.tables.get("documents", pd.DataFrame()).reindex(columns=["document_id", "title", "kind"])
    if not documents["kind"].eq("survey").any():
        return ""
    own = _answers(file.tables, documents)
    for title in _others(file, tables) if own else ():
        there = _answers(tables, tables["documents"][tables["documents"]["title"].eq(title)])
        if own == there:
            return title
        n = len({respondent for respondent, _, _ in own & there})
        if n >= FEWEST and (own < there or there < own):
            has = f"all answers of {title} and more" if there < own else f"answers that {title} has alone"
            raise StudyError(
                f"{file.source}: has {has}, expected another survey. If it is a version of that, give it the same name: "
                f"{title}{PurePosixPath(file.source).suffix}."
            )
    return ""


def same_measures(file: ImportedFile, tables: Tables) -> str:
    """Return the document of another file that has the same values of the same measures; an empty string for none."""
    if "kpi_values" not in file.tables:
        return ""
    named, wanted = tables["documents"].set_index("document_id")["title"], _values(file.tables["kpi_values"])
    for document, rows in tables["kpi_values"].groupby("document_id"):
        if _values(rows) == wanted and named[document] not in {*file.tables["documents"]["title"]}:
            return named[document]
    return ""


def _values(rows: pd.DataFrame) -> set[tuple]:
    """Return the values of measures, each with its measure, period and target."""
    told = rows.reindex(columns=["label", "period", "value", "target"]).fillna("")
    return {*told.itertuples(index=False, name=None)}


def with_known_scales(file: ImportedFile, tables: Tables) -> ImportedFile:
    """Return a survey with the scales that the study has of its questions, which a person may have put right, and answers spelled so.

    An answer that a scale lacks is put in its place where the scale has a usual order, else at its end. What the file itself says
    of a question, with its positive answers, and labels in place of numbers are taken as they are.
    """
    known = _known_scales(file, tables)
    if not known:
        return file
    items, spelled, ended = file.tables["survey_items"], {}, []
    for at, item in items[items["item_id"].isin(known)].iterrows():
        (scale, spelling), new = known[item["item_id"]], str(item["scale"]).split(";")
        added = [each for each in new if same_words(each) not in spelling]
        if len(added) == len(new) or pd.notna(item.get("positive_values")):
            continue
        order = in_order(scale) == scale and in_order([*scale, *added])
        items = items.assign(scale=items["scale"].where(items.index != at, ";".join(order or scale + added)))
        ended += [item["item_id"]] * bool(added and not order)
        spelled |= {(item["item_id"], each): spelling.get(same_words(each), each) for each in new}
    note = f"{', '.join(ended)}: the answer is at its end; put the scale right in survey_items.csv"
    line = Line("scale that lacked an answer", len(ended), len(ended), note)
    again = {"survey_items": items, "survey_answers": _spelled(file.tables["survey_answers"], spelled)}
    return replace(file, account=(*file.account, *[line] * bool(ended)), tables={**file.tables, **again})


def _known_scales(file: ImportedFile, tables: Tables) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Return the scale that the study has of each question of a file, and how it spells each answer."""
    if not {"survey_items", "survey_answers"} <= file.tables.keys():
        return {}
    origins, held = tables["origins"], tables["survey_items"].set_index("item_id")
    own = origins[origins["table"].eq("survey_items") & origins["source"].eq(file.source)]
    own = own[own["row_id"].isin(held.index[held["scale"].fillna("").ne("")])]
    found = {}
    for key, row in zip(own["source_id"], own["row_id"], strict=True):
        cells = held.loc[row, ["scale", "dont_know_values"]].fillna("")
        scale, others = (cell.split(";") for cell in cells)
        found[key] = scale, {same_words(each): each for each in [*others, *scale]}
    return found


def _spelled(answers: pd.DataFrame, spelled: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    pairs = zip(answers["item_id"], answers["answer"].fillna(""), strict=True)
    said = [
        ";".join(spelled.get((item, part), part) for part in cell.split(";")) or None for item, cell in pairs
    ]
    return answers.assign(answer=pd.Series(said, answers.index, dtype="str"))


def refuse_moved_rows(file: ImportedFile, tables: Tables) -> None:
    """Refuse a newer version of a survey whose respondents are known by their rows alone, where a row has gone or answers otherwise.

    An answer that nobody gave to the question before, such as a label for its number, says nothing of who answers.
    """
    documents = tables["documents"]
    own = documents["kind"].eq("survey") & documents["document_id"].isin(_given_by(file, tables))
    if not file.by_row or "survey_answers" in file.gone or not own.any():
        return
    there, here = _answers(tables, documents[own]), _answers(file.tables, file.tables["documents"])
    before, asked = {(question, answer) for _, question, answer in there}, {each[1] for each in here}
    now = {(who, question): answer for who, question, answer in here}
    moved = {
        who
        for who, question, answer in there
        if question in asked
        if (said := now.get((who, question), "")) != answer and (not said or (question, said) in before)
    }
    if moved:
        raise StudyError(
            f"{file.source}: respondent {min(moved, key=lambda who: (len(who), who))} answers otherwise than in the former version, or has gone, and respondents are known "
            f"by the number of their row alone, since no column is their id: answers would go to somebody else. If a column is it, import the "
            f"former version again with --map 'COLUMN=participant', and then this one. Else add new rows below the former, leave those as "
            f"they are, and correct an answer in survey_answers.csv too."
        )


def _given_by(file: ImportedFile, tables: Tables) -> pd.Series:
    origins = tables["origins"]
    return origins.loc[origins["table"].eq("documents") & origins["source"].eq(file.source), "row_id"]


def _others(file: ImportedFile, tables: Tables) -> list[str]:
    """Return the titles of the study's surveys that a file of another name gave."""
    documents = tables["documents"]
    surveys = documents[
        documents["kind"].eq("survey") & ~documents["document_id"].isin(_given_by(file, tables))
    ]
    return surveys["title"].dropna().tolist()


def _answers(tables: Mapping[str, pd.DataFrame], documents: pd.DataFrame) -> Answers:
    """Return who answered what to which question of a document: numbers of a file without its name, which is before them."""
    found: Answers = set()
    ids = documents["document_id"]
    prefix = re.compile("|".join(f"^{re.escape(slug(title))}_" for title in documents["title"]))
    if {"survey_items", "survey_answers"} <= tables.keys():
        items = tables["survey_items"][tables["survey_items"]["document_id"].isin(ids)]
        labels = items.set_index("item_id")["label"]
        given = tables["survey_answers"]
        given = given[given["item_id"].isin(labels.index)].dropna(subset="answer")
        found |= {*zip(given["respondent_id"], given["item_id"].map(labels), given["answer"], strict=True)}
    if "segments" in tables:
        said = tables["segments"]
        said = said[said["document_id"].isin(ids) & said["kind"].eq("response")]
        said = said.reindex(columns=["participant_id", "section", "text"]).dropna()
        found |= {*said.itertuples(index=False, name=None)}
    return {(prefix.sub("", who), question, answer) for who, question, answer in found}
