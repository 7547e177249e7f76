"""Survey answers, where they are held: what people answered, and what was no answer."""

import pandas as pd

from ncsresearch.analysis.survey import answers_counted, stray_answers
from ncsresearch.disclosure.answers import publishable_answers
from ncsresearch.present.figure import plot_shares
from ncsresearch.present.media import UNKNOWN, WITHHELD, Figure, Finding, Table
from ncsresearch.present.quantity import among_told
from ncsresearch.present.sentence import counted, listed, no_evidence
from ncsresearch.present.table import SMALLEST_BASE, large_enough, titles
from ncsresearch.study import Study

ON_THE_SCALE = "answers on the scale, the neutral ones among them"


def say_answered(study: Study, *, document_id: str) -> Finding:
    """Say how many people answered a survey and which questions drew most and fewest positive answers."""
    rows = publishable_answers(study)
    rows = rows[rows["document_id"].eq(document_id) & rows["base"].gt(0)].dropna(subset="n_positive")
    if rows.empty:
        return no_evidence(f"answered_{document_id}", "survey answers")
    n = study.survey_answers[study.survey_answers["item_id"].isin(rows["item_id"])]["respondent_id"].nunique()
    high, low = rows.loc[rows["share"].idxmax()], rows.loc[rows["share"].idxmin()]
    sentence = (
        f'{counted(n, "person", "people")} answered the {_name(study, document_id)}. Most agreed with "{high["label"]}" '
        f'({high["n_positive"]} of {high["base"]}), fewest with "{low["label"]}" ({low["n_positive"]} of {low["base"]}).'
    )
    return Finding(
        f"answered_{document_id}", sentence, {"respondents": n}, source=_source(study, document_id)
    )


def _name(study: Study, document_id: str) -> str:
    return titles(study, pd.Series([document_id])).iloc[0].replace("_", " ")


def _source(study: Study, document_id: str) -> str:
    return f"{study.settings.status_line.split(':')[0]}: {_name(study, document_id)}"


def say_not_answers(study: Study) -> Finding:
    """Say how many cells are no answers: don't knows, blanks and answers on no scale."""
    rows, stray = answers_counted(study), stray_answers(study)
    if rows.empty:
        return no_evidence("not_answers", "survey answers")
    numbers = {name: int(rows[f"n_{name}"].sum()) for name in ("dont_know", "blank", "stray")}
    if study.settings.threshold:
        words = "Left out of every base are don't knows, blanks and answers that stand on no scale."
        return Finding("not_answers", words)
    named = f": {listed(f'{answer!r}' for answer in stray['answer'].unique())}" if len(stray) else ""
    told = [
        counted(numbers[name], one)
        for name, one in (("dont_know", "don't know"), ("blank", "blank"), ("stray", "answer"))
    ]
    sentence = f"Left out of every base are {told[0]}, {told[1]} and {told[2]} that stand on no scale{named}."
    return Finding("not_answers", sentence, numbers)


def answered(study: Study) -> list:
    """Return, for each survey whose answers are held, its sentence, figure and tables."""
    held = study.survey_items[study.survey_items["item_id"].isin(study.survey_answers["item_id"])]
    shown: list = []
    for document_id in held["document_id"].unique():
        shown += [
            *among_told(study, say_answered(study, document_id=document_id)),
            plot_answers(study, document_id=document_id),
            table_answers(study, document_id=document_id),
            table_answers_by_kind(study, document_id=document_id),
        ]
    return shown


def _by_kind(study: Study, document_id: str) -> pd.DataFrame:
    rows = publishable_answers(study, by="area_type")
    rows = rows[rows["document_id"].eq(document_id)]
    if rows["group"].nunique() < 2:
        return pd.DataFrame()
    table = rows.pivot(index="label", columns="group", values=["n_positive", "base", "share"])
    flat = pd.DataFrame(
        {
            f"{name}_{kind}": table[name, kind]
            for kind in ("rural", "urban")
            for name in ("n_positive", "base", "share")
        }
    )
    whole = {f"{name}_{kind}": "Int64" for kind in ("rural", "urban") for name in ("n_positive", "base")}
    whole |= {f"share_{kind}": "float64" for kind in ("rural", "urban")}
    return flat.rename_axis("theme").reset_index().astype(whole)


