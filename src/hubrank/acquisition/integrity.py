"""Whether a downloaded file is what its provider states: size, hash, records, and whole as an archive."""

import gzip
import hashlib
import json
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.acquisition.provider import RemoteFile

_BLOCK = 1 << 20


def fault(path: Path, file: RemoteFile) -> str:
    """Return what is wrong with a file in one phrase; "" where nothing is.

    path : the file, whatever its name; file : the name that tells its format, and what the provider states.
    """
    size = path.stat().st_size
    if file.size is not None and size != file.size:
        return f"has {size:,} bytes, not the {file.size:,} that its provider states"
    if file.md5 and _md5(path) != file.md5:
        return "does not have the MD5 hash that its provider states"
    with path.open("rb") as opened:
        start = opened.read(512).lstrip().lower()
    if not start:
        return "is empty"
    if start.startswith((b"<!doctype html", b"<html")):
        return "is a web page, not the file"
    checks = {".zip": _zip, ".gz": _gzip, ".parquet": _parquet, ".json": _json, ".geojson": _json}
    check = checks.get(Path(file.name).suffix)
    return check(path, file.records) if check else ""


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _zip(path: Path, _records: int | None) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            bad = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return "is a damaged zip archive"
    except NotImplementedError:
        return ""  # a compression that only other programs read: the size was compared
    return f"is a zip archive whose member {bad} is damaged" if bad else ""


def _gzip(path: Path, records: int | None) -> str:
    lines = 0
    try:
        with gzip.open(path) as file:
            while block := file.read(_BLOCK):
                lines += block.count(b"\n")
    except (OSError, EOFError, zlib.error):
        return "is damaged: it does not unpack"
    return _counted(lines, records)


def _parquet(path: Path, records: int | None) -> str:
    try:
        rows = pq.read_metadata(path).num_rows
    except (pa.ArrowException, OSError):
        return "is not a whole Parquet file"
    return _counted(rows, records)


def _json(path: Path, _records: int | None) -> str:
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return "is not whole JSON"
    return ""


def _counted(rows: int, records: int | None) -> str:
    if records is None or rows == records:
        return ""
    return f"contains {rows:,} records, not the {records:,} that its provider states"
