"""What the schema says, for others: the descriptor of a data package, and the data dictionary as a page."""

import json
from pathlib import Path

from ncsresearch.ingest.template import filled
from ncsresearch.ingest.whole_file import write_whole
from ncsresearch.schema import PATTERNS, ROW_IDS, TABLES, Column, StudyTable

AS_FILE = {"scheme": "file", "format": "csv", "encoding": "utf-8"}
PAGE = Path(__file__).parent / "templates" / "data_dictionary.md"


def data_package(folder: Path, title: str, name: str = "") -> dict:
    """Return the descriptor of a study folder: the tables it holds, with the schema of each; its name is the folder's."""
    present = [table for table in TABLES.values() if (folder / f"{table.name}.csv").exists()]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name or folder.resolve().name,
        "title": title,
        "resources": [_resource(table, {other.name for other in present}) for table in present],
    }


def write_data_package(folder: Path, title: str, name: str = "") -> bool:
    """Write datapackage.json into a study folder, whole or not at all, unless it is there and says the same."""
    target = folder / "datapackage.json"
    descriptor = json.dumps(data_package(folder, title, name), indent=1, ensure_ascii=False) + "\n"
    if target.exists() and target.read_text(encoding="utf-8") == descriptor:
        return False
    write_whole(descriptor.encode(), target)
    return True


def _resource(table: StudyTable, present: set[str]) -> dict:
    schema = {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    keys = [
        {
            "fields": [name],
            "reference": {"resource": other * (other != table.name), "fields": [ROW_IDS[other]]},
        }
        for name, other in table.pointers.items()
        if other in present
    ]
    about = {"name": table.name, "type": "table", "path": f"{table.name}.csv"}
    about |= {"description": f"One row is {table.row}."} | AS_FILE
    return about | {"schema": schema | ({"foreignKeys": keys} if keys else {})}


def _field(column: Column) -> dict:
    kinds = {"whole": "integer", "number": "number"}
    constraints = {"required": True} if column.required else {}
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    field = {"name": column.name, "type": kinds.get(column.kind, "string"), "description": column.meaning}
    return field | ({"constraints": constraints} if constraints else {})


def data_dictionary() -> str:
    """Return the data dictionary as a page of Markdown: every table, what a row is, and every column."""
    return filled(PAGE, tables=TABLES.values(), values=_values)


def _values(column: Column) -> str:
    """Return what a column may hold, in words."""
    if column.allowed or not column.refers:
        return ", ".join(column.allowed) or PATTERNS.get(column.kind, ("", "text"))[1]
    named = "." not in column.refers
    return f"an id of the table that `{column.refers}` names" if named else f"a `{column.refers}`"
