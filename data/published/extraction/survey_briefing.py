"""A council's briefing that reports survey shares: the items, their base and whose survey it was."""

import re

import pandas as pd

from document_lines import lines_of
from ncsresearch.ingest.document import Document
from printed_dates import MONTH, iso_month
from required import need

KIND = "a survey briefing"
RESPONSES = re.compile(r"responses from (\d+) (\w+), combining .*?'([a-z ]+)' and '([a-z ]+)'")
ITEM = re.compile(r"^(?:• )?(\d+)% (?:of parents|said|agreed|thought)\b")
CITATION = re.compile(r"\(([A-Z][\w ]+ Report), ([^()]*?)\.? (\d{4})\)")
NUMBERED = re.compile(r"^\**(\d)\. ?\**")


def read_survey_briefing(
    document: Document, *, document_id: str, area_id: str = ""
) -> dict[str, pd.DataFrame]:
    """Read a briefing with survey shares into rows of study tables.

    Returns survey_items (percentages only: no answers are published) and published_values (whose survey it
    was, dates, the spelling of authors, the numbering of headings).

    Raises StudyError that names what was missing if the document is not such a briefing.
    """
    text = " ".join(document.text.split())
    responses = need(
        document, RESPONSES.search(straight(text)), "number of responses and the answers combined", KIND
    )
    shares = [int(found[1]) for line in lines_of(document) if (found := ITEM.match(line.text))]
    need(document, shares, "list of percentages", KIND)
    cited = need(document, CITATION.search(text, responses.end()), "source cited after the percentages", KIND)
    items = {
        "item_id": [f"{document_id}-item{number}" for number in range(1, len(shares) + 1)],
        "document_id": document_id,
        "area_id": area_id,
        "positive_values": f"{responses[3]};{responses[4]}",
        "percent": [float(share) for share in shares],
        "base": int(responses[1]),
    }
    values = _published_values(document, text, responses, cited, len(shares))
    return {
        "survey_items": pd.DataFrame(items),
        "published_values": values.assign(document_id=document_id, read_by="machine"),
    }


def straight(text: str) -> str:
    """Return the text with straight quotation marks, without changing its length."""
    return text.translate(str.maketrans("‘’“”", "''\"\""))


def _published_values(document, text, responses, cited, items) -> pd.DataFrame:
    survey, pilot = "parent survey", "learning"
    shares = re.findall(r"• (\d+)% (?:of )?learning", text)
    launched = re.search(rf"launched in ({MONTH}) (\d{{4}}) and then adapted in ({MONTH}) (\d{{4}})", text)
    spellings = sorted({name for _, authors, _ in CITATION.findall(text) for name in authors.split(", ")})
    rows = [
        (
            survey,
            "respondents of the survey",
            responses[1],
            f"{cited[1]} {cited[3]}",
            "cited from elsewhere",
        ),
        (survey, "items with the top two answers only", str(items), "", "answers not published"),
        ("throughout", "spelling of the cited authors", "", ";".join(spellings), "one spelling"),
        ("headings", "numbering of the activities", "", ";".join(_numbering(document)), "numbered in order"),
    ]
    if shares:
        rows.append((pilot, "shares of the three kinds of learning", "100", ";".join(shares), "sum"))
    if launched:
        dates = ";".join((iso_month(launched[1], launched[2]), iso_month(launched[3], launched[4])))
        rows.append(
            ("organisational alignment", "group supervision launched, then adapted", "", dates, "in order")
        )
    return pd.DataFrame(rows, columns=["where", "statement", "published", "inputs", "rule"])


def _numbering(document: Document) -> list[str]:
    """Numbers of the short numbered headings, in their order; the list of activities above them is not one."""
    return [
        found[1]
        for line in lines_of(document)
        if (found := NUMBERED.match(line.text)) and len(line.text) < 60 and "**" not in line.text
    ]
