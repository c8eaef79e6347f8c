"""The server as a process: who may reach it, malformed requests, and how it stops."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from hubrank.core.errors import StudyError
from hubrank.serving.running import serve

from .conftest import start
from .test_static_files import raw


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"host": "0.0.0.0"}, "--public"),
        ({"host": "192.0.2.1"}, "--public"),
        ({"host": "::"}, "--public"),
        ({"host": "0.0.0.0", "public": True}, "--allow-host"),
        ({"names": ["http://example.org"]}, "not a host"),
        ({"names": ["*"]}, "not a host"),
        ({"names": [""]}, "not a host"),
    ],
)
def test_others_reach_it_only_with_an_option_that_allows_it(tmp_path, options, message):
    with pytest.raises(StudyError, match=message):
        serve(tmp_path, **options)


def test_a_folder_that_is_no_edition_is_refused(tmp_path):
    with pytest.raises(StudyError, match="is not an edition"):
        serve(tmp_path, port=0)


def test_a_port_in_use_is_refused(demo):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StudyError, match="Give another --port"):
            serve(demo / "2025", port=port)


def test_public_prints_what_it_opens_and_answers_to_its_name(demo):
    options = ("--public", "--allow-host", "clusters.example.org", "--host", "127.0.0.1", "--port", "0")
    process, address = start(str(demo / "2025"), *options)
    try:
        assert raw(address, "/", "Host: x")[0] == 400
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port)) as connection:
            connection.sendall(b"GET /method.html HTTP/1.1\r\nHost: clusters.example.org\r\nConnection: close\r\n\r\n")
            assert connection.recv(20).startswith(b"HTTP/1.1 200")
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
    assert "PUBLIC: " in log
    assert "no login" in log


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_server_that_is_stopped_has_done_its_work(demo, sent, code):
    process, _ = start(str(demo / "2025"), "--port", "0")
    process.send_signal(sent)
    process.communicate(timeout=20)
    assert process.returncode == code


def test_without_the_extra_the_command_names_it(tmp_path):
    (tmp_path / "fastapi.py").write_text("raise ModuleNotFoundError('No module', name='fastapi')")
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
def test_what_is_not_valid_http_is_refused(served, sent):
    parts = urlsplit(served)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        content = b""
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(sent)
            while chunk := connection.recv(65536):
                content += chunk
    head = content.partition(b"\r\n\r\n")[0].decode("latin-1").lower().split("\r\n")
    assert head[0].split()[1] in {"400", "413", "431", "505"}, head


def test_two_requests_on_one_connection_are_both_answered(served):
    parts = urlsplit(served)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        one = b"GET /live/live.css HTTP/1.1\r\nHost: localhost\r\n"
        connection.sendall(one + b"\r\n" + one + b"Connection: close\r\n\r\n")
        content = b""
        while chunk := connection.recv(65536):
            content += chunk
    assert content.count(b"HTTP/1.1 200 OK") == 2
