"""Files that an import or a withdrawal had ready when it was stopped: they are put in place before a study is read."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

from ncsresearch.schema import StudyError

READY, GONE = ".ready", ".gone"


def put_in_place(study: Path) -> None:
    """Move what is ready into a study folder and take out what is to go; nothing where nothing is ready.

    Whoever is stopped at it, the next reader goes on: each step may be done twice.
    """
    ready = study / READY
    if not ready.is_dir():
        return
    try:
        for path in sorted(each for each in ready.rglob("*") if each.is_file() and each.name != GONE):
            _move(path, study / path.relative_to(ready))
        if (ready / GONE).exists():
            for name in json.loads((ready / GONE).read_text(encoding="utf-8")):
                (study / name).unlink(missing_ok=True)
                with suppress(OSError):  # a folder that still holds something
                    (study / name).parent.rmdir()
    except OSError as error:
        raise StudyError(
            f"{study.name}: an import or withdrawal was stopped and cannot be completed ({error.strerror}). "
            "Make the folder writable and give the same command again."
        ) from None
    shutil.rmtree(ready, ignore_errors=True)


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):  # another process is at the same
        path.replace(target)
