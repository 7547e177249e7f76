"""What chapters show of a study, run cell by cell in this process: sentences and tables, without drawing or quoting."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pandas as pd
import pytest

import ncsresearch as ncs
from conftest import PROJECT
from ncsresearch.present import grammar, people_behind
from ncsresearch.study import Study
from ncsresearch.study.frames import framed, study_of

OF_PEOPLE = [
    "01_who_was_heard",
    "02_themes",
    "03_area_types",
    "04_client_groups",
    "05_client_views",
    "10_survey",
    "14_interviews_and_survey",
    "21_areas_compared",
]


@cache
def cells(chapter: str) -> list[str]:
    """Return the code cells of a chapter; the first has its parameters."""
    notebook = json.loads((PROJECT / "notebooks" / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


@contextmanager
def showing(study: Study) -> Iterator:
    """Give a function that runs a chapter with parameters and returns what it shows.

    Figures, quotations and tests of differences take long: figures say what their tables have; quotations are looked at
    by themselves; and no selection shows a test.
    """
    shown: list = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grammar, "display", shown.append)
        patch.setattr(people_behind, "passages_behind", lambda *_, **__: ())
        for name, instead in {
            "load_study": lambda _: study,
            "plot": lambda _: [],
            "interview_quotations": lambda *_, **__: None,
            "compare": lambda frame: framed(pd.DataFrame(), "nothing compared", study_of(frame)),
        }.items():
            patch.setattr(ncs, name, instead)

        def run(chapter: str, **chosen: str) -> list:
            shown.clear()
            first, *rest = cells(chapter)
            names: dict = {}
            exec(first, names)
            names |= chosen
            for cell in rest:
                exec(cell, names)
            return list(shown)

        yield run


def said(shown: list) -> str:
    """Return everything that is shown, as text."""
    words = [getattr(item, "sentence", "") + " ".join(getattr(item, "behind", ())) for item in shown]
    tables = [item for item in shown if hasattr(item, "cells")]
    return "\n".join(
        words + [f"{table.caption}\n{table.below()}\n{table.cells().to_csv()}" for table in tables]
    )
