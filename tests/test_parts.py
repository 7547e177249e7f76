"""The report on an area reads its own rows and the figures it prints beside them, and says what it would of the whole."""

from dataclasses import replace

import pandas as pd
import pytest

import ncsresearch as ncs
from builders import AREAS, study_folder
from conftest import PROJECT
from ncsresearch.analysis.points import apart
from ncsresearch.present.area_extracts import AreaExtracts, load_area
from ncsresearch.present.grammar import plot, say, table
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study

NOUNS = (
    *(
        ncs.area_peers,
        ncs.local_evidence,
        ncs.points_of_kind,
        ncs.themes_beside,
        ncs.area_profile,
        ncs.elsewhere,
    ),
    *(ncs.served, ncs.questions, ncs.suggestions, ncs.area_gaps),
)
OF_DOCUMENTS = (ncs.consultation, ncs.poll, ncs.kpis, ncs.ratings, ncs.actions, ncs.survey)
REPORTED = {
    name: [*load_study(PROJECT / "data" / name).areas.query("report == 'yes'")["area_id"]]
    for name in ("illustrative", "published")
}


@pytest.fixture(scope="module")
def studies():
    return {name: load_study(PROJECT / "data" / name) for name in REPORTED}


@pytest.fixture(scope="module")
def parts(studies):
    return {name: AreaExtracts(study) for name, study in studies.items()}


def shown(*frames) -> list[str]:
    made = [each for frame in frames for verb in (say, plot, table) for each in verb(frame)]
    kept = [replace(each, passages=()) if hasattr(each, "passages") else each for each in made]
    return [str(each._repr_mimebundle_()) for each in kept]


@pytest.mark.parametrize("name, area_id", [(name, each) for name, ids in REPORTED.items() for each in ids])
def test_a_part_tells_what_the_whole_study_tells_of_an_area(studies, parts, name, area_id):
    study, part = replace(studies[name], part_of=area_id), parts[name][area_id]
    for noun in NOUNS:
        assert shown(noun(part)) == shown(noun(study)), noun
    for noun in OF_DOCUMENTS:
        assert shown(noun(part.where(area_id=area_id))) == shown(noun(study.where(area_id=area_id))), noun


def test_a_report_that_has_been_written_says_by_rule_only_what_its_authors_do_not(parts):
    part = parts["published"]["west_dunbartonshire"]
    by_rule = replace(part, findings={})
    for noun in (ncs.local_evidence, ncs.kpis, ncs.ratings, ncs.actions, ncs.area_profile):
        assert say(noun(part)) == [] and say(noun(by_rule)) != [], noun
    assert shown(ncs.area_peers(part)) == shown(ncs.area_peers(by_rule)) != []


def test_every_area_has_findings_of_its_authors_and_at_most_eight_questions_from_different_points(parts):
    for name, areas in REPORTED.items():
        for area_id in areas:
            part = parts[name][area_id]
            asked = ncs.questions(part)
            assert f"areas/{area_id}" in part.findings
            assert (
                len(asked) <= 8 and asked["question"].is_unique and asked["question"].str.endswith("?").all()
            )
            assert asked["point_id"].dropna().is_unique
            assert not asked.empty


def test_nothing_that_is_said_of_the_other_areas_is_evidence_on_one_that_their_classes_do_not_cover(parts):
    part = parts["published"]["wokingham"]
    assert ncs.points_of_kind(part).empty and ncs.served(part).empty
    about = part.documents.set_index("document_id")["area_id"]
    assert set(ncs.questions(part)["document_id"].map(about)) == {"wokingham"}
    assert set(ncs.suggestions(part)["document_id"]) == {"wok_briefing"}


def test_points_on_a_kind_of_area_that_the_findings_on_the_area_cite_are_not_listed_again(parts):
    cited, others = parts["published"]["glasgow_city"], parts["published"]["highland"]
    assert ncs.points_of_kind(cited).empty and not ncs.points_of_kind(others).empty


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("not_classified mainly_rural", True),
        ("mainly_rural not_classified", False),
        ("not_classified not_classified cross_area", False),
    ],
)
def test_an_area_is_apart_where_others_have_a_class_and_it_has_none(types, expected):
    areas = pd.DataFrame({"area_type": types.split()})
    assert apart(areas.assign(area_id=areas.index), 0) is expected


def test_a_part_holds_nobody_of_another_area(parts):
    part = parts["illustrative"]["area_c"]
    assert set(part.participants["area_id"]) == {"area_c"}
    assert list(part.areas["area_id"]) == ["area_c"]
    assert set(part.segments["interview_id"]) <= set(part.interviews["interview_id"])
    assert set(part.codings["unit_id"]) <= {*part.segments["segment_id"], *part.interviews["interview_id"]}
    assert set(part.whole.counts["group"]) <= {"everybody", "rural", "urban", "Area C"}


def test_every_row_of_an_interview_study_is_in_one_part_or_in_all(studies, parts):
    study = studies["illustrative"]
    for name in ("participants", "interviews", "segments", "turns", "codings", "survey_answers"):
        rows = pd.concat([parts["illustrative"][area].tables[name] for area in REPORTED["illustrative"]])
        assert sorted(rows.index) == sorted(study.tables[name].index), name


def test_without_an_area_the_first_that_is_reported_on_is_read():
    part, documents = load_area(PROJECT / "data" / "illustrative")
    assert part.part_of == documents.part_of == "area_a"


def test_documents_about_an_area_are_read_apart_where_nobody_was_heard():
    assert load_area(PROJECT / "data" / "illustrative")[1].segments.empty
    part, documents = load_area(PROJECT / "data" / "published", "west_dunbartonshire")
    assert {"wd_inspection"} == set(documents.segments["document_id"]) < set(part.segments["document_id"])
    assert len(documents.kpi_values) and set(documents.actions["document_id"]) == {"wd_inspection"}


def test_an_unknown_area_gets_the_nearest():
    with pytest.raises(StudyError) as raised:
        load_area(PROJECT / "data" / "illustrative", "area_z")
    assert "area_z" in str(raised.value) and "area_a" in str(raised.value)


def test_a_study_without_reports_on_areas_says_where_they_are_chosen(tmp_path):
    study_folder(tmp_path / "small", areas=AREAS.replace("yes,yes", "yes,no"))
    with pytest.raises(StudyError) as raised:
        load_area(tmp_path / "small")
    assert str(raised.value) == "small: no area is reported on; areas.csv says which are (report: yes)."


def test_a_narrowed_part_counts_only_what_is_asked_for():
    part, _ = load_area(PROJECT / "data" / "illustrative", "area_a", theme="travel_and_distance")
    assert part.selection == {"theme": "travel_and_distance"}
    assert set(part.codings["code_id"].astype("str")) == {"travel_and_distance"}
