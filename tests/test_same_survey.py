"""A survey under a second name is counted once; questions of forms without a question mark; personal columns by what they hold."""

import pytest

from builders import brought, sheet
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.ingest.files import read_file
from ncsresearch.schema import StudyError
from ncsresearch.study import read_texts

HEAD = "ID,Start time,Completion time,Email,Name"
FORM = [
    f"{HEAD},How satisfied are you?,What would you change?",
    *(
        f"{n},2024-01-0{n} 10:00,2024-01-0{n} 10:05,anonymous,,{n % 3 + 1},More visits on the {'abcdefghi'[n - 1]} road please"
        for n in range(1, 10)
    ),
]


@pytest.fixture
def bring(tmp_path):
    """Import files of lines, by their names, into one study; returns all remarks."""
    new_study(tmp_path / "study")

    def into(**files) -> list[str]:
        named = {"first": "Views.csv", "again": "Views (1).csv", "other": "Copy of views.csv"}
        for name, lines in files.items():
            (tmp_path / named[name]).write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = import_files([tmp_path / named[name] for name in files], tmp_path / "study")
        return [remark for each in done for remark in each.remarks]

    return into


def counted(tmp_path) -> tuple[int, int, int]:
    kept = read_texts(tmp_path / "study")
    return len(kept["documents"]), len(kept["survey_answers"]), len(kept["segments"])


@pytest.mark.parametrize("name", ["again", "other"])
@pytest.mark.parametrize("calls", [1, 2])
def test_a_survey_under_another_name_adds_nothing(bring, tmp_path, name, calls):
    """What a browser calls a file that is loaded down twice, and a person a copy."""
    lines = {"first": FORM, name: FORM[:1] + FORM[:0:-1]}
    remarks = bring(**lines) if calls == 1 else [*bring(first=FORM), *bring(**{name: lines[name]})]
    title = "Copy of views" if name == "other" and calls == 1 else "Views"  # in the order of names
    assert remarks == [f"has the respondents and answers of {title}, and adds none"]
    assert counted(tmp_path) == (1, 9, 9)


def test_a_newer_version_under_another_name_is_refused(bring, tmp_path):
    bring(first=FORM[:-1])
    with pytest.raises(StudyError) as refused:
        bring(again=FORM)
    assert str(refused.value) == (
        "Views (1).csv: has all answers of Views and more, expected another survey. If it is a version of that, give it the same "
        "name: Views.csv."
    )
    bring(first=FORM)
    assert counted(tmp_path) == (1, 9, 9)


def test_another_survey_of_the_same_questions_is_another(bring, tmp_path):
    others = [line.replace("More", "Fewer") for line in FORM]
    assert "counted together" in " ".join(bring(first=FORM, again=others))
    assert counted(tmp_path)[0] == 2


def kinds(path) -> dict[str, str]:
    (file,) = read_file(path, [])
    told = next(line.note for line in file.account if line.kind == "columns")
    return dict(pair.split(" = ") for pair in told.partition(": ")[2].split("; "))


@pytest.mark.parametrize(
    ("head", "beside"),
    [(HEAD, 5), ("Startzeit,Fertigstellungszeit", 2), ("Timestamp", 1)],
)
@pytest.mark.parametrize(
    ("heading", "cells", "kind"),
    [
        ("Are you:", ["a carer", "a client", "a carer"], "question"),
        ("Overall mark", ["3", "4", "3"], "question"),
        (
            "Your reason",
            [
                "It came late and I had to wait",
                "There was no bus in the week at all",
                "Nobody rang us back on the day",
            ],
            "open question",
        ),
        (
            "Please tell us why",
            [
                "It came late and I had to wait",
                "There was no bus in the week at all",
                "Nobody rang us back on the day",
            ],
            "open question",
        ),
    ],
)
def test_every_column_of_a_form_that_is_not_its_own_is_a_question(
    tmp_path, head, beside, heading, cells, kind
):
    """Microsoft Forms in two languages, and Google Forms."""
    rows = [f"{','.join(f'{n}{each}' for each in range(beside))},Yes,{cell}" for n, cell in enumerate(cells)]
    found = kinds(sheet(tmp_path, f"{head},Would you come again?,{heading}", *rows))
    assert found[heading] == kind


def test_headings_that_ask_are_questions_of_any_survey(tmp_path):
    rows = ["r1,Yes,a carer,3,North", "r2,No,a client,4,South", "r3,Yes,a carer,4,North"]
    found = kinds(sheet(tmp_path, "Respondent,Came again?,Please tick: are you,Overall rating,Ward", *rows))
    assert [*found.values()] == ["participant", "question", "question", "question", "attribute"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Phone number for a call back", ["1", "2"]),
        ("Mobile no.", ["1", "2"]),
        ("E-mail (if you want a reply)", ["1", "2"]),
        ("Name (optional)", ["Ana", "Ben"]),
        ("How can we reach you", ["ana@example.org", "ben@example.org"]),
        ("Contact", ["07700 900001", "+44 7700 900002"]),
        ("_GPS_latitude", ["55.1", "55.2"]),
        ("refurl", ["x", "y"]),
        ("IP-Adresse", ["a", "b"]),
        ("Nazwisko", ["Nowak", "Lis"]),
        ("姓名", ["王", "李"]),
        ("National Insurance number", ["1", "2"]),
        ("from", ["81.2.69.1", "2001:db8:0:0:0:1"]),
        ("Where you live", ["NE1 1AA", "EH99 1SP"]),
        ("place", ["51.1234 -0.1123", "51.2234 -0.2123"]),
    ],
)
def test_personal_columns_are_known_by_more_words_and_by_what_they_hold(tmp_path, heading, cells):
    rows = [f"r{n},Yes,{cell}" for n, cell in enumerate(cells)]
    path = sheet(tmp_path, f"Respondent,Came again?,{heading}", *rows)
    assert kinds(path)[heading] == "leave out"
    assert "attributes" not in brought(path)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Have you a mobile phone?", ["Yes", "No"]),
        ("Started on", ["01-02-2020", "03-04-2021"]),
        ("Collector ID", ["412345678", "412345679"]),
        ("Postcode district", ["NE1", "EH99"]),
        ("Time of day", ["10:00:05", "11:30:00"]),
        ("GPS used?", ["Yes", "No"]),
    ],
)
def test_what_reaches_nobody_is_kept(tmp_path, heading, cells):
    rows = [f"r{n},Yes,{cell}" for n, cell in enumerate(cells)]
    assert kinds(sheet(tmp_path, f"Respondent,Came again?,{heading}", *rows))[heading] != "leave out"
