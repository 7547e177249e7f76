"""The report on an area reads its own rows and the figures it prints beside them, and says what it would of the whole."""

from dataclasses import replace

import pandas as pd
import pytest

from builders import AREAS, study_folder
from conftest import PROJECT
from ncsresearch.present import account_area
from ncsresearch.present.area_extracts import AreaExtracts, load_area
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study

SECTIONS = (
    *("area_in_brief", "area_itself", "area_evidence", "area_beside_the_rest"),
    *("area_kind", "area_groups", "area_plans", "area_unknown"),
)
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


def shown(section: str, study, area) -> list:
    made = getattr(account_area, section)(study, area)
    made = made if isinstance(made, list) else [made]
    kept = [replace(each, passages=()) if hasattr(each, "passages") else each for each in made]
    return [str(each._repr_mimebundle_()) for each in kept]


@pytest.mark.parametrize("name, area_id", [(name, each) for name, ids in REPORTED.items() for each in ids])
def test_a_part_tells_what_the_whole_study_tells_of_an_area(studies, parts, name, area_id):
    study, part = studies[name], parts[name][area_id]
    for section in SECTIONS:
        assert shown(section, part, part.area(area_id)) == shown(section, study, study.area(area_id)), section


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
    part, area = load_area(PROJECT / "data" / "illustrative")
    assert part.part_of == area["area_id"] == "area_a"


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
    part, area = load_area(PROJECT / "data" / "illustrative", "area_a", theme="travel_and_distance")
    assert part.selection == "theme travel_and_distance"
    assert set(part.codings["code_id"].astype("str")) == {"travel_and_distance"}
