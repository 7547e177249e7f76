"""A study: its settings and its checked tables together."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.checklist_file import read_checklist_answers
from ncsresearch.ingest.claims_file import Claim, read_claims
from ncsresearch.ingest.data_package import write_data_package
from ncsresearch.ingest.quotation_rules import read_quotation_rules
from ncsresearch.ingest.table_file import Fault, read_table_text, table_faults, typed, write_table
from ncsresearch.schema import (
    AREA_TYPES,
    ROW_IDS,
    TABLES,
    VERSION,
    Column,
    StudyError,
    nearest,
    one_of,
)

ACCESS = ("public", "confidential")
QUANTITY_WORDS = ("none", "words", "words and counts")
STATUS = {
    "public": "Published evidence, described not tested",
    "confidential": "Confidential study: counts of few people are withheld",
}
KINDS = {
    str: (str, "words in quotation marks"),
    float: ((int, float), "a number"),
    int: (int, "a whole number"),
    bool: (bool, "true or false"),
    tuple[str, ...]: (list, "a list in square brackets"),
    dict[str, list[str]]: (dict, "a table of lists"),
}


@dataclass(frozen=True)
class Settings:
    """What a study has decided about itself, from its study.toml."""

    title: str
    schema_version: str
    access: str
    evidence_date: str
    chapters: tuple[str, ...]
    status: str = ""
    reporting_coder: str = ""
    national_area: str = ""
    interval_level: float = 0.95
    quantity_words: str = "none"
    strict: bool = False
    quotations_per_person: int = 2
    licence: str = ""
    limits: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self):
        one_of("access", self.access, ACCESS)
        one_of("quantity_words", self.quantity_words, QUANTITY_WORDS)
        if self.schema_version != VERSION:
            raise StudyError(f"study.toml: schema_version is {self.schema_version!r}, expected {VERSION!r}.")
        if not 0.5 <= self.interval_level < 1:
            raise StudyError(f"study.toml: interval_level is {self.interval_level}, expected 0.5 to under 1.")

    @property
    def threshold(self) -> int:
        """The smallest count of people that may be told: 5 in a confidential study, 10 if strict, 0 in a public one."""
        return 0 if self.access == "public" else 10 if self.strict else 5

    @property
    def status_line(self) -> str:
        """How the study's evidence may be read, for the top of every chapter."""
        return self.status or STATUS[self.access]


@dataclass(frozen=True, eq=False)
class Study:
    """The checked tables of one study; each is an attribute by its name, empty where the study has none."""

    folder: Path
    settings: Settings
    tables: Mapping[str, pd.DataFrame]
    selection: str = ""
    claims: tuple[Claim, ...] = ()

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return the table of this name."""
        if name not in TABLES:
            raise AttributeError(f"A study has no table {name!r}. Did you mean {nearest(name, TABLES)!r}?")
        return self.tables[name]

    @property
    def name(self) -> str:
        """The study's folder name, by which outputs and commands know it."""
        return self.folder.name

    def limits(self, chapter: str) -> list[str]:
        """What the study says its evidence can and cannot bear in a chapter, by the chapter's number and name."""
        return self.settings.limits.get(chapter, [])

    def area(self, area_id: str) -> pd.Series:
        """Return the row of one area."""
        one_of("area", area_id, list(self.areas["area_id"]))
        return self.areas.set_index("area_id", drop=False).loc[area_id]

    def where(
        self, *, area_id: str = "", area_type: str = "", client_group: str = "", theme: str = ""
    ) -> "Study":
        """Return the study with only the evidence asked for; an empty value means all.

        area_id       keeps what belongs to this area: its units, interviews, participants and answers
        area_type     keeps judgements about areas of this type, and people and interviews of such areas with what
                      was said there; a type of the schema, or rural or urban for all of that kind
        client_group  keeps judgements about this group, and participants who have it as an attribute with what
                      they said
        theme         keeps judgements under this code or a code below it

        Raises StudyError for a value the study does not know, with the nearest one it does.
        """
        tables = dict(self.tables)
        if client_group:
            one_of("client group", client_group, _client_groups(tables))
        for value, narrow in ((area_id, _in_area), (area_type, _of_area_type)):
            tables = narrow(tables, value) if value else tables
        for value, narrow in ((client_group, _about_client_group), (theme, _under_theme)):
            tables = narrow(tables, value) if value else tables
        chosen = {"area": area_id, "area type": area_type, "client group": client_group, "theme": theme}
        selection = ", ".join(f"{name} {value}" for name, value in chosen.items() if value)
        return replace(self, tables=tables, selection=selection)


