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
chapters = ["02_themes"]
reporting_coder = "{coder}"
"""
KINDS = {"Northfield": "mainly_rural", "Southport": "larger_city", "Eastwick": "remote_rural"}
OF_AREAS = ["area_id", "name", "area_type", "case_study", "report"]
THEMES = ("travel", "costs", "trust")


@dataclass(frozen=True)
class Shape:
    """A small study of people who are each interviewed once; of every four, the first says nothing, the next one thing, and so on.

    people    how many were heard, by area (of KINDS) and group
    stances   how they describe a theme, in turn; no stance where there is none
    also      areas where nobody was heard
    coded     whether what they say is coded
    asked     respondents of a survey of one question
    report    whether a report says it all, of which nobody knows who was heard
    apart     whether each of them is a document of its own, of which nobody knows who was heard
    words     what each of them says under every theme, word for word
    """

    people: dict[tuple[str, str], int]
    stances: tuple[str, ...] = ("challenge", "strength", "suggestion")
    also: tuple[str, ...] = ()
    coded: bool = True
    asked: int = 0
    report: bool = False
    apart: bool = False
    words: str = ""
    access: str = "confidential"
    coder: str = ""


FIVE = Shape(
    {("Northfield", "Staff"): 2, ("Southport", "Staff"): 1, ("Southport", "Clients"): 2}, coder="Ann"
)
THIRTY = {("Northfield", "Staff"): 8, ("Northfield", "Clients"): 8, ("Southport", "Staff"): 14}
# the commonest project of a tool for coding: no areas, no groups, no stances
SAID = "The bus comes twice a day and the last one leaves at four"
PLAIN = Shape({("", "not stated"): 24}, stances=("",), access="public", words=SAID)
SHAPES = {
    "five interviews": FIVE,
    "five interviews, public": replace(FIVE, access="public"),
    "one area": Shape(
        {("Northfield", "Staff"): 14, ("Northfield", "Clients"): 11, ("Northfield", "Partners"): 3}
    ),
    "one group, and an area without anybody": Shape(
        {("Northfield", "Staff"): 14, ("Southport", "Staff"): 12}, also=("Eastwick",)
    ),
    "no stances, and a survey of seven": Shape(THIRTY, stances=("",), asked=7),
    "two people an area": Shape({(area, "Staff"): 2 for area in KINDS}),
    "a survey of seven": Shape({}, asked=7),
    "nothing coded yet": Shape(THIRTY, coded=False),
    "a report": Shape({("Northfield", "Staff"): 4}, report=True, access="public"),
    "people alone": PLAIN,
    "people alone, confidential": replace(PLAIN, access="confidential"),
    "documents alone": replace(PLAIN, apart=True),
}


def small_study(folder: Path, shape: Shape) -> Path:
    """Write a small study as its tables."""
    folder.mkdir(parents=True)
    settings = SETTINGS.format(access=shape.access, coder=shape.coder)
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    for name, rows in _tables(shape).items():
        if rows or name == "areas":  # which every study has
            pd.DataFrame(rows, columns=[*rows[0]] if rows else OF_AREAS).to_csv(
                folder / f"{name}.csv", index=False
            )
    return folder


def _tables(shape: Shape) -> dict[str, list[dict]]:
    areas = dict.fromkeys([*(area for area, _ in shape.people if area), *shape.also])
    areas = areas or ({} if shape.people else KINDS)
    held = [
        {"participant_id": f"p{at:02}", "interview_id": f"i{at:02}", "area_id": area.lower()}
        | {"participant_group": group, "document_id": "report" if shape.report else f"i{at:02}"}
        for at, (area, group) in enumerate(place for place, n in shape.people.items() for _ in range(n))
    ]
    said = list(_said(shape, held))
    unknown = shape.report or shape.apart
    documents = {row["document_id"]: "report" if shape.apart else "transcript" for row in held} | (
        {"survey": "survey"} if shape.asked else {}
    )
    of_people = () if unknown else ("interview_id", "participant_id")
    tables = {
        "areas": [
            {
                "area_id": area.lower(),
                "name": area,
                "area_type": KINDS[area],
                "case_study": "yes",
                "report": "yes",
            }
            for area in areas
        ],
        "documents": [{"document_id": name, "title": name, "kind": kind} for name, kind in documents.items()],
        "codebook": [{"code_id": code, "label": code.title(), "facet": "theme"} for code in THEMES],
        "segments": [
            row
            | {"segment_id": row["coding_id"], "kind": "passage", "read_by": "reader", "text": shape.words}
            for row in _columns(said, "coding_id", "document_id", *of_people)
        ],
        "codings": [
            row | {"unit": "segments", "unit_id": row["coding_id"], "coder": "Ann"}
            for row in _columns(said, "coding_id", "code_id", "stance")
        ],
    }
    heard = {
        "participants": _columns(held, "participant_id", "area_id", "participant_group"),
        "interviews": _columns(held, "interview_id", "area_id", "participant_group", "document_id"),
        "attendances": _columns(held, "interview_id", "participant_id"),
    }
    for row in tables["segments"]:
        row.pop("coding_id")
    return tables | ({} if unknown else heard) | _survey(shape)


def _columns(rows: list[dict], *names: str) -> list[dict]:
    return [{name: row[name] for name in names} for row in rows]


def _said(shape: Shape, held: list[dict]) -> Iterator[dict]:
    stances = cycle(shape.stances)
    for at, person in enumerate(held):
        for code_id in THEMES[: at % 4] if shape.coded else ():
            coding_id = f"{person['participant_id']}_{code_id}"
            yield person | {"coding_id": coding_id, "code_id": code_id, "stance": next(stances)}


def _survey(shape: Shape) -> dict[str, list[dict]]:
    item = {"item_id": "seen", "document_id": "survey", "label": "I was seen in time"}
    scale = {"scale": "Agree;Neither;Disagree", "positive_values": "Agree"}
    answers = [
        {"respondent_id": f"r{at}", "item_id": "seen", "area_id": ("northfield", "southport")[at % 2]}
        | {"answer": ("Agree", "Disagree", "Disagree")[at % 3]}
        for at in range(shape.asked)
    ]
    return {"survey_items": [item | scale] if answers else [], "survey_answers": answers}
