"""The illustrative study is what its raw files give, and the coding finds what was put in."""

import shutil

import pandas as pd
import pytest

import ncsresearch as ncs
from conftest import PROJECT
from ncsresearch.analysis.group_differences import group_differences
from ncsresearch.analysis.partial_pooling import Side, pooled_differences
from ncsresearch.analysis.reliability import coded_twice
from ncsresearch.analysis.sources import heard
from ncsresearch.disclosure.differences import compare
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.evidence.counts import shares
from ncsresearch.evidence.judgements import people_codings
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.exchange.write_study import read_document_texts
from ncsresearch.study import load_study, read_texts

FOLDER = PROJECT / "data" / "illustrative"
RAW = FOLDER / "raw"
FILES = ["transcripts", "participants.xlsx", "codings.qdpx", "client_survey.xlsx", "staff_survey.xlsx"]
PLAN = pd.read_csv(RAW / "what_was_put_in.csv", dtype="str")
POINTS = sorted(set(PLAN.dropna(subset="stance")[["code_id", "stance"]].itertuples(index=False, name=None)))


@pytest.fixture(scope="module")
def study():
    return load_study(FOLDER)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    folder = tmp_path_factory.mktemp("again") / "illustrative"
    new_study(folder)
    shutil.copy(FOLDER / "study.toml", folder)
    import_files([RAW / name for name in FILES], folder)
    return folder


def test_the_raw_files_give_the_committed_tables_and_texts(rebuilt):
    kept, again = read_texts(FOLDER), read_texts(rebuilt)
    for name in kept:
        pd.testing.assert_frame_equal(again[name], kept[name], obj=name)
    assert read_document_texts(rebuilt) == read_document_texts(FOLDER)
    assert (rebuilt / "imports.json").read_text() == (FOLDER / "imports.json").read_text()


def test_importing_again_changes_nothing(rebuilt):
    before = {path.name: path.read_bytes() for path in rebuilt.glob("*.csv")}
    done = import_files([RAW / name for name in FILES], rebuilt)
    assert not any(each.changes for each in done)
    assert {path.name: path.read_bytes() for path in rebuilt.glob("*.csv")} == before


def test_every_passage_is_the_words_it_says(study):
    texts = read_document_texts(FOLDER)
    for row in study.segments.itertuples():
        assert texts[row.document_id][row.start : row.end] == row.text


def test_the_study_has_the_shape_of_the_research(study):
    assert study.participants["participant_group"].value_counts().to_dict() == {
        "Social workers": 49,
        "Paraprofessionals": 33,
        "Clients": 20,
        "Senior managers / team leaders": 20,
        "Partners": 19,
    }
    assert heard(study)["n_interviews"].tolist() == [8, 8, 8, 8, 8, 8]
    assert sum(len(text.split()) for text in read_document_texts(FOLDER).values()) >= 48_000
    first = study.codings["coder"].eq("Coder 1")
    marked = study.segments.set_index("segment_id").loc[study.codings.loc[first, "unit_id"].unique()]
    assert len(marked.drop_duplicates(["document_id", "start", "end"])) >= 1_000
    assert len(coded_twice(study)) == 14
    answers = study.survey_answers.merge(study.survey_items, on="item_id")
    assert answers.groupby("document_id")["respondent_id"].nunique().to_dict() == {
        "client_survey": 60,
        "staff_survey": 150,
    }


def test_no_sentence_stands_twice_in_the_corpus(study):
    turns = study.turns[study.turns["role"].ne("unknown")]
    texts = read_document_texts(FOLDER)
    said = pd.Series([texts[row.document_id][row.start : row.end] for row in turns.itertuples()])
    sentences = said.str.lower().str.split(r"[.!?…]+\s*", regex=True).explode().str.strip()
    long = sentences[sentences.str.split().str.len().ge(6)]
    assert long[long.duplicated()].tolist() == []


def planned(code: str, stance: str, about: str = "") -> set[str]:
    rows = PLAN[PLAN["code_id"].eq(code) & PLAN["stance"].fillna("").eq(stance)]
    return set(rows.loc[rows["about_client_group"].fillna("").eq(about), "participant_id"])


@pytest.mark.parametrize(("code", "stance"), POINTS)
def test_the_coding_finds_what_was_put_in(study, code, stance):
    wanted = planned(code, stance)
    said = people_codings(study)
    found = set(said.loc[said["code_id"].eq(code) & said["stance"].eq(stance), "participant_id"])
    assert len(wanted - found) <= 1
    assert len(found - wanted) <= 6


def test_differences_between_rural_and_urban_areas_come_back(study):
    rows = shares(study, by="area_type", stance="challenge").set_index(["code_id", "group"])["share"]
    gap = {
        code: rows[code, "rural"] - rows[code, "urban"] for code in rows.index.get_level_values(0).unique()
    }
    assert gap["travel_and_distance"] > 0.5
    assert gap["mental_health_help"] > 0.15
    assert gap["staffing_and_recruitment"] > 0.15
    for alike in ("caseload_and_time", "housing", "information_sharing", "buildings_and_waiting_rooms"):
        assert abs(gap[alike]) < 0.05


PUT_IN = [
    ("participant_group", "being_heard_and_respected", "strength", "Clients", 14 / 20 - 29 / 121),
    ("participant_group", "information_sharing", "challenge", "Partners", 11 / 19 - 31 / 122),
    (
        "client_group",
        "buildings_and_waiting_rooms",
        "challenge",
        "men",
        2 / 13 - 5 / 7,
    ),  # women are all others
    ("client_group", "housing", "challenge", "people leaving prison", 8 / 8 - 1 / 12),
]