def _in_area(tables: dict, area_id: str) -> dict:
    one_of("area", area_id, list(tables["areas"]["area_id"]))
    own = {
        name: rows[rows["area_id"].eq(area_id)]
        for name, rows in tables.items()
        if "area_id" in rows and name not in ("areas", "documents")
    }
    local = tables["documents"].query("area_id == @area_id")["document_id"]
    segments, values = tables["segments"], tables["published_values"]
    here = segments["document_id"].isin(local) | segments["interview_id"].isin(
        own["interviews"]["interview_id"]
    )
    items, answered = tables["survey_items"], own["survey_answers"]["item_id"]
    own |= {
        "segments": segments[here],
        "published_values": values[values["document_id"].isin(local)],
        "survey_items": items[items["area_id"].eq(area_id) | items["item_id"].isin(answered)],
    }
    return _without_dangling(tables | own)


def _without_dangling(tables: dict) -> dict:
    """Drop judgements, attributes, remarks and links of what a filter has left out."""
    known = {(table, value) for table, column in ROW_IDS.items() for value in tables[table][column]}
    kept = {}
    for name, columns in POINTERS.items():
        keep = pd.Series(True, tables[name].index)
        for table_column, id_column in columns:
            pairs = zip(tables[name][table_column].astype("str"), tables[name][id_column], strict=True)
            found = pd.Series([pair in known for pair in pairs], keep.index, dtype=bool)
            keep &= found | tables[name][table_column].isna()
        kept[name] = tables[name][keep]
    return tables | kept


POINTERS = {
    "codings": [("unit", "unit_id")],
    "notes": [("unit", "unit_id")],
    "attributes": [("owner", "owner_id")],
    "summaries": [("unit", "unit_id")],
    "links": [("from_table", "from_id"), ("to_table", "to_id")],
}


PEOPLE = ("participants", "interviews")


def _of_area_type(tables: dict, area_type: str) -> dict:
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
    return _judged_passages(tables | there | {"codings": codings[kept]})


def _of_segments(codings: pd.DataFrame, segment_ids: pd.Series) -> pd.Series:
    return codings["unit"].eq("segments") & codings["unit_id"].isin(segment_ids)


def _judged_passages(tables: dict) -> dict:
    """Keep the passages that a judgement is left about, so that counts and their bases shrink alike."""
    codings, segments = tables["codings"], tables["segments"]
    judged = codings.loc[codings["unit"].eq("segments"), "unit_id"]
    return _without_dangling(tables | {"segments": segments[segments["segment_id"].isin(judged)]})


def _client_groups(tables: dict) -> list[str]:
    """Client groups that judgements are about or participants belong to."""
    return sorted({*tables["codings"]["about_client_group"].dropna(), *_memberships(tables)["value"]})


def _memberships(tables: dict) -> pd.DataFrame:
    attributes = tables["attributes"]
    return attributes[attributes["owner"].eq("participants") & attributes["name"].eq("client group")]


def _about_client_group(tables: dict, client_group: str) -> dict:
    codings, people, segments = tables["codings"], tables["participants"], tables["segments"]
    own = _memberships(tables)
    members = own.loc[own["value"].eq(client_group), "owner_id"]
    said = segments.loc[segments["participant_id"].isin(members), "segment_id"]
    kept = codings["about_client_group"].eq(client_group) | _of_segments(codings, said)
    own_people = people[people["participant_id"].isin(members)]
    return _judged_passages(tables | {"codings": codings[kept], "participants": own_people})


