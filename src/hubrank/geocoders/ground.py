"""The places that names are held against: those of GeoNames, and those that a register of organisations adds.

A register says of each organisation in which place it is, by GeoNames id. Places too small for the gazetteer, wards
and business parks among them, are added; and of places of one name the one with many organisations is the likelier.
"""

from array import array
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hubrank.geocoders import regions
from hubrank.geocoders.gazetteer import ALIAS, PRIMARY, Names, Places
from hubrank.geocoders.organisations import Organisations
from hubrank.geocoders.spelling import key


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Places by row; the first n are the gazetteer's n. Coordinates in 1e-7 degree; people are inhabitants.

    organisations : how many organisations of the registers are there.
    more : places of a key beside those of the gazetteer, as pairs of row and relation.
    """

    lat_e7: "array[int]"
    lon_e7: "array[int]"
    people: "array[int]"
    organisations: "array[int]"
    economy: list[str]
    admin1: list[str]
    geonames_id: "array[int]"
    more: dict[str, list[tuple[int, int]]]


def _packed(column: NDArray[np.int64]) -> "array[int]":
    return array("q", column.tobytes())


def of_gazetteer(places: Places) -> Ground:
    """Return the places of the gazetteer alone."""
    return Ground(
        lat_e7=_packed(places.lat_e7),
        lon_e7=_packed(places.lon_e7),
        people=_packed(places.population),
        organisations=array("i", [0]) * len(places.name),
        economy=places.economy.copy(),
        admin1=places.admin1.copy(),
        geonames_id=_packed(places.geonames_id),
        more={},
    )


def _admin1(region: str, economy: str) -> str:
    """Return the GeoNames code of a region that a register names by code or name; "" where it is unknown."""
    found = regions.find(region, economy) if region else ()
    return found[0].admin1 if found else ""


def with_register(places: Places, names: Names, known: Organisations) -> Ground:
    """Return the places of the gazetteer and of the organisations' addresses."""
    ground = of_gazetteer(places)
    at: dict[int, list[int]] = defaultdict(list)
    for row, number in enumerate(known.geonames_id):
        if number:
            at[number].append(row)
    for number, rows in sorted(at.items()):
        where = places.row(number)
        first = rows[len(rows) // 2]
        if where is None:
            where = len(ground.people)
            _append(ground, known, first)
        ground.organisations[where] = len(rows)
        for name in {key(known.city[row]) for row in rows} - {""}:
            _call(ground, names, name, where, new=where >= len(places.name))
    return ground


def _append(ground: Ground, known: Organisations, row: int) -> None:
    ground.lat_e7.append(known.lat_e7[row])
    ground.lon_e7.append(known.lon_e7[row])
    ground.people.append(0)
    ground.organisations.append(0)
    ground.economy.append(known.economy[row])
    ground.admin1.append(_admin1(known.region[row], known.economy[row]))
    ground.geonames_id.append(known.geonames_id[row])


def _call(ground: Ground, names: Names, name: str, where: int, *, new: bool) -> None:
    """Let a key lead to a place, unless it does already."""
    if new or all(row != where for row, _ in names.rows(name)):
        ground.more.setdefault(name, []).append((where, PRIMARY if new else ALIAS))
