"""Import: the samples of other tools become studies, versions of a file update it, nothing is doubled."""

import json

import pandas as pd
import pytest

from ncsresearch.exchange.import_files import import_files, said, said_of_all
from ncsresearch.exchange.new_study import new_study
from ncsresearch.schema import StudyError
from ncsresearch.study import check_study, load_study, read_settings, read_texts
from qdpx_builder import case, project, qdpx, value, variable

QDPX = (
    "aqda_offset_traps",
    "aqda_tacit_demo",
    "atlasti_target",
    "nvivo_project",
    "skyloom_TestProject",
)
SAMPLES = [
    ["transcripts-and-codings/transcripts", "transcripts-and-codings/analyses"],
    ["consultation-responses"],
    ["consultation-responses/responses_lgr_format.csv"],
    ["consultation-responses/responses_scr_format.csv"],
    ["nvivo-matrices"],
    *(["qdpx/" + name + ".qdpx"] for name in QDPX),
]


@pytest.fixture
def empty(tmp_path):
    new_study(tmp_path / "study")
    return tmp_path / "study"


def sheet(path, *lines: str):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("files", SAMPLES, ids=lambda files: files[0])
def test_a_sample_imports_sound_accounts_for_itself_and_imports_again_without_a_change(
    files, samples, imported, tmp_path
):
    study = tmp_path / "study"
    for account in imported(files, study):
        assert account
        for line in account:
            assert line.dropped >= 0
            assert line.note or not line.dropped, line
    assert check_study(study) == []
    before = read_texts(study)
    again = import_files([samples / name for name in files], study)
    assert again
    assert not any(each.changes for each in again)
    for name, rows in read_texts(study).items():
        pd.testing.assert_frame_equal(rows, before[name])


def test_projects_are_imported_beside_each_other(samples, empty):
    for name in ("aqda_offset_traps", "aqda_tacit_demo", "atlasti_target"):
        import_files([samples / "qdpx" / f"{name}.qdpx"], empty)
    assert check_study(empty) == []
    assert read_texts(empty)["origins"]["source"].nunique() == 3


def test_transcripts_and_codings_become_the_study_that_their_authors_publish(imported, tmp_path):
    imported(SAMPLES[0], tmp_path / "study")
    study = load_study(tmp_path / "study")
    assert len(study.participants) == 24
    assert len(study.segments) == 148
    assert len(study.codings) == 184
    judged = study.codings.astype({"code_id": "str", "stance": "str"})
    assert len(judged.drop_duplicates(["unit_id", "code_id", "stance"])) == 181
    assert judged.groupby("unit_id")["stance"].nunique().eq(2).sum() == 26
    own = study.attributes[study.attributes["owner"].eq("participants")]
    counts = own.groupby("name")["owner_id"].nunique()
    assert {name: counts[name] for name in ("institution_type", "role_level", "sector", "experience")} == {
        "institution_type": 24,
        "role_level": 24,
        "sector": 24,
        "experience": 24,
    }
    kinds = own[own["name"].eq("institution_type")]["value"].value_counts().to_dict()
    assert kinds == {"academia": 6, "government": 6, "industry": 6, "nonprofit": 6}
    assert study.segments["start"].notna().sum() == 148


def test_consultation_responses_keep_nation_disability_themes_and_stances(imported, tmp_path):
    imported(["consultation-responses"], tmp_path / "study")
    study = load_study(tmp_path / "study")
    assert (len(study.participants), len(study.segments)) == (100, 200)
    assert study.codings["stance"].value_counts()[["strength", "challenge", "neutral"]].tolist() == [
        262,
        98,
        1,
    ]
    own = study.attributes[study.attributes["owner"].eq("participants")]
    assert set(own["name"]) == {
        "Do you live in",
        "Do you consider yourself to have a health condition or a disability",
    }


def test_a_matrix_keeps_counts_and_a_zero_is_no_judgement(samples, empty):
    import_files([samples / "nvivo-matrices" / "Int01_ID731.xlsx"], empty)
    study = load_study(empty)
    first = study.codings.iloc[0]
    assert (first["unit"], first["unit_id"], first["n_references"]) == ("interviews", "Int01_ID731", 2)
    assert study.participants["participant_id"].tolist() == ["ID731"]
    assert study.codings["n_references"].gt(0).all()


PEOPLE = ("Pseudonym,Local authority,Role group,Nation,Years in post,Client group", "S1,North,Staff,Wales,3,")
CODED = (
    "id,document,participant,tag,content,stance,coder",
    "h1,talk,S1,Access > Travel,The bus is late.,negative,Ann",
    "h1,talk,S1,Cost,The bus is late.,negative,Ann",
    "h2,talk,S1,Cost,Rooms are cheap.,positive,Ann",
)


