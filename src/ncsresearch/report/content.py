"""What an executed chapter says, piece by piece in reading order, for every form that it is published in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ncsresearch.present.outputs import FIGURE, FINDING, NO_EVIDENCE, QUOTATIONS, TABLE
from ncsresearch.present.sentence import capital
from ncsresearch.present.wording import page_words

HEADING = re.compile(r"(#{1,6}) +(.+)")
# tables that are folded only where the authors have written findings: the first of them that there is
OPEN, UNWRITTEN = "open", ((TABLE, "area_raised"), (TABLE, "people_stances"))
FOLDED = "folded"  # tag of a cell whose tables a page folds and Word leaves to the workbook
SUMMARY = "00_summary"
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z\d])")
SAID_EVERYWHERE = ("status", "base")
# what is made by rule, and how it is headed where the authors have written findings
BY_RULE, MORE = re.compile("## (?:Key points|In brief)"), f"## {page_words('shown', 'more')}"
HIDDEN = {"parameters", "injected-parameters"}
NO_STATUS = page_words("shown", "no_status")


@dataclass(frozen=True)
class Chapter:
    """A chapter, or the report on an area, as executed: its notebook is None where it was not made."""

    name: str
    title: str
    notebook: Mapping | None
    area_id: str = ""


@dataclass(frozen=True)
class Piece:
    """One thing that a chapter shows.

    kind   heading, prose (Markdown of the author), finding, table, figure, quotations or words (a list, a line)
    cell   id of the notebook cell that holds or made it, which is its anchor on the page: cell-ID
    text   the words of it: of a finding its sentence, of a table its caption, of a figure its alternative text
    level  of a heading, 1 to 6
    data   what the notebook keeps of a finding, table (columns as numbers, cells as its reader sees them), figure
           or quotations; the svg of a figure; html of words
    """

    kind: str
    cell: str
    text: str
    level: int = 0
    data: Mapping = field(default_factory=dict)


def shown_cells(notebook: Mapping) -> list[Mapping]:
    """Return the cells of an executed notebook as a reader sees them.

    A section whose code has nothing to show is left out with its heading, and so is the line that says why. Where the authors
    have written findings, the key points made by rule are left out of a chapter, which would repeat them; an area report, and
    a chapter of a part of the evidence, has them as more of the evidence. A figure or table that the authors have placed is
    not shown again.
    """
    sections: list[list[Mapping]] = [[]]
    for cell in _after_the_authors(map(_without_nothing, notebook["cells"])):
        if cell["cell_type"] == "markdown" and "".join(cell["source"]).startswith("## "):
            sections.append([])
        sections[-1].append(cell)
    first, *others = sections
    left_out = MORE if _written_whole(first) else None
    kept = (section for section in others if _has_content(section) and _heading(section) != left_out)
    return [*first, *(cell for section in kept for cell in section)]


def _heading(section: list[Mapping]) -> str:
    return "".join(section[0]["source"]).partition("\n")[0]


def _written_whole(cells: list[Mapping]) -> bool:
    """Whether the authors have written findings of a chapter, and it shows all of the evidence."""
    outputs = (output for cell in cells for output in cell.get("outputs", []))
    return any(output.get("data", {}).get(FINDING, {}).get("whole") for output in outputs)


def _without_nothing(cell: Mapping) -> Mapping:
    return {**cell, "outputs": [*filter(_shows, cell["outputs"])]} if "outputs" in cell else cell


def _shows(output: Mapping) -> bool:
    data = output.get("data", {"text/plain": "what it printed"})
    return NO_EVIDENCE not in data and any(data.values())


def _after_the_authors(cells: Iterable[Mapping]) -> Iterator[Mapping]:
    written, placed = False, set()
    for cell in cells:
        outputs = cell.get("outputs", [])
        kept = [output for output in outputs if _named(output) not in placed]
        if own := any("heading" in output.get("data", {}).get(FINDING, {}) for output in outputs):
            written, placed = True, {_named(output) for output in outputs} - {None}
        if len(kept) < len(outputs) and not own:
            cell = {**cell, "outputs": kept}
        if written and BY_RULE.match("".join(cell["source"])):
            cell = {**cell, "source": BY_RULE.sub(MORE, "".join(cell["source"]), count=1)}
        yield cell if written else _with_table_open(cell, kept)


def _with_table_open(cell: Mapping, outputs: list[Mapping]) -> Mapping:
    names = [*map(_named, outputs)]
    first = next((name for name in UNWRITTEN if name in names), None)
    if not first:
        return cell
    opened = [{**each, "metadata": {OPEN: name == first}} for each, name in zip(outputs, names, strict=True)]
    return {**cell, "outputs": opened}


def _named(output: Mapping) -> tuple[str, str] | None:
    """Return the kind and name of a figure or table."""
    kinds = ((kind, output.get("data", {}).get(kind)) for kind in (FIGURE, TABLE))
    return next(((kind, data["name"]) for kind, data in kinds if data), None)


def _has_content(section: list[Mapping]) -> bool:
    """Whether a section shows something, or is words of the author alone."""
    code = [cell for cell in section if cell["cell_type"] == "code"]
    return not code or any(cell["outputs"] for cell in code)


def pieces(notebook: Mapping) -> Iterator[Piece]:
    """Return what an executed notebook shows, in reading order; its parameters and its code are no part of it.

    A second table or figure of one name has a number behind it: each becomes a file or a sheet of its own.
    """
    named: set[tuple[str, str]] = set()
    for cell in shown_cells(notebook):
        if HIDDEN & set(cell["metadata"].get("tags", [])):
            continue
        if cell["cell_type"] == "markdown":
            yield from _of_markdown("".join(cell["source"]), cell["id"])
        folded = FOLDED in cell["metadata"].get("tags", [])
        for output in cell.get("outputs", []):
            closed = folded and not output.get("metadata", {}).get(OPEN)
            yield from (_named_apart(piece, named) for piece in _of_output(output, cell["id"], folded=closed))


def _named_apart(piece: Piece, named: set[tuple[str, str]]) -> Piece:
    if piece.kind not in ("table", "figure"):
        return piece
    name, n = piece.data["name"], 1
    while (piece.kind, name) in named:
        n += 1
        name = f"{piece.data['name']}_{n}"
    named.add((piece.kind, name))
    return replace(piece, data={**piece.data, "name": name})


def figure_caption(figure: Piece) -> str:
    """Return what a figure shows, as its data are called; of one without data the first sentence of its description."""
    told = figure.data.get("caption", "").partition(": ")[2]
    return capital(told) or figure.text.partition(". ")[0].rstrip(".")


def main_findings(chapters: Iterable[Chapter]) -> list[tuple[str, str, str]]:
    """Return the headings of a study's summary, each with the first sentence that the authors wrote below it, and that paragraph's name."""
    notebooks = (chapter.notebook for chapter in chapters if chapter.name == SUMMARY and chapter.notebook)
    written = (piece for notebook in notebooks for piece in pieces(notebook) if piece.data.get("heading"))
    return [(each.data["heading"], SENTENCE.split(each.text)[0], each.data["name"]) for each in written]


def says_something(notebook: Mapping) -> bool:
    """Whether an executed chapter tells of evidence: a table, a figure, a quotation, or a sentence with a number of it.

    What the study is, and how many people were heard in all, every chapter says.
    """
    return any(map(_says_something, pieces(notebook)))


def _says_something(piece: Piece) -> bool:
    if piece.kind != "finding" or piece.data["name"] in SAID_EVERYWHERE:
        return piece.kind in ("table", "figure", "quotations")
    return bool(piece.data["numbers"] or piece.data.get("written"))


def _of_markdown(source: str, cell: str) -> Iterator[Piece]:
    for block in re.split(r"\n\s*\n", source.strip()):
        first, _, rest = block.partition("\n")
        if heading := HEADING.fullmatch(first.strip()):
            yield Piece("heading", cell, heading[2], level=len(heading[1]))
            block = rest
        if block.strip():
            yield Piece("prose", cell, block.strip())


def _of_output(output: Mapping, cell: str, *, folded: bool) -> Iterator[Piece]:
    data = output.get("data", {})
    plain = "".join(data.get("text/plain", ""))
    if FINDING in data:
        if heading := data[FINDING].get("heading"):
            yield Piece("heading", cell, heading, level=2, data={"name": data[FINDING]["name"]})
        yield Piece("finding", cell, data[FINDING]["sentence"], data=data[FINDING])
    elif TABLE in data:
        listed = {"html": "".join(data["text/html"])} if data[TABLE].get("listed") else {}
        listed |= {"listed": FOLDED} if folded else {}
        yield Piece("table", cell, data[TABLE]["caption"], data=data[TABLE] | listed)
    elif FIGURE in data:
        svg = "".join(data.get("image/svg+xml", ""))
        yield Piece("figure", cell, data[FIGURE]["alt"], data=data[FIGURE] | {"svg": svg})
    elif QUOTATIONS in data:
        yield Piece("quotations", cell, data[QUOTATIONS]["heading"], data=data[QUOTATIONS])
    elif plain:
        yield Piece("words", cell, plain, data={"html": "".join(data.get("text/html", ""))})
