"""How often a comparison of groups claims what is not so, and how often intervals of differences and of shares hold the truth.

    python tests/benchmarks/null_studies.py [--studies 400] [--shares]

Studies of the illustrative shape: 141 people in 48 interviews of six areas, 21 themes. Compared are kinds of area (two areas and four), five
participant groups (each with all others), and among 20 clients men with women and four groups with all others. People of one
area, and of one interview, are alike weakly (intra-class correlations of 0.01 and 0.05) or strongly (0.08 and 0.2). A theme
of its own is three times as alike as that, to show where the method ends.
"""

import argparse
import sys

import numpy as np
import pandas as pd

from ncsresearch.analysis.group_differences import MARGIN, judged, weighed
from ncsresearch.analysis.partial_pooling import Side, alike_within, pooled_shares
from ncsresearch.evidence.interval import share_interval

THEMES, AREAS = 21, 6
SIZES = np.repeat([1, 2, 3, 5, 7], [24, 6, 6, 6, 6])
ALIKE = {"weak": (0.01, 0.05), "strong": (0.08, 0.2)}
OF_CLIENTS = (13, 8, 5, 4, 3)
NAMES = ("n_raised", "n_participants", "n_raised_others", "n_participants_others")


def inclined(random: np.random.Generator, shares: np.ndarray, alike) -> np.ndarray:
    """Return shares that vary around theirs, with an intra-class correlation."""
    spread = 1 / np.asarray(alike) - 1
    return np.clip(random.beta(shares * spread, (1 - shares) * spread), 1e-6, 1 - 1e-6)


def groups_of(random: np.random.Generator, question: str, clusters: int) -> list[np.ndarray]:
    """Return which clusters are of each group that is compared with all others."""
    if question == "kinds of area":
        return [np.arange(clusters) < 2]
    if question == "participant groups":
        of = random.permutation(np.arange(clusters) % 5)
        return [of == group for group in range(5)]
    return [random.permutation(clusters) < size for size in OF_CLIENTS]


def study(random, question: str, apart: float, alike: tuple[float, float], odd: float = 0.0) -> pd.DataFrame:
    """Return the verdicts of one study in which the first group raises every theme more by as much as they are apart."""
    shares, in_areas = random.uniform(0.08, 0.45, THEMES), np.full(THEMES, alike[0])
    in_areas[0] = max(odd, alike[0])
    sizes, area = random.permutation(SIZES), np.repeat(np.arange(AREAS), 8)
    if question == "client groups":
        sizes, area = np.ones(20, int), np.arange(20) % AREAS
    of_area = inclined(random, np.broadcast_to(shares, (AREAS, THEMES)), in_areas)[area]
    of_interview = inclined(random, of_area, alike[1])
    by_area = question == "kinds of area"
    groups = groups_of(random, question, AREAS if by_area else len(sizes))
    first = groups[0][area] if by_area else groups[0]
    raised = random.binomial(sizes[:, None], np.clip(of_interview + apart * first[:, None], 0, 1))
    if by_area:
        raised = np.stack([raised[area == each].sum(axis=0) for each in range(AREAS)])
        sizes = np.bincount(area, sizes).astype(int)
    found = [contrast(raised, sizes, here).assign(group=at) for at, here in enumerate(groups)]
    rows = judged(pd.concat(found, ignore_index=True), level=0.95)
    return rows.assign(holds=rows["low"].le(apart) & rows["high"].ge(apart))


def contrast(raised: np.ndarray, sizes: np.ndarray, here: np.ndarray) -> pd.DataFrame:
    sides = [side_of(raised[own], sizes[own]) for own in (here, ~here)]
    numbers = [number for side in sides for number in (side.total, side.heard.sum(axis=0))]
    rows = pd.DataFrame(dict(zip(NAMES, numbers, strict=True)))
    return weighed(rows, *sides, level=0.95).assign(theme=range(THEMES))


