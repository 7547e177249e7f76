"""Read a notebook and other JSON: sources, outputs of every kind, metadata, findings and tables."""

import json
import re
from collections.abc import Iterable, Iterator

from ncsresearch.vet.place import Number, Piece, Place, Table, below, headed
from ncsresearch.vet.read_html import html_pieces

SKIPPED = {"execution_count", "nbformat", "nbformat_minor", "id", "evidence"}


def read_notebook(source: str) -> Iterator[Piece]:
    """Yield what a notebook holds; a cell is named by its number, from 1."""
    notebook = json.loads(source)
    yield from read_json(notebook.get("metadata", {}), "metadata of the notebook")
    for number, cell in enumerate(notebook["cells"], 1):
        where = f"cell {number}"
        yield from read_json(cell.get("metadata", {}), f"{where}, metadata")
        for name, bundle in cell.get("attachments", {}).items():
            for kind, content in bundle.items():
                yield from _shown(kind, content, f"{where}, attachment {name}")
        yield from _source("".join(cell["source"]), cell["cell_type"], where)
        for index, output in enumerate(cell.get("outputs", []), 1):
            yield from _output(output, f"{where}, output {index}")


def _source(source: str, kind: str, where: str) -> Iterator[Piece]:
    if kind == "code":
        yield Place(f"{where}, code", source, "code")
        return
    yield Place(f"{where}, text", source)
    yield from piped_tables(source, where)
    if quotes := [line.lstrip("> ") for line in source.split("\n") if line.startswith(">")]:
        said = " ".join(quotes)
        yield Place(f"{where}, quotation", said, "quote", said.split("—")[0])


def _output(output: dict, where: str) -> Iterator[Piece]:
    yield from read_json(output.get("metadata", {}), f"{where}, metadata")
    for name in ("text", "ename", "evalue", "traceback"):
        if output.get(name):
            yield from read_plain_output("".join(output[name]), f"{where}, {name}")
    for kind, content in output.get("data", {}).items():
        yield from _shown(kind, content, f"{where}, {kind.removeprefix('application/vnd.ncsresearch.')}")


def _shown(kind: str, content, where: str) -> Iterable[Piece]:
    if kind in ("text/html", "image/svg+xml"):
        return html_pieces("".join(content), where)
    if isinstance(content, (dict, list)) and "json" in kind:
        return read_json(content, where)
    if not kind.startswith("text/"):
        return [Place(where, "", "unread")]
    return read_plain_output("".join(content), where)


def read_json(content, where: str = "") -> Iterator[Piece]:
    """Yield the texts and numbers of a JSON value; findings and tables of a run are read as such."""
    if isinstance(content, str):
        yield Place(where, content)
    elif isinstance(content, list):
        yield from _listed(content, where)
    elif not isinstance(content, dict):
        return
    elif isinstance(content.get("columns", content.get("cells")), dict):
        yield from _kept_table(content, where)
    elif isinstance(content.get("words"), str) and "said_by" in content:
        # all that is said of a quotation, so that its attribution is read too
        said = " ".join(value for value in content.values() if isinstance(value, str))
        yield Place(f"{where}, quotation", said, "quote", content["words"])
    else:
        for name, value in content.items():
            yield from _named(name, value, content, below(where, name))
        yield from _parallel(content, where)


def is_number(part) -> bool:
    """Whether a JSON value is a number, or text that is one."""
    return not isinstance(part, bool) and (isinstance(part, (int, float)) or str(part).strip().isdigit())


def _listed(content: list, where: str) -> Iterator[Piece]:
    if content and all(map(is_number, content)):
        yield from (Number(where, where.split(", ")[-1], str(part)) for part in content)
    elif content and all(isinstance(row, list) and any(map(is_number, row)) for row in content):
        yield Table(where, ("",) * max(map(len, content)), tuple(map(_cells, content)))
    else:
        for number, part in enumerate(content, 1):
            yield from read_json(part, _where(part, where, number))


def _cells(row: Iterable) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell) for cell in row)


