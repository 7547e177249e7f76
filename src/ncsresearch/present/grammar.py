"""What a chapter makes of its frames: `say`, `plot`, `table`, `limits`, and `show`.

views.py lists, for each kind of frame, the functions that put it into words, draw it and lay it out. Each takes the frame
and gives one thing, several, or nothing. A frame without rows is not shown, unless views.py has something said of nothing.
"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
from IPython.display import display

from ncsresearch.present.cautions import with_caution
from ncsresearch.present.outputs import Figure, Finding, Table
from ncsresearch.present.people_raised import say_base, tells_nothing
from ncsresearch.present.views import VIEWS, View, tells_of
from ncsresearch.present.wording import phrase, sentence
from ncsresearch.present.written import is_written
from ncsresearch.schema import TABLES, StudyError
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

IDS = ["segment_id", "unit_id", "point_id"]


def say(frame: pd.DataFrame) -> list[Finding]:
    """Return the sentences on a frame, each with its numbers and the evidence that it opens to; none where nothing is to be said.

    Raises StudyError for a frame that no function of ncsresearch made.
    """
    return list(_made("say", frame))


def plot(frame: pd.DataFrame) -> list[Figure]:
    """Return the figure of a frame with its data and alternative text; none where there is nothing to draw.

    Raises StudyError as say does.
    """
    return list(_made("plot", frame))


def table(frame: pd.DataFrame) -> list[Table]:
    """Return the tables of a frame, as readers see them and as tidy rows for their files; none that would say nothing.

    Raises StudyError as say does.
    """
    made = [_without_ids(_without_empty(each), study_of(frame)) for each in _made("table", frame)]
    return [each for each in made if not each.says_nothing]


def _without_empty(made: Table) -> Table:
    """Return a table without its columns of words that no row has a word in."""
    cells, first = made.cells(), [*made.shown][:1]
    return replace(
        made,
        shown={
            name: heading
            for name, heading in made.shown.items()
            if name in first or cells[heading].ne("–").any()
        },
    )


def _without_ids(made: Table, study: Study) -> Table:
    """Return a table of a confidential study without the ids of passages, which are the study's own."""
    if not study.settings.threshold:
        return made
    rows, view = (
        each if each is None else each.drop(columns=IDS, errors="ignore") for each in (made.rows, made.view)
    )
    return replace(
        made, rows=rows, view=view, shown={name: made.shown[name] for name in made.shown if name not in IDS}
    )


def limits(frame: pd.DataFrame) -> list[Finding]:
    """Return the sentences on what a frame leaves out or cannot say; none where nothing is to be said.

    Raises StudyError as say does.
    """
    return list(_made("limits", frame))


def _made(verb: str, frame: pd.DataFrame) -> Iterator:
    _refuse_private(frame)
    view, study = _view(frame), study_of(frame)
    if not tells_of(frame.attrs["kind"], study):
        return
    if verb == "say" and not view.beside_findings and is_written(study):
        return
    hidden = view.of_passages and study.settings.threshold and _of_people(study)
    if verb == "say" and (frame.empty or hidden):
        yield from _missing(view, study)
    if not hidden and (len(frame) or view.of_nothing):
        functions = list(view.functions(verb))
        if say_base in functions:  # what is counted is said after what was found, and alone where nothing was
            others = [] if tells_nothing(frame) else [make for make in functions if make != say_base]
            functions = [*others, say_base]
        for make in functions:
            yield from (with_caution(each, frame) for each in _several(make(frame)))


def _missing(view: View, study: Study) -> Iterator[Finding]:
    """Yield why a chapter has nothing to show: what it is about is not in the study."""
    names = view.missing.split()
    held = any(len(getattr(study if name in TABLES else study.settings, name, ())) for name in names)
    if names and not held and not study.part_of:
        missing = [phrase("nothing_held", name) for name in names]
        yield sentence("nothing_held", missing=missing, part=bool(study.selection))


def _of_people(study: Study) -> bool:
    """Whether any passage is of a person heard, or of an interview with people who were."""
    passages = study.segments[["participant_id", "interview_id"]]
    return len(study.participants) > 0 and bool(passages.notna().any(axis=None))


def _refuse_private(frame: pd.DataFrame) -> None:
    """Raise StudyError for true counts of a confidential study, which are for the researcher's eyes."""
    study = study_of(frame)
    if frame.attrs.get("private") and study.settings.threshold:
        raise StudyError(
            f"{study.name}: private counts of a confidential study are not put into words, drawn or shown as a table; "
            "ask for counts without private=True."
        )


def _view(frame: pd.DataFrame) -> View:
    """Return how a frame's kind is shown; on one area as the catalogue has it for its report, if it has."""
    own = VIEWS.get(f"{frame.attrs.get('kind')} in an area report") if study_of(frame).part_of else None
    return VIEWS[frame.attrs["kind"]] if own is None else own


def _several(made) -> list:
    items = made if isinstance(made, (list, tuple)) else [made]
    return [item for item in items if item is not None]


def show(*items) -> None:
    """Show findings, tables and figures in a notebook, one after the other; lists of them too, in their order.

    What says nothing is not shown; where nothing is left, one grey line says so, which no page has.
    """
    made = [each for item in items for each in _several(item) if not getattr(each, "says_nothing", False)]
    for each in made or [sentence("nothing_here")]:
        display(each)
