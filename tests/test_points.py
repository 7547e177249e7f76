"""A small report of two documents, point by point; everything in it is made up."""

import pandas as pd
import pytest
from lxml.html import fromstring

import ncsresearch as ncs
from builders import SETTINGS, study_folder
from conftest import PROJECT
from ncsresearch import StudyError, load_study
from ncsresearch.present.outputs import TABLE
from ncsresearch.present.points import PointList
from ncsresearch.study import check_study

DOCUMENTS = """document_id,title,short_title,kind,area_id
report,A report on buses,Buses,research report,
local,A paper of the north,North paper,council paper,north
"""
POINTS = """point_id,document_id,section,ordinal,first_paragraph,last_paragraph,statement,kind,qualifies,held_by,how_widely,segment_id,read_by
p1,report,Getting there,1,1,1,Rural clients missed appointments because buses are few.,finding,,Clients,general,,reader 1
p2,report,Getting there,2,1,1,One client walked nine miles.,example,p1,Clients,one person,,reader 1
p3,report,Getting there,3,2,2,Clients near a station had no trouble.,other view,p1,Clients; Staff,some,,reader 1
p4,report,Money,4,3,4,Staff wanted fares paid.,suggestion,,Staff,one view,s3,reader 1
p5,local,,1,1,1,The council pays no fares.,context,,,not said,,reader 1
"""
PARAGRAPHS = """document_id,paragraph,section,n_characters,text_sha256,no_point_because
report,1,Getting there,90,{},
report,2,Getting there,80,{},
report,3,Money,70,{},
report,4,Money,60,{},
report,5,Contact,50,{},navigation or contact
local,1,,40,{},
""".format(*(f"{n}" * 64 for n in range(6)))
CODINGS = """coding_id,unit,unit_id,code_id,stance,about_area_type,about_client_group,coder
c1,points,p1,travel,challenge,rural_unspecified,women,a
c2,points,p2,travel,challenge,,,a
c3,points,p3,travel,strength,larger_city,,a
c4,points,p4,cost,suggestion,,,a
"""
TABLES = {"documents": DOCUMENTS, "points": POINTS, "paragraphs": PARAGRAPHS, "codings": CODINGS}


@pytest.fixture
def study(tmp_path):
    return load_study(study_folder(tmp_path / "study", **TABLES))


def told(frame: pd.DataFrame) -> list[tuple]:
    columns = frame[["group", "stance", "depth", "point_id"]]
    return list(columns.itertuples(index=False, name=None))


def test_points_by_section_follow_their_documents(study):
    assert told(ncs.points(study)) == [
        ("Buses: Getting there", "", 0, "p1"),
        ("Buses: Getting there", "", 1, "p2"),
        ("Buses: Getting there", "", 1, "p3"),
        ("Buses: Money", "", 0, "p4"),
        ("North paper", "", 0, "p5"),
    ]


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        (
            "theme",
            [
                ("Travel", "strength", 0, "p3"),
                ("Travel", "challenge", 0, "p1"),
                ("Travel", "challenge", 1, "p2"),
            ],
        ),
        (
            "area_type",
            [
                ("rural", "challenge", 0, "p1"),
                ("rural", "challenge", 1, "p2"),
                ("urban", "strength", 0, "p3"),
            ],
        ),
        (
            "client_group",
            [
                ("women", "challenge", 0, "p1"),
                ("women", "challenge", 1, "p2"),
                ("women", "challenge", 1, "p3"),
            ],
        ),
        ("key points", [("Buses: Money", "", 0, "p4")]),
        ("factor", []),
        ("service level", []),
    ],
)
def test_what_qualifies_a_point_goes_with_it_into_every_group(study, by, rows):
    assert told(ncs.points(study, by=by)) == rows


def test_a_view_of_an_interview_is_no_view_of_one_person(published):
    said = published.points["statement"].str.contains(r"\binterview\b")
    assert set(published.points.loc[said, "how_widely"].astype("str")) == {"one area", "one interview"}


def test_an_unknown_grouping_names_the_nearest(study):
    with pytest.raises(StudyError) as raised:
        ncs.points(study, by="themes")
    assert str(raised.value) == (
        "There is no grouping of points 'themes'; known: section, theme, area_type, client_group, factor, "
        "service level, key points. Did you mean 'theme'?"
    )


