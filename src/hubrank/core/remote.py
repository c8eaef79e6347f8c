"""Files at an address, `s3://…` or `https://…`: read where they are, a range at a time (extra `remote`).

`gs://…` goes the same way and has not been tried. What breaks off is asked for again from where it broke off; a file
that is replaced meanwhile is no longer the one that was named, and reading it fails.
"""

import io
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from hubrank.core.errors import DataError, HubrankError, StudyError
from hubrank.core.object_store import (
    BUCKETS,
    WEB,
    BrokenOffError,
    MissingError,
    answer,
    library,
    parts,
    public_address,
    store_of,
)

BLOCK = 8 << 20  # bytes asked for at a time while a file is read from its first to its last
_LISTS = 5  # attempts at one list
_WILD = re.compile(r"\*\*/?|\*|\?")
_WILDCARDS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class ReplacedError(DataError):
    """Another file is at the address by now."""


@dataclass(frozen=True, slots=True)
class RemoteObject:
    """A file at an address, as it was when the address was looked up; it is opened and sized as a Path is.

    etag : what its server calls this version of it; modified : the time of its last change, where there is no ETag.
    """

    address: str
    size: int
    etag: str
    modified: str

    @property
    def name(self) -> str:
        """The last part of its address."""
        return parts(self.address)[2].rpartition("/")[2]

    @property
    def public_address(self) -> str:
        """Its address as outputs and messages write it."""
        return public_address(self.address)

    def open(self, mode: Literal["rb"] = "rb", buffering: int = BLOCK) -> BinaryIO:
        """Open it for reading; without buffering each read is one request for exactly these bytes."""
        if mode != "rb":
            raise ValueError(f"{self.public_address} can only be read")
        raw = _Ranges(self)
        return cast(BinaryIO, io.BufferedReader(raw, buffering) if buffering else raw)

    def stat(self) -> os.stat_result:
        """Return its size; nothing else is known."""
        return os.stat_result((0, 0, 0, 1, 0, 0, self.size, 0, 0, 0))

    def expect_unchanged(self) -> None:
        """Raise DataError where another file is at the address now."""
        if head(self.address) != self:
            raise self._replaced()

    def read_range(self, start: int, end: int) -> Any:  # noqa: ANN401 (a buffer of an optional library)
        """Return the bytes from `start` to before `end`. Raises DataError where they cannot be had."""
        store, key = store_of(self.address)
        got = answer(self.address, lambda: library().get(store, key, options={"range": (start, end)}))
        if _version(got.meta) != (self.size, self.etag, self.modified):
            raise self._replaced()
        return answer(self.address, got.bytes)

    def _replaced(self) -> ReplacedError:
        return ReplacedError(
            f"{self.public_address} was replaced while the run read it; nothing that was read of it is kept. Run again."
        )


InputFile = Path | RemoteObject  # what a reader reads


class _Ranges(io.RawIOBase):
    """The bytes of a remote file; each read is a request."""

    def __init__(self, file: RemoteObject) -> None:
        super().__init__()
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.size}[whence]
        return self._at

    def readall(self) -> bytes:
        """Return the rest in requests of a block; the inherited method sends one for every eight kilobytes."""
        pieces = []
        while self._at < self._file.size:
            end = min(self._at + BLOCK, self._file.size)
            pieces.append(bytes(self._file.read_range(self._at, end)))
            self._at = end
        return b"".join(pieces)

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 (any writable buffer)
        """Fill a buffer by one request; return how many bytes there were."""
        end = min(self._at + len(buffer), self._file.size)
        if end <= self._at:
            return 0
        piece = self._file.read_range(self._at, end)
        count = len(piece)
        buffer[:count] = memoryview(piece)
        self._at += count
        return count


def glob(pattern: str) -> list[RemoteObject | None]:
    """Return the files that an address with wildcards names, sorted, or the one that it is the address of.

    That is None where the file cannot be read where it is, since its server gives no ranges or states no version.

    Raises StudyError where there is no such file, or no library for it.
    """
    scheme, host, path = parts(pattern)
    named = public_address(pattern)
    if scheme not in (*BUCKETS, *WEB):
        raise StudyError(f"{named}: {scheme}:// cannot be opened. Use https://, s3:// or gs://, or a path.")
    if scheme in WEB:
        if "*" in path:
            raise StudyError(f"{named}: the files of a web server cannot be listed. Name each of them.")
        return [_in_place(pattern)]
    if not host or not path or path.endswith("/"):
        raise StudyError(f"{named} names a bucket or a folder; name files in it, such as {named.rstrip('/')}/*.gz.")
    if not _WILD.search(path):
        return [head(pattern)]
    prefix = _WILD.split(path)[0].rpartition("/")[0]
    fits = re.compile("".join(_WILDCARDS.get(part, re.escape(part)) for part in re.split(f"({_WILD.pattern})", path)))
    root = f"{scheme}://{host}"
    objects: dict[str, RemoteObject] = {}
    for entry in _listed(pattern, prefix):
        file = _object(f"{root}/{entry['path']}", entry)
        # A "folder" that a console made is an object of no bytes that is listed without its slash.
        if fits.fullmatch(entry["path"]) and (file.size or (file.address not in objects and exists(file.address))):
            objects[file.address] = file
    return [*sorted(objects.values(), key=lambda each: each.address)]


def _listed(address: str, prefix: str) -> list[dict[str, Any]]:
    """Return what a bucket has below a prefix; a list that breaks off, unlike a file, is asked for again here."""
    store, _ = store_of(address)
    pages = partial(library().list, store, prefix=prefix or None)
    for _ in range(_LISTS - 1):
        with suppress(BrokenOffError):
            return answer(address, lambda: [entry for page in pages() for entry in page])
    return answer(address, lambda: [entry for page in pages() for entry in page])


def head(address: str) -> RemoteObject:
    """Return what is at an address now.

    Raises StudyError where there is nothing or no access, DataError where the server does not answer.
    """
    store, key = store_of(address)
    return _object(address, answer(address, lambda: library().head(store, key)))


def exists(address: str) -> bool:
    """Return whether there is something at an address in a bucket."""
    try:
        head(address)
    except MissingError:
        return False
    return True


def _in_place(address: str) -> RemoteObject | None:
    """Return a file of a web server, if it can be read where it is.

    It cannot where the library asks for something else (a query, a part with an encoded slash), or without a password.
    """
    _, host, path = parts(address)
    if "@" in host or "?" in address or "#" in address or "%2f" in path.lower() or not path or path.endswith("/"):
        return None
    try:
        file = head(address)
        file.read_range(0, min(1, file.size))
    except HubrankError:  # a server without HEAD or ranges answers in many ways; GET decides
        return None
    return file if file.etag or file.modified else None


def _object(address: str, entry: dict[str, Any]) -> RemoteObject:
    return RemoteObject(address, *_version(entry))


def _version(entry: dict[str, Any]) -> tuple[int, str, str]:
    """Return size, ETag and, where there is none, the time of the last change of what a store describes."""
    etag, modified = entry["e_tag"] or "", entry["last_modified"]
    return int(entry["size"]), etag, "" if etag or modified.timestamp() <= 0 else modified.isoformat()


def resolved(path: InputFile) -> InputFile:
    """Return a file under the one name that all ways to it share."""
    return path.resolve() if isinstance(path, Path) else path
