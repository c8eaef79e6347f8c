"""A study that names areas: the same records by clusters and by areas, in every output that shows them."""

import csv
import json
from collections import Counter, defaultdict
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
import scipy.stats
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from fixtures_editions import run_edition
from hubrank.analysis.explanation import explain_name, sentences
from hubrank.analysis.study_check import check
from hubrank.analysis.trace import trace
from hubrank.analysis.verify import verify
from hubrank.cli.screens import checks, editions
from hubrank.core.errors import DataError, StudyError
from hubrank.core.progress import no_progress
from hubrank.core.units import UNIT
from hubrank.ranking.tables.areas import agreement

FIVE = "[clusters]\nmin_listings = 5\n"
AREAS = '[areas]\nfile = "areas.geojson"\nid = "code"\nname = "label"\nlicence = "CC0-1.0"\n'
TOWNS = [(48.0, 2.0, 20), (48.06, 2.08, 9), (50.0, 2.0, 12), (50.0, 4.0, 7), (44.0, 9.0, 6), (30.0, 9.0, 3)]
BOXES = {
    "W": (1.5, 47.5, 2.05, 50.5),  # the west of the first town, and the second cluster
    "E": (2.05, 47.5, 4.5, 50.5),
    "S": (8.5, 43.5, 9.5, 44.5),
    "N": (0.0, 70.0, 1.0, 71.0),  # nobody
}


def rows():
    """Return records whose listings partly lie in two towns."""
    lines, number = [], 0
    for town, (lat, lon, count) in enumerate(TOWNS):
        for _ in range(count):
            lines.append((f"r{number}", 1, 2020 + number % 3, f"{lat}", f"{lon}", 1))
            if number % 4 == 0:
                other = TOWNS[(town + 1) % len(TOWNS)]
                lines.append((f"r{number}", 2, 2020 + number % 3, f"{other[0]}", f"{other[1]}", 1))
            number += 1
    return lines


