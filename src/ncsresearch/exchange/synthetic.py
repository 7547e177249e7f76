"""A synthetic study of any size: do the counts of a study come out as they were put in, however large it is?

Who raises what is laid down by rule, and the truth with it, before anything is counted.
"""

import json
import shutil
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from ncsresearch.exchange.new_study import refuse_what_is_there, settings_of, template, write_folder
from ncsresearch.schema import AREA_TYPES, CallError, StudyError, kind_words, one_of
from ncsresearch.study import describe_study

NOBODY = "Synthetic study: people and answers invented by a program"
TYPES = ("mainly_rural", "larger_city", "small_town", "islands_remote", "urban_substantial_rural")
GROUPS = ("Staff", "Partners", "Clients")
CELL = ["kind", "participant_group"]
# Knuth's multiplier: it takes neighbours far apart, so that those who raise a theme are of many areas
MIXER = 2654435761
SEATS = (0, 1, 2, 2, 3, 3, 3, 3)  # of eight people two come alone, two together and four as a group

# of a hundred people how many raise a theme, and how many more among clients or in a kind of area
THEMES = pd.read_csv(
    StringIO("""
code_id,parent_id,label,percent,Clients,rural,small town,urban
relationships,,Relationships
continuity,relationships,Continuity of worker,25,20
being_heard,relationships,Being heard,20,30
resources,,Resources
staffing,resources,Staffing,45,-35
caseload,resources,Caseload,30,-29,,,10
access,,Access to other services
housing,access,Housing,30
mental_health,access,Mental health help,20,,15
partnership,,Partnership working
information_sharing,partnership,Information sharing,35,-35
co_location,partnership,Co-location,12,,,8
travel,,Travel and distance,20,,50,20
remote_contact,,Remote contact,10
leadership,,Leadership,2
volunteering,,Volunteering
""")
).fillna({"parent_id": "", "percent": 0, "Clients": 0, "rural": 0, "small town": 0, "urban": 0})
MORE = ["Clients", "rural", "small town", "urban"]
FAMILIES = THEMES["parent_id"].where(THEMES["parent_id"].ne(""), THEMES["code_id"])
RAISED = THEMES.assign(
    theme=THEMES.index, first=FAMILIES.map(pd.Series(THEMES.index, index=THEMES["code_id"]))
)[THEMES["percent"].gt(0)]
TRUTH = "truth.json"
MOST = 100_000_000
SIZES = ("areas", "participants", "segments", "clients")
EACH_SAYS = 10
CLIENT_GROUPS = ("women", "men", "young people", "people leaving prison")
TOLD = ("challenge", "challenge", "challenge", "strength", "strength", "mixed", "suggestion", "neutral")
LEVELS = ("seen_as_better_served", "seen_as_less_well_served", "seen_as_less_well_served")
CODERS = ("Coder 1", "Coder 2")
OTHER = dict(zip(RAISED["code_id"], np.roll(RAISED["code_id"], -1), strict=True))
LIMIT = f'"{NOBODY}. No person, place or service in it exists, and nothing here is a finding about any."'


def read_sizes(words: str) -> dict[str, int]:
    """Read sizes such as areas=10,participants=200; raises StudyError for one that is unknown or no whole number.

    Returns the sizes by the names that synthetic_study takes.
    """
    sizes = {}
    for part in filter(None, (part.strip() for part in words.split(","))):
        name, _, number = (piece.strip() for piece in part.partition("="))
        one_of("size of a synthetic study", name, SIZES)
        if name in sizes:
            raise CallError(f"{name} is given twice, expected each size once.")
        if not (number.isascii() and number.isdecimal() and len(number) <= len(str(MOST))):
            raise CallError(f"{name} is {number!r}, expected a whole number, such as {name}=100.")
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
            raise CallError(f"{name} is {number}, expected {least} to {MOST}.")
    clients, people = sizes["clients"], sizes["participants"]
    if clients > people:
        raise CallError(f"clients is {clients}, expected no more than the {people} participants.")
    if sizes["segments"] and not sizes["participants"]:
        raise CallError(f"segments is {sizes['segments']}, expected 0 where there are no participants.")


def _write(folder: Path, sizes: dict[str, int]) -> None:
    people = people_by_rule(sizes)
    planned = planned_people(people, sizes["segments"])
    passages = passages_by_rule(people, planned, sizes["segments"])
    named = ",".join(f"{name}={number}" for name, number in sizes.items())
    title = "Synthetic study: {areas} areas, {participants} participants, {segments} segments".format(**sizes)
    about = {"status": f'status = "{NOBODY}"\n', "coder": CODERS[0], "limits": LIMIT}
    told = {"about": NOBODY, "sizes": sizes, "raised": truth(planned).to_dict("records")}
    made = {
        "study.toml": settings_of(title, "", **about),
        "README.md": template("SYNTHETIC.md").format(title=title, nobody=NOBODY, sizes=named),
        TRUTH: json.dumps(told, indent=1) + "\n",
    }
    write_folder(folder, made, _tables(people, passages, sizes["areas"]))


