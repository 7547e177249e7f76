"""Do a document's dates, labels, lists and tables agree with each other?"""

from collections.abc import Callable

import pandas as pd

from ncsresearch.analysis.recompute import (
    AGREES,
    COLUMNS,
    DIFFERS,
    NOTE,
    NUMBER_RULES,
    UNKNOWN,
    Check,
    check_values,
    plain,
    recompute_counts,
    revised_statistics,
)
from ncsresearch.evidence.passages import attribute_of
from ncsresearch.study import Study


def _verdict(agrees: bool, text: str, weight: str = "minor") -> Check:
    return Check(text, AGREES) if agrees else Check(text, DIFFERS, weight)


def check_same_dates(published: str, inputs: str, study: Study) -> Check:
    """Two sources that date one thing give the same dates."""
    return _verdict(published == inputs, inputs)


def check_date_within(published: str, inputs: str, study: Study) -> Check:
    """A date lies in the period it is said to be of."""
    first, last = published.split("/")
    return _verdict(
        first <= inputs <= last, f"{inputs} is {'within' if first <= inputs <= last else 'outside'} it"
    )


def check_in_order(published: str, inputs: str, study: Study) -> Check:
    """Dates that follow each other are in their order."""
    dates = inputs.split(";")
    return _verdict(dates == sorted(dates), " then ".join(dates))


def check_no_overlap(published: str, inputs: str, study: Study) -> Check:
    """Terms that follow each other do not overlap."""
    terms = [[int(end) for end in term.split("-")] for term in inputs.split(";")]
    overlaps = [
        (after[0], before[1]) for before, after in zip(terms, terms[1:], strict=False) if after[0] < before[1]
    ]
    text = "; ".join(f"months {start} to {end} are in two terms" for start, end in overlaps) or "no overlap"
    return _verdict(not overlaps, text)


def check_series_covers(published: str, inputs: str, study: Study) -> Check:
    """A series covers the period that it is shown for; its first period is named by financial year and quarter."""
    first = published.split("/")[0]
    year, quarter = int(inputs[:4]), int(inputs[-1])
    start = f"{year + (quarter == 4)}-{(3 * quarter) % 12 + 1:02}"
    months = 12 * (int(start[:4]) - int(first[:4])) + int(start[5:]) - int(first[5:])
    if months <= 0:
        return Check(f"series starts {start}", AGREES)
    return Check(f"series starts {start}: the first {months} months are missing", NOTE, "note")


def check_one_period_type(published: str, inputs: str, study: Study) -> Check:
    """All periods of a table are of one length."""
    odd = int(inputs) - int(published)
    return _verdict(odd == 0, f"{inputs} columns, {odd} of another length" if odd else "all of one length")


def check_one_spelling(published: str, inputs: str, study: Study) -> Check:
    """A name is spelled one way: names that differ in a letter are one name spelled twice."""
    names = inputs.split(";")
    alike = [(a, b) for place, a in enumerate(names) for b in names[place + 1 :] if _letters_apart(a, b) == 1]
    text = "; ".join(f"{a} and {b} may be one name" for a, b in alike) or "one spelling of each"
    return Check(text, NOTE, "note") if alike else Check(text, AGREES)