@pytest.mark.parametrize(("by", "code", "stance", "group", "size"), PUT_IN)
def test_differences_between_groups_come_back_in_direction_and_size(study, by, code, stance, group, size):
    rows = group_differences(study, by=by, stance=stance)
    (row,) = rows[rows["code_id"].eq(code) & rows["group"].eq(group)].itertuples()
    assert row.difference * size > 0
    assert row.low <= size <= row.high


RURAL_MORE = {"travel_and_distance", "mental_health_help", "staffing_and_recruitment"}
ALIKE = {"caseload_and_time", "housing", "information_sharing", "buildings_and_waiting_rooms"}


@pytest.mark.parametrize(
    ("stance", "rural_more", "alike"),
    [
        ("challenge", RURAL_MORE, ALIKE),
        ("strength", {"remote_contact"}, {"being_heard_and_respected"}),
    ],
)
def test_kinds_of_area_are_claimed_to_differ_or_the_row_says_what_could_be_seen(
    study, stance, rural_more, alike
):
    rows = group_differences(study, by="area_type", stance=stance).set_index("code_id")
    assert rows.loc[list(rural_more), "difference"].gt(0.1).all()
    claimed = rows["verdict"].eq("differs")
    assert set(rows.index[claimed]) == rural_more & {"travel_and_distance"}
    missed = rows.loc[list(rural_more - set(rows.index[claimed]))]
    assert missed["smallest_seen"].gt(missed["difference"]).all()
    assert not claimed[list(alike)].any()


def test_what_is_printed_of_kinds_of_area_follows_from_the_printed_counts(study):
    """The same verdicts from the tables alone: of each area its number, or between what its word says that it lies."""
    printed = compare(ncs.counts(study, by="area_type")).set_index("code_id")
    kinds, areas = (
        publishable_counts(study, by=by).astype({"group": "str"}) for by in ("area_type", "area_id")
    )
    classes = study.areas.set_index("name")["area_type"].isin(["mainly_rural", "islands_remote"])
    themes, sides = list(printed.index[printed["reason"].eq("")]), []
    for rural in (True, False):
        total = kinds[kinds["group"].eq("rural" if rural else "urban")].set_index("code_id").loc[themes, "n"]
        own = areas[areas["group"].map(classes).eq(rural)]
        heard, least, most = (
            own.pivot(index="group", columns="code_id", values=name)[themes]
            for name in ("base", "least", "most")
        )
        sides.append(
            Side(*(each.to_numpy("int64") for each in (heard, least, most)), total.to_numpy("int64"))
        )
    again = pooled_differences(*sides).set_index(pd.Index(themes))
    for name in ("difference", "low", "high"):
        assert printed.loc[themes, name].astype("float64").to_numpy() == pytest.approx(
            again[name].to_numpy(), abs=0.011
        )


def test_every_transcript_says_that_it_is_fictional():
    for text in read_document_texts(FOLDER).values():
        assert text.startswith("Illustrative (fictional) interview\nNobody in it exists")


@pytest.mark.parametrize("stance", ["challenge", "strength"])
def test_a_difference_between_groups_that_is_claimed_of_a_planned_theme_was_put_in(study, stance):
    group = study.participants.set_index("participant_id")["participant_group"]
    rows = group_differences(study, by="participant_group", stance=stance)
    stated = rows[
        rows["verdict"].eq("differs") & rows["code_id"].isin(code for code, told in POINTS if told == stance)
    ]
    for row in stated.itertuples():
        raised = group.index.isin(planned(row.code_id, stance))
        put_in = raised[group.eq(row.group)].mean() - raised[group.ne(row.group)].mean()
        assert put_in * row.difference > 0 and abs(put_in) >= 0.1, (row.code_id, row.group)
    assert len(stated)


def test_a_table_that_would_be_mostly_withheld_gives_way_to_a_coarser_one(study):
    served = ncs.served(study)
    assert set(served["group"]) == {"everybody"}
    assert ncs.table(served)[0].shown["less_well_everybody"] == "Less well (of 141)"


def test_who_suggests_a_change_is_counted_in_all_and_by_group(study):
    suggested = ncs.suggestions(study)
    groups = list(study.participants["participant_group"].unique())
    (made,) = ncs.table(suggested)
    assert set(made.shown) == {"theme", "People", *groups}
    known = made.rows.set_index("theme").apply(pd.to_numeric, errors="coerce")
    assert known["People"].notna().all()
    assert known[groups].sum(axis=1).le(known["People"]).all()
    assert made.rows[groups].isin(["[c]"]).to_numpy().mean() <= 1 / 3
    assert set(ncs.suggestions(study.where(heard_from="Clients"))["group"]) == {"People"}


def test_no_table_and_no_sentence_is_made_of_suggestions_without_any_number(study):
    part, _ = ncs.load_area(study.folder, "area_c")
    suggested = ncs.suggestions(part)
    assert suggested["n"].fillna(0).eq(0).all()
    assert ncs.table(suggested) == ncs.say(suggested) == []


def test_for_how_many_themes_leaving_out_an_area_is_withheld_is_said(study):
    moved = ncs.sensitivity(study)
    (said,), (shown,) = ncs.say(moved), ncs.table(moved)
    withheld = shown.cells()["Without one area"].eq("[c]").sum()
    n = len(shown.cells()) - withheld
    assert f"on two of the {n} themes that can be shown by five points or more: travel" in said.sentence


def test_questions_to_an_area_are_those_of_its_authors_in_their_order(study):
    asked = ncs.questions(ncs.load_area(FOLDER, "area_a")[0])
    assert (
        dict(zip(asked["code_id"], asked["question"], strict=True)) == study.settings.area_questions["area_a"]
    )
