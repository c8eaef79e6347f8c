"""Servers that misbehave: each ends in a whole file or in one message, and never in a file that a run would take."""

import gzip
import json
import logging
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acquisition import providers
from acquisition.stub import Fault, Stub
from hubrank.acquisition.keys import setting
from hubrank.core.errors import DataError, HubrankError, StudyError


def visible(folder):
    return sorted(p.name for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))


@pytest.fixture
def ror(stub, get, tmp_path):
    """Return name and content of the file at a stub, and what the folder has once it was fetched."""
    (name, content), *_ = providers.ror(stub).items()

    def fetched():
        get("ror")
        assert visible(tmp_path / "ror") == ["manifest.json", name]
        assert (tmp_path / "ror" / name).read_bytes() == content

    return name, content, fetched


def refused(stub, get, source, fault, message, tmp_path, kind=DataError):
    stub.faults += filter(None, [fault])
    with pytest.raises(kind, match=message) as raised:
        get(source)
    left = visible(tmp_path / source) if (tmp_path / source).exists() else []
    assert left in ([], ["manifest.json"]), left
    return str(raised.value)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_an_overloaded_server_is_asked_again(status, stub, ror):
    stub.faults += [Fault("/records/9", times=3, status=status), Fault("/api", times=2, status=status)]
    ror[2]()


@pytest.mark.parametrize("pause", ["0", "1", "Wed, 21 Oct 2015 07:28:00 GMT", "soon"])
def test_retry_after_is_read_as_seconds_or_date(pause, stub, ror):
    stub.faults.append(Fault("/records/9", status=429, headers={"Retry-After": pause}))
    ror[2]()


