"""Would groups permuted at random differ as much as the groups there are?"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice, product
from math import comb, factorial, prod

import numpy as np
import pandas as pd

from ncsresearch.analysis.exact_tests import fisher

CHUNK = 500
AT_ONCE = 100  # permutations weighed at once, since a number takes eight times the room of a yes or no
DRAWS = 10_000  # so that one finding in a family of 500 can still come out at 5%
SEED = 1
MANY = 10**300
Weighed = tuple[np.ndarray, np.ndarray]  # what each unit counts by theme, and in the base
SAME = 1e-9  # differences closer than this are one and the same


@dataclass(frozen=True)
class PermutationScheme:
    """How membership of a group may be permuted: which units carry it, and which may exchange it.

    level     where membership varies: area, interview or participant
    here      whether each unit is in the group
    strata    units exchange membership within a stratum only
    blocks    for participants: the interview of each; interviews of one stratum have one size and are
              exchanged whole, and people within them; None where each unit stands alone
    """

    level: str
    here: np.ndarray
    strata: np.ndarray
    blocks: np.ndarray | None = None

    @cached_property
    def arrangements(self) -> int:
        """How many different ways there are to permute the membership."""
        return prod(self._ways(units) for units in self.units)

    @cached_property
    def units(self) -> list[np.ndarray]:
        """The places of the units of each stratum."""
        by_stratum = np.argsort(self.strata, kind="stable")
        return np.split(by_stratum, np.unique(self.strata[by_stratum], return_index=True)[1][1:])

    def _ways(self, own: np.ndarray) -> int:
        if self.blocks is None:
            return comb(len(own), int(self.here[own].sum()))
        members = pd.Series(self.here[own]).groupby(self.blocks[own]).agg(["sum", "size"])
        whole = factorial(len(members)) // prod(factorial(n) for n in members["sum"].value_counts())
        pairs = zip(members["size"], members["sum"], strict=True)
        return whole * prod(comb(int(size), int(here)) for size, here in pairs)

    def all_within(self, draws: int) -> bool:
        """Whether every permutation can be gone through, and none need be drawn."""
        return self.blocks is None and self.arrangements <= draws

    def smallest_p(self, draws: int) -> float:
        """The smallest two-sided p-value that permuting can give, whatever the evidence.

        Where every stratum has as many units in the group as out of it, each permutation has a mirror.
        """
        counted = pd.Series(self.here).groupby(self.strata).mean()
        mirrored = self.blocks is None and bool(counted.isin([0.5]).all())
        attainable = (2 if mirrored else 1) / self.arrangements
        return min(1.0, max(attainable, 0.0 if self.all_within(draws) else 1 / (draws + 1)))


def label_level(people: pd.DataFrame) -> str:
    """Return where membership of a group varies: between areas, between interviews of an area, or between people.

    people   participant_id, area_id, interview_id, here (whether the person is in the group)
    """
    for level, key in (("area", "area_id"), ("interview", "interview_id")):
        kinds = people.groupby(key, dropna=False)["here"].nunique()
        if len(kinds) > 1 and kinds.le(1).all():
            return level
    return "participant"


def scheme_of(people: pd.DataFrame) -> tuple[PermutationScheme, np.ndarray]:
    """Return how the membership of people may be permuted, and the unit that each person belongs to.

    Area type is permuted between areas; a role between the interviews of each area; what varies between the
    people of one interview between people, interviews of one size in one area being exchanged whole.
    """
    level, here = label_level(people), people["here"].to_numpy()
    area = pd.factorize(people["area_id"].astype("str"))[0]
    interview = pd.factorize(people["interview_id"].fillna(people["participant_id"]).astype("str"))[0]
    if level == "participant":
        size = np.bincount(interview)[interview]
        strata = pd.factorize(pd.Series(list(zip(area, size, strict=True))))[0]
        blocks = None if (size == 1).all() else interview
        return PermutationScheme(level, here, strata, blocks), np.arange(len(people))
    unit = area if level == "area" else interview
    first = pd.DataFrame({"here": here, "area": area}).groupby(unit).first()
    strata = np.zeros(len(first), dtype=int) if level == "area" else first["area"].to_numpy()
    return PermutationScheme(level, first["here"].to_numpy(), strata), unit


def permutation_test(people: pd.DataFrame, raised: np.ndarray, *, draws: int = DRAWS) -> pd.DataFrame:
    """Share of permutations in which a group differs from the others at least as much as it does, theme by theme.

    people   participant_id, area_id, interview_id, here (whether the person is in the group)
    raised   people by themes, true where the person raised the theme
    draws    all permutations are gone through where there are no more than this; else so many are drawn at random

    Areas, or interviews, of different sizes are not alike: permuting them is too sure where the few of a group were
    heard alone and the others together. p is then the largest of three: as permuted; as permuted with every unit
    counting alike, right where people heard together speak as one; and Fisher's, right where each speaks for
    herself or himself.

    Returns one row per theme with difference (of shares, group less others), p (two-sided), smallest_p (that
    as many people who raised the theme could give), n_arrangements (at most 1e300), level (area, interview, participant). p is missing where
    membership cannot be permuted.

    Source: Good 2005, Permutation, Parametric and Bootstrap Tests of Hypotheses, ch. 3; the observed groups
    count as one of those drawn (Phipson and Smyth 2010, doi 10.2202/1544-6115.1585).
    """
    scheme, unit = scheme_of(people)
    there = np.bincount(unit, minlength=len(scheme.here)).astype("float64")
    counts = np.zeros((len(there), raised.shape[1]))
    np.add.at(counts, unit, np.asarray(raised, dtype="float64"))
    can_vary = scheme.arrangements > 1
    p = _largest_p(scheme, counts, there, draws) if can_vary else np.full(raised.shape[1], np.nan)
    difference = _differences(scheme.here[None, :], counts, there)[0]
    smallest = scheme.smallest_p(draws)
    if len(set(there)) > 1:
        smallest = np.maximum(smallest, _smallest_as_if_alone(scheme, counts, there))
    return pd.DataFrame({"difference": difference, "p": p}).assign(
        smallest_p=smallest,
        n_arrangements=float(min(scheme.arrangements, MANY)),
        level=scheme.level,
    )


def _largest_p(scheme: PermutationScheme, counts: np.ndarray, there: np.ndarray, draws: int) -> np.ndarray:
    """Return p as permuted, or the largest of the three where units differ in size."""
    if len(set(there)) == 1:
        return _p(scheme, [(counts, there)], draws)[0]
    alike = counts / there[:, None], np.ones(len(there))
    found = _p(scheme, [(counts, there), alike], draws)
    return np.maximum.reduce([*found, _as_if_alone(scheme, counts, there)])


def _as_if_alone(scheme: PermutationScheme, counts: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return Fisher's p, right where people heard together each speak for herself or himself."""
    base, other_base = int(there[scheme.here].sum()), int(there[~scheme.here].sum())
    sides = zip(counts[scheme.here].sum(axis=0), counts[~scheme.here].sum(axis=0), strict=True)
    return np.array([fisher(int(n), base, int(other_n), other_base) for n, other_n in sides])


