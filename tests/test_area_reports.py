"""Reports on areas that nobody has written of: sentences and questions by hand, and in a study of many areas each its own."""

import re
from dataclasses import replace

import pandas as pd
import pytest

import ncsresearch as ncs
from builders import heard, study_folder
from ncsresearch.disclosure.counts import stance_counts
from ncsresearch.exchange.synthetic import synthetic_study
from ncsresearch.present.area_extracts import AreaExtracts
from ncsresearch.present.area_ways import ways_in_words
from ncsresearch.present.certain import with_ties
from ncsresearch.study import load_study

BOOK = "code_id,parent_id,label,facet\naccess,,Access,theme\ntravel,access,Travel,theme\nhousing,access,Housing,theme\ncost,,Cost,theme\n"
ALL = tuple(range(20))


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return load_study(study_folder(tmp_path_factory.mktemp("areas") / "areas", codebook=BOOK, codings=None))


def north(base, here: dict[tuple[str, str], range], elsewhere: dict[tuple[str, str], range], access="public"):
    """The part of one of two areas of twenty people each, by who of them describes which theme in which way."""
    people = [(f"{area}{n}", area, "Staff", f"{area}{n // 2}") for area in ("north", "south") for n in ALL]
    said = [
        (f"{area}{n}", code, way)
        for area, told in (("north", here), ("south", elsewhere))
        for (code, way), own in told.items()
        for n in own
    ]
    study = heard(base, people, [(name, code) for name, code, _ in said])
    codings = study.codings.assign(stance=[way or None for *_, way in said])
    settings = replace(study.settings, access=access, reporting_coder="a")
    whole = replace(study, settings=settings, tables=dict(study.tables) | {"codings": codings})
    return AreaExtracts(whole)["north"]


def brief(study) -> list[str]:
    return [said.sentence for said in ncs.say(ncs.local_evidence(study))]


def asked(study) -> list[str]:
    return [row for made in ncs.table(ncs.questions(study)) for row in made.rows["statement"]]


