"""How long do prevalence and the permutation test take on a large study, and how do others compare?

Run by hand: `.venv/bin/python tests/benchmarks/analyses.py [SEGMENTS [PARTICIPANTS [THEMES]]]`. It prints seconds for
prevalence by two attributes with intervals, and for a permutation test of every theme, and the ratio to what a
researcher would otherwise write: a loop over groups and themes, and scipy's permutation test theme by theme.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import permutation_test
from statsmodels.stats.proportion import proportion_confint

sys.path.insert(0, str(Path(__file__).parents[1]))

from builders import heard, study_folder
from ncsresearch.analysis import permutation
from ncsresearch.analysis.comparison import contrasts_of
from ncsresearch.evidence.counts import shares
from ncsresearch.study import load_study

DRAWS = 2000
GROUPS = ("Staff", "Partners", "Clients")


def large_study(folder: Path, n_segments: int, n_people: int, n_themes: int):
    """A study of interviews with two people each, in 20 areas; who raises what is left to chance."""
    random = np.random.default_rng(1)
    book = "code_id,parent_id,label,facet\n" + "".join(f"t{n},,Theme {n},theme\n" for n in range(n_themes))
    areas = "area_id,name,area_type,case_study,report\n" + "".join(
        f"a{n},Area {n},{'mainly_rural' if n < 8 else 'larger_city'},yes,no\n" for n in range(20)
    )
    base = load_study(study_folder(folder / "large", codebook=book, areas=areas, segments=None, codings=None))
    people = [(f"p{n}", f"a{(n // 2) % 20}", GROUPS[(n // 2) % 3], f"i{n // 2}") for n in range(n_people)]
    who, what = random.integers(0, n_people, n_segments), random.integers(0, n_themes, n_segments)
    return heard(base, people, [(f"p{one}", f"t{other}") for one, other in zip(who, what, strict=True)])


def by_hand(study) -> pd.DataFrame:
    """Prevalence as a researcher would write it: a loop over groups and themes."""
    types = study.areas.set_index("area_id")["area_type"].astype("str")
    people = study.participants.assign(kind=study.participants["area_id"].map(types))
    said = study.codings.merge(study.segments, left_on="unit_id", right_on="segment_id")
    rows = []
    for (group, kind), own in people.groupby(["participant_group", "kind"]):
        spoken = said[said["participant_id"].isin(own["participant_id"])]
        for theme in study.codebook["code_id"]:
            n = spoken.loc[spoken["code_id"].eq(theme), "participant_id"].nunique()
            rows.append((group, kind, theme, n, len(own), *proportion_confint(n, len(own), method="wilson")))
    return pd.DataFrame(rows)


def seconds(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main(n_segments: int = 100_000, n_people: int = 10_000, n_themes: int = 50) -> None:
    with tempfile.TemporaryDirectory() as folder:
        study = large_study(Path(folder), n_segments, n_people, n_themes)
    ours = min(seconds(lambda: shares(study, by="area_type", within="participant_group")) for _ in range(3))
    loop = seconds(lambda: by_hand(study))
    say = sys.stdout.write
    say(f"{n_segments:,} segments, {n_people:,} participants, {n_themes} themes\n")
    say(
        f"prevalence by two attributes: {ours:.2f} s; a loop over groups and themes: {loop / ours:.1f} times as long\n"
    )
    contrast = contrasts_of(study, by="participant_group")[0]
    raised, here = contrast.raised.to_numpy(), contrast.people["here"].to_numpy()
    permuted = seconds(lambda: permutation.permutation_test(contrast.people, raised, draws=DRAWS))
    each = seconds(lambda: scipys(raised[:, 0], here))
    say(f"permutation test of {n_themes} themes, {DRAWS:,} draws: {permuted:.2f} s; ")
    say(
        f"scipy's, which knows no interviews, theme by theme: {each * n_themes / permuted:.1f} times as long\n"
    )


def scipys(raised: np.ndarray, here: np.ndarray) -> None:
    sides = raised[here].astype(float), raised[~here].astype(float)
    permutation_test(
        sides,
        lambda one, two, axis: one.mean(axis) - two.mean(axis),
        vectorized=True,
        n_resamples=DRAWS,
        batch=100,
    )


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
