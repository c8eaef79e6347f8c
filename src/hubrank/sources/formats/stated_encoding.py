"""Whether the encoding that a study states is that of a file, and which one is it if not."""

import codecs
import re
from collections.abc import Callable, Sequence

from hubrank.core.errors import DataError
from hubrank.core.tables import Ledger
from hubrank.sources.formats.lines import EncodingError, guess
from hubrank.sources.formats.rows import Rows

NO_ENCODING = "These names have bytes that are no characters in the encoding that the study states: correct encoding."
_SHOWN_BYTE = re.compile(rb"\\x([89a-f][0-9a-f])")  # how a name shows a byte that is no character


def other_header(part: Rows, stated: str, name: str, has_columns: Callable[[tuple[str, ...]], bool]) -> str:
    """Say in which other encoding a table has the columns that it lacks in the stated one; "" where in none.

    part : its first rows, read as stated. has_columns : whether a header is the one that is looked for.
    """
    try:
        head, *cells = (_bytes("\t".join(row), stated) for row in (part.header, *part.cells))
        other = _other(b"\n".join([head, *cells]), name)
        header = tuple(head.decode(other).split("\t")) if other else ()
    except UnicodeError:
        return ""
    if not has_columns(header):
        return ""
    return f'Read in {other} it has: {", ".join(header[:40])}. State encoding = "{other}" in its options.'


def _bytes(text: str, encoding: str) -> bytes:
    """Return what was read: bytes that are no characters are escapes in a cell, and shown as such in a header."""
    return _SHOWN_BYTE.sub(lambda match: bytes.fromhex(match[1].decode()), text.encode(encoding, "surrogateescape"))


def _other(data: bytes, name: str) -> str:
    """Return the encoding that bytes seem to be in; "" where they seem to be in none."""
    try:
        return guess(data, name)
    except EncodingError as error:
        return error.encoding
    except DataError:
        return ""


def remark_undecoded(encoding: str, undecoded: int, examples: Sequence[str], name: str, ledger: Ledger) -> None:
    """Say in which encoding rows can be read that cannot be in the one that the study states."""
    try:
        other = _other("\n".join(examples).encode(encoding, "surrogateescape"), name)
    except UnicodeError:
        other = ""
    remedy = f"read in {other} they are text: state that, or leave the option out" if other else "state another one"
    ledger.remark(
        f"rows have bytes that are no characters in {encoding}, as options.encoding states; {remedy}", undecoded
    )


def remark_utf8(encoding: str, count: int, ledger: Ledger) -> None:
    """Say that a file in which all text is valid UTF-8 is read in another encoding, as the study states."""
    if codecs.lookup(encoding).name not in {"utf-8", "utf-8-sig", "utf-16"}:
        ledger.remark(f"rows of files that are valid UTF-8 are read as {encoding}, as options.encoding states", count)
