"""Would a difference between groups still be found, had another coder coded, or a few codings been otherwise?"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from ncsresearch.analysis.coded_turns import TURN, coded_turns, coder_pairs
from ncsresearch.analysis.contrasts import COUNTS, Contrast, contrasts_of
from ncsresearch.analysis.group_differences import DIFFERS, EQUIVALENT, MARGIN, ONE, group_differences
from ncsresearch.analysis.partial_pooling import ICCS, Side, learned_prior, pooled_differences
from ncsresearch.analysis.reliability import OF_TWO, agreement, of_pairs_alone
from ncsresearch.evidence.judgements import reporting_coder
from ncsresearch.study import Study

CLAIMS = (DIFFERS, EQUIVALENT)
RECODINGS, SEED = 200, 2023
RECODED = [*ONE, "verdict", "n_turns_either", "n_recodings", "n_kept"]
HALF = 0.5  # disagreement that is added at the rate of all themes, so that a theme without any may still have some


def coding_error(study: Study, *, by: str) -> pd.DataFrame:
    """How often a claim about groups is made again when a coder who disagrees as the second one did codes everything.

    by   as for group_differences

    Each time, every turn that the reporting coder gave the theme may lose it and every other turn may gain it, at rates drawn
    from what the turns that both coded leave open; a person with a turn that has the theme raised it. The claim is judged by
    the model, the correlations and the correction that it was made by.

    Returns one row per claim (verdict differs, in the same direction, or equivalent), in the order of group_differences, with
        code_id, group, others, verdict   the claim
        n_turns_either   turns that either coder gave the theme, of those that both had: few tell little of how coders disagree
        n_recodings      times that everything is coded again
        n_kept           times that the claim is made; missing where no other coder coded the theme

    Source: Fox, Lash and Greenland 2005, doi 10.1093/ije/dyi184 (probabilistic analysis of misclassification). Caution: turns
    are taken to be misjudged one by one and alike in all groups; coders with one codebook may agree and both be wrong.
    """
    rows, rates = group_differences(study, by=by), disagreements(study)
    claims, cut = rows[rows["verdict"].isin(CLAIMS)], share_of_chance(rows, study.settings.interval_level)
    known, n_kept = claims[claims["code_id"].isin(rates.index)], [pd.Series(dtype="Int64")]
    turns = turns_of_people(study) if len(known) else None
    for contrast in contrasts_of(study, by=by):
        own = known[known["group"].eq(contrast.group)]
        if len(own):
            again = _coded_again(contrast, own["code_id"], rates, turns)
            n_kept.append(_n_claimed(contrast, again, own, cut))
    either = claims["code_id"].map(rates[OF_TWO].sum(axis=1))
    told = claims.assign(n_turns_either=either, n_recodings=RECODINGS, n_kept=pd.concat(n_kept))
    return told[RECODED].reset_index(drop=True)


def disagreements(study: Study) -> pd.DataFrame:
    """Return by code the turns that the reporting coder and another both had, by who of the two gave them the theme.

    n_both, n_reporting_only, n_other_only, n_neither   over all pairs of coders
    """
    if not coder_pairs(study):
        return pd.DataFrame(columns=[*OF_TWO, "n_neither"])
    turns = of_pairs_alone(agreement(study)).groupby("code_id")[[*OF_TWO, "n_turns"]].sum()
    return turns.assign(n_neither=turns.pop("n_turns") - turns[OF_TWO].sum(axis=1))


def turns_of_people(study: Study) -> tuple[pd.DataFrame, pd.Series]:
    """Return people by codes, with how many turns of each the reporting coder gave the code, and how many turns each has."""
    turns, coder = coded_turns(study), reporting_coder(study)
    who = study.turns[[*TURN, "participant_id"]].astype({"ordinal": "int64"})
    who = turns.turns.merge(who, on=TURN, how="left")["participant_id"]
    given = turns.given[:, turns.coders.index(coder)] if coder in turns.coders else turns.given.any(axis=1)
    return pd.DataFrame(given, columns=turns.code_ids).groupby(who.to_numpy()).sum(), who.value_counts()


def share_of_chance(rows: pd.DataFrame, level: float) -> float:
    """Return the largest p by which a difference is claimed among what is compared, all others being as they are."""
    n_claimed = int(rows["p_adjusted"].le(1 - level).sum())
    return (1 - level) * n_claimed / max(rows["family_size"].max(), 1)


def _coded_again(contrast: Contrast, codes: pd.Series, rates: pd.DataFrame, turns) -> np.ndarray:
    """Return people by recodings, those of each code beside each other: true where the person has the theme."""
    who, (given, spoken) = contrast.people["participant_id"], turns
    n_spoken, again = who.map(spoken).fillna(0).to_numpy(), []
    for code in codes:
        random = np.random.default_rng(SEED)  # the same for each, so that no claim depends on the others
        lost = _rates(random, rates["n_reporting_only"], rates["n_both"], code)
        gained = _rates(random, rates["n_other_only"], rates["n_neither"], code)
        n_given = np.maximum(who.map(given[code]).fillna(0).to_numpy(), contrast.raised[code].to_numpy())
        chance = chance_of_theme(n_given[:, None], n_spoken[:, None], lost, gained)
        again.append(random.random(chance.shape) < chance)
    return np.hstack(again)


def _n_claimed(contrast: Contrast, again: np.ndarray, claims: pd.DataFrame, cut: float) -> pd.Series:
    """Return in how many of its recodings each claim is made."""
    sides, prior = replace(contrast, raised=pd.DataFrame(again)).sides, learned_prior(*contrast.sides)
    found = pooled_differences(*sides, level=contrast.level, prior=prior)
    made = claimed(found, claims.loc[claims.index.repeat(len(found) // len(claims))], cut)
    return pd.Series(made.reshape(len(claims), -1).sum(axis=1), claims.index, dtype="Int64")


def _rates(random, changed: pd.Series, same: pd.Series, code: str) -> np.ndarray:
    """Return a code's rate of disagreement for each recoding, from what is known of it and of all codes together."""
    over_all = (changed.sum() + HALF) / (changed.sum() + same.sum() + 1)
    return random.beta(changed[code] + HALF, same[code] + HALF / over_all - HALF, size=RECODINGS)


