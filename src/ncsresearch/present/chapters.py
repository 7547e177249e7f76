"""The map of a study's chapters: which there are, and what question each answers."""

from dataclasses import dataclass
from html import escape

from ncsresearch.present.wording import page_words, words
from ncsresearch.study import Study


@dataclass(frozen=True)
class ChapterMap:
    """The chapters of a study with the question of each, as links."""

    study: Study

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Each chapter's file name, title and question, in the study's order; this one is left out."""
        named = [name for name in self.study.settings.chapters if name != "00_about_the_study"]
        questions = words("chapters")
        return [(name, *questions.get(name, (name.replace("_", " "), ""))) for name in named]

    def _repr_mimebundle_(self, **_) -> dict:
        lines = "".join(
            f'<tr><th scope="row"><a href="{escape(name)}.ipynb">{escape(title)}</a></th><td>{escape(question)}</td></tr>'
            for name, title, question in self.rows
        )
        caption = page_words("shown", "chapters")
        head = '<thead><tr><th scope="col">Chapter</th><th scope="col">Question</th></tr></thead>'
        return {
            "text/plain": "\n".join(f"{title}: {question}" for _, title, question in self.rows),
            "text/html": f'<div class="table" role="region" tabindex="0" aria-label="{caption}">'
            f"<table><caption>{caption}</caption>{head}<tbody>{lines}</tbody></table></div>",
        }
