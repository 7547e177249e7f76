"""What an import did to the tables of a study."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ncsresearch.schema import TABLES


def changes_between(before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]) -> dict[str, dict]:
    """Compare the tables of a study before and after an import, but for where its rows came from.

    Returns, for each table that is other, how many rows are "added", which are "changed" and which "removed", by the names
    of rows and never by their words.
    """
    names = [name for name in TABLES if not after[name].equals(before[name]) and name != "origins"]
    compared = {name: _compared(name, before[name], after[name]) for name in names}
    return {name: told for name, told in compared.items() if any(told.values())}


def _compared(name: str, old: pd.DataFrame, new: pd.DataFrame) -> dict:
    key, columns = list(TABLES[name].key), TABLES[name].column_names
    one, other = (rows.reindex(columns=columns).set_index(key).fillna("") for rows in (old, new))
    both = other.index.intersection(one.index)
    differs = one.loc[both].ne(other.loc[both])
    moved = differs.any(axis=1)
    changed = [
        f"{named(row)} ({', '.join(differs.columns[cells])})"
        for row, cells in zip(both[moved], differs[moved].to_numpy(), strict=True)
    ]
    gone = [named(row) for row in one.index.difference(other.index)]
    return {"added": len(other.index.difference(one.index)), "changed": changed, "removed": gone}


def named(row) -> str:
    """Return the name of a row, which is its key."""
    return " / ".join(str(part) for part in row) if isinstance(row, tuple) else str(row)


def shortened(rows: Sequence[str]) -> str:
    """Return the names of a few rows as they are, of more the first three."""
    return ", ".join([*rows[:3], *["..."] * (len(rows) > 3)])


def among(rows: pd.DataFrame, others: pd.DataFrame, by: list[str]) -> np.ndarray:
    """Whether each row agrees with any of the others in these columns."""
    one, other = (pd.MultiIndex.from_frame(each[by].fillna("")) for each in (rows, others))
    return one.isin(other)
