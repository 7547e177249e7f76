"""How far coders agree, where they differ and how they cut passages: in words, tables and a figure."""

from functools import partial

import pandas as pd

from ncsresearch.analysis.coded_turns import coded_turns, of_points
from ncsresearch.analysis.disagreement import NOTHING, boundaries
from ncsresearch.analysis.reliability import BASES, agreement, coded_twice, of_all_coders, of_pairs_alone
from ncsresearch.analysis.theme_grades import FAIR, GOOD, RELIABLE, TENTATIVE, UNSURE, doubted_themes, graded
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.evidence.judgements import n_coded_twice
from ncsresearch.evidence.passages import units
from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.present.cautions import caution_on
from ncsresearch.present.figure import BLUE, GREY, drawn, rows_drawn
from ncsresearch.present.outputs import UNKNOWN, Figure, Finding, Table
from ncsresearch.present.people_heard import heard_by, n_interviews_told
from ncsresearch.present.selections import selection_called
from ncsresearch.present.sentence import capital, listed
from ncsresearch.present.wording import filled, page_words, phrase, phrases, sentence, worded_table, words
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

OVERALL = ("jaccard", "masi", "alpha", "ac1")
SHOWN_ROWS = 12
TO = "\u00a0to\u00a0"
GRADES_OF_PEOPLE = {RELIABLE: "0.80 or more", TENTATIVE: "0.67 to 0.79", -1: "under 0.67"}


def say_coders(rows: pd.DataFrame) -> Finding:
    """Say how many interviews, or points of documents, a second coder has coded, and of how many."""
    study, names = study_of(rows), list(rows["coder"])
    twice = coded_twice(study)
    if len(names) < 2 or not twice:
        held = n_coded_twice(study)
        places = {"coders": len(names), "unplaced": held, "n": n_interviews_told(study, held)}
        return sentence("second_coder", "once", coder=listed(names), **places)
    numbers = {"twice": len(twice), "all": study.segments["document_id"].nunique()}
    if of_points(study):
        numbers = {"twice": len(coded_turns(study).turns), "all": len(study.points)}
    about = {"coders": len(names), "who": study.settings.who_coded}
    return sentence("second_coder", "several", of=_of(study, numbers), **about, **_judged(study), **numbers)


def say_agreement(rows: pd.DataFrame) -> list[Finding]:
    """Say for which themes the coding may be relied on, on which it is less sure or tentative, and on which it needs caution."""
    study, known = study_of(rows), graded(rows).sort_values("alpha", ascending=False)
    if known.empty:
        return []
    of = _of(study, {"themes": len(known)})
    made = [_of_grade(known, grade, of) for grade in (GOOD, UNSURE, FAIR)]
    line = caution_on(doubted_themes(study), points=of_points(study))
    made += [Finding("agreement_caution", line, **of)] if line else []
    return [each for each in made if each]


def _of_grade(known: pd.DataFrame, grade: str, of: dict) -> Finding | None:
    """Say which themes have a grade; nothing where none has, but of the best."""
    themes = phrases("agreement", "theme", known[known["grade"].eq(grade)].to_dict("records"))
    name = "agreement" if grade == GOOD else f"agreement_{grade}"
    said = sentence("agreement", grade, name=name, of=of, themes=themes, n=len(known))
    return said if themes or grade == GOOD else None


def say_agreement_overall(rows: pd.DataFrame) -> Finding | None:
    """Say how far coders agree on the turns that have a theme, and what text without one does to that."""
    found = rows.drop_duplicates("basis", keep="last").set_index("basis")
    if not set(BASES) <= set(found.index) or found["jaccard"].isna().any():
        return None
    study, (every, coded) = study_of(rows), (found.loc[basis] for basis in BASES)
    numbers = {"turns": int(every["n_turns"]), "turns_with_a_code": int(coded["n_turns"])}
    numbers |= {
        "same_set": round(float(coded["same_set"]), 3),
        "alpha_of_sets": round(float(coded["jaccard"]), 2),
    }
    alpha = _with_interval(coded, "jaccard", f"{percent(study.settings.interval_level)} interval ")
    places = coded[["n_turns", "same_set"]].to_dict() | _judged(study)
    return sentence("coded_turns", of=_of(study, numbers), **places | {"alpha": alpha})


def say_rare_themes(rows: pd.DataFrame) -> Finding | None:
    """Say which rare themes have high agreement and low kappa at once, with the counts behind both."""
    study, found = study_of(rows), rows[rows["paradox"].eq("yes")]
    if found.empty:
        return None
    judged = _judged(study)
    rare = phrases("paradox", "rare", [row | judged for row in found.to_dict("records")])
    return sentence("paradox", of=_of(study, {"themes": len(found)}), rare=rare, **judged)


