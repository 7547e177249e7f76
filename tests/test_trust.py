"""The chapter on trust in words and tables: whole sentences for studies small enough to count."""

from dataclasses import replace
from math import nan

import pandas as pd
import pytest

from conftest import PROJECT
from ncsresearch.analysis.consistency import remarks
from ncsresearch.analysis.disagreement import boundaries, confusions
from ncsresearch.analysis.reliability import agreement, coders
from ncsresearch.analysis.saturation import saturation
from ncsresearch.analysis.theme_grades import grades
from ncsresearch.present.grammar import plot, say, table
from ncsresearch.study import load_study
from test_reliability import TALK, study_of
from test_saturation import study_of as interviews_of

ILLUSTRATIVE = load_study(PROJECT / "data" / "illustrative")


def said(frame) -> list[str]:
    return [finding.sentence for finding in say(frame)]


def test_what_coders_gave_is_told_in_whole_sentences(tmp_path):
    study = study_of(tmp_path, talk=TALK)
    assert said(agreement(study)) == [
        "Coders agree well on none of 2 themes.",
        "Too few turns were coded twice to judge xenon or yarn: treat their numbers with caution.",
    ]
    assert said(agreement(study, by="")) == [
        "The coders gave exactly the same themes to 33% of the 3 turns to which at least one gave any. Allowing for partial "
        "agreement and for chance, agreement is -0.15, where 1 is complete and 0 is chance."
    ]
    assert said(agreement(study, rare=True)) == []


def test_the_paradox_is_told_with_the_consistent_counts_it(tmp_path):
    words = {"a": ["x", "x", "", *[""] * 57], "b": ["x", "", "x", *[""] * 57]}
    assert said(agreement(study_of(tmp_path, talk=words), rare=True)) == [
        "Agreement over all turns looks better than it is on a rare theme, because most turns do not have it. Where either coder gave "
        "the theme, both did in 1 of 3 turns on xenon."
    ]


def test_agreement_that_rests_on_few_interviews_is_called_uncertain():
    alphas = [
        ("Sure", 0.9, 0.8),
        ("Reaches lower", 0.9, 0.7),
        ("Wide", 0.9, 0.0),
        ("Unknown", 0.8, nan),
        ("Fair", 0.79, 0.7),
        ("Level", 0.667, 0.6),
    ]
    known = pd.DataFrame(alphas + [("Poor", 0.6, 0.5)], columns=["theme", "alpha", "alpha_low"])
    known["n_either"] = 5
    assert list(grades(known)) == ["good", "good", "unsure", "unsure", "fair", "fair", "poor"]
    assert list(grades(known.assign(n_either=4)))[4:] == ["few", "few", "few"]
    none = grades(known.assign(alpha_low=nan))
    assert "unsure" not in set(none)  # no interval is known of any: nothing to compare


def test_the_table_of_agreement_shows_what_is_missing_as_missing(tmp_path):
    (shown,) = table(agreement(study_of(tmp_path, talk=TALK)))
    assert shown.cells().to_numpy().tolist() == [
        ["Xenon", "2", "0", "1", "75.0%", "67%", "0.53", "0.50", "0.529"],
        ["Yarn", "0", "2", "0", "50.0%", "0%", "-0.17", "–", "0.200"],
    ]


def test_a_third_coder_has_rows_of_their_own(tmp_path):
    study = study_of(tmp_path, talk=TALK | {"c": ["x", "", "", ""]})
    by_theme, overall, differ = (
        table(frame)[0].cells() for frame in (agreement(study), agreement(study, by=""), confusions(study))
    )
    assert by_theme["Other coder"].tolist() == ["b", "b", "c", "c"]
    assert by_theme["Both"].tolist() == ["2", "0", "1", "0"]
    assert overall["Coders"].unique().tolist() == ["a, b", "a, c", "a, b, c"]
    assert "Other coder" in differ
    assert "passages that a and b marked" in said(boundaries(study))[0]


def test_who_coded_is_told(tmp_path):
    study = study_of(tmp_path, talk=TALK)
    both = (
        "This chapter compares coders on the 1 of 1 transcript that both coded; all other chapters use the codes of one, the "
        "reporting coder."
    )
    assert said(coders(study)) == [both]
    study = replace(study, settings=replace(study.settings, who_coded="Two students coded it."))
    assert said(coders(study)) == [f"Two students coded it. {both}"]
    assert said(coders(study_of(tmp_path / "once", talk={"a": ["x"]}))) == [
        "a coded the study alone, so agreement between coders cannot be measured."
    ]


