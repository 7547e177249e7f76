"""A study adds a grouping of its people to the plan: what it may say, what is refused, and that nothing can be worked out."""

import tomllib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import attacker
import ncsresearch as ncs
from builders import SETTINGS, heard, study_folder
from conftest import PROJECT
from ncsresearch.batch.release import changes, note_release
from ncsresearch.disclosure import plan, spans
from ncsresearch.disclosure.loss import losses
from ncsresearch.disclosure.mask import withheld_counts
from ncsresearch.disclosure.spans import SpanFault, Worth
from ncsresearch.exchange.synthetic import synthetic_study
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.explorer.people import count_people
from ncsresearch.explorer.selection import Selection
from ncsresearch.study import check_study, load_study, read_settings
from ncsresearch.vet.vetting import vet_outputs
from test_release import outputs

BOOK = "code_id,parent_id,label,facet\ntravel,,Travel,theme\ncost,travel,Cost,theme\ntrust,,Trust,theme\n"
KINDS = {"North": "rural", "South": "urban"}
ROLE = {"staff": ["Managers", "Staff"], "clients": ["Clients"]}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return load_study(study_folder(tmp_path_factory.mktemp("small") / "small", codebook=BOOK, codings=None))


def grouped(study, name: str, recorded: dict[str, str], **more: dict):
    """Return a confidential study whose people have an attribute, by which it groups them."""
    rows = [("participants", person, name, value) for person, value in recorded.items()]
    attributes = pd.DataFrame(rows, columns=["owner", "owner_id", "name", "value"])
    settings = replace(study.settings, access="confidential", groupings={name: {}} | more)
    return replace(study, tables=dict(study.tables) | {"attributes": attributes}, settings=settings)


def of_gender(base, men: int = 20, **raised: range):
    """A study of 40 people, each second one in the north: the first 20 are women, and so many of the others men."""
    people = [(f"p{n}", ("north", "south")[n % 2], "Staff", f"i{n}") for n in range(40)]
    said = [(f"p{n}", code) for code, own in raised.items() for n in own]
    gender = {f"p{n}": "woman" if n < 20 else "man" for n in range(20 + men)}
    return grouped(heard(base, people, said), "Gender", gender)


def hidden(study, code_id: str) -> set[tuple]:
    rows = withheld_counts(study).query("hidden and stance == '' and code_id == @code_id")
    return set(zip(rows["by"], rows["group"], strict=True))


def test_a_grouping_that_a_study_adds_is_counted_and_masked(base):
    """9 women and 3 men raised travel, 8 and 8 trust: the three are withheld, and the nine that 12 would leave of them."""
    study = of_gender(base, travel=range(11, 23), trust=range(12, 28))
    rows = ncs.counts(study, by="Gender").query("code_id != 'cost'")
    assert rows["group"].tolist() == ["man", "man", "woman", "woman"]
    assert rows["base"].tolist() == [20] * 4
    assert rows["n"].fillna(-1).tolist() == [-1, 8, -1, 8]
    assert rows["words"].tolist() == ["some", "", "about half", ""]
    assert hidden(study, "travel") == {("Gender", "man"), ("Gender", "woman")}
    raised = next(each["by"] for each in losses(study) if each["counts"] == "raised")
    assert raised[-1] == {"by": "Gender", "form": "numbers", "cells": 4, "withheld_cells": 2, "words": 2}


def test_it_is_shown_as_counts_by_who_speaks_are(base):
    study = of_gender(base, travel=range(11, 23), trust=range(12, 28))
    (table,) = ncs.table(ncs.counts(study, by="Gender"))
    assert table.shown == {"theme": "Theme", "man": "man (of 20)", "woman": "woman (of 20)"}
    assert table.rows.set_index("theme").loc["Travel"].tolist() == ["some", "about half"]


