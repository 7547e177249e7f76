"""How far the coding can be trusted: agreement of coders in words, a table and a figure."""

import matplotlib as mpl
import pandas as pd

from ncsresearch.analysis.reliability import (
    BASES,
    agreement_of_all,
    agreement_overall,
    coded_twice,
    coder_agreement,
)
from ncsresearch.present.figure import BLUE, DATA, GREY, _height, _name_rows, _nothing, _panels, _row_axis
from ncsresearch.present.media import STYLE, Figure, Finding, Table
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.sentence import capital, counted, listed, no_evidence, small
from ncsresearch.study import Study

TURNS = "turns of respondents in the interviews that both coders coded"
RELIABLE, TENTATIVE = 0.80, 0.667  # Krippendorff, Content Analysis (4th edition, 2018), chapter 12
OVERALL = {
    "jaccard": "Alpha of sets",
    "masi": "Alpha of sets, MASI",
    "alpha": "Alpha of judgements",
    "ac1": "AC1 of judgements",
}
UNBROKEN = "\u00a0"
SCALE = "1 is full agreement, 0 what chance would give"


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
    """Say how many themes coders agree on well enough, going by Krippendorff's alpha, and which they do not."""
    rows = agreement_of_all(study).dropna(subset="alpha")
    if rows.empty:
        return no_evidence("agreement", "agreement between coders")
    low, good = rows[rows["alpha"].lt(RELIABLE)].sort_values("alpha"), rows["alpha"].ge(RELIABLE).sum()
    told = listed(f"{small(row.theme)} ({row.alpha:.2f})" for row in low.itertuples())
    below = f"; it is lower for {told}" if len(low) else ""
    sentence = (
        f"Krippendorff's alpha, where {SCALE}, is at least {RELIABLE:.2f} for {good} of {counted(len(rows), 'theme')}, the level "
        f"usually asked for{below}. Under {TENTATIVE:.2f} the coding of a theme is not relied on."
    )
    numbers = {"themes": len(rows), "reliable": int(good), "lowest": round(float(rows["alpha"].min()), 2)}
    return Finding("agreement", sentence, numbers, source=heard_by(study))


def say_disagreements(study: Study) -> Finding:
    """Say how many turns the coders judged differently, of those that either coded."""
    rows = coder_agreement(study)
    if rows.empty:
        return no_evidence("disagreements", "judgements of two coders")
    both, alone = int(rows["n_both"].sum()), int((rows["n_coder"] + rows["n_other"]).sum())
    sentence = f"Of {both + alone} times that either coder gave a turn a theme, both did in {both} and one alone in {alone}."
    return Finding("disagreements", sentence, {"both": both, "alone": alone}, source=heard_by(study))


def say_coded_turns(study: Study) -> Finding:
    """Say how far coders agree on the turns that have a theme, and what text without one does to that."""
    rows = agreement_overall(study).drop_duplicates("basis", keep="last").set_index("basis")
    if not set(BASES) <= set(rows.index) or rows["jaccard"].isna().any():
        return no_evidence("coded_turns", "the sets of themes that two coders gave a turn")
    every, coded = (rows.loc[basis] for basis in BASES)
    bare = every["n_turns"] - coded["n_turns"]
    sentence = (
        f"On the {coded['n_turns']} turns that at least one coder gave a theme, coders gave just the same themes in "
        f"{100 * coded['same_set']:.0f}%; alpha of their sets of themes is {_with_interval(coded, 'jaccard', _level(study))}. The "
        f"{counted(bare, 'turn')} that nobody gave a theme would lift it to {every['jaccard']:.2f}."
    )
    numbers = {"turns": int(every["n_turns"]), "turns_with_a_code": int(coded["n_turns"])}
    numbers |= {
        "same_set": round(float(coded["same_set"]), 3),
        "alpha_of_sets": round(float(coded["jaccard"]), 2),
    }
    return Finding("coded_turns", sentence, numbers, source=heard_by(study))


def say_paradox(study: Study) -> Finding:
    """Say which rare themes have high agreement and low kappa at once, with the counts behind both."""
    table = coder_agreement(study)
    rows = table[table["paradox"].eq("yes")]
    if table.empty:
        return no_evidence("paradox", "agreement on rare themes")
    if rows.empty:
        return Finding("paradox", "No theme has high agreement and low kappa at once, as rare themes can.")
    told = "; ".join(_both_ways(row) for row in rows.itertuples())
    sentence = (
        f"High agreement and low kappa go together where a theme is rare: {told}. The high figures rest on turns without the "
        "theme and kappa on a handful with it, so the counts say more than either."
    )
    return Finding("paradox", sentence, {"themes": len(rows)}, source=heard_by(study))


def _both_ways(row) -> str:
    either = row.n_both + row.n_coder + row.n_other
    return (
        f"coders agree about {small(row.theme)} on {100 * row.agreement:.1f}% of turns (AC1 {row.ac1:.3f}), yet kappa is "
        f"{row.kappa:.2f}, as both gave it in {row.n_both} of the {counted(either, 'turn')} that either gave it"
    )


