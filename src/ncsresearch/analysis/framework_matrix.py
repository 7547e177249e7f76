"""What did each person say of each theme?"""

import pandas as pd

from ncsresearch.analysis.codes import code_names
from ncsresearch.analysis.prevalence import people_codings
from ncsresearch.study import Study


def framework_matrix(study: Study) -> pd.DataFrame:
    """Participants by themes: how many passages of each person stand under each theme.

    A code counts for itself alone here, so that a cell can be traced to its passages; a passage with a code
    twice counts once.

    Returns one row per person heard, those with no coded passage included, with participant_id, area_id,
    participant_group and one column per theme, 0 where the person did not raise it. Caution: talkative people
    have more passages; ask whether a person raised a theme, not how often. The workbook that ncsresearch
    export writes holds the same matrix with a summary to edit in each cell.
    """
    themes = study.codebook.loc[study.codebook["facet"].eq("theme"), "code_id"]
    said = people_codings(study)
    said = said[said["unit"].eq("segments")].drop_duplicates(["participant_id", "unit_id", "code_id"])
    counts = pd.crosstab(said["participant_id"], said["code_id"])
    people = study.participants[["participant_id", "area_id", "participant_group"]]
    counts = counts.reindex(index=people["participant_id"], columns=themes, fill_value=0)
    counts.columns = list(code_names(study.codebook)[themes])
    return people.reset_index(drop=True).join(counts.reset_index(drop=True))
