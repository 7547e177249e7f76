"""What has changed since the last run of an outputs folder: a page beside the records of a study, and a line for the screen."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from ncsresearch.batch.manifest import changes_page, last_change
from ncsresearch.ingest.whole_file import write_whole
from ncsresearch.present.wording import page_words
from ncsresearch.review.difference import Difference
from ncsresearch.review.left import Left, is_left, read_left
from ncsresearch.review.records import keep_record, read_record
from ncsresearch.review.screen import changed_page, in_short
from ncsresearch.review.told import together, told
from ncsresearch.study import history


class SinceLast:
    """What changes in the outputs of some studies in the next run; made before it, called with each study after it.

    said   of each study in a line what has changed, once it is called
    """

    def __init__(self, targets: Iterable[Path]):
        """Read what the last run left in some folders, of those where there was one."""
        self.before = {target: read_left(target) for target in targets if is_left(target)}
        self.said: list[str] = []

    def __call__(self, folder: Path, target: Path) -> None:
        """Keep what a study's outputs were made of, and what changed in them."""
        self.said.append(changed_since(folder, target, self.before.get(target)))


def changed_since(folder: Path, target: Path, was: Left | None) -> str:
    """Keep what a study's outputs were made of, write what changed since the last run, and return it in a line.

    was   what the last run left; empty words without one

    A chapter is compared with what it showed when it was last made. Where nothing changed the page of the last change stays. Of a
    confidential study it is private, in the folder of the study's records; of a public one it is among the outputs.
    """
    now = read_left(target)
    keep_record(folder, now)
    if was is None:
        return ""
    earlier = [Left(**each).only(was.not_made) for each in history.not_made(folder)]
    again = [own for left in earlier if (own := left.but(now.not_made)).notebooks]
    others = [place for left in again for place in left.notebooks]
    pairs = [(was.but(others), now.but(others)), *((left, now.only(left.notebooks)) for left in again)]
    found = together([told(_difference(folder, *pair)) for pair in pairs]) | {"later": True}
    page, said = changes_page(folder, target), ""
    with suppress(OSError):
        history.keep_not_made(folder, [*_kept([was.but(was.not_made), *earlier], now.not_made)])
        if found["findings"] or found["tables"] or found["rows"]:
            page.parent.mkdir(exist_ok=True)
            ended = [left.manifest.get("finished", "") for left in (now, was)]
            write_whole(changed_page([found], [target], page, *ended).encode(), page)
            said = page_words("difference", "read", page=page)
        else:
            said = last_change(folder, target)
    since = page_words("difference", "since", study=folder.resolve().name, said=in_short(found))
    return f"{since} {said}".strip()


def _difference(folder: Path, was: Left, now: Left) -> Difference:
    return Difference(was, now, *(read_record(folder, left) for left in (was, now)), asked=True)


def _kept(lefts: Iterable[Left], places: Iterable[tuple[str, str]]) -> Iterator[dict]:
    """Yield what outputs show of chapters and area reports that could not be made, as it is kept."""
    for left in lefts:
        own = left.only(places)
        if own.notebooks:
            yield {name: getattr(own, name) for name in ("manifest", "findings", "tables", "catalogue")}
