"""What an import did to the tables of a study."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ncsresearch.schema import TABLES


@dataclass(frozen=True)
class Changes:
    """How many rows are new in each table, which changed and which went, by the names of rows and never by their words."""

    added: dict[str, int]
    changed: dict[str, list[str]]
    removed: dict[str, list[str]]
    remarks: list[str]

    def any(self) -> bool:
        """Whether the study is other than it was."""
        return any(map(any, (self.added.values(), self.changed.values(), self.removed.values())))

    def by_table(self) -> dict[str, dict]:
        """Return rows added, changed and removed, for each table that is other than it was."""
        told = {
            name: {"added": n, "changed": self.changed[name], "removed": self.removed[name]}
            for name, n in self.added.items()
        }
        return {name: told[name] for name in TABLES if name in told and any(told[name].values())}


def changes_between(
    before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame], remarks: list[str]
) -> Changes:
    """Compare the tables of a study before and after an import, but for where its rows came from."""
    names = [name for name in after if after[name] is not before[name] and name != "origins"]
    compared = {name: _compared(name, before[name], after[name]) for name in names}
    added, changed, removed = ({name: told[at] for name, told in compared.items()} for at in range(3))
    return Changes(added, changed, removed, remarks)


def _compared(name: str, old: pd.DataFrame, new: pd.DataFrame) -> tuple[int, list[str], list[str]]:
    key, columns = list(TABLES[name].key), TABLES[name].column_names
    one, other = (rows.reindex(columns=columns).set_index(key).fillna("") for rows in (old, new))
    both = other.index.intersection(one.index)
    differs = one.loc[both].ne(other.loc[both])
    moved = differs.any(axis=1)
    changed = [
        f"{_named(row)} ({', '.join(differs.columns[cells])})"
        for row, cells in zip(both[moved], differs[moved].to_numpy(), strict=True)
    ]
    gone = [_named(row) for row in one.index.difference(other.index)]
    return len(other.index.difference(one.index)), changed, gone


def _named(row) -> str:
    return " / ".join(str(part) for part in row) if isinstance(row, tuple) else str(row)