def chance_of_theme(n_given, n_spoken, lost, gained):
    """Return the probability that a person has a theme in another coding: of any turn that keeps it, or gains it.

    n_given, n_spoken   turns of the person that have the theme, and all of them
    """
    return 1 - lost**n_given * (1 - gained) ** np.maximum(n_spoken - n_given, 0)


def claimed(found: pd.DataFrame, claims: pd.DataFrame, cut: float) -> np.ndarray:
    """Whether claims are made, each by what is found: differs in its direction, by a p of cut at most, or equivalent."""
    low, high, p = found[["low", "high", "p"]].to_numpy().T
    beyond = np.where(claims["difference"] > 0, low, -high)
    inside = (low > -MARGIN) & (high < MARGIN)
    return np.where(claims["verdict"] == DIFFERS, (p <= cut) & (beyond > 0), inside)


def judgements_to_undo(rows: pd.DataFrame, *, level: float) -> pd.Series:
    """Of how many people it would have to be judged otherwise whether they raised a theme, for a claim no longer to be made.

    rows   as group_differences or compare gives them; only what compare prints of them is read

    Returns for each row the smallest number by its counts, those people being changed that harm the claim most, as if
    each had been heard alone; missing where there is no claim, and where areas are compared, which share what is said in them.

    Source: Walsh and others 2014, doi 10.1016/j.jclinepi.2013.10.019 (fragility index), here with people of both groups changed
    either way. Caution: where people were heard together fewer may be enough.
    """
    cut, found = share_of_chance(rows, level), pd.Series(pd.NA, rows.index, dtype="Int64")
    for at, claim in rows[rows["verdict"].isin(CLAIMS) & rows["level"].ne("area")].iterrows():
        counts = tuple(map(int, claim[COUNTS]))
        holds = partial(_claimed_by_counts, counts=counts, claim=claim, cut=cut, level=level)
        found[at] = fewest_changes(counts, holds)
    return found


def fewest_changes(counts: tuple[int, int, int, int], holds: Callable) -> int | None:
    """Return the smallest number of people who, moved from or to those who raised a theme, make something not hold.

    counts   people of the group who raised it, people of the group, and both of the others
    holds    whether it holds, of two arrays of how many of the group and of the others raised it
    """
    n, base, n_others, base_others = counts
    here, others = np.indices((base + 1, base_others + 1)).reshape(2, -1)
    changes = abs(here - n) + abs(others - n_others)
    for number in range(1, changes.max() + 1):
        of_number = changes == number
        if not np.all(holds(here[of_number], others[of_number])):
            return number
    return None


def _claimed_by_counts(here, others, *, counts, claim, cut, level) -> np.ndarray:
    sides = _heard_alone(here, counts[1]), _heard_alone(others, counts[3])
    found = pooled_differences(*sides, level=level, prior=np.full(len(ICCS), 1 / len(ICCS)))
    return claimed(found, pd.DataFrame([claim] * len(found)), cut)


def _heard_alone(raised: np.ndarray, base: int) -> Side:
    each = (np.arange(base)[:, None] < raised).astype("int64")
    return Side(np.ones_like(each), each, each, raised)
