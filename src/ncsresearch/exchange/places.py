"""Which area is the place that a transcript's head names, and whom and what a head adds to a study."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ncsresearch.exchange.who_spoke import OF_TABLES
from ncsresearch.ingest.fields import area_and_type, plain
from ncsresearch.ingest.imported_file import ImportedFile, Line, all_kept, few, rows, same_words

Tables = Mapping[str, pd.DataFrame]
HELD = {"documents", "areas", "interviews", "participants", "attendances", "turns", "attributes"}
MEETING = "(the )?(interview|discussion|meeting|focus group|group)"
PLACE = rf"place|venue|setting|(place|venue|location|setting) of {MEETING}|{MEETING} (place|venue|location|setting)"
PARTS = re.compile(r"\s*[,;()\[\]]\s*")
ELSEWHERE = "no area that a list or another head names, kept as an attribute"


def with_known_place(file: ImportedFile, tables: Tables) -> ImportedFile:
    """Return a transcript of which the place that its head names is an area of the study, or an attribute.

    A place is the area that it names whole or between commas. One that is none makes a new area only where its head calls it
    one, and the people heard have no area by a list.
    """
    if not _is_transcript(file):
        return file
    known = {same_words(word): name for word, name in _areas(tables)}
    areas = list(file.tables["areas"]["area_id"]) if "areas" in file.tables else []
    key, place = ("Place", areas[0]) if areas else next(iter(_places(file)), ("", ""))
    area = _known_in(place, known)
    is_new = areas and not area and not _is_placed(file, tables)
    stays = not place or is_new or (areas and same_words(place) in known)
    return file if stays else _placed(file, key, place, area)


def with_areas_of_codes(file: ImportedFile, tables: Tables) -> ImportedFile:
    """Return a file in which an area that is called by the code of one that the study knows, such as S12000047, is that area."""
    areas, told = tables["areas"], tables["attributes"]
    coded = told[told["owner"].eq("areas") & told["name"].str.contains(r"\bcode\b", case=False)]
    names = areas.set_index("area_id")["name"]
    codes = dict(zip(coded["value"], coded["owner_id"].map(names), strict=True))
    codes |= areas.dropna(subset="gss_code").set_index("gss_code")["name"].to_dict()
    named = file.tables["areas"]["area_id"] if "areas" in file.tables else ()
    used = {code: codes[code] for code in named if code in codes}
    if not used:
        return file
    held = {
        name: each.assign(area_id=each["area_id"].replace(used)) if "area_id" in each else each
        for name, each in file.tables.items()
    }
    held["areas"] = held["areas"].assign(name=held["areas"]["name"].replace(used))
    said = all_kept("area by its code", len(used), few(f"{code} = {name}" for code, name in used.items()))
    return replace(file, tables=held, account=(*file.account, said))


def _is_transcript(file: ImportedFile) -> bool:
    return "turns" in file.tables and HELD.issuperset(file.tables)


def _areas(tables: Tables) -> list[tuple[str, str]]:
    areas = tables["areas"]
    named = areas["name"].fillna(areas["area_id"])
    return [*zip(areas["area_id"], named, strict=True), *zip(named, named, strict=True)]


def _places(file: ImportedFile) -> list[tuple[str, str]]:
    """Return what the head says under a word for a place that need not be an area, with the word."""
    told = file.tables.get("attributes", rows("attributes", ())).reindex(columns=["owner", "name", "value"])
    pairs = told.loc[told["owner"].eq("interviews"), ["name", "value"]].itertuples(index=False, name=None)
    return [(name, value) for name, value in pairs if re.fullmatch(PLACE, plain(name))]


def _known_in(place: str, known: Mapping[str, str]) -> str:
    """Return the one area that a place names, whole or between commas; an empty string for none or several."""
    parts = (place, area_and_type(place)[0], *PARTS.split(place))
    found = {known[same_words(part)] for part in parts if same_words(part) in known}
    return found.pop() if len(found) == 1 else ""


def _is_placed(file: ImportedFile, tables: Tables) -> bool:
    """Whether a list has an area for everybody heard in a transcript, or for its interview."""
    origins = tables["origins"]
    listed = origins.loc[origins["table"].eq("areas") & origins["source"].str.contains(OF_TABLES), "row_id"]
    for name in ("participants", "interviews"):
        key, held = f"{name[:-1]}_id", tables[name][tables[name]["area_id"].isin(listed)]
        heard = file.tables.get(name, held.iloc[:0])[key].map(same_words)
        if len(heard) and heard.isin(set(held[key].map(same_words))).all():
            return True
    return False


def _placed(file: ImportedFile, key: str, place: str, area: str) -> ImportedFile:
    """Return a transcript with an area in place of what its head calls the place, which is kept as an attribute where it says more."""
    held = {name: each for name, each in file.tables.items() if name != "areas"}
    kinds = file.tables.get("areas", rows("areas", ())).reindex(columns=["area_type"])["area_type"].dropna()
    name, kind = area_and_type(place)
    kind = kind or next(iter(kinds), "")
    more = {key: place if name != area else ""}
    if area:
        held["areas"] = rows("areas", [{"area_id": area, "name": area, "area_type": kind}])
    else:
        more |= {"Area type": kind} if len(kinds) else {}
    for table, cell in (("interviews", area), ("participants", None)):
        cells = pd.Series(cell or None, held[table].index, dtype="str") if table in held else ()
        held |= {table: held[table].assign(area_id=cells)} if len(cells) else {}
    held["attributes"] = _with(held.get("attributes"), held["interviews"]["interview_id"].iloc[0], more)
    said = Line("place at the head", 1, 0, f"read as the area {area}" if area else ELSEWHERE, place, 1)
    return replace(file, tables=held, account=(*file.account, said))


def _with(attributes: pd.DataFrame | None, interview: str, more: Mapping[str, str]) -> pd.DataFrame:
    """Return attributes with those of an interview in place of its others of the same names; without an empty one."""
    owner = {"owner": "interviews", "owner_id": interview}
    new = rows(
        "attributes", [owner | {"name": name, "value": value} for name, value in more.items() if value]
    )
    if attributes is None:
        return new
    others = attributes[~(attributes["owner"].eq("interviews") & attributes["name"].isin(list(more)))]
    return pd.concat([others, new], ignore_index=True)


def added_by_head(file: ImportedFile, before: Tables, tables: Tables) -> list[str]:
    """Return a remark on the areas, and on the people by no label, that the head of a transcript has added to a study."""
    if not _is_transcript(file):
        return []
    areas = _added("areas", "area_id", before, tables)
    people = _added("participants", "participant_id", before, tables)["participant_id"].tolist()
    labels = set(file.tables["turns"]["speaker"].map(same_words))
    of_file = tuple(same_words(key) for key in file.texts)
    named = [
        each for each in people if same_words(each) not in labels and not same_words(each).startswith(of_file)
    ]
    added = {"areas": (areas["name"].fillna(areas["area_id"]), "it"), "participants": (named, "them")}
    return [
        f"{name}: {', '.join(names)} added, as the head of the transcript names {it}"
        for name, (names, it) in added.items()
        if len(names)
    ]


def _added(name: str, key: str, before: Tables, tables: Tables) -> pd.DataFrame:
    return tables[name][~tables[name][key].isin(before[name][key])]