def _tables(people: pd.DataFrame, passages: pd.DataFrame, n_areas: int) -> dict[str, pd.DataFrame]:
    """Return the study's tables; one without a row is left out, where the study can do without."""
    areas = _areas(n_areas)
    held, placed = ids("int_", people["interview"] + 1), areas["area_id"].to_numpy()[people["area"]]
    people = people.assign(area_id=placed, interview_id=held)
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
    named = {"area_id": ids("area_", number + 1), "name": "Synthetic area " + (number + 1).astype("str")}
    kinds = {"area_type": kind, "classification": kind.map(kind_words).str.capitalize()}
    return pd.DataFrame(named | kinds).assign(case_study="yes", report="yes")


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


def people_by_rule(sizes: dict[str, int]) -> pd.DataFrame:
    """Return one row per person, in the order of interviews: id, area (from 0), kind of area, group and interview (from 0)."""
    number = np.arange(sizes["participants"])
    others = len(number) - sizes["clients"]
    group = np.where(number >= others, 2, np.where(number % 3 == 2, 1, 0))
    people = pd.DataFrame({"group": group, "place": pd.Series(group).groupby(group).cumcount()})
    people["area"] = people["place"] % sizes["areas"]
    kinds = np.array([AREA_TYPES[name] for name in TYPES])
    people["kind"] = kinds[people["area"] % len(TYPES)]
    people["participant_group"] = np.array(GROUPS)[people["group"]]
    people["participant_id"] = ids(people["participant_group"].str[0], people["place"] + 1)
    people = people.sort_values(["area", "group", "place"], ignore_index=True)
    seat = people.groupby(["area", "group"]).cumcount()
    table = seat // len(SEATS) * len(SEATS) + np.array(SEATS)[seat % len(SEATS)]
    people["interview"] = (table.ne(table.shift()) | seat.eq(0)).cumsum() - 1
    return people


def ids(start, numbers: pd.Series) -> pd.Series:
    """Return ids of equal length that sort as their numbers do."""
    width = len(str(numbers.max())) if len(numbers) else 1
    return start + numbers.astype("str").str.zfill(width)


def planned_people(people: pd.DataFrame, segments: int) -> pd.DataFrame:
    """Return how many people of each kind of area and group are to raise each theme that is coded itself."""
    cells = people.groupby(CELL).size().rename("n_participants").reset_index()
    plan = cells.merge(RAISED, how="cross")
    own = [plan[name].where(plan[CELL].eq(name).any(axis=1), 0) for name in MORE]
    percent = sum(own, plan["percent"]).astype("int64")
    whole = np.concatenate([[0], np.cumsum((plan["n_participants"] * percent + 50) // 100)])
    if whole[-1] > segments:
        whole = whole * segments // whole[-1]
    return plan.assign(n_raised=np.diff(whole))


def truth(planned: pd.DataFrame) -> pd.DataFrame:
    """Return people of each kind of area and group who raise each theme, or a theme below it.

    Those who raise the parts of a theme are other people each, as far as there are any.
    """
    parts = pd.concat([planned, planned.assign(code_id=planned["parent_id"])])
    raised = parts.groupby([*CELL, "code_id"])["n_raised"].sum().reset_index()
    cells = planned[[*CELL, "n_participants"]].drop_duplicates()
    every = cells.merge(THEMES["code_id"], how="cross").merge(raised, "left", on=[*CELL, "code_id"])
    n = every["n_raised"].fillna(0).clip(upper=every["n_participants"]).astype("int64")
    columns = ["area_type", "participant_group", "code_id", "n_raised", "n_participants"]
    return every.assign(n_raised=n).rename(columns={"kind": "area_type"})[columns]


def passages_by_rule(people: pd.DataFrame, planned: pd.DataFrame, segments: int) -> pd.DataFrame:
    """Return one row per passage, in the order of interviews: the person (their row) and the theme (its number)."""
    seats = people.assign(person=people.index, mixed=people.index * MIXER % 2**32).sort_values("mixed")
    seats["seat"] = seats.groupby(CELL).cumcount()
    # each theme goes to the next people of a ring, after its sister theme's
    sisters = planned.groupby([*CELL, "first"])["n_raised"].cumsum() - planned["n_raised"]
    begin = planned["first"] * planned["n_participants"] // len(THEMES) + sisters
    every = seats.merge(planned.assign(begin=begin), on=CELL)
    raised = (every["seat"] - every["begin"]) % every["n_participants"] < every["n_raised"]
    pairs = every.loc[raised, ["person", "theme"]].sort_values(["person", "theme"], ignore_index=True)
    at = np.arange(segments) * len(pairs) // max(segments, 1)
    return pairs.iloc[at].reset_index(drop=True)
