"""The server as a process: who may reach it, what strangers send it, and how it stops."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import uvicorn
from uvicorn.server import ServerState

from hubrank.core.errors import StudyError
from hubrank.serving import limits
from hubrank.serving.protocol import Protocol, raw
from hubrank.serving.running import serve

from .conftest import start
from .test_guard import ALWAYS
from .test_shelf import raw as asked


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"host": "0.0.0.0"}, "--public"),
        ({"host": "192.0.2.1"}, "--public"),
        ({"host": "::"}, "--public"),
        ({"host": "0.0.0.0", "public": True}, "--allow-host"),
        ({"names": ["http://example.org"]}, "no host"),
        ({"names": ["*"]}, "no host"),
        ({"names": [""]}, "no host"),
    ],
)
def test_others_reach_it_only_where_that_is_said(tmp_path, options, says):
    with pytest.raises(StudyError, match=says):
        serve(tmp_path, **options)


def test_a_folder_that_is_no_edition_is_told(tmp_path):
    with pytest.raises(StudyError, match="is no edition"):
        serve(tmp_path, port=0)


def test_a_taken_port_is_told(demo):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StudyError, match="Give another --port"):
            serve(demo / "2025", port=port)


def test_public_says_what_it_opens_and_answers_to_its_name(demo):
    options = ("--public", "--allow-host", "clusters.example.org", "--host", "127.0.0.1", "--port", "0")
    process, address = start(str(demo / "2025"), *options)
    try:
        assert asked(address, "/", "Host: x")[0] == 400
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port)) as connection:
            connection.sendall(b"GET /method.html HTTP/1.1\r\nHost: clusters.example.org\r\nConnection: close\r\n\r\n")
            assert connection.recv(20).startswith(b"HTTP/1.1 200")
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
    assert "PUBLIC: " in log
    assert "no login" in log


def test_without_the_extra_the_command_names_it(tmp_path):
    (tmp_path / "starlette.py").write_text("raise ModuleNotFoundError('No module', name='starlette')")
    paths = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-m", "hubrank", "serve", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'hubrank[serve]'" in done.stderr


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"GET / HTTP/1.1\r\nHost: evil\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_what_is_no_good_http_is_refused_with_all_headers(served, sent):
    parts = urlsplit(served)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        content = b""
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(sent)
            while chunk := connection.recv(65536):
                content += chunk
    head = content.partition(b"\r\n\r\n")[0].decode("latin-1").lower().split("\r\n")
    assert head[0].split()[1] in {"400", "413", "431", "505"}, head
    assert {f"{name}: {value}".lower() for name, value in ALWAYS.items()} <= set(head)


def test_the_refusal_of_the_protocol_is_whole_http():
    content = raw(408, "Too slow.")
    head, _, body = content.partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def slow(address, sent):
    parts = urlsplit(address)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=30)
    connection.sendall(sent)
    return connection


@pytest.mark.one_python
def test_a_hundred_slow_connections_keep_no_one_waiting_and_are_let_go(served):
    beginnings = [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n",
        b"GET /clusters.csv HTTP/1.1\r\n",
    ]
    began = time.monotonic()
    held = [slow(served, beginnings[number % len(beginnings)]) for number in range(100)]
    try:
        statuses = [asked(served, target)[0] for target in ("/", "/clusters.json?radius_km=33", "/clusters.csv") * 5]
        assert statuses == [200] * 15
        assert time.monotonic() - began < limits.HEADER_SECONDS, "they were let go before the others were answered"
        for connection in held:
            assert drip(connection).startswith(b"HTTP/1.1 408 ")
    finally:
        for connection in held:
            connection.close()
    assert time.monotonic() - began < 3 * limits.HEADER_SECONDS


def drip(connection):
    """Send one byte after the other, which must not stretch the time, until there is an answer."""
    connection.settimeout(0.5)
    for _ in range(100):
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(b"X")
        try:
            return connection.recv(100)
        except TimeoutError:
            continue
    return b""


class Wire(asyncio.Transport):
    def __init__(self, peer):
        super().__init__({"peername": (peer, 1), "sockname": ("127.0.0.1", 80)})
        self.sent, self.closed = b"", False

    def set_write_buffer_limits(self, high=None, low=None):
        """Nothing is buffered here."""

    def write(self, data):
        self.sent += data

    def is_closing(self):
        return self.closed

    def close(self):
        self.closed = True


@pytest.mark.parametrize(("peer", "most"), [("203.0.113.9", 3), ("127.0.0.1", 5), ("::1", 5)])
def test_one_client_of_another_machine_cannot_hold_all_connections(ask, monkeypatch, peer, most):
    monkeypatch.setattr(limits, "OF_ONE_CLIENT", 3)
    monkeypatch.setattr(limits, "CONNECTIONS", 5)

    async def connected():
        config = uvicorn.Config(ask.app, http=Protocol, ws="none", lifespan="off", log_config=None)
        config.load()
        state, wires, refused = ServerState(), [], []
        for _ in range(7):
            protocol = Protocol(config, state, {})
            wires.append(Wire(peer))
            protocol.connection_made(wires[-1])
            refused.append(wires[-1].closed)
            if refused[-1]:
                protocol.connection_lost(None)
        for protocol in list(state.connections):
            protocol.connection_lost(None)
        return wires, refused

    wires, refused = ask.run(connected())
    assert refused == [number >= most for number in range(7)]
    assert all(wire.sent.startswith(b"HTTP/1.1 503 ") for wire in wires[most:])


def test_two_requests_on_one_connection_are_both_answered(served):
    parts = urlsplit(served)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        one = b"GET /live/live.css HTTP/1.1\r\nHost: localhost\r\n"
        connection.sendall(one + b"\r\n" + one + b"Connection: close\r\n\r\n")
        content = b""
        while chunk := connection.recv(65536):
            content += chunk
    assert content.count(b"HTTP/1.1 200 OK") == 2
