"""The formats that outputs are written in: a row each, with the files of a study in it and what makes them."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from ncsresearch.batch.plan import Task, forking
from ncsresearch.ingest.whole_file import write_whole
from ncsresearch.schema import one_of

if TYPE_CHECKING:
    from ncsresearch.report.content import Chapter
    from ncsresearch.study import Settings, Study

Files = Sequence[tuple[str, list[Task]]]


def _of_study_and_areas(study: str, tasks: list[Task]) -> Files:
    chapters = [task for task in tasks if not task.area_id]
    return [(study, chapters), *((task.stem, [task]) for task in tasks if task.area_id)]


def _of_study(study: str, tasks: list[Task]) -> Files:
    return [(study, tasks)]


@dataclass(frozen=True)
class Format:
    """A format in which a study is published.

    name    as it is asked for, and the ending of its files
    called  what the first page calls the file of a whole study
    files   its files below the study's outputs, without the ending, each with the notebooks that it is made of
    make    module and function that makes one: its bytes, of the study's settings and of chapters, of which one whose
            notebook is None was not made
    """

    name: str
    called: str
    files: Callable[[str, list[Task]], Files]
    make: str

    def paths(self, whole: str, tasks: list[Task]) -> dict[str, list[Task]]:
        """Return the notebooks of each file by its path, whether it is written or not; whole is the name of the study's own."""
        return {f"{stem}.{self.name}": own for stem, own in self.files(whole, tasks)}

    def made_by(self) -> Callable:
        """Return the function that makes a file; only here are its libraries loaded."""
        return resolve_name(self.make)


PAGES = "html"  # written as each notebook is made, since index.html opens them
FORMATS = {
    each.name: each
    for each in (
        Format("docx", "All chapters (Word)", _of_study_and_areas, "ncsresearch.report.word:word_report"),
        Format("xlsx", "All tables (Excel)", _of_study, "ncsresearch.report.workbook:workbook"),
    )
}
KNOWN = (PAGES, *FORMATS)
ALL = ",".join(KNOWN)


def formats_asked(names: str) -> list[str]:
    """Return the formats of a list divided by commas; raises StudyError for one that is not known."""
    return sorted({one_of("format", name.strip(), KNOWN) for name in names.split(",")})


def write_formats(
    study: "Study",
    whole: str,
    everything: list[Task],
    fresh: set[str],
    target: Path,
    wanted: list[str],
    workers: int,
) -> None:
    """Write each file that a fresh notebook goes into, or that is missing; one not wanted, or of which nothing is left, is taken away."""
    asked = [
        (each, target / path, tasks, study.settings, target, each.name in wanted)
        for each in FORMATS.values()
        for path, tasks in each.paths(whole, everything).items()
        if fresh & {task.name for task in tasks} or (target / path).exists() != (each.name in wanted)
    ]
    if not asked:
        return
    try:
        _write_all(asked, workers)
    except BrokenExecutor:  # a process was ended from outside
        _write_all(asked, workers)


def _write_all(asked: list[tuple], workers: int) -> None:
    from ncsresearch.batch.pools import begin_work

    for each in {each for each, *_, wanted in asked if wanted}:
        each.made_by()  # loaded once for all processes
    with ProcessPoolExecutor(workers, mp_context=forking(), initializer=begin_work) as pool:
        list(pool.map(_write, *zip(*asked, strict=True)))


def _write(
    each: Format, file: Path, tasks: list[Task], settings: "Settings", target: Path, wanted: bool
) -> None:
    chapters = [_chapter(task, target) for task in tasks]
    if not wanted or not any(chapter.notebook for chapter in chapters):
        file.unlink(missing_ok=True)
        return
    write_whole(each.made_by()(settings, chapters), file)


def _chapter(task: Task, target: Path) -> "Chapter":
    from ncsresearch.report.content import Chapter

    path = target / f"{task.stem}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return Chapter(task.chapter.stem, task.heading, notebook, task.area_id)
