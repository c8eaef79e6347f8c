"""The demonstration recovers what was planted: truth/, which the pipeline never reads, says what and where.

That all planted clusters, and they alone, are dense enough is shown by scikit-learn in simulation/test_oracle.py.
"""

import csv
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely

from hubrank.clustering import null_model
from hubrank.clustering.area_files import read_areas
from hubrank.clustering.areas import area_labels
from hubrank.clustering.density import clusters
from hubrank.clustering.people_table import PeopleTable
from hubrank.core.edition import load
from hubrank.core.sphere import EARTH_RADIUS_KM, distance_km, round_to
from hubrank.core.units import UNIT
from hubrank.counting.points import density, sites
from hubrank.ranking.measures import measures
from hubrank.study import study_file

GEOD = pyproj.Geod(a=EARTH_RADIUS_KM * 1000, b=EARTH_RADIUS_KM * 1000)
CITY_KM = 25  # a listing located by the name of its city may lie at the other end of the city
LEADING_2025 = [
    "Shenzhen–Hong Kong–Guangzhou",
    "Tokyo–Yokohama",
    "San Jose–San Francisco, CA",
    "Beijing",
    "Seoul",
    "Shanghai–Suzhou",
    "New York City, NY",
    "London",
    "Boston–Cambridge, MA",
    "Los Angeles, CA",
    "Osaka–Kobe–Kyoto",
    "Paris",
    "Hangzhou",
    "San Diego, CA",
    "Nanjing",
]


@pytest.fixture(scope="module", params=["2024", "2025"])
def year(request):
    return request.param


@pytest.fixture(scope="module")
def edition(demo, year):
    return load(demo / year)


@pytest.fixture(scope="module")
def listings(demo):
    """Return the planted listings as columns."""
    return pq.read_table(demo / "truth" / "listings.parquet").to_pydict()


@pytest.fixture(scope="module")
def located(listings, edition):
    """Return each located listing with the planted one: unit, latitude, longitude, and how its address is written."""
    keys = zip(*(listings[name] for name in ("metric", "record_id", "listing_no")), strict=True)
    values = zip(*(listings[name] for name in ("unit", "lat_e7", "lon_e7", "via")), strict=True)
    planted = dict(zip(keys, values, strict=True))
    rows = edition.listings().select(["metric", "record_key", "listing_no", "lat_e7", "lon_e7", "cluster_id"])
    return rows, [planted[key] for key in zip(*(rows[i].to_pylist() for i in range(3)), strict=True)]


@pytest.fixture(scope="module")
def cluster_of(demo_world, located):
    """Return the cluster in which most located listings of each planted cluster lie."""
    rows, planted = located
    votes = defaultdict(Counter)
    for cluster, (unit, *_) in zip(rows["cluster_id"].to_pylist(), planted, strict=True):
        if unit is not None and unit < demo_world.clusters and cluster:
            votes[unit][cluster] += 1
    return {unit: counter.most_common(1)[0][0] for unit, counter in votes.items()}


@pytest.fixture(scope="module")
def planted_clusters(demo, year):
    rows = pq.read_table(demo / "truth" / "clusters.parquet").to_pylist()
    return [row for row in rows if row["edition"] == year and row["role"] == "cluster"]


def test_every_planted_cluster_is_recovered_and_no_other(demo_world, edition, cluster_of):
    assert len(cluster_of) == len(set(cluster_of.values())) == demo_world.clusters, "split or joined"
    assert set(cluster_of.values()) == set(edition.table("clusters")["cluster_id"].to_pylist()), "decoys or noise"


def test_each_metric_of_each_cluster_is_within_half_a_percent_of_what_was_planted(
    edition, planted_clusters, cluster_of
):
    measures = {(row["cluster_id"], row["metric"]): row["units"] for row in edition.table("measures").to_pylist()}
    wrong = [
        (row["cluster"], row["metric"], row["records"], units / UNIT)
        for row in planted_clusters
        for units in [measures[cluster_of[row["unit"]], row["metric"]]]
        if abs(units - row["records"] * UNIT) > 0.005 * row["records"] * UNIT
    ]
    assert not wrong


def test_the_leading_fifteen_of_both_editions_are_in_the_planted_order(year, edition, planted_clusters, cluster_of):
    metrics = ("patents", "publications") if year == "2024" else ("patents", "publications", "deals")
    score = Counter()
    for row in planted_clusters:
        if row["metric"] in metrics:
            score[row["unit"]] += row["records"] / row["world_records"]
    planted = [cluster_of[unit] for unit, _ in score.most_common(15)]
    assert edition.table("ranking").sort_by("rank")["cluster_id"].to_pylist()[:15] == planted


