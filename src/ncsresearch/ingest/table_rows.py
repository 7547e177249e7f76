"""Which rows of a sheet are none of its table: totals and notes, which are left out, and a second table, which is refused."""

import re

from ncsresearch.ingest.fields import field_of, plain
from ncsresearch.ingest.imported_file import Line
from ncsresearch.schema import StudyError

TOTALS = "total, totals, sub total, subtotal, grand total, sum, summe, gesamt, insgesamt, total général, suma, razem, итого, всего"
COUNTED = re.compile(r"n\s*=\s*\d+", re.IGNORECASE)
NUMBER = re.compile(r"[\d.,%\s]+")
SAYS_NOTE = re.compile(r"(notes?|sources?|n\.?b\.?|quelle|anmerkung|remarque|fuente)\s*:", re.IGNORECASE)
NOTE = re.compile(r"[*†‡]")
FEWEST_WORDS = 4  # of a note after a blank row


def table_rows(
    rows: list[list[str]], heading: list[str], first: int, file: str
) -> tuple[dict[int, list[str]], tuple[Line, ...]]:
    """Return the rows of a table by their numbers, without totals, notes and its own heading again, and what was left out.

    first  the number of the first row in its file. Raises StudyError for a heading of another table after a blank row.
    """
    kept, left, after_blank = {}, [], False
    for number, row in enumerate(rows, first):
        cells = [cell for cell in row if cell]
        if not cells or row == heading:
            after_blank = not cells
        elif kind := _beside(cells, len(heading), after_blank=after_blank):
            left.append(f"{number} ({kind})")
        elif after_blank and len(cells) > 1 and all(map(field_of, cells)):
            raise StudyError(
                f"{file}: row {number} is the heading of a second table ({', '.join(cells)}); put it on a sheet of its own."
            )
        else:
            kept[number] = row
    line = Line("row beside the table", len(left), 0, f"left out: row {', '.join(left)}")
    return kept, (line,) if left else ()


def _beside(cells: list[str], width: int, *, after_blank: bool) -> str:
    """Return whether a row is a total or a note, by its filled cells; an empty string for a row of the table."""
    named = plain(cells[0]) in TOTALS.split(", ") and all(map(NUMBER.fullmatch, cells[1:]))
    if named or (width > 1 and COUNTED.fullmatch(cells[0])):
        return "a total"
    if SAYS_NOTE.match(cells[0]):
        return "a note"
    words = bool(NOTE.match(cells[0])) or (after_blank and len(cells[0].split()) >= FEWEST_WORDS)
    return "a note" if len(cells) == 1 and width > 1 and words else ""
