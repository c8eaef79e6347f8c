"""Towns with what surrounds them in real addresses, and where they are put.

`python bench/contexts.py [--examples N] [--every N]` draws 3,000 towns of 2,000 to 150,000 inhabitants by seed, at
most 150 of a country and none whose name another place of its country has, and for each a larger town of the same
country and one of another. It prints for each form how many are put within 15 km of where GeoNames has the town,
elsewhere, of these with 90 % and more, and nowhere; with examples of the last two. The other towns stand where they
mean no place: in the names of streets, companies and persons, in what a company was called before. No organisation is
known. The last lines have 3,000 towns of 1,000 inhabitants and more that do share their names, with their second-level
regions.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from random import Random

import numpy as np

from forms import HEADER, misspelt, print_table, stated_numbers
from hubrank import geocoding
from hubrank.core import countries
from hubrank.core.sphere import distance_km
from hubrank.geocoding.gazetteer import city_names, gazetteer, namesakes, regions
from hubrank.geocoding.text.normalise import key
from hubrank.study.sections import Geocoding

MANY, OF_A_COUNTRY = 3_000, 150
SMALL, LARGE = (2_000, 150_000), 150_000  # inhabitants of the towns, and of the others at least
LEAST = 1_000  # of towns with namesakes
FAR_KM = 50
SEED = 7


# By column. TOWN stands for the same in capitals, misspelt for the town without a letter.
FORMS: dict[str, dict[str, str]] = {
    "street, town, country": {"address": "12 Foo Street, {town}, {country}"},
    "street, town, region, country": {"address": "12 Foo Street, {town}, {region}, {country}"},
    "STREET TOWN REGION COUNTRY": {"address": "12 FOO STREET {TOWN} {REGION} {COUNTRY}"},
    "company town region country": {"address": "Foo Ltd {town} {region} {country}"},
    "street of a larger town, town, country": {"address": "12 {larger} Road, {town}, {country}"},
    "street of a larger town and number, town, country": {"address": "{larger} Street 12, {town}, {country}"},
    "avenue of a larger town, town, country": {"address": "Avenue {larger} 12, {town}, {country}"},
    "larger town and number, town, country": {"address": "{larger} 12, {town}, {country}"},
    "number and larger town, town, country": {"address": "12 {larger}, {town}, {country}"},
    "STREET OF A LARGER TOWN TOWN REGION COUNTRY": {"address": "12 {LARGER} STREET {TOWN} {REGION} {COUNTRY}"},
    "street of a town abroad, town, country": {"address": "12 {abroad} Street, {town}, {country}"},
    "company of a larger town, town, country": {"address": "{larger} Steel Ltd, {town}, {country}"},
    "company of a town abroad, town, country": {"address": "{abroad} Steel Ltd, 12 Foo St, {town}, {country}"},
    "company of a larger town; town; code": {"institution": "{larger} Foo Ltd", "city": "{town}", "country": "{code}"},
    "Dr. and the larger town, town, country": {"address": "Dr. J. {larger}, {town}, {country}"},
    "department of a town abroad, town, country": {
        "address": "Department of {abroad} Studies, Foo University, {town}, {country}"
    },
    "formerly of a town abroad": {"address": "Foo Ltd, {town}, {country} (formerly {abroad}, {its_country})"},
    "two addresses, the second abroad": {
        "address": "Foo University, {town}, {country}; Bar University, {abroad}, {its_country}"
    },
    "country, town, street": {"address": "{country}, {town}, 12 Foo Street"},
    "town (code)": {"address": "Foo Ltd, {town} ({code})"},
    "code-town": {"address": "Foo Ltd, {code}-{town}"},
    "telephone, e-mail": {"address": "Foo Ltd, {town}, {country}. Tel. +99 123 456; info@foo.com"},
    "P.O. box, town, country": {"address": "Foo Ltd, P.O. Box 1234, {town}, {country}"},
    "columns of street and town exchanged": {"address": "{town}", "city": "12 Foo Street", "country": "{code}"},
    "columns of town and country exchanged": {"city": "{country}", "country": "{town}"},
    "town and region in the column of cities": {"city": "{town}, {region}", "country": "{code}"},
    "town and country in the column of cities": {"city": "{town}, {country}"},
    "region in the column of cities": {"address": "12 Foo Street, {town}", "city": "{region}", "country": "{code}"},
    "district nobody knows, town, country": {"address": "Foobar District, {town}, {country}"},
    "misspelt town, country": {"address": "12 Foo Street, {misspelt}, {country}"},
    "misspelt town; code": {"city": "{misspelt}", "country": "{code}"},
    "misspelt town, region, country": {"address": "12 Foo Street, {misspelt}, {region}, {country}"},
    "misspelt town, street of a larger town, country": {"address": "12 {larger} Street, {misspelt}, {country}"},
}
# Of towns that share their names with others of their country, with the second-level region in which GeoNames has them.
NAMESAKES = {
    "town; county; code": {"city": "{town}", "region": "{region}", "country": "{code}"},
    "town, county, country": {"address": "{town}, {region}, {country}"},
    "street, town, county, country": {"address": "12 Foo Street, {town}, {region}, {country}"},
}
WORDS = ("town", "region", "country", "code", "larger", "abroad", "its_country")


def written(columns: dict[str, str], *words: str) -> dict[str, str]:
    """Return the columns of an address of some words."""
    named = dict(zip(WORDS, words, strict=True))
    named |= {name.upper(): word.upper() for name, word in named.items()} | {
        "misspelt": misspelt(named["town"], whole=2)
    }
    return {column: text.format_map(named) for column, text in columns.items()}


def region_names() -> dict[tuple[str, str], str]:
    """Return the names of first-level regions by economy and code."""
    return {region.first_level: region.name for region, _ in regions.table() if not region.admin2}


def small_and_large() -> tuple[list[tuple], list[tuple]]:
    """Return the small towns and the large ones whose names no other place or region of their country has.

    Each with its name, economy, region, inhabitants, GeoNames id, latitude and longitude (1e-7 degree).
    """
    places, sections, named = gazetteer.places(), city_names.sections(), region_names()
    columns = (places.name, places.economy, places.admin1, places.population.tolist(), places.geonames_id.tolist())
    spots = list(zip(places.lat_e7.tolist(), places.lon_e7.tolist(), strict=True))
    listed = zip(zip(*columns, strict=True), spots, strict=True)
    rows = [(*row, *spot) for row, spot in listed if row[4] not in sections]
    times = Counter((row[1], key(row[0])) for row in rows)
    regional = {(economy, key(name)) for (economy, _), name in named.items()}
    once = [r for r in rows if times[r[1], key(r[0])] == 1 and (r[1], key(r[0])) not in regional]
    small = [r for r in once if SMALL[0] <= r[3] <= SMALL[1] and (r[1], r[2]) in named]
    return small, [r for r in once if r[3] >= LARGE]


def towns() -> list[tuple]:
    """Return the arguments of the forms for each town, then its latitude and longitude (1e-7 degree)."""
    small, large = small_and_large()
    named = region_names()
    random = Random(SEED)
    random.shuffle(small)
    of_country: Counter[str] = Counter()
    sample = []
    for name, economy, admin1, _, _, *spot in small:
        far = [r for r in large if r[1] == economy and gap_km(spot, r[5:]) > FAR_KM]
        if not far or of_country[economy] == OF_A_COUNTRY:
            continue
        of_country[economy] += 1
        abroad = random.choice([r for r in random.sample(large, 9) if r[1] != economy])
        words = name, named[economy, admin1], countries.name(economy), economy, random.choice(far)[0]
        sample.append((*words, abroad[0], countries.name(abroad[1]), *spot))
        if len(sample) == MANY:
            break
    return sample


def towns_with_namesakes() -> list[tuple]:
    """Return the same of towns that share their names, with the second-level region in which they lie."""
    places, named = gazetteer.places(), {namesakes.codes_of([region]): region.name for region, _ in regions.table()}
    sample = []
    for row in np.flatnonzero(places.population >= LEAST).tolist():
        county = named.get(frozenset([namesakes.second_level(int(places.geonames_id[row]))]))
        if county:
            economy = places.economy[row]
            words = places.name[row], county, countries.name(economy), economy, "", "", ""
            sample.append((*words, int(places.lat_e7[row]), int(places.lon_e7[row])))
    return Random(SEED).sample(sample, MANY)


def gap_km(spot: Sequence[int], other: Sequence[int]) -> float:
    """Return how far two coordinates (1e-7 degree) are apart."""
    return float(distance_km(*(np.array([axis]) for axis in (*spot, *other)))[0])


def main() -> None:
    """Print the table, and examples if they are asked for."""
    examples, every = stated_numbers(__doc__)
    geocoder = geocoding.geocoder_for(geocoding.Settings(Geocoding(use=["names"]), (), None))
    rows = towns()[::every]
    print(f"{len(rows):,} towns\n\n{HEADER}")
    for table, towns_of_table in ((FORMS, rows), (NAMESAKES, towns_with_namesakes()[::every])):
        print_table(
            {name: partial(written, columns) for name, columns in table.items()}, towns_of_table, geocoder, examples
        )


if __name__ == "__main__":
    main()
