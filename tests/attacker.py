"""An attacker who has everything that is printed of people: every number, word, base and sum, and integer programming."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, csr_matrix

NOTHING_TOLD = 10  # of a group of fewer people, not even that nobody raised something
WORDS = {"some": (0.0, 0.4), "about half": (0.4, 0.6), "most": (0.6, 1.0)}  # as the pages say it


def ends_of(row) -> tuple[int, int]:
    """Return between what the attacker knows one count to lie by itself."""
    if not row.hidden:
        return row.n, row.n
    if row.words:
        low, high = (int(np.ceil(round(share * row.base, 9))) for share in WORDS[row.words])
        assert max(1, low) <= row.n <= high - 1
        return max(1, low), high - 1
    if not row.form or not row.known or row.base < NOTHING_TOLD:
        return 0, row.base
    return min(row.n, 1), row.base - (row.n < row.base)


def sums(
    rows: pd.DataFrame, kinds: dict[str, str], within: Sequence = (), above: dict[str, str] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return what each whole of the counts of some codes has more than its parts, and the most that this can be.

    within   other groups than kinds of area, each with those that lie within it: by grouping and name
    above    the code above a code

    What is said in one way was raised, and so was the code above; who raised that is taken to have raised one of those
    below it, where that is so in every group. A whole has no more people beside its parts than its base has, where all their
    bases are known, and none where it is made up of them.
    """
    keys = zip(rows["code_id"], rows["stance"], rows["by"], rows["group"], strict=True)
    place = {((code, stance), *of): n for n, (code, stance, *of) in enumerate(keys)}
    lines, over, base, known = [], [], rows["base"].to_numpy(), rows["known"].to_numpy()

    def line(whole, parts, most=None):
        lines.append(1.0 * (np.arange(len(rows)) == whole) - np.isin(np.arange(len(rows)), parts))
        left = base[whole] - base[parts].sum()
        left = left if known[[whole, *parts]].all() or not left else np.inf
        over.append(left if most is None else most)

    for told in {told for told, *_ in place}:
        groups = [of for each, *of in place if each == told]
        for by in {by for by, _ in groups} - {"", "client_group"}:
            parts = [place[told, *group] for group in groups if group[0] == by]
            line(place[told, "", "everybody"], parts)
        areas = {("area_type", kind): [] for kind in kinds.values()}
        for by, area in groups:
            if by == "area_id":
                areas["area_type", kinds[area]].append((by, area))
        for whole, parts in (*areas.items(), *within):
            line(place[told, *whole], [place[told, *part] for part in parts])
    for (told, by, group), n in place.items():
        code, stance = told
        over_it = [((code, ""), by, group)] * bool(stance)
        over_it += [(((above or {}).get(code), stance), by, group)]
        for key in over_it:
            if key in place:
                line(place[key], [n], np.inf)
        if by == "client_group":
            line(place[told, "", "everybody"], [n], np.inf)
    counts = rows["n"].to_numpy()
    for wider, stance in {told for told, *_ in place}:
        own = [key[1:] for key in place if key[0] == (wider, stance)]
        below = [
            code
            for code, over_it in (above or {}).items()
            if over_it == wider and ((code, stance), *own[0]) in place
        ]
        parts = [[place[(code, stance), *of] for code in below] for of in own]
        wholes = [place[(wider, stance), *of] for of in own]
        if below and all(
            counts[part].sum() >= counts[whole] for whole, part in zip(wholes, parts, strict=True)
        ):
            for whole, part in zip(wholes, parts, strict=True):
                line(whole, part, np.inf)
                lines[-1] *= -1
    return np.array(lines), np.array(over)


