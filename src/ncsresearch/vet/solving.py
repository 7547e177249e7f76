"""Counts that all printed numbers give back together, from whichever file each came, solved as one system."""

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations, islice, product

import numpy as np

from ncsresearch.vet.known import Known
from ncsresearch.vet.place import Leak
from ncsresearch.vet.printed_counts import Names, Printed, agreed
from ncsresearch.vet.recount import Key, Recount, matches

GIVEN = "a count of people under {} ({}) that numbers of {} give back together; withhold one of them as well"
ELSEWHERE = "a share whose base is printed elsewhere ({}) gives back a count under {}; leave out the share"
TRIES = 5
MOST = 1_000_000
MANY = 400  # areas times groups, above which areas and groups are solved for apart
PAIRS = 100  # of areas or groups, between which a person is moved to find another solution


def counts_given_back(printed: list[Printed], known: Known, names: Names) -> Iterator[Leak]:
    """Yield each small count of people that one solution alone leaves open, and shares of bases on other pages.

    The unknowns are the people of each area and group; every printed sum of them is an equation. Numbers that no
    solution fits were not read as they were meant, and give nothing back. Small counts in print are named elsewhere.
    """
    facts = {key: one for key, one in agreed(printed).items() if not 0 < one.number < known.threshold}
    yield from _shares(printed, facts, known.threshold)
    areas, groups = ({one[at] for one in known.recount.people.get("", ())} for at in (0, 1))
    sides = (areas or {*names.areas.values()} or {""}, groups or names.groups or {""})
    many = len(sides[0]) * len(sides[1]) > MANY
    for of_areas, of_groups in [(sides[0], {""}), ({""}, sides[1])] if many else [sides]:
        cells = Cells(sorted(of_areas), sorted(of_groups), names.kinds)
        for what in sorted({key.what for key in facts}):
            system = System(what, facts, cells, known.recount)
            for key in system.given_back(known.threshold):
                yield _leak(key, system.sources(key), printed, known.threshold)


class Cells:
    """The people of each area and group, which are the unknowns, and the counts that are sums of them."""

    def __init__(self, areas: list[str], groups: list[str], kinds: dict[str, str]):
        self.areas, self.groups, self.kinds = areas, groups, kinds
        self.every = [*product(areas, groups)]

    @cached_property
    def sums(self) -> dict[Key, np.ndarray]:
        """Every area, kind of areas and all of them, by every group and all of them, with the cells that each adds."""
        sides = [(area, "") for area in {*self.areas, ""}]
        sides += [("", kind) for kind in {*self.kinds.values()} - {""}]
        keys = sorted(Key("", *side, group) for side in sides for group in {*self.groups, ""})
        return {key: np.array([matches(key, *cell, self.kinds) for cell in self.every]) for key in keys}

    @cached_property
    def moves(self) -> np.ndarray:
        """Ways to put one person more in a cell, or fewer, to move one to another, or to let two change places."""
        some = np.kron(*(_steps(len(side)) for side in (self.areas, self.groups)))
        return np.vstack([some, -some])


def _steps(n: int) -> np.ndarray:
    one = np.eye(n, dtype=int)
    pairs = islice(combinations(one, 2), PAIRS)
    return np.array([*one[:PAIRS], *(first - second for first, second in pairs)])


