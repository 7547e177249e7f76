"""What the study of one area knows of the whole: figures of others, and nobody's rows."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class StudyTotals:
    """Figures of the whole study that the report on one area prints beside its own.

    n_people, n_interviews  people heard and interviews held
    n_placed                people of whom it is known in which area they were heard
    tells_ways              whether anybody is known to have told a theme in one way or another
    n_areas                 areas, by kind of area; those that nobody was heard in are among them
    bases                   people heard, by grouping and group: everybody, kinds of area, the area itself
    counts                  rows of withheld_counts of the same groups
    opened                  what a sentence on a theme opens to, by the theme's code
    joint                   interviews beside the survey by kind of area, as it may be published
    """

    n_people: int
    n_interviews: int
    n_placed: int
    tells_ways: bool
    n_areas: Mapping[str, int]
    bases: Mapping[tuple[str, str], int]
    counts: pd.DataFrame
    opened: Mapping[str, str]
    joint: pd.DataFrame
