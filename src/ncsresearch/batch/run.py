"""Run studies: make what has changed since the last run, here or on a cluster, and publish all of it."""

import contextlib
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import cache
from itertools import combinations
from pathlib import Path

from ncsresearch.batch.cluster import refuse_open_network
from ncsresearch.batch.digests import inputs
from ncsresearch.batch.execute import TIME_LIMIT
from ncsresearch.batch.formats import ALL, FORMATS, formats_asked
from ncsresearch.batch.manifest import read_manifest, read_manifests
from ncsresearch.batch.outputs import take_away_halves
from ncsresearch.batch.plan import plan
from ncsresearch.batch.pools import Pool, made, pool_at
from ncsresearch.batch.release import changes
from ncsresearch.batch.selection import asked_of, chosen_in, known_selections, selection_folder
from ncsresearch.batch.study_run import Result, StudyRun, whole_study
from ncsresearch.ingest.whole_file import write_whole
from ncsresearch.schema import CallError, StudyError
from ncsresearch.study import load_study

Vet = Callable  # as vet_outputs of ncsresearch.vet, which shares no code with what it reads
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
    chosen: Mapping[str, str] = {},
    vet: Vet | None = None,
    sign_off: Callable | None = None,
    since: Callable | None = None,
    require_signoff: bool = False,
) -> list[Result]:
    """Run the chapters and area reports of some studies and write everything a run leaves.

    chosen       makes the chapters for a selection: values by parameter of a chapter; a run of whole studies makes those of
                 the selections that are there already too, of which something has changed
    cold         starts a Python of its own for each notebook instead of a fork of one that has the libraries loaded
    time_limit   seconds that one cell of a notebook may take
    fresh        makes every notebook, not only those of which something has changed since the last run
    scheduler    address of a Dask scheduler whose workers make the notebooks; processes of this machine without one
    vet          reads all outputs of a confidential study when they are made, and marks them where it names a leak
    sign_off     says of a study's outputs how their findings are signed, to be shown on their pages
    since        keeps what has changed in a study's outputs since the last run, of its folder and theirs
    require_signoff   marks outputs as not fit to leave where a finding is not signed, or has changed since

    Every study is checked and planned before the first notebook runs. A failed notebook does not hide the
    others: its result says why it failed, and its pages of an earlier run are taken away.

    Raises StudyError, before anything is run, for a faulty study, two of one folder name, an unknown area, chapter or format, a sources folder
    that is not there or an outputs folder that cannot be written, or that another run is writing to; CallError for an
    unknown selection or one whose counts are not protected; and, with what was made before it kept, StudyError where the
    outputs can be written no longer.
    """
    if require_signoff and chosen:
        raise CallError("A selection is not signed: leave out --require-signoff, or run the whole study.")
    if sources and not sources.is_dir():
        raise CallError(f"{sources}: there is no such folder of source documents.")
    wanted = formats_asked(formats)
    planned = _planned(folders, areas=areas, chapters=chapters, sources=sources, chosen=chosen)
    if scheduler:
        refuse_open_network(scheduler, [study for study, *_ in planned])
    make_folder(output)
    ways = {"sources": sources, "fresh": fresh}
    with _alone_in(output), _told_where_it_ends(output):
        take_away_halves(output)
        runs = [StudyRun(*of_one, output, chosen=own, **ways) for *of_one, own in planned]
        if not (areas or chapters or chosen):
            runs += [one for run in runs for one in _known_selections(run, output, ways)]
        _make(runs, pool_at(scheduler, workers=workers), {"time_limit": time_limit, "cold": cold})
        for run in runs:
            run.outputs.publish(wanted, workers, run.of, [str(each) for each in changes(run.study)])
        whole = [run for run in runs if not run.outputs.about]
        for run in whole if sign_off else ():
            off = sign_off(run.study, run.outputs.target, required=require_signoff)
            run.outputs.keep_signoff(off, required=require_signoff)
        if vet:
            _vet([run for run in runs if run.study.settings.threshold], vet, output, sources)
        for run in whole if since else ():
            since(run.study.folder, run.outputs.target)
        _write_index(output)
    return [result for run in runs for result in run.results.values()]


