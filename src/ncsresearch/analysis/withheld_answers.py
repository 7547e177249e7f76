"""Names that moved."""

from ncsresearch.disclosure.answers import publishable_answers as told_answers  # noqa: F401
