"""How far do coders agree?"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ncsresearch.analysis.agreement import TWO_CODERS
from ncsresearch.analysis.agreement_by_interview import (
    DRAWS,
    FEW_HOLD_IT,
    FEW_INTERVIEWS,
    FEWEST,
    SUMS,
    coefficients_of,
    counts_by_interview,
    interval,
    set_agreement,
)
from ncsresearch.analysis.coded_turns import CodedTurns, coded_places, coded_turns, coder_pairs
from ncsresearch.analysis.codes import code_names
from ncsresearch.analysis.ratings import ALL_ALIKE, ONE_CONSTANT
from ncsresearch.study import Study

MEASURES = ("agreement", "kappa", "alpha", "ac1")
BASES = ("every turn", "turns with a code")
HIGH_AGREEMENT, LOW_KAPPA, RARE = 0.90, 0.667, 0.10
COUNTS = ["n_documents", "n_turns", "n_both", "n_coder", "n_other", "prevalence", "agreement_either"]
ESTIMATES = [f"{name}{end}" for name in MEASURES for end in ("", "_low", "_high")]
CODED = ["n_turns_coded", *(f"{name}_coded{end}" for name in MEASURES for end in ("", "_low", "_high"))]
REMARKS = ["paradox", "not_given_because", "no_interval_because"]
SETS = ["same_set", *(f"{name}{end}" for name in ("jaccard", "masi") for end in ("", "_low", "_high"))]


def coded_twice(study: Study) -> list[str]:
    """Find the documents that more than one coder has coded.

    Returns their ids, in the study's order.
    """
    coded = coded_places(study).groupby("document_id")["coder"].nunique()
    return [name for name in study.documents["document_id"] if coded.get(name, 0) > 1]


def coder_agreement(study: Study, *, draws: int = DRAWS) -> pd.DataFrame:
    """Agreement of the reporting coder with each other coder, theme by theme, on turns of respondents.

    A turn counts as coded under a theme if a passage that begins in it is. Turns of documents that only one
    of the two has coded are left out.

    Returns one row per pair of coders and code of the facet theme that either used, with
        coder, other      the two
        code_id, theme    the code
        n_documents, n_turns   documents and turns that both had before them
        n_both, n_coder, n_other   turns coded so by both, by the first alone, by the second alone
        prevalence        mean of the two coders' shares of the turns that they gave the code
        agreement_either  n_both / turns that either gave the code: no turn without it counts
        agreement         share of the turns on which they agree, that it was not coded included
        kappa, alpha, ac1 Cohen's kappa, Krippendorff's alpha, Gwet's AC1
        n_turns_coded     turns that at least one of the two gave any theme
        agreement_coded, kappa_coded, alpha_coded, ac1_coded   the same on those turns alone
        ..._low, ..._high interval of each at the study's level, over interviews drawn with replacement
        paradox           yes where agreement is at least 0.90, kappa under 0.667 and under a tenth of the turns have the
                          code (Feinstein and Cicchetti 1990): agreement rests on turns without it, kappa on few turns
        not_given_because    why kappa is missing; empty where it is given
        no_interval_because  why the intervals are missing; empty where they are given

    Caution: where a code is rare, agreement is high and kappa low whatever coders do; read both with n_both. A
    coder who read a document and coded nothing in it is not known to have read it.
    """
    turns = coded_turns(study)
    columns = ["coder", "other", "code_id", "theme", *COUNTS, *ESTIMATES, *CODED, *REMARKS]
    tables = [_by_code(study, turns.of(*pair), draws) for pair in coder_pairs(study)]
    return _together(tables, columns)


def agreement_of_all(study: Study, *, draws: int = DRAWS) -> pd.DataFrame:
    """Agreement of all coders of the study together, theme by theme, on turns that two or more of them had.

    Returns one row per code of the facet theme that any of them used, with coders (their names), n_coders and the
    columns of coder_agreement from n_documents on, without those of two coders. Agreement is the share of pairs of coders who agree.
    """
    turns = coded_turns(study)
    left = ("n_both", "n_coder", "n_other", "agreement_either", "paradox")
    columns = [
        name
        for name in (
            "coders",
            "n_coders",
            "code_id",
            "theme",
            *COUNTS,
            *ESTIMATES,
            *CODED,
            "no_interval_because",
        )
        if name not in left and "kappa" not in name
    ]
    if len(turns.coders) < 2:
        return pd.DataFrame(columns=columns)
    rows = _by_code(study, turns.of(*turns.coders), draws)
    return rows.assign(coders=", ".join(turns.coders), n_coders=len(turns.coders)).reindex(columns=columns)


def agreement_overall(study: Study, *, draws: int = DRAWS) -> pd.DataFrame:
    """Agreement over all themes together: judgement by judgement, and on the set of codes of a turn.

    A judgement is a turn and a theme that either coder used; every theme of a turn was given to it or not.

    Returns two rows per pair of coders (and two for all together where there are more than two), with
        coders            their names
        basis             every turn, or turns with a code: those that at least one of them gave a theme
        n_documents, n_turns, n_themes
        prevalence        share of the judgements that gave the theme
        agreement, kappa, alpha, ac1   of judgements; kappa for two coders alone
        same_set          share of pairs of coders who gave a turn just the same themes
        jaccard, masi     Krippendorff's alpha of the sets of themes, by how much of two sets is shared (MASI:
                          Passonneau 2006, milder where one set lies within the other)
        ..._low, ..._high interval of each, over interviews drawn with replacement
        no_interval_because   why the intervals are missing; empty where they are given

    Caution: most turns have none of most themes, so agreement of judgements flatters; read the sets on turns
    with a code.
    """
    turns, level = coded_turns(study), study.settings.interval_level
    groups = coder_pairs(study) + ([tuple(turns.coders)] if len(turns.coders) > 2 else [])
    counted = ["n_documents", "n_turns", "n_themes", "prevalence"]
    columns = ["coders", "basis", *counted, *ESTIMATES, *SETS, "no_interval_because"]
    return _together([_overall(turns.of(*group), draws, level) for group in groups], columns)


def _together(tables: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    found = [table for table in tables if len(table)]
    return (
        pd.concat(found, ignore_index=True).reindex(columns=columns)
        if found
        else pd.DataFrame(columns=columns)
    )


def _by_code(study: Study, shared: CodedTurns, draws: int) -> pd.DataFrame:
    used = shared.given.any(axis=(0, 1))
    if not used.any():
        return pd.DataFrame()
    level = study.settings.interval_level
    coded = shared.only_coded()
    counts, counts_coded = (counts_by_interview(each)[:, used] for each in (shared, coded))
    codes = np.array(shared.code_ids, dtype=object)[used]
    rows = pd.DataFrame({"coder": shared.coders[0], "other": shared.coders[1], "code_id": codes})
    rows["theme"] = rows["code_id"].map(code_names(study.codebook))
    rows = rows.assign(n_documents=len(counts), **_counted(counts), **_estimated(counts, draws, level))
    rows = rows.assign(n_turns_coded=len(coded.turns), **_estimated(counts_coded, draws, level, "_coded"))
    return rows.assign(**_remarks(rows, two=len(shared.coders) == 2))


def _counted(counts: np.ndarray) -> dict[str, np.ndarray]:
    total = dict(zip(SUMS, np.moveaxis(counts.sum(axis=0), -1, 0), strict=True))
    first, second, both = (total[name].astype(int) for name in ("first", "second", "both"))
    either = first + second - both
    return {
        "n_turns": total["units"].astype(int),
        "n_both": both,
        "n_coder": first - both,
        "n_other": second - both,
        "prevalence": total["share"] / total["units"],
        "agreement_either": both / np.where(either > 0, either, np.nan),
    }


def _estimated(counts: np.ndarray, draws: int, level: float, ending: str = "") -> dict[str, np.ndarray]:
    values = coefficients_of(counts.sum(axis=0))
    found = {}
    for name in MEASURES:
        low, high = interval(counts, lambda sums, name=name: coefficients_of(sums)[name], draws, level)
        found |= {f"{name}{ending}": values[name], f"{name}{ending}_low": low, f"{name}{ending}_high": high}
    return found


def _remarks(rows: pd.DataFrame, *, two: bool) -> dict[str, object]:
    rare = rows["prevalence"].lt(RARE)
    paradox = rows["agreement"].ge(HIGH_AGREEMENT) & rows["kappa"].lt(LOW_KAPPA) & rare
    unvaried = np.where(rows["alpha"].isna(), ALL_ALIKE, ONE_CONSTANT)
    return {
        "paradox": np.where(paradox, "yes", "no"),
        "not_given_because": np.where(rows["kappa"].isna(), unvaried if two else TWO_CODERS, ""),
        "no_interval_because": _no_interval(rows["n_documents"], rows["alpha_low"]),
    }


def _no_interval(documents: pd.Series, low: pd.Series) -> np.ndarray:
    few = np.where(documents.lt(FEWEST), FEW_INTERVIEWS, FEW_HOLD_IT)
    return np.where(low.isna(), few, "")


def _overall(shared: CodedTurns, draws: int, level: float) -> pd.DataFrame:
    rows = pd.DataFrame(list(_overall_rows(shared, draws, level)))
    if len(rows) and len(shared.coders) > 2:
        rows = rows.assign(**{name: np.nan for name in ESTIMATES if name.startswith("kappa")})
    return rows


def _overall_rows(shared: CodedTurns, draws: int, level: float) -> Iterator[dict]:
    used = shared.given.any(axis=(0, 1))
    for basis, turns in zip(BASES, (shared, shared.only_coded()), strict=True):
        if not len(turns.turns):
            continue
        counts = counts_by_interview(turns)[:, used].sum(axis=1)
        total = counts.sum(axis=0)
        row = {"coders": ", ".join(shared.coders), "basis": basis, "n_documents": len(counts)}
        row |= {"n_turns": len(turns.turns), "n_themes": int(used.sum())}
        row |= {"prevalence": total[2] / total[0] if total[0] else np.nan}
        row |= {name: float(value) for name, value in _estimated(counts, draws, level).items()}
        row |= set_agreement(turns, draws=draws, level=level)
        few = FEW_INTERVIEWS if len(counts) < FEWEST else ""
        yield row | {"no_interval_because": few}
