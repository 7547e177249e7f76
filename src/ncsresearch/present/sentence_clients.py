"""Sentences on client groups, and on what clients say."""

import pandas as pd

from ncsresearch.present.media import Finding
from ncsresearch.present.sentence import capital, counted, listed, most, no_evidence, small
from ncsresearch.present.table import cited
from ncsresearch.study import Study


def say_served(served: pd.DataFrame, study: Study) -> Finding:
    """Say which groups are seen as better served, how many as less well, and which as both."""
    if served.empty:
        return no_evidence("served", "who is better or less well served")
    better = list(dict.fromkeys(served.loc[served["level"].eq("Seen as better served"), "client_group"]))
    less = list(dict.fromkeys(served.loc[served["level"].eq("Seen as less well served"), "client_group"]))
    both = [group for group in better if group in less]
    seen = (
        f"{capital(listed(better))} are seen as better served"
        if better
        else "No group is seen as better served"
    )
    sentence = f"{seen}; {counted(len(less), 'group')} as less well served."
    if both:
        sentence += f" {capital(listed(both))} stand on both sides: it depends on whether there is a service for them."
    behind = served.assign(label=served["client_group"] + ": " + served["condition"].fillna(""))
    return Finding(
        "served",
        sentence,
        {"better": len(better), "less_well": len(less)},
        behind,
        cited(study, served["document_id"]),
    )


def say_left_out(served: pd.DataFrame, study: Study) -> Finding:
    """Say which groups the report's key points leave out."""
    less = served[served["level"].eq("Seen as less well served")].drop_duplicates("client_group")
    if less.empty:
        return no_evidence("left_out", "what the key points leave out")
    out = less[less["in_key_points"].eq("no")]
    sentence = (
        f"The key points name {len(less) - len(out)} of the {len(less)} groups seen as less well served; the body of the chapter adds "
        f"{listed(out['client_group'])}."
        if len(out)
        else f"The key points name every group seen as less well served, {len(less)} in all."
    )
    return Finding(
        "left_out",
        sentence,
        {"named": len(less) - len(out), "left_out": len(out)},
        out.assign(label=out["client_group"]),
        cited(study, served["document_id"]),
    )


def say_group_told(evidence: pd.DataFrame, study: Study) -> Finding:
    """Say which named client group most passages are about, clients in general aside."""
    named = evidence[evidence["client_group"].ne("clients in general")]
    if named.empty:
        return no_evidence("group_told", "named client groups")
    each = named.drop_duplicates(["client_group", "stance", "unit_id"])
    names, n_most = most(each["client_group"].value_counts())
    n_groups = named["client_group"].nunique()
    behind = evidence[evidence["client_group"].isin(names)]
    sentence = f"Passages name {counted(n_groups, 'client group')}, most often {listed(names)} ({n_most})."
    numbers = {"groups": n_groups, "most": n_most}
    return Finding("group_told", sentence, numbers, behind, cited(study, behind["document_id"].unique()))


def say_client_views(points: pd.DataFrame, study: Study) -> Finding:
    """Say what clients value and what they do not, by theme."""
    if points.empty:
        return no_evidence("client_views", "what clients value")
    labels = study.codebook.set_index("code_id")["label"]
    told = points.assign(theme=points["code_id"].astype("str").map(labels))
    liked, disliked = (told[told["stance"].eq(stance)] for stance in ("strength", "challenge"))
    sentence = (
        f"The section reports {counted(len(liked), 'thing')} that clients value, most often under {_theme_most(liked)}, and "
        f"{len(disliked)} that they do not, most often under {_theme_most(disliked)}."
    )
    behind = told.drop(columns=["kind"])
    return Finding(
        "client_views",
        sentence,
        {"valued": len(liked), "not_valued": len(disliked)},
        behind,
        cited(study, points["document_id"].unique()),
    )


def _theme_most(points: pd.DataFrame) -> str:
    names, n_most = most(points["theme"].value_counts())
    return f"{listed(small(name) for name in names)} ({n_most})"


def say_both_ways(points: pd.DataFrame, study: Study) -> Finding:
    """Name the themes that clients tell both as a strength and as a challenge."""
    labels = study.codebook.set_index("code_id")["label"]
    told = points.assign(theme=points["code_id"].astype("str").map(labels))
    stances = told.groupby("theme")["stance"].agg(lambda values: set(values.astype("str")))
    both = [theme for theme, found in stances.items() if {"strength", "challenge"} <= found]
    if not both:
        return Finding("both_ways", "No theme is told by clients both as a strength and as a challenge.")
    sentence = f"Clients tell {listed(small(theme) for theme in both)} both as a strength and as a challenge."
    behind = told[told["theme"].isin(both)].drop(columns=["kind"])
    return Finding(
        "both_ways", sentence, {"themes": len(both)}, behind, cited(study, behind["document_id"].unique())
    )


def say_few_interviews(groups: pd.DataFrame, study: Study, *, group: str) -> Finding:
    """Say from how few interviews a group's quotations come."""
    own = groups[groups["participant_group"].eq(group)]
    if own.empty:
        return no_evidence("few_interviews", f"quotations of {group.lower()}")
    row = own.iloc[0]
    sentence = (
        f"The {row['n_quotations']} quotations of {group.lower()} come from {counted(row['n_interviews'], 'interview')} "
        f"(numbers {row['interviews']}); how many interviews with {group.lower()} there were is not known here."
    )
    return Finding(
        "few_interviews",
        sentence,
        {"quotations": int(row["n_quotations"]), "interviews": int(row["n_interviews"])},
        source=cited(study, _quoted_in(study, group)),
    )


def _quoted_in(study: Study, group: str) -> list[str]:
    """Documents that quote a group."""
    own = study.interviews.loc[study.interviews["participant_group"].eq(group), "interview_id"]
    quoted = study.segments["kind"].eq("quotation") & study.segments["interview_id"].isin(own)
    return list(study.segments.loc[quoted, "document_id"].unique())
