"""Another radius, threshold or weights: what a run of that study would have ranked."""

import asyncio
import contextlib
import csv
import io
import json
import random
import threading
from decimal import Decimal

import openpyxl
import pyarrow.parquet as pq
import pytest

from fixtures_editions import run_edition
from hubrank.publishing.site import map_data
from hubrank.serving import drawn_grounds, limits, served_edition
from hubrank.serving.app import application
from hubrank.serving.problems import Problem
from hubrank.serving.served_edition import RADIUS_KM, RADIUS_STEP_KM
from hubrank.serving.worker import Worker

TOWNS = [(48.85, 2.35), (48.80, 2.13), (49.00, 2.60), (45.75, 4.85), (52.52, 13.40), (52.40, 13.06)]
CHOICE = "[clusters]\nradius_km = {radius}\nmin_listings = {least}\n"
CHOICES = [(2, 20), (6, 15), (6, 60), (18, 30), (30, 25)]


def rows_of(body):
    return list(csv.DictReader(io.StringIO(body.decode())))


def query(radius, least):
    return f"radius_km={radius}&min_listings={least}".encode()


@pytest.fixture(scope="module")
def towns(tmp_path_factory, get):
    """Return a client of a small edition of six towns, and its records."""
    rng = random.Random(5)
    records = []
    for number in range(400):
        for no in range(rng.choice((1, 1, 2, 3))):
            lat, lon = rng.choice(TOWNS)
            spot = round(lat + rng.uniform(-0.03, 0.03), 4), round(lon + rng.uniform(-0.03, 0.03), 4)
            records.append([f"r{number}", no, 2020, *spot, 1])
    small = run_edition(tmp_path_factory.mktemp("towns"), "towns", records, CHOICE.format(radius=10, least=40))
    with served_edition.opened(small.folder) as opened:
        yield type(get)(application(opened), get.loop), records


@pytest.mark.parametrize(("radius", "least"), CHOICES)
def test_a_variant_ranks_what_a_run_of_that_study_ranks(towns, tmp_path, radius, least):
    get, records = towns
    run = run_edition(tmp_path, "run", records, CHOICE.format(radius=radius, least=least))
    live = rows_of(get("/clusters.csv", query(radius, least)).body)
    printed = rows_of((run.folder / "ranking.csv").read_bytes())
    columns = [
        "rank",
        "cluster_id",
        "cluster",
        "economies",
        "geonames_ids",
        "score_pct",
        "patents",
        "patents_share_pct",
    ]
    assert live
    assert [[row[name] for name in columns] for row in live] == [[row[name] for name in columns] for row in printed]
    live_shapes = json.loads(get("/clusters.geojson", query(radius, least)).body)["features"]
    shapes = json.loads((run.folder / "clusters.geojson").read_bytes())["features"]
    assert [(f["id"], f["geometry"]) for f in live_shapes] == [(f["id"], f["geometry"]) for f in shapes]


def test_the_choices_do_not_all_give_the_same_ranking(towns):
    get, _ = towns
    assert len({get("/clusters.csv", query(*choice)).body for choice in CHOICES}) >= 3


def test_without_a_choice_the_files_of_the_edition_are_sent(get, edition):
    for name, file in {"csv": "ranking.csv", "xlsx": "ranking.xlsx", "geojson": "clusters.geojson"}.items():
        content = (edition.edition.folder / file).read_bytes()
        assert get(f"/clusters.{name}").body == content
        assert get(f"/clusters.{name}", query(15, 39)).body == content
        assert get(f"/clusters.{name}", b"w.patents=1.0").body == content


def test_all_formats_agree_under_any_choice(get):
    choice = query(25, 60) + b"&w.patents=2&w.deals=0.5"
    document = json.loads(get("/clusters.json", choice).body)
    assert document["note"].startswith("SIMULATED")
    assert document["weights"] == {"patents": 2, "publications": 1, "deals": 0.5}
    rows = document["clusters"]
    flat = rows_of(get("/clusters.csv", choice).body)
    features = json.loads(get("/clusters.geojson", choice).body)["features"]
    book = openpyxl.load_workbook(io.BytesIO(get("/clusters.xlsx", choice).body))
    head, *cells = book["Ranking"].iter_rows(values_only=True)
    sheet = [dict(zip(head, line, strict=True)) for line in cells]
    for row, line, feature, cell in zip(rows, flat, features, sheet, strict=True):
        assert feature["properties"] == row
        assert line["note"].startswith("SIMULATED")
        for name in ("rank", "score_pct", "cluster_id", "edition_rank"):
            assert row[name] == cell[name]
            assert str(row[name] if row[name] is not None else "") == line[name].rstrip("0").rstrip(".") or Decimal(
                line[name]
            ) == Decimal(str(row[name]))


