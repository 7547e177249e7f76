"""What people bring, in layouts of public exports and reports; every person, place and word in them is made up.

Each docstring names the export or the report whose layout the file of its test follows.
"""

import json
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from builders import brought, sheet
from ncsresearch.exchange.import_files import Imported, import_files, said_of_all
from ncsresearch.exchange.new_study import new_study
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.exchange.withdrawn import readmit
from ncsresearch.ingest.files import read_file
from ncsresearch.ingest.relocation import found_again
from ncsresearch.schema import StudyError
from ncsresearch.study import check_folder, load_study, read_settings, read_texts
from ncsresearch.study.narrowing import of_area_type


@pytest.fixture
def bring(tmp_path):
    """Import files, given as text by their names, into one study; returns what became of each."""
    new_study(tmp_path / "study")

    def into(maps=(), **files: str) -> list[Imported]:
        paths = [tmp_path / name.replace("__", ".") for name in files]
        for path, text in zip(paths, files.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        return import_files(paths, tmp_path / "study", maps=list(maps))

    return into


def tables(tmp_path) -> dict[str, pd.DataFrame]:
    return read_texts(tmp_path / "study")


def notes(imported: Imported, kind: str) -> list[str]:
    return [line.note for line in imported.file.account if line.kind == kind]


# --map, remembered

PEOPLE = "Who,Where,Role\nAna,North,staff\nBen,South,staff\n"
GIVEN = "column read as --map gave it before"


def test_a_map_is_used_again_for_the_same_headings_and_a_corrected_one_replaces_it(bring, tmp_path):
    """A list of people of one's own, as case study reports have it in an appendix."""
    bring(["Who=participant", "Where=area"], people__csv=PEOPLE)
    (again,) = bring(more__csv=PEOPLE.replace("Ana", "Cat"))
    assert notes(again, GIVEN) == ["Who = participant; Where = area"]
    assert tables(tmp_path)["participants"]["area_id"].tolist() == ["north", "south", "north"]
    assert tables(tmp_path)["attributes"]["name"].tolist() == ["Role"] * 3
    bring(["Role=group"], people__csv=PEOPLE)
    (third,) = bring(third__csv=PEOPLE)
    assert notes(third, GIVEN) == ["Who = participant; Where = area; Role = group"]
    assert tables(tmp_path)["attributes"]["owner_id"].tolist() == ["Cat"]  # only what more.csv says
    kept = json.loads((tmp_path / "study" / "imports.json").read_text("utf-8"))["third.csv"]["map"]
    assert kept["fields"] == {"Who": "participant", "Where": "area", "Role": "group"}


def test_a_field_given_to_another_column_is_taken_from_the_first(bring, tmp_path):
    """A list of people of one's own with two columns that name them."""
    lines = "Alias,Real,Where\na1,Ana,North\nb1,Ben,South\n"
    bring(["Real=participant"], people__csv=lines)
    bring(["Alias=participant"], people2__csv=lines)
    assert tables(tmp_path)["participants"]["participant_id"].tolist() == ["Ana", "Ben", "a1", "b1"]


def test_a_map_of_a_newer_version_with_more_columns_is_that_of_its_name(bring, tmp_path):
    """A list of people of one's own that has grown by a column; the interviewer of a transcript is known by its name too."""
    bring(["Who=participant"], people__csv=PEOPLE)
    (newer,) = bring(people__csv=PEOPLE.replace("\n", ",x\n"))
    assert notes(newer, GIVEN) == ["Who = participant"]
    talk = "Jo Ross: The bus.\nAda: Yes.\nJo Ross: The train.\nAda: No, it was late?\n"
    bring(["Jo Ross=interviewer"], talk__txt=talk)
    (newer,) = bring(talk__txt=talk + "Jo Ross: The boat.\n")
    assert notes(newer, "speaker who asks, as --interviewer said before") == ["Jo Ross"]
    (other,) = bring(["Ada=interviewer"], talk__txt=talk)
    assert notes(other, GIVEN) == []
    bring(["Jo Ross=interviewer"], talk__txt=talk)
    kept = json.loads((tmp_path / "study" / "imports.json").read_text("utf-8"))["talk.txt"]["map"]
    assert kept["columns"] == []  # speakers are no headings


def test_a_question_that_a_corrected_map_makes_an_attribute_is_no_question(bring, tmp_path):
    """A survey of one's own, a row a respondent."""
    lines = "ID,Q1 ok?,Tea\nr1,Yes,Ja\nr2,No,Nei\n"
    bring(["Tea=question"], tea__csv=lines)
    assert len(tables(tmp_path)["survey_answers"]) == 4
    bring(["Tea=attribute"], tea__csv=lines)
    now = tables(tmp_path)
    assert now["survey_items"]["label"].tolist() == ["Q1 ok?"]
    assert now["survey_answers"]["answer"].tolist() == ["Yes", "No"]
    assert now["attributes"]["value"].tolist() == ["Ja", "Nei"]
    bring(["Tea=leave out"], tea__csv=lines)
    assert tables(tmp_path)["attributes"].empty


def test_of_two_lists_of_people_a_corrected_map_takes_nobody_away(bring, tmp_path):
    """A sampling frame of one's own, with codes and names; another list knows one of the names."""
    lines = "Alias,Real,Where,Age\na1,Ana,North,3\nb1,Ben,South,4\n"
    bring(["Real=participant", "Where=area"], people__csv=lines)
    bring(others__csv="Participant,Age\nBen,5\n")
    (done,) = bring(["Alias=participant", "Real=leave out", "Where=attribute"], people__csv=lines)
    now = tables(tmp_path)
    assert now["participants"]["participant_id"].tolist() == ["Ana", "Ben", "a1", "b1"]
    assert notes(done, "person named before") == ["stays in the study, as another file lists people too"]
    described = now["attributes"].query("owner_id not in ['a1', 'b1']")
    assert described[["owner_id", "value"]].values.tolist() == [["Ben", "5"]]


def test_people_whom_a_corrected_map_makes_nobody_are_gone(bring, tmp_path):
    """A sampling frame of one's own, with codes and names, in a study that has a transcript with one of them."""
    lines = "Alias,Real,Where,Age\na1,Ana,North,3\nb1,Ben,South,4\nc1,Cat,South,5\n"
    bring(["Real=participant", "Where=area"], people__csv=lines)
    bring(one__txt=ONE)
    bring(["Alias=participant", "Real=leave out", "Where=attribute"], people__csv=lines)
    now = tables(tmp_path)
    assert now["participants"]["participant_id"].tolist() == ["Ana", "a1", "b1", "c1"]  # Ana speaks
    assert now["areas"]["area_id"].tolist() == ["north"]  # where she lives
    assert now["attributes"]["owner_id"].tolist() == ["a1", "a1", "b1", "b1", "c1", "c1"]


def test_respondents_of_a_corrected_map_take_the_place_of_the_former(bring, tmp_path):
    """A Microsoft Forms export in which another column than the first is who answers."""
    lines = "ID,Code,Q1 ok?\n1,r1,Yes\n2,r2,No\n"
    bring(tea__csv=lines)
    bring(["ID=leave out", "Code=participant"], tea__csv=lines)
    now = tables(tmp_path)
    assert now["survey_answers"][["respondent_id", "answer"]].values.tolist() == [["r1", "Yes"], ["r2", "No"]]
    assert now["attributes"].empty


SHOWN = (
    "its columns show neither people (participant), interviews (interview), a codebook (code, definition), coded segments "
    "(text, code), coded responses (text and a column a theme), measures (measure, period, value), actions (action, owner) nor survey "
    "answers; say what they are with --map column=field. "
)


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        (
            PEOPLE.replace("Role", "Kind"),  # Role would be that of people
            "They may be: Who (participant), Where (area), Kind (group). If that is right: --map 'Who'=participant "
            "--map 'Where'=area --map 'Kind'=group.",
        ),
        (
            "Pupil,Year,Said\nAna,7,we walked there and back\nBen,8,no\n",
            "They may be: Pupil (participant), Year (unsure), Said (text). If that is right: --map 'Pupil'=participant "
            "--map 'Said'=text.",
        ),
        (
            "Name,Area,Area type\nAna,North,rural\nBen,North,rural\nCat,South,urban\n",
            "They may be: Name (participant), Area (area), Area type (area type). If that is right: --map 'Name'=participant.",
        ),
        (
            "Speaker,Interview\nAna,I1\nBen,I1\n",
            "They may be: Speaker (participant), Interview (interview). If that is right: --map 'Speaker'=participant.",
        ),
    ],
)
def test_columns_that_are_unsure_are_refused_with_what_they_may_be_and_the_line_that_says_so(
    bring, lines, asked
):
    """Lists of people of one's own: of a table of participants in a report, a class list, a sampling frame, a diary of interviews."""
    with pytest.raises(StudyError) as refused:
        bring(people__csv=lines)
    assert str(refused.value) == f"people.csv: {SHOWN}{asked}"
    line = asked.removesuffix(".").partition("If that is right: ")[2]
    bring([pair.strip().replace("'", "") for pair in line.split("--map ")[1:]], people__csv=lines)


