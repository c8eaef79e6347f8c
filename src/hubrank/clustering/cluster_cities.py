"""clusters → the cities that name them: the place that each site is credited to, and what it scores (METHOD 7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from hubrank.clustering.cities import ADDRESSES_KM, Atlas, City
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.clustering.main_cities import main_cities, suburbs, with_suburbs
from hubrank.core.sphere import Floats, Ints, distance_km
from hubrank.core.units import share_pct
from hubrank.counting.points import Sites

ClusterPlace = tuple[int, int]  # a cluster's label, and the GeoNames id of a place in it


@dataclass(frozen=True, slots=True, eq=False)
class ClusterCities:
    """The cities that name clusters, and what else there is in them.

    named : per cluster, the cities of its name, in order of score.
    first_pct : per cluster, the part of its score that the first of them has, with suburbs; None without a score.
    by_place : per cluster, the exact score of each place in its economies, by GeoNames id, sections apart.
    places : what these places are.
    """

    named: list[list[City]]
    first_pct: list[Decimal | None]
    by_place: list[dict[int, int]]
    places: dict[int, City]


def cluster_cities(
    sites: Sites, label: Labels, codes: Sequence[tuple[str, ...]], factors: Sequence[int], atlas: Atlas
) -> ClusterCities:
    """Return the cities that name clusters.

    label : int32, shape (sites,), NOISE for sites of no cluster. codes : the economies of each cluster.
    factors : per metric, what one unit scores.
    """
    credited, places = _credited(sites, label, codes, atlas)
    rows = _Rows.of(sites, label)
    everywhere = exact_scores(rows.label, credited[rows.site], rows.metric, rows.units, factors)
    by_place = [
        {number: score[number] for number in _at_home(score, places, each)}
        for score, each in zip(everywhere, codes, strict=True)
    ]
    whole = {number: _whole(number, places) for number in places}
    central = _central_scores(sites, credited, rows, factors, {number: places[whole[number]] for number in whole})
    named, first_pct = [], []
    for score, of_centres, elsewhere in zip(by_place, central, _in_other_clusters(central), strict=True):
        pooled = _pooled(score, whole)
        named.append(main_cities(pooled, of_centres, places, elsewhere))
        of_first = with_suburbs(pooled, of_centres, places, elsewhere)[named[-1][0].geonames_id]
        first_pct.append(share_pct(of_first, sum(pooled.values())))
    return ClusterCities(named, first_pct, by_place, places)


def _in_other_clusters(central: Sequence[Mapping[int, int]]) -> list[set[int]]:
    """Return, per cluster, the cities that lie in another one: where most of the city's dense part is, by score.

    central : per cluster, what each city has in its dense part, by GeoNames id. Of equal clusters the first holds it.
    """
    holder: dict[int, tuple[int, int]] = {}
    for cluster, scores in enumerate(central):
        for city, score in scores.items():
            if score > holder.get(city, (0, NOISE))[0]:
                holder[city] = score, cluster
    return [{city for city, (_, where) in holder.items() if where != cluster} for cluster in range(len(central))]


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


def _credited(
    sites: Sites, label: Labels, codes: Sequence[tuple[str, ...]], atlas: Atlas
) -> tuple[Ints, dict[int, City]]:
    """Return the place that each site is credited to, and places of clusters by GeoNames id.

    A larger place near a site of a cluster counts only in an economy of the cluster, and only where the cluster has
    listings in it: a site to which it or one of its sections is the nearest place of all, or where addresses stand that
    name no more. The surroundings of a suburb of such a city count as the suburb. Else the nearest place counts.
    """
    credited = atlas.credit(sites.lat_e7, sites.lon_e7).copy()
    member = np.flatnonzero(label != NOISE)
    if not len(member):
        return credited, {}
    lat, lon = sites.lat_e7[member], sites.lon_e7[member]
    larger, nearest = credited[member], atlas.nearest(lat, lon)
    candidates, at = _distinct(label[member], larger)
    others, _ = _distinct(label[member], nearest)
    places = _described({number for _, number in (*candidates, *others)}, atlas)
    apart = _apart_km([places[number] for _, number in candidates], at, lat, lon)
    at_addresses = [candidates[row] for row in np.unique(at[apart <= ADDRESSES_KM]).tolist()]
    with_listings = {(cluster, _whole(number, places)) for cluster, number in (*others, *at_addresses)}
    in_city, in_suburb = _counted((*candidates, *others), with_listings, places, codes)
    is_dense = apart <= np.array([places[number].centre_km for _, number in candidates])[at]
    of_city, of_suburb = (np.array([each in group for each in candidates])[at] for group in (in_city, in_suburb))
    credited[member] = np.where(of_city | (of_suburb & ~is_dense), larger, nearest)
    return credited, places


def _distinct(label: Labels, place: Ints) -> tuple[list[ClusterPlace], Ints]:
    """Return the distinct pairs of a cluster and a place, and for each row which of them it is."""
    pairs, at = np.unique(np.column_stack([label, place]), axis=0, return_inverse=True)
    return [(cluster, number) for cluster, number in pairs.tolist()], at.ravel()


def _counted(
    pairs: Iterable[ClusterPlace],
    with_listings: set[ClusterPlace],
    places: Mapping[int, City],
    codes: Sequence[tuple[str, ...]],
) -> tuple[set[ClusterPlace], set[ClusterPlace]]:
    """Return the pairs whose city is in `with_listings`, and those whose city is a suburb of one that is.

    with_listings : the cities in which a cluster has listings. Only places in economies of their cluster count.
    """
    of_cluster: dict[int, set[int]] = defaultdict(set)
    for cluster, number in pairs:
        of_cluster[cluster].add(number)
    in_city: set[ClusterPlace] = set()
    in_suburb: set[ClusterPlace] = set()
    for cluster, numbers in of_cluster.items():
        city_of = suburbs([places[number] for number in sorted({_whole(number, places) for number in numbers})])
        for number in _at_home(numbers, places, codes[cluster]):
            city = _whole(number, places)
            if (cluster, city) in with_listings:
                in_city.add((cluster, number))
            if (cluster, city_of[city]) in with_listings:
                in_suburb.add((cluster, number))
    return in_city, in_suburb


def _apart_km(cities: Sequence[City], at: Ints, lat_e7: Ints, lon_e7: Ints) -> Floats:
    """Return how far each site is from its city, or from where the addresses of the city stand.

    at : which of the cities is that of each site.
    """
    axes = (("lat_e7", "lon_e7"), ("addresses_lat_e7", "addresses_lon_e7"))
    ends = [[np.array([getattr(city, axis) for city in cities], np.int64)[at] for axis in each] for each in axes]
    one, other = (distance_km(lat, lon, lat_e7, lon_e7) for lat, lon in ends)
    return np.asarray(np.minimum(one, other))


def _whole(number: int, places: Mapping[int, City]) -> int:
    """Return the city that a place is a section of, or the place itself."""
    return places[number].part_of or number


def _described(numbers: Iterable[int], atlas: Atlas) -> dict[int, City]:
    """Return places by GeoNames id, with the cities that they are sections of."""
    places = atlas.cities(sorted(numbers))
    return places | atlas.cities(sorted({city.part_of for city in places.values()} - {0, *places}))


def _at_home(numbers: Iterable[int], places: Mapping[int, City], codes: Sequence[str]) -> set[int]:
    """Return the places that lie in the economies of a cluster; all where none does."""
    every = set(numbers)
    return {number for number in every if places[number].economy in codes} or every


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What clusters have, one row per metric and site: int64 arrays of one length.

    A site of records of thousands of listings may weigh nothing; it has one row.
    """

    metric: Ints
    site: Ints
    label: Ints
    units: Ints

    @classmethod
    def of(cls, sites: Sites, label: Labels) -> "_Rows":
        """Gather what each metric has at each site; a site without units that lies in a cluster is one row of none."""
        metric, site = np.nonzero(sites.units)
        weightless = np.flatnonzero((label != NOISE) & ~sites.units.any(axis=0))
        metric, site = np.append(metric, np.zeros(len(weightless), np.int64)), np.append(site, weightless)
        return cls(metric, site, label[site].astype(np.int64), sites.units[metric, site])


