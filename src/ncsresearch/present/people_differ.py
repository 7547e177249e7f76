"""What may be said of differences between groups of people: in words and tables, with what was refused and why.

rows are those of group_differences; the tests tried on them, those of theme_comparison.
"""

import math

import pandas as pd

from ncsresearch.analysis.permutation import DRAWS
from ncsresearch.disclosure.differences import tests_of
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.evidence.groups import n_areas_of_kind
from ncsresearch.present.outputs import WITHHELD, Finding, Table
from ncsresearch.present.people_behind import evidence_for
from ncsresearch.present.people_heard import people_sentence, people_table
from ncsresearch.present.sentence import lower_first
from ncsresearch.present.table import SMALLEST_BASE, points
from ncsresearch.present.wording import phrase, phrases
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

METHODS = ("counts", "exact", "stratified", "separated", "permutation", "clusters")
LEVELS = ("area", "interview", "participant")
SHOWN = 8  # differences between client groups, in a table


def say_groups_differ(rows: pd.DataFrame) -> Finding | None:
    """Say which participant groups raised which themes more or less than all others, beyond chance."""
    if rows.empty:
        return None
    study, found = study_of(rows), rows[rows["claim"].eq("difference")]
    n = _compared(rows)
    if found.empty:
        form = "none" if n else "untested"
        return people_sentence("groups_differ", study, {"compared": n}, form=form, n=n)
    largest = found.dropna(subset="n_raised").head(3)
    opened = evidence_for(study, dict.fromkeys(largest["code_id"]))
    numbers = {"compared": n, "shown": len(found)}
    surely = bool(found["n_raised"].notna().all())
    places = {"largest": _beside(largest), "surely": surely}
    return people_sentence("groups_differ", study, numbers, opened, **numbers, **places)


def _compared(rows: pd.DataFrame) -> int:
    """Return how many comparisons were tested, those that may not be told included."""
    return int(rows["family_size"].fillna(0).max()) if len(rows) else 0


def _beside(rows: pd.DataFrame) -> list[str]:
    return phrases("groups_differ", "beside", rows.to_dict("records"))


def table_groups_differ(rows: pd.DataFrame) -> Table:
    """Return the differences between a participant group and all others that are more than chance."""
    study = study_of(rows)
    told = _publishable_cells(rows[rows["claim"].eq("difference")].reset_index(drop=True))
    places = {"n": len(study.participants), "compared": _compared(rows), "how": _how(rows)}
    return people_table("groups_differ", told, study, **places)


