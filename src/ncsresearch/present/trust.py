"""How far the coding can be trusted: agreement of coders in words, a table and a figure."""

import matplotlib as mpl
import pandas as pd

from ncsresearch.analysis.reliability import coded_twice, coder_agreement
from ncsresearch.present.figure import BLUE, _nothing, _number, _panels, _row_axis
from ncsresearch.present.media import STYLE, Figure, Finding, Table
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.sentence import counted, listed, no_evidence, small
from ncsresearch.study import Study

TURNS = "turns of respondents in the interviews that both coders coded"


def say_second_coder(study: Study) -> Finding:
    """Say how many interviews a second coder has coded, and of how many."""
    twice, coders = coded_twice(study), list(study.codings["coder"].dropna().unique())
    if len(coders) < 2 or not twice:
        one = f" by {coders[0]}" if len(coders) == 1 else ""
        return Finding(
            "second_coder", f"The study has been coded once{one}, so nothing is known about agreement."
        )
    n = len(study.segments["document_id"].unique())
    sentence = (
        f"{counted(len(twice), 'transcript')} of {n} were coded by more than one coder ({listed(coders)}). The chapters report "
        f"{study.settings.reporting_coder or coders[0]}; the others serve this chapter only."
    )
    return Finding("second_coder", sentence, {"twice": len(twice), "all": n}, source=heard_by(study))


def say_agreement(study: Study) -> Finding:
    """Say on which themes coders agree most and least, going by kappa."""
    rows = coder_agreement(study).dropna(subset="kappa")
    if rows.empty:
        return no_evidence("agreement", "agreement between coders")
    low = rows.nsmallest(3, "kappa")
    mid = rows["kappa"].median()
    told = listed(f"{small(row.theme)} ({row.kappa:.2f})" for row in low.itertuples())
    sentence = f"Over {counted(len(rows), 'theme')} the middle value of Cohen's kappa is {mid:.2f}; coders agree least on {told}."
    numbers = {
        "themes": len(rows),
        "median_kappa": round(float(mid), 2),
        "lowest": round(float(low["kappa"].iloc[0]), 2),
    }
    return Finding("agreement", sentence, numbers, source=heard_by(study))


def say_disagreements(study: Study) -> Finding:
    """Say how many turns the coders judged differently, of those that either coded."""
    rows = coder_agreement(study)
    if rows.empty:
        return no_evidence("disagreements", "judgements of two coders")
    both, alone = int(rows["n_both"].sum()), int((rows["n_coder"] + rows["n_other"]).sum())
    sentence = f"Of {both + alone} times that either coder gave a turn a theme, both did in {both} and one alone in {alone}."
    return Finding("disagreements", sentence, {"both": both, "alone": alone}, source=heard_by(study))


def plot_agreement(study: Study) -> Figure:
    """Draw Cohen's kappa for each theme, with how many turns both coders gave it."""
    rows = coder_agreement(study).dropna(subset="kappa").sort_values("kappa", ascending=False, kind="stable")
    if rows.empty:
        return _nothing("agreement")
    canvas, (ax,) = _panels([0.32 * len(rows) + 0.5])
    places = range(len(rows))
    with mpl.rc_context(STYLE):
        ax.scatter(rows["kappa"], places, s=60, color=BLUE, zorder=2)
        for place, row in enumerate(rows.itertuples()):
            _number(
                ax, row.kappa, place, f"{row.n_both} both, {row.n_coder + row.n_other} one alone", left=True
            )
        ax.set_yticks(list(places), list(rows["theme"]))
        ax.set_ylim(len(rows) - 0.5, -0.6)
        ax.set_xlim(min(0.0, float(rows["kappa"].min()) - 0.1), 1.03)
        _row_axis(ax, "Cohen's kappa, turn by turn: 1 is full agreement, 0 what chance would give")
    said = "; ".join(f"{row.theme}: {row.kappa:.2f}" for row in rows.itertuples())
    return Figure("agreement", canvas, f"Dots of Cohen's kappa by theme. {said}.")


def table_agreement(study: Study) -> Table:
    """Return agreement theme by theme, with the counts behind it."""
    rows = coder_agreement(study)
    rows = rows.assign(
        agree=rows["agreement"].map(lambda share: f"{100 * share:.1f}%"),
        kappa_2=rows["kappa"].map(lambda kappa: f"{kappa:.2f}" if not pd.isna(kappa) else ""),
    )
    shown = {
        "theme": "Theme",
        "n_both": "Both",
        "n_coder": "Only the reporting coder",
        "n_other": "Only the other",
    }
    shown |= {"agree": "Agree", "kappa_2": "Kappa"}
    n = f"{rows['n_turns'].iloc[0]} {TURNS}" if len(rows) else TURNS
    note = "A turn that neither gave the theme counts as agreement; where a theme is rare, agreement is high whatever coders do."
    return Table(
        "agreement", "Agreement between coders, theme by theme", rows, shown, n, heard_by(study), note
    )
