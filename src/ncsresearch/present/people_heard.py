"""Who was heard, in words and tables; and what every sentence and table on people rests on."""

from collections.abc import Iterable, Mapping

import pandas as pd

from ncsresearch.analysis.sources import documents_by_kind, speech_without_speaker
from ncsresearch.disclosure.mask import publishable_bases
from ncsresearch.disclosure.plan import mostly_withheld
from ncsresearch.disclosure.suppression import below_threshold, hidden_among, hidden_choices
from ncsresearch.evidence.groups import grouped_people, hears_people, n_heard
from ncsresearch.evidence.kinds import kinds_of_areas
from ncsresearch.present.outputs import WITHHELD, Finding, Table
from ncsresearch.present.sentence import counted
from ncsresearch.present.table import cited, told, wide
from ncsresearch.present.wording import phrase, phrases, sentence, worded_table
from ncsresearch.schema import kind_words
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

PEOPLE = "people heard; a person counts once, however often they speak"
MOST_NAMED = 8  # areas that a sentence names
MOST_ROWS, MOST_SIDES = 100, 30  # areas that a page shows, in rows and side by side; the table's file has all
# entries that rank themes: of one theme alone they would call it the first
RANKS = ("most_raised", "told_by_people", "both_ways", "clients", "area_raised", "people_suggest")
NO_GROUPS = ("area_id", "area", "area_type", "n_interviews", "n_people")


def heard_by(study: Study) -> str:
    """Return what a table of people rests on, with the study's own warning where it has one."""
    people, held = n_heard(study)
    if not people:
        return study.settings.status_line
    if people < study.settings.threshold:
        return f"{study.settings.status_line}; few people"
    if 0 < (here := _n_heard_here(study)) < people:
        return f"{study.settings.status_line}; {here} of the {people} people heard"
    held = n_interviews_told(study, held)
    interviews = f" in {counted(held, 'interview')}" if held else ""
    return f"{study.settings.status_line}; {counted(people, 'person', 'people')}{interviews}"


def rests_on(study: Study, document_ids: Iterable) -> str:
    """Return what a table or sentence rests on: the people heard, or the documents where nobody was."""
    return heard_by(study) if hears_people(study) else cited(study, document_ids)


def _n_heard_here(study: Study) -> int:
    """Return how many people were heard in the area that a report is on; 0 where that is withheld, or it is on none."""
    if not study.part_of:
        return 0
    bases = publishable_bases(study, by="area_id").set_index("group")["base"].dropna()
    return int(bases.get(study.area(study.part_of)["name"], 0))


def n_interviews_told(study: Study, held: int) -> int:
    """Return a number of interviews, or 0 where it is withheld as a number of people would be: each may be of one person."""
    return 0 if below_threshold(held, study.settings.threshold) else held


def people_sentence(
    entry: str,
    study: Study,
    numbers: Mapping | None = None,
    opened: Mapping | None = None,
    *,
    form: str = "says",
    name: str = "",
    **places,
) -> Finding | None:
    """Return a finding on the people heard, in the words of one form of its entry; none that ranks themes of which one was chosen.

    opened   what it opens to, as evidence_for returns it
    places   those of the pattern
    """
    if entry in RANKS and "theme" in study.selection:
        return None
    of = {"numbers": numbers or {}, "source": heard_by(study), **(opened or {})}
    return sentence(entry, form, name=name, of=of, **places)


def people_table(entry: str, rows: pd.DataFrame, study: Study, **words) -> Table:
    """Return a table of people heard; a number that is missing is withheld."""
    return worded_table(entry, rows, source=heard_by(study), missing=WITHHELD, people=PEOPLE, **words)


def say_heard(heard: pd.DataFrame) -> Finding | None:
    """Say how many people were heard, in how many interviews and areas, and who they are."""
    study = study_of(heard)
    people, n = study.participants, n_told(study)
    if people.empty and not study.part_of:
        return sentence("heard", "nobody")
    if people.empty or n is None:
        return None
    every = _groups_printed(study)
    known = every.dropna(subset="base").set_index("group")["base"]
    groups = phrases("heard", "group", [{"group": group, "n": n} for group, n in known.items()])
    if 0 < len(known) < len(every):
        groups += [phrase("heard", "rest")]
    numbers = known.to_dict() | {"people": n}
    if study.part_of and not groups:
        return None  # what is said of the area says it
    areas = people["area_id"].nunique()
    if study.slice and study.slice.by == "participant_group":
        areas, groups = 0, []  # there is one group, and where its people are is in no plan
    places = {"n": n, "interviews": n_interviews_told(study, len(study.interviews)), "areas": areas}
    places["one"] = known.index[0] if len(every) == 1 and known.tolist() == [n] else ""
    return people_sentence("heard", study, numbers, groups=groups, **places)


