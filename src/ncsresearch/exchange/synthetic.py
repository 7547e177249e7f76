"""A synthetic study of any size: do the counts of a study come out as they were put in, however large it is?"""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from ncsresearch.exchange.new_study import CHAPTERS, refuse_what_is_there, write_folder
from ncsresearch.exchange.synthetic_people import (
    CODES,
    NOBODY,
    RAISED,
    THEMES,
    TYPES,
    ids,
    passages_by_rule,
    people_by_rule,
    planned_people,
    truth_told,
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
README = """# Synthetic study: {title}

{nobody}. `ncsresearch new --synthetic {sizes}` writes this folder again, byte for byte.

It is for trying things out at a size of your choice: how long a study of so many people takes, and whether the counts
come out as they were put in. `truth.json` holds how many people of each kind of area and group raised each theme, as
the rule that wrote the study has it and before any of it was counted. One theme is raised by nobody. A second coder
judged every twentieth interview, otherwise than the first in every fifth passage.
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
    title = f"{sizes['areas']} areas, {sizes['participants']} participants, {sizes['segments']} segments"
    words = {
        "title": title,
        "nobody": NOBODY,
        "version": VERSION,
        "sizes": ",".join(f"{name}={number}" for name, number in sizes.items()),
    }
    made = {
        "study.toml": SETTINGS.format(chapters=CHAPTERS, **words),
        "README.md": README.format(**words),
        TRUTH: truth_told(planned, sizes),
    }
    passages = passages_by_rule(people, planned, sizes["segments"])
    write_folder(folder, made, _tables(people, passages, sizes))


def _tables(people: pd.DataFrame, passages: pd.DataFrame, sizes: dict[str, int]) -> dict[str, pd.DataFrame]:
    """Return the study's tables; one without a row is left out, where the study can do without."""
    area = ids("area_", pd.Series(np.arange(sizes["areas"]) + 1))
    interviews = _interviews(people, area)
    held = interviews["interview_id"].to_numpy()[people["interview"]]
    people = people.assign(area_id=area.to_numpy()[people["area"]], interview_id=held)
    segments = _segments(people, passages)
    tables = {
        "documents": _documents(interviews),
        "areas": _areas(area),
        "interviews": interviews,
        "participants": people.sort_values("participant_id"),
        "attendances": people,
        "attributes": _attributes(people),
        "segments": segments,
        "codebook": _codebook(),
        "codings": _codings(segments, passages),
    }
    needed = ("documents", "areas", "codebook")
    return {name: rows for name, rows in tables.items() if name in needed or len(rows)}


def _areas(area_id: pd.Series) -> pd.DataFrame:
    number = np.arange(len(area_id))
    kind = np.array(TYPES)[number % len(TYPES)]
    return pd.DataFrame(
        {
            "area_id": area_id,
            "name": [f"Synthetic area {at + 1}" for at in number],
            "classification": pd.Series(kind).str.replace("_", " ").str.capitalize(),
            "area_type": kind,
            "case_study": "yes",
            "report": "yes",
        }
    )


def _interviews(people: pd.DataFrame, area_id: pd.Series) -> pd.DataFrame:
    held = people.drop_duplicates("interview")
    size = people["interview"].value_counts().sort_index().to_numpy()
    interview_id = ids("int_", held["interview"] + 1).to_numpy()
    return pd.DataFrame(
        {
            "interview_id": interview_id,
            "area_id": area_id.to_numpy()[held["area"]],
            "participant_group": held["participant_group"].to_numpy(),
            "number": held.groupby("participant_group").cumcount().to_numpy() + 1,
            "mode": np.array(["", "one-to-one", "paired", "group"])[np.minimum(size, 3)],
            "document_id": interview_id,
        }
    )


def _documents(interviews: pd.DataFrame) -> pd.DataFrame:
    title = "Synthetic interview " + interviews["interview_id"].str.removeprefix("int_")
    return pd.DataFrame(
        {"document_id": interviews["interview_id"], "title": title, "kind": "synthetic interview"}
    )


def _attributes(people: pd.DataFrame) -> pd.DataFrame:
    """Every client is of one client group, and every fifth is young too."""
    clients = people[people["participant_group"].eq("Clients")]
    first = np.array(CLIENT_GROUPS)[clients["place"] % len(CLIENT_GROUPS)]
    own = pd.DataFrame({"owner_id": clients["participant_id"], "value": first})
    young = own[clients["place"].mod(5).eq(0)].assign(value="young people")
    rows = pd.concat([own, young]).drop_duplicates().sort_values(["owner_id", "value"])
    return rows.assign(owner="participants", name="client group")


def _segments(people: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    said = people[["interview_id", "participant_id"]].iloc[passages["person"]].reset_index(drop=True)
    labels = np.array([f"Synthetic passage on {theme.label.lower()}" for theme in THEMES], dtype=object)
    return said.assign(
        segment_id=ids("s", pd.Series(np.arange(len(said)) + 1)),
        document_id=said["interview_id"],
        ordinal=said.groupby("interview_id").cumcount() + 1,
        kind="passage",
        label=labels[passages["theme"]],
        read_by="reader",
    )


def _codebook() -> pd.DataFrame:
    columns = ["code_id", "parent_id", "label", "facet"]
    themes = [(theme.code_id, theme.parent_id, theme.label, "theme") for theme in THEMES]
    levels = [
        (name, "", name.replace("_", " ").capitalize(), "service level") for name in dict.fromkeys(LEVELS)
    ]
    return pd.DataFrame([*themes, *levels], columns=columns)


def _codings(segments: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """Each passage has its theme; some say who is well served; a second coder read every twentieth interview."""
    number = np.arange(len(segments))
    first = pd.DataFrame(
        {
            "unit": "segments",
            "unit_id": segments["segment_id"],
            "code_id": np.array(CODES, dtype=object)[passages["theme"]],
            "stance": np.array(TOLD, dtype=object)[number * 3 % len(TOLD)],
            "coder": CODERS[0],
        }
    )
    served = _served(first[~segments["participant_id"].str.startswith("C") & (number % 11 == 0)])
    twice = _second(first[pd.factorize(segments["interview_id"])[0] % 20 == 0])
    codings = pd.concat([first.assign(letter="a"), served.assign(letter="b"), twice.assign(letter="c")])
    return codings.assign(coding_id=codings["unit_id"] + codings["letter"])


def _served(codings: pd.DataFrame) -> pd.DataFrame:
    number = np.arange(len(codings))
    return codings.assign(
        code_id=np.array(LEVELS, dtype=object)[number // len(CLIENT_GROUPS) % len(LEVELS)],
        stance="",
        about_client_group=np.array(CLIENT_GROUPS, dtype=object)[number % len(CLIENT_GROUPS)],
    )


def _second(codings: pd.DataFrame) -> pd.DataFrame:
    """The second coder gives every fifth passage another theme than the first did."""
    known = [CODES[at] for at in RAISED]
    other = codings["code_id"].map(dict(zip(known, [*known[1:], known[0]], strict=True)))
    apart = np.arange(len(codings)) % 5 == 4
    return codings.assign(code_id=codings["code_id"].mask(apart, other), coder=CODERS[1])
