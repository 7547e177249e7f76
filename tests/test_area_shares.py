"""The share of each area and kind of area: by hand, from what is printed alone, and what a page says of it."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom

import ncsresearch as ncs
from builders import heard, study_folder
from conftest import PROJECT
from ncsresearch.analysis.partial_pooling import ICCS, SHARES, Side, pooled_shares
from ncsresearch.disclosure.area_shares import share_intervals
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.evidence.interval import share_interval
from ncsresearch.present.people_behind import lines_behind
from ncsresearch.study import load_study

BOOK = "code_id,parent_id,label,facet\ntravel,,Travel,theme\ncost,,Cost,theme\n"
AREAS = "area_id,name,area_type,case_study,report\n" + "".join(
    f"{name},{name},{kind},yes,yes\n"
    for name, kind in [
        ("r1", "mainly_rural"),
        ("r2", "mainly_rural"),
        ("u1", "larger_city"),
        ("u2", "larger_city"),
    ]
)
RAISED = {"r1": 15, "r2": 5, "u1": 10, "u2": 10}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return load_study(
        study_folder(tmp_path_factory.mktemp("areas") / "small", codebook=BOOK, areas=AREAS, codings=None)
    )


@pytest.fixture(scope="module")
def study(base):
    """Twenty people in each area, each heard alone: 15 and 5 of them raise travel in rural areas, 10 and 10 in urban ones."""
    people = [(f"{area}_{n}", area, "Staff", f"{area}_{n}") for area in RAISED for n in range(20)]
    return heard(
        base, people, [(f"{area}_{n}", "travel") for area, most in RAISED.items() for n in range(most)]
    )


@pytest.fixture(scope="module")
def illustrative():
    return load_study(PROJECT / "data" / "illustrative")


def test_one_row_a_kind_and_area_of_the_themes_that_somebody_raised(study):
    rows = ncs.area_shares(study)
    assert rows[["kind", "area", "theme", "n", "base"]].to_numpy().tolist() == [
        ["rural", "", "Travel", 20, 40],
        ["rural", "r1", "Travel", 15, 20],
        ["rural", "r2", "Travel", 5, 20],
        ["urban", "", "Travel", 20, 40],
        ["urban", "u1", "Travel", 10, 20],
        ["urban", "u2", "Travel", 10, 20],
    ]
    at = rows.set_index("area")
    assert at.loc["r1", "observed"] == 0.75 and 0.5 < at.loc["r1", "estimate"] < 0.75
    assert at.loc["u1", "estimate"] == pytest.approx(0.5)
    assert rows["design_effect"].iloc[0] == pytest.approx(1 + 19 * rows["icc"].iloc[0])
    assert rows.attrs["within"] == 1.0


def test_the_sentence_table_and_figure_of_areas(study):
    rows = ncs.area_shares(study)
    effect = rows["design_effect"].iloc[0]
    (said,), (table,), (figure,) = ncs.say(rows), ncs.table(rows), ncs.plot(rows)
    about = round(80 / effect) if 80 / effect < 20 else round(80 / effect / 10) * 10
    assert said.sentence == (
        f"People of one area tend to say similar things. On a typical theme the 80 people heard tell as much as about {about} people from "
        f"different areas would; on travel as much as about {about}."
    )
    assert list(table.cells()) == [
        "Theme",
        "Intra-class correlation",
        "Design effect",
        "Pull, %",
        "Rural, %",
        "Urban, %",
    ]
    assert table.cells()["Rural, %"].iloc[0].startswith("50 (")
    assert figure.data.cells()[["Area", "Observed"]].to_numpy().tolist() == [
        [f"{area}, {'rural' if area[0] == 'r' else 'urban'}", f"{n} of 20"] for area, n in RAISED.items()
    ]


def test_people_interviewed_together_count_for_less(base):
    """Each interview of five says one thing: in half of them everybody raises travel, in the others nobody."""
    people = [(f"{area}_{n}", area, "Staff", f"{area}_{n // 5}") for area in RAISED for n in range(20)]
    said = [(f"{area}_{n}", "travel") for area in RAISED for n in range(20) if n // 5 % 2]
    rows = ncs.area_shares(heard(base, people, said))
    assert 2 < rows.attrs["within"] <= 5
    assert f"{rows.attrs['within']} times as large" in ncs.table(rows)[0].note


def test_a_study_of_one_area_has_no_areas_to_compare_and_an_interval_that_allows_for_interviews(base):
    together = [(f"p{n}", "r1", "Staff", f"i{n // 5}") for n in range(40)]
    said = [(f"p{n}", "travel") for n in range(40) if n // 5 % 2]
    alone = [(name, area, group, name) for name, area, group, _ in together]
    assert ncs.area_shares(heard(base, alone, said)).empty
    low, high = share_interval(20, 40)
    own, wider = (share_intervals(heard(base, people, said)).loc["travel"] for people in (alone, together))
    assert (own["low"], own["high"], own["allowing"]) == (pytest.approx(low), pytest.approx(high), "")
    assert wider["low"] < low and wider["high"] > high and wider["allowing"] == "interview"


def test_a_selection_and_published_evidence_have_no_shares_of_areas(illustrative, published):
    assert ncs.area_shares(illustrative.where(area_type="rural")).empty
    assert ncs.area_shares(published).empty


def test_what_stands_behind_a_sentence_allows_for_people_heard_together(illustrative):
    (line,) = lines_behind(illustrative, ["access_to_other_services"])
    low, high = share_intervals(illustrative).loc["access_to_other_services", ["low", "high"]]
    assert line.startswith("Access to other services.")
    assert (
        f"interval of the share: {100 * low:.0f}% to {100 * high:.0f}%, allowing for people of one area"
        in line
    )


def test_in_a_confidential_study_no_number_enters_that_is_not_printed(illustrative):
    """The numbers of a reader: of kinds as they are printed, of areas between the ends that their number or word has."""
    rows = ncs.area_shares(illustrative)
    kinds, areas = (
        publishable_counts(illustrative, by=by).astype({"group": "str"}) for by in ("area_type", "area_id")
    )
    classes, themes = illustrative.areas.set_index("name")["area_type"], sorted(set(rows["code_id"]))
    sides = []
    for kind in ("rural", "urban"):
        total = kinds[kinds["group"].eq(kind)].set_index("code_id").loc[themes, "n"].to_numpy("int64")
        own = areas[areas["group"].map(classes).isin(["mainly_rural", "islands_remote"]) == (kind == "rural")]
        each = [
            own.pivot(index="group", columns="code_id", values=name)[themes]
            for name in ("base", "least", "most")
        ]
        sides.append(Side(*(table.to_numpy("int64") for table in each), total))
    again = pooled_shares(sides, within=rows.attrs["within"]).sort_values(["side", "cluster", "theme"])
    printed = rows.sort_values(["kind", "area", "code_id"])
    for name in (
        "observed",
        "estimate",
        "low",
        "high",
        "shrinkage",
        "icc",
        "icc_low",
        "icc_high",
        "design_effect",
    ):
        assert printed[name].to_numpy("float64") == pytest.approx(
            again[name].to_numpy(), abs=0.011, nan_ok=True
        )


def assignments(printed: pd.DataFrame, total: int) -> list[tuple[int, ...]]:
    """Every number that areas may have by what is printed of each, and of all together."""
    ends = [
        range(int(low), int(high) + 1) for low, high in zip(printed["least"], printed["most"], strict=True)
    ]
    return [each for each in product(*ends) if sum(each) == total]


@pytest.mark.parametrize("theme", ["housing", "co_location", "travel_and_distance"])
def test_in_a_confidential_study_all_of_it_is_worked_out_from_what_is_printed(illustrative, theme):
    """Each assignment of the withheld numbers, weighed by how likely it is, gives the share of the kind and of its areas."""
    rows = ncs.area_shares(illustrative)
    kinds = illustrative.areas.set_index("name")["area_type"].isin(["mainly_rural", "islands_remote"])
    spread = 1 / ICCS - 1
    a, b = SHARES[:, None] * spread, (1 - SHARES)[:, None] * spread
    by_kind, totals = (publishable_counts(illustrative, by=by) for by in ("area_id", "area_type"))
    by_kind = by_kind[by_kind["code_id"].eq(theme)].astype({"group": "str"})
    likely, drawn = {}, {}
    for kind in ("rural", "urban"):
        total = totals.loc[totals["code_id"].eq(theme) & totals["group"].eq(kind), "n"].iloc[0]
        own = by_kind[by_kind["group"].map(kinds).eq(kind == "rural")]
        bases = own["base"].to_numpy("int64")
        every = assignments(own, total)
        each = [
            np.prod([betabinom.pmf(n, base, a, b) for n, base in zip(ns, bases, strict=True)], axis=0)
            for ns in every
        ]
        likely[kind] = sum(each)
        drawn[kind] = [
            sum(weight * (ns[at] + a) / (base + spread) for weight, ns in zip(each, every, strict=True))
            for at, base in enumerate(bases)
        ]
    printed = rows[rows["code_id"].eq(theme)].set_index(["kind", "area"])
    for kind, other in (("rural", "urban"), ("urban", "rural")):
        by_icc = weighed(likely, kind, other, printed["icc"].iloc[0])
        again = (likely[kind] * by_icc).sum(axis=1) @ SHARES / (likely[kind] * by_icc).sum()
        assert printed.loc[(kind, ""), "estimate"] == pytest.approx(again, abs=0.02)
        areas = printed.loc[kind].drop("")
        found = [(one * by_icc).sum() / (likely[kind] * by_icc).sum() for one in drawn[kind]]
        assert areas["estimate"].to_numpy() == pytest.approx(found, abs=0.04)


def weighed(likely: dict[str, np.ndarray], kind: str, other: str, icc: float) -> np.ndarray:
    """How probable each intra-class correlation is by the other kind, with the prior that gives both the printed mean.

    The prior is what all themes show; one that falls by a power of the correlation is close to it.
    """
    both = likely[kind].sum(axis=0) * likely[other].sum(axis=0)
    powers = [both * ICCS**-power for power in np.linspace(-2, 4, 121)]
    prior = min(powers, key=lambda one: abs(one @ ICCS / one.sum() - icc)) / both
    return likely[other].sum(axis=0) * prior
