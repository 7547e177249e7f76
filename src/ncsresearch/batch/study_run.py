"""One study, or one selection of it, in a run: which of its notebooks have to be made and why, what each reads, and what became of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ncsresearch.batch.digests import Inputs, dependency_digests, digest, study_digests
from ncsresearch.batch.make import Bundle, Executed, Order, Ready
from ncsresearch.batch.manifest import was_made_of, why_again
from ncsresearch.batch.outputs import Outputs
from ncsresearch.batch.plan import Task
from ncsresearch.batch.pools import Asked, Pool
from ncsresearch.batch.selection import selection_folder
from ncsresearch.present.printable import cited_first
from ncsresearch.study import Study
from ncsresearch.study.remembered import FILE
from ncsresearch.study.staged import staged_files

if TYPE_CHECKING:
    from ncsresearch.present.area_extracts import AreaExtracts

CITED_FIRST = "which cited passages are quoted before others"
ASKED_FOR = "all were asked for"


@dataclass(frozen=True)
class Result:
    """What became of one task, in how many seconds, why it was made, and why it failed.

    status   done, failed, unchanged, or says nothing (of its selection)
    """

    task: Task
    status: str
    seconds: float = 0.0
    error: str = ""
    why: tuple[str, ...] = ()


class StudyRun:
    """One study in a run, or one selection of it.

    chosen    what the selection has chosen, by parameter; nothing for the whole study
    found     the digests of what it was read from, taken before it was read: what changes meanwhile is made again next
    tasks     the notebooks asked for
    to_make   those of them of which something has changed
    results   what became of each notebook that was asked for, by name
    """

    def __init__(
        self,
        study: Study,
        found: Inputs,
        tasks: list[Task],
        output: Path,
        *,
        chosen: Mapping[str, str] = {},
        sources: Path | None = None,
        fresh: bool = False,
    ):
        self.study, self.found, self.tasks, self.sources = study, found, tasks, sources
        self.outputs = Outputs(study, output, chosen)
        first = digest("\n".join(cited_first(study)).encode(), key=found.key)
        self.now = {
            task.name: dependency_digests(task, self.found, self._extract(task)) | {CITED_FIRST: first}
            for task in tasks
        }
        self.why = {task.name: [ASKED_FOR] if fresh else self._why(task) for task in tasks}
        self.to_make = [task for task in tasks if self.why[task.name]]
        self.notebooks = {task.name: task.chapter.read_bytes() for task in self.to_make}
        self.of = self._made_of(study_digests(found, self.chapters))
        self.results = {task.name: Result(task, "unchanged") for task in tasks}
        for task in tasks:
            if not self.why[task.name]:
                self.outputs.stands(task)

    def _why(self, task: Task) -> list[str]:
        entry, as_left = self.outputs.entries.get(task.name), self.outputs.as_left(task)
        return why_again(self.now[task.name], entry, as_left=as_left)

    def _made_of(self, now: dict) -> dict:
        """Return what the outputs are made of, and which notebooks stay among them that were made of another state."""
        asked, before = {task.name for task in self.tasks}, self.outputs.before
        others = [task for task in self.outputs.everything if task.name in {*self.outputs.entries} - asked]
        same = all(before.get(name) == now[name] for name in ("package", "inputs", "sources"))
        same &= not before.get("of_another_state")
        old, new = before.get("chapters", {}), now["chapters"]
        names = {task.name: task.chapter.stem for task in others}
        mixed = [name for name, chapter in names.items() if not same or old.get(chapter) != new[chapter]]
        return now | {"of_another_state": mixed}

    @property
    def place(self) -> tuple[str, str]:
        """The name of its study, and the folder of its selection, as its tasks have them."""
        return self.study.name, selection_folder(self.outputs.about.get("selection", {}))

    @property
    def chapters(self) -> list[str]:
        """Names of the notebooks that the outputs are made of."""
        return sorted({task.chapter.stem for task in self.outputs.everything})

    @cached_property
    def _extracts(self) -> "AreaExtracts":
        from ncsresearch.present.area_extracts import AreaExtracts  # and with it what draws figures

        return AreaExtracts(self.study)

    def _extract(self, task: Task) -> Study | None:
        """Return what a report on an area reads of the study; none for a notebook that reads the whole."""
        return self._extracts[task.area_id] if task.reads == "area" else None

    def asked(self, pool: Pool, share: Callable[[Study], Ready], how: Mapping) -> Iterator[Asked]:
        """Yield what has to be made, each with what it reads; share gives the pool the whole study once, how is as of an Order."""
        from ncsresearch.present.chapters import supported_chapters

        sources = pool.share(Bundle(_files(self.sources, "**/*"))) if self.sources else None
        settings = replace(self.outputs.study.settings, chapters=supported_chapters(self.study))
        for task in self.to_make:
            order = Order(task, self.notebooks[task.name], settings, task.told, **how)
            extract = self._extract(task)
            yield order, Bundle(staged_files(extract)) if extract else share(self.study), sources

    def keep(self, task: Task, made: Executed) -> None:
        """Keep what was made, with what it was made of."""
        why, of = self.why[task.name], was_made_of(self.now[task.name], made.read)
        self.outputs.keep(task, made, of, why)
        status = self.outputs.entries[task.name]["status"]
        self.results[task.name] = Result(task, status, made.seconds, made.error, tuple(why))


def whole_study(study: Study) -> Bundle:
    """Return all that a chapter may read of a study: its tables, and the files that stand beside them."""
    return Bundle(_files(study.folder, "*.toml", "texts/**/*") | staged_files(study) | _mask(study))


def _mask(study: Study) -> dict[str, bytes]:
    """Return what says which counts of a confidential study are withheld, so that whoever makes a notebook withholds the same."""
    from ncsresearch.disclosure.mask import withheld_counts

    file = withheld_counts(study).attrs.get(FILE)
    return {file.name: file.read_bytes()} if file and file.is_file() else {}


def _files(folder: Path, *patterns: str) -> dict[str, bytes]:
    found = (path for pattern in patterns for path in sorted(folder.glob(pattern)) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
