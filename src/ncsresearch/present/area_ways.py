"""How people of one area described their themes: in words where no number may be printed, and what to ask them about these."""

import re
from collections.abc import Collection

import pandas as pd

from ncsresearch.disclosure.area_ways import WAYS, printed_alike, ways_of_themes
from ncsresearch.disclosure.counts import RAISED
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.disclosure.plan import WORDS
from ncsresearch.present.outputs import Finding
from ncsresearch.present.people_heard import people_sentence
from ncsresearch.present.wording import phrase, phrases
from ncsresearch.study import Study
from ncsresearch.study.codebook import leaf_themes
from ncsresearch.study.frames import study_of

SOME = WORDS[0][1]
NOBODY = "nobody"
ASKED_OF_WAYS = {
    "improve": ("challenge", "suggestion"),
    "works": ("challenge", "strength"),
    "suggested": ("suggestion",),
}


def in_words(study: Study) -> bool:
    """Whether no number is printed of people of the area who raised a theme, but of none or all of them, and a word is."""
    return _all_in_words(ways_of_themes(study))


def _all_in_words(rows: pd.DataFrame) -> bool:
    numbers = rows[RAISED].map(lambda said: not isinstance(said, str)) & ~rows[RAISED].isin([0])
    return bool(
        rows[RAISED].isin([name for _, name in WORDS]).any()
        and not numbers[rows[RAISED].ne(rows["base"])].any()
    )


def say_area_in_words(counts: pd.DataFrame) -> list[Finding]:
    """Say theme by theme what people of an area raised and how they described it, where that is printed in words and not in numbers.

    Themes that are printed alike share a sentence. Those that fewer raised come after, by what is known of them.
    """
    study = study_of(counts)
    rows = ways_of_themes(study)
    if not _all_in_words(rows):
        return []
    rows = rows.assign(**{RAISED: rows[RAISED].where(rows[RAISED].ne(rows["base"]), "all")})
    large = _narrowest_alike(rows[rows[RAISED].isin([name for _, name in WORDS[1:]] + ["all"])], study)
    large = large.sort_values(f"least_{RAISED}", ascending=False, kind="stable")
    alike = large.groupby(printed_alike(large, [RAISED, *WAYS]), sort=False)
    lines = [_line(own, first=not n) for n, (_, own) in enumerate(alike)]
    rest = rows[rows["code_id"].isin(leaf_themes(study.codebook)) & ~rows["code_id"].isin(large["code_id"])]
    hidden = rows[[*WAYS]].eq("").any(axis=None)
    rest = _rest(rest, study, others=bool(lines), hidden=hidden)
    said = {"area_raised": " ".join(lines), "area_rest": rest}
    said = {"area_words": _meaning([*said.values()], rows["base"].max())} | said
    return [
        people_sentence("area_in_words", study, name=name, said=each) for name, each in said.items() if each
    ]


def _meaning(texts: list[str], n: int) -> str:
    """Say what each word for a withheld number means that stands in some texts, the largest first; nothing where none does."""
    said = "\n".join(texts)
    stands = r"\b{}(?: of the \d+ people)?(?= (?:raised|described|as a|suggested)\b)"
    used = [word for _, word in WORDS[::-1] if re.search(stands.format(word), said, re.IGNORECASE)]
    words = [phrase("area_in_words", word) for word in used]
    return phrase("area_in_words", "means", words=words, n=n) if words else ""


