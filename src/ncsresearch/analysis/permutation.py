"""Would groups dealt at random differ as much as the groups there are?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, islice, product
from math import comb, factorial, prod

import numpy as np
import pandas as pd

from ncsresearch.analysis.exact_tests import fisher

CHUNK = 500
AT_ONCE = 100  # deals weighed at once, since a number takes eight times the room of a yes or no
AT_ONCE_DEALT = 8  # groups drawn at once, a bit of a byte each
DRAWS = 10_000  # so that one finding in a family of 500 can still come out at 5%
MANY = 10**300
Weighed = tuple[np.ndarray, np.ndarray]  # what each unit counts by theme, and in the base
SAME = 1e-9  # differences closer than this are one and the same


@dataclass(frozen=True)
class Deal:
    """How membership of a group may be dealt anew: which units carry it, and which may exchange it.

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
        """How many different ways there are to deal the membership."""
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
        """Whether every deal can be gone through, and none need be drawn."""
        return self.blocks is None and self.arrangements <= draws

    @property
    def balanced(self) -> bool:
        """Whether every stratum has as many units in the group as out of it, so that each deal has a mirror."""
        counted = pd.Series(self.here).groupby(self.strata).mean()
        return self.blocks is None and bool(counted.isin([0.5]).all())


def label_level(people: pd.DataFrame) -> str:
    """Return where membership of a group varies: between areas, between interviews of an area, or between people.

    people   participant_id, area_id, interview_id, here (whether the person is in the group)
    """
    for level, key in (("area", "area_id"), ("interview", "interview_id")):
        kinds = people.groupby(key, dropna=False)["here"].nunique()
        if len(kinds) > 1 and kinds.le(1).all():
            return level
    return "participant"


def deal_of(people: pd.DataFrame) -> tuple[Deal, np.ndarray]:
    """Return how the membership of people may be dealt, and the unit that each person belongs to.

    Area type is dealt between areas; a role between the interviews of each area; what varies between the
    people of one interview between people, interviews of one size in one area being exchanged whole.
    """
    level = label_level(people)
    area = pd.factorize(people["area_id"].astype("str"))[0]
    interview = pd.factorize(people["interview_id"].fillna(people["participant_id"]).astype("str"))[0]
    if level == "participant":
        return _deal_of_people(people["here"].to_numpy(), area, interview), np.arange(len(people))
    unit = area if level == "area" else interview
    first = pd.DataFrame({"here": people["here"].to_numpy(), "area": area}).groupby(unit).first()
    strata = np.zeros(len(first), dtype=int) if level == "area" else first["area"].to_numpy()
    return Deal(level, first["here"].to_numpy(), strata), unit


def _deal_of_people(here: np.ndarray, area: np.ndarray, interview: np.ndarray) -> Deal:
    size = np.bincount(interview)[interview]
    strata = pd.factorize(pd.Series(list(zip(area, size, strict=True))))[0]
    return Deal("participant", here, strata, None if (size == 1).all() else interview)


def smallest_p(deal: Deal, *, draws: int) -> float:
    """Return the smallest two-sided p-value that the deal can give, whatever the evidence."""
    attainable = (2 if deal.balanced else 1) / deal.arrangements
    return min(1.0, max(attainable, 0.0 if deal.all_within(draws) else 1 / (draws + 1)))


def permutation_p(
    people: pd.DataFrame, raised: np.ndarray, *, draws: int = DRAWS, seed: int = 1
) -> pd.DataFrame:
    """Share of deals in which the groups differ at least as much as they do, theme by theme.

    people   participant_id, area_id, interview_id, here (whether the person is in the group)
    raised   people by themes, true where the person raised the theme
    draws    all deals are gone through where there are no more than this; else so many are drawn at random

    Areas, or interviews, of different sizes are not alike: dealing them is too sure where the few of a group were
    heard alone and the others together. p is then the largest of three: as dealt; as dealt with every unit
    counting alike, right where people heard together speak as one; and Fisher's, right where each speaks for
    herself or himself.

    Returns one row per theme with difference (of shares, group less others), p (two-sided), smallest_p (that
    any evidence could give), n_arrangements (at most 1e300), level (area, interview, participant). p and difference are
    missing where membership cannot be dealt in another way.

    Source: Good 2005, Permutation, Parametric and Bootstrap Tests of Hypotheses, ch. 3; the observed deal
    counts as one of those drawn (Phipson and Smyth 2010, doi 10.2202/1544-6115.1585).
    """
    return permutations_p([people], raised, draws=draws, seed=seed)[0]


def permutations_p(
    groups: list[pd.DataFrame], raised: np.ndarray, *, draws: int = DRAWS, seed: int = 1
) -> list[pd.DataFrame]:
    """The same for several groups of the same people.

    groups   people as permutation_p has them, for each group; they differ in here alone

    Returns what permutation_p returns of each. Groups that may be dealt alike are dealt at once, which changes
    nothing but the time it takes.
    """
    dealt = [deal_of(people) for people in groups]
    at_once = AT_ONCE_DEALT if _all_drawn_alike(dealt, draws) else 1
    results = []
    for first in range(0, len(dealt), at_once):
        own = dealt[first : first + at_once]
        results += _tested([deal for deal, _ in own], own[0][1], raised, draws, seed)
    return results


def _all_drawn_alike(dealt: list[tuple[Deal, np.ndarray]], draws: int) -> bool:
    """Whether all groups are drawn from the same units in the same strata, so that one draw serves all."""
    first, first_unit = dealt[0] if dealt else (None, None)
    return all(
        deal.blocks is None
        and not deal.all_within(draws)
        and np.array_equal(deal.strata, first.strata)
        and np.array_equal(unit, first_unit)
        for deal, unit in dealt
    )


