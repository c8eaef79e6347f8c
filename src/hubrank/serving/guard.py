"""The outermost layer: what is refused before anything else reads it, and the headers of every response."""

import logging
from collections.abc import Callable, Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hubrank.serving import limits, policy, problems
from hubrank.serving.clients import CLIENT, client_of
from hubrank.serving.problems import Problem

LOG = logging.getLogger("hubrank.serving")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
FAILED = "The server failed; its log says how."
_VERSIONS = frozenset({"1.0", "1.1", "2", "3"})
_NAVIGATION = (b"document", b"iframe", b"embed", b"object", b"frame")


class Guard:
    """Refuse foreign hosts, other sites and what is too large; answer failures; add headers to every response.

    hosts : names by which the server may be called; any port.
    check : raises Problem where nothing is to be answered.
    proxies : addresses of trusted proxies, which say whose requests they pass on.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str] = LOOPBACK,
        check: Callable[[], None] = lambda: None,
        proxies: Collection[str] = (),
    ) -> None:
        self.app, self._proxies = app, proxies
        self.hosts = frozenset(host.lower() for host in hosts)
        self._check = check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        CLIENT.set(client_of(scope, self._proxies))
        answer = _Answer(send)
        try:
            self._admit(scope)
            self._check()
            # HEAD is answered as GET: the server that writes to the connection leaves the body out.
            method = "GET" if scope["method"] == "HEAD" else scope["method"]
            await self.app({**scope, "method": method}, receive, answer.send)
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
        headers = dict(scope["headers"])
        named = [name for name, _ in scope["headers"]]
        if scope["http_version"] not in _VERSIONS:
            raise Problem(505, "This server speaks HTTP/1.1.", {"connection": "close"})
        if named.count(b"host") != 1 or _host_name(headers[b"host"]) not in self.hosts:
            raise Problem(400, "This host name is not allowed (Host).", {"connection": "close"})
        if len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]) > limits.TARGET_BYTES:
            raise Problem(414, f"Path and query together take at most {limits.TARGET_BYTES} bytes.")
        if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > limits.HEADER_BYTES:
            raise Problem(431, f"Headers together take at most {limits.HEADER_BYTES} bytes.", {"connection": "close"})
        if b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0":
            raise Problem(413, "Requests with a body are not accepted.", {"connection": "close"})
        if headers.get(b"sec-fetch-site") == b"cross-site" and not _navigates(headers):
            raise Problem(403, "Other sites may link to this server but not load its content.")


def _host_name(header: bytes) -> str:
    """Return the name in a Host header, without the port."""
    host = header.decode("latin-1").lower()
    name, colon, port = host.rpartition(":")
    return name if colon and (port.isascii() and port.isdigit()) and name else host


def _navigates(headers: dict[bytes, bytes]) -> bool:
    return headers.get(b"sec-fetch-mode") == b"navigate" and headers.get(b"sec-fetch-dest") in _NAVIGATION


class _Answer:
    """A response on its way out, with the headers that every one carries."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = self.whole = False

    async def send(self, message: Message) -> None:
        """Pass one message on; the first gets the headers that it lacks."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = [(name.lower(), value) for name, value in message.get("headers", [])]
            names = {name for name, _ in headers}
            # A page comes with all its headers, since they depend on what it loads and who may frame it.
            common = [] if b"content-security-policy" in names else policy.headers()
            more = [(name, value) for name, value in [*common, (b"cache-control", b"no-store")] if name not in names]
            message = {**message, "headers": [*headers, *more]}
        elif message["type"] == "http.response.body":
            self.whole = not message.get("more_body", False)
        await self._send(message)
