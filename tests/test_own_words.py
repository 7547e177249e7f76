"""No sentence of a source document is in the project, and no point follows one word by word."""

import csv
import re
import subprocess

import pytest

from conftest import PROJECT
from ncsresearch.ingest.quoted import DOCUMENTS, source_file

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
SHARE = 0.5  # of a point's content words that may follow one sentence of its source in the same order
FEWEST = 4  # content words, below which a sentence has no other way to say it
FUNCTION = set(
    re.findall(
        r"\w+",
        """
    about after also because been before being between both could does each even ever every from have having
    here into itself just less like made make many might more most much must need only onto other others
    over same should some such than that their them themselves then there these they this those through thus
    under until upon very want were what when where which while whom whose will with within without would
    your said says
    """,
    )
)


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


def content(text: str) -> list[str]:
    """Content words in their order, each by its first six letters, so that endings make no difference."""
    return [word[:6] for word in words(text) if len(word) > 3 and word not in FUNCTION]


def sentences(text: str) -> list[list[str]]:
    """Content words of each sentence of a source, list item, comment or cell."""
    ends = re.compile(r"(?<=[.!?;:”’'])\s+|[\n\t❖]")
    return [content(each) for each in ends.split(re.sub(r"<[^>]*>", " ", text))]


def share_in_order(statement: list[str], sentence: list[str]) -> float:
    """Share of a statement's words that follow a sentence in the same order: its longest common subsequence."""
    longest = [0] * (len(sentence) + 1)
    for word in statement:
        before = 0
        for place, other in enumerate(sentence, start=1):
            before, longest[place] = (
                longest[place],
                before + 1 if word == other else max(longest[place], longest[place - 1]),
            )
    return longest[-1] / len(statement)


def follows(statement: str, sentences: list[list[str]]) -> float:
    """The largest share in order of a statement in any sentence that has enough of its words at all."""
    own = content(statement)
    near = [each for each in sentences if len({*own} & {*each}) > SHARE * len({*own})]
    return max((share_in_order(own, each) for each in near), default=0.0) if len(own) >= FEWEST else 0.0


@pytest.mark.parametrize(
    ("statement", "share"),
    [
        ("The ferries often leave late when harbour staff are missing.", 6 / 7),
        ("Missing harbour staff often make a ferry leave late.", 3 / 7),
        ("Passengers praised the friendly crew.", 0.0),
    ],
)
def test_words_in_the_order_of_a_sentence_are_found_and_another_order_is_not(statement, share):
    source = [content("Ferry crossings often leave late when harbour staff are missing.")]
    assert follows(statement, source) == pytest.approx(share)


def test_no_point_follows_a_sentence_of_its_source_word_by_word(sources):
    rows = csv.DictReader((PROJECT / "data" / "published" / "points.csv").open(encoding="utf-8"))
    texts = {name: source_file(sources, name).read_text(encoding="utf-8") for name in DOCUMENTS}
    found = {name: sentences(text) for name, text in texts.items()}
    alike = {row["point_id"] for row in rows if follows(row["statement"], found[row["document_id"]]) > SHARE}
    assert alike == set()
