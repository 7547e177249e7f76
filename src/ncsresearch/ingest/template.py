"""Pages of words with places for facts: Jinja templates, kept beside the code that fills them in."""

from functools import cache
from pathlib import Path


def filled(template: Path, **facts) -> str:
    """Return a template with its places filled in; a place without a fact is an error of the program."""
    return _opened(template).render(facts)


@cache
def _opened(template: Path):
    from jinja2 import Environment, StrictUndefined

    layout = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
    return Environment(undefined=StrictUndefined, **layout).from_string(template.read_text("utf-8"))
