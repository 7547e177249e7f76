"""What does a study hold: its documents, its codebook, its areas, and the people it heard?"""

import pandas as pd

from ncsresearch.analysis.passages import quotations, quotations_by_group
from ncsresearch.evidence.groups import grouped_people, hears_people, reported_areas
from ncsresearch.evidence.passages import evidence_by_document
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def sources(study: Study) -> pd.DataFrame:
    """Units of evidence that each document gives, by kind.

    Returns one row per document and kind of unit it holds, with document_id, kind and n_units. Kinds are never summed, and
    transcripts of a confidential study never named.
    """
    of_people = hears_people(study) or (study.settings.threshold and len(study.interviews))
    kind = "sources of people" if of_people else "sources"
    return framed(evidence_by_document(study), kind, study)


def documents_by_kind(study: Study) -> pd.DataFrame:
    """Documents of each kind, and what they give.

    Returns one row per kind, with n_documents, n_passages coded of them and n_questions of their surveys, open ones included.
    """
    ids, segments = study.documents["document_id"], study.segments
    written = segments[segments["kind"].eq("response")]
    uncoded = written.index[~written["segment_id"].isin(study.codings["unit_id"])]
    opened = written.drop_duplicates(["document_id", "section"])["document_id"]
    asked = pd.concat([study.survey_items["document_id"], opened])
    of_each = {
        "n_passages": ids.map(segments["document_id"].drop(uncoded).value_counts()),
        "n_questions": ids.map(asked.value_counts()),
    }
    counted = pd.DataFrame({"n_documents": 1, **of_each}).groupby(study.documents["kind"], sort=False).sum()
    return counted.astype("int64").reset_index()


def areas(study: Study) -> pd.DataFrame:
    """The areas that a comparison of kinds of area rests on: case study areas beside all authorities.

    Returns one row per official class that an authority has, with area_type, classification, n_areas, n_case_study and
    population.
    """
    classed = study.areas[~study.areas["area_type"].isin(["cross_area", "not_classified"])]
    rows = classed.groupby(["area_type", "classification"], observed=True).agg(
        n_areas=("area_id", "nunique"),
        n_case_study=("case_study", lambda answers: answers.eq("yes").sum()),
        population=("population", "sum"),
    )
    return framed(rows.reset_index(), "areas of people" if hears_people(study) else "areas", study)


def codebook(study: Study, *, facet: str = "theme") -> pd.DataFrame:
    """The codes of one facet of the codebook: theme, or term for the glossary.

    Returns rows of the table codebook, in its order, with within (the wider code); terms by the alphabet.
    """
    labels = study.codebook.set_index("code_id")["label"]
    rows = study.codebook.assign(within=study.codebook["parent_id"].map(labels))
    rows = rows[rows["facet"].eq(facet)]
    rows = rows.sort_values("label", key=lambda label: label.str.lower()) if facet == "term" else rows
    return framed(rows, "terms" if facet == "term" else "codebook", study)


def heard(study: Study) -> pd.DataFrame:
    """People and interviews of each area, by participant group.

    Returns one row per area (those nobody was heard in included, where they were to be reported on), with
        area_id, area, area_type   the area
        n_interviews               interviews held there
        n_people                   people heard there
        one column a group         people of that group, 0 where there is none

    Caution: true numbers; `table` shows those that may be published.
    """
    people = study.participants
    areas = reported_areas(study).rename(columns={"name": "area"}).reset_index(drop=True)
    held = {"n_interviews": study.interviews["area_id"], "n_people": people["area_id"]}
    held = {
        name: areas["area_id"].map(ids.value_counts()).fillna(0).astype("int64") for name, ids in held.items()
    }
    rows = areas[["area_id", "area", "area_type"]].assign(**held)
    groups = pd.crosstab(people["area_id"], people["participant_group"])
    groups = groups.reindex(areas["area_id"], fill_value=0).reset_index(drop=True)
    return framed(rows.join(groups).astype({"area_type": "str"}), "people heard", study)


def how_held(study: Study) -> pd.DataFrame:
    """Interviews of each participant group by how they were held, and the people in them.

    Returns one row per participant group and mode, with n_interviews and n_people who attended. Caution: as for heard.
    """
    attended = study.attendances.groupby("interview_id")["participant_id"].nunique()
    rows = study.interviews.assign(n_people=study.interviews["interview_id"].map(attended).fillna(0))
    counted = rows.groupby(["participant_group", "mode"], observed=True).agg(
        n_interviews=("interview_id", "nunique"), n_people=("n_people", "sum")
    )
    return framed(counted.astype({"n_people": "int64"}).reset_index(), "interviews held", study)


def client_groups_heard(study: Study, *, heard_from: str = "") -> pd.DataFrame:
    """People heard in each client group, as they describe themselves; of one participant group, or of all.

    Returns one row per value of the attribute client group, most people first, with group and n_people; a person may have
    several. Where nobody was heard, one row per group that the sources quote, with the numbers of its quotations and
    interviews. Caution: as for heard.
    """
    if not hears_people(study):
        quoted = quotations(study)
        own = quoted[quoted["participant_group"].eq(heard_from)] if heard_from else quoted
        return framed(quotations_by_group(own), "quotations by group", study)
    part = of_group(study, heard_from)
    people = grouped_people(part, by="client_group").groupby("group", observed=True)["participant_id"]
    rows = people.nunique().rename("n_people").reset_index()
    rows = rows.sort_values("n_people", ascending=False, kind="stable", ignore_index=True)
    return framed(rows, "client groups heard", part)


def of_group(study: Study, group: str) -> Study:
    """Return the study with only the people and interviews of one participant group; all of it where group is empty."""
    if not group:
        return study
    people, interviews = study.participants, study.interviews
    return study.holding(
        participants=people[people["participant_group"].eq(group)],
        interviews=interviews[interviews["participant_group"].eq(group)],
    )


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
