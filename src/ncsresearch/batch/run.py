"""Run studies: make what has changed since the last run, here or on a cluster, and publish all of it."""

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from ncsresearch.batch.cluster import refuse_open_network
from ncsresearch.batch.digests import inputs
from ncsresearch.batch.execute import TIME_LIMIT
from ncsresearch.batch.formats import ALL, FORMATS, formats_asked
from ncsresearch.batch.manifest import read_manifests
from ncsresearch.batch.outputs import take_away_halves
from ncsresearch.batch.plan import plan
from ncsresearch.batch.pools import Pool, made, pool_at
from ncsresearch.batch.release import changes
from ncsresearch.batch.study_run import Result, StudyRun
from ncsresearch.exchange.whole_file import write_whole
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study

PARTLY_WRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)


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
    fresh: bool = False,
    scheduler: str = "",
) -> list[Result]:
    """Run the chapters and area reports of some studies and write everything a run leaves.

    cold         starts an ordinary kernel for each notebook instead of a fork of one that has the libraries loaded
    time_limit   seconds that one cell of a notebook may take
    fresh        makes every notebook, not only those of which something has changed since the last run
    scheduler    address of a Dask scheduler whose workers make the notebooks; processes of this machine without one

    Every study is checked and planned before the first notebook runs. A failed notebook does not hide the
    others: its result says why it failed, and its pages of an earlier run are taken away.

    Raises StudyError, before anything is run, for a faulty study, an unknown area, chapter or format, a sources folder
    that is not there or an outputs folder that cannot be written, or that another run is writing to; and, with what
    was made before it kept, where the outputs can be written no longer.
    """
    if sources and not sources.is_dir():
        raise StudyError(f"{sources}: there is no such folder of source documents.")
    wanted = formats_asked(formats)
    found = [inputs(folder, sources) for folder in folders if folder.is_dir()]
    studies = [load_study(folder) for folder in folders]
    plans = [plan(study, areas=areas, chapters=chapters, sources=sources) for study in studies]
    if scheduler:
        refuse_open_network(scheduler, studies)
    make_folder(output)
    with _alone_in(output), _told_where_it_ends(output):
        take_away_halves(output)
        each = zip(studies, found, plans, strict=True)
        runs = [StudyRun(*of_one, output, sources=sources, fresh=fresh) for of_one in each]
        _make(runs, pool_at(scheduler, workers=workers, cold=cold), time_limit)
        for run in runs:
            run.outputs.publish(wanted, workers, run.of, [str(each) for each in changes(run.study)])
        _write_index(output)
    return [result for run in runs for result in run.results.values()]


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


@contextlib.contextmanager
def _told_where_it_ends(output: Path) -> Iterator[None]:
    """Tell of a place that can be written no longer as a fault of the place."""
    try:
        yield
    except OSError as error:
        if error.errno not in PARTLY_WRITTEN:
            raise
        told = f"{output}: cannot be written to ({error.strerror}). What was made before stands; the next run goes on."
        raise StudyError(told) from None


def _make(runs: list[StudyRun], pool: AbstractContextManager[Pool], time_limit: int) -> None:
    """Have made what has changed; whatever ends it, what is made so far is noted for the next run."""
    from tqdm import tqdm

    by_study, n = {run.study.name: run for run in runs}, sum(len(run.to_make) for run in runs)
    if not n:
        return
    try:
        with pool as workers:
            asked = (each for run in runs for each in run.asked(workers, time_limit))
            bar = tqdm(total=n, unit="notebook", leave=False, disable=not sys.stderr.isatty())
            for order, made_ in made(workers, asked):
                by_study[order.task.study].keep(order.task, made_)
                bar.update()
            bar.close()
    except BaseException:
        with contextlib.suppress(OSError):
            for run in runs:
                run.outputs.note()
        raise


def _write_index(output: Path) -> None:
    from ncsresearch.report.site import accessibility_page, index_page

    called = {name: each.called for name, each in FORMATS.items()}
    page = index_page(read_manifests(output), output, called)
    write_whole(page.encode(), output / "index.html")
    write_whole(accessibility_page().encode(), output / "accessibility.html")
