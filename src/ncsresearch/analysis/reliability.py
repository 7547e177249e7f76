"""How far do coders agree, and how sure is that?

Agreement is counted within each interview first. To see how far a coefficient depends on which interviews were coded twice,
interviews are drawn with replacement and their counts summed anew.

Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), percentile intervals, here with the interview as the unit
drawn, since turns of one interview are not independent.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from ncsresearch.analysis.agreement import (
    ALL_ALIKE,
    ONE_CONSTANT,
    TWO_CODERS,
    Sums,
    ac1,
    alpha,
    beyond_chance,
    by_unit,
    kappa,
    read_ratings,
    sums_of,
)
from ncsresearch.analysis.coded_turns import CodedTurns, by_person, coded_places, coded_turns, coder_pairs
from ncsresearch.evidence.judgements import judges, reporting_coder
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names
from ncsresearch.study.frames import framed
from ncsresearch.study.kept import kept

DRAWS = 1000
SEED = 2023
FEWEST = 5  # interviews, below which drawing anew says nothing
UNDEFINED = 0.05  # share of draws that may have no value before an interval is withheld
FEW_INTERVIEWS = f"fewer than {FEWEST} interviews were coded twice"
FEW_HOLD_IT = "too few of the interviews hold the code"
ALL_OTHERS = "all others"
MEASURES = ("agreement", "kappa", "alpha", "ac1")
OF_CODED = tuple(f"{name}_coded" for name in MEASURES)
ENDS = ("", "_low", "_high")
BASES = ("every turn", "turns with a code")
HIGH_AGREEMENT, LOW_KAPPA, RARE = 0.90, 0.667, 0.10
DIFFERENT = 1.0 - np.eye(2)
OF_TWO = ["n_both", "n_reporting_only", "n_other_only"]
COUNTS = ["n_documents", "n_turns", *OF_TWO, "prevalence", "agreement_either"]


def _with_ends(*names: str) -> list[str]:
    return [f"{name}{end}" for name in names for end in ENDS]


BY_THEME = [
    *("coder", "other", "code_id", "theme", *COUNTS, *_with_ends(*MEASURES), "n_turns_coded"),
    *(*_with_ends(*OF_CODED), "n_people", *_with_ends("alpha_people")),
    *("paradox", "reason", "no_interval_reason"),
]
OVERALL = [
    *("coders", "basis", "n_documents", "n_turns", "n_themes", "prevalence", *_with_ends(*MEASURES)),
    *("same_set", *_with_ends("jaccard", "masi"), "no_interval_reason"),
]


def coded_twice(study: Study) -> list[str]:
    """Find the documents that more than one coder has coded.

    Returns their ids, in the study's order.
    """
    if len(judges(study)) < 2:
        return []
    coded = coded_places(study).groupby("document_id")["coder"].nunique()
    return [name for name in study.documents["document_id"] if coded.get(name, 0) > 1]


def coders(study: Study) -> pd.DataFrame:
    """Who coded the study, and whose judgements the chapters report.

    Returns one row per coder, in the order of the study, with
        coder         the name
        reports       whether the chapters report this coder
        n_documents   documents with a passage or a point that the coder coded
        n_shared      of these, documents that another coder coded too
    """
    own = study.codings["unit"].isin(["segments", "points"]) & study.codings["coder"].isin(judges(study))
    told = study.codings[own]
    held = [study.segments.set_index("segment_id"), study.points.set_index("point_id")]
    document = told["unit_id"].map(pd.concat([rows["document_id"] for rows in held]))
    coded = told.assign(document_id=document)[["coder", "document_id"]].drop_duplicates()
    shared = coded[coded["document_id"].isin(coded_twice(study))]
    rows = pd.DataFrame({"coder": judges(study)})
    for name, of in (("n_documents", coded), ("n_shared", shared)):
        rows[name] = rows["coder"].map(of["coder"].value_counts()).fillna(0).astype("int64")
    rows.insert(1, "reports", rows["coder"].eq(reporting_coder(study)))
    return framed(rows, "coders", study)


@kept(4)
def agreement(study: Study, *, by: str = "theme", rare: bool = False, draws: int = DRAWS) -> pd.DataFrame:
    """Agreement of the reporting coder with each other coder, on turns of respondents.

    A turn counts as coded under a theme if a passage that begins in it is. Turns of documents that only one
    of the two has coded are left out.

    by      theme, or "" for all themes together: judgement by judgement, and on the set of themes of a turn
    rare    only themes that under a tenth of the turns have
    draws   interviews are drawn so often for the intervals

    Returns with by="theme" one row per pair of coders and theme that either used, and where there are more than two coders one
    for all of them together, with
        coder, other      the two; other is "all others" for all of them together, on turns that two or more of them had
        code_id, theme    the theme
        n_documents, n_turns   documents and turns that they had before them
        n_both, n_reporting_only, n_other_only   turns coded so by both, by the first alone, by the second alone
        prevalence        mean of the coders' shares of the turns that they gave the code
        agreement_either  n_both / turns that either gave the code: no turn without it counts
        agreement         share of the turns on which they agree, that it was not coded included; of pairs of more coders
        kappa, alpha, ac1 Cohen's kappa, Krippendorff's alpha, Gwet's AC1
        n_turns_coded     turns that at least one of them gave any theme
        agreement_coded, kappa_coded, alpha_coded, ac1_coded   the same on those turns alone
        n_people          people who spoke these turns, each as often as they were interviewed
        alpha_people      Krippendorff's alpha of whether a person raised the theme, or one below it, which counts of people rest on
        ..._low, ..._high interval of each at the study's level, over interviews drawn with replacement
        paradox           yes where agreement is at least 0.90, kappa under 0.667 and under a tenth of the turns have the
                          code (Feinstein and Cicchetti 1990): agreement rests on turns without it, kappa on few turns
        reason            why kappa is missing; empty where it is given
        no_interval_reason   why the intervals are missing; empty where they are given

    With by="" two rows per pair of coders, and two for all together where there are more than two, with coders (their
    names), n_documents, n_turns, no_interval_reason and the coefficients as above, of judgements, and
        basis             every turn, or turns with a code: those that at least one of them gave a theme
        n_themes          themes that any of them used; every theme of a turn was given to it or not
        prevalence        share of the judgements that gave the theme
        same_set          share of pairs of coders who gave a turn just the same themes
        jaccard, masi     Krippendorff's alpha of the sets of themes, by how much of two sets is shared (MASI:
                          Passonneau 2006, milder where one set lies within the other)

    It is kept for the study. Caution: where a code is rare, agreement is high and kappa low whatever coders
    do; read both with n_both. Most turns have none of most themes, so agreement of all judgements flatters; read the sets on
    turns with a code. A coder who read a document and coded nothing in it is not known to have read it.
    """
    turns, pairs = coded_turns(study), coder_pairs(study)
    groups = pairs + ([tuple(turns.coders)] if len(turns.coders) > 2 else [])
    made, columns = (_by_theme, BY_THEME) if by else (_over_all, OVERALL)
    tables = [made(study, turns.of(*group), draws) for group in groups]
    found = [table for table in tables if len(table)]
    rows = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    if rare:
        rows = rows[rows["prevalence"].lt(RARE)].reset_index(drop=True)
    kind = "agreement on rare themes" if rare else "agreement" if by else "agreement over all themes"
    return framed(rows.reindex(columns=columns), kind, study)


def of_all_coders(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of agreement that are of all coders together: of the one pair, where there are two."""
    together = rows["other"].eq(ALL_OTHERS)
    return rows[together] if together.any() else rows


