"""What should change, and who suggests it, as far as it may be shown?"""

import pandas as pd

from ncsresearch.analysis.points import held_by, points
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.disclosure.plan import mostly_withheld
from ncsresearch.evidence.groups import hears_people
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def suggestions(study: Study, *, heard_from: str = "") -> pd.DataFrame:
    """What should change, by who suggests it.

    heard_from    only suggestions of this participant group, or of these people as the sources name them

    Returns one row per theme and participant group with the people who made a suggestion under it, with
    the columns of counts (of all groups together where most numbers by group are withheld); where nobody was heard, what the
    documents suggest, as points by held_by. For one area it returns what is suggested there.
    """
    if not hears_people(study):
        here = study.where(area_id=study.part_of)
        return points(held_by(here, heard_from) if heard_from else here, by="held_by")
    if heard_from:
        return _of_one(study, by="participant_group", group=heard_from)
    if study.part_of:
        return _of_one(study, by="area_id", group=study.area(study.part_of)["name"])
    made = publishable_counts(study, by="participant_group", stance="suggestion")
    return _of_one(study) if mostly_withheld(made["n"]) else framed(made, "suggestions of people", study)


def _of_one(study: Study, *, by: str = "", group: str = "everybody") -> pd.DataFrame:
    rows = publishable_counts(study, by=by, group=group, stance="suggestion")
    return framed(rows.assign(group="People"), "suggestions of people", study, whose=group)
