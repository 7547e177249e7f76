"""The chapter on trust in words and tables: whole sentences for studies small enough to count."""

from dataclasses import replace

import pytest

from conftest import PROJECT
from ncsresearch.analysis.disagreement import boundaries, confusions
from ncsresearch.analysis.reliability import agreement, coders
from ncsresearch.analysis.saturation import saturation
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
        "Krippendorff's alpha, where 1 is full agreement, 0 what chance would give, is at least 0.80 for 0 of 2 themes, "
        "the level usually asked for; it is lower for yarn (-0.17) and xenon (0.53). Under 0.67 the coding of a theme is "
        "not relied on.",
        "Of 5 times that either coder gave a turn a theme, both did in 2 and one alone in 3.",
    ]
    assert said(agreement(study, by="")) == [
        "On the 3 turns that at least one coder gave a theme, coders gave just the same themes in 33%; alpha of their "
        "sets of themes is -0.15. The 1 turn that nobody gave a theme would lift it to 0.43."
    ]
    assert said(agreement(study, rare=True)) == [
        "No theme has high agreement and low kappa at once, as rare themes can."
    ]


def test_the_paradox_is_told_with_the_consistent_counts_it(tmp_path):
    words = {"a": ["x", "x", "", *[""] * 57], "b": ["x", "", "x", *[""] * 57]}
    assert said(agreement(study_of(tmp_path, talk=words), rare=True)) == [
        "High agreement and low kappa go together where a theme is rare: coders agree about xenon on 96.7% of turns (AC1 "
        "0.964), yet kappa is 0.48, as both gave it in 1 of the 3 turns that either gave it. The high figures rest on turns "
        "without the theme and kappa on a handful with it, so the counts say more than either."
    ]


def test_the_table_of_agreement_shows_what_is_missing_as_missing(tmp_path):
    (shown,) = table(agreement(study_of(tmp_path, talk=TALK)))
    assert shown.cells().to_numpy().tolist() == [
        ["Xenon", "2", "0", "1", "75.0%", "67%", "0.53", "–", "0.50", "0.529"],
        ["Yarn", "0", "2", "0", "50.0%", "0%", "-0.17", "–", "–", "0.200"],
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
    assert "passages of a and b" in said(boundaries(study))[0]


def test_who_coded_is_told(tmp_path):
    assert said(coders(study_of(tmp_path, talk=TALK))) == [
        "1 transcript of 1 were coded by more than one coder (a and b). The chapters report a; the others serve this chapter "
        "only."
    ]
    assert said(coders(study_of(tmp_path / "once", talk={"a": ["x"]}))) == [
        "The study has been coded once by a, so nothing is known about agreement."
    ]


def test_evidence_narrowed_to_a_theme_says_that_it_flatters():
    public = replace(ILLUSTRATIVE, settings=replace(ILLUSTRATIVE.settings, access="public"))
    narrowed, whole = (table(agreement(study))[0].note for study in (public.where(theme="housing"), public))
    assert narrowed.endswith(
        "Of evidence narrowed to the theme Housing, an interview counts only if both coders gave it such a judgement, which "
        "flatters agreement."
    )
    assert "narrowed" not in whole
    assert not table(agreement(ILLUSTRATIVE.where(theme="housing")))  # protected for the whole alone


def test_where_coders_differ_is_said_and_counted(tmp_path):
    study = study_of(tmp_path, talk=TALK)
    assert said(confusions(study)) == [
        "In 1 judgement one coder gave a turn a theme where the other gave nothing further; in 1 one took it for one theme "
        "and the other for another."
    ]
    assert table(confusions(study))[0].cells().to_numpy().tolist() == [
        ["Yarn", "Xenon", "1"],
        ["Yarn", "Nothing", "1"],
    ]


def test_a_confidential_study_names_no_passage_where_coders_differ(tmp_path):
    study = study_of(tmp_path, talk=TALK)
    study = replace(study, settings=replace(study.settings, access="confidential"))
    (shown,) = table(confusions(study))
    assert list(shown.cells()) == ["The reporting coder gave", "The other gave", "Turns"]
    assert not {"segment_ids", "other_segment_ids"} & set(shown.rows)


def test_the_commonest_confusion_is_named(tmp_path):
    study = study_of(tmp_path, talk={"a": ["x"] * 3 + ["y"], "b": ["y"] * 3 + ["y"]})
    assert said(confusions(study)) == [
        "In 0 judgements one coder gave a turn a theme where the other gave nothing further; in 3 one took it for one theme "
        "and the other for another, most often xenon for yarn (3 turns)."
    ]


def test_a_confusion_of_points_has_an_example_in_place_of_ids(published):
    (shown,) = table(confusions(published))
    assert set(shown.cells()["For example"]) <= {*published.points["statement"]}


def test_how_coders_cut_is_told(tmp_path):
    frame = boundaries(study_of(tmp_path, {"talk2bx": (15, 20)}, talk=TALK))
    assert said(frame) == [
        "Of 7 passages of the two coders, 4 overlap one that the other gave the same theme (57%). Of 2 overlapping pairs 1 is "
        "cut at the same places; in the middle pair 75% of the characters in either passage are in both."
    ]
    assert table(frame)[0].cells().to_numpy().tolist() == [
        ["Xenon", "2", "3", "80%", "2", "1", "75%"],
        ["Yarn", "2", "0", "0%", "0", "0", "[x]"],
    ]


def test_saturation_is_told_with_its_rule_and_what_came_later(tmp_path):
    heard = ["ab", "a", "b", "a", "ab", "a", "c"]
    (sentence,) = said(saturation(interviews_of(tmp_path, heard=heard)))
    assert sentence.startswith(
        "New themes had all but ceased after interview 6, of 7 interviews held: the first 4 brought 2 themes, and a run of 2 then added no "
        "more than 5% to them. That was too early: later interviews still brought 1 of the 3 themes. Put in random order the interviews come to "
        "it in "
    )


def test_a_study_whose_themes_go_on_coming_says_so(tmp_path):
    study = interviews_of(tmp_path, heard=list("abcdef"), areas=["north"] * 6)
    assert said(saturation(study)) == [
        "In 6 interviews 6 themes were found and new ones went on coming: the last 2 added 2 to the 4 of the first 4. Nor is "
        "it so in any of 1,000 random orders of them."
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
        "By the rule of base and run, new themes had all but ceased in rural areas after interview 6, of 6 interviews held; in urban areas it cannot be said "
        "when, as fewer than 6 interviews were coded, a base of 4 and a run of 2."
    ]
    assert table(frame)[0].cells()["All but stopped after"].tolist() == [
        "interview 6",
        "interview 6",
        "not given: fewer than 6 interviews were coded, a base of 4 and a run of 2",
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


def test_published_evidence_says_why_there_is_no_saturation(published):
    assert said(saturation(published)) == [
        "Whether new themes had ceased cannot be said: nobody was heard, so there are no interviews to count, as in "
        "published evidence."
    ]
    assert plot(saturation(published, by="area_type")) == say(saturation(published, by="area_type")) == []


def test_no_words_of_participants_stand_in_the_tables():
    spoken = {text for text in ILLUSTRATIVE.segments["text"].dropna() if len(text) > 25}
    for shown in (*table(confusions(ILLUSTRATIVE)), *table(boundaries(ILLUSTRATIVE))):
        cells = set(shown.rows.astype("str").to_numpy().ravel())
        assert not cells & spoken
