"""Tables that other tools export, known by headings that no other table has together: what each of their columns means there.

To add one, add a row to known_exports.csv: those headings that make it certain, and the tool's own headings in order, each with
its field (none keeps a column as an attribute).
"""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from ncsresearch.ingest.fields import plain

APPLIED = re.compile(r"^code: (?P<code>.+) applied$", re.IGNORECASE)
WEIGHT = re.compile(r"^code: .+ (weight|range)( applied)?$", re.IGNORECASE)
with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
    EXPORTS = list(csv.DictReader(file))


def known_export(headings: Iterable[str]) -> dict[str, str]:
    """Return the field of each heading that a known export has, by the heading as it is; empty for a table of nobody's.

    Of a known export, what no row of the table names is left to the reader of headings.
    """
    own = {heading: plain(heading) for heading in headings}
    codes = {heading: field for heading in own if (field := _of_a_code(heading))}
    there = set(own.values())
    known = next((row for row in EXPORTS if there.issuperset(row["certain"].split(", "))), {"fields": ""})
    fields = dict(pair.split("=") for pair in known["fields"].split(", ") if pair)
    return {heading: fields[name] or "attribute" for heading, name in own.items() if name in fields} | codes


def _of_a_code(heading: str) -> str:
    if APPLIED.match(heading):
        return "theme column"
    return "leave out" if WEIGHT.match(heading) else ""


def theme_of(column: str) -> str:
    """Return the theme that a column of ticks is for: Dedoose writes "Code: X Applied"."""
    match = APPLIED.match(column)
    return match["code"] if match else column
