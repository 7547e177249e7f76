"""Passages that a workbook has as words alone: where are these words in the transcripts that the study has?"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ncsresearch.exchange.row_names import match_rows
from ncsresearch.exchange.who_spoke import turns_of
from ncsresearch.ingest.imported_file import ImportedFile, few, same_words
from ncsresearch.ingest.relocation import found_again, squeezed
from ncsresearch.study.references import Tables, without_rows

MOST = 20_000_000_000  # letters times passages, above which no words are looked for
FEWEST = 10  # letters of a passage that is looked for: shorter words may be anywhere
BETWEEN = "\n\x00\n"


def tied_to_texts(
    file: ImportedFile, tables: Tables, texts: Mapping[str, str]
) -> tuple[ImportedFile, list[str], set[str]]:
    """Return what a file brings with its passages in the study's texts, remarks, and its documents that are none of their own.

    Words that are once in all texts are the passage there. A document that the file names is the text that has most of its
    passages, if one text has them all that are found; a table without documents, or with people for documents, is looked up
    passage by passage. Words met nowhere, or at several places, stay in a document of the file. An answer to a question of a
    survey was said there, whoever else said the same.
    """
    rows, documents = (file.tables.get(name) for name in ("segments", "documents"))
    if rows is None or documents is None or file.texts or not texts or "text" not in rows:
        return file, [], set()
    same = match_rows("documents", documents, tables["documents"], texts, {})
    loose = rows[~rows["document_id"].map(same).isin(list(texts)) & rows["text"].notna()]
    loose = loose[loose["start"].isna()] if "start" in loose else loose
    loose = loose[~loose["document_id"].isin(_surveys(documents))]
    if loose.empty or loose["text"].nunique() * sum(map(len, texts.values())) > MOST:
        return file, ["segments: too many to look for their words in the texts"] * bool(len(loose)), set()
    places = _places(loose, texts, tables["turns"])
    places = places[_of_one_text(file, loose, places)]
    if places.empty:
        return file, [], set()
    named = rows.assign(**{name: rows.get(name) for name in ("start", "end")}).astype("object")
    named.loc[places.index, ["document_id", "start", "end"]] = places
    left, emptied = _without_emptied(file, rows, named, places)
    pairs = loose[["document_id"]].assign(there=places["document_id"]).dropna().drop_duplicates()
    pairs = pairs[
        ~pairs["document_id"].isin(_people(file)) & ~pairs["document_id"].map(file.source.startswith)
    ]
    n, n_texts = len(places), places["document_id"].nunique()
    remark = f"segments: {n} tied to where their words are in {n_texts} text{'s' * (n_texts > 1)} that the study has"
    others = len(loose) - n
    why = "the words are few, in no text, at several places, or in texts of several others"
    remark += f"; of {others} {why}" * bool(others)
    found = [f"{own} in {text}" for own, text in pairs.itertuples(index=False, name=None)]
    remark += f"; documents that it names otherwise: {few(found)}" * bool(found)
    return replace(file, tables={**file.tables, **left}), [remark], emptied


def _surveys(documents: pd.DataFrame) -> set[str]:
    return set(documents.loc[documents["kind"].eq("survey"), "document_id"]) if "kind" in documents else set()


def _places(loose: pd.DataFrame, texts: Mapping[str, str], turns: pd.DataFrame) -> pd.DataFrame:
    """Return document_id, start and end of the passages whose words are once in all the texts together, or in all that their speaker says."""
    starts, at = {}, 0
    for name, text in texts.items():
        starts[name] = at
        at += len(text) + len(BETWEEN)
    who = loose.reindex(columns=["participant_id"])["participant_id"].fillna("").map(same_words)
    loose = loose[["text"]].assign(who=who)
    words = loose.drop_duplicates()
    words = words[words["text"].map(squeezed).str.len().ge(FEWEST)]
    turns = turns[turns["document_id"].isin(list(texts))]
    first = turns["document_id"].map(starts)
    places = {name: turns[name].astype("int64") + first for name in ("start", "end")}
    said = turns_of(turns.assign(document_id="", **places))
    own = [said.get(("", name), ()) for name in words["who"]]
    once = found_again(words["text"], BETWEEN.join(texts.values()), own)
    once = words.assign(start=once["start"], end=once["end"])
    places = loose.merge(once, how="left", on=["text", "who"]).set_index(loose.index)[["start", "end"]]
    places = places.dropna().astype("int64")
    order = pd.Series(starts).sort_values()
    document = order.index[order.searchsorted(places["start"], side="right") - 1]
    places = places.sub(order[document].to_numpy(), axis=0).astype("str")
    return places.assign(document_id=document)[["document_id", "start", "end"]]


def _of_one_text(file: ImportedFile, loose: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """Whether each place may be taken: not where a document that the file names is met in several texts, or mostly nowhere."""
    own = loose.loc[places.index, "document_id"]
    n_texts = places.groupby(own)["document_id"].transform("nunique")
    mostly = own.map(own.value_counts()) * 2 >= own.map(loose["document_id"].value_counts())
    unnamed = own.isin(_people(file)) | (loose["document_id"].nunique() == 1)
    return unnamed | (n_texts.eq(1) & mostly)


def _people(file: ImportedFile) -> set[str]:
    return set(file.tables["participants"]["participant_id"]) if "participants" in file.tables else set()


def _without_emptied(
    file: ImportedFile, rows: pd.DataFrame, named: pd.DataFrame, places: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], set[str]]:
    """Return the tables that change: documents without those whose passages are all elsewhere, interviews with the text they are in."""
    emptied = set(rows.loc[places.index, "document_id"]) - set(named["document_id"])
    documents = file.tables["documents"]
    found = {"segments": named, "documents": documents[~documents["document_id"].isin(emptied)]}
    if "interviews" in file.tables and "document_id" in file.tables["interviews"]:
        first = places.groupby(rows.loc[places.index, "document_id"])["document_id"].first()
        held = file.tables["interviews"]["document_id"]
        moved = held.where(~held.isin(emptied), held.map(first))
        found["interviews"] = file.tables["interviews"].assign(document_id=moved)
    return found, emptied


def without_emptied(tables: Tables, source: str, emptied: set[str]) -> Tables:
    """Return the study's tables without documents that a file gave before its passages were found in texts, and that nothing is in."""
    origins = tables["origins"]
    mine = (
        origins["table"].eq("documents") & origins["source"].eq(source) & origins["source_id"].isin(emptied)
    )
    held = {
        each for name in ("segments", "turns", "interviews") for each in tables[name]["document_id"].unique()
    }
    return without_rows(tables, "documents", set(origins.loc[mine, "row_id"]) - held)
