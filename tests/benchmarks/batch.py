"""How long notebooks take beside the same code as a script: python tests/benchmarks/batch.py [repeats] [notebooks]

Each notebook imports the usual libraries and does about 0.3 s of work: a table of counts, two figures and a model. Every
variant does the same, in one run, in turn; what is printed is the median of the repeats and its ratio to the floor, the
same code forked in two processes from one that has the libraries loaded. Then the same for the chapters and area reports
of both embedded studies, beside the package calls of their cells made from a script. What is far slower is run once.

SNAKEMAKE names a snakemake command, where there is one; the others need nothing but the project's own environment.
"""

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from unittest import mock

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ.setdefault("MPLBACKEND", "agg")

sys.path.insert(0, str(Path(__file__).parents[1]))

IMPORTS = "import numpy as np\nimport pandas as pd\nimport seaborn as sns\nimport statsmodels.api as sm\nfrom matplotlib import pyplot as plt"
TABLE = """rng = np.random.default_rng(len(area))
rows = pd.DataFrame({"theme": rng.integers(0, 12, 2000).astype(str), "kind": rng.integers(0, 4, 2000), "told": rng.integers(0, 2, 2000)})
table = pd.crosstab(rows["theme"], rows["kind"])
table"""
HEAT = "sns.heatmap(table, annot=True)\nplt.show()"
BARS = 'sns.countplot(rows, x="theme", hue="kind")\nplt.show()'
MODEL = 'sm.GLM(rows["told"], sm.add_constant(rows[["kind"]]), family=sm.families.Binomial()).fit().summary()'
PARAMETERS = 'study_dir: str = ""  # folder\narea_id: str = ""  # area\narea: str = "x"  # name'
CELLS = (IMPORTS, TABLE, HEAT, BARS, MODEL)


def write_notebook(path: Path) -> Path:
    """Write the notebook that every variant executes."""
    import nbformat

    parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    cells = [nbformat.v4.new_markdown_cell("# An area\n\nWhat it does."), parameters]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells += map(nbformat.v4.new_code_cell, CELLS)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def as_script(area: str) -> None:
    """Do what the notebook does, with its figures drawn as the inline backend draws them."""
    import io

    from matplotlib import pyplot as plt

    show, plt.show = (
        plt.show,
        lambda: (plt.savefig(io.BytesIO(), format="png", bbox_inches="tight"), plt.close()),
    )
    try:
        exec("\n".join(CELLS), {"area": area})
    finally:
        plt.show = show


def floor(areas: list[str], workers: int, **_) -> None:
    """The same code as a script: libraries loaded once, then one process or two forks of it."""
    exec(IMPORTS, {})
    if workers == 1:
        for area in areas:
            as_script(area)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        list(pool.map(as_script, areas))


def papermill_api(areas: list[str], notebook: Path, folder: Path, **_) -> None:
    """Papermill as its documentation shows it."""
    for area in areas:
        by_papermill(notebook, folder, area)


def by_papermill(notebook: Path, folder: Path, area: str) -> None:
    """Execute one notebook by papermill's own kernel."""
    import papermill as pm

    pm.execute_notebook(notebook, folder / f"{area}.ipynb", {"area": area}, progress_bar=False)


def papermill_in_two(areas: list[str], notebook: Path, folder: Path, **_) -> None:
    """Papermill in a pool of two processes."""
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        list(pool.map(by_papermill, [notebook] * len(areas), [folder] * len(areas), areas))


def papermill_cli(areas: list[str], notebook: Path, folder: Path, **_) -> None:
    """Papermill's command, a call for each notebook."""
    for area in areas:
        command = [sys.executable, "-m", "papermill", notebook, folder / f"{area}.ipynb", "-p", "area", area]
        subprocess.run([*command, "--no-progress-bar"], check=True, capture_output=True)


def nbconvert_execute(areas: list[str], notebook: Path, folder: Path, **_) -> None:
    """nbconvert --execute, one call for all; it takes no parameters."""
    copies = [shutil.copy(notebook, folder / f"{area}.ipynb") for area in areas]
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", *copies]
    subprocess.run(command, check=True, capture_output=True)


