"""What do the study's own data say about how the research was done?

Each answer is a sentence or two made of the tables, and empty where they hold nothing on it. A count of people
or interviews under the study's threshold is [c], and so is any that would give it back from a total.
"""

import pandas as pd

from ncsresearch import __version__
from ncsresearch.analysis.reliability import agreement, coded_twice
from ncsresearch.analysis.saturation import saturation
from ncsresearch.disclosure.suppression import hidden_among
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.judgements import judges
from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.study import Study

WITHHELD = "[c]"


def counts_told(study: Study, counts: pd.Series) -> tuple[str, dict[str, str]]:
    """A total and the counts that make it up, as they may be told.

    counts   people or interviews by group

    Returns the total and the count of each group as text, [c] for what is withheld: counts under the study's
    threshold, as many others as it takes that the total gives none of them back, or else the total.
    """
    total, threshold = int(counts.sum()), study.settings.threshold
    hidden = hidden_among(counts, [total] * len(counts), threshold) if len(counts) > 1 else [False]
    if total < threshold or hidden is None:
        return WITHHELD, dict.fromkeys(counts.index, WITHHELD)
    told = [WITHHELD if secret else f"{n:,}" for n, secret in zip(counts, hidden, strict=True)]
    return f"{total:,}", dict(zip(counts.index, told, strict=True))


def _listed(told: dict[str, str]) -> str:
    return "; ".join(f"{group}: {n}" for group, n in told.items())


def _sample(study: Study) -> str:
    if not hears_people(study):
        return ""
    people, _ = counts_told(study, study.participants["participant_group"].value_counts())
    held, _ = counts_told(study, _modes_held(study))
    return f"People heard: {people}. Interviews: {held}."


def _people(study: Study) -> str:
    if not hears_people(study):
        return ""
    total, groups = counts_told(study, study.participants["participant_group"].value_counts())
    own = study.attributes[study.attributes["owner"].eq("participants")]
    recorded = ", ".join(dict.fromkeys(own["name"].str.lower()))
    more = f" Also recorded of people: {recorded}." if recorded else ""
    return f"People heard: {total} ({_listed(groups)}).{more} Of when: {study.settings.evidence_date or 'not stated'}."


def _areas(study: Study) -> str:
    known = {*study.participants["area_id"].dropna(), *study.interviews["area_id"].dropna()}
    names = study.areas.loc[study.areas["area_id"].isin(known), "name"]
    return f"Areas: {len(names)} ({', '.join(names)})." if len(names) else ""


def _modes_held(study: Study) -> pd.Series:
    return study.interviews["mode"].astype("str").fillna("mode not stated").value_counts()


def _modes(study: Study) -> str:
    if study.interviews.empty:
        return ""
    total, modes = counts_told(study, _modes_held(study))
    return f"Interviews: {total} ({_listed(modes)}). Of when: {study.settings.evidence_date or 'not stated'}."


def _repeats(study: Study) -> str:
    if study.attendances.empty:
        return ""
    again = study.attendances["participant_id"].value_counts().gt(1)
    if not again.any():
        return "Nobody is recorded in more than one interview."
    _, told = counts_told(study, again.value_counts())
    return f"People recorded in more than one interview: {told[True]}."


def _transcripts(study: Study) -> str:
    kept = study.documents.loc[study.documents["kind"].eq("transcript"), "document_id"]
    with_text = study.interviews["document_id"].isin({*kept, *study.turns["document_id"]})
    if not with_text.any():
        return ""
    if with_text.all():
        return "Every interview has a transcript in the study."
    total, told = counts_told(study, with_text.value_counts())
    return f"Interviews with a transcript in the study: {told[True]} of {total}."


def _saturation(study: Study) -> str:
    row = saturation(study).iloc[0]
    if row["reason"]:
        return ""
    after, base, run = row["reached_after"], row["base"], row["run"]
    rule = f"by a base of {base} interviews and a run of {run}, with at most {percent(row['threshold'])} new"
    if pd.isna(after):
        return f"New themes had not stopped ({rule})."
    later = f" Later interviews still brought {rounded(row['n_later'])}." if row["n_later"] else ""
    return f"New themes had almost stopped after {rounded(after)} interviews ({rule}).{later}"


def _coders(study: Study) -> str:
    n = len(judges(study))
    if not n:
        return ""
    twice = len(coded_twice(study))
    by_more = f" Documents coded by more than one: {twice}." if n > 1 else " Nothing was coded twice."
    return f"Coders: {n}.{by_more} {_agreement(study)}".strip()


def _agreement(study: Study) -> str:
    rows = agreement(study, by="")
    rows = rows[rows["basis"].eq("turns with a code")].dropna(subset="jaccard")
    if rows.empty:
        return ""
    row = rows.iloc[-1]
    return (
        f"Krippendorff's alpha of the sets of themes that coders gave a turn: {rounded(row['jaccard'], 2)}, on "
        f"{row['n_turns']:,} turns with a theme."
    )


def _codebook(study: Study) -> str:
    themes = study.codebook[study.codebook["facet"].eq("theme")]
    if themes.empty:
        return ""
    top, defined = themes["parent_id"].isna().sum(), themes["definition"].notna().sum()
    return f"Codes for themes: {len(themes)}, of them at the top level {top}, with a definition {defined}."


def _main_themes(study: Study) -> str:
    themes = study.codebook[study.codebook["facet"].eq("theme") & study.codebook["parent_id"].isna()]
    return f"Themes at the top level: {', '.join(themes['label'])}." if len(themes) else ""


def _smaller_themes(study: Study) -> str:
    if study.codebook["facet"].ne("theme").all():
        return ""
    return "Every code of the codebook has its row, those that nobody raised included, by stance."


def _software(_: Study) -> str:
    return f"Counts, tables and sentences: ncsresearch {__version__}."


def _preparation(study: Study) -> str:
    named = " People have pseudonyms." if hears_people(study) else ""
    return f"{_transcripts(study)}{named} {_software(study)}".strip()


def _quotations(study: Study) -> str:
    n = int((study.segments["text"].notna() & study.segments["interview_id"].notna()).sum())
    return f"Passages of interviews kept with their words: {n:,}." if n else ""


def _consistency(study: Study) -> str:
    if study.codings.empty:
        return ""
    return "Sentences with numbers are made from the coded evidence, and each names the evidence behind it."


def _limits(study: Study) -> str:
    n = sum(map(len, study.settings.limits.values()))
    return f"Statements of what the evidence can and cannot show, in the chapters: {n}." if n else ""


def _title(study: Study) -> str:
    return f"Title of the study: {study.settings.title}."


def _record(_: Study) -> str:
    return "Each run keeps its settings, the versions of its software and a hash of every table it read."


ANSWERS = {
    answer.__name__.removeprefix("_"): answer
    for answer in (
        *(_sample, _people, _areas, _modes, _repeats, _transcripts, _saturation, _coders, _agreement),
        *(_codebook, _main_themes, _smaller_themes, _software, _preparation, _quotations, _consistency),
        *(_limits, _title, _record),
    )
}
