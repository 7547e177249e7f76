"""What does a study hold: its documents, its codebook, and the people it heard?"""

import pandas as pd

from ncsresearch.analysis.coverage import groups_heard, interviews_held, people_heard
from ncsresearch.analysis.passages import quotations, quotations_by_group
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.passages import evidence_by_document
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def sources(study: Study) -> pd.DataFrame:
    """Units of evidence that each document gives, by kind.

    Returns one row per document and kind of unit it holds, with document_id, kind and n_units. Kinds are never summed.
    """
    kind = "sources of people" if hears_people(study) else "sources"
    return framed(evidence_by_document(study), kind, study)


def codebook(study: Study, *, facet: str = "theme") -> pd.DataFrame:
    """The codes of one facet of the codebook: theme, or term for the glossary.

    Returns rows of the table codebook, in its order.
    """
    rows = study.codebook[study.codebook["facet"].eq(facet)]
    return framed(rows, "terms" if facet == "term" else "codebook", study)


def heard(study: Study) -> pd.DataFrame:
    """People and interviews of each area, by participant group.

    Returns one row per area, as people_heard. Caution: true numbers; `table` shows those that may be published.
    """
    return framed(people_heard(study), "people heard", study)


def how_held(study: Study) -> pd.DataFrame:
    """Interviews of each participant group by how they were held, and the people in them.

    Returns one row per participant group and mode, as interviews_held. Caution: as for heard.
    """
    return framed(interviews_held(study), "interviews held", study)


def client_groups_heard(study: Study, *, heard_from: str = "") -> pd.DataFrame:
    """People heard in each client group, as they describe themselves; of one participant group, or of all.

    Returns one row per client group, as groups_heard; where nobody was heard, one row per group that the sources
    quote, as quotations_by_group. Caution: as for heard.
    """
    if not hears_people(study):
        return framed(quotations_by_group(quotations(study)), "quotations by group", study)
    part = of_group(study, heard_from)
    return framed(groups_heard(part), "client groups heard", part)


def of_group(study: Study, group: str) -> Study:
    """Return the study with only the people and interviews of one participant group; all of it where group is empty."""
    if not group:
        return study
    people, interviews = study.participants, study.interviews
    return study.holding(
        participants=people[people["participant_group"].eq(group)],
        interviews=interviews[interviews["participant_group"].eq(group)],
    )