def write_areas(folder, boxes=None):
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "label": f"Area {code}"},
            "geometry": json.loads(shapely.to_geojson(shapely.box(*corners))),
        }
        for code, corners in (boxes or BOXES).items()
    ]
    (folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("areas")
    write_areas(folder)
    return run_edition(folder, "e", rows(), FIVE + AREAS, site=True)


def area_of(lat, lon):
    return next((code for code, (w, s, e, n) in BOXES.items() if s <= lat <= n and w <= lon <= e), None)


def by_hand(edition, key):
    """Add up the units of located listings by a key of each."""
    sums = Counter()
    for row in edition.listings().to_pylist():
        sums[key(row)] += row["units"]
    return sums


def test_counts_and_ranks_by_areas_are_those_of_adding_up_the_listings(edition):
    sums = by_hand(edition, lambda row: area_of(row["lat_e7"] / 1e7, row["lon_e7"] / 1e7))
    table = edition.table("areas").to_pylist()
    expected = sorted((code for code in sums if code), key=lambda code: -sums[code])
    assert expected == ["W", "E", "S"]
    assert [row["area_code"] for row in table] == [*expected, "N"]
    assert [row["rank"] for row in table] == [1, 2, 3, None]
    assert [row["area"] for row in table] == [f"Area {row['area_code']}" for row in table]
    assert (table[-1]["score_pct"], table[-1]["patents"], table[-1]["patents_share_pct"]) == (0, 0, 0)
    assert table[-1]["area_km2"] > 0
    total = sum(sums.values())
    for row in table:
        assert float(row["patents"]) == pytest.approx(sums[row["area_code"]] / UNIT, abs=0.0005)
        assert float(row["score_pct"]) == pytest.approx(100 * sums[row["area_code"]] / total, abs=1e-6)


def test_areas_and_what_lies_outside_are_the_world_as_clusters_and_noise_are(edition):
    inside = by_hand(edition, lambda row: area_of(row["lat_e7"] / 1e7, row["lon_e7"] / 1e7) is not None)
    account, totals = edition.manifest["areas"], edition.manifest["metrics"]["patents"]
    assert account["outside"] == {"patents": inside[False]}
    assert inside[True] + inside[False] == totals["units"]
    in_clusters = by_hand(edition, lambda row: row["cluster_id"] is not None)
    assert totals["in_clusters"] + in_clusters[False] == totals["units"]
    assert (account["areas"], account["with_listings"]) == (4, 3)


def test_each_pair_of_a_cluster_and_an_area_has_what_lies_in_both(edition):
    pairs, listings = Counter(), Counter()
    for row in edition.listings().to_pylist():
        if row["cluster_id"]:
            key = row["cluster_id"], area_of(row["lat_e7"] / 1e7, row["lon_e7"] / 1e7)
            pairs[key] += row["units"]
            listings[key] += row["listings"]
    clusters, areas = Counter(), by_hand(edition, lambda row: area_of(row["lat_e7"] / 1e7, row["lon_e7"] / 1e7))
    for (cluster, _), units in pairs.items():
        clusters[cluster] += units
    table = {(row["cluster_id"], row["area_code"]): row for row in edition.table("cluster_areas").to_pylist()}
    assert set(table) == set(pairs)
    for key, row in table.items():
        assert row["listings"] == listings[key]
        assert float(row["cluster_share_pct"]) == pytest.approx(100 * pairs[key] / clusters[key[0]], abs=1e-6)
        if key[1]:
            assert float(row["area_share_pct"]) == pytest.approx(100 * pairs[key] / areas[key[1]], abs=1e-6)
    assert sum(row["cluster_share_pct"] for row in table.values()) == 100 * len(clusters)


def test_matches_are_mutual_and_the_rank_correlation_is_scipys(edition):
    table = edition.table("cluster_areas").to_pylist()
    best = defaultdict(lambda: (Fraction(0), ""))
    for row in table:
        if row["area_code"]:
            best[row["cluster_id"]] = max(best[row["cluster_id"]], (row["cluster_share_pct"], row["area_code"]))
            best[row["area_code"]] = max(best[row["area_code"]], (row["area_share_pct"], row["cluster_id"]))
    for row in table:
        mutual = best[row["cluster_id"]][1] == row["area_code"] and best[row["area_code"]][1] == row["cluster_id"]
        assert row["is_match"] == mutual
        assert row["move"] == (row["cluster_rank"] - row["area_rank"] if mutual else None)
    matched = [(row["cluster_rank"], row["area_rank"]) for row in table if row["is_match"]]
    assert edition.manifest["areas"]["matched"] == len(matched) == 2
    assert edition.manifest["areas"]["spearman"] == "1.000000"


def test_how_alike_clusters_and_areas_are_is_what_scikit_learn_says_of_single_listings(edition):
    pairs = [
        (row["cluster_id"], area_of(row["lat_e7"] / 1e7, row["lon_e7"] / 1e7))
        for row in edition.listings().to_pylist()
        for _ in range(row["listings"])
    ]
    clusters, areas = zip(*((str(one), str(other)) for one, other in pairs if one or other), strict=True)
    expected = adjusted_rand_score(clusters, areas)
    assert 0 < expected < 1
    assert float(edition.manifest["areas"]["adjusted_rand"]) == pytest.approx(expected, abs=1e-6)
    page = (edition.folder / "site" / "areas.html").read_text("utf-8")
    assert f"adjusted Rand index of {expected:.3f}" in page


@given(st.integers(0, 10**6))
def test_the_rank_correlation_of_matches_is_scipys(seed):
    random = np.random.default_rng(seed)
    count = int(random.integers(0, 12))
    clusters, areas = (random.choice(50, count, replace=False).tolist() for _ in range(2))
    rows = [{"cluster_rank": c, "area_rank": a, "is_match": True} for c, a in zip(clusters, areas, strict=True)]
    rows.append({"cluster_rank": 60, "area_rank": 1, "is_match": False})
    stated = agreement(pa.Table.from_pylist(rows))
    assert stated["matched"] == count
    if count < 2:
        assert stated["spearman"] is None
    else:
        assert float(stated["spearman"]) == pytest.approx(scipy.stats.spearmanr(clusters, areas).statistic, abs=1e-6)


def test_every_output_shows_the_areas(edition):
    with (edition.folder / "ranking.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["cluster_id"]: row["area_codes"] for row in csv.DictReader(file)}
    first = edition.table("ranking").to_pylist()[0]
    assert codes[first["cluster_id"]] == first["area_codes"] == "W/E"
    assert (edition.folder / "areas.csv").read_text("utf-8").splitlines()[0].startswith("rank,area_code,area,score_pct")
    page = (edition.folder / "site" / "areas.html").read_text("utf-8")
    assert "Area W (W)" in page
    assert "% of the located records lie in no area" in page
    ranking = page[page.index('id="area-ranking"') : page.index('id="areas"')]
    for row in edition.table("areas").to_pylist():
        assert (f'{row["area"]} <span class="e">{row["area_code"]}' in ranking) == (row["rank"] is not None)
        count, share = f"{row['patents']:.1f}", f"{row['patents_share_pct']:.2f}"
        assert (f'data-v="{row["patents"]}">{count} ({share}\N{NO-BREAK SPACE}%)' in ranking) == (
            row["rank"] is not None
        )
    assert '<a href="../areas.csv">areas.csv</a>' in page
    assert 'href="areas.html"' in (edition.folder / "site" / "index.html").read_text("utf-8")
    assert [each["licence"] for each in edition.manifest["inputs"] if each["name"] == "areas.geojson"] == ["CC0-1.0"]
    package = json.loads((edition.folder / "datapackage.json").read_text("utf-8"))
    described = {each["name"]: each for each in package["resources"]}
    assert any("areas" in name for name in described)
    assert verify(edition.folder).faults == []


def test_the_end_of_a_run_says_how_much_lies_in_no_area(edition, capsys):
    editions.edition(edition, 5)
    parts = by_hand(edition, lambda row: area_of(row["lat_e7"] / 1e7, row["lon_e7"] / 1e7))
    assert f"In no area: {100 * parts[None] / sum(parts.values()):.1f} % of patents, of all" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["Area W", "W"])
def test_an_area_beside_the_clusters_is_not_traced_but_known(edition, name):
    with pytest.raises(StudyError, match=f"has no cluster '{name}'.* It is an area of areas.geojson"):
        trace(edition.folder, name, "patents")


def test_an_area_that_no_place_is_called_like_is_explained_with_its_clusters(edition):
    area = explain_name(edition.folder, "area w")
    in_area = [row for row in edition.table("cluster_areas").to_pylist() if row["area_code"] == "W"]
    assert [listings for _, _, listings in area.clusters] == sorted((row["listings"] for row in in_area), reverse=True)
    assert area.as_dict()["area"]["share_pct"]["patents"] > 50
    first, second, third = sentences(area)
    assert first.startswith("Area W (W) is an area of areas.geojson, and clusters are ranked; among the areas it has")
    assert second.startswith("In it lie ")
    assert third.startswith(f"Clusters (rank) by their listings there: {area.clusters[0][0]} ({area.clusters[0][1]}) ")
    assert list(sentences(explain_name(edition.folder, "Area N")))[1:] == [
        "In it lie 0.0 % of patents.",
        "No cluster has a listing there.",
    ]
    assert explain_name(edition.folder, "Área-W").as_dict() == area.as_dict()
    with pytest.raises(StudyError, match=r"'Area X' is not a place in the gazetteer\. .*name the city of a quarter"):
        explain_name(edition.folder, "Area X")


def test_without_areas_nothing_speaks_of_them(tmp_path):
    edition = run_edition(tmp_path, "e", rows(), FIVE, site=True)
    assert not (edition.folder / "areas.csv").exists()
    assert "area_codes" not in edition.table("ranking").column_names
    assert "areas.html" not in (edition.folder / "site" / "index.html").read_text("utf-8")


def test_clusters_and_ranks_are_the_same_with_and_without_areas_and_whatever_their_order(edition, tmp_path):
    plain = run_edition(tmp_path, "e", rows(), FIVE)
    assert edition.table("ranking").drop_columns(["area_codes"]).equals(plain.table("ranking"))
    (tmp_path / "again").mkdir()
    write_areas(tmp_path / "again", dict(reversed(BOXES.items())))
    again = run_edition(tmp_path / "again", "e", rows()[::-1], FIVE + AREAS)
    for table in ("areas", "cluster_areas", "ranking"):
        assert again.table(table).equals(edition.table(table)), table


def test_under_full_counting_a_record_counts_in_each_of_its_areas(tmp_path):
    write_areas(tmp_path)
    edition = run_edition(tmp_path, "e", rows(), FIVE + AREAS + '[ranking]\ncounting = "full"\n')
    records = defaultdict(set)
    for row in edition.listings().to_pylist():
        records[area_of(row["lat_e7"] / 1e7, row["lon_e7"] / 1e7)].add(row["record_key"])
    for row in edition.table("areas").to_pylist():
        assert row["patents"] == len(records[row["area_code"]])


def test_areas_that_overlap_stop_the_run_or_the_smaller_counts(tmp_path):
    write_areas(tmp_path, BOXES | {"C": (1.9, 47.9, 2.2, 48.2)})
    with pytest.raises(DataError, match=r"overlap where listings lie: 48, 2 is inside 'C' \(Area C\) and 'W'"):
        run_edition(tmp_path, "e", rows(), FIVE + AREAS)
    assert not (tmp_path / "e").exists()
    edition = run_edition(tmp_path, "e", rows(), FIVE + AREAS + 'overlaps = "smaller"\n')
    assert edition.table("areas")["area_code"].to_pylist()[0] == "C"


def test_a_file_that_is_missing_is_reported_before_a_row_is_read(tmp_path):
    with pytest.raises(StudyError, match=r"\[areas\] file: no file matches 'areas.geojson'"):
        run_edition(tmp_path, "e", rows(), FIVE + AREAS)


def test_shapes_that_are_not_valid_and_names_of_several_areas_are_named_by_check_run_and_page(tmp_path, capsys):
    write_areas(tmp_path)
    content = json.loads((tmp_path / "areas.geojson").read_text())
    content["features"][2]["geometry"]["coordinates"] = [
        [[8.5, 43.5], [9.5, 44.5], [9.5, 43.5], [8.5, 44.5], [8.5, 43.5]]
    ]
    content["features"][3]["properties"]["label"] = "Area W"
    (tmp_path / "areas.geojson").write_text(json.dumps(content))
    edition = run_edition(tmp_path, "e", rows(), FIVE + AREAS, site=True)
    editions.edition(edition, 5)
    ran = capsys.readouterr().out
    checks.checked(check(tmp_path / "e.toml", rows=100, progress=no_progress))
    checked = capsys.readouterr().out
    for printed in (ran, checked):
        assert "'S' (Area S) is not a valid polygon (Self-intersection[9 44]): it counts as repaired, with " in printed
        assert "2 areas are called 'Area W' (N, W): only their codes tell them apart." in printed
    page = (edition.folder / "site" / "areas.html").read_text("utf-8")
    assert "The shape of Area S (S) in the file is not a valid polygon" in page
    assert "Several areas are called Area W; only their codes tell them apart: N, W." in page
    assert verify(edition.folder).faults == []


EXCHANGED = {"W": (47.5, 1.5, 50.5, 2.05), "E": (47.5, 2.05, 50.5, 4.5)}
ELSEWHERE = {"N": BOXES["N"]}


@pytest.mark.parametrize(
    ("boxes", "sections", "sampled", "reason"),
    [
        (BOXES | {"C": (1.9, 47.9, 2.2, 48.2)}, "", 100, "overlap where listings lie: 48, 2 is inside 'C' (Area C)"),
        (BOXES | {"C": (1.9, 47.9, 2.2, 48.2)}, 'overlaps = "smaller"\n', 100, None),
        (EXCHANGED, "rank = true\n", 5, "exchange the two in the file"),
        (EXCHANGED, "", 100, None),
        (ELSEWHERE, "rank = true\n", 100, "no listing lies in any of its 1 areas"),
        (ELSEWHERE, "rank = true\n", 5, None),  # those that are not sampled may lie in it
    ],
)
def test_a_check_stops_where_a_run_would_for_its_areas(tmp_path, boxes, sections, sampled, reason):
    write_areas(tmp_path, boxes)
    with pytest.raises(StudyError, match="no file matches"):  # the study is written, no run is made
        run_edition(tmp_path, "e", rows(), FIVE + AREAS.replace("areas.geojson", "none.geojson") + sections)
    study = tmp_path / "e.toml"
    study.write_text(study.read_text().replace("none.geojson", "areas.geojson"))
    stops = check(study, rows=sampled, progress=no_progress)["stops"]
    assert len(stops) == (reason is not None)
    assert all(reason in stop and stop.startswith("[areas] ") and not stop.endswith(".") for stop in stops)


def test_each_file_of_a_shapefile_is_an_input_with_the_licence_of_the_areas(tmp_path):
    geopandas = pytest.importorskip("geopandas")
    shapes = [shapely.box(*corners) for corners in BOXES.values()]
    frame = geopandas.GeoDataFrame({"code": list(BOXES), "label": list(BOXES)}, geometry=shapes, crs="OGC:CRS84")
    frame.to_file(tmp_path / "areas.shp")
    edition = run_edition(tmp_path, "e", rows(), FIVE + AREAS.replace("areas.geojson", "areas.shp"))
    licences = {each["name"]: each["licence"] for each in edition.manifest["inputs"]}
    names = [f"areas.{suffix}" for suffix in ("cpg", "dbf", "prj", "shp", "shx")]
    assert {name: licences.get(name) for name in names} == dict.fromkeys(names, "CC0-1.0")
    assert edition.manifest["areas"]["file"] == "areas.shp"
