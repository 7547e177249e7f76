from dataclasses import replace

import pandas as pd
import pytest

import ncsresearch as ncs
from conftest import PROJECT
from ncsresearch.explorer.published import count_passages
from ncsresearch.explorer.selection import Selection
from ncsresearch.present.figure import plot_raised, plot_stances, plot_tiles
from ncsresearch.present.outputs import FINDING, TABLE, Figure, Finding, Table
from ncsresearch.present.quotation import say_quotations
from ncsresearch.present.sentence import counted, listed, lower_first
from ncsresearch.present.tile_map import _places
from ncsresearch.present.views import VIEWS
from ncsresearch.study import load_study


def table(rows: pd.DataFrame, **shown: str) -> Table:
    return Table("a_table", "A <caption>", rows, shown, "people", "a source")


ROWS = pd.DataFrame({"name": ["a & b", None], "n": [1234.0, None], "share": [0.333, 0.5]})


def test_a_table_says_its_base_and_source_and_what_is_not_known():
    shown = table(ROWS, name="Name", n="People", share="Share %")
    assert shown.cells().to_numpy().tolist() == [["a & b", "1,234", "33%"], ["–", "[x]", "50%"]]
    html = shown.to_html()
    assert "<caption>A &lt;caption&gt;</caption>" in html
    assert '<th scope="col">Name</th><th scope="col" class=number>People</th>' in html
    assert '<th scope="row">a &amp; b</th><td class=number>1,234</td>' in html
    assert "Base: people. Source: a source. [x]: not available." in html


def test_a_table_gives_its_tidy_rows_to_the_run():
    data = table(ROWS, name="Name")._repr_mimebundle_()[TABLE]
    assert data["columns"] == {"name": ["a & b", None], "n": [1234.0, None], "share": [0.333, 0.5]}


def test_an_empty_table_says_so():
    assert table(ROWS.iloc[:0], name="Name").to_html() == (
        '<p class="no-evidence">A &lt;caption&gt;: no evidence.</p>'
    )


def test_a_table_refuses_a_column_it_does_not_have_and_a_name_that_is_no_file_name():
    with pytest.raises(
        ValueError, match=r"Table a_table is to show \['size'\]; its rows have \['name', 'n', 'share'\]."
    ):
        table(ROWS, size="Size")
    with pytest.raises(ValueError, match="not 'A table'"):
        Table("A table", "", ROWS, {}, "", "")


def test_a_difference_has_a_sign():
    rows = pd.DataFrame({"gap": [-3.0, 4.0]})
    assert table(rows, gap="Gap, points").cells()["Gap, points"].tolist() == ["-3", "+4"]


def test_a_finding_opens_to_its_evidence():
    evidence = pd.DataFrame(
        {"unit_id": ["s1", "s1"], "label": ["rope & knot"] * 2, "stance": ["challenge"] * 2}
    )
    finding = Finding("rope", "One <passage>.", {"passages": 1}, evidence, "A report")
    html = finding.to_html()
    assert "<p>One &lt;passage&gt;.</p><details><summary>Evidence</summary><p>Source: A report.</p>" in html
    assert html.count("<li>rope &amp; knot <small>(challenge)</small></li>") == 1
    assert finding._repr_mimebundle_()[FINDING]["evidence"] == ["s1"]


def test_a_finding_lists_what_has_a_label_and_no_id():
    rows = {"unit_id": ["s1", "s2"], "document_id": "d1", "kind": "passage", "label": ["rope", None]}
    html = Finding("rope", "Two.", {}, pd.DataFrame(rows), "A report").to_html()
    assert html.count("<li>") == html.count("<li>rope <small>(passage)</small></li>") == 1


