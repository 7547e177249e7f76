"""One notebook executed fresh, from top to bottom, and why it failed if it did."""

from collections.abc import Mapping
from pathlib import Path

from ncsresearch.batch.warm import warm_process_answers
from ncsresearch.schema import StudyError

TIME_LIMIT = 1800  # seconds
NOT_READY = "Kernel died before"  # nothing of the notebook has run then, so that it may be tried again
ENDED_ITSELF = "a cell ended the notebook (sys.exit), and those after it were not run"
PATIENCE = 60  # seconds until what a cell has shown has arrived
NOT_HEARD = "Timeout waiting for IOPub output"  # as nbclient says it


def execute_chapter(
    chapter: Path,
    executed: Path,
    parameters: dict[str, str],
    *,
    told: Mapping[str, str] = {},
    time_limit: int = TIME_LIMIT,
):
    """Execute one chapter fresh from top to bottom and return it, with no trace of this machine in it.

    told         parameters as the executed notebook tells them, where that is not as they are given
    time_limit   seconds that one cell may take

    Raises StudyError for a parameter that the chapter does not declare, and papermill's error for a failed cell.
    """
    import nbformat
    import papermill as pm

    _check(chapter)
    declared = pm.inspect_notebook(str(chapter))
    if unknown := sorted(set(parameters) - set(declared)):
        raise StudyError(
            f"{chapter.name} declares no parameter {', '.join(unknown)}; it declares {', '.join(declared) or 'none'}."
        )
    was_warm = warm_process_answers()
    try:
        _execute_fresh(chapter, executed, parameters, time_limit)
    except RuntimeError as error:  # DeadKernelError is one
        if not str(error).startswith(NOT_READY) and warm_process_answers() == was_warm:
            raise
        _execute_fresh(chapter, executed, parameters, time_limit)
    notebook = nbformat.read(executed, as_version=4)
    if any(_ended_itself(cell) for cell in notebook.cells):
        raise StudyError(ENDED_ITSELF)
    return _without_traces(notebook, parameters, told)


def _check(chapter: Path) -> None:
    import nbformat

    try:
        nbformat.validate(nbformat.read(chapter, as_version=4))
    except Exception:  # nbformat has no class of its own for all that a file may be instead
        raise StudyError(f"{chapter.name}: the file is not a notebook.") from None


def _ended_itself(cell) -> bool:
    return any(output.get("ename") == "SystemExit" for output in cell.get("outputs", ()))


def _execute_fresh(chapter: Path, executed: Path, parameters: dict[str, str], time_limit: int) -> None:
    import papermill as pm

    from ncsresearch.batch.kernels import PrivateKernelManager

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
    )


def _without_traces(notebook, parameters: Mapping[str, str], told: Mapping[str, str]):
    """Drop times, places and papermill's random name for the cell it adds: the same inputs give the same bytes."""
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
    return notebook


def why_failed(error: Exception, access: str) -> str:
    """Return why a notebook failed; of an error in a confidential study only its kind, unless the words are our own.

    What an exception says may hold words of the study, and those do not leave the notebook.
    """
    if isinstance(error, StudyError) or getattr(error, "ename", "") == "StudyError":
        return getattr(error, "evalue", str(error))
    if isinstance(error, TimeoutError) and NOT_HEARD in str(error):
        return f"what a cell showed did not arrive within {PATIENCE} seconds"
    if isinstance(error, TimeoutError):
        return "a cell took longer than it may (--time-limit)"
    if getattr(error, "ename", "") == "SystemExit":
        return ENDED_ITSELF
    name = getattr(error, "ename", type(error).__name__)
    said = str(getattr(error, "evalue", error)).split("\n", 1)[0]
    told = (
        f": {said}" if said and (access == "public" or type(error).__module__.startswith("nbclient")) else ""
    )
    marked = (
        "; the cell that failed is marked in the notebook under failed/" if hasattr(error, "ename") else ""
    )
    return f"{name}{told}{marked}"
