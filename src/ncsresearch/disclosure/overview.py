"""What do people say at a glance: under each theme, by kind of area or by group, and in which findings?"""

import pandas as pd

from ncsresearch.analysis.finding_evidence import finding_evidence
from ncsresearch.disclosure.counts import counts
from ncsresearch.disclosure.mask import tells_ways
from ncsresearch.disclosure.plan import mostly_withheld
from ncsresearch.evidence.groups import hears_people, n_in_groups
from ncsresearch.ingest.findings_file import OWN_PAGES
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.codebook import leaf_themes
from ncsresearch.study.frames import framed

EVERYBODY = "everybody"
WAYS = ("strength", "challenge", "suggestion")
MOST_GROUPS = 6  # side by side, everybody among them
THEMES, PLACE = "02_themes", ["chapter", "paragraph"]
KEYS = ["group", "code_id", "theme", "stance"]
NUMBERS = ["n", "base", "words", "withheld", "least", "most"]


def overview(study: Study, *, unless: str = "") -> pd.DataFrame:
    """What opens a study of people: each theme by kind of area, or by group, and the finding on it.

    unless  a file of the authors' findings, such as summary, whose chapter has the overview where the study has that file

    Returns one row per group, most specific theme and way of describing it, with
        group, code_id, theme   everybody first, then rural and urban, or without both of these participant groups
        stance                  strength, challenge or suggestion; empty for people who raised the theme in any way
        n, base, words, withheld, least, most   as counts has them
        chapter, paragraph      where the finding is that cites or counts most of the theme and group, else of the theme;
                                missing where none does
    It has everybody alone where most numbers by group are withheld; no rows where most of all are, for a part of a study, and for
    documents, in which nearly every theme is described in every way by somebody.
    """
    if study.selection or study.part_of or unless in study.findings or not hears_people(study):
        return framed(pd.DataFrame(), "overview", study)
    by, rows = _people(study)
    rows = rows[rows["code_id"].isin(leaf_themes(study.codebook))].reset_index(drop=True)
    return framed(_with_findings(rows, study, by), "overview", study)


def _people(study: Study) -> tuple[str, pd.DataFrame]:
    kinds, groups = (n_in_groups(study, by=by) for by in ("area_type", "participant_group"))
    by = "area_type" if kinds.keys() >= {*COMPARED} else "heard_from" if 1 < len(groups) < MOST_GROUPS else ""
    ways = ("", *WAYS) if tells_ways(study) else ("",)
    everybody, grouped = (
        pd.concat([counts(study, by=each, stance=way) for way in ways], ignore_index=True)
        for each in ("", by)
    )
    if _mostly_unknown(everybody):
        everybody = grouped = everybody.iloc[:0]
    found = everybody if not by or _mostly_unknown(grouped) else pd.concat([everybody, grouped])
    return by, found.astype({"group": "str", "theme": "str"})[[*KEYS, *NUMBERS]]


def _mostly_unknown(rows: pd.DataFrame) -> bool:
    return mostly_withheld(rows["n"].where(rows["words"].eq(""), 0))


def _with_findings(rows: pd.DataFrame, study: Study, by: str) -> pd.DataFrame:
    """Return the rows with the finding that rests most on their theme and group, or on their theme."""
    evidence = finding_evidence(study)
    evidence = evidence[~evidence["chapter"].isin(OWN_PAGES)]
    evidence = evidence.assign(group=evidence[by] if by else None)
    own = rows.merge(_most(evidence, ["code_id", "group"]), "left")
    of_theme = rows.merge(_most(evidence, ["code_id"]), "left")
    return own.fillna(of_theme[PLACE])


def _most(evidence: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the finding with most evidence of each key; of a theme one of its chapter first, of which it is at least half."""
    found = evidence.dropna(subset=keys).groupby([*keys, *PLACE], sort=False).size().rename("n").reset_index()
    found = found.merge(evidence.groupby(PLACE).size().rename("of").reset_index()).assign(
        share=lambda each: each["n"] / each["of"],
        first=lambda each: each["chapter"].eq(THEMES) & each["share"].ge(1 / 2) & (len(keys) == 1),
    )
    order = found.sort_values(["first", "n", "share"], ascending=False, kind="stable")
    return order.drop_duplicates(keys)[[*keys, *PLACE]].astype({"paragraph": "Int64"})
