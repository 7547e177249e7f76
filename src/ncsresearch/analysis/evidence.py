"""Names that moved."""

from ncsresearch.evidence.passages import attribute_of, evidence_by_document, units  # noqa: F401
from ncsresearch.evidence.passages import passage_evidence as coded_evidence  # noqa: F401
