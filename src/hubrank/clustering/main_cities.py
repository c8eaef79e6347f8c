"""Which cities name a cluster, and which of them are suburbs of another (METHOD 7)."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import asin, cos, radians, sin, sqrt

from hubrank.clustering.cities import City
from hubrank.core.sphere import E7, EARTH_RADIUS_KM
from hubrank.geocoding.gazetteer.gazetteer import reach_km

MOST_CITIES = 3
CITY_SHARE_PCT = 10  # of the cluster's score
CITY_PEOPLE = 100_000
# A suburb has two fifths of its city's people at most and lies no farther from it than five times the city's dense
# disc: Reston lies so near Washington and Cary so near Raleigh, but Boulder not near Denver, nor Suzhou near Shanghai.
SUBURB_PEOPLE = 2.5
SUBURB_MOST = 1_000_000  # people: Yokohama has two fifths of Tokyo's, and is no suburb
SUBURB_REACH = 5
SUBURB_KM = 50


def main_cities(
    scores: Mapping[int, int],
    central: Mapping[int, int],
    cities: Mapping[int, City],
    elsewhere: AbstractSet[int] = frozenset(),
) -> list[City]:
    """Return the cities that name a cluster, in order of score.

    scores : what each city has of the cluster, by GeoNames id; central : the part of it in the city's dense part.
    elsewhere : the cities that lie in another cluster.
    The city with the highest score, and cities with 10 % of it and 100,000 people; three at most. A suburb counts as
    its city, but for one of each city that stands by itself. A city that lies in another cluster has no suburbs here,
    and names the cluster only where no other place has its score.
    """
    pooled = with_suburbs(scores, central, cities, elsewhere)
    ranked = sorted(pooled, key=lambda place: (-pooled[place], place))
    total = sum(scores.values())
    large = [
        place
        for place in ranked
        if 100 * pooled[place] >= CITY_SHARE_PCT * total
        and cities[place].population >= CITY_PEOPLE
        and place not in elsewhere
    ]
    named = large if ranked[0] in large else [ranked[0], *large]
    return [cities[place] for place in named[:MOST_CITIES]]


def with_suburbs(
    scores: Mapping[int, int],
    central: Mapping[int, int],
    cities: Mapping[int, City],
    elsewhere: AbstractSet[int] = frozenset(),
) -> dict[int, int]:
    """Return scores by GeoNames id with suburbs counted as their city; arguments as `main_cities` takes them."""
    city_of = suburbs([cities[place] for place in scores], elsewhere)
    city_of |= {place: place for place in _standing(scores, central, cities, city_of)}
    pooled: dict[int, int] = {}
    for place, score in scores.items():
        pooled[city_of[place]] = pooled.get(city_of[place], 0) + score
    return pooled


def suburbs(cities: Sequence[City], elsewhere: AbstractSet[int] = frozenset()) -> dict[int, int]:
    """Return for each place the city that it is a suburb of, or itself, by GeoNames id.

    elsewhere : cities that lie in another cluster, of which nothing is a suburb.
    Of several cities the one that pulls most counts: people over squared distance.
    """
    ordered = sorted(cities, key=lambda city: (-city.population, city.geonames_id))
    city_of: dict[int, int] = {}
    whole: list[City] = []
    for place in ordered:
        pulls = [(_pull(place, city), -city.geonames_id) for city in whole]
        pull, number = max(pulls, default=(0.0, 0))
        city_of[place.geonames_id] = -number if pull else place.geonames_id
        if not pull and place.geonames_id not in elsewhere:
            whole.append(place)
    return city_of


def _pull(place: City, city: City) -> float:
    """Return how strongly a city pulls a suburb; 0 where the place is none of its suburbs."""
    small = place.population < SUBURB_MOST and city.population >= SUBURB_PEOPLE * max(place.population, 1)
    if place.economy != city.economy or not small:
        return 0.0
    apart = apart_km(place, city)
    within = min(SUBURB_REACH * reach_km(city.population), SUBURB_KM)
    return city.population / max(apart, 1.0) ** 2 if apart <= within else 0.0


def apart_km(one: City, other: City) -> float:
    """Return the distance between two places."""
    lat_a, lon_a, lat_b, lon_b = (radians(angle / E7) for angle in (one.lat_e7, one.lon_e7, other.lat_e7, other.lon_e7))
    haversine = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(sqrt(haversine), 1.0))


def _standing(
    scores: Mapping[int, int], central: Mapping[int, int], cities: Mapping[int, City], city_of: Mapping[int, int]
) -> list[int]:
    """Return the suburbs that stand beside their city: of each city the one whose dense part scores most, if it scores.

    A suburb of 100,000 people needs half of its city's score, a smaller one all of it: Cambridge stands beside Boston,
    Delft beside The Hague, and Arlington not beside Washington.
    """
    best: dict[int, int] = {}
    for place in sorted(scores, key=lambda place: (-central.get(place, 0), place)):
        city = city_of[place]
        if place != city and city not in best:
            best[city] = place
    return [
        place
        for city, place in best.items()
        if (2 if cities[place].population >= CITY_PEOPLE else 1) * central.get(place, 0) >= max(scores[city], 1)
    ]
