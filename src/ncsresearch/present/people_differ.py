"""What may be said of differences between groups of people: in words and tables, with what was refused and why.

rows are those of group_differences, ladder those of theme_comparison.
"""

from math import comb

import pandas as pd

from ncsresearch.disclosure.differences import tests_of
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.evidence.groups import n_areas_of_kind
from ncsresearch.present.claims import evidence_for
from ncsresearch.present.media import WITHHELD, Finding, Table
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.sentence import capital, counted, listed, no_evidence, small
from ncsresearch.present.table import SMALLEST_BASE
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

METHODS = {
    "counts": "Counts and difference of shares, Newcombe's interval",
    "exact": "Fisher's exact test",
    "stratified": "Within areas: Cochran, Mantel and Haenszel",
    "separated": "Firth's odds ratio, where a share is 0% or 100%",
    "permutation": "Membership dealt anew where it varies",
    "clusters": "Model that allows for people heard together",
}
VERBS = {"raised": "raised", "seen": "saw"}
DEALT = {
    "area": "areas",
    "interview": "the interviews of each area",
    "participant": "the people of an interview, and interviews of one size",
}
NOT_APART = "all who were heard are of one mind on everything compared, or membership cannot be dealt anew"
UNTESTED = f"No comparison of groups could be tested: {NOT_APART}."
UNEVEN = "Where they differ in size, p is no smaller than with each counting alike, or than Fisher's for people heard alone."
FEW_CELLS = (
    "Named is what all areas of one kind raise more than all of the other, by ten points or more together. Areas are compared "
    "and not people, so it is a direction and no test of it"
)


def say_groups_differ(rows: pd.DataFrame) -> Finding:
    """Say which participant groups raised which themes more or less than all others, beyond chance."""
    study = study_of(rows)
    told = rows[rows["claim"].eq("difference")]
    if rows.empty:
        return no_evidence("groups_differ", "several groups of people")
    n = _compared(rows)
    if not n:
        return Finding("groups_differ", UNTESTED, {"compared": 0}, source=heard_by(study))
    if told.empty:
        words = f"Of {counted(n, 'comparison')} of a group with all others none shows more than chance would make."
        return Finding("groups_differ", words, {"compared": n}, source=heard_by(study))
    largest = told.dropna(subset="n_raised").head(3)
    top = listed(_beside(row) for row in largest.itertuples())
    sentence = (
        f"{capital(counted(len(told), 'difference'))} between a group and all others {'is' if len(told) == 1 else 'are'} more than "
        f"chance would make, of {n} compared. The largest{' that may be counted here' * bool(study.settings.threshold)}: {top}."
    )
    opened = evidence_for(study, dict.fromkeys(largest["code_id"]))
    numbers = {"compared": n, "shown": len(told)}
    return Finding("groups_differ", sentence, numbers, source=heard_by(study), **opened)


def _compared(rows: pd.DataFrame) -> int:
    """Return how many comparisons were tested, those that may not be told included."""
    return int(rows["family_size"].fillna(0).max()) if len(rows) else 0


def _beside(row) -> str:
    return (
        f"{small(row.theme)}, raised by {row.n_raised} of {row.n_participants} {small(row.group)} and "
        f"{row.n_raised_others} of {row.n_participants_others} others"
    )


def table_groups_differ(rows: pd.DataFrame) -> Table:
    """Return the differences between a participant group and all others that are more than chance."""
    study = study_of(rows)
    n = _compared(rows)
    told = rows[rows["claim"].eq("difference")].reset_index(drop=True)
    return Table(
        "groups_differ",
        "Groups that raised a theme more or less than all others",
        _counts_told(told),
        {"theme": "Theme", "group": "Group", "here": "Of the group", "there": "Of the others", **_MEASURED},
        f"{len(study.participants)} people heard, a group beside all others",
        heard_by(study),
        _how(rows, f"{n} comparisons were made; those not shown are no more than chance would make."),
        missing=WITHHELD,
    )


_MEASURED = {"points": "Difference in points, with its interval", "adjusted": "p, adjusted"}


