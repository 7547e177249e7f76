"""Which counts of survey answers may not be told?"""

import numpy as np
import pandas as pd

from ncsresearch.analysis.rounding import published_shares
from ncsresearch.analysis.survey import NO_POSITIVE, answers_counted
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

SHARE, COUNTED = ("share", "low", "high"), ("base", "n_positive")
COUNTS = ["n_positive", "n_neutral", "n_dont_know", "n_blank", "n_stray"]


def survey(study: Study, *, by: str = "") -> pd.DataFrame:
    """What people answered in the study's surveys, from their answers where these are held, or else as published.

    by   "" for everybody, or area_type (rural, urban); published shares are of everybody only

    Returns one row per question, and group where one is asked for. Where answers are held: item_id, label, document_id,
    group, n_asked, n_positive, base, share, low, high, n_neutral, neutral (how the neutral answer was known), n_dont_know,
    n_blank, n_stray and reason (why there is no share), what is withheld missing. Where only percentages are: the columns of
    published_shares.
    """
    if study.slice and study.slice.by == "area_id":
        return framed(publishable_answers(study, by=by).iloc[:0], "answers", study)
    if len(study.survey_answers):
        return framed(publishable_answers(study, by=by), "answers by group" if by else "answers", study)
    shares = published_shares(study.survey_items, level=study.settings.interval_level)
    return framed(shares.iloc[:0] if by else shares, "published shares", study)


def publishable_answers(study: Study, *, by: str = "") -> pd.DataFrame:
    """What people answered to each question, as answers_counted gives it, as it may be told.

    by   "" for everybody, or area_type: where one kind of area is withheld the other is too, since everybody's
         count is known

    Returns the rows of answers_counted, with the counts under the study's threshold missing, with a positive count its
    share and interval, and the neutral count where it would leave a small one of the other answers. Where few answered in
    a group, or few belong to none, the bases of all groups are missing with all that is counted in them. Caution: how many
    gave no answer can be worked out from the base where all were asked; what somebody answered cannot.
    """
    rows = answers_counted(study, by=by)
    threshold = study.settings.threshold
    item, few = rows["item_id"], below_threshold(rows["base"], threshold)
    alone, positive = _of_no_group(study, rows, threshold) if by else (False, False)
    unknown = pd.Series(few | alone, index=rows.index).groupby(item).transform("any").to_numpy()
    positive |= below_threshold(rows["n_positive"], threshold, rows["base"]) | unknown
    hidden = {name: below_threshold(rows[name].fillna(0), threshold) | unknown for name in COUNTS}
    hidden["n_positive"] = pd.Series(positive, index=rows.index).groupby(item).transform("any").to_numpy()
    rest = (rows["base"] - rows["n_positive"] - rows["n_neutral"]).fillna(0)
    hidden["n_neutral"] |= below_threshold(rest, threshold)
    hidden |= dict.fromkeys(("base", "n_asked"), unknown)
    told = rows.astype(dict.fromkeys(hidden, "Int64"))
    told = told.assign(**{name: told[name].mask(gone) for name, gone in hidden.items()})
    gone = {name: told[name].astype("float64").mask(hidden["n_positive"], np.nan) for name in SHARE}
    no_positive = rows["reason"].eq(NO_POSITIVE)
    return told.assign(n_positive=told["n_positive"].mask(no_positive), **gone)


def _of_no_group(study: Study, rows: pd.DataFrame, threshold: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether few of those who answered a question belong to no group that is shown, and few of them positively."""
    whole = answers_counted(study).set_index("item_id")
    left = {name: rows["item_id"].map(whole[name] - rows.groupby("item_id")[name].sum()) for name in COUNTED}
    return below_threshold(left["base"], threshold), below_threshold(
        left["n_positive"], threshold, left["base"]
    )
