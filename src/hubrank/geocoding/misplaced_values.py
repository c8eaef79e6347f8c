"""Values in the wrong column: a town as region or country, city and region swapped."""

import re
from typing import NamedTuple

from hubrank.core import countries
from hubrank.geocoding.column_values import (
    SEPARATOR,
    is_city,
    is_county,
    is_in_region,
    is_region,
    is_region_around,
    is_town,
    is_town_in,
    towns_called,
)
from hubrank.geocoding.evidence.segments import may_be_code
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.spatial_relations import lies_in
from hubrank.geocoding.gazetteer.surroundings import regions_of_town, surroundings_of_columns
from hubrank.geocoding.swapped_columns import exchanged
from hubrank.geocoding.text.administrations import town_of_administration
from hubrank.geocoding.text.misspelt_countries import misspelt_country
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.official_names import with_plain_names
from hubrank.geocoding.text.post_codes import bare, codes_in
from hubrank.geocoding.text.stated_countries import country as country_in
from hubrank.geocoding.text.stated_countries import country_of
from hubrank.geocoding.text.towns_behind_streets import town_behind_street

_NUTS = re.compile(r"([A-Z]{2})([0-9A-Z]{1,3})(?:\s*[-–:]\s*|\s+)(\D{3,})")  # DE212 - München
_POST_CODE = re.compile(r"(?:\d[\d -]{2,9})?")
_PART = re.compile(r"\s?[,/(]")
_IN_PARENTHESES, _COUNTY = re.compile(r"([^()]{2,60}?) ?\(([^()]{2,60})\)"), f" {regions.COUNTY}"
_TOWN = 5_000  # inhabitants of a town in an address beside its country
_CAPITAL = 50_000  # inhabitants of a city that is called like its country: Panama, Guatemala
_ISO_CODE = {"EL": "GR", "UK": "GB"}  # of countries that have another one in NUTS


class Columns(NamedTuple):
    """The texts of an address."""

    institution_id: str
    institution: str
    address: str
    city: str
    region: str
    country: str


def rearranged(*texts: str) -> Columns:
    """Return the texts of an address, each in the column to which it belongs."""
    columns = Columns(*texts)
    if not (columns.city or columns.institution_id):
        columns = _without_administration(columns)
    if "," in columns.country and not columns.city:
        columns = _without_town_in_country(columns)
    if columns.country and not countries.find_stated(columns.country):
        columns = _with_country(_with_country_in_city(columns) if columns.city else columns)
    if columns.city and not columns.country:
        columns = _without_country_in_region(columns) if columns.region else _without_country_as_city(columns)
    if columns.city and columns.address:
        address, city = exchanged(columns.address, columns.city, columns.country)
        columns = _with_finer_place(columns._replace(address=address, city=city))
    columns = _with_plain_city(_with_name_in_two(columns))
    if columns.region:
        label = _NUTS.fullmatch(columns.region)
        # Without a country a code has a digit: NORTH CAROLINA is not in Norway.
        if label and (columns.country or not label[2].isalpha()) and _is_of_country(label[1], columns.country):
            columns = columns._replace(region=label[3])
        if columns.city:
            columns = columns._replace(region="") if _is_missing(columns) else _without_repeated_region(columns)
            return _swapped(columns) if columns.region else columns
        return _without_town_in_region(columns)
    if not columns.country and may_be_code(columns.city) and columns.city.isupper() and country_in(columns.city):
        return columns._replace(city="", country=columns.city)  # USA, which towns of Japan and Russia are called, too
    return columns


def _with_name_in_two(columns: Columns) -> Columns:
    """Return columns with the name that city and region are together as the city.

    That is a ward and its city (中央区 | 札幌市), or a name that is cut where the region is none: Bury | Saint Edmunds.
    """
    city, region, country = columns.city, columns.region, columns.country
    if not (city and region):
        return columns
    both = f"{city} {region}" if region.isascii() else f"{region}{city}"
    if not any(kind == PRIMARY for _, kind in gazetteer.names().rows(key(both))):
        return columns
    if region.isascii() and surroundings_of_columns(region, country).regions:
        return columns
    return columns._replace(city=both, region="")


