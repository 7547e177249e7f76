"""No sentence of a source document stands in the project: facts and short labels in our own words only."""

import re
import subprocess

from conftest import PROJECT

MONTHS = set(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
RUN = 7
# pictures, and files whose words stand in the texts and tables beside them
PACKED = (".png", ".docx", ".xlsx", ".qdpx")
BREAK = "|"


def words(text: str) -> list[str]:
    """Words in their order; numbers, dates and addresses are left out, official names break a run."""
    text = re.sub(r"\bQ\d\b", " ", re.sub(r"https?://\S+", f" {BREAK} ", text))
    for name in sorted(official_names(), key=len, reverse=True):
        text = re.sub(re.escape(name), f" {BREAK} ", text, flags=re.I)
    found = re.findall(r"[a-z]+(?:'[a-z]+)?|\|", text.lower().replace("’", "'"))
    return [word for word in found if word not in MONTHS]


def official_names() -> list[str]:
    return (PROJECT / "tests" / "official_names.txt").read_text(encoding="utf-8").splitlines()


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {
        run
        for place in range(len(found) - RUN + 1)
        if BREAK not in (run := tuple(found[place : place + RUN]))
    }


def committed_texts():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, listed.split("\0")):
        path = PROJECT / name
        if path.is_file() and name != "tests/official_names.txt" and path.suffix not in PACKED:
            yield name, path.read_text(encoding="utf-8")


def test_a_run_of_seven_words_is_found_and_numbers_do_not_break_it():
    assert runs("one two 3 three four five six seven") == {
        ("one", "two", "three", "four", "five", "six", "seven")
    }
    assert runs("one two three Head of Service four five six seven") == set()


def test_no_seven_words_of_a_source_stand_in_the_project(sources):
    documents = [re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8")) for path in sources.glob("*.txt")]
    assert len(documents) == 5
    published = set().union(*map(runs, documents))
    copied = {name: found for name, text in committed_texts() if (found := runs(text) & published)}
    assert copied == {}
