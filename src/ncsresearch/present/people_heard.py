"""Who was heard, in words and tables."""

import numpy as np
import pandas as pd

from ncsresearch.analysis.coverage import documents_by_kind, speech_without_speaker
from ncsresearch.disclosure.suppression import below_threshold, hidden_among
from ncsresearch.evidence.counts import shares
from ncsresearch.evidence.groups import n_heard
from ncsresearch.present.media import WITHHELD, Finding, Table
from ncsresearch.present.sentence import counted, listed, no_evidence, small
from ncsresearch.present.table import kind_words
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

PEOPLE = "people heard; a person counts once, however often they speak"
MOST_ROWS = 100  # areas that a page shows; the table's file has all


def heard_by(study: Study) -> str:
    """Return what a table of people rests on, with the study's own warning where it has one."""
    people, held = n_heard(study)
    return f"{study.settings.status_line}; {counted(people, 'person', 'people')}{_in_interviews(held)}"


def _in_interviews(held: int) -> str:
    return f" in {counted(held, 'interview')}" if held else ""


def say_heard(heard: pd.DataFrame) -> Finding:
    """Say how many people were heard, in how many interviews and areas, and who they are."""
    study = study_of(heard)
    people = study.participants
    if people.empty:
        return no_evidence("heard", "who was heard")
    groups = people["participant_group"].value_counts()
    areas = people["area_id"].nunique()
    where = f" in {counted(areas, 'area')}" if areas > 1 else ""
    known = groups[~_withheld(groups, study)]
    rest = [f"{'the others' if len(known) else 'all'} in groups too small to be told"] * (
        len(known) < len(groups)
    )
    sentence = (
        f"{counted(len(people), 'person was', 'people were')} heard{_in_interviews(len(study.interviews))}"
        f"{where}: {listed([*(_in_group(group, n) for group, n in known.items()), *rest])}."
    )
    return Finding("heard", sentence, known.to_dict() | {"people": len(people)}, source=heard_by(study))


def say_area_heard(here: Study, area: pd.Series) -> Finding:
    """Say how many people and interviews were heard in one area."""
    n, held = len(here.participants), len(here.interviews)
    if not n or below_threshold(n, here.settings.threshold):
        return Finding(
            "area_heard",
            f"{'Few people were' if n else 'Nobody was'} heard in {area['name']}.",
            source=heard_by(here),
        )
    sentence = f"{counted(n, 'person was', 'people were')} heard in {area['name']}{_in_interviews(held)}."
    return Finding("area_heard", sentence, {"people": n, "interviews": held}, source=heard_by(here))


def _withheld(groups: pd.Series, study: Study) -> np.ndarray:
    """Return which numbers of people may not be told, where all of them together are known."""
    hidden = hidden_among(groups, groups + groups.sum(), study.settings.threshold)
    return np.ones(len(groups), dtype=bool) if hidden is None else hidden


def _in_group(group: str, n: int) -> str:
    return f"{n} whose group is not stated" if group == "not stated" else f"{n} {small(group)}"


def say_heard_by_kind(heard: pd.DataFrame) -> Finding:
    """Say how many people were heard in rural and in urban areas."""
    study, rows = study_of(heard), heard
    kinds = shares(study, by="area_type").drop_duplicates("group").set_index("group")["base"]
    if kinds.empty or rows.empty:
        return no_evidence("heard_by_kind", "kinds of area")
    if _withheld(kinds, study).any() or _withheld(rows["n_people"], study).any():
        words = "How many people were heard in each area may not be told: in some they are too few."
        return Finding("heard_by_kind", words, source=heard_by(study))
    told = listed(f"{n} in {kind} areas" for kind, n in kinds.items())
    sentence = f"People were heard in both kinds of area, {told}: {listed(_one_area(row) for row in rows.itertuples())}."
    if len(kinds) == 1:
        sentence = f"All were heard in one kind of area, {told}: {listed(_one_area(row) for row in rows.itertuples())}."
    return Finding(
        "heard_by_kind", sentence, {str(kind): int(n) for kind, n in kinds.items()}, source=heard_by(study)
    )


def _one_area(row) -> str:
    return f"{row.n_people} in {row.area}"


def say_unknown_speakers(heard: pd.DataFrame) -> Finding:
    """Say how much speech no person could be given, and that it counts for nobody."""
    study = study_of(heard)
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


def table_heard(heard: pd.DataFrame) -> Table:
    """Return people and interviews of each area, by participant group."""
    study, rows = study_of(heard), heard
    groups = [
        column
        for column in rows
        if column not in ("area_id", "area", "area_type", "n_interviews", "n_people")
    ]
    rows = _cells_told(rows, groups, study)
    rows = rows.assign(place=rows["area"] + ", " + rows["area_type"].map(kind_words))
    shown = {"place": "Area", "n_interviews": "Interviews", "n_people": "People"}
    view = rows.head(MOST_ROWS)
    more = f"The first {len(view)} of {len(rows):,} areas are shown; the table's file has all of them."
    return Table(
        "heard",
        "Who was heard in each area",
        rows,
        shown | {group: group for group in groups},
        PEOPLE,
        heard_by(study),
        more if len(rows) > len(view) else "",
        view,
        missing=WITHHELD,
    )


def _cells_told(rows: pd.DataFrame, groups: list[str], study: Study) -> pd.DataFrame:
    """Return the people of each area by group; where one cell may not be told, no cell but 0 is."""
    cells = rows[groups].astype("Int64")
    few = below_threshold(cells, study.settings.threshold).any()
    areas = rows["n_people"].astype("Int64").mask(_withheld(rows["n_people"], study))
    held = rows["n_interviews"].astype("Int64")
    held = held.mask(below_threshold(held, study.settings.threshold))
    return rows.assign(n_people=areas, n_interviews=held, **cells.mask(cells.gt(0) & few))


def table_interviews(held: pd.DataFrame) -> Table:
    """Return interviews by participant group and how they were held."""
    study = study_of(held)
    rows = held.astype({"n_interviews": "Int64", "n_people": "Int64"})
    few = (
        rows["n_people"]
        .groupby(rows["participant_group"], observed=True)
        .transform(lambda people: _withheld(people, study))
    )
    held = rows["n_interviews"].mask(few | below_threshold(rows["n_interviews"], study.settings.threshold))
    rows = rows.assign(n_interviews=held, n_people=rows["n_people"].mask(held.isna()))
    shown = {"participant_group": "Group", "mode": "Held", "n_interviews": "Interviews", "n_people": "People"}
    base = "interviews, and people in them"
    return Table(
        "interviews", "How interviews were held", rows, shown, base, heard_by(study), missing=WITHHELD
    )


def table_groups_heard(heard: pd.DataFrame) -> Table:
    """Return people by the client groups they belong to."""
    study, rows = study_of(heard), heard
    few = below_threshold(rows["n_people"], study.settings.threshold)
    rows = rows.assign(n_people=rows["n_people"].astype("Int64").mask(few))
    shown = {"group": "Client group", "n_people": "People"}
    base = "people who have a client group; a person may belong to several"
    caption = "Client groups among the people heard"
    return Table("groups_heard", caption, rows, shown, base, heard_by(study), missing=WITHHELD)


def table_kinds_of_source(sources: pd.DataFrame) -> Table:
    """Return how many documents of each kind the study holds, and what they give."""
    study = study_of(sources)
    rows = documents_by_kind(study)
    shown = {
        "kind": "Kind",
        "n_documents": "Documents",
        "n_passages": "Coded passages",
        "n_questions": "Survey questions",
    }
    return Table("sources", "What the study holds", rows, shown, "documents of the study", heard_by(study))