HEARD = "20 people took part in 10 interviews in North."
BY_HAND = {
    "both ways, and the same theme apart": (
        {
            ("travel", "challenge"): range(12),
            ("travel", "strength"): range(5),
            ("cost", "strength"): range(14, 20),
            ("cost", "suggestion"): range(14, 16),
        },
        {("travel", "challenge"): range(4), ("cost", "challenge"): range(8)},
        [
            HEARD,
            "Travel was raised by 12 of 20 people here and by 4 of 20 in the other areas, a larger difference than chance is "
            "likely to make if each answered independently.",
            "6 of 20 people raised cost.",
            "12 of 20 people described travel as a challenge and 5 as a strength (5 said both); 6 described cost as a strength and "
            "nobody as a challenge.",
            "People suggested changes on cost (2 of 20).",
        ],
        [
            "12 of 20 people described travel as a challenge and nobody suggested changes: what would improve it here?",
            "2 of 20 people suggested changes on cost: which could be made here?",
        ],
    ),
    "a tie, and another theme apart": (
        {
            ("travel", "challenge"): range(7),
            ("housing", "challenge"): range(7, 14),
            ("housing", "suggestion"): range(7, 8),
            ("cost", "neutral"): range(3),
        },
        {("travel", ""): range(6), ("housing", ""): range(6), ("cost", ""): range(10)},
        [
            HEARD,
            "14 of 20 people raised access, 7 of them travel and 7 housing; 3 raised cost.",
            "A smaller share here than in the other areas raised cost (3 of 20 here; 10 of 20 elsewhere); with 20 people here, "
            "chance alone may explain it.",
            "7 of 20 people described each of travel and housing as a challenge and nobody as a strength.",
            "People suggested changes on housing (1 of 20).",
        ],
        [
            "7 of 20 people described housing as a challenge and 1 suggested a change: what would improve it here?",
            "7 of 20 people described travel as a challenge and nobody suggested changes: what would improve it here?",
        ],
    ),
    "the same people both ways, and what nobody here calls a challenge": (
        {
            ("cost", "challenge"): range(6),
            ("cost", "strength"): range(6),
            ("travel", "strength"): range(8),
            ("housing", "challenge"): range(4),
            ("housing", "strength"): range(3, 6),
        },
        {("travel", "challenge"): range(7), ("cost", ""): range(5), ("housing", ""): range(4)},
        [
            HEARD,
            "8 of 20 people raised travel; 6 raised housing; 6 raised cost.",
            "A larger share here than in the other areas raised housing (6 of 20 here; 4 of 20 elsewhere); with 20 people here, "
            "chance alone may explain it.",
            "8 of 20 people described travel as a strength and nobody as a challenge; 6 described cost both as a strength and as a "
            "challenge; 4 described housing as a challenge and 3 as a strength (1 said both).",
        ],
        [
            "6 of 20 people described cost as a challenge and nobody suggested changes: what would improve it here?",
            "4 of 20 people described housing as a challenge and nobody suggested changes: what would improve it here?",
            "Nobody here described travel as a challenge, and 7 of 40 people in all areas together did: does it work well here?",
        ],
    ),
    "a tie at the end, and one suggestion each": (
        {
            ("travel", "challenge"): range(8),
            ("travel", "suggestion"): range(3),
            ("housing", "strength"): range(4),
            ("housing", "suggestion"): range(1),
            ("cost", "challenge"): range(4),
            ("cost", "suggestion"): range(1),
        },
        {("travel", ""): range(8), ("housing", ""): range(4), ("cost", ""): range(4)},
        [
            HEARD,
            "8 of 20 people raised travel; 4 raised housing; 4 raised cost.",
            "8 of 20 people described travel as a challenge and nobody as a strength; 4 described housing as a strength and nobody as "
            "a challenge; 4 described cost as a challenge and nobody as a strength.",
            "People suggested changes on travel (3 of 20), housing (1) and cost (1).",
        ],
        [
            "8 of 20 people described travel as a challenge and 3 suggested changes: what would improve it here?",
            "4 of 20 people described cost as a challenge and 1 suggested a change: what would improve it here?",
            "1 of 20 people suggested changes on housing: which could be made here?",
        ],
    ),
    "nothing described": (
        {("cost", ""): range(5)},
        {},
        [
            HEARD,
            "Cost was raised by 5 of 20 people here and by none of 20 in the other areas, a larger difference than chance is "
            "likely to make if each answered independently.",
        ],
        [],
    ),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_a_small_area_by_hand(base, case):
    here, elsewhere, said, questions = BY_HAND[case]
    study = north(base, here, elsewhere)
    assert (brief(study), asked(study)) == (said, questions)


@pytest.mark.parametrize(
    ("sizes", "most", "at_most", "kept"),
    [
        ([9, 7, 5, 5, 5, 2], 3, 6, [9, 7, 5, 5, 5]),  # the tie at the end is named with the others
        ([9, 7, 5, 5, 5, 2], 3, 4, [9, 7]),  # or not at all, where it is too long
        ([4, 4, 4, 4], 3, 3, [4, 4, 4]),  # all alike: some have to be named
        ([3, 8], 3, 6, [8, 3]),
        ([], 3, 6, []),
    ],
)
def test_of_themes_that_as_many_raised_none_is_left_out_without_the_others(sizes, most, at_most, kept):
    rows = pd.DataFrame({"n": pd.Series(sizes, dtype="int64")})
    assert with_ties(rows, "n", most, at_most)["n"].tolist() == kept


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (
            ("mainly_rural", "larger_city"),
            "In rural areas together 12 of 20 people raised travel (4 of 20 in urban areas; 12 of 20 here) and 2 cost (8 in urban areas; "
            "2 here).",
        ),
        (
            ("small_town", "larger_city"),
            "In small towns together 12 of 20 people raised travel (12 of 20 here), 5 housing (5 here) and 2 cost (2 here).",
        ),
    ],
)
def test_what_the_kind_of_an_area_raised_much_or_apart_from_the_other_kind(base, kinds, said):
    here = {("travel", ""): range(12), ("housing", ""): range(5), ("cost", ""): range(2)}
    elsewhere = {("travel", ""): range(4), ("housing", ""): range(5), ("cost", ""): range(8)}
    areas = base.areas.assign(area_type=[*kinds])
    whole = replace(base, tables=dict(base.tables) | {"areas": areas})
    (found,) = ncs.say(ncs.elsewhere(north(whole, here, elsewhere)))
    assert found.sentence == said


