"""The map of a study's chapters: which its evidence supports, and what question each answers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape

from ncsresearch.analysis.points import held_by
from ncsresearch.analysis.themes import says_how
from ncsresearch.disclosure.client_views import CLIENTS
from ncsresearch.evidence.groups import hears_people, n_in_groups
from ncsresearch.evidence.judgements import judges
from ncsresearch.present.wording import page_words, phrase, words
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study


def _holds(*tables: str) -> Callable[[Study], bool]:
    return lambda study: any(len(study.tables[name]) for name in tables)


def _judges(column: str, study: Study) -> bool:
    return bool(study.codings[column].notna().any())


def _coded(study: Study) -> bool:
    """Whether there are judgements to report; where people were to stay unknown, of people who are known one by one."""
    of_nobody = study.settings.threshold and len(study.interviews) and not hears_people(study)
    return len(study.codings) > 0 and not of_nobody


def _trusted(study: Study) -> bool:
    return len(study.codings) > 0 and (hears_people(study) or len(judges(study)) > 1)


def _compares(by: str, study: Study) -> bool:
    groups = n_in_groups(study, by=by)
    return set(COMPARED) <= set(groups) if by == "area_type" else len(groups) > 1


def _kinds_of_area(study: Study) -> bool:
    return _compares("area_type", study) if hears_people(study) else _judges("about_area_type", study)


def _clients(study: Study) -> bool:
    if hears_people(study):
        return CLIENTS in n_in_groups(study, by="participant_group")
    return len(held_by(study, CLIENTS).points) > 0


def _joins(study: Study) -> bool:
    return len(study.settings.joint) > 0 and hears_people(study) and len(study.survey_answers) > 0


# what a chapter has nothing to show without; others are made for every study that names them
SUPPORTED: dict[str, Callable[[Study], bool]] = {
    "00_summary": lambda study: "summary" in study.findings,
    "00_synthesis": lambda study: "synthesis" in study.findings,
    "01_who_was_heard": hears_people,
    "02_themes": _coded,
    "03_area_types": _kinds_of_area,
    "04_client_groups": partial(_judges, "about_client_group"),
    "05_client_views": _clients,
    "06_partnership_working": _holds("points"),
    "07_delivering_for_clients": _holds("points"),
    "08_staff_consultation": _holds("comment_counts", "poll_results"),
    "09_service_performance": _holds("kpi_values", "ratings", "actions"),
    "10_survey": _holds("survey_items"),
    "11_trust_in_the_coding": _trusted,
    "12_published_figures_checked": _holds("published_values", "comment_counts", "kpi_values", "statistics"),
    "13_points_counted": lambda study: not hears_people(study) and says_how(study),
    "14_interviews_and_survey": _joins,
    "21_areas_compared": partial(_compares, "area_id"),
}


def supported_chapters(study: Study) -> tuple[str, ...]:
    """Return the chapters that study.toml names and for which there is evidence, or a file of the authors' findings."""
    return tuple(name for name in study.settings.chapters if not what_to_add(study, name))


def what_to_add(study: Study, chapter: str, *, files: bool = True) -> str:
    """Return what a study needs for one of its chapters; empty where it has that. files has it say in which files."""
    made = chapter in study.findings or chapter not in SUPPORTED or SUPPORTED[chapter](study)
    return "" if made else phrase("left_out", chapter, files=files)


@dataclass(frozen=True)
class ChapterMap:
    """The chapters of a study with the question of each, as links; below them what to add for those that are left out."""

    study: Study

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Each chapter's file name, title and question, in the study's order; this one is left out."""
        named = [name for name in supported_chapters(self.study) if name != "00_about_the_study"]
        questions = words("chapters")
        return [(name, *questions.get(name, (name.replace("_", " "), ""))) for name in named]

    @property
    def left_out(self) -> list[str]:
        """What the study would need for each chapter that it has nothing for; readers of a chapter see no files."""
        each = (what_to_add(self.study, name, files=False) for name in self.study.settings.chapters)
        return [*filter(None, each)]

    def _repr_mimebundle_(self, **_) -> dict:
        lines = "".join(
            f'<tr><th scope="row"><a href="{escape(name)}.ipynb">{escape(title)}</a></th><td>{escape(question)}</td></tr>'
            for name, title, question in self.rows
        )
        caption = page_words("shown", "chapters")
        head = '<thead><tr><th scope="col">Chapter</th><th scope="col">Question</th></tr></thead>'
        table = (
            f'<div class="table" role="region" tabindex="0" aria-label="{caption}">'
            f"<table><caption>{caption}</caption>{head}<tbody>{lines}</tbody></table></div>"
        )
        items = "".join(f"<li>{escape(add)}</li>" for add in self.left_out)
        more = f'<p>{phrase("left_out", "says")}</p><ul class="limits">{items}</ul>' if items else ""
        return {
            "text/plain": "\n".join(
                [*(f"{title}: {question}" for _, title, question in self.rows), *self.left_out]
            ),
            "text/html": (table if self.rows else "") + more,
        }
