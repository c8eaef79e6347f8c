"""Coordinates as evidence: where the record itself says that it is."""

import csv
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core import countries
from hubrank.core.sphere import DATE_LINE_E7, POLE_E7, Ints, canonical, to_e7
from hubrank.geocoding.evidence.candidate import Candidate, distance_km
from hubrank.geocoding.evidence.names import OWN_NAME
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.nearest import nearest_places

_GRID_E7 = 1_000  # null points are compared to 1e-4 degree: sources print them with 4 to 7 decimals
_APART_KM = 100  # from a city to coordinates that are none of it
_AT_KM = 50  # from a city to coordinates that may be its
OFFSHORE_KM = 50  # from the nearest place: in the sea, or in a desert


def _cells(lat_e7: Ints, lon_e7: Ints) -> Ints:
    """Return one number for each cell of 1e-4 degree."""
    lat, lon = ((2 * v + _GRID_E7) // (2 * _GRID_E7) for v in (lat_e7, lon_e7))
    return np.asarray(lat * 10_000_000 + lon)


@cache
def _null_cells() -> Ints:
    """Return the cells of 0, 0 and of the middles of countries, which services give for "somewhere in the country".

    37.09024, -95.712891, a field in Kansas, is given for 98 of the 10,743 offices of a Crunchbase export.
    """
    text = files("hubrank.geocoding.evidence").joinpath("null_points.csv").read_text("utf-8")
    rows = np.array([[float(lat), float(lon)] for _, lat, lon in csv.reader(text.splitlines()[1:])])
    return np.unique(_cells(to_e7(rows[:, 0]), to_e7(rows[:, 1])))


def usable(lat_e7: Ints, lon_e7: Ints) -> NDArray[np.bool_]:
    """Say which coordinates lie on Earth and on none of the points that stand for "unknown"."""
    on_earth = (np.abs(lat_e7) <= POLE_E7) & (np.abs(lon_e7) <= DATE_LINE_E7)
    return np.asarray(on_earth & ~np.isin(_cells(lat_e7, lon_e7), _null_cells()))


def candidates(addresses: pa.Table) -> list[Candidate | None]:
    """Return the coordinates of each address as a candidate; None where they are missing or mean nothing.

    Economy and GeoNames id are those of the nearest place.
    """
    has_coordinates = pc.and_(pc.is_valid(addresses["lat_e7"]), pc.is_valid(addresses["lon_e7"])).to_numpy()
    lat, lon = (addresses[name].fill_null(0).to_numpy() for name in ("lat_e7", "lon_e7"))
    good = np.flatnonzero(has_coordinates.astype(bool) & usable(lat, lon))
    spots: list[Candidate | None] = [None] * addresses.num_rows
    if not len(good):
        return spots
    lat, lon = canonical(lat[good], lon[good])
    places = gazetteer.places()
    rows, gaps = nearest_places(lat, lon)
    for at, la, lo, row, gap in zip(
        good.tolist(), lat.tolist(), lon.tolist(), rows.tolist(), gaps.tolist(), strict=True
    ):
        spots[at] = Candidate(
            la,
            lo,
            -1,
            "coordinates",
            "site",
            places.economy[row],
            int(places.geonames_id[row]),
            "coordinates",
            [distance_note(gap)],
        )
    return spots


def distance_note(gap_km: float) -> str:
    """Return how far coordinates lie from every place of the gazetteer."""
    return f"coordinates: {'near a place' if gap_km <= OFFSHORE_KM else 'far from every place'}"


def relate(spot: Candidate, others: list[Candidate], economies: tuple[str, ...]) -> None:
    """Note how coordinates agree with the country stated, and with the places that names and institutions mean.

    They are not answered where a city and its country contradict them.
    """
    if economies:
        related = spot.economy in economies or economies[0] in countries.family(spot.economy)
        agrees = "in the stated country" if related else "in another country than stated"
        spot.features.append(f"coordinates: {agrees}")
    else:
        spot.features.append("coordinates: no country stated")
    gaps = [distance_km(spot, other) for other in others]
    nearest = min(gaps, default=-1)
    spot.features.append(
        f"coordinates: {_gap(nearest)} from the nearest place named" if others else "coordinates: alone"
    )
    for other, gap in zip(others, gaps, strict=True):
        other.features.append(f"{_kind(other)}: {_gap(gap)} from the coordinates")
    if _are_contradicted(spot, others, economies):
        spot.at_most = 0.0
    if namesakes := _namesakes_at(spot, others):
        spot.at_most = 0.0
        for c in namesakes:
            c.at_most = 0.0


def _namesakes_at(spot: Candidate, places: list[Candidate]) -> list[Candidate]:
    """Return the places at coordinates that lie outside the stated region, where that has a place of the city's name.

    Cambridge, Massachusetts is not in Maryland.
    """
    named = [c for c in places if c.group == "column"]
    gaps = [distance_km(spot, c) for c in named if c.in_region and c.name_kind == OWN_NAME]
    if not gaps or min(gaps) <= _APART_KM:
        return []
    return [c for c in named if c.outside_region and distance_km(spot, c) <= _AT_KM]


def _are_contradicted(spot: Candidate, places: list[Candidate], economies: tuple[str, ...]) -> bool:
    """Say whether coordinates lie in another country than stated, and the stated one has a place of the city's name.

    Two that agree are meant: San José, Costa Rica is not in California.
    """
    if spot.economy in economies or not economies or economies[0] in countries.family(spot.economy):
        return False
    named = (c for c in places if c.group == "column" and c.name_kind == OWN_NAME and c.economy in economies)
    gaps = [distance_km(spot, c) for c in named]
    return bool(gaps) and min(gaps) > _APART_KM


def _kind(other: Candidate) -> str:
    return "an institution" if other.source == "institutions" else "a name"


def _gap(km: float) -> str:
    return "within 15 km" if km <= 15 else "15 to 50 km" if km <= 50 else "far"
