"""Which rows of other tables do the rows of a table point to?"""

from collections.abc import Iterator, Mapping

import pandas as pd

from ncsresearch.schema import ROW_IDS, TABLES

Tables = Mapping[str, pd.DataFrame]


def pointed(name: str, rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.Series]]:
    """Yield each column that points, and each table that it points to, with the values that do."""
    for column, refers in TABLES[name].pointers.items():
        if column not in rows or rows.empty:
            continue
        values = rows[column].dropna()
        if refers in TABLES:
            yield column, refers, values
            continue
        named = rows[refers].reindex(values.index)
        for table in sorted(named.dropna().unique()):
            yield column, table, values[named.eq(table)]


def without_dangling(tables: Tables, *names: str) -> dict[str, pd.DataFrame]:
    """Return the tables without the rows of some that point to what has been left out."""
    tables = dict(tables)
    for name in names:
        for _, table, values in pointed(name, tables[name]):
            left_out = values.index[~values.isin(tables[table][ROW_IDS[table]])]
            tables[name] = tables[name].drop(left_out, errors="ignore")
    return tables


def without_rows(tables: Tables, name: str, ids: set[str]) -> dict[str, pd.DataFrame]:
    """Return the tables without rows of one, the rows that point to these, and what says where they came from."""
    if not ids:
        return dict(tables)
    origins, rows = tables["origins"], tables[name]
    own = origins["table"].eq(name) & origins["row_id"].isin(ids)
    tables = {**tables, "origins": origins[~own], name: rows[~rows[ROW_IDS[name]].isin(ids)]}
    for other in [each for each in TABLES if each in tables and each != "origins"]:
        rows = tables[other]
        found = [values.index[values.isin(ids)] for _, table, values in pointed(other, rows) if table == name]
        hit = rows.index.isin([at for each in found for at in each])
        below = set(rows.loc[hit, ROW_IDS[other]]) if other in ROW_IDS else set()
        tables = without_rows(tables, other, below) if below else {**tables, other: rows[~hit]}
    return tables
