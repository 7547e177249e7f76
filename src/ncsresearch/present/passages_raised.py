"""What published passages raise, where nobody was heard: in words, figures and tables, passages counted."""

from collections.abc import Iterable, Mapping

import pandas as pd

from ncsresearch.analysis.area_types import area_type_points
from ncsresearch.analysis.themes import themes_across_documents
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.kinds import AREA_KINDS
from ncsresearch.evidence.passages import passage_evidence, said_in_words
from ncsresearch.present.figure import plot_area_types, plot_stances
from ncsresearch.present.outputs import Figure, Finding, Table
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.sentence import most
from ncsresearch.present.table import cited, resting_on
from ncsresearch.present.table_research import table_area_points, table_stances
from ncsresearch.present.wording import phrases, sentence
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

TABLES = {
    "theme": {"heading": "Theme", "name": "theme_stances"},
    "client_group": {"heading": "Client group", "name": "groups"},
}


def passage_sentence(
    entry: str,
    study: Study,
    evidence: pd.DataFrame,
    numbers: Mapping,
    *,
    documents: Iterable[str] | None = None,
    name: str = "",
    **places,
) -> Finding:
    """Return a finding in the words of its entry, with the passages behind it.

    documents   what it is cited from, where that is more than the passages behind it
    """
    cited_from = evidence["document_id"].unique() if documents is None else documents
    return sentence(entry, name=name, of=resting_on(study, evidence, numbers, cited_from), **places)


def say_told(counts: pd.DataFrame) -> Finding | None:
    """Say how many passages tell a strength and a challenge, and under which theme most do."""
    return _how_told(passage_evidence(study_of(counts)), study_of(counts))


def say_research(evidence: pd.DataFrame) -> Finding | None:
    """Say how the research tells its themes."""
    return _how_told(evidence, study_of(evidence))


def _how_told(evidence: pd.DataFrame, study: Study) -> Finding | None:
    passages = said_in_words(evidence)
    passages = passages[passages["stance"].isin(["strength", "challenge"])]
    if passages.empty:
        return None
    totals = passages.groupby("stance", observed=False)["unit_id"].nunique()
    numbers = {stance: int(totals[stance]) for stance in ("strength", "challenge")}
    told = [_most_told(passages, stance, n) for stance, n in numbers.items() if n]
    ways = phrases("passages_told", "way", told)
    return passage_sentence("passages_told", study, passages, numbers, name="told", ways=ways)


def _most_told(passages: pd.DataFrame, stance: str, n: int) -> dict:
    themes = passages[passages["stance"].eq(stance)].groupby("theme", observed=True)["unit_id"].nunique()
    names, n_most = most(themes)
    return {"stance": stance, "n": n, "themes": names, "n_most": n_most}


def say_only_challenges(counts: pd.DataFrame) -> Finding:
    """Name the themes that are told as a challenge and never as a strength."""
    table = counts.pivot(index="theme", columns="stance", values="n")
    only = table[table["challenge"].gt(1) & table["strength"].eq(0) & table["mixed"].eq(0)]
    only = only["challenge"].sort_values(ascending=False, kind="stable")
    if only.empty:
        return sentence("only_challenges", "none")
    study = study_of(counts)
    evidence = passage_evidence(study)
    behind = said_in_words(evidence).query("theme in @only.index")
    numbers = {str(theme): int(n) for theme, n in only.items()}
    themes = phrases("only_challenges", "theme", [{"theme": name, "n": n} for name, n in numbers.items()])
    return passage_sentence("only_challenges", study, behind, numbers, themes=themes)


def say_themes_meet(counts: pd.DataFrame) -> Finding | None:
    """Say which themes stand in most documents, where there are several of both."""
    study = study_of(counts)
    evidence = passage_evidence(study)
    documents = evidence["document_id"].unique()
    if len(documents) < 2 or evidence["theme"].nunique() < 2:
        return None
    meeting = themes_across_documents(evidence)
    names, n_most = most(meeting.set_index("theme")["n_documents"])
    n, one = len(documents), int(meeting["n_documents"].eq(1).sum())
    numbers = {"documents": n, "most": n_most, "in_one": one}
    behind = evidence[evidence["theme"].isin(names)]
    places = {"documents": documents, "themes": names, "n": n, "most": n_most, "one": one}
    return passage_sentence("themes_meet", study, behind, numbers, **places)


def plot_passages(counts: pd.DataFrame) -> Figure | None:
    """Draw the passages under each theme, or about each client group, by how they describe it."""
    rows, about = _grouped(counts)
    return plot_stances(rows, **about)


def table_passages(counts: pd.DataFrame) -> Table:
    """Return the passages under each theme, or about each client group, by how they describe it."""
    rows, about = _grouped(counts)
    return table_stances(rows, **about, **TABLES[about["by"]])


def _grouped(counts: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return passages, or points, with the column that they are counted by, and what they are cited from."""
    study, what = study_of(counts), counts["counted"].iloc[0] if len(counts) else "passages"
    if counts.attrs.get("by") == "client_group":
        about = {"by": "client_group", "source": _about_groups(study), "what": what}
        return counts.rename(columns={"group": "client_group"}), about
    coded = said_in_words(passage_evidence(study))
    return counts, {"by": "theme", "source": cited(study, coded["document_id"]), "what": what}


def plot_passages_by_kind(counts: pd.DataFrame) -> Figure | None:
    """Draw the passages about rural and about urban areas, theme by theme."""
    study = study_of(counts)
    named = said_in_words(passage_evidence(study)).query("area_kind in ['rural', 'urban']")
    return plot_area_types(counts, source=cited(study, named["document_id"]))


def table_points_by_kind(counts: pd.DataFrame) -> list[Table]:
    """Return every passage that names a kind of area, kind by kind."""
    study = study_of(counts)
    points = area_type_points(passage_evidence(study))
    return [table_area_points(points, study, kind=kind) for kind in AREA_KINDS]


def _about_groups(study: Study) -> str:
    if hears_people(study):
        return heard_by(study)
    return cited(study, passages_on_groups(study)["document_id"].unique())


def passages_on_groups(study: Study) -> pd.DataFrame:
    """Return the judgements of passages that are about a client group, as passage_evidence has them."""
    evidence = passage_evidence(study, facet="all")
    return said_in_words(evidence).dropna(subset="client_group")
