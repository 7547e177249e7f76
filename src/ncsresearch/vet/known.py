"""What a study knows that an outsider must not: names, ids and the words of its texts."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ncsresearch.vet.recount import Recount, recounted

CONFIDENTIAL = 5

# tables and columns of words that people were asked, said or coded with
OWN = (
    ("survey_items", "label"),
    ("survey_items", "scale"),
    ("survey_answers", "answer"),
    ("codebook", "label"),
    ("codebook", "definition"),
    ("segments", "text"),
)


@dataclass(frozen=True)
class Known:
    """What the check holds a run against; without a study only the names of its areas are known, from the run.

    threshold     smallest count of people that may stand, 0 in a public study
    areas         printed name or id of an area, and its name
    ids           ids of interviews, documents and passages
    people        ids of participants and respondents
    texts         words of the texts, one string each, or None where no study was given
    questions     words of the questions that people were asked, and of other headings
    own           these questions, their answers, codes and passages as the study has them
    recount       the people of the study counted again
    regrouped     the same by each grouping that the study adds, in place of participant groups
    """

    threshold: int = CONFIDENTIAL
    areas: dict[str, str] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    texts: tuple[str, ...] | None = None
    questions: frozenset[str] = frozenset()
    recount: Recount = Recount()
    regrouped: tuple[Recount, ...] = ()
    own: frozenset[str] = frozenset()

    @property
    def confidential(self) -> bool:
        """Whether counts and quotations are to be held back."""
        return self.threshold > 0

    @property
    def counts_people(self) -> bool:
        """Whether there are counts of people to protect: a known study without people has none."""
        return self.confidential and (self.texts is None or bool(self.people))


@cache
def plain(text: str) -> str:
    """A text as its words alone, in small letters, one space between two."""
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"['’‘]", "", text.lower())))


def what_is_known(manifests: list[dict], study: Path | None, sources: Path | None) -> Known:
    """Gather what is known of a study from the manifests of its runs, its folder and its source documents.

    The study's own settings decide whether it is confidential, then the manifests; where neither says it, it is.
    """
    entries = [entry for manifest in manifests for entry in manifest.get("notebooks", [])]
    told = [(entry.get("title"), entry["area_id"]) for entry in entries if entry.get("area_id")]
    areas = {name: title or area for title, area in told for name in (title, area) if name}
    if study is None:
        return Known(max(map(_threshold, manifests)), areas)
    from ncsresearch.study import load_study

    loaded = load_study(study)
    recount = recounted(loaded)
    answers = loaded.survey_answers["respondent_id"].dropna()
    ids = (loaded.interviews["interview_id"], loaded.documents["document_id"], loaded.segments["segment_id"])
    asked = frozenset(
        map(plain, {*loaded.survey_items["label"].dropna(), *loaded.segments["section"].dropna()})
    )
    titles = {*loaded.documents["title"], *loaded.documents["short_title"]}
    return Known(
        loaded.settings.threshold,
        areas | recount.areas,
        frozenset({*loaded.participants["participant_id"], *loaded.listed, *answers}),
        frozenset(name for column in ids for name in column.dropna() if re.search(r"[\d_]", name)) - titles,
        (*_texts(study, sources, loaded), *asked),
        asked,
        recount,
        tuple(recounted(loaded, by) for by in loaded.settings.groupings),
        frozenset(
            part
            for name, column in OWN
            for cell in loaded.tables[name][column].dropna().unique()
            for part in (cell, *cell.split(";"))
        ),
    )


def _threshold(manifest: dict) -> int:
    """The threshold that a run says of its study; a run that says nothing is of a confidential study."""
    access, threshold = manifest.get("access"), manifest.get("threshold")
    if access is None and (line := manifest.get("status_line")):
        from ncsresearch.study import STATUS

        access = "public" if line == STATUS["public"] else access
    told = threshold if isinstance(threshold, int) else 0
    return 0 if access == "public" else max(told, CONFIDENTIAL)


def _texts(study: Path, sources: Path | None, loaded) -> list[str]:
    folders = [folder for folder in (study / "texts", sources) if folder and folder.is_dir()]
    files = [path for folder in folders for path in sorted(folder.rglob("*"))]
    texts = [path.read_text("utf-8", "replace") for path in files if path.suffix in (".txt", ".html")]
    columns = (loaded.segments["text"], loaded.points["statement"], loaded.documents["title"])
    cells = [cell for column in columns for cell in column.dropna()]
    return list(map(plain, [*(re.sub(r"<[^>]*>", " ", text) for text in texts), *cells]))
