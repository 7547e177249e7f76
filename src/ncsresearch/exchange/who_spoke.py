"""What the tables of a study say of each other: areas and groups of people and interviews, who speaks in a passage."""

import re
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ncsresearch.exchange.changes import among
from ncsresearch.exchange.given_no_more import pointed_to
from ncsresearch.exchange.row_names import translated
from ncsresearch.ingest.imported_file import few, same_id, same_words
from ncsresearch.ingest.speaker_role import is_role, tells_apart
from ncsresearch.schema import TABLES
from ncsresearch.study.groups import COLUMNS, groups_in
from ncsresearch.study.references import without_rows

Tables = dict[str, pd.DataFrame]
# tables name a document without giving its text
OF_TABLES = re.compile(r"\.(?:csv|tsv|xlsx?|xlsm|ods|sav)(?:, .*)?$", re.IGNORECASE)
ASKS = "an interviewer"
PAIR, ATTENDED = ["document_id", "participant_id"], ["interview_id", "participant_id"]


def inherit(tables: Tables) -> Tables:
    """Give an interview the area and group of its people where they share one, and people those of their interview."""
    people, interviews, met = tables["participants"], tables["interviews"], tables["attendances"]
    for column in ("area_id", "participant_group"):
        of_people = _told(people, "participant_id", column)
        of_interviews = _told(interviews, "interview_id", column)
        people = _filled(people, column, "participant_id", met, "interview_id", of_interviews)
        interviews = _filled(interviews, column, "interview_id", met, "participant_id", of_people)
    return tables | {"participants": people, "interviews": interviews}


def renewed(tables: Tables, before: Tables) -> Tables:
    """Put right the area and group that interviews had from their people, and people from their interviews, where these say otherwise now.

    before  the tables as they were. What a file gave a row itself stays: an area that is in the same file, a group of a list.
    """
    sides, held = (("interviews", "interview_id"), ("participants", "participant_id")), dict(tables)
    if all(tables[name].equals(before[name]) for name in ("attendances", "interviews", "participants")):
        return held
    for (name, key), (others, other) in (sides, sides[::-1]):
        for column in ("area_id", "participant_group"):
            was, now = (
                tables[name][key].map(
                    _shared(each["attendances"], key, other, _told(each[others], other, column))
                )
                for each in (before, tables)
            )
            cells = held[name][column]
            had = cells.eq(was) & was.ne(now)
            had[had] = ~_given(before, name, tables[name].loc[had, key], cells[had]) if had.any() else False
            empty = "not stated" if column == "participant_group" else None
            held[name] = held[name].assign(**{column: cells.mask(had, now.fillna(empty) if empty else now)})
    return held


def _given(tables: Tables, name: str, keys: pd.Series, cells: pd.Series) -> pd.Series:
    """Whether a file that named each row gave the area in its cell, or is a list, whose word a group is too."""
    origins = tables["origins"][["table", "source", "row_id"]].drop_duplicates()
    own = origins[origins["table"].eq(name)]
    if cells.name == "participant_group":
        return keys.isin(own.loc[own["source"].str.contains(OF_TABLES), "row_id"])
    areas = origins[origins["table"].eq("areas")].groupby("row_id")["source"].agg(set)
    named = own[own["row_id"].isin(keys)].groupby("row_id")["source"].agg(set)
    both = [named.get(key, set()) & areas.get(cell, set()) for key, cell in zip(keys, cells, strict=True)]
    return pd.Series(both, keys.index, dtype="object").astype(bool)


def _told(rows: pd.DataFrame, key: str, column: str) -> dict:
    told = rows[column].notna() & rows[column].ne("not stated")
    return dict(zip(rows.loc[told, key], rows.loc[told, column], strict=True))


def _filled(
    rows: pd.DataFrame, column: str, key: str, met: pd.DataFrame, other: str, told: dict
) -> pd.DataFrame:
    given = rows[key].map(_shared(met, key, other, told))
    empty = rows[column].isna() | rows[column].eq("not stated")
    return rows.assign(**{column: rows[column].mask(empty & given.notna(), given)})


def _shared(met: pd.DataFrame, key: str, other: str, told: dict) -> pd.Series:
    """Return the value that all who met share, by the interview or person."""
    values = defaultdict(set)
    for one, met_one in zip(met[key], met[other], strict=True):
        values[one].add(told.get(met_one))
    known = {one: own - {None} for one, own in values.items()}
    return pd.Series({one: own.pop() for one, own in known.items() if len(own) == 1}, dtype="str")


