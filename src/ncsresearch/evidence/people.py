"""Who raised what, and how: the evidence of people, one frame for all that is counted of them."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ncsresearch.evidence.judgements import people_codings, raised_once
from ncsresearch.evidence.kinds import kinds_of_areas
from ncsresearch.study import Study
from ncsresearch.study.kept import kept


def people_evidence(study: Study) -> pd.DataFrame:
    """What each person heard raised, by the reporting coder's judgement.

    Raising a code counts for the codes above it too. Speech whose speaker is not known counts for nobody.

    Returns one row per person, code and stance (empty where none was judged), once each, with
        participant_id, participant_group, interview_id   the person, and the first interview they were heard in
        area_id, area_type   where they were heard, and of what kind (rural, urban, ...) the area is
        code_id, stance      what they raised, and how

    Caution: true rows on single people; a table of them, or of a count of them, is not protected. `counts` gives numbers
    that may be published.
    """
    return said_by_people(study).merge(people(study), on="participant_id")


@kept(2)
def said_by_people(study: Study) -> pd.DataFrame:
    """Return the rows of people_evidence without where a person was heard, for counts that do not ask it."""
    return raised_once(study, people_codings(study), "participant_id", stance="each")


def people(study: Study) -> pd.DataFrame:
    """The people heard, and where.

    Returns one row per person: participant_id, participant_group, area_id, area_type (rural, urban, ...; missing
    where the area is not known), interview_id (the first they were heard in).
    """
    first = study.attendances.drop_duplicates("participant_id").set_index("participant_id")["interview_id"]
    rows = study.participants[["participant_id", "participant_group", "area_id"]].reset_index(drop=True)
    return rows.assign(
        area_type=rows["area_id"].map(kinds_of_areas(study)), interview_id=rows["participant_id"].map(first)
    )


@kept(16)
def raised_by_people(study: Study, stance: str = "") -> pd.DataFrame:
    """Return each person and code they raised, once: told so, or in any way where stance is empty."""
    said = said_by_people(study)
    said = said[said["stance"].eq(stance)] if stance else said
    return said[["participant_id", "code_id"]].drop_duplicates()


def people_by_codes(pairs: pd.DataFrame, people: pd.Series, codes: Iterable[str]) -> pd.DataFrame:
    """Return people, in their order and each there once, by codes, true where the person and the code are a pair.

    pairs   participant_id, code_id
    """
    columns = pd.Index(codes, name="code_id")
    person = pd.Index(people).get_indexer(pairs["participant_id"])
    code = columns.get_indexer(pairs["code_id"])
    asked = (person >= 0) & (code >= 0)
    table = np.zeros((len(people), len(columns)), dtype=bool)
    table[person[asked], code[asked]] = True
    return pd.DataFrame(table, columns=columns)


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
