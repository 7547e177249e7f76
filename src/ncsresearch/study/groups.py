"""Which groups and groupings does a study declare, and who belongs to each?"""

from collections.abc import Iterator, Mapping

import pandas as pd

from ncsresearch.ingest.table_file import Fault
from ncsresearch.schema import nearest
from ncsresearch.study.settings import Settings

Tables = Mapping[str, pd.DataFrame]
GROUPINGS = "groupings"
NOT_STATED = "not stated"  # the group of whom an import finds none
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
            yield setting, names, table, column, groups_in(tables, table, column)


def groups_in(tables: Tables, table: str, column: str) -> pd.Series:
    """Return the cells of a column that name groups."""
    rows = tables[table]
    own = rows[rows["name"].eq("client group")] if table == "attributes" else rows
    return own.get(column, pd.Series(dtype="str")).dropna()


def undeclared_groups(settings: Settings, texts: Tables) -> Iterator[Fault]:
    """Yield each group that the tables name and study.toml does not declare, of a study that declares any, once a table."""
    for setting, known, table, column, cells in _cells(settings, texts):
        for row, value in cells[~cells.isin({*known, NOT_STATED})].drop_duplicates().items():
            expected = f"one of the {setting.replace('_', ' ')} that study.toml declares"
            yield Fault(f"{table}.csv", row + 2, column, repr(value), expected, nearest(value, known))


def client_group_members(tables: Tables) -> pd.DataFrame:
    """Return each person and each client group they belong to: participant_id and group."""
    rows = tables["attributes"]
    own = rows[rows["owner"].eq("participants") & rows["name"].eq("client group")]
    return own.rename(columns={"owner_id": "participant_id", "value": "group"})[["participant_id", "group"]]


def people_of_grouping(settings: Settings, tables: Tables, by: str) -> pd.DataFrame:
    """Return each person whom a grouping of study.toml places, and in which of its groups: participant_id and group."""
    rows = _values_of(settings, tables, by)
    rows = rows.assign(group=rows["value"].map(_groups_of(settings, by, rows))).dropna(subset="group")
    return rows[["participant_id", "group"]].drop_duplicates()


def _values_of(settings: Settings, tables: Tables, by: str) -> pd.DataFrame:
    """Return the value of each participant by which a grouping places them: of the attribute of its name, or their group."""
    attributes, people = tables["attributes"], tables["participants"]
    own = attributes[attributes["owner"].eq("participants") & attributes["name"].eq(by)]
    if own.empty and settings.groupings[by]:
        return people.assign(value=people["participant_group"])
    own = own.assign(participant_id=own["owner_id"])
    return own[own["participant_id"].isin(people["participant_id"])]


def _groups_of(settings: Settings, by: str, rows: pd.DataFrame) -> dict[str, str]:
    """Return the group of each value: the value itself where study.toml lists none."""
    listed = settings.groupings[by]
    values = listed or {value: [value] for value in rows["value"].unique()}
    return {value: group for group, own in values.items() for value in own}


def faulty_groupings(settings: Settings, texts: Tables) -> Iterator[Fault]:
    """Yield what keeps a grouping from placing every participant in one group at most; nothing before there are any."""
    tables = with_declared_names(settings, dict(texts))
    names = tables["attributes"].loc[tables["attributes"]["owner"].eq("participants"), "name"].unique()
    spoken = set(tables["participants"]["participant_group"])
    for by, listed in settings.groupings.items() if spoken else ():
        if by not in names and spoken.isdisjoint(value for own in listed.values() for value in own):
            expected = "an attribute of participants in attributes.csv, or a table of participant groups"
            yield Fault("study.toml", 0, GROUPINGS, repr(by), expected, nearest(by, names))
            continue
        rows = _values_of(settings, tables, by)
        place = ("attributes.csv", "value") if by in names else ("participants.csv", "participant_group")
        yield from _misplaced(by, rows, _groups_of(settings, by, rows), *place)


def _misplaced(
    by: str, rows: pd.DataFrame, groups: dict[str, str], file: str, column: str
) -> Iterator[Fault]:
    """Yield each value that is in no group, once, and each that places a participant in a second one."""
    for row, value in rows.loc[~rows["value"].isin(groups), "value"].drop_duplicates().items():
        expected = f"a value that groupings.{by} of study.toml has in a group"
        yield Fault(file, row + 2, column, repr(value), expected, nearest(value, groups))
    placed = rows.assign(group=rows["value"].map(groups), row=rows.index + 2).dropna(subset="group")
    first = placed.drop_duplicates("participant_id").set_index("participant_id")[["group", "row"]]
    placed = placed.join(first, on="participant_id", rsuffix="_before")
    for row in placed[placed["group"].ne(placed["group_before"])].itertuples():
        expected = (
            f"one group of groupings.{by} a participant: row {row.row_before} places this one in another"
        )
        yield Fault(file, row.row, column, repr(row.value), expected)


def with_declared_names(settings: Settings, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables with every group under the name that study.toml declares for it."""
    for _, names, table, column, cells in _cells(settings, tables):
        found = cells[cells.isin(names) & cells.ne(cells.map(names))]
        if len(found):
            renamed = tables[table].copy()
            renamed.loc[found.index, column] = found.map(names)
            tables[table] = renamed
    return tables
