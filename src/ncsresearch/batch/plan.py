"""Which notebooks a run executes, with which parameters, and where each leaves its pages."""

import json
import multiprocessing
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING

from ncsresearch.batch.selection import selection_folder
from ncsresearch.schema import CallError, StudyError, one_of

if TYPE_CHECKING:  # a plan that is looked up again needs no library
    from ncsresearch.study import Study

PROJECT = Path(__file__).parents[3]
NOTEBOOKS = PROJECT / "notebooks"
EMBEDDED = ("published", "illustrative")
AREA_REPORT = "20_case_study_area"
# what a notebook may declare in its metadata: "ncsresearch": {"reads": "area"}; of what reads the whole no selection is made
READS = ("study", "area", "whole")


@dataclass(frozen=True)
class Task:
    """One notebook to execute: a chapter of a study, or the report on one of its areas.

    folder     where its notebook and page go, below the study's outputs
    reads      what it declares that it reads: the study, the extract of its area, or the study and never a part of it
    selection  folder of the selection that it is made for, below the study's outputs; empty for the whole study
    """

    study: str
    chapter: Path
    folder: str
    area_id: str = ""
    title: str = ""
    about: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    reads: str = READS[0]
    selection: str = ""

    @property
    def name(self) -> str:
        """The chapter's name, with the area's for an area report."""
        return f"{self.chapter.stem} {self.area_id}".strip()

    @property
    def place(self) -> str:
        """The chapter, and the area of an area report, divided by a slash."""
        return self.name.replace(" ", "/")

    @property
    def called(self) -> str:
        """Its study and name, and the selection that it is made for."""
        return ", ".join(filter(None, [self.study, self.selection, self.name]))

    @property
    def up(self) -> str:
        """Way from its page to the outputs of the study, or of the selection."""
        return "../" * len(self.folder.split("/"))

    @property
    def stem(self) -> str:
        """Path of its notebook and page below the study's outputs, without their endings."""
        return f"{self.folder}/{self.chapter.stem}"

    @property
    def told(self) -> dict[str, str]:
        """Its parameters as they may be told: a place outside the project by the name of its last folder alone."""
        return {
            name: Path(value).name if value.startswith("../../") else value
            for name, value in self.parameters.items()
        }

    @property
    def heading(self) -> str:
        """What its page is headed: the chapter's own title, or the area's."""
        if self.title:
            return f"{self.title}: area report"
        first = _found(self.chapter, "cells", 0, "source") or self.chapter.stem
        return "".join(first).split("\n", 1)[0].removeprefix("# ")


def _found(chapter: Path, *path):
    """Return what stands somewhere in a notebook's file; None for one that is none, which fails when it is executed."""
    try:
        found = json.loads(chapter.read_text(encoding="utf-8"))
        for step in path:
            found = found[step]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return found