def _with_plain_city(columns: Columns) -> Columns:
    """Return columns with a city's official name as the gazetteer has it: Garriga, La; Bolzano/Bozen."""
    if not columns.city or columns.city.isalnum():
        return columns
    columns = _without_county(columns) if columns.region and "(" in columns.city else columns
    economy = countries.find_stated(columns.country) if columns.country else None
    return columns._replace(city=with_plain_names(columns.city, economy or ""))


def _without_county(columns: Columns) -> Columns:
    """Return columns without the county, or the name once more, behind a city: Oxford (New Haven County) | CT."""
    named = _IN_PARENTHESES.fullmatch(columns.city)
    is_county = named and (key(named[2]) == key(named[1]) or plain(named[2]).endswith(_COUNTY))
    return columns._replace(city=named[1]) if named and is_county else columns


def _without_administration(columns: Columns) -> Columns:
    """Return columns with the town of a municipality's administration as city, or in the address before what follows.

    Where neither country nor post code is stated and one economy alone has a place of the name and such
    administrations, that is the country.
    """
    institution, address, country = columns.institution, columns.address, columns.country
    text = institution or address
    if institution and not _POST_CODE.fullmatch(address):
        return columns
    first = _PART.search(text)
    name, behind = (text[: first.start()], text[first.start() :]) if first else (text, "")
    town, homes = town_of_administration(name)
    if not town:
        return columns
    if not (country or country_in(behind.rpartition(",")[2])):
        named = gazetteer.economies_of(key(town))
        homes = tuple(home for home in homes if home in named) or homes
        country = homes[0] if len(homes) == 1 else ""
    if behind or (institution and address and not country):
        return columns._replace(
            institution="", address=f"{address if institution else ''} {town}{behind}".strip(), country=country
        )
    return columns._replace(institution="", address=address if institution else "", city=town, country=country)


def _without_town_in_country(columns: Columns) -> Columns:
    """Return columns with the town before a country as city, or as region where it is one: Erlangen, Germany."""
    front, _, last = (part.strip() for part in columns.country.rpartition(","))
    if not country_in(last) or countries.find(columns.country) or countries.find_stated(front):
        return columns
    if is_city(front, last):
        return columns._replace(city=front, country=last)
    return columns._replace(region=columns.region or front, country=last)


def _with_country(columns: Columns) -> Columns:
    """Return columns with a misspelt country by its code, and the region that stands for one as the city's region.

    Where the row stands one column to the right, the column of cities has a street: Elm St 5, Kassel, Hessen.
    """
    if economy := misspelt_country(columns.country, columns.city):
        return columns._replace(country=economy)
    region, town = columns.country, columns.region or columns.city
    if not regions_of_town(region, key(town)):
        return columns
    if not columns.region:
        return columns._replace(region=region, country="")
    if gazetteer.economies_of(key(columns.city)):
        return columns
    address = ", ".join(filter(None, (columns.address, columns.city)))
    return columns._replace(address=address, city=town, region=region, country="")


def _with_finer_place(columns: Columns) -> Columns:
    """Return columns with the town behind the street as city, in the region that is called like the city.

    NO:12 BODRUM | MUĞLA. A place near that city is a quarter of it. A region alone is no city: 12 Foo St, Pune |
    Maharashtra.
    """
    economy = countries.find_stated(columns.country) or ""
    if columns.region not in ("", columns.city):
        return columns
    front, town = town_behind_street(columns.address, columns.city, economy)
    if town:
        return columns._replace(address=front, city=town, region=columns.region or columns.city)
    is_region = not columns.region and is_region_around(columns.city, columns.address, columns.country)
    return columns._replace(city="", region=columns.city) if is_region else columns


def _without_country_in_region(columns: Columns) -> Columns:
    """Return columns with a country in the column of regions as country, if it has the city or the region that it is.

    Where the row stands one column to the left, a town of that region is the address: Frontino, Antioquia, Colombia.
    """
    address, city, country = columns.address, columns.city, columns.region
    economy = country_of(country, key(city))
    if not economy or regions_of_town(country, key(city)):
        return columns
    if is_town_in(address, city, country):
        return columns._replace(address="", city=address, region=city, country=country)
    return columns._replace(region="", country=country) if economy in gazetteer.economies_of(key(city)) else columns