def test_points_are_shown_as_a_list_that_says_who_how_widely_and_where(study):
    (made,) = ncs.table(ncs.points(study.of_documents(["report"])))
    assert isinstance(made, PointList)
    html = made.to_html()
    assert (
        "<h3>Getting there</h3><ul><li>Rural clients missed appointments because buses are few. "
        "<small>(Clients; in general; paragraph 1)</small><ul><li>One client walked nine miles. "
        "<small>(Clients; one person; paragraph 1)</small></li>"
    ) in html
    assert "(Staff; one view; paragraphs 3 to 4)" in html
    assert list(made.cells()) == [
        *("Under", "What is said", "Who says so", "How widely", "Document", "Where"),
    ]


def test_a_chapter_shows_points_where_there_are_any_and_counts_where_there_are_none(study, tmp_path):
    assert ncs.raised(study).attrs["kind"] == "points by theme"
    assert ncs.raised(study, by="heard_from").attrs["kind"] == "nothing"
    plain = load_study(study_folder(tmp_path / "plain"))
    assert ncs.raised(plain).attrs["kind"] == "passages by stance"


def test_points_and_passages_are_counted_each_alone(study):
    codings = [*CODINGS.splitlines(), "c5,segments,s1,travel,challenge,,,a"]
    both = load_study(
        study_folder(study.folder.parent / "both", **TABLES | {"codings": "\n".join(codings) + "\n"})
    )
    units = ncs.coded_units(both)
    found = units[units["n"].gt(0)][["counted", "theme", "group", "n"]].astype("str")
    assert list(found.itertuples(index=False, name=None)) == [
        ("points", "Cost", "suggestion", "1"),
        ("points", "Travel", "strength", "1"),
        ("points", "Travel", "challenge", "2"),
        ("passages", "Travel", "challenge", "1"),
    ]
    assert set(ncs.counts(both)["counted"]) == {"points"}


SUGGESTED = """p6,report,Money,6,3,3,A driver's pass costs £9.,finding,,Drivers,one person,,reader 1
p7,report,Money,7,3,3,Fares are a burden.,finding,,Clients; Staff,general,,reader 1
p8,report,Money,8,3,3,Fares rose.,finding,,,not said,,reader 1
p9,local,,2,1,1,Fares are too high in the north.,finding,,,general,,reader 1
q1,report,Money,9,4,4,Free passes were wanted.,suggestion,,Clients,not said,,reader 1
q2,report,Money,10,4,4,A pass could come with the letter.,example,q1,Staff,one person,,reader 1
q3,report,Money,11,4,4,Passes must be for all buses.,condition,q1,Clients,some,,reader 1
"""
CODED = """c6,points,p6,cost,challenge,,,a
c7,points,p7,cost,challenge,,,a
c8,points,p8,cost,challenge,,,a
c9,points,p9,cost,challenge,,,a
d1,points,q1,travel,suggestion,,,a
d2,points,q1,cost,challenge,,,a
"""


@pytest.fixture
def suggesting(tmp_path):
    more = {"points": POINTS + SUGGESTED, "codings": CODINGS + CODED}
    return load_study(study_folder(tmp_path / "suggesting", **TABLES | more))


def test_a_suggestion_has_who_makes_it_how_widely_and_what_supports_it(suggesting):
    (made,) = ncs.table(ncs.suggestions(suggesting))
    assert made.cells().to_numpy().tolist() == [
        [
            "Cost",
            "Staff wanted fares paid. (Buses, paragraphs 3 to 4)",
            "Staff; one view",
            "Also reported on this theme: Challenge: Fares are a burden. (Clients; Staff; in general; Buses, paragraph 3) "
            "Challenge: A driver's pass costs £9. (Drivers; one person; Buses, paragraph 3)",
        ],
        [
            "Travel",
            "Free passes were wanted. (Buses, paragraph 4)",
            "Clients",
            "Example: A pass could come with the letter. (Staff; one person; Buses, paragraph 4) "
            "Condition: Passes must be for all buses. (Clients; some; Buses, paragraph 4)",
        ],
    ]


