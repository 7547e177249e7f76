"""Counts as they are, for a grouping that has no picture of its own."""

import pandas as pd

from ncsresearch.evidence.groups import hears_people
from ncsresearch.present.outputs import UNKNOWN, WITHHELD, Table
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.table import cited
from ncsresearch.present.wording import worded_table
from ncsresearch.study.frames import study_of


def table_counts(counts: pd.DataFrame) -> Table | None:
    """Return people, or passages, under each theme in each group, with base and share where there are any."""
    if counts.empty:
        return None
    study = study_of(counts)
    people = hears_people(study)
    source = heard_by(study) if people else cited(study, study.segments["document_id"].unique())
    without = [] if people else ["base", "share"]
    missing = WITHHELD if study.settings.threshold else UNKNOWN
    what = "people" if people else "passages"
    return worded_table("counts", counts, source=source, without=without, missing=missing, what=what)
