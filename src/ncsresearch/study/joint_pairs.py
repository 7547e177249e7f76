"""Which theme of the interviews and which question of a survey does a study declare to be about the same thing?"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from ncsresearch.schema import StudyError, did_you_mean

KNOWN = {"answers": ("positive", "other"), "stance": ("", "strength", "challenge")}
NEEDED = ("theme", "item", "answers")


@dataclass(frozen=True)
class Pair:
    """One table [[joint]] of study.toml.

    theme, stance   the code, and how it is described; in any way where stance is empty
    item, answers   the question, and which answers on its scale mean the same: positive, or other: neither positive nor neutral
    heard_from      participant groups of the interviews to whom those who answered belong; everybody where empty
    """

    theme: str
    item: str
    answers: str
    stance: str = ""
    heard_from: tuple[str, ...] = ()


def pairs_of(tables: Sequence[object]) -> tuple[Pair, ...]:
    """Return the pairs that study.toml declares; raises StudyError for one that says something else, or the same again."""
    pairs = tuple(_pair(f"study.toml: joint {n}", table) for n, table in enumerate(tables, start=1))
    keys = [(pair.theme, pair.item) for pair in pairs]
    for n, key in enumerate(keys):
        if (first := keys.index(key)) < n:
            raise StudyError(
                f"study.toml: joint {n + 1} has the theme and item of joint {first + 1}, expected each pair once."
            )
    return pairs


def _pair(place: str, table: object) -> Pair:
    names = [field.name for field in fields(Pair)]
    if not isinstance(table, dict):
        raise StudyError(f"{place} is {table!r}, expected a table, [[joint]].")
    for name, value in table.items():
        if name not in names:
            raise StudyError(f"{place} has {name!r}, expected {', '.join(names)}.{did_you_mean(name, names)}")
        _refuse_value(place, name, value)
    if missing := [name for name in NEEDED if name not in table]:
        raise StudyError(f"{place}: {', '.join(missing)} missing.")
    return Pair(**table | {"heard_from": tuple(table.get("heard_from", ()))})


def _refuse_value(place: str, name: str, value: object) -> None:
    listed = name == "heard_from"
    words = value if listed and isinstance(value, list) else [None if listed else value]
    if not all(isinstance(each, str) for each in words):
        expected = "a list of words in quotation marks" if listed else "words in quotation marks"
        raise StudyError(f"{place}: {name} is {value!r}, expected {expected}.")
    known = KNOWN.get(name, words)
    if value not in known and not listed:
        allowed = ", ".join(each or "nothing" for each in known)
        raise StudyError(
            f"{place}: {name} is {value!r}, expected one of {allowed}.{did_you_mean(value, known)}"
        )
