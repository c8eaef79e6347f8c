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
from hubrank.serving import desk as desks
from hubrank.serving import limits
from hubrank.serving.app import application
from hubrank.serving.desk import RADIUS_KM, RADIUS_STEP_KM
from hubrank.serving.problems import Problem
from hubrank.serving.worker import Worker

TOWNS = [(48.85, 2.35), (48.80, 2.13), (49.00, 2.60), (45.75, 4.85), (52.52, 13.40), (52.40, 13.06)]
CHOICE = "[clusters]\nradius_km = {radius}\nmin_listings = {least}\n"
CHOICES = [(2, 20), (6, 15), (6, 60), (18, 30), (30, 25)]


def rows_of(body):
    return list(csv.DictReader(io.StringIO(body.decode())))


def query(radius, least):
    return f"radius_km={radius}&min_listings={least}".encode()


@pytest.fixture(scope="module")
def towns(tmp_path_factory, ask):
    """Return what asks a small edition of six towns, and its records."""
    rng = random.Random(5)
    records = []
    for number in range(400):
        for no in range(rng.choice((1, 1, 2, 3))):
            lat, lon = rng.choice(TOWNS)
            spot = round(lat + rng.uniform(-0.03, 0.03), 4), round(lon + rng.uniform(-0.03, 0.03), 4)
            records.append([f"r{number}", no, 2020, *spot, 1])
    made = run_edition(tmp_path_factory.mktemp("towns"), "own", records, CHOICE.format(radius=10, least=40))
    with desks.opened(made.folder) as opened:
        yield type(ask)(application(opened), ask.loop), records


@pytest.mark.parametrize(("radius", "least"), CHOICES)
def test_a_variant_ranks_what_a_run_of_that_study_ranks(towns, tmp_path, radius, least):
    ask, records = towns
    run = run_edition(tmp_path, "run", records, CHOICE.format(radius=radius, least=least))
    live = rows_of(ask("/clusters.csv", query(radius, least)).body)
    printed = rows_of((run.folder / "ranking.csv").read_bytes())
    columns = ["rank", "cluster_id", "cluster", "economies", "score_pct", "patents", "patents_share_pct"]
    assert live
    assert [[row[name] for name in columns] for row in live] == [[row[name] for name in columns] for row in printed]
    drawn = json.loads(ask("/clusters.geojson", query(radius, least)).body)["features"]
    shapes = json.loads((run.folder / "clusters.geojson").read_bytes())["features"]
    assert [(f["id"], f["geometry"]) for f in drawn] == [(f["id"], f["geometry"]) for f in shapes]


def test_the_choices_do_not_all_give_the_same_ranking(towns):
    ask, _ = towns
    assert len({ask("/clusters.csv", query(*choice)).body for choice in CHOICES}) >= 3


def test_without_a_choice_the_editions_own_files_are_given(ask, desk):
    for name, file in {"csv": "ranking.csv", "xlsx": "ranking.xlsx", "geojson": "clusters.geojson"}.items():
        own = (desk.made.folder / file).read_bytes()
        assert ask(f"/clusters.{name}").body == own
        assert ask(f"/clusters.{name}", query(15, 39)).body == own
        assert ask(f"/clusters.{name}", b"w.patents=1.0").body == own


def test_all_formats_tell_the_same_under_any_choice(ask):
    asked = query(25, 60) + b"&w.patents=2&w.deals=0.5"
    told = json.loads(ask("/clusters.json", asked).body)
    assert told["note"].startswith("SIMULATED")
    assert told["weights"] == {"patents": 2, "publications": 1, "deals": 0.5}
    rows = told["clusters"]
    flat = rows_of(ask("/clusters.csv", asked).body)
    features = json.loads(ask("/clusters.geojson", asked).body)["features"]
    book = openpyxl.load_workbook(io.BytesIO(ask("/clusters.xlsx", asked).body))
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


def test_weights_rank_as_the_python_api_does(ask, desk):
    rows = json.loads(ask("/clusters.json", b"w.patents=3&w.publications=0&w.deals=0.25").body)["clusters"]
    expected = desk.made.rerank({"patents": "3", "deals": "0.25"}).to_pylist()
    assert [(r["rank"], r["cluster_id"], r["score_pct"], r["edition_rank"]) for r in rows] == [
        (r["rank"], r["cluster_id"], float(r["score_pct"]), r["edition_rank"]) for r in expected
    ]


def test_a_cluster_is_matched_with_the_one_of_the_edition_that_holds_its_listings(ask, desk):
    located = pq.read_table(desk.made.folder / "tables" / "located.parquet", columns=["cluster_id", "listings"])
    own = {row["cluster_id"]: row["rank"] for row in desk.made.ranking().to_pylist()}
    assert located.num_rows
    rows = json.loads(ask("/clusters.json", query(30, 39)).body)["clusters"]
    assert {row["edition_cluster_id"] for row in rows} <= {*own, None}
    assert all(row["edition_rank"] == own.get(row["edition_cluster_id"]) for row in rows)
    assert sum(row["edition_cluster_id"] == row["cluster_id"] for row in rows) > 150


