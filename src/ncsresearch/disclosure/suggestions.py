"""What should change, and who suggests it, as far as it may be shown?"""

import pandas as pd

from ncsresearch.analysis.points import held_by
from ncsresearch.analysis.suggested import suggested
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.disclosure.plan import mostly_unknown
from ncsresearch.evidence.groups import hears_people
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

EVERYBODY = "People"


def suggestions(study: Study, *, heard_from: str = "") -> pd.DataFrame:
    """What should change, by who suggests it.

    heard_from    only suggestions of this participant group, or of these people as the sources name them

    Returns one row per theme and participant group with the people who made a suggestion under it, with the columns of counts:
    of all groups together, and of each group unless too many of its cells would have neither number nor word. Where nobody was
    heard, one row per suggestion of the documents, with theme, point_id, statement, held_by, how_widely, document_id,
    first_paragraph and last_paragraph. For one area it returns what is suggested there.
    """
    if not hears_people(study):
        here = study.where(area_id=study.part_of)
        return suggested(held_by(here, heard_from) if heard_from else here)
    if heard_from:
        return _of_one(study, by="participant_group", group=heard_from)
    if study.part_of:
        return _of_one(study, by="area_id", group=study.area(study.part_of)["name"])
    made = publishable_counts(study, by="participant_group", stance="suggestion")
    by_group = [] if made["group"].nunique() < 2 or mostly_unknown(made) else [made]
    rows = pd.concat([_of_one(study), *by_group], ignore_index=True)
    return framed(rows, "suggestions of people", study, whose="everybody")


def _of_one(study: Study, *, by: str = "", group: str = "everybody") -> pd.DataFrame:
    rows = publishable_counts(study, by=by, group=group, stance="suggestion")
    return framed(rows.assign(group=EVERYBODY), "suggestions of people", study, whose=group)
