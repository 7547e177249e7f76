"""Write the reference of the names that a chapter may use: python docs/reference.py > docs/reference.md"""

import inspect
import sys
from collections.abc import Iterator

import ncsresearch

INTRO = """# Reference

What a chapter may use, by what one wants to do. Made from the package's docstrings by `make reference`; `import ncsresearch as ncs` comes first.
"""


def reference() -> str:
    """Return every public name under its group, with how it is called and what it returns, as Markdown."""
    return INTRO + "".join(_page())


def _page() -> Iterator[str]:
    for title, modules in ncsresearch.GROUPS.items():
        yield f"\n## {title}\n"
        for name in " ".join(modules.values()).split():
            yield from _entry(f"ncs.{name}", getattr(ncsresearch, name))


def _entry(called: str, public) -> Iterator[str]:
    first, _, rest = inspect.getdoc(public).partition("\n")
    yield f"\n### `{called}`\n\n```text\n{called}{_signature(public)}\n```\n\n{first}\n"
    yield f"\n```text\n{rest.strip()}\n```\n" if rest.strip() else ""
    if inspect.isclass(public):
        yield "".join(_method(name, method) for name, method in vars(public).items() if name.islower())


def _signature(public) -> str:
    """Return how something is called, without types, which the docstring says in words; nothing for an error."""
    if inspect.isclass(public) and issubclass(public, Exception):
        return ""
    signature = inspect.signature(public)
    bare = [
        each.replace(annotation=each.empty) for each in signature.parameters.values() if each.name != "self"
    ]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty)).replace(
        "<factory>", "..."
    )


def _method(name: str, method) -> str:
    if name.startswith("_") or not inspect.isfunction(method):
        return ""
    return f"\n- `.{name}{_signature(method)}`: {inspect.getdoc(method).splitlines()[0]}\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
