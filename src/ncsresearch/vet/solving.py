"""Counts that all printed numbers give back together, from whichever file each came, solved as one system."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array

from ncsresearch.vet.known import Known
from ncsresearch.vet.place import Leak, Reading
from ncsresearch.vet.printed_counts import Names, Printed, agreed, printed_counts
from ncsresearch.vet.recount import Key

GIVEN = "a count of people under {} ({}) that numbers of {} give back together; withhold one of them as well"
ELSEWHERE = "a share whose base is printed elsewhere ({}) gives back a count under {}; leave out the share"
TRIES = 3
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
            for key, sources in _small(what, facts, atoms, names.kinds, known.threshold):
                yield _leak(key, sources, printed, known.threshold)


def _small(
    what: str, facts: dict[Key, Printed], atoms: list, kinds: dict, threshold: int
) -> Iterator[tuple[Key, list[Printed]]]:
    """Yield each unprinted small count, or small rest of a base, that can be one number only, and what it follows from.

    Who told a theme in one way are among those who raised it, and those among the people heard.
    """
    blocks = list(dict.fromkeys([what, what.split("/")[0], ""]))
    n = len(atoms)
    of = [
        np.array([*each])
        for each in zip(*((area, kinds.get(area, ""), group) for area, group in atoms), strict=True)
    ]

    def among(key: Key, block: int = 0) -> np.ndarray:
        row = np.zeros(n * len(blocks))
        named = [side == name for side, name in zip(of, key[1:], strict=True) if name]
        row[block * n : block * n + n] = np.all(named, axis=0) if named else 1
        return row

    used = [(among(key, blocks.index(key.what)), one) for key, one in facts.items() if key.what in blocks]
    used = [(row, one.number) for row, one in used if row.any()]
    if n < 2 or not used:
        return
    numbers = [number for _, number in used]
    held = [LinearConstraint(csr_array(np.array([row for row, _ in used])), numbers, numbers)]
    if len(blocks) > 1:
        within = eye_array(n * (len(blocks) - 1), n * len(blocks)) - eye_array(
            n * (len(blocks) - 1), n * len(blocks), k=n
        )
        held.append(LinearConstraint(within, -np.inf, 0))

    def solved(aim: np.ndarray) -> np.ndarray | None:
        found = milp(aim, constraints=held, integrality=np.ones(len(aim)), bounds=Bounds(0, MOST))
        return None if found.x is None else np.round(found.x)

    chance = np.random.default_rng(0)
    aims = [chance.normal(size=n * len(blocks)) for _ in range(TRIES)]
    seen = [found for aim in aims for sign in (1, -1) if (found := solved(sign * aim)) is not None]
    areas, groups = ({atom[at] for atom in atoms} | {""} for at in (0, 1))
    sides = [(area, "") for area in areas] + [("", kind) for kind in {*kinds.values()} - {""}]
    targets = [Key(what, *side, group) for side in sides for group in groups] if seen else []
    for key in sorted({*targets} - facts.keys()):
        row, heard = among(key), facts.get(key._replace(what=""))
        number = int(row @ seen[0])
        rest = heard.number - number if heard and what else 0
        if not (0 < number < threshold or 0 < rest < threshold):
            continue
        for sign in (0, 1, -1):
            if sign and (found := solved(sign * row)) is not None:
                seen.append(found)
            if any(int(row @ found) != number for found in seen):
                break
        else:
            sources = [one for one in facts.values() if one.key.what in blocks]
            yield key, [one for one in sources if _touches(one.key, key)] or sources


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
