"""Commands for a study: write a first one for the files of a folder, print the schema of its keys."""

from pathlib import Path
from typing import Annotated

import typer

from hubrank.cli.options import AsJson, app, print_json, progress


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder with the files to rank.")] = Path(),
    out: Annotated[
        Path | None, typer.Option("--out", help="Study file to write. Default: FOLDER.toml, in this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a first study for the files of a folder: readers recognised, columns guessed with reasons."""
    from hubrank.analysis import new_study
    from hubrank.cli import screens

    path = out or Path(f"{folder.absolute().resolve().name or 'study'}.toml")
    with progress() as report:
        written = new_study.write(folder, path, report)
    if as_json:
        print_json(screens.new_study_json(written))
    else:
        screens.new_study(written)


@app.command()
def study(
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema, for editors.")] = False,
) -> None:
    """Explain the keys of a study file, each with its default and an example; or print their schema."""
    from hubrank.analysis import study_reference

    if schema:
        print_json(study_reference.json_schema())
    else:
        typer.echo(study_reference.page())
