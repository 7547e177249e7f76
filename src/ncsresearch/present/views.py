"""Which functions put each kind of frame into words, draw it, and lay it out as tables?

Each place is a module of present and a function in it, which takes the frame; several are shown in this order.
"""

VIEWS: dict[str, dict[str, str]] = {
    "key points": {"say": "research_chapter:say_key_points", "table": "research_chapter:table_points"},
    "client views": {"table": "research_chapter:table_points"},
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