def _publishable_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with counts beside their bases, and points only where both bases bear them."""
    return rows.assign(
        here=_counts_of_bases(rows["n_raised"], rows["n_participants"]),
        there=_counts_of_bases(rows["n_raised_others"], rows["n_participants_others"]),
        points=[_points(row) for row in rows.itertuples()],
        adjusted=[_p_value(p) for p in rows["p_adjusted"]],
        p_value=[_p_value(p) for p in rows["p"]],
    )


def _counts_of_bases(counts: pd.Series, bases: pd.Series) -> list[str]:
    return [f"{WITHHELD if pd.isna(n) else n} of {base}" for n, base in zip(counts, bases, strict=True)]


def _points(row) -> str:
    if pd.isna(row.difference):
        return WITHHELD
    if min(row.n_participants, row.n_participants_others) < SMALLEST_BASE:
        return f"a base under {SMALLEST_BASE}"
    return points(row.difference, row.low, row.high)


def _p_value(p: float) -> str:
    return "" if pd.isna(p) else "under 0.001" if p < 0.001 else f"{p:.3f}"


def _how(rows: pd.DataFrame, form: str = "adjusted", **places) -> str:
    """Say how p came about: what was shuffled, and over how many comparisons it is adjusted."""
    found = set(rows["level"])
    levels = [phrase("how", level) for level in LEVELS if level in found]
    places |= {"levels": levels, "uneven": bool(found & {"area", "interview"})}
    return phrase("how", form, **places) if levels else ""


def say_directions(rows: pd.DataFrame) -> Finding | None:
    """Say on what all areas of one kind lie above all of the other, and that no test bears more.

    rows are of themes that people raised, or of their views of how well client groups are served.
    """
    if rows.empty:
        return None
    study, served, least = study_of(rows), _of_service(rows), rows["smallest_p"].max()
    found = rows[rows["claim"].eq("direction")]
    name = "served_differ" if served else "kinds_trusted"
    if pd.isna(least):
        return people_sentence("directions", study, {"themes": 0}, name=name, form="untested")
    bears = least <= 1 - study.settings.interval_level
    if found.empty and not bears:
        return None
    themes, higher = found["theme"].map(_seen_as) if served else found["theme"], found["difference"].gt(0)
    sides = {"rural": themes[higher], "urban": themes[found["difference"].lt(0)]}
    ways = [{"kind": kind, "served": served, "themes": list(own)} for kind, own in sides.items() if len(own)]
    numbers = {"themes": len(found), "smallest_p": round(float(least), 3)}
    opened = {} if served else evidence_for(study, found["code_id"])
    areas = sum(n_areas_of_kind(study).get(kind, 0) for kind in COMPARED)
    places = {"ways": phrases("directions", "way", ways), "areas": areas, "bears": bears}
    passed = int(rows["claim"].eq("difference").sum())
    return people_sentence("directions", study, numbers, opened, name=name, passed=passed, **places)


def _of_service(rows: pd.DataFrame) -> bool:
    """Whether differences are of views of how well client groups are served."""
    return "of" in rows.attrs


def _seen_as(theme: str) -> str:
    """Return a view such as Seen as better served: women as it stands inside a sentence."""
    level, _, client_group = theme.partition(": ")
    return f"{client_group} as {lower_first(level).removeprefix('seen as ')}"


def table_directions(rows: pd.DataFrame) -> Table | None:
    """Return what may be said of rural and urban areas, theme by theme, or view by view of client groups."""
    if rows.empty:
        return None
    study, served = study_of(rows), _of_service(rows)
    told = rows[rows["claim"].isin(["difference", "direction"])].reset_index(drop=True)
    rural, urban = rows[["n_participants", "n_participants_others"]].iloc[0]
    chosen = _ways(study)
    form = "of_areas" if {*rows["level"]} == {"area"} and chosen["ways"] <= DRAWS else "unadjusted"
    places = {"how": _how(rows, form, **chosen), "least": f"{rows['smallest_p'].max():.3f}", "n": len(rows)}
    places |= {"rural": rural, "urban": urban, "served": served}
    name = "served_differ" if served else "kinds_trusted"
    return people_table("directions", _publishable_cells(told), study, name=name, **places)


def say_by_chance(rows: pd.DataFrame) -> Finding | None:
    """Say on how many themes chance would set all areas of one kind above the other; nothing where no theme is so."""
    if not rows["claim"].eq("direction").any():
        return None
    study = study_of(rows)
    places = {"n": math.ceil(2 * len(rows) / _ways(study)["ways"]), "compared": len(rows)}
    return people_sentence("by_chance", study, places, **places)


def _ways(study: Study) -> dict[str, int]:
    """Return how many areas are rural or urban, how many of them rural, and in how many ways so many can be chosen."""
    rural, urban = (int(n_areas_of_kind(study).get(kind, 0)) for kind in ("rural", "urban"))
    return {"areas": rural + urban, "rural": rural, "ways": math.comb(rural + urban, rural)}


def say_client_groups_differ(rows: pd.DataFrame) -> Finding | None:
    """Say whether groups of clients differ from each other in what they raised, and how few they are."""
    if rows.empty:
        return None
    study = study_of(rows)
    people = int((rows["n_participants"] + rows["n_participants_others"]).max())
    fewest, apart = int(rows["n_participants"].min()), _beside(rows[rows["claim"].eq("difference")])
    numbers = {"compared": _compared(rows), "people": people}
    places = {"apart": apart, "fewest": fewest, "few": below_threshold(fewest, study.settings.threshold)}
    return people_sentence("client_groups_differ", study, numbers, **places, **numbers)


def table_client_groups_differ(rows: pd.DataFrame) -> Table | None:
    """Return the largest differences between a group of clients and the other clients; none of a confidential study."""
    study = study_of(rows)
    if study.settings.threshold:
        return None
    rows = rows.head(SHOWN)
    return people_table("client_groups_differ", _publishable_cells(rows), study, how=_how(rows))


def table_ladder(rows: pd.DataFrame) -> Table:
    """Return what was tried to compare groups, from the simplest to the strictest, and why some of it was refused."""
    study, tests = study_of(rows), tests_of(rows)
    rows = [_method(method, tests[tests["method"].eq(method)]) for method in METHODS] if len(tests) else []
    columns = ["method", "comparisons_tested", "comparisons_not_tested", "because"]
    table = pd.DataFrame(rows, columns=columns)
    return people_table("ladder", table, study, n=len(tests) // len(METHODS))


def _method(method: str, rows: pd.DataFrame) -> tuple:
    refused = rows.loc[rows["p"].isna(), "reason"]
    because = "; ".join(refused.value_counts().index)
    return phrase("methods", method), int(rows["p"].notna().sum()), len(refused), because
