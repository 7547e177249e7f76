"""Formats of files by their endings, each with the function that reads or writes it; and TOML, for all who read it."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from ncsresearch.schema import CallError, StudyError


def function_named(home: str) -> Callable:
    """Return the function that "module:function" names; its module is loaded when it is first asked for."""
    module, _, name = home.partition(":")
    return getattr(import_module(module), name)


@dataclass(frozen=True)
class FileFormat:
    """A format: what it is called, the endings of its files, and where its function is ("module:function")."""

    name: str
    endings: tuple[str, ...]
    home: str

    @property
    def function(self) -> Callable:
        """The function that reads or writes such a file."""
        return function_named(self.home)


def read_toml(path: Path, broken: str = "") -> dict:
    """Read a file of settings; raises StudyError, with its name and what is broken, for one that is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        fault = f"{broken} ({error})" if broken else error
        raise StudyError(f"{path.name}: {fault}.") from None


def endings(formats: Iterable[FileFormat]) -> list[str]:
    """Return the endings of formats, in their order."""
    return list(dict.fromkeys(ending for each in formats for ending in each.endings))


def format_of(path: Path, formats: Iterable[FileFormat], work: str = "reader"):
    """Return the format that a file's ending names; raises StudyError that lists the endings that are known."""
    for each in formats:
        if path.suffix.lower() in each.endings:
            return each
    known = ", ".join(endings(formats))
    raise CallError(f"{path.name}: no {work} for {path.suffix!r} files; known: {known}.")
