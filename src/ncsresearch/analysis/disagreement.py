"""Where do coders differ: which codes are taken for which, and where do they cut?"""

import pandas as pd

from ncsresearch.analysis.coded_turns import coded_passages, coded_places, coded_turns, of_pairs
from ncsresearch.evidence.codebook import code_names, themes
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

NOTHING = "nothing"
ALL_THEMES = "all themes"
TURN = ["document_id", "ordinal"]
PAIR = ["coder", "other"]
CODES = ["code_id", "theme", "other_code_id", "other_theme"]
IDS = ["segment_ids", "other_segment_ids"]
OVERLAP = [
    *(*PAIR, "document_id", "code_id", "theme", "segment_id", "other_segment_id"),
    *("n_common", "n_either", "overlap"),
]
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
        segment_ids, other_segment_ids   the passages behind the two, divided by semicolons

    Caution: a turn on which one coder has a theme left and the other two is in two rows.
    """
    columns = [*PAIR, *TURN, *CODES, "agree", *IDS]
    rows = of_pairs(study, lambda *pair: _compared(study, *pair), columns)
    names = code_names(study.codebook).to_dict() | {NOTHING: NOTHING}
    rows = rows.fillna({"code_id": NOTHING, "other_code_id": NOTHING} | dict.fromkeys(IDS, ""))
    rows = rows.assign(theme=rows["code_id"].map(names), other_theme=rows["other_code_id"].map(names))
    return rows.assign(agree=rows["code_id"].eq(rows["other_code_id"]).map({True: "yes", False: "no"}))


def confusions(study: Study) -> pd.DataFrame:
    """How often one coder gave a turn one theme where the other gave another, or nothing.

    Returns one row per pair of coders and pair of codes found, disagreements first and the most frequent of
    them first, with
        coder, other, code_id, theme, other_code_id, other_theme, agree   as judgements_compared
        n_turns           turns so coded
        n_turns_coded     turns that at least one of the two gave a theme: the base
        segment_ids, other_segment_ids   the passages behind them, for coders to talk about

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


def passage_overlaps(study: Study) -> pd.DataFrame:
    """Passages of two coders that have a theme in common and overlap.

    Returns one row per pair of such passages, with
        coder, other, document_id, code_id, theme
        segment_id, other_segment_id   the passages of the reporting coder and of the other
        n_common, n_either             characters in both, and in either
        overlap                        n_common / n_either, 1 where both cut alike
    """
    return of_pairs(study, lambda *pair: _overlaps(*_shared_passages(study, *pair)), OVERLAP)


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
    rows = of_pairs(study, lambda *pair: _cut(study, pair, by=by), BOUNDS)
    return framed(rows if by else rows.assign(theme=ALL_THEMES), "boundaries", study)


def _compared(study: Study, first: str, second: str) -> pd.DataFrame:
    turns = coded_turns(study).of(first, second).turns
    places = coded_places(study).merge(turns, on=TURN)
    places = places[places["code_id"].isin(themes(study.codebook))]
    own, others = _given_by(places, first, "segment_ids"), _given_by(places, second, "other_segment_ids")
    matched = own.merge(others, on=[*TURN, "code_id"], how="outer", indicator="side")
    agreed, left, right = (
        matched[matched["side"].eq(side)].drop(columns="side") for side in ("both", "left_only", "right_only")
    )
    left = left[[*TURN, "code_id", "segment_ids"]]
    right = right[[*TURN, "code_id", "other_segment_ids"]].rename(columns={"code_id": "other_code_id"})
    agreed = agreed.assign(other_code_id=agreed["code_id"])
    return pd.concat([agreed, left.merge(right, on=TURN, how="outer")], ignore_index=True)


def _given_by(places: pd.DataFrame, coder: str, name: str) -> pd.DataFrame:
    own = places[places["coder"].eq(coder)]
    return own.groupby([*TURN, "code_id"])["segment_id"].agg(_joined).rename(name).reset_index()


def _joined(ids: pd.Series) -> str:
    each = dict.fromkeys(name for value in ids for name in str(value).split("; ") if name)
    return "; ".join(each)


def _shared_passages(study: Study, *pair: str) -> list[pd.DataFrame]:
    """Passages with a theme of each coder, in the documents both coded."""
    passages = coded_passages(study).dropna(subset="end")
    coded = [set(passages.loc[passages["coder"].eq(coder), "document_id"]) for coder in pair]
    kept = passages["document_id"].isin(coded[0] & coded[1]) & passages["code_id"].isin(
        themes(study.codebook)
    )
    passages = passages[kept].drop_duplicates(["segment_id", "coder", "code_id"])
    return [passages[passages["coder"].eq(coder)] for coder in pair]


def _overlaps(own: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    others = others.rename(columns={"segment_id": "other_segment_id"})
    pairs = own.merge(others, on=["document_id", "code_id"], suffixes=("", "_other"))
    ends, starts = pairs[["end", "end_other"]], pairs[["start", "start_other"]]
    common = ends.min(axis=1) - starts.max(axis=1)
    either = ends.max(axis=1) - starts.min(axis=1)
    return pairs.assign(n_common=common, n_either=either, overlap=common / either)[common > 0]


def _cut(study: Study, pair: tuple[str, str], *, by: str) -> pd.DataFrame:
    passages = _shared_passages(study, *pair)
    key = "code_id" if by else "all"
    overlaps, own, others = (rows.assign(all="") for rows in (_overlaps(*passages), *passages))
    counts = {
        "n_passages": own.groupby(key).size(),
        "n_matched": _distinct(overlaps, key, "segment_id"),
        "n_other_passages": others.groupby(key).size(),
        "n_other_matched": _distinct(overlaps, key, "other_segment_id"),
        "n_overlaps": overlaps.groupby(key).size(),
        "n_alike": overlaps[overlaps["overlap"].eq(1)].groupby(key).size(),
    }
    rows = pd.DataFrame(counts).fillna(0).astype("int64")
    matched = (rows["n_matched"] + rows["n_other_matched"]) / (rows["n_passages"] + rows["n_other_passages"])
    rows = rows.assign(share_matched=matched, median_overlap=overlaps.groupby(key)["overlap"].median())
    rows = rows.rename_axis("code_id").reset_index()
    order = {code: place for place, code in enumerate(themes(study.codebook))}
    return rows.sort_values("code_id", key=lambda codes: codes.map(order)) if by else rows


def _distinct(overlaps: pd.DataFrame, key: str, name: str) -> pd.Series:
    return overlaps.drop_duplicates([name, "code_id"]).groupby(key).size()
