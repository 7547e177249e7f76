"""What a file brings, laid into the tables a study has: known rows are updated, new ones named, none doubled."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ncsresearch.exchange.changes import among, changes_between, named, shortened
from ncsresearch.exchange.given_no_more import (
    without_missing,
    without_silent,
    without_taken_back,
    without_unnamed,
)
from ncsresearch.exchange.row_names import match_rows, new_names, readable, translated
from ncsresearch.exchange.who_spoke import (
    OF_TABLES,
    as_transcribed,
    called_as_elsewhere,
    inherit,
    met_again,
    renewed,
    turns_of,
    with_labels,
    with_one_spelling,
    with_speakers,
)
from ncsresearch.ingest.imported_file import EXCHANGED, ImportedFile, few, free, same_words, slug
from ncsresearch.ingest.other_text import is_another
from ncsresearch.ingest.relocation import found_again, relocated, squeezed
from ncsresearch.schema import ROW_IDS, TABLES, StudyError

ORDER = (
    *("areas", "documents", "codebook", "participants", "interviews", "attendances", "turns", "segments"),
    *("codings", "notes", "links", "sets", "survey_items", "survey_answers", "attributes", "summaries"),
    *("kpi_values", "actions", "comments"),
)
REMEMBERED = (
    *("areas", "participants", "interviews"),
    *("documents", "codebook", "segments", "codings", "notes", "links", "survey_items"),
)
# the rows of what belongs together in these tables are replaced together
REPLACED = {
    **dict.fromkeys(("turns", "kpi_values", "actions"), ["document_id"]),
    **{"attributes": ["owner", "owner_id", "name"], "sets": ["set_id"]},
}
NAMED = tuple(name for name in ORDER if len(TABLES[name].key) == 1 and name not in REPLACED)
ORIGIN = ["source", "table", "source_id"]
ON_DOCUMENTS = {"document_id": "documents"}
PASSING = {
    ("documents", "title"),
    ("documents", "file_sha256"),
    ("documents", "text_sha256"),
    ("segments", "ordinal"),
}


def merge(
    tables: Mapping[str, pd.DataFrame], texts: Mapping[str, str], file: ImportedFile
) -> tuple[dict[str, pd.DataFrame], dict[str, str], dict[str, dict], list[str]]:
    """Return a study's tables (cells as text) and texts with what a file brings laid into them, what changed, and remarks.

    A row is known by the name it had in the same file before, else by what makes it the same thing: a
    document by its words or file name, a code by its label and the code above it, a person, interview or
    area by name, a passage by where it stands, a judgement by all it says. What the file does not say is
    left as it is; a row that the file once gave and no longer holds goes, unless another file gave it too.
    """
    merger = Merger(tables, texts, file)
    for name in ORDER:
        if name in file.tables:
            merger.merge_table(name)
    before = merger.before["origins"]
    tables = without_missing(merger.tables, before, file, merger.names)
    tables, called = called_as_elsewhere(tables)
    tables, silent = without_silent(with_labels(tables), merger.before, file)
    tables = without_taken_back(tables, texts, file, merger.names)
    tables = without_unnamed(renewed(tables, merger.before), before, file, merger.names)
    tables = with_speakers(inherit(tables))
    tables, theirs = as_transcribed(tables, merger.before, merger.texts, merger.at_row())
    tables, respelled = with_one_spelling(tables, merger.before)
    changes = changes_between(merger.before, tables)
    remarks = [*merger.remarks, *called, *theirs, *silent, *respelled, *met_again(merger.before, tables)]
    return tables, merger.texts, changes, remarks


class Merger:
    """Lays one file's rows into the tables; a class, because each table's names are needed by the next."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], texts: Mapping[str, str], file: ImportedFile):
        self.tables, self.texts, self.file = dict(tables), dict(texts), file
        self.before = dict(tables)
        self.names: dict[str, dict[str, str]] = {}
        self.remarks: list[str] = []
        origins, source = tables["origins"], file.source
        kin = origins["source"].str.startswith(EXCHANGED) & source.startswith(EXCHANGED)
        self.origins = origins[kin | origins["source"].eq(source)]
        self.placed: dict[str, str] = {}
        self.apart: dict[str, str] = {}

    def merge_table(self, name: str) -> None:
        """Lay the rows of one table."""
        rows = translated(self.file.tables[name], TABLES[name].pointers, self.names)
        if name == "segments":
            rows = self._placed(rows)
        if name == "survey_answers":
            if "survey_answers" not in self.file.gone:
                self._compare_respondents(set(rows["respondent_id"]))
                self._refuse_others_numbers(rows)
            self._refuse_pooled(rows)
        if name in NAMED:
            self._name(name, rows)
            if name == "documents":
                self._texts()
                rows = self._without_digests(rows)
            own = [column for column, refers in TABLES[name].pointers.items() if refers == name]
            rows = translated(rows, dict.fromkeys([ROW_IDS[name], *own], name), self.names)
            rows = _one_of_each(rows, ROW_IDS[name])
        if name in REPLACED:
            self._replace(name, rows)
        else:
            self._upsert(name, rows)

    # names

    def _name(self, name: str, rows: pd.DataFrame) -> None:
        """Give every row its name in the study: the one it had, that of the same thing, or a new one."""
        if not len(rows):
            self.names[name] = {}
            return
        key, own = ROW_IDS[name], self.origins[self.origins["table"].eq(name)]
        here, keys = set(self.tables[name][key].dropna()), set(rows[key].to_numpy())
        met = zip(own["source_id"].to_numpy(), own["row_id"].to_numpy(), strict=True)
        known = {source: row for source, row in met if source in keys and row in here}
        others = self._called_after_apart(rows[key]) if name in ("participants", "interviews") else {}
        known |= self._same(name, rows[~rows[key].isin([*known, *others])], set(known.values()))
        preferred = {**self.file.preferred_ids.get(name, {}), **others}
        new = new_names(name, rows[~rows[key].isin(known)], here, preferred)
        self.names[name] = known | new
        if name in ("documents", "interviews"):
            self._say_apart(name, new, here)
        self._remember(name)

    def _called_after_apart(self, keys: pd.Series) -> dict[str, str]:
        """Return the people and interviews called after a document that is another than the study's of this name, with a name each."""
        return {
            key: readable("participants", key.replace(document, name, 1))
            for document, name in self.apart.items()
            for key in keys.dropna()
            if key == document or key.startswith(f"{document} ")
        }

    def _say_apart(self, name: str, new: Mapping[str, str], here: set[str]) -> None:
        """Say which rows have a name that something else in the study has."""
        apart = {key: now for key, now in new.items() if now not in here and readable(name, key) in here}
        if name == "documents":
            self.apart = apart
        if apart:
            told = ", ".join(f"{readable(name, key)} is {now} here" for key, now in apart.items())
            self.remarks.append(f"{name}: another of this name, with other words, is in the study: {told}")

    def _remember(self, name: str) -> None:
        if name not in REMEMBERED:
            return
        origins, names = self.tables["origins"], self.names[name]
        ids = {"row_id": list(names.values()), "source_id": list(names)}
        pairs = pd.DataFrame({"source": self.file.source, "table": name} | ids, dtype="str")
        known = pd.concat([origins, pairs], ignore_index=True)
        if (origins["source"].eq(self.file.source) & origins["table"].eq(name)).any():
            known = known.drop_duplicates().drop_duplicates(ORIGIN, keep="last", ignore_index=True)
        self.tables["origins"] = known

    def _same(self, name: str, rows: pd.DataFrame, taken: set[str]) -> dict[str, str]:
        """Return the study's rows that are the same thing as rows not met under this file's names before."""
        key, preferred_ids = ROW_IDS[name], self.file.preferred_ids.get(name, {})
        existing = self.tables[name]
        existing = existing[~existing[key].isin(taken)]
        there = set(existing[key])
        asked = {each: now for each, now in preferred_ids.items() if now in there}
        asked = {each: asked[each] for each in rows[key].to_numpy() if each in asked} if asked else {}
        rows, existing = rows[~rows[key].isin(asked)], existing[~existing[key].isin(asked.values())]
        if rows.empty or existing.empty:
            return asked
        return asked | match_rows(name, rows, existing, self.texts, self.file.texts)

    def _compare_respondents(self, now: set[str]) -> None:
        """Refuse another survey under the name of one that the study has; say who a newer version no longer holds."""
        items = self.origins.loc[self.origins["table"].eq("survey_items"), "row_id"]
        answers = self.before["survey_answers"]
        were = set(answers.loc[answers["item_id"].isin(items), "respondent_id"])
        if were and not were & now:
            raise StudyError(
                f"{self.file.source}: has no respondent of the survey that the study has from a file of this name, expected a newer "
                f"version of it; if it is another survey, give the file another name."
            )
        if gone := len(were - now):
            self.remarks.append(
                f"survey_answers: respondents that this file no longer has, and that stay: {gone}"
            )

    def _refuse_others_numbers(self, rows: pd.DataFrame) -> None:
        """Refuse the survey of other people whose running numbers are those of the former file: most of them answer otherwise.

        An answer that nobody gave to the question before, such as a label for its number, says nothing of who answers.
        """
        items = self.origins.loc[self.origins["table"].eq("survey_items"), "row_id"]
        were, key = self.before["survey_answers"], ["respondent_id", "item_id"]
        were = were[were["item_id"].isin(items) & were["respondent_id"].str.fullmatch(r".*_\d+")]
        both = were.merge(rows, on=key, suffixes=("", "_now")).dropna(subset=["answer", "answer_now"])
        known = among(both.assign(answer=both["answer_now"]), were, ["item_id", "answer"])
        same = both["answer"].eq(both["answer_now"])[known].groupby(both.loc[known, key[0]]).mean()
        if (same < 0.5).mean() > 0.5:
            raise StudyError(
                f"{self.file.source}: most of its numbered respondents answer otherwise than those that the study has from a file of "
                f"this name, expected a newer version of it; if it is another survey, give the file another name; of another wave, "
                f"say --wave NAME."
            )

    def _refuse_pooled(self, rows: pd.DataFrame) -> None:
        """Refuse other answers of the same respondents to the questions of another file; say where answers of two files are pooled."""
        given, key = self.before["origins"], ["respondent_id", "item_id"]
        theirs = given[given["table"].eq("survey_items") & given["row_id"].isin(rows["item_id"])]
        theirs = theirs[~theirs["row_id"].isin(self.origins["row_id"])]
        if theirs.empty:
            return
        other = theirs["source"].iloc[0]
        both = self.before["survey_answers"].merge(rows, on=key, suffixes=("", "_now"))
        both = both.dropna(subset=["answer", "answer_now"])
        if both["answer"].ne(both["answer_now"]).any():
            raise StudyError(
                f"{self.file.source}: has other answers of the same respondents to questions that the study has from {other}, "
                f"expected a newer version under that name, or another wave of the survey: --wave NAME."
            )
        self.remarks.append(
            f"survey_answers: its questions are those of {other}, and answers to both are counted together; if they are waves of one "
            f"survey, import each with --wave NAME"
        )

    # texts and places

    def _texts(self) -> None:
        """Keep the text of each document; say how a text that the study has differs from the file's."""
        own, known, same = self._documents_of_this_file_alone(), {*self.origins["row_id"].to_numpy()}, []
        cited = {*self.tables["segments"]["document_id"].unique()}
        for key, text in self.file.texts.items():
            name = self.names["documents"].get(key, key)
            old = self.texts.get(name)
            if old is not None and name not in known and squeezed(old) == squeezed(text):
                same.append(name)
            if old is None or (old != text and name in own):
                self.texts[name] = text
                if old is not None:
                    _refuse_another(self.file.source, old, text)
                if name in cited:  # passages may have come before it
                    self._move(name, old or "", text)
            elif old != text:
                self.placed[name] = text
                if squeezed(old) != squeezed(text):
                    self.remarks.append(
                        f"{name}: its text differs from the one the study has, which stays, as another file gave it; passages are found "
                        f"again by their words"
                    )
        if same:
            self.remarks.append(
                f"has the words of documents that other files gave, and adds none: {shortened(same)}"
            )

    def _without_digests(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return documents without the digests of texts that are not taken."""
        kept = rows["document_id"].map(self.names["documents"]).isin(list(self.placed))
        held = [name for name in ("file_sha256", "text_sha256") if name in rows]
        return rows.assign(**{name: rows[name].mask(kept) for name in held})

    def _documents_of_this_file_alone(self) -> set[str]:
        """Return the documents whose text no other file gave."""
        given = self.before["origins"]
        given = given[given["table"].eq("documents") & ~given["source"].str.contains(OF_TABLES)]
        others = set(given.loc[given["source"].ne(self.file.source), "row_id"])
        return set(given["row_id"]) - others

    def _move(self, document: str, old: str, new: str) -> None:
        """Find the passages of a document in its new text by their words; those that are not there have no place."""
        segments = self.tables["segments"]
        own = segments["document_id"].eq(document) & segments[["start", "text"]].notna().any(axis=1)
        if not own.any():
            return
        spoken = translated(self.file.tables.get("turns", self.tables["turns"]), ON_DOCUMENTS, self.names)
        moved = _found_in(new, old, segments[own], turns_of(spoken))
        self.tables["segments"] = segments.assign(
            start=segments["start"].mask(own, moved["start"]), end=segments["end"].mask(own, moved["end"])
        )
        self.before["segments"] = self.tables["segments"]  # the remark below says it
        lost = int(moved["start"].isna().sum())
        self.remarks.append(f"{document}: new text; {len(moved) - lost} passages found again, {lost} not")

    def _placed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return passages with their places in the study's own texts; those with words only where a text has these once."""
        if rows.empty:
            return rows
        empty = pd.Series(None, rows.index, dtype="str")
        needed = ("start", "end", "text", "participant_id")
        rows = rows.assign(**{name: empty for name in needed if name not in rows})
        standing = rows["start"].notna()
        to_place = standing & rows["document_id"].isin(list(self.placed))
        to_place |= ~standing & rows["text"].notna() & rows["document_id"].isin(list(self.texts))
        spoken = rows["participant_id"][to_place].notna().any()
        turns = turns_of(self.tables["turns"]) if spoken else {}
        found = [
            _found_in(self.texts[document], self.placed.get(document, ""), own, turns)
            for document, own in rows[to_place].groupby("document_id")
        ]
        if found:
            rows.loc[to_place, ["start", "end"]] = pd.concat(found).reindex(rows.index[to_place])
        lost = rows.loc[to_place & rows["start"].isna(), "segment_id"]
        if len(lost):
            at = [self.file.at_row[each] for each in lost if each in self.file.at_row]
            self.remarks.append(
                f"segments: {len(lost)} of {int(to_place.sum())} passages have no place: their words are nowhere in their document, or at "
                f"several places of it{f' (row {few(at)})' * bool(at)}"
            )
        return rows

    def at_row(self) -> dict[str, str]:
        """Return what names each passage of a table: its row there, or its id where the transcript comes after the table."""
        names, given = self.names.get("segments", {}), self.before["origins"]
        rows = {names[key]: f"row {number}" for key, number in self.file.at_row.items() if key in names}
        if "turns" in self.file.tables:
            given = given[given["table"].eq("segments") & given["source"].str.contains(OF_TABLES)]
            rows |= {
                name: f"{name} of {source}"
                for name, source in zip(given["row_id"], given["source"], strict=True)
            }
        return rows

    # rows

    def _replace(self, name: str, rows: pd.DataFrame) -> None:
        """Put rows in place of those of the same document, set, or attribute of the same owner."""
        if not len(rows):
            return
        if name == "turns":
            rows = rows[~rows["document_id"].isin(list(self.placed))]
        if name == "sets":
            rows = rows.assign(set_id=rows["set_id"].map(self._set_names(rows)))
        columns = TABLES[name].column_names
        rows = rows.drop_duplicates(list(TABLES[name].key), keep="last").reindex(columns=columns)
        old = self.tables[name].reindex(columns=columns)
        stays = ~among(old, rows, REPLACED[name]) | among(old, rows, columns)
        fresh = rows[~among(rows, old, columns)]
        self.tables[name] = pd.concat([old[stays], fresh], ignore_index=True)

    def _set_names(self, rows: pd.DataFrame) -> dict[str, str]:
        labels = rows.drop_duplicates("set_id").set_index("set_id")["label"]
        names, used = {}, set()
        for key, label in labels.items():
            names[key] = free(slug(label), used)
            used.add(names[key])
        return names

    def _upsert(self, name: str, rows: pd.DataFrame) -> None:
        """Update the rows that are there and add those that are not; what the file leaves empty stays."""
        key, columns = list(TABLES[name].key), TABLES[name].column_names
        empty = pd.Series(None, rows.index, dtype="str")
        rows = rows.assign(**{column: empty for column in columns if column not in rows})[columns]
        unfit = rows.duplicated(key, keep="last") | rows[key].isna().all(axis=1)
        rows = rows[~unfit] if unfit.any() else rows
        old = self.tables[name].reindex(columns=columns)
        index, given = old.set_index(key), rows.set_index(key)
        known = given.index.intersection(index.index)
        fresh = given[~given.index.isin(index.index)] if len(index) else given
        updated = index
        if len(known):
            mine = self._own(name, known)
            was, now = index.loc[known], given.loc[known]
            guesses = pd.Series(self.file.guesses.get(name), dtype="str").reindex(was.columns)
            blank = was.isna() | was.eq(guesses)
            take = now.notna() & (blank | mine)
            self._kept(name, now.notna() & ~take & was.ne(now))
            # a frame of keys alone is called empty, whatever its rows
            if not len(fresh) and not (take & was.ne(now)).any(axis=None):
                return
            updated = index.copy()
            updated.loc[known] = was.where(~take, now)
            if name == "codebook":
                updated = self._versions(updated, was, now, known)
        for column, guess in self.file.guesses.get(name, {}).items():
            fresh = fresh.assign(**{column: fresh[column].fillna(guess)})
        merged = pd.concat([updated, fresh]) if len(updated) else fresh
        self.tables[name] = merged.reset_index().reindex(columns=columns).astype("str")

    def _own(self, name: str, known: pd.Index) -> np.ndarray:
        """Which rows this file was the first to give, so that its word replaces what stands there; a column, for frames."""
        if name not in REMEMBERED:
            return np.ones((len(known), 1), dtype=bool)
        given = self.before["origins"].drop_duplicates(["table", "row_id"])
        first = given[given["table"].eq(name) & given["source"].eq(self.file.source)]
        return known.isin(list(first["row_id"])).reshape(-1, 1)

    def _kept(self, name: str, differing: pd.DataFrame) -> None:
        """Say which cells of another file's rows differ here; what came first stays."""
        columns = [column for column in differing if (name, column) not in PASSING]
        rows = {column: differing.index[differing[column]].map(named) for column in columns}
        told = [f"{len(ids)} {column} ({shortened(ids)})" for column, ids in rows.items() if len(ids)]
        if told:
            self.remarks.append(
                f"{name}: differs from what the study has and was not taken: {', '.join(told)}"
            )

    def _versions(self, updated, was, now, known) -> pd.DataFrame:
        """A code whose definition, includes or excludes changed gets the next version."""
        said = ["definition", "include", "exclude"]
        after, before = updated.loc[known, said], was[said]
        changed = (before.notna() & before.ne(after)).any(axis=1) & now["version"].isna()
        number = pd.to_numeric(was["version"]).fillna(1).astype(int) + 1
        updated.loc[known[changed], "version"] = number[changed].astype("str")
        return updated


def _refuse_another(source: str, old: str, new: str) -> None:
    """Refuse to put a text in place of one with which it shares hardly a word."""
    if is_another(old, new):
        raise StudyError(
            f"{source}: shares hardly a word with the document that the study has from a file of this name, expected a newer version "
            f"of it; if it is another document, give the file another name."
        )


def _found_in(text: str, old: str, passages: pd.DataFrame, turns: Mapping) -> pd.DataFrame:
    """Return where passages are in a text: those with a place in the old one by what is there, others by their words.

    turns  the turns of a speaker, as turns_of has them
    """
    placed = passages["start"].notna()
    places = passages.loc[placed, ["start", "end"]].astype("int64")
    who = zip(passages["document_id"], passages["participant_id"].map(same_words), strict=True)
    said = pd.Series([turns.get(each, ()) for each in who], passages.index, dtype="object")
    found = [
        relocated(places, old, text, said[placed]),
        found_again(passages.loc[~placed, "text"], text, said[~placed]),
    ]
    return pd.concat(found).reindex(passages.index)


def _one_of_each(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return rows that have come to one name as one row, which says what the last of them says."""
    if not rows.duplicated(key).any():
        return rows
    return rows.groupby(key, sort=False, as_index=False).last().reindex(columns=rows.columns)
