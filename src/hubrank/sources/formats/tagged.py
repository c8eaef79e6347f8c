"""Records of tagged lines become a table: the plain text of Web of Science (`FN …`, `PT J`) and RIS (`TY  - JOUR`).

A tag of two letters opens a line and is the name of a column; a line without one continues the line before it.
"""

import re
from collections.abc import Iterator, Sequence

from hubrank.core.errors import DataError

_MARK = b"\xef\xbb\xbf"  # of the order of bytes
_START = 512  # bytes in which a format shows
_BIBTEX = re.compile(rb"^@[a-z]+\s?\{", re.IGNORECASE | re.MULTILINE)
_WOS_HEAD = re.compile(rb"FN [^\r\n]*(\r\n?|\n)VR ")
_WOS_LINE = re.compile(rb"([A-Z][A-Z0-9])( .*)?")
_RIS_LINE = re.compile(rb"([A-Z][A-Z0-9])  -(.*)")
_FIRST, _LAST = (b"PT", b"TY"), b"ER"  # tags of a record
_ADDRESSES = b"C1"  # in Web of Science; each ends with a full stop
_LISTS = frozenset((b"AU", b"AF", b"BA", b"BE", b"BF", b"CA", b"CR", _ADDRESSES))  # one value a line there
_RIS_DATES = frozenset((b"PY", b"Y1", b"DA"))  # 2021///
_RIS_NAMES = {b"AD": b"Author Address", b"DO": b"DOI"}  # as the format calls them
Record = dict[bytes, bytes]


def opened(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Yield the bytes of a file of text; records of tagged lines as a table.

    Raises DataError for BibTeX, and where the last record does not end.
    """
    first = next(pieces, b"")
    head = first[:_START]
    if _BIBTEX.search(head):
        raise DataError(
            f"{name} is BibTeX, which is not read. Export the records again: from Web of Science as plain text or tab "
            f"delimited file with the full record, from Scopus as CSV with affiliations, elsewhere as RIS or CSV."
        )
    if not _is_wos(head) and not _beginning(head).startswith(b"TY  - "):
        yield first
        yield from pieces
        return
    yield _as_table(b"".join([first, *pieces]), name)


def _as_table(data: bytes, name: str) -> bytes:
    """Return a table divided by tabs: a column for each tag, each record in the line in which it ends in the file.

    Values of one tag are divided by `; `, as in the table that Web of Science exports.
    """
    records = list(_records(data.replace(_MARK, b"").splitlines(), name, is_wos=_is_wos(data)))
    header = list(dict.fromkeys(tag for _, record in records for tag in record))
    lines, before = [b"\t".join(header)], 1
    for line, record in records:
        lines += [b""] * (line - before - 1)
        lines.append(b"\t".join(_cell(record.get(tag, b"")) for tag in header))
        before = line
    return (_MARK if data.startswith(_MARK) else b"") + b"\n".join(lines) + b"\n"


def _beginning(head: bytes) -> bytes:
    return head.removeprefix(_MARK).lstrip()


def _is_wos(head: bytes) -> bool:
    return _WOS_HEAD.match(_beginning(head)) is not None


def _records(lines: Sequence[bytes], name: str, *, is_wos: bool) -> Iterator[tuple[int, Record]]:
    """Yield each record with the number of its last line."""
    record: Record | None = None
    tag = b""
    for at, line in enumerate(lines, 1):
        stated = (_WOS_LINE if is_wos else _RIS_LINE).fullmatch(line)
        tag, text = (stated[1], stated[2] or b"") if stated else (tag, line)
        if stated and tag in _FIRST:
            record = {}
        if record is None:
            continue  # before the first record, or between two
        if stated and tag == _LAST:
            yield at, record
            record = None
        else:
            is_value = tag in _LISTS if is_wos else stated is not None
            _add(record, *(_wos_value(tag, text) if is_wos else _ris_value(tag, text)), is_value=is_value)
    if record is not None:
        raise DataError(f"{name} is cut short: its last record has no line ER. Export it again.")


def _wos_value(tag: bytes, text: bytes) -> tuple[bytes, bytes]:
    return tag, text.strip().removesuffix(b".") if tag == _ADDRESSES else text.strip()


def _ris_value(tag: bytes, text: bytes) -> tuple[bytes, bytes]:
    return _RIS_NAMES.get(tag, tag), text.strip().rstrip(b"/") if tag in _RIS_DATES else text.strip()


def _add(record: Record, name: bytes, text: bytes, *, is_value: bool) -> None:
    """Add the text of a line to what the record has under its tag: as a value of its own, or the rest of the last."""
    if text:
        record[name] = record[name] + (b"; " if is_value else b" ") + text if name in record else text


def _cell(text: bytes) -> bytes:
    text = text.replace(b"\t", b" ")
    return b'"' + text.replace(b'"', b'""') + b'"' if b'"' in text else text
