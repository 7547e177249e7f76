"""Agreement of coders counted by hand: turn by turn, code by code, where they differ and where they cut."""

import numpy as np
import pandas as pd
import pytest

from builders import OF_INTERVIEWS, study_folder
from conftest import PROJECT
from ncsresearch.analysis.agreement import Sums
from ncsresearch.analysis.coded_turns import coded_passages, coded_turns, coder_pairs, of_both_coders
from ncsresearch.analysis.disagreement import boundaries, confusions, judgements_compared, overlapping
from ncsresearch.analysis.reliability import OF_TWO, agreement, coded_twice, coders, interval, of_all_coders
from ncsresearch.study import load_study
from test_agreement import cohen_kappa, gwet_ac1, krippendorff_alpha, percent_agreement

CODEBOOK = (
    "code_id,parent_id,label,facet\nx,,Xenon,theme\ny,,Yarn,theme\nz,,Zoo,theme\nlevel,,Level,service level\n"
)
# what each coder gave each turn of each document; each letter is a code
TALK = {"a": ["x", "xy", "", "y"], "b": ["x", "x", "", "x"]}


def study_of(tmp_path, cuts=None, **documents):
    """A study with turns of ten characters; a passage of one is its turn, unless cuts say other ends."""
    lines = {name: [] for name in ("documents", "turns", "segments", "codings")}
    for document, given in documents.items():
        lines["documents"].append(f"{document},{document},transcript")
        for turn in range(max(map(len, given.values()))):
            lines["turns"].append(f"{document},{turn + 1},p,respondent,{10 * turn},{10 * turn + 10}")
        for coder, words in given.items():
            for turn, codes in enumerate(words):
                for code in codes:
                    name = f"{document}{turn + 1}{coder}{code}"
                    start, end = (cuts or {}).get(name, (10 * turn, 10 * turn + 10))
                    lines["segments"].append(f"{name},{document},passage,{start},{end},reader")
                    lines["codings"].append(f"c{name},segments,{name},{code},{coder}")
    heads = {
        "documents": "document_id,title,kind",
        "turns": "document_id,ordinal,speaker,role,start,end",
        "segments": "segment_id,document_id,kind,start,end,read_by",
        "codings": "coding_id,unit,unit_id,code_id,coder",
    }
    tables = {name: "\n".join([heads[name], *rows]) + "\n" for name, rows in lines.items()}
    return load_study(study_folder(tmp_path / "small", settings=OF_INTERVIEWS, codebook=CODEBOOK, **tables))


def test_counts_code_by_code(tmp_path):
    """x: both on two turns, b alone on one; y: a alone on two, b never. One turn of four has no code."""
    rows = agreement(study_of(tmp_path, talk=TALK)).set_index("code_id")
    counts = ["n_documents", "n_turns", "n_both", "n_reporting_only", "n_other_only", "n_turns_coded"]
    assert rows.loc["x", counts].tolist() == [1, 4, 2, 0, 1, 3]
    assert rows.loc["y", counts].tolist() == [1, 4, 0, 2, 0, 3]
    assert rows.loc["x", ["prevalence", "agreement", "agreement_either"]].tolist() == pytest.approx(
        [5 / 8, 3 / 4, 2 / 3]
    )
    assert rows.loc["y", ["prevalence", "agreement", "agreement_either"]].tolist() == [1 / 4, 1 / 2, 0]
    assert list(rows.index) == ["x", "y"]


def test_text_without_a_code_does_not_count_in_the_coded_columns(tmp_path):
    """On the three turns with a code, x is agreed on two and y on one."""
    rows = agreement(study_of(tmp_path, talk=TALK)).set_index("code_id")
    assert rows["agreement_coded"].tolist() == pytest.approx([2 / 3, 1 / 3])
    longer = {coder: words + [""] * 96 for coder, words in TALK.items()}
    padded = agreement(study_of(tmp_path / "padded", talk=longer)).set_index("code_id")
    assert padded["agreement"].tolist() == [0.99, 0.98]
    assert padded["agreement_coded"].tolist() == rows["agreement_coded"].tolist()
    assert padded["alpha_coded"].tolist() == rows["alpha_coded"].tolist()


