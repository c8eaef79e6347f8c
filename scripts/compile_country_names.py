"""Compile the names of economies in other languages: what CLDR (Unicode) calls them, as Babel carries it.

    pip install babel && python scripts/compile_country_names.py

Languages are those that are official somewhere and for which CLDR names nearly all economies. A name is left out if its
key is short, means two economies, is one that `countries.csv` knows already, or, in Latin letters, is also a region's
or a larger town's of another economy. The same input gives the same bytes.
"""

import csv
import io
from collections import defaultdict
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.text.normalise import key

TARGET = Path(__file__).parents[1] / "src/hubrank/core/country_names.csv"
SHORTEST = 4  # letters of a key that ASCII can write
NAMED = 0.9  # of the economies, of which a language has names
TOWN = 20_000  # inhabitants of a place whose name counts rather than a country's: Granada
OFFICIAL = ("official", "de_facto_official")


def languages() -> list[str]:
    """Return the languages that are official in some territory."""
    spoken = get_global("territory_languages").values()
    official = {code for of in spoken for code, status in of.items() if status.get("official_status") in OFFICIAL}
    return sorted(official)


def names() -> dict[str, set[str]]:
    """Return the names of each economy in the languages that name nearly all."""
    economies = countries.table()
    called: dict[str, set[str]] = defaultdict(set)
    for language in languages():
        try:
            territories = Locale.parse(language).territories
        except (UnknownLocaleError, ValueError):
            continue
        local = {economy: territories[economy] for economy in economies if economy in territories}
        english = Locale("en").territories
        if sum(name != english.get(economy) for economy, name in local.items()) >= NAMED * len(economies) / 2:
            for economy, name in local.items():
                called[economy].add(name)
    return called


def is_taken(name: str, economy: str) -> bool:
    """Say whether a key is a town's own name or a region's, of another economy."""
    places = gazetteer.places()
    rows = [row for row, kind in gazetteer.names().rows(name) if row < len(places.name) and kind == gazetteer.PRIMARY]
    towns = (places.economy[row] != economy and places.population[row] >= TOWN for row in rows)
    return any(towns) or any(region.economy != economy for region in regions.anywhere(name))


def main() -> None:
    """Write the table; what is known without it is read with an empty one."""
    TARGET.write_text("iso2,key,name\n", encoding="utf-8")
    of_key: dict[tuple[bool, str], set[str]] = defaultdict(set)
    spelt: dict[tuple[str, bool, str], str] = {}
    for economy, called in names().items():
        for name in sorted(called):
            script_key = countries.is_latin(name), countries.key(name)
            of_key[script_key].add(economy)
            spelt.setdefault((economy, *script_key), name)
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["iso2", "key", "name"])
    for (economy, latin, name_key), name in sorted(spelt.items()):
        short = len(name_key) < (SHORTEST if latin else 2)
        settled = len(of_key[latin, name_key]) > 1 or countries.find(name)
        if not (short or settled or (latin and is_taken(key(name), economy))):
            rows.writerow([economy, name_key, name])
    TARGET.write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
