"""Which group does each person and interview belong to, and how many people were heard in each?"""

import pandas as pd

from ncsresearch.evidence.kinds import AREA_KINDS, kind_of_area, kinds_of_areas
from ncsresearch.study import Study
from ncsresearch.study.groups import people_of_grouping
from ncsresearch.study.kept import kept

GROUPINGS = ("", "area_type", "area_id", "participant_group", "client_group")


def grouped_people(study: Study, *, by: str) -> pd.DataFrame:
    """The people heard with the group each belongs to.

    by   one of GROUPINGS, or a grouping that study.toml declares

    Returns one row per person and group (several where a person has several client groups), with participant_id
    and group, an ordered category in the study's order. People whose group is not known are left out.
    Raises ValueError for another grouping.
    """
    known = (*GROUPINGS, *study.settings.groupings)
    if by not in known:
        raise ValueError(f"by must be one of {known}, not {by!r}.")
    if by == "client_group":
        people = client_memberships(study)
    elif by in study.settings.groupings:
        people = people_of_grouping(study.settings, study.tables, by)
    else:
        people = study.participants[["participant_id"]].assign(group=_group(study, by, study.participants))
    return _in_order(study, by, people)


def grouped_interviews(study: Study, *, by: str) -> pd.DataFrame:
    """The interviews held with the group each belongs to.

    Returns one row per interview, with interview_id and group, an ordered category in the study's order.
    Interviews whose group is not known are left out. Raises ValueError for a grouping that is none of
    GROUPINGS, and for client_group: an interview may have people of several.
    """
    if by not in GROUPINGS[:-1]:
        raise ValueError(f"by must be one of {GROUPINGS[:-1]} for interviews, not {by!r}.")
    held = study.interviews[["interview_id"]].assign(group=_group(study, by, study.interviews))
    return _in_order(study, by, held)


def client_memberships(study: Study) -> pd.DataFrame:
    """Return each person heard and each client group they belong to: participant_id and group."""
    rows = study.attributes
    own = rows[rows["owner"].eq("participants") & rows["name"].eq("client group")]
    people = own.rename(columns={"owner_id": "participant_id", "value": "group"})[["participant_id", "group"]]
    return people[people["participant_id"].isin(study.participants["participant_id"])]


def _group(study: Study, by: str, rows: pd.DataFrame) -> pd.Series:
    if by == "area_type":
        return rows["area_id"].map(kinds_of_areas(study))
    if by == "area_id":
        return rows["area_id"].map(study.areas.set_index("area_id")["name"])
    return rows["participant_group"] if by == "participant_group" else pd.Series("everybody", rows.index)


def _in_order(study: Study, by: str, rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.dropna(subset="group")
    found, own = dict.fromkeys(rows["group"]), study.settings.groupings
    known = study.areas["name"] if by == "area_id" else AREA_KINDS if by == "area_type" else found
    known = own[by] or sorted(found) if by in own else known
    order = [name for name in known if name in found]
    return rows.assign(group=rows["group"].astype(pd.CategoricalDtype(order, ordered=True)))


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
    """Return the number of people whose area is known."""
    return study.whole.n_placed if study.whole else int(study.participants["area_id"].notna().sum())


def n_in_groups(study: Study, *, by: str) -> dict[str, int]:
    """Return how many people were heard in each group."""
    if study.whole:
        return {group: n for (named_by, group), n in study.whole.bases.items() if named_by == by}
    groups = grouped_people(study, by=by).groupby("group", observed=True)["participant_id"].nunique()
    return {str(group): int(n) for group, n in groups.items()}


def reported_areas(study: Study) -> pd.DataFrame:
    """Return the areas where people were heard or were to be: rows of areas."""
    heard = study.areas["area_id"].isin(study.participants["area_id"])
    return study.areas[study.areas["case_study"].eq("yes") | heard]


def n_areas_of_kind(study: Study) -> dict[str, int]:
    """Return how many areas of each kind the study has; an area without a class has an empty kind."""
    if study.whole:
        return dict(study.whole.n_areas)
    return reported_areas(study)["area_type"].astype("str").map(kind_of_area).value_counts().to_dict()


@kept(2)
def all_groups(study: Study) -> pd.DataFrame:
    """Every group of people that a sentence may be about, by the name it is called: an area by its id, others by name.

    Returns one row per person and group, with name, participant_id and by (area_type, area_id, ..., and groupings that the
    study adds, without those of their groups that are called as one of the others).
    """
    names = [*GROUPINGS[1:], *study.settings.groupings]
    found = [grouped_people(study, by=by).assign(by=by) for by in names]
    rows = pd.concat([rows.astype({"group": "str"}) for rows in found], ignore_index=True)
    ids = study.areas.set_index("name")["area_id"]
    rows["name"] = rows["group"].where(rows["by"].ne("area_id"), rows["group"].map(ids))
    first = rows.drop_duplicates("name").set_index("name")["by"]
    return rows.loc[rows["by"].eq(rows["name"].map(first)), ["name", "participant_id", "by"]]
