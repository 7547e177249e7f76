"""What a row that a file brings is called in a study: as the row that is the same thing, or by a new name.

New names are readable where the file gives words, and numbered on where it gives none.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import pandas as pd

from ncsresearch.ingest.imported_file import free, same_words, slug
from ncsresearch.ingest.other_text import is_another
from ncsresearch.ingest.relocation import squeezed
from ncsresearch.schema import ROW_IDS
from ncsresearch.study.codebook import code_paths

SAME = {
    "codings": ["unit", "unit_id", "code_id", "stance", "about_client_group", "about_area_type", "coder"],
    "notes": ["unit", "unit_id", "title", "text", "author"],
    "links": ["from_table", "from_id", "to_table", "to_id", "kind"],
    "comments": ["chapter", "area_id", "finding", "author", "written_on", "text"],
}
SAID = {"areas": "name", "survey_items": "label"}  # by what a row is known too, were its id made otherwise
RUNNING = {"notes": "n", "links": "l", "comments": "c"}
WITHIN = {"segments": ("document_id", "_p"), "codings": ("unit_id", "_c")}
ONE_BY_NAME = ("areas", "participants", "interviews")
WORDED = {"documents": "title", "codebook": "label", "areas": "name"}
SAME_TEXT = 0.5  # what two texts of one document have in common at least
# ids that say nothing: GUIDs and bare numbers
NAMELESS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")
SUFFIX = re.compile(r"\.(docx|txt|pdf|html?|vtt|srt|rtf|mp4|m4a|jpe?g|png)$", re.IGNORECASE)


def translated(
    rows: pd.DataFrame, pointers: Mapping[str, str], names: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """Return rows with a study's names in the columns that point to rows named so far."""
    for column, refers in pointers.items():
        if column in rows:
            values, ids = rows[column].to_numpy(), names.get(refers, {})
            if refers in rows:
                pairs = zip(rows[refers].to_numpy(), values, strict=True)
                known = [names.get(table, {}).get(value, value) for table, value in pairs]
            else:
                known = list(map(ids.get, values, values))
            rows = rows.assign(**{column: pd.Series(known, index=rows.index, dtype="str")})
    return rows


def match_rows(
    name: str,
    rows: pd.DataFrame,
    existing: pd.DataFrame,
    texts: Mapping[str, str],
    brought: Mapping[str, str],
) -> dict[str, str]:
    """Return the study's row for each of a file's rows that is the same thing, by the file's id.

    A document is the same by its words or file name, a code by its label and the code above it, a person,
    interview or area by name, a passage by where it stands, a judgement by all it says. texts are the
    study's documents, brought those of the file.
    """
    if name == "documents":
        return _same_document(rows, existing, texts, brought)
    if name == "interviews":
        return _same_interview(rows, existing, texts)
    finder = {"codebook": _same_code, "segments": _same_passage}
    if name in finder:
        return finder[name](rows, existing)
    if name in SAME:
        return _matched(rows, existing, SAME[name], ROW_IDS[name])
    words = existing.get(SAID.get(name))
    words = words.map(slug, na_action="ignore") if name == "survey_items" else words  # ids are made of them
    return _by_name(rows[ROW_IDS[name]], existing[ROW_IDS[name]], words)


def _same_document(
    rows: pd.DataFrame, existing: pd.DataFrame, texts: Mapping[str, str], brought: Mapping[str, str]
) -> dict[str, str]:
    by_words = {squeezed(texts[key]): key for key in existing["document_id"] if key in texts}
    titles = existing.dropna(subset="title").set_index("document_id")["title"]
    stems = titles.map(lambda title: PurePosixPath(title).stem)
    by_title = {name: key for named in (stems, titles) for key, name in named.items()}
    alike = stems.map(slug).drop_duplicates(keep=False)
    by_name = {key.lower(): key for key in existing["document_id"]} | {
        name: key for key, name in alike.items()
    }
    found, titled = {}, rows.reindex(columns=["document_id", "title"])
    for key, title in titled.itertuples(index=False, name=None):
        text = brought.get(key)
        title = title if isinstance(title, str) else key
        stem = slug(PurePosixPath(title).stem)
        # A01 in 07_A01_professor
        tokened = {name for named, name in by_name.items() if stem in named.split("_")}
        only = tokened.pop() if len(tokened) == 1 else None
        named = [by_title.get(title), by_title.get(PurePosixPath(title).stem), by_name.get(stem)]
        named += [by_name.get(str(key).lower()), only]
        same = (
            name
            for name in named
            if name and not (text and name in texts and is_another(texts[name], text, SAME_TEXT))
        )
        found[key] = (by_words.get(squeezed(text)) if text else None) or next(same, None)
    return _each_once(found)


def _same_code(rows: pd.DataFrame, existing: pd.DataFrame) -> dict[str, str]:
    paths = {path: key for key, path in _paths(existing).items()}
    labels = existing["label"].map(same_words, na_action="ignore")
    once = ~labels.duplicated(keep=False)
    alone = dict(zip(labels[once], existing.loc[once, "code_id"], strict=True))
    ids = set(existing["code_id"])
    own = _paths(rows).items()
    return _each_once(
        {key: paths.get(path) or alone.get(path) or (key if key in ids else None) for key, path in own}
    )


