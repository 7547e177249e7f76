"""The forms in which a study is published beside its pages: which files of which notebooks, made by what."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ncsresearch.batch.plan import Task, forking
from ncsresearch.batch.pools import begin_work
from ncsresearch.exchange.whole_file import whole_file
from ncsresearch.report.content import Chapter
from ncsresearch.study import Settings, Study


@dataclass(frozen=True)
class Form:
    """A file made of executed notebooks.

    path   below the study's outputs
    tasks  the notebooks that it is made of, in their order
    make   its bytes, of the study's settings and the chapters; one whose notebook is None was not made
    """

    path: str
    tasks: list[Task]
    make: Callable[[Settings, list[Chapter]], bytes]


def _word(study: Study, everything: list[Task]) -> Iterator[Form]:
    from ncsresearch.report.word import word_report

    yield Form(f"{study.name}.docx", [task for task in everything if not task.area_id], word_report)
    for task in everything:
        if task.area_id:
            yield Form(f"{task.stem}.docx", [task], word_report)


def _excel(study: Study, everything: list[Task]) -> Iterator[Form]:
    from ncsresearch.report.workbook import workbook

    yield Form(f"{study.name}.xlsx", everything, workbook)


FORMATS = {"docx": _word, "xlsx": _excel}


def forms(study: Study, everything: list[Task]) -> dict[str, list[Form]]:
    """Return the files of a study in each format, whether they are written or not."""
    return {name: list(of_study(study, everything)) for name, of_study in FORMATS.items()}


def write_forms(
    study: Study, everything: list[Task], fresh: set[str], target: Path, wanted: list[str], workers: int
) -> None:
    """Write each file that a fresh notebook goes into, or that is missing; one not wanted, or of which nothing is left, is taken away."""
    asked = [
        (form, study.settings, target, name in wanted)
        for name, files in forms(study, everything).items()
        for form in files
        if fresh & {task.name for task in form.tasks} or (target / form.path).exists() != (name in wanted)
    ]
    if not asked:
        return
    try:
        _write_all(asked, workers)
    except BrokenExecutor:  # a process was ended from outside
        _write_all(asked, workers)


def _write_all(asked: list[tuple], workers: int) -> None:
    with ProcessPoolExecutor(workers, mp_context=forking(), initializer=begin_work) as pool:
        list(pool.map(_write, *zip(*asked, strict=True)))


def _write(form: Form, settings: Settings, target: Path, wanted: bool) -> None:
    chapters = [_chapter(task, target) for task in form.tasks]
    file = target / form.path
    if not wanted or not any(chapter.notebook for chapter in chapters):
        file.unlink(missing_ok=True)
        return
    with whole_file(file) as partial:
        partial.write_bytes(form.make(settings, chapters))


def _chapter(task: Task, target: Path) -> Chapter:
    path = target / f"{task.stem}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return Chapter(task.chapter.stem, task.heading, notebook, task.area_id)
