"""Whose judgements do the chapters report, and who said what they are about?"""

import pandas as pd

from ncsresearch.schema import ADJUDICATED
from ncsresearch.study import Study
from ncsresearch.study.codebook import codes_above
from ncsresearch.study.kept import kept

SPOKEN = ("segments", "interviews")


def reporting_coder(study: Study) -> str:
    """Return the coder whose judgements the chapters report: the study's choice, or its one coder.

    Empty where nothing is coded; `check` refuses a study with several coders that names none.
    """
    coders = study.codings["coder"].unique()
    return study.settings.reporting_coder or (coders[0] if len(coders) else "")


def judges(study: Study) -> list[str]:
    """Return who judged, each by themselves, in the order of the study; what two settled together is no third coder's."""
    return [name for name in study.codings["coder"].dropna().unique() if name != ADJUDICATED]


def first_coder(study: Study) -> str:
    """Return the coder with whom others are compared: who reports or, where settled judgements are reported, the first."""
    reports = reporting_coder(study)
    return reports if reports != ADJUDICATED else next(iter(judges(study)), "")


def reported(study: Study) -> pd.DataFrame:
    """Return the judgements of the reporting coder: rows of codings."""
    return study.codings[study.codings["coder"].eq(reporting_coder(study))]


def spoken_codings(study: Study) -> pd.DataFrame:
    """Judgements of the reporting coder about passages of interviews, and about interviews as a whole.

    A judgement about an interview as a whole counts for its person where one alone was heard in it.

    Returns one row per judgement: the columns of codings, and participant_id (missing where the speaker is
    not known, or several were heard), interview_id.
    """
    codings = reported(study)
    return with_speakers(study, codings[codings["unit"].isin(SPOKEN)])


def with_speakers(study: Study, codings: pd.DataFrame) -> pd.DataFrame:
    """Return judgements, rows of codings, with participant_id and interview_id as spoken_codings has them."""
    said = study.segments.set_index("segment_id")[["participant_id", "interview_id"]]
    alone = study.attendances[~study.attendances["interview_id"].duplicated(keep=False)]
    person = study.interviews["interview_id"].map(alone.set_index("interview_id")["participant_id"])
    whole = study.interviews[["interview_id"]].assign(participant_id=person)
    whole = whole.set_index(study.interviews["interview_id"])[["participant_id", "interview_id"]]
    places = pd.concat([said, whole])
    return codings.astype({"code_id": "str"}).join(places[~places.index.duplicated()], on="unit_id")


@kept(2)
def people_codings(study: Study) -> pd.DataFrame:
    """Judgements of the reporting coder about what a known person said.

    Returns one row per judgement: the columns of codings, and participant_id, interview_id.
    """
    found = spoken_codings(study)
    return found[found["participant_id"].isin(study.participants["participant_id"])]


def raised_once(study: Study, said: pd.DataFrame, *key: str, stance: str = "") -> pd.DataFrame:
    """Each person, interview or passage and code raised in it, once, with the codes above it.

    said   judgements, with the columns key that name who or what raised the code
    stance only what was described so; "each" for one row a stance, with the stance; empty for anything

    Returns one row per pair, with key and code_id, and stance where each is asked for.
    """
    keys = [*key, "stance"] if stance == "each" else [*key]
    if stance == "each":
        said = said.assign(stance=said["stance"].astype("str").fillna(""))
    said = said[said["stance"].eq(stance)] if stance not in ("", "each") else said.dropna(subset=keys)
    pairs = said[[*keys, "code_id"]].drop_duplicates().merge(codes_above(study.codebook), on="code_id")
    return pairs[[*keys, "counts_for"]].rename(columns={"counts_for": "code_id"}).drop_duplicates()


def n_coded_twice(study: Study) -> int:
    """Return the number of documents whose passages more than one coder coded, wherever in them these are."""
    coded = study.codings[study.codings["unit"].eq("segments")]
    documents = coded["unit_id"].map(study.segments.set_index("segment_id")["document_id"])
    return int(coded.groupby(documents)["coder"].nunique().gt(1).sum())