def n_told(study: Study) -> int | None:
    """Return how many people were heard, in the part of one area those heard there; None where they are too few to be told."""
    if study.part_of or study.participants.empty:
        n = len(study.participants)
        return None if below_threshold(n, study.settings.threshold) else n
    base = publishable_bases(study)["base"].iloc[0]
    return None if pd.isna(base) else int(base)


def _groups_printed(study: Study) -> pd.DataFrame:
    """Return the people of each participant group, most first; none in a confidential study's area, where no plan has them."""
    if study.part_of and study.settings.threshold:
        return pd.DataFrame(columns=["group", "base"])
    groups = publishable_bases(study, by="participant_group")
    groups = groups.iloc[:0] if groups["group"].eq("not stated").all() else groups
    return groups.sort_values("base", ascending=False, kind="stable")


def say_heard_by_kind(heard: pd.DataFrame) -> Finding | None:
    """Say how many people were heard in rural and in urban areas."""
    study = study_of(heard)
    kinds, areas = (publishable_bases(study, by=by) for by in ("area_type", "area_id"))
    if kinds.empty or areas.empty:
        return None
    if len(areas) == 1 and study.participants["area_id"].notna().all():
        return sentence("heard_by_kind", "one_area", area=areas["group"].iloc[0], kind=kinds["group"].iloc[0])
    if kinds["base"].isna().any() or areas["base"].isna().any():
        return people_sentence("heard_by_kind", study, form="withheld")
    numbers = dict(zip(kinds["group"].astype("str"), kinds["base"].astype("int64"), strict=True))
    kind_of = dict(zip(study.areas["name"], kinds_of_areas(study), strict=True))
    named = areas["group"].groupby(areas["group"].map(kind_of)).agg(list)
    each = [{"kind": kind, "n": n, "of": named.get(kind, [])} for kind, n in numbers.items()]
    few = len(areas) <= MOST_NAMED
    each = [row | {"areas": row["of"] if few else [], "n_areas": len(row["of"])} for row in each]
    return people_sentence("heard_by_kind", study, numbers, kinds=phrases("heard_by_kind", "kind", each))


def say_unknown_speakers(heard: pd.DataFrame) -> Finding | None:
    """Say how much speech no person could be given, and that it counts for nobody; of a selection that is not known."""
    study = study_of(heard)
    if study.participants.empty or study.selection:
        return None
    numbers = {name: int(n) for name, n in speech_without_speaker(study).iloc[0].items()}
    if not numbers["n_turns"]:
        return sentence("unknown_speakers", "no_transcript")
    return people_sentence("unknown_speakers", study, numbers, **numbers)


def table_heard(heard: pd.DataFrame) -> Table:
    """Return people and interviews of each area, by participant group where that is nobody's secret."""
    study = study_of(heard)
    public = not study.settings.threshold
    groups = [column for column in heard if column not in NO_GROUPS and public]
    rows = heard if public else _publishable(heard[[*NO_GROUPS]], study)
    rows = rows[rows["n_people"].ne(0).fillna(True)] if study.selection else rows
    kind = rows["area_type"].astype("str").ne("not_stated")
    rows = rows.assign(place=rows["area"] + (", " + rows["area_type"].map(kind_words)).where(kind, ""))
    view = rows.head(MOST_ROWS)
    more = {group: group for group in groups}
    without = [] if rows["n_interviews"].ne(0).any() else ["n_interviews"]
    return people_table(
        "heard", rows, study, more=more, without=without, view=view, shown=len(view), n=len(rows)
    )


