"""The people of a study counted again from its tables, so that a printed number is known by what it counts."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

RURAL = {"mainly_rural", "islands_remote", "remote_rural", "rural_unspecified"}
URBAN = {"larger_city", "urban_substantial_rural", "urban_unspecified"}


class Key(NamedTuple):
    """What a number counts: people heard (what is empty) or who raised a theme, of an area, kind of area and group."""

    what: str = ""
    area: str = ""
    kind: str = ""
    group: str = ""


@dataclass(frozen=True, eq=False)
class Recount:
    """How many people of each area and group were heard, and raised what.

    areas    printed name or id of an area, and its name
    kinds    name of an area, and rural or urban
    people   theme, or theme and stance, or "" for all who were heard, and how many people of an area and group
    passages theme, or theme and stance, and how many passages of an area and group
    """

    areas: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    people: dict[str, Counter] = field(default_factory=dict)
    passages: dict[str, Counter] = field(default_factory=dict)


@cache
def count(recount: Recount, key: Key, *, passages: bool = False) -> int:
    """How many people, or passages, a key counts."""
    among = (recount.passages if passages else recount.people).get(key.what, {})
    return sum(n for one, n in among.items() if matches(key, *one, recount.kinds))


def matches(key: Key, area: str, group: str, kinds: dict[str, str]) -> bool:
    """Whether a person of an area and group belongs to what a key counts."""
    of_kind = not key.kind or kinds.get(area) == key.kind
    return of_kind and key.area in ("", area) and key.group in ("", group)


def kind_of(area_type: str) -> str:
    """The kind of an area of a class: rural, urban or neither."""
    return "rural" if area_type in RURAL else "urban" if area_type in URBAN else ""


def recounted(loaded, by: str = "") -> Recount:
    """Count a loaded study again: a person once for each theme of the reporting coder, and for those above it.

    by   a grouping that the study adds; groups are participant groups where it is empty
    """
    areas = dict(zip(loaded.areas["area_id"], loaded.areas["name"], strict=True))
    kinds = dict(zip(areas.values(), map(kind_of, loaded.areas["area_type"]), strict=True))
    told = loaded.participants[["participant_id", "area_id", "participant_group"]].astype("string").fillna("")
    people = {one: (areas.get(area, ""), group.lower()) for one, area, group in told.itertuples(index=False)}
    if by:
        of_own = _grouped(loaded, by)
        people = {one: (area, of_own.get(one, "").lower()) for one, (area, _) in people.items()}
    codebook = loaded.codebook[["code_id", "parent_id", "label"]].astype("string").fillna("")
    above = {code: (parent, label) for code, parent, label in codebook.itertuples(index=False)}
    speakers = loaded.segments.set_index("segment_id")["participant_id"].dropna().to_dict()
    codings = loaded.codings[loaded.codings["unit"] == "segments"]
    if loaded.settings.reporting_coder:
        codings = codings[codings["coder"] == loaded.settings.reporting_coder]
    raised, passages = defaultdict(set), defaultdict(Counter)
    told = codings[["unit_id", "code_id", "stance"]].astype("string").fillna("")
    for unit, code, stance in told.itertuples(index=False):
        while (speaker := speakers.get(unit)) in people and code in above:
            code, label = above[code]
            for what in (label.lower(), f"{label.lower()}/{stance}"):
                raised[what].add(speaker)
                passages[what][people[speaker]] += 1
    who = raised | ({"": people.keys()} if people else {})
    counted = {what: Counter(people[one] for one in ones) for what, ones in who.items()}
    return Recount(areas | {name: name for name in areas.values()}, kinds, counted, dict(passages))


def _grouped(loaded, by: str) -> dict[str, str]:
    """The group of each person whom a grouping of study.toml places, by an attribute or by their participant group."""
    rows, listed = loaded.attributes, loaded.settings.groupings[by]
    own = rows[(rows["owner"] == "participants") & (rows["name"] == by)][["owner_id", "value"]]
    if own.empty:
        own = loaded.participants[["participant_id", "participant_group"]]
    values = dict(own.astype("string").dropna().itertuples(index=False, name=None))
    groups = {value: group for group, told in listed.items() for value in told}
    return {one: groups.get(value, "" if listed else value) for one, value in values.items()}