def test_narrower_themes_follow_the_wider_one_and_what_nobody_raised_is_in_the_note(base):
    here = {("travel", "challenge"): range(6), ("access", "challenge"): range(9), ("cost", ""): range(8)}
    study = north(base, here, {("housing", ""): range(5)})
    for (made,) in (ncs.table(ncs.local_evidence(study)), ncs.table(ncs.themes_beside(study))):
        assert made.cells()["Theme"].tolist() == [
            "Access",
            "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}Travel",
            "Cost",
        ]
        assert made.rows["theme"].tolist() == ["Access", "Cost", "Travel"]
        assert "Nobody here raised housing." in made.below()


def test_who_describes_a_theme_has_raised_it_in_what_a_reader_knows(base):
    """Seven of twenty raised travel, which is withheld, and so is who described it: no more than seven of them did."""
    study = north(
        base,
        {
            ("travel", "challenge"): range(4),
            ("travel", "neutral"): range(4, 7),
            ("cost", "challenge"): ALL[:9],
        },
        {("travel", "neutral"): range(2), ("cost", "challenge"): ALL[:9]},
        access="confidential",
    )
    rows = stance_counts(study, by="area_id", group="North").set_index(["code_id", "group"])
    raised = rows.xs("raised", level="group")
    for (code, _), row in rows.iterrows():
        assert row["least"] <= raised["least"][code] and row["most"] <= raised["most"][code]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """The parts of a confidential study of twelve areas of twenty people, by name."""
    folder = tmp_path_factory.mktemp("many") / "many"
    synthetic_study(folder, areas=12, participants=240, segments=3000)
    study = load_study(folder)
    parts, names = AreaExtracts(study), study.areas.set_index("area_id")["name"]
    return {name: parts[area] for area, name in names.items()}


def test_no_two_briefs_are_alike_in_all_but_the_name(many):
    briefs = {name: " ".join(brief(part)).replace(name, "the area") for name, part in many.items()}
    assert (
        len({re.sub(r"\d+ people took part in \d+ interviews", "", said) for said in briefs.values()}) == 12
    )


def test_an_area_is_asked_of_each_of_its_own_themes_once_and_first_of_its_largest_challenge(many):
    for name, part in many.items():
        rows = ncs.questions(part)
        assert 3 <= rows["number"].nunique() == len(asked(part)) <= 5, name
        assert rows["code_id"].is_unique and rows.groupby("number")["asks"].nunique().eq(1).all()
        own = rows[rows["asks"].isin(["improve", "works"])]
        assert (
            own["least_challenge"].gt(0).all()
            and own["least_challenge"].max() == rows["least_challenge"].iloc[0]
        )
        assert rows.loc[rows["asks"].eq("never"), "challenge"].isin([0]).all()
        assert rows.loc[rows["asks"].eq("withheld"), "challenge"].eq("").all()
        assert all(re.fullmatch(r"[^?]+\?", question) for question in asked(part))


def test_where_a_sentence_gives_one_way_of_a_theme_alone_it_says_that_the_other_is_withheld(many):
    for part in many.values():
        described = [said for said in ncs.say(ncs.local_evidence(part)) if said.name == "area_described"]
        for said in described:
            alone = [
                clause
                for clause in re.split(r"; |\. ", said.sentence)
                if ("as a challenge" in clause) != ("as a strength" in clause)
            ]
            assert bool(alone) == bool(
                re.search(r"How many described (it|these) otherwise is withheld\.$", said.sentence)
            )


