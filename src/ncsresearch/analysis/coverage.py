"""Who was heard, where, and in what kind of interview?"""

import pandas as pd

from ncsresearch.evidence.groups import grouped_people, reported_areas
from ncsresearch.study import Study


def people_heard(study: Study) -> pd.DataFrame:
    """People and interviews of each area, by participant group.

    Returns one row per area (those nobody was heard in included, where they were to be reported on), with
        area_id, area, area_type   the area
        n_interviews               interviews held there
        n_people                   people heard there
        one column a group         people of that group, 0 where there is none
    """
    people, interviews = study.participants, study.interviews
    areas = reported_areas(study)
    counts = pd.crosstab(people["area_id"], people["participant_group"]).reindex(
        areas["area_id"], fill_value=0
    )
    rows = areas[["area_id", "name", "area_type"]].rename(columns={"name": "area"}).reset_index(drop=True)
    rows["n_interviews"] = rows["area_id"].map(interviews["area_id"].value_counts()).fillna(0).astype("int64")
    rows["n_people"] = rows["area_id"].map(people["area_id"].value_counts()).fillna(0).astype("int64")
    return rows.join(counts.reset_index(drop=True)).astype({"area_type": "str"})


def interviews_held(study: Study) -> pd.DataFrame:
    """Interviews of each participant group by how they were held.

    Returns one row per participant group and mode, with n_interviews and n_people who attended.
    """
    attended = study.attendances.groupby("interview_id")["participant_id"].nunique()
    rows = study.interviews.assign(n_people=study.interviews["interview_id"].map(attended).fillna(0))
    counted = rows.groupby(["participant_group", "mode"], observed=True).agg(
        n_interviews=("interview_id", "nunique"), n_people=("n_people", "sum")
    )
    return counted.astype({"n_people": "int64"}).reset_index()


def groups_heard(study: Study) -> pd.DataFrame:
    """People heard in each client group, as they describe themselves.

    Returns one row per value of the attribute client group, with group and n_people; a person may have several.
    """
    people = grouped_people(study, by="client_group")
    counted = people.groupby("group", observed=True)["participant_id"].nunique()
    rows = counted.rename("n_people").reset_index()
    return rows.sort_values("n_people", ascending=False, kind="stable", ignore_index=True)


def speech_without_speaker(study: Study) -> pd.DataFrame:
    """Turns and coded passages that no person could be given.

    Returns one row with n_turns and n_turns_unknown (turns of respondents), n_passages and n_passages_unknown.
    """
    turns = study.turns[study.turns["role"].ne("interviewer")]
    spoken = study.segments[study.segments["interview_id"].notna()]
    return pd.DataFrame(
        {
            "n_turns": [len(turns)],
            "n_turns_unknown": [int(turns["participant_id"].isna().sum())],
            "n_passages": [len(spoken)],
            "n_passages_unknown": [int(spoken["participant_id"].isna().sum())],
        }
    )


def documents_by_kind(study: Study) -> pd.DataFrame:
    """Documents of each kind, and what they give.

    Returns one row per kind, with n_documents, n_passages coded of them and n_questions of their surveys.
    """
    documents = study.documents[["document_id", "kind"]]
    passages = documents["document_id"].map(study.segments["document_id"].value_counts())
    questions = documents["document_id"].map(study.survey_items["document_id"].value_counts())
    rows = documents.assign(n_passages=passages.fillna(0), n_questions=questions.fillna(0))
    counted = rows.groupby("kind", sort=False).agg(
        n_documents=("document_id", "nunique"),
        n_passages=("n_passages", "sum"),
        n_questions=("n_questions", "sum"),
    )
    return counted.astype("int64").reset_index()
