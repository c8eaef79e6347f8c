"""What is refused before anything looks at it, and what every answer carries."""

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubrank.serving import limits
from hubrank.serving.guard import Guard

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
WRONG_HOSTS = [
    None,
    b"",
    b"evil.example",
    b"localhost.evil.example",
    b"localhost.",
    b"127.0.0.1.nip.io",
    b"[::1",
    b":80",
]
WRONG_HOSTS += [b"localhost:80@evil", b"localhost:x", b"localhost:80:80", b"0.0.0.0", b"127.1", b"\xff", b"local host"]
WRONG_HOSTS += ["localhost:٣".encode(), b"http://localhost", b"localhost/", b"2130706433", b"localhost,evil.example"]


def check_headers(answer):
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "permissions-policy" in answer.headers
    assert "cache-control" in answer.headers


@pytest.mark.parametrize("host", WRONG_HOSTS)
def test_a_wrong_host_is_refused(get, host):
    answer = get("/clusters.json", host=host)
    assert answer.status == 400
    check_headers(answer)


@pytest.mark.parametrize("host", [b"localhost", b"LOCALHOST:8000", b"127.0.0.1:1", b"[::1]:65535", b"[::1]"])
def test_a_right_host_is_answered_on_any_port(get, host):
    assert get("/edition.json", host=host).status == 200


def test_two_hosts_are_none(get):
    assert get("/edition.json", headers=[(b"host", b"localhost")]).status == 400


@pytest.mark.parametrize(
    ("status", "path", "options"),
    [
        (200, "/", {}),
        (200, "/method.html", {}),
        (200, "/explorer.html", {}),
        (200, "/brief.html", {}),
        (200, "/clusters.json", {}),
        (200, "/clusters.csv", {"query": b"radius_km=20"}),
        (304, "/edition.json", {}),
        (400, "/clusters.json", {"query": b"radius_km=x"}),
        (403, "/clusters.json", {"headers": [(b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", b"cors")]}),
        (404, "/nothing", {}),
        (404, "/cluster/nothing.json", {}),
        (405, "/clusters.json", {"method": "POST"}),
        (405, "/", {"method": "TRACE"}),
        (413, "/", {"headers": [(b"content-length", b"1")]}),
        (413, "/", {"headers": [(b"transfer-encoding", b"chunked")]}),
        (414, "/" + "a" * limits.TARGET_BYTES, {}),
        (414, "/clusters.json", {"query": b"a" * limits.TARGET_BYTES}),
        (422, "/clusters.json", {"query": b"w.patents=0&w.publications=0&w.deals=0"}),
        (431, "/", {"headers": [(b"x-long", b"a" * limits.HEADER_BYTES)]}),
    ],
)
def test_every_answer_carries_the_headers_of_safety(get, status, path, options):
    if status == 304:
        options = {"headers": [(b"if-none-match", get(path).headers["etag"].encode())]}
    answer = get(path, options.pop("query", b""), **options)
    assert answer.status == status
    check_headers(answer)
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert json.loads(answer.body)["status"] == status


def test_a_parameter_that_there_is_not_is_named_with_those_that_there_are(get):
    detail = json.loads(get("/clusters.json", b"w.deal=1").body)["detail"]
    assert detail.startswith("'w.deal' is no parameter here. The parameters are: radius_km, min_listings, w.patents, ")
    assert detail.endswith(" Did you mean 'w.deals'?")
    assert json.loads(get("/clusters.json", b"radius_km=x").body)["detail"].startswith("radius_km: ")


def test_a_failure_is_reported_without_its_inside(get, caplog):
    async def failing(*_):
        raise RuntimeError("the secret path /etc/shadow")

    answer = type(get)(Guard(failing), get.loop)("/")
    assert answer.status == 500
    assert b"secret" not in answer.body
    assert "secret" in caplog.text
    check_headers(answer)


def test_a_link_from_another_site_opens_but_its_scripts_read_nothing(get):
    def from_elsewhere(mode, dest):
        headers = [(b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", mode), (b"sec-fetch-dest", dest)]
        return get("/clusters.json", headers=headers).status

    assert from_elsewhere(b"navigate", b"document") == 200
    assert from_elsewhere(b"no-cors", b"script") == 403
    assert from_elsewhere(b"cors", b"empty") == 403
    assert from_elsewhere(b"no-cors", b"image") == 403


TARGETS = st.one_of(
    st.text(max_size=60).map(lambda text: "/" + text),
    st.sampled_from(["/clusters.json", "/clusters.csv", "/explain.json", "/explain/place.json"]),
    st.builds("/cluster/{}.json".format, st.text(max_size=40)),
    st.builds("/tables/{}.json".format, st.text(max_size=40)),
)
NAMES = st.sampled_from(
    [b"radius_km", b"min_listings", b"w.patents", b"w.deals", b"lat", b"lon", b"x", b"y", b"q", b"z"]
)
NUMBERS = st.one_of(st.integers(), st.floats(), st.decimals(), st.integers(1, 100)).map(
    lambda value: str(value).encode()
)
VALUES = st.one_of(NUMBERS, st.binary(max_size=40), st.text(max_size=20).map(lambda text: text.encode()))
QUERIES = st.one_of(
    st.binary(max_size=80),
    st.lists(st.tuples(NAMES, VALUES), max_size=4).map(lambda f: b"&".join(b"=".join(p) for p in f)),
)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from([b"accept-encoding", b"if-none-match", b"range", b"sec-fetch-site"]), st.binary(max_size=30)
    ),
    max_size=2,
    unique_by=lambda pair: pair[0],
)


@settings(max_examples=5_000 if os.environ.get("HUBRANK_PROOF") == "1" else 100, deadline=None)
@given(TARGETS, QUERIES, HEADERS, st.sampled_from(["GET", "HEAD", "POST", "PUT", "X"]))
def test_no_request_makes_the_server_fail(get, path, query, headers, method):
    answer = get(path, query, headers=headers, method=method)
    assert answer.status < 500, answer.body
    check_headers(answer)
