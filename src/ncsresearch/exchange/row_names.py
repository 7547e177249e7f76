"""Names for rows that a study has not met: readable where the file gives words, numbered on where it gives none."""

import re
from collections.abc import Mapping

import pandas as pd

from ncsresearch.ingest.imported_file import slug
from ncsresearch.schema import ROW_IDS

RUNNING = {"notes": "n", "links": "l"}
WITHIN = {"segments": ("document_id", "_p"), "codings": ("unit_id", "_c")}
ONE_BY_NAME = ("areas", "participants", "interviews")
WORDED = {"documents": "title", "codebook": "label", "areas": "name"}
SUFFIX = re.compile(r"\.(docx|txt|pdf|html?|vtt|srt|rtf|mp4|m4a|jpe?g|png)$", re.IGNORECASE)


def new_names(
    name: str, rows: pd.DataFrame, used: set[str], preferred_ids: Mapping[str, str]
) -> dict[str, str]:
    """Return a name that the table does not use for each of a file's rows, by the file's id.

    used are the names the table has, preferred_ids those that the file asks for.
    """
    key = ROW_IDS[name]
    ids = list(dict.fromkeys(rows[key]))
    if name in RUNNING:
        return dict(zip(ids, _running(RUNNING[name], used, len(ids)), strict=True))
    if name in WITHIN:
        return _within(rows, key, *WITHIN[name], used)
    told = _told(name, rows.drop_duplicates(key, keep="last").set_index(key), ids)
    return _worded(name, told, preferred_ids, set(used))


def _told(name: str, rows: pd.DataFrame, ids: list[str]) -> dict[str, str]:
    """Return the words that each name is made of: a title or label where the id says nothing to a person."""
    words = rows.get(WORDED.get(name, ""), pd.Series(None, index=rows.index, dtype="str"))
    own = {key: words[key] for key in ids if isinstance(words[key], str)}
    return {key: own[key] if key in own and (name == "codebook" or not _is_name(key)) else key for key in ids}


def _worded(
    name: str, told: Mapping[str, str], preferred_ids: Mapping[str, str], used: set[str]
) -> dict[str, str]:
    names: dict[str, str] = {}
    alike: dict[str, str] = {}
    for key, words in told.items():
        known = alike.get(slug(words)) if name in ONE_BY_NAME else None
        names[key] = known or free(preferred_ids.get(key) or _readable(name, words), used)
        alike[slug(words)] = names[key]
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


def _running(prefix: str, used: set[str], n: int) -> list[str]:
    numbers = [int(each[len(prefix) :]) for each in used if re.fullmatch(rf"{re.escape(prefix)}\d+", each)]
    first = max(numbers, default=0) + 1
    return [f"{prefix}{number:05d}" for number in range(first, first + n)]


def _is_name(key: str) -> bool:
    """Whether a file's id can stand as a name: it is no GUID and no bare number."""
    return not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+", str(key))


def _readable(table: str, told: str) -> str:
    if table in ("participants", "interviews"):
        return re.sub(r"\s+", "_", str(told).strip())
    stem = SUFFIX.sub("", str(told))
    return slug(stem if table == "documents" else told)


def free(preferred: str, used: set[str]) -> str:
    """Return a name as it is preferred, or the first of its numbered forms that is not in use."""
    name, number = preferred, 2
    while name in used:
        name, number = f"{preferred}_{number}", number + 1
    return name
