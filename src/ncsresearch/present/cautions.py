"""The caution beside every number of a theme on which coders agree too little."""

import re
from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from ncsresearch.analysis.coded_turns import of_points
from ncsresearch.analysis.theme_grades import DOUBTED, TENTATIVE, doubted_themes
from ncsresearch.present.outputs import INSTEAD, WITHHELD, Figure, Finding, Table
from ncsresearch.present.printable import whole_of
from ncsresearch.present.views import OF_WHOLE
from ncsresearch.present.wording import phrase, phrases
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of
from ncsresearch.study.kept import kept

# kinds of frame that are of agreement itself, or whose numbers are none of themes
AS_THEY_ARE = OF_WHOLE | {"quotations", "codebook", "suggestions of documents", "questions to ask"}
NUMBER = re.compile(rf"\d|{re.escape(WITHHELD)}|^(?:{'|'.join(INSTEAD)})$", re.M)
Made = Finding | Figure | Table


def with_caution(made: Made, frame: pd.DataFrame) -> Made:
    """Return what is made of a frame with the caution that its themes need."""
    by_theme = {"code_id", "theme"} & {*frame} and frame.attrs["kind"] not in AS_THEY_ARE
    if not by_theme:
        return made
    codes = {*frame["code_id"]} if "code_id" in frame else {}
    return cautioned(made, study_of(frame), theme=next(iter(codes)) if len(codes) == 1 else "")


def cautioned(made: Made, study: Study, theme: str = "") -> Made:
    """Return a sentence, figure or table with one caution on the themes of the study that it has numbers of, where they need one.

    A sentence and a figure's description go on with it; a table, and a figure's data, have it in the note, and in a column of
    the file, on the rows that it is on.

    theme   one that all of it is about, though it may not name it
    """
    if isinstance(made, Finding):
        numbered = made.numbers or re.search(r"\d", made.sentence)
        line = numbered and caution(study, {theme} | _named(study, made.sentence))
        return replace(made, sentence=f"{made.sentence} {line}") if line else made
    if isinstance(made, Table):
        line = caution(study, {theme} | _counted(study, made))
        said = f"{made.note} {line}".strip()
        return replace(made, note=said, rows=_by_row(study, made, theme)) if line else made
    line = caution(study, {theme} | _named(study, made.alt))
    data = made.data and cautioned(made.data, study, theme)
    return replace(made, alt=f"{made.alt} {line}", data=data) if line else made


@kept(8)
def doubts(study: Study) -> pd.DataFrame:
    """Return the themes on which coders agree too little, as doubted_themes has them, of the whole of a study that is narrowed."""
    whole = study.taken_from or study
    return doubted_themes(whole if whole.doubted is not None else whole_of(whole))


def caution(study: Study, codes: Collection[str]) -> str:
    """Return the caution on those of some themes on which coders agree too little; empty where there are none."""
    rows = doubts(study)
    agreed = rows["alpha_below"].ge(TENTATIVE)  # on a theme and those below it together, which numbers count
    return caution_on(rows[rows["code_id"].isin(codes) & ~agreed], points=of_points(study))


def caution_on(rows: pd.DataFrame, *, points: bool) -> str:
    """Return the caution on themes of doubted_themes; points is whether coders are compared on points of documents."""
    if rows.empty:
        return ""
    said = {grade: rows[rows["grade"].eq(grade)].to_dict("records") for grade in DOUBTED}
    themes = {grade: phrases("caution", grade, own) for grade, own in said.items()}
    return phrase("caution", "says", n=len(rows), points=points, **themes)


def _named(study: Study, text: str) -> set[str]:
    """Return the ids of the doubted themes that a text names."""
    rows = doubts(study)
    names = zip(rows["code_id"], rows["theme"], strict=True)
    return {code for code, name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I)}


def _by_row(study: Study, table: Table, theme: str) -> pd.DataFrame:
    """Return the rows of a table's file with a column of cautions, on those that name a doubted theme; none where none of them does."""
    every = {theme} | _named(study, table.caption)
    said = [caution(study, every | _named(study, "\n".join(map(str, row)))) for row in table.rows.to_numpy()]
    return table.rows.assign(caution=said) if any(said) else table.rows


def _counted(study: Study, table: Table) -> set[str]:
    """Return the ids of the doubted themes that a table has numbers of: in its caption, or in rows with a number or a word for one."""
    if doubts(study).empty:
        return set()
    rows = ("\n".join(map(str, row)) for row in table.cells().itertuples(index=False))
    return _named(study, "\n".join([table.caption, *(row for row in rows if NUMBER.search(row))]))
