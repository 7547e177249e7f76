"""The rows of a study that a finding may rest on: one frame, with words to read and a digest of what each row says."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd

from ncsresearch.analysis.coded_turns import coded_places
from ncsresearch.batch.digests import digest
from ncsresearch.evidence.groups import GROUPINGS, grouped_people
from ncsresearch.evidence.judgements import with_speakers
from ncsresearch.evidence.kinds import kinds_of_areas
from ncsresearch.evidence.passages import UNIT_KINDS
from ncsresearch.present.table import titles
from ncsresearch.present.wording import page_words
from ncsresearch.schema import TABLES, UNIT_IDS
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names
from ncsresearch.study.kept import kept

COLUMNS = ["kind", "row_id", "label", "digest"]
# by what a basis chooses rows
CHOSEN_BY = ["person", "of", "unit", "code_id", "stance", "coder", "about", "groups"]
JUDGED = ("code_id", "stance", "about_client_group", "about_area_type", "coder", "n_references")
FIGURES = ("kpi_values", "poll_results", "comment_counts", "ratings", "statistics")
# what a row of figures is called by, and what it says
CALLED = ("label", "category", "series", "area_id", "period", "direction")
SAYS = ("value", "percent", "n", "rating", "status", "due_printed", "answer")


@kept(2)
def study_rows(study: Study) -> pd.DataFrame:
    """Return every row of a study that a finding may rest on.

    Returns one row per row of the study, with kind, row_id (unique in its kind), label, digest (of what it says, and not of
    its id), and by what it is found: person, of (the table of what a coding judges), unit, code_id, stance, coder, about (the client
    group judged) and groups (such as area_type=rural, a line each); empty where a kind of row has none.

    Caution: true rows on single people, for the owner of the study.
    """
    found = [make(study).assign(kind=kind) for kind, make in KINDS.items()]
    rows = pd.concat(found, ignore_index=True).reindex(columns=[*COLUMNS, *CHOSEN_BY])
    rows = rows.astype("str").where(rows.notna(), "")
    return rows.astype(dict.fromkeys(["kind", *CHOSEN_BY], "category"))


def _rows(rows: pd.DataFrame, row_id: pd.Series, label: pd.Series, says: Sequence[str], **by) -> pd.DataFrame:
    told = rows[[*says]].astype("str").where(rows[[*says]].notna(), "")
    each = ("\x1f".join(cells).encode() for cells in told.itertuples(index=False, name=None))
    digests = [digest(said)[:16] for said in each]
    return pd.DataFrame({"row_id": row_id, "label": label, "digest": digests} | by, index=rows.index)


def _joined(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return some cells of each row, those that there are, with commas between them."""
    told = rows[[name for name in columns if name in rows]]
    cells = told.astype("str").where(told.notna(), "")
    joined = [", ".join(filter(None, own)) for own in cells.itertuples(index=False)]
    return pd.Series(joined, rows.index, dtype="str")


def _of_people(study: Study) -> pd.Series:
    """Return the groups of each person, a line each, by participant_id."""
    every = [grouped_people(study, by=by).assign(by=by) for by in (*GROUPINGS[1:], *study.settings.groupings)]
    rows = pd.concat([own.astype({"group": "str"}) for own in every])
    return (rows["by"] + "=" + rows["group"]).groupby(rows["participant_id"]).agg("\n".join)


def _of_areas(study: Study) -> pd.Series:
    """Return the groups that people of each area belong to, a line each, by area_id."""
    areas = study.areas.set_index("area_id")
    kinds = ("\narea_type=" + kinds_of_areas(study).astype("str")).where(kinds_of_areas(study).notna(), "")
    return "area_id=" + areas["name"] + kinds


def _settings(study: Study) -> pd.DataFrame:
    told = pd.Series(vars(study.settings)).rename_axis("name").map(repr).reset_index(name="value")
    label = told["name"].str.replace("_", " ").str.capitalize() + ": " + told["value"].str.strip("'")
    return _rows(told, told["name"], label, ["name", "value"])


def _codes(study: Study) -> pd.DataFrame:
    rows = study.codebook
    says = ["code_id", "parent_id", "label", "facet", "definition", "include", "exclude"]
    names = rows["code_id"].map(code_names(study.codebook))
    return _rows(rows, rows["code_id"], names, says, code_id=rows["code_id"])


def _areas(study: Study) -> pd.DataFrame:
    rows, says = study.areas, ["name", "classification", "area_type", "population", "case_study"]
    label = rows["name"] + " (" + _joined(rows, ["classification", "population"]) + ")"
    return _rows(rows, rows["area_id"], label, says, groups=rows["area_id"].map(_of_areas(study)))


def _people(study: Study) -> pd.DataFrame:
    rows = study.participants
    rows = rows.assign(groups=rows["participant_id"].map(_of_people(study)))
    rows["area"] = rows["area_id"].map(study.areas.set_index("area_id")["name"])
    place = _joined(rows, ["participant_group", "area"])
    label, person = rows["participant_id"] + " (" + place + ")", rows["participant_id"]
    # an area may be renamed
    rows["others"] = rows["groups"].str.replace(r"(?m)^area_id=.*\n?", "", regex=True)
    says = ["participant_id", "area_id", "others"]
    return _rows(rows, person, label, says, person=person, groups=rows["groups"])


def _interviews(study: Study) -> pd.DataFrame:
    rows = study.interviews
    label = rows["interview_id"].map(_interview_labels(study))
    says = ["area_id", "participant_group", "mode"]
    return _rows(rows, rows["interview_id"], label, says, groups=rows["area_id"].map(_of_areas(study)))


