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
        "present.grammar": "say plot table show",
        "present.sentence_themes": "say_status",
        "present.media": "Limits Finding Figure Table",
        "present.claims": "finding claims_of",
    },
    "What the study holds": {
        "analysis.sources": "sources codebook heard how_held client_groups_heard",
        "analysis.area_types": "areas",
    },
    "Who raised what": {
        "disclosure.counts": "counts served",
        "disclosure.differences": "compare",
        "disclosure.client_views": "client_views",
        "disclosure.suggestions": "suggestions",
    },
    "Services": {"analysis.inspection": "ratings"},
    "One area": {
        "disclosure.area": (
            "area_peers local_evidence points_of_kind themes_beside area_profile elsewhere open_actions area_gaps"
        ),
    },
    "Evidence row by row": {"evidence.people": "people_evidence", "evidence.passages": "passage_evidence"},
    "Look around in JupyterLab": {"explorer.controls": "explore", "explorer.view": "selected"},
}
NAMES = {
    "ingest.quoted": "read_quotations",
    "ingest.checklist_file": "read_checklist_answers",
    "ingest.verbatim": "first_difference check_verbatim",
    "ingest.spoken_words": "read_words",
    "ingest.quotation_rules": "read_quotation_rules",
    "analysis.passages": "section_passages quotation_index quotations_by_group listed_points points_of",
    "analysis.checklists": "checklist checklist_counts",
    "analysis.key_points": "key_point_passages key_point_support beyond_key_points",
    "analysis.quotation_choice": "quotation_choice printable_quotations",
    "analysis.identifying": "identifying_words redacted",
    "analysis.consultation": "consultation_categories unpublished_bounds unseen_categories unseen_share category_totals",
    "analysis.responses": "responses_counted same_answers response_topics",
    "analysis.survey": "answers_counted stray_answers kinds_of_answers neutral_answer finite_correction",
    "analysis.rounding": "counts_behind counts_of_unknown_base published_shares published_differences",
    "analysis.paired_answers": "answers_compared tables_allowed mcnemar_p",
    "analysis.comparison": "theme_comparison",
    "analysis.group_differences": "group_differences",
    "analysis.support": "support",
    "analysis.sensitivity": "sensitivity stated_differences",
    "analysis.agreement": "agreement_coefficients",
    "analysis.reliability": "coders agreement",
    "analysis.disagreement": "confusions boundaries",
    "analysis.saturation": "saturation new_themes",
    "analysis.inspection": "ratings",
    "analysis.kpi": "kpi_series run_chart run_limits kpi_trend gap_to_target last_direction",
    "analysis.kpi_limits": "p_chart p_limits individuals_chart",
    "analysis.actions": "action_states actions_by_indicator actions_by_owner",
    "analysis.consistency": "figures_checked check_summary",
    "present.table": "cited wide",
    "present.table_research": "table_points table_partners table_factors table_suggestions table_sections table_quotations table_quotation_index",
    "present.table_services": "table_consultation table_unpublished table_poll table_actions table_indicators table_owners table_checked table_check_summary table_remarks",
    "present.sentence_report": "say_key_points say_partners say_factors say_suggestions",
    "present.key_points": "say_key_point_support say_told_the_other_way say_beyond_key_points table_key_point_support table_beyond_key_points",
    "present.checklists": "reporting_checklists",
    "present.sentence_services": "say_consultation say_unpublished say_poll say_targets say_latest_gaps say_direction say_signals say_odd_period say_actions say_unseparable say_checked",
    "present.measures": "plot_run_charts table_run_chart table_trend table_kpi",
    "present.published_survey": "say_survey say_whose_survey say_rounding say_furthest_apart table_survey",
    "present.consultation": "unpublished_told responses_told",
    "present.local_evidence": "local_findings",
    "present.chapters": "ChapterMap",
    "present.answers": "say_answered say_not_answers answered",
    "present.account": "survey_in_brief survey_shown",
    "present.quotation": "Quotations",
    "present.interview_quotations": "InterviewQuotations interview_quotations",
    "present.figure": "plot_consultation plot_survey plot_shares plot_tiles",
}
HOMES = {
    name: module
    for modules in (*GROUPS.values(), NAMES)
    for module, names in modules.items()
    for name in names.split()
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
