"""What the numbers in answers mean, where a sheet of the workbook says it: a row an answer, with its question, number and words."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ncsresearch.ingest.fields import plain
from ncsresearch.ingest.imported_file import all_kept
from ncsresearch.ingest.sheet import Sheet

QUESTIONS = ("variable", "variable name", "question", "question id", "item", "field", "field name", "column")
NUMBERS = ("code", "value", "answer code", "option code", "number")
WORDS = ("label", "value label", "answer", "option", "response", "meaning")
WORDINGS = ("question text", "question wording", "wording", "variable label", "question")


def value_labels(frame: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return the words of each number, by the question; empty for a sheet of anything else."""
    columns = [_named(frame, names) for names in (QUESTIONS, NUMBERS, WORDS)]
    if not all(columns):
        return {}
    told = frame[columns].set_axis(["question", "number", "words"], axis=1)
    told = told.assign(question=told["question"].ffill()).dropna()
    fits = told["number"].str.fullmatch(r"-?\d+").all() and not told.duplicated(["question", "number"]).any()
    told = told.sort_values("number", key=pd.to_numeric, kind="stable") if fits else told.iloc[:0]
    return {
        name: dict(zip(each["number"], each["words"], strict=True)) for name, each in told.groupby("question")
    }


def in_words(sheet: Sheet, described: pd.DataFrame) -> Sheet:
    """Return a sheet of answers with words for numbers, in the order of the numbers, and the wording of questions, as another sheet describes them."""
    labels = {plain(name): words for name, words in value_labels(described).items()}
    known = {name: labels[plain(name)] for name in sheet.frame if plain(name) in labels}
    cells = {
        name: sheet.frame[name].map(lambda cell, of=of: _said(cell, of), na_action="ignore")
        for name, of in known.items()
    }
    asked, wording = _named(described, QUESTIONS), _named(described, WORDINGS)
    worded = {} if asked == wording or not wording else dict(described[[asked, wording]].dropna().to_numpy())
    said = {name: worded[name] for name in known if name in worded}
    line = all_kept("question with answers in words", len(known), "by another sheet of the workbook")
    scales, beside = (
        {name: [*words.values()] for name, words in known.items()},
        (*sheet.beside, *[line][: len(known)]),
    )
    return replace(
        sheet,
        frame=sheet.frame.assign(**cells),
        labels={**sheet.labels, **said},
        scales=scales,
        beside=beside,
    )


def _named(frame: pd.DataFrame, names: tuple[str, ...]) -> str:
    called = {plain(column): column for column in frame}
    return next((called[name] for name in names if name in called), "")


def _said(cell: str, words: Mapping[str, str]) -> str:
    """Return an answer in words; several numbers of a cell are parted by semicolons."""
    parts = re.split(r"\s*[;,]\s*", cell)
    return ";".join(words[part] for part in parts) if words.keys() >= {*parts} else cell
