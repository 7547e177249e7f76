"""Lists of people held against who speaks: one person each, and a remark on everybody else."""

import openpyxl
import pytest

from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.listed_people import said_of_lists
from ncsresearch.exchange.new_study import new_study
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.study import load_study, read_texts

ADVICE = "for two who are one person, give the list the name that the transcript has, and import it again"
ELSE = "if it is somebody else, say in which interview they were, in a column Interview of the list"


def talk(*people: str) -> str:
    turns = [
        f"Ailsa: What was visit {n} like?\n{who}: Visit {n} was late, {people}.\n"
        for n in "123"
        for who in people
    ]
    return "".join(turns)


@pytest.fixture
def bring(tmp_path):
    """Import a list of people of these names, each in the North, with transcripts by their names; returns the remarks."""
    new_study(tmp_path / "study")

    def into(listed, **talks: str) -> list[str]:
        rows = "".join(f"{name},North,Staff\n" for name in listed)
        files = {"people.csv": f"Participant,Area,Group\n{rows}"} if rows else {}
        files |= {f"{name}.txt": words for name, words in talks.items()}
        for name, words in files.items():
            (tmp_path / name).write_text(words, encoding="utf-8")
        done = import_files([tmp_path / name for name in files], tmp_path / "study")
        return [each for imported in done for each in imported.remarks]

    return into


def people(tmp_path) -> list[str]:
    return read_texts(tmp_path / "study")["participants"]["participant_id"].tolist()


@pytest.mark.parametrize(
    ("listed", "talks"),
    [
        (["P01", "P02"], {"one": talk("P1", "P2")}),  # zeros before a number
        (["P1", "P2"], {"one": talk("P1", "P2")}),  # called after the file, until the list names them
        (["P1", "P2", "P3"], {"one": talk("P1", "P2"), "two": talk("P3", "P4")}),
        (["7", "8"], {"one": talk("Participant 7"), "two": talk("Participant 8")}),
        (["P7"], {"one": talk("Participant 7")}),
        (["CAR 03", "CAR04"], {"one": talk("CAR-03")}),
    ],
)
def test_ids_that_are_alike_but_for_zeros_spaces_and_hyphens_are_one_person(bring, tmp_path, listed, talks):
    remarks = bring(listed, **talks)
    kept = read_texts(tmp_path / "study")
    spoken = kept["turns"]["participant_id"].dropna().unique().tolist()
    tied = {*spoken} & {name.replace(" ", "_") for name in listed}
    assert sorted({*spoken} - tied) == (["two_P4"] if "P3" in listed else [])
    assert kept["interviews"]["area_id"].tolist()[:1] == ["north"]  # as its people are
    assert remarks[0].startswith(f"people: {len(tied)} of the list taken for who speaks under their id")
    assert remarks[0].endswith(ELSE)
    bring(listed, **talks)
    bring(listed, **talks)
    assert read_texts(tmp_path / "study")["participants"].equals(kept["participants"])


@pytest.mark.parametrize(
    ("listed", "talks"),
    [
        (["P1"], {"one": talk("P1", "P2"), "two": talk("P1", "P3")}),  # P1 of one, or of two
        (["P1", "P01"], {"one": talk("P-1")}),
        (["1-11"], {"one": talk("11-1 Kay")}),
        (["Li Na"], {"one": talk("Lina")}),  # names are no ids
    ],
)
def test_who_may_be_one_of_two_is_nobody_of_the_list(bring, tmp_path, listed, talks):
    (remark,) = [each for each in bring(listed, **talks) if each.startswith("people: ")]
    assert remark.startswith(f"people: {len(listed)} of the list speak in no transcript")
    assert not load_study(tmp_path / "study").participants["area_id"].notna().any()


def test_who_is_on_the_list_and_who_speaks_are_compared_with_the_nearest_names(bring, tmp_path):
    names = ["Mrs MacKay", "D. Bain", "Shona Reid (team leader)", "Jim Docherty", "Ann Lee"]
    speak = {"a": talk("Mrs McKay"), "b": talk("Donald Bain"), "c": talk("Shona Reid"), "d": talk("JD")}
    said = (
        "people: 5 of the list speak in no transcript, and are not counted as heard: Ann_Lee, D._Bain, Jim_Docherty, Mrs_MacKay, "
        "Shona_Reid_(team_leader); 4 speak and are on no list: Donald_Bain, JD, Mrs_McKay, Shona_Reid; nearest names: "
        "D._Bain (Donald_Bain), Jim_Docherty (JD), Mrs_MacKay (Mrs_McKay), Shona_Reid_(team_leader) (Shona_Reid); "
    )
    assert bring(names, **speak) == [said + ADVICE]
    assert said_of_lists(read_texts(tmp_path / "study")) == [said + ADVICE]
    assert bring(["Mrs McKay", "Donald Bain", "Shona Reid", "JD"], **speak) == []
    assert len(people(tmp_path)) == 4