def _carries(rows: pd.DataFrame) -> bool:
    """Whether every question has enough answers in both kinds of area for a percentage."""
    return bool(len(rows)) and min(rows["base_rural"].min(), rows["base_urban"].min()) >= SMALLEST_BASE


def plot_answers(study: Study, *, document_id: str) -> Figure:
    """Draw the share of positive answers in rural and in urban areas, question by question."""
    rows = _by_kind(study, document_id)
    rows = (
        rows.assign(difference=rows["share_rural"] - rows["share_urban"]).sort_values(
            "difference", ascending=False
        )
        if len(rows)
        else rows
    )
    if len(rows) and not _carries(rows):
        words = f"No shares are drawn: a percentage needs {SMALLEST_BASE} answers, and one kind of area has fewer to a question."
        return Figure(f"answers_{document_id}", None, words)
    about = {"base": ON_THE_SCALE, "source": _source(study, document_id)}
    return plot_shares(rows, f"answers_{document_id}", "Positive answers, of those on the scale", **about)


def table_answers(study: Study, *, document_id: str) -> Table:
    """Return positive answers with base and interval, the neutral ones, and what was left out of the base."""
    rows = publishable_answers(study)
    rows = rows[rows["document_id"].eq(document_id)].reset_index(drop=True)
    view = large_enough(rows, "base", ["share", "low", "high"])
    view = view.assign(interval=_intervals(view), n_no_answer=view["n_blank"] + view["n_stray"])
    shown = {
        "label": "Question",
        "n_positive": "Positive",
        "base": "Of",
        "share": "Positive, %",
        "interval": f"{100 * study.settings.interval_level:.0f}% interval",
        "n_neutral": "Neutral",
    }
    left_out = {"n_dont_know": "Don't know", "n_no_answer": "No answer"}
    base = ON_THE_SCALE
    if study.settings.threshold:
        rows = rows.drop(columns=["n_asked", "n_dont_know", "n_blank", "n_stray"])
    else:
        shown |= left_out
        base += "; what is left out stands beside"
    return Table(
        f"answers_{document_id}",
        f"Answers to the {_name(study, document_id)}",
        rows,
        shown,
        base,
        _source(study, document_id),
        _answers_note(rows),
        view=view,
        missing=_mark(study),
    )


def _mark(study: Study) -> str:
    return WITHHELD if study.settings.threshold else UNKNOWN


def _intervals(rows: pd.DataFrame) -> list[str]:
    spans = zip(rows["low"], rows["high"], strict=True)
    return ["" if pd.isna(low) else f"{100 * low:.0f} to {100 * high:.0f}%" for low, high in spans]


def _answers_note(rows: pd.DataFrame) -> str:
    reasons = [reason for reason in dict.fromkeys(rows["not_given_because"]) if reason]
    small = rows["base"].lt(SMALLEST_BASE) & rows["not_given_because"].eq("")
    reasons += [f"fewer than {SMALLEST_BASE} answered on the scale"] if small.any() else []
    note = (
        "Interval: Wilson, as if those who answered had been drawn at random, which nobody says they were. No answer: "
        "left blank, or on no scale."
    )
    return note + (f" No percentage where {listed(reasons, 'or')}." if reasons else "")


def table_answers_by_kind(study: Study, *, document_id: str) -> Table:
    """Return positive answers in rural and urban areas, question by question."""
    rows = _by_kind(study, document_id)
    shown = {"theme": "Question"}
    for kind, of in (("rural", "Of"), ("urban", "Of ")):
        shown |= {f"n_positive_{kind}": kind.capitalize(), f"base_{kind}": of}
        shown |= {f"share_{kind}": f"{kind.capitalize()}, %"} if _carries(rows) else {}
    rows = rows if len(rows) else pd.DataFrame(columns=list(shown))
    name = f"answers_kinds_{document_id}"
    return Table(
        name,
        f"Answers to the {_name(study, document_id)} in rural and urban areas",
        rows,
        shown,
        "answers on the scale",
        _source(study, document_id),
        missing=_mark(study),
    )
