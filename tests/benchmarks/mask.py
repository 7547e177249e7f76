"""How far is the mask from the least that could be withheld? python tests/benchmarks/mask.py [study folder]

Prints one row a family of counts that is printed in numbers: how many cells there are, how many are withheld, how many the optimum withholds,
and the fewest that would do if nothing but this row mattered. The optimum is of all ways of telling a code together, in
the forms that the study prints, and is proved: HiGHS's dual bound is its loss. A reader's interval of a small count is as
wide as the threshold less one has values.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from ncsresearch.disclosure import forms, plan, reader
from ncsresearch.disclosure.suppression import least_withheld
from ncsresearch.study import load_study

ILLUSTRATIVE = Path(__file__).parents[2] / "data" / "illustrative"
FAMILY = ["family", "by"]


def compared(study) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return the rows of the mask with optimum and alone, whether each is withheld there, and the losses."""
    rule = reader.Rule(study.settings.threshold, study.settings.smallest_group)
    groups, rows = plan.groups_of(study), plan.planned_counts(study).assign(before="")
    started = time.process_time()
    masked = forms.masked(rows, groups, rule)
    losses = {"seconds": time.process_time() - started, "mask": 0.0, "optimum": 0.0, "proved": 0.0}
    masked, groups = masked[masked["by"].ne(plan.ABOUT)], groups.for_themes(rule.smallest_group)
    heard = masked[masked["code_id"].eq(plan.HEARD)]
    unknown = heard["hidden"].to_numpy() & (groups.group != plan.LEFT_OVER)
    found = []
    for _, own in masked.groupby("code_id", sort=False):
        printed = own[own["form"].ne("").groupby(own["stance"]).transform("any")]
        if len(printed):
            found.append(_of_code(printed, groups, rule, unknown, losses))
    return pd.concat(found), losses


def _of_code(rows: pd.DataFrame, groups, rule, unknown: np.ndarray, losses: dict[str, float]) -> pd.DataFrame:
    ways, every = as_one_problem(rows, groups, rule, unknown)
    optimum, bound = least_withheld(every.cells, every.first, every.small, every.cost, rule.width)
    withheld = rows["hidden"].to_numpy() & (rows["form"].eq("number") | rows["words"].eq("")).to_numpy()
    for name, loss in (("mask", every.cost @ withheld), ("optimum", every.cost @ optimum), ("proved", bound)):
        losses[name] += loss
    alone = np.concatenate([_alone(way, groups, rule) for way in ways])
    return rows.assign(withheld=withheld, optimum=optimum, alone=alone)


def as_one_problem(rows: pd.DataFrame, groups, rule, unknown: np.ndarray) -> tuple[list, reader.Way]:
    """Return the ways of telling one code, each by itself and all together."""
    ways = [reader._way(own, groups, rule, unknown, 1.0) for _, own in rows.groupby("stance", sort=False)]
    stances, told_of = list(rows["stance"].unique()), groups.base >= rule.smallest_group
    return ways, reader._together(ways, stances, rows["form"].to_numpy(), told_of, rule.width)


def _alone(way, groups, rule) -> np.ndarray:
    """Return the fewest of each grouping that have to be withheld, at the first of its groups."""
    fewest = np.zeros(len(groups.by))
    for by in dict.fromkeys(groups.by):
        cost = (groups.by == by) * (way.cost > 0) * 1.0
        chosen, _ = least_withheld(way.cells, way.first, way.small, cost, rule.width)
        fewest[np.flatnonzero(groups.by == by)[0]] = cost @ chosen
    return fewest


def main(folder: Path) -> None:
    """Print the families of a study, and its losses."""
    rows, losses = compared(load_study(folder))
    rows = rows[rows["form"].eq("number")].assign(
        family=rows["stance"].where(rows["stance"].ne(""), rows["table"])
    )
    counted = rows.groupby(FAMILY, sort=False)[["withheld", "optimum", "alone"]].sum().astype(int)
    counted.insert(0, "cells", rows.groupby(FAMILY, sort=False).size())
    sys.stdout.write(
        "| family | by | cells | withheld | optimum | fewest alone |\n|---|---|--:|--:|--:|--:|\n"
    )
    for (family, by), row in counted.iterrows():
        sys.stdout.write(f"| {family} | {by or 'everybody'} | {' | '.join(map(str, row))} |\n")
    sys.stdout.write("\n" + "; ".join(f"{name} {value:.1f}" for name, value in losses.items()) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ILLUSTRATIVE)
