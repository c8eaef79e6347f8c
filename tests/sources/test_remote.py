"""Files at addresses are read where they are, whatever breaks off on the way, or copied once where they cannot be."""

import gzip
import hashlib
import http.server
import io
import json
import sys
import zipfile
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hostile.small_worlds import STUDY
from hubrank import pipeline
from hubrank.analysis.verify import verify
from hubrank.core import object_store as servers
from hubrank.core import remote as objects
from hubrank.core.errors import DataError, StudyError
from hubrank.core.files import sha256
from hubrank.core.provenance import Input
from hubrank.sources import remote
from hubrank.study.study_file import read_raw
from object_store import Weather, empty, proxy, served

pytest.importorskip("obstore", reason="files at addresses are an extra: pip install 'hubrank[remote]'")


@pytest.fixture
def bucket(store):
    empty(*store)
    return store


def rows(seed, count=3_000):
    """Return the columns of a table of patents around three towns."""
    rng = np.random.default_rng(seed)
    town = rng.integers(0, 3, count)
    lat = np.array([48.85, 35.68, -33.87])[town] + rng.random(count) / 10
    lon = np.array([2.35, 139.69, 151.2])[town] + rng.random(count) / 10
    ids = np.char.add(f"r{seed}-", np.arange(count).astype(str))
    return {"id": ids, "no": np.ones(count, int), "lat": lat.round(4), "lon": lon.round(4)}


def csv_bytes(columns):
    lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    return ("\n".join(lines) + "\n").encode()


def parquet_bytes(columns, **more):
    sink = io.BytesIO()
    pq.write_table(pa.table({**columns, **more}), sink, compression="none", row_group_size=1_000)
    return sink.getvalue()


def run(folder, files, name="out", **choices):
    """Run a study without the pages, which say nothing of where files are."""
    path = folder / "study.toml"
    path.write_text(STUDY.replace("patents*.csv", files))
    return pipeline.run_raw(read_raw(path), path, folder / name, site=False, **choices)


def results(edition):
    """Return what does not name the files."""
    names = ("points", "ranking", "measures", "clusters")
    return {name: edition.table(name).to_pylist() for name in names}


@pytest.mark.parametrize("weather_of", [{}, {"cut": 2, "delay": 0.02}, {"fail": 3}], ids=str)
def test_a_run_on_a_bucket_is_the_run_on_the_files(tmp_path, bucket, weather_of):
    client, weather = bucket
    for number in range(2):
        plain = csv_bytes(rows(number))
        packed = gzip.compress(plain) if number else plain
        (tmp_path / f"patents-{number}.csv").write_bytes(packed)
        client.put_object(Bucket="records", Key=f"raw/year=202{number}/patents.csv", Body=packed)
    local = run(tmp_path, "patents-*.csv", "local")
    for name, value in weather_of.items():
        setattr(weather, name, value)
    remote_run = run(tmp_path, "s3://records/raw/*/patents.csv", "remote")
    assert results(remote_run) == results(local)
    inputs = remote_run.manifest["inputs"]
    assert [entry["name"] for entry in inputs] == [f"s3://records/raw/year=202{n}/patents.csv" for n in (0, 1)]
    assert inputs[0]["etag"] == f'"{hashlib.md5((tmp_path / "patents-0.csv").read_bytes()).hexdigest()}"'
    files = set(remote_run.table("located")["source_file"].to_pylist())
    assert files == {entry["name"] for entry in inputs}
    assert not list(tmp_path.rglob("copied"))


def test_an_object_is_asked_for_once_while_its_version_stays(tmp_path, bucket):
    client, weather = bucket
    client.put_object(Bucket="records", Key="a.csv", Body=csv_bytes(rows(1)))
    first = run(tmp_path, "s3://records/a.csv")
    before = len([one for one in weather.requests if one[0] == "GET"])
    again = run(tmp_path, "s3://records/a.csv", "again")
    assert len([one for one in weather.requests if one[0] == "GET"]) == before
    assert results(first) == results(again)
    client.put_object(Bucket="records", Key="a.csv", Body=csv_bytes(rows(2)))
    assert results(run(tmp_path, "s3://records/a.csv", "third")) != results(first)


