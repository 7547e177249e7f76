"""Files that appear whole or not at all."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path beside a file to write to; it takes the file's place with the block, and goes if the block fails."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_whole(content: bytes, path: Path) -> None:
    """Write a file, whole or not at all."""
    with whole_file(path) as partial:
        partial.write_bytes(content)


def write_json(data, path: Path) -> None:
    """Write JSON, whole or not at all."""
    write_whole(json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n", path)