def test_quantities_the_explorer_and_comparisons_know_it(base):
    """8 of 20 men raised trust; how many raised travel is withheld wherever it could be printed."""
    study = of_gender(base, travel=range(11, 23), trust=range(12, 28))
    asked = {"by": "Gender", "group": "man"}
    assert spans.people(study, {"people": "trust"} | asked) == Worth(
        "Trust, people heard (Gender: man)", 8, 20, 40.0, ""
    )
    assert (worth := spans.people(study, {"people": "travel"} | asked)).n is None and worth.word == "some"
    compared = ncs.compare(ncs.counts(study, by="Gender")).set_index("theme")["n_raised"]
    assert compared["Trust"] == 8
    _, table, _ = count_people(study, Selection(theme="trust"), rules=True)
    assert table.rows.set_index("group").loc[["Man", "Woman"], "n"].tolist() == [8, 8]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"group": "man"}, "found group, expected by and group together: a grouping and one of its groups"),
        ({"by": "Gender"}, "found by, expected by and group together: a grouping and one of its groups"),
        ({"by": "gender", "group": "man"}, "found by 'gender', expected one of Gender"),
        ({"by": "Gender", "group": "men"}, "found group 'men', expected a group of people heard"),
    ],
)
def test_a_quantity_of_half_a_grouping_or_none_is_refused(base, keys, expected):
    with pytest.raises(SpanFault) as refused:
        spans.people(of_gender(base, trust=range(20)), {"people": "trust"} | keys)
    assert str(refused.value) == expected


def test_all_others_are_not_compared_where_people_are_in_no_group(base):
    """Nothing is recorded of 7 people: all others than the women would be the men alone, which is in no sum of the plan."""
    study = of_gender(base, 13, trust=range(8, 30))
    compared = ncs.compare(ncs.counts(study, by="Gender"))
    assert len(compared) > 0 and compared["n_raised_others"].isna().all()


def test_people_without_a_value_are_what_the_groups_leave(base):
    """Of 13 men and 7 people of whom nothing is recorded, 11 and 2 raised trust, with 12 women."""
    study = of_gender(base, 13, trust=[*range(8, 31), 33, 34])
    assert sum(by == "Gender" for by, _ in hidden(study, "trust")) >= 1
    assert ncs.counts(study)["n"].tolist()[-1] == 25


def of_clients(base):
    """How long they are known is recorded of clients: 8 of 15 and 3 of 15 make up the 11 of 30 clients who raised trust."""
    people = [
        (f"p{n}", ("north", "south")[n % 2], "Clients" if n < 30 else "Staff", f"i{n}") for n in range(45)
    ]
    study = heard(base, people, [(f"p{n}", "trust") for n in (*range(8), *range(15, 18), *range(30, 38))])
    known = {f"p{n}": "a year" if n < 15 else "longer" for n in range(30)}
    within = [(("participant_group", "Clients"), [("Known for", "a year"), ("Known for", "longer")])]
    return grouped(study, "Known for", known), within


def test_groups_that_lie_within_another_are_protected_with_it(base):
    study, within = of_clients(base)
    assert hidden(study, "trust") == {("Known for", "a year"), ("Known for", "longer")}
    assert recovered(study, KINDS, within)[0].empty


def test_a_group_heard_in_one_area_alone_is_protected_with_it(base):
    """Assistants are 12 of the 20 people of the north; 9 of them and 1 of the others raised trust: 10 less 9 would tell."""
    people = [(f"p{n}", "north", "Assistants" if n < 12 else "Staff", f"i{n}") for n in range(20)]
    people += [(f"p{n}", "south", "Staff", f"i{n}") for n in range(20, 45)]
    study = heard(base, people, [(f"p{n}", "trust") for n in (*range(9), 12, *range(20, 35))])
    study = replace(study, settings=replace(study.settings, access="confidential"))
    within = [(("area_id", "North"), [("participant_group", "Assistants")])]
    told, sought = recovered(study, KINDS, within)
    assert sought > 0 and told.empty, told
    assert hidden(study, "trust")


def test_all_counts_of_a_theme_and_of_those_below_it_give_nothing_back_together(tmp_path):
    """Taking one sum after another a reader finds nothing here; all at once left one suggestion in North of 1 to 3."""
    book = (
        "code_id,parent_id,label,facet\nmoney,,Money,theme\ncost,money,Cost,theme\nfares,money,Fares,theme\n"
    )
    kinds = {"North": "mainly_rural", "Isles": "remote_rural", "South": "larger_city", "East": "larger_city"}
    areas = "area_id,name,area_type,case_study,report\n"
    areas += "".join(f"{name},{name},{kind},yes,yes\n" for name, kind in kinds.items())
    book += "trust,,Trust,theme\n"
    base = load_study(study_folder(tmp_path / "small", codebook=book, areas=areas, codings=None))
    chance = np.random.default_rng(6)
    size = int(chance.integers(25, 90))
    places = chance.choice(list(kinds), size, p=[0.3, 0.2, 0.3, 0.2])
    groups = chance.choice(["Staff", "Clients", "Partners"], size, p=[0.45, 0.4, 0.15])
    said = []
    for n, place in enumerate(places):
        for code, share in {"cost": 0.25, "fares": 0.12, "trust": 0.8, "money": 0.1}.items():
            often = 0.3 * (code == "cost" and place in ("North", "Isles"))
            said += [(f"p{n}", code)] * int(chance.random() < share + often)
    study = heard(base, [(f"p{n}", places[n], groups[n], f"i{n}") for n in range(size)], said)
    stances = chance.choice(["strength", "challenge", "challenge", "suggestion"], len(said))
    tables = dict(study.tables) | {"codings": study.codings.assign(stance=stances)}
    study = replace(study, tables=tables, settings=replace(study.settings, access="confidential"))
    told, sought = recovered(
        study, {n: "rural" if "rural" in kind else "urban" for n, kind in kinds.items()}, []
    )
    assert sought > 50 and told.empty, told


