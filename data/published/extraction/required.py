"""What a document must have to be of its kind."""

from ncsresearch.ingest.document import Document
from ncsresearch.schema import StudyError


def need(document: Document, found, what: str, kind: str):
    """Return what was found; if nothing was, refuse the document as not of its kind and name the gap."""
    if not found:
        raise StudyError(f"{document.name}: is not {kind}: found no {what}.")
    return found
