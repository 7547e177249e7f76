"""What the schema says, for others: the descriptor of a data package, and the data dictionary as a page."""

import json
from pathlib import Path

from ncsresearch.schema import PATTERNS, ROW_IDS, TABLES, Column, StudyTable


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
    target, partial = folder / "datapackage.json", folder / ".datapackage.json.partial"
    descriptor = json.dumps(data_package(folder, title, name), indent=1, ensure_ascii=False) + "\n"
    if target.exists() and target.read_text(encoding="utf-8") == descriptor:
        return False
    partial.write_text(descriptor, encoding="utf-8")
    partial.replace(target)
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
    about |= {
        "description": f"One row is {table.row}.",
        "scheme": "file",
        "format": "csv",
        "encoding": "utf-8",
    }
    return about | {"schema": schema | ({"foreignKeys": keys} if keys else {})}


def _field(column: Column) -> dict:
    kinds = {"whole": "integer", "number": "number"}
    constraints = {"required": True} if column.required else {}
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    field = {"name": column.name, "type": kinds.get(column.kind, "string"), "description": column.meaning}
    return field | ({"constraints": constraints} if constraints else {})


BESIDE = """
## Files beside the tables

| file | what a person writes there |
| --- | --- |
| `study.toml` | title, access, date of the evidence, chapters, groupings of people, threshold and wording of quantities |
| `findings/` | the authors' findings in Markdown, a file a chapter or area, with quantities that are checked and citations of evidence |
| `quotations.toml` | names, places and organisations to take out of quotations; `left_out` passages and `people_left_out` who are never quoted; words `accepted` in a passage, by its `segment_id` |
| `checklist.toml` | answers to items of a reporting checklist that no table can give |
| `texts/` | transcripts as plain text, one per document; they never enter version control |
| `imports.json` | written by `import`: the newest report on each file, in names of rows and counts |
| `releases/` | written by `release` and `withdraw`: what has left, with keyed digests of the people in it; `withdrawn.json`, keyed digests of who has withdrawn; the `key`; they never enter version control |
"""


def data_dictionary() -> str:
    """Return the data dictionary as a page of Markdown: every table, what a row is, and every column."""
    intro = (
        "# Data dictionary\n\nThe tables of a study, one CSV each, saved as UTF-8. A table without evidence is left out. "
        "Columns in **bold** must be there and have a value in every row; the others may be empty or missing. Made from "
        "`src/ncsresearch/schema.csv` by `make dictionary`.\n"
    )
    return intro + "".join(_page(table) for table in TABLES.values()) + BESIDE


def _page(table: StudyTable) -> str:
    lines = "".join(_line(column) for column in table.columns)
    key = ", ".join(f"`{name}`" for name in table.key)
    head = f"\n## {table.name}\n\nOne row is {table.row}. No two rows share {key}.\n\n| column | meaning | values |\n| --- | --- | --- |\n"
    return head + lines


def _line(column: Column) -> str:
    name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
    refers = (
        f"a `{column.refers}`" if "." in column.refers else f"an id of the table that `{column.refers}` names"
    )
    kind = PATTERNS[column.kind][1] if column.kind in PATTERNS else "text"
    values = ", ".join(column.allowed) or (refers if column.refers else kind)
    return f"| {name} | {column.meaning} | {values} |\n"
