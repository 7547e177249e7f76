"""The command line: arguments in, one call each, messages out. Nothing is computed here."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from ncsresearch.batch.formats import KNOWN
from ncsresearch.exchange.writers import WRITERS
from ncsresearch.ingest.file_format import endings
from ncsresearch.ingest.readers import READERS
from ncsresearch.schema import ROLES

app = typer.Typer(
    help="Evidence of social research as chapters and tables by area type, client group and theme.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
COLLECTED = (
    200_000,
    50,
    50,
)  # frames are many objects, and hardly any a cycle: Python looks for these seldom
Study = Annotated[Path, typer.Argument(help="Folder of the study", show_default=False)]


def main() -> None:
    """Run the command; a fault is one message, and exit status 1 if it is in the user's material, 2 if in the call."""
    from ncsresearch.schema import StudyError

    gc.set_threshold(*COLLECTED)
    try:
        app()
    except StudyError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(error.exit_status) from None


@app.command()
def check(study: Study) -> None:
    """Say every fault of every table, and every line of findings/ that fails, and compare lists of people with who speaks; a sound study gets its datapackage.json."""
    from ncsresearch.exchange.listed_people import said_of_lists
    from ncsresearch.ingest.findings_file import FOLDER
    from ncsresearch.study import check_folder, describe_study, load_study, read_texts

    faults = check_folder(study)
    if not faults and (study / FOLDER).is_dir():
        from ncsresearch.batch.findings import faults_of_findings

        faults = faults_of_findings(load_study(study))
    for line in [*map(str, faults), *([] if faults else said_of_lists(read_texts(study)))]:
        typer.echo(line)
    described = "" if faults or not describe_study(study) else " datapackage.json is written anew."
    typer.echo(f"{study.name}: {len(faults)} fault{'s' * (len(faults) != 1)}.{described}")
    raise SystemExit(1 if faults else 0)


@app.command()
def findings(
    study: Study,
    update: Annotated[
        bool, typer.Option("--update", help="Rewrite each span to what holds now, and nothing else")
    ] = False,
) -> None:
    """Say every line of the authors' findings that fails: quantities, citations, unbound numbers; and readers' open comments."""
    from ncsresearch.batch.findings import faults_of_findings, update_findings
    from ncsresearch.disclosure.span_texts import is_worded
    from ncsresearch.review.word_reports import read_comments, said_comments
    from ncsresearch.study import load_study

    read = load_study(study)
    rewritten = update_findings(read) if update else {}
    for name, changed in rewritten.items():
        typer.echo(f"{name}: {len(changed)} span{'s' * (len(changed) != 1)} rewritten")
        for span, now in changed:
            if is_worded(now) and not is_worded(span.text):
                typer.echo(
                    f"{name}, line {span.line}: {span.text!r} is {now!r} now; read the sentence again."
                )
    faults = faults_of_findings(load_study(study) if rewritten else read)
    for fault in faults:
        typer.echo(str(fault))
    for line in said_comments(read_comments(study), resolved=False):
        typer.echo(line)
    n, files = len(faults), len(read.findings)
    typer.echo(f"{study.name}: {n} fault{'s' * (n != 1)} in {files} file{'s' * (files != 1)} of findings.")
    raise SystemExit(1 if faults else 0)


