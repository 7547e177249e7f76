"""Which functions put each kind of frame into words, draw it, and lay it out as tables?

Each place is a module of present and a function in it, which takes the frame; several are shown in this order.
"""

VIEWS: dict[str, dict[str, str]] = {
    "ratings": {"say": "sentence_services:say_ratings", "table": "table_services:table_ratings"},
}
