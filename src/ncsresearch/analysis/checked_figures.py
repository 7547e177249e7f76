"""What did the checks of published figures find, and what else does a reader remark?"""

from collections.abc import Collection

import pandas as pd

from ncsresearch.analysis.consistency import figures_checked
from ncsresearch.study import Study
from ncsresearch.study.frames import framed
from ncsresearch.study.kept import kept


@kept(2)
def _checked(study: Study) -> pd.DataFrame:
    return figures_checked(study)


def recomputed(study: Study, *, result: str | Collection[str] = "") -> pd.DataFrame:
    """Every published number recomputed, and every date, label and list held against the others.

    result   agrees, differs, cannot be checked or to note, or several of these; without it all

    Returns the rows and columns of figures_checked.
    """
    rows = _checked(study)
    if not result:
        return framed(rows, "checks", study)
    results = [result] if isinstance(result, str) else list(result)
    return framed(rows[rows["result"].isin(results)], "checks with a result", study, results=results)


def remarks(study: Study) -> pd.DataFrame:
    """Remarks on wording and labels that only a reader can make.

    Returns one row per remark with unit_id (the document), title (where), text and author.
    """
    return framed(study.notes, "remarks", study)