# surveys


def survey(tmp_path, *lines: str) -> dict[str, pd.DataFrame]:
    return brought(sheet(tmp_path, *lines))


def answers(found: dict[str, pd.DataFrame]) -> dict[str, list[str]]:
    labels = found["survey_items"].set_index("item_id")["label"]
    given = found["survey_answers"].assign(label=found["survey_answers"]["item_id"].map(labels))
    return given.fillna("").groupby("label")["answer"].agg(list).to_dict()


@pytest.mark.parametrize(
    "scale",
    [
        "Strongly agree;Agree;Neither agree nor disagree;Disagree;Strongly disagree;Don't know",
        "Agree strongly;Tend to agree;Neutral;Tend to disagree;Disagree strongly",
        "Very satisfied;Fairly satisfied;Neither satisfied nor dissatisfied;Fairly dissatisfied;Very dissatisfied;Not applicable",
        "Very important;Fairly important;Not very important;Not at all important",
        "Extremely likely;Likely;Neither likely nor unlikely;Unlikely;Extremely unlikely",
        "Very safe;Fairly safe;A bit unsafe;Very unsafe",
        "Never;Rarely;Sometimes;Often;Always",
        "Never;Less often;Monthly;Weekly;Daily",
        "Excellent;Good;Fair;Poor;Very poor",
        "A great deal;A fair amount;Not very much;Not at all",
        "Much better;Better;About the same;Worse;Much worse",
        "Yes, definitely;Yes, to some extent;No;Prefer not to say",
        "Under 18;18-24;25-64;65+",
        "Less than 6 months;6-12 months;1-2 years;More than 10 years",
        "1 - Strongly disagree;2;3;4;5 - Strongly agree;10",
    ],
)
def test_answers_are_in_the_order_of_their_scale(tmp_path, scale):
    """Answers as the British Social Attitudes and community life surveys word them, in a Microsoft Forms export of a row a person."""
    met = sorted(scale.split(";"))
    rows = (f'R{n},"{answer}"' for n, answer in enumerate([*met, met[0]]))
    assert survey(tmp_path, "ID,Q1 How is it?", *rows)["survey_items"]["scale"].tolist() == [scale]


def test_answers_of_no_known_scale_are_as_met_and_counted(bring):
    """A Microsoft Forms export; two questions, one of which has a scale of nobody else's."""
    (done,) = bring(tea__csv="ID,Q1 Which?,Q2 ok?\nr1,Tea,No\nr2,Coffee,Yes\n")
    assert notes(done, "question with given answers") == [
        "1 with answers in the order met, of no scale that is known: put it right in survey_items.csv"
    ]
    assert done.file.tables["survey_items"]["scale"].tolist() == ["Tea;Coffee", "Yes;No"]


def test_answers_of_a_statistics_file_are_in_the_order_of_its_codes(tmp_path):
    """An SPSS file as the UK Data Service hands it out: codes with value labels."""
    import pyreadstat

    labels = {"q1": {1.0: "Tea", 2.0: "Coffee", 3.0: "Milk"}}
    frame = pd.DataFrame({"resp": ["R1", "R2"], "q1": [3.0, 1.0]})
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_value_labels=labels)
    (file,) = read_file(tmp_path / "a.sav", ["resp=participant", "q1=question"])
    assert file.tables["survey_items"]["scale"].tolist() == ["Tea;Milk"]


def test_another_answer_beside_one_choice_counts_as_chosen(tmp_path):
    """A SurveyMonkey export of a question with one choice and "Other (please specify)": two columns under one heading."""
    found = survey(
        tmp_path,
        "Respondent ID,How do you get here?,,Are you satisfied?",
        ",Response,Other (please specify),Response",
        *("R1,Bus,,Yes", "R2,,Ferry,No", "R3,Bus,,Yes"),
    )
    assert answers(found) == {
        "How do you get here?": ["Bus", "Other (please specify)", "Bus"],
        "Are you satisfied?": ["Yes", "No", "Yes"],
    }
    assert found["segments"][["participant_id", "text"]].values.tolist() == [["R2", "Ferry"]]


@pytest.mark.parametrize(
    ("cells", "chosen"),
    [
        (
            ["Library", "Library, Pool", "Pool", "Bus, tram or train"],
            ["Library", "Library;Pool", "Pool", "Bus, tram or train"],
        ),
        (
            ["Library", "Pool", "Library, Pool", "Pool, Bus, tram", "Library, Bus, tram"],
            ["Library", "Pool", "Library;Pool", "Pool;Bus, tram", "Library;Bus, tram"],
        ),
        (
            ["A", "B", "A, B", "Van, Wednesdays", "A, Van, Wednesdays", "B, Van, Wednesdays"],
            ["A", "B", "A;B", "Van, Wednesdays", "A;Van, Wednesdays", "B;Van, Wednesdays"],
        ),
        (["Yes", "No", "Yes, definitely", "No, never"], ["Yes", "No", "Yes, definitely", "No, never"]),
    ],
)
def test_a_comma_inside_a_choice_divides_nothing(tmp_path, cells, chosen):
    """A Google Forms export of check boxes: choices parted by a comma and a space, those with a comma in them too."""
    found = survey(
        tmp_path, "Timestamp,Which do you use?", *(f'{n},"{cell}"' for n, cell in enumerate(cells))
    )
    assert answers(found) == {"Which do you use?": chosen}


def test_brackets_and_comments_of_a_heading(tmp_path):
    """A LimeSurvey export: a grid has several columns of one question; "Age [years]" is none, and comments are words."""
    found = survey(
        tmp_path,
        "id,Age [years],Rate these [Bus],Rate these [Train],Any comments",
        *("1,34,often used,new,It was late; nobody came | so we walked", "2,41,new,often used,"),
    )
    assert answers(found) == {
        "Rate these [Bus]": ["often used", "new"],
        "Rate these [Train]": ["new", "often used"],
    }
    assert found["segments"]["text"].tolist() == ["It was late; nobody came | so we walked"]
    assert found["attributes"][["name", "value"]].values.tolist() == [
        ["Age [years]", "34"],
        ["Age [years]", "41"],
    ]


def test_words_of_an_attribute_are_not_divided_and_its_values_are(tmp_path):
    """A list of people of one's own with a column of remarks, and a column of client groups parted by semicolons."""
    found = survey(
        tmp_path,
        "Participant,Client group,Any comments",
        *("r1,young people; women,It was late; nobody came at all | so we walked", "r2,women,"),
    )
    assert found["attributes"]["value"].tolist() == [
        *("young people", "women", "It was late; nobody came at all | so we walked", "women")
    ]


def test_people_s_own_words_are_no_shares_however_short(tmp_path):
    """A Citizen Space export of an open question that most people answered in a few words, or with "No"."""
    short = [
        "Buses",
        "More staff",
        "A phone",
        "Warm rooms",
        "Longer hours",
        "Home visits",
        "Less paper",
        "One worker",
    ]
    long = [f"I waited a long time for the bus at stop {n} and it never came" for n in range(3)]
    for given in (short, ["No"] * 20 + long):
        rows = (f"R{n},{answer},Yes" for n, answer in enumerate(given))
        found = survey(tmp_path, "Response ID;What would help?;Q2 ok?".replace(";", ","), *rows)
        assert found["survey_items"]["label"].tolist() == ["Q2 ok?"]
        assert found["segments"]["text"].tolist() == given


