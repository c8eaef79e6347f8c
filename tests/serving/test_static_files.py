"""Which files are served, and what pages may do."""

import gzip
import itertools
import json
import os
import shutil
import socket
from urllib.parse import urlsplit

import pytest

from hubrank.core.edition import Edition
from hubrank.core.errors import DataError
from hubrank.serving import policy
from hubrank.serving.problems import Problem
from hubrank.serving.served_edition import opened
from hubrank.serving.static_files import EditionFiles

UPS = ["..", "%2e%2e", ".%2e", "%2e.", "..;", "%252e%252e", "..%00", "%c0%ae%c0%ae", "．．", "...", "..%5c.."]
SLASHES = ["/", "%2f", "\\", "%5c", "//", "/./", "%252f", "%c0%af"]
AIMS = ["etc/passwd", "run.json", "tables/located.parquet"]
# Deep enough to leave any folder, and just high enough to come from the site to the edition.
TRAVERSALS = [
    f"/{(up + slash) * depth}{aim}"
    for up, slash, aim, depth in itertools.product(UPS, SLASHES, AIMS, (1, 12))
    if not (aim == "etc/passwd" and depth == 1)
]
TRAVERSALS += ["//etc/passwd", "/etc/passwd", "/file:///etc/passwd", "/cluster/../run.json", "/assets/%2e%2e/run.json"]
TRAVERSALS += [
    "/run.json",
    "/./run.json",
    "/site/index.html",
    "/cluster",
    "/cluster/",
    "/.",
    "/..",
    "/tables/located.json",
]
TRAVERSALS += [
    "/cluster/..%2f..%2frun.json",
    "/tables/..%2frun.json",
    "/live/../running.py",
    "/live/..%2fapp.py",
    "/%00",
]


