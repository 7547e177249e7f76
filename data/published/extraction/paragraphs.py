"""The paragraphs of a document, the same in every copy of it: where each is, how long, and a hash of its words.

A paragraph is a line of the normal text with the headings and the words ending in a colon that lead to it. A line that begins in
lower case goes on from the one before it. Lists of comments and tables of actions have one paragraph a comment and an action.
"""

import re
from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from document_lines import lines_of
from inspection import with_actions
from ncsresearch.ingest.document import BULLET, Document, text_hash
from staff_consultation import with_comments

DIVIDED: dict[str, Callable[[Document], Iterable[str]]] = {
    "sl_consultation": with_comments,
    "wd_inspection": with_actions,
}
HEADING = re.compile(r"(?:\d+\. )?[A-Z](?![^\t]*[.!?;:,”\")]$|[^\t]*: –$)[^\t]{0,78}$|• [A-Z]+$")
LEADS_ON = re.compile(r":(?: –)?$")


def read_paragraphs(document: Document, document_id: str) -> pd.DataFrame:
    """Return the rows of paragraphs of one document, without the reader's reasons: one row a paragraph, numbered from 1."""
    divide = DIVIDED.get(document_id, lambda document: (line.text for line in lines_of(document)))
    found = list(_paragraphs(_whole_lines(divide(document))))
    return pd.DataFrame(
        {
            "document_id": document_id,
            "paragraph": number,
            "section": section,
            "n_characters": len(words),
            "text_sha256": text_hash(words),
        }
        for number, (section, words) in enumerate(found, start=1)
    )


def _whole_lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines with those that go on from them, as at the end of a page."""
    whole = ""
    for line in lines:
        if whole and line[0].islower():
            whole = f"{whole} {line}"
        else:
            yield from filter(None, [whole])
            whole = line
    yield whole


def _paragraphs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Section and words of each paragraph."""
    section, leading = "", []
    for line in lines:
        leading.append(line)
        if HEADING.match(line) and ":" not in line:
            section = line.removeprefix(BULLET)
        if not HEADING.match(line) and not LEADS_ON.search(line):
            yield section, "\n".join(leading)
            leading = []
    if leading:
        yield section, "\n".join(leading)
