"""People counted by hand: who was heard, who raised what, how far coders agree, what a survey says."""

from dataclasses import replace

import pandas as pd
import pytest

from builders import OF_INTERVIEWS, study_folder
from conftest import PROJECT
from ncsresearch.analysis.reliability import agreement, coded_twice, coders
from ncsresearch.analysis.sources import heard, how_held, sources, speech_without_speaker
from ncsresearch.analysis.survey import answers_counted, stray_answers
from ncsresearch.disclosure.counts import counts as counts_of
from ncsresearch.disclosure.overview import overview
from ncsresearch.evidence.counts import shares
from ncsresearch.evidence.groups import grouped_people, hears_people
from ncsresearch.present.grammar import say
from ncsresearch.present.people_area import area_beside_others
from ncsresearch.present.people_compared import say_areas_differ, say_kinds_differ
from ncsresearch.present.people_heard import (
    say_heard,
    say_heard_by_kind,
    say_how_held,
    say_unknown_speakers,
    table_interviews,
)
from ncsresearch.present.people_raised import say_most_raised
from ncsresearch.present.trust import say_coders
from ncsresearch.present.wording import sentence
from ncsresearch.study import load_study
from ncsresearch.study.frames import framed
from ncsresearch.vet.people_words import counted

TABLES = {
    "documents": "document_id,title,kind\ntalk,Talk,transcript\nchat,Chat,transcript\nform,Form,survey\n",
    "codebook": """code_id,parent_id,label,facet
access,,Access,theme
travel,access,Travel,theme
cost,,Cost,theme
silence,,Silence,theme
better,,Seen as better served,service level
""",
    "interviews": """interview_id,area_id,participant_group,mode,document_id
talk,north,Staff,group,talk
chat,south,Clients,one-to-one,chat
""",
    "participants": """participant_id,area_id,participant_group
p1,north,Staff
p2,north,Staff
p3,south,Clients
""",
    "attendances": "interview_id,participant_id\ntalk,p1\ntalk,p2\nchat,p3\n",
    "attributes": "owner,owner_id,name,value\nparticipants,p3,client group,women\n",
    "turns": """document_id,ordinal,speaker,role,participant_id,start,end
talk,1,I,interviewer,,0,10
talk,2,p1,respondent,p1,10,20
talk,3,p2,respondent,p2,20,30
talk,4,?,unknown,,30,40
chat,1,p3,respondent,p3,0,10
""",
    "segments": """segment_id,document_id,interview_id,participant_id,kind,start,end,read_by
s1,talk,talk,p1,passage,10,15,reader
s2,talk,talk,p1,passage,12,20,reader
s3,talk,talk,p2,passage,20,30,reader
s4,talk,talk,,passage,30,40,reader
s5,chat,chat,p3,passage,0,10,reader
""",
    "codings": """coding_id,unit,unit_id,code_id,stance,about_client_group,coder
c1,segments,s1,travel,challenge,,a
c2,segments,s2,travel,strength,,a
c3,segments,s3,cost,challenge,,a
c4,segments,s4,cost,challenge,,a
c5,segments,s5,travel,suggestion,,a
c6,segments,s3,better,,women,a
c7,segments,s1,travel,,,b
c8,segments,s2,cost,,,b
c9,segments,s5,silence,,,b
""",
    "survey_items": """item_id,document_id,label,scale,positive_values,dont_know_values
q1,form,It is easy,yes;no,yes,don't know
""",
    "survey_answers": """respondent_id,area_id,item_id,answer
r1,north,q1,yes
r2,north,q1,no
r3,south,q1,yes
r4,south,q1,don't know
r5,south,q1,
r6,south,q1,9
""",
}


@pytest.fixture
def study(tmp_path):
    return load_study(study_folder(tmp_path / "small", settings=OF_INTERVIEWS, **TABLES))


def counts(rows: pd.DataFrame) -> dict:
    return {(str(row.group), row.code_id): (row.n, row.base) for row in rows.itertuples()}


def test_a_person_counts_once_and_a_code_counts_for_those_above_it(study):
    assert counts(shares(study)) == {
        ("everybody", "access"): (2, 3),
        ("everybody", "travel"): (2, 3),
        ("everybody", "cost"): (1, 3),
        ("everybody", "silence"): (0, 3),
    }


def test_the_base_of_a_group_is_everybody_heard_in_it(study):
    rows = counts(shares(study, by="area_type", stance="challenge"))
    assert rows["rural", "travel"] == (1, 2)
    assert rows["urban", "travel"] == (0, 1)
    assert counts(shares(study, by="client_group"))["women", "travel"] == (1, 1)