def _under_theme(tables: dict, theme: str) -> dict:
    codebook, codings = tables["codebook"], tables["codings"]
    if theme not in set(codebook["code_id"]):
        one_of("theme", theme, list(codebook.loc[codebook["facet"].eq("theme"), "code_id"]))
    under, size = {theme}, 0
    while len(under) > size:
        size = len(under)
        under |= set(codebook.loc[codebook["parent_id"].isin(under), "code_id"])
    return _judged_passages(tables | {"codings": codings[codings["code_id"].isin(under)]})


def load_study(folder: str | Path) -> Study:
    """Read a study folder and return its checked tables.

    A table without a file is an empty frame with its columns. Columns that list their values are ordered
    categories, and the codes of judgements are ordered as the codebook is.

    Raises StudyError that names every fault of every table: file, row as a spreadsheet numbers it, column,
    what was found, what was expected and the nearest right value.
    """
    settings, tables, faults = _read(Path(folder))
    if faults:
        counted = f"{len(faults)} fault{'s' * (len(faults) > 1)}"
        raise StudyError(f"{Path(folder).name}: {counted}\n" + "\n".join(f"  {fault}" for fault in faults))
    order = pd.CategoricalDtype(tables["codebook"]["code_id"], ordered=True)
    tables["codings"] = tables["codings"].astype({"code_id": order})
    return Study(Path(folder), settings, tables, claims=read_claims(Path(folder), settings.chapters))


def check_study(folder: str | Path) -> list[Fault]:
    """Return every fault of every table of a study, in the order of the schema; none for a sound study."""
    return _read(Path(folder))[2]


def check_beside(folder: str | Path) -> None:
    """Read the files that stand beside a study's tables; raises StudyError for the first one that is faulty.

    They are claims.toml, quotations.toml and checklist.toml, where the study has them.
    """
    study = load_study(folder)
    segments, people = study.segments["segment_id"], study.participants["participant_id"]
    read_quotation_rules(folder, segments=list(segments), people=list(people))
    read_checklist_answers(folder)


def _read(folder: Path) -> tuple[Settings, dict[str, pd.DataFrame], list[Fault]]:
    settings = read_settings(folder)
    texts, faults = {}, _strangers(folder) + _absent(folder)
    for table in TABLES.values():
        path = folder / f"{table.name}.csv"
        text, found = (
            read_table_text(path)
            if path.exists()
            else (pd.DataFrame(columns=table.column_names, dtype="str"), [])
        )
        found = found or table_faults(path.name, table, text)
        faults += found
        texts[table.name] = pd.DataFrame(columns=table.column_names, dtype="str") if found else text
    sound = {name for name in TABLES if not any(fault.file == f"{name}.csv" for fault in faults)}
    faults += [fault for name in TABLES if name in sound for fault in sorted(_dangling(name, texts, sound))]
    faults += _unknown_settings(settings, texts) if not faults else []
    if faults:
        return settings, {}, faults
    return settings, {name: typed(TABLES[name], text) for name, text in texts.items()}, []


def _absent(folder: Path) -> list[Fault]:
    """Tables that every study needs: others point to them."""
    needed = [name for name in ("documents", "areas", "codebook") if not (folder / f"{name}.csv").exists()]
    return [Fault(f"{name}.csv", 0, "", "no such file", "a table that every study has") for name in needed]


