"""Which items of a reporting checklist can the study's own data answer, and which must a person write?

Items, in their order and domains, are in checklists.toml.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import pandas as pd

from ncsresearch.disclosure.checklist_answers import ANSWERS
from ncsresearch.schema import StudyError, nearest, one_of
from ncsresearch.study import Study

FILE = "checklist.toml"
YES, IN_PART, TO_WRITE, BY_AUTHOR = "yes", "in part", "a person must write it", "by the author"
COLUMNS = ["item", "domain", "asks", "answered", "answer", "where"]


@dataclass(frozen=True)
class Item:
    """One item: what it asks in our words, what of the data answers it, how far, and the chapter that shows it.

    answers   a name of ANSWERS; empty where no data can answer
    """

    asks: str
    answers: str = ""
    how_far: str = TO_WRITE
    chapter: str = ""


@dataclass(frozen=True)
class Checklist:
    """A published checklist: its source, and its items by domain, numbered through from 1."""

    source: str
    domains: Mapping[str, tuple[Item, ...]]


@cache
def checklists() -> dict[str, Checklist]:
    """Return the checklists by name."""
    with (files("ncsresearch.disclosure") / "checklists.toml").open("rb") as file:
        found = tomllib.load(file)
    return {
        name: Checklist(
            said["source"],
            {domain: tuple(Item(**item) for item in items) for domain, items in said["domains"].items()},
        )
        for name, said in found.items()
    }


def checklist(
    study: Study, name: str = "COREQ", *, by_author: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """A reporting checklist with what the study's own data answer of it.

    name        COREQ, SRQR or Spencer
    by_author   sentences of the author by checklist and item number, as read_checklist_answers reads them

    Returns one row per item, in order, with
        item, domain   its number from 1 and the part it belongs to
        asks           what it asks, in our own words
        answered       yes, in part, a person must write it, or by the author where the author has written
        answer         what the data say, then what the author wrote; empty where somebody must write it
        where          the chapter of the study that shows it; empty where none does

    Counts of people and interviews under the study's threshold, and those that would give one back, are [c].
    What data cannot answer is left open and never made up. Caution: an item answered is an item reported, which
    is not to say that the research was done well.

    Raises StudyError for an unknown checklist, and for an item of by_author that it does not have.
    """
    one_of("checklist", name, list(checklists()))
    written = checked_answers(by_author or {}).get(name, {})
    domains = checklists()[name].domains.items()
    items = [(domain, item) for domain, own in domains for item in own]
    rows = [
        [number, domain, item.asks, *_answered(study, item, written.get(str(number), ""))]
        for number, (domain, item) in enumerate(items, 1)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def checked_answers(by_author: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """Return an author's answers unchanged; raises StudyError for a checklist, item or answer that cannot be."""
    for name, answers in by_author.items():
        if name not in checklists():
            raise _fault(name, f"one of {', '.join(checklists())}", nearest(name, checklists()))
        if not isinstance(answers, Mapping):
            raise _fault(name, f"a table of its own, [{name}]")
        last = n_items(name)
        for number, words in answers.items():
            if number not in map(str, range(1, last + 1)):
                near = str(min(max(1, int(number)), last)) if number.isdecimal() else ""
                raise _fault(f"{name}, {number}", f"an item number from 1 to {last}", near)
            if not isinstance(words, str):
                raise _fault(f"{name}, {number}", "words in quotation marks")
    return by_author


def n_items(name: str) -> int:
    """Return how many items a checklist has."""
    return sum(len(items) for items in checklists()[name].domains.values())


def _fault(key: str, expected: str, near: str = "") -> StudyError:
    return StudyError(f"{FILE}: {key}: expected {expected}.{near and f' Did you mean {near!r}?'}")


@lru_cache(maxsize=64)
def _told_by_data(study: Study, name: str) -> str:
    """Return one answer; several checklists ask for the same."""
    return ANSWERS[name](study)


def _answered(study: Study, item: Item, written: str) -> tuple[str, str, str]:
    found = _told_by_data(study, item.answers) if item.answers else ""
    answer = " ".join(filter(None, (found, written.strip())))
    where = item.chapter if found and item.chapter in study.settings.chapters else ""
    if written.strip():
        return BY_AUTHOR, answer, where
    return item.how_far if found else TO_WRITE, answer, where
