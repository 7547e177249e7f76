"""Which rows of a study does a finding rest on, and are they still the same?"""

from collections.abc import Mapping

import pandas as pd

from ncsresearch.batch.digests import digest
from ncsresearch.review.basis import basis, within
from ncsresearch.review.study_rows import COLUMNS, study_rows
from ncsresearch.study import Study


def rows_behind(study: Study, finding: Mapping) -> pd.DataFrame:
    """Return the rows of a study that a finding rests on.

    finding   an entry of the findings.json of a run on this study

    What counts people rests on the judgements of the reporting coder under its theme and those below it, of its stance, about the people
    of its groups and areas; on these people with their groups and areas; and on what the theme means. What cites passages,
    points, figures or questions rests on these. A judgement under another theme is not behind it.

    Returns one row per row of the study, with kind (coding, theme, person, interview, area, passage, point, survey question,
    survey answer, figure, action or setting), row_id (unique in its kind), label (words to read) and digest (of what the row says,
    and not of its id).

    Caution: true rows on single people, for the owner of the study.
    """
    return within(study_rows(study), basis(study, finding))[COLUMNS].astype("str").reset_index(drop=True)


def evidence_digest(study: Study, finding: Mapping) -> str:
    """Return one digest of all that a finding rests on: another one where a row was added, went or says something else."""
    rows = rows_behind(study, finding)
    return digest("\n".join(sorted(rows["kind"] + " " + rows["digest"])).encode())