IN_WORDS = {
    "nineteen of twenty, which would give back the one who did not": (
        {("travel", ""): range(19), ("cost", ""): range(2)},
        {("travel", ""): range(2), ("cost", ""): range(3)},
        [
            "Numbers are withheld here: of the 20 people, “most” means 60% or more and “some” means under 40% (it can be one).",
            "Most of the 20 people raised travel.",
            "Some raised cost.",
        ],
        [],
    ),
    "three people and two themes": (
        {("travel", "challenge"): range(3), ("housing", "challenge"): range(3)},
        {("travel", "challenge"): range(3), ("housing", "challenge"): range(3), ("cost", ""): range(9)},
        [
            "Numbers are withheld here: of the 20 people, “some” means under 40% (it can be one).",
            "Some of the 20 people raised travel and housing, and nobody cost. Nobody described travel or housing as a strength.",
            "A smaller share here than in the whole study raised cost (nobody here; 9 of 40).",
        ],
        [
            "Some of the 20 people described each of travel and housing as a challenge and nobody suggested changes on any of them: what "
            "would improve them here?",
        ],
    ),
}


@pytest.mark.parametrize("case", IN_WORDS)
def test_a_small_area_in_words_by_hand(base, case):
    here, elsewhere, said, questions = IN_WORDS[case]
    study = north(base, here, elsewhere, access="confidential")
    assert (brief(study)[1:], asked(study)) == (said, questions)
    assert ncs.table(ncs.themes_beside(study)) == []
    (unknown,) = ncs.say(ncs.area_gaps(study))
    assert unknown.sentence == (
        "With 20 people heard, how common a view is in North is not known. Nobody has written this page up yet."
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            {"challenge": "most", "strength": "some", "suggestion": 0},
            "most described it as a challenge, some as a strength and nobody suggested changes",
        ),
        (
            {"challenge": "most", "strength": "about half", "suggestion": 0},
            "most described it as a challenge, about half as a strength (at least one said both) and nobody suggested changes",
        ),
        (
            {"challenge": "some", "strength": "", "suggestion": ""},
            "some described it as a challenge",
        ),
        (
            {"challenge": "", "strength": 0, "suggestion": 6},
            "nobody described it as a strength and 6 suggested changes",
        ),
    ],
)
def test_what_is_known_of_a_theme_is_said_and_nothing_of_what_is_withheld(told, said):
    assert (
        ways_in_words(
            pd.Series(told | {"both": pd.NA, "overlap": told["strength"] == "about half"}), [*told], "it"
        )
        == said
    )


def test_of_an_area_with_too_few_people_to_say_how_many_it_is_not_said_that_nobody_described_a_theme_so(
    tmp_path,
):
    """Three people were heard in the last area, and five in the first, whose numbers are withheld too."""
    synthetic_study(tmp_path / "tiny", areas=8, participants=34, segments=300)
    parts = AreaExtracts(load_study(tmp_path / "tiny"))
    assert brief(parts["area_8"]) == ["Few people took part in Synthetic area 8."]
    for area in ("area_1", "area_8"):
        assert asked(parts[area])[0] == (
            "How many here described travel and distance as a challenge is withheld, and 15 of 34 people in all areas together did: "
            "how much of one is it here?"
        )
        assert not [question for question in asked(parts[area]) if "Nobody here" in question]


def test_people_whose_words_are_not_coded_yet_took_part_and_clients_are_asked_for_where_there_is_such_a_group(
    base,
):
    study = north(base, {}, {})
    assert (
        brief(study)[0] == "20 people took part in 10 interviews in North. What they said is not coded yet."
    )
    (unknown,) = ncs.say(ncs.area_gaps(study))
    assert (
        unknown.sentence
        == "With 20 people heard, how common a view is in North is not known. Nobody has written this page up yet."
    )


