"""The command that fetches raw files. It is the only one that uses the network, unless a study names an address."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hubrank.cli.options import AsJson, app, print_json

if TYPE_CHECKING:
    from hubrank.acquisition.download import Meter

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?$")


@app.command()
def get(
    source: Annotated[str | None, typer.Argument(help="Name of a source. None: the table of all.")] = None,
    years: Annotated[str | None, typer.Option(help="First and last year, such as 2019-2023.")] = None,
    only: Annotated[str | None, typer.Option(help="Pattern of file names, such as 'pg_*'.")] = None,
    file_format: Annotated[str | None, typer.Option("--format", help="For sources with several.")] = None,
    core: Annotated[bool, typer.Option("--core", help="openalex-counts: only works in core sources.")] = False,
    raw: Annotated[
        Path, typer.Option("--raw", envvar="HUBRANK_RAW", help="Folder of raw files; a source has its own in it.")
    ] = Path("raw"),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before the download.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch raw files of a source into raw/<source>/, or continue where it stopped; without a source, list all."""
    from hubrank.cli.screens import downloads

    if source is None:
        if as_json:
            print_json(downloads.rows(raw))
        else:
            downloads.sources(raw)
        return
    from hubrank.acquisition.acquire import Acquisition
    from hubrank.acquisition.provider import Request

    acquisition = Acquisition(source, raw, Request(_years(years), only, file_format, core))
    plan = acquisition.plan()
    downloads.planned(acquisition, plan)
    if not yes:
        _confirm()
    with meter() as shown:
        fetched = acquisition.get(plan, shown)
    if as_json:
        print_json(downloads.fetched_json(acquisition, fetched))
    else:
        downloads.fetched(acquisition, fetched)


def _confirm() -> None:
    from hubrank.core.errors import StudyError

    if not sys.stdin.isatty():
        raise StudyError("Nothing was fetched: nobody can be asked here. Run it again with --yes.")
    typer.confirm("Fetch this?", abort=True, err=True)


def _years(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = _YEARS.match(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if first > last:
        raise typer.BadParameter(f"{text!r} is not years such as 2019-2023 or 2023.", param_hint="--years")
    return first, last


class _Lines:
    """One line on stderr for each item, where there is no terminal."""

    def start(self, what: str, total: int | None, done: int, unit: str) -> None:
        """Print what begins."""
        of = "" if total is None else f" of {total:,}"
        typer.echo(f"{what}: {done:,}{of} {unit} are there", err=True)

    def advance(self, amount: int) -> None:
        """Print nothing."""


@contextmanager
def meter() -> "Iterator[Meter]":
    """Show a bar on stderr with amount, rate and time left where that is a terminal, else a line for each item."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    amount = TextColumn("{task.fields[shown]}")
    with Progress(
        TextColumn("{task.description}"), BarColumn(), amount, TimeRemainingColumn(), console=console, transient=True
    ) as progress:
        from hubrank.cli.screens.downloads import Bar

        yield Bar(progress)
