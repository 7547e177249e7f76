"""What may be said of differences between groups of people: in words, and in one table a question.

rows are those of compare: every verdict with its interval, and what is withheld missing.
"""

from math import comb

import pandas as pd

from ncsresearch.analysis.coding_error import CLAIMS
from ncsresearch.analysis.contrasts import COUNTS
from ncsresearch.analysis.group_differences import CANNOT_TELL, DIFFERS, EQUIVALENT, MARGIN, WITHHELD
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.evidence.groups import n_areas_of_kind
from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.present.outputs import UNKNOWN, Finding, Table
from ncsresearch.present.people_behind import evidence_for
from ncsresearch.present.people_compared import say_kinds_differ
from ncsresearch.present.people_heard import people_sentence, people_table
from ncsresearch.present.sentence import lower_first
from ncsresearch.present.table import SMALLEST_BASE, points, printed_p
from ncsresearch.present.trust_sensitivity import coded_otherwise
from ncsresearch.present.wording import phrase, phrases
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

NAMED = 3  # differences in a sentence
SAID = ["code_id", "theme", "group", "others"]
CODED_OTHERWISE = ["again", "judgements_to_undo"]
WEIGHED = ["difference", "low", "high", "p_adjusted", "points", "seen", "verdict"]
IN_FILE = [*SAID, *COUNTS, "here", "there", *WEIGHED, "p", *CODED_OTHERWISE]


def say_groups_differ(rows: pd.DataFrame) -> Finding | None:
    """Say which groups are shown to differ on what, the surest first."""
    compared = _printed(rows)
    if compared.empty:
        return None
    study, served = study_of(rows), _of_service(rows)
    compared = compared.assign(theme=compared["theme"].map(_as_seen)) if served else compared
    differ, equivalent = (compared[compared["verdict"].eq(verdict)] for verdict in (DIFFERS, EQUIVALENT))
    numbers = {"comparisons": len(compared), "differences": len(differ)}
    opened = {} if served else evidence_for(study, dict.fromkeys(differ["code_id"].head(NAMED)))
    return people_sentence(
        "groups_differ",
        study,
        numbers,
        opened,
        form=_question(rows),
        name=_name(rows),
        beside=_beside(differ.head(NAMED), served=served),
        equivalent=list(equivalent["theme"]) if compared["group"].nunique() == 1 else [],
        served=served,
        all=len(equivalent) == len(compared) > NAMED,
        **numbers,
    )


def _as_seen(theme: str) -> str:
    """Return whom "Seen as less well served: women" is about and as what, within a sentence."""
    level, _, group = theme.removeprefix("Seen as ").partition(": ")
    return f"{lower_first(group)} as {level}"


def say_kinds_apart(rows: pd.DataFrame) -> Finding | None:
    """Name the theme that each kind of area leads by most, where no difference between them is shown."""
    shown = _printed(rows)["verdict"].eq(DIFFERS).any()
    return None if shown or _of_service(rows) or rows.attrs.get("stance") else say_kinds_differ(rows)


def say_what_cannot_be_seen(rows: pd.DataFrame) -> Finding | None:
    """Say on how many themes the evidence cannot tell whether groups differ, and how large a difference it would show."""
    compared = _printed(rows)
    unsure = compared[compared["verdict"].eq(CANNOT_TELL)] if len(compared) else compared
    if unsure.empty:
        return None
    study, seen = study_of(rows), int(rounded(100 * unsure["smallest_seen"].median()))
    numbers = {"unsure_comparisons": len(unsure), "comparisons": len(compared), "points": seen}
    areas = sum(n_areas_of_kind(study).get(kind, 0) for kind in COMPARED)
    of_areas = {*rows["level"]} == {"area"}
    kinds = _question(rows) == "kinds"
    places = {
        "areas": areas,
        "of_areas": of_areas,
        "kinds": kinds,
        "hidden": rows["verdict"].eq(WITHHELD).any(),
    }
    places["named"] = unsure["theme"].tolist() if kinds and len(unsure) <= NAMED else []
    return people_sentence(
        "cannot_be_seen", study, numbers, name=_name(rows) + "_unseen", **numbers, **places
    )


