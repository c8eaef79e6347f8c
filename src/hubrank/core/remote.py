"""Files at an address, `s3://…` or `https://…`: read where they are, a range at a time (extra `remote`).

`gs://…` goes the same way and has not been tried. What breaks off is asked for again from where it broke off; a file
that is replaced meanwhile is no longer the one that was named, and reading it fails.
"""

import io
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar, cast
from urllib.parse import unquote

from hubrank.core.errors import DataError, HubrankError, StudyError

BLOCK = 8 << 20  # bytes asked for at a time while a file is read from its first to its last
CLIENT = {"connect_timeout": "20s", "read_timeout": "60s", "timeout": "30m"}  # a slow answer is an answer
RETRY = {"max_retries": 10, "retry_timeout": timedelta(minutes=4)}  # of one request; credentials may expire after five
_LISTS = 5  # attempts at one list
_ROLE = "169.254.169.254"  # where machines of Amazon are told their role
_CREDENTIALS = (
    "Set the credentials of the store in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION), or "
    "AWS_SKIP_SIGNATURE=true for a public bucket."
)
BUCKETS = ("s3", "gs")
_WEB = ("https", "http")
_WILD = re.compile(r"\*\*/?|\*|\?")
_WILDCARDS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
Result = TypeVar("Result")


class MissingError(StudyError):
    """There is nothing at an address."""


