"""One list of banned wording, read over all that a run of both studies prints, and over what the project says of itself."""

import ast
import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import docx
import lxml.html
import openpyxl
import pytest

from conftest import PROJECT
from ncsresearch.present.views import VIEWS

SOURCE = PROJECT / "src" / "ncsresearch"
# whose strings reach pages
OF_READERS = ("evidence", "analysis", "disclosure", "present", "explorer", "report")
MOST_PROSE = 150
SOMEBODY = (
    r"(?:(?:an?|the|their|its|his|her|them|us|him|people|clients|staff|parents|workers|somebody|nobody|me|you|what|when|how"
    r"|that|about|to|elsewhere)\b|\[)"
)
BANNED = {
    "told": rf"\btold\b(?! {SOMEBODY})",
    "tell as": r"\btells?\b[^.;:]{0,60} as an? (?:strength|challenge)",
    "stand": r"\bstands?\b(?! (?:trial|up|out)\b)|\bstood\b",
    "hold against": r"\b(?:hold|holds|held|holding)\b[^.;:]{0,30} against\b",
    "borne": r"\bborne\b",
    "nought": r"\bnoughts?\b",
    "same share": r"much the same share",
    "what may be counted": r"among what may be counted",
    "of its kind": r"\bof its kind\b",
    "in our own words": r"\bour (?:own )?words\b",
    "known by it": r"could be known by",
    "deal": r"\bdealt\b|\bdeals?\b(?! with\b)(?<!great deal)(?<!good deal)",
    "laid out": r"\b(?:laid|lays?|laying) (?:\w+ ){0,3}out\b",
    "made of": r"(?<!\buse )(?<!\buse was )\bmade of\b",
    "begins with Of": r"(?:^|[.!?\"] ?)\bOf (?!course\b)(?=[^.!?]*[.!?])",
    "begins with What is": r"(?:^|[.!?\"] ?)\bWhat (?:is|are) (?=[^.?!]*[.!])",
    "Where it is not known": r"(?:^|[.!?] )Where [^.]* (?:is|are) not known\b",
}
OF_SOFTWARE = {
    "reader by number": r"\breader \d",
    "the machine": r"\bby (?:the )?machine\b",
    "folded code": r"\bfolded (?:under|below|away)\b",
    "an option": r"(?<!\w)--[a-z]+",
    "ids of passages": r"\b(?:passage|segment|point)s?['’]? ids?\b|\b[sq][0-9a-f]{8}\b",
    "a file": r"\b\w+\.(?:csv|toml|ipynb|py)\b",
    "a parameter": r"\b[a-z]+_(?:id|dir|type|from|group|toml)\b",
}
ON_PAPER = {"true of a page alone": r"\b(?:[Cc]lick|[Ff]olds? out|[Tt]his page|[Oo]pens? to)\b"}


def pieces_of_page(path: Path) -> Iterator[str]:
    """The texts and labels of a page, a block each, but for its code."""
    root = lxml.html.fromstring(path.read_bytes())
    for node in root.xpath("//pre | //script | //style | //details[@class='code']"):
        node.drop_tree()
    yield from root.xpath("//@aria-label | //@alt | //@placeholder | //*[local-name()='title']/text()")
    named = "p li h1 h2 h3 h4 td th caption figcaption summary label legend button footer"
    yield from (block.text_content() for block in root.iter(*named.split()))


def pieces_of_document(path: Path) -> Iterator[str]:
    """The paragraphs and cells of a Word document, and what its figures are said to show."""
    document = docx.Document(str(path))
    yield from (paragraph.text for paragraph in document.paragraphs)
    yield from document.element.body.xpath(".//w:tc//w:t/text() | .//wp:docPr/@descr")


def pieces_of_workbook(path: Path) -> Iterator[str]:
    """The cells of a workbook that hold words."""
    for sheet in openpyxl.load_workbook(path, read_only=True):
        yield from (cell for row in sheet.values for cell in row if isinstance(cell, str))


def pieces_of_csv(path: Path) -> Iterator[str]:
    """The headings of a table's file, as words."""
    yield from (name.replace("_", " ") for name in next(csv.reader(path.open(encoding="utf-8"))))


READERS = {
    ".html": (pieces_of_page, BANNED | OF_SOFTWARE),
    ".docx": (pieces_of_document, BANNED | OF_SOFTWARE | ON_PAPER),
    ".xlsx": (pieces_of_workbook, BANNED | OF_SOFTWARE | ON_PAPER),
    ".csv": (pieces_of_csv, BANNED),
}


