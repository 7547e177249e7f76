"""A codebook that a tool wrote into a document, as NVivo does into Word: the rows of tables under its own heading."""

from pathlib import Path

import pandas as pd

from ncsresearch.ingest.imported_file import ImportedFile
from ncsresearch.ingest.known_exports import known_export
from ncsresearch.ingest.sheet import Sheet
from ncsresearch.ingest.sheet_coding import codebook_sheet


def codebook_of(text: str, path: Path) -> ImportedFile | None:
    """Return the codes that a document's tables list; nothing for a document of anything else."""
    rows = [line.split("\t") for line in text.split("\n") if "\t" in line]
    fields = known_export(rows[0]) if rows else {}
    if not {"code", "definition"} <= {*fields.values()}:
        return None
    frame = pd.DataFrame(
        [dict(zip(rows[0], row, strict=False)) for row in rows if row != rows[0]], dtype="str"
    )
    return codebook_sheet(Sheet(frame.mask(frame.eq("")), fields, path.name, path.stem))
