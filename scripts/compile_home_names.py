"""Compile the packaged list of names at home that clusters and maps may have in place of an English one (Milano).

Of the names at home (`compile_local_names.py`) those in Latin letters count, in countries whose first official language
is written so and of which English is none: elsewhere a postal service transliterates, or has English words (Nagano
Shi, Davao City). GeoNames' name stays where it has letters that English lacks, where one of both names is a longer form
of the other (Freiburg im Breisgau), where they have no origin in common, and where CLDR has it in an official language
of the country (Helsinki, not Helsingfors). And it stays where no organisation there has the other one in a name that is
not English, but for its last letter (Uniwersytet Warszawski): a postal service may write an older form (Moji das
Cruzes), a case (Akranesi) or leave out marks (Susa).

    pip install babel
    python scripts/compile_home_names.py ror-records.jsonl.gz      # ROR, CC0

The same input gives the same bytes.
"""

import csv
import gzip
import io
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from rapidfuzz import fuzz

from hubrank.geocoding.gazetteer import city_names, gazetteer
from hubrank.geocoding.text.normalise import key, plain

TARGET = Path(__file__).parents[1] / "src/hubrank/geocoding/gazetteer/data/home_names.csv"
ALIKE = 50  # percent of the letters of two names of one origin
WHOLE = 4  # letters of the longest name that is looked for in whole


def is_latin(text: str) -> bool:
    """Say whether all letters of a text are Latin ones."""
    return all(not each.isalpha() or "LATIN" in unicodedata.name(each, "") for each in text)


@cache
def languages(economy: str) -> tuple[str, ...]:
    """Return the official languages of a country, the one with most speakers first."""
    return tuple(get_official_languages(economy, de_facto=True))


@cache
def has_latin_names(economy: str) -> bool:
    """Say whether the first official language of a country is written in Latin letters, and English is none."""
    if not languages(economy) or "en" in languages(economy):
        return False
    try:
        return is_latin(Locale.parse(f"{languages(economy)[0]}_{economy}").get_display_name() or "")
    except (UnknownLocaleError, ValueError):
        return True


@cache
def towns_of_time_zones() -> dict[str, set[str]]:
    """Return the main towns of time zones, by economy: the keys of their names in its official languages."""
    towns: dict[str, set[str]] = defaultdict(set)
    for zone, economy in get_global("zone_territories").items():
        for language in languages(economy):
            try:
                named = Locale.parse(f"{language}_{economy}").time_zones.get(zone, {}).get("city", "")
            except (UnknownLocaleError, ValueError):
                continue
            towns[economy].add(key(named or zone.split("/")[-1].replace("_", " ")))
    return towns


def parts(name: str) -> set[str]:
    """Return the words of a name, as they are compared."""
    return {key(part) for part in re.split(r"\W", name) if part}


def home_name(name: str, economy: str, local: list[str]) -> str:
    """Return what a place is called at home in place of its name in GeoNames; "" where that name stays."""
    latin = [each for each in local if is_latin(each)]
    if not latin or not name.isascii() or not has_latin_names(economy) or key(name) in towns_of_time_zones()[economy]:
        return ""
    if any(parts(each) <= parts(name) or parts(name) <= parts(each) for each in latin):
        return ""
    likeness, nearest = max((fuzz.ratio(key(each), key(name)), each) for each in latin)
    if likeness < ALIKE or not nearest[-1].isalpha() or "." in nearest:
        return ""
    return nearest.title() if nearest.isupper() else nearest


def names_of_organisations(path: Path) -> dict[int, list[str]]:
    """Return the names of the organisations of a register that are not marked as English, by GeoNames id."""
    named: dict[int, list[str]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            names = [plain(name["value"]) for name in row.get("names") or () if name["lang"] != "en"]
            for place in row.get("locations") or ():
                named[int(place["geonames_id"])] += names
    return named


def is_used(name: str, texts: list[str]) -> bool:
    """Say whether a text has a name, or one of the same beginning but for its last letter."""
    stem = plain(name) if len(plain(name)) <= WHOLE else plain(name)[:-1]
    return any(f" {stem}" in f" {text}" for text in texts)


def home_names(organisations: dict[int, list[str]]) -> Iterator[tuple[int, str]]:
    """Yield GeoNames id and name at home of each place that has one. organisations : their names at each place."""
    places = gazetteer.places()
    for number, local in sorted(city_names.local_names().items()):
        row = places.row(number)
        name = "" if row is None else home_name(places.name[row], places.economy[row], local)
        if name and is_used(name, organisations.get(number, [])):
            yield number, name


def main() -> None:
    """Write the list."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} ror-records.jsonl.gz")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [("geonames_id", "name"), *home_names(names_of_organisations(Path(sys.argv[1])))]
    )
    TARGET.write_text(text.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
