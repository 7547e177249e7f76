"""Who gave which unit which rating?

Ratings are a frame with one row per unit and one column per coder; a unit that a coder did not rate is
missing there.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

NOBODY = "nobody rated anything"
ONE_CODER = "one coder alone rated"
NO_PAIR = "no unit was rated by two coders"
ALL_ALIKE = "every rating is the same"
ONE_CONSTANT = "one coder gave every unit the same rating"


@dataclass(frozen=True)
class Ratings:
    """Ratings as a cube: given[unit, coder, category] says whether the coder gave the unit that category."""

    given: np.ndarray
    categories: list

    @cached_property
    def counts(self) -> np.ndarray:
        """Coders who gave each unit each category."""
        return self.given.sum(axis=1).astype(float)

    @cached_property
    def sizes(self) -> np.ndarray:
        """Coders who rated each unit."""
        return self.counts.sum(axis=1)

    @property
    def paired(self) -> "Ratings":
        """The units that two coders or more rated."""
        return Ratings(self.given[self.sizes >= 2], self.categories)

    @property
    def fault(self) -> str:
        """Why no agreement can be counted; empty if it can."""
        units, coders, _ = self.given.shape
        checks = [(not units, NOBODY), (coders < 2, ONE_CODER), (not (self.sizes >= 2).any(), NO_PAIR)]
        return next((reason for wrong, reason in checks if wrong), "")

    def apart(self, distance: np.ndarray) -> np.ndarray:
        """Sum of the distances between every two ratings of each unit, both ways round."""
        rated, code = self.given.any(axis=2), self.given.argmax(axis=2)
        between = distance[code[:, :, None], code[:, None, :]]
        return (between * rated[:, :, None] * rated[:, None, :]).sum(axis=(1, 2))

    @property
    def unvaried(self) -> str:
        """Why nothing can be said beyond chance where only one category was given; empty if more were."""
        return ALL_ALIKE if self.given.any(axis=(0, 1)).sum() < 2 else ""

    @property
    def one_constant(self) -> str:
        """Why kappa would be 0 whatever another coder did; empty if every coder told units apart."""
        return ONE_CONSTANT if (self.given.any(axis=0).sum(axis=1) < 2).any() else ""


def read_ratings(ratings: pd.DataFrame, categories=None) -> Ratings:
    """Return ratings as a cube, without units nobody rated and coders who rated nothing.

    categories   every rating a coder could give, in order; those found, sorted, where it is not said
    """
    rated = ratings.dropna(how="all").dropna(how="all", axis=1)
    values, missing = rated.to_numpy(dtype=object), rated.isna().to_numpy(dtype=bool)
    found = dict.fromkeys(values[~missing])
    known = list(categories) if categories is not None else _sorted(found)
    place = {value: number for number, value in enumerate(known)}
    if strange := [value for value in found if value not in place]:
        raise ValueError(f"Ratings have {strange}, which are not among the categories {known}.")
    codes = np.full(values.shape, -1)
    codes[~missing] = [place[value] for value in values[~missing]]
    return Ratings(codes[:, :, None] == np.arange(len(known)), known)


def _sorted(values) -> list:
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=repr)