def _unknown_settings(settings: Settings, texts: dict[str, pd.DataFrame]) -> list[Fault]:
    """Settings that name somebody or something the tables do not have, once they have any."""
    named = {
        "reporting_coder": (
            settings.reporting_coder,
            "a coder of codings.csv",
            texts["codings"].get("coder"),
        ),
        "national_area": (settings.national_area, "an area_id of areas.csv", texts["areas"].get("area_id")),
    }
    return [
        Fault("study.toml", 0, name, repr(value), expected, nearest(value, known.dropna().unique()))
        for name, (value, expected, known) in named.items()
        if value and known is not None and len(known) and value not in set(known)
    ]


def _strangers(folder: Path) -> list[Fault]:
    files = sorted(path for path in folder.glob("*.csv") if path.stem not in TABLES)
    return [
        Fault(path.name, 0, "", "a file of this name", "a table of the schema", _file(path.stem))
        for path in files
    ]


def _file(stem: str) -> str:
    near = nearest(stem, TABLES)
    return near and f"{near}.csv"


def _dangling(name: str, texts: dict[str, pd.DataFrame], sound: set[str]) -> list[Fault]:
    rows = texts[name]
    return [
        fault
        for column in TABLES[name].columns
        if column.refers and column.name in rows
        for fault in _unknown_references(name, column, rows, texts, sound)
    ]


def _unknown_references(name, column: Column, rows, texts, sound) -> list[Fault]:
    if "." in column.refers:
        targets = {column.refers.split(".")[0]: column.refers.split(".")[1]}
        pointed = pd.Series(next(iter(targets)), index=rows.index)
    else:
        targets, pointed = ROW_IDS, rows[column.refers]
    faults = []
    for table, group in rows[column.name].dropna().groupby(pointed):
        if table not in sound:
            continue
        known = texts[table][targets[table]].dropna()
        for index, value in group[~group.isin(known)].items():
            expected = f"a {targets[table]} of {table}.csv"
            faults.append(
                Fault(f"{name}.csv", index + 2, column.name, repr(value), expected, nearest(value, known))
            )
    return faults


def read_settings(folder: Path) -> Settings:
    """Read study.toml of a study folder; raises StudyError for a missing file or an unknown setting."""
    path = folder / "study.toml"
    if not path.is_file():
        raise StudyError(f"{folder} is not a study folder: it has no study.toml.{_nearest_study(folder)}")
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(f"study.toml: {error}.") from None
    types = {field.name: field.type for field in fields(Settings)}
    for name, value in found.items():
        one_of("setting of study.toml", name, list(types))
        kind, words = KINDS.get(types[name], KINDS[str])
        if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
            raise StudyError(f"study.toml: {name} is {value!r}, expected {words}.")
    missing = [
        name
        for name in ("title", "schema_version", "access", "evidence_date", "chapters")
        if name not in found
    ]
    if missing:
        raise StudyError(f"study.toml: {', '.join(missing)} missing.")
    return Settings(**found | {"chapters": tuple(found["chapters"])})


def _nearest_study(folder: Path) -> str:
    if not folder.parent.is_dir():
        return ""
    near = nearest(folder.name, [path.parent.name for path in folder.parent.glob("*/study.toml")])
    return f" Did you mean {near!r}?" if near else ""


def read_texts(folder: str | Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a sound study with their cells as text, as the CSV files hold them."""
    load_study(folder)
    empty = {table.name: pd.DataFrame(columns=table.column_names, dtype="str") for table in TABLES.values()}
    files = {path.stem: read_table_text(path)[0] for path in Path(folder).glob("*.csv")}
    return empty | {name: text.reindex(columns=TABLES[name].column_names) for name, text in files.items()}


def save_tables(tables: Mapping[str, pd.DataFrame], folder: str | Path) -> None:
    """Write study tables into a study folder, each whole or not at all, and its data package descriptor."""
    for name, rows in tables.items():
        write_table(rows, TABLES[name], Path(folder) / f"{name}.csv")
    describe_study(folder)


def describe_study(folder: str | Path) -> bool:
    """Write the data package descriptor of a study folder; says whether it was missing or out of date."""
    return write_data_package(Path(folder), read_settings(Path(folder)).title)
