"""Which groups does a study declare, and what else are they called?"""

from collections.abc import Iterator, Mapping

import pandas as pd

from ncsresearch.ingest.table_file import Fault
from ncsresearch.schema import nearest
from ncsresearch.study.settings import Settings

Tables = Mapping[str, pd.DataFrame]
COLUMNS = {
    "participant_groups": (("participants", "participant_group"), ("interviews", "participant_group")),
    "client_groups": (("codings", "about_client_group"), ("attributes", "value")),
}


def names_of(declared: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the name of each declared group by every way it is written, its own name among them."""
    return {written: name for name, others in declared.items() for written in (name, *others)}


def _cells(settings: Settings, tables: Tables) -> Iterator[tuple[str, dict[str, str], str, str, pd.Series]]:
    """Yield each column of the tables that names groups of a declared kind: the setting, its names, table, column, cells."""
    for setting, places in COLUMNS.items():
        names = names_of(getattr(settings, setting))
        for table, column in places if names else ():
            rows = tables[table]
            own = rows[rows["name"].eq("client group")] if table == "attributes" and column in rows else rows
            yield setting, names, table, column, own.get(column, pd.Series(dtype="str")).dropna()


def undeclared_groups(settings: Settings, texts: Tables) -> Iterator[Fault]:
    """Yield each group that the tables name and study.toml does not declare, of a study that declares any, once a table."""
    for setting, known, table, column, cells in _cells(settings, texts):
        for row, value in cells[~cells.isin(known)].drop_duplicates().items():
            expected = f"one of the {setting.replace('_', ' ')} that study.toml declares"
            yield Fault(f"{table}.csv", row + 2, column, repr(value), expected, nearest(value, known))


def with_declared_names(settings: Settings, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables with every group under the name that study.toml declares for it."""
    for _, names, table, column, cells in _cells(settings, tables):
        found = cells[cells.isin(names) & cells.ne(cells.map(names))]
        if len(found):
            renamed = tables[table].copy()
            renamed.loc[found.index, column] = found.map(names)
            tables[table] = renamed
    return tables
