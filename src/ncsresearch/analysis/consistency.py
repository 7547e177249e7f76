"""Do a study's published figures follow from what they were made of, and its dates, labels, lists and tables agree?

Each check yields rows with the columns of figures_checked.
"""

from collections.abc import Collection, Iterator

import pandas as pd

from ncsresearch.analysis.kpi import kpi_series
from ncsresearch.analysis.points import points
from ncsresearch.analysis.recompute import (
    AGREES,
    DIFFERS,
    MAJOR,
    MINOR,
    NOTE,
    REMARK,
    RIGHT,
    UNKNOWN,
    check_value,
    plain,
    values_checked,
)
from ncsresearch.analysis.rounding import consistent_counts
from ncsresearch.evidence.passages import attribute_of, passage_evidence
from ncsresearch.evidence.rounded import percent
from ncsresearch.schema import one_of
from ncsresearch.study import Study
from ncsresearch.study.frames import framed
from ncsresearch.study.kept import kept

COLUMNS = ["document_id", "where", "statement", "published", "recomputed", "result", "weight", "rule"]
POINTS = "points"
OPEN_STATES = ["in progress", "no update"]


def percentages_of_comments(study: Study) -> Iterator[tuple]:
    """The percentage of each category of comments is its count over the comments on its question."""
    for row in study.comment_counts.dropna(subset=["n", "published_percent"]).itertuples():
        published, where = f"{row.published_percent:g}", f"question {row.question_id}"
        found, verdict = check_value("percent", published, f"{row.n};{row.question_total}", study)
        statement = f"{row.category}, share of comments"
        yield row.document_id, where, statement, published, found, *verdict, "percent"


def counts_behind_survey_shares(study: Study) -> Iterator[tuple]:
    """Some count of people gives each published percentage of a survey."""
    for row in study.survey_items.dropna(subset=["percent", "base"]).itertuples():
        span = consistent_counts(row.percent, int(row.base))
        found = (f"{span[0]} to {span[1]} of {row.base}", *RIGHT) if span else ("no count", *MAJOR)
        yield row.document_id, "survey", row.label, f"{row.percent:g}", *found, "counts fit"


def categories_of_comments(study: Study) -> Iterator[tuple]:
    """Categories of comments are named alike, come in the same order and have examples."""
    comments = study.segments[study.segments["kind"].eq("comment")]
    if comments.empty:
        return
    printed = comments["section"].str.extract(r"Question (\d+): (.+)")
    for question, rows in study.comment_counts.groupby("question_id"):
        place = rows["document_id"].iloc[0], f"question {question}"
        names = list(dict.fromkeys(printed.loc[printed[0].eq(question), 1]))
        shown = [_first_that_begins(names, category) for category in rows["category"]]
        for category, n, name in zip(rows["category"], rows["n"], shown, strict=True):
            if not name:
                found = f"{n} comments", "none is printed in the appendix", *MINOR
                yield *place, f"examples of {category}", *found, "category has examples"
            elif name.lower() != category.lower():
                yield *place, "name of a category", category, name, *REMARK, "label variants"
        order, expected = [name for name in names if name in shown], [name for name in shown if name]
        if order != expected:
            found = ", ".join(expected), ", ".join(order), *REMARK
            yield *place, "order of the categories", *found, "same order"


def _first_that_begins(names: list[str], category: str) -> str:
    return next((name for name in names if name.lower().startswith(category.lower())), "")


def repeated_comments(study: Study) -> Iterator[tuple]:
    """Comments that a source prints twice, nearly twice, or cut short."""
    segments = study.segments.set_index("segment_id")
    for link in study.links.dropna(subset="similarity").itertuples():
        one, other = segments.loc[link.from_id], segments.loc[link.to_id]
        statement = f"comments {one['ordinal']} and {other['ordinal']}"
        found = link.kind, f"{percent(link.similarity)} of words in common", *REMARK
        if link.similarity == 1:
            found = "printed as two", "word for word the same", *MINOR
        yield one["document_id"], one["section"].lower(), statement, *found, "printed once"
    cut = attribute_of(study, "segments", "cut short")
    for document_id, rows in segments[segments.index.isin(cut.index)].groupby("document_id"):
        found = f"comments {', '.join(str(number) for number in rows['ordinal'])}"
        place = document_id, "examples", "comments that end in an ellipsis"
        yield *place, str(len(rows)), found, *REMARK, "cut short"


