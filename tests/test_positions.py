from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncsresearch import StudyError
from ncsresearch.ingest.positions import (
    LINE_ENDS,
    UNITS,
    Convention,
    anchor,
    conventions,
    decoded,
    settled,
)
from ncsresearch.ingest.refi_qda import read_project

MARK = "\ufeff"
# An emoji of two UTF-16 units, a letter with an accent of its own, curly quotes, a pound sign, an emoji of two code points.
LINES = (
    "Line one 😀 ends here.",
    "It’s Zoe\u0301 at the cafe\u0301 — cost £5.",
    "",
    "She said yes 👍🏽 and left.",
)
PASSAGES = ("one", "ends here", "Zoe\u0301 at the cafe\u0301", "said yes", "and left")
CRLF, LF = "\r\n".join(LINES), "\n".join(LINES)
MIXED = "\r\n".join(LINES[:2]) + "\n" + "\r\n".join(LINES[2:])
WAYS = list(product(UNITS, (False, True), (False, True)))


def counted(raw: str, at: int, convention: Convention) -> int:
    """Count the way to a place in a file's text, as a tool of that convention does."""
    before = raw[:at]
    if convention.line_ends != LINE_ENDS[0]:
        before = before.replace("\r\n", "\n")
    if convention.line_ends == LINE_ENDS[2]:
        before = before.replace("\n", "\r\n")
    before = MARK * convention.mark_counted + before
    return {
        "code points": len(before),
        "UTF-16 units": len(before.encode("utf-16-le")) // 2,
        "UTF-8 bytes": len(before.encode()),
    }[convention.unit]


def written(raw: str, passages, convention: Convention) -> tuple[list[int], list[int]]:
    places = [(raw.index(words), raw.index(words) + len(words)) for words in passages]
    starts = [counted(raw, start, convention) for start, _ in places]
    return starts, [counted(raw, end, convention) - convention.end_included for _, end in places]


def words_at(source, anchoring) -> list[str]:
    return [source.text[start:end] for start, end in zip(anchoring.start, anchoring.end, strict=True)]


def read_back(raw: str, passages, convention: Convention, names):
    source = decoded((MARK + raw).encode(), "a.txt")
    anchoring = anchor(source, *written(raw, passages, convention), names)
    return words_at(source, anchoring), anchoring


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(("unit", "mark_counted", "end_included"), WAYS)
@pytest.mark.parametrize(
    ("raw", "line_ends"),
    [
        (CRLF, "as in the file"),
        (CRLF, "as one"),
        (LF, "as in the file"),
        (LF, "as two"),
        *((MIXED, each) for each in LINE_ENDS),
    ],
)
def test_every_convention_is_found(raw, line_ends, unit, mark_counted, end_included, named):
    convention = Convention(unit, line_ends, mark_counted, end_included)
    names = PASSAGES if named else [""] * len(PASSAGES)
    words, anchoring = read_back(raw, PASSAGES, convention, names)
    assert words == list(PASSAGES)
    assert anchoring.convention == convention
    assert (anchoring.rivals, anchoring.anchored.all()) == ((), True)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("line_ends", LINE_ENDS[:2])
def test_a_passage_may_hold_several_lines(unit, line_ends):
    words = "cost £5.\r\n\r\nShe said"
    convention = Convention(unit, line_ends)
    assert read_back(CRLF, [words], convention, [words])[0] == ["cost £5.\n\nShe said"]


@pytest.mark.parametrize("end", ["...", "…", " [...]", " […]"])
def test_a_name_cut_short_is_enough(end):
    words = "Zoe\u0301 at the cafe\u0301 — cost"
    convention = Convention("UTF-8 bytes", "as in the file")
    got, anchoring = read_back(CRLF, [words], convention, [words[:26] + end])
    assert (got, anchoring.rivals) == ([words], ())


def test_a_name_of_other_words_does_no_harm():
    convention = Convention("UTF-16 units", "as one")
    names = ["Quotation 1", "Quotation 2", "", "", "Quotation 5"]
    words, anchoring = read_back(CRLF, PASSAGES, convention, names)
    assert (words, anchoring.convention) == (list(PASSAGES), convention)


def test_passages_out_of_the_text_are_nowhere():
    anchoring = anchor(decoded(b"One two.", "a.txt"), [0, 4, 9, -1], [3, 99, 12, 3], ["", "", "", ""])
    assert anchoring.anchored.tolist() == [True, False, False, False]
    assert (anchoring.start[0], anchoring.end[0], anchoring.end[1], anchoring.start[3]) == (0, 3, -1, -1)


@pytest.mark.parametrize("words", ["yes", "It’s", "the tenants’"])
def test_a_closing_quotation_mark_ends_a_word(words):
    text = "It’s ‘yes’, the tenants’ said."
    start = text.index(words)
    anchoring = anchor(decoded(text.encode(), "a.txt"), [start, 0], [start + len(words), 2], ["", ""])
    assert anchoring.anchored.tolist() == [True, False]


def test_the_end_of_a_sentence_leaves_two_ways():
    # "Yes" with its end not counted in is "Yes." with its end counted in: both begin and end between words.
    source = decoded(b"Yes. No.", "a.txt")
    anchoring = anchor(source, [0], [3], [""])
    assert words_at(source, anchoring) == ["Yes"]
    assert anchoring.rivals == (Convention(end_included=True),)


