"""QualCoder projects (.qda folders): documents, codes under their categories, coded passages by coder, cases with attributes."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.fields import field_of, given_fields
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, imported_file
from ncsresearch.ingest.positions import Anchoring, decoded, position_lines
from ncsresearch.ingest.sheet import add_area, place_of
from ncsresearch.ingest.sqlite_project import add_text, places_in, read_tables

ENDING, DATABASE = ".qda", "data.qda"
NEEDED = {
    "source": {"id": int, "name": str, "fulltext": str | None},
    "code_name": {"cid": int, "name": str, "memo": str | None, "catid": int | None},
    "code_cat": {"catid": int, "name": str, "supercatid": int | None},
    "code_text": {
        "ctid": int,
        "cid": int,
        "fid": int,
        "seltext": str,
        "pos0": int,
        "pos1": int,
        "owner": str | None,
    },
    "cases": {"caseid": int, "name": str},
    "case_text": {"caseid": int, "fid": int},
}
ATTRIBUTES = "attribute"
NO_TEXT = "no text: pictures and sound"


def database_of(folder: Path) -> Path:
    """Return the database of a project folder; copies of documents beside it are in the database, too."""
    return folder / DATABASE


def attributes_of(path: Path) -> set[str]:
    """Return the names of the attributes of a project's cases."""
    return {*_of_cases(read_tables(path, "QualCoder", NEEDED, [ATTRIBUTES])[0])["name"]}


def read_qualcoder(path: Path, maps: Sequence[str] = ()) -> ImportedFile:
    """Read a QualCoder project; raises StudyError for a database of another kind.

    maps  what attributes of cases mean, as attribute=field: an area, its type, a group; without it what they are called

    Passages are at characters of a document's text; their own words are used to prove it. A case is a participant; what is
    coded in a document that one case alone has is theirs.
    """
    frames, others = read_tables(path, "QualCoder", NEEDED, [ATTRIBUTES])
    name = path.parent.name if path.parent.suffix == ENDING else path.name
    records, texts, anchorings = Records(), {}, []
    spoken_by = _only_case(frames)
    sources = frames["source"]
    written = sources[sources["fulltext"].fillna("").str.strip().ne("")]
    for source in written.itertuples():
        own = frames["code_text"][frames["code_text"]["fid"].eq(source.id)]
        anchorings.append((source.name, _add_document(records, texts, source, own, spoken_by.get(source.id))))
    _add_codes(records, frames)
    _add_cases(records, frames, maps)
    coded = frames["code_text"][frames["code_text"]["fid"].isin(written["id"])]
    for row in coded.itertuples():
        notes = getattr(row, "memo", None) or None
        records.judge(f"{row.ctid}", f"passage {row.ctid}", f"code {row.cid}", coder=row.owner, notes=notes)
    account = (
        Line("document", len(sources), len(written), NO_TEXT * (len(written) < len(sources))),
        all_kept("code", len(frames["code_name"])),
        all_kept("category of codes", len(frames["code_cat"])),
        Line("coded passage", len(frames["code_text"]), len(coded)),
        all_kept("case", len(frames["cases"])),
        *position_lines(anchorings, "passages"),
        *(Line(f"row of {table}", n, 0, "not read") for table, n in others.items() if n),
    )
    return imported_file(name, records, account, texts=texts, whole=("segments", "codings"))


def _add_document(
    records: Records, texts: dict, source, coded: pd.DataFrame, person: str | None
) -> Anchoring:
    key, held = f"document {source.id}", decoded(source.fulltext.encode(), source.name)
    texts[key] = "\n".join(line for line in source.fulltext.splitlines() if line.strip())
    marked = coded["pos0"], coded["pos1"], coded["seltext"].tolist()
    anchoring, places = places_in(texts[key], held, *marked)
    records.add("documents", document_id=key, title=source.name)
    for number, (row, place) in enumerate(zip(coded.itertuples(), places, strict=True), start=1):
        said = {"ordinal": str(number), "text": row.seltext, "participant_id": person}
        records.passage(f"passage {row.ctid}", key, **place, **said)
    add_text(records, key, source.name, texts[key])
    return anchoring


def _add_codes(records: Records, frames: dict[str, pd.DataFrame]) -> None:
    for row in frames["code_cat"].itertuples():
        above = None if pd.isna(row.supercatid) else f"category {int(row.supercatid)}"
        records.add("codebook", code_id=f"category {row.catid}", label=row.name, parent_id=above)
    for row in frames["code_name"].itertuples():
        above = None if pd.isna(row.catid) else f"category {int(row.catid)}"
        code = {"code_id": f"code {row.cid}", "label": row.name, "parent_id": above}
        records.add("codebook", **code, definition=row.memo or None)


def _only_case(frames: dict[str, pd.DataFrame]) -> dict[int, str]:
    """Return the case of each document that one alone has."""
    names = frames["cases"].set_index("caseid")["name"]
    pairs = frames["case_text"][["fid", "caseid"]].drop_duplicates()
    alone = pairs[~pairs["fid"].duplicated(keep=False)]
    return dict(zip(alone["fid"], alone["caseid"].map(names), strict=True))


def _of_cases(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the attributes of cases that have a value."""
    told = frames.get(ATTRIBUTES, pd.DataFrame(columns=["name", "value", "id", "attr_type"]))
    of_cases = told["attr_type"].eq("case") & told["id"].isin(frames["cases"]["caseid"])
    return told[of_cases & told["value"].fillna("").ne("")]


def _add_cases(records: Records, frames: dict[str, pd.DataFrame], maps: Sequence[str]) -> None:
    told = _of_cases(frames)
    given = given_fields([*maps], [*told["name"]])
    fields = {name: field_of(name, given) for name in told["name"]}
    for case in frames["cases"].itertuples():
        own = told[told["id"].eq(case.caseid)]
        said = {fields[name]: value for name, value in zip(own["name"], own["value"], strict=True)}
        used = {"leave out", "group", *(("area", "area type") if "area" in said else ())}
        records.add("participants", participant_id=case.name, **place_of(said))
        add_area(records, said)
        kept = own[~own["name"].map(fields).isin(used)]
        records.describe("participants", case.name, zip(kept["name"], kept["value"], strict=True))