@pytest.mark.parametrize("access", ["public", "confidential"])
def test_a_table_shows_no_column_of_ids_and_in_a_confidential_study_has_none(access):
    study = load_study(PROJECT / "data" / "published")
    study = replace(study, settings=replace(study.settings, access=access))
    _, made = ncs.table(ncs.quotations(study))
    assert list(made.cells())[:3] == ["Summary", "Group", "Interview"]
    (said,) = ncs.table(ncs.client_views(study))
    for rows in (made.rows, said.rows):
        assert {"segment_id", "unit_id", "point_id"}.isdisjoint(rows) == (access == "confidential")


def test_lists_and_counts_in_words():
    assert listed([]) == "none"
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a and b", "c"]) == "a and b, and c"
    assert listed(["a and b", "c", "d"]) == "a and b; c; and d"
    assert listed(["a, b", "c"]) == "a, b; and c"
    assert (counted(1, "area"), counted(2, "area"), counted(1200, "city", "cities")) == (
        "1 area",
        "2 areas",
        "1,200 cities",
    )
    assert lower_first("Information sharing and ICT") == "information sharing and ICT"


QUOTED = pd.DataFrame(
    {
        "segment_id": ["q1"],
        "section": ["Rope"],
        "participant_group": ["Clients"],
        "number": [3],
        "area_id": ["north"],
        "text": ["We <went>\nout."],
    }
)


def test_a_quotation_has_a_group_and_a_number_and_never_an_area():
    html = say_quotations(QUOTED).to_html()
    assert "<blockquote><p>“We &lt;went&gt;<br>out.”</p><footer>Clients, interview 3</footer>" in html
    assert "north" not in html


def test_without_the_documents_no_words_are_shown(published):
    assert ncs.say(ncs.quotations(published)) == []


def test_the_words_of_a_quotation_are_those_of_the_document(sources, published):
    quotations = ncs.quotations(published.of_documents(["ncs_ch6"]), sources_dir=sources)
    words = quotations.set_index("segment_id")["text"]
    assert len(words) == 14
    assert words["ncs_ch6-q02"].startswith("I was expecting")
    (shown,) = ncs.say(quotations)
    assert "I was expecting" in shown.to_html()


def test_a_changed_word_in_a_copy_is_refused(sources, published, tmp_path):
    name = "ncs-justice-social-work-chapter-6.txt"
    text = (sources / name).read_text(encoding="utf-8").replace("I was expecting to be", "I was hoping to be")
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ncs.StudyError) as raised:
        ncs.quotations(published.of_documents(["ncs_ch6"]), sources_dir=tmp_path)
    place = published.segments.set_index("segment_id").loc["ncs_ch6-q02"]
    told = f"ncs_ch6-q02 (characters {place.start} to {place.end})"
    assert str(raised.value) == f"{name}: does not hold word for word: {told}."


def test_the_same_data_draw_the_same_bytes(published):
    def drawn() -> str:
        (figure,) = ncs.plot(ncs.consultation(published))
        return figure.to_svg()

    svg = drawn()
    assert svg == drawn()
    assert svg.startswith("<svg ") and 'role="img"' in svg[: svg.index(">")]
    assert (
        "<title>Bars of comments by topic, one for each question. What works well, workforce: 49 of 149; "
        in svg
    )


def test_no_figure_counts_points_or_passages(published):
    drawn = {kind for kind, view in VIEWS.items() if view.plot}
    assert {"people by stance", "consultation", "areas"} <= drawn
    assert not [kind for kind in drawn if kind.startswith(("points", "passages", "coded units"))]
    _, explored, figure = count_passages(published, Selection(), rules=False)
    assert (len(explored.rows) > 20, figure) == (True, None)


@pytest.mark.parametrize(
    ("shares", "words", "is_drawn"),
    [
        ([0.25, None], ["", ""], True),
        ([0.25, None], ["", "some"], True),
        ([0.25, 0.0, None, None, None], [""] * 5, False),
        ([0.25, 0.0, None, None, None], ["", "", "", "some", "most"], False),
    ],
)
def test_a_figure_with_more_than_half_of_its_cells_withheld_is_not_drawn(shares, words, is_drawn):
    shares, words = (
        pd.DataFrame({"North": cells}).rename_axis("theme").rename("T{}".format) for cells in (shares, words)
    )
    tiles = plot_tiles(shares, "areas", "Share", base="", source="", words=words)
    assert (tiles is not None) == is_drawn


