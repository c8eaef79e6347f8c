"""Cities of research organisations → the sites of clusters and noise. Part of compile_world.py."""

import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

EARTH_KM = 6371.0088
STEP_KM = 7.5  # between the sites of a corridor: two neighbours on either side lie within the radius
TOWN = (0.17, 0.14, 0.11, 0.08)  # parts of a city outside its centre, at 1.6 km and more
LEAST_ORGANISATIONS = 3  # organisations that a city of noise needs for its name to be trusted
MISPLACED = {6692232, 8013554, 12088550}  # namesakes in which the register has organisations of Athens, Lisbon, Tours
WARDS = {1852139, 11209896}  # of Tokyo: Shinagawa and Kotō, which the register has in Ehime and Kumamoto
NO_CITY = {"Park", "Base", "County", "District", "Region", "Regency", "Municipality", "Station", "Island", "Islands"}

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class City:
    """A city of research organisations: the mean of their coordinates. `state` is a code, in the US only."""

    key: int
    name: str
    region: str
    state: str
    country: str
    lat: float
    lon: float
    organisations: int


@dataclass(frozen=True)
class Site:
    """Where a part of a unit's inventors and authors are; `centre` where its city's name leads to it."""

    unit: int
    city: City
    lat: float
    lon: float
    weight: float
    deals: float
    centre: bool


def vector(lat: float, lon: float) -> Vector:
    """Return a point in km from the centre of the Earth."""
    a, b = math.radians(lat), math.radians(lon)
    return EARTH_KM * np.array([math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a)])


