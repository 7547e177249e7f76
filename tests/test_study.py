import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import AREAS, CODINGS, SETTINGS, study_folder
from conftest import PROJECT
from ncsresearch import StudyError
from ncsresearch.disclosure.counts import counts
from ncsresearch.disclosure.mask import withheld_counts
from ncsresearch.evidence.judgements import people_codings
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.study import Study, check_study, load_study
from ncsresearch.study.kept import kept


def said(folder) -> list[str]:
    return [str(fault) for fault in check_study(folder)]


def test_a_sound_study_has_no_fault(tmp_path):
    assert said(study_folder(tmp_path / "small")) == []


def test_a_table_without_a_file_is_empty_with_its_columns(tmp_path):
    study = load_study(study_folder(tmp_path / "small"))
    assert study.participants.empty
    assert list(study.participants) == ["participant_id", "area_id", "participant_group", "notes"]


def test_every_fault_of_every_table_is_named_at_once(tmp_path):
    areas = AREAS.replace("larger_city", "largercity") + "south,Other,small_town,yes,maybe\n"
    codings = CODINGS.replace("travel", "travle").replace("s2", "s9")
    faults = said(study_folder(tmp_path / "small", areas=areas, codings=codings))
    types = (
        "larger_city, urban_substantial_rural, urban_unspecified, mainly_rural, islands_remote, remote_rural, "
        "rural_unspecified, small_town, cross_area, not_classified, not_stated"
    )
    assert faults == [
        f"areas.csv, row 3, area_type: found 'largercity', expected one of {types}. Nearest: 'larger_city'.",
        "areas.csv, row 4, area_id: found 'south', expected a value no earlier row has.",
        "areas.csv, row 4, report: found 'maybe', expected one of yes, no.",
        "codings.csv, row 2, code_id: found 'travle', expected a code_id of codebook.csv. Nearest: 'travel'.",
        "codings.csv, row 3, unit_id: found 's9', expected a segment_id of segments.csv.",
    ]


def test_numbers_are_checked_before_they_are_read(tmp_path):
    areas = "area_id,name,area_type,population,case_study,report\nnorth,North,mainly_rural,many,yes,yes\n"
    faults = said(study_folder(tmp_path / "small", areas=areas))
    assert faults == ["areas.csv, row 2, population: found 'many', expected a whole number."]


def test_a_missing_column_is_named_with_the_one_that_may_be_meant(tmp_path):
    faults = said(study_folder(tmp_path / "small", areas=AREAS.replace("area_type", "areatype")))
    assert faults == [
        "areas.csv, row 1, area_type: found no such column, expected this column. Nearest: 'areatype'.",
        "areas.csv, row 1, areatype: found a column of this name, expected a column of the schema. "
        "Nearest: 'area_type'.",
    ]


def test_an_empty_cell_where_a_value_is_needed(tmp_path):
    faults = said(study_folder(tmp_path / "small", areas=AREAS.replace("North,", ",")))
    assert faults == ["areas.csv, row 2, name: found an empty cell, expected a value."]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (b"area_id,name\nnorth\n", "areas.csv, row 2: found 1 cells, expected 2, as many as the header has."),
        (b"area_id,area_id\n", "areas.csv, row 1, area_id: found a column twice, expected each column once."),
        (
            b"area_id,n\xe9\n",
            "areas.csv: found a byte at position 9 that is not UTF-8, expected a CSV saved as UTF-8.",
        ),
        (
            b'area_id,name\n"north',
            "areas.csv: found damaged CSV (unexpected end of data), expected rows of closed cells.",
        ),
    ],
)
def test_a_damaged_file_is_one_fault(tmp_path, damage, message):
    folder = study_folder(tmp_path / "small")
    (folder / "areas.csv").write_bytes(damage)
    assert said(folder) == [message]


def test_a_file_that_is_no_table(tmp_path):
    folder = study_folder(tmp_path / "small")
    (folder / "segment.csv").write_text("a\n")
    assert said(folder) == [
        "segment.csv: found a file of this name, expected a table of the schema. Nearest: 'segments.csv'."
    ]