def test_many_suggestions_are_folded_by_theme_and_what_their_theme_shares_is_said_once(
    suggesting, monkeypatch
):
    monkeypatch.setattr("ncsresearch.present.suggested.FEW", 1)
    (made,) = ncs.table(ncs.suggestions(suggesting))
    page = fromstring(made.to_html())
    assert [fold.text_content() for fold in page.xpath("//details/summary")] == ["Cost", "Travel"]
    cost, travel = page.xpath("//details")
    assert travel.xpath(".//li") == []
    assert [item.text_content()[:29] for item in cost.xpath(".//li")] == [
        "Challenge: Fares are a burden",
        "Challenge: A driver's pass co",
    ]
    assert [head.text_content() for head in cost.xpath(".//thead//th")] == [
        *("Suggestion", "Who suggests it, and how widely"),
    ]
    assert made._repr_mimebundle_()[TABLE]["listed"] == "folded"


def area(folder, area_id: str, settings: str = SETTINGS):
    return ncs.load_area(study_folder(folder / "asked", settings=settings, **TABLES), area_id)[0]


def test_what_is_said_of_an_areas_kind_is_asked_about_first_and_of_another_kind_not_at_all(tmp_path):
    asked = ncs.questions(area(tmp_path, "north"))
    assert asked[["code_id", "point_id"]].astype("str").values.tolist() == [["travel", "p1"], ["cost", "p4"]]
    (made,) = ncs.table(asked)
    assert made.rows.loc[made.rows["depth"].eq(0), "statement"].tolist() == [
        "What would improve travel here?",
        "Which of the changes suggested on cost could be made here?",
    ]
    elsewhere = ncs.questions(area(tmp_path, "south"))  # p2 is one client's, and of no kind of area
    assert elsewhere[["code_id", "point_id"]].astype("str").values.tolist() == [
        ["cost", "p4"],
        ["travel", "p2"],
    ]


def test_a_question_is_asked_in_the_words_of_the_study_with_the_point_that_it_arises_from(tmp_path):
    asked = ncs.questions(area(tmp_path, "north", SETTINGS + '[questions]\ntravel = "Who pays the fares?"\n'))
    (made,) = ncs.table(asked)
    assert ncs.say(asked) == []
    assert made.to_html() == (
        '<div class="points"><ul><li>Who pays the fares?<ul><li>Rural clients missed appointments because buses are few. '
        "<small>(Clients; in general; Buses, paragraph 1)</small></li></ul></li></ul>"
        '<p class="base">These questions arise from what was said of areas in general; only people in North can answer them. Source: Buses.</p></div>'
    )


def test_a_question_of_one_area_comes_first_with_its_own_point_and_no_other_is_asked_on_its_themes(tmp_path):
    own = SETTINGS + '[area_questions.north]\np1 = "Which bus is missing?"\n'
    asked = ncs.questions(area(tmp_path, "north", own))
    assert asked[["point_id", "question"]].iloc[0].tolist() == ["p1", "Which bus is missing?"]
    assert asked["point_id"].tolist() == ["p1", "p4"]


def test_a_question_of_one_area_that_rests_on_an_unknown_point_is_refused(tmp_path):
    settings = SETTINGS + '[area_questions.north]\np99 = "Which bus is missing?"\n'
    (fault,) = check_study(study_folder(tmp_path / "study", settings=settings, **TABLES))
    assert str(fault).startswith(
        "study.toml, area_questions: found 'p99', expected a point_id of points.csv."
    )


def test_a_question_on_an_unknown_code_is_refused(tmp_path):
    folder = study_folder(
        tmp_path / "study", settings=SETTINGS + '[questions]\ntravle = "Who pays?"\n', **TABLES
    )
    assert [str(fault) for fault in check_study(folder)] == [
        "study.toml, questions: found 'travle', expected a code_id of codebook.csv. Nearest: 'travel'."
    ]