def told(random, question: str, alike: tuple[float, float], studies: int) -> dict:
    """Return what is claimed of nothing, how often intervals hold the truth, and what is seen."""
    null = [study(random, question, 0.0, alike) for _ in range(studies)]
    row = {"null studies with any claim": np.mean([rows["verdict"].eq("differs").any() for rows in null])}
    row["intervals that hold 0"] = np.mean([rows["holds"].mean() for rows in null])
    for apart in (MARGIN, 0.2, 0.35, 0.5):
        own = pd.concat(
            [study(random, question, apart, alike).query("group == 0") for _ in range(studies // 8)]
        )
        row[f"differ by {100 * apart:.0f} points: claimed"] = own["verdict"].eq("differs").mean()
        if apart == MARGIN:
            row["differ by 15 points: called equivalent"] = own["verdict"].eq("equivalent").mean()
            row["differ by 15 points: held"] = own["holds"].mean()
    odd = pd.concat(
        [study(random, question, 0.0, alike, 3 * alike[1]).query("theme == 0") for _ in range(studies // 4)]
    )
    row["one theme far more alike: claimed"] = odd["verdict"].eq("differs").mean()
    row["one theme far more alike: held"] = odd["holds"].mean()
    return row


def table(studies: int) -> pd.DataFrame:
    """Return one column per question and clustering."""
    random = np.random.default_rng(2023)
    return pd.DataFrame(
        {
            (question, strength): told(random, question, alike, studies)
            for question in ("kinds of area", "participant groups", "client groups")
            for strength, alike in ALIKE.items()
        }
    )


def shares_of_study(
    random: np.random.Generator, alike: tuple[float, float], odd: float = 0.0
) -> pd.DataFrame:
    """Return every share of one study with its true value, by partial pooling and as if people had been heard alone."""
    shares, area = random.uniform(0.08, 0.45, THEMES), np.repeat(np.arange(AREAS), 8)
    sizes, alike = random.permutation(SIZES), [np.full(THEMES, each) for each in alike]
    alike[0][0] = max(odd, alike[0][0])
    of_area = inclined(random, np.broadcast_to(shares, (AREAS, THEMES)), alike[0])
    raised = random.binomial(sizes[:, None], inclined(random, of_area[area], alike[1]))
    interviews = [side_of(raised[area == each], sizes[area == each]) for each in range(AREAS)]
    within = 1 + ((sizes**2).sum() / sizes.sum() - 1) * alike_within(interviews)
    people = np.bincount(area, sizes).astype(int)
    n = np.stack([side.total for side in interviews])
    kinds = [side_of(n[own], people[own]) for own in (slice(2), slice(2, AREAS))]
    of_kinds = pooled_shares(kinds, within=round(within, 1))
    everybody = pooled_shares([side_of(n, people)]).assign(side=2)
    rows = pd.concat([of_kinds, everybody], ignore_index=True)
    at = (rows["cluster"] + 2 * rows["side"].eq(1)).clip(lower=0)
    truth = np.where(rows["cluster"].ge(0), of_area[at, rows["theme"]], shares[rows["theme"]])
    base = np.where(
        rows["cluster"].ge(0),
        people[at],
        rows["side"].map({0: people[:2].sum(), 1: people[2:].sum(), 2: people.sum()}),
    )
    low, high = share_interval((rows["observed"] * base).round(), base)
    return rows.assign(
        of=np.where(
            rows["cluster"].ge(0),
            "an area",
            rows["side"].map({0: "two areas", 1: "four areas", 2: "everybody"}),
        ),
        held=rows["low"].le(truth) & rows["high"].ge(truth),
        held_alone=(low <= truth) & (high >= truth),
        nearer=np.where(rows["cluster"].ge(0), (rows["estimate"] - truth) ** 2, np.nan),
        far=np.where(rows["cluster"].ge(0), (rows["observed"] - truth) ** 2, np.nan),
    )


def side_of(raised: np.ndarray, sizes: np.ndarray) -> Side:
    return Side(np.broadcast_to(sizes[:, None], raised.shape), raised, raised, raised.sum(axis=0))


def table_of_shares(studies: int) -> pd.DataFrame:
    """Return how often intervals of shares hold the truth, and how far estimates of areas are from it, by clustering."""
    random, found = np.random.default_rng(2023), {}
    for strength, alike in ALIKE.items():
        rows = pd.concat([shares_of_study(random, alike) for _ in range(studies)])
        each = rows.groupby("of", sort=False)[["held", "held_alone"]].mean()
        odd = pd.concat([shares_of_study(random, alike, 3 * alike[1]) for _ in range(studies // 4)])
        odd = odd[odd["theme"].eq(0) & odd["of"].ne("everybody")]
        odd = odd.groupby(np.where(odd["cluster"].ge(0), "an area", "a kind of area"))[
            ["held", "held_alone"]
        ].mean()
        each = pd.concat([each, odd.rename("one theme far more alike: {}".format)])
        error = np.sqrt(rows[["nearer", "far"]].mean())
        found |= {
            (strength, "by partial pooling"): each["held"].to_dict() | {"error of an area": error["nearer"]},
            (strength, "as if heard alone"): each["held_alone"].to_dict()
            | {"error of an area": error["far"]},
        }
    return pd.DataFrame(found)


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--studies", type=int, default=400)
    asked.add_argument("--shares", action="store_true", help="intervals of shares alone")
    chosen = asked.parse_args()
    tables = [table_of_shares] if chosen.shares else [table, table_of_shares]
    for made in tables:
        sys.stdout.write(made(chosen.studies).round(3).to_string() + "\n\n")
