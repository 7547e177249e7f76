"""Statements that once misled a reader: what the studies say of each now."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest

import ncsresearch as ncs
from conftest import PROJECT
from ncsresearch.evidence.judgements import reported
from ncsresearch.present.outputs import TABLE
from ncsresearch.present.written import plain
from ncsresearch.study import load_study

CONCERN = re.compile(r"[^.;,]*?most often concern ")


def section(study, chapter: str, heading: str):
    """Return the finding of a chapter whose heading begins so, with its place."""
    (found,) = [
        (place, each)
        for place, each in enumerate(study.findings[chapter].sections)
        if each.heading and plain(each.heading).startswith(heading)
    ]
    return found


def cited(found) -> set[str]:
    return {unit for paragraph in found.paragraphs for _, unit in paragraph.cited}


def stances(study, code_id: str) -> dict[str, str]:
    rows = reported(study)
    return rows[rows["code_id"].eq(code_id)].set_index("unit_id")["stance"].to_dict()


def said(frame) -> list[str]:
    return [finding.sentence for finding in ncs.say(frame)]


@pytest.fixture(scope="module")
def of_passages(published):
    """The study as it is without its points, in the sentences that count."""
    return said(ncs.counts(published.holding(points=published.points.iloc[:0]), by="stance"))


def test_working_in_silos_is_what_hinders_and_no_view_against_a_wish_to_share(published):
    point = published.points.set_index("point_id").loc["sl-p091"]
    assert (point["kind"], pd.isna(point["qualifies"])) == ("finding", True)
    assert stances(published, "hinders")["sl-p091"] == "challenge"


def test_what_is_hard_in_large_urban_areas_is_said(published):
    _, found = section(published, "03_area_types", "Large urban areas are thought to have more partners")
    assert "ch6-p027" in cited(found)
    _, moved = section(published, "03_area_types", "One view is that core work is fairly even")
    assert {"ch6-p109", "ch6-p112"} <= cited(moved)  # within one authority, which need not be large
    (points,) = ncs.table(ncs.points(published, by="area_type"))
    assert "Urban areas" in set(points.rows["group"]) and "not in the comparison" not in points.to_html()


def test_client_groups_are_named_once_and_not_counted(published):
    """Of thirteen groups a source says of three that they are generally seen as less well served; one person named men.

    Authors say under which condition a group is better served, so that the rule is silent where they have written.
    """
    assert said(ncs.points(published, by="service level")) == []
    unwritten = replace(published, findings={})
    assert said(ncs.points(unwritten, by="service level")) == [
        "Generally seen as better served: women. Generally seen as less well served: clients in rural areas; older people "
        "convicted of sexual offences; people with complex or multiple needs. Young people are described both as better and "
        "as less well served. The conditions, and groups that are named less generally, are listed below."
    ]


def test_sharing_a_building_rests_on_what_speaks_for_it_and_against_it(published):
    _, found = section(published, "06_partnership_working", "Sharing a building")
    described = {stances(published, "co_location").get(unit) for unit in cited(found)}
    assert {"strength", "challenge"} <= described


def test_no_statement_sends_a_reader_to_a_chapter_that_is_elsewhere(published):
    words = [*published.points["statement"], *published.segments["label"].dropna()]
    assert not [said for said in words if re.search(r"(?i)\bsee chapter", said)]


def test_sentences_on_documents_give_no_number_of_passages(of_passages):
    assert of_passages and not [sentence for sentence in of_passages if CONCERN.search(sentence)]
    assert not [sentence for sentence in of_passages if re.search(r"\d passage", sentence)]


def test_a_theme_that_coders_do_not_agree_on_is_shown_with_a_caution():
    notebook = json.loads((PROJECT / "notebooks" / "11_trust_in_the_coding.ipynb").read_text("utf-8"))
    outputs = [output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", [])]
    (rows,) = [data[TABLE]["columns"] for data in outputs if data.get(TABLE, {}).get("name") == "agreement"]
    poor = [theme for theme, alpha in zip(rows["theme"], rows["alpha"], strict=True) if alpha < 0.665]
    assert poor == ["Partnership working"]
    limits = load_study(PROJECT / "data" / "illustrative").limits("02_themes")
    assert [limit for limit in limits if "agreed too little on partnership working" in limit]


def test_the_workforce_is_among_the_themes(published):
    counted = ncs.counts(published, by="stance")
    assert counted.loc[counted["theme"].eq("Workforce and supervision"), "n"].sum() > 0
    _, found = section(published, "02_themes", "The workforce is seen as a key strength")
    assert {"sl-p048", "sl-p036"} <= cited(found)


def test_views_of_clients_are_weighed_as_the_source_weighs_them(published):
    _, found = section(published, "05_client_views", "Clients praise broad practical and emotional help")
    words = " ".join(map(plain, found.paragraphs))
    assert "ch6-p078" in cited(found) and "on balance" in words


def test_lack_of_resources_is_central_to_delivering(published):
    place, found = section(
        published, "07_delivering_for_clients", "Professionals see lack of resources as central"
    )
    assert "ch6-p028" in cited(found)
    assert place < min(
        section(published, "07_delivering_for_clients", heading)[0]
        for heading in ("The law and national policies are thought", "Unpaid work and outside services")
    )
