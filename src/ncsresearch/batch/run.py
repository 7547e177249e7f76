"""Run a plan: execute each notebook fresh, write its page, harvest its sentences and tables."""

import contextlib
import ctypes
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from ncsresearch.batch.execute import TIME_LIMIT, execute_chapter, place_told, why_failed
from ncsresearch.batch.forms import ALL, formats_asked, forms, write_forms
from ncsresearch.batch.harvest import write_catalogue, write_disclosure, write_findings, write_tables
from ncsresearch.batch.manifest import manifest, read_manifests
from ncsresearch.batch.plan import Task, forking, plan
from ncsresearch.exchange.whole_file import whole_file, write_json
from ncsresearch.schema import StudyError
from ncsresearch.study import Settings, Study, load_study

SCRATCH = ".partial"
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


@dataclass(frozen=True)
class Result:
    """What became of one task: done or failed, in how many seconds, and why it failed."""

    task: Task
    status: str
    seconds: float
    error: str = ""


def run_studies(
    folders: list[Path],
    *,
    output: Path,
    areas: list[str] | None = None,
    chapters: list[str] | None = None,
    sources: Path | None = None,
    formats: str = ALL,
    workers: int = 2,
    cold: bool = False,
    time_limit: int = TIME_LIMIT,
) -> list[Result]:
    """Run the chapters and area reports of some studies and write everything a run leaves.

    cold         starts an ordinary kernel for each notebook instead of a fork of one that has the libraries loaded
    time_limit   seconds that one cell of a notebook may take

    Every study is checked and planned before the first notebook runs. A failed notebook does not hide the
    others: its result says why it failed, and its pages of an earlier run are taken away.

    Raises StudyError, before anything is run, for a faulty study, an unknown area, chapter or format, a sources folder
    that is not there or an outputs folder that cannot be written, or that another run is writing to.
    """
    if sources and not sources.is_dir():
        raise StudyError(f"{sources}: there is no such folder of source documents.")
    wanted = formats_asked(formats)
    studies = [load_study(folder) for folder in folders]
    plans = [plan(study, areas=areas, chapters=chapters, sources=sources) for study in studies]
    make_folder(output)
    everything = [task for tasks in plans for task in tasks]
    with _alone_in(output):
        results = _execute(everything, output, studies, workers, cold=cold, time_limit=time_limit)
        _publish_all(studies, plans, results, output, wanted, workers)
    return results


@contextlib.contextmanager
def _alone_in(output: Path) -> Iterator[None]:
    """Hold the outputs folder while the block lasts, however it ends; raises StudyError while another run holds it."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    held = f"{output}: another run is writing to it. Wait for it, or name another --output."
    folder = os.open(output, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StudyError(held) from None
        yield
    finally:
        os.close(folder)


def make_folder(folder: Path) -> None:
    """Make the outputs folder, or say why it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StudyError(f"{folder}: cannot be written to ({error.strerror}).") from None


def _execute(
    tasks: list[Task], output: Path, studies: list[Study], workers: int, *, cold: bool, time_limit: int
) -> list[Result]:
    from tqdm import tqdm

    from ncsresearch.batch.warm import warm_kernels

    settings = {study.name: study.settings for study in studies}
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # two kernels of two threads each would share two cores
    workers = max(1, min(workers, len(tasks)))
    with (
        warm_kernels(cold=cold),
        ProcessPoolExecutor(workers, mp_context=forking(), initializer=_begin_work) as pool,
    ):
        waiting = {
            pool.submit(run_task, task, output, settings[task.study], time_limit): task for task in tasks
        }
        bar = tqdm(
            as_completed(waiting),
            total=len(waiting),
            unit="notebook",
            leave=False,
            disable=not sys.stderr.isatty(),
        )
        results = {_key(waiting[done]): _result(done, waiting[done]) for done in bar}
    return [results[_key(task)] for task in tasks]


