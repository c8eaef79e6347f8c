"""The planted people: a grid of cells around all sites, from which the pipeline reads what lives on a ground.

Around each site of a unit people thin out with distance, from the density of the unit to nothing; beyond that a thin
countryside surrounds every site. A cell belongs to its nearest site.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.spatial import cKDTree

from hubrank.core.sphere import DATE_LINE_E7, E7, EARTH_RADIUS_KM, Floats, Ints, unit_vectors
from hubrank.core.tables import schema
from hubrank.simulation.files import write_table
from hubrank.simulation.places import Places
from hubrank.simulation.stable_hash import fraction

CELL_E7 = 200_000  # 0.02 degree
CELL_KM = float(np.radians(CELL_E7 / E7) * EARTH_RADIUS_KM)  # 2.2, from south to north
TOWN_KM = 6.0  # where a town ends
COUNTRY_KM = 15.0  # where the countryside of a town ends
COUNTRY_PER_KM2 = 10.0
LEAST_PER_KM2, MOST_PER_KM2 = 4_000.0, 24_000.0  # in the middle of a cluster: our choice, below Manhattan's 28,000
VILLAGE_PER_KM2 = 400.0  # in the middle of a decoy or of noise
_COLUMNS = 2 * DATE_LINE_E7 // CELL_E7  # cells around the world
_ROW = 1 << 20  # more than that: makes one sortable number of a cell
GRID = pa.schema([("lat", pa.float64()), ("lon", pa.float64()), ("people", pa.float64())])
PLANTED = schema("unit int32, role text, cluster text, people int")


def write_people(grid: Path, truth: Path, places: Places, seed: int) -> None:
    """Write the grid, and how many people were planted in the towns of each cluster and decoy."""
    lat_e7, lon_e7, site, km = _cells(places)
    unit = places.site_unit[site]
    area = _area_km2(lat_e7)
    town = np.rint(_middle_per_km2(places, seed)[unit] * np.maximum(0, 1 - km / TOWN_KM) * area).astype(np.int64)
    country = np.rint(COUNTRY_PER_KM2 * area).astype(np.int64)
    columns = [lat_e7 / E7, lon_e7 / E7, (town + country).astype(np.float64)]
    write_table(grid, pa.table(columns, schema=GRID))
    planned = [number for number in range(places.units) if places.role(number) != "noise"]
    sums = np.zeros(places.units, np.int64)
    np.add.at(sums, unit, town)
    rows = [planned, [places.role(number) for number in planned], [places.name[number] for number in planned]]
    write_table(truth, pa.table([*map(pa.array, rows), pa.array(sums[planned])], schema=PLANTED))


def _cells(places: Places) -> tuple[Ints, Ints, Ints, Floats]:
    """Return the centres of all cells near a site, by latitude and longitude, the nearest site and how far it is."""
    rows = int(np.ceil(COUNTRY_KM / CELL_KM)) + 1
    north = np.arange(-rows, rows + 1)
    keys = []
    for lat, lon in zip(places.lat_e7.tolist(), places.lon_e7.tolist(), strict=True):
        columns = int(rows / max(np.cos(np.radians(lat / E7)), 0.05)) + 1
        east = np.arange(-columns, columns + 1)
        keys.append(((lat // CELL_E7 + north)[:, None] * _ROW + (lon // CELL_E7 + east) % _COLUMNS).ravel())
    distinct = pc.unique(pa.array(np.concatenate(keys))).to_numpy()  # with the sorting, half of numpy's time
    row, column = np.divmod(np.sort(distinct), _ROW)
    lon_e7 = (column * CELL_E7 + DATE_LINE_E7) % (2 * DATE_LINE_E7) - DATE_LINE_E7 + CELL_E7 // 2
    lat_e7 = row * CELL_E7 + CELL_E7 // 2
    site, km = _nearest_site(places, lat_e7, lon_e7)
    near = km <= COUNTRY_KM
    return lat_e7[near], lon_e7[near], site[near], km[near]


def _nearest_site(places: Places, lat_e7: Ints, lon_e7: Ints) -> tuple[Ints, Floats]:
    """Return the site that is nearest to each cell, and how far it is."""
    chord, site = cKDTree(unit_vectors(places.lat_e7, places.lon_e7)).query(unit_vectors(lat_e7, lon_e7))
    return site, 2 * EARTH_RADIUS_KM * np.arcsin(chord / 2)


def _area_km2(lat_e7: Ints) -> Floats:
    """Return the area of the cells with these centres."""
    return np.asarray(CELL_KM**2 * np.cos(np.radians(lat_e7 / E7)))


def _middle_per_km2(places: Places, seed: int) -> Floats:
    """Return float64, shape (units,): people per km² in the middle of the towns of each unit."""
    dense = LEAST_PER_KM2 + (MOST_PER_KM2 - LEAST_PER_KM2) * fraction(np.arange(places.units), seed + 19)
    return np.where(np.arange(places.units) < places.clusters, dense, VILLAGE_PER_KM2)
