"""Whose judgements does a study report, where an import brings those of one coder, or of several?"""

import json
import re
from pathlib import Path

import pandas as pd

from ncsresearch.study import read_settings
from ncsresearch.study.check import unnamed_coders

SETTING = re.compile(r"^reporting_coder\s*=.*$", re.MULTILINE)
FIRST_TABLE = re.compile(r"^\[", re.MULTILINE)


def choice_to_make(study: Path, codings: pd.DataFrame) -> list[str]:
    """Return the remark that a person has to choose between several coders, where study.toml names none."""
    coders = unnamed_coders(read_settings(study), codings)
    remark = (
        f"{len(coders)} people coded ({', '.join(coders)}): name one of them as reporting_coder in study.toml"
    )
    return [remark] if len(coders) > 1 else []


def name_reporting_coder(study: Path, codings: pd.DataFrame) -> None:
    """Write the one coder of a study into its study.toml, where that names nobody."""
    coders = unnamed_coders(read_settings(study), codings)
    if len(coders) == 1:
        path, line = study / "study.toml", f"reporting_coder = {json.dumps(coders[0], ensure_ascii=False)}"
        path.write_text(_with_setting(path.read_text(encoding="utf-8"), line), encoding="utf-8")


def _with_setting(text: str, line: str) -> str:
    if SETTING.search(text):
        return SETTING.sub(lambda _: line, text, count=1)
    table = FIRST_TABLE.search(text)
    place = table.start() if table else len(text)
    return f"{text[:place].rstrip()}\n{line}\n\n{text[place:]}".rstrip() + "\n"