def test_a_place_is_explained_under_the_choice_that_is_shown(ask):
    told = json.loads(ask("/explain.json", b"lat=22.54&lon=114.06").body)
    assert told["cluster"]["cluster_id"] == "shenzhen-hong-kong-guangzhou-cn-hk"
    assert told["sentences"][0].startswith("SIMULATED")
    nowhere = json.loads(ask("/explain.json", b"lat=40.35&lon=-74.66").body)
    assert nowhere["cluster"] is None
    wide = json.loads(ask("/explain.json", b"lat=40.35&lon=-74.66&min_listings=13&radius_km=100").body)
    assert (wide["radius_km"], wide["threshold_listings"]) == (100, 13)
    assert wide["cluster"] is not None
    assert wide["cluster"]["cluster_id"] in {
        row["cluster_id"] for row in json.loads(ask("/clusters.json", query(100, 13)).body)["clusters"]
    }


def test_the_map_and_the_degrees_of_a_place_tell_the_same(ask):
    marks = {m["cluster_id"]: m for m in json.loads(ask("/map/marks.json").body)["marks"]}
    beijing = marks["beijing-cn"]
    told = json.loads(ask("/explain/map.json", f"x={beijing['x']}&y={beijing['y']}".encode()).body)
    assert told["cluster"]["cluster_id"] == "beijing-cn"
    assert ask("/explain/map.json", b"x=0&y=0").status == 404
    place = json.loads(ask("/explain/place.json", b"q=Beijing").body)
    assert place["cluster"] == told["cluster"]
    assert ask("/explain/place.json", b"q=Xyzzyqwert").status == 404


def test_a_page_of_a_cluster_has_its_document(ask, desk):
    told = json.loads(ask("/cluster/beijing-cn.json").body)
    assert ask("/cluster/beijing-cn.html").status == 200
    (row,) = (row for row in desk.made.ranking().to_pylist() if row["cluster_id"] == "beijing-cn")
    assert told["tables"]["ranking"][0]["score_pct"] == float(row["score_pct"])
    assert {row["metric"] for row in told["tables"]["measures"]} == {"patents", "publications", "deals"}
    assert "located" not in told["tables"]


@pytest.mark.parametrize(
    "asked",
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
        "min_listings=0039",
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
def test_what_is_out_of_bounds_is_refused_by_name(ask, asked):
    answer = ask("/clusters.json", asked.encode())
    assert answer.status == 400
    assert len(json.loads(answer.body)["detail"]) > 20


def test_the_same_question_is_computed_once_and_what_is_kept_is_bounded(ask, desk, monkeypatch):
    reckoned = []
    rank_clusters = desk.records.rank_uncached
    monkeypatch.setattr(type(desk.records), "reckon", lambda _, study: reckoned.append(1) or rank_clusters(study))
    monkeypatch.setattr(limits, "VARIANT_BYTES", 3 * next(iter(desk._variants.values())).bytes)
    asked = ("/clusters.json", query(77, 44))
    assert len({answer.body for answer in ask.together(*[asked] * 8)}) == 1
    assert len(reckoned) == 1
    for radius in range(40, 50):
        assert ask("/clusters.json", query(radius, 44)).status == 200
    assert len(desk._variants) <= 3


def test_too_many_at_once_are_sent_away_not_failed(ask, monkeypatch):
    monkeypatch.setattr(limits, "WAITING", 2)
    low, _ = RADIUS_KM
    asked = [("/clusters.json", query(low + RADIUS_STEP_KM * n, 41)) for n in range(8)]
    statuses = [answer.status for answer in ask.together(*asked)]
    assert sorted(set(statuses)) == [200, 503]
    assert [answer.headers["retry-after"] for answer in ask.together(*asked) if answer.status == 503]


def test_what_takes_too_long_may_be_asked_for_again(ask, monkeypatch):
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 0.0)
    assert ask("/clusters.json", query(88, 43)).status == 503
    monkeypatch.undo()
    assert ask("/clusters.json", query(88, 43)).status == 200


def test_what_nobody_waits_for_any_more_is_not_begun_and_what_was_begun_is_kept(ask, monkeypatch):
    worker, begun, go = Worker(), [], threading.Event()
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 0.05)
    kept = []

    def compute(number):
        begun.append(number)
        go.wait(30)
        return number

    async def asked(number):
        with contextlib.suppress(Problem):
            await worker.ask(number, lambda: compute(number), kept.append)

    async def all_asked():
        await asyncio.gather(*(asked(number) for number in range(5)))
        go.set()
        monkeypatch.setattr(limits, "ANSWER_SECONDS", 30)
        return await worker.ask("next", lambda: "done")

    assert ask.run(all_asked()) == "done"
    worker.close()
    assert begun == [0]
    assert kept == [0]


def test_drawing_keeps_nobody_waiting_who_ranks(ask, desk):
    go = threading.Event()
    desk.drawer.soon(lambda: go.wait(60))
    try:
        assert ask("/clusters.json", query(91, 45)).status == 200
    finally:
        go.set()
    assert ask("/clusters.geojson", query(91, 45)).status == 200
