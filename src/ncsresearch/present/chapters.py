"""The map of a study's chapters: which there are, and what question each answers."""

from dataclasses import dataclass
from html import escape

from ncsresearch.study import Study

QUESTIONS = {
    "01_who_was_heard": ("Who was heard", "How many people, where, and from which groups?"),
    "02_themes": ("Themes", "What was raised, and told as a strength or as a challenge?"),
    "03_area_types": ("Area types", "What is raised about or in rural and urban areas?"),
    "04_client_groups": ("Client groups", "Who is seen as well served and less well served?"),
    "05_client_views": ("Client views", "What do clients value, and what not?"),
    "06_partnership_working": ("Partnership working", "Who are the partners, and what helps and hinders?"),
    "07_delivering_for_clients": ("Delivering for clients", "How consistent is delivery, and for whom?"),
    "08_staff_consultation": ("Staff consultation", "What did staff say works, hinders and should change?"),
    "09_service_performance": (
        "Service performance",
        "How did a service stand against its targets and its plan?",
    ),
    "10_survey": ("Survey", "What did people answer, and whose answers are they?"),
    "11_trust_in_the_coding": ("Trust in the coding", "How far do coders agree?"),
    "12_published_figures_checked": ("Figures checked", "Which published numbers do not agree?"),
    "21_areas_compared": ("The areas side by side", "Where do the case study areas differ?"),
}


@dataclass(frozen=True)
class ChapterMap:
    """The chapters of a study with the question of each, as links."""

    study: Study

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Each chapter's file name, title and question, in the study's order; this one is left out."""
        named = [name for name in self.study.settings.chapters if name != "00_about_the_study"]
        return [(name, *QUESTIONS.get(name, (name.replace("_", " "), ""))) for name in named]

    def _repr_mimebundle_(self, **_) -> dict:
        lines = "".join(
            f'<tr><th scope="row"><a href="{escape(name)}.ipynb">{escape(title)}</a></th><td>{escape(question)}</td></tr>'
            for name, title, question in self.rows
        )
        head = '<thead><tr><th scope="col">Chapter</th><th scope="col">Question</th></tr></thead>'
        return {
            "text/plain": "\n".join(f"{title}: {question}" for _, title, question in self.rows),
            "text/html": '<div class="table" role="region" tabindex="0" aria-label="The chapters of this study">'
            f"<table><caption>The chapters of this study</caption>{head}<tbody>{lines}</tbody></table></div>",
        }
