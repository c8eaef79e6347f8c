"""Areas drawn by others: every format gives the same areas, and each site lies in one of them or in none."""

import json
import sys
import zipfile
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from hubrank.clustering.area_files import parts_of, read_areas
from hubrank.clustering.areas import Areas, area_labels, expect_apart
from hubrank.clustering.outlines.rings import areas_km2
from hubrank.core.errors import DataError, StudyError
from hubrank.core.sphere import to_e7

TWO = [("B2", "South", shapely.box(10, 0, 12, 1)), ("A1", "North", shapely.box(10, 1, 12, 2))]


def features(areas, **more):
    rows = [
        {
            "type": "Feature",
            "properties": {"code": code, "label": name},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, name, shape in areas
    ]
    return {"type": "FeatureCollection", **more, "features": rows}


def geojson(folder, areas, **more):
    path = folder / "a.geojson"
    path.write_text(json.dumps(features(areas, **more)))
    return path


def parquet(folder, areas, geo=None, column="geometry"):
    codes, names, shapes = zip(*areas, strict=True)
    wkb = pa.array(shapely.to_wkb(list(shapes)).tolist(), pa.binary())
    table = pa.table({"code": codes, "label": names, column: wkb})
    if geo is not None:
        table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, folder / "a.parquet")
    return folder / "a.parquet"


def projected(shape, crs):
    turn = Transformer.from_crs("OGC:CRS84", crs, always_xy=True)
    return shapely.transform(shape, lambda xy: np.column_stack(turn.transform(*xy.T)))


def geopackage(folder, areas, crs="OGC:CRS84", name="a.gpkg"):
    geopandas = pytest.importorskip("geopandas")
    pytest.importorskip("pyogrio")
    codes, names, shapes = zip(*areas, strict=True)
    frame = geopandas.GeoDataFrame({"code": codes, "label": names}, geometry=list(shapes), crs=crs)
    frame.to_file(folder / name)
    return folder / name


def zipped(folder, path):
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for part in parts_of(path):
            archive.write(part, f"areas/{part.name}")
            part.unlink()
    return folder / "a.zip"


def written(folder, kind):
    mollweide = [(code, name, projected(shape, "ESRI:54009")) for code, name, shape in TWO]
    column = {"encoding": "WKB", "crs": CRS.from_user_input("ESRI:54009").to_json_dict()}
    geo = {"primary_column": "geom", "columns": {"geom": column}}
    return {
        "GeoJSON": lambda: geojson(folder, TWO),
        "GeoJSON of 2008": lambda: geojson(folder, TWO, crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}),
        "Parquet of WKB": lambda: parquet(folder, TWO, column="wkb"),
        "GeoParquet in Mollweide": lambda: parquet(folder, mollweide, geo, "geom"),
        "GeoPackage": lambda: geopackage(folder, TWO),
        "GeoPackage in Mollweide": lambda: geopackage(folder, mollweide, "ESRI:54009"),
        "shapefile": lambda: geopackage(folder, TWO, name="a.shp"),
        "shapefile in Mollweide, in a zip": lambda: zipped(
            folder, geopackage(folder, mollweide, "ESRI:54009", "a.shp")
        ),
    }[kind]()


