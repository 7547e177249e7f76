"""Outputs of a study made without notebooks: what its authors wrote, filled in, some sentences by rule and some tables."""

import json
from pathlib import Path

import ncsresearch as ncs
from ncsresearch.batch.digests import inputs
from ncsresearch.batch.harvest import write_tables
from ncsresearch.disclosure.span_texts import texts_now
from ncsresearch.ingest.findings_file import parse_findings
from ncsresearch.present.findings import shown
from ncsresearch.present.outputs import FINDING, TABLE
from ncsresearch.present.written import Written
from ncsresearch.report.content import Piece
from ncsresearch.study import Study, load_study

ABOUT = dict.fromkeys(["themes", "client_groups", "area_types", "stances", "areas"], [])
MEDIA = {"finding": FINDING, "table": TABLE}


def quick_outputs(folder: Path, target: Path, *, draft=(), failed=()) -> Path:
    """Write findings.json, tables/ and manifest.json of a study as a run leaves them.

    failed   chapters that could not be made
    """
    study = load_study(folder)
    found = [*_written(study), *_by_rule(study)]
    found = [(place, piece) for place, piece in found if place["chapter"] not in failed]
    target.mkdir(parents=True, exist_ok=True)
    findings = [place | piece.data | {"about": ABOUT} for place, piece in found if piece.kind == "finding"]
    (target / "findings.json").write_text(json.dumps(findings), encoding="utf-8")
    write_tables(found, target, study.settings.status_line)
    _write_manifest(study, target, [*draft], failed)
    return target


def _piece(chapter: str, kind: str, made) -> tuple[dict, Piece]:
    data = json.loads(json.dumps(made._repr_mimebundle_()[MEDIA[kind]]))
    place = {"chapter": chapter, "area_id": "", "section": "", "cell": "cell-01"}
    return place, Piece(kind, "cell-01", "", data=data)


def _written(study: Study):
    """Yield what the authors wrote for chapters, its quantities being what they are now."""
    for file in study.findings.values():
        now = parse_findings(file.name, file.with_texts(texts_now(study, file)))
        yield from (
            _piece(file.name, "finding", made)
            for made in shown(study, study, now)
            if isinstance(made, Written)
        )


def _by_rule(study: Study):
    heard, kinds = ncs.heard(study), ncs.counts(study, by="area_type")
    for said in (ncs.say(heard), ncs.say(ncs.how_held(study))):
        yield from (_piece("01_who_was_heard", "finding", made) for made in _listed(said))
    yield from (_piece("01_who_was_heard", "table", made) for made in _listed(ncs.table(heard)))
    yield from (_piece("03_area_types", "table", made) for made in _listed(ncs.table(kinds)))


def _listed(made) -> list:
    return made if isinstance(made, list) else [made]


def _write_manifest(study: Study, target: Path, draft: list[str], failed) -> None:
    own = {"status": "done", "files": {}, "made_of": {}, "page": "", "area_id": ""}
    notebooks = [
        own | {"name": name, "title": name[3:].replace("_", " "), "page": f"chapters/{name}.html"}
        for name in ("01_who_was_heard", *study.findings)
    ]
    notebooks = [each | {"status": "failed"} if each["name"] in failed else each for each in notebooks]
    told = {"study": study.name, "title": study.settings.title, "access": study.settings.access}
    told |= {"threshold": study.settings.threshold, "ncsresearch": "1.0.0", "notebooks": notebooks}
    told |= {
        "package": "p",
        "sources": "",
        "chapters": {},
        "draft": draft,
        "finished": "2026-11-27T09:00:00+00:00",
        "inputs": inputs(study.folder).files,
    }
    (target / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
