"""Errors on the command line: one message and an exit code, never a traceback.

Exit codes: 1 a check failed, 2 wrong usage or study, 3 bad input data, 4 anything of ours, 130 stopped by Ctrl-C,
143 by SIGTERM.
"""

import errno
import os
import re

from hubrank.cli.output import drop_output, message
from hubrank.core.errors import HubrankError, StudyError

_FULL = "no space is left on {path}. Free some, or name another folder (--out, HUBRANK_CACHE, TMPDIR)."
_SHUT = "{path} is not writable. Name a writable folder (--out, HUBRANK_CACHE, TMPDIR)."
_TAKEN = "{path} is a file where a folder is expected. Name another folder (--out)."
_SYSTEM = {
    errno.ENOSPC: _FULL,
    errno.EFBIG: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _SHUT,
    errno.EPERM: _SHUT,
    errno.EROFS: _SHUT,
    errno.EEXIST: _TAKEN,
    errno.ENOTDIR: _TAKEN,
}
INTERRUPTED = 130  # what typer and shells make of Ctrl-C
TERMINATED = 143  # what shells make of SIGTERM
_OF_DUCKDB = re.compile(r"Query interrupted|.*\bKeyboardInterrupt\b.*", re.DOTALL)  # in what it raises in place of one
_UNCHANGED = "An existing edition is unchanged."


class OutputError(Exception):
    """Standard output could not be written."""


def failed(error: BaseException) -> int:
    """Print what went wrong and return the exit code; raise the error where HUBRANK_DEBUG is set."""
    if isinstance(error, BrokenPipeError):
        drop_output()  # its reader went away
        return 0
    if isinstance(error, OutputError):
        drop_output()
        message(f"standard output cannot be written: {error}.")
        return StudyError.exit_code
    if isinstance(error, KeyboardInterrupt) or _OF_DUCKDB.fullmatch(str(error)):
        message("interrupted; no incomplete output was left.")
        return INTERRUPTED
    if isinstance(error, HubrankError):
        message(str(error))
        return error.exit_code
    if isinstance(error, OSError) and error.errno in _SYSTEM:
        where = error.filename or "the disk or standard output"
        message(f"{_SYSTEM[error.errno].format(path=where)} {_UNCHANGED}")
        return StudyError.exit_code
    if "HUBRANK_DEBUG" in os.environ:
        raise error
    message(f"internal error: {type(error).__name__}: {error}. Please report it; HUBRANK_DEBUG=1 shows where.")
    return HubrankError.exit_code
