"""What published passages raise, where nobody was heard: in words, figures and tables, passages counted."""

from collections.abc import Iterable, Mapping

import pandas as pd

from ncsresearch.analysis.area_types import area_type_points
from ncsresearch.analysis.passages import quotations
from ncsresearch.analysis.themes import themes_across_documents
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.kinds import AREA_KINDS
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.present.figure import plot_area_types, plot_stances
from ncsresearch.present.outputs import Figure, Finding, Table
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.sentence import most
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.table import cited, resting_on
from ncsresearch.present.table_research import table_area_points, table_stances
from ncsresearch.present.wording import phrases, sentence
from ncsresearch.schema import COMPARED
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
    passages = evidence[evidence["unit"].eq("segments") & evidence["stance"].isin(["strength", "challenge"])]
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
    behind = evidence[evidence["unit"].eq("segments") & evidence["theme"].isin(only.index)]
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
    """Return passages with the column that they are counted by, and what they are cited from."""
    study = study_of(counts)
    if counts.attrs.get("by") == "client_group":
        about = {"by": "client_group", "source": _about_groups(study)}
        return counts.rename(columns={"group": "client_group"}), about
    coded = passage_evidence(study).query("unit == 'segments'")
    return counts, {"by": "theme", "source": cited(study, coded["document_id"])}


def _points(counts: pd.DataFrame) -> pd.DataFrame:
    return area_type_points(passage_evidence(study_of(counts)))


def say_area_balance(counts: pd.DataFrame) -> Finding | None:
    """Say how many passages are about each kind of area."""
    points = _points(counts)
    if points.empty:
        return None
    kinds = points.groupby("area_kind", observed=False)["unit_id"].nunique()
    numbers = {str(kind): int(n) for kind, n in kinds.items()}
    places = {"total": points["unit_id"].nunique(), "kinds": numbers}
    return passage_sentence("area_balance", study_of(counts), points, numbers, **places)


def say_kinds_told(counts: pd.DataFrame) -> list[Finding | None]:
    """Say how the passages about rural and about urban areas are told, and what they are about most."""
    points, study = _points(counts), study_of(counts)
    return [say_kind_told(points, study, kind=kind) for kind in AREA_KINDS[:2]]


def say_kind_told(points: pd.DataFrame, study: Study, *, kind: str) -> Finding | None:
    """Say how the passages about one kind of area are told, and what they are about most."""
    own = points[points["area_kind"].eq(kind)]
    if own.empty:
        return None
    stances = own.drop_duplicates(["unit_id", "stance"])["stance"].value_counts()
    numbers = {str(stance): int(n) for stance, n in stances.items() if n}
    themes, n_most = most(own.groupby("theme", observed=True)["unit_id"].nunique())
    ways = [TOLD[stance] for stance in numbers]
    if len(ways) > 1:
        ways = [f"{n} {way}" for n, way in zip(numbers.values(), ways, strict=True)]
    places = {"n": own["unit_id"].nunique(), "kind": kind, "ways": ways, "themes": themes, "n_most": n_most}
    return passage_sentence("kind_told", study, own, numbers, name=f"told_{kind}", **places)


def say_quotations_area(counts: pd.DataFrame) -> Finding | None:
    """Say how few quotations name a kind of area, so that none can be tied to one."""
    study, points = study_of(counts), _points(counts)
    index = quotations(study)
    if index.empty:
        return None
    quoted = points[points["kind"].eq("quotation")].drop_duplicates(["unit_id", "area_kind"])
    named = {kind: int(quoted["area_kind"].eq(kind).sum()) for kind in COMPARED}
    numbers = {"quotations": len(index), **named}
    places = {"documents": index["document_id"].unique(), "tied": _n_tied_to_areas(study), **numbers}
    return passage_sentence("quotations_area", study, quoted, numbers, **places)


def _n_tied_to_areas(study: Study) -> int:
    quoted = study.segments.loc[study.segments["kind"].eq("quotation"), "interview_id"]
    return int(quoted.map(study.interviews.set_index("interview_id")["area_id"]).notna().sum())


def plot_passages_by_kind(counts: pd.DataFrame) -> Figure | None:
    """Draw the passages about rural and about urban areas, theme by theme."""
    study = study_of(counts)
    named = passage_evidence(study).query("unit == 'segments' and area_kind in ['rural', 'urban']")
    return plot_area_types(counts, source=cited(study, named["document_id"]))


def table_points_by_kind(counts: pd.DataFrame) -> list[Table]:
    """Return every passage that names a kind of area, kind by kind."""
    points, study = _points(counts), study_of(counts)
    return [table_area_points(points, study, kind=kind) for kind in AREA_KINDS]


def _about_groups(study: Study) -> str:
    if hears_people(study):
        return heard_by(study)
    return cited(study, passages_on_groups(study)["document_id"].unique())


def passages_on_groups(study: Study) -> pd.DataFrame:
    """Return the judgements of passages that are about a client group, as passage_evidence has them."""
    evidence = passage_evidence(study, facet="all")
    return evidence[evidence["unit"].eq("segments") & evidence["client_group"].notna()]