def plot_agreement(study: Study) -> Figure:
    """Draw Krippendorff's alpha for each theme with its interval, and the level usually asked for."""
    rows = agreement_of_all(study).dropna(subset="alpha")
    rows = rows.sort_values("alpha", ascending=False, kind="stable")
    if rows.empty:
        return _nothing("agreement")
    places = range(len(rows))
    canvas, (ax,) = _panels([_height(rows["theme"])])
    with mpl.rc_context(STYLE):
        ax.hlines(places, rows["alpha_low"], rows["alpha_high"], color=BLUE, linewidth=2)
        ax.scatter(rows["alpha"], places, s=50, color=BLUE, zorder=3)
        ax.axvline(RELIABLE, color=GREY, linestyle="--", linewidth=1.2)
        ax.text(RELIABLE, -0.75, f"{RELIABLE:.2f}", ha="center", va="bottom")
        _name_rows(ax, rows["theme"])
        ax.set_ylim(len(rows) - 0.5, -0.6)
        ax.set_xlim(min(0.0, float(rows[["alpha", "alpha_low"]].min(axis=None)) - 0.03), 1.03)
        _row_axis(ax, f"Krippendorff's alpha, turn by turn,\nand its {_level(study)} interval")
    said = "; ".join(f"{row.theme}: {row.alpha:.2f}" for row in rows.itertuples())
    shown = {"theme": "Theme", "alpha": "Alpha", "alpha_low": "Interval from", "alpha_high": "Interval to"}
    columns = {name: [f"{value:.2f}" for value in rows[name]] for name in list(shown)[1:]}
    data = Table(
        "agreement",
        f"{DATA}: alpha by theme",
        rows.assign(**columns),
        shown,
        TURNS,
        heard_by(study),
    )
    return Figure("agreement", canvas, f"Dots of Krippendorff's alpha by theme, highest first. {said}.", data)


def table_agreement(study: Study) -> Table:
    """Return agreement theme by theme, with the counts behind it."""
    rows = coder_agreement(study)
    view = rows.assign(
        theme=rows["theme"].mask(rows["paradox"].eq("yes"), rows["theme"] + " (rare)"),
        agreement=[f"{100 * share:.1f}%" for share in rows["agreement"]],
        agreement_either=[_percent(share) for share in rows["agreement_either"]],
        interval=[_span(row, "alpha").replace(" ", UNBROKEN) for _, row in rows.iterrows()],
        **{name: [_decimals(value, name) for value in rows[name]] for name in ("alpha", "kappa", "ac1")},
    )
    shown = {"other": "Other coder"} if rows["other"].nunique() > 1 else {}
    shown |= {
        "theme": "Theme",
        "n_both": "Both",
        "n_coder": "Reporting coder alone",
        "n_other": "Other alone",
    }
    shown |= {"agreement": "Agree, all turns", "agreement_either": "Agree, either gave it", "alpha": "Alpha"}
    shown |= {"interval": f"{_level(study)} interval", "kappa": "Kappa", "ac1": "AC1"}
    base = f"{listed(_numbers(rows['n_turns']))} {TURNS}" if len(rows) else TURNS
    note = (
        "Where a theme is rare, agreement over all turns and AC1 are high whatever coders do; (rare) marks those with low "
        f"kappa all the same. The interval is over interviews drawn with replacement.{_narrowed(study)}"
    )
    caption = "Agreement between coders, theme by theme"
    return Table("agreement", caption, rows, shown, base, heard_by(study), note, view)


def table_agreement_overall(study: Study) -> Table:
    """Return agreement over all themes together, on every turn and on the turns that have a theme."""
    rows = agreement_overall(study)
    told = {name: [_with_interval(row, name) for _, row in rows.iterrows()] for name in OVERALL}
    view = rows.assign(
        basis=rows["basis"].map(capital), same_set=[_percent(share) for share in rows["same_set"]]
    ).assign(**{name: [words.replace(" ", UNBROKEN) for words in told[name]] for name in OVERALL})
    shown = {"coders": "Coders"} if rows["coders"].nunique() > 1 else {}
    shown |= {"basis": "Turns counted", "n_turns": "Turns", "same_set": "Same set of themes"} | OVERALL
    note = (
        "A set is what a coder gave one turn; sets that share some themes are partly alike. A judgement is one theme given or "
        f"not given to one turn, so most are that it was not. In brackets: {_level(study)} interval."
    )
    caption = "Agreement over all themes"
    return Table("agreement_overall", caption, rows, shown, TURNS, heard_by(study), note, view)


def _with_interval(row: pd.Series, name: str, level: str = "") -> str:
    value, words = _decimals(row[name], name), f"{level} interval " if level else ""
    if not value or pd.isna(row[f"{name}_low"]):
        return value
    return f"{value} ({words}{_span(row, name)})"


def _span(row: pd.Series, name: str) -> str:
    if pd.isna(row[f"{name}_low"]):
        return ""
    return f"{_decimals(row[f'{name}_low'], name)} to {_decimals(row[f'{name}_high'], name)}"


def _decimals(value, name: str = "") -> str:
    """A coefficient with two decimals; AC1 of a rare theme needs three to be told from full agreement."""
    places = 3 if name == "ac1" else 2
    return "" if pd.isna(value) else f"{round(value, places) + 0.0:.{places}f}"


def _percent(share) -> str:
    return "" if pd.isna(share) else f"{100 * share:.0f}%"


def _numbers(values: pd.Series) -> list[str]:
    return [f"{value:,}" for value in dict.fromkeys(values)]


def _level(study: Study) -> str:
    return f"{100 * study.settings.interval_level:.0f}%"


def _narrowed(study: Study) -> str:
    """What a choice of evidence does to agreement, where there is one."""
    if not study.selection:
        return ""
    return (
        f" Of evidence narrowed to {study.selection}, an interview counts only if both coders gave it such a "
        "judgement, which flatters agreement."
    )
