"""Starting and stopping the server: the address it listens on, and the messages about that."""

import logging
import signal
import socket
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from hubrank.core.errors import StudyError
from hubrank.serving import limits, served_edition
from hubrank.serving.app import application
from hubrank.serving.guard import LOOPBACK

_LOOPBACK_ADDRESSES = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    public: bool = False,
    names: Collection[str] = (),
    proxies: Collection[str] = (),
    memory: str | None = None,
    threads: int | None = None,
    say: Callable[[str], object] = print,
    warn: Callable[[str], object] = print,
) -> None:
    """Serve an edition until it is stopped.

    host, port : where to listen; port 0 takes any that is free. public : allow addresses that others can reach.
    names : more names by which the server may be called. proxies : addresses of trusted proxies, whose
        X-Forwarded-For says which client a request is of. say : receives the address, once it answers;
        warn : other messages.
    Raises StudyError where others could reach the server without --public, or the address is in use.
    """
    _allowed(host, public=public, names=names)
    with served_edition.opened(folder, memory=memory, threads=threads) as edition, _listening(host, port) as listening:
        bound_port = listening.getsockname()[1]
        hosts = {*LOOPBACK, *(_bracketed(name) for name in names)}
        app = application(edition, hosts=hosts, public=public, proxies=proxies)
        if public:
            warn(_exposed(host, bound_port, names))
        name = _LOOPBACK_ADDRESSES.get(host) or next(iter(names), host)
        _Server(_config(app), lambda: say(f"http://{_bracketed(name)}:{bound_port}/")).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Calls `listening` once it listens. One that SIGTERM stops has done its work, and ends as any command does."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], object]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop by SIGTERM without raising it again, so that the command exits with 0; by others as uvicorn does."""
        if sig == signal.SIGTERM:
            self.should_exit = True  # uvicorn raises the other signals again once it has stopped
        else:
            super().handle_exit(sig, frame)


def _allowed(host: str, *, public: bool, names: Collection[str]) -> None:
    if host not in _LOOPBACK_ADDRESSES and not public:
        raise StudyError(
            f"--host {host} can be reached from other machines. Add --public if that is intended, or leave --host out; "
            f"behind a web server on this machine --allow-host NAME is enough."
        )
    if public and not names:
        raise StudyError("--public needs --allow-host NAME: the name or address under which clients reach this server.")
    for name in names:
        if not name or any(sign in name for sign in "/*@ ?#"):
            raise StudyError(f"--allow-host {name!r} is not a host: give a name or address, without http:// and port.")


def _exposed(host: str, port: int, names: Collection[str]) -> str:
    return (
        f"PUBLIC: whoever can reach {host}:{port} may read this edition as {', '.join(names)}: its site, its files "
        f"(including edition.json with the names and hashes of the inputs), all tables except the single listings, and "
        f"may let this machine compute other clusterings. There is no login, no encryption and no limit on slow "
        f"clients: put a web server with TLS in front (docs/serving.md)."
    )


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name and not name.startswith("[") else name


def _listening(host: str, port: int) -> socket.socket:
    address = _LOOPBACK_ADDRESSES.get(host, host)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
    except OSError as error:
        listening.close()
        raise StudyError(
            f"{host}:{port} cannot be used: {error.strerror}. Give another --port; 0 selects a free one."
        ) from None
    return listening


def _config(app: ASGIApp) -> uvicorn.Config:
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # what strangers send wrongly is answered, not logged
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=limits.CONNECTIONS,
        timeout_keep_alive=limits.IDLE_SECONDS,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=limits.HEADER_BYTES,
    )