def _planned(folders: list[Path], *, areas, chapters, sources, chosen) -> list[tuple]:
    """Return each study with the digests of what it was read from, its notebooks, and the selection in the study's own names."""
    _refuse_one_name(folders)
    found = [inputs(folder, sources) for folder in folders if folder.is_dir()]
    studies = [load_study(folder) for folder in folders]
    if chosen and areas:
        raise CallError("A selection has no area reports: leave out --area.")
    asked = [asked_of(study, chosen).selection for study in studies]
    narrow = {"areas": areas, "chapters": chapters, "sources": sources}
    plans = [plan(study, chosen=own, **narrow) for study, own in zip(studies, asked, strict=True)]
    return list(zip(studies, found, plans, asked, strict=True))


def _refuse_one_name(folders: list[Path]) -> None:
    """Refuse two folders of one name, whose outputs would take each other's place."""
    for one, other in combinations(folders, 2):
        if one.resolve().name == other.resolve().name:
            raise CallError(
                f"{one} and {other}: two studies of one folder name, whose outputs would be in one place; expected names that "
                "differ, or a run for each with an --output of its own."
            )


def _known_selections(run: StudyRun, output: Path, ways: dict) -> Iterator[StudyRun]:
    """Yield the selections that are among a study's outputs; one that the study has no longer is taken away."""
    for folder in known_selections(run.outputs.target):
        try:
            chosen = dict(asked_of(run.study, chosen_in(folder)).selection)
        except CallError:
            chosen = {}
        if folder.name != Path(selection_folder(chosen)).name:
            shutil.rmtree(folder)
        else:
            tasks = plan(run.study, sources=run.sources, chosen=chosen)
            yield StudyRun(run.study, run.found, tasks, output, chosen=chosen, **ways)


def _vet(runs: list[StudyRun], vet: Vet, output: Path, sources: Path | None) -> None:
    """Have the outputs of each study vetted, its selections with them, and keep the verdict with all that was made."""
    for run in runs:
        run.outputs.mark_unvetted()
    folders = {run.study.name: run.study.folder for run in runs}
    found = {
        name: vet(*_made_of(output / name), study=folder, sources=sources, marked=False)
        for name, folder in folders.items()
    }
    for run in runs:
        verdict = found[run.study.name]
        run.outputs.keep_verdict(verdict.n_leaks, verdict.lines)


def _made_of(outputs: Path) -> list[Path]:
    """Return the folders that hold all there is of a study: its own, or its selections where no more was made."""
    return [outputs] if (outputs / "manifest.json").is_file() else known_selections(outputs)


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
        told = f"{output}: cannot be written to ({error.strerror}). What was made before is kept; the next run goes on."
        raise StudyError(told) from None


def _make(runs: list[StudyRun], pool: AbstractContextManager[Pool], how: Mapping) -> None:
    """Have made what has changed; whatever ends it, what is made so far is noted for the next run."""
    from tqdm import tqdm

    by_place, n = {run.place: run for run in runs}, sum(len(run.to_make) for run in runs)
    if not n:
        return
    try:
        with pool as workers:
            share = cache(lambda study: workers.share(whole_study(study)))
            asked = (each for run in runs for each in run.asked(workers, share, how))
            bar = tqdm(total=n, unit="notebook", leave=False, disable=not sys.stderr.isatty())
            for order, made_ in made(workers, asked):
                by_place[order.task.study, order.task.selection].keep(order.task, made_)
                bar.update()
            bar.close()
    except BaseException:
        with contextlib.suppress(OSError):
            for run in runs:
                run.outputs.note()
        raise


def _write_index(output: Path) -> None:
    """Write the page that opens all studies, and one for each selection."""
    from ncsresearch.report.site import accessibility_page, index_page

    called = {name: each.called for name, each in FORMATS.items()}
    pages = {output: index_page(read_manifests(output), output, called)}
    for folder in (folder for study in sorted(output.glob("*")) for folder in known_selections(study)):
        pages[folder] = index_page([read_manifest(folder) | {"at": ""}], folder, called)
    for folder, page in pages.items():
        write_whole(page.encode(), folder / "index.html")
        write_whole(accessibility_page().encode(), folder / "accessibility.html")