def snakemake(areas: list[str], notebook: Path, folder: Path, **_) -> None:
    """Snakemake with papermill's command, two jobs at a time."""
    papermill = f"{sys.executable} -m papermill --no-progress-bar {notebook}"
    rules = (
        f"rule all:\n    input: {[f'{area}.ipynb' for area in areas]!r}\n"
        f"rule one:\n    output: '{{area}}.ipynb'\n    shell: '{papermill} {{output}} -p area {{wildcards.area}}'\n"
    )
    (folder / "Snakefile").write_text(rules)
    command = [os.environ["SNAKEMAKE"], "--cores", "2", "--quiet", "all"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def executed(areas: list[str], notebook: Path, folder: Path, *, rendered: bool = False, **_) -> list:
    """The notebooks as ncsresearch makes them, with pages where they are to be rendered."""
    from builders import study_folder
    from ncsresearch.batch.make import Order
    from ncsresearch.batch.plan import Task
    from ncsresearch.batch.pools import made, processes
    from ncsresearch.batch.study_run import whole_study
    from ncsresearch.study import load_study

    study = load_study(study_folder(folder / "small"))
    tasks = [
        Task("small", notebook, f"areas/{area}", area, area, parameters={"area": area}) for area in areas
    ]
    with _pages(rendered), processes(workers=2) as pool:
        ready = pool.share(whole_study(study))
        orders = (Order(task, notebook.read_bytes(), study.settings, {}, 600) for task in tasks)
        done = [each for _, each in made(pool, ((order, ready, None) for order in orders))]
    assert {each.error for each in done} == {""}, done
    return done


def _pages(rendered: bool):
    """Do without pages unless they are to be rendered."""
    without = mock.patch("ncsresearch.batch.make.page_of", lambda *_: "")
    return contextlib.nullcontext() if rendered else without


def tasks_of_both() -> list[tuple]:
    """The chapters and area reports of both embedded studies, each with its study's folder."""
    from ncsresearch.batch.plan import embedded_studies, plan
    from ncsresearch.study import load_study

    return [(folder, task) for folder in embedded_studies() for task in plan(load_study(folder))]


def real_script(folder: Path, chapter: Path, area_id: str) -> None:
    """Make the package calls of a chapter's cells, and what a notebook would show of each."""
    import json

    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    given = f"study_dir, area_id = {str(folder)!r}, {area_id!r}"
    os.chdir(chapter.parent)
    with mock.patch("ncsresearch.present.grammar.display", lambda each: each._repr_mimebundle_()):
        exec("\n".join([sources[0], given, *sources[1:]]), {})


def real_floor(**_) -> None:
    """The package calls of all chapters from a script, in two forks of a process that has the libraries loaded."""
    from ncsresearch.batch.execute import preload

    preload()
    tasks = tasks_of_both()
    folders, chapters = [folder for folder, _ in tasks], [task.chapter for _, task in tasks]
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        list(pool.map(real_script, folders, chapters, [task.area_id for _, task in tasks]))


def real_made(folder: Path, *, rendered: bool, **_) -> None:
    """The chapters and area reports as ncsresearch makes them, without what is published of them together."""
    from ncsresearch.batch.digests import inputs
    from ncsresearch.batch.plan import embedded_studies, plan
    from ncsresearch.batch.pools import made, processes
    from ncsresearch.batch.study_run import StudyRun, whole_study
    from ncsresearch.study import load_study

    studies = [load_study(each) for each in embedded_studies()]
    runs = [StudyRun(study, inputs(study.folder), plan(study), folder, fresh=True) for study in studies]
    with _pages(rendered), processes(workers=2) as pool:
        asked = (
            each
            for run in runs
            for each in run.asked(pool, lambda study: pool.share(whole_study(study)), {"time_limit": 600})
        )
        errors = {each.error for _, each in made(pool, asked)}
    assert errors == {""}, errors


def whole_run(folder: Path, *options: str, **_) -> None:
    """The command: check, execute, render, publish."""
    command = [
        sys.executable,
        "-c",
        "from ncsresearch.cli import main; main()",
        "run",
        "--output",
        str(folder / "o"),
    ]
    subprocess.run([*command, *options], check=True, capture_output=True)


OURS = {
    "the same code as a script, two processes (the floor)": lambda **given: floor(workers=2, **given),
    "ncsresearch, executed": executed,
    "ncsresearch, executed and rendered": lambda **given: executed(rendered=True, **given),
    "the same code as a script, one process": lambda **given: floor(workers=1, **given),
    "papermill's API in two processes": papermill_in_two,
    "papermill's API in sequence": papermill_api,
}
ONCE = {"papermill's command": papermill_cli, "nbconvert --execute": nbconvert_execute} | (
    {"Snakemake with papermill's command, two at a time": snakemake} if "SNAKEMAKE" in os.environ else {}
)
REAL = {
    "their package calls from a script, two processes (the floor)": real_floor,
    "executed": lambda **given: real_made(rendered=False, **given),
    "executed and rendered": lambda **given: real_made(rendered=True, **given),
}
REAL_ONCE = {
    "the whole run, pages alone": lambda **given: whole_run(given["folder"], "--format", "html"),
    "the whole run, Word and Excel too": lambda **given: whole_run(given["folder"]),
}


def timed(variant, areas: list[str]) -> float:
    """Run a variant in a process of its own, so that none finds libraries loaded; return its seconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notebook = write_notebook(folder / "20_area.ipynb")
        started = time.perf_counter()
        pid = os.fork()
        if not pid:
            status = 1
            with contextlib.suppress(BaseException):
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                variant(areas=areas, notebook=notebook, folder=folder)
                status = 0
            os._exit(status)
        _, status = os.waitpid(pid, 0)
        assert status == 0, "the variant failed"
        return time.perf_counter() - started


def measured(title: str, variants: dict, areas: list[str], repeats: int, once: dict) -> None:
    """Print the median seconds of each variant and its ratio to the first."""
    taken: dict[str, list[float]] = {name: [] for name in [*variants, *once]}
    for turn in range(repeats):
        for name, variant in (variants | (once if not turn else {})).items():
            taken[name].append(timed(variant, areas))
    least = statistics.median(taken[next(iter(variants))])
    sys.stdout.write(f"\n{title}\n\n| | seconds | times the floor | runs |\n|---|--:|--:|--:|\n")
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        sys.stdout.write(f"| {name} | {middle:.1f} | {middle / least:.2f} | {len(seconds)} |\n")
    sys.stdout.flush()


def main() -> None:
    """Measure the benchmark's own notebooks, then the project's."""
    repeats, n = (int(value) for value in (*sys.argv[1:], *("5", "36")[len(sys.argv) - 1 :])[:2])
    areas = [f"area_{place:02d}" for place in range(n)]
    measured(f"{n} notebooks of 0.3 s each, medians", OURS, areas, repeats, ONCE)
    measured("The chapters and area reports of both studies, medians", REAL, [], repeats, REAL_ONCE)


if __name__ == "__main__":
    main()
