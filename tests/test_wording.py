"""One list of banned wording, read over all that a run of both studies prints, and over what the project says of itself."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import docx
import lxml.html
import openpyxl

from conftest import PROJECT

WORDS = PROJECT / "src" / "ncsresearch" / "present" / "words"
SOMEBODY = r"(?:a|the|their|its|his|her|them|us|him|people|clients|staff|parents|workers|somebody|nobody|me|you|what|when|how|that|about|to)"
BANNED = {
    "told": rf"\btold\b(?! {SOMEBODY}\b)",
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
    "made of": r"(?<!\buse )\bmade of\b",
    "begins with Of": r"(?:^|[.!?] )Of (?!course\b)",
    "begins with What is": r"(?:^|[.!] )What (?:is|are) (?![^.]*\?)",
    "Where it is not known": r"(?:^|[.!?] )Where [^.]* (?:is|are) not known\b",
}
OF_SOFTWARE = {
    "reader by number": r"\breader \d",
    "the machine": r"\bby (?:the )?machine\b",
    "folded code": r"\bfold(?:s|ed)?\b",
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
    for block in root.xpath(
        "//p | //li | //h1 | //h2 | //h3 | //h4 | //td | //th | //caption | //summary | //label | //legend"
    ):
        yield block.text_content()


def pieces_of_document(path: Path) -> Iterator[str]:
    """The paragraphs and cells of a Word document, and what its figures are said to show."""
    document = docx.Document(str(path))
    yield from (paragraph.text for paragraph in document.paragraphs)
    yield from document.element.body.xpath(".//w:tc//w:t/text() | .//wp:docPr/@descr")


def pieces_of_workbook(path: Path) -> Iterator[str]:
    """The cells of a workbook that hold words."""
    for sheet in openpyxl.load_workbook(path, read_only=True):
        yield from (cell for row in sheet.values for cell in row if isinstance(cell, str))


READERS = {".html": pieces_of_page, ".docx": pieces_of_document, ".xlsx": pieces_of_workbook}


@cache
def data_of(study: str) -> str:
    """All that the tables, transcripts and answers of a study hold: whose words these are is not for this list."""
    files = [path for path in (PROJECT / "data" / study).rglob("*") if path.suffix in (".csv", ".txt", ".md")]
    files = [path for path in files if "findings" not in path.parts]
    cells = [
        " ".join(cell for row in csv.reader(path.open(encoding="utf-8")) for cell in row)
        if path.suffix == ".csv"
        else path.read_text(encoding="utf-8")
        for path in files
    ]
    return spaced(" ".join(cells))


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def banned_in(text: str, lists: dict[str, str], data: str = "") -> Iterator[str]:
    """Each banned wording of a text with the words around it, but for what is in the data."""
    text = spaced(text)
    for name, pattern in lists.items():
        for hit in re.finditer(pattern, text):
            around = text[max(0, hit.start() - 12) : hit.end() + 12]
            if around not in data:
                yield f"{name}: {text[max(0, hit.start() - 60) : hit.end() + 60]}"