def test_listings_are_located_where_they_were_planted(located):
    rows, planted = located
    assert all(row[1] is not None for row in planted), "a listing without any address was located"
    lat, lon = (np.array([row[k] for row in planted], np.int64) for k in (1, 2))
    km = distance_km(rows["lat_e7"].to_numpy(), rows["lon_e7"].to_numpy(), lat, lon)
    assert (km <= 15).mean() >= 0.995
    via = np.array([row[3] for row in planted])
    # Coordinates far from every place of the city's name are weighed against it, and a few rightly given ones lose.
    assert (km[via == "coordinates"] < 0.001).mean() > 0.9998
    # An author in two places has one planted place and two rows: at least one is right, the other in the same unit.
    assert np.median(km[via == "institution"]) < 0.001
    assert (km[via == "name"] < CITY_KM).mean() > 0.98
    assert (km[via == "spelling"] < CITY_KM).mean() > 0.95


def test_the_located_share_is_the_same_in_all_leading_clusters(listings, edition, located):
    """So that no cluster owes its rank to it."""
    windows = edition.manifest["study"]["windows"]
    inside = Counter(
        unit
        for metric, year, unit in zip(listings["metric"], listings["year"], listings["unit"], strict=True)
        if unit is not None and unit < 30 and windows[metric][0] <= year <= windows[metric][1]
    )
    rows, planted = located
    keys = zip(*(rows[i].to_pylist() for i in range(3)), strict=True)
    units = dict(zip(keys, (unit for unit, *_ in planted), strict=True))  # an author in two places has two rows
    counted = Counter(units.values())
    shares = [counted[unit] / inside[unit] for unit in range(30)]
    assert max(shares) - min(shares) < 0.02
    assert min(shares) > 0.97


def test_the_leading_clusters_of_2025_have_their_names(demo):
    edition = load(demo / "2025")
    ranking = edition.table("ranking").to_pylist()
    assert [row["cluster"] for row in ranking[:15]] == LEADING_2025
    assert edition.manifest["clusters"] == 237


def test_deals_put_shenzhen_before_tokyo(demo):
    first = {year: load(demo / year).table("ranking")["cluster"][0].as_py() for year in ("2024", "2025")}
    assert first == {"2024": "Tokyo–Yokohama", "2025": "Shenzhen–Hong Kong–Guangzhou"}


def test_clusters_cross_borders_and_near_neighbours_stay_apart(demo):
    ranking = load(demo / "2025").table("ranking").to_pylist()
    economies = {row["cluster"]: row["economies"] for row in ranking}
    assert economies["Shenzhen–Hong Kong–Guangzhou"] == "CN/HK"
    assert economies["Singapore"] == "SG/MY"
    assert {economies[name].split("/")[0] for name in economies if "Basel" in name} == {"CH"}
    assert {"London", "Cambridge", "Oxford"} <= set(economies)


def test_everything_says_that_it_is_simulated(edition):
    assert edition.manifest["note"].startswith("SIMULATED")
    with (edition.folder / "ranking.csv").open(encoding="utf-8", newline="") as file:
        assert all(row["note"].startswith("SIMULATED") for row in csv.DictReader(file))
    assert json.loads((edition.folder / "clusters.geojson").read_text("utf-8"))["note"].startswith("SIMULATED")
    for path in (edition.folder / "tables").glob("*.parquet"):
        assert pq.read_schema(path).metadata[b"note"].startswith(b"SIMULATED"), path


def test_the_null_model_finds_the_planted_clusters_and_no_decoy(demo, demo_world):
    """At the percentile that 2025-null.toml states; of fresh draws as many exceed the number as it says."""
    null_study = study_file.read(demo / "2025-null.toml")
    choice = null_study.clusters.threshold
    edition = load(demo / "2025")
    world = sites(edition.table("points"), null_study.metrics)
    weight = density(world, null_study.density, balanced=False)
    table = PeopleTable.opened(demo / "raw" / "people.parquet")

    def around(seed):
        points = null_model.on_cells(table.pieces(), table.size_deg, choice.points, seed)
        return null_model.listings_around(points, (world.lat_e7, world.lon_e7), weight, radius_km=15)

    least = null_model.threshold(around(choice.seed), choice.null)
    label = clusters(world, null_study.with_listings(least).clusters, null_study.density).clustering.label
    planted = pq.read_table(demo / "truth" / "places.parquet").to_pylist()
    row = {key: number for number, key in enumerate(zip(world.lat_e7.tolist(), world.lon_e7.tolist(), strict=True))}
    of_unit = defaultdict(set)
    for place in planted:
        lat, lon = (int(axis[0]) for axis in round_to(*(np.array([place[k]]) for k in ("lat_e7", "lon_e7")), 100_000))
        if (lat, lon) in row:
            of_unit[place["role"], place["unit"]].add(int(label[row[lat, lon]]))
    recovered = [unit for (role, unit), labels in of_unit.items() if role == "cluster" and labels != {-1}]
    assert len(recovered) >= 0.98 * demo_world.clusters
    assert all(labels == {-1} for (role, _), labels in of_unit.items() if role != "cluster"), "a decoy or noise"
    above = 1 - float(choice.null) / 100
    error = np.sqrt(2 * above * (1 - above) / choice.points)
    assert (around(choice.seed + 1) >= least).mean() == pytest.approx(above, abs=4 * error)


