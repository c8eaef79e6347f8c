"""The outermost layer: what is refused before anything looks at it, and the headers of whatever is answered."""

import logging
from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hubrank.serving import limits, policy, problems
from hubrank.serving.problems import Problem

LOG = logging.getLogger("hubrank.serving")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
FAILED = "The server failed; its log says how."
_VERSIONS = frozenset({"1.0", "1.1", "2", "3"})
_NAVIGATION = (b"document", b"iframe", b"embed", b"object", b"frame")


class Guard:
    """Refuse foreign hosts, other sites and what is too large; answer whatever fails; add headers to every answer.

    hosts : names by which the server may be called; any port.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = LOOPBACK) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = _Answer(send)
        try:
            self._admit(scope)
            await self.app(scope, receive, answer.send)
        except Problem as problem:
            if not answer.started:
                await problems.response(problem)(scope, receive, answer.send)
        except Exception:
            LOG.exception("%s %r failed", scope["method"], scope["path"])
            if answer.started and not answer.whole:
                raise  # the client must see that the answer is cut short
            if not answer.started:
                failed = Problem(500, FAILED, {"connection": "close"})
                await problems.response(failed)(scope, receive, answer.send)

    def _admit(self, scope: Scope) -> None:
        """Raise Problem where a request is not to be looked at any further."""
        told = scope["headers"]
        of = dict(told)
        if scope["http_version"] not in _VERSIONS:
            raise Problem(505, "This server speaks HTTP/1.1.", {"connection": "close"})
        if [name for name, _ in told].count(b"host") != 1 or self._named(of[b"host"]) not in self.hosts:
            raise Problem(400, "This server does not answer to that name (Host).", {"connection": "close"})
        if len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]) > limits.TARGET_BYTES:
            raise Problem(414, f"Path and query together take at most {limits.TARGET_BYTES} bytes.")
        if sum(len(name) + len(value) + 4 for name, value in told) > limits.HEADER_BYTES:
            raise Problem(431, f"Headers together take at most {limits.HEADER_BYTES} bytes.", {"connection": "close"})
        if b"transfer-encoding" in of or of.get(b"content-length", b"0") != b"0":
            raise Problem(413, "This server takes no body.", {"connection": "close"})
        if of.get(b"sec-fetch-site") == b"cross-site" and not _navigates(of):
            raise Problem(403, "Pages of other sites may link here, not load from here.")

    @staticmethod
    def _named(host: bytes) -> str:
        """Return the name in a Host header, the port left out."""
        name, colon, port = host.decode("latin-1").lower().rpartition(":")
        return name if colon and (port.isascii() and port.isdigit()) and name else host.decode("latin-1").lower()


def _navigates(headers: dict[bytes, bytes]) -> bool:
    return headers.get(b"sec-fetch-mode") == b"navigate" and headers.get(b"sec-fetch-dest") in _NAVIGATION


class _Answer:
    """What is sent back, with the headers that every answer carries."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = self.whole = False

    async def send(self, message: Message) -> None:
        """Pass one message of an answer on; its first gets the headers that it lacks."""
        if message["type"] == "http.response.start":
            self.started = True
            given = [(name.lower(), value) for name, value in message.get("headers", [])]
            names = {name for name, _ in given}
            # A page brings all its headers itself, since it alone knows what it loads and who may frame it.
            own = [] if b"content-security-policy" in names else policy.headers()
            more = [(name, value) for name, value in [*own, (b"cache-control", b"no-store")] if name not in names]
            message = {**message, "headers": [*given, *more]}
        elif message["type"] == "http.response.body":
            self.whole = not message.get("more_body", False)
        await self._send(message)
