"""Areas drawn by others: every format gives the same areas, and each site lies in one of them or in none."""

import json
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from hubrank.clustering.area_files import read_areas
from hubrank.clustering.areas import Areas, area_labels, expect_apart
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


def geopackage(folder, areas, crs="OGC:CRS84"):
    geopandas = pytest.importorskip("geopandas")
    pytest.importorskip("pyogrio")
    codes, names, shapes = zip(*areas, strict=True)
    frame = geopandas.GeoDataFrame({"code": codes, "label": names}, geometry=list(shapes), crs=crs)
    frame.to_file(folder / "a.gpkg", driver="GPKG")
    return folder / "a.gpkg"


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
    }[kind]()


KINDS = [
    "GeoJSON",
    "GeoJSON of 2008",
    "Parquet of WKB",
    "GeoParquet in Mollweide",
    "GeoPackage",
    "GeoPackage in Mollweide",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_gives_the_same_areas_in_degrees(tmp_path, kind):
    areas = read_areas(written(tmp_path, kind), "code", "label")
    assert (areas.code, areas.name) == (("A1", "B2"), ("North", "South"))
    for shape, (_, _, expected) in zip(areas.shape, reversed(TWO), strict=True):
        assert shapely.hausdorff_distance(shape, expected) < 1e-6
    assert areas.area_km2[1] == pytest.approx(2 * 111.195**2, rel=1e-3)


def test_numbers_are_codes_and_a_name_may_be_missing(tmp_path):
    rows = features([(2.0, None, TWO[0][2]), (10, "x", TWO[1][2])])
    (tmp_path / "n.geojson").write_text(json.dumps(rows))
    assert read_areas(tmp_path / "n.geojson", "code", "label").name == ("x", "2")
    assert read_areas(tmp_path / "n.geojson", "code", None).code == ("10", "2")


FAULTS = {
    "has no column 'id'; it has: code, label": lambda folder: (geojson(folder, TWO), "id"),
    "number 1 and 2 have the code 'B2'": lambda folder: (geojson(folder, [TWO[0], TWO[0]]), "code"),
    "area number 2 has no code": lambda folder: (geojson(folder, [TWO[0], ("", "x", TWO[1][2])]), "code"),
    "'P' is drawn as Point": lambda folder: (geojson(folder, [("P", "x", shapely.Point(1, 1))]), "code"),
    "which are no degrees": lambda folder: (geojson(folder, [("M", "x", shapely.box(0, 0, 9000, 9000))]), "code"),
    "contains no area": lambda folder: (geojson(folder, []), "code"),
    "projection that is unknown": lambda folder: (geojson(folder, TWO, crs={"properties": {"name": "mars"}}), "code"),
}


@pytest.mark.parametrize("message", FAULTS)
def test_what_cannot_be_used_is_said_so(tmp_path, message):
    path, code = FAULTS[message](tmp_path)
    with pytest.raises(DataError, match=message):
        read_areas(path, code, None)


def test_files_of_another_kind_are_refused(tmp_path):
    for name, content, message in (
        ("a.shp", "x", "is not GeoJSON"),
        ("a.json", '{"type": "Topology"}', "no GeoJSON FeatureCollection"),
        ("a.parquet", "x", "no Parquet"),
    ):
        (tmp_path / name).write_text(content)
        with pytest.raises(DataError, match=message):
            read_areas(tmp_path / name, "code", None)


def test_without_the_extra_the_message_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyogrio", None)
    with pytest.raises(StudyError, match=r"pip install 'hubrank\[geo\]'"):
        read_areas(tmp_path / "a.gpkg", "code", None)


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
    with pytest.raises(DataError, match=r"4\.2, 4\.2 is inside 'A0' and 'A1' \(3 such sites\).*overlaps = .smaller"):
        expect_apart(nested, *at(spots))
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