def test_an_area_where_a_survey_was_answered_has_local_evidence(tmp_path):
    """Three people of North answered, nobody of South; nobody was interviewed."""
    tables = {
        "documents": "document_id,title,kind\nviews,Views 2026,survey\n",
        "survey_items": "item_id,document_id,label,scale\nq1,views,Are you satisfied?,Yes;No\n",
        "survey_answers": "respondent_id,participant_id,area_id,item_id,answer\n"
        + "".join(f"r{n},,north,q1,Yes\n" for n in range(3)),
    }
    nobody = dict.fromkeys(["interviews", "participants", "attendances", "segments", "codings"])
    parts = AreaExtracts(load_study(study_folder(tmp_path / "asked", **tables | nobody)))
    assert (
        brief(parts["north"])[0]
        == "Evidence about North itself comes from 1 document: Views 2026 (survey answers)."
    )
    assert brief(parts["south"])[0] == "We have no local document for South."
    (gap,) = ncs.say(ncs.area_gaps(parts["north"]))
    assert "survey" not in gap.sentence and "national research" not in gap.sentence


def test_what_is_withheld_of_an_area_is_said_and_each_word_for_it_explained_once(many):
    """A word is explained below the table of the area where that has it, and else at the end."""
    for part in many.values():
        (said,), (made,) = ncs.say(ncs.area_gaps(part)), ncs.table(ncs.themes_beside(part))
        assert re.match(r"How many people in Synthetic area \d+ raised .+ is withheld\. ", said.sentence)
        page = f"{made.below()} {said.sentence}"
        for meant in ("under 40%", "40% to under 60%", "60% (of its base )?or more"):
            assert len(re.findall(meant, page)) == 1


@pytest.fixture(scope="module")
def thirty(tmp_path_factory):
    """The parts of a confidential study of thirty areas of twelve people, and what their reports say."""
    folder = tmp_path_factory.mktemp("thirty") / "thirty"
    synthetic_study(folder, areas=30, participants=360, segments=4000, clients=90)
    parts = AreaExtracts(load_study(folder))
    return [(part, _sentences(part)) for part in (parts[f"area_{n:02}"] for n in range(1, 31))]


def test_reports_by_rule_on_areas_of_twelve_people_have_few_words_in_common(thirty):
    """Sentences and questions that all of thirty confidential reports have are 15% of the words of each, at most."""
    said = [own for _, own in thirty]
    shared = set.intersection(*map(set, said))
    for own in said:
        common = sum(len(each.split()) for each in own if each in shared)
        assert common <= 0.15 * sum(len(each.split()) for each in own)


def test_no_sentence_or_question_depends_on_a_number_that_is_withheld(thirty, many):
    """Neither what is said nor the order of it changes where every number that is withheld is another."""
    for part, said in [*thirty, *((part, _sentences(part)) for part in many.values())]:
        counts = part.whole.counts
        other = counts.assign(n=counts["n"].mask(counts["hidden"].astype(bool), counts["base"] - counts["n"]))
        assert not other["n"].equals(counts["n"])
        changed = replace(part, whole=replace(part.whole, counts=other))
        assert _sentences(changed) == said


def test_no_theme_is_asked_of_twice_and_a_word_for_a_number_is_explained_once(thirty):
    for part, sentences in thirty:
        said = " ".join(sentences)
        assert "here too?" not in said and ncs.questions(part)["code_id"].is_unique
        assert [
            said.count(meant) for meant in ("“some” means under 40% (it can be one)", "“about half” means")
        ] == [1, 1]


def _sentences(part) -> list[str]:
    """What a report says, sentence by sentence, with the name of the area taken out."""
    frames = ncs.local_evidence(part), ncs.area_peers(part), ncs.elsewhere(part), ncs.area_gaps(part)
    said = [finding.sentence for frame in frames for finding in ncs.say(frame)] + asked(part)
    name = part.area(part.part_of)["name"]
    return [
        each for text in said for each in re.split(r"(?<=[.?]) (?=[A-Z])", text.replace(name, "the area"))
    ]
