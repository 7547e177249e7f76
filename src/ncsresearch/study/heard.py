"""Who was heard, who only answered a survey, and who is only on a list?"""

import pandas as pd

from ncsresearch.study.references import Tables, without_rows


def heard_people(tables: Tables) -> set[str]:
    """Return everybody of whom there is a turn, a passage, an answer, an interview that they attended, or a summary."""
    held = [tables[name]["participant_id"] for name in ("turns", "segments", "survey_answers", "attendances")]
    cases = tables["summaries"]
    held.append(cases.loc[cases["unit"].eq("participants"), "unit_id"])
    return {person for people in held for person in people.dropna().unique()}


def only_listed(tables: Tables) -> set[str]:
    """Return the people of whom there is nothing but a list; nobody where no transcript says who speaks, so that a list may be all there is."""
    if tables["turns"]["participant_id"].isna().all():
        return set()
    return {*tables["participants"]["participant_id"]} - heard_people(tables)


def without_listed(tables: Tables) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return the tables without people who are only on a list, and these people: who took part spoke, wrote or was there."""
    alone = only_listed(tables)
    left = without_rows(tables, "participants", alone)
    left["participants"] = left["participants"].reset_index(drop=True)
    return left, tuple(sorted(alone))


def without_respondents(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the tables with people who only answered a survey among its respondents, and not among the people heard.

    What somebody writes in a survey makes them a person heard once answers of that survey are coded. Their area, group and
    attributes go with them.
    """
    alone = _only_answered(tables)
    if alone.empty:
        return dict(tables)
    people, segments = tables["participants"], tables["segments"]
    wrote = segments["participant_id"].isin(alone.index)
    return dict(tables) | {
        "participants": people[~people["participant_id"].isin(alone.index)].reset_index(drop=True),
        "segments": segments.assign(participant_id=segments["participant_id"].mask(wrote)),
        **_as_respondents(tables, alone),
    }


def _as_respondents(tables: Tables, people: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return answers and attributes with the area, the group and the attributes of people as those of their answers."""
    answers, facts = tables["survey_answers"], tables["attributes"]
    theirs = answers["participant_id"].isin(people.index)
    once = answers[theirs].drop_duplicates("participant_id").set_index("participant_id")
    own = facts["owner"].eq("participants") & facts["owner_id"].isin(once.index)
    moved = facts[own].assign(owner="survey_answers", owner_id=facts["owner_id"].map(once["respondent_id"]))
    groups = people["participant_group"].astype("object")
    told = {
        "owner": "survey_answers",
        "owner_id": once["respondent_id"].reindex(groups.index),
        "name": "group",
    }
    rows = [facts[~own], moved, pd.DataFrame(told | {"value": groups}).dropna()]
    homes = answers["area_id"].fillna(answers["participant_id"].map(people["area_id"]))
    return {
        "survey_answers": answers.assign(
            area_id=homes, participant_id=answers["participant_id"].mask(theirs)
        ),
        "attributes": pd.concat(rows, ignore_index=True).astype(facts.dtypes),
    }


def _only_answered(tables: Tables) -> pd.DataFrame:
    """Return the people whose answers to a survey are all that is known, by their id: none of a survey that is coded."""
    people, segments = tables["participants"].set_index("participant_id"), tables["segments"]
    coded = segments["segment_id"].isin(tables["codings"]["unit_id"])
    wrote = segments["kind"].eq("response") & ~segments["document_id"].isin(
        segments.loc[coded, "document_id"]
    )
    answered = {
        *tables["survey_answers"]["participant_id"].dropna(),
        *segments.loc[wrote, "participant_id"].dropna(),
    }
    heard = {*tables["attendances"]["participant_id"], *segments.loc[~wrote, "participant_id"].dropna()}
    return people[people.index.isin(answered - heard)]
