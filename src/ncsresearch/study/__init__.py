"""A study: its settings and its checked tables together."""

from collections import ChainMap
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.checklist_file import read_checklist_answers
from ncsresearch.ingest.findings_file import FindingsFile, read_findings
from ncsresearch.ingest.quotation_rules import read_quotation_rules
from ncsresearch.ingest.table_file import Fault, write_table
from ncsresearch.schema import OF_READERS, TABLES, StudyError, nearest, one_of
from ncsresearch.study.area_index import AreaIndex, area_index
from ncsresearch.study.check import MAY_BE_OPEN, check_study, checked_texts, read_checked
from ncsresearch.study.groups import names_of
from ncsresearch.study.heard import without_listed, without_respondents
from ncsresearch.study.narrowing import (
    about_client_group,
    of_area_type,
    refuse_unknown_client_group,
    said_by_group,
    speaking_groups,
    under_theme,
)
from ncsresearch.study.releases import last_printed
from ncsresearch.study.settings import DATE_TO_COME, STATUS, Settings, read_settings
from ncsresearch.study.slice import BY, Slice, slice_of
from ncsresearch.study.staged import read_staged
from ncsresearch.study.totals import StudyTotals

__all__ = [
    "STATUS",
    "Settings",
    "Study",
    "check_study",
    "load_study",
    "read_settings",
    "read_texts",
    "save_tables",
]


# how tables are narrowed, in the order in which it is done
NARROWINGS = {
    "area_type": of_area_type,
    "heard_from": said_by_group,
    "client_group": about_client_group,
    "theme": under_theme,
}


