"""Is a survey that comes in one that the study has under another name? Its answers would be counted twice."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import pandas as pd

from ncsresearch.ingest.imported_file import ImportedFile, slug
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
        int(who)
        for who, question, answer in there
        if question in asked and who.isdigit()
        if (said := now.get((who, question), "")) != answer and (not said or (question, said) in before)
    }
    if moved:
        raise StudyError(
            f"{file.source}: respondent {min(moved)} answers otherwise than in the former version, or has gone, and respondents are known "
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
    ids, prefix = (
        documents["document_id"],
        re.compile("|".join(f"^{re.escape(slug(title))}_" for title in documents["title"])),
    )
    if "survey_items" in tables:
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
