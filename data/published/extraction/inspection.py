"""A council's paper on an inspection: ratings, key messages, the improvement actions and the KPI table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from document_lines import Line, lines_of
from ncsresearch.ingest.document import BULLET, Document, text_hash
from ncsresearch.schema import StudyError
from printed_dates import MONTH, iso_month
from required import need

KIND = "an inspection paper"
POINTS = {"Unsatisfactory": 1, "Weak": 2, "Adequate": 3, "Good": 4, "Very good": 5, "Excellent": 6}
ACTION_ENDS = re.compile(r"\(KM ?([\d, ]+)\)")
KEY_MESSAGE = re.compile(r"^Key message \((KM\d)\):?$")
UPDATED = re.compile(rf"Update on activity: ({MONTH}) (\d{{4}})$")
KEY_QUESTION = re.compile(r"(?:What|How)\b")
PERIOD = re.compile(r"Q(\d) (\d{4}/\d{2})")
LEARNING_HEAD = "Community Justice Scotland (Head of LDI)"
SHORTENED = r"(?:Community Justice|CJ) Scotland \(Head of [^)]*\)"
ROLES = re.compile(
    rf"{SHORTENED}|Head of Service|Unpaid Work Manager"
    r"|Service Manager|Senior Social Workers|Social Workers|Information Lead|CJ co-ordinator|MAPPA co-ordinator"
    r"|Council Department Leads|Third sector organisations|CVS|OD Manager \(WDC\)|Chief Officer"
)
TERMS = {"first four": "0-4", "three to six": "3-6", "six to twelve": "6-12"}


@dataclass
class Row:
    """One action of the plan while its cells are being put together from the lines of the table."""

    group: int
    indicator: str = ""
    words: str = ""
    owner: str = ""
    due: str = ""
    update: str = ""
    merged: bool = False
    key_messages: list[str] = field(default_factory=list)


def read_inspection(document: Document, *, document_id: str, area_id: str = "") -> dict[str, pd.DataFrame]:
    """Read an inspection paper into rows of study tables.

    Returns ratings, actions (with owner, due date and status in the month of the updates), kpi_values, segments
    (the key messages) and published_values (dates, terms, counts of the text).

    Raises StudyError that names what was missing if the document is not such a paper.
    """
    as_of = _date_of_updates(document)
    kpi_values = _kpi_values(document, document_id)
    rows = _action_rows(document)
    labels = {"document_id": document_id, "area_id": area_id}
    ratings = _ratings(document, list(dict.fromkeys(row.indicator for row in rows)))
    return {
        "ratings": ratings.assign(**labels),
        "actions": _actions(rows, as_of).assign(**labels),
        "kpi_values": kpi_values.assign(**labels),
        "segments": _key_messages(document, document_id),
        "published_values": _published_values(document, ratings, kpi_values).assign(
            document_id=document_id, read_by="machine"
        ),
    }


def _date_of_updates(document: Document) -> str:
    """Return the month that the plan's updates are of; the paper was signed later, when a state may have been another."""
    dated = next((found for line in lines_of(document) if (found := UPDATED.search(line.text))), None)
    return iso_month(*need(document, dated, "column 'Update on activity:' with its month", KIND).groups())


def _ratings(document: Document, indicators: list[str]) -> pd.DataFrame:
    rated = [line.cells for line in lines_of(document) if len(line.cells) == 2 and line.cells[1] in POINTS]
    need(document, rated, "table of indicators with ratings", KIND)
    if len(rated) != len(indicators):
        raise StudyError(
            f"{document.name}: rates {len(rated)} indicators, but its action plan has {len(indicators)}: "
            f"{', '.join(indicators)}."
        )
    return pd.DataFrame(
        {"indicator_id": indicator, "rating": rating, "points": POINTS[rating]}
        for indicator, (_, rating) in zip(indicators, rated, strict=True)
    )


def _plan_lines(document: Document) -> list[list[str]]:
    """Cells of the plan's table lines, without its headers."""
    lines = lines_of(document)
    starts = [place for place, line in enumerate(lines) if "Actions for improvement" in line.text]
    need(document, starts, "action plan with a column 'Actions for improvement'", KIND)
    cells = [(line.cells + [""] * 6)[:6] for line in lines[starts[0] :] if "\t" in line.text]
    plan = [row for row in cells if row[1] != "Actions for improvement" and row[3] != "Review"]
    ends = [place for place, row in enumerate(plan) if row[0] == "Performance Indicator"]
    return plan[: ends[0]] if ends else plan