def test_a_question_that_is_described_without_a_scale_is_read_by_its_answers(tmp_path):
    """A workbook as survey firms hand it over: answers on one sheet, the questions on another."""
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        own = [
            "It was a long way to go from here to there",
            "Nobody came and we went home again on foot",
            "No, all was well",
        ]
        pd.DataFrame({"ID": ["r1", "r2", "r3"], "q1": ["Yes", "No", "No"], "q2": own}).to_excel(
            book, sheet_name="data", index=False
        )
        about = {"item": ["q1", "q2"], "label": ["Ok?", "Why?"], "scale": ["Yes;No", None]}
        pd.DataFrame(about).to_excel(book, sheet_name="items", index=False)
    (file,) = read_file(tmp_path / "a.xlsx", [])
    assert answers(file.tables) == {"Ok?": ["Yes", "No", "No"]}
    assert file.tables["segments"]["text"].tolist() == own


# words that are in transcripts

ONE = "Interviewer: How was it?\nAna: The bus never came after six.\nAna: We walked home in the dark.\nInterviewer: And now?\nAna: Yes, it is.\n"
TWO = "Interviewer: How was it?\nBen: Nobody answered the phone.\nBen: Yes, it is.\nInterviewer: Why?\nBen: They were few.\n"
CODED = "Code,Quotation\nBus,“The bus never came after six.”\nContact,Nobody answered the phone\nBus,Yes, it is.\nCost,It was far too dear.\n"


ANSWERED = """ID,How satisfied are you?,What would you change?
1,Satisfied,More visits in the week please
2,Dissatisfied,The bus never came after six.
3,Satisfied,Nobody has ever told us what the plan is
"""


def test_coded_words_are_passages_of_the_transcripts_that_have_them(bring, tmp_path):
    """A Delve export: code and snippet, a row each, without a document."""
    words = CODED.replace("Yes, it is.", '"Yes, it is."').replace("“", "").replace("”", "")
    bring(one__txt=ONE, two__txt=TWO)
    (done,) = bring(coded__csv=words)
    found = tables(tmp_path)["segments"].set_index("text")[["document_id", "participant_id"]]
    assert found.loc["The bus never came after six."].tolist() == ["one", "Ana"]
    assert found.loc["Nobody answered the phone"].tolist() == ["two", "Ben"]
    assert (
        found.loc["Yes, it is.", "document_id"] == found.loc["It was far too dear.", "document_id"] == "coded"
    )
    assert done.remarks == [
        "segments: 2 tied to where their words are in 2 texts that the study has; of 2 the words are few, in no text, at "
        "several places, or in texts of several others"
    ]
    (again,) = bring(coded__csv=words)
    assert not again.changes


def test_an_answer_to_a_survey_stays_one_whoever_said_the_same_in_an_interview(bring, tmp_path):
    """Ana's words come in an answer too, which is the respondent's; her own passage stays hers, in either order."""
    bring(one__txt=ONE, two__txt=TWO)
    (done,) = bring(survey__csv=ANSWERED)
    (coded,) = bring(
        coded__csv="Document,Participant,Quotation,Code\none,Ana,The bus never came after six.,Bus\n"
    )
    assert not done.remarks and not [each for each in coded.remarks if "participant_id" in each]
    said = tables(tmp_path)["segments"].query("text == 'The bus never came after six.'")
    assert sorted(zip(said["document_id"], said["participant_id"], strict=True)) == [
        ("one", "Ana"),
        ("survey", "survey_2"),
    ]


def test_a_coded_table_that_came_before_its_transcripts_is_tied_when_it_comes_again(bring, tmp_path):
    """A Dovetail export: highlights with a tag and the person for a title."""
    words = (
        "Person,Tag,Highlight\nAna,Bus,We walked home in the dark.\nBen,Contact,Nobody answered the phone.\n"
    )
    bring(coded__csv=words)
    bring(one__txt=ONE, two__txt=TWO)
    assert set(tables(tmp_path)["segments"]["document_id"]) == {"ana", "ben"}
    bring(coded__csv=words)
    now = tables(tmp_path)
    assert now["segments"]["document_id"].tolist() == ["one", "two"]
    assert now["documents"]["document_id"].tolist() == ["one", "two"]
    assert now["segments"]["start"].notna().all()


@pytest.mark.parametrize(
    ("rows", "documents"),
    [
        ("Visit 1,Bus,We walked home in the dark.\nVisit 1,Bus,The bus never came after six.\n", {"one"}),
        (
            "Visit 1,Bus,We walked home in the dark.\nVisit 1,Bus,Nobody answered the phone.\nVisit 2,Bus,x\n",
            {"visit_1", "visit_2"},
        ),
        (
            "Visit 1,Bus,Ah.\nVisit 1,Bus,Oh.\nVisit 1,Bus,Nobody answered the phone.\nVisit 2,Bus,x\n",
            {"visit_1", "visit_2"},
        ),
    ],
)
def test_a_document_that_a_table_names_is_the_text_that_has_its_passages_or_a_document_of_its_own(
    bring, tmp_path, rows, documents
):
    """A Condens export: a session, a tag and a highlight a row."""
    bring(one__txt=ONE, two__txt=TWO)
    bring(coded__csv=f"Document,Code,Quotation\n{rows}")
    assert set(tables(tmp_path)["segments"]["document_id"]) == documents


# transcripts


def turns(path) -> list[tuple[str, str]]:
    (file,) = read_file(path, [])
    (text,) = file.texts.values()
    said = file.tables["turns"].astype({"start": int, "end": int})
    return [(row.speaker, text[row.start : row.end]) for row in said.itertuples()]


@pytest.mark.parametrize(
    "end",
    [
        "Transcribed by https://otter.ai",
        "Nora Field stopped transcription",
        "Meeting ended after 00:31:05",
        "This editable transcript was computer generated and might contain errors. People can also change the text.",
        "[End of recording]",
    ],
)
def test_what_a_tool_adds_behind_the_last_words_is_nobody_s(bring, tmp_path, end):
    """Exports of Otter, Microsoft Teams and Google Meet, which end with a line of their own."""
    said = "Nora Field  0:05\nHow was the bus?\n\nAda  0:09\nIt was late.\nIt came.\n\nNora Field  0:15\nAnd?\n\nAda  0:20\nGood.\n\n"
    (done,) = bring(talk__txt=f"{said}{end}\n")
    assert turns(tmp_path / "talk.txt") == [
        *[
            ("Nora Field", "How was the bus?"),
            ("Ada", "It was late.\nIt came."),
            ("Nora Field", "And?"),
            ("Ada", "Good."),
        ]
    ]
    assert notes(done, "line that nobody said") == ["in the text of the document only"]


@pytest.mark.parametrize(
    "lines",
    [
        (
            "12/03/2024, 10:14 - Messages and calls are end-to-end encrypted.",
            "12/03/2024, 10:15 - Nora Field: How was the bus?",
            "12/03/2024, 10:16 - Ada: It was late.",
            "It came.",
            "12/03/2024, 10:17 - Ben joined using this group's invite link",
            "12/03/2024, 10:17 - Ada: <Media omitted>",
            "12/03/2024, 10:18 - Ben: Never.",
            "12/03/2024, 10:19 - Nora Field: And now?",
        ),
        (
            "[12/03/2024, 10:15:32] Nora Field: How was the bus?",
            "[12/03/2024, 10:16:02] Ada: It was late.",
            "It came.",
            "\u200e[12/03/2024, 10:17:40] Ada: \u200eimage omitted",
            "[12/03/2024, 10:18:00] Ben: Never.",
            "[12/03/2024, 10:19:01] Nora Field: And now?",
        ),
        (
            "3/12/24, 10:15 AM - Nora Field: How was the bus?",
            "3/12/24, 10:16 AM - Ada: It was late.",
            "It came.",
            "3/12/24, 10:18 AM - Ben: Never.",
            "3/12/24, 1:19 PM - Nora Field: And now?",
        ),
    ],
    ids=["Android", "iPhone", "American"],
)
def test_a_chat(tmp_path, lines):
    """WhatsApp's own export of a chat, as its help pages show it, of three kinds of telephone."""
    (tmp_path / "chat.txt").write_text("\n".join(lines), encoding="utf-8")
    assert turns(tmp_path / "chat.txt") == [
        *[
            ("Nora Field", "How was the bus?"),
            ("Ada", "It was late.\nIt came."),
            ("Ben", "Never."),
            ("Nora Field", "And now?"),
        ]
    ]


