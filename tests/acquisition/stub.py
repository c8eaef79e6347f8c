"""A server on loopback that behaves as providers do, and misbehaves on request.

`Stub` serves bytes with ranges, ETags and times, and functions as routes. `faults` are taken one for each request whose
path contains their text; each changes one answer. `requests` lists what arrived and how many bytes were sent.
"""

import contextlib
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PIECE = 16_384


@dataclass
class Fault:
    """One wrong answer, to the next request whose path contains `where`; `times` of them.

    status, headers : instead of the content. cut : bytes after which the connection breaks. length : a wrong
    Content-Length. body : other content. ignore_range : the whole file. swap : the file changes before the answer.
    pause : seconds of silence before it. lie : a 206 whose range is another. after : requests that pass before.
    served : whether a request met it.
    """

    where: str = ""
    times: int = 1
    after: int = 0
    status: int = 0
    headers: dict = field(default_factory=dict)
    cut: int | None = None
    length: int | None = None
    body: bytes | None = None
    ignore_range: bool = False
    swap: bytes | None = None
    pause: float = 0.0
    lie: bool = False
    served: bool = False


class Handler(BaseHTTPRequestHandler):
    """Answers for the stub that is its attribute."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def setup(self):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * PIECE)
        super().setup()

    def do_HEAD(self):
        self._answer(head=True)

    def do_GET(self):
        self._answer(head=False)

    def _answer(self, head):
        parts = urlsplit(self.path)
        entry = {"method": self.command, "path": parts.path, "query": parse_qs(parts.query)}
        entry |= {"headers": {name.lower(): value for name, value in self.headers.items()}, "sent": 0}
        self.stub.requests.append(entry)
        fault = self.stub.fault(parts.path)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._send(*self.stub.content(entry, fault), head, entry, fault)

    def _send(self, status, headers, body, head, entry, fault):
        time.sleep(fault.pause)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if fault.length is None else fault.length))
        self.end_headers()
        if head:
            return
        whole = body if fault.cut is None else body[: fault.cut]
        for start in range(0, len(whole), PIECE):
            self.wfile.write(whole[start : start + PIECE])
            entry["sent"] += len(whole[start : start + PIECE])
            if self.stub.pace:
                time.sleep(self.stub.pace)
        if fault.cut is not None or fault.length is not None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)


class Stub:
    """A running server; `with Stub() as stub`."""

    def __init__(self, *, pace=0.0, etags=True, times=True):
        self.pace, self.etags, self.times = pace, etags, times
        self.files, self.routes, self.faults, self.requests = {}, {}, [], []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"stub": self}))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # clients are killed on purpose
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def sent(self, path=""):
        """Return the bytes of bodies that were sent for paths that contain a text."""
        return sum(request["sent"] for request in self.requests if path in request["path"])

    def fault(self, path):
        """Take the next fault for a path."""
        with self._lock:
            for fault in self.faults:
                if fault.where in path and fault.times:
                    if fault.after:
                        fault.after -= 1
                        return Fault()
                    fault.times -= 1
                    fault.served = True
                    return fault
        return Fault()

    def content(self, entry, fault):
        """Return status, headers and body of an answer."""
        path = entry["path"]
        if fault.status:
            return fault.status, fault.headers, fault.body or b""
        if fault.swap is not None:
            self.files[path] = fault.swap
        if fault.body is not None:
            return 200, fault.headers, fault.body
        for prefix, route in self.routes.items():
            if path.startswith(prefix):
                return route(entry)
        if path not in self.files:
            return 404, {}, b"not here"
        return self._ranged(self.files[path], entry["headers"], fault)

    def _ranged(self, body, wanted, fault):
        etag, changed = (
            f'"{md5(body).hexdigest()}"',
            formatdate(int.from_bytes(md5(body).digest()[:3], "big"), usegmt=True),
        )
        headers = ({"ETag": etag} if self.etags else {}) | ({"Last-Modified": changed} if self.times else {})
        match = re.match(r"bytes=(\d*)-(\d*)$", wanted.get("range", ""))
        same = wanted.get("if-range", etag) in (etag, changed)
        if not match or fault.ignore_range or not same:
            return 200, headers, body
        first, last = match[1], match[2]
        start = int(first) if first else max(0, len(body) - int(last))
        end = min(int(last) + 1, len(body)) if first and last else len(body)
        if start >= len(body):
            return 416, {"Content-Range": f"bytes */{len(body)}"}, b""
        place = f"bytes {start + (7 if fault.lie else 0)}-{end - 1}/{len(body)}"
        return 206, headers | {"Content-Range": place}, body[start:end]