class BrokenOffError(DataError):
    """An answer ended before its end."""


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
        return _parts(self.address)[2].rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The address without its last part."""
        return self.address.rpartition("/")[0]

    @property
    def public_address(self) -> str:
        """Its address as outputs and messages write it."""
        return public_address(self.address)

    def open(self, mode: Literal["rb"] = "rb", buffering: int = BLOCK) -> BinaryIO:
        """Open it for reading; without buffering each read is one request for exactly these bytes."""
        if mode != "rb":
            raise ValueError(f"{self.address} can only be read")
        raw = _Ranges(self)
        return cast(BinaryIO, io.BufferedReader(raw, buffering) if buffering else raw)

    def stat(self) -> os.stat_result:
        """Return its size; nothing else is known."""
        return os.stat_result((0, 0, 0, 1, 0, 0, self.size, 0, 0, 0))

    def expect_unchanged(self) -> None:
        """Raise DataError where another file is at the address now."""
        if looked_up(self.address) != self:
            raise self._replaced()

    def read_range(self, start: int, end: int) -> Any:  # noqa: ANN401 (a buffer of an optional library)
        """Return the bytes from `start` to before `end`. Raises DataError where they cannot be had."""
        store, key = _store_of(self.address)
        answer = _answer(self.address, lambda: _obstore().get(store, key, options={"range": (start, end)}))
        if _version(answer.meta) != (self.size, self.etag, self.modified):
            raise self._replaced()
        return _answer(self.address, answer.bytes)

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
        end = min(self._at + len(buffer), self._file.size)
        if end <= self._at:
            return 0
        piece = self._file.read_range(self._at, end)
        count = len(piece)
        buffer[:count] = memoryview(piece)
        self._at += count
        return count


def is_address(pattern: str) -> bool:
    """Tell an address (`https://…`, `s3://…`) from a path."""
    return "://" in pattern


def public_address(address: str) -> str:
    """Return an address without what may be secret: user, password and query, of which a hash stays."""
    scheme, host, path = _parts(address)
    query = "" if scheme in BUCKETS else address.partition("#")[0].partition("?")[2]
    hashed = f"?{sha256(query.encode()).hexdigest()[:8]}" if query else ""
    return f"{scheme}://{host.rpartition('@')[2]}/{path}{hashed}"


def _parts(address: str) -> tuple[str, str, str]:
    """Return scheme, host or bucket, and path or key; in a bucket any character may be in a key."""
    scheme, _, rest = address.partition("://")
    if scheme.lower() not in BUCKETS:
        rest = rest.partition("#")[0].partition("?")[0]
    host, _, path = rest.partition("/")
    return scheme.lower(), host, path


def matches(pattern: str) -> list[RemoteObject | None]:
    """Return the files that an address with wildcards names, sorted, or the one that it is the address of.

    That is None where the file cannot be read where it is, since its server gives no ranges or states no version.

    Raises StudyError where there is no such file, or no library for it.
    """
    scheme, host, path = _parts(pattern)
    named = public_address(pattern)
    if scheme not in (*BUCKETS, *_WEB):
        raise StudyError(f"{named}: {scheme}:// cannot be opened. Use https://, s3:// or gs://, or a path.")
    if scheme in _WEB:
        if "*" in path:
            raise StudyError(f"{named}: the files of a web server cannot be listed. Name each of them.")
        return [_in_place(pattern)]
    if not host or not path or path.endswith("/"):
        raise StudyError(f"{named} names a bucket or a folder; name files in it, such as {named.rstrip('/')}/*.gz.")
    if not _WILD.search(path):
        return [looked_up(pattern)]
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


def folders(address: str) -> set[str]:
    """Return the names of the folders in a folder of a bucket."""
    store, key = _store_of(address)
    listed = _answer(address, lambda: _obstore().list_with_delimiter(store, prefix=key))
    return {prefix.rstrip("/").rpartition("/")[2] for prefix in listed["common_prefixes"]}


def _listed(address: str, prefix: str) -> list[dict[str, Any]]:
    """Return what a bucket has below a prefix; a list that breaks off, unlike a file, is asked for again here."""
    store, _ = _store_of(address)
    pages = partial(_obstore().list, store, prefix=prefix or None)
    for _ in range(_LISTS - 1):
        with suppress(BrokenOffError):
            return _answer(address, lambda: [entry for page in pages() for entry in page])
    return _answer(address, lambda: [entry for page in pages() for entry in page])


def looked_up(address: str) -> RemoteObject:
    """Return what is at an address now.

    Raises StudyError where there is nothing or no access, DataError where the server does not answer.
    """
    store, key = _store_of(address)
    return _object(address, _answer(address, lambda: _obstore().head(store, key)))


def exists(address: str) -> bool:
    """Return whether there is something at an address in a bucket."""
    try:
        looked_up(address)
    except MissingError:
        return False
    return True


def remove(address: str) -> None:
    """Remove what is at an address in a bucket."""
    store, key = _store_of(address)
    with suppress(MissingError):
        _answer(address, lambda: _obstore().delete(store, key))


def put(address: str, path: Path) -> None:
    """Write a file to an address in a bucket, as a whole. Raises StudyError or DataError where it is refused."""
    store, key = _store_of(address)
    _answer(address, lambda: _obstore().put(store, key, path))


def _in_place(address: str) -> RemoteObject | None:
    """Return a file of a web server, if it can be read where it is.

    It cannot where the library asks for something else (a query, a part with an encoded slash), or without a password.
    """
    _, host, path = _parts(address)
    if "@" in host or "?" in address or "#" in address or "%2f" in path.lower() or not path or path.endswith("/"):
        return None
    try:
        file = looked_up(address)
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


def _store_of(address: str) -> tuple[Any, str]:
    """Return the store that an address is in, and its key there."""
    scheme, host, path = _parts(address)
    return _store(f"{scheme}://{host}"), unquote(path) if scheme in _WEB else path


@lru_cache(maxsize=64)
def _store(root: str) -> Any:  # noqa: ANN401
    endpoint = root if root.startswith("http") else os.environ.get("AWS_ENDPOINT_URL", "")
    client = {**CLIENT, "allow_http": endpoint.startswith("http://")}  # only where somebody has written so
    obstore = _obstore()
    return _answer(root, lambda: obstore.store.from_url(root, client_options=client, retry_config=RETRY))


def _obstore() -> Any:  # noqa: ANN401 (an optional library)
    try:
        import_module("obstore.store")
        return import_module("obstore")
    except ImportError:
        raise StudyError(
            "Files at s3://, gs:// and https:// need the extra: pip install 'hubrank[remote]'. Or download them and "
            "name the files."
        ) from None


def _answer(address: str, request: Callable[[], Result]) -> Result:
    """Return what a server answers; its refusals in our words."""
    exceptions = import_module("obstore.exceptions")
    named = public_address(address)
    try:
        return request()
    except FileNotFoundError:
        raise MissingError(f"{named} does not exist. Check the address.") from None
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError):
        raise StudyError(f"{named}: access is denied. {_CREDENTIALS}") from None
    except (exceptions.BaseError, OSError, ValueError) as error:
        raise _in_our_words(named, str(error)) from None


def _in_our_words(named: str, text: str) -> HubrankError:
    """Return what is raised for an error of the library; addresses in its text may have a password or a query."""
    reason = " ".join(text.partition("\n\nDebug source")[0].split())
    reason = re.sub(r"//[^/@\s]*@", "//", re.sub(r"\?\S+", "", reason))[:200]
    if "NoSuchBucket" in text:
        return MissingError(f"{named}: there is no such bucket. Check the address.")
    if _ROLE in text:
        return StudyError(f"{named}: no credentials, and this machine has no role. {_CREDENTIALS}")
    if "path segment" in text:
        return StudyError(f"{named}: a name with // or .. in it cannot be read ({reason}). Copy it to another name.")
    kind = BrokenOffError if "body error" in reason else DataError
    return kind(f"{named} cannot be read: {reason}. Run again: what is finished is kept.")
