"""The authors' findings: spans that hold, citations that open, and every line that fails named whole."""

import shutil
from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from builders import OF_INTERVIEWS, SETTINGS, heard, study_folder
from conftest import PROJECT
from ncsresearch import StudyError, findings, load_study, preview
from ncsresearch.batch.findings import faults_of_findings, update_findings
from ncsresearch.cli import app
from ncsresearch.disclosure.span_texts import numbers_in, texts_now
from ncsresearch.disclosure.spans import poll
from ncsresearch.exchange.new_study import new_study
from ncsresearch.ingest.findings_file import parse_findings
from ncsresearch.present.evidence_cited import note_on_span
from ncsresearch.present.findings_checked import findings_faults
from ncsresearch.present.outputs import FINDING, Finding
from ncsresearch.report.content import Chapter, pieces
from ncsresearch.report.html import chapter_page
from ncsresearch.report.word import _of_chapter
from ncsresearch.study import check_folder

BOOK = """code_id,parent_id,label,facet
access,,Access,theme
travel,access,Travel,theme
cost,,Cost,theme
better,,Seen as better served,service level
less,,Seen as less well served,service level
"""
AREAS = "area_id,name,area_type,case_study,report\nnorth,North,mainly_rural,yes,yes\nsouth,South,larger_city,yes,yes\n"
POINTS = """point_id,document_id,section,ordinal,first_paragraph,last_paragraph,statement,kind,held_by,how_widely,read_by
p1,report,Buses,1,3,3,"Buses are few, two a day.",finding,Social workers,general,reader
p2,report,Buses,2,4,5,Rooms are dear.,finding,,one view,reader
"""
KPIS = """kpi_id,document_id,area_id,label,period,period_type,value,target
starts,report,,work started in time,2018 Q1,quarter,30,80
starts,report,,work started in time,2018 Q2,quarter,20,80
starts,report,,work started in time,2019,year,78.25,80
"""
COMMENTS = """category_id,document_id,question_id,question_label,category,n,published_percent,question_total
staffing,report,1,what works,Staffing,49,33,149
"""
POLL = "poll_item_id,document_id,question_id,label,direction,percent\nfit,report,2,services are fit,negative,66\n"
SURVEY = "item_id,document_id,label,percent,base\nheard,report,listened to,82,238\n"
STATISTICS = "document_id,area_id,series,period,value,unit\nreport,north,Orders,2020,1234,orders\n"


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """A study of what a document says, without people."""
    tables = {"points": POINTS, "kpi_values": KPIS, "comment_counts": COMMENTS, "poll_results": POLL}
    tables |= {"survey_items": SURVEY, "statistics": STATISTICS}
    settings = SETTINGS.replace('["02_themes"]', '["02_themes", "03_area_types"]')
    return load_study(study_folder(tmp_path_factory.mktemp("public") / "small", settings=settings, **tables))


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Twenty people in the country of whom sixteen raised travel, twenty in the city of whom six did; nobody raised cost."""
    folder = tmp_path_factory.mktemp("people") / "small"
    base = load_study(study_folder(folder, settings=OF_INTERVIEWS, codebook=BOOK, codings=None, areas=AREAS))
    crowd = [
        (f"{area}{n}", area, "Staff" if n < 10 else "Clients", f"{area}{n // 5}")
        for area in ("north", "south")
        for n in range(20)
    ]
    said = [*((name, "travel") for name, *_ in crowd[:16]), *((name, "travel") for name, *_ in crowd[20:26])]
    return heard(base, crowd, said)


def confidential(study):
    return replace(study, settings=replace(study.settings, access="confidential"))


def faults(study, text: str, name: str = "02_themes") -> list[str]:
    """What is wrong with a file of this text, without the name of the file."""
    found = findings_faults(study, parse_findings(name, text))
    return [str(fault).removeprefix(f"findings/{name}.md, ") for fault in found]


def shown(study, text: str) -> list:
    return findings(replace(study, findings={"02_themes": parse_findings("02_themes", text)}), "02_themes")


@pytest.mark.parametrize(
    ("span", "now"),
    [
        ("[29%]{kpi=starts statistic=first}", "30%"),
        ("[1%]{kpi=starts statistic=last}", "78%"),
        ("[1.00%]{kpi=starts statistic=last}", "78.25%"),
        ("[1 per cent]{kpi=starts statistic=lowest}", "20 per cent"),
        ("[1%]{kpi=starts statistic=highest}", "78%"),
        ("[1%]{kpi=starts statistic=mean}", "25%"),
        ("[1%]{kpi=starts statistic=target}", "80%"),
        ('[1%]{kpi=starts period="2018 Q2"}', "20%"),
        ("[81% of parents]{survey=heard}", "82% of parents"),
        ("[48]{comments=staffing}", "49"),
        ("[48 of 140 comments]{comments=staffing}", "49 of 149 comments"),
        ("[30%]{comments=staffing}", "33%"),
        ("[60%]{poll=fit}", "66%"),
        ("[1,000 orders]{statistic=Orders area_id=north}", "1,234 orders"),
        ("[1000]{statistic=Orders period=2020}", "1234"),
        ("[Three points]{points=access}", "Two points"),
    ],
)
def test_a_span_of_published_figures_reads_as_they_are_in_its_own_form(public, span, now):
    public = with_points_coded(public)
    text = f"## Work starts late\nIt was {span}.\n"
    file = parse_findings("02_themes", text)
    was = file.spans[0].text
    assert faults(public, text) == [f"line 2: found {was!r}, expected {now!r}."]
    mended = file.with_texts(texts_now(public, file))
    assert mended == text.replace(was, now)
    assert faults(public, mended) == []


@pytest.mark.parametrize(
    ("wholes", "found"),
    [((4936,), "expected '25.0%'."), ((4936, 4937), "expected '25.0%'."), ((4936, 2468), "found 2 shares, ")],
)
def test_a_share_of_the_country_is_given_where_every_source_gives_the_same(public, wholes, found):
    """1,234 orders of 4,936 are a quarter; of 2,468, as another source has it, they are half."""
    own = public.statistics
    country = [own.assign(area_id="south", value=value) for value in wholes]
    study = public.holding(statistics=pd.concat([own, *country]))
    (fault,) = faults(
        study, "## Orders\nIt was [1.0%]{statistic=Orders area_id=north period=2020 of=south}.\n"
    )
    assert found in fault


def with_points_coded(study):
    codings = study.codings.iloc[:1]
    own = [
        codings.assign(unit="points", unit_id=name, coding_id=name, code_id="access") for name in ("p1", "p2")
    ]
    return study.holding(codings=pd.concat([study.codings, *own]).astype({"unit": "str"}))


@pytest.mark.parametrize(
    ("span", "now"),
    [
        ("[1 of 2 people]{people=travel}", "22 of 40 people"),
        ("[1 of 2]{people=access area_type=rural}", "16 of 20"),
        ("[1%]{people=travel area_type=rural}", "80%"),
        ("[two]{people=travel area_id=south}", "six"),
        ("[some people in rural areas]{people=travel area_type=rural}", "most people in rural areas"),
        ("[Most]{people=travel area_id=south}", "Some"),
        ("[most]{people=travel}", "about half"),
        ("[some]{people=cost}", "nobody"),
        ("[9 of 9]{people=travel heard_from=Clients}", "6 of 20"),
        ("[9 people]{base=people area_type=rural}", "20 people"),
        ("[9]{base= heard_from=Staff}", "20"),
        ("[9 interviews]{base=interviews}", "8 interviews"),
        ("[Nine areas]{base=areas}", "Two areas"),
        ("[1 of 2 areas]{areas=travel}", "2 of 2 areas"),
        ("[no area]{areas=travel}", "every area"),
        ("[1 of 2]{people=travel except=south}", "16 of 20"),
    ],
)
def test_a_span_of_people_reads_as_the_counts_are(people, span, now):
    text = f"## Travel matters\nSo said {span}.\n"
    was = parse_findings("02_themes", text).spans[0].text
    assert faults(people, text) == [f"line 2: found {was!r}, expected {now!r}."]


@pytest.fixture(scope="module")
def seen(people):
    """The people, of whom sixteen in the country and two in the city see women as less well served."""
    about = people.codings.head(18).assign(code_id="less", about_client_group="women")
    about = about.assign(coding_id=about["coding_id"] + "w")
    return people.holding(codings=pd.concat([people.codings.astype({"code_id": "str"}), about]))


@pytest.mark.parametrize(
    ("keys", "now"),
    [
        ("served=less client_group=women", "18 of 40 people"),
        ("served=less client_group=women area_type=rural", "16 of 20 people"),
        ("served=less client_group=women area_id=south", "2 of 20 people"),
        ("served=less client_group=women heard_from=Clients", "6 of 20 people"),
        ("served=better client_group=women area_type=rural", "0 of 20 people"),
        ("served=less client_group=women except=south", "16 of 20 people"),
    ],
)
def test_a_span_of_who_is_well_served_reads_as_people_see_it(seen, keys, now):
    text = f"## Women\nSo said [9 of 9 people]{{{keys}}}.\n"
    assert faults(seen, text) == [f"line 2: found '9 of 9 people', expected {now!r}."]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("served=worse client_group=women", "served 'worse', expected one of better, less."),
        (
            "served=less client_group=woman",
            "client_group 'woman', expected a client group of whom somebody said how it is served. Nearest: 'women'.",
        ),
        (
            "served=less client_group=women stance=challenge",
            "'stance', expected one of served, area_type, area_id, ",
        ),
        (
            "served=less client_group=women area_type=rural heard_from=Staff",
            "area_type and heard_from, expected one of them: people are counted by one grouping at a time.",
        ),
    ],
)
def test_a_span_of_who_is_well_served_names_what_is_unknown(seen, public, keys, message):
    text = f"## Women\nSo said [9]{{{keys}}}.\n"
    assert faults(seen, text)[0].startswith(f"line 2: found {message}")
    unheard = "line 2: found served, expected a kind of number that this study has: nobody was heard in it."
    assert ("worse" in keys or "stance" in keys) or faults(public, text) == [unheard]


@pytest.mark.parametrize("kind", ["people=travel", "served=less client_group=women"])
def test_a_span_is_of_one_area_or_of_all_others(seen, kind):
    text = f"## Travel\nSo said [9]{{{kind} area_id=south except=south}}.\n"
    assert faults(seen, text) == [
        "line 2: found area_id and except, expected one of them: an area, or all others."
    ]


def test_a_withheld_number_of_who_is_well_served_is_its_word(seen):
    text = "## Women\n[{}]{{served=less client_group=women area_id=south}} people say so.\n"
    assert faults(confidential(seen), text.format("2")) == [
        "line 2: found a number that is withheld, expected 'some'."
    ]
    assert faults(confidential(seen), text.format("some")) == []


def test_words_that_mean_the_same_are_kept(people):
    text = "## No one spoke of cost\n[None]{people=cost} did, in [no area]{areas=cost}, and travel in [every area]{areas=travel}.\n"
    assert faults(people, text) == []


def test_a_withheld_number_is_its_word_and_no_message_says_more(people):
    few = people.holding(codings=people.codings.iloc[:18])  # 16 in the country and 2 in the city
    private = confidential(few)
    text = "## Travel\n[{}]{{people=travel area_type=urban}} people in towns raised it, [{}]{{people=travel}} in all.\n"
    assert faults(few, text.format("2 of 20", "18 of 40")) == []
    assert faults(private, text.format("2 of 20", "18 of 40")) == [
        "line 2: found a number that is withheld, expected 'some'."
    ]
    assert faults(private, text.format("some", "18 of 40")) == []
    assert faults(private, "## Travel\n[16 of 20]{people=travel except=south} people elsewhere.\n") == [
        "line 2: found a number that is withheld, for which no word may be printed, expected a number of a larger group, or none."
    ]
    made = shown(private, text.format("some", "18 of 40"))[0]
    kept = made._repr_mimebundle_()
    assert kept[FINDING]["numbers"] == {"Travel, people heard": 18, "Travel, people heard, of": 40}
    assert kept[FINDING]["behind"] == [
        "Travel, people heard in urban areas: some of 20",
        "Travel, people heard: 18 of 40; 45%",
    ]


WRONG = [
    ("# Travel\nText [@point:p1].", "line 1: found '#', expected a heading that begins with ##."),
    ("### Travel\nText [@point:p1].", "line 1: found '###', expected a heading that begins with ##."),
    ("## Travel\n", "line 1: found a heading alone, expected a paragraph below it."),
    (
        "## Travel\n\nText.",
        "line 3: found a paragraph without evidence, expected a citation or a span in it.",
    ),
    (
        "## Travel\nText [@point:p11].",
        "line 2: found '@point:p11', expected a point_id of points.csv. Nearest: 'p1'.",
    ),
    (
        "## Travel\nText [@pont:p1].",
        "line 2: found '@pont:', expected one of @point:, @quote:, @passage:. Nearest: 'point'.",
    ),
    (
        "## Travel\nText\n[32%]{kpi starts} [@point:p1].",
        "line 3: found '[32%]{kpi starts}', expected a span [text]{key=value} or a citation [@point:ID].",
    ),
    (
        "## Travel\nText [@point:p1, @point:p2].",
        "line 2: found '[@point:ID, @point:ID]', expected a span [text]{key=value} or a citation [@point:ID].",
    ),
    (
        "## Travel\n[30%]{kip=starts}",
        "line 2: found 'kip', expected one of people, served, areas, base, kpi, survey, comments, poll, statistic, points. Nearest: 'kpi'.",
    ),
    (
        "## Travel\n[30%]{kpi=start statistic=first}",
        "line 2: found kpi_id 'start', expected one that the study has. Nearest: 'starts'.",
    ),
    (
        "## Travel\n[30%]{kpi=starts statistic=latest}",
        "line 2: found statistic 'latest', expected one of first, last, lowest, highest, mean, target. Nearest: 'last'.",
    ),
    (
        "## Travel\n[30%]{kpi=starts staistic=first}",
        "line 2: found 'staistic', expected one of kpi, statistic, period. Nearest: 'statistic'.",
    ),
    (
        "## Travel\n[a third]{kpi=starts statistic=first}",
        "line 2: found 'a third', expected a number, n of n, a share in percent, or one of nobody, a few, some, about half, most, "
        "almost all, everybody.",
    ),
    (
        "## Travel\n[49 of the 149 comments]{comments=staffing}",
        "line 2: found '49 of the 149 comments', expected a number, n of n, a share in percent, or one of nobody, a few, some, "
        "about half, most, almost all, everybody.",
    ),
    ("## Travel\n[3 of 9]{poll=fit}", "line 2: found '3 of 9', expected another form: a base is not known."),
    (
        "## Travel\n[9 of 9]{people=travel}",
        "line 2: found people, expected a kind of number that this study has: nobody was heard in it.",
    ),
    (
        "## Travel\nThree buses, or 2, a day [@point:p1].",
        "line 2: found 'Three', expected a span, or a number that a point cited in the paragraph has.",
    ),
    (
        "Six documents.\n",
        "line 1: found 'Six', expected a span, or a number that a point cited in the paragraph has.",
    ),
    (
        "## Two buses a day\nText [@point:p2].",
        "line 1: found 'Two', expected a span, or a number that a point cited in the paragraph has.",
    ),
    (
        "## Travel\nText [@point:p1].\n\n    print(1)\n",
        "line 4: found a block code, expected a paragraph or a list.",
    ),
    (
        "## Travel\nText [@point:p1].\n\n{{figur points}}\n",
        "line 4: found '{{figur points}}', expected a line such as {{figure counts by=area_type}}. Nearest: 'figure'.",
    ),
    (
        "## Travel\nText [@point:p1].\n\n{{table point}}\n",
        "line 4: found 'point', expected a function of ncsresearch that gives a frame. Nearest: 'points'.",
    ),
    (
        "## Travel\nText [@point:p1].\n\n{{table interview_quotations}}\n",
        "line 4: found 'interview_quotations', expected a function of ncsresearch that gives a frame. Nearest: "
        "'quotations'.",
    ),
    (
        "## Travel\nText [@point:p1].\n\n{{table coded_units by=them}}\n",
        """line 4: found "coded_units {'by': 'them'}", expected what it can be asked: by must be one of ('stance', """
        """'area_type', 'area_id', 'client_group', 'heard_from'), not 'them'.""",
    ),
    (
        "## Travel\nText [@point:p1].\n\n{{table points bye=theme}}\n",
        "line 4: found 'bye', expected one of by. Nearest: 'by'.",
    ),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[message[:60] for _, message in WRONG])
def test_a_line_that_fails_is_named_with_what_was_expected_and_found(public, text, message):
    assert message in faults(public, text)
    if not text.startswith("##"):
        return
    with pytest.raises(StudyError) as error:
        shown(public, text)
    assert f"findings/02_themes.md, {message}" in str(error.value).split("\n")


def test_all_of_a_file_are_listed_at_once_in_the_order_of_its_lines(public):
    text = "## Travel\nText [@point:p9].\n\n## Rooms\n[31%]{kpi=starts statistic=first} and [50]{comments=staffing}.\n\nMore.\n"
    assert [line.split(":")[0] for line in faults(public, text)] == ["line 2", "line 5", "line 5", "line 7"]


def test_a_paragraph_opens_to_its_points_and_the_figures_behind_it(public):
    text = (
        "One line of status.\n\n## Buses are *few*\n"
        "There are two a day [@point:p1; @point:p2], and work <b>started</b> in time for\n[30%]{kpi=starts statistic=first}.\n"
    )
    first, made = shown(public, text)
    kept = made._repr_mimebundle_()
    assert first._repr_mimebundle_()[FINDING]["sentence"] == "One line of status."
    assert kept["text/html"] == (
        '<div class="written"><h2>Buses are few</h2><p>There are two a day'
        '<sup><a href="#written_2-1"><span class="unseen">Evidence </span>1</a></sup><sup>, </sup>'
        '<sup><a href="#written_2-2"><span class="unseen">Evidence </span>2</a></sup>'
        ", and work &lt;b&gt;started&lt;/b&gt; in time for\n"
        '<a href="#written_2-3">30%</a>.</p><details><summary>Evidence</summary><ol>'
        '<li id="written_2-1">Buses are few, two a day. (Social workers; in general; A report, paragraph 3)</li>'
        '<li id="written_2-2">Rooms are dear. (one view; A report, paragraphs 4 to 5)</li>'
        '<li id="written_2-3">Work started in time, first: 30% (A report)</li>'
        "</ol></details></div>"
    )
    assert kept[FINDING] == {
        "name": "written_2",
        "heading": "Buses are few",
        "sentence": "There are two a day, and work <b>started</b> in time for 30%.",
        "numbers": {"work started in time, first": 30},
        "evidence": ["p1", "p2", "starts"],
        "behind": [
            "Buses are few, two a day. (Social workers; in general; A report, paragraph 3)",
            "Rooms are dear. (one view; A report, paragraphs 4 to 5)",
            "Work started in time, first: 30% (A report)",
        ],
        "source": "A report",
        "passages": [],
        "written": True,
        "whole": True,
    }


def test_a_number_that_a_span_names_is_bound_to_it(public):
    text = "## Orders\nIn {} there were [1,234]{{statistic=Orders period=2020}} orders.\n"
    assert faults(public, text.format(2020)) == []
    assert faults(public, text.format(2021)) == [
        "line 2: found '2021', expected a span, or a number that a point cited in the paragraph has."
    ]


def test_a_table_is_shown_where_the_author_places_it(public):
    text = "## Buses\nText [@point:p1].\n\n{{table points}}\n\nMore [@point:p2].\n"
    assert [type(each).__name__ for each in shown(public, text)] == ["Written", "PointList", "Written"]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("three people said so", True),
        ("36 of 47 did", True),
        ("two interviews", True),
        ("9 in 10", True),
        ("an hour, two hours or 20 miles away", False),
        ("one of them, in 2019", False),
        ("the 9 o'clock bus", False),
    ],
)
def test_a_number_of_people_outside_a_span_fails_in_a_confidential_study(people, words, wrong):
    text = f"## Travel\n[Most]{{people=travel area_type=rural}} people: {words}.\n"
    found = faults(confidential(people), text)
    expected = (
        "line 2: found a number outside a span, expected each number of people in one, so that it is checked."
    )
    assert set(found) == ({expected} if wrong else set())


TIES = "no words or point of one person where one area, or one kind of area, is named."


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("## Travel\nSo it was said [@quote:s0].", "areas/north", TIES),
        ("## Travel\n[Most]{people=travel area_type=rural} say so [@quote:s0].", "02_themes", TIES),
        ("## Rural clients travel\nSo they say [@quote:s0].", "02_themes", TIES),
        ("## Travel\nIn North they say so [@passage:s0].", "02_themes", TIES),
        (
            "## Travel\nSo they say [@quote:s0].",
            "02_themes",
            "a passage whose words may be printed, or a point that rests on one.",
        ),
        ("## Travel\nSo they say [@quote:s99].", "02_themes", "a segment_id of segments.csv."),
    ],
)
def test_the_words_of_one_person_are_cited_where_they_may_be_printed(people, text, name, message):
    kind = "@passage" if "passage" in text else "@quote"
    assert faults(confidential(people), text, name) == [
        f"line 2: found {kind}, citation 1, expected {message}"
    ]


def test_the_owner_of_a_study_reads_which_passage_may_not_be_printed_and_why(people):
    file = parse_findings("02_themes", "## Travel\nSo they say [@quote:s0].")
    assert [str(fault) for fault in findings_faults(confidential(people), file, private=True)] == [
        "findings/02_themes.md, line 2: found '@quote:s0', expected a passage whose words may be printed, or a point that rests on "
        "one: the study does not hold the words of s0, or they go over more than one line."
    ]


def test_no_point_and_no_unbound_number_of_people_is_in_the_file_of_an_area(people, public):
    study = confidential(people).holding(points=public.points)
    assert faults(study, "## Travel\nTwo people say so [@point:p1].", "areas/north") == [
        f"line 2: found @point, citation 1, expected {TIES}",
        "line 2: found a number outside a span, expected each number of people in one, so that it is checked.",
    ]


def test_a_narrowed_chapter_shows_what_counts_and_cites_what_is_inside(people):
    text = (
        "Before.\n\n## Both\n[16 of 20]{people=travel area_type=rural} and [6 of 20]{people=travel area_type=urban}.\n\n"
        "## Country\n[16 of 20]{people=travel area_type=rural}, in North [16 of 20]{people=travel area_id=north}.\n\n"
        "## All\n[22]{people=travel} did.\n"
    )
    study = replace(people, findings={"02_themes": parse_findings("02_themes", text)})
    headings = {
        name: [made.heading for made in findings_of(study, **chosen)]
        for name, chosen in {
            "all": {},
            "rural": {"area_type": "rural"},
            "urban": {"area_type": "urban"},
            "theme": {"theme": "access"},
        }.items()
    }
    assert headings == {
        "all": ["", "Both", "Country", "All"],
        "rural": ["Country"],
        "urban": [],
        "theme": ["Both", "Country", "All"],
    }


def findings_of(study, **chosen) -> list:
    """Findings of a chapter that is narrowed, checked against the whole study in hand."""
    from ncsresearch.present import findings as module

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "whole_of", lambda _: study)
        return findings(study.where(**chosen), "02_themes")


# files

SOUND = "## Buses\nWork started in time for [30%]{kpi=starts statistic=first} [@point:p1].\n"


@pytest.fixture
def folder(public, tmp_path):
    folder = shutil.copytree(public.folder, tmp_path / "small")
    (folder / "findings" / "areas").mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "findings/03_area_typs.md",
            SOUND,
            "findings/03_area_typs.md: no chapter, page or area with a report has this name. Did you mean '03_area_types'?",
        ),
        (
            "findings/areas/nort.md",
            SOUND,
            "findings/areas/nort.md: no chapter, page or area with a report has this name. Did you mean 'areas/north'?",
        ),
        (
            "claims.toml",
            "",
            "claims.toml is no longer read. Write each of its sentences into findings/CHAPTER.md below a heading, with its quantity "
            "as a span, such as For [most]{people=CODE stance=challenge area_type=rural} people in rural areas ..., and take "
            "claims.toml away; README.md shows how, and `ncsresearch findings STUDY` says what does not hold.",
        ),
    ],
)
def test_a_file_that_no_page_would_show_is_refused(folder, name, text, message):
    (folder / name).write_text(text)
    for read in (load_study, check_folder):
        with pytest.raises(StudyError) as error:
            read(folder)
        assert str(error.value) == message


def test_the_file_of_an_area_without_a_report_is_refused(folder):
    areas = folder / "areas.csv"
    areas.write_text(areas.read_text().replace("larger_city,yes,yes", "larger_city,yes,no"))
    (folder / "findings/areas/south.md").write_text(SOUND)
    with pytest.raises(StudyError) as error:
        load_study(folder)
    assert str(error.value) == (
        "findings/areas/south.md: no chapter, page or area with a report has this name. Did you mean 'areas/north'?"
    )


def test_a_file_that_is_not_utf8_is_refused(folder):
    (folder / "findings/areas/north.md").write_bytes(b"## Caf\xe9\n")
    with pytest.raises(StudyError) as error:
        load_study(folder)
    assert str(error.value) == (
        "findings/areas/north.md: found a byte at position 6 that is not UTF-8, expected a text saved as UTF-8."
    )


def test_the_file_of_an_area_is_checked_with_what_its_report_reads(folder):
    (folder / "findings/areas/north.md").write_text(
        "## Orders\n[1,234]{statistic=Orders area_id=north} orders.\n"
    )
    (folder / "findings/areas/south.md").write_text(
        "## Orders\n[1,234]{statistic=Orders area_id=north} orders.\n"
    )
    assert [str(fault) for fault in faults_of_findings(load_study(folder))] == [
        "findings/areas/south.md, line 2: found series 'Orders', expected one that the study has."
    ]


def test_the_report_on_an_area_of_few_people_has_no_frame_but_its_own(people):
    part = replace(confidential(people), part_of="north")
    found = findings_faults(
        part, parse_findings("areas/north", "## Travel\n[Most]{people=travel}.\n\n{{table survey}}\n")
    )
    assert str(found[-1]) == (
        "findings/areas/north.md, line 4: found 'survey', expected a frame that the report on an area shows. Nearest: 'served'."
    )


def rewritten(folder) -> dict[str, list[str]]:
    """What an update makes of spans, by file."""
    found = update_findings(load_study(folder))
    return {name: [now for _, now in changed] for name, changed in found.items()}


def test_the_file_of_an_area_is_previewed_and_updated_with_what_its_report_reads(folder):
    stale = "## Orders\n[1]{statistic=Orders} orders.\n\n## More\n[1]{statistic=Orders area_id=south}.\n"
    (folder / "findings/areas/north.md").write_text(stale)
    seen = preview(load_study(folder), "areas/north")
    assert [str(fault).split(", ", 1)[1] for fault in seen.faults] == [
        "line 2: found '1', expected '1,234'.",
        "line 5: found area_id 'south', expected one that the study has. Nearest: 'north'.",
    ]
    assert rewritten(folder) == {"findings/areas/north.md": ["1,234"]}
    assert (folder / "findings/areas/north.md").read_text() == stale.replace("[1]", "[1,234]", 1)


def test_a_preview_reads_the_file_again_fills_it_in_and_says_what_fails(folder):
    file = folder / "findings" / "02_themes.md"
    file.write_text(SOUND)
    study = load_study(folder)
    assert "Everything holds." in preview(study, "02_themes")._repr_mimebundle_()["text/html"]
    file.write_text(SOUND.replace("30%", "31%").replace("p1", "p11"))
    seen = preview(study, "02_themes")
    assert [str(fault) for fault in seen.faults] == [
        "findings/02_themes.md, line 2: found '31%', expected '30%'.",
        "findings/02_themes.md, line 2: found '@point:p11', expected a point_id of points.csv. Nearest: 'p1'.",
    ]
    assert seen.shown[0]._repr_mimebundle_()["text/plain"] == "Buses\nWork started in time for 30%."
    with pytest.raises(StudyError, match="There is no file in findings/ '03_area_types'; known: 02_themes."):
        preview(study, "03_area_types")


LINES = st.sampled_from(
    [
        "## A heading",
        "Text with [31%]{kpi=starts statistic=first} and [@point:p1].",
        "[48 of 9\ncomments]{comments=staffing}, [a third]{poll=fit}, [about]{nothing=x}",
        "[60%]{poll=fit}[1]{survey=heard}",
        "Größe 90% [x](y) {",
        "{{table points}}",
        "",
        "\ufeff",
    ]
)


@given(lines=st.lists(LINES, max_size=8), end=st.sampled_from(["\n", "\r\n"]))
def test_an_update_touches_spans_alone_and_a_second_one_nothing(public, lines, end):
    file = parse_findings(
        "02_themes", end.join(lines).replace("\n", end) if end == "\r\n" else "\n".join(lines)
    )
    updated = file.with_texts(texts_now(public, file))
    again = parse_findings("02_themes", updated)
    assert again.with_texts(texts_now(public, again)) == updated
    assert [span.keys for span in again.spans] == [span.keys for span in file.spans]
    assert without_texts(again) == without_texts(file)


def without_texts(file) -> str:
    return file.with_texts({span.start: "" for span in file.spans})


def test_an_update_writes_what_changed_and_nothing_else(folder):
    stale, sound = folder / "findings/02_themes.md", folder / "findings/03_area_types.md"
    stale.write_bytes(SOUND.replace("30%", "31%").replace("\n", "\r\n").encode())
    sound.write_text(SOUND)
    before = sound.stat().st_mtime_ns
    assert rewritten(folder) == {"findings/02_themes.md": ["30%"]}
    assert stale.read_bytes() == SOUND.replace("\n", "\r\n").encode()
    assert sound.stat().st_mtime_ns == before
    assert rewritten(folder) == {}
    assert sorted(path.name for path in stale.parent.iterdir()) == [
        "02_themes.md",
        "03_area_types.md",
        "areas",
    ]


def test_numbers_from_two_on_are_found_however_they_are_written():
    text = "One of 1, two in 2,500; twenty-one at 3.5 and A4, x2 and Seven, a dozen or ninety."
    assert [(written, value) for written, value, _ in numbers_in(text)] == [
        ("two", "2"),
        ("2,500", "2500"),
        ("twenty", "20"),
        ("3.5", "3.5"),
        ("Seven", "7"),
        ("dozen", "12"),
        ("ninety", "90"),
    ]


def test_the_example_of_a_new_study_is_written_as_findings_are(people, tmp_path):
    new_study(tmp_path / "new")
    example = (tmp_path / "new" / "findings" / "EXAMPLE.txt").read_text()
    text = example.partition("\n\n")[2].replace("CODE", "travel").replace("SEGMENT_ID", "s0")
    assert faults(people, text) == [
        "line 2: found '36 of 47 people', expected '16 of 20 people'.",
        "line 3: found '17 of 94', expected '6 of 20'.",
        "line 3: found 'most', expected 'nobody'.",
    ]


# pages


def notebook(*cells: tuple) -> dict:
    """A notebook of Markdown, given as text, and of code cells, given as what they show."""
    made = []
    for at, cell in enumerate(cells):
        own = {"cell_type": "markdown", "source": cell}
        if not isinstance(cell, str):
            shown = [
                {"output_type": "display_data", "data": each._repr_mimebundle_(), "metadata": {}}
                for each in cell
            ]
            own = {"cell_type": "code", "source": "", "execution_count": None, "outputs": shown}
        made.append({"id": f"c{at}", "metadata": {}} | own)
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_the_tables_of_a_folded_cell_fold_on_the_page_and_word_leaves_them_to_the_workbook(public):
    table = shown(public, "{{table points}}\n")
    made = notebook("# Title", "## Points", [*table, Finding("a", "By rule.", {"n": 1})])
    caption = table[0].caption
    opened = f'<details class="data"><summary>{caption}</summary><div class="points">'
    assert opened not in chapter_page(nbformat.from_dict(made), study="A study")
    made["cells"][2]["metadata"]["tags"] = ["folded"]
    page = chapter_page(nbformat.from_dict(made), study="A study")
    assert page.count(opened) == page.count('<details class="data">') == 1
    word = _of_chapter(Chapter("points", "Points", made))
    assert [piece.text for piece in word] == [
        "Points",
        f"{caption}: in the Excel workbook of this study.",
        "By rule.",
    ]


def test_a_page_has_the_authors_findings_and_no_key_points_made_by_rule_and_shows_a_placed_table_once(public):
    table = shown(public, "{{table points}}\n")
    written = shown(public, "## Buses\nText [@point:p1].\n\n{{table points}}\n")
    rest = ("## Key points", [Finding("a", "By rule.", {"n": 1})], "## Points", table)
    found = [(piece.kind, piece.text) for piece in pieces(notebook("# Title\n\nAsked.", written, *rest))]
    caption = table[0].caption
    assert found == [
        ("heading", "Title"),
        ("prose", "Asked."),
        ("heading", "Buses"),
        ("finding", "Text."),
        ("table", caption),
    ]
    of_a_part = [replace(each, whole=False) for each in shown(public, "## Buses\nText [@point:p1].\n")]
    assert [piece.text for piece in pieces(notebook("# Title\n\nAsked.", of_a_part, *rest[:2]))][-2:] == [
        "More of the evidence",
        "By rule.",
    ]
    by_rule = [(piece.kind, piece.text) for piece in pieces(notebook("# Title\n\nAsked.", [], *rest))]
    assert by_rule[2:] == [
        ("heading", "Key points"),
        ("finding", "By rule."),
        ("heading", "Points"),
        ("table", caption),
    ]
    page, of_part = (
        chapter_page(nbformat.from_dict(notebook("# Title\n\nAsked.", own, *rest)), study="A study")
        for own in (written, of_a_part)
    )
    contents = '<li><a href="#finding-written_1">Buses</a></li><li><a href="#More-of-the-evidence">'
    assert contents in of_part and "By rule." in of_part and "By rule." not in page
    assert '<div id="finding-written_1"><div class="written"><h2>Buses</h2>' in page


def test_a_share_of_a_poll_opens_to_what_its_people_answered(public):
    """66% of a poll did not agree that services are fit for purpose: "services are fit: 66%" says the opposite."""
    assert (
        note_on_span(public, poll(public, {"poll": "fit"})).line
        == "Services are fit, did not agree: 66% (A report)"
    )


def test_an_update_names_the_line_where_a_number_became_a_word(tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(PROJECT / "data/illustrative", folder)
    shutil.rmtree(folder / "findings")
    (folder / "findings").mkdir()
    text = "## Leadership\n\n[{}]{{people=leadership heard_from=Clients}} clients spoke of it.\n"
    (folder / "findings/02_themes.md").write_text(text.format("3 of 20"), encoding="utf-8")
    updated = CliRunner().invoke(app, ["findings", str(folder), "--update"])
    assert updated.stdout.splitlines() == [
        "findings/02_themes.md: 1 span rewritten",
        "findings/02_themes.md, line 3: '3 of 20' is 'some' now; read the sentence again.",
        "study: 0 faults in 1 file of findings.",
    ]
