"""Who raised what, and how: the evidence of people, one frame for all that is counted of them."""

import pandas as pd

from ncsresearch.evidence.judgements import people_codings, raised_once
from ncsresearch.schema import AREA_TYPES
from ncsresearch.study import Study
from ncsresearch.study.kept import kept


def people_evidence(study: Study) -> pd.DataFrame:
    """What each person heard raised, by the reporting coder's judgement.

    Raising a code counts for the codes above it too. Speech whose speaker is not known counts for nobody.

    Returns one row per person, code and stance (empty where none was judged), once each, with
        participant_id, participant_group, interview_id   the person, and the first interview they were heard in
        area_id, area_type   where they were heard, and of what kind (rural, urban, ...) the area is
        code_id, stance      what they raised, and how
    """
    return said_by_people(study).merge(people(study), on="participant_id")


@kept(2)
def said_by_people(study: Study) -> pd.DataFrame:
    """Return the rows of people_evidence without where a person was heard, for counts that do not ask it."""
    said = people_codings(study)
    said = said.assign(stance=said["stance"].astype("str").fillna(""))
    return raised_once(study, said, "participant_id", "each")


def people(study: Study) -> pd.DataFrame:
    """The people heard, and where.

    Returns one row per person: participant_id, participant_group, area_id, area_type (rural, urban, ...; missing
    where the area is not known), interview_id (the first they were heard in).
    """
    first = study.attendances.drop_duplicates("participant_id").set_index("participant_id")["interview_id"]
    kinds = study.areas.set_index("area_id")["area_type"].astype("str").map(AREA_TYPES)
    rows = study.participants[["participant_id", "participant_group", "area_id"]].reset_index(drop=True)
    return rows.assign(area_type=rows["area_id"].map(kinds), interview_id=rows["participant_id"].map(first))


@kept(16)
def raised_by_people(study: Study, stance: str = "") -> pd.DataFrame:
    """Return each person and code they raised, once: told so, or in any way where stance is empty."""
    said = said_by_people(study)
    said = said[said["stance"].eq(stance)] if stance else said
    return said[["participant_id", "code_id"]].drop_duplicates()


def service_views(study: Study) -> pd.DataFrame:
    """How people see client groups as served.

    Returns one row per person, level and client group, once each: participant_id, code_id, the code of the level and
    the client group with a slash between.
    """
    levels = study.codebook.loc[study.codebook["facet"].eq("service level"), "code_id"]
    said = people_codings(study)
    said = said[said["code_id"].isin(levels) & said["about_client_group"].notna()]
    seen = said["code_id"] + "/" + said["about_client_group"].astype("str")
    return said[["participant_id"]].assign(code_id=seen).drop_duplicates()
