"""Which selection of a study are chapters made for, where do they go, and which selections are there already?

A selection is what it has chosen by parameter of a chapter, such as {"area_type": "rural"}; the whole study has chosen nothing.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from ncsresearch.schema import CallError, StudyError, one_of

if TYPE_CHECKING:  # where a selection is looked up, no library is loaded
    from ncsresearch.study import Study

SELECTIONS = "selections"
PARAMETERS = ("area_type", "client_group", "heard_from", "theme")
LONGEST = 200  # letters of a folder's name


def selection_folder(chosen: Mapping[str, str]) -> str:
    """Return the folder of a selection below its study's outputs, in letters that every system knows; empty for the whole study.

    Raises CallError where the name would be too long for some systems.
    """
    named = [f"{name}={quote_plus(chosen[name])}" for name in PARAMETERS if chosen.get(name)]
    if len(name := ",".join(named)) > LONGEST:
        raise CallError(f"{name}: this selection's folder would have a name of more than {LONGEST} letters.")
    return f"{SELECTIONS}/{name}" if named else ""


def folder_of(study: str, chosen: Mapping[str, str]) -> str:
    """Return the folder of a study's outputs, or of a selection of it, below the outputs of all studies."""
    return "/".join(filter(None, [study, selection_folder(chosen)]))


def file_name(study: str, chosen: Mapping[str, str]) -> str:
    """Return what the Word report and the workbook of a study, or of a selection of it, are called without their ending."""
    return folder_of(study, chosen).replace(f"/{SELECTIONS}/", "_")


def asked_of(study: "Study", chosen: Mapping[str, str]) -> "Study":
    """Return the study narrowed to a selection, whose groups have the names that the study declares.

    Raises CallError for a name that the study does not have, and for a selection whose counts are not protected.
    """
    for name in chosen:
        one_of("parameter of a selection", name, PARAMETERS)
    try:
        return study.where(**chosen)
    except StudyError as error:
        raise CallError(str(error)) from None


def known_selections(outputs: Path) -> list[Path]:
    """Return the folders of the selections that are among a study's outputs."""
    return [path for path in sorted((outputs / SELECTIONS).glob("*")) if chosen_in(path)]


def chosen_in(folder: Path) -> dict[str, str]:
    """Return what a selection has chosen, as the manifest in its folder says; nothing where there is none that says it."""
    try:
        chosen = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["selection"]
        return {name: chosen[name] for name in PARAMETERS if name in chosen}
    except (OSError, ValueError, LookupError, TypeError):
        return {}
