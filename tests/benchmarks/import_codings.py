"""How long does a project of 100,000 codings over 500 documents take, and how much memory?

Run by hand: `.venv/bin/python tests/benchmarks/import_codings.py [CODINGS [DOCUMENTS]]`. It prints seconds, those of the
processor, which are the same on a busy machine, and the most memory for an import into an empty study and for importing the same file again, and the ratio to what a researcher
would otherwise write: parsing the XML and cutting each passage out of its source with the positions as they stand.
"""

import os
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from xml.etree import ElementTree

SPACE = "urn:QDA-XML:project:1.0"
SENTENCE = "Participant {n} said that the way there was long, the room was cold and the kettle was on. "


def write_project(path: Path, n_codings: int, n_documents: int) -> None:
    """Write a project whose passages are sentences of its sources, codes in turn, one coder."""
    codes = [str(uuid.uuid5(uuid.NAMESPACE_OID, f"code{n}")) for n in range(50)]
    each = n_codings // n_documents
    user = str(uuid.uuid5(uuid.NAMESPACE_OID, "user"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        sources = []
        for document in range(n_documents):
            key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"document{document}"))
            words = [SENTENCE.format(n=n + document) for n in range(each)]
            archive.writestr(f"sources/{key}.txt", "Interviewer: Go on.\nR1: " + "".join(words))
            sources.append(_source(key, document, words, codes, user))
        book = "".join(
            f'<Code guid="{key}" name="Code {n}" isCodable="true"/>' for n, key in enumerate(codes)
        )
        archive.writestr(
            "project.qde",
            f'<Project xmlns="{SPACE}" name="large"><Users><User guid="{user}" name="Ann"/></Users>'
            f"<CodeBook><Codes>{book}</Codes></CodeBook><Sources>{''.join(sources)}</Sources></Project>",
        )


def _source(key: str, document: int, words: list[str], codes: list[str], user: str) -> str:
    start, parts = len("Interviewer: Go on.\nR1: "), []
    for n, sentence in enumerate(words):
        passage, coding = (
            uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}{document}/{n}") for kind in ("passage", "coding")
        )
        end = start + len(sentence.rstrip())
        parts.append(
            f'<PlainTextSelection guid="{passage}" startPosition="{start}" endPosition="{end}"><Coding guid="{coding}" '
            f'creatingUser="{user}"><CodeRef targetGUID="{codes[n % len(codes)]}"/></Coding></PlainTextSelection>'
        )
        start += len(sentence)
    return f'<TextSource guid="{key}" name="talk {document}.txt" plainTextPath="internal://{key}.txt">{"".join(parts)}</TextSource>'


def naive(path: Path) -> int:
    """Cut every passage out of its source, trusting its positions."""
    found = 0
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        for source in root.iter(f"{{{SPACE}}}TextSource"):
            text = archive.read(f"sources/{source.get('guid')}.txt").decode()
            for passage in source.iter(f"{{{SPACE}}}PlainTextSelection"):
                found += bool(text[int(passage.get("startPosition")) : int(passage.get("endPosition"))])
    return found


def seconds_of_naive(path: Path) -> float:
    """Return how long that takes."""
    started = time.perf_counter()
    naive(path)
    return time.perf_counter() - started


def measured(command: list[str]) -> tuple[float, str]:
    """Run a command and return its seconds, and these in words, with its seconds of the processor and the most memory that it took."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"{' '.join(command)}: ended with {os.waitstatus_to_exitcode(status)}")
    worked = used.ru_utime + used.ru_stime
    return seconds, f"{seconds:.1f} s ({worked:.1f} s of the processor), {used.ru_maxrss / 1024:.0f} MB"


def main(n_codings: int = 100_000, n_documents: int = 500) -> None:
    """Print the figures."""
    command = str(Path(sys.executable).with_name("ncsresearch"))
    with tempfile.TemporaryDirectory() as folder:
        file, study = Path(folder) / "large.qdpx", Path(folder) / "study"
        # apart: a command's most memory begins with that of the process that calls it
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            apart.submit(write_project, file, n_codings, n_documents).result()
            plain = apart.submit(seconds_of_naive, file).result()
        subprocess.run([command, "new", str(study)], check=True, stdout=subprocess.DEVNULL)
        first = measured([command, "import", str(file), "--into", str(study)])
        again = measured([command, "import", str(file), "--into", str(study)])
    sys.stdout.write(
        f"{n_codings:,} codings, {n_documents} documents\n"
        f"import: {first[1]}; again: {again[1]}\n"
        f"cutting passages without asking how positions count: {plain:.2f} s, {first[0] / plain:.0f} times faster\n"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