def test_of_parquet_only_the_columns_that_count_are_fetched(tmp_path, bucket):
    client, weather = bucket
    columns = rows(1)
    content = parquet_bytes(columns, text=[f"{n:02000}" for n in range(3_000)])
    client.put_object(Bucket="records", Key="a.parquet", Body=content)
    (tmp_path / "a.parquet").write_bytes(content)
    weather.sent = 0
    edition = run(tmp_path, "s3://records/a.parquet")
    assert weather.sent < len(content) / 20
    assert results(edition) == results(run(tmp_path, "a.parquet", "local"))


def test_a_zip_is_opened_where_it_is(tmp_path, bucket):
    client, _ = bucket
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/patents.csv", csv_bytes(rows(1)))
    client.put_object(Bucket="records", Key="a.zip", Body=packed.getvalue())
    edition = run(tmp_path, "s3://records/a.zip")
    assert set(edition.table("located")["source_file"].to_pylist()) == {"s3://records/a.zip/a/patents.csv"}


def test_what_is_replaced_while_it_is_read_ends_the_run(tmp_path, bucket, monkeypatch):
    client, _ = bucket
    client.put_object(Bucket="records", Key="a.csv", Body=csv_bytes(rows(1)))
    real = objects.RemoteObject.open

    def replaced(file, mode="rb", buffering=objects.BLOCK):
        if buffering:
            client.put_object(Bucket="records", Key="a.csv", Body=csv_bytes(rows(2)))
        return real(file, mode, buffering)

    monkeypatch.setattr(objects.RemoteObject, "open", replaced)
    with pytest.raises(DataError, match=r"s3://records/a.csv was replaced while the run read it"):
        run(tmp_path, "s3://records/a.csv")
    assert not (tmp_path / "out").exists()


def test_each_answer_is_of_the_version_that_was_looked_up(bucket):
    client, _ = bucket
    client.put_object(Bucket="records", Key="a.csv", Body=b"one,two")
    file = objects.head("s3://records/a.csv")
    assert (file.open().read(), file.open(buffering=0).read(3)) == (b"one,two", b"one")
    client.put_object(Bucket="records", Key="a.csv", Body=b"two,one")
    with pytest.raises(DataError, match="was replaced"):
        file.open().read()


def test_a_list_that_breaks_off_is_asked_for_again(bucket):
    client, weather = bucket
    for number in range(20):
        client.put_object(Bucket="records", Key=f"many/{number:02}.csv", Body=b"")
    weather.cut = 2
    for _ in range(4):
        assert len(objects.glob("s3://records/many/*.csv")) == 20


def test_a_store_that_goes_away_is_no_damaged_file(tmp_path, bucket, monkeypatch):
    client, weather = bucket
    monkeypatch.setattr(servers, "RETRY", {"max_retries": 1})
    servers._store.cache_clear()
    client.put_object(Bucket="records", Key="a.csv", Body=csv_bytes(rows(1)))
    real = objects.RemoteObject.open

    def gone(file, mode="rb", buffering=objects.BLOCK):
        weather.fail = 1 if buffering else 0
        return real(file, mode, buffering)

    monkeypatch.setattr(objects.RemoteObject, "open", gone)
    with pytest.raises(
        DataError, match=r"s3://records/a.csv cannot be read: .*503.*Run again: what is finished is kept"
    ):
        run(tmp_path, "s3://records/a.csv")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("s3://records/none.csv", "does not exist"),
        ("s3://records/none-*.csv", "no file matches"),
        ("https://example.org/*.csv", "cannot be listed"),
        ("klingon://x/a.csv", "klingon:// cannot be opened"),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_what_is_not_there_is_said(tmp_path, address, message):
    with pytest.raises(StudyError, match=message):
        run(tmp_path, address)


def test_without_the_library_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    servers._store.cache_clear()
    with pytest.raises(StudyError, match=r"pip install 'hubrank\[remote\]'"):
        run(tmp_path, "s3://records/a.csv")


def test_inputs_at_addresses_are_verified_there(tmp_path, bucket):
    client, _ = bucket
    client.put_object(Bucket="records", Key="a.csv", Body=csv_bytes(rows(1)))
    edition = run(tmp_path, "s3://records/a.csv")
    assert verify(edition.folder, tmp_path).faults == []
    client.put_object(Bucket="records", Key="a.csv", Body=csv_bytes(rows(2)))
    assert verify(edition.folder, tmp_path).faults == [
        "s3://records/a.csv: input differs from the file that the run read"
    ]
    client.delete_object(Bucket="records", Key="a.csv")
    assert "cannot be compared: s3://records/a.csv does not exist" in verify(edition.folder, tmp_path).faults[0]


