"""Whom does a source quote, and what partners does it name?"""

from pathlib import Path

import pandas as pd

from ncsresearch.evidence.passages import attribute_of, passage_evidence
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names
from ncsresearch.study.frames import framed

LITERATURE = "Literature review"
COUNTED = {
    "words": ["words"],
    "omissions": ["bracketed omissions", "bare ellipses"],
    "redactions": ["redactions"],
}
QUOTED = [
    *("segment_id", "document_id", "participant_group", "number", "section", "label", "theme", "stance"),
    *(*COUNTED, "start", "end", "text_sha256", "interview_id"),
]


def partners(study: Study) -> pd.DataFrame:
    """Partner organisations that the study's documents name.

    Returns one row per partner, in the codebook's order, with partner (its name), sector, in_literature and in_interviews
    (yes or no: whether a point from the literature names it, and any other point).
    """
    named = passage_evidence(study, facet="partner").query("unit == 'points'")
    literature = named["said_by"].eq(LITERATURE)
    rows = named.assign(in_literature=literature, in_interviews=~literature).groupby("theme", observed=True)
    found = rows[["in_literature", "in_interviews"]].any().replace({True: "yes", False: "no"})
    names = code_names(study.codebook)
    sectors = study.codebook.set_index("code_id")["parent_id"].map(names).rename(names)
    found.insert(0, "sector", found.index.astype("str").map(sectors))
    return framed(found.rename_axis("partner").reset_index(), "partners", study)


def quotations(study: Study, *, sources_dir: str | Path = "") -> pd.DataFrame:
    """Every quotation of the study's documents: who is quoted, where, how long, and how it was judged.

    sources_dir   folder with the source documents, from which the words are read; without it they stay out

    Returns one row per quotation with segment_id, document_id, participant_group, number (running number of
    the interview within the group), section, label, words, omissions, redactions, theme and stance, and text where the
    words were read. Raises StudyError that names the quotations which a source does not hold word for word.
    """
    quoted = study.segments[study.segments["kind"].eq("quotation")]
    interviews = study.interviews[["interview_id", "participant_group", "number"]]
    rows = quoted.merge(interviews, on="interview_id", how="left", validate="many_to_one")
    for column, names in COUNTED.items():
        parts = [rows["segment_id"].map(attribute_of(study, "segments", name)) for name in names]
        rows[column] = sum(pd.to_numeric(part) for part in parts).astype("Int64")
    rows = _with_judgement(study, rows)[QUOTED]
    if str(sources_dir):
        from ncsresearch.ingest.quoted import words_of_quotations  # and with it what reads Word, PDF and HTML

        rows = rows.assign(text=rows["segment_id"].map(words_of_quotations(study.segments, sources_dir)))
    return framed(rows, "quotations", study)


def _with_judgement(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Return passages with the first judgement of each: its theme, stance and client group."""
    judged = study.codings[study.codings["unit"].eq("segments")].drop_duplicates("unit_id")
    judged, labels = judged.set_index("unit_id"), study.codebook.set_index("code_id")["label"]
    return rows.assign(
        stance=rows["segment_id"].map(judged["stance"].astype("str")),
        theme=rows["segment_id"].map(judged["code_id"].astype("str").map(labels)),
        client_group=rows["segment_id"].map(judged["about_client_group"]),
    )


def quotations_by_group(index: pd.DataFrame) -> pd.DataFrame:
    """Quotations of each participant group, and from how many interviews.

    Returns one row per group with n_quotations, n_interviews, interviews (their running numbers) and one
    column a stance with its number of quotations.
    """
    counted = index.groupby("participant_group").agg(
        n_quotations=("segment_id", "nunique"),
        n_interviews=("interview_id", "nunique"),
        interviews=("number", lambda numbers: ", ".join(str(number) for number in sorted(set(numbers)))),
    )
    stances = pd.crosstab(index["participant_group"], index["stance"])
    return counted.join(stances).reset_index()
