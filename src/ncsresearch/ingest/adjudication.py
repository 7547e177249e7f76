"""A workbook of disagreements, settled: its decisions read back as judgements of the coder "adjudicated"."""

from collections.abc import Iterator, Mapping

import pandas as pd

from ncsresearch.ingest.imported_file import ImportedFile, Line, all_kept, imported_file
from ncsresearch.schema import ADJUDICATED, STANCES, StudyError, nearest

DISAGREEMENTS, JUDGEMENTS, CODES = "Disagreements", "Judgements", "Codes"
NUMBER, DECISION, NEW_CODE, NEW_STANCE, WHY = "Number", "Decision", "Another code", "Its stance", "Why"
BOTH, NEITHER, ANOTHER = "both", "neither", "another code"
SOURCE = "adjudicated judgements"  # one for all such workbooks, so that the newest counts
JUDGED = ["unit", "unit_id", "code_id", "stance", "about_client_group", "about_area_type"]
OPEN = "not settled, and open still"
MOST = 12  # open rows that are named


def read_adjudication(file: str, sheets: Mapping[str, pd.DataFrame]) -> list[ImportedFile]:
    """Read the decisions of a workbook of disagreements, with what needed none; none for other workbooks.

    A row without a decision is left open and named: none of its judgements are taken. Raises StudyError for a decision, code or
    stance that is none of those that may be chosen.
    """
    if not {DISAGREEMENTS, JUDGEMENTS, CODES} <= set(sheets) or NUMBER not in sheets[JUDGEMENTS]:
        return []
    judged = sheets[JUDGEMENTS].fillna("")
    rows = sheets[DISAGREEMENTS].fillna("").to_dict("records")
    codes = dict(sheets[CODES][["Code", "Id"]].itertuples(index=False))
    settled = [row for row in rows if row[DECISION] or row[NEW_CODE]]
    apart = judged[judged[NUMBER].eq("")]
    found = apart.to_dict("records")
    for row in settled:
        found += _decided(file, row, judged[judged[NUMBER].eq(row[NUMBER])], codes)
    still = [row[NUMBER] for row in rows if row not in settled]
    named = ", ".join(still[:MOST]) + " ..." * (len(still) > MOST)
    account = [
        Line("disagreement", len(rows), len(settled), f"{OPEN}: number {named}" if still else ""),
        *(all_kept(f"judgement {note}", n) for note, n in apart["notes"].value_counts().items()),
    ]
    return [imported_file(SOURCE, {"codings": _as_rows(found)}, account, whole=["codings"])]


def _decided(
    file: str, row: Mapping[str, str], judged: pd.DataFrame, codes: Mapping[str, str]
) -> Iterator[dict]:
    """Yield the judgements that a decision keeps or makes, with the decision as their note."""
    pair = [name.removesuffix(": code") for name in row if name.endswith(": code")]
    decision = row[DECISION] or ANOTHER
    where = f"{file}, sheet {DISAGREEMENTS}, number {row[NUMBER]}"
    _refuse_other(where, DECISION, decision, [*pair, BOTH, NEITHER, ANOTHER])
    note = f"settled: {decision}" + (f" ({row[WHY]})" if row.get(WHY) else "")
    for judgement in judged[judged["coder"].eq(decision) | (decision == BOTH)].to_dict("records"):
        yield judgement | {"notes": note}
    if decision == ANOTHER:
        _refuse_other(where, NEW_CODE, row[NEW_CODE], [*codes, *codes.values()])
        _refuse_other(where, NEW_STANCE, row[NEW_STANCE], ["", *STANCES])
        own = {"code_id": codes.get(row[NEW_CODE], row[NEW_CODE]), "stance": row[NEW_STANCE], "notes": note}
        yield {name: judged.iloc[0][name] for name in JUDGED} | own


def _refuse_other(where: str, column: str, found: str, known: list[str]) -> None:
    if found not in known:
        near = nearest(found, known)
        hint = f" Nearest: {near!r}." if near else ""
        told = ", ".join(filter(None, known)) if len(known) < 2 * MOST else f"a code of the sheet {CODES}"
        raise StudyError(f"{where}, {column}: found {found or 'nothing'!r}, expected one of {told}.{hint}")


def _as_rows(judgements: list[dict]) -> list[dict]:
    """Return judgements as rows of codings; an id is made of what is judged, so that a row stays itself in a newer version."""
    rows: dict[str, dict] = {}
    for judgement in judgements:
        own = {name: judgement[name] for name in JUDGED}
        key = " ".join(own.values())
        rows.setdefault(key, {"coding_id": key, **own, "coder": ADJUDICATED, "notes": judgement["notes"]})
    return [*rows.values()]