@pytest.mark.parametrize("label", ["{} [00:00:0{}] ", "{} (00:0{}) ", "[00:00:0{1}] {0} "])
def test_a_name_and_a_time_before_the_words_need_no_colon(tmp_path, label):
    """Trint's export of a transcript as plain text, with speakers and times."""
    said = [("Speaker 1", "How was the bus?"), ("Speaker 2", "It was late."), ("Speaker 1", "And now?")]
    lines = [label.format(name, n) + words for n, (name, words) in enumerate(said, 1)]
    (tmp_path / "talk.txt").write_text("\n".join(lines), encoding="utf-8")
    assert turns(tmp_path / "talk.txt") == said


def test_a_time_inside_what_somebody_says_makes_no_speaker(tmp_path):
    """A transcript by hand with a time where the tape is unclear."""
    lines = "I: How was it?\nP1: Late.\nYes [00:01:02] it was.\nI: And?\nP1: Well [00:02:03] it came."
    (tmp_path / "talk.txt").write_text(lines, encoding="utf-8")
    assert [speaker for speaker, _ in turns(tmp_path / "talk.txt")] == ["I", "P1", "I", "P1"]


def test_a_name_in_bold_before_the_words_is_who_speaks(tmp_path):
    """A Word transcript as oral history archives print it: the name in bold, then the words, and no colon."""
    import docx

    said = [
        ("Nora Field", "How was the bus?"),
        ("Ada", "It was late."),
        ("Nora Field", "And now?"),
        ("Ada", "Well."),
    ]
    document = docx.Document()
    for name, words in said:
        paragraph = document.add_paragraph()
        paragraph.add_run(name).bold = True
        paragraph.add_run(f" {words}")
    document.save(tmp_path / "talk.docx")
    assert turns(tmp_path / "talk.docx") == said
    for paragraph in document.paragraphs:
        paragraph.runs[1].text = f": {paragraph.runs[1].text.strip()}"
    document.save(tmp_path / "colon.docx")  # the colon is behind the bold
    assert turns(tmp_path / "colon.docx") == said
    for n, paragraph in enumerate(document.paragraphs[1:]):  # emphasis is no speaker
        paragraph.runs[0].text, paragraph.runs[1].text = f"Stop {n}", " was late."
    document.save(tmp_path / "emphasis.docx")
    (file,) = read_file(tmp_path / "emphasis.docx", [])
    assert "turns" not in file.tables


# waves

WAVES = "ID,Wave,Q1 Safe?\nr1,2022,Yes\nr2,2022,No\nr1,2024,No\nr2,2024,No\n"
APART = {"a 2022": ["Yes", "No"], "a 2024": ["No", "No"]}


def of_surveys(tmp_path) -> dict[str, list[str]]:
    now = tables(tmp_path)
    title = now["documents"].set_index("document_id")["title"]
    survey = now["survey_items"].set_index("item_id")["document_id"].map(title)
    return (
        now["survey_answers"]
        .groupby(now["survey_answers"]["item_id"].map(survey))["answer"]
        .agg(list)
        .to_dict()
    )


def test_waves_of_other_people_are_asked_about(bring):
    """A trend study of a row a respondent, whose waves are in one file."""
    with pytest.raises(StudyError) as refused:
        bring(a__csv=WAVES.replace("r1,2024", "r3,2024").replace("r2,2024", "r4,2024"))
    assert str(refused.value) == (
        "a.csv: the column 'Wave' looks like waves of a survey, which are not counted together. To read each as a survey of its "
        "own: --map 'Wave'=wave; to count all as one: --map 'Wave'=attribute."
    )


def test_waves_of_the_same_people_are_a_survey_each(bring, tmp_path):
    """A panel in long form, as Understanding Society hands it out: a row a person and wave."""
    bring(a__csv=WAVES)
    assert of_surveys(tmp_path) == APART
    again = bring(a__csv=WAVES)
    assert [done.changes for done in again] == [{}, {}]
    assert of_surveys(tmp_path) == APART


def test_sheets_called_waves_are_a_survey_each(tmp_path):
    new_study(tmp_path / "study")
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        for wave, answers in (("Wave 1", ["Yes", "No"]), ("Wave 2", ["No", "No"])):
            pd.DataFrame({"ID": ["r1", "r2"], "Safe?": answers}).to_excel(book, sheet_name=wave, index=False)
    for _ in range(2):
        import_files([tmp_path / "a.xlsx"], tmp_path / "study")
        assert of_surveys(tmp_path) == {"a Wave 1": ["Yes", "No"], "a Wave 2": ["No", "No"]}


def test_two_files_are_waves_if_they_are_said_to_be(bring, tmp_path):
    """A trend study of a row a respondent, a file a wave, with one numbering of the respondents."""
    for wave in ("2022", "2024"):
        rows = [line for line in WAVES.splitlines() if wave in line]
        path = tmp_path / f"a{wave}.csv"
        path.write_text("\n".join(["ID,Wave,Q1 Safe?", *rows]) + "\n", encoding="utf-8")
        import_files([path], tmp_path / "study", wave=wave)
    assert list(of_surveys(tmp_path).values()) == list(APART.values())


def test_answers_of_two_files_are_never_pooled_in_silence(bring):
    """Two exports of one Microsoft Forms survey under two names."""
    first = "ID,Q1 Safe?\nr1,Yes\nr2,No\n"
    bring(a__csv=first)
    with pytest.raises(StudyError) as refused:
        bring(b__csv=first.replace("Yes", "No"))
    assert str(refused.value) == (
        "b.csv: has other answers of the same respondents to questions that the study has from a.csv, expected a newer version "
        "under that name, or another wave of the survey: --wave NAME."
    )
    (done,) = bring(c__csv=first.replace("r", "s"))
    assert done.remarks[1:] == [
        "survey_answers: its questions are those of a.csv, and answers to both are counted together; if they are waves of one "
        "survey, import each with --wave NAME"
    ]


def test_a_wave_of_what_is_no_survey_is_refused(bring, tmp_path):
    """A list of people of one's own, imported as if it were a wave."""
    path = tmp_path / "people.csv"
    path.write_text("Participant,Area\nAna,North\n", encoding="utf-8")
    with pytest.raises(StudyError, match="^--wave: no file is a survey.$"):
        import_files([path], tmp_path / "study", wave="2024")


# a new study


def test_a_copied_study_has_the_title_of_its_own_folder_until_somebody_gives_it_one(tmp_path):
    """The folder that new writes, copied for the next round of a study."""
    new_study(tmp_path / "my-first_study")
    copied = Path(copytree(tmp_path / "my-first_study", tmp_path / "my-second"))
    titles = [read_settings(folder).title for folder in (tmp_path / "my-first_study", copied)]
    assert titles == ["My first study", "My second"]
    settings = copied / "study.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('title = ""', 'title = "The bus"'), encoding="utf-8"
    )
    assert read_settings(copied).title == "The bus"


def test_check_names_the_date_that_a_new_study_has_still_to_say(tmp_path):
    """The study.toml that new wrote before it left the date empty."""
    new_study(tmp_path / "study")
    assert check_folder(tmp_path / "study") == []
    path = tmp_path / "study/study.toml"
    words = path.read_text("utf-8").replace('evidence_date = ""', 'evidence_date = "date of the fieldwork"')
    path.write_text(words, encoding="utf-8")
    (fault,) = check_folder(tmp_path / "study")
    assert str(fault) == (
        "study.toml, evidence_date: found 'date of the fieldwork', expected when the evidence is from, such as 'May to June 2024'."
    )
    assert load_study(tmp_path / "study").participants.empty  # it may be imported into and run all the same


