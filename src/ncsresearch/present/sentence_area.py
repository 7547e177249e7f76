"""Sentences of the report on one area: what it is like, what is known of it, and what is not."""

import pandas as pd

from ncsresearch.analysis.area_profile import taken_from_elsewhere
from ncsresearch.evidence.groups import kind_of_area
from ncsresearch.present.media import Finding
from ncsresearch.present.sentence import counted, listed, small
from ncsresearch.present.table import cited, of_kind
from ncsresearch.study import Study

PASSAGES = ("quotation", "turn", "response", "finding", "key point")
LOCAL_KINDS = {
    "comment category": "a staff consultation",
    "rating": "an inspection with ratings",
    "performance measure": "performance measures",
    "survey item": "survey shares",
}


def say_area(area: pd.Series, peers: pd.DataFrame, study: Study) -> Finding:
    """Say what kind of area it is and how many people live there."""
    if pd.isna(area["population"]) or peers.empty:
        known = "no class and " if peers.empty else ""
        reason = "" if pd.isna(area["notes"]) else f" {area['notes']}."
        return Finding("area", f"{area['name']} has {known}no population figure in this study.{reason}")
    rank = int(peers["is_area"].to_numpy().argmax()) + 1
    sentence = (
        f"{area['name']} is classed as {_class_of(area)}; {area['population']:,} people lived there in "
        f"{area['population_year']}{_share_of_country(area, study)}, number {rank} by size of the "
        f"{counted(len(peers), 'area')} of its class."
    )
    numbers = {"population": int(area["population"]), "rank": rank, "areas": len(peers)}
    return Finding("area", sentence, numbers, source=cited(study, of_kind(study, "classification")))


def _class_of(area: pd.Series) -> str:
    return (
        str(area["area_type"] if pd.isna(area["classification"]) else area["classification"])
        .replace("_", " ")
        .lower()
    )


def _share_of_country(area: pd.Series, study: Study) -> str:
    areas = study.areas.set_index("area_id")
    if study.settings.national_area not in areas.index:
        return ""
    country = areas.loc[study.settings.national_area]
    return f", {100 * area['population'] / country['population']:.1f}% of {country['name']}"


def say_settlement(shares: pd.DataFrame, area: pd.Series, study: Study) -> Finding:
    """Say what share of an area's people lived in rural areas and small towns, where it is published."""
    if shares.empty:
        return Finding(
            "settlement", f"Where people live in {area['name']}, by kind of settlement, was not available."
        )
    rural = shares.loc[shares["settlement"].str.endswith("rural areas"), "share"].sum()
    towns = shares.loc[shares["settlement"].str.endswith("small towns"), "share"].sum()
    period = shares["period"].iloc[0]
    sentence = f"In {period} {100 * rural:.0f}% of its people lived in rural areas and {100 * towns:.0f}% in small towns."
    numbers = {"rural": round(float(rural), 3), "small_towns": round(float(towns), 3)}
    return Finding("settlement", sentence, numbers, source=cited(study, shares["document_id"].unique()))


def say_case_study(area: pd.Series, study: Study) -> Finding:
    """Say whether the area took part in the research, and that no quotation can be tied to it."""
    source = cited(study, of_kind(study, "research report"))
    if area["case_study"] != "yes":
        return Finding(
            "case_study", f"{area['name']} was not a case study area of the research.", source=source
        )
    n = int(study.areas["case_study"].eq("yes").sum())
    here = int(study.interviews["area_id"].eq(area["area_id"]).sum())
    tied = (
        f"{counted(here, 'interview')} of the study took place in it"
        if here
        else "no quotation and no point of it can be tied to an area"
    )
    sentence = f"{area['name']} was one of {counted(n, 'case study area')} of the research; {tied}."
    return Finding("case_study", sentence, {"case_study_areas": n}, source=source)


def say_local_evidence(local: pd.DataFrame, area: pd.Series, study: Study) -> Finding:
    """Say what local evidence there is, and whether any of it is not the area's alone."""
    kinds = [words for kind, words in LOCAL_KINDS.items() if kind in set(local["kind"])]
    kinds = kinds or ["passages"] * bool(local["kind"].isin(PASSAGES).any())
    if not kinds:
        sentence = f"There is no local document on {area['name']} in this study; what follows is evidence on areas of its kind and on all areas."
        return Finding("local_evidence", sentence)
    documents = local["document_id"].nunique()
    sentence = (
        f"Local evidence on {area['name']} comes from {counted(documents, 'document')}: {listed(kinds)}."
    )
    if taken_from_elsewhere(study, area_id=area["area_id"]):
        sentence += (
            " Its survey answers are cited from a wider study and cannot be read as this area's alone."
        )
    return Finding(
        "local_evidence",
        sentence,
        {"documents": documents},
        source=cited(study, local["document_id"].unique()),
    )


