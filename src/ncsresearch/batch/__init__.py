"""Every chapter for the study, and the area report for every area."""

import sys

# jsonschema takes a second to load it, and no notebook needs it
sys.modules.setdefault("rfc3987_syntax", None)
