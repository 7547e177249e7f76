"""Where do coders differ: which codes are taken for which, and where do they cut?"""

import pandas as pd

from ncsresearch.analysis.coded_turns import (
    PAIR,
    TURN,
    coded_passages,
    coded_places,
    coded_turns,
    coder_pairs,
    of_both_coders,
)
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, themes
from ncsresearch.study.frames import framed

NOTHING = "nothing"
ALL_THEMES = "all themes"
CODES = ["code_id", "theme", "other_code_id", "other_theme"]
IDS = ["segment_ids", "other_segment_ids"]
BOUNDS = [
    *(*PAIR, "code_id", "theme", "n_passages", "n_matched", "n_other_passages", "n_other_matched"),
    *("share_matched", "n_overlaps", "n_alike", "median_overlap"),
]


def judgements_compared(study: Study) -> pd.DataFrame:
    """What the reporting coder and another gave the same turn, code by code.

    A theme that both gave a turn is agreed. What is left of each side is set against all that is left of the
    other, or against nothing.

    Returns one row per pair of coders, turn and pair of codes, with
        coder, other               the two
        document_id, ordinal       the turn
        code_id, theme             what the reporting coder gave it; nothing where that side has none left
        other_code_id, other_theme what the other gave it, or nothing
        agree                      yes where the two are one theme
        segment_ids, other_segment_ids   the passages or points behind the two, divided by semicolons

    Caution: a turn on which one coder has a theme left and the other two is in two rows.
    """
    turns = coded_turns(study).turns
    own, others = of_both_coders(study, coded_places(study).merge(turns, on=TURN))
    own = _joined_by_code(own, "unit_id").rename("segment_ids").reset_index()
    others = _joined_by_code(others, "other_unit_id").rename("other_segment_ids").reset_index()
    matched = own.merge(others, on=[*PAIR, *TURN, "code_id"], how="outer", indicator="agree")
    agreed, left, right = (matched[matched["agree"].eq(side)] for side in ("both", "left_only", "right_only"))
    left = left.drop(columns=["agree", "other_segment_ids"])
    right = right.drop(columns=["agree", "segment_ids"]).rename(columns={"code_id": "other_code_id"})
    differ = left.merge(right, on=[*PAIR, *TURN], how="outer")
    rows = pd.concat([agreed.assign(agree="yes", other_code_id=agreed["code_id"]), differ], ignore_index=True)
    rows = rows.fillna({"code_id": NOTHING, "other_code_id": NOTHING, "agree": "no"} | dict.fromkeys(IDS, ""))
    names = code_names(study.codebook).to_dict() | {NOTHING: NOTHING}
    rows = rows.assign(theme=rows["code_id"].map(names), other_theme=rows["other_code_id"].map(names))
    return rows[[*PAIR, *TURN, *CODES, "agree", *IDS]]


def confusions(study: Study) -> pd.DataFrame:
    """How often one coder gave a turn one theme where the other gave another, or nothing.

    Returns one row per pair of coders and pair of codes found, disagreements first and the most frequent of
    them first, with
        coder, other                                  the two coders
        code_id, theme, other_code_id, other_theme    what each of them gave
        agree                                         whether it is the same
        n_turns           turns so coded
        n_turns_coded     turns that at least one of the two gave a theme: the base
        segment_ids, other_segment_ids   the passages or points behind them, for coders to talk about

    Caution: a turn may be in several rows; the rows of a pair of coders do not add up to their base.
    """
    rows, by = judgements_compared(study), [*PAIR, *CODES, "agree"]
    counted = rows.groupby(by, sort=False).agg(
        n_turns=("ordinal", "size"), **{name: (name, _joined) for name in IDS}
    )
    bases = rows.drop_duplicates([*PAIR, *TURN]).groupby(PAIR).size().rename("n_turns_coded")
    table = counted.reset_index().join(bases, on=PAIR)[[*by, "n_turns", "n_turns_coded", *IDS]]
    order = [*PAIR, "agree", "n_turns", "theme", "other_theme"]
    ascending = [name != "n_turns" for name in order]
    return framed(table.sort_values(order, ascending=ascending, ignore_index=True), "confusions", study)


def boundaries(study: Study, *, by: str = "theme") -> pd.DataFrame:
    """How far two coders cut the same passages, in the documents both coded.

    by   theme, or "" for all themes together

    Returns one row per pair of coders and theme that either gave, with
        coder, other, code_id, theme   without by the codes are empty and the theme reads all themes
        n_passages, n_other_passages   passages with the theme, of each
        n_matched, n_other_matched     passages that overlap one of the other coder with the same theme
        share_matched                  matched passages of both / passages of both
        n_overlaps, n_alike            overlapping pairs, and those that begin and end at the same characters
        median_overlap                 middle value of characters in both / in either; missing without a pair
    """
    passages = coded_passages(study).dropna(subset="end").drop_duplicates(["unit_id", "coder", "code_id"])
    sides = of_both_coders(study, passages)
    found = (*sides, overlapping(*sides))
    own, others, overlaps = (rows.assign(under=rows["code_id"] if by else "") for rows in found)
    keys = [*PAIR, "under"]
    counted = {
        "n_passages": own,
        "n_matched": overlaps.drop_duplicates([*PAIR, "unit_id", "code_id"]),
        "n_other_passages": others,
        "n_other_matched": overlaps.drop_duplicates([*PAIR, "other_unit_id", "code_id"]),
        "n_overlaps": overlaps,
        "n_alike": overlaps[overlaps["overlap"].eq(1)],
    }
    codes = themes(study.codebook) if by else [""]
    every = [(*pair, code) for pair in coder_pairs(study) for code in codes]
    every = pd.MultiIndex.from_tuples(every, names=keys)
    n = {name: rows.groupby(keys).size().reindex(every, fill_value=0) for name, rows in counted.items()}
    n_both, n_matched = n["n_passages"] + n["n_other_passages"], n["n_matched"] + n["n_other_matched"]
    median = overlaps.groupby(keys)["overlap"].median()
    rows = pd.DataFrame(n).assign(share_matched=n_matched / n_both, median_overlap=median)
    rows = rows[n_both > 0].reset_index().rename(columns={"under": "code_id"})
    names = code_names(study.codebook).to_dict() | {"": ALL_THEMES}
    return framed(rows.assign(theme=rows["code_id"].map(names))[BOUNDS], "boundaries", study)


def overlapping(own: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Passages of two coders that have a theme in common and overlap.

    own, others   passages as of_both_coders gives them

    Returns one row per pair of such passages, with the columns of both and
        n_common, n_either   characters in both, and in either
        overlap              n_common / n_either, 1 where both cut alike
    """
    pairs = own.merge(others, on=[*PAIR, "document_id", "code_id"], suffixes=("", "_other"))
    ends, starts = pairs[["end", "end_other"]], pairs[["start", "start_other"]]
    common = ends.min(axis=1) - starts.max(axis=1)
    either = ends.max(axis=1) - starts.min(axis=1)
    return pairs.assign(n_common=common, n_either=either, overlap=common / either)[common > 0]


def _joined_by_code(given: pd.DataFrame, name: str) -> pd.Series:
    """Return what a coder gave each turn: one row per code, with the passages behind it joined."""
    return given.groupby([*PAIR, *TURN, "code_id"])[name].agg(_joined)


def _joined(ids: pd.Series) -> str:
    each = dict.fromkeys(name for value in ids for name in str(value).split("; ") if name)
    return "; ".join(each)
