"""The authors' own sentences, each bound to a condition on the evidence: claims.toml of a study."""

import re
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path

from ncsresearch.ingest.file_format import read_toml
from ncsresearch.schema import StudyError, one_of

FILE = "claims.toml"
HOLDS = {
    "most": "more than half of the people say so",
    "at least": "number people or more say so",
    "more than": "a larger share than of the people of than say so",
    "in every area": "somebody says so in each of their areas",
    "nobody": "nobody says so",
}
HEADING = re.compile(r"""\s*\[\[?\s*["']?([^]"']+?)["']?\s*\]""")
OWN = ("chapter", "place", "line")  # what a claim has by its place in the file
NEEDS = {"at least": "number", "more than": "than"}


@dataclass(frozen=True)
class Claim:
    """One sentence of an author, and what has to hold of the evidence for it to stand.

    chapter   the chapter it is shown in
    place     its number in the chapter, from 1
    says      the sentence
    holds     the condition, one of HOLDS, on the people who raised theme, told as stance, among who
    number    for "at least"; than for "more than"
    line      where it begins in the file
    """

    chapter: str
    place: int
    says: str
    theme: str
    holds: str
    who: str = ""
    stance: str = ""
    than: str = ""
    number: int = 0
    line: int = 0

    @property
    def where(self) -> str:
        """Where the claim stands in its file."""
        return f"{FILE}, {self.chapter}, claim {self.place}"


def read_claims(folder: Path, chapters: tuple[str, ...]) -> tuple[Claim, ...]:
    """Read a study's claims, in the order of the file; none without one.

    Raises StudyError for a file that is broken, a chapter the study does not run, and a claim that lacks
    something, has something unknown or names no condition.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    found, lines = read_toml(path, "is broken TOML"), _lines(path.read_text(encoding="utf-8"))
    return tuple(
        _claim(one_of(f"chapter of {FILE}", chapter, chapters), place, lines.get((chapter, place), 0), told)
        for chapter, claims in found.items()
        for place, told in enumerate(claims if isinstance(claims, list) else [claims], start=1)
    )


def _lines(text: str) -> dict[tuple[str, int], int]:
    """Return the line of the heading of each claim, by chapter and place."""
    lines, places = {}, Counter()
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := HEADING.match(line):
            places[heading[1]] += 1
            lines[heading[1], places[heading[1]]] = number
    return lines


def _claim(chapter: str, place: int, line: int, told: object) -> Claim:
    where = f"{FILE}, {chapter}, claim {place}"
    if not isinstance(told, dict):
        raise StudyError(f"{where}: expected a table of its own, [[{chapter}]].")
    known = {field.name: field.type for field in fields(Claim) if field.name not in OWN}
    for name, value in told.items():
        one_of(f"key of {where}", name, list(known))
        if not isinstance(value, known[name]) or isinstance(value, bool):
            expected = "a whole number" if known[name] is int else "words in quotation marks"
            raise StudyError(f"{where}: {name} is {value!r}, expected {expected}.")
    needed = ("says", "theme", "holds", NEEDS.get(told.get("holds", ""), "holds"))
    if missing := [name for name in dict.fromkeys(needed) if name not in told]:
        raise StudyError(f"{where}: {', '.join(missing)} missing.")
    one_of(f"condition of {where}", told["holds"], list(HOLDS))
    return Claim(chapter, place, **told, line=line)
