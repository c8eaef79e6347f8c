"""clusters → names: the main cities, the state in the US, all economies (METHOD 7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from scipy.spatial import cKDTree

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core import sphere
from hubrank.core.errors import StudyError, nearest
from hubrank.core.slug import slug
from hubrank.core.sphere import Ints
from hubrank.counting.points import Sites
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.gazetteer import Places, reach_km, region_of

MOST_CITIES = 3
CITY_SHARE_PCT = 10  # of the cluster's score
CITY_PEOPLE = 100_000
ECONOMY_SHARE_PCT = 1  # of the cluster's score: less is taken for addresses given in the wrong country


@dataclass(frozen=True, slots=True)
class City:
    """A place that may name a cluster; `state` is the postal code of a US state, else empty."""

    geonames_id: int
    name: str
    economy: str
    state: str
    population: int


class Atlas(Protocol):
    """Where the cities are."""

    def credit(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return the GeoNames id of the city that each site is credited to."""

    def cities(self, ids: Iterable[int]) -> dict[int, City]:
        """Describe cities; raise KeyError for an id that is unknown."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a cluster is called: "San Jose–San Francisco, CA", its economies by score, its slug."""

    cluster_id: str
    cluster: str
    economies: tuple[str, ...]
    cities: tuple[int, ...]


def exact_scores(cluster: Ints, key: Ints, metric: Ints, units: Ints, factors: Sequence[int]) -> list[dict[int, int]]:
    """Return, per cluster, the exact score of each key (a city, an economy), as a whole number.

    cluster, key, metric, units : int64, shape (n,). Rows of no cluster (NOISE) are passed over.
    factors : per metric, what one unit scores.
    """
    member = cluster != NOISE
    pairs, row = np.unique(np.column_stack([cluster[member], key[member]]), axis=0, return_inverse=True)
    sums = np.zeros((len(factors), len(pairs)), np.int64)
    np.add.at(sums, (metric[member], row.ravel()), units[member])
    totals: list[dict[int, int]] = [{} for _ in range(int(cluster.max(initial=NOISE)) + 1)]
    for (which, place), parts in zip(pairs.tolist(), sums.T.tolist(), strict=True):
        totals[which][place] = sum(factor * part for factor, part in zip(factors, parts, strict=True))
    return totals


def main_cities(scores: dict[int, int], cities: dict[int, City]) -> list[City]:
    """Return at most three cities with 10 % of the score and 100,000 people, else the heaviest place."""
    ranked = sorted(scores, key=lambda place: (-scores[place], place))
    total = sum(scores.values())
    large = [
        cities[place]
        for place in ranked
        if 100 * scores[place] >= CITY_SHARE_PCT * total and cities[place].population >= CITY_PEOPLE
    ]
    return large[:MOST_CITIES] or [cities[ranked[0]]]


def spelled(cities: Sequence[City]) -> str:
    """Join names by en dashes; US cities carry their state, once where it is the same for all."""
    states = [city.state for city in cities]
    if states[0] and len(set(states)) == 1:
        return "–".join(city.name for city in cities) + f", {states[0]}"
    return "–".join(f"{city.name}, {city.state}" if city.state else city.name for city in cities)


def naming(
    sites: Sites,
    label: Labels,
    economies: list[dict[str, int]],
    factors: Sequence[int],
    atlas: Atlas,
    overrides: dict[str, list[int]],
) -> list[Name]:
    """Name every cluster.

    economies : per cluster, the exact score that each economy gave it.
    factors : per metric, what one unit scores (whole numbers; only their ratios matter).
    overrides : GeoNames ids by the cluster_id that would come out without them.
    Raises StudyError for an override of a cluster that does not exist, or by an unknown place.
    """
    credited = atlas.credit(sites.lat_e7, sites.lon_e7)
    metric, site = np.nonzero(sites.units)
    weightless = np.flatnonzero((label != NOISE) & ~sites.units.any(axis=0))  # of records of thousands of listings
    metric, site = np.append(metric, np.zeros(len(weightless), np.int64)), np.append(site, weightless)
    scores = exact_scores(label[site].astype(np.int64), credited[site], metric, sites.units[metric, site], factors)
    places = atlas.cities(np.unique(credited[label != NOISE]).tolist())
    cities = [main_cities(score, places) for score in scores]
    codes = [main_economies(score) for score in economies]
    defaults = _slugs(cities, codes)
    for key, ids in overrides.items():
        if key not in defaults:
            raise StudyError(f"[naming] names a cluster {key!r} that did not come out.{nearest(key, defaults)}")
        cities[defaults.index(key)] = named_cities(key, ids, atlas)
    final = _slugs(cities, codes)
    return [
        Name(cluster_id, spelled(named), economy_codes, tuple(city.geonames_id for city in named))
        for cluster_id, named, economy_codes in zip(final, cities, codes, strict=True)
    ]


