"""A study at a glance: themes and findings in rows, kinds of area or groups in columns, and marks that lead to the findings."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from ncsresearch.analysis.coded_turns import of_points
from ncsresearch.disclosure.client_views import client_views
from ncsresearch.disclosure.counts import counts
from ncsresearch.disclosure.differences import compare
from ncsresearch.disclosure.overview import EVERYBODY, PLACE, THEMES, WAYS
from ncsresearch.ingest.findings_file import OWN_PAGES
from ncsresearch.present.outputs import MARKS, WITHHELD, Finding, Table
from ncsresearch.present.people_differ import say_groups_differ
from ncsresearch.present.people_heard import PEOPLE, heard_by, rests_on
from ncsresearch.present.people_raised import say_clients, say_most_raised
from ncsresearch.present.sentence import capital, listed
from ncsresearch.present.table import cited, told
from ncsresearch.present.word_files import words
from ncsresearch.present.wording import page_words, phrase, worded_table
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

HELD = "yes"
PART = re.compile(rf"({'|'.join((*WAYS, HELD))})([^,]*)|([:,] )")
CELL = re.compile(r'<(td|th scope="row")>(.*?)</t[dh]>')
SECTION = f"{THEMES}.ipynb#Theme-by-theme"  # on a theme that no finding rests on


@dataclass(frozen=True)
class Matrix(Table):
    """A table of marks: a page shows the words of WAYS and HELD as marks; Word, files and screen readers have the words.

    linked  the cells that lead to a finding, by their tag: td, or th for the first of each row
    links   where each of them leads, row by row; an empty cell leads nowhere
    marked  whether its cells have such words, and none of other kinds
    """

    linked: str = "td"
    links: Sequence[str] = ()
    marked: bool = True

    def below(self) -> str:
        """The words below the table, with what stands in place of numbers within its cells."""
        below = super().below()
        within = [f"{mark}: {MARKS[mark]}." for mark in MARKS if self.rows.eq(mark).any(axis=None)]
        return " ".join([below, *(meaning for meaning in within if meaning not in below)])

    def to_html(self) -> str:
        """The table as HTML, between what its marks mean and where they lead."""
        links = iter(self.links)

        def shown(cell: re.Match) -> str:
            tag, words = cell[1].partition(" ")[0], cell[2]
            inside = PART.sub(_marked, words) if tag == "td" and self.marked else words
            if tag == self.linked and words != "–":
                inside = f'<a href="{next(links)}">{inside}</a>'
            return f"<{cell[1]}>{inside}</{tag}>"

        table = CELL.sub(shown, super().to_html())
        used = [way for way in WAYS if f"mark {way}" in table]
        ways = "".join(f"<li>{PART.sub(_marked, way)}{capital(way)}</li>" for way in used)
        key = f'<ul class="key" aria-hidden="true">{ways}</ul>' if used else ""
        leads = f'<p class="base">{escape(page_words("shown", f"{self.linked}_leads"))}</p>'
        return f'<div class="glance{" counted" * ("n" in self.rows)}">{key}{table}{leads}</div>'


def _marked(part: re.Match) -> str:
    """Return a word as a mark with its number; what is between marks is for those who hear them."""
    if part[3]:
        return f'<span class="unseen">{part[3]}</span>'
    return f'<span class="mark {part[1]}"><span class="unseen">{part[1]}</span>{part[2]}</span>'


def say_overview(rows: pd.DataFrame) -> list[Finding | None]:
    """Say what the chapters on themes, kinds of area and clients begin with."""
    study = study_of(rows)
    clients, raised = client_views(study), counts(study, by="stance")
    kinds = say_groups_differ(compare(counts(study, by="area_type")))
    return [say_most_raised(raised), kinds, say_clients(clients) if len(clients) else None]


def table_overview(rows: pd.DataFrame) -> Matrix:
    """Return themes by kind of area or by group: how each is described, and by how many where people were heard; most raised first."""
    study, people = study_of(rows), rows.attrs["kind"].endswith("people")
    rows = rows.assign(told=told(rows).astype("str") if people else "")
    all_said = rows[rows["group"].eq(EVERYBODY) & rows["most"].ne(0)].drop_duplicates("code_id")
    themes = all_said.sort_values("least", ascending=False, kind="stable")["theme"]
    groups = rows.drop_duplicates("group").set_index("group")["base"]
    said = rows[rows["stance"].eq("") | rows["told"].ne("0")].groupby(["theme", "group"], sort=False)
    cells = said[["stance", "told"]].apply(_cell).unstack().reindex(themes)[list(groups.index)]
    to = rows.drop_duplicates(["theme", "group"]).set_index(["theme", "group"])[PLACE].apply(_link, axis=1)
    links = [to[theme, group] for theme, own in cells.iterrows() for group in own.dropna().index]
    view = cells.rename_axis("theme").rename_axis(columns=None).reset_index()
    made = worded_table(
        rows.attrs["kind"].replace(" ", "_"),
        _tidy(rows) if people else view,
        source=heard_by(study) if people else cited(study, _document_ids(study)),
        name="at_a_glance",
        view=view,
        more={group: _heading(group, base, people=people) for group, base in groups.items()},
        people=PEOPLE,
    )
    return Matrix(**vars(made), links=links)


def _document_ids(study: Study) -> Iterable[str]:
    return pd.concat([study.points, study.segments])["document_id"].unique()


def _cell(own: pd.DataFrame) -> str:
    """Return how many raised a theme, where it was people, and the ways in which it was described with the number of each."""
    said = (own["stance"] + " " + own["told"]).str.strip()
    raised, ways = ", ".join(said[own["stance"].eq("")]), ", ".join(said[own["stance"].ne("")])
    return ": ".join(filter(None, [raised, ways]))


def _link(finding: pd.Series) -> str:
    chapter, paragraph = finding
    page = f"00_{chapter}" if chapter in OWN_PAGES else chapter
    return SECTION if pd.isna(chapter) else f"{page}.ipynb#finding-written_{paragraph}"


def _tidy(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per theme and group with people who raised it, and who described it in each way."""
    base = rows["base"].astype("object").fillna(WITHHELD)
    named = rows.assign(stance=rows["stance"].replace("", "n"), base=base)
    wide = named.set_index(["theme", "group", "base", "stance"])["told"].unstack(sort=False)
    return wide[[way for way in ("n", *WAYS) if way in wide]].rename_axis(columns=None).reset_index()


