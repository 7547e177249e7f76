"""Rows taken out of a study, with everything that points to them."""

import pandas as pd

from ncsresearch.schema import ROW_IDS, TABLES

Tables = dict[str, pd.DataFrame]


def without_rows(tables: Tables, name: str, ids: set[str]) -> Tables:
    """Return the tables without rows of one, the rows that point to these, and what says where they came from."""
    if not ids:
        return tables
    origins, rows = tables["origins"], tables[name]
    own = origins["table"].eq(name) & origins["row_id"].isin(ids)
    tables = tables | {"origins": origins[~own], name: rows[~rows[ROW_IDS[name]].isin(ids)]}
    for other in [each for each in TABLES if each in tables and each != "origins"]:
        rows = tables[other]
        hit = _points_to(rows, other, name, ids)
        if not hit.any():
            continue
        below = set(rows.loc[hit, ROW_IDS[other]]) if other in ROW_IDS else set()
        tables = without_rows(tables, other, below) if below else tables | {other: rows[~hit]}
    return tables


def pointers(name: str) -> dict[str, str]:
    """Return the table that each pointing column of a table points to, or the column that says which."""
    return {column.name: column.refers.split(".")[0] for column in TABLES[name].columns if column.refers}


def _points_to(rows: pd.DataFrame, other: str, name: str, ids: set[str]) -> pd.Series:
    hit = pd.Series(False, index=rows.index)
    for column, refers in pointers(other).items():
        here = rows[refers].eq(name) if refers in rows else refers == name
        hit |= rows[column].isin(ids) & here
    return hit