def test_load_study_raises_with_every_fault(tmp_path):
    from ncsresearch import StudyError

    folder = study_folder(tmp_path / "small", areas=AREAS.replace("South", ""))
    with pytest.raises(StudyError) as raised:
        load_study(folder)
    assert (
        str(raised.value)
        == "small: 1 fault\n  areas.csv, row 3, name: found an empty cell, expected a value."
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (SETTINGS + "colour = 1\n", "There is no setting of study.toml 'colour'; known: "),
        (SETTINGS.replace('"public"', '"open"'), "There is no access 'open'; known: public, confidential."),
        (
            SETTINGS.replace('schema_version = "1"', 'schema_version = "0"'),
            "study.toml: schema_version is '0', expected '1'.",
        ),
        (SETTINGS.replace("title", "#title"), "study.toml: title missing."),
        (SETTINGS + 'interval_level = "high"\n', "study.toml: interval_level is 'high', expected a number."),
        (SETTINGS + "interval_level = 95\n", "study.toml: interval_level is 95, expected 0.5 to under 1."),
        ("title = ", "study.toml: Invalid value (at end of document)."),
    ],
)
def test_settings_are_refused_with_the_reason(tmp_path, settings, message):
    from ncsresearch import StudyError

    with pytest.raises(StudyError) as raised:
        load_study(study_folder(tmp_path / "small", settings=settings))
    assert str(raised.value).startswith(message)


def test_settings_that_name_nobody_are_faults(tmp_path):
    settings = SETTINGS + 'reporting_coder = "aa"\nnational_area = "norht"\n'
    assert said(study_folder(tmp_path / "small", settings=settings)) == [
        "study.toml, reporting_coder: found 'aa', expected a coder of codings.csv. Nearest: 'a'.",
        "study.toml, national_area: found 'norht', expected an area_id of areas.csv. Nearest: 'north'.",
    ]


def test_a_study_without_the_tables_others_point_to(tmp_path):
    found = said(study_folder(tmp_path / "small", areas=None, segments=None, codings=None))
    assert found == ["areas.csv: found no such file, expected a table that every study has."]


def test_a_folder_without_settings_names_the_nearest_study(tmp_path):
    from ncsresearch import StudyError

    study_folder(tmp_path / "highland")
    with pytest.raises(StudyError) as raised:
        load_study(tmp_path / "higland")
    assert str(raised.value) == (
        f"{tmp_path / 'higland'} is not a study folder: it has no study.toml. Did you mean 'highland'?"
    )


@pytest.fixture
def small(tmp_path) -> Study:
    return load_study(study_folder(tmp_path / "small"))


def test_where_keeps_a_theme_and_the_themes_below_it(small):
    assert list(small.where(theme="access").codings["coding_id"]) == ["c1", "c3"]


def test_where_rural_keeps_judgements_about_rural_areas(small):
    assert list(small.where(area_type="rural").codings["coding_id"]) == ["c1"]
    assert list(small.where(area_type="larger_city").codings["coding_id"]) == ["c3"]


def test_where_client_group(small):
    assert list(small.where(client_group="women").codings["coding_id"]) == ["c1"]


def test_where_area_keeps_what_belongs_to_it_and_no_dangling_judgement(small):
    north = small.where(area_id="north")
    assert north.segments.empty
    assert north.codings.empty
    assert len(north.areas) == 2


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"area_id": "nort"}, "There is no area 'nort'; known: north, south. Did you mean 'north'?"),
        (
            {"theme": "acess"},
            "There is no theme 'acess'; known: cost, access, travel. Did you mean 'access'?",
        ),
        ({"client_group": "woman"}, "There is no client group 'woman'; known: women. Did you mean 'women'?"),
    ],
)
def test_where_refuses_what_the_study_does_not_know(small, choice, message):
    from ncsresearch import StudyError

    with pytest.raises(StudyError) as raised:
        small.where(**choice)
    assert str(raised.value) == message


def test_themes_keep_the_order_of_the_codebook(small):
    assert list(small.codings["code_id"].cat.categories) == ["cost", "access", "travel"]


@settings(max_examples=150, derandomize=True)
@given(content=st.one_of(st.binary(max_size=80), st.text('abc,"\n\r;0é \t', max_size=80).map(str.encode)))
def test_any_bytes_in_a_table_are_faults_and_no_traceback(content):
    with TemporaryDirectory() as folder:
        study = study_folder(Path(folder) / "small")
        (study / "codings.csv").write_bytes(content)
        faults = check_study(study)
    assert faults
    assert all(fault.file == "codings.csv" for fault in faults)


@settings(max_examples=150, derandomize=True)
@given(row=st.integers(1, 3), column=st.integers(0, 7), value=st.text("a1é ;-", max_size=6))
def test_any_value_in_a_cell_is_right_or_a_fault(row, column, value):
    cells = [line.split(",") for line in CODINGS.splitlines()]
    cells[row][column] = value
    text = "\n".join(",".join(line) for line in cells) + "\n"
    with TemporaryDirectory() as folder:
        study = study_folder(Path(folder) / "small", codings=text)
        faults = check_study(study)
        assert faults or load_study(study)
    assert all(fault.row == row + 1 or fault.column in ("coding_id", "reporting_coder") for fault in faults)