def test_a_choice_of_area_type_or_who_speaks_keeps_the_people_and_what_they_said(study):
    rural = study.where(area_type="rural")
    assert counts(shares(rural))["everybody", "travel"] == (1, 2)
    assert list(rural.interviews["interview_id"]) == ["talk"]
    women = study.where(heard_from="women")
    assert counts(shares(women))["everybody", "travel"] == (1, 1)
    assert list(women.codings["coding_id"]) == ["c5", "c9"]
    about = study.where(client_group="women")
    assert list(about.codings["coding_id"]) == ["c6"]
    assert len(about.participants) == 3
    assert study.where(area_id="north", heard_from="women").participants.empty


def test_of_too_few_people_no_sentence_says_that_there_is_no_evidence(study):
    guarded = replace(study, settings=replace(study.settings, access="confidential"))
    assert [each.name for each in say(counts_of(guarded, by="stance"))] == ["base"]


def test_who_was_heard(study):
    rows = heard(study).set_index("area_id")
    assert rows.loc["north", ["n_interviews", "n_people", "Staff", "Clients"]].tolist() == [1, 2, 2, 0]
    assert speech_without_speaker(study).iloc[0].tolist() == [4, 1, 5, 1]
    assert (
        say_heard(heard(study)).sentence
        == "3 people took part in 2 interviews in 2 areas: 2 staff and 1 person of the group clients."
    )
    assert say_heard_by_kind(heard(study)).sentence == (
        "2 people were heard in one rural area (North) and 1 in one urban area (South)."
    )
    assert (
        say_how_held(how_held(study)).sentence
        == "Interviews were held with 1 group (2 people) and 1 person alone."
    )
    assert say_unknown_speakers(heard(study)).sentence == (
        "The speaker is unknown in 1 of 4 turns and 1 of 5 coded passages; these count for the interview and not for any person."
    )


def test_key_points_begin_with_what_was_found_where_nobody_has_summed_it_up(study):
    said = [found.sentence.partition(" Too few turns were coded twice")[0] for found in say(overview(study))]
    assert said == [
        "People raised travel (2 of 3) and cost (1).",
        "Rural and urban areas are not shown to differ on any of the 2 themes compared.",
        "Clients raised travel (1 of 1, 1 of 2 others).",
    ]


def test_what_a_study_rests_on_and_who_coded_it(study, published):
    assert [found.sentence for found in say(sources(study))] == [
        "The study uses 2 interviews with 3 people. 6 people answered the Form.",
        "The codes of one coder are reported. A second coder coded each of the 2 interviews, as a check.",
        "The research took place in two case study areas, one rural and one urban. With so few areas only large "
        "differences between rural and urban services could be shown.",
    ]
    of_documents, who, split = (found.sentence for found in say(sources(published)))
    assert split == (
        "The research took place in six case study areas, two rural and four urban. No view can be traced to one of these "
        "areas, so rural and urban services cannot be compared area by area."
    )
    assert of_documents.startswith(
        "The study rests on five documents: Research, chapter 4 (Scottish Government, 2023); "
    )
    assert who == published.settings.who_coded


def test_no_total_of_pairs_gives_a_withheld_group_back(study):
    """Twenty staff and two clients in pairs, ten staff alone: the table prints the staff, and no sentence all people in pairs."""
    columns = ["participant_group", "mode", "n_interviews", "n_people"]
    rows = [("Staff", "paired", 10, 20), ("Staff", "one-to-one", 10, 10), ("Clients", "paired", 1, 2)]
    guarded = replace(study, settings=replace(study.settings, access="confidential"))
    few, enough = (
        framed(pd.DataFrame(kept, columns=columns), "interviews held", guarded) for kept in (rows, rows[:2])
    )
    assert table_interviews(few).rows["n_people"].dropna().tolist() == [20, 10]
    assert say_how_held(few) is None
    assert (
        say_how_held(enough).sentence == "Interviews were held with 10 pairs (20 people) and 10 people alone."
    )


def test_an_unknown_grouping_is_a_wrong_call(study):
    with pytest.raises(ValueError, match="by must be one of"):
        grouped_people(study, by="colour")


def test_agreement_is_counted_turn_by_turn(study):
    rows = agreement(study).set_index("code_id")
    assert coded_twice(study) == ["talk", "chat"]
    assert rows["n_turns"].unique().tolist() == [4]
    assert rows.loc["travel", ["n_both", "n_reporting_only", "n_other_only"]].tolist() == [1, 1, 0]
    assert rows.loc["cost", ["n_both", "n_reporting_only", "n_other_only", "agreement"]].tolist() == [
        0,
        2,
        1,
        0.25,
    ]
    assert rows.loc["travel", "kappa"] == pytest.approx(0.5)
    assert pd.isna(rows.loc["silence", "kappa"])
    assert say_coders(coders(study)).sentence == (
        "This chapter compares coders on the 2 of 2 transcripts that both coded; all other chapters use the codes of one, the "
        "reporting coder."
    )


