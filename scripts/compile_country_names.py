"""Compile the names of economies and continents in other languages: what CLDR (Unicode) calls them, through Babel.

    pip install babel && python scripts/compile_country_names.py

Languages are those that are official somewhere, where that is a part of a country those that many speak, and for which
CLDR names nearly all economies. A name is left out if its key is short, means two economies, is one that
`countries.csv` knows already, or, in Latin letters, is also a region's or a larger town's of another economy (a part of
a city is none). Of the latter those count as they are written, with accents, that a language of many people has for a
country with a hundred times the town's inhabitants (França); so do Chinese names in other characters that are romanised
alike. The same input gives the same bytes.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from hubrank.core import countries
from hubrank.geocoding.gazetteer import city_names, gazetteer, regions
from hubrank.geocoding.text.normalise import key

TARGET = Path(__file__).parents[1] / "src/hubrank/core/country_names.csv"
WRITTEN = TARGET.with_name("country_names_as_written.csv")
CONTINENTS = Path(__file__).parents[1] / "src/hubrank/geocoding/text/continents.csv"
WORLD, UNION = "001", "EU"
SHORTEST = 4  # letters of a key that ASCII can write
NAMED = 0.9  # of the economies, of which a language has names
TOWN = 20_000  # inhabitants of a place whose name counts rather than a country's: Granada
TIMES_A_TOWN = 100  # inhabitants of a country whose name counts all the same, as it is written
SPEAKERS = 40_000_000  # inhabitants of the gazetteer's places where a language is official, of one of many people
OFFICIAL, REGIONAL = ("official", "de_facto_official"), "official_regional"
REGIONAL_SPEAKERS = 10_000_000  # inhabitants of the gazetteer's places: Marathi, Telugu


def languages() -> list[str]:
    """Return the languages that are official in some territory, or in a part of one if many speak them there."""
    official, speakers = set(), Counter[str]()
    for home, of in get_global("territory_languages").items():
        for code, status in of.items():
            if status.get("official_status") in OFFICIAL:
                official.add(code)
            elif status.get("official_status") == REGIONAL:
                speakers[code] += round(people()[home] * status["population_percent"] / 100)
    return sorted(official | {code for code, number in speakers.items() if number >= REGIONAL_SPEAKERS})


@cache
def people() -> Counter[str]:
    """Return the inhabitants of the gazetteer's places in each economy."""
    counts: Counter[str] = Counter()
    for economy, inhabitants in zip(gazetteer.places().economy, gazetteer.places().population.tolist(), strict=True):
        counts[economy] += inhabitants
    return counts


def of_many(language: str) -> bool:
    """Say whether a language is official where many people live."""
    territories = get_global("territory_languages").items()
    homes = (home for home, of in territories if of.get(language, {}).get("official_status") in OFFICIAL)
    return sum(people()[home] for home in homes) >= SPEAKERS


def territories_of(*, of_all: bool = True) -> list[Mapping[str, str]]:
    """Return the names of territories in the languages, all or those of many, that name nearly all economies."""
    economies, english, many = countries.table(), Locale("en").territories, []
    for language in languages():
        try:
            territories = Locale.parse(language).territories
        except (UnknownLocaleError, ValueError):
            continue
        local = [economy for economy in economies if economy in territories]
        names_all = sum(territories[economy] != english.get(economy) for economy in local) >= NAMED * len(economies) / 2
        if names_all and (of_all or of_many(language)):
            many.append(territories)
    return many


def names(*, of_all: bool = True) -> dict[str, set[str]]:
    """Return the names of each economy in the languages, all or those of many, that name nearly all."""
    names_of: dict[str, set[str]] = defaultdict(set)
    for territories in territories_of(of_all=of_all):
        for economy in countries.table():
            if economy in territories:
                names_of[economy].add(territories[economy])
    return names_of


def continents() -> list[tuple[str, str]]:
    """Return code and name of the continents and their parts of UN M49, and of the European Union, in all languages."""
    lists = [Locale("en").territories, *territories_of()]
    codes = {code for code in lists[0] if code == UNION or (code.isdigit() and code != WORLD)}
    return sorted({(code, many[code]) for many in lists for code in codes if code in many} | {(UNION, UNION)})


def is_taken(name: str, economy: str) -> bool:
    """Say whether a key is a town's own name or a region's, of another economy."""
    return towns_people(name, economy) >= TOWN


def towns_people(name: str, economy: str) -> int:
    """Return the inhabitants of the largest place abroad that has a key for its own name, many for a region.

    Parts of cities do not count: Włochy is a district of Warsaw, and Italy.
    """
    places, sections = gazetteer.places(), city_names.sections()
    rows = [row for row in gazetteer.rows_named(name, kinds=[gazetteer.PRIMARY]) if places.economy[row] != economy]
    towns = (row for row in rows if not places.part_of[row] and int(places.geonames_id[row]) not in sections)
    region = any(region.economy != economy for region in regions.named_anywhere(name))
    return max((int(places.population[row]) for row in towns), default=0) + region * 10**9


def as_written(taken: set[str]) -> list[tuple[str, str]]:
    """Return economy and name of those that count as they are written only.

    taken : names in Chinese characters, and keys of others, in the table of names.
    """
    rows = set()
    for economy, texts in names(of_all=False).items():
        for name in texts:
            short = len(countries.key(name)) < SHORTEST and (name.isascii() or len(name) < SHORTEST - 1)
            if short or countries.find(name) or countries.key(name) in taken or not countries.is_latin(name):
                continue
            if towns_people(key(name), economy) * TIMES_A_TOWN <= people()[economy]:
                rows.add((economy, name))
    native = {(economy, name) for economy, texts in names().items() for name in texts if countries.HAN.search(name)}
    return sorted(
        rows | {(economy, name) for economy, name in native if name not in taken and not countries.find(name)}
    )


def main() -> None:
    """Write the table; what the package knows without it is read with an empty one."""
    TARGET.write_text("iso2,key,name\n", encoding="utf-8")
    WRITTEN.write_text("iso2,name\n", encoding="utf-8")
    of_key: dict[tuple[bool, str], set[str]] = defaultdict(set)
    spelt: dict[tuple[str, bool, str], str] = {}
    for economy, texts in names().items():
        for name in sorted(texts):
            script_key = countries.is_latin(name), countries.key(name)
            of_key[script_key].add(economy)
            spelt.setdefault((economy, *script_key), name)
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["iso2", "key", "name"])
    taken = set()
    for (economy, latin, name_key), name in sorted(spelt.items()):
        short = len(name_key) < (SHORTEST if latin else 2)
        settled = len(of_key[latin, name_key]) > 1 or countries.find(name)
        if not (short or settled or (latin and is_taken(key(name), economy))):
            rows.writerow([economy, name_key, name])
            taken.add(name_key if latin else name)
    TARGET.write_text(out.getvalue(), encoding="utf-8")
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("iso2", "name"), *as_written(taken)])
    WRITTEN.write_text(out.getvalue(), encoding="utf-8")
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("code", "name"), *continents()])
    CONTINENTS.write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
