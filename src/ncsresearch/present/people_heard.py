"""Who was heard, in words and tables."""

from ncsresearch.analysis.coverage import (
    documents_by_kind,
    groups_heard,
    interviews_held,
    people_heard,
    speech_without_speaker,
)
from ncsresearch.analysis.prevalence import theme_prevalence
from ncsresearch.present.media import Finding, Table
from ncsresearch.present.sentence import counted, listed, no_evidence, small
from ncsresearch.present.table import kind_words
from ncsresearch.study import Study

PEOPLE = "people heard; a person counts once, however often they speak"


def heard_by(study: Study) -> str:
    """Return what a table of people rests on, with the study's own warning where it has one."""
    people, held = counted(len(study.participants), "person", "people"), len(study.interviews)
    return f"{study.settings.status_line}; {people}{_in_interviews(held)}"


def _in_interviews(held: int) -> str:
    return f" in {counted(held, 'interview')}" if held else ""


def say_heard(study: Study) -> Finding:
    """Say how many people were heard, in how many interviews and areas, and who they are."""
    people = study.participants
    if people.empty:
        return no_evidence("heard", "who was heard")
    groups = people["participant_group"].value_counts()
    areas = people["area_id"].nunique()
    where = f" in {counted(areas, 'area')}" if areas > 1 else ""
    sentence = (
        f"{counted(len(people), 'person was', 'people were')} heard{_in_interviews(len(study.interviews))}"
        f"{where}: {listed(_in_group(group, n) for group, n in groups.items())}."
    )
    return Finding("heard", sentence, groups.to_dict() | {"people": len(people)}, source=heard_by(study))


def _in_group(group: str, n: int) -> str:
    return f"{n} whose group is not stated" if group == "not stated" else f"{n} {small(group)}"


def say_heard_by_kind(study: Study) -> Finding:
    """Say how many people were heard in rural and in urban areas."""
    rows = people_heard(study)
    kinds = (
        theme_prevalence(study, by="area_type").drop_duplicates("group").set_index("group")["n_participants"]
    )
    if kinds.empty or rows.empty:
        return no_evidence("heard_by_kind", "kinds of area")
    told = listed(f"{n} in {kind} areas" for kind, n in kinds.items())
    sentence = f"People were heard in both kinds of area, {told}: {listed(_one_area(row) for row in rows.itertuples())}."
    if len(kinds) == 1:
        sentence = f"All were heard in one kind of area, {told}: {listed(_one_area(row) for row in rows.itertuples())}."
    return Finding(
        "heard_by_kind", sentence, {str(kind): int(n) for kind, n in kinds.items()}, source=heard_by(study)
    )


def _one_area(row) -> str:
    return f"{row.n_people} in {row.area}"


def say_unknown_speakers(study: Study) -> Finding:
    """Say how much speech no person could be given, and that it counts for nobody."""
    row = speech_without_speaker(study).iloc[0]
    if not row["n_turns"]:
        return Finding(
            "unknown_speakers", "No transcript is held, so who spoke is known from the coding alone."
        )
    if not row["n_turns_unknown"] and not row["n_passages_unknown"]:
        sentence = f"Every one of {row['n_turns']:,} turns of respondents and {row['n_passages']:,} coded passages belongs to a known person."
        return Finding(
            "unknown_speakers", sentence, {name: int(n) for name, n in row.items()}, source=heard_by(study)
        )
    sentence = (
        f"{row['n_turns_unknown']:,} of {row['n_turns']:,} turns of respondents and {row['n_passages_unknown']:,} of "
        f"{row['n_passages']:,} coded passages could not be given to a person; they count for the interview and for nobody."
    )
    return Finding(
        "unknown_speakers", sentence, {name: int(n) for name, n in row.items()}, source=heard_by(study)
    )


def table_heard(study: Study) -> Table:
    """Return people and interviews of each area, by participant group."""
    rows = people_heard(study)
    groups = [
        column
        for column in rows
        if column not in ("area_id", "area", "area_type", "n_interviews", "n_people")
    ]
    rows = rows.assign(place=rows["area"] + ", " + rows["area_type"].map(kind_words))
    shown = {"place": "Area", "n_interviews": "Interviews", "n_people": "People"}
    return Table(
        "heard",
        "Who was heard in each area",
        rows,
        shown | {group: group for group in groups},
        PEOPLE,
        heard_by(study),
    )


def table_interviews(study: Study) -> Table:
    """Return interviews by participant group and how they were held."""
    shown = {"participant_group": "Group", "mode": "Held", "n_interviews": "Interviews", "n_people": "People"}
    return Table(
        "interviews",
        "How interviews were held",
        interviews_held(study),
        shown,
        "interviews, and people in them",
        heard_by(study),
    )


def table_groups_heard(study: Study) -> Table:
    """Return people by the client groups they belong to."""
    shown = {"group": "Client group", "n_people": "People"}
    base = "people who have a client group; a person may belong to several"
    return Table(
        "groups_heard",
        "Client groups among the people heard",
        groups_heard(study),
        shown,
        base,
        heard_by(study),
    )


def table_kinds_of_source(study: Study) -> Table:
    """Return how many documents of each kind the study holds, and what they give."""
    rows = documents_by_kind(study)
    shown = {
        "kind": "Kind",
        "n_documents": "Documents",
        "n_passages": "Coded passages",
        "n_questions": "Survey questions",
    }
    return Table("sources", "What the study holds", rows, shown, "documents of the study", heard_by(study))