def test_a_long_pause_is_reported(stub, caplog):
    from hubrank.acquisition.client import Client
    from hubrank.acquisition.ror import PROVIDER

    stub.files["/x"] = b"text"
    stub.faults.append(Fault("/x", status=503, headers={"Retry-After": "1"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROVIDER.variable, stub.address)
        with Client(PROVIDER).open() as client:
            assert client.text("x") == "text"
    assert caplog.messages == ["ror answered 503; waiting 1 s"]


@pytest.mark.usefixtures("ror")
def test_a_server_that_stays_overloaded_is_said_to(stub, get, tmp_path):
    refused(stub, get, "ror", Fault("/records/9", times=99, status=503), "answered 503, 6 times", tmp_path)


def test_a_limit_that_is_used_up_is_said_to_be(stub, get, tmp_path):
    providers.ror(stub)
    fault = Fault("/records/9", times=99, status=429)
    refused(stub, get, "ror", fault, "answered 429, 6 times. Its limit may be used up", tmp_path)


@pytest.mark.usefixtures("ror")
def test_a_limit_that_is_used_up_for_hours_is_not_waited_for(stub, get, tmp_path):
    fault = Fault("/records/9", times=99, status=429, headers={"Retry-After": "36000"})
    refused(stub, get, "ror", fault, "asks to wait 10.0 hours", tmp_path)
    assert len(stub.requests) == 2


@pytest.mark.usefixtures("ror")
def test_a_missing_file_names_the_page_and_the_variable(stub, get, tmp_path):
    fault = Fault("/records/9", times=99, status=404)
    refused(stub, get, "ror", fault, "answered 404.*zenodo.org/communities.*HUBRANK_ADDRESS_ROR", tmp_path)


def test_a_wrong_key_is_not_tried_again_and_not_repeated(stub, get, tmp_path):
    stub.routes["/api/v1/datasets/products/"] = lambda _: (401, {}, providers.KEY.encode())
    message = refused(stub, get, "uspto", None, "answered 401.*USPTO_API_KEY", tmp_path)
    assert providers.KEY not in message
    assert len(stub.requests) == 1


def test_the_sec_without_a_contact_is_not_asked(stub, get, tmp_path, monkeypatch):
    providers.form_d(stub)
    monkeypatch.setattr(providers, "CONTACT", "")
    refused(stub, get, "form-d", None, "names? a contact.*HUBRANK_CONTACT", tmp_path, StudyError)
    assert not stub.requests


@pytest.mark.usefixtures("ror")
def test_a_server_that_refuses_without_contact_is_explained(stub, get, tmp_path):
    refused(stub, get, "ror", Fault("/records/9", status=403), "answered 403.*HUBRANK_CONTACT", tmp_path)


def test_a_broken_connection_continues_where_it_broke(stub, ror):
    name, content, fetched = ror
    stub.faults += [Fault("/records/9", cut=100_000), Fault("/records/9", cut=150_000), Fault("/records/9", cut=10)]
    fetched()
    starts = [request["headers"].get("range") for request in stub.requests if name in request["path"]]
    assert starts == [None, "bytes=100000-", "bytes=250000-", "bytes=250010-"]
    assert stub.sent(name) == len(content)


@pytest.mark.usefixtures("ror")
def test_a_connection_that_never_brings_a_byte_ends_in_a_message(stub, get, tmp_path):
    refused(stub, get, "ror", Fault("/records/9", times=99, cut=0), "failed.*6 times.*continues", tmp_path)


def test_a_silent_server_is_given_up_and_asked_again(stub, get, tmp_path):
    providers.ror(stub)
    stub.faults.append(Fault("/records/9", pause=1.0))
    get("ror", timeout=0.3)
    assert len(visible(tmp_path / "ror")) == 2


def test_a_file_that_changes_between_two_ranges_is_fetched_anew(stub, ror, get, tmp_path):
    name, content, _ = ror
    old = providers.noise(len(content))
    stub.files[f"/records/9/files/{name}"] = old
    stub.faults += [Fault("/records/9", cut=90_000), Fault("/records/9", swap=content)]
    get("ror")
    assert (tmp_path / "ror" / name).read_bytes() == content


def test_a_range_of_another_version_is_not_taken_though_the_server_ignores_if_range(stub, ror, get, tmp_path):
    name, content, _ = ror
    path = f"/records/9/files/{name}"
    old = providers.noise(len(content))
    stub.files[path] = old
    real = stub._ranged

    def deaf(body, headers, fault):
        return real(body, {key: value for key, value in headers.items() if key != "if-range"}, fault)

    stub._ranged = deaf
    stub.faults += [Fault("/records/9", cut=90_000), Fault("/records/9", swap=content)]
    get("ror")
    assert (tmp_path / "ror" / name).read_bytes() == content


def test_a_server_without_ranges_sends_the_file_again(stub, ror):
    stub.faults += [Fault("/records/9", cut=90_000), Fault("/records/9", ignore_range=True)]
    ror[2]()


def test_a_server_without_etag_and_time_is_not_continued(stub, ror):
    stub.etags = stub.times = False
    stub.faults.append(Fault("/records/9", cut=90_000))
    ror[2]()
    assert [request["headers"].get("range") for request in stub.requests] == [None, None, None]


def test_a_range_at_another_place_is_not_taken(stub, ror):
    stub.faults += [Fault("/records/9", cut=90_000), Fault("/records/9", lie=True)]
    ror[2]()


def test_a_content_length_too_long_is_noticed_and_recovered(stub, ror):
    stub.faults.append(Fault("/records/9", length=10_000_000))
    ror[2]()


def test_a_content_length_too_short_is_noticed_and_recovered(stub, ror):
    stub.faults.append(Fault("/records/9", length=50_000, cut=50_000))
    ror[2]()


def test_a_file_shorter_than_its_provider_states_is_refused(stub, ror, get, tmp_path):
    name, content, _ = ror
    stub.files[f"/records/9/files/{name}"] = content[:-100]
    refused(stub, get, "ror", None, r"fetched twice, has .* bytes, not the .*removed", tmp_path)


def test_a_file_with_another_hash_is_refused(stub, ror, get, tmp_path):
    name, content, _ = ror
    stub.files[f"/records/9/files/{name}"] = content[:500] + b"x" + content[501:]
    refused(stub, get, "ror", None, "MD5", tmp_path)


def test_a_zip_damaged_in_the_middle_is_refused_or_fetched_again(stub, get, tmp_path):
    files = providers.form_d(stub)
    whole = files["2024q3_d.zip"]
    damaged = whole[:1000] + b"xxxx" + whole[1004:]
    stub.faults.append(Fault("2024q3", body=damaged))
    get("form-d")
    assert (tmp_path / "form-d" / "2024q3_d.zip").read_bytes() == whole
    (tmp_path / "form-d" / "2024q3_d.zip").unlink()
    stub.faults.append(Fault("2024q3", times=9, body=damaged))
    with pytest.raises(DataError, match=r"zip archive whose member .* is damaged"):
        get("form-d")
    assert "2024q3_d.zip" not in visible(tmp_path / "form-d")


@pytest.mark.parametrize("damage", ["middle", "cut"])
def test_a_gzip_damaged_in_the_middle_or_cut_is_refused(damage, stub, get, tmp_path):
    names = providers.openalex(stub, "jsonl")
    path = "/" + names[1]
    whole = stub.files[path]
    half = len(whole) // 2
    stub.files[path] = whole[:half] + bytes(len(whole) - half) if damage == "middle" else gzip.compress(b"{}\n" * 9)
    with pytest.raises(DataError, match=r"does not unpack|bytes, not"):
        get("openalex", format="jsonl")
    assert path.rpartition("/")[2] not in [
        p.name for p in (tmp_path / "openalex").rglob("updated_date=2026-09-01/*.gz") if "works" in str(p)
    ]


def test_a_page_in_place_of_a_file_is_refused(stub, get, tmp_path):
    providers.geonames(stub)
    fault = Fault("countryInfo", times=9, body=b"<!DOCTYPE html><html>sign in</html>")
    stub.faults.append(fault)
    with pytest.raises(DataError, match=r"is a web page|bytes, not the"):
        get("geonames")
    assert "countryInfo.txt" not in visible(tmp_path / "geonames")


def test_an_index_page_whose_links_have_moved_says_where_to_look(stub, get, tmp_path):
    stub.files["/data-research/sec-markets-data/form-d-data-sets"] = b"<a href='/new-place'>moved</a>"
    refused(stub, get, "form-d", None, "links to no data set.*raw/form-d/", tmp_path)


def test_a_manifest_that_disagrees_with_its_files_is_refused(stub, get, tmp_path):
    providers.openalex(stub)
    path = "/data/parquet/works/manifest.json"
    stub.files[path] = stub.files[path].replace(b'"record_count": 6000', b'"record_count": 6001')
    refused(stub, get, "openalex", None, "disagrees with its own list", tmp_path)


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_a_file_with_fewer_records_than_the_manifest_states_is_refused(form, stub, get):
    providers.openalex(stub, form)
    path = f"/data/{form}/works/manifest.json"
    content = stub.files[path].replace(b'"record_count": 2000', b'"record_count": 2001')
    stub.files[path] = content.replace(b'"record_count": 6000', b'"record_count": 6003')
    with pytest.raises(DataError, match="contains 2,000 records, not the 2,001"):
        get("openalex", format=form)


def test_a_parquet_file_that_changes_while_its_columns_are_fetched_is_refused(stub, get, tmp_path):
    names = providers.openalex(stub)
    path = "/" + names[1]
    other = providers._entity("works", 9, 2_000, "parquet")
    other = other.ljust(len(stub.files[path]), b" ")[: len(stub.files[path])]
    stub.faults.append(Fault(path, after=1, swap=other))
    with pytest.raises(DataError, match=r"changed|another part|whole file"):
        get("openalex")
    assert not list((tmp_path / "openalex" / names[1]).parent.glob("part*"))


def test_a_redirect_to_another_host_is_refused_and_carries_no_key(stub, get):
    with Stub() as other:
        providers.uspto(stub)
        stub.faults.append(Fault("files/PTGRXML", times=9, status=302, headers={"Location": other.address + "/x.zip"}))
        with pytest.raises(DataError, match=r"leads to the host '127.0.0.1', which is not one of"):
            get("uspto")
        assert not other.requests


def test_a_redirect_within_the_provider_is_followed(stub, ror):
    name, _, fetched = ror
    stub.files["/elsewhere.zip"] = stub.files[f"/records/9/files/{name}"]
    stub.faults.append(Fault("/records/9", status=302, headers={"Location": "/elsewhere.zip"}))
    fetched()


@pytest.mark.usefixtures("ror")
def test_a_circle_of_redirects_ends(stub, get, tmp_path):
    refused(
        stub, get, "ror", Fault("/records/9", times=99, status=302, headers={"Location": "?again"}), "302", tmp_path
    )


def test_outside_this_machine_an_address_must_be_encrypted(get, tmp_path, stub):
    stub.address = "http://mirror.example.org"
    refused(stub, get, "ror", None, "not encrypted", tmp_path)


@pytest.mark.usefixtures("ror")
def test_an_answer_that_is_no_json_is_refused(stub, get, tmp_path):
    refused(stub, get, "ror", Fault("/api", times=9, body=b"<html>"), "no JSON object", tmp_path)


@pytest.mark.usefixtures("ror")
@pytest.mark.parametrize("answer", [b"{}", b'{"hits": {"hits": []}}', b'{"hits": {"hits": [{"files": []}]}}'])
def test_an_answer_of_another_layout_is_refused(answer, stub, get, tmp_path):
    refused(stub, get, "ror", Fault("/api", times=9, body=answer), "names no ROR dump", tmp_path)


def test_a_name_that_leads_out_of_the_folder_is_refused(stub, get, tmp_path):
    providers.openalex(stub)
    path = "/data/parquet/works/manifest.json"
    stub.files[path] = stub.files[path].replace(b"works/updated_date=2026-09-01", b"works/../../../../..")
    with pytest.raises(DataError, match="which is not a name that a file can have here"):
        get("openalex")
    assert not list(tmp_path.parent.glob("part*"))


def paths(value, path=()):
    """Yield the path of every node of a JSON value."""
    yield path
    for key, below in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from paths(below, (*path, key))


def replaced(value, path, leaf):
    """Return a JSON value with another node at a path."""
    if not path:
        return leaf
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], leaf)
    return copy


