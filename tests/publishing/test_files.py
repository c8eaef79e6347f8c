"""What an edition leaves for others to take away opens in their programs, and all of it says the same."""

import csv
import hashlib
import json
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from decimal import Decimal
from io import BytesIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from shapely.geometry import shape

from hubrank.clustering.outlines.outline import outlines
from hubrank.core import edition
from hubrank.core.edition import SIMULATED
from hubrank.publishing import csv as csv_files
from hubrank.publishing import datapackage, geojson, geoparquet
from hubrank.publishing import publish as publish_module
from hubrank.publishing.publish import publish_downloads
from publishing.small_editions import demo_again, named


@pytest.fixture(scope="module")
def published(demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    demo_again(demo, folder)
    return folder


@pytest.fixture(scope="module")
def ranked(published):
    """Return rank and score by cluster as the table has them."""
    rows = pq.read_table(published / "tables" / "ranking.parquet").to_pylist()
    return {row["cluster_id"]: (row["rank"], row["score_pct"]) for row in rows}


def pairs(rows):
    return {row["cluster_id"]: (int(row["rank"]), Decimal(str(row["score_pct"]))) for row in rows}


def read_csv(path, encoding="utf-8"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def sheet(path, name):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl reads the workbook back")
    header, *rows = openpyxl.load_workbook(path)[name].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_rank_and_score_are_the_same_in_every_file(published, ranked):
    assert len(ranked) == 237
    features = json.loads((published / "clusters.geojson").read_text("utf-8"))["features"]
    with closing(sqlite3.connect(published / "edition.sqlite")) as base:
        base.row_factory = sqlite3.Row
        stored = pairs(base.execute("SELECT * FROM ranking").fetchall())
    assert pairs(read_csv(published / "ranking.csv")) == ranked
    assert pairs(read_csv(published / "ranking-spreadsheet.csv", "utf-8-sig")) == ranked
    assert pairs(feature["properties"] for feature in features) == ranked
    assert pairs(pq.read_table(published / "clusters.geoparquet").to_pylist()) == ranked
    assert stored == ranked
    assert pairs(sheet(published / "ranking.xlsx", "Ranking")) == ranked


def test_the_data_package_is_valid_and_every_file_is_the_one_it_describes(published):
    frictionless = pytest.importorskip("frictionless", reason="frictionless validates the data package")
    report = frictionless.validate(str(published / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "note"])
    package = json.loads((published / "datapackage.json").read_text("utf-8"))
    described = {resource["path"]: resource for resource in package["resources"]}
    there = {path.relative_to(published).as_posix() for path in published.rglob("*") if path.is_file()}
    of_it = {"datapackage.json", "dataset.jsonld", "dcat.jsonld", "ro-crate-metadata.json"}
    assert described.keys() == there - of_it
    for path, resource in described.items():
        content = (published / path).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (
            len(content),
            f"sha256:{hashlib.sha256(content).hexdigest()}",
        )


def test_a_table_that_is_not_what_its_schema_says_is_noticed(published, tmp_path):
    frictionless = pytest.importorskip("frictionless", reason="frictionless validates the data package")
    package = json.loads((published / "datapackage.json").read_text("utf-8"))
    (resource,) = (r for r in package["resources"] if r["path"] == "ranking.csv")
    text = (published / "ranking.csv").read_text("utf-8").replace("\n2,", "\nsecond,", 1)
    (tmp_path / "ranking.csv").write_text(text, "utf-8")
    package["resources"] = [{key: value for key, value in resource.items() if key not in {"hash", "bytes"}}]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    faults = frictionless.validate(str(tmp_path / "datapackage.json")).flatten(["type"])
    assert faults == [["type-error"]]


def test_outlines_come_back_from_both_maps_with_equal_geometry(published):
    geopandas = pytest.importorskip("geopandas", reason="geopandas reads the maps back")
    flat = geopandas.read_parquet(published / "clusters.geoparquet")
    from_geojson = geopandas.read_file(published / "clusters.geojson")
    assert flat.crs.to_string() == "OGC:CRS84"
    assert list(flat["cluster_id"]) == list(from_geojson["cluster_id"])
    assert len(flat) == 237
    assert bool(shapely.equals_exact(flat.geometry.to_numpy(), from_geojson.geometry.to_numpy(), 0).all())


def test_datasette_opens_the_database(published, ranked):
    pytest.importorskip("datasette", reason="datasette opens the database")
    command = [sys.executable, "-m", "datasette", str(published / "edition.sqlite")]
    page = "/edition/ranking.json?_shape=array&_size=1000"
    answer = subprocess.run([*command, "--get", page], capture_output=True, text=True, check=True)
    assert pairs(json.loads(answer.stdout)) == ranked


def test_whole_numbers_of_the_database_are_exact(published):
    measures = pq.read_table(published / "tables" / "measures.parquet").to_pylist()
    with closing(sqlite3.connect(published / "edition.sqlite")) as base:
        stored = base.execute("SELECT cluster_id, metric, units, typeof(units) FROM measures").fetchall()
    assert set(stored) == {(row["cluster_id"], row["metric"], row["units"], "integer") for row in measures}


def test_rings_and_places_are_as_the_standard_wants_them(published):
    features = json.loads((published / "clusters.geojson").read_text("utf-8"))["features"]
    check_rings(feature["geometry"] for feature in features)


def check_rings(geometries):
    """RFC 7946, 3.1.6 and 3.1.9: closed, outer rings counter-clockwise, holes clockwise, nothing across ±180."""
    for geometry in geometries:
        several = geometry["type"] == "MultiPolygon"
        for polygon in geometry["coordinates"] if several else [geometry["coordinates"]]:
            for number, ring in enumerate(polygon):
                lon, lat = np.array(ring).T
                assert tuple(ring[0]) == tuple(ring[-1])
                assert np.abs(lon).max() <= 180
                assert np.abs(lat).max() <= 90
                assert np.ptp(lon) < 180
                twice = (lon[:-1] * lat[1:] - lon[1:] * lat[:-1]).sum()
                assert (twice > 0) == (number == 0)


def test_a_cluster_across_the_date_line_is_cut_there_in_both_maps(tmp_path):
    lat, lon = np.array([-168_000_000, -168_000_000]), np.array([1_799_900_000, -1_799_900_000])
    cut = outlines(lat, lon, np.zeros(2, np.int32), radius_km=15)
    tables, _, _ = named(["Taveuni"])
    shapes = {"c0": cut.shape[0].__geo_interface__}
    geojson.publish(tmp_path / "a.geojson", tables["ranking"], shapes, note="")
    geoparquet.publish(tmp_path / "a.geoparquet", tables["ranking"], shapes, note="")
    (feature,) = json.loads((tmp_path / "a.geojson").read_text("utf-8"))["features"]
    assert len(feature["geometry"]["coordinates"]) == 2
    check_rings([feature["geometry"]])
    (row,) = pq.read_table(tmp_path / "a.geoparquet").to_pylist()
    assert shapely.from_wkb(row["geometry"]) == shape(feature["geometry"])
    assert (row["bbox"]["xmin"], row["bbox"]["xmax"]) == (-180, 180)


def test_geoparquet_says_what_the_standard_asks_for(published):
    geo = json.loads(pq.read_schema(published / "clusters.geoparquet").metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert (geo["version"], geo["primary_column"], column["encoding"]) == ("1.1.0", "geometry", "WKB")
    assert set(column["geometry_types"]) <= {"Polygon", "MultiPolygon"}
    rows = pq.read_table(published / "clusters.geoparquet", columns=["geometry", "bbox"]).to_pylist()
    boxes = {side: [row["bbox"][side] for row in rows] for side in column["covering"]["bbox"]}
    bounds = shapely.bounds(shapely.from_wkb([row["geometry"] for row in rows]))
    assert np.array_equal(np.array([boxes[side] for side in ("xmin", "ymin", "xmax", "ymax")]).T, bounds)
    assert column["bbox"] == [*bounds[:, :2].min(axis=0), *bounds[:, 2:].max(axis=0)]


def test_the_second_geometry_is_the_outline_of_all_members(demo):
    """It covers each member, as the ground, around cores alone, need not; it is drawn tight, so that it is smaller."""
    table = pq.read_table(demo / "2025/clusters.geoparquet").to_pydict()
    geo = json.loads(pq.read_schema(demo / "2025/clusters.geoparquet").metadata[b"geo"])
    assert (geo["primary_column"], list(geo["columns"])) == ("geometry", ["geometry", "outline"])
    grounds, outlines = (shapely.from_wkb(table[name]) for name in ("geometry", "outline"))
    assert (shapely.area(outlines) < shapely.area(grounds)).all()
    located = edition.load(demo / "2025").listings().select(["lat_e7", "lon_e7", "cluster_id"]).to_pydict()
    for number, key in list(enumerate(table["cluster_id"]))[::40]:
        spots = {
            (lat, lon)
            for lat, lon, cluster in zip(*(located[name] for name in ("lat_e7", "lon_e7", "cluster_id")), strict=True)
            if cluster == key
        }
        lat, lon = (np.array(column) / 1e7 for column in zip(*spots, strict=True))
        assert shapely.intersects_xy(outlines[number], lon, lat).all()


def test_the_same_tables_give_the_same_bytes_and_no_clock_is_in_them(tmp_path):
    contents = named(["Paris", "Lyon"])
    for name in ("one", "other"):
        publish_downloads(tmp_path / name, *contents)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(names) == 11
    assert all((tmp_path / "one" / n).read_bytes() == (tmp_path / "other" / n).read_bytes() for n in names)
    with zipfile.ZipFile(tmp_path / "one" / "ranking.xlsx") as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in book.read("docProps/core.xml")
    assert (tmp_path / "one" / "edition.sqlite").read_bytes()[96:100] == bytes(4)


def test_a_study_may_ask_for_the_csv_that_spreadsheets_with_decimal_commas_open(tmp_path):
    table = pa.table({"rank": [1], "cluster": ["São Paulo; Campinas, SP"], "score_pct": [Decimal("31.326044")]})
    table = table.append_column("firm", pa.array([True]))
    csv_files.publish_for_spreadsheets(tmp_path / "a.csv", table, note="", decimals=",")
    expected = '\ufeffrank;cluster;score_pct;firm\r\n1;"São Paulo; Campinas, SP";31,326044;1\r\n'
    assert (tmp_path / "a.csv").read_bytes().decode() == expected
    csv_files.publish_for_spreadsheets(tmp_path / "b.csv", table, note="", decimals=".")
    assert (tmp_path / "b.csv").read_bytes().decode().endswith('1,"São Paulo; Campinas, SP",31.326044,1\r\n')
    resource = {"dialect": {"delimiter": ","}, "schema": {"fields": [{"type": "number"}, {"type": "string"}]}}
    described = datapackage._with_commas(resource)
    assert described["dialect"] == {"delimiter": ";"}
    assert described["schema"]["fields"] == [{"type": "number", "decimalChar": ","}, {"type": "string"}]
    manifest = {"study": {"publish": {"decimals": ","}}}
    assert (publish_module._decimals(manifest), publish_module._decimals({"study": {}})) == (",", ".")


def test_simulated_figures_say_so_in_every_file(published):
    for name in ("ranking.csv", "ranking-spreadsheet.csv"):
        encoding = "utf-8-sig" if "spreadsheet" in name else "utf-8"
        assert {row["note"] for row in read_csv(published / name, encoding)} == {SIMULATED}
    for name in ("clusters.geojson", "CITATION.cff", "datapackage.json", "dataset.jsonld", "dcat.jsonld"):
        assert "SIMULATED" in (published / name).read_text("utf-8"), name
    assert "SIMULATED" in (published / "ro-crate-metadata.json").read_text("utf-8")
    assert pq.read_schema(published / "clusters.geoparquet").metadata[b"note"].decode() == SIMULATED
    with closing(sqlite3.connect(published / "edition.sqlite")) as base:
        assert base.execute("SELECT value FROM about WHERE fact = 'note'").fetchone() == (SIMULATED,)
    with zipfile.ZipFile(BytesIO((published / "ranking.xlsx").read_bytes())) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 5
        assert all(b"SIMULATED" in content for content in sheets)
    for name in ("Ranking", "Profiles"):  # in the cells, which go along where a sheet is copied
        assert {row["note"] for row in sheet(published / "ranking.xlsx", name)} == {SIMULATED}


def test_the_workbook_reads_well(published):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl reads the workbook back")
    book = openpyxl.load_workbook(published / "ranking.xlsx")
    assert book.sheetnames == ["About", "Ranking", "Profiles", "Dictionary", "Notes"]
    ranking = book["Ranking"]
    assert (ranking.freeze_panes, ranking.auto_filter.ref) == ("A2", "A1:AK238")
    columns = {cell.value: cell.column_letter for cell in ranking[1]}
    assert ranking.column_dimensions[columns["cluster"]].width > 30
    assert ranking[columns["score_pct"] + "2"].number_format == "#,##0.00"
    assert ranking[columns["population"] + "2"].number_format == "#,##0"
    dictionary = sheet(published / "ranking.xlsx", "Dictionary")
    assert [row["column"] for row in dictionary if row["table"] == "ranking"] == list(columns)
    assert all(row["meaning"] for row in dictionary)
    notes = [cell.value for cell in book["Notes"]["A"]]
    assert [text for text in notes if text[-1] not in ".:"] == [], "a note is cut over two cells"
    assert [text for text in notes if text.startswith("patents: Patents through the PCT are counted as they entered")]


def test_profiles_of_the_workbook_are_the_leading_ones_of_the_table(published, ranked):
    profiles = pq.read_table(published / "tables" / "profiles.parquet").to_pylist()
    expected = {
        (row["cluster_id"], row["metric"], row["kind"], row["rank_in_cluster"], row["name"])
        for row in profiles
        if row["kind"] in {"organisation", "field"} and row["rank_in_cluster"] <= 5
    }
    shown = sheet(published / "ranking.xlsx", "Profiles")
    assert {
        tuple(row[key] for key in ("cluster_id", "metric", "kind", "rank_in_cluster", "name")) for row in shown
    } == expected
    assert len(shown) == len(expected)
    assert all(row["rank"] == ranked[row["cluster_id"]][0] for row in shown)
    assert [row["rank"] for row in shown] == sorted(row["rank"] for row in shown)


def test_what_a_source_has_to_say_stands_in_every_description(tmp_path):
    tables, shapes, manifest = named(["Alpha"])
    manifest["sources"] = [
        {"metric": "patents", "reader": "patentsview", "notes": ["National phase only."]},
        {"metric": "patents", "reader": "uspto_xml", "notes": ["National phase only."]},
        {"metric": "deals", "reader": "table", "notes": []},
    ]
    publish_downloads(tmp_path, tables, shapes, manifest)
    for name in ("datapackage.json", "dataset.jsonld", "dcat.jsonld", "ro-crate-metadata.json", "CITATION.cff"):
        text = (tmp_path / name).read_text("utf-8")
        assert "single records. National phase only." in text, name
        assert "only. National" not in text, name
    sources = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))["sources"]
    assert sources[0]["description"] == "National phase only."
    assert "description" not in sources[2]


def test_catalogues_name_the_files_with_their_hashes(published):
    package, schema_org, dcat, crate = (
        json.loads((published / name).read_text("utf-8"))
        for name in ("datapackage.json", "dataset.jsonld", "dcat.jsonld", "ro-crate-metadata.json")
    )
    hashes = {resource["path"]: resource["hash"].removeprefix("sha256:") for resource in package["resources"]}
    assert {item["contentUrl"]: item["sha256"] for item in schema_org["distribution"]} == hashes
    assert hashes == {
        item["dcat:downloadURL"]["@id"]: item["spdx:checksum"]["spdx:checksumValue"]["@value"]
        for item in dcat["dcat:distribution"]
    }
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert {key: entity["sha256"] for key, entity in entities.items() if entity["@type"] == "File"} == hashes
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    mentioned = [*entities["./"]["hasPart"], *entities["./"]["isBasedOn"], entities["./"]["license"]]
    assert {reference["@id"] for reference in mentioned} <= entities.keys()
    assert schema_org["temporalCoverage"] == "2019/2024"
    assert {item["name"] for item in schema_org["variableMeasured"]} >= {"rank", "score_pct", "patents"}


def test_the_order_in_which_an_engine_hands_rows_over_never_matters(tmp_path):
    tables, shapes, manifest = named(["Paris", "Lyon", "Nice"])
    turned = tables | {"profiles": tables["profiles"].take([2, 0, 1])}
    publish_downloads(tmp_path / "one", tables, shapes, manifest)
    publish_downloads(tmp_path / "other", turned, shapes, manifest)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes(), path.name


def test_pages_of_the_site_are_views_and_not_described(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("a page")
    publish_downloads(tmp_path, *named(["Paris"]))
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert not [resource["path"] for resource in package["resources"] if "site" in resource["path"]]


def test_an_edition_without_clusters_is_published_all_the_same(tmp_path):
    tables, shapes, manifest = named([])
    publish_downloads(tmp_path, tables, shapes, manifest)
    assert read_csv(tmp_path / "ranking.csv") == []
    assert pq.read_table(tmp_path / "clusters.geoparquet").num_rows == 0
    assert pa.types.is_struct(pq.read_schema(tmp_path / "clusters.geoparquet").field("bbox").type)