def _interview_labels(study: Study) -> pd.Series:
    """Return what each interview is called, by interview_id: its group and number, or its document's title."""
    rows = study.interviews
    number = page_words("study_rows", "interview") + rows["number"].astype("str")
    numbered = rows["participant_group"] + ", " + number
    title = titles(study, rows["document_id"].fillna(rows["interview_id"]))
    return numbered.where(rows["number"].notna(), title).set_axis(rows["interview_id"])


def _passage_labels(study: Study) -> pd.Series:
    """Return where each passage is, by segment_id: its interview, or its document, and its turn."""
    rows = study.segments.set_index("segment_id")
    where = rows["interview_id"].map(_interview_labels(study))
    where = where.where(where.notna(), titles(study, rows["document_id"]))
    turns = pd.Series(dtype="str")
    if len(study.turns):
        turns = coded_places(study).drop_duplicates("unit_id").set_index("unit_id")["ordinal"]
    at = page_words("study_rows", "turn") + rows.index.to_series().map(turns).astype("Int64").astype("str")
    other = page_words("study_rows", "passage") + rows["ordinal"].astype("str")
    other = other.where(rows["ordinal"].notna(), rows["section"])
    at = at.where(rows.index.isin(turns.index), other)
    return _joined(pd.DataFrame({"where": where, "at": at}), ["where", "at"])


def _passages(study: Study) -> pd.DataFrame:
    rows = study.segments
    says = ["document_id", "section", "kind", "text_sha256", "label", "condition", "text"]
    place = rows["segment_id"].map(_passage_labels(study))
    label = place.where(rows["label"].isna(), rows["label"].fillna("") + " (" + place + ")")
    by = {"unit": rows["segment_id"], "person": rows["participant_id"]}
    return _rows(rows, rows["segment_id"], label, says, **by)


def _points(study: Study) -> pd.DataFrame:
    rows = study.points
    says = ["document_id", "first_paragraph", "last_paragraph", "statement", "kind"]
    says += ["qualifies", "held_by", "how_widely"]
    label = rows["statement"] + " (" + titles(study, rows["document_id"]) + ")"
    return _rows(rows, rows["point_id"], label, says, unit=rows["point_id"])


def _codings(study: Study) -> pd.DataFrame:
    rows = with_speakers(study, study.codings).reset_index(drop=True)
    person, spoken = rows["participant_id"], rows["interview_id"].notna()
    rows["where"] = rows["unit_id"].where(~spoken, person.fillna("") + "/" + rows["interview_id"].fillna(""))
    called = pd.concat([_passage_labels(study), _interview_labels(study), _unit_labels(study)])
    place = rows["unit_id"].map(called[~called.index.duplicated()])
    rows["theme"] = rows["code_id"].map(code_names(study.codebook))
    about = _joined(rows, ["theme", "stance", "about_client_group", "about_area_type"])
    label = place.fillna("") + ": " + about + " (" + rows["coder"] + ")"
    by = {name: rows[name] for name in ("code_id", "stance", "coder")}
    by |= {"about": rows["about_client_group"], "unit": rows["unit_id"], "of": rows["unit"]}
    by |= {"person": person, "groups": person.map(_of_people(study))}
    return _rows(rows, rows["coding_id"], label, ["where", *JUDGED], **by)


def _unit_labels(study: Study) -> pd.Series:
    """Return what each point, question, figure and action is called, by its id."""
    rows = pd.concat([_points(study), *(_of_table(study, name) for name in UNIT_KINDS)])
    return rows.drop_duplicates("unit").set_index("unit")["label"]


def _of_table(study: Study, table: str) -> pd.DataFrame:
    """Return the rows of a table of figures, questions or actions: what each is called, and what it says."""
    rows, key = study.tables[table].reset_index(drop=True), list(TABLES[table].key)
    says = [name for name in TABLES[table].column_names if name != "notes" and name not in key]
    row_id = table + "/" + rows[key].astype("str").agg("/".join, axis=1) if len(rows) else rows[key[0]]
    value = _joined(rows, SAYS)
    names = rows["area_id"].map(study.areas.set_index("area_id")["name"])
    label = _joined(rows.assign(area_id=names), CALLED) + (": " + value).where(value.ne(""), "")
    named = rows[UNIT_IDS[table]] if table in UNIT_IDS else rows["series"]
    areas = rows["area_id"].map(_of_areas(study))
    return _rows(rows, row_id, label, [*key[1:], *says], unit=named, of=table, groups=areas)


def _figures(study: Study) -> pd.DataFrame:
    return pd.concat([_of_table(study, table) for table in FIGURES])


def _answers(study: Study) -> pd.DataFrame:
    rows = study.survey_answers.reset_index(drop=True)
    question = rows["item_id"].map(study.survey_items.set_index("item_id")["label"]).fillna(rows["item_id"])
    label = rows["respondent_id"] + ", " + question + ": " + rows["answer"].fillna("–")
    by = {"unit": rows["item_id"], "person": rows["respondent_id"]}
    by["groups"] = rows["area_id"].map(_of_areas(study))
    says = ["respondent_id", "item_id", "area_id", "answer"]
    return _rows(rows, rows["respondent_id"] + "/" + rows["item_id"], label, says, **by)


KINDS: dict[str, Callable[[Study], pd.DataFrame]] = {
    "setting": _settings,
    "theme": _codes,
    "area": _areas,
    "person": _people,
    "interview": _interviews,
    "coding": _codings,
    "passage": _passages,
    "point": _points,
    "survey question": partial(_of_table, table="survey_items"),
    "survey answer": _answers,
    "figure": _figures,
    "action": partial(_of_table, table="actions"),
}
