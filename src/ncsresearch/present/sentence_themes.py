"""Sentences on the study as a whole: its sources, its themes, and kinds of area."""

import pandas as pd

from ncsresearch.evidence.kinds import kind_of_area
from ncsresearch.present.media import Finding
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.sentence import capital, counted, listed, most, no_evidence, small
from ncsresearch.present.table import cited, of_kind
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

TOLD = {
    "strength": "as a strength",
    "challenge": "as a challenge",
    "mixed": "as mixed",
    "suggestion": "as a suggestion",
    "neutral": "without a stance",
}


def say_status(study: Study) -> Finding:
    """Say how the study's evidence may be read, and of when it is."""
    settings = study.settings
    chosen = f" Only a part of the evidence is shown: {study.selection}." if study.selection else ""
    return Finding("status", f"{settings.status_line}. Evidence: {settings.evidence_date}.{chosen}")


def say_sources(counts: pd.DataFrame) -> Finding:
    """Say how many documents and units of each kind the study holds."""
    study = study_of(counts)
    if counts.empty:
        return no_evidence("sources", "any unit")
    kinds = counts.groupby("kind", sort=False)["n_units"].sum()
    n_documents = counts["document_id"].nunique()
    units = listed(counted(n, kind, plural(kind)) for kind, n in kinds.items())
    others = study.statistics[~study.statistics["notes"].fillna("").str.startswith("Derived")]
    sentence = f"{counted(n_documents, 'document gives', 'documents give')} {units}."
    if len(others):
        more = others["document_id"].nunique()
        sentence += (
            f" {len(others):,} statistics published in {counted(more, 'other source')} stand beside them."
        )
    source = heard_by(study) if len(study.participants) else cited(study, counts["document_id"].unique())
    return Finding("sources", sentence, kinds.to_dict() | {"documents": n_documents}, source=source)


def plural(kind: str) -> str:
    """Return a kind of unit in the plural."""
    return "comment categories" if kind == "comment category" else f"{kind}s"


def say_readers_work(sources: pd.DataFrame) -> Finding:
    """Say how much of the coding is the readers', and what the machine did."""
    study = study_of(sources)
    coders = study.codings["coder"].dropna().unique()
    if not len(coders):
        return no_evidence("readers_work", "coding")
    by_machine = int(study.segments["read_by"].eq("machine").sum())
    if not by_machine:
        sentence = (
            f"{counted(len(study.segments), 'passage')} were marked, and {counted(len(study.codings), 'judgement')} made of them, by "
            f"{listed(coders)}; the machine judges nothing."
        )
        return Finding(
            "readers_work", sentence, {"passages": len(study.segments), "judgements": len(study.codings)}
        )
    known = "is not known" if len(coders) == 1 else "is the subject of a chapter of its own"
    sentence = (
        f"{by_machine} of {counted(len(study.segments), 'passage')} were found by the machine, with their place, length "
        f"and attribution; labels and {counted(len(study.codings), 'judgement')} are the work of {listed(coders)}. "
        f"How far two coders would agree {known}."
    )
    numbers = {"passages": len(study.segments), "by_machine": by_machine, "judgements": len(study.codings)}
    return Finding("readers_work", sentence, numbers)


def say_told(evidence: pd.DataFrame, study: Study) -> Finding:
    """Say how many passages tell a strength and a challenge, and under which theme most do."""
    passages = evidence[evidence["unit"].eq("segments") & evidence["stance"].isin(["strength", "challenge"])]
    if passages.empty:
        return no_evidence("told", "strengths and challenges")
    totals = passages.groupby("stance", observed=False)["unit_id"].nunique()[["strength", "challenge"]]
    parts = [_most_told(passages, stance, n) for stance, n in totals.items() if n]
    sentence = f"{'; '.join(parts)}."
    numbers = {"strength": int(totals["strength"]), "challenge": int(totals["challenge"])}
    return Finding(
        "told", capital(sentence), numbers, passages, cited(study, passages["document_id"].unique())
    )


def _most_told(passages: pd.DataFrame, stance: str, n: int) -> str:
    themes = passages[passages["stance"].eq(stance)].groupby("theme", observed=True)["unit_id"].nunique()
    names, n_most = most(themes)
    told = f"{counted(n, 'passage tells', 'passages tell')} a {stance}"
    return f"{told}, most often under {listed(small(name) for name in names)} ({n_most})"


def say_only_challenges(counts: pd.DataFrame, evidence: pd.DataFrame, study: Study) -> Finding:
    """Name the themes that are told as a challenge and never as a strength."""
    table = counts.pivot(index="theme", columns="stance", values="n")
    only = table[table["challenge"].gt(1) & table["strength"].eq(0) & table["mixed"].eq(0)]
    only = only["challenge"].sort_values(ascending=False, kind="stable")
    if only.empty:
        return Finding("only_challenges", "No theme is told only as a challenge by more than one passage.")
    named = listed(f"{small(str(theme))} ({n})" for theme, n in only.items())
    behind = evidence[evidence["unit"].eq("segments") & evidence["theme"].isin(only.index)]
    sentence = f"Told as a challenge by more than one passage and never as a strength or mixed: {named}."
    numbers = {str(theme): int(n) for theme, n in only.items()}
    return Finding("only_challenges", sentence, numbers, behind, cited(study, behind["document_id"].unique()))