def _pooled(scores: dict[int, int], whole: dict[int, int]) -> dict[int, int]:
    """Return scores with sections counted as their city."""
    pooled: dict[int, int] = defaultdict(int)
    for place, score in scores.items():
        pooled[whole[place]] += score
    return dict(pooled)


def _central_scores(
    sites: Sites, credited: Ints, rows: _Rows, factors: Sequence[int], city_of: dict[int, City]
) -> list[dict[int, int]]:
    """Return, per cluster, what each city has in its dense part. city_of : by GeoNames id of the credited place."""
    if not city_of:
        return []
    numbers = np.array(sorted(city_of), np.int64)
    cities = [city_of[number] for number in numbers.tolist()]
    inside = rows.label != NOISE
    at = np.searchsorted(numbers, credited[rows.site])
    at[~inside] = 0
    reach = np.array([city.centre_km for city in cities])[at]
    near = _apart_km(cities, at, sites.lat_e7[rows.site], sites.lon_e7[rows.site]) <= reach
    key = np.array([city.geonames_id for city in cities], np.int64)[at]
    label = np.where(inside & near, rows.label, NOISE)
    central = exact_scores(label, key, rows.metric, rows.units, factors)
    return central + [{} for _ in range(int(rows.label.max(initial=NOISE)) + 1 - len(central))]
