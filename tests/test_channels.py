"""Every way out is held by one plan: each prints the counts that may be published, and would print others if the mask did not hold it."""

import html
import json
import re
from dataclasses import replace

import openpyxl
import pytest

import ncsresearch as ncs
from builders import heard, study_folder
from ncsresearch.batch.study_run import whole_study
from ncsresearch.disclosure import forms, mask
from ncsresearch.disclosure.checklists import checklist
from ncsresearch.disclosure.mask import publishable_bases, publishable_counts, withheld_counts
from ncsresearch.exchange.export import PRIVATE, export_study, private_words
from ncsresearch.explorer.selection import Selection, options
from ncsresearch.explorer.view import view
from ncsresearch.study import load_study
from ncsresearch.study.remembered import remember
from ncsresearch.study.settings import Settings
from small_studies import SHAPES, small_study
from test_cli import ncsresearch

SAID = {"north": 27, "south": 3}  # of forty people in each
BOOK = "code_id,parent_id,label,facet\ntravel,,Travel,theme\ncost,,Cost,theme\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return study_folder(tmp_path_factory.mktemp("channels") / "small", codebook=BOOK, codings=None)


def interviews(folder):
    """Forty people in each of two areas, in twos; of them 27 and 3 raised travel; partners are 3 of those in the south."""
    people = [(f"{area}{n}", area, group(area, n), f"{area}_{n // 2}") for area in SAID for n in range(40)]
    study = heard(
        load_study(folder), people, [(f"{area}{n}", "travel") for area, n in SAID.items() for n in range(n)]
    )
    return replace(study, settings=replace(study.settings, access="confidential"))


def group(area: str, n: int) -> str:
    return "Partners" if area == "south" and n > 36 else "Clients" if n % 2 else "Staff"


@pytest.fixture(scope="module")
def study(folder):
    return interviews(folder)


@pytest.fixture(scope="module")
def bare(folder):
    return interviews(folder)


@pytest.fixture
def unmasked(bare, monkeypatch):
    """The same study where neither the mask nor the rule on small groups withholds anything: what channels would print."""
    rows = withheld_counts(bare).assign(hidden=False, words="")
    monkeypatch.setattr(mask, "withheld_counts", lambda _: rows.copy())
    monkeypatch.setattr(Settings, "smallest_group", 0)
    return bare


def explored(study, **asked) -> str:
    """Return all that the explorer shows of a selection, its pasted line run as a chapter would."""
    made = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ncsresearch.present.grammar.display", made.append)
        exec(view(study, Selection(**asked)).line, {"ncs": ncs, "study": study})
    shown = view(study, Selection(**asked))
    made += [each for each in (shown.sentence, shown.table, shown.figure, shown.passages) if each is not None]
    return re.sub(r"<[^>]*>|\s+", " ", html.unescape(str([each._repr_mimebundle_() for each in made])))


SMALL = {
    "theme": ({"theme": "travel"}, r"Urban areas +40 +3\b"),
    "theme of a kind of area": (
        {"theme": "travel", "area_type": "urban"},
        r"\b3 of 40 people in urban areas raised travel",
    ),
    "kind of area": ({"area_type": "urban"}, r"travel \(3\)"),
    "a group too small to be named": (
        {"theme": "travel", "heard_from": "Partners"},
        r"[Nn]one of the 3 partners|'of': 3",
    ),
}


@pytest.mark.parametrize(("asked", "small"), SMALL.values(), ids=SMALL)
def test_the_explorer_shows_no_count_that_the_plan_withholds(study, asked, small):
    assert not re.search(small, explored(study, **asked))


@pytest.mark.parametrize(("asked", "small"), SMALL.values(), ids=SMALL)
def test_without_the_mask_the_explorer_would_show_it(unmasked, asked, small):
    assert re.search(small, explored(unmasked, **asked))


def test_numbers_that_the_explorer_prints_are_those_of_the_plan(study):
    table = view(study, Selection(theme="travel")).table.rows.set_index("group")
    for by in ("area_type", "participant_group"):
        for row in publishable_counts(study, by=by).query("code_id == 'travel'").itertuples():
            name = f"{row.group.title()} areas" if by == "area_type" else row.group
            printed = table.loc[name, "n"]
            assert printed == (row.words or "[c]" if row.withheld else row.n)


