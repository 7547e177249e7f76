"""Every chapter for the study, and the area report for every area."""

import sys

sys.modules.setdefault(
    "rfc3987_syntax", None
)  # jsonschema takes a second to load it, and no notebook needs it
