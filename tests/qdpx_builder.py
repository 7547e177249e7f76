"""Small REFI-QDA projects for tests, put together from strings; a short name does for a GUID."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

STANDARD = "urn:QDA-XML:project:1.0"


def element(kind: str, /, *inner: str, **attributes: str) -> str:
    told = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{kind}{told}>{''.join(inner)}</{kind}>"


def described(words: str) -> str:
    return element("Description", escape(words)) if words else ""


def user(key: str, name: str) -> str:
    return element("User", guid=key, name=name)


def code(key: str, name: str, *codes: str, description: str = "", **attributes: str) -> str:
    told = {"guid": key, "name": name, "isCodable": "true"} | attributes
    return element("Code", described(description), *codes, **told)


def variable(key: str, name: str) -> str:
    return element("Variable", guid=key, name=name, typeOfVariable="Text")


def value(key: str, words: str, kind: str = "TextValue") -> str:
    return element("VariableValue", refer("VariableRef", key), element(kind, escape(words)))


def refer(kind: str, key: str) -> str:
    return element(kind, targetGUID=key)


def text_source(key: str, *inner: str, name: str | None = None, file: str | None = None) -> str:
    path = f"internal://{key}.txt" if file is None else file
    return element("TextSource", *inner, guid=key, name=name or key, plainTextPath=path)


def passage(key: str, text: str, words: str, *inner: str, **attributes: str) -> str:
    start = text.index(words)
    places = {"startPosition": str(start), "endPosition": str(start + len(words))}
    return element("PlainTextSelection", *inner, guid=key, **places, **attributes)


def coding(key: str, code_key: str, *inner: str, by: str = "u1") -> str:
    return element("Coding", refer("CodeRef", code_key), *inner, guid=key, creatingUser=by)


def note(key: str, words: str, name: str = "", by: str = "u1") -> str:
    content = element("PlainTextContent", escape(words))
    return element("Note", content, guid=key, name=name, creatingUser=by)


def case(key: str, *inner: str, **attributes: str) -> str:
    return element("Case", *inner, guid=key, **attributes)


def group(key: str, name: str, *members: str) -> str:
    return element("Set", *members, guid=key, name=name)


def project(**parts: str) -> str:
    """Return the XML of a project; parts are users, codes, variables, cases, sources, notes, links and sets."""
    space = parts.get("namespace", STANDARD)
    inner = (
        element("Users", parts.get("users", user("u1", "Ana"))),
        element("CodeBook", element("Codes", parts.get("codes", ""))),
        *(
            element(name, parts[name.lower()])
            for name in ("Variables", "Cases", "Sources", "Notes", "Links", "Sets")
            if name.lower() in parts
        ),
    )
    return element("Project", *inner, parts.get("more", ""), xmlns=space, name="A project")


def qdpx(
    folder: Path,
    texts: dict[str, str | bytes],
    *,
    entry: str = "project.qde",
    sources: str = "sources",
    xml: str,
) -> Path:
    """Write a project; texts are its source files by their names."""
    path = folder / "a.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, xml)
        for name, text in texts.items():
            archive.writestr(f"{sources}/{name}", text)
    return path
