"""What a chapter makes of its frames: `say`, `plot`, `table`, `limits`, and `show`.

views.py lists, for each kind of frame, the functions that put it into words, draw it and lay it out. Each takes the frame
and gives one thing, several, or nothing. A frame without rows is not shown, unless views.py has something said of nothing.
"""

from collections.abc import Iterator

import pandas as pd
from IPython.display import display

from ncsresearch.present.outputs import Figure, Finding, Table
from ncsresearch.present.views import VIEWS, View
from ncsresearch.schema import StudyError
from ncsresearch.study.frames import study_of


def say(frame: pd.DataFrame) -> list[Finding]:
    """Return the sentences on a frame, each with its numbers and the evidence that it opens to; none where nothing is to be said.

    Raises ValueError for a frame that no function of ncsresearch made.
    """
    return list(_made("say", frame))


def plot(frame: pd.DataFrame) -> list[Figure]:
    """Return the figure of a frame with its data and alternative text; none where there is nothing to draw.

    Raises ValueError as say does.
    """
    return list(_made("plot", frame))


def table(frame: pd.DataFrame) -> list[Table]:
    """Return the tables of a frame, as readers see them and as tidy rows for their files; none where there are no rows.

    Raises ValueError as say does.
    """
    return [made for made in _made("table", frame) if len(made.seen)]


def limits(frame: pd.DataFrame) -> list[Finding]:
    """Return the sentences on what a frame leaves out or cannot say; none where nothing is to be said.

    Raises ValueError as say does.
    """
    return list(_made("limits", frame))


def _made(verb: str, frame: pd.DataFrame) -> Iterator:
    _refuse_private(frame)
    view, study = _view(frame), study_of(frame)
    if view.of_whole and study.slice and study.slice.by:
        return
    if len(frame) or view.of_nothing:
        for make in view.functions(verb):
            yield from _several(make(frame))


def _refuse_private(frame: pd.DataFrame) -> None:
    """Raise StudyError for true counts of a confidential study, which are for the researcher's eyes."""
    study = study_of(frame)
    if frame.attrs.get("private") and study.settings.threshold:
        raise StudyError(
            f"{study.name}: private counts of a confidential study are not put into words, drawn or shown as a table; "
            "ask for counts without private=True."
        )


def _view(frame: pd.DataFrame) -> View:
    """Return how a frame's kind is shown; on one area as the catalogue has it for its report, if it has.

    Of a selection nothing is shown that is protected for the whole alone: eleven urban interviews on a theme that twelve
    people raised would leave one rural person.
    """
    study = study_of(frame)
    own = VIEWS.get(f"{frame.attrs.get('kind')} in an area report") if study.part_of else None
    view = VIEWS[frame.attrs["kind"]] if own is None else own
    return View() if view.of_whole and study.slice else view


def _several(made) -> list:
    items = made if isinstance(made, (list, tuple)) else [made]
    return [item for item in items if item is not None]


def show(*items) -> None:
    """Show findings, tables and figures in a notebook, one after the other; lists of them too, in their order."""
    for item in items:
        for each in _several(item):
            display(each)
