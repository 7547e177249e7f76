"""Consultation responses kept as JSON lines: respondents, answers by question, themes with a stance each."""

import json
from pathlib import Path

from ncsresearch.ingest.coded_json import expect, objects, read_json
from ncsresearch.ingest.fields import stance_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, imported_file
from ncsresearch.ingest.positions import decoded
from ncsresearch.schema import StudyError

KIND, RESPONDENTS = "consultation responses", "respondents.jsonl"
RESPONSE = {"kind": "response", "read_by": "machine"}
SHAPES = {"labels": (list, "a list"), "stances": (list, "a list"), "demographic_data": (dict, "an object")}


def is_response_folder(folder: Path) -> bool:
    """Whether a folder holds consultation responses and their themes as JSON lines."""
    return any(folder.glob("inputs/question_part_*/responses.jsonl"))


def read_response_folder(folder: Path) -> ImportedFile:
    """Read consultation responses kept as JSON lines: respondents, answers by question, themes with a stance each.

    The newest mapping of each question is read. A response is a segment, a theme given to it a judgement.
    """
    files, records = sorted(path for path in folder.rglob("*") if path.is_file()), Records()
    records.add("documents", document_id="responses", title=folder.name, kind=KIND)
    respondents_first = sorted(files, key=lambda path: path.name != RESPONDENTS)
    taken = {path: _take(records, folder, path) for path in respondents_first}
    account = [Line(str(path.relative_to(folder)), *taken[path]) for path in files]
    guesses = {"participants": {"participant_group": "Respondents"}, "documents": {"kind": KIND}}
    return imported_file(folder.name, records, account, whole=("segments", "codings"), guesses=guesses)


def _take(records: Records, folder: Path, path: Path) -> tuple[int, int, str]:
    """Take in one file; returns how much it holds, how much of it the study takes, and as what."""
    name, asked = path.parent.name, folder / "inputs" / path.parent.name / "question.json"
    mapping = max((each for each in folder.glob("outputs/mapping/*/*") if each.name == name), default=None)
    if path == asked:
        return 1, 1, "the question asked"
    is_mapped = path.parent == mapping and (path.suffix == ".jsonl" or path.name == "themes.json")
    if path.name not in INPUTS and not is_mapped:
        return 1, 0, "not part of the responses: left out"
    question = read_json(asked) if asked.is_file() else {}
    expect(isinstance(question, dict), asked.name, "an object with a question_text")
    take, taken_as = TAKEN.get(path.name, (_describe_responses, "an attribute of the response"))
    found = _lines(path) if path.suffix == ".jsonl" else objects(read_json(path), path.name, "every theme")
    take(records, found, name, str(question.get("question_text", name)))
    return len(found), len(found), taken_as


def _lines(path: Path) -> list[dict]:
    found = []
    for number, line in enumerate(decoded(path.read_bytes(), path.name).text.splitlines(), start=1):
        if line.strip():
            try:
                found.append(json.loads(line))
            except (ValueError, RecursionError):
                raise StudyError(f"{path.name}: line {number} is broken JSON.") from None
            if not isinstance(found[-1], dict) or "response_id" not in found[-1]:
                raise StudyError(f"{path.name}: line {number} has no response_id.")
            for name, (kind, words) in SHAPES.items():
                expect(
                    isinstance(found[-1].get(name) or kind(), kind),
                    path.name,
                    f"{name} of line {number} to be {words}",
                )
    return found


def _add_respondents(records: Records, found: list[dict], name: str, label: str) -> None:
    for each in found:
        person, known = str(each["response_id"]), each.get("demographic_data") or {}
        records.once("participants", participant_id=person)
        described = [(name.rstrip(":? "), value) for name, value in known.items()]
        records.describe("participants", person, described)


def _add_responses(records: Records, found: list[dict], name: str, label: str) -> None:
    for number, each in enumerate(found, start=1):
        person = str(each["response_id"])
        records.once("participants", participant_id=person)
        said = {
            "participant_id": person,
            "section": label,
            "ordinal": str(number),
            "text": each.get("response"),
        }
        records.passage(f"{name}/{person}", "responses", **RESPONSE | said)


def _add_themes(records: Records, themes: list[dict], name: str, label: str) -> None:
    records.add("codebook", code_id=name, label=label, facet="question")
    for theme in themes:
        named = theme.get("topic_id") and theme.get("topic_label")
        expect(named, "themes.json", "a topic_id and a topic_label for every theme")
        told = {"parent_id": name, "facet": "theme", "label": theme["topic_label"]}
        told["definition"] = theme.get("topic_description")
        records.add("codebook", code_id=f"{name}/{theme['topic_id']}", **told)


def _describe_responses(records: Records, found: list[dict], name: str, label: str) -> None:
    for each in found:
        told = [(key.replace("_", " "), value) for key, value in each.items() if key != "response_id"]
        records.describe("segments", f"{name}/{each['response_id']}", told)


def _judge_responses(records: Records, found: list[dict], name: str, label: str) -> None:
    for each in found:
        segment, codes = f"{name}/{each['response_id']}", each.get("labels") or []
        for code, stance in zip(codes, each.get("stances") or [""] * len(codes), strict=False):
            told = {"stance": stance_of(stance), "coder": "mapping"}
            records.judge(f"{segment}/{code}", segment, f"{name}/{code}", **told)


def _add_positions(records: Records, found: list[dict], name: str, label: str) -> None:
    item = f"position on {name.replace('_', ' ')}"
    scale = {"scale": "AGREE;DISAGREE;UNCLEAR", "positive_values": "AGREE", "dont_know_values": "UNCLEAR"}
    scale |= {"label": f"Position on: {label}", "document_id": "responses"}
    records.add("survey_items", item_id=item, **scale)
    for each in found:
        person, told = str(each["response_id"]), {"item_id": item, "answer": each.get("position")}
        records.add("survey_answers", respondent_id=person, participant_id=person, **told)


INPUTS = (RESPONDENTS, "responses.jsonl")
# what each file is taken in by, and as what
TAKEN = {
    RESPONDENTS: (_add_respondents, "a participant each, with attributes"),
    "responses.jsonl": (_add_responses, "a segment each"),
    "themes.json": (_add_themes, "a code each, under their question"),
    "mapping.jsonl": (_judge_responses, "a judgement for each theme, with its stance"),
    "sentiment.jsonl": (_add_positions, "an answer each, as the response's position"),
}
