"""What outputs are made of, as digests: the package, a notebook, a study's files, what a report reads of an area.

No library is loaded for those of files, from which a run sees that nothing has changed.
"""

import json
import platform
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from ncsresearch.batch.plan import Task, notebook_file
from ncsresearch.batch.selection import SELECTIONS
from ncsresearch.ingest.unfinished import put_in_place
from ncsresearch.schema import EVIDENCE, OF_READERS

if TYPE_CHECKING:
    import pandas as pd

    from ncsresearch.study import Study

PACKAGE = Path(__file__).parents[1]
LIBRARIES = (
    *("pandas", "numpy", "statsmodels", "scipy", "matplotlib", "seaborn"),
    *("papermill", "nbconvert", "ipykernel", "gptables", "python-docx"),
)
CSV = ".csv"
SITE = ("index.html", "accessibility.html")
CHANGES = "changes.html"  # what changed since the last run
OF_ITSELF = ("manifest.json", CHANGES, *SITE)
FINDINGS, PROPOSED = "findings", "proposed"
SECRET = ("participants.csv", "interviews.csv", "documents.csv")


def digest(*contents: bytes, key: bytes = b"") -> str:
    """Return one digest of some contents, mixed with a key."""
    return sha256(key + b"".join(contents)).hexdigest()


@cache
def of_package() -> str:
    """Return a digest of the package's own files, of Python and of the libraries whose version shows in outputs."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    named = [path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes() for path in files]
    return digest(platform.python_version().encode(), repr(libraries()).encode(), *named)


def of_chapter(path: Path) -> str:
    """Return a digest of a chapter as it is before it is executed: what it showed when it was last saved is none of it."""
    content = path.read_bytes()
    try:
        notebook = json.loads(content)
        notebook["cells"] = [_unexecuted(cell) for cell in notebook["cells"]]
        notebook.get("metadata", {}).pop("language_info", None)
    except (ValueError, KeyError, TypeError, AttributeError):
        return digest(content)
    return digest(json.dumps(notebook, sort_keys=True).encode())


def _unexecuted(cell: dict) -> dict:
    kept = {name: value for name, value in cell.items() if name not in ("outputs", "execution_count")}
    return kept | {"metadata": {name: told for name, told in cell["metadata"].items() if name != "execution"}}


@cache
def libraries() -> dict[str, str]:
    """Return the versions of the libraries whose version shows in outputs."""
    return {name: version(name) for name in LIBRARIES}


@dataclass(frozen=True)
class Inputs:
    """Digests of a study's files, and the key that they are mixed with.

    files    of each table and of each file of settings, by name; of all transcripts together under texts/
    sources  of all source documents together; empty without them
    """

    files: dict[str, str]
    sources: str
    key: bytes


def inputs(folder: Path, sources: Path | None = None) -> Inputs:
    """Return the digests of a study folder, and of source documents.

    Those of a confidential study are mixed with what nobody without the study has, its people, interviews and
    documents together, so that no one can try whether a table he thinks of is the one.
    """
    put_in_place(folder)
    found = sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".toml"))
    found = [path for path in found if path.stem not in OF_READERS]
    written = sorted((folder / FINDINGS).rglob("*.md"))
    found += [path for path in written if not path.is_relative_to(folder / FINDINGS / PROPOSED)]
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
    secret = b"".join(contents.get(name, b"") for name in SECRET)
    key = b"" if _is_public(contents) else sha256(secret).digest()
    files = {name: digest(content, key=key) for name, content in contents.items()}
    if (folder / "texts").is_dir():
        files["texts/"] = digest(*_tree(folder / "texts"), key=key)
    return Inputs(files, digest(*_tree(sources)) if sources else "", key)


def _is_public(contents: dict[str, bytes]) -> bool:
    try:
        return tomllib.loads(contents["study.toml"].decode()).get("access") == "public"
    except (KeyError, ValueError):
        return False


def _tree(folder: Path) -> list[bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() for path in paths]


def of_files(folder: Path) -> dict[str, str]:
    """Return a digest of every file that a run has left in a study's outputs, or a selection's, but for what it says of itself.

    The selections of a study are outputs of their own.
    """
    paths = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    own = {name: path for name, path in paths.items() if name.parts[0] not in (*OF_ITSELF, SELECTIONS)}
    return {name.as_posix(): digest(path.read_bytes()) for name, path in own.items()}


def study_digests(found: Inputs, chapters: Collection[str]) -> dict:
    """Return the digests of all that a study's outputs are made of, as the manifest tells them."""
    return {
        "package": of_package(),
        "inputs": found.files,
        "sources": found.sources,
        "chapters": {name: of_chapter(notebook_file(name)) for name in sorted(chapters)},
    }


def dependency_digests(task: Task, found: Inputs, extract: "Study | None") -> dict[str, str]:
    """Return the digests of all that a notebook may be made of, by name.

    extract   what it reads of the study, where it does not read the whole
    """
    own = {
        "ncsresearch": of_package(),
        "the notebook": of_chapter(task.chapter),
        "parameters": digest(json.dumps(task.told, sort_keys=True).encode()),
        "sources": found.sources,
    }
    return own | (_of_extract(extract, found.key) if extract else _of_study(task, found))


def _of_study(task: Task, found: Inputs) -> dict[str, str]:
    """Digests of what a chapter may read; the findings of other chapters are none of it."""
    own = f"{FINDINGS}/{task.chapter.stem}.md", f"{FINDINGS}/{task.chapter.stem[3:]}.md"
    beside = {
        name: value for name, value in found.files.items() if name in own or not name.endswith((CSV, ".md"))
    }
    tables = {f"{name}{CSV}": found.files.get(f"{name}{CSV}", "") for name in EVIDENCE}
    return beside | tables


def _of_extract(extract: "Study", key: bytes) -> dict[str, str]:
    """Digests of what the report on an area reads."""
    told = {
        "settings": repr(extract.settings).encode(),
        **{f"{FINDINGS}/{name}.md": file.text.encode() for name, file in extract.findings.items()},
        "rows of the area": b"".join(_rows(extract.tables[name]) for name in EVIDENCE),
        "figures of the whole study": _figures(extract),
    }
    return {name: digest(content, key=key) for name, content in told.items()}


def _rows(rows: "pd.DataFrame") -> bytes:
    """Return what stands for the rows of a table, wherever they stand among others."""
    from pandas.util import hash_pandas_object

    content = hash_pandas_object(rows, index=False).to_numpy().tobytes() if len(rows) else b""
    return sha256(content).digest()


def _figures(extract: "Study") -> bytes:
    told = dict(vars(extract.whole)) if extract.whole else {}
    rows = [_rows(told.pop(name)) for name in ("counts", "joint") if name in told]
    return repr(told).encode() + b"".join([*rows, _rows(extract.doubted)])