def widths(
    rows: pd.DataFrame,
    kinds: dict[str, str],
    threshold: int,
    within: Sequence = (),
    unknown: Sequence = (),
    above: dict[str, str] | None = None,
) -> pd.DataFrame:
    """Return every small count, small rest of a whole and lone rest of a theme, with how wide the attacker's interval of it is.

    within, above   as for sums
    unknown         groups whose number of people is withheld, so that theirs may be any

    A width that is not under threshold - 2 is at least what is given.
    """
    known = [key not in set(unknown) for key in zip(rows["by"], rows["group"], strict=True)]
    rows = rows.reset_index(drop=True).assign(known=known)
    lines, over = sums(rows, kinds, within, above)
    rows["base"] = rows["base"].where(rows["known"], rows["base"].max())
    n, base = rows["n"].to_numpy(), rows["base"].to_numpy()
    assert (lines @ n >= 0).all() and (lines @ n <= over).all()
    ends = np.array([ends_of(row) for row in rows.itertuples()], dtype=float).T
    everybody = rows[rows["by"].eq("")].reset_index().set_index(["code_id", "stance"])["index"]
    whole = everybody.reindex(pd.MultiIndex.from_frame(rows[["code_id", "stance"]])).to_numpy()
    each = np.eye(len(rows))
    aims = [(at, each[at]) for at in np.flatnonzero(small(n, base, threshold))]
    rest = small(n[whole] - n, base[whole] - base, threshold) & ~rows["by"].isin(["", "area_type"])
    aims += [(at, each[whole[at]] - each[at]) for at in np.flatnonzero(rest)]
    left = np.isfinite(over) & small(lines @ n, over, threshold)
    aims += [(line.argmax(), line) for line in lines[left]]
    aims += [(at, (threshold - 2) * (each[any_way] - each[at])) for at, any_way in lone_rests(rows)]
    known_to = spreads(ends, (lines, np.zeros(len(over)), over), [aim for _, aim in aims], threshold - 2)
    found = rows.loc[[at for at, _ in aims], ["code_id", "stance", "by", "group", "n"]]
    return found.assign(width=known_to)


def lone_rests(rows: pd.DataFrame) -> list[tuple[int, int]]:
    """Return each count of a way of telling that one person alone raised in no such way, and the count of who raised it at all.

    A reader may know how many of them there are, from two on: nobody knows who raised a theme. That somebody is alone is not
    known, so that what is sought weighs as much as the width that other small counts need.
    """
    own = ["code_id", "by", "group"]
    whole = rows[rows["stance"].eq("")].reset_index().set_index(own)
    any_way = whole["index"].reindex(pd.MultiIndex.from_frame(rows[own])).to_numpy()
    left = rows["n"].to_numpy()[any_way] - rows["n"].to_numpy()
    return [(at, any_way[at]) for at in np.flatnonzero((left == 1) & rows["base"].ge(NOTHING_TOLD))]


def spreads(ends: np.ndarray, rules: tuple, aims: Sequence[np.ndarray], enough: float) -> np.ndarray:
    """Return how far apart the least and the most of each sum of whole numbers are: exact where that is under enough.

    ends   one row of the least and one of the most of each number; rules, sums of them, their least and their most
    aims   the weights of each sum that is sought

    Any numbers that fit all that is known show two values of many sums at once; what they leave is sought one by one.
    """
    if not len(aims):
        return np.zeros(0)
    aims = csr_matrix(np.vstack(aims))
    least, most, open_ = (
        np.full(aims.shape[0], np.inf),
        np.full(aims.shape[0], -np.inf),
        np.arange(aims.shape[0]),
    )
    chance, idle = np.random.default_rng(0), 0
    while len(open_) and idle < 2:
        way = chance.choice([-1, 1], len(open_)) if idle else np.where(least[open_] <= most[open_], 1, -1)
        found = aims @ _numbers(way @ aims[open_], ends, rules, loosely=True)
        least, most = np.minimum(least, found), np.maximum(most, found)
        still = np.flatnonzero(most - least < enough)
        open_, idle = still, 0 if len(still) < len(open_) else idle + 1
    for at in open_:
        for way in (1, -1):
            found = aims[[at]] @ _numbers(way * aims[[at]].toarray()[0], ends, rules)
            least[at], most[at] = min(least[at], found[0]), max(most[at], found[0])
    return np.round(most - least)