def test_weights_rank_as_the_python_api_does(get, edition):
    rows = json.loads(get("/clusters.json", b"w.patents=3&w.publications=0&w.deals=0.25").body)["clusters"]
    expected = edition.edition.rerank({"patents": "3", "deals": "0.25"}).to_pylist()
    assert [(r["rank"], r["cluster_id"], r["score_pct"], r["edition_rank"]) for r in rows] == [
        (r["rank"], r["cluster_id"], float(r["score_pct"]), r["edition_rank"]) for r in expected
    ]


def test_a_cluster_is_matched_with_the_one_of_the_edition_that_holds_its_listings(get, edition):
    located = pq.read_table(edition.edition.folder / "tables" / "located.parquet", columns=["cluster_id", "listings"])
    ranks = {row["cluster_id"]: row["rank"] for row in edition.edition.ranking().to_pylist()}
    assert located.num_rows
    rows = json.loads(get("/clusters.json", query(30, 39)).body)["clusters"]
    assert {row["edition_cluster_id"] for row in rows} <= {*ranks, None}
    assert all(row["edition_rank"] == ranks.get(row["edition_cluster_id"]) for row in rows)
    assert sum(row["edition_cluster_id"] == row["cluster_id"] for row in rows) > 150


def test_a_place_is_explained_under_the_choice_that_is_shown(get):
    explanation = json.loads(get("/explain.json", b"lat=22.54&lon=114.06").body)
    assert explanation["cluster"]["cluster_id"] == "shenzhen-hong-kong-guangzhou-cn-hk"
    assert explanation["sentences"][0].startswith("SIMULATED")
    nowhere = json.loads(get("/explain.json", b"lat=40.35&lon=-74.66").body)
    assert nowhere["cluster"] is None
    wide = json.loads(get("/explain.json", b"lat=40.35&lon=-74.66&min_listings=13&radius_km=100").body)
    assert (wide["radius_km"], wide["threshold_listings"]) == (100, 13)
    assert wide["cluster"] is not None
    assert wide["cluster"]["cluster_id"] in {
        row["cluster_id"] for row in json.loads(get("/clusters.json", query(100, 13)).body)["clusters"]
    }


def test_where_a_cluster_lies_on_the_map_and_its_name_are_explained_alike(get):
    marks = {m["cluster_id"]: m for m in json.loads(get("/map/marks.json").body)["marks"]}
    beijing = marks["beijing-cn"]
    explanation = json.loads(get("/explain.json", f"lat={beijing['lat']}&lon={beijing['lon']}".encode()).body)
    assert explanation["cluster"]["cluster_id"] == "beijing-cn"
    place = json.loads(get("/explain/place.json", b"q=Beijing").body)
    assert place["cluster"] == explanation["cluster"]
    assert get("/explain/place.json", b"q=Xyzzyqwert").status == 404


def test_a_page_of_a_cluster_has_its_document(get, edition):
    document = json.loads(get("/cluster/beijing-cn.json").body)
    assert get("/cluster/beijing-cn.html").status == 200
    (row,) = (row for row in edition.edition.ranking().to_pylist() if row["cluster_id"] == "beijing-cn")
    assert document["tables"]["ranking"][0]["score_pct"] == float(row["score_pct"])
    assert {row["metric"] for row in document["tables"]["measures"]} == {"patents", "publications", "deals"}
    assert "located" not in document["tables"]


