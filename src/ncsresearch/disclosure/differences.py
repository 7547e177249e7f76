"""Which groups differ in what they raised, as far as it may be shown?"""

import pandas as pd

from ncsresearch.analysis.comparison import theme_comparison
from ncsresearch.analysis.group_differences import group_differences
from ncsresearch.disclosure import plan
from ncsresearch.disclosure.mask import publishable_differences
from ncsresearch.study import Study
from ncsresearch.study.frames import framed, study_of

GROUPINGS = {
    "people by heard_from": {"by": "participant_group"},
    "people by area_type": {"by": "area_type"},
    "people by grouping": {},  # that the study adds, which the frame names
    "people of one group by stance": {"by": "client_group"},
    "client groups served": {"by": "area_type", "of": "service level"},
}


def compare(counts: pd.DataFrame) -> pd.DataFrame:
    """Compare the groups of a frame of counts, theme by theme, at the level where the groups vary.

    counts   what `counts`, `served` or `client_views` gave

    Returns one row per theme and contrast, as group_differences, with what is withheld missing; no rows where
    passages were counted, which are never tested. Raises StudyError for a frame that is of no study.
    """
    study, kind = study_of(counts), counts.attrs["kind"]
    if kind not in GROUPINGS:
        return framed(pd.DataFrame(), "nothing compared", study)
    asked = GROUPINGS[kind] or {"by": counts.attrs["by"]}
    rows = _of_groups_told_of(study, group_differences(study, **asked), asked["by"])
    shown = publishable_differences(study, rows, by=asked["by"])
    what = "grouping" if asked["by"] in study.settings.groupings else asked["by"]
    what = "views of service" if "of" in asked else what
    return framed(shown, f"differences by {what}", study, **asked)


def _of_groups_told_of(study: Study, rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the comparisons of groups of which anything may be told: none with a group too small for that, or of nothing."""
    if by not in plan.groupings_of(study) or rows.empty:
        return rows
    if not rows[["n_raised", "n_raised_others"]].any(axis=None):
        return rows.iloc[:0]
    fewest = rows[["n_participants", "n_participants_others"]].min(axis=1)
    return rows[fewest.ge(study.settings.smallest_group)]


def tests_of(differences: pd.DataFrame) -> pd.DataFrame:
    """Return every test behind a frame of differences, as theme_comparison."""
    study: Study = study_of(differences)
    asked = {name: differences.attrs[name] for name in ("by", "of") if name in differences.attrs}
    return theme_comparison(study, **asked)
