"""Files as they lie on disk (plain, gz, zst, bz2, zip, workbooks), in pieces: nothing is ever unpacked to disk.

What an archive may not do: hold a path that leaves it, a link, another archive, overlapping members, or
grow beyond all reason. Such a file is refused before its contents are looked at.
"""

import bz2
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

import pyarrow as pa
from isal import isal_zlib

from hubrank.core.errors import DataError
from hubrank.core.remote import InputFile
from hubrank.core.tables import Files
from hubrank.sources.formats import repeated_cells, tagged, workbooks
from hubrank.sources.formats.file_names import MEMBER_SUFFIXES, is_about_data

PIECE = 1 << 20  # bytes handed on at a time
BOMB_BYTES = 64 << 20  # below this nothing is called a bomb
BOMB_RATIO = 250  # text of tables and records packs 3 to 30 times; DEFLATE reaches 1,032 on zeros
MOST_MEMBERS = 10_000
DIRECTORY_BYTES = 4 << 20  # of a zip's table of contents: more cannot be MOST_MEMBERS
MAGIC = {
    b"\x1f\x8b": "gz",
    b"\x28\xb5\x2f\xfd": "zst",
    b"BZh": "bz2",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\xfd7zXZ\x00": "xz",
    b"Rar!": "rar",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "xls",
}

_SHEETS = {"[Content_Types].xml", "mimetype"}  # in every document of Microsoft, and of OpenDocument
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_SPREADSHEET = (
    "{name} is a spreadsheet (or a document of such a program) of a kind that is not read. Save it as xlsx, or the "
    "sheet that has the rows as CSV UTF-8 (File, Save As), and name that file."
)
_PAGE = (
    "{name} is a web page (HTML), which is not read: portals call such a page Export.xls, or answer with one. Open it "
    "in a spreadsheet program and save it as CSV UTF-8 (File, Save As), or download the data again."
)
_ISAL_ERROR = cast(type[Exception], isal_zlib.IsalError)  # its stub takes the class for an instance
_UNPACKING = _ISAL_ERROR, zlib.error, EOFError, BadZipFile  # what damage raises there
_DAMAGE = (*_UNPACKING, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of text: `name` as tables and messages call it, `pieces` its bytes from the first to the last.

    sheet : of a workbook, what it is called.
    """

    name: str
    pieces: Iterator[bytes]
    sheet: str = ""


def members_of(paths: Iterable[InputFile], files: Files, sheets: Sequence[str] = ()) -> Iterator[Member]:
    """Yield the files of text that files of a source hold, one after the other. sheets : as of `members`."""
    return (member for path in paths for member in members(path, files.name(path), sheets))


def members(path: InputFile, name: str, sheets: Sequence[str] = ()) -> Iterator[Member]:
    """Yield the files that `path` holds: itself, the data files of a zip in the order of their names, or sheets.

    sheets : of a workbook, those that have the rows; of none, its only table, or all tables of one header.

    Raises DataError where the file cannot be read, is damaged, is an archive that is refused, or no workbook although
    sheets are named.
    """
    try:
        with path.open("rb", buffering=0) as file:
            head = file.read(512)
            kind = _kind(head)
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror}.") from None
    if kind == "xls" or (kind == "zip" and is_workbook(path, name)):
        for sheet, text in workbooks.sheets(path, name, sheets):
            yield Member(f"{name}/{sheet}", text, sheet)
        return
    expect_no_sheets(name, sheets)
    if kind == "zip":
        yield from _zip(path, name)
    elif document := _document(head):
        raise DataError(document.format(name=name))
    elif kind in _OPENERS:
        yield Member(name, tagged.opened(_checked(_OPENERS[kind](path), name), name))
    else:
        raise DataError(f"{name} is a {kind} archive, which hubrank does not open. Unpack it and name its files.")


def expect_no_sheets(name: str, sheets: Sequence[str]) -> None:
    """Raise DataError where the study names sheets of a file that is no workbook."""
    if sheets:
        raise DataError(
            f"{name} is no workbook, and options.sheets names the sheets of one ({', '.join(map(repr, sheets))}). "
            f"Leave sheets out; where other files are workbooks, name this one in a [[sources]] of its own."
        )


def _kind(head: bytes) -> str:
    """Return how a file is packed, from its first bytes, whatever its name says."""
    if head[257:262] == b"ustar":
        return "tar"
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), "plain")


def _document(head: bytes) -> str | None:
    """Return why a file of marked-up text is refused, from its first bytes; None where it may be read."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta ")):
        return _PAGE
    return _SPREADSHEET if start.startswith(b"<?") and b"excel.sheet" in start else None  # XML of Excel 2003


