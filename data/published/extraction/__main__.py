"""Rebuild the published study's tables from its five documents, and print every difference: make extract SOURCES=FOLDER."""

from pathlib import Path
from typing import Annotated

import typer

from extract import extract, read_sources
from ncsresearch.schema import StudyError
from ncsresearch.study import read_texts, save_tables

STUDY = Path(__file__).parents[1]


def main(
    documents: Annotated[Path, typer.Argument(help="Folder with the published documents")],
    into: Annotated[Path, typer.Option(help="Folder of the study to rebuild")] = STUDY,
) -> None:
    """Rebuild the machine's part of a study's tables from the published documents, and print every difference."""
    try:
        tables, differences = extract(read_sources(documents), read_texts(into))
    except StudyError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
    for difference in differences:
        typer.echo(difference)
    save_tables(tables, into)
    typer.echo(f"{into.name}: {len(differences)} difference{'s' * (len(differences) != 1)}.")


if __name__ == "__main__":
    typer.run(main)
