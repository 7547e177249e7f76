"""A synthetic study of any size: do the counts of a study come out as they were put in, however large it is?"""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from ncsresearch.exchange.new_study import CHAPTERS, refuse_what_is_there, template, write_folder
from ncsresearch.exchange.synthetic_people import (
    NOBODY,
    RAISED,
    THEMES,
    TYPES,
    ids,
    passages_by_rule,
    people_by_rule,
    planned_people,
    truth,
)
from ncsresearch.schema import VERSION, StudyError, one_of
from ncsresearch.study import describe_study

TRUTH = "truth.json"
MOST = 100_000_000
SIZES = ("areas", "participants", "segments", "clients")
EACH_SAYS = 10
CLIENT_GROUPS = ("women", "men", "young people", "leaving prison")
TOLD = ("challenge", "challenge", "challenge", "strength", "strength", "mixed", "suggestion", "neutral")
LEVELS = ("seen_as_better_served", "seen_as_less_well_served", "seen_as_less_well_served")
CODERS = ("Coder 1", "Coder 2")
OTHER = dict(zip(RAISED["code_id"], np.roll(RAISED["code_id"], -1), strict=True))

SETTINGS = """title = "Synthetic study: {title}"
schema_version = "{version}"
access = "confidential"
status = "{nobody}"
evidence_date = "made by rule; nobody was heard"
{chapters}reporting_coder = "Coder 1"
interval_level = 0.95

[limits]
00_about_the_study = [
    "{nobody}. No person, place or service in it exists, and nothing here is a finding about any.",
]
"""


def read_sizes(words: str) -> dict[str, int]:
    """Read sizes such as areas=10,participants=200; raises StudyError for one that is unknown or no whole number.

    Returns the sizes by the names that synthetic_study takes.
    """
    sizes = {}
    for part in filter(None, (part.strip() for part in words.split(","))):
        name, _, number = (piece.strip() for piece in part.partition("="))
        one_of("size of a synthetic study", name, SIZES)
        if name in sizes:
            raise StudyError(f"{name} is given twice, expected each size once.")
        if not (number.isascii() and number.isdecimal() and len(number) <= len(str(MOST))):
            raise StudyError(f"{name} is {number!r}, expected a whole number, such as {name}=100.")
        sizes[name] = int(number)
    return sizes


def synthetic_study(
    folder: Path,
    *,
    areas: int = 12,
    participants: int = 240,
    segments: int | None = None,
    clients: int | None = None,
) -> None:
    """Write a confidential study that is made by rule, whole or not at all, with the truth it was made of.

    The same sizes give the same bytes. Where it is not said, each participant has ten segments, and a third
    are clients. Where there are fewer segments than the rule has people raise themes, fewer raise them, and
    the truth says so.

    Raises StudyError for sizes that no study can have, and for a folder that holds anything.
    """
    segments = participants * EACH_SAYS if segments is None else segments
    clients = participants // 3 if clients is None else clients
    sizes = {"areas": areas, "participants": participants, "segments": segments, "clients": clients}
    _refuse(sizes)
    refuse_what_is_there(folder)
    stage = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(stage, ignore_errors=True)
    try:
        _write(stage, sizes)
        if folder.exists():
            folder.rmdir()
        stage.rename(folder)
        describe_study(folder)
    except OSError as error:
        raise StudyError(f"{folder.name}: cannot be written ({error.strerror}).") from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _refuse(sizes: dict[str, int]) -> None:
    for name, number in sizes.items():
        least = 1 if name == "areas" else 0
        if not least <= number <= MOST:
            raise StudyError(f"{name} is {number}, expected {least} to {MOST}.")
    if sizes["clients"] > sizes["participants"]:
        raise StudyError(
            f"clients is {sizes['clients']}, expected no more than the {sizes['participants']} participants."
        )
    if sizes["segments"] and not sizes["participants"]:
        raise StudyError(f"segments is {sizes['segments']}, expected 0 where there are no participants.")


def _write(folder: Path, sizes: dict[str, int]) -> None:
    people = people_by_rule(sizes)
    planned = planned_people(people, sizes["segments"])
    passages = passages_by_rule(people, planned, sizes["segments"])
    words = {
        "title": f"{sizes['areas']} areas, {sizes['participants']} participants, {sizes['segments']} segments",
        "nobody": NOBODY,
        "version": VERSION,
        "sizes": ",".join(f"{name}={number}" for name, number in sizes.items()),
    }
    told = {"about": NOBODY, "sizes": sizes, "raised": truth(planned).to_dict("records")}
    made = {
        "study.toml": SETTINGS.format(chapters=CHAPTERS, **words),
        "README.md": template("SYNTHETIC.md").format(**words),
        TRUTH: json.dumps(told, indent=1) + "\n",
    }
    write_folder(folder, made, _tables(people, passages, sizes["areas"]))


