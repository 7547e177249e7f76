"""How many people, points or passages raised each theme, as a chapter may show it?"""

import pandas as pd

from ncsresearch.analysis.points import points
from ncsresearch.analysis.themes import passage_counts
from ncsresearch.disclosure.mask import nothing_withheld, publishable_counts, publishable_served
from ncsresearch.disclosure.plan import mostly_withheld
from ncsresearch.evidence.counts import shares, shares_about
from ncsresearch.evidence.groups import hears_people, n_in_groups
from ncsresearch.schema import STANCES, StudyError, one_of
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names
from ncsresearch.study.frames import framed
from ncsresearch.study.staged import in_a_run

BY = ("", "stance", "area_type", "area_id", "heard_from", "client_group")
RAISED = "raised"
WAYS = {RAISED: ""} | {stance: stance for stance in STANCES}
COLUMNS = [
    *("counted", "by", "group", "code_id", "theme", "stance", "n", "base"),
    *("share", "low", "high", "interval", "withheld", "words", "least", "most"),
]
PRIVATE_IN_A_RUN = (
    "{study}: private counts of a confidential study are for your eyes, in a notebook that you run yourself; a chapter asks "
    "for counts without private=True."
)
OF_THEMES = ("code_id", "theme")  # what a count of passages by client group does not have


def counts(
    study: Study, *, by: str = "", stance: str = "", heard_from: str = "", private: bool = False
) -> pd.DataFrame:
    """Who raised each theme: people where people were heard, and where none were, points, or passages without points.

    by          "" for all together; stance (how it was described); area_type (rural, urban); area_id; heard_from (who
                speaks: a participant group, or a document where nobody was heard); client_group (whom it is about); or a
                grouping of people that study.toml adds to the plan
    stance      only what was described so: strength, challenge, mixed, suggestion or neutral
    heard_from  only what this participant group said
    private     true numbers, for the researcher's eyes: they cannot be put into words, drawn or shown as a table, and a
                chapter that asks for them fails the run of a confidential study

    Returns one row per group and theme of the codebook, in their orders, with
        counted         people, points or passages
        by, group       the grouping and the group, stance, area or document; "raised" among stances for any way of describing it
        code_id, theme  the code and its label; without them where passages are counted by client group
        stance          what was asked for; empty for anything
        n               people who raised it (once each), or passages; missing where it is withheld
        base            people heard in the group; missing for points and passages, which have none, and where it is withheld
        share, low, high, interval   n / base, from 0 to 1, its interval, and what that assumes
        withheld        true where a number of people is withheld
        words           the word in place of a withheld number: some, about half or most
        least, most     between what a reader knows the number to lie

    Raises ValueError for a grouping or stance that is none of these, and for a stance where each is asked for; StudyError
    for a group that nobody speaks for, for a grouping by which a confidential study's people are not protected, and for
    private numbers of one in a run.
    Caution: people were chosen and not sampled; passages measure editing. A sum over n leaves out what is withheld.
    """
    _refuse_unknown(study, by, stance, heard_from)
    if private and study.settings.threshold and in_a_run(study.folder):
        raise StudyError(PRIVATE_IN_A_RUN.format(study=study.name))
    whose = heard_from and "of one group "
    asked = {"by": by, "stance": stance, "heard_from": heard_from, "private": private}
    if not hears_people(study) or (by == "client_group" and not study.settings.threshold and not private):
        rows = _of_passages(study.where(heard_from=heard_from), by, stance)
        counted = "points counted" if rows["counted"].eq("points").any() else "passages"
        return framed(rows, f"{counted} by {by or 'theme'}", study, by=by)
    rows = _true_counts(study, by, stance, heard_from) if private else _people(study, by, stance, heard_from)
    rows = rows.assign(counted="people", by=by).reindex(columns=COLUMNS)
    kind = "grouping" if by in study.settings.groupings else by or "theme"
    return framed(rows, f"people {whose}by {kind}", study, **asked)


def _refuse_unknown(study: Study, by: str, stance: str, heard_from: str) -> None:
    groupings = (*BY, *study.settings.groupings) if hears_people(study) else BY
    for name, value, known in (("by", by, groupings), ("stance", stance, ("", *STANCES))):
        if value not in known:
            raise ValueError(f"{name} must be one of {known}, not {value!r}.")
    if by == "stance" and stance:
        raise ValueError(
            f"by='stance' counts every stance; leave stance empty, or by, not {stance!r} with it."
        )
    if heard_from and hears_people(study):
        groups = list(n_in_groups(study, by="participant_group"))
        one_of("group that speaks", heard_from, groups, of=study.name)


