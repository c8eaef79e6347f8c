"""The reverse proxy of docs/serving.md: it hands on requests as they are and lets go of slow clients."""

import contextlib
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from .conftest import start

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
HOST = "clusters.example.org"
DOCUMENT = Path(__file__).parents[2] / "docs" / "serving.md"
SECONDS = 5  # in place of the 10 of the document
MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 600; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def configured(replacements):
    """Return the configuration of the document with other ports and times."""
    (site,) = re.findall(r"```nginx\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    for line, replacement in replacements.items():
        assert site.count(line) == 1, line
        site = site.replace(line, replacement)
    return site


@pytest.fixture(scope="module")
def proxy(demo, tmp_path_factory):
    """Return the port of a proxy in front of a server."""
    if NGINX is None:
        pytest.skip("needs nginx (Debian's package of that name)")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    server, address = start(str(demo / "2025"), "--port", "0", "--allow-host", HOST)
    site = configured(
        {
            "listen 80;": f"listen 127.0.0.1:{port};",
            "127.0.0.1:8000": address.removeprefix("http://").rstrip("/"),
            "client_header_timeout 10s;": f"client_header_timeout {SECONDS}s;",
        }
    )
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, site=site))
    command = [NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as nginx:
        wait_for(port, nginx)
        yield port
        nginx.terminate()
        server.terminate()
        server.communicate(timeout=20)


def wait_for(port, process):
    for _ in range(100):
        assert process.poll() is None, process.stderr.read()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    pytest.fail("nginx does not listen")


def get(port, target, host=HOST):
    """Return status, headers and body of a request."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        content = b""
        while chunk := connection.recv(65536):
            content += chunk
    head, _, body = content.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode("latin-1").lower(), body


@pytest.mark.one_python
def test_the_proxy_hands_on_pages_figures_and_their_headers(proxy, demo):
    status, headers, body = get(proxy, "/ranking.csv")
    assert (status, body) == (200, (demo / "2025" / "ranking.csv").read_bytes())
    status, headers, _ = get(proxy, "/")
    assert status == 200
    assert "script-src 'self'; " in headers
    assert "x-frame-options: deny" in headers
    assert get(proxy, "/clusters.json?radius_km=20")[0] == 200
    assert get(proxy, "/", host="evil.example")[0] == 400
    assert get(proxy, "/" + "a" * 4_000)[0] == 414


@pytest.mark.slow
def test_a_hundred_slow_connections_delay_nobody_and_are_closed(proxy):
    beginnings = [b"G", b"GET /clus", f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-A: b\r\n".encode(), b"GET /?x="]
    began = time.monotonic()
    slow = [socket.create_connection(("127.0.0.1", proxy), timeout=30) for _ in range(100)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall(beginnings[number % len(beginnings)])
        assert [get(proxy, target)[0] for target in ("/", "/clusters.json?radius_km=15", "/clusters.csv")] == [200] * 3
        assert time.monotonic() - began < SECONDS, "they were closed before the others were answered"
        assert all(closed(connection) for connection in slow)
    finally:
        for connection in slow:
            connection.close()
    assert time.monotonic() - began < 6 * SECONDS


def closed(connection):
    """Send one byte after the other, which must not stretch the time; return whether the connection is closed."""
    connection.settimeout(0.2)
    for _ in range(100):
        try:
            connection.sendall(b"X")
            received = connection.recv(1000)
        except TimeoutError:
            continue
        except OSError:
            return True
        return received == b"" or received.startswith(b"HTTP/1.1 408 ")
    return False
