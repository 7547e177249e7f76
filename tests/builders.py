"""Small tables and studies for tests: each shows only what matters to the test."""

import io
from dataclasses import replace
from html import escape
from itertools import groupby
from pathlib import Path

import pandas as pd

from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.ingest.files import read_file
from ncsresearch.study import load_study

SETTINGS = """title = "A small study"
schema_version = "1"
access = "public"
evidence_date = "May 2023"
chapters = ["02_themes"]
"""
OF_INTERVIEWS = """title = "A small study of interviews"
schema_version = "1"
access = "public"
evidence_date = "May 2023"
chapters = ["02_themes"]
reporting_coder = "a"
"""
AREAS = """area_id,name,area_type,case_study,report
north,North,mainly_rural,yes,yes
south,South,larger_city,yes,yes
"""
DOCUMENTS = """document_id,title,kind
report,A report,research report
"""
CODEBOOK = """code_id,parent_id,label,facet
cost,,Cost,theme
access,,Access,theme
travel,access,Travel,theme
"""
SEGMENTS = """segment_id,document_id,kind,read_by,label
s1,report,passage,reader,buses are few
s2,report,passage,reader,rooms are dear
s3,report,key point,machine,help is near
"""
CODINGS = """coding_id,unit,unit_id,code_id,stance,about_area_type,about_client_group,coder
c1,segments,s1,travel,challenge,rural_unspecified,women,a
c2,segments,s2,cost,challenge,,,a
c3,segments,s3,access,strength,larger_city,,a
"""


def frame(*lines: str) -> pd.DataFrame:
    """Return a frame from lines of words; the first line names the columns."""
    return pd.read_csv(io.StringIO("\n".join(lines)), sep=r"\s+")


def study_folder(folder: Path, *, settings: str = SETTINGS, **tables: str) -> Path:
    """Write a small study; a table given as text takes the place of its default, None leaves it out."""
    texts = {
        "areas": AREAS,
        "documents": DOCUMENTS,
        "codebook": CODEBOOK,
        "segments": SEGMENTS,
        "codings": CODINGS,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    for name, text in (texts | tables).items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def heard(study, people: list[tuple[str, str, str, str]], said: list[tuple[str, str]]):
    """Return a study with these people (name, area, group, interview) and what each raised (name, code)."""
    rows = pd.DataFrame(people, columns=["participant_id", "area_id", "participant_group", "interview_id"])
    spoken = pd.DataFrame(said, columns=["participant_id", "code_id"]).merge(
        rows[["participant_id", "interview_id"]], on="participant_id"
    )
    names = [f"s{number}" for number in range(len(spoken))]
    own = {
        "participants": rows[["participant_id", "area_id", "participant_group"]],
        "interviews": rows.drop_duplicates("interview_id").reindex(columns=study.interviews.columns),
        "attendances": rows[["interview_id", "participant_id"]],
        "segments": spoken.assign(segment_id=names).reindex(columns=study.segments.columns),
        "codings": spoken.reindex(columns=study.codings.columns).assign(
            coding_id=names, unit="segments", unit_id=names, coder="a", stance=None, about_client_group=None
        ),
    }
    return replace(study, tables=dict(study.tables) | own)


def as_html(document) -> str:
    """A document as a page of headings, paragraphs, lists and tables, line by line of its normal text."""
    from document_lines import lines_of  # which processes that some tests start do not have

    tag = {"ul": "li", "table": "tr"}
    blocks = []
    for kind, lines in groupby(lines_of(document), key=_kind):
        inner = "".join(f"<{tag.get(kind, kind)}>{_cells(line)}</{tag.get(kind, kind)}>" for line in lines)
        blocks.append(f"<{kind}>{inner}</{kind}>" if kind in tag else inner)
    return f'<html><head><meta charset="utf-8"></head><body>{"".join(blocks)}</body></html>'


def _kind(line) -> str:
    if line.is_bullet or "\t" in line.text:
        return "ul" if line.is_bullet else "table"
    return "h2" if len(line.text) < 80 and line.text[-1] not in '.:”)?"' else "p"


def _cells(line) -> str:
    if "\t" not in line.text:
        return escape(line.text.removeprefix("• "), quote=False)
    return "".join(f"<td>{escape(cell, quote=False)}</td>" for cell in line.text.split("\t"))


def sheet(tmp_path, *lines: str, name: str = "export.csv"):
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def brought(path, maps=()) -> dict[str, pd.DataFrame]:
    (file,) = read_file(path, list(maps))
    return file.tables


def codings(path, maps=()) -> list[tuple[str, str, str]]:
    tables = brought(path, maps)
    words = tables["segments"].set_index("segment_id")["text"]
    of = tables["segments"].set_index("segment_id")["document_id"]
    return [(of[row.unit_id], words[row.unit_id], row.code_id) for row in tables["codings"].itertuples()]


def study_from(folder, **files: str):
    new_study(folder / "study")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    import_files([folder / f"{name}.csv" for name in files], folder / "study")
    return load_study(folder / "study")