def _checked(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Pass pieces on. Raises DataError where a packed file is damaged or holds another archive."""
    try:
        first = next(pieces, b"")
        if (kind := _kind(first)) != "plain":
            raise DataError(
                f"{name} contains a {kind} archive inside another. Unpack the outer one and name its files."
            )
        yield first
        yield from pieces
    except _DAMAGE as error:
        raise DataError(f"{name} is damaged or cut short: {error}. Download it again.") from None


def _bounded(pieces: Iterator[bytes], consumed: Callable[[], int], name: str) -> Iterator[bytes]:
    """Refuse a file that grows beyond all reason while it is unpacked."""
    unpacked = 0
    for piece in pieces:
        unpacked += len(piece)
        if unpacked > BOMB_BYTES and unpacked > BOMB_RATIO * consumed():
            raise DataError(f"{name} unpacks to more than {BOMB_RATIO} times its size: refused as a zip bomb.")
        yield piece


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _plain(path: InputFile) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from _read(file)


def _gz(path: InputFile) -> Iterator[bytes]:
    """Unpack gzip members one after the other with ISA-L, in 0.57 of zlib's time."""
    with path.open("rb") as file:
        yield from _bounded(_inflate(file), file.tell, path.name)


def _inflate(file: BinaryIO) -> Iterator[bytes]:
    inflater, within = isal_zlib.decompressobj(wbits=31), False
    while raw := file.read(PIECE // 8):
        while raw := raw if within else raw.lstrip(b"\0"):
            yield inflater.decompress(raw)
            within, raw = not inflater.eof, inflater.unused_data
            if inflater.eof:
                inflater = isal_zlib.decompressobj(wbits=31)
    if within:
        raise EOFError("it ends in the middle of the compressed data")


def _bz2(path: InputFile) -> Iterator[bytes]:
    with path.open("rb") as raw, bz2.open(raw) as file:
        yield from _bounded(_read(file), raw.tell, path.name)


def _zst(path: InputFile) -> Iterator[bytes]:
    with path.open("rb") as raw, pa.CompressedInputStream(raw, "zstd") as file:
        yield from _bounded(_read(file), raw.tell, path.name)


_OPENERS: dict[str, Callable[[InputFile], Iterator[bytes]]] = {"plain": _plain, "gz": _gz, "bz2": _bz2, "zst": _zst}


def is_workbook(path: InputFile, name: str) -> bool:
    """Say whether a file is a workbook of sheets. Raises DataError for one that is damaged, or grows beyond reason."""
    with path.open("rb", buffering=0) as file:
        kind = _kind(file.read(512))
    if kind != "zip":
        return kind == "xls"
    _refuse_crowded(path, name)
    with _damage_named(name), path.open("rb") as file, ZipFile(file) as archive:
        infos = archive.infolist()
        if not _SHEETS.intersection(info.filename for info in infos):
            return False
        if not (is_xlsx := any(info.filename.startswith("xl/worksheets/") for info in infos)) and not _is_ods(archive):
            raise DataError(_SPREADSHEET.format(name=name))
        _refuse_bomb(infos, path.stat().st_size, name)
        (workbooks.expect_dense if is_xlsx else repeated_cells.expect_dense)(archive, name)
        return True


def _is_ods(archive: ZipFile) -> bool:
    """Return whether a zip is a spreadsheet in OpenDocument, by what it says first."""
    if not {"mimetype", "content.xml"} <= set(archive.namelist()):
        return False
    with archive.open("mimetype") as file:
        return file.read(len(_ODS) + 1).rstrip() == _ODS


@contextmanager
def _damage_named(name: str) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, NotImplementedError, ValueError) as error:
        raise DataError(f"{name} is a damaged zip file: {error}. Download it again.") from None


def _zip(path: InputFile, name: str) -> Iterator[Member]:
    _refuse_crowded(path, name)
    with _damage_named(name), path.open("rb") as file, ZipFile(file) as archive:
        infos = _accepted(archive.infolist(), path.stat().st_size, name)
        for info in infos:
            inside = f"{name}/{info.filename}"
            yield Member(inside, tagged.opened(_checked(_unzip(archive, info), inside), inside))


def _unzip(archive: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as file:
        yield from _read(file)


def _refuse_crowded(path: InputFile, name: str) -> None:
    """Refuse a zip whose table of contents is too long, before it is parsed."""
    with path.open("rb", buffering=0) as file:
        file.seek(max(0, path.stat().st_size - 65_557))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise DataError(f"{name} is an incomplete zip file: its end is missing. Download it again.")
    entries, size = struct.unpack_from("<HI", tail, end + 10)
    wide = tail.rfind(b"PK\x06\x06", 0, end)
    if wide >= 0 and len(tail) >= wide + 48:
        entries, size = struct.unpack_from("<QQ", tail, wide + 32)
    if entries > MOST_MEMBERS or size > DIRECTORY_BYTES:
        raise DataError(
            f"{name} contains {entries:,} files; hubrank opens archives of up to {MOST_MEMBERS:,}. Unpack it."
        )


def _accepted(infos: list[ZipInfo], packed: int, name: str) -> list[ZipInfo]:
    """Return the data files of a zip; raise DataError for the first member that may not be in one."""
    files = [info for info in infos if not info.filename.endswith("/")]
    for info in files:
        _refuse_member(info, f"{name}/{info.filename}")
    counts = Counter(info.filename for info in files)
    if twice := [filename for filename, count in counts.items() if count > 1]:
        raise DataError(f"{name} contains {twice[0]!r} more than once: refused, as lines could not be told apart.")
    end = 0
    for info in sorted(files, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise DataError(f"{name} has members that overlap: refused as a zip bomb.")
        end = info.header_offset + info.compress_size
    _refuse_bomb(files, packed, name)
    data = [info for info in files if _is_data(info.filename)]
    if not data:
        raise DataError(f"{name} contains no data file ({', '.join(sorted(MEMBER_SUFFIXES))}).")
    return sorted(data, key=lambda info: info.filename)


def _refuse_bomb(infos: list[ZipInfo], packed: int, name: str) -> None:
    total = sum(info.file_size for info in infos)
    if total > BOMB_BYTES and total > BOMB_RATIO * packed:
        raise DataError(f"{name} unpacks to more than {BOMB_RATIO} times its size: refused as a zip bomb.")


def _refuse_member(info: ZipInfo, name: str) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if not path.parts:
        raise DataError(f"{name} has no name: refused.")
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise DataError(f"{name} has a path that leads out of the archive: refused.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise DataError(f"{name} is a link: refused.")
    if info.flag_bits & 0x1:
        raise DataError(f"{name} is encrypted. Unpack the archive and name its files.")
    if path.suffix.lower() in {".zip", ".gz", ".bz2", ".zst", ".7z", ".tar", ".tgz", ".xz", ".rar"}:
        raise DataError(f"{name} is an archive inside another. Unpack the outer one and name its files.")


def _is_data(filename: str) -> bool:
    path = PurePosixPath(filename.replace("\\", "/"))
    return path.suffix.lower() in MEMBER_SUFFIXES and not is_about_data(path)
