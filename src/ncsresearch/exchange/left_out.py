"""What a file brings, without the people who have withdrawn from the study."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import pandas as pd

from ncsresearch.exchange.given_no_more import pointed_to
from ncsresearch.exchange.trace import TAKEN, Trace, name_pattern, unnamed
from ncsresearch.exchange.withdraw import labels_in_files, without_people
from ncsresearch.exchange.withdrawn import Withdrawn
from ncsresearch.ingest.imported_file import ImportedFile, Line
from ncsresearch.ingest.relocation import squeezed
from ncsresearch.ingest.speaker_role import tells_apart
from ncsresearch.schema import ROW_IDS, TABLES
from ncsresearch.study.references import Tables, without_rows

PEOPLE = ("participants", "survey_answers")
WHO = {0: "what people said who have withdrawn was", 1: "1 person who has withdrawn was"}
AGAIN = "for somebody else of that name: ncsresearch withdraw NAME --from STUDY --readmit, then import again"


def without_withdrawn(
    file: ImportedFile, known: Withdrawn, study: Tables, texts: dict[str, str]
) -> ImportedFile:
    """Return what a file brings without the people who have withdrawn, as a withdrawal takes them out of a study.

    study, texts   what the study has: an interview or document that went with somebody, and in which the file names nobody
                   else, is left out unless the study has one of that name again; so is a passage of nobody in particular
                   whose words went with somebody, unless a text has them

    The account has a line of how many people and rows were left out, and names nobody.
    """
    if not known.people:
        return file
    before = _padded(file.tables)
    people = _people(before)
    gone = {name for name in people if name in known or _is_one_told_apart(name, before, known)}
    trace = Trace(name_pattern(known.spelled(_strings(file)), people - gone), known.mark)
    now, now_texts = without_people(before, dict(file.texts), gone, trace.name)
    now = _without_theirs(now, known, study)
    now_texts = {name: text for name, text in now_texts.items() if name in {*now["documents"]["document_id"]}}
    now = without_rows(
        now, "segments", _unsaid(now["segments"], known, [*texts.values(), *now_texts.values()])
    )
    left_out = {name: n for name in file.tables if (n := len(before[name]) - len(now[name]))}
    return _file_of(file, unnamed(now, trace), now_texts, trace, _account(gone, left_out, known))


def _is_one_told_apart(name: str, tables: Tables, known: Withdrawn) -> bool:
    """Whether somebody who goes by a number or a role has withdrawn: under it in a file that is named, or their words went."""
    titled = tables["documents"].assign(title=tables["documents"]["document_id"])  # as the file calls them
    if name in {*tables["interviews"]["interview_id"]}:  # called after the file
        spoken = tables["turns"].loc[tables["turns"]["participant_id"].eq(name), "speaker"].dropna()
        called = labels_in_files({**tables, "documents": titled}, {name})
        called |= {label for label in spoken if not tells_apart(label)}
        if any(each in known for each in called):
            return True
    if not tells_apart(name):
        return False
    segments = tables["segments"]
    said = segments.loc[segments["participant_id"].eq(name), "text"].dropna()
    spoken = any(known.digest_of_passage(words) in known.went for words in said)
    documents = {*segments.loc[segments["participant_id"].eq(name), "document_id"]}
    coded = pd.DataFrame({"document_id": list(documents), "participant_id": name, "speaker": name})
    return spoken or any(
        label in known for label in labels_in_files({**tables, "documents": titled, "turns": coded}, {name})
    )


def _without_theirs(tables: Tables, known: Withdrawn, study: Tables) -> Tables:
    """Return tables without the interviews and documents that went with somebody and are of nobody else."""
    met, said, turns = (
        tables[name].dropna(subset="participant_id") for name in ("attendances", "segments", "turns")
    )
    interviews = {*met["interview_id"].dropna(), *said["interview_id"].dropna()}
    held = tables["interviews"]
    documents = {*held.loc[held["interview_id"].isin(interviews), "document_id"].dropna()}
    documents |= {*turns["document_id"], *said["document_id"]}
    for name, of_others in {"interviews": interviews, "documents": documents}.items():
        here = {known.digest_of_row(name, each) for _, each in _called(name, study)}
        gone = {
            row for row, each in _called(name, tables) if known.digest_of_row(name, each) in known.went - here
        }
        tables = without_rows(tables, name, gone - of_others)
    return tables


def _called(name: str, tables: Tables) -> list[tuple[str, str]]:
    """Return the rows of a table with all they are called: their ids, and their titles where they have any."""
    rows = tables[name].reindex(columns=[ROW_IDS[name], "title"]).itertuples(index=False, name=None)
    return [(row, each) for row, title in rows for each in (row, title) if isinstance(each, str)]


def _padded(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Return every table with all its columns, as a file may bring some alone."""
    padded = {}
    for name, table in TABLES.items():
        rows = tables.get(name, pd.DataFrame())
        others = [column for column in table.column_names if column not in rows]
        padded[name] = pd.concat([rows, pd.DataFrame(index=rows.index, columns=others, dtype="str")], axis=1)
    return padded


def _people(tables: Tables) -> set[str]:
    ids = {cell for name in PEOPLE for cell in tables[name][ROW_IDS[name]].dropna()}
    return ids.union(*(pointed_to(tables, name) for name in PEOPLE))


def _strings(file: ImportedFile) -> Iterator[str]:
    """Yield all words of a file, by which a name of somebody is found wherever it is."""
    yield from (file.source, *file.texts, *file.texts.values())
    yield from (words for line in file.account for words in (line.kind, line.note, line.example))
    for rows in file.tables.values():
        for column in rows:
            yield from rows[column].dropna().unique()


def _unsaid(segments: pd.DataFrame, known: Withdrawn, texts: Iterable[str]) -> set[str]:
    """Return the passages of nobody in particular whose words went with somebody, and are in no text any more."""
    loose = segments[segments["participant_id"].isna() & segments["start"].isna()].dropna(subset="text")
    theirs = loose[[known.digest_of_passage(words) in known.went for words in loose["text"]]]
    held = [squeezed(text) for text in texts] if len(theirs) else []
    return {
        row.segment_id for row in theirs.itertuples() if not any(squeezed(row.text) in text for text in held)
    }


def _account(gone: set[str], left_out: Mapping[str, int], known: Withdrawn) -> tuple[Line, ...]:
    if not left_out:
        return ()
    n = len({known.digest(name) for name in gone})
    who = WHO.get(n, f"{n} people who have withdrawn were")
    rows = ", ".join(f"{count} of {name}" for name, count in left_out.items())
    return (Line(f"{who} left out", n, 0, f"{rows}; {AGAIN}" if n else rows),)


def _file_of(
    file: ImportedFile, tables: Tables, texts: Mapping[str, str], trace: Trace, more: tuple[Line, ...]
) -> ImportedFile:
    account = [line.rewritten(partial(trace.name.sub, TAKEN)) for line in file.account]
    return replace(
        file,
        source=trace.id_of(file.source),
        tables={name: tables[name][[*rows.columns]] for name, rows in file.tables.items()},
        texts={trace.id_of(name): text for name, text in texts.items()},
        preferred_ids={
            table: {trace.id_of(key): trace.id_of(name) for key, name in asked.items()}
            for table, asked in file.preferred_ids.items()
        },
        account=(*account, *more),
    )