def test_a_table_that_is_kept_is_made_once_and_nobody_elses_to_change():
    asked = []

    @kept(2)
    def table(name: str) -> pd.DataFrame:
        """A table."""
        asked.append(name)
        return pd.DataFrame({"name": [name], "n": [1]})

    mine = table("one")
    mine.loc[0, "n"] = 7
    mine["more"] = 1
    assert table("one").to_dict("list") == {"name": ["one"], "n": [1]}
    assert asked == ["one"]
    assert (table.__name__, table.__doc__) == ("table", "A table.")


@pytest.mark.parametrize("table", [people_codings, withheld_counts])
def test_a_chapter_may_change_a_table_that_others_ask_for(table):
    study = load_study(PROJECT / "data" / "illustrative")
    before = table(study).to_csv()
    mine = table(study)
    mine.iloc[:, 0] = mine.iloc[0, 0]
    mine["more"] = 1
    assert table(study).to_csv() == before


TWO_CODERS = CODINGS + "c4,segments,s3,cost,challenge,,,b\n"


def test_several_coders_and_nobody_who_reports_is_a_fault_that_names_them(tmp_path):
    assert said(study_folder(tmp_path / "study", codings=TWO_CODERS)) == [
        "study.toml, reporting_coder: found nobody, expected the coder whose judgements the chapters report, one of a, b."
    ]
    assert not said(study_folder(tmp_path / "one", codings=CODINGS))


@pytest.mark.parametrize(("coder", "units"), [("a", ["s1", "s2", "s3"]), ("b", ["s3"])])
def test_the_coder_who_reports_is_decided_once(tmp_path, coder, units):
    settings = SETTINGS + f'reporting_coder = "{coder}"\n'
    study = load_study(study_folder(tmp_path / "study", settings=settings, codings=TWO_CODERS))
    assert list(passage_evidence(study)["unit_id"]) == units
    assert counts(study, by="stance")["n"].sum() == len(units)


def test_with_the_reporting_coder_removed_the_illustrative_study_is_refused(tmp_path):
    folder = shutil.copytree(PROJECT / "data" / "illustrative", tmp_path / "illustrative")
    path = folder / "study.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('reporting_coder = "Coder 1"', ""), encoding="utf-8"
    )
    with pytest.raises(StudyError, match="one of Coder 1, Coder 2"):
        load_study(folder)


DECLARED = SETTINGS + '\n[client_groups]\n"women in prison" = ["women", "females"]\n'


def test_a_group_goes_by_the_name_that_is_declared_for_it(tmp_path):
    study = load_study(study_folder(tmp_path / "study", settings=DECLARED))
    assert list(study.codings["about_client_group"].dropna()) == ["women in prison"]
    assert list(study.where(client_group="women in prison").codings["coding_id"]) == ["c1"]


def test_a_group_that_is_not_declared_is_a_fault(tmp_path):
    codings = CODINGS.replace("women", "womem")
    assert said(study_folder(tmp_path / "study", settings=DECLARED, codings=codings)) == [
        "codings.csv, row 2, about_client_group: found 'womem', expected one of the client groups that study.toml "
        "declares. Nearest: 'women'."
    ]


@pytest.fixture(scope="module")
def illustrative() -> Study:
    return load_study(PROJECT / "data" / "illustrative")


def test_who_speaks_is_a_participant_group_or_a_client_group_of_those_heard(illustrative):
    clients = illustrative.where(heard_from="Clients")
    assert clients.participants["participant_group"].unique().tolist() == ["Clients"]
    assert clients.segments["participant_id"].isin(clients.participants["participant_id"]).all()
    public = replace(illustrative, settings=replace(illustrative.settings, access="public"))
    assert len(public.where(heard_from="women").participants) == 7


def test_whom_a_judgement_is_about_leaves_those_heard_as_they_are(illustrative):
    about = illustrative.where(client_group="women")
    assert about.codings["about_client_group"].unique().tolist() == ["women"]
    assert len(about.participants) == len(illustrative.participants)


def test_a_group_that_speaks_and_that_nobody_judges_about_is_told_where_to_ask(illustrative):
    with pytest.raises(StudyError) as raised:
        illustrative.where(client_group="people under supervision")
    assert str(raised.value) == (
        "No judgement is about the client group 'people under supervision'. To choose those who speak, set heard_from to it."
    )
    with pytest.raises(
        StudyError, match="There is no group that speaks 'Client'; known: .*Did you mean 'Clients'"
    ):
        illustrative.where(heard_from="Client")
