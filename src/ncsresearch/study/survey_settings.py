"""What does a study say of its surveys: how many people were asked, of how many, and which weights its answers have?"""

from collections.abc import Iterator, Mapping

import pandas as pd

from ncsresearch.ingest.table_file import Fault
from ncsresearch.schema import nearest
from ncsresearch.study.settings import Settings

SURVEYS = "surveys"
WHO_ANSWERS = {"survey_answers": "respondent_id", "participants": "participant_id"}
NUMBERS = ("invited", "population")


def answers_of(tables: Mapping[str, pd.DataFrame], survey: str) -> pd.DataFrame:
    """Return the answers to the questions of a survey, which is a document."""
    items = tables["survey_items"]
    own = items.loc[items["document_id"].eq(survey), "item_id"] if len(items) else ()
    return tables["survey_answers"][tables["survey_answers"]["item_id"].isin(own)]


def told_of(tables: Mapping[str, pd.DataFrame], answers: pd.DataFrame, name: str) -> pd.Series:
    """Return an attribute of who gave each answer, of the respondent or else of the participant; missing where there is none."""
    rows = tables["attributes"][tables["attributes"]["name"].eq(name)]
    told = pd.Series(None, answers.index, dtype="object")
    for owner, column in WHO_ANSWERS.items():
        own = rows[rows["owner"].eq(owner)].drop_duplicates("owner_id").set_index("owner_id")["value"]
        told = told.fillna(answers[column].map(own)) if column in answers else told
    return told


def faulty_surveys(settings: Settings, texts: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Yield what keeps a survey of study.toml from being weighted, or from being one of so many people; and positive answers off their scale."""
    yield from _off_scale(texts["survey_items"])
    for survey, said in settings.surveys.items():
        answers = answers_of(texts, survey)
        if answers.empty:
            continue
        n = answers["respondent_id"].nunique()
        for name in NUMBERS:
            if said.get(name, n) < n:
                expected = f"{n} or more, as many as answered"
                yield Fault("study.toml", 0, f"surveys.{survey}.{name}", str(said[name]), expected)
        if "weights" in said:
            yield from _without_weight(survey, said["weights"], answers, texts)


def _off_scale(items: pd.DataFrame) -> Iterator[Fault]:
    for index, item in items.reindex(columns=["scale", "positive_values"]).dropna().iterrows():
        scale = item["scale"].split(";")
        expected = f"an answer of its scale ({item['scale']})"
        for answer in (each for each in item["positive_values"].split(";") if each not in scale):
            told = "positive_values", repr(answer), expected, nearest(answer, scale)
            yield Fault("survey_items.csv", index + 2, *told)


def _without_weight(
    survey: str, name: str, answers: pd.DataFrame, texts: Mapping[str, pd.DataFrame]
) -> Iterator[Fault]:
    """Yield the first respondent whose weight is no number above 0."""
    weights = told_of(texts, answers, name)
    wrong = ~pd.to_numeric(weights, errors="coerce").between(0, float("inf"), inclusive="neither")
    if wrong.any():
        who, value = answers.loc[wrong, "respondent_id"].iloc[0], weights[wrong].iloc[0]
        found = (
            f"{'no ' if pd.isna(value) else ''}{name!r}{'' if pd.isna(value) else f' {value!r}'} of {who!r}"
        )
        known = texts["attributes"]["name"].dropna().unique()
        near = "" if name in known else nearest(name, known)
        expected = "an attribute with a number above 0 for everybody who answered"
        yield Fault("study.toml", 0, f"surveys.{survey}.weights", found, expected, near)
