"""A person takes back consent: every trace of them leaves the study."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

import pandas as pd

from ncsresearch.exchange.study_files import take_from_files
from ncsresearch.exchange.trace import NOTHING, TAKEN, Trace, name_pattern, searchable, unnamed
from ncsresearch.exchange.withdrawn import Withdrawn, digest_of, read_withdrawn, remember
from ncsresearch.exchange.write_study import read_document_texts, write_study
from ncsresearch.ingest.imported_file import same_id, same_words, slug
from ncsresearch.ingest.sheet import ENDING
from ncsresearch.ingest.speaker_label import NUMBER
from ncsresearch.ingest.speaker_role import tells_apart
from ncsresearch.ingest.template import filled
from ncsresearch.schema import ROW_IDS, CallError, nearest
from ncsresearch.study import history, read_texts
from ncsresearch.study.references import Tables, without_rows
from ncsresearch.study.releases import releases

LEFT_TO_DO = Path(__file__).parent / "templates" / "left_to_do.txt"
Texts = dict[str, str]


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal took out, the files it wrote anew, and what is left to a person."""

    taken: dict[str, int]
    rewritten: list[str]
    left: list[str]


def withdraw(person: str, study: Path) -> Withdrawal:
    """Take a participant or survey respondent out of every table, text and file of a study folder.

    Their turns are cut from transcripts, with the passages in them; an interview in which nobody is left goes with its
    document. Word, text, workbook and project files inside the folder, and records of earlier runs, are rewritten without the person, and what quotes
    them in quotations.toml and findings/ is blanked and named by line. A keyed digest remembers them, so that
    an import leaves them out. The folder stays as it was until all of it is ready.

    Returns the rows taken out by table, the files written anew, and what is left to do by hand.

    Raises StudyError for a person the study does not have.
    """
    tables, texts = read_texts(study), read_document_texts(study)
    known = read_withdrawn(study)
    names = _names(tables, person, study, known)
    name = _pattern(tables, names)
    now, now_texts = without_people(tables, texts, names, name)
    ids = {table: ROW_IDS[table] for table in ("segments", "interviews", "documents")}
    gone = {table: {*tables[table][key]} - {*now[table][key]} for table, key in ids.items()}
    said, others = _said(tables, texts, names, gone), [*now_texts.values(), *now["segments"]["text"].dropna()]
    own = tables["turns"][tables["turns"]["participant_id"].isin(names)]
    lines = spoken_lines(own, texts)
    trace = Trace(name, known.mark, lines, said, names.union(*gone.values()), others)
    done = Withdrawal(
        {table: n for table, rows in tables.items() if (n := len(rows) - len(now[table]))}, [], []
    )

    def rewrite(folder: Path) -> None:
        rewritten, left = take_from_files(folder, trace)
        done.rewritten.extend(rewritten)
        done.left.extend(left)
        history.take_out(folder, trace.ids, trace.id_of)
        looked_for = dict.fromkeys(names, name is not NOTHING)
        remember(folder, known, looked_for, said, _titled(tables, gone), labels_in_files(tables, names))

    written = unnamed(now, trace), {trace.id_of(document): text for document, text in now_texts.items()}
    write_study(study, *written, [], rewrite=rewrite)
    other = [trace.id_of(document) for document, text in now_texts.items() if text != texts[document]]
    done.rewritten[:0] = [f"texts/{document}.txt" for document in sorted(other)]
    done.left.extend(_elsewhere(study, tables, names, known, name, set(now_texts)))
    return done


