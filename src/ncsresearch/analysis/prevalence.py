"""Names that moved."""

from ncsresearch.evidence.judgements import people_codings, raised_once, spoken_codings  # noqa: F401
from ncsresearch.evidence.people import raised_by_people  # noqa: F401