def _of_passages(study: Study, by: str, stance: str) -> pd.DataFrame:
    rows = nothing_withheld(passage_counts(study, by=by, stance=stance)).assign(by=by)
    codes = {name: code_id for code_id, name in code_names(study.codebook).items()}
    rows = rows.assign(code_id=rows["theme"].astype("str").map(codes)) if "theme" in rows else rows
    return rows.reindex(columns=[name for name in COLUMNS if name in rows or name not in OF_THEMES])


def _true_counts(study: Study, by: str, stance: str, heard_from: str) -> pd.DataFrame:
    """Return the numbers as they are: of one group of those who speak, where one is asked for."""
    own = study.where(heard_from=heard_from)
    if by == "stance":
        rows = pd.concat(shares(own, stance=way).assign(group=name, stance=way) for name, way in WAYS.items())
    elif by == "client_group":
        rows = shares_about(own, stance=stance)
    else:
        rows = shares(own, by=_grouping(by), stance=stance)
    return nothing_withheld(rows).assign(stance=rows.get("stance", stance)).reset_index(drop=True)


def _grouping(by: str) -> str:
    return "participant_group" if by == "heard_from" else by


def _people(study: Study, by: str, stance: str, heard_from: str) -> pd.DataFrame:
    where = {"by": "participant_group", "group": heard_from} if heard_from else _of_part(study)
    if heard_from and by not in ("", "stance"):
        raise StudyError(f"{study.name}: people of one group are counted in all or by stance, not by {by}.")
    if by == "stance":
        return stance_counts(study, **where)
    if by:
        return publishable_counts(study, by=_grouping(by), stance=stance)
    return publishable_counts(study, **where, stance=stance)


def stance_counts(study: Study, *, by: str = "", group: str = "everybody") -> pd.DataFrame:
    """Return the counts of one group by stance as a frame, with "raised" for any way of describing a theme."""
    rows = [
        publishable_counts(study, by=by, group=group, stance=way).assign(group=name)
        for name, way in WAYS.items()
    ]
    return framed(_within_each_other(pd.concat(rows, ignore_index=True)), "people by stance", study)


def _within_each_other(rows: pd.DataFrame) -> pd.DataFrame:
    """Return counts of one group with ends that follow from each other: who describes a theme raises it."""
    raised = rows["group"].eq(RAISED)
    most = rows["code_id"].map(rows[raised].set_index("code_id")["most"])
    least = rows.groupby("code_id")["least"].transform("max")
    return rows.assign(
        least=rows["least"].where(~raised, least),
        most=rows["most"].where(raised, rows["most"].clip(upper=most)),
    )


def _of_part(study: Study) -> dict[str, str]:
    """Return the group that a part of a study is about: its area; everybody for a whole study."""
    return {"by": "area_id", "group": study.area(study.part_of)["name"]} if study.part_of else {}


def served(study: Study, *, by: str = "") -> pd.DataFrame:
    """Who sees each client group as better and as less well served, without the numbers that are withheld.

    by   "" for kinds of area as below; area_id for everybody and each area, where people were heard

    Returns one row per client group, level and kind of area (of the part of one area: that area alone), with
    client_group, level, group, n (missing where it is withheld), words (in its place), base, least and most; for everybody
    together where most numbers by kind of area are withheld. Where nobody was heard, the points of the documents, for one area
    those about it alone, as points by service level. Caution: it is the view of those who were asked, and not a measure of the service.
    """
    here = _of_part(study)
    if by:
        one_of("by", by, ("area_id",))
        heard = hears_people(study) and not here
        rows = [publishable_served(study, by=each) for each in ("", by)] if heard else [pd.DataFrame()]
        return framed(pd.concat(rows, ignore_index=True), "client groups served in areas", study)
    if not hears_people(study):
        return points(study.where(area_id=study.part_of), by="service level")
    rows = publishable_served(study, by=here.get("by", "area_type"))
    if here:
        rows = rows[rows["group"].eq(here["group"])]
    elif mostly_withheld(rows["n"]):
        rows = publishable_served(study, by="")
    return framed(rows, "client groups served", study)
