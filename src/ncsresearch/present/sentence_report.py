"""Sentences on a chapter of a research report: key points, partners, what helps and hinders, suggestions."""

import pandas as pd

from ncsresearch.present.media import Finding
from ncsresearch.present.sentence import capital, counted, listed, no_evidence
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.table import cited
from ncsresearch.study import Study


def say_key_points(study: Study, *, document_id: str) -> Finding:
    """Say how many key points a chapter has and how they are told."""
    own = study.segments[
        study.segments["document_id"].eq(document_id) & study.segments["kind"].eq("key point")
    ]
    if own.empty:
        return no_evidence("key_points", "key points")
    judged = study.codings[study.codings["unit_id"].isin(own["segment_id"])].drop_duplicates(
        ["unit_id", "stance"]
    )
    stances = judged["stance"].value_counts()
    told = listed(f"{n} {TOLD[str(stance)]}" for stance, n in stances.items() if n)
    twice = " One can be told in two ways." if stances.sum() > len(own) else ""
    sentence = f"The chapter has {counted(len(own), 'key point')}: told {told}.{twice}"
    behind = own.rename(columns={"segment_id": "unit_id"})
    return Finding("key_points", sentence, {"key_points": len(own)}, behind, cited(study, [document_id]))


def say_partners(points: pd.DataFrame, attributes: pd.DataFrame, study: Study) -> Finding:
    """Say how many partners are named, how many were discussed, and how."""
    if points.empty:
        return no_evidence("partners", "partner organisations")
    labels = study.codebook.set_index("code_id")["label"]
    discussed = attributes[attributes["name"].eq("discussed in interviews") & attributes["value"].eq("yes")][
        "owner_id"
    ]
    talked = points[points["segment_id"].isin(discussed)].assign(
        partner=lambda rows: rows["code_id"].astype("str").map(labels)
    )
    hard = talked.loc[talked["stance"].eq("challenge"), "partner"]
    sentence = (
        f"The chapter names {counted(len(points), 'partner organisation')} and discusses {len(talked)} of them from the interviews; "
        f"working with {listed(hard)} is told as a challenge."
    )
    return Finding(
        "partners",
        sentence,
        {"named": len(points), "discussed": len(talked), "challenge": len(hard)},
        talked.drop(columns=["unit_id"]).rename(columns={"segment_id": "unit_id"}),
        cited(study, points["document_id"].unique()),
    )


def say_factors(points: pd.DataFrame, study: Study) -> Finding:
    """Say what helps, what hinders, what does both and what is only suggested."""
    code, names = (
        points["code_id"].astype("str"),
        points.drop_duplicates("segment_id").set_index("segment_id")["label"],
    )
    told = points["stance"].ne("suggestion")
    helps, hinders = (set(points.loc[code.eq(name) & told, "segment_id"]) for name in ("helps", "hinders"))
    suggested = set(points.loc[code.eq("helps") & ~told, "segment_id"])
    if not helps | hinders | suggested:
        return no_evidence("factors", "what helps and hinders")
    kinds = {
        "only helping": helps - hinders,
        "only hindering": hinders - helps,
        "both": helps & hinders,
        "suggested": suggested,
    }
    parts = [f"{name}: {listed(names[sorted(found)])}" for name, found in kinds.items() if found]
    sentence = f"What the chapter names as {'. As '.join(parts)}."
    behind = points.drop(columns=["unit_id"]).rename(columns={"segment_id": "unit_id"})
    numbers = {name: len(found) for name, found in kinds.items()}
    return Finding("factors", sentence, numbers, behind, cited(study, points["document_id"].unique()))


def say_suggestions(made: pd.DataFrame, study: Study) -> Finding:
    """Say how many suggestions there are and whose they are."""
    if made.empty:
        return no_evidence("suggestions", "suggestions")
    whose = made["said_by"].fillna("people not named").value_counts(sort=False)
    by_reader = int(made["read_by"].eq("reader").sum())
    sentence = (
        f"{capital(counted(len(made), 'suggestion'))}: {listed(f'{n} by {who}' for who, n in whose.items())}."
    )
    if 0 < by_reader < len(made):
        sentence += (
            f" {len(made) - by_reader} stand in a list; {by_reader} were made of running prose by a reader."
        )
    return Finding(
        "suggestions",
        sentence,
        whose.to_dict(),
        made.rename(columns={"segment_id": "unit_id"}),
        cited(study, made["document_id"].unique()),
    )
