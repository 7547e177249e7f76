"""Who was heard, where, and in what kind of interview?"""

import pandas as pd

from ncsresearch.schema import AREA_TYPES
from ncsresearch.study import Study

KINDS = ("rural", "urban", "small town", "not in the comparison")
GROUPINGS = ("", "area_type", "area_id", "participant_group", "client_group")


def grouped_people(study: Study, *, by: str) -> pd.DataFrame:
    """The people heard with the group each belongs to.

    Returns one row per person and group (several where a person has several client groups), with participant_id
    and group, an ordered category in the study's order. People whose group is not known are left out.
    Raises ValueError for a grouping that is none of GROUPINGS.
    """
    if by not in GROUPINGS:
        raise ValueError(f"by must be one of {GROUPINGS}, not {by!r}.")
    people = study.participants[["participant_id"]].assign(group=_group(study, by, study.participants))
    if by == "client_group":
        own = study.attributes[
            study.attributes["owner"].eq("participants") & study.attributes["name"].eq("client group")
        ]
        people = own.rename(columns={"owner_id": "participant_id", "value": "group"})[
            ["participant_id", "group"]
        ]
        people = people[people["participant_id"].isin(study.participants["participant_id"])]
    people = people.dropna(subset="group")
    order = _order(study, by, people["group"])
    return people.assign(group=people["group"].astype(pd.CategoricalDtype(order, ordered=True)))


def grouped_interviews(study: Study, *, by: str) -> pd.DataFrame:
    """The interviews held with the group each belongs to.

    Returns one row per interview, with interview_id and group, an ordered category in the study's order.
    Interviews whose group is not known are left out. Raises ValueError for a grouping that is none of
    GROUPINGS, and for client_group: an interview may have people of several.
    """
    if by not in GROUPINGS or by == "client_group":
        known = tuple(name for name in GROUPINGS if name != "client_group")
        raise ValueError(f"by must be one of {known} for interviews, not {by!r}.")
    held = study.interviews[["interview_id"]].assign(group=_group(study, by, study.interviews))
    held = held.dropna(subset="group")
    order = _order(study, by, held["group"])
    return held.assign(group=held["group"].astype(pd.CategoricalDtype(order, ordered=True)))


def _group(study: Study, by: str, rows: pd.DataFrame) -> pd.Series:
    if by in ("area_type", "area_id"):
        areas = study.areas.set_index("area_id")
        kinds = areas["area_type"].astype("str").map(AREA_TYPES)
        return rows["area_id"].map(kinds if by == "area_type" else areas["name"])
    return rows["participant_group"] if by == "participant_group" else pd.Series("everybody", rows.index)


def _order(study: Study, by: str, groups: pd.Series) -> list[str]:
    found = dict.fromkeys(groups)
    if by == "area_id":
        return [name for name in study.areas["name"] if name in found]
    return [name for name in KINDS if name in found] if by == "area_type" else list(found)


def hears_people(study: Study) -> bool:
    """Whether the study's evidence is what people said, so that people can be counted.

    Returns False for published evidence, of which passages are counted and never people.
    """
    return bool(n_heard(study)[0])


def n_heard(study: Study) -> tuple[int, int]:
    """Return how many people were heard in the study, and in how many interviews; of a part, in the whole of it."""
    if study.whole:
        return study.whole.n_people, study.whole.n_interviews
    return len(study.participants), len(study.interviews)


def n_placed(study: Study) -> int:
    """Return of how many people it is known in which area they were heard."""
    return study.whole.n_placed if study.whole else int(study.participants["area_id"].notna().sum())


def n_in_groups(study: Study, *, by: str) -> dict[str, int]:
    """Return how many people were heard in each group."""
    if study.whole:
        return {group: n for (told_by, group), n in study.whole.bases.items() if told_by == by}
    groups = grouped_people(study, by=by).astype({"group": "str"}).groupby("group")
    return groups["participant_id"].nunique().to_dict()


def n_areas_of_kind(study: Study) -> dict[str, int]:
    """Return how many areas of each kind the study has; an area without a class stands under an empty kind."""
    if study.whole:
        return dict(study.whole.n_areas)
    return people_heard(study)["area_type"].map(kind_of_area).value_counts().to_dict()


def kind_of_area(area_type: str) -> str:
    """Return rural, urban, small town, or an empty string for an area without a class."""
    return AREA_TYPES[area_type] if AREA_TYPES[area_type] != "not in the comparison" else ""


def people_heard(study: Study) -> pd.DataFrame:
    """People and interviews of each area, by participant group.

    Returns one row per area (those nobody was heard in included, where they were to be reported on), with
        area_id, area, area_type   the area
        n_interviews               interviews held there
        n_people                   people heard there
        one column a group         people of that group, 0 where there is none
    """
    people, interviews = study.participants, study.interviews
    areas = study.areas[study.areas["case_study"].eq("yes") | study.areas["area_id"].isin(people["area_id"])]
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
