"""People of a table of cells: what a ground covers counts, cut cells in part, whatever the order of the rows."""

import csv

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hubrank.clustering.people_table import PeopleTable
from hubrank.core.errors import DataError
from hubrank.core.processes import process_pool
from hubrank.ranking.tables.population_raster import raster_population
from hubrank.ranking.tables.population_table import table_population

FOUR = [(1.5, 10.5, 100), (1.5, 11.5, 200), (0.5, 10.5, 300), (0.5, 11.5, 0)]  # cells of one degree


def written(folder, rows, name="people.parquet"):
    path = folder / name
    if name.endswith(".csv"):
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([("people", "lat", "lon"), *((n, lat, lon) for lat, lon, n in rows)])
    else:
        columns = [list(column) for column in zip(*rows, strict=True)]
        pq.write_table(pa.table(dict(zip(("lat", "lon", "people"), columns, strict=True))), path, row_group_size=2)
    return path


def counted(path, *shapes, cell_deg=None):
    return table_population(shapes, path, cell_deg)


@pytest.mark.parametrize("name", ["people.parquet", "people.csv"])
def test_whole_cells_count_whole_and_cut_ones_in_part(tmp_path, name):
    path = written(tmp_path, FOUR, name)
    shapes = [
        shapely.box(10, 1, 12, 2),
        shapely.box(10.5, 0, 11, 2),
        shapely.box(11, 0, 12, 1),
        shapely.box(50, 50, 51, 51),
    ]
    assert counted(path, *shapes) == [300, 200, 0, None]  # half of 100 and of 300; nobody; beyond the grid
    assert counted(path) == []


def test_a_fault_is_the_same_from_a_second_process(tmp_path):
    path = written(tmp_path, [*FOUR, (91.0, 10.5, 1)])
    with pytest.raises(DataError) as here:
        counted(path, cell_deg=1)
    with pytest.raises(DataError) as elsewhere, process_pool(1) as pool:
        pool.submit(table_population, [], path, 1).result()
    assert str(elsewhere.value) == str(here.value)
    assert "row 5: lat 91" in str(here.value)


def test_an_empty_ground_of_no_cell_and_one_in_two_pieces(tmp_path):
    path = written(tmp_path, FOUR)
    both = shapely.union_all([shapely.box(10, 1.5, 10.5, 2), shapely.box(11.5, 1.5, 12, 2)])
    assert counted(path, both) == [75]


def test_a_table_that_lists_cells_twice_stops_as_their_people_would_be_added_up(tmp_path):
    years = [*FOUR, *((lat, lon, people + 7) for lat, lon, people in FOUR)]  # such as two years of a register
    message = r"lists cells more than once, as that of lat 0\.5, lon 10\.5 \(4 of 8 rows .* Expected one row"
    with pytest.raises(DataError, match=message):
        counted(written(tmp_path, years), shapely.box(10, 0, 12, 2), cell_deg=1)
    beyond = shapely.box(50, 50, 51, 51)
    assert counted(written(tmp_path, years), beyond, cell_deg=1) == [None]


def test_a_few_cells_at_a_border_may_be_listed_by_either_side(tmp_path):
    grid = [(row + 0.5, column + 0.5, 10) for row in range(6) for column in range(6)]
    assert counted(written(tmp_path, [*grid, (0.5, 0.5, 3)]), shapely.box(0, 0, 6, 6)) == [363]


def test_a_cell_counts_on_either_side_of_the_antimeridian(tmp_path):
    path = written(tmp_path, [(0.5, 179.5, 10), (0.5, -179.5, 4), (1.5, -179.5, 0)], "people.csv")
    ground = shapely.union_all([shapely.box(179, 0, 180, 1), shapely.box(-180, 0, -179.5, 1)])
    assert counted(path, ground, cell_deg=1) == [12]


@given(st.integers(0, 10**6))
def test_the_order_of_the_rows_changes_no_number(tmp_path_factory, seed):
    random = np.random.default_rng(seed)
    rows = [
        (row / 10 + 0.05, column / 10 + 0.05, n) for row in range(8) for column in range(8) for n in random.random(1)
    ]
    ground = shapely.Point(0.4, 0.4).buffer(0.31)
    folder = tmp_path_factory.mktemp("orders")
    once = counted(written(folder, [(lat, lon, 1e6 * n) for lat, lon, n in rows]), ground)
    random.shuffle(rows)
    assert counted(written(folder, [(lat, lon, 1e6 * n) for lat, lon, n in rows], "again.csv"), ground) == once