def test_a_word_document_is_opened_once(tmp_path, monkeypatch):
    """A Word transcript with footnotes, as python-docx writes it."""
    import docx

    opened, document = [], docx.Document()
    document.add_paragraph("I: How was it?")
    document.add_paragraph("P1: Late.")
    document.save(tmp_path / "talk.docx")
    real = docx.Document
    monkeypatch.setattr(docx, "Document", lambda path: opened.append(path) or real(path))
    read_file(tmp_path / "talk.docx", [])
    assert len(opened) == 1


# a study of interviews, a workbook of its codes in a layout of its own, and a survey with an open question

INTERVIEW = (
    "INT: How do you get here?\nMoira: By bus, twice a day, and it is late.\nINT: And home?\nMoira: I walk.\n"
)
OWN_CODES = 'Who said it,What they said,Our theme,Good or bad,File\nMoira,"By bus, twice a day, and it is late.",Travel,Bad,talk.txt\nMoira,I walk.,Travel,Good,talk.txt\n'
MEANT = "Our theme,What we mean by it\nTravel,How people get there.\n"
FORM = (
    "ID,Email,Name,I can get there easily,What would you change?,What is your role?\n"
    "1,ann@example.org,Ann Reid,Agree,A bus that comes at all in the winter months,Client\n"
    "2,bob@example.org,Bob Shaw,Disagree,More workers so that nobody has to wait for weeks,Client\n"
    "3,cat@example.org,Cat Muir,Agree,,Staff\n"
    "4,dan@example.org,Dan Boyd,Agree,I would have a room where nobody else can hear us,Client\n"
)
OWN = [
    "Who said it=participant",
    "What they said=text",
    "Our theme=code",
    "Good or bad=stance",
    "What we mean by it=definition",
]


def test_who_only_answers_a_survey_is_no_person_heard(bring, tmp_path):
    """Microsoft Forms: an open question beside a scale; nobody has coded what was written."""
    bring(OWN[:4], talk__txt=INTERVIEW, codes__csv=OWN_CODES)
    bring(form__csv=FORM)
    study = load_study(tmp_path / "study")
    assert study.participants["participant_id"].tolist() == ["Moira"]
    assert study.survey_answers["respondent_id"].nunique() == 4
    assert study.survey_answers["participant_id"].isna().all()
    assert study.segments.loc[study.segments["kind"].eq("response"), "participant_id"].isna().all()
    assert len(tables(tmp_path)["participants"]) == 5  # who withdraws is found with all that they wrote


def test_respondents_of_whose_survey_an_answer_is_coded_are_people_heard(bring, tmp_path):
    """A consultation whose free answers are coded by column."""
    bring(answers__csv="Respondent,Comment,Cost\na,It costs too much,1\nb,It is fine,0\n")
    assert load_study(tmp_path / "study").participants["participant_id"].tolist() == ["a", "b"]


def test_an_open_question_given_as_text_leaves_the_survey_a_survey_and_persons_unnamed(bring, tmp_path):
    (form,) = bring(["What would you change?=text"], form__csv=FORM)
    assert notes(form, "open question") == ["3 answers"]
    assert notes(form, "personal column") == ["left out; to keep one: --map column=attribute"]
    kept = tables(tmp_path)
    assert kept["survey_items"]["label"].tolist() == ["I can get there easily", "What is your role?"]
    assert not kept["attributes"]["value"].str.contains("@|Reid").any()


@pytest.mark.parametrize("heading", ["Name", "E-mail address", "Email", "Phone"])
def test_columns_that_name_a_person_are_left_out_of_coded_passages_too(bring, tmp_path, heading):
    """Passages coded in a spreadsheet, with whom to write to."""
    said = f"Participant,Text,Code,{heading}\nP1,we walked,Travel,ann@example.org\nP2,we drove,Travel,bob@example.org\n"
    (rows,) = bring(said__csv=said)
    assert notes(rows, "personal column") == ["left out; to keep one: --map column=attribute"]
    assert tables(tmp_path)["attributes"].empty


def test_questions_on_who_answers_come_with_the_line_that_counts_by_them(bring):
    (form,) = bring(form__csv=FORM)
    assert notes(form, "question on who answers") == [
        "to have results by it: --map 'What is your role?=group'"
    ]


def test_a_workbook_of_ones_own_is_asked_about_as_a_whole(bring):
    with pytest.raises(StudyError) as refused:
        bring(codes__csv=OWN_CODES)
    assert str(refused.value) == (
        f"codes.csv: {SHOWN}They may be: Who said it (participant), What they said (text), Our theme (code), Good or bad (stance), "
        "File (document). If that is right: --map 'Who said it'=participant --map 'What they said'=text --map 'Our theme'=code "
        "--map 'Good or bad'=stance."
    )


