"""What a chapter says, piece by piece: the same for the page, for Word and for the workbook."""

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from ncsresearch import Finding, Table
from ncsresearch.report.content import pieces


def shown(item, cell: str = "made"):
    """Return a code cell that has shown an item."""
    output = new_output("display_data", data=item._repr_mimebundle_())
    return nbformat.from_dict(new_code_cell("ncs.show(item)", outputs=[output]) | {"id": cell})


def small_chapter():
    rows = pd.DataFrame({"theme": ["Staff", "Housing"], "n": [1200, None]})
    table = Table("themes", "Themes", rows, {"theme": "Theme", "n": "People"}, "people heard", "a list")
    parameters = new_code_cell("study_dir = ''", metadata={"tags": ["parameters"]})
    words = new_markdown_cell("# A chapter\n\nWhat it asks.\n\n## Key points\nand a word.") | {"id": "words"}
    return new_notebook(
        cells=[words, parameters, shown(Finding("most", "Most did.", {"n": 3})), shown(table, "table")]
    )


def test_pieces_stand_in_reading_order_each_with_the_cell_that_made_it():
    assert [(piece.kind, piece.cell, piece.level, piece.text) for piece in pieces(small_chapter())] == [
        ("heading", "words", 1, "A chapter"),
        ("prose", "words", 0, "What it asks."),
        ("heading", "words", 2, "Key points"),
        ("prose", "words", 0, "and a word."),
        ("finding", "made", 0, "Most did."),
        ("table", "table", 0, "Themes"),
    ]


def test_a_table_is_kept_as_its_reader_sees_it():
    *_, table = pieces(small_chapter())
    assert table.data["cells"] == {"Theme": ["Staff", "Housing"], "People": ["1,200", "[x]"]}
    assert table.data["numbers"] == [False, True]
    assert table.data["below"] == "Base: people heard. Source: a list. [x]: not available."


def test_of_the_tables_of_a_folded_cell_one_is_open_where_nobody_has_written_findings():
    """Of themes beside other areas the table is shown, or else that of how themes were described."""
    rows = pd.DataFrame({"theme": ["Staff"], "n": [3]})
    described, beside = (
        Table(name, name, rows, {"theme": "Theme", "n": "People"}, "people heard", "a list")
        for name in ("people_stances", "area_raised")
    )

    def folded(*tables):
        outputs = [new_output("display_data", data=each._repr_mimebundle_()) for each in tables]
        cell = new_code_cell("ncs.show(a, b)", outputs=outputs, metadata={"tags": ["folded"]})
        made = pieces(nbformat.from_dict(new_notebook(cells=[cell])))
        return [piece.text for piece in made if piece.data.get("listed") == "folded"]

    assert folded(described) == []
    assert folded(described, beside) == ["people_stances"]