def _tested(
    deals: list[Deal], unit: np.ndarray, raised: np.ndarray, draws: int, seed: int
) -> list[pd.DataFrame]:
    """Return what permutation_p tells of each of the deals; several are drawn alike."""
    n_units = len(deals[0].here)
    there = np.bincount(unit, minlength=n_units).astype("float64")
    counts = np.zeros((n_units, raised.shape[1]))
    np.add.at(counts, unit, np.asarray(raised, dtype="float64"))
    nothing = [np.full(raised.shape[1], np.nan) for _ in deals]
    dealt_anew = all(deal.arrangements > 1 for deal in deals)
    p = _largest_p(deals, counts, there, draws, seed) if dealt_anew else nothing
    return [
        pd.DataFrame({"difference": _differences(deal.here[None, :], counts, there)[0], "p": own}).assign(
            smallest_p=smallest_p(deal, draws=draws),
            n_arrangements=float(min(deal.arrangements, MANY)),
            level=deal.level,
        )
        for deal, own in zip(deals, p, strict=True)
    ]


def _largest_p(
    deals: list[Deal], counts: np.ndarray, there: np.ndarray, draws: int, seed: int
) -> list[np.ndarray]:
    """Return p of each deal as dealt, or the largest of the three where units differ in size."""
    if len(set(there)) == 1:
        return [p for (p,) in _p(deals, [(counts, there)], draws, seed)]
    alike = counts / there[:, None], np.ones(len(there))
    found = _p(deals, [(counts, there), alike], draws, seed)
    alone = [_as_if_alone(deal, counts, there) for deal in deals]
    return [np.maximum.reduce([*own, each]) for own, each in zip(found, alone, strict=True)]


def _as_if_alone(deal: Deal, counts: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return Fisher's p, right where people heard together each speak for herself or himself."""
    base, other_base = int(there[deal.here].sum()), int(there[~deal.here].sum())
    sides = zip(counts[deal.here].sum(axis=0), counts[~deal.here].sum(axis=0), strict=True)
    return np.array([fisher(int(n), base, int(other_n), other_base) for n, other_n in sides])


def _p(deals: list[Deal], weighed: list[Weighed], draws: int, seed: int) -> list[np.ndarray]:
    """Return for each deal p by each way of weighing the units, in rows; what is drawn is the same for all."""
    observed = np.array([[_differences(deal.here[None, :], *each)[0] for each in weighed] for deal in deals])
    at_least, n = np.zeros(observed.shape), 0
    drawn, random = not deals[0].all_within(draws), np.random.default_rng(seed)
    for dealt in _dealt(_together(deals), draws, random) if drawn else _every(deals[0]):
        for rows in np.array_split(dealt, -(-len(dealt) // AT_ONCE)):
            for own, found, inside in zip(at_least, observed, _apart(rows, len(deals)), strict=True):
                for at, each in enumerate(weighed):
                    own[at] += (np.abs(_differences(inside, *each)) >= np.abs(found[at]) - SAME).sum(axis=0)
        n += len(dealt)
    least = [smallest_p(deal, draws=draws) for deal in deals]
    return [np.maximum((own + drawn) / (n + drawn), low) for own, low in zip(at_least, least, strict=True)]


def _together(deals: list[Deal]) -> Deal:
    """Return one deal for several that are drawn alike: each has a bit of its own in what is dealt."""
    if len(deals) == 1:
        return deals[0]
    here = sum(deal.here.astype("uint8") << bit for bit, deal in enumerate(deals))
    return replace(deals[0], here=here.astype("uint8"))


def _apart(rows: np.ndarray, n_deals: int) -> Iterator[np.ndarray]:
    """Yield for each deal which units are dealt into the group."""
    for bit in range(n_deals):
        yield ((rows & np.uint8(1 << bit)) > 0).astype("float64")


def _differences(dealt: np.ndarray, counts: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return the difference of shares for each deal (rows) and theme (columns)."""
    inside = dealt.astype("float64", copy=False)
    n, base = inside @ counts, (inside @ there)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return n / base - (counts.sum(axis=0) - n) / (there.sum() - base)


def _dealt(deal: Deal, draws: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield as many deals as are asked for, some hundred at a time."""
    for first in range(0, draws, CHUNK):
        yield _drawn(deal, min(CHUNK, draws - first), random)


def _every(deal: Deal) -> Iterator[np.ndarray]:
    """Yield every deal there is, some hundred at a time."""
    every = _one_by_one(deal)
    while chunk := list(islice(every, CHUNK)):
        yield np.array(chunk)


def _one_by_one(deal: Deal) -> Iterator[np.ndarray]:
    chosen = [combinations(units, int(deal.here[units].sum())) for units in deal.units]
    for parts in product(*chosen):
        here = np.zeros(len(deal.here), dtype=bool)
        here[[unit for part in parts for unit in part]] = True
        yield here


def _drawn(deal: Deal, draws: int, random: np.random.Generator) -> np.ndarray:
    dealt = np.empty((draws, len(deal.here)), dtype=deal.here.dtype)
    for units in deal.units:
        if deal.blocks is not None:
            units = units[np.argsort(deal.blocks[units], kind="stable")]
        size = 1 if deal.blocks is None else int((deal.blocks[units] == deal.blocks[units[0]]).sum())
        blocks = np.broadcast_to(deal.here[units].reshape(-1, size), (draws, len(units) // size, size))
        shuffled = random.permuted(blocks, axis=2) if size > 1 else blocks
        order = random.random(shuffled.shape[:2]).argsort(axis=1)
        dealt[:, units] = np.take_along_axis(shuffled, order[:, :, None], axis=1).reshape(draws, -1)
    return dealt
