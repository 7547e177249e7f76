"""How many of the people, interviews or passages raised each theme?"""

import pandas as pd

from ncsresearch.analysis.codes import code_names, codes_above
from ncsresearch.analysis.coverage import grouped_interviews, grouped_people
from ncsresearch.analysis.interval import ASSUMES, share_interval
from ncsresearch.study import Study
from ncsresearch.study.kept import kept

SPOKEN = ("segments", "interviews")


def theme_prevalence(study: Study, *, by: str = "", within: str = "", stance: str = "") -> pd.DataFrame:
    """Share of the people heard in each group who raised each theme.

    A person counts once per theme, however often they raised it; raising a code counts for the codes above
    it too. A passage of a group interview whose speaker is not known counts for nobody.

    by       "" for everybody, or area_type (rural, urban), area_id, participant_group, client_group
    within   a second of these: the groups of by inside each of its groups
    stance   only what was told so; empty for anything said under the theme

    Returns one row per group (of within, then of by) and theme of the codebook, in their orders, with
        within, group   the groups, "everybody" without by; within only where it is asked for
        code_id, theme  the code and its label
        n_raised        people of the group who raised it, 0 where nobody did
        n_participants  people heard in the group, those with no coded passage included
        share           n_raised / n_participants, between 0 and 1; missing where nobody was heard
        low, high       Wilson interval of the share at the study's level
        interval        what the interval takes for granted

    Caution: people were chosen for variety and not at random, and hear each other in group interviews. A
    share describes those who were heard; the interval is the least that chance could do, not a margin of error.
    """
    people = _crossed(study, grouped_people, "participant_id", by, within)
    raised = raised_by_people(study, stance)
    return _shares(study, people, raised, "n_raised", "n_participants")


def interview_prevalence(study: Study, *, by: str = "", within: str = "", stance: str = "") -> pd.DataFrame:
    """Share of the interviews of each group in which each theme was raised by anybody.

    by, within, stance   as for theme_prevalence; an interview has no client group

    Returns one row per group and theme as theme_prevalence, with n_interviews_raised and n_interviews held.

    Caution: the more people an interview has, the more themes it raises. People are the better base.
    """
    interviews = _crossed(study, grouped_interviews, "interview_id", by, within)
    raised = raised_once(study, spoken_codings(study), "interview_id", stance)
    return _shares(study, interviews, raised, "n_interviews_raised", "n_interviews")


def passage_prevalence(study: Study, *, by: str = "", within: str = "", stance: str = "") -> pd.DataFrame:
    """Share of the coded passages of each group that stand under each theme.

    by, within, stance   as for interview_prevalence, by the interview that a passage comes from

    Returns one row per group and theme as theme_prevalence, with n_passages_coded under the theme and
    n_passages with any code.

    Caution: passages measure how much was said and how finely it was cut, never how many people said it.
    """
    said = spoken_codings(study)
    said = said[said["unit"].eq("segments")].assign(segment_id=said["unit_id"])
    coded = said[["segment_id", "interview_id"]].drop_duplicates()
    interviews = _crossed(study, grouped_interviews, "interview_id", by, within)
    passages = interviews.merge(coded, on="interview_id").drop(columns="interview_id")
    raised = raised_once(study, said, "segment_id", stance)
    return _shares(study, passages, raised, "n_passages_coded", "n_passages")


def _crossed(study: Study, grouped, key: str, by: str, within: str) -> pd.DataFrame:
    """Return members with the group of each, and the group of within they belong to."""
    members = grouped(study, by=by)
    if not within:
        return members
    return members.merge(grouped(study, by=within).rename(columns={"group": "within"}), on=key)


def _shares(study: Study, members: pd.DataFrame, raised: pd.DataFrame, n: str, base: str) -> pd.DataFrame:
    """Return one row per group and theme with the members who raised it, those there are, share and interval."""
    key, keys = raised.columns[0], [name for name in ("within", "group") if name in members]
    themes = study.codebook.loc[study.codebook["facet"].eq("theme"), "code_id"]
    there = members.groupby(keys, observed=False)[key].nunique()
    counted = members.merge(raised, on=key).groupby([*keys, "code_id"], observed=False)[key].nunique()
    table = counted.unstack(fill_value=0).reindex(index=there.index, columns=themes, fill_value=0)
    rows = table.rename_axis(columns="code_id").stack().rename(n).reset_index()
    rows[base] = rows[keys].merge(there.rename(base).reset_index(), on=keys, how="left")[base]
    rows["theme"] = rows["code_id"].map(code_names(study.codebook))
    rows["share"] = rows[n] / rows[base].mask(rows[base].eq(0))
    rows["low"], rows["high"] = share_interval(rows[n], rows[base], level=study.settings.interval_level)
    return rows.assign(interval=ASSUMES)[
        [*keys, "code_id", "theme", n, base, "share", "low", "high", "interval"]
    ]


def raised_once(study: Study, said: pd.DataFrame, key: str, stance: str = "") -> pd.DataFrame:
    """Each person, interview or passage and code raised in it, once, with the codes above it.

    said   judgements, with the column key that names who or what raised the code

    Returns one row per pair, with key and code_id.
    """
    said = said[said["stance"].eq(stance)] if stance else said
    pairs = said[[key, "code_id"]].drop_duplicates().merge(codes_above(study.codebook), on="code_id")
    return pairs[[key, "counts_for"]].rename(columns={"counts_for": "code_id"}).drop_duplicates()


@kept(16)
def raised_by_people(study: Study, stance: str) -> pd.DataFrame:
    """Each person and code they raised, once, with the codes above it; of what was told so, or of anything if empty.

    Returns one row per pair, with participant_id and code_id. It is kept for the study it was made of, since every
    table asks.
    """
    return raised_once(study, people_codings(study), "participant_id", stance)


@kept(2)
def people_codings(study: Study) -> pd.DataFrame:
    """Judgements of the reporting coder about what a known person said.

    A judgement about an interview as a whole counts for its person where one alone was heard in it.

    Returns one row per judgement: the columns of codings, and participant_id, interview_id. It is kept for the study
    it was made of, since every table asks.
    """
    found = spoken_codings(study)
    return found[found["participant_id"].isin(study.participants["participant_id"])]


def spoken_codings(study: Study) -> pd.DataFrame:
    """Judgements of the reporting coder about passages of interviews, and about interviews as a whole.

    Returns one row per judgement: the columns of codings, and participant_id (missing where the speaker is
    not known, or several were heard), interview_id.
    """
    codings = study.codings[study.codings["unit"].isin(SPOKEN)]
    if study.settings.reporting_coder:
        codings = codings[codings["coder"].eq(study.settings.reporting_coder)]
    said = study.segments.set_index("segment_id")[["participant_id", "interview_id"]]
    alone = study.attendances[~study.attendances["interview_id"].duplicated(keep=False)]
    person = study.interviews["interview_id"].map(alone.set_index("interview_id")["participant_id"])
    whole = study.interviews[["interview_id"]].assign(participant_id=person)
    whole = whole.set_index(study.interviews["interview_id"])[["participant_id", "interview_id"]]
    places = pd.concat([said, whole])
    return codings.astype({"code_id": "str"}).join(places[~places.index.duplicated()], on="unit_id")