def table_groups_differ(rows: pd.DataFrame) -> Table | None:
    """Return what is compared: counts of both sides, the difference, what would have been seen, the verdict, and how firm it is.

    Every pair, the surest first; the note names those of kinds of area of which a number is withheld. In a confidential study
    chances are rounded, since those of pairs that are withheld were adjusted with them.
    """
    compared, question = _printed(rows), _question(rows)
    if compared.empty:
        return None
    study, bases = study_of(rows), compared[["n_participants", "n_participants_others"]].iloc[0]
    table, hidden = _cells(compared, study), rows.loc[rows["verdict"].eq(WITHHELD), "theme"]
    unsaid = [name for name in CODED_OTHERWISE if not table[name].ne("").any()]
    said = phrase("coding_error", "otherwise", again="again" not in unsaid)
    places = {"question": question, "served": _of_service(rows), "family": int(rows["family_size"].max())}
    places |= {"rural": bases.iloc[0], "urban": bases.iloc[1], "n": len(study.participants)}
    places |= {"level": percent(study.settings.interval_level), "verdicts": set(table["verdict"])}
    places |= {"margin": rounded(100 * MARGIN), "of_areas": {*rows["level"]} == {"area"}}
    named = hidden.tolist() if question == "kinds" else []  # the table before it has them
    places |= {"withheld": len(hidden), "named": named, "least": _least_p(study)}
    places |= {"bounded": places["of_areas"] and bool(study.settings.threshold)}
    places |= {"otherwise": said if unsaid != CODED_OTHERWISE else ""}
    without = unsaid + ["group"] * (question == "kinds")
    return people_table(
        "groups_differ", table.drop(columns=unsaid), study, name=_name(rows), without=without, **places
    )


def _cells(compared: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return what is compared as a reader sees it; what another coding would make of it, of claims alone and where it is known."""
    tells = not study.settings.threshold
    table = compared.assign(
        here=_counts_of_bases(compared["n_raised"], compared["n_participants"]),
        there=_counts_of_bases(compared["n_raised_others"], compared["n_participants_others"]),
        points=[_points(row) for row in compared.itertuples()],
        p=[printed_p(adjusted) for adjusted in compared["p_adjusted"]],
        seen=[f"{rounded(100 * smallest)}" for smallest in compared["smallest_seen"]],
    )
    coded = pd.DataFrame(coded_otherwise(compared, tells=tells), compared.index)
    table[CODED_OTHERWISE] = coded.where(compared["verdict"].isin(CLAIMS), "").replace(UNKNOWN, "")
    table["p_adjusted"] = table["p_adjusted"] if tells else table["p_adjusted"].astype("float64").round(3)
    return table[IN_FILE]


def _least_p(study: Study) -> str:
    """Return the smallest p that exchanging areas between rural and urban could give."""
    areas = [int(n_areas_of_kind(study).get(kind, 0)) for kind in COMPARED]
    return printed_p(1 / comb(sum(areas), areas[0]))


def say_client_groups_differ(rows: pd.DataFrame) -> Finding | None:
    """Say whether groups of clients differ from each other in what they raised, and how few they are."""
    if rows.empty:
        return None
    study, compared = study_of(rows), _printed(rows)
    people = int((rows["n_participants"] + rows["n_participants_others"]).max())
    fewest = int(rows["n_participants"].min())
    numbers = {"comparisons": len(compared), "people": people}
    places = {"apart": _beside(compared[compared["verdict"].eq(DIFFERS)]), "fewest": fewest}
    threshold = study.settings.threshold
    places |= {"small": fewest < SMALLEST_BASE, "few": below_threshold(fewest, threshold)}
    places |= {"some": bool(threshold and len(compared) < len(rows))}
    return people_sentence("client_groups_differ", study, numbers, **places, **numbers)


def _printed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what was compared and may be printed."""
    return rows[rows["reason"].eq("") & rows["verdict"].ne(WITHHELD)] if len(rows) else rows


def _question(rows: pd.DataFrame) -> str:
    return "kinds" if rows.attrs["by"] == "area_type" else "groups"


def _of_service(rows: pd.DataFrame) -> bool:
    """Whether differences are of views of how well client groups are served."""
    return "of" in rows.attrs


def _name(rows: pd.DataFrame) -> str:
    asked = "served" if _of_service(rows) else _question(rows)
    return "_".join(filter(None, (asked, "compared", rows.attrs.get("stance", ""))))


def _beside(rows: pd.DataFrame, *, served: bool = False) -> list[str]:
    return phrases("groups_differ", "beside", rows.assign(served=served).to_dict("records"))


def _counts_of_bases(counts: pd.Series, bases: pd.Series) -> list[str]:
    return [f"{n} of {base}" for n, base in zip(counts, bases, strict=True)]


def _points(row) -> str:
    said = points(row.difference, row.low, row.high)
    if min(row.n_participants, row.n_participants_others) >= SMALLEST_BASE:
        return said
    few = f"a base under {SMALLEST_BASE}"
    return f"{said.partition('(')[2][:-1]} ({few})" if row.verdict in CLAIMS else few