def test_partners_of_one_label_have_each_the_sector_above_it(tmp_path):
    codebook = [
        *("code_id,parent_id,label,facet", "travel,,Travel,theme", "cost,,Cost,theme"),
        *("health,,Health,sector", "justice,,Justice,sector"),
        *("team_h,health,Local team,partner", "team_j,justice,Local team,partner"),
    ]
    named = ("p1,team_h,strength", "p2,team_h,strength", "p3,team_h,challenge", "p4,team_j,neutral")
    codings = [*CODINGS.splitlines(), *(f"n{at},points,{said},,,a" for at, said in enumerate(named))]
    tables = {"codebook": "\n".join(codebook) + "\n", "codings": "\n".join(codings) + "\n"}
    rows = ncs.partners(load_study(study_folder(tmp_path / "study", **TABLES | tables)))
    assert rows[["partner", "sector", "in_interviews"]].to_numpy().tolist() == [
        ["Local team (Health)", "Health", "yes"],
        ["Local team (Justice)", "Justice", "yes"],
    ]


@pytest.mark.parametrize(
    ("chosen", "points"),
    [
        ({"heard_from": "Staff"}, ["p3", "p4"]),
        ({"client_group": "women"}, ["p1"]),
        ({"theme": "cost"}, ["p4"]),
        ({"area_type": "urban"}, ["p3"]),
        ({"area_id": "north"}, ["p5"]),
    ],
)
def test_a_selection_keeps_the_points_that_it_is_about(study, chosen, points):
    assert list(study.where(**chosen).points["point_id"]) == points


@pytest.mark.parametrize(
    ("table", "old", "new", "fault"),
    [
        (
            "paragraphs",
            f"report,5,Contact,50,{'4' * 64},navigation or contact",
            f"report,5,Contact,50,{'4' * 64},",
            "paragraphs.csv, row 6, no_point_because: found nothing, expected a reason, or a point in points.csv that rests "
            "on the paragraph.",
        ),
        (
            "paragraphs",
            f"report,2,Getting there,80,{'1' * 64},",
            f"report,2,Getting there,80,{'1' * 64},heading",
            "paragraphs.csv, row 3, no_point_because: found 'heading', expected nothing, since a point rests on the paragraph.",
        ),
        (
            "paragraphs",
            "navigation or contact",
            "dull",
            "paragraphs.csv, row 6, no_point_because: found 'dull', expected heading, navigation or contact, method told "
            "elsewhere, table held as numbers, or repeats paragraph and its number.",
        ),
        (
            "points",
            "p4,report,Money,4,3,4",
            "p4,report,Money,4,3,9",
            "points.csv, row 5, last_paragraph: found '6', expected paragraphs that paragraphs.csv lists of report.",
        ),
        (
            "points",
            "p4,report,Money,4,3,4",
            "p4,report,Money,4,4,3",
            "points.csv, row 5, last_paragraph: found '3', expected a paragraph from 4 on, the point's first.",
        ),
        (
            "points",
            "finding,,Clients,general",
            "finding,p2,Clients,general",
            "points.csv, row 2, qualifies: found 'p2', expected a point that does not in turn qualify this one.",
        ),
    ],
)
def test_a_paragraph_without_a_reading_is_a_fault(tmp_path, table, old, new, fault):
    assert old in TABLES[table]
    folder = study_folder(tmp_path / "study", **TABLES | {table: TABLES[table].replace(old, new)})
    assert fault in list(map(str, check_study(folder)))


def test_points_without_a_list_of_paragraphs_are_no_fault(tmp_path):
    assert check_study(study_folder(tmp_path / "study", **TABLES | {"paragraphs": None})) == []


def test_few_paragraphs_of_the_published_study_have_no_point():
    paragraphs = load_study(PROJECT / "data" / "published").paragraphs
    passed_over = paragraphs["no_point_because"].notna()
    assert passed_over.groupby(paragraphs["document_id"]).mean().max() <= 1 / 8


def test_every_point_of_the_published_study_was_checked_by_somebody_else():
    points = load_study(PROJECT / "data" / "published").points
    assert points["checked_by"].notna().all()
    assert points["read_by"].ne(points["checked_by"]).all()


def test_a_third_of_the_published_points_is_coded_twice():
    study = load_study(PROJECT / "data" / "published")
    coders = study.codings.query("unit == 'points'").groupby("unit_id")["coder"].nunique()
    assert coders.eq(2).sum() / len(study.points) > 0.3
