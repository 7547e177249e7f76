"""The kinds of file that a study can be written as, a row each in WRITERS.

To write another kind, write a module with one function, and add one row here. The function gets the path to write and
an ExportedStudy (its title, status line, tables as text and transcripts), writes the file whole or not at all (see
ncsresearch.ingest.whole_file), and returns what of the study had no place in it, a line each.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncsresearch.ingest.file_format import FileFormat

if TYPE_CHECKING:
    import pandas as pd

EXCHANGE = "ncsresearch.exchange"


@dataclass(frozen=True)
class ExportedStudy:
    """What a writer gets of a study.

    title    the study's title
    status   what the study says of itself, for every file that leaves it; empty where it says nothing
    private  what is to be said of a file with what each person said; empty for a public study
    tables   its tables, cells as text
    texts    the normal text of its documents, by document_id
    """

    title: str
    status: str
    tables: dict[str, "pd.DataFrame"]
    texts: dict[str, str]
    private: str = ""


WRITERS = (
    FileFormat("REFI-QDA project", (".qdpx",), f"{EXCHANGE}.refi_qda_export:write_project"),
    FileFormat("REFI-QDA codebook", (".qdc",), f"{EXCHANGE}.refi_qda_export:write_codebook"),
    FileFormat("framework matrix", (".xlsx",), f"{EXCHANGE}.framework_workbook:write_framework_matrix"),
    FileFormat("disagreements", (".xlsx",), f"{EXCHANGE}.disagreements:write_disagreements"),
    FileFormat("one row per coded segment", (".csv",), f"{EXCHANGE}.coded_segments:write_coded_segments"),
)
