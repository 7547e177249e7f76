"""Who raises what in a synthetic study: by which rule are people, themes and truth laid down before any is counted?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ncsresearch.schema import AREA_TYPES

NOBODY = "Synthetic study: made by rule, nobody was heard"
TYPES = ("mainly_rural", "larger_city", "small_town", "islands_remote", "urban_substantial_rural")
GROUPS = ("Staff", "Partners", "Clients")
# Knuth's multiplier: it takes neighbours far apart, so that those who raise a theme are of many areas
MIXER = 2654435761
SEATS = (0, 1, 2, 2, 3, 3, 3, 3)  # of eight people two come alone, two together and four as a group


@dataclass(frozen=True)
class Theme:
    """A theme and how many of a hundred people raise it, with what is added for a kind of area or a group."""

    code_id: str
    label: str
    parent_id: str = ""
    percent: int = 0
    more: dict[str, int] = field(default_factory=dict)


THEMES = (
    Theme("relationships", "Relationships"),
    Theme("continuity", "Continuity of worker", "relationships", 25, {"Clients": 20}),
    Theme("being_heard", "Being heard", "relationships", 20, {"Clients": 30}),
    Theme("resources", "Resources"),
    Theme("staffing", "Staffing", "resources", 45, {"Clients": -35}),
    Theme("caseload", "Caseload", "resources", 30, {"Clients": -29, "urban": 10}),
    Theme("access", "Access to other services"),
    Theme("housing", "Housing", "access", 30),
    Theme("mental_health", "Mental health help", "access", 20, {"rural": 15}),
    Theme("partnership", "Partnership working"),
    Theme("information_sharing", "Information sharing", "partnership", 35, {"Clients": -35}),
    Theme("co_location", "Co-location", "partnership", 12, {"small town": 8}),
    Theme("travel", "Travel and distance", "", 20, {"rural": 50, "small town": 20}),
    Theme("remote_contact", "Remote contact", "", 10),
    Theme("leadership", "Leadership", "", 2),
    Theme("volunteering", "Volunteering: raised by nobody"),
)
CODES = [theme.code_id for theme in THEMES]
RAISED = [number for number, theme in enumerate(THEMES) if theme.percent]


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
    cells = people.groupby(["kind", "participant_group"]).size().rename("n_participants").reset_index()
    plan = cells.merge(pd.DataFrame({"theme": RAISED}), how="cross")
    n = [
        (row.n_participants * _percent(THEMES[row.theme], row.kind, row.participant_group) + 50) // 100
        for row in plan.itertuples()
    ]
    whole = np.concatenate([[0], np.cumsum(np.array(n, dtype="int64"))])
    if whole[-1] > segments:
        whole = whole * segments // whole[-1]
    return plan.assign(n_raised=np.diff(whole))


def _percent(theme: Theme, kind: str, group: str) -> int:
    return theme.percent + theme.more.get(kind, 0) + theme.more.get(group, 0)


def truth_told(planned: pd.DataFrame, sizes: dict[str, int]) -> str:
    """Return the truth as JSON: people of each kind of area and group who raise each theme, or a theme below it."""
    rows = [
        {
            "area_type": kind,
            "participant_group": group,
            "code_id": theme.code_id,
            "n_raised": _raise(cell, theme),
            "n_participants": int(cell["n_participants"].iloc[0]),
        }
        for (kind, group), cell in planned.groupby(["kind", "participant_group"])
        for theme in THEMES
    ]
    return json.dumps({"about": NOBODY, "sizes": sizes, "raised": rows}, indent=1) + "\n"


def _raise(cell: pd.DataFrame, theme: Theme) -> int:
    """Return who raises a theme of one cell: those of its parts are other people each, as far as there are any."""
    parts = [at for at, part in enumerate(THEMES) if theme.code_id in (part.code_id, part.parent_id)]
    n = cell.loc[cell["theme"].isin(parts), "n_raised"].sum()
    return int(min(n, cell["n_participants"].iloc[0]))


def passages_by_rule(people: pd.DataFrame, planned: pd.DataFrame, segments: int) -> pd.DataFrame:
    """Return one row per passage, in the order of interviews: the person (their row) and the theme (its number)."""
    found = list(_who_raised(people, planned)) if segments else []
    pairs = pd.DataFrame(
        np.concatenate(found) if found else np.empty((0, 2), int), columns=["person", "theme"]
    )
    pairs = pairs.sort_values(["person", "theme"], ignore_index=True)
    at = np.arange(segments) * len(pairs) // max(segments, 1)
    return pairs.iloc[at].reset_index(drop=True)


def _who_raised(people: pd.DataFrame, planned: pd.DataFrame) -> Iterator[np.ndarray]:
    """Yield pairs of person and theme: each theme goes to the next people of a ring, after its sister theme's."""
    mixed = people.index.to_numpy() * MIXER % 2**32
    rings = people.assign(mixed=mixed).sort_values("mixed").groupby(["kind", "participant_group"]).indices
    order = np.argsort(mixed)
    for cell, own in planned.groupby(["kind", "participant_group"]):
        ring = order[rings[cell]]
        for family, themes in own.groupby([THEMES[at].parent_id or CODES[at] for at in own["theme"]]):
            begin = CODES.index(family) * len(ring) // len(CODES)
            for theme, n in zip(themes["theme"], themes["n_raised"], strict=True):
                who = ring[(begin + np.arange(n)) % len(ring)]
                begin += n
                yield np.column_stack([who, np.full(n, theme)])
