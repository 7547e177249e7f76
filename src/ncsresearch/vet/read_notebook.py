"""Read a notebook and other JSON: sources, outputs of every kind, metadata, findings and tables."""

import json
import re

from ncsresearch.vet.place import Number, Place, Reading, Table, headed
from ncsresearch.vet.read_html import read_html

SKIPPED = {"execution_count", "nbformat", "nbformat_minor", "id", "evidence"}


def read_notebook(source: str, file: str) -> Reading:
    """Return what a notebook holds; a cell is named by its number, from 1."""
    notebook, out = json.loads(source), Reading()
    out.add(read_json(notebook.get("metadata", {}), file, "metadata of the notebook"))
    for number, cell in enumerate(notebook["cells"], 1):
        where = f"cell {number}"
        out.add(read_json(cell.get("metadata", {}), file, f"{where}, metadata"))
        for name, bundle in cell.get("attachments", {}).items():
            for kind, content in bundle.items():
                out.add(_shown(kind, content, file, f"{where}, attachment {name}"))
        out.add(_source(cell, file, where))
        for index, output in enumerate(cell.get("outputs", []), 1):
            out.add(_output(output, file, f"{where}, output {index}"))
    return out


def joined(source: str | list[str]) -> str:
    """The text of a cell or an output, which a notebook holds whole or in lines."""
    return "".join(source)


def _source(cell: dict, file: str, where: str) -> Reading:
    source = joined(cell["source"])
    if cell["cell_type"] == "code":
        return Reading(texts=[Place(file, f"{where}, code", source, "code")])
    quotes = [line.lstrip("> ") for line in source.split("\n") if line.startswith(">")]
    out = Reading(texts=[Place(file, f"{where}, text", source)])
    out.tables = piped_tables(source, file, f"{where}, ")
    if quotes:
        said = " ".join(quotes)
        out.texts.append(Place(file, f"{where}, quotation", said, "quote", said.split("—")[0]))
    return out


def _output(output: dict, file: str, where: str) -> Reading:
    out = read_json(output.get("metadata", {}), file, f"{where}, metadata")
    for name in ("text", "ename", "evalue", "traceback"):
        if output.get(name):
            out.add(read_plain_output(joined(output[name]), file, f"{where}, {name}"))
    for kind, content in output.get("data", {}).items():
        out.add(_shown(kind, content, file, f"{where}, {kind.removeprefix('application/vnd.ncsresearch.')}"))
    return out


def _shown(kind: str, content, file: str, where: str) -> Reading:
    if kind in ("text/html", "image/svg+xml"):
        return read_html(joined(content), file, where)
    if isinstance(content, (dict, list)) and "json" in kind:
        return read_json(content, file, where)
    if not kind.startswith("text/"):
        return Reading(texts=[Place(file, where, "", "unread")])
    return read_plain_output(joined(content), file, where)


def read_json(content, file: str, where: str) -> Reading:
    """Return the texts and numbers of a JSON value; findings and tables of a run are read as such."""
    if isinstance(content, list) and content and all(map(is_number, content)):
        return Reading(numbers=[Number(file, where, where.split(", ")[-1], str(part)) for part in content])
    if isinstance(content, list):
        if content and all(isinstance(row, list) and any(map(is_number, row)) for row in content):
            rows = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in content)
            return Reading(tables=[Table(file, where, ("",) * max(map(len, rows)), rows)])
        return _gathered(read_json(part, file, _listed(part, where, n)) for n, part in enumerate(content, 1))
    if isinstance(content, str):
        return Reading(texts=[Place(file, where, content)])
    if not isinstance(content, dict):
        return Reading()
    if isinstance(content.get("columns", content.get("cells")), dict):
        return _kept_table(content, file, where)
    if isinstance(content.get("words"), str) and "said_by" in content:
        return _kept_quotation(content, file, where)
    out = _gathered(_named(name, value, content, file, where) for name, value in content.items())
    out.tables += _parallel(content, file, where)
    return out


def is_number(part) -> bool:
    """Whether a JSON value is a number, or text that is one."""
    return (isinstance(part, (int, float)) and not isinstance(part, bool)) or (
        isinstance(part, str) and part.strip().isdigit()
    )


def _parallel(content: dict, file: str, where: str) -> list[Table]:
    """Return lists of one length as the table that they are: labels in one of them, numbers in others."""
    listed = {name: value for name, value in content.items() if isinstance(value, list) and len(value) > 1}
    counts = {name: value for name, value in listed.items() if any(map(is_number, value))}
    names = [
        name
        for name, value in listed.items()
        if name not in counts and all(isinstance(part, str) for part in value)
    ]
    tables = []
    for name in names:
        columns = {name: listed[name]}
        columns |= {key: each for key, each in counts.items() if len(each) == len(listed[name])}
        if len(columns) > 1:
            tables.append(_table(columns, content, file, where))
    return tables[:1]


