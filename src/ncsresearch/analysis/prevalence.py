"""How many of the people heard raised each theme?"""

import pandas as pd

from ncsresearch.analysis.codes import code_names, codes_above
from ncsresearch.analysis.coverage import grouped_people
from ncsresearch.schema import STANCES
from ncsresearch.study import Study


def theme_prevalence(study: Study, *, by: str = "", stance: str = "") -> pd.DataFrame:
    """Share of the people heard in each group who raised each theme.

    A person counts once per theme, however often they raised it; raising a code counts for the codes above
    it too. A passage of a group interview whose speaker is not known counts for nobody.

    by       "" for everybody, or area_type (rural, urban), area_id, participant_group, client_group
    stance   only what was told so; empty for anything said under the theme

    Returns one row per group and theme of the codebook, in their orders, with
        group           the group, "everybody" without by
        code_id, theme  the code and its label
        n_raised        people of the group who raised it, 0 where nobody did
        n_participants  people heard in the group, those with no coded passage included
        share           n_raised / n_participants, between 0 and 1

    Caution: people were chosen for variety and not at random. A share describes those who were heard.
    """
    people = grouped_people(study, by=by)
    raised = _raised(study, stance=stance)
    themes = study.codebook[study.codebook["facet"].eq("theme")]
    heard = people.groupby("group", observed=False)["participant_id"].nunique()
    counted = people.merge(raised, on="participant_id").groupby(["group", "code_id"], observed=False)
    table = counted["participant_id"].nunique().unstack(fill_value=0)
    table = table.reindex(index=heard.index, columns=themes["code_id"], fill_value=0)
    rows = table.rename_axis(columns="code_id").stack().rename("n_raised").reset_index()
    rows["theme"] = rows["code_id"].map(code_names(study.codebook))
    rows["n_participants"] = rows["group"].map(heard).astype("int64")
    share = rows["n_raised"] / rows["n_participants"].mask(rows["n_participants"].eq(0))
    return rows.assign(share=share)[["group", "code_id", "theme", "n_raised", "n_participants", "share"]]


def _raised(study: Study, *, stance: str = "") -> pd.DataFrame:
    """Return each person and code they raised, once, with the codes above it."""
    said = people_codings(study)
    said = said[said["stance"].eq(stance)] if stance else said
    return (
        said.merge(codes_above(study.codebook), on="code_id")[["participant_id", "counts_for"]]
        .rename(columns={"counts_for": "code_id"})
        .drop_duplicates()
    )


def people_codings(study: Study) -> pd.DataFrame:
    """Judgements of the reporting coder about what a known person said.

    A judgement about an interview as a whole counts for its person where one alone was heard in it.

    Returns one row per judgement: the columns of codings, and participant_id, interview_id.
    """
    codings = study.codings[study.codings["unit"].isin(["segments", "interviews"])]
    if study.settings.reporting_coder:
        codings = codings[codings["coder"].eq(study.settings.reporting_coder)]
    said = study.segments.set_index("segment_id")[["participant_id", "interview_id"]]
    alone = study.attendances[~study.attendances["interview_id"].duplicated(keep=False)]
    whole = alone.assign(unit_id=alone["interview_id"]).set_index("unit_id")[
        ["participant_id", "interview_id"]
    ]
    found = codings.astype({"code_id": "str"}).join(pd.concat([said, whole]), on="unit_id")
    return found[found["participant_id"].isin(study.participants["participant_id"])]


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
