"""The service step against a server of our own: polite, patient, and never asking twice."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlparse

import pyarrow as pa
import pytest

from hubrank import geocoding
from hubrank.core.errors import DataError, StudyError
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.evidence import service
from hubrank.study.sections import Geocoding

pytest.importorskip("geopy", reason="geopy is an extra")

BONN = {
    "lat": "50.7359",
    "lon": "7.1007",
    "display_name": "Bonn",
    "addresstype": "city",
    "address": {"country_code": "de"},
}


def addresses(*rows):
    return pa.Table.from_pylist(rows, ADDRESS_SCHEMA)


@pytest.fixture
def server():
    """Serve Bonn, after as many failures as `server.failures` says, and keep the questions."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            questions.append(parse_qs(urlparse(self.path).query)["q"][0])
            busy = len(questions) <= http.failures
            self.send_response(503 if busy else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps([] if "Nowhere" in questions[-1] else [BONN]).encode())

        def log_message(self, *_):
            pass

    questions: list[str] = []
    http = HTTPServer(("127.0.0.1", 0), Handler)
    http.failures, http.questions = 0, questions
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield http
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def step(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HUBRANK_CACHE", str(tmp_path))
    monkeypatch.setenv("HUBRANK_CONTACT", "tests@example.org")
    monkeypatch.setenv("HUBRANK_GEOCODER_DOMAIN", f"http://127.0.0.1:{server.server_port}")

    def make():
        resolver = geocoding.resolver_for(geocoding.Settings(geocoding=Geocoding(use=["service"], service="nominatim")))
        resolver._service._sleep = naps.append
        return resolver

    naps: list[float] = []
    make.naps = naps
    return make


def test_a_service_answers_with_place_precision_and_economy(step):
    answer = step().locate(addresses({"city": "Bonn", "country": "DE"})).to_pylist()[0]
    assert (answer["lat_e7"], answer["lon_e7"], answer["precision"], answer["economy"]) == (
        507359000,
        71007000,
        "city",
        "DE",
    )


def test_no_address_is_asked_for_twice_not_even_by_the_next_run(step, server):
    rows = addresses({"city": "Bonn", "country": "DE"}, {"city": "Nowhere"}, {"city": "Bonn", "country": "DE"})
    first = step().locate(rows)
    assert server.questions == ["Bonn, DE", "Nowhere"]
    assert step().locate(rows).equals(first)
    assert len(server.questions) == 2
    assert first["lat_e7"].to_pylist() == [507359000, None, 507359000]


def test_a_busy_service_is_asked_again_later_each_time(step, server):
    server.failures = 2
    assert step().locate(addresses({"city": "Bonn"}))["lat_e7"].to_pylist() == [507359000]
    assert len(server.questions) == 3
    assert step.naps[-1] > step.naps[-2] > 1.5


def test_a_service_that_never_answers_stops_the_run_and_what_it_said_before_is_kept(step, server):
    located = step()
    located.locate(addresses({"city": "Bonn"}))
    server.failures = 100
    with pytest.raises(DataError, match=r"did not answer 4 times.*kept in"):
        located.locate(addresses({"city": "Köln"}))
    server.failures = 0
    count = len(server.questions)
    assert step().locate(addresses({"city": "Bonn"}))["lat_e7"].to_pylist() == [507359000]
    assert len(server.questions) == count


def test_a_line_cut_short_by_a_crash_is_asked_again(step, server, tmp_path):
    step().locate(addresses({"city": "Bonn"}))
    memory = next(tmp_path.glob("service-*.jsonl"))
    memory.write_text(memory.read_text("utf-8")[:-20], "utf-8")
    step().locate(addresses({"city": "Bonn"}))
    assert server.questions == ["Bonn", "Bonn"]


def test_a_service_wants_to_know_who_asks(monkeypatch):
    monkeypatch.delenv("HUBRANK_CONTACT", raising=False)
    with pytest.raises(StudyError, match="HUBRANK_CONTACT"):
        service.find("photon")
