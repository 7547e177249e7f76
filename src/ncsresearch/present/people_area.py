"""The report on an area in which people were heard: in words and tables, of its own people and of what is published of the others."""

import pandas as pd

from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.evidence.groups import n_areas_of_kind, n_in_groups, n_placed
from ncsresearch.evidence.kinds import kind_of_area
from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.people_compared import carries, side_by_side, told_in
from ncsresearch.present.people_heard import people_sentence, people_table
from ncsresearch.present.table import kind_words
from ncsresearch.present.wording import sentence
from ncsresearch.study import Study
from ncsresearch.study.frames import area_of, study_of

BESIDE = [*("theme", "n_here", "of_here", "n_there", "of_there", "share_here", "share_there", "difference")]


def say_area_of_kind(kinds: pd.DataFrame) -> Finding:
    """Say what kind of area it is, and how many of the kind are in the study."""
    study, area = study_of(kinds), area_of(kinds)
    of_kind, kind = n_areas_of_kind(study), kind_of_area(str(area["area_type"]))
    if not kind:
        return sentence("area_kind", "none", area=area["name"])
    numbers = {"of_kind": of_kind.get(kind, 0), "areas": sum(of_kind.values())}
    places = {"area": area["name"], "classed": kind_words(str(area["area_type"])), "kind": kind}
    return people_sentence("area_kind", study, numbers, **places, **numbers)


def say_area_heard(counts: pd.DataFrame) -> Finding:
    """Say how many people and interviews were heard in the area."""
    area = area_of(counts)
    here = study_of(counts).where(area_id=area["area_id"])
    n, held = len(here.participants), len(here.interviews)
    if not n or below_threshold(n, here.settings.threshold):
        return people_sentence("area_heard", here, form="few" if n else "none", area=area["name"])
    numbers = {"people": n, "interviews": held}
    return people_sentence("area_heard", here, numbers, area=area["name"], **numbers)


def say_area_raised(counts: pd.DataFrame) -> Finding | None:
    """Say what most people of an area raised, and where it differs most from the other areas."""
    study, area = study_of(counts), area_of(counts)
    rows = area_beside_others(study, area).dropna(subset=["n_here", "difference"])
    if rows.empty:
        return None
    top = rows.sort_values("n_here", ascending=False, kind="stable").iloc[0]
    apart = rows.loc[rows["difference"].abs().idxmax()]
    numbers = {"here": int(top["n_here"]), "of": int(top["of_here"])}
    places = {"area": area["name"], "top": top.to_dict(), "apart": apart.to_dict()}
    return people_sentence("area_raised", study, numbers, **places)


def area_beside_others(study: Study, area: pd.Series) -> pd.DataFrame:
    """Return one row per theme with people who raised it here and in the other areas, and both bases."""
    here, everywhere = told_in(study, "area_id", area["name"]), told_in(study, "", "everybody")
    heard = n_in_groups(study, by="area_id").get(area["name"], 0)
    n_others = n_placed(study) - heard
    if not heard or not n_others or (not here["withheld"].any() and not here["n"].sum()):
        return pd.DataFrame(columns=BESIDE)
    others = everywhere.assign(n=everywhere["n"] - here["n"], base=n_others)
    table = side_by_side(here, others, "here", "there")[BESIDE]
    return table.sort_values("n_here", ascending=False, kind="stable", ignore_index=True, na_position="last")


def table_area_raised(counts: pd.DataFrame) -> Table | None:
    """Return the themes of one area beside the other areas together."""
    study, area = study_of(counts), area_of(counts)["name"]
    rows = area_beside_others(study, area_of(counts))
    if rows.empty:
        return None
    without = () if carries(rows, "of_here", "of_there") else ("share_here", "share_there")
    bases = rows[["of_here", "of_there"]].iloc[0]
    return people_table("area_raised", rows, study, without=without, area=area, **bases)


def say_area_unknown(gaps: pd.DataFrame) -> Finding:
    """Say plainly what the interviews of one area leave open."""
    study, area = study_of(gaps), area_of(gaps)
    here = study.where(area_id=area["area_id"])
    clients = int(here.participants["participant_group"].eq("Clients").sum())
    answers = here.survey_answers["respondent_id"].nunique()
    few = below_threshold(clients, study.settings.threshold)
    places = {"area": area["name"], "few": few, "clients": clients, "answers": answers}
    return people_sentence("area_unknown", here, {"survey": answers}, **places)
