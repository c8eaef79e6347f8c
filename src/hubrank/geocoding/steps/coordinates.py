"""The step `given`: coordinates in the record itself."""

import csv
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core.sphere import DATE_LINE_E7, POLE_E7, Ints, canonical, to_e7
from hubrank.core.tables import ANSWER_SCHEMA
from hubrank.geocoding.gazetteer import gazetteer

_GRID_E7 = 1_000  # null points are compared to 1e-4 degree: sources print them with 4 to 7 decimals


def _cells(lat_e7: Ints, lon_e7: Ints) -> Ints:
    """Return one number for each cell of 1e-4 degree."""
    lat, lon = ((2 * v + _GRID_E7) // (2 * _GRID_E7) for v in (lat_e7, lon_e7))
    return np.asarray(lat * 10_000_000 + lon)


@cache
def _null_cells() -> Ints:
    """Return where services put what they know by its country only: 0, 0 and the middles of countries.

    Office 98 times in 10,743 of a Crunchbase export: 37.09024, -95.712891, a field in Kansas.
    """
    text = files("hubrank.geocoding.steps").joinpath("null_points.csv").read_text("utf-8")
    rows = np.array([[float(lat), float(lon)] for _, lat, lon in csv.reader(text.splitlines()[1:])])
    return np.unique(_cells(to_e7(rows[:, 0]), to_e7(rows[:, 1])))


def usable(lat_e7: Ints, lon_e7: Ints) -> NDArray[np.bool_]:
    """Say which coordinates lie on Earth and on none of the points that stand for "unknown"."""
    on_earth = (np.abs(lat_e7) <= POLE_E7) & (np.abs(lon_e7) <= DATE_LINE_E7)
    return np.asarray(on_earth & ~np.isin(_cells(lat_e7, lon_e7), _null_cells()))


class GivenStep:
    """Takes the coordinates of the record; economy and gazetteer id are those of the nearest place."""

    name = "given"

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Return the coordinates as they stand, precision `site`; nulls where they are missing or mean nothing."""
        there = pc.and_(pc.is_valid(addresses["lat_e7"]), pc.is_valid(addresses["lon_e7"])).to_numpy()
        lat, lon = (addresses[name].fill_null(0).to_numpy() for name in ("lat_e7", "lon_e7"))
        good = np.flatnonzero(there.astype(bool) & usable(lat, lon))
        answers = _answers(*canonical(lat[good], lon[good]))
        back = np.full(addresses.num_rows, -1)
        back[good] = np.arange(len(good))
        return answers.take(pa.array(back, mask=back < 0))


def _answers(lat_e7: Ints, lon_e7: Ints) -> pa.Table:
    """Return an answer for each coordinate."""
    count = len(lat_e7)
    columns = {
        "lat_e7": lat_e7,
        "lon_e7": lon_e7,
        "precision": pa.repeat("site", count),
        "geocoding_method": pa.repeat("coordinates in the record", count),
        "geocoding_confidence_pct": np.full(count, 100, np.int32),
        "gazetteer_id": np.empty(0, np.int64),
        "economy": pa.array([], pa.string()),
    }
    if count:
        known, row = gazetteer.places(), gazetteer.nearest_places(lat_e7, lon_e7)[0]
        columns["gazetteer_id"] = known.geonames_id[row]
        columns["economy"] = pa.array([known.economy[place] for place in row.tolist()], pa.string())
    return pa.Table.from_arrays([pa.array(columns[f.name], f.type) for f in ANSWER_SCHEMA], schema=ANSWER_SCHEMA)