def say_beside_country(rows: pd.DataFrame, area: pd.Series, study: Study) -> Finding:
    """Hold the latest official rate or percentage of an area against the national figure.

    Where sources give several values for one series and period, none is chosen: the table shows them all.
    """
    both = rows[rows["unit"].isin(["rate", "percent"])].dropna(subset=["national"])
    both = both[~both.duplicated(["series", "period"], keep=False)]
    official = both["document_id"].isin(of_kind(study, "official statistics"))
    both = both[official] if official.any() else both
    if both.empty:
        return _no_rate_beside(rows, area)
    row = both.iloc[0]
    word = (
        "above"
        if row["value"] > row["national"]
        else "below"
        if row["value"] < row["national"]
        else "the same as"
    )
    unit = "%" if row["unit"] == "percent" else ""
    sentence = f"{row['series']}, {row['period']}: {row['value']:g}{unit} in {area['name']}, {word} the national {row['national']:g}{unit}."
    numbers = {"area": float(row["value"]), "national": float(row["national"])}
    return Finding(
        "beside_country",
        sentence,
        numbers,
        source=cited(study, [row["document_id"], row["national_document"]]),
    )


def _no_rate_beside(rows: pd.DataFrame, area: pd.Series) -> Finding:
    if rows.empty:
        return Finding(
            "beside_country", f"No statistic on {area['name']} alone was available but those on its people."
        )
    held = counted(len(rows), "statistic")
    sentence = f"{held} on {area['name']} {'is' if len(rows) == 1 else 'are'} held; none is a rate with a national one beside it."
    return Finding("beside_country", sentence, {"statistics": len(rows)})


def say_type(points: pd.DataFrame, area: pd.Series, study: Study) -> Finding:
    """Say how much the research reports about areas of this kind, and how it is told."""
    kind = kind_of_area(area["area_type"])
    if not kind:
        return Finding(
            "type", f"{area['name']} has no class here, so nothing is said about areas of its kind."
        )
    own = points[points["area_kind"].eq(kind)]
    n = own["unit_id"].nunique()
    hard = own.loc[own["stance"].eq("challenge"), "unit_id"].nunique()
    sentence = f"The sources hold {counted(n, 'passage')} about {kind} areas, {hard} of them told as a challenge; they are about the kind of area, not about {area['name']}."
    return Finding(
        "type", sentence, {"passages": n, "challenge": hard}, own, cited(study, own["document_id"].unique())
    )


def say_meeting_here(rows: pd.DataFrame, area: pd.Series, study: Study) -> Finding:
    """Name the themes that local evidence and the research both raise, most local units first."""
    if rows.empty:
        return Finding("meeting", "Without a local document no theme can be held against the research.")
    both = rows.dropna(subset=["research"]).sort_values("n_local", ascending=False, kind="stable")
    alone = rows[rows["research"].isna()]
    sentence = f"{len(both)} of the {len(rows)} themes of local evidence stand in the research too, first {listed(small(str(name)) for name in both['theme'].head(3))}."
    if len(alone):
        sentence += f" Coded in local evidence only: {listed(small(str(name)) for name in alone['theme'])}."
    return Finding("meeting", sentence, {"themes": len(rows), "shared": len(both)})


def say_not_known(
    area: pd.Series, local: pd.DataFrame, statistics: pd.DataFrame, shares: pd.DataFrame, study: Study
) -> Finding:
    """Say plainly what is not known about the area."""
    taken = taken_from_elsewhere(study, area_id=area["area_id"])
    held = set(local["kind"]) - ({"survey item"} if taken else set())
    heard = "how many people were heard here, and which passages come from here"
    would = "what staff, partners and clients here would have said to the research"
    gaps = [heard if area["case_study"] == "yes" else would]
    gaps += [what for kind, what in LOCAL_KINDS.items() if kind not in held]
    gaps += ["any statistic on services in the area alone"] if statistics.empty else []
    gaps += ["where its people live by kind of settlement"] if shares.empty else []
    gaps += ["its population"] if pd.isna(area["population"]) else []
    return Finding("not_known", f"Not known for {area['name']}: {'; '.join(gaps)}.", {"gaps": len(gaps)})