def ratings_of(study, code: str) -> pd.DataFrame:
    """The same judgements as a frame of turns by coders, given or not."""
    turns = coded_turns(study)
    given, seen = turns.given[:, :, turns.code_ids.index(code)].astype(float), turns.seen
    return pd.DataFrame(np.where(seen, given, np.nan), columns=turns.coders)


def test_coefficients_are_those_of_the_ratings():
    study = load_study(PROJECT / "data" / "illustrative")
    rows = agreement(study, draws=10).set_index("code_id")
    pair = pd.concat([ratings_of(study, "relationships")]).dropna()
    for name, coefficient in (
        ("agreement", percent_agreement),
        ("kappa", cohen_kappa),
        ("alpha", krippendorff_alpha),
        ("ac1", gwet_ac1),
    ):
        assert rows.loc["relationships", name] == pytest.approx(coefficient(pair).value, abs=1e-12)


@pytest.mark.parametrize(("above_y", "expected"), [("", 4 / 9), ("x", 1.0)])
def test_agreement_on_people(tmp_path, above_y, expected):
    """One spoke turns 1 and 2, two others 3 and 4: a has x of the first, b of the first and last, so they differ on one of three.

    Of six judgements three are x: by chance 18 of 30 pairs would differ. Where y is a part of x, a has it of the last as well.
    """
    study = study_of(tmp_path, talk=TALK)
    codebook = study.codebook.assign(parent_id=[None, above_y or None, None, None])
    study = study.holding(
        turns=study.turns.assign(participant_id=["p1", "p1", "p2", "p3"]), codebook=codebook
    )
    rows = agreement(study).set_index("code_id")
    assert rows["n_people"].tolist() == [3, 3]
    assert rows.loc["x", "alpha_people"] == pytest.approx(expected)
    unknown = study.holding(turns=study.turns.assign(participant_id=None))
    assert agreement(unknown)["n_people"].eq(0).all() and agreement(unknown)["alpha_people"].isna().all()


THREE = {"a": ["x", "x", "", "y", ""], "b": ["x", "", "", "y", "x"], "c": ["x", "x", "", "", ""]}


def test_three_coders_together(tmp_path):
    """Coder c did not code chat; alpha and AC1 bear that, and Cohen's kappa is between two alone."""
    study = study_of(tmp_path, talk=THREE, chat={"a": ["x", ""], "b": ["x", "x"]})
    assert coder_pairs(study) == [("a", "b"), ("a", "c")]
    pairs = agreement(study)
    rows = of_all_coders(pairs).set_index("code_id")
    assert rows.loc["x", ["coder", "other", "n_documents", "n_turns"]].tolist() == ["a", "all others", 2, 7]
    assert rows.loc["x", "alpha"] == pytest.approx(krippendorff_alpha(ratings_of(study, "x")).value)
    assert rows.loc["x", "ac1"] == pytest.approx(gwet_ac1(ratings_of(study, "x")).value)
    assert rows.loc["x", "agreement"] == pytest.approx(percent_agreement(ratings_of(study, "x")).value)
    assert rows[[name for name in rows if "kappa" in name or name in OF_TWO]].isna().all(axis=None)
    assert set(rows["reason"]) == {"it is for two coders"}
    turns = pairs.groupby("other")["n_turns"].unique().map(list).to_dict()
    assert turns == {"b": [7], "c": [5], "all others": [7]}
    overall = agreement(study, by="")
    assert overall["coders"].unique().tolist() == ["a, b", "a, c", "a, b, c"]
    assert overall.set_index("coders").loc["a, b, c", "kappa"].isna().all()
    assert overall.set_index("coders").loc["a, b, c", "alpha"].notna().all()


