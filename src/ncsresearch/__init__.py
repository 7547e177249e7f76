"""Evidence of social research as chapters and tables by area type, client group and theme.

The names a chapter may use. Each is loaded when it is first asked for, so that importing the package, or
asking the command for its help, costs nothing.
"""

from importlib import import_module

__version__ = "0.5.0"
__released__ = "2026-11-22"

NAMES = {
    "schema": "StudyError",
    "study": "Study load_study check_study",
    "ingest.checklist_file": "read_checklist_answers",
    "ingest.verbatim": "first_difference check_verbatim",
    "ingest.spoken_words": "read_words",
    "ingest.quotation_rules": "read_quotation_rules",
    "analysis.passages": "key_points partners factors sections quotations",
    "analysis.checklists": "checklist checklist_counts",
    "analysis.delivery": "strengths_and_challenges consistency client_groups_seen",
    "analysis.key_points": "key_point_support beyond_key_points",
    "analysis.quotation_choice": "quotation_choice printable_quotations",
    "analysis.identifying": "identifying_words redacted",
    "analysis.consultation": "consultation unpublished_comments poll",
    "analysis.responses": "responses",
    "analysis.rounding": "counts_behind counts_of_unknown_base published_shares published_differences",
    "analysis.paired_answers": "answers_compared tables_allowed mcnemar_p",
    "analysis.cooccurrence": "themes_together",
    "analysis.comparison": "theme_comparison",
    "analysis.group_differences": "group_differences",
    "analysis.association": "association",
    "analysis.support": "support",
    "analysis.sensitivity": "share_sensitivity difference_sensitivity",
    "analysis.framework_matrix": "framework_matrix",
    "analysis.agreement": "agreement_coefficients krippendorff_alpha gwet_ac1 cohen_kappa fleiss_kappa",
    "analysis.reliability": "coded_twice coder_agreement agreement_of_all agreement_overall",
    "analysis.disagreement": "judgements_compared confusion_table passage_overlaps boundary_agreement",
    "analysis.saturation": "new_themes saturation themes_by_interview",
    "analysis.inspection": "kpis ratings actions",
    "analysis.checked_figures": "recomputed remarks",
    "analysis.kpi": "kpi_series run_chart run_limits kpi_trend gap_to_target last_direction",
    "analysis.kpi_limits": "p_chart p_limits individuals_chart",
    "analysis.actions": "action_states actions_by_indicator actions_by_owner",
    "analysis.consistency": "figures_checked check_summary",
    "analysis.area_profile": "area_statistics settlement_shares areas_of_class local_evidence themes_that_meet_here taken_from_elsewhere",
    "present.media": "Table Figure Finding Limits",
    "present.grammar": "say plot table limits show",
    "present.table": "cited wide",
    "present.table_area": "tables_beside table_local table_meeting_here tables_of_kind table_open_actions",
    "present.sentence_themes": "say_status",
    "present.checklists": "reporting_checklists",
    "present.sentence_area": "say_area say_settlement say_case_study say_local_evidence say_beside_country say_type say_meeting_here say_not_known",
    "present.local_evidence": "local_findings local_plans",
    "present.claims": "finding claims_of",
    "present.chapters": "ChapterMap",
    "present.trust": "say_second_coder say_agreement say_disagreements say_coded_turns say_paradox plot_agreement table_agreement table_agreement_overall",
    "present.trust_differences": "say_confusions table_confusions say_boundaries table_boundaries",
    "present.trust_saturation": "say_saturation say_saturation_by_kind plot_saturation table_saturation",
    "present.trust_sensitivity": "said_of_groups say_sensitivity table_said_of_groups say_shares_move table_shares_move",
    "present.area_extracts": "load_area",
    "present.account_area": "area_in_brief area_itself area_evidence area_beside_the_rest area_kind area_groups area_plans area_unknown",
    "present.interview_quotations": "InterviewQuotations interview_quotations",
    "present.figure": "plot_shares plot_tiles",
    "explorer.view": "selected",
    "explorer.controls": "explore",
    "analysis.sources": "sources codebook heard how_held client_groups_heard",
    "analysis.area_types": "areas",
    "disclosure.answers": "survey",
    "disclosure.counts": "counts served",
    "disclosure.differences": "compare",
    "disclosure.client_views": "client_views",
    "disclosure.suggestions": "suggestions",
    "evidence.people": "people_evidence",
    "evidence.passages": "passage_evidence",
}
HOMES = {name: module for module, names in NAMES.items() for name in names.split()}
__all__ = ["__version__", *HOMES]


def __getattr__(name: str):
    """Load a public name from the module it lives in."""
    if name not in HOMES:
        raise AttributeError(f"ncsresearch has no name {name!r}")
    return getattr(import_module(f"ncsresearch.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names, for completion in a notebook."""
    return sorted(__all__)
