"""How do time and memory grow with a study? python tests/benchmarks/growth.py [sizes, in segments]

Synthetic studies of 10,000, 100,000 and 1,000,000 coded segments, ten a person and a hundred people an area. Each step is
done in a process of its own; what is printed is its seconds, the most memory it held and the exponent by which its time
grew from the size before: 1 is in proportion. A step's time is its own: reading the study is a step by itself.
"""

import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

SIZES = (10_000, 100_000, 1_000_000)
COMMAND = "from ncsresearch.cli import main; main()"
AREA_REPORT = (
    *("area_peers", "local_evidence", "points_of_kind", "themes_beside", "area_profile", "elsewhere"),
    *("served", "questions", "suggestions", "area_gaps"),
)


def command(*arguments) -> None:
    """Run the command line in this process."""
    subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL
    )


def make(study: Path, n: int) -> None:
    """Make the study."""
    sizes = f"areas={max(2, n // 1000)},participants={n // 10},segments={n}"
    command("new", "--synthetic", sizes, study)


def check(study: Path, n: int) -> None:
    """Check the study."""
    command("check", study)


def bring_in(study: Path, n: int) -> None:
    """Import a project of as many codings."""
    from import_codings import write_project

    folder = study.parent
    write_project(folder / "large.qdpx", n, n // 200)
    command("new", folder / "imported")
    started = time.perf_counter()
    command("import", folder / "large.qdpx", "--into", folder / "imported")
    say_time(started)


def loaded(study: Path):
    """Read the study."""
    from ncsresearch.study import load_study

    return load_study(study)


def prevalence(study: Path, n: int) -> None:
    """Prevalence of every theme by kind of area within participant groups, with intervals."""
    from ncsresearch.evidence.counts import shares

    ready = loaded(study)
    started = time.perf_counter()
    shares(ready, by="area_type", within="participant_group")
    say_time(started)


def by_area(study: Path, n: int) -> None:
    """Prevalence of every theme in every area."""
    from ncsresearch.evidence.counts import shares

    ready = loaded(study)
    started = time.perf_counter()
    shares(ready, by="area_id")
    say_time(started)


def withheld(study: Path, n: int) -> None:
    """Which of all counts must be withheld."""
    from ncsresearch.disclosure.mask import withheld_counts

    os.environ["XDG_CACHE_HOME"] = str(study.parent / "cache")  # nothing is remembered from an earlier run
    ready = loaded(study)
    started = time.perf_counter()
    withheld_counts(ready)
    say_time(started)


def permutation(study: Path, n: int) -> None:
    """A permutation test of every theme between participant groups, 2,000 draws."""
    from ncsresearch.analysis.comparison import contrasts_of
    from ncsresearch.analysis.permutation import permutation_test

    contrast = contrasts_of(loaded(study), by="participant_group")[0]
    started = time.perf_counter()
    permutation_test(contrast.people, contrast.raised.to_numpy(), draws=2000)
    say_time(started)


def parts(study: Path, n: int) -> None:
    """What the reports on all areas read."""
    from ncsresearch.present.area_extracts import AreaExtracts

    ready = loaded(study)
    started = time.perf_counter()
    made = AreaExtracts(ready)
    for area in ready.areas["area_id"]:
        made[area]
    say_time(started)


def area_report(study: Path, n: int) -> None:
    """The own work of the report on one area: its part read, all its sentences and tables, its figures drawn."""
    import pickle

    from ncsresearch.present.area_extracts import load_area

    kept = pickle.dumps(load_area(study)[0])
    shown(pickle.loads(kept))  # a kernel has the libraries of figures loaded already
    started = time.perf_counter()
    shown(pickle.loads(kept))
    say_time(started)


def shown(part) -> None:
    """Make every frame of the report, and what a notebook would show of it."""
    import ncsresearch as ncs

    for noun in AREA_REPORT:
        frame = getattr(ncs, noun)(part)
        for each in (*ncs.say(frame), *ncs.plot(frame), *ncs.table(frame)):
            each._repr_mimebundle_()


def say_time(started: float) -> None:
    """Say how long the step itself took."""
    sys.stdout.write(f"{time.perf_counter() - started}\n")


STEPS = {
    "made by rule (`new --synthetic`)": make,
    "`check`": check,
    "imported as a REFI-QDA project": bring_in,
    "read (`load_study`)": lambda study, n: loaded(study),
    "prevalence by two attributes": prevalence,
    "prevalence by area": by_area,
    "counts withheld": withheld,
    "permutation test, 2,000 draws": permutation,
    "parts of all areas": parts,
    "the report on one area": area_report,
}


def measured(step, study: Path, n: int) -> tuple[float, float]:
    """Do a step in a process of its own; return its seconds, and the most memory of it and its children in MB."""
    read, write = os.pipe()
    started = time.perf_counter()
    pid = os.fork()
    if not pid:
        os.dup2(write, 1)
        sys.stdout = os.fdopen(1, "w")
        step(study, n)
        sys.stdout.flush()
        most = max(
            resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        os.write(write, f"most {most}\n".encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        lines = told.read().split("\n")
    os.waitpid(pid, 0)
    whole = time.perf_counter() - started
    most = next(int(line.split()[1]) for line in lines if line.startswith("most"))
    own = [float(line) for line in lines if line and not line.startswith("most")]
    return (own[0] if own else whole), most / 1024


def main(sizes: tuple[int, ...]) -> None:
    """Print a table of steps by size."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in STEPS}
    for n in sizes:
        with tempfile.TemporaryDirectory() as folder:
            for name, step in STEPS.items():
                found[name].append(measured(step, Path(folder) / "large", n))
    sys.stdout.write("| segments | " + " | ".join(f"{n:,}" for n in sizes) + " | exponent |\n")
    sys.stdout.write("|---|" + "--:|" * len(sizes) + "--:|\n")
    for name, rows in found.items():
        cells = " | ".join(f"{seconds:.2f} s, {memory:.0f} MB" for seconds, memory in rows)
        sys.stdout.write(f"| {name} | {cells} | {exponent(rows, sizes):.2f} |\n")


def exponent(rows: list[tuple[float, float]], sizes: tuple[int, ...]) -> float:
    """Return by which power of the size the time grew, between the two largest sizes."""
    if len(rows) < 2:
        return math.nan
    return math.log(rows[-1][0] / rows[-2][0]) / math.log(sizes[-1] / sizes[-2])


if __name__ == "__main__":
    main(tuple(int(size.replace(",", "")) for size in sys.argv[1:]) or SIZES)