def test_a_register_and_works_of_a_bucket_locate_as_files_do(tmp_path, bucket):
    client, _ = bucket
    place = {
        "geonames_id": 2988507,
        "geonames_details": {"lat": 48.85, "lng": 2.35, "country_code": "FR", "name": "Paris"},
    }
    record = {
        "id": "https://ror.org/05a28rw58",
        "status": "active",
        "types": ["education"],
        "locations": [place],
        "names": [{"value": "Zorblatt Institute of Numbers", "types": ["ror_display"]}],
        "relationships": [],
    }
    client.put_object(Bucket="records", Key="ror-data.json", Body=json.dumps([record]).encode())
    author = {
        "institutions": [],
        "countries": ["FR"],
        "raw_affiliation_strings": ["Zorblatt Institute of Numbers, France"],
    }
    topic = {"field": {"display_name": "Physics"}, "domain": {"display_name": "Physical Sciences"}}
    works = [
        {"id": f"https://openalex.org/W{n}", "publication_year": 2023, "type": "article", "primary_topic": topic}
        | {"authorships": [author]}
        for n in range(40)
    ]
    packed = gzip.compress("\n".join(map(json.dumps, works)).encode())
    client.put_object(Bucket="records", Key="works/part_000.gz", Body=packed)
    study = (
        STUDY.partition("[[sources]]")[0]
        + """
[[sources]]
metric = "publications"
reader = "openalex"
files = "s3://records/works/*.gz"
[geocoding]
institutions = "s3://records/ror-data.json"
[clusters]
min_listings = 25
[robustness]
run = false
"""
    )
    (tmp_path / "study.toml").write_text(study)
    edition = pipeline.run(tmp_path / "study.toml", tmp_path / "out")
    assert edition.manifest["metrics"]["publications"]["records"] == 40
    assert edition.table("points")["lat_e7"].to_pylist() == [488_500_000]


class Files(http.server.SimpleHTTPRequestHandler):
    """A web server without ranges and ETags."""

    def log_message(self, *_):
        pass


@pytest.fixture
def web(tmp_path):
    folder = tmp_path / "web"
    folder.mkdir()
    with served(partial(Files, directory=str(folder))) as address:
        yield folder, address


def test_what_a_web_server_gives_only_whole_is_copied_once(tmp_path, web, monkeypatch):
    """What follows the question mark may be a key: the study names it by a variable, and the edition its hash."""
    folder, address = web
    monkeypatch.setenv("HUBRANK_TEST_TOKEN", "secret")
    content = csv_bytes(rows(1))
    (folder / "a.csv").write_bytes(content)
    (tmp_path / "a.csv").write_bytes(content)
    edition = run(tmp_path, f"{address}/a.csv?token=${{HUBRANK_TEST_TOKEN}}")
    assert results(edition) == results(run(tmp_path, "a.csv", "local"))
    (entry,) = edition.manifest["inputs"]
    query = hashlib.sha256(b"token=secret").hexdigest()[:8]
    assert entry["name"] == f"{address}/a.csv?{query}"
    assert entry["sha256"] == sha256(tmp_path / "a.csv")
    texts = [path.read_bytes() for path in edition.folder.rglob("*") if path.is_file()]
    assert not any(b"secret" in text for text in texts)
    (folder / "a.csv").unlink()
    assert results(run(tmp_path, f"{address}/a.csv?token=${{HUBRANK_TEST_TOKEN}}", "again")) == results(edition)


def test_a_web_server_with_ranges_is_read_in_place(tmp_path, bucket):
    client, _ = bucket
    content = csv_bytes(rows(1))
    client.put_object(Bucket="records", Key="a.csv", Body=content, ACL="public-read")
    with served(proxy(client.meta.endpoint_url, Weather())) as address:
        edition = run(tmp_path, f"{address}/records/a.csv")
    (entry,) = edition.manifest["inputs"]
    assert entry["etag"] == f'"{hashlib.md5(content).hexdigest()}"'


class Unheaded(Files):
    """A web server that refuses HEAD, as some do with another status each."""

    status = 405

    def do_HEAD(self):
        self.send_error(self.status)


