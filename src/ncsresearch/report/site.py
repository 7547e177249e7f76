"""The page that opens everything: studies, their chapters and areas, a search through what they say; and what was done for access."""

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from textwrap import shorten
from urllib.parse import quote

from markupsafe import Markup

from ncsresearch import __released__
from ncsresearch.present.sentence import capital
from ncsresearch.present.wording import page_words
from ncsresearch.report.content import SUMMARY
from ncsresearch.report.html import HERE, filled_page
from ncsresearch.schema import COMPARED

N_MAIN = 3
SHORT = 80  # letters of an error in a list
ABOUT = ("themes", "client_groups", "area_types", "stances", "areas")
EVIDENCE = ("behind", "evidence", "source", "below", "under", "said_by", "file")
MEANT = ("definition", "include", "exclude")
UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def index_page(manifests: list[dict], output: Path, formats: Mapping[str, str] = {}) -> str:
    """Return index.html for a folder of outputs: it needs no server, no network and no other file to search.

    Whatever it shows stands in the manifest, the findings and the catalogue of a study; it links to a file only
    where that file is.

    manifests  one a study, with those of its selections under selections; or the one of the selection whose folder it is,
               where at, the way from this page to its files, is empty: its page lists its chapters, and searches nothing
    formats    what the file of a whole study is called, by its ending
    """
    studies = [_study(manifest, output, formats) for manifest in manifests]
    entries = [entry for study in studies for entry in study["entries"]]
    alone = next((told["called"] for told in manifests if told.get("at") == ""), "")
    searched = ("name", "title", "status", "places", "units")
    said = {"studies": [{name: study[name] for name in searched} for study in studies], "entries": entries}
    script = (HERE / "site.js").read_text(encoding="utf-8")
    style = "".join((HERE / name).read_text(encoding="utf-8") for name in ("page.css", "site.css"))
    return filled_page(
        "site",
        studies=studies,
        selection=alone,
        title=f"Chapters: {alone}" if alone else page_words("shown", "title"),
        said=Markup(embedded(said)),
        style=Markup(style),
        script=Markup(script),
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        starts=_starts(entries),
        example=_example(entries),
        comparable=[study for study in studies if len(study["reported"]) > 1],
    )


def accessibility_page() -> str:
    """Return the accessibility statement of the pages, dated by the package's release and so the same in every run of it."""
    released = date.fromisoformat(__released__)
    return filled_page("accessibility", day=f"{released.day} {released:%B %Y}") + "\n"


def embedded(said) -> str:
    """Return JSON that can stand in a script element: none of its text can end the element or begin another."""
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return text.translate(str.maketrans(UNSAFE))


def _study(manifest: dict, output: Path, formats: Mapping[str, str]) -> dict:
    at = manifest.get("at", f"{manifest['study']}/")
    catalogue = _read(output / at / "catalogue.json", {})
    found = [_place(at, entry, output) for entry in manifest["notebooks"]]
    places = [place for place in found if place["made"] or place["error"]]
    named = {place["name"]: {key: place[key] for key in ("title", "page", "area_id")} for place in places}
    findings = _read(output / at / "findings.json", [])
    chapters = [place for place in places if not place["area_id"]]
    kinds = catalogue.get("area_types", {})
    areas = [place for place in places if place["area_id"]]
    areas = [place | {"kind": ", ".join(kinds.get(place["title"], []))} for place in areas]
    return {
        "name": manifest["study"],
        "title": manifest["title"],
        "status": manifest["status_line"],
        "draft": manifest.get("draft", []),
        "signoff": manifest.get("signoff", {}).get("said", []),
        "unsigned": quote(f"{at}unsigned.html") if (output / at / "unsigned.html").exists() else "",
        "changes": quote(f"{at}changes.html") if (output / at / "changes.html").exists() else "",
        "not_made": _not_made(places),
        "licence": catalogue.get("licence", ""),
        "chapters": chapters,
        "silent": [place["title"] for place in found if place not in places],
        "areas": areas,
        "reported": [area for area in areas if area["made"]],
        "selections": [_selection(each, manifest) for each in manifest.get("selections", [])],
        "files": _files(at, manifest.get("file", manifest["study"]), output, formats),
        "places": named,
        "units": catalogue.get("units", {}),
        "main": _main(findings, chapters),
        "entries": _entries(at, manifest["study"], findings, catalogue, output),
    }


def _main(findings: list[dict], chapters: list[dict]) -> list[tuple[str, str]]:
    """Return the headings of the first findings of a study's summary, each with where it is; none without a summary."""
    pages = {chapter["name"]: chapter["page"] for chapter in chapters if chapter["made"]}
    headed = [row for row in findings if row["chapter"] == SUMMARY and row.get("heading")]
    page = pages.get(SUMMARY)
    return [(row["heading"], f"{page}#{_anchor('finding', row)}") for row in headed[:N_MAIN] if page]


def _selection(own: dict, whole: dict) -> dict:
    """Return a selection's name, its page and whether it was made of another state of the study than the whole."""
    page = f"{own['study']}/selections/{own['folder']}/index.html"
    same = own.get("inputs") == whole.get("inputs") and not own.get("of_another_state")
    return {"called": capital(own["called"]), "page": quote(page), "earlier": not same}


def _read(path: Path, otherwise):
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else otherwise


