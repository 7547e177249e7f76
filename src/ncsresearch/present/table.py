"""What the tables of all chapters share: wide form, short titles, citations."""

from collections.abc import Iterator
from math import copysign

import pandas as pd

from ncsresearch.evidence.interval import SMALLEST_BASE
from ncsresearch.evidence.rounded import rounded
from ncsresearch.present.outputs import WITHHELD
from ncsresearch.present.sentence import counted
from ncsresearch.schema import STANCES
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

SMALLEST_P, CLOSE_P = 0.001, 0.1  # below which a p is not printed, and is printed to three decimals
INDENT = 3 * "\N{NO-BREAK SPACE}"
STANCE_HEADINGS = {stance: stance.capitalize() for stance in STANCES}
MOST_CITED = 12  # documents by their titles
OF_AREAS = ("classification", "population estimates")  # documents that class the areas and count their people
# what a kind of frame whose rows name no document rests on: a table of the study, and the kinds of its rows
RESTS_ON = {
    "areas": ("documents", "; ".join(OF_AREAS)),
    "partners": ("points", ""),
    "quotations by group": ("segments", "quotation"),
    "responses": ("segments", "response"),
    "consultation": ("comment_counts", ""),
    "unpublished comments": ("comment_counts", ""),
    "actions by indicator": ("actions", ""),
    "actions by owner": ("actions", ""),
}


def wide(rows: pd.DataFrame, *, index: str, columns: str, values: str) -> pd.DataFrame:
    """Return one row per index value and one column per value of columns, in the order of both."""
    table = rows.pivot(index=index, columns=columns, values=values)
    table.columns = [str(name) for name in table.columns]
    return table.reset_index()


def nested(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return rows of themes with each narrower one after the one that it is part of, and indented; otherwise in their order."""
    above = rows["code_id"].map(study.codebook.set_index("code_id")["parent_id"])
    above = above.where(above.isin(rows["code_id"]), "")

    def below(code: str, depth: int) -> Iterator[tuple[int, str]]:
        for at in rows.index[above.eq(code)]:
            yield at, depth * INDENT + str(rows.at[at, "theme"])
            yield from below(rows.at[at, "code_id"], depth + 1)

    names = dict(below("", 0))
    return rows.loc[[*names]].assign(theme=[*names.values()])


def told(rows: pd.DataFrame) -> pd.Series:
    """Return numbers of people as a table prints them: the number, the word in its place, or [c]."""
    cells = rows["n"].astype("object")
    if "words" not in rows:
        return cells
    instead = rows["words"].where(rows["words"].ne(""), WITHHELD)
    return cells.where(rows["n"].notna(), instead)


def points(difference: float, low: float, high: float) -> str:
    """Return a difference of shares in points, with its interval where it has one; [c] for one that is withheld."""
    told = WITHHELD if pd.isna(difference) else _signed(difference)
    told += "" if pd.isna(low) else f" ({_signed(low)} to {_signed(high)})"
    return told.replace("-", "\N{MINUS SIGN}")


def printed_p(p: float) -> str:
    """Return a p as it is printed: to two decimals, or three where it is small; nothing where there is none."""
    if pd.isna(p):
        return ""
    return "under 0.001" if p < SMALLEST_P else f"{rounded(p, 3 if p < CLOSE_P else 2)}"


def _signed(share: float) -> str:
    """Return a share in points, whole; with a decimal where it would seem to be zero and is not, so that its sign is known."""
    exact = round(100 * share, 6)
    whole = rounded(exact)
    return f"{whole if whole or not exact else rounded(copysign(max(abs(exact), 0.1), exact), 1):+}"


def large_enough(rows: pd.DataFrame, base: str, shares: list[str]) -> pd.DataFrame:
    """Return the rows as a reader sees them: without the shares of fewer than SMALLEST_BASE people or comments."""
    return rows.assign(
        **{name: rows[name].where(rows[base].ge(SMALLEST_BASE).fillna(False)) for name in shares}
    )


def titles(study: Study, document_ids: pd.Series) -> pd.Series:
    """Short titles of documents; an id may be several, divided by semicolons."""
    documents = study.documents.set_index("document_id")
    names = documents["short_title"].fillna(documents["title"]).str.replace("_", " ")
    return document_ids.map(lambda ids: "; ".join(names.get(name, name) for name in str(ids).split("; ")))


def cited(study: Study, document_ids) -> str:
    """Short titles, publishers and years of the documents a table or sentence rests on; of many their number."""
    documents = study.documents.set_index("document_id")
    names = dict.fromkeys(name for ids in document_ids for name in str(ids).split("; "))
    if len(names) > MOST_CITED:
        return counted(len(names), "document")
    return "; ".join(_citation(documents.loc[name]) for name in names if name in documents.index)


def source_of(frame: pd.DataFrame) -> str:
    """Short titles, publishers and years of the documents that a frame of a chapter rests on."""
    study, (table, kind) = study_of(frame), RESTS_ON.get(frame.attrs["kind"], ("", ""))
    rows = getattr(study, table) if table else frame
    return cited(study, rows.loc[rows["kind"].isin(kind.split("; ")) if kind else rows.index, "document_id"])


def _citation(document: pd.Series) -> str:
    name = document["title"] if pd.isna(document["short_title"]) else document["short_title"]
    title = name.replace("_", " ")
    told = [str(document[name]) for name in ("publisher", "year") if not pd.isna(document[name])]
    return f"{title} ({', '.join(told)})" if told else title


def of_kind(study: Study, *kinds: str) -> list[str]:
    """Ids of the study's documents of some kinds."""
    return list(study.documents.loc[study.documents["kind"].isin(kinds), "document_id"])
