"""Consultation responses kept as JSON lines: respondents, answers by question, themes with a stance each."""

import json
from pathlib import Path

from ncsresearch.ingest.coded_json import expect, objects, read_json
from ncsresearch.ingest.fields import stance_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, rows
from ncsresearch.ingest.positions import decoded
from ncsresearch.ingest.transcript import GUESSES
from ncsresearch.schema import StudyError

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
    """Gathers the answers of one consultation, question by question."""

    def __init__(self, people: dict[str, dict]):
        self.people = people
        self.records: dict[str, list[dict]] = {
            name: []
            for name in ("segments", "codings", "codebook", "survey_items", "survey_answers", "attributes")
        }
        self.read: dict[Path, tuple[int, str]] = {}

    def question(self, path: Path, mapping: Path | None) -> None:
        """Take one question: its responses, and what the newest mapping says of them."""
        name = path.parent.name
        asked = path.parent / "question.json"
        question = read_json(asked) if asked.is_file() else {}
        expect(isinstance(question, dict), asked.name, "an object with a question_text")
        label = str(question.get("question_text", name))
        self.read |= {asked: (1, "the question asked")} if asked.is_file() else {}
        responses = _lines(path)
        self.read[path] = len(responses), "a segment each"
        for number, each in enumerate(responses, start=1):
            person = str(each["response_id"])
            self.people.setdefault(person, {})
            self.records["segments"].append(
                {
                    "segment_id": f"{name}/{person}",
                    "document_id": "responses",
                    "participant_id": person,
                    "section": label,
                    "ordinal": str(number),
                    "kind": "response",
                    "read_by": "machine",
                    "text": each.get("response"),
                }
            )
        for file in sorted(mapping.glob("*")) if mapping else []:
            self._mapped(file, name, label)

    def _mapped(self, file: Path, name: str, label: str) -> None:
        if file.name == "themes.json":
            themes = objects(read_json(file), file.name, "every theme")
            for theme in themes:
                expect(
                    theme.get("topic_id") and theme.get("topic_label"),
                    file.name,
                    "a topic_id and a topic_label for every theme",
                )
            self.records["codebook"].append({"code_id": name, "label": label, "facet": "question"})
            self.records["codebook"] += [
                {
                    "code_id": f"{name}/{theme['topic_id']}",
                    "parent_id": name,
                    "label": theme["topic_label"],
                    "definition": theme.get("topic_description"),
                    "facet": "theme",
                }
                for theme in themes
            ]
            self.read[file] = len(themes), "a code each, under their question"
        elif file.name == "mapping.jsonl":
            found = _lines(file)
            self.records["codings"] += [coding for each in found for coding in self._judged(name, each)]
            self.read[file] = len(found), "a judgement for each theme, with its stance"
        elif file.name == "sentiment.jsonl":
            self._positions(file, name, label)
        elif file.name.endswith(".jsonl"):
            found = _lines(file)
            self.records["attributes"] += [
                {
                    "owner": "segments",
                    "owner_id": f"{name}/{each['response_id']}",
                    "name": key.replace("_", " "),
                    "value": str(value),
                }
                for each in found
                for key, value in each.items()
                if key != "response_id"
            ]
            self.read[file] = len(found), "an attribute of the response"

    def _judged(self, name: str, each: dict) -> list[dict]:
        stances = each.get("stances") or [""] * len(each.get("labels") or [])
        segment = f"{name}/{each['response_id']}"
        return [
            {
                "coding_id": f"{segment}/{code}",
                "unit": "segments",
                "unit_id": segment,
                "code_id": f"{name}/{code}",
                "stance": stance_of(stance),
                "coder": "mapping",
            }
            for code, stance in zip(each.get("labels") or [], stances, strict=False)
        ]

    def _positions(self, file: Path, name: str, label: str) -> None:
        found = _lines(file)
        item = f"position on {name.replace('_', ' ')}"
        self.records["survey_items"].append(
            {
                "item_id": item,
                "document_id": "responses",
                "label": f"Position on: {label}",
                "scale": "AGREE;DISAGREE;UNCLEAR",
                "positive_values": "AGREE",
                "dont_know_values": "UNCLEAR",
            }
        )
        self.records["survey_answers"] += [
            {
                "respondent_id": str(each["response_id"]),
                "participant_id": str(each["response_id"]),
                "item_id": item,
                "answer": each.get("position"),
            }
            for each in found
        ]
        self.read[file] = len(found), "an answer each, as the response's position"

    def imported_file(self, folder: Path, files: list[Path]) -> ImportedFile:
        """Return all that was gathered, with a line for every file of the folder."""
        told = [
            ("participants", person, each.get("demographic_data") or {})
            for person, each in self.people.items()
        ]
        self.records["attributes"] += [
            {"owner": owner, "owner_id": person, "name": name.rstrip(":? "), "value": str(value)}
            for owner, person, known in told
            for name, value in known.items()
        ]
        records = self.records | {
            "documents": [
                {"document_id": "responses", "title": folder.name, "kind": "consultation responses"}
            ],
            "participants": [{"participant_id": person} for person in self.people],
        }
        counts = {
            path: (len(self.people), "a participant each, with attributes")
            for path in files
            if path.name == "respondents.jsonl"
        } | self.read
        lines = [Line(str(path.relative_to(folder)), *_counted(counts.get(path))) for path in files]
        return ImportedFile(
            source=folder.name,
            tables={name: rows(name, found) for name, found in records.items()},
            guesses=GUESSES
            | {
                "participants": {"participant_group": "Respondents"},
                "codebook": {"facet": "theme", "version": "1"},
                "documents": {"kind": "consultation responses"},
            },
            whole=("segments", "codings"),
            account=tuple(lines),
        )


def _counted(read: tuple[int, str] | None) -> tuple[int, int, str]:
    return (read[0], read[0], read[1]) if read else (1, 0, "not part of the responses: left out")
