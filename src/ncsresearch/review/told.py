"""What differs between two runs as it may be told: complete, for the owner of a study, or as two releases may show it."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from itertools import groupby
from operator import or_

from ncsresearch.disclosure.span_texts import LARGER, NUMBER
from ncsresearch.review.difference import Difference
from ncsresearch.review.findings_changed import ORDER, Changed, kinds_of_change, unquantified
from ncsresearch.review.left import place_of
from ncsresearch.review.signable import place_of_entry

PRIVATE, RELEASE, COMPLETE = "private", "release", "complete"
SPELLED = LARGER | {"one": 1}
COUNT = re.compile(rf"(?<![\w.,]){NUMBER}(?![\d%])|\b(?:{'|'.join(SPELLED)})\b", re.IGNORECASE)
BY_AUTHORS = ("new", "gone", "reworded")


def told(difference: Difference, *, for_release: bool = False) -> dict:
    """Return what differs, as JSON has it and as the page and the screen say it.

    for_release   of a confidential study only what two releases may show, as where its folder was not named: no rows of the study,
                  and no number where two runs would subtract to a few people

    Returns study, form (complete, private or release), few (whether no number may be named), package, not_made, total (of findings
    compared), kinds (how many changed in each way), findings, resting (those of the same words on other rows), tables, rows,
    lapsed (signatures that lapsed), signed and not_signed (how many findings are, and are not of each chapter or area).
    """
    for_release |= not difference.asked
    form = RELEASE if for_release else PRIVATE
    form = form if difference.now.threshold or difference.was.threshold else COMPLETE
    few = form == RELEASE and tells_of_few(difference)
    changed = [each for each in difference.findings if not few or _is_words(each)]
    rows, resting = ([], []) if form == RELEASE else (difference.rows, difference.resting_on_others)
    return {
        "study": difference.now.manifest.get("title", difference.now.study),
        "form": form,
        "few": few,
        "threshold": max(difference.now.threshold, difference.was.threshold),
        "package": [left.manifest.get("ncsresearch", "") for left in (difference.was, difference.now)],
        "asked": difference.asked,
        "rows_known": difference.knows_rows and form != RELEASE,
        "withdrawn": bool(difference.before and difference.before.withdrawn) and form != RELEASE,
        "not_made": difference.not_made,
        "total": difference.n_compared,
        "kinds": kinds_of_change(changed),
        "findings": [_finding(difference, each, form, few) for each in changed],
        "resting": [_placed(difference, each, few) for each in resting],
        "tables": [] if few else [*_tables(difference)],
        "rows": [row._asdict() for row in rows],
    } | _signatures(difference, form)


def _signatures(difference: Difference, form: str) -> dict:
    """Return what is told of signatures; nothing of what two releases may show."""
    now = {} if form == RELEASE else difference.now.manifest.get("signoff", {})
    told = {"signed": now.get("said", [])[:1], "not_signed": now.get("unsigned", {})}
    return told | {"lapsed": [*_lapsed(difference)] if now else []}


def _lapsed(difference: Difference) -> Iterator[dict]:
    """Yield each signature that has lapsed since, or whose finding is gone: of which finding, whose it was, and the rows that changed."""
    there = {(place_of_entry(each), f"finding-{each['name']}"): each for each in difference.now.findings}
    sides = (difference.was, difference.now)
    was, now = (side.manifest.get("signoff", {}).get("lapsed", []) for side in sides)
    for each in (each for each in now if each not in was):
        finding = there.get((each["place"], each["anchor"]))
        rows = difference.behind(Changed((), finding, finding)) if finding else []
        own = {"place": each["title"], "called": each["words"], "signed_as": each["words"]}
        at = difference.now.link(finding) if finding else ""
        yield own | {"why": each["why"], "at": at, "rows": [row._asdict() for row in rows]}


def together(parts: list[dict]) -> dict:
    """Return what differs in parts of a study, each compared with another run, as one."""
    first, *_ = parts
    added = ("not_made", "findings", "resting", "tables")  # signatures are of the whole study
    kinds = sum((Counter(part["kinds"]) for part in parts), Counter())
    rows = reduce(or_, (Counter(tuple(row.items()) for row in part["rows"]) for part in parts))
    return first | {
        **{name: [each for part in parts for each in part[name]] for name in added},
        "total": sum(part["total"] for part in parts),
        "kinds": {kind: kinds[kind] for kind in ORDER if kinds[kind]},
        "rows": [dict(row) for row in rows.elements()],
        "rows_known": all(part["rows_known"] for part in parts),
        "withdrawn": any(part["withdrawn"] for part in parts),
    }


def _is_words(changed: Changed) -> bool:
    """Whether a change is one of what an author wrote, which tells nothing of a number."""
    return bool(changed.either.get("written")) and changed.how[0] in BY_AUTHORS


def tells_of_few(difference: Difference) -> bool:
    """Whether two runs of a confidential study may tell of a few people: a number moved by few, a few came or went, or one is a draft."""
    few = range(1, max(difference.now.threshold, difference.was.threshold))
    told = (left.manifest for left in (difference.was, difference.now))
    drafts = any(each.get("draft") or each.get("leaks") for each in told)
    return drafts or any(step in few for step in (*_steps(difference), *_came_or_went(difference)))


def _steps(difference: Difference) -> Iterator[int]:
    """Yield by how much each whole number moved."""
    for changed in difference.findings:
        yield from (_step(moved.was, moved.now) for moved in changed.moved)
        sides = (_numbers(each["sentence"]) if each else [] for each in (changed.was, changed.now))
        yield from (_step(*pair) for pair in zip(*sides, strict=False))
    for cell in difference.cells:
        yield from (_step(*pair) for pair in zip(_numbers(cell.was), _numbers(cell.now), strict=False))


def _numbers(words: str) -> list[str]:
    """Return the numbers of words, spelled or not, but for percentages."""
    return [str(SPELLED.get(found.lower(), found)) for found in COUNT.findall(words)]


def _step(was: object, now: object) -> int:
    numbers = [str(each).replace(",", "").removesuffix(".0") for each in (was, now)]
    return abs(int(numbers[0]) - int(numbers[1])) if all(each.isdigit() for each in numbers) else 0


def _came_or_went(difference: Difference) -> Iterator[int]:
    """Yield how many people came into each group, and how many left it, where that is known."""
    for one, other in [difference.moved, difference.moved[::-1]] if difference.knows_rows else ():
        groups, others = ({*_groups(rows)} for rows in (one, other))
        yield from Counter(group for group, _ in groups - others).values()


def _groups(rows) -> Iterator[tuple[str, str]]:
    people = rows[rows["kind"].eq("person")]
    for person, groups in zip(people["person"], people["groups"], strict=True):
        yield from ((group, person) for group in ["", *str(groups).split("\n")])


def _finding(difference: Difference, changed: Changed, form: str, few: bool) -> dict:
    shown = unquantified if few else str
    rows = difference.behind(changed) if form != RELEASE else []
    was, now = (each and shown(each["sentence"]) for each in (changed.was, changed.now))
    numbers = [{"of": moved.name, "was": moved.was, "now": moved.now} for moved in changed.moved]
    own = {"how": [*changed.how] if not few else [changed.how[0]], "was": was, "now": now}
    own |= {"numbers": [] if few else numbers, "rows": [row._asdict() for row in rows]}
    known = difference.knows_rows and form != RELEASE and not rows
    return _placed(difference, changed, few) | own | {"else": difference.why_else(changed) if known else []}


def _placed(difference: Difference, changed: Changed, few: bool) -> dict:
    """Return where a finding is and what it is called: its heading, or its words where it has none."""
    finding, left = changed.either, difference.now if changed.now else difference.was
    called = finding.get("heading") or finding["sentence"]
    place = left.place(finding["chapter"], finding["area_id"])
    at = difference.now.link(changed.now) if changed.now else ""
    signed_as = left.signed_as.get((place_of_entry(finding), finding["name"]), called)
    shown = unquantified if few else str
    return {"place": place, "called": shown(called), "at": at, "signed_as": shown(signed_as)}


def _tables(difference: Difference) -> Iterator[dict]:
    """Yield each table that differs: where it is, its caption and its cells that do."""
    for table, cells in groupby(difference.cells, key=lambda cell: cell.table):
        left = difference.now if table in difference.now.tables else difference.was
        named = ("row", "column", "how", "was", "now")
        shown = [{name: getattr(cell, name) for name in named} for cell in cells]
        yield {"place": left.place(*place_of(table)), "caption": left.caption(table), "cells": shown}