def test_evidence_narrowed_to_a_theme_says_that_it_flatters():
    public = replace(ILLUSTRATIVE, settings=replace(ILLUSTRATIVE.settings, access="public"))
    narrowed, whole = (table(agreement(study))[0].note for study in (public.where(theme="housing"), public))
    assert narrowed.endswith(
        "For the theme Housing, an interview counts only where both coders gave it such a judgement, which makes agreement "
        "look better than it is."
    )
    assert "narrowed" not in whole
    assert not table(agreement(ILLUSTRATIVE.where(theme="housing")))  # protected for the whole alone


def test_where_coders_differ_is_said_and_counted(tmp_path):
    study = study_of(tmp_path, talk=TALK)
    assert said(confusions(study)) == [
        "In 2 of the 5 cases where at least one coder gave a turn a theme, both did; in the other 3 only one did. "
        "In 1 of these 3 the other gave the turn no further theme; in 2 the two gave different themes."
    ]
    assert table(confusions(study))[0].cells().to_numpy().tolist() == [
        ["Yarn", "Xenon", "1"],
        ["Yarn", "No further theme", "1"],
    ]


def test_a_confidential_study_names_no_passage_where_coders_differ(tmp_path):
    study = study_of(tmp_path, talk=TALK)
    study = replace(study, settings=replace(study.settings, access="confidential"))
    (shown,) = table(confusions(study))
    assert list(shown.cells()) == ["The reporting coder gave", "The other gave", "Turns"]
    assert not {"segment_ids", "other_segment_ids"} & set(shown.rows)


def test_how_the_points_were_checked_is_no_remark_on_the_documents(published):
    (checked,), (others,) = table(remarks(published, about="points")), table(remarks(published))
    words = [*checked.cells()["What the check found"]]
    assert len(words) == published.points["document_id"].nunique()
    assert words[0].startswith("119 of 148 points were right as written. ")
    assert not {*words} & {*others.cells()["Remark"]}


def test_the_commonest_confusion_is_named(tmp_path):
    study = study_of(tmp_path, talk={"a": ["x"] * 3 + ["y"], "b": ["y"] * 3 + ["y"]})
    assert said(confusions(study)) == [
        "In 1 of the 7 cases where at least one coder gave a turn a theme, both did; in the other 6 only one did. "
        "The other gave a different theme, most often xenon for yarn (3 turns)."
    ]


def test_a_confusion_of_points_has_an_example_in_place_of_ids(published):
    (shown,) = table(confusions(published))
    assert set(shown.cells()["For example"]) <= {*published.points["statement"]}


def test_how_coders_cut_is_told(tmp_path):
    frame = boundaries(study_of(tmp_path, {"talk2bx": (15, 20)}, talk=TALK))
    assert said(frame) == [
        "4 of the 7 passages that the two coders marked (57%) overlap a passage to which the other gave the same theme. 1 of 2 "
        "overlapping pairs begins and ends at the same places; half of the pairs share at least 75% of their characters."
    ]
    assert table(frame)[0].cells().to_numpy().tolist() == [
        ["Xenon", "2", "3", "80%", "2", "1", "75%"],
        ["Yarn", "2", "0", "0%", "0", "0", "[x]"],
    ]


def test_saturation_is_told_with_its_rule_and_what_came_later(tmp_path):
    heard = ["ab", "a", "b", "a", "ab", "a", "c"]
    frame = saturation(interviews_of(tmp_path, heard=heard))
    (sentence,), (shown,) = said(frame), table(frame)
    assert shown.cells()["In random orders"].tolist() == ["6 (6 to 7), reached in 87%"]
    assert sentence == (
        "New themes became rare after about six of 7 interviews, but one of the 3 themes came later."
    )


def test_the_table_says_whether_themes_came_more_slowly_than_in_random_orders(tmp_path):
    said = "In the order of the study fewer themes had come, for a time, than in 95% of random orders."
    (late,) = table(
        saturation(interviews_of(tmp_path / "late", heard=[*["a"] * 12, "b", "c", "d"], areas=["north"] * 15))
    )
    (even,) = table(saturation(interviews_of(tmp_path / "even", heard=["abcd"] * 8, areas=["north"] * 8)))
    assert said in late.note and said not in even.note


def test_each_kind_of_area_says_what_came_after_the_rule_was_met(tmp_path):
    heard = ["ab", "a", "b", "a", "ab", "a", "c", *["ab"] * 7]
    study = interviews_of(tmp_path, heard=heard, areas=["north"] * 7 + ["south"] * 7)
    study = replace(study, settings=replace(study.settings, access="public"))
    assert said(saturation(study, by="area_type")) == [
        "In rural areas new themes became rare after interview 6 of 7, but one more theme came, in interview 7. In urban "
        "areas new themes became rare after interview 6 of 7, and no theme came later."
    ]


