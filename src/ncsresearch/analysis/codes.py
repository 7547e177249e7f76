"""Names that moved."""

from ncsresearch.evidence.codebook import code_names, codes_above  # noqa: F401
