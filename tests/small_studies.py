"""First small studies, as researchers have them: a few interviews, one area, one group, no stances, a survey of seven."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

import pandas as pd

SETTINGS = """title = "A first study"
schema_version = "1"
access = "{access}"
evidence_date = "May 2026"
chapters = {chapters}
reporting_coder = "Ann"
quantity_words = "{words}"
"""
KINDS = {"Northfield": "mainly_rural", "Southport": "larger_city", "Eastwick": "remote_rural"}
THEMES = ("travel", "costs", "trust")
CHAPTERS = (
    "00_about_the_study",
    "01_who_was_heard",
    "02_themes",
    "03_area_types",
    "04_client_groups",
    "05_client_views",
    "11_trust_in_the_coding",
    "21_areas_compared",
)


@dataclass(frozen=True)
class Shape:
    """A small study.

    people    how many were heard, by area (of KINDS) and group
    stances   how they describe a theme, in turn; no stance where there is none
    about     whom they speak of, in turn
    also      areas where nobody was heard
    raise_    of how many people in a row each raises one theme more than the one before; 0 where nothing is coded
    asked     respondents of a survey of one question
    """

    people: dict[tuple[str, str], int]
    stances: tuple[str, ...] = ("challenge", "strength", "suggestion")
    about: tuple[str, ...] = ("",)
    also: tuple[str, ...] = ()
    raise_: int = 4
    asked: int = 0
    access: str = "confidential"
    words: str = "none"


FIVE = Shape({("Northfield", "Staff"): 2, ("Southport", "Staff"): 1, ("Southport", "Clients"): 2})
THIRTY = {("Northfield", "Staff"): 8, ("Northfield", "Clients"): 8, ("Southport", "Staff"): 14}
SHAPES = {
    "five interviews": FIVE,
    "five interviews, public": replace(FIVE, access="public"),
    "one area": Shape({("Northfield", "Staff"): 14, ("Northfield", "Clients"): 11}),
    "one group": Shape({("Northfield", "Staff"): 14, ("Southport", "Staff"): 12}),
    "one area and one group": Shape({("Northfield", "Clients"): 16}, about=("women", "men", "")),
    "no stances": Shape(THIRTY, stances=("",)),
    "nobody heard in one area": Shape(THIRTY, also=("Eastwick",)),
    "two people an area": Shape({(area, "Staff"): 2 for area in KINDS}),
    "a survey of seven": Shape({}, asked=7),
    "interviews and a survey of seven": Shape(THIRTY, asked=7),
    "nothing coded yet": Shape(THIRTY, raise_=0),
    "words": Shape(THIRTY, words="words"),
}


def small_study(folder: Path, shape: Shape, chapters: tuple[str, ...] = CHAPTERS) -> Path:
    """Write a small study as its tables."""
    folder.mkdir(parents=True)
    kept = {name: getattr(shape, name) for name in ("access", "words")}
    (folder / "study.toml").write_text(SETTINGS.format(chapters=[*chapters], **kept), encoding="utf-8")
    for name, rows in _tables(shape).items():
        if rows:
            pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    return folder


def _tables(shape: Shape) -> dict[str, list[dict]]:
    areas = dict.fromkeys([*(area for area, _ in shape.people), *shape.also])
    people = [
        {"participant_id": f"p{at:02}", "area_id": area.lower(), "participant_group": group}
        for at, (area, group) in enumerate(place for place, n in shape.people.items() for _ in range(n))
    ]
    said = list(_said(shape, people))
    held = [person | {"interview_id": f"i_{person['participant_id']}"} for person in people]
    interviews = [
        {name: row[name] for name in ("interview_id", "area_id", "participant_group")}
        | {"number": at, "mode": "one-to-one", "document_id": row["interview_id"]}
        for at, row in enumerate(held, 1)
    ]
    documents = [
        {"document_id": row["interview_id"], "title": f"Interview {at}", "kind": "transcript"}
        for at, row in enumerate(held, 1)
    ]
    if shape.asked:
        documents.append({"document_id": "survey", "title": "A survey", "kind": "survey"})
    return {
        "areas": [
            {
                "area_id": area.lower(),
                "name": area,
                "area_type": KINDS[area],
                "case_study": "yes",
                "report": "yes",
            }
            for area in areas or KINDS
        ],
        "documents": documents,
        "codebook": [{"code_id": code, "label": code.title(), "facet": "theme"} for code in THEMES],
        "participants": people,
        "interviews": interviews,
        "attendances": [{name: row[name] for name in ("interview_id", "participant_id")} for row in held],
        "segments": [
            {
                "segment_id": row["coding_id"],
                "document_id": row["interview_id"],
                "kind": "passage",
                "read_by": "reader",
            }
            | {name: row[name] for name in ("interview_id", "participant_id")}
            for row in said
        ],
        "codings": [
            {"coding_id": row["coding_id"], "unit": "segments", "unit_id": row["coding_id"], "coder": "Ann"}
            | {name: row[name] for name in ("code_id", "stance", "about_client_group")}
            for row in said
        ],
    } | _survey(shape)


def _said(shape: Shape, people: list[dict]) -> Iterator[dict]:
    """Of raise_ people the first raises nothing, the second the first theme, and so on."""
    stances, about = cycle(shape.stances), cycle(shape.about)
    for at, person in enumerate(people):
        for code_id in THEMES[: at % shape.raise_ if shape.raise_ else 0]:
            yield {
                "coding_id": f"{person['participant_id']}_{code_id}",
                "participant_id": person["participant_id"],
                "interview_id": f"i_{person['participant_id']}",
                "code_id": code_id,
                "stance": next(stances),
                "about_client_group": next(about),
            }


def _survey(shape: Shape) -> dict[str, list[dict]]:
    item = {"item_id": "seen", "document_id": "survey", "label": "I was seen in time"}
    scale = {"scale": "Agree;Neither;Disagree", "positive_values": "Agree"}
    answers = [
        {
            "respondent_id": f"r{at}",
            "item_id": "seen",
            "answer": ("Agree", "Disagree")[at % 2],
            "area_id": area,
        }
        for at, area in zip(range(shape.asked), cycle(("northfield", "southport")))
    ]
    return {"survey_items": [item | scale] if shape.asked else [], "survey_answers": answers}
