"""Speech with the time of each piece: subtitles (.vtt, .srt) and what speech recognition writes, joined into the turns of speakers."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path

from ncsresearch.ingest.speaker_label import WITHIN, beginning, each_apart, second_speakers

TIMES = re.compile(r"^(?:(\d+):)?(\d{1,2}):(\d{2})[.,]\d+\s+-->")
VOICE = re.compile(r"<v(?:\.[^ >]*)?\s+([^>]+)>")
CHANGE = re.compile(r"(?=<v[ .])")
TAGS = re.compile(r"</?[a-z][^>]*>|<\d[\d:.]*>", re.IGNORECASE)
ARROWS = re.compile(r"^(?:>+|-)\s*(?=\S)")
# a telephone, or longer than a name: where it recurs
ODD_NAME = re.compile(r"(\+?\d[\d ()-]{4,}|[^\W\d_][^:\n]{40,99}): (?=\S)")

Cue = tuple[str, str, str]


def read_subtitles(path: Path) -> list[str]:
    """Read the turns of a subtitle file, one line each."""
    from ncsresearch.ingest.positions import decoded

    return list(turn_lines(_cues(decoded(path.read_bytes(), path.name).text)))


def turn_lines(cues: Iterable[Cue]) -> Iterator[str]:
    """Yield one line a turn, "[00:03:12] Speaker: words", from times, speakers and words; a cue without a speaker goes on."""
    spoken = accumulate(cues, lambda before, cue: (cue[0], cue[1] or before[1], cue[2]))
    for speaker, own in groupby(spoken, key=itemgetter(1)):
        times, _, words = zip(*own, strict=True)
        name = re.sub(r"[:\s]+", " ", speaker).strip()
        yield f"[{times[0]}] {f'{name}: ' * bool(name)}{' '.join(words)}"


def _cues(text: str) -> Iterator[Cue]:
    """Yield the words of each voice and line of a cue: a cue may hold several speakers."""
    cues = list(_timed_words(text))
    begun = [(beginning(words).label, words[beginning(words).start :]) for _, words in cues]
    speakers = second_speakers(begun) if any(map(WITHIN.search, text.split("\n"))) else ()
    cues = [(time, part) for time, words in cues for part in each_apart(words, speakers)]
    odd = Counter(match[1] for _, words in cues if (match := ODD_NAME.match(words)))
    known = {name for name, n in odd.items() if n > 1}
    has_voices = any(VOICE.search(words) for _, words in cues)
    yield from ((time, *_speaker(words, known, has_voices)) for time, words in cues)


def _timed_words(text: str) -> Iterator[tuple[str, str]]:
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


def _speaker(words: str, known: Collection[str], has_voices: bool) -> tuple[str, str]:
    from ncsresearch.ingest.speaker_role import NO_SPEAKER

    voice, odd = VOICE.search(words), ODD_NAME.match(words)
    plain = ARROWS.sub("", unescape(TAGS.sub("", words)).strip())
    if voice or has_voices:
        return unescape(voice[1]).strip() if voice else "", plain
    if odd and odd[1] in known:
        return odd[1], words[odd.end() :]
    begun = beginning(plain)
    return ("", plain) if NO_SPEAKER.fullmatch(begun.label) else (begun.label, plain[begun.start :])
