"""Which rows of a study belong to a kind of area, a client group or a theme?"""

import pandas as pd

from ncsresearch.schema import AREA_TYPES, ROW_IDS, one_of
from ncsresearch.study.area_index import POINTERS, Tables, with_known_links

PEOPLE = ("participants", "interviews")


def _without_dangling(tables: Tables) -> dict[str, pd.DataFrame]:
    """Drop judgements, attributes, remarks and links of what a filter has left out."""
    known = {(table, value) for table, column in ROW_IDS.items() for value in tables[table][column]}
    kept = {}
    for name, (table, own_id) in POINTERS.items():
        rows = tables[name]
        pairs = zip(rows[table].astype("str"), rows[own_id], strict=True)
        found = pd.Series([pair in known for pair in pairs], rows.index, dtype=bool)
        kept[name] = rows[found | rows[table].isna()]
    return with_known_links(dict(tables) | kept)


def of_area_type(tables: Tables, area_type: str) -> dict[str, pd.DataFrame]:
    """Keep judgements about areas of a type, and people and interviews of such areas with what was said there."""
    kinds = {
        kind: [name for name, group in AREA_TYPES.items() if group == kind] for kind in ("rural", "urban")
    }
    one_of("area type", area_type, [*kinds, *AREA_TYPES])
    types = kinds.get(area_type, [area_type])
    areas = tables["areas"].loc[tables["areas"]["area_type"].isin(types), "area_id"]
    there = {name: rows[rows["area_id"].isin(areas)] for name, rows in tables.items() if name in PEOPLE}
    codings, segments = tables["codings"], tables["segments"]
    said = segments.loc[segments["interview_id"].isin(there["interviews"]["interview_id"]), "segment_id"]
    kept = codings["about_area_type"].isin(types) | _of_segments(codings, said)
    return _judged_passages(dict(tables) | there | {"codings": codings[kept]})


def _of_segments(codings: pd.DataFrame, segment_ids: pd.Series) -> pd.Series:
    return codings["unit"].eq("segments") & codings["unit_id"].isin(segment_ids)


def _judged_passages(tables: Tables) -> dict[str, pd.DataFrame]:
    """Keep the passages that a judgement is left about, so that counts and their bases shrink alike."""
    codings, segments = tables["codings"], tables["segments"]
    judged = codings.loc[codings["unit"].eq("segments"), "unit_id"]
    return _without_dangling(dict(tables) | {"segments": segments[segments["segment_id"].isin(judged)]})


def client_groups(tables: Tables) -> list[str]:
    """Client groups that judgements are about or participants belong to."""
    return sorted({*tables["codings"]["about_client_group"].dropna(), *_memberships(tables)["value"]})


def _memberships(tables: Tables) -> pd.DataFrame:
    attributes = tables["attributes"]
    return attributes[attributes["owner"].eq("participants") & attributes["name"].eq("client group")]


def about_client_group(tables: Tables, client_group: str) -> dict[str, pd.DataFrame]:
    """Keep judgements about a client group, and its members with what they said."""
    codings, people, segments = tables["codings"], tables["participants"], tables["segments"]
    own = _memberships(tables)
    members = own.loc[own["value"].eq(client_group), "owner_id"]
    said = segments.loc[segments["participant_id"].isin(members), "segment_id"]
    kept = codings["about_client_group"].eq(client_group) | _of_segments(codings, said)
    own_people = people[people["participant_id"].isin(members)]
    return _judged_passages(dict(tables) | {"codings": codings[kept], "participants": own_people})


def under_theme(tables: Tables, theme: str) -> dict[str, pd.DataFrame]:
    """Keep judgements under a code or a code below it."""
    codebook, codings = tables["codebook"], tables["codings"]
    if theme not in set(codebook["code_id"]):
        one_of("theme", theme, list(codebook.loc[codebook["facet"].eq("theme"), "code_id"]))
    under, size = {theme}, 0
    while len(under) > size:
        size = len(under)
        under |= set(codebook.loc[codebook["parent_id"].isin(under), "code_id"])
    return _judged_passages(dict(tables) | {"codings": codings[codings["code_id"].isin(under)]})
