"""How did people tell each theme, whom do they see as well served, and what do they suggest?"""

import pandas as pd

from ncsresearch.analysis.codes import code_names, codes_above
from ncsresearch.analysis.coverage import grouped_people
from ncsresearch.analysis.prevalence import people_codings
from ncsresearch.schema import STANCES
from ncsresearch.study import Study


def people_stances(study: Study) -> pd.DataFrame:
    """People who told each theme as a strength, a challenge and otherwise.

    Returns one row per theme and stance, with n_people who told it so, 0 where nobody did. A person can tell a
    theme in two ways and then counts under both. Base: the people heard.
    """
    themes = study.codebook[study.codebook["facet"].eq("theme")]
    said = people_codings(study).merge(codes_above(study.codebook), on="code_id")
    counted = said.groupby(["counts_for", "stance"], observed=False)["participant_id"].nunique().unstack()
    table = counted.reindex(index=themes["code_id"], columns=list(STANCES)).fillna(0).astype("int64")
    rows = table.rename_axis("code_id").stack().rename("n_people").reset_index()
    labels = pd.CategoricalDtype(code_names(study.codebook)[themes["code_id"]], ordered=True)
    return rows.assign(theme=rows["code_id"].map(code_names(study.codebook)).astype(labels))


def groups_served_by_people(study: Study) -> pd.DataFrame:
    """People who see each client group as better and as less well served, by kind of area.

    Returns one row per client group, level and kind of area (rural, urban), with n_people who say so and
    n_participants heard in areas of that kind.
    """
    levels = study.codebook[study.codebook["facet"].eq("service level")]
    said = people_codings(study)
    said = said[said["code_id"].isin(levels["code_id"]) & said["about_client_group"].notna()]
    people = grouped_people(study, by="area_type")
    heard = people.groupby("group", observed=True)["participant_id"].nunique()
    found = said.merge(people, on="participant_id")
    counted = found.groupby(["about_client_group", "code_id", "group"], observed=True)[
        "participant_id"
    ].nunique()
    rows = counted.rename("n_people").reset_index().rename(columns={"about_client_group": "client_group"})
    rows["level"] = rows["code_id"].map(code_names(study.codebook))
    rows["n_participants"] = rows["group"].astype("str").map(heard.rename(index=str))
    return rows[["client_group", "level", "group", "n_people", "n_participants"]]


def suggestions_of_people(study: Study) -> pd.DataFrame:
    """Themes under which people suggest a change, and who they are.

    Returns one row per theme and participant group, with n_people; themes most suggested first.
    """
    said = people_codings(study)
    said = said[said["stance"].eq("suggestion")]
    people = study.participants.set_index("participant_id")["participant_group"]
    labels = code_names(study.codebook)
    rows = said.assign(group=said["participant_id"].map(people), theme=said["code_id"].map(labels))
    counted = rows.groupby(["theme", "group"])["participant_id"].nunique().rename("n_people").reset_index()
    order = rows.groupby("theme")["participant_id"].nunique()
    return counted.assign(n_all=counted["theme"].map(order)).sort_values(
        ["n_all", "theme", "group"], ascending=[False, True, True], kind="stable", ignore_index=True
    )