def _where(part, where: str, number: int) -> str:
    if isinstance(part, dict) and "sentence" in part:
        of = " ".join(part[name] for name in ("chapter", "area_id") if part.get(name))
        return f'finding "{part.get("name", number)}"' + (f" of {of}" if of else "")
    return f"{where} {number}".strip()


def _named(name: str, value, content: dict, where: str) -> Iterator[Piece]:
    if name in SKIPPED:
        yield from (Place(where, str(each)) for each in (value if isinstance(value, list) else ()))
    elif name == "numbers" and isinstance(value, dict):
        said = str(content.get("sentence", ""))
        yield from (Number(where, key, str(each), said) for key, each in value.items())
    elif is_number(value):
        yield Number(where, name, str(value))
    elif name == "alt" and value is not None and not isinstance(value, bool):
        yield Place(where, str(value), "figure")
    else:
        yield from read_json(value, where)


def _parallel(content: dict, where: str) -> Iterator[Table]:
    """Yield lists of one length as the table that they are: labels in the first of words, numbers in others."""
    listed = {name: value for name, value in content.items() if isinstance(value, list) and len(value) > 1}
    counts = {name: value for name, value in listed.items() if any(map(is_number, value))}
    for name, labels in listed.items():
        alike = {key: each for key, each in counts.items() if len(each) == len(labels)}
        if name not in counts and all(isinstance(part, str) for part in labels) and alike:
            yield _table({name: labels} | alike, content, where)
            return


def _kept_table(content: dict, where: str) -> Iterator[Piece]:
    """Yield a table as its columns hold it and as its reader sees it, with what stands below it."""
    if content.get("below"):
        yield Place(f"{where}, below", content["below"])
    for columns in filter(None, (content.get("columns"), content.get("cells"))):
        yield _table(columns, content, where)


def _table(columns: dict, content: dict, where: str) -> Table:
    rows = zip(*map(_cells, columns.values()), strict=True)
    caption, base = str(content.get("caption", "")), str(content.get("base", ""))
    named = f'{where}, table "{caption}"' if caption else where
    return Table(named, tuple(columns), tuple(rows), caption, base)


def read_plain_output(text: str, where: str) -> list[Piece]:
    """Return a plain output: always as text, and as a table where its lines are in columns."""
    return [Place(where, text), *columns_of(text, where)]


def columns_of(text: str, where: str) -> list[Table]:
    """Return the table of a text whose lines are in columns, with or without a line above that is its caption."""
    lines = [line for line in text.split("\n") if line.strip()]
    for first in (1, 0):
        head, *body = _columns(lines[first:]) or [[]]
        if body and len(head) > 1 and _has_numbers(body) and not _has_numbers([head]):
            return [Table(where, tuple(head), tuple(map(tuple, body)), lines[0] if first else "")]
    return []


def piped_tables(text: str, within: str = "") -> Iterator[Table]:
    """Yield the tables of a text that are drawn with upright strokes."""
    for number, drawn in enumerate(re.findall(r"(?:^\s*\|.*\|[ \t]*$\n?)+", text, flags=re.M), 1):
        lines = [line.strip().strip("|").split("|") for line in drawn.strip().split("\n")]
        cells = [[cell.strip() for cell in line] for line in lines]
        rows = [line for line in cells if not re.fullmatch(r"[-: ]*", "".join(line))]
        yield Table(below(within, f"table {number}"), *headed(rows))


def _columns(lines: list[str]) -> list[list[str]]:
    """Cut lines where every one of them has a space."""
    width = max(map(len, lines), default=0)
    padded = [line.ljust(width) for line in lines]
    gaps = "".join(" " if all(line[at] == " " for line in padded) else "x" for at in range(width))
    spans = [found.span() for found in re.finditer("x+", gaps)]
    return [[line[start:end].strip() for start, end in spans] for line in padded]


def _has_numbers(rows: list[list[str]]) -> bool:
    return any(re.fullmatch(r"[\d,.]+%?|\[c\]", cell) for row in rows for cell in row[1:])