@pytest.mark.parametrize(("known", "is_drawn"), [(2, True), (1, False)])
def test_bars_of_which_most_are_withheld_are_not_drawn(known, is_drawn):
    n = pd.array([9, 8, 7, 6][:known] + [None] * (4 - known), dtype="Int64")
    rows = pd.DataFrame({"theme": [*"abcd"], "n": n, "words": "", "stance": ["strength", "challenge"] * 2})
    assert (plot_raised(rows, source="", what="people") is not None) == is_drawn
    pairs = rows.assign(theme=[*"aabb"])
    assert (plot_stances(pairs, by="theme", source="", what="people") is not None) == is_drawn


@pytest.mark.parametrize("show", [ncs.say, ncs.plot, ncs.table, ncs.limits])
@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (ncs.consultation, ["The study has no count of comments or poll result."]),
        (ncs.survey, ["The study has no survey."]),
        (ncs.kpis, ["The study has no performance measure, rating or improvement action."]),
        (ncs.poll, []),
        (ncs.actions, []),
    ],
)
def test_a_frame_of_nothing_is_not_shown(published, frame, why, show):
    said = [made.sentence for made in show(frame(published.of_documents([])))]
    assert said == (why if show is ncs.say else [])


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize("areas", [1, 2, 3])
def test_tiles_of_few_areas_leave_room_for_their_title(areas):
    shares = pd.DataFrame(
        {f"Area {n}": [0.25, None] for n in range(areas)}, index=["Travel", "Support for staff"]
    )
    tiles = plot_tiles(
        shares.rename_axis("theme"),
        "areas",
        "Share of the people heard in the area who raised the theme",
        base="",
        source="",
    )
    assert "<svg" in tiles.to_svg()
    width = tiles.canvas.axes[0].get_window_extent().width / tiles.canvas.dpi
    assert width > 3


def test_a_figure_without_a_canvas_says_so():
    figure = Figure("nothing", None, "There is nothing to draw here.")
    assert figure._repr_mimebundle_() == {
        "text/plain": "There is nothing to draw here.",
        "text/html": '<p class="no-evidence">There is nothing to draw here.</p>',
    }


def test_areas_of_scotland_are_a_map_by_class(published):
    (drawn,) = ncs.plot(ncs.areas(published))
    assert drawn.data.cells()[["Class", "Letter", "Case study areas among them"]].to_numpy().tolist() == [
        ["Larger Cities", "L", "Glasgow City"],
        ["Urban with Substantial Rural", "U", "Fife, South Lanarkshire, West Lothian"],
        ["Mainly Rural", "M", "Highland"],
        ["Islands and Remote Rural", "I", "Argyll and Bute"],
    ]
    assert "Wokingham" not in drawn.alt
    assert drawn.alt.endswith("Glasgow City; Highland; South Lanarkshire; and West Lothian.")
    svg = drawn.to_svg()
    assert {svg.count(f">{name}<") for name in ("Fife", "Orkney", "Moray")} == {1}


def test_tiles_stand_apart_one_an_authority():
    tiles = _places()
    assert not tiles.duplicated(["column", "row"]).any() and not tiles.duplicated("gss_code").any()
    assert tiles["lines"].str.split("/").explode().str.len().max() <= 9


def test_areas_that_are_others_or_have_no_class_are_not_on_a_map(published):
    areas = published.areas
    fewer = areas[areas["area_id"].ne("fife")]
    unclassed = areas.assign(classification=areas["classification"].mask(areas["area_id"].eq("fife")))
    for other in (fewer, unclassed):
        assert ncs.plot(ncs.areas(published.holding(areas=other))) == []