def _without_country_as_city(columns: Columns) -> Columns:
    """Return columns with a country in the column of cities as country, if the address ends in a place there.

    A country that a city is called like as well only beside a town that is all of the address and the only one of its
    name: Ciudad Madero | Mexico; Polanco | Mexico is in the city.
    """
    economy = countries.find(columns.city, codes=False) if columns.address else None
    if not economy or gazetteer.city_state(economy) is not None:
        return columns
    name, people = key(bare(columns.address.rpartition(",")[2])), gazetteer.places().population
    if any(people[row] >= _CAPITAL for row in gazetteer.rows_named(key(columns.city), economy)):
        rows = gazetteer.rows_named(name, economy) if "," not in columns.address else []
        is_there = len(rows) == 1 and people[rows[0]] >= _TOWN
    else:
        is_there = economy in gazetteer.economies_of(name)
    if not is_there:
        return columns
    is_name = name == key(columns.address)
    return columns._replace(
        address="" if is_name else columns.address, city=columns.address if is_name else "", country=columns.city
    )


def _is_of_country(code: str, country: str) -> bool:
    """Say whether the letters that open a code of NUTS are those of the stated country, or of any where none is."""
    economy = countries.find(_ISO_CODE.get(code, code))
    return economy is not None and (not country or countries.find_stated(country) == economy)


def _without_town_in_region(columns: Columns) -> Columns:
    """Return columns with a town in the column of regions as the city, or at the end of the address.

    The town may stand before its country (Zama, Japan) or state (Boston-Cambridge-Newton, MA-NH).
    """
    region, country = columns.region, columns.country
    front, _, last = (part.strip() for part in region.rpartition(","))
    economy = countries.find_stated(country) if country else country_in(last)
    if not front:
        return _with_town(columns, region, "") if is_town(region, country) else columns
    if not economy or is_region(region, economy):
        return columns
    if country_in(last) == economy:
        if is_city(front, last):
            return _with_town(columns._replace(country=last), front, "")
        return columns._replace(region=front, country=last)
    state, post_code = SEPARATOR.split(bare(last))[0], "".join(codes_in(last)[:1])
    is_pair = is_region(state, economy) and not is_county(front)
    return _with_town(columns, front, state, post_code) if is_pair else columns


def _with_town(columns: Columns, town: str, region: str, post_code: str = "") -> Columns:
    if columns.address:
        return columns._replace(address=f"{columns.address}, {town} {post_code}".rstrip(), region=region)
    return columns._replace(address=post_code, city=town, region=region)


def _is_missing(columns: Columns) -> bool:
    """Say whether NA stands for a missing region and not for one of this code, as no town of the name lies there."""
    economy = countries.find_stated(columns.country) if columns.region == "NA" else None
    if not economy:
        return False
    rows, areas = (row for row, _ in towns_called(columns.city, economy)), regions.find("NA", economy)
    return not any(lies_in(row, area) for row in rows for area in areas)


def _with_country_in_city(columns: Columns) -> Columns:
    """Return columns with city and country exchanged, if the country, which is none, is a town in that of the city."""
    economy = countries.find(columns.city, codes=False)
    if economy and towns_called(columns.country, economy):
        return columns._replace(city=columns.country, country=columns.city)
    return columns


def _without_repeated_region(columns: Columns) -> Columns:
    """Return columns with the town in the address as city, if that repeats the region of the town and is no town."""
    address, city, country = columns.address, columns.city, columns.country
    if columns.institution or city != columns.region or not is_town_in(address, city, country):
        return columns
    is_town = towns_called(city, countries.find_stated(country) or "", (PRIMARY,))
    return columns if is_town else columns._replace(address="", city=address)


def _swapped(columns: Columns) -> Columns:
    """Return columns with city and region exchanged, if the region is a town in the region that the city is.

    Without a country that region may be of any, if the city lies in no region of the region's name.
    """
    city, region, country = columns.city, columns.region, columns.country
    if country:
        homes = {countries.find_stated(country) or ""}
    elif is_in_region(city, region):
        homes = set()
    else:
        homes = {area.economy for area in regions.named_anywhere(key(city))}
    homes = {home for home in homes if not is_region(region, home)}
    if any(is_town_in(region, city, home) for home in sorted(homes)):
        return columns._replace(city=region, region=city)
    return columns
