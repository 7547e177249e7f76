"""A council's paper on a staff consultation: categories of comments, a live poll and example comments."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

import pandas as pd

from document_lines import Line, lines_of
from ncsresearch.ingest.document import Document, text_hash
from ncsresearch.schema import StudyError
from required import need

KIND = "a staff consultation paper"
TOPICS = re.compile(r"shows that (\w+) emerged.*?Other areas to emerge included: (.*?)\.(?: |$)", re.M)
QUESTION = re.compile(r"^Question (\d+)\. (.+)$")
TOTAL = re.compile(r"(\d+) comments")
COUNT = re.compile(r"([A-Za-z ]+?) \((\d+), (\d+)%\)")
POLL = re.compile(r"^• (\d+)% of respondents (did not|stated|agreed)")
DIRECTIONS = {"did not": "negative", "stated": "single choice", "agreed": "positive"}
EXAMPLES_HEADING = "Appendix 2 – Consultation comments"
EXAMPLE = re.compile(r"❖([^❖]*)")
MARKS = re.compile(r"<[^>]*>")
CUT = re.compile(r"(?:…|\.\.\.)['’\s]*$")
NEAR = 0.5  # share of words in common from which two comments are called nearly the same


def read_staff_consultation(
    document: Document, *, document_id: str, area_id: str = ""
) -> dict[str, pd.DataFrame]:
    """Read a staff consultation paper into rows of study tables.

    Returns comment_counts, poll_results, segments (example comments), attributes of comments cut short,
    links between comments printed twice or nearly so, and published_values (totals, topics, wordings).

    Raises StudyError that names what was missing if the document is not such a paper.
    """
    text = document.text
    topics = _topics(document)
    questions = _questions(document)
    poll = [(int(found[1]), found[2]) for line in lines_of(document) if (found := POLL.match(line.text))]
    examples = _examples(document)
    need(document, poll, "percentages of respondents to a poll", KIND)
    need(document, examples, "example comments after ❖", KIND)
    segments = _segments(document_id, examples, text)
    return {
        "comment_counts": _comment_counts(document, document_id, area_id, topics, questions),
        "poll_results": _poll_results(document_id, area_id, poll),
        "segments": segments,
        "attributes": _cut_short(segments, text),
        "links": _links(segments, text),
        "published_values": _published_values(document, document_id, topics, questions, poll),
    }


def _topics(document: Document) -> list[str]:
    found = TOPICS.search(document.text)
    need(document, found, "list of the topics that emerged", KIND)
    listed = re.sub(r"\([^)]*\)", "", found[2]).split(";")
    return [found[1].strip(), *(re.sub(r"^\s*and ", "", topic).strip() for topic in listed)]


def _questions(document: Document) -> dict[int, str]:
    """Return the text of each question's summary, from its heading to the next."""
    starts = [
        (int(found[1]), line.start) for line in lines_of(document) if (found := QUESTION.match(line.text))
    ]
    need(document, starts, "headings 'Question 1.' and following", KIND)
    ends = [*(start for _, start in starts[1:]), document.text.find("➤ SUMMARY", starts[-1][1])]
    return {number: document.text[start:end] for (number, start), end in zip(starts, ends, strict=True)}


def _comment_counts(document, document_id, area_id, topics, questions) -> pd.DataFrame:
    rows = []
    for number, summary in questions.items():
        total = need(document, TOTAL.search(summary), f"total of comments on question {number}", KIND)
        counts = need(document, COUNT.findall(summary), f"counts for question {number}", KIND)
        for words, n, percent in counts:
            category = _category(document, words, topics)
            rows.append(
                {
                    "category_id": f"{document_id}-q{number}-{re.sub('[^a-z]+', '_', category.lower())}",
                    "document_id": document_id,
                    "area_id": area_id,
                    "question_id": str(number),
                    "category": category,
                    "n": int(n),
                    "published_percent": float(percent),
                    "question_total": int(total[1]),
                }
            )
    return pd.DataFrame(rows)


def _category(document: Document, words: str, topics: list[str]) -> str:
    for topic in topics:
        if words.lower().rstrip().endswith(topic.lower()):
            return topic.capitalize()
    raise StudyError(
        f"{document.name}: counts {words.strip()!r}, which is none of its topics: {', '.join(topics)}."
    )


def _poll_results(document_id: str, area_id: str, poll) -> pd.DataFrame:
    """One row a poll question; the first, on the service worked in, has no published result."""
    results = [(None, "profile"), *((percent, DIRECTIONS[verb]) for percent, verb in poll)]
    return pd.DataFrame(
        {
            "poll_item_id": f"{document_id}-poll{number}",
            "document_id": document_id,
            "area_id": area_id,
            "question_id": str(number),
            "direction": direction,
            "percent": percent,
            "base": None,
        }
        for number, (percent, direction) in enumerate(results, start=1)
    )


def _examples(document: Document) -> list[tuple[str, str, int, int]]:
    """Return question, category as printed, start and end of each example comment."""
    lines = lines_of(document)
    first = max(
        (place for place, line in enumerate(lines) if line.text.endswith(EXAMPLES_HEADING)),
        default=len(lines),
    )
    examples, question = [], ""
    for line in lines[first:]:
        numbered = re.match(r"^(\d)\. ", line.text)
        question = numbered[1] if numbered else question
        if "\t" in line.text:
            examples += [(question, line.cells[0], *place) for place in _comments(line)]
    return examples