def test_codes_of_a_turn_are_compared_as_sets(tmp_path):
    """Sets x and x, xy and x, none and none, y and x: two of four turns are just the same."""
    rows = agreement(study_of(tmp_path, talk=TALK), by="").set_index("basis")
    assert rows["n_turns"].to_dict() == {"every turn": 4, "turns with a code": 3}
    assert rows["same_set"].tolist() == pytest.approx([1 / 2, 1 / 3])
    assert rows.loc["every turn", "agreement"] == pytest.approx(5 / 8)
    sets = pd.DataFrame({"a": ["x", "xy", "", "y"], "b": ["x", "x", "", "x"]}).map(frozenset)
    for basis, ratings in (("every turn", sets), ("turns with a code", sets.drop(index=2))):
        for metric in ("jaccard", "masi"):
            assert rows.loc[basis, metric] == pytest.approx(krippendorff_alpha(ratings, level=metric).value)


def test_a_rare_code_has_high_agreement_and_low_kappa_and_the_table_says_so(tmp_path):
    """One turn of sixty by both, one by each alone: agreement 58/60, kappa about a half."""
    words = {"a": ["x", "x", "", *[""] * 57], "b": ["x", "", "x", *[""] * 57]}
    row = agreement(study_of(tmp_path, talk=words)).iloc[0]
    assert row["agreement"] == pytest.approx(58 / 60)
    assert row["kappa"] == pytest.approx(1 - (2 / 60) / (2 * 2 * 58 / 3600))
    assert row["ac1"] > 0.95
    assert row["paradox"] == "yes"
    common = agreement(study_of(tmp_path / "common", talk=TALK))
    assert common["paradox"].tolist() == ["no", "no"]


def test_a_coefficient_that_is_missing_says_why(tmp_path):
    rows = agreement(study_of(tmp_path, talk=TALK)).set_index("code_id")
    assert rows.loc["y", "reason"] == "one coder gave every unit the same rating"
    assert rows.loc["x", "reason"] == ""
    same = agreement(study_of(tmp_path / "same", talk={"a": ["x", "x"], "b": ["x", "x"]})).iloc[0]
    assert same["reason"] == "every rating is the same"
    assert same[["kappa", "alpha", "ac1"]].isna().all()
    assert same["agreement"] == 1


def test_an_interval_needs_interviews_to_draw_from(tmp_path):
    rows = agreement(study_of(tmp_path, talk=TALK))
    assert rows["no_interval_reason"].unique().tolist() == ["fewer than 5 interviews were coded twice"]
    assert rows[["alpha_low", "ac1_high", "kappa_coded_low"]].isna().all(axis=None)
    many = {f"talk{n}": TALK for n in range(6)}
    many["talk0"] = {"a": ["z", "", "x", "y"], "b": ["z", "", "x", "x"]}
    rows = agreement(study_of(tmp_path / "many", **many)).set_index("code_id")
    assert rows.loc["x", "no_interval_reason"] == ""
    assert rows.loc["x", "alpha_low"] <= rows.loc["x", "alpha"] <= rows.loc["x", "alpha_high"]
    assert rows.loc["z", "no_interval_reason"] == "too few of the interviews hold the code"
    assert pd.isna(rows.loc["z", "alpha_low"])


def test_interviews_that_are_all_alike_leave_no_doubt(tmp_path):
    rows = agreement(study_of(tmp_path, **{f"talk{n}": TALK for n in range(6)}))
    assert rows["agreement_low"].tolist() == rows["agreement"].tolist() == rows["agreement_high"].tolist()


def test_the_interval_is_over_interviews_and_comes_out_the_same_each_time():
    agreed, one = np.repeat([1.0, 0.0], 5), np.ones(10)
    sums = Sums(one, one, agreed, 1 - agreed, one[:, None], one[:, None], one[:, None, None])

    def share(sums):
        return sums.agreed / sums.paired

    low, high = interval(sums, share, 1000, 0.95)
    assert (low, high) == tuple(interval(sums, share, 1000, 0.95))
    assert (low, high) == pytest.approx((0.2, 0.8), abs=0.11)