def test_the_number_of_answers_in_the_name_of_a_form_is_no_part_of_it(tmp_path):
    """Microsoft Forms names a file by its form and how many have answered."""
    new_study(tmp_path / "study")
    for number, lines in ((3, FORM.splitlines()[:4]), (4, FORM.splitlines())):
        (tmp_path / f"Views(1-{number}).csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        import_files([tmp_path / f"Views(1-{number}).csv"], tmp_path / "study")
    kept = tables(tmp_path)
    assert kept["documents"]["title"].tolist() == ["Views"]
    assert kept["survey_answers"]["respondent_id"].nunique() == 4


def test_people_without_a_group_are_none_that_study_toml_has_to_declare(bring, tmp_path):
    settings = tmp_path / "study" / "study.toml"
    settings.write_text(
        settings.read_text("utf-8") + '\n[participant_groups]\nClients = ["Client"]\n', "utf-8"
    )
    bring(OWN[:4], talk__txt=INTERVIEW, codes__csv=OWN_CODES)
    assert tables(tmp_path)["participants"]["participant_group"].tolist() == ["not stated"]


# corrected files, lists of people, and who gave what

TALK = "INT: How was it?\nR1: The bus was late again.\nR2: It was fine for me.\nINT: And now?\nR1: I walk home.\n"
TRAIN = TALK.replace("bus", "train")
LIST = "Participant,File,Area,Group\nR1,talk.docx,North (rural),Client\nR2,talk.docx,North,Client\n"
QUOTED = "Participant,Document,Text,Code\nR1,talk.docx,The bus was late again.,Travel\nR2,talk.docx,It was fine,Travel\nR1,talk.docx,no such words,Travel\n"


def test_a_list_of_people_says_who_speaks_behind_the_labels_of_a_transcript(bring, tmp_path):
    """A list of participants with the file of each, beside a focus group whose speakers are R1 and R2."""
    bring(talk__txt=TALK, people__csv=LIST)
    kept = tables(tmp_path)
    assert kept["interviews"]["interview_id"].tolist() == ["talk"]
    assert kept["attendances"]["participant_id"].tolist() == ["R1", "R2"]
    spoken = kept["turns"].set_index("ordinal")["participant_id"]
    assert spoken.dropna().to_dict() == {"2": "R1", "3": "R2", "5": "R1"}


def test_an_area_with_its_kind_in_brackets_is_the_area(bring, tmp_path):
    bring(talk__txt=f"Area: North\nArea type: Rural\n\n{TALK}", people__csv=LIST)
    areas = tables(tmp_path)["areas"]
    assert areas[["area_id", "name", "area_type"]].to_numpy().tolist() == [
        ["north", "North", "rural_unspecified"]
    ]


def test_a_corrected_transcript_is_taken_in_after_a_workbook_has_named_it(bring, tmp_path):
    """A transcript, its coded passages in a workbook, and the transcript again with a turn put right and a turn more."""
    bring(talk__txt=TALK, people__csv=LIST, codes__csv=QUOTED)
    now = TALK.replace("late again", "late, as ever").replace("I walk home.", "I walk home.\nR2: I drive.")
    (talk,) = bring(talk__txt=now)
    kept = tables(tmp_path)
    assert len(kept["turns"]) == 6
    assert "late, as ever" in (tmp_path / "study" / "texts" / "talk.txt").read_text("utf-8")
    assert "talk: new text; 1 passages found again, 2 not" in talk.remarks
    assert not check_folder(tmp_path / "study")[1:]  # the date is to come
    (again,) = bring(talk__txt=now)
    assert again.remarks == [] and not again.changes


def test_passages_whose_words_are_nowhere_in_their_document_are_counted(bring):
    *_, codes = bring(talk__txt=TALK, codes__csv=QUOTED)
    assert (
        "segments: 1 of 3 passages have no place: their words are nowhere in their document, or at several places of it (row 4)"
        in codes.remarks
    )


def test_what_one_file_says_of_a_person_another_does_not_overwrite(bring, tmp_path):
    """A transcript whose head names the group, and a list of people that names another."""
    bring(talk__txt=f"Group: Clients\nArea: South\n\n{INTERVIEW}")
    (people,) = bring(people__csv="Participant,Area,Group\nMoira,South,Client\n")
    assert tables(tmp_path)["participants"]["participant_group"].tolist() == ["Clients"]
    assert people.remarks == [
        "participants: differs from what the study has and was not taken: 1 participant_group (Moira)"
    ]
    (again,) = bring(talk__txt=f"Group: Clients\nArea: South\n\n{INTERVIEW}")
    assert again.remarks == [] and not again.changes


def test_what_a_folder_holds_that_no_reader_is_for_is_named(tmp_path):
    new_study(tmp_path / "study")
    (tmp_path / "field").mkdir()
    (tmp_path / "field" / "talk.txt").write_text(TALK, "utf-8")
    for name in ("scan.png", "tape.mp3", "README.md", ".hidden"):
        (tmp_path / "field" / name).write_text("x", "utf-8")
    (talk,) = import_files([tmp_path / "field"], tmp_path / "study")
    assert talk.remarks == ["of no kind that is read, and not imported: scan.png, tape.mp3"]


def test_who_withdraws_goes_with_what_they_said_and_turns_of_nobody_known_are_named(bring, tmp_path):
    more = TALK.replace("R2: It was fine for me.", "R2: It was fine for me.\nRespondent: Nobody asked me.")
    bring(talk__txt=more, people__csv=LIST)
    left = withdraw("r1", tmp_path / "study").left
    text = (tmp_path / "study" / "texts" / "talk.txt").read_text("utf-8")
    assert "bus" not in text and "walk" not in text and "Nobody asked me." in text
    assert (
        "texts/talk.txt: 1 turn without a speaker is still in it; take out what the person said there" in left
    )


def spoken_by(study) -> dict[str, str]:
    turns = tables(study)["turns"]
    keys = turns["document_id"] + " " + turns["ordinal"]
    return turns.set_axis(keys)["participant_id"].dropna().to_dict()


def test_labels_of_a_transcript_are_people_of_its_interview(bring, tmp_path):
    """Two groups whose speakers are R1 and R2: four people, and a line that says so."""
    one, _ = bring(one__txt=TALK, two__txt=TRAIN)
    kept = tables(tmp_path)
    assert kept["participants"]["participant_id"].tolist() == ["one_R1", "one_R2", "two_R1", "two_R2"]
    assert kept["attendances"].to_numpy().tolist() == [
        ["one", "one_R1"],
        ["one", "one_R2"],
        ["two", "two_R1"],
        ["two", "two_R2"],
    ]
    assert kept["interviews"]["mode"].tolist() == ["paired", "paired"]
    assert account_line(one, "turn of a respondent").note == (
        "R1, R2: people of this interview, until a file names them"
    )


def account_line(done, kind):
    return next(line for line in done.file.account if line.kind == kind)


@pytest.mark.parametrize(
    "text",
    [
        "Q1: How?\nA1: Fine.\nQ2: And?\nA2: Late.\n",  # answers are numbered, not people
        "INT: How?\nSpeaker 1: Fine.\nSpeaker 2: Late.\nSpeaker 1: Yes.\n",  # whom a tool told apart
        "R1: How?\nR2: Fine.\nR1: And you?\nR2: Late.\n",  # one of them may be who asks
        "INT: How?\nRespondent: Fine.\nMale: Late.\nRespondent: Yes.\n",  # of several people
    ],
)
def test_labels_that_may_be_anybody_are_no_people(bring, tmp_path, text):
    bring(talk__txt=text)
    assert not len(tables(tmp_path)["participants"])


@pytest.mark.parametrize("order", [("talk__txt", "people__csv"), ("people__csv", "talk__txt")])
def test_a_list_of_people_names_who_is_behind_a_label_in_any_order(bring, tmp_path, order):
    brought_ = {"talk__txt": TALK, "people__csv": LIST}
    for name in (*order, *order):
        (done,) = bring(**{name: brought_[name]})
    kept = tables(tmp_path)
    assert kept["participants"]["participant_id"].tolist() == ["R1", "R2"]
    assert kept["attendances"]["participant_id"].tolist() == ["R1", "R2"]
    assert spoken_by(tmp_path) == {"talk 2": "R1", "talk 3": "R2", "talk 5": "R1"}
    assert not done.changes


def test_coded_passages_name_who_is_behind_a_label(bring, tmp_path):
    """No list of people: the workbook of codings alone says that R1 of talk.docx said it."""
    bring(talk__txt=TALK, codes__csv=QUOTED)
    kept = tables(tmp_path)
    assert kept["participants"]["participant_id"].tolist() == ["R1", "R2"]
    assert kept["attendances"].to_numpy().tolist() == [["talk", "R1"], ["talk", "R2"]]
    assert spoken_by(tmp_path) == {"talk 2": "R1", "talk 3": "R2", "talk 5": "R1"}


SEVERAL = "Participant,File,Area,Age\nR1,one.docx,North,30\nR2,one.docx,North,40\nR1,two.docx,South,50\nR2,two.docx,South,60\n"


@pytest.mark.parametrize("order", [("talks", "people"), ("people", "talks")])
def test_labels_that_begin_again_in_each_file_are_somebody_else_in_each(bring, tmp_path, order):
    files = {"talks": {"one__txt": TALK, "two__txt": TRAIN}, "people": {"people__csv": SEVERAL}}
    for name in order:
        done = bring(**files[name])
    kept = tables(tmp_path)
    people = ["one_R1", "one_R2", "two_R1", "two_R2"]
    assert sorted(kept["participants"]["participant_id"]) == people
    ages = kept["attributes"].set_index("owner_id")["value"]
    assert ages[people].tolist() == ["30", "40", "50", "60"]
    assert len(kept["attendances"]) == 4
    assert spoken_by(tmp_path)["two 2"] == "two_R1"
    if order[-1] == "people":
        assert (
            account_line(done[0], "person").note
            == "R1, R2: called so in several files, and somebody else in each"
        )


def test_a_pseudonym_met_in_two_interviews_is_one_person(bring, tmp_path):
    bring(people__csv="Participant,Interview,Area\nP1,first,North\nP1,second,North\nP2,second,North\n")
    assert tables(tmp_path)["participants"]["participant_id"].tolist() == ["P1", "P2"]


def test_a_coded_passage_of_a_label_met_in_several_files_is_that_of_its_file(bring, tmp_path):
    """Sheets of codings, each of one file: R1 of one and R1 of two are two people."""
    bring(one__txt=TALK, two__txt=TRAIN)
    head = "Participant,Document,Text,Code"
    done = bring(
        a__csv=f"{head}\nR1,one.docx,The bus was late again.,Travel\nR2,one.docx,It was fine,Travel\n",
        b__csv=f"{head}\nR1,two.docx,The train was late again.,Travel\nR2,two.docx,It was fine,Travel\n",
    )
    kept = tables(tmp_path)
    people = kept["participants"]["participant_id"].tolist()
    assert sorted(people) == ["R1", "R2", "two_R1", "two_R2"]
    segments = kept["segments"]
    of_two = segments.loc[segments["document_id"].eq("two"), "participant_id"]
    assert of_two.tolist() == ["two_R1", "two_R2"]
    assert "R1, R2: called so in several interviews, and taken for somebody else in each" in done[1].remarks


def test_a_text_that_comes_after_the_coded_passages_gives_them_their_places(bring, tmp_path):
    bring(codes__csv=QUOTED)
    (talk,) = bring(talk__txt=TALK)
    assert tables(tmp_path)["segments"]["start"].notna().tolist() == [True, True, False]
    assert "talk: new text; 2 passages found again, 1 not" in talk.remarks


@pytest.mark.parametrize(
    ("quoted", "found"),
    [
        ("“By bus, twice a day”", "By bus, twice a day"),
        ("... twice a day, and it is late ...", "twice a day, and it is late"),
        ("By bus, twice [...] it is late.", "By bus, twice a day, and it is late."),
        ("By bus, twice … nobody came at all", None),
        ("By bus … late", None),  # too few letters to be sure of
    ],
)
def test_words_in_marks_of_a_quotation_or_with_dots_are_found(quoted, found):
    place = found_again(pd.Series([quoted]), INTERVIEW).iloc[0]
    assert (None if pd.isna(place["start"]) else INTERVIEW[int(place["start"]) : int(place["end"])]) == found


def test_dots_are_in_place_of_words_of_one_text():
    """A passage does not go from the end of one text to the beginning of the next."""
    place = found_again(
        pd.Series(["nobody came at all … the room was cold"]), "nobody came at all\n\x00\nthe room was cold"
    )
    assert place.isna().all(axis=None)


def test_a_passage_that_lost_its_place_is_found_again_in_a_later_text(bring, tmp_path):
    bring(talk__txt=TALK, codes__csv=QUOTED)
    bring(talk__txt=TALK.replace("late again", "late, as ever"))
    (back,) = bring(talk__txt=TALK)
    assert back.remarks == ["talk: new text; 2 passages found again, 1 not"]
    assert tables(tmp_path)["segments"]["start"].notna().tolist() == [True, True, False]


def test_who_speaks_no_more_in_a_transcript_but_is_on_a_list_stays(bring, tmp_path):
    bring(talk__txt=TALK, people__csv=LIST)
    (talk,) = bring(talk__txt=TALK.replace("R2: It was fine for me.\n", "R1: It was fine for me.\n"))
    assert tables(tmp_path)["attendances"]["participant_id"].tolist() == ["R1", "R2"]
    assert not any("left out" in remark for remark in talk.remarks)


def test_many_reports_say_what_changed_and_went(bring):
    files = {f"talk{n}__txt": f"Area: North\n\n{INTERVIEW}Moira: {n} times.\n" for n in range(4)}
    bring(**files)
    done = bring(**{name: text.replace("North", "South") for name, text in files.items()})
    printed = said_of_all([each.report() for each in done])
    assert "areas 1 added, 1 removed: north; " in printed
    assert "interviews 4 changed: talk0 (area_id), talk1 (area_id), talk2 (area_id), ..." in printed


def test_what_a_file_says_of_people_by_way_of_their_interview_is_said_to_change(bring):
    bring(talk__txt=INTERVIEW)
    (people,) = bring(people__csv="Interview,Area,Mode\ntalk,North,one-to-one\n")
    assert people.changes["participants"]["changed"] == ["Moira (area_id)"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Rural", "rural_unspecified"),
        ("URBAN", "urban_unspecified"),
        ("rural area", "rural_unspecified"),
        ("Städtisch", "urban_unspecified"),
        ("ländlich", "rural_unspecified"),
        ("Urbain", "urban_unspecified"),
        ("сельский", "rural_unspecified"),
        ("Small town", "small_town"),
        ("Large urban areas", "urban_unspecified"),
        ("Accessible small towns", "small_town"),
        ("Remote rural", "remote_rural"),
        ("Urban with substantial rural", "urban_substantial_rural"),
        ("Mainly Rural", "mainly_rural"),
    ],
)
def test_area_types_are_read_however_they_are_written(bring, tmp_path, words, kind):
    """In a head, behind an area's name, and in a column that --map names."""
    bring(
        a__txt=f"Area: North\nArea type: {words}\n\n{INTERVIEW}",
        b__txt=f"Area: South, {words}\n\n{INTERVIEW}",
    )
    bring(["Kind of area=area type"], people__csv=f"Participant,Area,Kind of area\nJo,East,{words}\n")
    areas = tables(tmp_path)["areas"].set_index("area_id")["area_type"]
    assert areas.to_dict() == {"north": kind, "south": kind, "east": kind}


