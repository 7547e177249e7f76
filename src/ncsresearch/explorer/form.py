"""The form of a chapter's parameters, for who works on it in JupyterLab."""

import os

from ncsresearch.study import Study, load_study

PARAMETERS = {
    "area_type": "area_type",
    "area_id": "area",
    "heard_from": "heard_from",
    "client_group": "client_group",
    "theme": "theme",
}


def form(study_dir: str) -> None:
    """Show what a chapter may be narrowed to, with the controls of the explorer; what is picked becomes its parameters.

    study_dir   folder of the study, whose areas, groups and themes it offers

    The cell that shows it and those below are then run again. Of a confidential study it offers one of area, kind of area
    and groups at a time, as Study.where allows. A chapter that nobody works on, as in a batch, shows none.
    Raises StudyError as load_study does.
    """
    if "JPY_SESSION_NAME" not in os.environ:  # which JupyterLab sets for a notebook that it has open
        return
    from IPython import get_ipython
    from IPython.display import display

    display(laid_out(load_study(study_dir), get_ipython().user_ns))


def laid_out(study: Study, names: dict):
    """Return the form of a study, which writes what is picked under the names of a chapter."""
    import ipywidgets as widgets

    from ncsresearch.explorer.controls import GRID, LABELS, WORDS, picker, styled
    from ncsresearch.explorer.selection import options, under_rules

    reported = study.areas.set_index("area_id")["name"].to_dict()
    offered = options(study, rules=under_rules(study)) | {"area": reported}
    pickers = {name: picker(LABELS[of], offered[of], names.get(name, "")) for name, of in PARAMETERS.items()}
    for each in pickers.values():
        each.observe(lambda _: _picked(study, pickers, names), names="value")
    _picked(study, pickers, names)
    return widgets.VBox(
        [styled(f"<p>{WORDS['form']}</p>"), widgets.GridBox([*pickers.values()], layout=GRID)]
    )


def _picked(study: Study, pickers: dict, names: dict) -> None:
    """Write what is picked, and bar what may not be picked beside it."""
    names |= {name: each.value for name, each in pickers.items()}
    places = [name for name in pickers if name != "theme"]
    taken = [name for name in places if pickers[name].value] if study.settings.threshold else []
    for name in places:
        pickers[name].disabled = not pickers[name].options[1:] or bool(taken and name not in taken)