def test_pickers_offer_client_groups_of_the_plan_alone(study):
    spoken = study.codings.assign(about_client_group="women")
    assert options(study.holding(codings=spoken), rules=True)["client_group"] == {}
    assert options(study, rules=True)["area"] == {}


def test_the_site_search_holds_nothing_that_the_pages_do_not_print(site):
    """What the pages print is held by the plan (test_confidential_run); the search adds no words or number to it."""
    outputs = site / "illustrative"
    pages = " ".join(path.read_text(encoding="utf-8") for path in outputs.rglob("*.html"))
    within_a_line = re.sub(r"<sup>.*?</sup>|</?(?:a|em|strong)\b[^>]*>", "", pages)
    printed = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", within_a_line)).split())
    catalogue = json.loads((outputs / "catalogue.json").read_text(encoding="utf-8"))
    said = [row[name] for row in catalogue["tables"] for name in ("caption", "below")]
    said += [row["words"] for row in catalogue["quotations"]]
    said += [
        finding["sentence"] for finding in json.loads((outputs / "findings.json").read_text(encoding="utf-8"))
    ]
    assert catalogue["units"] == {}
    assert [words for words in said if " ".join(words.split()) not in printed] == []


@pytest.fixture
def on_disk(tmp_path):
    """Fourteen staff, eleven clients and three partners, in one area."""
    return small_study(tmp_path / "small", SHAPES["one area"])


def test_a_checklist_tells_of_the_groups_that_the_plan_tells_of(on_disk):
    study = load_study(on_disk)
    told = publishable_bases(study, by="participant_group").set_index("group")["base"]
    answers = " ".join(checklist(study, "COREQ")["answer"])
    printed = dict(re.findall(r"(Staff|Clients|Partners): (\[c\]|\d+)", answers))
    assert printed == {name: "[c]" if told.isna()[name] else str(told[name]) for name in told.index}
    assert printed["Partners"] == "[c]"


def test_what_a_run_sends_holds_the_mask_so_that_a_worker_withholds_the_same(on_disk, tmp_path, monkeypatch):
    homes = [tmp_path / "home", tmp_path / "worker"]
    monkeypatch.setattr("ncsresearch.study.remembered.user_cache_path", lambda _: homes[0])
    before = withheld_counts(load_study(on_disk))
    sent = whole_study(load_study(on_disk)).stage(tmp_path / "sent")
    monkeypatch.setattr("ncsresearch.study.remembered.user_cache_path", lambda _: homes[1])
    monkeypatch.setattr(forms, "masked", lambda *_: pytest.fail("the mask was worked out again"))
    remember(sent)
    assert before["hidden"].any() and withheld_counts(load_study(on_disk)).equals(before)
    assert [path.name for path in homes[1].iterdir()] == [path.name for path in homes[0].iterdir()]


def test_an_exported_study_is_private_and_says_so(on_disk, tmp_path):
    export_study(on_disk, tmp_path / "matrix.xlsx")
    book = openpyxl.load_workbook(tmp_path / "matrix.xlsx", read_only=True)
    assert book.sheetnames == ["Framework matrix", "Passages", "Codes", "Confidential"]
    study = load_study(on_disk)
    told = [cell for row in book["Confidential"].values for cell in row]
    assert told == ["A first study", study.settings.status_line, PRIVATE]
    assert private_words(on_disk, tmp_path / "codes.qdc") == ""
    code, said, _ = ncsresearch("export", on_disk, tmp_path / "project.qdpx")
    assert (code, said.splitlines()[-1]) == (0, f"project.qdpx: written. {PRIVATE}")


def test_the_explorer_says_why_it_has_nothing_of_a_group_too_small(study):
    shown = view(study, Selection(heard_from="Partners"))
    assert shown.sentence.sentence == "Too few partners took part to report how many raised each theme."
    assert shown.table is None


def test_c_may_be_zero(on_disk):
    """The note under a table and the README say that [c] may be any number."""
    study = load_study(on_disk)
    rows = publishable_counts(study, by="participant_group", stance="challenge").query("group == 'Partners'")
    true = ncs.counts(study, by="heard_from", stance="challenge", private=True).query("group == 'Partners'")
    assert rows["withheld"].all() and true["n"].eq(0).any()
