"""The form of a chapter's parameters: what it offers, what it writes, and when it is shown."""

from types import SimpleNamespace

import pytest

from conftest import PROJECT
from ncsresearch.explorer.form import PARAMETERS, form, laid_out
from ncsresearch.study import load_study

PUBLISHED, ILLUSTRATIVE = (PROJECT / "data" / name for name in ("published", "illustrative"))


def controls(study, names):
    _, grid = laid_out(study, names).children
    return dict(zip(PARAMETERS, grid.children, strict=True))


def test_what_is_picked_is_a_parameter_of_the_chapter():
    names = {name: "" for name in PARAMETERS}
    control = controls(study := load_study(PUBLISHED), names)
    control["area_type"].value, control["theme"].value = "rural", "resources"
    assert names == {
        "area_type": "rural",
        "area_id": "",
        "heard_from": "",
        "client_group": "",
        "theme": "resources",
    }
    assert study.where(**names).selection == {"area_type": "rural", "theme": "resources"}


def test_the_form_shows_what_the_chapter_is_narrowed_to_already():
    names = {"area_id": "", "area_type": "", "client_group": "", "heard_from": "", "theme": "no such"}
    control = controls(load_study(ILLUSTRATIVE), names | {"area_id": "area_b"})
    assert {name: each.value for name, each in control.items() if each.value} == {"area_id": "area_b"}


def test_of_a_confidential_study_one_group_is_picked_at_a_time():
    names = {name: "" for name in PARAMETERS}
    control = controls(study := load_study(ILLUSTRATIVE), names)
    control["heard_from"].value = control["heard_from"].options[1][1]
    barred = {name for name, each in control.items() if each.disabled}
    assert barred == {"area_type", "area_id", "client_group"}
    study.where(**names)
    control["heard_from"].value = ""
    assert not any(each.disabled for each in control.values())


@pytest.mark.parametrize("folder", [PUBLISHED, ILLUSTRATIVE], ids=lambda folder: folder.name)
@pytest.mark.parametrize("name", PARAMETERS)
def test_a_chapter_may_be_narrowed_to_whatever_is_offered(folder, name):
    study = load_study(folder)
    for label, value in controls(study, {})[name].options:
        assert study.where(**{name: value}).selection == ({name: value} if value else {}), label


@pytest.mark.parametrize("is_open", [True, False])
def test_only_a_chapter_that_somebody_has_open_shows_the_form(is_open, monkeypatch):
    shown, names = [], {name: "" for name in PARAMETERS} | {"theme": "resources"}
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(user_ns=names))
    monkeypatch.setattr("IPython.display.display", shown.append)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    if is_open:
        monkeypatch.setenv("JPY_SESSION_NAME", "02_themes.ipynb")
    form(str(PUBLISHED))
    assert [box.children[1].children[-1].value for box in shown] == ["resources"] * is_open
