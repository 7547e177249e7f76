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


def _points_to(rows: pd.DataFrame, other: str, name: str, ids: set[str]) -> pd.Series:
    hit = pd.Series(False, index=rows.index)
    for column in TABLES[other].columns:
        if column.refers == f"{name}.{ROW_IDS[name]}":
            hit |= rows[column.name].isin(ids)
        elif column.refers and "." not in column.refers:
            hit |= rows[column.refers].eq(name) & rows[column.name].isin(ids)
    return hit
