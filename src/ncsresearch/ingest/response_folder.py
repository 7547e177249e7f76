"""Consultation responses kept as JSON lines: respondents, answers by question, themes with a stance each."""

import json
from pathlib import Path

from ncsresearch.ingest.coded_json import expect, objects, read_json
from ncsresearch.ingest.fields import stance_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, imported_file
from ncsresearch.ingest.positions import decoded
from ncsresearch.schema import StudyError

KIND = "consultation responses"
RESPONSE = {"kind": "response", "read_by": "machine"}
SHAPES = {"labels": (list, "a list"), "stances": (list, "a list"), "demographic_data": (dict, "an object")}


def is_response_folder(folder: Path) -> bool:
    """Whether a folder holds consultation responses and their themes as JSON lines."""
    return any(folder.glob("inputs/question_part_*/responses.jsonl"))


def read_response_folder(folder: Path) -> ImportedFile:
    """Read consultation responses kept as JSON lines: respondents, answers by question, themes with a stance each.

    The newest mapping of each question is read. A response is a segment, a theme given to it a judgement.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    people = {
        str(each["response_id"]): each
        for path in files
        if path.name == "respondents.jsonl"
        for each in _lines(path)
    }
    builder = _Responses(people)
    for path in files:
        if path.name == "responses.jsonl":
            builder.question(path, _newest(folder, path.parent.name))
    return builder.imported_file(folder, files)


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


def _newest(folder: Path, question: str) -> Path | None:
    return max(folder.glob(f"outputs/mapping/*/{question}"), default=None)


class _Responses:
    """Gathers the answers of one consultation, question by question; a class, because each file grows several tables."""

    def __init__(self, people: dict[str, dict]):
        self.people = people
        self.records = Records()
        self.read: dict[Path, tuple[int, str]] = {}

    def question(self, path: Path, mapping: Path | None) -> None:
        """Take one question: its responses, and what the newest mapping says of them."""
        name, asked = path.parent.name, path.parent / "question.json"
        question = read_json(asked) if asked.is_file() else {}
        expect(isinstance(question, dict), asked.name, "an object with a question_text")
        label = str(question.get("question_text", name))
        self.read |= {asked: (1, "the question asked")} if asked.is_file() else {}
        responses = _lines(path)
        self.read[path] = len(responses), "a segment each"
        for number, each in enumerate(responses, start=1):
            person = str(each["response_id"])
            self.people.setdefault(person, {})
            self.records.passage(
                *(f"{name}/{person}", "responses"),
                **RESPONSE | {"participant_id": person, "section": label, "ordinal": str(number)},
                text=each.get("response"),
            )
        for file in sorted(mapping.glob("*")) if mapping else []:
            self._mapped(file, name, label)

    def _mapped(self, file: Path, name: str, label: str) -> None:
        if file.name == "themes.json":
            found, take = objects(read_json(file), file.name, "every theme"), self._themes
        elif file.suffix == ".jsonl":
            own = {"mapping.jsonl": self._judged, "sentiment.jsonl": self._positions}
            found, take = _lines(file), own.get(file.name, self._described)
        else:
            return
        self.read[file] = len(found), take(found, name, label)

    def _themes(self, themes: list[dict], name: str, label: str) -> str:
        self.records.add("codebook", code_id=name, label=label, facet="question")
        for theme in themes:
            named = theme.get("topic_id") and theme.get("topic_label")
            expect(named, "themes.json", "a topic_id and a topic_label for every theme")
            told = {"parent_id": name, "facet": "theme", "label": theme["topic_label"]}
            told["definition"] = theme.get("topic_description")
            self.records.add("codebook", code_id=f"{name}/{theme['topic_id']}", **told)
        return "a code each, under their question"

    def _described(self, found: list[dict], name: str, label: str) -> str:
        for each in found:
            told = [(key.replace("_", " "), value) for key, value in each.items() if key != "response_id"]
            self.records.describe("segments", f"{name}/{each['response_id']}", told)
        return "an attribute of the response"

    def _judged(self, found: list[dict], name: str, label: str) -> str:
        for each in found:
            segment, codes = f"{name}/{each['response_id']}", each.get("labels") or []
            for code, stance in zip(codes, each.get("stances") or [""] * len(codes), strict=False):
                told = {"stance": stance_of(stance), "coder": "mapping"}
                self.records.judge(f"{segment}/{code}", segment, f"{name}/{code}", **told)
        return "a judgement for each theme, with its stance"

    def _positions(self, found: list[dict], name: str, label: str) -> str:
        item = f"position on {name.replace('_', ' ')}"
        scale = {"scale": "AGREE;DISAGREE;UNCLEAR", "positive_values": "AGREE", "dont_know_values": "UNCLEAR"}
        scale |= {"label": f"Position on: {label}", "document_id": "responses"}
        self.records.add("survey_items", item_id=item, **scale)
        for each in found:
            person, told = str(each["response_id"]), {"item_id": item, "answer": each.get("position")}
            self.records.add("survey_answers", respondent_id=person, participant_id=person, **told)
        return "an answer each, as the response's position"

    def imported_file(self, folder: Path, files: list[Path]) -> ImportedFile:
        """Return all that was gathered, with a line for every file of the folder."""
        self.records.add("documents", document_id="responses", title=folder.name, kind=KIND)
        for person, each in self.people.items():
            known = each.get("demographic_data") or {}
            self.records.add("participants", participant_id=person)
            told = [(name.rstrip(":? "), value) for name, value in known.items()]
            self.records.describe("participants", person, told)
        heard = len(self.people), "a participant each, with attributes"
        counts = {path: heard for path in files if path.name == "respondents.jsonl"} | self.read
        lines = [Line(str(path.relative_to(folder)), *_counted(counts.get(path))) for path in files]
        guesses = {"participants": {"participant_group": "Respondents"}, "documents": {"kind": KIND}}
        return imported_file(folder.name, self.records, lines, whole=("segments", "codings"), guesses=guesses)


def _counted(read: tuple[int, str] | None) -> tuple[int, int, str]:
    return (read[0], read[0], read[1]) if read else (1, 0, "not part of the responses: left out")
