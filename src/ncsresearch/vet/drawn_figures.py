"""Pictures that can be vouched for: those that a figure of the run gives, whose words are read in its notebook."""

import json
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

DOTS = 1200  # the width in which a run draws its figures for Word
FACES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")


def drawn_figures(paths: list[Path]) -> set[str]:
    """Return the hash of the picture of every figure in the notebooks among the files of a run, each drawn anew."""
    figures = {svg for path in paths if path.suffix == ".ipynb" for svg in _figures(path)}
    return {sha256(_drawn(svg)).hexdigest() for svg in figures}


def _figures(path: Path) -> Iterator[str]:
    # that it cannot be read is said where it is read
    with suppress(OSError, ValueError, KeyError, TypeError):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                if svg := output.get("data", {}).get("image/svg+xml"):
                    yield "".join(svg)


def _drawn(svg: str) -> bytes:
    from resvg_py import svg_to_bytes

    (package,) = find_spec("matplotlib").submodule_search_locations  # which takes long to load
    fonts = [str(Path(package, "mpl-data", "fonts", "ttf", face)) for face in FACES]
    drawn = {"font_files": fonts, "font_family": "DejaVu Sans", "sans_serif_family": "DejaVu Sans"}
    drawn |= {"width": DOTS, "skip_system_fonts": True, "background": "white"}
    with suppress(ValueError):
        return bytes(svg_to_bytes(svg_string=svg, **drawn))
    return b""
