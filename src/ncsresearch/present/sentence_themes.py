"""Sentences on the study as a whole: its sources, who coded them, and its case study areas."""

import pandas as pd

from ncsresearch.analysis.points import apart
from ncsresearch.evidence.judgements import judges, n_coded_twice
from ncsresearch.evidence.kinds import TOWN, few_areas, kind_of_area
from ncsresearch.ingest.findings_file import Span
from ncsresearch.present.answers import surveys_answered
from ncsresearch.present.outputs import Finding
from ncsresearch.present.people_heard import n_interviews_told, n_told, people_sentence
from ncsresearch.present.selections import selection_called
from ncsresearch.present.sentence import spelled
from ncsresearch.present.table import MOST_CITED, cited, of_kind
from ncsresearch.present.wording import phrases, sentence
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

OF_PEOPLE = ("interviews", "participants", "survey_answers")  # whose areas are where views come from
INFERRED = "the year is inferred"  # in the notes on a document that bears no date
MOST_NAMED = 3  # documents that the line of status names


def say_status(study: Study, chapter: str = "") -> Finding:
    """Say how the study's evidence may be read, how many took part in the whole study, and of when it is.

    chapter   whose authors' findings rest on a few documents, which are then named; without it the evidence is dated as a whole
    """
    settings, people = study.settings, study.participants
    if study.selection or study.part_of or len(people) < settings.threshold:
        people = people.iloc[:0]
    heard = {"people": len(people), "areas": people["area_id"].nunique()}
    about = {"status": settings.status_line, "date": settings.evidence_date, "years": _years_of_area(study)}
    about["periods"] = _periods_of_area(study)
    named = _documents_of(study, chapter) if not len(study.participants) else ""
    return sentence("status", selection=selection_called(study), documents=named, **heard, **about)


def _documents_of(study: Study, chapter: str) -> str:
    """Return the documents whose points a chapter's findings cite; empty where there are many, or no findings."""
    sections = study.findings[chapter].sections if chapter in study.findings else ()
    units = {unit for section in sections for each in section.paragraphs for _, unit in each.cited}
    documents = study.points.loc[study.points["point_id"].isin(units), "document_id"].unique()
    return cited(study, documents) if len(documents) <= MOST_NAMED else ""


def _years_of_area(study: Study) -> list[str]:
    """Return the years of the documents whose points a report on one area may rest on; none where people were heard."""
    if not study.part_of or len(study.participants):
        return []
    applies = study.documents["area_id"].isin(
        [study.part_of, *[pd.NA] * (not apart(study.areas, study.part_of))]
    )
    read = study.documents["document_id"].isin(study.points["document_id"])
    dated = study.documents[applies & read].dropna(subset="year").sort_values("year")
    inferred = dated["notes"].str.contains(INFERRED, na=False)
    return list(dict.fromkeys(inferred.map({True: "about ", False: ""}) + dated["year"].astype("str")))


def _periods_of_area(study: Study) -> list[str]:
    """Return the first and the last period of the statistics that the authors' findings on an area give: one, both or none."""
    sections = study.findings[file].sections if (file := f"areas/{study.part_of}") in study.findings else ()
    keys = [
        part.keys
        for section in sections
        for each in section.paragraphs
        for part in each.parts
        if isinstance(part, Span)
    ]
    periods = sorted({own["period"] for own in keys if {"statistic", "period"} <= {*own}})
    return list(dict.fromkeys(periods[:1] + periods[-1:]))


def say_sources(counts: pd.DataFrame) -> Finding | None:
    """Say which documents the study has, or how many were interviewed and answered a survey, and what statistics beside them."""
    study = study_of(counts)
    if counts.empty:
        n = len(study.documents)
        return sentence("sources", "uncoded", of={"numbers": {"documents": n}}, n=n) if n else None
    if len(study.participants):
        places = {"people": n_told(study), "interviews": n_interviews_told(study, len(study.interviews))}
        answered = phrases("sources", "answered", surveys_answered(study))
        numbers = places if places["people"] else {}
        return people_sentence("sources", study, numbers, form="of_people", answered=answered, **places)
    documents = counts["document_id"].unique()
    others = study.statistics[~study.statistics["notes"].fillna("").str.startswith("Derived")]
    places = {"statistics": len(others), "others": others["document_id"].nunique()}
    may_name = counts.attrs["kind"] == "sources" and len(documents) <= MOST_CITED  # transcripts have no name
    places |= {"named": cited(study, documents) if may_name else ""}
    numbers = counts.groupby("kind", sort=False)["n_units"].sum().to_dict() | {"documents": len(documents)}
    return sentence("sources", of={"numbers": numbers}, documents=len(documents), **places)


def plural(kind: str) -> str:
    """Return a kind of unit in the plural."""
    return "comment categories" if kind == "comment category" else f"{kind}s"


def say_readers_work(sources: pd.DataFrame) -> Finding | None:
    """Say who read and coded the evidence: as the study's author puts it, or how many, and how much of it several did."""
    study = study_of(sources)
    coders, who = judges(study), study.settings.who_coded
    if not len(coders):
        return None
    n = len({*coders} - {"not stated"})
    twice = 0 if who else n_interviews_told(study, n_coded_twice(study))
    numbers, held = {"coders": n}, len(study.interviews)
    numbers |= {"twice": twice, "all": held or study.segments["document_id"].nunique()} if twice else {}
    form = "says" if who else "checked" if twice else "by_rule"
    places = {"n": n, "who": who, "units": "interviews" if held else "documents", **numbers}
    return sentence("readers_work", form, of={"numbers": numbers}, **places)


def say_case_study_split(frame: pd.DataFrame) -> Finding | None:
    """Say how the case study areas divide into rural, urban and small towns, and why they cannot be compared, or what so few cannot show."""
    study = study_of(frame)
    chosen = study.areas[study.areas["case_study"].eq("yes")]
    if chosen.empty:
        return None
    kinds = chosen["area_type"].map(kind_of_area).value_counts()
    numbers = {"areas": len(chosen)} | {kind: int(kinds.get(kind, 0)) for kind in COMPARED}
    source = cited(study, [*of_kind(study, "research report"), *of_kind(study, "classification")])
    split = [f"{spelled(numbers[kind])} {kind}" for kind in COMPARED if numbers[kind]]
    towns = int(kinds.get(TOWN, 0))
    split += [f"{spelled(towns)} small town{'s' * (towns > 1)}"] * bool(towns)
    numbers |= {TOWN: towns} if towns else {}
    traced = chosen["area_id"].isin(pd.concat([study.tables[name]["area_id"] for name in OF_PEOPLE])).any()
    places = {"areas": len(chosen), "kinds": split, "few": few_areas(numbers), "traced": traced}
    return sentence("case_study_split", of={"numbers": numbers, "source": source}, **places)
