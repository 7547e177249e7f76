"""What does a frame hold, and of which study? A chapter's frames remember it, so that a sentence, figure or table can ask."""

import pandas as pd

from ncsresearch.schema import StudyError
from ncsresearch.study import Study


def framed(rows: pd.DataFrame, kind: str, study: Study, **keys) -> pd.DataFrame:
    """Return rows as a frame of a chapter: a plain frame that remembers its kind, its study and what was asked.

    kind   what one row is, as present/views.py lists it: "counts of people", "ratings", ...
    keys   what was asked: by="area_type", stance="challenge", ...
    """
    rows = rows.copy(deep=False)
    rows.attrs = {"kind": kind, "study": study, **keys}
    return rows


def study_of(frame: pd.DataFrame) -> Study:
    """Return the study that a frame of a chapter is of. Raises StudyError for a frame that does not remember one."""
    if "study" not in frame.attrs:
        raise StudyError(
            "This frame does not say which study it is of: make it with a function of ncsresearch, such as "
            "ncs.counts(study), and change rows or columns of that."
        )
    return frame.attrs["study"]


def area_of(frame: pd.DataFrame) -> pd.Series:
    """Return the row of the area that a frame of an area report is on."""
    study = study_of(frame)
    return study.area(study.part_of)