LEAVES = (None, True, -1, 2.5, "", "x", "../x", "http://[", "https://example.org/x", [], {}, [[]], 10**30)


@pytest.mark.parametrize("source", ["ror", "uspto", "openalex", "openalex-counts"])
def test_an_answer_with_any_node_replaced_is_a_plan_or_a_message(source, stub, get, tmp_path):
    small = {"openalex-counts": {"institutions": 2}, "openalex": {"rows": 20}}.get(source, {"size": 10})
    providers.INSTALL[source](stub, **small)
    content, choice = stub.content, {}

    def changed(entry, fault):
        status, headers, body = content(entry, fault)
        if status == 200 and body[:1] == b"{" and "choice" in choice:
            value = json.loads(body)
            every = list(paths(value))
            where, leaf = choice["choice"]
            body = json.dumps(replaced(value, every[where % len(every)], leaf)).encode()
        return status, headers, body

    stub.content = changed
    get(source)
    outcomes = set()

    @given(st.integers(0, 10_000), st.sampled_from(LEAVES))
    @settings(suppress_health_check=list(HealthCheck))
    def check(where, leaf):
        choice["choice"] = where, leaf
        shutil.rmtree(tmp_path / source, ignore_errors=True)
        try:
            get(source)
            outcomes.add("fetched")
        except HubrankError:
            outcomes.add("message")

    check()
    assert "message" in outcomes


