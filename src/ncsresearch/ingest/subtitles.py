"""Transcripts kept as subtitles (.vtt, .srt): cues joined into the turns of their speakers."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

TIMES = re.compile(r"^(?:(\d+):)?(\d{1,2}):(\d{2})[.,]\d+\s+-->")
VOICE = re.compile(r"<v(?:\.[^ >]*)?\s+([^>]+)>")
SPEAKER = re.compile(r"^([^\W\d_][\w .'’-]{0,40}?):\s+(.*)$")
CHANGE = re.compile(r"(?=<v[ .])")
TAGS = re.compile(r"</?[a-z][^>]*>|<\d[\d:.]*>", re.IGNORECASE)


def subtitle_lines(text: str) -> Iterator[str]:
    """Yield one line a turn, "[00:03:12] Speaker: words", joining cues of one speaker that follow each other."""
    turn = None
    for time, words in _cues(text):
        speaker, words = _speaker(words)
        if turn and speaker in ("", turn[1]):
            turn = (turn[0], turn[1], f"{turn[2]} {words}")
            continue
        if turn:
            yield _line(*turn)
        turn = (time, speaker, words)
    if turn:
        yield _line(*turn)


def _line(time: str, speaker: str, words: str) -> str:
    return f"[{time}] {speaker}: {words}" if speaker else f"[{time}] {words}"


def _cues(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of each voice and line of a cue: a cue may hold several speakers."""
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = block.strip().split("\n")
        at = next((index for index, line in enumerate(lines) if TIMES.match(line)), None)
        if at is None:
            continue
        hours, minutes, seconds = TIMES.match(lines[at]).groups()
        time = f"{int(hours or 0):02}:{int(minutes):02}:{seconds}"
        yield from (
            (time, words) for line in lines[at + 1 :] for words in CHANGE.split(line.strip()) if words
        )


def _speaker(words: str) -> tuple[str, str]:
    voice = VOICE.search(words)
    plain = unescape(TAGS.sub("", words)).strip()
    if voice:
        return voice[1].strip(), plain
    named = SPEAKER.match(plain)
    return (named[1], named[2]) if named else ("", plain)


def read_subtitles(path: Path) -> list[str]:
    """Read the turns of a subtitle file, one line each."""
    from ncsresearch.ingest.positions import decoded

    return list(subtitle_lines(decoded(path.read_bytes(), path.name).text))