def with_one_spelling(tables: Tables, before: Tables) -> tuple[Tables, list[str]]:
    """Return tables in which a group has one spelling whatever the capitals and spaces, the one that came first; and a remark.

    before  the tables of a study that has its spellings already
    """
    tables, respelled = dict(tables), {}
    for places in COLUMNS.values():
        cells = [groups_in(each, *place) for each in (before, tables) for place in places]
        met = dict.fromkeys(value for each in cells for value in each.unique())
        first = {same_words(value): value for value in reversed(met)}
        others = {value: first[same_words(value)] for value in met if first[same_words(value)] != value}
        for (table, column), own in zip(places, cells[len(places) :], strict=True) if others else ():
            found = own[own.isin(list(others))].map(others)
            tables[table] = tables[table].assign(**{column: found.combine_first(tables[table][column])})
        respelled |= others
    said = ", ".join(f"{value} as {spelling}" for value, spelling in respelled.items())
    return tables, [f"groups in another spelling of the same words: {said}"] * bool(said)


def named_elsewhere(tables: Tables) -> dict[str, str]:
    """Return who speaks alone in a transcript, and is named after its file so far, as another file names the one person of it.

    "P1" may be the first person of every transcript: one who was in several interviews is not meant.
    """
    spoken = tables["turns"].dropna(subset="participant_id")[PAIR].drop_duplicates()
    alone = spoken[~spoken["document_id"].duplicated(keep=False)]
    alone = alone.merge(tables["interviews"], on="document_id")
    labels = {*tables["turns"]["speaker"].dropna().map(same_words)}
    of_file = alone["participant_id"].eq(alone["interview_id"])
    of_file &= ~alone["participant_id"].map(same_words).isin(labels)
    alone = alone.loc[of_file, "interview_id"]
    said = tables["segments"][PAIR].merge(tables["interviews"][["interview_id", "document_id"]].dropna())
    met = pd.concat([tables["attendances"], said.drop(columns="document_id")]).dropna().drop_duplicates()
    others = met[met["interview_id"].isin(alone) & met["participant_id"].ne(met["interview_id"])]
    others = others[~others["interview_id"].duplicated(keep=False)]
    once = met["participant_id"].drop_duplicates(keep=False)
    others = others[others["participant_id"].isin(once)]
    return dict(zip(others["interview_id"], others["participant_id"], strict=True))


def renamed_people(tables: Tables, names: dict[str, str]) -> Tables:
    """Return tables in which people are those that they turned out to be."""
    people = tables["participants"]
    tables = tables | {"participants": people[~people["participant_id"].isin(list(names))]}
    for name in [each for each in tables if each != "participants"] if names else ():
        tables[name] = translated(tables[name], TABLES[name].pointers, {"participants": names})
    origins = tables["origins"]
    theirs = origins["table"].eq("participants") & origins["row_id"].isin(list(names))
    called = origins[theirs].assign(row_id=origins.loc[theirs, "row_id"].map(names))
    met = tables["attendances"].drop_duplicates(["interview_id", "participant_id"])
    # behind those of the file that named them, which spoke of them first
    origins = pd.concat([origins[~theirs], called], ignore_index=True).drop_duplicates()
    return tables | {"attendances": met, "origins": origins}


def called_as_elsewhere(tables: Tables) -> tuple[Tables, list[str]]:
    """Make one of who is known by a file's name or a label alone, and who another file names there; with a remark for each.

    R1 of one interview is the R1 that a list of people has in it. R1, or a role, of several interviews is somebody else in each.
    """
    if tables["turns"].empty:
        return tables, []
    claims, remarks = _named_by_label(tables), []
    once = ~claims["named"].duplicated(keep=False) & ~claims["elsewhere"]
    of_labels = dict(claims.loc[once, ["participant_id", "named"]].itertuples(index=False, name=None))
    if names := named_elsewhere(tables) | of_labels:
        tables = renamed_people(tables, names)
        remarks.append(f"{len(names)} who speak in transcripts: called as another file names them")
    apart = claims["of_label"] | claims["named"].map(is_role).astype(bool)
    if len(several := claims[~once & apart]):  # one alone may be the same person everywhere
        tables = _each_in_their_interview(tables, several)
        labels = ", ".join(sorted(several["named"].unique()))
        remarks.append(f"{labels}: called so in several interviews, and taken for somebody else in each")
    return tables, remarks


