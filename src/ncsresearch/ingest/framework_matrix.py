"""The framework matrix workbook, edited: its summaries read back."""

from collections.abc import Mapping

import pandas as pd

from ncsresearch.ingest.imported_file import ImportedFile, Line, all_kept, imported_file
from ncsresearch.schema import StudyError

MATRIX, PASSAGES, CODES = "Framework matrix", "Passages", "Codes"
KEYS = {"Person": "participants", "Interview": "interviews"}


def read_framework_matrix(file: str, sheets: Mapping[str, pd.DataFrame]) -> list[ImportedFile]:
    """Read the summaries of a framework matrix that an export wrote and a person edited; none for other workbooks.

    Raises StudyError for a row or column that the matrix did not have.
    """
    if not {MATRIX, CODES} <= set(sheets) or not {"Column", "Code"} <= set(sheets[CODES]):
        return []
    cells, codes = sheets[MATRIX], sheets[CODES].set_index("Column")["Code"]
    kind = next((column for column in cells if column in KEYS), None)
    if kind is None:
        raise StudyError(f"{file}: sheet {MATRIX!r} has lost its first column ({' or '.join(KEYS)}).")
    themes = [column for column in cells if column in codes.index]
    behind = list(cells)[list(cells).index(themes[0]) :] if themes else []
    if strange := [column for column in behind if column not in codes.index]:
        raise StudyError(
            f"{file}: column {strange[0]!r} is no code of the matrix; add codes in the codebook."
        )
    filled = cells.melt(kind, themes, "code_id", "text").dropna(subset="text")
    filled = filled.assign(unit=KEYS[kind], code_id=filled["code_id"].map(codes))
    found = filled.rename(columns={kind: "unit_id"}).dropna(subset="unit_id")
    shown = "shown for reading; passages are edited where they were coded"
    account = (
        all_kept("case", len(cells)),
        Line("summary", len(filled), len(found)),
        Line("passage", len(sheets.get(PASSAGES, ())), 0, shown),
    )
    return [imported_file(file, {"summaries": found.to_dict("records")}, account)]
