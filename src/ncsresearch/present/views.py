"""Which functions put each kind of frame into words, draw it, and lay it out as tables?

Each place is a module of present and a function in it, which takes the frame; several are shown in this order.
"""

VIEWS: dict[str, dict[str, str]] = {
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
    "ratings": {"say": "sentence_services:say_ratings", "table": "table_services:table_ratings"},
}