def _numbers(aim: np.ndarray, ends: np.ndarray, rules: tuple, *, loosely: bool = False) -> np.ndarray:
    """Return whole numbers that fit all that is known, with the least of a sum, or about the least."""
    free = np.flatnonzero(ends[0] < ends[1])
    fixed = np.where(ends[0] < ends[1], 0, ends[0])
    if not len(free):
        return fixed
    sums, low, high = rules
    inside = LinearConstraint(sums[:, free], low - sums @ fixed, high - sums @ fixed)
    options = {"mip_rel_gap": 0.5} if loosely else {}
    found = milp(
        aim[free],
        constraints=inside,
        bounds=Bounds(*ends[:, free]),
        integrality=np.ones(len(free)),
        options=options,
    )
    assert found.success, found.message
    numbers = fixed.copy()
    numbers[free] = np.round(found.x)
    return numbers


def small(n, base, threshold: int) -> np.ndarray:
    """Whether a count, or what it leaves of its base, is from 1 to under the threshold."""
    rest = base - n
    return ((n > 0) & (n < threshold)) | ((rest > 0) & (rest < threshold))


def recovered(printed, truth: dict[tuple, int], threshold: int) -> pd.DataFrame:
    """Return every small count, small rest of everybody and lone rest of a theme, that all that is printed gives back.

    printed   what was read of the files, as printed.read_outputs
    truth     the true number of each cell, which decides what is sought and nothing else

    Returns one row a count: what, way, group, n, width; and in attrs how many were sought.
    """
    cells = sorted({cell for cell in truth if cell[0]} | set(printed.ends))
    place = {cell: at for at, cell in enumerate(cells)}
    n, base = (
        np.array([of(cell) for cell in cells]) for of in (lambda cell: truth.get(cell, 0), printed.base)
    )
    ends = np.array([printed.ends.get(cell, (0, printed.base(cell))) for cell in cells], dtype=float).T
    rules = [*printed.rules, *_implied(printed, place), *_guessed(printed, place, truth)]
    matrix = csr_matrix(_matrix([weights for weights, *_ in rules], place))
    low, high = (np.array([rule[at] for rule in rules], dtype=float) for at in (1, 2))
    assert ((ends[0] <= n) & (n <= ends[1])).all()
    assert (low - 1e-6 <= matrix @ n).all() and (matrix @ n <= high + 1e-6).all()
    wholes = np.array([place.get((*cell[:2], "everybody"), at) for at, cell in enumerate(cells)])
    counts = np.flatnonzero(small(n, base, threshold))
    rests = np.flatnonzero(
        small(n[wholes] - n, base[wholes] - base, threshold) & (wholes != np.arange(len(n)))
    )
    any_way = np.array([place.get((cell[0], "", cell[2]), at) for at, cell in enumerate(cells)])
    lone = np.flatnonzero((n[any_way] - n == 1) & (base >= NOTHING_TOLD))
    aims = np.vstack(
        [
            _unit(counts, len(n)),
            _unit(wholes[rests], len(n)) - _unit(rests, len(n)),
            (threshold - 2) * (_unit(any_way[lone], len(n)) - _unit(lone, len(n))),
        ]
    )
    found = pd.DataFrame(
        [(*cells[at], n[at]) for at in (*counts, *rests, *lone)], columns=["what", "way", "group", "n"]
    )
    found["width"] = spreads(ends, (matrix, low - 1e-9, high + 1e-9), list(aims), threshold - 2)
    told = found[found["width"].lt(threshold - 2)]
    told.attrs["sought"] = len(found)
    return told


def _unit(places: np.ndarray, size: int) -> np.ndarray:
    return (np.arange(size) == np.asarray(places)[:, None]).astype(float)


def _matrix(lines: list[dict], place: dict[tuple, int]) -> coo_matrix:
    at = [
        (line, place[cell], weight) for line, weights in enumerate(lines) for cell, weight in weights.items()
    ]
    line, column, weight = np.array(at).T
    return coo_matrix((weight, (line.astype(int), column.astype(int))), shape=(len(lines), len(place)))