@dataclass(frozen=True, eq=False)
class Study:
    """The checked tables of one study; each is an attribute by its name, empty where the study has none.

    findings  the authors' files of findings, by name
    part_of   the area whose rows alone it holds, where it is what the report on one area reads
    whole     what such a part knows of the people of the whole study
    doubted   and its themes on which coders agree too little, as doubted_themes has them
    selection what a chapter has narrowed it to, by parameter of `where`; empty for the whole study
    taken_from   the study of all documents, of one that has some of them alone
    slice     the people that a selection of a confidential study tells of, whose counts are those of the whole
    listed    who is only on a list, and was not heard
    printed   what its last release printed, as last_printed; None before the first
    """

    folder: Path
    settings: Settings
    tables: Mapping[str, pd.DataFrame]
    selection: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, FindingsFile] = field(default_factory=dict)
    part_of: str = ""
    whole: StudyTotals | None = None
    doubted: pd.DataFrame | None = None
    taken_from: "Study | None" = None
    slice: "Slice | None" = None
    listed: tuple[str, ...] = ()
    printed: pd.DataFrame | None = None

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return the table of this name."""
        if name not in TABLES:
            raise AttributeError(f"A study has no table {name!r}. Did you mean {nearest(name, TABLES)!r}?")
        return self.tables[name]

    def __deepcopy__(self, memo: dict) -> "Study":
        """Return the study itself, which nobody changes: frames that remember it are copied often."""
        return self

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

    def holding(self, **tables: pd.DataFrame) -> "Study":
        """Return the study with these tables in place of its own."""
        return replace(self, tables=ChainMap(tables, self.tables))

    def of_documents(self, document_ids: Collection[str]) -> "Study":
        """Return the study with what these documents alone hold; the interviews that they quote stay with all others."""
        named = [name for name, table in TABLES.items() if "document_id" in table.column_names]
        own = {name: self.tables[name] for name in named if name not in ("documents", "interviews")}
        own = {name: rows[rows["document_id"].isin(document_ids)] for name, rows in own.items()}
        return replace(self.holding(**own), taken_from=self.taken_from or self)

    def of_chapter(self, chapter: str) -> "Study":
        """Return the study with what the documents of a chapter hold; all of it where study.toml names none for it.

        Raises StudyError for a document that the study does not have, with the nearest one it has.
        """
        wanted = self.settings.documents.get(chapter, [])
        for name in wanted:
            one_of("document", name, list(self.documents["document_id"]))
        return self.of_documents(wanted) if wanted else self

    def where(
        self,
        *,
        area_id: str = "",
        area_type: str = "",
        client_group: str = "",
        heard_from: str = "",
        theme: str = "",
    ) -> "Study":
        """Return the study with only the evidence asked for; an empty value means all.

        area_id       keeps what belongs to this area: its units, interviews, participants and answers
        area_type     keeps judgements about areas of this type, and people and interviews of such areas with what
                      was said there; a type of the schema, or rural or urban for all of that kind
        client_group  keeps judgements about this group of clients, whoever speaks
        heard_from    keeps the people of this participant group, or of this client group, with what they said, and
                      published quotations of such a participant group
        theme         keeps judgements under this code or a code below it

        Of a confidential study of people one of area, kind of area, participant group and client group may be chosen,
        with or without a theme: counts by two of them together are not protected. A group may be called by any name
        that study.toml declares for it.

        Raises StudyError for a value the study does not know, with the nearest one it does.
        """
        if not (area_id or area_type or client_group or heard_from or theme):
            return self
        tables, settings = self.tables, self.settings
        client_group = names_of(settings.client_groups).get(client_group, client_group)
        speak = names_of(settings.participant_groups | settings.client_groups)
        heard_from = speak.get(heard_from, heard_from)
        if client_group:
            refuse_unknown_client_group(tables, client_group)
        if heard_from:
            one_of("group that speaks", heard_from, speaking_groups(tables))
        if area_id:
            one_of("area", area_id, list(self.areas["area_id"]))
            tables = _area_index(self).of(tables, area_id)
        told = self._slice(
            area_id=area_id, area_type=area_type, client_group=client_group, heard_from=heard_from
        )
        chosen = {"area_id": area_id, "area_type": area_type, "client_group": client_group}
        chosen |= {"heard_from": heard_from, "theme": theme}
        chosen = {name: value for name, value in chosen.items() if value}
        for name, narrow in NARROWINGS.items():
            tables = narrow(tables, chosen[name]) if name in chosen else tables
        told = told and replace(told, theme=theme)
        return replace(self, tables=tables, selection={**self.selection, **chosen}, whole=None, slice=told)

    def _slice(self, **asked: str) -> "Slice | None":
        """Return the people that a selection tells of; none of a public study, which protects nobody."""
        if not self.settings.threshold or not (self.slice or len(self.participants)):
            return None
        if self.part_of:
            return self.slice
        whole = self.slice.whole if self.slice else self
        before = {self.slice.by: self.slice.group} if self.slice and self.slice.by else {}
        return slice_of(whole, before | {BY.get(name, name): value for name, value in asked.items() if value})


@lru_cache(maxsize=2)
def _area_index(study: Study) -> AreaIndex:
    return area_index(study.tables)


def load_study(folder: str | Path) -> Study:
    """Read a study folder and return its checked tables.

    A table without a file is an empty frame with its columns, and so is what readers say of the report. Columns that list their values are ordered
    categories, and the codes of judgements are ordered as the codebook is.

    Raises StudyError that names every fault of every table: file, row as a spreadsheet numbers it, column,
    what was found, what was expected and the nearest right value.
    """
    if ready := read_staged(Path(folder)):
        if ready.part_of:
            raise StudyError(f"{ready.name}: the report on an area reads its part of a study with load_area.")
        return ready
    settings, tables, faults = read_checked(Path(folder))
    _refuse(Path(folder), faults)
    order = pd.CategoricalDtype(tables["codebook"]["code_id"], ordered=True)
    tables["codings"] = tables["codings"].astype({"code_id": order})
    tables, listed = without_listed(without_respondents(tables))
    tables |= {name: tables[name].iloc[:0] for name in OF_READERS}
    findings = read_findings(Path(folder), settings.chapters, tables["areas"])
    printed = last_printed(Path(folder))
    return Study(Path(folder), settings, tables, findings=findings, listed=listed, printed=printed)


def _refuse(folder: Path, faults: list[Fault]) -> None:
    if faults:
        counted = f"{len(faults)} fault{'s' * (len(faults) > 1)}"
        raise StudyError(f"{folder.name}: {counted}\n" + "\n".join(f"  {fault}" for fault in faults))


def check_folder(folder: str | Path) -> list[Fault]:
    """Return every fault of every table, as check_study does, a date that nobody has said, and read what is beside sound tables.

    Raises StudyError for the first faulty file beside them: one of findings/, quotations.toml or checklist.toml.
    """
    settings, tables, faults = read_checked(Path(folder))
    if not faults:
        segments, people = tables["segments"]["segment_id"], tables["participants"]["participant_id"]
        read_findings(Path(folder), settings.chapters, tables["areas"])
        read_quotation_rules(folder, segments=list(segments), people=list(people))
        read_checklist_answers(folder)
    if settings.evidence_date == DATE_TO_COME:
        expected = "when the evidence is from, such as 'May to June 2024'"
        faults.append(Fault("study.toml", 0, "evidence_date", repr(DATE_TO_COME), expected))
    return faults


def read_texts(folder: str | Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a study with their cells as text, as the CSV files hold them.

    Who reports, and an attribute to group people by, may still be open: a study is imported into, exported and withdrawn
    from without them.
    Raises StudyError for every other fault, as load_study does.
    """
    _, texts, faults = checked_texts(Path(folder))
    _refuse(Path(folder), [fault for fault in faults if fault.column not in MAY_BE_OPEN])
    return {name: text.reindex(columns=TABLES[name].column_names) for name, text in texts.items()}


def save_tables(tables: Mapping[str, pd.DataFrame], folder: str | Path) -> None:
    """Write study tables into a study folder, each whole or not at all, and its data package descriptor."""
    for name, rows in tables.items():
        write_table(rows, TABLES[name], Path(folder) / f"{name}.csv")
    describe_study(folder)


def describe_study(folder: str | Path) -> bool:
    """Write the data package descriptor of a study folder; says whether it was missing or out of date."""
    from ncsresearch.ingest.data_package import write_data_package  # chapters read a study and write none

    return write_data_package(Path(folder), read_settings(Path(folder)).title)
