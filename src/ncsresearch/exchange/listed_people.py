"""Who is on a list of people and speaks nowhere, who speaks and is on no list, and which of these are one person?"""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from ncsresearch.exchange.who_spoke import OF_TABLES, Tables, inherit, renamed_people
from ncsresearch.ingest.imported_file import FEW, few, same_id, same_words, slug
from ncsresearch.schema import nearest
from ncsresearch.study.heard import only_listed

BEGUN = re.compile(r"^([^:：\n]{1,60})[:：]", re.MULTILINE)  # lines that may name who speaks
SHORT = 4  # letters of initials
ONE_NAME = "for two who are one person, give the list the name that the transcript has, and import it again"
TITLES = {"mr", "mrs", "ms", "miss", "dr", "prof", "the"}


def with_listed(tables: Tables, texts: Mapping[str, str]) -> tuple[Tables, list[str]]:
    """Return tables in which who speaks under an id of the list is that person, such as P1 the P01 of a list; and remarks.

    An id is taken for another where it alone among those who speak, and among those of the list who do not, is like it.
    """
    silent, unlisted = _apart(tables, _lists(tables))
    found = _one_each(_by_id(silent), _labels(tables, unlisted))
    remarks = []
    if found:
        tables = inherit(inherit(renamed_people(tables, found)))  # people, interviews, others heard there
        pairs = few(f"{listed} ({spoken})" for spoken, listed in found.items())
        remarks.append(
            f"people: {len(found)} of the list taken for who speaks under their id in a transcript: {pairs}; if it is somebody "
            f"else, say in which interview they were, in a column Interview of the list"
        )
    return tables, [*remarks, *said_of_lists(tables), *_begin_lines(tables, texts)]


def _begin_lines(tables: Tables, texts: Mapping[str, str]) -> list[str]:
    """Return a remark on people of a list, heard nowhere, whose names begin lines of a transcript that came before the list."""
    silent = {same_words(name): name for name in only_listed(tables)}
    spoken = tables["turns"].groupby("document_id")["speaker"].agg(list) if silent else {}
    begun = {name: {*map(same_words, BEGUN.findall(texts[name]))} for name in texts if name in spoken}
    found = [
        f"{silent[name]} in {document}"
        for document, names in begun.items()
        for name in sorted((names & {*silent}) - {*map(same_words, spoken[document])})
    ]
    said = f"people: names of the list begin a line that was taken for words of the turn before; import again, for it to be theirs: {', '.join(found)}"
    return [said] * bool(found)


def said_of_lists(tables: Tables) -> list[str]:
    """Return a remark on who is on a list and speaks in no transcript, and who speaks and is on no list; none where all agree.

    tables  with cells as text
    """
    lists = _lists(tables)
    silent, unlisted = _apart(tables, lists)
    near = {name: other for name in silent[:FEW] if (other := _nearest(name, unlisted))}
    told = {
        f"{len(silent)}{' of the list' * bool(lists)} speak in no transcript, and are not counted as heard": silent,
        f"{len(unlisted)} speak and are on no list": unlisted * bool(lists),
        "nearest names": [f"{name} ({other})" for name, other in near.items()],
    }
    said = "; ".join(f"{what}: {few(names)}" for what, names in told.items() if names)
    said += f"; {ONE_NAME}" * bool(silent and unlisted and lists)
    return [*[f"people: {said}"] * bool(said), *_said_of_documents(tables)]


def _said_of_documents(tables: Tables) -> list[str]:
    """Return a remark on interviews and files that a table names and of which there is no transcript, with the nearest that there are."""
    documents, interviews = tables["documents"], tables["interviews"]
    spoken = {*tables["turns"]["document_id"]}
    texts = spoken | {*documents.loc[documents["kind"].ne("workbook"), "document_id"]}
    stems = [slug(source.rpartition(".")[0]) for source in tables["origins"]["source"].unique()]
    called = {*map(same_words, [*tables["participants"]["participant_id"], *stems])}  # where none is named
    held = [*interviews["document_id"].fillna(interviews["interview_id"]), *documents["document_id"]]
    without = [each for each in dict.fromkeys(held) if each not in texts and same_words(each) not in called]
    named = [f"{each} (nearest: {near})" if (near := nearest(each, spoken)) else each for each in without]
    said = f"documents: {len(named)} that a table names have no transcript here: {few(named)}"
    return [said] * bool(named and spoken)


def _apart(tables: Tables, lists: set[str]) -> tuple[list[str], list[str]]:
    """Return who is on a list alone, and who speaks and is on no list."""
    origins = tables["origins"][tables["origins"]["table"].eq("participants")]
    listed = {*origins.loc[origins["source"].isin(lists), "row_id"]}
    spoken = {*tables["turns"]["participant_id"].dropna()} & {*origins["row_id"]}
    return sorted(only_listed(tables)), sorted(spoken - listed)


def _lists(tables: Tables) -> set[str]:
    """Return the tables and projects that name people and are no passages, answers or transcripts of theirs."""
    origins = tables["origins"][["table", "source"]].drop_duplicates()
    said = origins["table"].isin(["segments", "survey_items"]) & origins["source"].str.contains(OF_TABLES)
    texts = origins["table"].eq("documents") & ~origins["source"].str.contains(OF_TABLES)
    others = {*origins.loc[said | texts, "source"]}
    return {*origins.loc[origins["table"].eq("participants"), "source"]} - others


def _by_id(people: Iterable[str]) -> pd.Series:
    """Return people by their ids without zeros, spaces and hyphens, of the ids that have a number."""
    ids = pd.Series({name: same_id(name) for name in people}, dtype="str")
    return ids[ids.str.contains(r"\d")]


def _labels(tables: Tables, people: list[str]) -> pd.Series:
    """Return the ids that people speak under: their own, or the one label of who is called after a file."""
    turns = tables["turns"][["participant_id", "speaker"]].drop_duplicates()
    labels = turns.set_index("participant_id")["speaker"].dropna()
    labels = labels[labels.index.isin(people) & ~labels.index.duplicated(keep=False)]
    return _by_id(labels.unique()).reindex(labels).set_axis(labels.index).dropna()


def _one_each(listed: pd.Series, spoken: pd.Series) -> dict[str, str]:
    """Return the person of the list for each who speaks under the same id, or under the same number where the list has numbers alone."""
    if len(listed) and listed.str.fullmatch(r"\d+").all():
        spoken = spoken[spoken.str.fullmatch(r"[pri]?\d+")].str.lstrip("pri")
    once, alone = (each[~each.duplicated(keep=False)] for each in (listed, spoken))
    named = pd.Series(once.index, once.to_numpy(), dtype="object")
    return {person: named[key] for person, key in alone.items() if key in named and named[key] != person}


def _nearest(name: str, others: list[str]) -> str:
    """Return who may be the person of a name: called by a word of it, spelled like it, or by its initials."""
    own = _words(name)
    shared = [other for other in others if {*own} & {*_words(other)}]
    called = [other for other in others if _initials(other) == _initials(name)]
    return next(iter(shared), "") or nearest(name, others) or next(iter(called), "")


def _words(name: str) -> list[str]:
    words = re.findall(r"[^\W_]+", name.casefold())
    return [word for word in words if word not in TITLES and len(word) > 1]


def _initials(name: str) -> str:
    """Return the first letters of a name's words; of one short word that is initials already, itself."""
    words = re.findall(r"[^\W_]+", name.casefold())
    return "".join(word if len(name) <= SHORT else word[0] for word in words)