def met_again(before: Tables, tables: Tables) -> list[str]:
    """Return a remark on names that several may have and that now speak in a transcript more: one person each, if nobody says otherwise."""
    if tables["turns"].equals(before["turns"]):
        return []
    was, now = (
        each["turns"].dropna(subset="participant_id")[PAIR].drop_duplicates() for each in (before, tables)
    )
    new = now[~among(now, was, PAIR)]
    new = new[new["participant_id"].map(_is_unsure).astype(bool)]
    again = new[new["participant_id"].isin(now.loc[now["participant_id"].duplicated(), "participant_id"])]
    people = ", ".join(sorted(again["participant_id"].unique()))
    said = f"{people}: in several transcripts, and one person in all of them; who is another person here needs another name"
    return [said] * bool(people)


def _is_unsure(name: str) -> bool:
    """Whether several people may be called so: initials, a name with an initial (Mrs M), or a numbered role (Carer 1)."""
    *first, last = re.findall(r"[^\W_]+", name) or [""]
    initials = name.isupper() and 1 < len("".join([*first, last])) <= 3
    return initials or bool(first) and (len(last) == 1 or (last.isdigit() and is_role(" ".join(first))))


def _named_by_label(tables: Tables) -> pd.DataFrame:
    """Return who is called by a label of their transcript, and whom another file calls so there.

    Returns document_id, participant_id, named, whether several labels number the people there, and whether the name is met
    elsewhere too.
    """
    spoken = tables["turns"].dropna(subset="participant_id")
    spoken = spoken[["document_id", "participant_id", "speaker"]].drop_duplicates()
    label = spoken["speaker"].map(same_words)
    people = spoken["participant_id"].map(same_words)
    ends = [one.endswith(f" {end}") for one, end in zip(people, label, strict=True)]
    spoken = spoken.assign(label=spoken["speaker"].map(same_id), of_label=np.array(ends, dtype=bool))
    of_file = spoken["participant_id"].isin(tables["interviews"]["interview_id"]) | spoken["of_label"]
    spoken = spoken[of_file & spoken["speaker"].map(tells_apart).astype(bool)]
    held = tables["interviews"][["interview_id", "document_id"]].merge(tables["attendances"])
    held = held.assign(document_id=held["document_id"].fillna(held["interview_id"]))
    claims = pd.concat([held[PAIR], tables["segments"][PAIR]]).dropna().drop_duplicates()
    claims = claims.set_axis(["document_id", "named"], axis=1)
    claims = claims.assign(label=claims["named"].map(same_id))
    exact = claims["named"].map(same_words).eq(claims["label"])
    claims = claims[exact | ~claims.duplicated(["document_id", "label"], keep=False)]
    n_met = claims.groupby("named")["document_id"].transform("size")
    found = spoken.merge(claims.assign(n_met=n_met), on=["document_id", "label"])
    elsewhere = found["n_met"].gt(found.groupby("named")["document_id"].transform("size"))
    columns = ["document_id", "participant_id", "named", "of_label", "elsewhere"]
    return found.assign(elsewhere=elsewhere)[columns]


def _each_in_their_interview(tables: Tables, people: pd.DataFrame) -> Tables:
    """Return tables in which passages and interviews have the person of their own transcript for a name met in several."""
    persons = people.set_index(["document_id", "named"])["participant_id"].to_dict()
    of_interview = tables["interviews"].set_index("interview_id")["document_id"]
    met, segments = tables["attendances"], tables["segments"]
    changed = {}
    for name, rows, at in (
        ("attendances", met, met["interview_id"].map(of_interview)),
        ("segments", segments, segments["document_id"]),
    ):
        pairs = zip(at, rows["participant_id"], strict=True)
        now = [persons.get(pair, pair[1]) for pair in pairs]
        changed[name] = rows.assign(participant_id=pd.Series(now, rows.index, dtype="str"))
    tables = {**tables, **changed, "attendances": changed["attendances"].drop_duplicates()}
    silent = set(people["named"]) - pointed_to(tables, "participants")
    return without_rows(tables, "participants", silent)


def with_labels(tables: Tables) -> Tables:
    """Give turns the person of their interview who is called as their speaker is, such as R1 of a list of people."""
    turns, met = tables["turns"], tables["attendances"]
    if turns.empty:
        return tables
    held = tables["interviews"].dropna(subset="document_id").merge(met, on="interview_id")
    called = held.assign(speaker=held["participant_id"].map(same_words))
    called = called.drop_duplicates(["document_id", "speaker"], keep=False)
    of_label = called.set_index(["document_id", "speaker"])["participant_id"].to_dict()
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
        segments.loc[open_, "participant_id"] = turn_at(segments[open_], turns)["participant_id"]
    return tables | {"segments": segments.astype("str")}