def _begin_work() -> None:
    """Drop what kernels write to the terminal, which stands in the executed notebook; end with the run, however it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)


def _key(task: Task) -> tuple[str, str]:
    return task.study, task.name


def _result(done, task: Task) -> Result:
    try:
        return done.result()
    except BrokenProcessPool:
        return Result(task, "failed", 0.0, "its worker process was ended from outside")


def run_task(task: Task, output: Path, settings: Settings, time_limit: int) -> Result:
    """Execute one notebook and write its page beside it; both appear whole or not at all."""
    started = time.monotonic()
    target = output / task.study
    scratch = target / SCRATCH / task.stem
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        _make(task, scratch, settings, time_limit)
        _move_into_place(task, scratch, target)
    except Exception as error:  # whatever a notebook does, the others go on
        _take_away(task, target)
        _keep_failed(task, scratch, target)
        return Result(task, "failed", time.monotonic() - started, why_failed(error, settings.access))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return Result(task, "done", time.monotonic() - started)


def _make(task: Task, scratch: Path, settings: Settings, time_limit: int) -> None:
    import nbformat

    from ncsresearch.report.html import chapter_page

    executed = scratch / "executed.ipynb"
    notebook = execute_chapter(task.chapter, executed, task.parameters, time_limit=time_limit)
    nbformat.write(notebook, executed)
    up = "../" * (len(task.folder.split("/")) + 1)
    chapters = "../../chapters/" if task.area_id else ""
    page = chapter_page(
        notebook,
        study=settings.title,
        licence=settings.licence,
        title=task.title and task.heading,
        home=up,
        chapters=chapters,
        made=settings.chapters,
        tables=f"{up.removesuffix('../')}tables/{task.name.replace(' ', '/')}/",
        executed=f"{task.chapter.stem}.ipynb",
    )
    (scratch / "page.html").write_text(page, encoding="utf-8")


def _move_into_place(task: Task, scratch: Path, target: Path) -> None:
    (target / task.folder).mkdir(parents=True, exist_ok=True)
    (scratch / "executed.ipynb").replace(target / f"{task.stem}.ipynb")
    (scratch / "page.html").replace(target / f"{task.stem}.html")
    (target / "failed" / f"{task.name}.ipynb").unlink(missing_ok=True)


def _take_away(task: Task, target: Path) -> None:
    for ending in ("ipynb", "html"):
        (target / f"{task.stem}.{ending}").unlink(missing_ok=True)


def _keep_failed(task: Task, scratch: Path, target: Path) -> None:
    if (scratch / "executed.ipynb").exists():
        (target / "failed").mkdir(exist_ok=True)
        (scratch / "executed.ipynb").replace(target / "failed" / f"{task.name}.ipynb")


def _publish_all(
    studies: list[Study],
    plans: list[list[Task]],
    results: list[Result],
    output: Path,
    wanted: list[str],
    workers: int,
) -> None:
    for study, tasks in zip(studies, plans, strict=True):
        own = [result for result in results if result.task in tasks]
        _publish(study, tasks, own, output, wanted, workers)
    _write_index(output)


def _publish(
    study: Study, tasks: list[Task], results: list[Result], output: Path, wanted: list[str], workers: int
) -> None:
    target = output / study.name
    everything = plan(study)
    if len(tasks) == len(everything):
        _take_away_strangers(study, everything, target)
    shutil.rmtree(target / SCRATCH, ignore_errors=True)
    made = [task for task in everything if (target / f"{task.stem}.ipynb").exists()]
    write_findings(made, target, study)
    write_catalogue(made, target, study)
    write_tables(made, target, study.settings.status_line)
    if study.settings.threshold:
        write_disclosure(made, target, study.settings.threshold)
    write_forms(study, everything, tasks, target, wanted, workers)
    entries = [_entry(result, target) for result in results]
    write_json(manifest(study, entries, target, everything), target / "manifest.json")


def _take_away_strangers(study: Study, everything: list[Task], target: Path) -> None:
    """Remove pages of chapters and areas that the study no longer has, so that none is taken for current."""
    own = {target / f"{task.stem}.{ending}" for task in everything for ending in ("ipynb", "html")}
    own |= {target / form.path for files in forms(study, everything).values() for form in files}
    for folder in ("chapters", "areas"):
        for path in (target / folder).rglob("*.*"):
            if path.is_file() and path not in own:
                path.unlink()


def _entry(result: Result, target: Path) -> dict:
    task = result.task
    return {
        "name": task.name,
        "area_id": task.area_id,
        "title": task.title or task.heading,
        "about": task.about,
        "page": f"{task.stem}.html",
        "parameters": {name: place_told(value) for name, value in task.parameters.items()},
        "status": result.status,
        "seconds": round(result.seconds, 1),
        "error": result.error,
    }


def _write_index(output: Path) -> None:
    from ncsresearch.report.accessibility import accessibility_page
    from ncsresearch.report.site import index_page

    _write_page(index_page(read_manifests(output), output), output / "index.html")
    _write_page(accessibility_page(), output / "accessibility.html")


def _write_page(page: str, path: Path) -> None:
    with whole_file(path) as partial:
        partial.write_text(page, encoding="utf-8")
