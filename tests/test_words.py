"""The words of tables and sentences: every pattern can be read, with everything filled in, and none is left over."""

import re
import tomllib

import pytest

from conftest import PROJECT
from ncsresearch.present.table import RESTS_ON
from ncsresearch.present.views import VERBS, VIEWS
from ncsresearch.present.wording import filled
from ncsresearch.schema import StudyError

PRESENT = PROJECT / "src" / "ncsresearch" / "present"
WORDS = {
    kind: tomllib.loads((PRESENT / "words" / f"{kind}.toml").read_text("utf-8"))
    for kind in ("tables", "sentences", "pages")
}
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "src").rglob("*.py"))


class Name(str):
    """Stands for one of several things that a pattern goes through."""

    def __getattr__(self, name):
        return "a fact"


class Anything(int):
    """Stands for whatever fills a place: a number, a name, a list of them, or a row."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(2)

    def __getitem__(self, key):
        return "name" if isinstance(key, slice) else Anything(2)

    def __iter__(self):
        return iter((Name("one name"), Name("another")))

    def __len__(self):
        return 2


def patterns():
    for kind, entries in WORDS.items():
        for entry, said in entries.items():
            for form, words in (said | said.get("columns", {})).items():
                if isinstance(words, str):
                    yield pytest.param(words, id=f"{kind} {entry} {form}")


@pytest.mark.parametrize("words", patterns())
def test_a_pattern_can_be_filled_in(words):
    places = {name: Anything(2) for name in re.findall(r"\w+", words)}
    places |= dict.fromkeys(re.findall(r"(\w+)\|day", words), "2019-11-01")
    said = filled(words, **places)
    assert "{" not in said
    assert "}" not in said


@pytest.mark.parametrize("entry", [entry for entries in WORDS.values() for entry in entries])
def test_no_words_are_left_over(entry):
    kinds = {kind.replace(" ", "_") for kind in VIEWS}
    assert f'"{entry}"' in CODE or entry in kinds


def test_every_sentence_that_says_that_there_is_none_is_one_of_its_entry():
    listed = WORDS["sentences"]["no_evidence"]
    assert len(listed) > 5
    assert [
        (name, form)
        for name, forms in listed.items()
        for form in forms
        if form not in WORDS["sentences"][name]
    ] == []


@pytest.mark.parametrize("kind", VIEWS)
def test_what_a_view_names_is_there(kind):
    view = VIEWS[kind]
    assert all(callable(make) for verb in VERBS for make in view.functions(verb))
    assert not view.as_it_is or view.as_it_is in WORDS["tables"]


def test_what_a_frame_rests_on_is_said_of_kinds_that_there_are():
    assert set(RESTS_ON) <= set(VIEWS)


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("{total} people", "'total' is undefined"),
        ("{n|doubled} people", "No filter named 'doubled'."),
        ("{% if n %}{n} people", "Unexpected end of template."),
    ],
)
def test_a_pattern_that_cannot_be_filled_is_named_with_the_places_that_it_may_have(pattern, fault):
    with pytest.raises(StudyError) as refused:
        filled(pattern, n=3, most=2)
    assert str(refused.value).startswith(f"In the files of words: {fault}")
    assert str(refused.value).endswith(f" Places that are filled here: most, n. Pattern: {pattern}")