@app.command()
def run(
    studies: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders of studies; without one, those that come with the project"),
    ] = None,
    area: Annotated[
        list[str] | None, typer.Option(help="Only the report on this area; may be repeated")
    ] = None,
    chapter: Annotated[list[str] | None, typer.Option(help="Only this chapter; may be repeated")] = None,
    area_type: Annotated[
        str, typer.Option(help="All chapters for areas of this kind alone: rural, urban, or a class of areas")
    ] = "",
    client_group: Annotated[
        str, typer.Option(help="All chapters for what was said about this client group")
    ] = "",
    heard_from: Annotated[str, typer.Option(help="All chapters for what this group said")] = "",
    theme: Annotated[str, typer.Option(help="All chapters for this code and those below it")] = "",
    output: Annotated[Path, typer.Option(help="Folder for the outputs")] = Path("outputs"),
    sources: Annotated[
        Path | None, typer.Option(help="Folder with the source documents, to show quotations in place")
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            help=f"Formats to write, divided by commas: {', '.join(KNOWN)}; pages are always written",
            show_default="all",
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Notebooks at a time")] = 2,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Make every notebook, not only what has changed")
    ] = False,
    scheduler: Annotated[
        str,
        typer.Option(help="Address of a Dask scheduler whose workers make the notebooks", show_default=False),
    ] = "",
    cold: Annotated[
        bool,
        typer.Option("--cold", help="Start a Python of its own for each notebook: slower, the same outputs"),
    ] = False,
    time_limit: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take")] = 1800,
    require_signoff: Annotated[
        bool,
        typer.Option(
            "--require-signoff", help="Fail, and mark outputs as a draft, where a finding is not signed"
        ),
    ] = False,
) -> None:
    """Make every chapter and area report of which something has changed, and write pages, tables, findings and a manifest.

    --area-type, --client-group, --heard-from and --theme make the chapters for a selection, into a folder of its own.
    """
    from ncsresearch.batch.formats import ALL
    from ncsresearch.batch.manifest import nothing_changed
    from ncsresearch.batch.plan import embedded_studies

    folders = studies or embedded_studies(having=area)
    parts = {"area_type": area_type, "client_group": client_group, "heard_from": heard_from, "theme": theme}
    chosen = {name: value for name, value in parts.items() if value}
    asked = {"output": output, "areas": area, "chapters": chapter, "sources": sources, "chosen": chosen}
    asked |= {"formats": ALL if format_ is None else format_, "require_signoff": require_signoff}
    if not fresh and (n := nothing_changed(folders, **asked)):
        typer.echo(f"{_notebooks(n)}, nothing has changed. Open {output / 'index.html'}")
        raise SystemExit(_say_unchanged(folders, output, chosen))
    ways = {"workers": workers, "cold": cold, "time_limit": time_limit, "fresh": fresh}
    raise SystemExit(_run(folders, asked, ways | {"scheduler": scheduler}))


def _run(folders: list[Path], asked: dict, ways: dict) -> int:
    """Run the studies, say what was made, vetted and changed, and return the exit status."""
    import time

    from ncsresearch.batch.run import run_studies
    from ncsresearch.review.signoff import sign_off
    from ncsresearch.review.since_last import SinceLast
    from ncsresearch.vet.vetting import vet_outputs

    started, output = time.monotonic(), asked["output"]
    since = SinceLast([] if asked["chosen"] else [output / folder.resolve().name for folder in folders])
    hooks = {"vet": vet_outputs, "sign_off": sign_off, "since": None if asked["chosen"] else since}
    try:
        results = run_studies(folders, **asked, **ways, **hooks)
    except KeyboardInterrupt:
        typer.echo("Stopped. What was made before is kept; the next run goes on from there.", err=True)
        raise SystemExit(130) from None
    status = _say_results(results, output, time.monotonic() - started)
    made = dict.fromkeys(output / result.task.study / result.task.selection for result in results)
    status = max(status, _say_vetted([*made]))
    for said in filter(None, since.said):
        typer.echo(said)
    return status


def _say_unchanged(folders: list[Path], output: Path, chosen: dict[str, str]) -> int:
    """Say of outputs that are as they were whether they are fit to leave, and when they changed last; return the exit status."""
    from ncsresearch.batch.manifest import last_change
    from ncsresearch.batch.selection import folder_of

    status = _say_vetted([output / folder_of(folder.name, chosen) for folder in folders])
    for folder in folders if not chosen else ():
        if said := last_change(folder, output / folder.resolve().name):
            typer.echo(f"{folder.resolve().name}, nothing has changed since the last run. {said}")
    return status


def _say_vetted(targets: list[Path]) -> int:
    """Say of confidential outputs that they were vetted, or why they are not fit to leave; return the exit status."""
    from ncsresearch.batch.manifest import DRAFT, read_manifest

    told = {target: read_manifest(target) for target in targets}
    leaks = {target: each.get("leaks") for target, each in told.items()}
    for target, each in told.items():
        if (target / DRAFT).is_file():
            typer.echo(f"{target}: {(target / DRAFT).read_text(encoding='utf-8').strip()}")
        for line in each.get("signoff", {}).get("said", [])[:1]:
            typer.echo(f"{target.name}: {line}")
        if leaks[target] == 0:
            typer.echo(f"{target.name}, vet: no leak found")
    signoffs = [each.get("signoff", {}) for each in told.values()]
    unsigned = [off["stops"] for off in signoffs if off.get("required")]
    return 1 if any(leaks.values()) or any(unsigned) else 0


def _say_results(results, output: Path, seconds: float) -> int:
    """Say what was made and why, and what failed; return the exit status."""
    from ncsresearch.batch.manifest import SILENT

    ran = [result for result in results if result.status != "unchanged"]
    failed = [result for result in ran if result.status == "failed"]
    if len(ran) < len(results):
        for result in ran:
            typer.echo(f"{result.task.called}: {'; '.join(result.why)}")
    for result in failed:
        typer.echo(f"{result.task.called}: {result.error}", err=True)
    silent = sum(result.status == SILENT for result in ran)
    said = f", {silent} with nothing on the selection" if silent else ""
    stand = f", {len(results) - len(ran)} unchanged" if len(ran) < len(results) else ""
    told = f"{_notebooks(len(ran))} run in {seconds:.0f} s, {len(failed)} failed{said}{stand}."
    typer.echo(f"{told} Open {output / 'index.html'}")
    return 1 if failed else 0


