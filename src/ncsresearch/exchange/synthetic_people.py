"""Who raises what in a synthetic study: by which rule are people, themes and truth laid down before any is counted?"""

from io import StringIO

import numpy as np
import pandas as pd

from ncsresearch.schema import AREA_TYPES

NOBODY = "Synthetic study: made by rule, nobody was heard"
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
volunteering,,Volunteering: raised by nobody
""")
).fillna({"parent_id": "", "percent": 0, "Clients": 0, "rural": 0, "small town": 0, "urban": 0})
MORE = ["Clients", "rural", "small town", "urban"]
FAMILIES = THEMES["parent_id"].where(THEMES["parent_id"].ne(""), THEMES["code_id"])
RAISED = THEMES.assign(
    theme=THEMES.index, first=FAMILIES.map(pd.Series(THEMES.index, index=THEMES["code_id"]))
)[THEMES["percent"].gt(0)]


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
