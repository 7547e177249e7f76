"""The formats that outputs are written in."""

from ncsresearch.schema import one_of

PAGES = "html"  # always written, since index.html opens them
KNOWN = (PAGES, "docx", "xlsx")
ALL = ",".join(KNOWN)


def formats_asked(names: str) -> list[str]:
    """Return the formats of a list divided by commas; raises StudyError for one that is not known."""
    return sorted({one_of("format", name.strip(), KNOWN) for name in names.split(",")})
