"""What all commands share: the application, common options, progress, JSON."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hubrank.core.page_languages import languages
from hubrank.core.progress import Progress

LINES = 20  # of progress, at most about
_SOUTHERN = re.compile(r"-\d+([.,]\d*)?\s*[,;\s].*")  # a position, which click takes for options


class _Commands(TyperGroup):
    """The commands; a position that begins with a minus is an argument of theirs, as it is in quotes."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (of click, which typer has its own of)
        return super().parse_args(ctx, [f" {each}" if _SOUTHERN.fullmatch(each) else each for each in args])


app = typer.Typer(
    name="hubrank",
    cls=_Commands,
    help="Locate, count, rank and explain innovation clusters, from raw records.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Out = Annotated[Path, typer.Option("--out", help="Folder to write into.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]
Language = Annotated[str, typer.Option("--language", help=f"Language of the pages: {', '.join(languages())}.")]
Encoding = Annotated[
    str | None,
    typer.Option(
        help="Encoding of a file of text, such as cp1250. Default: a guess of UTF-8, Windows-1252, Mac Roman."
    ),
]
Memory = Annotated[
    str | None,
    typer.Option(help="Memory for records, such as 4GB. Default: 1GB, an eighth of the machine if that is less."),
]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads of the engine. Changes no output.")]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Processes that read and locate records. Default: one per core, as far as --memory has 450 MB for each.",
    ),
]

EngineName = Annotated[
    str, typer.Option("--engine", help='duckdb, or spark (the extra "spark" of hubrank). Changes no output.')
]
Master = Annotated[
    str | None,
    typer.Option(help="Where Spark runs: local[4], spark://host:7077, yarn, k8s://… Default: as Spark is configured."),
]


class _Lines:
    """Prints a line for each step; of many steps some LINES of them."""

    def __init__(self) -> None:
        self._part = 0  # of LINES that a piece of work was at, at its last step

    def __call__(self, what: str, done: int, of: int) -> None:
        part = done * LINES // max(of, 1)
        if 0 < done < of and part == self._part:
            return
        self._part = part
        with suppress(OSError, ValueError):  # a screen that cannot be written stops no run
            print(f"[{done}/{of}] {what}", file=sys.stderr, flush=True)  # noqa: T201 (stderr is its use)


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a bar on stderr where that is a terminal, else a line per step."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of)


def json_text(value: Any) -> str:  # noqa: ANN401 (any JSON)
    """Return a value as the JSON that commands print."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def print_json(value: Any) -> None:  # noqa: ANN401 (any JSON)
    """Print one JSON document on stdout."""
    typer.echo(json_text(value))
