"""How far a city reaches and which region it is in: what decides about parts of cities (METHOD 7, 9)."""

from math import pi, sqrt

from hubrank.geocoding.gazetteer.gazetteer import Places

PEOPLE_PER_KM2 = 5_000  # of a dense city: New York reaches 24 km far, London 24, Paris 12
CITY_ECONOMIES = frozenset({"HK", "MO", "SG", "MC", "VA"})  # one city each, whatever their districts


def reach_km(people: int) -> float:
    """Return how far a dense city of so many people reaches: the radius of its disc."""
    return sqrt(people / (pi * PEOPLE_PER_KM2))


def region_of(places: Places, row: int) -> tuple[str, str]:
    """Return economy and region of a place; an economy that is one city has one region."""
    economy = places.economy[row]
    return economy, "" if economy in CITY_ECONOMIES else places.admin1[row]
