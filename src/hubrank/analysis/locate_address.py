"""Locate one address and say why."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from hubrank import geocoding
from hubrank.core import countries
from hubrank.core.errors import StudyError
from hubrank.core.remote import InputFile
from hubrank.core.sphere import DATE_LINE_E7, E7, POLE_E7
from hubrank.geocoding import explain_address
from hubrank.geocoding.evidence.reading_text import read as read_text
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.resolver import Resolver
from hubrank.study.sections import Geocoding

Precision = Literal["site", "institution", "city", "region", "country"]
# Degrees with a decimal point, so that they are no house number or post code: 48.14, 11.58; (-33.87 151.21).
_COORDINATES = re.compile(r"\(?([+-]?\d{1,2}\.\d{1,12})°?[,;/ ] ?([+-]?\d{1,3}\.\d{1,12})°?\)?")


def settings_of(institutions: Sequence[InputFile], min_precision: Precision) -> geocoding.Settings:
    """Return the defaults of a study, with a register of institutions where one is given."""
    return geocoding.Settings(geocoding=Geocoding(min_precision=min_precision), institutions=tuple(institutions))


def load_resolver(institutions: Sequence[InputFile], min_precision: Precision) -> Resolver:
    """Return the resolver of a study with its defaults, and with a register of institutions where one is given."""
    return geocoding.resolver_for(settings_of(institutions, min_precision))


def economy_of(country: str) -> str:
    """Return the economy that `--country` names, "" where it is not given."""
    economy = countries.find_stated(country) if country else ""
    if economy is None:
        raise StudyError(f"{country!r} is no country that is known; write its name or code, such as ES.")
    return economy


def explained(text: str, resolver: Resolver, country: str = "") -> list[explain_address.Judgement]:
    """Return the places that an address as one text may be, the likeliest first; of coordinates where these are.

    country : the economy of an address that states none.
    """
    if not text.strip():
        raise StudyError("the address is empty; give one, such as 'Nankai University, China'.")
    if spot := coordinates_of(text):
        return explain_address.explain(dict(zip(("lat_e7", "lon_e7"), spot, strict=True)), resolver)
    home = None if not country or states_country(text) else country
    return explain_address.explain({"address": text, "country": home}, resolver)


def coordinates_of(text: str | None) -> tuple[int, int] | None:
    """Return latitude and longitude (1e-7 degree) where a text is nothing but these, in degrees: 48.14, 11.58."""
    pair = _COORDINATES.fullmatch(text.strip()) if text else None
    if pair is None:
        return None
    lat_e7, lon_e7 = (int(Decimal(degrees) * E7) for degrees in pair.groups())
    return (lat_e7, lon_e7) if abs(lat_e7) <= POLE_E7 and abs(lon_e7) <= DATE_LINE_E7 else None


def states_country(text: str) -> bool:
    """Say whether a text states its country, by name or code, and that is not part of another name."""
    reading = read_text(text, Surroundings())
    return reading.country_at >= 0 and reading.doubtful_at < 0
