"""Small inputs that were once misread, each with its right value (../shared/samples/cases): what an import makes of them."""

import pandas as pd
import pytest

from ncsresearch.batch.run import run_studies
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study
from ncsresearch.vet.vetting import vet_outputs


@pytest.fixture
def imported(samples, tmp_path):
    def read(case: str, *names: str, maps=()):
        new_study(tmp_path / "study")
        files = [samples / "cases" / case / name for name in names]
        files = files or [
            path for path in sorted((samples / "cases" / case).iterdir()) if path.name != "expected.txt"
        ]
        import_files(files, tmp_path / "study", maps=list(maps))
        return load_study(tmp_path / "study")

    return read


def spoken(study) -> dict[str, int]:
    return study.turns["speaker"].value_counts().to_dict()


def answered(study) -> dict[str, dict[str, int]]:
    labels = study.survey_items.set_index("item_id")["label"]
    given = study.survey_answers.assign(choice=study.survey_answers["answer"].str.split(";")).explode(
        "choice"
    )
    given = given.assign(label=given["item_id"].map(labels).astype("str"))
    return {label: rows["choice"].value_counts().to_dict() for label, rows in given.groupby("label")}


def coded(study) -> dict[str, int]:
    return study.codings["code_id"].astype("str").value_counts().to_dict()


@pytest.mark.parametrize(
    ("case", "name", "speakers"),
    [
        ("otter_teams_header_lines", "otter.txt", {"Nora Field": 6, "S01": 6}),
        ("stamps_after_the_name", "rev_inline.txt", {"Nora Field": 3, "Sam Stone": 3}),
        ("stamps_after_the_name", "sonix.txt", {"Nora Field": 3, "Sam Stone": 3}),
        ("stamps_after_the_name", "zoomtxt.txt", {"Nora Field": 3, "Sam Stone": 3}),
        ("whisperx_srt", "whisperx2.srt", {"SPEAKER_00": 2, "SPEAKER_01": 2}),
        ("whisperx_srt", "whisperx3.vtt", {"SPEAKER_00": 2, "SPEAKER_01": 2}),
        ("greek_polish_speakers", "greek.txt", {"Ερευνήτρια": 2, "Άννα": 2, "Νίκος": 2}),
        ("greek_polish_speakers", "polish.txt", {"Łada": 2, "Ada": 2}),
        ("word_merged_cells", "merged.docx", {"Interviewer": 2, "Ava": 2}),
        ("word_tracked_and_wrapped", "tracked.docx", {"Interviewer": 2, "Ava": 2}),
        ("word_tracked_and_wrapped", "sdt.docx", {"Interviewer": 2, "Ava": 2}),
        ("word_tracked_and_wrapped", "sdt_run.docx", {"Interviewer": 2, "Ava": 2}),
        ("word_tracked_and_wrapped", "smarttag.docx", {"Interviewer": 2, "Ava": 2}),
        ("letter_is_no_interview", "letter.txt", {}),
    ],
)
def test_who_speaks(imported, case, name, speakers):
    study = imported(case, name)
    assert spoken(study) == speakers
    assert len(study.interviews) == bool(speakers)


def test_the_last_words_of_a_document_with_changes(imported):
    study = imported("word_tracked_and_wrapped", "tracked.docx")
    last = study.turns.iloc[-1]
    text = (study.folder / "texts" / "tracked.txt").read_text(encoding="utf-8")
    assert text[last["start"] : last["end"]] == "The bus never came after six."


def test_files_named_in_arabic_and_chinese_stay_four(imported):
    study = imported("non_latin_file_names")
    assert (len(study.documents), len(study.turns), len(spoken(study))) == (4, 16, 6)


def test_people_named_in_cyrillic_stay_three(imported):
    people = imported("non_latin_people", "people.csv").participants
    assert people[["participant_id", "participant_group"]].values.tolist() == [
        ["Анна", "worker"],
        ["Борис", "client"],
        ["Вера", "client"],
    ]
    assert people["area_id"].nunique() == 2


