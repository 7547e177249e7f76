"""Which functions put each kind of frame into words, draw it, and lay it out as tables?

Each place is a module of present and a function in it, which takes the frame; several are shown in this order. A kind
"in an area report" is the same kind of frame where it is of the part of one area.
"""

BASE = "people_raised:say_base"
VIEWS: dict[str, dict[str, str]] = {
    # the study
    "sources": {
        "say": "sentence_themes:say_sources sentence_themes:say_readers_work sentence_themes:say_case_study_split",
        "table": "table_research:table_documents",
    },
    "sources of people": {
        "say": "sentence_themes:say_sources sentence_themes:say_readers_work sentence_themes:say_case_study_split",
        "table": "people_heard:table_kinds_of_source",
    },
    "codebook": {"table": "table_research:table_codebook"},
    "terms": {"table": "table_research:table_glossary"},
    "areas": {"say": "sentence_themes:say_case_study_split", "table": "table_research:table_classes"},
    "areas of people": {"say": "people_compared:say_six_areas"},
    # who was heard
    "people heard": {
        "say": "people_heard:say_heard people_heard:say_heard_by_kind people_heard:say_unknown_speakers",
        "table": "people_heard:table_heard",
    },
    "interviews held": {"table": "people_heard:table_interviews"},
    "client groups heard": {"table": "people_heard:table_groups_heard"},
    "quotations by group": {"table": "research_chapter:table_quoted"},
    # who raised what: people
    "people by stance": {
        "say": f"{BASE} people_raised:say_most_raised people_raised:say_told_by_people people_raised:say_told_both_ways",
        "plot": "people_raised:plot_people_stances",
        "table": "people_raised:table_people_stances",
    },
    "people by heard_from": {"table": "people_raised:table_by_group"},
    "people by area_type": {
        "say": f"{BASE} people_compared:say_kinds_differ people_compared:say_kinds_alike",
        "plot": "people_compared:plot_kinds",
        "table": "people_compared:table_kinds",
    },
    "people by area_id": {
        "say": "people_heard:say_heard people_compared:say_areas_differ",
        "plot": "people_compared:plot_areas",
        "table": "people_raised:table_by_group",
    },
    "people by client_group": {"say": "people_raised:say_groups_not_counted"},
    "people of one group by stance": {
        "say": f"{BASE} people_raised:say_clients",
        "plot": "people_raised:plot_people_stances",
        "table": "people_raised:table_people_stances",
    },
    "client groups served": {
        "say": f"{BASE} people_raised:say_seen",
        "table": "people_raised:table_seen",
    },
    "suggestions of people": {"table": "people_raised:table_people_suggest"},
    "people by theme": {"say": BASE, "table": "people_raised:table_counts"},
    "people of one group by theme": {"say": BASE, "table": "people_raised:table_counts"},
    # which groups differ
    "differences by participant_group": {
        "say": "people_differ:say_groups_differ",
        "table": "people_differ:table_groups_differ people_differ:table_ladder",
    },
    "differences by area_type": {
        "say": "people_differ:say_directions",
        "table": "people_differ:table_directions people_differ:table_ladder",
    },
    "differences by client_group": {
        "say": "people_differ:say_client_groups_differ",
        "table": "people_differ:table_client_groups_differ",
    },
    "differences by views of service": {
        "say": "people_differ:say_directions",
        "table": "people_differ:table_directions",
    },
    "nothing compared": {},
    # who raised what: passages
    "passages by stance": {
        "say": f"{BASE} passages_raised:say_told passages_raised:say_only_challenges passages_raised:say_themes_meet",
        "plot": "passages_raised:plot_passages",
        "table": "passages_raised:table_passages",
    },
    "passages by theme": {"say": BASE, "table": "people_raised:table_counts"},
    "passages by area_id": {"table": "people_raised:table_counts"},
    "passages by heard_from": {"table": "table_research:table_by_document"},
    "passages by area_type": {
        "say": f"{BASE} passages_raised:say_area_balance passages_raised:say_kinds_told passages_raised:say_quotations_area",
        "plot": "passages_raised:plot_passages_by_kind",
        "table": "passages_raised:tables_of_points",
    },
    "passages by client_group": {
        "plot": "passages_raised:plot_client_groups",
        "table": "passages_raised:table_client_groups",
    },
    "client groups served, published": {
        "say": f"{BASE} sentence_clients:say_served sentence_clients:say_left_out sentence_clients:say_group_told",
        "table": "table_research:table_served",
    },
    "client views, published": {
        "say": f"{BASE} sentence_clients:say_client_views sentence_clients:say_both_ways sentence_clients:say_few_interviews",
        "table": "research_chapter:table_points",
    },
    # how far the coding can be trusted
    "coders": {"say": "trust:say_coders"},
    "agreement": {
        "say": "trust:say_agreement",
        "plot": "trust:plot_agreement",
        "table": "trust:table_agreement",
    },
    "agreement on rare themes": {"say": "trust:say_rare_themes"},
    "agreement over all themes": {
        "say": "trust:say_agreement_overall",
        "table": "trust:table_agreement_overall",
    },
    "confusions": {"say": "trust:say_confusions", "table": "trust:table_confusions"},
    "boundaries": {"say": "trust:say_boundaries", "table": "trust:table_boundaries"},
    "saturation": {
        "say": "trust_saturation:say_saturation",
        "plot": "trust_saturation:plot_saturation",
        "table": "trust_saturation:table_saturation",
    },
    "saturation by kind of area": {
        "say": "trust_saturation:say_saturation_by_kind",
        "plot": "trust_saturation:plot_saturation",
        "table": "trust_saturation:table_saturation",
    },
    "saturation by group": {
        "plot": "trust_saturation:plot_saturation",
        "table": "trust_saturation:table_saturation",
    },
    "stated differences": {
        "say": "trust_sensitivity:say_stated_differences",
        "table": "trust_sensitivity:table_stated_differences",
    },
    "sensitivity": {
        "say": "trust_sensitivity:say_sensitivity",
        "table": "trust_sensitivity:table_sensitivity",
    },
    # one area
    "nothing": {},
    "area peers": {"say": "sentence_area:say_area", "table": "table_area:table_peers"},
    "kinds of area": {"say": "people_area:say_area_of_kind"},
    "area profile": {
        "say": "sentence_area:say_beside_country sentence_area:say_settlement",
        "table": "table_area:table_statistics table_area:table_settlement",
    },
    "interviews held in an area report": {
        "say": "people_heard:say_heard",
        "table": "people_heard:table_interviews",
    },
    "local evidence": {"say": "sentence_area:say_local_evidence", "table": "table_area:table_local"},
    "people by stance in an area report": {
        "say": "people_area:say_area_heard",
        "plot": "people_raised:plot_people_stances",
        "table": "people_raised:table_people_stances",
    },
    "themes that meet here": {
        "say": "sentence_area:say_meeting_here sentence_area:say_case_study",
        "table": "table_area:table_meeting_here",
    },
    "people by theme in an area report": {
        "say": "people_area:say_area_raised",
        "table": "people_area:table_area_raised",
    },
    "points of a kind": {"say": "sentence_area:say_type", "table": "table_area:tables_of_kind"},
    "passages of the research": {"say": "passages_raised:say_research", "plot": "table_area:plot_research"},
    "people by area_type in an area report": {
        "say": "people_compared:say_kinds_differ",
        "plot": "people_compared:plot_kinds",
    },
    "client groups served, published in an area report": {
        "say": "sentence_clients:say_served",
        "table": "table_research:table_served",
    },
    "client groups served in an area report": {"table": "people_raised:table_seen"},
    "open actions": {"table": "table_area:table_open_actions"},
    "gaps of an area": {"say": "sentence_area:say_not_known"},
    "people not heard": {"say": "people_area:say_area_unknown"},
    "kpis in an area report": {
        "say": "measures:say_targets measures:say_latest_gaps measures:say_direction",
        "plot": "measures:plot_run_charts",
        "table": "measures:table_run_chart",
    },
    "published shares in an area report": {
        "say": "published_survey:say_whose_survey published_survey:say_survey",
        "plot": "published_survey:plot_survey",
        "table": "published_survey:table_survey",
    },
    # chapters of a report, services, surveys
    "key points": {"say": "research_chapter:say_key_points", "table": "research_chapter:table_points"},
    "key point support": {
        "say": "key_points:say_key_point_support key_points:say_told_the_other_way",
        "table": "key_points:table_key_point_support",
    },
    "beyond key points": {
        "say": "key_points:say_beyond_key_points",
        "table": "key_points:table_beyond_key_points",
    },
    "partners": {"say": "research_chapter:say_partners", "table": "research_chapter:table_partners"},
    "factors": {"say": "research_chapter:say_factors", "table": "research_chapter:table_factors"},
    "suggestions": {"say": "research_chapter:say_suggestions", "table": "research_chapter:table_suggestions"},
    "strengths and challenges": {
        "say": "passages_raised:say_told",
        "plot": "passages_raised:plot_passages",
    },
    "consistency between areas": {
        "say": "research_chapter:say_rural",
        "table": "research_chapter:table_between_areas",
    },
    "client groups seen": {"say": "sentence_clients:say_served sentence_clients:say_left_out"},
    "sections": {"table": "research_chapter:table_sections"},
    "quotations": {
        "say": "quotation:say_quotations",
        "table": "research_chapter:table_quotations research_chapter:table_quotation_index",
    },
    "consultation": {
        "say": "consultation:say_consultation consultation:say_unpublished",
        "plot": "consultation:plot_consultation",
        "table": "consultation:table_consultation",
    },
    "unpublished comments": {"say": "consultation:say_unseen", "table": "consultation:table_unpublished"},
    "responses": {"say": "consultation:say_responses", "table": "consultation:table_responses"},
    "poll": {"say": "consultation:say_poll", "table": "consultation:table_poll"},
    "kpis": {
        "say": "measures:say_targets measures:say_latest_gaps measures:say_direction measures:say_signals",
        "plot": "measures:plot_run_charts",
        "table": "measures:table_run_chart measures:table_trend measures:table_kpi",
        "limits": "measures:say_odd_period",
    },
    "ratings": {"say": "inspection:say_ratings", "table": "inspection:table_ratings"},
    "actions": {
        "say": "inspection:say_actions",
        "table": "inspection:table_actions",
        "limits": "inspection:say_unseparable",
    },
    "actions by indicator": {"table": "inspection:table_indicators"},
    "actions by owner": {"table": "inspection:table_owners"},
    "published shares": {
        "say": (
            "published_survey:say_whose_survey published_survey:say_survey published_survey:say_rounding "
            "published_survey:say_furthest_apart"
        ),
        "plot": "published_survey:plot_survey",
        "table": "published_survey:table_survey published_survey:table_changes",
    },
    "answers": {
        "say": "answers:say_answered",
        "table": "answers:table_answers",
        "limits": "answers:say_not_answers",
    },
    "answers by group": {"plot": "answers:plot_answers_by_kind", "table": "answers:table_answers_by_kind"},
    "checks": {"say": "checked_figures:say_checked", "table": "checked_figures:table_check_summary"},
    "checks with a result": {"table": "checked_figures:table_checked"},
    "remarks": {"table": "checked_figures:table_remarks"},
}
