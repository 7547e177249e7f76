"""A new kind of file is one module and one row, as the docstring of the readers says."""

import re
import textwrap

import pytest

from ncsresearch.exchange import export
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.exchange.writers import WRITERS
from ncsresearch.ingest import files, readers
from ncsresearch.ingest.file_format import FileFormat, endings
from ncsresearch.ingest.readers import READERS, Reader
from ncsresearch.study import read_texts


def test_the_example_of_a_reader_reads_a_new_kind_of_file(tmp_path, monkeypatch):
    code = textwrap.dedent(re.search(r"\n\n((?: {4}.*\n|\n)+?)\n {4}Reader", readers.__doc__)[1])
    (tmp_path / "notes_as_shown.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    known = (*READERS, Reader("notes", (".notes",), "notes_as_shown:read_notes"))
    monkeypatch.setattr(readers, "READERS", known)
    monkeypatch.setattr(files, "READERS", known)
    new_study(tmp_path / "study")
    (tmp_path / "talk.notes").write_text("S03: We waited\nS04: I walked\n", encoding="utf-8")
    (done,) = import_files([tmp_path / "talk.notes"], tmp_path / "study")
    tables = read_texts(tmp_path / "study")
    assert [(line.kind, line.in_file, line.kept) for line in done.file.account] == [("line", 2, 2)]
    assert tables["segments"][["participant_id", "text"]].to_numpy().tolist() == [
        ["S03", "We waited"],
        ["S04", "I walked"],
    ]
    (again,) = import_files([tmp_path / "talk.notes"], tmp_path / "study")
    assert not again.changes


def test_a_new_kind_of_file_is_written_by_the_function_of_its_row(tmp_path, monkeypatch):
    code = "def write(file, study):\n    file.write_text(study.title)\n    return ['all but the title']\n"
    (tmp_path / "titles_only.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(export, "WRITERS", (*WRITERS, FileFormat("title", (".title",), "titles_only:write")))
    new_study(tmp_path / "study")
    assert export.export_study(tmp_path / "study", tmp_path / "a.title") == ["all but the title"]
    assert (tmp_path / "a.title").read_text() == "Study"


@pytest.mark.parametrize("each", [*READERS, *WRITERS], ids=lambda each: each.name)
def test_every_row_names_a_function_that_is_there(each):
    assert callable(each.function)


def test_no_ending_has_two_readers_or_two_writers():
    for formats in (READERS, WRITERS):
        assert len(endings(formats)) == len(set(endings(formats)))