def _smallest_as_if_alone(scheme: PermutationScheme, counts: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return the smallest p of Fisher's test that as many people who raised a theme could give, however divided."""
    base, other_base = int(there[scheme.here].sum()), int(there[~scheme.here].sum())
    ends = [(max(0, n - other_base), min(n, base), n) for n in counts.sum(axis=0).astype(int)]
    return np.array([min(fisher(at, base, n - at, other_base) for at in ends) for *ends, n in ends])


def _p(scheme: PermutationScheme, weighed: list[Weighed], draws: int) -> np.ndarray:
    """Return p by each way of weighing the units, in rows; what is drawn is the same for all."""
    observed = np.array([_differences(scheme.here[None, :], *each)[0] for each in weighed])
    at_least, n = np.zeros(observed.shape), 0
    drawn = not scheme.all_within(draws)
    for permuted in _some(scheme, draws, np.random.default_rng(SEED)) if drawn else _every(scheme):
        for rows in np.array_split(permuted, -(-len(permuted) // AT_ONCE)):
            for at, each in enumerate(weighed):
                differs = np.abs(_differences(rows, *each)) >= np.abs(observed[at]) - SAME
                at_least[at] += differs.sum(axis=0)
        n += len(permuted)
    return np.maximum((at_least + drawn) / (n + drawn), scheme.smallest_p(draws))


def _differences(permuted: np.ndarray, counts: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return the difference of shares for each permutation (rows) and theme (columns)."""
    inside = permuted.astype("float64", copy=False)
    n, base = inside @ counts, (inside @ there)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return n / base - (counts.sum(axis=0) - n) / (there.sum() - base)


def _some(scheme: PermutationScheme, draws: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield as many permutations as are asked for, some hundred at a time."""
    for first in range(0, draws, CHUNK):
        yield _drawn(scheme, min(CHUNK, draws - first), random)


def _every(scheme: PermutationScheme) -> Iterator[np.ndarray]:
    """Yield every permutation there is, some hundred at a time."""
    every = product(*[combinations(units, int(scheme.here[units].sum())) for units in scheme.units])
    while chunk := list(islice(every, CHUNK)):
        here = np.zeros((len(chunk), len(scheme.here)), dtype=bool)
        for row, parts in zip(here, chunk, strict=True):
            row[[unit for part in parts for unit in part]] = True
        yield here


def _drawn(scheme: PermutationScheme, draws: int, random: np.random.Generator) -> np.ndarray:
    permuted = np.empty((draws, len(scheme.here)), dtype=scheme.here.dtype)
    for units in scheme.units:
        if scheme.blocks is not None:
            units = units[np.argsort(scheme.blocks[units], kind="stable")]
        size = 1 if scheme.blocks is None else int((scheme.blocks[units] == scheme.blocks[units[0]]).sum())
        blocks = np.broadcast_to(scheme.here[units].reshape(-1, size), (draws, len(units) // size, size))
        shuffled = random.permuted(blocks, axis=2) if size > 1 else blocks
        order = random.random(shuffled.shape[:2]).argsort(axis=1)
        permuted[:, units] = np.take_along_axis(shuffled, order[:, :, None], axis=1).reshape(draws, -1)
    return permuted