def test_a_product_of_another_layout_is_refused(stub, get, tmp_path):
    stub.routes["/api/v1/datasets/products/"] = lambda _: (200, {}, b'{"products": []}')
    refused(stub, get, "uspto", None, "names no files", tmp_path)


@pytest.mark.parametrize("source", list(providers.KEYS))
def test_a_key_is_required_before_anything_is_asked(source, stub, get, tmp_path, monkeypatch):
    monkeypatch.setattr(providers, "KEYS", {})
    monkeypatch.delenv(("OPENALEX" if "openalex" in source else "USPTO") + "_API_KEY", raising=False)
    refused(stub, get, source, None, "requires a key.*mode 600", tmp_path, StudyError)
    assert not stub.requests


def test_a_key_comes_from_a_file_that_nobody_else_can_read(tmp_path, monkeypatch):
    path = tmp_path / "keys.toml"
    path.write_text(f'USPTO_API_KEY = "{providers.KEY}"\n')
    monkeypatch.setenv("HUBRANK_KEYS", str(path))
    monkeypatch.delenv("USPTO_API_KEY", raising=False)
    path.chmod(0o640)
    with pytest.raises(StudyError, match=r"mode 640: others can read it. chmod 600") as raised:
        setting("USPTO_API_KEY")
    assert providers.KEY not in str(raised.value)
    path.chmod(0o600)
    assert setting("USPTO_API_KEY") == providers.KEY
    assert setting("OPENALEX_API_KEY") == ""
    path.write_text(providers.KEY)
    with pytest.raises(StudyError, match="is not TOML") as raised:
        setting("USPTO_API_KEY")
    assert providers.KEY not in str(raised.value)


