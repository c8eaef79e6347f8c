"""The files that are served: those that edition.json names, each under one address and no other.

An address is looked up among the names of these files; it never becomes a path.
"""

import gzip
import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

from hubrank.core.edition import LISTING_FILES, Edition
from hubrank.core.errors import DataError
from hubrank.core.files import json_bytes
from hubrank.serving import limits, policy
from hubrank.serving.problems import Problem

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".atom": "application/atom+xml",
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
UNKNOWN_TYPE = "application/octet-stream"
# Compressed already, or so large that compressing it for every request would keep a processor busy.
INCOMPRESSIBLE = (UNKNOWN_TYPE, *(TYPES[suffix] for suffix in (".png", ".xlsx", ".parquet", ".sqlite")))
_LIVE = ("live.js", "live.css")
_HEAD = b'<link rel="stylesheet" href="live/live.css">\n</head>'
_TAIL = b'<script type="module" src="live/live.js"></script>\n</body>'


class EditionFiles(StaticFiles):
    """The files of one edition by address, and those that add live clustering to its map.

    embeddable : True where other sites may show embed pages in a frame.
    """

    def __init__(self, edition: Edition, *, embeddable: bool = False) -> None:
        super().__init__(directory=edition.folder)
        self._embeddable = embeddable
        live = Path(__file__).with_name("live")
        self.paths = {**{f"live/{name}": live / name for name in _LIVE}, **dict(_published(edition))}
        seal = hashlib.sha256(json_bytes(edition.manifest)).hexdigest()
        hashes = {**edition.manifest["outputs"], "edition.json": seal}
        self._hashes = {edition.folder.resolve() / name: digest for name, digest in hashes.items()}
        self._intact: dict[Path, tuple[int, ...]] = {}
        self._live_pages = {self.paths.get(name) for name in ("index.html", "embed.html")}
        self._text = lru_cache(limits.TEXTS)(self._read_text)

    def get_path(self, scope: Scope) -> str:
        """Return the address that a request names, as it stands there: nothing is resolved."""
        return str(scope["path"]).removeprefix("/") or "index.html"

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Send a file, without a thread to look it up: that takes one call of the system, a thread waits its turn.

        Raises Problem where the file is not the one that edition.json seals: it is hashed when it is first sent, and
        again when its inode, size or times change.
        """
        if scope["method"] != "GET":
            raise HTTPException(405, headers={"allow": "GET, HEAD"})
        full_path, status = self.lookup_path(path)
        if status is None:
            raise HTTPException(404)
        file = Path(full_path)
        state = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        if file in self._hashes and self._intact.get(file) != state:
            if await run_in_threadpool(_sha256_of_file, file) != self._hashes[file]:
                raise Problem(503, f"{path} was changed since the edition was sealed; `hubrank verify` reports it.")
            self._intact[file] = state
        return self.file_response(full_path, status, scope)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return the file at an address; nothing where there is none, or no longer."""
        file = self.paths.get(path)
        try:
            return (str(file), file.stat()) if file else ("", None)
        except OSError:
            return "", None

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Send a file, or only say that the client has it already."""
        path, headers = Path(full_path), Headers(scope=scope)
        kind = TYPES.get(path.suffix, UNKNOWN_TYPE)
        if kind == TYPES[".html"] or (kind not in INCOMPRESSIBLE and stat_result.st_size <= limits.TEXT_BYTES):
            compressed = "gzip" in headers.get("accept-encoding", "")
            content, text_headers = self._text(path, kind, stat_result.st_mtime_ns, compressed)
            response = Response(content, status_code, text_headers, kind)
        else:
            response = FileResponse(path, status_code, {"cache-control": "no-cache"}, kind, stat_result=stat_result)
        if not self.is_not_modified(response.headers, headers):
            return response
        unchanged = {name: value for name, value in response.headers.items() if not name.startswith("content-l")}
        return Response(status_code=304, headers=unchanged)

    def _read_text(self, path: Path, kind: str, _modified_ns: int, compressed: bool) -> tuple[bytes, dict[str, str]]:
        """Return a text and its headers: a page with its policy, the map with the script for live clustering."""
        content, headers = path.read_bytes(), {"cache-control": "no-cache", "vary": "Accept-Encoding"}
        if kind == TYPES[".html"]:
            content, page_policy = policy.of_page(content)
            framed = self._embeddable and path.name.startswith("embed")
            headers |= {name.decode(): value.decode() for name, value in policy.headers(page_policy, framed=framed)}
        if path in self._live_pages:
            content = content.replace(b"</head>", _HEAD, 1).replace(b"</body>", _TAIL, 1)
        headers["etag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        if compressed and len(content) > limits.UNCOMPRESSED_BYTES:
            content, headers["content-encoding"] = gzip.compress(content, limits.COMPRESSION_LEVEL, mtime=0), "gzip"
        return content, headers


def _sha256_of_file(path: Path) -> str:
    """Return the hash of a file; "" of a link and of what is no file."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _published(edition: Edition) -> Iterator[tuple[str, Path]]:
    """Yield address and path of each file; pages of the site last, so that they come before others of their name.

    Raises DataError where edition.json names a file outside the edition.
    """
    outputs = {*edition.manifest["outputs"], "edition.json"} - LISTING_FILES
    root = edition.folder.resolve()
    for name in sorted(outputs, key=lambda name: name.startswith("site/")):
        path = root / name
        if path.resolve() != path or not path.is_relative_to(root):
            raise DataError(f"{edition.folder}/edition.json names {name!r}, outside the edition. Run the study again.")
        if path.is_file():
            yield name.removeprefix("site/"), path