def _tables(people: pd.DataFrame, passages: pd.DataFrame, n_areas: int) -> dict[str, pd.DataFrame]:
    """Return the study's tables; one without a row is left out, where the study can do without."""
    areas = _areas(n_areas)
    people = people.assign(
        area_id=areas["area_id"].to_numpy()[people["area"]], interview_id=ids("int_", people["interview"] + 1)
    )
    interviews = _interviews(people)
    segments = _segments(people, passages)
    title = "Synthetic interview " + interviews["interview_id"].str.removeprefix("int_")
    tables = {
        "documents": interviews[["document_id"]].assign(title=title, kind="synthetic interview"),
        "areas": areas,
        "interviews": interviews,
        "participants": people.sort_values("participant_id"),
        "attendances": people,
        "attributes": _attributes(people),
        "segments": segments,
        "codebook": _codebook(),
        "codings": _codings(segments),
    }
    needed = ("documents", "areas", "codebook")
    return {name: rows for name, rows in tables.items() if name in needed or len(rows)}


def _areas(n: int) -> pd.DataFrame:
    number = pd.Series(np.arange(n))
    kind = number.mod(len(TYPES)).map(dict(enumerate(TYPES)))
    return pd.DataFrame(
        {
            "area_id": ids("area_", number + 1),
            "name": "Synthetic area " + (number + 1).astype("str"),
            "classification": kind.str.replace("_", " ").str.capitalize(),
            "area_type": kind,
            "case_study": "yes",
            "report": "yes",
        }
    )


def _interviews(people: pd.DataFrame) -> pd.DataFrame:
    held = people.drop_duplicates("interview_id")
    size = held["interview_id"].map(people["interview_id"].value_counts()).clip(upper=3)
    number = held.groupby("participant_group").cumcount() + 1
    mode = size.map({1: "one-to-one", 2: "paired", 3: "group"})
    return held.assign(number=number, mode=mode, document_id=held["interview_id"])


def _attributes(people: pd.DataFrame) -> pd.DataFrame:
    """Every client is of one client group, and every fifth is young too."""
    clients = people[people["participant_group"].eq("Clients")]
    first = np.array(CLIENT_GROUPS)[clients["place"] % len(CLIENT_GROUPS)]
    own = pd.DataFrame({"owner_id": clients["participant_id"], "value": first})
    young = own[clients["place"].mod(5).eq(0)].assign(value="young people")
    rows = pd.concat([own, young]).drop_duplicates().sort_values(["owner_id", "value"])
    return rows.assign(owner="participants", name="client group")


def _segments(people: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """Return the passages, each with the code of its theme."""
    said = passages.join(people[["interview_id", "participant_id"]], on="person")
    said = said.join(THEMES[["code_id", "label"]], on="theme").assign(kind="passage", read_by="reader")
    return said.assign(
        segment_id=ids("s", pd.Series(said.index + 1)),
        document_id=said["interview_id"],
        ordinal=said.groupby("interview_id").cumcount() + 1,
        label="Synthetic passage on " + said["label"].str.lower(),
    )


def _codebook() -> pd.DataFrame:
    levels = pd.DataFrame({"code_id": list(dict.fromkeys(LEVELS)), "facet": "service level"})
    levels["label"] = levels["code_id"].str.replace("_", " ").str.capitalize()
    return pd.concat([THEMES[["code_id", "parent_id", "label"]].assign(facet="theme"), levels])


def _codings(segments: pd.DataFrame) -> pd.DataFrame:
    """Each passage has its theme; some say who is well served; a second coder read every twentieth interview.

    The second coder gives every fifth passage another theme than the first did.
    """
    number, codes = np.arange(len(segments)), segments["code_id"]
    stance = np.array(TOLD, dtype=object)[number * 3 % len(TOLD)]
    first = pd.DataFrame({"unit_id": segments["segment_id"], "code_id": codes, "stance": stance})
    served = first[~segments["participant_id"].str.startswith("C") & (number % 11 == 0)]
    at = np.arange(len(served))
    levels = np.array(LEVELS, dtype=object)[at // len(CLIENT_GROUPS) % len(LEVELS)]
    groups = np.array(CLIENT_GROUPS, dtype=object)[at % len(CLIENT_GROUPS)]
    served = served.assign(code_id=levels, stance="", about_client_group=groups)
    twice = first[pd.factorize(segments["interview_id"])[0] % 20 == 0]
    apart = np.arange(len(twice)) % 5 == 4
    twice = twice.assign(code_id=twice["code_id"].mask(apart, twice["code_id"].map(OTHER)))
    parts = {"a": (first, CODERS[0]), "b": (served, CODERS[0]), "c": (twice, CODERS[1])}
    rows = [part.assign(coder=coder, coding_id=part["unit_id"] + end) for end, (part, coder) in parts.items()]
    return pd.concat(rows).assign(unit="segments")
