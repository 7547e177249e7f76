"""How long notebooks take beside the same code as a script: python tests/benchmarks/batch.py [repeats] [notebooks]

Each notebook imports the usual libraries and does about 0.3 s of work: a table of counts, two figures and a model. Every
variant does the same, in one run, in turn; what is printed is the median of the repeats and its ratio to the floor, the
same code forked in two processes from one that has the libraries loaded.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

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


def executed(areas: list[str], notebook: Path, folder: Path, *, rendered: bool = False, **_) -> None:
    """The notebooks as ncsresearch runs them, with pages where they are to be rendered."""
    from unittest import mock

    from builders import study_folder
    from ncsresearch.batch import run
    from ncsresearch.batch.plan import Task
    from ncsresearch.study import load_study

    study = load_study(study_folder(folder / "small"))
    tasks = [
        Task("small", notebook, f"areas/{area}", area, area, parameters={"area": area}) for area in areas
    ]
    no_page = (
        contextlib.nullcontext()
        if rendered
        else mock.patch("ncsresearch.report.html.chapter_page", lambda *_, **__: "")
    )
    with no_page:
        results = run._execute(tasks, folder, [study], 2, cold=False, time_limit=600)
    assert {result.status for result in results} == {"done"}, results


VARIANTS = {
    "the same code as a script, two processes (the floor)": lambda **given: floor(workers=2, **given),
    "the same code as a script, one process": lambda **given: floor(workers=1, **given),
    "ncsresearch, executed": executed,
    "ncsresearch, executed and rendered": lambda **given: executed(rendered=True, **given),
    "papermill's API in two processes": papermill_in_two,
    "papermill's API in sequence": papermill_api,
    "papermill's command": papermill_cli,
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


def main() -> None:
    """Print the median seconds of each variant and its ratio to the floor."""
    repeats, n = (int(value) for value in (*sys.argv[1:], *("5", "36")[len(sys.argv) - 1 :])[:2])
    areas = [f"area_{place:02d}" for place in range(n)]
    taken: dict[str, list[float]] = {name: [] for name in VARIANTS}
    for _ in range(repeats):
        for name, variant in VARIANTS.items():
            if name != "papermill's command" or not taken[name]:
                taken[name].append(timed(variant, areas))
    least = statistics.median(next(iter(taken.values())))
    say = sys.stdout.write
    say(f"{n} notebooks, medians of {repeats}; papermill's command once\n")
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        say(f"{middle:7.1f} s  {middle / least:5.2f}  {name}\n")


if __name__ == "__main__":
    main()
