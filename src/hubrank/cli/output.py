"""Standard output and error, whatever they are: full, closed, a pipe that nobody reads, or ASCII only."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import typer


def open_streams() -> None:
    """Make the standard streams usable: a closed one goes nowhere, a character that cannot be written is escaped.

    A closed stream has to be opened: the next file that is opened would take its number, and be written to.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (to the end)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def summary_of(folder: Path) -> Iterator[None]:
    """Print what is in a finished folder; where that cannot be printed, say so: the folder is complete all the same."""
    try:
        yield
        sys.stdout.flush()
    except (OSError, ValueError) as error:  # the latter where the stream is closed
        drop_output()
        message(f"{folder} is complete, but its summary could not be printed: {error}.")


def drop_output() -> None:
    """Send the rest of standard output nowhere, so that the end of the process does not fail at it."""
    _drop(sys.stdout)


def drop_unwritable() -> None:
    """Drop what the standard streams hold and cannot write: Python would try again at the end, and fail with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            _drop(stream)


def _drop(stream: TextIO) -> None:
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def message(text: str) -> None:
    """Print a line on standard error, where that can be written."""
    with suppress(OSError, ValueError):
        typer.echo(f"hubrank: {text}", err=True)