def _counts_told(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with counts beside their bases, and points only where both bases bear them."""
    return rows.assign(
        here=[_count_told(*pair) for pair in zip(rows["n_raised"], rows["n_participants"], strict=True)],
        there=[
            _count_told(*pair)
            for pair in zip(rows["n_raised_others"], rows["n_participants_others"], strict=True)
        ],
        points=[_points_told(row) for row in rows.itertuples()],
        adjusted=[_p_told(p) for p in rows["p_adjusted"]],
        dealt=[_p_told(p) for p in rows["p"]],
    )


def _count_told(n, base: int) -> str:
    return f"{WITHHELD if pd.isna(n) else n} of {base}"


def _points_told(row) -> str:
    if pd.isna(row.difference):
        return WITHHELD
    if min(row.n_participants, row.n_participants_others) < SMALLEST_BASE:
        return f"a base under {SMALLEST_BASE}"
    told = f"{100 * row.difference:+.0f}"
    told += "" if pd.isna(row.low) else f" ({100 * row.low:+.0f} to {100 * row.high:+.0f})"
    return told.replace("-", "\N{MINUS SIGN}")


def _p_told(p: float) -> str:
    return "" if pd.isna(p) else "under 0.001" if p < 0.001 else f"{p:.3f}"


def _how(rows: pd.DataFrame, told: str) -> str:
    """Say how p came about: what was dealt anew, and over how many comparisons it is adjusted."""
    levels = [DEALT[level] for level in DEALT if level in set(rows["level"])]
    if not levels:
        return told
    uneven = f" {UNEVEN}" if set(rows["level"]) & {"area", "interview"} else ""
    return (
        f"p: how often membership dealt anew among {listed(levels)} makes as large a difference, after Benjamini and Hochberg "
        f"over all comparisons.{uneven} {told}"
    )


def say_kinds_trusted(rows: pd.DataFrame) -> Finding:
    """Say on which themes all areas of one kind lie above all of the other, and that no test bears more."""
    study = study_of(rows)
    return _direction(rows, study, "kinds_trusted", "raised")


def say_served_differ(rows: pd.DataFrame) -> Finding:
    """Say which client groups rural and urban areas see otherwise, in all areas of a kind alike."""
    study = study_of(rows)
    rows = rows.assign(theme=[_seen_as(theme) for theme in rows["theme"]])
    return _direction(rows, study, "served_differ", "seen")


def _seen_as(theme: str) -> str:
    """Return a view such as Seen as better served: women as it stands inside a sentence."""
    level, _, client_group = theme.partition(": ")
    return f"{client_group} as {small(level).removeprefix('seen as ')}"


def _direction(rows: pd.DataFrame, study: Study, name: str, verb: str) -> Finding:
    if rows.empty:
        return no_evidence(name, "both rural and urban areas")
    told, least = rows[rows["claim"].eq("direction")], rows["smallest_p"].max()
    if pd.isna(least):
        return Finding(name, f"Areas cannot be compared: {NOT_APART}.", {"themes": 0}, source=heard_by(study))
    parts = [
        f"in every {kind} area a larger share of people {VERBS[verb]} {listed(small(theme) for theme in own['theme'])} than in any {other} one"
        for kind, other, own in (
            ("rural", "urban", told[told["difference"].gt(0)]),
            ("urban", "rural", told[told["difference"].lt(0)]),
        )
        if len(own)
    ] or [f"nothing is {verb} by a larger share in all areas of one kind than in any of the other"]
    limit = (
        f"No test of so few areas can give a p below {least:.3f}: directions are told here, and nothing is shown to differ."
        if least > 1 - study.settings.interval_level
        else f"{capital(counted(int(rows['claim'].eq('difference').sum()), 'difference'))} passed a test between areas."
    )
    sentence = f"{capital('; '.join(parts))}. {limit}"
    numbers = {"themes": len(told), "smallest_p": round(float(least), 3)}
    opened = evidence_for(study, told["code_id"]) if verb == "raised" else {}
    return Finding(name, sentence, numbers, source=heard_by(study), **opened)


def table_kinds_trusted(rows: pd.DataFrame) -> Table:
    """Return what may be said of rural and urban areas, theme by theme."""
    study = study_of(rows)
    return _directions(rows, study, "kinds_trusted", "Theme", "Themes")


def table_served_differ(rows: pd.DataFrame) -> Table:
    """Return what may be said of how rural and urban areas see client groups."""
    study = study_of(rows)
    return _directions(rows, study, "served_differ", "Seen as", "Views of client groups")


def _directions(rows: pd.DataFrame, study: Study, name: str, heading: str, what: str) -> Table:
    told = rows[rows["claim"].isin(["difference", "direction"])].reset_index(drop=True)
    least = f" The least p that these areas can give is {rows['smallest_p'].max():.3f}." if len(rows) else ""
    shown = {
        "theme": heading,
        "here": "Rural",
        "there": "Urban",
        "points": "Difference, points",
        "dealt": "p",
    }
    note = _how(rows, f"{FEW_CELLS}.{least}{_by_chance(rows, study)}").replace(
        ", after Benjamini and Hochberg over all comparisons", ""
    )
    base = (
        f"{rows['n_participants'].iloc[0]} people in rural areas, {rows['n_participants_others'].iloc[0]} in urban areas"
        if len(rows)
        else "people heard"
    )
    caption = f"{what} on which all areas of one kind stand above all of the other"
    return Table(name, caption, _counts_told(told), shown, base, heard_by(study), note, missing=WITHHELD)


def _by_chance(rows: pd.DataFrame, study: Study) -> str:
    """Say how many themes chance alone would set so apart, were areas of one kind picked at random among all."""
    kinds = n_areas_of_kind(study)
    ways = comb(int(kinds.get("rural", 0) + kinds.get("urban", 0)), int(kinds.get("rural", 0)))
    n = len(rows)
    if ways < 2 or not n:
        return ""
    return f" Of {n} rows compared, chance alone would set up to {2 * n / ways:.1f} so apart, large or small."


def say_client_groups_differ(rows: pd.DataFrame) -> Finding:
    """Say whether groups of clients differ from each other in what they raised, and how few they are."""
    study = study_of(rows)
    if rows.empty:
        return no_evidence("client_groups_differ", "several groups of clients")
    told = rows[rows["claim"].eq("difference")]
    people = int((rows["n_participants"] + rows["n_participants_others"]).max())
    fewest, n = int(rows["n_participants"].min()), _compared(rows)
    if len(told):
        sentence = f"Beyond chance, of {n} comparisons among {people} people: {listed(_beside(row) for row in told.itertuples())}."
    else:
        few = below_threshold(fewest, study.settings.threshold)
        told = "few of them in the smallest group" if few else f"{fewest} in the smallest group"
        sentence = (
            f"Whether groups of clients differ cannot be shown with {people} people, {told}: none of {n} comparisons is more than "
            "chance would make."
        )
    return Finding(
        "client_groups_differ", sentence, {"compared": n, "people": people}, source=heard_by(study)
    )


def table_client_groups_differ(rows: pd.DataFrame, *, most: int = 8) -> Table | None:
    """Return the largest differences between a group of clients and the other clients; none of a confidential study."""
    study = study_of(rows)
    if study.settings.threshold:
        return None
    rows = rows.head(most)
    shown = {"theme": "Theme", "group": "Clients", "here": "Of them", "there": "Of the other clients"}
    note = _how(rows, "Counts this small are a lead to follow, and no finding.")
    base = "people who were heard and whose client group is known; a person may be in several groups"
    caption = "Where groups of clients stand furthest apart"
    return Table(
        "client_groups_differ",
        caption,
        _counts_told(rows),
        shown | {"dealt": "p"},
        base,
        heard_by(study),
        note,
    )


def table_ladder(rows: pd.DataFrame) -> Table:
    """Return what was tried to compare groups, from the simplest to the strictest, and why some of it was refused."""
    study, ladder = study_of(rows), tests_of(rows)
    rows = [_method(method, ladder[ladder["method"].eq(method)]) for method in METHODS] if len(ladder) else []
    shown = {"method": "Method", "comparisons_tested": "Comparisons tested"}
    shown |= {"comparisons_not_tested": "Comparisons not tested", "because": "Because"}
    table = pd.DataFrame(rows, columns=list(shown))
    base = f"{len(ladder) // len(METHODS)} comparisons, a theme and a group each"
    return Table("ladder", "What was tried, and what was refused", table, shown, base, heard_by(study))


def _method(method: str, rows: pd.DataFrame) -> tuple:
    refused = rows.loc[rows["p"].isna(), "reason"]
    because = refused.value_counts().index[0] if len(refused) else ""
    return METHODS[method], int(rows["p"].notna().sum()), len(refused), because