def of_pairs_alone(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of agreement that are of two coders."""
    pairs = rows[rows["other"].ne(ALL_OTHERS)].reset_index(drop=True)
    return pairs.astype(dict.fromkeys(OF_TWO, "int64"))


def _by_theme(study: Study, shared: CodedTurns, draws: int) -> pd.DataFrame:
    used, level = shared.given.any(axis=(0, 1)), study.settings.interval_level
    if not used.any():
        return pd.DataFrame()
    coded, two = shared.only_coded(), len(shared.coders) == 2
    sums = _judged(shared, used)
    rows = pd.DataFrame({"code_id": np.array(shared.code_ids, dtype=object)[used]})
    rows = rows.assign(coder=shared.coders[0], other=shared.coders[1] if two else ALL_OTHERS)
    rows["theme"] = rows["code_id"].map(code_names(study.codebook))
    rows = rows.assign(n_documents=len(sums.units), n_turns=sums.total.units.astype(int))
    rows = rows.assign(prevalence=sums.total.shares[:, 1] / sums.total.units)
    rows = rows.assign(**_given_by_each(shared.given[:, :, used]) if two else {})
    rows = rows.assign(
        **_estimated(MEASURES, sums, _coefficients, draws, level), n_turns_coded=len(coded.turns)
    )
    on_coded = _estimated(OF_CODED, _judged(coded, used), _coefficients, draws, level)
    return rows.assign(**on_coded, **_of_people(study, shared, used, draws)).pipe(_remarked, two=two)


def _of_people(study: Study, shared: CodedTurns, used: np.ndarray, draws: int) -> dict:
    """Return how many people those turns are of, and alpha of whether each of them raised each theme."""
    people = by_person(study, shared)
    if not len(people.turns):
        return {"n_people": 0}
    sums, level = _judged(people, used), study.settings.interval_level
    return {"n_people": len(people.turns)} | _estimated(["alpha_people"], sums, _alpha, draws, level)


def _alpha(sums: Sums) -> np.ndarray:
    return _coefficients(sums)[..., [MEASURES.index("alpha")]]


def _over_all(study: Study, shared: CodedTurns, draws: int) -> pd.DataFrame:
    rows, used, level = [], shared.given.any(axis=(0, 1)), study.settings.interval_level
    for basis, turns in zip(BASES, (shared, shared.only_coded()), strict=True):
        if not len(turns.turns):
            continue
        sums = _judged(turns, used).each(lambda part: part.sum(axis=1))
        units, given = sums.units.sum(), sums.total.shares[1]
        row = {"coders": ", ".join(shared.coders), "basis": basis, "n_documents": len(sums.units)}
        row |= {"n_turns": len(turns.turns), "n_themes": int(used.sum())}
        row |= {"prevalence": given / units if units else np.nan}
        row |= _estimated(MEASURES, sums, _coefficients, draws, level) | _agreement_on_sets(
            turns, draws, level
        )
        rows.append(row | {"no_interval_reason": FEW_INTERVIEWS if len(sums.units) < FEWEST else ""})
    return pd.DataFrame(rows)


def _judged(turns: CodedTurns, used: np.ndarray) -> Sums:
    """Sums over the turns of each interview, for each code: [interview, code]."""
    return _by_interview(turns, sums_of(turns.judgements()[:, used], DIFFERENT))


def alpha_alone(turns: CodedTurns, codes: Iterable[str]) -> float:
    """Return Krippendorff's alpha of whether a turn was given any of some codes, on the turns that two or more coders had."""
    shared = turns.of(*turns.coders)
    any_of = shared.given[:, :, np.isin(shared.code_ids, list(codes))].any(axis=2, keepdims=True)
    sums = sums_of(replace(shared, given=any_of).judgements(), DIFFERENT)
    return float(_coefficients(sums.total)[0, MEASURES.index("alpha")])


def _by_interview(turns: CodedTurns, each: Sums) -> Sums:
    numbers, names = pd.factorize(turns.turns["document_id"])
    order = np.argsort(numbers, kind="stable")
    starts = np.searchsorted(numbers[order], np.arange(len(names)))
    return each.each(lambda part: np.add.reduceat(part[order], starts, axis=0))


def _given_by_each(given: np.ndarray) -> dict[str, np.ndarray]:
    first, second = given[:, 0], given[:, 1]
    both, either = (first & second).sum(axis=0), (first | second).sum(axis=0)
    alone = {"n_reporting_only": (first & ~second).sum(axis=0), "n_other_only": (second & ~first).sum(axis=0)}
    return alone | {"n_both": both, "agreement_either": both / np.where(either > 0, either, np.nan)}


def _coefficients(sums: Sums) -> np.ndarray:
    """MEASURES in the last axis; missing where every judgement is the same, and kappa where a coder's judgements are."""
    varied, each_varied = (sums.shares > 0).all(axis=-1), (sums.own > 0).all(axis=(-2, -1))
    made = [
        (by_unit(sums), np.ones_like(varied)),
        (kappa(sums) if sums.own.shape[-2] == 2 else (np.nan, 0.0), each_varied),
        (alpha(sums, distance=DIFFERENT), varied),
        (ac1(sums), varied),
    ]
    return np.stack([np.where(known, beyond_chance(*parts), np.nan) for parts, known in made], axis=-1)


def _estimated(
    names: Iterable[str], sums: Sums, coefficient: Callable, draws: int, level: float
) -> dict[str, np.ndarray]:
    """Return each coefficient, which the last axis holds in the order of the names, with its interval."""
    values = (coefficient(sums.total), *interval(sums, coefficient, draws, level))
    places = enumerate(names)
    return {
        f"{name}{end}": each.T[place]
        for place, name in places
        for end, each in zip(ENDS, values, strict=True)
    }


def _agreement_on_sets(turns: CodedTurns, draws: int, level: float) -> dict[str, float]:
    found, row = read_ratings(turns.as_sets()), {}
    for metric in ("jaccard", "masi") if len(found.categories) > 1 else ():
        distance = found.distances(metric)
        sums = _by_interview(turns, sums_of(found.given, distance))
        row["same_set"] = float(sums.total.agreed / sums.total.paired)
        row |= _estimated([metric], sums, partial(_set_alpha, distance=distance), draws, level)
    return row


def _set_alpha(sums: Sums, distance: np.ndarray) -> np.ndarray:
    return beyond_chance(*alpha(sums, distance=distance))[..., None]


def interval(sums: Sums, coefficient: Callable, draws: int, level: float):
    """Percentile interval of a coefficient over interviews drawn with replacement.

    Returns low and high, missing where fewer than FEWEST interviews were coded or the coefficient has no value in more than
    a share UNDEFINED of the draws. The draws are the same for every coefficient of as many interviews.
    """
    number = len(sums.units)
    if number < FEWEST:
        return np.full((2, *np.shape(coefficient(sums.total))), np.nan)
    weights = np.random.default_rng(SEED).multinomial(number, np.full(number, 1 / number), size=draws)
    weights = weights.astype(float)
    values = coefficient(sums.each(lambda part: np.tensordot(weights, part, axes=1)))
    withheld = np.isnan(values).mean(axis=0) > UNDEFINED
    bounds = np.nanquantile(np.where(withheld, 0.0, values), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return np.where(withheld, np.nan, bounds)


def _remarked(rows: pd.DataFrame, *, two: bool) -> pd.DataFrame:
    paradox = rows["agreement"].ge(HIGH_AGREEMENT) & rows["kappa"].lt(LOW_KAPPA) & rows["prevalence"].lt(RARE)
    unvaried = np.where(rows["alpha"].isna(), ALL_ALIKE, ONE_CONSTANT) if two else TWO_CODERS
    few = np.where(rows["n_documents"].lt(FEWEST), FEW_INTERVIEWS, FEW_HOLD_IT)
    return rows.assign(
        paradox=paradox.map({True: "yes", False: "no"}),
        reason=np.where(rows["kappa"].isna(), unvaried, ""),
        no_interval_reason=np.where(rows["alpha_low"].isna(), few, ""),
    )
