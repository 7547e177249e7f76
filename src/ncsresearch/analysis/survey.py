"""What does a published percentage allow to be known?"""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from ncsresearch.schema import AREA_TYPES
from ncsresearch.study import Study


def counts_behind(percent: float, base: int) -> tuple[int, int] | None:
    """Find the counts whose share of base is printed as this whole percentage.

    Returns the smallest and the largest of them, or None where there is none. Halves may have been rounded
    either way, so both are allowed.
    """
    counts = np.arange(base + 1)
    fits = np.abs(100 * counts / base - percent) <= 0.5 + 1e-9
    return (int(counts[fits].min()), int(counts[fits].max())) if fits.any() else None


def published_shares(survey_items: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """Published survey percentages with the counts and intervals that their rounding allows.

    Returns one row per item, largest share first, with
        percent, base          as published
        count_low, count_high  smallest and largest number of people the percentage can stand for
        low, high              lowest and highest bound of a Wilson interval over those counts

    Caution: the base is that of the whole survey; people who left an item out are not known. The interval
    assumes that the people who answered were drawn at random, which is not said.
    """
    rows = survey_items.dropna(subset=["percent", "base"])
    spans = [
        counts_behind(percent, base) for percent, base in zip(rows["percent"], rows["base"], strict=True)
    ]
    bounds = pd.DataFrame(
        [span or (pd.NA, pd.NA) for span in spans], index=rows.index, columns=["count_low", "count_high"]
    ).astype("Int64")
    rows = rows.join(bounds)
    low = _wilson(rows["count_low"], rows["base"], level)[0]
    high = _wilson(rows["count_high"], rows["base"], level)[1]
    return rows.assign(low=low, high=high).sort_values(
        "percent", ascending=False, kind="stable", ignore_index=True
    )


def _wilson(counts: pd.Series, bases: pd.Series, level: float):
    n, base = counts.astype("float64"), bases.astype("float64")
    return proportion_confint(n, base, alpha=1 - level, method="wilson")


def answers_counted(study: Study, *, by: str = "") -> pd.DataFrame:
    """What people answered to each question, and what was no answer.

    by   "" for everybody, or area_type (rural, urban)

    Returns one row per question that has answers and group, in the study's order, with
        item_id, label, document_id, group
        n_asked      people who were given the question
        n_positive   answers counted as positive
        base         answers on the scale, a don't know and a stray answer left out
        share        n_positive / base, between 0 and 1; missing where the base is 0
        n_dont_know, n_blank, n_stray   what was left out

    Caution: a don't know is no answer, and people who answered may differ from those who did not.
    """
    items = study.survey_items.set_index("item_id")
    answers = study.survey_answers.assign(group=_answering(study, by)).dropna(subset="group")
    answers = answers.join(
        items[["label", "document_id", "scale", "positive_values", "dont_know_values"]], on="item_id"
    )
    answers["kind"] = [
        _kind(*cells)
        for cells in answers[["answer", "scale", "positive_values", "dont_know_values"]].itertuples(
            index=False
        )
    ]
    counted = answers.groupby(["item_id", "group", "kind"], observed=True).size().unstack(fill_value=0)
    counted = counted.reindex(columns=list(KINDS), fill_value=0).reset_index()
    order = {name: place for place, name in enumerate(items.index)}
    counted = counted.assign(place=counted["item_id"].map(order)).sort_values(
        ["place", "group"], kind="stable"
    )
    base = counted["positive"] + counted["other"]
    rows = counted.rename(columns={kind: f"n_{kind}" for kind in KINDS}).assign(
        n_asked=counted[list(KINDS)].sum(axis=1), base=base, share=counted["positive"] / base.mask(base.eq(0))
    )
    rows = rows.join(items[["label", "document_id"]], on="item_id")
    columns = ["item_id", "label", "document_id", "group", "n_asked", "n_positive", "base", "share"]
    return rows[[*columns, "n_dont_know", "n_blank", "n_stray"]].reset_index(drop=True)


KINDS = ("positive", "other", "dont_know", "blank", "stray")


def _answering(study: Study, by: str) -> pd.Series:
    if not by:
        return pd.Series("everybody", index=study.survey_answers.index)
    types = study.areas.set_index("area_id")["area_type"].astype("str").map(AREA_TYPES)
    kind = study.survey_answers["area_id"].map(types)
    return kind.where(kind.isin(["rural", "urban"]))


def _kind(answer, scale, positive, dont_know) -> str:
    if pd.isna(answer):
        return "blank"
    listed = ("dont_know", dont_know), ("positive", positive), ("other", scale)
    return next((kind for kind, values in listed if answer in _values(values)), "stray")


def _values(values) -> list[str]:
    return [] if pd.isna(values) else [value.strip() for value in str(values).split(";")]


def stray_answers(study: Study) -> pd.DataFrame:
    """Answers that stand on no scale.

    Returns one row per question and stray answer, with item_id, label, answer and n.
    """
    items = study.survey_items.set_index("item_id")
    answers = study.survey_answers.join(
        items[["label", "scale", "positive_values", "dont_know_values"]], on="item_id"
    )
    cells = answers[["answer", "scale", "positive_values", "dont_know_values"]]
    stray = [_kind(*each) == "stray" for each in cells.itertuples(index=False)]
    return answers[stray].groupby(["item_id", "label", "answer"]).size().rename("n").reset_index()
