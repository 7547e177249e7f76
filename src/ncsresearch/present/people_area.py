"""The report on an area in which people were heard: in words and tables, of its own people and of what is published of the others."""

import pandas as pd

from ncsresearch.analysis.group_differences import MARGIN
from ncsresearch.disclosure.mask import publishable_bases
from ncsresearch.disclosure.plan import word
from ncsresearch.evidence.groups import n_areas_of_kind, n_in_groups, n_placed
from ncsresearch.evidence.kinds import kind_of_area
from ncsresearch.present.certain import surely_largest, surely_most
from ncsresearch.present.outputs import WITHHELD, Finding, Table
from ncsresearch.present.people_compared import carries, side_by_side, told_in
from ncsresearch.present.people_heard import n_interviews_told, people_sentence, people_table
from ncsresearch.present.people_raised import told_by_theme
from ncsresearch.present.table import kind_words, told
from ncsresearch.present.wording import phrases, sentence
from ncsresearch.study import Study
from ncsresearch.study.frames import area_of, study_of

LARGE = ("most", "about half")  # words for withheld numbers that are worth a sentence
MOST_NAMED, MOST_WITH_TIES = 3, 5
BESIDE = [
    *("theme", "n_here", "of_here", "n_there", "of_there", "share_here", "share_there", "difference"),
    *("told_here", "told_there", "least_here", "most_here", "at_most"),
]


def say_area_of_kind(kinds: pd.DataFrame) -> Finding:
    """Say what kind of area it is, and how many of the kind are in the study."""
    study, area = study_of(kinds), area_of(kinds)
    of_kind, kind = n_areas_of_kind(study), kind_of_area(str(area["area_type"]))
    if not kind:
        return sentence("area_kind", "none", area=area["name"])
    numbers = {"of_kind": of_kind.get(kind, 0), "areas": sum(of_kind.values())}
    places = {"area": area["name"], "classed": kind_words(str(area["area_type"])), "kind": kind}
    return people_sentence("area_kind", study, numbers if numbers["areas"] > 1 else {}, **places, **numbers)


def say_area_heard(counts: pd.DataFrame) -> Finding:
    """Say how many people and interviews were heard in the area."""
    study, area = study_of(counts), area_of(counts)
    here, n = study.where(area_id=area["area_id"]), counts["base"].max() if len(counts) else 0
    if pd.isna(n) or not n:
        return people_sentence("area_heard", study, form="few" if pd.isna(n) else "none", area=area["name"])
    held = n_interviews_told(study, len(here.interviews))
    numbers = {"people": int(n), "interviews": held}
    return people_sentence("area_heard", here, numbers, area=area["name"], **numbers)


def say_area_described(counts: pd.DataFrame) -> Finding | None:
    """Say what people of an area described as a challenge, and what as a strength: the largest of the numbers that are printed.

    No order is claimed: a number that is withheld may be as large.
    """
    study, rows = study_of(counts), told_by_theme(counts)
    known = rows[rows["n"].notna() | rows["words"].isin(LARGE)].assign(told=told)
    known = known[known["n"].ne(0).fillna(True)].sort_values(
        ["least", "most"], ascending=False, kind="stable"
    )
    ways = {way: known[known["stance"].eq(way)].head(MOST_NAMED) for way in ("challenge", "strength")}
    if all(own.empty for own in ways.values()):
        return None
    named = {way: phrases("area_described", "theme", _with_base(own)) for way, own in ways.items()}
    numbers = {
        f"{row.theme}, {row.stance}": int(row.n)
        for own in ways.values()
        for row in own.itertuples()
        if pd.notna(row.n)
    }
    return people_sentence("area_described", study, numbers, name="told", **named)


def _with_base(rows: pd.DataFrame) -> list[dict]:
    """Return the rows of themes, the first with the base of all."""
    return [row | {"first": place == 0} for place, row in enumerate(rows.to_dict("records"))]


