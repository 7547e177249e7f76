"""Codings kept as JSON: one file per interview, or a folder of consultation responses as JSON lines.

A file says who was interviewed, descriptors, and segments with codes and a polarity each; a folder has respondents, answers
by question, and themes with a stance each.
"""

import json
from pathlib import Path

from ncsresearch.ingest.fields import stance_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, imported_file
from ncsresearch.ingest.positions import decoded
from ncsresearch.ingest.recognised_speech import is_speech
from ncsresearch.ingest.transcript import read_transcript_file
from ncsresearch.schema import StudyError

BASIS = "descriptor_basis"
WHOLE = ("segments", "codings", "notes")
KIND, RESPONDENTS = "consultation responses", "respondents.jsonl"
RESPONSE = {"kind": "response", "read_by": "machine"}
SHAPES = {"labels": (list, "a list"), "stances": (list, "a list"), "demographic_data": (dict, "an object")}


def read_json(path: Path) -> object:
    """Read a JSON file; raises StudyError for one that is broken."""
    try:
        return json.loads(decoded(path.read_bytes(), path.name).text)
    except (ValueError, RecursionError) as error:
        where = (
            f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its nesting or a number"
        )
        raise StudyError(f"{path.name}: is broken JSON ({where}).") from None


def read_coded_json(path: Path) -> ImportedFile:
    """Read one interview's codings: a respondent, descriptors, and segments with a quote and codes each; or recognised speech.

    Raises StudyError for JSON of another shape.
    """
    if is_speech(held := read_json(path)):
        return read_transcript_file(path)
    told, records = _sound(held, path.name), Records()
    person, _, role = told["respondent"].partition(" (")
    person, role = person.strip(), role.rstrip(")")
    records.add("documents", document_id=person, title=person)
    records.add("participants", participant_id=person)
    records.add("interviews", interview_id=person, document_id=person, mode="one-to-one")
    records.add("attendances", interview_id=person, participant_id=person)
    described = {name: value for name, value in (told.get("descriptors") or {}).items() if name != BASIS}
    described |= {"role": role} if role else {}
    known = [(name, value) for name, value in described.items() if value not in (None, "")]
    records.describe("participants", person, known)
    for number, segment in enumerate(told["segments"], start=1):
        _add_segment(records, segment, number, person)
    for code in dict.fromkeys(coding["code_id"] for coding in records["codings"]):
        records.add("codebook", code_id=code, label=code)
    return imported_file(path.name, records, _account(told, records, bool(role)), whole=WHOLE)


def _sound(told: object, file: str) -> dict:
    """Return what the file holds, when every part of it has the shape that codings have."""
    whole = isinstance(told, dict) and isinstance(told.get("segments"), list)
    if not (whole and isinstance(told.get("respondent"), str)):
        raise StudyError(f"{file}: is no file of codings: expected an object with a respondent and segments.")
    expect(told["respondent"].partition(" (")[0].strip(), file, "a respondent with a name")
    expect(isinstance(told.get("descriptors") or {}, dict), file, "descriptors by their names")
    for number, segment in enumerate(objects(told["segments"], file, "every segment"), start=1):
        objects(segment.get("codes") or [], file, f"the codes of segment {number}")
    return told


def _add_segment(records: Records, segment: dict, number: int, person: str) -> None:
    """Add a segment with the text around it and its judgements; without an id of its own its number is its id."""
    key = str(segment.get("segment_id", number))
    told = {"label": segment.get("title"), "text": segment.get("quote"), "ordinal": str(number)}
    records.passage(key, person, participant_id=person, **told)
    if context := segment.get("full_text"):
        around = {"title": "the turn around it", "text": context, "author": "not stated"}
        records.add("notes", note_id=f"{key}-context", unit="segments", unit_id=key, **around)
    for at, code in enumerate(segment.get("codes") or [], start=1):
        if label := code.get("dimension") or code.get("code") or code.get("theme"):
            stance = stance_of(code.get("polarity") or code.get("stance") or "")
            judged = {"coder": code.get("coder"), "notes": code.get("rationale")}
            records.judge(f"{key}-{at}", key, str(label), stance=stance, **judged)


def _account(told: dict, tables: Records, role: bool) -> tuple[Line, ...]:
    descriptors, segments, notes = told.get("descriptors") or {}, told["segments"], len(tables["notes"])
    judged = sum(len(segment.get("codes") or []) for segment in segments)
    basis = "the basis of the descriptors is left out" if BASIS in descriptors else ""
    others = [name for name in told if name not in ("respondent", "descriptors", "segments")]
    return (
        all_kept("respondent", 1),
        Line("descriptor", len(descriptors), len(tables["attributes"]) - role, basis),
        Line("segment", len(segments), len(tables["segments"])),
        Line("judgement", judged, len(tables["codings"])),
        all_kept("text around a segment", notes, "kept as a note"),
        *(Line(name, 1, 0, "kept in the account only") for name in others),
    )


def expect(fits: object, file: str, what: str) -> None:
    """Refuse a file whose codings have another shape, saying what was expected."""
    if not fits:
        raise StudyError(f"{file}: has another shape than codings have: expected {what}.")


def objects(found: object, file: str, what: str) -> list[dict]:
    """Return a list of objects; refuse anything else."""
    listed = isinstance(found, list) and all(isinstance(each, dict) for each in found)
    expect(listed, file, f"{what} to be an object in a list")
    return found


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
        if not line.strip():
            continue
        try:
            each = json.loads(line)
        except (ValueError, RecursionError):
            raise StudyError(f"{path.name}: line {number} is broken JSON.") from None
        if not isinstance(each, dict) or "response_id" not in each:
            raise StudyError(f"{path.name}: line {number} has no response_id.")
        for name, (kind, words) in SHAPES.items():
            fits = isinstance(each.get(name) or kind(), kind)
            expect(fits, path.name, f"{name} of line {number} to be {words}")
        found.append(each)
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
        said = {"section": label, "ordinal": str(number), "text": each.get("response")}
        records.passage(f"{name}/{person}", "responses", participant_id=person, **RESPONSE | said)


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