def _gathered(readings) -> Reading:
    out = Reading()
    for reading in readings:
        out.add(reading)
    return out


def _listed(part, where: str, number: int) -> str:
    if isinstance(part, dict) and "sentence" in part:
        of = " ".join(part[name] for name in ("chapter", "area_id") if part.get(name))
        return f'finding "{part.get("name", number)}"' + (f" of {of}" if of else "")
    return f"{where} {number}".strip()


def _named(name: str, value, content: dict, file: str, where: str) -> Reading:
    below = f"{where}, {name}" if where else name
    if name in SKIPPED:
        return _ids(value, file, below)
    if name == "numbers" and isinstance(value, dict):
        said = str(content.get("sentence", ""))
        return Reading(numbers=[Number(file, below, key, str(each), said) for key, each in value.items()])
    if isinstance(value, bool) or value is None:
        return Reading()
    if isinstance(value, (int, float)) or (isinstance(value, str) and value.strip().isdigit()):
        return Reading(numbers=[Number(file, below, name, str(value))])
    if name == "alt":
        return Reading(texts=[Place(file, below, str(value), "figure")])
    return read_json(value, file, below)


def _ids(value, file: str, where: str) -> Reading:
    listed = value if isinstance(value, list) else []
    return Reading(texts=[Place(file, where, str(each)) for each in listed])


def _kept_quotation(content: dict, file: str, where: str) -> Reading:
    """Return a quotation with all that is said of it, so that its attribution is read too."""
    said = " ".join(value for value in content.values() if isinstance(value, str))
    return Reading(texts=[Place(file, f"{where}, quotation", said, "quote", content["words"])])


def _kept_table(content: dict, file: str, where: str) -> Reading:
    """Return a table as its columns hold it and as its reader sees it, with what stands below it."""
    below = [Place(file, f"{where}, below", content["below"])] if content.get("below") else []
    kinds = [columns for columns in (content.get("columns"), content.get("cells")) if columns]
    return Reading(texts=below, tables=[_table(columns, content, file, where) for columns in kinds])


def _table(columns: dict, content: dict, file: str, where: str) -> Table:
    rows = zip(
        *[["" if cell is None else str(cell) for cell in cells] for cells in columns.values()], strict=True
    )
    caption, base = str(content.get("caption", "")), str(content.get("base", ""))
    named = f'{where}, table "{caption}"' if caption else where
    return Table(file, named, tuple(columns), tuple(rows), caption=caption, base=base)


def read_plain_output(text: str, file: str, where: str) -> Reading:
    """Return a plain output: as a table where its lines stand in columns, and always as text."""
    out = Reading(texts=[Place(file, where, text)])
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return out
    for first in (1, 0):
        cells = _columns(lines[first:])
        if (
            len(lines) - first > 1
            and len(cells[0]) > 1
            and _has_numbers(cells[1:])
            and not _has_numbers(cells[:1])
        ):
            caption = lines[0] if first else ""
            body = tuple(tuple(row) for row in cells[1:])
            out.tables.append(Table(file, where, tuple(cells[0]), body, caption=caption))
            break
    return out


def piped_tables(text: str, file: str, within: str) -> list[Table]:
    """Return the tables of a text that are drawn with upright strokes."""
    found = re.findall(r"(?:^\s*\|.*\|[ \t]*$\n?)+", text, flags=re.M)
    tables = []
    for number, drawn in enumerate(found, 1):
        lines = [
            [cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in drawn.strip().split("\n")
        ]
        headings, rows = headed([line for line in lines if not re.fullmatch(r"[-: ]*", "".join(line))])
        tables.append(Table(file, f"{within}table {number}", headings, rows))
    return tables


def _columns(lines: list[str]) -> list[list[str]]:
    """Cut lines where every one of them has a space."""
    width = max(map(len, lines))
    padded = [line.ljust(width) for line in lines]
    gaps = "".join(" " if all(line[at] == " " for line in padded) else "x" for at in range(width))
    spans = [found.span() for found in re.finditer("x+", gaps)]
    return [[line[start:end].strip() for start, end in spans] for line in padded]


def _has_numbers(rows: list[list[str]]) -> bool:
    return any(re.fullmatch(r"[\d,.]+%?|\[c\]", cell) for row in rows for cell in row[1:])
