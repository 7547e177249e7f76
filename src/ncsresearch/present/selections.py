"""What is a narrowed study called?"""

from ncsresearch.present.sentence import listed
from ncsresearch.present.wording import phrase
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names


def selection_called(study: Study) -> str:
    """Return what a narrowed study tells of, as a reader calls it: rural areas and the theme Housing; empty for the whole."""
    labels = {"theme": code_names(study.codebook), "area_id": study.areas.set_index("area_id")["name"]}
    called = {name: labels.get(name, {}).get(value, value) for name, value in study.selection.items()}
    called |= {name: value.replace("_", " ") for name, value in called.items() if name == "area_type"}
    return listed(phrase("selection", name, value=value) for name, value in called.items()) if called else ""
