"""Who was heard, in words and tables; and what every sentence and table on people rests on."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ncsresearch.analysis.sources import documents_by_kind, speech_without_speaker
from ncsresearch.disclosure.suppression import below_threshold, hidden_among
from ncsresearch.evidence.counts import shares
from ncsresearch.evidence.groups import n_heard
from ncsresearch.present.outputs import WITHHELD, Finding, Table
from ncsresearch.present.quantity import caveat_suppression
from ncsresearch.present.sentence import counted
from ncsresearch.present.table import kind_words
from ncsresearch.present.wording import phrases, sentence, worded_table
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

PEOPLE = "people heard; a person counts once, however often they speak"
MOST_ROWS = 100  # areas that a page shows; the table's file has all
NO_GROUPS = ("area_id", "area", "area_type", "n_interviews", "n_people")


def heard_by(study: Study) -> str:
    """Return what a table of people rests on, with the study's own warning where it has one."""
    people, held = n_heard(study)
    interviews = f" in {counted(held, 'interview')}" if held else ""
    return f"{study.settings.status_line}; {counted(people, 'person', 'people')}{interviews}"


def people_sentence(
    entry: str,
    study: Study,
    numbers: Mapping | None = None,
    opened: Mapping | None = None,
    *,
    form: str = "says",
    name: str = "",
    **places,
) -> Finding:
    """Return a finding on the people heard, in the words of one form of its entry.

    opened   what it opens to, as evidence_for returns it
    places   those of the pattern, besides `among`: what begins a sentence where some counts are withheld
    """
    of = {"numbers": numbers or {}, "source": heard_by(study), **(opened or {})}
    return sentence(entry, form, name=name, of=of, among=caveat_suppression(study), **places)


def people_table(entry: str, rows: pd.DataFrame, study: Study, **words) -> Table:
    """Return a table of people heard; a number that is missing is withheld."""
    return worded_table(entry, rows, source=heard_by(study), missing=WITHHELD, people=PEOPLE, **words)


def say_heard(heard: pd.DataFrame) -> Finding | None:
    """Say how many people were heard, in how many interviews and areas, and who they are."""
    study = study_of(heard)
    people = study.participants
    if people.empty:
        return None
    groups = people["participant_group"].value_counts()
    known = groups[~_withheld(groups, study)]
    told = phrases("heard", "group", [{"group": group, "n": n} for group, n in known.items()])
    rest = phrases("heard", "rest" if told else "all", [{}] * (len(known) < len(groups)))
    numbers = known.to_dict() | {"people": len(people)}
    places = {"n": len(people), "interviews": len(study.interviews), "areas": people["area_id"].nunique()}
    return people_sentence("heard", study, numbers, groups=[*told, *rest], **places)


def _withheld(groups: pd.Series, study: Study) -> np.ndarray:
    """Return which numbers of people may not be told, where all of them together are known."""
    hidden = hidden_among(groups, groups + groups.sum(), study.settings.threshold)
    return np.ones(len(groups), dtype=bool) if hidden is None else hidden


def say_heard_by_kind(heard: pd.DataFrame) -> Finding | None:
    """Say how many people were heard in rural and in urban areas."""
    study = study_of(heard)
    kinds = shares(study, by="area_type").drop_duplicates("group").set_index("group")["base"]
    if kinds.empty or heard.empty:
        return None
    if _withheld(kinds, study).any() or _withheld(heard["n_people"], study).any():
        return people_sentence("heard_by_kind", study, form="withheld")
    numbers = {str(kind): int(n) for kind, n in kinds.items()}
    areas = phrases("heard_by_kind", "area", heard[["area", "n_people"]].to_dict("records"))
    kinds = phrases("heard_by_kind", "kind", [{"kind": kind, "n": n} for kind, n in numbers.items()])
    return people_sentence("heard_by_kind", study, numbers, kinds=kinds, areas=areas)


def say_unknown_speakers(heard: pd.DataFrame) -> Finding:
    """Say how much speech no person could be given, and that it counts for nobody."""
    study = study_of(heard)
    numbers = {name: int(n) for name, n in speech_without_speaker(study).iloc[0].items()}
    if not numbers["n_turns"]:
        return sentence("unknown_speakers", "no_transcript")
    return people_sentence("unknown_speakers", study, numbers, **numbers)


def table_heard(heard: pd.DataFrame) -> Table:
    """Return people and interviews of each area, by participant group."""
    study = study_of(heard)
    groups = [column for column in heard if column not in NO_GROUPS]
    rows = _publishable_cells(heard, groups, study)
    rows = rows.assign(place=rows["area"] + ", " + rows["area_type"].map(kind_words))
    view = rows.head(MOST_ROWS)
    more = {group: group for group in groups}
    return people_table("heard", rows, study, more=more, view=view, shown=len(view), n=len(rows))


def _publishable_cells(rows: pd.DataFrame, groups: list[str], study: Study) -> pd.DataFrame:
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
    return people_table("interviews", rows, study)


def table_groups_heard(heard: pd.DataFrame) -> Table:
    """Return people by the client groups they belong to."""
    study = study_of(heard)
    few = below_threshold(heard["n_people"], study.settings.threshold)
    rows = heard.assign(n_people=heard["n_people"].astype("Int64").mask(few))
    return people_table("groups_heard", rows, study)


def table_kinds_of_source(sources: pd.DataFrame) -> Table:
    """Return how many documents of each kind the study holds, and what they give."""
    study = study_of(sources)
    return worded_table("sources", documents_by_kind(study), source=heard_by(study))