def with_comments(document: Document) -> Iterator[str]:
    """Lines of the document, a row of example comments as one line a comment; the first has the category before it."""
    for line in lines_of(document):
        marks = [found.start() for found in EXAMPLE.finditer(line.text)] if "\t" in line.text else []
        cuts = [0, *marks[1:], len(line.text)]
        yield from (MARKS.sub("", line.text[start:end]).strip() for start, end in pairwise(cuts))


def _comments(line: Line) -> list[tuple[int, int]]:
    """Places of the comments of one table row, without their list marks, tags and outer quotation marks."""
    places = []
    for found in EXAMPLE.finditer(line.text):
        words = MARKS.sub(lambda tag: " " * len(tag[0]), found[1])
        start = len(words) - len(words.lstrip(" '‘"))
        end = len(words.rstrip(" ;'’"))
        places.append((line.start + found.start(1) + start, line.start + found.start(1) + end))
    return places


def _segments(document_id: str, examples, text: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segment_id": f"{document_id}-c{ordinal:02}",
            "document_id": document_id,
            "interview_id": None,
            "section": f"Question {question}: {category}",
            "ordinal": ordinal,
            "kind": "comment",
            "start": start,
            "end": end,
            "text_sha256": text_hash(text[start:end]),
            "read_by": "machine",
        }
        for ordinal, (question, category, start, end) in enumerate(examples, start=1)
    )


def _cut_short(segments: pd.DataFrame, text: str) -> pd.DataFrame:
    cut = [row.segment_id for row in segments.itertuples() if CUT.search(text[row.start : row.end])]
    return pd.DataFrame(
        {"owner": "segments", "owner_id": name, "name": "cut short", "value": "yes"} for name in cut
    )


def _links(segments: pd.DataFrame, text: str) -> pd.DataFrame:
    """Pairs of comments on one question that are the same, or share at least half of their words."""
    rows = []
    for _, answers in segments.groupby(segments["section"].str.extract(r"Question (\d)", expand=False)):
        words = {row.segment_id: _words(text[row.start : row.end]) for row in answers.itertuples()}
        for (one, left), (other, right) in combinations(words.items(), 2):
            similarity = round(len(left & right) / len(left | right), 3)
            if similarity >= NEAR:
                kind = "same comment" if similarity == 1 else "nearly the same comment"
                rows.append((f"{one}~{other}", one, other, kind, similarity))
    links = pd.DataFrame(rows, columns=["link_id", "from_id", "to_id", "kind", "similarity"])
    return links.assign(from_table="segments", to_table="segments")


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def _published_values(document, document_id, topics, questions, poll) -> pd.DataFrame:
    text = document.text
    total = need(document, re.search(r"(\d+) recorded comments", text), "total of recorded comments", KIND)
    invited = re.search(r"(\d+) staff were invited.*?attendance rate was (\d+)%", text)
    need(document, invited, "number of staff invited with an attendance rate", KIND)
    asked = need(document, re.search(r"with (\d+) questions asked", text), "number of poll questions", KIND)
    totals = ";".join(TOTAL.search(summary)[1] for summary in questions.values())
    rows = [
        ("section 3", "comments recorded in all", total[1], totals, "sum"),
        (
            "section 2",
            "attendance rate of the staff invited",
            invited[2],
            invited[1],
            "counts behind a percentage",
        ),
        (
            "section 3",
            "poll questions asked, and results given",
            asked[1],
            str(len(poll)),
            "planned and reached",
        ),
        ("section 3", "topics named as most discussed", ";".join(topics), "", "topics have counts"),
        (
            "section 3",
            "seven topics named, and the comments in no published category",
            "",
            "",
            "topics hold the rest",
        ),
        ("section 3 and Appendix 2", "examples listed of all comments", total[1], "", "examples printed"),
        *_wordings(document),
    ]
    columns = ["where", "statement", "published", "inputs", "rule"]
    return pd.DataFrame(rows, columns=columns).assign(document_id=document_id, read_by="machine")


def _wordings(document: Document):
    """For each question, a short hash of its words in each place where it is printed in full."""
    lines = lines_of(document)
    printed: dict[str, list[str]] = {}
    for place, line in enumerate(lines):
        found = re.match(r"^(?:Question )?(\d)\. (.+)", line.text)
        if found and len(line.text) > 40 and "\t" not in line.text:
            following = lines[place + 1].text if place + 1 < len(lines) else ""
            goes_on = re.match(r"^[A-Z][^\t]*\?$", following)
            words = found[2] + (f" {following}" if goes_on else "")
            printed.setdefault(found[1], []).append(
                text_hash("".join(re.findall("[a-z]+", words.lower())))[:8]
            )
    for number, wordings in sorted(printed.items()):
        if len(wordings) > 1:
            yield (
                "section 3 and Appendix 2",
                f"wording of question {number}",
                "",
                ";".join(wordings),
                "same wording",
            )