def _publishable(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the people of each area that the plan tells of; of its interviews what is as many as people have to be."""
    told = publishable_bases(study, by="area_id").set_index("group")["base"]
    rows = rows[rows["area"].isin(told.index) | rows["n_people"].eq(0)]
    people = rows["area"].map(told).where(rows["n_people"].gt(0), 0).astype("Int64")
    held = rows["n_interviews"].astype("Int64")
    held = held.mask(below_threshold(held, study.settings.threshold) | people.isna())
    return rows.assign(n_people=people, n_interviews=held)


def say_how_held(held: pd.DataFrame) -> Finding | None:
    """Say how many people were interviewed alone, in pairs and in groups, where the table withholds none of what they add up to."""
    study, rows = study_of(held), _interviews_printed(held)
    if rows.empty or rows["n_people"].isna().any():
        return None
    rows = rows.groupby("mode", observed=True, as_index=False)[["n_interviews", "n_people"]].sum()
    rows = rows.sort_values("n_people", ascending=False)
    said = [phrase("how_held", row["mode"], **row) for row in rows.to_dict("records")]
    numbers = dict(zip(rows["mode"].astype("str"), rows["n_people"].astype("int64"), strict=True))
    return people_sentence("how_held", study, numbers, held=said)


def table_interviews(held: pd.DataFrame) -> Table | None:
    """Return interviews by participant group and how they were held; over all groups where most may not be told by group."""
    rows = _interviews_printed(held)
    if rows["n_people"].isna().all():
        return None
    grouped = "participant_group" in rows and rows["participant_group"].ne("not stated").any()
    return people_table("interviews", rows, study_of(held), without=[] if grouped else ["participant_group"])


def _interviews_printed(held: pd.DataFrame) -> pd.DataFrame:
    study = study_of(held)
    if study.slice and study.slice.by:
        return held.iloc[:0]
    rows = _publishable_interviews(held, study)
    if not mostly_withheld(rows["n_people"]):
        return rows
    together = held.groupby("mode", observed=True, as_index=False)[["n_interviews", "n_people"]].sum()
    return _publishable_interviews(together, study)


def _publishable_interviews(held: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the interviews and people of each mode, where the people of all modes of a group are known."""
    threshold = study.settings.threshold
    few, groups = pd.Series(False, held.index), held.get("participant_group", pd.Series("", held.index))
    for _, own in held.groupby(groups, observed=True):
        hidden = hidden_among(own["n_people"], own["n_people"] + own["n_people"].sum(), threshold)
        few[own.index] = True if hidden is None else hidden
    few |= below_threshold(held["n_interviews"], threshold)
    rows = held.astype({"n_interviews": "Int64", "n_people": "Int64"})
    return rows.assign(**{name: rows[name].mask(few) for name in ("n_interviews", "n_people")})


def table_groups_heard(heard: pd.DataFrame) -> Table | None:
    """Return people by the client groups they belong to, of which a person may have several; withheld ones last, by name."""
    study = study_of(heard)
    if study.slice and study.slice.by:
        return None
    n, of = heard["n_people"], grouped_people(study, by="client_group")["participant_id"].nunique()
    few = hidden_choices(n, of, study.settings.threshold, several=True)
    rows = heard.assign(n_people=n.astype("Int64").mask(few if few is not None else n.notna()))
    rows = rows.sort_values(["n_people", "group"], ascending=[False, True], ignore_index=True)
    return people_table("groups_heard", rows, study, withheld=bool(study.settings.threshold))


def table_kinds_of_source(sources: pd.DataFrame) -> Table:
    """Return how many documents of each kind the study holds, and what they give."""
    study = study_of(sources)
    return worded_table("sources", documents_by_kind(study), source=heard_by(study))


def table_served_in_areas(served: pd.DataFrame) -> Table | None:
    """Return how many of everybody and of each area see client groups as better and as less well served.

    Of the views of which a number of an area is printed that is not 0; none where there is none.
    """
    if served.empty:
        return None
    study, rows = study_of(served), served[served["base"].notna()]
    rows = rows.assign(seen=rows["level"] + ": " + rows["client_group"], told=told(rows))
    printed = rows.loc[rows["group"].ne("everybody") & rows["n"].gt(0).fillna(False), "seen"]
    rows = rows[rows["seen"].isin(printed)]
    bases = rows.drop_duplicates("group").set_index("group")["base"]
    areas = [group for group in ("everybody", *study.areas["name"]) if group in bases]
    table = wide(rows, index="seen", columns="group", values="told").astype("object")
    table = table.where(table.notna(), 0)  # what nobody of an area said is in no plan
    shown = {
        area: f"{'Everybody' if area == 'everybody' else area} (of {bases[area]})"
        for area in areas[:MOST_SIDES]
    }
    cut = len(areas) > MOST_SIDES
    return people_table("areas_served", table, study, more=shown, cut=cut) if len(table) else None