def test_areas_and_clusters_conserve_the_same_units(demo):
    """The grounds of the clusters, taken as areas drawn by others, count what the clusters count."""
    edition = load(demo / "2025")
    world = sites(edition.table("points"), tuple(edition.metrics))
    areas = read_areas(demo / "2025" / "clusters.geojson", "cluster_id", "cluster")
    label = area_labels(areas, world.lat_e7, world.lon_e7)
    units, _ = measures(world, label)
    outside = world.units[:, label < 0].sum(axis=1)
    assert (units.sum(axis=1) + outside).tolist() == world.totals
    counted = {(row["cluster_id"], row["metric"]): row["units"] for row in edition.table("measures").to_pylist()}
    by_area = {
        (code, metric): int(units[m, number])
        for number, code in enumerate(areas.code)
        for m, metric in enumerate(world.metrics)
    }
    assert by_area == counted  # every member is a core here


def test_intensities_are_those_of_the_planted_people(demo, edition, demo_world, cluster_of):
    """People live where they were planted, so that no ground is denser than Manhattan."""
    rows = pq.read_table(demo / "truth" / "people.parquet").to_pylist()
    planted = {cluster_of[row["unit"]]: row["people"] for row in rows if row["role"] == "cluster"}
    assert len(planted) == demo_world.clusters
    ranking = edition.table("ranking").to_pylist()
    off = [row["population"] / planted[row["cluster_id"]] for row in ranking]
    assert all(0.9 < ratio < 1.1 for ratio in off), (min(off), max(off))
    assert max(row["people_per_km2"] for row in ranking) < 45_000
    by_planted = sorted(ranking, key=lambda row: -row["score_pct"] / planted[row["cluster_id"]])
    first = {row["cluster_id"] for row in ranking if row["intensity_rank"] <= 20}
    assert len(first & {row["cluster_id"] for row in by_planted[:20]}) >= 19


def test_area_people_and_picture_of_a_cluster_are_of_one_ground(edition):
    features = json.loads((edition.folder / "clusters.geojson").read_text("utf-8"))["features"]
    area = {row["cluster_id"]: row["area_km2"] for row in edition.table("clusters").to_pylist()}
    for feature in features[::20]:
        shape = shapely.segmentize(shapely.from_geojson(json.dumps(feature["geometry"])), 0.01)
        square_metres, _ = GEOD.geometry_area_perimeter(shape)
        row = feature["properties"]
        assert float(area[feature["id"]]) == pytest.approx(square_metres / 1e6, rel=0.001)
        assert row["people_per_km2"] == pytest.approx(
            row["population"] / float(area[feature["id"]]), rel=0.001, abs=0.1
        )


def test_no_count_is_anything_but_a_whole_64_bit_number(edition):
    for path in (edition.folder / "tables").glob("*.parquet"):
        for field in pq.read_schema(path):
            assert not field.type.equals("double"), f"{path.name} {field.name}"
            if field.name in ("units", "listings", "records", "weight"):
                assert str(field.type) == "int64", f"{path.name} {field.name}"


def test_clusters_and_noise_are_the_world(edition):
    located = edition.table("located")
    for metric, totals in edition.manifest["metrics"].items():
        rows = located.filter(pc.equal(located["metric"], metric))
        assert pc.sum(rows["units"]).as_py() == totals["units"] == totals["records_located"] * UNIT
        assert pc.sum(rows.filter(pc.is_valid(rows["cluster_id"]))["units"]).as_py() == totals["in_clusters"]


def test_the_readme_shows_the_first_rows_of_the_ranking(demo):
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    shown = [
        [cell.strip() for cell in line.split("│")[1:-1]]
        for line in re.findall(r"^    (│ +\d.*)$", readme, re.MULTILINE)
    ]
    with (demo / "2025/ranking.csv").open(encoding="utf-8", newline="") as file:
        ranking = list(csv.DictReader(file))
    moves = pq.read_table(demo / "2025/tables/comparison.parquet", columns=["cluster_id", "rank_before"]).to_pylist()
    published = {row["cluster_id"]: str(row["rank_before"]) for row in moves}
    metrics = ("patents", "publications", "deals")
    expected = [
        [
            row["rank"],
            f"{row['rank_low_places']}–{row['rank_high_places']}",
            published[row["cluster_id"]],
            row["previous_rank"],
            row["cluster"],
            row["economies"],
        ]
        + [f"{float(row['score_pct']):.2f}"]
        + [text for m in metrics for text in (f"{float(row[m]):,.0f}", f"{float(row[f'{m}_share_pct']):.2f}")]
        for row in ranking[: len(shown)]
    ]
    assert len(shown) == 10
    assert shown == expected