class System:
    """The printed counts of one theme, in one way of telling it, as equations of the people of each area and group.

    A block of unknowns is who told the theme so, a second who raised it, a third who was heard: each is among the next.
    """

    def __init__(self, what: str, facts: dict[Key, Printed], cells: Cells, recount: Recount):
        self.what, self.cells, self.n = what, cells, len(cells.every)
        self.blocks = list(dict.fromkeys([what, what.split("/")[0], ""]))
        self.facts = {key: one for key, one in facts.items() if key.what in self.blocks}
        printed = [(key, cells.sums.get(key._replace(what=""))) for key in self.facts]
        printed = [(key, row) for key, row in printed if row is not None and row.any()]
        self.rows = np.array([self._row(key.what, row) for key, row in printed])
        self.numbers = np.array([self.facts[key].number for key, _ in printed])
        people = [recount.people.get(block, {}) for block in self.blocks]
        self.counted = np.array([each.get(cell, 0) for each in people for cell in cells.every])

    def _row(self, what: str, row: np.ndarray) -> np.ndarray:
        return np.outer([block == what for block in self.blocks], row).ravel().astype(int)

    def given_back(self, threshold: int) -> Iterator[Key]:
        """Yield each unprinted small count, or small rest of a base, that can be one number only."""
        if self.n < 2 or not len(self.rows):
            return
        chance, size = np.random.default_rng(0), self.n * len(self.blocks)
        recounted = (self.rows @ self.counted == self.numbers).all()
        seen = [self.counted] if recounted else self._solved(chance.normal(size=size))
        left = self._unmoved(seen[0]) if seen else {}
        for _ in range(TRIES):
            left = {key: row for key, row in left.items() if self._may_be_small(key, row, seen, threshold)}
            seen += self._solved(chance.normal(size=size)) if left else []
        yield from (key for key, row in left.items() if self._one_number(row, seen))

    def _solved(self, aim: np.ndarray) -> list[np.ndarray]:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import eye_array

        rules = [LinearConstraint(self.rows, self.numbers, self.numbers)]
        if inner := len(aim) - self.n:
            within = eye_array(inner, len(aim)) - eye_array(inner, len(aim), k=self.n)
            rules.append(LinearConstraint(within, -np.inf, 0))
        found = milp(aim, constraints=rules, integrality=np.ones(len(aim)), bounds=Bounds(0, MOST))
        return [] if found.x is None else [found.x.round().astype(int)]

    def _unmoved(self, found: np.ndarray) -> dict[Key, np.ndarray]:
        """Return the counts not in print that no move within a solution changes: of one block, or of it and the next."""
        blocks = np.tri(len(self.blocks), dtype=int)
        moves = np.vstack([np.kron(first, self.cells.moves) for first in blocks])
        moved = found + moves
        fits = (moved >= 0).all(axis=1) & (moved[:, : -self.n] <= moved[:, self.n :]).all(axis=1)
        changes = moves[fits]
        changes = changes[~(changes @ self.rows.T).any(axis=1), : self.n]
        rows = {key._replace(what=self.what): row for key, row in self.cells.sums.items()}
        return {key: row for key, row in rows.items() if key not in self.facts and not (changes @ row).any()}

    def _may_be_small(self, key: Key, row: np.ndarray, seen: list[np.ndarray], threshold: int) -> bool:
        """Whether all solutions seen give a count one number, and it or its rest of a base is small."""
        numbers = {int(row @ found[: self.n]) for found in seen}
        heard = self.facts.get(key._replace(what="")) if self.what else None
        small = [n for n in numbers if 0 < n < threshold or heard and 0 < heard.number - n < threshold]
        return len(numbers) == len(small) == 1

    def _one_number(self, row: np.ndarray, seen: list[np.ndarray]) -> bool:
        """Whether every solution gives a count the same number: of those seen, and of the two that seek another."""
        for sign in (0, 1, -1):
            seen += self._solved(sign * self._row(self.what, row)) if sign else []
            if len({int(row @ found[: self.n]) for found in seen}) > 1:
                return False
        return True

    def sources(self, key: Key) -> list[Printed]:
        """Return the printed counts that a count follows from: those of its area, kind or group, if there are any."""
        every = list(self.facts.values())
        of_it = [one for one in every if one.key.what == key.what]
        return [one for one in of_it if {*one.key[1:]} & {*key[1:]} - {""}] or every


def _leak(key: Key, sources: list[Printed], printed: list[Printed], threshold: int) -> Leak:
    withheld = [one for one in printed if one.key == key and one.number is None and not one.share]
    place = (withheld or sources)[0]
    named = sorted({one.file for one in sources if one.file != place.file} or {place.file})
    told = ", ".join(named[:2]) + (f" and {len(named) - 2} more" if len(named) > 2 else "")
    of = ", ".join(filter(None, (key.what.replace("/", " as a "), *key[1:])))
    return Leak(place.file, place.where, GIVEN.format(threshold, of or "everybody", told))


def _shares(printed: list[Printed], facts: dict[Key, Printed], threshold: int) -> Iterator[Leak]:
    for one in printed:
        base = facts.get(one.key._replace(what=""))
        if one.share and base and one.key not in facts and one.key.what:
            told, near = one.share
            fits = [n for n in range(base.number + 1) if abs(n / max(base.number, 1) - told) <= near + 1e-9]
            if fits and all(0 < n < threshold for n in fits):
                yield Leak(one.file, one.where, ELSEWHERE.format(base.file, threshold))