def raw(address, target, *more):
    """Send a target byte by byte as it is and return status and body."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        lines = [f"GET {target} HTTP/1.1", "Host: localhost", "Connection: close", *more, "", ""]
        connection.sendall("\r\n".join(lines).encode())
        content = b""
        while chunk := connection.recv(65536):
            content += chunk
    head, _, body = content.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode("latin-1").lower(), body


def test_over_a_hundred_ways_out_of_the_folder_lead_nowhere(get):
    assert len(set(TRAVERSALS)) > 400
    assert {path for path in TRAVERSALS if get(path).status != 404} == set()


def test_the_same_ways_as_bytes_on_the_wire_lead_nowhere(served):
    ways = [target for target in dict.fromkeys(TRAVERSALS) if target.isascii() and "\\" not in target]
    assert len(ways) > 200
    statuses = {target: raw(served, target)[0] for target in ways}
    assert {target: status for target, status in statuses.items() if status != 404} == {}
    assert raw(served, "/..\\..\\etc/passwd")[0] in {400, 404}
    assert raw(served, "http://localhost/../../etc/passwd")[0] == 404
    assert raw(served, "/clusters.csv")[0] == 200


def test_everything_that_the_edition_names_is_there_but_the_listings(get, edition):
    named = [*edition.edition.manifest["outputs"], "edition.json"]
    for name in named:
        expected = 404 if name in {"tables/located.parquet", "tables/addresses.parquet"} else 200
        assert get("/" + name.removeprefix("site/")).status == expected, name


def test_data_is_served_as_it_lies_there(get, edition):
    for name in ("ranking.csv", "clusters.geojson", "edition.json", "tables/points.parquet", "edition.sqlite"):
        assert get("/" + name).body == (edition.edition.folder / name).read_bytes()


def test_a_file_is_compressed_where_the_client_accepts_that_and_is_sent_once(get):
    plain = get("/clusters.geojson")
    shrunk = get("/clusters.geojson", headers=[(b"accept-encoding", b"br, gzip")])
    assert shrunk.headers["content-encoding"] == "gzip"
    assert gzip.decompress(shrunk.body) == plain.body
    assert len(shrunk.body) < len(plain.body) / 2
    again = get("/clusters.geojson", headers=[(b"if-none-match", plain.headers["etag"].encode())])
    assert (again.status, again.body) == (304, b"")
    database = get("/edition.sqlite", headers=[(b"accept-encoding", b"gzip")])
    assert "content-encoding" not in database.headers


def test_the_front_page_gets_the_live_script_and_its_policy_as_a_header(get, edition):
    answer = get("/")
    assert b'src="live/live.js"' in answer.body
    assert b"http-equiv" not in answer.body
    policy_header = answer.headers["content-security-policy"]
    assert "script-src 'self'; " in policy_header
    assert "connect-src 'self'" in policy_header
    assert b"live.js" not in (edition.edition.folder / "site" / "index.html").read_bytes()
    assert get("/live/live.js").headers["content-type"].startswith("text/javascript")


def test_the_self_contained_page_may_run_its_own_script_only(get):
    policy_header = get("/explorer.html").headers["content-security-policy"]
    assert "script-src 'sha256-" in policy_header
    assert "style-src 'self' 'sha256-" in policy_header


def test_a_page_that_the_client_has_already_keeps_its_policy(get):
    page = get("/explorer.html")
    again = get("/explorer.html", headers=[(b"if-none-match", page.headers["etag"].encode())])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["content-security-policy"] == page.headers["content-security-policy"]


def test_a_page_gets_no_more_than_its_own_site_whatever_it_names():
    sources = b"script-src 'self' 'unsafe-inline' https://evil.example *; img-src * blob:; connect-src *; default-src *"
    content, page_policy = policy.of_page(
        b'<meta http-equiv="Content-Security-Policy" content="%s"><style>a{}</style>' % sources
    )
    assert b"meta" not in content
    assert "unsafe" not in page_policy
    assert "evil" not in page_policy
    assert "*" not in page_policy
    assert "script-src 'self'" in page_policy
    assert "img-src blob:" in page_policy


def test_a_page_without_a_policy_runs_no_script():
    assert "script-src 'none'" in policy.of_page(b"<script>alert(1)</script>")[1]


def test_embed_pages_are_framed_by_others_only_where_the_server_is_public(tmp_path):
    (tmp_path / "site").mkdir()
    for name in ("embed.html", "index.html"):
        (tmp_path / "site" / name).write_text("<html></html>")
    published = Edition(tmp_path, {"outputs": {"site/embed.html": "", "site/index.html": ""}})

    def headers(name, **options):
        files = EditionFiles(published, **options)
        return files.file_response(*files.lookup_path(name), {"type": "http", "headers": []}).headers

    assert "x-frame-options" in headers("embed.html")
    assert "x-frame-options" not in headers("embed.html", embeddable=True)
    assert "frame-ancestors *" in headers("embed.html", embeddable=True)["content-security-policy"]
    assert "x-frame-options" in headers("index.html", embeddable=True)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "link.csv", "linked/secret"])
def test_an_edition_that_names_files_elsewhere_is_refused(tmp_path, name):
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "edition"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "secret")
    (folder / "linked").symlink_to(tmp_path)
    with pytest.raises(DataError, match="outside the edition"):
        EditionFiles(Edition(folder, {"outputs": {name: "hash"}}))


def test_an_edition_that_was_replaced_is_not_mixed_with_its_successor(get, edition, monkeypatch):
    assert get("/clusters.json").status == 200
    monkeypatch.setattr(edition, "_stamp", (0, 0, 0))
    for path in ("/clusters.json", "/", "/openapi.json"):
        answer = get(path)
        assert answer.status == 503
        assert "replaced" in json.loads(answer.body)["detail"]


@pytest.mark.parametrize("name", ["ranking.csv", "ranking.xlsx", "site/method.html", "tables/points.parquet"])
def test_a_file_that_changes_after_the_start_is_not_sent(get, edition, tmp_path, name):
    folder = shutil.copytree(edition.edition.folder, tmp_path / "edition")
    files = EditionFiles(Edition(folder, edition.edition.manifest))

    def sent():
        scope = {"type": "http", "method": "GET", "headers": []}
        return get.run(files.get_response(name.removeprefix("site/"), scope)).status_code

    assert [sent(), sent()] == [200, 200]
    path = folder / name
    content, stat = path.read_bytes(), path.stat()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    for _ in range(2):
        with pytest.raises(Problem, match="was changed since the edition was sealed"):
            sent()
    path.write_bytes(content)
    assert sent() == 200
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="was changed since the edition was sealed"):
        sent()


def test_an_edition_whose_tables_were_changed_is_not_served(edition, tmp_path):
    folder = shutil.copytree(edition.edition.folder, tmp_path / "edition")
    path = folder / "tables/points.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match=r"tables/points.parquet is not what the run wrote"), opened(folder):
        pass