def test_columns_that_no_table_has_become_attributes_and_a_map_says_what_a_column_is(tmp_path, empty):
    file = sheet(tmp_path / "people.csv", *PEOPLE)
    imported = import_files([file], empty, maps=["Role group=group"])
    study = load_study(empty)
    assert study.participants[["participant_id", "area_id", "participant_group"]].values.tolist() == [
        ["S1", "north", "Staff"]
    ]
    assert study.attributes[["name", "value"]].values.tolist() == [
        ["Nation", "Wales"],
        ["Years in post", "3"],
    ]
    assert "Role group = group" in imported[0].file.account[0].note


def test_a_map_with_an_unknown_column_or_field_is_refused(tmp_path, empty):
    file = sheet(tmp_path / "people.csv", *PEOPLE)
    with pytest.raises(StudyError) as error:
        import_files([file], empty, maps=["Role=group"])
    assert str(error.value) == (
        "--map: no file has a column 'Role'; columns: Client group, Local authority, Nation, Pseudonym, Role group, "
        "Years in post."
    )
    with pytest.raises(StudyError, match="There is no field 'gruop'.*Did you mean 'group'"):
        import_files([file], empty, maps=["Role group=gruop"])


def test_a_map_says_what_a_variable_of_a_project_is(tmp_path, empty):
    named = variable("v1", "Institution") + variable("v2", "Nation")
    maya = case("p1", value("v1", "North"), value("v2", "Wales"), name="Maya")
    file = qdpx(tmp_path, {}, xml=project(variables=named, cases=maya))
    import_files([file], empty, maps=["Institution=area", "Nation=leave out"])
    study = load_study(empty)
    assert study.participants[["participant_id", "area_id"]].values.tolist() == [["Maya", "north"]]
    assert study.attributes.empty
    with pytest.raises(StudyError, match="no file has a column 'Institute'; columns: Institution, Nation."):
        import_files([file], empty, maps=["Institute=area"])


def test_a_stance_that_is_none_is_kept_as_a_note_and_said(tmp_path, empty):
    lines = ("id,document,tag,content,stance", "h1,talk,Cost,Dear.,wary")
    (done,) = import_files([sheet(tmp_path / "h.csv", *lines)], empty)
    (judgement,) = load_study(empty).codings.itertuples()
    assert (pd.isna(judgement.stance), judgement.notes) == (True, "told as: wary")
    assert "         1       0       1       0  coding: not a stance, kept as a note: wary" in said(
        done.report()
    )


def test_the_one_coder_of_an_import_reports_and_of_several_a_person_chooses(tmp_path, empty):
    file = sheet(tmp_path / "highlights.csv", *CODED)
    (imported,) = import_files([file], empty)
    assert imported.remarks == []
    assert read_settings(empty).reporting_coder == "Ann"
    path = empty / "study.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"Ann"', '""'), encoding="utf-8")
    (imported,) = import_files([sheet(file, *CODED, "h3,talk,S1,Cost,Lunch is dear.,negative,Bo")], empty)
    assert imported.remarks == ["2 people coded (Ann, Bo): name one of them as reporting_coder in study.toml"]
    assert [str(fault) for fault in check_study(empty)] == [
        "study.toml, reporting_coder: found nobody, expected the coder whose judgements the chapters report, one of Ann, Bo."
    ]


def test_coded_segments_in_long_form(tmp_path, empty):
    import_files([sheet(tmp_path / "highlights.csv", *CODED)], empty)
    study = load_study(empty)
    assert study.segments["text"].tolist() == ["The bus is late.", "Rooms are cheap."]
    assert study.codebook[["code_id", "parent_id", "label"]].fillna("").values.tolist() == [
        ["access", "", "Access"],
        ["travel", "access", "Travel"],
        ["cost", "", "Cost"],
    ]
    told = study.codings[["unit_id", "code_id", "stance", "coder"]].astype("str").values.tolist()
    assert told == [
        ["talk_p001", "travel", "challenge", "Ann"],
        ["talk_p001", "cost", "challenge", "Ann"],
        ["talk_p002", "cost", "strength", "Ann"],
    ]


def test_a_newer_version_updates_adds_and_takes_out_and_says_so(tmp_path, empty):
    import_files([sheet(tmp_path / "highlights.csv", *CODED)], empty)
    newer = [CODED[0], CODED[1].replace("negative", "positive"), "h3,talk,S1,Cost,A new one.,,Ann"]
    (done,) = import_files([sheet(tmp_path / "highlights.csv", *newer)], empty)
    study = load_study(empty)
    assert study.segments["segment_id"].tolist() == ["talk_p001", "talk_p003"]
    assert study.codings["stance"].fillna("neutral").tolist() == ["strength", "neutral"]
    assert done.changes["codings"]["changed"] == ["talk_p001_c1 (stance)"]
    assert done.changes["segments"]["removed"] == ["talk_p002"]
    assert "segments 1 added, 1 removed: talk_p002" in said(done.report())


