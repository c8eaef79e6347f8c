"""The explorer of the demonstration on a web host of ours."""

import functools
import http.server
import threading
import time
from pathlib import Path

import pytest


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


class InPieces(Silent):
    """Sends a file in 16 pieces, each when a browser has had the time to paint the one before."""

    def copyfile(self, source, outputfile):
        content = source.read()
        size = len(content) // 16 + 1
        for start in range(0, len(content), size):
            outputfile.write(content[start : start + size])
            time.sleep(0.1)


@pytest.fixture(scope="session")
def served():
    """Return a function that serves a folder and says where."""
    servers = []

    def serve(folder: Path, *, in_pieces: bool = False) -> str:
        handler = functools.partial(InPieces if in_pieces else Silent, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def explorer(demo):
    """Return the folder of the explorer that the run of the demonstration left."""
    return demo / "2025" / "site"


@pytest.fixture(scope="session")
def address(explorer, served):
    """Return where the explorer is served."""
    return served(explorer)