def plot_agreement(rows: pd.DataFrame) -> Figure | None:
    """Draw Krippendorff's alpha for each theme with its interval, and the level usually asked for."""
    study, rows = study_of(rows), of_all_coders(rows).dropna(subset="alpha")
    rows = rows.sort_values("alpha", ascending=False, kind="stable")
    if rows.empty:
        return None
    places = range(len(rows))
    axis = page_words("axes", "agreement", level=percent(study.settings.interval_level), **_judged(study))
    with rows_drawn(rows["theme"], axis, top=-0.6) as (canvas, ax):
        ax.hlines(places, rows["alpha_low"], rows["alpha_high"], color=BLUE, linewidth=2)
        ax.scatter(rows["alpha"], places, s=50, color=BLUE, zorder=3)
        ax.axvline(RELIABLE, color=GREY, linestyle="--", linewidth=1.2)
        ax.text(RELIABLE, -0.75, f"{RELIABLE:.2f}", ha="center", va="bottom")
        ax.set_xlim(min(0.0, float(rows[["alpha", "alpha_low"]].min(axis=None)) - 0.03), 1.03)
    names = ("alpha", "alpha_low", "alpha_high")
    shown = {name: [_decimals(value) or UNKNOWN for value in rows[name]] for name in names}
    rows, about = rows.assign(**shown), {"name": "agreement", "source": _source(study), **_judged(study)}
    return drawn("agreement_drawn", canvas, rows, rows.to_dict("records"), **about)


def table_agreement(rows: pd.DataFrame) -> Table:
    """Return agreement theme by theme, with the counts behind it."""
    study, said = study_of(rows), words("sentences")["agreement"]
    rows = _countable(of_pairs_alone(rows), study, "code_id")
    people, tells = bool(rows["n_people"].gt(0).any()), not study.settings.threshold
    view = rows.assign(
        theme=rows["theme"].mask(rows["paradox"].eq("yes"), rows["theme"] + " (rare)"),
        agreement=[percent(share, 1) for share in rows["agreement"]],
        agreement_either=[percent(share) for share in rows["agreement_either"]],
        interval=[_span(row, "alpha").replace(" to ", TO) for _, row in rows.iterrows()],
        people=[_of_people(row, tells=tells) for _, row in rows.iterrows()],
        **{name: [_decimals(value, name) for value in rows[name]] for name in ("alpha", "kappa", "ac1")},
    )
    return worded_table(
        "agreement",
        rows if tells else rows.loc[:, ~rows.columns.str.contains("people")],
        source=_source(study),
        without=[*_one_pair_alone(rows), *["people"] * (not people)],
        view=view,
        people=people,
        reliable=f"{RELIABLE:.2f}",
        tentative=f"{TENTATIVE:.2f}",
        turns=f"{listed(f'{n:,}' for n in dict.fromkeys(rows['n_turns']))} ",
        **_judged(study),
        level=percent(study.settings.interval_level),
        narrowed=filled(said["narrowed"], selection=selection_called(study)) if study.selection else "",
    )


def _of_people(row: pd.Series, *, tells: bool) -> str:
    """Return alpha by people with its interval, or the grade that it is in: with few people its value would give their number."""
    if tells or pd.isna(row["alpha_people"]):
        return _with_interval(row, "alpha_people").replace(" to ", TO)
    alpha = rounded(row["alpha_people"], 2)
    return next(said for least, said in GRADES_OF_PEOPLE.items() if alpha >= rounded(least, 2))


def table_agreement_overall(rows: pd.DataFrame) -> Table:
    """Return agreement over all themes together, on every turn and on the turns that have a theme."""
    study, one = study_of(rows), rows["coders"].nunique() == 1
    told = {
        name: [_with_interval(row, name).replace(" to ", TO) for _, row in rows.iterrows()]
        for name in OVERALL
    }
    same = [percent(share) for share in rows["same_set"]]
    return worded_table(
        "agreement_overall",
        rows,
        source=_source(study),
        without=["coders"] * one,
        view=rows.assign(basis=rows["basis"].map(partial(_basis, study)), same_set=same, **told),
        level=percent(study.settings.interval_level),
        **_judged(study),
    )


def say_confusions(rows: pd.DataFrame) -> Finding:
    """Say how often one coder alone gave a theme: where the other gave nothing further, or another theme, and which most."""
    study, differ = study_of(rows), _differences(rows)
    pairs, judged = of_pairs_alone(agreement(study, draws=1)), _judged(study)
    missing = differ["code_id"].eq(NOTHING) | differ["other_code_id"].eq(NOTHING)
    both, alone = int(pairs["n_both"].sum()), int((pairs["n_reporting_only"] + pairs["n_other_only"]).sum())
    nothing = int(differ.loc[missing, "n_turns"].sum())
    numbers = {"both": both, "alone": alone, "nothing_further": nothing, "another_theme": alone - nothing}
    about = judged | {"coders": pairs["other"].nunique() + 1, "most": _most_taken(differ[~missing], judged)}
    return sentence("confusions", of=_of(study, numbers), **about, **numbers)


def _most_taken(rows: pd.DataFrame, judged: dict[str, str]) -> str:
    top = rows[rows["n_turns"].eq(rows["n_turns"].max()) & rows["n_turns"].gt(2)].head(3)
    if top.empty:
        return ""
    themes = phrases("confusions", "taken", top[["theme", "other_theme"]].to_dict("records"))
    return phrase("confusions", "most", themes=themes, n=int(top["n_turns"].iloc[0]), **judged)


