"""What does a study say at a glance: under each theme, by kind of area or by group, and in which findings?"""

import pandas as pd

from ncsresearch.analysis.finding_evidence import finding_evidence, findings_doubted, findings_held
from ncsresearch.analysis.points import BACKGROUND
from ncsresearch.disclosure.counts import counts
from ncsresearch.disclosure.mask import tells_ways
from ncsresearch.disclosure.plan import mostly_unknown, mostly_withheld
from ncsresearch.evidence.groups import hears_people, n_in_groups
from ncsresearch.evidence.passages import passage_evidence, said_in_words
from ncsresearch.ingest.findings_file import OWN_PAGES
from ncsresearch.schema import COMPARED, one_of
from ncsresearch.study import Study
from ncsresearch.study.codebook import leaf_themes
from ncsresearch.study.frames import framed

EVERYBODY = "everybody"
WAYS = ("strength", "challenge", "suggestion")
MOST_GROUPS = 6  # side by side, everybody among them
THEMES, PLACE = "02_themes", ["chapter", "paragraph"]
OF_FINDINGS = {"findings": findings_held, "doubted": findings_doubted}
KEYS = ["group", "code_id", "theme", "stance"]
NUMBERS = ["n", "base", "words", "withheld", "least", "most"]


def overview(study: Study, *, of: str = "themes", unless: str = "") -> pd.DataFrame:
    """What opens a study: each theme by kind of area, or by group, and the finding on it; or its findings by who holds them.

    of      themes; or findings, or doubted: then the rows and columns are those of findings_held, or of findings_doubted
    unless  a file of the authors' findings, such as summary, whose chapter has the overview where the study has that file

    Returns one row per group, most specific theme and way of describing it, with
        group, code_id, theme   everybody first (in documents: everything said), then rural and urban, or without both of these
                                participant groups; in documents client groups
        stance                  strength, challenge or suggestion; empty for people who raised the theme in any way
        n, base, words, withheld, least, most   as counts has them; missing in documents, where a row says that it is said
        chapter, paragraph      where the finding is that cites or counts most of the theme and group, else of the theme;
                                missing where none does
    Groups have no stances where many are withheld, and are absent where most numbers are; no rows where most of all are, and for a part.
    Raises StudyError for anything else to give an overview of.
    Caution: in documents a way of describing a theme is shown however many points do so, since their number measures editing.
    """
    if one_of("overview", of, ("themes", *OF_FINDINGS)) != "themes":
        return OF_FINDINGS[of](study)
    kind = f"overview of {'people' if hears_people(study) else 'documents'}"
    if study.selection or study.part_of or unless in study.findings:
        return framed(pd.DataFrame(), kind, study)
    by, rows = _people(study) if hears_people(study) else _said(study)
    rows = rows[rows["code_id"].isin(leaf_themes(study.codebook))].reset_index(drop=True)
    return framed(_with_findings(rows, study, by), kind, study)


def _people(study: Study) -> tuple[str, pd.DataFrame]:
    kinds, groups = (n_in_groups(study, by=by) for by in ("area_type", "participant_group"))
    by = "area_type" if kinds.keys() >= {*COMPARED} else "heard_from" if 1 < len(groups) < MOST_GROUPS else ""
    ways = ("", *WAYS) if tells_ways(study) else ("",)
    everybody, grouped = (
        pd.concat([counts(study, by=each, stance=way) for way in ways], ignore_index=True)
        for each in ("", by)
    )
    told = grouped["stance"].ne("")
    grouped = grouped[~told] if mostly_withheld(grouped.loc[told, "n"]) else grouped
    if mostly_unknown(everybody):
        everybody = grouped = everybody.iloc[:0]
    found = everybody if not by or mostly_unknown(grouped) else pd.concat([everybody, grouped])
    return by, found.astype({"group": "str", "theme": "str"})[[*KEYS, *NUMBERS]]


def _said(study: Study) -> tuple[str, pd.DataFrame]:
    evidence = said_in_words(passage_evidence(study))
    background = study.points.loc[study.points["kind"].isin(BACKGROUND), "point_id"]
    said = evidence[evidence["stance"].isin(WAYS) & ~evidence["unit_id"].isin(background)]
    said = said.astype({"stance": pd.CategoricalDtype(WAYS)}).sort_values(["code_id", "stance"])
    said = said.astype({"code_id": "str", "theme": "str", "stance": "str"})
    kinds, groups = (said[name].dropna().unique().tolist() for name in ("area_kind", "client_group"))
    both = {*kinds} >= {*COMPARED}
    by, column = ("area_type", "area_kind") if both else ("client_group", "client_group")
    named = COMPARED if both else sorted(groups, key=str.casefold)
    own = [said[said[column].eq(name)].assign(group=name) for name in named if 1 < len(named) < MOST_GROUPS]
    rows = pd.concat([said.assign(group=EVERYBODY), *own])
    return by, rows[KEYS].drop_duplicates(ignore_index=True).reindex(columns=[*KEYS, *NUMBERS])


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
