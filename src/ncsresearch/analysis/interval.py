"""Names that moved."""

from ncsresearch.evidence.interval import ASSUMES, difference_interval, share_interval  # noqa: F401
