"""Evidence of social research as chapters and tables by area type, client group and theme.

The names a chapter may use. Each is loaded when it is first asked for, so that importing the package, or
asking the command for its help, costs nothing.
"""

from importlib import import_module

__version__ = "0.5.0"
__released__ = "2026-11-22"

GROUPS = {
    "Read a study": {
        "study": "load_study Study check_study",
        "present.area_extracts": "load_area",
        "schema": "StudyError",
    },
    "Say, draw and show": {
        "present.grammar": "say plot table limits show",
        "present.sentence_themes": "say_status",
        "present.outputs": "Limits Finding Figure Table",
        "present.findings": "findings",
        "present.preview": "preview",
    },
    "What the study holds": {
        "analysis.sources": "sources codebook heard how_held client_groups_heard areas",
        "present.chapters": "ChapterMap",
    },
    "Who raised what": {
        "disclosure.overview": "overview",
        "disclosure.raised": "raised",
        "analysis.together": "themes_together",
        "disclosure.counts": "counts served",
        "disclosure.differences": "compare stated_differences",
        "disclosure.area_shares": "area_shares",
        "disclosure.client_views": "client_views",
        "disclosure.suggestions": "suggestions",
        "present.quotation": "interview_quotations",
    },
    "What the documents say": {
        "analysis.points": "points",
        "analysis.passages": "partners quotations",
        "analysis.themes": "coded_units",
    },
    "Services, surveys and figures": {
        "analysis.consultation": "consultation unpublished_comments poll",
        "analysis.responses": "responses",
        "analysis.kpi": "kpis ratings",
        "analysis.actions": "actions",
        "disclosure.answers": "survey",
        "disclosure.joint": "joint",
        "analysis.consistency": "recomputed remarks",
    },
    "How far the coding can be trusted": {
        "analysis.reliability": "coders agreement",
        "analysis.disagreement": "confusions boundaries",
        "analysis.saturation": "saturation",
        "analysis.sensitivity": "sensitivity",
    },
    "One area": {
        "disclosure.area": (
            "area_peers local_evidence points_of_kind themes_beside area_profile elsewhere area_gaps"
        ),
        "disclosure.area_questions": "questions",
    },
    "Evidence row by row": {
        "evidence.people": "people_evidence",
        "evidence.passages": "passage_evidence",
        "analysis.comparison": "theme_comparison",
        "analysis.group_differences": "group_differences",
        "analysis.agreement": "agreement_coefficients",
        "analysis.paired_answers": "answers_compared",
    },
    "Look around in JupyterLab": {
        "explorer.controls": "explore",
        "explorer.view": "selected",
        "explorer.form": "form",
    },
}
HOMES = {
    name: module for modules in GROUPS.values() for module, names in modules.items() for name in names.split()
}
__all__ = ["__version__", *HOMES]


def __getattr__(name: str):
    """Load a public name from the module it lives in."""
    if name not in HOMES:
        raise AttributeError(f"ncsresearch has no name {name!r}")
    return getattr(import_module(f"ncsresearch.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names, for completion in a notebook."""
    return sorted(__all__)
