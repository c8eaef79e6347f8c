"""An S3 server on the loopback interface, behind a proxy that can be slow, break answers off, and count bytes."""

import http.client
import http.server
import logging
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from hubrank.core import object_store as servers

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
}
PASSED = {"content-type", "content-range", "etag", "last-modified", "accept-ranges", "content-length"}


class Weather:
    """What goes wrong between a store and who asks it.

    cut : of so many answers of more than 1,000 bytes one is broken off halfway; fail : of so many requests one fails.
    delay : seconds before each answer; sent : bytes of all answers; requests : of (method, path).
    """

    def __init__(self):
        self.cut = self.fail = 0
        self.delay, self.sent, self.large = 0.0, 0, 0
        self.requests = []
        self.lock = threading.Lock()


def proxy(target, weather):
    """Return a handler that passes requests on to a server."""
    host = urlsplit(target).netloc

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def _pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with weather.lock:
                weather.requests.append((self.command, self.path))
                failing = weather.fail and len(weather.requests) % weather.fail == 0
            time.sleep(weather.delay)
            if failing:
                self.send_response(503)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            upstream = http.client.HTTPConnection(host, timeout=30)
            upstream.request(self.command, self.path, body, dict(self.headers.items()))
            answer = upstream.getresponse()
            content = answer.read()
            upstream.close()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() in PASSED and (name.lower() != "content-length" or self.command == "HEAD"):
                    self.send_header(name, value)
            if self.command != "HEAD":
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self._send(content)

        def _send(self, content):
            with weather.lock:
                weather.large += len(content) > 1000
                cut = weather.cut and len(content) > 1000 and weather.large % weather.cut == 0
            if cut:
                content = content[: len(content) // 2]
                self.close_connection = True
            self.wfile.write(content)
            with weather.lock:
                weather.sent += len(content)
            if cut:
                self.wfile.flush()
                self.connection.close()

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass_on  # noqa: N815 (names of the library)

    return Handler


@contextmanager
def served(handler):
    """Serve on a free port of the loopback interface; yield its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads, server.handle_error = True, lambda *_: None  # who asks may go away
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def http_post(address):
    with urlopen(Request(address, method="POST"), timeout=10) as answer:
        answer.read()


def empty(client, weather):
    """Forget what is in the store, whichever server of this process put it there, and how it was disturbed."""
    http_post(f"{client.meta.endpoint_url}/moto-api/reset")
    client.create_bucket(Bucket="records")
    weather.__init__()
    servers._store.cache_clear()  # a test may have changed how often it asks again


@contextmanager
def s3(patch):
    """Run an S3 server with the bucket `records`; yield the client of another library, and its Weather."""
    boto3 = pytest.importorskip("boto3", reason="the S3 server of the tests needs moto")
    moto = pytest.importorskip("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    weather = Weather()
    try:
        host, port = server.get_host_and_port()
        with served(proxy(f"http://{host}:{port}", weather)) as address:
            for name, value in {**CREDENTIALS, "AWS_ENDPOINT_URL": address}.items():
                patch.setenv(name, value)
            servers._store.cache_clear()
            client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1")
            empty(client, weather)
            yield client, weather
    finally:
        server.stop()
        servers._store.cache_clear()
