"""Which functions put each kind of frame into words, draw it, and lay it out as tables?

Each place is a module of present and a function in it, which takes the frame; several are shown in this order.
"""

VIEWS: dict[str, dict[str, str]] = {
    "ratings": {"say": "sentence_services:say_ratings", "table": "table_services:table_ratings"},
    "nothing": {},
    "area peers": {"say": "sentence_area:say_area", "table": "table_area:table_peers"},
    "kinds of area": {"say": "people_area:say_kind"},
    "area profile": {
        "say": "sentence_area:say_beside_country sentence_area:say_settlement",
        "table": "table_area:table_statistics table_area:table_settlement",
    },
    "interviews of an area": {"say": "people_area:say_who", "table": "people_area:table_interviews"},
    "local evidence": {"say": "sentence_area:say_local_evidence", "table": "table_area:table_local"},
    "people of an area": {
        "say": "people_area:say_how_many",
        "plot": "people_area:plot_stances",
        "table": "people_area:table_stances",
    },
    "themes that meet here": {
        "say": "sentence_area:say_meeting_here sentence_area:say_case_study",
        "table": "table_area:table_meeting_here",
    },
    "themes of people here": {"say": "people_area:say_themes", "table": "people_area:table_themes"},
    "points of a kind": {"say": "sentence_area:say_type", "table": "table_area:tables_of_kind"},
    "passages of the research": {"say": "table_area:say_research", "plot": "table_area:plot_research"},
    "people by kind of area": {"say": "people_area:say_kinds_differ", "plot": "people_area:plot_kinds"},
    "who is served": {"say": "table_area:say_who_is_served", "table": "table_area:table_who_is_served"},
    "people on who is served": {"table": "people_area:table_served"},
    "open actions": {"table": "table_area:table_open_actions"},
    "suggestions of an area": {"table": "table_area:table_made"},
    "suggestions of people": {"table": "people_area:table_suggested"},
    "gaps of an area": {"say": "sentence_area:say_not_known"},
    "people not heard": {"say": "people_area:say_not_heard"},
}