@pytest.mark.parametrize("source", list(providers.KEYS))
@pytest.mark.parametrize("status", [0, 400, 401, 429, 500])
def test_a_planted_key_is_in_no_message_log_or_file(source, status, stub, get, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    providers.INSTALL[source](stub)
    if status:
        stub.faults.append(Fault(times=99, after=1, status=status, body=providers.KEY.encode()))
    if status:
        with pytest.raises(HubrankError) as raised:
            get(source)
        assert providers.KEY not in str(raised.value)
    else:
        get(source)
    assert any(providers.KEY in str(request) for request in stub.requests), "the key is not used"
    assert caplog.records
    assert providers.KEY not in caplog.text
    assert "[key]" in caplog.text or source != "openalex-counts"  # the address contains it
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if providers.KEY.encode() in path.read_bytes()]


@pytest.mark.usefixtures("ror")
def test_a_foreign_manifest_is_not_overwritten(get, tmp_path):
    (tmp_path / "ror").mkdir()
    (tmp_path / "ror" / "manifest.json").write_text("{}")
    with pytest.raises(DataError, match="is not a manifest of `hubrank get`"):
        get("ror")


@pytest.mark.usefixtures("ror")
def test_a_disk_that_is_too_small_is_noticed_before_the_download(stub, get, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("hubrank.acquisition.files.shutil.disk_usage", lambda _: usage)
    with pytest.raises(StudyError, match=r"0.0 GB free.*--raw"):
        get("ror")
    assert len(stub.requests) == 1


@pytest.mark.usefixtures("ror")
def test_options_without_sense_are_refused(get):
    with pytest.raises(StudyError, match="ror has no choice of years"):
        get("ror", years=(2019, 2020))
    with pytest.raises(StudyError, match="no choice of core"):
        get("ror", core=True)


def test_a_pattern_that_matches_nothing_lists_what_there_is(stub, get):
    providers.patentsview(stub)
    with pytest.raises(StudyError, match=r"no file matches --only 'x\*'. There are: g_application.tsv.zip"):
        get("patentsview", only="x*")
