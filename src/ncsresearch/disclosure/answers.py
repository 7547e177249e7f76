"""Which counts of survey answers may not be told?"""

import numpy as np
import pandas as pd

from ncsresearch.analysis.rounding import published_shares
from ncsresearch.analysis.survey import answers_counted
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

COUNTS = ["n_positive", "n_neutral", "n_dont_know", "n_blank", "n_stray"]


def survey(study: Study, *, by: str = "") -> pd.DataFrame:
    """What people answered in the study's surveys, from their answers where these are held, or else as published.

    by   "" for everybody, or area_type (rural, urban); published shares are of everybody only

    Returns one row per question, and group where one is asked for: the columns of publishable_answers where answers are
    held; those of published_shares where only percentages are.
    """
    if len(study.survey_answers):
        return framed(publishable_answers(study, by=by), "answers by group" if by else "answers", study)
    shares = published_shares(study.survey_items, level=study.settings.interval_level)
    return framed(shares.iloc[:0] if by else shares, "published shares", study)


def publishable_answers(study: Study, *, by: str = "") -> pd.DataFrame:
    """What people answered to each question, as answers_counted gives it, as it may be told.

    by   "" for everybody, or area_type: where one kind of area is withheld the other is too, since everybody's
         count is known

    Returns the rows of answers_counted, with the counts under the study's threshold missing, with a positive
    count its share and interval, and the neutral count where it would leave a small one of the other answers. Caution: how many gave no answer can be worked out from the base where all were
    asked; what somebody answered cannot.
    """
    rows = answers_counted(study, by=by).astype(dict.fromkeys(COUNTS, "Int64"))
    threshold = study.settings.threshold
    hidden = {name: below_threshold(rows[name].fillna(0), threshold) for name in COUNTS}
    positive = pd.Series(below_threshold(rows["n_positive"], threshold, rows["base"]), index=rows.index)
    hidden["n_positive"] = positive.groupby(rows["item_id"]).transform("any").to_numpy()
    rest = (rows["base"] - rows["n_positive"] - rows["n_neutral"]).fillna(0)
    hidden["n_neutral"] |= below_threshold(rest, threshold)
    told = rows.assign(**{name: rows[name].mask(hidden[name]) for name in COUNTS})
    gone = hidden["n_positive"]
    return told.assign(
        **{name: told[name].astype("float64").mask(gone, np.nan) for name in ("share", "low", "high")}
    )
