import pytest

from document_lines import lines_of
from ncsresearch import StudyError
from ncsresearch.ingest.document import read_document, text_hash


def read(tmp_path, name: str, content) -> list[str]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [line.text for line in lines_of(read_document(path))]


def test_text_becomes_one_paragraph_a_line(tmp_path):
    text = "\ufeffOne  heading\r\n\r\n  - first\u00a0item\r\n❖ second\r\n\tcell\tother\t\r\n***\r\n"
    assert read(tmp_path, "a.txt", text) == ["One heading", "• first item", "• second", "\tcell\tother"]


def test_positions_are_code_points_of_the_normal_text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("😀 é\n\n-  two\n", encoding="utf-8")
    document = read_document(path)
    line = lines_of(document)[1]
    assert (line.start, document.text[line.start :]) == (4, "• two")


def test_html_gives_the_same_lines(tmp_path):
    html = (
        "<html><head><title>no</title></head><body><nav>menu</nav><h2>One <em>heading</em></h2><ul><li><p>first item</p></li>"
        "<li>second</li></ul><table><tr><th>cell</th><td>other</td></tr></table><script>no()</script><p>a<br>b</p></body></html>"
    )
    assert read(tmp_path, "a.html", html) == [
        "One heading",
        "• first item",
        "• second",
        "cell\tother",
        "a",
        "b",
    ]


def test_word_gives_the_same_lines(tmp_path):
    import docx

    written = docx.Document()
    written.add_heading("One heading", 2)
    written.add_paragraph("first item", style="List Bullet")
    written.add_paragraph("a paragraph")
    table = written.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "cell", "other"
    written.save(tmp_path / "a.docx")
    lines = [line.text for line in lines_of(read_document(tmp_path / "a.docx"))]
    assert lines == ["One heading", "• first item", "a paragraph", "cell\tother"]


def test_a_hash_does_not_depend_on_where_lines_break():
    assert text_hash("one two\nthree") == text_hash("one  two three")
    assert text_hash("one two") != text_hash("one to")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.pages",
            b"",
            "a.pages: no reader for '.pages' files; known: .txt, .vtt, .srt, .json, .rtf, .odt, .html, .htm, .docx, .pdf.",
        ),
        (
            "a.txt",
            "Анна".encode("cp1251"),
            "a.txt: is neither UTF-8 nor Western text; save the text as UTF-8.",
        ),
        ("a.docx", b"no zip", "a.docx: is not a Word document, though its name says so."),
        ("a.pdf", b"no pdf", "a.pdf: is not a PDF, though its name says so."),
        ("a.txt", b"\n\n", "a.txt: holds no text; a scanned document has to be read by hand."),
        ("a.html", b"", "a.html: holds no text; a scanned document has to be read by hand."),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, content, message):
    with pytest.raises(StudyError) as raised:
        read(tmp_path, name, content)
    assert str(raised.value) == message


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(StudyError, match=r"^b.txt: there is no such file in "):
        read_document(tmp_path / "b.txt")
