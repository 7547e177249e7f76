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
    "analysis.evidence": "units coded_evidence evidence_by_document attribute_of",
    "analysis.themes": "theme_stances themes_by_document themes_that_meet",
    "analysis.area_types": "area_type_stances area_type_points case_study_classes",
    "analysis.client_groups": "groups_served client_group_stances",
    "analysis.passages": "key_points partners factors suggestions sections quotations",
    "analysis.checklists": "checklist checklist_counts",
    "analysis.key_points": "key_point_support beyond_key_points",
    "analysis.quotation_choice": "quotation_choice printable_quotations",
    "analysis.identifying": "identifying_words redacted",
    "analysis.consultation": "consultation unpublished_comments poll",
    "analysis.responses": "responses",
    "analysis.survey": "survey",
    "analysis.rounding": "counts_behind counts_of_unknown_base published_shares published_differences",
    "analysis.paired_answers": "answers_compared tables_allowed mcnemar_p",
    "analysis.coverage": "hears_people people_heard interviews_held groups_heard speech_without_speaker documents_by_kind kind_of_area",
    "analysis.prevalence": "theme_prevalence interview_prevalence passage_prevalence people_codings",
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
    "analysis.area_profile": (
        "area_statistics settlement_shares areas_of_class local_evidence themes_that_meet_here "
        "taken_from_elsewhere"
    ),
    "present.media": "Table Figure Finding Limits",
    "present.grammar": "say plot table limits show",
    "present.table": "cited wide",
    "present.table_research": (
        "table_documents table_glossary table_codebook table_stances table_meeting table_classes "
        "table_area_points table_served"
    ),
    "present.table_area": ("tables_beside table_local table_meeting_here tables_of_kind table_open_actions"),
    "present.sentence_themes": (
        "say_status say_sources say_readers_work say_told say_only_challenges say_themes_meet say_area_balance "
        "say_kind_told say_quotations_area say_case_study_split"
    ),
    "present.sentence_clients": (
        "say_served say_left_out say_group_told say_client_views say_both_ways say_few_interviews"
    ),
    "present.checklists": "reporting_checklists",
    "present.sentence_area": (
        "say_area say_settlement say_case_study say_local_evidence say_beside_country say_type "
        "say_meeting_here say_not_known"
    ),
    "present.local_evidence": "local_findings local_plans",
    "present.people_heard": "say_heard say_heard_by_kind say_unknown_speakers table_heard table_interviews table_groups_heard",
    "present.people_compared": "plot_areas table_areas say_areas_differ plot_kinds table_kinds",
    "present.claims": "finding claims_of",
    "present.chapters": "ChapterMap",
    "present.trust": (
        "say_second_coder say_agreement say_disagreements say_coded_turns say_paradox plot_agreement table_agreement "
        "table_agreement_overall"
    ),
    "present.trust_differences": "say_confusions table_confusions say_boundaries table_boundaries",
    "present.trust_saturation": "say_saturation say_saturation_by_kind plot_saturation table_saturation",
    "present.trust_sensitivity": "said_of_groups say_sensitivity table_said_of_groups say_shares_move table_shares_move",
    "present.account": (
        "say_base sources_listed themes_in_brief themes_told themes_by_whom what_is_suggested area_types_in_brief area_types_base "
        "area_types_compared area_types_told groups_in_brief groups_seen groups_told clients_in_brief clients_say "
        "clients_suggest clients_heard"
    ),
    "present.parts": "load_area",
    "present.account_area": (
        "area_in_brief area_itself area_evidence area_beside_the_rest area_kind area_groups area_plans area_unknown"
    ),
    "present.interview_quotations": "InterviewQuotations interview_quotations",
    "present.figure": "plot_stances plot_area_types plot_shares plot_tiles",
    "explorer.view": "selected",
    "explorer.controls": "explore",
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
