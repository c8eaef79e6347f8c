"""People of a grid: cells that an outline cuts count in part."""

import sys

import numpy as np
import pytest
import shapely

from hubrank.core.errors import DataError, StudyError
from hubrank.core.sphere import EARTH_RADIUS_KM
from hubrank.ranking.tables.population_raster import raster_population

rasterio = pytest.importorskip("rasterio", reason="the extra 'raster' is not installed")
pytest.importorskip("exactextract", reason="the extra 'raster' is not installed")

MOLLWEIDE = "ESRI:54009"  # the projection of GHS-POP


def grid(path, cells, west, north, size, crs, nodata=-200.0):
    cells = np.asarray(cells, np.float64)
    shape = {"height": cells.shape[0], "width": cells.shape[1], "count": 1, "dtype": "float64"}
    transform = rasterio.Affine(size, 0, west, 0, -size, north)
    with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=transform, nodata=nodata, **shape) as file:
        file.write(cells, 1)
    return path


@pytest.fixture
def degrees(tmp_path):
    """Four cells of one degree: 100, 200 in the north, 300 and nothing in the south."""
    return grid(tmp_path / "people.tif", [[100, 200], [300, -200]], 10, 2, 1, "EPSG:4326")


def test_whole_cells_count_whole_and_cut_ones_in_part(degrees):
    shapes = [shapely.box(10, 1, 12, 2), shapely.box(10.5, 0, 11, 2), shapely.box(11, 0, 12, 1)]
    assert raster_population(shapes, degrees) == [300, 200, None]  # half of 100 and of 300; no data


def test_an_outline_in_two_pieces_counts_both(degrees):
    both = shapely.union_all([shapely.box(10, 1.5, 11, 2), shapely.box(11, 1.5, 12, 2)])
    apart = shapely.union_all([shapely.box(10, 1.5, 10.5, 2), shapely.box(11.5, 1.5, 12, 2)])
    assert raster_population([both, apart], degrees) == [150, 75]


def test_nothing_is_known_where_the_grid_does_not_reach(degrees):
    assert raster_population([shapely.box(50, 50, 51, 51)], degrees) == [None]
    assert raster_population([], degrees) == []


def test_an_equal_area_grid_counts_by_area(tmp_path):
    """One person per km² on GHS-POP's map: an outline holds as many as it has km², wherever it lies."""
    cells = np.ones((400, 400))
    path = grid(tmp_path / "ghs.tif", cells, 300_000, 6_200_000, 1000, MOLLWEIDE)
    laea = shapely.Point(5, 50)
    from pyproj import Geod

    circle = shapely.Polygon([Geod(ellps="WGS84").fwd(5, 50, a, 20_000)[:2] for a in np.linspace(0, 360, 721)])
    assert circle.contains(laea)
    people_inside = raster_population([circle], path)[0]
    assert people_inside == pytest.approx(np.pi * 20**2, rel=0.002)


def test_long_edges_follow_their_meridian(tmp_path):
    """Far from the middle of that map meridians are bent: between two corners alone a tenth would be cut off."""
    path = grid(tmp_path / "ghs.tif", np.full((700, 700), 100), 6_000_000, 7_000_000, 10_000, MOLLWEIDE)
    km2 = EARTH_RADIUS_KM**2 * np.radians(10) * (np.sin(np.radians(60)) - np.sin(np.radians(10)))
    people_inside = raster_population([shapely.box(100, 10, 110, 60)], path)[0]
    assert people_inside == pytest.approx(km2, rel=0.01)  # a sphere for an ellipsoid


def test_what_is_no_raster_is_said_so(tmp_path):
    (tmp_path / "no.tif").write_text("people")
    with pytest.raises(DataError, match=r"no\.tif cannot be read"):
        raster_population([shapely.box(0, 0, 1, 1)], tmp_path / "no.tif")
    with pytest.raises(DataError, match="missing"):
        raster_population([shapely.box(0, 0, 1, 1)], tmp_path / "missing.tif")


def test_a_raster_without_projection_is_refused(tmp_path):
    path = grid(tmp_path / "flat.tif", [[1, 2]], 10, 2, 1, None)
    with pytest.raises(DataError, match="does not state its projection"):
        raster_population([shapely.box(10, 1, 12, 2)], path)


def test_without_the_extra_the_message_says_how_to_get_it(monkeypatch, degrees):
    monkeypatch.setitem(sys.modules, "exactextract", None)
    with pytest.raises(StudyError, match=r"exactextract.*pip install 'hubrank\[raster\]'"):
        raster_population([shapely.box(10, 1, 12, 2)], degrees)