def test_words_that_come_round_leave_two_ways():
    # Three emoji put UTF-16 units three ahead of code points, and "ab" stands every three characters.
    source = decoded("😀😀😀 ab ab ab ab".encode(), "a.txt")
    anchoring = anchor(source, [7], [9], ["ab"])
    assert words_at(source, anchoring) == ["ab"]
    assert [str(each) for each in anchoring.rivals] == ["UTF-16 units, line ends as in the file"]


def test_the_other_sources_of_a_project_settle_it():
    known = anchor(decoded("😀 one".encode(), "a.txt"), [3], [6], ["one"])
    unsure = decoded("😀😀😀 ab ab ab ab".encode(), "b.txt")
    first = anchor(unsure, [10], [12], ["ab"])
    prior = settled([known, first])
    second = anchor(unsure, [10], [12], ["ab"], prior=prior)
    assert (str(prior), len(first.rivals)) == ("UTF-16 units, line ends as in the file", 1)
    assert (int(second.start[0]), second.rivals) == (7, ())


def test_nothing_settles_a_project_without_passages():
    nothing = anchor(decoded(b"One.", "a.txt"), [], [], [])
    assert (len(nothing.anchored), nothing.rivals, settled([nothing]), settled([])) == (0, (), None, None)


def test_a_plain_text_has_few_ways():
    assert [str(way) for way in conventions(decoded(b"One\ntwo.", "a.txt"))] == [
        "code points, line ends as in the file",
        "code points, line ends as two",
        "code points, line ends as in the file, end included",
        "code points, line ends as two, end included",
    ]


SKIN_COLOURS = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
beginnings = st.characters(categories=("L", "N", "P", "S"), exclude_characters=SKIN_COLOURS)
written_words = st.builds(
    str.__add__, beginnings, st.text(st.characters(categories=("L", "N", "Mn", "P", "S")), max_size=5)
)
paragraphs = st.lists(st.lists(written_words, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=5)


@st.composite
def coded_texts(draw):
    """Draw a text, places in it where words begin and end, and a convention that suits it."""
    line_ends = draw(st.sampled_from((["\n"], ["\r\n"], ["\n", "\r\n"])))
    first, *others = draw(paragraphs)
    raw = first + "".join(draw(st.sampled_from(line_ends)) + line for line in others)
    ends = [at for at in range(len(raw) + 1) if at == len(raw) or raw[at].isspace()]
    starts = [0] + [at + 1 for at in ends[:-1] if not raw[at + 1].isspace()]
    chosen = draw(st.lists(st.sampled_from(starts), min_size=1, max_size=4))
    places = [
        (start, draw(st.sampled_from([end for end in ends if end > start and raw[end - 1] != "\r"])))
        for start in chosen
    ]
    return raw, places, draw(st.sampled_from(conventions(decoded((MARK + raw).encode(), "a.txt"))))


@settings(derandomize=True, max_examples=300)
@given(coded_texts())
def test_named_words_come_back(coded):
    raw, places, convention = coded
    source = decoded((MARK + raw).encode(), "a.txt")
    starts = [counted(raw, start, convention) for start, _ in places]
    ends = [counted(raw, end, convention) - convention.end_included for _, end in places]
    names = [raw[start:end].replace("\r\n", "\n") for start, end in places]
    assert words_at(source, anchor(source, starts, ends, names)) == names


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        (b"caf\xe9 \x80 5", "Windows-1252", "café € 5"),
        (b"\xff\xfe" + "café 😀\r\nyes".encode("utf-16-le"), "UTF-16", "café 😀\nyes"),
        (b"\xfe\xff" + "café 😀\r\nyes".encode("utf-16-be"), "UTF-16", "café 😀\nyes"),
        (b"\xef\xbb\xbfcaf\xc3\xa9\rno", "UTF-8", "café\nno"),
        (b"", "UTF-8", ""),
    ],
)
def test_bytes_become_text(content, encoding, text):
    source = decoded(content, "a.txt")
    assert (source.text, source.encoding) == (text, encoding)
    assert len(source.double_ends) == len(text)


def test_line_ends_of_two_characters_are_known():
    assert np.flatnonzero(decoded(b"a\r\nb\nc\rd\r\n", "a.txt").double_ends).tolist() == [1, 7]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x00\x03", "a.txt: holds bytes that are no text; save the text as UTF-8."),
        (b"caf\xe9 \x81", "a.txt: byte 5 is no windows-1252 text; save the text as UTF-8."),
        (b"\xff\xfea\x00b", "a.txt: byte 2 is no utf-16-le text; save the text as UTF-8."),
    ],
)
def test_what_is_no_text_is_refused(content, message):
    with pytest.raises(StudyError) as raised:
        decoded(content, "a.txt")
    assert str(raised.value) == message


ENCODED = (
    *("01_codepoint_crlf_conforming", "02_bom_offsets_exclude_bom", "04_lf_offsets_crlf_file_atlasti_style"),
    *("07_Project.qde_capital_Sources", "09_braced_guids_lowercase"),
)


@pytest.mark.parametrize("name", ENCODED)
def test_the_same_passages_written_in_five_ways(samples, name):
    import json

    folder = samples / "qdpx" / "encodings"
    truth = json.loads((folder / "ground_truth.json").read_text(encoding="utf-8"))
    project = read_project(folder / f"{name}.qdpx")
    text = next(iter(project.texts.values()))
    passages = project.tables["segments"]
    assert passages["text"].tolist() == truth["expected_text"]
    places = zip(passages["start"].astype(int), passages["end"].astype(int), strict=True)
    assert [text[start:end] for start, end in places] == truth["expected_text"]
    assert text == truth["text"].replace("\r\n", "\n")