def table_confusions(rows: pd.DataFrame) -> Table | None:
    """Return which theme one coder gave where the other gave another or nothing, each with an example where points or passages are labelled."""
    study = study_of(rows)
    rows = _countable(_differences(rows), study, "code_id", "other_code_id")
    if rows.empty:
        return None
    secret, top = bool(study.settings.threshold), rows.head(SHOWN_ROWS)
    examples = "" if secret else _examples(study, top)
    said = words("sentences")["confusions"]
    gave = {
        called: top[name].mask(top[code].eq(NOTHING), said["nothing"]).map(capital)
        for called, name, code in (("own", "theme", "code_id"), ("others", "other_theme", "other_code_id"))
    }
    view, more = top.assign(**gave, example=examples), len(rows) - len(top)
    return worded_table(
        "confusions",
        rows.drop(columns=["segment_ids", "other_segment_ids"]) if secret else rows,
        source=_source(study),
        without=[*_one_pair_alone(rows), *["example"] * bool(view["example"].eq("").all())],
        view=view,
        turns=listed(dict.fromkeys(rows["n_turns_coded"].map("{:,}".format))),
        **_judged(study),
        rarer=filled(said["rarer"], n=more) if more else "",
    )


def say_boundaries(rows: pd.DataFrame) -> Finding | None:
    """Say how far two coders cut the same passages."""
    study = study_of(rows)
    whole = boundaries(study, by="")
    if not whole["n_overlaps"].sum():
        return None
    pairs = [_one_pair(row, several=len(whole) > 1) for row in whole.to_dict("records")]
    counted = ("n_passages", "n_other_passages", "n_overlaps", "n_alike")
    numbers = {name: int(whole.iloc[0][name]) for name in counted}
    return sentence("boundaries", of=_of(study, numbers), pairs=pairs)


def _one_pair(row: dict, *, several: bool) -> str:
    who = f"{row['coder']} and {row['other']}" if several else "the two coders"
    forms = ["pair", *["alike"] * (row["n_overlaps"] > 0)]
    return "".join(phrase("boundaries", form, **row, who=who) for form in forms)


def table_boundaries(rows: pd.DataFrame) -> Table:
    """Return how far coders cut the same passages, theme by theme."""
    study = study_of(rows)
    rows = _countable(rows, study, "code_id")
    return worded_table("boundaries", rows, source=heard_by(study), without=_one_pair_alone(rows))


def _countable(rows: pd.DataFrame, study: Study, *codes: str) -> pd.DataFrame:
    """Return the rows without themes of which it is withheld how many people raised them: no more did than there are turns on it."""
    if not study.settings.threshold:
        return rows
    told = publishable_counts(study)
    withheld = told.loc[told["n"].isna(), "code_id"]
    return rows[~rows[list(codes)].isin([*withheld]).any(axis=1)]


def _of(study: Study, numbers: dict) -> dict:
    return {"numbers": numbers, "source": _source(study)}


def _source(study: Study) -> str:
    if not of_points(study):
        return heard_by(study)
    return phrase("second_coder", "documents", n=study.points["document_id"].nunique())


def _judged(study: Study) -> dict[str, str]:
    """Return what coders are compared on, in words: turns of interviews, or points of documents."""
    return words("sentences")["judged"]["points" if of_points(study) else "turns"]


def _basis(study: Study, basis: str) -> str:
    return capital(basis.replace("turn", _judged(study)["unit"]))


def _one_pair_alone(rows: pd.DataFrame) -> list[str]:
    """Return the columns that one pair of coders does not need."""
    return [] if rows["other"].nunique() > 1 else ["other"]


def _differences(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["agree"].eq("no")]
    return rows.sort_values("n_turns", ascending=False, kind="stable", ignore_index=True)


def _examples(study: Study, rows: pd.DataFrame) -> pd.Series:
    """Return what one of the points or passages of each row says; empty where none is labelled."""
    labels = units(study).drop_duplicates("unit_id").set_index("unit_id")["label"].dropna()
    ids = (rows["segment_ids"] + "; " + rows["other_segment_ids"]).str.split("; ")
    return ids.map(lambda names: next((labels[name] for name in names if name in labels.index), ""))


def _with_interval(row: pd.Series, name: str, said: str = "") -> str:
    value, span = _decimals(row[name], name), _span(row, name)
    return f"{value} ({said}{span})" if value and span else value


def _span(row: pd.Series, name: str) -> str:
    low, high = (_decimals(row[f"{name}_{end}"], name) for end in ("low", "high"))
    return f"{low} to {high}" if low else ""


def _decimals(value, name: str = "") -> str:
    """A coefficient with two decimals; AC1 of a rare theme needs three to be told from full agreement."""
    places = 3 if name == "ac1" else 2
    return "" if pd.isna(value) else f"{rounded(value, places)}"