def _action_rows(document: Document) -> list[Row]:
    """Put the actions together: an action ends with its key messages in brackets, wherever the lines break."""
    lines = _plan_lines(document)
    begins = lines and KEY_QUESTION.match(lines[0][0]) and lines[0][1]
    need(document, begins, "action plan that begins with a key question ('What' or 'How')", KIND)
    rows: list[Row] = []
    heading, numbered = "", []
    for cells in lines:
        if KEY_QUESTION.match(cells[0]):
            heading = ""
            numbered.append("")
        heading = f"{heading} {cells[0]}"
        if code := re.search(r"\b\d\.\d\b", heading):
            numbered[-1] = code[0]
        _read_line(rows, cells, group=len(numbered) - 1)
    for row in rows:
        row.indicator = need(document, numbered[row.group], "number of a quality indicator", KIND)
        need(document, row.key_messages, f"key messages (KM ...) after the action {row.words[:30]!r}", KIND)
    return rows


def with_actions(document: Document) -> Iterator[str]:
    """Lines of the document, the rows of its action plan as one line an action, its headers left out."""
    rows = _action_rows(document)
    lines = [line.text for line in lines_of(document)]
    first = next(place for place, line in enumerate(lines) if "Actions for improvement" in line)
    ends = [place for place, line in enumerate(lines) if line.startswith("Performance Indicator\t")]
    last = need(document, ends, "table that begins with 'Performance Indicator'", KIND)[0] - 1
    yield from lines[:first]
    yield from ("\t".join([row.words, row.owner, row.due, row.update]) for row in rows)
    yield from lines[last:]


def _read_line(rows: list[Row], cells: list[str], group: int) -> None:
    _, words, owner, due, _, update = cells
    complete = not rows or bool(rows[-1].key_messages)
    if words and complete:
        rows.append(Row(group))
    row = rows[-1]
    row.words = f"{row.words} {words}".strip()
    ended = ACTION_ENDS.search(row.words)
    following = row.words[ended.end() :].strip() if ended else ""
    if ended and not row.key_messages:
        row.key_messages = re.findall(r"\d", ended[1])
    if following:
        row.words = row.words[: ended.end()]
        rows.append(_second_of_a_merged_row(row, following, owner, due, update))
        return
    row.owner = f"{row.owner} {owner}".strip()
    row.due = f"{row.due} {due}".strip()
    row.update = f"{row.update} {update}".strip()


def _second_of_a_merged_row(row: Row, words: str, owner: str, due: str, update: str) -> Row:
    """Divide one line that holds two actions: roles named in full and the first date are the first action's.

    The updates cannot be divided: the first action keeps them and the second is marked as merged.
    """
    dates = re.findall(rf"(?:{MONTH}) \d{{4}}", due)
    rest = ROLES.sub("", owner).strip()
    row.owner, row.update = owner.removesuffix(rest).strip(), update
    row.due = dates[0] if dates else due
    return Row(row.group, words=words, owner=rest, due=dates[-1] if dates else due, merged=True)


def _actions(rows: list[Row], as_of: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "action_id": str(number),
            "indicator_id": row.indicator,
            "key_messages": ";".join(row.key_messages),
            "owner": _owners(row.owner),
            "due_printed": row.due,
            "due": _due_month(row.due, as_of),
            "recurring": "yes" if "onwards" in row.due else "no",
            "status": _status(row),
            "as_of": as_of,
        }
        for number, row in enumerate(rows, start=1)
    )


def _owners(printed: str) -> str:
    """Return the roles in one cell, divided by semicolons; the paper's three spellings of one role are one."""
    rejoined = re.sub(r"(?<=\w)- (?=[a-z])", "-", printed)
    return ";".join(re.sub(SHORTENED, LEARNING_HEAD, role) for role in ROLES.findall(rejoined))


def _due_month(printed: str, as_of: str) -> str | None:
    """Last month an action is due; a day without a year is of the report's year; several dates are none."""
    if found := re.search(rf"({MONTH}) (\d{{4}})", printed):
        return iso_month(*found.groups())
    found = re.search(rf"\d{{1,2}} ({MONTH})$", printed)
    return iso_month(found[1], as_of[:4]) if found else None


def _status(row: Row) -> str:
    if row.merged:
        return "not separable"
    if not row.update:
        return "no update"
    return "complete" if "COMPLETE" in row.update[:14] else "in progress"


