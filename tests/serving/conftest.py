"""The demonstration, served: as an application in this process, and by the command on a free port."""

import asyncio
import os
import subprocess
import sys
import threading
from dataclasses import dataclass

import pytest

pytest.importorskip("fastapi", reason="needs the extra `serve`")

from hubrank.serving import served_edition
from hubrank.serving.app import application


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


class Caller:
    """Calls an ASGI application as a server would, with bytes that no client library would send."""

    def __init__(self, app, loop):
        self.app, self.loop = app, loop

    def run(self, coroutine):
        """Run something in the loop's thread: this one may have a browser's loop in it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=120)

    def __call__(self, path, query=b"", *, method="GET", headers=(), host=b"localhost"):
        return self.run(self.request(path, query, method=method, headers=headers, host=host))

    async def request(self, path, query=b"", *, method="GET", headers=(), host=b"localhost"):
        sent = []
        lines = [*([(b"host", host)] if host is not None else []), *headers]
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path}
        scope |= {
            "raw_path": path.encode("utf-8", "replace"),
            "query_string": query,
            "headers": lines,
            "scheme": "http",
        }
        scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "root_path": ""}

        received = []

        async def receive():
            if received:
                await asyncio.Event().wait()  # as from a client that waits for the answer
            received.append(True)
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        start, *bodies = sent
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        assert len(headers) == len(start["headers"]), "a header stands there twice"
        return Reply(start["status"], headers, b"".join(body.get("body", b"") for body in bodies))

    def together(self, *requests):
        """Send several requests at once."""

        async def all_of_them():
            return await asyncio.gather(*(self.request(*one) for one in requests))

        return self.run(all_of_them())


@pytest.fixture(scope="session")
def edition(demo):
    with served_edition.opened(demo / "2025") as opened:
        yield opened


@pytest.fixture(scope="session")
def get(edition):
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield Caller(application(edition), loop)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def start(*arguments):
    """Start `hubrank serve`; return the process once it prints its address, and the address."""
    command = [sys.executable, "-m", "hubrank", "serve", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    address = process.stdout.readline().strip()
    if not address.startswith("http://"):
        process.kill()
        pytest.fail(f"the server did not start: {process.stderr.read()}")
    return process, address


@pytest.fixture(scope="session")
def served(demo):
    """Return the address of a running server; after the tests it stops on request, and has logged no failure."""
    process, address = start(str(demo / "2025"), "--port", "0")
    yield address
    process.terminate()
    _, log = process.communicate(timeout=20)
    assert "failed" not in log, log
