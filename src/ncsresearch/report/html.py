"""An executed chapter as a page: the findings first, its code folded away and one click from sight."""

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
ANCHOR = re.compile(r'<a href="(\d\d_\w+)\.ipynb">(.*?)</a>')


@cache
def _exporter():
    from jinja2 import FileSystemLoader
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(extra_loaders=[FileSystemLoader(HERE)], template_file="chapter.html.j2")
    exporter.exclude_anchor_links = True
    return exporter


def chapter_page(
    notebook: nbformat.NotebookNode,
    *,
    study: str,
    licence: str = "",
    title: str = "",
    home: str = "../../",
    chapters: str = "",
    made: Collection[str] = (),
) -> str:
    """Return an executed chapter as one HTML page that needs nothing else.

    study is the study's title, licence what it says of its sources; title replaces the chapter's own, for the report on one area; home leads from
    the page to the folder of index.html, and chapters to the folder of the study's chapters; a link to a chapter
    that is not among those made becomes plain words.
    """
    notebook = _titled(notebook, title)
    page = {
        "title": _title(notebook),
        "study": study,
        "licence": licence,
        "home": home,
        "style": (HERE / "page.css").read_text(encoding="utf-8"),
        "sections": _sections(notebook),
    }
    html, _ = _exporter().from_notebook_node(notebook, resources={"page": page})
    return ANCHOR.sub(lambda link: _link(link, chapters, made), html)


def _link(link: re.Match, chapters: str, made: Collection[str]) -> str:
    return f'<a href="{chapters}{link[1]}.html">{link[2]}</a>' if link[1] in made else link[2]


def _title(notebook: nbformat.NotebookNode) -> str:
    return notebook.cells[0].source.split("\n", 1)[0].removeprefix("# ")


def _titled(notebook: nbformat.NotebookNode, title: str) -> nbformat.NotebookNode:
    if not title:
        return notebook
    copy = nbformat.from_dict(notebook)
    _, _, rest = copy.cells[0].source.partition("\n")
    copy.cells[0] = nbformat.from_dict(copy.cells[0] | {"source": f"# {title}\n{rest}"})
    return copy


def _sections(notebook: nbformat.NotebookNode) -> list[str]:
    """Headings of the page, for its list of contents."""
    cells = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [
        line.removeprefix("## ") for source in cells for line in source.split("\n") if line.startswith("## ")
    ]
