"""The command line: results on stdout, progress and messages on stderr.

Exit codes: 0 done, 1 a check failed, 2 wrong usage or study, 3 bad input data, 4 anything of ours, 130 Ctrl-C, 143
SIGTERM.
"""

import gc
import signal
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from hubrank import __version__
from hubrank.cli import get, help_topics, inspect, lists, locate, mcp, run, serve
from hubrank.cli.errors import INTERRUPTED, TERMINATED, OutputError, failed
from hubrank.cli.options import app
from hubrank.cli.output import drop_unwritable, open_streams
from hubrank.core.errors import HubrankError

__all__ = ["app", "get", "help_topics", "inspect", "lists", "locate", "main", "mcp", "run", "serve"]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"hubrank {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find, rank, map and explain innovation clusters, from raw records."""


def _guarded(command: Callable[[], object]) -> int:
    """Run a command; print what went wrong in one message, and return the exit code."""
    open_streams()
    try:
        _printed(command)
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 (printed as one message, raised with HUBRANK_DEBUG)
        return failed(error)
    return 0


def _printed(command: Callable[[], object]) -> None:
    """Run a command and write what waits to be printed. Raises OutputError where that cannot be done."""
    try:
        command()
    except SystemExit as left:  # typer's way to end
        if left.code == INTERRUPTED:  # it does not say so
            raise KeyboardInterrupt from None
        _flush()
        raise
    _flush()


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise OutputError(str(error)) from error


def _named() -> None:
    """Run the command line under one name however it was started."""
    app(prog_name="hubrank")


def run_guarded() -> int:
    """Run the command line and return its exit code; usage errors are typer's."""
    try:
        return _guarded(_named)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else HubrankError.exit_code


def main() -> None:
    """Run the command line and exit with its code; SIGTERM ends it as Ctrl-C does, so that it leaves no drafts."""
    terminated = False

    def interrupt(number: int, _frame: object) -> None:
        """Raise KeyboardInterrupt once, also if the signal comes again."""
        nonlocal terminated
        terminated = True
        signal.signal(number, signal.SIG_IGN)  # `timeout` sends it twice; what is removed meanwhile would stay
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        code = _guarded(_named)
        sys.exit(TERMINATED if terminated and code else code)
    finally:
        drop_unwritable()
        gc.freeze()  # or the process ends with a walk over all that it imported (0.3 to 0.9 s)