def _letters_apart(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


def check_numbered_in_order(published: str, inputs: str, study: Study) -> Check:
    """Headings are numbered from 1 without a gap."""
    found = inputs.split(";")
    expected = [str(number) for number in range(1, len(found) + 1)]
    return _verdict(found == expected, f"numbered {', '.join(found)}")


def check_same_wording(published: str, inputs: str, study: Study) -> Check:
    """A question printed in several places has the same words in each."""
    wordings = inputs.split(";")
    distinct = len(set(wordings))
    text = f"{distinct} wording{'s' * (distinct > 1)} in {len(wordings)} places"
    return Check(text, AGREES) if distinct == 1 else Check(text, NOTE, "note")


def check_cited_from_elsewhere(published: str, inputs: str, study: Study) -> Check:
    """Results that a paper cites to another report are of that report's people, not of the paper's area."""
    return Check(f"cited to: {inputs}", DIFFERS, "major") if inputs else Check("the paper's own", AGREES)


def check_answers_not_published(published: str, inputs: str, study: Study) -> Check:
    """Shares of the top answers alone say nothing of the neutral and missing ones."""
    if len(study.survey_answers):
        return Check(f"{len(study.survey_answers)} answers are held", AGREES)
    return Check("neutral and missing answers, and bases of items, are not published", UNKNOWN, "note")


def check_topics_have_counts(published: str, inputs: str, study: Study) -> Check:
    """A topic named as most discussed has a count somewhere."""
    counted = {category.lower() for category in study.comment_counts["category"]}
    without = [topic for topic in published.split(";") if topic.lower() not in counted]
    return _verdict(not without, f"no count for {', '.join(without)}" if without else "all counted")


def check_topics_hold_the_rest(published: str, inputs: str, study: Study) -> Check:
    """Whether the topics named, none larger than the smallest published, can hold the comments left over."""
    topics = study.published_values.loc[study.published_values["rule"].eq("topics have counts"), "published"]
    n_topics = len(topics.iloc[0].split(";"))
    found = [
        _rest_of_question(question, rows, n_topics)
        for question, rows in study.comment_counts.groupby("question_id")
    ]
    return Check("; ".join(text for text in found if text) or "they can", NOTE, "note")


def _rest_of_question(question: str, rows: pd.DataFrame, n_topics: int) -> str:
    rest = int(rows["question_total"].iloc[0] - rows["n"].sum())
    room = (n_topics - len(rows)) * int(rows["n"].min())
    if rest > room:
        return f"question {question}: {rest} left, room for {room}, so there are further topics"
    return (
        f"question {question}: {rest} left fit only if each other topic has {rows['n'].min()}"
        if rest == room
        else ""
    )


def check_examples_printed(published: str, inputs: str, study: Study) -> Check:
    """How many of all comments an appendix of examples prints, the same comment counted once."""
    comments = study.segments[study.segments["kind"].eq("comment")]
    distinct = comments["text_sha256"].nunique()
    share = 100 * len(comments) / float(published)
    return Check(f"{len(comments)} printed ({share:.1f}%), {distinct} of them distinct", NOTE, "minor")


STRUCTURE_RULES: dict[str, Callable[[str, str, Study], Check]] = {
    "same dates": check_same_dates,
    "date within": check_date_within,
    "in order": check_in_order,
    "no overlap": check_no_overlap,
    "series covers": check_series_covers,
    "one period type": check_one_period_type,
    "one spelling": check_one_spelling,
    "numbered in order": check_numbered_in_order,
    "same wording": check_same_wording,
    "cited from elsewhere": check_cited_from_elsewhere,
    "answers not published": check_answers_not_published,
    "topics have counts": check_topics_have_counts,
    "topics hold the rest": check_topics_hold_the_rest,
    "examples printed": check_examples_printed,
}


def _row(document_id, where, statement, published, check: Check, rule) -> tuple:
    return document_id, where, statement, published, check.recomputed, check.result, check.weight, rule


def consultation_structure(study: Study):
    """Categories of comments: named alike, in the same order, each with examples, none printed twice or cut."""
    comments = study.segments[study.segments["kind"].eq("comment")]
    if comments.empty:
        return
    printed = comments["section"].str.extract(r"Question (\d+): (.+)")
    for question, rows in study.comment_counts.groupby("question_id"):
        document_id, where = rows["document_id"].iloc[0], f"question {question}"
        names = list(dict.fromkeys(printed.loc[printed[0].eq(question), 1]))
        shown = [
            next((name for name in names if name.lower().startswith(category.lower())), "")
            for category in rows["category"]
        ]
        for category, n, name in zip(rows["category"], rows["n"], shown, strict=True):
            if not name:
                check = Check("no example in the appendix", DIFFERS, "minor")
                yield _row(
                    document_id,
                    where,
                    f"examples of {category}",
                    f"{n} comments",
                    check,
                    "category has examples",
                )
            elif name.lower() != category.lower():
                check = Check(name, NOTE, "note")
                yield _row(document_id, where, "name of a category", category, check, "label variants")
        order = [name for name in names if name in shown]
        expected = [name for name in shown if name]
        if order != expected:
            check = Check(", ".join(order), NOTE, "note")
            yield _row(
                document_id, where, "order of the categories", ", ".join(expected), check, "same order"
            )


def repeated_comments(study: Study):
    """Comments that a source prints twice, nearly twice, or cut short."""
    segments = study.segments.set_index("segment_id")
    for link in study.links.dropna(subset="similarity").itertuples():
        one, other = segments.loc[link.from_id], segments.loc[link.to_id]
        where, statement = one["section"].lower(), f"comments {one['ordinal']} and {other['ordinal']}"
        same = link.similarity == 1
        check = Check(
            f"{100 * link.similarity:.0f}% of words in common",
            DIFFERS if same else NOTE,
            "minor" if same else "note",
        )
        yield _row(one["document_id"], where, statement, link.kind, check, "printed once")
    cut = attribute_of(study, "segments", "cut short")
    for document_id, rows in segments[segments.index.isin(cut.index)].groupby("document_id"):
        check = Check(f"comments {', '.join(str(number) for number in rows['ordinal'])}", NOTE, "note")
        yield _row(
            document_id, "examples", "comments that end in an ellipsis", str(len(rows)), check, "cut short"
        )


def poll_directions(study: Study):
    """Percentages of one poll that count different things: agreement, disagreement, a choice."""
    for document_id, rows in study.poll_results.dropna(subset=["percent"]).groupby("document_id"):
        counts = rows["direction"].value_counts(sort=False)
        text = ", ".join(f"{n} {direction}" for direction, n in counts.items() if n)
        check = Check(text, NOTE, "note") if (counts > 0).sum() > 1 else Check(text, AGREES)
        yield _row(
            document_id, "poll", "what the percentages count", f"{len(rows)} results", check, "one direction"
        )


def label_variants(study: Study):
    """One thing printed under several names: groups in attributions, redacted places."""
    segments = study.segments.set_index("segment_id")
    interviews = study.interviews.set_index("interview_id")["participant_group"]
    printed = attribute_of(study, "segments", "attribution as printed")
    group = segments.loc[printed.index, "interview_id"].map(interviews)
    for name, spellings in printed.groupby(group):
        distinct = sorted(set(spellings))
        if len(distinct) > 1:
            check = Check("; ".join(distinct), NOTE, "minor")
            yield _row(
                _documents(segments, spellings),
                "attributions",
                f"names of {name}",
                str(len(distinct)),
                check,
                "label variants",
            )
    forms = attribute_of(study, "segments", "redaction form").str.split("; ").explode()
    if forms.nunique() > 1:
        check = Check("; ".join(f"[{form}]" for form in dict.fromkeys(forms)), NOTE, "note")
        where = _documents(segments, forms)
        yield _row(
            where, "quotations", "ways of leaving out a place", str(forms.nunique()), check, "label variants"
        )


def _documents(segments: pd.DataFrame, values: pd.Series) -> str:
    return "; ".join(dict.fromkeys(segments.loc[values.index, "document_id"]))


def report_structure(study: Study):
    """A report's quotations come from several interviews, its key points are one list that covers its body."""
    quoted = study.segments[study.segments["kind"].eq("quotation")]
    quoted = quoted.merge(
        study.interviews[["interview_id", "participant_group", "number"]], on="interview_id"
    )
    for (document_id, group), rows in quoted.groupby(["document_id", "participant_group"]):
        interviews = sorted(set(rows["number"]))
        if len(rows) >= 2 * len(interviews) and len(rows) > 2:
            text = f"from {len(interviews)} interview{'s' * (len(interviews) > 1)} ({', '.join(map(str, interviews))})"
            check = Check(text, NOTE, "note")
            yield _row(
                document_id, "attributions", f"quotations of {group}", str(len(rows)), check, "concentration"
            )
    bulleted = attribute_of(study, "segments", "bulleted")
    points = study.segments[study.segments["kind"].eq("key point")]
    for document_id, rows in points.groupby("document_id"):
        marks = rows["segment_id"].map(bulleted)
        check = Check(f"{marks.eq('no').sum()} without a bullet", NOTE, "note")
        if marks.eq("no").any():
            yield _row(document_id, "key points", "points in the list", str(len(rows)), check, "one list")
    yield from _summary_against_body(study)


def _summary_against_body(study: Study):
    named = attribute_of(study, "segments", "in the key points")
    served = study.codings[study.codings["code_id"].eq("less_well_served")].assign(
        named=lambda rows: rows["unit_id"].map(named)
    )
    groups = served.drop_duplicates("about_client_group")
    left_out = groups.loc[groups["named"].eq("no"), "about_client_group"]
    if len(left_out):
        document_id = study.segments.set_index("segment_id").loc[served["unit_id"], "document_id"].iloc[0]
        check = Check(f"the body names {len(left_out)} more: {', '.join(left_out)}", NOTE, "note")
        published = f"{groups['named'].eq('yes').sum()} groups"
        yield _row(
            document_id,
            "key points and body",
            "groups seen as less well served",
            published,
            check,
            "summary and body",
        )


def plan_structure(study: Study):
    """An action plan's rows can be told apart, and its measures have targets that are met."""
    for document_id, rows in study.actions.groupby("document_id"):
        states = rows["status"].value_counts(sort=False)
        text = ", ".join(f"{n} {state}" for state, n in states.items() if n)
        check = Check(text, NOTE, "note") if states.get("not separable", 0) else Check(text, AGREES)
        yield _row(
            document_id, "action plan", "actions and their states", str(len(rows)), check, "rows told apart"
        )
        late = rows[rows["due"].lt(rows["as_of"].str[:7]) & rows["status"].isin(["in progress", "no update"])]
        late = late[late["recurring"].ne("yes")]
        check = Check(
            f"overdue: {', '.join(late['action_id'])}" if len(late) else "none overdue",
            NOTE if len(late) else AGREES,
            "note" if len(late) else "",
        )
        yield _row(
            document_id,
            "action plan",
            f"actions open on {rows['as_of'].iloc[0]} past their month",
            str(len(late)),
            check,
            "overdue",
        )
    for document_id, rows in study.kpi_values.groupby("document_id"):
        met = int((rows["value"] >= rows["target"]).sum())
        last = rows.groupby("kpi_id", sort=False).tail(1)
        last_met = int((last["value"] >= last["target"]).sum())
        check = Check(f"{met} meet the target, {last_met} of the latest", NOTE, "note")
        yield _row(
            document_id, "measures", "values held against their target", plain(len(rows)), check, "target met"
        )


STRUCTURE = (
    consultation_structure,
    repeated_comments,
    poll_directions,
    label_variants,
    report_structure,
    plan_structure,
)


def figures_checked(study: Study) -> pd.DataFrame:
    """Every published number recomputed, and every date, label and list held against the others.

    Returns one row per check, with
        document_id, where, statement   what was checked
        published, recomputed           as printed, and what the rule computed
        result                          agrees, differs, cannot be checked, or to note
        weight                          major, minor or note, where it does not agree
        rule                            the rule, which would find the same again elsewhere
    """
    structure = pd.DataFrame([row for rule in STRUCTURE for row in rule(study)], columns=COLUMNS)
    values = check_values(study, NUMBER_RULES | STRUCTURE_RULES)
    parts = [
        recompute_counts(study),
        values,
        structure,
        revised_statistics(study.statistics, study.documents),
    ]
    order = pd.CategoricalDtype(study.documents["document_id"], ordered=True)
    checked = pd.concat(parts, ignore_index=True)
    first = checked["document_id"].str.split(";").str[0].astype(order)
    return checked.loc[first.sort_values(kind="stable").index].reset_index(drop=True)


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