def _narrowest_alike(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the rows of themes without the wider ones of which a narrower one was raised by as many, in words."""
    above, raised = rows["code_id"].map(study.codebook.set_index("code_id")["parent_id"]), rows[RAISED]
    return rows[~(rows["code_id"] + "/" + raised).isin(above + "/" + raised)]


def _line(own: pd.DataFrame, *, first: bool) -> str:
    row, themes = own.iloc[0], own["theme"].tolist()
    of = phrase("area_in_words", "of", n=row["base"], words=True) if first else ""
    told = ways_in_words(row, WAYS, "each" if len(own) > 1 else "it") if row[[*WAYS]].ne(0).any() else ""
    return phrase("area_in_words", "line", raised=row[RAISED] + of, themes=themes, ways=told)


def ways_in_words(row: pd.Series, ways: Collection[str], it: str, *, of: str = "") -> str:
    """Return how people described a theme, or each of many that are printed alike, as far as it is not withheld.

    it   what it, or they, are called
    of   the people it is of, after the first of the numbers
    """
    told = {way: NOBODY if row[way] == 0 else str(row[way]) for way in ways}
    first = next((way for way in told if told[way] not in ("", NOBODY)), "")
    places = dict.fromkeys(WAYS) | told | ({first: told[first] + of} if first else {})
    sides = {*WAYS[:2]} <= {*ways}
    both = int(row["both"]) if sides and pd.notna(row["both"]) else 0
    same = both > 0 and both == row[WAYS[0]] == row[WAYS[1]]
    return phrase(
        "area_in_words", "ways", **places, it=it, both=both, same=same, overlap=sides and row["overlap"]
    )


def _rest(rows: pd.DataFrame, study: Study, *, others: bool, hidden: bool) -> str:
    """Say which of the other themes some people raised, and nobody; and of the former, on which they suggested changes."""
    some = rows[rows[RAISED].eq(SOME)]
    sides = (WAYS[:2], WAYS[1::-1])
    ways = {
        way: some.loc[some[way].eq(0) & some[f"least_{other}"].gt(0), "theme"].tolist()
        for way, other in sides
    }
    places = {"some": some["theme"].tolist(), "nobody": _raised_elsewhere_alone(rows, study)}
    of = "" if others else phrase("area_in_words", "of", n=rows["base"].max(), words=True)
    places |= {"suggested": _suggested(rows[rows[RAISED].isin([SOME, ""])]), "hidden": hidden, "of": of}
    return phrase("area_in_words", "rest", **places, **ways)


def _raised_elsewhere_alone(rows: pd.DataFrame, study: Study) -> list[str]:
    """Return the themes that nobody of the area raised and somebody else may have; what is left over is no theme to miss."""
    everybody = publishable_counts(study).set_index("code_id")["most"]
    nobody = rows[rows[RAISED].eq(0) & rows["code_id"].map(everybody).gt(0)]
    return nobody.loc[nobody["theme"].str.lower().ne("other"), "theme"].tolist()


def _suggested(rows: pd.DataFrame) -> list[str]:
    """Return on which themes how many suggested changes, the largest first, and of which that is withheld."""
    said = rows["suggestion"].astype("str")
    rows = rows.assign(said=said)[said.ne("")]
    rows = rows.sort_values("least_suggestion", ascending=False, kind="stable")
    told = [{"said": each, "themes": own["theme"].tolist()} for each, own in rows.groupby("said", sort=False)]
    return phrases("area_in_words", "suggested", told) if rows["said"].ne("0").any() else []


def question_on_themes(own: pd.DataFrame) -> str:
    """Return the question on the themes of some rows of questions that is asked of all of them, by rule."""
    row, asks, themes = own.iloc[0], own["asks"].iloc[0], own["theme"].tolist()
    if asks not in ASKED_OF_WAYS:
        elsewhere, nobody = phrase("asked", "elsewhere_said", **row), row["raised"] == 0
        return phrase("asked", asks, theme=themes[0], nobody=nobody, elsewhere=elsewhere)
    of = phrase("area_in_words", "of", n=row["base"], words=isinstance(row["challenge"], str))
    told = [way for way in ASKED_OF_WAYS[asks] if row[way] != "" or row[f"least_{way}"] > 0]
    said = ways_in_words(row, told, phrase("asked", "of", themes=themes), of=of)
    return phrase("asked", asks, said=said, n=len(themes))
