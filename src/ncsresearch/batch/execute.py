"""One notebook executed fresh, from top to bottom."""

from collections.abc import Mapping
from pathlib import Path

import nbformat
import papermill as pm

from ncsresearch.batch.failure import ENDED_ITSELF, PATIENCE
from ncsresearch.batch.kernels import PrivateKernelManager
from ncsresearch.batch.warm import warm_process_answers
from ncsresearch.present.outputs import FIGURE
from ncsresearch.schema import StudyError

TIME_LIMIT = 1800  # seconds
NOT_READY = "Kernel died before"  # nothing of the notebook has run then, so that it may be tried again
SHOWS_PLAIN = "--InteractiveShellApp.extra_extensions=ncsresearch.present.plain_outputs"


def execute_chapter(
    chapter: Path,
    executed: Path,
    parameters: dict[str, str],
    *,
    told: Mapping[str, str] = {},
    time_limit: int = TIME_LIMIT,
    begun: list | None = None,
):
    """Execute one chapter fresh from top to bottom and return it, with no trace of this machine in it.

    told         parameters as the executed notebook tells them, where that is not as they are given
    time_limit   seconds that one cell may take
    begun        takes each cell as it is begun

    Raises StudyError for a parameter that the chapter does not declare, and papermill's error for a failed cell.
    """
    _check(chapter)
    declared = pm.inspect_notebook(str(chapter))
    if unknown := sorted(set(parameters) - set(declared)):
        raise StudyError(
            f"{chapter.name} declares no parameter {', '.join(unknown)}; it declares {', '.join(declared) or 'none'}."
        )
    was_warm, begun = warm_process_answers(), [] if begun is None else begun
    try:
        _execute_fresh(chapter, executed, parameters, time_limit, begun)
    except RuntimeError as error:  # DeadKernelError is one
        if not str(error).startswith(NOT_READY) and warm_process_answers() == was_warm:
            raise
        begun.clear()
        _execute_fresh(chapter, executed, parameters, time_limit, begun)
    notebook = nbformat.read(executed, as_version=4)
    if any(_ended_itself(cell) for cell in notebook.cells):
        raise StudyError(ENDED_ITSELF)
    return _without_traces(notebook, parameters, told)


def _check(chapter: Path) -> None:
    try:
        nbformat.validate(nbformat.read(chapter, as_version=4))
    except Exception:  # nbformat has no class of its own for all that a file may be instead
        raise StudyError(f"{chapter.name}: the file is not a notebook.") from None


def _ended_itself(cell) -> bool:
    return any(output.get("ename") == "SystemExit" for output in cell.get("outputs", ()))


def _execute_fresh(
    chapter: Path, executed: Path, parameters: dict[str, str], time_limit: int, begun: list
) -> None:
    pm.execute_notebook(
        str(chapter),
        str(executed),
        parameters,
        kernel_name="python3",
        kernel_manager_class=PrivateKernelManager,
        resources={"metadata": {"path": str(chapter.parent)}},
        progress_bar=False,
        request_save_on_cell_execute=False,
        shutdown_kernel="immediate",
        execution_timeout=time_limit,
        iopub_timeout=PATIENCE,
        extra_arguments=[SHOWS_PLAIN],
        on_cell_start=lambda cell, cell_index: begun.append(cell),
    )


def _without_traces(notebook, parameters: Mapping[str, str], told: Mapping[str, str]):
    """Drop times, places, second drawings and papermill's random name for its cell: the same inputs give the same bytes."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
            for name, value in parameters.items():
                cell["source"] = cell["source"].replace(
                    f'{name} = "{value}"', f'{name} = "{told.get(name, value)}"'
                )
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            if FIGURE in output.get("data", {}):
                output.data.pop("image/png", None)
    return notebook
