"""An attacker who has everything that is printed of people: every number, word, base and sum, and integer programming."""

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

WORDS = {"some": (0.0, 0.4), "about half": (0.4, 0.6), "most": (0.6, 1.0)}  # as the pages say it


def known(row) -> tuple[int, int]:
    """Return between what the attacker knows one count to lie by itself."""
    if not row.hidden:
        return row.n, row.n
    if row.words:
        low, high = (int(np.ceil(round(share * row.base, 9))) for share in WORDS[row.words])
        assert max(1, low) <= row.n <= high - 1
        return max(1, low), high - 1
    if not row.form:
        return 0, row.base
    return min(row.n, 1), row.base - (row.n < row.base)


def sums(rows: pd.DataFrame, kinds: dict[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the sums of the counts of one code, and how far each may be over 0: what is told in one way was raised."""
    place = {key: n for n, key in enumerate(zip(rows["stance"], rows["by"], rows["group"], strict=True))}
    lines, over = [], []

    def line(whole, parts, most=0.0):
        lines.append(np.isin(np.arange(len(rows)), parts) - 1.0 * (np.arange(len(rows)) == whole))
        over.append(most)

    for stance in rows["stance"].unique():
        whole = place[stance, "", "everybody"]
        for by in ("area_id", "participant_group", "area_type"):
            line(whole, [n for (told, name, _), n in place.items() if (told, name) == (stance, by)])
        for kind in set(kinds.values()):
            areas = [
                n
                for (told, by, area), n in place.items()
                if (told, by) == (stance, "area_id") and kinds[area] == kind
            ]
            line(place[stance, "area_type", kind], areas)
    for (stance, by, group), n in place.items():
        if stance:
            line(n, [place["", by, group]], np.inf)
        if by == "client_group":
            line(n, [place[stance, "", "everybody"]], np.inf)
    return np.array(lines), np.array(over)


def widths(rows: pd.DataFrame, kinds: dict[str, str], threshold: int) -> pd.DataFrame:
    """Return every small count, and every small rest of everybody, with how wide the attacker's interval of it is."""
    rows = rows.reset_index(drop=True)
    lines, over = sums(rows, kinds)
    n, base = rows["n"].to_numpy(), rows["base"].to_numpy()
    assert (lines @ n >= 0).all() and (lines @ n <= over).all()
    ends = Bounds(*np.array([known(row) for row in rows.itertuples()], dtype=float).T)
    each, whole = (
        np.eye(len(rows)),
        rows["stance"].map(rows[rows["by"].eq("")].reset_index().set_index("stance")["index"]),
    )
    aims = [(at, each[at]) for at in np.flatnonzero(small(n, base, threshold))]
    rest = small(n[whole] - n, base[whole] - base, threshold) & rows["by"].isin(
        ["area_id", "participant_group", "client_group"]
    )
    aims += [(at, each[whole[at]] - each[at]) for at in np.flatnonzero(rest)]
    found = []
    for at, aim in aims:
        rules = LinearConstraint(lines, 0, over)
        low, high = (
            milp(way * aim, constraints=rules, bounds=ends, integrality=each[0] * 0 + 1) for way in (1, -1)
        )
        found.append((*rows.loc[at, ["code_id", "stance", "by", "group", "n"]], round(-high.fun - low.fun)))
    return pd.DataFrame(found, columns=["code_id", "stance", "by", "group", "n", "width"])


def small(n, base, threshold: int) -> np.ndarray:
    """Whether a count, or what it leaves of its base, is from 1 to under the threshold."""
    rest = base - n
    return ((n > 0) & (n < threshold)) | ((rest > 0) & (rest < threshold))