def poll_directions(study: Study) -> Iterator[tuple]:
    """Percentages of one poll that count different things: agreement, disagreement, a choice."""
    for document_id, rows in study.poll_results.dropna(subset=["percent"]).groupby("document_id"):
        verdict = REMARK if rows["direction"].nunique() > 1 else RIGHT
        found = f"{len(rows)} results", _listed_counts(rows["direction"]), *verdict
        yield document_id, "poll", "what the percentages count", *found, "one direction"


def _listed_counts(values: pd.Series) -> str:
    return ", ".join(f"{n} {value}" for value, n in values.value_counts(sort=False).items() if n)


def label_variants(study: Study) -> Iterator[tuple]:
    """One thing printed under several names: groups in attributions, redacted places."""
    segments = study.segments.set_index("segment_id")
    interviews = study.interviews.set_index("interview_id")["participant_group"]
    printed = attribute_of(study, "segments", "attribution as printed")
    for name, spellings in printed.groupby(segments.loc[printed.index, "interview_id"].map(interviews)):
        distinct = sorted(set(spellings))
        if len(distinct) > 1:
            place = _documents(segments, spellings), "attributions", f"names of {name}"
            yield *place, str(len(distinct)), "; ".join(distinct), NOTE, "minor", "label variants"
    forms = attribute_of(study, "segments", "redaction form").str.split("; ").explode()
    if forms.nunique() > 1:
        place = _documents(segments, forms), "quotations", "ways of leaving out a place"
        found = "; ".join(f"[{form}]" for form in dict.fromkeys(forms))
        yield *place, str(forms.nunique()), found, *REMARK, "label variants"


def _documents(segments: pd.DataFrame, values: pd.Series) -> str:
    return "; ".join(dict.fromkeys(segments.loc[values.index, "document_id"]))


def concentration(study: Study) -> Iterator[tuple]:
    """A report's quotations of one group come from several interviews."""
    quoted = study.segments[study.segments["kind"].eq("quotation")]
    quoted = quoted.merge(
        study.interviews[["interview_id", "participant_group", "number"]], on="interview_id"
    )
    for (document_id, group), rows in quoted.groupby(["document_id", "participant_group"]):
        held = sorted(set(rows["number"]))
        if len(rows) >= 2 * len(held) and len(rows) > 2:
            found = f"from {len(held)} interview{'s' * (len(held) > 1)} ({', '.join(map(str, held))})"
            place = document_id, "attributions", f"quotations of {group}"
            yield *place, str(len(rows)), found, *REMARK, "concentration"


def key_points_in_one_list(study: Study) -> Iterator[tuple]:
    """A report's key points are one bulleted list."""
    bulleted = attribute_of(study, "segments", "bulleted")
    points = study.segments[study.segments["kind"].eq("key point")]
    for document_id, rows in points.groupby("document_id"):
        without = rows["segment_id"].map(bulleted).eq("no").sum()
        if without:
            found = str(len(rows)), f"{without} without a bullet", *REMARK
            yield document_id, "key points", "points in the list", *found, "one list"


def summary_against_body(study: Study) -> Iterator[tuple]:
    """A report's key points name the groups that its body names as less well served."""
    served = passage_evidence(study, facet="service level")
    served = served[served["code_id"].eq("less_well_served")].dropna(subset="client_group")
    in_summary = served["unit_id"].isin(points(study, by="key points")["point_id"])
    for document_id, own in served.groupby("document_id"):
        named = set(own.loc[in_summary, "client_group"])
        left_out = [group for group in own["client_group"].unique() if group not in named]
        if named and left_out:
            found = f"the body names {len(left_out)} more: {', '.join(left_out)}"
            place = document_id, "key points and body", "groups seen as less well served"
            yield *place, f"{len(named)} groups", found, *REMARK, "summary and body"


def action_plan(study: Study) -> Iterator[tuple]:
    """An action plan's rows are separate, and none is open past its month."""
    for document_id, rows in study.actions.groupby("document_id"):
        place, status = (document_id, "action plan"), rows["status"]
        verdict = REMARK if status.eq("not separable").any() else RIGHT
        found = str(len(rows)), _listed_counts(status), *verdict
        yield *place, "actions and their states", *found, "rows told apart"
        open_after = status.isin(OPEN_STATES) & rows["due"].lt(rows["as_of"].str[:7])
        late = rows.loc[open_after & rows["recurring"].ne("yes"), "action_id"]
        silent = int(status.eq("no update").sum())
        none = "none overdue" + f"; {silent} without an update were due later" * bool(silent)
        found = (f"overdue: {', '.join(late)}", *REMARK) if len(late) else (none, *RIGHT)
        statement = f"actions open past their month, as of {rows['as_of'].iloc[0]}"
        yield *place, statement, str(len(late)), *found, "overdue"