@pytest.mark.parametrize(
    "area", ["Stoke-on-Trent", "Perth and Kinross", "Ayr (south)", "Bute, Argyll", "North - East"]
)
def test_an_area_whose_name_ends_with_no_type_keeps_its_name(bring, tmp_path, area):
    bring(talk__txt=f"Area: {area}\n\n{INTERVIEW}")
    assert tables(tmp_path)["areas"][["name", "area_type"]].to_numpy().tolist() == [[area, "not_stated"]]


def test_area_types_that_are_not_read_are_named(bring, tmp_path):
    one, two = bring(
        a__txt=f"Area: North\nArea type: leafy\n\n{INTERVIEW}", b__txt=f"Area type: rural\n\n{INTERVIEW}"
    )
    assert account_line(one, "head line").note == "not an area type, kept as an attribute: leafy"
    assert account_line(two, "head line").note == "an area type, but of no area, kept as an attribute: rural"
    assert tables(tmp_path)["attributes"]["value"].tolist() == ["leafy", "rural"]
    (people,) = bring(["Kind=area type"], people__csv="Participant,Area,Kind\nJo,East,Rural\nAl,West,Leafy\n")
    line = account_line(people, "area type")
    assert (line.in_file, line.kept, line.changed, line.note) == (
        2,
        1,
        1,
        "not read, kept as classification: Leafy",
    )
    (placeless,) = bring(["Kind=area type"], others__csv="Participant,Kind,Age\nJo,Rural,3\nAl,Leafy,4\n")
    assert account_line(placeless, "area type").dropped == 2


def test_an_area_that_a_corrected_head_names_no_more_goes(bring, tmp_path):
    bring(talk__txt=f"Area: Strathmoor\n\n{INTERVIEW}", other__txt=f"Area: Clydeport\n\n{INTERVIEW}")
    bring(talk__txt=f"Area: Strathmore\n\n{INTERVIEW}")
    assert sorted(tables(tmp_path)["areas"]["name"]) == ["Clydeport", "Strathmore"]


def test_withdrawal_by_the_label_of_a_transcript(bring, tmp_path):
    bring(one__txt=TALK, two__txt=TRAIN.replace("R2", "R3"))
    with pytest.raises(StudyError) as refused:
        withdraw("R1", tmp_path / "study")
    assert str(refused.value) == "'R1' is called so by several people of study: one_R1, two_R1. Name one."
    done = withdraw("R3", tmp_path / "study")
    text = (tmp_path / "study" / "texts" / "two.txt").read_text("utf-8")
    assert "It was fine" not in text and "The train was late again." in text
    assert "It was fine" in (tmp_path / "study" / "texts" / "one.txt").read_text("utf-8")
    assert "texts/two.txt" in done.rewritten


def test_who_is_called_as_others_are_in_other_transcripts_takes_no_words_of_theirs(bring, tmp_path):
    """R1 is named by a list for one transcript; the R1 of another is somebody else."""
    bring(talk__txt=TALK, people__csv=LIST, other__txt=TALK.replace("The bus was late again.", "We walk."))
    withdraw("R1", tmp_path / "study")
    text = (tmp_path / "study" / "texts" / "other.txt").read_text("utf-8")
    assert "R1: We walk." in text


def test_who_is_nobody_is_told_that_respondents_go_by_id(bring, tmp_path):
    bring(s__csv="Respondent ID,How?\nR1,Well\nR2,Badly\nR3,Well\n")
    with pytest.raises(StudyError) as refused:
        withdraw("Ann Reid", tmp_path / "study")
    assert str(refused.value) == (
        "There is no participant or respondent 'Ann Reid' in study. Respondents of surveys go by the ids of survey_answers.csv."
    )