def test_who_is_only_on_a_list_is_not_heard_once_transcripts_say_who_speaks(bring, tmp_path):
    bring(["Ana", "Ben"])
    assert len(load_study(tmp_path / "study").participants) == 2  # a list is all there is
    assert bring(["Ana", "Ben"], one=talk("Ana")) == [
        "people: 1 of the list speak in no transcript, and are not counted as heard: Ben"
    ]
    study = load_study(tmp_path / "study")
    assert study.participants["participant_id"].tolist() == ["Ana"]
    assert study.listed == ("Ben",)  # whose name no page may print all the same
    assert people(tmp_path) == ["Ana", "Ben"]


def test_rows_that_a_workbook_hides_are_named(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Participant", "Area", "Age"], ["Ana", "North", 30], ["Ben", "North", 40]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.save(tmp_path / "people.xlsx")
    new_study(tmp_path / "study")
    (done,) = import_files([tmp_path / "people.xlsx"], tmp_path / "study")
    hidden = [(line.kind, line.kept, line.note) for line in done.file.account if "hidden" in line.kind]
    why = "read as the others; where it is no evidence, take it out of the workbook"
    assert hidden == [("hidden row", 1, f"row 3: {why}"), ("hidden column", 1, f"Age: {why}")]


# names in coded passages, and groups


@pytest.mark.parametrize(("name", "of_whom"), [("Ana Lee", True), ("Ben Orr", False)])
def test_a_column_of_names_says_who_speaks_where_all_are_known(bring, tmp_path, name, of_whom):
    """Names are personal, and left out, where the study does not know them."""
    bring([], one=talk("Ana Lee"))
    said = f"Transcript,Name,Quote,Code\none,Ana Lee,It is far.,Travel\none,{name},It is dear.,Cost\n"
    (tmp_path / "codes.csv").write_text(said, encoding="utf-8")
    import_files([tmp_path / "codes.csv"], tmp_path / "study")
    assert people(tmp_path) == ["Ana_Lee"]
    assert read_texts(tmp_path / "study")["segments"]["participant_id"].notna().all() == of_whom


def test_a_group_has_one_spelling(bring, tmp_path):
    rows = "Participant,Group,Interview\nAna,Care staff,one\nBen,Care  Staff,two\nCat,Client,two\n"
    for _ in range(2):
        (tmp_path / "people.csv").write_text(rows, encoding="utf-8")
        (done,) = import_files([tmp_path / "people.csv"], tmp_path / "study")
        assert done.remarks == ["groups in another spelling of the same words: Care  Staff as Care staff"]
        groups = read_texts(tmp_path / "study")["participants"]["participant_group"].tolist()
        assert groups == ["Care staff", "Care staff", "Client"]
    assert not done.changes


@pytest.mark.parametrize(
    ("listed", "person", "label"),
    [
        ("P01", "P01", "P1"),
        ("7", "7", "Participant 7"),
        ("12", "12", "Participant 12"),
        ("CAR 03", "CAR_03", "CAR-03"),
    ],
)
def test_who_has_withdrawn_comes_back_under_no_spelling_of_their_id(bring, tmp_path, listed, person, label):
    talks = {"one": talk(label), "two": talk("Ana")}
    bring([listed, "9"] if listed.isdigit() else [listed], **talks)
    assert person in people(tmp_path)
    withdraw(person, tmp_path / "study")
    bring([listed], **talks)
    assert "Ana" in people(tmp_path)
    assert not {*people(tmp_path)} - {"Ana", "9"}
    assert "one" not in {
        *read_texts(tmp_path / "study")["turns"].dropna(subset="participant_id")["document_id"]
    }


@pytest.mark.parametrize(
    "heading", ["Participant code", "Interviewee No.", "respondent_ref", "Person number"]
)
def test_a_code_or_number_of_people_is_who_they_are_in_lists_and_beside_quotations(tmp_path, heading):
    (tmp_path / "people.csv").write_text(f"{heading},Area,Group\nP1,North,Staff\nP2,South,Clients\n")
    (tmp_path / "said.csv").write_text(
        f"{heading},Quote,Theme\nP1,It was late.,Bus\nP2,Nobody called.,Contact\n"
    )
    new_study(tmp_path / "study")
    import_files([tmp_path / "people.csv", tmp_path / "said.csv"], tmp_path / "study")
    tables = read_texts(tmp_path / "study")
    assert tables["participants"][["participant_id", "participant_group"]].to_numpy().tolist() == [
        ["P1", "Staff"],
        ["P2", "Clients"],
    ]
    assert tables["segments"]["participant_id"].tolist() == ["P1", "P2"]
