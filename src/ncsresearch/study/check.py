"""Which faults do the tables of a study folder have, each alone and in what they say of each other?"""

from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from ncsresearch.ingest.table_file import Fault, read_table_text, table_faults, typed
from ncsresearch.schema import ROW_IDS, TABLES, StudyTable, nearest
from ncsresearch.study.groups import (
    GROUPINGS,
    faulty_groupings,
    names_of,
    undeclared_groups,
    with_declared_names,
)
from ncsresearch.study.read_through import unread
from ncsresearch.study.references import pointed
from ncsresearch.study.settings import Settings, read_settings
from ncsresearch.study.survey_settings import SURVEYS, faulty_surveys

REPORTING_CODER, JOINT = "reporting_coder", "joint"
# settings that a study may have still to put right after its tables have changed
MAY_BE_OPEN = (REPORTING_CODER, GROUPINGS, JOINT)
GROUP = "a participant_group"
COMPARISONS = 1_000_000  # of unknown with known ids: about ten seconds
BESIDE = 50


def check_study(folder: str | Path) -> list[Fault]:
    """Return every fault of every table of a study, in the order of the schema; none for a sound study."""
    return checked_texts(Path(folder))[2]


def read_checked(folder: Path) -> tuple[Settings, dict[str, pd.DataFrame], list[Fault]]:
    """Return the settings and tables of a study folder, and every fault; with any, no tables."""
    settings, texts, faults = checked_texts(folder)
    if faults:
        return settings, {}, faults
    tables = {}
    for name in TABLES:
        text = texts.pop(name)
        empty = _typed_without_rows(name).copy(deep=False)
        tables[name] = typed(TABLES[name], text) if len(text) else empty
    return settings, with_declared_names(settings, tables), []


def checked_texts(
    folder: Path, written: Mapping[str, pd.DataFrame] = MappingProxyType({})
) -> tuple[Settings, dict[str, pd.DataFrame], list[Fault]]:
    """Return the settings, the tables as text and every fault of a study folder.

    written   tables as text that were written there just now, and are not read again
    """
    settings = read_settings(folder)
    needed = [name for name in ("documents", "areas", "codebook") if not (folder / f"{name}.csv").exists()]
    texts, faults = {}, _strangers(folder)
    faults += [Fault(f"{name}.csv", 0, "", "no such file", "a table that every study has") for name in needed]
    for table in TABLES.values():
        path = folder / f"{table.name}.csv"
        if not path.exists():
            texts[table.name] = no_rows(table)
            continue
        text, found = (written[table.name], []) if table.name in written else read_table_text(path)
        found = found or table_faults(path.name, table, text)
        faults += found
        texts[table.name] = no_rows(table) if found else text
    sound = {name for name in TABLES if not any(fault.file == f"{name}.csv" for fault in faults)}
    faults += [fault for name in TABLES if name in sound for fault in sorted(_dangling(name, texts, sound))]
    faults += [*_unknown_settings(settings, texts), *unread(texts)] if not faults else []
    return settings, texts, faults


@cache
def _typed_without_rows(name: str) -> pd.DataFrame:
    return typed(TABLES[name], no_rows(TABLES[name]))


def no_rows(table: StudyTable) -> pd.DataFrame:
    """Return a table without a file: its columns, and nothing in them."""
    return _text_without_rows(table.name).copy(deep=False)


@cache
def _text_without_rows(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=TABLES[name].column_names, dtype="str")


def _unknown_settings(settings: Settings, texts: dict[str, pd.DataFrame]) -> list[Fault]:
    """Settings that name somebody or something the tables do not have, once they have any."""
    pairs, declared = settings.joint, {*names_of(settings.participant_groups)}
    asked = ("codebook", "a code_id") if texts["points"].empty else ("points", "a point_id")
    known = [
        (REPORTING_CODER, [settings.reporting_coder], "codings", "a coder"),
        ("national_area", [settings.national_area], "areas", "an area_id"),
        ("questions", settings.questions, "codebook", "a code_id"),
        ("area_questions", settings.area_questions, "areas", "an area_id"),
        ("area_questions", chain(*settings.area_questions.values()), *asked),
        (SURVEYS, settings.surveys, "survey_items", "a document_id"),
        (JOINT, [pair.theme for pair in pairs], "codebook", "a code_id"),
        (JOINT, [pair.item for pair in pairs], "survey_items", "an item_id"),
        (JOINT, {each for pair in pairs for each in pair.heard_from} - declared, "participants", GROUP),
    ]
    faults = [
        Fault("study.toml", 0, name, repr(value), f"{kind} of {table}.csv", nearest(value, names))
        for name, values, table, kind in known
        if len(names := texts[table].get(kind.split()[1], pd.Series(dtype="str")).dropna().unique())
        for value in dict.fromkeys(values)
        if value and value not in names
    ]
    coders = unnamed_coders(settings, texts["codings"])
    if len(coders) > 1:
        expected = f"the coder whose judgements the chapters report, one of {', '.join(coders)}"
        faults.append(Fault("study.toml", 0, REPORTING_CODER, "nobody", expected))
    faults += undeclared_groups(settings, texts)
    return [*faults, *faulty_groupings(settings, texts), *faulty_surveys(settings, texts)]


def unnamed_coders(settings: Settings, codings: pd.DataFrame) -> list[str]:
    """Return the coders of judgements where study.toml names none of them as the reporting coder."""
    coders = codings.get("coder", pd.Series(dtype="str"))
    return [] if settings.reporting_coder else list(coders.dropna().unique())


def _strangers(folder: Path) -> list[Fault]:
    strangers = sorted(path.stem for path in folder.glob("*.csv") if path.stem not in TABLES)
    found = "a file of this name", "a table of the schema"
    near = {stem: f"{name}.csv" if (name := nearest(stem, TABLES)) else "" for stem in strangers}
    return [Fault(f"{stem}.csv", 0, "", *found, near[stem]) for stem in strangers]


def _dangling(name: str, texts: dict[str, pd.DataFrame], sound: set[str]) -> list[Fault]:
    faults = []
    for column, table, values in pointed(name, texts[name]):
        if table not in sound:
            continue
        known, target = texts[table][ROW_IDS[table]].dropna(), ROW_IDS[table]
        strange = values[~values.isin(known)]
        near, expected = _nearest_of(strange, known), f"a {target} of {table}.csv"
        for index, value in strange.items():
            faults.append(Fault(f"{name}.csv", index + 2, column, repr(value), expected, near[value]))
    return faults


def _nearest_of(values: pd.Series, known: pd.Series) -> dict[str, str]:
    """Return the nearest known value of each; of very many, among those alone that stand beside it in order."""
    strange = values.unique()
    if len(strange) * len(known) <= COMPARISONS:
        return {value: nearest(value, known) for value in strange}
    order = np.sort(known.to_numpy(dtype="object"))
    places = np.searchsorted(order, strange.astype("object"))
    return {
        value: nearest(value, order[max(0, place - BESIDE) : place + BESIDE])
        for value, place in zip(strange, places, strict=True)
    }