@pytest.mark.parametrize(
    ("case", "name", "codes"),
    [
        ("taguette_highlights_csv", "highlights.csv", {"transport": 2, "contact": 2}),
        ("qualcoder_coded_text_csv", "qualcoder_report.csv", {"bus": 2, "contact": 1}),
        ("maxqda_retrieved_segments", "maxqda_retrieved.xlsx", {"bus": 2, "contact": 1}),
        ("codes_in_one_cell", "comma.xlsx", {"transport": 2, "time": 1, "health": 1, "contact": 1}),
        ("codes_in_one_cell", "nl_codes.xlsx", {"transport": 2, "time": 1}),
        ("same_words_other_place", "same_words.xlsx", {"transport": 2, "contact": 1}),
    ],
)
def test_what_is_coded(imported, case, name, codes):
    study = imported(case, name)
    assert coded(study) == codes
    assert study.areas.empty
    assert study.participants.empty or name == "comma.xlsx"


SATISFIED, HOW, LIVE = "Q1 Are you satisfied?", "How satisfied are you?", "Do you live here?"
SERVICES = "Q1 Which services do you use?"
GRID = "Q5. To what extent do you agree or disagree with each of the statements below? "


@pytest.mark.parametrize(
    ("case", "name", "answers"),
    [
        (
            "qualtrics_headers",
            "export.csv",
            {HOW: {"Satisfied": 20, "Dissatisfied": 10}, LIVE: {"No": 20, "Yes": 10}},
        ),
        (
            "surveymonkey_headers",
            "export.csv",
            {SERVICES: {"Library": 20, "Pool": 12, "Bus": 7}, "Q2 Are you satisfied?": {"Yes": 15, "No": 15}},
        ),
        ("multi_select", "export.csv", {SERVICES: {"Pool": 20, "Library": 20}}),
        ("semicolon_csv", "export.csv", {"Q1. How far, if at all, do you agree?": {"Yes": 20, "No": 10}}),
        ("default_chapters", "export.csv", {SATISFIED: {"Yes": 20, "No": 10}}),
        ("blank_respondents", "export.xlsx", {"I feel safe": {"Agree": 27, "Disagree": 19, "Neither": 14}}),
        ("stray_case", "export.xlsx", {"I feel safe": {"Agree": 40, "Disagree": 20}}),
        (
            "heading_collision",
            "grid.csv",
            {
                f"{GRID}[I feel safe]": {"Agree": 24, "Disagree": 6},
                f"{GRID}[I am heard]": {"Disagree": 24, "Agree": 6},
            },
        ),
        ("repeated_ids", "two_columns.csv", {"Q1 Do you agree?": {"Yes": 20, "No": 10}}),
    ],
)
def test_what_is_answered(imported, case, name, answers):
    study = imported(case, name)
    assert answered(study) == answers
    assert study.survey_answers["respondent_id"].nunique() == (60 if "export.xlsx" in name else 30)
    assert study.participants.empty


def test_a_respondent_twice_is_refused(imported):
    with pytest.raises(StudyError, match="have the same respondent in 'Respondent ID', expected a row each"):
        imported("repeated_ids", "twice.csv")


def test_a_map_makes_a_question_or_leaves_a_long_heading_out(imported):
    long = "The staff who came to see me listened to everything that I had to say"
    study = imported("map_item", "export.csv", maps=["Do you like tea? [One]=item", f"{long}=leave out"])
    assert answered(study)["Do you like tea? [One]"] == {"N": 20, "Y": 10}
    assert pd.isna(study.attributes["name"]).all() or study.attributes.empty


RUN = {
    "default_chapters": "export.csv",
    "run_against_vet": "in.csv",
    "small_base": "export.xlsx",
    "vet_false_alarm": "survey_2024.csv",
}


def test_the_first_run_of_a_small_study_fails_nowhere_and_leaks_nothing(samples, tmp_path):
    folders = [tmp_path / case for case in RUN]
    for folder in folders:
        new_study(folder)
        import_files([samples / "cases" / folder.name / RUN[folder.name]], folder)
    results = run_studies(folders, output=tmp_path / "outputs", vet=vet_outputs)
    assert not [result for result in results if result.error]
    for folder in folders:
        vetted = vet_outputs(tmp_path / "outputs" / folder.name, study=folder)
        assert vetted.lines == (f"{folder.name}: no leak found.",)
    assert (tmp_path / "outputs" / "default_chapters" / "chapters" / "10_survey.html").is_file()