@pytest.mark.parametrize(
    "text",
    [
        "radius_km=0.5",
        "radius_km=100.5",
        "radius_km=15.25",
        "radius_km=1e400",
        "radius_km=",
        "radius_km=nan",
        "radius_km",
        "min_listings=12",
        "min_listings=3901",
        "min_listings=39.5",
        "min_listings=-39",
        "min_listings=3٩",
        "w.patents=-1",
        "w.patents=1e3",
        "w.patents=٣",
        "w.patents=100",
        "w.unknown=1",
        "radius_km=15&radius_km=16",
        "radius_km=%ff",
        "x=1",
        "a&b",
        "&".join(["w.deals=1"] * 40),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(get, text):
    answer = get("/clusters.json", text.encode())
    assert answer.status == 400
    assert len(json.loads(answer.body)["detail"]) > 20


@pytest.mark.parametrize(
    ("path", "text", "detail"),
    [
        (
            "/clusters.json",
            "w.patents=-1",
            "w.patents: a number from 0 to 99.999 with at most 3 decimals is expected, not '-1'.",
        ),
        (
            "/clusters.json",
            "w.patents=0.3333333333333",
            "w.patents: a number from 0 to 99.999 with at most 3 decimals is expected, not",
        ),
        (
            "/clusters.json",
            "radius_km=0.1",
            "radius_km: a number from 1 to 100 in steps of 0.5 is expected, not '0.1'.",
        ),
        (
            "/clusters.json",
            "radius_km=15.25",
            "radius_km: a number from 1 to 100 in steps of 0.5 is expected, not '15.25'.",
        ),
        ("/clusters.json", "min_listings=x", "min_listings: a whole number from 13 to 3900 is expected, not 'x'."),
        ("/explain/place.json", "q=", "q: a place of 1 to 100 printable characters is expected, not ''."),
        ("/explain/place.json", "", "q: a place of 1 to 100 printable characters is expected."),
        ("/map/outlines.json", "north=91", "north: a number of degrees from -90 to 90 is expected, not '91'."),
    ],
)
def test_a_refusal_says_in_words_what_is_expected(get, path, text, detail):
    answer = get(path, text.encode())
    assert answer.status == 400
    assert json.loads(answer.body)["detail"].startswith(detail)


@pytest.mark.parametrize("path", ["/cluster/beijing-cn.json", "/tables/ranking.json", "/map/marks.json"])
def test_a_parameter_that_an_address_does_not_have_is_refused(get, path):
    assert get(path, b"z=1").status == 400
    assert get(path).status == 200


def test_equal_requests_are_computed_once_and_variants_in_memory_are_bounded(get, edition, monkeypatch):
    computed = []
    rank_clusters = edition.records.rank_uncached
    monkeypatch.setattr(
        type(edition.records), "rank_uncached", lambda _, study: computed.append(1) or rank_clusters(study)
    )
    monkeypatch.setattr(limits, "VARIANT_BYTES", 3 * next(iter(edition._variants.values())).bytes)
    request = ("/clusters.json", query(77, 44))
    assert len({answer.body for answer in get.together(*[request] * 8)}) == 1
    assert len(computed) == 1
    for radius in range(40, 50):
        assert get("/clusters.json", query(radius, 44)).status == 200
    assert len(edition._variants) <= 3


def test_too_many_requests_at_once_are_refused_without_a_failure(get, monkeypatch):
    monkeypatch.setattr(limits, "WAITING", 2)
    low, _ = RADIUS_KM
    requests = [("/clusters.json", query(low + RADIUS_STEP_KM * n, 41)) for n in range(8)]
    statuses = [answer.status for answer in get.together(*requests)]
    assert sorted(set(statuses)) == [200, 503]
    assert [answer.headers["retry-after"] for answer in get.together(*requests) if answer.status == 503]


def test_a_computation_that_takes_too_long_may_be_requested_again(get, monkeypatch):
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 0.0)
    assert get("/clusters.json", query(88, 43)).status == 503
    monkeypatch.undo()
    assert get("/clusters.json", query(88, 43)).status == 200


def test_an_abandoned_computation_is_not_begun_and_one_that_was_begun_is_stored(get, monkeypatch):
    worker, begun, go = Worker(), [], threading.Event()
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 0.05)
    stored = []

    def compute(number):
        begun.append(number)
        go.wait(30)
        return number

    async def request(number):
        with contextlib.suppress(Problem):
            await worker.run(number, lambda: compute(number), stored.append)

    async def all_requests():
        await asyncio.gather(*(request(number) for number in range(5)))
        go.set()
        monkeypatch.setattr(limits, "ANSWER_SECONDS", 30)
        return await worker.run("next", lambda: "done")

    assert get.run(all_requests()) == "done"
    worker.close()
    assert begun == [0]
    assert stored == [0]


