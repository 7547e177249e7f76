"""A zip file from elsewhere, opened without trusting what it says of itself."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from ncsresearch.schema import StudyError

LARGEST = 512 * 1024**2
MOST_PACKED = 200
MANY_TIMES = 20 * 1024**2


class Archive:
    """The entries of a zip file by their names in lower case; a class, because it holds the file open."""

    def __init__(self, path: Path):
        self.name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
            entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
            raise StudyError(f"{path.name}: is not a whole zip file ({error}); save it again.") from None
        self._refuse_unsafe(entries)
        self.entries = {_plain(entry.filename): entry for entry in entries}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._zip.close()

    def read(self, name: str) -> bytes | None:
        """Return an entry's bytes, whatever the case of its name; None where there is no such entry."""
        entry = self.entries.get(_plain(name))
        if entry is None:
            return None
        try:
            with self._zip.open(entry) as file:
                content = file.read(LARGEST + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise StudyError(f"{self.name}: {entry.filename} cannot be unpacked ({error}).") from None
        if len(content) > LARGEST:
            raise StudyError(f"{self.name}: {entry.filename} is larger than {_megabytes(LARGEST)}.")
        return content

    def _refuse_unsafe(self, entries: list[zipfile.ZipInfo]) -> None:
        for entry in entries:
            path = PurePosixPath(entry.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
                raise StudyError(
                    f"{self.name}: holds an entry that would leave its folder ({entry.filename!r}); not opened."
                )
        size = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if size > LARGEST:
            raise StudyError(
                f"{self.name}: says it holds {_megabytes(size)}, more than {_megabytes(LARGEST)}; not opened."
            )
        if size > MANY_TIMES and size > MOST_PACKED * packed:
            raise StudyError(
                f"{self.name}: {_megabytes(size)} packed {size // max(packed, 1)} times smaller is no project; not opened."
            )


def _plain(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./").lower()


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:,.0f} MB"
