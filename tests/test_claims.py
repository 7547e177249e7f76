"""Sentences bound to evidence: quantities in words by rule, and the other side."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import heard, study_folder
from ncsresearch.disclosure.suppression import below_threshold, hidden_among
from ncsresearch.explorer.one_theme import quantity, say_behind
from ncsresearch.present.people_behind import Behind, evidence_for
from ncsresearch.schema import StudyError
from ncsresearch.study import check_folder, load_study

BOOK = "code_id,parent_id,label,facet\naccess,,Access,theme\ntravel,access,Travel,theme\ncost,,Cost,theme\n"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return load_study(study_folder(tmp_path_factory.mktemp("small") / "small", codebook=BOOK, codings=None))


def told(base, people, said, *, access="public", **settings):
    """A study of these people and sayings (name, code, stance), with its settings changed."""
    study = heard(base, people, [(name, code) for name, code, _ in said])
    codings = study.codings.assign(stance=[stance for *_, stance in said])
    changed = replace(study.settings, access=access, **settings)
    return replace(study, settings=changed, tables=dict(study.tables) | {"codings": codings})


def crowd(n: int, area: str = "north", group: str = "Staff") -> list[tuple]:
    return [(f"{area}{group}{number}", area, group, f"{area}{group}{number // 4}") for number in range(n)]


def say(people, n, code="travel", stance="challenge"):
    return [(name, code, stance) for name, *_ in people[:n]]


def finding(study, theme, stance=""):
    return say_behind(Behind(study, theme, stance), "people heard")


def test_people_on_each_side_count_once(base):
    people = crowd(4)
    said = [
        *say(people, 2),
        *say(people, 1, stance="strength"),
        *say(people[3:], 1, stance="strength"),
        *say(people, 1),
    ]
    study = told(base, people, said)
    found = Behind(study, "access", "challenge")
    assert (found.n, found.n_against, found.base) == (2, 2, 4)
    assert evidence_for(study, ["access"], stance="challenge")["behind"] == (
        "Access. Staff: 2 of 4. Described it both as a challenge and as a strength: 1.",
    )
    assert Behind(study, "cost").n == 0


@pytest.mark.parametrize(
    ("wording", "n", "expected"),
    [
        ("none", 30, "30 of 40 people heard described travel as a challenge."),
        ("words", 30, "Most of the people heard described travel as a challenge."),
        ("words and counts", 30, "Most of the people heard (30 of 40) described travel as a challenge."),
        ("words", 5, "A few of the people heard described travel as a challenge."),
        ("words", 10, "Some of the people heard described travel as a challenge."),
        ("words", 20, "About half of the people heard described travel as a challenge."),
        ("words", 38, "Almost all of the people heard described travel as a challenge."),
        ("words", 40, "All of the people heard described travel as a challenge."),
        ("words", 1, "One of 40 people heard described travel as a challenge."),
        ("words", 0, "None of the 40 people heard described travel as a challenge."),
    ],
)
def test_quantities_in_the_words_the_study_wants(base, wording, n, expected):
    people = crowd(40)
    study = told(base, people, say(people, n), quantity_words=wording)
    assert finding(study, theme="travel", stance="challenge").sentence == expected


def test_a_base_under_twenty_bears_no_word(base):
    people = crowd(8)
    study = told(base, people, say(people, 6), quantity_words="words")
    assert finding(study, theme="travel").sentence == "6 of 8 people heard raised travel."


def test_ties_and_the_other_side(base):
    people = crowd(30)
    both = [*say(people, 12), *say(people[12:], 12, stance="strength")]
    assert finding(told(base, people, both), theme="travel", stance="strength").sentence == (
        "12 of 30 people heard described travel as a strength and as many as a challenge."
    )
    uneven = [*say(people, 12), *say(people[12:], 7, stance="strength")]
    assert finding(told(base, people, uneven), theme="travel", stance="challenge").sentence == (
        "12 of 30 people heard described travel as a challenge; 7 described it as a strength."
    )


def test_a_count_that_may_not_be_told_stands_in_no_word_number_or_line(base):
    people = crowd(30)
    study = told(base, people, say(people, 3), access="confidential", quantity_words="words and counts")
    made = finding(study, theme="travel", stance="challenge")
    assert made.sentence == "Some of the people heard described travel as a challenge."
    assert made.numbers == {"described as the opposite": 0, "of": 30}
    assert evidence_for(study, ["travel"], stance="challenge")["behind"] == ("Travel. Staff: some of 30.",)
    assert quantity(7, 30, "clients", study.settings, instead="") == "a number of the clients (withheld)"


def test_a_group_alone_below_the_threshold_hides_a_second(base):
    people = [*crowd(20, group="Staff"), *crowd(20, group="Clients"), *crowd(20, group="Partners")]
    said = [*say(people, 9), *say(people[20:], 7), *say(people[40:], 2)]
    (line,) = evidence_for(told(base, people, said, access="confidential"), ["travel"])["behind"]
    assert "Staff: 9 of 20. Clients: some of 20. Partners: some of 20." in line


COUNTS = st.lists(
    st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(n, 14))), min_size=1, max_size=6
)


@given(cells=COUNTS, threshold=st.sampled_from([5, 10]))
def test_no_withheld_count_can_be_worked_out_from_its_total(cells, threshold):
    n, of = np.array(cells).T
    hidden = hidden_among(n, of, threshold)
    if hidden is None:
        return
    assert (hidden >= below_threshold(n, threshold)).all()
    withheld = of[hidden]
    for place, most in enumerate(withheld):
        others = sums(np.delete(withheld, place))
        assert sum(n[hidden].sum() - n_here in others for n_here in range(1, most)) > 1


def sums(bases) -> set[int]:
    """Every sum of counts of which each is more than nobody and less than its base."""
    reached = {0}
    for of in bases:
        reached = {total + n for total in reached for n in range(1, of)}
    return reached


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("claims.toml", "", "claims.toml is no longer read. "),
        ("quotations.toml", "left_out = ['s99']\n", "quotations.toml: left_out: 's99' is not known"),
        ("checklist.toml", "[COREQ\n", "checklist.toml"),
    ],
)
def test_check_reads_what_stands_beside_the_tables(tmp_path, file, text, message):
    folder = study_folder(tmp_path / "small")
    assert check_folder(folder) == []
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as error:
        check_folder(folder)
    assert str(error.value).startswith(message)


def test_no_line_says_that_nobody_of_fewer_than_ten_people_raised_it(base):
    people = [*crowd(20, group="Staff"), *crowd(8, group="Partners")]
    (line,) = evidence_for(told(base, people, say(people, 9), access="confidential"), ["travel"])["behind"]
    assert "Staff: 9 of 20. Partners: [c] of 8." in line