def test_without_that_one_would_be_worked_out_from_it(base, monkeypatch):
    monkeypatch.setattr(plan, "_within", lambda wholes, parts: {})
    study, within = of_clients(base)
    assert hidden(study, "trust") == {("Known for", "longer")}
    told, _ = recovered(study, KINDS, within)
    assert ("Known for", "longer", 3) in set(told[["by", "group", "n"]].itertuples(index=False, name=None))


def random_study(base, seed: int) -> tuple:
    """A study of 25 to 90 people; how long they are known is recorded of most clients. With the groups within others."""
    chance = np.random.default_rng(seed)
    size = int(chance.integers(25, 90))
    groups = chance.choice(["Staff", "Managers", "Clients"], size, p=[0.4, 0.2, 0.4])
    areas = chance.choice(["north", "south"], size)
    people = [(f"p{n}", areas[n], groups[n], f"i{n}") for n in range(size)]
    said = [
        (f"p{n}", code)
        for code, share in (("cost", 0.3), ("trust", 0.8))
        for n in range(size)
        if chance.random() < share
    ]
    years = chance.choice(["a year", "five years", "longer", ""], size, p=[0.35, 0.35, 0.2, 0.1])
    known = {f"p{n}": years[n] for n in range(size) if groups[n] == "Clients" and years[n]}
    study = grouped(heard(base, people, said), "Known for", known, **{"role": ROLE} if seed % 2 else {})
    told = study.codings.assign(stance=chance.choice(["strength", "challenge"], len(study.codings)))
    lengths = [("Known for", value) for value in sorted(set(known.values()))]
    within = [(("participant_group", "Clients"), lengths)]
    if seed % 2:
        within += [
            (("role", role), [("participant_group", one) for one in own if one in groups])
            for role, own in ROLE.items()
        ]
    return replace(study, tables=dict(study.tables) | {"codings": told}), within


def recovered(study, kinds: dict[str, str], within: list) -> tuple[pd.DataFrame, int]:
    """Return what the attacker works out of all counts of a study and of who was heard, and how many were sought."""
    rows = withheld_counts(study)
    sizes = rows[rows["table"].eq("heard")]
    unknown = list(sizes.loc[sizes["hidden"], ["by", "group"]].itertuples(index=False, name=None))
    above = study.codebook.dropna(subset="parent_id").set_index("code_id")["parent_id"].to_dict()
    top = rows["code_id"].map(lambda code: above.get(code, code))
    families = [own for _, own in rows[rows["table"].ne("heard")].groupby(top, sort=False)]
    each = [sizes.assign(base=sizes["n"]), *families]
    found = pd.concat([attacker.widths(own, kinds, 5, within, unknown, above) for own in each])
    return found[found["width"].lt(3)], len(found)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_worked_out_of_a_random_study_with_groupings_of_its_own(base, seed):
    study, within = random_study(base, seed)
    told, sought = recovered(study, KINDS, within)
    assert sought > 10 and told.empty, told


def test_the_illustrative_study_loses_little_by_two_groupings_more():
    study = load_study(PROJECT / "data" / "illustrative")
    leaders, workers, assistants = "Senior managers / team leaders", "Social workers", "Paraprofessionals"
    role = {"staff": [leaders, workers, assistants], "clients": ["Clients"], "partners": ["Partners"]}
    study = replace(study, settings=replace(study.settings, groupings={"Gender": {}, "role": role}))
    areas = study.areas.set_index("name")["area_type"].astype("str")
    kinds = {
        name: "rural" if kind in ("mainly_rural", "islands_remote") else "urban"
        for name, kind in areas.items()
    }
    within = [(("role", name), [("participant_group", one) for one in own]) for name, own in role.items()]
    told, sought = recovered(study, kinds, within)
    assert sought > 2000 and told.empty
    rows = withheld_counts(study).query("table == 'raised' and form == 'number'")
    lost = rows.groupby("by")["hidden"].sum()
    most = {"": 1, "area_type": 4, "area_id": 54, "participant_group": 50, "Gender": 4, "role": 36}
    assert {by: int(lost[by]) for by in most if lost[by] > most[by]} == {}


