"""Tables of the report on one area."""

import pandas as pd

from ncsresearch.analysis.area_profile import settlement_shares
from ncsresearch.present.outputs import Table
from ncsresearch.present.table import OF_AREAS, cited, of_kind, titles
from ncsresearch.present.wording import worded_table
from ncsresearch.study.frames import area_of, study_of


def _table(entry: str, frame: pd.DataFrame, rows: pd.DataFrame, documents, **places) -> Table:
    """Return a table on the area of a frame with the documents it rests on."""
    source = cited(study_of(frame), documents)
    return worded_table(entry, rows, source=source, area=area_of(frame)["name"], **places)


def table_statistics(profile: pd.DataFrame) -> Table:
    """An area's published statistics beside the national figure."""
    rows = profile.assign(source=titles(study_of(profile), profile["document_id"]))
    documents = [*profile["document_id"], *profile["national_document"].dropna()]
    return _table("statistics", profile, rows, documents)


def table_settlement(profile: pd.DataFrame) -> Table:
    """Where the people of an area live."""
    shares = settlement_shares(study_of(profile), area_id=study_of(profile).part_of)
    return _table("settlement", profile, shares, shares["document_id"])


def table_peers(peers: pd.DataFrame) -> Table | None:
    """Authorities of the same class; none where nobody knows how many people live there."""
    if peers["population"].isna().all():
        return None
    rows = peers.assign(share=peers["population"] / peers["population"].sum())
    return _table("same_class", peers, rows, of_kind(study_of(peers), *OF_AREAS))


def table_local(local: pd.DataFrame) -> Table:
    """What local documents give."""
    rows = local.assign(document=titles(study_of(local), local["document_id"]))
    return _table("local_evidence", local, rows, local["document_id"])


def table_open_actions(actions: pd.DataFrame) -> Table:
    """The area's improvement actions that were not complete."""
    return _table("open_actions", actions, actions, actions["document_id"])