def say_area_raised(counts: pd.DataFrame) -> Finding | None:
    """Say what most people of an area raised, and where it differs most from the other areas."""
    study, area = study_of(counts), area_of(counts)
    rows = area_beside_others(study, area)
    here = rows.rename(columns={"least_here": "least", "most_here": "most"})
    top, apart = (
        surely_most(here, 1),
        surely_largest(rows.assign(size=rows["difference"].abs()), "size", "at_most"),
    )
    others = here[here["least"].gt(0)]
    if others.empty:
        return None
    among = phrases("area_raised", "theme", _first_with_ties(others).to_dict("records"))
    places = {"top": _one(top), "apart": _one(apart), "among_others": among, "aside": _aside(rows)}
    return people_sentence(
        "area_raised", study, {"of": int(rows["of_here"].iloc[0])}, area=area["name"], **places
    )


def _first_with_ties(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the first themes, and those after them whose number is the same, as far as they are few."""
    last = rows["least"].iloc[:MOST_NAMED].min()
    tied = rows[rows["least"].ge(last)]
    return tied if len(tied) <= MOST_WITH_TIES else rows.head(MOST_NAMED)


def _aside(rows: pd.DataFrame) -> dict:
    """Return the theme whose two printed shares are furthest apart, where that is worth saying; another may be further."""
    known = rows.dropna(subset=["n_here", "n_there", "difference"])
    far = known[known["difference"].abs().ge(MARGIN)].sort_values(
        "difference", key=abs, ascending=False, kind="stable"
    )
    return _one(far)


def _words(rows: pd.DataFrame) -> list[str]:
    """Return the word for each number that is known only between two ends, where both have the same."""
    ends = zip(rows["least"].clip(lower=0), rows["most"].clip(upper=rows["base"]), rows["base"], strict=True)
    pairs = [(word(least, base), word(most, base)) for least, most, base in ends]
    return [one if one == other else "" for one, other in pairs]


def _one(rows: pd.DataFrame) -> dict:
    return rows.iloc[0].to_dict() if len(rows) else {}


def area_beside_others(study: Study, area: pd.Series) -> pd.DataFrame:
    """Return one row per theme with people who raised it here and in the other areas, and both bases."""
    here, everywhere = told_in(study, "area_id", area["name"]), told_in(study, "", "everybody")
    heard = n_in_groups(study, by="area_id").get(area["name"], 0)
    n_others = n_placed(study) - heard
    if not heard or not n_others or here["base"].isna().any() or not here["most"].sum():
        return pd.DataFrame(columns=BESIDE)
    ends = {"least": everywhere["least"] - here["most"], "most": everywhere["most"] - here["least"]}
    others = everywhere.assign(n=everywhere["n"] - here["n"], base=n_others, **ends)
    others = others.assign(words=_words(others))
    table = side_by_side(here, others, "here", "there")[BESIDE]
    return table.sort_values(["least_here", "most_here"], ascending=False, kind="stable", ignore_index=True)


def table_area_raised(counts: pd.DataFrame) -> Table | None:
    """Return the themes of one area beside the other areas together."""
    study, area = study_of(counts), area_of(counts)["name"]
    rows = area_beside_others(study, area_of(counts))
    if rows["told_there"].isin([WITHHELD, 0]).all():
        return None
    without = () if carries(rows, "of_here", "of_there") else ("share_here", "share_there")
    bases = rows[["of_here", "of_there"]].iloc[0]
    rows = rows.assign(n_here=rows["told_here"], n_there=rows["told_there"])[BESIDE[:8]]
    return people_table("area_raised", rows, study, without=without, area=area, **bases)


def say_area_unknown(gaps: pd.DataFrame) -> Finding:
    """Say plainly what the interviews of one area leave open."""
    study, area = study_of(gaps), area_of(gaps)
    here = study.where(area_id=area["area_id"])
    confidential = bool(study.settings.threshold)  # people of one group in one area are in no plan
    clients = "" if confidential else int(here.participants["participant_group"].eq("Clients").sum())
    answers = here.survey_answers["respondent_id"].nunique()
    numbers = {} if confidential else {"survey": answers}
    places = {"area": area["name"], "clients": clients, "answers": answers, "counted": not confidential}
    bases = publishable_bases(study, by="area_id").set_index("group")["base"]
    known = pd.notna(bases.get(area["name"], pd.NA))
    return people_sentence("area_unknown", here if known else study, numbers, **places)
