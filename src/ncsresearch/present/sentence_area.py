"""Sentences of the report on one area: what it is like, what is known of it, and what is not."""

import pandas as pd

from ncsresearch.analysis.area_profile import kind_of_area
from ncsresearch.present.media import Finding
from ncsresearch.present.sentence import capital, counted, listed, small
from ncsresearch.present.table import cited, of_kind
from ncsresearch.study import Study

LOCAL_KINDS = {
    "comment category": "a staff consultation",
    "rating": "an inspection with ratings",
    "performance measure": "performance measures",
    "survey item": "survey shares",
}


def say_area(area: pd.Series, peers: pd.DataFrame, study: Study) -> Finding:
    """Say what kind of area it is and how many people live there."""
    if pd.isna(area["population"]) or peers.empty:
        reason = "" if pd.isna(area["notes"]) else f" {area['notes']}."
        return Finding("area", f"{area['name']} has no class and no population in this study.{reason}")
    country = study.areas.set_index("area_id").loc[study.settings.national_area]
    share = 100 * area["population"] / country["population"]
    rank = int(peers["is_area"].to_numpy().argmax()) + 1
    sentence = (
        f"{area['name']} is classed as {area['classification'].lower()}; {area['population']:,} people lived there in mid-{area['population_year']}, "
        f"{share:.1f}% of Scotland, number {rank} by size of the {len(peers)} authorities of its class."
    )
    return Finding(
        "area",
        sentence,
        {"population": int(area["population"]), "rank": rank, "authorities": len(peers)},
        source=cited(study, of_kind(study, "classification")),
    )


def say_settlement(shares: pd.DataFrame, area: pd.Series, study: Study) -> Finding:
    """Say what share of an area's people lived in rural areas and small towns, where it is published."""
    if shares.empty:
        return Finding(
            "settlement", f"Where people live in {area['name']}, by kind of settlement, was not available."
        )
    rural = shares.loc[shares["settlement"].str.endswith("rural areas"), "share"].sum()
    towns = shares.loc[shares["settlement"].str.endswith("small towns"), "share"].sum()
    sentence = f"In 2003-04 {100 * rural:.0f}% of its people lived in rural areas and {100 * towns:.0f}% in small towns."
    return Finding(
        "settlement",
        sentence,
        {"rural": round(float(rural), 3), "small_towns": round(float(towns), 3)},
        source=cited(study, shares["document_id"].unique()),
    )


def say_case_study(area: pd.Series, study: Study) -> Finding:
    """Say whether the area took part in the research, and that no quotation can be tied to it."""
    if area["case_study"] != "yes":
        return Finding(
            "case_study",
            f"{area['name']} was not a case study area of the research.",
            source=cited(study, of_kind(study, "research report")),
        )
    n = int(study.areas["case_study"].eq("yes").sum())
    sentence = f"{area['name']} was one of {n} case study areas of the research; no quotation and no point of it can be tied to an area."
    return Finding(
        "case_study",
        sentence,
        {"case_study_areas": n},
        source=cited(study, of_kind(study, "research report")),
    )


def say_local_evidence(local: pd.DataFrame, area: pd.Series, study: Study) -> Finding:
    """Say what local evidence there is."""
    kinds = [words for kind, words in LOCAL_KINDS.items() if kind in set(local["kind"])]
    if not kinds:
        return Finding(
            "local_evidence",
            f"There is no local document on {area['name']} in this study: what follows is the research on areas of its kind and published statistics.",
        )
    documents = local["document_id"].nunique()
    return Finding(
        "local_evidence",
        f"Local evidence on {area['name']} comes from {counted(documents, 'document')}: {listed(kinds)}.",
        {"documents": documents},
        source=cited(study, local["document_id"].unique()),
    )


def say_beside_country(rows: pd.DataFrame, area: pd.Series, study: Study) -> Finding:
    """Name the largest difference of a rate or percentage from the national figure, where both are published."""
    both = rows[rows["unit"].isin(["rate", "percent"])].dropna(subset=["national"])
    if both.empty:
        held = counted(len(rows), "statistic")
        return Finding(
            "beside_country",
            f"{capital(held)} of {area['name']} {'is' if len(rows) == 1 else 'are'} held; none has a national rate beside it."
            if len(rows)
            else f"No justice social work statistic for {area['name']} alone was available.",
        )
    row = both.loc[(both["value"] - both["national"]).abs().idxmax()]
    word = "above" if row["value"] > row["national"] else "below"
    sentence = f"{row['series']}, {row['period']}: {row['value']:g} here, {word} the {row['national']:g} of Scotland."
    return Finding(
        "beside_country",
        sentence,
        {"area": float(row["value"]), "scotland": float(row["national"])},
        source=cited(study, [row["document_id"]]),
    )


def say_type(points: pd.DataFrame, area: pd.Series, study: Study) -> Finding:
    """Say how much the research reports about areas of this kind, and how it is told."""
    kind = kind_of_area(area["area_type"])
    if not kind:
        return Finding(
            "type", "The research speaks of Scottish areas; this area is not among the kinds it compares."
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
        sentence += f" Local evidence alone raises {listed(small(str(name)) for name in alone['theme'])}."
    return Finding("meeting", sentence, {"themes": len(rows), "shared": len(both)})


def say_not_known(
    area: pd.Series, local: pd.DataFrame, statistics: pd.DataFrame, shares: pd.DataFrame
) -> Finding:
    """Say plainly what is not known about the area."""
    gaps = []
    if area["case_study"] == "yes":
        gaps.append("how many people were heard here, and which passages come from here")
    else:
        gaps.append("what staff, partners and clients here would have said to the research")
    gaps += [what for kind, what in LOCAL_KINDS.items() if kind not in set(local["kind"])]
    if statistics.empty:
        gaps.append("any justice social work statistic for the area alone")
    if shares.empty:
        gaps.append("where its people live by kind of settlement")
    if pd.isna(area["population"]):
        gaps.append("its class and population")
    return Finding("not_known", f"Not known for {area['name']}: {'; '.join(gaps)}.", {"gaps": len(gaps)})