def _notebooks(n: int) -> str:
    return f"{n} notebook{'s' * (n != 1)}"


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            help=f"Files to import ({', '.join(endings(READERS))}), or folders", show_default=False
        ),
    ],
    into: Annotated[Path, typer.Option(help="Folder of the study")],
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help="column=field: what a column of a workbook means; may be repeated"),
    ] = None,
    interviewer: Annotated[
        list[str] | None,
        typer.Option(help="A speaker of the transcripts who asks, by the label in the file; may be repeated"),
    ] = None,
    wave: Annotated[
        str, typer.Option(help="Of which wave a survey is: waves are kept apart", show_default=False)
    ] = "",
) -> None:
    """Import transcripts, projects, codebooks and workbooks, and a Word report with its readers' comments; says what became of each."""
    from ncsresearch.exchange.import_files import import_files, said_of_all
    from ncsresearch.review.word_reports import propose, read_comments, said_comments, word_reports

    reports = word_reports(files, into)
    asking = [f"{name}=interviewer" for name in interviewer or []]
    imported = import_files(files, into, maps=[*(map_ or []), *asking], wave=wave)
    typer.echo(said_of_all([each.report() for each in imported]))
    for report in reports:
        came = read_comments(into)
        lines = propose(report, into) + said_comments(came[came["source"].eq(report.file)])
        typer.echo("\n".join(lines))


@app.command()
def new(
    study: Study,
    synthetic: Annotated[
        str | None,
        typer.Option(
            help="Fill it by rule, with known truth: areas=1000,participants=100000,segments=1000000; also clients"
        ),
    ] = None,
) -> None:
    """Write an empty study folder with its data dictionary and a page on how to fill it."""
    from ncsresearch.exchange.new_study import new_study
    from ncsresearch.exchange.synthetic import read_sizes, synthetic_study

    if synthetic is not None:
        synthetic_study(study, **read_sizes(synthetic))
        typer.echo(f"{study.name}: a synthetic study. {study / 'truth.json'} says what is in it.")
        return
    new_study(study)
    typer.echo(f"{study.name}: an empty study. {study / 'README.md'} says how to fill it.")


@app.command()
def export(
    study: Study,
    file: Annotated[
        Path, typer.Argument(help=f"File to write: {', '.join(endings(WRITERS))}", show_default=False)
    ],
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            help=f"What to write, where an ending leaves a choice: {', '.join(each.name for each in WRITERS)}",
        ),
    ] = "",
) -> None:
    """Write a study as a REFI-QDA project or codebook, a framework matrix, disagreements to settle, or one row per coded segment."""
    from ncsresearch.exchange.export import export_study, private_words

    left_out = export_study(study, file, as_)
    for line in left_out:
        typer.echo(f"left out: {line}")
    typer.echo(f"{file.name}: written. {private_words(study, file)}".strip())


@app.command()
def checklist(
    study: Study,
    file: Annotated[Path, typer.Argument(help="Word file to write: .docx", show_default=False)],
    name: Annotated[str, typer.Option(help="COREQ, SRQR or Spencer")] = "COREQ",
) -> None:
    """Write a reporting checklist as a Word table, with what the study's own data answer of it."""
    from ncsresearch.report.checklist_docx import write_checklist

    rows = write_checklist(study, file, name=name)
    told = "; ".join(f"{answered}: {n}" for answered, n in rows["answered"].value_counts().items())
    typer.echo(f"{file.name}: {len(rows)} items of {name} ({told}).")


@app.command()
def withdraw(
    person: Annotated[
        str,
        typer.Argument(help="The participant's or survey respondent's id in the study", show_default=False),
    ],
    from_: Annotated[Path, typer.Option("--from", help="Folder of the study")],
    readmit: Annotated[
        bool, typer.Option("--readmit", help="Let an import take in somebody of this name again")
    ] = False,
) -> None:
    """Take a person who takes back consent out of every table, text and file, and name what must be run again."""
    from ncsresearch.exchange import withdrawn
    from ncsresearch.exchange.withdraw import withdraw as take_out

    if readmit:
        withdrawn.readmit(person, from_)
        typer.echo(f"{from_.name}: an import takes in somebody of this name again.")
        return
    done = take_out(person, from_)
    for name, n in done.taken.items():
        typer.echo(f"{name}: {n} row{'s' * (n != 1)} taken out")
    for name in done.rewritten:
        typer.echo(f"{name}: written anew without them")
    for line in done.left:
        typer.echo(f"still to do: {line}")