def _same_interview(rows: pd.DataFrame, existing: pd.DataFrame, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the interview of the same document, else of the same name or number; none that another text is of."""
    held = existing.dropna(subset="document_id")
    of_document = dict(zip(held["document_id"], held["interview_id"], strict=True))
    placed = {interview: document for document, interview in of_document.items() if document in texts}
    own, ids = rows.reindex(columns=["interview_id", "document_id"]).dropna(), set(existing["interview_id"])
    own = dict(own.itertuples(index=False, name=None))
    numbered = existing[~existing["number"].duplicated(keep=False)].set_index("number")["interview_id"]
    found = {key: numbered[key] for key in rows["interview_id"] if key in numbered}
    numbers = rows.reindex(columns=["interview_id", "number"]).itertuples(index=False, name=None)
    found |= {key: number for key, number in numbers if number in ids and number.isdigit()}
    found |= _by_name(rows["interview_id"], existing["interview_id"])
    of_another = {
        key for key, name in found.items() if own.get(key) in texts and placed.get(name, own[key]) != own[key]
    }
    found = {key: name for key, name in found.items() if key not in of_another}
    return {key: of_document[name] for key, name in own.items() if name in of_document} | found


def _same_passage(rows: pd.DataFrame, existing: pd.DataFrame) -> dict[str, str]:
    standing = rows.dropna(subset="start") if "start" in rows else rows.iloc[:0]
    found = _matched(standing, existing.dropna(subset="start"), ["document_id", "start", "end"], "segment_id")
    if "text" not in rows:
        return found
    loose = rows[~rows["segment_id"].isin(standing["segment_id"])].dropna(subset="text")
    others = existing[existing["start"].isna()].dropna(subset="text")
    return found | _matched(loose, others, ["document_id", "text"], "segment_id")


def _each_once(found: Mapping[str, str | None]) -> dict[str, str]:
    """Return what was found for each id, no row of the study twice."""
    first = {match: key for key, match in reversed(found.items()) if match}
    return {key: match for key, match in found.items() if match and first[match] == key}


def _paths(codes: pd.DataFrame) -> dict[str, str]:
    """Return each code's label under the labels of the codes above it, in small letters."""
    codes = codes.reindex(columns=["code_id", "label", "parent_id"]).drop_duplicates("code_id", keep="last")
    return code_paths(codes.assign(label=codes["label"].map(same_words, na_action="ignore"))).to_dict()


def _by_name(wanted: pd.Series, existing: pd.Series, words: pd.Series | None = None) -> dict[str, str]:
    """Return what there is of each name, in any case; words are what else the existing rows are called."""
    called = pd.Series(dtype="str") if words is None else words.set_axis(existing).dropna()
    known = {same_words(word): name for name, word in called.items()}
    known |= {same_words(name): name for name in existing.dropna()}
    found = {key: known.get(same_words(key)) for key in wanted.dropna()}
    return {key: name for key, name in found.items() if name}


def _matched(rows: pd.DataFrame, existing: pd.DataFrame, by: list[str], key: str) -> dict[str, str]:
    """Return the rows that agree in all these columns, the first with the first, the second with the second."""
    if rows.empty or existing.empty:
        return {}
    left = rows.reindex(columns=[key, *by]).fillna("").drop_duplicates(key)
    right = existing.reindex(columns=[key, *by]).fillna("")
    left, right = (each.assign(occurrence=each.groupby(by).cumcount()) for each in (left, right))
    found = left.merge(right, on=[*by, "occurrence"], suffixes=("", "_there"))
    return dict(zip(found[key], found[f"{key}_there"], strict=True))


def new_names(
    name: str, rows: pd.DataFrame, used: set[str], preferred_ids: Mapping[str, str]
) -> dict[str, str]:
    """Return a name that the table does not use for each of a file's rows, by the file's id.

    used are the names the table has, preferred_ids those that the file asks for.
    """
    key = ROW_IDS[name]
    if name in WITHIN:
        return _within(rows, key, *WITHIN[name], used)
    ids = list(dict.fromkeys(rows[key]))
    if prefix := RUNNING.get(name):
        numbers = [int(each.removeprefix(prefix)) for each in used if re.fullmatch(rf"{prefix}\d+", each)]
        return {each: f"{prefix}{n:05d}" for n, each in enumerate(ids, start=max(numbers, default=0) + 1)}
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
        names[key] = known or free(preferred_ids.get(key) or readable(name, words), used)
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
    digits = 3 if letter == "_p" else 1
    pairs = zip(prefix.to_numpy(), number.tolist(), strict=True)
    names = (before + str(n).zfill(digits) for before, n in pairs)
    return dict(zip(rows[key].to_numpy(), names, strict=True))


def readable(table: str, told: str) -> str:
    """Return the id that a row has by the words it is called by."""
    if table in ("participants", "interviews"):
        return re.sub(r"\s+", "_", str(told).strip())
    stem = SUFFIX.sub("", str(told))
    return slug(stem if table == "documents" else told)
