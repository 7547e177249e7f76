"""Which area does each row of a study belong to?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ncsresearch.schema import ROW_IDS, TABLES
from ncsresearch.study.references import Tables, without_dangling

EVERYBODYS = ("areas", "documents", "codebook", "sets", "origins")
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
    direct = {name: _areas_of(name, tables) for name in tables if name not in (*EVERYBODYS, *POINTERS)}
    known = pd.concat([_known(name, tables, direct) for name in ROW_IDS], ignore_index=True)
    told = {name: _areas_told_of(tables[name], *POINTERS[name][0], known) for name in TELLING}
    pairs = {name: (areas, np.array([], dtype=int)) for name, areas in direct.items()} | told
    rows = {}
    for name, (areas, _) in pairs.items():
        positions = areas.index.to_numpy()
        rows[name] = {area: positions[at] for area, at in areas.groupby(areas, sort=False).indices.items()}
    return AreaIndex(rows, {name: shared for name, (_, shared) in pairs.items()})


def _areas_of(name: str, tables: Tables) -> pd.Series:
    """Return the area of each row by its position; a row that belongs to two stands there twice."""
    rows = tables[name].reset_index(drop=True)
    told = [rows[column].map(areas) for column, areas in _tellers(rows, tables)]
    found = pd.concat([areas.dropna() for areas in told])
    if name == "survey_items":
        found = pd.concat([found, _where_answered(rows, tables["survey_answers"])])
    found = found.reset_index().drop_duplicates().set_index("index").iloc[:, 0]
    without = rows.index.difference(found.index)
    return pd.concat([found.astype("str"), pd.Series(NO_AREA, index=without, dtype="str")])


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


def _known(name: str, tables: Tables, direct: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return each thing that a row can tell of, with its area; a missing area is everybody's."""
    ids = tables[name][ROW_IDS[name]].reset_index(drop=True)
    if name == "areas":
        areas = pd.Series(ids.to_numpy(), index=ids.index)
    else:
        areas = direct.get(name, pd.Series(pd.NA, index=ids.index, dtype="str"))
    return pd.DataFrame({"table": name, "id": ids.reindex(areas.index).to_numpy(), "area": areas.to_numpy()})


def _areas_told_of(
    rows: pd.DataFrame, table: str, own_id: str, known: pd.DataFrame
) -> tuple[pd.Series, np.ndarray]:
    """Return the areas of what each row tells of, by its position, and the positions of rows that tell of everybody's."""
    asked = pd.DataFrame({"table": rows[table].astype("str").array, "id": rows[own_id].array})
    found = asked.reset_index().merge(known.drop_duplicates(), on=["table", "id"])
    everybodys = found.loc[found["area"].isna(), "index"].to_numpy()
    untold = np.flatnonzero(asked["table"].isna())
    told = found.dropna(subset="area").set_index("index")["area"]
    return told, np.concatenate([everybodys, untold])