def cities(path: Path) -> list[City]:
    """Return the cities of a ROR dump, those with most organisations first."""
    rows_by_city: dict[int, list[tuple[str, str, str, str, float, float]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            key, row = _place_v2(record) if "locations" in record else _place_v1(record)
            if key and key not in WARDS and row[0]:
                rows_by_city[key].append(row)
    return sorted(
        (_city(key, rows) for key, rows in rows_by_city.items()), key=lambda city: (-city.organisations, city.key)
    )


def _place_v2(record: dict) -> tuple[int, tuple]:  # type: ignore[type-arg]  # JSON
    place = record["locations"][0]
    about = place["geonames_details"]
    names = (about["name"], about.get("country_subdivision_name") or "", about.get("country_subdivision_code") or "")
    return place["geonames_id"], (*names, about["country_code"], about["lat"], about["lng"])


def _place_v1(record: dict) -> tuple[int, tuple]:  # type: ignore[type-arg]  # JSON
    place = record["addresses"][0]
    about = place.get("geonames_city") or {}
    first = about.get("geonames_admin1") or {}
    names = (about.get("city"), first.get("name") or "", (first.get("code") or "").partition(".")[2])
    key = about.get("id") if place["lat"] is not None else None
    return key or 0, (*names, record["country"]["country_code"], place["lat"], place["lng"])


def _city(key: int, rows: list[tuple[str, str, str, str, float, float]]) -> City:
    words = [Counter(row[i] for row in rows if row[i]).most_common(1) for i in range(4)]
    name, region, state, country = (str(word[0][0]) if word else "" for word in words)
    lat, lon = (sum(float(row[i]) for row in rows) / len(rows) for i in (4, 5))
    return City(key, name, region, state if country == "US" and state.isalpha() else "", country, lat, lon, len(rows))


class Register:
    """The cities, and the nearest one to any point."""

    def __init__(self, cities: list[City]) -> None:
        self.cities = cities
        self.tree = cKDTree(np.array([vector(city.lat, city.lon) for city in cities]))

    def find(self, words: str) -> tuple[City, float]:
        """Return the city called "Name CC weight" or "Name CC-STATE weight", and its weight."""
        name, code, weight = words.rsplit(" ", 2)
        country, _, state = code.partition("-")
        for city in self.cities:
            if city.name == name and city.country == country and state in ("", city.state):
                return city, float(weight)
        close = sorted({city.name for city in self.cities if city.country == country and city.name[:4] == name[:4]})
        raise SystemExit(f"The register knows no {name!r} in {code}; near it in spelling: {close}")

    def country(self, lat: float, lon: float) -> str:
        """Return the country of the nearest city."""
        return self.cities[int(self.tree.query(vector(lat, lon))[1])].country

    def near(self, place: Vector, country: str) -> City:
        """Return the nearest city of that country."""
        for i in self.tree.query(place, k=40)[1]:
            if self.cities[int(i)].country == country:
                return self.cities[int(i)]
        raise SystemExit(f"no city of {country} among the 40 nearest")


def town(unit: int, city: City, weight: float, deals: float, register: Register) -> list[Site]:
    """Scatter a city: half of it in the centre, the rest on a spiral of up to 4 km that stays in its country."""
    sites = [Site(unit, city, city.lat, city.lon, weight * (1 - sum(TOWN)), deals, centre=True)]
    for k, part in enumerate(TOWN):
        turns = (_moved(city.lat, city.lon, 1.6 + 0.75 * k, 2.4 * k + unit + turn) for turn in range(6))
        lat, lon = next((at for at in turns if register.country(*at) == city.country), (city.lat, city.lon))
        sites.append(Site(unit, city, lat, lon, weight * part, 0, centre=False))
    return sites


def cluster(unit: int, words: str, least: float, register: Register) -> list[Site]:
    """Return the sites of a cluster: its cities, and corridors between them of which each site weighs `least`."""
    anchors = [register.find(part) for part in words.split(";")]
    ways = [s for a, b in _spanning([city for city, _ in anchors]) for s in _corridor(unit, a, b, least, register)]
    rest = 1 - sum(site.weight for site in ways)
    whole = sum(weight for _, weight in anchors)
    sites = [
        site for city, weight in anchors for site in town(unit, city, rest * weight / whole, weight / whole, register)
    ]
    return [*sites, *ways]


def lonely(sites: list[Site], register: Register, first: int, km: float, most: int) -> list[Site]:
    """Return more units of one city each, `km` or more from all others, the cities with most organisations first."""
    tree = cKDTree(np.array([vector(site.lat, site.lon) for site in sites]))
    free = tree.query(register.tree.data)[0] > km
    taken = {(site.city.name.split()[0], site.city.country) for site in sites if site.centre}
    new: list[Site] = []
    for i, city in enumerate(register.cities):
        if free[i] and len(new) < most:
            free[register.tree.query_ball_point(register.tree.data[i], km)] = False
            named = _unmistakable(city) and (city.name.split()[0], city.country) not in taken
            new.append(Site(first + len(new), city, city.lat, city.lon, 1, int(named), centre=named))
    return new


def _unmistakable(city: City) -> bool:
    """Tell whether the name of a city is one of a city, and enough to find it by: parks and provinces are not."""
    is_trusted = (
        city.key not in MISPLACED
        and city.organisations >= LEAST_ORGANISATIONS
        and city.region != ""
        and (city.state != "" or city.country != "US")
    )
    return is_trusted and city.name != city.region and NO_CITY.isdisjoint(city.name.split())


def _moved(lat: float, lon: float, km: float, angle: float) -> tuple[float, float]:
    """Return the point so many km away, in a direction in radians."""
    north = km / EARTH_KM * math.cos(angle)
    east = km / EARTH_KM * math.sin(angle) / math.cos(math.radians(lat))
    return lat + math.degrees(north), lon + math.degrees(east)


def _gap(a: City, b: City) -> float:
    return float(np.linalg.norm(vector(a.lat, a.lon) - vector(b.lat, b.lon)))


def _spanning(anchors: list[City]) -> Iterator[tuple[City, City]]:
    """Yield the edges of the shortest tree over the cities."""
    inside, outside = anchors[:1], anchors[1:]
    while outside:
        a, b = min(((a, b) for a in inside for b in outside), key=lambda pair: _gap(*pair))
        yield a, b
        inside.append(b)
        outside.remove(b)


def _corridor(unit: int, a: City, b: City, weight: float, register: Register) -> Iterator[Site]:
    """Yield sites between two cities, named after the nearest city of the nearer end's country."""
    start, end = vector(a.lat, a.lon), vector(b.lat, b.lon)
    parts = math.ceil(_gap(a, b) / STEP_KM)
    for k in range(1, parts):
        place = start + (end - start) * k / parts
        lat = math.degrees(math.atan2(place[2], math.hypot(place[0], place[1])))
        lon = math.degrees(math.atan2(place[1], place[0]))
        city = register.near(place, (a if 2 * k <= parts else b).country)
        yield Site(unit, city, *_moved(lat, lon, 0.9, 2.1 * k + unit), weight, 0, centre=False)