def test_a_changed_definition_gets_the_next_version(tmp_path, empty):
    book = ("Code,Definition", "Travel,Getting about", "Cost,Money")
    import_files([sheet(tmp_path / "book.csv", *book)], empty)
    (done,) = import_files([sheet(tmp_path / "book.csv", book[0], "Travel,Getting there", book[2])], empty)
    assert load_study(empty).codebook[["label", "definition", "version"]].values.tolist() == [
        ["Travel", "Getting there", 2],
        ["Cost", "Money", 1],
    ]
    assert done.changes["codebook"]["changed"] == ["travel (definition, version)"]


def test_responses_with_a_column_a_theme(tmp_path, empty):
    lines = ("Respondent,Response,Travel,Cost", "r1,The bus is late.,1,0", "r2,Fine.,,x")
    import_files([sheet(tmp_path / "answers.csv", *lines)], empty)
    study = load_study(empty)
    said_by = study.segments.set_index("segment_id")["participant_id"]
    told = study.codings.assign(who=study.codings["unit_id"].map(said_by)).astype({"code_id": "str"})
    assert told[["who", "code_id"]].values.tolist() == [["r1", "travel"], ["r2", "cost"]]
    assert set(study.segments["kind"]) == {"response"}


def test_a_formula_is_text_and_a_report_holds_no_words_of_anyone(tmp_path, empty):
    lines = ("id,document,tag,content", 'h1,talk,Cost,"=HYPERLINK(""http://x"")"')
    (done,) = import_files([sheet(tmp_path / "h.csv", *lines)], empty)
    assert load_study(empty).segments["text"].tolist() == ['=HYPERLINK("http://x")']
    assert "HYPERLINK" not in json.dumps(done.report())
    assert json.loads((empty / "imports.json").read_text())["h.csv"] == done.report()


def test_a_second_coding_of_a_transcript_meets_the_first_by_its_words(tmp_path, empty):
    talk = sheet(
        tmp_path / "talk.txt", "Interviewer: How is it?", "S1:  The bus  is late.", "S1: Rooms are cheap."
    )
    import_files([talk, sheet(tmp_path / "highlights.csv", *CODED)], empty)
    study = load_study(empty)
    assert len(study.documents) == 1
    assert study.segments[["start", "end", "participant_id"]].values.tolist() == [
        [28, 44, "S1"],
        [49, 65, "S1"],
    ]


def test_an_interview_takes_area_and_group_from_its_people_where_they_share_them(tmp_path, empty):
    talk = sheet(tmp_path / "talk.txt", "Interviewer: How is it?", "S1: Late.", "S2: Dear.")
    people = sheet(tmp_path / "people.csv", "Participant,Area,Group", "S1,North,Staff", "S2,North,Clients")
    import_files([talk, people], empty)
    (row,) = load_study(empty).interviews.itertuples()
    assert (row.area_id, row.participant_group) == ("north", "not stated")


def test_a_folder_is_read_with_the_folders_in_it_and_without_its_licence(tmp_path, empty):
    inner = tmp_path / "sent" / "talks"
    inner.mkdir(parents=True)
    sheet(tmp_path / "sent" / "LICENSE.txt", "MIT")
    sheet(inner / "talk.txt", "Interviewer: How is it?", "S1: Late.")
    import_files([tmp_path / "sent"], empty)
    assert load_study(empty).documents["document_id"].tolist() == ["talk"]


def test_what_an_import_of_many_files_prints_fits_a_screen_and_names_what_was_not_kept(tmp_path, empty):
    (tmp_path / "talks").mkdir()
    for n in range(40):
        sheet(
            tmp_path / "talks" / f"talk{n:02}.txt", "About us", "Interviewer: How?", "R1: Fine.", "R2: Late."
        )
    done = import_files([tmp_path / "talks"], empty)
    printed = said_of_all([each.report() for each in done]).splitlines()
    assert printed[0] == "40 files and sheets"
    assert "        80      80       0       0  turn of a respondent" in printed
    assert "        40       0       0      40  line above the first turn" in printed
    assert "  note: turn of a respondent, in 40 of 40 files: 2 without a person" in printed
    assert len(printed) < 24
    assert len(json.loads((empty / "imports.json").read_text())) == 40


def test_an_interviewer_who_is_named_later_is_no_participant_any_more(tmp_path, empty):
    lines = (
        "Area: North",
        "Jo Ross 00:05",
        "Tell me.",
        "Sam 00:09",
        "Fine.",
        "Jo Ross 00:15",
        "And?",
        "Sam 00:19",
        "Late.",
    )
    talk = sheet(tmp_path / "talk.txt", *lines)
    import_files([talk], empty)
    assert load_study(empty).participants["participant_id"].tolist() == ["Jo_Ross", "Sam"]
    (done,) = import_files([talk], empty, maps=["Jo Ross=interviewer"])
    study = load_study(empty)
    assert study.participants["participant_id"].tolist() == ["Sam"]
    assert study.attendances["participant_id"].tolist() == ["Sam"]
    assert study.turns["role"].astype("str").value_counts().to_dict() == {"interviewer": 2, "respondent": 2}
    assert done.remarks[0] == "1 who spoke in it before and speak nowhere now: left out of the people heard"