@pytest.mark.parametrize(
    ("groupings", "expected"),
    [
        (
            "area_type = {}",
            "study.toml: groupings.area_type has the name of what every study is counted by, expected another name.",
        ),
        (
            'Gender = ["woman"]',
            "study.toml: groupings.Gender is ['woman'], expected {} or a table of groups, each with a list of values.",
        ),
        (
            "Age = { young = 18 }",
            "study.toml: groupings.Age is {'young': 18}, expected {} or a table of groups, each with a list of values.",
        ),
        (
            'role = { staff = ["Staff"], all = ["Staff", "Clients"] }',
            "study.toml: groupings.role has 'Staff' twice, expected each value in one group.",
        ),
    ],
    ids=["of every study", "list", "number", "twice"],
)
def test_a_grouping_that_cannot_be_one_is_refused(tmp_path, groupings, expected):
    folder = study_folder(tmp_path / "small", settings=f"{SETTINGS}\n[groupings]\n{groupings}\n")
    with pytest.raises(ncs.StudyError) as refused:
        load_study(folder)
    assert str(refused.value) == expected


PEOPLE = "participant_id,area_id,participant_group\nann,north,Staff\nbo,north,Clients\ncy,south,Clients\n"
GENDER = "owner,owner_id,name,value\nparticipants,ann,Gender,woman\nparticipants,bo,Gender,man\n"


@pytest.mark.parametrize(
    ("groupings", "more", "expected"),
    [
        ("Gender = {}", "", []),
        (
            "gender = {}",
            "",
            [
                "study.toml, groupings: found 'gender', expected an attribute of participants in attributes.csv, or a "
                "table of participant groups. Nearest: 'Gender'."
            ],
        ),
        (
            "Gender = {}",
            "participants,bo,Gender,woman\n",
            [
                "attributes.csv, row 4, value: found 'woman', expected one group of groupings.Gender a participant: row 3 "
                "places this one in another."
            ],
        ),
        ('Gender = { all = ["woman", "man"] }', "participants,bo,Gender,woman\n", []),
        (
            'Gender = { women = ["women"], men = ["man"] }',
            "",
            [
                "attributes.csv, row 2, value: found 'woman', expected a value that groupings.Gender of study.toml has in a "
                "group. Nearest: 'women'."
            ],
        ),
        (
            'role = { staff = ["Staff"], clients = ["Client"] }',
            "",
            [
                "participants.csv, row 3, participant_group: found 'Clients', expected a value that groupings.role of "
                "study.toml has in a group. Nearest: 'Client'."
            ],
        ),
    ],
    ids=["sound", "no such attribute", "two values", "two values of one group", "value", "participant group"],
)
def test_check_names_what_a_grouping_cannot_place(tmp_path, groupings, more, expected):
    tables = {"participants": PEOPLE, "attributes": GENDER + more}
    folder = study_folder(tmp_path / "small", settings=f"{SETTINGS}\n[groupings]\n{groupings}\n", **tables)
    assert [str(fault) for fault in check_study(folder)] == expected


def test_an_empty_study_may_declare_its_groupings_before_anybody_is_in_it(tmp_path):
    folder = study_folder(tmp_path / "small", settings=f"{SETTINGS}\n[groupings]\nGender = {{}}\n")
    assert check_study(folder) == []


@pytest.mark.parametrize("groups", ["{}", '{ women = ["woman"] }'])
def test_the_last_person_with_a_value_can_withdraw(tmp_path, groups):
    settings = f"{SETTINGS}\n[groupings]\nGender = {groups}\n"
    one = GENDER.replace("participants,bo,Gender,man\n", "")
    folder = study_folder(tmp_path / "small", settings=settings, participants=PEOPLE, attributes=one)
    withdraw("ann", folder)
    assert [fault.column for fault in check_study(folder)] == ["groupings"]


def test_the_example_of_the_readme_can_be_one():
    example = (
        (PROJECT / "README.md").read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    )
    added = tomllib.loads(example)["groupings"]
    assert list(added) == ["Gender", "Known for", "role"]
    assert replace(read_settings(PROJECT / "data" / "illustrative"), groupings=added).groupings == added


