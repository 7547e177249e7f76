"""Every chapter for the study, and the area report for every area."""

import os
import sys

# notebooks are made side by side: threads of their own would share the cores
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# jsonschema takes a second to load it, and no notebook needs it
sys.modules.setdefault("rfc3987_syntax", None)