def _kpi_values(document: Document, document_id: str) -> pd.DataFrame:
    lines = lines_of(document)
    header = next(
        (place for place, line in enumerate(lines) if line.text.startswith("Performance Indicator\t")), None
    )
    need(document, header is not None, "table that begins with 'Performance Indicator'", KIND)
    periods = lines[header].cells[1:]
    measures = [line.cells for line in lines[header + 1 :] if line.text.startswith("Percentage of")]
    need(document, measures, "measures that begin with 'Percentage of'", KIND)
    for label, *values in measures:
        whole = len(values) == len(periods) + 1 and all(re.fullmatch(r"\d+%", value) for value in values)
        need(
            document,
            whole,
            f"value for each of {len(periods)} periods and a target beside {label[:30]!r}",
            KIND,
        )
    rows = [
        {
            "kpi_id": f"{document_id}-kpi{number}",
            "period": _period(period),
            "period_type": "quarter" if PERIOD.match(period) else "month",
            "value": float(value.rstrip("%")),
            "target": float(target.rstrip("%")),
        }
        for number, (_, *values, target) in enumerate(measures, start=1)
        for period, value in zip(periods, values, strict=True)
    ]
    return pd.DataFrame(rows)


def _period(printed: str) -> str:
    found = PERIOD.match(printed)
    return f"{found[2]} Q{found[1]}" if found else printed


def _key_messages(document: Document, document_id: str) -> pd.DataFrame:
    lines = lines_of(document)
    messages: list[tuple[str, Line]] = [
        (found[1], lines[place + 1])
        for place, line in enumerate(lines[:-1])
        if (found := KEY_MESSAGE.match(line.text))
    ]
    need(document, messages, "'Key message (KM1):' and following", KIND)
    return pd.DataFrame(
        {
            "segment_id": f"{document_id}-{name.lower()}",
            "document_id": document_id,
            "interview_id": None,
            "section": "Key messages",
            "ordinal": ordinal,
            "kind": "key point",
            "start": line.start,
            "end": line.start + len(line.text),
            "text_sha256": text_hash(line.text),
            "read_by": "machine",
        }
        for ordinal, (name, line) in enumerate(messages, start=1)
    )


def _published_values(document: Document, ratings, kpi_values) -> pd.DataFrame:
    text = " ".join(document.text.split())
    rows = [_orders_inspected(document, text, kpi_values["period"].iloc[0])]
    terms = [months for words, months in TERMS.items() if re.search(rf"\((?:{words}) months\)", text)]
    months = ";".join(terms)
    statement = "months of the training plan's short, medium and longer term"
    rows.append(("paragraph 2.10", statement, months.replace("-", " to "), months, "no overlap"))
    listed = _items(text.split("quality indicators:", 1)[-1].split("2. Main Issues", 1)[0])
    statement = "list items for the indicators, and indicators rated"
    rows.append(("paragraph 1.2", statement, str(listed), str(len(ratings)), "same number"))
    quarters = kpi_values.loc[kpi_values["period_type"].eq("quarter"), "period"].nunique()
    periods = kpi_values["period"].nunique()
    statement = "quarters that the measures are shown for"
    rows.append(("Appendix 2", statement, str(quarters), str(periods), "one period type"))
    if rise := re.search(r"(\d+)% increase in CPOs in (\d{4}-\d{2})", text):
        rows.append(
            ("paragraph 2.12", f"rise in community payback orders in {rise[2]}", rise[1], "", "base needed")
        )
    return pd.DataFrame(rows, columns=["where", "statement", "published", "inputs", "rule"])


def _items(section: str) -> int:
    """Return how many items a list has; where its items end in a mark, a line without one goes on in the next."""
    lines = [line.strip() for line in section.split(BULLET)[1:]]
    return sum(line.endswith((";", ".")) for line in lines) or len(lines)


def _orders_inspected(document: Document, text: str, first_period: str) -> tuple[str, ...]:
    window = rf"orders from ({MONTH}) (?:(\d{{4}}) )?to ({MONTH}) (\d{{4}})"
    review = re.search(window, text)
    need(document, review, "period of the orders that were inspected", KIND)
    statement = "orders inspected, and start of the KPI series"
    return "paragraph 2.1 and Appendix 2", statement, _window(review), first_period, "series covers"


def _window(found: re.Match) -> str:
    month, year, last_month, last_year = found.groups()
    return f"{iso_month(month, year or last_year)}/{iso_month(last_month, last_year)}"
