"""Speech recognition kept as JSON, or as a table (Whisper, whisperX, AssemblyAI and others of their form): pieces with times, words, and often speakers."""

import csv
import json
from pathlib import Path

from ncsresearch.ingest.subtitles import turn_lines
from ncsresearch.schema import StudyError

UNKNOWN = "Unknown speaker"  # of a piece that has none, where others have
SLOWEST = 20  # seconds a word
TABLES, LONGEST = (".tsv", ".csv"), 200  # endings, and bytes of a row of headings
IN_TABLE = {"start", "end", "text", "speaker", "id"}


def is_speech(held: object) -> bool:
    """Whether a JSON file's content is pieces of speech, each with a start and words."""
    pieces = _pieces(held)
    return bool(pieces) and isinstance(pieces, list) and all(map(_is_piece, pieces))


def is_speech_table(path: Path) -> bool:
    """Whether a file of tabs or commas has pieces of speech, a row each, as Whisper writes them."""
    from ncsresearch.ingest.positions import decoded

    if path.suffix.lower() not in TABLES:
        return False
    with path.open("rb") as file:
        headings = file.readline(LONGEST).lower()
    named = all(
        word in headings for word in (b"start", b"end", b"text")
    )  # most tables have none, and are large
    return named and is_speech(_rows(decoded(path.read_bytes(), path.name).text))


def _rows(text: str) -> list[dict]:
    """Return the pieces of a table with times in numbers; none of a table of anything else."""
    tabs = "\t" in text.partition("\n")[0]
    kind = {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if tabs else {}
    try:
        first, *rows = csv.reader(text.splitlines(), **kind)
        pieces = [dict(zip(first, row, strict=True)) for row in rows if row]
        is_speech = {"start", "end", "text"} <= {*first} <= IN_TABLE
        return [each | {at: float(each[at]) for at in ("start", "end")} for each in pieces if is_speech]
    except (ValueError, csv.Error):
        return []


def _pieces(held: object) -> object:
    return held.get("segments") or held.get("utterances") if isinstance(held, dict) else held


def _is_piece(piece: object) -> bool:
    return (
        isinstance(piece, dict)
        and isinstance(piece.get("start"), int | float)
        and isinstance(piece.get("text"), str)
    )


def read_speech(path: Path) -> list[str]:
    """Read the turns of speech recognition, one line each; raises StudyError for JSON of another shape."""
    from ncsresearch.ingest.positions import decoded

    text = decoded(path.read_bytes(), path.name).text
    try:
        held = _rows(text) if path.suffix.lower() in TABLES else json.loads(text)
    except (ValueError, RecursionError):
        held = None
    if not is_speech(held):
        raise StudyError(f"{path.name}: is no speech recognition: expected segments with start and text.")
    pieces = _pieces(held)
    nobody = UNKNOWN if any(each.get("speaker") for each in pieces) else ""
    second = 1000 if _in_milliseconds(pieces) else 1
    return list(
        turn_lines(
            (_clock(each["start"] / second), each.get("speaker") or nobody, each["text"].strip())
            for each in pieces
        )
    )


def _in_milliseconds(pieces: list[dict]) -> bool:
    """Whether times are no seconds: a word would take longer than anybody needs to say it."""
    lengths = [each["end"] - each["start"] for each in pieces if isinstance(each.get("end"), int | float)]
    return sum(lengths) > SLOWEST * sum(len(each["text"].split()) for each in pieces)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
