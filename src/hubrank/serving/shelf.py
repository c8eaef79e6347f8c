"""The files that are served: those that edition.json names, each under one address and no other.

An address is looked up among the names of these files; it never becomes a path.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path, PurePosixPath

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from hubrank.core.edition import Edition
from hubrank.core.errors import DataError
from hubrank.serving import limits, policy
from hubrank.serving.problems import Problem

WITHHELD = frozenset({"tables/located.parquet"})  # a row per listing: the records themselves, not what was made of them
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".geojson": "application/geo+json",
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".cff": "application/yaml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
    ".geoparquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
}
_SHRINKING = ("text/", "application/json", "application/ld+json", "application/geo+json", "image/svg")
_WORTH_SHRINKING = 1_024
_EFFORT = 5  # of gzip, from 1 to 9
_LIVE = ("live.js", "overlay.js", "ranking.js", "live.css")
_HEAD = b'<link rel="stylesheet" href="live/live.css">\n</head>'
_TAIL = b'<script type="module" src="live/live.js"></script>\n</body>'


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A file in memory: as it is, and shrunk where that is worth while; with the headers that go with it."""

    content: bytes
    shrunk: bytes
    headers: dict[str, str]

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.content) + len(self.shrunk)


class Memory:
    """What was asked for last, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held: OrderedDict[Hashable, Held] = OrderedDict()
        self.bytes = 0

    def get(self, key: Hashable) -> Held | None:
        """Return what is kept under a key, and keep it longer."""
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def keep(self, key: Hashable, held: Held) -> None:
        """Keep something; what was not asked for longest makes room."""
        before = self._held.pop(key, None)
        self.bytes += held.size - (before.size if before else 0)
        self._held[key] = held
        while self.bytes > self._most and self._held:
            self.bytes -= self._held.popitem(last=False)[1].size


class Shelf:
    """The files of one edition by address; small ones are kept in memory, those asked for last.

    embeddable : True where other sites may show embed pages in a frame.
    """

    def __init__(self, made: Edition, *, embeddable: bool = False) -> None:
        self._embeddable = embeddable
        self._paths = dict(_listed(made))
        self._own = {f"live/{name}": files("hubrank").joinpath("serving", "live", name) for name in _LIVE}
        self.memory = Memory(limits.HELD_BYTES)

    @property
    def addresses(self) -> list[str]:
        """What can be asked for, without the slash in front."""
        return sorted([*self._paths, *self._own])

    async def respond(self, request: Request, address: str) -> Response:
        """Answer with a file. Raises Problem where there is none of that address."""
        path = self._paths.get(address)
        if path is None and address not in self._own:
            raise Problem(404, "There is nothing at this address.")
        if path is not None and _size(path) > limits.LARGEST_HELD:
            return FileResponse(path, headers={"cache-control": "no-cache"}, media_type=_type(address))
        held = self.memory.get(address)
        if held is None:
            held = await run_in_threadpool(self._read, address)
            self.memory.keep(address, held)
        return answer(request, held)

    def _read(self, address: str) -> Held:
        path = self._paths.get(address)
        content = self._own[address].read_bytes() if path is None else path.read_bytes()
        return hold(content, address, embeddable=self._embeddable)


def hold(content: bytes, address: str, *, embeddable: bool = False) -> Held:
    """Make a file ready to be served: a page gets its policy, and the page of the map what computes."""
    kind = _type(address)
    headers = {"content-type": kind, "cache-control": "no-cache", "vary": "Accept-Encoding"}
    if kind.startswith("text/html"):
        content, told = policy.of_page(content)
        framed = embeddable and PurePosixPath(address).name.startswith("embed")
        headers |= {name.decode(): value.decode() for name, value in policy.headers(told, framed=framed)}
        if address == "index.html":
            content = content.replace(b"</head>", _HEAD, 1).replace(b"</body>", _TAIL, 1)
    return _held(content, headers)


def hold_answer(content: bytes, kind: str) -> Held:
    """Make an answer that was computed ready to be sent, and to be sent again."""
    return _held(content, {"content-type": kind, "cache-control": "no-cache", "vary": "Accept-Encoding"})


def _held(content: bytes, headers: dict[str, str]) -> Held:
    headers["etag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    worth = len(content) >= _WORTH_SHRINKING and headers["content-type"].startswith(_SHRINKING)
    shrunk = gzip.compress(content, _EFFORT, mtime=0) if worth else b""
    return Held(content, shrunk, headers)


class Pieces(Response):
    """An answer sent in pieces, each when the one before was fetched, so that slow clients take little memory."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for start in range(0, max(1, len(self.body)), limits.PIECE_BYTES):
            end = start + limits.PIECE_BYTES
            piece = bytes(self.body[start:end])
            await send({"type": "http.response.body", "body": piece, "more_body": end < len(self.body)})


def answer(request: Request, held: Held) -> Response:
    """Send what is held, shrunk where the client can undo that, or only say that the client has it already."""
    if held.headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=held.headers)
    if held.shrunk and "gzip" in request.headers.get("accept-encoding", ""):
        return Pieces(held.shrunk, headers={**held.headers, "content-encoding": "gzip"})
    return Pieces(held.content, headers=held.headers)


def _listed(made: Edition) -> Iterator[tuple[str, Path]]:
    """Yield address and path of each file; pages of the site last, so that they come before others of their name.

    Raises DataError where edition.json names a file outside the edition.
    """
    names = sorted({*made.manifest["outputs"], "edition.json"} - WITHHELD, key=lambda name: name.startswith("site/"))
    root = made.folder.resolve()
    for name in names:
        path = root / name
        if path.resolve() != path or not path.is_relative_to(root):
            raise DataError(f"{made.folder}/edition.json names {name!r}, which lies elsewhere. Run the study again.")
        if path.is_file():
            yield name.removeprefix("site/"), path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        raise Problem(404, "This file is no longer there; the edition may be about to be replaced.") from None


def _type(address: str) -> str:
    return TYPES.get(PurePosixPath(address).suffix, "application/octet-stream")
