"""Which rows of a study belong to a kind of area, a client group or a theme?"""

import pandas as pd

from ncsresearch.schema import AREA_TYPES, COMPARED, StudyError, one_of
from ncsresearch.study.area_index import POINTERS
from ncsresearch.study.codebook import codes_under, themes
from ncsresearch.study.groups import client_group_members
from ncsresearch.study.references import Tables, without_dangling

PEOPLE = ("participants", "interviews")


def of_area_type(tables: Tables, area_type: str) -> dict[str, pd.DataFrame]:
    """Keep judgements about areas of a type, and people and interviews of such areas with what was said there."""
    kinds = {kind: [name for name, group in AREA_TYPES.items() if group == kind] for kind in COMPARED}
    if area_type not in (*kinds, *AREA_TYPES):
        met = types_met(tables["areas"]["area_type"], tables["codings"]["about_area_type"])
        one_of("area type", area_type, met)
    types = kinds.get(area_type, [area_type])
    areas = tables["areas"].loc[tables["areas"]["area_type"].isin(types), "area_id"]
    there = {name: rows[rows["area_id"].isin(areas)] for name, rows in tables.items() if name in PEOPLE}
    codings, segments = tables["codings"], tables["segments"]
    said = segments.loc[segments["interview_id"].isin(there["interviews"]["interview_id"]), "segment_id"]
    kept = codings["about_area_type"].isin(types) | _of("segments", codings, said)
    return _judged_passages(dict(tables) | there | {"codings": codings[kept]})


def types_met(*types: pd.Series) -> list[str]:
    """Return the kinds and classes of area that are met in columns of them, in their order."""
    met = {*pd.concat(types).dropna()}
    return [name for name in (*COMPARED, *AREA_TYPES) if name in met | {AREA_TYPES[each] for each in met}]


def _of(unit: str, codings: pd.DataFrame, ids: pd.Series) -> pd.Series:
    return codings["unit"].eq(unit) & codings["unit_id"].isin(ids)


def _judged_passages(tables: Tables) -> dict[str, pd.DataFrame]:
    """Keep the points and passages that a judgement is left about, and what shows such a point: counts and bases shrink alike."""
    judged, points, segments = tables["codings"]["unit_id"], tables["points"], tables["segments"]
    points = points[points["point_id"].isin(judged)]
    shown = segments["segment_id"].isin(judged) | segments["segment_id"].isin(points["segment_id"])
    return without_dangling(dict(tables) | {"points": points, "segments": segments[shown]}, *POINTERS)


def refuse_unknown_client_group(tables: Tables, client_group: str) -> None:
    """Raise StudyError for a client group that nobody judges about; of one that speaks, the error names heard_from."""
    judged = sorted(tables["codings"]["about_client_group"].dropna().unique())
    if client_group not in judged and client_group in speaking_groups(tables):
        raise StudyError(
            f"No judgement is about the client group {client_group!r}. To choose those who speak, set heard_from to it."
        )
    one_of("client group", client_group, judged)


def speaking_groups(tables: Tables) -> list[str]:
    """Return participant groups, client groups that people who were heard belong to, and who holds what documents say."""
    groups = tables["interviews"]["participant_group"], tables["participants"]["participant_group"]
    holders = tables["points"]["held_by"].dropna().str.split("; ").explode()
    return sorted({*pd.concat([*groups, holders]).dropna(), *client_group_members(tables)["group"]})


def points_held_by(points: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return the points that a group holds, alone or with others, as their documents name it."""
    holders = points["held_by"].fillna("").str.split("; ")
    return points[pd.Series([group in each for each in holders], points.index, dtype=bool)]


def said_by_group(tables: Tables, group: str) -> dict[str, pd.DataFrame]:
    """Keep the people of a participant group, or a client group, their interviews, what they said, and the points they hold."""
    people, interviews, segments = tables["participants"], tables["interviews"], tables["segments"]
    own = client_group_members(tables)
    members = own.loc[own["group"].eq(group), "participant_id"]
    kept = people[people["participant_group"].eq(group) | people["participant_id"].isin(members)]
    attended = tables["attendances"]
    held = attended.loc[attended["participant_id"].isin(kept["participant_id"]), "interview_id"]
    of_group = interviews["participant_group"].eq(group)
    there = interviews[of_group | interviews["interview_id"].isin(held)]
    in_group = segments["interview_id"].isin(interviews.loc[of_group, "interview_id"])
    unknown = segments["participant_id"].isna() & in_group
    said = segments.loc[segments["participant_id"].isin(kept["participant_id"]) | unknown, "segment_id"]
    codings, points = tables["codings"], points_held_by(tables["points"], group)["point_id"]
    own = _of("segments", codings, said) | _of("points", codings, points)
    spoken = {"participants": kept, "interviews": there, "codings": codings[own]}
    return _judged_passages(dict(tables) | spoken)


def about_client_group(tables: Tables, client_group: str) -> dict[str, pd.DataFrame]:
    """Keep judgements about a client group."""
    codings = tables["codings"]
    own = codings[codings["about_client_group"].eq(client_group)]
    return _judged_passages(dict(tables) | {"codings": own})


def under_theme(tables: Tables, theme: str) -> dict[str, pd.DataFrame]:
    """Keep judgements under a code or a code below it."""
    codebook, codings = tables["codebook"], tables["codings"]
    if theme not in set(codebook["code_id"]):
        one_of("theme", theme, themes(codebook))
    under = codes_under(codebook, theme)
    return _judged_passages(dict(tables) | {"codings": codings[codings["code_id"].isin(under)]})
