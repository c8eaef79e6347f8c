"""The places that names are compared with: those of GeoNames, and those that a register of organisations adds.

A register says of each organisation in which place it is, by GeoNames id. Places too small for the gazetteer, wards
and business parks among them, are added; and of places of one name the one with many organisations is the likelier.
"""

import csv
from array import array
from collections import defaultdict
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hubrank.core import countries
from hubrank.geocoding.cache import packed, shared_texts
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, PRIMARY, Names, Places
from hubrank.geocoding.gazetteer.organisations import Organisations
from hubrank.geocoding.gazetteer.spellings import derived, without_designation
from hubrank.geocoding.text.normalise import key

PER_ORGANISATION = 30_000  # inhabitants that one registered organisation is worth between places of one name
LARGE, IN_LARGE = 300_000, 4  # inhabitants of a city, and organisations that it has at least where none is registered
SETTLED = 300  # inhabitants added to every place, so that those without a figure count


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTable:
    """Places by row: the gazetteer's, its villages, then what registers add. Coordinates in 1e-7 degree.

    lat_e7, lon_e7 : where an address stands that names the place.
    people : inhabitants, 0 where unknown.
    organisations : how many organisations of the registers are there.
    more : places of a key in addition to the gazetteer's, as pairs of row and relation.
    """

    lat_e7: "array[int]"
    lon_e7: "array[int]"
    people: "array[int]"
    organisations: "array[int]"
    economy: list[str]
    admin1: list[str]
    geonames_id: "array[int]"
    more: dict[str, list[tuple[int, int]]]


def middles(places: Places) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where an address that names a place lies most likely: amid its post codes where a city is wide."""
    lat_e7, lon_e7 = places.lat_e7.copy(), places.lon_e7.copy()
    text = files("hubrank.geocoding.gazetteer").joinpath("data/middles.csv").read_text("utf-8")
    for number, lat, lon in csv.reader(text.splitlines()[1:]):
        row = places.row(int(number))
        if row is not None:
            lat_e7[row], lon_e7[row] = int(lat) * 10_000, int(lon) * 10_000
    return lat_e7, lon_e7


def of_gazetteer(places: Places, villages: pa.Table) -> PlaceTable:
    """Return the places and villages of the gazetteer, of which no organisations are known."""
    middle = middles(places)
    small = {name: villages[name].to_numpy() for name in ("lat_e7", "lon_e7", "geonames_id")}
    no_people = np.zeros(villages.num_rows, np.int64)
    return PlaceTable(
        lat_e7=packed("i", middle[0], small["lat_e7"]),
        lon_e7=packed("i", middle[1], small["lon_e7"]),
        people=packed("i", places.population, no_people),
        organisations=array("i", [0]) * (len(places.name) + villages.num_rows),
        economy=places.economy + shared_texts(villages["economy"]),
        admin1=places.admin1 + shared_texts(villages["admin1"]),
        geonames_id=packed("q", places.geonames_id, small["geonames_id"]),
        more={},
    )


def without_register(places: Places, villages: pa.Table) -> PlaceTable:
    """Return the places of the gazetteer, where no register says which have organisations.

    A city of 300,000 and more counts as one with four: on average ROR has five in those of up to half a million, eleven
    in those of up to a million, and 32 in larger ones.
    """
    table = of_gazetteer(places, villages)
    for row in np.flatnonzero(np.array(places.population) >= LARGE).tolist():
        table.organisations[row] = IN_LARGE
    return table


def _admin1(region: str, economy: str) -> str:
    """Return the GeoNames code of a region that a register names by code or name; "" where it is unknown."""
    matches = regions.find(region, economy) if region else ()
    return matches[0].admin1 if matches else ""


def with_register(places: Places, villages: pa.Table, names: Names, registered: Organisations) -> PlaceTable:
    """Return the places of the gazetteer and of the organisations' addresses."""
    table = of_gazetteer(places, villages)
    old = len(table.people)
    at: dict[int, list[int]] = defaultdict(list)
    for row, number in enumerate(registered.geonames_id):
        if number:
            at[number].append(row)
    for number, rows in sorted(at.items()):
        where = places.row(number)
        first = rows[len(rows) // 2]
        if where is None:
            where = len(table.people)
            _append_place(table, registered, first)
        table.organisations[where] = len(rows)
        cities = {registered.city[row] for row in rows}
        if where >= old:
            cities |= {without_designation(city, registered.economy[first]) for city in cities}
            cities = {city for city in cities if not _is_region(city, registered.economy[first])}
        for name in {key(city) for city in cities} - {""}:
            _add_name(table, names, name, where, PRIMARY if where >= old else ALIAS)
        for name in _short_forms(cities, table, names, where) if where >= old else ():
            _add_name(table, names, name, where, ALIAS)
    return table


def _is_region(city: str, economy: str) -> bool:
    """Say whether a register's city is the economy itself or a first-level region: it has the middle of that."""
    areas = regions.named(key(city), economy)
    return countries.find(city, codes=False) == economy or any(not area.admin2 for area in areas[:1])


def _short_forms(cities: set[str], table: PlaceTable, names: Names, where: int) -> set[str]:
    """Return the shorter forms of a register's place that are no other place's of its economy."""
    economy = table.economy[where]
    forms = {key(form) for city in cities for form in derived(city, economy)} - {key(city) for city in cities} - {""}
    return {form for form in forms if all(table.economy[row] != economy for row, _ in names.rows(form))}


def _append_place(table: PlaceTable, registered: Organisations, row: int) -> None:
    table.lat_e7.append(registered.lat_e7[row])
    table.lon_e7.append(registered.lon_e7[row])
    table.people.append(0)
    table.organisations.append(0)
    table.economy.append(registered.economy[row])
    table.admin1.append(_admin1(registered.region[row], registered.economy[row]))
    table.geonames_id.append(registered.geonames_id[row])


def _add_name(table: PlaceTable, names: Names, name: str, where: int, kind: int) -> None:
    """Add a key as a name of a place, unless it is one already."""
    if all(row != where for row, _ in names.rows(name)):
        table.more.setdefault(name, []).append((where, kind))
