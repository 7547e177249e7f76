"""A survey in the layout of each tool: respondents, counts and shares equal those of plain pandas on the same file."""

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_series_equal

from ncsresearch.analysis.survey import options_counted
from ncsresearch.exchange.merge import merge
from ncsresearch.ingest.files import read_file
from ncsresearch.ingest.table_file import typed
from ncsresearch.schema import TABLES
from ncsresearch.study import Study
from ncsresearch.study.check import no_rows
from ncsresearch.study.settings import Settings

SATISFIED, USES = "How satisfied are you?", "Which services do you use?"
SCALE = ["Very satisfied", "Satisfied", "Dissatisfied", "Very dissatisfied"]
SERVICES = ["Library", "Pool", "Bus"]
# 37 people: every fifth did not say how satisfied they are, every ninth used nothing
PEOPLE = pd.DataFrame(
    {
        "who": [f"R{n}" for n in range(1, 38)],
        "satisfied": ["" if n % 5 == 4 else SCALE[n * n % 4] for n in range(37)],
        "uses": [
            [] if n % 9 == 8 else [each for m, each in enumerate(SERVICES) if (n >> m) % 2 or m == n % 3]
            for n in range(37)
        ],
    }
)


def ticks(yes: str = "", no: str = "") -> dict[str, list[str]]:
    return {each: [(yes or each) if each in uses else no for uses in PEOPLE["uses"]] for each in SERVICES}


def written(path: Path, columns: dict[str, list], *headings: list[str], sep: str = ",") -> Path:
    """Write columns under their names, or under several rows of headings."""
    rows = pd.DataFrame(columns)
    head = pd.DataFrame(headings or [list(columns)], columns=rows.columns)
    pd.concat([head, rows]).to_csv(path, index=False, header=False, sep=sep)
    return path


def joined(mark: str, end: str = "") -> list[str]:
    return [mark.join(uses) + end * bool(uses) for uses in PEOPLE["uses"]]


def qualtrics(folder: Path):
    columns = {"ResponseId": PEOPLE["who"], "Q1": PEOPLE["satisfied"], "Q2": joined(",")}
    said = ["Response ID", SATISFIED, USES]
    path = written(folder / "a.csv", columns, [*columns], said, [f'{{"ImportId":"{n}"}}' for n in columns])
    frame = pd.read_csv(path, skiprows=[0, 2])
    return path, frame[SATISFIED], frame[USES].str.get_dummies(",")


def surveymonkey(folder: Path):
    columns = {"Respondent ID": PEOPLE["who"], "s": PEOPLE["satisfied"], **ticks()}
    above = ["Respondent ID", SATISFIED, USES, "", ""]
    path = written(folder / "a.csv", columns, above, ["", "Response", *SERVICES])
    frame = pd.read_csv(path, header=None, skiprows=2)
    return path, frame[1], frame[[2, 3, 4]].notna().set_axis(SERVICES, axis=1)


def limesurvey(folder: Path):
    grid = {f"{USES} [{each}]": cells for each, cells in ticks("Yes", "No").items()}
    path = written(
        folder / "a.csv", {"id. Response ID": PEOPLE["who"], SATISFIED: PEOPLE["satisfied"], **grid}
    )
    frame = pd.read_csv(path)
    uses = frame[list(grid)].eq("Yes").set_axis(SERVICES, axis=1)  # who says no to each has answered
    return path, frame[SATISFIED], uses.assign(**{"none of these": ~uses.any(axis=1)})


def microsoft_forms(folder: Path):
    path = folder / "a.xlsx"
    about = {
        "ID": range(1, 38),
        "Start time": "2024-01-01 10:00",
        "Completion time": "2024-01-01 10:05",
        "Email": "anonymous",
        "Name": "",
    }
    pd.DataFrame(about | {SATISFIED: PEOPLE["satisfied"], USES: joined(";", ";")}).to_excel(path, index=False)
    frame = pd.read_excel(path)
    return path, frame[SATISFIED], frame[USES].str.strip(";").str.get_dummies(";")


def google_forms(folder: Path):
    path = written(
        folder / "a.csv",
        {
            "Timestamp": [f"2024/01/01 10:00:{n:02}" for n in range(37)],
            SATISFIED: PEOPLE["satisfied"],
            USES: joined(", "),
        },
    )
    frame = pd.read_csv(path)
    return path, frame[SATISFIED], frame[USES].str.get_dummies(", ")


def citizen_space(folder: Path):
    grid = {f"{USES} - {each}": cells for each, cells in ticks().items()}
    columns = {"Response ID": PEOPLE["who"], SATISFIED: PEOPLE["satisfied"], **grid}
    path = written(folder / "a.csv", columns, sep=";")
    frame = pd.read_csv(path, sep=";")
    return path, frame[SATISFIED], frame[list(grid)].notna().set_axis(SERVICES, axis=1)


def spss(folder: Path):
    import pyreadstat

    path, codes = folder / "a.sav", {word: float(n) for n, word in enumerate(SCALE, 1)}
    frame = pd.DataFrame({"id": PEOPLE["who"], "q1": PEOPLE["satisfied"].map(codes)})
    labels = {"id": "Respondent ID", "q1": SATISFIED}
    pyreadstat.write_sav(
        frame,
        path,
        column_labels=labels,
        variable_value_labels={"q1": {n: word for word, n in codes.items()}},
    )
    return path, pd.read_spss(path)["q1"].astype("object"), None


LAYOUTS = (qualtrics, surveymonkey, limesurvey, microsoft_forms, google_forms, citizen_space, spss)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_respondents_counts_and_shares_are_those_of_plain_pandas(tmp_path, layout):
    path, satisfied, uses = layout(tmp_path)
    (file,) = read_file(path, ["id=participant"] if path.suffix == ".sav" else [])
    tables, *_ = merge({name: no_rows(table) for name, table in TABLES.items()}, {}, file)
    study = Study(
        tmp_path,
        Settings("A survey", "1", "public", "May 2026", ()),
        {name: typed(TABLES[name], rows) for name, rows in tables.items()},
    )
    answered = satisfied.notna() if uses is None else satisfied.notna() | uses.any(axis=1)
    assert study.survey_answers["respondent_id"].nunique() == answered.sum()
    counted = options_counted(study).set_index("option").query("n > 0")
    of_scale = counted[counted["label"].eq(SATISFIED)]
    expected = satisfied.value_counts()
    assert_series_equal(
        of_scale["n"].sort_index(),
        expected.sort_index(),
        check_names=False,
        check_dtype=False,
        check_index_type=False,
    )
    shares = satisfied.value_counts(normalize=True)
    assert of_scale["share"].round(12).to_dict() == shares.round(12).to_dict()
    if uses is not None:
        of_services = counted[counted["label"].eq(USES)]
        assert of_services["n"].to_dict() == uses.sum().to_dict()
        assert of_services["base"].unique().tolist() == [uses.any(axis=1).sum()]