def say_themes_meet(meeting: pd.DataFrame, evidence: pd.DataFrame, study: Study) -> Finding:
    """Say which themes stand in most documents."""
    n_documents = evidence["document_id"].nunique()
    if n_documents < 2:
        return no_evidence("themes_meet", "themes in several documents")
    names, n_most = most(meeting.set_index("theme")["n_documents"])
    single = meeting["n_documents"].eq(1).sum()
    every = "all" if n_most == n_documents else f"{n_most}"
    sentence = (
        f"{capital(listed(small(name) for name in names))} {'stands' if len(names) == 1 else 'stand'} in {every} of the "
        f"{n_documents} documents, more than any other theme; {counted(int(single), 'theme stands', 'themes stand')} in one document only, as far as the documents were coded."
    )
    behind = evidence[evidence["theme"].isin(names)]
    return Finding(
        "themes_meet",
        sentence,
        {"documents": n_documents, "most": n_most, "in_one": int(single)},
        behind,
        cited(study, evidence["document_id"].unique()),
    )


def say_area_balance(points: pd.DataFrame, study: Study) -> Finding:
    """Say how many passages are about each kind of area."""
    if points.empty:
        return no_evidence("area_balance", "kinds of area")
    kinds = points.groupby("area_kind", observed=False)["unit_id"].nunique()
    total = points["unit_id"].nunique()
    sentence = (
        f"{counted(total, 'passage speaks', 'passages speak')} of kinds of area: {kinds['rural']} of rural areas, "
        f"{kinds['urban']} of urban areas, {kinds['small town']} of small towns, and {kinds['not in the comparison']} of "
        "differences between areas or of all of them. A passage can speak of two."
    )
    return Finding(
        "area_balance",
        sentence,
        {str(kind): int(n) for kind, n in kinds.items()},
        points,
        cited(study, points["document_id"].unique()),
    )


def say_kind_told(points: pd.DataFrame, study: Study, *, kind: str) -> Finding:
    """Say how the passages about one kind of area are told, and what they are about most."""
    own = points[points["area_kind"].eq(kind)]
    if own.empty:
        return no_evidence(f"told_{kind}", f"{kind} areas")
    stances = own.drop_duplicates(["unit_id", "stance"])["stance"].value_counts()
    stances = stances[stances > 0]
    themes, n_most = most(own.groupby("theme", observed=True)["unit_id"].nunique())
    total = counted(own["unit_id"].nunique(), "passage is", "passages are")
    told = listed(f"{n} {TOLD[stance]}" for stance, n in stances.items())
    told = f"all told {TOLD[stances.index[0]]}" if len(stances) == 1 else f"told in these ways: {told}"
    about = listed(small(theme) for theme in themes)
    sentence = f"{total} about {kind} areas, {told}. They are most often about {about} ({n_most})."
    numbers = {str(stance): int(n) for stance, n in stances.items()}
    return Finding(f"told_{kind}", sentence, numbers, own, cited(study, own["document_id"].unique()))


def say_quotations_area(index: pd.DataFrame, points: pd.DataFrame, study: Study) -> Finding:
    """Say how few quotations name a kind of area, so that none can be tied to one."""
    if index.empty:
        return no_evidence("quotations_area", "quotations")
    quoted = points[points["kind"].eq("quotation")].drop_duplicates(["unit_id", "area_kind"])
    rural, urban = (int(quoted["area_kind"].eq(kind).sum()) for kind in ("rural", "urban"))
    sentence = (
        f"Of {len(index)} quotations {rural or 'none'} {'names' if rural < 2 else 'name'} a rural place and "
        f"{urban or 'none'} an urban one; "
        f"{_tied_to_areas(study)}."
    )
    return Finding(
        "quotations_area",
        sentence,
        {"quotations": len(index), "rural": rural, "urban": urban},
        quoted,
        cited(study, index["document_id"].unique()),
    )


def _tied_to_areas(study: Study) -> str:
    quoted = study.segments.loc[study.segments["kind"].eq("quotation"), "interview_id"]
    areas = quoted.map(study.interviews.set_index("interview_id")["area_id"])
    if areas.notna().any():
        return f"{int(areas.notna().sum())} come from an interview in a known area"
    return "none is attributed to an area, so no quotation can be counted for an area or a type of area"


def say_case_study_split(frame: pd.DataFrame) -> Finding:
    """Say how the case study areas divide into rural and urban, and what so few cannot show."""
    study = study_of(frame)
    chosen = study.areas[study.areas["case_study"].eq("yes")]
    if chosen.empty:
        return no_evidence("case_study_split", "case study areas")
    kinds = chosen["area_type"].map(kind_of_area).value_counts()
    sentence = (
        f"The research had {counted(len(chosen), 'case study area')}: {kinds.get('rural', 0)} rural and {kinds.get('urban', 0)} urban by "
        "official class. So few areas cannot carry a comparison: what follows describes and tests nothing."
    )
    return Finding(
        "case_study_split",
        sentence,
        {"areas": len(chosen), "rural": int(kinds.get("rural", 0)), "urban": int(kinds.get("urban", 0))},
        source=cited(study, [*of_kind(study, "research report"), *of_kind(study, "classification")]),
    )
