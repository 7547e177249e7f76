"""What a study has decided about itself: its study.toml."""

from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path

from ncsresearch.ingest.file_format import read_toml
from ncsresearch.ingest.unfinished import put_in_place
from ncsresearch.schema import ROLES, VERSION, CallError, StudyError, did_you_mean, one_of
from ncsresearch.study.joint_pairs import Pair, pairs_of

ACCESS = ("public", "confidential")
DATE_TO_COME = "date of the fieldwork"  # what a new study had, until somebody said when
QUANTITY_WORDS = ("none", "words", "words and counts")
# what `counts` and selections ask for in every study
OF_EVERY_STUDY = ("stance", "area_type", "area_id", "participant_group", "heard_from", "client_group")
OF_A_SURVEY = {"invited": int, "population": int, "weights": str}
STATUS = {
    "public": "Public study: no number is withheld",
    "confidential": "Confidential study: counts of few people are withheld",
}
VALUE_WORDS = {
    str: (str, "words in quotation marks"),
    float: ((int, float), "a number"),
    int: (int, "a whole number"),
    bool: (bool, "true or false"),
    tuple[str, ...]: (list, "a list in square brackets"),
    tuple[Pair, ...]: (list, "a list of tables, [[joint]]"),
    dict[str, str]: (dict, "a table of sentences"),
    dict[str, list[str]]: (dict, "a table of lists"),
    dict[str, dict[str, str]]: (dict, "a table of tables"),
    dict[str, dict[str, list[str]]]: (dict, "a table of tables"),
    dict[str, dict[str, int | str]]: (dict, "a table of tables"),
}


@dataclass(frozen=True)
class Settings:
    """What a study has decided about itself, from its study.toml."""

    title: str
    schema_version: str
    access: str
    evidence_date: str
    chapters: tuple[str, ...]
    status: str = ""
    reporting_coder: str = ""
    who_coded: str = ""
    national_area: str = ""
    interval_level: float = 0.95
    quantity_words: str = "none"
    strict: bool = False
    quotations_per_person: int = 2
    licence: str = ""
    limits: dict[str, list[str]] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    area_questions: dict[str, dict[str, str]] = field(default_factory=dict)
    documents: dict[str, list[str]] = field(default_factory=dict)
    participant_groups: dict[str, list[str]] = field(default_factory=dict)
    client_groups: dict[str, list[str]] = field(default_factory=dict)
    holders: dict[str, list[str]] = field(default_factory=dict)
    groupings: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    surveys: dict[str, dict[str, int | str]] = field(default_factory=dict)
    joint: tuple[Pair, ...] = ()
    signoff: tuple[str, ...] = ()

    def __post_init__(self):
        one_of("access", self.access, ACCESS, error=StudyError)
        one_of("quantity_words", self.quantity_words, QUANTITY_WORDS, error=StudyError)
        for role in self.signoff:
            one_of("role", role, ROLES, error=StudyError)
        if self.schema_version != VERSION:
            raise StudyError(f"study.toml: schema_version is {self.schema_version!r}, expected {VERSION!r}.")
        if not 0.5 <= self.interval_level < 1:
            raise StudyError(f"study.toml: interval_level is {self.interval_level}, expected 0.5 to under 1.")
        for name, groups in self.groupings.items():
            _refuse_grouping(name, groups)
        for name, said in self.surveys.items():
            _refuse_survey(name, said)

    @property
    def threshold(self) -> int:
        """The smallest count of people that may be told: 5 in a confidential study, 10 if strict, 0 in a public one."""
        return 0 if self.access == "public" else 10 if self.strict else 5

    @property
    def smallest_group(self) -> int:
        """The smallest group of which anything may be told: none and all of fewer people would tell of each of them."""
        return 2 * self.threshold

    @property
    def status_line(self) -> str:
        """How the study's evidence may be read, for the top of every chapter."""
        return self.status or STATUS[self.access]


def read_settings(folder: Path) -> Settings:
    """Read study.toml of a study folder; raises StudyError for a missing file or an unknown setting."""
    put_in_place(folder)
    path = folder / "study.toml"
    if not path.is_file():
        beside = folder.parent.glob("*/study.toml") if folder.parent.is_dir() else ()
        hint = did_you_mean(folder.name, [path.parent.name for path in beside])
        raise CallError(f"{folder} is not a study folder: it has no study.toml.{hint}")
    found = read_toml(path)
    types = {field.name: field.type for field in fields(Settings)}
    for name, value in found.items():
        one_of("setting of study.toml", name, list(types), error=StudyError)
        kind, words = VALUE_WORDS.get(types[name], VALUE_WORDS[str])
        if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
            raise StudyError(f"study.toml: {name} is {value!r}, expected {words}.")
    needed = [each.name for each in fields(Settings) if each.default is each.default_factory is MISSING]
    if missing := [name for name in needed if name not in found]:
        raise StudyError(f"study.toml: {', '.join(missing)} missing.")
    title = found["title"] or title_of(folder)
    read = {"title": title, "chapters": tuple(found["chapters"]), "joint": pairs_of(found.get("joint", ()))}
    read |= {"signoff": tuple(found.get("signoff", ()))}
    return Settings(**found | read)


def title_of(folder: Path) -> str:
    """Return the title of a study whose study.toml has an empty one: its folder's name."""
    return folder.resolve().name.replace("_", " ").replace("-", " ").capitalize()


def _refuse_grouping(name: str, groups: object) -> None:
    """Raise StudyError for a grouping that every study has, or that is no table of groups with the values of each."""
    own = f"study.toml: groupings.{name}"
    if not name or name in OF_EVERY_STUDY:
        raise StudyError(f"{own} has the name of what every study is counted by, expected another name.")
    lists = groups.values() if isinstance(groups, dict) else [groups]
    if not isinstance(groups, dict) or not all(_are_words(each) for each in lists) or "" in groups:
        raise StudyError(
            f"{own} is {groups!r}, expected {{}} or a table of groups, each with a list of values."
        )
    values = [value for each in lists for value in each]
    if twice := [value for value in values if values.count(value) > 1]:
        raise StudyError(f"{own} has {twice[0]!r} twice, expected each value in one group.")


def _refuse_survey(name: str, said: object) -> None:
    """Raise StudyError for a survey of which something else is said than how many were invited or it is about, and its weights."""
    for key, value in said.items() if isinstance(said, dict) else [("", said)]:
        kind = OF_A_SURVEY.get(key)
        if (
            kind is None
            or not isinstance(value, kind)
            or isinstance(value, bool)
            or (kind is int and value < 2)
        ):
            own = f"study.toml: surveys.{name}" + f".{key}" * bool(key)
            raise StudyError(
                f"{own} is {value!r}, expected invited or population (a whole number of 2 or more), or weights (an attribute)."
            )


def _are_words(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(each, str) for each in found)
