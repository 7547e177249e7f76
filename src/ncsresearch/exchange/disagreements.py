"""A workbook of what two coders judged differently, to settle: what each gave a turn, and a column for the decision."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pandas as pd

from ncsresearch.exchange.framework_workbook import save_book
from ncsresearch.exchange.writers import ExportedStudy
from ncsresearch.ingest.adjudication import (
    ANOTHER,
    BOTH,
    CODES,
    DECISION,
    DISAGREEMENTS,
    JUDGEMENTS,
    NEITHER,
    NEW_CODE,
    NEW_STANCE,
    NUMBER,
    WHY,
)
from ncsresearch.schema import ADJUDICATED, STANCES, StudyError
from ncsresearch.study.codebook import code_names

SAID = ["code_id", "stance", "about_client_group", "about_area_type"]
AGREED, ONCE = "agreed by both coders", "of one coder alone"


def write_disagreements(file: Path, study: ExportedStudy) -> list[str]:
    """Write what two coders judged differently, a row for each; what they agree on, or one alone has coded, is beside it.

    A decision on each row comes back by import, with the rest, as judgements of the coder "adjudicated". Raises StudyError
    where the judgements are not of two coders, and where the two have nothing in common.
    """
    codings = _placed(study)
    pair = list(dict.fromkeys(codings["coder"]))
    if len(pair) != 2:
        named = f" ({', '.join(pair)})" if pair else ""
        raise StudyError(
            f"{file.name}: disagreements are of two coders, and the study has {len(pair)}{named}."
        )
    both = codings.groupby("scope")["coder"].transform("nunique").eq(2)
    if not both.any():
        raise StudyError(f"{file.name}: {pair[0]} and {pair[1]} coded nothing that the other did too.")
    differ, agreed = _compared(codings[both], pair)
    names = code_names(study.tables["codebook"])
    rows = [_row(number, codings.loc[at], pair, names) for number, at in enumerate(differ, start=1)]
    judged = [codings.loc[at].assign(**{NUMBER: str(number)}) for number, at in enumerate(differ, start=1)]
    kept = [codings.loc[agreed].assign(notes=AGREED), codings[~both].assign(notes=ONCE)]
    columns = [NUMBER, "coder", "unit", "unit_id", *SAID, "notes"]
    sheets = {
        DISAGREEMENTS: pd.DataFrame(rows, columns=_headings(pair)),
        JUDGEMENTS: pd.concat([*judged, *kept]).reindex(columns=columns),
        CODES: pd.DataFrame({"Code": names.to_numpy(), "Id": names.index}),
    }
    save_book(file, study, sheets, _choices(pair, len(names)))
    return []


def _choices(pair: list[str], n_codes: int) -> dict[str, str]:
    """Return what may be chosen in columns, as a workbook writes it: a list, or where it is."""
    codes = f"={CODES}!$A$2:$A${n_codes + 1}"
    listed = {DECISION: [*pair, BOTH, NEITHER, ANOTHER], NEW_STANCE: STANCES}
    return {name: f'"{",".join(values)}"' for name, values in listed.items()} | {NEW_CODE: codes}


def _headings(pair: list[str]) -> list[str]:
    sides = [f"{coder}: {of}" for coder in pair for of in ("code", "stance", "about", "note")]
    return [NUMBER, "Document", "Turn", "Words", *sides, DECISION, NEW_CODE, NEW_STANCE, WHY]


def _row(number: int, judged: pd.DataFrame, pair: list[str], names: pd.Series) -> dict:
    first = judged.iloc[0]
    row = {
        NUMBER: str(number),
        "Document": first["document_id"],
        "Turn": first["turn"],
        "Words": first["words"],
    }
    for coder, own in judged.groupby("coder"):
        one = own.iloc[0]
        about = [one[name] for name in SAID[2:] if isinstance(one[name], str)]
        row |= {f"{coder}: code": names[one["code_id"]], f"{coder}: stance": one["stance"]}
        row |= {
            f"{coder}: about": "; ".join(about),
            f"{coder}: note": "; ".join(own["notes"].dropna().unique()),
        }
    return row


def _placed(study: ExportedStudy) -> pd.DataFrame:
    """Return the judgements of coders, each with its place, a turn or else the unit, and its scope, which both must have coded: the transcript, or the unit."""
    tables = study.tables
    codings = tables["codings"]
    codings = codings[codings["coder"].ne(ADJUDICATED)].reset_index(drop=True)
    held = [tables[name].set_index(key) for name, key in (("segments", "segment_id"), ("points", "point_id"))]
    units = pd.concat(held).reindex(columns=["document_id", "start", "text", "statement"])
    rows = codings.join(units, on="unit_id").join(_turns(study, units), on="unit_id")
    whole = rows["words"].fillna(rows["text"]).fillna(rows["statement"]).fillna(rows["unit_id"])
    place = (rows["document_id"] + " " + rows["turn"]).fillna(rows["unit_id"])
    return rows.assign(
        words=whole, place=place, scope=rows["document_id"].where(rows["turn"].notna(), rows["unit_id"])
    )


def _turns(study: ExportedStudy, units: pd.DataFrame) -> pd.DataFrame:
    """Return the turn in which each passage begins: its number and words, by passage."""
    found = []
    for document, turns in study.tables["turns"].groupby("document_id"):
        own = units[units["document_id"].eq(document) & units["start"].notna()]
        turns = turns.astype({"start": "int64", "end": "int64"}).sort_values("start", ignore_index=True)
        at = turns["start"].searchsorted(own["start"].astype("int64"), side="right") - 1
        met = turns.iloc[np.maximum(at, 0)].set_axis(own.index)[at >= 0]
        text = study.texts.get(document, "")
        words = [text[start:end] or None for start, end in zip(met["start"], met["end"], strict=True)]
        found.append(pd.DataFrame({"turn": met["ordinal"], "words": words}, index=met.index))
    return pd.concat(found) if found else pd.DataFrame(columns=["turn", "words"], dtype="str")


def _compared(codings: pd.DataFrame, pair: list[str]) -> tuple[list[list[int]], list[int]]:
    """Return the judgements of each disagreement, by their places in the frame, and those of one side on which both agree."""
    said = list(codings[SAID].fillna("").itertuples(index=False, name=None))
    codings = codings.assign(said=said)
    differ, agreed = [], []
    for _, here in codings.groupby("place", sort=False):
        one, other = (
            {key: list(at.index) for key, at in here[here["coder"].eq(name)].groupby("said")} for name in pair
        )
        agreed += [at for key in one if key in other for at in one[key]]
        left, right = (
            [key for key in side if key not in beside] for side, beside in ((one, other), (other, one))
        )
        differ += [one.get(a, []) + other.get(b, []) for a, b in _paired(left, right)]
    return differ, agreed


def _paired(left: list[tuple], right: list[tuple]) -> Iterator[tuple]:
    """Yield what is left of two sides, two by two: the same code first, and the others in their order."""
    same = [(a, b) for a in left for b in right if a[0] == b[0]]
    once = {a: b for a, b in reversed(same)}
    taken = dict((b, a) for a, b in reversed(once.items()))
    yield from ((a, b) for b, a in taken.items())
    yield from zip_longest([a for a in left if a not in taken.values()], [b for b in right if b not in taken])