@app.command()
def release(
    output: Annotated[
        Path, typer.Argument(help="Folder of the study's outputs that leave", show_default=False)
    ],
    study: Annotated[Path, typer.Option(help="Folder of the study")],
    decided_by: Annotated[
        str, typer.Option(help="Who decided to release them although they show few people")
    ] = "",
    because: Annotated[str, typer.Option(help="Why")] = "",
) -> None:
    """Record that outputs of a confidential study leave, so that later runs are compared with them."""
    from ncsresearch.batch.release import note_release

    name = note_release(output, study, decided_by=decided_by, because=because)
    typer.echo(f"{study.name}: release {name} is recorded in {study / 'releases'}, which stays private.")


@app.command()
def diff(
    old: Annotated[
        Path, typer.Argument(help="Folder of outputs: of one study, or of several", show_default=False)
    ],
    new: Annotated[Path, typer.Argument(help="Folder of the outputs of a later run", show_default=False)],
    study: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of a study, to name its rows behind each change; may be repeated"),
    ] = None,
    for_release: Annotated[
        bool, typer.Option("--for-release", help="Only what two releases may show of a confidential study")
    ] = False,
    page: Annotated[Path | None, typer.Option(help="Page to write: .html")] = None,
    json_: Annotated[Path | None, typer.Option("--json", help="File to write: .json")] = None,
) -> None:
    """Say which findings and cells of tables differ between two runs, and which rows of the study are behind them.

    Of a confidential study whose folder is not named, only what two releases may show.
    """
    from ncsresearch.ingest.whole_file import write_json, write_whole
    from ncsresearch.review.difference import differences
    from ncsresearch.review.left import outputs_in
    from ncsresearch.review.screen import changed_page, on_screen
    from ncsresearch.review.told import told

    found = [told(each, for_release=for_release) for each in differences(old, new, study or [])]
    for each in found:
        for line in on_screen(each):
            typer.echo(line)
    if page:
        write_whole(changed_page(found, [*outputs_in(new).values()], page).encode(), page)
    if json_:
        write_json(found, json_)


@app.command()
def sign(
    study: Annotated[Path, typer.Option(help="Folder of the study")],
    by: Annotated[str, typer.Option(help="Who signs")],
    role: Annotated[str, typer.Option(help=f"In which role: {', '.join(ROLES)}")],
    finding: Annotated[
        str,
        typer.Argument(
            help="A finding by its heading, or by chapter/name as findings.json has it; a chapter, an area or the study",
            show_default=False,
        ),
    ] = "",
    note: Annotated[str, typer.Option(help="Words that are kept with it")] = "",
    open_: Annotated[
        bool, typer.Option("--open", help="Leave the note open, shown on the pages, and sign nothing")
    ] = False,
    resolve: Annotated[
        str, typer.Option(help="Resolve the open note of this number instead", show_default=False)
    ] = "",
    output: Annotated[Path, typer.Option(help="Folder of the outputs that were read")] = Path("outputs"),
) -> None:
    """Sign findings that a run shows: a signature lapses when words, numbers or evidence of a finding change."""
    from ncsresearch.review import signatures

    who = {"by": by, "role": role, "note": note}
    if resolve:
        typer.echo(signatures.resolve(resolve, study, **who))
        return
    typer.echo(signatures.sign(finding, study, output / study.resolve().name, **who, leave_open=open_))


@app.command()
def vet(
    outputs: Annotated[
        list[Path],
        typer.Argument(
            help="Folders of one study's outputs, or single notebooks; several are held together",
            show_default=False,
        ),
    ],
    study: Annotated[
        Path | None, typer.Option(help="Folder of the study, to know its people and its texts")
    ] = None,
    sources: Annotated[
        Path | None, typer.Option(help="Folder with the source documents, whose words may be quoted")
    ] = None,
    since: Annotated[
        Path | None, typer.Option(help="Earlier outputs, which a reader could subtract from these")
    ] = None,
) -> None:
    """Read a run's outputs as an outsider would, and name every count, quotation or id that must not leave."""
    import gc

    from ncsresearch.vet.vetting import vet_outputs

    gc.disable()  # all that is read is kept to the end: to look for garbage in it costs a tenth of the time
    vetted = vet_outputs(*outputs, study=study, sources=sources, since=since)
    for line in vetted.lines:
        typer.echo(line)
    raise SystemExit(1 if vetted.n_leaks else 0)
