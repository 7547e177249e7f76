"""An executed chapter as a page: the findings first, its code folded away and one click from sight."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert import HTMLExporter, TemplateExporter

from ncsresearch.present.outputs import FIGURE, FINDING, TABLE, table_html
from ncsresearch.present.wording import page_words
from ncsresearch.report.content import NO_STATUS, shown_cells

HERE = Path(__file__).parent
ANCHOR = re.compile(r'<a href="(\d\d_\w+)\.ipynb(#[\w-]+)?">(.*?)</a>')
ANCHORED = {"finding": FINDING, "table": TABLE, "figure": FIGURE}
IN_A_BOX = ("In brief", "Key points")


class Exporter(HTMLExporter):
    """Fills in the template; it does not read the finished page again for marks of a notebook, which no page here has."""

    from_notebook_node = TemplateExporter.from_notebook_node


@cache
def _exporter() -> Exporter:
    loader = FileSystemLoader(HERE)
    exporter = Exporter(extra_loaders=[loader], template_file="chapter.html.j2", default_preprocessors=[])
    exporter.exclude_anchor_links = True
    return exporter


def chapter_page(
    notebook: nbformat.NotebookNode,
    *,
    study: str,
    licence: str = "",
    title: str = "",
    home: str = "../../",
    home_called: str = "",
    chapters: str = "",
    made: Collection[str] = (),
    tables: str = "",
    executed: str = "",
    signoff: Mapping[str, list[str]] = {},
) -> str:
    """Return an executed chapter as one HTML page that needs nothing else.

    study is the study's title, licence what it says of its sources; title replaces the chapter's own, for the report on one
    area; home leads from the page to the folder of index.html, which home_called names, chapters to the folder of the study's
    chapters, tables to that of the chapter's CSV files and executed to the notebook; a link to a chapter that is not among
    those made becomes plain words. signoff is what is said of signatures, a line each: by the anchor of a finding, and under its title by "head".
    """
    notebook = nbformat.from_dict({**notebook, "cells": shown_cells(notebook)})
    first = notebook.cells[0]
    own_title, _, rest = first.source.partition("\n")
    first.source = f"# {title}\n{rest}" if title else first.source
    sections = _sections(notebook)
    page = {
        "title": title or own_title.removeprefix("# "),
        "study": study,
        "licence": licence,
        "notice": NO_STATUS,
        "home": home,
        "home_called": home_called or page_words("shown", "home"),
        "tables": tables,
        "executed": executed,
        "style": page_style(),
        "sections": sections,
        "findings": list(_written(notebook)),
        "contents_before": next((cell for cell, section in sections.items() if not section["boxed"]), None),
        "anchor": _anchor,
        "signoff": dict(signoff),
        "first": first.id,
        "figure_data": _figure_data,
    }
    html, _ = _exporter().from_notebook_node(notebook, resources={"page": page})
    return ANCHOR.sub(lambda link: _link(link, chapters, made), html)


def filled_page(name: str, **told) -> str:
    """Return a page that is no chapter from its template, with the notice and the style that every page carries."""
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True)
    own = {"notice": NO_STATUS, "style": Markup(page_style())}
    return environment.get_template(f"{name}.html.j2").render(own | told)


@cache
def page_style() -> str:
    """Return the style that every page carries."""
    return (HERE / "page.css").read_text(encoding="utf-8")


def _link(link: re.Match, chapters: str, made: Collection[str]) -> str:
    return f'<a href="{chapters}{link[1]}.html{link[2] or ""}">{link[3]}</a>' if link[1] in made else link[3]


def _sections(notebook: nbformat.NotebookNode) -> dict[str, dict]:
    """Return the sections of the page by the cell that opens each: heading, its anchor, whether it stands in a box."""
    opening = [cell for cell in notebook.cells if cell.source.startswith("## ")]
    headings = {cell.id: cell.source.split("\n", 1)[0].removeprefix("## ") for cell in opening}
    return {
        cell: {"heading": heading, "anchor": heading.replace(" ", "-"), "boxed": heading in IN_A_BOX}
        for cell, heading in headings.items()
    }


def _written(notebook: nbformat.NotebookNode) -> Iterator[dict]:
    """Yield the heading of each finding that the authors have written, and its anchor."""
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        if heading := output.get("data", {}).get(FINDING, {}).get("heading"):
            yield {"heading": heading, "anchor": _anchor(output["data"])}


def _anchor(data: Mapping) -> str:
    """Return the id on the page of what an output shows, empty for what has no name."""
    kinds = (f"{kind}-{data[media]['name']}" for kind, media in ANCHORED.items() if media in data)
    return next(kinds, "")


def _figure_data(data: Mapping) -> str:
    """Return the table of what a figure draws."""
    cells = pd.DataFrame(data["cells"])[data["headings"]]
    return table_html(data["caption"], cells, data["numbers"], data["below"])
