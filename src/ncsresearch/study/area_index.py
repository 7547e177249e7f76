"""Which area does each row of a study belong to?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ncsresearch.schema import ROW_IDS, TABLES
from ncsresearch.study.references import Tables, without_dangling

EVERYBODYS = ("areas", "documents", "codebook", "sets", "origins", "signatures")
# the tables whose rows are about rows of a table that another column names, with these two columns
POINTERS = {
    name: [(refers, column) for column, refers in table.pointers.items() if refers not in TABLES]
    for name, table in TABLES.items()
}
POINTERS = {name: pairs for name, pairs in POINTERS.items() if pairs and name not in EVERYBODYS}
TELLING = [name for name, pairs in POINTERS.items() if len(pairs) == 1]
NO_AREA = ""


@dataclass(frozen=True)
class AreaIndex:
    """Where the rows of a study's tables belong.

    rows   by table and area, the positions of its rows; under NO_AREA those that belong to none. A table, or a row,
           that is everybody's stands in none of them: see shared
    shared by table, the positions of rows that tell of what is everybody's, such as the codebook
    """

    rows: Mapping[str, Mapping[str, np.ndarray]]
    shared: Mapping[str, np.ndarray]

    def of(self, tables: Tables, *chosen: str) -> dict[str, pd.DataFrame]:
        """Return the tables with the rows of the chosen areas alone, and what is everybody's."""
        areas = set(chosen)
        kept = {
            name: tables[name].iloc[
                np.unique(np.concatenate([self.shared[name], *map(rows.get, areas & rows.keys())]))
            ]
            for name, rows in self.rows.items()
        }
        return without_dangling(dict(tables) | kept, "links")


def area_index(tables: Tables) -> AreaIndex:
    """Return where the rows of a study's tables belong: by their own area, their interview or document, or their unit."""
    places = {name: _own_places(name, tables) for name in tables if name not in (*EVERYBODYS, *POINTERS)}
    known = pd.concat([_known(name, tables, places) for name in ROW_IDS]).drop_duplicates()
    places |= {name: _told_places(tables[name], *POINTERS[name][0], known) for name in TELLING}
    rows, shared = {}, {}
    for name, found in places.items():
        of_area = found.dropna(subset="area").groupby("area", sort=False)["at"]
        rows[name] = {area: at.to_numpy() for area, at in of_area}
        shared[name] = found.loc[found["area"].isna(), "at"].to_numpy()
    return AreaIndex(rows, shared)


def _own_places(name: str, tables: Tables) -> pd.DataFrame:
    """Return each row's position (at) and area, NO_AREA where it has none; a row that belongs to two is there twice."""
    rows = tables[name].reset_index(drop=True)
    told = [rows[column].map(areas) for column, areas in _tellers(rows, tables)]
    if name == "survey_items":
        told.append(_where_answered(rows, tables["survey_answers"]))
    found = pd.concat(told).dropna().rename_axis("at").rename("area").reset_index().drop_duplicates()
    without = pd.DataFrame({"at": rows.index.difference(found["at"]), "area": NO_AREA})
    return pd.concat([found.astype({"area": "str"}), without])


def _tellers(rows: pd.DataFrame, tables: Tables) -> list[tuple[str, pd.Series]]:
    """The columns of a table that tell an area, and the area that each of their values stands for."""
    areas = tables["areas"].set_index("area_id", drop=False)["area_id"]
    if "area_id" in rows:
        return [("area_id", areas)]
    held = {"interview_id": tables["interviews"].set_index("interview_id")["area_id"]}
    # a document is of its own area, or of that of the interview it is the transcript of
    heard = tables["interviews"].drop_duplicates("document_id").set_index("document_id")["area_id"]
    held["document_id"] = tables["documents"].set_index("document_id")["area_id"].fillna(heard)
    return [(column, areas) for column, areas in held.items() if column in rows]


def _where_answered(items: pd.DataFrame, answers: pd.DataFrame) -> pd.Series:
    """Return the areas of those who answered each question, by the question's position."""
    asked = answers[["item_id", "area_id"]].dropna().drop_duplicates()
    positions = pd.Series(items.index, index=items["item_id"])
    return pd.Series(asked["area_id"].to_numpy(), index=asked["item_id"].map(positions).to_numpy())


def _known(name: str, tables: Tables, places: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return each thing that a row can tell of, with its area; a missing area is everybody's."""
    ids = tables[name][ROW_IDS[name]].reset_index(drop=True)
    areas = ids if name == "areas" else pd.Series(pd.NA, ids.index, dtype="str")
    found = places.get(name, pd.DataFrame({"at": ids.index, "area": areas}))
    return pd.DataFrame({"table": name, "id": ids[found["at"]].to_numpy(), "area": found["area"].to_numpy()})


def _told_places(rows: pd.DataFrame, table: str, own_id: str, known: pd.DataFrame) -> pd.DataFrame:
    """Return the position (at) and area of what each row tells of; the area is missing where that is everybody's, or unsaid."""
    asked = pd.DataFrame({"table": rows[table].astype("str").array, "id": rows[own_id].array})
    asked = asked.rename_axis("at").reset_index()
    return pd.concat([asked.merge(known, on=["table", "id"]), asked[asked["table"].isna()]])[["at", "area"]]