def targets_met(study: Study) -> Iterator[tuple]:
    """How many values of measures meet their targets, and how many of the latest."""
    for document_id, rows in kpi_series(study.kpi_values).dropna(subset="met").groupby("document_id"):
        met = rows["met"].astype("bool")
        latest = met[~rows["kpi_id"].duplicated(keep="last")]
        found = plain(len(rows)), f"{met.sum()} meet the target, {latest.sum()} of the latest", *REMARK
        yield document_id, "measures", "values compared with their target", *found, "target met"


def revised_statistics(study: Study) -> Iterator[tuple]:
    """Figures of official statistics that a later edition gives differently: a row per series in two editions."""
    documents = study.documents
    official = documents[documents["kind"].eq("official statistics")].set_index("document_id")
    editions = study.statistics[study.statistics["document_id"].isin(official.index)]
    editions = editions.assign(year=editions["document_id"].map(official["year"]))
    both = editions.merge(editions, on=["area_id", "series", "period", "unit"], suffixes=("", "_later"))
    both = both[both["year"] < both["year_later"]]
    names = official["short_title"].fillna(official["title"])
    for (document_id, later, series), pairs in both.groupby(["document_id", "document_id_later", "series"]):
        change = (pairs["value_later"] - pairs["value"]).dropna()
        figures, revised = f"{len(change)} figure{'s' * (len(change) > 1)}", int(change.ne(0).sum())
        largest = f", by {change.loc[change.abs().idxmax()]:+,.0f} at most" if revised else ""
        found = f"{revised} of {figures} revised{largest}", *(REMARK if revised else RIGHT)
        yield document_id, f"compared with {names[later]}", series, figures, *found, "revised"


CHECKS = (
    *(percentages_of_comments, counts_behind_survey_shares, values_checked, categories_of_comments),
    *(repeated_comments, poll_directions, label_variants, concentration, key_points_in_one_list),
    *(summary_against_body, action_plan, targets_met, revised_statistics),
)


@kept(2)
def figures_checked(study: Study) -> pd.DataFrame:
    """Every published number recomputed, and every date, label and list compared with the others.

    Returns one row per check, with
        document_id, where, statement   what was checked
        published, recomputed           as printed, and what the rule computed
        result                          agrees, differs, cannot be checked, or to note
        weight                          major, minor or note, where it does not agree
        rule                            the rule, which would find the same again elsewhere
    """
    checked = pd.DataFrame([row for check in CHECKS for row in check(study)], columns=COLUMNS)
    order = pd.CategoricalDtype(study.documents["document_id"], ordered=True)
    first = checked["document_id"].str.split(";").str[0].astype(order)
    return checked.loc[first.sort_values(kind="stable").index].reset_index(drop=True)


def recomputed(study: Study, *, result: str | Collection[str] = "") -> pd.DataFrame:
    """Every published number recomputed, and every date, label and list compared with the others.

    result   agrees, differs, cannot be checked or to note, or several of these; without it all

    Returns the rows and columns of figures_checked.
    """
    rows = figures_checked(study)
    if not result:
        return framed(rows, "checks", study)
    results = [result] if isinstance(result, str) else list(result)
    return framed(rows[rows["result"].isin(results)], "checks with a result", study, results=results)


def check_summary(checked: pd.DataFrame) -> pd.DataFrame:
    """Checks of each document by result.

    Returns one row per document_id and result, 0 included, with n_checks.
    """
    results = pd.CategoricalDtype([AGREES, DIFFERS, UNKNOWN, NOTE], ordered=True)
    order = pd.CategoricalDtype(list(dict.fromkeys(checked["document_id"])), ordered=True)
    rows = checked.assign(
        result=checked["result"].astype(results), document_id=checked["document_id"].astype(order)
    )
    return rows.groupby(["document_id", "result"], observed=False).size().rename("n_checks").reset_index()


def remarks(study: Study, *, about: str = "remarks") -> pd.DataFrame:
    """What only a reader can say: remarks on wording and labels, or how the points were checked.

    about   remarks, or points: the notes on a document whose title is points

    Returns one row per note with unit_id (the document), title (where), text and author. Raises StudyError for another value.
    """
    one_of("about", about, ("remarks", POINTS))
    of_points = study.notes["title"].eq(POINTS) & study.notes["unit_id"].isin(study.points["document_id"])
    return framed(study.notes[of_points if about == POINTS else ~of_points], "remarks", study, about=about)