@pytest.mark.parametrize(
    "documents",
    [
        {"talk": {"a": ["x", "y"]}},
        {"talk": {"a": ["x", "y"]}, "chat": {"b": ["x", "y"]}},
        {"talk": {"a": ["l"]}},
    ],
    ids=["one coder", "no document in common", "nothing under a theme"],
)
def test_without_two_coders_on_a_turn_there_are_no_rows(tmp_path, documents):
    documents = {
        name: {coder: [[] if word == "l" else word for word in words] for coder, words in who.items()}
        for name, who in documents.items()
    }
    study = study_of(tmp_path, **documents)
    assert coded_twice(study) == []
    for analysis in (agreement, judgements_compared, confusions, overlaps_of, boundaries):
        assert analysis(study).empty, analysis.__name__
    assert agreement(study, by="").empty
    assert {"alpha", "alpha_low", "paradox"} <= set(agreement(study))


def test_who_coded_what_and_who_reports(tmp_path):
    study = study_of(tmp_path, talk=TALK, chat={"a": ["x"]})
    assert coders(study).to_dict("records") == [
        {"coder": "a", "reports": True, "n_documents": 2, "n_shared": 1},
        {"coder": "b", "reports": False, "n_documents": 1, "n_shared": 1},
    ]


def test_which_codes_are_taken_for_which(tmp_path):
    """Turn 1 agreed; turn 2: y of a alone; turn 4: y of a is x of b."""
    study = study_of(tmp_path, talk=TALK)
    rows = confusions(study)
    shown = rows[
        ["theme", "other_theme", "agree", "n_turns", "n_turns_coded", "segment_ids", "other_segment_ids"]
    ]
    assert shown.values.tolist() == [
        ["Yarn", "Xenon", "no", 1, 3, "talk4ay", "talk4bx"],
        ["Yarn", "nothing", "no", 1, 3, "talk2ay", ""],
        ["Xenon", "Xenon", "yes", 2, 3, "talk1ax; talk2ax", "talk1bx; talk2bx"],
    ]
    assert judgements_compared(study)["ordinal"].tolist() == [1, 2, 2, 4]


def test_what_is_left_of_one_side_is_set_against_all_that_is_left_of_the_other(tmp_path):
    rows = judgements_compared(study_of(tmp_path, talk={"a": ["xy"], "b": ["z"]}))
    assert rows[["code_id", "other_code_id"]].values.tolist() == [["x", "z"], ["y", "z"]]
    only = judgements_compared(study_of(tmp_path / "only", talk={"a": ["x", ""], "b": ["x", "z"]}))
    assert only[["theme", "other_theme", "segment_ids"]].values.tolist()[1] == ["nothing", "Zoo", ""]


def overlaps_of(study) -> pd.DataFrame:
    return overlapping(*of_both_coders(study, coded_passages(study)))


def test_how_coders_cut(tmp_path):
    """On turn 1 both cut alike; on turn 2 characters 10 to 20 and 15 to 20: five of ten in common."""
    cuts = {"talk2bx": (15, 20), "talk4bx": (31, 40)}
    study = study_of(tmp_path, cuts, talk=TALK)
    rows = overlaps_of(study)
    assert rows[["unit_id", "other_unit_id", "n_common", "n_either", "overlap"]].values.tolist() == [
        ["talk1ax", "talk1bx", 10, 10, 1],
        ["talk2ax", "talk2bx", 5, 10, 0.5],
    ]
    table = boundaries(study).set_index("theme")
    names = ["n_passages", "n_matched", "n_other_passages", "n_other_matched", "n_overlaps", "n_alike"]
    assert table.loc["Xenon", names].tolist() == [2, 2, 3, 2, 2, 1]
    assert table.loc["Xenon", ["share_matched", "median_overlap"]].tolist() == pytest.approx([4 / 5, 0.75])
    assert table.loc["Yarn", names].tolist() == [2, 0, 0, 0, 0, 0]
    assert pd.isna(table.loc["Yarn", "median_overlap"])
    whole = boundaries(study, by="").iloc[0]
    assert whole[["theme", *names]].tolist() == ["all themes", 4, 2, 3, 2, 2, 1]
    assert whole["share_matched"] == pytest.approx(4 / 7)


def test_passages_that_only_touch_do_not_overlap(tmp_path):
    cuts = {"talk1ax": (0, 5), "talk1bx": (5, 10)}
    assert overlaps_of(study_of(tmp_path, cuts, talk={"a": ["x"], "b": ["x"]})).empty
