"""Quotations by rule: verbatim, spread over a study, told without a name or place, counted by hand."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest

import ncsresearch as ncs
from builders import study_folder
from conftest import PROJECT
from ncsresearch.analysis.identifying import identifying_words, redacted
from ncsresearch.analysis.quotation_choice import quotation_choice
from ncsresearch.ingest.quotation_rules import QuotationRules, read_quotation_rules
from ncsresearch.ingest.quoted import read_quotations, source_file
from ncsresearch.ingest.spoken_words import first_difference, read_words
from ncsresearch.present.grammar import plot, table
from ncsresearch.present.outputs import FINDING
from ncsresearch.present.printable import passages_behind, why_not_printed
from ncsresearch.study import load_study

SETTINGS = """title = "A small study of interviews"
schema_version = "1"
access = "confidential"
status = "Fictional interviews"
evidence_date = "May 2023"
chapters = ["02_themes"]
"""
AREAS = """area_id,name,area_type,case_study,report
ash,Ashby Vale,mainly_rural,yes,yes
elm,Elmton,larger_city,yes,yes
"""
CODEBOOK = "code_id,label,facet\nbuses,Buses,theme\nrooms,Rooms,theme\n"
SAID = "we waited for the early bus all morning and it came at noon"


def spoken(folder, people, said, *, settings: str = SETTINGS, words=None, **tables: str):
    """Write a study of people (name, area, group, interview) who said things (name, code, stance)."""
    place = {name: (group, interview) for name, _, group, interview in people}
    interviews = list(dict.fromkeys((interview, area, group) for _, area, group, interview in people))
    numbers = {interview: place for place, (interview, *_) in enumerate(interviews, 1)}
    words = words or [SAID] * len(said)
    rows = {
        "areas": AREAS,
        "codebook": CODEBOOK,
        "documents": "document_id,title,kind\n"
        + "".join(f"{name},{name},transcript\n" for name, *_ in interviews),
        "interviews": "interview_id,area_id,participant_group,number,document_id\n"
        + "".join(f"{name},{area},{group},{numbers[name]},{name}\n" for name, area, group in interviews),
        "participants": "participant_id,area_id,participant_group\n"
        + "".join(f"{name},{area},{group}\n" for name, area, group, _ in people),
        "attendances": "interview_id,participant_id\n"
        + "".join(f"{interview},{name}\n" for name, *_, interview in people),
        "segments": "segment_id,document_id,interview_id,participant_id,kind,read_by,text\n"
        + "".join(
            f'seg_{n},{place[name][1]},{place[name][1]},{name},passage,reader,"{text}"\n'
            for n, ((name, *_), text) in enumerate(zip(said, words, strict=True))
        ),
        "codings": "coding_id,unit,unit_id,code_id,stance,coder\n"
        + "".join(f"c{n},segments,seg_{n},{code},{stance},a\n" for n, (_, code, stance) in enumerate(said)),
    }
    return load_study(study_folder(folder, settings=settings, **(rows | tables)))


def people(group: str, n: int, *areas: str) -> list[tuple[str, str, str, str]]:
    """Return n people of a group, one to an interview, in these areas in turn."""
    areas = areas or ("ash", "elm")
    short = group[:2].lower()
    return [(f"{short}{i}", areas[i % len(areas)], group, f"talk_{short}{i}") for i in range(n)]


def chosen(study, **rules) -> pd.DataFrame:
    return quotation_choice(study, read_words(study.folder, study.segments), **rules)


def test_one_strength_and_one_challenge_under_each_theme(tmp_path):
    said = [
        ("st0", "buses", "strength"),
        ("st1", "buses", "strength"),
        ("st2", "buses", "challenge"),
        ("st3", "rooms", "challenge"),
        ("st4", "rooms", "suggestion"),
    ]
    rows = chosen(spoken(tmp_path / "small", people("Staff", 5), said))
    assert rows.to_dict("list") == {
        "segment_id": ["seg_0", "seg_2", "seg_3"],
        "code_id": ["buses", "buses", "rooms"],
        "stance": ["strength", "challenge", "challenge"],
        "participant_group": ["Staff"] * 3,
        "number": [1, 3, 4],
    }


def test_nobody_is_quoted_more_often_than_the_study_allows(tmp_path):
    said = [("st0", code, stance) for code in ("buses", "rooms") for stance in ("strength", "challenge")]
    study = spoken(tmp_path / "small", people("Staff", 5), said)
    assert list(chosen(study)["segment_id"]) == ["seg_0", "seg_1"]
    once = replace(study, settings=replace(study.settings, quotations_per_person=1))
    assert list(chosen(once)["segment_id"]) == ["seg_0"]


def test_passages_that_authors_cite_come_first_where_the_rule_alone_would_leave_one_out(tmp_path):
    said = [("st0", "buses", "strength"), ("st1", "buses", "strength"), ("st2", "rooms", "challenge")]
    said += [("st1", "rooms", "strength"), ("st1", "rooms", "challenge")]
    study = spoken(tmp_path / "small", people("Staff", 5), said)
    by_rule = ["seg_0", "seg_3", "seg_2"]
    assert list(chosen(study)["segment_id"]) == by_rule
    assert list(chosen(study, cited=["seg_0", "seg_99"])["segment_id"]) == by_rule
    assert list(chosen(study, cited=["seg_1"])["segment_id"]) == ["seg_1", "seg_3", "seg_2"]
    few = chosen(study, cited=["seg_1", "seg_3", "seg_4"])  # two of one person, and no more
    assert list(few["segment_id"]) == ["seg_1", "seg_3", "seg_2"]


def test_a_passage_that_may_not_be_printed_says_which_rule_it_breaks_and_what_may_be_cited(tmp_path):
    said = [(f"st{n}", "buses", "strength") for n in range(5)] + [("st0", "buses", "suggestion")]
    said += [("cl0", "buses", "strength"), ("st1", "buses", "strength"), ("st2", "buses", "strength")]
    said += [("st3", "rooms", "challenge"), ("st4", "buses", "strength")]
    words = [SAID] * 7 + ["too short", " ".join([SAID] * 4), SAID, SAID]
    heard = people("Staff", 5) + people("Clients", 2)
    study = spoken(tmp_path / "small", heard, said, words=words)
    (study.folder / "quotations.toml").write_text('left_out = ["seg_10"]')
    found = {name: why_not_printed(study, f"seg_{name}") for name in (1, 5, 6, 7, 8, 9, 10, 11)}
    assert {name: why for name, (why, _) in found.items()} == {
        1: "others",
        5: "neither",
        6: "few",
        7: "short",
        8: "long",
        9: "few_said",
        10: "left_out",
        11: "nobody",
    }
    assert [found[name][1] for name in (5, 7, 9)] == [["seg_0"], ["seg_0"], []]


def test_groups_and_then_areas_quoted_least_come_first(tmp_path):
    heard = people("Clients", 5) + people("Staff", 5)
    said = [
        ("cl0", "buses", "strength"),
        ("cl2", "buses", "challenge"),
        ("st0", "buses", "challenge"),
        ("st1", "buses", "challenge"),
    ]
    rows = chosen(spoken(tmp_path / "small", heard, said))
    assert list(rows["segment_id"]) == ["seg_0", "seg_3", "seg_1"]
    assert list(rows["participant_group"]) == ["Clients", "Staff", "Clients"]


@pytest.mark.parametrize(("n", "strict", "quoted"), [(4, "false", 0), (5, "false", 1), (9, "true", 0)])
def test_a_group_smaller_than_the_threshold_is_not_quoted(tmp_path, n, strict, quoted):
    settings = SETTINGS + f"strict = {strict}\n"
    study = spoken(tmp_path / "small", people("Staff", n), [("st0", "buses", "strength")], settings=settings)
    assert len(chosen(study)) == quoted


def test_in_a_public_study_a_small_group_may_be_quoted(tmp_path):
    settings = SETTINGS.replace("confidential", "public")
    study = spoken(tmp_path / "small", people("Staff", 1), [("st0", "buses", "strength")], settings=settings)
    assert len(chosen(study)) == 1


@pytest.mark.parametrize(
    ("words", "quoted"), [(7, 0), (8, 1), (39, 1), (40, 0)], ids=lambda value: str(value)
)
def test_a_quotation_has_a_sensible_length(tmp_path, words, quoted):
    study = spoken(
        tmp_path / "small",
        people("Staff", 5),
        [("st0", "buses", "strength")],
        words=[" ".join(["so"] * words)],
    )
    assert len(chosen(study)) == quoted


def test_passages_and_people_left_out_and_unknown_speakers_are_not_quoted(tmp_path):
    said = [(f"st{i}", "buses", "strength") for i in range(3)]
    study = spoken(tmp_path / "small", people("Staff", 5), said)
    assert list(chosen(study, left_out=["seg_0"], people_left_out=["st1"])["segment_id"]) == ["seg_2"]
    unknown = study.segments.assign(participant_id=None)
    assert chosen(replace(study, tables=dict(study.tables) | {"segments": unknown})).empty


def test_the_order_of_rows_changes_nothing(tmp_path):
    heard = people("Clients", 6) + people("Staff", 6)
    said = [
        (name, code, stance)
        for name, *_ in heard
        for code in ("buses", "rooms")
        for stance in ("strength", "challenge")
    ]
    study = spoken(tmp_path / "small", heard, said)
    for seed in range(3):
        mixed = {
            name: study.tables[name].sample(frac=1, random_state=seed)
            for name in ("segments", "codings", "participants", "interviews", "attendances")
        }
        pd.testing.assert_frame_equal(
            chosen(replace(study, tables=dict(study.tables) | mixed)), chosen(study)
        )


def test_over_a_whole_study_nobody_is_quoted_more_than_twice_and_every_group_and_area_is():
    study = load_study(PROJECT / "data" / "illustrative")
    rows = chosen(study).merge(study.segments[["segment_id", "participant_id", "interview_id"]])
    assert rows["segment_id"].is_unique
    assert rows["participant_id"].value_counts().max() == 2
    assert set(rows["participant_group"]) == set(study.participants["participant_group"])
    areas = rows.merge(study.interviews[["interview_id", "area_id"]])["area_id"].value_counts()
    assert len(areas) == 6
    assert areas.max() - areas.min() <= 3


ALL = [(f"st{i}", "buses", "strength") for i in range(5)]
WIDE = [(f"st{i}", "buses", "strength") for i in range(12)]


def test_what_holds_one_area_alone_shows_no_quotation(tmp_path):
    about = "coding_id,unit,unit_id,code_id,stance,about_area_type,coder\n" + "".join(
        f"c{i},segments,seg_{i},buses,strength,larger_city,a\n" for i in range(12)
    )
    study = spoken(tmp_path / "small", people("Staff", 12), WIDE, codings=about)
    assert len(ncs.interview_quotations(study).rows) == 1
    assert ncs.interview_quotations(study.where(area_id="ash")) is None
    assert ncs.interview_quotations(study.where(area_type="urban")) is None


def test_under_a_theme_that_few_told_so_nothing_is_shown(tmp_path):
    study = spoken(tmp_path / "small", people("Staff", 5), ALL[:4])
    assert ncs.interview_quotations(study) is None


def test_a_finding_opens_to_the_passages_that_may_be_shown_of_both_sides(tmp_path):
    said = [*ALL, *((f"cl{i}", "buses", "challenge") for i in range(5))]
    study = spoken(tmp_path / "small", people("Clients", 5) + people("Staff", 5), said)
    opened = {
        who: [passage["said_by"] for passage in passages_behind(study, ["buses"], **who_of)]
        for who, who_of in {"all": {}, "clients": {"who": "Clients", "stance": "challenge"}}.items()
    }
    assert opened == {
        "all": [
            "Staff, interview 6; described as a strength",
            "Clients, interview 2; described as a challenge",
        ],
        "clients": ["Clients, interview 2; described as a challenge"],
    }
    (passage, other) = passages_behind(study, ["buses"], stance="strength")
    shown = ncs.Finding("buses", "Buses come.", behind=["Staff: 5 of 5."], passages=[passage, other])
    html = shown.to_html()
    assert f"<p>“{SAID}”</p><footer>Buses. Staff, interview 6; described as a strength" in html
    assert shown._repr_mimebundle_()[FINDING]["passages"] == [passage, other]
    assert not passages_behind(study, ["rooms"])


def test_an_area_report_of_a_confidential_study_shows_no_quotation(monkeypatch):
    from test_chapters import NOTEBOOKS, shown_by

    plain = shown_by(
        NOTEBOOKS / "20_case_study_area.ipynb",
        monkeypatch,
        study_dir="../data/illustrative",
        area_id="area_e",
    )
    assert not any("own words" in text or "uotation" in text for text in plain)


def test_a_section_on_clients_quotes_clients_of_the_same_choice(tmp_path):
    heard = people("Clients", 20) + people("Staff", 20)
    said = [*ALL, *((f"cl{i}", "buses", "strength") for i in range(6))]
    study = spoken(tmp_path / "small", heard, said)
    shown = ncs.interview_quotations(study, heard_from="Clients")
    assert shown.rows[["stance", "participant_group", "number"]].to_numpy().tolist() == [
        ["strength", "Clients", 6]
    ]


SOURCE = "Well, we don’t see  the van\nuntil noon, and then Sam has to go [laughs] home again."


@pytest.mark.parametrize(
    "quotation",
    [
        "we don't see the van until noon",
        "we don’t see [...] until noon",
        "we don't see … until noon",
        "and then [name] has to go [laughs] home",
        "we don't see the [delivery] van until noon",
        "[they] don't see the van",
    ],
)
def test_omissions_redactions_insertions_and_the_shape_of_marks_are_allowed(quotation):
    assert first_difference(quotation, SOURCE) is None


@pytest.mark.parametrize(
    ("quotation", "place"),
    [
        ("we don't see the lorry until noon", 18),
        ("we don't see the van until no", 30),
        ("we don't [...] the car", 20),
        ("e don't see", 1),
        ("until noon we don't", 11),
        ("and then [name] has to go home again", 27),
    ],
)
def test_the_place_of_the_first_difference_is_told(quotation, place):
    assert first_difference(quotation, SOURCE) == place


def test_a_changed_word_in_the_table_fails_and_tells_no_word(tmp_path):
    study = spoken(tmp_path / "small", people("Staff", 5), [("st0", "buses", "strength")])
    text = "St0: " + SAID.replace("early", "late") + ".\n"
    placed = (study.folder / "segments.csv").read_text(encoding="utf-8")
    placed = placed.replace("read_by,text", "read_by,start,end,text").replace(
        "reader,", f"reader,5,{len(text) - 2},"
    )
    (study.folder / "segments.csv").write_text(placed, encoding="utf-8")
    (study.folder / "texts").mkdir()
    (study.folder / "texts" / "talk_st0.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ncs.StudyError) as raised:
        ncs.interview_quotations(load_study(study.folder))
    assert str(raised.value) == ("small/texts: does not hold word for word: seg_0 (from its character 19).")


def test_words_the_table_does_not_hold_are_read_from_the_transcript(tmp_path):
    study = spoken(tmp_path / "small", people("Staff", 5), [("st0", "buses", "strength")])
    (study.folder / "texts").mkdir()
    (study.folder / "texts" / "talk_st0.txt").write_text(f"S: {SAID}", encoding="utf-8")
    rows = study.segments.assign(text=None, start=3, end=3 + len(SAID))
    assert read_words(study.folder, rows).to_dict() == {"seg_0": SAID}


def with_one_word_changed(said: str) -> str:
    longest = max(re.findall(r"\b[a-z]+\b", re.sub(r"\[[^\]]*\]", " ", said)), key=len)
    return said.replace(longest, "unsaid", 1)


def test_published_quotations_stand_in_their_documents(sources, published):
    for document_id, n in (("ncs_ch4", 10), ("ncs_ch6", 14)):
        words = read_quotations(published.segments, document_id=document_id, sources_dir=sources)
        text = source_file(sources, document_id).read_text(encoding="utf-8")
        assert len(words) == n
        assert [first_difference(said, text) for said in words] == [None] * n
        assert all(first_difference(with_one_word_changed(said), text) for said in words)


LISTED = {"place": ["Ashby Vale"], "name": ["Will"], "organisation": ["the drop-in"]}


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("I came from ashby vale and will go back", "I came from [place] and will go back"),
        ("So I told Will, and WILL told me", "So I told [name], and [name] told me"),
        ("we met at the Drop-in", "we met at [organisation]"),
        ("on 12 May 2021 or the 3rd of June", "on [date] or the [date]"),
        ("since 2009, on the first of April", "since [date], on the [date]"),
        ("I saw Sarah Brown on Friday in June", "I saw [name] on Friday in June"),
        ("ask ACME about my CPO and the NHS", "ask [organisation] about my CPO and the NHS"),
        ("ring 0131 496 0000 or a.b@c.org", "ring [contact] or [contact]"),
        ("at EH1 2AB", "at [place]"),
        ("He said. They left. 'Buses' are few", "He said. They left. 'Buses' are few"),
        ("with [name] of [Another Place]", "with [name] of [Another Place]"),
    ],
)
def test_identifying_words_are_replaced_by_their_kind(said, printed):
    assert redacted(said, identifying_words(said, listed=LISTED)) == printed


def test_a_first_word_the_study_knows_only_with_a_capital_is_a_name():
    said = "Sarah waited. Buses came."
    found = identifying_words(said, usual={"buses", "came", "waited"})
    assert redacted(said, found) == "[name] waited. Buses came."


def test_words_accepted_by_name_stay():
    said = "I saw Sarah Brown and Tom"
    found = identifying_words(said, accepted=["Sarah Brown"])
    assert redacted(said, found) == "I saw Sarah Brown and [name]"


def test_quotations_of_a_document_of_ones_own_have_no_copy_to_be_read_from(tmp_path):
    segments = "segment_id,document_id,kind,read_by\nq1,report,quotation,reader\n"
    rows = ncs.quotations(
        load_study(study_folder(tmp_path / "own", segments=segments, codings=None)), sources_dir=tmp_path
    )
    assert rows["text"].isna().tolist() == [True]
    assert ncs.say(rows) == []


def rules(folder, text: str) -> QuotationRules:
    (folder / "quotations.toml").write_text(text, encoding="utf-8")
    return read_quotation_rules(folder, segments=["seg_0", "seg_1"], people=["st0"])


def test_a_study_decides_on_words_passages_and_people(tmp_path):
    found = rules(
        tmp_path,
        'names = ["Will"]\nleft_out = ["seg_1"]\npeople_left_out = ["st0"]\n[accepted]\nseg_0 = ["Tom"]\n',
    )
    assert found == QuotationRules(
        names=("Will",), left_out=("seg_1",), people_left_out=("st0",), accepted=(("seg_0", ("Tom",)),)
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("names = [", "quotations.toml: Invalid value (at end of document)."),
        (
            'name = ["Will"]',
            "quotations.toml: there is no key 'name'; known: names, places, organisations, left_out, "
            "people_left_out, accepted. Did you mean 'names'?",
        ),
        ('places = "Elmton"', "quotations.toml: places: expected a list of words in quotation marks."),
        (
            'accepted = ["Tom"]',
            "quotations.toml: accepted: expected a list of words for each segment_id.",
        ),
        (
            'left_out = ["seg_9"]',
            "quotations.toml: left_out: 'seg_9' is not known, expected a segment_id of segments.csv. "
            "Did you mean 'seg_1'?",
        ),
    ],
    ids=["no TOML", "unknown key", "no list", "no table", "unknown passage"],
)
def test_a_broken_file_gets_one_clear_error(tmp_path, text, message):
    with pytest.raises(ncs.StudyError) as raised:
        rules(tmp_path, text)
    assert str(raised.value) == message


def test_a_chapter_prints_words_redacted_unless_a_person_accepted_them(tmp_path):
    said = "so we took the bus from Elmton with Tom and it was late"
    study = spoken(tmp_path / "small", people("Staff", 5), ALL, words=[said, *["so"] * 4])
    shown = ncs.interview_quotations(study)
    assert shown.rows["words"].item() == "so we took the bus from [place] with [name] and it was late"
    (study.folder / "quotations.toml").write_text('[accepted]\nseg_0 = ["Tom"]\n', encoding="utf-8")
    shown = ncs.interview_quotations(study)
    assert shown.rows["words"].item() == "so we took the bus from [place] with Tom and it was late"


def test_no_output_of_a_chapter_holds_an_area_a_pseudonym_or_the_name_of_a_passage():
    study = load_study(PROJECT / "data" / "illustrative")
    names = [study.areas["area_id"], study.areas["name"], study.participants["participant_id"]]
    names += [study.segments["segment_id"], study.interviews["interview_id"]]
    hidden = {name for column in names for name in column}
    themes, clients = ncs.counts(study, by="stance"), ncs.client_views(study)
    quoted = [ncs.interview_quotations(study, heard_from=whom) for whom in ("", "Clients")]
    for items in ([*plot(themes), *table(themes)], [*plot(clients), *table(clients)], quoted):
        output = json.dumps([item._repr_mimebundle_() for item in items])
        found = set(re.findall(r"Area \w|\w+", output)) & hidden
        assert not found


def test_an_attribution_is_a_group_and_a_number_and_the_study_is_called_fictional():
    shown = ncs.interview_quotations(load_study(PROJECT / "data" / "illustrative"))
    said_by = re.findall(r"<footer>(.*?)</footer>", shown.to_html())
    told = r"[A-Z][a-z /]+, interview \d+; described as a (strength|challenge)"
    assert len(said_by) == 8
    assert all(re.fullmatch(told, words) for words in said_by)
    assert shown.heading == "In people's own words (Illustrative: fictional interviews)"


def test_the_mark_of_a_quotation_is_the_same_in_the_next_run_and_another_in_another_study(tmp_path):
    study = spoken(tmp_path / "small", people("Staff", 5), ALL)
    other = spoken(tmp_path / "other", people("Staff", 5), ALL, words=[SAID.replace("noon", "ten")] * 5)
    mark = ncs.interview_quotations(study).rows["mark"].item()
    assert mark == ncs.interview_quotations(load_study(study.folder)).rows["mark"].item()
    assert mark != ncs.interview_quotations(other).rows["mark"].item()


def test_the_rule_is_given_and_an_empty_choice_is_not_shown(tmp_path):
    study = spoken(tmp_path / "small", people("Staff", 5), ALL)
    assert str(ncs.interview_quotations(study)) == (
        "In people's own words (Fictional interviews): 1 quotation under 1 theme. Quotations were chosen by rule: for each of the "
        "themes most raised, one on its strengths and one on its challenges where there are both, from different groups and areas. "
        "A passage is quoted only from a group of 5 people or more, and only where as many described the theme so; nobody has more "
        "than two passages quoted in all chapters. They are "
        "verbatim, with a description in brackets for anything that could identify somebody. They illustrate and are not counted."
    )
    assert ncs.interview_quotations(study.where(area_id="ash")) is None