def _implied(printed, place: dict[tuple, int]) -> list[tuple[dict, float, float]]:
    """Return the sums that the names alone give: groups make up everybody, areas their kind, ways and themes what they are of."""
    rules = []
    for what, way in {cell[:2] for cell in place}:

        def cell(group, what=what, way=way):
            return (what, way, group)

        whole = cell("everybody")
        for parts in printed.parts:
            rules.append(({whole: -1} | {cell(part): 1 for part in parts}, 0, 0))
        for kind in set(printed.kinds.values()):
            areas = {cell(area): 1 for area, own in printed.kinds.items() if own == kind}
            rules.append(({cell(kind): -1} | areas, 0, 0))
    for what, way, group in place:
        if way:
            rules.append(({(what, "", group): 1, (what, way, group): -1}, 0, np.inf))
        if above := printed.above.get(what):
            rules.append(({(above, way, group): 1, (what, way, group): -1}, 0, np.inf))
        if group.startswith("about "):
            rules.append(({(what, way, "everybody"): 1, (what, way, group): -1}, 0, np.inf))
    return [rule for rule in rules if all(cell in place for cell in rule[0])]


def _guessed(printed, place: dict[tuple, int], truth: dict[tuple, int]) -> list[tuple[dict, float, float]]:
    """Return what an attacker guesses where it is true: who raised a theme raised one of those below it, in every group."""
    rules = []
    for wider, way in {(printed.above.get(what), way) for what, way, _ in place} - {("", ""), (None, "")}:
        parts = [what for what, above in printed.above.items() if wider and above == wider]
        groups = [group for what, own, group in place if (what, own) == (wider, way)]
        cells = [{(wider, way, group): -1} | {(part, way, group): 1 for part in parts} for group in groups]
        if all(sum(sign * truth.get(cell, 0) for cell, sign in own.items()) >= 0 for own in cells):
            rules += [(own, 0, np.inf) for own in cells]
    return [rule for rule in rules if all(cell in place for cell in rule[0])]


def answers_recovered(printed: pd.DataFrame, truth: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return every small count of answers to a question, of a kind of area or of all, that printed tables give back.

    printed   one row a question and group (everybody, rural, urban): base, positive, neutral, missing where it is withheld
    truth     the same with positive, neutral and other as they are, which decides what is sought

    Those whose kind of area is not known are what the kinds leave of everybody.
    """
    found = []
    for item, own in printed.groupby("item"):
        known, real = own.set_index("group"), truth[truth["item"].eq(item)].set_index("group")
        groups, parts = ["rural", "urban", "left"], ["positive", "neutral", "other"]
        real.loc["left"] = (
            real.loc["everybody", ["base", *parts]] - real.loc[["rural", "urban"], ["base", *parts]].sum()
        )
        known.loc["left"] = np.nan
        known.loc["left", "base"] = known.loc["everybody", "base"] - known.loc[
            ["rural", "urban"], "base"
        ].sum(skipna=False)
        base = known["base"].fillna(known.loc["everybody", "base"])
        told = known.loc[groups].reindex(columns=parts).to_numpy(dtype=float)
        low, high = (
            np.where(np.isnan(told), 0, told),
            np.where(np.isnan(told), base[groups].to_numpy()[:, None], told),
        )
        of_group, of_part = np.kron(np.eye(3), np.ones(3)), np.kron(np.ones(3), np.eye(3))
        whole = known.loc["everybody", parts[:2]].to_numpy(dtype=float)
        sums = np.vstack(
            [of_group[known.loc[groups, "base"].notna()], np.ones(9), of_part[:2][~np.isnan(whole)]]
        )
        right = [*known.loc[groups, "base"].dropna(), base["everybody"], *whole[~np.isnan(whole)]]
        aims = np.vstack([np.eye(9), of_part])
        n = real.loc[[*groups, "everybody"], parts].to_numpy(dtype=float).ravel()
        names = [(item, group, part) for group in [*groups, "everybody"] for part in parts]
        few = np.flatnonzero((n > 0) & (n < threshold))
        width = spreads(
            np.array([low.ravel(), high.ravel()]), (sums, right, right), list(aims[few]), threshold - 2
        )
        found += [(*names[at], int(n[at]), width) for at, width in zip(few, width, strict=True)]
    return pd.DataFrame(found, columns=["item", "group", "part", "n", "width"])
