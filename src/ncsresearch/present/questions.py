"""Questions to ask in an area, as a list that says what each arises from."""

import pandas as pd

from ncsresearch.evidence.groups import hears_people
from ncsresearch.present.outputs import Finding
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.points import PointList, paragraphs_of, place_of
from ncsresearch.present.table import cited, titles
from ncsresearch.present.wording import phrase, sentence, worded_table
from ncsresearch.present.written import is_written
from ncsresearch.study.frames import area_of, study_of


def say_questions(questions: pd.DataFrame) -> Finding | None:
    """Say which themes to ask about in the area, where the study has not put its questions into words."""
    if questions["question"].notna().any():
        return None
    challenges = questions["challenge"]
    themes = {
        "challenges": list(questions.loc[challenges, "theme"]),
        "suggestions": list(questions.loc[~challenges, "theme"]),
    }
    return sentence("questions", of={"source": _source(questions)}, area=area_of(questions)["name"], **themes)


def table_questions(questions: pd.DataFrame) -> PointList | None:
    """Return the questions, each with what it arises from: the point in full where no author has written of the area."""
    if questions["question"].isna().all():
        return None
    brief = is_written(study_of(questions))
    rows: list[tuple] = []
    for row in _placed(questions).itertuples():
        where = f"{row.document}, {row.paragraphs}" if brief and row.paragraphs else ""
        rows.append((_way(row), 0, row.question, where))
        if row.paragraphs and not brief:
            rows.append((_way(row), 1, row.statement, place_of(row, several=True)))
    rows = pd.DataFrame(rows, columns=["way", "depth", "statement", "place"]).assign(group="")
    made = worded_table("questions", rows, source=_source(questions), area=area_of(questions)["name"])
    return PointList(**vars(made))


def _placed(questions: pd.DataFrame) -> pd.DataFrame:
    """Return the questions with the document and the paragraphs that each arises from."""
    paragraphs = [
        "" if pd.isna(first) else paragraphs_of(int(first), int(last))
        for first, last in zip(questions["first_paragraph"], questions["last_paragraph"], strict=True)
    ]
    return questions.assign(
        document=titles(study_of(questions), questions["document_id"]), paragraphs=paragraphs
    )


def _way(row) -> str:
    """Return how people described the theme of a question, as a heading; a point says so itself."""
    form = "both" if row.challenge and row.suggestion else "challenge" if row.challenge else "suggestion"
    return phrase("questions", form) if pd.isna(row.document_id) else ""


def _source(questions: pd.DataFrame) -> str:
    study = study_of(questions)
    return heard_by(study) if hears_people(study) else cited(study, questions["document_id"].unique())