def _titled(tables: Tables, gone: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Return the interviews and documents that are gone by all that files may call them."""
    documents = tables["documents"][["document_id", "title"]]
    theirs = documents["document_id"].isin(gone["documents"])
    titles = {*documents.loc[theirs, "title"]} - {*documents.loc[~theirs, "title"]}
    rows = [(name, each) for name in ("interviews", "documents") for each in gone[name]]
    return [*rows, *(("documents", title) for title in titles)]


def _names(tables: Tables, person: str, study: Path, known: Withdrawn) -> set[str]:
    """Return every id of a person: as a participant, and as a respondent of surveys."""
    answers = tables["survey_answers"][["respondent_id", "participant_id"]]
    people = {*tables["participants"]["participant_id"], *answers["respondent_id"]}
    if person in people:
        linked = answers[answers.eq(person).any(axis=1)]
        return {person, *linked["respondent_id"], *linked["participant_id"].dropna()}
    if person in known:
        raise CallError(f"{person!r} has withdrawn from {study.name} already.")
    called = _called(tables, person, people)
    if len(called) == 1:
        return _names(tables, called[0], study, known)
    if called:
        raise CallError(
            f"{person!r} is called so by several people of {study.name}: {', '.join(called)}. Name one."
        )
    near = nearest(person, people)
    by_id = " Respondents of surveys go by the ids of survey_answers.csv." if len(answers) else ""
    hint = f" Did you mean {near!r}?{by_id}" if near else by_id
    kinds = "participant or respondent" if len(answers) else "participant"
    raise CallError(f"There is no {kinds} {person!r} in {study.name}.{hint}")


def _called(tables: Tables, person: str, people: set[str]) -> list[str]:
    """Return who is called so: by their name, in any case and spacing, else by the label of a transcript."""
    turns, spelled = tables["turns"].dropna(subset="participant_id"), same_words(person)
    named = sorted(name for name in people if same_words(name) == spelled)
    return named or sorted(turns.loc[turns["speaker"].map(same_words).eq(spelled), "participant_id"].unique())


def labels_in_files(tables: Tables, names: Collection[str]) -> set[str]:
    """Return what people who go by numbers or roles are called with their file or interview before it ("group one R1"), and another spelling of their id."""
    turns, met = (
        tables[name][tables[name]["participant_id"].isin(names)] for name in ("turns", "attendances")
    )
    interviews = tables["interviews"][["interview_id", "document_id"]]
    own = interviews[
        interviews["interview_id"].isin(met["interview_id"])
        | interviews["document_id"].isin(turns["document_id"])
    ]
    documents = {*own["document_id"].dropna(), *turns["document_id"]}
    titles = tables["documents"].loc[tables["documents"]["document_id"].isin(documents), "title"].dropna()
    files = {*own["interview_id"], *documents, *(ENDING.sub("", title) for title in titles)}
    called = {*names, *turns["speaker"].dropna()}
    labels = {label for label in called if tells_apart(label)}
    ids = {same_id(name) for name in names if re.search(r"\d", name)}
    ids |= {f"{letter}{each}" for each in ids if each.isdigit() for letter in "pri"}
    spelled = {label for label in called - labels - {*names} if same_id(label) in ids}
    return {f"{file} {label}" for file in files for label in labels} | spelled


def _pattern(tables: Tables, names: set[str]) -> re.Pattern:
    """Return what finds the person's names in words; nothing where one cannot be looked for."""
    others = {*tables["participants"]["participant_id"], *tables["survey_answers"]["respondent_id"]} - names
    turns = tables["turns"]
    labels = set(turns.loc[~turns["participant_id"].isin(names), "speaker"].map(same_words))
    found = all(searchable(name, tables) and same_words(name) not in labels for name in names)
    return name_pattern(names, others) if found else NOTHING


def _said(tables: Tables, texts: Texts, names: set[str], gone: dict[str, set[str]]) -> list[str]:
    """Return the passages that went with the person, and their turns."""
    segments, turns = tables["segments"], tables["turns"]
    own = turns[turns["participant_id"].isin(names) & turns["document_id"].isin(list(texts))]
    return [
        *segments.loc[segments["segment_id"].isin(gone["segments"]), "text"].dropna(),
        *(texts[turn.document_id][int(turn.start) : int(turn.end)] for turn in own.itertuples()),
    ]


def _sources(tables: Tables, names: set[str]) -> list[str]:
    """Return the files that the person's documents, passages and answers came from."""
    segments, turns, origins = tables["segments"], tables["turns"], tables["origins"]
    answers, items = tables["survey_answers"], tables["survey_items"].set_index("item_id")
    ids = {*turns.loc[turns["participant_id"].isin(names), "document_id"]}
    ids |= {*segments.loc[segments["participant_id"].isin(names), "segment_id"]}
    asked = answers.loc[answers["respondent_id"].isin(names), "item_id"].unique()
    ids |= {*items.loc[items.index.isin(asked), "document_id"]}
    return sorted(set(origins.loc[origins["row_id"].isin(ids), "source"]))


def _spoken(turns: pd.DataFrame, text: str) -> list[tuple[int, int]]:
    """Return where turns stand in a text, from the beginning of their lines, which is the speaker's name."""
    places = turns[["start", "end"]].astype(int).itertuples(index=False, name=None)
    return [(text.rfind("\n", 0, start) + 1 if text else start, end) for start, end in places]


def spoken_lines(own: pd.DataFrame, texts: Texts) -> set[str]:
    """Return the lines of transcripts in which turns are spoken, as the normal texts have them and without a list's number."""
    return {
        said
        for document, turns in own.groupby("document_id")
        for start, end in _spoken(turns, texts.get(document, ""))
        for line in texts.get(document, "")[start:end].split("\n")
        for said in (line, re.sub(f"^{NUMBER}", "", line))
        if said
    }


def without_people(tables: Tables, texts: Texts, names: Collection[str], name) -> tuple[Tables, Texts]:
    """Return tables and texts without people: without their rows, their turns, and their names in what others say.

    name   the pattern that finds their names
    """
    tables, texts = _without_interviews(tables, texts, names)
    tables, texts = _without_words(tables, texts, names, name)
    for table in ("participants", "survey_answers"):
        tables = without_rows(tables, table, set(names))
    return _hashed(tables, texts), texts


def _hashed(tables: Tables, texts: Texts) -> Tables:
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


def _without_interviews(tables: Tables, texts: Texts, names: Collection[str]) -> tuple[Tables, Texts]:
    """Take out the interviews in which nobody else was heard, and the documents of no other interview."""
    met, held = tables["attendances"], tables["interviews"]
    own = met["participant_id"].isin(names)
    alone = set(met.loc[own, "interview_id"]) - set(met.loc[~own, "interview_id"])
    gone = held["interview_id"].isin(alone)
    documents = set(held.loc[gone, "document_id"].dropna()) - set(held.loc[~gone, "document_id"])
    tables = without_rows(without_rows(tables, "interviews", alone), "documents", documents)
    return tables, {name: text for name, text in texts.items() if name not in documents}


def _without_words(tables: Tables, texts: Texts, names: Collection[str], name) -> tuple[Tables, Texts]:
    """Cut turns and names out of the transcripts that others stay in, and move what stands behind them."""
    turns, segments = tables["turns"], tables["segments"]
    own = turns["participant_id"].isin(names)
    gone = set(segments.loc[segments["participant_id"].isin(names), "segment_id"])
    theirs = dict([*turns[own].groupby("document_id")])
    for document in dict.fromkeys([*texts, *theirs]):
        text = texts.get(document, "")
        cut = _spoken(theirs.get(document, turns.iloc[:0]), text)
        spans = _spans(text, cut, name)
        if not spans:
            continue
        placed = segments[segments["document_id"].eq(document)].dropna(subset="start")
        start, end = placed["start"].astype(int), placed["end"].astype(int)
        for first, last in cut:
            gone |= set(placed.loc[start.lt(last) & end.gt(first), "segment_id"])
        if not text:
            continue
        texts = texts | {document: _cut(text, spans)}
        segments, turns = _moved(segments, document, spans), _moved(turns, document, spans)
    return without_rows(tables | {"segments": segments, "turns": turns[~own]}, "segments", gone), texts


def _spans(text: str, spoken: list[tuple[int, int]], name) -> list[tuple[int, int]]:
    """Return what of a transcript is the people's: their turns with the labels, and their names elsewhere."""
    named = [match.span() for match in name.finditer(text)]
    return sorted([*spoken, *(span for span in named if not any(a <= span[0] < b for a, b in spoken))])


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


def _elsewhere(
    study: Path, tables: Tables, names: set[str], known: Withdrawn, name: re.Pattern, kept: set[str]
) -> list[str]:
    """Say what this folder does not hold and the person may still be in, and what earlier releases mean for them."""
    people, sources = {digest_of(known.key, each) for each in names}, _sources(tables, names)
    groups = {title: release["groups"] for title, release in releases(study)}
    held = [
        title for title, found in groups.items() if people & {one for own in found.values() for one in own}
    ]
    facts = {
        "sources": sources,
        "numbered": [each for each in sources if _numbered(each, names)],
        "held": held,
    }
    facts |= {"searched": name is not NOTHING, "nameless": _nameless(tables, names, kept)}
    facts |= {"history": (study / ".git").exists(), "released": bool(groups)}
    return filled(LEFT_TO_DO, **facts).removesuffix("\n").split("\n")


def _nameless(tables: Tables, names: set[str], kept: set[str]) -> dict[str, int]:
    """Return how many turns have no speaker in each text that is kept of an interview which a person was in."""
    met, turns = tables["attendances"], tables["turns"]
    held = met.loc[met["participant_id"].isin(names), "interview_id"]
    theirs = tables["interviews"].loc[tables["interviews"]["interview_id"].isin(held), "document_id"]
    own = turns["document_id"].isin(set(theirs) & kept) & turns["participant_id"].isna()
    return turns.loc[own & turns["role"].ne("interviewer"), "document_id"].value_counts().to_dict()


def _numbered(source: str, names: set[str]) -> set[str]:
    """Return the names that an import made of a survey's file and a number."""
    stem = slug(PurePosixPath(source.split(", ")[0]).stem)
    return {name for name in names if name.startswith(f"{stem}_") and name.removeprefix(f"{stem}_").isdigit()}
