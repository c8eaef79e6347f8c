"""Starting and stopping the server: which address it listens on, and what it says of that."""

import logging
import socket
import sys
from collections.abc import Callable, Collection
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from hubrank.core.errors import StudyError
from hubrank.serving import desk, limits
from hubrank.serving.app import application
from hubrank.serving.guard import LOOPBACK
from hubrank.serving.protocol import Protocol

_OWN = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    public: bool = False,
    names: Collection[str] = (),
    memory: str | None = None,
    threads: int | None = None,
    say: Callable[[str], object] = print,
    warn: Callable[[str], object] = print,
) -> None:
    """Serve an edition until it is stopped.

    host, port : where to listen; port 0 takes any that is free. public : allow addresses that others can reach.
    names : more names by which the server may be called. say : told the address, once it answers; warn : all else.
    Raises StudyError where others could reach the server unasked, or the address is taken.
    """
    _allowed(host, public=public, names=names)
    with desk.opened(folder, memory=memory, threads=threads) as opened, _listening(host, port) as listening:
        found = listening.getsockname()[1]
        hosts = {*LOOPBACK, *(_bracketed(name) for name in names)}
        app = application(opened, hosts=hosts, public=public)
        if public:
            warn(_exposed(host, found, names))
        called = _OWN.get(host) or next(iter(names), host)
        _Server(_config(app), lambda: say(f"http://{_bracketed(called)}:{found}/")).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says so once it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], object]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening()


def _allowed(host: str, *, public: bool, names: Collection[str]) -> None:
    if host not in _OWN and not public:
        raise StudyError(
            f"--host {host} can be reached from other machines. Say --public if it shall be, or leave --host out; "
            f"behind a web server on this machine --allow-host NAME is enough."
        )
    if public and not names:
        raise StudyError("--public needs --allow-host NAME: the name or address by which others call this server.")
    for name in names:
        if not name or any(sign in name for sign in "/*@ ?#"):
            raise StudyError(f"--allow-host {name!r} is no host: give a name or address, without http:// and port.")


def _exposed(host: str, port: int, names: Collection[str]) -> str:
    return (
        f"PUBLIC: whoever can reach {host}:{port} may read this edition as {', '.join(names)}: its site, its files "
        f"(edition.json with the names and hashes of the inputs among them), all tables but the single listings, and "
        f"may let this machine cluster anew. There is no login and no encryption: put a web server with TLS in front."
    )


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name and not name.startswith("[") else name


def _listening(host: str, port: int) -> socket.socket:
    address = _OWN.get(host, host)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((address, port))
    except OSError as error:
        found.close()
        raise StudyError(f"{host}:{port} cannot be used: {error.strerror}. Give another --port; 0 takes any.") from None
    return found


def _config(app: ASGIApp) -> uvicorn.Config:
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # what strangers send amiss is answered, not logged
    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=limits.IDLE_SECONDS,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=limits.HEADER_BYTES,
    )
