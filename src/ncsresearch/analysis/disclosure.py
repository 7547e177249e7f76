"""Names that moved."""

from ncsresearch.disclosure.suppression import below_threshold as small  # noqa: F401
from ncsresearch.disclosure.suppression import hidden_among  # noqa: F401
