"""The page that opens everything: studies, their chapters and their areas."""

from html import escape
from pathlib import Path

HERE = Path(__file__).parent


def index_page(manifests: list[dict]) -> str:
    """Return index.html for a folder of outputs, from the manifests of its studies."""
    studies = "".join(_study(manifest) for manifest in manifests)
    style = (HERE / "page.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Chapters and area reports</title><style>{style}</style></head><body>"
        f'<main class="wide"><h1>Chapters and area reports</h1>{studies}</main></body></html>\n'
    )


def _study(manifest: dict) -> str:
    chapters = [entry for entry in manifest["notebooks"] if not entry["area_id"]]
    areas = [entry for entry in manifest["notebooks"] if entry["area_id"]]
    return (
        f"<h2>{escape(manifest['title'])}</h2><p>{escape(manifest['status_line'])}.</p>"
        f"<h3>Chapters</h3>{_list(manifest, chapters)}<h3>Areas</h3>{_list(manifest, areas)}"
    )


def _list(manifest: dict, entries: list[dict]) -> str:
    return f'<ul class="cards">{"".join(_entry(manifest, entry) for entry in entries)}</ul>'


def _entry(manifest: dict, entry: dict) -> str:
    title = escape(entry["title"])
    if entry["status"] != "done":
        return f"<li>{title}<small>not made: {escape(entry['error'])}</small></li>"
    about = f"<small>{escape(entry['about'])}</small>" if entry["about"] else ""
    return f'<li><a href="{escape(manifest["study"])}/{escape(entry["page"])}">{title}</a>{about}</li>'
