"""Who has withdrawn from a study? Remembered by keyed digests, which tell nobody a name who does not know it already."""

import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath

from ncsresearch.ingest.imported_file import same_words
from ncsresearch.ingest.relocation import squeezed
from ncsresearch.ingest.whole_file import write_json, write_whole
from ncsresearch.schema import CallError
from ncsresearch.study import read_settings
from ncsresearch.study.releases import FOLDER

KEY, FILE = "key", "withdrawn.json"
TOKEN = re.compile(r"[^\W_]+")


def key_of(study: Path) -> bytes:
    """Return the key that a study's digests are mixed with; it is made when it is first asked for."""
    return _kept_key(study) or _keep_key(study, _new_key())


def _kept_key(study: Path) -> bytes:
    path = study / FOLDER / KEY
    return path.read_bytes() if path.is_file() else b""


def _new_key() -> bytes:
    return secrets.token_hex(32).encode()


def _keep_key(study: Path, key: bytes) -> bytes:
    path = study / FOLDER / KEY
    path.parent.mkdir(exist_ok=True)
    write_whole(key, path)
    path.chmod(0o600)
    return key


def digest_of(key: bytes, words: str) -> str:
    """Return the digest of a person's name or of words under the study's key, by which nobody without the key knows them."""
    return hmac.digest(key, words.casefold().encode(), sha256).hex()[:32]


def same_name(name: str) -> str:
    """Return a name as an import knows it again: without case, and with one space between its words."""
    return same_words(name) or name


@dataclass(frozen=True)
class Withdrawn:
    """The people who have withdrawn from a study.

    key      that of the study's digests
    people   by the digest of each name, how many words it has (0 where it is not looked for in words) and the digests of
             what went with it: passages by their words, interviews and documents by their names
    """

    key: bytes
    people: dict[str, dict]

    def __contains__(self, name: str) -> bool:
        """Whether somebody of this name has withdrawn."""
        return bool(self.people) and self.digest(name) in self.people

    def digest(self, name: str) -> str:
        """Return the digest of a name."""
        return digest_of(self.key, same_name(name))

    def mark(self, name: str) -> str:
        """Return what replaces a name in ids and names of files: the same each time, and another for each name."""
        return f"withdrawn_{self.digest(name)[:6]}"

    def digest_of_passage(self, words: str) -> str:
        """Return the digest of the words of a passage, whatever its white space."""
        return digest_of(self.key, squeezed(words))

    def digest_of_row(self, table: str, name: str) -> str:
        """Return the digest of an interview or document, by its id or title; the ending of a file is no part of it."""
        return digest_of(self.key, f"{table}/{same_name(PurePosixPath(name).stem)}")

    @cached_property
    def went(self) -> set[str]:
        """The digests of what went with everybody who has withdrawn."""
        return {each for person in self.people.values() for each in person["went"]}

    def spelled(self, texts: Iterable[str]) -> set[str]:
        """Return the names of people who have withdrawn as texts spell them."""
        numbers = {person["words"] for person in self.people.values()} - {0}
        met: set[str] = set()
        for text in texts if numbers else ():
            words = [word.span() for word in TOKEN.finditer(text)]
            for n in numbers:
                spans = zip(words, words[n - 1 :], strict=False)
                met |= {text[first[0] : last[1]] for first, last in spans}
        return {name for name in met if self._is_named(name)}

    def _is_named(self, words: str) -> bool:
        """Whether words are the name of somebody who has withdrawn; one word in small letters is no name."""
        told = self.people.get(self.digest(words), {"words": 0})
        return told["words"] > 0 and not (told["words"] == 1 and words.isalpha() and words.islower())


def read_withdrawn(study: Path) -> Withdrawn:
    """Return who has withdrawn from a study."""
    path = study / FOLDER / FILE
    people = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return Withdrawn(_kept_key(study) or _new_key(), people)


def remember(
    study: Path,
    known: Withdrawn,
    names: Mapping[str, bool],
    passages: Iterable[str],
    rows: Iterable[tuple[str, str]],
    labels: Iterable[str] = (),
) -> None:
    """Remember a person who withdraws.

    names      each of their names, and whether it is to be looked for in words
    passages   what they said
    rows       the interviews and documents of nobody else, each by its table and its id or title
    labels     what a file may call them: its name or that of an interview, and their label in it
    """
    went = {known.digest_of_passage(words) for words in passages}
    went |= {known.digest_of_row(*row) for row in rows}
    told = {
        known.digest(name): {"words": len(TOKEN.findall(name)) * looked_for, "went": sorted(went)}
        for name, looked_for in names.items()
    }
    of_labels = {"words": 0, "went": [], "of": sorted(told)}
    labelled = {known.digest(label): of_labels for label in labels}
    _keep_key(study, known.key)
    write_json(known.people | labelled | told, study / FOLDER / FILE)


def readmit(name: str, study: Path) -> None:
    """Forget that somebody of this name has withdrawn, so that an import takes them in again.

    Raises StudyError where nobody of this name has withdrawn.
    """
    read_settings(study)  # refuses a folder that is none
    known = read_withdrawn(study)
    if name not in known:
        raise CallError(f"Nobody of the name {name!r} has withdrawn from {study.name}.")
    own = known.digest(name)
    others = {each: told for each, told in known.people.items() if own not in (each, *told.get("of", ()))}
    write_json(others, study / FOLDER / FILE)