def test_rankings_do_not_wait_for_outlines(get, edition):
    go = threading.Event()
    edition.drawer.submit(lambda: go.wait(60))
    try:
        assert get("/clusters.json", query(91, 45)).status == 200
    finally:
        go.set()
    assert get("/clusters.geojson", query(91, 45)).status == 200


def test_explanations_under_another_choice_do_not_hold_up_rankings(get, edition):
    choice = query(12.5, 46)
    assert get("/clusters.json", choice).status == 200
    go = threading.Event()
    edition.worker.submit(lambda: go.wait(60))
    try:
        assert get("/explain.json", choice + b"&lat=0&lon=-30").status == 200
    finally:
        go.set()


def test_long_documents_have_a_queue_of_their_own(get, edition):
    go = threading.Event()
    edition.writer.submit(lambda: go.wait(60))
    names = sorted(edition.tables)[:12]
    pending = asyncio.run_coroutine_threadsafe(_all_of(get, [f"/tables/{name}.json" for name in names]), get.loop)
    try:
        assert get("/clusters.json").status == 200
        assert get("/explain.json", b"lat=1&lon=2").status == 200
    finally:
        go.set()
    statuses = [answer.status for answer in pending.result(timeout=60)]
    assert statuses.count(200) == limits.WAITING_OF_CLIENT
    assert statuses.count(503) == 12 - limits.WAITING_OF_CLIENT


async def _all_of(get, paths):
    return await asyncio.gather(*(get.request(path) for path in paths))


def test_the_map_draws_each_cluster_once_for_its_radius_and_dense_sites(towns, monkeypatch):
    get, _ = towns
    calls, draw = [], drawn_grounds.ground

    def counted(lat_e7, lon_e7, *, radius_km):
        calls.append((radius_km, tuple(lat_e7.tolist()), tuple(lon_e7.tolist())))
        return draw(lat_e7, lon_e7, radius_km=radius_km)

    monkeypatch.setattr(drawn_grounds, "ground", counted)
    whole = json.loads(get("/map/outlines.json", query(14, 20)).body)
    first = len(calls)
    assert first == len(whole["areas"]) > 1
    assert json.loads(get("/map/outlines.json", query(14, 20)).body) == whole
    assert len(calls) == first
    fewer = json.loads(get("/map/outlines.json", query(14, 24)).body)
    assert len(calls) == len(set(calls)) < first + len(fewer["areas"])
    get("/map/outlines.json", query(14.5, 20))
    assert len(calls) == len(set(calls)) >= first + len(whole["areas"])


def test_the_map_draws_what_the_file_of_outlines_has(towns):
    get, _ = towns
    outlines = json.loads(get("/map/outlines.json", query(13, 15)).body)
    features = json.loads(get("/clusters.geojson", query(13, 15)).body)["features"]
    shapes = {each["properties"]["cluster_id"]: each["geometry"] for each in features}
    assert outlines == map_data.outlines(shapes, shapes)


def test_a_part_of_the_map_has_the_clusters_whose_heaviest_site_lies_in_it(towns):
    get, _ = towns
    choice = query(13, 15)
    marks = json.loads(get("/map/marks.json", choice).body)["marks"]
    whole = json.loads(get("/map/outlines.json", choice).body)
    south = {mark["cluster_id"] for mark in marks if mark["lat"] < 50}
    assert 0 < len(south) < len(marks)
    part = json.loads(get("/map/outlines.json", choice + b"&north=50").body)
    assert part["areas"] == {key: rings for key, rings in whole["areas"].items() if key in south}
    assert part["outlines"] == {key: rings for key, rings in whole["outlines"].items() if key in south}
    across = json.loads(get("/map/outlines.json", choice + b"&west=10&east=3").body)["areas"]
    assert set(across) == {mark["cluster_id"] for mark in marks if mark["lon"] >= 10 or mark["lon"] <= 3}
    assert get("/map/outlines.json", choice + b"&north=91").status == 400
