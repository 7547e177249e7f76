"""Names for rows that a study has not met: readable where the file gives words, numbered on where it gives none."""

import re
from collections.abc import Mapping

import pandas as pd

from ncsresearch.ingest.imported_file import free, same_words, slug
from ncsresearch.schema import ROW_IDS

RUNNING = {"notes": "n", "links": "l"}
WITHIN = {"segments": ("document_id", "_p"), "codings": ("unit_id", "_c")}
ONE_BY_NAME = ("areas", "participants", "interviews")
WORDED = {"documents": "title", "codebook": "label", "areas": "name"}
NAMELESS = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+"
)  # ids that say nothing: GUIDs and bare numbers
SUFFIX = re.compile(r"\.(docx|txt|pdf|html?|vtt|srt|rtf|mp4|m4a|jpe?g|png)$", re.IGNORECASE)


def new_names(
    name: str, rows: pd.DataFrame, used: set[str], preferred_ids: Mapping[str, str]
) -> dict[str, str]:
    """Return a name that the table does not use for each of a file's rows, by the file's id.

    used are the names the table has, preferred_ids those that the file asks for.
    """
    key = ROW_IDS[name]
    ids = list(dict.fromkeys(rows[key]))
    if prefix := RUNNING.get(name):
        numbers = [int(each.removeprefix(prefix)) for each in used if re.fullmatch(rf"{prefix}\d+", each)]
        return {each: f"{prefix}{n:05d}" for n, each in enumerate(ids, start=max(numbers, default=0) + 1)}
    if name in WITHIN:
        return _within(rows, key, *WITHIN[name], used)
    rows = rows.drop_duplicates(key, keep="last").set_index(key)
    words = rows[WORDED[name]].dropna() if WORDED.get(name) in rows else {}
    named = {
        each: words[each] if each in words and (name == "codebook" or NAMELESS.fullmatch(each)) else each
        for each in ids
    }
    return _worded(name, named, preferred_ids, set(used))


def _worded(
    name: str, told: Mapping[str, str], preferred_ids: Mapping[str, str], used: set[str]
) -> dict[str, str]:
    names: dict[str, str] = {}
    alike: dict[str, str] = {}
    for key, words in told.items():
        known = alike.get(same_words(words)) if name in ONE_BY_NAME else None
        names[key] = known or free(preferred_ids.get(key) or _readable(name, words), used)
        alike[same_words(words)] = names[key]
        used.add(names[key])
    return names


def _within(rows: pd.DataFrame, key: str, owner: str, letter: str, used: set[str]) -> dict[str, str]:
    """Name passages after their document and judgements after their passage, numbered on from the last."""
    if rows.empty:
        return {}
    prefix = rows[owner] + letter
    known = pd.Series(sorted(used), dtype="str").str.extract(r"^(.*\D)(\d+)$").dropna()
    last = known[1].astype("int64").groupby(known[0]).max()
    number = rows.groupby(owner).cumcount() + 1 + prefix.map(last).fillna(0).astype(int)
    names = prefix + number.astype("str").str.zfill(3 if letter == "_p" else 1)
    return dict(zip(rows[key], names, strict=True))


def _readable(table: str, told: str) -> str:
    if table in ("participants", "interviews"):
        return re.sub(r"\s+", "_", str(told).strip())
    stem = SUFFIX.sub("", str(told))
    return slug(stem if table == "documents" else told)
