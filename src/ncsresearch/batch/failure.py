"""Why a notebook failed: which of its cells, and as much of the error as may be told."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ncsresearch.present.outputs import FIGURE, TABLE
from ncsresearch.present.plain_outputs import PLAIN
from ncsresearch.schema import CallError, StudyError

OURS = (StudyError.__name__, CallError.__name__)
ENDED_ITSELF = "it ended the notebook (sys.exit), and the cells after it were not run"
SHOWN_AS_IT_IS = (
    "{cell}: a frame or a figure is shown as it is, and in a confidential study nothing says how much of it may be shown. Make "
    "a table of a frame of ncsresearch with ncs.table, or a figure with ncs.plot, and show that with ncs.show."
)

PRINTED = (
    "{cell}: something is printed, and in a confidential study nothing says how much of it may be shown. Put it into a sentence "
    "with ncs.say or ncs.Finding, and show that with ncs.show."
)


def why_failed(error: Exception, access: str, begun: Sequence[Mapping]) -> str:
    """Return in which cell a notebook failed and why; of an error in a confidential study only its kind, unless the words are our own.

    What an exception says may hold words of the study, and those do not leave the notebook.

    begun   the cells that were begun, the last of which failed
    """
    return (f"{cell_called(begun)}: " if begun else "") + _error_told(error, access)


def _error_told(error: Exception, access: str) -> str:
    if isinstance(error, StudyError) or getattr(error, "ename", "") in OURS:
        return getattr(error, "evalue", str(error))
    if isinstance(error, TimeoutError):
        return "it took longer than it may (--time-limit)"
    if getattr(error, "ename", "") == "SystemExit":
        return ENDED_ITSELF
    name = getattr(error, "ename", type(error).__name__)
    said = str(getattr(error, "evalue", error)).split("\n", 1)[0]
    may_be_told = access == "public" or type(error).__module__.startswith("nbclient")
    told = f": {said}" if said and may_be_told else ""
    marked = "; the cell is marked in the notebook under failed/" if hasattr(error, "ename") else ""
    return f"{name}{told}{marked}"


def cell_called(cells: Sequence[Mapping]) -> str:
    """Return the last of some cells by its number among the code cells of the chapter and the heading it stands under."""
    own = [cell for cell in cells if "injected-parameters" not in cell["metadata"].get("tags", [])]
    text = "\n".join(cell["source"] for cell in own if cell["cell_type"] == "markdown")
    headings = [line.lstrip("# ") for line in text.splitlines() if line.startswith("## ")]
    under = f" under “{headings[-1]}”" if headings else ""
    return f"code cell {sum(cell['cell_type'] == 'code' for cell in own)}{under}"


def refuse_plain_outputs(notebook: Mapping, executed: Path) -> None:
    """Refuse a notebook that shows a frame or figure as it is, or prints, and keep nothing of it; raises StudyError."""
    for at, cell in enumerate(notebook["cells"]):
        why = {_plain(output) for output in cell.get("outputs", ())} - {""}
        if why:
            executed.unlink()
            said = SHOWN_AS_IT_IS if SHOWN_AS_IT_IS in why else PRINTED  # a figure prints its axes too
            raise StudyError(said.format(cell=cell_called(notebook["cells"][: at + 1])))


def _plain(output: Mapping) -> str:
    """Return why what a cell has shown is refused; empty where it is not."""
    data = output.get("data", {})
    if any(data.get(media, {}).get(PLAIN) for media in (TABLE, FIGURE)):
        return SHOWN_AS_IT_IS
    words = output["output_type"] == "execute_result" and [*data] == ["text/plain"]
    return PRINTED if words or output.get("name") == "stdout" else ""