@cache
def data_of(study: str) -> str:
    """All that the tables and transcripts of a study hold: its people's words, and statements of data, are not for this list."""
    files = [path for path in (PROJECT / "data" / study).rglob("*") if path.suffix in (".csv", ".txt")]
    return spaced(" ".join(path.read_text(encoding="utf-8").replace('""', '"') for path in files))


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def banned_in(text: str, lists: dict[str, str], data: str = "") -> list[str]:
    """Each banned wording of a text by its name with the words around it, but for what is in the data."""
    text = spaced(text)
    hits = ((name, hit) for name, pattern in lists.items() for hit in re.finditer(pattern, text))
    return [
        f"{name}: {text[max(0, hit.start() - 60) : hit.end() + 60]}"
        for name, hit in hits
        if text[max(0, hit.start() - 12) : hit.end() + 12] not in data
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("36 people told it as a challenge.", ["told"]),
        ("Nobody told them about [name]; two told a worker.", []),
        ("A report may not be told of few people.", ["told"]),
        ("Clients tell flexibility both as a strength and as a challenge.", ["tell as"]),
        ("It stands in four documents; some stood trial; they stand out.", ["stand", "stand"]),
        ("Service by service, held in spring against a target.", ["hold against"]),
        ("Of 12 people, 3 agreed. Of course.", ["begins with Of"]),
        ("Of all", []),
        ("What is known? What is known is here.", ["begins with What is"]),
        ("What is counted", []),
        ("Views were laid out by area, and made of points; use was made of them.", ["laid out", "made of"]),
        ("A great deal depends on trust, and staff deal with it.", []),
        (
            "The report dealt with points of its kind, in our own words.",
            ["of its kind", "in our own words", "deal"],
        ),
        ("Agreed by reader 1; see codings.csv, area_id and --sources.", []),
    ],
)
def test_banned_wording_is_found_and_literal_uses_are_not(text, names):
    assert sorted(hit.partition(": ")[0] for hit in banned_in(text, BANNED)) == sorted(names)


def test_what_is_of_the_software_is_found():
    text = (
        "Coded by reader 1 (q1a2b3c4d) and by machine; see codings.csv, area_id and --sources, folded below."
    )
    assert len(banned_in(text, OF_SOFTWARE)) == len(OF_SOFTWARE)


def test_words_of_the_data_are_not_for_the_list():
    assert (
        banned_in("She said: I stood there alone.", BANNED, "well, She said: I stood there alone. yes") == []
    )


@pytest.mark.parametrize("ending", READERS)
def test_nothing_that_a_run_prints_has_a_banned_wording(site, ending):
    reader, lists = READERS[ending]
    printed = {(study_of(path, site), text) for path in site.rglob(f"*{ending}") for text in reader(path)}
    assert len(printed) > 100
    assert {hit for study, text in printed for hit in banned_in(text, lists, data_of(study))} == set()


@pytest.mark.parametrize("ending", [".html", ".docx", ".xlsx"])
def test_nobody_reads_an_id_of_a_point_or_a_passage(site, published, ending):
    reader, _ = READERS[ending]
    printed = {text for path in (site / "published").rglob(f"*{ending}") for text in reader(path)}
    read = {word for text in printed for word in re.findall(r"[\w-]+", text)}
    assert len(read) > 1000
    assert read & {*published.points["point_id"], *published.segments["segment_id"]} == set()


def study_of(path: Path, site: Path) -> str:
    """The study that a file is of; the page above them shows both, one of which has the words of each."""
    first = path.relative_to(site).parts[0]
    return first if (PROJECT / "data" / first).is_dir() else "published"


def own_texts() -> Iterator[Path]:
    """The files in which the project speaks: of itself, and as the author of its two studies."""
    yield from (PROJECT / "README.md", PROJECT / "CHANGELOG.md", *(PROJECT / "docs").glob("*.md"))
    yield from (SOURCE / "present" / "words").glob("*.toml")
    yield from (PROJECT / "data").glob("*/study.toml")
    yield from (PROJECT / "data").glob("*/findings/**/*.md")
    yield from (PROJECT / "notebooks").glob("*.ipynb")


def read_text(path: Path) -> str:
    """The words of a file: of the list of changes what is not released, of a notebook what its author wrote, of patterns no place."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = (cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown")
        return "\n".join("".join(cell["source"]) for cell in cells)
    if path.suffix == ".toml":
        return re.sub(r"{[^{}]*}", "…", text)
    return text.split("\n## ")[1] if path.name == "CHANGELOG.md" else text


@pytest.mark.parametrize("path", own_texts(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_nothing_that_the_project_says_has_a_banned_wording(path):
    data = data_of("published")
    assert [hit for line in read_text(path).splitlines() for hit in banned_in(line, BANNED, data)] == []


def prose_in(source: str) -> Iterator[str]:
    """The strings of a module with four words or more, their places not counted; not its docstrings and the errors it raises."""
    tree = ast.parse(source)
    raised = (part for node in ast.walk(tree) if isinstance(node, ast.Raise) for part in ast.walk(node))
    left_out = {*raised, *(node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and node not in left_out:
            left_out |= {*ast.walk(node)}
            text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left_out:
            text = node.value
        else:
            continue
        if len(re.findall(r"(?<!\S)\(?[A-Za-z][a-z’'-]*[.,;:)]*(?!\S)", re.sub("<[^>]*>", " ", text))) >= 4:
            yield text


def test_words_that_readers_see_are_in_the_files_of_words():
    """Those of findings_checked.py are faults of an author's file."""
    modules = [path for layer in OF_READERS for path in (SOURCE / layer).rglob("*.py")]
    modules.remove(SOURCE / "present" / "findings_checked.py")
    prose = [text for path in modules for text in prose_in(path.read_text(encoding="utf-8"))]
    assert len([text for text in prose if text not in VIEWS]) <= MOST_PROSE
