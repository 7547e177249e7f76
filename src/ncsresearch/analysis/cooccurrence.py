"""Which themes are raised together?"""

import numpy as np
import pandas as pd

from ncsresearch.analysis.codes import code_names, codes_above
from ncsresearch.analysis.prevalence import people_codings, raised_once, spoken_codings
from ncsresearch.study import Study

UNITS = {"participants": "participant_id", "segments": "unit_id"}


def themes_together(study: Study, *, unit: str = "participants") -> pd.DataFrame:
    """How often each two themes are raised by one person, or stand on one passage.

    unit   participants, of whom all who were heard are the base; or segments, of which the coded ones are

    Returns one row per pair of themes in the codebook's order, those that nobody raised together included, with
        code_id, theme, other_id, other_theme   the two
        n_both, n_theme, n_other   units with both, with the first, with the second
        base                       units there are
        overlap                    n_both / units with either (Jaccard); missing where there is none

    A theme and one above it are no pair: raising the one is raising the other. Raises ValueError for another
    unit. Caution: themes often raised meet often by chance; read n_both beside n_theme and n_other.
    """
    if unit not in UNITS:
        raise ValueError(f"unit must be one of {tuple(UNITS)}, not {unit!r}.")
    raised, base = _raised_by(study, unit)
    themes = study.codebook.loc[study.codebook["facet"].eq("theme"), "code_id"].tolist()
    marks = raised.reindex(columns=themes, fill_value=False).to_numpy(dtype="float64")
    both = (marks.T @ marks).astype("int64")
    first, second = np.triu_indices(len(themes), k=1)
    rows = pd.DataFrame(
        {
            "code_id": np.array(themes, dtype=object)[first],
            "other_id": np.array(themes, dtype=object)[second],
            "n_both": both[first, second],
            "n_theme": both.diagonal()[first],
            "n_other": both.diagonal()[second],
            "base": base,
        }
    )
    return _named(study, _unrelated(study, rows))


def _raised_by(study: Study, unit: str) -> tuple[pd.DataFrame, int]:
    """Return units by codes, true where raised (codes above included), and the number of units there are."""
    said = people_codings(study) if unit == "participants" else spoken_codings(study)
    said = said if unit == "participants" else said[said["unit"].eq("segments")]
    key = UNITS[unit]
    pairs = raised_once(study, said, key)
    table = pd.crosstab(pairs[key], pairs["code_id"]).gt(0)
    return table, len(study.participants) if unit == "participants" else said[key].nunique()


def _unrelated(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    above = codes_above(study.codebook)
    related = set(zip(above["code_id"], above["counts_for"], strict=True))
    keep = [
        (one, other) not in related and (other, one) not in related
        for one, other in zip(rows["code_id"], rows["other_id"], strict=True)
    ]
    return rows[np.array(keep, dtype=bool)]


def _named(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    names = code_names(study.codebook)
    either = rows["n_theme"] + rows["n_other"] - rows["n_both"]
    rows = rows.assign(
        theme=rows["code_id"].map(names),
        other_theme=rows["other_id"].map(names),
        overlap=rows["n_both"] / either.mask(either.eq(0)),
    )
    columns = [
        "code_id",
        "theme",
        "other_id",
        "other_theme",
        "n_both",
        "n_theme",
        "n_other",
        "base",
        "overlap",
    ]
    return rows[columns].reset_index(drop=True)
