"""The explorer of a study: controls, and what the selection made with them shows."""

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

import ipywidgets as widgets

from ncsresearch.explorer.selection import Selection, options, under_rules
from ncsresearch.explorer.view import View, view
from ncsresearch.present.sentence_themes import say_status
from ncsresearch.present.word_files import words
from ncsresearch.present.wording import page_words
from ncsresearch.schema import StudyError
from ncsresearch.study import Study

WORDS = words("pages")["explorer"]
LABELS = {
    "area_type": "Kind of area",
    "area": "Area",
    "heard_from": "Who speaks",
    "client_group": WORDS["client_group"],
    "theme": "Theme",
    "stance": "Described as",
}
SHOWN = ("notice", "sentence", "table", "figure", "passages")
# JupyterLab takes letters and arrows typed in a list for commands on cells, unless the list says that it may not
OWN_KEYS = (
    '<img src="data:," alt="" hidden onerror="document.addEventListener(\'focusin\', (event) => '
    "event.target.closest('.ncs-explorer') && event.target.setAttribute('data-lm-suppress-shortcuts', 'true'))\">"
)

_LABELLED = {"description_width": "initial"}
_WIDE = {"style": _LABELLED, "layout": widgets.Layout(width="auto", flex_flow="column", height="auto")}
GRID = widgets.Layout(grid_template_columns="repeat(auto-fit, minmax(17rem, 1fr))", grid_gap="0.4rem 1.5rem")


def explore(study: Study, disclosure: bool | None = None, *, sources_dir: str = "") -> widgets.VBox:
    """Return the explorer of a study, for JupyterLab or Voilà: controls, and what they select as soon as it is picked.

    disclosure    whether it opens with the disclosure rules; None keeps them in a confidential study
    sources_dir   folder with the source documents, for the words of published quotations

    Nothing is written to disk.
    """
    return Explorer(study, disclosure, sources_dir).box


class Explorer:
    """The controls of an explorer and what it shows; a class, since controls change what is shown and each other."""

    def __init__(self, study: Study, disclosure: bool | None, sources_dir: str):
        self.study, self.sources_dir = study, sources_dir
        self.rules = _switch(study, disclosure)
        self.pickers = {name: picker(label) for name, label in LABELS.items()}
        self.words = widgets.Text(description=WORDS["words"], continuous_update=False, **_WIDE)
        self.everything = widgets.Button(description="Show everything", icon="undo")
        line = page_words("explorer", "line", study=study.name)
        self.line = widgets.Textarea(description=line, rows=2, **_WIDE)
        self.shown = {name: _html() for name in SHOWN}
        self.still, self.figure = False, None
        self.box = self._laid_out()
        self._offer()
        self._draw()
        self._listen()

    def _laid_out(self) -> widgets.VBox:
        status = _html(f"<p>{escape(say_status(self.study).sentence)}</p>")
        controls = widgets.GridBox([*self.pickers.values(), self.words], layout=GRID)
        switches = widgets.HBox([self.everything, self.rules], layout=widgets.Layout(flex_flow="row wrap"))
        *counted, quoted = self.shown.values()
        rows = [styled(), status, controls, switches, *counted, self.line, quoted]
        return widgets.VBox(rows).add_class("ncs-explorer")

    def _listen(self) -> None:
        for control in (*self.pickers.values(), self.words):
            control.observe(lambda _: self._draw(), names="value")
        self.rules.observe(lambda _: self._changed(self._offer), names="value")
        self.everything.on_click(lambda _: self._changed(self._reset))

    @property
    def selection(self) -> Selection:
        """What the controls ask for."""
        picked = {name: picker.value or "" for name, picker in self.pickers.items()}
        return Selection(**picked, words=self.words.value.strip())

    def _offer(self) -> None:
        """Offer what there is to ask for, and keep what was asked for where it still is."""
        for name, values in options(self.study, rules=under_rules(self.study, self.rules.value)).items():
            control, before = self.pickers[name], self.pickers[name].value
            control.options = _offered(values)
            control.value = before if before in values else ""
            control.disabled = not values
            barred = name == "area" and self.rules.value and not values
            control.description = f"{LABELS[name]} ({WORDS['switched_off']})" if barred else LABELS[name]

    def _changed(self, change: Callable[[], None]) -> None:
        """Change several controls, and show what they select when all are changed."""
        self.still = True
        change()
        self.still = False
        self._draw()

    def _reset(self) -> None:
        for control in (*self.pickers.values(), self.words):
            control.value = ""

    def _draw(self) -> None:
        """Show what the controls select; what stays the same is not sent again."""
        if self.still:
            return
        try:
            self._show(view(self.study, self.selection, self.rules.value, sources_dir=self.sources_dir))
        except StudyError as error:
            self._fault(str(error))
        except Exception:  # a reader gets words, whatever it was
            self._fault(WORDS["fault"])

    def _show(self, made: View) -> None:
        off = self.study.settings.threshold and not self.rules.value
        self.shown["notice"].value = _notice(WORDS["rules_off"]) if off else ""
        self.line.value = made.line
        for name in ("sentence", "table", "passages"):
            item = getattr(made, name)
            self.shown[name].value = item.to_html() if item else ""
        if made.figure is not self.figure or made.figure is None:
            self.figure = made.figure
            self.shown["figure"].value = _figure(made)

    def _fault(self, words: str) -> None:
        self.figure = None
        for name in SHOWN:
            self.shown[name].value = _notice(words) if name == "notice" else ""
        self.line.value = ""


def _html(words: str = "") -> widgets.HTML:
    return widgets.HTML(words).add_class("ncs-shown")


def styled(words: str = "") -> widgets.HTML:
    """Return words below which controls look as those of the explorer do, and keep the keys that are typed in them."""
    style = Path(__file__).with_name("explorer.css").read_text(encoding="utf-8")
    return _html(f"<style>{style}</style>{OWN_KEYS}{words}")


def picker(label: str, values: Mapping[str, str] | None = None, value: str = "") -> widgets.Dropdown:
    """Return a list to pick one of the values from, by what a reader calls each, or all."""
    values = values or {}
    picked = value if value in values else ""
    return widgets.Dropdown(options=_offered(values), value=picked, description=label, **_WIDE)


def _offered(values: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("all", ""), *((label, value) for value, label in values.items())]


def _switch(study: Study, disclosure: bool | None) -> widgets.Checkbox:
    """Return the switch of the disclosure rules; a public study has none to switch."""
    confidential, kept = bool(study.settings.threshold), under_rules(study, disclosure)
    described = {"description": WORDS["kept" if confidential else "public"], "indent": False}
    return widgets.Checkbox(value=kept, disabled=not confidential, **described, layout={"width": "auto"})


def _notice(words: str) -> str:
    return f'<div class="notice" role="alert"><p>{escape(words)}</p></div>'


def _figure(made: View) -> str:
    if made.figure is None:
        return ""
    if made.figure.canvas is None:
        return f'<p class="base">{escape(made.figure.alt)}</p>'
    return f"<figure>{made.figure.to_svg()}</figure>"
