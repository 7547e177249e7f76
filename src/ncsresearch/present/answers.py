"""Survey answers, where they are held: what people answered, and what was no answer."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import norm

from ncsresearch.analysis.exact_tests import PARTS, shares_apart
from ncsresearch.analysis.group_differences import MARGIN, judged
from ncsresearch.analysis.group_differences import WITHHELD as UNCOMPARED
from ncsresearch.analysis.responses import responses
from ncsresearch.analysis.survey import (
    NO_POSITIVE,
    alike_in_areas,
    answers_counted,
    asked_several,
    stray_answers,
)
from ncsresearch.analysis.survey_design import weights_not_applied
from ncsresearch.disclosure.answers import publishable_options, with_publishable_surveys
from ncsresearch.disclosure.answers import survey as publishable_survey
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.present.figure import plot_shares
from ncsresearch.present.outputs import UNKNOWN, WITHHELD, Figure, Finding, Table
from ncsresearch.present.people_compared import carries
from ncsresearch.present.table import SMALLEST_BASE, large_enough, points, printed_p, titles
from ncsresearch.present.wording import filled, page_words, phrase, phrases, sentence, worded_table, words
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.frames import framed, study_of
from ncsresearch.study.survey_settings import answers_of

COUNTED = ["n_positive", "base", "share"]
BASES = ("base_rural", "base_urban")
WORKED_OUT = ["difference", "low", "high", "p", "p_adjusted", "family_size", "smallest_seen", "verdict"]
LARGE_EFFECT = 1.1  # under which areas make an interval less than a twentieth wider
UNTOLD = ["n_asked", "n_dont_know", "n_blank", "n_stray", "design_effect"]


def _surveys(answers: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, dict]]:
    """Yield the questions of each survey, with its name and source as they stand in words, and its document."""
    study = study_of(answers)
    for document_id, rows in answers.groupby("document_id", sort=False, observed=True):
        survey = titles(study, pd.Series([document_id])).iloc[0]
        source = f"{study.settings.status_line.split(':')[0]}: {survey}"
        about = {"survey": survey, "source": source, "document_id": document_id}
        yield rows.reset_index(drop=True), about


def _of_shares(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the questions of which a share of positive answers can be given: of those with several choices, such as have one."""
    several = answers["item_id"].isin(asked_several(study_of(answers)))
    return answers[~several | answers["n_positive"].notna()]


def say_answered(answers: pd.DataFrame) -> list[Finding]:
    """Say how many people answered each survey and which questions drew most and fewest positive answers."""
    study = study_of(answers)
    asked = _of_shares(answers[answers["base"].fillna(1).gt(0)])
    return [_answered(study, rows, **about) for rows, about in _surveys(asked)]


def _answered(study: Study, rows: pd.DataFrame, *, survey: str, source: str, document_id: str) -> Finding:
    if rows["reason"].eq(NO_POSITIVE).all():
        return sentence("answered", "not_said", name=f"answered_{document_id}", survey=survey)
    every, rows = len(rows), rows.dropna(subset="n_positive")
    if rows.empty:
        return sentence("answered", "withheld", name=f"answered_{document_id}", survey=survey)
    n = _n_respondents(study, rows)
    ends = {"high": rows["share"].idxmax(), "low": rows["share"].idxmin()}
    places = {end: rows.loc[place].to_dict() for end, place in ends.items()}
    said = with_publishable_surveys(study).settings.surveys.get(document_id, {})
    for row in places.values():
        row["by_weight"] = f", {percent(row['share'])} by weight" * ("weights" in said)
    whole = answers_of(study.tables, document_id)["respondent_id"].nunique()
    invited = said.get("invited") if n == whole and not study.selection else None
    places |= {"n": n, "survey": survey, "known": every == len(rows), "invited": invited}
    of = {"numbers": {"respondents": n}, "source": source}
    return sentence("answered", name=f"answered_{document_id}", of=of, **places)


def _n_respondents(study: Study, rows: pd.DataFrame) -> int:
    given = study.survey_answers["item_id"].isin(rows["item_id"])
    return study.survey_answers.loc[given, "respondent_id"].nunique()


def surveys_answered(study: Study) -> list[dict]:
    """Return each survey of which an answer may be shown, and how many respondents it had, as chapters on surveys say."""
    if study.survey_answers.empty:
        return []
    known = publishable_survey(study).dropna(subset="n_positive")
    return [about | {"respondents": _n_respondents(study, rows)} for rows, about in _surveys(known)]