def main_economies(scores: dict[str, int]) -> tuple[str, ...]:
    """Return the economies with at least 1 % of the score, by score, then code."""
    total = sum(scores.values())
    ranked = sorted(scores, key=lambda code: (-scores[code], code))
    return tuple(code for code in ranked if 100 * scores[code] >= ECONOMY_SHARE_PCT * total)


def named_cities(key: str, ids: list[int], atlas: Atlas) -> list[City]:
    """Return the cities that a study names a cluster after. Raises StudyError for an id that is none."""
    try:
        described = atlas.cities(ids)
    except KeyError as error:
        raise StudyError(f"[naming] {key}: {error.args[0]} is no GeoNames id of the gazetteer.") from None
    return [described[place] for place in ids]


def _slugs(cities: list[list[City]], economies: list[tuple[str, ...]]) -> list[str]:
    """Return distinct ids, with a number from the second of a name on; a slug itself never holds two hyphens."""
    seen: dict[str, int] = {}
    ids = []
    for named, codes in zip(cities, economies, strict=True):
        plain = slug("-".join([*(city.name for city in named), *codes]))
        seen[plain] = seen.get(plain, 0) + 1
        ids.append(plain if seen[plain] == 1 else f"{plain}--{seen[plain]}")
    return ids


CREDIT_PEOPLE = 50_000
CREDIT_KM = 15
# A place is a part of a city whose built-up disc covers it, in the same region, if it is much smaller: Islington is
# London, but Cambridge (a sixth of Boston's people) is a city by itself.
CITY_PEOPLE_FROM = 500_000
PART_RATIO = 8


class GeoNamesAtlas:
    """Cities of the gazetteer; boroughs and districts count as their city."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._large = np.flatnonzero(places.population >= CREDIT_PEOPLE)
        self._tree = cKDTree(sphere.unit_vectors(places.lat_e7[self._large], places.lon_e7[self._large]))
        self._whole = _whole_cities(places)

    def credit(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return the GeoNames id that each site is credited to: the nearest large place, else the nearest place."""
        if not len(lat_e7):
            return np.empty(0, np.int64)
        chord, row = self._tree.query(sphere.unit_vectors(lat_e7, lon_e7))
        rows = self._large[row]
        far = chord**2 > sphere.chord2(CREDIT_KM)
        if far.any():
            rows[far] = gazetteer.nearest_places(lat_e7[far], lon_e7[far])[0]
        return np.asarray(self._whole[rows], np.int64)

    def cities(self, ids: Iterable[int]) -> dict[int, City]:
        """Describe cities; raise KeyError for an id that the gazetteer does not have."""
        return {place: self._city(place) for place in ids}

    def _city(self, place: int) -> City:
        places = self._places
        row = places.row(place)
        if row is None:
            raise KeyError(place)
        economy = places.economy[row]
        state = places.admin1[row] if economy == "US" else ""
        return City(place, places.name[row], economy, state, int(places.population[row]))


def _whole_cities(places: Places) -> Ints:
    """Return int64, shape (places,): the GeoNames id of the city that each place is a part of, or of itself."""
    whole = np.where(places.part_of > 0, places.part_of, places.geonames_id)
    xyz = sphere.unit_vectors(places.lat_e7, places.lon_e7)
    tree = cKDTree(xyz)
    cities = np.flatnonzero((places.population >= CITY_PEOPLE_FROM) & (places.part_of == 0))
    for city in cities[np.argsort(places.population[cities], kind="stable")]:  # the largest last, so that it decides
        within = np.sqrt(sphere.chord2(reach_km(int(places.population[city]))))
        around = np.array(tree.query_ball_point(xyz[city], within))
        part = around[places.population[around] * PART_RATIO <= places.population[city]]
        whole[[i for i in part if region_of(places, i) == region_of(places, city)]] = places.geonames_id[city]
    return whole


@cache
def atlas() -> GeoNamesAtlas:
    """Return the atlas over the compiled gazetteer."""
    return GeoNamesAtlas(gazetteer.places())