def _place(at: str, entry: dict, output: Path) -> dict:
    page = f"{at}{entry['page']}"
    word = page.removesuffix("html") + "docx"
    return {name: entry[name] for name in ("name", "area_id", "title", "about", "error")} | {
        "page": quote(page),
        "made": entry["status"] == "done",
        "short": _short(entry["error"]),
        "signoff": entry.get("signoff", {}).get("head", [])[:1],
        "word": quote(word) if (output / word).exists() else "",
    }


def _short(error: str) -> str:
    """Return the first words of why a notebook failed."""
    return shorten(error.split("\n", 1)[0], SHORT, placeholder=" …")


def _not_made(places: list[dict]) -> str:
    """Return how many notebooks were not made, and which command says why; nothing where all were."""
    n = sum(not place["made"] for place in places)
    said = page_words("shown", "some_not_made", n=n, of=len(places))
    return Markup(re.sub(r"`(.+?)`", r"<code>\1</code>", said)) if n else ""


def _files(at: str, file: str, output: Path, formats: Mapping[str, str]) -> list[tuple[str, str]]:
    """The files of a whole study, or selection, that are there, each with what it is called."""
    known = {f"{at}{file}.{ending}": called for ending, called in formats.items()}
    known |= {f"{at}{name}.json": page_words("shown", name) for name in ("findings", "manifest")}
    return [(quote(path), words) for path, words in known.items() if (output / path).exists()]


def _entries(below: str, study: str, findings: list[dict], catalogue: dict, output: Path) -> list[dict]:
    """All that can be found in a study; what several pages say alike is one entry with several places."""
    order = Counter()
    found = {}
    for kind, words, row in _said(findings, catalogue):
        at = _at(kind, row)
        at |= {"order": order[at["place"]]}
        if row.get("passages") and not row["area_id"]:  # a report on an area would tie them to it
            at |= {"passages": row["passages"]}
        order[at["place"]] += 1
        row = row | _file(kind, below, row, output)
        evidence = {name: row[name] for name in EVIDENCE if row.get(name)}
        about = {facet: named for facet in ABOUT if (named := row.get("about", {}).get(facet))}
        entry = {"kind": kind, "study": study, "words": words, "about": about} | evidence
        found.setdefault(json.dumps(entry), entry | {"at": []})["at"].append(at)
    return _themes(study, list(found.values()), catalogue.get("themes", [])) + list(found.values())


def _at(kind: str, row: dict) -> dict:
    """Where a thing stands: the page, the section and the place there."""
    place = f"{row['chapter']} {row['area_id']}".strip()
    told = {name: row.get(name, "") for name in ("section", "cell", "name")}
    return {"place": place, "anchor": _anchor(kind, row)} | told


def _said(findings: list[dict], catalogue: dict):
    yield from (
        ("finding", ": ".join(filter(None, [row.get("heading"), row["sentence"]])), row) for row in findings
    )
    yield from (("point", row["words"], row) for row in catalogue.get("points", []))
    yield from (("table", row["caption"], row) for row in catalogue.get("tables", []))
    yield from (("quotation", row["words"], row) for row in catalogue.get("quotations", []))


def _anchor(kind: str, row: dict) -> str:
    if kind == "quotation":
        return f"cell-{row['cell']}"
    return f"{'table' if kind == 'point' else kind}-{row['name']}"


def _file(kind: str, below: str, row: dict, output: Path) -> dict:
    """The file of a table's numbers, where it is there."""
    if kind != "table":
        return {}
    path = below + "/".join(filter(None, ["tables", row["chapter"], row["area_id"], f"{row['name']}.csv"]))
    return {"file": quote(path)} if (output / path).exists() else {}


def _themes(study: str, entries: list[dict], explained: list[dict]) -> list[dict]:
    """A theme for each that something is about, most findings first, and for each that a chapter explains."""
    about = {kind: Counter() for kind in ("finding", "point", "table", "quotation")}
    for entry in entries:
        about[entry["kind"]].update(entry["about"].get("themes", []))
    themes = dict.fromkeys(theme for kind in about.values() for theme, _ in kind.most_common())
    themes |= {row["theme"]: row for row in explained}
    return [
        {"kind": "theme", "study": study, "words": theme, "about": {"themes": [theme]}}
        | {"counts": {kind: counted[theme] for kind, counted in about.items() if counted[theme]}}
        | _meant(row)
        for theme, row in themes.items()
    ]


def _meant(row: dict | None) -> dict:
    """What a theme means, and where that stands."""
    told = {name: row[name] for name in MEANT if row.get(name)} if row else {}
    return told | {"at": [_at("table", row)] if row else []}


def _example(entries: list[dict]) -> str:
    """Words that find something: the name of a theme, of one that most studies share where there is one."""
    named = Counter(entry["words"].lower() for entry in entries if entry.get("counts"))
    return named.most_common(1)[0][0] if named else ""


def _starts(entries: list[dict]) -> list[tuple[str, str]]:
    """Where a reader may begin: links to what is there, as the part of the address behind the #."""
    about = {facet: {each for entry in entries for each in entry["about"].get(facet, ())} for facet in ABOUT}
    ways = ("challenge", "strength", "suggestion")
    known = [
        (f"{kind.capitalize()} areas", f"area_type={kind}", kind in about["area_types"]) for kind in COMPARED
    ]
    known += [(page_words("shown", way), f"stance={way}", way in about["stances"]) for way in ways]
    kinds = {entry["kind"] for entry in entries}
    known += [
        ("All themes", "kind=theme", "theme" in kinds),
        ("Quotations", "kind=quotation", "quotation" in kinds),
    ]
    return [(words, address) for words, address, there in known if there]
