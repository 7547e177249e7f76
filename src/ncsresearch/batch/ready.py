"""What a notebook reads, ready to be staged wherever it is executed: a study, the part of an area, source documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ncsresearch.study import Study
from ncsresearch.study.staged import staged_files

BESIDE = ("*.toml", "texts/**/*")


@dataclass(frozen=True)
class Bundle:
    """Files by their path below the folder that they are staged in."""

    files: Mapping[str, bytes]

    def stage(self, folder: Path) -> Path:
        """Write the files below a folder, which is returned."""
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def whole_study(study: Study) -> Bundle:
    """Return all that a chapter may read of a study: its tables, and the files that stand beside them."""
    return Bundle(_files(study.folder, *BESIDE) | staged_files(study))


def part_of_study(part: Study) -> Bundle:
    """Return all that the report on an area reads: the rows of the area and figures of the whole."""
    return Bundle(staged_files(part))


def source_documents(folder: Path) -> Bundle:
    """Return the source documents that a run shows quotations in place from."""
    return Bundle(_files(folder, "**/*"))


def _files(folder: Path, *patterns: str) -> dict[str, bytes]:
    found = (path for pattern in patterns for path in sorted(folder.glob(pattern)) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