KINDS = [
    "GeoJSON",
    "GeoJSON of 2008",
    "Parquet of WKB",
    "GeoParquet in Mollweide",
    "GeoPackage",
    "GeoPackage in Mollweide",
    "shapefile",
    "shapefile in Mollweide, in a zip",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_gives_the_same_areas_in_degrees(tmp_path, kind):
    areas = read_areas(written(tmp_path, kind), "code", "label")
    assert (areas.code, areas.name) == (("A1", "B2"), ("North", "South"))
    for shape, (_, _, expected) in zip(areas.shape, reversed(TWO), strict=True):
        assert shapely.hausdorff_distance(shape, expected) < 1e-6
    assert areas.area_km2[1] == pytest.approx(2 * 111.195**2, rel=1e-3)


@pytest.mark.parametrize("kind", ["GeoJSON", "Parquet of WKB", "GeoPackage in Mollweide"])
def test_heights_of_corners_are_left_out(tmp_path, kind, monkeypatch):
    flat = read_areas(written(tmp_path, kind), "code", "label")
    raised = [(code, name, shapely.force_3d(shape, 650.0)) for code, name, shape in TWO[:1]] + TWO[1:]
    monkeypatch.setitem(globals(), "TWO", raised)
    areas = read_areas(written(tmp_path, kind), "code", "label")
    assert not shapely.has_z(areas.shape).any()
    assert (areas.digest, areas.area_km2.tolist()) == (flat.digest, flat.area_km2.tolist())


def test_numbers_are_codes_and_a_name_may_be_missing(tmp_path):
    rows = features([(2.0, None, TWO[0][2]), (10, "x", TWO[1][2])])
    (tmp_path / "n.geojson").write_text(json.dumps(rows))
    assert read_areas(tmp_path / "n.geojson", "code", "label").name == ("x", "2")
    assert read_areas(tmp_path / "n.geojson", "code", None).code == ("10", "2")


def test_a_shape_that_is_not_valid_is_repaired_and_named_with_what_that_changes(tmp_path):
    bow = shapely.Polygon([(10, 0), (11, 1), (11, 0), (10, 1)])
    spike = shapely.Polygon([(20, 0), (21, 0), (21, 1), (20, 1), (20, 0), (20, -1), (20, 0)])
    areas = read_areas(geojson(tmp_path, [*TWO[1:], ("S", "Spike", spike), ("X", "Bow", bow)]), "code", "label")
    assert shapely.is_valid(areas.shape).all()
    assert {shape.geom_type for shape in areas.shape} == {"Polygon", "MultiPolygon"}
    (only,) = areas.repaired  # of the spike nothing that has an area is lost
    assert (only.code, only.name, only.reason) == ("X", "Bow", "Self-intersection[10.5 0.5]")
    assert (float(only.drawn_km2), float(only.km2)) == (0, pytest.approx(111.195**2 / 2, rel=1e-3))
    assert areas.area_km2[2] == pytest.approx(float(only.km2), abs=0.05)


def test_a_shape_that_encloses_nothing_is_refused(tmp_path):
    line = shapely.Polygon([(10, 0), (11, 0), (12, 0), (10, 0)])
    with pytest.raises(DataError, match="'L' is drawn as nothing"):
        read_areas(geojson(tmp_path, [*TWO, ("L", "Line", line)]), "code", "label")


def without_geometry(folder):
    content = features([*TWO, ("N", "x", TWO[0][2])])
    content["features"][2]["geometry"] = None
    path = folder / "n.geojson"
    path.write_text(json.dumps(content))
    return path


FAULTS = {
    "has no column 'id'; it has: code, label": lambda folder: (geojson(folder, TWO), "id"),
    "number 1 and 2 have the code 'B2'. Name a column as id that differs in every area, or join": lambda folder: (
        geojson(folder, [TWO[0], TWO[0]]),
        "code",
    ),
    "area number 2 has no code": lambda folder: (geojson(folder, [TWO[0], ("", "x", TWO[1][2])]), "code"),
    "'P' is drawn as Point": lambda folder: (geojson(folder, [("P", "x", shapely.Point(1, 1))]), "code"),
    "which are no degrees.*states its projection": lambda folder: (
        geojson(folder, [("M", "x", shapely.box(0, 0, 9000, 9000))]),
        "code",
    ),
    "which are no degrees.*Latitude and longitude look exchanged": lambda folder: (
        geojson(folder, [TWO[0], ("M", "x", shapely.box(34, -125, 42, -114))]),
        "code",
    ),
    "contains no area": lambda folder: (geojson(folder, []), "code"),
    "'N' is drawn as nothing": lambda folder: (without_geometry(folder), "code"),
    "'W' has an edge from one side of the antimeridian to the other.*RFC 7946": lambda folder: (
        geojson(folder, [("W", "x", shapely.Polygon([(179, -17), (-179, -17), (-179, -16), (179, -16)]))]),
        "code",
    ),
    "projection that is unknown": lambda folder: (geojson(folder, TWO, crs={"properties": {"name": "mars"}}), "code"),
}


@pytest.mark.parametrize("message", FAULTS)
def test_what_cannot_be_used_is_said_so(tmp_path, message):
    path, code = FAULTS[message](tmp_path)
    with pytest.raises(DataError, match=message):
        read_areas(path, code, None)


def test_codes_that_are_not_a_number_are_missing(tmp_path):
    codes = pa.array([1.0, float("nan")])
    pq.write_table(
        pa.table({"code": codes, "geometry": shapely.to_wkb([shape for *_, shape in TWO]).tolist()}),
        tmp_path / "a.parquet",
    )
    with pytest.raises(DataError, match="area number 2 has no code"):
        read_areas(tmp_path / "a.parquet", "code", None)


@pytest.mark.parametrize("hole", [False, True])
def test_projected_areas_over_the_antimeridian_are_cut_there(tmp_path, hole):
    ring = [(178, -19), (-178, -19), (-178, -16), (178, -16)]
    inner = [(179.5, -18), (-179.5, -18), (-179.5, -17), (179.5, -17)]
    fiji = projected(shapely.Polygon(ring[::-1], [inner] if hole else []), "EPSG:3832")
    whole = [shapely.box(178, -19, 180, -16), shapely.box(-180, -19, -178, -16)]
    gap = [shapely.box(179.5, -18, 180, -17), shapely.box(-180, -18, -179.5, -17)] if hole else []
    expected = shapely.union_all(whole) - shapely.union_all(gap)
    areas = read_areas(parquet(tmp_path, [("FJ", "Fiji", fiji)], mercator_of_the_pacific()), "code", "label")
    assert shapely.area(shapely.symmetric_difference(areas.shape[0], expected)) < 1e-6
    assert labels(areas, [(-17.5, 178.2), (-16.5, -179.9), (-17.5, 179.8), (0, 0)]) == [0, 0, -1 if hole else 0, -1]


def mercator_of_the_pacific():
    return {"primary_column": "geometry", "columns": {"geometry": {"crs": CRS("EPSG:3832").to_json_dict()}}}


def test_projected_areas_around_a_pole_contain_it(tmp_path):
    cap = projected(shapely.Polygon([(lon, -70) for lon in range(-180, 180, 5)]), "EPSG:3031")
    geo = {"columns": {"geometry": {"crs": CRS("EPSG:3031").to_json_dict()}}}
    areas = read_areas(parquet(tmp_path, [("AQ", "Cap", cap)], geo), "code", "label")
    assert labels(areas, [(-89.9, 12), (-71, 179.9), (-71, -179.9), (-69, 0)]) == [0, 0, 0, -1]


def test_files_of_another_kind_are_refused(tmp_path):
    for name, content, message in (
        ("a.kml", "x", r"is not GeoJSON.* or a shapefile.*ogr2ogr areas\.geojson a\.kml"),
        ("a.csv", "x", r"is not GeoJSON.* A table without outlines holds no areas"),
        ("a.zip", "x", "is no zip"),
        ("a.shp", "x", "cannot be read"),
        ("a.json", '{"type": "Topology"}', "no GeoJSON FeatureCollection"),
        ("a.parquet", "x", "no Parquet"),
    ):
        (tmp_path / name).write_text(content)
        with pytest.raises(DataError, match=message):
            read_areas(tmp_path / name, "code", None)
    (tmp_path / "a.geojson").write_bytes('{"name": "Kärnten"}'.encode("cp1252"))
    with pytest.raises(DataError, match=r"a\.geojson is not UTF-8.*byte 11 is 0xe4\. Save it as UTF-8"):
        read_areas(tmp_path / "a.geojson", "code", None)


def test_without_the_extra_the_message_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyogrio", None)
    with pytest.raises(StudyError, match=r"pip install 'hubrank\[geo\]'"):
        read_areas(tmp_path / "a.gpkg", "code", None)


def test_a_zip_holds_one_file_of_areas(tmp_path):
    for names, message in (
        ((), "contains 0 shapefiles"),
        (("b.shp", "c.gpkg"), r"contains 2 .*: b\.shp, c\.gpkg; exp"),
    ):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        with pytest.raises(DataError, match=message):
            read_areas(tmp_path / "a.zip", "code", None)


def test_a_shapefile_is_all_of_its_files(tmp_path):
    path = geopackage(tmp_path, TWO, name="a.shp")
    assert [part.suffix for part in parts_of(path)] == [".shp", ".cpg", ".dbf", ".prj", ".shx"]
    assert parts_of(tmp_path / "a.gpkg") == [tmp_path / "a.gpkg"]
    (tmp_path / "a.dbf").unlink()
    with pytest.raises(DataError, match=r"has no column 'code'; it has: none .*\.dbf"):
        read_areas(path, "code", "label")


def areas_of(*boxes):
    shapes = np.array([shapely.box(*corners) for corners in boxes], object)
    codes = tuple(f"A{number}" for number in range(len(boxes)))
    return Areas(codes, codes, shapes, shapely.area(shapes))


def at(spots):
    return to_e7(np.array(spots, np.float64).T)


def labels(areas, spots):
    return area_labels(areas, *at(spots)).tolist()


def test_a_site_lies_in_the_area_around_it_or_in_none():
    assert labels(areas_of((0, 0, 1, 1), (1, 0, 3, 1)), [(0.5, 0.5), (0.5, 2), (2, 2), (0.5, -0.1)]) == [0, 1, -1, -1]


def test_a_common_border_belongs_to_the_smaller_area_then_to_the_first_code():
    spots = [(0.5, 1), (0.5, 2)]
    assert labels(areas_of((0, 0, 1, 1), (1, 0, 2, 1), (2, 0, 2.5, 1)), spots) == [0, 2]


def test_areas_that_overlap_stop_or_the_smallest_counts():
    nested = areas_of((0, 0, 10, 10), (4, 4, 6, 6), (4.5, 4.5, 5.5, 5.5))
    spots = [(1, 1), (4.2, 4.2), (5, 5)]
    assert labels(nested, spots) == [0, 1, 2]
    with pytest.raises(DataError, match=r"4\.2, 4\.2 is inside 'A0' and 'A1' \(2 such sites\).*overlaps = .smaller"):
        expect_apart(nested, *at(spots))
    named = replace(nested, name=("Recife", "A1", "x"))
    with pytest.raises(DataError, match=r"is inside 'A0' \(Recife\) and 'A1' \(2"):
        expect_apart(named, *at(spots))
    expect_apart(nested, *at(spots[:1]))  # they overlap where nothing lies


@given(st.integers(0, 10**6))
def test_labels_are_those_of_looking_at_every_area(seed):
    random = np.random.default_rng(seed)
    low = random.integers(0, 8, (6, 2))
    areas = areas_of(*((x, y, x + w, y + h) for (x, y), (w, h) in zip(low, random.integers(1, 5, (6, 2)), strict=True)))
    spots = random.integers(0, 24, (40, 2)) / 2
    expected = []
    for lat, lon in spots:
        inside = [n for n, shape in enumerate(areas.shape) if shapely.intersects_xy(shape, lon, lat)]
        expected.append(min(inside, key=lambda n: (areas.area_km2[n], n), default=-1))
    assert labels(areas, spots) == expected
    rows = random.permutation(40)
    assert labels(areas, spots[rows]) == np.array(expected)[rows].tolist()


def test_a_site_between_cells_of_one_size_is_in_that_of_the_first_code():
    """Quarters of a degree whose areas, as they are added up, differ in their last digits."""
    edges = np.arange(0, 30, 0.25)
    shapes = shapely.box(edges, 50.1, edges + 0.25, 50.35)
    codes = tuple(f"c{number:03}" for number in range(len(edges)))
    areas = Areas(codes, codes, shapes, areas_km2(shapes))
    assert len(set(areas.area_km2.tolist())) > 1
    lon_e7 = to_e7(edges[1:])
    label = area_labels(areas, np.full(len(lon_e7), 502_000_000), lon_e7)
    assert label.tolist() == list(range(len(lon_e7)))