def turns_of(turns: pd.DataFrame) -> dict[tuple[str, str], set[tuple[int, int]]]:
    """Return start and end of the turns in each document of everybody, by their name and by their label there."""
    found = defaultdict(set)
    places = zip(turns["start"].astype("int64"), turns["end"].astype("int64"), strict=True)
    named = turns[["document_id", "participant_id", "speaker"]].fillna("").itertuples(index=False, name=None)
    for place, (document, *names) in zip(places, named, strict=True):
        for name in {*names} - {""}:
            found[document, same_words(name)].add(place)
    return found


def as_transcribed(
    tables: Tables, before: Tables, texts: Mapping[str, str], rows: Mapping[str, str]
) -> tuple[Tables, list[str]]:
    """Return tables in which a passage that a table gives to somebody else than its transcript is of who speaks there, and a remark.

    before, rows  the tables without the file, and what names each passage that may be so. Somebody whose name begins the line, though
    it is no speaker's in the transcript, says the passage
    """
    segments = tables["segments"]
    named = segments[["participant_id", "start"]].notna().all(axis=1) & segments["segment_id"].isin(
        list(rows)
    )
    if not named.any() or tables["turns"].empty:
        return tables, []
    own = segments[named]
    own = own.assign(**turn_at(own, tables["turns"]).add_prefix("true_"))
    known = own["true_participant_id"].notna() | own["true_role"].eq("interviewer")
    alike = own["true_participant_id"].map(same_id, na_action="ignore").eq(own["participant_id"].map(same_id))
    own = own[known & ~alike]
    begins = [_begins(texts.get(row.document_id, ""), row) for row in own.itertuples()]
    own = own[~np.array(begins, dtype=bool)]
    speaks = segments["participant_id"].mask(segments.index.isin(own.index))
    segments = segments.assign(participant_id=speaks.fillna(own["true_participant_id"]))
    told = own[["segment_id", "participant_id", "true_participant_id", "document_id"]].fillna(ASKS)
    said = [
        f"{rows[segment]}: {person} ({other} in {document})"
        for segment, person, other, document in told.itertuples(index=False, name=None)
    ]
    tables = _without_attendances({**tables, "segments": segments}, before, own[PAIR])
    remark = f"segments: {len(own)} given to others than speak there in their transcripts, which decide: {few(said)}"
    return tables, [remark] * bool(said)


def _without_attendances(tables: Tables, before: Tables, gone: pd.DataFrame) -> Tables:
    """Take out the attendances, new since before, of people who said nothing in a document after all."""
    met, held = tables["attendances"], tables["interviews"].dropna(subset="document_id")
    gone = held[["interview_id", "document_id"]].merge(gone)
    gone = gone[~among(gone, pd.concat([tables["turns"][PAIR], tables["segments"][PAIR]]), PAIR)]
    new = ~among(met, before["attendances"], ATTENDED)
    return tables | {"attendances": met[~(new & among(met, gone, ATTENDED))]}


def _begins(text: str, passage) -> bool:
    """Whether the line of a passage begins with a word of the name of whom it is given to."""
    line = text[: int(passage.start)].rpartition("\n")[2]
    first = re.match(r"\W*(\w+)", line)
    return bool(first) and same_words(first[1]) in same_words(passage.participant_id).split()


def turn_at(segments: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    """Return participant_id and role of who speaks in each passage; missing where it spans the turns of several."""
    places = _placed(segments[["document_id", "start", "end"]]).assign(order=range(len(segments)))
    spoken = _placed(turns[["document_id", "participant_id", "role", "start", "end"]])
    spoken = spoken.rename(columns={"start": "turn_start", "end": "turn_end"}).sort_values("turn_start")
    first = pd.merge_asof(
        places.sort_values("start"), spoken, left_on="start", right_on="turn_start", by="document_id"
    ).sort_values("order")
    inside = first["end"].le(first["turn_end"]) & first["start"].lt(first["turn_end"])
    return first[["participant_id", "role"]].where(inside).set_axis(segments.index)


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.astype("str").assign(start=pd.to_numeric(rows["start"]), end=pd.to_numeric(rows["end"]))