def test_a_study_whose_themes_go_on_coming_says_so(tmp_path):
    study = interviews_of(tmp_path, heard=list("abcdef"), areas=["north"] * 6)
    assert said(saturation(study)) == [
        "New themes were still appearing: 6 interviews raised 6 themes, 4 of them in the first 4, and the last 2 added 2."
    ]
    (shown,) = table(saturation(study, by="area_type"))
    assert shown.cells()["In random orders"].tolist() == ["reached in none"]


def test_too_few_interviews_of_a_kind_are_named_with_the_reason(tmp_path):
    study = interviews_of(tmp_path, heard=["ab"] * 8, areas=["north"] * 6 + ["south"] * 2)
    kept = saturation(study, by="area_type")
    assert [*said(kept), *table(kept)[0].cells()["Area type"]] == [
        "All interviews"
    ]  # two may stand for two people
    study = replace(study, settings=replace(study.settings, access="public"))
    frame = saturation(study, by="area_type")
    assert said(frame) == [
        "In rural areas new themes became rare after interview 6 of 6. In urban areas it cannot be "
        "said whether new themes had stopped appearing: fewer than 6 interviews were coded."
    ]
    assert table(frame)[0].cells()["Almost stopped after"].tolist() == [
        "interview 6",
        "interview 6",
        "not given: fewer than 6 interviews were coded",
    ]
    assert plot(frame)[0].alt == (
        "Lines of the themes found so far, interview by interview. rural: 2, 2, 2, 2, 2 and 2; urban: 2 and 2."
    )


@pytest.mark.parametrize(
    "analysis", [agreement, confusions, boundaries], ids=lambda analysis: analysis.__name__
)
def test_of_evidence_coded_once_nothing_is_said_and_shown(published, analysis):
    published = published.holding(codings=published.codings.query("coder == 'reader 1'"))
    frames = [analysis(published), *([analysis(published, by="")] if analysis is agreement else [])]
    assert [[*say(frame), *plot(frame), *table(frame)] for frame in frames] == [[]] * len(frames)
    assert say(agreement(published, rare=True)) == []


def test_saturation_by_group_is_one_sentence_with_the_rule(tmp_path):
    """Of six interviews with staff the last two bring nothing to four themes; of nine with clients each of the last five brings one."""
    letters = ["ab", "cd", "a", "a", "a", "a", "z", "a", "a", "a", "b", "c", "d", "e", "f"]
    study = interviews_of(tmp_path, heard=letters, areas=["north"] * 15)
    held = study.interviews.assign(participant_group=["Staff"] * 6 + ["Clients"] * 9)
    study = replace(study, tables=dict(study.tables) | {"interviews": held})
    assert said(saturation(study, by="participant_group")) == [
        "Group by group, new themes became rare with staff after interview 6 of 6 and with clients in none of 9 interviews. They are "
        "called rare at the end of a run of interviews that brought almost none, so not before interview 6."
    ]
    assert said(saturation(study, by="area_id")) == []


def test_published_evidence_says_nothing_of_saturation(published):
    assert said(saturation(published)) == []
    assert plot(saturation(published, by="area_type")) == say(saturation(published, by="area_type")) == []


def test_no_words_of_participants_stand_in_the_tables():
    spoken = {text for text in ILLUSTRATIVE.segments["text"].dropna() if len(text) > 25}
    for shown in (*table(confusions(ILLUSTRATIVE)), *table(boundaries(ILLUSTRATIVE))):
        cells = set(shown.rows.astype("str").to_numpy().ravel())
        assert not cells & spoken


def test_agreement_on_people_is_a_grade_where_its_value_would_give_their_number():
    public = replace(ILLUSTRATIVE, settings=replace(ILLUSTRATIVE.settings, access="public"))
    told = {study.settings.access: table(agreement(study))[0] for study in (ILLUSTRATIVE, public)}
    cells = {access: shown.cells().set_index("Theme")["Alpha, by person"] for access, shown in told.items()}
    themes = ["Relationships", "Buildings and waiting rooms"]
    assert cells["confidential"][themes].tolist() == ["0.80 or more", "0.67 to 0.79"]
    assert cells["public"][themes].str.replace("\xa0", " ").tolist() == [
        "0.88 (0.60 to 1.00)",
        "0.75 (0.52 to 1.00)",
    ]
    assert not any("people" in name for name in told["confidential"].rows)