def test_a_kind_of_area_that_is_none_is_refused_with_those_of_the_study(bring, tmp_path):
    bring(talk__txt=f"Area: North (rural)\n\n{INTERVIEW}")
    with pytest.raises(StudyError) as refused:
        of_area_type(tables(tmp_path), "ruralish")
    assert str(refused.value) == (
        "There is no area type 'ruralish'; known: rural, rural_unspecified. Did you mean 'rural'?"
    )


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize(
    "file",
    [
        {"talk__txt": TALK},
        {"people__csv": LIST},
        {"codes__csv": QUOTED},
        {
            "codes__csv": QUOTED.replace(",Document,", ",")
            .replace("R1,talk.docx", "R1")
            .replace("R2,talk.docx", "R2")
        },
    ],
)
def test_who_has_withdrawn_comes_back_under_no_label(bring, tmp_path, tied, file):
    """R1 withdraws, before or after a list named them; each file that calls them R1 there leaves them out."""
    bring(talk__txt=TALK, other__txt=TRAIN, **({"people__csv": LIST} if tied else {}))
    withdraw("R1" if tied else "talk_R1", tmp_path / "study")
    bring(**file)
    kept = tables(tmp_path)
    assert not {"R1", "talk_R1"} & {
        *kept["participants"]["participant_id"],
        *kept["segments"]["participant_id"],
    }
    assert not any("bus was late" in text for text in kept["segments"]["text"].dropna())
    assert "bus" not in (tmp_path / "study" / "texts" / "talk.txt").read_text("utf-8")
    assert "other_R1" in set(kept["attendances"]["participant_id"])
    readmit("R1" if tied else "talk_R1", tmp_path / "study")
    bring(talk__txt=TALK, codes__csv=QUOTED)
    assert "The bus was late again." in set(tables(tmp_path)["segments"]["text"])


# who says the coded passages


GROUP = "Moderator: Well?\nTom: Yes, I agree with that.\nUna: Yes, I agree with that.\nModerator: Else?\nTom: The bus is late.\nUna: No.\n"
AGREED = '"Yes, I agree with that.",Agreeing'


@pytest.mark.parametrize("file", ["File,", ""])
@pytest.mark.parametrize("order", [1, -1])
def test_what_two_people_say_in_the_same_words_is_a_passage_of_each(bring, tmp_path, file, order):
    """Coded quotes of a focus group; the words are once in the turns of each."""
    row = "group.txt," * bool(file)
    codes = f"{file}Speaker,Quote,Theme\n{row}Una,{AGREED}\n{row}Tom,{AGREED}\n"
    for name, text in [("group__txt", GROUP), ("coded__csv", codes)][:: order if file else 1]:
        bring(**{name: text})
    passages = tables(tmp_path)["segments"]
    assert passages[["participant_id", "start", "end"]].values.tolist() == [
        ["Una", "51", "74"],
        ["Tom", "22", "45"],
    ]
    assert tables(tmp_path)["codings"]["unit_id"].tolist() == passages["segment_id"].tolist()


def test_a_passage_is_of_who_says_it_in_the_transcript_and_the_report_names_the_row(bring, tmp_path):
    """Coded quotes, with a speaker, a name, and a file that the transcripts do not have so."""
    lines = (
        "group,Una,The bus is late.",
        "group,Cleo,The bus is late.",
        "group,Tom,Well?",
        "other,Tom,The bus is late.",
    )
    done = bring(
        group__txt=GROUP, coded__csv="File,Speaker,Quote,Theme\n" + "".join(f"{line},Bus\n" for line in lines)
    )
    assert tables(tmp_path)["segments"]["participant_id"].fillna("").tolist() == ["Tom", "Tom", "", "Tom"]
    assert done[1].remarks == [
        "segments: 1 tied to where their words are in 1 text that the study has; documents that it names otherwise: other in group",
        "segments: 3 given to others than speak there in their transcripts, which decide: row 2: Una (Tom in group), "
        "row 3: Cleo (Tom in group), row 4: Tom (an interviewer in group)",
        "people: 1 speak in no transcript, and are not counted as heard: Cleo",
    ]


def test_a_transcript_that_comes_after_its_coded_passages_decides_who_says_them(bring, tmp_path):
    bring(coded__csv="File,Speaker,Quote,Theme\ngroup,Cleo,The bus is late.,Bus\n")
    (done,) = bring(group__txt=GROUP)
    assert tables(tmp_path)["segments"]["participant_id"].tolist() == ["Tom"]
    assert done.remarks[-2:] == [
        "segments: 1 given to others than speak there in their transcripts, which decide: group_p001 of coded.csv: Cleo (Tom in group)",
        "people: 1 speak in no transcript, and are not counted as heard: Cleo",
    ]


def test_who_speaks_alone_behind_a_label_is_who_the_coded_passages_name(bring, tmp_path):
    """A transcript with R for the respondent; Ann has a transcript under her own name."""
    talk = "I: How is it?\nR: The bus is late here.\nI: And?\nR: Nobody rang me.\n"
    codes = "File,Participant,Quote,Theme\none,Agnes,The bus is late here.,Bus\nAnn,Cleo,It was fine for me.,Bus\n"
    bring(
        one__txt=talk,
        Ann__txt="I: How is it?\nAnn: It was fine for me.\nI: And?\nAnn: No.\n",
        coded__csv=codes,
    )
    assert tables(tmp_path)["segments"]["participant_id"].tolist() == ["Agnes", "Ann"]


def test_four_letters_without_speakers_are_reported(tmp_path):
    new_study(tmp_path / "study")
    letters = [tmp_path / f"letter_{n}.txt" for n in range(4)]
    for n, letter in enumerate(letters):
        letter.write_text(f"Dear Sir,\nthe {n} bus is late.\nYours\n", encoding="utf-8")
    done = import_files(letters, tmp_path / "study")
    printed = said_of_all([each.report() for each in done])
    assert "documents 4 added" in printed and "no speaker labels found" in printed


@pytest.mark.parametrize("place", ["Document", "Interview"])
def test_who_is_quoted_no_more_in_a_newer_table_of_passages_goes(bring, tmp_path, place):
    heading = f"{place},Participant,Quote,Code\n"
    bring(coded__csv=f"{heading}D1,P1,The bus was late.,Bus\nD1,P2,Nobody rang me.,Contact\n")
    (newer,) = bring(coded__csv=f"{heading}D1,P1,The bus was late.,Bus\n")
    assert newer.changes["participants"]["removed"] == ["P2"]
    assert "P2" not in list(tables(tmp_path)["attendances"]["participant_id"])


def test_who_is_quoted_no_more_and_is_on_a_list_stays(bring, tmp_path):
    heading = "Document,Participant,Quote,Code\n"
    coded = f"{heading}D1,R1,The bus was late.,Bus\nD1,R2,Nobody rang me.,Contact\n"
    bring(coded__csv=coded, people__csv=LIST)
    bring(coded__csv=coded.rpartition("D1")[0])
    assert {"R1", "R2"} <= {*tables(tmp_path)["participants"]["participant_id"]}


def test_people_in_areas_by_their_codes_are_in_these_areas(bring, tmp_path):
    """A list of people with the codes of the Office for National Statistics, and a sheet of areas with both."""
    areas = "Area code,Area name,Area type\nS12000047,Fife,rural\nS12000049,Glasgow City,urban\n"
    people = "Person,Group,Area\nP1,Carer,S12000047\nP2,Worker,S12000049\n"
    bring(areas__csv=areas)
    (imported,) = bring(people__csv=people)
    held = tables(tmp_path)
    assert held["participants"]["area_id"].tolist() == ["fife", "glasgow_city"]
    assert held["areas"]["area_type"].tolist() == ["rural_unspecified", "urban_unspecified"]
    assert notes(imported, "area by its code") == ["S12000047 = Fife, S12000049 = Glasgow City"]
