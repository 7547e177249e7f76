"""A person takes back consent: every trace of them leaves the study."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pandas as pd

from ncsresearch.exchange.study_files import TAKEN, take_from_files
from ncsresearch.exchange.without_rows import Tables, without_rows
from ncsresearch.exchange.write_study import read_document_texts, write_study
from ncsresearch.schema import StudyError, nearest
from ncsresearch.study import read_texts


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal took out, the files it wrote anew, and where the person may still be."""

    taken: dict[str, int]
    rewritten: list[str]
    left: list[str]


def withdraw(person: str, study: Path) -> Withdrawal:
    """Take a participant out of every table, text and file of a study folder.

    Their turns are cut from transcripts, with the passages that stand in them; an interview in which nobody is
    left goes with its document. Word, text, workbook and project files inside the folder are rewritten without
    the person. Returns the rows taken out by table, and what is left to do by hand.

    Raises StudyError for a person the study does not have.
    """
    tables, texts = read_texts(study), read_document_texts(study)
    people = set(tables["participants"]["participant_id"])
    if person not in people:
        same = {name.casefold(): name for name in people}
        near = same.get(person.casefold()) or nearest(person, people)
        hint = f" Did you mean {near!r}?" if near else ""
        raise StudyError(f"There is no participant {person!r} in {study.name}.{hint}")
    before = {name: len(rows) for name, rows in tables.items()}
    sources, spoken = _sources(tables, person), spoken_lines(tables, texts, person)
    tables, texts = _without_interviews(tables, texts, person)
    tables, texts = _without_words(tables, texts, person)
    tables = _hashed(without_rows(tables, "participants", {person}), texts)
    write_study(study, tables, texts, [])
    for name in {path.stem for path in (study / "texts").glob("*.txt")} - set(texts):
        (study / "texts" / f"{name}.txt").unlink()
    rewritten, left = take_from_files(study, person, spoken)
    taken = {name: before[name] - len(rows) for name, rows in tables.items() if before[name] != len(rows)}
    return Withdrawal(taken, rewritten, [*left, *_elsewhere(sources, study)])


def _sources(tables: Tables, person: str) -> list[str]:
    """Return the files that the person's documents and passages came from."""
    segments, turns, origins = tables["segments"], tables["turns"], tables["origins"]
    ids = {*turns.loc[turns["participant_id"].eq(person), "document_id"]}
    ids |= {*segments.loc[segments["participant_id"].eq(person), "segment_id"]}
    return sorted(set(origins.loc[origins["row_id"].isin(ids), "source"]))


def _spoken(turns: pd.DataFrame, text: str) -> list[tuple[int, int]]:
    """Return where turns stand in a text, from the beginning of their lines, which is the speaker's name."""
    places = turns[["start", "end"]].astype(int).itertuples(index=False, name=None)
    return [(text.rfind("\n", 0, start) + 1, end) for start, end in places]


def spoken_lines(tables: Tables, texts: dict[str, str], person: str) -> set[str]:
    """Return the lines of transcripts in which the person speaks, as the normal texts have them."""
    own = tables["turns"][tables["turns"]["participant_id"].eq(person)]
    texts = {document: texts.get(document, "") for document in own["document_id"]}
    return {
        line
        for document, turns in own.groupby("document_id")
        for start, end in _spoken(turns, texts[document])
        for line in texts[document][start:end].split("\n")
    }


def _hashed(tables: Tables, texts: dict[str, str]) -> Tables:
    documents = tables["documents"]
    hashes = documents["document_id"].map(
        {name: sha256(text.encode()).hexdigest() for name, text in texts.items()}
    )
    changed = hashes.notna() & hashes.ne(documents["text_sha256"])
    now = documents.assign(
        text_sha256=documents["text_sha256"].mask(changed, hashes),
        file_sha256=documents["file_sha256"].mask(changed),
    )
    return tables | {"documents": now}


def _without_interviews(tables: Tables, texts: dict[str, str], person: str) -> tuple[Tables, dict[str, str]]:
    """Take out the interviews in which the person alone was heard, and the documents of no other interview."""
    met, held = tables["attendances"], tables["interviews"]
    own = met["participant_id"].eq(person)
    alone = set(met.loc[own, "interview_id"]) - set(met.loc[~own, "interview_id"])
    gone = held["interview_id"].isin(alone)
    documents = set(held.loc[gone, "document_id"].dropna()) - set(held.loc[~gone, "document_id"])
    tables = without_rows(without_rows(tables, "interviews", alone), "documents", documents)
    return tables, {name: text for name, text in texts.items() if name not in documents}


def _without_words(tables: Tables, texts: dict[str, str], person: str) -> tuple[Tables, dict[str, str]]:
    """Cut the person's turns out of the transcripts that others stay in, and move what stands behind them."""
    turns, segments = tables["turns"], tables["segments"]
    own = turns["participant_id"].eq(person)
    gone = set(segments.loc[segments["participant_id"].eq(person), "segment_id"])
    for document, cut in turns[own].groupby("document_id"):
        spans = _spans(texts.get(document, ""), cut, person)
        placed = segments[segments["document_id"].eq(document)].dropna(subset="start")
        start, end = placed["start"].astype(int), placed["end"].astype(int)
        for first, last in spans:
            gone |= set(placed.loc[start.lt(last) & end.gt(first), "segment_id"])
        if document in texts:
            texts = texts | {document: _cut(texts[document], spans)}
        segments, turns = _moved(segments, document, spans), _moved(turns, document, spans)
    return without_rows(tables | {"segments": segments, "turns": turns[~own]}, "segments", gone), texts


def _spans(text: str, turns: pd.DataFrame, person: str) -> list[tuple[int, int]]:
    """Return what of a transcript is the person's: their turns with the labels, and their name elsewhere."""
    spans = _spoken(turns, text)
    named = [match.span() for match in re.finditer(rf"\b{re.escape(person)}\b", text)]
    return sorted([*spans, *(span for span in named if not any(a <= span[0] < b for a, b in spans))])


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + TAKEN + text[end:]
    return text


def _moved(rows: pd.DataFrame, document: str, spans: list[tuple[int, int]]) -> pd.DataFrame:
    """Return rows with their places in the shorter text."""

    def moved(place: int) -> str:
        return str(place + sum(len(TAKEN) - (end - start) for start, end in spans if end <= place))

    at = rows["document_id"].eq(document) & rows["start"].notna()
    rows = rows.copy()
    rows.loc[at, ["start", "end"]] = rows.loc[at, ["start", "end"]].astype("int64").map(moved)
    return rows


def _elsewhere(sources: list[str], study: Path) -> list[str]:
    """Name what this folder does not hold and the person may still be in."""
    files = f"the originals, wherever you keep them ({', '.join(sources)}): importing them again would bring the person back"
    released = sorted(path.stem for path in (study / "releases").glob("*.json"))
    left = (
        f"what has left already ({', '.join(released)}): it cannot be called back, and the next run is a private draft until "
        "enough others have come or gone, since subtracting it from a release would tell of this person"
    )
    outputs = "outputs made before: delete them and run the study again"
    return [*[files] * bool(sources), outputs, *[left] * bool(released)]