def forking() -> BaseContext:
    """Return how worker processes are started: as forks of the run where the system can."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if "fork" in methods else "spawn")


def embedded_studies(*, having: list[str] | None = None) -> list[Path]:
    """Return the folders of the studies that come with the project: all, or those that have one of these areas."""
    folders = [PROJECT / "data" / name for name in EMBEDDED]
    folders = [folder for folder in folders if (folder / "study.toml").is_file()]
    if not having:
        return folders
    return [folder for folder in folders if _areas_of(folder) & set(having)] or folders


def _areas_of(folder: Path) -> set[str]:
    from ncsresearch.study import load_study

    return set(load_study(folder).areas["area_id"])


def plan(
    study: "Study",
    *,
    areas: list[str] | None = None,
    chapters: list[str] | None = None,
    sources: Path | None = None,
    chosen: Mapping[str, str] = {},
) -> list[Task]:
    """Return the tasks of a run: the study's chapters, then the report on each of its areas.

    areas and chapters narrow it; where only areas are named, only their reports are made. chosen makes the chapters for a
    selection, which has no area reports and no chapter that reads the whole. Raises StudyError for a name that the study
    does not have, with the nearest that it does, and for a chapter without a file.
    """
    if chosen:
        return _tasks_of_selection(study, chosen, chapters, sources)
    reported = study.areas[study.areas["report"].eq("yes")]
    for area_id in areas or []:
        one_of("area with a report", area_id, list(reported["area_id"]))
    known = [*_supported(study, chapters or []), AREA_REPORT]
    wanted = chapters or ([AREA_REPORT] if areas else known)
    tasks = [
        Task(study.name, notebook_file(chapter), "chapters", parameters=_parameters(study, sources))
        for chapter in known
        if chapter in wanted and chapter != AREA_REPORT
    ]
    if AREA_REPORT in wanted:
        rows = reported[reported["area_id"].isin(areas)] if areas else reported
        reads = declared(notebook_file(AREA_REPORT))
        tasks += [_area_task(study, area, sources, reads) for area in rows.to_dict("records")]
    return tasks


def _supported(study: "Study", asked: list[str]) -> list[str]:
    """Return the chapters that the study has evidence for. Raises StudyError for one asked for that is not among them."""
    from ncsresearch.present.chapters import supported_chapters, what_to_add

    for chapter in asked:
        if chapter not in study.settings.chapters and (NOTEBOOKS / f"{chapter}.ipynb").is_file():
            raise CallError(f"{chapter}.ipynb is a notebook, but study.toml does not name it in chapters.")
        one_of("chapter", chapter, [*study.settings.chapters, AREA_REPORT])
        if add := what_to_add(study, chapter):
            raise CallError(f"{chapter}: {study.name} has no evidence for it. Add {add}.")
    return [*supported_chapters(study)]


def _tasks_of_selection(
    study: "Study", chosen: Mapping[str, str], chapters: list[str] | None, sources: Path | None
) -> list[Task]:
    files = {chapter: notebook_file(chapter) for chapter in _supported(study, [])}
    known = [chapter for chapter, file in files.items() if declared(file) != READS[-1]]
    for chapter in chapters or []:
        one_of("chapter of a selection", chapter, known)
    own = {"parameters": _parameters(study, sources) | chosen, "selection": selection_folder(chosen)}
    wanted = [chapter for chapter in known if not chapters or chapter in chapters]
    return [Task(study.name, files[chapter], "chapters", **own) for chapter in wanted]


def declared(chapter: Path) -> str:
    """Return what a notebook declares in its metadata that it reads, the whole study where it says nothing.

    Raises StudyError for something else than READS.
    """
    reads = _found(chapter, "metadata", "ncsresearch", "reads") or READS[0]
    if reads not in READS:
        raise StudyError(
            f"{chapter.name}: its metadata say that it reads {reads!r}; known: {', '.join(READS)}."
        )
    return reads


def _area_task(study: "Study", area: dict, sources: Path | None, reads: str) -> Task:
    kind = area["classification"] if isinstance(area["classification"], str) else ""
    return Task(
        study.name,
        notebook_file(AREA_REPORT),
        f"areas/{area['area_id']}",
        area_id=area["area_id"],
        title=area["name"],
        about=kind,
        parameters=_parameters(study, sources) | {"area_id": area["area_id"]},
        reads=reads,
    )


def notebook_file(chapter: str) -> Path:
    """Return the file of a chapter; raises StudyError for one that has none."""
    path = NOTEBOOKS / f"{chapter}.ipynb"
    if not path.is_file():
        known = sorted(found.stem for found in NOTEBOOKS.glob("[0-9]*.ipynb"))
        one_of("chapter", chapter, known)
        raise StudyError(f"{path.name}: the notebook is missing.")
    return path


def _parameters(study: "Study", sources: Path | None) -> dict[str, str]:
    """Paths as seen from the notebooks, so that an executed notebook names no place of this machine."""
    given = {"study_dir": _relative(study.folder)}
    return given | ({"sources_dir": _relative(sources)} if sources else {})


def _relative(path: Path) -> str:
    return Path(os.path.relpath(path.resolve(), NOTEBOOKS)).as_posix()