def say_own_words(answers: pd.DataFrame) -> Finding | None:
    """Say how many people answered each open question of a survey, of a study that is narrowed to nothing."""
    study = study_of(answers)
    if study.part_of or study.selection or "response" not in set(study.segments["kind"]):
        return None
    rows = responses(study)
    rows = rows.assign(
        n=rows["n_responses"] - rows["n_blank"], asked=study.survey_answers["respondent_id"].nunique()
    )
    few = below_threshold(rows["n"], study.settings.threshold, rows["asked"])
    asked = phrases("own_words", "question", rows.assign(few=few).to_dict("records"))
    coded = study.segments["kind"].eq("response") & study.segments["segment_id"].isin(
        study.codings["unit_id"]
    )
    numbers = dict(zip(rows["question_label"], rows["n"].tolist(), strict=True)) if not few.any() else {}
    return sentence("own_words", of={"numbers": numbers}, asked=asked, coded=bool(coded.any()))


def say_not_answers(answers: pd.DataFrame) -> Finding | None:
    """Say how many cells are no answers: don't knows, blanks and answers on no scale."""
    study = study_of(answers)
    if study.settings.threshold:
        return sentence("not_answers", "withheld") if answers["n_positive"].notna().any() else None
    rows, stray = answers_counted(study), stray_answers(study)
    numbers = {name: int(rows[f"n_{name}"].sum()) for name in ("dont_know", "blank", "stray")}
    left_out = [phrase("not_answers", name, n=n) for name, n in numbers.items() if n]
    if not left_out:
        return None
    named = [repr(answer) for answer in stray["answer"].unique()]
    return sentence("not_answers", of={"numbers": numbers}, left_out=left_out, named=named)


def table_answers(answers: pd.DataFrame) -> list[Table]:
    """Return positive answers with base and interval, the neutral ones, and what was left out of the base."""
    study = study_of(answers)
    shown = _of_shares(answers)
    shown = shown[shown["n_positive"].notna().groupby(shown["document_id"]).transform("any")]
    tables = [_table_answers(study, rows, **about) for rows, about in _surveys(shown)]
    return [*tables, *_tables_of_options(study)]


def _tables_of_options(study: Study) -> Iterator[Table]:
    """Yield every answer to each question of a survey; where counts are withheld, to those of which people chose several."""
    for rows, about in _surveys(framed(publishable_options(study), "options", study)):
        view = large_enough(rows, "base", ["share"]) if study.settings.threshold else None
        name = f"options_{about.pop('document_id')}"
        yield worded_table(
            "options",
            rows,
            name=name,
            view=view,
            missing=_mark(study),
            fewest=study.settings.threshold,
            has_weights=has_weights(study, name.removeprefix("options_")),
            **about,
        )


def _table_answers(study: Study, rows: pd.DataFrame, *, document_id: str, **about) -> Table:
    view = large_enough(rows, "base", ["share", "low", "high"])
    view = view.assign(interval=_intervals(view), n_no_answer=view["n_blank"] + view["n_stray"])
    withheld = bool(study.settings.threshold)
    return worded_table(
        "answers",
        rows.drop(columns=UNTOLD) if withheld else rows,
        name=f"answers_{document_id}",
        without=["n_dont_know", "n_no_answer"] if withheld else [],
        view=view,
        missing=_mark(study),
        level=percent(study.settings.interval_level),
        withheld=withheld,
        weighted=_is_weighted(study, document_id),
        exact=list(_exactness(study, rows, document_id)),
        several=len(rows) > 1,
        reasons=_reasons(rows),
        **about,
    )


def has_weights(study: Study, survey: str) -> bool:
    """Whether who answered a survey has weights, applied or not."""
    named = "weights" in study.settings.surveys.get(survey, {})
    return named or bool(weights_not_applied(study, survey))


def _is_weighted(study: Study, survey: str) -> bool:
    return "weights" in with_publishable_surveys(study).settings.surveys.get(survey, {})


def _exactness(study: Study, rows: pd.DataFrame, survey: str) -> Iterator[str]:
    """Yield what weights, a finite population and people of one area answering alike do to the intervals of a survey."""
    effects = [f"{rounded(effect, 2)}" for effect in rows["design_effect"].dropna().agg(["min", "max"])]
    if _is_weighted(study, survey):
        yield phrase("exact", "weighted", low=effects[0], high=effects[1])
    elif has_weights(study, survey):
        unused = weights_not_applied(study, survey)
        yield phrase("exact", "unused" if unused else "refused", name=unused)
    if rows["population"].notna().any():
        yield phrase("exact", "population", population=f"{rows['population'].max():,}")
    alike = alike_in_areas(study).reindex(rows["item_id"]).dropna()
    if len(alike) and study.settings.threshold:
        yield phrase("exact", "areas_withheld")
    elif len(alike) and alike.max() >= LARGE_EFFECT:
        most = {"effect": rounded(alike.max(), 1), "wider": rounded(alike.max() ** 0.5, 1)}
        yield phrase("exact", "areas", **most, label=rows.set_index("item_id")["label"][alike.idxmax()])


def _mark(study: Study) -> str:
    return WITHHELD if study.settings.threshold else UNKNOWN


