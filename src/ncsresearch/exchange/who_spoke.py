"""What the tables of a study say of each other: areas and groups of people and interviews, who speaks in a passage."""

import pandas as pd

from ncsresearch.ingest.imported_file import same_words
from ncsresearch.study.references import pointed

Tables = dict[str, pd.DataFrame]


def inherit(tables: Tables) -> Tables:
    """Give an interview the area and group of its people where they share one, and people those of their interview."""
    people, interviews, met = tables["participants"], tables["interviews"], tables["attendances"]
    for column in ("area_id", "participant_group"):
        of_people = _told(people, "participant_id", column)
        of_interviews = _told(interviews, "interview_id", column)
        people = _filled(people, column, "participant_id", met, "interview_id", of_interviews)
        interviews = _filled(interviews, column, "interview_id", met, "participant_id", of_people)
    return tables | {"participants": people, "interviews": interviews}


def _told(rows: pd.DataFrame, key: str, column: str) -> dict:
    return dict(zip(rows[key], rows[column].mask(rows[column].eq("not stated")), strict=True))


def _filled(
    rows: pd.DataFrame, column: str, key: str, met: pd.DataFrame, other: str, told: dict
) -> pd.DataFrame:
    values = met.assign(value=met[other].map(told)).dropna(subset="value")
    pairs = values[[key, "value"]].drop_duplicates().drop_duplicates(key, keep=False)
    given = rows[key].map(pairs.set_index(key)["value"])
    empty = rows[column].isna() | rows[column].eq("not stated")
    return rows.assign(**{column: rows[column].mask(empty & given.notna(), given)})


def named_elsewhere(tables: Tables) -> dict[str, str]:
    """Return who speaks alone in a transcript, and is named after its file so far, as another file names the one person of it.

    "P1" may be the first person of every transcript: one who was in several interviews is not meant.
    """
    spoken = (
        tables["turns"].dropna(subset="participant_id")[["document_id", "participant_id"]].drop_duplicates()
    )
    alone = spoken[~spoken["document_id"].duplicated(keep=False)].merge(
        tables["interviews"], on="document_id"
    )
    alone = alone.loc[alone["participant_id"].eq(alone["interview_id"]), "interview_id"]
    met = tables["attendances"]
    others = met[met["interview_id"].isin(alone) & met["participant_id"].ne(met["interview_id"])]
    others = others[~others["interview_id"].duplicated(keep=False)]
    once = met["participant_id"].drop_duplicates(keep=False)
    others = others[others["participant_id"].isin(once)]
    return dict(zip(others["interview_id"], others["participant_id"], strict=True))


def renamed_people(tables: Tables, names: dict[str, str]) -> Tables:
    """Return tables in which people are those that they turned out to be."""
    people = tables["participants"]
    tables = tables | {"participants": people[~people["participant_id"].isin(list(names))]}
    for name in [each for each in tables if each != "participants"]:
        for column, table, values in pointed(name, tables[name]) if names else ():
            theirs = values[values.isin(list(names))] if table == "participants" else values.iloc[:0]
            if len(theirs):
                cells = tables[name][column].copy()
                cells[theirs.index] = theirs.map(names)
                tables[name] = tables[name].assign(**{column: cells})
    return tables | {"attendances": tables["attendances"].drop_duplicates(["interview_id", "participant_id"])}


def with_labels(tables: Tables) -> Tables:
    """Give turns the person of their interview who is called as their speaker is, such as R1 of a list of people."""
    turns, met = tables["turns"], tables["attendances"]
    held = tables["interviews"].dropna(subset="document_id").merge(met, on="interview_id")
    called = held.assign(speaker=held["participant_id"].map(same_words))
    called = called.drop_duplicates(["document_id", "speaker"], keep=False)
    of_label = called.set_index(["document_id", "speaker"])["participant_id"]
    labels = zip(turns["document_id"], turns["speaker"].fillna("").map(same_words), strict=True)
    found = pd.Series([of_label.get(label) for label in labels], turns.index, dtype="object")
    open_ = turns["participant_id"].isna() & turns["role"].ne("interviewer") & found.notna()
    return tables | {"turns": turns.assign(participant_id=turns["participant_id"].mask(open_, found))}


def with_speakers(tables: Tables) -> Tables:
    """Give passages the interview of their document, and the person in whose turn they stand."""
    segments, turns = tables["segments"], tables["turns"]
    held = tables["interviews"].dropna(subset="document_id").drop_duplicates("document_id")
    of_document = held.set_index("document_id")["interview_id"]
    interview = segments["interview_id"].fillna(segments["document_id"].map(of_document))
    segments = segments.assign(interview_id=interview.astype("str"))
    open_ = segments["participant_id"].isna() & segments["start"].notna()
    if open_.any() and len(turns):
        segments.loc[open_, "participant_id"] = speaker_at(segments[open_], turns)
    return tables | {"segments": segments.astype("str")}


def speaker_at(segments: pd.DataFrame, turns: pd.DataFrame) -> pd.Series:
    """Return who speaks in each passage; missing where it spans the turns of several or of nobody known."""
    places = _placed(segments[["document_id", "start", "end"]]).assign(order=range(len(segments)))
    spoken = _placed(turns[["document_id", "participant_id", "start", "end"]])
    spoken = spoken.rename(columns={"start": "turn_start", "end": "turn_end"}).sort_values("turn_start")
    first = pd.merge_asof(
        places.sort_values("start"), spoken, left_on="start", right_on="turn_start", by="document_id"
    ).sort_values("order")
    inside = first["end"].le(first["turn_end"]) & first["start"].lt(first["turn_end"])
    return first["participant_id"].where(inside).set_axis(segments.index)


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.astype("str").assign(start=pd.to_numeric(rows["start"]), end=pd.to_numeric(rows["end"]))
