"""What has changed since the last run of an outputs folder: a page beside the records of a study, and a line for the screen."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ncsresearch.batch.digests import CHANGES
from ncsresearch.ingest.whole_file import write_whole
from ncsresearch.present.wording import page_words
from ncsresearch.review.difference import Difference
from ncsresearch.review.left import Left, is_left, read_left
from ncsresearch.review.records import keep_record, read_record
from ncsresearch.review.screen import changed_page, in_short, says_nothing
from ncsresearch.review.told import told
from ncsresearch.study import history


def lefts(targets: Iterable[Path]) -> dict[Path, Left]:
    """Return what the last run left in some folders, of those where there was one."""
    return {target: read_left(target) for target in targets if is_left(target)}


def changed_since(folder: Path, target: Path, was: Left | None) -> str:
    """Keep what a study's outputs were made of, write what changed since the last run, and return it in a line.

    was   what the last run left; empty words without one

    Of a confidential study the page is private, in the folder of the study's records; of a public one it is among the outputs.
    """
    now = read_left(target)
    keep_record(folder, now)
    if was is None:
        return ""
    difference = Difference(was, now, *(read_record(folder, left) for left in (was, now)), asked=True)
    found = told(difference)
    page = (folder / history.FOLDER if now.threshold else target) / CHANGES
    with suppress(OSError):
        page.unlink(missing_ok=True)
        if not says_nothing(found):
            page.parent.mkdir(exist_ok=True)
            write_whole(changed_page([found]).encode(), page)
    said = page_words("difference", "since", study=folder.resolve().name, said=in_short(found))
    return f"{said} {page_words('difference', 'read', page=page)}" if page.is_file() else said