@pytest.mark.parametrize("status", [403, 405])
def test_a_web_server_that_refuses_head_is_asked_for_the_whole_file(tmp_path, status, monkeypatch):
    monkeypatch.setattr(servers, "RETRY", {"max_retries": 0})
    (tmp_path / "web").mkdir()
    content = csv_bytes(rows(1))
    (tmp_path / "web/a.csv").write_bytes(content)
    handler = type("Handler", (Unheaded,), {"status": status})
    with served(partial(handler, directory=str(tmp_path / "web"))) as address:
        edition = run(tmp_path, f"{address}/a.csv")
        assert verify(edition.folder, tmp_path).faults == []
    (entry,) = edition.manifest["inputs"]
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_query_that_the_edition_does_not_have_cannot_be_verified(tmp_path, web):
    folder, address = web
    (folder / "a.csv").write_bytes(csv_bytes(rows(1)))
    edition = run(tmp_path, f"{address}/a.csv?page=1")
    (fault,) = verify(edition.folder, tmp_path).faults
    assert fault.endswith("input cannot be compared: its address has a query, of which the edition holds a hash only")


def test_folders_that_consoles_make_are_no_files(bucket):
    client, _ = bucket
    for key in ("a/sub/", "a/sub/x.csv", "a/x.csv/", "a/x.csv", "a/empty.csv"):
        client.put_object(Bucket="records", Key=key, Body=b"1" if key.endswith("x.csv") else b"")
    names = [file.address for file in objects.glob("s3://records/a/**")]
    assert names == [f"s3://records/a/{name}" for name in ("empty.csv", "sub/x.csv", "x.csv")]
    assert [file.address for file in objects.glob("S3://records/a/*.csv")] == [names[0], names[2]]


def test_a_name_in_a_bucket_may_have_any_character(bucket):
    client, _ = bucket
    names = ["x#1.csv", "x#2.csv", "x?y.csv", "x%20y é.csv"]
    for name in names:
        client.put_object(Bucket="records", Key=f"h/{name}", Body=name.encode())
    files = objects.glob("s3://records/h/x*.csv")
    assert sorted(file.name for file in files) == sorted(names)
    assert [file.open().read().decode() for file in files] == [file.name for file in files]
    assert sorted(file.public_address for file in files) == sorted(f"s3://records/h/{name}" for name in names)


@pytest.mark.parametrize("address", ["s3://records", "s3://records/", "s3://records/a/", "s3://"])
def test_a_bucket_or_a_folder_is_no_file(address):
    with pytest.raises(StudyError, match="names a bucket or a folder"):
        objects.glob(address)


@pytest.mark.parametrize(
    ("look", "address"),
    [
        (objects.head, "http://me:SECRET@127.0.0.1:9/x.csv"),
        (objects.glob, "az://a/f.csv?sig=SECRET"),
        (objects.glob, "ftp://me:SECRET@host/f"),
    ],
)
def test_messages_have_no_passwords_and_no_queries(look, address, monkeypatch):
    monkeypatch.setattr(servers, "RETRY", {"max_retries": 0})
    with pytest.raises((StudyError, DataError)) as error:
        look(address)
    assert "SECRET" not in str(error.value)


def test_a_file_that_another_machine_does_not_see_is_called_that(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"id")
    file = Input.of(tmp_path / "a.csv", "a.csv")
    (tmp_path / "a.csv").unlink()
    with pytest.raises(DataError, match=r"a.csv is not there any more, or this machine of a cluster does not see it"):
        file.expect_unchanged()


def test_what_cannot_be_had_leaves_nothing_behind(tmp_path, web, monkeypatch):
    _, address = web
    monkeypatch.setattr(remote, "WAIT", 0)
    for missing in (f"{address}/gone.csv?now", "http://127.0.0.1:9/a.csv?now"):
        with pytest.raises(DataError, match="Download it yourself"):
            remote.copied(missing, tmp_path / "copies")
    assert [path.name for path in (tmp_path / "copies").iterdir()] == []


def test_an_address_is_distinguished_from_a_path():
    assert servers.is_address("https://example.org/a.csv")
    assert not servers.is_address("C:/a.csv")
    assert (
        servers.public_address("https://me:secret@host/a%20b.csv?key=1")
        == "https://host/a%20b.csv?" + hashlib.sha256(b"key=1").hexdigest()[:8]
    )
