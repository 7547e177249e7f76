"""How fast is the search of index.html with many findings, and how large is the page?

Run by hand: `.venv/bin/python tests/benchmarks/site_search.py [FINDINGS|OUTPUTS [CHROMIUM]]`, with a number for a made-up
study of so many findings or a folder of outputs for the findings that are there. It prints the size of the page,
the milliseconds until it can be used, and of each question the milliseconds until its results stand on the page, the
worst of several runs.
"""

import itertools
import json
import random
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from ncsresearch.report.site import index_page

THEMES = [
    f"Theme {one} and {other}" for one in ("travel", "staff", "housing", "courts") for other in range(6)
]
TYPES, STANCES = ("rural", "urban"), ("strength", "challenge", "mixed", "suggestion")
QUESTIONS = ("t", "travel in rural areas", "staff", "nobody says this", "Area 7")
RUNS = 5
SEARCH = """question => {
    const field = document.getElementById('q');
    field.value = question;
    const started = performance.now();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    document.body.getBoundingClientRect();
    return performance.now() - started;
}"""
FILTER = SEARCH.replace("'q'", "'theme'")


def finding(number: int, chance: random.Random) -> dict:
    """One finding of an area report, in words like those of a study."""
    theme, area, kind, stance = (
        chance.choice(THEMES),
        number % 40,
        chance.choice(TYPES),
        chance.choice(STANCES),
    )
    told = f"{theme} was told as a {stance} by {number} of 5,000 people in {kind} areas such as Area {area}."
    behind = [
        f"{theme}. In {n} of 40 areas. Clients: {n} of 20. 95% interval of the share: 30% to 46%."
        for n in (1, 2, 3)
    ]
    about = {
        "themes": [theme],
        "client_groups": ["women"],
        "area_types": [kind],
        "stances": [stance],
        "areas": [f"Area {area}"],
    }
    place = {
        "chapter": "20_case_study_area",
        "area_id": f"area_{area}",
        "section": "In brief",
        "cell": "cell-04",
    }
    said = {"name": f"finding_{number}", "sentence": told, "numbers": {"people": number}, "behind": behind}
    return place | said | {"evidence": [], "source": "5,000 people in 400 interviews", "about": about}


def large_outputs(folder: Path, n_findings: int) -> Path:
    """An outputs folder of one study with so many findings in 40 area reports, and its index."""
    chance = random.Random(1)
    (folder / "large").mkdir()
    findings = [finding(number, chance) for number in range(n_findings)]
    (folder / "large/findings.json").write_text(json.dumps(findings), encoding="utf-8")
    entries = [
        {
            "name": f"20_case_study_area area_{n}",
            "area_id": f"area_{n}",
            "title": f"Area {n}",
            "about": "",
            "error": "",
        }
        | {"page": f"areas/area_{n}/20_case_study_area.html", "status": "done"}
        for n in range(40)
    ]
    manifest = {"study": "large", "title": "A large study", "status_line": "Made up", "notebooks": entries}
    path = folder / "index.html"
    path.write_text(index_page([manifest], folder), encoding="utf-8")
    return path


def measure(path: Path, chromium: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        ready = []
        for _ in range(RUNS):
            page.goto(path.as_uri(), wait_until="commit")
            page.wait_for_selector("html[data-ready]")
            ready.append(
                page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
            )
        say(f"ready to use: {max(ready):.0f} ms")
        for question in QUESTIONS:
            took = [
                page.evaluate(SEARCH, asked)
                for asked in itertools.islice(itertools.cycle(("", question)), 2 * RUNS)
            ]
            say(
                f"search {question!r}: {max(took[1::2]):.0f} ms ({page.inner_text('#count') or 'nothing asked'})"
            )
        page.evaluate(SEARCH, "")
        theme = page.locator("#theme option").nth(1).get_attribute("value")
        say(f"filter by theme: {page.evaluate(FILTER, theme):.0f} ms ({page.inner_text('#count')})")
        browser.close()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def tell(path: Path, whose: str, chromium: str) -> None:
    say(f"{whose}: index.html of {path.stat().st_size / 1e6:.1f} MB")
    measure(path, chromium)


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "5000"
    chromium = sys.argv[2] if len(sys.argv) > 2 else "/usr/bin/chromium"
    if asked.isdigit():
        with tempfile.TemporaryDirectory() as folder:
            tell(large_outputs(Path(folder), int(asked)), f"{asked} findings", chromium)
    else:
        tell(Path(asked).resolve() / "index.html", asked, chromium)
