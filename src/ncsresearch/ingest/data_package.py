"""The descriptor that makes a study folder a Frictionless data package, made from the schema."""

import json
from pathlib import Path

from ncsresearch.schema import TABLES, Column, StudyTable


def data_package(folder: Path, title: str) -> dict:
    """Return the descriptor of a study folder: the tables it holds, with the schema of each."""
    present = [table for table in TABLES.values() if (folder / f"{table.name}.csv").exists()]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": folder.name,
        "title": title,
        "resources": [_resource(table, {other.name for other in present}) for table in present],
    }


def write_data_package(folder: Path, title: str) -> bool:
    """Write datapackage.json into a study folder, whole or not at all, unless it is there and says the same."""
    target, partial = folder / "datapackage.json", folder / ".datapackage.json.partial"
    descriptor = json.dumps(data_package(folder, title), indent=1, ensure_ascii=False) + "\n"
    if target.exists() and target.read_text(encoding="utf-8") == descriptor:
        return False
    partial.write_text(descriptor, encoding="utf-8")
    partial.replace(target)
    return True


def _resource(table: StudyTable, present: set[str]) -> dict:
    keys = [
        {
            "fields": [column.name],
            "reference": {"resource": "" if other == table.name else other, "fields": [field]},
        }
        for column in table.columns
        if "." in column.refers
        for other, field in [column.refers.split(".")]
        if other in present
    ]
    schema = {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.csv",
        "description": f"One row is {table.row}.",
        "scheme": "file",
        "format": "csv",
        "encoding": "utf-8",
        "schema": schema | ({"foreignKeys": keys} if keys else {}),
    }


def _field(column: Column) -> dict:
    kinds = {"whole": "integer", "number": "number"}
    constraints = {"required": True} if column.required else {}
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    field = {"name": column.name, "type": kinds.get(column.kind, "string"), "description": column.meaning}
    return field | ({"constraints": constraints} if constraints else {})
