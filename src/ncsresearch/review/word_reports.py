"""Word reports that came back: what their readers would have otherwise in the findings, and their comments by finding."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

import pandas as pd

from ncsresearch.ingest.files import files_in
from ncsresearch.ingest.findings_file import FOLDER, PROPOSED, FindingsFile, Paragraph, read_findings
from ncsresearch.ingest.whole_file import write_whole
from ncsresearch.ingest.word_comments import WordReport, changed_words, is_word_report, read_word_report
from ncsresearch.ingest.word_marks import FRONT, HEADING, Mark, digest_of
from ncsresearch.present.written import plain
from ncsresearch.review.authors import file_of, paragraphs_of
from ncsresearch.review.rewording import reworded
from ncsresearch.schema import StudyError
from ncsresearch.study import read_settings, read_texts

LONGEST = 60  # letters of the words that a comment marks which are printed
BY_RULE = "is made by rule, and its words are not in findings/"
SINCE = "its words in findings/ have changed since the report was made, so nothing is proposed"
IN_MARKUP = "its Markdown cannot be followed to its words, so nothing is proposed; change it by hand"


@dataclass(frozen=True)
class Edit:
    """A paragraph of a file of findings as readers would have it."""

    file: FindingsFile
    paragraph: Paragraph
    written: str


def word_reports(paths: list[Path], study: Path) -> list[WordReport]:
    """Return the Word reports of a study among files to import. Raises StudyError for one of another study."""
    reports = [read_word_report(path) for path in files_in(paths) if _is_report(path)]
    title = read_settings(study).title
    for report in reports:
        if report.title != title:
            raise StudyError(
                f"{report.file}: is a report of the study {report.title!r}, expected one of {title!r}."
            )
    return reports


def _is_report(path: Path) -> bool:
    try:
        return path.is_file() and is_word_report(path)
    except StudyError:  # the import says what is wrong with it
        return False


def propose(report: WordReport, study: Path) -> list[str]:
    """Write files of findings as the readers of a report would have them, below findings/proposed/; findings/ stays as it is.

    Returns a line for each change, and for each that cannot be proposed.
    """
    chapters, areas = read_settings(study).chapters, read_texts(study)["areas"]
    files = read_findings(study, chapters, areas)
    edits, lines = [], []
    for mark, words in changed_words(report):
        edit, told = _edit(files, mark, words)
        edits += edit
        lines += told
    target = study / FOLDER / PROPOSED / Path(report.file).stem
    shutil.rmtree(target, ignore_errors=True)
    for file in dict.fromkeys(edit.file for edit in edits):
        path = target / f"{file.name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(_edited(file, edits).encode(), path)
        lines.append(
            f"proposed: {path.relative_to(study).as_posix()}; to take it over, put it in place of the file in {FOLDER}/"
        )
    return lines


def _edited(file: FindingsFile, edits: Iterable[Edit]) -> str:
    text = file.text
    own = [edit for edit in edits if edit.file is file]
    for edit in sorted(own, key=lambda edit: edit.paragraph.start, reverse=True):
        start = edit.paragraph.start
        text = text[:start] + edit.written + text[start + len(edit.paragraph.written) :]
    return text


def _edit(files: dict[str, FindingsFile], mark: Mark, words: str) -> tuple[list[Edit], list[str]]:
    """Return the edit of a paragraph whose words were changed, and what is to be said of it."""
    place = "/".join(filter(None, (mark.chapter, mark.area_id, mark.finding)))
    file = file_of(files, mark.chapter, mark.area_id)
    if file is None or not mark.finding.startswith("written_"):
        return [], [f"{place}: {BY_RULE}: {words!r}"]
    if mark.part == FRONT:
        return [], [f"{place}: changed on the first page, and shown there from its chapter: {words!r}"]
    paragraph = _paragraph(file, mark)
    where = f"{FOLDER}/{file.name}.md" + (f", line {paragraph.line}" if paragraph else "")
    if paragraph and plain(paragraph) == words:
        return [], []
    if paragraph is None or digest_of(plain(paragraph)) != mark.digest:
        return [], [f"{where}: {SINCE}: {words!r}"]
    if not words:
        return [], [f"{where}: taken out in the report; take it out by hand"]
    now = reworded(paragraph, words)
    if now is None:
        return [], [f"{where}: {IN_MARKUP}: {words!r}"]
    return [Edit(file, paragraph, now.written)], [f"{where}: {change}" for change in now.changes]


def _paragraph(file: FindingsFile, mark: Mark) -> Paragraph | None:
    """Return the paragraph that a mark is on: the one whose words are as they were, wherever it is now, or the one of its name."""
    own = paragraphs_of(file)
    if mark.part == HEADING:
        told = {name: heading for name, (heading, *below) in own.items() if below}
    else:
        told = {name: paragraph for name, (*_, paragraph) in own.items()}
    same = (each for each in told.values() if digest_of(plain(each)) == mark.digest)
    return next(same, None) or told.get(mark.finding)


def read_comments(study: Path) -> pd.DataFrame:
    """Return the comments of readers on a study's report, as text."""
    return read_texts(study)["comments"].fillna("")


def said_comments(comments: pd.DataFrame, *, resolved: bool = True) -> list[str]:
    """Return comments as lines: by chapter and finding, each with who, when, the words it marks, and the replies to it."""
    if not resolved:
        comments = comments[comments["resolved"].eq("no")]
    lines, first = [], comments[~comments["reply_to"].isin(comments["comment_id"])]
    for (chapter, area, place), own in first.groupby(["chapter", "area_id", "place"], sort=False):
        lines.append(": ".join(filter(None, ("/".join(filter(None, (chapter, area))), place))))
        for comment in own.itertuples():
            lines += _thread(comment, comments)
    return lines


def _thread(comment, comments: pd.DataFrame) -> Iterator[str]:
    state = ", resolved" if comment.resolved == "yes" else ""
    marked = shorten(comment.marked, LONGEST, placeholder=" ...")
    yield f"  {_who(comment)}, on {marked!r}{state}: {comment.text}"
    for reply in comments[comments["reply_to"].eq(comment.comment_id)].itertuples():
        yield f"    {_who(reply)}: {reply.text}"


def _who(comment) -> str:
    return ", ".join(filter(None, (comment.author, comment.written_on)))
