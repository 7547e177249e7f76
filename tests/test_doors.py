"""Every way by which counts of people were known in version 0.5.0, or were misleading, and an attacker who reads everything.

Each test named test_c1 to test_c9 and test_m1 to test_m4 fails on 0.5.0; test_c1 and test_c2 are in test_withheld.py, and
C4 is test_thirty_withdrawals_are_each_a_draft of test_release.py.
"""

import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import attacker
import ncsresearch as ncs
import printed
from builders import SETTINGS, heard, study_folder
from conftest import PROJECT
from ncsresearch.analysis.survey import answers_counted
from ncsresearch.disclosure import plan
from ncsresearch.disclosure.answers import publishable_answers
from ncsresearch.disclosure.mask import withheld_counts
from ncsresearch.present.outputs import Nothing
from ncsresearch.study import load_study
from ncsresearch.study.codebook import code_names, leaf_themes, themes
from ncsresearch.study.frames import framed
from ncsresearch.vet.vetting import vet_outputs
from shown_chapters import OF_PEOPLE, said, showing

COUNTING = [
    chapter for chapter in OF_PEOPLE if chapter[:2] not in ("01", "10", "14")
]  # the others have a test of their own
WHOLE_ALONE = [
    *(
        "coders",
        "agreement",
        "agreement on rare themes",
        "agreement over all themes",
        "confusions",
        "boundaries",
    ),
    *("joint display by area_type", "joint display by heard_from"),
    *("saturation", "saturation by kind of area", "saturation by group", "stated differences", "sensitivity"),
    *(
        f"differences by {by}"
        for by in ("participant_group", "area_type", "client_group", "views of service")
    ),
]
NUMBER = r"[−+-]?\d[\d,]*(\.\d+)?(e-\d+)?|some|about half|most|\[c\]"
SUPERLATIVE = re.compile(
    r"\b(most|fewest|largest|widest|highest|lowest|apart|than (?:in )?any)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def study():
    return load_study(PROJECT / "data" / "illustrative")


@pytest.fixture(scope="module")
def outputs(site) -> Path:
    return site / "illustrative"


@pytest.fixture(scope="module")
def truth(study) -> dict[tuple[str, str, str], int]:
    """The true number of every cell that is planned, by the names that a reader meets."""
    names, cells = code_names(study.codebook), {}
    for row in plan.planned_counts(study).itertuples():
        level, _, about = row.code_id.partition("/")
        what = f"{'better' if 'better' in level else 'less well'} {about}" if about else names.get(level, "")
        group = f"about {row.group}" if row.by == "client_group" else row.group
        cells[what.lower(), row.stance, group.lower()] = row.n
    return cells


@pytest.fixture
def told(outputs, study) -> printed.Printed:
    """What is read of the whole run; an author's quantity is read from the line that it opens to."""
    told = printed.read_outputs(outputs)
    for _, _, row in printed.findings_of(outputs):
        if row.get("written"):
            printed.read_written(told, row["behind"], "written")
    return told


def test_the_attacker_reads_a_great_deal(told):
    groups = {name: n for n, part in enumerate(told.parts) for name in part}
    served = {cell for cell in told.ends if cell[0].startswith(("better", "less well"))}
    of_others = {cell for cell in told.ends if cell[2].startswith("about ")}
    found = Counter((cell[1], groups.get(cell[2], "all")) for cell in set(told.ends) - served - of_others)
    by_group, by_kind, by_area = range(3)
    assert found["", by_area] == found["strength", by_area] == found["challenge", by_area] == 25 * 6
    assert found["", by_group] == 25 * 5
    assert found["", "all"] == found["strength", "all"] == found["challenge", "all"] == 25
    # a theme of which no number by kind of area may be printed has no row
    assert found["", by_kind] >= 40 and found["challenge", by_kind] > 15 and found["strength", by_kind] >= 10
    assert found["suggestion", by_area] > 60 and len(served) > 20
    read = Counter(place.split("/")[0].split(" ")[0] for places in told.places.values() for place in places)
    assert set(read) >= {
        "tables",
        "findings.json",
        "illustrative.xlsx",
        "00_summary.html",
        "02_themes.html",
        "20_case_study_area.html",
        "written",
    }
    assert len(told.rules) > 500


def test_everything_that_a_run_prints_is_true_and_gives_no_small_count_back(told, truth):
    found = attacker.recovered(told, truth, 5)
    assert found.attrs["sought"] > 1000
    assert found.empty, found


def _heard(truth: dict) -> dict:
    """Return the counts of people by whom they are; of whom they speak only selections tell."""
    return {cell: n for cell, n in truth.items() if not cell[2].startswith("about ")}


def test_a_word_document_has_no_row_that_no_page_has(outputs):
    on_pages = {tuple(row) for *_, heads, rows in printed.tables_of(outputs) for row in (heads, *rows)}
    documents = sorted(outputs.rglob("*.docx"))
    assert len(documents) > 6
    for path in documents:
        for row in printed.rows_of_document(path):
            assert row in on_pages, f"{path.name}: {row}"


@pytest.mark.parametrize("direct", [True, False], ids=["the number itself", "all others of its sum"])
def test_a_planted_leak_is_recovered(outputs, truth, tmp_path, study, direct):
    shutil.copytree(outputs, tmp_path / "leaking", ignore=shutil.ignore_patterns("*.docx", "*.ipynb"))
    rows = withheld_counts(study).query("by == 'area_id' and stance == '' and hidden and words == 'some'")
    few = rows[rows["n"].between(1, 4) & rows["code_id"].isin(leaf_themes(study.codebook))].iloc[0]
    same = rows["code_id"].eq(few["code_id"])
    leaks = rows[same & (rows["group"].eq(few["group"]) == direct)]
    theme = code_names(study.codebook)[few["code_id"]]
    path = next((tmp_path / "leaking" / "areas").rglob("*.html"))
    planted = "".join(
        f"<div class='finding'><p>{theme} was raised by {row.n} of {row.base} people in {row.group}.</p></div>"
        for row in leaks.itertuples()
    )
    path.write_text(
        path.read_text(encoding="utf-8").replace("</main>", f"{planted}</main>"), encoding="utf-8"
    )
    found = attacker.recovered(printed.read_outputs(tmp_path / "leaking"), _heard(truth), 5)
    assert (theme.lower(), few["group"].lower()) in set(zip(found["what"], found["group"], strict=True))


def selections(study) -> list[tuple[dict[str, str], str]]:
    """Return every selection by one parameter, with the group of people that it tells of."""
    rows = withheld_counts(study)
    areas = study.areas.set_index("area_id")["name"].str.lower()
    chosen = [({"area_type": kind}, kind) for kind in ("rural", "urban")]
    chosen += [({"area_id": area_id}, name) for area_id, name in areas.items()]
    for name, by, before in (
        ("heard_from", "participant_group", ""),
        ("client_group", "client_group", "about "),
    ):
        groups = rows.loc[rows["by"].eq(by), "group"].unique()
        chosen += [({name: group}, f"{before}{group.lower()}") for group in groups]
    return chosen + [({"theme": code}, printed.EVERYBODY) for code in themes(study.codebook)]


def test_c3_all_selections_and_the_whole_run_together_give_no_small_count_back(study, told, truth):
    """And pairs of a theme and a group: of two groups no selection is made."""
    before, chosen = len(told.ends), selections(study)
    assert len(chosen) > 45
    with showing(study) as run:
        for (selection, group), chapter in product(chosen, COUNTING):
            own = "clients" if chapter.startswith("05") and group == printed.EVERYBODY else group
            printed.read_shown(told, run(chapter, **selection), own, f"{selection}")
        pairs = list(product([each for each in chosen if "theme" in each[0]], chosen[:-25]))
        for (theme, _), (by, group) in pairs[::43]:
            printed.read_shown(told, run("02_themes", **theme, **by), group, f"{theme} {by}")
    assert len(told.ends) > before + 1500
    found = attacker.recovered(told, truth, 5)
    assert found.attrs["sought"] > 2000
    assert found.empty, found


def test_c3_of_a_selection_no_more_is_said_of_who_was_heard_than_of_the_whole(study, told):
    """Each number of people in chapter 01 is one that the whole run prints of the group, or of an area within it."""
    places = "|".join([*told.kinds, *(f"{kind} areas" for kind in told.kinds.values())])
    found = Counter()
    with showing(study) as run:
        for selection, group in selections(study):
            for item in run("01_who_was_heard", **selection):
                sentence = getattr(item, "sentence", "").lower()
                counted = [(n, group) for n in re.findall(r"(\d+) people took part", sentence)]
                counted += re.findall(rf"(\d+)(?: people were heard)? in \w+ ({places})\b", sentence)
                rows = item.cells().to_numpy().astype("str").tolist() if hasattr(item, "cells") else []
                counted += [(row[-1], row[0].partition(",")[0].lower()) for row in rows]
                for n, name in counted:
                    assert int(n) == told.bases[name.removesuffix(" areas")], (selection, n, name)
                found.update(name for _, name in counted)
    assert len(found) == 6 + 2 + 2 + 5  # areas, kinds by their name and as areas, groups


@pytest.mark.parametrize("chapter", ["10_survey", "11_trust_in_the_coding", "14_interviews_and_survey"])
def test_c3_the_survey_and_the_coding_are_shown_of_the_whole_alone(study, chapter):
    """Of a selection of each kind nothing is left but what it is and what limits it."""
    of_each = {tuple(selection): selection for selection, _ in selections(study)}
    with showing(study) as run:
        for selection in of_each.values():
            status, limits = (item for item in run(chapter, **selection) if not isinstance(item, Nothing))
            assert (status.name, type(limits).__name__) == ("status", "Limits")


def test_c3_two_groups_together_are_refused(study):
    for (one, _), (other, _) in product(selections(study)[:-25], repeat=2):
        if not set(one) & set(other):
            with pytest.raises(ncs.StudyError, match="were asked for together"):
                study.where(**one, **other)


@pytest.mark.parametrize("kind", WHOLE_ALONE)
def test_c3_what_is_protected_for_the_whole_alone_is_shown_of_no_selection(study, kind):
    """Eleven urban interviews on a theme that twelve people raised left one rural person."""
    for chosen in ({"theme": "other"}, {"area_type": "rural"}, {"heard_from": "Clients"}):
        frame = framed(pd.DataFrame({"n": [1]}), kind, study.where(**chosen))
        assert ncs.say(frame) == ncs.plot(frame) == ncs.table(frame) == ncs.limits(frame) == []


def test_c3_a_count_above_bounds_those_below_it(tmp_path):
    """Of 30 who named a cost in two groups no more than 13 of one raised money at all: so 4 or more of the other."""
    book = "code_id,parent_id,label,facet\nmoney,,Money,theme\ncost,money,Cost,theme\n"
    base = load_study(study_folder(tmp_path / "small", codebook=book, codings=None))
    people = [
        (f"{group}{n}", "north", group, f"i{group}{n}") for group in ("Staff", "Clients") for n in range(20)
    ]
    raised = {"cost": {"Staff": 13, "Clients": 4}, "money": {"Staff": 13, "Clients": 6}}
    spoken = [
        (f"{group}{n}", code)
        for code, each in raised.items()
        for group, most in each.items()
        for n in range(most)
    ]
    small = heard(base, people, spoken)
    small = replace(small, settings=replace(small.settings, access="confidential"))
    rows = withheld_counts(small).query("stance == '' and by in ['', 'participant_group']")
    known = {(row.code_id, row.group): not row.hidden for row in rows.itertuples()}
    assert not known["cost", "Clients"]
    assert not (known["cost", "everybody"] and known["money", "Staff"] and known["money", "Clients"])


def test_c5_what_an_author_counts_is_what_the_tables_print(study, told, truth):
    """No client was said to speak of caseloads, beside a table that withheld how many did."""
    names = {code: name.lower() for code, name in code_names(study.codebook).items()}
    areas = study.areas.set_index("area_id")["name"]
    spans = [span for file in study.findings.values() for span in file.spans if span.kind == "people"]
    assert len(spans) > 3
    beside = 0
    for span in spans:
        keys = dict(span.keys)
        if "except" in keys:  # all others than those of an area, which subtract from what is printed
            here = areas[keys["except"]].lower()
            whole, part = (
                (names[keys["people"]], keys.get("stance", ""), one) for one in (printed.EVERYBODY, here)
            )
            assert told.ends[whole] == (truth[whole],) * 2 and told.ends[part] == (truth[part],) * 2, (
                span.text
            )
            assert int(span.text.split()[0]) == truth[whole] - truth[part], span.text
            continue
        group = keys.get("heard_from") or keys.get("area_type") or areas.get(keys.get("area_id"), "")
        group = f"about {keys['client_group']}" if "client_group" in keys else group
        cell = (names[keys["people"]], keys.get("stance", ""), group.lower() or printed.EVERYBODY)
        assert "written" in told.places[cell], span.text
        assert not span.text[0].isdigit() or told.ends[cell] == (truth.get(cell, 0),) * 2, span.text
        beside += any(place.startswith("tables") for place in told.places[cell])
    assert beside > 3


BOTH = re.compile(
    r"both (?:ways|as a \w+ and as a \w+)[^.]*?: ?\d|\d+ (?:people )?(?:told|described) it both"
)


def test_c6_nobody_counts_those_who_told_a_theme_both_ways(outputs):
    """46 and 11 of 52 and 7 who told it both ways left 2 who told it neither way."""
    for row in json.loads((outputs / "findings.json").read_text(encoding="utf-8")):
        assert not BOTH.search(" ".join([row["sentence"], *row["behind"]]))
    assert BOTH.search("told it both ways: 7") and BOTH.search("7 people told it both ways")


def test_c7_no_passage_ties_a_group_to_an_area_or_a_kind_of_area(study, outputs):
    """A rural claim opened to "Clients, interview 8": one of seven clients, not of twenty."""
    found = json.loads((outputs / "findings.json").read_text(encoding="utf-8"))
    of_places = [row for row in found if row["area_id"] or len(places_in(row)) == 1]
    assert len(of_places) > 10 and any(row["passages"] for row in found)
    assert not [row["sentence"] for row in of_places if row["passages"]]
    for chosen in ({"area_type": "rural"}, {"area_id": "area_e"}):
        quoted = ncs.interview_quotations(study.where(**chosen))
        assert quoted is None or quoted.rows.empty


def places_in(finding: dict) -> set[str]:
    """Return the kinds of area, or the areas, that a finding names."""
    words = " ".join([finding["sentence"], *finding["behind"]]).lower()
    return set(re.findall(r"\b(rural|urban|area [a-f])\b", words))


def test_c8_a_zero_is_printed_as_it_is(told, truth):
    """No client raised caseloads, and the table withheld how many did: a mark that is no zero was one."""
    counted = [
        cell for cell in told.ends if cell[1] in ("", "strength", "challenge") and not truth.get(cell, 1)
    ]
    assert len(counted) > 50
    assert not [cell for cell in counted if told.ends[cell] != (0, 0)]


def test_c9_people_of_no_group_are_not_what_the_groups_leave_of_a_survey(tmp_path):
    """Of 63 answers 28 were positive, of 30 rural 12, of 30 urban 15: of the three that are left one."""
    asked = [("north", 30, 12), ("south", 30, 15), ("", 3, 1)]
    given = [
        (area, "Often" if n < positive else "Seldom") for area, most, positive in asked for n in range(most)
    ]
    answers = "respondent_id,area_id,item_id,answer\n"
    answers += "".join(f"r{n},{area},kept,{answer}\n" for n, (area, answer) in enumerate(given))
    items = "item_id,document_id,label,scale,positive_values\nkept,report,Times are kept,Often;Seldom,Often\n"
    settings = SETTINGS.replace('access = "public"', 'access = "confidential"')
    folder = study_folder(tmp_path / "asked", settings=settings, survey_items=items, survey_answers=answers)
    study = load_study(folder)
    tables = [
        publishable_answers(study).assign(group="everybody"),
        publishable_answers(study, by="area_type"),
    ]
    read = pd.concat(tables).rename(columns={"label": "item", "n_positive": "positive"}).assign(neutral=0)
    found = attacker.answers_recovered(read, true_answers(study), 5)
    assert set(found["group"]) == {"left"} and len(found) == 2
    assert found[found["width"].lt(3)].empty, found


def test_c9_nobody_is_known_by_a_neutral_answer(tmp_path):
    """Of 9 neutral answers 7 were urban, which left two rural ones; of 7 answers 6 were neutral, which left one."""
    asked = {
        "kept": {"north": (3, 2, 7), "south": (3, 7, 14)},
        "near": {"north": (1, 5, 0), "south": (0, 1, 0)},
    }
    given = [
        (item, area, answer)
        for item, areas in asked.items()
        for area, counts in areas.items()
        for answer, n in zip(("Agree", "Neither agree nor disagree", "Disagree"), counts, strict=True)
        for _ in range(n)
    ]
    answers = "respondent_id,item_id,area_id,answer\n"
    answers += "".join(f"r{n},{','.join(row)}\n" for n, row in enumerate(given))
    scale = "Agree;Neither agree nor disagree;Disagree,Agree"
    items = "item_id,document_id,label,scale,positive_values\n"
    items += "".join(f"{item},report,It is {item},{scale}\n" for item in asked)
    settings = SETTINGS.replace('access = "public"', 'access = "confidential"')
    study = load_study(
        study_folder(tmp_path / "asked", settings=settings, survey_items=items, survey_answers=answers)
    )
    everybody, kinds = publishable_answers(study), publishable_answers(study, by="area_type")
    assert everybody["n_neutral"].fillna(-1).tolist() == [9, -1] and kinds["n_neutral"].isna().all()
    read = pd.concat([everybody.assign(group="everybody"), kinds]).drop(columns="neutral")
    names = {"label": "item", "n_positive": "positive", "n_neutral": "neutral"}
    found = attacker.answers_recovered(read.rename(columns=names), true_answers(study), 5)
    assert len(found) > 5 and found[found["width"].lt(3)].empty, found


def test_c9_both_tables_of_a_survey_give_no_small_count_of_answers_back(study, outputs):
    """Not even with the joint display, whose negative answers give the neutral ones of a kind of area."""
    read, truth = printed.read_answers(outputs), true_answers(study)
    assert read["item"].nunique() == truth["item"].nunique() == 20
    read = read.set_index(["item", "group"])
    for row, kind in product(joint_answers(outputs, "kinds"), ("rural", "urban")):
        if row["answers"] == "other" and row[f"n_{kind}"] != "[c]":
            base, positive = read.loc[(row["label"], kind), ["base", "positive"]]
            read.loc[(row["label"], kind), "neutral"] = base - positive - float(row[f"n_{kind}"])
    assert read.loc[(slice(None), ["rural", "urban"]), "neutral"].notna().sum() == 10
    found = attacker.answers_recovered(read.reset_index(), truth, 5)
    assert len(found) > 15
    assert found[found["width"].lt(3)].empty


def joint_answers(outputs, tables: str) -> list[dict]:
    """Return the rows on a survey of the joint display: tables by kind of area (kinds) or by stance (stances)."""
    found = [pd.read_csv(path, dtype="str") for path in outputs.glob(f"tables/14_*/{tables}_beside_*.csv")]
    return pd.concat(found).query("strand == 'survey'").to_dict("records")


def test_the_joint_display_prints_no_answer_that_the_survey_does_not(study, outputs):
    """Answers of either meaning are the positive ones, or what these and the neutral ones leave of the base."""
    seen = 0
    for tables, by, groups in (
        ("kinds", "area_type", ("rural", "urban")),
        ("stances", "", ("challenge", "strength")),
    ):
        answers = publishable_answers(study, by=by).set_index(["label", "group"])
        for row, group in product(joint_answers(outputs, tables), groups):
            one = answers.loc[(row["label"], group if by else "everybody")]
            positive = row["answers"] == "positive" if by else group == "strength"
            n = one["n_positive"] if positive else one["base"] - one["n_positive"] - one["n_neutral"]
            assert row[f"n_{group}"] == ("[c]" if pd.isna(n) else str(n)), row
            seen += pd.notna(n)
    assert seen > 36


def test_the_joint_display_rests_on_numbers_and_words_that_give_no_small_count_back(study, told, truth):
    """Its intervals follow from the words of the groups beside a survey, which are printed nowhere by themselves."""
    names = code_names(study.codebook)
    for way in ("challenge", "strength"):
        for row in ncs.counts(study, by="heard_from", stance=way).itertuples():
            text = row.words or "[c]" if row.withheld else row.n
            told.note((names[row.code_id].lower(), way, row.group.lower()), text, "joint")
    places = [place for places in told.places.values() for place in places]
    assert sum(place.startswith("tables/14_interviews_and_survey") for place in places) > 25
    found = attacker.recovered(told, truth, 5)
    assert found.attrs["sought"] > 1000 and found.empty, found


def true_answers(study) -> pd.DataFrame:
    """Return the true counts of answers to each question by group: base, positive, neutral and other."""
    tables = [answers_counted(study).assign(group="everybody"), answers_counted(study, by="area_type")]
    rows = pd.concat(tables).rename(columns={"label": "item", "n_positive": "positive"})
    neutral = rows["n_neutral"].fillna(0).astype("int64")
    rows = rows.assign(neutral=neutral, other=rows["base"] - rows["positive"] - neutral)
    return rows[["item", "group", "base", "positive", "neutral", "other"]]


def orders_left_out(study) -> list[dict]:
    """The sentences that rank people and that chapters and areas with findings of their authors leave out."""
    by_rule = [("", each) for each in ncs.say(ncs.counts(study, by="stance"))]
    by_rule += [("", each) for each in ncs.say(ncs.compare(ncs.counts(study, by="area_type")))]
    for area_id in study.areas.loc[study.areas["report"].eq("yes"), "area_id"]:
        area, _ = ncs.load_area(study.folder, area_id)
        by_rule += [(area_id, each) for each in ncs.say(ncs.local_evidence(replace(area, findings={})))]
    return [
        {"name": each.name, "sentence": each.sentence, "area_id": area_id, "chapter": "02_themes"}
        for area_id, each in by_rule
        if each.name in READ_AS_ORDERS
    ]


def read_orders(told, rows) -> None:
    for row in rows:
        subject = printed.subject_of(f"{row['area_id']} {row['chapter']}")
        printed.read_finding(told, row["sentence"], (), subject, "")


def test_m1_no_sentence_ranks_what_is_not_the_first(study, told, truth):
    """The truth was travel, 20 of 24 in Area E, and the sentence named continuity of worker, 13 of 24."""
    read_orders(told, orders_left_out(study))
    ranked = [rule for rule in told.rules if rule[2] == np.inf]
    assert len(ranked) > 50
    for weights, least, _ in ranked:
        assert sum(weight * truth.get(cell, 0) for cell, weight in weights.items()) >= least, weights


def test_m1_every_superlative_of_both_studies_is_one_that_is_checked(site, told):
    """By the orders that the attacker reads, by the tests of published counts, or since it ranks no people."""
    sentences = [
        (row["name"], row["sentence"])
        for name in ("illustrative", "published")
        for row in json.loads((site / name / "findings.json").read_text(encoding="utf-8"))
        if not row.get("written")  # an author's words
    ]
    ranking = {name for name, sentence in sentences if SUPERLATIVE.search(sentence)}
    assert ranking <= READ_AS_ORDERS | OF_NO_PEOPLE | {
        "answered_client_survey",
        "answered_staff_survey",
    }
    assert ranking & OF_NO_PEOPLE


def test_m1_every_order_of_people_is_read_as_one(study, told, outputs):
    """So that a sentence in other words is not passed over, nor one that a chapter with findings of its authors leaves out."""
    found = [row for _, _, row in printed.findings_of(outputs) if row.get("name") in READ_AS_ORDERS]
    found += orders_left_out(study)
    ranking = [
        row
        for row in found
        if re.search(r" than any other single theme|most widely described", row["sentence"])
    ]
    assert {row["name"] for row in ranking} >= {"most_raised"}
    for row in [
        row for row in found if SUPERLATIVE.search(row["sentence"]) and "Nothing" not in row["sentence"]
    ]:
        before = len(told.rules)
        read_orders(told, [row])
        assert len(told.rules) > before, row["sentence"]


READ_AS_ORDERS = {
    "most_raised",
    "told",
    "area_raised",
    "clients",
    "people_suggest",
}
OF_NO_PEOPLE = {
    *(
        "agreement",
        "area_unknown",  # what a word in place of a number means
        "checked",
        "checked_2",
        "coded_turns",
        "confusions",
        "saturation",
        "saturation_by_kind",
        "saturation_by_group",
        "stated",
    ),
    *(
        "area",
        "consultation",
        "unpublished",
        "poll",
        "targets",
        "odd_period",
        "survey",
        "furthest_apart",
        "client_groups_differ",
        "paradox",
    ),
}


def test_m1_the_first_and_the_last_question_of_a_survey_are_those(study, outputs):
    shares = answers_counted(study).assign(share=lambda rows: rows["n_positive"] / rows["base"])
    for row in json.loads((outputs / "findings.json").read_text(encoding="utf-8")):
        own = shares[shares["document_id"].eq(row["name"].removeprefix("answered_"))].set_index("label")[
            "share"
        ]
        if row["name"].startswith("answered_") and "highest with" in row["sentence"]:
            assert f'highest with "{own.idxmax()}"' in row["sentence"].replace("\n", " ")
            assert f'lowest with "{own.idxmin()}"' in row["sentence"]


def test_m1_in_a_selection_by_theme_nothing_is_the_most_raised(study):
    with showing(study) as run:
        text = "\n".join(
            said(run(chapter, theme="housing"))
            for chapter in ("02_themes", "03_area_types", "05_client_views")
        )
    assert "Housing" in text
    assert not re.search(
        r"\braised most\b|\bmost raised\b|any other (?:single )?theme|most widely|No single theme", text
    )


def test_m2_no_printed_table_is_withheld_by_more_than_a_third(outputs):
    """Of the cells that hold numbers, where a word is a coarser answer and [c] is none."""
    paths = sorted(outputs.glob("tables/**/*.csv"))
    assert len(paths) > 30
    for path in paths:
        cells = pd.read_csv(path, dtype="str").drop(columns=["study_status"]).stack().dropna()
        numbers = cells[cells.str.fullmatch(NUMBER)]
        assert not len(numbers) or numbers.eq("[c]").mean() <= 1 / 3, path.relative_to(outputs)


def test_m2_each_area_report_has_a_number_for_most_themes(outputs):
    """Of the 27 codes that the plan counts 18 have a number at least; a report has the 25 of them that are themes."""
    paths = sorted(outputs.glob("tables/20_case_study_area/*/people_stances.csv"))
    assert len(paths) == 6
    for path in paths:
        numbers = pd.to_numeric(pd.read_csv(path)["n"], errors="coerce")
        assert len(numbers) == 25 and numbers.isna().sum() <= 27 - 18, path.parent.name


def test_m3_a_first_study_of_five_interviews_is_told(tmp_path):
    base = load_study(study_folder(tmp_path / "five", codings=None))
    people = [
        (f"p{n}", "north" if n < 3 else "south", "Staff" if n < 3 else "Clients", f"i{n}") for n in range(5)
    ]
    five = heard(base, people, [("p0", "travel"), ("p1", "travel"), ("p3", "cost"), ("p4", "cost")])
    five = replace(five, settings=replace(five.settings, access="confidential"))
    with showing(five) as run:
        text = "\n".join(said(run(chapter)) for chapter in OF_PEOPLE)
    assert "5 people" in text and "[c],[c]" not in text
    assert not re.search(r"\b[1-4] (people|clients)\b|\bof [1-4]\b", text)


def test_m4_counts_of_passages_and_questions_and_a_title_are_no_people(tmp_path):
    """A study without people, and outputs that count its questions, passages and themes and name its document."""
    documents = "document_id,title,kind\nsurvey_2024,survey_2024,survey\nreport,A report,research report\n"
    settings = SETTINGS.replace('access = "public"', 'access = "confidential"')
    study = study_folder(tmp_path / "study", documents=documents, settings=settings)
    files = {
        "manifest.json": json.dumps({"study": "study", "access": "confidential", "notebooks": []}),
        "units.csv": "document_id,kind,n_units\nsurvey_2024,survey item,1\nreport,passage,3\n",
        "page.html": "<p>survey_2024 has 1 question, 3 passages and 2 themes.</p><table><tr><th>Document</th>"
        "<th>Kind</th><th>Units</th></tr><tr><td>survey_2024</td><td>survey item</td><td>1</td></tr></table>",
    }
    (tmp_path / "outputs").mkdir()
    for name, text in files.items():
        (tmp_path / "outputs" / name).write_text(text, encoding="utf-8")
    assert vet_outputs(tmp_path / "outputs", study=study).lines == ("study: no leak found.",)
