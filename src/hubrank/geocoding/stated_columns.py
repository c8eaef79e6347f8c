"""What the columns of an address state of its country and region, and where that is not all, what its texts say."""

from functools import lru_cache

from hubrank.core import countries
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.surroundings import Surroundings, around_city
from hubrank.geocoding.text.address_lines import economies_at_code
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.post_codes import bare, codes_in, economy_of, economy_of_code_alone
from hubrank.geocoding.text.stated_countries import STATES_OF, state_before_code
from hubrank.geocoding.text.town_and_region import regions_around, states_around

_BOTH = 2  # parts of a city and its country


@lru_cache(512)  # asked for by the dictionary, and by the finder for what that cannot answer
def stated(city: str, region: str, country: str, texts: tuple[str, str] = ("", "")) -> Surroundings:
    """Return what columns state of country and region; without a country, what region, city and texts say of it."""
    if not region and (not country or countries.find_stated(country) in STATES_OF):
        region = state_before_code(texts[-1])
    where = regions_around(city, region) if city and region and not country else None
    where = where or around_city(city, region, country)
    if city and not where.economies:
        where = states_around(city, region) if region else where
        where = where if where.economies or country_of_address(city) else _country_of_texts(where, texts)
    return _at_post_code(city, texts[-1], where) if city and not country else where


def _at_post_code(city: str, address: str, where: Surroundings) -> Surroundings:
    """Return the one economy in which a place of a city's name lies where the post code is beside it.

    That stands in its column or alone at the end of the address, so that it is no house's number; regions of other
    economies are none. As it is what is stated where several or none has such a place. The letters of a country before
    the code, or in it, say more, where a place of the name is there: ES-30016, HA6 2RN.
    """
    last = address.rpartition(",")[2].strip()
    codes = (*codes_in(city), *(() if bare(last) else codes_in(last)))
    written = economy_of_code_alone(last) or ("" if bare(last) else economy_of(last))
    if written and written in gazetteer.economies_of(key(bare(city))):
        if written not in where.economies and not _has_town(where, city):
            where = Surroundings()  # Middlesex is no county of Massachusetts beside Northwood and HA6 2RN
        homes = frozenset((written,))
    else:
        homes = economies_at_code(key(bare(city)), codes) if codes else frozenset()
    if not homes and last.isdigit():
        homes = economies_at_code(key(bare(city)), (f"0{last}",))
    homes = homes.intersection(where.economies) if where.economies else homes
    if len(homes) != 1:
        return where
    economies = countries.family(*homes)
    return Surroundings(economies, tuple(region for region in where.regions if region.economy in economies))


def _has_town(where: Surroundings, city: str) -> bool:
    """Say whether a place of a city's name lies in a region that is stated."""
    spots = [(*gazetteer.home_of(row), *gazetteer.spot_of(row)) for row in gazetteer.rows_named(key(bare(city)))]
    return any(region.contains(*spot) for region in where.regions for spot in spots)


def city_and_country(city: str, country: str) -> tuple[str, str]:
    """Return a city and its country, which its column may surely state as the second of two parts: Kobe, Japan."""
    reading = read(city, Surroundings()) if city.count(",") == 1 and not country else None
    if reading and reading.states_country() and (reading.country_at, len(reading.segments)) == (1, _BOTH):
        city, _, country = map(str.strip, city.partition(","))
    return city, country


def country_of_address(address: str) -> tuple[str, ...]:
    """Return the economies that an address states for sure as a whole part: Marnes-la-Coquette, FR; Leuven, Belgium."""
    reading = read(address, Surroundings()) if "," in address else None
    if reading is None or reading.doubtful_at >= 0 or reading.country_at < 1:
        return ()
    return reading.economies or (reading.codes if len(reading.codes) == 1 else ())


def _country_of_texts(where: Surroundings, texts: tuple[str, str]) -> Surroundings:
    """Return the country that a text beside a city states for sure: CSIC, Spain."""
    readings = (read(text, where) for text in texts if text)
    sure = (reading.economies for reading in readings if reading.economies and reading.doubtful_at < 0)
    return Surroundings(next(sure, ()), where.regions)


def post_codes(city: str, address: str) -> tuple[str, ...]:
    """Return the post codes of a city's column and an address, alone with the zero that spreadsheets leave out, too."""
    codes = (*codes_in(city), *codes_in(address))
    return (*codes, f"0{address}") if address.isdigit() else codes
