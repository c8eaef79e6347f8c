"""clusters → names: the cities that people mean, the state in the US, all economies (METHOD 7)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

import numpy as np

from hubrank.clustering.cities import ADDRESSES_KM, Atlas, City, main_cities, suburbs
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core import countries
from hubrank.core.errors import StudyError, nearest
from hubrank.core.slug import slug
from hubrank.core.sphere import Floats, Ints, distance_km
from hubrank.counting.points import Sites
from hubrank.geocoding.gazetteer import regions

ECONOMY_SHARE_PCT = 1  # of the cluster's score: less is taken for addresses given in the wrong country


@dataclass(frozen=True, slots=True)
class Name:
    """What a cluster is called: "San Jose–San Francisco, CA", its economies by score, its id.

    cities : GeoNames ids of the cities of the name.
    """

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


def spelled(cities: Sequence[City]) -> str:
    """Join names by en dashes; US cities carry their state, once where it is the same for all."""
    states = [city.state for city in cities]
    if states[0] and len(set(states)) == 1:
        return "–".join(city.name for city in cities) + f", {states[0]}"
    return "–".join(f"{city.name}, {city.state}" if city.state else city.name for city in cities)


def naming(
    sites: Sites, label: Labels, economies: list[dict[str, int]], factors: Sequence[int], atlas: Atlas, language: str
) -> list[Name]:
    """Name every cluster. The id is of English names whatever the language, so that it does not change with it.

    economies : per cluster, the exact score that each economy gave it.
    factors : per metric, what one unit scores (whole numbers; only their ratios matter).
    language : "en", or "gazetteer" for names as the gazetteer has them.
    """
    codes = [main_economies(score) for score in economies]
    credited, places = _places_of(sites, label, codes, atlas)
    whole = {number: _whole(number, places) for number in places}
    rows = _Rows.of(sites, label)
    by_place = exact_scores(rows.label, credited[rows.site], rows.metric, rows.units, factors)
    homes = [_at_home(score, places, each) for score, each in zip(by_place, codes, strict=True)]
    by_place = [{number: score[number] for number in home} for score, home in zip(by_place, homes, strict=True)]
    by_city = [_pooled(score, whole) for score in by_place]
    central = _central_scores(sites, credited, rows, factors, {number: places[whole[number]] for number in whole})
    cities = [main_cities(score, centre, places) for score, centre in zip(by_city, central, strict=True)]
    second = _second_names(cities, by_place, places, lambda cluster: _nearest_place(sites, rows, cluster, atlas))
    ids = distinct(_slug(*each) for each in zip(cities, second, codes, strict=True))
    shown = _unambiguous([_shown(*each, language) for each in zip(cities, second, strict=True)], cities)
    return [Name(ids[n], shown[n], codes[n], tuple(city.geonames_id for city in cities[n])) for n in range(len(cities))]


def _places_of(
    sites: Sites, label: Labels, codes: Sequence[tuple[str, ...]], atlas: Atlas
) -> tuple[Ints, dict[int, City]]:
    """Return the place that each site is credited to, and places of clusters by GeoNames id.

    A larger place near a site of a cluster counts only in an economy of the cluster, and only where the cluster has
    listings in it: a site to which it or one of its sections is the nearest place of all, or where addresses stand that
    name no more. The surroundings of a suburb of such a city count as the suburb. Else the nearest place counts.
    codes : the economies of each cluster.
    """
    credited = atlas.credit(sites.lat_e7, sites.lon_e7).copy()
    member = np.flatnonzero(label != NOISE)
    if not len(member):
        return credited, {}
    lat, lon = sites.lat_e7[member], sites.lon_e7[member]
    larger, nearest = credited[member], atlas.nearest(lat, lon)
    pairs, pair = np.unique(np.column_stack([label[member], larger]), axis=0, return_inverse=True)
    near = np.unique(np.column_stack([label[member], nearest]), axis=0)
    candidates: list[tuple[int, int]] = [(cluster, number) for cluster, number in pairs.tolist()]
    others: list[tuple[int, int]] = [(cluster, number) for cluster, number in near.tolist()]
    places = _described({number for _, number in chain(candidates, others)}, atlas)
    apart = _apart_km([places[number] for _, number in candidates], pair.ravel(), lat, lon)
    at_addresses = [candidates[row] for row in np.unique(pair.ravel()[apart <= ADDRESSES_KM]).tolist()]
    there = {(cluster, _whole(number, places)) for cluster, number in chain(others, at_addresses)}
    among: dict[int, set[int]] = defaultdict(set)
    for cluster, number in chain(candidates, others):
        among[cluster].add(number)
    named, suburban = set(), set()
    for cluster, numbers in among.items():
        city_of = suburbs([places[number] for number in sorted({_whole(number, places) for number in numbers})])
        for number in _at_home(numbers, places, codes[cluster]):
            city = _whole(number, places)
            named |= {(cluster, number)} if (cluster, city) in there else set()
            suburban |= {(cluster, number)} if (cluster, city_of[city]) in there else set()
    dense = apart <= np.array([places[number].centre_km for _, number in candidates])[pair.ravel()]
    stays, around = (np.array([each in group for each in candidates])[pair.ravel()] for group in (named, suburban))
    credited[member] = np.where(stays | (around & ~dense), larger, nearest)
    return credited, places


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


def _second_names(
    cities: list[list[City]],
    by_place: list[dict[int, int]],
    places: dict[int, City],
    nearest: Callable[[int], City | None],
) -> list[City | None]:
    """Return the place that tells a cluster apart from a heavier one of the same cities; None where none is needed.

    nearest : of a cluster, the place nearest to its heaviest site, which tells apart what is all of one city.
    """
    taken: dict[tuple[City, ...], set[int]] = {}
    second: list[City | None] = []
    for number, (named, scores) in enumerate(zip(cities, by_place, strict=True)):
        used = taken.setdefault(tuple(named), set())
        if not used:
            used |= {city.geonames_id for city in named}
            second.append(None)
            continue
        ranked = sorted(scores, key=lambda place: (-scores[place], place))
        other = next((places[place] for place in ranked if place not in used), None) or nearest(number)
        if other is not None and other.geonames_id in used:
            other = None
        used |= set() if other is None else {other.geonames_id}
        second.append(other)
    return second


def _nearest_place(sites: Sites, rows: _Rows, cluster: int, atlas: Atlas) -> City:
    """Return the place nearest to the heaviest site of a cluster, of equal ones the southernmost."""
    of = np.unique(rows.site[rows.label == cluster])
    weight = sites.units[:, of].sum(axis=0)
    heaviest = of[np.lexsort((sites.lon_e7[of], sites.lat_e7[of], -weight))[0]]
    (place,) = atlas.nearest(sites.lat_e7[[heaviest]], sites.lon_e7[[heaviest]]).tolist()
    return atlas.cities([place])[place]


def _shown(cities: Sequence[City], second: City | None, language: str) -> str:
    """Return a name as it is printed: "London", "London (Uxbridge)"."""
    every = [*cities, second] if second else list(cities)
    if language != "en":
        every = [replace(city, name=city.local_name or city.name) for city in every]
    return f"{spelled(every[:-1])} ({every[-1].name})" if second else spelled(every)


def _unambiguous(shown: list[str], cities: list[list[City]]) -> list[str]:
    """Return distinct names: of equal ones with the economy, or the region where their economy is the same.

    What neither tells apart has a number from the second on, as its id does.
    """
    economies = Counter((name, named[0].economy) for name, named in zip(shown, cities, strict=True))
    homes = [
        _home(named[0], region=economies[name, named[0].economy] > 1) for name, named in zip(shown, cities, strict=True)
    ]
    distinct_homes = Counter(name for name, _ in set(zip(shown, homes, strict=True)))
    names = [f"{name} ({home})" if distinct_homes[name] > 1 else name for name, home in zip(shown, homes, strict=True)]
    times: Counter[str] = Counter()
    for number, name in enumerate(names):
        times[name] += 1
        names[number] = f"{name} ({times[name]})" if times[name] > 1 else name
    return names


def _home(city: City, *, region: bool) -> str:
    """Return the economy of a city, or its first-level region, where that has a name."""
    economy = countries.name(city.economy)
    return regions.states(city.economy).get(city.region, economy) if region else economy


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


def renamed(names: list[Name], overrides: dict[str, list[int]], atlas: Atlas, language: str) -> list[Name]:
    """Return names with those that a study states; ids stay.

    overrides : GeoNames ids of cities by cluster_id.
    Raises StudyError for an override of a cluster that does not exist, or by an unknown place.
    """
    ids = [name.cluster_id for name in names]
    final = list(names)
    for key, places in overrides.items():
        if key not in ids:
            raise StudyError(f"[naming] names a cluster {key!r} that did not come out.{nearest(key, ids)}")
        cities = named_cities(key, places, atlas)
        at = ids.index(key)
        final[at] = replace(names[at], cluster=_shown(cities, None, language), cities=tuple(places))
    return final


def _slug(cities: list[City], second: City | None, economies: tuple[str, ...]) -> str:
    every = [*cities, second] if second else cities
    return slug("-".join([*(city.name for city in every), *economies]))


def distinct(slugs: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return distinct ids, with a number from the second of a name on; a slug itself never holds two hyphens.

    taken : ids that no cluster may get.
    """
    used = set(taken)
    ids = []
    for plain in slugs:
        numbered = (plain if number == 1 else f"{plain}--{number}" for number in count(1))
        ids.append(next(each for each in numbered if each not in used))
        used.add(ids[-1])
    return ids