def test_who_speaks_leaves_nobody_of_whom_nothing_is_recorded(base):
    study, _ = of_clients(base)
    asked = {"by": "Known for", "private": True}
    assert ncs.counts(study, heard_from="Staff", **asked).empty
    assert set(ncs.counts(study, heard_from="Clients", **asked)["group"]) == {"a year", "longer"}


def test_groups_are_in_the_order_in_which_study_toml_has_them(base):
    study = of_gender(base, trust=range(20))
    groups = {"women": ["woman"], "men": ["man"]}
    study = replace(study, settings=replace(study.settings, groupings={"Gender": groups}))
    assert ncs.counts(study, by="Gender")["group"].unique().tolist() == ["women", "men"]


def test_nobody_is_selected_by_it_and_no_part_tells_of_it(base):
    study = of_gender(base, trust=range(20))
    with pytest.raises(ncs.StudyError) as refused:
        study.where(heard_from="woman")
    assert str(refused.value) == "There is no group that speaks 'woman'; known: Staff."
    with pytest.raises(ncs.StudyError, match="counted in all or by stance, not by Gender"):
        ncs.counts(study, by="Gender", heard_from="Staff")
    with pytest.raises(ValueError, match="'client_group', 'Gender'.*not 'gender'"):
        ncs.counts(study, by="gender")
    assert ncs.counts(study.where(area_type="rural"), by="Gender").empty
    assert len(ncs.counts(study.where(theme="trust"), by="Gender")) == 2


def test_a_person_less_is_a_draft_that_names_the_group(tmp_path):
    folder = tmp_path / "made"
    synthetic_study(folder, areas=2, participants=60, segments=200)
    settings = (folder / "study.toml").read_text().replace('access = "public"', 'access = "confidential"')
    (folder / "study.toml").write_text(f"{settings}\n[groupings]\nGender = {{}}\n")
    people = pd.read_csv(folder / "participants.csv", dtype="str")["participant_id"].tolist()
    rows = [f"participants,{person},Gender,{('woman', 'man')[n % 2]}" for n, person in enumerate(people)]
    (folder / "attributes.csv").write_text("\n".join(["owner,owner_id,name,value", *rows]) + "\n")
    released = note_release(outputs(folder), folder)
    withdraw(people[0], folder)
    found = [str(each) for each in changes(load_study(folder))]
    assert f"since the release {released}, of woman: 1 went" in found
    assert not [each for each in found if "of man" in each]


def test_vet_counts_them_again_and_finds_what_two_pages_give_back(tmp_path):
    """12 people raised travel, and on another page 9 of 20 women: three men are left."""
    people = [f"p{n}" for n in range(40)]
    tables = {
        "participants": [
            "participant_id,area_id,participant_group",
            *(f"{one},{area},Staff" for one, area in zip(people, ["north", "south"] * 20, strict=True)),
        ],
        "attributes": [
            "owner,owner_id,name,value",
            *(f"participants,{one},Gender,{'woman' if n < 20 else 'man'}" for n, one in enumerate(people)),
        ],
        "segments": [
            "segment_id,document_id,participant_id,kind,read_by",
            *(f"s{n},report,p{n},passage,reader" for n in range(11, 23)),
        ],
        "codings": [
            "coding_id,unit,unit_id,code_id,coder",
            *(f"c{n},segments,s{n},travel,a" for n in range(11, 23)),
        ],
    }
    settings = SETTINGS.replace('access = "public"', 'access = "confidential"')
    folder = study_folder(
        tmp_path / "small",
        settings=f"{settings}\n[groupings]\nGender = {{}}\n",
        codebook=BOOK,
        **{name: "\n".join(lines) + "\n" for name, lines in tables.items()},
    )
    run = tmp_path / "outputs"
    run.mkdir()
    (run / "manifest.json").write_text('{"study": "small", "access": "confidential", "notebooks": []}')
    (run / "themes.csv").write_text("theme,People who raised it\nTravel,12\n")
    assert vet_outputs(run, study=folder).lines == ("small: no leak found.",)
    (run / "women.csv").write_text("theme,woman (of 20)\nTravel,9\n")
    assert vet_outputs(run, study=folder).lines == (
        "themes.csv, row 2: a count of people under 5 (travel, man) that numbers of women.csv give back together; withhold "
        "one of them as well",
        "small: 1 leak in 1 file.",
    )