def _intervals(rows: pd.DataFrame) -> list[str]:
    spans = zip(rows["low"], rows["high"], strict=True)
    return ["" if pd.isna(low) else f"{rounded(100 * low)} to {percent(high)}" for low, high in spans]


def _reasons(rows: pd.DataFrame) -> list[str]:
    """Return why some percentages are not given."""
    few = rows["base"].lt(SMALLEST_BASE) & rows["reason"].eq("")
    fewer = f"fewer than {SMALLEST_BASE} answered on the scale"
    return [reason for reason in dict.fromkeys(rows["reason"]) if reason] + [fewer] * bool(few.any())


def plot_answers_by_kind(answers: pd.DataFrame) -> list[Figure]:
    """Draw positive answers in rural and in urban areas, question by question, where both have enough for a percentage."""
    study = study_of(answers)
    return [_plot_kinds(study, rows, **about) for rows, about in _by_kind(answers) if carries(rows, *BASES)]


def table_answers_by_kind(answers: pd.DataFrame) -> list[Table]:
    """Return positive answers in rural and urban areas, question by question."""
    study = study_of(answers)
    return [_table_kinds(study, rows, **about) for rows, about in _by_kind(answers)]


def _by_kind(answers: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, dict]]:
    """Yield the questions of each survey that people in both kinds of area answered, a column a kind and number."""
    said = answers[answers["reason"].ne(NO_POSITIVE)]
    for rows, about in _surveys(_of_shares(said)):
        if set(rows["group"]) == set(COMPARED):
            table = rows.pivot(index="label", columns="group", values=COUNTED)
            flat = {f"{name}_{kind}": table[name, kind] for kind in COMPARED for name in COUNTED}
            whole = {name: "float64" if name.startswith("share") else "Int64" for name in flat}
            yield pd.DataFrame(flat).rename_axis("theme").reset_index().astype(whole), about


def _plot_kinds(
    study: Study, rows: pd.DataFrame, *, survey: str, source: str, document_id: str
) -> Figure | None:
    furthest = (rows["share_rural"] - rows["share_urban"]).sort_values(ascending=False).index
    base = filled(
        words("tables")["answers"]["base"], withheld=True, weighted=_is_weighted(study, document_id)
    )
    axis, about = page_words("axes", "answers", survey=survey), {"base": base, "source": source}
    return plot_shares(rows.loc[furthest], f"answers_{document_id}", axis, **about)


def _table_kinds(study: Study, rows: pd.DataFrame, *, document_id: str, **about) -> Table:
    without = [] if carries(rows, *BASES) else ["share_rural", "share_urban"]
    weighted, level = _is_weighted(study, document_id), study.settings.interval_level
    of = dict(zip(PARTS, (f"{name}_{kind}" for kind in COMPARED for name in COUNTED[:2]), strict=True))
    apart = _judged(rows, rows[[*of.values()]].set_axis([*of], axis=1), level)
    family = 0 if weighted or apart["p"].isna().all() else int(apart["family_size"].max())
    rows, view = (apart[[*rows, *WORKED_OUT]], apart) if family else (rows, rows)
    without += [] if family else ["points", "printed_p", "seen", "verdict"]
    few = bool(rows[[*BASES]].astype("float64").lt(SMALLEST_BASE).any(axis=None))
    about |= {"missing": _mark(study), "weighted": weighted, "level": percent(level), "family": family}
    about |= {
        "few": few,
        "smallest": SMALLEST_BASE,
        "margin": rounded(100 * MARGIN),
        "alpha": rounded(1 - level, 2),
    }
    about["verdicts"] = {*view["verdict"]} if family else ()
    return worded_table(
        "answers_by_kind", rows, view=view, name=f"answers_kinds_{document_id}", without=without, **about
    )


def _judged(rows: pd.DataFrame, numbers: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return questions with their differences and verdicts, the surest first, as themes have them, and these in words."""
    apart = shares_apart(numbers, level=level)
    enough = numbers[["base", "other_base"]].astype("float64").ge(SMALLEST_BASE).all(axis=1)
    reason = np.select([~enough, apart["p"].isna()], ["few", UNCOMPARED], "")
    error = (apart["high"] - apart["low"]) / 2 / norm.ppf((1 + level) / 2)
    found = judged(rows.join(apart).assign(reason=reason, error=error), level=level)
    found["verdict"] = found["verdict"].where(found["reason"].eq(""), "")
    each = found[["difference", "low", "high"]].itertuples(index=False)
    return found.assign(
        points=["" if pd.isna(difference) else points(difference, *ends) for difference, *ends in each],
        printed_p=found["p_adjusted"].map(printed_p),
        seen=["" if pd.isna(seen) else f"{rounded(100 * seen)}" for seen in found["smallest_seen"]],
    )