def _heading(group: str, base: object, *, people: bool) -> str:
    named = phrase("overview", "people" if people else "documents") if group == EVERYBODY else group
    named = capital(phrase("kinds_of_area", group) if group in words("sentences")["kinds_of_area"] else named)
    return f"{named} (of {WITHHELD if pd.isna(base) else int(base)})" if people else named


def table_held(findings: pd.DataFrame) -> Matrix | None:
    """Return the main findings by the groups that hold the points they cite; nothing where no group holds any."""
    held = findings.dropna(subset="holder").assign(cell=HELD)
    if held.empty:
        return None
    study, named = study_of(findings), findings.drop_duplicates(PLACE).set_index([*PLACE, "heading"]).index
    view = held.pivot(index=named.names, columns="holder", values="cell").reindex(named).rename(columns=str)
    more, view = {name: name for name in view}, view.reset_index()
    holders = {
        group: [each for each in own if each != group] for group, own in study.settings.holders.items()
    }
    groups = [phrase("overview", "holder", group=group, names=own) for group, own in holders.items() if own]
    about = {"source": cited(study, _document_ids(study)), "more": more, "groups": groups}
    made = worded_table("findings_held", view[["heading", *more]], name="whose_views", **about)
    return Matrix(**vars(made), linked="th", links=view[PLACE].apply(_link, axis=1).tolist())


def table_doubted(findings: pd.DataFrame) -> Matrix | None:
    """Return the findings that rest mostly on themes on which coders agree too little, each with its chapter and these themes."""
    if findings.empty:
        return None
    study, links = study_of(findings), findings[PLACE].apply(_link, axis=1).tolist()
    pages = [link.partition(".")[0] for link in links]
    chapters = [words("chapters").get(page, [page])[0] for page in pages]
    view = findings.assign(chapter=chapters, themes=findings["themes"].map(listed))
    view = view[["heading", "chapter", "themes"]]
    source = rests_on(study, _document_ids(study))
    made = worded_table("findings_doubted", view, source=source, points=of_points(study))
    return Matrix(**vars(made), linked="th", links=links, marked=False)
