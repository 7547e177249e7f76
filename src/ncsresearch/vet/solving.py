"""Counts that all printed numbers give back together, from whichever file each came, solved as one system."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array

from ncsresearch.vet.known import Known
from ncsresearch.vet.place import Leak, Reading
from ncsresearch.vet.printed_counts import Names, Printed, agreed, printed_counts
from ncsresearch.vet.recount import Key, matches

GIVEN = "a count of people under {} ({}) that numbers of {} give back together; withhold one of them as well"
ELSEWHERE = "a share whose base is printed elsewhere ({}) gives back a count under {}; leave out the share"
TRIES = 6
MOST = 1_000_000
MANY = 400  # areas times groups, above which areas and groups are solved for apart


def counts_given_back(reading: Reading, known: Known, names: Names) -> Iterator[Leak]:
    """Yield each small count of people that one solution alone leaves open, and shares of bases on other pages.

    The unknowns are the people of each area and group; every printed sum of them is an equation. Numbers that no
    solution fits were not read as they were meant, and give nothing back. Small counts in print are named elsewhere.
    """
    printed = printed_counts(reading, known, names)
    facts = {key: one for key, one in agreed(printed).items() if not 0 < one.number < known.threshold}
    yield from _shares(printed, facts, known.threshold)
    areas, groups = ({one[at] for one in known.recount.people.values()} for at in (0, 1))
    sides = (areas or {*names.areas.values()} or {""}, groups or names.groups or {""})
    many = len(sides[0]) * len(sides[1]) > MANY
    for of_areas, of_groups in [(sides[0], {""}), ({""}, sides[1])] if many else [sides]:
        atoms = [*product(sorted(of_areas), sorted(of_groups))]
        for what in sorted({key.what for key in facts}):
            system = System(what, facts, atoms, names.kinds)
            for key in system.given_back(known.threshold):
                yield _leak(key, system.sources(key), printed, known.threshold)


class System:
    """The printed counts of one theme, in one way of telling it, as equations of the people of each area and group.

    A block of unknowns is who told the theme so, a second who raised it, a third who was heard: each is among the next.
    """

    def __init__(self, what: str, facts: dict[Key, Printed], atoms: list[tuple[str, str]], kinds: dict):
        self.what, self.atoms, self.kinds = what, atoms, kinds
        self.blocks = list(dict.fromkeys([what, what.split("/")[0], ""]))
        self.facts = {key: one for key, one in facts.items() if key.what in self.blocks}
        rows = [(self._among(key), one.number) for key, one in self.facts.items()]
        self.equations = [(row, number) for row, number in rows if row.any()]

    def _among(self, key: Key) -> np.ndarray:
        """Return which unknowns a key counts."""
        belongs = [matches(key, area, group, self.kinds) for area, group in self.atoms]
        here = self.blocks.index(key.what)
        return np.concatenate(
            [np.array(belongs) * (block == here) for block in range(len(self.blocks))]
        ).astype(float)

    def _rules(self) -> list[LinearConstraint]:
        rows, numbers = zip(*self.equations, strict=True)
        rules, n = [LinearConstraint(csr_array(np.array(rows)), numbers, numbers)], len(self.atoms)
        if (inner := n * (len(self.blocks) - 1)) > 0:
            within = eye_array(inner, inner + n) - eye_array(inner, inner + n, k=n)
            rules.append(LinearConstraint(within, -np.inf, 0))
        return rules

    def _solved(self, aim: np.ndarray, rules: list[LinearConstraint]) -> list[np.ndarray]:
        found = milp(aim, constraints=rules, integrality=np.ones(len(aim)), bounds=Bounds(0, MOST))
        return [] if found.x is None else [np.round(found.x)]

    def given_back(self, threshold: int) -> Iterator[Key]:
        """Yield each unprinted small count, or small rest of a base, that can be one number only."""
        if len(self.atoms) < 2 or not self.equations:
            return
        rules, chance, seen = self._rules(), np.random.default_rng(0), []
        left = {key: self._among(key) for key in sorted(self._targets() - self.facts.keys())}
        while left and len(seen) < TRIES:
            found = self._solved(chance.normal(size=len(self.atoms) * len(self.blocks)), rules)
            if not found:
                return
            seen += found
            left = {key: row for key, row in left.items() if self._may_be_small(key, row, seen, threshold)}
        yield from (key for key, row in left.items() if self._one_number(row, seen, rules))

    def _targets(self) -> set[Key]:
        areas, groups = ({atom[at] for atom in self.atoms} | {""} for at in (0, 1))
        sides = [(area, "") for area in areas] + [("", kind) for kind in {*self.kinds.values()} - {""}]
        return {Key(self.what, *side, group) for side in sides for group in groups}

    def _may_be_small(self, key: Key, row: np.ndarray, seen: list[np.ndarray], threshold: int) -> bool:
        """Whether all solutions seen give a count one number, and it or its rest of a base is small."""
        numbers = {int(row @ found) for found in seen}
        heard = self.facts.get(key._replace(what="")) if self.what else None
        small = [n for n in numbers if 0 < n < threshold or heard and 0 < heard.number - n < threshold]
        return len(numbers) == len(small) == 1

    def _one_number(self, row: np.ndarray, seen: list[np.ndarray], rules: list[LinearConstraint]) -> bool:
        """Whether every solution gives a count the same number: of those seen, and of the two that seek another."""
        for sign in (0, 1, -1):
            seen += self._solved(sign * row, rules) if sign else []
            if len({int(row @ found) for found in seen}) > 1:
                return False
        return True

    def sources(self, key: Key) -> list[Printed]:
        """Return the printed counts that a count follows from: those of its area, kind or group, if there are any."""
        every = list(self.facts.values())
        return [one for one in every if _touches(one.key, key)] or every


def _touches(one: Key, other: Key) -> bool:
    return one.what == other.what and bool({*one[1:]} & {*other[1:]} - {""})


def _leak(key: Key, sources: list[Printed], printed: list[Printed], threshold: int) -> Leak:
    withheld = [one for one in printed if one.key == key and one.number is None and not one.share]
    place = (withheld or sources)[0]
    others = [one.file for one in sources if one.file != place.file] or [place.file]
    named = sorted(set(others))
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