def test_a_table_and_a_raster_of_the_same_cells_count_the_same(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    pytest.importorskip("exactextract")
    random = np.random.default_rng(3)
    cells = random.integers(0, 5000, (60, 60)).astype(np.float64)
    shape = {"height": 60, "width": 60, "count": 1, "dtype": "float64"}
    transform = rasterio.Affine(0.01, 0, 7, 0, -0.01, 48)
    with rasterio.open(tmp_path / "a.tif", "w", driver="GTiff", crs="EPSG:4326", transform=transform, **shape) as file:
        file.write(cells, 1)
    rows = [(48 - 0.005 - 0.01 * r, 7.005 + 0.01 * c, cells[r, c]) for r in range(60) for c in range(60)]
    grounds = [
        shapely.Point(*random.uniform([7.1, 47.5], [7.5, 47.9])).buffer(random.uniform(0.005, 0.09)) for _ in range(20)
    ]
    by_raster = raster_population(grounds, tmp_path / "a.tif")
    assert np.allclose(counted(written(tmp_path, rows), *grounds), by_raster, atol=1, rtol=1e-5)
    assert sum(by_raster) > 100_000


def test_the_size_of_cells_is_measured_where_it_is_not_stated(tmp_path):
    thirty_seconds = [
        (round((i + 0.5) / 120, 7), round((j + 0.5) / 120, 7), 1) for i in range(50) for j in range(0, 50, 3)
    ]
    high, wide = PeopleTable.opened(written(tmp_path, thirty_seconds)).size_deg
    assert high == pytest.approx(1 / 120, rel=1e-5)
    assert wide == pytest.approx(3 / 120, rel=1e-5)  # no two columns are nearer: stated, it is a third of that
    assert PeopleTable.opened(written(tmp_path, thirty_seconds), 1 / 120).size_deg == (1 / 120, 1 / 120)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(0.5, 10.5, 1)], "fewer than two values of lat.*cell_deg"),
        ([(0.5, 10.5, 1), (1.5, 11.5, 1), (1.9, 12.5, 1), (4.5, 14.5, 1), (5.55, 15.5, 2)], "no regular grid.*of lat"),
        ([(0.5, 10.5, 1), (91.5, 10.5, 1)], r"row 2: lat 91\.5"),
        ([(0.5, 10.5, 1), (1.5, 10.5, -200)], "row 2.*people -200; expected"),
        ([(0.5, 10.5, 1), (1.5, 10.5, float("nan"))], "row 2.*people nan"),
    ],
)
def test_what_is_no_grid_is_refused_with_the_place(tmp_path, rows, message):
    with pytest.raises(DataError, match=message):
        counted(written(tmp_path, rows), shapely.box(0, 0, 1, 1))


def test_columns_and_numbers_that_are_missing_are_said_so(tmp_path):
    (tmp_path / "a.csv").write_text("lat,lon,pop\n1,2,3\n")
    with pytest.raises(DataError, match=r"a\.csv has no column 'people'; it has: lat, lon, pop"):
        counted(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("lat,lon,people\n1,2,many\n")
    with pytest.raises(DataError, match=r"b\.csv cannot be read: .*many"):
        counted(tmp_path / "b.csv")
    (tmp_path / "c.parquet").write_text("no")
    with pytest.raises(DataError, match=r"c\.parquet cannot be read"):
        counted(tmp_path / "c.parquet")


def test_one_point_in_each_area_gives_the_people_of_an_office(tmp_path):
    """Where its cell lies within the area: how output per head by official population is had."""
    path = written(tmp_path, [(48.21, 16.37, 1_980_000), (47.85, 16.52, 300_000)], "people.csv")
    areas = [shapely.box(16.2, 48.1, 16.6, 48.4), shapely.box(16.2, 47.0, 16.9, 48.1)]
    assert counted(path, *areas, cell_deg=0.01) == [1_980_000, 300_000]


def test_one_point_in_each_region_is_no_grid_for_clusters(tmp_path):
    """The people of a whole region would be those of the cluster around its point, and its neighbour had none."""
    path = written(tmp_path, [(48.21, 16.37, 1_980_000), (47.85, 16.52, 300_000)], "people.csv")
    clusters = [shapely.box(16.3, 48.1, 16.5, 48.3), shapely.box(15.4, 47.0, 15.5, 47.1)]
    message = (
        r"cells of 0\.01 degrees cover 0\.3 % of the clusters in which they lie \(in 1 of 2\).*\[areas\] rank = true"
    )
    with pytest.raises(DataError, match=message):
        table_population(clusters, path, 0.01, covering=True)
    assert table_population(clusters, path, 0.1, covering=True) == [1_980_000, None]


def test_a_table_of_a_spreadsheet_in_german_is_read(tmp_path):
    """With semicolons, decimal commas, points between thousands, and Windows-1252."""
    (tmp_path / "p.csv").write_bytes(
        "Gemeinde;Lat;lon;people\r\nKärnten;1,5;10,5;1.000\r\nWörgl;0,5;11,5;2.000,5\r\n".encode("cp1252")
    )
    assert counted(tmp_path / "p.csv", shapely.box(10, 1, 11, 2), shapely.box(0, 0, 20, 20), cell_deg=1) == [1000, 3000]


def test_a_table_of_other_columns_is_refused_whatever_its_encoding(tmp_path):
    (tmp_path / "p.csv").write_bytes("NUTS2;Bevölkerung\nAT11;300.000\n".encode("cp1252"))
    with pytest.raises(DataError, match=r"p\.csv has no column 'lat'; it has: NUTS2, Bevölkerung"):
        counted(tmp_path / "p.csv")
    (tmp_path / "p.csv").write_text("lat:lon:people\n1:2:3\n")
    with pytest.raises(DataError, match=r"it has: lat:lon:people \(divided by none of tab"):
        counted(tmp_path / "p.csv")
    (tmp_path / "q.csv").write_text("lat,lon,people\n1,2\n")
    with pytest.raises(
        DataError, match=r"q\.csv cannot be read: line 2: a wrong number of columns.*such as notes below"
    ):
        counted(tmp_path / "q.csv")


def test_titles_above_the_header_of_a_table_are_named(tmp_path):
    (tmp_path / "p.csv").write_text("Einwohner am 1.1.2024;;;\n;;;\nOrt;lat;lon;people\n" + "Linz;1,5;10,5;7\n" * 9)
    with pytest.raises(DataError, match=r"it has: Einwohner am.*Its header is line 3: remove the lines before it\."):
        counted(tmp_path / "p.csv")
