"""clusters → names: the cities that people mean, the state in the US, all economies (METHOD 7)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count

import numpy as np

from hubrank.clustering.cities import Atlas, City
from hubrank.clustering.cluster_cities import ClusterCities, cluster_cities
from hubrank.clustering.density import Labels
from hubrank.core import countries
from hubrank.core.errors import StudyError, nearest
from hubrank.core.slug import slug
from hubrank.counting.points import Sites
from hubrank.geocoding.gazetteer import regions

ECONOMY_SHARE_PCT = 1  # of the cluster's score: less is taken for addresses given in the wrong country


@dataclass(frozen=True, slots=True)
class Name:
    """What a cluster is called: "San Jose–San Francisco, CA", its economies by score, its id.

    cities : GeoNames ids of the cities of the name.
    largest_city : where most of its score is, whatever the study names it after.
    largest_city_share_pct : the part of the score there, suburbs included; None without a score. Neither is a part of
        the name, so that names are compared without them.
    """

    cluster_id: str
    cluster: str
    economies: tuple[str, ...]
    cities: tuple[int, ...]
    largest_city: str = field(default="", compare=False)
    largest_city_share_pct: Decimal | None = field(default=None, compare=False)


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
    language : "en", or "gazetteer" for names as the gazetteer has them, at home where those are English.
    """
    codes = [main_economies(score) for score in economies]
    clusters = cluster_cities(sites, label, codes, factors, atlas)
    cities = clusters.named
    second = _second_names(clusters, lambda cluster: _nearest_place(sites, label, cluster, atlas))
    ids = distinct(_slug(*each) for each in zip(cities, second, codes, strict=True))
    shown = _unambiguous([_shown(*each, language) for each in zip(cities, second, strict=True)], cities)
    numbers = [tuple(city.geonames_id for city in named) for named in cities]
    largest = [_spelled_in(language, named[0]).name for named in cities]
    return [Name(*each) for each in zip(ids, shown, codes, numbers, largest, clusters.first_pct, strict=True)]


def _second_names(clusters: ClusterCities, nearest: Callable[[int], City | None]) -> list[City | None]:
    """Return the place that tells a cluster apart from a heavier one of the same cities; None where none is needed.

    nearest : of a cluster, the place nearest to its heaviest site, which tells apart what is all of one city.
    """
    taken: dict[tuple[City, ...], set[int]] = {}
    second: list[City | None] = []
    for number, (named, by_place) in enumerate(zip(clusters.named, clusters.by_place, strict=True)):
        used = taken.setdefault(tuple(named), set())
        if not used:
            used |= {city.geonames_id for city in named}
            second.append(None)
            continue
        ranked = sorted(by_place, key=lambda place: (-by_place[place], place))
        other = next((clusters.places[place] for place in ranked if place not in used), None) or nearest(number)
        if other is not None and other.geonames_id in used:
            other = None
        used |= set() if other is None else {other.geonames_id}
        second.append(other)
    return second


def _nearest_place(sites: Sites, label: Labels, cluster: int, atlas: Atlas) -> City:
    """Return the place nearest to the heaviest site of a cluster, of equal ones the southernmost."""
    members = np.flatnonzero(label == cluster)
    weight = sites.units[:, members].sum(axis=0)
    heaviest = members[np.lexsort((sites.lon_e7[members], sites.lat_e7[members], -weight))[0]]
    (place,) = atlas.nearest(sites.lat_e7[[heaviest]], sites.lon_e7[[heaviest]]).tolist()
    return atlas.cities([place])[place]


def _shown(cities: Sequence[City], second: City | None, language: str) -> str:
    """Return a name as it is printed: "London", "London (Uxbridge)"."""
    every = [*cities, second] if second else list(cities)
    every = [_spelled_in(language, city) for city in every]
    return f"{spelled(every[:-1])} ({every[-1].name})" if second else spelled(every)


def _spelled_in(language: str, city: City) -> City:
    return city if language == "en" else replace(city, name=city.local_name or city.name)


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
