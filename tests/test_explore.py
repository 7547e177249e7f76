"""The explorer: what a selection shows, by its own rules and those of disclosure, and the line of code that shows it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ncsresearch as ncs
from builders import heard, study_folder
from conftest import PROJECT
from ncsresearch.disclosure.mask import withheld_counts
from ncsresearch.explorer.controls import WORDS, Explorer
from ncsresearch.explorer.selection import Selection, line_of, options
from ncsresearch.explorer.view import view
from ncsresearch.present.quotation import in_context
from ncsresearch.present.wording import words
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study


@pytest.fixture(scope="module")
def illustrative():
    return load_study(PROJECT / "data" / "illustrative")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return load_study(study_folder(tmp_path_factory.mktemp("published") / "small"))


@pytest.fixture(scope="module")
def interviews(small):
    """Six staff and one client in the north, five staff in the south; seven of the north told of travel, one of the south."""
    people = [(f"n{place}", "north", "Staff", "i1") for place in range(6)]
    people += [
        ("n6", "north", "Clients", "i2"),
        *((f"s{place}", "south", "Staff", "i3") for place in range(5)),
    ]
    said = [(name, "travel") for name in ("n0", "n1", "n2", "n3", "n4", "n5", "n6", "s0")]
    study = heard(small, people, said)
    codings = study.codings.assign(stance="challenge")
    return replace(study, tables=dict(study.tables) | {"codings": codings})


def confidential(study):
    return replace(study, settings=replace(study.settings, access="confidential"))


def test_a_selection_as_a_line_of_code():
    assert line_of(Selection()) == "ncs.show(*ncs.selected(study))"
    asked = Selection(area_type="rural", theme="housing", words='a "good" day')
    assert line_of(asked, sources=True) == (
        r'ncs.show(*ncs.selected(study, area_type="rural", theme="housing", words="a \"good\" day", sources_dir=sources_dir))'
    )


def test_only_what_occurs_is_offered_in_the_order_of_the_study(small, interviews):
    found = options(small, rules=False)
    assert {name: list(values) for name, values in found.items()} == {
        "area_type": ["rural", "urban", "larger_city", "rural_unspecified"],
        "area": [],
        "heard_from": [],
        "client_group": ["women"],
        "theme": ["cost", "access", "travel"],
        "stance": ["strength", "challenge"],
    }
    assert list(found["theme"].values()) == ["Cost", "Access", "\u2003Travel"]
    assert options(interviews, rules=False)["area"] == {"north": "North", "south": "South"}
    assert options(confidential(interviews), rules=True)["area"] == {}


def test_passages_of_published_sources_are_counted_by_hand(small):
    shown = view(small, Selection(theme="access"))
    assert shown.sentence.sentence == (
        "2 passages in 1 document match this selection: 1 described as a strength and 1 described as a challenge."
    )
    assert shown.table.cells()[["Theme", "Strength", "Challenge"]].values.tolist() == [
        ["Access", "1", "0"],
        ["Travel", "0", "1"],
    ]
    assert shown.passages.rows["words"].tolist() == ["buses are few", "help is near"]
    rural = view(small, Selection(area_type="rural", stance="challenge", words="BUS"))
    assert (
        rural.sentence.sentence
        == "1 passage in 1 document matches this selection: 1 described as a challenge."
    )
    assert list(rural.table.cells()) == ["Theme", "Challenge"]
    assert rural.passages.heading == "1 passage with “BUS”"
    assert "<p><mark>buses</mark> are few</p>" in rural.passages.to_html()
    assert view(small, Selection(theme="cost", area_type="rural")).sentence.sentence == (
        "Nothing in the study matches this selection."
    )


def test_people_of_a_public_study_are_counted_by_hand(interviews):
    shown = view(interviews, Selection(theme="travel"))
    assert shown.sentence.sentence == "8 of 12 people heard raised travel."
    assert shown.table.cells()[["Who", "Heard", "Raised it", "Challenge"]].values.tolist() == [
        ["Everybody", "12", "8", "8"],
        ["Rural areas", "7", "7", "7"],
        ["Urban areas", "5", "1", "1"],
        ["Staff", "11", "7", "7"],
        ["Clients", "1", "1", "1"],
    ]
    both = view(
        interviews, Selection(theme="travel", area_type="rural", heard_from="Staff", stance="challenge")
    )
    assert both.sentence.sentence == "6 of 6 staff in rural areas described travel as a challenge."
    assert view(interviews, Selection(area="south")).sentence.sentence == (
        "More of the 5 people in South raised travel (1) than any other single theme."
    )


def test_what_the_rules_do_not_know_is_not_counted_and_the_sentence_says_why(illustrative):
    not_counted = words("sentences")["not_counted"]
    both = view(illustrative, Selection(area_type="rural", heard_from="Clients", theme="housing"))
    assert (both.sentence.sentence, both.table, both.figure) == (not_counted["one_at_a_time"], None, None)
    about = view(illustrative, Selection(client_group="women", theme="housing"))
    assert (about.sentence.sentence, about.table, about.figure) == (not_counted["seen_only"], None, None)
    assert not_counted["one_at_a_time"] == (
        "Not shown: counts of one participant group in one kind of area could reveal a suppressed number. Choose one of the two."
    )
    with pytest.raises(StudyError, match="There is no area 'area_a'"):
        view(illustrative, Selection(area="area_a"))


def test_a_small_count_and_what_would_give_it_back_are_withheld(interviews):
    shown = view(confidential(interviews), Selection(theme="travel"))
    assert shown.sentence.sentence == "Most of the people heard raised travel."
    assert set(shown.table.cells()["Raised it"][1:]) <= {"[c]", "0"}
    assert shown.line == 'ncs.show(*ncs.selected(study, theme="travel"))'


def asked_of(study, data) -> Selection:
    offered = options(study, rules=bool(study.settings.threshold))
    picked = {name: data.draw(st.sampled_from(["", *values]), label=name) for name, values in offered.items()}
    return Selection(
        **picked, words=data.draw(st.sampled_from(["", "court", "the worker", "(", "a"]), label="words")
    )


@pytest.mark.parametrize("name", ["illustrative", "published", "small", "interviews"])
@settings(max_examples=12)
@given(data=st.data())
def test_the_line_of_code_shows_what_the_explorer_shows(request, name, data):
    study = request.getfixturevalue(name)
    shown = view(study, asked_of(study, data))
    made = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ncsresearch.present.grammar.display", made.append)
        exec(shown.line, {"ncs": ncs, "study": study})
    expected = [
        each for each in (shown.sentence, shown.table, shown.figure, shown.passages) if each is not None
    ]
    assert [each._repr_mimebundle_()["text/plain"] for each in made] == [
        each._repr_mimebundle_()["text/plain"] for each in expected
    ]
    assert [each.to_html() for each in made if hasattr(each, "to_html")] == [
        each.to_html() for each in expected if hasattr(each, "to_html")
    ]


@settings(max_examples=20)
@given(data=st.data())
def test_no_selection_tells_a_withheld_count(illustrative, data):
    """Every cell of a table is the withheld or told count of one group, and no sentence tells a withheld one."""
    asked = asked_of(illustrative, data)
    shown = view(illustrative, asked)
    if not asked.theme or shown.table is None:
        return
    hidden = withheld_counts(illustrative).query("hidden and code_id == @asked.theme")
    hidden = set(zip(hidden["stance"], hidden["group"], strict=True))
    calls = {"Everybody": "everybody", "Rural areas": "rural", "Urban areas": "urban"}
    for row in shown.table.rows.to_dict("records"):
        group = calls.get(row["group"], row["group"])
        for column in set(row) - {"group", "base"}:
            stance = "" if column == "n" else column
            assert (row[column] in ("some", "about half", "most", "[c]")) == ((stance, group) in hidden)
    whose = asked.area_type or asked.heard_from or "everybody"
    if (asked.stance, whose) in hidden:
        assert shown.sentence.sentence.startswith(("A number of ", "Some of ", "About half of ", "Most of "))
        assert "people" not in shown.sentence.numbers


def test_under_the_rules_only_printable_quotations_are_searched(illustrative):
    printed = ncs.interview_quotations(illustrative).rows["words"]
    everything = view(illustrative, Selection()).passages
    assert set(printed) & set(everything.rows["words"])
    people = illustrative.participants["participant_id"]
    assert not everything.rows["said_by"].str.contains("|".join(people)).any()
    places = "|".join(illustrative.areas["name"])
    assert not everything.rows["said_by"].str.contains(places).any()
    for where in (Selection(area_type="rural"), Selection(client_group="women")):
        assert view(illustrative, where).passages.rows.empty
    open_to_all = view(illustrative, Selection(words="bus"), disclosure=False).passages
    under_rules = view(illustrative, Selection(words="bus")).passages
    assert len(open_to_all.rows) > len(under_rules.rows)
    assert str(len(open_to_all.rows)) not in under_rules.heading + under_rules.rule


def test_words_in_context():
    words = "one two three four five six seven eight nine ten Court, eleven court cases end"
    assert list(in_context(words, "cour")) == [
        ("… two three four five six seven eight nine ten ", "Court", ", eleven court cases end"),
        ("… four five six seven eight nine ten Court, eleven ", "court", " cases end"),
    ]
    assert list(in_context("a court case", "court  case")) == [("a ", "court case", "")]
    assert list(in_context("supercourt", "court")) == []


def test_a_switch_turns_the_rules_off_with_a_notice_and_without_a_line(illustrative):
    explorer = Explorer(illustrative, None, "")
    assert explorer.rules.value and not explorer.rules.disabled
    assert explorer.pickers["area"].disabled
    assert explorer.shown["notice"].value == ""
    explorer.rules.value = False
    assert WORDS["rules_off"] in explorer.shown["notice"].value
    assert explorer.line.value == WORDS["no_line"]
    explorer.pickers["area"].value = "area_a"
    explorer.pickers["heard_from"].value = "Clients"
    assert "clients in Area A" in explorer.shown["sentence"].value
    explorer.rules.value = True
    assert (explorer.pickers["area"].value, explorer.shown["notice"].value) == ("", "")
    assert explorer.line.value == 'ncs.show(*ncs.selected(study, heard_from="Clients"))'


def test_a_public_study_has_no_rules_to_switch(small):
    explorer = Explorer(small, None, "")
    assert (explorer.rules.value, explorer.rules.disabled) == (False, True)
    assert explorer.rules.description == "Disclosure rules: a public study has nothing to withhold"


def test_what_is_picked_shows_at_once_and_what_stays_is_not_sent_again(small):
    explorer = Explorer(small, None, "")
    sent = []
    for name, part in explorer.shown.items():
        part.observe(lambda _, name=name: sent.append(name), names="value")
    explorer.words.value = "near"
    assert sent == ["passages"]
    explorer.pickers["theme"].value = "cost"
    assert {"sentence", "table", "passages"} <= set(sent)
    explorer.everything.click()
    assert explorer.selection == Selection()
    assert explorer.line.value == "ncs.show(*ncs.selected(study))"


def test_a_fault_is_a_plain_sentence(small, monkeypatch):
    explorer = Explorer(small, None, "")
    monkeypatch.setattr("ncsresearch.explorer.controls.view", lambda *_, **__: 1 / 0)
    explorer.pickers["theme"].value = "cost"
    assert explorer.shown["notice"].value == f'<div class="notice" role="alert"><p>{WORDS["fault"]}</p></div>'
    assert explorer.shown["table"].value == ""


def test_the_explorer_writes_nothing_and_its_plain_text_holds_no_words(illustrative, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    box = ncs.explore(illustrative)
    plain = box._repr_mimebundle_()["text/plain"]
    assert plain.startswith("VBox(children=(HTML(value='<style>") and len(plain) < 120
    assert list(tmp_path.iterdir()) == []


def test_the_notebook_is_committed_without_outputs_or_state():
    notebook = json.loads((PROJECT / "notebooks" / "explore.ipynb").read_text(encoding="utf-8"))
    assert "widgets" not in notebook["metadata"]
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in code] == [[], [], []]
    assert code[0]["metadata"]["tags"] == ["parameters"]
    assert "".join(code[-1]["source"]) == "ncs.explore(study, sources_dir=sources_dir)"
    assert code[-1]["metadata"]["tags"] == ["nbval-ignore-output"]