def test_a_dont_know_a_blank_and_a_stray_answer_are_in_no_base(study):
    whole = answers_counted(study).iloc[0]
    assert whole[["n_asked", "n_positive", "base", "n_dont_know", "n_blank", "n_stray"]].tolist() == [
        6,
        2,
        3,
        1,
        1,
        1,
    ]
    kinds = answers_counted(study, by="area_type").set_index("group")
    assert kinds.loc["rural", ["n_positive", "base"]].tolist() == [1, 2]
    assert kinds.loc["urban", ["n_positive", "base"]].tolist() == [1, 1]
    assert stray_answers(study)[["item_id", "answer", "n"]].values.tolist() == [["q1", "9", 1]]


def test_sentences_name_the_most_specific_theme_with_its_base(study):
    assert say_most_raised(counts_of(study, by="stance")).sentence == (
        "People raised travel (2 of 3) and cost (1)."
    )
    assert say_kinds_differ(counts_of(study, by="area_type")).sentence == (
        "Cost was raised by 1 of 2 people in rural areas and 0 of 1 people in urban areas; travel was raised by 1 of 2 people in "
        "rural areas and 1 of 1 people in urban areas."
    )
    assert say_areas_differ(counts_of(study, by="area_id")).sentence == (
        "Areas differ on travel: 1 of 1 people raised it in South, 1 of 2 in North."
    )
    rows = area_beside_others(study, study.area("north")).set_index("theme")
    assert rows.loc["Travel", ["n_here", "of_here", "n_there", "of_there"]].tolist() == [1, 2, 1, 1]


def test_published_evidence_counts_points_or_passages_and_never_people(published, study):
    assert hears_people(study)
    assert not hears_people(published)
    assert set(counts_of(published, by="stance")["counted"]) == {"points"}
    without = published.holding(points=published.points.iloc[:0])
    assert (
        say(counts_of(without, by="stance"))[0].sentence
        == "Numbers count passages of published documents, not people."
    )


def test_the_illustrative_study_is_never_shown_without_its_warning():
    study = load_study(PROJECT / "data" / "illustrative")
    assert say_heard(heard(study)).source == "Illustrative: fictional interviews; 141 people in 48 interviews"


def test_codes_that_share_a_label_have_names_of_their_own():
    from ncsresearch.study.codebook import code_names

    book = pd.DataFrame(
        {
            "code_id": ["a", "b", "c", "d"],
            "parent_id": [None, None, "a", "b"],
            "label": ["One", "Two", "None", "None"],
        }
    )
    assert code_names(book).tolist() == ["One", "Two", "None (One)", "None (Two)"]


def test_a_judgement_of_a_whole_interview_counts_for_the_person_alone_in_it(tmp_path):
    codings = TABLES["codings"] + "c10,interviews,chat,cost,,,a\nc11,interviews,talk,silence,,,a\n"
    study = load_study(
        study_folder(tmp_path / "small", settings=OF_INTERVIEWS, **(TABLES | {"codings": codings}))
    )
    rows = counts(shares(study))
    assert rows["everybody", "cost"] == (2, 3)
    assert rows["everybody", "silence"] == (0, 3)


def test_an_area_keeps_the_questions_that_were_answered_there(study):
    rows = answers_counted(study.where(area_id="north"))
    assert rows[["item_id", "n_positive", "base", "n_stray"]].values.tolist() == [["q1", 1, 2, 0]]


@pytest.mark.parametrize(
    ("entry", "form", "places", "said"),
    [
        (
            "sources",
            "of_people",
            {"people": 12, "interviews": 0, "answered": []},
            "The study uses what 12 people said.",
        ),
        (
            "sources",
            "of_people",
            {"people": None, "interviews": 0, "answered": []},
            "The study uses what few people said.",
        ),
        (
            "heard_by_kind",
            "kind",
            {
                "kind": "not in the comparison",
                "n": 12,
                "n_areas": 2,
                "areas": ["North", "South"],
                "first": True,
            },
            "12 people were heard in two areas (North and South)",
        ),
        (
            "heard_by_kind",
            "one_area",
            {"kind": "not in the comparison", "area": "North"},
            "All of them took part in North.",
        ),
        (
            "second_coder",
            "once",
            {"coder": "not stated", "coders": 1, "unplaced": 0, "n": 0},
            "The study does not say who coded it, so agreement between coders cannot be measured.",
        ),
    ],
)
def test_what_nobody_stated_is_not_said(entry, form, places, said):
    assert sentence(entry, form, **places).sentence == said


def test_other_areas_are_not_people():
    assert (counted(" other areas (North and South)"), counted(" others in the area")) == ("other", "people")
